"""`edgecheck explain`: a rule, or a text."""

import click

from edgecheck.commands.completion import rule_ids
from edgecheck.commands.declared.shared import command
from edgecheck.commands.examples import examples
from edgecheck.commands.options_output import the_format, the_look
from edgecheck.commands.printing import style_for, write_out


@command(epilog=examples("explain"), context_settings={"ignore_unknown_options": True})
@click.argument(
    "words",
    nargs=-1,
    required=True,
    type=click.UNPROCESSED,
    metavar="RULE-OR-TEXT",
    shell_complete=rule_ids,
)
@the_format
@the_look
def explain(words: tuple[str, ...], format: str, color: str, ascii: bool) -> int:
    """Show all about one rule or symptom, or what a text can mean.

    A rule's id: why it is one, what repairs what it finds, and where it comes from. What a
    client, the runtime or a log said, one line or many (`-`: from standard input): what it
    means, who refused whom, which rules explain it, and what to run next.
    """
    from edgecheck.commands.explain import explained

    write_out(explained(words, style_for(color, ascii), format == "json"))
    return 0
