"""What is unusual about a path as a whole, as bits beside those of `traits.py`.

Rules that compare the certificates of a path with one another, or with what was asked for, find
nothing on sound gateways. One pass looks for what they are about; each runs only where its bit
(`traits=`) is set. A bit says only that a rule is worth calling.
"""

from edgecheck.hierarchy.hierarchy import Hierarchy
from edgecheck.hierarchy.links import KeyIds, key_ids
from edgecheck.hierarchy.paths import Path
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.hostnames import HOST_NAME
from edgecheck.reading.names import folded
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.traits import EVERY

EQUAL_NAMES = 1 << 60
"""Two certificates of the path may have the same name."""
ALONE = 1 << 61
"""The path is a single certificate."""
EQUAL_KEYS = 1 << 62
EQUAL_KEY_IDS = 1 << 63
"""Two certificates of the path have the same subject key identifier."""
EQUAL_SERIALS = 1 << 64
"""Two certificates, presented or trusted, have the same serial number."""
WRONG_KEY_IDS = 1 << 65
"""An authority key identifier does not fit the issuer, or a root contradicts itself."""
SEVERAL_ISSUERS = 1 << 66
"""By its name, a certificate of the path may have been issued by one of several."""
ANCHOR_BELOW_ROOT = 1 << 67
"""What the path ends in is not issued by itself."""
GATEWAY_AS_CA = 1 << 68
"""The device CA's common name is the server's, or one that somebody asks for."""
INTERMEDIATE_NAME = 1 << 69
"""The device CA calls itself an intermediate."""
ASKED_OTHERWISE = 1 << 70
"""Somebody asks for a name that is not, letter by letter, common name and DNS name of the
server, or that is no host name."""
ODD_ALTERNATIVES = 1 << 71
"""The server's alternative names have an IP address or an asterisk, or lack the module's name."""
NO_SERVER = 1 << 72
"""No server certificate is presented."""
SERVER_IS_CA = 1 << 73
"""The server certificate says CA:TRUE."""
UNNAMED_SERVER = 1 << 74
"""The server's alternative names have no host, or the device's identity certificate is known."""
CLOUD_SERVICE = 1 << 75
"""The server certificate is that of a public service."""

_MISMATCH = KeyIds.MISMATCH


def circumstances(case: Case) -> int:
    """The bits above that hold for a case."""
    hierarchy = case.hierarchy
    path = hierarchy.path
    if path is None:
        return EVERY
    try:
        bits = _of_path(path, hierarchy)
        if hierarchy.device_ca is not None:
            bits |= _of_device_ca(hierarchy.device_ca, case)
        bits |= NO_SERVER if hierarchy.server is None else _of_server(hierarchy.server, case)
    except Unreadable:
        return EVERY  # so every rule looks, and is undecided where it misses the same fact
    return bits


def _of_path(path: Path, hierarchy: Hierarchy) -> int:
    """What certificates of the path have in common. Raises `Unreadable`."""
    bits = 0
    certificates, pool = path.certificates, hierarchy.pool
    size, top = len(certificates), certificates[-1]
    # Names that are equal have as many common names, and the same one if it is one.
    named = [c.subject.common_names for c in certificates]
    if len({folded(names[0]) if len(names) == 1 else "" for names in named}) < size:
        bits |= EQUAL_NAMES
    if size == 1:
        bits |= ALONE
    if len({c.spki for c in certificates}) < size:
        bits |= EQUAL_KEYS
    identifiers = [c.subject_key_id for c in certificates if c.subject_key_id is not None]
    if len(set(identifiers)) < len(identifiers):
        bits |= EQUAL_KEY_IDS
    if len({c.serial for c in pool.everybody}) < len(pool.everybody):
        bits |= EQUAL_SERIALS
    for link in path.links:
        if link.key_ids is _MISMATCH:
            bits |= WRONG_KEY_IDS
        if len(pool.links(link.child)) > 1:
            bits |= SEVERAL_ISSUERS
    if not top.is_self_issued:
        bits |= ANCHOR_BELOW_ROOT
    elif top.authority_key_id is not None and key_ids(top, top) is _MISMATCH:
        bits |= WRONG_KEY_IDS
    return bits


def _of_device_ca(device_ca: Certificate, case: Case) -> int:
    """What its common name tells. Raises `Unreadable`."""
    name = (device_ca.subject.common_name or "").lower()
    bits = INTERMEDIATE_NAME if "intermediate" in name else 0
    server, device = case.hierarchy.server, case.device
    other = server.subject.common_name if server is not None else None
    for text in (
        case.expected.hostname,
        other,
        device.hostname,
        *(device.gateway_host_names or ()),
    ):
        if text is not None and text.lower() == name:
            bits |= GATEWAY_AS_CA
    return bits


def _of_server(server: Certificate, case: Case) -> int:
    """What is asked for, and what the certificate is for. Raises `Unreadable`."""
    bits = SERVER_IS_CA if server.is_ca else 0
    if case.hierarchy.service:
        bits |= CLOUD_SERVICE
    names = server.alt_names
    if names is None or not (names.dns or names.ip) or case.expected.identity_certificate:
        bits |= UNNAMED_SERVER
    dns = names.dns if names is not None else ()
    if names is not None and (
        names.ip or ("edgehub" not in dns and "edgeHub" not in dns) or "*" in "".join(dns)
    ):
        bits |= ODD_ALTERNATIVES
    name = server.subject.common_name
    for asked in (case.expected.hostname, *(case.device.gateway_host_names or ())):
        if asked is None:
            continue
        if asked != name or asked not in dns or not HOST_NAME.fullmatch(asked):
            bits |= ASKED_OTHERWISE
    return bits
