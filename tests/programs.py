"""Real servers on loopback: OpenSSL's, nginx, mosquitto and Java's, with any chain."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from fixtures.pki import Issued, pem
from fixtures.private_keys import private_key

PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
"""Debian keeps servers where only root looks by default."""
PATIENCE = 20
"""Seconds in which a server has started."""


def program(name: str) -> str:
    found = shutil.which(name, path=PATH)
    assert found is not None, f"{name} is not here"
    return found


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


def key_file(folder: Path, name: str) -> Path:
    file = folder / f"{name}.key"
    data = private_key(name).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(data)
    return file


def chain_file(folder: Path, name: str, chain: Sequence[Issued]) -> Path:
    file = folder / f"{name}.pem"
    file.write_bytes(pem(*chain))
    return file


@contextmanager
def started(command: Sequence[object], port: int, folder: Path) -> Iterator[int]:
    """A program that serves a port, once it does.

    Raises:
        AssertionError: it does not; with what it printed.
    """
    log = folder / "log"
    with (
        log.open("wb") as output,
        subprocess.Popen(
            [*map(str, command)],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=folder,
        ) as running,
    ):
        try:
            deadline = time.monotonic() + PATIENCE
            while not _answers(port):
                gone = running.poll() is not None
                assert not gone and time.monotonic() < deadline, log.read_text()
                time.sleep(0.05)
            yield port
        finally:
            running.kill()


def _answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


@contextmanager
def s_server(folder: Path, chain: Sequence[Issued], key: str, *more: object) -> Iterator[int]:
    """`openssl s_server`, which sends the certificates as they stand in its files."""
    port = free_port()
    own, rest = chain_file(folder, "own", chain[:1]), chain_file(folder, "rest", chain[1:])
    command = [program("openssl"), "s_server", "-accept", f"127.0.0.1:{port}", "-quiet"]
    command += ["-cert", str(own), "-key", str(key_file(folder, key))]
    with started([*command, "-cert_chain", rest, *more], port, folder) as ready:
        yield ready


@contextmanager
def nginx(folder: Path, servers: str) -> Iterator[int]:
    """The web server nginx with these `server` blocks, in which PORT is its port."""
    port = free_port()
    (folder / "nginx.conf").write_text(
        f"""
daemon off; master_process off; pid {folder}/pid; error_log stderr;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/t; proxy_temp_path {folder}/t; fastcgi_temp_path {folder}/t;
    uwsgi_temp_path {folder}/t; scgi_temp_path {folder}/t;
    {servers.replace("PORT", str(port))}
}}
"""
    )
    command = [program("nginx"), "-p", folder, "-e", "stderr", "-c", folder / "nginx.conf"]
    with started(command, port, folder) as ready:
        yield ready


@contextmanager
def mosquitto(folder: Path, settings: str) -> Iterator[int]:
    """The broker mosquitto with these settings of its one listener."""
    port = free_port()
    file = folder / "mosquitto.conf"
    file.write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\nuser root\n{settings}\n")
    with started([program("mosquitto"), "-c", file], port, folder) as ready:
        yield ready


_JAVA = """
import java.io.FileInputStream;
import java.net.InetAddress;
import java.security.KeyStore;
import javax.net.ssl.*;

public class Server {
    public static void main(String[] said) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (FileInputStream in = new FileInputStream(said[0])) {
            store.load(in, "secret".toCharArray());
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(store, "secret".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        SSLServerSocket server = (SSLServerSocket) context.getServerSocketFactory()
            .createServerSocket(Integer.parseInt(said[1]), 10, InetAddress.getLoopbackAddress());
        server.setWantClientAuth(true);
        while (true) {
            try (SSLSocket socket = (SSLSocket) server.accept()) {
                socket.startHandshake();
            } catch (Exception refused) {
                System.out.println(refused);
            }
        }
    }
}
"""


@contextmanager
def java(folder: Path, store: bytes) -> Iterator[int]:
    """A server of Java's own TLS, with a key store whose password is `secret`."""
    port = free_port()
    (folder / "Server.java").write_text(_JAVA)
    (folder / "store.p12").write_bytes(store)
    command = [program("java"), "Server.java", folder / "store.p12", port]
    with started(command, port, folder) as ready:
        yield ready
