"""What extensions hold: usages that the key cannot do, and addresses that nobody can follow."""

from __future__ import annotations

import pytest

import edgecheck
from edgecheck.reading.addresses import Address, addresses
from edgecheck.reading.inputs import Reader
from fixtures import der, stock
from fixtures.expected import FIXTURES, read
from fixtures.extension.recipe import crl_address, with_ec_server, with_server
from fixtures.gateway import Gateway
from fixtures.pki import basic_constraints, key_usage, pem, raw_extension
from fixtures.stock import NOW

USAGE, ADDRESS = "extension.key-usage-beyond-key", "extension.address-without-scheme"


def found(gateway: Gateway, rule: str) -> list[edgecheck.Finding]:
    """What a rule says about a gateway."""
    report = edgecheck.check(pem(*gateway.presented()), stock.HOSTNAME, pem(*gateway.trust()), NOW)
    return [f for f in report.findings if f.rule.id == rule]


# --- keyUsage ------------------------------------------------------------------------------------

SIGNS = "digitalSignature", "nonRepudiation"
ENCIPHERS = "keyEncipherment", "dataEncipherment"


@pytest.mark.parametrize(
    ("key", "usages", "beyond", "severity"),
    [
        ("rsa2048-8", (*SIGNS, *ENCIPHERS), "", ""),
        ("rsa2048-8", (*SIGNS, "keyAgreement"), "keyAgreement", "info"),
        (
            "rsa2048-8",
            (*SIGNS, "keyAgreement", "encipherOnly"),
            "keyAgreement, encipherOnly",
            "warning",
        ),
        ("rsa2048-8", (*SIGNS, "decipherOnly"), "decipherOnly", "warning"),
        ("p256-8", (*SIGNS, "keyAgreement"), "", ""),
        ("p256-8", (*SIGNS, "keyAgreement", "decipherOnly"), "", ""),
        ("p256-8", (*SIGNS, "decipherOnly"), "decipherOnly", "warning"),
        ("p256-8", (*SIGNS, *ENCIPHERS), "keyEncipherment, dataEncipherment", "info"),
        ("p384-1", ("digitalSignature", "dataEncipherment"), "dataEncipherment", "info"),
        ("ed25519-1", SIGNS, "", ""),
        ("ed25519-1", ("digitalSignature", "keyEncipherment"), "keyEncipherment", "warning"),
        ("ed448-1", ("digitalSignature", "keyAgreement"), "keyAgreement", "warning"),
    ],
)
def test_each_kind_of_key_has_its_usages(
    key: str, usages: tuple[str, ...], beyond: str, severity: str
) -> None:
    """RSA signs and enciphers, EC signs and agrees, the Edwards curves sign."""
    gateway = stock.stock_15("ec").change("server", serial=None, key=key)
    told = found(gateway.with_extension("server", key_usage(*usages)), USAGE)
    assert [f.severity for f in told] == ([severity] if severity else [])
    assert all(f"lists {beyond}, which its key" in f.message for f in told)


@pytest.mark.parametrize(
    ("gateway", "line"),
    [
        (with_ec_server("digitalSignature", "keyEncipherment"), "digitalSignature"),
        (with_ec_server("keyEncipherment"), "digitalSignature"),
        (
            with_server(key_usage("digitalSignature", "keyEncipherment", "keyAgreement")),
            "digitalSignature,keyEncipherment",
        ),
        (
            stock.stock_15("ec").with_extension(
                "device_ca", key_usage("keyEncipherment", "keyCertSign")
            ),
            "keyCertSign",
        ),
    ],
)
def test_the_remedy_is_the_line_that_fits_this_key(gateway: Gateway, line: str) -> None:
    """What the key can do of what was there; never a line for another kind of key."""
    (told,) = found(gateway, USAGE)
    assert told.remedy.endswith(f"\n    keyUsage = critical,{line}")


@pytest.mark.parametrize("name", ["runtime-1-1-rsa", "runtime-1-1-ec", "demo-scripts-1-1"])
def test_what_the_runtime_writes_is_passed_over(name: str) -> None:
    """Libiothsm lists five usages for every kind of key; nobody can change that."""
    report = read(FIXTURES / "good" / name).check()
    assert not [f for f in report.findings if f.rule.id == USAGE]


def test_no_key_usage_lists_nothing() -> None:
    """Nor is there anything to say of a key of an unknown kind."""
    assert found(stock.stock_15("ec"), USAGE) == []


# --- addresses -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "http://pki.contoso.example/ca.crl",
        "HTTPS://pki.contoso.example/",
        "ldap:///CN=CA,DC=contoso?certificateRevocationList",
        "ldap:///",
        "file://\\\\server\\\\share\\\\ca.crl",
        "file:///C:/pki/ca.crl",
        "ftp:x",
        "urn:oid:2.999",
    ],
)
def test_an_address_with_a_scheme_is_a_uri(text: str) -> None:
    """Whichever scheme: a company may well use LDAP."""
    assert Address("", text).has_scheme
    assert found(stock.stock_15().with_extension("device_ca", crl_address(text)), ADDRESS) == []


@pytest.mark.parametrize(
    "text",
    [
        "pki.contoso.example/ca.crl",
        "www.contoso.example:80/ca.crl",
        "localhost:8080",
        "//pki.contoso.example/ca.crl",
        "/ca.crl",
        "http//pki.contoso.example",
        "C:\\\\pki\\\\ca.crl",
        " http://pki.contoso.example/ca.crl",
        "://pki",
        "",
    ],
)
def test_an_address_without_a_scheme_stands_for_nothing(text: str) -> None:
    """A host with its port, a letter of a drive, or a blank is no scheme."""
    assert not Address("", text).has_scheme
    (told,) = found(stock.stock_15().with_extension("device_ca", crl_address(text)), ADDRESS)
    assert (told.severity, told.role) == ("warning", "device-ca")
    assert told.evidence["extensions"] == ["cRLDistributionPoints"]


def test_only_the_wrong_ones_are_told() -> None:
    """The first with its words, the others by their number."""
    points = crl_address("http://a.example/1", "b.example/2", "c.example/3")
    (told,) = found(stock.stock_15().with_extension("device_ca", points), ADDRESS)
    assert told.message.endswith('has the address "b.example/2", which has no scheme, and 1 more')
    assert told.evidence["found"] == ["b.example/2", "c.example/3"]


def uri(text: bytes) -> bytes:
    return der.tlv(0x86, text)


POINT = der.sequence(der.sequence(der.tlv(0xA0, der.tlv(0xA0, uri(b"x")))))
ACCESS = der.sequence(
    der.sequence(der.oid("1.3.6.1.5.5.7.48.2"), uri(b"x")),
    der.sequence(der.oid("1.3.6.1.5.5.7.48.1"), der.tlv(0x82, b"name.example")),
)
POLICIES = der.sequence(
    der.sequence(der.oid("2.999.1")),
    der.sequence(
        der.oid("2.999.2"),
        der.sequence(
            der.sequence(der.oid("1.3.6.1.5.5.7.2.2"), der.sequence(der.tlv(0x0C, b"notice"))),
            der.sequence(der.oid("1.3.6.1.5.5.7.2.1"), der.tlv(0x16, b"x")),
        ),
    ),
)


@pytest.mark.parametrize(
    ("oid", "content", "name"),
    [
        ("2.5.29.31", POINT, "cRLDistributionPoints"),
        ("2.5.29.46", POINT, "freshestCRL"),
        ("1.3.6.1.5.5.7.1.1", ACCESS, "authorityInfoAccess"),
        ("1.3.6.1.5.5.7.1.11", ACCESS, "subjectInfoAccess"),
        ("2.5.29.32", POLICIES, "certificatePolicies"),
        ("2.5.29.31", POINT[:-1], ""),
        ("1.3.6.1.5.5.7.1.1", der.sequence(der.sequence(der.oid("2.999"))), ""),
        ("2.5.29.32", b"\x30\x03\x30\x01\x06", ""),
        (
            "2.5.29.32",
            der.sequence(der.sequence(der.oid("2.999"), der.sequence(der.sequence()))),
            "",
        ),
        (
            "2.5.29.32",
            der.sequence(
                der.sequence(
                    der.oid("2.999"), der.sequence(der.sequence(der.oid("1.3.6.1.5.5.7.2.1")))
                )
            ),
            "",
        ),
        ("2.5.29.32", der.sequence(der.sequence(der.oid("2.999"), b"\x02\x01\x05")), ""),
        ("2.5.29.32", b"\x02\x01\x05", ""),
        ("1.3.6.1.5.5.7.1.1", der.sequence(b"\x05\0", der.sequence()), ""),
    ],
)
def test_every_extension_with_addresses_is_read(oid: str, content: bytes, name: str) -> None:
    """Names of other kinds are none; what cannot be read is another rule's."""
    gateway = stock.stock_15().with_extension("device_ca", raw_extension(oid, content))
    (certificate,) = (
        Reader({}, 1 << 20, 10, None).read(gateway.issued("device_ca").der, "x").sequence
    )
    assert addresses(certificate) == ([Address(name, "x")] if name else [])


def test_a_device_ca_without_addresses_has_none() -> None:
    """As stock gateways are."""
    gateway = stock.stock_15().with_extension("device_ca", basic_constraints(True))
    assert found(gateway, ADDRESS) == []
