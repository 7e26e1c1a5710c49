"""What no validator can process: RFC 5280, section 4.2.

A certificate is to be rejected where a critical extension "contains information that it cannot
process", and it may have an extension only once: which of two counts, nobody can tell. To the
letter that is all that is not of the extension's syntax. Readers of the field take more, and not
all the same: `by_everybody` leaves out what one of the clients that gateways meet was seen to take.
"""

from collections.abc import Callable, Iterator
from typing import Any

from edgecheck.reading import certificate as facts
from edgecheck.reading import der
from edgecheck.reading.certificate import TWICE, Certificate
from edgecheck.reading.distribution_points import distribution_points, issuer_alt_name
from edgecheck.reading.name_constraints import name_constraints
from edgecheck.reading.policies import READERS
from edgecheck.reading.strict import extension_name

_HOT = {
    facts.EXT_BASIC_CONSTRAINTS: "basic_constraints",
    facts.EXT_KEY_USAGE: "key_usage",
    facts.EXT_EXTENDED_KEY_USAGE: "extended_key_usage",
    facts.EXT_SUBJECT_KEY_ID: "subject_key_id",
    facts.EXT_AUTHORITY_KEY_ID: "authority_key_id",
    facts.EXT_SUBJECT_ALT_NAME: "alt_names",
}
"""Facts that were decoded when the certificate was read; what could not be is its damage."""
_OTHERS: dict[bytes, Callable[[bytes], Any]] = {
    facts.EXT_NAME_CONSTRAINTS: name_constraints,
    facts.EXT_CRL_DISTRIBUTION_POINTS: distribution_points,
    facts.EXT_ISSUER_ALT_NAME: issuer_alt_name,
    **{identifier: read for identifier, (_, read) in READERS.items()},
}
_READ_BY_EVERYBODY = _HOT.keys() - {facts.EXT_SUBJECT_ALT_NAME}
"""Java has no use for the names of what it cannot read."""
_SEQUENCES = frozenset({facts.EXT_NAME_CONSTRAINTS, facts.EXT_CRL_DISTRIBUTION_POINTS})
"""Of these everybody wants a SEQUENCE, and what may be within is for each to say."""
_ONCE = frozenset({*_HOT, *_SEQUENCES})
"""What OpenSSL wants once; of what it does not know it takes two, where Go and Java take none."""
_TAKEN = (
    "bytes after its end",  # by OpenSSL and Go
    "a length that is not minimal",  # by OpenSSL and Java
    "not a DER BOOLEAN",  # likewise
    "extKeyUsage: empty",  # by Go
    "more than cA and a path length",  # by Go
    "a negative path length",  # by Java, of what issues nothing
)
"""Damage that some client of the field reads past."""


def unprocessable(certificate: Certificate, by_everybody: bool) -> Iterator[tuple[bytes, str]]:
    """Each extension that cannot be processed: its identifier, and why.

    `by_everybody`: only what every client of the field refuses; else all, to the letter.
    """
    for identifier in dict.fromkeys(certificate.duplicate_extensions):
        if not by_everybody or identifier in _ONCE:
            yield identifier, f"{extension_name(identifier)}: {TWICE}"
    for identifier in sorted(certificate.critical):
        if identifier in certificate.duplicate_extensions:
            continue
        told = _damage(certificate, identifier)
        if told and (not by_everybody or _by_everybody(certificate, identifier, told)):
            name = extension_name(identifier)
            yield identifier, told if told.startswith(name) else f"{name}: {told}"


def _damage(certificate: Certificate, identifier: bytes) -> str:
    """Why an extension cannot be read; empty where it can, or nobody here reads it."""
    if identifier in _HOT:
        return certificate.damage.get(_HOT[identifier], "")
    read, value = _OTHERS.get(identifier), certificate.extensions.get(identifier)
    if read is None or value is None:
        return ""
    try:
        read(value)
    except der.Malformed as wrong:
        return str(wrong)
    return ""


def _by_everybody(certificate: Certificate, identifier: bytes, told: str) -> bool:
    if identifier in _SEQUENCES:
        return certificate.extensions[identifier][:1] != b"\x30"
    return identifier in _READ_BY_EVERYBODY and not any(taken in told for taken in _TAKEN)
