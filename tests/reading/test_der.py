"""What DER does not allow in the smallest pieces, and times that few calendars have."""

from __future__ import annotations

import pytest

import edgecheck
from edgecheck.reading.der import Malformed, oid_content, oid_text
from edgecheck.reading.extensions import extended_key_usage, subject_alt_name
from edgecheck.reading.times import instant
from fixtures import stock
from fixtures.pki import pem, raw_extension, raw_time

SERVER_AUTH = "1.3.6.1.5.5.7.3.1"


@pytest.mark.parametrize("content", ["2b0601050507030180", "", "80", "2b80"])
def test_an_identifier_that_is_cut_short_is_none(content: str) -> None:
    """Its last octet has to end an arc."""
    with pytest.raises(Malformed, match=r"cut short|not minimal"):
        oid_text(bytes.fromhex(content))


@pytest.mark.parametrize(
    "content", ["2b800601050507030 1", "802b06010505070301", "2b0601050507038001", "2b06018080 05"]
)
def test_an_identifier_with_padding_is_none(content: str) -> None:
    """X.690, 8.19.2: no arc begins with 0x80, which would add nothing to it."""
    with pytest.raises(Malformed, match="not minimal"):
        oid_text(bytes.fromhex(content.replace(" ", "")))


def test_an_octet_0x80_within_an_arc_is_part_of_a_number() -> None:
    """It is padding only where an arc begins."""
    for dotted in ("1.3.16384", "2.999.2097152", "1.3.6.128", SERVER_AUTH):
        assert oid_text(oid_content(dotted)) == dotted
    assert b"\x81\x80\x00" in oid_content("1.3.16384")


PADDED = [
    bytes.fromhex("2b800601050507030 1".replace(" ", "")),
    bytes.fromhex("802b06010505070301"),
    bytes.fromhex("2b0601050507038001"),
]


@pytest.mark.parametrize("padded", PADDED, ids=bytes.hex)
@pytest.mark.parametrize("critical", [True, False])
def test_a_purpose_with_padding_never_passes_in_silence(padded: bytes, critical: bool) -> None:
    """It is not serverAuth to OpenSSL or Go, which refuse the certificate, so there is an error."""
    identifier = bytes((6, len(padded))) + padded
    value = bytes((0x30, len(identifier))) + identifier
    with pytest.raises(Malformed):
        extended_key_usage(value)
    gateway = stock.stock_15("ec").change("server", serial=None)
    broken = raw_extension("extendedKeyUsage", value, critical)
    for role in ("server", "intermediate"):
        made = gateway.with_extension(role, broken)
        chain, trust = pem(*made.presented()), pem(*made.trust())
        report = edgecheck.check(chain, stock.HOSTNAME, trust, stock.NOW)
        assert report.valid is (False if critical else None)
        (finding,) = [f for f in report.findings if f.rule.id == "input.unreadable-fact"]
        assert "extKeyUsage" in finding.message
        assert finding.severity == "error"


def test_the_year_0_is_a_year() -> None:
    """GeneralizedTime has it, and clients read it; days are those of the proleptic calendar."""
    first = instant(b"\x18\x0f00010101000000Z")
    assert first - instant(b"\x18\x0f00000101000000Z") == 366 * 86_400
    assert first - instant(b"\x18\x0f00001231235959Z") == 1
    assert instant(b"\x18\x0f00000229000000Z") < first
    for wrong in (b"00000230000000Z", b"00000001000000Z", b"00001301000000Z"):
        with pytest.raises(Malformed, match="calendar"):
            instant(b"\x18\x0f" + wrong)


def test_a_certificate_of_the_year_0_is_read() -> None:
    """It began long ago, and that is all there is to it."""
    always = raw_time(b"\x18\x0f00000101000000Z")
    gateway = stock.stock_15("ec").change("intermediate", not_before=always)
    chain, trust = pem(*gateway.presented()), pem(*gateway.trust())
    report = edgecheck.check(chain, stock.HOSTNAME, trust, stock.NOW)
    assert report.valid is True
    (finding,) = [f for f in report.findings if f.rule.id == "validity.before-1970"]
    assert "before the year 1" in finding.message or "0000" in finding.message
    assert "path.undecided" not in {f.rule.id for f in report.findings}


def test_names_say_whose_they_are() -> None:
    """IssuerAltName has the syntax of subjectAltName, and not its name."""
    with pytest.raises(Malformed, match=r"^issuerAltName: empty"):
        subject_alt_name(b"\x30\x00", "issuerAltName")
    gateway = stock.stock_15("ec").with_extension(
        "device_ca", raw_extension("2.5.29.18", b"\x30\x00")
    )
    chain, trust = pem(*gateway.presented()), pem(*gateway.trust())
    report = edgecheck.check(chain, stock.HOSTNAME, trust, stock.NOW, profile="rfc5280")
    told = " ".join(str(f.evidence["found"]) for f in report.findings)
    assert "issuerAltName is empty" in told
    assert "subjectAltName: empty" not in told
