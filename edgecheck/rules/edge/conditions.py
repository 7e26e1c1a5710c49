"""What the names of a certificate tell about who made it."""

from contextlib import suppress

from edgecheck.hierarchy.shapes import DEMO
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.rules.engine.conditions import CertificateLook

LOOK = CertificateLook()
DEMO_NAME = LOOK.condition("Named as the convenience scripts name their CAs.")
QUICKSTART_NAME = LOOK.condition("Subject or issuer may be a CA that the runtime made for itself.")

_QUICKSTART = ("iotedged workload ca", "aziot-edge CA", "Test Edge ")


@LOOK.by
def _look(certificate: Certificate) -> int:
    bits = 0
    subject = issuer = ""
    with suppress(Unreadable):
        subject = certificate.subject.common_name or ""
        issuer = certificate.issuer.common_name or ""
    if subject.startswith("Azure") and DEMO.match(subject):
        bits |= DEMO_NAME.bit
    if subject.startswith(_QUICKSTART) or issuer.startswith(_QUICKSTART):
        # A workload CA up to 1.1 is named so too; another CA issued it, and not by certd.
        own = subject.startswith("Test") or issuer.startswith("Test")
        alike = subject[:8].lower() == issuer.lstrip()[:8].lower()
        if own or certificate.serial == 0 or (alike and certificate.is_self_issued):
            bits |= QUICKSTART_NAME.bit
    return bits
