"""What `openssl s_client` prints: real output of OpenSSL 3.0 against a server on loopback."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgecheck.reading.pem import scan

DATA = Path(__file__).parent / "data"
ALL = (DATA / "s_client_showcerts.txt").read_bytes()
LEAF_ONLY = (DATA / "s_client.txt").read_bytes()
CHAIN = scan((DATA / "chain.pem").read_bytes())

# How OpenSSL 1.0 writes the same list.
OLD = b"""CONNECTED(00000003)
---
Certificate chain
 0 s:/CN=gateway.example.com
   i:/CN=example device CA
 1 s:/CN=example device CA
   i:/CN=example root
---
Server certificate
"""


def test_with_showcerts() -> None:
    """With -showcerts all certificates are there, the list is counted, its text no damage."""
    found = scan(ALL)
    assert found.transcript and found.listed == 3 and found.damages == ()
    assert [block.body for block in found.blocks] == [block.body for block in CHAIN.blocks]
    assert all(block.damages == () for block in found.blocks)
    begins = [n for n, line in enumerate(ALL.splitlines(), 1) if line.startswith(b"-----BEGIN")]
    assert [block.first_line for block in found.blocks] == begins


def test_without_showcerts() -> None:
    """Without -showcerts more certificates are listed than are there."""
    found = scan(LEAF_ONLY)
    assert found.transcript and found.listed == 3 and found.damages == ()
    assert [block.body for block in found.blocks] == [CHAIN.blocks[0].body]


@pytest.mark.parametrize(
    ("change", "kinds"),
    [
        (lambda text: text.replace(b"\n", b"\r\n"), ["crlf"]),
        (lambda text: text.decode().encode("utf-16"), ["utf16"]),
        (lambda text: b"".join(b"> " + line for line in text.splitlines(keepends=True)), []),
    ],
    ids=["crlf", "utf16", "quoted"],
)
def test_after_a_journey(change, kinds) -> None:  # type: ignore[no-untyped-def]
    """A transcript that went through a Windows shell or a mail is still one."""
    found = scan(change(ALL))
    assert found.transcript and found.listed == 3
    assert [block.body for block in found.blocks] == [block.body for block in CHAIN.blocks]
    assert [damage.kind for damage in found.damages] == kinds


def test_old_openssl() -> None:
    """The list of OpenSSL 1.0 is counted too."""
    found = scan(OLD)
    assert found.transcript and found.listed == 2 and found.damages == ()


def test_several_transcripts() -> None:
    """The lists of all transcripts of one input are counted."""
    assert scan(ALL + LEAF_ONLY).listed == 6


def test_list_without_end() -> None:
    """A transcript that stops within the list counts what is there."""
    assert scan(OLD[: OLD.index(b"---\nServer")]).listed == 2


@pytest.mark.parametrize(
    "sign",
    [
        b"CONNECTED(00000003)\n",
        b"Certificate chain\n",
        b"depth=2 CN = example root\n",
        b"---\nServer certificate\n",
    ],
)
def test_signs(sign: bytes) -> None:
    """Each line that only s_client writes makes a transcript."""
    found = scan(b"verify return:1\n" + sign)
    assert found.transcript and found.damages == () and found.listed == 0


@pytest.mark.parametrize(
    "text",
    [
        b"not CONNECTED(3)\n",
        b"The Certificate chain of x\n",
        b"Server certificate\n",
        b" 0 s:CN = x\n",
    ],
)
def test_no_signs(text: bytes) -> None:
    """The same words elsewhere make none, and then text is text."""
    found = scan(text)
    assert not found.transcript and found.listed == 0
    assert [damage.kind for damage in found.damages] == ["text-between-blocks"]


def test_listed_only_in_the_list() -> None:
    """Lines that look like entries count only within a list."""
    assert scan(b" 0 s:CN = x\n" + OLD + b" 7 s:CN = y\n").listed == 2


GNUTLS = (DATA / "gnutls_print_cert.txt").read_bytes()


def test_gnutls_cli_with_its_certificates() -> None:
    """Real output of gnutls-cli 3.7: the certificates are there, and what is around is no text."""
    found = scan(GNUTLS)
    assert (found.transcript, found.listed, found.damages) == ("gnutls-cli", 3, ())
    assert [block.label for block in found.blocks] == ["CERTIFICATE"] * 3


def test_gnutls_cli_without_its_certificates() -> None:
    """Without --print-cert they are counted, also where the server's bytes follow."""
    for more in (b"", b"\0\x10AMQP\xff"):
        found = scan((DATA / "gnutls.txt").read_bytes() + more)
        assert (found.transcript, found.listed, found.blocks) == ("gnutls-cli", 3, ())


def test_what_gnutls_cli_says_elsewhere_is_no_transcript() -> None:
    """Somebody's prose about it is text."""
    assert scan(b"- Got a certificate list of 3 certificates.\n").transcript == ""
