"""What several commands have in common: options, and what is worked out of them."""

from collections.abc import Callable, Mapping
from typing import Any

import click

from edgecheck.commands.completion import client_ids
from edgecheck.commands.options_device import when_it_ends
from edgecheck.commands.options_known import (
    the_crls,
    the_device_id,
    the_gateway_host_names,
    the_hostname,
    the_machine,
    the_moment,
    the_os_trust,
    the_password,
    the_runtime,
    the_time_t,
    the_trust,
    the_trust_bundle,
)
from edgecheck.commands.options_output import together
from edgecheck.docstrings import docstring


def command(**settings: Any) -> Callable[[Any], Any]:
    """Return a decorator for a command whose help is the function's docstring, with -OO too."""
    declare: Any = click.command
    return lambda function: declare(help=docstring(function), **settings)(function)


what_is_known = together(
    the_hostname,
    the_trust,
    the_password,
    the_crls,
    the_moment,
    the_runtime,
    the_time_t,
    click.option("--device-hostname", metavar="NAME", help="`hostname` in its configuration."),
    the_gateway_host_names,
    the_trust_bundle,
    click.option("--device-ca-file", metavar="FILE", help="The configured device CA file."),
    the_machine,
    click.option(
        "--parent-hostname", metavar="NAME", help="`parent_hostname` in its configuration."
    ),
    the_device_id,
    click.option("--identity-certificate", metavar="FILE", help="Its identity's certificate."),
    the_os_trust,
    when_it_ends,
    click.option("--role", metavar="SHA256=ROLE", multiple=True, help="Where you know better. *"),
)
how_it_is_judged = together(
    click.option(
        "--profile",
        metavar="NAME",
        default="iot-edge",
        show_default=True,
        help="iot-edge; path: RFC 5280 6.1 alone; rfc5280: its section 4 too; web-pki.",
    ),
    click.option("--select", metavar="RULES", multiple=True, help="Only these: ca.*,hostname *"),
    click.option("--ignore", metavar="RULES", multiple=True, help="All but these. *"),
    click.option(
        "--fail-on",
        metavar="SEVERITY",
        type=click.Choice(["error", "warning", "info", "never"]),
        default="error",
        show_default=True,
        help="From which one on the exit status is 1: error, warning, info; or never.",
    ),
    click.option("--warnings-as-errors", is_flag=True, help="The same as --fail-on warning."),
    click.option(
        "--client",
        metavar="CLIENT",
        multiple=True,
        shell_complete=client_ids,
        help="Clients that you have: an id, a name, or a family such as 'Node.js'. *",
    ),
    click.option("--second-opinion", is_flag=True, help="Ask other installed validators too."),
)


def fail_on(said: Mapping[str, Any]) -> str:
    """Return from which severity on the exit status is 1."""
    asked: str = said["fail_on"]
    strict = said["warnings_as_errors"] and asked in ("error", "never")
    return "warning" if strict else asked


def selected(words: tuple[str, ...]) -> list[str]:
    """Return the ids of clients."""
    if not words:
        return []
    from edgecheck.commands.clients import selected as found

    return found(words)
