"""Every value of a report that tells whose gateway it is."""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from edgecheck.reading import der
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.der import Malformed
from edgecheck.reading.hostnames import as_address
from edgecheck.reading.names import CODECS, Name, shown
from edgecheck.reading.text import LONGEST, safe
from edgecheck.report.answers import Answers
from edgecheck.reporting.json import plain_report
from edgecheck.reporting.redacting.numbers import parsed
from edgecheck.reporting.redacting.plain import Walk, walked
from edgecheck.reporting.redacting.redaction import Redaction

_RUNS = re.compile(rb"[ -~]{6,}")
_CONNECTION = re.compile(r"(?P<host>.+):\d+(?:, \d+)*(?:, certificate \d+)?")
_SPECIAL = re.compile(r"-|<\w+>|")
"""Names of sources that nobody gave."""
LEAST_OCTETS = 4
"""Of a number that is worth a pseudonym; shorter serial numbers tell nothing."""


def harvest(report: Answers, into: Redaction) -> None:
    """Let a redaction know them: those of what is presented first, so that they are numbered so."""
    for certificate in report.certificates:
        _names(certificate, into)
    made = plain_report(report, False)
    told = Walk(lambda text: _known(text, into), _same, _same, _same, _same, _same)
    walked({"expected": made["expected"], "hierarchy": made["hierarchy"]}, told)
    for text in _sources(report):
        source(text, into)
    expected = report.expected
    for file in expected.sources.values():
        for text in file:
            source(text, into)
    others = (
        expected.trust,
        expected.device_ca_file or (),
        expected.trust_bundle or (),
        expected.identity_certificate or (),
        expected.os_trust or (),
        expected.cached_workload_ca or (),
    )
    every = [*report.certificates, *report.origins, *(c for held in others for c in held)]
    every += [problem.certificate for problem in report.problems if problem.certificate]
    for certificate in dict.fromkeys(every):
        _numbers(certificate, into)
        _walk(certificate.der, into)
    for crl in expected.crls:
        _walk(crl.der, into)
    for certificate in report.certificates:
        _numbered(certificate, into)


def source(text: str, into: Redaction) -> None:
    """The name of a file, or of a connection, as reports have it."""
    for each in text.split(" + "):
        if not _SPECIAL.fullmatch(each):
            connection = _CONNECTION.fullmatch(each)
            _known(connection["host"] if connection else each, into)


def _same(value: Any) -> Any:
    return value


def _known(text: str, into: Redaction) -> str:
    """A value in all forms in which texts may have it."""
    forms = [text, safe(text, 1 << 20), " ".join(text.split()), shown(text)]
    if "xn--" in text.lower():
        forms.append(_decoded(text))
    address = as_address(text)
    if address is not None and (whole := parsed(str(address))) is not None:
        into.addresses.know(whole)
    for form in dict.fromkeys(forms):
        into.know(form)
    return text


def _decoded(text: str) -> str:
    """A host name with its labels in letters, as some programs print it."""
    labels = []
    for label in text.split("."):
        try:
            wide = label[4:].encode("ascii").decode("punycode")
        except UnicodeError:
            wide = label
        labels.append(wide if label.lower().startswith("xn--") else label)
    return ".".join(labels)


def _names(certificate: Certificate, into: Redaction) -> None:
    for fact in ("subject", "issuer"):
        try:
            name: Name = getattr(certificate, fact)
        except (Unreadable, Malformed):
            continue
        for rdn in reversed(name.rdns):
            for _, _, value in rdn:
                if isinstance(value, str):
                    _known(value, into)
                elif len(value) > 2 or not value.hex().isdigit():
                    into.digits.know(value.hex())
    try:
        for text in _alternative(certificate):
            _known(text, into)
    except Unreadable:
        return


def _numbered(certificate: Certificate, into: Redaction) -> None:
    """Give numbers in the order of the chain, whatever is printed first."""
    into.in_digits(certificate.sha256)
    for fact in _TOLD:
        try:
            for text in fact(certificate):
                into.strict(text)
        except (Unreadable, Malformed):
            continue


def _of_authority(certificate: Certificate) -> list[str]:
    found = certificate.authority_key_id
    return [found.key_id.hex()] if found is not None and found.key_id else []


_TOLD: tuple[Callable[[Certificate], list[str]], ...] = (
    lambda certificate: [str(certificate.subject)],
    lambda certificate: [str(certificate.issuer)],
    lambda certificate: _alternative(certificate),
    lambda certificate: [(certificate.subject_key_id or b"").hex()],
    _of_authority,
    lambda certificate: [f"{abs(certificate.serial):x}"] if certificate.serial >> 64 else [],
)
"""What of a certificate is told in every report."""


def _alternative(certificate: Certificate) -> list[str]:
    names = certificate.alt_names
    return [*names.dns, *map(str, names.ip)] if names is not None else []


def _numbers(certificate: Certificate, into: Redaction) -> None:
    data = certificate.der
    for digits in (
        certificate.sha256,
        hashlib.sha1(data, usedforsecurity=False).hexdigest(),
        *_of_key(certificate),
    ):
        into.digits.know(digits)
    try:
        serial = abs(certificate.serial)
    except Unreadable:
        return
    if serial >= 100_000:
        decimal = str(serial) if serial.bit_length() <= LONGEST else ""
        into.digits.know(f"{serial:x}", decimal)


def _of_key(certificate: Certificate) -> Iterator[str]:
    try:
        key = certificate.spki
    except Unreadable:
        return
    yield hashlib.sha256(key).hexdigest()
    yield hashlib.sha1(key, usedforsecurity=False).hexdigest()


def _sources(report: Answers) -> Iterable[str]:
    for origins in report.origins.values():
        yield from (origin.source for origin in origins)
    for finding in report.findings:
        yield from (at.source for at in finding.locations)
    yield from (problem.source for problem in report.problems)


def _walk(data: bytes, into: Redaction) -> None:
    """All texts, numbers and identifiers in some DER; of what is damaged, the runs of letters."""
    try:
        _elements(data, 0, len(data), into, 0)
    except (Malformed, RecursionError):
        for run in _RUNS.findall(data):
            _known(run.decode("ascii"), into)


_TIMES = (der.UTC_TIME, der.GENERALIZED_TIME)
_ADDRESS = 0x87
_DEEPEST = 40


def _elements(data: bytes, at: int, end: int, into: Redaction, depth: int) -> None:
    if depth > _DEEPEST:
        raise Malformed("nested too deep")
    for tag, first, last in der.elements(data, at, end):
        if tag & 0x20:
            _elements(data, first, last, into, depth + 1)
        elif tag not in _TIMES:
            _content(tag, data[first:last], into, depth)


def _content(tag: int, content: bytes, into: Redaction, depth: int) -> None:
    """One value: a text, a number, an identifier; or DER inside of it."""
    if tag == der.OID:
        try:
            into.identifiers.know(der.oid_text(content))
        except Malformed:
            return
    elif tag in CODECS:
        try:
            _known(content.decode(CODECS[tag]), into)
        except UnicodeDecodeError:
            _runs(content, into)
    elif tag in (der.OCTET_STRING, der.BIT_STRING):
        inner = content[1:] if tag == der.BIT_STRING else content
        try:
            _elements(inner, 0, len(inner), into, depth + 1)
        except Malformed:
            _runs(inner, into)
    elif tag == _ADDRESS and len(content) in (4, 8, 16, 32):
        half = len(content) if len(content) in (4, 16) else len(content) // 2
        address = parsed(".".join(map(str, content[:4]))) if half == 4 else None
        if half == 16:
            address = parsed(":".join(content[at : at + 2].hex() for at in range(0, 16, 2)))
        if address is not None:
            into.addresses.know(address)
    else:
        _runs(content, into)
    if len(content) >= LEAST_OCTETS and tag not in CODECS and tag != der.OID:
        into.digits.know(content.hex())


def _runs(content: bytes, into: Redaction) -> None:
    if content and all(0x20 <= octet < 0x7F for octet in content):
        _known(content.decode("ascii"), into)
        return
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    if len(text) > 1 and text.isprintable():
        _known(text, into)
        return
    for run in _RUNS.findall(content):
        _known(run.decode("ascii"), into)
