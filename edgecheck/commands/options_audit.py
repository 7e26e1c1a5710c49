"""Options of `audit`."""

from collections.abc import Callable
from typing import Any

import click

from edgecheck.commands.options_device import when_it_ends
from edgecheck.commands.options_known import (
    the_crls,
    the_device_id,
    the_gateway_host_names,
    the_hostname,
    the_machine,
    the_moment,
    the_password,
    the_runtime,
    the_time_t,
    the_trust,
)
from edgecheck.commands.options_output import the_output

_OPTIONS = (
    click.option(
        "--root", metavar="DIR", help="What stands for the gateway's / : a folder, or a zip."
    ),
    the_runtime,
    the_moment,
    click.option(
        "--presented", metavar="FILE", multiple=True, help="What it presents, to compare. *"
    ),
    click.option(
        "--connect", metavar="HOST[:PORT]", help="Capture what it presents, in place of a file."
    ),
    click.option(
        "--timeout",
        metavar="SECONDS",
        type=click.FloatRange(0.1, 600),
        default=10.0,
        show_default=True,
        help="For --connect.",
    ),
    the_hostname,
    the_gateway_host_names,
    click.option(
        "--connection-string",
        metavar="FILE",
        multiple=True,
        help="Connection strings of its devices; keys are never kept. *",
    ),
    the_trust,
    the_password,
    the_crls,
    the_time_t,
    the_machine,
    the_device_id,
    when_it_ends,
    the_output,
)


def about_a_gateway(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add these options to a command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command
