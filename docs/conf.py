"""How the site is built from these pages: `make site`, which writes build/site."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from edgecheck import __version__  # noqa: E402

project = "edgecheck"
author = "the edgecheck authors"
copyright = f"2026, {author}"  # noqa: A001  # the name that Sphinx has for it
release = version = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
# README.md is the list of pages for those who read them in the repository; the site has index.md.
exclude_patterns = ["README.md"]
root_doc = "index"

html_theme = "furo"
html_title = f"edgecheck {__version__}"
html_copy_source = False
html_show_sphinx = False

# As GitHub makes them, so that one link works in both.
myst_heading_anchors = 4
myst_enable_extensions = ["colon_fence"]
# "Nobody's words", not curly quotes: what is copied from a page must work in a shell.
smartquotes = False

suppress_warnings = ["toc.not_included"]
nitpicky = True
nitpick_ignore_regex = [
    # What other packages document, and what stands for itself in an annotation.
    ("py:.*", r"(cryptography|collections|datetime|typing|enum|types)\..*"),
]

autodoc_default_options = {"members": True, "member-order": "bysource"}
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented_params"
napoleon_numpy_docstring = False
napoleon_use_ivar = True
