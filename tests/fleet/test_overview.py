"""What gateways have in common: counted by hand, and told in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from edgecheck.commands.progress import duration, told
from edgecheck.fleet.overview import Overview, Shared
from edgecheck.fleet.page import as_page
from edgecheck.fleet.words import as_text, as_values, shared
from edgecheck.reporting.style import Style

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
PLAIN = Style(unicode=False)


def row(name: str, signature: str = "", **more: Any) -> tuple[Any, ...]:
    end = more.get("end", AT + timedelta(days=40))
    micro = None if end is None else int(end.timestamp()) * 1_000_000
    ok = more.get("ok", not signature)
    worst = more.get("worst", "error" if signature else None)
    refusing = more.get("refusing")
    unknown = more.get("unpredicted", None if refusing is None else 0)
    return (name, ok, more.get("valid", ok), worst, signature, False, micro, refusing, unknown)


def counted(*rows: tuple[Any, ...]) -> Overview:
    made = Overview(AT)
    made.count(rows)
    return made


def test_faults_with_errors_come_first_then_those_of_most_gateways() -> None:
    seen = counted(
        *(row(f"w{n}", "validity.expires-soon", ok=True, worst="warning") for n in range(9)),
        *(row(f"a{n}", "ca.not-a-ca") for n in range(2)),
        *(row(f"b{n}", "chain.missing-issuer") for n in range(5)),
    )
    order = [(fault.signature, fault.gateways) for fault in seen.by_number()]
    assert order == [
        ("chain.missing-issuer", 5),
        ("ca.not-a-ca", 2),
        ("validity.expires-soon", 9),
    ]
    assert seen.by_number()[0].examples == ["b0", "b1", "b2"]


def test_months_are_those_in_which_the_first_ca_ends() -> None:
    """This month is the first bar, what lies 24 months on is later, what is past has ended."""
    seen = counted(
        row("past", end=AT - timedelta(seconds=1)),
        row("now", end=AT),
        row("new year", end=datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)),
        row("next", end=datetime(2027, 1, 1, tzinfo=UTC)),
        row("last bar", end=datetime(2028, 10, 31, tzinfo=UTC)),
        row("later", end=datetime(2028, 11, 1, tzinfo=UTC)),
        row("far", end=datetime(9999, 12, 31, tzinfo=UTC)),
        row("none", end=None),
    )
    bars = seen.histogram()
    assert bars[:4] == [("ended", 1), ("2026-11", 1), ("2026-12", 1), ("2027-01", 1)]
    assert bars[-2:] == [("2028-10", 1), ("later", 2)]
    assert len(bars) == 26
    assert seen.endless == 1


@pytest.mark.parametrize(
    ("end", "words"),
    [
        (AT + timedelta(days=61), "ends in 61 days"),
        (AT + timedelta(days=1, hours=3), "ends in 27 hours"),
        (AT + timedelta(hours=3), "ends in 3 hours"),
        (AT - timedelta(hours=3), "ended 3 hours ago"),
        (AT - timedelta(days=3), "ended 3 days ago"),
        (None, "its end cannot be read"),
    ],
)
def test_a_shared_certificate_is_told_in_one_line(end: datetime | None, words: str) -> None:
    each = Shared("aa" * 32, "intermediate", "CN=x", end, 41_233)
    assert shared(each, Overview(AT)) == f"one intermediate, 41,233 gateways, {words}"


def test_a_fault_is_told_in_words_too() -> None:
    """Whoever looks after gateways knows no rule by its id; each is explained once."""
    seen = counted(
        row("a", "ca.not-a-ca chain.missing-issuer"),
        row("b", "chain.missing-issuer"),
        row("c", "fleet.row"),
    )
    text = " ".join(as_text(seen, PLAIN).split())
    told = "chain.missing-issuer: The issuer of a certificate is neither presented nor trusted"
    assert text.count(told) == 1
    assert "ca.not-a-ca: A certificate that is to issue others is not a CA certificate" in text
    assert "fleet.row: A value in the gateway's row cannot be used" in text
    assert "more: edgecheck explain ca.not-a-ca" in text
    page = as_page(seen)
    assert "The issuer of a certificate is neither presented nor trusted<br><code>" in page
    assert page.index("<h2>Faults") < page.index("<h2>When the first CA")


def test_what_was_written_by_a_later_version_is_told_by_its_id() -> None:
    """A rule that is not known here has no words; nothing is made up, and nothing raises."""
    seen = counted(row("a", "later.rule"))
    assert "later.rule" in as_text(seen, PLAIN)
    assert "explain" not in as_text(seen, PLAIN)
    assert "<p><code>later.rule</code></p>" in as_page(seen)


def test_months_in_which_nothing_ends_are_one_line() -> None:
    """Two stay apart; three and more would push what is worth reading off the screen."""
    seen = counted(
        row("now", end=AT),
        row("in March", end=datetime(2027, 3, 5, tzinfo=UTC)),
        row("in June", end=datetime(2027, 6, 5, tzinfo=UTC)),
    )
    bars = as_text(seen, PLAIN).partition("of a gateway ends\n")[2].splitlines()
    assert [line.partition("#")[0].split() for line in bars] == [
        ["2026-11", "1"],
        ["2026-12", "to", "2027-02:", "none"],
        ["2027-03", "1"],
        ["2027-04", "0"],
        ["2027-05", "0"],
        ["2027-06", "1"],
        ["2027-07", "to", "2028-10:", "none"],
    ]


def test_text_of_others_reaches_no_terminal_and_no_page() -> None:
    """Ids, and subjects where a table was made by somebody else."""
    seen = counted(row("\x1b[31mred\u202e<b>", "chain.missing-issuer"))
    seen.share(Shared("aa" * 32, "root", "CN=\x1b<i>", AT), ok=False)
    for text in (as_text(seen, PLAIN), as_page(seen), str(as_values(seen))):
        assert "\x1b" not in text
        assert "\u202e" not in text
    assert "<b>" not in as_page(seen)
    assert "<i>" not in as_page(seen)


def test_clients_are_counted_where_they_were_asked() -> None:
    """A gateway of which something is unknown is counted beside."""
    seen = counted(row("a", refusing=["go", "java"]), row("b", refusing=["go"], unpredicted=2))
    assert as_values(seen)["refusing"] == {"go": 2, "java": 1}
    assert as_values(seen)["unpredicted"] == 1
    assert as_values(counted(row("a")))["refusing"] is None


def test_progress_tells_rate_and_time_left() -> None:
    """Of what this run did: what an earlier one did took no time."""
    assert (
        told(12_000, 2_000, 1_000_000, 10.0) == "12,000 of 1,000,000 gateways, 1,000/s, 16 min left"
    )
    assert told(500, 0, None, 10.0) == "500 gateways, 50/s"
    assert told(500, 500, 1_000, 1.0) == "500 of 1,000 gateways"


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "0 s"), (89, "89 s"), (120, "2 min"), (11_100, "3 h 05 min")]
)
def test_durations_are_round(seconds: float, words: str) -> None:
    assert duration(seconds) == words
