"""How Java prints a name: X500Name.toString() and AVA.toKeywordValueString (25, alike at 17)."""

from itertools import pairwise

from edgecheck.reading.names import Name, name

_KEYWORDS = {
    "2.5.4.3": "CN",
    "2.5.4.4": "SURNAME",
    "2.5.4.5": "SERIALNUMBER",
    "2.5.4.6": "C",
    "2.5.4.7": "L",
    "2.5.4.8": "ST",
    "2.5.4.9": "STREET",
    "2.5.4.10": "O",
    "2.5.4.11": "OU",
    "2.5.4.12": "T",
    "2.5.4.42": "GIVENNAME",
    "2.5.4.43": "INITIALS",
    "2.5.4.44": "GENERATION",
    "2.5.4.46": "DNQ",
    "0.9.2342.19200300.100.1.1": "UID",
    "0.9.2342.19200300.100.1.25": "DC",
    "1.2.840.113549.1.9.1": "EMAILADDRESS",
    "1.3.6.1.4.1.42.2.11.2.1": "IP",
}
"""AVAKeyword; every other type is `OID.` and its number."""
_QUOTED = frozenset(',+=\n<>#;\\"')
_WHITE = " \n"


def shown(distinguished: bytes) -> str:
    """Return a Name as Java prints it: the last relative name first.

    Raises:
        Malformed, ValueError: it is no Name.
    """
    told: Name = name(distinguished)
    return ", ".join(
        " + ".join(
            f"{_KEYWORDS.get(kind, f'OID.{kind}')}={_value(value)}" for kind, _, value in rdn
        )
        for rdn in reversed(told.rdns)
    )


def _value(value: str | bytes) -> str:
    if isinstance(value, bytes):
        return f"#{value.hex()}"
    if len(value) > 1 and value[0] == value[-1] == '"':
        return value
    doubled = any(one in _WHITE and other in _WHITE for one, other in pairwise(value))
    at_ends = value[:1] in _WHITE or value[-1:] in _WHITE
    written = value.replace("\\", "\\\\").replace('"', '\\"')
    needed = bool(value) and (at_ends or doubled or not _QUOTED.isdisjoint(value))
    return f'"{written}"' if needed else written
