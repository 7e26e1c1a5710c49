"""`edgecheck connect`: what live ports present is judged as files are."""

from __future__ import annotations

import base64
import json
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

import edgecheck
from edgecheck import cli
from edgecheck.commands import targets
from edgecheck.commands.answering import who
from edgecheck.explaining.symptoms import SYMPTOMS
from edgecheck.reading.sources import Source
from fixtures import stock
from fixtures.pki import pem
from tests.conftest import REPO
from tests.handshakes import sending
from tests.servers import Answer, listening, tls

AT = ("--at", "2026-11-23T12:00:00Z")
SCHEMA = json.loads((REPO / "edgecheck/reporting/schema/report-v1.json").read_bytes())
GATEWAY = stock.stock_15("ec")
CHAIN = GATEWAY.presented()
OTHER = stock.stock_15("rsa")


class Ran:
    """What one command did."""

    def __init__(self, status: int, out: str, err: str) -> None:
        self.status, self.out, self.err = status, out, err

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def refused(self) -> str:
        """The line of what could not be carried out, printed alone."""
        assert (self.status, self.out) == (2, "")
        assert self.err.startswith("edgecheck: ") and self.err.count("\n") == 1
        return self.err.removeprefix("edgecheck: ").rstrip("\n")


Run = Callable[..., Ran]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `edgecheck connect` in a folder with `root.pem`, in 100 columns, without a terminal."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    Path("root.pem").write_bytes(pem(*GATEWAY.trust()))

    def ran(*arguments: object) -> Ran:
        status = cli.main(["connect", "--timeout", "5", *AT, *map(str, arguments)])
        return Ran(status, *capfd.readouterr())

    return ran


KNOWN = ("--hostname", stock.HOSTNAME, "--trust", "root.pem")


@pytest.fixture
def gateway(tmp_path: Path) -> Any:
    """A sound gateway: its port on loopback."""
    with listening(tls(tmp_path, CHAIN, GATEWAY["server"].key)) as port:
        yield port


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


def says(data: bytes) -> Answer:
    """Something else than TLS that answers so to whatever comes first."""

    def answer(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(data)

    return answer


def test_a_sound_gateway_is_one_quiet_line_and_its_tree(run: Run, gateway: int) -> None:
    """Below what was connected to; nothing goes to standard error."""
    ran = run(f"localhost:{gateway}", *KNOWN, "--ascii")
    connection, answers, empty, verdict, *_ = ran.out.splitlines()
    assert (ran.status, ran.err, empty) == (0, "", "")
    assert connection == (
        f"localhost:{gateway} | TLS 1.3 | from 127.0.0.1 | 3 certificates | "
        f"asked for {stock.HOSTNAME} (SNI) |"
    )
    assert answers == "  an IoT Edge gateway (1.4.0 or later)"
    assert verdict.startswith(f"ok | localhost:{gateway} | ")
    assert len(ran.out.splitlines()) == 10  # the tree: a head, and four certificates


def test_the_report_is_that_of_check_for_the_same_certificates(run: Run, gateway: int) -> None:
    """But for where they were found, and what was connected to."""
    made = run(f"127.0.0.1:{gateway}", *KNOWN, "--format", "json").json
    assert not list(Draft202012Validator(SCHEMA).iter_errors(made))
    (connection,) = made["connections"]
    assert connection["port"] == gateway
    assert (connection["version"], connection["server_name"]) == ("TLS 1.3", stock.HOSTNAME)
    assert made["source"] == f"127.0.0.1:{gateway}"
    assert (made["ok"], made["valid"]) == (True, True)
    assert [one["origin"]["source"] for one in made["certificates"][:3]] == [
        f"127.0.0.1:{gateway}, certificate {number}" for number in (1, 2, 3)
    ]


def test_it_is_judged_for_the_host_that_was_named(run: Run, gateway: int) -> None:
    """As a client that connects so would; --sni and --hostname say otherwise."""
    at = f"127.0.0.1:{gateway}"
    for more, name, sni in (
        ((), "127.0.0.1", None),
        (("--hostname", "a.example"), "a.example", "a.example"),
        (("--sni", "b.example"), "b.example", "b.example"),
        (("--sni", "b.example", "--hostname", "a.example"), "a.example", "b.example"),
        (("--hostname", "a.example", "--no-sni"), "a.example", None),
    ):
        made = run(at, "--trust", "root.pem", *more, "--format", "json").json
        assert made["expected"]["hostname"] == name
        assert made["connections"][0]["server_name"] == sni
        assert "hostname.not-in-san" in [finding["rule"] for finding in made["findings"]]


def test_a_chain_with_a_gap_ends_with_1(run: Run, tmp_path: Path) -> None:
    answer = tls(tmp_path, (CHAIN[0], *CHAIN[2:]), GATEWAY["server"].key)
    with listening(answer) as port:
        ran = run(f"127.0.0.1:{port}", *KNOWN)
        quiet = run(f"127.0.0.1:{port}", *KNOWN, "--quiet")
        never = run(f"127.0.0.1:{port}", *KNOWN, "--quiet", "--fail-on", "never")
    assert ran.status == 1
    assert "error[chain.missing-issuer]" in ran.out
    assert (quiet.status, quiet.out, quiet.err) == (1, "", "")
    assert (never.status, never.out, never.err) == (0, "", "")


@pytest.mark.parametrize("place", [0, 1])
def test_a_damaged_certificate_is_never_overlooked(run: Run, place: int) -> None:
    """As the first no other one is taken for the server's; as the second the chain has a gap."""
    sent = [one.der for one in CHAIN]
    sent[place] = sent[place][:-9]
    with listening(sending(sent, "TLS 1.3")) as port:
        made = run(f"127.0.0.1:{port}", *KNOWN, "--format", "json").json
    assert made["ok"] is False and made["valid"] is not True
    damaged = next(f for f in made["findings"] if f["rule"].startswith("input."))
    assert damaged["locations"][0]["source"] == f"127.0.0.1:{port}, certificate {place + 1}"
    assert [
        f["rule"] for f in made["findings"] if f["severity"] == "error" and not f["caused_by"]
    ] == ["input.unreadable-certificate"]
    if place == 0:
        assert not any(one["role"] == "server" for one in made["certificates"])


def test_a_sound_chain_after_which_the_server_goes_is_not_all_well(run: Run) -> None:
    """The chain is judged, and above it stands that nobody gets any further."""
    answer = sending([each.der for each in CHAIN], "TLS 1.3", wait=False)
    with listening(answer) as port:
        ran = run(f"localhost:{port}", *KNOWN)
        made = run(f"localhost:{port}", *KNOWN, "--format", "json").json
    assert ran.status == 2
    assert ran.err == (
        f"edgecheck: localhost:{port}: the handshake did not finish: the connection was closed\n"
    )
    told = ran.out.partition("\nok ")[0]
    assert "  the handshake did not finish: the connection was closed\n" in told
    assert made["connections"][0]["unfinished"] == "the connection was closed"
    assert not list(Draft202012Validator(SCHEMA).iter_errors(made))


def test_the_server_certificate_is_the_first_that_was_sent_though_it_is_none(run: Run) -> None:
    """A sound chain behind it is not what clients are sent: nothing is valid."""
    sent = [b"no certificate", *(one.der for one in CHAIN)]
    with listening(sending(sent, "TLS 1.2")) as port:
        made = run(f"127.0.0.1:{port}", *KNOWN, "--format", "json").json
        text = run(f"127.0.0.1:{port}", *KNOWN).out
    assert (made["ok"], made["valid"]) == (False, None)
    assert {each["verdict"] for each in made["predictions"]} == {"unknown"}
    assert "Repair the file from which the server takes its" in text
    assert "not validated: the input has a block that is no certificate" in text


OBSTACLES = [
    (says(b"HTTP/1.1 400 Bad Request\r\n\r\n"), "it speaks HTTP", "not-tls"),
    (says(b"SSH-2.0-OpenSSH_9.2p1\r\n"), "it speaks SSH", "not-tls"),
    (says(b"\x01\x02 what \x1b[31m\n"), r"\x1b[31m", "not-tls"),
    (says(bytes.fromhex("15030300020228")), "handshake_failure (40)", "alert-handshake-failure"),
    (says(bytes.fromhex("15030300020250")), "internal_error (80)", "alert-internal-error"),
    (says(bytes.fromhex("15030300020246")), "protocol_version (70)", "protocol-version"),
    (lambda connection: None, "closed during the handshake", "closed-in-handshake"),
    (sending([], "TLS 1.3"), "without sending one", "no-certificate-sent"),
]


@pytest.mark.parametrize(("answer", "words", "symptom"), OBSTACLES)
def test_what_stands_in_the_way_is_one_line_and_2(
    run: Run, answer: Answer, words: str, symptom: str
) -> None:
    """With the page that tells more; hostile text is escaped."""
    with listening(answer) as port:
        told = run(f"127.0.0.1:{port}", *KNOWN).refused
    assert told.startswith(f"127.0.0.1:{port}: not captured: ")
    assert words in told
    assert told.endswith(f"; more: edgecheck explain symptom.{symptom}")
    assert f"symptom.{symptom}" in SYMPTOMS
    assert told.isprintable()


def test_plain_mqtt_is_recognised(run: Run) -> None:
    """A broker without TLS closes what is no CONNECT, and says nothing; to a CONNECT it answers."""

    def broker(connection: socket.socket) -> None:
        if connection.recv(4096)[:1] == b"\x10":
            connection.sendall(bytes.fromhex("20020000"))

    with listening(broker) as port:
        told = run(f"127.0.0.1:{port}").refused
    assert "it speaks MQTT without TLS" in told


def test_a_server_that_stalls_ends_in_time(run: Run) -> None:
    done = threading.Event()
    with listening(lambda connection: (done.wait(9), None)[1]) as port:
        told = run(f"127.0.0.1:{port}", "--timeout", "0.2")
        done.set()
    assert "nothing more was heard" in told.refused


@pytest.mark.skipif(sys.platform == "win32", reason="Windows interrupts in another way")
def test_whoever_grows_tired_of_waiting_may_go(tmp_path: Path) -> None:
    """Ctrl-C ends it at once, with no word, however long a server is to be waited for."""
    reached, over = threading.Event(), threading.Event()

    def stalls(connection: socket.socket) -> None:
        reached.set()
        over.wait(120)

    with listening(stalls) as port:
        command = [sys.executable, "-m", "edgecheck", "connect", f"127.0.0.1:{port}"]
        with subprocess.Popen(
            [*command, "--timeout", "60"],
            cwd=REPO,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            # What a shell starts in the background ignores it, and so do its children.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        ) as started:
            try:
                assert reached.wait(60)
                started.send_signal(signal.SIGINT)
                out, err = started.communicate(timeout=60)
            finally:
                started.kill()
                over.set()
    assert (started.returncode, out, err.strip()) == (130, b"", b"")


def test_nobody_there_and_no_such_name(run: Run) -> None:
    assert "nothing listens on that port" in run(f"127.0.0.1:{closed_port()}").refused
    assert "could not be resolved" in run("no-such-host.invalid:8883").refused


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("https://gw:8883/path",), "is a URL; write gw:8883"),
        (("gw:0",), "a port is a number from 1 to 65535"),
        (("gw:mqtt",), "a port is a number"),
        (("gw/etc",), "is no host; write HOST"),
        (("[gw]:443",), "is no host"),
        (("1:2:3",), "is no host"),
        (("two words",), "is no host"),
        ((), "name a HOST or HOST:PORT"),
        (("gw", "8883"), "gw 8883: write gw:8883"),
        (("::1", "8883"), "write [::1]:8883"),
        (("gw1", "gw2"), "more than one host; write them into a file, one a line: --targets"),
        (("gw", "--targets", "hosts"), "name a HOST or HOST:PORT"),
        (("--targets", "empty"), "no host in it"),
        (("--targets", "bad"), "bad, line 2: gw:x: a port is a number"),
        (("gw", "--trust", "missing.pem"), "no such file: missing.pem"),
        (("gw", "--at", "yesterday"), "no such time"),
    ],
)
def test_a_mistake_is_one_line_before_anything_is_connected(
    run: Run, arguments: tuple[str, ...], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edgecheck.commands.connect.capture", None)
    Path("empty").write_text("# nobody\n\n")
    Path("bad").write_text("ok:1\ngw:x\n")
    if "yesterday" in arguments:
        assert cli.main(["connect", *arguments]) == 2
    else:
        assert words in run(*arguments).refused


def test_ports_that_are_tried_without_one_and_present_the_same(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One report; each port has its line, and one that is closed is no fault."""
    answer = tls(tmp_path, CHAIN, GATEWAY["server"].key)
    with listening(answer) as one, listening(answer) as two:
        ports = (one, two, closed_port(), closed_port())
        monkeypatch.setattr(targets, "PORTS", ports)
        ran = run("127.0.0.1", *KNOWN, "--ascii")
        (made,) = run("127.0.0.1", *KNOWN, "--format", "json").json[:1]
    assert ran.status == 0
    first, answers, second, *_ = ran.out.splitlines()
    assert "3 certificates" in first and answers == "  an IoT Edge gateway (1.4.0 or later)"
    assert f"the same 3 certificates as on {one}" in second  # and nothing of the gateway again
    assert ran.out.count("IoT Edge") == 1
    closed = f"127.0.0.1:{ports[2]}, {ports[3]}"  # in one line, for they are so alike
    assert f"{closed} | not captured: the connection was refused" in ran.out
    assert ran.out.count("not captured") == 1
    assert ran.out.count("\nok | ") == 1
    assert [each["port"] for each in made["connections"]] == [one, two]


def test_ports_that_differ_are_told_and_judged_each(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "other").mkdir()
    with (
        listening(tls(tmp_path, CHAIN, GATEWAY["server"].key)) as one,
        listening(tls(tmp_path / "other", OTHER.presented(), OTHER["server"].key)) as two,
    ):
        monkeypatch.setattr(targets, "PORTS", (one, two))
        ran = run("127.0.0.1", *KNOWN, "--ascii")
        made = run("127.0.0.1", *KNOWN, "--format", "json").json
    assert ran.status == 1
    assert "127.0.0.1 does not present the same certificates on all ports." in ran.out
    assert f"ok     127.0.0.1:{one} | " in ran.out
    assert f"error  127.0.0.1:{two} | 1 error" in ran.out
    assert [each["ok"] for each in made] == [True, False]


def test_several_targets_have_a_line_each_and_reports_where_needed(
    run: Run, tmp_path: Path, gateway: int
) -> None:
    """Whoever presents nothing makes the status 2, whatever the others do."""
    folders = [tmp_path / "gap"]
    folders[0].mkdir()
    gap = tls(folders[0], (CHAIN[0], *CHAIN[2:]), GATEWAY["server"].key)
    with listening(gap) as broken:
        hosts = f"127.0.0.1:{gateway}\n\n127.0.0.1:{broken} # a gap\n"
        Path("hosts").write_text(hosts)
        ran = run("--targets", "hosts", *KNOWN, "--ascii")
        closed = closed_port()
        Path("hosts").write_text(hosts + f"127.0.0.1:{closed}\n")
        worse = run("--targets", "hosts", *KNOWN, "--ascii")
        made = run("--targets", "hosts", *KNOWN, "--format", "json")
    assert (ran.status, ran.err) == (1, "")
    lines = ran.out.splitlines()
    assert lines[0].startswith(f"ok     127.0.0.1:{gateway} | ")
    assert lines[1].startswith(f"error  127.0.0.1:{broken} | 1 error")
    assert lines[3] == "2 hosts: 1 with errors, 1 ok"
    assert ran.out.count("error[") == 1
    assert worse.status == 2
    assert f"not captured  127.0.0.1:{closed} | the connection was refused" in worse.out
    assert worse.err == "edgecheck: nothing was captured of 1 of 3 hosts; their lines say why\n"
    assert [each.get("ok") for each in made.json] == [True, False, None]
    obstacle = made.json[2]["connections"][0]
    connection = {"$ref": "#/$defs/connection", "$defs": SCHEMA["$defs"]}
    assert not list(Draft202012Validator(connection).iter_errors(obstacle))
    assert obstacle["symptom"] == "symptom.connection-refused"


def test_a_client_certificate_that_is_asked_for_is_told(run: Run) -> None:
    """With the names of the CAs, escaped; the chain is judged all the same."""
    named = GATEWAY.issued("root").subject
    hostile = bytes.fromhex("300f310d300b06035504030c041b5b316d")
    sent = [one.der for one in CHAIN]
    with listening(sending(sent, "TLS 1.2", [named, hostile, b"\xff"])) as port:
        ran = run(f"127.0.0.1:{port}", *KNOWN)
        made = run(f"127.0.0.1:{port}", *KNOWN, "--format", "json").json
    assert made["ok"] is True
    assert "asks for a client certificate (mutual TLS) of " in " ".join(ran.out.split())
    assert "\x1b" not in ran.out and "\x1b" not in json.dumps(made)
    (connection,) = made["connections"]
    assert connection["asks_for_client_certificate"] is True
    assert connection["authorities"][0] == "C=US, O=Contoso, CN=Contoso Root CA"
    assert connection["authorities"][1:] == [r"CN=\x1b[1m", "0xff"]


def test_save_keeps_every_octet(run: Run) -> None:
    """As PEM that openssl and edgecheck read; what is damaged too."""
    sent = [CHAIN[0].der, CHAIN[1].der[:-4], CHAIN[1].der, CHAIN[1].der]
    with listening(sending(sent, "TLS 1.3")) as port:
        run(f"127.0.0.1:{port}", "--save", "saved.pem", "--quiet")
    blocks = Path("saved.pem").read_text().split("-----BEGIN CERTIFICATE-----\n")[1:]
    read = [base64.b64decode(block.partition("-----END")[0]) for block in blocks]
    assert read == sent


def test_save_spares_what_is_there(run: Run, gateway: int) -> None:
    """Unless it is told otherwise; and never an input, nor for a port that presents nothing."""
    before = Path("root.pem").read_bytes()
    at = f"127.0.0.1:{gateway}"
    Path("kept.pem").write_text("kept")
    closed = f"127.0.0.1:{closed_port()}"
    # Said before anything is connected to, so that nobody waits for it.
    assert "kept.pem is there already" in run(closed, "--save", "kept.pem").refused
    assert "refused" in run(closed, "--save", "kept.pem", "--overwrite").refused
    assert Path("kept.pem").read_text() == "kept"
    assert run(at, *KNOWN, "--save", "kept.pem", "--overwrite", "--quiet").status == 0
    assert Path("kept.pem").read_text().count("-----BEGIN CERTIFICATE-----") == len(CHAIN)
    assert "is what was read" in run(at, *KNOWN, "--save", "root.pem", "--overwrite").refused
    assert Path("root.pem").read_bytes() == before
    assert "name two files" in run(at, "--save", "both", "-o", "./both").refused
    Path("hosts").write_text(at)
    assert "instead of --targets" in run("--targets", "hosts", "--save", "x").refused


def test_over_ipv6(run: Run, tmp_path: Path) -> None:
    """With brackets, and by -6; -4 does not get there."""
    answer = tls(tmp_path, CHAIN, GATEWAY["server"].key)
    with ExitStack() as stack:
        try:
            port = stack.enter_context(listening(answer, "::1"))
        except OSError:
            pytest.skip("no IPv6 on this machine's loopback")
        made = run(f"[::1]:{port}", *KNOWN, "--format", "json").json
        assert (made["source"], made["ok"]) == (f"[::1]:{port}", True)
        assert made["connections"][0]["address"] == "::1"
        assert run(f"[::1]:{port}", *KNOWN, "-6", "--quiet").status == 0
        assert "no address of IPv4" in run(f"[::1]:{port}", "-4").refused


def test_an_address_that_was_typed_is_said_to_be_what_is_compared(run: Run, gateway: int) -> None:
    """Where the certificate is not for it: clients may well connect by a name."""
    words = "judged for the address 127.0.0.1; where clients connect by a name, add --hostname NAME"
    at = f"127.0.0.1:{gateway}"
    ran = run(at, "--trust", "root.pem")
    assert ran.status == 1
    assert words in " ".join(ran.out.split())
    assert "judged for" not in run(at, *KNOWN).out
    assert "judged for" not in run(at, "--trust", "root.pem", "--hostname", "127.0.0.1").out
    assert "judged for" not in run(f"localhost:{gateway}", "--trust", "root.pem").out


OF_IOT_EDGE = "does not look like one that IoT Edge makes"


@pytest.mark.parametrize(
    ("fixture", "hostname", "kind", "words"),
    [
        ("edge/cloud-service", stock.HOSTNAME, "public-service", "Azure IoT Hub answers, and no"),
        ("good/runtime-1-1-ec", stock.HOSTNAME, "gateway", "an IoT Edge gateway (1.0.0 to 1.1.19)"),
        ("good/runtime-1-5-ec", "other.local", "gateway", "an IoT Edge gateway (1.4.0 or later)"),
        ("chain/server-alone", stock.HOSTNAME, "gateway", "an IoT Edge gateway"),
        ("extension/server-is-ca", stock.HOSTNAME, "other", f"{OF_IOT_EDGE}: somebody"),
        ("extension/server-is-ca", "other.local", "other", f"{OF_IOT_EDGE}, and is not for"),
        ("extension/server-is-ca", "10.0.0.7", "other", f"{OF_IOT_EDGE}: somebody"),
    ],
)
def test_who_answers(fixture: str, hostname: str, kind: str, words: str) -> None:
    """A gateway, a service in the cloud, or another, which is so called for its name alone."""
    chain = (REPO / "fixtures" / fixture / "chain.pem").read_bytes()
    answers = who(edgecheck.check(chain, as_sent=True), hostname)
    assert answers is not None
    assert answers.kind == kind
    assert words in answers.says


def test_nobody_is_told_where_no_server_certificate_does() -> None:
    """A CA alone, and one that follows what cannot be read."""
    alone = (REPO / "fixtures/chain/no-server-certificate--root-alone/chain.pem").read_bytes()
    unread = [Source("1", CHAIN[0].der[:-9], single=True), Source("2", CHAIN[0].der, single=True)]
    for presented in (alone, unread):
        report = edgecheck.check(presented, hostname=stock.HOSTNAME, as_sent=True)
        assert who(report, stock.HOSTNAME) is None


def test_a_service_in_the_cloud_is_told_from_a_gateway(run: Run) -> None:
    """Whoever connects to the hub by mistake sees that first of all."""
    chain = (REPO / "fixtures/edge/cloud-service/chain.pem").read_bytes()
    sent = [each.der for each in edgecheck.check(chain).hierarchy.sequence]
    with listening(sending(sent, "TLS 1.3")) as port:
        said = (f"127.0.0.1:{port}", "--hostname", stock.HOSTNAME, "--timeout", "2")
        ran, made = run(*said), run(*said, "--format", "json").json
    assert ran.status == 1
    before, *_ = ran.out.split("\n\n")
    assert "Azure IoT Hub answers, and no gateway" in before
    assert "error[edge.cloud-service]" in ran.out
    assert not list(Draft202012Validator(SCHEMA).iter_errors(made))
    assert made["answered_by"]["kind"] == "public-service"


def test_progress_is_shown_on_a_terminal_alone(
    run: Run, gateway: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And wiped out when all is done, so that nothing of it is left before the report."""
    Path("hosts").write_text(f"127.0.0.1:{gateway}\nlocalhost:{gateway}\n")
    assert run("--targets", "hosts", "-4", *KNOWN).err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    ran = run("--targets", "hosts", "-4", *KNOWN)
    assert ran.err.startswith("\r1 of 2 ports") and ran.err.endswith("\r\x1b[K")
    assert run("--targets", "hosts", "-4", *KNOWN, "--quiet").err == ""


def test_standard_input_is_read_once(run: Run) -> None:
    assert "named twice" in run("--targets", "-", "--trust", "-").refused


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"FORCE_COLOR": "1"}])
def test_colours_are_as_for_check(
    run: Run, gateway: int, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert ("\x1b[32mok" in run(f"127.0.0.1:{gateway}", *KNOWN).out) is (
        "FORCE_COLOR" in environment
    )


def test_a_host_name_beyond_ascii_is_asked_for_as_it_is_written_in_dns(
    run: Run, gateway: int
) -> None:
    made = run(f"127.0.0.1:{gateway}", "--hostname", "b\u00fccher.example", "--format", "json").json
    assert made["connections"][0]["server_name"] == "xn--bcher-kva.example"


def test_nothing_is_wider_than_the_terminal(
    run: Run, gateway: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But for what cannot be broken, also where a server says much, and many ports are tried."""
    monkeypatch.setenv("COLUMNS", "80")
    with listening(says(b"HTTP/1.1 400 Bad Request, as many words as there are\r\n")) as port:
        monkeypatch.setattr(targets, "PORTS", (gateway, port, closed_port()))
        alone = run("127.0.0.1", *KNOWN).out
        Path("hosts").write_text(f"127.0.0.1:{gateway}\n127.0.0.1:{port}\n")
        several = run("--targets", "hosts", *KNOWN).out
    assert "as many words" in alone and "as many words" in several
    for text in (alone, several):
        assert max(map(len, text.splitlines())) <= 80
