"""Which page tells more of what stands in the way of a certificate."""

from edgecheck.behaviour.alerts import ALERTS
from edgecheck.reading import obstacles as told

_PAGES = {
    told.NAME_NOT_RESOLVED: "name-not-resolved",
    told.CONNECTION_REFUSED: "connection-refused",
    told.UNREACHABLE: "timed-out",
    told.TIMED_OUT: "timed-out",
    told.NO_ANSWER: "timed-out",
    told.PROTOCOL_VERSION: "protocol-version",
    told.NOT_TLS: "not-tls",
    told.HANDSHAKE_FAILED: "closed-in-handshake",
    told.CLOSED: "closed-in-handshake",
    told.NO_CERTIFICATE: "no-certificate-sent",
}


def symptom_of(obstacle: str, alert: int | None = None) -> str:
    """Return the id of the symptom that a kind of obstacle is; `alert`: the number of one.

    Raises:
        KeyError: an obstacle that only a program's own output has.
    """
    if obstacle == told.ALERT:
        name = ALERTS.get(alert or 0, "") if alert else ""
        return f"symptom.alert-{name.replace('_', '-')}" if name else "symptom.closed-in-handshake"
    return f"symptom.{_PAGES[obstacle]}"
