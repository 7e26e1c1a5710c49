"""`edgecheck connect --confirm`: what real clients here do stands beside what was predicted."""

from __future__ import annotations

import json
import re
import ssl
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from edgecheck import cli
from edgecheck.adapters.tls.clients import Seen
from edgecheck.behaviour.records import BY_ID
from edgecheck.commands.confirm import agrees, as_text, like
from edgecheck.report.predictions import Prediction
from edgecheck.reporting.style import Style
from fixtures import stock
from fixtures.gateway import Gateway
from fixtures.pki import pem
from tests.conftest import REPO
from tests.programs import chain_file, key_file, mosquitto, program
from tests.servers import Answer, listening, tls

pytestmark = pytest.mark.xdist_group("laboratory")
SCHEMA = json.loads((REPO / "edgecheck/reporting/schema/report-v1.json").read_bytes())
START, END = datetime(2020, 1, 1, tzinfo=UTC), datetime(2049, 1, 1, tzinfo=UTC)


def lasting(gateway: Gateway) -> Gateway:
    """The same for as long as these tests are run: clients know the present time alone."""
    for role in gateway:
        gateway = gateway.change(role, not_before=START, not_after=END)
    return gateway


GATEWAY = lasting(stock.stock_15("ec", hostname="localhost"))
CHAIN = GATEWAY.presented()
Confirmed = Callable[..., dict[str, dict[str, Any]]]


@pytest.fixture
def confirmed(
    capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Confirmed:
    """What `connect --confirm` says of each client, as JSON that follows the schema."""
    monkeypatch.chdir(tmp_path)
    Path("root.pem").write_bytes(pem(*GATEWAY.trust()))

    def ran(answer: Answer, *more: str) -> dict[str, dict[str, Any]]:
        with listening(answer) as port:
            cli.main(
                [
                    *("connect", f"localhost:{port}", "-4", "--trust", "root.pem"),
                    *("--confirm", "--format", "json", *more),
                ]
            )
        out, err = capfd.readouterr()
        made = json.loads(out)
        assert not err
        assert not list(Draft202012Validator(SCHEMA).iter_errors(made))
        return {each["client"]: each for each in made["confirmed"]}

    return ran


REAL = [
    "Python",
    pytest.param("openssl s_client", marks=pytest.mark.openssl),
    pytest.param("curl", marks=pytest.mark.curl),
    pytest.param("Node.js", marks=pytest.mark.node),
    pytest.param("Java", marks=pytest.mark.javac),
]


@pytest.fixture(scope="module")
def seen() -> dict[str, dict[str, dict[str, Any]]]:
    """What all clients did with each chain, so that none is started for each test anew."""
    return {}


def what(
    kind: str, seen: dict[str, dict[str, dict[str, Any]]], confirmed: Confirmed, folder: Path
) -> dict[str, dict[str, Any]]:
    if kind not in seen:
        chain = {"sound": CHAIN, "gap": (CHAIN[0], *CHAIN[2:]), "name": CHAIN}[kind]
        more = ("--hostname", "other.example") if kind == "name" else ()
        seen[kind] = confirmed(tls(folder, chain, GATEWAY["server"].key), *more)
    return seen[kind]


@pytest.mark.parametrize("client", REAL)
@pytest.mark.parametrize(
    ("kind", "verdict", "words"),
    [
        ("sound", "accept", ""),
        ("gap", "reject", r"issuer certificate|UNABLE_TO_VERIFY|valid certification path"),
        ("name", "reject", r"[Hh]ost ?name|ALTNAME|alternative"),
    ],
)
def test_real_clients_do_what_is_predicted(
    client: str,
    kind: str,
    verdict: str,
    words: str,
    seen: dict[str, dict[str, dict[str, Any]]],
    confirmed: Confirmed,
    tmp_path: Path,
) -> None:
    """A sound chain, one with a gap, and a name that it is not for."""
    found = what(kind, seen, confirmed, tmp_path)[client]
    assert (found["verdict"], found["agrees"]) == (verdict, True)
    assert re.search(words, found["says"])
    assert found["predicted"] in BY_ID
    assert found["version"][0].isdigit()


def test_a_server_that_wants_a_client_certificate_is_not_confused_with_a_bad_one(
    confirmed: Confirmed, tmp_path: Path
) -> None:
    """In TLS 1.2 its alert comes in the handshake, when the server's own certificate has passed."""

    def asks(context: ssl.SSLContext) -> None:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations("root.pem")

    found = confirmed(tls(tmp_path, CHAIN, GATEWAY["server"].key, "TLS 1.2", asks))
    assert found["Python"]["verdict"] == "accept"
    assert "alert" in found["Python"]["says"].lower()
    differ = [each for each in found.values() if each["agrees"] is False]
    assert not differ, json.dumps(found, indent=1)


@pytest.mark.mosquitto
@pytest.mark.mosquitto_sub
@pytest.mark.parametrize(("kind", "verdict"), [("sound", "accept"), ("gap", "reject")])
def test_mosquitto_at_a_broker(
    kind: str,
    verdict: str,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It looks up its name itself, so that HOST and host name have to be the same."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))  # no other client is asked
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/mosquitto_sub").symlink_to(program("mosquitto_sub"))
    chain_file(tmp_path, "root", GATEWAY.trust())
    chain = {"sound": CHAIN, "gap": (CHAIN[0], *CHAIN[2:])}[kind]
    own, key = chain_file(tmp_path, "own", chain), key_file(tmp_path, GATEWAY["server"].key)
    with mosquitto(tmp_path, f"certfile {own}\nkeyfile {key}") as port:
        at = f"localhost:{port}"
        cli.main(["connect", at, "--trust", "root.pem", "--confirm", "--format", "json"])
    found = {one["client"]: one for one in json.loads(capfd.readouterr().out)["confirmed"]}
    assert (found["mosquitto"]["verdict"], found["mosquitto"]["agrees"]) == (verdict, True)


def test_a_client_that_is_not_here_is_told_as_that(
    confirmed: Confirmed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Never as one that does not connect."""
    monkeypatch.setenv("PATH", str(tmp_path))
    found = confirmed(tls(tmp_path, CHAIN, GATEWAY["server"].key))
    for client in ("openssl s_client", "curl", "Node.js", "Java", "mosquitto"):
        assert found[client]["verdict"] == "unknown"
        assert found[client]["says"] == "not on this machine"
        assert (found[client]["version"], found[client]["agrees"]) == (None, None)


def prediction(client: str, verdict: str, says: str) -> Prediction:
    return Prediction(client, "", 1, verdict, says, "recorded", ())


def test_a_difference_is_seen() -> None:
    """With both sides' words; what is not known is no difference."""
    here = Seen("curl", "9.0", "reject", "curl: (60) new \x1b words")
    predicted = prediction("curl7.88-ossl3.0", "accept", "")
    assert agrees(here, predicted) is False
    told = as_text([(here, predicted)], Style())
    assert "DIFFERS: predicted to connect" in " ".join(told.split())
    assert "\x1b" not in told
    refusing = prediction("curl7.88-ossl3.0", "reject", "curl: (60) old words")
    assert agrees(here, refusing) is True
    assert 'in other words: "curl: (60) old words"' in " ".join(
        as_text([(here, refusing)], Style()).split()
    )
    assert agrees(Seen("curl", "9.0", "unknown", ""), refusing) is None
    assert agrees(here, prediction("curl7.88-ossl3.0", "unknown", "")) is None
    assert agrees(here, None) is None


@pytest.mark.parametrize(
    ("client", "version", "expected"),
    [
        ("Node.js", "8.17.0", "node8-ossl1.0.2s"),
        ("Node.js", "16.20.2", "node16-ossl1.1.1v"),
        ("Node.js", "19.9.0", "node18-ossl3.0.16"),
        ("Node.js", "20.1.0", "node20-ossl3.0.19"),
        ("Node.js", "22.22.2", "node22-ossl3.5.9"),
        ("Node.js", "24.20.0", "node24-ossl3.5.7"),
        ("Node.js", "25.0.0", "node24-ossl3.6.5"),
        ("Node.js", "30.0.0", "node26-ossl3.5.9"),
        ("Python", "3.11.2", "py311-ssl-ossl3.0.19"),
        ("Python", "3.13.0", "py313-ssl-ossl3.5.9"),
        ("Python", "3.15.1", "py314-ssl-ossl3.6.5"),
        ("Python with VERIFY_X509_STRICT", "3.12.1", "py311-ssl-STRICT+PARTIAL"),
        ("Python with VERIFY_X509_STRICT", "3.13.0", "py313-ssl-STRICT+PARTIAL"),
        ("openssl s_client", "3.0.22", "openssl3.0.19-s_client"),
        ("openssl s_client", "3.5.2", "openssl3.5.9-s_client"),
        ("openssl s_client", "4.0.0", "openssl3.6.5-s_client"),
        ("Node.js", "of unknown version", None),
        ("another", "1.0", None),
    ],
)
def test_of_several_versions_the_nearest_is_compared(
    client: str, version: str, expected: str | None
) -> None:
    """A build of Debian's stands for no other."""
    assert like(Seen(client, version, "accept", "")) == expected


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("gw:1",), "needs to know what the clients trust"),
        (("gw:1", "--trust", "r", "--at", "2026-01-01T00:00:00Z"), "leave --at out"),
        (("gw:1", "--trust", "r", "--no-sni"), "give one name"),
        (("gw:1", "--trust", "r", "--sni", "a", "--hostname", "b"), "give one name"),
        (("--targets", "hosts", "--trust", "r"), "for one host"),
    ],
)
def test_what_clients_cannot_be_asked_is_refused(
    arguments: tuple[str, ...],
    words: str,
    capfd: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("hosts").write_text("gw:1\n")
    assert cli.main(["connect", *arguments, "--confirm"]) == 2
    out, err = capfd.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert words in err
