"""MQTT: what brokers answer to a login, as clients print it; and what Azure's SDKs make of it."""

import re

from edgecheck.explaining.rows import OTHER_SIDE, Row, Said, rows, said
from edgecheck.rules.engine.rule import Reference

_RETURN_CODES = Reference(
    "OASIS: MQTT 3.1.1, section 3.2.2.3: Connect Return code (4 and 5 are about the login)",
    "https://docs.oasis-open.org/mqtt/mqtt/v3.1.1/os/mqtt-v3.1.1-os.html#_Toc385349256",
)
_SDK = Reference(
    "Azure/azure-iot-sdk-c, iothub_client/inc/iothub_client_core_common.h: "
    "IOTHUB_CLIENT_CONNECTION_STATUS_REASON",
    "https://github.com/Azure/azure-iot-sdk-c/blob/main/iothub_client/inc/"
    "iothub_client_core_common.h",
)
_PUBSUBCLIENT = Reference(
    "PubSubClient, src/PubSubClient.h: MQTT_CONNECT_FAILED (-2) is a connection that never was",
    "https://github.com/knolleary/pubsubclient/blob/v2.8/src/PubSubClient.h",
)
_PYTHON = Reference(
    "Azure/azure-iot-sdk-python, azure-iot-device/azure/iot/device/common/transport_exceptions.py",
    "https://github.com/Azure/azure-iot-sdk-python/tree/main/azure-iot-device/azure/iot/device/common",
)
_LOGIN = said("symptom.login-refused", "symptom.cloud-refused", by=OTHER_SIDE)

_REASONS: dict[int, Said] = {
    **dict.fromkeys((0, 1, 2), _LOGIN),
    3: said("symptom.timed-out", "symptom.refused-without-reason", certain=False),
    4: said("symptom.name-not-resolved", "symptom.timed-out", certain=False),
    5: said("symptom.refused-without-reason", "symptom.closed-in-handshake", certain=False),
    7: said("symptom.timed-out"),
}
"""IOTHUB_CLIENT_CONNECTION_STATUS_REASON by its number; 6 is that all is well."""


def _reason(match: re.Match[str]) -> Said | None:
    return _REASONS.get(int(match[1]))


ROWS = [
    *rows(
        _RETURN_CODES,
        [
            (
                r"Connection Refused\W{1,4}(?:not authori[sz]ed|bad user ?name or password)"
                r"|Bad User ?Name or Password|Connection Not Accepted: 0x0?[45]\b"
                r"|CONNECTION_REFUSED_(?:NOT_AUTHORI[SZ]ED|BAD_USER_?NAME_OR_PASSWORD)"
                r"|MQTT_CONNECT_(?:UNAUTHORIZED|BAD_CREDENTIALS)"
                r"|CONNACK (?:to \S{1,60} )?\(\d, (?:[45]|13[45])\)|CONNACK REFUSED \(CODE: [45]\)"
                r"|connack_string.{0,20}[45]\b|MqttException \([45]\)"
                r"|\bRefused(?:NotAuthorized|BadUsernameOrPassword)\b"
                r"|(?:return|reason|result) code:? [45] ?\(?(?:not authori[sz]ed|bad)",
                _LOGIN,
            ),
            (
                r"Connected with result code (?:[45]\b|Not authorized)|failed, rc ?= ?[45]\b",
                _LOGIN,
            ),
            (
                r"Connection Refused: unacceptable protocol version",
                said("symptom.login-refused", certain=False, by=OTHER_SIDE),
            ),
        ],
    ),
    *rows(
        _SDK,
        [
            (
                r"IOTHUB_CLIENT_CONNECTION_(?:BAD_CREDENTIAL|EXPIRED_SAS_TOKEN|DEVICE_DISABLED)",
                _LOGIN,
            ),
            (
                r"reason:? (?:Bad_?Credential|Expired_?SAS_?Token|Device_?Disabled)\b",
                _LOGIN,
            ),
            (
                r"SSL channel closed",
                said("symptom.closed-in-handshake", by=OTHER_SIDE),
            ),
            (
                r"waiting for CONNACK",
                said("symptom.timed-out"),
            ),
            (
                r"IOTHUB_CLIENT_CONNECTION_NO_NETWORK",
                said(
                    "symptom.name-not-resolved",
                    "symptom.timed-out",
                    "symptom.refused-without-reason",
                    certain=False,
                ),
            ),
        ],
    ),
    *rows(
        _SDK,
        [
            (
                r"reason:? (?:Retry_?Expired|Communication_?Error|No_?Network)\b"
                r"|IOTHUB_CLIENT_CONNECTION_(?:RETRY_EXPIRED|COMMUNICATION_ERROR)"
                r"|failure opening connection to endpoint|io_open failed",
                said(
                    "symptom.refused-without-reason",
                    "symptom.closed-in-handshake",
                    "symptom.timed-out",
                    certain=False,
                ),
            ),
        ],
        vague=True,
    ),
    Row(r"\bresult ?= ?\d, reason ?= ?(\d)\b", _reason, _SDK),
    *rows(
        _PYTHON,
        [
            (r"\bUnauthorizedError\b", _LOGIN),
            (
                r"\bConnectionDroppedError\b",
                said("symptom.closed-in-handshake", certain=False, by=OTHER_SIDE),
            ),
        ],
    ),
    *rows(
        _PYTHON,
        [
            (
                r"\bTlsExchangeAuthError\b|IoTHub client due to TLS exchanges",
                said("symptom.refused-without-reason"),
            ),
        ],
        vague=True,
    ),
    *rows(
        _PUBSUBCLIENT,
        [
            (
                r"(?:failed|state)\b.{0,80}?(?:\brc ?=? ?|= ?)-2\b|MQTT_CONNECT_FAILED",
                said(
                    "symptom.refused-without-reason",
                    "symptom.connection-refused",
                    "symptom.timed-out",
                    certain=False,
                ),
            ),
        ],
        vague=True,
    ),
]
