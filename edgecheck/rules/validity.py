"""Rules about when certificates begin and end."""

from edgecheck.hierarchy.rfc5280.violations import Kind, PathViolation
from edgecheck.hierarchy.roles import Role
from edgecheck.hierarchy.shapes import LAST_1_1
from edgecheck.reading.certificate import Certificate
from edgecheck.rules.case import Case, shown_time
from edgecheck.rules.references import ARTICLE, edge, identity_service, issue, measured, rfc
from edgecheck.rules.rule import ERROR, INFO, WARNING, Act, Over, Severity, Violation, rule

DAY = 86_400
MADE_BY_RUNTIME = (Role.SERVER, Role.WORKLOAD_CA)
SOON_1_1, SOON_1_2 = 90 * DAY, 7 * DAY
"""Thresholds of `iotedge check` from 1.1.8 on, and of `aziotctl check`, in seconds."""


@rule(
    "validity.expired",
    title="A certificate has expired",
    severity=ERROR,
    over=Over.PATH_VIOLATION,
    kinds=[Kind.EXPIRED],
    act=Act.RENEW,
    references=[
        rfc(5280, "4.1.2.5"),
        identity_service("aziotctl/src/internal/check/checks/certs_preloaded.rs"),
        issue("Azure/iotedge", 6708),
        measured("every client refuses it; Java, rustls and BearSSL ignore the dates of a root"),
    ],
)
def expired(violated: PathViolation, case: Case) -> Violation:
    """The moment of the check is after the certificate's notAfter.

    Every certificate of the chain counts, not only the server's; of clients that deployments
    run, Java alone does not look at the dates of a root. The checks that come with the
    runtime open the first certificate of each file alone, so an expired intermediate or root
    stays unnoticed there. What the runtime issues never outlives its issuer: when a device CA
    ends, workload CA and server certificate end with it, and follow from it here.

    Remedy:
    Renew the certificate and install it; a root has to be replaced in the trust of every
    client too. A server certificate or a workload CA is renewed by the runtime: restart it
    (`iotedge system restart`; `systemctl restart iotedge` up to 1.1). edgeHub before 1.2.8
    missed its own renewal: update it. Certificates of the convenience scripts live 30 days:
    make production certificates.
    """
    certificate = violated.certificate
    days = (case.expected.at_seconds - certificate.not_after) // DAY
    ago = f"{days} days ago" if days > 1 else "less than two days ago"
    return Violation(
        f"{case.named(certificate)} expired at {shown_time(certificate.not_after)}, {ago}",
        wanted=f"notAfter later than {shown_time(case.expected.at_seconds)}",
        found=shown_time(certificate.not_after),
        certificates=(certificate,),
        because_of=_ends_with_issuer(certificate, case, "validity.expired"),
    )


@rule(
    "validity.not-yet-valid",
    title="A certificate is not valid yet",
    severity=ERROR,
    over=Over.PATH_VIOLATION,
    kinds=[Kind.NOT_YET_VALID],
    act=Act.WAIT,
    references=[
        rfc(5280, "4.1.2.5"),
        issue("Azure/iotedge", 4062),
        issue("Azure/iotedge", 1815),
        measured("every client refuses it; NSS tolerates up to one day"),
    ],
)
def not_yet_valid(violated: PathViolation, case: Case) -> Violation:
    """The moment of the check is before the certificate's notBefore.

    On gateways without a battery-backed clock this means that the daemon started before the
    time was set, or that the clock of the client is behind. Up to 1.1 the daemon then
    removes all modules, since it cannot use its own CA.

    Remedy:
    Compare the clocks of the gateway, of the client and of the machine that issued the
    certificate, and start the daemon after time synchronisation. Where the clocks are right,
    reissue the certificate with an earlier notBefore.
    """
    certificate = violated.certificate
    return Violation(
        f"{case.named(certificate)} is valid only from {shown_time(certificate.not_before)} on",
        wanted=f"notBefore not later than {shown_time(case.expected.at_seconds)}",
        found=shown_time(certificate.not_before),
        certificates=(certificate,),
    )


@rule(
    "validity.expires-soon",
    title="A certificate will expire soon",
    severity=WARNING,
    over=Over.EACH_ON_PATH,
    act=Act.RENEW,
    references=[
        ARTICLE,
        edge("edgelet/iotedge/src/check/checks/certificates_quickstart.rs"),
        identity_service("aziotctl/src/internal/check/util.rs"),
    ],
)
def expires_soon(certificate: Certificate, case: Case) -> Violation | None:
    """The certificate is still valid, but will not be for long.

    In its last 7 days that is a warning, and in its last 90 days a note. Both thresholds are
    those of the runtime's own checks: 7 days with `aziotctl check` from 1.2 on; 90 days, for
    the device CA alone, with `iotedge check` of 1.1.8 to 1.1.19, where it is a warning for all
    of them. Those checks open the first certificate of a file alone; here the thresholds hold
    for every certificate of the chain that somebody has to renew. Server certificate and
    workload CA come from the runtime, which issues them anew: their last 7 days are a note.

    Remedy:
    Have the certificate renewed, with the same key or another, install it, and restart the
    runtime. From 1.3 on, `[edge_ca.auto_renew]` does it for device CAs that come from EST or
    that the runtime signs itself; a certificate in a file is never renewed by the runtime.
    """
    left = certificate.not_after - case.expected.at_seconds
    if left > SOON_1_1 or left < 0:
        return None
    severity = _urgency(certificate, left, case)
    if severity is None:
        return None
    days = left // DAY
    told = f"{case.named(certificate)} expires at {shown_time(certificate.not_after)}, "
    told += f"in {days} day{'' if days == 1 else 's'}" if days else "in less than a day"
    limit = SOON_1_2 if left <= SOON_1_2 else SOON_1_1
    if limit == SOON_1_1 and _checked_by_1_1(certificate, case) is not False:
        told += "; the check of IoT Edge 1.1.8 to 1.1.19 warns of it"
    return Violation(
        told,
        wanted=f"more than {limit // DAY} days",
        found=shown_time(certificate.not_after),
        certificates=(certificate,),
        severity=severity,
        evidence={"days_left": days},
        because_of=_ends_with_issuer(certificate, case, "validity.expires-soon"),
    )


def _urgency(certificate: Certificate, left: int, case: Case) -> Severity | None:
    role = case.role(certificate)
    if role in MADE_BY_RUNTIME:
        return INFO if left <= SOON_1_2 else None
    if left <= SOON_1_2:
        return WARNING
    return WARNING if _checked_by_1_1(certificate, case) else INFO


def _checked_by_1_1(certificate: Certificate, case: Case) -> bool | None:
    """Whether `iotedge check` of the runtime looks at it 90 days ahead; None if it may."""
    if case.role(certificate) is not Role.DEVICE_CA:
        return False
    return case.within((1, 1, 8), LAST_1_1)


def _ends_with_issuer(
    certificate: Certificate, case: Case, rule_id: str
) -> tuple[str, Certificate] | None:
    """What the runtime issues is clipped to its issuer's end, and so follows from it."""
    issuer = case.issuer(certificate)
    if (
        issuer is not None
        and case.role(certificate) in MADE_BY_RUNTIME
        and issuer.not_after == certificate.not_after
    ):
        return rule_id, issuer
    return None
