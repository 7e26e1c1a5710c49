"""Options of `connect` about the connection itself."""

from collections.abc import Callable
from typing import Any

import click

_OPTIONS = (
    click.option("--sni", metavar="NAME", help="Ask for this name; default: --hostname, or HOST."),
    click.option("--no-sni", is_flag=True, help="Ask for no name."),
    click.option(
        "--timeout",
        metavar="SECONDS",
        type=click.FloatRange(0.1, 600),
        default=10.0,
        show_default=True,
        help="For the connection, and for the handshake.",
    ),
    click.option("-4", "ip", flag_value="4", help="Over IPv4 alone."),
    click.option("-6", "ip", flag_value="6", help="Over IPv6 alone."),
    click.option("--save", metavar="FILE", help="Keep what was presented, as PEM, in a new file."),
    click.option("--overwrite", is_flag=True, help="Let --save replace a file that is there."),
    click.option(
        "--confirm", is_flag=True, help="Let the TLS clients of this machine connect as well."
    ),
    click.option("--targets", metavar="FILE", help="Several HOST[:PORT], one a line."),
)


def of_a_connection(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add these options to a command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command
