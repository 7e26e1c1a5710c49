"""IoT Edge: iotedged, aziot-edged, certd, keyd, identityd, edgeHub and edgeAgent."""

from edgecheck.explaining.rows import THIS_SIDE, rows, said
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
        (
            r"in device scope not (?:re)?authenticated locally"
            r"|Unable to authenticate (?:client|device)"
            r"|Unable to re-?authenticate |neither token nor certificate was presented"
            r"|token (?:has expired|is expired|did not match the primary)"
            r"|service identity is not enabled",
            said("symptom.login-refused", by=THIS_SIDE),
        ),
        (
            r"service identity authentication type is|certificate authentication is not enabled",
            said("identity.registered-otherwise"),
        ),
        (
            r"TLS handshake failed.{0,80}Channel is closed",
            said("symptom.closed-in-handshake", by="the other side"),
        ),
        (
            r'"[A-Z]{3,6} /[^"]{0,200}HTTP/[12][.\d]{0,2}" 40[13]\b',
            said("symptom.login-refused", "symptom.cloud-refused", certain=False),
        ),
        (r"Server certificate is expired", said("validity.expired")),
        (r"certificate .{0,200} has expired on UTC time", said("validity.expired")),
        (r"certificate .{0,200} is not valid until UTC time", said("validity.not-yet-valid")),
        (
            r"is not a path to a certificate collection file",
            said("symptom.file-not-found", "input.no-certificate", certain=False),
        ),
    ],
)
