"""IoT Edge's services on the device: edged, identityd, certd, keyd, `iotedge check`."""

from edgecheck.explaining.rows import OTHER_SIDE, rows, said
from edgecheck.rules.engine.rule import Reference

_IDENTITY = Reference(
    "Azure/iot-identity-service 1.5, cert/aziot-certd, key/aziot-keys-common, identity/"
    "aziot-identityd, mini-sntp",
    "https://github.com/Azure/iot-identity-service/tree/1.5.0",
)
_CHECK = Reference(
    "Azure/iot-identity-service 1.5, aziotctl/src/internal/check/checks",
    "https://github.com/Azure/iot-identity-service/tree/1.5.0/aziotctl/src/internal/check/checks",
)
_EDGELET = Reference(
    "Azure/iotedge 1.1 and 1.5, edgelet/iotedged, edgelet/aziot-edged/src/provision.rs",
    "https://github.com/Azure/iotedge/tree/1.5.0/edgelet",
)
_SOCKET = r"(?:certd|keyd|identityd|tpmd|mgmt|workload)\.sock"

ROWS = [
    *rows(
        _IDENTITY,
        [
            (
                r"is configured to be issued by EST, but EST"
                r"|EST endpoint did not return successful response|EST response (?:does not|has un)"
                r"|failed to issue new EST identity cert|could not get EST bootstrap identity"
                r"|does not have EST issuance method|est_client_send_\w+_request"
                r"|scep (?:post|get) request failed",
                said("symptom.not-issued"),
            ),
            (r"could not create cert\b|failed to create cert ", said("symptom.not-issued")),
            (
                r"invalid parameter \"\w{1,20}\": not found",
                said("symptom.key-not-usable", "symptom.file-not-found", certain=False),
            ),
            (
                r"could not read cert file|could not get file path corresponding to cert ID",
                said("symptom.file-not-readable", "symptom.file-not-found", certain=False),
            ),
            (
                r"!!! caused by: not found|could not load cert with ID .{0,200}: cert is empty",
                said("symptom.file-not-found"),
            ),
            (
                r"key (?:not found|does not exist)|could not (?:load|find|get) (?:private )?key"
                r"|could not (?:create|generate|import|move) key"
                r"|could not load preloaded private key"
                r"|private key (?:not found|could not be)"
                r"|unable to load (?:private )?key(?! file)|No private key",
                said("symptom.key-not-usable"),
            ),
            (
                r"could not (?:query|resolve|receive|send|parse) (?:the )?S?NTP\b",
                said("symptom.clock-wrong", certain=False),
            ),
            (
                r"(?:DPS|Hub) client error",
                said(
                    "symptom.cloud-refused",
                    "symptom.key-not-usable",
                    "symptom.name-not-resolved",
                    certain=False,
                ),
            ),
            (
                r"caused by: (?:Invalid certificate\.|Unauthorized\b|CA certificate not found)",
                said("symptom.cloud-refused", by=OTHER_SIDE),
            ),
            (
                r"user \d+ is not authorized to (?:access|modify) the",
                said("symptom.file-not-readable", "symptom.key-not-usable", certain=False),
            ),
        ],
    ),
    *rows(
        _CHECK,
        [
            (r"(?:identity|cert) '[^']{1,200}' expired at ", said("validity.expired")),
            (r"(?:identity|cert) '[^']{1,200}' will expire soon", said("validity.expires-soon")),
            (
                r"out of sync with the NTP server|Time on the device is",
                said("symptom.clock-wrong"),
            ),
            (r"time drift between host and container", said("symptom.clock-wrong")),
            (
                rf"Could not connect to (?:certd|keyd|identityd|tpmd) on"
                rf"|Connection refused.{{0,60}}{_SOCKET}|{_SOCKET}.{{0,60}}Connection refused"
                rf"|No such file or directory.{{0,60}}{_SOCKET}",
                said("symptom.service-not-running"),
            ),
            (
                r"(?:aziot-)?(?:certd|keyd|identityd|edged)(?:\.service)?"
                r"(?: is in a bad state|: Down|\s{2,}Down\b|: Failed with result)",
                said("symptom.service-not-running"),
            ),
            (
                r"(?:iotedge|aziot-\w{4,10}) service (?:is )?not running",
                said("symptom.service-not-running"),
            ),
            (
                r"could not load cert with ID",
                said(
                    "symptom.file-not-found",
                    "symptom.service-not-running",
                    "symptom.file-not-readable",
                    certain=False,
                ),
            ),
            (
                r"(?:resolve|Failed to resolve) parent hostname",
                said("symptom.name-not-resolved"),
            ),
            (
                r"(?:Edge|device) CA cert(?:ificate)? has expired",
                said("validity.expired"),
            ),
            (
                r"can connect to .{0,80} port - Error|could not connect to \S{1,200}:\d{2,5}\b",
                said(
                    "symptom.timed-out",
                    "symptom.refused-without-reason",
                    "symptom.name-not-resolved",
                    certain=False,
                ),
            ),
            (
                r"Make sure the parent device is reachable",
                said("symptom.timed-out", "trust.root-not-trusted", certain=False),
            ),
        ],
    ),
    *rows(
        _EDGELET,
        [
            (
                r"Could not initialize HSM|HSM Init failure"
                r"|hsm_client_\w{3,40}.{0,20}Could not create store",
                said(
                    "symptom.file-not-readable",
                    "symptom.file-not-found",
                    "symptom.key-not-usable",
                    certain=False,
                ),
            ),
            (
                r"Could not prepare workload CA certificate|An? error occurred in the key store"
                r"|An error occurred creating the certificate",
                said(
                    "validity.expired",
                    "symptom.key-not-usable",
                    "symptom.not-issued",
                    certain=False,
                ),
            ),
            (
                r"Could not retrieve device information|Reprovision on startup failed",
                said(
                    "symptom.service-not-running",
                    "symptom.cloud-refused",
                    certain=False,
                ),
            ),
            (
                r"Connection reset by peer \(os error 104\)"
                r"|(?<!tcp connect error: )Connection refused \(os error 111\)",
                said(
                    "symptom.service-not-running",
                    "symptom.connection-refused",
                    "symptom.closed-in-handshake",
                    certain=False,
                ),
            ),
        ],
    ),
]
