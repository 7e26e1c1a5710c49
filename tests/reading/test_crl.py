"""Reading CRLs: what is in them, in what forms they come, and that no damage gets through."""

from __future__ import annotations

import base64
from contextlib import suppress

import pytest
from cryptography import x509
from hypothesis import given
from hypothesis import strategies as st

from edgecheck.hierarchy.rfc5280.revocation_status import Verdict
from edgecheck.reading import der
from edgecheck.reading import distribution_points as points
from edgecheck.reading.crl import read_crl, read_crls
from edgecheck.reading.der import Malformed
from tests.hierarchy.crls import (
    AT,
    COMPROMISE,
    NOW,
    UNKNOWN,
    List,
    entry,
    issue,
    look_up,
    of,
    point,
    scope,
)

CA = issue("CA")
LEAF = issue("leaf", CA, serial=3, ca=False)
URI = "http://contoso.example/1.crl"
RICH = List(
    CA,
    (entry(5, COMPROMISE), entry(6, of(CA)), entry(7, (UNKNOWN, True))),
    number=4,
    base=2,
    scope=scope(URI, user=True, indirect=True, reasons=frozenset({COMPROMISE})),
    extra=((x509.FreshestCRL([point(URI)]), False), (UNKNOWN, True)),
)
DER = List(CA, (entry(5),)).der()


def pem(data: bytes, label: str = "X509 CRL") -> bytes:
    body = base64.encodebytes(data).decode()
    return f"-----BEGIN {label}-----\n{body}-----END {label}-----\n".encode()


def test_every_fact() -> None:
    """What was written is what is read."""
    crl = RICH.made()
    assert (crl.version, crl.crl_number, crl.delta_crl_indicator) == (2, 4, 2)
    assert crl.this_update == AT - 864_000 and crl.next_update == AT + 864_000
    assert crl.issuing_distribution_point == (
        points.PointName(((points.URI, URI.encode()),), None),
        True,
        False,
        0b10,
        True,
        False,
    )
    assert crl.freshest_crl is not None and len(crl.freshest_crl) == 1
    assert crl.authority_key_id is not None
    assert crl.authority_key_id.key_id == CA.certificate.subject_key_id
    assert crl.unknown_critical == ("1.2.3.4",)
    assert crl.entries.unknown_critical() == ("1.2.3.4",)
    first, second, third = crl.entries.all()
    assert (first.serial, first.reason, first.revoked_at) == (5, "keyCompromise", AT - 86_400)
    assert second.issuers == third.issuers == (CA.certificate.subject_raw,)
    assert third.unknown_critical == ("1.2.3.4",)
    assert crl == RICH.made() and len({crl, RICH.made()}) == 1
    assert crl.issuer_raw == CA.certificate.subject_raw


def test_a_serial_number_that_only_seems_to_be_there() -> None:
    """The bytes of a serial number may stand elsewhere in an entry."""
    odd = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x02\x01\x03")
    entries = List(CA, (entry(5, (odd, False)), entry(0x020103))).made().entries
    assert b"\x02\x01\x03" in entries.content
    assert entries.find(3, CA.certificate.subject_raw) is None
    assert entries.find(0x020103, CA.certificate.subject_raw) is not None


def test_what_only_some_lists_may_have() -> None:
    """Issuers of entries and removeFromCRL are found, and not mistaken for other bytes."""
    remove = x509.ReasonFlags.remove_from_crl
    bytes_alone = bytes.fromhex("0603551d1d04030a0108")
    odd = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), bytes_alone)
    for entries, expected in (
        ((entry(5, COMPROMISE), entry(6, (odd, False))), (False, False)),
        ((entry(5), entry(6, of(CA))), (True, False)),
        ((entry(5), entry(6, remove)), (False, True)),
    ):
        found = List(CA, entries).made().entries
        assert (found.names_issuers(), found.removes()) == expected


@pytest.mark.parametrize(
    ("code", "reason"), [(b"\x07", "code 7"), (b"\x01" + bytes(2_000), "code 0x100000000000")]
)
def test_a_reason_of_any_size_is_told(code: bytes, reason: str) -> None:
    """Python refuses to write a number of 16,001 bits in decimal."""
    odd = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.21"), der.wrapped(0x0A, code))
    found = List(CA, (entry(5, (odd, False)),)).made().entries.find(5, CA.certificate.subject_raw)
    assert found is not None and found.reason is not None
    assert found.reason.startswith(reason)


def test_forms() -> None:
    """DER, and PEM with several blocks among other text, under either label."""
    other = List(CA, number=2).der()
    text = b"of today:\n" + pem(DER) + pem(other, "CRL") + pem(LEAF.certificate.der, "CERTIFICATE")
    for data in (text, text.replace(b"\n", b"\r\n"), pem(DER) + pem(other) + pem(DER)):
        assert read_crls(data) == ((read_crl(DER), read_crl(other)), ())
    assert read_crls(DER) == ((read_crl(DER),), ())


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"hello", "neither DER nor PEM"),
        (b"\xff\xfe", "neither DER nor PEM"),
        (LEAF.certificate.der, "cannot be read"),
        (DER[:-1], "cannot be read"),
        (DER + b"\0", "cannot be read"),
        (pem(LEAF.certificate.der, "CERTIFICATE"), "PEM of another kind: CERTIFICATE"),
        (pem(DER[:-1]), "the CRL in lines 1 to"),
        (pem(DER)[:90], "cannot be read"),
    ],
)
def test_what_is_no_crl(data: bytes, words: str) -> None:
    """There is one reason, and no exception."""
    found, (problem,) = read_crls(data)
    assert found == ()
    assert words in problem


def test_one_damaged_block_spoils_no_other() -> None:
    """The good CRL is read, and of the other the lines are named."""
    found, problems = read_crls(pem(DER) + pem(DER[:-9]))
    assert found == (read_crl(DER),)
    assert len(problems) == 1 and "lines 7 to 12" in problems[0]


@pytest.mark.parametrize("size", range(len(DER)))
def test_no_change_of_a_bit_is_believed(size: int) -> None:
    """Whatever is changed, the CRL cannot be read, or nobody signed it."""
    for bit in (1, 0x20, 0x80):
        data = DER[:size] + bytes((DER[size] ^ bit,)) + DER[size + 1 :]
        found, problems = read_crls(data)
        assert bool(found) is not bool(problems)
        assert look_up(LEAF, (CA,), found).verdict is Verdict.UNDETERMINED


@given(st.binary(max_size=40) | st.binary(max_size=40).map(lambda data: b"0" + data))
def test_any_bytes(data: bytes) -> None:
    """Neither reader raises anything but Malformed."""
    assert read_crls(data)[0] == ()
    for reader in (
        points.distribution_points,
        points.issuing_distribution_point,
        points.issuer_alt_name,
    ):
        with suppress(Malformed):
            reader(data)


def test_distribution_points() -> None:
    """Names, reasons and CRL issuers of each point, in order."""
    given = [
        point(URI, reasons=frozenset({COMPROMISE, x509.ReasonFlags.aa_compromise})),
        point(issuer=CA),
        x509.DistributionPoint(None, CA.name.rdns[0], None, None),
    ]
    one, two, three = points.distribution_points(x509.CRLDistributionPoints(given).public_bytes())
    assert one.name is not None and one.name.full == ((points.URI, URI.encode()),)
    assert one.reasons is not None
    assert points.reasons_text(one.reasons) == "keyCompromise, aACompromise"
    assert two == (None, None, ((points.DIRECTORY_NAME, CA.certificate.subject_raw),))
    assert three.name is not None and three.name.relative is not None
    assert der.wrapped(0x31, three.name.relative) in CA.certificate.subject_raw


@pytest.mark.parametrize("tag", [0xA0, 0x81, 0x82, 0xA3, 0xA4, 0xA5, 0x86, 0x87, 0x88])
def test_a_distribution_point_may_have_a_name_of_any_form(tag: int) -> None:
    """GeneralName has nine forms (RFC 5280, section 4.2.1.6); nobody uses most of them there."""
    name = der.wrapped(tag, b"\xc0\x00\x02\x01")
    value = der.wrapped(0x30, der.wrapped(0x30, der.wrapped(0xA0, der.wrapped(0xA0, name))))
    (one,) = points.distribution_points(value)
    assert one.name is not None
    assert one.name.full == ((tag, b"\xc0\x00\x02\x01"),)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("3000", "empty"),
        ("30023000", "neither a name nor a CRL issuer"),
        ("300430028100", "neither a name"),
        ("30063004a002a000", "no general name"),
        ("30063004a002a100", "empty relative name"),
        ("30063004a0028601", "an element that is longer"),
        ("30073005a203850103", "a general name with tag 0x85"),
        ("300b3009a20386010381020780", "tag 0x81 where none may be"),
        ("3100", "tag 0x31"),
    ],
)
def test_malformed_distribution_points(value: str, words: str) -> None:
    """What is not DER of the syntax is refused in words."""
    with pytest.raises(Malformed, match=words):
        points.distribution_points(bytes.fromhex(value))


def test_malformed_extensions_of_a_crl() -> None:
    """A CRL whose scope cannot be read is not read at all, so that nobody relies on it."""
    data = List(CA, scope=scope(user=True)).der()
    assert read_crl(data).this_update < NOW.timestamp()
    damaged = data.replace(bytes.fromhex("30038101ff"), bytes.fromhex("30038101fe"))
    assert damaged != data
    assert "not a DER BOOLEAN" in read_crls(damaged)[1][0]
    number = List(CA, base=5).der()
    negative = number.replace(bytes.fromhex("0403020105"), bytes.fromhex("04030201fb"))
    assert "deltaCRLIndicator: negative" in read_crls(negative)[1][0]


@pytest.mark.parametrize("size", [0, 127, 128, 255, 256, 65536])
def test_wrapped_is_der(size: int) -> None:
    """Lengths are minimal, as those who read DER insist."""
    data = der.wrapped(4, bytes(size))
    start, end = der.only(data, 4, "test")
    assert (end - start, end) == (size, len(data))
