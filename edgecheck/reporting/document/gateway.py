"""What an audit looked at beside the chain: the names of a gateway, and its files."""

from collections.abc import Iterator

from edgecheck.configuring.named import named
from edgecheck.reading.text import safe
from edgecheck.report.answers import Answers
from edgecheck.report.names import names
from edgecheck.reporting.document.blocks import Table
from edgecheck.settings import FileFacts, KeyFacts

Row = tuple[str, ...]


def tables(report: Answers) -> tuple[Table, ...]:
    """Return the names of a gateway beside one another, and its files; nothing of what is none."""
    beside = tuple((one.what, safe(one.name, 200), safe(one.told, 200)) for one in names(report))
    files = tuple(_files(report))
    made = (
        Table("Names", ("name of", "name", "remark"), beside),
        Table("Files", ("setting", "file", "seen"), files),
    )
    return tuple(table for table in made if table.rows)


def _files(report: Answers) -> Iterator[Row]:
    """Each file that the configuration names, and what was seen of it."""
    device = report.expected.device
    called = {one.file: one.key.rpartition(".")[2] for one in named(device, True) if one.paths}
    for setting, facts in (device.files or {}).items():
        yield _row(called.get(setting, setting), facts.get("path", ""), _seen(facts))
    for setting, key in (device.keys or {}).items():
        yield _row(called.get(setting, setting), key.get("path", ""), _of_key(key))


def _row(*cells: str) -> Row:
    return tuple(safe(cell, 200) for cell in cells)


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
