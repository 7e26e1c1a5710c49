"""Windows: codes of Schannel and CryptoAPI, by name, in hex, and as signed decimal numbers."""

import re
from collections.abc import Callable

from edgecheck.explaining.rows import THIS_SIDE, Row, Said
from edgecheck.rules.engine.rule import Reference

_SOURCE = Reference(
    "Microsoft: winerror.h, COM error codes (Security and Setup)",
    "https://learn.microsoft.com/windows/win32/com/com-error-codes-4",
)

_C, _P = True, False
CODES: dict[int, tuple[str, bool, tuple[str, ...]]] = {
    0x80090325: ("SEC_E_UNTRUSTED_ROOT", _C, ("trust.root-not-trusted",)),
    0x80090322: ("SEC_E_WRONG_PRINCIPAL", _C, ("hostname.not-in-san",)),
    0x80090327: ("SEC_E_CERT_UNKNOWN", _C, ("symptom.refused-without-reason",)),
    0x80090328: ("SEC_E_CERT_EXPIRED", _C, ("validity.expired",)),
    0x80090349: ("SEC_E_CERT_WRONG_USAGE", _C, ("path.not-for-this-purpose",)),
    0x80090326: (
        "SEC_E_ILLEGAL_MESSAGE",
        _P,
        ("symptom.alert-handshake-failure", "symptom.closed-in-handshake", "symptom.not-tls"),
    ),
    0x80090318: (
        "SEC_E_INCOMPLETE_MESSAGE",
        _P,
        ("symptom.closed-in-handshake", "symptom.not-tls"),
    ),
    0x80090330: (
        "SEC_E_DECRYPT_FAILURE",
        _P,
        ("symptom.closed-in-handshake", "symptom.protocol-version"),
    ),
    0x8009030F: ("SEC_E_MESSAGE_ALTERED", _P, ("symptom.closed-in-handshake", "symptom.not-tls")),
    0x80090321: ("SEC_E_BUFFER_TOO_SMALL", _P, ("chain.large",)),
    0x8009030C: ("SEC_E_LOGON_DENIED", _P, ("symptom.login-refused",)),
    0x80090331: ("SEC_E_ALGORITHM_MISMATCH", _C, ("symptom.protocol-version",)),
    0x80090302: ("SEC_E_UNSUPPORTED_FUNCTION", _P, ("symptom.protocol-version",)),
    0x80090308: ("SEC_E_INVALID_TOKEN", _P, ("symptom.not-tls", "symptom.protocol-version")),
    0x8009030D: ("SEC_E_UNKNOWN_CREDENTIALS", _C, ("symptom.key-not-usable",)),
    0x8009030E: ("SEC_E_NO_CREDENTIALS", _C, ("symptom.key-not-usable",)),
    0x80090320: ("SEC_E_INCOMPLETE_CREDENTIALS", _C, ("symptom.no-certificate-sent",)),
    0x80090304: (
        "SEC_E_INTERNAL_ERROR",
        _P,
        ("symptom.key-not-usable", "symptom.closed-in-handshake", "symptom.protocol-version"),
    ),
    0x80090016: ("NTE_BAD_KEYSET", _C, ("symptom.key-not-usable",)),
    0x8009000D: ("NTE_NO_KEY", _C, ("symptom.key-not-usable",)),
    0x8009000B: ("NTE_BAD_KEY_STATE", _C, ("symptom.key-not-usable",)),
    0x80090010: ("NTE_PERM", _C, ("symptom.key-not-usable",)),
    0x80070056: ("ERROR_INVALID_PASSWORD", _C, ("symptom.wrong-password",)),
    0x80070005: ("E_ACCESSDENIED", _C, ("symptom.file-not-readable",)),
    0x80070002: ("ERROR_FILE_NOT_FOUND", _C, ("symptom.file-not-found",)),
    0x80072EE7: ("ERROR_INTERNET_NAME_NOT_RESOLVED", _C, ("symptom.name-not-resolved",)),
    0x80072EFD: ("ERROR_INTERNET_CANNOT_CONNECT", _C, ("symptom.connection-refused",)),
    0x80072EE2: ("ERROR_INTERNET_TIMEOUT", _C, ("symptom.timed-out",)),
    0x80072EFE: ("ERROR_INTERNET_CONNECTION_ABORTED", _C, ("symptom.closed-in-handshake",)),
    0x80072F05: (
        "ERROR_WINHTTP_SECURE_CERT_DATE_INVALID",
        _P,
        ("validity.expired", "validity.not-yet-valid"),
    ),
    0x80072F06: ("ERROR_WINHTTP_SECURE_CERT_CN_INVALID", _C, ("hostname.not-in-san",)),
    0x80072F0D: (
        "ERROR_WINHTTP_SECURE_INVALID_CA",
        _P,
        ("trust.root-not-trusted", "chain.missing-issuer"),
    ),
    0x80072F8F: ("ERROR_WINHTTP_SECURE_FAILURE", _C, ("symptom.refused-without-reason",)),
    0x80092010: ("CRYPT_E_REVOKED", _C, ("path.revoked",)),
    0x80092011: ("CRYPT_E_NO_REVOCATION_DLL", _C, ("symptom.revocation-not-checked",)),
    0x80092012: ("CRYPT_E_NO_REVOCATION_CHECK", _C, ("symptom.revocation-not-checked",)),
    0x80092013: ("CRYPT_E_REVOCATION_OFFLINE", _C, ("symptom.revocation-not-checked",)),
    0x8009200C: ("CRYPT_E_NO_KEY_PROPERTY", _C, ("symptom.key-not-usable",)),
    0x8009200D: ("CRYPT_E_NO_DECRYPT_CERT", _P, ("symptom.key-not-usable",)),
    0x80092009: ("CRYPT_E_NO_MATCH", _P, ("input.not-a-certificate",)),
    0x80092002: ("CRYPT_E_BAD_ENCODE", _P, ("input.not-a-certificate",)),
    0x80093100: ("CRYPT_E_ASN1_ERROR", _P, ("input.malformed-certificate",)),
    0x80093102: ("CRYPT_E_ASN1_EOD", _P, ("input.trailing-data", "input.malformed-certificate")),
    0x8009310B: ("CRYPT_E_ASN1_BADTAG", _P, ("input.not-a-certificate",)),
    0x80096004: (
        "TRUST_E_CERT_SIGNATURE",
        _P,
        ("path.signature-invalid", "path.same-name-other-key"),
    ),
    0x80096019: (
        "TRUST_E_BASIC_CONSTRAINTS",
        _P,
        ("ca.not-a-ca", "ca.path-length-exceeded"),
    ),
    0x800B0101: ("CERT_E_EXPIRED", _P, ("validity.expired", "validity.not-yet-valid")),
    0x800B0102: ("CERT_E_VALIDITYPERIODNESTING", _C, ("validity.outlives-issuer",)),
    0x800B0103: ("CERT_E_ROLE", _C, ("ca.not-a-ca",)),
    0x800B0104: ("CERT_E_PATHLENCONST", _C, ("ca.path-length-exceeded",)),
    0x800B0105: ("CERT_E_CRITICAL", _C, ("path.unknown-critical-extension",)),
    0x800B0106: ("CERT_E_PURPOSE", _C, ("path.not-for-this-purpose",)),
    0x800B0107: ("CERT_E_ISSUERCHAINING", _C, ("path.issuer-name-mismatch",)),
    0x800B0108: ("CERT_E_MALFORMED", _C, ("input.malformed-certificate",)),
    0x800B0109: ("CERT_E_UNTRUSTEDROOT", _C, ("trust.root-not-trusted",)),
    0x800B010A: (
        "CERT_E_CHAINING",
        _P,
        ("chain.missing-issuer", "trust.root-not-trusted"),
    ),
    0x800B010C: ("CERT_E_REVOKED", _C, ("path.revoked",)),
    0x800B010D: ("CERT_E_UNTRUSTEDTESTROOT", _C, ("trust.root-not-trusted",)),
    0x800B010E: ("CERT_E_REVOCATION_FAILURE", _C, ("symptom.revocation-not-checked",)),
    0x800B010F: ("CERT_E_CN_NO_MATCH", _C, ("hostname.not-in-san",)),
    0x800B0110: ("CERT_E_WRONG_USAGE", _C, ("path.not-for-this-purpose",)),
    0x800B0112: ("CERT_E_UNTRUSTEDCA", _C, ("trust.root-not-trusted",)),
    0x800B0113: ("CERT_E_INVALID_POLICY", _C, ("path.policy",)),
    0x800B0114: ("CERT_E_INVALID_NAME", _C, ("path.name-constraints",)),
}
"""By the code: its name, whether the first meaning is just what it says, and the meanings."""

TRUST_STATUS: dict[str, tuple[bool, tuple[str, ...]]] = {
    "IS_UNTRUSTED_ROOT": (_C, ("trust.root-not-trusted",)),
    "IS_PARTIAL_CHAIN": (_P, ("chain.missing-issuer", "trust.root-not-trusted")),
    "IS_NOT_TIME_VALID": (_P, ("validity.expired", "validity.not-yet-valid")),
    "IS_REVOKED": (_C, ("path.revoked",)),
    "REVOCATION_STATUS_UNKNOWN": (_C, ("symptom.revocation-not-checked",)),
    "IS_OFFLINE_REVOCATION": (_C, ("symptom.revocation-not-checked",)),
    "IS_NOT_SIGNATURE_VALID": (_P, ("path.signature-invalid", "path.same-name-other-key")),
    "IS_NOT_VALID_FOR_USAGE": (_C, ("path.not-for-this-purpose",)),
    "INVALID_BASIC_CONSTRAINTS": (_P, ("ca.not-a-ca", "ca.path-length-exceeded")),
    "INVALID_NAME_CONSTRAINTS": (_C, ("path.name-constraints",)),
    "HAS_NOT_PERMITTED_NAME_CONSTRAINT": (_C, ("path.name-constraints",)),
    "HAS_EXCLUDED_NAME_CONSTRAINT": (_C, ("path.name-constraints",)),
    "HAS_WEAK_SIGNATURE": (_C, ("algorithm.weak-signature",)),
}
"""CERT_TRUST_..., the error status of CertGetCertificateChain, without that beginning."""


def _trust(match: re.Match[str]) -> Said | None:
    meant = TRUST_STATUS.get(match[1].upper())
    return Said(meant[1], meant[0], THIS_SIDE) if meant is not None else None


_BY_NAME = {name: code for code, (name, _, _) in CODES.items()}
_WORDS: dict[str, int] = {
    "issued by an authority that is not trusted": 0x80090325,
    "The target principal name is incorrect": 0x80090322,
    "The received certificate has expired": 0x80090328,
    "unknown error occurred while processing the certificate": 0x80090327,
    "do not possess a common algorithm": 0x80090331,
    "revocation function was unable to check revocation": 0x80092012,
    "unable to check revocation because the revocation server was offline": 0x80092013,
    "certificate is revoked": 0x80092010,
    "terminated in a root certificate which is not trusted": 0x800B0109,
    "could not be built to a trusted root authority": 0x800B010A,
    "CN name does not match the passed value": 0x800B010F,
    "not valid for the requested usage": 0x800B0110,
    "required certificate is not within its validity period": 0x800B0101,
    "Local Security Authority cannot be contacted": 0x80090304,
    "specified data could not be decrypted": 0x80090330,
    "Keyset does not exist": 0x80090016,
    "The specified network password is not correct": 0x80070056,
    "message received was unexpected or badly formatted": 0x80090326,
    "The token supplied to the function is invalid": 0x80090308,
    "credentials supplied to the package were not recognized": 0x8009030D,
    "basic constraint extension of a certificate has not been observed": 0x80096019,
}
"""The English sentences that FormatMessage gives for some of them."""


def _meant(code: int) -> Said | None:
    if code not in CODES:
        return None
    _, certain, ids = CODES[code]
    return Said(ids, certain, THIS_SIDE)


def _hex(match: re.Match[str]) -> Said | None:
    return _meant(0x80000000 | int(match[1], 16))


def _decimal(match: re.Match[str]) -> Said | None:
    return _meant(int(match[1]) & 0xFFFFFFFF)


def _name(match: re.Match[str]) -> Said | None:
    return _meant(_BY_NAME[match[0].upper()])


def _sentence(code: int) -> Callable[[re.Match[str]], Said | None]:
    return lambda _: _meant(code)


_HTTP: dict[int, int] = {
    12002: 0x80072EE2,
    12007: 0x80072EE7,
    12029: 0x80072EFD,
    12030: 0x80072EFE,
    12037: 0x80072F05,
    12038: 0x80072F06,
    12045: 0x80072F0D,
    12057: 0x80092012,
    12157: 0x80090331,
    12170: 0x80092010,
    12175: 0x80072F8F,
    12179: 0x800B0110,
}
"""Errors of WinHTTP and WinINet by their number, as the same in `CODES`."""
_FLAGS = {
    "REV_FAILED": 0x80092012,
    "CERT_REVOKED": 0x80092010,
    "INVALID_CA": 0x80072F0D,
    "CERT_CN_INVALID": 0x80072F06,
    "CERT_DATE_INVALID": 0x80072F05,
    "CERT_WRONG_USAGE": 0x800B0110,
}
"""WINHTTP_CALLBACK_STATUS_FLAG_..., without that beginning."""


def _http(match: re.Match[str]) -> Said | None:
    return _meant(_HTTP.get(int(match[1]), 0))


def _flag(match: re.Match[str]) -> Said | None:
    return _meant(_FLAGS.get(match[1].upper(), 0))


ROWS = [
    Row(r"(?:winhttp|wininet|internet)\w*\b.{0,60}?\b(12[01]\d\d)\b", _http, _SOURCE),
    Row(r"\berror:? (12[01]\d\d)\b(?=.*winhttp)", _http, _SOURCE),
    Row(r"\bWINHTTP_CALLBACK_STATUS_FLAG_([A-Z_]+)", _flag, _SOURCE),
    Row(r"\bCERT_TRUST_([A-Z_]+)", _trust, _SOURCE),
    Row(r"\b0x80([0-9A-F]{6})\b", _hex, _SOURCE),
    Row(r"(?<![\w.])(-21[0-9]{8}|214(?:7|8)[0-9]{6})(?![\w.])", _decimal, _SOURCE),
    Row(rf"\b(?:{'|'.join(sorted(_BY_NAME))})\b", _name, _SOURCE),
    *(Row(re.escape(words), _sentence(code), _SOURCE) for words, code in _WORDS.items()),
]
