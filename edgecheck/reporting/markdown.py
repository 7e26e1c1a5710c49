"""A document as Markdown, for a ticket or a wiki: the same blocks, every foreign text escaped.

What a certificate says can be no link, no mention, no heading and no HTML: each sign that GitHub or
CommonMark would take for more than itself is escaped, or written as a character reference.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from edgecheck.reading.text import visible
from edgecheck.reporting.document.blocks import (
    OTHER_REASONS,
    Act,
    Document,
    Finding,
    Group,
    Listed,
    Mark,
    Matrix,
    Note,
    Row,
    Tree,
)

_SIGNS = re.compile(
    r"[\\`*_{}\[\]<>|~^$&@]"  # wherever they stand
    r"|#(?=\w)|:(?=//)|(?<=\bwww)\.(?=.)"  # in front of a number, in an address
    r"|^[-+=#]|(?<=^\d)[.)]",  # at the start of a line
    re.IGNORECASE,
)
_REFERENCES = {"&": "&amp;", "@": "&#64;", ":": "&#58;", "<": "&lt;", "#": "&#35;", ".": "&#46;"}
"""What would still be a mention, an address or an issue behind a backslash."""
_CODE = re.compile(r"`([^`\n]+)`")
_VERDICTS = {"reject": "refuse", "accept": "connect", "unknown": "not known"}
_VERBATIM = "    "


def markdown(block: Document) -> str:
    """Return the document as Markdown; the last line ends with a line end."""
    lines = [f"# edgecheck: {block.verdict.text}", ""]
    lines += [escaped(" · ".join([" + ".join(block.sources), *block.context])), ""]
    lines += _first_screen(block)
    lines += ["## Chain", "", *_tree(block.tree)]
    if block.findings:
        lines += ["## Findings", ""]
        for finding in block.findings:
            lines += _finding(finding)
    if block.matrix is not None:
        lines += ["## Clients", "", *_matrix(block.matrix)]
    if block.acts:
        lines += ["## What to do", ""]
        for act in block.acts:
            lines += _act(act)
    for table in block.tables:
        lines += [f"## {table.heading}", "", *_table(table.heads, table.rows), ""]
    lines += [escaped(" · ".join(block.counts)), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


Several = Sequence[tuple[str, Document | str, Sequence[tuple[str, Sequence[str]]]]]
"""A name, its document or why there is none, and what is told beside it as it was printed."""


def several(parts: Several) -> str:
    """Return documents one below the other; the last line ends with a line end."""
    texts = []
    for name, block, beside in parts:
        if isinstance(block, str):
            texts.append(f"# edgecheck: {escaped(name)}\n\n{escaped(block)}\n")
            continue
        lines: list[str] = []
        for heading, printed in beside:
            lines += ["", f"## {escaped(heading)}", "", *fenced(printed)]
        texts.append(markdown(block) + "\n".join(lines) + ("\n" if lines else ""))
    return "\n---\n\n".join(texts)


def escaped(text: str) -> str:
    """Return text that Markdown shows as it is, in one line."""
    return _escaped(_shown(" ".join(text.split())))


def _shown(text: str) -> str:
    """The same with control characters written out: a file's name may have them."""
    shown: str = visible(text)
    return shown


def _escaped(text: str) -> str:
    """The same of a piece of a line, whose spaces at its ends stay."""
    return _SIGNS.sub(lambda sign: _REFERENCES.get(sign[0], "\\" + sign[0]), text)


def code(text: str) -> str:
    """Return text as code in a line, whatever signs are in it."""
    text = _shown(" ".join(text.split()))
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    room = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{room}{text}{room}{fence}"


def fenced(lines: Sequence[str]) -> list[str]:
    """Return lines as they are, in a fence that none of them closes."""
    lines = [_shown(line) for line in lines]
    longest = max((len(run) for line in lines for run in re.findall("`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    return [fence + "text", *lines, fence]


def _first_screen(block: Document) -> list[str]:
    if block.summary is None:
        remarks = " · ".join([block.told or block.verdict.text, *block.remarks])
        return [f"**{escaped(remarks)}**", ""]
    worst = block.summary.finding
    lines = [f"**{worst.severity}:** {escaped(worst.message)}", ""]
    if block.summary.first:
        lines += [f"**Do first:** {escaped(block.summary.first)}", ""]
    if block.summary.refuses:
        lines += [f"**Refused by:** {escaped(block.summary.refuses)}", ""]
    return lines


def _tree(tree: Tree) -> list[str]:
    heads = ("role", "subject", "issued by", "CA", "expires", "wrong")
    lines = [escaped(tree.none), ""] if tree.none else []
    lines += [escaped(tree.ended), ""] if tree.ended else []
    if tree.rows:
        lines += [*_table(heads, (_row(row) for row in tree.rows), escape=False), ""]
    for each in tree.below:
        lines += [escaped(each.words.text), ""] if isinstance(each, Note) else _listed(each)
    return lines


_SIGNED = {
    "valid": "",
    "bad": " (the signature is BAD)",
    "unchecked": " (the signature was not checked)",
    "later": ", later",
    "": "",
}


def _row(row: Row) -> tuple[str, ...]:
    length = "" if row.path_length is None else f", pathLen {row.path_length}"
    return (
        escaped(row.role + row.suffix),
        escaped(row.subject),
        escaped((row.signed_by or "not checked") + _SIGNED[row.signature]),
        escaped(row.authority + length),
        escaped(f"{row.expires} {row.left}".rstrip()),
        _marked(row.mark),
    )


def _marked(mark: Mark) -> str:
    return ", ".join(f"{broken.severity} `{broken.rule}`" for broken in mark)


def _listed(block: Listed) -> list[str]:
    lines = [escaped(block.label), ""]
    for entry in block.entries:
        wrong = f": {_marked(entry.mark)}" if entry.mark else ""
        lines.append(f"- {escaped(entry.subject)}, {escaped(entry.place)}{wrong}")
    if block.more:
        lines.append(f"- and {block.more} more")
    return [*lines, ""]


def _finding(finding: Finding) -> list[str]:
    lines = [f"### {finding.severity} `{finding.rule}`", "", escaped(finding.message), ""]
    for place in finding.places:
        about = f': {place.role} "{place.subject}"' if place.sha256 else ""
        digest = "synthetic" if place.synthetic else f"sha256 {place.sha256}"
        lines.append(f"- {escaped(place.where + about)}" + (f", {digest}" if about else ""))
    values = [(value.name, value.whole) for value in finding.values if value.short]
    values += [("refused by", finding.fails)] if finding.fails else []
    lines += [f"- {escaped(name)}: {escaped(value)}" for name, value in values]
    lines += ["", f"**Why:** {_inline(finding.why)}", ""]
    lines += ["**What to do:**", "", *_prose(finding.help), ""]
    lines += [f"**Seen:** {_inline(finding.seen)}", ""] if finding.seen else []
    if finding.follows:
        lines += ["What follows from it:", ""]
        lines += [f"- `{each.rule}`: {escaped(each.message)}" for each in finding.follows]
        lines += [""]
    return lines


def _inline(text: str) -> str:
    """Prose of ours: what it marks as code stays code, all else is escaped."""
    pieces = _CODE.split(" ".join(text.split()))
    return "".join(code(piece) if at % 2 else _escaped(piece) for at, piece in enumerate(pieces))


def _prose(text: str) -> Iterator[str]:
    """Paragraphs, and what is indented as it is."""
    kept: list[str] = []
    words: list[str] = []

    def done() -> Iterator[str]:
        if words:
            yield from (_inline(" ".join(words)), "")
            words.clear()
        if kept:
            yield from (*fenced(kept), "")
            kept.clear()

    for line in text.splitlines():
        verbatim = line.startswith(_VERBATIM)
        if not line.strip() or (verbatim and words) or (kept and not verbatim):
            yield from done()
        if line.strip():
            (kept if verbatim else words).append(line[len(_VERBATIM) :] if verbatim else line)
    yield from done()


def _matrix(matrix: Matrix) -> list[str]:
    if matrix.none:
        return [escaped(matrix.none), ""]
    return [*(f"- {_group(group)}" for group in matrix.groups), ""]


def _group(group: Group) -> str:
    told = f"**{_VERDICTS[group.verdict]}:** {escaped(', '.join(group.names))}"
    if group.verdict == "unknown":
        return f"{told}: {escaped(group.because)}"
    if group.because == OTHER_REASONS:
        return f"{told}, for {OTHER_REASONS}"
    because = f", because of `{group.because}`" if group.because else ""
    texts = ", ".join(code(text) for text in group.texts)
    return told + because + (f"; seen as {texts}" if texts else "")


def _act(act: Act) -> list[str]:
    rules = ", ".join(f"`{rule}`" for rule in act.rules)
    lines = [f"- [ ] {escaped(act.words)}: closes {escaped(act.closes)} ({rules})", ""]
    if act.lines:
        lines += [*fenced(act.lines), ""]
    for sentence in act.instructions:
        lines += _prose(sentence)
    return [lines[0], *(f"  {line}".rstrip() for line in lines[1:])]


def _table(
    heads: Sequence[str], rows: Iterable[Sequence[str]], escape: bool = True
) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"| {' | '.join('---' for _ in heads)} |"
    for row in rows:
        yield f"| {' | '.join(escaped(cell) if escape else cell for cell in row)} |"
