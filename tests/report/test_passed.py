"""`report.passed`: what an auditor may tick off, and nothing that nobody looked at."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import edgecheck
from edgecheck import BUILT_IN, Device, Limits, Validation
from edgecheck.rules.engine.rule import Over
from edgecheck.rules.engine.ruleset import UnknownRule
from fixtures.expected import FIXTURES, folders, read, report_of
from fixtures.pki import pem
from fixtures.stock import HOSTNAME, NOW, stock_15
from tests.conftest import REPO
from tests.examples import some

FOLDERS = some(folders())
CHAIN, ROOT = pem(*stock_15().presented()), pem(*stock_15().trust())

FACTS_MAY_BE_UNKNOWN = (
    "edge.ca-as-identity",
    "hostname.not-ascii",
    "hostname.not-rfc1035",
    "hostname.parent-is-itself",
    "hostname.parent-too-long",
    "hostname.parent-with-dps",
)
"""They look at what is given of the device and need none of it: they never pass."""


def passed(given: Any = CHAIN, hostname: str | None = HOSTNAME, **more: Any) -> tuple[str, ...]:
    arguments: dict[str, Any] = {"trust": ROOT, "at": NOW, **more}
    return edgecheck.check(given, hostname, **arguments).passed


@pytest.mark.parametrize(
    "folder", FOLDERS, ids=[folder.relative_to(FIXTURES).as_posix() for folder in FOLDERS]
)
def test_what_passed_was_neither_found_nor_left_open(folder: Path) -> None:
    """Also not where a finding is folded under another; in the catalogue's order, each once."""
    report = report_of(folder)
    told = {f.rule.id for f in report.findings} | {u.rule for u in report.undecided}
    assert told.isdisjoint(report.passed)
    known = [rule.id for rule in BUILT_IN]
    assert [known.index(rule) for rule in report.passed] == sorted(map(known.index, report.passed))
    assert len(set(report.passed)) == len(report.passed)
    assert report.to_dict(predictions=False)["passed"] == list(report.passed)


def repaired() -> list[tuple[Path, str]]:
    """Fixtures that are repaired, each with the rule that it violated before."""
    found = []
    for folder in FOLDERS:
        family, slug, *fixed = folder.relative_to(FIXTURES).parts
        rule = f"{family}.{slug.partition('--')[0]}"
        if fixed and rule not in FACTS_MAY_BE_UNKNOWN:
            try:
                found.append((folder, BUILT_IN[rule].id))
            except UnknownRule:
                continue
    return found


@pytest.mark.parametrize(
    ("folder", "rule"),
    repaired(),
    ids=[folder.relative_to(FIXTURES).as_posix() for folder, _ in repaired()],
)
def test_what_was_repaired_has_passed(folder: Path, rule: str) -> None:
    """Unless it is still found, in another place or milder, or rests on lists for some alone."""
    report = report_of(folder)
    if rule not in {finding.rule.id for finding in report.findings} | {"path.revoked"}:
        assert rule in report.passed


def test_rules_about_a_sound_gateway_pass() -> None:
    """Those that run on it, and those that its having nothing unusual decides."""
    told = passed()
    for rule in ("hostname.not-in-san", "validity.expired", "path.signature-invalid"):
        assert rule in told  # judged on every chain
    for rule in ("path.name-constraints", "encoding.serial-too-long", "algorithm.weak-rsa-key"):
        assert rule in told  # nothing is there that they are about
    assert "client.refuses" in told


def test_without_trust_or_name_what_rests_on_them_has_not_passed() -> None:
    assert {"trust.root-not-trusted", "chain.missing-issuer"} <= set(passed())
    assert {"trust.root-not-trusted", "chain.missing-issuer"}.isdisjoint(passed(trust=()))
    assert "hostname.not-in-san" not in passed(hostname=None)
    assert "client.refuses" not in passed(hostname=None)
    assert "client.refuses" not in passed(trust=())


def test_of_an_unknown_device_nothing_has_passed() -> None:
    """Nor of one of which something else is known."""
    about_devices = {rule.id for rule in BUILT_IN if rule.over is Over.DEVICE}
    assert about_devices.isdisjoint(passed())
    assert about_devices.isdisjoint(passed(device=Device()))
    assert about_devices.isdisjoint(passed(device=Device(runtime="1.5")))
    known = passed(device=Device(runtime="1.5", hostname=HOSTNAME))
    assert {"hostname.too-long", "hostname.loopback"} <= set(known)
    assert about_devices.isdisjoint(known) is False
    assert not set(FACTS_MAY_BE_UNKNOWN) & set(known)


@pytest.mark.parametrize(
    "damaged",
    [
        CHAIN + b"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
        CHAIN + b"-----BEGIN CERTIFICATE-----\nMIIB",
        CHAIN[:-200],
    ],
)
def test_where_something_could_not_be_read_nothing_is_true_of_all(damaged: bytes) -> None:
    assert passed(damaged) == ()


def test_where_more_was_given_than_is_read_nothing_has_passed() -> None:
    for limits in (Limits(certificates=2), Limits(input_bytes=len(CHAIN) - 10)):
        assert passed(validation=Validation(limits=limits)) == ()


@pytest.mark.parametrize("nothing", [(), b"", b"garbage", "-----BEGIN CERTIFICATE-----\n"])
def test_of_nothing_nothing_has_passed(nothing: Any) -> None:
    assert passed(nothing) == ()


def test_a_certificate_alone_proves_no_links() -> None:
    """No signature was verified, and no CA was looked at."""
    alone = pem(stock_15().presented()[0])
    told = set(passed(alone, trust=()))
    for rule in BUILT_IN:
        if rule.over in (Over.EACH_LINK, Over.EACH_CA, Over.DEVICE_CA):
            assert rule.id not in told
    assert {"path.signature-invalid", "ca.not-a-ca", "path.name-constraints"}.isdisjoint(told)
    assert "validity.expired" in told


def test_revocation_passes_only_where_every_status_had_to_be_known() -> None:
    """A list that was given may be about another certificate."""
    given = read(FIXTURES / "path" / "revoked" / "fixed").given()
    whole = edgecheck.check(**given)
    assert whole.valid is True
    assert "path.revoked" not in whole.passed  # there are lists of two CAs of four
    asked = {**given, "hostname": None, "validation": Validation(revocation="require")}
    assert "path.revoked" not in edgecheck.check(**asked).passed
    intermediate, root = whole.hierarchy.intermediates[0], whole.hierarchy.root
    known = edgecheck.check(**{**asked, "presented": intermediate, "trust": root})
    assert {"path.revoked", "path.revocation-unknown"} <= set(known.passed)


def test_what_was_not_asked_for_has_not_passed() -> None:
    """A profile, a depth, a purpose."""
    assert {"path.profile", "path.too-deep"}.isdisjoint(passed())
    assert "path.too-deep" in passed(validation=Validation(max_depth=5))
    assert "path.not-for-this-purpose" in passed()
    assert "path.not-for-this-purpose" not in passed(profile="path")
    about_servers = {rule.id for rule in BUILT_IN if rule.over is Over.SERVER}
    assert about_servers & set(passed())
    as_client = passed(hostname=None, validation=Validation(purpose="client"))
    assert about_servers.isdisjoint(as_client)


def test_rules_that_were_left_out_have_not_passed() -> None:
    """And without the whole catalogue no client is asked, so that nobody is known to accept."""
    chosen = BUILT_IN.select("validity", "client")
    told = passed(rules=chosen)
    assert "validity.expired" in told
    assert set(told) <= {rule.id for rule in chosen} - {"client.refuses"}


def test_an_undecided_step_leaves_open_what_else_the_path_breaks() -> None:
    spent = Validation(limits=Limits(signatures=0))
    told = set(passed(validation=spent))
    for rule in BUILT_IN:
        if rule.over is Over.PATH_VIOLATION:
            assert rule.id not in told


def test_where_an_error_stands_nobody_asked_the_clients() -> None:
    report = read(FIXTURES / "validity" / "expired").check()
    assert not report.ok
    assert "client.refuses" not in report.passed


LAZY = """
import sys
import edgecheck
from fixtures.pki import pem
from fixtures.stock import HOSTNAME, NOW, stock_15
gateway = stock_15()
report = edgecheck.check(pem(*gateway.presented()), HOSTNAME, pem(*gateway.trust()), NOW)
report.valid, report.findings, report.undecided, report.fix_first
assert "edgecheck.report.passed" not in sys.modules
made = report.to_dict(predictions=False)
assert made["passed"] and made["predictions"] == []
assert report.to_json(predictions=False)
assert "edgecheck.clients.predict" not in sys.modules
assert report.to_dict()["predictions"]
assert {**report.to_dict(), "predictions": []} == made
"""


def test_it_is_computed_for_those_who_ask_and_asks_no_client() -> None:
    """So `check()` pays nothing, nor does JSON without predictions pay for models."""
    subprocess.run([sys.executable, "-W", "ignore", "-c", LAZY], check=True, cwd=REPO)
