"""The errors of NSS that come up, and checks that both of its builders make."""

from edgecheck.behaviour import raw
from edgecheck.hierarchy.signatures import algorithm
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.der import Malformed

LIBRARY, REUSED = "SEC_ERROR_LIBRARY_FAILURE", "SEC_ERROR_REUSED_ISSUER_AND_SERIAL"
SIGNATURE, TIME = "SEC_ERROR_BAD_SIGNATURE", "SEC_ERROR_INVALID_TIME"
EXPIRED, ISSUER_EXPIRED = "SEC_ERROR_EXPIRED_CERTIFICATE", "SEC_ERROR_EXPIRED_ISSUER_CERTIFICATE"
USAGE, TYPE = "SEC_ERROR_INADEQUATE_KEY_USAGE", "SEC_ERROR_INADEQUATE_CERT_TYPE"
CRITICAL, MISMATCH = "SEC_ERROR_UNKNOWN_CRITICAL_EXTENSION", "SEC_ERROR_ALGORITHM_MISMATCH"
UNKNOWN, UNTRUSTED = "SEC_ERROR_UNKNOWN_ISSUER", "SEC_ERROR_UNTRUSTED_ISSUER"
NO_CA, TOO_LONG = "SEC_ERROR_CA_CERT_INVALID", "SEC_ERROR_PATH_LEN_CONSTRAINT_INVALID"
OUTSIDE, DISABLED = (
    "SEC_ERROR_CERT_NOT_IN_NAME_SPACE",
    "SEC_ERROR_CERT_SIGNATURE_ALGORITHM_DISABLED",
)
INVALID, POLICY = "SEC_ERROR_INVALID_ARGS", "SEC_ERROR_POLICY_VALIDATION_FAILED"
BAD_DER, EXTRA = "SEC_ERROR_BAD_DER", "SEC_ERROR_EXTRA_INPUT"
MAPPING = "SEC_ERROR_INVALID_POLICY_MAPPING"
NO_OID, NO_OVERLAP = "SEC_ERROR_UNRECOGNIZED_OID", "SSL_ERROR_NO_CYPHER_OVERLAP"
DOMAIN, WEAK = "SSL_ERROR_BAD_CERT_DOMAIN", "SSL_ERROR_WEAK_SERVER_CERT_KEY"

Place = tuple[str, Certificate]


def unverifiable(subject: Certificate) -> str | None:
    """What is wrong with a certificate whose issuer is still to be found."""
    if subject.signature_algorithm != subject.tbs_signature_algorithm:
        return MISMATCH
    return None


def disabled(subject: Certificate) -> bool:
    """Whether it is signed with a digest that the policy forbids."""
    used = algorithm(subject.signature_algorithm)
    return used.hash is not None and used.hash.name == "md5"


def constraints(issuer: Certificate) -> raw.Constraints | None:
    """Its name constraints; those that cannot be read exclude everything."""
    try:
        return raw.constraints(issuer)
    except Malformed:
        return raw.Constraints(excluded=((raw.DIRECTORY, b"\x30\x00"),))
