"""What programs say in a transcript: of the chain, and why there is none."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgecheck.reading import transcript_verdicts as verdicts
from edgecheck.reading.obstacles import OBSTACLES
from edgecheck.reading.pem import scan
from edgecheck.reading.transcript_verdicts import Alert, Listed, Spoken, VerifyError, spoken_in

DATA = Path(__file__).parent / "data"
ALL = (DATA / "s_client_showcerts.txt").read_bytes()
ROOT_UNKNOWN = VerifyError(
    19, "self-signed certificate in certificate chain", 2, "CN = example root", 2
)


def one(text: bytes) -> Spoken:
    (spoken,) = spoken_in(text)
    return spoken


# --- verdicts ------------------------------------------------------------------------------------


def test_an_objection_has_number_text_depth_and_line() -> None:
    """Real output of OpenSSL 3.0, which does not know the root."""
    spoken = one(ALL)
    assert spoken.errors == (ROOT_UNKNOWN,)
    assert (spoken.program, spoken.accepted, spoken.obstacle) == ("s_client", None, None)
    dates = "Nov 23 14:58:25 2026 GMT", "Jul 15 14:58:25 2051 GMT"
    names = "CN = gateway.example.com", "CN = example device CA"
    assert spoken.listed[0] == Listed(0, *names, 13, dates)
    assert len(spoken.listed) == 3


def test_without_standard_error_the_return_code_speaks() -> None:
    """`2>/dev/null` loses the objections, and with them the depth."""
    spoken = one((DATA / "s_client.txt").read_bytes())
    assert spoken.errors == (
        VerifyError(19, "self-signed certificate in certificate chain", None, "", 47),
    )


def test_without_a_return_code_the_verification_error_speaks() -> None:
    """TLS 1.3 prints a return code only once the session is there."""
    text = b"Certificate chain\n 0 s:CN = x\n   i:CN = y\nVerification error: certificate revoked\n"
    assert one(text).errors == (VerifyError(None, "certificate revoked", None, "", 4),)


def test_a_chain_that_is_accepted_is_accepted_in_a_line() -> None:
    text = b"CONNECTED(3)\nCertificate chain\n 0 s:CN = x\n   i:CN = y\n---\nVerification: OK\n"
    assert one(text).accepted == 6
    assert one(text + b"    Verify return code: 0 (ok)\n").errors == ()


def test_without_a_certificate_nothing_was_accepted() -> None:
    """OpenSSL says `Verification: OK` of no certificate at all."""
    text = b"CONNECTED(3)\nno peer certificate available\nVerification: OK\n"
    assert one(text + b"Verify return code: 0 (ok)\n").accepted is None


def test_openssl_1_0_and_windows_print_the_same_words() -> None:
    """With slashes between the parts of a name, and line ends that reading has undone."""
    text = (
        b"CONNECTED(000001A0)\ndepth=0 /C=US/CN=gw\nverify error:num=18:self signed certificate\n"
    )
    assert one(text).errors == (VerifyError(18, "self signed certificate", 0, "/C=US/CN=gw", 3),)


def test_two_objections_to_one_certificate() -> None:
    text = b"depth=0 CN = gw\nverify error:num=20:a\nverify return:1\nverify error:num=21:b\n"
    assert [(error.number, error.subject) for error in one(text).errors] == [
        (20, "CN = gw"),
        (21, "CN = gw"),
    ]


def test_gnutls_cli_has_sentences() -> None:
    """Real output of gnutls-cli 3.7."""
    spoken = one((DATA / "gnutls_print_cert.txt").read_bytes())
    assert (spoken.program, spoken.asked) == ("gnutls-cli", "127.0.0.1")
    assert [error.text for error in spoken.errors] == [
        "The certificate issuer is unknown",
        "The name in the certificate does not match the expected",
    ]
    assert spoken.listed[0].subject == "CN=iotedgegw.local"
    assert len(spoken.listed) == 3


def test_gnutls_cli_can_be_content() -> None:
    text = b"- Certificate[0] info:\n - subject `CN=x', issuer `CN=y', serial 0x00\n"
    assert one(text + b"- Status: The certificate is trusted. \n").accepted == 3


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace(b"\n", b"\r\n"),
        lambda text: text.decode().encode("utf-16"),
        lambda text: b"".join(b"> " + line for line in text.splitlines(keepends=True)),
        lambda text: b"".join(b"    " + line for line in text.splitlines(keepends=True)),
    ],
    ids=["crlf", "utf16", "quoted", "indented"],
)
def test_after_a_journey(change) -> None:  # type: ignore[no-untyped-def]
    """Mails, shells and tickets change the text, not what it says nor in which line."""
    (spoken,) = scan(change(ALL)).spoken
    assert spoken == one(ALL)


def test_in_one_line() -> None:
    """Where line ends became blanks, a text ends where the next words of the program begin."""
    (spoken,) = scan(ALL.replace(b"\n", b" ")).spoken
    assert spoken.errors == (ROOT_UNKNOWN._replace(line=1),)
    assert spoken.obstacle is None


def test_several_transcripts_speak_one_after_the_other() -> None:
    """Also where the second begins with what it wrote to standard error."""
    fine = ALL.replace(b"verify error:num=19:self-signed certificate in certificate chain\n", b"")
    fine = fine.replace(b"19 (self-signed certificate in certificate chain)", b"0 (ok)")
    fine = fine.replace(
        b"Verification error: self-signed certificate in certificate chain", b"Verification: OK"
    )
    for texts in ((ALL, fine, ALL), (fine, ALL, fine)):
        said = spoken_in(b"".join(texts))
        assert [bool(spoken.errors) for spoken in said] == [text is ALL for text in texts]
        assert [len(spoken.listed) for spoken in said] == [3, 3, 3]
    lines = ALL.count(b"\n")
    assert [spoken.errors[0].line for spoken in spoken_in(ALL + ALL)] == [2, 2 + lines]


def test_a_failed_connection_and_then_one_that_works() -> None:
    """Two runs in one log."""
    first, second = spoken_in(b"connect: Connection refused\nconnect:errno=111\n" + ALL)
    assert first.obstacle is not None and first.obstacle.kind == "connection-refused"
    assert second.obstacle is None and second.errors


# --- why there is none ---------------------------------------------------------------------------

NONE = (
    b"CONNECTED(00000003)\n---\nno peer certificate available\n---\n"
    b"SSL handshake has read READ bytes and written 305 bytes\nVerification: OK\n"
)
SILENT = NONE.replace(b"READ", b"0")
ROUTINES = b"4097:error:0A000126:SSL routines:"


@pytest.mark.parametrize(
    ("text", "kind", "line"),
    [
        (b"gethostbyname failure\nconnect:errno=2\n", "name-not-resolved", 1),
        (
            b"40F7:error:10080002:BIO routines:BIO_lookup_ex:system lib:../crypto/bio/bio_addr.c:"
            b"746:Name or service not known\nconnect:errno=0\n",
            "name-not-resolved",
            1,
        ),
        (
            b"getaddrinfo: nodename nor servname provided, or not known\nconnect:errno=60\n",
            "name-not-resolved",
            1,
        ),
        (
            b"Cannot resolve gw:8883: Name or service not known\n"
            b"Processed 0 CA certificate(s).\nResolving 'gw:8883'...\n",
            "name-not-resolved",
            1,
        ),
        (b"connect: Connection refused\nconnect:errno=111\n", "connection-refused", 1),
        (b"connect:errno=61\n", "connection-refused", 1),
        (b"connect:errno=10061\n", "connection-refused", 1),
        (
            b"Could not connect to 127.0.0.1:9: Connection refused\n"
            b"Resolving 'localhost:9'...\nConnecting to '127.0.0.1:9'...\n",
            "connection-refused",
            1,
        ),
        (b"connect: Connection timed out\nconnect:errno=110\n", "timed-out", 1),
        (b"connect: Operation timed out\nconnect:errno=60\n", "timed-out", 1),
        (b"connect: No route to host\nconnect:errno=113\n", "unreachable", 1),
        (ROUTINES + b"ssl3_get_record:wrong version number:x.c:1:\n" + SILENT, "not-tls", 1),
        (ROUTINES + b"SSL23_GET_SERVER_HELLO:unknown protocol:s.c:7:\n" + SILENT, "not-tls", 1),
        (b"*** Fatal error: An unexpected TLS packet was received.\n", "not-tls", 1),
        (ROUTINES + b"f:unsupported protocol:x.c:1:\n" + SILENT, "protocol-version", 1),
        (
            ROUTINES + b"f:tlsv1 alert protocol version:x.c:1:SSL alert number 70\n" + SILENT,
            "protocol-version",
            1,
        ),
        (
            ROUTINES + b"f:sslv3 alert handshake failure:x.c:1:SSL alert number 40\n" + SILENT,
            "alert",
            1,
        ),
        (
            b"*** Fatal error: A TLS fatal alert has been received.\nResolving 'gw:1'...\n"
            b"*** Received alert [40]: Handshake failed\n",
            "alert",
            3,
        ),
        (SILENT + b"read:errno=104\n", "closed-in-handshake", 7),
        (b"CONNECTED(3)\nwrite:errno=54\n", "closed-in-handshake", 2),
        (b"CONNECTED(3)\nread:errno=0\n", "closed-in-handshake", 2),
        (ROUTINES + b"f:unexpected eof while reading:x.c:1:\n" + SILENT, "closed-in-handshake", 1),
        (SILENT, "closed-in-handshake", 3),
        (
            b"*** Fatal error: The TLS connection was non-properly terminated.\n",
            "closed-in-handshake",
            1,
        ),
        (ROUTINES + b"f:dh key too small:x.c:1:\n" + SILENT, "handshake-failed", 1),
        (NONE.replace(b"READ", b"1200"), "no-certificate-sent", 3),
        (
            b"depth=0 CN = gw\nverify error:num=18:self-signed certificate\n"
            + ROUTINES
            + b"f:certificate verify failed:x.c:1:\n"
            + NONE.replace(b"READ", b"900"),
            "refused-by-program",
            3,
        ),
        (b"CONNECTION ESTABLISHED\nProtocol version: TLSv1.3\n", "not-printed", 1),
        (b"CONNECTED(00000003)\n", "no-answer", 1),
    ],
)
def test_what_stood_in_the_way(text: bytes, kind: str, line: int) -> None:
    """As OpenSSL 1.0 to 3.0 and gnutls-cli 3.7 print it, on Linux, macOS and Windows."""
    obstacle = one(text).obstacle
    assert obstacle is not None
    assert (obstacle.kind, obstacle.line) == (kind, line)
    assert obstacle.text == text.split(b"\n")[line - 1].decode()
    assert kind in OBSTACLES


def test_an_alert_has_its_number() -> None:
    """That of the other side, from both programs."""
    openssl = ROUTINES + b"f:tlsv1 unrecognized name:x.c:1:SSL alert number 112\n" + SILENT
    assert one(openssl).alerts == (Alert(112, 1),)
    assert one(b"*** Received alert [112]: x\n").obstacle == verdicts.Obstacle(
        "alert", "*** Received alert [112]: x", 1, 112
    )


def test_an_address_that_does_not_answer_is_forgotten_where_another_does() -> None:
    """Programs try all addresses of a name: the first is often that of IPv6."""
    text = b"connect: Connection refused\n" + ROUTINES + b"f:wrong version number:x.c:1:\n" + SILENT
    obstacle = one(text).obstacle
    assert obstacle is not None and obstacle.kind == "not-tls"


def test_an_alert_after_the_certificates_is_no_obstacle() -> None:
    """The server refused what the client sent; its own certificates had come."""
    text = ALL + ROUTINES + b"f:tlsv13 alert certificate required:x.c:1:SSL alert number 116\n"
    first, second = spoken_in(text)
    assert first == one(ALL)
    assert second.alerts == (Alert(116, 1 + ALL.count(b"\n")),)


def test_prose_says_nothing() -> None:
    """Whoever writes about a refused connection was not refused."""
    for text in (b"The connection was refused, name or service not known, timed out.\n", b"", b"x"):
        assert spoken_in(text) == ()


def test_whole_certificates_are_not_looked_at_for_words() -> None:
    """A file of certificates is no transcript."""
    assert scan((DATA / "chain.pem").read_bytes()).spoken == ()


# --- any text ------------------------------------------------------------------------------------

PIECES = [
    b"CONNECTED(3)",
    b"CONNECTION ESTABLISHED",
    b"Certificate chain",
    b" 0 s:",
    b"   i:",
    b"depth=0 ",
    b"verify error:num=20:",
    b"Verify return code: 20 (",
    b"Verify return code: 0 (ok)",
    b"Verification error: ",
    b"no peer certificate available",
    b"SSL handshake has read 0 bytes",
    b"error:0A:SSL routines:",
    b"error:0A000126:SSL routines:",
    b"SSL alert number 40",
    b"connect:errno=",
    b"read:errno=99999",
    b"Resolving '",
    b"- Certificate[0] info:",
    b" - subject `",
    b"*** Received alert [999]:",
    b"Status: The certificate is NOT trusted. ",
    b"\n",
    b" ",
    b"> ",
    b"\xff\xfe\x1b[31m",
    "\u202e".encode(),
]


@given(st.binary(max_size=300))
def test_any_bytes_are_read(data: bytes) -> None:
    """Nothing raises."""
    spoken_in(data)
    spoken_in(b"CONNECTED(3)\n" + data)


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.binary(max_size=6)), max_size=40))
def test_any_pieces_of_transcripts_are_read(pieces: list[bytes]) -> None:
    """In any order: lines are those of the text, kinds are known, and texts are short."""
    text = b"".join(pieces)
    last = text.count(b"\n") + 1
    for spoken in spoken_in(text):
        assert spoken.program in ("s_client", "gnutls-cli")
        lines = [said.line for said in (*spoken.errors, *spoken.alerts, *spoken.listed)]
        if spoken.obstacle is not None:
            assert spoken.obstacle.kind in OBSTACLES
            lines.append(spoken.obstacle.line)
        assert all(1 <= line <= last for line in lines)
        assert all(len(error.text) + len(error.subject) <= 512 for error in spoken.errors)


def test_a_transcript_without_end_has_a_bound() -> None:
    """Two million lines that look like a program's are not all looked at."""
    text = b"depth=0 CN = x\nverify error:num=20:y\n" * 200_000
    (spoken,) = spoken_in(text)
    assert len(spoken.errors) == verdicts.MOST_EVENTS // 2


def test_pieces_at_random_in_a_real_transcript() -> None:
    """One line of a real one is lost or put elsewhere, a thousand times over."""
    chance, lines = random.Random(7), ALL.splitlines(keepends=True)
    for _ in range(1_000):
        changed = list(lines)
        moved = changed.pop(chance.randrange(len(changed)))
        changed.insert(chance.randrange(len(changed)), moved)
        assert spoken_in(b"".join(changed))
