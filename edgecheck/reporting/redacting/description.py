"""A chain in words that are enough to build one like it: a line for each certificate."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from edgecheck.hierarchy.signatures import algorithm
from edgecheck.reading.certificate import (
    EXT_AUTHORITY_KEY_ID,
    EXT_BASIC_CONSTRAINTS,
    EXT_EXTENDED_KEY_USAGE,
    EXT_KEY_USAGE,
    EXT_NAME_CONSTRAINTS,
    EXT_POLICIES,
    EXT_SUBJECT_ALT_NAME,
    EXT_SUBJECT_KEY_ID,
    Certificate,
    Unreadable,
    moment,
)
from edgecheck.reading.der import Malformed, oid_text
from edgecheck.reading.extensions import KEY_USAGE_NAMES
from edgecheck.reading.keys import key_text
from edgecheck.report.answers import Answers
from edgecheck.reporting.document.cells import WORDS
from edgecheck.reporting.style import Hiding

HEAD = "Chain description:"
_FORMS = {3: "X.400 name", 5: "EDI name", 8: "registered identifier"}
"""Kinds of names by their tag (RFC 5280, section 4.2.1.6)."""
_NAMES = {
    EXT_SUBJECT_KEY_ID: "subjectKeyIdentifier",
    EXT_KEY_USAGE: "keyUsage",
    EXT_SUBJECT_ALT_NAME: "subjectAltName",
    EXT_BASIC_CONSTRAINTS: "basicConstraints",
    EXT_NAME_CONSTRAINTS: "nameConstraints",
    EXT_POLICIES: "certificatePolicies",
    EXT_AUTHORITY_KEY_ID: "authorityKeyIdentifier",
    EXT_EXTENDED_KEY_USAGE: "extendedKeyUsage",
}
MOST_NAMES = 20
"""Names of one certificate that are listed; the number says how many there are."""


class _Chain(NamedTuple):
    """What each line needs to know of the others."""

    report: Answers
    redaction: Hiding
    numbers: dict[Certificate, int]
    keys: dict[bytes, list[int]]
    presented: frozenset[Certificate]


def description(report: Answers, redaction: Hiding) -> list[str]:
    """Return a line for each certificate, in the order of the report; names are pseudonyms."""
    numbers = {certificate: at for at, certificate in enumerate(report.certificates, 1)}
    keys: dict[bytes, list[int]] = {}
    for certificate, number in numbers.items():
        if key := _key_of(certificate):
            keys.setdefault(key, []).append(number)
    presented = frozenset(report.hierarchy.sequence)
    chain = _Chain(report, redaction, numbers, keys, presented)
    if not numbers:
        return ["there is no certificate"]
    return [f"{number}. {'; '.join(_facts(chain, each))}" for each, number in numbers.items()]


def _facts(chain: _Chain, certificate: Certificate) -> Iterator[str]:
    strict, role = chain.redaction.strict, WORDS[chain.report.hierarchy.role(certificate)]
    yield role if certificate in chain.presented else f"{role}, not presented"
    yield f'subject "{_said(lambda: strict(str(certificate.subject)))}"'
    yield f'issuer "{_said(lambda: strict(str(certificate.issuer)))}"'
    yield _signed(chain, certificate)
    yield f"version {_said(lambda: certificate.version)}"
    yield f"serial number {_said(lambda: _serial(certificate))}"
    yield f"{_said(lambda: key_text(certificate))} key"
    yield f"signed with {_said(lambda: algorithm(certificate.signature_algorithm).name)}"
    start = _said(lambda: _time(certificate.not_before))
    yield f"{start} to {_said(lambda: _time(certificate.not_after))}"
    yield f"{len(certificate.der)} bytes"
    try:
        yield from (_extension(each, certificate, chain) for each in certificate.extensions)
        if certificate.duplicate_extensions:
            yield f"{len(certificate.duplicate_extensions)} extensions twice"
    except Unreadable:
        yield "extensions unreadable"
    if certificate in chain.report.synthetic:
        yield "synthetic"


def _said(fact: Callable[[], Any]) -> str:
    """A fact in words; a certificate may have one that nobody can read."""
    try:
        return str(fact())
    except (Unreadable, Malformed, OverflowError, ValueError):
        return "unreadable"


def _time(seconds: int) -> str:
    return moment(seconds).isoformat().replace("+00:00", "Z")


def _serial(certificate: Certificate) -> str:
    serial = certificate.serial
    octets = (serial.bit_length() + 8) // 8
    if abs(serial) < 100_000:
        return f"{serial}"
    return f"of {octets} bytes" + (", negative" if serial < 0 else "")


def _signed(chain: _Chain, certificate: Certificate) -> str:
    """Which of the certificates issued it on the path."""
    path = chain.report.hierarchy.path
    for link in path.links if path is not None else ():
        if link.child is certificate and (number := chain.numbers.get(link.issuer)):
            if certificate in chain.report.synthetic:
                return f"will be issued by {number}"
            return f"issued by {number}, signature {link.signature.state}"
    if certificate.is_self_issued:
        return "self-issued"
    return "no issuer on the path"


def _extension(oid: bytes, certificate: Certificate, chain: _Chain) -> str:
    name = _NAMES.get(oid) or chain.redaction(_said(lambda: oid_text(oid)))
    critical = " critical" if oid in certificate.critical else ""
    told = _CONTENTS.get(oid)
    if told is None:
        return f"{name}{critical} ({len(certificate.extensions[oid])} bytes)"
    return f"{name}{critical}: {_said(lambda: told(certificate, chain))}"


def _constraints(certificate: Certificate, chain: _Chain) -> str:
    found = certificate.basic_constraints
    if found is None:
        return "none"
    length = "" if found.path_length is None else f", pathLen {found.path_length}"
    return f"CA:{str(found.ca).upper()}{length}"


def _usage(certificate: Certificate, chain: _Chain) -> str:
    usage = certificate.key_usage or 0
    return ", ".join(name for bit, name in KEY_USAGE_NAMES.items() if usage & bit) or "none"


def _extended(certificate: Certificate, chain: _Chain) -> str:
    return ", ".join(map(chain.redaction, certificate.extended_key_usage or ())) or "none"


def _alternative(certificate: Certificate, chain: _Chain) -> str:
    names = certificate.alt_names
    if names is None:
        return "none"
    told = [f"DNS:{chain.redaction.strict(each)}" for each in names.dns]
    told += [f"IP:{chain.redaction.strict(str(each))}" for each in names.ip]
    told += [f"email:{chain.redaction.strict(each)}" for each in names.email]
    told += [f"URI:{chain.redaction.strict(each)}" for each in names.uri]
    more = [f"and {len(told) - MOST_NAMES} more"] if len(told) > MOST_NAMES else []
    kinds = ["directory name"] * len(names.directory)
    kinds += [_FORMS.get(tag & 0x1F, "other name") for tag, _ in names.others]
    more += [f"{kinds.count(kind)} {kind}" for kind in dict.fromkeys(kinds)]
    return ", ".join([*told[:MOST_NAMES], *more]) or "empty"


def _subject_key(certificate: Certificate, chain: _Chain) -> str:
    key = certificate.subject_key_id or b""
    return chain.redaction(key.hex()) if len(key) > 3 else f"{len(key)} bytes"


def _authority_key(certificate: Certificate, chain: _Chain) -> str:
    found = certificate.authority_key_id
    if found is None or found.key_id is None:
        told = "no key identifier"
    else:
        of = chain.keys.get(found.key_id, ())
        told = f"that of {', '.join(map(str, of))}" if of else "that of none of these"
    named = ", with issuer and serial number" if found and found.issuers else ""
    return told + named


def _key_of(certificate: Certificate) -> bytes | None:
    try:
        return certificate.subject_key_id
    except Unreadable:
        return None


_CONTENTS: dict[bytes, Callable[[Certificate, _Chain], str]] = {
    EXT_SUBJECT_KEY_ID: _subject_key,
    EXT_KEY_USAGE: _usage,
    EXT_SUBJECT_ALT_NAME: _alternative,
    EXT_BASIC_CONSTRAINTS: _constraints,
    EXT_AUTHORITY_KEY_ID: _authority_key,
    EXT_EXTENDED_KEY_USAGE: _extended,
}
