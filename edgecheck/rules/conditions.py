"""Conditions that rules of several families or modules share (`engine/conditions.py`)."""

from edgecheck.reading import certificate as facts
from edgecheck.reading.certificate import EXT_BASIC_CONSTRAINTS, Certificate
from edgecheck.reading.der import GENERALIZED_TIME
from edgecheck.reading.hostnames import HOST_NAME
from edgecheck.reading.names import folded
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.conditions import OfCertificate, OfPath

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


def on_path(case: Case) -> tuple[Certificate, ...]:
    """The certificates of the path; none where none was read."""
    path = case.hierarchy.path
    return path.certificates if path is not None else ()


@OfCertificate
def unusual_extension(certificate: Certificate) -> bool:
    """An extension that sound gateways do not have."""
    return not _USUAL_EXTENSIONS.issuperset(certificate.extensions)


@OfCertificate
def incomplete_ca(certificate: Certificate) -> bool:
    """CA:TRUE without keyUsage, without subjectKeyIdentifier, or not critical."""
    return certificate.is_ca and (
        certificate.key_usage is None
        or not certificate.subject_key_id
        or EXT_BASIC_CONSTRAINTS not in certificate.critical
    )


@OfCertificate
def unusual_key(certificate: Certificate) -> bool:
    """Another key than RSA of 2048, 3072 or 4096 bits with the usual exponent, or P-256."""
    spki = certificate.spki
    is_rsa = spki[:33] in _RSA_KEYS and spki.endswith(_F4)
    return not is_rsa and spki[:26] != _P_256_KEY


@OfCertificate
def unusual_signature(certificate: Certificate) -> bool:
    """Another signature than RSA (PKCS #1) or ECDSA with SHA-256, SHA-384 or SHA-512."""
    return certificate.signature_algorithm not in _USUAL_SIGNATURES


@OfCertificate
def malformed(certificate: Certificate) -> bool:
    """`cryptography` refused it."""
    return certificate.loaded is None


@OfCertificate
def odd_time(certificate: Certificate) -> bool:
    """A GeneralizedTime, or an end before the beginning."""
    return (
        certificate.not_after < certificate.not_before
        or certificate.not_after_raw[0] == GENERALIZED_TIME
        or certificate.not_before_raw[0] == GENERALIZED_TIME
    )


@OfPath
def equal_names(case: Case) -> bool:
    """Two certificates of the path may have the same name."""
    certificates = on_path(case)
    # Names that are equal have as many common names, and the same one if it is one.
    named = [certificate.subject.common_names for certificate in certificates]
    folded_names = {folded(names[0]) if len(names) == 1 else "" for names in named}
    return len(folded_names) < len(certificates)


@OfPath
def alone(case: Case) -> bool:
    """The path is a single certificate."""
    return len(on_path(case)) == 1


@OfPath
def asked_otherwise(case: Case) -> bool:
    """Somebody asks for a name that the server does not have letter by letter, or for no host name.

    It is to be both its common name and one of its DNS names.
    """
    server = case.hierarchy.server
    if server is None:
        return False
    names = server.alt_names
    dns = names.dns if names is not None else ()
    name = server.subject.common_name
    return any(
        asked is not None and (asked != name or asked not in dns or not HOST_NAME.fullmatch(asked))
        for asked in (case.expected.hostname, *(case.device.gateway_host_names or ()))
    )
