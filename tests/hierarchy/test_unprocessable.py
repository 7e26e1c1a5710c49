"""What no validator can process: by the letter all damage, by default what every client refuses."""

from __future__ import annotations

import pytest

import edgecheck
from fixtures import der, stock
from fixtures.pki import Extension, key_usage, pem, raw_extension

KEY_USAGE, PURPOSES, CONSTRAINTS = "keyUsage", "extendedKeyUsage", "basicConstraints"
DAMAGED = [
    (KEY_USAGE, "3000"), (KEY_USAGE, ""), (KEY_USAGE, "0300"), (KEY_USAGE, "03020807"),
    (KEY_USAGE, "030107"), (PURPOSES, "0500"), (PURPOSES, "3003020101"),
    (CONSTRAINTS, "0500"), (CONSTRAINTS, "3003020200"),
    ("subjectKeyIdentifier", "3000"), ("authorityKeyIdentifier", "0500"),
    ("authorityKeyIdentifier", "30028f00"), ("nameConstraints", "0500"), ("nameConstraints", ""),
    ("2.5.29.31", "0500"),
]  # fmt: skip
TAKEN = [
    (KEY_USAGE, "030205a000"), (PURPOSES, "3000"), ("subjectAltName", "0500"),
    ("nameConstraints", "3000"), ("nameConstraints", "3002a000"), ("certificatePolicies", "3000"),
    ("policyConstraints", "3000"), (CONSTRAINTS, "30080101ff0201010500"),
]  # fmt: skip
"""What some client that gateways meet takes: it reads past the damage, or does not look."""


def checked(role: str, *extensions: Extension, profile: str = "iot-edge") -> edgecheck.Report:
    """A gateway of 1.5, one certificate of which has these in the place of its own."""
    gateway = stock.stock_15("ec").change("server", serial=None)
    names = {extension.name for extension in extensions}
    kept = [have for have in gateway[role].extensions if have.name not in names]
    gateway = gateway.change(role, extensions=(*kept, *extensions))
    chain, trust = pem(*gateway.presented()), pem(*gateway.trust())
    return edgecheck.check(chain, stock.HOSTNAME, trust, stock.NOW, profile=profile)


def refusing(report: edgecheck.Report) -> set[str]:
    """Verdicts of the clients of tier 1."""
    return {prediction.verdict for prediction in report.predictions if prediction.tier == 1}


@pytest.mark.parametrize("role", ["server", "intermediate"])
@pytest.mark.parametrize(("name", "value"), DAMAGED)
def test_damage_in_what_everybody_reads_is_invalid(name: str, value: str, role: str) -> None:
    """In every profile, where it is critical; and no client of tier 1 is predicted to connect."""
    broken = raw_extension(name, bytes.fromhex(value), critical=True)
    report = checked(role, broken)
    assert report.valid is False
    assert "accept" not in refusing(report)
    assert [finding for finding in report.findings if finding.caused_by is None]
    assert checked(role, broken, profile="path").valid is False
    assert checked(role, broken, profile="rfc5280").valid is False


@pytest.mark.parametrize("role", ["server", "intermediate"])
@pytest.mark.parametrize(("name", "value"), TAKEN)
def test_what_some_client_takes_is_invalid_only_to_the_letter(
    name: str, value: str, role: str
) -> None:
    """The default profile is not stricter than every client."""
    broken = raw_extension(name, bytes.fromhex(value), critical=True)
    report = checked(role, broken)
    assert report.valid is not False
    assert checked(role, broken, profile="path").valid is False


def test_damage_that_is_not_critical_is_another_matter() -> None:
    """Java passes over it, so the path stays as it is for what does not need the extension."""
    broken = raw_extension(KEY_USAGE, b"\x30\x00")
    assert checked("server", broken).valid is True
    assert checked("server", broken, profile="path").valid is True


@pytest.mark.parametrize("role", ["server", "intermediate"])
def test_nobody_takes_a_known_extension_twice(role: str) -> None:
    """Critical or not; clients agree."""
    for critical in (True, False):
        usage = key_usage("digitalSignature", "keyEncipherment", "keyCertSign", critical=critical)
        report = checked(role, usage, usage)
        assert report.valid is False
        assert "accept" not in refusing(report)
        assert checked(role, usage, usage, profile="path").valid is False


def test_openssl_takes_an_unknown_extension_twice() -> None:
    """So the path is valid by default; RFC 5280 forbids it all the same."""
    unknown = raw_extension("2.999.7", b"\x05\x00")
    report = checked("server", unknown, unknown)
    assert (report.valid, report.ok) == (True, False)
    assert refusing(report) == {"accept", "reject"}
    assert checked("server", unknown, unknown, profile="path").valid is False
    assert checked("server", unknown, unknown, profile="rfc5280").valid is False


def test_section_6_1_does_not_judge_the_anchor() -> None:
    """Damage in a trusted root alone leaves the path valid, but for profiles that judge it."""
    broken = raw_extension(KEY_USAGE, b"\x30\x00", critical=True)
    assert checked("root", broken, profile="path").valid is True
    assert checked("root", broken, profile="rfc5280").valid is False


OTHER_NAME = der.tlv(0xA0, der.oid("2.999.1"), der.tlv(0xA0, der.tlv(0x0C, b"plant")))
REGISTERED_ID = der.tlv(0x88, der.oid("2.999.2")[2:])
GAPS = der.tlv(0x87, bytes.fromhex("0a000000ff00ff00"))
NAMES = {
    OTHER_NAME: OTHER_NAME,
    REGISTERED_ID: REGISTERED_ID,
    GAPS: der.tlv(0x87, bytes((10, 0, 0, 1))),
}
"""Constraints that nobody can evaluate, and a name of the same form."""


def constrained(base: bytes, name: bytes, critical: bool, profile: str) -> edgecheck.Report:
    """The device CA permits the base alone; the server has the name beside its own."""
    names = der.sequence(der.tlv(0x82, stock.HOSTNAME.encode()), name)
    held = der.sequence(der.tlv(0xA0, der.sequence(base)))
    gateway = stock.stock_15("ec").change("server", serial=None)
    kept = [have for have in gateway["server"].extensions if have.name != "subjectAltName"]
    gateway = gateway.change("server", extensions=(*kept, raw_extension("subjectAltName", names)))
    above = (*gateway["device_ca"].extensions, raw_extension("nameConstraints", held, critical))
    gateway = gateway.change("device_ca", extensions=above)
    chain, trust = pem(*gateway.presented()), pem(*gateway.trust())
    return edgecheck.check(chain, stock.HOSTNAME, trust, stock.NOW, profile=profile)


@pytest.mark.parametrize("base", NAMES)
def test_a_critical_constraint_that_nobody_can_evaluate_refuses_a_name_of_its_form(
    base: bytes,
) -> None:
    """To the letter (section 4.2.1.10); by default it is open, for Java may take it."""
    for profile in ("path", "rfc5280"):
        report = constrained(base, NAMES[base], True, profile)
        assert report.valid is False
        assert [finding for finding in report.findings if finding.caused_by is None]
    assert constrained(base, NAMES[base], True, "iot-edge").valid is None


@pytest.mark.parametrize("base", NAMES)
def test_it_refuses_nothing_where_it_is_not_critical_or_bears_on_no_name(base: bytes) -> None:
    assert constrained(base, NAMES[base], False, "path").valid is None
    elsewhere = der.tlv(0x86, b"https://plant.example/")
    assert constrained(base, elsewhere, True, "path").valid is True
