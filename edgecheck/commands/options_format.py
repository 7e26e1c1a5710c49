"""Options of what is printed: its form, and how it looks."""

from collections.abc import Callable
from typing import Any

import click

of_lists = click.option(
    "--format", type=click.Choice(["text", "json"]), default="text", show_default=True
)
"""For a command that lists or explains."""
of_reports = click.option(
    "--format",
    type=click.Choice(["text", "json", "html", "svg"]),
    default="text",
    show_default=True,
    help="html: a page that needs nothing else; svg: a drawing. Name a file with -o.",
)
"""For a command that judges."""


def look(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of colours and signs."""
    command = click.option("--ascii", is_flag=True, help="No signs beyond ASCII.")(command)
    choice = click.Choice(["auto", "always", "never"])
    return click.option("--color", type=choice, default="auto")(command)
