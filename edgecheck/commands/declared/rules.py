"""`edgecheck rules`: the rules."""

from dataclasses import replace

import click

from edgecheck.commands.completion import rule_ids
from edgecheck.commands.declared.shared import command
from edgecheck.commands.examples import examples
from edgecheck.commands.options_output import the_format, the_look
from edgecheck.commands.printing import is_terminal, style_for, write_out


@command(epilog=examples("rules"))
@click.argument("pattern", required=False, shell_complete=rule_ids)
@the_format
@the_look
def rules(pattern: str | None, format: str, color: str, ascii: bool) -> int:
    """List the rules.

    PATTERN names some of them: an id, a family, or a glob such as 'ca.*'.
    """
    from edgecheck.commands.request import chosen
    from edgecheck.reporting.catalogue import listed, rule_dict

    named = chosen([pattern] if pattern else [], [])
    if format == "json":
        import json

        write_out(json.dumps([rule_dict(rule) for rule in named], indent=2) + "\n")
        return 0
    style = style_for(color, ascii)
    write_out(listed(named, style if is_terminal() else replace(style, width=1000)))
    return 0
