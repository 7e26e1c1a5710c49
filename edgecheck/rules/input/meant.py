"""What to do with an input that holds no certificate, by what it is."""

from shlex import quote

from edgecheck.reading.forms.described import LOG, NAMES_FILES, advice
from edgecheck.reading.problems import Problem
from edgecheck.reading.text import safe
from edgecheck.rules.engine.case import Case

_CAPTURE = """capture what the gateway presents:

    openssl s_client -connect iotedgegw.local:8883 -showcerts </dev/null > transcript.txt"""
_GIVE = f"Give the file that holds the chain, or {_CAPTURE}"
_EXPLAIN = "    edgecheck explain - < FILE"
_MAYBE_A_LOG = f"""{_GIVE}

Where this is a log, or what a program said of an error, the following tells what it means:

{_EXPLAIN}"""
_EMPTY = f"""{_GIVE} 2>&1

What went wrong when an empty file was written, the program said on standard error; with `2>&1`
that is in the file, too."""


def instead_of(problem: Problem, case: Case) -> str | None:
    """Return the remedy for an input in which nothing was given; None for that of the rule."""
    name, detail = _named(problem.source), problem.detail
    gateway = not case.of_device
    if detail == LOG:
        text = f"Let what the log says be explained:\n\n{_EXPLAIN}"
        text += f"\n\nand for the certificates that it is about, {_CAPTURE}" if gateway else ""
        return text.replace("FILE", name)
    if detail.startswith(NAMES_FILES):
        file = quote(safe(detail.removeprefix(NAMES_FILES).split(", ")[0], 200))
        text = f"Give the file that is named there:\n\n    edgecheck check {file}"
        return f"{text}\n\nor {_CAPTURE}" if gateway else text
    what, command = advice(detail)
    if what and (gateway or "s_client" not in command):
        return f"{what}:\n\n    {command}".replace("FILE", name) if command else f"{what}."
    if not gateway:
        return None
    if detail == "empty":
        return _EMPTY
    return _MAYBE_A_LOG.replace("FILE", name) if detail.startswith("text") else None


def _named(source: str) -> str:
    """A file's name as a shell wants it; what was not a file has none."""
    return "FILE" if source in ("-", "<input>") else quote(safe(source, 200))
