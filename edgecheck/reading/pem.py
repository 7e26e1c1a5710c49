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
from typing import Final, NamedTuple

from edgecheck.reading.containers import said_end
from edgecheck.reading.late import late
from edgecheck.reading.pem_body import Notes, read_body
from edgecheck.reading.pem_text import (
    BEFORE_BEGIN,
    BLANK,
    BOM,
    KINDS,
    LITERAL,
    NOTHING_BEFORE,
    QUOTE,
    WORD,
    Damage,
    Marker,
    markers,
    plain_text,
)
from edgecheck.reading.secrets import shown_label
from edgecheck.reading.transcript import listed_certificates, transcript_of
from edgecheck.reading.transcript_verdicts import Spoken, spoken_in

__all__ = ["KINDS", "Block", "Damage", "Scan", "scan"]

MOST_STRETCHES: Final = 20  # of text between blocks that are reported
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
    position, _ = _clean_blocks(data, 0, 1, blocks)
    if position == len(data):
        return Scan(tuple(blocks), (), "", 0)
    text, damages = plain_text(data)
    reader = _Reader(text)
    reader.read()
    transcript = transcript_of(text)  # in which there may be what the server sent, any bytes
    binary = b"\0" in text or (text[:1] == b"0" and text[1:2] >= b"\x80")
    if binary and not (reader.markers or transcript):
        return Scan((), (), "", 0)
    damages += reader.damages + ([] if transcript else reader.stretches)
    damages.sort(key=lambda damage: damage.first_line)
    listed = listed_certificates(text) if transcript else 0
    told = transcript or not reader.blocks or b"verify error:num=" in text
    spoken = spoken_in(text) if told else ()
    return Scan(tuple(reader.blocks), tuple(damages), transcript, listed, spoken)


_BEGIN, _END = b"-----BEGIN CERTIFICATE-----\n", b"\n-----END CERTIFICATE-----"


def _clean_blocks(text: bytes, at: int, line: int, blocks: list[Block]) -> tuple[int, int]:
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


_CERTIFICATES = ("CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE")
_TEXT = late(rb"\s*[^#\s]")
_TRAIL = late(rb"(?:\\{1,4}[rn]|[ \t\v\f\"'`>|,;\\)\]}])*+")


class _Reader:
    """Reads a text of which something is not flawless."""

    def __init__(self, text: bytes) -> None:
        self.text = text
        self.blocks: list[Block] = []
        self.damages: list[Damage] = []
        self.stretches: list[Damage] = []  # text between blocks
        self.markers = 0
        self.opened: Marker | None = None  # the BEGIN whose END is awaited
        self.lost = False  # after a flawed BEGIN: what follows is its body, not text
        self.tail, self.tail_line = 0, 1  # where the text starts that belongs to nothing so far

    def read(self) -> None:
        """Go through the text from marker to marker."""
        text, at, line = self.text, 0, 1
        while (found := WORD.search(text, at)) is not None:
            start = text.rfind(b"\n", at, found.start()) + 1 or at
            line += text.count(b"\n", at, start)
            if self.opened is None:
                at, after = _clean_blocks(text, start, line, self.blocks)
                if at > start:
                    self._gap(start)
                    self.tail, self.tail_line, line = at, after, after
                    self.lost, self.markers = False, self.markers + 1
                    continue
            at = text.find(b"\n", found.end())
            at = len(text) if at < 0 else at
            if not text[start:at].lstrip(BLANK).startswith(b"#"):  # a comment has no markers
                for marker in markers(text, start, at, line):
                    self._take(marker)
        if self.opened is not None:
            self._close(self.opened, None)
        self._gap(len(text))

    def _gap(self, stop: int) -> None:
        """Note the text from the last thing understood up to offset `stop`, unless it is blank."""
        if self.lost or len(self.stretches) == MOST_STRETCHES:
            return
        said = self._said(stop)
        if said:
            self.stretches.append(Damage("text-between-blocks", said[0], said[-1]))

    def _said(self, stop: int) -> list[int]:
        """Lines up to offset `stop`, from the last thing understood on, with text but comments."""
        gap = self.text[self.tail : stop]
        if not gap.strip():
            return []
        if b"\\" in gap:  # which is found much faster than that there is none
            gap = LITERAL.sub(b"", gap)
        lines = enumerate(gap.split(b"\n"), self.tail_line)
        return [number for number, line in lines if _TEXT.match(line)]

    def _take(self, marker: Marker) -> None:
        """Go on over one marker."""
        self.markers += 1
        opened, self.opened = self.opened, None
        closed = opened is not None and self._close(opened, marker)
        if marker.word == "END" and not closed:
            if not (marker.flaw or self.lost):
                lost = self._said(marker.start)
                label = shown_label(marker.label)
                detail = label if lost else label + NOTHING_BEFORE
                self.damages.append(Damage("end-without-begin", marker.line, marker.line, detail))
            self.tail, self.tail_line, self.lost = marker.end, marker.line, False
        if marker.word == "BEGIN":
            self._gap(marker.lead)
        if marker.flaw:
            detail = f"{marker.word} {shown_label(marker.label)}: {marker.flaw}"
            self.damages.append(Damage("broken-marker", marker.line, marker.line, detail))
        if marker.word == "BEGIN":
            self.lost = bool(marker.flaw)
            if marker.flaw:
                marker = marker._replace(label=" ".join(marker.label.upper().split()))
            self.opened = marker if not marker.flaw or marker.label in _CERTIFICATES else None

    def _close(self, begin: Marker, marker: Marker | None) -> bool:
        """Make the block from `begin` to what ends it: an END, another BEGIN, or nothing.

        Returns False for what was no block: a flawed BEGIN without a certificate behind it.
        """
        text, notes = self.text, Notes()
        lead = text[begin.lead : begin.start]
        if lead.startswith(BOM):
            self.damages.append(Damage("utf8-bom", begin.line, begin.line, BEFORE_BEGIN))
            lead = lead[3:]
        if begin.flaw:
            pass  # which says all that is wrong with its line
        elif text[begin.lead - 1 : begin.lead] == b"-":
            notes.add("joined-blocks", begin.line)
        elif lead:
            notes.add("indented-block", begin.line, "before BEGIN")
        end = marker if marker is not None and marker.word == "END" else None
        whole = end is not None and not end.flaw
        stop = len(text)
        if marker is not None:
            blank = not text[marker.lead : marker.start].strip(QUOTE + BOM)
            stop = marker.lead if blank and not whole else marker.start
        labels = [begin.label, *([end.label] if end else [])]
        secret = [label for label in labels if "PRIVATE KEY" in label.upper()]
        raw = text[begin.end : stop]
        body, last, used = read_body(raw, begin.line, whole, bool(secret), notes)
        if begin.flaw and not _is_whole(body):
            return False
        self.lost = False
        last = max(last, *(line for _, line, _ in notes.values()), 1)
        self.tail = begin.end + used
        self.tail_line = begin.line + raw.count(b"\n", 0, used)
        if end is not None:
            last, self.tail, self.tail_line = end.line, end.end, end.line
        if end is not None and whole:
            if end.label != begin.label:
                notes.add("mismatched-end", last, shown_label(end.label))
            if trail := _TRAIL.match(text, end.end):  # pragma: no branch (may be empty)
                self.tail = trail.end()
                first, *more = LITERAL.split(trail[0])
                if more:
                    notes.add("literal-newlines", last)
                rest = text[self.tail : self.tail + 256].partition(b"\n")[0]
                if rest and not more and b"-----" not in rest:  # else another block follows
                    first, self.tail = rest, self.tail + len(rest)
                if first.strip(BLANK):
                    notes.add("indented-block", last, "after END")
        else:
            why = "no END before the end of the text" if marker is None else "no END before a BEGIN"
            notes.add("missing-end", begin.line, "END is not valid" if end else why)
            notes.add("missing-end", last)
        if secret:
            notes.add("private-key", begin.line, shown_label(secret[0]))
            notes.add("private-key", last)
        self.blocks.append(Block(begin.label, begin.line, last, body, notes.damages()))
        return True


def _is_whole(body: bytes) -> bool:
    """Whether it is DER as long as it says itself, so that nothing of it can be missing."""
    return said_end(body) == len(body)
