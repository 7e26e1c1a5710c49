"""A text of configuration as a table, and what about its characters is wrong.

What is told of a text that cannot be read never repeats any of it: it may hold a key.
"""

import re
from collections.abc import Mapping
from typing import Any

from edgecheck.configuring.schema import TOML
from edgecheck.reading.late import late
from edgecheck.settings import ConfigurationFile

_QUOTES = late("[\u201c\u201d\u201e\u201f\u2018\u2019\u201a\u201b\u00ab\u00bb]")
_QUOTES_OF_TWO = late("[\u201c\u201d\u201e\u201f\u00ab\u00bb]")
_QUOTES_OF_ONE = late("[\u2018\u2019\u201a\u201b]")
_INDENT = late(r"\A[ \t]+")
_COMMENT = late(r"\s*#")
_LINE_ENDS = (r"Illegal character '\n'", r"Illegal character '\r'", "Unterminated string")
"""What tomllib says of a string that stands open."""
_TABBED = late(r" *\t")
_TWICE = late(r"Cannot declare \('(\w+)',\) twice")
_INDENTS = ("expected <block end>", "could not find expected ':'")
"""How PyYAML speaks of lines whose indents do not fit."""
_PLACE = late(r" ?\(at (?:line (\d+), column (\d+)|end of document)\)\Z")


class Broken(ValueError):
    """A text that is no TOML or YAML; the text says why and on which line, and repeats nothing."""


class NoYaml(Exception):
    """The package that reads YAML is not installed."""


def is_yaml(path: str) -> bool:
    """Whether a file is one of IoT Edge up to 1.1, by its name."""
    return path.endswith((".yaml", ".yml"))


def table_of(path: str, data: bytes) -> dict[str, Any]:
    """Return the table that a file of configuration holds.

    Raises:
        Broken: it cannot be read.
        NoYaml: it is YAML, and PyYAML is not installed.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as wrong:
        line = data.count(b"\n", 0, wrong.start) + 1
        raise Broken(f"line {line}: it is not UTF-8") from None
    return _yaml(text) if is_yaml(path) else _toml(text)


def mended(path: str, data: bytes) -> dict[str, Any] | None:
    """The table that a file would hold without its stray characters; None: it is broken still."""
    text = _QUOTES_OF_TWO.sub('"', data.decode("utf-8", "replace"))
    text = _QUOTES_OF_ONE.sub("'", text)
    if is_yaml(path):
        text = "\n".join(_INDENT.sub(_blanks, line) for line in text.splitlines())
    try:
        return table_of(path, text.encode())
    except (Broken, NoYaml):
        return None


def _blanks(indent: re.Match[str]) -> str:
    return indent[0].replace("\t", "  ")


def _toml(text: str) -> dict[str, Any]:
    """A table of TOML. The runtime's parser passes over a byte order mark, and takes any line end.

    Raises:
        Broken: it is no TOML.
    """
    import tomllib

    try:
        return tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as wrong:
        told = str(wrong)
        place = _PLACE.search(told)
        reason = told[: place.start()] if place else told
        line = place[1] if place and place[1] else str(text.count("\n") + 1)
        raise Broken(f"line {line}: {_without_values(reason)}") from None
    except RecursionError:
        raise Broken("line 1: it is nested too deeply") from None


def _without_values(reason: str) -> str:
    """What a parser says, but for what it quotes: `Cannot overwrite a value`.

    The names of tables of a configuration are no secret.
    """
    if reason in _LINE_ENDS:
        return "it ends before its quotes are closed"
    if (twice := _TWICE.match(reason)) and twice[1] in TOML:
        return f"the table [{twice[1]}] stands twice"
    if reason.startswith(_INDENTS):
        return "its indent fits no line above it"
    words = re.sub(r"'[^']{2,}'|\"[^\"]{2,}\"|\(.*\)", "...", reason)
    return f"{words[:1].lower()}{words[1:]}"


def _yaml(text: str) -> dict[str, Any]:
    """A table of YAML; nothing in it is carried out.

    Raises:
        Broken: it is no YAML, or no table.
        NoYaml: PyYAML is not installed.
    """
    try:
        import yaml
    except ImportError:
        raise NoYaml from None

    try:
        read = yaml.safe_load(text.removeprefix("\ufeff"))
    except yaml.MarkedYAMLError as wrong:
        mark = wrong.problem_mark or wrong.context_mark
        line = mark.line + 1 if mark is not None else 1
        raise Broken(f"line {line}: {_without_values(wrong.problem or 'it is no YAML')}") from None
    except yaml.reader.ReaderError as wrong:
        line = text.count("\n", 0, wrong.position) + 1
        raise Broken(f"line {line}: it has a character that YAML does not allow") from None
    except (yaml.YAMLError, ValueError, RecursionError):
        raise Broken("line 1: it is no YAML") from None
    if read is None:
        return {}
    if not isinstance(read, dict):
        raise Broken("line 1: it is no table of settings")
    return read


def repeated(data: bytes) -> dict[str, int]:
    """Return the keys that stand twice in one table of a YAML text, and the line of the last.

    Only the first two levels are looked at; a text that is no YAML has none.
    """
    import yaml

    try:
        top = yaml.compose(data.decode("utf-8").removeprefix("\ufeff"), yaml.SafeLoader)
    except (yaml.YAMLError, ValueError, RecursionError):
        return {}
    found: dict[str, int] = {}
    for above, node in (("", top), *_below(top)):
        seen = set()
        for key, _ in node.value if isinstance(node, yaml.MappingNode) else ():
            name = f"{above}{key.value}" if isinstance(key, yaml.ScalarNode) else ""
            if name in seen:
                found[name] = key.start_mark.line + 1
            seen.add(name)
    found.pop("", None)
    return found


def _below(top: Any) -> list[tuple[str, Any]]:
    """The tables of a table, each with its name and a dot."""
    pairs = top.value if isinstance(getattr(top, "value", None), list) else []
    named = [pair for pair in pairs if isinstance(pair, tuple)]
    return [(f"{key.value}.", node) for key, node in named if isinstance(key.value, str)]


def characters(path: str, data: bytes) -> ConfigurationFile:
    """Return what stray characters a file of configuration has; lines count from 1."""
    facts = ConfigurationFile(byte_order_mark=data.startswith(b"\xef\xbb\xbf"))
    quotes, tabs = [], []
    for number, line in enumerate(_lines(data), 1):
        if _COMMENT.match(line):
            continue
        if _QUOTES.search(line.partition(" #")[0]):
            quotes.append(number)
        if is_yaml(path) and _TABBED.match(line) and line.strip():
            tabs.append(number)
    facts["typographic_quotes"], facts["tabs"] = quotes, tabs
    return facts


def _lines(data: bytes) -> list[str]:
    """The lines of a text; none of what is not UTF-8, in which such characters mean nothing."""
    try:
        return data.decode("utf-8").splitlines()
    except UnicodeDecodeError:
        return []


def stray(facts: ConfigurationFile, path: str) -> bool:
    """Whether such characters may be why a file cannot be read."""
    of_yaml = facts.get("tabs") or facts.get("byte_order_mark")
    return bool(facts.get("typographic_quotes") or (is_yaml(path) and of_yaml))


def merged(tables: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what a daemon makes of several files, each on top of those before it.

    Tables are merged key by key, lists are put behind one another, and any other value takes the
    place of the one before (`merge_toml` in config-common/src/lib.rs of Azure/iot-identity-service
    at 1.2.6 to 1.5.6).
    """
    made: dict[str, Any] = {}
    for table in tables:
        made = _merged(made, table)
    return made


def _merged(base: Any, patch: Any) -> Any:
    if isinstance(base, Mapping) and isinstance(patch, Mapping):
        both = dict(base)
        for key, value in patch.items():
            both[key] = _merged(both[key], value) if key in both else value
        return both
    if isinstance(base, list) and isinstance(patch, list):
        return [*base, *patch]
    return patch
