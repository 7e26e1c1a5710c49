"""Options of `check` about whose certificate it is, what is known of it, and when it has to go."""

from collections.abc import Callable
from typing import Any

import click

_PURPOSE = click.option(
    "--purpose",
    type=click.Choice(["server", "client"]),
    default="server",
    help="client: a device presents it, to log in to a gateway.",
)
_REGISTRATION = click.option(
    "--registration",
    metavar="KNOWN",
    multiple=True,
    help="With --purpose client: how IoT Hub knows the device: ca, thumbprint=HEX, id=NAME, or "
    "the file that `az iot hub device-identity show` prints. *",
)
_EXPIRES_WITHIN = click.option(
    "--expires-within",
    metavar="DAYS",
    multiple=True,
    help="Warn so many days before an end; ROLE=DAYS for one role, such as root=365. *",
)


when_it_ends = _EXPIRES_WITHIN


def about_a_device(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options about what a device presents to a command."""
    return _PURPOSE(_REGISTRATION(command))
