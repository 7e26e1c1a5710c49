"""`edgecheck check`: what a gateway presents."""

import sys
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
from edgecheck.commands.options_device import about_a_device
from edgecheck.commands.options_output import that_can_be_posted, the_form, the_look, the_output
from edgecheck.commands.options_predict import sent_by
from edgecheck.commands.printing import style_for, write_out


@command(epilog=judging("check"))
@click.argument("files", nargs=-1, metavar="[FILE]...")
@what_is_known
@about_a_device
@sent_by
@how_it_is_judged
@the_form
@click.option("--each", is_flag=True, help="Each FILE is a presentation of its own.")
@the_output
@that_can_be_posted
@the_look
def check(files: tuple[str, ...], output: str | None, quiet: bool, **said: Any) -> int:
    """Judge the certificates that a gateway presents.

    FILE is PEM, DER, PKCS#7, PKCS#12, a key store of Java, a text with certificates in
    base64 or hex, or what `openssl s_client -showcerts` or `gnutls-cli --print-cert`
    prints; `-` is standard input. Several FILEs are one presentation, in that order; with
    --each, every FILE is one.
    """
    from edgecheck.adapters.files import write
    from edgecheck.commands.pages import is_page
    from edgecheck.commands.request import carry_out
    from edgecheck.commands.told import as_json, as_page, as_text, status

    files = files or _standard_input()
    drawn = is_page(said)
    clients, worst = selected(said["client"]), fail_on(said)
    reports = carry_out(files, said)
    if said["format"] == "json":
        text = as_json(reports, clients, said)
    elif quiet and output is None:
        return status(reports, worst)
    elif drawn:
        text = as_page(reports, files, clients, said)
    else:
        style = style_for(said["color"], said["ascii"], output)
        text = as_text(reports, files, clients, said, style)
    if output is not None:
        write(output, text)
    elif not quiet:
        write_out(text)
    return status(reports, worst)


def _standard_input() -> tuple[str, ...]:
    if sys.stdin is None or sys.stdin.isatty():
        raise click.UsageError("name a FILE, or - for standard input", click.get_current_context())
    return ("-",)
