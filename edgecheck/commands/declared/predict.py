"""`edgecheck predict`: a gateway that is not there yet."""

from typing import Any

import click

from edgecheck.commands.declared.shared import command, fail_on, how_it_is_judged
from edgecheck.commands.examples import judging
from edgecheck.commands.options_output import that_can_be_posted, the_form, the_look, the_output
from edgecheck.commands.options_predict import about_a_prediction


@command(epilog=judging("predict"))
@click.argument("files", nargs=-1, metavar="[DEVICE_CA_FILE]...")
@about_a_prediction
@how_it_is_judged
@the_form
@the_output
@that_can_be_posted
@the_look
def predict(files: tuple[str, ...], **said: Any) -> int:
    """Judge the chain that the runtime will make.

    Before there is a gateway: DEVICE_CA_FILE is what will be configured, the device CA first,
    then its issuers; several are one file, in that order. Without one the runtime makes a CA of
    its own ("quick start"). What is predicted is marked as synthetic: it has no signature, which
    is taken for granted.
    """
    from edgecheck.commands.predict import carried_out

    return carried_out(files, said | {"fail_on": fail_on(said)})
