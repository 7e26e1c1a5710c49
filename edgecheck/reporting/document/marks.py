"""Words with a tone, and marks: what other blocks are made of."""

from typing import NamedTuple

Tone = str
"""The name of a colour that a renderer may use: see `blocks`."""


class Words(NamedTuple):
    """A few words, and the tone that they deserve."""

    text: str
    tone: Tone = ""


class Broken(NamedTuple):
    """A rule that something breaks, and how bad that is ("error", "warning")."""

    rule: str
    severity: str


Mark = tuple[Broken, ...]
"""Rules that a certificate breaks, the worst first; empty for none."""
