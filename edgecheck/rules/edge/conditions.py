"""What names tell about who made a certificate; what stands where the server's should."""

from edgecheck.hierarchy.shapes import DEMO, HUBDEV, LAST_1_1, OLDEST
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.conditions import CertificateLook, PathLook

LOOK = CertificateLook()
DEMO_NAME = LOOK.condition("Named as Microsoft's tools for tests name their CAs.")
QUICKSTART_NAME = LOOK.condition("Subject or issuer may be a CA that the runtime made for itself.")

SERVED = PathLook()
NO_SERVER = SERVED.condition("No server certificate is presented.")
SERVER_IS_CA = SERVED.condition("The server certificate says CA:TRUE.")
UNNAMED_SERVER = SERVED.condition(
    "The server's alternative names have no host, or the device's identity certificate is known."
)
CLOUD_SERVICE = SERVED.condition("The server certificate is that of a public service.")
WORKLOAD_CA_TO_COME = SERVED.condition(
    "IoT Edge 1.1 or earlier, if that is what runs, has to make its workload CA yet."
)
EC_UNKNOWN = SERVED.condition("The runtime was said to be, or looks like, IoT Edge 1.0.9 at most.")

LAST_WITHOUT_EC = (1, 0, 9)
"""The last version whose edgeHub could not load keys on elliptic curves."""
_QUICKSTART = ("iotedged workload ca", "aziot-edge CA", "Test Edge ")


@LOOK.by
def _look(certificate: Certificate) -> int:
    bits = 0
    subject = issuer = ""
    try:
        subject = certificate.subject.common_name or ""
        issuer = certificate.issuer.common_name or ""
    except Unreadable:
        issuer = ""
    if subject == HUBDEV or (subject.startswith("Azure") and DEMO.match(subject)):
        bits |= DEMO_NAME.bit
    if subject.startswith(_QUICKSTART) or issuer.startswith(_QUICKSTART):
        # A workload CA up to 1.1 is named so too; another CA issued it, and not by certd.
        own = subject.startswith("Test") or issuer.startswith("Test")
        alike = subject[:8].lower() == issuer.lstrip()[:8].lower()
        if own or certificate.serial == 0 or (alike and certificate.is_self_issued):
            bits |= QUICKSTART_NAME.bit
    return bits


@SERVED.by
def _served(case: Case) -> int:
    hierarchy, server, runtime = case.hierarchy, case.hierarchy.server, case.hierarchy.runtime
    bits = 0
    made = hierarchy.presents_server and (runtime is None or hierarchy.workload_ca)
    if not made and case.within(OLDEST, LAST_1_1) is not False:
        bits |= WORKLOAD_CA_TO_COME.bit
    if case.within(OLDEST, LAST_WITHOUT_EC):
        bits |= EC_UNKNOWN.bit
    if server is None:
        return bits | NO_SERVER.bit
    if server.is_ca:
        bits |= SERVER_IS_CA.bit
    if hierarchy.service:
        bits |= CLOUD_SERVICE.bit
    names = server.alt_names
    if names is None or not (names.dns or names.ip) or case.expected.identity_certificate:
        bits |= UNNAMED_SERVER.bit
    return bits
