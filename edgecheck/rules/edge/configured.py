"""Rules about what somebody configured as device CA or identity, and how it is named."""

from edgecheck.device import Device
from edgecheck.hierarchy import shapes
from edgecheck.hierarchy.hierarchy import Hierarchy
from edgecheck.hierarchy.roles import common_name
from edgecheck.reading.text import octets, safe
from edgecheck.rules.device.whose import KEY, device_ca_in
from edgecheck.rules.engine.case import Case, shown_name
from edgecheck.rules.engine.rule import ERROR, INFO, WARNING, Act, Need, Over, Violation, rule
from edgecheck.rules.hostname.conditions import DESCRIBED
from edgecheck.rules.naming.conditions import INTERMEDIATE_NAME
from edgecheck.rules.references import DEMO_SCRIPTS, edge, identity_service, issue

_LONGEST = 64
"""Octets of a common name (RFC 5280, appendix A.1)."""


@rule(
    "edge.root-as-device-ca",
    title="A root is configured as the device CA",
    severity=WARNING,
    over=Over.DEVICE,
    act=Act.CONFIGURE,
    changes="edge_ca",
    needs=[Need.DEVICE_CA_FILE],
    references=[DEMO_SCRIPTS, issue("Azure/iotedge", 5160)],
)
def root_as_device_ca(device: Device, case: Case) -> Violation | None:
    """The first certificate of the device CA file signs itself.

    It works, but the key of the root lies on the gateway: whoever takes it can issue for every
    gateway and device that trusts this root. The key that the convenience scripts make for
    the root has a pass phrase, for which the key service asks in vain ("PEM pass phrase").

    Remedy:
    Have a device CA issued below the root, and configure it, its key, and a file with it
    first, the intermediates next. The key of the root belongs on no gateway.
    """
    certificates = case.expected.device_ca_file or ()
    if not certificates or not certificates[0].is_self_issued:
        return None
    first = certificates[0]
    if shapes.QUICKSTART_CA.match(common_name(first) or ""):
        return None  # the runtime made it
    return Violation(
        f"{shown_name(first)}, the first certificate of the device CA file, signs itself",
        wanted="a device CA that the root issued",
        found=str(first.subject),
        certificates=(first,),
        where=(case.expected.file("device_ca_file"), None, None),
        explained_by=frozenset({"chain.wrong-order"}) if _misplaced(device, case) else frozenset(),
    )


def _misplaced(device: Device, case: Case) -> bool:
    """Whether the key may be that of another CA of the device CA file: it is, or is not known."""
    have = (device.keys or {}).get(KEY, {}).get("public_key", "")
    if not have:
        return case.hierarchy.server is None
    return device_ca_in(case.expected.device_ca_file or (), have)[0] > 0


@rule(
    "edge.ca-as-identity",
    title="The device's identity certificate is that of a CA",
    severity=ERROR,
    over=Over.DEVICE,
    when=[DESCRIBED],
    act=Act.CONFIGURE,
    changes="provisioning",
    references=[
        edge("edge-util/src/Microsoft.Azure.Devices.Edge.Util/CertificateHelper.cs", "1.5.0"),
        issue("Azure/iotedge", 2033),
    ],
    symptoms=[
        "was found to be a CA certificate, this is not permitted per the authentication policy"
    ],
)
def ca_as_identity(device: Device, case: Case) -> Violation | None:
    """A device CA, or another CA, was configured as what the device logs in with.

    A parent's edgeHub refuses it: "was found to be a CA certificate, this is not permitted per
    the authentication policy". The two are easily taken for each other: the device CA issues
    certificates on the gateway, the identity certificate shows who the device is.

    Remedy:
    Have an identity certificate issued with the device's id as its common name, and with

        basicConstraints = CA:FALSE
        keyUsage = critical,digitalSignature,keyEncipherment
        extendedKeyUsage = clientAuth

    Write its file and key into `identity_cert` and `identity_pk` of `[provisioning]`.
    """
    certificates = case.expected.identity_certificate or ()
    if not certificates or not certificates[0].is_ca:
        return None
    return Violation(
        f"the identity certificate {shown_name(certificates[0])} is that of a CA",
        wanted="CA:FALSE",
        found="CA:TRUE",
        certificates=(certificates[0],),
        where=(case.expected.file("identity_certificate"), None, None),
    )


@rule(
    "edge.intermediate-as-device-ca",
    title="An intermediate of the company is configured as the device CA",
    severity=WARNING,
    over=Over.HIERARCHY,
    when=[INTERMEDIATE_NAME],
    act=Act.CONFIGURE,
    changes="edge_ca",
    references=[issue("Azure/iotedge", 6230), DEMO_SCRIPTS],
)
def intermediate_as_device_ca(hierarchy: Hierarchy, case: Case) -> Violation | None:
    """The runtime issues from a CA that is named as an intermediate.

    It works, but then the key that issues device CAs for all gateways lies on this one, and
    cannot be revoked without the others.

    Remedy:
    Have a device CA of its own issued for this gateway, and configure it with its key and
    its full chain. Remove the intermediate's key from the gateway.
    """
    server, device_ca = hierarchy.server, hierarchy.device_ca
    if device_ca is None or device_ca.is_self_issued:
        return None
    name = common_name(device_ca) or ""
    words = name.lower().replace("_", " ").split()
    if "intermediate" not in words:
        return None
    if server is None:
        if device_ca not in (case.expected.device_ca_file or ())[:1]:
            return None  # nobody said that the runtime is to issue from it
    elif not (shapes.made_by_certd(server) or shapes.made_by_libiothsm(server)):
        return None
    return Violation(
        f"the runtime issues from {case.named(device_ca)}, which is named as an intermediate",
        wanted="a device CA for this gateway",
        found=name,
        certificates=(device_ca,),
    )


@rule(
    "edge.quickstart-name-too-long",
    title="The name of the CA that the runtime makes for itself is too long",
    severity=ERROR,
    over=Over.DEVICE,
    act=Act.CONFIGURE,
    changes="edge_ca",
    needs=[Need.EDGE_CA],
    runtime="1.2.0 to 1.2.10",
    references=[issue("Azure/iotedge", 6288), identity_service("cert/aziot-certd/src/lib.rs")],
    symptoms=["failed to generate csr subject"],
)
def quickstart_name_too_long(device: Device, case: Case) -> Violation | None:
    """1.2 names its quickstart CA after the host or the device, in at most 64 bytes.

    The name is `iotedged workload ca` and the host name, from 1.2.7 on the device's id where
    the daemon makes it. A longer one makes the edge CA impossible to issue. From 1.3 on it
    is cut off at 64 bytes.

    Remedy:
    Configure a device CA of your own (`cert` and `pk` in `[edge_ca]`), or give the gateway a
    host name and an id of at most 43 bytes, or update to 1.3 or later.
    """
    severity = case.bound(ERROR, shapes.FIRST_1_2, shapes.LAST_1_2)
    if severity is None or device.edge_ca is None:
        return None
    if "cert" in device.edge_ca or "method" in device.edge_ca:
        return None
    names = [f"iotedged workload ca {name}" for name in (device.hostname, device.device_id) if name]
    long = [name for name in names if octets(name) > _LONGEST]
    if not long:
        return None
    return Violation(
        f'"{safe(long[0], 120)}" has {octets(long[0])} bytes',
        wanted=f"at most {_LONGEST} bytes",
        found=long,
        severity=severity,
    )


@rule(
    "edge.common-name-cut",
    title="The runtime cut off the common name of its CA",
    severity=INFO,
    over=Over.DEVICE_CA,
    act=Act.CONFIGURE,
    changes="edge_ca",
    needs=[Need.EDGE_CA],
    runtime="1.3.0 and later",
    references=[issue("Azure/iotedge", 6288), identity_service("cert/aziot-certd/src/lib.rs")],
)
def common_name_cut(device_ca: object, case: Case) -> Violation | None:
    """From 1.3 on a CA's common name ends after 64 bytes; what is behind is lost.

    Two devices whose names differ only there have CAs of one name.

    Remedy:
    Set a shorter `common_name` in `[edge_ca]`, or give the device a shorter id.
    """
    certificate = case.hierarchy.device_ca
    device, name = case.device, common_name(certificate) if certificate else None
    if certificate is None or name is None or octets(name) != _LONGEST:
        return None
    wanted = (device.edge_ca or {}).get("common_name") or f"aziot-edge CA {device.device_id}"
    if not wanted.startswith(name) or wanted == name:
        return None
    return Violation(
        f'{case.named(certificate)} was to be called "{safe(wanted, 120)}"',
        wanted=wanted,
        found=name,
        certificates=(certificate,),
    )
