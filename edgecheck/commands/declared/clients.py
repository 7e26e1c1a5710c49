"""`edgecheck clients`: the clients that are predicted."""

from dataclasses import replace

import click

from edgecheck.commands.completion import client_ids
from edgecheck.commands.declared.shared import command
from edgecheck.commands.examples import examples
from edgecheck.commands.options_output import the_format, the_look
from edgecheck.commands.printing import is_terminal, style_for, write_out


@command(epilog=examples("clients"))
@click.argument("client", required=False, shell_complete=client_ids)
@the_format
@the_look
def clients(client: str | None, format: str, color: str, ascii: bool) -> int:
    """List the clients that are predicted, and how right that has been.

    CLIENT shows one of them in full, or those of a family: an id, a name, or a family such
    as 'Node.js'.
    """
    from edgecheck.adapters.accuracy import accuracy
    from edgecheck.behaviour.records import RECORDS
    from edgecheck.commands.clients import client_dict, listed, page, selected

    chosen = selected([client]) if client else [each.id for each in RECORDS]
    shown, measured = [each for each in RECORDS if each.id in chosen], accuracy()
    if format == "json":
        import json

        write_out(json.dumps([client_dict(each, measured) for each in shown], indent=2) + "\n")
        return 0
    style = style_for(color, ascii)
    if client:
        write_out("\n".join(page(each, measured, style) for each in shown))
    else:
        write_out(listed(shown, measured, style if is_terminal() else replace(style, width=1000)))
    return 0
