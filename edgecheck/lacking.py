"""What has to be known of a gateway before it can be told which chain its runtime will make."""

from collections.abc import Sequence

from edgecheck.device import Device, parse_runtime
from edgecheck.hierarchy.shapes import LAST_1_1, LAST_1_2
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.hostnames import mistaken
from edgecheck.reading.text import safe
from edgecheck.rules.device.whose import KEY, device_ca_in
from edgecheck.rules.engine.rule import Need


def lacking(gateway: Device, file: tuple[Certificate, ...]) -> str:
    """Return which fact is missing, in words that are safe to print; empty where none is.

    Args:
        gateway: what is known of it.
        file: the certificates of its device CA's file.
    """
    if gateway.runtime is None:
        return Need.RUNTIME
    if not gateway.hostname:
        return "the configuration names no host (`hostname`)"
    if (wrong := mistaken(gateway.hostname)) is not None:
        return f"the configured host name is {wrong[0]}"
    if gateway.device_ca_file is None:
        return _of_its_own(gateway)
    if not file:
        return "no certificate could be read from the device CA's file"
    if own(file, gateway) is not file[0]:
        return "the first certificate of its file is not the one of the configured private key"
    if (gateway.keys or {}).get(KEY, {}).get("exists") is False:
        return "the device CA's private key is not there"
    return ""


def own(file: Sequence[Certificate], gateway: Device) -> Certificate:
    """Return the device CA in its file, as the configured key tells it; else the first.

    Args:
        file: at least one certificate.
        gateway: what is known of its keys.
    """
    have = (gateway.keys or {}).get(KEY, {}).get("public_key", "")
    try:
        return file[device_ca_in(file, have)[0]]
    except Unreadable:
        return file[0]


def _of_its_own(gateway: Device) -> str:
    """Return what is not known of the device CA that the runtime makes or has issued, if any."""
    version = parse_runtime(gateway.runtime or "")
    if version <= LAST_1_1:
        if gateway.certificates is None:
            return Need.DEVICE_CA_FILE
        configured = gateway.certificates.get("device_ca_cert")
        return _UNREAD if configured else ""
    if gateway.edge_ca is None:
        return Need.DEVICE_CA_FILE
    method = gateway.edge_ca.get("method")
    if method in ("est", "local_ca"):
        return f"certd has not yet issued the device CA (method {safe(str(method), 20)})"
    if method is not None:
        return f"what certd will issue as device CA (method {safe(str(method), 20)}) is not known"
    if "cert" in gateway.edge_ca or "pk" in gateway.edge_ca:
        return _UNREAD
    if version > LAST_1_2 and gateway.device_id is None:
        return "the device's id, which names the CA that the runtime makes, is not known"
    return ""


_UNREAD = "the device CA's file could not be read"
