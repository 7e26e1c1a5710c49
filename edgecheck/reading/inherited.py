"""Certificates that `cryptography` refuses for the parameters of an algorithm alone.

A DSA key may take its parameters from the issuer's key (RFC 3279, 2.3.2): it becomes usable only
on a path, where the parameters are known. Those of RSASSA-PSS may be well-formed and rare (RFC
4055, 3.1), of a key or of a signature. A copy with others in their places is vetted and read
instead.
"""

from contextlib import suppress

from edgecheck.reading import der, pss
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.der import Malformed
from edgecheck.reading.quick import quick

_DSA = bytes.fromhex("06072a8648ce380401")
_WITHOUT = b"\x30\x09" + _DSA
"""The AlgorithmIdentifier of a DSA key without parameters."""
_SHA256_WITH_RSA = bytes.fromhex("300d06092a864886f70d01010b0500")
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
        parts = _Parts(data)
        key, inner, outer = parts.key, parts.inner, parts.outer
        waits = lacks_parameters(key)
        stand_in = _STAND_IN if waits else pss.as_rsa(key) if pss.is_pss(key) else key
        copied = _plain(inner), stand_in, _plain(outer)
        if copied == (inner, key, outer):
            return None
        certificate = quick(parts.copy(*copied))
    except (Malformed, IndexError, ValueError):
        return None
    if certificate is None:
        return None
    certificate.der, certificate.tbs, certificate.spki = data, parts.tbs, key
    certificate.tbs_signature_algorithm, certificate.signature_algorithm = inner, outer
    if waits:
        with suppress(AttributeError):
            del certificate.public_key  # the one that stood in
        certificate.damage["public_key"] = "it inherits the parameters of its issuer's DSA key"
    return certificate


class _Parts:
    """A certificate's DER, and where in it key and algorithms stand."""

    def __init__(self, data: bytes) -> None:
        """Raises `Malformed` or IndexError."""
        self.data = data
        self.start, self.end = der.only(data, der.SEQUENCE, "the certificate")
        signed, algorithm = der.elements(data, self.start, self.end)[:2]
        fields = der.elements(data, signed[1], signed[2])
        first = 1 if fields[0][0] == 0xA0 else 0
        places = [signed[1], *(field[2] for field in fields)]
        self.inside = signed[1], signed[2]
        self.inner_at = places[first + 1], places[first + 2]
        self.key_at = places[first + 5], places[first + 6]
        self.outer_at = signed[2], algorithm[2]
        self.tbs = data[self.start : signed[2]]
        self.inner, self.key, self.outer = (
            data[slice(*place)] for place in (self.inner_at, self.key_at, self.outer_at)
        )

    def copy(self, inner: bytes, key: bytes, outer: bytes) -> bytes:
        """The same with others in their places."""
        data = self.data
        before = data[self.inside[0] : self.inner_at[0]] + inner
        between = data[self.inner_at[1] : self.key_at[0]] + key
        tbs = der.wrapped(0x30, before + between + data[self.key_at[1] : self.inside[1]])
        return der.wrapped(0x30, tbs + outer + data[self.outer_at[1] : self.end])


def _plain(algorithm: bytes) -> bytes:
    """An algorithm that `cryptography` knows in the place of RSASSA-PSS with any parameters."""
    if not pss.is_pss(algorithm):
        return algorithm
    pss.signature_parameters(algorithm)
    return _SHA256_WITH_RSA
