"""Which certificate is what: root, intermediate, device CA, workload CA, hub server.

Structure decides where it can; names are hints that decide between structures that look
alike. Every role carries its reasons.
"""

from enum import StrEnum
from typing import NamedTuple

from edgecheck.hierarchy import shapes
from edgecheck.hierarchy.paths import Ending, Path
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.der import Malformed
from edgecheck.reading.extensions import DIGITAL_SIGNATURE, KEY_CERT_SIGN


class Role(StrEnum):
    """What a certificate is for. Roles have no order: compared, they are words."""

    SERVER = "server"
    DEVICE = "device"
    WORKLOAD_CA = "workload-ca"
    DEVICE_CA = "device-ca"
    INTERMEDIATE = "intermediate"
    ROOT = "root"
    OTHER = "other"


WORDS = {
    Role.SERVER: "hub server certificate",
    Role.DEVICE: "device's certificate",
    Role.WORKLOAD_CA: "workload CA",
    Role.DEVICE_CA: "device CA",
    Role.INTERMEDIATE: "intermediate CA",
    Role.ROOT: "root CA",
    Role.OTHER: "certificate on no path",
}


class Assigned(NamedTuple):
    """A role and why it was given."""

    role: Role
    because: tuple[str, ...]


def common_name(certificate: Certificate) -> str | None:
    """The subject's common name; None where there is none or it cannot be read."""
    try:
        return certificate.subject.common_name
    except (Unreadable, Malformed):
        return None


def common_names(certificate: Certificate) -> tuple[str, ...]:
    """The subject's common names in order; none where they cannot be read."""
    try:
        return certificate.subject.common_names
    except (Unreadable, Malformed):
        return ()


def assign(path: Path, has_server: bool, service: str = "") -> dict[Certificate, Assigned]:
    """Give every certificate of the path its role; the CAs above a public service are no gateway's.

    `service`: what the server certificate is for, where that is one in the cloud.
    """
    roles: dict[Certificate, Assigned] = {}
    authorities = list(path.certificates)
    server = None
    if has_server:
        server = authorities.pop(0)
        roles[server] = Assigned(Role.SERVER, ("the first end-entity certificate",))
    root = None
    if authorities and (
        path.ended is Ending.SELF_SIGNED
        or (path.ended is Ending.ANCHOR and authorities[-1].is_self_issued)
    ):
        root = authorities[-1]
    below = authorities[:-1] if root is not None else authorities
    if service:
        why = f"among the CAs above {service}"
        roles.update(dict.fromkeys(below, Assigned(Role.INTERMEDIATE, (why,))))
    elif below:
        _assign_authorities(below, server, root, roles)
    if root is not None:
        if not below and _quickstart(root):
            why = "signs itself, and carries a name that the runtime gives its own CA"
            roles[root] = Assigned(Role.DEVICE_CA, (why,))
        elif not below and server is None:
            roles[root] = Assigned(Role.ROOT, ("signs itself; nothing below it was given",))
        else:
            roles[root] = Assigned(Role.ROOT, ("signs itself, at the end of the path",))
    return roles


def assign_of_device(path: Path) -> dict[Certificate, Assigned]:
    """Give every certificate above a downstream device's its role; its CAs are no gateway's."""
    target, *above = path.certificates
    roles = {target: Assigned(Role.DEVICE, ("what the device presents",))}
    for certificate in above:
        at_end = certificate is above[-1] and path.ended in (Ending.SELF_SIGNED, Ending.ANCHOR)
        if at_end and certificate.is_self_issued:
            roles[certificate] = Assigned(Role.ROOT, ("signs itself, at the end of the path",))
        else:
            why = "among the CAs above the device's certificate"
            roles[certificate] = Assigned(Role.INTERMEDIATE, (why,))
    return roles


def _quickstart(certificate: Certificate) -> bool:
    return bool(shapes.QUICKSTART_CA.match(common_name(certificate) or ""))


def _assign_authorities(
    below: list[Certificate],
    server: Certificate | None,
    root: Certificate | None,
    roles: dict[Certificate, Assigned],
) -> None:
    """Workload CA, device CA and intermediates among the CAs between server and root."""
    rest = list(below)
    above = rest[1] if len(rest) > 1 else root
    reasons = _workload_reasons(rest[0], above, server)
    if reasons is not None:
        roles[rest.pop(0)] = Assigned(Role.WORKLOAD_CA, reasons)
    if rest:
        why = ["issued the workload CA" if reasons is not None else "issued the server certificate"]
        if server is None and reasons is None:
            why = ["the lowest CA, and no server certificate was given"]
        if (common_name(rest[0]) or "").endswith(".ca"):
            why.append("its name ends in .ca, as the convenience scripts write it")
        roles[rest.pop(0)] = Assigned(Role.DEVICE_CA, tuple(why))
    for certificate in rest:
        roles[certificate] = Assigned(Role.INTERMEDIATE, ("between device CA and root",))


def _libiothsm_ca(certificate: Certificate, above: Certificate) -> bool:
    """Whether a CA is as libiothsm writes a workload CA (edge_pki_openssl.c at 1.1.15)."""
    try:
        constraints, authority = certificate.basic_constraints, certificate.authority_key_id
        return (
            constraints is not None
            and constraints.path_length == 0
            and certificate.key_usage == DIGITAL_SIGNATURE | KEY_CERT_SIGN
            and authority is not None
            and authority.serial is not None
            and certificate.not_after == above.not_after
        )
    except Unreadable:
        return False


def _workload_reasons(
    lowest: Certificate,
    above: Certificate | None,
    server: Certificate | None,
) -> tuple[str, ...] | None:
    """Why the lowest CA is a workload CA; None when it is not.

    What certd signs comes from the device CA itself, whatever that CA is called: an edge CA
    that an EST server issued is named like a workload CA up to 1.2.10.
    """
    if server is not None and shapes.made_by_certd(server):
        return None
    reasons = []
    if shapes.WORKLOAD_CA.match(common_name(lowest) or ""):
        reasons.append("its name is the one that IoT Edge 1.1 gives its workload CA")
    if server is not None and shapes.made_by_libiothsm(server):
        reasons.append("the server certificate has the shape that libiothsm writes")
    if not reasons and server is not None and above is not None and _libiothsm_ca(lowest, above):
        reasons.append("it has the shape of libiothsm's workload CA, and ends when its issuer does")
    return tuple(reasons) or None
