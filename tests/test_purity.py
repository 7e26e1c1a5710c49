"""Judging opens no file, socket or process, and importing brings in nothing heavy.

Linters look at names (setup.cfg, pyproject.toml); this looks at what really happens, through the
interpreter's audit events. A hook cannot be taken away again, so each test is a process of its own.
"""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[1]

HOOK = """
import sys

armed = ""  # "cold": what is needed late may still be imported; "warm": nothing may happen
done = []
DOORS = ("ftplib.", "glob.", "http.", "import", "open", "os.", "pathlib.", "shutil.", "smtplib.",
         "socket.", "sqlite3.", "subprocess.", "tempfile.", "urllib.", "webbrowser.")

def hook(event, arguments):
    if not armed or not event.startswith(DOORS):
        return
    if armed == "cold" and (event == "import" or within_import() or of_suffixes(arguments)):
        return
    done.append((event, arguments))

def of_suffixes(arguments):
    return str(arguments[0]).endswith("public_suffix_list.dat")

def within_import():
    frame = sys._getframe(2)
    while frame is not None and frame.f_code.co_filename != "<frozen importlib._bootstrap>":
        frame = frame.f_back
    return frame is not None

sys.addaudithook(hook)
"""

CALLS = """
from datetime import UTC, datetime
import edgecheck
import edgecheck.reporting.terminal
from fixtures.expected import folders, read
from fixtures.stock import NOW, stock_11
from fixtures.pki import pem
from tests.examples import some

given = [read(folder).given() for folder in some(folders())]
chain = pem(*stock_11("ec").presented())
given += [
    {"presented": chain, "trust": chain, "hostname": "b\\u00fccher.example", "at": NOW},
    {"presented": chain, "device": edgecheck.Device(runtime="1.1", trust_bundle=chain)},
    {"presented": chain[:-400], "at": NOW},
    {"presented": b"\\x30\\x03\\x02\\x01\\x01", "at": NOW},
    {"presented": chain.replace(b"MII", b"MIJ"), "at": NOW},
    {"presented": b"", "at": NOW},
]

gateway = edgecheck.Device(
    runtime="1.5", hostname="gw.local", device_ca_file=chain, trust_bundle=chain, edge_ca={},
    files={"edge_ca.cert": {"exists": False}}, keys={"edge_ca.pk": {"encrypted": True}},
    differences={"hostname": {"configured": "a"}}, folders=["/var/lib/aziot/certd"],
)

def everything():
    edgecheck.audit(gateway, at=NOW).to_json(), edgecheck.audit(gateway, chain, at=NOW).to_json()
    for arguments in given:
        report = edgecheck.check(**arguments)
        report.ok, report.valid, report.worst, report.undecided, report.predictions
        report.fix_first, report.certificates, report.hierarchy
        report.to_json()  # which is what to_dict() gives
        edgecheck.reporting.terminal.render(
            report, color=True, unicode=True, width=100, verbose=True
        )
"""


def said_by(code: str) -> str:
    """What another process prints that runs this code at the root of the repository."""
    result = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        cwd=REPO,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_judging_opens_nothing() -> None:
    """Over fixtures and much damage: no file, socket or process, and no module twice.

    The first time, what is needed late is imported, and nothing but an import opens a file, but
    for the list of public suffixes in profile `web-pki`; the second time nothing at all happens.
    """
    code = (
        HOOK
        + CALLS
        + """
for armed in ("cold", "warm"):
    everything()
armed = ""
print(len(given), sorted(set(map(repr, done))))
"""
    )
    number, _, opened = said_by(code).strip().partition(" ")
    assert int(number) >= 6
    assert opened == "[]"


def test_the_hook_sees_what_it_must_see() -> None:
    """Else the test above would prove nothing."""
    code = """
import os, pathlib, socket, subprocess, sys
armed = "cold"
pathlib.Path("setup.cfg").read_text()
socket.socket().close()
subprocess.run([sys.executable, "-c", ""], check=False)
os.listdir(".")
import colorsys
assert "import" not in {event for event, _ in done}
armed = "warm"
import tabnanny
armed = ""
print(*(event for event, _ in done))
"""
    events = said_by(HOOK + code).split()
    assert {"open", "socket.__new__", "subprocess.Popen", "os.listdir", "import"} <= set(events)


def test_only_connect_opens_a_socket() -> None:
    """Of all commands; no look-up of a name either."""
    code = """
from edgecheck import cli
armed = "cold"
chain = "fixtures/ca/not-a-ca/chain.pem"
for command in (("check", chain, "--trust", chain), ("check", "gw.local:8883"), ("rules", "ca.*"),
                ("explain", "ca.not-a-ca"), ("explain", "connection refused"), ("clients", "Go")):
    cli.main(command)
armed = ""
before = {event for event, _ in done if event.startswith("socket.")}
armed = "cold"
cli.main(("connect", "127.0.0.1:1", "--timeout", "1"))
armed = ""
print()
print(sorted(before), "socket.connect" in {event for event, _ in done})
"""
    assert said_by(HOOK + code).splitlines()[-1] == "[] True"


# Modules that a program which only checks chains should not wait for. Of asn1crypto only damaged
# certificates have need, of idna only host names beyond ASCII.
HEAVY = (
    "asn1crypto asyncio certvalidator click concurrent ctypes difflib email html http idna "
    "jsonschema logging multiprocessing numpy OpenSSL oscrypto pem pyarrow "
    "pyhanko_certvalidator requests rich select selectors service_identity socket sqlite3 ssl "
    "subprocess tempfile threading tomllib unittest urllib xml yaml"
)


def test_importing_is_cheap_and_does_nothing() -> None:
    """No socket, no process, and no module that only some chains need, whatever is asked for.

    What cryptography itself imports is not counted.
    """
    code = (
        HOOK
        + """
import cryptography.x509
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
import cryptography.hazmat.backends.openssl.backend
before = set(sys.modules)
armed = "cold"
import edgecheck
for name in edgecheck.__all__:
    if name != "second_opinions":
        getattr(edgecheck, name)
armed = ""
print(sorted({event for event, _ in done}))
print(*sorted({name.partition(".")[0] for name in set(sys.modules) - before}))
"""
    )
    events, modules = said_by(code).splitlines()
    assert events == "[]"
    assert "edgecheck" in modules.split()
    assert sorted(set(modules.split()) & set(HEAVY.split())) == []


@pytest.mark.parametrize("arguments", [["--help"], ["check", "--help"], ["--version"]])
def test_help_and_version_load_no_rule(arguments: list[str]) -> None:
    """Nor the reader, nor what a certificate needs: who asks for help waits for click alone."""
    code = f"""
import sys
from edgecheck import cli
cli.main({arguments!r})
print()
print(*sorted(name for name in sys.modules if name.startswith("edgecheck.")))
"""
    loaded = said_by(code).splitlines()[-1].split()
    rooms = {name.split(".")[1] for name in loaded}
    assert rooms <= {"cli", "commands", "docstrings", "version"}


def test_every_public_name_is_found_and_no_other() -> None:
    """Each of __all__ is listed before it is imported, and is what its module has."""
    code = """
import edgecheck
assert set(edgecheck.__all__) <= set(dir(edgecheck))
print(*(name for name in edgecheck.__all__ if getattr(edgecheck, name) is None))
try:
    edgecheck.checks
except AttributeError as told:
    print(told)
"""
    assert said_by(code).splitlines() == ["", "module 'edgecheck' has no attribute 'checks'"]
