"""Rules about `[edge_ca]`, and what stood for it up to 1.1."""

from collections.abc import Mapping
from typing import Any

from edgecheck.device import Device, Version
from edgecheck.hierarchy.shapes import FIRST_1_2, NEWEST
from edgecheck.reading.late import late
from edgecheck.reading.text import safe
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.rule import (
    ERROR,
    INFO,
    WARNING,
    Act,
    Need,
    Over,
    Severity,
    Violation,
    rule,
)
from edgecheck.rules.references import (
    MANAGE_CERTIFICATES,
    PRODUCTION,
    edge,
    identity_service,
    issue,
    measured,
)

METHODS = ("est", "local_ca", "self_signed")
FIRST_WITH_METHOD = (1, 2, 5)
FIRST_1_3 = (1, 3, 0)
QUICKSTART_DAYS = 90
"""Where nothing else is configured, with every runtime."""
ISSUED_DAYS = 30
"""certd's own default."""
_DAYS = "auto_generated_edge_ca_expiry_days"
_RENEWAL = frozenset(("rotate_key", "threshold", "retry"))
_POLICY = late(r"\+?0*(?:[1-9][0-9]?%|[1-9][0-9]*(?:min|day))")
"""When to renew: less than 100 %, or a time before the end."""
_SUPER_CONFIG = edge("edgelet/iotedge/src/config/super_config.rs", "1.3.0")


def method(edge_ca: Mapping[str, Any]) -> str | None:
    """The method that issues the device CA; None where there is none that is known."""
    stated = edge_ca.get("method")
    return stated if stated in METHODS else None


@rule(
    "configuration.edge-ca-incomplete",
    title="`[edge_ca]` does not say all that one way of having a device CA needs",
    severity=ERROR,
    over=Over.DEVICE,
    act=Act.CONFIGURE,
    changes="edge_ca",
    needs=[Need.EDGE_CA],
    runtime="1.2.0 and later",
    references=[
        _SUPER_CONFIG,
        identity_service("cert/cert-renewal/src/lib.rs"),
        identity_service("cert/cert-renewal/src/policy.rs"),
        measured("the parser of the configuration, given each half of the table"),
    ],
)
def edge_ca_incomplete(device: Device, case: Case) -> Violation | None:
    """The table fits none of its three forms, or fits another one than it seems to.

    The forms are: `cert` and `pk`; a `method` that issues one; or the days of the quick start. The
    first that fits is taken, `method` before files, and what belongs to another form is left
    away in silence. If none fits, `iotedge config apply` says "could not parse config file: data
    did not match any variant of untagged enum EdgeCa", and nothing is applied. A table with
    `auto_renew` alone fits none either, and `auto_renew` needs all of its three keys, with
    `threshold` and `retry` such as `80%`, `10day` or `60min`. The template says of the runtime's
    own CA that `rotate_key` must be true.

    Remedy:
    Give the file and its key:

        [edge_ca]
        cert = "file:///var/aziot/certs/device-ca-full-chain.pem"
        pk = "file:///var/aziot/secrets/device-ca.key.pem"
    """
    told = _misfit(device.edge_ca or {})
    if told is None:
        return None
    text, ordinary, first = told
    severity = case.bound(ordinary, first, NEWEST)
    if severity is None:
        return None
    return Violation(
        f"[edge_ca] {text}",
        wanted=f"cert and pk, or a method, or {_DAYS}",
        found=sorted(device.edge_ca or {}),
        severity=severity,
    )


def _misfit(edge_ca: Mapping[str, Any]) -> tuple[str, Severity, Version] | None:
    """What is wrong, how bad it is, and the first version that minds."""
    if not edge_ca:
        return None
    wrong = _no_form(edge_ca)
    if wrong is not None:
        return wrong, ERROR, FIRST_1_2
    renewal = edge_ca.get("auto_renew")
    if renewal is not None and (lacking := sorted(_RENEWAL - renewal.keys())):
        return f"has an auto_renew without {', '.join(lacking)}", ERROR, FIRST_1_3
    if renewal is not None and renewal.get("rotate_key") is False and _by_itself(edge_ca):
        said = "has an auto_renew with rotate_key = false: the CA that the runtime makes for "
        return said + "itself is renewed with a new key alone", WARNING, FIRST_1_3
    if edge_ca.get(_DAYS) == 0 and not edge_ca.get("cert"):
        return f"has {_DAYS} = 0: the CA has ended when it is made", ERROR, FIRST_1_2
    for key in ("threshold", "retry"):
        told = (renewal or {}).get(key)
        if told is not None and not _POLICY.fullmatch(str(told)):
            said = f'{key} = "{safe(str(told), 40)}"'
            return f"has an auto_renew with {said}; such as 80%, 10day or 60min", ERROR, FIRST_1_3
    if edge_ca.get("cert") and _DAYS in edge_ca:
        return f"has cert and pk, so its {_DAYS} has no effect", WARNING, FIRST_1_2
    return None


def _by_itself(edge_ca: Mapping[str, Any]) -> bool:
    """Whether the runtime makes a CA that signs itself."""
    return method(edge_ca) == "self_signed" or (_DAYS in edge_ca and not edge_ca.get("cert"))


def _no_form(edge_ca: Mapping[str, Any]) -> str | None:
    """Why the table fits no form, or not the one that was meant."""
    files = [key for key in ("cert", "pk") if edge_ca.get(key)]
    if method(edge_ca):
        if edge_ca.get("expiry_days") == 0:
            return "has expiry_days = 0, which must be greater than 0"
        return f"has a method, so its {' and '.join(files)} will not be used" if files else None
    if len(files) == 1:
        told = f"has {files[0]} without {'pk' if files == ['cert'] else 'cert'}"
        return f"{told}, so the runtime makes its own CA" if _DAYS in edge_ca else told
    if files or _DAYS in edge_ca:
        return None
    if "method" in edge_ca:
        return f'has the method "{safe(edge_ca["method"], 40)}", which there is not'
    return f"has {', '.join(sorted(edge_ca))} alone"


@rule(
    "configuration.quickstart",
    title="No device CA is configured: the runtime makes its own, and replaces it",
    severity=WARNING,
    over=Over.DEVICE,
    act=Act.CONFIGURE,
    changes="edge_ca",
    needs=[Need.DEVICE_CA_SETTINGS],
    follows=["edge.quickstart-certificates"],
    references=[
        PRODUCTION,
        edge("edgelet/iotedge/src/config/apply.rs", "1.3.0"),
        identity_service("cert/cert-renewal/src/lib.rs"),
        issue("Azure/iotedge", 1309),
    ],
)
def quickstart(device: Device, case: Case) -> Violation | None:
    """The runtime makes a CA of its own, for 90 days unless the configuration says otherwise.

    From 1.3 on that CA is replaced when 80 % of its life is over, with a new key
    (`auto_renew.rotate_key`, which the quick start needs). So every module restarts, and every
    device that trusts the old one, or pins what it issued, is locked out. Up to 1.2 it is not
    replaced in time: when it ends, modules and devices fail until the daemon is restarted.
    Nobody can have trusted the new one beforehand.

    Remedy:
    Configure a device CA of your own (`cert` and `pk` of `[edge_ca]`; up to 1.1 `device_ca_cert`,
    `device_ca_pk` and `trusted_ca_certs` of `certificates`). For a test alone, raise
    `auto_generated_edge_ca_expiry_days` (up to 1.1: `auto_generated_ca_lifetime_days`).
    """
    days = _quickstart_days(device)
    told_of_1_1 = device.edge_ca is None
    if days is None or case.within(FIRST_1_2, NEWEST) is told_of_1_1:
        return None  # another one is configured, or this is the other runtime's configuration
    said, in_1_3 = days, case.within(FIRST_1_3, NEWEST)
    told = f"no device CA is configured: the runtime makes its own for {said} days"
    if in_1_3:
        renewal = (device.edge_ca or {}).get("auto_renew", {}).get("threshold", "80%")
        told += f", and replaces it with its key at {safe(str(renewal), 20)} of them"
    elif in_1_3 is None:
        told += ", and from 1.3 on replaces it with its key at 80% of them"
    else:
        told += ", and a new one only when the daemon starts again after that"
    return Violation(
        told, wanted="a device CA of your own", found=f"{said} days", evidence={"days": said}
    )


def _quickstart_days(device: Device) -> int | None:
    """The life of the runtime's own CA; None where another is configured."""
    if (edge_ca := device.edge_ca) is not None:
        if method(edge_ca) == "self_signed":
            return edge_ca.get("expiry_days", ISSUED_DAYS)
        if method(edge_ca) or (edge_ca.get("cert") and edge_ca.get("pk")):
            return None
        if edge_ca and _DAYS not in edge_ca:
            return None  # configuration.edge-ca-incomplete
        days = edge_ca.get("auto_generated_edge_ca_expiry_days", QUICKSTART_DAYS)
        return days or None  # 0: configuration.edge-ca-incomplete
    certificates = device.certificates or {}
    if any(certificates.get(key) for key in ("device_ca_cert", "device_ca_pk", "trusted_ca_certs")):
        return None  # all three, or some: which is another finding
    return certificates.get("auto_generated_ca_lifetime_days", QUICKSTART_DAYS)


@rule(
    "configuration.default-lifetime",
    title="The device CA is issued for 30 days, since `expiry_days` is not set",
    severity=WARNING,
    over=Over.DEVICE,
    act=Act.CONFIGURE,
    changes="edge_ca",
    needs=[Need.EDGE_CA],
    runtime="1.2.5 and later",
    references=[identity_service("cert/aziot-certd-config/src/lib.rs"), _SUPER_CONFIG],
)
def default_lifetime(device: Device, case: Case) -> Violation | None:
    """A device CA that certd signs itself lives for 30 days, not for the 90 of the quick start.

    That holds for `method = "self_signed"` and `method = "local_ca"`. It is renewed at 80 % of
    its life from 1.3 on, so all modules restart every 24 days; in 1.2 it is not renewed at all.

    Remedy:
    Set `expiry_days` in `[edge_ca]`, such as `expiry_days = 365`.
    """
    edge_ca = device.edge_ca or {}
    if method(edge_ca) not in ("self_signed", "local_ca") or "expiry_days" in edge_ca:
        return None
    severity = case.bound(WARNING, FIRST_WITH_METHOD, NEWEST)
    if severity is None:
        return None
    return Violation(
        f'[edge_ca] has the method "{method(edge_ca)}" and no expiry_days: the device CA lives '
        f"{ISSUED_DAYS} days",
        wanted="expiry_days",
        found=f"{ISSUED_DAYS} days",
        severity=severity,
    )


@rule(
    "configuration.no-auto-renewal",
    title="The device CA is a file, which the runtime does not renew",
    severity=INFO,
    over=Over.DEVICE,
    act=Act.RENEW,
    changes="edge_ca",
    needs=[Need.EDGE_CA],
    runtime="1.3.0 and later",
    references=[MANAGE_CERTIFICATES, edge("edgelet/edgelet-http-workload/src/lib.rs", "1.3.0")],
)
def no_auto_renewal(device: Device, case: Case) -> Violation | None:
    """A device CA that was given as files has to be renewed by whoever gave it.

    From 1.3 on the runtime renews what it issues itself or gets from an EST server. Of files it
    says at its start "Auto renewal of the Edge CA is not configured. Edge CA will not be
    automatically renewed", even where `[edge_ca.auto_renew]` is there.

    Remedy:
    Note when it ends, and renew it before (`validity.expires-soon` tells). To have it
    renewed by the runtime, let an EST server issue it: `method = "est"`.
    """
    edge_ca = device.edge_ca or {}
    if method(edge_ca) or not (edge_ca.get("cert") and edge_ca.get("pk")):
        return None
    if case.within(FIRST_1_3, NEWEST) is False:
        return None
    told = "the device CA is a file, which the runtime does not renew"
    if "auto_renew" in edge_ca:
        told += ", and [edge_ca.auto_renew] has no effect on it"
    return Violation(told, wanted="a renewal", found="cert and pk")
