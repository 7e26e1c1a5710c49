"""What a live port presents: the bytes that were sent, or what stood in the way."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgecheck.adapters.tls import Capture, capture
from edgecheck.adapters.tls.records import flight
from edgecheck.reading import obstacles
from fixtures import stock
from fixtures.gateway import Gateway
from fixtures.pki import pem
from tests.handshakes import sending, vector, with_message
from tests.servers import VERSIONS, listening, tls


def at(port: int, **more: object) -> Capture:
    return capture("127.0.0.1", port, timeout=3, **more)  # type: ignore[arg-type]


GATEWAYS: dict[str, Gateway] = {
    "ec": stock.stock_15("ec"),
    "rsa": stock.stock_11("rsa"),
}


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("kind", GATEWAYS)
def test_the_bytes_are_those_that_were_sent(version: str, kind: str, tmp_path: Path) -> None:
    """In order, duplicates and strangers included."""
    gateway = GATEWAYS[kind]
    server, *above = gateway.presented()
    stranger = stock.stock_12().issued("root")
    sent = (server, *above, above[0], stranger)
    with listening(tls(tmp_path, sent, gateway["server"].key, version)) as port:
        found = at(port, server_name="iotedgegw.local")
    assert found.certificates == tuple(one.der for one in sent)
    assert (found.version, found.address, found.obstacle) == (version, "127.0.0.1", "")
    assert not found.asks


@pytest.mark.parametrize("version", VERSIONS)
def test_a_huge_chain_comes_whole(version: str, tmp_path: Path) -> None:
    """A hundred certificates take many records."""
    gateway = GATEWAYS["rsa"]
    server, *above = gateway.presented()
    sent = (server, *above, *([above[-1]] * 60))
    with listening(tls(tmp_path, sent, gateway["server"].key, version)) as port:
        found = at(port)
    assert found.certificates == tuple(one.der for one in sent)


DAMAGED = (b"\x30\x82", b"not a certificate at all", bytes(3000), b"\xff")


@pytest.mark.parametrize("version", VERSIONS)
def test_damaged_certificates_come_as_they_are(version: str) -> None:
    """OpenSSL gives up at the first of them; all are captured, an empty one too."""
    first = GATEWAYS["ec"].presented()[0].der
    sent = (DAMAGED[0], first, *DAMAGED[1:], first[:-7], b"")
    with listening(sending(sent, version)) as port:
        found = at(port)
    assert (found.certificates, found.version, found.obstacle) == (sent, version, "")


@pytest.mark.parametrize("version", VERSIONS)
def test_a_chain_longer_than_openssl_takes_comes_whole(version: str) -> None:
    """SSL_CTX_set_max_cert_list: clients of OpenSSL take about 100 KB, and refuse more."""
    sent = tuple(one.der for one in GATEWAYS["rsa"].presented()) * 200
    assert sum(map(len, sent)) > 400_000
    with listening(sending(sent, version)) as port:
        found = at(port)
    assert found.certificates == sent


@pytest.mark.parametrize("version", VERSIONS)
def test_what_is_asked_of_the_client_is_read_where_the_certificate_is_damaged(version: str) -> None:
    """In TLS 1.2 it comes after the certificates, at which OpenSSL has given up."""
    name = GATEWAYS["ec"].issued("root").subject
    with listening(sending([b"damaged"], version, [name, b"\x30\x00"])) as port:
        found = at(port)
    assert found.certificates == (b"damaged",)
    assert (found.asks, found.authorities) == (True, (name, b"\x30\x00"))


@pytest.mark.parametrize("version", VERSIONS)
def test_a_handshake_that_ends_after_the_certificates_is_told(version: str, tmp_path: Path) -> None:
    """They are judged, and may be sound; clients do not connect all the same."""
    chain = GATEWAYS["ec"].presented()
    damaged = [chain[0].der[:-7]]
    with listening(sending(damaged, version)) as port:
        assert at(port).unfinished.startswith("OpenSSL of this machine ended it (")
    with listening(sending([chain[0].der] + 200 * [chain[1].der], version)) as port:
        assert "excessive message size" in at(port).unfinished
    with listening(tls(tmp_path, chain, GATEWAYS["ec"]["server"].key, version)) as port:
        assert at(port).unfinished == ""


def test_a_server_that_says_no_more_after_its_certificates_is_told() -> None:
    """And one that goes: in TLS 1.3 it has still to show that it has the key."""
    chain = [each.der for each in GATEWAYS["ec"].presented()]
    with listening(sending(chain, "TLS 1.3")) as port:
        found = capture("127.0.0.1", port, timeout=1)
    assert (len(found.certificates), found.unfinished) == (len(chain), "nothing more was heard")
    with listening(sending(chain, "TLS 1.3", wait=False)) as port:
        found = at(port)
    assert (len(found.certificates), found.unfinished) == (len(chain), "the connection was closed")


@pytest.mark.parametrize("version", VERSIONS)
def test_a_message_without_a_certificate_is_none(version: str) -> None:
    with listening(sending([], version)) as port:
        found = at(port)
    assert (found.obstacle, found.certificates) == (obstacles.NO_CERTIFICATE, ())


@pytest.mark.parametrize(
    "body",
    [
        vector(3, vector(3, b"one") + b"\0\0\x09two"),
        vector(3, vector(3, b"one")) + b"more",
        b"\0\0\x20" + vector(3, b"one"),
        b"\0",
    ],
    ids=["ends within", "goes on", "too short", "no list"],
)
def test_a_list_that_contradicts_its_lengths_is_not_captured(body: bytes) -> None:
    """A part of a chain is never taken for the whole."""
    with listening(with_message(body)) as port:
        found = at(port)
    assert not found.certificates
    assert found.obstacle == obstacles.HANDSHAKE_FAILED and found.because


@pytest.mark.parametrize("version", VERSIONS)
def test_a_chain_that_stops_half_way_is_not_captured(version: str) -> None:
    """A server that closes within the message has not presented what came before."""
    sent = [one.der for one in GATEWAYS["rsa"].presented()] * 20

    class Half:
        def __init__(self, connection: socket.socket) -> None:
            self.recv = connection.recv
            self.send = connection.sendall

        def sendall(self, data: bytes) -> None:
            self.send(data[: len(data) // 2])
            raise ConnectionError

    whole = sending(sent, version)
    with listening(lambda connection: whole(Half(connection))) as port:  # type: ignore[arg-type]
        found = at(port)
    assert not found.certificates
    assert found.obstacle == obstacles.CLOSED


@pytest.mark.parametrize("version", VERSIONS)
def test_where_there_is_no_memory_file_secrets_go_through_a_pipe(
    version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on macOS; nothing is left of it."""
    monkeypatch.delattr("os.memfd_create", raising=False)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "secrets"))
    (tmp_path / "secrets").mkdir()
    gateway = GATEWAYS["ec"]
    with listening(tls(tmp_path, gateway.presented(), gateway["server"].key, version)) as port:
        found = at(port)
    assert found.certificates == tuple(one.der for one in gateway.presented())
    assert not list((tmp_path / "secrets").iterdir())


def test_where_there_is_neither_only_what_is_in_clear_is_captured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows: TLS 1.2 is spoken, and a server that has TLS 1.3 alone is not captured."""
    monkeypatch.delattr("os.memfd_create", raising=False)
    monkeypatch.delattr("os.mkfifo", raising=False)
    gateway = GATEWAYS["ec"]
    with listening(tls(tmp_path, gateway.presented(), gateway["server"].key)) as port:
        found = at(port)
    assert (found.version, len(found.certificates)) == ("TLS 1.2", 3)
    with listening(tls(tmp_path, gateway.presented(), gateway["server"].key, "TLS 1.3")) as port:
        found = at(port)
    assert not found.certificates
    assert found.obstacle == obstacles.HANDSHAKE_FAILED
    assert "TLS 1.3" in found.because


@pytest.mark.parametrize("version", VERSIONS)
def test_who_asks_for_a_certificate_is_told_with_the_names(version: str, tmp_path: Path) -> None:
    gateway = GATEWAYS["ec"]
    trusted = tmp_path / "trusted.pem"
    trusted.write_bytes(pem(gateway.issued("root")))

    def asks(context: ssl.SSLContext) -> None:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(trusted)

    answer = tls(tmp_path, gateway.presented(), gateway["server"].key, version, asks)
    with listening(answer) as port:
        found = at(port)
    assert found.certificates == tuple(one.der for one in gateway.presented())
    assert found.asks


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (lambda c: c.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n"), obstacles.NOT_TLS),
        (lambda c: None, obstacles.CLOSED),
        (lambda c: c.sendall(bytes.fromhex("15030300020228")), obstacles.ALERT),
        (lambda c: c.sendall(bytes.fromhex("15030300020246")), obstacles.PROTOCOL_VERSION),
    ],
    ids=["http", "closes", "handshake_failure", "protocol_version"],
)
def test_what_stands_in_the_way_is_said(answer: Callable[[socket.socket], None], kind: str) -> None:
    def after_hello(connection: socket.socket) -> None:
        connection.recv(4096)
        answer(connection)

    with listening(after_hello) as port:
        found = at(port)
    assert found.obstacle == kind
    assert not found.certificates


def test_a_server_that_stalls_is_waited_for_no_longer_than_said() -> None:
    done = threading.Event()
    with listening(lambda connection: (done.wait(5), None)[1]) as port:
        found = capture("127.0.0.1", port, timeout=0.3)
        done.set()
    assert found.obstacle == obstacles.NO_ANSWER


def test_a_closed_port_and_an_unknown_name_are_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert at(port).obstacle == obstacles.CONNECTION_REFUSED
    assert capture("no-such-host.invalid", 8883).obstacle == obstacles.NAME_NOT_RESOLVED


def test_of_several_addresses_the_one_that_answers_tells_most(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A machine without IPv6 is told of the port that refuses, not of its own network."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        refusing = (socket.AF_INET, socket.SOCK_STREAM, 6, "", server.getsockname())
    nowhere = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("255.255.255.255", 1))
    for found in ([refusing, nowhere], [nowhere, refusing]):
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, found=found: found)
        assert capture("gw.local", 8883, timeout=1).obstacle == obstacles.CONNECTION_REFUSED
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: [nowhere])
    assert capture("gw.local", 8883, timeout=1).obstacle == obstacles.UNREACHABLE


def test_another_certificate_for_another_name(tmp_path: Path) -> None:
    """SNI is sent as it was asked for; without a name none is."""
    asked: list[str | None] = []

    def listens(context: ssl.SSLContext) -> None:
        context.sni_callback = lambda _, name, __: asked.append(name)

    gateway = GATEWAYS["ec"]
    answer = tls(tmp_path, gateway.presented(), gateway["server"].key, change=listens)
    with listening(answer) as port:
        at(port, server_name="iotedgegw.local")
        at(port, server_name=None)
        at(port, server_name="10.0.0.7")
    assert asked == ["iotedgegw.local", None, None]


@given(st.binary(max_size=400), st.sampled_from(["", "160303", "1603030005020000010000", "150303"]))
def test_whatever_a_server_sends_is_read_without_an_exception(data: bytes, begun: str) -> None:
    found = flight(bytes.fromhex(begun) + data, bytes(32))
    assert found.certificates is None or all(isinstance(each, bytes) for each in found.certificates)


def test_records_of_one_octet_cost_no_square() -> None:
    """A message of megabytes in the smallest pieces, which never ends."""
    start = b"\x16\x03\x03\x00\x04\x0b\xff\xff\xff"

    def seconds(number: int) -> float:
        data = start + b"\x16\x03\x03\x00\x01x" * number
        before = time.process_time()
        assert flight(data, None).certificates is None
        return time.process_time() - before

    few, many = (min(seconds(number) for _ in range(3)) for number in (40_000, 320_000))
    assert many < 24 * few  # eight times as many; the square of that would be 64
