"""Rules about the names that downstream devices have, before the gateway presents anything."""

from edgecheck.device import Device
from edgecheck.reading.hostnames import as_address
from edgecheck.reading.text import safe
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.rule import ERROR, WARNING, Act, Need, Over, Violation, rule
from edgecheck.rules.references import edge, issue


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
    if case.hierarchy.server is not None or not hostname:
        return []
    return [
        Violation(
            f'GatewayHostName is "{safe(name, 80)}", and the gateway\'s certificate will be for '
            f'"{safe(hostname, 80)}"',
            wanted=hostname,
            found=name,
        )
        for name in dict.fromkeys(device.gateway_host_names or ())
        if name and not _same(name, hostname)
    ]


def _same(one: str, other: str) -> bool:
    """Whether two host names are one: whatever the case of letters, or as addresses."""
    if as_address(one) is not None:
        return as_address(one) == as_address(other)
    return one.lower().removesuffix(".") == other.lower().removesuffix(".")


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
