"""How long before its end a certificate has to be replaced, by its role."""

from typing import NamedTuple

from edgecheck.hierarchy import shapes
from edgecheck.hierarchy.roles import Role, common_name
from edgecheck.hierarchy.shapes import LAST_1_1, NEWEST
from edgecheck.reading.certificate import Certificate
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.rule import INFO, WARNING, Severity
from edgecheck.rules.validity.common import DAY

SOON_1_1, SOON_1_2 = 90 * DAY, 7 * DAY
"""Thresholds of `iotedge check` from 1.1.8 on, and of `aziotctl check`, in seconds."""
DAYS: dict[Role, int] = {
    Role.SERVER: 30,
    Role.DEVICE: 30,
    Role.WORKLOAD_CA: 7,
    Role.DEVICE_CA: 30,
    Role.INTERMEDIATE: 90,
    Role.ROOT: 180,
    Role.OTHER: 30,
}
"""Where nothing else was said: days before the end from which on it is a warning."""
LONGEST = max(DAYS.values()) * DAY
"""The longest of these, in seconds; nothing is urgent before, unless somebody says so."""
_LAST_PART = 3
"""Of a short life, it is the last third: a root that lives 30 days cannot have 180 left."""
_RUNTIMES_MOST = 91 * DAY
"""A little more than the longest life that the runtime gives a server certificate."""
_FIRST_THAT_RENEWS = (1, 3, 0)


class Urgency(NamedTuple):
    """How bad it is that a certificate ends, and the seconds before its end since when it is."""

    severity: Severity
    limit: int


def urgency(certificate: Certificate, left: int, case: Case) -> Urgency | None:
    """Return how urgent it is to replace a certificate; None where there is time.

    `left`: seconds before its end, not negative.
    """
    role = case.role(certificate)
    asked = case.expected.validation.days_before(role)
    if asked is not None:
        return Urgency(WARNING, asked * DAY) if left <= asked * DAY else None
    if _issued_anew(certificate, role):
        return Urgency(INFO, SOON_1_2) if left <= SOON_1_2 else None
    limit = SOON_1_2
    if not _renewed(certificate, role, case):
        life = certificate.not_after - certificate.not_before
        limit = max(SOON_1_2, min(DAYS[role] * DAY, life // _LAST_PART))
    if left <= limit:
        return Urgency(WARNING, limit)
    if left > SOON_1_1:
        return None
    return Urgency(WARNING if checked_by_1_1(certificate, case) else INFO, SOON_1_1)


def checked_by_1_1(certificate: Certificate, case: Case) -> bool | None:
    """Whether `iotedge check` of the runtime looks at it 90 days ahead; None if it may."""
    if case.role(certificate) is not Role.DEVICE_CA:
        return False
    return case.within((1, 1, 8), LAST_1_1)


def _issued_anew(certificate: Certificate, role: Role) -> bool:
    """Whether the runtime makes it anew by itself, as a server certificate and a workload CA.

    A server certificate that lives longer than the runtime's, and is not of the runtime's shape,
    is somebody's own.
    """
    if role is not Role.SERVER:
        return role is Role.WORKLOAD_CA
    lives = certificate.not_after - certificate.not_before
    return (
        lives <= _RUNTIMES_MOST
        or shapes.made_by_certd(certificate)
        or shapes.made_by_libiothsm(certificate)
    )


def _renewed(certificate: Certificate, role: Role, case: Case) -> bool:
    """Whether the runtime renews this device CA by itself, at 80 % of its life."""
    if role is not Role.DEVICE_CA or case.within(_FIRST_THAT_RENEWS, NEWEST) is False:
        return False
    edge_ca = case.device.edge_ca
    if edge_ca is not None:
        return not edge_ca.get("cert") or "method" in edge_ca
    return shapes.QUICKSTART_CA.match(common_name(certificate) or "") is not None
