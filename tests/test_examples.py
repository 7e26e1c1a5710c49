"""The programs in docs/examples do what docs/library.md says of them."""

from __future__ import annotations

import csv
import importlib.util
import io
import json
import os
import re
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server
from wsgiref.validate import validator

import pytest

from edgecheck import Severity, check
from fixtures.pki import Issued, flip_signature_bit, issue, pem
from fixtures.stock import HOSTNAME, stock_15
from tests.conftest import REPO

FOLDER = REPO / "docs" / "examples"
EXAMPLES = sorted(FOLDER.glob("*.py"))
PAGE = REPO / "docs" / "library.md"
GATEWAY = stock_15()
CHAIN, ROOT = pem(*GATEWAY.presented()), pem(*GATEWAY.trust())
OTHERS = pem(*stock_15(hostname="other.local").presented())
DAMAGED = flip_signature_bit(GATEWAY.presented()[0].der)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_an_example_is_short(example: Path) -> None:
    assert len(example.read_text().splitlines()) < 30


def test_the_page_shows_the_examples_as_they_are() -> None:
    shown = re.findall(r"```python\n(\"\"\".+?)```", PAGE.read_text(), re.DOTALL)
    assert sorted(shown) == sorted(example.read_text() for example in EXAMPLES)


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "ignore", *command],
        cwd=REPO,  # where the package is
        env={**os.environ, "PYTHONPATH": str(REPO), **environment},
        capture_output=True,
        text=True,
    )


# --- batch.py -----------------------------------------------------------------------------------


def test_the_batch_writes_a_line_for_each_file(tmp_path: Path) -> None:
    """As the library judges each by itself, damaged and empty ones too."""
    files = {"bad.pem": DAMAGED, "empty.pem": b"", "good.pem": CHAIN, "text.pem": b"no chain"}
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "root.crt").write_bytes(ROOT)
    ran = run(str(FOLDER / "batch.py"), str(tmp_path), str(tmp_path / "root.crt"))
    assert (ran.returncode, ran.stderr) == (0, "")
    head, *rows = csv.reader(io.StringIO(ran.stdout))
    assert head == ["file", "valid", "worst", "rules"]
    assert [row[0] for row in rows] == list(files)
    for name, valid, worst, rules in rows:
        report = check(files[name], trust=ROOT)
        told = ["" if value is None else str(value) for value in (report.valid, report.worst)]
        assert [valid, worst] == told
        bad = [f.rule.id for f in report.findings if f.severity >= Severity.WARNING]
        assert rules.split() == bad
    assert rows[0][3] != rows[2][3] == ""


# --- web.py -------------------------------------------------------------------------------------


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The example behind a real server, whose every answer is held against WSGI."""
    (tmp_path / "root.pem").write_bytes(ROOT)
    monkeypatch.setenv("ROOT", str(tmp_path / "root.pem"))
    application = validator(loaded("web.py").answer)
    with make_server("127.0.0.1", 0, application, handler_class=Quiet) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def loaded(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"example_{name[:-3]}", FOLDER / name)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def posted(url: str, body: bytes | None, **headers: str) -> tuple[int, dict[str, Any]]:
    request = urllib.request.Request(url, body, headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as refused:
        return refused.code, json.load(refused)


def test_the_service_answers_with_the_report(service: str) -> None:
    status, told = posted(f"{service}/?hostname={HOSTNAME}", CHAIN)
    expected = json.loads(check(CHAIN, HOSTNAME, ROOT).to_json(predictions=False))
    expected["expected"]["at"] = told["expected"]["at"]
    assert status == 200
    assert (told["valid"], told["predictions"]) == (expected["valid"], [])
    assert told["certificates"] == expected["certificates"]
    assert told["passed"]


@pytest.mark.parametrize("body", [b"no chain", b"\0" * 5000, DAMAGED, OTHERS, b"0\x80\x80"])
def test_a_bad_chain_is_answered_too(service: str, body: bytes) -> None:
    status, told = posted(f"{service}/?hostname={HOSTNAME}", body)
    assert (status, told["ok"]) == (200, False)


@pytest.mark.parametrize("where", ["", "?hostname=", "?hostname", "?name=x", "?hostname=%00%ff"])
@pytest.mark.parametrize("body", [None, b"", CHAIN])
def test_no_mistake_of_the_peer_shows_what_is_inside(
    service: str, where: str, body: bytes | None
) -> None:
    """Not a name of ours, not a traceback: a short answer that says what to send."""
    status, told = posted(f"{service}/{where}", body)
    assert status in (200, 400)
    if status == 400:
        assert told == {"error": "POST a chain to /?hostname=NAME"}


@pytest.mark.parametrize("length", ["-1", "x", "", "99999999999"])
def test_a_false_length_is_not_waited_for(length: str) -> None:
    """It is called as a server would that does not look at the length itself."""
    started: list[str] = []
    environ = {
        "CONTENT_LENGTH": length,
        "QUERY_STRING": "hostname=gw.local",
        "wsgi.input": io.BytesIO(CHAIN),
    }
    os.environ.setdefault("ROOT", str(REPO / "fixtures/good/runtime-1-5-rsa/trust.pem"))
    body = loaded("web.py").answer(environ, lambda status, headers: started.append(status))
    assert json.loads(b"".join(body))
    assert len(started) == 1


# --- test_gateway.py ----------------------------------------------------------------------------


def gateway(folder: Path, chain: bytes, root: bytes = ROOT) -> subprocess.CompletedProcess[str]:
    (folder / "gateway.pem").write_bytes(chain)
    (folder / "root.pem").write_bytes(root)
    options = ("-q", "-p", "no:cacheprovider", "-c", os.devnull)
    test = str(FOLDER / "test_gateway.py")
    return run("-m", "pytest", *options, test, CERTIFICATES=str(folder))


def test_the_check_says_what_to_do_about_a_broken_gateway(tmp_path: Path) -> None:
    """The report stands in the failure as people read it, with the remedy."""
    told = gateway(tmp_path, OTHERS)
    assert told.returncode == 1
    assert "error[hostname.not-in-san]" in told.stdout
    assert "Fix first:" in told.stdout


def lasting(days: int) -> tuple[bytes, bytes]:
    """The gateway as of today, with a server certificate for so many days; and its root."""
    today = datetime.now(UTC).replace(microsecond=0)
    made: dict[str, Issued] = {}
    above = None
    for role in ("root", "intermediate", "device_ca", "server"):
        end = today + timedelta(days=days if role == "server" else 900)
        spec = GATEWAY.issued(role).spec.with_(not_before=today - timedelta(days=1), not_after=end)
        above = made[role] = issue(spec, above)
    root = made.pop("root")
    return pem(*reversed(made.values())), pem(root)


def test_the_check_passes_on_a_sound_gateway_and_sees_its_end_coming(tmp_path: Path) -> None:
    """One that ends in a week works today: one test fails, and says when that is."""
    chain, root = lasting(60)
    told = gateway(tmp_path, chain, root)
    assert told.returncode == 0, told.stdout
    assert "2 passed" in told.stdout
    told = gateway(tmp_path, *lasting(7))
    assert "1 failed, 1 passed" in told.stdout
    assert "expired at" in told.stdout
