"""What can be violated on a path; the judge states it, `rules/` gives it a voice."""

from enum import StrEnum
from typing import TYPE_CHECKING

from edgecheck.hierarchy.links import Link
from edgecheck.hierarchy.rfc5280.constraints import Breach
from edgecheck.hierarchy.rfc5280.policies import Why
from edgecheck.reading.certificate import Certificate
from edgecheck.values import frozen

if TYPE_CHECKING:
    from edgecheck.hierarchy.rfc5280.revocation_status import Status


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
    UNPROCESSABLE = "unprocessable"
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


@frozen
class PathViolation:
    """One violated step; where a rule needs values for its message, a class below has them.

    Attributes:
        kind: what was violated.
        certificate: the one that violates it, or whose constraint is violated.
        step: the step of RFC 5280, or the section of another RFC.
        counts: False for what only concerns the trust anchor, which section 6.1 does not
            judge although clients do.
    """

    kind: Kind
    certificate: Certificate
    step: str
    counts: bool


@frozen
class LinkViolation(PathViolation):
    """SIGNATURE, OTHER_KEY, ISSUER_NAME: what joins the certificate to its issuer."""

    link: Link


@frozen
class LengthViolation(PathViolation):
    """PATH_LENGTH: the CA certificate that is one too many."""

    below: Certificate


@frozen
class DepthViolation(PathViolation):
    """TOO_DEEP: how many CA certificates there are between the target and the anchor."""

    between: int


@frozen
class CriticalViolation(PathViolation):
    """UNKNOWN_CRITICAL: the contents of the extensions' object identifiers, sorted."""

    extensions: tuple[bytes, ...]


@frozen
class ContentsViolation(PathViolation):
    """UNPROCESSABLE: the contents of the extension's object identifier, and what is wrong."""

    extension: bytes
    told: str


@frozen
class PurposeViolation(PathViolation):
    """PURPOSE: the purposes that extKeyUsage has, dotted."""

    usages: tuple[str, ...]


@frozen
class HostViolation(PathViolation):
    """HOSTNAME: the name that was asked for."""

    asked: str


@frozen
class ConstraintViolation(PathViolation):
    """NAME_CONSTRAINTS: the name, and the constraints that it breaks."""

    breach: Breach


@frozen
class PolicyViolation(PathViolation):
    """POLICY: where policies were required, and where they were lost."""

    why: Why


@frozen
class RevocationViolation(PathViolation):
    """REVOKED, NO_REVOCATION: what the given CRLs say, and which could not be used."""

    status: "Status"


@frozen
class ProfileViolation(PathViolation):
    """PROFILE: what the certificate breaks, in words."""

    told: str


@frozen
class Undecidable(PathViolation):
    """UNDECIDED: why the step could not be decided."""

    because: str
