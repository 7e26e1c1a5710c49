"""Key stores of Java and serialized stores of Windows: their certificates as they were issued."""

from __future__ import annotations

import hashlib
import random
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

import edgecheck
from edgecheck.reading.bundles import Unopened
from edgecheck.reading.containers import store_of
from edgecheck.reading.forms.keystores import open_jks, open_sst
from fixtures.pki import pem
from fixtures.stock import HOSTNAME, NOW, stock_11
from tests.test_any_bytes import damaged

GATEWAY = stock_11("ec")
SENT = tuple(certificate.der for certificate in GATEWAY.presented())
ROOT = GATEWAY.trust()[0].der
SECRET = b"a key that nobody may see" * 4
JKS, JCEKS = b"\xfe\xed\xfe\xed", b"\xce\xce\xce\xce"


def number(value: int, size: int = 4) -> bytes:
    return value.to_bytes(size, "big")


def entry(tag: int, name: str, *certificates: bytes, version: int = 2) -> bytes:
    """As JavaKeyStore.engineStore writes it; the key in it is no key."""
    kind = number(5, 2) + b"X.509" if version == 2 else b""
    made = number(tag) + number(len(name), 2) + name.encode() + bytes(8)
    if tag == 1:
        made += number(len(SECRET)) + SECRET + number(len(certificates))
    return made + b"".join(kind + number(len(der)) + der for der in certificates)


def jks(*entries: bytes, version: int = 2, magic: bytes = JKS) -> bytes:
    made = magic + number(version) + number(len(entries)) + b"".join(entries)
    password = "changeit".encode("utf-16-be")
    return made + hashlib.sha1(password + b"Mighty Aphrodite" + made).digest()


def sst(*certificates: bytes, properties: int = 1) -> bytes:
    """As CertSaveStore writes it: properties of a certificate stand before it."""
    made = b"\0\0\0\0CERT"
    for der in certificates:
        for kind, value in ((3, bytes(20)), (11, "gw\0".encode("utf-16-le")))[:properties]:
            made += b"".join(n.to_bytes(4, "little") for n in (kind, 1, len(value))) + value
        made += b"".join(n.to_bytes(4, "little") for n in (32, 1, len(der))) + der
    return made + bytes(12)


def checked(data: bytes) -> edgecheck.Report:
    return edgecheck.check(data, hostname=HOSTNAME, trust=pem(*GATEWAY.trust()), at=NOW)


SHUFFLED = tuple(random.Random(1).sample(SENT, len(SENT)))
STORES = {
    "a key and its chain": jks(entry(1, "gw", *SENT)),
    "a key, and the CAs by themselves": jks(
        *(entry(2, f"ca{at}", der) for at, der in enumerate(SENT[1:])), entry(1, "gw", SENT[0])
    ),
    "trusted certificates alone": jks(*(entry(2, f"c{n}", c) for n, c in enumerate(SHUFFLED))),
    "version 1": jks(entry(1, "gw", *SENT, version=1), version=1),
    "JCEKS": jks(entry(1, "gw", *SENT), magic=JCEKS),
    "serialized": sst(*SHUFFLED),
    "serialized, without properties": sst(*SHUFFLED, properties=0),
}


@pytest.mark.parametrize("name", STORES)
def test_a_store_is_read_in_the_order_of_issue(name: str) -> None:
    """Its own order is none; no password is needed, and no key is shown."""
    report = checked(STORES[name])
    assert [c.der for c in report.hierarchy.sequence] == list(SENT)
    assert report.ok and report.valid
    (note,) = (f for f in report.findings if f.rule.family == "input")
    assert (note.rule.id, note.severity) == ("input.other-form", edgecheck.Severity.INFO)
    assert ("with a private key" in note.message) == (
        "key" in name or name in ("version 1", "JCEKS")
    )
    shown = report.to_json() + report.to_text(verbose=True)
    assert SECRET.decode()[:12] not in shown and SECRET.hex()[:24] not in shown


def test_the_certificate_of_the_key_is_the_servers_even_if_it_is_a_ca() -> None:
    """As in PKCS#12: what serves from the store takes the entry that has a key."""
    data = jks(entry(2, "root", ROOT), entry(1, "ca", *SENT[2:]), entry(2, "leaf", SENT[0]))
    report = checked(data)
    assert report.hierarchy.sequence[0].der == SENT[2]


def test_a_store_in_the_place_of_the_device_ca_file_is_an_error() -> None:
    file = edgecheck.Source("ca.jks", jks(entry(1, "ca", *SENT[2:])))
    device = edgecheck.Device(device_ca_file=file)
    report = edgecheck.check(
        pem(*GATEWAY.presented()), HOSTNAME, pem(*GATEWAY.trust()), NOW, device
    )
    (finding,) = (f for f in report.findings if f.rule.family == "input")
    assert (finding.rule.id, finding.severity) == ("input.other-form", edgecheck.Severity.ERROR)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (JKS, "cut short"),
        (jks(entry(1, "gw", *SENT))[:300], "cut short"),
        (JKS + number(3) + number(1), "version"),
        (JKS + number(2) + number(1 << 31), "damaged"),
        (jks(entry(7, "gw", SENT[0])), "damaged"),
        (jks(number(3) + number(1, 2) + b"s" + bytes(400), magic=JCEKS), "secret keys"),
        (jks(), "no certificate"),
        (b"\0\0\0\0CERT", "cut short"),
        (sst(*SENT)[:200], "cut short"),
        (sst(), "no certificate"),
    ],
)
def test_what_cannot_be_opened_is_told(data: bytes, why: str) -> None:
    report = checked(data)
    (finding,) = (f for f in report.findings if f.rule.family == "input" and f.caused_by is None)
    assert finding.rule.id == "input.unopened-container" and why in finding.message


def test_behind_a_secret_key_nothing_is_read_and_that_is_told() -> None:
    """It is an object of Java, which does not say how long it is."""
    secret = number(3) + number(1, 2) + b"s" + bytes(400)
    report = checked(jks(entry(1, "gw", *SENT), secret, entry(2, "root", ROOT), magic=JCEKS))
    assert [c.der for c in report.hierarchy.sequence] == list(SENT)
    assert "input.unopened-container" in {f.rule.id for f in report.findings}
    assert not report.ok


def test_no_more_is_read_than_the_bound() -> None:
    many = jks(*(entry(2, "c", SENT[0]) for _ in range(40)))
    assert len(open_jks(many, 7).certificates) == 8
    assert len(open_jks(jks(entry(1, "k", *[SENT[0]] * 40)), 7).certificates) == 8
    assert len(open_sst(sst(*[SENT[0]] * 40), 7).certificates) == 8


def test_damaged_stores_give_a_report() -> None:
    dice = random.Random(7)
    for _ in range(300):
        data = damaged(dice.choice(list(STORES.values())), dice)
        checked(data)
        for kind, opener in (("jks", open_jks), ("sst", open_sst)):
            if store_of(data) == kind:
                with suppress(Unopened):
                    opener(data, 10)


@pytest.mark.java
@pytest.mark.parametrize("kind", ["JKS", "JCEKS"])
def test_what_keytool_writes_is_read(kind: str, tmp_path: Path) -> None:
    """Trusted certificates, and a key of its own; `-list -rfc` prints the same in PEM."""
    certificate, store = tmp_path / "c.der", tmp_path / "store"
    into = ("-keystore", store, "-storetype", kind)
    for at, der in enumerate(SHUFFLED):
        certificate.write_bytes(der)
        keytool("-importcert", "-noprompt", "-alias", f"c{at}", "-file", certificate, *into)
    report = checked(store.read_bytes())
    assert [c.der for c in report.hierarchy.sequence] == list(SENT) and report.ok
    listed = keytool("-list", "-rfc", *into)
    assert {c.der for c in checked(listed).hierarchy.sequence} == set(SENT)
    keytool(
        *("-genkeypair", "-keyalg", "EC", "-alias", "own", "-dname", "CN=own"),
        *("-keypass", "changeit", *into),
    )
    report = checked(store.read_bytes())
    assert len(report.hierarchy.sequence) == len(SENT) + 1
    assert report.hierarchy.sequence[0].subject.common_name == "own"
    assert any("with a private key" in finding.message for finding in report.findings)


def keytool(*arguments: str | Path) -> bytes:
    command = ["keytool", *map(str, arguments), "-storepass", "changeit"]
    return subprocess.run(command, check=True, capture_output=True, timeout=120).stdout
