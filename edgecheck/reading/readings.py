"""What an argument was read into, kept by its bytes: trust is the same for many chains."""

from collections.abc import Hashable
from typing import Any, NamedTuple

from edgecheck.reading.certificate import Certificate, Origin, each_once
from edgecheck.reading.inputs import Presentation, Reader
from edgecheck.reading.sources import Source
from edgecheck.reading.trusted import Trusted

MOST = 16
"""Arguments that are remembered: as many kinds of trust as a fleet has, and not its chains."""
_VALUES = (bytes, str, Source)


class Read(NamedTuple):
    """What was read, its certificates each once, and the first place of each; not to be changed."""

    presentation: Presentation
    certificates: Trusted
    places: dict[Certificate, list[Origin]]


Readings = dict[Hashable, Read]


def read(
    reader: Reader, given: Any, argument: str, default: str, readings: Readings | None
) -> Read:
    """Return what `reader.read()` returns, which is not done twice for equal bytes.

    What a password opened is not kept. Certificates are the objects that the reader knows: where
    it has others of equal bytes, it reads anew.

    Raises:
        TypeError: as `reader.read()` does.
    """
    key = None if readings is None or reader.password is not None else _key(reader, given)
    if readings is None or key is None:
        return _read(reader, given, argument, default)
    key = (argument, default, key)
    found = readings.get(key)
    if found is not None and reader.knows(found.certificates):
        return found
    tries = reader.tries
    found = _read(reader, given, argument, default)
    if reader.tries == tries:  # else a container was opened, with the empty password
        while len(readings) >= MOST:
            del readings[next(iter(readings))]
        readings[key] = found
    return found


def _key(reader: Reader, given: Any) -> Hashable | None:
    """What decides how it is read; None where that may change, or is not ours."""
    parts = tuple(given) if isinstance(given, list | tuple) else (given,)
    if not all(type(part) in _VALUES for part in parts):
        return None
    return (type(given), parts, reader.limit_bytes, reader.limit)


def _read(reader: Reader, given: Any, argument: str, default: str) -> Read:
    presentation = reader.read(given, argument, default)
    places: dict[Certificate, list[Origin]] = {}
    for certificate, origin in zip(presentation.sequence, presentation.origins, strict=True):
        if certificate not in places:
            places[certificate] = [origin]
    return Read(presentation, Trusted(each_once(presentation.sequence)), places)
