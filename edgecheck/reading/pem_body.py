"""What stands between BEGIN and END: headers, base64, and what other formats did to its lines.

The base64 is that of RFC 4648 section 4 in the lax form of RFC 7468 section 3: lines of any
length, blanks anywhere.
"""

from __future__ import annotations

from binascii import a2b_base64, b2a_base64
from collections.abc import Iterator

from edgecheck.reading.late import late
from edgecheck.reading.pem_text import BLANK, LITERAL, QUOTE, Damage

_HEADER = late(rb"[A-Za-z][A-Za-z0-9-]*:")  # RFC 1421 section 4.6
_WRONG = late(rb"[^A-Za-z0-9+/=]|=(?=[^=])")
_CUT = late(
    rb"(?i)\.{3,}|\xe2\x80\xa6|^(?:x{8,}|\*{3,})$"
    rb"|^\W*(?:certificate |content |data |lines? )*"
    rb"(?:cut|elided|hidden|masked|omitted|redacted|removed|shortened|snip|snipped|truncated)\b"
)
"""What people write in the place of base64 that they do not want to show, or find too long."""
_PROSE = late(rb"-|subject=|issuer=|.*?(?::|[^ \t][ \t]+[^ \t])")


class Notes(dict[str, tuple[int, int, str]]):
    """The damages of one block, by kind: each kind once, over all lines where it occurs."""

    def add(self, kind: str, line: int, detail: str = "") -> None:
        """Note one occurrence; the details of all occurrences are joined."""
        first, _, details = self.get(kind) or (line, line, detail)
        if detail not in details:
            details = f"{details}, {detail}" if details else detail
        self[kind] = (first, line, details)

    def damages(self) -> tuple[Damage, ...]:
        """Return what was noted, in the order in which it was noted first."""
        return tuple(Damage(kind, *noted) for kind, noted in self.items())


def read_body(
    raw: bytes, line: int, whole: bool, secret: bool, notes: Notes
) -> tuple[bytes, int, int]:
    """Read what follows a BEGIN on line `line`; `whole` if a valid END follows `raw`.

    Returns the decoded bytes (none if `secret`), the last line with content, and how many bytes
    of `raw` belong to the block: where END is missing, text may follow.
    """
    encoded: list[bytes] = []
    blank: list[int] = []  # lines: one after BEGIN does no harm
    last, used, headers, padded, first = line, len(raw), False, False, True
    for place, number, offset, piece in _pieces(raw, line, whole, notes):
        core = piece.strip(QUOTE)
        if core == b"+" and piece.strip(BLANK) != core:
            core = b""  # of two strings that a program puts together
        if not core:
            headers = headers and bool(piece)
            if piece.strip(BLANK) or (piece and place == "before END"):
                notes.add("indented-block", number, _quoted(place, piece, core))
            elif number > last and place == "body" and not secret:
                if encoded or not first:
                    blank.append(number)
                first = False
            continue
        if headers and piece[:1] in BLANK:
            continue  # a header may go on over several lines
        headers = not encoded and _HEADER.match(core) is not None
        if headers:
            last = number
            if not secret:
                notes.add("header-lines", number)
            continue
        compact = core.translate(None, BLANK)
        wrong = None if secret else _WRONG.search(compact)
        if not secret and _CUT.search(core) and (wrong is not None or len(core) < 64):
            notes.add("cut-out", number)
            last = number
            continue
        if wrong is not None and place == "after BEGIN" and len(core) < 64 and b"\n" in raw:
            notes.add("indented-block", number, place)  # a remark, for base64 follows
            continue
        if wrong is not None and not whole and _PROSE.match(core):
            if core.startswith(b"-"):  # an END that was cut off
                last = number
            else:
                used = offset
            break
        if place != "body":
            notes.add("joined-lines", number, place)
        elif piece[:1] in QUOTE or piece.rstrip(BLANK)[-1:] in QUOTE:
            notes.add("indented-block", number, _quoted(place, piece, core))
        for empty in blank:
            notes.add("blank-lines", empty)
        blank = []
        if not secret and "bad-base64" not in notes:
            if padded and compact.strip(b"="):
                notes.add("bad-base64", number, f"line {number}: data after the padding")
                compact = b""
            elif wrong is not None:
                byte = wrong[0][0]
                what = "data after the padding" if byte == 61 else f"byte 0x{byte:02x}"
                notes.add("bad-base64", number, f"line {number}: {what}")
                compact = compact[: wrong.start()]
            padded = padded or compact.endswith(b"=")
            encoded.append(compact)
        last = number
    for empty in blank if whole else ():
        notes.add("blank-lines", empty)
    if secret or "cut-out" in notes:  # what is left of a certificate would be misread
        return b"", last, used
    return _decode(b"".join(encoded), last, whole, notes), last, used


def _quoted(place: str, piece: bytes, core: bytes) -> str:
    """The place of an indented line; OpenSSL reads blanks in a body, but no quote characters."""
    return place if place != "body" or piece.strip(BLANK) == core else "quoted body"


def _pieces(
    raw: bytes, line: int, whole: bool, notes: Notes
) -> Iterator[tuple[str, int, int, bytes]]:
    """Yield each line: its place, its number, the offset of its real line, and its bytes."""
    offset, place = 0, "after BEGIN"
    for number, physical in enumerate(raw.split(b"\n"), line):
        pieces = LITERAL.split(physical) if b"\\" in physical else [physical]
        if len(pieces) > 1:
            notes.add("literal-newlines", number)
        final = pieces.pop() if whole and offset + len(physical) == len(raw) else None
        for piece in pieces:
            yield place, number, offset, piece
            place = "body"
        if final is not None:
            yield "before END", number, offset, final
        offset += len(physical) + 1


def _decode(encoded: bytes, last: int, whole: bool, notes: Notes) -> bytes:
    """Decode base64 that holds only its alphabet and padding at its end, as far as it goes."""
    core = encoded.rstrip(b"=")
    rest, padding = len(core) % 4, len(encoded) - len(core)
    if "bad-base64" not in notes:
        if not core:
            if whole:
                notes.add("truncated-base64", last, "no base64 at all")
        elif rest == 1:
            kind = "bad-base64" if whole else "truncated-base64"
            notes.add(kind, last, f"line {last}: {len(core)} characters do not decode")
        elif padding != -len(core) % 4:
            missing = padding < -len(core) % 4
            kind = "truncated-base64" if missing else "bad-base64"
            notes.add(
                kind,
                last,
                f"line {last}: {'padding is missing' if missing else 'too much padding'}",
            )
    core = core[: len(core) - (rest == 1)]
    body = a2b_base64(core + b"=" * (-len(core) % 4))
    flawed = notes.keys() & {"bad-base64", "truncated-base64"}
    if not flawed and rest and b2a_base64(body[1 - rest :])[:rest] != core[-rest:]:
        # RFC 4648 section 3.5: strict readers refuse it
        notes.add("bad-base64", last, f"line {last}: bits left over that are not zero")
    return body
