"""The kind of a public key, by its object identifiers."""

from functools import lru_cache

from edgecheck.reading import der
from edgecheck.reading.certificate import Certificate

RSA, RSA_PSS = "1.2.840.113549.1.1.1", "1.2.840.113549.1.1.10"
EC, DSA = "1.2.840.10045.2.1", "1.2.840.10040.4.1"


@lru_cache(maxsize=256)
def _algorithm(spki: bytes) -> tuple[str, str]:
    """The object identifiers of a key's kind and of its curve, in dotted form.

    The curve is empty where there is none, or `explicit` where it is spelled out.

    Raises:
        Malformed: not a SubjectPublicKeyInfo.
    """
    start, end = der.only(spki, der.SEQUENCE, "subjectPublicKeyInfo")
    parts = der.elements(spki, start, end)
    if not parts:
        raise der.Malformed("subjectPublicKeyInfo: empty")
    algorithm = der.elements(spki, parts[0][1], parts[0][2])
    if not algorithm or algorithm[0][0] != der.OID:
        raise der.Malformed("subjectPublicKeyInfo: no algorithm in it")
    kind = der.oid_text(spki[algorithm[0][1] : algorithm[0][2]])
    if kind != EC:
        return kind, ""
    if len(algorithm) < 2 or algorithm[1][0] != der.OID:
        return kind, "explicit"
    return kind, der.oid_text(spki[algorithm[1][1] : algorithm[1][2]])


def known(certificate: Certificate) -> tuple[str, str]:
    """The same of a certificate's key; empty where it cannot be read."""
    try:
        return _algorithm(certificate.spki)
    except der.Malformed:
        return "", ""  # input.unreadable-fact says what is wrong with the key
