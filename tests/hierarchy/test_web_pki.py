"""The CA/Browser baseline as far as validators enforce it, each requirement violated and kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import dsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from edgecheck.adapters.suffixes import public_suffixes
from edgecheck.hierarchy.rfc5280.web_pki import baseline
from edgecheck.reading.der import Malformed
from edgecheck.reading.quick import quick
from fixtures.der import name_der
from fixtures.pki import (
    authority_key_id,
    basic_constraints,
    extended_key_usage,
    issue,
    key_usage,
    name_constraints,
    subject_alt_name,
)
from tests.hierarchy.chains import HOST, Chain, authority, server, steps

SERVER, CA, ROOT = 0, 1, 2
Change = Callable[[Chain], Chain]
GOOD = Chain()
RSA_NAME = "rsa2048-1"


def put(at: int, *more: Any, **changes: Any) -> Change:
    return lambda chain: chain.put(at, *more, **changes)


def without(at: int, *names: str) -> Change:
    return lambda chain: chain.without(at, *names)


def alt(*dns: str, **others: Any) -> Change:
    return put(SERVER, subject_alt_name(dns=[HOST, *dns], **others))


def named(common: str, *dns: str, ip: tuple[str, ...] = ()) -> Change:
    return put(SERVER, subject_alt_name(dns=[HOST, *dns], ip=ip), subject=common)


def dsa_key() -> bytes:
    key = dsa.DSAPublicNumbers(
        3, dsa.DSAParameterNumbers((1 << 2047) + 1, (1 << 223) + 1, 2)
    ).public_key()
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


BROKEN: list[tuple[str, str, Change]] = [
    ("an RSA key of 1024 bits", "6.1.5", put(SERVER, key="rsa1024-1")),
    ("an RSA key of 1024 bits of a CA", "6.1.5", put(CA, key="rsa1024-1")),
    ("an RSA key of 1024 bits of a root", "6.1.5", put(ROOT, key="rsa1024-1")),
    ("the curve secp256k1", "6.1.5", put(SERVER, key="secp256k1-1")),
    ("an Ed25519 key", "6.1.5", put(CA, key="ed25519-1")),
    ("SHA-1 in the server's certificate", "7.1.3.2", put(SERVER, signature="sha1_ecdsa")),
    ("SHA-1 in a CA's certificate", "7.1.3.2", put(CA, signature="sha1_ecdsa")),
    ("authorityKeyIdentifier with issuer and serial number", "7.1.2.11.1",
     put(SERVER, authority_key_id(True, True))),
    ("a root's authorityKeyIdentifier with issuer and serial number", "7.1.2.11.1",
     put(ROOT, authority_key_id(True, True))),
    ("a root's authorityKeyIdentifier of another key", "7.1.2.1.3",
     put(ROOT, authority_key_id(b"x" * 20))),
    ("no keyUsage in a root", "7.1.2.1.2", without(ROOT, "keyUsage")),
    ("extKeyUsage in a root", "7.1.2.1.2", put(ROOT, extended_key_usage("serverAuth"))),
    ("a CA as server", "7.1.2.7.8",
     put(SERVER, basic_constraints(True), key_usage("digitalSignature", "keyCertSign"))),
    ("keyCertSign in the server's certificate", "7.1.2.7.11",
     put(SERVER, key_usage("digitalSignature", "keyCertSign"))),
    ("no extKeyUsage", "7.1.2.7.10", without(SERVER, "extendedKeyUsage")),
    ("a critical extKeyUsage", "7.1.2.7.6",
     put(SERVER, extended_key_usage("serverAuth", critical=True))),
    ("anyExtendedKeyUsage", "7.1.2.7.10", put(SERVER, extended_key_usage("anyExtendedKeyUsage"))),
    ("anyExtendedKeyUsage, too", "7.1.2.7.10",
     put(SERVER, extended_key_usage("serverAuth", "anyExtendedKeyUsage"))),
    ("no subjectAltName", "7.1.2.7.12", without(SERVER, "subjectAltName")),
    ("an IPv4 address as dNSName", "7.1.2.7.12", alt("192.0.2.1")),
    ("a wildcard for a top-level domain", "3.2.2.6", alt("*.example")),
    ("an upper-case common name", "7.1.4.3", named(HOST.upper())),
    ("a common name in Unicode", "7.1.4.3", named("büro.example", "xn--bro-hoa.example")),
    ("a common name in full-width letters", "7.1.4.3", named("ｇｗ.plant7.example")),
    ("an IPv6 address in upper case", "7.1.4.3", named("2001:DB8::1", ip=("2001:db8::1",))),
    ("an IPv6 address with zeros", "7.1.4.3", named("2001:db8:0::1", ip=("2001:db8::1",))),
    ("an IPv4 address in hexadecimal", "7.1.4.3", named("0xc0.0.2.1", ip=("192.0.2.1",))),
    ("an IPv4 address with zeros", "7.1.4.3", named("192.0.02.001", ip=("192.0.2.1",))),
    ("an IPv4 address as one number", "7.1.4.3", named("0xC0000201", ip=("192.0.2.1",))),
    ("an IPv4 address of two numbers", "7.1.4.3", named("192.513", ip=("192.0.2.1",))),
    ("a common name that is no name of a host", "7.1.4.3", named("Gateway of plant 7")),
    ("a common name in no subjectAltName", "7.1.4.3", named("another.example")),
    ("an address in no subjectAltName", "7.1.4.3", named("1.1.1.1", ip=("9.9.9.9",))),
    ("an A-label that is another", "7.1.4.3",
     named("xn--bro-hoa.example", "xn--bcher-kva.example")),
    ("a domain two labels above a wildcard", "7.1.4.3", named("example", "*.plant7.example")),
    ("a critical subjectAltName beside a subject", "7.1.2.7.12",
     put(SERVER, subject_alt_name(dns=[HOST], critical=True))),
]  # fmt: skip
KEPT: list[tuple[str, Change]] = [
    ("an RSA key of 2048 bits", put(SERVER, key=RSA_NAME)),
    ("the curve P-384", put(CA, key="p384-1")),
    ("SHA-1 in a root's own signature", put(ROOT, signature="sha1_ecdsa")),
    ("SHA-384", put(SERVER, signature="sha384_ecdsa")),
    ("a root without authorityKeyIdentifier", without(ROOT, "authorityKeyIdentifier")),
    ("extKeyUsage in a CA", put(CA, extended_key_usage("serverAuth", "clientAuth"))),
    ("several purposes", put(SERVER, extended_key_usage("serverAuth", "clientAuth"))),
    ("an address", alt(ip=["192.0.2.1", "2001:db8::1"])),
    ("a common name that is an address", named("192.0.2.1", ip=("192.0.2.1",))),
    ("a common name that is an IPv6 address", named("2001:db8::1", ip=("2001:db8::1",))),
    ("the common name of a wildcard's domain", named("plant7.example", "*.plant7.example")),
    ("a common name beside an internal name", named("another.example", "gw.local")),
    ("a common name beside a name of one label", named("another.example", "localhost")),
    ("a common name beside a reserved address", named("another.example", ip=("10.0.0.1",))),
    ("a critical subjectAltName without a subject",
     put(SERVER, subject_alt_name(dns=[HOST], critical=True), subject=b"\x30\x00")),
    ("name constraints that are not critical",
     put(CA, name_constraints({"dns": ["plant7.example"]}, critical=False))),
    ("no common name", put(SERVER, subject=name_der([("O", "Plant 7")]))),
]  # fmt: skip


@pytest.mark.parametrize(
    ("section", "change"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN]
)
def test_broken(section: str, change: Change) -> None:
    """What breaks a requirement fails, and the section is named."""
    report = change(GOOD).report("web-pki")
    assert report.valid is False
    assert section in steps(report)


@pytest.mark.parametrize(
    "change",
    [case[2] for case in BROKEN if case[1] not in ("7.1.2.7.8", "7.1.2.7.11", "7.1.2.7.12")],
)
def test_no_other_profile_asks_for_it(change: Change) -> None:
    """The baseline binds nobody below a private root (what RFC 5280 asks, too, is left out)."""
    assert change(GOOD).report("path").valid is True


@pytest.mark.parametrize("change", [case[1] for case in KEPT], ids=[case[0] for case in KEPT])
def test_kept(change: Change) -> None:
    """What keeps to the requirements passes."""
    report = change(GOOD).report("web-pki")
    assert (report.valid, steps(report)) == (True, set())


def broken(*dns: str, suffixes: Callable[[str], bool] | None, **changes: Any) -> list[str]:
    spec = server(subject_alt_name(dns=[HOST, *dns]), **changes)
    made = quick(issue(spec, issue(authority("Test CA", "p256-2"))).der)
    assert made is not None
    return [section for section, _ in baseline(made, False, False, suffixes)]


def test_wildcards_of_public_suffixes() -> None:
    """Whoever says what a suffix is, is asked; without him it stays open."""
    assert broken("*.co.uk", suffixes=lambda domain: domain == "co.uk") == ["3.2.2.6"]
    assert broken("*.plant7.co.uk", suffixes=lambda domain: domain == "co.uk") == []
    assert broken("plant7.co.uk", suffixes=None) == []
    with pytest.raises(Malformed, match="public suffix"):
        broken("*.plant7.co.uk", suffixes=None)


def test_an_unknown_suffix_hides_nothing() -> None:
    """What is broken besides is told before it is said that something stays open."""
    spec = server(subject_alt_name(dns=[HOST, "*.plant7.co.uk"]), subject=HOST.upper())
    made = quick(issue(spec, issue(authority("Test CA", "p256-2"))).der)
    assert made is not None
    found = baseline(made, False, False, None)
    assert next(found)[0] == "7.1.4.3"
    with pytest.raises(Malformed):
        next(found)


@pytest.mark.skipif(public_suffixes() is None, reason="the extra web-pki is not installed")
def test_the_public_suffix_list() -> None:
    """ICANN's part alone: private suffixes are no registries."""
    suffixes = public_suffixes()
    assert broken("*.co.uk", "*.COM", suffixes=suffixes) == ["3.2.2.6", "3.2.2.6"]
    assert broken("*.github.io", "*.plant7.co.uk", suffixes=suffixes) == []


def test_a_dsa_key() -> None:
    """Only RSA and ECDSA keys are allowed."""
    assert broken(suffixes=None, public_key=dsa_key()) == ["6.1.5"]
