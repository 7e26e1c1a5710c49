"""Certificates in detail, and when each of them is valid."""

from base64 import b64encode
from collections.abc import Callable

from edgecheck.hierarchy.roles import Role
from edgecheck.hierarchy.signatures import algorithm
from edgecheck.reading.certificate import Certificate, Unreadable, written
from edgecheck.reading.der import Malformed
from edgecheck.reading.keys import key_text
from edgecheck.reading.text import safe
from edgecheck.report.answers import Answers
from edgecheck.reporting.document import blocks
from edgecheck.reporting.document.blocks import Bar, Fact, Mark, Timeline
from edgecheck.reporting.document.cells import WORDS, day, expires, place, subject

MOST_NAMES = 40
"""Names of one certificate that are listed."""
MOST_IN_DETAIL = 200
"""Certificates in detail; of ten thousand nobody reads each."""
LINE = 64
"""Characters of base64 in a line of PEM."""
_UNREAD = "cannot be read"
_DAMAGED = (Unreadable, Malformed, OverflowError, ValueError)


def in_detail(report: Answers, marks: dict[str, Mark]) -> tuple[blocks.Certificate, ...]:
    """Return each certificate with what is in it: those of the path from the root down first."""
    path = report.hierarchy.path.certificates if report.hierarchy.path else ()
    every = dict.fromkeys([*reversed(path), *report.certificates])
    return tuple(_detailed(report, one, marks) for one in list(every)[:MOST_IN_DETAIL])


def _detailed(
    report: Answers, certificate: Certificate, marks: dict[str, Mark]
) -> blocks.Certificate:
    role = report.hierarchy.role(certificate)
    synthetic = certificate in report.synthetic
    return blocks.Certificate(
        sha256=certificate.sha256,
        role="on no path" if role is Role.OTHER else WORDS[role],
        subject=subject(certificate),
        places=tuple(place(origin) for origin in report.origins.get(certificate, ())[:4]),
        synthetic=synthetic,
        facts=tuple(_facts(certificate)),
        pem="" if synthetic else pem(certificate.der),
        mark=marks.get(certificate.sha256, ()),
    )


def _facts(certificate: Certificate) -> list[Fact]:
    """What is in it, in words; of what cannot be read, that it cannot be."""
    facts: dict[str, Callable[[], str]] = {
        "subject": lambda: str(certificate.subject) or "(empty)",
        "issuer": lambda: str(certificate.issuer) or "(empty)",
        "serial number": lambda: f"{certificate.serial:x}",
        "valid from": lambda: _utc(certificate.not_before),
        "valid until": lambda: _utc(certificate.not_after),
        "key": lambda: key_text(certificate),
        "signed with": lambda: algorithm(certificate.signature_algorithm).name,
        "CA": lambda: _authority(certificate),
        "names": lambda: _names(certificate),
        "subject key identifier": lambda: _hex(certificate.subject_key_id),
        "authority key identifier": lambda: _authority_key(certificate),
    }
    told = [Fact(name, safe(_read(read), 1000)) for name, read in facts.items()]
    told.append(Fact("SHA-256", certificate.sha256))
    return [fact for fact in told if fact.told]


def _read(fact: Callable[[], str]) -> str:
    try:
        return fact()
    except _DAMAGED:
        return _UNREAD


def _utc(seconds: int) -> str:
    return written(seconds, "%Y-%m-%d %H:%M:%S UTC")


def _authority(certificate: Certificate) -> str:
    constraints = certificate.basic_constraints
    if constraints is None:
        return "no (it does not say)"
    if not constraints.ca:
        return "no"
    length = constraints.path_length
    return "yes" if length is None else f"yes, with at most {length} CAs below it"


def _names(certificate: Certificate) -> str:
    """Alternative names: DNS names and addresses."""
    held = certificate.alt_names
    every = [*held.dns, *map(str, held.ip)] if held is not None else []
    more = len(every) - MOST_NAMES
    return ", ".join(every[:MOST_NAMES]) + (f" and {more} more" if more > 0 else "")


def _hex(value: bytes | None) -> str:
    return "" if value is None else value.hex()


def _authority_key(certificate: Certificate) -> str:
    held = certificate.authority_key_id
    return _hex(held.key_id) if held is not None else ""


def pem(der: bytes) -> str:
    """Return a certificate's DER in PEM; the last line ends with a line end."""
    text = b64encode(der).decode("ascii")
    lines = (text[at : at + LINE] for at in range(0, len(text), LINE))
    return "\n".join(("-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----")) + "\n"


def timeline(report: Answers) -> Timeline:
    """Return when the certificates of the path are valid, the root first.

    One whose times cannot be read, or end before they begin, has no bar.
    """
    at = report.expected.at_seconds
    path = report.hierarchy.path.certificates if report.hierarchy.path else ()
    bars = []
    for certificate in reversed(path):
        try:
            start, end = certificate.not_before, certificate.not_after
        except _DAMAGED:
            continue
        if start > end:
            continue
        role, tone = WORDS[report.hierarchy.role(certificate)], expires(certificate, at).tone
        days = day(start), day(end)
        bars.append(Bar(certificate.sha256, role, subject(certificate), start, end, *days, tone))
    return Timeline(at, day(at), tuple(bars))
