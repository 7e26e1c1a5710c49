""".NET on every platform: SslStream's sentences, SslPolicyErrors, X509ChainStatusFlags."""

from edgecheck.explaining.rows import rows, said
from edgecheck.rules.engine.rule import Reference

_STATUS = Reference(
    ".NET 8, X509ChainStatusFlags",
    "https://learn.microsoft.com/dotnet/api/system.security.cryptography.x509certificates."
    "x509chainstatusflags",
)
_STREAM = Reference(
    ".NET 8, src/libraries/System.Net.Security/src/Resources/Strings.resx",
    "https://github.com/dotnet/runtime/blob/v8.0.0/src/libraries/System.Net.Security/src/Resources/"
    "Strings.resx",
)

ROWS = [
    *rows(
        _STREAM,
        [
            (r"RemoteCertificateNameMismatch", said("hostname.not-in-san")),
            (
                r"RemoteCertificateNotAvailable",
                said("symptom.no-certificate-sent", by="the other side"),
            ),
            (
                r"Received an unexpected EOF or 0 bytes from the transport stream"
                r"|handshake failed due to an unexpected packet format",
                said("symptom.closed-in-handshake", "symptom.not-tls", certain=False),
            ),
            (
                r"Could not create SSL/TLS secure channel|Could not establish secure channel",
                said("symptom.protocol-version", "symptom.key-not-usable", certain=False),
            ),
            (
                r"remote party has closed the transport stream"
                r"|An unexpected error occurred on a (?:send|receive)",
                said("symptom.closed-in-handshake", by="the other side"),
            ),
            (
                r"certificate data cannot be read with the provided password",
                said("symptom.wrong-password"),
            ),
            (r"ASN1 corrupted data", said("input.malformed-certificate", certain=False)),
            (
                r"Cannot determine the frame size or a corrupted frame was received",
                said("symptom.not-tls"),
            ),
            (
                r"server mode SSL must use a certificate with the associated private key"
                r"|does not have a private key|No credentials are available",
                said("symptom.key-not-usable"),
            ),
        ],
    ),
    *rows(
        _STATUS,
        [
            (r"(?<!NotSignatureValid, )\bUntrustedRoot\b", said("trust.root-not-trusted")),
            (
                r"\bPartialChain\b",
                said(
                    "chain.missing-issuer", "trust.root-not-trusted", "trust.no-root", certain=False
                ),
            ),
            (
                r"\bNotTimeValid\b",
                said("validity.expired", "validity.not-yet-valid", certain=False),
            ),
            (
                r"\bNotSignatureValid, UntrustedRoot\b",
                said(
                    "path.same-name-other-key",
                    "naming.one-name-for-two-keys",
                    "path.signature-invalid",
                    certain=False,
                ),
            ),
            (
                r"\bNotSignatureValid\b(?!, UntrustedRoot)",
                said("path.signature-invalid", "path.same-name-other-key", certain=False),
            ),
            (r"\bNotValidForUsage\b", said("path.not-for-this-purpose", certain=False)),
            (
                r"\bInvalidBasicConstraints\b",
                said("ca.not-a-ca", "ca.path-length-exceeded", certain=False),
            ),
            (
                r"\bHas(?:NotPermitted|Excluded|NotSupported|NotDefined)NameConstraint\b"
                r"|\bInvalidNameConstraints\b",
                said("path.name-constraints"),
            ),
            (
                r"\b(?:RevocationStatusUnknown|OfflineRevocation)\b",
                said("symptom.revocation-not-checked"),
            ),
            (r"\bChainStatusFlags\.Revoked\b|: Revoked\b", said("path.revoked")),
            (
                r"\bHasNotSupportedCriticalExtension\b",
                said("path.unknown-critical-extension"),
            ),
            (r"\bHasWeakSignature\b", said("algorithm.weak-signature")),
        ],
    ),
    *rows(
        _STREAM,
        [
            (
                r"The remote certificate is invalid according to the validation procedure"
                r"|The remote certificate was rejected by the provided "
                r"RemoteCertificateValidationCallback"
                r"|The SSL connection could not be established|TLS authentication error"
                r"|RemoteCertificateChainErrors|A call to SSPI failed"
                r"|Could not establish trust relationship for the SSL"
                r"|Authentication failed, see inner exception"
                r"|The remote certificate is invalid because of errors in the certificate chain",
                said("symptom.refused-without-reason"),
            ),
        ],
        vague=True,
    ),
]
