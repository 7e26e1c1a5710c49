"""IoT Edge: iotedged, aziot-edged, certd, keyd, identityd, edgeHub and edgeAgent."""

from edgecheck.explaining.rows import rows, said
from edgecheck.rules.engine.rule import Reference

_EDGE = Reference(
    "Azure/iotedge 1.1 and 1.5, edgelet and edge-hub",
    "https://github.com/Azure/iotedge/tree/1.5.0",
)

ROWS = rows(
    _EDGE,
    [
        (
            r"operating in quick ?start mode|self-signed automatically-generated development"
            r" certificates",
            said(
                "configuration.quickstart",
                "edge.quickstart-certificates",
                "device.certificates-incomplete",
            ),
        ),
        (r"does not match preloaded private key", said("device.key-mismatch")),
        (r"Auto renewal of the Edge CA is not configured", said("configuration.no-auto-renewal")),
        (r"is not readable by user", said("device.key-permissions", "symptom.file-not-readable")),
        (
            r"Edge device CA has expired or is near expiration",
            said("validity.ends-in-minutes", "validity.expired", certain=False),
        ),
        (r"The device CA cert will expire within", said("validity.expires-soon")),
        (r"The device CA cert has expired", said("validity.expired")),
        (
            r"Common name length exceeded|failed to generate csr subject",
            said("hostname.too-long", certain=False),
        ),
        (
            r"did not match the primary or the secondary thumbprints",
            said("identity.thumbprint-mismatch"),
        ),
        (r"was found to be a CA certificate, this is not permitted", said("identity.is-a-ca")),
        (
            r"the certificate common name \(CN\) did not match the id",
            said("identity.cn-is-not-device-id"),
        ),
        (r"is configured with unencrypted HTTP", said("configuration.est-over-http")),
        (r"device reports hostname", said("hostname.not-machine-name")),
    ],
)
