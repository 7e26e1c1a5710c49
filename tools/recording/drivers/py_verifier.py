"""cryptography's own verifier, without a connection. Argument: the list of cases."""

import ipaddress
import json
import re
import sys
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.x509.verification import PolicyBuilder, Store


def verify(host, trust, folder, count, at):
    anchors = x509.load_pem_x509_certificates(Path(trust).read_bytes())
    files = [Path(folder, f"c{n}.der") for n in range(count)]
    chain = [x509.load_der_x509_certificate(file.read_bytes()) for file in files]
    subject = (
        x509.IPAddress(ipaddress.ip_address(host))
        if re.fullmatch(r"[0-9.]+", host)
        else x509.DNSName(host)
    )
    builder = PolicyBuilder().store(Store(anchors))
    if at:
        builder = builder.time(datetime.fromisoformat(at.replace("Z", "+00:00")))
    builder.build_server_verifier(subject).verify(chain[0], chain[1:])


def main():
    with Path(sys.argv[1]).open() as lines:
        for line in lines:
            name, host, _, trust, folder, count, at = line.rstrip("\n").split("\t")
            verdict, says = "accept", ""
            try:
                verify(host, trust, folder, int(count), at)
            except Exception as error:
                kind = type(error)
                verdict, says = "reject", f"{kind.__module__}.{kind.__name__}: {error}"
            print(json.dumps({"id": name, "verdict": verdict, "says": says}), flush=True)


main()
