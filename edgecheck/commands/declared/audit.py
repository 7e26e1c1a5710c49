"""`edgecheck audit`: a whole gateway."""

from typing import Any

import click

from edgecheck.commands.declared.shared import command, fail_on, how_it_is_judged, selected
from edgecheck.commands.examples import judging
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
from edgecheck.commands.options_output import (
    that_can_be_posted,
    the_form,
    the_look,
    the_output,
    together,
)

_about_a_gateway = together(
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


@command(epilog=judging("audit"))
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@_about_a_gateway
@how_it_is_judged
@the_form
@that_can_be_posted
@the_look
def audit(paths: tuple[str, ...], **said: Any) -> int:
    """Judge a whole gateway by its configuration and the files that it names.

    PATH is config.toml (IoT Edge 1.2 and later), config.yaml (up to 1.1), the folder or the zip
    that they are in; with --root, on the gateway or here. Only files that they name are opened.
    Without --presented and --connect the chain is predicted that the runtime will make of them.
    Several PATHs are a gateway each: a line for each, then the reports of those with findings.
    """
    from edgecheck.commands.audit import audited

    known = {"clients": selected(said["client"]), "fail_on": fail_on(said)}
    return audited(paths, said | known)
