"""Azure's C stack (tlsio_openssl.c, as in the IoT SDK for C) through the package uamqp.

Arguments: host, port, trust file, seconds to wait. It prints what the library logs, and that is
all: the library tells no reason to its caller.
"""

import logging
import os
import sys
import time

import uamqp
from uamqp import authentication

host, port, trust, seconds = sys.argv[1:]
logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(message)s")
login = authentication.SASLAnonymous(host, port=int(port), verify=trust)
connection = uamqp.Connection(host, login, debug=True)
connection._conn.open()
until = time.monotonic() + float(seconds)
while time.monotonic() < until:
    try:
        connection.work()
    except Exception as error:
        print("EXC", type(error).__name__, error)
        break
    if any(word in str(connection._state) for word in ("ERROR", "END")):
        break
sys.stdout.flush()
os._exit(0)
