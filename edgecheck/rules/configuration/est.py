"""Rules about a device CA that an EST server issues."""

import re
from collections.abc import Iterator

from edgecheck.device import Device
from edgecheck.hierarchy.roles import common_name
from edgecheck.hierarchy.shapes import FIRST_1_2, LAST_1_2, NEWEST
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.text import masked, safe
from edgecheck.rules.configuration.edge_ca import FIRST_WITH_METHOD, method
from edgecheck.rules.engine.case import Case, shown_name
from edgecheck.rules.engine.rule import ERROR, INFO, WARNING, Act, Need, Over, Violation, rule
from edgecheck.rules.references import edge, identity_service, issue

_APPLY = edge("edgelet/iotedge/src/config/apply.rs", "1.3.0")


@rule(
    "configuration.est-expiry-days",
    title="`expiry_days` has no effect on a device CA that an EST server issues",
    severity=INFO,
    over=Over.DEVICE,
    act=Act.CONFIGURE,
    changes="edge_ca",
    needs=[Need.EDGE_CA],
    runtime="1.2.5 and later",
    references=[_APPLY, identity_service("cert/aziot-certd/src/est.rs")],
)
def est_expiry_days(device: Device, case: Case) -> Violation | None:
    """An EST server gives the certificates that it issues the life that it wants to.

    The runtime asks for none: `expiry_days` is left away with `method = "est"`.

    Remedy:
    Configure the life of the device CA in the profile of the EST server, and take `expiry_days`
    away.
    """
    edge_ca = device.edge_ca or {}
    if method(edge_ca) != "est" or "expiry_days" not in edge_ca:
        return None
    if case.within(FIRST_WITH_METHOD, NEWEST) is False:
        return None
    days = edge_ca["expiry_days"]
    return Violation(
        f'[edge_ca] has expiry_days = {days} with the method "est", where it has no effect',
        wanted="the life that the EST server's profile gives",
        found=days,
    )


@rule(
    "configuration.est-name-ignored",
    title="The name of the device CA that is configured has no effect with EST",
    severity=INFO,
    over=Over.DEVICE,
    act=Act.CONFIGURE,
    changes="runtime",
    needs=[Need.EDGE_CA],
    runtime="1.2.5 to 1.2.10",
    references=[issue("Azure/iotedge", 5782), _APPLY],
)
def est_name_ignored(device: Device, case: Case) -> Violation | None:
    """IoT Edge 1.2.5 to 1.2.10 do not ask the EST server for the configured name.

    They ask for `iotedged workload ca`, from 1.2.7 on with the device's id behind it, whatever
    `common_name` or `subject` say. Since 1.3 the name is used.

    Remedy:
    Update to 1.3 or later, or let the EST server set the name.
    """
    edge_ca = device.edge_ca or {}
    configured = edge_ca.get("common_name") or edge_ca.get("subject")
    if method(edge_ca) != "est" or not configured:
        return None
    severity = case.bound(INFO, FIRST_WITH_METHOD, LAST_1_2)
    if severity is None or case.hierarchy.runtime is None:
        return None
    device_ca = case.hierarchy.device_ca
    shown = f"; it is called {shown_name(device_ca)}" if device_ca is not None else ""
    asked = configured if isinstance(configured, str) else str(dict(configured))
    return Violation(
        f"[edge_ca] asks for the name {safe(asked, 80)}, which this runtime does not pass on to "
        f"the EST server{shown}",
        wanted=configured,
        found=common_name(device_ca) if device_ca is not None else None,
        certificates=(device_ca,) if device_ca is not None else (),
        severity=severity,
    )


@rule(
    "configuration.est-over-http",
    title="An EST server is asked over HTTP, which anybody on the way can read and change",
    severity=WARNING,
    over=Over.DEVICE,
    act=Act.CONFIGURE,
    changes="cert_issuance.est",
    needs=[Need.SETTINGS],
    runtime="1.2.0 and later",
    references=[
        identity_service("aziotctl/src/internal/check/checks/est_server_https.rs"),
        identity_service("cert/aziot-certd-config/src/lib.rs"),
    ],
)
def est_over_http(device: Device, case: Case) -> list[Violation]:
    """The URL of an EST server does not begin with `https:`.

    RFC 7030 (section 3.3) wants TLS: without it whoever is on the way reads the password, and can
    hand out certificates. `iotedge check` of 1.4 and later warns: "EST server URL ... is
    configured with unencrypted HTTP, which may expose device to man-in-the-middle attacks."

    Remedy:
    Configure HTTPS on the EST server, write `https:` in the URL, and name the certificates that
    its own is checked by in `trusted_certs` of `[cert_issuance.est]`.
    """
    if case.within(FIRST_1_2, NEWEST) is False:
        return []
    return [
        Violation(
            f"{setting} is {safe(masked(url), 120)}, without TLS",
            wanted="https:",
            found=masked(url),
            severity=case.bound(WARNING, FIRST_1_2, NEWEST),
            evidence={"setting": setting},
        )
        for setting, url in _urls(device)
        if not re.match(r"\s*https:", url, re.IGNORECASE)
    ]


def _urls(device: Device) -> Iterator[tuple[str, str]]:
    edge_ca = device.edge_ca or {}
    if method(edge_ca) == "est" and edge_ca.get("url"):
        yield "edge_ca.url", edge_ca["url"]
    est = (device.cert_issuance or {}).get("est", {})
    for name, url in est.get("urls", {}).items():
        yield f"cert_issuance.est.urls.{safe(name, 40)}", url


@rule(
    "configuration.est-issues-no-ca",
    title="The EST server issued the device CA from a profile that is not for CAs",
    severity=ERROR,
    over=Over.DEVICE_CA,
    act=Act.CONFIGURE,
    changes="est",
    needs=[Need.EDGE_CA],
    runtime="1.2.5 and later",
    references=[
        edge("edgelet/edgelet-http-workload/src/edge_ca.rs", "1.4.0"),
        issue("Azure/iotedge", 6459),
    ],
)
def est_issues_no_ca(device_ca: Certificate, case: Case) -> Violation | None:
    """The runtime asked for a CA, and the EST server did not heed it.

    The request has `basicConstraints = critical, CA:TRUE, pathlen:0` and a `keyUsage` of
    digitalSignature and keyCertSign. An EST server whose profile ignores the extensions of
    requests issues an ordinary certificate; every check of the runtime is content with it, and no
    client accepts what it signs.

    Remedy:
    Give the EST server a profile for CAs, at a URL of its own (`url` in `[edge_ca]`), or let it
    take the extensions from the request. Then delete the certificate that it issued
    (/var/lib/aziot/certd/certs/aziotedgedca-*.cer) and run `sudo iotedge config apply`.
    """
    if method(case.device.edge_ca or {}) != "est" or device_ca.is_ca:
        return None
    severity = case.bound(ERROR, FIRST_WITH_METHOD, NEWEST)
    if severity is None:
        return None
    return Violation(
        f"{case.named(device_ca)} comes from an EST server that did not make it a CA",
        wanted="basicConstraints with CA:TRUE",
        found="CA:FALSE" if device_ca.basic_constraints is not None else "absent",
        certificates=(device_ca,),
        severity=severity,
        # What it explains is an error; where it is not known to be the cause, it is told there.
        because_of=None if severity is ERROR else ("ca.not-a-ca", device_ca),
    )
