"""Options about what is printed: where it goes, in which form, and what may be in it."""

from collections.abc import Callable
from typing import Any

import click


def together(*options: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Several options as one decorator, in the order in which --help lists them."""

    def decorate(command: Any) -> Any:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


the_output = together(
    click.option("-o", "--output", metavar="FILE", help="Write the report to a file."),
    click.option("-q", "--quiet", is_flag=True, help="No report; the exit status tells."),
    click.option("-v", "--verbose", is_flag=True, help="Notes too, and what is undecided."),
)
the_format = click.option(
    "--format", type=click.Choice(["text", "json"]), default="text", show_default=True
)
the_form = click.option(
    "--format",
    type=click.Choice(["text", "json", "html", "svg", "markdown"]),
    default="text",
    show_default=True,
    help="html: a page that needs nothing else; svg: a drawing; markdown: for a ticket.",
)
"""Of a report; `the_format` is that of lists."""
that_can_be_posted = click.option(
    "--redact",
    is_flag=True,
    help="A report that can be posted: pseudonyms for names, serial numbers and digests.",
)
the_look = together(
    click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto"),
    click.option("--ascii", is_flag=True, help="No signs beyond ASCII."),
)
