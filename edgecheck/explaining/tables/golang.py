"""Go: crypto/x509 and crypto/tls."""

from edgecheck.explaining.rows import rows, said
from edgecheck.rules.engine.rule import Reference

_X509 = Reference(
    "Go 1.23, src/crypto/x509/verify.go and parser.go",
    "https://github.com/golang/go/blob/go1.23.0/src/crypto/x509/verify.go",
)
_TLS = Reference(
    "Go 1.23, src/crypto/tls/conn.go, handshake_client.go and handshake_server.go",
    "https://github.com/golang/go/blob/go1.23.0/src/crypto/tls/conn.go",
)

ROWS = [
    *rows(
        _X509,
        [
            (
                r"x509: certificate signed by unknown authority"
                r"(?! \(possibly because of \"(?:crypto|x509|EC))",
                said("chain.missing-issuer", "trust.root-not-trusted", certain=False),
            ),
            (
                r"x509: certificate has expired or is not yet valid: current time \S+ is after",
                said("validity.expired"),
            ),
            (
                r"x509: certificate has expired or is not yet valid: current time \S+ is before",
                said("validity.not-yet-valid"),
            ),
            (
                r"x509: certificate has expired or is not yet valid",
                said("validity.expired", "validity.not-yet-valid", certain=False),
            ),
            (r"x509: certificate relies on legacy Common Name field", said("hostname.cn-only")),
            (
                r"x509: cannot validate certificate for \S+ because it doesn't contain any IP SANs",
                said("hostname.ip-address", "hostname.not-in-san"),
            ),
            (
                r"x509: certificate is not valid for any names",
                said("hostname.cn-only", "hostname.not-in-san", certain=False),
            ),
            (r"x509: certificate is valid for .{0,400}, not ", said("hostname.not-in-san")),
            (r"x509: negative serial number", said("encoding.serial-not-positive")),
            (
                r"x509: certificate specifies an incompatible key usage",
                said("path.not-for-this-purpose"),
            ),
            (r"x509: unhandled critical extension", said("path.unknown-critical-extension")),
            (r"x509: too many intermediates for path length", said("ca.path-length-exceeded")),
            (
                r"certificate is not authorized to sign other certificates"
                r"|parent certificate cannot sign this kind of certificate",
                said("ca.not-a-ca", "ca.no-cert-sign"),
            ),
            (
                r"not permitted by any constraint|is excluded by constraint"
                r"|a root or intermediate certificate is not authorized to sign",
                said("path.name-constraints"),
            ),
            (r"insecure algorithm (?:SHA1|MD5)", said("algorithm.weak-signature")),
            (r"x509: malformed (?:UTCTime|GeneralizedTime)", said("encoding.time")),
            (
                r"crypto/rsa: verification error|ECDSA verification failure",
                said(
                    "path.same-name-other-key",
                    "trust.root-not-trusted",
                    "path.signature-invalid",
                    certain=False,
                ),
            ),
            (r"crypto/rsa: public exponent too (?:large|small)", said("algorithm.rsa-exponent")),
            (r"cannot verify signature: insecure algorithm", said("algorithm.weak-signature")),
            (
                r"cannot verify signature: algorithm unimplemented",
                said("algorithm.uncommon-signature", "path.signature-invalid", certain=False),
            ),
            (
                r"x509: trailing data|x509: malformed certificate",
                said("input.malformed-certificate", certain=False),
            ),
            (
                r"inner and outer signature algorithm identifiers don't match",
                said("input.algorithm-mismatch"),
            ),
            (r"certificate contains duplicate extension", said("input.duplicate-extension")),
            (r"private key does not match public key", said("device.key-mismatch")),
            (
                r"failed to find any PEM data in (?:certificate|key) input",
                said("input.no-certificate", "input.der", certain=False),
            ),
        ],
    ),
    *rows(
        _TLS,
        [
            (
                r"first record does not look like a TLS handshake|oversized record received",
                said("symptom.not-tls"),
            ),
            (
                r"client offered only unsupported versions|no cipher suite supported by both",
                said("symptom.protocol-version"),
            ),
            (
                r"network Error : EOF|(?:handshake|dial|connect)\b[^\"]{0,120}: EOF\b",
                said("symptom.closed-in-handshake", by="the other side"),
            ),
            (
                r"server gave HTTP response to HTTPS client",
                said("symptom.not-tls"),
            ),
            (
                r"tls: no supported versions|server selected unsupported protocol version",
                said("symptom.protocol-version"),
            ),
            (
                r"client didn't provide a certificate",
                said("symptom.no-certificate-sent", by="the other side"),
            ),
            (r"RSA key larger than 8192 bits", said("algorithm.large-rsa-key")),
            (r"handshake message of length \d+ bytes exceeds", said("chain.large")),
        ],
    ),
]
