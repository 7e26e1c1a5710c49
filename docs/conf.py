"""How the site is built from these pages: `make site`, which writes build/site."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from sphinx.application import Sphinx

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from edgecheck import __version__  # noqa: E402

project = "edgecheck"
author = "the edgecheck authors"
copyright = f"2026, {author}"
release = version = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
# README.md is the list of pages for those who read them in the repository; the site has index.md.
exclude_patterns = ["README.md"]
root_doc = "index"

html_theme = "furo"
html_title = f"edgecheck {__version__}"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sphinx = False

# As GitHub makes them, so that one link works in both.
myst_heading_anchors = 4
myst_enable_extensions = ["colon_fence"]
# "Nobody's words", not curly quotes: what is copied from a page must work in a shell.
smartquotes = False

# A page for each rule and symptom is no entry of the navigation, which each page repeats: their
# indexes lead there. A test says which other page is in none.
suppress_warnings = ["toc.not_included"]
nitpicky = True
nitpick_ignore_regex = [
    # What other packages document.
    ("py:.*", r"(cryptography|collections|datetime|typing|enum|ipaddress|types)\..*"),
    # What a rule is made of, which is for those who write one, and what only the engine looks at.
    ("py:.*", r"edgecheck\.(rules\.engine\.(rule|ruleset|conditions)|behaviour)\..*"),
    ("py:.*", r"edgecheck\.(hierarchy\.rfc5280|reading\.(crl|trusted))\..*"),
    ("py:class", "Crl"),  # which is only imported for type checkers
    ("py:exc", "UnknownRule"),
]

autodoc_default_options = {"members": True, "member-order": "bysource"}
autodoc_preserve_defaults = True
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented_params"
napoleon_numpy_docstring = False
napoleon_use_ivar = True
napoleon_attr_annotations = True
# Docstrings are written for people in an editor: `x` is code.
default_role = "code"

_ONE_LINE = ("attribute", "property", "data")
_kept: dict[str, list[str]] = {}


def _set_aside(
    app: object, what: str, name: str, obj: object, options: object, lines: list[str]
) -> None:
    """Keep what is said of an attribute from napoleon, for which words before a colon are types."""
    if what in _ONE_LINE:
        _kept[name], lines[:] = list(lines), []


def _put_back(
    app: object, what: str, name: str, obj: object, options: object, lines: list[str]
) -> None:
    if what in _ONE_LINE and name in _kept:
        kept = _kept.pop(name)
        # What Python says of each field of a tuple that has names.
        lines[:] = [line for line in kept if not line.startswith("Alias for field number")]
    for at, line in enumerate(lines):
        if line.startswith(":vartype "):  # as short as in signatures
            lines[at] = re.sub(r"\b(?:edgecheck|collections|datetime)\.[\w.]+", r"~\g<0>", line)


def _without_private(
    app: object, what: str, name: str, obj: object, options: object, signature: str | None, to: str
) -> tuple[str | None, str]:
    """Leave out of a signature what nobody but the package itself gives."""
    return re.sub(r", _\w+=(?:<\w+>|[^,<>()]+)", "", signature or "") or signature, to


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("autodoc-process-docstring", _set_aside, priority=400)
    app.connect("autodoc-process-docstring", _put_back, priority=600)
    app.connect("autodoc-process-signature", _without_private)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
