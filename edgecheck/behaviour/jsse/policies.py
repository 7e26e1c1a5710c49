"""Qualifiers of critical policies, which Java refuses (PolicyChecker of sun.security at 17)."""

from collections.abc import Sequence

from edgecheck.behaviour.policies import with_policies
from edgecheck.reading import certificate as reading
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.der import Malformed
from edgecheck.reading.policies import ANY_POLICY, qualifiers


def qualified_policies(chain: Sequence[Certificate]) -> Certificate | None:
    """PolicyChecker.processPolicies: where a critical policy, other than any, has a qualifier.

    policyQualifiersRejected is true unless a program says otherwise, and JSSE does not. Nothing is
    looked at where no policy is valid any more. `chain` is without the anchor, target first.
    """
    if not any(reading.EXT_POLICIES in certificate.critical for certificate in chain):
        return None
    for certificate in with_policies(chain):
        if reading.EXT_POLICIES not in certificate.critical:
            continue
        try:
            found = qualifiers(certificate.extensions[reading.EXT_POLICIES])
        except Malformed:
            continue  # which fails the certificate before
        if any(policy != ANY_POLICY for policy, _ in found):
            return certificate
    return None
