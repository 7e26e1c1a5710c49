"""Values of evidence as plain ones, which every form of a report starts from."""

from collections.abc import Mapping
from typing import Any

from edgecheck.reading.text import LONGEST, number


def plain(value: Any) -> Any:
    """A value of evidence as JSON has it: bytes in hexadecimal, the rest as it is.

    A number that is longer than serial numbers may be is text, as `number` writes it.
    """
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, Mapping):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, tuple | list | set | frozenset):
        items = [plain(item) for item in value]
        return sorted(items, key=str) if isinstance(value, set | frozenset) else items
    if isinstance(value, int) and value.bit_length() > LONGEST:
        return number(value)
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return str(value)
