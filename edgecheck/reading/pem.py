"""Find the PEM blocks in a text, and whatever is wrong with the text as PEM.

The form is RFC 7468: section 2 (labels, what may stand around blocks), section 3 (the grammar, of
which the lax form is read without complaint). What strict readers refuse is read all the same
where its meaning is certain, and described as a `Damage`.

Lines count from 1; LF, CRLF and a lone CR each end one. Offsets are bytes of the text after all
line ends became LF. Time is linear in the input.
"""

from __future__ import annotations

from binascii import Error as Base64Error
from binascii import a2b_base64, b2a_base64
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from edgecheck.reading.pem_text import Damage
    from edgecheck.reading.transcript_verdicts import Spoken

_LEAST: Final = 64  # characters of base64 in a certificate


class Block(NamedTuple):
    """What stands between one BEGIN and its END (RFC 7468 section 2)."""

    label: str  # at most 64 characters; an attacker's text, or a piece of a key
    first_line: int  # the line of BEGIN, 1-based
    last_line: int  # the line of END, or the last line that belongs to the block
    body: bytes  # decoded as far as it decodes; always empty for a private key
    damages: tuple[Damage, ...]


class Scan(NamedTuple):
    """All that PEM has to say about one input."""

    blocks: tuple[Block, ...]  # in the order of the text
    damages: tuple[Damage, ...]  # of the whole text, in line order; a block has its own
    transcript: str  # the program that printed it, `s_client` or `gnutls-cli`; else empty
    listed: int  # entries of the "Certificate chain" lists of a transcript, else 0
    spoken: tuple[Spoken, ...] = ()  # what its programs said of the chain, or why there is none


def scan(data: bytes) -> Scan:
    """Find all PEM blocks in `data`, which may be any bytes: never raises.

    Binary input (DER, PKCS#12) has neither blocks nor damages.
    """
    blocks: list[Block] = []
    position, _ = clean_blocks(data, 0, 1, blocks)
    if position == len(data):
        return Scan(tuple(blocks), (), "", 0)
    # Imported where something is flawed: what finds out what it is takes as long as a check.
    from edgecheck.reading.pem_flawed import scan_flawed

    return scan_flawed(data)


_BEGIN, _END = b"-----BEGIN CERTIFICATE-----\n", b"\n-----END CERTIFICATE-----"


def clean_blocks(text: bytes, at: int, line: int, blocks: list[Block]) -> tuple[int, int]:
    """Append the flawless certificate blocks from offset `at` on; return where they end.

    The fast path: a block costs a few searches and one decoding. Stops at the first byte that it
    does not understand, and returns that offset and its line.
    """
    size = len(text)
    while True:
        if not text.startswith(_BEGIN, at):
            if at < size and text[at] == 10:
                at, line = at + 1, line + 1
                continue
            return at, line
        start = at + 28
        # Base64 has no dash, so this looks no further than the next marker: linear time.
        end = text.find(b"-", start)
        if not text.startswith(_END, end - 1) or text[end + 25 : end + 26] not in b"\n":
            return at, line
        encoded = text[start : end - 1]
        try:
            body = a2b_base64(encoded)
        except Base64Error:
            return at, line
        if len(encoded) < _LEAST:  # maybe what somebody wrote in the place of base64
            return at, line
        ends = encoded[64::65]  # of lines of 64 characters, as everybody writes them
        lines = len(ends)
        if ends != b"\n" * lines or encoded[-1:] == b"\n":
            lines = encoded.count(b"\n")
            if b"\n\n" in text[start:end] or encoded[:1] == b"\n":
                return at, line
        # The decoder skips what is not base64; it skipped nothing if only line ends are missing.
        if not body or (len(body) + 2) // 3 * 4 + lines != len(encoded):
            return at, line
        rest = len(body) % 3
        if rest and b2a_base64(body[-rest:]) != text[end - 5 : end]:  # RFC 4648 section 3.5
            return at, line
        blocks.append(Block("CERTIFICATE", line, line + lines + 2, body, ()))
        at, line = end + 25, line + lines + 2
