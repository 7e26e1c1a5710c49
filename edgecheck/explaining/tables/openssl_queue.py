"""OpenSSL's error queue: reasons of its libraries, as text and as constants.

Python prints `WRONG_VERSION_NUMBER`, Node.js `ERR_SSL_WRONG_VERSION_NUMBER`, all others the words.
"""

import re

from edgecheck.explaining.rows import OTHER_SIDE, Row, Said, rows, said
from edgecheck.rules.engine.rule import Reference

_SSL = Reference(
    "OpenSSL 3.0, ssl/ssl_err.c",
    "https://github.com/openssl/openssl/blob/openssl-3.0.0/ssl/ssl_err.c",
)
_CRYPTO = Reference(
    "OpenSSL 3.0, crypto/pem/pem_err.c, crypto/x509/x509_err.c, crypto/evp/evp_err.c, "
    "crypto/asn1/asn1_err.c and crypto/pkcs12/pk12err.c",
    "https://github.com/openssl/openssl/blob/openssl-3.0.0/crypto/pem/pem_err.c",
)
_APPS = Reference(
    "OpenSSL 3.0, apps/lib/apps.c",
    "https://github.com/openssl/openssl/blob/openssl-3.0.0/apps/lib/apps.c",
)


def _reason(texts: str) -> str:
    """A pattern for reasons, with | between them, in words or as the end of a constant."""
    return rf"(?<![a-z])(?:{re.sub(' ', '[ _]', texts)})(?![a-z])"


def _reasons(source: Reference, table: list[tuple[str, Said]], vague: bool = False) -> list[Row]:
    return rows(source, [(_reason(texts), means) for texts, means in table], vague)


ROWS = [
    *_reasons(
        _SSL,
        [
            ("wrong version number", said("symptom.not-tls")),
            (
                "unsupported protocol|no protocols available|version too low"
                "|unsupported ssl version"
                "|wrong ssl version|inappropriate fallback|version too high",
                said("symptom.protocol-version"),
            ),
            (
                "no shared cipher|no ciphers available|no cipher match|no suitable key share"
                "|no suitable signature algorithm|no suitable groups|no shared groups"
                "|no suitable digest algorithm|unsafe legacy renegotiation disabled"
                "|dh key too small"
                "|wrong cipher returned|no shared signature algorithms|unknown cipher returned",
                said("symptom.protocol-version"),
            ),
            (
                "peer did not return a certificate|no certificates returned",
                said("symptom.no-certificate-sent", by=OTHER_SIDE),
            ),
            (
                "no certificate assigned|no private key assigned",
                said("symptom.key-not-usable", "symptom.no-certificate-sent", certain=False),
            ),
            (
                "unexpected eof while reading|EOF occurred in violation of protocol",
                said("symptom.closed-in-handshake", by=OTHER_SIDE),
            ),
            (
                "unexpected message|packet length too long|record length mismatch"
                "|encrypted length too long|bad packet length|data length too long"
                "|unknown protocol",
                said("symptom.not-tls", "symptom.closed-in-handshake", certain=False),
            ),
            ("excessive message size", said("chain.large")),
            (
                "wrong certificate type|unknown certificate type|bad ecc cert|wrong curve"
                "|unsupported elliptic curve",
                said("algorithm.curve", "algorithm.key-kind", certain=False),
            ),
            ("ca md too weak", said("algorithm.weak-signature", certain=False)),
            ("ee key too small|ca key too small", said("algorithm.weak-rsa-key", certain=False)),
        ],
    ),
    *rows(
        _SSL,
        [
            (
                r"SSL routines:\w*:https?[ _](?:proxy[ _])?request"
                r"|SSL(?:: |_)HTTPS?_(?:PROXY_)?REQUEST",
                said("symptom.not-tls"),
            ),
            (r"SSL_ERROR_SYSCALL", said("symptom.closed-in-handshake", by=OTHER_SIDE)),
            (
                r"(?:use_certificate|certificate_chain_file)\w*:+\s*"
                r"(?:ee key too small|ca (?:key too small|md too weak))",
                said("symptom.own-certificate-too-weak"),
            ),
            (
                r"SSL routines:\w*:bad signature|cert_verify\w*:.{0,40}wrong signature",
                said("device.key-mismatch", "chain.server-not-first", certain=False),
            ),
            (
                r"SSL routines:\w*:(?:cert length mismatch|ASN1 lib)\b",
                said(
                    "input.malformed-certificate",
                    "input.trailing-data",
                    "encoding.not-der",
                    certain=False,
                ),
            ),
            (
                r"\[SSL\] PEM lib|SSL_CTX_use_PrivateKey\w*:PEM lib|\w*certificate\w*:PEM lib",
                said(
                    "input.no-certificate",
                    "symptom.key-not-usable",
                    "device.key-encrypted",
                    certain=False,
                ),
            ),
        ],
    ),
    *_reasons(
        _CRYPTO,
        [
            ("key values mismatch|key type mismatch", said("device.key-mismatch")),
            ("(?:utctime|generalizedtime) is too short", said("encoding.time")),
            (
                "bad password read|problems getting password|empty password",
                said("device.key-encrypted"),
            ),
            (
                "no start line(?! ?:[^ ]{0,80}Expecting: (?:ANY )?(?:[A-Z]{2,3} )?PRIVATE)",
                said(
                    "input.no-certificate",
                    "input.der",
                    "input.broken-marker",
                    "input.missing-begin",
                    certain=False,
                ),
            ),
            ("bad base64 decode", said("input.damaged-base64")),
            (
                "bad end line",
                said(
                    "input.missing-end",
                    "input.joined-blocks",
                    "input.mismatched-end",
                    certain=False,
                ),
            ),
            (
                "no certificate or crl found|no certificates found|no certificate found",
                said("symptom.no-trust-anchors", "input.no-certificate", certain=False),
            ),
            ("mac verify failure|mac verify error|bad decrypt", said("symptom.wrong-password")),
        ],
    ),
    *rows(
        _SSL,
        [
            (
                r"SSL_CTX_(?:use_certificate|use_PrivateKey|load_verify|set_default_verify)\w*"
                r"(?:\(\"[^\"]{0,300}\"\) failed| failed)",
                said(
                    "symptom.file-not-found",
                    "symptom.file-not-readable",
                    "symptom.key-not-usable",
                    certain=False,
                ),
            ),
        ],
        vague=True,
    ),
    *rows(
        _CRYPTO,
        [
            (
                r"no start line ?:[^ ]{0,80}Expecting: (?:ANY )?(?:[A-Z]{2,3} )?PRIVATE",
                said("symptom.key-not-usable", "input.no-certificate"),
            ),
            (
                r"asn1 encoding routines:\w*:(?:wrong tag|not enough data|header too long"
                r"|too long|nested asn1 error|bad object header|invalid length)|ASN1(?:: |_LIB)"
                r"|\[ASN1\]|ERR_OSSL_ASN1",
                said(
                    "input.malformed-certificate",
                    "input.not-a-certificate",
                    "symptom.key-not-usable",
                    certain=False,
                ),
            ),
            (
                r"digital envelope routines::unsupported|RC2-40-CBC|unsupported:.{0,40}RC2"
                r"|PKCS12.{0,60}unsupported|ERR_OSSL_EVP_UNSUPPORTED|Unsupported PKCS12 PFX data",
                said("symptom.legacy-encryption"),
            ),
            (
                r"DECODER routines::unsupported|DECODER_routines::unsupported|ERR_OSSL_UNSUPPORTED",
                said("symptom.key-not-usable", "input.not-a-certificate", certain=False),
            ),
            (r"system library:f?open\w*:No such file", said("symptom.file-not-found")),
            (
                r"BIO_new_file\(\) failed|BIO routines:\w*:(?:no such file|system lib)",
                said("symptom.file-not-found", "symptom.file-not-readable", certain=False),
            ),
        ],
    ),
    *rows(
        _APPS,
        [
            (r"invalid password\?", said("symptom.wrong-password")),
            (r"PEM pass phrase", said("device.key-encrypted")),
            (
                r"(?:Could not (?:read|find|open)|unable to load) (?:\w+ ){0,2}certificate",
                said("input.no-certificate", "input.der", "symptom.file-not-found", certain=False),
            ),
            (
                r"(?:Could not read|unable to load) (?:\w+ )?(?:private )?key(?! file)",
                said("symptom.key-not-usable"),
            ),
        ],
    ),
    *_reasons(
        _SSL,
        [
            (
                "ssl handshake failure",
                said("symptom.closed-in-handshake", certain=False, by=OTHER_SIDE),
            ),
        ],
        vague=True,
    ),
]
