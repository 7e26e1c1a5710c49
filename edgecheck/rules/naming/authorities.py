"""Rules about the names of authorities: shared by two of them, or written in two ways."""

from edgecheck.behaviour.equal_names import is_looked_up, telling_apart
from edgecheck.hierarchy.hierarchy import Hierarchy
from edgecheck.hierarchy.links import Link
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.names import Name, name
from edgecheck.reading.text import safe
from edgecheck.rules.chain.conditions import ISSUER_WRITTEN_DIFFERENTLY
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.rule import (
    ERROR,
    INFO,
    WARNING,
    Act,
    Over,
    Violation,
    rule,
    severity_for,
)
from edgecheck.rules.naming.conditions import EQUAL_NAMES
from edgecheck.rules.naming.confusion import confusion, openssl_says
from edgecheck.rules.references import edge, measured, openssl, rfc

_STRINGS = {
    0x0C: "UTF8String",
    0x12: "NumericString",
    0x13: "PrintableString",
    0x14: "TeletexString",
    0x16: "IA5String",
    0x1A: "VisibleString",
    0x1C: "UniversalString",
    0x1E: "BMPString",
}


@rule(
    "naming.one-name-for-two-keys",
    title="Two authorities on the path have the same name and different keys",
    severity=WARNING,
    over=Over.HIERARCHY,
    when=[EQUAL_NAMES],
    act=Act.REISSUE,
    references=[
        rfc(5280, "4.1.2.6"),
        rfc(5280, "4.2.1.1"),
        openssl("crypto/x509/x509_vfy.c"),
        edge("tools/CACertificates/certGen.sh", "1.5.0"),
        measured(
            "without key identifiers: OpenSSL and .NET refuse it (7 or 19), Java and Go do not"
        ),
        measured("with key identifiers everywhere: all of 38 clients accept it"),
    ],
)
def one_name_for_two_keys(hierarchy: Hierarchy, case: Case) -> list[Violation] | None:
    """Root, intermediate, device CA or workload CA share one subject, but not one key.

    Clients look for an issuer by its name. Key identifiers tell two of one name apart; where a
    certificate has no authority key identifier, or its issuer no subject key identifier,
    clients guess. OpenSSL takes the trusted one, or else the first that is presented, does not
    try another, and says "certificate signature failure" (7); an authority that was issued
    under its own name it takes for an untrusted root, "self-signed certificate in certificate
    chain" (19). .NET on Linux does the same. GnuTLS, NSS and wolfSSL each have a way of their
    own; Java and Go try all. With key identifiers everywhere no client is misled, and it is a
    note: so a CA looks that has changed its key (RFC 4210, section 4.4).

    Remedy:
    Have one of the authorities reissued under a name of its own, and what is below it with
    it. Or keep the names, and have every certificate issued with `subjectKeyIdentifier = hash`
    and `authorityKeyIdentifier = keyid:always`.
    """
    path = hierarchy.path
    if path is None:
        return None
    authorities = path.certificates[1:] if hierarchy.server else path.certificates
    # Names that are equal have equal ends; healthy paths need no more than this.
    if len({certificate.subject.last for certificate in authorities}) == len(authorities):
        return None
    groups: dict[object, list[Certificate]] = {}
    for authority in authorities:
        groups.setdefault(authority.subject.canonical, []).append(authority)
    if hierarchy.server is not None:  # its namesakes have rules of their own
        groups.pop(hierarchy.server.subject.canonical, None)
    return [
        _shared(group, case)
        for group in groups.values()
        if len({certificate.spki for certificate in group}) > 1
    ]


def _shared(group: list[Certificate], case: Case) -> Violation:
    found = confusion(case, group)
    who = " and ".join(case.named(certificate) for certificate in group)
    told = f"{who} have the same name, {safe(str(group[0].subject), 120)}, and different keys"
    concerned = list(group)
    if found.error is not None:
        child, says = openssl_says(found, case)
        told += f"; {says}"
        concerned += [child] if child not in group else []
    elif found.refused_by:
        told += (
            "; not every certificate below them tells by key identifiers which of them issued it"
        )
    else:
        told += "; key identifiers tell them apart"
    severity = severity_for(found.refused_by) if found.refused_by else INFO
    return Violation(
        told,
        wanted="a name of its own for each authority",
        found=str(group[0].subject),
        certificates=tuple(concerned),
        severity=severity,
        refused_by=found.refused_by,
        evidence={"openssl_error": found.error},
    )


@rule(
    "naming.issuer-written-differently",
    title="A certificate writes its issuer's name in another way than the issuer does",
    severity=ERROR,
    over=Over.EACH_LINK,
    when=[ISSUER_WRITTEN_DIFFERENTLY],
    act=Act.REISSUE,
    references=[
        rfc(5280, "4.1.2.4"),
        rfc(5280, "7.1"),
        measured("letter case, white space, type of string: Go, rustls and NSS refuse each"),
        measured("Java refuses other types than PrintableString and UTF8String"),
        measured("OpenSSL and .NET fold the case of ASCII letters alone"),
    ],
)
def issuer_written_differently(link: Link, case: Case) -> Violation | None:
    """The issuer's name is the same for RFC 5280, but not byte for byte.

    Section 7.1 compares names without regard to letter case, white space and the type of
    string (PrintableString or UTF8String). OpenSSL, Java and .NET do so too, within limits;
    Go, rustls, NSS, cryptography, wolfSSL and BearSSL compare bytes and do not find the issuer:
    "x509: certificate signed by unknown authority", UnknownIssuer. RFC 5280 asks authorities
    to write the issuer just as it is in their own certificate's subject. It happens where a
    CA certificate was renewed by another tool than the one that issues, or was typed anew.

    Remedy:
    Have the certificate issued again by software that copies the subject of the CA's
    certificate, as OpenSSL does (`openssl x509 -req -CA ca.pem`). Or have the CA's certificate
    reissued, for the same key, with its name as the certificates below it write it.
    """
    child, issuer = link.child, link.issuer
    if not link.names_match or child.issuer_raw == issuer.subject_raw:
        return None
    written, wanted = name(child.issuer_raw), name(issuer.subject_raw)
    shown = safe(str(written), 120)
    return Violation(
        f'{case.named(child)} names its issuer "{shown}", and {case.named(issuer)} is '
        f'"{safe(str(wanted), 120)}": they differ in {_difference(written, wanted)}',
        wanted=str(wanted),
        found=str(written),
        certificates=(child, issuer),
        refused_by=telling_apart(
            child.issuer_raw, issuer.subject_raw, is_looked_up(issuer, case.view)
        ),
        evidence={
            "wanted_strings": _types(wanted),
            "found_strings": _types(written),
        },
    )


def _values(one: Name) -> list[str]:
    return [str(value) for rdn in one.rdns for _, _, value in rdn]


def _tags(one: Name) -> list[int]:
    return [tag for rdn in one.rdns for _, tag, _ in rdn]


def _types(one: Name) -> list[str]:
    return [_STRINGS.get(tag, f"tag {tag}") for tag in _tags(one)]


def _difference(one: Name, other: Name) -> str:
    mine, theirs = _values(one), _values(other)
    if mine == theirs:
        types = [_STRINGS.get(tag, f"tag {tag}") for tag in {*_tags(one)} ^ {*_tags(other)}]
        return "the type of string" + (f" ({', '.join(sorted(types))})" if types else "")
    if [v.casefold() for v in mine] == [v.casefold() for v in theirs]:
        return "letter case"
    if [" ".join(v.split()) for v in mine] == [" ".join(v.split()) for v in theirs]:
        return "white space"
    return "how they are written"
