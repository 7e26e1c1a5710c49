"""Chains in which no engine sees anything out of the ordinary: one answer stands for nearly all.

What is ordinary is said by what a chain may have, and never by what it may not: every octet of
its certificates is accounted for below, so that nothing can hide in one. A chain as the runtimes
make it is ordinary where the operator's authorities are plain too. Anything else goes the long
way, and each engine is asked: a chain that is wrongly taken for unusual costs time alone.

A client follows where its library stands in `FOLLOW`, with what it looks at and why that is in
order here. Tests compare the answers with those of the full models, over chains of every kind that
is ordinary, and over ones that are so but for one fact.
"""

import re

from edgecheck.behaviour import work
from edgecheck.behaviour.kinds import Library
from edgecheck.behaviour.openssl.settings import Settings
from edgecheck.behaviour.record import Record
from edgecheck.behaviour.view import View
from edgecheck.hierarchy.signatures import State, vouched_by
from edgecheck.reading import certificate as reading
from edgecheck.reading import der
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.der import wrapped
from edgecheck.values import frozen

FOLLOW: dict[Library, str] = {
    Library.OPENSSL: "finds one issuer of each by name and key identifier; level 2 takes RSA from "
    "2048 bits, P-256 and SHA-256; knows all extensions. Strict mode wants an "
    "authorityKeyIdentifier of the server too (`names_issuer`)",
    Library.BORINGSSL: "as OpenSSL; path lengths are kept where the server counts too",
    Library.DOTNET: "as OpenSSL, and extKeyUsage for servers in the first certificate alone",
    Library.GO: "parses strictly what is written here in DER; the name is plain, and so is each "
    "name beside it",
    Library.JSSE: "takes RSA and P-256 with SHA-256 from any year; every keyUsage is critical and "
    "fits, key identifiers are of one length",
    Library.RUSTLS: "takes version 3 and these algorithms, and wants an end entity in front",
    Library.MBEDTLS: "walks in the order sent, each issued by the next; 16 KiB are enough",
    Library.BEARSSL: "the same; keys up to 4096 bits fit, and no critical extension is unknown",
    Library.BOTAN: "wants a leaf of version 3 and an issuer that may sign; knows all extensions",
    Library.WOLFSSL: "adds CAs from the end; knows all extensions, and sizes are within its own",
    Library.GNUTLS: "walks up by names; algorithms, sizes and times are within its profile",
    Library.NSS: "keeps certificates by issuer and serial number, of which no two are the same",
}
"""Libraries whose clients follow: what each looks at, and finds here. cryptography does not: it is
the installed version that answers, of which nothing is known beforehand."""

ENOUGH = 50_000
"""Steps of the bound on work; all models together need far fewer for what is ordinary."""
MOST_SENT, LARGEST = 6, 2_048
"""Certificates, and octets of one: all together are less than the smallest message for anybody."""
DAY = 86_400
"""Seconds for which every certificate has been valid, and will be."""
SINCE, UNTIL = 978_307_200, 2_145_916_800
"""2001 and 2038: the client's clock is between."""


@frozen
class Ordinary:
    """What else is told of an ordinary chain.

    Attributes:
        names_issuer: the server's certificate has an authorityKeyIdentifier.
    """

    names_issuer: bool


def follows(client: Record, found: Ordinary) -> bool:
    """Return whether a client accepts an ordinary chain."""
    if client.library not in FOLLOW:
        return False
    settings = client.settings
    return found.names_issuer or not (isinstance(settings, Settings) and settings.strict)


def ordinary(view: View) -> Ordinary | None:
    """Return what is told of a chain in which nothing is out of the ordinary; else None."""
    sent = view.presented
    if len(view.trust) != 1 or len(sent) > MOST_SENT or view.trailing or not _is_asked(view):
        return None
    path = sent if sent[-1] == view.trust[0] else (*sent, view.trust[0])
    if len(path) < 2 or not view.proves_key or not work.has(ENOUGH):
        return None
    shapes = [shape for certificate in path if (shape := _shape(certificate)) is not None]
    leaf = path[0]
    if len(shapes) < len(path) or not _all_differ(path):
        return None
    named = leaf.alt_names
    if named is None or view.hostname not in named.dns:
        return None
    if leaf.subject.common_name != view.hostname:
        return None
    for depth, (certificate, shape) in enumerate(zip(path, shapes, strict=True)):
        issuer = path[min(depth + 1, len(path) - 1)]
        if (
            shape.most_below < depth - 1
            or bool(depth) is not shape.is_ca
            or certificate.issuer_raw != issuer.subject_raw
            or not certificate.not_before + DAY < view.at < certificate.not_after - DAY
            or not _names_key(certificate, issuer, 0 < depth < len(path) - 1)
            or view.signature(certificate, issuer) is not State.VALID
        ):
            return None
    return Ordinary(names_issuer=leaf.authority_key_id is not None)


# --- what is asked for ----------------------------------------------------------------------------

_LABEL = r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*"
_HOST = re.compile(rf"(?!xn-){_LABEL}(?:\.(?!xn-){_LABEL})*+")
_MODULE = "$edgeHub"
"""The name of the module as runtime 1.3 has it."""
_LEAST_LETTERS, _MOST_LETTERS, _MOST_NAMES = 2, 63, 8
"""OpenSSL 4.0 asks for no name of one letter."""


def _is_asked(view: View) -> bool:
    """Whether a plain name is asked for in lower case, at a time that fits into 32 bits."""
    name = view.hostname
    return name is not None and _is_plain(name) and SINCE < view.at < UNTIL


def _is_plain(name: str) -> bool:
    return _LEAST_LETTERS <= len(name) <= _MOST_LETTERS and _HOST.fullmatch(name) is not None


# --- one certificate ------------------------------------------------------------------------------


@frozen
class Shape:
    """An ordinary certificate: a CA or a server, and how many CAs may be below it."""

    is_ca: bool
    most_below: int


def _shape(certificate: Certificate) -> Shape | None:
    """Return what kind of ordinary certificate it is; None: none. Kept with the certificate."""
    if vouched_by(certificate) is not None:
        return None
    noted = certificate.noted
    if _shape not in noted:
        noted[_shape] = _found_shape(certificate)
    found: Shape | None = noted[_shape]
    return found


def _found_shape(certificate: Certificate) -> Shape | None:
    if certificate.damage or certificate.loaded is None or certificate.version != 3:
        return None
    if (
        len(certificate.der) > LARGEST
        or certificate.signature_algorithm not in _ALGORITHMS
        or not _is_key(certificate.spki)
        or not (_is_name(certificate, "subject") and _is_name(certificate, "issuer"))
        or not (_is_time(certificate.not_before_raw) and _is_time(certificate.not_after_raw))
    ):
        return None
    shape = _authority(certificate) if certificate.is_ca else _server(certificate)
    return shape if shape is not None and certificate.der == _written(certificate) else None


_ALGORITHMS = frozenset(
    map(bytes.fromhex, ("300d06092a864886f70d01010b0500", "300a06082a8648ce3d040302"))
)
"""RSA (PKCS #1) and ECDSA, with SHA-256."""
_P_256 = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")
_F4 = bytes.fromhex("0203010001")
"""The exponent 65537 behind the modulus."""


def _rsa(octets: int) -> bytes:
    """Return what is before the modulus of an RSA key with the exponent 65537."""
    key = wrapped(der.SEQUENCE, wrapped(der.INTEGER, b"\0" + bytes(octets)) + _F4)
    kind = bytes.fromhex("300d06092a864886f70d0101010500")
    return wrapped(der.SEQUENCE, kind + wrapped(der.BIT_STRING, b"\0" + key))[: -octets - len(_F4)]


_RSA = {octets + 38: _rsa(octets) for octets in (256, 512)}
"""By the octets of the whole."""


def _is_key(spki: bytes) -> bool:
    """RSA of 2048 or 4096 bits, or a point of P-256 in full."""
    if spki.startswith(_P_256):
        return len(spki) == len(_P_256) + 64
    head = _RSA.get(len(spki))
    if head is None or not spki.startswith(head) or not spki.endswith(_F4):
        return False
    return spki[len(head)] >= 0x80 and bool(spki[-len(_F4) - 1] & 1)


_ATTRIBUTES = frozenset(bytes((0x55, 4, last)) for last in (3, 6, 7, 8, 10, 11))
"""commonName, countryName, localityName, stateOrProvinceName, and those of organizations."""
_COUNTRY = bytes((0x55, 4, 6))


def _is_name(certificate: Certificate, which: str) -> bool:
    """Short attributes of text, one in each relative name, and one of them a common name."""
    name = certificate.subject if which == "subject" else certificate.issuer
    if not name.is_plain or len(name.common_names) != 1:
        return False
    written = b""
    for ((kind, tag, content),) in name.parts:
        if kind not in _ATTRIBUTES or (kind == _COUNTRY and not content.isalpha()):
            return False
        attribute = wrapped(der.OID, kind) + wrapped(tag, content)
        written += wrapped(der.SET, wrapped(der.SEQUENCE, attribute))
    return name.raw == wrapped(der.SEQUENCE, written)


def _is_time(raw: bytes) -> bool:
    """A UTCTime of this century."""
    return raw[:2] == b"\x17\x0d" and raw[2:4] < b"50"


_KEY_ID = b"\x04\x14"
_AUTHORITIES = frozenset(map(bytes.fromhex, ("03020106", "03020204", "03020284", "03020186")))
"""keyCertSign, with or without cRLSign and digitalSignature."""
_SERVERS = frozenset(map(bytes.fromhex, ("030205a0", "030203f8")))
"""digitalSignature and keyEncipherment, and all that runtime 1.1 gives. NSS wants both of RSA."""
_SERVER_AUTH = bytes.fromhex("300a06082b06010505070301")
_CA = bytes.fromhex("30030101ff")
_CA_WITH_LENGTH = bytes.fromhex("30060101ff0201")
_KEY_IDS = frozenset({reading.EXT_SUBJECT_KEY_ID, reading.EXT_AUTHORITY_KEY_ID})
_OF_AUTHORITIES = frozenset({reading.EXT_BASIC_CONSTRAINTS, reading.EXT_KEY_USAGE})
_OF_SERVERS = frozenset({reading.EXT_EXTENDED_KEY_USAGE, reading.EXT_SUBJECT_ALT_NAME})
_UNBOUNDED = MOST_SENT


def _authority(certificate: Certificate) -> Shape | None:
    values = certificate.extensions
    if (
        not values.keys() <= _OF_AUTHORITIES | _KEY_IDS
        or certificate.critical != _OF_AUTHORITIES
        or certificate.serial <= 0
        or values[reading.EXT_KEY_USAGE] not in _AUTHORITIES
        or not _is_key_id(values.get(reading.EXT_SUBJECT_KEY_ID))
    ):
        return None
    constraints = values[reading.EXT_BASIC_CONSTRAINTS]
    if constraints == _CA:
        return Shape(True, _UNBOUNDED)
    if constraints[:-1] != _CA_WITH_LENGTH or constraints[-1] >= 0x80:
        return None
    return Shape(True, constraints[-1])


def _server(certificate: Certificate) -> Shape | None:
    values, names = certificate.extensions, certificate.alt_names
    if (
        not _OF_SERVERS <= values.keys() <= _OF_SERVERS | _OF_AUTHORITIES | _KEY_IDS
        or not certificate.critical <= _OF_AUTHORITIES
        or values[reading.EXT_EXTENDED_KEY_USAGE] != _SERVER_AUTH
        or values.get(reading.EXT_BASIC_CONSTRAINTS, b"\x30\x00") != b"\x30\x00"
        or (
            reading.EXT_KEY_USAGE in values
            and (
                values[reading.EXT_KEY_USAGE] not in _SERVERS
                or reading.EXT_KEY_USAGE not in certificate.critical
            )
        )
        or (
            reading.EXT_SUBJECT_KEY_ID in values
            and not _is_key_id(values[reading.EXT_SUBJECT_KEY_ID])
        )
        or names is None
        or len(names.dns) > _MOST_NAMES
        or not all(name == _MODULE or _is_plain(name.lower()) for name in names.dns)
    ):
        return None
    entries = b"".join(wrapped(0x82, name.encode()) for name in names.dns)
    if values[reading.EXT_SUBJECT_ALT_NAME] != wrapped(der.SEQUENCE, entries):
        return None
    return Shape(False, 0)


def _is_key_id(value: bytes | None) -> bool:
    """A key identifier of 20 octets."""
    return value is not None and value[:2] == _KEY_ID and len(value) == 22


def _written(certificate: Certificate) -> bytes:
    """Return the certificate as its facts are written: if it is the same, there is nothing else."""
    extensions = b"".join(
        wrapped(
            der.SEQUENCE,
            wrapped(der.OID, kind)
            + (b"\x01\x01\xff" if kind in certificate.critical else b"")
            + wrapped(der.OCTET_STRING, value),
        )
        for kind, value in certificate.extensions.items()
    )
    algorithm = certificate.signature_algorithm
    times = certificate.not_before_raw + certificate.not_after_raw
    tbs = wrapped(
        der.SEQUENCE,
        b"\xa0\x03\x02\x01\x02"
        + _number(der.INTEGER, certificate.serial)
        + algorithm
        + certificate.issuer_raw
        + wrapped(der.SEQUENCE, times)
        + certificate.subject_raw
        + certificate.spki
        + wrapped(0xA3, wrapped(der.SEQUENCE, extensions)),
    )
    signature = wrapped(der.BIT_STRING, b"\0" + certificate.signature)
    return wrapped(der.SEQUENCE, tbs + algorithm + signature)


def _number(tag: int, number: int) -> bytes:
    """Return an INTEGER that is not negative; of a longer one than RFC 5280 allows nothing."""
    if not 0 <= number < 1 << 159:
        return b""
    return wrapped(tag, number.to_bytes(number.bit_length() // 8 + 1))


# --- certificates of one chain --------------------------------------------------------------------


def _names_key(certificate: Certificate, issuer: Certificate, has_to: bool) -> bool:
    """Whether it names its issuer's key, with issuer and serial number or without."""
    value = certificate.extensions.get(reading.EXT_AUTHORITY_KEY_ID)
    if value is None:
        return not has_to
    key = wrapped(0x80, issuer.extensions[reading.EXT_SUBJECT_KEY_ID][2:])
    if value == wrapped(der.SEQUENCE, key):
        return True
    name = wrapped(0xA1, wrapped(0xA4, issuer.issuer_raw))
    return value == wrapped(der.SEQUENCE, key + name + _number(0x82, issuer.serial))


def _all_differ(path: tuple[Certificate, ...]) -> bool:
    """Whether no two have a name, a key, a key identifier, or issuer and serial number alike."""
    count = len(path)
    names = {name.lower() for one in path for name in one.subject.common_names}
    keys = {one.spki for one in path}
    numbers = {(one.issuer_raw, one.serial) for one in path}
    identifiers = [one.extensions.get(reading.EXT_SUBJECT_KEY_ID, b"") for one in path]
    return len(names) == len(keys) == len(numbers) == len(set(identifiers)) == count
