"""What stands in distinguished names: string types, characters, lengths."""

from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from edgecheck.behaviour import structure
from edgecheck.behaviour.dotnet.fetching import unless_fetched
from edgecheck.behaviour.equal_names import equating, is_looked_up
from edgecheck.behaviour.refusers import EVERYBODY, Refuser
from edgecheck.reading import ber, strings
from edgecheck.reading.ber import Fault
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.names import IN_WORDS, SHORT, Name
from edgecheck.reading.strict import faults
from edgecheck.reading.text import safe
from edgecheck.rules.encoding.conditions import ODD_NAME
from edgecheck.rules.encoding.controls import controlled
from edgecheck.rules.encoding.structure import severity
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.rule import (
    INFO,
    WARNING,
    Act,
    Over,
    Reference,
    Severity,
    Violation,
    rule,
)
from edgecheck.rules.references import measured, rfc

ID = "encoding.name"
_BOUNDS = {
    "CN": 64,
    "O": 64,
    "OU": 64,
    "title": 64,
    "serialNumber": 64,
    "L": 128,
    "ST": 128,
    "pseudonym": 128,
    "emailAddress": 255,
}
"""Upper bounds of RFC 5280, appendix A.1; those of other attributes nobody comes near."""
_TYPES = {
    "C": {strings.PRINTABLE},
    "serialNumber": {strings.PRINTABLE},
    "dnQualifier": {strings.PRINTABLE},
    "DC": {strings.IA5},
    "emailAddress": {strings.IA5},
}
_DIRECTORY_STRING = {
    strings.UTF8,
    strings.PRINTABLE,
    strings.TELETEX,
    strings.UNIVERSAL,
    strings.BMP,
}
_DIRECTORY = ("CN", "SN", "L", "ST", "O", "OU", "title", "GN", "pseudonym")
_DATED = {strings.TELETEX, strings.BMP}


class Odd(NamedTuple):
    """One thing that is odd in a name."""

    told: str
    severity: Severity
    refused_by: frozenset[Refuser] = frozenset()


@rule(
    ID,
    title="A distinguished name holds what does not belong there",
    severity=WARNING,
    over=Over.EACH_PRESENTED,
    when=[ODD_NAME],
    act=Act.REISSUE,
    references=[
        rfc(5280, "4.1.2.4"),
        Reference(
            "RFC 5280, appendix A.1 (types and upper bounds)",
            "https://www.rfc-editor.org/rfc/rfc5280#appendix-A.1",
        ),
        Reference(
            "Go 1.23, src/crypto/x509/parser.go (parseASN1String)",
            "https://github.com/golang/go/blob/go1.23.0/src/crypto/x509/parser.go",
        ),
        Reference(
            "OpenSSL 3.0, crypto/asn1/tasn_dec.c and crypto/x509/x_name.c",
            "https://github.com/openssl/openssl/blob/openssl-3.0.0/crypto/x509/x_name.c",
        ),
        measured(
            "bytes that are no UTF-8 and VisibleString: OpenSSL and .NET refuse them; characters "
            "outside PrintableString: Go and cryptography refuse them"
        ),
    ],
)
def name(certificate: Certificate, case: Case) -> list[Violation]:
    """The values of a name have string types, and each type has its characters.

    A PrintableString with `@` or an umlaut, bytes under UTF8String that are Latin-1, a type
    that is no string: Go or OpenSSL refuse the whole certificate, and with an issuer's name all
    that he issued. Types that an attribute must not have (a country that is no
    PrintableString), empty values and values longer than RFC 5280 allows disturb nobody today.
    They are warnings because the document forbids them. Blanks at the ends or doubled, strings
    of the types that RFC 5280 keeps for old names, and a second common name of a server are
    notes: such names are hard to compare, or to type.

    Remedy:
    Have the certificate reissued with a name that is written as RFC 5280 wants it, and what it
    issued with it. With OpenSSL, `utf8 = yes`, `string_mask = utf8only` and the option `-utf8` make
    UTF8Strings of all that is not a country code.
    """
    path = case.hierarchy.path
    if path is not None and certificate not in path.certificates:
        return _beside(certificate, case)
    found = _violation(certificate, case, "subject", None)
    issuer = case.issuer(certificate)
    if issuer is None:
        if certificate.subject_raw != certificate.issuer_raw:
            found += _violation(certificate, case, "issuer", None)
    elif certificate.loaded is None and issuer.subject_raw == certificate.issuer_raw:
        found += _violation(certificate, case, "issuer", issuer)
    elif certificate.loaded is None and _written(certificate, "issuer"):
        found += _violation(certificate, case, "issuer", None)
    return found


def _beside(certificate: Certificate, case: Case) -> list[Violation]:
    """What stops clients that decode all that is sent, though they need it for nothing."""
    for field in ("subject", "issuer"):
        odd = [_unlawful(one) for one in _written(certificate, field) if one.kind == ber.STRING]
        refused_by = frozenset[Refuser]().union(*(one.refused_by for one in odd))
        if refused_by:
            return [
                Violation(
                    f"the {field} of {case.named(certificate)} {safe(odd[0].told, 160)}",
                    wanted="a name as RFC 5280, appendix A.1, has it",
                    found=[safe(one.told, 160) for one in odd[:20]],
                    certificates=(certificate,),
                    severity=severity(refused_by),
                    refused_by=refused_by,
                    unread=refused_by,
                    remedy="Leave the certificate out of what is presented: the server's "
                    "certificate does not need it, and clients stop at it.",
                    evidence={"field": field},
                )
            ]
    return []


def _written(certificate: Certificate, field: str) -> list[Fault]:
    """What of a name is not as it must be written."""
    return [
        one
        for one in faults(certificate.der)
        if one.field == field and (one.kind == ber.STRING or field == "issuer")
    ]


def _not_finding(certificate: Certificate, case: Case) -> frozenset[Refuser]:
    """Who finds no certificate whose subject is the issuer's name as it is written here."""
    trusted = case.expected.trust
    if certificate in trusted:
        return frozenset()
    left = unless_fetched(EVERYBODY, certificate)
    for other in (*case.hierarchy.sequence, *trusted):
        if other != certificate:
            looked_up = is_looked_up(other, case.view)
            left -= equating(certificate.issuer_raw, other.subject_raw, looked_up)
    return left


def _violation(
    certificate: Certificate, case: Case, field: str, issuer: Certificate | None
) -> list[Violation]:
    """What is odd in one field; where it is the issuer's subject, it follows from that."""
    written = _written(certificate, field)
    odd = [_unlawful(one) for one in written]
    read: Name | None = None
    with suppress(Unreadable):  # what cannot be read is a fault of its structure
        read = certificate.subject if field == "subject" else certificate.issuer
    if read is not None:
        unlawful = bool(odd)
        odd += _oddities(read, is_server=certificate is case.hierarchy.server)
        if unlawful:
            odd = [one for one in odd if one.severity is not INFO]
    if not odd:
        return []
    odd.sort(key=lambda one: one.severity.rank)
    refused_by = frozenset[Refuser]().union(*(one.refused_by for one in odd))
    worst = odd[0].severity
    if written and field == "issuer" and issuer is None:
        refused_by |= _not_finding(certificate, case)
        worst = min(worst, severity(refused_by), key=lambda each: each.rank)
    more = f", and {len(odd) - 1} more" if len(odd) > 1 else ""
    evidence = {"field": field}
    if written:
        evidence["bytes"] = written[0].found.hex()
    return [
        Violation(
            f"the {field} of {case.named(certificate)} {safe(odd[0].told, 160)}{more}",
            wanted="a name as RFC 5280, appendix A.1, has it",
            found=[safe(one.told, 160) for one in odd[:20]],
            certificates=(certificate,),
            severity=worst,
            refused_by=refused_by,
            evidence=evidence,
            because_of=(_said_by(issuer), issuer) if issuer is not None else None,
        )
    ]


def _said_by(issuer: Certificate) -> str:
    """The rule that is about the issuer's subject."""
    found = [one for one in faults(issuer.der) if one.field == "subject"]
    return ID if any(one.kind == ber.STRING for one in found) else "encoding.not-der"


def _unlawful(fault: Fault) -> Odd:
    """A value that its own type does not allow, or an issuer's name that is not in DER."""
    by = structure.refusers(fault, is_ca=False)
    return Odd(fault.told, severity(by), by)


def _oddities(read: Name, is_server: bool) -> Iterator[Odd]:
    for rdn in read.rdns:
        if not rdn:
            yield Odd("has an empty relative name", WARNING)
        for kind, tag, value in rdn:
            short = SHORT.get(kind, kind)
            if isinstance(value, str):
                yield from _value(short, tag, value)
    if is_server and len(read.common_names) > 1:
        yield Odd(f"has {len(read.common_names)} common names", INFO)


def _value(short: str, tag: int, value: str) -> Iterator[Odd]:
    shown, said = safe(value, 40), f"the {IN_WORDS.get(short, short)}"
    kind = strings.TYPES.get(tag, "")
    allowed = _TYPES.get(short, _DIRECTORY_STRING if short in _DIRECTORY else {tag})
    by = structure.of_string(tag)
    if tag == strings.VISIBLE:
        yield Odd(f'has {said} "{shown}" as a VisibleString', severity(by), by)
    elif tag == strings.UNIVERSAL:
        yield Odd(f'has {said} "{shown}" as a UniversalString', WARNING, by)
    elif tag not in allowed:
        wanted = " or ".join(sorted(strings.TYPES[one] for one in allowed))
        if short in _DIRECTORY:
            wanted = "UTF8String or PrintableString"
        yield Odd(f'has {said} "{shown}" as a {kind}, not as {wanted}', WARNING)
    elif tag in _DATED:
        yield Odd(f'has {said} "{shown}" as a {kind}, a type for old names', INFO)
    bound = _BOUNDS.get(short)
    if not value:
        yield Odd(f"has {said} without a value", WARNING)
    elif short == "C" and len(value) != 2:
        yield Odd(f'has {said} "{shown}", which is no code of two letters', WARNING)
    elif bound is not None and len(value) > bound:
        yield Odd(f"has {len(value)} characters in {said}, more than {bound}", WARNING)
    if controlled(value):
        return  # encoding.control-characters
    if value.strip(" ") != value:
        yield Odd(f'has {said} "{shown}" with blanks at an end', INFO)
    elif "  " in value:
        yield Odd(f'has {said} "{shown}" with doubled blanks', INFO)
