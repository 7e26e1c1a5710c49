"""Rules about how long certificates live, and what ends before what."""

from edgecheck.hierarchy.links import Link
from edgecheck.hierarchy.roles import Role
from edgecheck.hierarchy.shapes import FIRST_1_2, LAST_1_1, NEWEST, OLDEST
from edgecheck.predicting.lives import SERVER_DAYS, SERVER_DAYS_1_1
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.distance import days, distance
from edgecheck.rules.engine.case import Case, shown_time
from edgecheck.rules.engine.rule import ERROR, INFO, WARNING, Act, Over, Violation, rule
from edgecheck.rules.references import APPLE, ARTICLE, edge, identity_service, issue
from edgecheck.rules.validity.common import DAY, ends_with_issuer, made_by_runtime
from edgecheck.rules.validity.conditions import APPLES_MOST, LIVES_LONG
from edgecheck.rules.validity.thresholds import LONGEST, SOON_1_1, checked_by_1_1, urgency

MINUTES = 5 * 60
"""What libiothsm wants to be left of a device CA, and edgeHub of its own certificate."""
SERVER_1_1, SERVER_1_2 = SERVER_DAYS_1_1 * DAY, SERVER_DAYS * DAY
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
    """The certificate is still valid, but will not be for as long as it takes to replace it.

    How soon that is depends on who replaces it, and for whom. A root has to be given to every
    device first: from 180 days before its end that is a warning. An intermediate is the concern
    of a PKI's operators (90 days). A device CA has to be installed on one gateway, a device's
    certificate on one device, a server certificate where somebody made it himself (30 days). Of
    a certificate with a short life it is the last third, and at least 7 days, as `aziotctl
    check` has it from 1.2 on. `iotedge check` of 1.1.8 to 1.1.19 warns 90 days before a device
    CA ends; so does this rule for those versions. Else the last 90 days are a note. What the
    runtime issues anew by itself, the server certificate and the workload CA, is a note in its
    last 7 days; a device CA that the runtime renews is a warning then, since that has failed.
    What it will only make has the life that it gives it, and ends early with its issuer alone.

    Remedy:
    Have the certificate renewed, with the same key or another, install it, and restart the
    runtime. From 1.3 on, `[edge_ca.auto_renew]` does it for device CAs that come from EST or
    that the runtime signs itself; a certificate in a file is never renewed by the runtime. Of a
    root, give the new one to every device and gateway beside the old one before anything is
    issued from it. `--expires-within DAYS` or `ROLE=DAYS` (in Python
    `Validation(expires_within=...)`) sets how long before the end it is a warning.
    """
    left = certificate.not_after - case.expected.at_seconds
    if left < 0 or (left > LONGEST and not case.expected.validation.expires_within):
        return None
    told = urgency(certificate, left, case)
    if told is None or _lives_by_the_runtime(certificate, case):
        return None
    end, at = certificate.not_after, case.expected.at_seconds
    text = f"{case.named(certificate)} expires at {shown_time(end)}, {distance(end, at)}"
    if told.limit == SOON_1_1 and checked_by_1_1(certificate, case) is not False:
        text += "; the check of IoT Edge 1.1.8 to 1.1.19 warns of it"
    return Violation(
        text,
        wanted=f"more than {told.limit // DAY} days",
        found=shown_time(certificate.not_after),
        certificates=(certificate,),
        severity=told.severity,
        evidence={"days_left": days(end, at)},
        because_of=_in_minutes(certificate, case)
        or ends_with_issuer(certificate, case, "validity.expires-soon"),
    )


def _lives_by_the_runtime(certificate: Certificate, case: Case) -> bool:
    """Whether the runtime will make it now, and gives it this life: no issuer ends it sooner."""
    made = case.hierarchy.is_predicted
    while made(certificate):
        issuer = case.issuer(certificate)
        if issuer is None or issuer.not_after != certificate.not_after:
            return True
        certificate = issuer
    return False


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

    Clients still accept the chain, the runtime does not. Up to 1.1 the daemon refuses to make a
    workload CA with so little time left ("Edge device CA has expired or is near expiration").
    Since what it issues ends with the device CA, edgeHub finds at each start that its
    certificate has five minutes left or less, asks for another, and restarts again.

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
    purpose="server",
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
    purpose="server",
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
