"""Second opinions: who is asked, what is made of the answers, and how the command shows them."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import FrozenInstanceError
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import edgecheck
from edgecheck.adapters import second_opinion, validators
from edgecheck.adapters.second_opinion import Opinion
from edgecheck.adapters.validators import Missing, Question
from edgecheck.cli import main
from fixtures.pki import pem
from fixtures.stock import HOSTNAME, NOW, stock_12, stock_15

REPO = Path(__file__).resolve().parents[2]
GOOD, OLD = stock_15("ec"), stock_12("ec")


def opinions(gateway: Any = GOOD, hostname: str | None = HOSTNAME, **given: Any) -> list[Opinion]:
    chain, trust = pem(*gateway.presented()), pem(*gateway.trust())
    return list(edgecheck.second_opinions(chain, hostname, trust, **{"at": NOW, **given}))


def test_all_three_agree_on_a_good_chain() -> None:
    found = opinions()
    assert [opinion.who.split()[0] for opinion in found] == [
        "cryptography",
        "pyhanko-certvalidator",
        "OpenSSL",
    ]
    assert {(o.valid, o.says, o.agrees, o.because) for o in found} == {(True, "valid", True, None)}
    with pytest.raises(FrozenInstanceError):
        found[0].valid = False  # type: ignore[misc]


def test_a_disagreement_comes_with_both_reasons() -> None:
    """Runtime 1.2 writes no key identifiers, which `cryptography` demands."""
    first, *others = opinions(OLD)
    assert (first.valid, first.agrees) == (False, False)
    assert "2.5.29.35" in first.says
    assert first.because == "nothing is wrong by RFC 5280"
    assert all(other.agrees for other in others)


def test_a_disagreement_names_the_findings_that_decide() -> None:
    by = {o.who.split()[0]: o for o in opinions(hostname="other.local")}
    assert by["cryptography"].agrees is True
    assert "name" in by["OpenSSL"].says
    assert by["OpenSSL"].agrees is True
    lax = by["pyhanko-certvalidator"]
    assert lax.valid is True
    assert lax.agrees is False
    assert lax.because is not None
    assert lax.because.startswith("hostname.not-in-san@")
    assert "other.local" in lax.because


@pytest.mark.parametrize("hostname", [HOSTNAME, "10.1.2.3", None])
@pytest.mark.parametrize("year", [2000, 2026, 2040])
def test_all_are_given_the_same_time(year: int, hostname: str | None) -> None:
    at = NOW if year == 2026 else datetime(year, 1, 1, tzinfo=UTC)
    expected = year == 2026 and hostname != "10.1.2.3"
    for opinion in opinions(hostname=hostname, at=at):
        if not (opinion.who.startswith("pyhanko") and hostname == "10.1.2.3"):
            assert opinion.valid is expected, opinion


def test_a_report_that_is_there_is_not_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    chain, trust = pem(*OLD.presented()), pem(*OLD.trust())
    report = edgecheck.check(chain, HOSTNAME, trust, NOW)
    monkeypatch.setattr(second_opinion, "check", None)
    assert edgecheck.second_opinions(chain, report=report) == tuple(opinions_of(report))


def opinions_of(report: edgecheck.Report) -> tuple[Opinion, ...]:
    return second_opinion.second_opinions((), report=report)


@pytest.mark.parametrize(
    ("presented", "trust", "told"),
    [
        (b"", pem(*GOOD.trust()), "no certificate was read"),
        (pem(*GOOD.presented()), (), "no trust was given"),
    ],
    ids=["nothing presented", "nothing trusted"],
)
def test_what_cannot_be_asked_is_not_asked(presented: bytes, trust: Any, told: str) -> None:
    for opinion in edgecheck.second_opinions(presented, HOSTNAME, trust, NOW):
        assert (opinion.valid, opinion.says, opinion.agrees) == (None, f"not asked: {told}", None)


def test_authorities_alone_are_nothing_for_a_verifier_of_servers() -> None:
    authorities = [one.der for one in GOOD.presented()][1:]
    found = edgecheck.second_opinions(authorities, None, pem(*GOOD.trust()), NOW)
    assert [opinion.valid for opinion in found] == [None, True, True]
    assert "end entities alone" in found[0].says


def test_validators_that_are_not_installed_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def installed(name: str) -> Any:
        raise Missing(name)

    monkeypatch.setattr(validators, "_installed", installed)
    assert [opinion.who.split()[0] for opinion in opinions()] == ["cryptography"]


class Panic(BaseException):
    """As the one of Rust code, which is no Exception."""


@pytest.mark.parametrize("kind", [RuntimeError, Panic, OSError])
def test_what_nobody_foresaw_is_an_opinion_too(
    monkeypatch: pytest.MonkeyPatch, kind: type[BaseException]
) -> None:
    def broken() -> tuple[Callable[[Question], str], Callable[[Question], str | None]]:
        def ask(question: Question) -> str | None:
            raise kind("line one\nline two \x1b[31m")

        return lambda question: "broken 1.0", ask

    monkeypatch.setattr(second_opinion, "VALIDATORS", (broken,))
    (opinion,) = opinions()
    told = f"{kind.__name__}: line one line two \\x1b[31m"
    assert opinion == Opinion("broken 1.0", None, told, None, None)


def test_the_caller_may_be_within_an_event_loop() -> None:
    async def asked() -> list[Opinion]:
        return opinions()

    assert all(opinion.agrees for opinion in asyncio.run(asked()))


def test_nothing_is_imported_before_it_is_asked() -> None:
    code = (
        "import sys, edgecheck; print('edgecheck.adapters.second_opinion' in sys.modules); "
        "edgecheck.second_opinions; print('pyhanko_certvalidator' in sys.modules)"
    )
    run = [sys.executable, "-c", code]
    result = subprocess.run(run, cwd=REPO, capture_output=True, text=True, check=True)
    assert result.stdout.split() == ["False", "False"]


def test_an_unknown_name_of_the_package_is_told() -> None:
    with pytest.raises(AttributeError, match="'edgecheck' has no attribute 'third_opinions'"):
        _ = edgecheck.third_opinions


# --- the command --------------------------------------------------------------------------------


def command(tmp_path: Path, gateway: Any, *options: str) -> int:
    (tmp_path / "chain.pem").write_bytes(pem(*gateway.presented()))
    (tmp_path / "trust.pem").write_bytes(pem(*gateway.trust()))
    return main(
        [
            "check",
            str(tmp_path / "chain.pem"),
            f"--trust={tmp_path / 'trust.pem'}",
            f"--hostname={HOSTNAME}",
            "--at=2026-11-23T12:00:00Z",
            "--second-opinion",
            *options,
        ]
    )


def test_the_text_ends_with_the_opinions(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(tmp_path, OLD) == 0
    _, _, section = capsys.readouterr().out.partition("\nSecond opinions:\n")
    lines = section.splitlines()
    assert lines[0].startswith("  cryptography ")
    assert lines[0].endswith(": not valid, edgecheck disagrees")
    assert lines[1].startswith("    it says: ")
    assert "    edgecheck: nothing is wrong by RFC 5280" in lines
    assert [line.endswith(": valid") for line in lines[-2:]] == [True, True]


def test_the_json_has_them_only_where_they_are_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(tmp_path, OLD, "--format=json") == 0
    made = json.loads(capsys.readouterr().out)
    schema = REPO / "edgecheck/reporting/schema/report-v1.json"
    jsonschema.Draft202012Validator(json.loads(schema.read_text())).validate(made)
    assert [opinion["agrees"] for opinion in made["second_opinions"]] == [False, True, True]
    report = edgecheck.check(pem(*OLD.presented()), at=NOW)
    assert "second_opinions" not in report.to_dict()
