"""Every rule breaks on its fixture, and on nothing else; every fixture says all that it must."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

import edgecheck
from edgecheck import BUILT_IN, Memo, Severity
from edgecheck.rules.engine.rule import Over, Rule
from fixtures import expected, told
from fixtures.expected import FIXED, FIXTURES, Wanted, findings_of, folders, read, report_of
from tests.examples import some
from tools.make_fixtures import generated_files

FOLDERS = folders()
AGAIN = frozenset(some(FOLDERS))
each_folder = pytest.mark.parametrize(
    "folder", FOLDERS, ids=[folder.relative_to(FIXTURES).as_posix() for folder in FOLDERS]
)
each_rule = pytest.mark.parametrize("rule", list(BUILT_IN), ids=[rule.id for rule in BUILT_IN])


@each_folder
def test_what_is_said_is_what_is_expected(folder: Path) -> None:
    """All findings and the verdict, both ways; of many a second time the same bytes.

    A verdict of False has a cause of its own; None has one unless trust was not given.
    """
    fixture = read(folder)
    report = fixture.check()
    differences = fixture.differences(report)
    assert not differences, "\n".join([fixture.name, *differences])
    errors = [wanted for wanted in fixture.findings if wanted.severity == Severity.ERROR]
    assert report.ok is (not errors and fixture.valid is not False)
    found = [finding for finding in report.findings if finding.severity is Severity.ERROR]
    if report.valid is False:
        assert [finding for finding in found if finding.caused_by is None]
    if report.valid is None and report.expected.trust:
        assert found
    # Nothing of one call is left for the next.
    if folder in AGAIN:
        assert fixture.check().to_json() == report.to_json()


@each_rule
def test_a_rule_fires_on_its_fixture(rule: Rule) -> None:
    """fixtures/family/slug/ breaks family.slug."""
    assert rule.id in {finding.rule for finding in broken(rule)}


@each_rule
def test_the_remedy_silences_a_rule_and_breaks_nothing_else(rule: Rule) -> None:
    """fixed/ is the same gateway after the remedy, or the rule says that there is no remedy."""
    folder = folder_of(rule) / FIXED
    if rule.remedy.startswith("none, because") and not folder.exists():
        return
    assert folder in FOLDERS, f"neither fixed/ nor a remedy that says `none, because`: {rule.id}"
    fixed = findings_of(report_of(folder))
    assert rule.id not in {finding.rule for finding in fixed}
    before = {(finding.rule, finding.role) for finding in broken(rule)}
    assert not [f"new: {found}" for found in fixed if (found.rule, found.role) not in before]


ALL = {"wanted", "found", "act", "object", "refused_by"}


@each_rule
def test_the_fixture_of_a_rule_expects_all_that_its_finding_tells(rule: Rule) -> None:
    """What would be right and what is there, the act and its object, and who refuses it."""
    mine = [finding for finding in read(folder_of(rule)).findings if finding.rule == rule.id]
    assert ALL in [set(finding.tells) for finding in mine]


def folder_of(rule: Rule) -> Path:
    family, _, slug = rule.id.partition(".")
    return FIXTURES / family / slug


def with_fixture() -> list[Rule]:
    return [rule for rule in BUILT_IN if folder_of(rule) in FOLDERS]


def broken(rule: Rule) -> list[Wanted]:
    """What is said about the fixture of a rule."""
    folder = folder_of(rule)
    assert folder in FOLDERS, f"no expected.toml in {expected.shown(folder)}"
    return findings_of(report_of(folder))


def test_every_folder_is_named_after_a_rule() -> None:
    """As family/slug; a further case of the same rule is family/slug--what-is-special."""
    families, ids = {rule.family for rule in BUILT_IN}, {rule.id for rule in BUILT_IN}
    strays = []
    for folder in FOLDERS:
        family, *rest = folder.relative_to(FIXTURES).parts
        if family in {"good", "demo"} - families:
            continue
        slug = rest[0].partition("--")[0] if rest else ""
        if f"{family}.{slug}" not in ids:
            strays.append(expected.shown(folder))
    assert not strays


def test_nothing_lies_in_a_folder_without_expectations() -> None:
    """A chain without expected.toml would never be looked at; whole gateways have audit.toml."""
    devices = FIXTURES / "devices"
    made = {path.parent for path in generated_files() if devices not in path.parents}
    assert not [expected.shown(folder) for folder in sorted(made.difference(FOLDERS))]


@pytest.mark.parametrize(
    "folder", [folder for folder in FOLDERS if (FIXTURES / "good") in folder.parents], ids=str
)
def test_nothing_is_wrong_with_what_is_good(folder: Path) -> None:
    """Nothing above info, unless expected.toml argues why; and it argues only where it must."""
    fixture = read(folder)
    worse = [f for f in findings_of(fixture.check()) if f.severity != Severity.INFO]
    assert bool(worse) == bool(fixture.argues), worse or "argues about nothing"


def test_a_memo_changes_nothing() -> None:
    """Neither while it fills, over many fixtures, nor once it knows them all."""
    memo = Memo()
    fixtures = [read(folder) for folder in some(FOLDERS)]
    plain = {fixture.name: fixture.check().to_dict() for fixture in fixtures}
    for fixture in [*fixtures, *reversed(fixtures)]:
        assert fixture.check(memo=memo).to_dict() == plain[fixture.name], fixture.name


def test_a_memo_serves_two_sets_of_rules() -> None:
    """What one set of rules found is not told to another."""
    memo = Memo()
    for rule in with_fixture():
        only = BUILT_IN.select(rule.id)
        fixture = read(folder_of(rule))
        assert fixture.check(only, memo).to_dict() == fixture.check(only).to_dict(), rule.id


def test_a_set_of_one_rule_says_what_that_rule_says() -> None:
    """A finding does not depend on which other rules run, but for its cause."""
    for rule in with_fixture():
        fixture = read(folder_of(rule))
        alone = fixture.check(BUILT_IN.select(rule.id))
        together = fixture.check()
        if rule.over is Over.REFUSALS:  # by itself it cannot know that no other rule explains it
            assert alone.findings == ()
            continue
        assert [plainly(finding) for finding in alone.findings] == [
            plainly(finding) for finding in together.findings if finding.rule.id == rule.id
        ]


def plainly(finding: edgecheck.Finding) -> tuple[object, ...]:
    return finding.id, finding.severity, finding.message, finding.certificates, finding.locations


# --- the format of expected.toml ----------------------------------------------------------------

MINIMAL = "valid = true\n"
FINDING = MINIMAL + '[[findings]]\nrule = "ca.not-a-ca"\nseverity = "error"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of its own, with an empty chain."""
    (tmp_path / "chain.pem").touch()
    return tmp_path


def test_what_is_left_out_has_a_default(folder: Path) -> None:
    (folder / "expected.toml").write_text(MINIMAL)
    fixture = read(folder)
    assert fixture.presented == ("chain.pem",)
    assert fixture.trust == ()
    assert fixture.hostname is None
    assert fixture.at.isoformat() == "2026-11-23T12:00:00+00:00"
    assert (fixture.profile, fixture.valid, fixture.findings) == ("iot-edge", True, ())


def test_files_that_fixed_lacks_are_those_above(folder: Path) -> None:
    (folder / "trust.pem").touch()
    (folder / "fixed").mkdir()
    (folder / "fixed" / "expected.toml").write_text(MINIMAL)
    fixture = read(folder / "fixed")
    assert fixture.trust == ("trust.pem",)
    assert fixture.file("chain.pem") == folder / "chain.pem"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "valid is missing"),
        ("valid = 1\n", "true, false or"),
        ('valid = "yes"\n', "true, false or"),
        (MINIMAL + 'host = "x"\n', "unknown key host"),
        (MINIMAL + "[device]\nversion = 1\n", "unknown key version"),
        (MINIMAL + '[[findings]]\nrule = "ca.not-a-ca"\n', "severity is missing"),
        (MINIMAL + '[[findings]]\nrule = "ca.none"\nseverity = "error"\n', "no rule is called"),
        (MINIMAL + '[[findings]]\nrule = "ca.not-a-ca"\nseverity = "bad"\n', "'bad'"),
        (FINDING + 'wanted = "@root"\n', "what is @root"),
        (FINDING + 'act = "mend"\n', "'mend'"),
        (FINDING + "object = 1\n", "object: expected a string"),
        (FINDING + 'refused_by = "Go"\n', "refused_by: expected a list"),
        (FINDING + 'refused_by = ["Netscape"]\n', "Netscape"),
        (MINIMAL + 'presented = "chain.pem"\n', "presented: expected a list"),
        (MINIMAL + 'trust = ["root.pem"]\n', "no file root.pem"),
        (MINIMAL + '[device]\ntrust_bundle = "bundle.pem"\n', "no file bundle.pem"),
        (MINIMAL + 'at = "2026-11-23T12:00:00"\n', "time with a zone"),
        ("valid\n", "expected.toml"),
    ],
)
def test_what_does_not_follow_the_format_is_refused(
    folder: Path, text: str, complaint: str
) -> None:
    (folder / "expected.toml").write_text(text)
    with pytest.raises(expected.Wrong, match=complaint):
        read(folder)


def test_differences_name_what_is_missing_and_what_is_too_much(folder: Path) -> None:
    """Counted, so that two findings of one kind are not taken for one."""
    finding = '[[findings]]\nrule = "ca.not-a-ca"\nseverity = "error"\n'
    (folder / "expected.toml").write_text(MINIMAL + 2 * finding)
    said = read(folder).differences(edgecheck.check(b""))
    assert said[0] == "valid is None, where True is expected"
    assert said[1:3] == 2 * ["missing: error ca.not-a-ca (no certificate)"]


def test_differences_name_what_a_finding_tells_otherwise() -> None:
    """What is wanted and found, the act, its object, and who refuses it, each by itself."""
    fixture = read(FIXTURES / "ca" / "not-a-ca")
    report = fixture.check()
    mine = next(one for one in fixture.findings if one.rule == "ca.not-a-ca")
    otherwise: dict[str, object] = {
        "wanted": "CA:TRUE",
        "found": ["basicConstraints absent"],
        "act": "edit the file",
        "object": "certificate root",
        "refused_by": ["Go"],
    }
    assert mine.tells.keys() == otherwise.keys()
    for name, value in otherwise.items():
        wrong = dataclasses.replace(fixture, findings=(mine._replace(tells={name: value}),))
        said = [line for line in wrong.differences(report) if "ca.not-a-ca" in line]
        assert len(said) == 1
        assert f": {name} " in said[0]


@pytest.mark.parametrize(
    ("expected_value", "value", "fits"),
    [
        ("a", "a", True),
        ("a", "b", False),
        (1, 1, True),
        (1, True, False),
        (0, False, False),
        (["a", 1], ("a", 1), True),
        (["a"], ["a", "b"], False),
        ({"a": 1}, {"a": 1}, True),
        ({"a": 1}, {"a": 1, "b": 2}, False),
        ("0500", b"\x05\x00", True),
        ("@nothing", None, True),
        ("@nothing", "", False),
        ("@hex 2", "0aff", True),
        ("@hex 2", "0aff00", False),
    ],
)
def test_a_value_is_expected_as_it_is_or_by_a_word(
    expected_value: object, value: object, fits: bool
) -> None:
    """Numbers are no truth values, bytes are shown in hexadecimal digits."""
    assert told.fits(expected_value, value, lambda name: b"") is fits


def test_a_certificate_is_told_by_its_place_in_a_file() -> None:
    """By its fingerprint, or by its key identifier."""
    fixture = read(FIXTURES / "chain" / "key-identifier-mismatch")
    sha256 = fixture.check().hierarchy.path.certificates[2].sha256  # type: ignore[union-attr]

    def content(name: str) -> bytes:
        return fixture.file(name).read_bytes()

    assert told.fits("@chain.pem:3", sha256, content)
    assert not told.fits("@chain.pem:4", sha256, content)
    assert told.fits("@chain.pem:4 key-id", b"\x11" * 20, content)


def test_who_refuses_is_written_in_groups() -> None:
    """What begins with `not` is taken out of what stands before it."""
    everybody = told.who(["everybody"])
    assert told.who(["everybody", "not Go"]) == everybody - {"Go"}
    assert told.who(["OpenSSL", "not curl"]) < everybody
    assert "curl" not in told.who(["OpenSSL", "not curl"])
    assert told.who(["every Go"]) == {"Go", "Go before 1.24", "Go 1.27", "Go 1.24", "Go 1.19"}


def test_each_part_of_a_message_needs_a_message_of_its_own() -> None:
    """The order does not matter, and one message does not serve two."""

    def fits(parts: list[str], messages: list[str]) -> bool:
        return expected.each_its_own(parts, messages, lambda part, text: part in text)

    assert fits(["a", "ab"], ["ab", "ac"])
    assert fits(["ab", "a"], ["ac", "ab"])
    assert not fits(["ab", "a"], ["ab", "c"])
    assert not fits(["a", "a"], ["a"])
