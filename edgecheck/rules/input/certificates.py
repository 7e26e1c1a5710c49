"""Rules about single certificates that were found, and are damaged inside."""

import warnings
from contextlib import suppress

from cryptography import x509

from edgecheck.behaviour import structure
from edgecheck.behaviour.openssl import boring
from edgecheck.behaviour.openssl import extensions as openssl_extensions
from edgecheck.behaviour.refusers import EVERYBODY, NSS, OPENSSL, OPENSSL_OLD, TIER_1, Refuser
from edgecheck.reading.ber import STRING
from edgecheck.reading.certificate import (
    EXT_AUTHORITY_KEY_ID,
    EXT_BASIC_CONSTRAINTS,
    EXT_CRL_DISTRIBUTION_POINTS,
    EXT_EXTENDED_KEY_USAGE,
    EXT_INHIBIT_ANY_POLICY,
    EXT_KEY_USAGE,
    EXT_SUBJECT_ALT_NAME,
    EXT_SUBJECT_KEY_ID,
    FACT_NAMES,
    TWICE,
    Certificate,
    Unreadable,
)
from edgecheck.reading.extensions import KEY_CERT_SIGN
from edgecheck.reading.strict import extension_name, faults, harmless
from edgecheck.reading.text import safe
from edgecheck.rules.engine.case import Case, shown_name
from edgecheck.rules.engine.rule import ERROR, WARNING, Act, Over, Violation, rule
from edgecheck.rules.input.conditions import (
    ALGORITHM_MISMATCH,
    DUPLICATE_EXTENSION,
    MALFORMED,
    UNREADABLE,
)
from edgecheck.rules.places import NOBODY, of_anchors
from edgecheck.rules.references import measured, openssl, rfc


@rule(
    "input.malformed-certificate",
    title="A certificate is not encoded as it must be",
    severity=ERROR,
    over=Over.EACH_CERTIFICATE,
    when=[MALFORMED],
    act=Act.REISSUE,
    follows=["encoding.name", "extension.version-not-3"],
    references=[
        rfc(5280, "4.1"),
        measured(
            "bytes behind the certificate: OpenSSL and .NET refuse it in the handshake "
            '("cert length mismatch"), Go with "trailing data", Java accepts it'
        ),
    ],
)
def malformed_certificate(certificate: Certificate) -> Violation | None:
    """Its fields can be made out, but strict readers refuse the certificate as a whole.

    Bytes stand behind its end, or a name holds characters that its string type does not
    have, or `cryptography`, on which edgecheck relies, refuses it for a reason of its own.
    What is wrong with the DER of its fields, its times and its version has rules of its own
    (`encoding.not-der` and `encoding.time`).

    Remedy:
    Have the certificate issued anew, by software that writes DER; no change to the file can
    repair what is signed. If only bytes behind the certificate are wrong, writing it anew is
    enough:

        openssl x509 -in device-ca.pem -out fixed.pem
    """
    if certificate.loaded is not None:
        return None
    found = faults(certificate.der)
    end = certificate.damage.get("end")
    if end is not None:
        told, severity = [end], ERROR
    elif not found:
        told = [
            f"{FACT_NAMES.get(fact, fact)}: {text}" for fact, text in certificate.damage.items()
        ] or [_refusal(certificate)]
        severity = ERROR
    elif all(fault.kind == STRING or fault.field == "issuer" for fault in found):
        told = [f"{fault.field} {fault.told}" for fault in found]
        severity = WARNING if harmless(certificate) else ERROR
    else:
        return None  # the family `encoding` says it
    return Violation(
        f"the certificate {shown_name(certificate)} is malformed: {safe('; '.join(told), 300)}",
        wanted="DER as RFC 5280, section 4.1, describes it",
        found=[safe(text) for text in told],
        certificates=(certificate,),
        severity=severity,
        evidence={"cryptography": safe(_refusal(certificate))},
        refused_by=_BEHIND if end is not None else _written_so(certificate),
    )


def _written_so(certificate: Certificate) -> frozenset[Refuser]:
    """Who refuses its names as they are written; `cryptography` in any case."""
    ca = structure.is_ca(certificate)
    by = (structure.refusers(fault, ca) for fault in faults(certificate.der))
    return frozenset({Refuser.CRYPTOGRAPHY}).union(*by)


_BEHIND = (
    OPENSSL
    | OPENSSL_OLD
    | NSS
    | {Refuser.DOTNET, Refuser.GO, Refuser.GNUTLS, Refuser.RUSTLS}
    | {Refuser.CRYPTOGRAPHY, Refuser.BEARSSL}
) - {Refuser.VERIFY}
"""Those who refuse bytes behind the end."""


def _refusal(certificate: Certificate) -> str:
    """What `cryptography` has against it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns of serial numbers that are not positive
            x509.load_der_x509_certificate(certificate.der)
    except (ValueError, TypeError, x509.InvalidVersion) as refused:
        return str(refused) or type(refused).__name__
    return "its DER cannot be read in one go"


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
    what it needs. An empty subjectAltName in a CA certificate is forbidden, and of small
    clients wolfSSL alone refuses it.

    Remedy:
    Have the certificate issued anew, and see that the extension is given in words to the
    software that issues it (`keyUsage = critical,keyCertSign`), not as raw bytes.
    """
    if certificate.loaded is None:
        return []  # `input.malformed-certificate` says so
    for late in ("subject", "issuer", "public_key"):
        with suppress(Unreadable):  # what cannot be read stands among the damage then
            getattr(certificate, late)
    return [
        _unreadable(certificate, FACT_NAMES.get(fact, fact), because)
        for fact, because in certificate.damage.items()
        if because != TWICE  # `input.duplicate-extension` says so
    ]


def _unreadable(certificate: Certificate, name: str, because: str) -> Violation:
    because = safe(because.removeprefix(f"{name}: "), 160)
    severity, refused_by = ERROR, _refusers(name, because)
    if _passed_over(certificate, name, because):
        refused_by -= {Refuser.JAVA}
    if (name, because) == ("subjectAltName", "empty") and _is_ca(certificate):
        severity, refused_by = WARNING, frozenset({Refuser.STRICT, Refuser.WOLFSSL})
    elif (name, because) == ("extKeyUsage", "empty") and _is_ca(certificate):
        refused_by -= {Refuser.JAVA, Refuser.NSS, Refuser.WOLFSSL}
    elif name == "subjectAltName" and _is_ca(certificate) and not refused_by & TIER_1:
        severity = WARNING
    return Violation(
        f"the {name} of the certificate {shown_name(certificate)} cannot be read: {because}",
        wanted=f"{name} as RFC 5280 describes it",
        found=because,
        certificates=(certificate,),
        severity=severity,
        evidence={"field": name},
        refused_by=refused_by,
        accepting=_ACCEPTING.get((name, because)),
        hidden=Refuser.VERIFY in refused_by and (name, because) != ("extKeyUsage", "empty"),
    )


_EXTENSIONS = {
    "keyUsage": EXT_KEY_USAGE,
    "extKeyUsage": EXT_EXTENDED_KEY_USAGE,
    "subjectKeyIdentifier": EXT_SUBJECT_KEY_ID,
    "authorityKeyIdentifier": EXT_AUTHORITY_KEY_ID,
}


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
_NEGATIVE_LENGTH = EVERYBODY - {Refuser.GO, Refuser.GNUTLS, Refuser.WOLFSSL} | {Refuser.GO_1_24}
_COUNTING = frozenset({Refuser.OPENSSL_1_1_0, Refuser.OPENSSL_1_0_2})


def _accepting_a_negative_length(certificate: Certificate, case: Case) -> frozenset[Refuser]:
    """Two who only compare it: OpenSSL up to 1.1.0, from the second CA on and below the root."""
    if certificate == case.hierarchy.anchor:
        return _COUNTING | {Refuser.NSS_PKIX, Refuser.RUSTLS, Refuser.BEARSSL}
    return _COUNTING if case.issued(certificate) is case.hierarchy.server else NOBODY


_ACCEPTING = {
    ("basicConstraints", "a negative path length"): _accepting_a_negative_length,
    ("extKeyUsage", "empty"): of_anchors(Refuser.OPENSSL_1_0_2, Refuser.RUSTLS),
}


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
        by = frozenset({Refuser.GNUTLS, Refuser.CRYPTOGRAPHY})
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
    if because == "empty":
        return by | {Refuser.JAVA}
    if name == "basicConstraints":
        by |= {Refuser.JAVA, Refuser.NSS}
        by |= {Refuser.GNUTLS} if because.startswith("more than cA") else set()
    elif name == "subjectAltName":
        by |= {Refuser.GNUTLS, Refuser.BORINGSSL}
    elif name == "subjectPublicKeyInfo":
        by |= {Refuser.JAVA, Refuser.GNUTLS, Refuser.NSS}
    else:
        by |= {Refuser.JAVA}
    passed = because.startswith(("more than cA", "a general name with tag"))
    return by if passed else by | {Refuser.GO}


_CONSTRUCTED = tuple(f"a general name with tag 0x{tag:02x}" for tag in (0xA1, 0xA2, 0xA6, 0xA7))


def _is_ca(certificate: Certificate) -> bool:
    try:
        return certificate.is_ca
    except Unreadable:
        return False


@rule(
    "input.duplicate-extension",
    title="A certificate has an extension twice",
    severity=ERROR,
    over=Over.EACH_CERTIFICATE,
    when=[DUPLICATE_EXTENSION],
    act=Act.REISSUE,
    references=[
        rfc(5280, "4.2"),
        openssl("crypto/x509/v3_purp.c"),
        measured(
            'Go refuses it ("certificate contains duplicate extension"), and so does Java; OpenSSL '
            "3.0 treats the certificate as if it were not there, unless it does not know the "
            "extension"
        ),
    ],
)
def duplicate_extension(certificate: Certificate) -> Violation | None:
    """An extension may stand in a certificate once; here one is there again.

    Which of the two counts would be anybody's guess, so readers refuse the certificate. It
    comes from a CA that adds its own extensions to those of the request, for example with
    OpenSSL's `copy_extensions = copyall`.

    Remedy:
    Have the certificate issued anew, with each extension once; in OpenSSL's configuration
    either copy an extension from the request or state it, not both.
    """
    twice = dict.fromkeys(certificate.duplicate_extensions)
    if not twice:
        return None
    known = not openssl_extensions.ONCE.isdisjoint(twice)
    names = ", ".join(extension_name(identifier) for identifier in twice)
    by = _TWICE | _KNOWN_TWICE if known else _TWICE
    if not boring.ONCE.isdisjoint(twice) or boring.policies_invalid(
        certificate, not _is_ca(certificate)
    ):
        by |= {Refuser.BORINGSSL}
    if openssl_extensions.DECODED.keys() - _NAMED >= twice.keys():
        by -= {Refuser.WOLFSSL}
    if not twice.keys() - {EXT_INHIBIT_ANY_POLICY}:
        by -= {Refuser.JAVA}
    if not _READ_BY_ALL.isdisjoint(twice):
        by |= {Refuser.RUSTLS, Refuser.MBEDTLS}
    if EXT_BASIC_CONSTRAINTS in twice:
        by |= {Refuser.NSS_PKIX} if EXT_BASIC_CONSTRAINTS in certificate.critical else NOBODY
        by |= {Refuser.OPENSSL_1_1_0} if _may_sign(certificate) else NOBODY
    return Violation(
        f"the certificate {shown_name(certificate)} has {safe(names, 200)} more than once",
        wanted="each extension once",
        found=safe(names),
        certificates=(certificate,),
        refused_by=by,
        accepting=_NOT_OF_ANCHORS,
        hidden=known,
    )


_TWICE = frozenset({Refuser.GO, Refuser.JAVA, Refuser.GNUTLS, Refuser.CRYPTOGRAPHY, Refuser.BOTAN})
_KNOWN_TWICE = OPENSSL | {Refuser.DOTNET, Refuser.WOLFSSL}
_READ_BY_ALL = frozenset(
    {EXT_BASIC_CONSTRAINTS, EXT_KEY_USAGE, EXT_EXTENDED_KEY_USAGE, EXT_SUBJECT_ALT_NAME}
)
_NAMED = frozenset({EXT_SUBJECT_ALT_NAME, EXT_CRL_DISTRIBUTION_POINTS})
_NOT_OF_ANCHORS = of_anchors(Refuser.NSS_PKIX, Refuser.OPENSSL_1_1_0)


def _may_sign(certificate: Certificate) -> bool:
    try:
        return bool((certificate.key_usage or 0) & KEY_CERT_SIGN)
    except Unreadable:
        return False


@rule(
    "input.algorithm-mismatch",
    title="A certificate names two different signature algorithms",
    severity=ERROR,
    over=Over.EACH_CERTIFICATE,
    when=[ALGORITHM_MISMATCH],
    act=Act.REISSUE,
    references=[
        rfc(5280, "4.1.1.2"),
        measured(
            'Go: "inner and outer signature algorithm identifiers don\'t match"; Java: "Signature '
            'algorithm mismatch"; OpenSSL 3.0: error 7'
        ),
    ],
)
def algorithm_mismatch(certificate: Certificate) -> Violation | None:
    """The algorithm is stated twice, within the signed part and beside it, and they differ.

    Both must be the same, lest somebody swaps the unsigned one. Go, Java and OpenSSL refuse
    the certificate, whatever its signature is worth.

    Remedy:
    Have the certificate issued anew; software that issues such a certificate is broken.
    """
    inner, outer = certificate.tbs_signature_algorithm, certificate.signature_algorithm
    if not structure.algorithms_differ(certificate):
        return None
    return Violation(
        f"the certificate {shown_name(certificate)} was signed with one signature algorithm and "
        "names another",
        wanted=inner.hex(),
        found=outer.hex(),
        certificates=(certificate,),
        refused_by=OPENSSL
        | _BYTEWISE
        | {Refuser.DOTNET, Refuser.NSS}
        | ({Refuser.JAVA} if structure.identifiers_differ(certificate) else frozenset()),
        accepting=_UNVERIFIED,
    )


_UNVERIFIED = of_anchors(*OPENSSL, Refuser.DOTNET, Refuser.NSS)
"""Those that do not look at the signature of what they trust, nor at its algorithm."""
