"""What an audit looked at beside the chain: the names of a gateway, and its files."""

from collections.abc import Iterator, Sequence

from edgecheck.configuring.named import named
from edgecheck.report.answers import Answers
from edgecheck.report.names import names
from edgecheck.reporting.style import Style, columns, padded
from edgecheck.rules.engine.rule import Severity
from edgecheck.settings import FileFacts, KeyFacts

Row = tuple[str, ...]


def described(report: Answers, style: Style, verbose: bool) -> str:
    """The tables of names and files, where something is wrong or everything is asked for."""
    if not verbose and report.worst in (None, Severity.INFO):
        return ""
    lines: list[str] = []
    rows: list[Row] = [(one.what, one.name, one.told) for one in names(report)]
    if rows:
        lines += ["", style.paint("Names:", "bold"), *_table(rows, style)]
    rows = list(_files(report))
    if rows:
        lines += ["", style.paint("Files:", "bold"), *_table(rows, style)]
    return "".join(f"{line}\n" for line in lines)


def _files(report: Answers) -> Iterator[Row]:
    """Each file that the configuration names, and what was seen of it."""
    device = report.expected.device
    called = {one.file: one.key.rpartition(".")[2] for one in named(device, True) if one.paths}
    for setting, facts in (device.files or {}).items():
        yield called.get(setting, setting), facts.get("path", ""), _seen(facts)
    for setting, key in (device.keys or {}).items():
        yield called.get(setting, setting), key.get("path", ""), _of_key(key)


def _seen(facts: FileFacts) -> str:
    if facts.get("exists") is False:
        return "not there"
    if told := facts.get("told"):
        return told.lower()
    number = facts.get("certificates")
    told = "" if number is None else f"{number} certificate{'' if number == 1 else 's'}"
    return ", ".join(each for each in (told, _mode(facts)) if each)


def _of_key(facts: KeyFacts) -> str:
    if facts.get("form") == "PKCS#11":
        return "in a token: what is in it cannot be seen"
    if facts.get("exists") is False:
        return "not there"
    if told := facts.get("told") or facts.get("found"):
        return told.lower()
    kind = facts.get("type", "")
    size = facts.get("curve") if kind == "EC" else facts.get("bits")
    words = (
        "protected by a passphrase" if facts.get("encrypted") else f"{kind} {size or ''}".strip()
    )
    return ", ".join(each for each in (words, _mode(facts)) if each)


def _mode(facts: FileFacts | KeyFacts) -> str:
    mode, owner = facts.get("mode"), facts.get("owner")
    if mode is None:
        return ""
    return f"mode {mode:04o}" + (f" of {owner}" if owner else "")


def _table(rows: Sequence[Row], style: Style) -> list[str]:
    """Rows in columns; what is too long for the terminal is cut in the middle one."""
    shown = [tuple(style.foreign(cell, 200) for cell in row) for row in rows]
    widths = [max(columns(row[at]) for row in shown) for at in range(3)]
    lines = []
    for row in shown:
        cells = (padded(row[0], widths[0]), padded(row[1], widths[1]), row[2])
        lines.append(style.shortened(f"  {'  '.join(cells)}".rstrip(), max(style.width, 100)))
    return lines
