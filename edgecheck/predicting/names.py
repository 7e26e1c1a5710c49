"""Names as each version of the runtime writes them into what it makes.

Source: Azure/iotedge, `edgelet-utils/src/lib.rs` (sanitize_dns_label), `iotedged/src/lib.rs` and
`hsm_certificate_props.c` at 1.1.15; `edgelet-http-workload/src` at 1.2.0 to 1.5.0.
"""

from edgecheck.device import Version
from edgecheck.hierarchy.shapes import LAST_1_1, LAST_1_2
from edgecheck.reading.hostnames import as_address

DNS, IP = 0x82, 0x87
"""Tags of dNSName and iPAddress."""
EDGE_HUB = "$edgeHub"
"""The id of the module that serves downstream devices."""
QUICKSTART_CA_1_1 = "Test Edge Device CA"
WORKLOAD_CA = "iotedged workload ca"
LAST_WITHOUT_NAMES = (1, 0, 5, 99)
_FIRST_WITH_NAMES = (1, 0, 6)
_FIRST_WITH_SHORT_MODULE = (1, 4, 0)
_LONGEST_LABEL = 63
_LONGEST_COMMON_NAME = 64
AltNames = tuple[tuple[int, bytes], ...]


def sanitised(name: str) -> str:
    """Return a name as `sanitize_dns_label` leaves it: a label of RFC 1035, or nothing."""
    text = name
    while text and not (text[0].isascii() and text[0].isalpha()):
        text = text[1:]
    while text and not (text[-1].isascii() and text[-1].isalnum()):
        text = text[:-1]
    kept = (sign for sign in text.lower() if sign.isascii() and (sign.isalnum() or sign == "-"))
    return "".join(kept)[:_LONGEST_LABEL]


def server_name(hostname: str, version: Version) -> str:
    """Return the server certificate's common name: up to 1.2 in lower case, later as configured."""
    return hostname.lower() if version <= LAST_1_2 else hostname


def alt_names(hostname: str, module: str, version: Version) -> AltNames:
    """Return the server certificate's alternative names in order, as (tag, contents).

    Before 1.0.6 there are none; 1.0.6 alone sanitises the host name as well (Azure/iotedge#795).
    Up to 1.1 an IP address is written as a DNS name. 1.2 has the module first.
    """
    if version < _FIRST_WITH_NAMES:
        return ()
    if version <= LAST_1_1:
        host = sanitised(hostname) if version == _FIRST_WITH_NAMES else hostname.lower()
        return _written(_dns(host), _dns(sanitised(module)))
    own = _address_or_dns(server_name(hostname, version))
    if version <= LAST_1_2:
        return _written(_dns(sanitised(module)), own)
    short = module.removeprefix("$") if version >= _FIRST_WITH_SHORT_MODULE else module
    return _written(own, _dns(short))


def quickstart_name(hostname: str, device_id: str | None, version: Version) -> str:
    """Return the common name of the CA that the runtime makes for itself from 1.2 on.

    In 1.2 `iotedge config apply` writes it with the host name; from 1.3 on the daemon does, with
    the device's id, cut off after 64 characters (Azure/iotedge#6288).
    """
    if version <= LAST_1_2:
        return f"{WORKLOAD_CA} {hostname.lower()}"
    return f"aziot-edge CA {device_id}"[:_LONGEST_COMMON_NAME]


def _dns(text: str) -> tuple[int, bytes]:
    return DNS, text.encode("utf-8", "surrogatepass")


def _address_or_dns(text: str) -> tuple[int, bytes]:
    """As Rust's IpAddr reads it: brackets around IPv6 are none of its forms."""
    address = None if text.startswith("[") else as_address(text)
    return _dns(text) if address is None else (IP, address.packed)


def _written(*names: tuple[int, bytes]) -> AltNames:
    """Empty ones are left out."""
    return tuple(name for name in names if name[1])
