"""Rules about signatures, keys and issuers along the path."""

from edgecheck.behaviour.dotnet.fetching import unless_fetched
from edgecheck.behaviour.equal_names import equating, is_looked_up
from edgecheck.behaviour.refusers import EVERYBODY, Refuser
from edgecheck.hierarchy.links import KeyIds
from edgecheck.hierarchy.rfc5280.violations import Kind, LinkViolation
from edgecheck.hierarchy.signatures import FOR_PSS
from edgecheck.reading.text import safe
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.rule import ERROR, Act, Over, Violation, rule
from edgecheck.rules.references import edge, measured, openssl, rfc


@rule(
    "path.signature-invalid",
    title="A certificate's signature was not made by its issuer's key",
    severity=ERROR,
    over=Over.PATH_VIOLATION,
    kinds=[Kind.SIGNATURE],
    act=Act.REISSUE,
    refused_by=EVERYBODY,
    references=[
        rfc(5280, "6.1.3"),
        rfc(4055, "3.1"),
        openssl("crypto/x509/x509_vfy.c"),
        measured("every client refuses it, OpenSSL with error 7"),
        measured("a signature by a key for RSASSA-PSS that is another one: Java 17 takes it alone"),
    ],
)
def signature_invalid(violated: LinkViolation, case: Case) -> Violation:
    """Names agree, and the key of the certificate that is named does not verify the signature.

    Either the certificate was changed or damaged after it was signed, or another key signed it
    under the same name. A CA that was made again, from the same script and with the same name,
    has a new key, and what the old one signed does not verify with it. Where key identifiers
    tell the two keys apart, it is `path.same-name-other-key`. OpenSSL says "certificate
    signature failure" (7), Go "possibly because of [...] verification error", Java "signature
    check failed", .NET NotSignatureValid. At the signature of a root that is trusted only Botan
    and wolfSSL look, of 38 clients: `trust.root-signature-invalid`.

    Or the key made it and may not: one for RSASSA-PSS alone (RFC 4055) makes no other signatures,
    and where it names a hash and a length of the salt, only such. OpenSSL then says "unable to get
    local issuer certificate" (20) of a signature of another kind, else 7; GnuTLS "violates the
    signer's constraints".

    Remedy:
    Install the certificate as its issuer has it on record or, where it is this one, have it
    reissued: then the CA was made again under its old name. Root, intermediates and device CA must
    be of one generation, on the gateway and in the trust of every client.
    """
    link = violated.link
    if link.signature.because:
        return _not_for(violated, case)
    same = "; the key identifiers agree" if link.key_ids is KeyIds.MATCH else ""
    return Violation(
        f"the signature of {case.named(link.child)} was not made by the key of "
        f"{case.named(link.issuer)}{same}",
        wanted="a signature by the issuer's key",
        found="invalid signature",
        certificates=(link.child, link.issuer),
        evidence={"key_ids": link.key_ids, "step": violated.step},
    )


def _not_for(violated: LinkViolation, case: Case) -> Violation:
    """A key made the signature that is not for such."""
    link = violated.link
    because = link.signature.because
    return Violation(
        f"the signature of {case.named(link.child)} is by the key of {case.named(link.issuer)}, "
        f"and not one that it may make: {because}",
        wanted="a signature that the issuer's key is for",
        found=because,
        certificates=(link.child, link.issuer),
        remedy="Have the certificate reissued with RSASSA-PSS as the parameters of the issuer's "
        "key say; better, give the issuer an ordinary RSA key or one on P-256, which all know.",
        refused_by=EVERYBODY - {Refuser.JAVA} if because == FOR_PSS else EVERYBODY,
        evidence={"key_ids": link.key_ids, "step": violated.step},
    )


@rule(
    "path.same-name-other-key",
    title="The issuer that is there has the right name and another key",
    severity=ERROR,
    over=Over.PATH_VIOLATION,
    kinds=[Kind.OTHER_KEY],
    act=Act.REISSUE,
    follows=["edge.quickstart-certificates"],
    refused_by=EVERYBODY,
    references=[
        rfc(5280, "4.2.1.1"),
        edge("tools/CACertificates/certGen.sh", "1.5.0"),
        measured('OpenSSL: error 20; Go: "verification failure while trying to verify candidate"'),
    ],
)
def same_name_other_key(violated: LinkViolation, case: Case) -> Violation:
    """A certificate of the issuer's name is there, but key identifiers and signature say no.

    This is the mark of mixed generations: a CA was made again under its old name, for
    instance by running the convenience scripts twice, and one of the certificates is from
    the other run. OpenSSL says "unable to get local issuer certificate", because it passes
    over an issuer whose key identifier is another.

    Remedy:
    Have the certificate reissued by the CA as it is now, or install the certificate of the CA
    that issued it. Root, intermediates and device CA must be of one generation, on the gateway
    and in the trust of every client. The authority key identifier of a certificate is the
    subject key identifier of its issuer; this shows both:

        openssl x509 -in FILE -noout -ext subjectKeyIdentifier,authorityKeyIdentifier
    """
    link = violated.link
    wanted = link.child.authority_key_id
    return Violation(
        f"{case.named(link.child)} was issued by another key than that of "
        f"{case.named(link.issuer)}, which has the same name",
        wanted=wanted.key_id if wanted else None,
        found=link.issuer.subject_key_id,
        certificates=(link.child, link.issuer),
        refused_by=unless_fetched(EVERYBODY, link.child),
        evidence={"trusted": link.trusted, "step": violated.step},
    )


@rule(
    "path.issuer-name-mismatch",
    title="A certificate names another issuer than the one that signed it",
    severity=ERROR,
    over=Over.PATH_VIOLATION,
    kinds=[Kind.ISSUER_NAME],
    act=Act.REISSUE,
    refused_by=EVERYBODY,
    references=[
        rfc(5280, "6.1.3"),
        measured("every client refuses it, OpenSSL with error 20"),
    ],
)
def issuer_name_mismatch(violated: LinkViolation, case: Case) -> Violation:
    """The signature was made by a key that is there, under a name that is not.

    Clients look for an issuer by its name, find none and stop: "unable to get local issuer
    certificate" (20), Node "unable to verify the first certificate". It happens where one key
    has several CA certificates with different subjects, and the one that is installed is not
    the one from which the certificate was issued.

    Remedy:
    Install the issuer's certificate that carries the name, or have the certificate reissued
    with the subject of the issuer's certificate that is installed as its issuer.
    """
    link = violated.link
    finding_it = equating(
        link.child.issuer_raw, link.issuer.subject_raw, is_looked_up(link.issuer, case.view)
    )
    return Violation(
        f"{case.named(link.child)} was signed by the key of {case.named(link.issuer)}, but names "
        f'"{safe(str(link.child.issuer), 120)}" as its issuer',
        wanted=str(link.issuer.subject),
        found=str(link.child.issuer),
        certificates=(link.child, link.issuer),
        refused_by=unless_fetched(EVERYBODY - finding_it, link.child),
        evidence={"step": violated.step},
    )
