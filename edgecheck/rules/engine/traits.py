"""What is unusual about a certificate, as bits: rules about it run only where a bit is set.

Nearly every rule over certificates concerns something that a sound certificate does not
have. One pass notes what there is; a rule names its bits (`traits=`), and costs nothing on
other certificates. A bit says only that a rule is worth calling: the rule itself looks at the
facts.
"""

from edgecheck.hierarchy import shapes
from edgecheck.reading import certificate as facts
from edgecheck.reading import der
from edgecheck.reading import extensions as values
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.names import is_plain
from edgecheck.rules.engine.oddities import odd_names, odd_structure, odd_time

NO_AUTHORITY_KEY_ID = 1 << 0
"""No authorityKeyIdentifier, or one without a key identifier."""
SERIAL_NOT_POSITIVE = 1 << 1
UNUSUAL_EXTENSION = 1 << 8
"""An extension that sound gateways do not have."""
UNUSUAL_CRITICAL = 1 << 9
"""A critical extension other than basicConstraints and keyUsage."""
INCOMPLETE_CA = 1 << 10
"""CA:TRUE without keyUsage, without subjectKeyIdentifier, or not critical."""
KEY_USAGE_NOT_CRITICAL = 1 << 11
NOT_CA_BUT = 1 << 12
"""No CA, and yet keyCertSign or a path length."""
OLD_VERSION = 1 << 13
EMPTY_SUBJECT = 1 << 14
UNUSUAL_PURPOSE = 1 << 15
"""An extKeyUsage with other than serverAuth in it."""
SPARSE_KEY_USAGE = 1 << 16
"""No CA, and a keyUsage without digitalSignature or without keyEncipherment."""
UNUSUAL_KEY = 1 << 18
"""Another key than RSA of 2048, 3072 or 4096 bits with the usual exponent, or P-256."""
UNUSUAL_SIGNATURE = 1 << 19
"""Another signature than RSA (PKCS #1) or ECDSA with SHA-256, SHA-384 or SHA-512."""
HALF_AUTHORITY = 1 << 20
"""An authorityKeyIdentifier with an issuer's name or a serial number, and not both."""
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
ODD_BEGIN = 1 << 48
"""Its notBefore is a GeneralizedTime, or in a year before 2000."""
DEMO_NAME = 1 << 46
"""Named as the convenience scripts name their CAs."""
QUICKSTART_NAME = 1 << 47
"""Subject or issuer may be a CA that the runtime made for itself."""
LIVES_LONG = 1 << 49
"""No CA, and a life of more than 825 days."""
SERIAL_LONG = 1 << 50
ODD_TIME = 1 << 51
ODD_STRUCTURE = 1 << 52
ODD_NAME = 1 << 53
ODD_ALTERNATIVE_NAME = 1 << 54

EVERY = -1
"""All bits: a fact could not be read, so every rule must look, and will be undecided."""

_USUAL_EXTENSIONS = frozenset(
    {
        facts.EXT_BASIC_CONSTRAINTS,
        facts.EXT_KEY_USAGE,
        facts.EXT_EXTENDED_KEY_USAGE,
        facts.EXT_SUBJECT_KEY_ID,
        facts.EXT_AUTHORITY_KEY_ID,
        facts.EXT_SUBJECT_ALT_NAME,
    }
)
_USUAL_CRITICAL = frozenset({facts.EXT_BASIC_CONSTRAINTS, facts.EXT_KEY_USAGE})
_FOR_SERVERS = (values.SERVER_AUTH,)
_TLS_BITS = values.DIGITAL_SIGNATURE | values.KEY_ENCIPHERMENT
_EMPTY_NAME = b"\x30\x00"


def _rsa(bits: int) -> bytes:
    """How the subjectPublicKeyInfo of an RSA key with the exponent 65537 begins."""
    octets = bits // 8
    modulus, key = octets + 1, octets + 10
    words = (octets + 34, key + 5, key, modulus)
    info, string, sequence, number = (word.to_bytes(2, "big") for word in words)
    algorithm = bytes.fromhex("300d06092a864886f70d0101010500")
    return (
        b"\x30\x82" + info + algorithm + b"\x03\x82" + string + b"\x00"
        b"\x30\x82" + sequence + b"\x02\x82" + number + b"\x00"
    )  # fmt: skip


_RSA_KEYS = frozenset(map(_rsa, (2048, 3072, 4096)))
_P_256_KEY = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200")
_F4 = b"\x02\x03\x01\x00\x01"
"""The exponent 65537 at the end of an RSA key."""
_USUAL_SIGNATURES = frozenset(
    bytes.fromhex(text)
    for text in (
        "300d06092a864886f70d01010b0500",
        "300d06092a864886f70d01010c0500",
        "300d06092a864886f70d01010d0500",
        "300a06082a8648ce3d040302",
        "300a06082a8648ce3d040303",
        "300a06082a8648ce3d040304",
    )
)
_LONG = 1 << 159
_START_OF_2038 = 2_145_916_800
APPLES_MOST = 825 * 86_400
"""The longest life of a server certificate that Apple's systems accept, in seconds."""


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
            if certificate.not_after >= YEAR_3101:
                bits |= AFTER_3100
        if certificate.not_after_raw[0] == der.GENERALIZED_TIME:
            bits |= ENDS_IN_GENERALIZED_TIME
        begin = certificate.not_before_raw
        if begin[0] == der.GENERALIZED_TIME or begin[2:4] >= b"50":
            bits |= ODD_BEGIN
        bits |= _names(certificate, subject, issuer)
        authority = certificate.authority_key_id
        if authority is None or authority.key_id is None:
            bits |= NO_AUTHORITY_KEY_ID
        if certificate.serial <= 0:
            bits |= SERIAL_NOT_POSITIVE
        if not -_LONG < certificate.serial < _LONG:
            bits |= SERIAL_LONG
        if odd_time(certificate):
            bits |= ODD_TIME
        if odd_structure(certificate):
            bits |= ODD_STRUCTURE
        if not is_plain(certificate.subject_raw) or not is_plain(certificate.issuer_raw):
            bits |= ODD_NAME
        if names is not None and odd_names(names):
            bits |= ODD_ALTERNATIVE_NAME
        if certificate.not_before < 0 or certificate.not_after < 0:
            bits |= BEFORE_1970
        bits |= _contents(certificate)
    except Unreadable:
        return EVERY
    return bits


def _contents(certificate: Certificate) -> int:
    """What is unusual about extensions, key and signature. Raises `Unreadable`."""
    bits = 0
    authority = certificate.authority_key_id
    if authority is not None and (authority.serial is None) == bool(authority.issuers):
        bits |= HALF_AUTHORITY
    critical, usage = certificate.critical, certificate.key_usage
    constraints, purposes = certificate.basic_constraints, certificate.extended_key_usage
    if not _USUAL_EXTENSIONS.issuperset(certificate.extensions):
        bits |= UNUSUAL_EXTENSION
    if not critical <= _USUAL_CRITICAL:
        bits |= UNUSUAL_CRITICAL
    if usage is not None and facts.EXT_KEY_USAGE not in critical:
        bits |= KEY_USAGE_NOT_CRITICAL
    if certificate.version != 3:
        bits |= OLD_VERSION
    if certificate.subject_raw == _EMPTY_NAME:
        bits |= EMPTY_SUBJECT
    if purposes is not None and purposes != _FOR_SERVERS:
        bits |= UNUSUAL_PURPOSE
    if certificate.signature_algorithm not in _USUAL_SIGNATURES:
        bits |= UNUSUAL_SIGNATURE
    spki = certificate.spki
    is_rsa = spki[:33] in _RSA_KEYS and spki.endswith(_F4)
    if not is_rsa and spki[:26] != _P_256_KEY:
        bits |= UNUSUAL_KEY
    if constraints is None or not constraints.ca:
        return bits | _of_end_entity(certificate)
    if (
        usage is None
        or not certificate.subject_key_id
        or facts.EXT_BASIC_CONSTRAINTS not in critical
    ):
        bits |= INCOMPLETE_CA
    return bits


def _of_end_entity(certificate: Certificate) -> int:
    bits = 0
    constraints, usage = certificate.basic_constraints, certificate.key_usage
    if certificate.not_after - certificate.not_before > APPLES_MOST:
        bits |= LIVES_LONG
    if constraints is not None and constraints.path_length is not None:
        bits |= NOT_CA_BUT
    if usage is not None:
        if usage & values.KEY_CERT_SIGN:
            bits |= NOT_CA_BUT
        if usage & _TLS_BITS != _TLS_BITS:
            bits |= SPARSE_KEY_USAGE
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
