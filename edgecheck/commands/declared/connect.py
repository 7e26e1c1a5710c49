"""`edgecheck connect`: a live port."""

from typing import Any

import click

from edgecheck.commands.declared.shared import (
    command,
    fail_on,
    how_it_is_judged,
    selected,
    what_is_known,
)
from edgecheck.commands.examples import judging
from edgecheck.commands.options_output import (
    that_can_be_posted,
    the_form,
    the_look,
    the_output,
    together,
)

_of_a_connection = together(
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


@command(epilog=judging("connect"))
@click.argument("hosts", nargs=-1, metavar="[HOST[:PORT]]")
@_of_a_connection
@what_is_known
@how_it_is_judged
@the_form
@the_output
@that_can_be_posted
@the_look
def connect(hosts: tuple[str, ...], **said: Any) -> int:
    """Judge what a live port presents.

    HOST is a name or an address, `[::1]:8883` one of IPv6. Without a PORT 8883, 5671 and 443
    are tried. A handshake is all that is sent; what closes without a word is asked whether it
    is MQTT or AMQP. What it presents is judged as clients judge it, for --hostname, else for
    HOST; where no certificate is captured, the exit status is 2.
    """
    from edgecheck.commands.connect import connected
    from edgecheck.commands.targets import single

    target = single(hosts)
    known = {"clients": selected(said["client"]), "fail_on": fail_on(said)}
    return connected(target, said | known | {"purpose": "server", "registration": ()})
