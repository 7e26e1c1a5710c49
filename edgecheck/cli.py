"""The command line. What a command needs is imported when it runs, so that help comes at once."""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import click

from edgecheck.commands.completion import client_ids, rule_ids
from edgecheck.commands.examples import examples, judging
from edgecheck.commands.options_audit import about_a_gateway
from edgecheck.commands.options_connect import of_a_connection
from edgecheck.commands.options_device import about_a_device, when_it_ends
from edgecheck.commands.options_fleet import add_fleet
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
from edgecheck.commands.options_output import (
    that_can_be_posted,
    the_form,
    the_format,
    the_look,
    the_output,
    together,
)
from edgecheck.commands.options_predict import about_a_prediction, sent_by
from edgecheck.commands.printing import abandon, complain, is_terminal, style_for, write_out
from edgecheck.docstrings import docstring

REFUSED = 2
_COMPLETION = """\b
Completion of commands and options by the shell:
  bash: eval "$(_EDGECHECK_COMPLETE=bash_source edgecheck)"
  zsh:  eval "$(_EDGECHECK_COMPLETE=zsh_source edgecheck)"
  fish: _EDGECHECK_COMPLETE=fish_source edgecheck | source
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status; a bad request is one line on standard error."""
    try:
        status = edgecheck.main(arguments, prog_name="edgecheck", standalone_mode=False)
        return status if isinstance(status, int) else 0
    except click.UsageError as wrong:
        command = wrong.ctx.command_path if wrong.ctx else "edgecheck"
        return _refused(f"{wrong.format_message()} ({command} --help)")
    except click.ClickException as wrong:
        return _refused(wrong.format_message())
    except click.Abort:
        return 130
    except Exception as wrong:
        from edgecheck.adapters.files import Refused

        if isinstance(wrong, Refused):
            return _refused(str(wrong))
        if isinstance(wrong, OSError) and wrong.filename is None:  # none of a stream
            return _unwritten(wrong)
        if isinstance(wrong, MemoryError):
            return _refused("there is not memory enough; give less at once, or more memory")
        if os.environ.get("EDGECHECK_DEBUG"):
            raise
        told = f"{type(wrong).__name__}: {wrong}"
        return _refused(f"a bug, please report it: {told} (EDGECHECK_DEBUG=1 shows where)")


def _refused(text: str) -> int:
    complain(text)
    return REFUSED


def _unwritten(wrong: OSError) -> int:
    """What click prints itself (--help, --version) cannot be written."""
    abandon(sys.stdout)
    from edgecheck.adapters.reasons import writing

    return _refused(f"cannot write: {writing(wrong)}")


def _version(context: click.Context, parameter: click.Parameter, asked: bool) -> None:
    if not asked or context.resilient_parsing:
        return
    import cryptography
    from cryptography.hazmat.backends.openssl import backend

    from edgecheck.version import __version__

    openssl = backend.openssl_version_text()
    click.echo(f"edgecheck {__version__} (cryptography {cryptography.__version__}, {openssl})")
    context.exit()


def _command(**settings: Any) -> Callable[[Any], Any]:
    """A command whose help is the function's docstring, with -OO too."""
    return lambda function: edgecheck.command(help=docstring(function), **settings)(function)


_KNOWN = together(
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
_JUDGED = together(
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


@click.group(
    help="Tells exactly what is wrong with the certificates of an IoT Edge gateway.",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=_COMPLETION,
    invoke_without_command=True,
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_version,
    help="Show the versions of edgecheck, cryptography and OpenSSL.",
)
@click.pass_context
def edgecheck(context: click.Context) -> None:
    """Tells exactly what is wrong with the certificates of an IoT Edge gateway."""
    if context.invoked_subcommand is None:
        told = "name a command: check, audit, connect, predict, fleet, explain, rules or clients"
        raise click.UsageError(told, context)


@_command(epilog=judging("check"))
@click.argument("files", nargs=-1, metavar="[FILE]...")
@_KNOWN
@about_a_device
@sent_by
@_JUDGED
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
    clients, fail_on = _selected(said["client"]), _fail_on(said)
    reports = carry_out(files, said)
    if said["format"] == "json":
        text = as_json(reports, clients, said)
    elif quiet and output is None:
        return status(reports, fail_on)
    elif drawn:
        text = as_page(reports, files, clients, said)
    else:
        style = style_for(said["color"], said["ascii"], output)
        text = as_text(reports, files, clients, said, style)
    if output is not None:
        write(output, text)
    elif not quiet:
        write_out(text)
    return status(reports, fail_on)


@_command(epilog=judging("audit"))
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@about_a_gateway
@_JUDGED
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

    known = {"clients": _selected(said["client"]), "fail_on": _fail_on(said)}
    return audited(paths, said | known)


@_command(epilog=judging("connect"))
@click.argument("hosts", nargs=-1, metavar="[HOST[:PORT]]")
@of_a_connection
@_KNOWN
@_JUDGED
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
    known = {"clients": _selected(said["client"]), "fail_on": _fail_on(said)}
    return connected(target, said | known | {"purpose": "server", "registration": ()})


@_command(epilog=judging("predict"))
@click.argument("files", nargs=-1, metavar="[DEVICE_CA_FILE]...")
@about_a_prediction
@_JUDGED
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

    return carried_out(files, said | {"fail_on": _fail_on(said)})


@_command(epilog=examples("rules"))
@click.argument("pattern", required=False, shell_complete=rule_ids)
@the_format
@the_look
def rules(pattern: str | None, format: str, color: str, ascii: bool) -> int:
    """List the rules.

    PATTERN names some of them: an id, a family, or a glob such as 'ca.*'.
    """
    from edgecheck.commands.request import chosen
    from edgecheck.reporting.catalogue import listed, rule_dict

    named = chosen([pattern] if pattern else [], [])
    if format == "json":
        import json

        write_out(json.dumps([rule_dict(rule) for rule in named], indent=2) + "\n")
        return 0
    style = style_for(color, ascii)
    write_out(listed(named, style if is_terminal() else replace(style, width=1000)))
    return 0


@_command(epilog=examples("clients"))
@click.argument("client", required=False, shell_complete=client_ids)
@the_format
@the_look
def clients(client: str | None, format: str, color: str, ascii: bool) -> int:
    """List the clients that are predicted, and how right that has been.

    CLIENT shows one of them in full, or those of a family: an id, a name, or a family such
    as 'Node.js'.
    """
    from edgecheck.adapters.accuracy import accuracy
    from edgecheck.behaviour.records import RECORDS
    from edgecheck.commands.clients import client_dict, listed, page, selected

    chosen = selected([client]) if client else [each.id for each in RECORDS]
    shown, measured = [each for each in RECORDS if each.id in chosen], accuracy()
    if format == "json":
        import json

        write_out(json.dumps([client_dict(each, measured) for each in shown], indent=2) + "\n")
        return 0
    style = style_for(color, ascii)
    if client:
        write_out("\n".join(page(each, measured, style) for each in shown))
    else:
        write_out(listed(shown, measured, style if is_terminal() else replace(style, width=1000)))
    return 0


@_command(epilog=examples("explain"), context_settings={"ignore_unknown_options": True})
@click.argument(
    "words",
    nargs=-1,
    required=True,
    type=click.UNPROCESSED,
    metavar="RULE-OR-TEXT",
    shell_complete=rule_ids,
)
@the_format
@the_look
def explain(words: tuple[str, ...], format: str, color: str, ascii: bool) -> int:
    """Show all about one rule or symptom, or what a text can mean.

    A rule's id: why it is one, what repairs what it finds, and where it comes from. What a
    client, the runtime or a log said, one line or many (`-`: from standard input): what it
    means, who refused whom, which rules explain it, and what to run next.
    """
    from edgecheck.commands.explain import explained

    write_out(explained(words, style_for(color, ascii), format == "json"))
    return 0


def _standard_input() -> tuple[str, ...]:
    if sys.stdin is None or sys.stdin.isatty():
        raise click.UsageError("name a FILE, or - for standard input", click.get_current_context())
    return ("-",)


def _fail_on(said: Mapping[str, Any]) -> str:
    """From which severity on the exit status is 1."""
    fail_on: str = said["fail_on"]
    strict = said["warnings_as_errors"] and fail_on in ("error", "never")
    return "warning" if strict else fail_on


def _selected(words: tuple[str, ...]) -> list[str]:
    """The ids of clients."""
    if not words:
        return []
    from edgecheck.commands.clients import selected

    return selected(words)


add_fleet(
    edgecheck,
    (when_it_ends, _JUDGED, the_look),
    lambda said: {"clients": _selected(said["client"]), "fail_on": _fail_on(said)},
)
