"""Options of `predict`: what will be configured, and on which versions; and who sends a chain."""

from collections.abc import Callable
from typing import Any

import click

from edgecheck.commands.options_device import when_it_ends

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
    click.option("--device-id", metavar="NAME", help="Its id in IoT Hub."),
    click.option(
        "--module",
        metavar="ID",
        multiple=True,
        default=("$edgeHub",),
        show_default=True,
        help="The module that serves. *",
    ),
    click.option("--trust", metavar="FILE", multiple=True, help="What the client trusts. *"),
    click.option("--at", metavar="TIME", help="When it is made: ISO 8601 with a zone; now."),
    sent_by,
    click.option(
        "--gateway-host-name", metavar="NAME", multiple=True, help="As its devices have it. *"
    ),
    click.option("--trust-bundle", metavar="FILE", help="What the gateway gives its modules."),
    click.option("--os-trust", metavar="FILE", help="What its system trusts."),
    click.option("--machine-name", metavar="NAME", help="What the system calls itself."),
    click.option("--time-t", type=click.Choice(["32", "64"]), help="Bits of the system's time_t."),
    click.option("--password-file", metavar="FILE", help="Its first line opens PKCS#12 (.pfx)."),
    click.option("--crl", metavar="FILE", multiple=True, help="Revocation lists, PEM or DER. *"),
    when_it_ends,
    click.option("--save", metavar="FILE", help="Write the chain that is predicted, as PEM."),
)


def about_a_prediction(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add these options to a command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command
