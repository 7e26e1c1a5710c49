"""The chains that are judged, as PEM without any text between the blocks, as gateways have them."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from itertools import count, islice
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.utils import CryptographyDeprecationWarning

import edgecheck
from fixtures import stock
from fixtures.gateway import Gateway
from fixtures.pki import Issued
from tools import make_fleet

AT: datetime = stock.NOW
HOST = stock.HOSTNAME
KINDS = ("rsa2048", "p256")
RUNTIMES = ("1.1", "1.4")
SHAPES = tuple(f"{runtime}_{kind}" for runtime in RUNTIMES for kind in KINDS)
"""Five certificates and the root among them; three, and the root alone with whoever trusts it."""
_KEYS: dict[str, stock.KeyKind] = {"rsa2048": "rsa", "p256": "ec"}

# Since 1.2 a runtime's server certificate has the serial number 0, of which cryptography warns at
# each reading. Peers are not made to pay for warnings.
warnings.filterwarnings("ignore", category=CryptographyDeprecationWarning)


class Chain(NamedTuple):
    """What is given to all candidates."""

    presented: bytes
    trust: bytes
    hostname: str = HOST


def gateway(shape: str) -> Gateway:
    """Return a stock gateway; its authorities all have 2048 bits, or all the curve P-256."""
    runtime, kind = shape.split("_")
    if runtime == "1.4":
        return stock.stock_14(_KEYS[kind])
    made = stock.stock_11(_KEYS[kind])
    return made.change("workload_ca", key="rsa2048-5") if kind == "rsa2048" else made


def bare(*certificates: Issued) -> bytes:
    """Return PEM: blocks, and no text between them."""
    return b"".join(
        x509.load_der_x509_certificate(issued.der).public_bytes(Encoding.PEM)
        for issued in certificates
    )


def of(made: Gateway) -> Chain:
    """Return what a gateway shows, and what its clients trust."""
    return Chain(bare(*made.presented()), bare(*made.trust()))


@cache
def chain(shape: str) -> Chain:
    """Return the chain of a shape."""
    return of(gateway(shape))


def others(shape: str, number: int) -> list[Chain]:
    """Return chains of a shape below one intermediate, of which no two share what is below it."""
    made = gateway(shape)
    roles = [role for role in ("device_ca", "workload_ca", "server") if role in made]
    found = []
    for each in range(number):
        other = made
        for role in roles:
            other = other.change(role, serial=1_000 + each)
        found.append(of(other))
    return found


def of_plants(shape: str, number: int) -> Iterator[Chain]:
    """Yield so many sound gateways of twenty plants, all with certificates of their own."""
    runtime, kind = shape.split("_")
    keys = _KEYS[kind]
    runtime = "1.5" if runtime == "1.4" else runtime  # whose certificates are the same
    trust = make_fleet.pem(make_fleet.root(keys).der)
    of_it = (each for each in count() if make_fleet.runtime_of(each) == runtime)
    sound = (each for each in of_it if not make_fleet.fault_of(each))
    for each in islice(sound, number):
        row = make_fleet.row(each, keys)
        yield Chain(row["chain"], trust, row["hostname"])


def check(chain: Chain, memo: edgecheck.Memo | None = None) -> edgecheck.Report:
    """Return the report of one check, whose lazy parts were read; it must be valid."""
    report = edgecheck.check(chain.presented, chain.hostname, chain.trust, AT, memo=memo)
    if report.valid is not True:
        raise SystemExit("the library does not accept the benchmark's chain")
    _ = (report.findings, report.undecided, report.fix_first)
    return report
