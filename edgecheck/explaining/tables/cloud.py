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
            r"(?:error|code|status)\w{0,8}\W{1,6}4\d{5}\b",
            said("symptom.cloud-refused", by=OTHER_SIDE),
        ),
        (
            r"\bErrorCode:(?:ArgumentInvalid|\w{0,40}(?:Unauthorized|NotFound|Forbidden|Thumbprint"
            r"|Throttling|QuotaExceeded)\w{0,20})",
            said("symptom.cloud-refused", by=OTHER_SIDE),
        ),
        (
            r"\bDPS\b\W{0,20}4\d\d(?:\d{3})?\b|IotHubUnauthorized|IotHub\w{0,40}Exception.{0,80}(?:Unauthorized|NotFound|Forbidden)"
            r"|CA certificate not found|\bDeviceNotFound|\bDeviceAlreadyExists"
            r"|(?:provisioning|registration).{0,80}\b(?:401|403|404|429)\b"
            r"|Certificate(?:\s+is)? not (?:verified|found).{0,40}(?:hub|dps)"
            r"|UnauthorizedException|(?:Azure|IoT ?Hub|amqp:)\S{0,20}.{0,40}unauthorized-access",
            said("symptom.cloud-refused", by=OTHER_SIDE),
        ),
    ],
)
