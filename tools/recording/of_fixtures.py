"""The fixtures as cases: what a client is sent, trusts and asks for; the keys are `fixtures/keys`.

A case's id is the fixture's folder, and a part of the hash of all that the client gets: a recording
of a fixture that has changed since is of another case.
"""

from __future__ import annotations

import binascii
import hashlib
import re
import warnings
from base64 import b64decode
from collections.abc import Iterator
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from fixtures import expected
from fixtures.private_keys import FOLDER
from tools.recording.cases import Case

_BLOCK = re.compile(rb"-----BEGIN CERTIFICATE-----\s(.*?)-----END CERTIFICATE-----", re.DOTALL)


def cases() -> Iterator[Case]:
    """All fixtures of gateways that a server can send, and a client can be asked about.

    Those are left out whose first certificate has no key here, that give no host name or no trust,
    whose form is the fault (no plain PEM), or that are about what a device sends.
    """
    for folder in expected.folders():
        case = _case(expected.read(folder))
        if case is not None:
            yield case


def _case(fixture: expected.Fixture) -> Case | None:
    host = fixture.hostname
    if host is None or not fixture.trust or fixture.validation.get("purpose") == "client":
        return None
    sent = _certificates(fixture, fixture.presented)
    trust = _certificates(fixture, fixture.trust)
    if not sent or not trust:
        return None
    key = _keys().get(_public_key(sent[0]))
    if key is None:
        return None
    got = repr((sent, trust, host, fixture.at)).encode()
    id = f"{fixture.name}@{hashlib.sha256(got).hexdigest()[:12]}"
    return Case(id, "fixture", fixture.name, host, fixture.at, sent, trust, key)


def _certificates(fixture: expected.Fixture, names: tuple[str, ...]) -> tuple[bytes, ...]:
    """Return the octets of each block of these files; none where a file has no plain PEM."""
    found: list[bytes] = []
    for name in names:
        blocks = _BLOCK.findall(fixture.file(name).read_bytes())
        try:
            found += [b64decode(b"".join(block.split()), validate=True) for block in blocks]
        except binascii.Error:
            return ()
    return tuple(found)


@cache
def _keys() -> dict[bytes, bytes]:
    """Return SubjectPublicKeyInfo -> PKCS #8 of each key that lies open in the repository."""
    pairs = {}
    for file in sorted(FOLDER.glob("*.pem")):
        private = load_pem_private_key(file.read_bytes(), None)
        public = private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        pairs[public] = private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return pairs


def _public_key(der: bytes) -> bytes:
    """Return a certificate's SubjectPublicKeyInfo; empty where it cannot be read."""
    try:
        with warnings.catch_warnings(action="ignore"):  # of serial numbers, and what else is odd
            key = x509.load_der_x509_certificate(der).public_key()
    except Exception:  # whatever a damaged certificate makes the library raise
        return b""
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
