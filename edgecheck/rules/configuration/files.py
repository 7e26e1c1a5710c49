"""Rules about the configuration files themselves."""

from collections.abc import Iterator
from typing import Any

from edgecheck.configuring.named import QUOTES
from edgecheck.device import Device
from edgecheck.hierarchy.shapes import FIRST_1_2, LAST_1_1, NEWEST, OLDEST
from edgecheck.reading.late import late
from edgecheck.reading.text import safe
from edgecheck.rules.configuration.uris import named
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.rule import ERROR, WARNING, Act, Need, Over, Violation, rule
from edgecheck.rules.references import UPDATE, edge, issue, measured


@rule(
    "configuration.stray-characters",
    title="A configuration file has characters that a word processor or an editor put there",
    severity=ERROR,
    over=Over.DEVICE,
    act=Act.CONFIGURE,
    changes="configuration",
    needs=[Need.CONFIGURATION],
    references=[
        edge("edgelet/edgelet-utils/src/yaml_file_source.rs"),
        edge("edgelet/iotedge/src/config/apply.rs", "1.2.10"),
        issue("Azure/iotedge", 2033),
        measured(
            "the parsers of the runtime: yaml-rust takes a byte order mark or a tab for a part of "
            "the key behind it; toml skips both"
        ),
    ],
)
def stray_characters(device: Device, case: Case) -> list[Violation]:
    """Typographic quotation marks, a byte order mark or tabs stand in a configuration file.

    All look right, and come from copied instructions or from another editor. YAML takes
    typographic quotes for a part of the value, so that a path begins with one. It takes a byte
    order mark for a part of the first key, which is not found then, and a tab at the beginning
    of a line for a part of the key behind it, so that the section above is empty ("unrecognized
    YAML value"). TOML refuses such quotes where a value begins ("could not parse config file:
    unexpected character found"), keeps those within a value, and minds neither tabs nor a byte
    order mark.

    Remedy:
    Type the lines again with `"` and with blanks, in an editor for plain text, and save the
    file as UTF-8 without a byte order mark.
    """
    found = []
    for path, facts in (device.configuration_files or {}).items():
        told = list(_told(facts, path.endswith((".yaml", ".yml"))))
        if told:
            found.append(
                Violation(
                    f"{safe(path, 120)} has {', and '.join(told)}",
                    wanted="plain characters",
                    found=told,
                    where=(path, None, None),
                    evidence={"file": path},
                )
            )
    if not found:
        found = [
            Violation(
                f"{one.shown} has typographic quotation marks",
                wanted='"',
                found=one.uri,
                evidence={"setting": one.key},
            )
            for one in named(device, case)
            if QUOTES.search(one.uri)
        ]
    return found


def _told(facts: Any, yaml: bool) -> Iterator[str]:
    if quotes := facts.get("typographic_quotes"):
        yield f"typographic quotation marks in {_lines(quotes)}"
    if yaml and facts.get("byte_order_mark"):
        yield "a byte order mark, which becomes a part of its first key"
    if yaml and (tabs := facts.get("tabs")):
        yield f"tabs at the beginning of {_lines(tabs)}"


def _lines(numbers: Any) -> str:
    shown = ", ".join(map(str, numbers[:5])) + (", ..." if len(numbers) > 5 else "")
    return f"line{'' if len(numbers) == 1 else 's'} {shown}"


@rule(
    "configuration.not-parsed",
    title="A configuration file cannot be read: its text breaks the rules of TOML or YAML",
    severity=ERROR,
    over=Over.DEVICE,
    act=Act.CONFIGURE,
    changes="configuration",
    needs=[Need.CONFIGURATION_FILES],
    references=[
        edge("edgelet/iotedge/src/config/apply.rs", "1.5.0"),
        edge("edgelet/edgelet-utils/src/yaml_file_source.rs"),
    ],
)
def not_parsed(device: Device, case: Case) -> list[Violation]:
    """A quote is not closed, a table stands twice, an indent is wrong, a backslash is no escape.

    `iotedge config apply` then says "could not parse config file", and nothing of it takes effect:
    the daemons go on with what was applied before, or do not start. Up to 1.1 the daemon does not
    start. What the configuration says is not known, so all that rests on it is undecided. So it is
    where a value of config.toml is of another kind than the runtime takes, such as a number for
    `hostname` ("invalid type: integer") or for the `method` of `[edge_ca]`.

    Remedy:
    Mend the line that is named, and audit again. Paths of Windows go into single quotes; a table
    such as `[edge_ca]` may stand once; in YAML the keys of one section have one indent, of blanks.
    """
    found = []
    for path, facts in (device.configuration_files or {}).items():
        if not (told := facts.get("broken")) or list(_told(facts, path.endswith(_YAML))):
            continue  # or configuration.stray-characters says why
        number = _AT_LINE.match(told)
        line = int(number[1]) if number else None
        found.append(
            Violation(
                f"{safe(path, 120)} cannot be read: {safe(told, 160)}",
                wanted="YAML" if path.endswith(_YAML) else "TOML",
                found=safe(told, 160),
                where=(path, line, line),
            )
        )
    return found


@rule(
    "configuration.key-twice",
    title="A setting stands twice in config.yaml, and only the last counts",
    severity=WARNING,
    over=Over.DEVICE,
    act=Act.CONFIGURE,
    changes="configuration",
    needs=[Need.CONFIGURATION_FILES],
    runtime="1.0.0 to 1.1.19",
    references=[edge("edgelet/edgelet-utils/src/yaml_file_source.rs")],
)
def key_twice(device: Device, case: Case) -> list[Violation]:
    """Often two blocks of the template are in effect, such as two of `provisioning`.

    The parser of the daemon (yaml-rust 0.4) takes the last one whole, in silence, and forgets the
    first. TOML does not allow it, and `configuration.not-parsed` tells.

    Remedy:
    Keep the one that is meant, and put `#` before each line of the other.
    """
    return [
        Violation(
            f"{safe(path, 120)} has the key {safe(key, 100)} twice: only line {line} counts",
            wanted=f"one {safe(key, 100)}",
            found=key,
            where=(path, line, line),
            evidence={"setting": key},
        )
        for path, facts in (device.configuration_files or {}).items()
        for key, line in facts.get("repeated", {}).items()
    ]


_YAML = (".yaml", ".yml")
_AT_LINE = late(r"line (\d+):")


@rule(
    "configuration.legacy-yaml",
    title="The configuration is that of IoT Edge 1.1, which later versions do not read",
    severity=ERROR,
    over=Over.DEVICE,
    act=Act.CONFIGURE,
    changes="configuration",
    needs=[Need.CONFIGURATION_FILES],
    runtime="1.2.0 and later",
    references=[UPDATE, edge("edgelet/iotedge/src/config/import/mod.rs", "1.2.10")],
)
def legacy_yaml(device: Device, case: Case) -> Violation | None:
    """There is a config.yaml, and no config.toml, and the runtime is 1.2 or later.

    Since 1.2 the runtime reads /etc/aziot/config.toml. What config.yaml says, device CA, host
    name and trust bundle included, has no effect until it is imported.

    Remedy:
    Run `sudo iotedge config import`, look at /etc/aziot/config.toml, then run
    `sudo iotedge config apply`.
    """
    files = device.configuration_files or {}
    old = next((path for path in files if path.endswith((".yaml", ".yml"))), None)
    if old is None or any(path.endswith(".toml") for path in files):
        return None
    if case.within(OLDEST, LAST_1_1):
        return None
    return Violation(
        f"{safe(old, 120)} is the only configuration, and IoT Edge from 1.2 on reads config.toml",
        wanted="config.toml",
        found=old,
        severity=case.bound(ERROR, FIRST_1_2, NEWEST),
        where=(old, None, None),
    )
