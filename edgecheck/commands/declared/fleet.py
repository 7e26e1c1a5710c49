"""`edgecheck fleet`: many gateways."""

from typing import Any

import click

from edgecheck.commands.declared.shared import command, fail_on, how_it_is_judged, selected
from edgecheck.commands.examples import judging
from edgecheck.commands.options_device import when_it_ends
from edgecheck.commands.options_known import the_crls, the_moment, the_password, the_trust
from edgecheck.commands.options_output import the_look, together

_of_a_fleet = together(
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


@command(epilog=judging("fleet"))
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@_of_a_fleet
@when_it_ends
@how_it_is_judged
@the_look
def fleet(inputs: tuple[str, ...], **said: Any) -> int:
    """Judge many gateways, and tell what they have in common.

    INPUT is Parquet or JSON lines with a gateway a row (columns id and chain, and what is
    known besides, such as hostname: docs/fleet.md), or files with a chain each: a folder, a
    pattern such as 'chains/*.pem', or FILEs; `-` reads JSON lines. All cores work; a run that
    was stopped goes on where it was when the same is asked for again.
    """
    from edgecheck.commands.fleet import judged

    return judged(inputs, said | {"clients": selected(said["client"]), "fail_on": fail_on(said)})
