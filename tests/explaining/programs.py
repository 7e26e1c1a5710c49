"""Programs that connect to a port of loopback, and what they print; the slow ones start once."""

from __future__ import annotations

import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ENVIRONMENT = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
Say = Callable[[int, Path], str]
"""What a program prints that connects to `localhost` on a port and trusts the roots of a file."""

PYTHON = """
import socket, ssl, sys
context = ssl.create_default_context(cafile=sys.argv[2])
with socket.create_connection(("localhost", int(sys.argv[1])), 5) as plain:
    context.wrap_socket(plain, server_hostname="localhost")
"""
NODE = """
const [port, ca] = process.argv.slice(-2);
require('tls').connect({ port, host: 'localhost', servername: 'localhost',
  ca: require('fs').readFileSync(ca) }).on('error', console.error)
  .on('secureConnect', function () { this.destroy() });
"""
GO = """
package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
)

func main() {
	pool := x509.NewCertPool()
	file, _ := os.ReadFile(os.Args[2])
	pool.AppendCertsFromPEM(file)
	_, err := tls.Dial("tcp", "localhost:"+os.Args[1], &tls.Config{RootCAs: pool})
	fmt.Println("connect:", err)
}
"""
JAVA = """
import java.io.*;
import java.net.*;
import java.security.KeyStore;
import java.security.cert.*;
import javax.net.ssl.*;

/** Reads lines of a port and a file of roots, prints what connecting said, and a line END. */
public class Connect {
    public static void main(String[] args) throws Exception {
        BufferedReader asked = new BufferedReader(new InputStreamReader(System.in));
        for (String line; (line = asked.readLine()) != null; ) {
            String[] words = line.split("\\t");
            try {
                connect(Integer.parseInt(words[0]), words[1]);
            } catch (Throwable failure) {
                failure.printStackTrace(System.out);
            }
            System.out.println("END");
            System.out.flush();
        }
    }

    static void connect(int port, String file) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        try (InputStream in = new FileInputStream(file)) {
            int place = 0;
            for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in))
                trusted.setCertificateEntry("root" + place++, one);
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        try (SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket()) {
            tls.connect(new InetSocketAddress("localhost", port), 5000);
            SSLParameters parameters = tls.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            tls.setSSLParameters(parameters);
            tls.startHandshake();
        }
    }
}
"""
NGINX = """
daemon off;
master_process off;
error_log {folder}/error.log info;
pid {folder}/nginx.pid;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    proxy_ssl_verify on;
    proxy_ssl_verify_depth 5;
    proxy_ssl_name localhost;
    proxy_ssl_server_name on;
    proxy_connect_timeout 5s;
    server {{
        listen unix:{folder}/nginx.sock;
        {locations}
    }}
}}
"""


def command(make: Callable[[int, Path], list[str]]) -> Say:
    """Return what runs a command for each connection."""

    def say(port: int, root: Path) -> str:
        done = subprocess.run(
            make(port, root),
            stdin=subprocess.DEVNULL, capture_output=True, timeout=30,
            env=ENVIRONMENT | {"HOME": str(root.parent)},
        )  # fmt: skip
        return (done.stdout + done.stderr).decode("utf-8", "replace")

    return say


ARGUMENTS: dict[str, Callable[[object, object], list[str]]] = {
    "python": lambda port, root: [sys.executable, "-c", PYTHON, f"{port}", f"{root}"],
    "openssl": lambda port, root: [
        "openssl", "s_client", "-connect", f"localhost:{port}", "-CAfile", f"{root}",
        "-verify_return_error", "-verify_hostname", "localhost",
    ],
    "curl": lambda port, root: [
        "curl", "-sS", "--noproxy", "*", "--cacert", f"{root}", f"https://localhost:{port}/",
    ],
    "gnutls": lambda port, root: [
        "gnutls-cli", f"--x509cafile={root}", f"--port={port}", "localhost",
    ],
    "node": lambda port, root: ["node", "-e", NODE, "--", f"{port}", f"{root}"],
    "mosquitto_pub": lambda port, root: [
        "mosquitto_pub", "-h", "localhost", "-p", f"{port}", "--cafile", f"{root}",
        "-t", "topic", "-m", "text", "-d",
    ],
}  # fmt: skip
"""Of programs that are run once for each connection."""
PROGRAMS = (*ARGUMENTS, "go", "java", "nginx")


@contextmanager
def started(name: str, folder: Path, roots: dict[str, Path]) -> Iterator[Say]:
    """Give a program by its name; the slow ones run until the end."""
    if name in ARGUMENTS:
        yield command(ARGUMENTS[name])
        return
    slow = {"go": go, "java": java}
    with nginx(folder, roots) if name == "nginx" else slow[name](folder) as say:
        yield say


@contextmanager
def go(folder: Path) -> Iterator[Say]:
    """Compiled once."""
    source, program = folder / "connect.go", folder / "connect"
    source.write_text(GO)
    cache = os.environ.get("GOCACHE") or str(Path.home() / ".cache" / "go-build")
    subprocess.run(
        ["go", "build", "-o", str(program), str(source)],
        check=True, cwd=folder, timeout=300,
        env=ENVIRONMENT | {"HOME": str(folder), "GOCACHE": cache, "GO111MODULE": "off"},
    )  # fmt: skip
    yield command(lambda port, root: [str(program), str(port), str(root)])


@contextmanager
def java(folder: Path) -> Iterator[Say]:
    """One process for all connections."""
    source = folder / "Connect.java"
    source.write_text(JAVA)
    with subprocess.Popen(
        ["java", "-XX:TieredStopAtLevel=1", str(source)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, env=ENVIRONMENT | {"HOME": str(folder)},
    ) as process:  # fmt: skip
        assert process.stdin is not None and process.stdout is not None
        told, asked = process.stdout, process.stdin

        def say(port: int, root: Path) -> str:
            asked.write(f"{port}\t{root}\n")
            asked.flush()
            return "".join(iter(told.readline, "END\n"))

        try:
            yield say
        finally:
            asked.close()


@contextmanager
def nginx(folder: Path, roots: dict[str, Path]) -> Iterator[Say]:
    """One proxy that connects to the port it is asked for; what it logs is what it says."""
    locations = "\n".join(
        f"location ~ ^/{name}/(?<port>[0-9]+)$ {{ proxy_pass https://127.0.0.1:$port; "
        f"proxy_ssl_trusted_certificate {root}; }}"
        for name, root in roots.items()
    )
    configuration = folder / "nginx.conf"
    configuration.write_text(NGINX.format(folder=folder, locations=locations))
    log, place = folder / "error.log", folder / "nginx.sock"
    names = {root.read_bytes(): name for name, root in roots.items()}
    with subprocess.Popen(
        ["nginx", "-p", str(folder), "-e", str(log), "-c", str(configuration)],
        stdin=subprocess.DEVNULL, env=ENVIRONMENT,
    ) as process:  # fmt: skip
        wait_for(place.exists)

        def say(port: int, root: Path) -> str:
            before = log.stat().st_size
            connection = http.client.HTTPConnection("localhost")
            connection.sock = socket.socket(socket.AF_UNIX)
            connection.sock.connect(str(place))
            connection.request("GET", f"/{names[root.read_bytes()]}/{port}")
            connection.getresponse().read()
            connection.close()
            return log.read_bytes()[before:].decode("utf-8", "replace")

        try:
            yield say
        finally:
            process.terminate()


@contextmanager
def mosquitto(folder: Path, settings: str) -> Iterator[tuple[int, Callable[[], str]]]:
    """A broker with settings of its listener; the port, and what it has logged so far."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    configuration, log = folder / "mosquitto.conf", folder / "mosquitto.log"
    configuration.write_text(
        f"user root\nlistener {port} 127.0.0.1\nallow_anonymous true\n{settings}"
    )
    with (
        log.open("wb") as out,
        subprocess.Popen(
            ["mosquitto", "-v", "-c", str(configuration)],
            stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=ENVIRONMENT,
        ) as process,
    ):  # fmt: skip

        def said() -> str:
            return log.read_bytes().decode("utf-8", "replace")

        wait_for(lambda: process.poll() is not None or re.search(r"version \S+ running", said()))
        try:
            yield port, said
        finally:
            process.terminate()


def wait_for(there: Callable[[], object], seconds: float = 10) -> None:
    """Wait until something is there, for as long as a busy machine may need."""
    end = time.monotonic() + seconds
    while not there() and time.monotonic() < end:
        time.sleep(0.01)
