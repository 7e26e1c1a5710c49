"""Facts about private keys, in every form that people have; never the key."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from edgecheck.configuring.certificates import facts_of_certificates, without_keys
from edgecheck.configuring.keys import facts_of_key
from edgecheck.configuring.strings import in_text
from fixtures import private_keys, stock
from fixtures.pki import pem
from fixtures.private_keys import private_key

PKCS8, OLD = PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL
CERTIFICATE = pem(*stock.stock_15().presented("device_ca"), comments=False)


def written(name: str, form: PrivateFormat = PKCS8, encoding: Encoding = Encoding.PEM) -> bytes:
    return private_key(name).private_bytes(encoding, form, NoEncryption())


def block(label: str) -> bytes:
    return f"-----BEGIN {label}-----\nAAAA\n-----END {label}-----\n".encode()


def digest(name: str) -> str:
    return hashlib.sha256(private_keys.public_key_der(name)).hexdigest()


@pytest.mark.parametrize(
    ("name", "form", "facts"),
    [
        ("rsa2048-1", PKCS8, {"type": "RSA", "bits": 2048}),
        ("rsa2048-1", OLD, {"type": "RSA", "bits": 2048}),
        ("p256-1", PKCS8, {"type": "EC", "curve": "secp256r1", "bits": 256}),
        ("p256-1", OLD, {"type": "EC", "curve": "secp256r1", "bits": 256}),
        ("p384-1", OLD, {"type": "EC", "curve": "secp384r1", "bits": 384}),
        ("ed25519-1", PKCS8, {"type": "Ed25519"}),
        ("ed448-1", PKCS8, {"type": "Ed448"}),
    ],
)
def test_pkcs8_pkcs1_and_sec1_are_read(name: str, form: PrivateFormat, facts: Any) -> None:
    wanted = {**facts, "form": "PEM", "encrypted": False, "public_key": digest(name)}
    assert facts_of_key(written(name, form)) == wanted
    assert facts_of_key(written(name, form).replace(b"\n", b"\r\n")) == wanted
    assert facts_of_key(CERTIFICATE + written(name, form)) == wanted, "what stands before is passed"
    assert facts_of_key(b"Bag Attributes\n  x: y\n" + written(name, form)) == wanted


def test_what_openssl_ecparam_writes_before_a_key_is_passed_over() -> None:
    text = b"-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"
    assert facts_of_key(text + written("p256-1", OLD))["public_key"] == digest("p256-1")


@pytest.mark.parametrize("form", [PKCS8, OLD])
def test_a_passphrase_is_said_and_nothing_else(form: PrivateFormat) -> None:
    locked = private_key("rsa2048-1").private_bytes(
        Encoding.PEM, form, BestAvailableEncryption(b"1234")
    )
    assert facts_of_key(locked) == {"form": "PEM", "encrypted": True}


def test_der_is_read_though_the_runtime_does_not() -> None:
    assert facts_of_key(written("p256-1", PKCS8, Encoding.DER)) == {
        "form": "DER",
        "encrypted": False,
        "type": "EC",
        "curve": "secp256r1",
        "bits": 256,
        "public_key": digest("p256-1"),
    }
    locked = private_key("p256-1").private_bytes(
        Encoding.DER, PKCS8, BestAvailableEncryption(b"1234")
    )
    assert facts_of_key(locked) == {"form": "DER", "encrypted": True}


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"", "nothing: it is empty"),
        (b" \n", "nothing: it is empty"),
        (CERTIFICATE, "a certificate"),
        (
            b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
            "a PEM block of PUBLIC KEY",
        ),
        (written("rsa2048-1")[:400], "a private key whose end is missing"),
        (b"\x30\x03\x02\x01\x01", "DER that is no private key"),
        (block("PRIVATE KEY"), "a private key that cannot be read"),
        (b"secret words", "no private key"),
    ],
)
def test_what_is_there_instead_is_said_in_words(data: bytes, found: str) -> None:
    facts = facts_of_key(data)
    assert facts["found"] == found
    assert "public_key" not in facts


@pytest.mark.parametrize("name", ["rsa2048-1", "p256-1", "ed25519-1"])
def test_no_fact_has_a_piece_of_the_key(name: str) -> None:
    """Whole, cut in the middle, or with a character lost."""
    whole = written(name)
    lines = [line for line in whole.decode().splitlines() if not line.startswith("-")]
    for data in (whole, whole[: len(whole) // 2], whole.replace(b"A", b"", 1), whole[30:]):
        told = repr(facts_of_key(data))
        assert not any(line[:12] in told for line in lines)


def test_a_private_key_within_certificates_is_blotted_out() -> None:
    """Line by line, so that what is said of the file is the same."""
    key = written("rsa2048-1")
    for data in (CERTIFICATE + key, key + CERTIFICATE, CERTIFICATE + key[:300]):
        clean = without_keys(data)
        assert len(clean.splitlines()) == len(data.splitlines())
        assert CERTIFICATE in clean
        secret = [line for line in key.splitlines() if not line.startswith(b"-")]
        assert not any(line in clean for line in secret if len(line) > 20)
    assert without_keys(CERTIFICATE) == CERTIFICATE


def test_facts_of_a_file_of_certificates_are_of_its_first() -> None:
    gateway = stock.stock_15()
    facts = facts_of_certificates(pem(*gateway.presented("device_ca", "intermediate")))
    assert facts == {
        "certificates": 2,
        "ends_with_newline": True,
        "not_before": 1767225600,
        "not_after": 1893456000,
        "common_name": "iotedgegw device CA",
        "public_key": digest("rsa2048-3"),
        "is_ca": True,
    }
    assert facts_of_certificates(b"") == {"certificates": 0, "ends_with_newline": False}


KEY = "c2VjcmV0IGtleQ=="
PARTS = f"HostName=h.azure-devices.net;DeviceId=d;SharedAccessKey={KEY};GatewayHostName=gw.local"


@pytest.mark.parametrize(
    "text",
    [
        PARTS,
        f"{PARTS}\n",
        f'export IOTHUB_DEVICE_CONNECTION_STRING="{PARTS}"',
        f"CS='{PARTS}'",
        f'{{"connectionString": "{PARTS}"}}',
        f"  - {PARTS}  # device d",
        f"GatewayHostName=gw.local;SharedAccessKey={KEY};DeviceId=d;HostName=h.azure-devices.net",
        PARTS.replace("HostName=h", "hostname=h").replace("Gateway", "gateway"),
    ],
)
def test_connection_strings_are_found_wherever_they_stand(text: str) -> None:
    found = list(in_text(text))
    assert found == [
        {"host_name": "h.azure-devices.net", "device_id": "d", "gateway_host_name": "gw.local"}
    ]
    assert KEY not in repr(found)


def test_several_are_told_in_order_and_nothing_is_made_up() -> None:
    text = f"{PARTS}\nHostName=h;DeviceId=e;SharedAccessKey={KEY}\nGatewayHostName is gw\n"
    assert [one["device_id"] for one in in_text(text)] == ["d", "e"]
    assert [one["gateway_host_name"] for one in in_text(text)] == ["gw.local", ""]
    assert list(in_text("no string at all; a = b")) == []
