"""Options of `predict`: what will be configured, and on which versions; and who sends a chain."""

from collections.abc import Callable
from typing import Any

import click

from edgecheck.commands.options_device import when_it_ends
from edgecheck.commands.options_known import (
    the_crls,
    the_device_id,
    the_gateway_host_names,
    the_machine,
    the_os_trust,
    the_password,
    the_time_t,
    the_trust,
    the_trust_bundle,
)

sent_by = click.option(
    "--sent-by",
    type=click.Choice(["edgehub"]),
    help="edgehub: judge what edgeHub sends of it (as .NET 8 does, which IoT Edge 1.5 has).",
)
"""Also an option of `check`."""
_OPTIONS = (
    click.option(
        "--hostname",
        metavar="NAME",
        required=True,
        help="`hostname` in its configuration, which clients ask for too.",
    ),
    click.option(
        "--runtime",
        metavar="VERSION",
        multiple=True,
        required=True,
        help="Of IoT Edge, such as 1.1 or 1.5.3; several are told side by side. *",
    ),
    the_device_id,
    click.option(
        "--module",
        metavar="ID",
        multiple=True,
        default=("$edgeHub",),
        show_default=True,
        help="The module that serves. *",
    ),
    the_trust,
    click.option("--at", metavar="TIME", help="When it is made: ISO 8601 with a zone; now."),
    sent_by,
    the_gateway_host_names,
    the_trust_bundle,
    the_os_trust,
    the_machine,
    the_time_t,
    the_password,
    the_crls,
    when_it_ends,
    click.option("--save", metavar="FILE", help="Write the chain that is predicted, as PEM."),
)


def about_a_prediction(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add these options to a command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command
