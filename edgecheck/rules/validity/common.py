"""What rules about validity share."""

from edgecheck.hierarchy.roles import Role
from edgecheck.reading.certificate import Certificate
from edgecheck.rules.engine.case import Case

DAY = 86_400


def made_by_runtime(certificate: Certificate, case: Case) -> bool:
    """Whether it has a role whose certificates the runtime issues, and issues anew."""
    return case.role(certificate) in (Role.SERVER, Role.WORKLOAD_CA)


def ends_with_issuer(
    certificate: Certificate, case: Case, rule_id: str
) -> tuple[str, Certificate] | None:
    """What the runtime issues is clipped to its issuer's end, and so follows from it."""
    issuer = case.issuer(certificate)
    if (
        issuer is not None
        and made_by_runtime(certificate, case)
        and issuer.not_after == certificate.not_after
    ):
        return rule_id, issuer
    return None
