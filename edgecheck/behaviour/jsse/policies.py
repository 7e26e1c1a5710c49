"""What Java makes of policies (PolicyChecker of sun.security at 17)."""

from collections.abc import Sequence
from typing import Any

from edgecheck.behaviour import policies
from edgecheck.behaviour.jsse.extensions import undecodable
from edgecheck.reading import certificate as reading
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.der import Malformed
from edgecheck.reading.policies import (
    ANY_POLICY,
    READERS,
    PolicyExtensions,
    policy_extensions,
    qualifiers,
)


def heeded(certificate: Certificate) -> PolicyExtensions:
    """The four extensions, without those that Java cannot decode: they count as absent.

    Those are not critical, which would fail the certificate before; Java 17 was asked.
    """
    told = policy_extensions(certificate)
    values: list[Any] = [
        None if _unparseable(kind, certificate) else value
        for kind, value in zip(READERS, told, strict=False)
    ]
    return PolicyExtensions._make((*values, told.wrong))


def _unparseable(kind: bytes, certificate: Certificate) -> bool:
    value = certificate.extensions.get(kind)
    if value is None:
        return False
    if kind == reading.EXT_INHIBIT_ANY_POLICY and kind not in certificate.critical:
        return True  # InhibitAnyPolicyExtension: "Criticality cannot be false"
    return undecodable(kind, value) is not None


def lacks_policy(chain: Sequence[Certificate]) -> Certificate | None:
    """The certificate at which a policy is required and none is left; None where all is well.

    `chain` is without the anchor, target first.
    """
    return policies.lacks_policy(chain, read=heeded)


def maps_any(chain: Sequence[Certificate]) -> Certificate | None:
    """Return the authority at which PolicyChecker.processPolicyMappings stops; None: at none.

    `chain` is without the anchor, target first.
    """
    return policies.maps_any(chain, read=heeded)


def of_any(certificate: Certificate) -> str:
    """Return what it says of an authority that maps any policy."""
    for issuer, subject in heeded(certificate).mappings or ():
        if ANY_POLICY in (issuer, subject):
            told = "an issuerDomainPolicy" if issuer == ANY_POLICY else "a subjectDomainPolicy"
            return f"encountered {told} of ANY_POLICY"
    raise ValueError("it maps no such policy")


def qualified_policies(chain: Sequence[Certificate]) -> Certificate | None:
    """PolicyChecker.processPolicies: where a critical policy, other than any, has a qualifier.

    policyQualifiersRejected is true unless a program says otherwise, and JSSE does not. Nothing is
    looked at where no policy is valid any more. `chain` is without the anchor, target first.
    """
    if not any(reading.EXT_POLICIES in certificate.critical for certificate in chain):
        return None
    for certificate in policies.with_policies(chain, heeded):
        if reading.EXT_POLICIES not in certificate.critical:
            continue
        try:
            found = qualifiers(certificate.extensions[reading.EXT_POLICIES])
        except Malformed:
            continue  # which fails the certificate before
        if any(policy != ANY_POLICY for policy, _ in found):
            return certificate
    return None
