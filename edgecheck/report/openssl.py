"""OpenSSL's verification errors: numbers, constants, and wordings of various versions.

Most clients that IoT Edge meets say one of them: OpenSSL and Python the text and the number,
Node.js the constant without `X509_V_ERR_`.
"""

from typing import NamedTuple


class VerifyError(NamedTuple):
    """One error: its text in OpenSSL 3, its numbers, its constant, and its other wordings."""

    text: str
    numbers: tuple[int, ...]
    constant: str
    formerly: tuple[str, ...] = ()


_E = VerifyError
ERRORS = (
    _E("unable to get issuer certificate", (2,), "UNABLE_TO_GET_ISSUER_CERT"),
    _E("unable to get certificate CRL", (3,), "UNABLE_TO_GET_CRL"),
    _E("unable to decode issuer public key", (6,), "UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY"),
    _E("certificate signature failure", (7,), "CERT_SIGNATURE_FAILURE"),
    _E("certificate is not yet valid", (9,), "CERT_NOT_YET_VALID"),
    _E("certificate has expired", (10,), "CERT_HAS_EXPIRED"),
    _E("format error in certificate's notBefore field", (13,), "ERROR_IN_CERT_NOT_BEFORE_FIELD"),
    _E("format error in certificate's notAfter field", (14,), "ERROR_IN_CERT_NOT_AFTER_FIELD"),
    _E(
        "self-signed certificate in certificate chain",
        (19,),
        "SELF_SIGNED_CERT_IN_CHAIN",
        ("self signed certificate in certificate chain",),
    ),
    _E(
        "self-signed certificate",
        (18,),
        "DEPTH_ZERO_SELF_SIGNED_CERT",
        ("self signed certificate",),
    ),
    _E("unable to get local issuer certificate", (20,), "UNABLE_TO_GET_ISSUER_CERT_LOCALLY"),
    _E("unable to verify the first certificate", (21,), "UNABLE_TO_VERIFY_LEAF_SIGNATURE"),
    _E("certificate chain too long", (22,), "CERT_CHAIN_TOO_LONG"),
    _E("certificate revoked", (23,), "CERT_REVOKED"),
    _E("invalid CA certificate", (79, 24), "INVALID_CA"),
    _E("path length constraint exceeded", (25,), "PATH_LENGTH_EXCEEDED"),
    _E(
        "unsuitable certificate purpose",
        (26,),
        "INVALID_PURPOSE",
        ("unsupported certificate purpose",),
    ),
    _E("certificate not trusted", (27,), "CERT_UNTRUSTED"),
    _E("certificate rejected", (28,), "CERT_REJECTED"),
    _E("subject issuer mismatch", (29,), "SUBJECT_ISSUER_MISMATCH"),
    _E("authority and subject key identifier mismatch", (30,), "AKID_SKID_MISMATCH"),
    _E("authority and issuer serial number mismatch", (31,), "AKID_ISSUER_SERIAL_MISMATCH"),
    _E("key usage does not include certificate signing", (32,), "KEYUSAGE_NO_CERTSIGN"),
    _E("unhandled critical extension", (34,), "UNHANDLED_CRITICAL_EXTENSION"),
    _E("invalid or inconsistent certificate extension", (41,), "INVALID_EXTENSION"),
    _E("invalid or inconsistent certificate policy extension", (42,), "INVALID_POLICY_EXTENSION"),
    _E("no explicit policy", (43,), "NO_EXPLICIT_POLICY"),
    _E("permitted subtree violation", (47,), "PERMITTED_VIOLATION"),
    _E("excluded subtree violation", (48,), "EXCLUDED_VIOLATION"),
    _E("unsupported name constraint type", (51,), "UNSUPPORTED_CONSTRAINT_TYPE"),
    _E("hostname mismatch", (62,), "HOSTNAME_MISMATCH"),
    _E("IP address mismatch", (64,), "IP_ADDRESS_MISMATCH"),
    _E("EE certificate key too weak", (66,), "EE_KEY_TOO_SMALL"),
    _E("CA certificate key too weak", (67,), "CA_KEY_TOO_SMALL"),
    _E("CA signature digest algorithm too weak", (68,), "CA_MD_TOO_WEAK"),
    _E(
        "Path length invalid for non-CA cert",
        (80,),
        "PATHLEN_INVALID_FOR_NON_CA",
    ),
    _E(
        "Path length given without key usage keyCertSign",
        (81,),
        "PATHLEN_WITHOUT_KU_KEY_CERT_SIGN",
    ),
    _E(
        "Key usage keyCertSign invalid for non-CA cert",
        (82,),
        "KU_KEY_CERT_SIGN_INVALID_FOR_NON_CA",
    ),
    _E("Issuer name empty", (83,), "ISSUER_NAME_EMPTY"),
    _E("Subject name empty", (84,), "SUBJECT_NAME_EMPTY"),
    _E("Missing Authority Key Identifier", (85,), "MISSING_AUTHORITY_KEY_IDENTIFIER"),
    _E("Missing Subject Key Identifier", (86,), "MISSING_SUBJECT_KEY_IDENTIFIER"),
    _E("Empty Subject Alternative Name extension", (87,), "EMPTY_SUBJECT_ALT_NAME"),
    _E(
        "Subject empty and Subject Alt Name extension not critical",
        (88,),
        "EMPTY_SUBJECT_SAN_NOT_CRITICAL",
    ),
    _E("Basic Constraints of CA cert not marked critical", (89,), "CA_BCONS_NOT_CRITICAL"),
    _E("Authority Key Identifier marked critical", (90,), "AUTHORITY_KEY_IDENTIFIER_CRITICAL"),
    _E("Subject Key Identifier marked critical", (91,), "SUBJECT_KEY_IDENTIFIER_CRITICAL"),
    _E("CA cert does not include key usage extension", (92,), "CA_CERT_MISSING_KEY_USAGE"),
    _E("Using cert extension requires at least X509v3", (93,), "EXTENSIONS_REQUIRE_VERSION_3"),
)
"""Those that an IoT Edge gateway can cause. Before 3.0, 79 was 24."""
