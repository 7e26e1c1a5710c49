"""How drawings look: one style sheet for pages, whose variables it uses, and for files."""

import re

from edgecheck.reporting.palette import DARK, LIGHT

FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'
MONO = "ui-monospace, SFMono-Regular, Menlo, Consolas, monospace"
_SIZES = f"""
.drawing text {{ font-family: {FONT}; font-size: 13px; }}
.drawing .d-strong {{ font-weight: 600; }}
.drawing .d-small {{ font-size: 12px; }}
.drawing .d-head {{ font-size: 20px; font-weight: 600; }}
.drawing .d-rule {{ font-family: {MONO}; font-size: 12px; }}
.drawing .d-line {{ fill: none; stroke-width: 1.5; stroke-linejoin: round; }}
.drawing .d-on {{ stroke-width: 2.25; }}
.drawing .d-double {{ stroke-width: 5; }}
.drawing .d-inner {{ stroke-width: 2; }}
.drawing .d-missing, .drawing .d-may, .drawing .d-synthetic {{ stroke-dasharray: 5 4; }}
.drawing .d-now {{ stroke-width: 2; }}
"""
_COLOURS = """
.drawing text { fill: var(--ink); }
.drawing .d-ground { fill: var(--surface); }
.drawing .d-box { fill: var(--surface); stroke: var(--quiet); }
.drawing .d-off { fill: var(--sunken); stroke: var(--line); }
.drawing .d-missing { fill: none; stroke: var(--quiet); }
.drawing .d-box-error { fill: var(--error-soft); stroke: var(--error); }
.drawing .d-box-warning { fill: var(--warning-soft); stroke: var(--warning); }
.drawing .d-line { stroke: var(--quiet); fill: none; }
.drawing .d-head-of { fill: var(--quiet); }
.drawing .d-inner { stroke: var(--surface); }
.drawing .d-back { stroke: var(--warning); }
.drawing .d-bad { stroke: var(--error); }
.drawing .d-head-of.d-bad { fill: var(--error); stroke: none; }
.drawing .d-now { stroke: var(--ink); fill: none; }
.drawing .d-tick { stroke: var(--line); }
.drawing .d-track { fill: var(--sunken); }
.drawing .d-bar { fill: var(--good); }
.drawing .d-bar-warning { fill: var(--warning); }
.drawing .d-bar-error { fill: var(--error); }
.drawing text.d-quiet { fill: var(--quiet); }
.drawing text.d-error { fill: var(--error); }
.drawing text.d-warning { fill: var(--warning); }
.drawing text.d-info { fill: var(--info); }
.drawing text.d-good { fill: var(--good); }
"""
IN_PAGES = _SIZES + _COLOURS
"""For a page that declares the variables."""
_VARIABLE = re.compile(r"var\(--([a-z-]+)\)")


def in_files() -> str:
    """Return the style sheet of a file: colours in the place of variables; dark where asked for."""
    light = _VARIABLE.sub(lambda found: LIGHT[found[1]], _COLOURS)
    dark = _VARIABLE.sub(lambda found: DARK[found[1]], _COLOURS)
    return f"{_SIZES}{light}@media screen and (prefers-color-scheme: dark) {{{dark}}}\n"
