"""Citations as values. Sources are named with the tag at which they were read."""

from edgecheck.rules.engine.rule import Reference

ARTICLE = Reference(
    "Microsoft: Understand how Azure IoT Edge uses certificates (1.1, 1.2)",
    "https://learn.microsoft.com/azure/iot-edge/iot-edge-certs",
)
PRODUCTION = Reference(
    "Microsoft: Prepare to deploy your IoT Edge solution in production",
    "https://learn.microsoft.com/azure/iot-edge/production-checklist",
)
MANAGE_CERTIFICATES = Reference(
    "Microsoft: Manage IoT Edge certificates",
    "https://learn.microsoft.com/azure/iot-edge/how-to-manage-device-certificates",
)
UPDATE = Reference(
    "Microsoft: Update IoT Edge",
    "https://learn.microsoft.com/azure/iot-edge/how-to-update-iot-edge",
)
DEMO_SCRIPTS = Reference(
    "Microsoft: Create demo certificates to test IoT Edge device features",
    "https://learn.microsoft.com/azure/iot-edge/how-to-create-test-certificates",
)
HUBDEV = Reference(
    "Azure/iotedgehubdev 0.14.18, iotedgehubdev/edgecert.py",
    "https://github.com/Azure/iotedgehubdev/blob/main/iotedgehubdev/edgecert.py",
)
APPLE = Reference(
    "Apple: Requirements for trusted certificates in iOS 13 and macOS 10.15 (HT210176)",
    "https://support.apple.com/103769",
)


def rfc(number: int, section: str) -> Reference:
    """A section of an RFC."""
    return Reference(
        f"RFC {number}, section {section}",
        f"https://www.rfc-editor.org/rfc/rfc{number}#section-{section}",
    )


def edge(path: str, tag: str = "1.1.15") -> Reference:
    """A file of Azure/iotedge at a tag."""
    return Reference(
        f"Azure/iotedge {tag}, {path}", f"https://github.com/Azure/iotedge/blob/{tag}/{path}"
    )


def identity_service(path: str, tag: str = "1.5.0") -> Reference:
    """A file of Azure/iot-identity-service at a tag."""
    return Reference(
        f"Azure/iot-identity-service {tag}, {path}",
        f"https://github.com/Azure/iot-identity-service/blob/{tag}/{path}",
    )


def issue(repository: str, number: int) -> Reference:
    """A public issue or pull request."""
    return Reference(f"{repository}#{number}", f"https://github.com/{repository}/issues/{number}")


def openssl(path: str, tag: str = "openssl-3.0.0") -> Reference:
    """A file of OpenSSL at a tag."""
    return Reference(
        f"OpenSSL {tag}, {path}", f"https://github.com/openssl/openssl/blob/{tag}/{path}"
    )


def botan(path: str, tag: str = "2.19.3") -> Reference:
    """A file of Botan at a tag."""
    return Reference(
        f"Botan {tag}, {path}", f"https://github.com/randombit/botan/blob/{tag}/{path}"
    )


def webpki(path: str, tag: str = "v/0.103.0") -> Reference:
    """A file of rustls/webpki at a tag."""
    return Reference(
        f"rustls/webpki {tag}, {path}", f"https://github.com/rustls/webpki/blob/{tag}/{path}"
    )


def measured(what: str) -> Reference:
    """A measurement with real clients and real chains; it has no address."""
    return Reference(f"measured: {what}", "")


X690 = Reference(
    "ITU-T X.690: BER, CER and DER, sections 10 and 11", "https://www.itu.int/rec/T-REC-X.690"
)
