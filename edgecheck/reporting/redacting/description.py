"""A chain in words that are enough to build one like it: a line for each certificate."""

from collections.abc import Callable, Iterator
from typing import Any

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
from edgecheck.reporting.cells import WORDS
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


def description(report: Answers, redaction: Hiding) -> list[str]:
    """Return a line for each certificate, in the order of the report; names are pseudonyms."""
    return ["there is no certificate"] * (not report.certificates) + [
        f"{number}. {'; '.join(_facts(report, certificate, redaction))}"
        for number, certificate in enumerate(report.certificates, 1)
    ]


def _facts(report: Answers, certificate: Certificate, redaction: Hiding) -> Iterator[str]:
    known = report.certificates
    yield WORDS[report.hierarchy.role(certificate)] + (
        "" if certificate in report.hierarchy.sequence else ", not presented"
    )
    yield f'subject "{_said(lambda: redaction.strict(str(certificate.subject)))}"'
    yield f'issuer "{_said(lambda: redaction.strict(str(certificate.issuer)))}"'
    yield _signed(report, certificate, known)
    yield f"version {_said(lambda: certificate.version)}"
    yield f"serial number {_said(lambda: _serial(certificate))}"
    yield f"{_said(lambda: key_text(certificate))} key"
    yield f"signed with {_said(lambda: algorithm(certificate.signature_algorithm).name)}"
    start = _said(lambda: _time(certificate.not_before))
    yield f"{start} to {_said(lambda: _time(certificate.not_after))}"
    yield f"{len(certificate.der)} octets"
    try:
        yield from (
            _extension(each, certificate, known, redaction) for each in certificate.extensions
        )
        if certificate.duplicate_extensions:
            yield f"{len(certificate.duplicate_extensions)} extensions twice"
    except Unreadable:
        yield "extensions unreadable"
    if certificate in report.synthetic:
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
    return f"of {octets} octets" + (", negative" if serial < 0 else "")


def _signed(report: Answers, certificate: Certificate, known: tuple[Certificate, ...]) -> str:
    """Which of the certificates issued it on the path."""
    path = report.hierarchy.path
    for link in path.links if path is not None else ():
        if link.child is certificate and link.issuer in known:
            if certificate in report.synthetic:
                return f"will be issued by {known.index(link.issuer) + 1}"
            state = link.signature.state
            return f"issued by {known.index(link.issuer) + 1}, signature {state}"
    if certificate.is_self_issued:
        return "self-issued"
    return "no issuer on the path"


def _extension(
    oid: bytes, certificate: Certificate, known: tuple[Certificate, ...], redaction: Hiding
) -> str:
    name = _NAMES.get(oid) or redaction(_said(lambda: oid_text(oid)))
    critical = " critical" if oid in certificate.critical else ""
    told = _CONTENTS.get(oid)
    if told is None:
        return f"{name}{critical} ({len(certificate.extensions[oid])} octets)"
    return f"{name}{critical}: {_said(lambda: told(certificate, known, redaction))}"


_Known = tuple[Certificate, ...]


def _constraints(certificate: Certificate, known: _Known, redaction: Hiding) -> str:
    found = certificate.basic_constraints
    if found is None:
        return "none"
    length = "" if found.path_length is None else f", pathLen {found.path_length}"
    return f"CA:{str(found.ca).upper()}{length}"


def _usage(certificate: Certificate, known: _Known, redaction: Hiding) -> str:
    usage = certificate.key_usage or 0
    return ", ".join(name for bit, name in KEY_USAGE_NAMES.items() if usage & bit) or "none"


def _extended(certificate: Certificate, known: _Known, redaction: Hiding) -> str:
    return ", ".join(map(redaction, certificate.extended_key_usage or ())) or "none"


def _alternative(certificate: Certificate, known: _Known, redaction: Hiding) -> str:
    names = certificate.alt_names
    if names is None:
        return "none"
    told = [f"DNS:{redaction.strict(each)}" for each in names.dns]
    told += [f"IP:{redaction.strict(str(each))}" for each in names.ip]
    told += [f"email:{redaction.strict(each)}" for each in names.email]
    told += [f"URI:{redaction.strict(each)}" for each in names.uri]
    more = [f"and {len(told) - MOST_NAMES} more"] if len(told) > MOST_NAMES else []
    kinds = ["directory name"] * len(names.directory)
    kinds += [_FORMS.get(tag & 0x1F, "other name") for tag, _ in names.others]
    more += [f"{kinds.count(kind)} {kind}" for kind in dict.fromkeys(kinds)]
    return ", ".join([*told[:MOST_NAMES], *more]) or "empty"


def _subject_key(certificate: Certificate, known: _Known, redaction: Hiding) -> str:
    key = certificate.subject_key_id or b""
    return redaction(key.hex()) if len(key) > 3 else f"{len(key)} octets"


def _authority_key(certificate: Certificate, known: _Known, redaction: Hiding) -> str:
    found = certificate.authority_key_id
    if found is None or found.key_id is None:
        told = "no key identifier"
    else:
        of = [at for at, one in enumerate(known, 1) if _key_of(one) == found.key_id]
        told = f"that of {', '.join(map(str, of))}" if of else "that of none of these"
    named = ", with issuer and serial number" if found and found.issuers else ""
    return told + named


def _key_of(certificate: Certificate) -> bytes | None:
    try:
        return certificate.subject_key_id
    except Unreadable:
        return None


_CONTENTS: dict[bytes, Callable[[Certificate, _Known, Hiding], str]] = {
    EXT_SUBJECT_KEY_ID: _subject_key,
    EXT_KEY_USAGE: _usage,
    EXT_SUBJECT_ALT_NAME: _alternative,
    EXT_BASIC_CONSTRAINTS: _constraints,
    EXT_AUTHORITY_KEY_ID: _authority_key,
    EXT_EXTENDED_KEY_USAGE: _extended,
}
