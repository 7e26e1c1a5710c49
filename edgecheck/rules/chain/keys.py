"""Rules about key identifiers, and about keys and numbers that are used twice."""

from collections.abc import Callable, Iterable
from typing import Any

from edgecheck.behaviour.dotnet.fetching import unless_fetched
from edgecheck.behaviour.equal_names import telling_apart
from edgecheck.behaviour.jsse.chain import passes_over
from edgecheck.behaviour.refusers import NSS, OPENSSL, OPENSSL_OLD, Refuser
from edgecheck.hierarchy import shapes
from edgecheck.hierarchy.hierarchy import Hierarchy
from edgecheck.hierarchy.links import KeyIds, key_ids
from edgecheck.hierarchy.paths import Ending
from edgecheck.hierarchy.signatures import State
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.der import Malformed
from edgecheck.reading.names import name
from edgecheck.reading.text import safe
from edgecheck.rules.chain.conditions import (
    EQUAL_KEY_IDS,
    EQUAL_KEYS,
    EQUAL_SERIALS,
    WRONG_KEY_IDS,
    names_otherwise,
)
from edgecheck.rules.engine.case import Case, shown_name
from edgecheck.rules.engine.objects import PRESENTED
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
from edgecheck.rules.misled import content_above
from edgecheck.rules.references import edge, measured, openssl, rfc

R = Refuser
BY_NUMBER = OPENSSL | OPENSSL_OLD | {R.DOTNET}
"""Those that compare issuer and serial number too."""
BY_KEY_ID = BY_NUMBER | NSS | {R.GNUTLS, R.WOLFSSL, R.BOTAN}


@rule(
    "chain.key-identifier-mismatch",
    title="A certificate's authority key identifier is not that of its issuer",
    severity=ERROR,
    over=Over.HIERARCHY,
    when=[WRONG_KEY_IDS],
    act=Act.REISSUE,
    references=[
        rfc(5280, "4.2.1.1"),
        openssl("crypto/x509/v3_purp.c"),
        edge("edgelet/hsm-sys/azure-iot-hsm-c/src/edge_pki_openssl.c"),
        measured(
            "another key identifier: OpenSSL, .NET, GnuTLS, NSS, wolfSSL and Botan refuse it; Go, "
            "rustls, mbedTLS, BearSSL and cryptography do not look"
        ),
        measured("another serial number: OpenSSL and .NET refuse it; the others do not look"),
        measured("Java looks only where the issuer is the certificate that is trusted"),
    ],
)
def key_identifier_mismatch(hierarchy: Hierarchy, case: Case) -> list[Violation] | None:
    """The issuer's name and key are right, but the certificate describes another issuer.

    The authority key identifier tells which of several CAs of one name signed: by the
    issuer's subject key identifier, or by the name of the issuer's issuer and the issuer's
    serial number. Where the issuer was reissued with the same key, its serial number is
    another one, and so may be its key identifier; the signature still verifies. OpenSSL takes
    no such issuer: "unable to get local issuer certificate" (20). IoT Edge 1.1 and the
    convenience scripts write issuer and serial number too (`issuer:always`), so there every
    reissue of a CA breaks what it has signed before. A root that contradicts itself is no
    self-signed certificate to OpenSSL: "unable to get issuer certificate" (2).

    Remedy:
    Have the certificate reissued by the issuer as it is installed now, with

        authorityKeyIdentifier = keyid:always

    or install the issuer's certificate from which it was issued. What the runtime itself
    issues is made anew when the device CA is replaced: apply the configuration (up to 1.1
    restart the daemon). A root has to be made again, and trusted, without that extension.
    """
    path = hierarchy.path
    if path is None:
        return None
    found = [
        _mismatch(link.child, link.issuer, hierarchy, case)
        for link in path.links
        if (link.key_ids is KeyIds.MISMATCH or names_otherwise(link.child, link.issuer))
        and link.names_match
        and link.signature.state is State.VALID
    ]
    top = path.certificates[-1]
    if (
        top.is_self_issued
        and path.ended in (Ending.ANCHOR, Ending.SELF_SIGNED)
        and (key_ids(top, top) is KeyIds.MISMATCH or names_otherwise(top, top))
    ):
        found.append(_mismatch(top, top, hierarchy, case))
    return [each for each in found if each is not None] or None


def _mismatch(
    child: Certificate, issuer: Certificate, hierarchy: Hierarchy, case: Case
) -> Violation | None:
    """Return what does not fit; None where the name is another one to no client."""
    authority = child.authority_key_id
    assert authority is not None
    have = issuer.subject_key_id
    by_key = authority.key_id is not None and have is not None and authority.key_id != have
    refused = BY_KEY_ID if by_key else BY_NUMBER
    if not by_key and authority.serial == issuer.serial:
        refused &= telling_apart(authority.issuers[0], issuer.issuer_raw, trusted=False)
        if not refused:
            return None
    wanted: object
    found: object
    if by_key:
        wanted, found = have, authority.key_id
        holder = "itself" if child == issuer else case.named(issuer)
        what = (
            f"one with the key identifier {_hex(authority.key_id)}, and {holder} has the "
            f"identifier {_hex(have)}"
        )
    elif authority.serial == issuer.serial:
        wanted, found = safe(str(issuer.issuer), 100), _shown(authority.issuers[0])
        what = f'one that "{found}" issued, and {case.named(issuer)} was issued by "{wanted}"'
    else:
        wanted, found = _hex(issuer.serial), _hex(authority.serial)
        what = f"one with the serial number {_hex(authority.serial)}"
        if authority.issuers:
            what += f', issued by "{_shown(authority.issuers[0])}"'
        what += f"; {case.named(issuer)} has {_hex(issuer.serial)}, issued by "
        what += f'"{safe(str(issuer.issuer), 100)}"'
    if child == issuer:
        refused = refused - {R.STRICT, R.CURL, R.GNUTLS, R.WOLFSSL} - NSS
        if by_key:
            refused |= {R.BOTAN}
        refused -= content_above(child, refused, case)
    elif issuer == hierarchy.anchor and passes_over(issuer, case.view):
        refused |= {R.JAVA}
    from edgecheck.behaviour.wolfssl.chain import key_id  # sound chains need none of it

    if child.version == 3 and child.subject_key_id and key_id(child) == key_id(issuer):
        refused = refused - {R.WOLFSSL}  # which looks for the child's own identifier as well
    if not have:
        refused = refused - {R.BOTAN}  # an empty one is none to it
    if by_key and not authority.key_id:
        refused = refused - NSS - {R.BOTAN}
    refused_by = unless_fetched(frozenset(refused), child)
    return Violation(
        f"{case.named(child)} names as its issuer {what}",
        wanted=wanted,
        found=found,
        certificates=(child,) if child == issuer else (child, issuer),
        evidence={"by": "key identifier" if by_key else "issuer and serial number"},
        severity=severity_for(refused_by),
        refused_by=refused_by,
    )


@rule(
    "chain.serial-number-reused",
    title="Two certificates have the same issuer and the same serial number",
    severity=WARNING,
    over=Over.HIERARCHY,
    when=[EQUAL_SERIALS],
    act=Act.REISSUE,
    references=[
        rfc(5280, "4.1.2.2"),
        edge("tools/CACertificates/certGen.sh", "1.5.0"),
        measured(
            "of 38 clients NSS refuses it, also where it only trusts one of the two: "
            "SEC_ERROR_REUSED_ISSUER_AND_SERIAL"
        ),
    ],
    refused_by=NSS,
)
def serial_number_reused(hierarchy: Hierarchy, case: Case) -> list[Violation] | None:
    """A CA must never give a serial number twice, and here it did, or two CAs have one name.

    NSS refuses whatever it has seen under the same issuer and number as another certificate, in
    this chain or in an earlier one. Where an authority key identifier names issuer and serial
    number, it fits two certificates. The convenience scripts number from 1000 (hexadecimal)
    again after every new root, and call it by the same name; a root and its first intermediate
    both get 1 from scripts that count by hand. IoT Edge from 1.2 on gives the number 0 to all
    that it issues, so that its own quickstart CA and the server certificate have the same. That
    is a note, since nobody can change it but by a device CA of another origin.

    Remedy:
    Have one of the two reissued with a random serial number (`openssl x509 -req` does so
    without `-CAserial`; `openssl ca` with `rand_serial = yes`), and whatever names it by its
    number below it. Where one is a leftover of an earlier generation, remove it from the file.
    """
    everybody = hierarchy.pool.everybody
    seen: dict[tuple[bytes, int], Certificate] = {}
    for certificate in everybody:
        seen.setdefault((certificate.issuer_raw, certificate.serial), certificate)
    if len(seen) == len(everybody):
        return None
    presented = set(hierarchy.sequence)
    found = []
    for certificate in everybody:
        first = seen[certificate.issuer_raw, certificate.serial]
        if first == certificate or presented.isdisjoint((first, certificate)):
            continue
        found.append(
            Violation(
                f"{case.named(certificate)} and {case.named(first)} both have the serial number "
                f"{_hex(certificate.serial)} from {safe(str(certificate.issuer), 100)}",
                wanted="a serial number of its own",
                found=_hex(certificate.serial),
                certificates=(certificate, first),
                **_leftover(certificate, first, case),
                severity=INFO if _by_certd(certificate, first, hierarchy) else WARNING,
                because_of=_left_in_bundle(certificate, first, case),
            )
        )
    return found or None


@rule(
    "chain.key-in-several-roles",
    title="Two certificates of the chain have the same key",
    severity=WARNING,
    over=Over.HIERARCHY,
    when=[EQUAL_KEYS],
    act=Act.REISSUE,
    references=[
        rfc(4158, "5.2"),
        measured("two CAs with one key: of 38 clients wolfSSL refuses it; the others accept it"),
    ],
)
def key_in_several_roles(hierarchy: Hierarchy, case: Case) -> list[Violation] | None:
    """One private key stands behind two roles.

    Whoever has the key of the lower role has that of the higher one too: a device CA with the
    intermediate's key lets every gateway act as the intermediate. wolfSSL keeps CAs by
    their key identifier, and refuses a chain in which two have the same.

    Remedy:
    Make a new key for the lower of the two, and have its certificate reissued:

        openssl req -new -newkey rsa:2048 -nodes -keyout device-ca.key.pem -out device-ca.csr
    """
    path = hierarchy.path
    certificates = path.certificates if path else ()
    if len({certificate.spki for certificate in certificates}) == len(certificates):
        return None
    return [
        Violation(
            f"{case.named(lower)} has the key of {case.named(higher)}",
            wanted="a key of its own",
            found=higher.sha256,
            certificates=(lower, higher),
            severity=WARNING if refused else INFO,
            refused_by=refused,
        )
        for lower, higher in _pairs(certificates, lambda certificate: certificate.spki)
        for refused in (_by_wolfssl(lower, higher, hierarchy),)
    ]


@rule(
    "chain.key-identifier-reused",
    title="Two certificates with different keys have the same subject key identifier",
    severity=WARNING,
    over=Over.HIERARCHY,
    when=[EQUAL_KEY_IDS],
    act=Act.REISSUE,
    references=[
        rfc(5280, "4.2.1.2"),
        measured("two CAs with one identifier: of 38 clients wolfSSL refuses it"),
    ],
)
def key_identifier_reused(hierarchy: Hierarchy, case: Case) -> list[Violation] | None:
    """The identifier is to tell keys apart, and here it does not.

    It is mostly the hash of the key; a fixed value from a template, or one that was copied from
    another certificate, repeats. An authority key identifier then fits two certificates.
    wolfSSL keeps CAs by their key identifier, and refuses a chain in which two have the same.

    Remedy:
    Have the lower of the two reissued with an identifier made from its key, and with it what
    it has issued:

        subjectKeyIdentifier = hash
    """
    path = hierarchy.path
    certificates = path.certificates if path else ()
    have = [c for c in certificates if c.subject_key_id is not None]
    if len({c.subject_key_id for c in have}) == len(have):
        return None
    return [
        Violation(
            f"{case.named(lower)} and {case.named(higher)} have different keys, and the same "
            f"subject key identifier {_hex(lower.subject_key_id)}",
            wanted="an identifier for each key",
            found=lower.subject_key_id,
            certificates=(lower, higher),
            severity=WARNING if refused else INFO,
            refused_by=refused,
        )
        for lower, higher in _pairs(have, lambda certificate: certificate.subject_key_id)
        if lower.spki != higher.spki
        for refused in (_by_wolfssl(lower, higher, hierarchy),)
    ]


def _pairs(
    certificates: Iterable[Certificate], fact: Callable[[Certificate], object]
) -> list[tuple[Certificate, Certificate]]:
    """Each certificate with the next one above it that has the same."""
    found, above = [], dict[object, Certificate]()
    for certificate in reversed(tuple(certificates)):
        have = fact(certificate)
        if have in above:
            found.append((certificate, above[have]))
        above[have] = certificate
    return found[::-1]


def _leftover(one: Certificate, other: Certificate, case: Case) -> dict[str, Any]:
    """Return remedy and object where one of two is on no path: it is to be taken away."""
    hierarchy = case.hierarchy
    useless = [c for c in (one, other) if c in hierarchy.unused and c in hierarchy.sequence]
    if not useless:
        return {}
    number, name = hierarchy.sequence.index(useless[0]) + 1, shown_name(useless[0])
    return {
        "remedy": f"Remove number {number}, {name}, which no chain needs: it is mostly a leftover "
        "of an earlier generation.",
        "changes": PRESENTED,
    }


def _left_in_bundle(
    one: Certificate, other: Certificate, case: Case
) -> tuple[str, Certificate] | None:
    """What explains it where one of two is in the trust bundle alone: it was left behind there."""
    presented, bundle = case.hierarchy.sequence, case.expected.trust_bundle or ()
    for left, shown in ((one, other), (other, one)):
        if left in bundle and left not in presented and shown in presented:
            return "trust.bundle-without-root", shown
    return None


def _by_certd(lower: Certificate, higher: Certificate, hierarchy: Hierarchy) -> bool:
    """Whether the runtime made both: the server certificate, and its quickstart CA."""
    server = hierarchy.server
    return (
        lower.serial == 0
        and server in (lower, higher)
        and hierarchy.device_ca in (lower, higher)
        and server is not None
        and shapes.made_by_certd(server)
    )


def _by_wolfssl(
    lower: Certificate, higher: Certificate, hierarchy: Hierarchy
) -> frozenset[Refuser]:
    """WolfSSL where both are CAs that it learns under one identifier."""
    from edgecheck.behaviour.wolfssl.chain import key_id  # sound chains need none of it

    if lower == hierarchy.server or key_id(lower) != key_id(higher):
        return frozenset()
    return frozenset({R.WOLFSSL})


def _shown(raw: bytes) -> str:
    """A name, safe to print."""
    try:
        return safe(str(name(raw)), 100)
    except Malformed:
        return "a name that cannot be read"


def _hex(value: bytes | int | None) -> str:
    if isinstance(value, int):
        digits = f"{abs(value):X}"
        return ("-" if value < 0 else "") + (digits if len(digits) <= 48 else f"{digits[:48]}...")
    return "none" if value is None else value[:24].hex().upper()
