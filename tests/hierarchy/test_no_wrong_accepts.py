"""Ways in which something wrong could look right, or something right be lost."""

from __future__ import annotations

import pytest
from asn1crypto import core

import edgecheck
from edgecheck.expected import PROFILES
from edgecheck.reading.hostnames import matches
from fixtures.pki import (
    Extension,
    basic_constraints,
    extended_key_usage,
    issue,
    key_usage,
    raw_extension,
    subject_alt_name,
)
from tests.hierarchy.chains import AT, HOST, Chain, authority, check, server

GOOD = Chain()


@pytest.mark.parametrize("profile", PROFILES)
def test_a_doubled_extension_is_critical_where_one_of_the_two_is(profile: str) -> None:
    """An unknown extension, first not critical and then critical, refuses the certificate."""
    spec = GOOD.specs[0]
    doubled = (raw_extension("1.2.3.4", b"\x05\x00"), raw_extension("1.2.3.4", b"\x05\x00", True))
    chain = GOOD.replaced(0, spec.with_(extensions=(*spec.extensions, *doubled)))
    assert chain.report(profile).valid is False


@pytest.mark.parametrize(
    ("at", "again", "profiles"),
    [
        (0, subject_alt_name(dns=["other.example"]), ("iot-edge", "rfc5280")),
        (0, extended_key_usage("clientAuth"), ("iot-edge", "rfc5280")),
        (1, basic_constraints(False), ("path", "iot-edge", "rfc5280")),
        (1, key_usage("digitalSignature"), ("path", "iot-edge", "rfc5280")),
    ],
)
def test_a_doubled_extension_is_never_read_as_one(
    at: int, again: Extension, profiles: tuple[str, ...]
) -> None:
    """Which of two contradicting extensions a client takes is unknown, so nothing passes."""
    spec = GOOD.specs[at]
    chain = GOOD.replaced(at, spec.with_(extensions=(*spec.extensions, again)))
    for profile in profiles:  # section 6.1 alone asks nothing of the target's names and purposes
        assert chain.report(profile).valid is not True


def test_a_text_is_not_the_hexadecimal_of_bytes_that_are_no_text() -> None:
    """A CA called `#ff` is not the issuer that is named by the undecodable octet 0xff."""
    damaged = core.UTF8String(contents=b"\xff")
    leaf = issue(server(issuer=[("CN", damaged)]), ca := issue(authority("#ff", "p256-2")))
    assert check([leaf], [ca], "path").valid is not True


def test_an_issuer_named_alike_is_found_behind_one_named_the_same() -> None:
    """Of two CAs, the one whose name differs in its string type alone made the signature."""
    root = issue(authority("Test Root", "p256-3"))
    real = issue(authority([("CN", core.PrintableString("Test CA"))], "p256-2"), root)
    decoy = issue(authority("Test CA", "p256-4"), root)
    leaf = issue(server(issuer="Test CA").without_extension("authorityKeyIdentifier"), real)
    assert check([leaf, decoy, real], [root], "path").valid is True


@pytest.mark.parametrize("count", [3, 6, 12])
def test_a_mesh_that_no_anchor_issued_into_is_not_valid(count: int) -> None:
    """However many ways there are round in circles, none of them leads to the anchor."""
    keys = [f"p256-{number % 7 + 1}" for number in range(count)]
    cas = [issue(authority(f"CA {n}", keys[n])) for n in range(count)]
    crossed = [
        issue(authority(f"CA {n}", keys[n]), cas[m])
        for n in range(count)
        for m in range(count)
        if n != m
    ]
    other = issue(authority("Other Root", "p256-8"))
    report = check([issue(server(), cas[0]), *crossed], [other], "path")
    assert report.valid is False


@pytest.mark.parametrize(
    "host", ["1.2.3.04", "a b.example", "x" * 64 + ".example", "*.example", ""]
)
def test_what_is_no_host_name_matches_nothing(host: str) -> None:
    """RFC 9525, section 6: a reference identifier is a host name."""
    assert not matches(host, host)
    assert not matches(host, "*.example")


def test_no_policies_are_told_of_a_path_that_fails() -> None:
    """The policy set is an output of a valid path alone."""
    policy = raw_extension("2.5.29.32", bytes.fromhex("300530030601 2a".replace(" ", "")))
    chain = GOOD.put(0, policy).put(1, policy)
    assert chain.report("path").policies == ("1.2",)
    assert chain.report("path", at=AT.replace(year=2030)).policies == ()


def test_a_client_is_not_asked_for_a_host_name() -> None:
    """Its names are the caller's `peer_names`; a host name is a mistake in the call."""
    names = subject_alt_name(email=["pump@plant7.example"])
    chain = GOOD.put(0, names, extended_key_usage("clientAuth"))
    report = chain.report("iot-edge", purpose="client", peer_names=("pump@plant7.example",))
    assert report.valid is True
    assert report.ok
    with pytest.raises(ValueError, match="hostname: expected None"):
        edgecheck.check(b"", hostname=HOST, validation=edgecheck.Validation(purpose="client"))


def test_a_memo_does_not_move_the_bound_on_signatures() -> None:
    """What an earlier check verified counts, so the report is the same with and without."""
    presented, trust = [one.der for one in GOOD.issued()[:2]], [GOOD.issued()[2].der]
    bound = edgecheck.Validation(limits=edgecheck.Limits(signatures=1))
    memo = edgecheck.Memo()
    reports = [
        edgecheck.check(presented, HOST, trust, AT, validation=bound, memo=given).to_dict()
        for given in (None, memo, memo)
    ]
    assert reports[0]["valid"] is None
    assert reports[0] == reports[1] == reports[2]
