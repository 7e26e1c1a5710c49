"""Clients that are started once for each case: how, and what of their output counts.

Each function takes a row and answers with whether the client accepts, and what it said.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from ipaddress import ip_address
from pathlib import Path
from threading import Lock

from tools.recording.cases import Row
from tools.recording.programs import Machine

Result = tuple[bool, str]
Each = Callable[[Row, Mapping[str, str]], Result]
"""A row, and further environment variables (the faked clock)."""


def is_address(host: str) -> bool:
    """Whether it is an address, of IPv4 or IPv6, and no name of digits."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def in_url(host: str) -> str:
    """A host as URLs have it: brackets around IPv6."""
    return f"[{host}]" if ":" in host else host


def lines_with(pattern: str, text: str) -> str:
    """The lines in which something is found, joined."""
    return " | ".join(line for line in text.splitlines() if re.search(pattern, line))


def s_client(machine: Machine, openssl: str) -> Each:
    def run(row: Row, env: Mapping[str, str]) -> Result:
        host = row.case.hostname
        name = ["-verify_ip", host, "-noservername"]
        if not is_address(host):
            name = ["-servername", host, "-verify_hostname", host]
        code, text = machine.run(
            [
                openssl,
                "s_client",
                "-connect",
                f"127.0.0.1:{row.port}",
                "-CAfile",
                str(row.trust),
                "-no-CApath",
                "-no-CAstore",
                "-verify_return_error",
                *name,
            ],
            env=env,
            stdin=b"Q\n",
        )
        said = r"verify error|:error:|^error|ERROR|Verify return code|errno|verify_cert"
        return code == 0 and "Verify return code: 0 (ok)" in text, lines_with(said, text)

    return run


def openssl_verify(machine: Machine, openssl: str) -> Each:
    def run(row: Row, env: Mapping[str, str]) -> Result:
        host = row.case.hostname
        more = ["-untrusted", str(row.folder / "untrusted.pem")] * (len(row.case.presented) > 1)
        code, text = machine.run(
            [
                openssl,
                "verify",
                "-CAfile",
                str(row.trust),
                "-no-CApath",
                "-no-CAstore",
                "-purpose",
                "sslserver",
                "-verify_ip" if is_address(host) else "-verify_hostname",
                host,
                *more,
                str(row.folder / "leaf.pem"),
            ],
            env=env,
        )
        lines = [line for line in text.splitlines() if "OK" not in line]
        return code == 0, " | ".join(lines).replace(f"{row.folder}/", "")

    return run


def gnutls_cli(machine: Machine, program: str) -> Each:
    def run(row: Row, env: Mapping[str, str]) -> Result:
        host = row.case.hostname
        target = ["--verify-hostname", host, "--sni-hostname", host, "127.0.0.1"]
        _, text = machine.run(
            [program, "-p", str(row.port), "--x509cafile", str(row.trust)]
            + ([host] if is_address(host) else target),
            env=env,
            stdin=b"Q\n",
        )
        said = [
            line
            for line in text.splitlines()
            if re.search(r"Status:|\*\*\*|Error|error", line) and "is trusted" not in line
        ]
        return "Status: The certificate is trusted" in text, " | ".join(said)

    return run


def tstclnt(machine: Machine, program: str, certutil: str, databases: Path, libpkix: bool) -> Each:
    making = Lock()

    def run(row: Row, env: Mapping[str, str]) -> Result:
        database = databases / hashlib.sha1(row.trust.read_bytes()).hexdigest()[:12]
        with making:  # many cases may have the same trust
            if not database.exists():
                database.mkdir()
                machine.run([certutil, "-N", "-d", f"sql:{database}", "--empty-password"])
                for n in range(len(row.case.trust)):
                    file = str(row.folder / f"trust{n}.der")
                    name = ["-n", f"trust{n}", "-t", "C,,", "-i", file]
                    machine.run([certutil, "-A", "-d", f"sql:{database}", *name])
        code, text = machine.run(
            [
                program,
                "-h",
                row.case.hostname,
                "-p",
                str(row.port),
                "-d",
                f"sql:{database}",
                "-V",
                "tls1.2:",
                "-Q",
            ],
            env={**env, "NSS_ENABLE_PKIX_VERIFY": "1"} if libpkix else env,
        )
        return code == 0, f"rc={code} {lines_with(r'tstclnt:|SEC_|SSL_|PR_|TIMEOUT', text)}"

    return run


def curl(machine: Machine, program: str) -> Each:
    def run(row: Row, env: Mapping[str, str]) -> Result:
        code, text = machine.run(
            [
                program,
                "-sS",
                "--cacert",
                str(row.trust),
                "--capath",
                "/nonexistent",
                "--connect-to",
                f"::127.0.0.1:{row.port}",
                "-o",
                "/dev/null",
                f"https://{in_url(row.case.hostname)}:{row.port}/",
            ],
            env=env,
        )
        return code == 0, re.sub(r"\s+", " ", text).strip()

    return run


def mosquitto_pub(machine: Machine, program: str) -> Each:
    def run(row: Row, env: Mapping[str, str]) -> Result:
        code, text = machine.run(
            [
                program,
                "-h",
                row.case.hostname,
                "-p",
                str(row.port),
                "--cafile",
                str(row.trust),
                "-t",
                "topic",
                "-m",
                "message",
                "-d",
            ],
            env=env,
        )
        lines = [line for line in text.splitlines() if "sending" not in line]
        return code == 0 and "CONNACK" in text, f"rc={code} {' | '.join(lines)}"

    return run


def botan(machine: Machine, program: str) -> Each:
    def run(row: Row, env: Mapping[str, str]) -> Result:
        _, text = machine.run(
            [
                program,
                "tls_client",
                row.case.hostname,
                f"--port={row.port}",
                f"--trusted-cas={row.trust}",
                "--skip-system-cert-store",
            ],
            env=env,
            stdin=b"Q\n",
        )
        # It prints the status and goes on whatever it is.
        status = re.search(r"Certificate validation status: (.*)", text)
        if status:
            return status.group(1).startswith("Verified"), status.group(1)
        return False, text[-300:].replace("\n", " | ")

    return run


def deno(machine: Machine, program: str) -> Each:
    def run(row: Row, env: Mapping[str, str]) -> Result:
        url = f"https://{in_url(row.case.hostname)}:{row.port}/"
        code = (
            f'try{{const r=await fetch("{url}");console.log("OK",r.status)}}'
            'catch(e){console.log("ERR",e.message,e.cause??"")}'
        )
        quiet = {"NO_COLOR": "1", "DENO_TLS_CA_STORE": "", "DENO_NO_UPDATE_CHECK": "1"}
        _, text = machine.run(
            [program, "eval", "--cert", str(row.trust), "--no-lock", code], env={**env, **quiet}
        )
        # The port is another in each run.
        return text.startswith("OK"), text.partition("\n")[0].replace(f":{row.port}/", ":443/")

    return run


def uv(machine: Machine, program: str, folder: Path) -> Each:
    def run(row: Row, env: Mapping[str, str]) -> Result:
        quiet = {
            "SSL_CERT_FILE": str(row.trust),
            "UV_NO_CACHE": "1",
            "NO_COLOR": "1",
            "UV_HTTP_RETRIES": "0",
            "UV_INDEX": "",
        }
        index = f"https://{in_url(row.case.hostname)}:{row.port}/simple"
        _, text = machine.run(
            [
                program,
                "pip",
                "install",
                "--no-config",
                "--dry-run",
                "--target",
                str(folder),
                "--index-url",
                index,
                "nothing-of-this-name",
            ],
            env={**env, **quiet},
        )
        text = re.sub(r"\s+", " ", text).replace(f":{row.port}/", ":443/")
        failed = r"invalid peer|certificate|tls|error sending|TIMEOUT|client error"
        return not re.search(failed, text, re.IGNORECASE), text[-400:]

    return run


def uamqp(machine: Machine, python: str, driver: Path) -> Each:
    def run(row: Row, env: Mapping[str, str]) -> Result:
        # It says nothing when it succeeds: what has not failed by then has been accepted.
        _, text = machine.run(
            [python, str(driver), row.case.hostname, str(row.port), str(row.trust), "1.5"],
            env=env,
            seconds=30,
        )
        says = lines_with(r"error:|EXC|Fail|ERR|Traceback", text)
        return not says, says

    return run
