"""Published suites of path validation cases: x509-limbo and NIST's PKITS."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from cryptography import x509

from edgecheck import BUILT_IN

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGE = REPOSITORY / "edgecheck"
DIVERGENCES = tomllib.loads((Path(__file__).parent / "divergences.toml").read_text()).get(
    "divergence", []
)
VERDICTS = {True: True, False: False, "undecided": None}
Results = list[dict[str, Any]]


@pytest.fixture(scope="session")
def limbo(conformance: ModuleType, limbo_file: Path) -> Results:
    """What each case of x509-limbo gave."""
    return list(conformance.judged(conformance.LOADERS["limbo"](limbo_file), conformance.limbo))


@pytest.fixture(scope="session")
def pkits(conformance: ModuleType, pkits_file: Path) -> Results:
    """What each case of PKITS gave."""
    return list(conformance.judged(conformance.LOADERS["pkits"](pkits_file), conformance.pkits))


def outcomes(results: Results, *wanted: str) -> list[str]:
    return [
        f"{case['id']}: {case['outcome']}: {case['why']}"
        for case in results
        if case["outcome"] in wanted
    ]


def test_limbo_is_whole_and_nothing_is_skipped_or_too_slow(limbo: Results) -> None:
    """All 1,020 cases are judged, each within its time."""
    assert len(limbo) == 1_020
    assert outcomes(limbo, "skipped", "timed out") == []


def test_limbo_agrees_but_for_what_is_argued(limbo: Results) -> None:
    """What disagrees is what divergences.toml lists, with the verdicts that stand there."""
    found = {
        case["id"]: case["valid"]
        for case in limbo
        if case["outcome"] in ("wrongly accepted", "wrongly rejected")
    }
    assert found == {listed["id"]: VERDICTS[listed["valid"]] for listed in DIVERGENCES}


def test_divergences_are_few_and_argued() -> None:
    """At most three, each with a section of an RFC and an argument."""
    assert len(DIVERGENCES) <= 3
    for listed in DIVERGENCES:
        assert listed.keys() == {"id", "valid", "section", "argues"}
        assert re.search(r"RFC \d{4}, section", listed["section"])
        assert len(listed["argues"].split()) > 20


def test_the_suite_accepts_common_names_in_no_subject_alt_name(
    conformance: ModuleType, limbo_file: Path
) -> None:
    """Those of chains for internal names, and of a wildcard's domain: so both are left alone."""
    accepted = 0
    for case in conformance.LOADERS["limbo"](limbo_file):
        if case["expected_result"] == "SUCCESS" and case["id"].startswith(("webpki", "bettertls")):
            accepted += _common_name_is_in_no_alt_name(case["peer_certificate"])
    assert accepted > 50


def _common_name_is_in_no_alt_name(text: str) -> bool:
    certificate = x509.load_pem_x509_certificate(text.encode())
    common = [name.value for name in certificate.subject if name.oid == x509.NameOID.COMMON_NAME]
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return False
    have = [str(name.value) for name in names if isinstance(name, x509.DNSName | x509.IPAddress)]
    return bool(common) and not set(common) & set(have)


def test_pkits_agrees_with_the_policies_that_it_expects(
    conformance: ModuleType, pkits: Results
) -> None:
    """All 249 cases; where a case should validate, the policy set is what it expects."""
    others = [outcome for outcome in conformance.OUTCOMES if outcome != "agree"]
    assert outcomes(pkits, *others) == []
    assert len(pkits) == 249


def sources() -> str:
    return "\n".join(file.read_text(encoding="utf-8") for file in sorted(PACKAGE.rglob("*.py")))


def test_nothing_recognises_a_case(conformance: ModuleType, limbo_file: Path) -> None:
    """Neither the suites' names nor those of their cases and hosts are in the code."""
    code = sources().lower()
    assert re.findall(r"limbo|bettertls|pkits", code) == []
    cases = conformance.LOADERS["limbo"](limbo_file)
    words = {case["id"].lower() for case in cases}
    words |= {case["id"].rpartition("::")[2].lower() for case in cases}
    words |= {name for case in cases for name in _names(case)}
    # What the RFCs themselves say, and single labels, which are words of English.
    words = {word for word in words if len(word) > 6 and re.search(r"[.:-]", word)}
    words -= {"example.com", "apple.com"} | {rule.id.partition(".")[2] for rule in BUILT_IN}
    assert len(words) > 1_000
    assert sorted(word for word in words if word in code) == []


def _names(case: dict[str, Any]) -> Iterator[str]:
    for name in (case["expected_peer_name"] or {}, *case["expected_peer_names"]):
        if name:
            yield name["value"].lower()


def test_nothing_recognises_a_case_of_pkits(conformance: ModuleType, pkits_file: Path) -> None:
    """Neither its certificates' and lists' names nor its policies are in the code."""
    code = sources()
    words = {conformance.NIST_POLICIES}
    for case in conformance.LOADERS["pkits"](pkits_file):
        words.update(case["certs"], case["crls"])
    assert len(words) > 400
    assert sorted(word for word in words if word in code) == []
