"""Real clients that this machine has: whether they connect to a port, and what they say."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from edgecheck.adapters.tls.programs import JAVA, NODE, PYTHON
from edgecheck.reading.hostnames import as_address, comparable
from edgecheck.values import frozen

TIMEOUT = 30
STRICT = "Python with VERIFY_X509_STRICT"
"""Python as `ssl.create_default_context()` sets it up from 3.13 on."""
"""Seconds that a client has."""
_MOST = 64 * 1024
"""Characters of what it prints."""
_ALERT = re.compile(r"\balert\b|_ALERT_", re.IGNORECASE)
"""How all of them tell of an alert that they were sent."""
_LOST = re.compile(
    r"broken pipe|reset|connection (was )?closed|closed connection|ECONN|EPIPE|timed? ?out|refused|"
    r"unexpected.?eof|eof occurred|terminated the handshake",
    re.IGNORECASE,
)
"""How they tell that the connection was lost."""
_LEFT_OUT = (
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "NODE_EXTRA_CA_CERTS",
    "NODE_OPTIONS",
    "SSLKEYLOGFILE",
)
_PROXIES = ("http_proxy", "https_proxy", "all_proxy")


@frozen
class Port:
    """What is connected to.

    Attributes:
        address: numeric.
        port: of TCP.
        hostname: that the client asks for, and compares.
        named: whether that is the name by which the address was found.
        trust: a file of PEM, all that the client trusts.
        asks: whether the server asks for a certificate of the client, which it does not get.
    """

    address: str
    port: int
    hostname: str
    named: bool
    trust: Path
    asks: bool

    @property
    def asked(self) -> str:
        """The name as programs send it."""
        return comparable(self.hostname) or self.hostname

    @property
    def is_address(self) -> bool:
        """Whether that is an IP address."""
        return as_address(self.hostname) is not None


@frozen
class Seen:
    """What one client did.

    Attributes:
        client: its name: `Python`, `openssl s_client`, `curl`, `Node.js`, `Java`, `mosquitto`.
        version: its own; empty where it was not run.
        verdict: `accept`, `reject` or `unknown`; about the server's certificates alone.
        says: its words, of one line; why it was not run or cannot be judged.
    """

    client: str
    version: str
    verdict: str
    says: str


_Run = Callable[[Port], Seen]


def confirm(
    address: str, port: int, hostname: str, named: bool, trust: Sequence[bytes], asks: bool
) -> list[Seen]:
    """Let every client that is here connect, all at once, and return what each did.

    None of them sends more than its handshake needs, but for mosquitto, which subscribes to a
    topic of its own, and curl, which asks for `/`.

    Args:
        address: numeric, of the server.
        port: of TCP.
        hostname: as `Port`.
        named: as `Port`.
        trust: DER of all that they trust.
        asks: as `Port`.
    """
    with _file(trust) as file:
        there = Port(address, port, hostname, named, file, asks)
        with ThreadPoolExecutor(len(_CLIENTS)) as pool:
            return list(pool.map(lambda run: run(there), _CLIENTS))


@contextmanager
def _file(trust: Sequence[bytes]) -> Iterator[Path]:
    import ssl

    with tempfile.TemporaryDirectory(prefix="edgecheck-") as folder:
        file = Path(folder) / "trust.pem"
        file.write_text("".join(ssl.DER_cert_to_PEM_cert(each) for each in trust))
        (Path(folder) / "Client.java").write_text(JAVA)
        yield file


def _ran(command: Sequence[str]) -> str | None:
    """What a program prints on both streams; None where it cannot be run or does not end."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in _LEFT_OUT and name.lower() not in _PROXIES
    }
    try:
        done = subprocess.run(
            command,
            input=b"Q\n",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=TIMEOUT,
            check=False,
            env=kept,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout[:_MOST].decode("utf-8", "replace")


def _version(command: Sequence[str], pattern: str) -> str:
    found = re.search(pattern, _ran(command) or "")
    return found[1] if found else "of unknown version"


def _judged(client: str, version: str, there: Port, verdict: str, says: str) -> Seen:
    """What a client did that looks at certificates within the handshake.

    That it was sent an alert is its server's verdict: where a certificate of the client is wanted,
    those of the server had passed then; else nothing is known of them, as where the connection
    was lost.
    """
    if verdict == "reject" and _LOST.search(says):
        return Seen(client, version, "unknown", says)
    if verdict == "reject" and _ALERT.search(says):
        return Seen(client, version, "accept" if there.asks else "unknown", says)
    return Seen(client, version, verdict, says)


def _told(client: str, version: str, there: Port, printed: str | None) -> Seen:
    """What one of our own programs printed."""
    if printed is None:
        return Seen(client, version, "unknown", "it did not end")
    for line in printed.splitlines():
        word, _, says = line.partition(" ")
        if word in ("accept", "reject"):
            return _judged(client, version, there, word, says)
    return Seen(client, version, "unknown", " ".join(printed.split())[:300])


def _absent(client: str) -> Seen:
    return Seen(client, "", "unknown", "not on this machine")


def _python(there: Port, strict: bool = False) -> Seen:
    name = STRICT if strict else "Python"
    if (program := _interpreter()) is None:
        return _absent(name)
    version = ".".join(map(str, sys.version_info[:3]))
    if program != sys.executable:
        version = _version([program, "--version"], r"^Python (\S+)")
    last = "strict" if strict else "plain"
    given = [there.address, str(there.port), there.asked, str(there.trust), last]
    return _told(name, version, there, _ran([program, "-I", "-c", PYTHON, *given]))


def _interpreter() -> str | None:
    """The Python that runs this, else this machine's; None where there is neither.

    In the executable that needs no Python (docs/binary.md), `sys.executable` is edgecheck.
    """
    if getattr(sys, "frozen", False):
        return shutil.which("python3")
    return sys.executable or None


def _strict_python(there: Port) -> Seen:
    """As `ssl.create_default_context()` of Python 3.13 is."""
    return _python(there, strict=True)


def _s_client(there: Port) -> Seen:
    name = "openssl s_client"
    if (program := shutil.which("openssl")) is None:
        return _absent(name)
    version = _version([program, "version"], r"^\S+ (\S+)")
    asked = ["-servername", there.asked, "-verify_hostname", there.asked]
    if there.is_address:
        asked = ["-noservername", "-verify_ip", there.hostname.strip("[]")]
    command = [program, "s_client", "-connect", _at(there), "-CAfile", str(there.trust)]
    command += ["-no-CApath", "-verify_return_error", *asked]
    if version[:1].isdigit() and int(version.split(".")[0]) >= 3:
        command.append("-no-CAstore")
    printed = _ran(command)
    if printed is None:
        return Seen(name, version, "unknown", "it did not end")
    if found := re.search(r"verify error:num=(\d+):([^\n]*)", printed):
        return Seen(name, version, "reject", f"{found[1]}: {found[2].strip()}")
    if "Certificate chain" in printed and "Verify return code: 0 (ok)" in printed:
        return Seen(name, version, "accept", "")
    errors = [line for line in printed.splitlines() if ":error:" in line or "errno" in line]
    return _judged(name, version, there, "reject" if errors else "unknown", " | ".join(errors[:2]))


def _at(there: Port) -> str:
    host = f"[{there.address}]" if ":" in there.address else there.address
    return f"{host}:{there.port}"


def _curl(there: Port) -> Seen:
    if (program := shutil.which("curl")) is None:
        return _absent("curl")
    version = _version([program, "--version"], r"^curl (\S+)")
    host = f"[{there.hostname.strip('[]')}]" if ":" in there.asked else there.asked
    command = [program, "-q", "-sS", "--noproxy", "*", "--max-time", "10"]
    command += ["--cacert", str(there.trust), "--capath", "/nonexistent"]
    command += ["--connect-to", f"::{_at(there)}", "-o", os.devnull, "-w", "\n%{time_appconnect}\n"]
    printed = _ran([*command, f"https://{host}:{there.port}/"])
    if printed is None:
        return Seen("curl", version, "unknown", "it did not end")
    says = " ".join(line for line in printed.splitlines() if line.startswith("curl:"))
    says = says.partition(" More details here")[0]
    if re.search(r"^0*[1-9]\d*\.|^0\.0*[1-9]", printed, re.MULTILINE) and "(60)" not in says:
        return Seen("curl", version, "accept", says if _ALERT.search(says) else "")
    return _judged("curl", version, there, "reject" if "(60)" in says else "unknown", says)


def _node(there: Port) -> Seen:
    if (program := shutil.which("node")) is None:
        return _absent("Node.js")
    version = _version([program, "--version"], r"v(\S+)")
    given = [there.address, str(there.port), there.hostname.strip("[]"), str(there.trust)]
    seen = _told("Node.js", version, there, _ran([program, "-e", NODE, *given]))
    # It looks at certificates when the handshake is over, which an alert may prevent.
    early = "_ALERT_" in seen.says
    return replace(seen, verdict="unknown") if early else seen


def _java(there: Port) -> Seen:
    if (program := shutil.which("java")) is None:
        return _absent("Java")
    version = _version([program, "-version"], r'version "([^"]+)"')
    if "jdk.compiler" not in (_ran([program, "--list-modules"]) or ""):
        return Seen("Java", "", "unknown", "there is no compiler with it (a JDK has one)")
    source = there.trust.parent / "Client.java"
    given = [there.address, str(there.port), there.asked, str(there.trust)]
    return _told("Java", version, there, _ran([program, str(source), *given]))


def _mosquitto(there: Port) -> Seen:
    name = "mosquitto"
    if (program := shutil.which("mosquitto_sub")) is None:
        return _absent(name)
    if not there.named:
        return Seen(name, "", "unknown", "it can ask for no other name than it connects to")
    version = _version([program, "--help"], r"version (\d\S*)")
    command = [program, "-h", there.hostname.strip("[]"), "-p", str(there.port), "-d", "-E"]
    command += ["-W", "10", "--cafile", str(there.trust), "-t", "edgecheck/nothing"]
    printed = _ran(command)
    if printed is None:
        return Seen(name, version, "unknown", "it did not end")
    if "CONNACK" in printed:
        return Seen(name, version, "accept", "")
    lines = [line for line in printed.splitlines() if "sending" not in line and line.strip()]
    refused = "A TLS error occurred" in printed or "certificate verify failed" in printed
    verdict = "reject" if refused and not there.asks else "unknown"
    return Seen(name, version, verdict, " | ".join(lines[-2:]))


_CLIENTS: tuple[_Run, ...] = (_python, _strict_python, _s_client, _curl, _node, _java, _mosquitto)
