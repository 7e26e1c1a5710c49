"""PEM in all its forms and damages; OpenSSL, `cryptography` and `pem` are the measure."""

from __future__ import annotations

import base64
import datetime
import itertools
import time
from pathlib import Path

import pem as oracle
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from hypothesis import given
from hypothesis import strategies as st

from edgecheck.reading import pem_flawed
from edgecheck.reading.pem import Block, Scan, scan
from edgecheck.reading.pem_text import KINDS, Damage
from tests.examples import LONG

CHAIN = (Path(__file__).parent / "data" / "chain.pem").read_bytes()
DER = [cert.public_bytes(Encoding.DER) for cert in x509.load_pem_x509_certificates(CHAIN)]
LEAF, LEAF_DER = CHAIN[: CHAIN.index(b"-----BEGIN", 1)], DER[0]
LINES = LEAF.splitlines()
SIZE = len(LINES)  # lines of LEAF
TWO = LEAF + LEAF

KEY = ec.generate_private_key(ec.SECP256R1())
KEY_PEM = KEY.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
KEY_NUMBER = KEY.private_numbers().private_value.to_bytes(32, "big")


def one(data: bytes) -> Block:
    """Scan a text of which all damage is that of its only block."""
    found = scan(data)
    assert found.damages == ()
    (block,) = found.blocks
    return block


def kinds(found: Scan | Block) -> list[str]:
    return [damage.kind for damage in found.damages]


def lines(damage: Damage) -> tuple[int, int]:
    return damage.first_line, damage.last_line


def indent(text: bytes, by: bytes) -> bytes:
    return b"".join(by + line for line in text.splitlines(keepends=True))


# ---- well-formed text


def test_clean_chain() -> None:
    """A clean file gives each certificate with the lines of its BEGIN and END."""
    found = scan(CHAIN)
    assert [block.body for block in found.blocks] == DER
    naive = CHAIN.splitlines()
    assert [block.first_line for block in found.blocks] == [
        number for number, line in enumerate(naive, 1) if line.startswith(b"-----BEGIN")
    ]
    assert [block.last_line for block in found.blocks] == [
        number for number, line in enumerate(naive, 1) if line.startswith(b"-----END")
    ]
    assert all(block.damages == () for block in found.blocks)
    assert found.damages == () and not found.transcript and found.listed == 0


@pytest.mark.parametrize("data", [b"", b"\n", b"\n\n \n\t\n", b"\r\n"])
def test_nothing(data: bytes) -> None:
    """An empty or blank text has no block, and text that is not there is no damage."""
    found = scan(data)
    assert found.blocks == () and not {"text-between-blocks"} & set(kinds(found))


@pytest.mark.parametrize(
    "data",
    [
        DER[0],
        b"\x30\x03\x02\x01\x00\r\n\r",
        b"\x30\x82\r\nbegin end",
        b"\xfe\xed\xfe\xed\0\0\0\x02",
    ],
)
def test_binary(data: bytes) -> None:
    """DER and other binary input has neither blocks nor damages of text."""
    assert scan(data) == Scan((), (), "", 0)


@pytest.mark.parametrize(
    "data",
    [
        LEAF.rstrip(),
        LEAF.replace(b"\n", b" \t\n"),
        b"\n\n" + LEAF + b"\n \n",
        LEAF.replace(b"-\nMII", b"-\n\nMII"),
        LEAF.replace(b"-----\n", b"-----\n  \n", 1),
        LINES[0] + b"\n" + b"".join(LINES[1:-1]) + b"\n" + LINES[-1],
        LEAF.replace(LINES[2], LINES[2][:20] + b" " + LINES[2][20:]),
        LEAF.replace(LINES[2], LINES[2][:20] + b"\n" + LINES[2][20:]),
    ],
)
def test_lax_form_is_no_damage(data: bytes) -> None:
    """Blank lines, blanks at line ends, lines of any length: RFC 7468's lax form."""
    block = one(data)
    assert block.body == LEAF_DER and block.damages == ()


def test_other_labels() -> None:
    """A block of another label is read as it is, hyphens in the label included."""
    block = one(b"-----BEGIN X-Y 1 REQUEST-----\nAAEC\n-----END X-Y 1 REQUEST-----\n")
    assert block == Block("X-Y 1 REQUEST", 1, 3, b"\0\1\2", ())


def test_label_too_long() -> None:
    """A label of more than 64 bytes makes no marker, so a label in a report is short."""
    label = b"A" * 65
    found = scan(b"-----BEGIN " + label + b"-----\nAAAA\n-----END " + label + b"-----\n")
    assert found.blocks == () and kinds(found) == ["text-between-blocks"]


def _pool() -> list[bytes]:
    """Make certificates of several sizes, so that all forms of padding occur."""
    key = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(32))
    start = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    pool = []
    for size in (1, 2, 3, 30, 64):
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "x" * size)])
        made = x509.CertificateBuilder(name, name, key.public_key(), size, start, start)
        pool.append(made.sign(key, None).public_bytes(Encoding.DER))
    assert {len(der) % 3 for der in pool} == {0, 1, 2}
    return pool


@given(
    ders=st.lists(st.sampled_from(_pool() + DER), min_size=1, max_size=6),
    line_end=st.sampled_from([b"\n", b"\r\n"]),
    gaps=st.lists(st.sampled_from([b"", b"\n", b"subject=CN = x\n", b"\na: b\n\n"]), min_size=7),
    final=st.booleans(),
)
def test_agrees_with_other_readers(
    ders: list[bytes], line_end: bytes, gaps: list[bytes], final: bool
) -> None:
    """On well-formed text `pem`, `cryptography` and a naive count of lines find the same."""
    text = b""
    for gap, der in zip(gaps, ders, strict=False):
        encoded = base64.b64encode(der)
        rows = [encoded[at : at + 64] for at in range(0, len(encoded), 64)]
        begin, end = b"-----BEGIN CERTIFICATE-----", b"-----END CERTIFICATE-----"
        text += gap + b"\n".join([begin, *rows, end, b""])
    text = (text if final else text[:-1]).replace(b"\n", line_end)
    blocks = scan(text).blocks
    assert [block.body for block in blocks] == [
        base64.b64decode(b"".join(found.as_bytes().splitlines()[1:-1]))
        for found in oracle.parse(text)
    ]
    assert [block.body for block in blocks] == [
        cert.public_bytes(Encoding.DER) for cert in x509.load_pem_x509_certificates(text)
    ]
    naive = text.splitlines()
    for mark, where in (
        (b"-----BEGIN", [block.first_line for block in blocks]),
        (b"-----END", [block.last_line for block in blocks]),
    ):
        assert where == [n for n, line in enumerate(naive, 1) if line.startswith(mark)]
    assert all(block.damages == () for block in blocks)


# ---- damages of a block


@pytest.mark.parametrize(
    ("after", "stretches"), [(b"", []), (b"subject=CN = x\nissuer=y\n\n", [(SIZE, SIZE + 1)])]
)
def test_missing_end(after: bytes, stretches: list[tuple[int, int]]) -> None:
    """Without END a block goes to its last line of base64, and the next BEGIN is read."""
    found = scan(b"\n".join(LINES[:-1]) + b"\n" + after + LEAF)
    first, second = found.blocks
    assert first.body == second.body == LEAF_DER
    assert kinds(first) == ["missing-end"] and second.damages == ()
    assert (first.first_line, first.last_line) == (1, SIZE - 1) == lines(first.damages[0])
    assert [lines(damage) for damage in found.damages] == stretches


def test_missing_end_of_text() -> None:
    """A text that stops before END, or within it, gives the whole body."""
    for cut in (len(LINES[-1]) + 1, 12, 7):
        block = one(LEAF[:-cut])
        assert block.body == LEAF_DER and kinds(block) == ["missing-end"]


def test_truncated() -> None:
    """A text that stops within the base64 gives the bytes that are there."""
    for size in range(len(LINES[0]) + 5, len(LINES[0]) + 80):
        block = one(LEAF[:size])
        there = len(LEAF[len(LINES[0]) : size].replace(b"\n", b""))
        expected = ["missing-end"] if there % 4 == 0 else ["truncated-base64", "missing-end"]
        assert kinds(block) == expected
        assert block.body == LEAF_DER[: there * 3 // 4]


def test_mismatched_end() -> None:
    """An END of another label ends the block and is named."""
    block = one(LEAF.replace(b"END CERTIFICATE", b"END X509 CRL"))
    assert block.body == LEAF_DER
    assert block.damages == (Damage("mismatched-end", SIZE, SIZE, "X509 CRL"),)


@pytest.mark.parametrize("between", [b"", b" ", b"\t"])
@pytest.mark.parametrize("line_end", [b"\n", b"\r\n", b"\r"])
def test_joined_blocks(between: bytes, line_end: bytes) -> None:
    """END and BEGIN on one line: both blocks are read, the second has the damage."""
    found = scan((LEAF.rstrip() + between + LEAF).replace(b"\n", line_end))
    first, second = found.blocks
    assert first.body == second.body == LEAF_DER
    assert first.damages == () and kinds(second) == ["joined-blocks"]
    assert (first.last_line, second.first_line, second.last_line) == (SIZE, SIZE, 2 * SIZE - 1)


def test_joined_lines() -> None:
    """Base64 on the line of a marker is read, whether line ends were lost or became blanks."""
    for gap in (b"", b" "):
        block = one(LEAF.replace(b"\n", gap))
        assert block.body == LEAF_DER and kinds(block) == ["joined-lines"]
        assert (block.first_line, block.last_line) == (1, 1)
    at_begin = one(LEAF.replace(b"-----\n", b"-----", 1))
    assert at_begin.damages == (Damage("joined-lines", 1, 1, "after BEGIN"),)
    at_end = one(LEAF.replace(b"\n-----END", b"-----END"))
    assert at_end.damages == (Damage("joined-lines", SIZE - 1, SIZE - 1, "before END"),)
    assert at_begin.body == at_end.body == LEAF_DER


@pytest.mark.parametrize("by", [b"  ", b"\t", b"> ", b'"', b"' "])
@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
def test_indented(by: bytes, line_end: bytes) -> None:
    """Blanks and quote characters before all lines are taken off."""
    found = scan(indent(TWO, by).replace(b"\n", line_end))
    assert [block.body for block in found.blocks] == [LEAF_DER, LEAF_DER]
    for start, block in zip((1, SIZE + 1), found.blocks, strict=True):
        body = "quoted body" if by.strip() else "body"
        where = f"before BEGIN, {body}, before END"
        assert block.damages == (Damage("indented-block", start, start + SIZE - 1, where),)


@pytest.mark.parametrize(
    ("data", "detail"),
    [
        (b" " + LEAF, "before BEGIN"),
        (b"cert=" + LEAF, "before BEGIN"),
        (LEAF.replace(b"-----END", b" -----END"), "before END"),
        (LEAF.replace(LINES[3], b" " + LINES[3]), "body"),
        (LEAF.replace(LINES[3], LINES[3] + b'"'), "quoted body"),
        (LEAF.replace(LINES[3], LINES[3] + b'\n"'), "quoted body"),
        (LEAF.replace(b"-----\n", b'-----"\n', 1), "after BEGIN"),
        (LEAF.replace(b"-----\n", b"----- # leaf\n", 1), "after BEGIN"),
        (LEAF.rstrip() + b'"\n', "after END"),
        (LEAF.rstrip() + b" </cert>\n", "after END"),
        (b'export CERT="' + LEAF.rstrip() + b'"\n', "before BEGIN, after END"),
    ],
)
def test_indented_in_part(data: bytes, detail: str) -> None:
    """The detail says which lines are indented, for OpenSSL reads a body with blanks before it."""
    block = one(data)
    assert block.body == LEAF_DER and kinds(block) == ["indented-block"]
    assert block.damages[0].detail == detail


@pytest.mark.parametrize("literal", [rb"\n", rb"\r\n", rb"\\n", rb"\\r\\n"])
def test_literal_newlines(literal: bytes) -> None:
    """A backslash and an n count as the line end that they were meant to be."""
    found = scan(TWO.replace(b"\n", literal))
    assert [block.body for block in found.blocks] == [LEAF_DER, LEAF_DER]
    for block in found.blocks:
        assert block.damages == (Damage("literal-newlines", 1, 1),)
    assert found.damages == ()


def test_literal_newlines_compose() -> None:
    """Literal newlines, quotes, joined blocks and CRLF in one text are each told."""
    text = b'first\r\n  "' + (LEAF.rstrip() + LEAF).replace(b"\n", rb"\n") + b'"\r\n'
    found = scan(text)
    assert [block.body for block in found.blocks] == [LEAF_DER, LEAF_DER]
    assert [sorted(kinds(block)) for block in found.blocks] == [
        ["indented-block", "literal-newlines"],
        ["joined-blocks", "literal-newlines"],
    ]
    assert {block.first_line for block in found.blocks} == {2}
    assert kinds(found) == ["crlf", "text-between-blocks"]


@pytest.mark.parametrize(
    ("data", "body", "damage"),
    [
        (
            LEAF.replace(LINES[3], LINES[3][:10] + b"*" + LINES[3][11:]),
            LEAF_DER[:103],
            Damage("bad-base64", 4, 4, "line 4: byte 0x2a"),
        ),
        (
            LEAF.replace(LINES[3], LINES[3][1:]),
            None,
            Damage(
                "bad-base64",
                SIZE - 1,
                SIZE - 1,
                f"line {SIZE - 1}: {len(b''.join(LINES[1:-1])) - 3} characters do not decode",
            ),
        ),
        (
            b"\n".join([*LINES[:-1], *LINES[1:]]),
            LEAF_DER,
            Damage("bad-base64", SIZE, SIZE, f"line {SIZE}: data after the padding"),
        ),
        (
            LEAF.replace(b"==", b"==AA"),
            LEAF_DER,
            Damage("bad-base64", SIZE - 1, SIZE - 1, f"line {SIZE - 1}: data after the padding"),
        ),
        (
            LEAF.replace(b"==", b"==="),
            LEAF_DER,
            Damage("bad-base64", SIZE - 1, SIZE - 1, f"line {SIZE - 1}: too much padding"),
        ),
        (
            LEAF.replace(b"==", b""),
            LEAF_DER,
            Damage("truncated-base64", SIZE - 1, SIZE - 1, f"line {SIZE - 1}: padding is missing"),
        ),
        (
            LEAF.replace(b"Q==", b"R=="),
            LEAF_DER,
            Damage(
                "bad-base64",
                SIZE - 1,
                SIZE - 1,
                f"line {SIZE - 1}: bits left over that are not zero",
            ),
        ),
        (
            LINES[0] + b"\n" + LINES[-1],
            b"",
            Damage("truncated-base64", 1, 1, "no base64 at all"),
        ),
    ],
)
def test_bad_base64(data: bytes, body: bytes | None, damage: Damage) -> None:
    """The first flaw of the base64 is told with its line, and what decodes is kept."""
    assert LEAF_DER and len(LEAF_DER) % 3 == 1  # so the padding is ==
    block = one(data)
    assert block.damages == (damage,)
    assert body is None or block.body == body


def test_padding_over_two_lines() -> None:
    """Padding that is broken over two lines is still padding."""
    assert one(LEAF.replace(b"==", b"=\n=")).damages == ()


def test_bad_base64_without_end() -> None:
    """A bad byte is not mistaken for text after a block whose END is missing."""
    bad = LINES[3][:10] + b"*" + LINES[3][11:]
    block = one(b"\n".join(LINES[:-1]).replace(LINES[3], bad))
    assert kinds(block) == ["bad-base64", "missing-end"] and block.body == LEAF_DER[:103]


def test_header_lines() -> None:
    """Headers of RFC 1421, continuations included, are no base64."""
    headers = b"Proc-Type: 4,CLEAR\nX-Note: a,\n  b\n\n"
    block = one(LEAF.replace(b"-----\n", b"-----\n" + headers, 1))
    assert block.body == LEAF_DER
    assert block.damages == (Damage("header-lines", 2, 3),)


@pytest.mark.parametrize("tail", [b'"', b"\\\\n", b'\n"', b"\n \\\\n\n"])
def test_block_holds_its_damages(tail: bytes) -> None:
    """The lines of a damage are lines of its block, also where END is missing."""
    block = one(b"\n".join(LINES[:-1]) + tail)
    assert block.body == LEAF_DER and "missing-end" in kinds(block)
    assert block.last_line == max(damage.last_line for damage in block.damages)


# ---- private keys


def test_private_key() -> None:
    """A private key is named, and its bytes are not kept."""
    found = scan(KEY_PEM + LEAF)
    key, certificate = found.blocks
    last = KEY_PEM.count(b"\n")
    assert key == Block(
        "EC PRIVATE KEY", 1, last, b"", (Damage("private-key", 1, last, "EC PRIVATE KEY"),)
    )
    assert certificate.damages == () and certificate.first_line == last + 1


def test_encrypted_private_key_headers() -> None:
    """The headers of an encrypted key are as they should be."""
    key = KEY_PEM.replace(b"-----\n", b"-----\nProc-Type: 4,ENCRYPTED\n\n", 1)
    assert kinds(one(key)) == ["private-key"]


@pytest.mark.parametrize("end", [b"END PRIVATE KEY", b"END private key"])
def test_private_key_by_its_end(end: bytes) -> None:
    """Where only END says that a block is a private key, its bytes are not kept either."""
    (block,) = scan(LEAF.replace(b"END CERTIFICATE", end)).blocks
    assert block.body == b"" and "private-key" in kinds(block)


def test_private_key_never_kept() -> None:
    """Whichever two lines of the file are lost, the key is in no part of the result."""
    rows = (LEAF + KEY_PEM + LEAF).splitlines(keepends=True)
    for left, right in itertools.combinations(range(len(rows)), 2):
        text = b"".join(row for at, row in enumerate(rows) if at not in (left, right))
        found = scan(text)
        for block in found.blocks:
            assert KEY_NUMBER[:8] not in block.body and KEY_NUMBER[-8:] not in block.body
        assert KEY_PEM.splitlines()[2].decode() not in repr(found)


# ---- damages of the whole text


@pytest.mark.parametrize("bom", [b"\xef\xbb\xbf"])
def test_utf8_bom(bom: bytes) -> None:
    """A byte order mark is told where it stands: at the start, or where files were joined."""
    found = scan(bom + LEAF + bom + LEAF)
    assert [block.body for block in found.blocks] == [LEAF_DER, LEAF_DER]
    assert found.damages == (
        Damage("utf8-bom", 1, 1, "right before BEGIN"),
        Damage("utf8-bom", SIZE + 1, SIZE + 1, "right before BEGIN"),
    )
    assert all(block.damages == () for block in found.blocks)


@pytest.mark.parametrize(
    ("codec", "bom", "detail"),
    [
        ("utf-16-le", "\ufeff", "utf-16-le, with byte order mark"),
        ("utf-16-be", "\ufeff", "utf-16-be, with byte order mark"),
        ("utf-16-le", "", "utf-16-le, without byte order mark"),
        ("utf-16-be", "", "utf-16-be, without byte order mark"),
        ("utf-32-le", "\ufeff", "utf-32-le, with byte order mark"),
        ("utf-32-be", "\ufeff", "utf-32-be, with byte order mark"),
        ("utf-32-le", "", "utf-32-le, without byte order mark"),
        ("utf-32-be", "", "utf-32-be, without byte order mark"),
    ],
)
def test_utf16(codec: str, bom: str, detail: str) -> None:
    """UTF-16 and UTF-32 are decoded and read, lines and all."""
    found = scan((bom + TWO.decode()).encode(codec))
    assert found.damages == (Damage("utf16", 1, 1, detail),)
    assert [block.body for block in found.blocks] == [LEAF_DER, LEAF_DER]
    assert found.blocks[1].first_line == SIZE + 1


def test_utf16_in_part() -> None:
    """A UTF-16 file that was appended to another one is read too."""
    found = scan(LEAF + LEAF.decode().encode("utf-16"))
    assert found.damages == (Damage("utf16", SIZE + 1, SIZE + 1, "a part of the text"),)
    assert [block.body for block in found.blocks] == [LEAF_DER, LEAF_DER]


def test_utf16_cut_short() -> None:
    """Half a character at the end of UTF-16 is no reason to fail."""
    assert scan(LEAF.decode().encode("utf-16")[:-1]).blocks[0].body == LEAF_DER


@pytest.mark.parametrize(
    ("data", "damages"),
    [
        (TWO.replace(b"\n", b"\r\n"), [Damage("crlf", 1, 2 * SIZE, "22 of 22 line ends")]),
        (TWO.replace(b"\n", b"\r"), [Damage("lone-cr", 1, 2 * SIZE, "22 of 22 line ends")]),
        (
            LEAF + LEAF.replace(b"\n", b"\r\n"),
            [
                Damage("crlf", SIZE + 1, 2 * SIZE, "11 of 22 line ends"),
                Damage("mixed-line-ends", SIZE + 1, 2 * SIZE, "11 CRLF, 11 LF"),
            ],
        ),
        (
            LEAF.replace(b"\n", b"\r\n") + LEAF.replace(b"\n", b"\r"),
            [
                Damage("crlf", 1, 2 * SIZE, "11 of 22 line ends"),
                Damage("lone-cr", SIZE + 1, 2 * SIZE, "11 of 22 line ends"),
                Damage("mixed-line-ends", SIZE + 1, 2 * SIZE, "11 CRLF, 11 CR"),
            ],
        ),
        (
            TWO.replace(b"\n", b"\r\r\n"),
            [
                Damage("cr-cr-lf", 1, 2 * SIZE, "22 of 22 line ends"),
                Damage("crlf", 1, 2 * SIZE, "22 of 22 line ends"),
            ],
        ),
    ],
)
def test_line_ends(data: bytes, damages: list[Damage]) -> None:
    """CRLF, a lone CR and a mixture are told once, and lines are counted right in each."""
    assert SIZE == 11
    found = scan(data)
    assert sorted(kinds(found)) == sorted(damage.kind for damage in damages)
    assert set(found.damages) == set(damages)
    assert [(block.first_line, block.last_line) for block in found.blocks] == [
        (1, SIZE),
        (SIZE + 1, 2 * SIZE),
    ]
    assert all(block.damages == () for block in found.blocks)


@pytest.mark.parametrize(
    ("text", "matters"),
    [
        (b"10 %\r20 %\n" + TWO, False),
        (b"10 %\r" + TWO, True),
        (LEAF.rstrip() + b"\r" + LEAF, True),
        (LEAF.replace(b"\n", b"\r", 1), True),
        (LEAF.replace(b"\n", b"\r\n").replace(b"\r\n", b"\r", 3).replace(b"\r", b"\r\n", 2), True),
    ],
)
def test_lone_cr_is_told_where_it_loses_a_block(text: bytes, matters: bool) -> None:
    """A CR alone is no line end for OpenSSL; where no block is near, that does no harm."""
    assert ("lone-cr" in kinds(scan(text))) is matters


def test_blank_lines() -> None:
    """A blank line after base64 is told: OpenSSL takes what stands before it for headers."""
    for at in (4, SIZE - 1):
        lines = [*LINES[:at], b"", b" ", *LINES[at:]]
        block = one(b"\n".join(lines) + b"\n")
        assert block.body == LEAF_DER
        assert block.damages == (Damage("blank-lines", at + 1, at + 2),)
    second = one(LEAF.replace(b"\n", b"\n\n\n", 1))
    assert second.damages == (Damage("blank-lines", 3, 3),)
    spaced = scan(LEAF.replace(b"\n", b"\n\n")).blocks[0]
    assert kinds(spaced) == ["blank-lines"]
    literal = one(LEAF.replace(b"\n", b"\\n\n"))
    assert kinds(literal) == ["literal-newlines"]


def test_blank_lines_after_a_block_without_end() -> None:
    """They are not in the block."""
    found = scan(b"\n".join(LINES[:-1]) + b"\n\n\n" + LEAF)
    assert kinds(found.blocks[0]) == ["missing-end"]


def test_text_between_blocks() -> None:
    """Text outside blocks is told once for each gap, from its first line to its last."""
    found = scan(b"\nsubject=x\n\nissuer=y\n" + LEAF + b"\n" + LEAF + b"\n\nlast")
    assert [lines(damage) for damage in found.damages] == [(2, 4), (2 * SIZE + 8, 2 * SIZE + 8)]
    assert set(kinds(found)) == {"text-between-blocks"}
    assert [block.body for block in found.blocks] == [LEAF_DER, LEAF_DER]


def test_text_after_end() -> None:
    """Text after END on its line is damage of the block, at which OpenSSL stops, not a gap."""
    found = scan(LEAF.rstrip() + b" </cert>\n" + LEAF)
    assert found.damages == ()
    first, second = found.blocks
    assert first.damages == (Damage("indented-block", SIZE, SIZE, "after END"),)
    assert second.damages == ()


def test_text_between_many_blocks() -> None:
    """After twenty stretches of text there is nothing new to say."""
    assert len(scan((b"text\n" + LEAF) * 30).damages) == 20
    assert len(scan((b"text\n" + LEAF) * 30).blocks) == 30


def test_comment() -> None:
    """A block that is commented out is a comment, and no comment is damage."""
    found = scan(b"# a note\n" + indent(LEAF, b"# ")[:-1] + b"\n" + LEAF)
    assert found.damages == ()
    found = scan(b"text\n" + indent(LEAF, b"# ") + LEAF)
    assert found.damages == (Damage("text-between-blocks", 1, 1),)
    assert [block.first_line for block in found.blocks] == [SIZE + 2]


@pytest.mark.parametrize(
    ("begin", "why"),
    [
        (b"----BEGIN CERTIFICATE-----", "4 dashes before and 5 after"),
        (b"------BEGIN CERTIFICATE-----", "6 dashes before and 5 after"),
        (b"----------BEGIN CERTIFICATE-----", "10 dashes before and 5 after"),
        (b"-----BEGIN CERTIFICATE----", "5 dashes before and 4 after"),
        (b"-----BEGIN CERTIFICATE------", "5 dashes before and 6 after"),
        (b"BEGIN CERTIFICATE-----", "0 dashes before and 5 after"),
        (b"-----begin certificate-----", "lower case"),
        (b"-----BEGIN Certificate-----", "lower case"),
        (b"-----BEGIN CERTIFICATE -----", "blanks within the marker"),
        (b"-----BEGIN  CERTIFICATE-----", "blanks within the marker"),
        (b"-----BEGINCERTIFICATE-----", "blanks within the marker"),
        (b"- - - - -BEGIN CERTIFICATE- - - - -", "blanks within the marker"),
        ("\u2014\u2013-BEGIN CERTIFICATE\u2014-".encode(), "dashes that are not those of ASCII"),
        (b"\x97\x96-BEGIN CERTIFICATE-----", "dashes that are not those of ASCII"),
        (b'  "----BEGIN CERTIFICATE-----', "4 dashes before and 5 after"),
    ],
)
def test_broken_begin(begin: bytes, why: str) -> None:
    """What was meant as BEGIN is told once; the certificate behind it is read all the same."""
    found = scan(LEAF + begin + b"\n" + b"\n".join(LINES[1:]) + b"\n" + LEAF)
    (damage,) = found.damages
    assert damage.kind == "broken-marker" and lines(damage) == (SIZE + 1, SIZE + 1)
    assert damage.detail.startswith("BEGIN ") and damage.detail.endswith(": " + why)
    assert [block.first_line for block in found.blocks] == [1, SIZE + 1, 2 * SIZE + 1]
    assert all(block.damages == () and block.body == LEAF_DER for block in found.blocks)
    assert {block.label for block in found.blocks} == {"CERTIFICATE"}


@pytest.mark.parametrize("body", [b"", b"\n".join(LINES[1:-3]) + b"\n", b"Read it in one go.\n"])
def test_broken_begin_without_a_certificate(body: bytes) -> None:
    """What does not hold all of a certificate stays lost: a heading, a block that was cut."""
    found = scan(b"--- BEGIN CERTIFICATE ---\n" + body + LEAF)
    assert kinds(found) == ["broken-marker"]
    assert [block.body for block in found.blocks] == [LEAF_DER]


@pytest.mark.parametrize(
    "end",
    [b"-----END CERTIFICATE----", b"-----END CERTIFICATE------", b"-----end certificate-----"],
)
def test_broken_end(end: bytes) -> None:
    """What was meant as END ends the block, which lacks an END nevertheless."""
    found = scan(LEAF.replace(LINES[-1], end) + LEAF)
    first, second = found.blocks
    assert kinds(found) == ["broken-marker"] and lines(found.damages[0]) == (SIZE, SIZE)
    assert first.damages == (Damage("missing-end", 1, SIZE, "END is not valid"),)
    assert first.body == second.body == LEAF_DER and second.damages == ()


def test_broken_markers_on_both_sides() -> None:
    """Two broken markers around one body are two damages and nothing else."""
    found = scan(LEAF.replace(b"--", "\u2013".encode()))
    assert kinds(found) == ["broken-marker"] * 2
    assert [block.body for block in found.blocks] == [LEAF_DER]


def test_broken_joined() -> None:
    """Two markers that share their dashes: the first is taken as whole."""
    found = scan(LEAF.rstrip() + LEAF[1:])
    assert [block.body for block in found.blocks] == [LEAF_DER, LEAF_DER]
    assert found.damages == (
        Damage("broken-marker", SIZE, SIZE, "BEGIN CERTIFICATE: 4 dashes before and 5 after"),
    )


def test_broken_end_joined_to_begin() -> None:
    """A broken END does not spoil the BEGIN that is joined to it."""
    found = scan(b"----END CERTIFICATE-----" + LEAF)
    assert kinds(found) == ["broken-marker"] and found.damages[0].detail.startswith("END ")
    assert [block.body for block in found.blocks] == [LEAF_DER]


@pytest.mark.parametrize(
    "text",
    [b"BEGIN CERTIFICATE", b"- the end", b"--- END OF CERTIFICATES ---", b"------BEGIN X------"],
)
def test_not_meant_as_marker(text: bytes) -> None:
    """Prose with the words of a marker is prose."""
    assert kinds(scan(text + b"\n" + LEAF)) == ["text-between-blocks"]


@pytest.mark.parametrize("before", [b"", LEAF])
def test_end_without_begin(before: bytes) -> None:
    """An END without BEGIN is told, and the lines before it are not told again as text."""
    found = scan(before + b"\n".join(LINES[1:]) + b"\n" + LEAF)
    line = before.count(b"\n") + SIZE - 1
    assert found.damages == (Damage("end-without-begin", line, line, "CERTIFICATE"),)
    assert all(block.damages == () for block in found.blocks)


def test_stray_end() -> None:
    """An END with nothing before it that could be a block loses nothing."""
    found = scan(LEAF + LINES[-1] + b"\n# note\n" + LINES[-1] + b"\n" + LEAF)
    detail = "CERTIFICATE, nothing before it"
    assert [damage.detail for damage in found.damages] == [detail, detail]


# ---- any bytes

PIECES = [
    *(b"-----BEGIN CERTIFICATE-----", b"-----END CERTIFICATE-----", b"-----BEGIN ", b"-----END "),
    *(b"-----", b"-", b"BEGIN", b"END", b"PRIVATE KEY", b"begin certificate", b"=", b"==", b"AAAA"),
    *(b"\n", b"\r", b"\r\n", rb"\n", rb"\r\n", b"\\", b" ", b"\t", b'"', b">", b"#", b": ", b"\0"),
    *(b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", "\u2013".encode(), b"\x96", b"*", LEAF, KEY_PEM),
    *(
        b"CONNECTED(00000003)",
        b"Certificate chain\n",
        b" 0 s:CN = x\n",
        b"---\nServer certificate\n",
    ),
]


def sound(data: bytes) -> None:
    """Check what is true of every scan."""
    found = scan(data)
    last = max(len(data.splitlines()), 1)
    for damage in [*found.damages, *(d for block in found.blocks for d in block.damages)]:
        assert damage.kind in KINDS
        assert 1 <= damage.first_line <= damage.last_line
        assert len(damage.detail) < 160
    assert list(found.damages) == sorted(found.damages, key=lambda damage: damage.first_line)
    at = 1
    for block in found.blocks:
        assert at <= block.first_line <= block.last_line
        assert len(block.label) <= 64
        assert not block.body or "PRIVATE KEY" not in block.label
        assert len({damage.kind for damage in block.damages}) == len(block.damages)
        for damage in block.damages:
            assert block.first_line <= damage.first_line <= damage.last_line <= block.last_line
        at = block.last_line
    if b"\0" not in data:
        assert at <= last
    assert found.transcript or found.listed == 0


@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    """No bytes make the scan fail."""
    sound(data)


@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_any_pieces(pieces: list[bytes]) -> None:
    """No mixture of what PEM is made of makes the scan fail, in UTF-8 or in UTF-16."""
    text = b"".join(pieces)
    sound(text)
    sound(text.decode("latin-1").encode("utf-16"))


@given(
    st.lists(
        st.tuples(
            st.integers(0, 2 * len(TWO)),
            st.integers(0, 40),
            st.one_of(st.binary(max_size=4), st.sampled_from(PIECES)),
        ),
        max_size=8,
    )
)
def test_any_mutation(edits: list[tuple[int, int, bytes]]) -> None:
    """No change of a good file makes the scan fail."""
    text = LEAF + KEY_PEM + LEAF
    for at, size, new in edits:
        text = text[:at] + new + text[at + size :]
    sound(text)


BEGIN, END = LINES[0], LINES[-1]
HOSTILE = {
    "begin on one line": BEGIN,
    "begin without dashes": b"-----BEGIN ",
    "end lines": END + b"\n",
    "joined": BEGIN + END,
    "ten dashes": b"-----" + BEGIN,
    "near misses": b"----BEGIN CERTIFICATE----\n",
    "near misses of blanks": b"--begin " + b"private " * 28 + b"\n",
    "long labels": b"-----BEGIN " + b"a-" * 60 + b"\n",
    "words": b"end\n",
    "backslashes": b"\\",
    "literal": BEGIN + rb"\n",
    "blank lines": b" \n",
    "lists": b"Certificate chain\n",
    "list entries": b"Certificate chain\n 0 s:\n---\n",
    "quotes": b">",
    "carriage returns": BEGIN + b"\r",
    "byte order marks": b"\xef\xbb\xbf" + BEGIN,
    "wide": (BEGIN + b"\n").decode().encode("utf-16-le"),
    "gaps": b"text\n" + LEAF,
    "bad blocks": LEAF.replace(b"M", b"*", 1),
}


@pytest.mark.parametrize("unit", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("lead", [b"", BEGIN + b"\n"], ids=["outside", "inside"])
def test_linear_time(lead: bytes, unit: bytes) -> None:
    """400 kB of what may be costly takes a moment; in quadratic time it would take minutes."""
    data = lead + unit * ((400_000 if LONG else 100_000) // len(unit))
    start = time.perf_counter()
    scan(data)
    assert time.perf_counter() - start < 10


@pytest.mark.parametrize("unit", [b"-", BEGIN + b"\n"], ids=["dashes", "begin lines"])
def test_large(unit: bytes) -> None:
    """5 MB of dashes or BEGIN lines (in the short form 1 MB) are no trouble."""
    data = unit * ((5_000_000 if LONG else 1_000_000) // len(unit))
    start = time.perf_counter()
    found = scan(data)
    assert time.perf_counter() - start < 60
    assert len(found.blocks) == (0 if unit == b"-" else data.count(b"\n"))


def test_clean_text_is_read_the_quick_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """A flawless file never enters the line-by-line reader, which is many times slower."""

    def slow(self: object) -> None:
        raise AssertionError("clean text was read line by line")

    monkeypatch.setattr(pem_flawed._Reader, "read", slow)
    assert len(scan(TWO).blocks) == 2
