"""Certificates whose DSA key takes its parameters from the issuer's key (RFC 3279, 2.3.2).

`cryptography` refuses to load them. A copy with another key in its place is vetted and read
instead; the key itself becomes usable only on a path, where the parameters are known.
"""

from contextlib import suppress

from edgecheck.reading import der
from edgecheck.reading.certificate import Certificate, quick
from edgecheck.reading.der import Malformed

_DSA = bytes.fromhex("06072a8648ce380401")
_WITHOUT = b"\x30\x09" + _DSA
"""The AlgorithmIdentifier of a DSA key without parameters."""
_STAND_IN = bytes.fromhex("302a300506032b6570032100") + bytes(32)
"""An Ed25519 key of zeros, which is well-formed and is never used."""


def lacks_parameters(spki: bytes) -> bool:
    """Whether a subjectPublicKeyInfo is a DSA key without parameters."""
    return spki[: spki.find(b"\x30", 2) + len(_WITHOUT)].endswith(_WITHOUT)


def is_dsa(spki: bytes) -> bool:
    """Whether a subjectPublicKeyInfo is a DSA key, with or without parameters."""
    return _DSA in spki[:24]


def completed(spki: bytes, parameters_of: bytes) -> bytes:
    """A DSA key without parameters, with those of another DSA key.

    Raises:
        Malformed: one of them is not a subjectPublicKeyInfo.
    """
    start, end = der.only(spki, der.SEQUENCE, "subjectPublicKeyInfo")
    key = spki[der.elements(spki, start, end)[0][2] : end]
    start, end = der.only(parameters_of, der.SEQUENCE, "subjectPublicKeyInfo")
    algorithm = parameters_of[start : der.elements(parameters_of, start, end)[0][2]]
    return der.wrapped(der.SEQUENCE, algorithm + key)


def inheriting(data: bytes) -> Certificate | None:
    """Read such a certificate; None where this one is another."""
    try:
        start, end = der.only(data, der.SEQUENCE, "the certificate")
        tbs = der.elements(data, start, end)[0]
        fields = der.elements(data, tbs[1], tbs[2])
        index = 6 if fields[0][0] == 0xA0 else 5
        first, last = fields[index - 1][2], fields[index][2]
    except (Malformed, IndexError, ValueError):
        return None
    spki = data[first:last]
    if not lacks_parameters(spki):
        return None
    copy = der.wrapped(0x30, data[tbs[1] : first] + _STAND_IN + data[last : tbs[2]])
    certificate = quick(der.wrapped(0x30, copy + data[tbs[2] : end]))
    if certificate is not None:
        certificate.der = data
        certificate.tbs = data[start : tbs[2]]
        certificate.spki = spki
        with suppress(AttributeError):
            del certificate.public_key  # the one that stood in
        certificate.damage["public_key"] = "it inherits the parameters of its issuer's DSA key"
    return certificate
