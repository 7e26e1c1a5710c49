"""Reports about a device's certificate: they speak of devices, and of nothing that is a gateway's.

Every fixture of every rule is judged once more as what a device presents. So no rule can come
without words of its own for that.
"""

from __future__ import annotations

import functools
import re
from typing import Any

import pytest

import edgecheck
from edgecheck import BUILT_IN, Device, Role, Validation
from edgecheck.reporting.terminal import render
from edgecheck.rules.engine.ruleset import NOT_ABOUT
from edgecheck.rules.for_devices import FOR_DEVICES
from fixtures.expected import FIXTURES, folders, read
from fixtures.identity.recipe import INTERMEDIATE, ROOT, device
from fixtures.pki import pem
from fixtures.stock import NOW

OF_GATEWAYS = re.compile(
    r"gateway|server|device CA|edge CA|hub certificate|workload|client|the runtime|daemon|module|"
    r"host ?name|--runtime|config apply",
    re.IGNORECASE,
)
MEANT = re.compile(
    r"gateway's trust bundle|clocks of the gateway, which judges it|clientAuth|serverAuth"
    r"|--purpose client|chain\.server-not-first"
)
"""What has to do with a device all the same: edgeHub judges it, by the gateway's trust bundle."""
FOREIGN = re.compile(r'"[^"]*"|\b(?:C|O|OU|CN|ST|L)=[^"]*$|\S*(?:gateway|iotedge)[-.\d]\S*')
"""Names out of certificates and of files."""
REGISTRATIONS: tuple[Any, ...] = (
    None,
    {"device_id": "sensor-7", "authentication": "certificateAuthority"},
    {"authentication": "selfSigned", "thumbprints": ["00"]},
)


@functools.cache
def reports() -> tuple[tuple[str, edgecheck.Report], ...]:
    """Every fixture, judged as what a device presents."""
    made = []
    for folder in folders():
        fixture = read(folder)
        given = fixture.given()
        runtime = given["device"].runtime
        given |= {"hostname": None, "clients": None}
        given["validation"] = Validation(**{**fixture.validation, "purpose": "client"})
        for registration in REGISTRATIONS:
            given["device"] = Device(runtime=runtime, registration=registration)
            made.append((fixture.name, edgecheck.check(**given)))
    return tuple(made)


def foreign_words(text: str, report: edgecheck.Report) -> str | None:
    """The first word about gateways in a text of ours, and what stands around it."""
    names = {
        common
        for certificate in report.origins
        for name in (certificate.subject, certificate.issuer)
        for common in name.common_names
    }
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "")
    text = FOREIGN.sub("", MEANT.sub("", text))
    found = OF_GATEWAYS.search(text)
    return text[max(0, found.start() - 60) : found.end() + 60] if found else None


def test_no_message_and_no_remedy_speaks_of_gateways() -> None:
    """Neither do reasons: why something matters, or why it is not decided."""
    wrong = set()
    for name, report in reports():
        for finding in report.findings:
            told = FOR_DEVICES.get(finding.rule.id)
            why = (told.why if told else "") or finding.rule.explanation.partition("\n\n")[0]
            for text in (finding.message, why, *map(plain, evidence(finding))):
                if word := foreign_words(text, report):
                    wrong.add((finding.rule.id, word, text))
            remedy = MEANT.sub("", finding.remedy)
            if word := OF_GATEWAYS.search(remedy):
                wrong.add((finding.rule.id, word.group(), finding.remedy))
        for entry in report.undecided:
            if entry.because != NOT_ABOUT["client"] and (
                word := foreign_words(entry.because, report)
            ):
                wrong.add((entry.rule, word, entry.because))
        assert name
    assert not wrong, "\n".join(map(str, sorted(wrong)))


def evidence(finding: edgecheck.Finding) -> list[Any]:
    """What is wanted and found, where the words are ours and no text out of a certificate."""
    given = finding.evidence
    return [given["wanted"], given["found"]] if finding.rule.family != "identity" else []


def plain(value: Any) -> str:
    return value if isinstance(value, str) and "=" not in value else ""


def test_no_report_speaks_of_gateways() -> None:
    """As it stands on a terminal, with its tree, its acts and its last line."""
    wrong = set()
    for name, report in reports():
        text = render(report, color=False, unicode=True, width=400, sources=("device.pem",))
        # The headline of the first screen, which may be cut, is told whole below.
        text = re.sub(r"(?m)^(?:error|warning): (?:.+\n)+?(?=  do first|  refused|\n)", "", text)
        text = re.sub(r"\s+(?:see:|-->|\|) .*", "", text)  # documents, files, values
        if around := foreign_words(re.sub(r"\s+", " ", text), report):
            wrong.add((around, name))
    assert not wrong, "\n".join(map(str, sorted(wrong)[:20]))


def test_roles_are_those_of_a_devices_chain() -> None:
    """A device, CAs between, a root: no device CA, no workload CA, no server."""
    roles = {finding.role for _, report in reports() for finding in report.findings}
    roles |= {
        assigned.role for _, report in reports() for assigned in report.hierarchy.roles.values()
    }
    assert roles == {Role.DEVICE, Role.INTERMEDIATE, Role.ROOT, Role.OTHER, None}


def test_who_refuses_is_edge_hub() -> None:
    """Which is built on .NET: no client gets to see the certificate."""
    named = {
        who
        for _, report in reports()
        for finding in report.findings
        for who in finding.evidence.get("refused_by", ())
    }
    assert named == {".NET"}
    assert not any(report.predictions for _, report in reports())


def test_what_does_not_apply_says_so_and_is_not_counted() -> None:
    """Rules about gateways never count as passed for a device."""
    report = edgecheck.check(
        pem(device(), INTERMEDIATE),
        trust=pem(*ROOT),
        at=NOW,
        validation=Validation(purpose="client"),
    )
    beside = {entry.rule for entry in report.undecided if entry.because == NOT_ABOUT["client"]}
    assert beside == {rule.id for rule in BUILT_IN if rule.purpose == "server"} - {
        "hostname.not-in-san"  # over violations of the path, which a device's has not
    } | ({"hostname.not-in-san"} & beside)
    families = {rule.partition(".")[0] for rule in beside}
    assert families >= {"hostname", "edge", "configuration", "device", "runtime", "client"}
    text = render(report, color=False, unicode=True, width=100)
    assert text.startswith("ok")
    assert "undecided" not in text


def test_every_text_is_of_a_rule_that_can_be_broken_by_a_device() -> None:
    """No text is left over from a rule that is gone, or is about gateways."""
    rules = {rule.id: rule for rule in BUILT_IN}
    assert not [id for id in FOR_DEVICES if id not in rules or rules[id].purpose == "server"]
    for id, words in FOR_DEVICES.items():
        assert words.remedy or words.why, id
        assert words.remedy != rules[id].remedy
        if words.remedy.lower().startswith("none"):
            assert rules[id].remedy.startswith("none, because")


@pytest.mark.parametrize("rule", [r.id for r in BUILT_IN if r.purpose == "client"])
def test_rules_about_devices_do_not_run_for_gateways(rule: str) -> None:
    """And say why."""
    report = read(FIXTURES / "good" / "runtime-1-5-rsa").check()
    (entry,) = (entry for entry in report.undecided if entry.rule == rule)
    assert entry.because == NOT_ABOUT["server"]
