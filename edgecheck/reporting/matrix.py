"""What single clients will do, in a few lines for all of them, or in full for some."""

from collections.abc import Collection, Iterable

from edgecheck.reporting.document.blocks import OTHER_REASONS, Client, Group, Matrix
from edgecheck.reporting.style import Style, wrapped

HEAD = "Clients:"
HANGING = " " * 12
LONGEST_TEXT = 120
"""Columns of a text that clients print; the others are shorter, or --client tells all."""
_OF_ALL = {
    "reject": ("refuse", "error"),
    "accept": ("connect", "good"),
    "unknown": ("not known", "warning"),
}
_OF_ONE = {**_OF_ALL, "reject": ("refuses", "error"), "accept": ("connects", "good")}


def matrix(block: Matrix, style: Style) -> list[str]:
    """Return who refuses the chain and why, and who connects."""
    lines = ["", style.paint(HEAD, "bold")]
    if block.none:
        return [
            *lines,
            *wrapped(style.said(block.none, 400).split(" "), style.prose, "  ", "  "),
        ]
    for group in block.groups:
        word, colour = _OF_ALL[group.verdict]
        lines += _row(word, group.names, style, colour)
        lines += _why(group, style)
    return lines


def asked(block: Matrix, clients: Collection[str], style: Style) -> list[str]:
    """Return everything about the clients that were asked for."""
    lines = ["", style.paint(HEAD, "bold")]
    shown = [client for client in block.clients if client.id in clients]
    if not shown:
        return [
            *lines,
            *wrapped(style.said(block.none, 400).split(" "), style.prose, "  ", "  "),
        ]
    for client in shown:
        word, colour = _OF_ONE[client.verdict]
        lines += _row(word, [f"{client.name} ({client.id})"], style, colour)
        lines += _in_full(client, style)
    return lines


def _in_full(client: Client, style: Style) -> Iterable[str]:
    told = {
        "says:": client.says if client.verdict == "reject" else "",
        "why:": client.says if client.verdict == "unknown" else "",
        "because:": ", ".join(client.because),
        "version:": f"{client.version}; tier {client.tier}; {client.basis}",
    }
    for name, text in told.items():
        if text:
            start = f"{HANGING}{name:<9} "
            pieces = style.said(text, 2100).split(" ")
            yield from wrapped(pieces, style.prose, start, " " * len(start))


def _sentence(text: str, indent: str, style: Style) -> list[str]:
    return wrapped(style.said(text, 400).split(" "), style.prose, indent, indent)


def _row(word: str, names: Iterable[str], style: Style, colour: str) -> list[str]:
    start = f"  {word:<9} "
    lines: list[str] = []
    for row in wrapped([style.own(name) for name in names], style.prose, start, HANGING, ", "):
        head = start if not lines else HANGING  # a name that is longer than a line is taken apart
        lines += wrapped(row[len(head) :].split(" "), style.prose, head, HANGING)
    lines[0] = "  " + style.paint(f"{word:<9}", colour) + lines[0][len(start) - 1 :]
    return lines


def _why(group: Group, style: Style) -> list[str]:
    """The rule and texts that clients print; or why nothing is known."""
    if group.verdict == "accept":
        return []
    if group.verdict == "unknown":
        return _sentence(group.because, HANGING, style)
    if group.because == OTHER_REASONS:
        return [f"{HANGING}for {OTHER_REASONS}"]
    words = f"because of {group.because};" if group.because else "no rule that was run tells why;"
    said = [style.said(text, 400) for text in group.texts]
    pieces = [*words.split(" "), "seen", "as"] if said else words.rstrip(";").split(" ")
    for at, text in enumerate(said):
        cut = f'"{style.shortened(text, LONGEST_TEXT)}"' + ("," if at + 1 < len(said) else "")
        pieces += cut.split(" ")
    return wrapped(pieces, style.prose, HANGING, HANGING)
