"""A throwaway laboratory: chains around any time, sound or damaged; its keys are not kept.

A chain is made of parts by letter, as IoT Edge's are: R root, I intermediate, D device CA,
W workload CA, S server. A recipe says what is different from the sound chain:

    Lab(now).case("device_expired", "time", "device CA expired", D={"until": now - DAY})
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from fixtures import der
from fixtures.extensions import (
    Extension,
    Facts,
    authority_key_id,
    basic_constraints,
    extended_key_usage,
    key_usage,
    subject_alt_name,
    subject_key_id,
)
from tools.recording.cases import Case

HOST = "mygateway.local"
DAY = timedelta(days=1)
TICK = "clock of "
"""How the ids of the cases begin that find out whether a client heeds the faked clock."""

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey
CURVES: Mapping[str, type[ec.EllipticCurve]] = {
    "p256": ec.SECP256R1,
    "p384": ec.SECP384R1,
    "p521": ec.SECP521R1,
    "secp256k1": ec.SECP256K1,
}
DIGESTS: Mapping[str, type[hashes.HashAlgorithm]] = {
    "md5": hashes.MD5,
    "sha1": hashes.SHA1,
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}
_RSA = {"md5": 4, "sha1": 5, "sha256": 11, "sha384": 12, "sha512": 13}
_ECDSA = {"sha1": "1", "sha256": "3.2", "sha384": "3.3", "sha512": "3.4"}
_NULL = b"\x05\x00"


@dataclass(frozen=True)
class Part:
    """One certificate to be made.

    Attributes:
        subject, issuer: a name, and the letter of the part that issues.
        key: its kind, `rsa2048`, or a curve, or ed25519; parts share a key that has a suffix, `-x`.
        since, until: dates, or times as they shall be encoded.
        bc, ku, eku, san, ski, aki: extensions, None to leave one out; `more`, further ones.
        digest: of the signature; with `pss`, RSASSA-PSS.
        issuer_name, signer: other than the issuer's own.
        raw_extensions: instead of all extensions.
        tbs, finished: damage before and after signing.
    """

    subject: der.Name
    issuer: str
    key: str
    since: datetime | der.Time
    until: datetime | der.Time
    bc: Extension | None = None
    ku: Extension | None = None
    eku: Extension | None = None
    san: Extension | None = None
    ski: Extension | None = None
    aki: Extension | None = None
    more: tuple[Extension, ...] = ()
    serial: int | bytes | None = None
    version: int = 3
    digest: str = "sha256"
    pss: bool = False
    issuer_name: der.Name | None = None
    signer: str | None = None
    tbs: Callable[[bytes], bytes] | None = None
    finished: Callable[[bytes], bytes] | None = None


@dataclass(frozen=True)
class Made:
    """A certificate, with what those below need of it."""

    der: bytes
    subject: bytes
    issuer: bytes
    serial: bytes
    key_id: bytes | None
    key: Key


@cache
def key(kind: str, label: str) -> Key:
    """A fresh key for each label, in this process."""
    kind = kind.partition("-")[0]
    if kind in CURVES:
        return ec.generate_private_key(CURVES[kind]())
    if kind == "ed25519":
        return ed25519.Ed25519PrivateKey.generate()
    return rsa.generate_private_key(65537, int(kind.removeprefix("rsa")))


def sound(at: datetime) -> dict[str, Part]:
    """The parts of a sound chain."""
    ca_use = key_usage("digitalSignature", "keyCertSign", "cRLSign")
    ca = Part(
        subject="",
        issuer="",
        key="rsa2048",
        since=at - 2 * DAY,
        until=at + 700 * DAY,
        bc=basic_constraints(True),
        ku=ca_use,
        ski=subject_key_id(),
        aki=authority_key_id(),
    )
    contoso = [("C", "US"), ("O", "Contoso"), ("CN", "Azure IoT Hub CA Cert Test Only")]
    server = replace(
        ca,
        subject=HOST,
        issuer="W",
        until=at + 90 * DAY,
        bc=basic_constraints(False),
        ku=key_usage("digitalSignature", "keyEncipherment"),
        eku=extended_key_usage("serverAuth"),
        san=subject_alt_name(dns=[HOST]),
    )
    between = "Azure IoT Hub Intermediate Cert Test Only"
    return {
        "R": replace(ca, subject=contoso, issuer="R", until=at + 3650 * DAY, aki=None),
        "I": replace(ca, subject=between, issuer="R", until=at + 1800 * DAY),
        "D": replace(ca, subject="mygateway.ca", issuer="I"),
        "W": replace(ca, subject="iotedge workload ca", issuer="D"),
        "S": server,
    }


class Lab:
    """Makes cases around one time."""

    def __init__(self, at: datetime) -> None:
        self.at = at.replace(microsecond=0)

    def case(
        self,
        id: str,
        group: str,
        description: str,
        *,
        send: str = "S W D I R",
        trust: str = "R",
        host: str = HOST,
        no_key_ids: bool = False,
        **changes: Mapping[str, Any],
    ) -> Case:
        """The sound chain with these changes; parts that it has not are made from `like`.

        `like` names the part that a new one resembles. With `no_key_ids` no certificate has
        authority or subject key identifier.
        """
        parts = sound(self.at)
        for letter, change in changes.items():
            fields = dict(change)
            base = parts[fields.pop("like", letter)]
            parts[letter] = replace(base, **fields)
        if no_key_ids:
            parts = {letter: replace(part, aki=None, ski=None) for letter, part in parts.items()}
        made: dict[str, Made] = {}
        sent = [make(letter, parts, made).der for letter in send.split()]
        trusted = [make(letter, parts, made).der for letter in trust.split()]
        private = make("S", parts, made).key.private_bytes(
            Encoding.DER, PrivateFormat.PKCS8, NoEncryption()
        )
        return Case(id, group, description, host, self.at, tuple(sent), tuple(trusted), private)


def make(letter: str, parts: Mapping[str, Part], made: dict[str, Made]) -> Made:
    """One part and, first, its issuers; a ring of issuers takes only name and key from itself."""
    if letter in made:
        return made[letter]
    part = parts[letter]
    own = key(part.key, part.key if "-" in part.key else letter + part.key)
    public = own.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    number = secrets.randbits(63) | 1 << 62 if part.serial is None else part.serial
    subject, serial = der.name_der(part.subject), der.integer(number)
    own_id = hashlib.sha1(_bits_of(own)).digest()
    key_id = _key_id(part, own_id)
    draft = made[letter] = Made(b"", subject, subject, serial, key_id, own)
    issuer = draft if part.issuer == letter else make(part.issuer, parts, made)
    facts = Facts(own_id, issuer.key_id, issuer.issuer, issuer.serial)
    signer = make(part.signer, parts, made) if part.signer else issuer
    algorithm = algorithm_of(signer.key, part.digest, part.pss)
    issuer_name = issuer.subject if part.issuer_name is None else der.name_der(part.issuer_name)
    tbs = der.sequence(
        b"" if part.version == 1 else der.tlv(0xA0, der.integer(part.version - 1)),
        serial,
        algorithm,
        issuer_name,
        der.sequence(der.encoded_time(part.since).der, der.encoded_time(part.until).der),
        subject,
        public,
        _extensions(part, facts),
    )
    if part.tbs:
        tbs = part.tbs(tbs)
    signature = sign(signer.key, tbs, part.digest, part.pss)
    certificate = der.sequence(tbs, algorithm, der.bit_string(signature))
    if part.finished:
        certificate = part.finished(certificate)
    made[letter] = Made(certificate, subject, issuer_name, serial, key_id, own)
    return made[letter]


def _bits_of(own: Key) -> bytes:
    if isinstance(own, rsa.RSAPrivateKey):
        return own.public_key().public_bytes(Encoding.DER, PublicFormat.PKCS1)
    if isinstance(own, ec.EllipticCurvePrivateKey):
        return own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return own.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def _key_id(part: Part, own: bytes) -> bytes | None:
    content = part.ski.content(Facts(own, None, b"", b"")) if part.ski else None
    return content[2:] if content else None


def _extensions(part: Part, facts: Facts) -> bytes:
    wanted = (part.bc, part.ku, part.eku, part.san, part.ski, part.aki, *part.more)
    written = b""
    for extension in wanted:
        content = extension.content(facts) if extension else None
        if extension and content is not None:
            critical = b"\x01\x01\xff" if extension.critical else b""
            value = der.tlv(0x04, content)
            written += der.sequence(der.oid(extension.oid), critical, value)
    return der.tlv(0xA3, der.sequence(written)) if written and part.version > 1 else b""


def algorithm_of(signer: Key, digest: str, pss: bool) -> bytes:
    """The AlgorithmIdentifier of a signature."""
    if isinstance(signer, ed25519.Ed25519PrivateKey):
        return der.sequence(der.oid("1.3.101.112"))
    if isinstance(signer, ec.EllipticCurvePrivateKey):
        return der.sequence(der.oid(f"1.2.840.10045.4.{_ECDSA[digest]}"))
    if not pss:
        return der.sequence(der.oid(f"1.2.840.113549.1.1.{_RSA[digest]}"), _NULL)
    sha256 = der.sequence(der.oid("2.16.840.1.101.3.4.2.1"), _NULL)
    mask = der.sequence(der.oid("1.2.840.113549.1.1.8"), sha256)
    parameters = [der.tlv(0xA0, sha256), der.tlv(0xA1, mask), der.tlv(0xA2, der.integer(32))]
    return der.sequence(der.oid("1.2.840.113549.1.1.10"), der.sequence(*parameters))


def sign(signer: Key, message: bytes, digest: str, pss: bool) -> bytes:
    if isinstance(signer, ed25519.Ed25519PrivateKey):
        return signer.sign(message)
    chosen = DIGESTS[digest]()
    if isinstance(signer, ec.EllipticCurvePrivateKey):
        return signer.sign(message, ec.ECDSA(chosen))
    if pss:
        sha256 = hashes.SHA256()
        return signer.sign(message, padding.PSS(padding.MGF1(sha256), 32), sha256)
    return signer.sign(message, padding.PKCS1v15(), chosen)


def tick(at: datetime, id: str) -> Case:
    """A chain that is valid only around a time: who refuses it does not believe the clock."""
    hour = timedelta(hours=1)
    narrow = {"since": at - hour, "until": at + hour}
    return Lab(at).case(id, "clock", "valid for two hours", S=narrow, W=narrow, D=narrow)
