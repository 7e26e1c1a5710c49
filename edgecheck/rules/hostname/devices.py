"""Rules about the names that downstream devices have, before the gateway presents anything."""

from edgecheck.device import Device
from edgecheck.hierarchy.shapes import LAST_1_1, OLDEST
from edgecheck.reading.hostnames import as_address
from edgecheck.reading.text import safe
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.rule import ERROR, WARNING, Act, Need, Over, Violation, rule
from edgecheck.rules.references import edge, issue, measured, rfc


@rule(
    "hostname.gateway-host-name-not-configured",
    title="A downstream device uses a GatewayHostName that is not the configured host name",
    severity=ERROR,
    over=Over.DEVICE,
    act=Act.CONFIGURE,
    changes="hostname",
    needs=[Need.GATEWAY_HOST_NAMES, Need.CONFIGURED_HOSTNAME],
    references=[
        edge("edgelet/edgelet-http-workload/src/module/cert/server.rs", "1.5.0"),
        issue("Azure/iotedge", 2531),
        issue("MicrosoftDocs/azure-docs", 78172),
    ],
    symptoms=[
        "Hostname mismatch, certificate is not valid for",
        "Hostname/IP does not match certificate's altnames",
        "x509: certificate is valid for",
        "No subject alternative DNS name matching",
    ],
)
def gateway_host_name_not_configured(device: Device, case: Case) -> list[Violation]:
    """The runtime makes the server certificate for `hostname` and for `edgeHub`, and no other name.

    A device that asks for another one, such as the short name, an alias in DNS or the address,
    refuses it. Where something is presented, `hostname.gateway-host-name-not-in-san` looks at the
    certificate itself.

    Remedy:
    Write the same name in both places: as `hostname` in the gateway's configuration, and as
    GatewayHostName of its devices. Best is the fully qualified name, which DNS has to know.
    """
    hostname = device.hostname or ""
    if case.hierarchy.presents_server or not hostname:
        return []
    return [
        Violation(
            f'GatewayHostName is "{safe(name, 80)}", and the gateway\'s certificate will be for '
            f'"{safe(hostname, 80)}"',
            wanted=hostname,
            found=name,
        )
        for name in dict.fromkeys(device.gateway_host_names or ())
        if name and not same_host(name, hostname)
    ]


def same_host(one: str, other: str) -> bool:
    """Whether two host names are one: whatever the case of letters, or as addresses."""
    if as_address(one) is not None:
        return as_address(one) == as_address(other)
    return one.lower().removesuffix(".") == other.lower().removesuffix(".")


def before_presenting(asked: str, case: Case) -> frozenset[str]:
    """Return the rules that say of the configuration alone why no certificate will be for a name.

    None, once something is presented.
    """
    if case.hierarchy.presents_server:
        return frozenset()
    if same_host(asked, case.device.hostname or ""):
        return OF_THE_CONFIGURED
    return _OF_DEVICES if asked in (case.device.gateway_host_names or ()) else frozenset()


_OF_DEVICES = frozenset(("hostname.gateway-host-name-not-configured",))
OF_THE_CONFIGURED = frozenset(
    ("hostname.address-before-1-2", "hostname.not-rfc1035", "hostname.not-ascii")
)
"""Rules that find a configured name wrong of which the runtime makes a certificate all the same."""


@rule(
    "hostname.address-before-1-2",
    title="The host name is an IP address, which IoT Edge up to 1.1 writes as a DNS name",
    severity=ERROR,
    over=Over.DEVICE,
    act=Act.CONFIGURE,
    changes="hostname",
    needs=[Need.CONFIGURED_HOSTNAME],
    runtime="1.0.0 to 1.1.19",
    references=[
        edge("edgelet/edgelet-utils/src/lib.rs"),
        issue("Azure/iotedge", 5028),
        rfc(9525, "6.2"),
        measured("an IP address as a DNS name: OpenSSL, Node, Java, Go refuse it"),
    ],
    symptoms=[
        "doesn't contain any IP SANs",
        "IP address mismatch, certificate is not valid for",
        "No subject alternative names matching IP address",
    ],
)
def address_before_1_2(device: Device, case: Case) -> Violation | None:
    """The server certificate will be for a DNS name of digits and dots, and for no address.

    libiothsm writes every host name as a DNS name. Clients that connect by the address look for an
    address in the certificate: "doesn't contain any IP SANs". From 1.2 on it is written as one.
    Where something is presented, the rules about its names speak.

    Remedy:
    Give the gateway a name in DNS, or in the hosts files of its devices, and write that as
    `hostname` and as GatewayHostName; or update to 1.2 or later.
    """
    hostname = device.hostname or ""
    severity = case.bound(ERROR, OLDEST, LAST_1_1)
    if case.hierarchy.presents_server or as_address(hostname) is None or severity is None:
        return None
    if severity is not ERROR:
        return None  # from 1.2 on it is right
    return Violation(
        f'the configured host name is the address "{safe(hostname, 80)}", which IoT Edge '
        f"{case.hierarchy.runtime} writes into the server certificate as a DNS name",
        wanted="a name in DNS",
        found=hostname,
        severity=severity,
    )


@rule(
    "hostname.no-gateway-host-name",
    title="A downstream device's connection string has no GatewayHostName",
    severity=WARNING,
    over=Over.DEVICE,
    act=Act.CONFIGURE,
    changes="connection_strings",
    needs=[Need.CONNECTION_STRINGS],
    references=[
        edge("doc/edgehub-api.md", "1.4.0"),
        issue("Azure/iotedge", 2531),
    ],
)
def no_gateway_host_name(device: Device, case: Case) -> list[Violation]:
    """Without it the device connects to IoT Hub itself, and never to the gateway.

    It works as long as the device reaches the cloud, and nobody notices. Then nothing about the
    gateway's certificates concerns it.

    Remedy:
    Append `;GatewayHostName=` and the gateway's host name to the connection string.
    """
    return [
        Violation(
            f'the connection string of "{safe(one.get("device_id", ""), 80)}" has no '
            "GatewayHostName, so the device connects to IoT Hub itself",
            wanted="GatewayHostName",
            found=one.get("host_name", ""),
        )
        for one in device.connection_strings or ()
        if not one.get("gateway_host_name")
    ]
