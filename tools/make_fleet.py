"""Make the chains of a large fleet, by number: the same number always gives the same row.

    python tools/make_fleet.py COUNT FLEET.parquet [--first NUMBER] [--trust ROOT.pem]

Twenty plants share a root, and each has an intermediate of its own. A gateway has a device CA and
a server certificate, as runtime 1.5 makes it, or 1.1 for every fifth. What is wrong is spread as
it is in fleets: most gateways are sound, some have one of `FAULTS`. The root, which clients
trust, goes into a file of its own; at `AT` everything is judged. Keys are the throw-away ones in
`fixtures/keys`: one certificate of each kind is made by the fixtures' own means, and what differs
from gateway to gateway is put into its octets, at places of a fixed width, and signed anew. The
keys are on P-256; in a program `row(number, "rsa")` has RSA keys of 2048 bits.
"""

from __future__ import annotations

import argparse
import binascii
import hashlib
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from fixtures import der, private_keys, stock
from fixtures.pki import Issued, Spec, issue

AT = stock.NOW
PLANTS = 20
ENDING_PLANT = 7
"""Its intermediate ends in 61 days: one certificate, and all the gateways below it."""
SCHEMA_COLUMNS = ("id", "chain", "hostname", "runtime", "plant")
BATCH = 2_000
FAULTS = (
    ("name", 40),  # the client types capitals where 1.5 kept small letters
    ("expired", 30),
    ("soon", 30),  # the device CA ends within weeks
    ("bare", 25),  # the intermediate is missing
    ("order", 20),
    ("signature", 10),  # the server's signature is by another key
    ("other-root", 10),
    ("cut", 8),  # copied incompletely
    ("no-chain", 4),  # nothing could be collected
    ("rubbish", 3),
)
"""Of each thousand gateways, how many have which fault; the others are sound."""

KEYS: dict[stock.KeyKind, str] = {"ec": "p256", "rsa": "rsa2048"}
"""Names of the keys in `fixtures/keys`, which go on with a number."""
TRUSTED, UNTRUSTED = 1, 7
"""Numbers of the keys of two roots of one name."""

_NUMBER, _SERIAL, _END = b"7777777", b"SERIAL-OF-A-CERT", b"391231235959Z"
_BEGIN, _BEGIN_AT = b"380131235959Z", datetime(2038, 1, 31, 23, 59, 59, tzinfo=UTC)
"""Placeholders in the octets of a pattern, as wide as what takes their place."""
_END_AT = datetime(2039, 12, 31, 23, 59, 59, tzinfo=UTC)
_NAME = "gw-7777777.plant-{plant:02}.contoso.example"


@dataclass(frozen=True)
class Pattern:
    """A certificate with places to fill in: the signed part, its algorithm, and who signs."""

    signed: bytes
    algorithm: bytes
    signer: str

    def certificate(self, number: bytes, serial: bytes, end: datetime, days: int = 0) -> bytes:
        """Return the certificate of one gateway as DER; `days`: from its begin to its end."""
        signed = self.signed.replace(_NUMBER, number).replace(_SERIAL, serial)
        signed = signed.replace(_END, _time(end))
        if days:
            signed = signed.replace(_BEGIN, _time(end - timedelta(days=days)))
        usual = private_keys.usual_signature(self.signer)
        signature = private_keys.sign(self.signer, usual, signed)
        return der.sequence(signed, self.algorithm, der.bit_string(signature))


def _pattern(made: Issued, signer: str) -> Pattern:
    """Take apart what the fixtures made; its signature is let go."""
    signed, algorithm, _ = _elements(made.der)
    return Pattern(signed, algorithm, signer)


def _elements(data: bytes) -> list[bytes]:
    """The elements of a SEQUENCE, each with its header."""
    found, at = [], _header(data, 0)
    while at < len(data):
        start = at
        at = _header(data, at)
        at += _length(data, start)
        found.append(data[start:at])
    return found


def _header(data: bytes, at: int) -> int:
    """Where the content begins of what begins here."""
    return at + 2 + (data[at + 1] & 0x7F if data[at + 1] & 0x80 else 0)


def _length(data: bytes, at: int) -> int:
    long = data[at + 1] & 0x7F if data[at + 1] & 0x80 else 0
    return int.from_bytes(data[at + 2 : at + 2 + long], "big") if long else data[at + 1]


class Plant:
    """A plant's own intermediate, and the patterns of what is below it."""

    def __init__(self, number: int, root: Issued, keys: stock.KeyKind) -> None:
        specs, own = stock.operator_authorities(keys), partial("{}-{}".format, KEYS[keys])
        place = [("C", "US"), ("O", "Contoso"), ("OU", f"Plant {number:02}")]
        end = AT + timedelta(days=61) if number == ENDING_PLANT else None
        inter = specs["intermediate"].with_(
            subject=[*place, ("CN", f"Contoso Plant {number:02} Intermediate CA")],
            not_after=end or specs["intermediate"].not_after,
        )
        self.intermediate = issue(inter, root)
        device = specs["device_ca"].with_(
            subject=[*place, ("CN", "gw-7777777 device CA")],
            not_before=datetime(2025, 1, 1, tzinfo=UTC),
            not_after=_END_AT,
            serial=_SERIAL,
        )
        self.device_ca = issue(device, self.intermediate)
        name = _NAME.format(plant=number)
        self.server_15 = issue(_ending(stock.server_of_certd("1.5", name)), self.device_ca)
        workload = stock.workload_ca_of_11(own(4)).with_(not_after=_END_AT)
        self.workload = issue(workload, self.device_ca)
        self.server_11 = issue(_ending(stock.server_of_11(own(5), name)), self.workload)
        self.patterns = {
            "device_ca": _pattern(self.device_ca, self.intermediate.key),
            "server_15": _pattern(self.server_15, self.device_ca.key),
            "workload": _pattern(self.workload, self.device_ca.key),
            "server_11": _pattern(self.server_11, self.workload.key),
            "broken_15": _pattern(self.server_15, own(8)),
            "broken_11": _pattern(self.server_11, own(8)),
        }
        self.shown = pem(self.intermediate.der)


def _ending(spec: Spec) -> Spec:
    return spec.with_(not_before=_BEGIN_AT, not_after=_END_AT)


@cache
def root(keys: stock.KeyKind = "ec", number: int = TRUSTED) -> Issued:
    """Return the root of all plants; by its other key, the one that nobody trusts."""
    return issue(stock.operator_authorities(keys)["root"].with_(key=f"{KEYS[keys]}-{number}"))


@cache
def plant(number: int, keys: stock.KeyKind = "ec", above: int = TRUSTED) -> Plant:
    """Return one of the plants, below the root with the key of this number."""
    return Plant(number, root(keys, above), keys)


@cache
def _fault_at(place: int) -> str:
    """The fault of the gateways that draw this number of a thousand; empty: sound."""
    for name, share in FAULTS:
        if place < share:
            return name
        place -= share
    return ""


def fault_of(number: int) -> str:
    """Return what is wrong with a gateway's own certificates; empty: nothing."""
    return _fault_at(int.from_bytes(_draw(number)[:4], "big") % 1000)


def runtime_of(number: int) -> str:
    """Return the runtime that made a gateway's certificates."""
    return "1.1" if _draw(number)[21] % 5 == 0 else "1.5"


def _draw(number: int) -> bytes:
    return hashlib.sha256(b"gateway %d" % number).digest()


def row(number: int, keys: stock.KeyKind = "ec") -> dict[str, Any]:
    """Return one gateway: its id, chain (PEM; None where there is none), name, runtime, plant."""
    draw, fault = _draw(number), fault_of(number)
    where = draw[4] % PLANTS
    home = plant(where, keys, UNTRUSTED if fault == "other-root" else TRUSTED)
    digits, serial = b"%07d" % number, bytes([draw[5] & 0x3F | 0x40]) + draw[6:21]
    runtime = runtime_of(number)
    old = runtime == "1.1"
    hostname = _NAME.format(plant=where).replace("7777777", digits.decode())
    made = home.patterns
    end = AT + timedelta(days=20 if fault == "soon" else 70 + draw[22] * 5)
    device_ca = made["device_ca"].certificate(digits, serial, end)
    runs_out = timedelta(days=-1 - draw[23] % 30 if fault == "expired" else 3 + draw[23] % 27)
    server = made[f"{'broken' if fault == 'signature' else 'server'}_{'11' if old else '15'}"]
    own = [server.certificate(digits, serial, AT + runs_out, 90 if old else 30), device_ca]
    if old:
        own.insert(1, made["workload"].certificate(digits, serial, end))
    blocks = [*map(pem, own), *([] if fault == "bare" else [home.shown])]
    if fault == "order":
        blocks[0], blocks[1] = blocks[1], blocks[0]
    chain: bytes | None = b"".join(blocks)
    if fault == "cut":
        chain = b"".join(blocks)[: -len(blocks[-1]) // 2]
    elif fault == "rubbish":
        chain = b"Connection reset by peer\n"
    elif fault == "no-chain":
        chain = None
    return {
        "id": f"gw-{digits.decode()}",
        "chain": chain,
        "hostname": hostname.upper() if fault == "name" else hostname,
        "runtime": runtime,
        "plant": f"plant-{where:02}",
    }


def _time(when: datetime) -> bytes:
    return b"%02d%02d%02d%02d%02d%02dZ" % (when.year % 100, *when.timetuple()[1:6])


def pem(data: bytes) -> bytes:
    """Return a certificate's DER as PEM."""
    text = binascii.b2a_base64(data, newline=False)
    lines = b"\n".join(text[at : at + 64] for at in range(0, len(text), 64))
    return b"-----BEGIN CERTIFICATE-----\n" + lines + b"\n-----END CERTIFICATE-----\n"


def rows(count: int, first: int = 0) -> Iterator[dict[str, Any]]:
    """Return so many gateways, in the order of their numbers."""
    return map(row, range(first, first + count))


def write(path: Path, count: int, first: int = 0) -> None:
    """Write gateways as Parquet; there are never more than `BATCH` of them in memory."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    kinds = {"chain": pa.binary()}
    schema = pa.schema([(name, kinds.get(name, pa.string())) for name in SCHEMA_COLUMNS])
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for at in range(first, first + count, BATCH):
            several = list(rows(min(BATCH, first + count - at), at))
            writer.write_batch(pa.RecordBatch.from_pylist(several, schema))


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("count", type=int)
    parser.add_argument("file", type=Path)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--trust", type=Path, help="where the root goes that clients trust")
    options = parser.parse_args(arguments)
    write(options.file, options.count, options.first)
    if options.trust:
        options.trust.write_bytes(pem(root().der))


if __name__ == "__main__":
    main()
