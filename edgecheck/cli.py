"""The command line. What a command needs is imported when it runs, so that help comes at once."""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from typing import cast

import click

from edgecheck.commands import declared
from edgecheck.commands.printing import abandon, complain

NAMES = ("audit", "check", "clients", "connect", "explain", "fleet", "predict", "rules")
"""Of the commands."""
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


class _Declared(Mapping[str, click.Command]):
    """Each command is in a module of its name, which is imported when it is asked for."""

    def __getitem__(self, name: str) -> click.Command:
        if name not in NAMES:
            raise KeyError(name)
        found: click.Command = getattr(import_module(f"{declared.__name__}.{name}"), name)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(NAMES)

    def __len__(self) -> int:
        return len(NAMES)


@click.group(
    commands=cast(dict[str, click.Command], _Declared()),  # nobody adds one
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
