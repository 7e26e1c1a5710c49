"""Acts: findings that one act repairs go together, and the act that closes most comes first."""

from __future__ import annotations

import re

import pytest

import edgecheck
from edgecheck.report.acts import in_short, merged, repairs
from edgecheck.reporting.terminal import render
from edgecheck.rules.engine.rule import Act, Severity
from fixtures import stock
from fixtures.expected import FIXTURES, folders, read, report_of
from fixtures.pki import basic_constraints, key_usage, pem
from tests.faults import FAULTS, Setup, healthy

DEMO = read(FIXTURES / "demo" / "broken-gateway")
BY_NAME = {fault.name: fault for fault in FAULTS}


def with_faults(*names: str) -> edgecheck.Report:
    setup: Setup = healthy()
    for name in names:
        setup = BY_NAME[name].apply(setup)
    return setup.report()


def acts(report: edgecheck.Report) -> list[tuple[Act, set[str]]]:
    return [(r.act, {f.rule.id for f in r.findings}) for r in repairs(report.findings)]


def shown(report: edgecheck.Report) -> str:
    text = render(report, color=False, unicode=True, width=100)
    return text.partition("\nFix first:\n")[2]


def test_one_certificate_reissued_is_one_act() -> None:
    """The demo: two faults of the device CA are repaired together, before all else."""
    first, *others = repairs(DEMO.check().findings)
    assert first.act is Act.REISSUE
    assert {f.rule.id for f in first.findings} == {
        "ca.not-a-ca",
        "naming.device-ca-cn-is-hostname",
    }
    assert (first.errors, first.warnings) == (1, 1)
    assert first.extension_lines == (
        "basicConstraints = critical,CA:TRUE",
        "keyUsage = critical,digitalSignature,keyCertSign,cRLSign",
    )
    assert all(other.errors == 0 for other in others)


def test_five_faults_with_two_causes_are_few_acts() -> None:
    """The act that closes three comes first, although another one is as bad."""
    report = with_faults(
        "the device CA has the host name",
        "the device CA has no basicConstraints",
        "the device CA may not sign",
        "the intermediate says CA:FALSE",
        "the order is wrong",
    )
    assert acts(report) == [
        (
            Act.REISSUE,
            {"ca.not-a-ca", "ca.no-cert-sign", "naming.device-ca-cn-is-hostname"},
        ),
        (Act.REISSUE, {"ca.not-a-ca"}),
        (Act.CONFIGURE, {"chain.wrong-order"}),
    ]
    assert [f.id for f in report.fix_first] == report.to_dict()["fix_first"]
    text = shown(report)
    assert text.startswith('  1. reissue the device CA "iotedgegw.local": closes 2 errors and 1 ')
    assert text.count("keyUsage = critical,digitalSignature,keyCertSign,cRLSign\n") == 2
    assert "Have the device CA reissued with another common name" in text


def test_errors_weigh_more_than_warnings() -> None:
    """However many warnings another act would close."""
    report = with_faults(
        "the root ends in 2049",
        "the order is wrong",
        "the device CA is sent twice",
        "a stranger stands in the chain",
        "the server certificate has expired",
    )
    first, second, *_ = repairs(report.findings)
    assert (first.act, first.errors) == (Act.RESTART, 1)
    assert second.warnings >= 2
    assert "1. let the runtime renew the hub server certificate " in shown(report)


def test_a_certificate_to_be_reissued_and_renewed_is_reissued() -> None:
    """One new certificate is enough for both."""
    report = with_faults("the intermediate says CA:FALSE", "the intermediate has expired")
    assert acts(report) == [(Act.REISSUE, {"ca.not-a-ca", "validity.expired"})]


def test_what_follows_counts_for_its_cause() -> None:
    """An act that closes an error and what follows from it comes before one that closes one."""
    for folder in folders():
        report = report_of(folder)
        made = repairs(report.findings)
        weights = [(r.act is Act.NOTHING, -r.errors, -r.warnings) for r in made]
        assert weights == sorted(weights)
        loud = [f for f in report.findings if not f.caused_by and f.severity is not Severity.INFO]
        listed = [f for repair in made for f in repair.findings]
        assert sorted(f.id for f in listed) == sorted(f.id for f in loud), folder
        known = {f.id for f in listed}
        counted = sum(r.closes for r in made)
        assert counted == len(loud) + sum(f.caused_by in known for f in report.findings)


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (("    keyUsage = keyCertSign",), ("keyUsage = keyCertSign",)),
        (
            ("    keyUsage = keyCertSign", "        keyUsage=critical,cRLSign , keyCertSign"),
            ("keyUsage = critical,keyCertSign,cRLSign",),
        ),
        (
            ("    basicConstraints = CA:TRUE", "    basicConstraints = critical,CA:TRUE,pathlen:0"),
            ("basicConstraints = critical,CA:TRUE",),
        ),
        (
            ("    subjectAltName = DNS:a", "    subjectAltName = DNS:b,DNS:a"),
            ("subjectAltName = DNS:a,DNS:b",),
        ),
        (("    cat root.pem >> chain.pem", "keyUsage = in prose", "    cert = x"), ()),
    ],
)
def test_extension_lines_are_merged(given: tuple[str, ...], wanted: tuple[str, ...]) -> None:
    """Each extension stands once, with all that is asked of it, and critical first."""
    assert merged(given) == wanted


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Do this. Then\nthat.", "Do this."),
        (
            "Update to 1.2 or later, or\nuse a DNS name",
            "Update to 1.2 or later, or use a DNS name.",
        ),
        ("Do this:\n\n    really\n    now\n\nThen that.", "Do this:\n    really\n    now"),
        ("Do this:\n\nReally.", "Do this."),
        ("Do this: now\n\n    really", "Do this: now\n    really"),
        ("Do exactly\n\n    this\n\nor that.", "Do exactly\n    this"),
        ("Do this; or that.", "Do this."),
        ("Do `a; b` (up to 1.1: c; d. E) now. Then that.", "Do `a; b` (up to 1.1: c; d. E) now."),
    ],
)
def test_the_first_thing_to_do(text: str, sentence: str) -> None:
    """A sentence, or what stands before a semicolon, not one in brackets; and lines behind it."""
    assert in_short(text) == sentence


def _server_without_names(hostname: str | None, configured: str | None) -> str:
    gateway = stock.stock_15("ec").without_extension("server", "subjectAltName")
    device = edgecheck.Device(runtime="1.5", hostname=configured)
    report = edgecheck.check(
        pem(*gateway.presented()), hostname, pem(*gateway.trust()), stock.NOW, device
    )
    return shown(report)


@pytest.mark.parametrize(
    ("hostname", "configured", "line"),
    [
        ("IoTEdgeGW.local", None, "subjectAltName = DNS:iotedgegw.local"),
        ("iotedgegw", "iotedgegw.local", "subjectAltName = DNS:iotedgegw.local"),
        ("192.0.2.7", None, "subjectAltName = IP:192.0.2.7"),
        ("[FE80::1]", None, "subjectAltName = IP:fe80::1"),
        ("fe80::1%e\ud800th0", None, "subjectAltName = IP:fe80::1"),
        ("iotedgegw", "fe80::1%\x1b[2J", "subjectAltName = IP:fe80::1"),
    ],
)
def test_the_gateways_name_is_filled_in(hostname: str, configured: str | None, line: str) -> None:
    """Where it is known: a DNS name, or an address without its zone, in which any text may be."""
    assert f"         {line}\n" in _server_without_names(hostname, configured)


def test_lines_of_several_findings_stand_once() -> None:
    """Two findings about the extensions of one CA ask for the same lines."""
    gateway = stock.stock_15("ec").with_extension(
        "device_ca", basic_constraints(True, critical=False)
    )
    gateway = gateway.with_extension("device_ca", key_usage("digitalSignature"))
    report = edgecheck.check(pem(*gateway.presented()), None, pem(*gateway.trust()), stock.NOW)
    repair = repairs(report.findings)[0]
    assert len(repair.findings) == 2
    names = [line.partition(" ")[0] for line in repair.extension_lines]
    assert names == ["basicConstraints", "keyUsage"]
    assert repair.instructions == (
        "Then replace it in the gateway's device CA file (`cert` of `[edge_ca]`), and run "
        "`sudo iotedge config apply`.",
    )


def test_every_instruction_is_a_sentence_to_follow() -> None:
    """Over all fixtures: it starts like a sentence, ends like one, and is short enough to read."""
    for folder in folders():
        for repair in repairs(report_of(folder).findings):
            for sentence in repair.instructions:
                if repair.act is not Act.NOTHING:
                    assert re.fullmatch(r"[A-Z`].{10,400}(\.|\n    .+)", sentence, re.S), (
                        folder,
                        sentence,
                    )
