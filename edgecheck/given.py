"""Values as callers give them: checked, made their own, and shown without secrets."""

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields
from functools import cache
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints, is_typeddict

from edgecheck.reading.text import masked


def differing(value: Any) -> str:
    """One line for a value with many fields, most of which nobody sets: those that were.

    Secrets that a URI carries are left out, and of contents of files there is only the size.
    """
    shown = []
    for each in fields(value):
        given = getattr(value, each.name)
        usual = each.default if each.default_factory is MISSING else each.default_factory()
        if given == usual:
            continue
        if each.repr:
            shown.append(f"{each.name}={without_secrets(given)!r}")
        else:
            shown.append(f"{each.name}=<{_size(given)}>")
    return f"{type(value).__name__}({', '.join(shown)})"


def _size(given: Any) -> str:
    if isinstance(given, str | bytes):
        return f"{len(given)} {'characters' if isinstance(given, str) else 'bytes'}"
    return type(given).__name__


def without_secrets(value: Any) -> Any:
    """A value without the secrets that some URIs in it carry."""
    if isinstance(value, str) and type(value) is str:
        return masked(value)
    if isinstance(value, Mapping):
        return {name: without_secrets(item) for name, item in value.items()}
    if type(value) in (list, tuple):
        return type(value)(without_secrets(item) for item in value)
    return value


def owned(value: Any) -> Any:
    """A value that its giver cannot change any more, of kinds that pickle and compare.

    Of keys and passwords, which a table of a configuration may hold, nothing is kept.
    """
    if isinstance(value, Mapping):
        return {key: kept(key, item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return tuple(owned(item) for item in value)
    return value


HIDDEN = "..."
"""What stands for a secret."""
_SECRET = frozenset(("password", "symmetric_key", "value"))
"""Settings whose text is a secret."""
_ALL_SECRET = "hierarchy_authorization"
"""A table of `[tpm]` that has nothing but secrets; one is called `owner`, as a file's owner is."""
_CONNECTION = frozenset(("connection_string", "device_connection_string"))
_PUBLIC = ("hostname", "deviceid", "moduleid", "gatewayhostname", "x509")
"""Parts of a connection string that are no secrets, in lower case."""


def kept(setting: str, value: Any) -> Any:
    """What is kept of the value of a setting, by the setting's own name."""
    if (setting in _SECRET and isinstance(value, str)) or setting == _ALL_SECRET:
        return HIDDEN
    if setting in _CONNECTION and isinstance(value, str):
        return without_key(value)
    return owned(value)


def without_key(text: str) -> str:
    """A connection string with `...` for its key, and for whatever is not known to be public."""
    parts = [part.partition("=") for part in text.split(";") if part.strip()]
    return ";".join(
        f"{name}={value if name.strip().lower() in _PUBLIC else HIDDEN}" if sign else HIDDEN
        for name, sign, value in parts
    )


def checked(name: str, value: Any, kind: Any) -> None:
    """Refuse a value that is not of a kind: a class above, or what its keys hold.

    Raises:
        TypeError: it is of another type.
        ValueError: it has a key that the class does not have.
    """
    if isinstance(kind, UnionType):
        _one_of(name, value, get_args(kind))
    elif is_typeddict(kind):
        _table(name, value, kind)
    elif get_origin(kind) is Sequence:
        if isinstance(value, str | bytes) or not isinstance(value, Sequence):
            raise TypeError(f"{name}: expected a tuple or list, got {type(value).__name__}")
        for item in value:
            checked(name, item, get_args(kind)[0])
    elif get_origin(kind) is Mapping:
        _mapping(name, value)
        for key, item in value.items():
            checked(f"{name}.{key}", item, get_args(kind)[1])
    elif not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        article = "an" if kind is int else "a"
        raise TypeError(f"{name}: expected {article} {kind.__name__}, got {type(value).__name__}")


def _one_of(name: str, value: Any, kinds: tuple[Any, ...]) -> None:
    """A value of one of several kinds: a table where it is a mapping, else the first that is none.

    Raises:
        TypeError, ValueError: it is of none of them.
    """
    tables = [kind for kind in kinds if is_typeddict(kind) or get_origin(kind) is Mapping]
    others = [kind for kind in kinds if kind not in tables]
    wanted = tables if isinstance(value, Mapping) or not others else others
    checked(name, value, (wanted or others)[0])


def _table(name: str, value: Any, kind: Any) -> None:
    _mapping(name, value)
    known = _keys(kind)
    for key, item in value.items():
        if key not in known:
            raise ValueError(f"{name}: {key!r} is unknown; known are {', '.join(known)}")
        checked(f"{name}.{key}", item, known[key])


def _mapping(name: str, value: Any) -> None:
    if not isinstance(value, Mapping):
        raise TypeError(f"{name}: expected a mapping, got {type(value).__name__}")
    if not all(isinstance(key, str) for key in value):
        raise TypeError(f"{name}: expected str as keys")


@cache
def _keys(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)
