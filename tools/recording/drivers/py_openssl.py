"""pyOpenSSL: the OpenSSL that the installed cryptography carries. Argument: the list of cases."""

import json
import re
import socket
import sys
from pathlib import Path

from cryptography.hazmat.bindings.openssl.binding import Binding
from OpenSSL import SSL


def check_host(connection, host):
    """Have OpenSSL check the host name, where the binding has the function."""
    library = Binding().lib
    parameters = library.SSL_get0_param(connection._ssl)
    if re.fullmatch(r"[0-9.]+", host):
        library.X509_VERIFY_PARAM_set1_ip(parameters, socket.inet_aton(host), 4)
    else:
        library.X509_VERIFY_PARAM_set1_host(parameters, host.encode(), len(host))


def connect(host, port, trust, errors):
    context = SSL.Context(getattr(SSL, "TLS_CLIENT_METHOD", SSL.SSLv23_METHOD))
    context.load_verify_locations(trust)

    def verified(_connection, _certificate, number, depth, ok):
        if not ok:
            errors.append(f"{number}@{depth}")
        return bool(ok)

    context.set_verify(SSL.VERIFY_PEER, verified)
    with socket.create_connection(("127.0.0.1", port), 10) as plain:
        connection = SSL.Connection(context, plain)
        if hasattr(connection, "set_verify"):
            try:
                check_host(connection, host)
            except AttributeError as error:
                errors.append(f"nohost:{type(error).__name__}")
        if not re.fullmatch(r"[0-9.]+", host):
            connection.set_tlsext_host_name(host.encode())
        connection.set_connect_state()
        plain.settimeout(None)
        connection.do_handshake()
        connection.close()


def main():
    with Path(sys.argv[1]).open() as lines:
        for line in lines:
            name, host, port, trust = line.split("\t")[:4]
            verdict, says, errors = "accept", "", []
            try:
                connect(host, int(port), trust, errors)
            except Exception as error:
                verdict = "reject"
                kind = type(error)
                says = (
                    f"{kind.__module__}.{kind.__name__}: {error} "
                    f"verify_error(num@depth)={','.join(errors)}"
                )
            print(json.dumps({"id": name, "verdict": verdict, "says": says}), flush=True)


main()
