"""What a fleet's gateways have in common, as one page of HTML that loads nothing."""

import base64
import hashlib
from collections.abc import Iterable, Sequence
from html import escape

from edgecheck.fleet.overview import Overview
from edgecheck.fleet.words import ending, headline, title, verdicts
from edgecheck.reading.text import safe

MOST = 200
"""Rows of a table; JSON has all."""
_CSS = """
:root { color-scheme: light dark; --ink: #1a212d; --page: #fff; --line: #d8dde5; --quiet: #566072;
  --bar: #1d5bb8; --error: #ad2219; --warning: #7d4b00; }
@media (prefers-color-scheme: dark) { :root { --ink: #e7eaf0; --page: #0f1318; --line: #323b48;
  --quiet: #a3adbd; --bar: #8cb6fa; --error: #ff9186; --warning: #f1b968; } }
body { font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--page);
  max-width: 70rem; margin: 0 auto; padding: 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--line);
  vertical-align: top; overflow-wrap: anywhere; }
th { white-space: nowrap; overflow-wrap: normal; }
td p { margin: 0 0 .3rem; min-width: 10rem; } code { color: var(--quiet); }
.wide { overflow-x: auto; }
.number { text-align: right; font-variant-numeric: tabular-nums; overflow-wrap: normal; }
.error { color: var(--error); } .warning { color: var(--warning); }
.quiet { color: var(--quiet); }
svg { width: 100%; min-width: 44rem; height: auto; } svg rect { fill: var(--bar); }
svg text { fill: var(--ink); font: 12px system-ui, sans-serif; }
"""
_HEIGHT, _WIDE, _BELOW, _ABOVE, _BESIDE = 180, 36, 70, 20, 14


def as_page(seen: Overview) -> str:
    """Return the page. All text out of certificates and tables is escaped; it has no script."""
    digest = base64.b64encode(hashlib.sha256(_CSS.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    parts = [
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{_text(headline(seen))}</title>\n<style>{_CSS}</style>\n</head>\n<body>",
        f"<h1>{_text(headline(seen))}</h1>",
        f"<p>{_text(verdicts(seen))}</p>",
        f'<p class="quiet">Judged at {_text(seen.at.strftime("%Y-%m-%d %H:%M:%SZ"))}.</p>',
        "<h2>Faults, by what they have in common</h2>",
        _faults(seen),
        "<h2>Certificates that gateways share, by when they end</h2>",
        _shared(seen),
        "<h2>When the first CA certificate of a gateway ends</h2>",
        _wide(_drawing(seen), "Drawing: gateways by month"),
    ]
    if seen.asked:
        rows = [(f"{number:,}", _text(name)) for name, number in seen.refusing.most_common()]
        parts += [
            "<h2>Clients of tier 1 that will refuse</h2>",
            _table(("Gateways", "Client"), rows, "None is predicted to."),
            f"<p>Gateways of which that is not known of all clients: {seen.unpredicted:,}.</p>",
        ]
    return "\n".join([*parts, "</body>\n</html>\n"])


def _shared(seen: Overview) -> str:
    rows = [
        (
            f"{each.gateways:,}",
            _text(each.role),
            _text(each.subject or "(an unreadable subject)"),
            _text(ending(each, seen)),
            f"{each.failed:,}",
            _text(each.sha256[:16]),
        )
        for each in seen.ending_first()
    ]
    names = ("Gateways", "Role", "Subject", "End", "Not ok", "SHA-256")
    return _table(names, rows, "No certificate is shared.")


def _faults(seen: Overview) -> str:
    rows = []
    for fault in seen.by_number():
        word = "error" if fault.failed else "warning"
        rows.append(
            (
                f"{fault.gateways:,}",
                f'<span class="{word}">{word}</span>',
                "".join(map(_rule, fault.rules)),
                ", ".join(map(_text, fault.examples)),
            )
        )
    return _table(("Gateways", "Severity", "Rules", "Such as"), rows, "Nothing was found.")


def _rule(rule: str) -> str:
    """A rule, by what it is about and by its id."""
    told, shown = title(rule), f"<code>{_text(rule)}</code>"
    return f"<p>{_text(told)}<br>{shown}</p>" if told else f"<p>{shown}</p>"


def _table(names: Sequence[str], rows: Sequence[Sequence[str]], empty: str) -> str:
    """A table of cells that are HTML already."""
    if not rows:
        return f"<p>{empty}</p>"
    head = "".join(f'<th scope="col">{name}</th>' for name in names)
    body = "\n".join(f"<tr>{''.join(_cells(row))}</tr>" for row in rows[:MOST])
    left = len(rows) - MOST
    more = f'\n<p class="quiet">And {left:,} more: --format json has all.</p>' if left > 0 else ""
    table = f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>"
    return _wide(table, f"Table: {', '.join(names)}") + more


def _wide(made: str, label: str) -> str:
    """What may be wider than the screen, and is moved by itself then, by keys too."""
    return f'<div class="wide" role="region" tabindex="0" aria-label="{label}">{made}</div>'


def _cells(row: Iterable[str]) -> Iterable[str]:
    for cell in row:
        kind = ' class="number"' if cell.replace(",", "").isdigit() else ""
        yield f"<td{kind}>{cell}</td>"


def _drawing(seen: Overview) -> str:
    """The histogram: a bar for each month, and all numbers as text beside it."""
    bars = [*seen.histogram(), *([("unknown", seen.endless)] if seen.endless else [])]
    highest = max(number for _, number in bars) or 1
    wide, high = _WIDE * len(bars), _ABOVE + _HEIGHT + _BELOW
    parts = []
    for place, (name, number) in enumerate(bars):
        tall = -(-number * _HEIGHT // highest)
        left, top = place * _WIDE, _ABOVE + _HEIGHT - tall
        middle, foot = left + _WIDE // 2, _ABOVE + _HEIGHT + 8
        parts.append(
            f'<g><title>{name}: {number:,}</title><rect x="{left + 4}" y="{top}" '
            f'width="{_WIDE - 8}" height="{tall}"/>'
            f'<text x="{middle}" y="{foot}" text-anchor="end" dominant-baseline="middle" '
            f'transform="rotate(-60 {middle} {foot})">{name}</text>'
            + (
                f'<text x="{middle}" y="{top - 4}" text-anchor="middle">{_short(number)}</text></g>'
                if number
                else "</g>"
            )
        )
    told = ", ".join(f"{name}: {number:,}" for name, number in bars if number) or "none"
    return (
        f'<svg viewBox="-{_BESIDE} 0 {wide + _BESIDE} {high}" role="img" '
        f'aria-label="Gateways by month: {told}">'
        f"{''.join(parts)}</svg>"
    )


def _short(number: int) -> str:
    """A number that fits above a bar."""
    if number < 10_000:
        return str(number)
    return f"{number // 1000}k" if number < 10_000_000 else f"{number // 1_000_000}M"


def _text(text: str) -> str:
    """Text that anybody may have written, for a page."""
    return escape(safe(text, 300))
