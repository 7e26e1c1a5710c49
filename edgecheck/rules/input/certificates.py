"""Rules about single certificates that were found, and are damaged inside."""

import warnings
from contextlib import suppress

from cryptography import x509

from edgecheck.reading import certificate as facts
from edgecheck.reading.certificate import FACT_NAMES, TWICE, Certificate, Unreadable, instant
from edgecheck.reading.der import Malformed, oid_text
from edgecheck.reading.text import safe
from edgecheck.rules import traits
from edgecheck.rules.case import shown_name
from edgecheck.rules.references import measured, openssl, rfc
from edgecheck.rules.rule import ERROR, WARNING, Act, Over, Violation, rule

_EXTENSIONS = {
    facts.EXT_SUBJECT_KEY_ID: "subjectKeyIdentifier",
    facts.EXT_KEY_USAGE: "keyUsage",
    facts.EXT_SUBJECT_ALT_NAME: "subjectAltName",
    facts.EXT_BASIC_CONSTRAINTS: "basicConstraints",
    facts.EXT_NAME_CONSTRAINTS: "nameConstraints",
    facts.EXT_POLICIES: "certificatePolicies",
    facts.EXT_AUTHORITY_KEY_ID: "authorityKeyIdentifier",
    facts.EXT_EXTENDED_KEY_USAGE: "extKeyUsage",
}


@rule(
    "input.malformed-certificate",
    title="A certificate is not encoded as it must be",
    severity=ERROR,
    over=Over.EACH_CERTIFICATE,
    traits=traits.MALFORMED,
    act=Act.REISSUE,
    references=[
        rfc(5280, "4.1"),
        measured(
            "bytes behind the certificate: OpenSSL and .NET refuse it in the handshake "
            '("cert length mismatch"), Go with "trailing data", Java accepts it; times of another '
            "form: OpenSSL with error 14, Go with malformed UTCTime or GeneralizedTime"
        ),
    ],
)
def malformed_certificate(certificate: Certificate) -> Violation | None:
    """Its fields can be made out, but strict readers refuse the certificate as a whole.

    Certificates must be in DER, which leaves one way to write each value: a time without
    seconds, a length written too long, a version that does not exist or bytes behind the end
    break that. OpenSSL is strict in the handshake, Go and `cryptography` always, Java hardly
    ever, so a gateway with such a certificate works for some clients and not for others.

    Remedy:
    Have the certificate issued anew, by software that writes DER; no change to the file can
    repair what is signed. If only bytes behind the certificate are wrong, writing it anew is
    enough:

        openssl x509 -in device-ca.pem -out fixed.pem
    """
    if certificate.loaded is not None:
        return None
    refusal = _refusal(certificate)
    reasons = [f"{FACT_NAMES.get(fact, fact)}: {text}" for fact, text in certificate.damage.items()]
    reasons = [*reasons, *_times(certificate)] or [refusal]
    return Violation(
        f"the certificate {shown_name(certificate)} is malformed: {safe('; '.join(reasons), 300)}",
        wanted="DER as RFC 5280, section 4.1, describes it",
        found=[safe(reason) for reason in reasons],
        certificates=(certificate,),
        evidence={"cryptography": safe(refusal)},
    )


def _refusal(certificate: Certificate) -> str:
    """What `cryptography` has against it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns of serial numbers that are not positive
            x509.load_der_x509_certificate(certificate.der)
    except (ValueError, TypeError, x509.InvalidVersion) as refused:
        return str(refused) or type(refused).__name__
    return "its DER cannot be read in one go"


def _times(certificate: Certificate) -> list[str]:
    """Times whose form is wrong although their meaning is clear."""
    said = []
    for name in ("not_before", "not_after"):
        try:
            raw: bytes = getattr(certificate, f"{name}_raw")
            instant(raw)
        except Unreadable:
            continue
        except Malformed:
            text = safe(raw[2:].decode("latin-1"), 40)
            said.append(f'{FACT_NAMES[name]} is "{text}", a form that is not allowed')
    return said


@rule(
    "input.unreadable-fact",
    title="A field or an extension of a certificate cannot be read",
    severity=ERROR,
    over=Over.EACH_CERTIFICATE,
    traits=traits.UNREADABLE,
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
    what it needs. An empty subjectAltName harms no CA certificate, although it is forbidden.

    Remedy:
    Have the certificate issued anew, and see that the extension is given in words to the
    software that issues it (`keyUsage = critical,keyCertSign`), not as raw bytes.
    """
    if certificate.loaded is None:
        return []  # `input.malformed-certificate` says so
    for late in ("subject", "issuer", "public_key"):
        with suppress(Unreadable):  # what cannot be read stands among the damage then
            getattr(certificate, late)
    found = [
        _unreadable(certificate, FACT_NAMES.get(fact, fact), because)
        for fact, because in certificate.damage.items()
        if because != TWICE  # `input.duplicate-extension` says so
    ]
    if "alt_names" not in certificate.damage and certificate.alt_names is not None:
        found += [
            _unreadable(certificate, "subjectAltName", wrong)
            for wrong in certificate.alt_names.wrong[:10]
        ]
    return found


def _unreadable(certificate: Certificate, name: str, because: str) -> Violation:
    because = safe(because.removeprefix(f"{name}: "), 160)
    severity = ERROR
    if (name, because) == ("subjectAltName", "empty") and _is_ca(certificate):
        severity = WARNING
    return Violation(
        f"the {name} of the certificate {shown_name(certificate)} cannot be read: {because}",
        wanted=f"{name} as RFC 5280 describes it",
        found=because,
        certificates=(certificate,),
        severity=severity,
        evidence={"field": name},
    )


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
    traits=traits.DUPLICATE_EXTENSION,
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
    names = ", ".join(_EXTENSIONS.get(identifier) or _oid(identifier) for identifier in twice)
    return Violation(
        f"the certificate {shown_name(certificate)} has {safe(names, 200)} more than once",
        wanted="each extension once",
        found=safe(names),
        certificates=(certificate,),
    )


def _oid(identifier: bytes) -> str:
    try:
        return oid_text(identifier)
    except Malformed:
        return identifier.hex()


@rule(
    "input.algorithm-mismatch",
    title="A certificate names two different signature algorithms",
    severity=ERROR,
    over=Over.EACH_CERTIFICATE,
    traits=traits.ALGORITHM_MISMATCH,
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
    if certificate.loaded is None:
        return None
    inner, outer = certificate.tbs_signature_algorithm, certificate.signature_algorithm
    if inner == outer:
        return None
    return Violation(
        f"the certificate {shown_name(certificate)} was signed with one signature algorithm and "
        "names another",
        wanted=inner.hex(),
        found=outer.hex(),
        certificates=(certificate,),
    )
