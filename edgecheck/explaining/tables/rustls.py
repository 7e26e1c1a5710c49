"""rustls and webpki, as Deno, uv and the runtime's own HTTP clients print them."""

from edgecheck.explaining.rows import rows, said
from edgecheck.rules.engine.rule import Reference

_SOURCE = Reference(
    "rustls 0.21, src/error.rs: CertificateError",
    "https://github.com/rustls/rustls/blob/v/0.21.0/rustls/src/error.rs",
)

ROWS = rows(
    _SOURCE,
    [
        (
            r"invalid peer certificate:? \(?UnknownIssuer",
            said("chain.missing-issuer", "trust.root-not-trusted", certain=False),
        ),
        (
            r"invalid peer certificate:? \(?(?:NotValidForName|certificate not valid for name)"
            r"|invalid peer certificate:? \(?CertNotValidForName",
            said("hostname.not-in-san"),
        ),
        (
            r"invalid peer certificate:? \(?(?:Expired|certificate expired)",
            said("validity.expired"),
        ),
        (
            r"invalid peer certificate:? \(?(?:NotValidYet|certificate not valid yet)",
            said("validity.not-yet-valid"),
        ),
        (
            r"invalid peer certificate:? \(?BadSignature",
            said("path.same-name-other-key", "path.signature-invalid", certain=False),
        ),
        (
            r"invalid peer certificate:? \(?BadEncoding",
            said("input.malformed-certificate", "encoding.not-der", "encoding.time", certain=False),
        ),
        (
            r"invalid peer certificate:? \(?UnhandledCriticalExtension"
            r"|UnsupportedCriticalExtension",
            said("path.unknown-critical-extension"),
        ),
        (
            r"\bBadDER\b",
            said("input.malformed-certificate", "extension.version-not-3", certain=False),
        ),
        (r"\bCaUsedAsEndEntity\b", said("extension.server-is-ca")),
        (r"\bEndEntityUsedAsCa\b", said("ca.not-a-ca")),
        (r"\bPathLenConstraintViolated\b", said("ca.path-length-exceeded")),
        (r"\bNameConstraintViolation\b", said("path.name-constraints")),
        (
            r"invalid peer certificate:? \(?InvalidPurpose|RequiredEkuNotFound",
            said("path.not-for-this-purpose"),
        ),
        (r"\bUnsupportedCertVersion\b", said("extension.version-not-3")),
        (r"InvalidContentType|received corrupt message of type", said("symptom.not-tls")),
        (
            r"peer is incompatible: .{0,60}version|PeerIncompatible.{0,60}version",
            said("symptom.protocol-version"),
        ),
        (
            r"peer closed connection without sending TLS close_notify",
            said("symptom.closed-in-handshake", by="the other side"),
        ),
    ],
)
