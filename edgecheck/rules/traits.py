"""What is unusual about a certificate, as bits: rules about it run only where a bit is set.

Nearly every rule over certificates concerns something that a sound certificate does not
have. One pass notes what there is; a rule names its bits (`traits=`), and costs nothing on
other certificates. A bit says only that a rule is worth calling: the rule itself looks at the
facts.
"""

from edgecheck.hierarchy import shapes
from edgecheck.reading import der
from edgecheck.reading.certificate import Certificate, Unreadable

NO_AUTHORITY_KEY_ID = 1 << 0
"""No authorityKeyIdentifier, or one without a key identifier."""
SERIAL_NOT_POSITIVE = 1 << 1
BEFORE_1970 = 1 << 30
"""It begins or ends before 1970."""
AFTER_3100 = 1 << 31
YEAR_3101 = 35_690_889_600
"""3101-01-01T00:00:00Z."""
MALFORMED = 1 << 40
"""`cryptography` refused it."""
UNREADABLE = 1 << 41
"""Some fact of it cannot be read, or a name in its subjectAltName."""
DUPLICATE_EXTENSION = 1 << 42
ALGORITHM_MISMATCH = 1 << 43
"""The signature algorithm within the signed part differs from the one beside it."""
ENDS_AFTER_2037 = 1 << 44
ENDS_IN_GENERALIZED_TIME = 1 << 45
DEMO_NAME = 1 << 46
"""Named as the convenience scripts name their CAs."""
QUICKSTART_NAME = 1 << 47
"""Subject or issuer may be a CA that the runtime made for itself."""

EVERY = -1
"""All bits: a fact could not be read, so every rule must look, and will be undecided."""

_START_OF_2038 = 2_145_916_800


def traits(certificate: Certificate) -> int:
    """The bits above that hold for a certificate."""
    bits = 0
    subject = issuer = ""
    try:
        subject = certificate.subject.common_name or ""
        issuer = certificate.issuer.common_name or ""
        _ = certificate.public_key
    except Unreadable:
        pass  # it stands among the damage now
    if certificate.damage:
        bits |= UNREADABLE
    if certificate.loaded is None:
        bits |= MALFORMED
    try:
        names = certificate.alt_names
        if names is not None and names.wrong:
            bits |= UNREADABLE
        if certificate.duplicate_extensions:
            bits |= DUPLICATE_EXTENSION
        if certificate.tbs_signature_algorithm != certificate.signature_algorithm:
            bits |= ALGORITHM_MISMATCH
        if certificate.not_after >= _START_OF_2038:
            bits |= ENDS_AFTER_2037
        if certificate.not_after_raw[0] == der.GENERALIZED_TIME:
            bits |= ENDS_IN_GENERALIZED_TIME
        bits |= _names(certificate, subject, issuer)
        authority = certificate.authority_key_id
        if authority is None or authority.key_id is None:
            bits |= NO_AUTHORITY_KEY_ID
        if certificate.serial <= 0:
            bits |= SERIAL_NOT_POSITIVE
        if certificate.not_before < 0 or certificate.not_after < 0:
            bits |= BEFORE_1970
        if certificate.not_after >= YEAR_3101:
            bits |= AFTER_3100
    except Unreadable:
        return EVERY
    return bits


def _names(certificate: Certificate, subject: str, issuer: str) -> int:
    """What common names tell; most start like none that anything is known about."""
    bits = 0
    if subject.startswith("Azure") and shapes.DEMO.match(subject):
        bits |= DEMO_NAME
    if subject.startswith(_QUICKSTART) or issuer.startswith(_QUICKSTART):
        # A workload CA up to 1.1 is named so too; another CA issued it, and not by certd.
        own = subject.startswith("Test") or issuer.startswith("Test")
        alike = subject[:8].lower() == issuer.lstrip()[:8].lower()
        if own or certificate.serial == 0 or (alike and certificate.is_self_issued):
            bits |= QUICKSTART_NAME
    return bits


_QUICKSTART = ("iotedged workload ca", "aziot-edge CA", "Test Edge ")
