"""The rule about single facts of a certificate that cannot be read."""

from collections.abc import Callable
from contextlib import suppress

from edgecheck.behaviour.golang.extensions import basic_constraints, wrong_authority
from edgecheck.behaviour.golang.parse import wrong_constraints
from edgecheck.behaviour.golang.records import V1_19, V1_27
from edgecheck.behaviour.host_names import refusing_as_read
from edgecheck.behaviour.issuers import taken
from edgecheck.behaviour.jsse.parse import has_short_negative, refusing_undecodable
from edgecheck.behaviour.openssl.extensions import undecodable
from edgecheck.behaviour.openssl.values import decoded_certificate
from edgecheck.behaviour.refusers import EVERYBODY, GO, NSS, OPENSSL, OPENSSL_OLD, TIER_1, Refuser
from edgecheck.behaviour.structure import refusers
from edgecheck.reading import ber
from edgecheck.reading.certificate import (
    EXT_AUTHORITY_KEY_ID,
    EXT_BASIC_CONSTRAINTS,
    EXT_EXTENDED_KEY_USAGE,
    EXT_KEY_USAGE,
    EXT_SUBJECT_ALT_NAME,
    EXT_SUBJECT_KEY_ID,
    FACT_NAMES,
    TWICE,
    Certificate,
    Unreadable,
    damage,
)
from edgecheck.reading.der import Malformed
from edgecheck.reading.strict import faults
from edgecheck.reading.text import safe
from edgecheck.rules.engine.case import Case, shown_name
from edgecheck.rules.engine.rule import ERROR, WARNING, Act, Over, Violation, rule
from edgecheck.rules.input.conditions import (
    UNREADABLE,
)
from edgecheck.rules.places import NOBODY, of_anchors
from edgecheck.rules.references import measured, openssl, rfc


@rule(
    "input.unreadable-fact",
    title="A field or an extension of a certificate cannot be read",
    severity=ERROR,
    over=Over.EACH_CERTIFICATE,
    when=[UNREADABLE],
    follows=["algorithm.curve"],
    act=Act.REISSUE,
    references=[
        rfc(5280, "4.2"),
        openssl("crypto/x509/v3_purp.c"),
        measured(
            "Go refuses every certificate with an extension of RFC 5280 that it cannot decode; "
            "OpenSSL 3.0 treats the certificate as if it were not there, and says error 20"
        ),
    ],
)
def unreadable_fact(certificate: Certificate) -> list[Violation]:
    """The certificate as such is sound, but one part of it does not hold what it must.

    Whatever depends on that part is not judged here. Go refuses the certificate as a whole;
    OpenSSL takes it for invalid and says that it cannot find the issuer; Java looks only at
    what it needs. An empty list of names (subjectAltName) in a CA certificate is forbidden, and
    of small clients wolfSSL alone refuses it.

    Remedy:
    Have the certificate issued anew, and see that the extension is given in words to the
    software that issues it (`keyUsage = critical,keyCertSign`), not as raw bytes.
    """
    return [
        _unreadable(certificate, FACT_NAMES.get(fact, fact), because)
        for fact, because in damage(certificate).items()
        if because != TWICE  # `input.duplicate-extension` says so
        and (certificate.loaded is not None or _is_apart(certificate, fact, because))
    ]


def _is_apart(certificate: Certificate, fact: str, because: str) -> bool:
    """Whether it is another fault than those for which the certificate as a whole is malformed."""
    name, found = FACT_NAMES.get(fact, fact), faults(certificate.der)
    if not found and "end" not in certificate.damage:
        return False  # `input.malformed-certificate` tells all damage then
    if fact == "public_key":
        structural = (fault for fault in found if fault.kind != ber.TIME)
        return not any(Refuser.S_CLIENT in refusers(fault, False) for fault in structural)
    if because.startswith(_NO_EXTENSIONS):
        return fact == "basic_constraints" and not any("extensions" in f.field for f in found)
    if name not in _EXTENSIONS_WITH_FACTS:
        return False
    return all(fault.field != f"extensions: {name}" for fault in found)


def _unreadable(certificate: Certificate, name: str, because: str) -> Violation:
    if because.startswith(_NO_EXTENSIONS):
        return _without_extensions(certificate, because)
    because = safe(because.removeprefix(f"{name}: "), 160)
    severity, refused_by = ERROR, _refusers(name, because)
    if _passed_over(certificate, name, because):
        refused_by -= {Refuser.JAVA}
    refused_by = _as_go_reads(certificate, name, refused_by)
    if name in _OF_NAMES and (name, because) != ("extKeyUsage", "empty"):
        refused_by = refused_by - {Refuser.JAVA}
        refused_by |= refusing_undecodable(certificate, _OF_NAMES[name])
    if name in _EXTENSIONS or name == "basicConstraints":
        left = decoded_certificate(certificate).damage
        if all(FACT_NAMES.get(fact, fact) != name for fact in left):
            refused_by -= OPENSSL
    if name == "subjectAltName" and because != "empty" and _decoded(certificate):
        refused_by -= OPENSSL | {Refuser.DOTNET, Refuser.BORINGSSL}
    if (name, because) == ("subjectAltName", "empty") and is_ca(certificate):
        severity, refused_by = WARNING, frozenset({Refuser.STRICT, Refuser.WOLFSSL})
    elif (name, because) == ("extKeyUsage", "empty") and is_ca(certificate):
        refused_by -= {Refuser.JAVA, Refuser.NSS, Refuser.WOLFSSL}
    elif name == "subjectAltName" and is_ca(certificate) and not refused_by & TIER_1:
        severity = WARNING
    return Violation(
        f"the {_SAID.get(name, name)} of the certificate {shown_name(certificate)} cannot be read: "
        f"{because}",
        wanted=f"{name} as RFC 5280 describes it",
        found=because,
        certificates=(certificate,),
        severity=severity,
        evidence={"field": name},
        refused_by=refused_by,
        accepting=_accepting(name, because),
        also=_ALSO.get(name),
        hidden=Refuser.VERIFY in refused_by and (name, because) != ("extKeyUsage", "empty"),
    )


def _without_extensions(certificate: Certificate, because: str) -> Violation:
    """None of them can be found, so that no client decodes the certificate."""
    because = because.removeprefix(f"{_NO_EXTENSIONS}: ")
    return Violation(
        f"the extensions of the certificate {shown_name(certificate)} cannot be read: {because}",
        wanted="extensions as RFC 5280 describes them",
        found=because,
        certificates=(certificate,),
        evidence={"field": "extensions"},
        refused_by=OPENSSL | GO | {Refuser.DOTNET, Refuser.CRYPTOGRAPHY},
    )


_SAID = {
    "extKeyUsage": "list of purposes (extKeyUsage)",
    "subjectAltName": "list of names (subjectAltName)",
}
"""Fields in words, of which many have never heard."""
_EXTENSIONS = {
    "keyUsage": EXT_KEY_USAGE,
    "extKeyUsage": EXT_EXTENDED_KEY_USAGE,
    "subjectKeyIdentifier": EXT_SUBJECT_KEY_ID,
    "authorityKeyIdentifier": EXT_AUTHORITY_KEY_ID,
}


_OF_NAMES = {"subjectAltName": EXT_SUBJECT_ALT_NAME, "extKeyUsage": EXT_EXTENDED_KEY_USAGE}


_NO_EXTENSIONS = "the extensions cannot be read"
"""How the damage of each of them begins where none can be found."""
_EXTENSIONS_WITH_FACTS = frozenset({"basicConstraints", "subjectAltName", *_EXTENSIONS})


def _as_go_reads(
    certificate: Certificate, name: str, refused_by: frozenset[Refuser]
) -> frozenset[Refuser]:
    """With Go as it reads two of them, which is not all that is there."""
    if name == "authorityKeyIdentifier":
        wrong = wrong_authority(certificate.extensions[EXT_AUTHORITY_KEY_ID])
        return refused_by - GO | ({Refuser.GO} if wrong else set())
    if name != "basicConstraints":
        return refused_by
    new, old = (wrong_constraints(certificate, version) for version in (V1_27, V1_19))
    if not new and not basic_constraints(certificate.extensions[EXT_BASIC_CONSTRAINTS]).ca:
        new = old = True  # nor is it a CA then
    by = {Refuser.GO} if old else {Refuser.GO_1_27} if new else set()
    return refused_by - GO | by


def _decoded(certificate: Certificate) -> bool:
    """Whether OpenSSL, which reads BER, can decode the subjectAltName all the same."""
    return undecodable(EXT_SUBJECT_ALT_NAME, certificate.extensions[EXT_SUBJECT_ALT_NAME]) is None


def _passed_over(certificate: Certificate, name: str, because: str) -> bool:
    """Whether Java does as if the extension were not there: it is not critical, and undecodable."""
    extension = _EXTENSIONS.get(name)
    decodable = (name, because) == ("extKeyUsage", "empty")
    return extension is not None and extension not in certificate.critical and not decodable


_BYTEWISE = frozenset({Refuser.GO, Refuser.CRYPTOGRAPHY})
_WITHOUT_NAMES = frozenset({Refuser.RUSTLS, Refuser.MBEDTLS, Refuser.WOLFSSL, Refuser.BEARSSL})
_WITHOUT_PURPOSE = (
    OPENSSL_OLD | NSS | {Refuser.RUSTLS, Refuser.MBEDTLS, Refuser.WOLFSSL, Refuser.CRYPTOGRAPHY}
)
_NEGATIVE_LENGTH = EVERYBODY - {Refuser.GO, Refuser.GNUTLS, Refuser.WOLFSSL} | {Refuser.GO_1_27}
_COUNTING = frozenset({Refuser.OPENSSL_1_1_0, Refuser.OPENSSL_1_0_2})


def _accepting_a_negative_length(certificate: Certificate, case: Case) -> frozenset[Refuser]:
    """Two who only compare it: OpenSSL up to 1.1.0, from the second CA on and below the root.

    Of a server's BearSSL and NSS need nothing, nor Java, which decodes it.
    """
    if certificate == case.hierarchy.server:
        decoded = has_short_negative(certificate) or _passes_over_constraints(certificate)
        return _COUNTING | NSS | {Refuser.BEARSSL} | ({Refuser.JAVA} if decoded else set())
    if certificate == case.hierarchy.anchor:
        return _COUNTING | {Refuser.NSS_PKIX, Refuser.RUSTLS, Refuser.BEARSSL}
    return _COUNTING if case.issued(certificate) is case.hierarchy.server else NOBODY


def _not_finding_its_name(certificate: Certificate, case: Case) -> frozenset[Refuser]:
    """Who can make something of the server's names, and does not find there what it asks for."""
    asked = case.expected.hostname
    if asked is None or certificate is not case.hierarchy.server:
        return NOBODY
    try:
        return refusing_as_read(asked, certificate)
    except Unreadable:
        return NOBODY


def _identifying_another(certificate: Certificate, case: Case) -> frozenset[Refuser]:
    """Java, to which the bytes of what cannot be decoded are another key than the one named."""
    from edgecheck.behaviour.jsse.chain import passes_over  # sound chains need none of it

    with suppress(Unreadable, Malformed):
        concerned = certificate == case.hierarchy.anchor and passes_over(certificate, case.view)
        if concerned and not taken(case.view, Refuser.JAVA).good:
            return frozenset({Refuser.JAVA})
    return NOBODY


_ALSO = {
    "subjectAltName": _not_finding_its_name,
    "subjectKeyIdentifier": _identifying_another,
}


def _passes_over_constraints(certificate: Certificate) -> bool:
    """Whether Java does, which decodes only what is critical."""
    return EXT_BASIC_CONSTRAINTS not in certificate.critical


def _by_place(certificate: Certificate, case: Case) -> frozenset[Refuser]:
    """GnuTLS and NSS read those of issuers alone, and not of what is trusted.

    Java needs them of issuers, and passes over what is not critical and cannot be decoded.
    """
    passing = {Refuser.GNUTLS, Refuser.NSS}
    if certificate is case.hierarchy.server:
        if _passes_over_constraints(certificate):
            passing |= {Refuser.JAVA}
        if not wrong_constraints(certificate, V1_27):
            passing |= {Refuser.GO}
        return frozenset(passing)
    return frozenset(passing) if certificate in case.expected.trust else NOBODY


def _but_of_issuers_usage(certificate: Certificate, case: Case) -> frozenset[Refuser]:
    """GnuTLS goes by the keyUsage of issuers; a server's that does not decode allows all."""
    return frozenset({Refuser.GNUTLS} if certificate is case.hierarchy.server else ())


def _but_of_issuers(certificate: Certificate, case: Case) -> frozenset[Refuser]:
    """Cryptography looks into the authorityKeyIdentifier of authorities alone."""
    return frozenset({Refuser.CRYPTOGRAPHY} if certificate is case.hierarchy.server else ())


_ACCEPTING: dict[tuple[str, str], Callable[[Certificate, Case], frozenset[Refuser]]] = {
    ("basicConstraints", "a negative path length"): _accepting_a_negative_length,
    ("extKeyUsage", "empty"): of_anchors(Refuser.OPENSSL_1_0_2, Refuser.RUSTLS),
}
_BY_NAME: dict[str, Callable[[Certificate, Case], frozenset[Refuser]]] = {
    "authorityKeyIdentifier": _but_of_issuers,
    "basicConstraints": _by_place,
    "keyUsage": _but_of_issuers_usage,
    "subjectAltName": of_anchors(Refuser.CRYPTOGRAPHY),
}


def _accepting(name: str, because: str) -> Callable[[Certificate, Case], frozenset[Refuser]] | None:
    """Who takes the certificate in its place all the same."""
    return _ACCEPTING.get((name, because)) or _BY_NAME.get(name)


def _refusers(name: str, because: str) -> frozenset[Refuser]:
    """Who refuses a part that cannot be read, as far as it was measured."""
    of_ca = {Refuser.NSS} if name == "basicConstraints" else set()
    if "DER BOOLEAN" in because:
        return _BYTEWISE
    if "length that is not minimal" in because:
        return _BYTEWISE | of_ca
    if "INTEGER that is not minimal" in because:
        return OPENSSL | _BYTEWISE | {Refuser.DOTNET}
    if "bytes after its end" in because:
        by = frozenset({Refuser.CRYPTOGRAPHY, Refuser.BORINGSSL})
        if name not in _KEY_IDS:
            by |= {Refuser.GNUTLS}
        if name == "extKeyUsage":
            by |= {Refuser.DOTNET}
        return by if name == "subjectAltName" else by | {Refuser.JAVA} | of_ca
    if name == "subjectAltName" and because in _CONSTRUCTED:
        return frozenset({Refuser.GNUTLS, Refuser.CRYPTOGRAPHY})
    if (name, because) == ("subjectAltName", "empty"):
        return _BYTEWISE | {Refuser.STRICT} | _WITHOUT_NAMES
    if (name, because) == ("extKeyUsage", "empty"):
        return OPENSSL | {Refuser.DOTNET, Refuser.JAVA} | _WITHOUT_PURPOSE
    if because == "a negative path length":
        return _NEGATIVE_LENGTH
    by = OPENSSL | {Refuser.DOTNET}
    if name not in ("authorityKeyIdentifier", "subjectKeyIdentifier", "subjectPublicKeyInfo"):
        by |= {Refuser.CRYPTOGRAPHY}  # which looks at these only where it needs them
    if name in _EXTENSIONS:
        by |= {Refuser.BORINGSSL, Refuser.WOLFSSL}  # which decode these of every certificate
    if because == "empty":
        return by | {Refuser.JAVA}
    if name == "basicConstraints":
        by |= {Refuser.JAVA} | (NOBODY if because.startswith(_LENIENT_TO_NSS) else {Refuser.NSS})
        by |= {Refuser.GNUTLS} if because.startswith("more than cA") else set()
    elif name == "subjectAltName":
        by |= {Refuser.GNUTLS, Refuser.BORINGSSL}
    elif name == "subjectPublicKeyInfo":
        by |= {Refuser.JAVA, Refuser.GNUTLS, Refuser.NSS}
    else:
        by |= {Refuser.JAVA}
    passed = because.startswith(("more than cA", "a general name with tag"))
    return by if passed else by | {Refuser.GO}


_KEY_IDS = ("authorityKeyIdentifier", "subjectKeyIdentifier")
_LENIENT_TO_NSS = ("cA is a BOOLEAN of", "an INTEGER without", "a path length of more than")
"""What NSS makes a value of all the same."""
_CONSTRUCTED = tuple(f"a general name with tag 0x{tag:02x}" for tag in (0xA1, 0xA2, 0xA6, 0xA7))


def is_ca(certificate: Certificate) -> bool:
    """Whether it says that it is a CA; no where that cannot be read."""
    try:
        return certificate.is_ca
    except Unreadable:
        return False
