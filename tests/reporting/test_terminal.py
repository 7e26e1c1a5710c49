"""The report at a terminal: quiet where all is well, and never more than the screen holds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import edgecheck
from edgecheck.reading.certificate import Certificate
from edgecheck.reporting.document.cells import relative
from edgecheck.reporting.prose import prose
from edgecheck.reporting.style import Style, columns, wrapped
from edgecheck.reporting.terminal import render
from edgecheck.rules.engine.rule import Act, Over, Reference, Rule, Severity, Violation, rule
from fixtures import stock
from fixtures.expected import FIXTURES, read
from fixtures.gateway import Gateway
from fixtures.pki import Issued, flip_signature_bit, pem

WIDTHS = (80, 100, 140)
HOSTILE = "\x1b[2J\x07\r\nerror[fake.rule] \u202eevil\u2028 <b>'\"&`"
HEALTHY = sorted(path.name for path in (FIXTURES / "good").glob("runtime-*"))
DEMO = read(FIXTURES / "demo" / "broken-gateway")
DAY = 86400

NOTHING = edgecheck.RuleSet(())


def shown(report: edgecheck.Report, **options: Any) -> str:
    """The report without colours, in 100 columns, where nothing else is said."""
    plain: dict[str, Any] = {"color": False, "unicode": True, "width": 100}
    return render(report, **(plain | options))


def checked(gateway: Gateway | Sequence[Issued], **given: Any) -> edgecheck.Report:
    """A chain that is presented in chain.pem, judged as all fixtures are."""
    presented = gateway.presented() if isinstance(gateway, Gateway) else gateway
    if isinstance(gateway, Gateway):
        given.setdefault("trust", edgecheck.Source("root.pem", pem(*gateway.trust())))
    given = {"hostname": stock.HOSTNAME, "at": stock.NOW} | given
    return edgecheck.check(edgecheck.Source("chain.pem", pem(*presented)), **given)


def table(text: str) -> list[str]:
    """The lines of the tree, from the one below its head on."""
    lines = text.splitlines()
    start = next(at for at, line in enumerate(lines) if line.startswith("  ROLE"))
    return lines[start + 1 : [*lines, ""].index("", start)]


def row(text: str, word: str) -> str:
    return next(line for line in table(text) if word in line)


# --- where all is well --------------------------------------------------------------------------


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", HEALTHY)
def test_a_healthy_gateway_is_one_line_and_its_tree(name: str, width: int) -> None:
    """What is only worth knowing is counted, not told; who refuses it all the same is named."""
    folder = FIXTURES / "good" / name
    report = edgecheck.check(
        edgecheck.Source("gateway.pem", (folder / "chain.pem").read_bytes()),
        stock.HOSTNAME,
        edgecheck.Source("root.pem", (folder / "trust.pem").read_bytes()),
        stock.NOW,
    )
    text = shown(report, width=width)
    line, _, table = text.partition("\n\n")
    refused = [p.client for p in report.predictions if p.verdict == "reject"]
    assert len(line.splitlines()) <= 1 + bool(refused)
    first, (_, *rows) = " ".join(map(str.strip, line.splitlines())), table.splitlines()
    assert first.startswith("ok · gateway.pem · ")
    assert ("refused by" in first) == bool(refused)
    assert re.search(r"first expiry \d{4}-\d\d-\d\d \(server, in \d+ days\)", first)
    notes = len(report.findings)
    assert re.search(r"· \d+ notes?\b", first) if notes else "note" not in first
    assert len(rows) == len(report.hierarchy.path.certificates if report.hierarchy.path else ())
    assert all(len(line) <= width for line in text.splitlines())


def test_the_quiet_line_names_the_chain_where_there_is_room() -> None:
    """In 140 columns it reads from the root to the server."""
    text = shown(checked(stock.stock_15()), width=140)
    assert "ok · chain.pem · root → intermediate → device CA → server · first expiry" in text


def test_the_quiet_line_keeps_the_end_of_a_long_path() -> None:
    """The file's name is at the end, so the folders are what is cut."""
    path = "/var/lib/some/very/long/path/to/the/files/of/a/gateway/device-ca.pem"
    first = shown(checked(stock.stock_15()), width=90, sources=[path]).splitlines()[0]
    assert first.startswith("ok · …")
    assert "device-ca.pem · first expiry" in first
    assert first.endswith(" notes (-v)")
    assert len(first) <= 90


def test_what_leaves_no_room_for_a_name_takes_two_lines() -> None:
    """Then nothing is left out, not even how to see the notes."""
    path = "/var/lib/some/very/long/path/to/the/files/of/a/gateway/device-ca.pem"
    first, second, empty, *_ = shown(
        checked(stock.stock_15()), width=80, sources=[path]
    ).splitlines()
    assert first == f"ok · {path} ·"
    assert second.endswith(" notes (--verbose)")
    assert empty == ""


def test_without_trust_it_is_not_simply_ok() -> None:
    """Nothing was validated, and the line says what would change that."""
    text = shown(checked(stock.stock_12(), trust=()))
    assert text.startswith(
        "no fault found, not validated: no trust was given (--trust root.pem) · chain.pem"
    )
    assert "root, trust assumed" in text


def test_without_a_host_name_the_line_says_so() -> None:
    """Whoever reads ok must not believe that the name was compared."""
    first = shown(checked(stock.stock_15(), hostname=None), width=140).splitlines()[0]
    assert "host name not checked (--hostname)" in first


def test_a_fault_that_no_rule_speaks_of_is_not_ok() -> None:
    """With --select and --ignore the rule that says why may be left out."""
    report = checked(stock.stock_15(), at=stock.NOW + timedelta(days=400), rules=NOTHING)
    assert report.valid is False
    assert shown(report).startswith("not valid, though no rule that was run says why · chain.pem")


def test_what_is_no_certificate_is_not_ok() -> None:
    """Without a rule that says so, the first line and the tree still do."""
    report = edgecheck.check(b"", at=stock.NOW, rules=NOTHING)
    assert shown(report, sources=["-"]) == (
        "no fault found, not validated: no certificate was read · -\n\n  no certificate was read\n"
    )


def test_notes_are_told_on_request() -> None:
    """With `notes` (for --fail-on info) the findings; with `verbose` what is undecided, too."""
    report = checked(stock.stock_12())
    notes = [finding for finding in report.findings if finding.severity is Severity.INFO]
    assert notes
    text = shown(report, notes=True)
    assert all(f"\ninfo[{finding.rule.id}] " in text for finding in notes)
    assert "Undecided:" not in text
    assert "Undecided:" in shown(report, verbose=True)


def test_what_is_undecided_names_the_option_that_decides_it() -> None:
    """Rules are grouped by what they miss."""
    report = checked(stock.stock_15(), hostname=None)
    text = shown(report, verbose=True)
    missing = {entry.rule for entry in report.undecided}
    assert missing
    assert "  no host name was given (--hostname)\n    " in text
    assert all(name in text for name in missing)


# --- the tree -----------------------------------------------------------------------------------


def test_the_tree_runs_from_the_root_down_to_the_server() -> None:
    """Each row has a role, a name, an issuer with the state of the signature, CA and end."""
    text = shown(checked(stock.stock_11()), width=140)
    assert table(text) == [
        "  {:17}  {:31}  {:14}  {:14}  {}".format(*cells)
        for cells in (
            ("root, trusted", "Contoso Root CA", "itself ✓", "yes", "2035-06-01"),
            ("└ intermediate", "Contoso Plant 7 Intermediate CA", "root ✓", "yes", "2033-03-01"),
            ("  └ device CA", "iotedgegw device CA", "intermediate ✓", "yes", "2030-01-01"),
            (
                "    └ workload CA",
                "iotedged workload ca",
                "device CA ✓",
                "yes, pathLen 0",
                "2030-01-01",
            ),
            (
                "      └ server",
                "iotedgegw.local",
                "workload CA ✓",
                "no",
                "2027-02-18 in 87 days",
            ),
        )
    ]


def test_a_path_that_ends_early_says_whose_certificate_is_missing() -> None:
    """The missing issuer stands where it belongs: above the certificate that names it."""
    gateway = stock.stock_15()
    report = checked([gateway.issued("server"), gateway.issued("intermediate")])
    text = shown(report)
    assert table(text)[0] == '  … issuer "iotedgegw device CA" not found'
    assert row(text, "server").startswith("  └ server")
    assert "  not used:\n    Contoso Plant 7 Intermediate CA  chain.pem:" in text


def test_rules_of_what_is_not_used_stand_below_where_there_is_no_room() -> None:
    """So that the line is not torn apart by the terminal."""
    gateway = stock.stock_15()
    old = gateway.change("device_ca", not_after=datetime(2026, 1, 1, tzinfo=UTC))
    chain = [gateway.issued("server"), old.issued("device_ca"), *gateway.presented()[1:]]
    report = checked(chain, trust=pem(*gateway.trust()))
    beside = shown(report, width=120).partition("  not used:\n")[2].splitlines()
    below = shown(report, width=60).partition("  not used:\n")[2].splitlines()
    assert re.fullmatch(r"    iotedgegw device CA  chain.pem:\d+-\d+  [✗!] \S+", beside[0])
    assert re.fullmatch(r"    iotedgegw device CA  chain.pem:\d+-\d+", below[0])
    assert below[1] == "      " + beside[0].split("  ")[-1]


def test_certificates_that_were_presented_twice_are_listed_with_both_places() -> None:
    """So that it is clear which lines to delete."""
    gateway = stock.stock_15()
    text = shown(checked([*gateway.presented(), gateway.issued("server")]))
    places = r"    iotedgegw.local  chain.pem:\d+-\d+ and chain.pem:\d+-\d+\n"
    assert re.search("  presented more than once:\n" + places, text)


def test_of_many_unused_certificates_some_are_listed() -> None:
    """Somebody may present a whole bundle of roots."""
    gateway = stock.stock_15()
    others = [
        stock.stock_15().change("root", subject=f"Other {number}").issued("root")
        for number in range(12)
    ]
    text = shown(checked([*gateway.presented(), *others], trust=pem(*gateway.trust())))
    listed = text.partition("  not used:\n")[2].partition("\n\n")[0].splitlines()
    assert [line.split("  ")[2] for line in listed[:-1]] == [f"Other {n}" for n in range(8)]
    assert listed[-1] == "    and 4 more (see --format json)"


def test_the_tree_shows_a_signature_that_is_wrong() -> None:
    """In words too, for the sign alone is easily missed."""
    gateway = stock.stock_15().change("device_ca", damage=flip_signature_bit)
    text = shown(checked(gateway))
    assert "intermediate ✗ BAD" in row(text, "device CA")
    assert "device CA ✓" in row(text, "server")


def test_the_tree_shows_a_root_that_is_not_trusted() -> None:
    """It is presented, and what is trusted is another one."""
    other = stock.stock_15("ec").change("root", subject="Another root")
    text = shown(checked(stock.stock_12(), trust=pem(*other.trust())))
    assert "root, NOT trusted" in row(text, "root")


def test_the_tree_shows_what_is_no_ca_in_capitals() -> None:
    """Of the server it is no fault, so there it is small."""
    text = shown(checked(stock.stock_15().without_extension("device_ca", "basicConstraints")))
    assert " NO " in row(text, "device CA")
    assert " no " in row(text, "server")


def test_the_tree_shows_what_is_over_and_what_has_not_begun() -> None:
    """Near and past ends are counted in days."""
    gateway = stock.stock_15()
    late = shown(checked(gateway, at=stock.NOW + timedelta(days=30)), width=140)
    assert row(late, "server").rstrip().partition("2026-12-20 ")[2].startswith("3 days ago")
    early = shown(checked(gateway, at=stock.NOW - timedelta(days=30)), width=140)
    assert "valid from 2026-11-20" in row(early, "server")


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (91 * DAY, ""),
        (90 * DAY, "in 90 days"),
        (2 * DAY, "in 2 days"),
        (2 * DAY - 1, "in 47 hours"),
        (3600, "in 60 minutes"),
        (60, "in 1 minute"),
        (0, "in 0 minutes"),
        (-1, "0 minutes ago"),
        (-400 * DAY, "400 days ago"),
    ],
)
def test_how_far_an_end_is(seconds: int, told: str) -> None:
    """Farther than 90 days away nobody counts."""
    noon = 20_000 * DAY + DAY // 2
    assert relative(noon + seconds, noon) == told


def test_days_are_counted_as_a_calendar_does() -> None:
    """Whoever sees two dates subtracts the days."""
    noon = 20_000 * DAY + DAY // 2
    assert relative(noon + 27 * DAY - 6 * 3600, noon) == "in 27 days"


@pytest.mark.parametrize("unicode", [True, False])
@pytest.mark.parametrize("width", WIDTHS)
def test_rows_are_aligned_and_never_wrapped(width: int, unicode: bool) -> None:
    """Wide letters take two columns, and a name that is too long is cut with a sign."""
    gateway = stock.stock_11().change("device_ca", subject=[("CN", "ゲートウェイ " * 9)])
    gateway = gateway.change("intermediate", subject=[("CN", "x" * 120)])
    text = shown(checked(gateway), width=width, unicode=unicode)
    rows = table(text)
    assert all(columns(line) <= width for line in rows)
    ends = [line.rpartition(" 20")[0] for line in rows if re.search(r"20\d\d-", line)]
    assert len({columns(start) for start in ends if "in 87" not in start}) == 1
    assert ("…" if unicode else "...") in row(text, "intermediate")


# --- findings -----------------------------------------------------------------------------------


def test_the_demo_tells_what_is_wrong_and_what_to_do_first() -> None:
    """Header, first screen, tree with its marks, findings, acts and counts, in this order."""
    report = DEMO.check()
    text = shown(report, sources=["chain.pem"], width=120)
    assert text.startswith(
        "chain.pem · 5 certificates · hostname ioTEdgeGW.local · runtime 1.1 · "
        "checked as of 2026-11-23\n\n"
        'error: the device CA "iotedgegw.local" is not a CA (basicConstraints absent) but issued '
        'the workload\n  CA "iotedged workload ca"\n'
        '  do first: reissue the device CA "iotedgegw.local": closes 1 error and 1 warning. Then '
        "replace it\n            in the gateway's device CA file (`device_ca_cert`), and run "
        "`sudo systemctl restart\n            iotedge`\n"
        "  refused:  by every client but Node.js 8 (OpenSSL 1.0.2)\n\n"
        "  ROLE"
    )
    positions = [text.index(f"{f.severity}[{f.rule.id}] ") for f in report.fix_first]
    assert text.index("  ROLE") < min(positions)
    assert max(positions) < text.index("\nFix first:\n  1. reissue the device CA")
    errors = sum(f.severity is Severity.ERROR for f in report.findings)
    last = text.splitlines()[-1]
    assert last.startswith(f"{errors} error")
    assert "path not valid" in last
    assert last.endswith(f"more: edgecheck explain {report.findings[0].rule.id}")


def test_the_first_screen_does_not_blame_the_worst_finding_for_refusals_by_another() -> None:
    """Letter case is nobody's reason; those who refuse this chain miss a key identifier."""
    (line,) = re.findall(
        r"refused: +(by .+\n.*)", shown(read(FIXTURES / "hostname" / "case-mismatch").check())
    )
    assert " ".join(line.split()).endswith("; not for this, but for extension.no-authority-key-id")
    (line,) = re.findall(r"refused: +(.+)", shown(read(FIXTURES / "ca" / "not-a-ca").check()))
    assert line == "by every client but Node.js 8 (OpenSSL 1.0.2)"


def test_each_faulty_certificate_is_marked_in_the_tree() -> None:
    """With all ids of its rules, on its row or on the line below it."""
    report = DEMO.check()
    for width in WIDTHS:
        lines = table(shown(report, width=width))
        for finding in report.fix_first:
            assert any(finding.rule.id in line for line in lines), (finding.rule.id, width)
    wide = table(shown(report, width=200))
    assert "✗ ca.not-a-ca" in next(line for line in wide if "device CA " in line[:20])


def test_marks_tell_errors_from_warnings() -> None:
    """Without colours, too: the sign changes where the severity does."""
    lines = table(shown(DEMO.check(), width=100))
    at = next(number for number, line in enumerate(lines) if "device CA " in line[:20])
    assert lines[at + 1].strip() == "✗ ca.not-a-ca  ! naming.device-ca-cn-is-hostname"


def test_a_finding_says_where_it_is() -> None:
    """File, lines, role, name, and enough of the fingerprint to tell it apart."""
    report = DEMO.check()
    device_ca = report.hierarchy.device_ca
    assert device_ca is not None
    (origin,) = report.origins[device_ca]
    start = ":".join(re.findall("..", device_ca.sha256[:8].upper()))
    assert (
        f" --> chain.pem:{origin.first_line}-{origin.last_line}  "
        f'device CA "iotedgegw.local"  sha256 {start}…\n'
    ) in shown(report)
    assert device_ca.sha256 in shown(report, verbose=True)


def test_an_assumed_runtime_is_shown_as_such() -> None:
    """It follows from the certificates, and was not said."""
    text = shown(checked(stock.stock_12(), at=stock.NOW + timedelta(days=400)))
    assert "runtime 1.2.0 to 1.2.10 (assumed)" in " ".join(text.split())


@rule(
    "test.cause",
    title="A cause",
    severity=Severity.ERROR,
    over=Over.EACH_CERTIFICATE,
    act=Act.REISSUE,
    references=[
        Reference("RFC 1, section 2", "https://rfc.example/1"),
        Reference("measured: all refuse it", ""),
    ],
)
def cause(certificate: Certificate) -> Violation | None:
    """The first paragraph says why.

    The second one is for the page of the rule.

    Remedy:
    Write these lines, which are longer than any terminal is wide, into the file:

        subjectAltName = DNS:a.example,DNS:b.example,DNS:c.example,DNS:d.example,DNS:e.example,DNS:f
        basicConstraints = critical,CA:TRUE

    - then do the one thing, which takes so many words that it needs two lines on a screen of 80,
      and
    - do the other thing.
    """
    if not certificate.is_ca:
        return None
    facts = {"key_id": b"\xab" * 20, "listed": ("a", "b"), "known": True, "absent": None}
    return Violation("it is wrong", "right", None, (certificate,), evidence=facts)


@rule(
    "test.effect",
    title="An effect",
    severity=Severity.WARNING,
    over=Over.EACH_CERTIFICATE,
    act=Act.EDIT,
    follows=["test.cause"],
    references=[],
)
def effect(certificate: Certificate) -> Violation:
    """It follows.

    Remedy:
    none, because nothing is wrong.
    """
    return Violation("and so this is wrong", certificates=(certificate,))


CAUSE = edgecheck.RuleSet([cause])
BOTH = edgecheck.RuleSet([cause, effect])


def test_why_and_help_are_told_once_for_a_rule() -> None:
    """Each finding stays its own, with its place and its values."""
    text = shown(checked(stock.stock_15(), rules=CAUSE))
    assert text.count("error[test.cause] it is wrong\n") == 3
    assert text.count("  |  wanted: right\n") == 3
    for once in ("  why:  The first paragraph says why.\n", "  help: Write", "  see:  RFC 1"):
        assert text.count(once) == 1
    assert "The second one" not in text
    assert text.count("  seen: all refuse it\n") == 1
    assert "  1. reissue the device CA" in text


def test_what_stands_between_words_fits_into_the_line_too() -> None:
    """Also where a line ends with it."""
    for width in range(20, 40):
        lines = wrapped(["word"] * 9, width, "", "  ", " · ")
        assert max(map(columns, lines)) <= width
        assert " ".join(lines).split() == " · ".join(["word"] * 9).split()


def test_what_follows_is_one_line_below_its_cause() -> None:
    """It is counted with the act that closes it, and not among the findings."""
    gateway = stock.stock_15()
    report = checked([gateway.issued("device_ca")], rules=BOTH)
    text = shown(report)
    assert "\n  follows: test.effect and so this is wrong\n" in text
    assert "warning[test.effect]" not in text
    assert "closes 1 error and 1 that follows (test.cause)" in text
    assert text.splitlines()[-1].startswith("1 error · not validated: no trust was given")


def test_values_are_told_in_words() -> None:
    """Bytes are cut, what is absent is left out; with verbose both are whole."""
    gateway = stock.stock_15()
    report = checked([gateway.issued("root")], rules=CAUSE)
    assert (
        "  |  wanted: right\n  |  found:  none\n"
        "  |  also:   key id: abababababababababab...; listed: a, b; known: yes\n"
    ) in shown(report)
    told = " ".join(shown(report, verbose=True).replace("  |  ", "").split())
    assert f"key id: {'ab' * 20}; listed: a, b; known: yes; absent: none" in told


def test_lines_to_copy_are_not_wrapped() -> None:
    """Prose is, and hangs from its label."""
    text = shown(checked(stock.stock_15(), rules=CAUSE), width=80)
    assert (
        "  help: Write these lines, which are longer than any terminal is wide, into the\n"
        "        file:\n"
        "            subjectAltName = DNS:a.example,DNS:b.example,DNS:c.example,"
        "DNS:d.example,DNS:e.example,DNS:f\n"
        "            basicConstraints = critical,CA:TRUE\n"
        "        - then do the one thing, which takes so many words that it needs two\n"
        "          lines on a screen of 80, and\n"
        "        - do the other thing.\n"
    ) in text


def every_rule() -> list[Rule]:
    return list(edgecheck.BUILT_IN)


@pytest.mark.parametrize("rule", every_rule(), ids=lambda rule: rule.id)
def test_the_prose_of_each_rule_fits_a_screen(rule: Rule) -> None:
    """Only lines to be copied may be longer, and an address."""
    for text in (rule.explanation, rule.remedy):
        for line in prose(text, Style(width=80), "        "):
            assert len(line) <= 80 or line.startswith(" " * 12) or " " not in line.strip()


# --- text from outside --------------------------------------------------------------------------


def test_text_of_certificates_cannot_reach_the_terminal() -> None:
    """Control sequences, line ends and turns of the writing direction are shown, not sent."""
    gateway = stock.stock_15()
    for role in ("device_ca", "intermediate", "root"):
        gateway = gateway.change(role, subject=[("O", HOSTILE), ("CN", role + HOSTILE)])
    gateway = gateway.change("device_ca", not_after=stock.NOW - timedelta(days=1))
    report = checked(
        [*gateway.presented(), gateway.issued("server")],
        trust=edgecheck.Source(f"trust{HOSTILE}", pem(*gateway.trust())),
        hostname=f"host{HOSTILE}",
    )
    assert not report.ok
    for unicode in (True, False):
        text = shown(report, verbose=True, unicode=unicode, sources=[f"file{HOSTILE}"])
        for unsafe in "\x1b\x07\r\u202e\u2028":
            assert unsafe not in text
        assert "\nerror[fake.rule]" not in text
        assert r"device_ca\x1b[2J\x07\r\n" in text
        assert r"file\x1b[2J\x07\r\nerror[fake.rule] \u202eevil\u2028 <b>" in text
    as_json = report.to_json()
    assert as_json.isascii()
    assert not set(as_json) & set("\x1b\x07\r")


@pytest.mark.parametrize("verbose", [True, False])
def test_plain_ascii_is_plain_ascii(verbose: bool) -> None:
    """Also where a name is not; it is escaped so that nothing is lost."""
    gateway = stock.stock_15().change("root", subject="Wurzel Köln → 根")
    late = stock.NOW + timedelta(days=400)
    text = shown(checked(gateway, at=late), unicode=False, verbose=verbose)
    assert text.isascii()
    assert r"Wurzel K\xf6ln \u2192 \u6839" in text
    assert "`- server" in text
    assert shown(DEMO.check(), unicode=False, verbose=verbose).isascii()


def test_colours_change_nothing_but_the_colour() -> None:
    """Without them there is no control character but line ends."""
    for report in (DEMO.check(), checked(stock.stock_15())):
        plain, coloured = shown(report), shown(report, color=True)
        assert "\x1b[" in coloured
        stripped = re.sub(r"\x1b\[[0-9;]*m", "", coloured)
        assert [line.rstrip() for line in stripped.splitlines()] == plain.splitlines()
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", plain)


@given(st.data())
def test_whatever_was_read_can_be_shown(data: st.DataObject) -> None:
    """Damage at any place of a certificate makes no report that cannot be printed."""
    gateway = stock.stock_15()
    chain = [bytearray(certificate.der) for certificate in gateway.presented()]
    for certificate in chain:
        for at in data.draw(st.lists(st.integers(0, len(certificate) - 1), max_size=2)):
            certificate[at] = data.draw(st.integers(0, 255))
    report = edgecheck.check([bytes(certificate) for certificate in chain], at=stock.NOW)
    for unicode in (True, False):
        text = shown(report, unicode=unicode, verbose=True)
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", text)
        assert unicode or text.isascii()


# --- lines --------------------------------------------------------------------------------------


def test_words_are_never_torn() -> None:
    """A word that is longer than the line stands alone on one."""
    long = "x" * 30
    assert wrapped(["a", long, "b", "c"], 10, "- ", "  ") == ["- a", f"  {long}", "  b c"]
    assert wrapped([], 10, "- ", "  ") == ["-"]
