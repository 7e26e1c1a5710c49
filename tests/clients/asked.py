"""What one client says of a chain: its model alone, without a report around it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from edgecheck.behaviour.records import BY_ID
from edgecheck.behaviour.view import View
from edgecheck.clients.answer import Answer, Verdict
from edgecheck.clients.predict import answers
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.inputs import Reader
from fixtures.der import integer, oid, sequence, tlv
from fixtures.pki import (
    Extension,
    Issued,
    basic_constraints,
    extended_key_usage,
    key_usage,
    name_constraints,
    raw_extension,
    subject_alt_name,
)
from tests.hierarchy.chains import AT, HOST, Chain

SERVER, CA, ROOT = range(3)
"""The places in `Chain`."""
SOUND = Chain()
RSA = Chain(
    tuple(
        spec.with_(key=key)
        for spec, key in zip(SOUND.specs, ("rsa2048-1", "rsa2048-2", "rsa2048-3"), strict=True)
    )
)
"""The same with RSA keys, whose signatures are all of one size."""


def read(issued: Iterable[Issued]) -> tuple[Certificate, ...]:
    """As edgecheck reads them; the same certificate is the same object."""
    reader = Reader({}, 10**7, 10**4)
    return tuple(reader.read(one.der, "sent").sequence[0] for one in issued)


def view(
    made: Chain | Sequence[Issued],
    trust: Sequence[Issued] | None = None,
    host: str | None = HOST,
    at: datetime = AT,
    key_of: Issued | None = None,
    trailing: Sequence[int] = (),
) -> View:
    """What a client gets to see; of a `Chain` the last certificate is trusted, and not sent.

    `key_of`: whose key the server really has. `trailing`: places sent with octets behind.
    """
    if isinstance(made, Chain):
        *sent, root = made.issued()
        trust = [root] if trust is None else trust
    else:
        sent = list(made)
    presented, trusted = read(sent), read(trust or ())
    server = read([key_of])[0] if key_of is not None else presented[0]
    behind = frozenset(presented[place].der for place in trailing)
    return View(presented, trusted, host, int(at.timestamp()), server, {}, behind)


def answer(client: str, seen: View) -> tuple[Answer, str]:
    """What a client decides, and its words."""
    ((_, found, says),) = answers(seen, [BY_ID[client]], ask_all=True)
    return found, says


def says(client: str, made: Chain | Sequence[Issued] | View, *given: object, **more: object) -> str:
    """Its words where it refuses; `connects`; `unknown: ` and why."""
    seen = made if isinstance(made, View) else view(made, *given, **more)  # type: ignore[arg-type]
    found, words = answer(client, seen)
    if found.verdict is Verdict.ACCEPT:
        return "connects"
    return words if found.verdict is Verdict.REJECT else f"unknown: {words}"


def where(client: str, made: Chain | Sequence[Issued] | View, **more: object) -> tuple[int, int]:
    """Of which certificate it complains, -1 for none that is sent, and at which depth."""
    seen = made if isinstance(made, View) else view(made, **more)  # type: ignore[arg-type]
    found, _ = answer(client, seen)
    at = found.certificate
    return (seen.presented.index(at) if at in seen.presented else -1), found.depth


def raw(name: str, value: bytes, critical: bool = False) -> Extension:
    """An extension with any contents."""
    return raw_extension(name, value, critical)


def public_key(curve: ec.EllipticCurve) -> bytes:
    """The SubjectPublicKeyInfo of a key on a curve."""
    return _spki(ec.derive_private_key(5, curve).public_key())


def rsa_key(bits: int, exponent: int = 65537) -> bytes:
    """The SubjectPublicKeyInfo of a modulus of so many bits, which nobody has a key for."""
    return _spki(rsa.RSAPublicNumbers(exponent, (1 << bits - 1) + 1).public_key())


def _spki(key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey) -> bytes:
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def of_unknown_kind(tbs: bytes) -> bytes:
    """Damage: an EC key becomes one of a kind that nobody knows."""
    return tbs.replace(bytes.fromhex("2a8648ce3d0201"), bytes.fromhex("2a8648ce3d0209"))


def long(count: int, **changes: object) -> Chain:
    """A sound chain with so many certificates between the server's and the root's."""
    server, authority, root = SOUND.specs
    between = tuple(
        authority.with_(subject=f"CA {at}", serial=100 + at, **changes) for at in range(count)
    )
    return Chain((server, *between, root))


# --- extensions that are known or not ---------------------------------------------------------

_URI = tlv(0x86, b"http://plant7.example/x")
_POINTS = sequence(sequence(tlv(0xA0, tlv(0xA0, _URI))))
_POLICY = sequence(oid("1.2.3.4"))
ELSEWHERE = name_constraints({"email": ["plant7.example"]})
"""Constraints of which no name of the tests is."""

CONTENTS: dict[str, Extension] = {
    "keyUsage": key_usage("keyCertSign", "cRLSign"),
    "basicConstraints": basic_constraints(True),
    "subjectAltName": subject_alt_name(dns=["ca.plant7.example"], critical=True),
    "extendedKeyUsage": extended_key_usage("serverAuth", critical=True),
    "nameConstraints": ELSEWHERE,
    "certificatePolicies": raw_extension("2.5.29.32", sequence(_POLICY), True),
    "policyMappings": raw_extension(
        "2.5.29.33", sequence(sequence(oid("1.2.3.4"), oid("1.2.3.5"))), True
    ),
    "policyConstraints": raw_extension("2.5.29.36", sequence(tlv(0x80, b"\x09")), True),
    "inhibitAnyPolicy": raw_extension("2.5.29.54", integer(9), True),
    "issuerAltName": raw_extension("2.5.29.18", sequence(_URI), True),
    "subjectDirectoryAttributes": raw_extension("2.5.29.9", sequence(), True),
    "cRLDistributionPoints": raw_extension("2.5.29.31", _POINTS, True),
    "freshestCRL": raw_extension("2.5.29.46", _POINTS, True),
    "cRLNumber": raw_extension("2.5.29.20", integer(1), True),
    "reasonCode": raw_extension("2.5.29.21", tlv(0x0A, b"\x01"), True),
    "issuingDistributionPoint": raw_extension("2.5.29.28", sequence(), True),
    "authorityInfoAccess": raw_extension(
        "1.3.6.1.5.5.7.1.1", sequence(sequence(oid("1.3.6.1.5.5.7.48.1"), _URI)), True
    ),
    "subjectInfoAccess": raw_extension(
        "1.3.6.1.5.5.7.1.11", sequence(sequence(oid("1.3.6.1.5.5.7.48.5"), _URI)), True
    ),
    "proxyCertInfo": raw_extension("1.3.6.1.5.5.7.1.14", sequence(sequence()), True),
    "tlsFeature": raw_extension("1.3.6.1.5.5.7.1.24", sequence(integer(17)), True),
    "ocspNoCheck": raw_extension("1.3.6.1.5.5.7.48.1.5", tlv(0x05), True),
    "nsCertType": raw_extension("2.16.840.1.113730.1.1", tlv(0x03, b"\0\xff"), True),
    **{
        f"netscape {last}": raw_extension(
            f"2.16.840.1.113730.1.{last}", tlv(0x16, b"https://x"), True
        )
        for last in (2, 3, 4, 7, 8, 12, 13, 14, 15)
    },
    "unheard of": raw_extension("1.2.3.4.5", tlv(0x05), True),
}
"""By name: one of each, critical, with contents that fit the CA certificate of the tests."""
KEY_IDS = ("subjectKeyIdentifier", "authorityKeyIdentifier")


def critical(chain: Chain, name: str, place: int = CA) -> Chain:
    """The chain with this extension, critical, in one certificate."""
    if name in KEY_IDS:
        own = next(one for one in chain.specs[place].extensions if one.name == name)
        return chain.put(place, replace(own, critical=True))
    return chain.put(place, CONTENTS[name])


def unknown_critical(
    client: str, words: str, chain: Chain = SOUND, but: Iterable[str] = ()
) -> set[str]:
    """The extensions that a client refuses in a CA with these words, where they are critical."""
    names = {*CONTENTS, *KEY_IDS}.difference(but)
    found = {name: says(client, critical(chain, name)) for name in names}
    assert set(found.values()) <= {words, "connects"}, found
    return {name for name, told in found.items() if told == words}
