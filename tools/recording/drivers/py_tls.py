"""Python's ssl, plain or with the flags of 3.13, and rustls through the package rtls.

Arguments: the list of cases, and `plain`, `strict` or `rtls`. Only the standard library, so that
any Python can run it.
"""

import json
import socket
import ssl
import sys
from pathlib import Path

STRICT_AND_PARTIAL = ssl.VERIFY_X509_STRICT | 0x80000  # the second has its name from 3.10 on


def connect(kind, host, port, trust):
    tls = ssl
    if kind == "rtls":
        import rtls as tls
    context = tls.SSLContext(tls.PROTOCOL_TLS_CLIENT)
    context.check_hostname = True
    context.verify_mode = tls.CERT_REQUIRED
    if kind == "strict":
        context.verify_flags |= STRICT_AND_PARTIAL
    context.load_verify_locations(cafile=trust)
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        wrapped = context.wrap_socket(connection, server_hostname=host)
        if kind == "rtls":
            wrapped.send(b"Q")  # it shakes hands with the first byte
        wrapped.close()


def main():
    file, kind = sys.argv[1:]
    with Path(file).open() as lines:
        for line in lines:
            name, host, port, trust = line.split("\t")[:4]
            verdict, says = "accept", ""
            try:
                connect(kind, host, int(port), trust)
            except Exception as error:
                kind_of_error = type(error)
                verdict = "reject"
                says = f"{kind_of_error.__module__}.{kind_of_error.__name__}: {error}"
            print(json.dumps({"id": name, "verdict": verdict, "says": says}), flush=True)


main()
