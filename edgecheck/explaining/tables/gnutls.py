"""GnuTLS: gnutls-cli, wget, git and others that are built with it."""

from edgecheck.explaining.rows import OTHER_SIDE, rows, said
from edgecheck.rules.engine.rule import Reference

_VERIFY = Reference(
    "GnuTLS 3.7, lib/cert-session.c: gnutls_certificate_verification_status_print",
    "https://gitlab.com/gnutls/gnutls/-/blob/3.7.9/lib/cert-session.c",
)
_ERRORS = Reference(
    "GnuTLS 3.7, lib/errors.c",
    "https://gitlab.com/gnutls/gnutls/-/blob/3.7.9/lib/errors.c",
)

ROWS = [
    *rows(
        _VERIFY,
        [
            (
                r"certificate issuer is unknown",
                said("chain.missing-issuer", "trust.root-not-trusted", certain=False),
            ),
            (r"certificate chain uses expired certificate", said("validity.expired")),
            (
                r"doesn't have a known issuer|Unable to locally verify the issuer's authority",
                said("chain.missing-issuer", "trust.root-not-trusted", certain=False),
            ),
            (
                r"certificate has not yet been activated|is not yet activated",
                said("validity.not-yet-valid"),
            ),
            (r"Issued certificate has expired", said("validity.expired")),
            (r"Self-signed certificate encountered", said("trust.root-not-trusted")),
            (r"certificate chain uses not yet valid certificate", said("validity.not-yet-valid")),
            (
                r"certificate chain uses insecure algorithm",
                said("algorithm.weak-signature", "algorithm.weak-rsa-key", certain=False),
            ),
            (r"certificate chain is revoked|certificate is revoked", said("path.revoked")),
            (
                r"certificate issuer is not a CA",
                said("ca.not-a-ca", "ca.no-cert-sign", certain=False),
            ),
            (
                r"name in the certificate does not match the expected"
                r"|certificate's owner does not match (?:the )?host ?name",
                said("hostname.not-in-san"),
            ),
            (
                r"violates the signer's constraints",
                said("path.name-constraints", "ca.path-length-exceeded", certain=False),
            ),
            (
                r"signature in the certificate is invalid",
                said("path.signature-invalid", "path.same-name-other-key", certain=False),
            ),
        ],
    ),
    *rows(
        _ERRORS,
        [
            (
                r"Error in the (?:pull|push) function",
                said("symptom.closed-in-handshake", certain=False, by=OTHER_SIDE),
            ),
            (
                r"Certificate is required|No certificate was found",
                said("symptom.no-certificate-sent", by=OTHER_SIDE),
            ),
            (
                r"No supported cipher suites have been found|A packet with illegal or unsupported "
                r"version was received",
                said("symptom.protocol-version"),
            ),
            (
                r"Error while reading file|Base64 unexpected header error",
                said("input.no-certificate", "symptom.file-not-found", certain=False),
            ),
            (
                r"The certificate and the given key do not match",
                said("device.key-mismatch"),
            ),
        ],
    ),
    *rows(
        _ERRORS,
        [
            (
                r"Error in the certificate|The certificate is NOT trusted"
                r"|certificate of '[^']{1,253}' is not trusted",
                said("symptom.refused-without-reason"),
            ),
            (
                r"A TLS (?:fatal|warning) alert has been received",
                said("symptom.refused-without-reason", by=OTHER_SIDE),
            ),
        ],
        vague=True,
    ),
]
