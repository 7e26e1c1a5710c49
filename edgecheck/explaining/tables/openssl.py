"""OpenSSL: errors of verification by number, text or constant, and those of its error queue.

Python, Node.js, curl, nginx, mosquitto, OpenVPN and others print the same words.
"""

import re

from edgecheck.explaining.rows import THIS_SIDE, Row, Said, rows, said
from edgecheck.report.openssl import ERRORS
from edgecheck.rules.engine.rule import Reference

_VERIFY = Reference(
    "OpenSSL 3.0, crypto/x509/x509_txt.c and include/openssl/x509_vfy.h.in",
    "https://github.com/openssl/openssl/blob/openssl-3.0.0/crypto/x509/x509_txt.c",
)
_QUEUE = Reference(
    "OpenSSL 3.0: ssl/ssl_err.c and apps/s_client.c",
    "https://github.com/openssl/openssl/blob/openssl-3.0.0/ssl/ssl_err.c",
)
_OPENVPN = Reference(
    "OpenVPN 2.6, src/openvpn/ssl_verify.c",
    "https://github.com/OpenVPN/openvpn/blob/v2.6.0/src/openvpn/ssl_verify.c",
)

MEANT: dict[int, tuple[bool, tuple[str, ...]]] = {
    2: (False, ("trust.no-root", "chain.missing-issuer", "trust.root-not-trusted")),
    3: (True, ("path.revocation-unknown",)),
    6: (False, ("input.unreadable-fact", "algorithm.curve", "algorithm.key-kind")),
    7: (False, ("path.same-name-other-key", "path.signature-invalid", "chain.wrong-issuer-first")),
    9: (True, ("validity.not-yet-valid",)),
    10: (True, ("validity.expired",)),
    13: (True, ("encoding.time",)),
    14: (True, ("encoding.time",)),
    18: (False, ("edge.self-signed-server", "naming.device-ca-cn-is-hostname")),
    19: (True, ("trust.root-not-trusted",)),
    20: (False, ("chain.missing-issuer", "trust.root-not-trusted", "chain.server-alone")),
    21: (False, ("chain.missing-issuer", "chain.server-alone", "trust.root-not-trusted")),
    22: (False, ("path.too-deep", "ca.path-length-exceeded")),
    23: (True, ("path.revoked",)),
    25: (True, ("ca.path-length-exceeded",)),
    26: (True, ("path.not-for-this-purpose",)),
    27: (False, ("trust.root-not-trusted", "trust.no-root")),
    28: (False, ("trust.root-not-trusted", "path.not-for-this-purpose")),
    29: (False, ("path.issuer-name-mismatch", "naming.issuer-written-differently")),
    30: (True, ("chain.key-identifier-mismatch",)),
    31: (False, ("chain.key-identifier-mismatch", "extension.half-authority-key-id")),
    32: (True, ("ca.no-cert-sign",)),
    34: (True, ("path.unknown-critical-extension",)),
    41: (False, ("extension.internet-resources", "encoding.extension-undecodable")),
    42: (False, ("path.policy", "encoding.extension-undecodable")),
    43: (True, ("path.policy",)),
    47: (True, ("path.name-constraints",)),
    48: (True, ("path.name-constraints",)),
    51: (False, ("path.name-constraints", "path.unprocessable-extension")),
    62: (True, ("hostname.not-in-san",)),
    64: (False, ("hostname.ip-address", "hostname.not-in-san", "hostname.cn-only")),
    66: (True, ("algorithm.weak-rsa-key",)),
    67: (True, ("algorithm.weak-rsa-key",)),
    68: (True, ("algorithm.weak-signature",)),
    79: (False, ("ca.not-a-ca", "ca.no-cert-sign", "extension.version-not-3")),
    80: (True, ("extension.path-length-without-ca",)),
    81: (False, ("ca.no-cert-sign", "extension.path-length-without-ca")),
    82: (True, ("extension.cert-sign-without-ca",)),
    83: (True, ("extension.empty-subject",)),
    84: (True, ("extension.empty-subject",)),
    85: (True, ("extension.no-authority-key-id",)),
    86: (True, ("extension.no-subject-key-id",)),
    87: (False, ("encoding.alternative-name", "extension.empty-subject")),
    88: (True, ("extension.empty-subject",)),
    89: (True, ("extension.basic-constraints-not-critical",)),
    90: (True, ("extension.must-not-be-critical",)),
    91: (True, ("extension.must-not-be-critical",)),
    92: (True, ("extension.no-key-usage",)),
    93: (True, ("extension.version-not-3",)),
}
"""By the number of OpenSSL 3: whether the first is just what it says; what it can mean, in order.
"""
_CODE = r"(?:verify return code|verification error|verify result|verify code)[\s:=]*(\d{1,2})\b"
_BY_NUMBER = {number: error for error in ERRORS for number in error.numbers}


def verified(number: int) -> Said | None:
    """Return what an error of verification means, by its number; None where no table knows."""
    error = _BY_NUMBER.get(number)
    meant = MEANT.get(error.numbers[0]) if error is not None else None
    return Said(meant[1], meant[0], THIS_SIDE) if meant is not None else None


def _numbered(match: re.Match[str]) -> Said | None:
    return verified(int(match[1]))


def _texts() -> list[Row]:
    """A row for each error: its texts and its constant, which Node.js prints."""
    made = []
    for error in ERRORS:
        means = verified(error.numbers[0])
        if means is None:
            continue
        words = "|".join(
            re.escape(text).replace(r"\ ", r"[ _]").replace(r"\-", "[- ]")
            for text in (error.text, *error.formerly)
        )
        pattern = rf"\b(?:{words})(?! in certificate chain| or is not yet)|\b{error.constant}\b"
        made += rows(_VERIFY, [(pattern, means)])
    return made


ROWS = [
    Row(_CODE, _numbered, _VERIFY),
    Row(r"\berror (\d{1,2}) at \d+ depth lookup", _numbered, _VERIFY),
    Row(r"OpenSSL says error (\d{1,2}) :", _numbered, _VERIFY),
    Row(r"\bverify error:num=(\d{1,2})\b", _numbered, _VERIFY),
    Row(r"\bnum@depth\)?\W{0,3}(\d{1,2})@\d", _numbered, _VERIFY),
    *_texts(),
    *rows(
        _VERIFY,
        [
            (
                r"\bCRL (?:has expired|is not yet valid|signature failure|path validation error)"
                r"|unable to get CRL issuer",
                said("path.revocation-unknown", "symptom.revocation-not-checked"),
            ),
            (
                r"IP address mismatch",
                said("hostname.ip-address", "hostname.not-in-san", certain=False),
            ),
            (
                r"Hostname mismatch, certificate is not valid for|hostname mismatch",
                said("hostname.not-in-san"),
            ),
            (
                r"ERR_TLS_CERT_ALTNAME_INVALID|do(?:es not|esn't) match certificate's altnames"
                r"|hostname '.{1,200}' doesn't match",
                said("hostname.not-in-san"),
            ),
            (
                r"(?:certificate subject(?: name)?|certificate common name|subjectAltName)\b"
                r".{0,200}? (?:does not|do not|doesn't) match"
                r"|no alternative certificate subject name matches",
                said("hostname.not-in-san"),
            ),
        ],
    ),
    *rows(
        _OPENVPN,
        [
            (r"VERIFY KU ERROR", said("extension.server-key-usage")),
            (r"VERIFY EKU ERROR", said("path.not-for-this-purpose")),
            (r"VERIFY X509NAME ERROR", said("hostname.not-in-san")),
        ],
    ),
    *rows(
        _QUEUE,
        [
            (
                r"no peer certificate available",
                said("symptom.no-certificate-sent", by="the other side"),
            ),
            (
                r"certificate verify failed|CERTIFICATE_VERIFY_FAILED|:1416F086:|:0A000086:",
                said("symptom.refused-without-reason"),
            ),
            (
                r"A TLS error occurred|TLS authentication error|SSL certificate problem\b",
                said("symptom.refused-without-reason"),
            ),
        ],
        vague=True,
    ),
]
