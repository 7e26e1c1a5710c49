"""Rules about single certificates that were found, and are damaged inside."""

import warnings
from collections.abc import Collection

from cryptography import x509

from edgecheck.behaviour import structure
from edgecheck.behaviour.mbedtls.versions import V2_28, V3_6_6
from edgecheck.behaviour.openssl import boring
from edgecheck.behaviour.openssl import extensions as openssl_extensions
from edgecheck.behaviour.refusers import EVERYBODY, NSS, OPENSSL, OPENSSL_OLD, Refuser
from edgecheck.reading.ber import STRING
from edgecheck.reading.certificate import (
    EXT_BASIC_CONSTRAINTS,
    EXT_CRL_DISTRIBUTION_POINTS,
    EXT_INHIBIT_ANY_POLICY,
    EXT_SUBJECT_ALT_NAME,
    FACT_NAMES,
    Certificate,
    Unreadable,
)
from edgecheck.reading.extensions import KEY_CERT_SIGN
from edgecheck.reading.plainly import plainly
from edgecheck.reading.strict import extension_name, faults, harmless
from edgecheck.reading.text import safe
from edgecheck.rules.engine.case import Case, shown_name
from edgecheck.rules.engine.rule import ERROR, WARNING, Act, Over, Violation, rule
from edgecheck.rules.input.conditions import (
    ALGORITHM_MISMATCH,
    DUPLICATE_EXTENSION,
    MALFORMED,
)
from edgecheck.rules.input.facts import is_ca
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
    Have the certificate issued anew, by other software; no change to the file can
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
    refused_by = _BEHIND if end is not None else _written_so(certificate)
    if not found and structure.is_unknown_to_all(certificate):
        told.append("no client knows its signature algorithm")
        refused_by |= EVERYBODY
    return Violation(
        f"the certificate {shown_name(certificate)} is malformed: {safe('; '.join(told), 300)}",
        wanted="a certificate as RFC 5280, section 4.1, describes it",
        found=[safe(text) for text in told],
        certificates=(certificate,),
        severity=severity,
        evidence={"cryptography": safe(_refusal(certificate))},
        refused_by=refused_by,
        accepting=None if found else _accepting,
    )


def _accepting(certificate: Certificate, case: Case) -> frozenset[Refuser]:
    """Who does not verify its signature: it is trusted, or nothing above it was found."""
    if not structure.is_unknown_to_all(certificate) or case.issuer(certificate) is not None:
        return frozenset()
    return EVERYBODY - _written_so(certificate)


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
        return plainly(refused)
    return "its DER cannot be read in one go"


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
        certificate, not is_ca(certificate)
    ):
        by |= {Refuser.BORINGSSL}
    if openssl_extensions.DECODED.keys() - _NAMED >= twice.keys():
        by -= {Refuser.WOLFSSL}
    if not twice.keys() - {EXT_INHIBIT_ANY_POLICY}:
        by -= {Refuser.JAVA}
    by |= _once_read(twice)
    if not certificate.critical.isdisjoint(twice):
        by |= {Refuser.NSS_PKIX}  # which counts critical ones, and knows each of them once
    if EXT_BASIC_CONSTRAINTS in twice:
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
_NAMED = frozenset({EXT_SUBJECT_ALT_NAME, EXT_CRL_DISTRIBUTION_POINTS})
_NOT_OF_ANCHORS = of_anchors(Refuser.NSS_PKIX, Refuser.OPENSSL_1_1_0)


def _once_read(twice: Collection[bytes]) -> frozenset[Refuser]:
    """Who reads each extension that it knows once: which these are differs between versions."""
    from edgecheck.behaviour.mbedtls.extensions import known  # sound chains need none of it
    from edgecheck.behaviour.webpki.build import REMEMBERED

    by = NOBODY if REMEMBERED.isdisjoint(twice) else frozenset({Refuser.RUSTLS})
    if not known(V2_28).isdisjoint(twice):
        return by | {Refuser.MBEDTLS}
    return by if known(V3_6_6).isdisjoint(twice) else by | {Refuser.MBEDTLS_3}


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
    unread = frozenset[Refuser]().union(
        *(
            structure.refusers(one, is_ca(certificate))
            for one in faults(certificate.der)
            if one.field in ("signature", "signatureAlgorithm")
        )
    )  # `encoding.not-der` leaves them to this rule
    return Violation(
        f"the certificate {shown_name(certificate)} was signed with one signature algorithm and "
        "names another",
        wanted=inner.hex(),
        found=outer.hex(),
        certificates=(certificate,),
        refused_by=unread
        | (
            EVERYBODY - {Refuser.BEARSSL}
            if structure.identifiers_differ(certificate)
            else OPENSSL | {Refuser.GO, Refuser.CRYPTOGRAPHY, Refuser.DOTNET, Refuser.NSS}
        ),
        accepting=lambda one, case: _UNVERIFIED(one, case) - (unread - {Refuser.NSS}),
    )


_UNVERIFIED = of_anchors(*EVERYBODY - {Refuser.GO, Refuser.JAVA, Refuser.CRYPTOGRAPHY})
"""Those that do not look at the signature of what they trust, nor at its algorithm."""
