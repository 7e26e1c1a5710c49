"""A certificate that is cut short is not passed over in favour of the CA behind it."""

from __future__ import annotations

from base64 import encodebytes
from itertools import pairwise

import pytest

import edgecheck
from edgecheck.reading import der
from fixtures import stock
from fixtures.pki import pem

GATEWAY = stock.stock_15("ec")
SERVER, *ABOVE = (GATEWAY.issued(role).der for role in ("server", "device_ca", "intermediate"))
TRUST = pem(*GATEWAY.trust())


def block(data: bytes) -> bytes:
    body = encodebytes(data)
    return b"-----BEGIN CERTIFICATE-----\n" + body + b"-----END CERTIFICATE-----\n"


def parts(data: bytes) -> list[bytes]:
    """What is within an element, piece by piece."""
    start, end = der.only(data, der.SEQUENCE, "a certificate")
    ends = [start, *(last for _, _, last in der.elements(data, start, end))]
    return [data[one:other] for one, other in pairwise(ends)]


TBS, ALGORITHM, SIGNATURE = parts(SERVER)
CUT = {
    "by one octet": SERVER[:-1],
    "within the signature": SERVER[:-40],
    "in the middle": SERVER[: len(SERVER) // 2],
    "at its beginning": SERVER[:5],
    "to nothing": b"",
    "a hole in it": SERVER[:200] + SERVER[205:],
    "no signature": der.wrapped(0x30, TBS + ALGORITHM),
    "no algorithm": der.wrapped(0x30, TBS),
    "no key": der.wrapped(
        0x30, der.wrapped(0x30, b"".join(parts(TBS)[:6])) + ALGORITHM + SIGNATURE
    ),
}


@pytest.mark.parametrize("cut", CUT.values(), ids=CUT.keys())
@pytest.mark.parametrize("profile", ["iot-edge", "path", "rfc5280"])
def test_what_is_valid_is_not_the_ca_behind_it(cut: bytes, profile: str) -> None:
    """Whether the server certificate is, cannot be told; with and without a host name."""
    files = block(cut) + b"".join(map(block, ABOVE))
    for hostname in (None, stock.HOSTNAME):
        report = edgecheck.check(files, hostname, TRUST, stock.NOW, profile=profile)
        assert report.valid is None
        assert not report.ok
    sent = edgecheck.check(files, stock.HOSTNAME, TRUST, stock.NOW, profile=profile, as_sent=True)
    assert (sent.valid, sent.ok) == (None, False)


def test_the_same_files_whole_are_valid() -> None:
    """So it is the cut alone."""
    files = b"".join(map(block, (SERVER, *ABOVE)))
    assert edgecheck.check(files, stock.HOSTNAME, TRUST, stock.NOW).valid is True
