"""Predictions at a terminal: who refuses and why in a few lines, one client in full on demand."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import edgecheck
from edgecheck import cli
from edgecheck.adapters.accuracy import accuracy
from edgecheck.behaviour.records import BY_ID, FAMILIES, RECORDS, families
from edgecheck.reporting.style import columns
from edgecheck.reporting.terminal import render
from fixtures import stock
from fixtures.expected import FIXTURES, folders, read
from fixtures.pki import pem

REPO = Path(__file__).resolve().parents[2]
AT = ("--at", "2026-11-23T12:00:00Z")
Run = Callable[..., tuple[int, str, str]]
HOSTILE = "\x1b[2J\x07\r\nerror[fake.rule] \u202eevil"
LOOP = """\
  refuse    Azure Python SDK, Azure Node SDK, Azure C SDK, .NET, Python, Node.js, OpenSSL,
            OpenSSL 1.1.1, curl, mosquitto, Paho C, Python 3.13+ create_default_context(),
            openssl verify, Node.js before 16, BoringSSL, NSS classic
            because of naming.server-dn-is-issuer-dn; seen as "self-signed certificate",
            "NotSignatureValid, UntrustedRoot", "DEPTH_ZERO_SELF_SIGNED_CERT"
  refuse    cryptography
            because of extension.no-authority-key-id; seen as "invalid extension: 2.5.29.35:
            Certificate is missing required extension"
  connect   Java, Go, GnuTLS, NSS, rustls, mbedTLS, mbedTLS 2.28, wolfSSL, BearSSL, Botan"""
EXPIRED = """\
  refuse    every client
            because of validity.expired; seen as "certificate has expired", "NotTimeValid",
            "CERT_HAS_EXPIRED\""""


def report_of(name: str) -> edgecheck.Report:
    return edgecheck.check(**read(FIXTURES / name).given())


def section(text: str) -> list[str]:
    """The lines about clients, without their heading; none where there is none."""
    _, heading, rest = text.partition("\nClients:\n")
    return rest.partition("\n\n")[0].splitlines() if heading else []


def shown(report: edgecheck.Report, width: int = 100, **options: object) -> str:
    given: dict[str, object] = {"color": False, "unicode": True, "width": width} | options
    return render(report, **given)  # type: ignore[arg-type]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `edgecheck` in the repository, without a terminal."""
    monkeypatch.chdir(REPO)
    monkeypatch.setenv("COLUMNS", "100")

    def ran(*arguments: str) -> tuple[int, str, str]:
        status = cli.main(arguments)
        out, err = capfd.readouterr()
        return status, out, err

    return ran


def files(name: str, *further: str) -> tuple[str, ...]:
    folder = f"fixtures/{name}"
    trust = ("--trust", f"{folder}/trust.pem", "--hostname", stock.HOSTNAME)
    return ("check", f"{folder}/chain.pem", *trust, *AT, *further)


# --- all of them --------------------------------------------------------------------------------


def test_who_takes_a_server_for_its_own_issuer_is_told_from_who_does_not() -> None:
    """The one fault of which other tools say nothing splits the clients in two."""
    lines = section(shown(report_of("naming/server-dn-is-issuer-dn")))
    assert "\n".join(lines) == LOOP


def test_what_everybody_refuses_is_one_row() -> None:
    """Under texts that help to recognise it in a log."""
    lines = section(shown(report_of("validity/expired--device-ca"), 140))
    assert "\n".join(lines) == EXPIRED


def test_exceptions_are_named_instead_of_all_the_others() -> None:
    """Nobody reads thirty names to find out which one is missing."""
    lines = section(shown(report_of("demo/broken-gateway")))
    assert lines[0] == "  refuse    every client but Node.js 8 (OpenSSL 1.0.2)"
    assert lines[-1] == "  connect   Node.js 8 (OpenSSL 1.0.2)"


@pytest.mark.parametrize("width", [60, 80, 100, 140])
def test_lines_fit_and_stay_few(width: int) -> None:
    """Whatever the fixture; only a single long word may stick out."""
    for folder in folders()[::6]:
        lines = section(shown(edgecheck.check(**read(folder).given()), width))
        assert len(lines) <= 20 * 100 // width, folder
        for line in lines:
            assert columns(line) <= width or len(line.split()) == 1, line


def test_a_healthy_gateway_stays_quiet() -> None:
    """Its one line names who refuses it; more is told with --verbose, or where one is asked for."""
    for folder in sorted((FIXTURES / "good").glob("runtime-*")):
        report = edgecheck.check(
            (folder / "chain.pem").read_bytes(),
            stock.HOSTNAME,
            (folder / "trust.pem").read_bytes(),
            stock.NOW,
        )
        assert "Clients:" not in shown(report)
        assert "Clients:" in shown(report, verbose=True)
        assert section(shown(report, clients=["java17-jsse"]))[0].startswith("  connects  Java 17")


def test_without_trust_or_host_name_nothing_is_told_unasked() -> None:
    """There would be nothing but what is not known."""
    given = read(FIXTURES / "validity" / "expired--device-ca").given()
    for missing in ({"trust": ()}, {"hostname": None}):
        assert not section(shown(edgecheck.check(**(given | missing))))


def test_text_of_a_certificate_cannot_act() -> None:
    """A name that a client would print is escaped, in short and in full."""
    made = stock.stock_15()
    made = made.change("device_ca", subject=[("CN", HOSTILE)]).without_extension(
        "device_ca", "basicConstraints"
    )
    trust = pem(*made.trust())
    report = edgecheck.check(pem(*made.presented()), f"gw{HOSTILE}", trust, stock.NOW)
    everyone = [client.id for client in RECORDS]
    assert any("evil" in p.says for p in report.predictions)
    for text in (shown(report), shown(report, clients=everyone)):
        for letter in "\x1b\x07\r\u202e":
            assert letter not in text
        assert "\nerror[fake.rule]" not in text


def test_ascii_is_ascii() -> None:
    """Also what clients print."""
    everyone = [client.id for client in RECORDS]
    for name in ("naming/server-dn-is-issuer-dn", "demo/broken-gateway"):
        assert shown(report_of(name), unicode=False, clients=everyone).isascii()
        assert shown(report_of(name), unicode=False).isascii()


def test_a_family_stands_for_its_members_only_where_all_are_there() -> None:
    """Else they are named one by one."""
    assert families(["go1.27.3", "go1.24.4", "go1.19.8"]) == ["Go"]
    assert families(["go1.27.3", "java17-jsse"]) == ["Java 17", "Go 1.27"]
    assert families(["java25-jsse", "java17-jsse", "java21-jsse"]) == ["Java"]
    assert families(["new-client"]) == ["new-client"]


# --- one of them --------------------------------------------------------------------------------


def test_one_client_is_shown_with_its_own_words_and_the_rules_behind_them(run: Run) -> None:
    """Several are in the order of the table, each once."""
    _, out, _ = run(
        *files("validity/expired--device-ca", "--client", ".NET 8", "--client", "Java 17")
    )
    lines = section(out)
    assert lines[0] == "  refuses   .NET 8 on Linux (dotnet8.0.4-SslStream)"
    assert lines[1] == "            says:     NotTimeValid"
    assert lines[2] == "            because:  validity.expired"  # as its finding is headed
    assert "tier 1; recorded" in lines[3]
    assert lines[4] == "  refuses   Java 17 (java17-jsse)"


def test_the_json_report_has_the_clients_asked_for_alone(run: Run) -> None:
    """By id, by name, by family."""
    for word, ids in {
        "java17-jsse": ["java17-jsse"],
        "botan": ["botan2.19"],
        "go": ["go1.27.3", "go1.19.8", "go1.24.4"],
    }.items():
        name = "validity/expired--device-ca"
        _, out, _ = run(*files(name, "--client", word, "--format", "json"))
        assert [p["client"] for p in json.loads(out)["predictions"]] == ids


def test_an_unknown_client_is_refused_with_names_that_are_like_it(run: Run) -> None:
    """One line, status 2, and no report."""
    status, out, err = run(*files("good/runtime-1-5-rsa", "--client", "nodejs"))
    assert (status, out) == (2, "")
    assert err.startswith("edgecheck: no client is called 'nodejs'; did you mean Node.js")
    assert run("clients", "nobody-at-all")[0] == 2


# --- the catalogue ------------------------------------------------------------------------------


def test_the_catalogue_lists_every_client_with_its_accuracy(run: Run) -> None:
    """One line each, the newest of a family first; below, what all are worth together."""
    status, out, _ = run("clients")
    assert status == 0
    head, *rows = out.partition("\n\n")[0].splitlines()
    assert head.split()[:4] == ["CLIENT", "TIER", "VERDICTS", "TEXTS"]
    ids = [row.split()[0] for row in rows]
    assert sorted(ids) == sorted(client.id for client in RECORDS)
    groups = [(BY_ID[id].tier, FAMILIES.index(BY_ID[id].family)) for id in ids]
    assert groups == sorted(groups)
    node = [id for id in ids if BY_ID[id].family == "Node.js"]
    assert [node[0], *node[-2:]] == ["node26-ossl3.5.9", "node16-ossl1.1.1v", "mqttjs5.16-node20"]
    assert f"of {accuracy().total.verdicts} verdicts" in out


def test_the_catalogue_as_json_has_all_that_is_known(run: Run) -> None:
    """A program finds the figures and the hash of what they were measured on."""
    _, out, _ = run("clients", "--format", "json")
    listed = json.loads(out)
    assert [entry["id"] for entry in listed] == [client.id for client in RECORDS]
    measured = [entry for entry in listed if entry["accuracy"] is not None]
    assert {entry["id"] for entry in measured} == accuracy().clients.keys()
    for entry in measured:
        assert entry["accuracy"]["verdicts"] >= entry["accuracy"]["verdicts_agree"] > 0
        assert entry["accuracy"]["recordings_sha256"] == accuracy().recordings_sha256


def test_one_client_in_full(run: Run) -> None:
    """Its id, and a page of facts."""
    _, out, _ = run("clients", "azure c sdk")
    first, *rest = out.splitlines()
    assert first == "uamqp1.6.11-azureC"
    text = "\n".join(rest)
    for fact in ("stands for:", "tier:", "basis:       recorded", "wrong accepts"):
        assert fact in text
