"""Reports, and all that is in them, are values: they pickle, copy, compare, and can be keys."""

from __future__ import annotations

import copy
import functools
import multiprocessing
import operator
import pickle
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

import edgecheck
from edgecheck import (
    BUILT_IN,
    Device,
    Limits,
    Memo,
    Report,
    Role,
    RuleSet,
    Severity,
    Source,
    Undecided,
    Validation,
)
from edgecheck.reading.certificate import Unreadable
from edgecheck.rules.engine.rule import Act, Over, Violation, rule
from fixtures.expected import FIXTURES, folders, read
from fixtures.pki import issue, pem
from fixtures.stock import HOSTNAME, NOW, server_of_11, stock_11
from tests.conftest import REPO
from tests.examples import some

pytestmark = pytest.mark.filterwarnings("ignore:Parsed a serial number which wasn't positive")

FOLDERS = some(folders())
BROKEN = FIXTURES / "validity" / "expired"
ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO


@functools.cache
def gateway() -> tuple[bytes, bytes]:
    stock = stock_11("ec")
    return pem(*stock.presented()), pem(*stock.trust())


def good() -> Report:
    chain, root = gateway()
    return edgecheck.check(chain, HOSTNAME, root, NOW)


def packed(value: Any) -> Any:
    return pickle.loads(pickle.dumps(value))


COPIES: dict[str, Callable[[Any], Any]] = {
    "pickled": packed,
    "copied": copy.copy,
    "copied deeply": copy.deepcopy,
}
each_way = pytest.mark.parametrize("way", COPIES.values(), ids=list(COPIES))


# --- severities ---------------------------------------------------------------------------------


def test_severities_are_ordered_by_weight() -> None:
    """Not as their words are: an error weighs more than a warning."""
    assert ERROR > WARNING > INFO
    assert INFO < WARNING < ERROR
    assert ERROR >= ERROR >= WARNING >= INFO
    assert INFO <= INFO <= WARNING <= ERROR
    assert not (ERROR < ERROR or ERROR > ERROR or WARNING >= ERROR or WARNING <= INFO)
    assert sorted([WARNING, ERROR, INFO]) == [INFO, WARNING, ERROR]
    assert max([INFO, ERROR, WARNING]) is ERROR
    assert min([ERROR, INFO, WARNING]) is INFO


def test_a_severity_is_its_word_and_is_ordered_with_other_such_words() -> None:
    """A word out of JSON or of a command line stands for the severity, on either side."""
    assert ERROR == "error"
    assert ERROR != "warning"
    assert ERROR >= "warning"
    assert INFO < "warning"
    assert operator.gt("error", WARNING)
    assert operator.le("info", INFO)
    assert not operator.gt("warning", ERROR)
    assert f"{ERROR}" == "error"
    assert {"error": 1}[ERROR] == 1


@pytest.mark.parametrize("other", ["fatal", "", 1, None, b"error"])
@pytest.mark.parametrize("compare", [operator.lt, operator.le, operator.gt, operator.ge])
def test_a_severity_has_no_order_with_anything_else(
    compare: Callable[[Any, Any], bool], other: Any
) -> None:
    """A mistyped word would otherwise be compared as text, and be right by chance."""
    for pair in ((ERROR, other), (other, ERROR)):
        with pytest.raises(TypeError):
            compare(*pair)
    assert other != ERROR


# --- reports ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "folder", FOLDERS, ids=[folder.relative_to(FIXTURES).as_posix() for folder in FOLDERS]
)
def test_every_report_survives_a_pickle(folder: Path) -> None:
    """Whatever was found: the same value, the same text, the same JSON with predictions."""
    fixture = read(folder)
    report = fixture.check()
    there = packed(report)
    assert there == report
    assert hash(there) == hash(report)
    assert there.to_json() == report.to_json()  # predictions were computed on both sides
    assert there.to_text(verbose=True) == report.to_text(verbose=True)
    assert repr(there) == repr(report)
    assert packed(report).predictions == report.predictions  # and here they came along
    deep = copy.deepcopy(report)
    assert deep == report
    assert deep.origins is not report.origins


@each_way
def test_a_report_equals_its_copy_and_is_the_same_key(way: Callable[[Any], Any]) -> None:
    report = read(BROKEN).check()
    assert way(report) == report
    assert {report: "seen"}[way(report)] == "seen"
    assert len({report, way(report), read(BROKEN).check()}) == 1


def test_the_same_input_gives_equal_reports() -> None:
    """Each made by itself, with and without a memo; another input, name or time does not."""
    chain, root = gateway()
    one = good()
    for other in (good(), edgecheck.check(chain, HOSTNAME, root, NOW, memo=Memo())):
        assert other == one
        assert hash(other) == hash(one)
    for different in (
        edgecheck.check(chain, "other.local", root, NOW),
        edgecheck.check(chain, HOSTNAME, root, NOW.replace(second=1)),
        edgecheck.check(chain, HOSTNAME, (), NOW),
        edgecheck.check(chain, HOSTNAME, root, NOW, Device(runtime="1.1")),
        edgecheck.check(root, HOSTNAME, root, NOW),
    ):
        assert different != one
    assert one != "a report"


def test_a_memo_does_not_travel_with_a_report() -> None:
    """What other chains left in it stays: a batch would send it back with each report."""
    chain, root = gateway()
    memo, others = Memo(), pem(*stock_11("rsa").presented())
    edgecheck.check(others, HOSTNAME, root, NOW, memo=memo)
    with_memo = edgecheck.check(chain, HOSTNAME, root, NOW, memo=memo)
    assert len(pickle.dumps(with_memo)) <= len(pickle.dumps(good())) * 1.01
    assert packed(memo).certificates == {}
    assert packed(memo).most == memo.most


def test_a_report_with_lists_of_revoked_certificates_survives() -> None:
    """CRLs are rebuilt from their bytes, and with them what they say."""
    report = read(FIXTURES / "path" / "revoked").check()
    there = packed(report)
    assert [crl.sha256 for crl in there.expected.crls] == [c.sha256 for c in report.expected.crls]
    assert there.expected.crls


def test_the_public_suffix_list_is_left_behind() -> None:
    """It is a function, was asked during the check, and is no part of what was found."""
    chain, root = gateway()
    report = edgecheck.check(chain, HOSTNAME, root, NOW, profile="web-pki")
    assert packed(report) == report


ELSEWHERE = """
import pickle, sys
report = pickle.load(sys.stdin.buffer)
said = report.to_json(), report.to_text(), hash(report), repr(report)
pickle.dump((report, said), sys.stdout.buffer)
"""


@pytest.mark.parametrize("folder", [BROKEN, FIXTURES / "good" / "runtime-1-5-rsa"])
def test_a_report_is_the_same_in_another_process(folder: Path) -> None:
    """One that knows nothing of this one: predictions are computed there, and agree."""
    report = read(folder).check()
    run = subprocess.run(
        [sys.executable, "-c", ELSEWHERE],
        input=pickle.dumps(report),
        stdout=subprocess.PIPE,
        check=True,
        cwd=REPO,
    )
    back, said = pickle.loads(run.stdout)
    assert back == report
    assert hash(back) == hash(report)
    assert back.predictions == report.predictions
    assert said == (report.to_json(), report.to_text(), hash(report), repr(report))


def test_a_pool_of_processes_checks_chains() -> None:
    """Arguments go there and reports come back, where processes share nothing (spawn)."""
    chain, root = gateway()
    rules = BUILT_IN.without("hostname")
    device = Device(runtime="1.1", edge_ca={})
    given = [chain, chain.decode(), Source("gw.pem", chain)]
    ask = functools.partial(
        edgecheck.check, hostname="x", trust=root, at=NOW, device=device, rules=rules
    )
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        reports = pool.map(ask, given)
    assert reports == [ask(each) for each in given]
    assert reports[0].passed == ask(chain).passed
    assert reports[0].passed


# --- what is in a report ------------------------------------------------------------------------


def values() -> dict[str, Any]:
    """One of each public kind of value."""
    report = read(BROKEN).check()
    chain, _ = gateway()
    return {
        "certificate": report.certificates[0],
        "finding": report.findings[0],
        "hierarchy": report.hierarchy,
        "path": report.hierarchy.path,
        "expected": report.expected,
        "undecided": Undecided("ca.not-a-ca", "it cannot be read", ("ab",)),
        "prediction": report.predictions[0],
        "rule": report.findings[0].rule,
        "rule of another severity": replace(BUILT_IN["ca.not-a-ca"], severity=INFO),
        "catalogue": BUILT_IN,
        "some rules": BUILT_IN.select("ca", "hostname.*"),
        "rules with severities": BUILT_IN.with_severity({"ca.not-a-ca": INFO}),
        "limits": Limits(signatures=3),
        "validation": Validation(peer_names=("a", "b"), initial_policies=("2.5.29.32.0",)),
        "source": Source("chain.pem", chain),
        "role": Role.ROOT,
        "severity": WARNING,
        "nothing known of a device": Device(),
        "device": Device(
            runtime="1.5",
            gateway_host_names=("a", "b"),
            edge_ca={"subject": {"O": "Contoso"}, "auto_renew": {"rotate_key": True}},
            keys={"edge_ca.pk": {"readable_by": ["aziotcs"], "mode": 0o400}},
            trust_bundle=chain,
        ),
        "device with certificates": Device(
            device_ca_file=x509.load_pem_x509_certificates(chain),
            os_trust=memoryview(chain),
            trust_bundle=bytearray(chain),
            cached_workload_ca=report.certificates[1],
        ),
    }


@each_way
@pytest.mark.parametrize("name", values())
def test_each_public_value_equals_its_copy(name: str, way: Callable[[Any], Any]) -> None:
    value, other = values()[name], values()[name]
    assert way(value) == value
    assert value == other
    assert hash(way(value)) == hash(value) == hash(other)
    assert len({value, other, way(value)}) == 1


@pytest.mark.parametrize("name", values())
def test_each_public_value_shows_itself_in_one_line(name: str) -> None:
    """Short enough for a log, with what tells it from others."""
    line = repr(values()[name])
    assert "\n" not in line
    assert line.isprintable()
    assert len(line) < 700, line


def test_values_that_differ_are_not_equal() -> None:
    made = list(values().values())
    for at, one in enumerate(made):
        assert [other for other in made[at + 1 :] if other == one] == []


def test_a_device_does_not_change_when_what_it_was_made_of_does() -> None:
    facts: dict[str, Any] = {"edge_ca.pk": {"mode": 0o400}}
    device = Device(keys=facts)
    facts["edge_ca.pk"]["mode"] = 0o777
    assert device == Device(keys={"edge_ca.pk": {"mode": 0o400}})


def test_a_certificate_travels_with_its_damage() -> None:
    """Facts that cannot be read stay unreadable, with the same reason."""
    damaged = read(FIXTURES / "input" / "malformed-certificate").check().certificates
    spoilt = [each for each in damaged if each.damage]
    assert spoilt
    for certificate in spoilt:
        there = packed(certificate)
        assert there == certificate
        for fact in certificate.damage:
            with pytest.raises(Unreadable) as raised:
                getattr(there, fact)
            again = packed(raised.value)  # as a pool of processes hands on what was raised
            assert (str(again), again.fact) == (str(raised.value), fact)


# --- rules of one's own -------------------------------------------------------------------------


@rule(
    "own.always",
    title="It is always violated",
    severity=WARNING,
    over=Over.HIERARCHY,
    references=[],
    act=Act.NOTHING,
)
def always(hierarchy: Any, case: Any) -> Violation:
    """Because.

    Remedy:
    none, because it is made for a test.
    """
    return Violation("as always")


def test_a_rule_of_ones_own_goes_by_its_module_and_name() -> None:
    """As functions do; and a finding of it with it."""
    rules = RuleSet([always]).with_severity({"own.always": ERROR})
    report = edgecheck.check(gateway()[0], at=NOW, rules=rules)
    assert packed(always) is always
    assert packed(rules) == rules
    assert packed(report) == report
    assert packed(report).findings[0].rule.severity is ERROR
    assert copy.deepcopy(report) == report


def test_a_rule_of_ones_own_with_the_id_of_another_is_not_taken_for_it() -> None:
    local = replace(BUILT_IN["ca.not-a-ca"], check=always.check)
    assert packed(local) == local
    assert packed(local) != BUILT_IN["ca.not-a-ca"]


def test_a_rule_that_nobody_could_find_again_says_so() -> None:
    """When it is packed, not in the other process; a copy in this one needs no finding."""

    def inner(hierarchy: Any, case: Any) -> None:
        """None."""

    local = replace(always, id="own.local", check=inner)
    with pytest.raises(pickle.PicklingError, match=r"rule own\.local: .*top of a module"):
        pickle.dumps(local)
    assert copy.deepcopy(local) is local


# --- in one line --------------------------------------------------------------------------------


def test_a_report_shows_its_verdict_its_target_and_its_counts() -> None:
    line = repr(read(BROKEN).check())
    assert line.startswith("<Report ok=False valid=False worst=error about <Certificate '")
    assert "1 error" in line
    assert repr(good()).endswith(": 1 info>")
    assert repr(edgecheck.check(b"", at=NOW)).startswith("<Report ok=False valid=None worst=error:")


def test_hostile_names_are_escaped_and_cut() -> None:
    """Names are whatever somebody wrote: control signs, directions of writing, endless text."""
    hostile = "gw\x1b[31m\u202e\n'> <x " + "a" * 5000
    issued = issue(server_of_11("p256-1").with_(subject=(("CN", hostile),)))
    report = edgecheck.check(issued.der, at=NOW)
    shown = [report, report.hierarchy, *report.certificates, *report.findings]
    for line in map(repr, shown):
        assert line.isprintable(), line
        assert "\u202e" not in line
        assert len(line) < 1500
    assert "\\x1b[31m\\u202e\\n" in repr(report.certificates[0])


def test_a_device_shows_what_is_known_and_no_secret() -> None:
    device = Device(
        runtime="1.5",
        trust_bundle=b"-----BEGIN",
        edge_ca={"pk": "pkcs11:token=edge;object=ca?pin-value=1234"},
    )
    assert repr(device) == (
        "Device(runtime='1.5', trust_bundle=<10 bytes>, "
        "edge_ca={'pk': 'pkcs11:token=edge;object=ca?pin-value=...'})"
    )
    assert repr(Device()) == "Device()"
    assert repr(Validation(limits=Limits(steps=5))) == "Validation(limits=Limits(steps=5))"
