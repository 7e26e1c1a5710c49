"""Rules that give a voice to the validation of the path (RFC 5280, section 6.1)."""

from edgecheck.hierarchy.links import KeyIds, Link
from edgecheck.hierarchy.rfc5280.violations import Kind, PathViolation
from edgecheck.reading.der import oid_text
from edgecheck.reading.text import safe
from edgecheck.rules.case import Case
from edgecheck.rules.references import edge, issue, measured, openssl, rfc
from edgecheck.rules.rule import ERROR, Act, Over, Violation, rule

_PURPOSES = {
    "1.3.6.1.5.5.7.3.1": "serverAuth",
    "1.3.6.1.5.5.7.3.2": "clientAuth",
    "1.3.6.1.5.5.7.3.3": "codeSigning",
    "1.3.6.1.5.5.7.3.4": "emailProtection",
    "1.3.6.1.5.5.7.3.8": "timeStamping",
    "1.3.6.1.5.5.7.3.9": "OCSPSigning",
}
"""RFC 5280, section 4.2.1.12."""


@rule(
    "path.signature-invalid",
    title="A certificate's signature was not made by its issuer's key",
    severity=ERROR,
    over=Over.PATH_VIOLATION,
    kinds=[Kind.SIGNATURE],
    act=Act.REISSUE,
    references=[
        rfc(5280, "6.1.3"),
        openssl("crypto/x509/x509_vfy.c"),
        measured("every client refuses it, OpenSSL with error 7"),
    ],
)
def signature_invalid(violated: PathViolation, case: Case) -> Violation:
    """Names agree, and the key of the certificate that is named does not verify the signature.

    Either the certificate was changed or damaged after it was signed, or another key signed
    it under the same name: a CA that was made again, from the same script and with the same
    name, has a new key, and what the old one signed does not verify with it. Where key
    identifiers tell the two keys apart, it is `path.same-name-other-key`. OpenSSL says
    "certificate signature failure" (7), Go "possibly because of [...] verification error",
    Java "signature check failed", .NET NotSignatureValid. At the signature of a root that is
    trusted only Botan and wolfSSL look, of 38 clients, and so this rule does not.

    Remedy:
    Compare the certificate with the one that its issuer has on record. Where they differ,
    install that one. Where they are equal, the CA was made again: install root, intermediates
    and device CA of one generation, and have what is older reissued.
    """
    link: Link = violated.facts
    same = "; the key identifiers agree" if link.key_ids is KeyIds.MATCH else ""
    return Violation(
        f"the signature of {case.named(link.child)} was not made by the key of "
        f"{case.named(link.issuer)}{same}",
        wanted="a signature by the issuer's key",
        found="invalid signature",
        certificates=(link.child, link.issuer),
        evidence={"key_ids": link.key_ids, "step": violated.step},
    )


@rule(
    "path.same-name-other-key",
    title="The issuer that is there has the right name and another key",
    severity=ERROR,
    over=Over.PATH_VIOLATION,
    kinds=[Kind.OTHER_KEY],
    act=Act.REISSUE,
    references=[
        rfc(5280, "4.2.1.1"),
        edge("tools/CACertificates/certGen.sh", "1.5.0"),
        measured('OpenSSL: error 20; Go: "verification failure while trying to verify candidate"'),
    ],
)
def same_name_other_key(violated: PathViolation, case: Case) -> Violation:
    """A certificate of the issuer's name is there, but key identifiers and signature say no.

    This is the mark of mixed generations: a CA was made again under its old name, for
    instance by running the convenience scripts twice, and one of the certificates is from
    the other run. OpenSSL says "unable to get local issuer certificate", because it passes
    over an issuer whose key identifier is another.

    Remedy:
    Install root, intermediates and device CA of one generation, on the gateway and in the
    trust of every client. The authority key identifier of a certificate is the subject key
    identifier of its issuer; this shows both:

        openssl x509 -in FILE -noout -ext subjectKeyIdentifier,authorityKeyIdentifier
    """
    link: Link = violated.facts
    wanted = link.child.authority_key_id
    return Violation(
        f"{case.named(link.child)} was issued by another key than that of "
        f"{case.named(link.issuer)}, which has the same name",
        wanted=wanted.key_id if wanted else None,
        found=link.issuer.subject_key_id,
        certificates=(link.child, link.issuer),
        evidence={"trusted": link.trusted, "step": violated.step},
    )


@rule(
    "path.issuer-name-mismatch",
    title="A certificate names another issuer than the one that signed it",
    severity=ERROR,
    over=Over.PATH_VIOLATION,
    kinds=[Kind.ISSUER_NAME],
    act=Act.REISSUE,
    references=[
        rfc(5280, "6.1.3"),
        measured("every client refuses it, OpenSSL with error 20"),
    ],
)
def issuer_name_mismatch(violated: PathViolation, case: Case) -> Violation:
    """The signature was made by a key that is there, under a name that is not.

    Clients look for an issuer by its name, find none and stop: "unable to get local issuer
    certificate" (20), Node "unable to verify the first certificate". It happens where one key
    has several CA certificates with different subjects, and the one that is installed is not
    the one from which the certificate was issued.

    Remedy:
    Install the issuer's certificate that carries the name, or have the certificate reissued
    with the subject of the issuer's certificate that is installed as its issuer.
    """
    link: Link = violated.facts
    return Violation(
        f"{case.named(link.child)} was signed by the key of {case.named(link.issuer)}, but names "
        f'"{safe(str(link.child.issuer), 120)}" as its issuer',
        wanted=str(link.issuer.subject),
        found=str(link.child.issuer),
        certificates=(link.child, link.issuer),
        evidence={"step": violated.step},
    )


@rule(
    "path.unknown-critical-extension",
    title="A certificate has a critical extension that validators do not know",
    severity=ERROR,
    over=Over.PATH_VIOLATION,
    kinds=[Kind.UNKNOWN_CRITICAL],
    act=Act.REISSUE,
    references=[
        rfc(5280, "4.2"),
        measured("every client refuses it, OpenSSL with error 34"),
    ],
)
def unknown_critical_extension(violated: PathViolation, case: Case) -> Violation:
    """An extension that is marked critical must be understood, or the certificate is refused.

    Nobody can know what an unknown extension restricts; marking it critical says that it
    must not be ignored. OpenSSL and Go say "unhandled critical extension" (error 34), Java
    "unrecognized critical extension(s)", .NET HasNotSupportedCriticalExtension.

    Remedy:
    Have the certificate reissued without the extension, or without the critical mark.
    """
    named = ", ".join(_oid(identifier) for identifier in violated.facts)
    return Violation(
        f"{case.named(violated.certificate)} has the unknown critical extension {named}",
        wanted="only critical extensions that RFC 5280 defines",
        found=named,
        certificates=(violated.certificate,),
        evidence={"step": violated.step},
    )


@rule(
    "path.not-for-this-purpose",
    title="The certificate's extended key usage does not allow what it is used for",
    severity=ERROR,
    over=Over.PATH_VIOLATION,
    kinds=[Kind.PURPOSE],
    act=Act.REISSUE,
    references=[
        rfc(5280, "4.2.1.12"),
        issue("Azure/iotedge", 5890),
        measured("OpenSSL, Python, Node, Go, Java, GnuTLS and cryptography refuse it"),
    ],
)
def not_for_this_purpose(violated: PathViolation, case: Case) -> Violation:
    """A server certificate whose extKeyUsage does not list serverAuth is for something else.

    Identity certificates list clientAuth: those of devices, and what the convenience scripts'
    `create_edge_device_identity_certificate` makes. A server that presents one is refused:
    "unsuitable certificate purpose" (OpenSSL, error 26), "certificate specifies an
    incompatible key usage" (Go), "Extended key usage does not permit use for TLS server
    authentication" (Java). A certificate without extKeyUsage is for every purpose.

    Remedy:
    Let the runtime make the server certificate, or have it reissued with this OpenSSL
    extension line:

        extendedKeyUsage = serverAuth
    """
    listed = ", ".join(_PURPOSES.get(usage, usage) for usage in violated.facts)
    return Violation(
        f"{case.named(violated.certificate)} is not for {case.expected.validation.purpose}s: its "
        f"extKeyUsage lists {listed}",
        wanted=f"{case.expected.validation.purpose}Auth in extKeyUsage",
        found=violated.facts,
        certificates=(violated.certificate,),
        evidence={"step": violated.step},
    )


@rule(
    "path.too-deep",
    title="There are more CA certificates on the path than the validation allows",
    severity=ERROR,
    over=Over.PATH_VIOLATION,
    kinds=[Kind.TOO_DEEP],
    act=Act.CONFIGURE,
    references=[
        rfc(5280, "6.1"),
        measured("with 10 CAs Java, rustls, mbedTLS, wolfSSL and cryptography refuse it"),
    ],
)
def too_deep(violated: PathViolation, case: Case) -> Violation:
    """The path between server certificate and anchor is longer than `max_depth`.

    This bound was stated by whoever asked (`Validation(max_depth=...)`); without it nothing is
    said. Clients have bounds of their own: rustls takes 6 CA certificates between server and
    root, mbedTLS, wolfSSL and cryptography take 8, Java takes 10 certificates in all; OpenSSL,
    Node, Python, .NET and Go took 25.

    Remedy:
    Use fewer intermediate CAs, or allow a greater depth.
    """
    return Violation(
        f"there are {violated.facts} CA certificates between the target and the anchor, "
        f"{case.expected.validation.max_depth} are allowed",
        wanted=case.expected.validation.max_depth,
        found=violated.facts,
        certificates=(violated.certificate,),
    )


@rule(
    "path.undecided",
    title="Whether the path is valid could not be decided",
    severity=ERROR,
    over=Over.PATH_VIOLATION,
    kinds=[Kind.UNDECIDED],
    act=Act.REISSUE,
    follows=[
        "input.malformed-certificate",
        "input.unreadable-fact",
        "input.duplicate-extension",
    ],
    references=[rfc(5280, "6.1")],
)
def undecided(violated: PathViolation, case: Case) -> Violation:
    """A step of the validation needs a fact that cannot be read, checked or afforded.

    A signature algorithm that is not known, a field that cannot be decoded, an extension
    that is not evaluated (name constraints and policy constraints are not, as yet), or a
    spent bound on the work: none of them is a pass, so the verdict stays open.

    Remedy:
    See what could not be decided. Where a certificate is damaged, or signed by an algorithm
    that clients do not know, have it reissued; where an extension is not evaluated here, ask
    the clients themselves, for instance with `openssl verify`; where a bound was spent,
    present fewer certificates, or raise the bound in `Validation.limits`.
    """
    return Violation(
        f"{case.named(violated.certificate)}: {safe(str(violated.facts))} "
        f"(RFC 5280, step {violated.step})",
        wanted="a decided step",
        found=str(violated.facts),
        certificates=(violated.certificate,),
        evidence={"step": violated.step},
    )


def _oid(identifier: bytes) -> str:
    try:
        return oid_text(identifier)
    except ValueError:
        return identifier.hex()
