"""What a command prints, and what becomes of it where it cannot be written."""

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, TextIO

import click

if TYPE_CHECKING:
    from edgecheck.reporting.style import Style

WIDTH = 100
"""Columns where the text goes to no terminal."""


def write_out(text: str) -> None:
    """To standard output; a reader who has gone (`| head`) is no reason to complain.

    Raises:
        click.ClickException: it cannot be written; the text says why.
    """
    from edgecheck.adapters.reasons import writing

    if sys.stdout is None:
        raise click.ClickException("cannot write the report: standard output is closed; open it")
    try:
        click.echo(text, nl=False, color=True)  # colours are in it only where they are wanted
    except OSError as wrong:
        abandon(sys.stdout)
        if not isinstance(wrong, BrokenPipeError):
            raise click.ClickException(f"cannot write the report: {writing(wrong)}") from None


def abandon(stream: TextIO | None) -> None:
    """Let go of a stream: what is in its buffer would be tried again when Python exits."""
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())  # type: ignore[union-attr]


def complain(text: str) -> None:
    """One line on standard error; where that cannot be written either, the exit status tells."""
    from edgecheck.reading.secrets import one_line

    try:
        click.echo(f"edgecheck: {one_line(text, 1000)}", err=True)
    except OSError:
        abandon(sys.stderr)


def is_terminal() -> bool:
    """Whether somebody reads standard output as it comes."""
    return sys.stdout is not None and sys.stdout.isatty()


def style_for(color: str, ascii: bool, output: str | None = None) -> "Style":
    """What the place that the text goes to can show; NO_COLOR and FORCE_COLOR are honoured."""
    from edgecheck.reporting.style import Style

    environment = os.environ.get
    colored = color == "always"
    if color == "auto" and output is None and not environment("NO_COLOR"):
        forced = environment("FORCE_COLOR", "0") not in ("", "0")
        colored = forced or (is_terminal() and environment("TERM") != "dumb")
    encoding = getattr(sys.stdout, "encoding", None) or "ascii"
    able = output is not None or encoding.lower().replace("-", "").startswith("utf")
    width = WIDTH if output is not None else _columns()
    return Style(colored, able and not ascii, width)


def _columns() -> int:
    """Of the terminal, or as COLUMNS says.

    It is what `shutil.get_terminal_size` finds out, for which three compressors are imported.
    """
    with suppress(ValueError):
        if (said := int(os.environ.get("COLUMNS", "0"))) > 0:
            return said
    with suppress(AttributeError, ValueError, OSError):
        return os.get_terminal_size(sys.__stdout__.fileno()).columns or WIDTH  # type: ignore[union-attr]
    return WIDTH
