"""Keys and signature algorithms as mbedTLS reads them (library/pkparse.c, x509.c and oid.c)."""

from typing import NamedTuple

from edgecheck.behaviour.mbedtls import asn1
from edgecheck.behaviour.mbedtls.asn1 import Reader, Refused, Value
from edgecheck.behaviour.mbedtls.versions import V3_6_6, Version
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.der import oid_content

RSA, EC = "RSA", "EC"
PSS = "RSASSA-PSS"
_LARGEST_MODULUS = 1024
"""Octets (MBEDTLS_MPI_MAX_SIZE)."""
_RSA_KEY = oid_content("1.2.840.113549.1.1.1")
_EC_KEYS = (oid_content("1.2.840.10045.2.1"), oid_content("1.3.132.1.12"))
_MONTGOMERY = {oid_content("1.3.101.110"): "x25519", oid_content("1.3.101.111"): "x448"}
"""Since 3.4 (oid_ecp_grp_algid)."""
_CURVES = {
    oid_content("1.2.840.10045.3.1.1"): ("secp192r1", 24),
    oid_content("1.3.132.0.33"): ("secp224r1", 28),
    oid_content("1.2.840.10045.3.1.7"): ("secp256r1", 32),
    oid_content("1.3.132.0.34"): ("secp384r1", 48),
    oid_content("1.3.132.0.35"): ("secp521r1", 66),
    oid_content("1.3.132.0.31"): ("secp192k1", 24),
    oid_content("1.3.132.0.32"): ("secp224k1", 28),
    oid_content("1.3.132.0.10"): ("secp256k1", 32),
    oid_content("1.3.36.3.3.2.8.1.1.7"): ("brainpoolP256r1", 32),
    oid_content("1.3.36.3.3.2.8.1.1.11"): ("brainpoolP384r1", 48),
    oid_content("1.3.36.3.3.2.8.1.1.13"): ("brainpoolP512r1", 64),
}
"""By the identifier: the curve, and the octets of a coordinate (oid_ecp_grp)."""
_UNCHECKED = ("secp192k1", "secp224k1")
"""Curves of which nothing here knows the points."""

_PKCS1, _ECDSA = "1.2.840.113549.1.1.", "1.2.840.10045.4."
_SIGNATURES = {
    oid_content(f"{_PKCS1}4"): ("md5", RSA),
    oid_content(f"{_PKCS1}5"): ("sha1", RSA),
    oid_content(f"{_PKCS1}14"): ("sha224", RSA),
    oid_content(f"{_PKCS1}11"): ("sha256", RSA),
    oid_content(f"{_PKCS1}12"): ("sha384", RSA),
    oid_content(f"{_PKCS1}13"): ("sha512", RSA),
    oid_content("1.3.14.3.2.29"): ("sha1", RSA),
    oid_content(f"{_ECDSA}1"): ("sha1", EC),
    oid_content(f"{_ECDSA}3.1"): ("sha224", EC),
    oid_content(f"{_ECDSA}3.2"): ("sha256", EC),
    oid_content(f"{_ECDSA}3.3"): ("sha384", EC),
    oid_content(f"{_ECDSA}3.4"): ("sha512", EC),
    oid_content(f"{_PKCS1}10"): ("", PSS),
}
"""The digest, and the kind of key (oid_sig_alg)."""
_DIGESTS = {
    oid_content("1.2.840.113549.2.5"): "md5",
    oid_content("1.3.14.3.2.26"): "sha1",
    oid_content("2.16.840.1.101.3.4.2.4"): "sha224",
    oid_content("2.16.840.1.101.3.4.2.1"): "sha256",
    oid_content("2.16.840.1.101.3.4.2.2"): "sha384",
    oid_content("2.16.840.1.101.3.4.2.3"): "sha512",
    oid_content("1.3.36.3.2.1"): "ripemd160",
}
_MGF1 = oid_content("1.2.840.113549.1.1.8")


class Key(NamedTuple):
    """A public key: its kind, and the bits of its modulus or the name of its curve."""

    kind: str
    bits: int = 0
    curve: str = ""


def read_key(tbs: Reader, certificate: Certificate, version: Version) -> Key:
    """mbedtls_pk_parse_subpubkey.

    Raises:
        Refused: a kind of key, or a curve, that it does not know; a key that is none.
    """
    tbs.adding = asn1.KEY_INVALID_FORMAT
    key = tbs.inside(asn1.SEQUENCE)
    key.adding = asn1.PK_INVALID_ALG
    kind, parameters = key.algorithm()
    montgomery = _MONTGOMERY.get(kind) if version >= V3_6_6 else None
    if kind != _RSA_KEY and kind not in _EC_KEYS and montgomery is None:
        raise Refused(asn1.UNKNOWN_PK_ALG)
    if kind == _RSA_KEY and (parameters.tag not in (asn1.NULL, 0) or parameters.content):
        raise Refused(asn1.PK_INVALID_ALG)
    key.adding = asn1.PK_INVALID_PUBKEY
    bits = key.octets_of_bits()
    key.finish()
    if kind == _RSA_KEY:
        return Key(RSA, bits=_modulus(bits, version).bit_length())
    if montgomery is not None:
        if parameters.tag or len(bits) not in (32, 56):
            raise Refused(asn1.KEY_INVALID_FORMAT)
        return Key(EC, curve=montgomery)
    return Key(EC, curve=_curve(parameters, bits, certificate, version))


def _modulus(data: bytes, version: Version) -> int:
    """pk_get_rsapubkey, since 3.6 mbedtls_rsa_parse_pubkey."""
    outer = Reader(data, 0, len(data), asn1.PK_INVALID_PUBKEY)
    inner = outer.inside(asn1.SEQUENCE)
    if outer.left:
        low = 0 if version >= V3_6_6 else asn1.LENGTH_MISMATCH
        raise outer.refuse(low)
    modulus = int.from_bytes(inner.take(asn1.INTEGER))
    exponent = int.from_bytes(inner.take(asn1.INTEGER))
    fits = 128 <= modulus.bit_length() <= 8 * _LARGEST_MODULUS and modulus & 1
    if not fits or not exponent & 1 or not 2 < exponent < modulus:
        raise Refused(asn1.PK_INVALID_PUBKEY)
    inner.finish()
    return modulus


def _curve(parameters: Value, point: bytes, certificate: Certificate, version: Version) -> str:
    """pk_use_ecparams: a curve by its name; since 3.6 also by parameters that are those of one.

    Raises:
        Refused: it knows no such curve, or the point is none of it.
        Unreadable: parameters that are spelled out, of which nothing here knows the curve.
    """
    if parameters.tag == 0:
        raise Refused(asn1.KEY_INVALID_FORMAT + asn1.OUT_OF_DATA)
    forms = (asn1.OID, asn1.SEQUENCE) if version >= V3_6_6 else (asn1.OID,)
    if parameters.tag not in forms:
        raise Refused(asn1.KEY_INVALID_FORMAT + asn1.UNEXPECTED_TAG)
    if parameters.tag == asn1.SEQUENCE:
        spelled_out: str = certificate.public_key.curve.name
        return spelled_out
    if parameters.content not in _CURVES:
        raise Refused(asn1.UNKNOWN_NAMED_CURVE)
    name, size = _CURVES[parameters.content]
    if version < V3_6_6 and point[:1] != b"\x04":
        raise Refused(asn1.ECP_FEATURE_UNAVAILABLE)
    if point[:1] not in (b"\x02", b"\x03", b"\x04"):
        raise Refused(asn1.ECP_BAD_INPUT_DATA)
    if len(point) != 1 + (2 * size if point[:1] == b"\x04" else size):
        raise Refused(asn1.ECP_BAD_INPUT_DATA)
    if name not in _UNCHECKED:
        try:
            certificate.public_key  # noqa: B018 - it is read where the point is on the curve
        except Unreadable:
            raise Refused(asn1.ECP_INVALID_KEY) from None
    return name


def read_signature_algorithm(identifier: bytes, parameters: Value) -> str:
    """mbedtls_x509_get_sig_alg: the digest.

    Raises:
        Refused: an algorithm that it does not know, or parameters that do not fit.
    """
    if identifier not in _SIGNATURES:
        raise Refused(asn1.UNKNOWN_SIG_ALG + asn1.OID_NOT_FOUND)
    digest, kind = _SIGNATURES[identifier]
    if kind == PSS:
        return _pss(parameters)
    if parameters.tag not in (asn1.NULL, 0) or parameters.content:
        raise Refused(asn1.INVALID_ALG)
    return digest


def _pss(parameters: Value) -> str:
    """mbedtls_x509_get_rsassa_pss_params: the digest of the message."""
    if parameters.tag != asn1.SEQUENCE:
        raise Refused(asn1.INVALID_ALG + asn1.UNEXPECTED_TAG)
    data = parameters.content
    fields, digest = Reader(data, 0, len(data), asn1.INVALID_ALG), "sha1"
    if fields.next_tag == 0xA0:
        inner = fields.inside(0xA0)
        kind, given = inner.algorithm()
        if given.tag not in (asn1.NULL, 0) or given.content:
            raise inner.refuse(asn1.INVALID_DATA)
        digest = _digest(kind)
        inner.finish()
    if fields.next_tag == 0xA1:
        inner = fields.inside(0xA1)
        kind, given = inner.algorithm()
        if kind != _MGF1:
            raise Refused(asn1.FEATURE_UNAVAILABLE + asn1.OID_NOT_FOUND)
        if given.tag != asn1.SEQUENCE:
            raise inner.refuse(asn1.UNEXPECTED_TAG)
        _digest(Reader(given.content, 0, len(given.content), asn1.INVALID_ALG).take(asn1.OID))
        inner.finish()
    for tag in (0xA2, 0xA3):
        if fields.next_tag == tag:
            inner = fields.inside(tag)
            number = inner.integer()
            inner.finish()
            if tag == 0xA3 and number != 1:
                raise Refused(asn1.INVALID_ALG)
    fields.finish()
    return digest


def _digest(kind: bytes) -> str:
    if kind not in _DIGESTS:
        raise Refused(asn1.INVALID_ALG + asn1.OID_NOT_FOUND)
    return _DIGESTS[kind]
