"""A text in which certificates stand in another form than PEM, read as what it was meant to be.

What is found becomes blocks like those of PEM, so that all that is said of blocks is said of it.
Flawless PEM is never looked at twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from edgecheck.reading import der
from edgecheck.reading.containers import NAMES, other_object, store_of
from edgecheck.reading.forms.encoded import MOST_BYTES, TEXTS, Piece, encoded_in
from edgecheck.reading.forms.undone import undone
from edgecheck.reading.late import late
from edgecheck.reading.pem import Block, Scan, scan
from edgecheck.reading.pem_text import Damage, plain_text

_TEXT = "text-between-blocks"
_UNREADABLE = frozenset({"bad-base64", "truncated-base64", "missing-end"})
_FORMAL = frozenset(
    {
        *("blank-lines", "crlf", "cr-cr-lf", "header-lines", "indented-block", "joined-blocks"),
        *("joined-lines", "literal-newlines", "lone-cr", "mixed-line-ends"),
        *("text-between-blocks", "utf8-bom", "utf16"),
    }
)
"""What is said of a text as PEM, and not of one that is another form as a whole."""
_BASE64_OF_BEGIN = b"LS0tLS1CRUdJTi"
_KEY_LINE = late(rb"^[ \t>-]*[\"']?([\w.-]{1,64})[\"']?[ \t]*:", re.MULTILINE)


class Form(NamedTuple):
    """One form that was found, and where."""

    words: str
    first_line: int
    last_line: int


class Meant(NamedTuple):
    """A text as it was meant."""

    found: Scan
    forms: tuple[Form, ...] = ()
    unread: bool = False  # whether there is more text than was searched for them


def as_meant(data: bytes, found: Scan) -> Meant:
    """Return what `scan(data)` found, with what stands there in another form: never raises."""
    if found.blocks and not found.damages and not any(block.damages for block in found.blocks):
        return Meant(found)
    named = any(key in data for key in _BYTES_OF_CAS)
    within = _BASE64_OF_BEGIN in data or not _has_certificates(found)
    if not within and found.blocks and not found.transcript:
        found = _with_what_is_beside(data, found)
    if found.blocks and not (named or within or _lost(found)):
        return Meant(found)
    text = plain = plain_text(data)[0]
    if b"\0" in text and not found.blocks:
        return Meant(found)  # binary, in which no text means anything
    forms: list[Form] = []
    if _lost(found) or not found.blocks:
        found, text = _cleaned(text, found, forms)
    blocks = _with_keys(plain, found.blocks) if named else [(b, "") for b in found.blocks]
    if within:
        blocks = _with_pieces(text, plain, blocks, forms)
    ordered = _leaf_first(blocks)
    if not forms and ordered == found.blocks:
        return Meant(found)
    damages = found.damages
    if not found.blocks:  # then that is the form, and no fault of it
        damages = tuple(damage for damage in damages if damage.kind not in _FORMAL)
    unread = within and bool(forms) and len(text) > MOST_BYTES
    return Meant(found._replace(blocks=ordered, damages=damages), tuple(forms), unread)


_BESIDE = late(rb"[A-Za-z0-9+/]{60}|(?:[0-9A-Fa-f]{2}[ :,]?){44}")


def _with_what_is_beside(data: bytes, found: Scan) -> Scan:
    """Say what stands in the text between blocks as base64 or hex: readers of PEM pass over it.

    A key becomes a block, so that it is said; a certificate is none, since whoever reads the file
    does not see it either.
    """
    between = [damage for damage in found.damages if damage.kind == _TEXT]
    if not between:
        return found
    lines = plain_text(data)[0].split(b"\n")
    kept = {line for each in between for line in range(each.first_line, each.last_line + 1)}
    outside = b"\n".join(line if n in kept else b"" for n, line in enumerate(lines, 1))
    if _BESIDE.search(outside) is None:
        return found
    blocks, damages = list(found.blocks), list(found.damages)
    for piece in encoded_in(outside):
        made, line = _blocks(piece), piece.first_line
        if any(each.kind == "private-key" for block in made for each in block.damages):
            blocks += made
        elif any(block.label == "CERTIFICATE" for block in made):
            said = f"a certificate in {piece.form}"
            damages = [
                Damage(_TEXT, each.first_line, each.last_line, said)
                if each.kind == _TEXT and each.first_line <= line <= each.last_line
                else each
                for each in damages
            ]
    blocks.sort(key=lambda each: each.first_line)
    return found._replace(blocks=tuple(blocks), damages=tuple(damages))


def _lost(found: Scan) -> bool:
    """Whether something was meant as a certificate and could not be read."""
    if any(damage.kind == "broken-marker" for damage in found.damages):
        return True
    if any(_no_der(block) for block in found.blocks):  # what stood around base64 looks like it
        return True
    kinds = {damage.kind for block in found.blocks for damage in block.damages}
    return not _UNREADABLE.isdisjoint(kinds)


def _no_der(block: Block) -> bool:
    return block.label == "CERTIFICATE" and bool(block.body) and block.body[0] != der.SEQUENCE


def _cleaned(text: bytes, found: Scan, forms: list[Form]) -> tuple[Scan, bytes]:
    """The text without the forms of mails and web pages, where more can be read of it then."""
    clean, names = undone(text)
    if not names:
        return found, text
    better = scan(clean)
    if _sound(better) <= _sound(found):
        return found, clean
    blocks = tuple(
        block._replace(damages=tuple(d for d in block.damages if d.kind not in _FORMAL))
        for block in better.blocks
    )
    damages = tuple(damage for damage in better.damages if damage.kind not in _FORMAL)
    words = f"text with {' and '.join(names)}"
    forms.append(Form(words, blocks[0].first_line, blocks[-1].last_line))
    return better._replace(blocks=blocks, damages=damages), clean


def _sound(found: Scan) -> int:
    return sum(
        (
            bool(block.body)
            and not _no_der(block)
            and _UNREADABLE.isdisjoint(d.kind for d in block.damages)
        )
        or any(damage.kind == "private-key" for damage in block.damages)
        for block in found.blocks
    )


def _has_certificates(found: Scan) -> bool:
    return any(block.label.endswith("CERTIFICATE") for block in found.blocks)


def _with_keys(text: bytes, blocks: Iterable[Block]) -> list[tuple[Block, str]]:
    """Each block with the name of the value that it stands in, as in `tls.crt: |`."""
    names, line, at = [], 1, 0
    for key in _KEY_LINE.finditer(text):
        line += text.count(b"\n", at, key.start())
        at = key.start()
        names.append((line, key[1].decode("ascii", "replace")))
    found, name = [], ""
    left = names[::-1]
    for block in blocks:
        while left and left[-1][0] <= block.first_line:
            name = left.pop()[1]
        found.append((block, name))
    return found


def _with_pieces(
    text: bytes, plain: bytes, blocks: list[tuple[Block, str]], forms: list[Form]
) -> list[tuple[Block, str]]:
    """The blocks, and those that stand in the text as base64 or hex."""
    taken = [(block.first_line, block.last_line) for block, _ in blocks]
    pieces = [piece for piece in encoded_in(text, plain) if not _within(piece, taken)]
    if any(block.label.endswith("CERTIFICATE") for block, _ in blocks):
        pieces = [piece for piece in pieces if piece.form in TEXTS]
    blocks += [(block, "") for block in _keys(plain)]
    known: dict[str, Form] = {}
    for piece in pieces:
        blocks += [(block, piece.key) for block in _blocks(piece)]
        words = _words(piece, plain.lstrip()[:1])
        form = known.get(words) or Form(words, piece.first_line, piece.last_line)
        known[words] = form._replace(last_line=piece.last_line)
    forms += known.values()
    return sorted(blocks, key=lambda each: each[0].first_line)


def _keys(text: bytes) -> Iterator[Block]:
    """Private keys in forms that are none of certificates: of each form the first."""
    for form, sign, private in _KEYS:
        if sign.search(text) is not None and (found := private.search(text)) is not None:
            line = text.count(b"\n", 0, found.start()) + 1
            label = f"PRIVATE KEY in {form}"
            yield Block(label, line, line, b"", (Damage("private-key", line, line, label),))


# RFC 7518, section 6; RSAKeyValue as .NET writes it; PuTTY's documentation, appendix C.
_KEYS = (
    (
        "a JSON Web Key",
        late(rb"\"kty\"\s{0,8}:"),
        late(rb"\"(?:d|k)\"\s{0,8}:\s{0,8}\"[\w-]{40}"),
    ),
    ("XML", late(rb"<Modulus>"), late(rb"<D>\s{0,80}[A-Za-z0-9+/]{40}")),
    ("PuTTY's form", late(rb"PuTTY-User-Key-File-\d:"), late(rb"(?m)^Private-Lines: ")),
)


def _within(piece: Piece, lines: list[tuple[int, int]]) -> bool:
    return any(first <= piece.first_line <= last for first, last in lines)


def _words(piece: Piece, start: bytes) -> str:
    """What it is called; `start` is the first sign of the text that it stands in."""
    where = {b"<": " in XML", b"{": " in JSON", b"[": " in JSON"}.get(start, "")
    if piece.key and not where and piece.form in TEXTS:
        where = " in YAML"
    without = "" if piece.form in TEXTS else " without BEGIN and END lines"
    return f"{piece.form}{where or without}"


def _blocks(piece: Piece) -> list[Block]:
    """What a piece holds, as blocks in its lines."""
    lines = piece.first_line, piece.last_line
    if piece.form in TEXTS:
        found = scan(piece.data[: _end(piece.data)])
        return [_placed(block, piece) for block in found.blocks]
    kind, _ = other_object(piece.data)
    if kind == "private-key":
        label = f"PRIVATE KEY in {piece.form}"
        return [Block(label, *lines, b"", (Damage("private-key", *lines, label),))]
    kind = kind or store_of(piece.data)
    if kind in ("pkcs7", "pkcs12", *NAMES):
        return [Block(f"{kind.upper()} in {piece.form}", *lines, piece.data, ())]
    return [Block("CERTIFICATE", *lines, piece.data, ())]


def _end(text: bytes) -> int:
    """Where the last END line ends; behind it is what was no base64 of this text."""
    end = text.rfind(b"-----END ")
    dashes = text.find(b"-----", end + 9) if end >= 0 else -1
    return dashes + 5 if dashes >= 0 else len(text)


def _placed(block: Block, piece: Piece) -> Block:
    first, last = piece.first_line, piece.last_line
    damages = tuple(
        Damage(damage.kind, first, last, _where(damage, piece))
        for damage in block.damages
        if damage.kind not in _FORMAL
    )
    return block._replace(first_line=first, last_line=last, damages=damages)


def _where(damage: Damage, piece: Piece) -> str:
    if damage.kind == "private-key":
        return f"{damage.detail} in {piece.form}"
    return damage.detail


_OWN = ("tls.crt", "client-certificate-data")
_OF_CAS = ("ca.crt", "certificate-authority-data")
_BYTES_OF_CAS = tuple(key.encode() for key in _OF_CAS)


def _leaf_first(blocks: list[tuple[Block, str]]) -> tuple[Block, ...]:
    """What is `ca.crt` behind what is `tls.crt`: in a Secret names have no order of their own.

    A CA that is in both is not sent twice, so it counts once. The names are those of Secrets
    (https://kubernetes.io/docs/concepts/configuration/secret/#tls-secrets) and of kubeconfig files.
    """
    if any(key in _OWN for _, key in blocks):
        own = {block.body for block, key in blocks if key not in _OF_CAS}
        kept = [each for each in blocks if each[1] not in _OF_CAS or each[0].body not in own]
        blocks = sorted(kept, key=lambda each: each[1] in _OF_CAS)
    return tuple(block for block, _ in blocks)
