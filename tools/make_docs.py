"""Write docs/rules/, docs/symptoms/, symptoms.md, clients.md, schema.md; with --check, compare.

All of a page comes from the rule itself, and its example from the rule's fixture: what
`edgecheck check` really prints about it, and the command that prints it.
"""

from __future__ import annotations

import argparse
import functools
import re
import shlex
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # the fixtures are no part of the package

from edgecheck import BUILT_IN, Severity, Source  # noqa: E402
from edgecheck.behaviour.refusers import in_order  # noqa: E402
from edgecheck.device import FILES  # noqa: E402
from edgecheck.hierarchy.roles import WORDS, Role  # noqa: E402
from edgecheck.report.symptoms import also_seen  # noqa: E402
from fixtures.expected import (  # noqa: E402
    FILES_OF_DEVICE,
    FIXTURES,
    NAME,
    Fixture,
    folders,
    read,
    shown,
)
from tools import client_pages, fleet_pages, schema_page, symptom_pages  # noqa: E402
from tools.markdown import fenced, table  # noqa: E402

if TYPE_CHECKING:
    from edgecheck.rules.engine.rule import Rule
    from edgecheck.rules.engine.ruleset import RuleSet

RULES = ROOT / "docs" / "rules"
SYMPTOMS = ROOT / "docs" / "symptoms"
FLEET_SCHEMA = ROOT / "edgecheck" / "fleet" / "schema" / "fleet-v1.json"
NOTE = "<!-- Made by tools/make_docs.py (`make docs`): change {}, not this page. -->"
IDS = {rule.id for rule in BUILT_IN}
WIDTH = 100  # what the command line takes where it writes to no terminal
OPTIONS = {
    "runtime": "--runtime",
    "time_t_bits": "--time-t",
    "hostname": "--device-hostname",
    "machine_name": "--machine-name",
    "gateway_host_names": "--gateway-host-name",
    "device_ca_file": "--device-ca-file",
    "trust_bundle": "--trust-bundle",
    "parent_hostname": "--parent-hostname",
    "device_id": "--device-id",
    "identity_certificate": "--identity-certificate",
    "os_trust": "--os-trust",
}
"""What the command line can be told about a device."""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--check",
        action="store_true",
        help="write nothing; list pages that differ, are missing or belong to no rule",
    )
    check = parser.parse_args(arguments).check
    made = pages()
    there = (*RULES.glob("**/*"), *SYMPTOMS.glob("**/*"))
    strays = {path for path in there if path.is_file()} - made.keys()
    faults = [f"belongs to no rule: {named(path)}" for path in strays]
    for path, text in made.items():
        content = text.encode("utf-8")
        if path.is_file() and path.read_bytes() == content:
            continue
        if check:
            faults.append(f"{'differs' if path.exists() else 'missing'}: {named(path)}")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    print("\n".join(sorted(faults)) or f"{len(made)} pages are up to date")
    return 1 if faults else 0


def named(path: Path) -> str:
    return path.relative_to(RULES.parent.parent).as_posix()


def pages() -> dict[Path, str]:
    """All pages by path."""
    made = {page_of(rule): page(rule) for rule in BUILT_IN}
    made |= {SYMPTOMS / name: text for name, text in symptom_pages.pages(NOTE).items()}
    return made | {
        RULES / "index.md": index(BUILT_IN),
        RULES / "by-role.md": by_role(BUILT_IN),
        RULES.parent / "fleet-columns.md": fleet_pages.page(NOTE),
        FLEET_SCHEMA: fleet_pages.schema(),
        RULES.parent / "symptoms.md": symptom_pages.texts(BUILT_IN, linked, NOTE),
        RULES.parent / "clients.md": NOTE.format("tools/client_pages.py")
        + "\n\n"
        + client_pages.page(),
        RULES.parent / "schema.md": NOTE.format(schema_page.SCHEMA)
        + "\n\n"
        + schema_page.page(ROOT),
    }


def page_of(rule: Rule) -> Path:
    family, _, slug = rule.id.partition(".")
    return RULES / family / f"{slug}.md"


# --- the index ----------------------------------------------------------------------------------


def index(rules: Iterable[Rule]) -> str:
    """Every rule with its severity and title, by family."""
    families: dict[str, list[Rule]] = {}
    for rule in rules:
        families.setdefault(rule.family, []).append(rule)
    lines = [
        NOTE.format("the rules in edgecheck/rules/"),
        "",
        "# Rules",
        "",
        "The [severity](../severity.md) is that of the ordinary case: the facts of a case may make",
        "it another. `edgecheck rules` lists the rules too, `edgecheck explain RULE` shows a page.",
    ]
    for family, members in families.items():
        lines += ["", f"## {family}", ""]
        module = ".".join(members[0].check.__module__.split(".")[:3])  # edgecheck.rules.family
        if about := sys.modules[module].__doc__:
            lines += [about.splitlines()[0], ""]
        lines += table(
            ("Rule", "Severity", "What is wrong"),
            (
                (f"[`{rule.id}`]({family}/{page_of(rule).name})", rule.severity, inline(rule.title))
                for rule in members
            ),
        )
    return "\n".join(lines) + "\n"


def by_role(rules: RuleSet) -> str:
    """Every rule by the roles of the certificates that it is about, as the fixtures show it."""
    roles: dict[str, set[str]] = {rule.id: set() for rule in rules}
    for folder in folders():
        for finding in read(folder).findings:
            roles[BUILT_IN[finding.rule].id].add(finding.role or "")
    lines = [
        NOTE.format("the rules in edgecheck/rules/, or the fixtures"),
        "",
        "# Rules by role",
        "",
        "What can be wrong with which certificate: the rules that find something about a",
        "certificate of that role in the files of `fixtures/`. All rules by family:",
        "[index.md](index.md).",
    ]
    headings: dict[str, str] = {role.value: WORDS[role] for role in Role}
    headings[""] = "no certificate: the input, the configuration, or what is trusted"
    for role, words in headings.items():
        members = [rule for rule in rules if role in roles[rule.id]]
        if members:
            lines += ["", f"## {words[0].upper()}{words[1:]}", ""]
            lines += table(
                ("Rule", "Severity", "What is wrong"),
                ((linked(r, "."), r.severity, inline(r.title)) for r in members),
            )
    return "\n".join(lines) + "\n"


def linked(rule: Rule, root: str) -> str:
    """A link to a rule's page from a page whose way to docs/rules/ this is."""
    return f"[`{rule.id}`]({root}/{rule.family}/{page_of(rule).name})"


# --- one rule -----------------------------------------------------------------------------------


@functools.cache
def page(rule: Rule) -> str:
    """All that there is to know about a rule, and an example."""
    module = Path(*rule.check.__module__.split(".")).with_suffix(".py").as_posix()
    lines = [NOTE.format(module), "", f"# {rule.id}", "", f"**{inline(rule.title)}**", ""]
    lines += table(("", ""), facts(rule))
    if rule.symptoms:
        lines += ["", "## What users see", ""]
        lines += [f"- `{text}`{number_of(text)}" for text in rule.symptoms]
    lines += ["", "## Why", "", *prose(rule.explanation, rule)]
    lines += ["", "## Remedy", "", *prose(rule.remedy, rule)]
    lines += example(rule)
    lines += ["", "## References", ""]
    for reference in rule.references:
        text = inline(reference.text)
        lines.append(f"- [{text}]({reference.url})" if reference.url else f"- {text}")
    return "\n".join(lines) + "\n"


def number_of(text: str) -> str:
    """The number and the constant of an error of OpenSSL."""
    error = also_seen(text)
    if error is None:
        return ""
    return f" (OpenSSL {' or '.join(map(str, error.numbers))}, Node.js `{error.constant}`)"


def facts(rule: Rule) -> Iterator[tuple[str, str]]:
    """What is known about a rule, as rows of a table."""
    yield "Severity", f"{rule.severity}, unless the facts of a case make it another"
    yield "Runs over", rule.over.value
    yield "IoT Edge", inline(rule.runtime) or "all versions"
    if rule.needs:
        yield "Undecided where", "; ".join(need.value for need in rule.needs)
    yield "Repaired by", rule.act.value
    if rule.follows:
        yield "Follows from", ", ".join(link(rule, cause) for cause in rule.follows)
    if rule.refused_by:
        yield "Refused by", ", ".join(in_order(rule.refused_by))
    if rule.formerly:
        yield "Formerly", ", ".join(f"`{id}`" for id in rule.formerly)


def link(here: Rule, rule_id: str) -> str:
    """A link from the page of one rule to that of another."""
    family, _, slug = rule_id.partition(".")
    place = f"{slug}.md" if family == here.family else f"../{family}/{slug}.md"
    return f"[`{rule_id}`]({place})"


def example(rule: Rule) -> list[str]:
    """What `edgecheck check` prints about the rule's fixture; of other rules nothing."""
    folder = FIXTURES / rule.family / page_of(rule).stem
    if not (folder / NAME).is_file():
        return []
    fixture = read(folder)
    lines = ["", "## Example", ""]
    printed, notes = output(fixture, rule)
    untold = sorted(fixture.device.keys() - OPTIONS.keys())
    untold += fixture.validation
    if untold:
        told = " and ".join(f"`{name}`" for name in untold)
        lines += [
            f"What a program prints that calls `edgecheck.check()` with `{shown(folder)}`; the",
            f"command line cannot be told {told}:",
            "",
        ]
    else:
        lines += [*fenced(" \\\n  ".join(command(fixture, rule, notes)), "sh"), ""]
    return [*lines, *fenced(printed, "text"), *clients(fixture, rule)]


def clients(fixture: Fixture, rule: Rule) -> list[str]:
    """Which clients refuse the fixture because of the rule, and what they say."""
    rows, others = client_pages.of_rule(fixture, rule.id)
    if not rows:
        return []
    lines = [
        "",
        "## Clients",
        "",
        "Who refuses the example because of this rule, and says what; *confirmed* where that",
        "client was recorded to refuse a chain because of it, else *predicted*",
        "([how](../../clients.md)).",
        "",
        *table(("Clients", "Say", ""), rows),
    ]
    for sentence in others:
        lines += ["", sentence]
    return lines


def output(fixture: Fixture, rule: Rule) -> tuple[str, bool]:
    """What is printed, and whether notes have to be asked for to see it."""
    from edgecheck import check
    from edgecheck.reporting.terminal import render

    given = fixture.given()
    for argument, names in (
        ("presented", fixture.presented),
        ("trust", fixture.trust),
        ("crls", fixture.crls),
    ):
        files = [fixture.file(name) for name in names]
        given[argument] = [Source(shown(file), file.read_bytes()) for file in files]
    of_device = {name: getattr(given["device"], name) for name in FILES}
    named = {
        name: Source(shown(fixture.file(read.name)), read.data)
        for name, read in of_device.items()
        if isinstance(read, Source)
    }
    given["device"] = replace(given["device"], **named)
    report = check(**given, rules=BUILT_IN.select(rule.id) if selected(rule) else BUILT_IN)
    notes = report.worst is Severity.INFO
    sources = [shown(fixture.file(name)) for name in fixture.presented]
    text = render(
        report,
        color=False,
        unicode=True,
        width=WIDTH,
        notes=notes,
        sources=sources,
        matrix=not selected(rule),
    )
    return text, notes


def selected(rule: Rule) -> list[str]:
    """The rule alone, but where it speaks only after all others."""
    return [] if rule.family == "client" else [rule.id]


def command(fixture: Fixture, rule: Rule, notes: bool) -> list[str]:
    """The command line that prints it, in pieces: the files, then each option."""
    options = [("--trust", shown(fixture.file(name))) for name in fixture.trust]
    options += [("--crl", shown(fixture.file(name))) for name in fixture.crls]
    if fixture.hostname is not None:
        options.append(("--hostname", fixture.hostname))
    options.append(("--at", fixture.at.isoformat().replace("+00:00", "Z")))
    for field, option in OPTIONS.items():
        value = fixture.device.get(field, [])
        for one in value if isinstance(value, list) else [value]:
            is_file = field in FILES_OF_DEVICE
            options.append((option, shown(fixture.file(one)) if is_file else str(one)))
    if fixture.profile != "iot-edge":
        options.append(("--profile", fixture.profile))
    options += [("--select", name) for name in selected(rule)]
    if notes:
        options.append(("--fail-on", "info"))
    files = [shown(fixture.file(name)) for name in fixture.presented]
    return [shlex.join(words) for words in (("edgecheck", "check", *files), *options)]


# --- Markdown -----------------------------------------------------------------------------------


def inline(text: str, here: Rule | None = None) -> str:
    """A piece of prose: outside `code`, nothing of it is taken for a tag or a link.

    On the page `here`, the ids of other rules become links.
    """
    parts = re.split(r"(`[^`]*`)", text)
    for at, part in enumerate(parts):
        if not part.startswith("`"):
            parts[at] = re.sub(r"([<\[\]])", r"\\\1", part)
        elif here is not None and part[1:-1] in IDS - {here.id}:
            parts[at] = link(here, part[1:-1])
    return "".join(parts)


def prose(text: str, here: Rule) -> list[str]:
    """Paragraphs as a rule's docstring has them; what is indented is code."""
    paragraphs = text.split("\n\n")
    told = "\n\n".join(p if p.startswith("    ") else inline(p, here) for p in paragraphs)
    return told.split("\n")


if __name__ == "__main__":
    sys.exit(main())
