"""Every act names what has to change, and that is there to be changed, or named as missing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import edgecheck
from edgecheck.device import FILES
from edgecheck.hierarchy.roles import WORDS, Role
from edgecheck.report.acts import Repair, repairs
from edgecheck.reporting.document.acts import acts
from edgecheck.reporting.fixes import fix_first
from edgecheck.reporting.style import Style
from edgecheck.rules.engine.case import shown_name
from edgecheck.rules.engine.objects import SETTINGS, Kind, Object
from edgecheck.rules.engine.rule import Act
from fixtures import demo, stock
from fixtures.expected import FIXED, FIXTURES, Fixture, folders, read
from fixtures.pki import pem
from tests.chains_at_random import chain

BROKEN = [folder for folder in folders() if folder.name != FIXED]
each_folder = pytest.mark.parametrize(
    "folder", BROKEN, ids=[folder.relative_to(FIXTURES).as_posix() for folder in BROKEN]
)
ACTS = {
    Kind.FILE: {Act.EDIT},
    Kind.CERTIFICATE: {Act.REISSUE, Act.RENEW, Act.RESTART},
    Kind.TRUST: {Act.TRUST},
    Kind.CONFIGURATION: {Act.CONFIGURE},
    Kind.CLIENT: {Act.CLIENT},
    Kind.CLOCK: {Act.WAIT},
    Kind.CAPTURE: {Act.AGAIN},
    Kind.INPUT: {Act.GIVE},
    Kind.MISSING: {Act.ADD},
}
"""What can be done to each kind of object."""


def given(report: edgecheck.Report) -> set[edgecheck.Certificate]:
    """Every certificate of the input, whichever argument it came with."""
    expected = report.expected
    of_device = (c for field in FILES for c in getattr(expected, field) or ())
    return {*report.certificates, *expected.trust, *of_device}


def done(report: edgecheck.Report) -> Iterator[tuple[Repair, Object]]:
    """Acts with their objects."""
    for repair in repairs(report.findings):
        if repair.act is Act.NOTHING:
            assert repair.object is None
            continue
        assert repair.object is not None, repair
        yield repair, repair.object


def shown(report: edgecheck.Report) -> str:
    return "\n".join(fix_first(acts(report), Style(width=1000)))


def named_files(fixture: Fixture) -> set[str]:
    """Files of the gateway that were given beside the chain."""
    return {str(fixture.device[field]) for field in FILES if field in fixture.device}


@each_folder
def test_every_act_names_what_has_to_change(folder: Path) -> None:
    """It exists or is named as missing, and sentences, lines and commands are about it."""
    fixture = read(folder)
    report = fixture.check()
    exists_or_is_missing(fixture, report)
    is_what_is_told_about(report)
    is_named_by_commands(report)


def exists_or_is_missing(fixture: Fixture, report: edgecheck.Report) -> None:
    """A certificate or a file of the input, a setting that there is, or what nobody gave."""
    certificates = {certificate.sha256: certificate for certificate in given(report)}
    editable = named_files(fixture) | (set() if report.hierarchy.as_sent else {*fixture.presented})
    for finding in report.findings:
        assert (finding.object is None) is (finding.act is Act.NOTHING)
    for repair, changes in done(report):
        assert repair.act in ACTS[changes.kind], repair.words
        assert changes.words, repair
        if changes.kind is Kind.CERTIFICATE:
            assert shown_name(certificates[changes.subject]) in changes.words
        elif changes.kind is Kind.FILE:
            assert changes.subject in editable
            assert changes.subject in changes.words
        elif changes.kind is Kind.TRUST:
            assert changes.subject in fixture.trust or not fixture.trust
        elif changes.kind is Kind.CONFIGURATION:
            assert changes.subject in SETTINGS
        elif changes.kind is Kind.CAPTURE:
            assert changes.subject in fixture.presented
        elif changes.kind is Kind.MISSING:
            wanted = changes.subject.removeprefix("the certificate ").strip('"')
            concerned = {sha256 for f in repair.findings for sha256 in f.certificates}
            others = (c for sha256, c in certificates.items() if sha256 not in concerned)
            assert wanted not in {str(other.subject) for other in others}
            assert wanted in changes.words


ROLES = "|".join(re.escape(words) for words in WORDS.values())
DONE_TO = re.compile(rf'\b(?:[Hh]ave|[Rr]eissue|Renew|renew) (the (?:{ROLES})(?: "[^"]*")?)')
OF_A_CA = re.compile(r"CA:TRUE|keyCertSign|nameConstraints")
OF_A_LEAF = re.compile(r"CA:FALSE|keyEncipherment|subjectAltName|serverAuth|clientAuth")


def is_what_is_told_about(report: edgecheck.Report) -> None:
    """No sentence or line tells to do it to another certificate than the act names."""
    for repair, changes in done(report):
        if changes.kind is not Kind.CERTIFICATE:
            assert not repair.extension_lines
            continue
        told = [match[1] for text in repair.instructions for match in DONE_TO.finditer(text)]
        assert [words for words in told if not changes.words.startswith(words)] == []
        certificate = next(c for c in given(report) if c.sha256 == changes.subject)
        is_leaf = report.hierarchy.role(certificate) is Role.SERVER
        client = report.expected.validation.purpose == "client"
        wrong = OF_A_CA if is_leaf or client else OF_A_LEAF
        assert not [line for line in repair.extension_lines if wrong.search(line)]


@each_folder
def test_nothing_is_edited_that_cannot_be(folder: Path) -> None:
    """Not what a server sent, what came by standard input, nor bytes without a name."""
    fixture = read(folder)
    arguments = fixture.given()
    files, contents = named_files(fixture), [each.data for each in arguments["presented"]]
    ways: list[dict[str, Any]] = [
        {"as_sent": True},
        {"presented": [edgecheck.Source("-", data) for data in contents]},
        {"presented": contents},
    ]
    for way in ways:
        report = edgecheck.check(**(arguments | way))
        for repair, changes in done(report):
            assert repair.act in ACTS[changes.kind]
            if changes.kind is Kind.FILE:
                assert changes.subject in files
        edited = set(re.findall(r"\d+\. edit ([^ ,:]+)", shown(report)))
        assert edited <= files


def is_named_by_commands(report: edgecheck.Report) -> None:
    """Where the file that has to change is known, no placeholder stands for it."""
    for repair, changes in done(report):
        if changes.kind is Kind.FILE:
            assert not re.search(r"(?<![\w.])FILE(?![\w.])", " ".join(repair.instructions))


@pytest.mark.parametrize("number", range(60))
def test_chains_at_random_have_objects_too(number: int) -> None:
    """What is presented comes without names, so that there is no file to edit."""
    report = chain(number, seed=17).check()
    known = {certificate.sha256 for certificate in given(report)}
    for repair, changes in done(report):
        assert repair.act in ACTS[changes.kind]
        assert changes.kind is not Kind.FILE
        assert changes.words
        assert changes.kind is not Kind.CERTIFICATE or changes.subject in known


def objects(report: edgecheck.Report) -> dict[str, Object]:
    """What has to change for each rule, but for what needs no act."""
    return {f.rule.id: f.object for f in report.findings if f.object is not None}


def gateway_without_intermediate(**how: Any) -> edgecheck.Report:
    gateway = stock.stock_15("ec")
    sent = gateway.presented("server", "device_ca")
    return edgecheck.check(
        [edgecheck.Source(how.pop("name", "<input>"), pem(*sent))],
        trust=edgecheck.Source("roots.pem", pem(*gateway.trust())),
        at=stock.NOW,
        **how,
    )


@pytest.mark.parametrize(
    ("device_ca_file", "words"),
    [
        (None, "the gateway's device CA file (`cert` of `[edge_ca]`"),
        ("ca.pem", "ca.pem, the gateway's device CA file"),
    ],
)
def test_what_is_missing_is_added_to_the_file_that_the_runtime_reads(
    device_ca_file: str | None, words: str
) -> None:
    """It is named as it was given, or else by the setting that names it."""
    device = edgecheck.Device(runtime="1.5")
    if device_ca_file is not None:
        alone = pem(*stock.stock_15("ec").presented("device_ca"))
        source = edgecheck.Source(device_ca_file, alone)
        device = edgecheck.Device(runtime="1.5", device_ca_file=source)
    changes = objects(gateway_without_intermediate(device=device))["chain.missing-issuer"]
    assert changes.kind is Kind.MISSING
    assert "CN=Contoso Plant 7 Intermediate CA" in changes.subject
    assert f"to {words}" in changes.words


def test_a_quick_start_comes_first_and_explains_the_rest() -> None:
    """Whoever trusts another root finds no way to it, for no device CA is configured."""
    other = stock.stock_15("ec")
    for gateway in (demo.quickstart_11(), demo.quickstart_13_to_16("1.5")):
        for sent in (["server"], [role for role in gateway if role != "root"]):
            report = edgecheck.check(
                pem(*gateway.presented(*sent)), None, pem(*other.trust()), stock.NOW, as_sent=True
            )
            loud = [f for f in report.findings if f.severity is edgecheck.Severity.ERROR]
            alone = [f.rule.id for f in loud if f.caused_by is None]
            if "workload_ca" in gateway and sent == ["server"]:
                assert alone == ["chain.missing-issuer"]  # nothing tells who issued its issuer
                continue
            assert alone == ["edge.quickstart-certificates"]
            first = repairs(report.findings)[0]
            assert (first.act, first.object and first.object.subject) == (
                Act.CONFIGURE,
                "edge_ca",
            )


def test_a_name_of_many_signs_is_quoted_for_the_shell() -> None:
    """It may hold blanks and quotes; the command still names one file."""
    text = b"".join(b"  " + line for line in pem(*stock.stock_15("ec").trust()).splitlines(True))
    report = edgecheck.check(
        [],
        at=stock.NOW,
        device=edgecheck.Device(trust_bundle=edgecheck.Source("my 'ca'.pem", text)),
    )
    (repair,) = [r for r, _ in done(report) if r.findings[0].rule.id == "input.indented-block"]
    assert "sed" in repair.instructions[0]
    assert r"'my '\''ca'\''.pem'" in repair.instructions[0]


@pytest.mark.parametrize("runtime", ["1.1", "1.5", None])
def test_what_the_runtime_needs_is_told_by_its_version(runtime: str | None) -> None:
    """Up to 1.1 the daemon is restarted; later the configuration is applied."""
    gateway = stock.stock_15("ec")
    twice = [*gateway.presented(), *gateway.presented("device_ca")]
    report = edgecheck.check(
        pem(*twice), at=stock.NOW, device=edgecheck.Device(runtime=runtime, device_ca_file=b"")
    )
    changes = objects(report)["chain.duplicate-certificate"]
    restart, apply = "sudo systemctl restart iotedge", "sudo iotedge config apply"
    assert (restart in changes.then) is (runtime == "1.1")
    assert (apply in changes.then) is (runtime != "1.1")
