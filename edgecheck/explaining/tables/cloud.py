"""What IoT Hub and the Device Provisioning Service answer."""

from edgecheck.explaining.rows import OTHER_SIDE, rows, said
from edgecheck.rules.engine.rule import Reference

_SOURCE = Reference(
    "Microsoft: Troubleshoot Azure IoT Hub error codes; DPS error codes",
    "https://learn.microsoft.com/azure/iot-hub/troubleshoot-error-codes",
)

ROWS = rows(
    _SOURCE,
    [
        (
            r"\bDPS\b\W{0,20}4\d\d\b|\"?errorCode\"?\W{1,4}4\d{5}\b|\b40[0-9]00[0-9]\b"
            r"|IotHubUnauthorized|IotHub\w*Exception.{0,80}(?:Unauthorized|NotFound|Forbidden)"
            r"|CA certificate not found|DeviceNotFound|DeviceAlreadyExists"
            r"|(?:provisioning|registration).{0,80}\b(?:401|403|404|429)\b"
            r"|Certificate(?:\s+is)? not (?:verified|found).{0,40}(?:hub|dps)",
            said("symptom.cloud-refused", by=OTHER_SIDE),
        ),
    ],
)
