"""The command line: what it prints, where, and with which exit status."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import edgecheck
from edgecheck import cli
from edgecheck.commands import printing
from edgecheck.commands.declared import clients, rules
from edgecheck.reading.crl import read_crls
from edgecheck.rules.engine import ruleset
from edgecheck.rules.engine.rule import Rule, Severity
from fixtures import stock
from fixtures.pki import pem

REPO = Path(__file__).resolve().parents[1]
DEMO = "fixtures/demo/broken-gateway"
BROKEN = (f"{DEMO}/chain.pem", "--trust", f"{DEMO}/trust.pem", "--at", "2026-11-23T12:00:00Z")
GOOD = "fixtures/good/runtime-1-5-rsa"
SOUND = (
    f"{GOOD}/chain.pem",
    *("--trust", f"{GOOD}/trust.pem"),
    *("--hostname", stock.HOSTNAME),
    *("--at", "2026-11-23T12:00:00Z"),
)


class Ran:
    """What one command did."""

    def __init__(self, status: int, out: str, err: str) -> None:
        self.status, self.out, self.err = status, out, err


Run = Callable[..., Ran]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `edgecheck` in the repository, in 100 columns, without a terminal."""
    monkeypatch.chdir(REPO)
    monkeypatch.setenv("COLUMNS", "100")
    for name in ("NO_COLOR", "FORCE_COLOR", "EDGECHECK_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))

    def ran(*arguments: str) -> Ran:
        status = cli.main(arguments)
        out, err = capfd.readouterr()
        return Ran(status, out, err)

    return ran


def _on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if somebody read standard output as it comes."""
    for module in (clients, rules, printing):
        monkeypatch.setattr(module, "is_terminal", lambda: True)


def refused(ran: Ran) -> str:
    """The one line of a request that could not be carried out."""
    assert ran.status == 2
    assert not ran.out
    assert ran.err.startswith("edgecheck: ")
    assert ran.err.endswith("\n")
    assert ran.err.count("\n") == 1
    return ran.err.removeprefix("edgecheck: ").rstrip("\n")


# --- exit status --------------------------------------------------------------------------------


def test_a_sound_chain_ends_with_0(run: Run) -> None:
    """The report goes to standard output, and nothing to standard error."""
    ran = run("check", *SOUND)
    assert ran.status == 0
    assert re.match(r"ok · \S*runtime-1-5-rsa/chain\.pem · first expiry ", ran.out)
    assert not ran.err


def test_a_broken_chain_ends_with_1(run: Run) -> None:
    """An error is at the level that --fail-on has by default."""
    ran = run("check", *BROKEN)
    assert ran.status == 1
    assert "error[" in ran.out
    assert not ran.err


def test_fail_on_moves_the_level(run: Run) -> None:
    """Each severity has a chain of which it is the worst; `never` is met by none."""
    # Nobody's trust, and no host name: what is said of the demo's certificates alone.
    quickstart = "fixtures/good/quickstart-1-2"
    warned = (f"{quickstart}/chain.pem", "--trust", f"{quickstart}/trust.pem", *SOUND[3:])
    noted = (*SOUND, "--select", "edge.no-operator-separation")
    assert _worst(run, warned) == "warning"
    assert _worst(run, noted) == "info"
    expected = {
        "error": (1, 0, 0),
        "warning": (1, 1, 0),
        "info": (1, 1, 1),
        "never": (0, 0, 0),
    }
    for level, statuses in expected.items():
        for arguments, status in zip((BROKEN, warned, noted), statuses, strict=True):
            assert run("check", *arguments, "--fail-on", level).status == status, level
    assert run("check", *warned, "--warnings-as-errors").status == 1
    assert run("check", *noted, "--warnings-as-errors").status == 0


def _worst(run: Run, arguments: tuple[str, ...]) -> str:
    worst: str = json.loads(run("check", *arguments, "--format", "json").out)["worst"]
    return worst


def test_with_fail_on_info_notes_are_told(run: Run) -> None:
    """What decides the exit status must be seen."""
    ran = run("check", *SOUND, "--select", "edge.no-operator-separation", "--fail-on", "info")
    assert "info[edge.no-operator-separation]" in ran.out


def test_quiet_leaves_only_the_status(run: Run) -> None:
    """Errors of the request are still told."""
    ran = run("check", *BROKEN, "--quiet")
    assert (ran.status, ran.out, ran.err) == (1, "", "")
    refused(run("check", "missing.pem", "--quiet"))


# --- requests that cannot be carried out --------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "name a command: check, audit, connect, predict, fleet, explain, rules or clients"),
        (("chek",), "No such command 'chek'"),
        (("check", "--hostnam", "x"), "--hostname"),
        (("check", "missing.pem"), "no such file: missing.pem"),
        (("check", ""), "an empty file name"),
        (("check", "-", "--trust", "-"), "standard input (-) is named twice"),
        (("check", "fixtures"), "fixtures is a directory; name the files in it"),
        (("check", "gw:8883"), "edgecheck connect gw:8883"),
        (("check", *SOUND, "--trust", "missing.pem"), "no such file: missing.pem"),
        (("check", *SOUND, "--trust", "setup.cfg"), "--trust setup.cfg: no certificate in it"),
        (("check", *SOUND, "--trust-bundle", "missing.pem"), "no such file: missing.pem"),
        (("check", *SOUND, "--at", "tomorrow"), "write it as 2026-11-23T12:00:00Z"),
        (("check", *SOUND, "--at", "2026-11-23"), "no zone; write 2026-11-23T00:00:00Z"),
        (("check", *SOUND, "--at", "2026-11-23T12:00"), "no zone; write 2026-11-23T12:00:00Z"),
        (("check", *SOUND, "--at", "0001-01-01T00:00:00+14:00"), "no such time"),
        (("check", *SOUND, "--runtime", "1.7"), "--runtime: '1.7' is not a known IoT Edge version"),
        (("check", *SOUND, "--time-t", "16"), "'16' is not one of '32', '64'"),
        (("check", *SOUND, "--hostname", ""), "--hostname: expected a DNS name or an IP address"),
        (
            ("check", *SOUND, "--profile", "any"),
            "--profile: 'any' is unknown; known are iot-edge, path, rfc5280, web-pki",
        ),
        (("check", *SOUND, "--crl", "missing.pem"), "no such file: missing.pem"),
        (("check", *SOUND, "--crl", "setup.cfg"), "--crl setup.cfg: no CRL: neither DER nor PEM"),
        (("check", *SOUND, "--crl", SOUND[0]), "PEM of another kind: CERTIFICATE; give CRLs as"),
        (("check", *SOUND, "--select", "ca.not-aca"), "did you mean ca.not-a-ca"),
        (("check", *SOUND, "--ignore", "ca,nothing"), "no rule is called 'nothing'"),
        (("check", *SOUND, "--select", "ca", "--ignore", "ca.*"), "no rule is left"),
        (("check", *SOUND, "--role", "71aa"), "--role 71aa: write SHA256=ROLE"),
        (("check", *SOUND, "--role", "71aa=root"), "--role: expected 64 hexadecimal digits"),
        (("check", *SOUND, "--role", f"{64 * 'a'}=king"), "--role: 'king' is unknown; known are"),
        (("check", *SOUND, "--role", f"{64 * 'a'}=root"), "no certificate has the fingerprint"),
        (("check", *SOUND, "--fail-on", "notes"), "'notes' is not one of"),
        (("check", *SOUND, "--format", "xml"), "'xml' is not one of 'text', 'json'"),
        (("check", *SOUND, "-o", "missing/report"), "cannot write missing/report: no such file"),
        (("check", *SOUND, "-o", SOUND[0]), "is what was read; name another file to write"),
        (("check", *SOUND, "-o", SOUND[2]), "is what was read; name another file to write"),
        (("explain",), "Missing argument 'RULE-OR-TEXT'"),
        (("explain", "ca.not-aca"), "did you mean ca.not-a-ca"),
        (("explain", "hello", "world"), "nothing is known of 'hello world'"),
        (("explain", "hostname.nothing"), "no rule is called 'hostname.nothing'"),
        (("explain", "setup.cfg"), "`edgecheck explain - < setup.cfg`"),
        (("explain", "docs/rules/index.md"), "`edgecheck explain - < docs/rules/index.md`"),
        (("explain", "expired.log"), "there is no file 'expired.log'; what is in a file is"),
        (("explain", "/var/log/none/edge"), "there is no file '/var/log/none/edge'"),
        (("explain", "IMG_2041.JPG"), "is a picture; type the words of the error that it shows"),
        (("explain", "press-3.plant7.local"), "edgecheck connect press-3.plant7.local"),
        (("explain", "10.0.0.7:8883"), "edgecheck connect 10.0.0.7:8883"),
        (("rules", "nothing"), "no rule is called 'nothing'"),
    ],
    ids=lambda value: " ".join(value)[-40:] if isinstance(value, tuple) else None,
)
def test_a_bad_request_is_one_line_and_2(run: Run, arguments: tuple[str, ...], told: str) -> None:
    """It says what to do, and there is no report."""
    assert told in refused(run(*arguments))


@pytest.mark.parametrize("command", [("check", *SOUND, "--select"), ("rules",), ("explain",)])
def test_an_unknown_rule_is_told_without_the_librarys_argument(
    run: Run, command: tuple[str, ...]
) -> None:
    assert refused(run(*command, "ca.nothing")).startswith("no rule is called 'ca.nothing'")


def test_what_is_refused_is_told_without_control_characters(run: Run) -> None:
    """A file's name is chosen by others too, and may hold line ends."""
    line = refused(run("check", "no\x1b[2J\nerror: x\u202e.pem"))
    assert line.startswith(r"no such file: no\x1b[2J error: x\u202e.pem; ")


def test_a_terminal_is_not_waited_for(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever types no file gets told so, instead of a cursor that blinks."""
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    assert "name a FILE, or - for standard input" in refused(run("check"))


def test_a_bug_is_one_line_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its status is not that of a finding; a traceback is shown to who asks for it."""

    def broken() -> None:
        raise KeyError("x")

    monkeypatch.setattr(sys.modules["edgecheck.checking"], "now", broken)
    line = refused(run("check", f"{GOOD}/chain.pem"))
    assert line.startswith("a bug, please report it: KeyError: 'x'")
    monkeypatch.setenv("EDGECHECK_DEBUG", "1")
    with pytest.raises(KeyError):
        run("check", f"{GOOD}/chain.pem")


# --- input --------------------------------------------------------------------------------------


def test_standard_input_is_read(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """As `-`, and also where no file is named and it is no terminal."""
    chain = (REPO / SOUND[0]).read_bytes()
    reports = []
    for files in ((), ("-",)):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(chain)))
        ran = run("check", *files, *SOUND[1:])
        assert ran.status == 0
        reports.append(ran.out)
    assert reports[0] == reports[1]
    assert reports[0].startswith("ok · - · ")


def test_several_files_are_one_presentation(run: Run, tmp_path: Path) -> None:
    """In the order in which they are named; findings say in which one a certificate is."""
    gateway = stock.stock_15()
    paths = []
    for role in ("server", "device_ca", "intermediate"):
        path = tmp_path / f"{role}.pem"
        path.write_bytes(pem(gateway.issued(role)))
        paths.append(str(path))
    trust = ("--trust", f"{GOOD}/trust.pem", "--at", "2026-11-23T12:00:00Z")
    told = json.loads(run("check", *paths, *trust, "--format", "json").out)
    presented = [certificate["origin"]["source"] for certificate in told["certificates"]]
    assert presented == [*paths, f"{GOOD}/trust.pem"]
    assert told["valid"] is True
    assert " + ".join(paths[:2]) in run("check", *paths[:2], *trust, "--ascii").out.replace(
        "\n  ", " "
    )


def test_the_json_report_is_that_of_the_library(run: Run) -> None:
    """Every option arrives where it belongs; sources are named by their paths."""
    options = (
        *("--hostname", "ioTEdgeGW.local", "--runtime", "1.1", "--time-t", "32"),
        *("--device-hostname", "ioTEdgeGW.local", "--gateway-host-name", "a.example"),
        *("--gateway-host-name", "b.example", "--trust-bundle", f"{DEMO}/trust.pem"),
        *("--device-ca-file", f"{DEMO}/chain.pem", "--machine-name", "box"),
        *("--parent-hostname", "parent.example", "--device-id", "gateway-7"),
        *("--identity-certificate", f"{DEMO}/chain.pem", "--os-trust", f"{DEMO}/trust.pem"),
        *("--select", "ca,chain.*", "--select", "hostname", "--ignore", "chain.root-presented"),
    )
    chain, trust = ((REPO / DEMO / name).read_bytes() for name in ("chain.pem", "trust.pem"))
    source = edgecheck.Source(f"{DEMO}/chain.pem", chain)
    trusted = edgecheck.Source(f"{DEMO}/trust.pem", trust)
    fingerprint = edgecheck.check(source, at=stock.NOW).certificates[3].sha256
    ran = run("check", *BROKEN, *options, "--role", f"{fingerprint}=other", "--format", "json")
    report = edgecheck.check(
        [source],
        "ioTEdgeGW.local",
        trusted,
        stock.NOW,
        edgecheck.Device(
            runtime="1.1",
            time_t_bits=32,
            hostname="ioTEdgeGW.local",
            gateway_host_names=("a.example", "b.example"),
            trust_bundle=trusted,
            device_ca_file=source,
            machine_name="box",
            parent_hostname="parent.example",
            device_id="gateway-7",
            identity_certificate=source,
            os_trust=trusted,
        ),
        rules=edgecheck.BUILT_IN.select("ca", "chain.*", "hostname").without(
            "chain.root-presented"
        ),
        roles={fingerprint: "other"},
    )
    assert ran.out == report.to_json()
    assert ran.status == 1


def test_a_devices_certificate_is_judged_as_a_clients(run: Run) -> None:
    """For a gateway it has no name and the wrong purpose; a host name makes no sense with it."""
    folder = "fixtures/identity/cn-is-not-device-id"
    device = ("check", f"{folder}/chain.pem", "--trust", f"{folder}/trust.pem", *SOUND[5:])
    told = json.loads(run(*device, "--purpose", "client", "--format", "json").out)
    assert told["valid"] is True
    assert told["expected"]["validation"]["purpose"] == "client"
    assert json.loads(run(*device, "--format", "json").out)["valid"] is False
    refused = run(*device, "--purpose", "client", "--hostname", "gw.example")
    assert refused.status == 2
    assert "--hostname: expected None for purpose 'client'" in refused.err
    assert "leave it out" in refused.err


def test_the_profile_arrives(run: Run) -> None:
    """The same chain is valid by RFC 5280 alone, whatever the server is called."""
    other = (*SOUND[:3], "--hostname", "another.local", *SOUND[5:], "--format", "json")
    assert json.loads(run("check", *other).out)["valid"] is False
    assert json.loads(run("check", *other, "--profile", "path").out)["valid"] is True


def test_a_stricter_profile_arrives(run: Run) -> None:
    """The server's serial number is 0, as certd writes it."""
    told = json.loads(run("check", *SOUND, "--profile", "rfc5280", "--format", "json").out)
    assert told["expected"]["profile"] == "rfc5280"
    assert [f["rule"] for f in told["findings"] if f["severity"] == "error"] == ["path.profile"]


def test_revocation_lists_arrive(run: Run, tmp_path: Path) -> None:
    """PEM or DER, several of them; the report is not written over one."""
    folder = "fixtures/path/revoked"
    crls = read_crls((REPO / folder / "crl.pem").read_bytes())[0]
    files = []
    for number, each in enumerate(crls):
        files.append(tmp_path / f"{number}.crl")
        files[-1].write_bytes(each.der)
    given = (f"{folder}/chain.pem", "--trust", f"{folder}/trust.pem", *SOUND[5:])
    options = [word for file in files for word in ("--crl", str(file))]
    assert run("check", *given).status == 0
    for with_crls in (options, ["--crl", f"{folder}/crl.pem"]):
        ran = run("check", *given, *with_crls)
        assert ran.status == 1
        assert "error[path.revoked]" in ran.out
    refused(run("check", *given, *options, "-o", str(files[0])))


@pytest.mark.parametrize("at", ["2026-11-23T13:00:00+01:00", "20261123T120000Z"])
def test_a_time_may_have_any_zone(run: Run, at: str) -> None:
    """The report has it in UTC."""
    told = json.loads(run("check", *SOUND, "--at", at, "--format", "json").out)
    assert told["expected"]["at"] == "2026-11-23T12:00:00Z"


# --- output -------------------------------------------------------------------------------------


@pytest.mark.parametrize("line_end", ["", "\n", "\r\n", "\nsecond line"])
def test_a_password_arrives(run: Run, tmp_path: Path, line_end: str) -> None:
    """It is the first line of its file, without the line end."""
    password = tmp_path / "password.txt"
    password.write_bytes(b"long ago and far away" + line_end.encode())
    pfx = "fixtures/input/locked-container/gateway.pfx"
    trust = "fixtures/input/locked-container/trust.pem"
    at = ("--at", "2026-11-23T12:00:00Z")
    opened = run("check", pfx, "--trust", trust, *at, "--password-file", str(password))
    assert (opened.status, opened.out[:2]) == (0, "ok")
    closed = run("check", pfx, "--trust", trust, *at)
    assert closed.status == 1
    assert "has a password, and none was given" in " ".join(closed.out.split())
    as_trust = ("check", *SOUND, "--trust", pfx)
    assert run(*as_trust, "--password-file", str(password)).status == 0
    assert "it has a password; give it with --password-file" in refused(run(*as_trust))


def test_a_password_that_nothing_needs_does_no_harm(run: Run, tmp_path: Path) -> None:
    """One script may be for files of every kind."""
    password = tmp_path / "password.txt"
    password.write_text("secret\n")
    assert run("check", *SOUND, "--password-file", str(password)).out == run("check", *SOUND).out
    assert "no such file" in refused(run("check", *SOUND, "--password-file", "none.txt"))


def test_a_report_can_be_written_to_a_file(run: Run, tmp_path: Path) -> None:
    """Then standard output stays empty, and the status is the same."""
    path = tmp_path / "report.json"
    ran = run("check", *BROKEN, "--format", "json", "--output", str(path))
    assert (ran.status, ran.out, ran.err) == (1, "", "")
    assert path.read_text(encoding="utf-8") == run("check", *BROKEN, "--format", "json").out
    run("check", *BROKEN, "-o", str(path), "--color", "always")
    assert "\x1b[" in path.read_text(encoding="utf-8")


def test_colours_are_for_terminals_and_for_those_who_want_them(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """--color beats the environment, and NO_COLOR beats FORCE_COLOR."""
    assert "\x1b" not in run("check", *BROKEN).out
    assert "\x1b[" in run("check", *BROKEN, "--color", "always").out
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[" in run("check", *BROKEN).out
    assert "\x1b" not in run("check", *BROKEN, "--color", "never").out
    assert "\x1b" not in run("check", *BROKEN, "--format", "json").out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in run("check", *BROKEN).out
    assert "\x1b[" in run("check", *BROKEN, "--color", "always").out


def test_a_terminal_gets_colours(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unless it is dumb."""
    _on_a_terminal(monkeypatch)
    monkeypatch.setenv("TERM", "xterm")
    assert "\x1b[" in run("check", *BROKEN).out
    monkeypatch.setenv("TERM", "dumb")
    assert "\x1b" not in run("check", *BROKEN).out


def test_ascii_on_request_and_where_nothing_else_can_be_shown(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A terminal's encoding says what it can show."""
    assert not run("check", *BROKEN).out.isascii()
    plain = run("check", *BROKEN, "--ascii").out
    assert plain.isascii()
    environment = os.environ | {"PYTHONIOENCODING": "latin-1", "COLUMNS": "100"}
    command = [sys.executable, "-m", "edgecheck", "check", *BROKEN]
    ran = subprocess.run(command, cwd=REPO, env=environment, capture_output=True, check=False)
    assert ran.stdout.decode("latin-1") == plain


def test_the_report_is_as_wide_as_the_terminal(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """COLUMNS stands for a terminal here, as in other programs."""
    widest = {}
    for width in (80, 140):
        monkeypatch.setenv("COLUMNS", str(width))
        widest[width] = max(map(len, run("check", *SOUND).out.splitlines()))
    assert widest[80] <= 80 < widest[140] <= 140


@pytest.mark.parametrize("arguments", [("check", *BROKEN), ("rules",), ("explain", "ca.not-a-ca")])
def test_a_closed_pipe_is_no_reason_to_complain(arguments: tuple[str, ...]) -> None:
    """As with `| head -1`: nothing on standard error, and the status of the report."""
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "edgecheck", *arguments]
    ran = subprocess.run(command, cwd=REPO, stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert ran.stderr == b""
    assert ran.returncode == (1 if arguments[0] == "check" else 0)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_told() -> None:
    """A report that is cut off must not look like one that is done."""
    command = [sys.executable, "-m", "edgecheck", "check", *SOUND]
    with Path("/dev/full").open("wb") as full:
        ran = subprocess.run(command, cwd=REPO, stdout=full, stderr=subprocess.PIPE, check=False)
    assert ran.returncode == 2
    told = b"edgecheck: cannot write the report: no space left on device; make room, "
    assert ran.stderr == told + b"or write to another disk\n"


# --- the other commands -------------------------------------------------------------------------


def test_it_runs_as_a_module() -> None:
    """`python -m edgecheck` is the same program."""
    command = [sys.executable, "-m", "edgecheck", "check", *SOUND]
    ran = subprocess.run(command, cwd=REPO, capture_output=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.decode().startswith("ok · ")


def test_the_version_names_what_the_verdict_rests_on(run: Run) -> None:
    """A report of a bug needs all three."""
    ran = run("--version")
    assert ran.status == 0
    assert ran.out.startswith(f"edgecheck {edgecheck.__version__} (cryptography ")
    assert "OpenSSL" in ran.out


def test_help_is_given_for_each_command(run: Run) -> None:
    """Also how a shell is taught to complete commands."""
    assert "_EDGECHECK_COMPLETE=bash_source" in run("--help").out
    for command in ("check", "rules", "explain"):
        ran = run(command, "--help")
        assert ran.status == 0
        assert f"Usage: edgecheck {command}" in ran.out
    assert "Exit status: 0 no finding" in run("check", "-h").out


def test_a_shell_completes_the_ids_of_rules() -> None:
    """As bash asks: the words of the line, and which of them is being typed."""
    asked = {"_EDGECHECK_COMPLETE": "bash_complete", "COMP_WORDS": "edgecheck explain ca.not"}
    ran = subprocess.run(
        [sys.executable, "-m", "edgecheck"],
        cwd=REPO,
        env=os.environ | asked | {"COMP_CWORD": "2"},
        capture_output=True,
        check=False,
    )
    offered = ran.stdout.decode().split()
    assert "plain,ca.not-a-ca" in offered
    assert all(line.startswith("plain,ca.not") for line in offered)


def test_all_rules_are_listed(run: Run) -> None:
    """One line each with id, severity and title; JSON holds the prose too."""
    lines = run("rules").out.splitlines()
    assert len(lines) == len(edgecheck.BUILT_IN)
    for line, rule in zip(lines, edgecheck.BUILT_IN, strict=True):
        assert line.split() == [rule.id, rule.severity, *rule.title.split()]
    told = json.loads(run("rules", "--format", "json").out)
    assert [rule["id"] for rule in told] == [rule.id for rule in edgecheck.BUILT_IN]
    assert all(rule["explanation"] and rule["remedy"] for rule in told)


def test_rules_are_listed_by_a_pattern(run: Run) -> None:
    """An id, a family, or a glob."""
    family = [rule.id for rule in edgecheck.BUILT_IN if rule.family == "ca"]
    for pattern in ("ca", "ca.*"):
        assert [line.split()[0] for line in run("rules", pattern).out.splitlines()] == family
    assert run("rules", "ca.not-a-ca").out.startswith("ca.not-a-ca  error")


def test_on_a_terminal_titles_are_cut(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that each rule is one line there, too."""
    _on_a_terminal(monkeypatch)
    monkeypatch.setenv("COLUMNS", "80")
    lines = run("rules", "--color", "never").out.splitlines()
    assert len(lines) == len(edgecheck.BUILT_IN)
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize("rule", list(edgecheck.BUILT_IN), ids=lambda rule: rule.id)
def test_every_rule_is_explained(run: Run, rule: Rule) -> None:
    """Title, severity, explanation, remedy and references are on its page."""
    ran = run("explain", rule.id)
    assert ran.status == 0
    words = " ".join(ran.out.split())
    for text in (rule.id, rule.title, f"severity: {rule.severity}", rule.over.value):
        assert text in words
    for text in (rule.explanation, rule.remedy):
        assert " ".join(text.split()) in words
    for reference in rule.references:
        assert reference.text in words
        assert reference.url in words


def test_an_error_is_explained(run: Run) -> None:
    """As one argument or several, the likeliest rule first, safe to print."""
    ran = run("explain", "verify", "error:num=79:invalid CA certificate\x1b[31m")
    assert ran.status == 0
    assert ran.out.startswith("perhaps ca.not-a-ca: ")
    assert '  this side refused: "verify error:num=79' in ran.out
    assert ran.out.index("ca.not-a-ca") < ran.out.index("ca.no-cert-sign")
    assert "\x1b" not in ran.out
    assert run("explain", "DEPTH_ZERO_SELF_SIGNED_CERT").status == 0


def test_whatever_is_pasted_is_explained(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A log on standard input, a text that begins with a dash, a rule without its family."""
    log = b"starting\nverify error:num=10:certificate has expired\n"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(log)))
    assert run("explain", "-").out.startswith("validity.expired: ")
    assert "symptom.name-not-resolved" in run("explain", "--", "-1 no such host").out
    assert run("explain", "-x", "connection", "refused").status == 0
    assert run("explain", "case-mismatch").out.startswith("hostname.case-mismatch\n")
    alike = [rule.id for rule in edgecheck.BUILT_IN if rule.id.endswith(".key-kind")]
    several = run("explain", "key-kind")
    assert (several.status, [line.split()[0] for line in several.out.splitlines()]) == (0, alike)
    found = json.loads(run("explain", "key-kind", "--format", "json").out)
    assert len(alike) > 1 and [each["id"] for each in found] == alike
    assert run("explain", "name-not-resolved").out.startswith("symptom.name-not-resolved\n")
    assert run("explain", "certificate verify failed").out.startswith("symptom.refused-without")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(log)))
    told = json.loads(run("explain", "--format", "json", "-").out)
    assert told["meanings"][0]["id"] == "validity.expired"
    assert told["meanings"][0]["line"] == 2
    assert set(told) == {"text", "meanings", "commands"}


def test_an_old_id_is_explained(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reports of an older version name it."""
    renamed = [
        replace(rule, formerly=("ca.old-name",)) if rule.id == "ca.not-a-ca" else rule
        for rule in edgecheck.BUILT_IN
    ]
    monkeypatch.setattr("edgecheck.commands.explain.BUILT_IN", ruleset.RuleSet(renamed))
    ran = run("explain", "ca.old-name")
    assert ran.status == 0
    assert ran.out.startswith("ca.not-a-ca\n")
    assert "formerly:   ca.old-name" in ran.out


def test_the_demo_ends_well() -> None:
    """`make demo` shows the command, the report and its exit status, and ends with 0."""
    command = [sys.executable, str(REPO / "tools" / "demo.py")]
    ran = subprocess.run(command, capture_output=True, check=False, cwd="/")
    assert ran.returncode == 0, ran.stderr
    text = ran.stdout.decode()
    assert text.startswith("$ edgecheck check fixtures/demo/broken-gateway/chain.pem \\\n")
    assert "\nerror[" in text
    assert "\nFix first:\n" in text
    assert text.endswith("\nexit status of the report: 1\n")


def test_severities_are_those_of_fail_on() -> None:
    """A new severity would need a word on the command line."""
    assert [severity.value for severity in Severity] == ["error", "warning", "info"]
