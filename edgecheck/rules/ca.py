"""Rules about what makes a certificate authority: flags, path lengths, key usage."""

from edgecheck.hierarchy.rfc5280.violations import Kind, PathViolation
from edgecheck.reading.extensions import key_usage_text
from edgecheck.rules.case import Case
from edgecheck.rules.references import ARTICLE, issue, measured, rfc
from edgecheck.rules.rule import ERROR, Act, Over, Violation, rule


@rule(
    "ca.not-a-ca",
    title="A certificate that issued another one is not a CA certificate",
    severity=ERROR,
    over=Over.PATH_VIOLATION,
    kinds=[Kind.NOT_A_CA],
    act=Act.REISSUE,
    references=[
        rfc(5280, "4.2.1.9"),
        ARTICLE,
        issue("Azure/iotedge", 6459),
        measured("every client but NSS refuses it, OpenSSL with error 79 or 26"),
    ],
)
def not_a_ca(violated: PathViolation, case: Case) -> Violation:
    """The certificate stands above another one, but its basicConstraints do not say CA:TRUE.

    Without that extension, or with CA:FALSE in it, a certificate may not sign others,
    whatever its key usage says. Every validator refuses the chain; `iotedge check` and
    `aziotctl check` look at neither issuers nor extensions, and stay green.

    The article says that CA:TRUE "automatically sets up the required key usage". It does
    not: keyUsage is an extension of its own, and `ca.no-cert-sign` is about it.

    Remedy:
    Have the issuer reissue this certificate, from the same key and with the same subject,
    with these OpenSSL extension lines:

        basicConstraints = critical,CA:TRUE
        keyUsage = critical,digitalSignature,keyCertSign,cRLSign

    Then replace it in the device CA file. No change to a file can repair it, since the
    extension is signed.
    """
    certificate = violated.certificate
    constraints = certificate.basic_constraints
    if certificate.version != 3:
        found = f"version {certificate.version}, which has no extensions"
    else:
        found = "basicConstraints absent" if constraints is None else "CA:FALSE"
    usage = certificate.key_usage
    child = case.issued(certificate)
    over = f" but issued {case.named(child)}" if child is not None else ""
    return Violation(
        f"{case.named(certificate)} is not a CA ({found}){over}",
        wanted="basicConstraints CA:TRUE",
        found=found,
        certificates=(certificate,),
        evidence={
            "key_usage": None if usage is None else key_usage_text(usage),
            "step": violated.step,
        },
    )
