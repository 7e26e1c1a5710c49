"""The document between a report and its renderers: what is said, and nothing of how it looks.

`build.document()` makes it; text, Markdown, HTML and drawings lay it out, so that they always say
the same. A renderer knows no rule, no certificate, and no client: only these blocks.
"""
