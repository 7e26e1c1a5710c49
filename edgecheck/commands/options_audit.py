"""Options of `audit`."""

from collections.abc import Callable
from typing import Any

import click

_OPTIONS = (
    click.option(
        "--root", metavar="DIR", help="What stands for the gateway's / : a folder, or a zip."
    ),
    click.option("--runtime", metavar="VERSION", help="Of IoT Edge, such as 1.1 or 1.5.3."),
    click.option("--at", metavar="TIME", help="ISO 8601 with a zone; default: now."),
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
    click.option("--hostname", metavar="NAME", help="As the client types it (GatewayHostName)."),
    click.option(
        "--gateway-host-name", metavar="NAME", multiple=True, help="As its devices have it. *"
    ),
    click.option(
        "--connection-string",
        metavar="FILE",
        multiple=True,
        help="Connection strings of its devices; keys are never kept. *",
    ),
    click.option("--trust", metavar="FILE", multiple=True, help="What the client trusts. *"),
    click.option("--password-file", metavar="FILE", help="Its first line opens PKCS#12 (.pfx)."),
    click.option("--crl", metavar="FILE", multiple=True, help="Revocation lists, PEM or DER. *"),
    click.option("--time-t", type=click.Choice(["32", "64"]), help="Bits of the system's time_t."),
    click.option("--machine-name", metavar="NAME", help="What the system calls itself."),
    click.option("--device-id", metavar="NAME", help="Its id in IoT Hub."),
    click.option(
        "--expires-within",
        metavar="DAYS",
        multiple=True,
        help="Warn so many days before an end; ROLE=DAYS for one role, such as root=365. *",
    ),
    click.option("-o", "--output", metavar="FILE", help="Write the report to a file."),
    click.option("-q", "--quiet", is_flag=True, help="No report; the exit status tells."),
    click.option("-v", "--verbose", is_flag=True, help="Notes too, and what is undecided."),
)


def about_a_gateway(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add these options to a command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command
