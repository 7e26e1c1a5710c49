"""How the certificates of each IoT Edge version look, as far as structure tells; and a cloud's.

Source: Azure/iotedge, tags 1.1.15 (`edge_pki_openssl.c`, `edge_hsm_client_store.c`) and
1.2.0 to 1.5.0 (`edgelet-http-workload/src/server/cert`); Azure/iot-identity-service
(`cert/aziot-certd/src/lib.rs`) for what certd adds.
"""

import re
from collections.abc import Sequence

from edgecheck.device import Version
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.extensions import SERVER_AUTH
from edgecheck.reading.late import late
from edgecheck.values import frozen

LIBIOTHSM_SERVER_KEY_USAGE = 0xF800
"""nonRepudiation, digitalSignature, keyEncipherment, dataEncipherment, keyAgreement."""

OLDEST: Version = (1, 0, 0)
LAST_1_1: Version = (1, 1, 19)
FIRST_1_2: Version = (1, 2, 0)
LAST_1_2: Version = (1, 2, 10)
NEWEST: Version = (1, 6, 99)

WORKLOAD_CA = late(r"iotedged? workload ca\b", re.IGNORECASE)
QUICKSTART_CA = late(r"(iotedged workload ca\b|aziot-edge CA\b|Test Edge Device CA$)")
QUICKSTART_1_1_ROOT = "Test Edge Owner CA"
DEMO = late(r"Azure[ _]IoT[ _]Hub[ _](Intermediate[ _]|CA[ _])Cert[ _]Test[ _]Only$")
"""Names that the convenience scripts write (`tools/CACertificates`), old and new."""
HUBDEV = "Edge Test Device CA"
"""The root that iotedgehubdev makes."""


@frozen
class Runtime:
    """The versions of IoT Edge that a gateway may run.

    `stated` is False where the versions were inferred from the certificates.
    """

    low: Version
    high: Version
    stated: bool
    because: str = ""

    def within(self, low: Version, high: Version) -> bool | None:
        """Whether the version lies between two others, both included; None if it may."""
        if low <= self.low and self.high <= high:
            return True
        return None if self.low <= high and low <= self.high else False

    def __str__(self) -> str:
        """`1.1.19`, or `1.3.0 or later`, or `1.2.0 to 1.2.10`."""
        low, high = (".".join(map(str, version)) for version in (self.low, self.high))
        if self.low == self.high:
            return low
        if self.high == NEWEST:
            return f"{low} or later"
        return f"{low} to {high}"


def made_by_certd(server: Certificate) -> bool:
    """Whether a server certificate is what certd (IoT Edge 1.2 and later) signs.

    certd never sets the serial number, and copies a request that has neither keyUsage nor
    basicConstraints.
    """
    try:
        return (
            server.serial == 0
            and server.key_usage is None
            and server.basic_constraints is None
            and server.extended_key_usage == (SERVER_AUTH,)
        )
    except Unreadable:
        return False


def made_by_libiothsm(server: Certificate) -> bool:
    """Whether a server certificate is what libiothsm (IoT Edge up to 1.1) signs."""
    try:
        constraints = server.basic_constraints
        return (
            server.key_usage == LIBIOTHSM_SERVER_KEY_USAGE
            and constraints is not None
            and not constraints.ca
        )
    except Unreadable:
        return False


def inferred(server: Certificate, workload_ca: Certificate | None) -> Runtime | None:
    """The versions that can have made these certificates, where that is certain."""
    try:
        if made_by_libiothsm(server) and workload_ca is not None:
            return Runtime(
                OLDEST,
                LAST_1_1,
                False,
                "the server certificate has the shape that libiothsm writes, under a workload CA",
            )
        if not made_by_certd(server):
            return None
        if server.subject_key_id is None:
            return Runtime(
                FIRST_1_2,
                LAST_1_2,
                False,
                "the server certificate has serial 0 and "
                "no key identifiers, as certd wrote it before 1.3",
            )
        names = server.alt_names.dns if server.alt_names else ()
        if "$edgeHub" in names:
            return Runtime((1, 3, 0), (1, 3, 0), False, "the server certificate is for $edgeHub")
        low: Version = (1, 4, 0) if "edgeHub" in names else (1, 3, 0)
        return Runtime(
            low,
            NEWEST,
            False,
            "the server certificate has serial 0 and key identifiers, as certd writes it since 1.3",
        )
    except Unreadable:
        return None


_SERVICES = {
    "azure-devices.net": "Azure IoT Hub",
    "azure-devices.cn": "Azure IoT Hub",
    "azure-devices.us": "Azure IoT Hub",
    "azure-devices-provisioning.net": "the Device Provisioning Service",
    "azure-devices-provisioning.cn": "the Device Provisioning Service",
    "azure-devices-provisioning.us": "the Device Provisioning Service",
    "azureiotcentral.com": "Azure IoT Central",
    "servicebus.windows.net": "Azure Service Bus or Event Hubs",
    "servicebus.chinacloudapi.cn": "Azure Service Bus or Event Hubs",
    "servicebus.usgovcloudapi.net": "Azure Service Bus or Event Hubs",
    "eventgrid.azure.net": "Azure Event Grid",
    "core.windows.net": "Azure Storage",
    "azurecr.io": "Azure Container Registry",
    "azure-api.net": "Azure API Management",
    "azurewebsites.net": "Azure App Service",
    "vault.azure.net": "Azure Key Vault",
    "management.azure.com": "Azure",
    "microsoftonline.com": "Microsoft's sign-in",
    "microsoft.com": "Microsoft",
    "amazonaws.com": "Amazon Web Services",
    "googleapis.com": "Google Cloud",
}
"""Domains in which nobody but their owner has a certificate, and what answers there.

Names that a virtual machine may have (`cloudapp.azure.com`) are not among them: a gateway may
run on one.
"""
_SERVICE_ENDS = tuple(_SERVICES)
_PUBLIC_ISSUER = late(r"\b(Microsoft|DigiCert|Baltimore|Amazon|Google Trust Services|GlobalSign)\b")


def cloud_service(server: Certificate) -> str:
    """The public service that a server certificate is for, by its name and issuer; else empty."""
    try:
        name, names = server.subject.common_name or "", server.alt_names
        called = [name, *(names.dns if names is not None else ())]
        for each in called:
            if each.endswith(_SERVICE_ENDS):
                break
        else:
            return ""
        return "" if server.is_self_issued else service_of(called, str(server.issuer))
    except Unreadable:
        return ""


def service_of(called: Sequence[str], issuer: str) -> str:
    """The public service that has one of these names from this issuer; else empty."""
    if not _PUBLIC_ISSUER.search(issuer):
        return ""
    for each in called:
        for domain, service in _SERVICES.items():
            if each.endswith("." + domain) or each == domain:
                return service
    return ""
