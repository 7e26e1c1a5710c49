"""What a client says to certificates and names over TLS: Python's ssl, rtls, .NET or curl.

Arguments: the folder of the grid, and which. Each certificate is served on a port of its own.
Prints a line for each certificate: 1 where the client takes the name, 0 where not, x where it says
something else.
"""

import contextlib
import re
import socket
import ssl
import subprocess
import sys
import threading
from pathlib import Path

FOLDER, CLIENT = Path(sys.argv[1]), sys.argv[2]
HOSTS = [bytes.fromhex(line).decode() for line in (FOLDER / "hosts").read_text().split()]
TRUST = str(FOLDER / "trust.pem")
SAYS = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"


def serve(number):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(str(FOLDER / f"{number}.pem"), str(FOLDER / "key.pem"))
    listening = socket.create_server(("127.0.0.1", 0), backlog=200)

    def answer(connection):
        with contextlib.suppress(OSError), connection:
            connection.settimeout(5)
            with context.wrap_socket(connection, server_side=True) as tls:
                if tls.recv(4096):
                    tls.sendall(SAYS)

    def loop():
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listening.accept()
                threading.Thread(target=answer, args=(connection,), daemon=True).start()

    threading.Thread(target=loop, daemon=True).start()
    return listening


def by_python(tls):
    """Python's ssl, or rtls, which has the same interface and shakes hands with the first byte."""

    def ask(port):
        context = tls.SSLContext(tls.PROTOCOL_TLS_CLIENT)
        context.check_hostname = True
        context.verify_mode = tls.CERT_REQUIRED
        context.load_verify_locations(cafile=TRUST)
        return "".join(one(context, port, host) for host in HOSTS)

    def one(context, port, host):
        try:
            with socket.create_connection(("127.0.0.1", port), 5) as connection:
                wrapped = context.wrap_socket(connection, server_hostname=host)
                if tls is not ssl:
                    wrapped.send(b"Q")
                wrapped.close()
        except Exception as error:
            code = getattr(error, "verify_code", None)
            return "0" if code in (62, 64) or re.search("idna|name", str(error)) else "x"
        return "1"

    return ask


def by_dotnet():
    """Its SslStream, through pythonnet, whose policy errors tell the name from all else."""
    sys.argv[1:] = ["--version", "plain"]
    sys.path.insert(0, str(Path(__file__).parent))
    with contextlib.redirect_stdout(sys.stderr):
        import py_dotnet  # starts the runtime, and tells its version

    seen = []

    def validated(_stream, _certificate, _chain, errors):
        seen.append(int(errors))
        return True

    callback = py_dotnet.Security.RemoteCertificateValidationCallback(validated)

    def one(port, host):
        options = py_dotnet.Security.SslClientAuthenticationOptions()
        options.TargetHost = host
        options.RemoteCertificateValidationCallback = callback
        seen.clear()
        client = py_dotnet.TcpClient("127.0.0.1", port)
        stream = py_dotnet.Security.SslStream(client.GetStream(), False)
        try:
            stream.AuthenticateAsClient(options)
        except Exception as error:
            return "0" if "IDN" in str(error) else "x"
        finally:
            stream.Dispose()
            client.Dispose()
        return "0" if seen[0] & 2 else "1"  # RemoteCertificateNameMismatch

    return lambda port: "".join(one(port, host) for host in HOSTS)


def by_curl():
    def block(port, host):
        shown = f"[{host}]" if host.count(":") > 1 else host
        return (
            f'silent\ngloboff\ncacert={TRUST}\nconnect-to="::127.0.0.1:{port}"\n'
            f'url="https://{shown}/"\noutput="/dev/null"\nwrite-out="~~%{{exitcode}} "\n'
        )

    def ask(port):
        asked = "next\n".join(block(port, host) for host in HOSTS).encode()
        ran = subprocess.run(["curl", "-K", "-"], input=asked, capture_output=True, check=False)
        codes = ran.stdout.decode().split("~~")[1:]
        known = {"0": "1", "3": "0", "35": "0", "60": "0"}
        return "".join(known.get(code.strip(), "x") for code in codes)

    return ask


if CLIENT == "dotnet":
    ASK = by_dotnet()
elif CLIENT == "curl":
    ASK = by_curl()
elif CLIENT == "rtls":
    import rtls

    ASK = by_python(rtls)
else:
    ASK = by_python(ssl)
for place in range(len(list(FOLDER.glob("*.der")))):
    with serve(place) as server:
        print(ASK(server.getsockname()[1]), flush=True)
