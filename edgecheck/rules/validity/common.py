"""What rules about validity share."""

from edgecheck.hierarchy.roles import Role
from edgecheck.reading.certificate import Certificate
from edgecheck.rules.case import Case

DAY = 86_400
MADE_BY_RUNTIME = (Role.SERVER, Role.WORKLOAD_CA)


def ends_with_issuer(
    certificate: Certificate, case: Case, rule_id: str
) -> tuple[str, Certificate] | None:
    """What the runtime issues is clipped to its issuer's end, and so follows from it."""
    issuer = case.issuer(certificate)
    if (
        issuer is not None
        and case.role(certificate) in MADE_BY_RUNTIME
        and issuer.not_after == certificate.not_after
    ):
        return rule_id, issuer
    return None
