"""What the shell may complete: ids of rules and of clients."""

import click


def rule_ids(context: click.Context, parameter: click.Parameter, begun: str) -> list[str]:
    """Return the ids of rules that begin so."""
    from edgecheck.rules import BUILT_IN

    return [rule.id for rule in BUILT_IN if rule.id.startswith(begun)]


def client_ids(context: click.Context, parameter: click.Parameter, begun: str) -> list[str]:
    """Return the ids of clients that begin so."""
    from edgecheck.behaviour.records import RECORDS

    return [record.id for record in RECORDS if record.id.startswith(begun)]
