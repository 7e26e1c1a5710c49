"""Rules about whose a gateway is: the identity with which it logs in, and what to wipe."""

from collections.abc import Iterator
from typing import Any

from edgecheck.device import Device
from edgecheck.hierarchy.roles import common_name
from edgecheck.hierarchy.shapes import LAST_1_1, OLDEST
from edgecheck.reading.text import safe
from edgecheck.rules.engine.case import Case, shown_name
from edgecheck.rules.engine.rule import INFO, WARNING, Act, Need, Over, Reference, Violation, rule
from edgecheck.rules.references import ARTICLE, edge, identity_service

_DPS = Reference(
    "Microsoft: X.509 certificate attestation (Device Provisioning Service)",
    "https://learn.microsoft.com/azure/iot-dps/concepts-x509-attestation",
)


@rule(
    "device.identity-name",
    title="The identity certificate has another common name than the gateway has an id",
    severity=WARNING,
    over=Over.DEVICE,
    act=Act.REISSUE,
    needs=[Need.SETTINGS],
    references=[
        _DPS,
        identity_service("aziotctl/aziotctl-common/src/config/apply.rs"),
        edge("edge-util/src/Microsoft.Azure.Devices.Edge.Util/CertificateHelper.cs", "1.5.0"),
    ],
)
def identity_name(device: Device, case: Case) -> Violation | None:
    """IoT Hub knows a device with a CA's certificate by its common name, and so does provisioning.

    The name must be the device's id (source `manual`), or the registration id (source `dps`),
    letter by letter. IoT Hub does not look at it where the certificate's thumbprint is registered,
    so this is a warning. A parent's edgeHub does not let a child with another name in.

    Remedy:
    Have the identity certificate issued with the id as its common name, or write that name into
    `device_id` (`registration_id`) of `[provisioning]` where it is the right one.
    """
    certificates = case.expected.identity_certificate or ()
    wanted = _wanted(device)
    if not certificates or not wanted:
        return None
    name = common_name(certificates[0])
    if name is None or name == wanted:
        return None
    return Violation(
        f"the identity certificate {shown_name(certificates[0])} is not called "
        f'"{safe(wanted, 80)}", as the gateway is in the cloud',
        wanted=wanted,
        found=name,
        certificates=(certificates[0],),
        where=(case.expected.file("identity_certificate"), None, None),
    )


def _wanted(device: Device) -> str | None:
    """The name that the cloud knows the gateway by, as its configuration tells."""
    provisioning: Any = device.provisioning or {}
    if provisioning.get("source") == "dps":
        told = (provisioning.get("attestation") or {}).get("registration_id")
        return told if isinstance(told, str) else None
    return device.device_id


@rule(
    "device.changes-hands",
    title="What to wipe where the gateway changes hands",
    severity=INFO,
    over=Over.DEVICE,
    act=Act.NOTHING,
    needs=[Need.FOLDERS],
    references=[
        ARTICLE,
        edge("edgelet/hsm-sys/azure-iot-hsm-c/src/edge_hsm_client_store.c"),
        edge("edgelet/iotedge/src/config/apply.rs", "1.5.0"),
        identity_service("cert/aziot-certd-config/src/util.rs"),
    ],
)
def changes_hands(device: Device, case: Case) -> Violation:
    """What the former owner's runtime made, and whose the device is, stays on its disk.

    Up to 1.1 that is the folder `hsm` in the runtime's home, with the workload CA, and
    config.yaml. From 1.2 on it is the homes of the daemons, config.toml and what `iotedge
    config apply` made of it, the symmetric key of the identity included. Whoever keeps the
    device CA's key can go on issuing for the gateway.

    Remedy:
    none, because nothing is wrong. When the device changes hands, stop the runtime and wipe the
    folders and files that the finding names; then give the device CA, the identity and the
    configuration of the new owner.
    """
    wiped = list(dict.fromkeys(_wiped(device, case)))
    shown = ", ".join(safe(path, 120) for path in wiped)
    return Violation(
        f"when the gateway changes hands, wipe {shown}",
        wanted="nothing of the former owner",
        found=wiped,
    )


def _wiped(device: Device, case: Case) -> Iterator[str]:
    """Folders and files that hold what belongs to the owner."""
    folders = device.folders or ()
    old = case.within(OLDEST, LAST_1_1)
    if old is None:
        old = len(folders) == 1
    for folder in folders:
        if old:
            yield f"{folder.rstrip('/')}/hsm"
            yield f"{folder.rstrip('/')}/cache"
        else:
            yield folder
    if not old:
        yield "/var/secrets/aziot/keyd"
    yield from device.configuration_files or {}
    for facts in (device.keys or {}).values():
        if facts.get("path"):
            yield facts["path"]
