"""How OpenSSL builds its chain and how that ends, at each limit; each side beside the other."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Any

import pytest

from edgecheck.behaviour.openssl.chain import Chain as Built
from edgecheck.behaviour.openssl.settings import V1_0_2, Settings
from edgecheck.behaviour.openssl.settings import Errors as Found
from edgecheck.behaviour.openssl.verify import as_taken, taken
from edgecheck.behaviour.taken import Ended
from fixtures.pki import (
    Issued,
    authority_key_id,
    basic_constraints,
    extended_key_usage,
    flip_signature_bit,
    generalized_time,
    issue,
    key_usage,
    raw_extension,
    raw_time,
)
from tests.behaviour.runs import BORING, SOUND, VERSIONS, errors, of, ran, read, seen
from tests.hierarchy.chains import AT, END, START, authority, server

NEW = {name: VERSIONS[name] for name in ("1.1.0", "1.1.1", "3.0")}
LEAF, CA, ROOT = SOUND.issued()
ALONE = issue(server())
"""A server certificate that signed itself."""
STRANGER = issue(authority("Stranger", "p256-4"))


@cache
def ladder(authorities: int) -> tuple[Issued, ...]:
    """A chain with so many CAs, the last of them a root; the server's first."""
    made = [issue(authority("CA 0", "p256-3"))]
    for number in range(1, authorities):
        made.append(issue(authority(f"CA {number}", f"p256-{3 + number % 2}"), made[-1]))
    made.append(issue(server(), made[-1]))
    return tuple(made[::-1])


@pytest.mark.parametrize("version", VERSIONS.values(), ids=VERSIONS)
def test_a_sound_chain_ends_at_what_is_trusted_without_an_error(version: dict[str, Any]) -> None:
    found = ran(seen([LEAF, CA], [ROOT]), **version)
    assert (found.certificates, found.errors) == (read(LEAF, CA, ROOT), ())
    assert (found.stopped, as_taken(found).good) == (None, True)


@pytest.mark.parametrize(
    ("authorities", "expected"), [(101, []), (102, [(22, 101)]), (103, [(22, 101)])]
)
def test_since_1_1_1_a_chain_has_at_most_100_intermediates(
    authorities: int, expected: list[tuple[int, int]]
) -> None:
    """The depth of 100 counts CAs below the trust anchor; `openssl verify` 3.0 says the same."""
    *sent, root = ladder(authorities)
    assert errors(sent, [root]) == expected


@pytest.mark.parametrize(("authorities", "good"), [(100, True), (101, False)])
def test_1_0_2_has_one_certificate_less(authorities: int, good: bool) -> None:
    """Where its loop ends, at depth 100, it finds no issuer of the last certificate."""
    *sent, root = ladder(authorities)
    found = errors(sent, [root], version=V1_0_2)
    assert found == ([] if good else [(20, 100)])


@pytest.mark.parametrize("version", VERSIONS.values(), ids=VERSIONS)
def test_where_no_issuer_is_found_it_is_told_whether_anything_of_the_store_was_used(
    version: dict[str, Any],
) -> None:
    """2 where the last certificate is from the store, 20 where it was sent."""
    assert errors([LEAF, CA], [STRANGER], **version) == [(20, 1)]
    assert errors([LEAF], [STRANGER], **version) == [(20, 0), (21, 0)]
    assert errors([LEAF], [CA], **version) == [(2, 1)]


@pytest.mark.parametrize("version", VERSIONS.values(), ids=VERSIONS)
def test_a_root_that_is_not_trusted_is_19_and_a_server_certificate_alone_18(
    version: dict[str, Any],
) -> None:
    assert errors([LEAF, CA, ROOT], [STRANGER], **version) == [(19, 2)]
    unusual = issue(server().without_extension("keyUsage"))
    assert errors([unusual], [STRANGER], **version) == [(18, 0)]


@pytest.mark.parametrize(
    ("version", "expected"),
    [("1.1.0", []), ("1.1.1", []), ("3.0", []), ("1.0.2", []), ("BoringSSL", [])],
)
def test_a_server_certificate_that_is_trusted_itself_needs_no_issuer(
    version: str, expected: list[tuple[int, int]]
) -> None:
    own = issue(server().without_extension("keyUsage"))
    assert errors([own], [own], **VERSIONS[version]) == expected


@pytest.mark.parametrize(
    ("trusted", "partial", "expected"),
    [
        (LEAF, True, []),
        (LEAF, False, [(20, 1)]),
        (CA, True, []),
        (CA, False, [(2, 1)]),
        (STRANGER, True, [(20, 1)]),
    ],
)
def test_partial_chains_end_at_the_server_certificate_too(
    trusted: Issued, partial: bool, expected: list[tuple[int, int]]
) -> None:
    assert errors([LEAF, CA], [trusted], partial=partial) == expected


def test_direct_trust_counts_only_where_all_was_sent() -> None:
    """And what was sent beside it does not matter."""
    assert errors([LEAF], [LEAF], partial=True) == []
    assert errors([LEAF, CA], [LEAF], partial=True) == []


def test_a_twin_of_a_trusted_root_is_not_trusted() -> None:
    """Of the same name and key, with another serial number: the bytes count."""
    twin = issue(authority("Test Root", "p256-3", serial=77))
    own = issue(server(serial=78).without_extension("keyUsage"))
    other = issue(server(serial=79).without_extension("keyUsage"))
    assert errors([LEAF, CA, twin], [ROOT]) == []
    for version in NEW.values():
        assert errors([own], [other], **version) == [(18, 0)]
    assert errors([own], [other], version=V1_0_2) == [(18, 0)]


def test_certificates_that_are_sent_twice_count_once() -> None:
    for version in VERSIONS.values():
        assert errors([LEAF, CA, CA, LEAF, ROOT], [ROOT, ROOT], **version) == []


def test_a_circle_of_two_cas_ends() -> None:
    """Each issued the other; since 1.1.1 none is on a chain twice."""
    one, two = (
        issue(spec.without_extension("authorityKeyIdentifier"))
        for spec in (
            authority("One", "p256-4", issuer="Two", signer="p256-5"),
            authority("Two", "p256-5", issuer="One", signer="p256-4"),
        )
    )
    leaf = issue(server(), one)
    for version in VERSIONS.values():
        assert errors([leaf, one, two], [ROOT], **version)[0] == (20, 2)


# --- the time of an issuer ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "in_time"),
    [
        (AT, END, True),
        (AT + timedelta(seconds=1), END, False),
        (START, AT, True),
        (START, AT - timedelta(seconds=1), False),
        (generalized_time(START), END, True),
        (START, generalized_time(END), True),
        (START, raw_time(b"\x17\x0b2701010000Z", END), False),
        (raw_time(b"\x17\x0b2601010000Z", START), END, False),
    ],
)
def test_both_ends_of_a_validity_belong_to_it(before: Any, after: Any, in_time: bool) -> None:
    (certificate,) = read(issue(authority("CA", "p256-2", not_before=before, not_after=after)))
    chain = Built(seen([LEAF], [ROOT]), Found(True), Settings())
    assert chain.in_time(certificate) is in_time


# --- who may have issued whom ---------------------------------------------------------------------


def likely(issuer: Issued, child: Issued, **settings: Any) -> bool:
    """Whether the one is taken for the other's issuer."""
    above, below = read(issuer, child)
    return Built(seen([child], [issuer]), Found(True), Settings(**settings)).likely_issued(
        above, below
    )


@pytest.mark.parametrize("version", VERSIONS.values(), ids=VERSIONS)
def test_name_and_identifiers_tell_an_issuer(version: dict[str, Any]) -> None:
    """Every part of an authorityKeyIdentifier that is there has to fit; silence fits."""
    assert likely(CA, LEAF, **version)
    assert not likely(ROOT, LEAF, **version)
    named = authority("Test CA", "p256-2", serial=9)
    issuer = issue(named, ROOT)
    fitting = {
        "nothing": (server().without_extension("authorityKeyIdentifier"), True),
        "key id": (server(authority_key_id(issuer.key_id or b"")), True),
        "other key id": (server(authority_key_id(b"\1" * 20)), False),
        "serial": (server(authority_key_id(False, ("Test Root", 9))), True),
        "other serial": (server(authority_key_id(False, ("Test Root", 10))), False),
        "other issuer": (server(authority_key_id(False, ("Test Rood", 9))), False),
    }
    for name, (spec, fits) in fitting.items():
        assert likely(issuer, issue(spec, issuer), **version) is fits, name
    silent = issue(named.without_extension("subjectKeyIdentifier"), ROOT)
    assert likely(silent, issue(server(authority_key_id(b"\1" * 20)), silent), **version)


@pytest.mark.parametrize(
    ("version", "takes"),
    [("1.0.2", True), ("1.1.0", True), ("BoringSSL", False), ("1.1.1", False), ("3.0", False)],
)
def test_extensions_that_cannot_be_decoded_make_no_issuer_and_no_child(
    version: str, takes: bool
) -> None:
    """EXFLAG_INVALID, which 1.0.2 and 1.1.0 do not look at."""
    damaged = raw_extension("subjectKeyIdentifier", b"\x05\x00")
    issuer = issue(authority("Test CA", "p256-2", damaged), ROOT)
    child = issue(server(damaged), CA)
    plain = issue(server().without_extension("authorityKeyIdentifier"), CA)
    assert likely(issuer, plain, **VERSIONS[version]) is takes
    assert likely(CA, child, **VERSIONS[version]) is takes


@pytest.mark.parametrize(("version", "takes"), [("1.1.1", True), ("3.0", False)])
def test_since_3_0_key_usage_without_any_bit_is_invalid(version: str, takes: bool) -> None:
    issuer = issue(authority("Test CA", "p256-2", key_usage()), ROOT)
    assert likely(issuer, LEAF, **VERSIONS[version]) is takes


# --- how chains end, for those who ask for the chain alone -------------------------------------


@pytest.mark.parametrize(
    ("sent", "trust", "ended"),
    [
        ([LEAF, CA], ROOT, Ended.TRUSTED),
        ([LEAF, CA, ROOT], STRANGER, Ended.SELF_SIGNED),
        ([ALONE], STRANGER, Ended.SELF_SIGNED),
        ([LEAF], STRANGER, Ended.NO_ISSUER),
        ([LEAF], CA, Ended.NO_ISSUER),
        (list(ladder(102)[:-1]), ladder(102)[-1], Ended.NO_ISSUER),
    ],
)
def test_how_a_chain_ends(sent: list[Issued], trust: Issued, ended: Ended) -> None:
    found = taken(seen(sent, [trust]), Settings())
    assert (found.ended, found.objections) == (ended, ())


def test_objections_name_their_certificates_and_not_the_end() -> None:
    expired = SOUND.put(0, not_after=AT - timedelta(days=1))
    *sent, _ = expired.issued()
    found = taken(seen(sent, [STRANGER]), Settings())
    assert found.ended is Ended.NO_ISSUER
    assert [(each.certificate, each.code) for each in found.objections] == [
        (found.certificates[0], 10),
    ]


def test_what_cannot_be_read_ends_before_a_chain_is_built() -> None:
    found = taken(seen([LEAF, CA], [ROOT], trailing=[CA]), Settings())
    assert (found.ended, found.certificates) == (Ended.GIVEN_UP, read(LEAF))
    (objection,) = found.objections
    assert (objection.certificate, objection.code) == (read(CA)[0], "trailing")


def test_boringssl_stops_at_a_certificate_whose_extensions_contradict_each_other() -> None:
    """A path length of what is no CA is invalid to it; OpenSSL does not mind."""
    chain = SOUND.put(0, basic_constraints(False, 0))
    *sent, root = chain.issued()
    assert of(chain) == []
    outcome = ran(seen(sent, [root]), **BORING)
    assert outcome.stopped == read(sent[0])[0]
    found = taken(seen(sent, [root]), Settings(V1_0_2, boring=True))
    assert [(each.certificate, each.code) for each in found.objections][:1] == [
        (read(sent[0])[0], "invalid")
    ]


def test_the_same_settings_build_once_and_others_anew() -> None:
    """What is kept for the next caller is the chain with its errors, and whether it stopped."""
    view = seen([LEAF], [CA])
    for _ in range(2):
        assert ran(view).errors == ((2, 1),)
        assert ran(view, goes_on=False).errors == ((2, 1),)
        assert ran(view, partial=True).errors == ()
        assert ran(view, version=V1_0_2).errors == ((2, 1),)


SETTINGS: tuple[dict[str, Any], ...] = (
    {},
    {"strict": True},
    {"purpose": False},
    {"level": 1},
    {"level": 4},
    {"checks_root": True},
    {"goes_on": False},
    {"names": True},
    *VERSIONS.values(),
)


def test_callers_with_other_settings_are_not_told_what_others_found() -> None:
    """On one view, in any order, each finds what it finds on a view of its own."""
    chain = SOUND.put(0, extended_key_usage("clientAuth"), signature="sha1_ecdsa")
    chain = chain.put(1, key_usage("cRLSign")).put(2, damage=flip_signature_bit)
    chain = chain.without(0, "authorityKeyIdentifier")
    *sent, root = chain.issued()
    alone = [ran(seen(sent, [root], "x"), **each) for each in SETTINGS]
    assert len({each.errors for each in alone}) == 9
    for order in (SETTINGS, SETTINGS[::-1]):
        view = seen(sent, [root], "x")
        together = {str(each): ran(view, **each) for each in order}
        assert [together[str(each)] for each in SETTINGS] == alone


def test_boringssl_asks_what_is_trusted_at_every_step() -> None:
    """X509_V_FLAG_TRUSTED_FIRST: a root of the name and key of a CA that was sent is taken."""
    upper = authority("Upper", "p256-5")
    sent_one = issue(upper, STRANGER)
    lower = issue(authority("Lower", "p256-2"), sent_one)
    leaf, trusted = issue(server(), lower), issue(upper)
    found = ran(seen([leaf, lower, sent_one], [trusted]), **BORING)
    assert (found.certificates, found.errors) == (read(leaf, lower, trusted), ())


def test_the_order_in_which_issuers_are_sent_does_not_matter() -> None:
    for version in VERSIONS.values():
        chain = ladder(4)
        *sent, root = chain
        assert errors([sent[0], *sent[:0:-1]], [root], **version) == []


def test_1_0_2_drops_what_was_sent_above_a_trusted_issuer() -> None:
    """At any height; the rest of the chain is that of the store, and counts as trusted."""
    wrong_root = issue(authority("Elsewhere", "p256-5"))
    other = issue(authority("Upper", "p256-4"), wrong_root)
    lower = issue(authority("Lower", "p256-2"), other)
    leaf = issue(server(), lower)
    upper = issue(authority("Upper", "p256-4"))
    found = ran(seen([leaf, lower, other], [upper]), version=V1_0_2)
    assert (found.certificates, found.errors) == (read(leaf, lower, upper), ())
    with_root = ran(seen([leaf, lower, other, wrong_root], [upper]), version=V1_0_2)
    assert (with_root.certificates, with_root.errors) == (read(leaf, lower, upper), ())
    nowhere = ran(seen([leaf, lower, other, wrong_root], [STRANGER]), version=V1_0_2)
    assert nowhere.errors == ((19, 3),)


def test_a_run_that_stops_looks_at_nothing_after_its_first_error() -> None:
    chain = SOUND.put(0, not_after=AT - timedelta(days=1))
    *sent, _ = chain.issued()
    assert errors(sent, [STRANGER]) == [(20, 1), (10, 0)]
    assert errors(sent, [STRANGER], goes_on=False) == [(20, 1)]


@pytest.mark.parametrize(("trusted", "expected"), [(True, ()), (False, ((20, 1),))])
def test_bun_takes_a_server_certificate_that_is_trusted_itself(
    trusted: bool, expected: tuple[tuple[int, int], ...]
) -> None:
    """But for one alone that others issued."""
    trust = [LEAF] if trusted else [STRANGER]
    assert ran(seen([LEAF, CA], trust), **BORING).errors == expected
    assert ran(seen([LEAF], trust), **BORING).errors == ((20, 0), (21, 0))
    own = issue(server().without_extension("keyUsage"))
    assert ran(seen([own], [own]), **BORING).errors == ()
