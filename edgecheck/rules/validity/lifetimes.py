"""Rules about how long certificates live, and what ends before what."""

from edgecheck.hierarchy.links import Link
from edgecheck.hierarchy.roles import Role
from edgecheck.hierarchy.shapes import FIRST_1_2, LAST_1_1, NEWEST, OLDEST
from edgecheck.reading.certificate import Certificate
from edgecheck.rules.engine.case import Case, shown_time
from edgecheck.rules.engine.rule import ERROR, INFO, WARNING, Act, Over, Severity, Violation, rule
from edgecheck.rules.references import APPLE, ARTICLE, edge, identity_service, issue
from edgecheck.rules.validity.common import DAY, ends_with_issuer, made_by_runtime
from edgecheck.rules.validity.conditions import APPLES_MOST, LIVES_LONG

SOON_1_1, SOON_1_2 = 90 * DAY, 7 * DAY
"""Thresholds of `iotedge check` from 1.1.8 on, and of `aziotctl check`, in seconds."""
MINUTES = 5 * 60
"""What libiothsm wants to be left of a device CA, and edgeHub of its own certificate."""
SERVER_1_1, SERVER_1_2 = 90 * DAY, 30 * DAY
"""The longest life of a server certificate, by runtime."""


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
        because_of=_in_minutes(certificate, case)
        or ends_with_issuer(certificate, case, "validity.expires-soon"),
    )


def _urgency(certificate: Certificate, left: int, case: Case) -> Severity | None:
    if made_by_runtime(certificate, case):
        return INFO if left <= SOON_1_2 else None
    if left <= SOON_1_2:
        return WARNING
    return WARNING if _checked_by_1_1(certificate, case) else INFO


def _checked_by_1_1(certificate: Certificate, case: Case) -> bool | None:
    """Whether `iotedge check` of the runtime looks at it 90 days ahead; None if it may."""
    if case.role(certificate) is not Role.DEVICE_CA:
        return False
    return case.within((1, 1, 8), LAST_1_1)


def _in_minutes(certificate: Certificate, case: Case) -> tuple[str, Certificate] | None:
    if case.role(certificate) is Role.DEVICE_CA and _left(certificate, case) <= MINUTES:
        return "validity.ends-in-minutes", certificate
    return None


def _left(certificate: Certificate, case: Case) -> int:
    return certificate.not_after - case.expected.at_seconds


@rule(
    "validity.ends-in-minutes",
    title="The device CA ends within five minutes, so the runtime issues nothing from it",
    severity=ERROR,
    over=Over.DEVICE_CA,
    act=Act.RENEW,
    references=[
        edge("edgelet/iotedged/src/lib.rs"),
        edge("edge-hub/core/src/Microsoft.Azure.Devices.Edge.Hub.Service/CertificateRenewal.cs"),
        issue("Azure/iotedge", 1309),
    ],
)
def ends_in_minutes(device_ca: Certificate, case: Case) -> Violation | None:
    """The device CA is still valid, but for no longer than 300 seconds.

    Clients still accept the chain, the runtime does not: up to 1.1 the daemon refuses to make a
    workload CA with so little time left ("Edge device CA has expired or is near expiration"), and
    since what it issues ends with the device CA, edgeHub finds at each start that its certificate
    has five minutes left or less, asks for another, and restarts again.

    Remedy:
    Have the device CA renewed, install it, and restart the runtime.
    """
    left = device_ca.not_after - case.expected.at_seconds
    if not 0 <= left <= MINUTES:
        return None
    return Violation(
        f"{case.named(device_ca)} expires at {shown_time(device_ca.not_after)}, in {left} s",
        wanted=f"more than {MINUTES} s",
        found=f"{left} s",
        certificates=(device_ca,),
    )


@rule(
    "validity.outlives-issuer",
    title="A certificate ends after the one that issued it",
    severity=INFO,
    over=Over.EACH_LINK,
    act=Act.REISSUE,
    references=[
        identity_service("cert/aziot-certd/src/lib.rs"),
        edge("edgelet/hsm-sys/azure-iot-hsm-c/src/edge_pki_openssl.c"),
    ],
)
def outlives_issuer(link: Link, case: Case) -> Violation | None:
    """A certificate seems to last longer than its issuer, with which it will stop to work.

    No standard forbids that, and no client minds as long as both are valid. But whoever looks at
    this certificate alone, as the checks of the runtime do, sees an end that it will not live
    to. The runtime cuts what it issues to the end of its issuer, so such a server certificate or
    workload CA was made by something else, or its CA was replaced by one that ends sooner: a
    warning. For other CAs it is a note. Where the issuer ends within 90 days, that is a finding
    of its own.

    Remedy:
    Have the certificate reissued so that it ends with its issuer, or renew the issuer before it
    ends. A server certificate of the runtime is made anew by a restart.
    """
    child, issuer = link.child, link.issuer
    if child.not_after <= issuer.not_after:
        return None
    if issuer.not_after - case.expected.at_seconds <= SOON_1_1:
        return None
    ends, wanted = shown_time(child.not_after), shown_time(issuer.not_after)
    return Violation(
        f"{case.named(child)} ends at {ends}, after {case.named(issuer)} ({wanted})",
        wanted=f"not after {wanted}",
        found=ends,
        certificates=(child, issuer),
        severity=WARNING if made_by_runtime(child, case) else INFO,
    )


@rule(
    "validity.server-lifetime",
    title="The server certificate lives longer than the runtime lets it",
    severity=INFO,
    over=Over.SERVER,
    act=Act.CONFIGURE,
    changes="served",
    references=[
        edge("edgelet/iotedged/src/lib.rs"),
        identity_service("cert/aziot-certd/src/lib.rs"),
        issue("Azure/iotedge", 5797),
        issue("Azure/iotedge", 6158),
    ],
)
def server_lifetime(server: Certificate, case: Case) -> Violation | None:
    """The runtime gives server certificates a fixed life, and this one has a longer one.

    Up to 1.1 that is 90 days, from 1.2 on 30 days, whatever edgeHub asks for, and never more than
    the issuer has left; nothing of it can be configured. Users ask why it is only a month: the
    runtime renews it by itself. A longer life means that something other than the runtime that
    was told, or recognised, made the certificate.

    Remedy:
    Where the certificate should be the runtime's own, find out what answers on this port in its
    place, and which runtime it is. What the runtime makes is right as it is.
    """
    runtime = case.hierarchy.runtime
    if runtime is None or not made_by_runtime(server, case):
        return None
    if runtime.within(FIRST_1_2, NEWEST):
        usual, versions = SERVER_1_2, "IoT Edge 1.2 and later"
    elif runtime.within(OLDEST, LAST_1_1):
        usual, versions = SERVER_1_1, "IoT Edge up to 1.1"
    else:
        return None
    lives = server.not_after - server.not_before
    if lives <= usual + DAY:
        return None
    most = f"{versions} gives it {usual // DAY} at most"
    return Violation(
        f"{case.named(server)} lives {lives // DAY} days; {most}",
        wanted=f"{usual // DAY} days at most",
        found=f"{lives // DAY} days",
        certificates=(server,),
        evidence={"seconds": lives},
        because_of=("validity.over-825-days", server) if lives > APPLES_MOST else None,
    )


@rule(
    "validity.over-825-days",
    title="The server certificate lives longer than Apple's systems accept",
    severity=WARNING,
    over=Over.SERVER,
    when=[LIVES_LONG],
    act=Act.REISSUE,
    references=[APPLE],
)
def over_825_days(server: Certificate, case: Case) -> Violation | None:
    """A server certificate has a life of more than 825 days, which Apple's systems refuse.

    Since iOS 13 and macOS 10.15 they ask that of every server certificate issued after
    1 July 2019, whoever issued it; connections of apps and of Safari fail. No other client
    minds. The runtime gives what it issues 90 days at most, so somebody else made this one.

    Remedy:
    Let the runtime make the server certificate; where you make it yourself, have it reissued
    for at most 825 days:

        openssl x509 -req -days 825 -in server.csr -CA device-ca.pem -CAkey device-ca.key.pem
    """
    lives = server.not_after - server.not_before
    if lives <= APPLES_MOST or server.not_before < _APPLES_FIRST:
        return None
    return Violation(
        f"{case.named(server)} lives {lives // DAY} days; Apple's systems accept 825 at most",
        wanted="825 days at most",
        found=f"{lives // DAY} days",
        certificates=(server,),
        evidence={"seconds": lives},
    )


_APPLES_FIRST = 1_561_939_200
"""2019-07-01T00:00:00Z."""
