"""What has to be known of a gateway before it can be told which chain its runtime will make."""

import hashlib

from edgecheck.device import Device, parse_runtime
from edgecheck.hierarchy.shapes import LAST_1_1, LAST_1_2
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.hostnames import mistaken
from edgecheck.reading.text import safe
from edgecheck.rules.engine.rule import Need

_KEY = "edge_ca.pk"


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
    if own_key(file, gateway) not in (None, file[0]):
        return "the first certificate of its file is not the one of the configured private key"
    if (gateway.keys or {}).get(_KEY, {}).get("exists") is False:
        return "the device CA's private key is not there"
    return ""


def own_key(file: tuple[Certificate, ...], gateway: Device) -> Certificate | None:
    """Return the certificate of a file that has the configured key; None where none has."""
    have = (gateway.keys or {}).get(_KEY, {}).get("public_key", "")
    wanted = have.replace(":", "").lower()
    for certificate in file:
        try:
            if hashlib.sha256(certificate.spki).hexdigest() == wanted:
                return certificate
        except Unreadable:
            continue
    return None


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
