"""Rules about the gateway above this one, which `parent_hostname` names."""

from edgecheck.device import Device
from edgecheck.hierarchy.shapes import FIRST_1_2, NEWEST
from edgecheck.reading.text import octets, safe
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.rule import ERROR, Act, Over, Violation, rule
from edgecheck.rules.hostname.conditions import DESCRIBED
from edgecheck.rules.hostname.configuration import LONGEST_COMMON_NAME
from edgecheck.rules.references import edge, identity_service


@rule(
    "hostname.parent-too-long",
    title="parent_hostname is too long for a common name",
    severity=ERROR,
    over=Over.DEVICE,
    when=[DESCRIBED],
    act=Act.CONFIGURE,
    changes="parent_hostname",
    runtime="1.2.0 and later",
    references=[edge("edgelet/iotedge/src/check/checks/parent_hostname.rs", "1.5.0")],
)
def parent_too_long(device: Device, case: Case) -> Violation | None:
    """The parent cannot have a server certificate for a name of more than 64 bytes.

    `iotedge check` fails: "configuration parent_hostname [...] is too long to be used as a
    certificate issuer".

    Remedy:
    Give the parent gateway a host name of at most 64 bytes, and write that here.
    """
    parent = device.parent_hostname or ""
    size = octets(parent)
    if size <= LONGEST_COMMON_NAME:
        return None
    severity = case.bound(ERROR, FIRST_1_2, NEWEST)
    if severity is None:
        return None
    return Violation(
        f'parent_hostname "{safe(parent, 80)}" has {size} bytes',
        wanted=f"at most {LONGEST_COMMON_NAME} bytes",
        found=size,
        severity=severity,
    )


@rule(
    "hostname.parent-with-dps",
    title="parent_hostname is set, and the device provisions by DPS",
    severity=ERROR,
    over=Over.DEVICE,
    when=[DESCRIBED],
    act=Act.CONFIGURE,
    changes="provisioning",
    runtime="1.2.0 and later",
    references=[edge("edgelet/iotedge/src/config/apply.rs", "1.5.0")],
)
def parent_with_dps(device: Device, case: Case) -> Violation | None:
    """A nested gateway cannot reach the Device Provisioning Service through its parent.

    `iotedge config apply` refuses it: "DPS provisioning is not supported in nested mode".

    Remedy:
    Provision the device by hand (`source = "manual"` in `[provisioning]`, with a connection
    string or an identity certificate), or remove `parent_hostname`.
    """
    source = (device.provisioning or {}).get("source")
    severity = case.bound(ERROR, FIRST_1_2, NEWEST)
    if not device.parent_hostname or source != "dps" or severity is None:
        return None
    return Violation(
        f'parent_hostname is "{safe(device.parent_hostname, 80)}", and provisioning is by DPS',
        wanted='source = "manual"',
        found=source,
        severity=severity,
    )


@rule(
    "hostname.parent-is-itself",
    title="parent_hostname is the gateway's own host name",
    severity=ERROR,
    over=Over.DEVICE,
    when=[DESCRIBED],
    act=Act.CONFIGURE,
    changes="parent_hostname",
    runtime="1.2.0 and later",
    references=[identity_service("identity/aziot-identityd-config/src/lib.rs")],
)
def parent_is_itself(device: Device, case: Case) -> Violation | None:
    """The gateway takes itself for the gateway above it, and so never reaches IoT Hub.

    A nested gateway talks to `parent_hostname` in place of the hub. `hostname` is its own name, for
    its own devices; the two are easily taken for one another.

    Remedy:
    Write the `hostname` of the gateway above this one as `parent_hostname`; the gateway at the top
    has none.
    """
    own, parent = device.hostname or "", device.parent_hostname or ""
    severity = case.bound(ERROR, FIRST_1_2, NEWEST)
    if not parent or parent.lower() != own.lower() or severity is None:
        return None
    return Violation(
        f'parent_hostname is "{safe(parent, 80)}", which is the gateway\'s own host name',
        wanted="the host name of the gateway above this one",
        found=parent,
        severity=severity,
    )
