"""Rules about what given CRLs say of the certificates of the path."""

from edgecheck.hierarchy.rfc5280.violations import Kind, RevocationViolation
from edgecheck.reading.crl import Crl
from edgecheck.reading.names import name
from edgecheck.reading.text import number, safe
from edgecheck.rules.engine.case import Case, shown_time
from edgecheck.rules.engine.objects import untold
from edgecheck.rules.engine.rule import ERROR, Act, Over, Violation, rule
from edgecheck.rules.references import openssl, rfc


@rule(
    "path.revoked",
    title="A certificate has been revoked",
    severity=ERROR,
    over=Over.PATH_VIOLATION,
    kinds=[Kind.REVOKED],
    act=Act.REISSUE,
    references=[rfc(5280, "5.3"), rfc(5280, "6.3"), openssl("crypto/x509/x509_vfy.c")],
)
def revoked(violated: RevocationViolation, case: Case) -> Violation:
    """A revocation list (CRL) that was given lists the certificate.

    Its issuer has taken it back before its end: the key may be known to others
    (keyCompromise, cACompromise), or it was replaced (superseded). Whatever is issued below a
    revoked CA is refused with it. Nothing is fetched: only the CRLs that were given count,
    and only where they are of the right issuer, of this time, and signed as they must be.

    Clients do not look at CRLs by themselves. Those that are made to refuse the chain: OpenSSL
    with error 23, "certificate revoked", Java with CertificateRevokedException, .NET with
    Revoked.

    Remedy:
    Have the certificate issued anew, after a compromise with a new key, and what a CA has issued
    with it; see `config.toml` or `config.yaml` for where
    the device CA comes from. A certificate on hold (certificateHold) can be released by its
    issuer in the next CRL.
    """
    status = violated.status
    certificate, entry, crl = violated.certificate, status.entry, status.crl
    since = "" if status.revoked_at is None else f" at {shown_time(status.revoked_at)}"
    invalid = entry.invalid_since if entry is not None else None
    also = "" if invalid is None else f", and not to be trusted since {shown_time(invalid)}"
    by = "" if crl is None else f", says {_named(crl)}"
    return Violation(
        f"{case.named(certificate)} was revoked{since} ({status.reason}){also}{by}",
        wanted="a certificate that is not revoked",
        found=status.reason,
        certificates=(certificate,),
        evidence={
            "revoked_at": None if status.revoked_at is None else shown_time(status.revoked_at),
            "invalid_since": None if invalid is None else shown_time(invalid),
            "serial": f"{certificate.serial:x}",
            "crl": crl.sha256 if crl is not None else None,
            "step": violated.step,
        },
    )


@rule(
    "path.revocation-unknown",
    title="Whether a certificate was revoked is not known, although it must be",
    severity=ERROR,
    over=Over.PATH_VIOLATION,
    kinds=[Kind.NO_REVOCATION],
    act=Act.GIVE,
    references=[rfc(5280, "6.3.3"), openssl("crypto/x509/x509_vfy.c")],
)
def revocation_unknown(violated: RevocationViolation, case: Case) -> Violation:
    """No CRL that was given tells the status of the certificate.

    That matters where whoever asks requires it (`Validation(revocation="require")`), as
    OpenSSL does with `-crl_check_all` (error 3, "unable to get certificate CRL", or 12, "CRL
    has expired"). A CRL tells nothing where it is of another issuer, is past its next update,
    covers other certificates or reasons, or has a signature that cannot be verified. The
    runtime publishes no CRL for what it issues, so below a workload CA or a device CA there
    is none unless the operator signs one.

    Remedy:
    Give a CRL that is valid at the time of the check, for every CA of the path:

        openssl crl -in CRL -noout -issuer -lastupdate -nextupdate

    Or ask only for what is known: `Validation(revocation="if-given")`.
    """
    status = violated.status
    because = [safe(str(rejected)) for rejected in status.because]
    more = f"; and {len(because) - 3} more reasons" if len(because) > 3 else ""
    return Violation(
        f"whether {case.named(violated.certificate)} was revoked is not known: "
        f"{'; '.join(because[:3])}{more}",
        wanted="a CRL that tells the certificate's status",
        found=because,
        certificates=(violated.certificate,),
        changes=untold(f'a CRL of "{safe(str(violated.certificate.issuer), 120)}"'),
        evidence={"step": violated.step},
    )


def _named(crl: Crl) -> str:
    """`the CRL 7 of "CN=Contoso Root CA"`, safe to print."""
    which = "" if crl.crl_number is None else f" {number(crl.crl_number)}"
    kind = "CRL" if crl.delta_crl_indicator is None else "delta CRL"
    return f'the {kind}{which} of "{safe(str(name(crl.issuer_raw)), 120)}"'
