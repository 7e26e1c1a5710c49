"""`edgecheck fleet` on the command line: its options, and what carries it out."""

from collections.abc import Callable, Mapping
from typing import Any

import click

from edgecheck.commands.examples import judging
from edgecheck.commands.options_known import the_crls, the_moment, the_password, the_trust
from edgecheck.docstrings import docstring

_OF_A_FLEET = (
    click.option("-o", "--output", metavar="FILE", help="Parquet: one row a gateway."),
    click.option("--findings", metavar="FILE", help="Parquet too: one row a finding."),
    the_trust,
    the_password,
    the_crls,
    the_moment,
    click.option("--runtime", metavar="VERSION", help="Of gateways that do not say theirs."),
    click.option("--predictions", is_flag=True, help="Tell which clients of tier 1 refuse."),
    click.option(
        "--workers",
        metavar="N",
        type=click.IntRange(1, 1024),
        help="Processes; default: all cores.",
    ),
    click.option("--restart", is_flag=True, help="Throw an unfinished run away."),
    click.option(
        "--format",
        type=click.Choice(["text", "json", "html"]),
        default="text",
        show_default=True,
        help="Of the summary.",
    ),
    click.option("--summary", metavar="FILE", help="Write the summary to a file."),
    click.option("-q", "--quiet", is_flag=True, help="No summary; the exit status tells."),
)


def add_fleet(
    group: click.Group,
    shared: tuple[Callable[[Any], Any], ...],
    known: Callable[[Mapping[str, Any]], Mapping[str, Any]],
) -> None:
    """Add the command to the others.

    Args:
        group: the others.
        shared: decorators of options that commands which judge have in common.
        known: works out `clients` and `fail_on` of the options by name.
    """

    def fleet(inputs: tuple[str, ...], **said: Any) -> int:
        """Judge many gateways, and tell what they have in common.

        INPUT is Parquet or JSON lines with a gateway a row (columns id and chain, and what is
        known besides, such as hostname: docs/fleet.md), or files with a chain each: a folder, a
        pattern such as 'chains/*.pem', or FILEs; `-` reads JSON lines. All cores work; a run that
        was stopped goes on where it was when the same is asked for again.
        """
        from edgecheck.commands.fleet import judged

        return judged(inputs, {**said, **known(said)})

    command: Any = fleet
    for option in reversed((*_OF_A_FLEET, *shared)):
        command = option(command)
    command = click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")(command)
    group.command(help=docstring(fleet), epilog=judging("fleet"))(command)
