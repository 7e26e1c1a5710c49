"""What Java throws where a check fails, and how its texts begin."""

from edgecheck.reading.certificate import Certificate

HANDSHAKE = "javax.net.ssl.SSLHandshakeException: "
VALIDATION = HANDSHAKE + "PKIX path validation failed: "
FAILED = VALIDATION + "java.security.cert.CertPathValidatorException: "
NOT_FOUND = (
    HANDSHAKE + "PKIX path building failed: sun.security.provider.certpath."
    "SunCertPathBuilderException: unable to find valid certification path to requested target"
)
UNKNOWN, EXPIRED, BAD = "certificate_unknown", "certificate_expired", "bad_certificate"
UNSUPPORTED, INTERNAL = "unsupported_certificate", "internal_error"
"""Alerts, which since 21 (and in late updates of 17) begin a text: Alert.createSSLException."""


class Wrong(Exception):
    """A check failed: what it says, of which certificate, and the alert that it is.

    Which alert, getCertificateAlert of CertificateMessage.java says; only what a path that came in
    order failed for is not plainly "certificate_unknown".
    """

    def __init__(self, says: str, certificate: Certificate, alert: str = UNKNOWN) -> None:
        """Keep them."""
        super().__init__(says)
        self.says = says
        self.certificate = certificate
        self.alert = alert


class ByChance(Wrong):
    """A check that fails at some runs only, with these words, and at others does not come up."""
