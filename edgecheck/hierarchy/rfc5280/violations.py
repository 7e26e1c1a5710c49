"""What can be violated on a path; the judge states it, `rules/` gives it a voice."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from edgecheck.reading.certificate import Certificate


class Kind(StrEnum):
    """Each kind is voiced by exactly one rule, or makes the verdict undecided."""

    SIGNATURE = "signature"
    OTHER_KEY = "other-key"
    EXPIRED = "expired"
    NOT_YET_VALID = "not-yet-valid"
    ISSUER_NAME = "issuer-name"
    NOT_A_CA = "not-a-ca"
    PATH_LENGTH = "path-length"
    NO_CERT_SIGN = "no-cert-sign"
    UNKNOWN_CRITICAL = "unknown-critical"
    PURPOSE = "purpose"
    HOSTNAME = "hostname"
    NAME_CONSTRAINTS = "name-constraints"
    POLICY = "policy"
    REVOKED = "revoked"
    NO_REVOCATION = "no-revocation"
    PROFILE = "profile"
    TOO_DEEP = "too-deep"
    UNTRUSTED_ROOT = "untrusted-root"
    NO_ISSUER = "no-issuer"
    LOOP = "loop"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class PathViolation:
    """One violated step.

    Attributes:
        kind: what was violated.
        certificate: the one that violates it, or whose constraint is violated.
        step: the step of RFC 5280, or the section of another RFC.
        counts: False for what only concerns the trust anchor, which section 6.1 does not
            judge although clients do.
        facts: values that the rule needs for its message.
    """

    kind: Kind
    certificate: Certificate
    step: str
    counts: bool
    facts: Any = None
