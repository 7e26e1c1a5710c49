"""`edgecheck connect` against servers that people run: every octet that they send is captured."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12

from edgecheck.adapters.tls import Capture, capture
from edgecheck.commands.connections import authorities
from edgecheck.reading import obstacles
from fixtures import stock
from fixtures.gateway import Gateway
from fixtures.pki import Issued
from fixtures.private_keys import private_key
from tests.programs import chain_file, java, key_file, mosquitto, nginx, s_server

pytestmark = pytest.mark.xdist_group("laboratory")
GATEWAYS: dict[str, Gateway] = {
    "ec": stock.stock_15("ec").change("server", key="p256-3"),
    "rsa": stock.stock_15("rsa"),
}
GATEWAY = GATEWAYS["ec"]
CHAIN = GATEWAY.presented()
KEY = GATEWAY["server"].key
ROOT = GATEWAY.issued("root")
ROOT_NAME = "C=US, O=Contoso, CN=Contoso Root CA"


def at(port: int, name: str | None = None) -> Capture:
    return capture("127.0.0.1", port, server_name=name, timeout=10)


def der(chain: tuple[Issued, ...]) -> tuple[bytes, ...]:
    return tuple(one.der for one in chain)


@pytest.mark.openssl
@pytest.mark.parametrize("kind", GATEWAYS)
@pytest.mark.parametrize(
    ("options", "version"),
    [
        (("-tls1_2",), "TLS 1.2"),
        (("-tls1_3", "-ciphersuites", "TLS_AES_128_GCM_SHA256"), "TLS 1.3"),
        (("-tls1_3", "-ciphersuites", "TLS_AES_256_GCM_SHA384"), "TLS 1.3"),
        (("-tls1_3", "-ciphersuites", "TLS_CHACHA20_POLY1305_SHA256"), "TLS 1.3"),
        (("-tls1_3", "-groups", "P-521"), "TLS 1.3"),
    ],
    ids=["1.2", "AES-128", "AES-256", "ChaCha20", "HelloRetryRequest"],
)
def test_openssl(kind: str, options: tuple[str, ...], version: str, tmp_path: Path) -> None:
    """Duplicates, strangers and a wrong order included; with each cipher of TLS 1.3 that it has.

    A server that wants another group than the client's first one answers twice.
    """
    gateway = GATEWAYS[kind]
    server, *above = gateway.presented()
    sent = (server, *reversed(above), above[0], stock.stock_12().issued("root"))
    with s_server(tmp_path, sent, gateway["server"].key, *options) as port:
        found = at(port)
    assert (found.version, found.obstacle) == (version, "")
    assert found.certificates == der(sent)


@pytest.mark.openssl
@pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
def test_openssl_that_wants_a_client_certificate(version: str, tmp_path: Path) -> None:
    trusted = chain_file(tmp_path, "trusted", [ROOT])
    wants = ("-Verify", "2", "-CAfile", trusted)
    with s_server(tmp_path, CHAIN, KEY, version, *wants) as port:
        found = at(port)
    assert (found.certificates, found.asks) == (der(CHAIN), True)
    assert authorities(found) == [ROOT_NAME]
    assert found.unfinished == ""  # that it got none is no surprise


@pytest.mark.openssl
def test_openssl_without_a_certificate_that_it_could_use(tmp_path: Path) -> None:
    """With ciphers that its kind of key is not for, it sends an alert."""
    with s_server(tmp_path, CHAIN, KEY, "-tls1_2", "-cipher", "aRSA") as port:
        found = at(port)
    assert (found.obstacle, found.alert, found.certificates) == (obstacles.ALERT, 40, ())


@pytest.mark.openssl
def test_openssl_of_old_versions(tmp_path: Path) -> None:
    """Whoever still speaks TLS 1.0 is looked at too."""
    with s_server(tmp_path, CHAIN, KEY, "-tls1", "-cipher", "ALL:@SECLEVEL=0") as port:
        found = at(port)
    assert (found.version, found.certificates) == ("TLS 1.0", der(CHAIN))


@pytest.mark.nginx
def test_nginx_with_two_names(tmp_path: Path) -> None:
    """What it presents depends on the name that is asked for; one of the two wants a client's."""
    other = GATEWAYS["rsa"]
    files = {
        name: (
            chain_file(tmp_path, name, gateway.presented()),
            key_file(tmp_path, gateway["server"].key),
        )
        for name, gateway in GATEWAYS.items()
    }
    trusted = chain_file(tmp_path, "trusted", [ROOT])
    blocks = "".join(
        f"""
server {{
    listen 127.0.0.1:PORT ssl{default}; server_name {name}.local; {more}
    ssl_certificate {files[name][0]}; ssl_certificate_key {files[name][1]};
}}
"""
        for name, default, more in (
            ("ec", " default_server", ""),
            ("rsa", "", f"ssl_verify_client on; ssl_client_certificate {trusted};"),
        )
    )
    with nginx(tmp_path, blocks) as port:
        unnamed, ec, rsa = at(port), at(port, "ec.local"), at(port, "rsa.local")
    assert unnamed.certificates == ec.certificates == der(CHAIN)
    assert not unnamed.asks and not ec.asks
    assert rsa.certificates == der(other.presented())
    assert rsa.asks and authorities(rsa) == [ROOT_NAME]


@pytest.mark.nginx
def test_nginx_that_speaks_http_on_that_port(tmp_path: Path) -> None:
    with nginx(tmp_path, "server { listen 127.0.0.1:PORT; }") as port:
        found = at(port)
    assert (found.obstacle, found.speaks) == (obstacles.NOT_TLS, "HTTP")


@pytest.mark.mosquitto
def test_mosquitto(tmp_path: Path) -> None:
    """As a gateway's MQTT port is, with a certificate of the client wanted."""
    own, key = chain_file(tmp_path, "own", CHAIN), key_file(tmp_path, KEY)
    trusted = chain_file(tmp_path, "trusted", [ROOT])
    settings = f"certfile {own}\nkeyfile {key}\ncafile {trusted}\nrequire_certificate true"
    with mosquitto(tmp_path, settings) as port:
        found = at(port, "iotedgegw.local")
    assert (found.certificates, found.asks) == (der(CHAIN), True)
    assert not found.authorities  # of which CA, it does not say


@pytest.mark.mosquitto
def test_mosquitto_without_tls(tmp_path: Path) -> None:
    """It closes what is no MQTT without a word, and answers to MQTT."""
    with mosquitto(tmp_path, "") as port:
        found = at(port)
    assert (found.obstacle, found.speaks) == (obstacles.NOT_TLS, "MQTT without TLS")


@pytest.mark.javac
def test_java(tmp_path: Path) -> None:
    """Its server sends what stands beside the key in its key store."""
    chain = GATEWAY.change("server", serial=7).presented()
    own, *above = (x509.load_der_x509_certificate(one.der) for one in chain)
    secret = BestAvailableEncryption(b"secret")
    key = private_key(KEY)
    store = pkcs12.serialize_key_and_certificates(b"gateway", key, own, above, secret)  # type: ignore[arg-type]
    with java(tmp_path, store) as port:
        found = at(port, "iotedgegw.local")
    assert (found.certificates, found.asks) == (der(chain), True)
