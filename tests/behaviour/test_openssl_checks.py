"""OpenSSL's checks of extensions over a finished chain: what passes beside what does not."""

from __future__ import annotations

from typing import Any

import pytest

from fixtures.pki import (
    basic_constraints,
    extended_key_usage,
    key_usage,
    netscape_cert_type,
    raw_extension,
)
from tests.behaviour.runs import BORING, SOUND, VERSIONS, errors, of
from tests.hierarchy.chains import Chain, authority, server


def longer(**changes: Any) -> Chain:
    """Server, two CAs and a root; a value of `changes` is the extensions of that place."""
    chain = Chain(
        (
            server(),
            authority("Lower CA", "p256-2"),
            authority("Upper CA", "p256-4"),
            authority("Test Root", "p256-3"),
        )
    )
    for place, extensions in changes.items():
        chain = chain.put(int(place[-1]), *extensions)
    return chain


# --- CA or not ------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", VERSIONS.values(), ids=VERSIONS)
def test_an_intermediate_that_is_no_ca_is_refused_and_a_server_certificate_may_be_one(
    version: dict[str, Any],
) -> None:
    numbers = [number for number, _ in of(SOUND.put(1, basic_constraints(False)), **version)]
    assert numbers == [79, 26]
    assert of(SOUND.put(0, basic_constraints(True)), **version) == []


@pytest.mark.parametrize(
    ("version", "refused"),
    [("1.0.2", False), ("BoringSSL", True), ("1.1.0", True), ("1.1.1", True), ("3.0", True)],
)
def test_a_ca_by_older_signs_is_one_to_1_0_2_alone(version: str, refused: bool) -> None:
    """Without basicConstraints keyUsage with keyCertSign makes it one."""
    chain = longer().without(1, "basicConstraints")
    found = of(chain, **VERSIONS[version])
    assert ((79, 1) in found) is refused


@pytest.mark.parametrize(("version", "passes"), [(name, True) for name in VERSIONS])
def test_what_is_trusted_may_be_a_ca_by_older_signs(version: str, passes: bool) -> None:
    """Even of version 1, without any extension; strict mode asks for more."""
    root = SOUND.specs[2].with_(version=1, extensions=())
    found = of(SOUND.replaced(2, root), **VERSIONS[version])
    assert (found == []) is passes
    strict = of(SOUND.replaced(2, root), strict=True)
    assert (79, 2) in strict


def test_a_root_that_says_that_it_is_none_is_refused_and_1_0_2_leaves_it_alone() -> None:
    chain = SOUND.put(2, basic_constraints(False))
    assert of(chain) == [(79, 2), (26, 2)]
    assert of(chain, version=(1, 0, 2)) == []


def test_strict_mode_asks_whether_a_server_certificate_is_a_ca_by_older_signs() -> None:
    both = key_usage("digitalSignature", "keyCertSign")
    by_usage = SOUND.without(0, "basicConstraints").put(0, both)
    assert (79, 0) in of(by_usage, strict=True)
    assert of(by_usage) == []
    assert (79, 0) not in of(SOUND, strict=True)
    assert (79, 0) not in of(SOUND.put(0, basic_constraints(True)), strict=True)


# --- critical extensions --------------------------------------------------------------------------

KNOWN = {
    "nsCertType": ("2.16.840.1.113730.1.1", "030205a0", False),
    "keyUsage": ("2.5.29.15", "03020780", True),
    "subjectAltName": ("2.5.29.17", "3003820161", True),
    "basicConstraints": ("2.5.29.19", "3000", True),
    "certificatePolicies": ("2.5.29.32", "3006300406022a03", True),
    "cRLDistributionPoints": ("2.5.29.31", "30023000", False),
    "extendedKeyUsage": ("2.5.29.37", "300a06082b06010505070301", True),
    "policyConstraints": ("2.5.29.36", "3003800109", True),
    "nameConstraints": ("2.5.29.30", "3000", True),
    "policyMappings": ("2.5.29.33", "300a300806022a0306022a04", True),
    "inhibitAnyPolicy": ("2.5.29.54", "020109", True),
    "sbgp-ipAddrBlock": ("1.3.6.1.5.5.7.1.7", "3000", False),
    "sbgp-autonomousSysNum": ("1.3.6.1.5.5.7.1.8", "3000", False),
    "noCheck": ("1.3.6.1.5.5.7.48.1.5", "0500", False),
    "proxyCertInfo": ("1.3.6.1.5.5.7.1.14", "3000", False),
    "issuerAltName": ("2.5.29.18", "3003820161", None),
    "authorityInfoAccess": ("1.3.6.1.5.5.7.1.1", "3000", None),
    "subjectKeyIdentifier": ("2.5.29.14", "040101", None),
    "authorityKeyIdentifier": ("2.5.29.35", "3000", None),
    "privateKeyUsagePeriod": ("2.5.29.16", "3000", None),
    "tlsfeature": ("1.3.6.1.5.5.7.1.24", "3003020105", None),
}
"""Type, contents, and whether BoringSSL knows it too; None where neither does."""


@pytest.mark.parametrize("name", KNOWN)
def test_each_critical_extension_is_known_or_unhandled(name: str) -> None:
    """X509_supported_extension of v3_purp.c: what it lists may be critical, nothing else."""
    identifier, value, boring = KNOWN[name]
    extension = raw_extension(identifier, bytes.fromhex(value), critical=True)
    assert ((34, 0) in of(SOUND.put(0, extension))) is (boring is None)
    assert ((34, 0) in of(SOUND.put(0, extension), **BORING)) is (not boring)
    mild = raw_extension(identifier, bytes.fromhex(value), critical=False)
    assert (34, 0) not in of(SOUND.put(0, mild))


def test_an_unhandled_critical_extension_counts_at_every_depth() -> None:
    """Of what is trusted too, but for 1.0.2."""
    odd = raw_extension("1.2.3.4", b"\x05\x00", critical=True)
    for depth in range(3):
        assert of(SOUND.put(depth, odd)) == [(34, depth)]
        below = depth < 2
        assert of(SOUND.put(depth, odd), version=(1, 0, 2)) == ([(34, depth)] if below else [])


# --- purposes -------------------------------------------------------------------------------------

MS_SGC, NS_SGC = "1.3.6.1.4.1.311.10.3.3", "2.16.840.1.113730.4.1"


@pytest.mark.parametrize(
    ("usages", "fits", "boring"),
    [
        (("serverAuth",), True, True),
        (("clientAuth", "serverAuth"), True, True),
        (("clientAuth",), False, False),
        (("anyExtendedKeyUsage",), False, False),
        ((MS_SGC,), True, False),
        ((NS_SGC,), True, False),
        ((MS_SGC[:-1] + "4",), False, False),
    ],
)
@pytest.mark.parametrize("depth", [0, 1, 2])
def test_extended_key_usage_has_to_have_server_auth_or_gated_cryptography(
    depth: int, usages: tuple[str, ...], fits: bool, boring: bool
) -> None:
    """SSL server purpose, at every depth; BoringSSL does not know the latter."""
    chain = SOUND.put(depth, extended_key_usage(*usages))
    assert of(chain) == ([] if fits else [(26, depth)])
    assert of(chain, **BORING) == ([] if boring else [(26, depth)])
    assert of(chain, purpose=False) == []


@pytest.mark.parametrize(
    ("usage", "fits"),
    [
        ("digitalSignature", True),
        ("keyEncipherment", True),
        ("keyAgreement", True),
        ("nonRepudiation", False),
        ("dataEncipherment", False),
        ("keyCertSign", False),
        ("cRLSign", False),
        ("encipherOnly", False),
    ],
)
def test_key_usage_of_a_server_has_one_of_three_bits(usage: str, fits: bool) -> None:
    chain = SOUND.put(0, key_usage(usage))
    expected = [] if fits else [(26, 0)]
    assert of(chain) == of(chain, **BORING) == expected
    assert of(SOUND.without(0, "keyUsage")) == []


@pytest.mark.parametrize(
    ("depth", "types", "fits"),
    [
        (0, ("server",), True),
        (0, ("client", "server"), True),
        (0, ("client",), False),
        (0, ("sslCA",), False),
    ],
)
def test_netscape_types_of_a_server_have_the_bit_for_servers(
    depth: int, types: tuple[str, ...], fits: bool
) -> None:
    """BoringSSL does not look at them."""
    chain = SOUND.put(depth, netscape_cert_type(*types))
    assert of(chain) == ([] if fits else [(26, depth)])
    assert of(chain, **BORING) == []


@pytest.mark.parametrize(
    ("types", "expected"),
    [(("sslCA",), []), (("emailCA",), [(26, 2)]), (("server",), [(79, 2), (26, 2)])],
)
def test_netscape_types_make_a_root_a_ca_for_ssl(
    types: tuple[str, ...], expected: list[tuple[int, int]]
) -> None:
    """Where neither basicConstraints nor keyUsage is there."""
    root = SOUND.without(2, "basicConstraints", "keyUsage").put(2, netscape_cert_type(*types))
    assert of(root) == expected


def test_what_cannot_be_decoded_is_no_ca_and_fits_every_purpose() -> None:
    """check_purpose returns before it looks; only of a server can such a chain be built."""
    damaged = raw_extension("subjectKeyIdentifier", b"\x05\x00")
    own = SOUND.put(0, damaged, extended_key_usage("clientAuth"))
    assert errors([own.issued()[0]], [own.issued()[2]]) == [(20, 0), (21, 0)]


# --- path lengths ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("depth", "length", "fits"),
    [(1, 0, True), (2, 0, False), (2, 1, True), (3, 1, False), (3, 2, True), (3, 0, False)],
)
@pytest.mark.parametrize("version", ["1.0.2", "1.1.1", "3.0", "1.1.0", "BoringSSL"])
def test_a_path_length_counts_the_cas_below(
    version: str, depth: int, length: int, fits: bool
) -> None:
    """A limit at its exact value and one below.

    1.0.2 leaves alone what it trusts, 1.1.0 what is self-issued.
    """
    found = of(longer(**{f"d{depth}": (basic_constraints(True, length),)}), **VERSIONS[version])
    fits = fits or (version in ("1.0.2", "1.1.0") and depth == 3)
    assert found == ([] if fits else [(25, depth)])


@pytest.mark.parametrize(
    ("version", "expected"),
    [("3.0", []), ("1.1.1", []), ("1.1.0", []), ("BoringSSL", []), ("1.0.2", [])],
)
def test_a_self_issued_ca_does_not_count(version: str, expected: list[tuple[int, int]]) -> None:
    again = authority("Upper CA", "p256-2")
    chain = longer(d2=(basic_constraints(True, 0),)).replaced(1, again)
    assert of(chain, **VERSIONS[version]) == expected


@pytest.mark.parametrize(("version", "exempt"), [("3.0", False), ("1.1.1", False), ("1.1.0", True)])
def test_a_self_issued_ca_is_held_to_its_limit_but_by_1_1_0(version: str, exempt: bool) -> None:
    lower = authority("Lower CA", "p256-5")
    upper = (authority("Upper CA", "p256-2"), authority("Upper CA", "p256-4"))
    chain = Chain((server(), lower, *upper, authority("Test Root", "p256-3")))
    chain = chain.put(2, basic_constraints(True, 0))
    assert of(chain, **VERSIONS[version]) == ([] if exempt else [(25, 2)])


@pytest.mark.parametrize(("version", "refused"), [("1.1.0", False), ("3.0", False)])
def test_a_self_issued_server_certificate_is_no_ca_below(version: str, refused: bool) -> None:
    """Its limit is that of the CAs alone: one below passes a limit of 0 at depth 1 always."""
    chain = longer(d1=(basic_constraints(True, 0),))
    assert bool(of(chain, **VERSIONS[version])) is refused
