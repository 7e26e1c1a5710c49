"""Which issuer OpenSSL takes, in its versions, and those who build on it: each way and its end."""

from __future__ import annotations

import pytest

from edgecheck.behaviour.openssl import errors as e
from edgecheck.behaviour.refusers import Refuser
from edgecheck.behaviour.taken import Ended
from fixtures.pki import (
    authority_key_id,
    basic_constraints,
    extended_key_usage,
    issue,
    key_usage,
    name_constraints,
    subject_key_id,
)
from tests.behaviour.pool import (
    BY_OTHER,
    CA,
    CA_SPEC,
    LEAF,
    LEAF_SPEC,
    OTHER_ROOT,
    PAST,
    ROOT,
    WRONG,
    bare,
    chain,
    like_ca,
    made,
    without,
)
from tests.hierarchy.chains import END, HOST, authority

R = Refuser
NAMES = {"leaf": LEAF, "ca": CA, "root": ROOT, "other": BY_OTHER, "wrong": WRONG}
NEW = (R.PYTHON, R.NODE, R.S_CLIENT, R.VERIFY, R.AZURE_C, R.MOSQUITTO, R.OPENSSL_1_1_1)
FORMER = (R.OPENSSL_1_1_0, R.OPENSSL_1_0_2, R.BORINGSSL)


@pytest.mark.parametrize("refuser", [*NEW, R.OPENSSL_1_1_0, R.BORINGSSL])
def test_what_is_trusted_comes_before_what_is_presented(refuser: R) -> None:
    """Both ways: the right one trusted is found, the wrong one trusted is taken all the same."""
    right = made(refuser, (LEAF, WRONG), (CA, ROOT))
    wrong = made(refuser, (LEAF, CA), (WRONG, ROOT))
    assert chain(right, NAMES) == ["leaf", "ca", "root"]
    assert right.good
    assert chain(wrong, NAMES) == ["leaf", "wrong", "root"]
    assert [each.code for each in wrong.objections] == [e.SIGNATURE]


def test_openssl_1_0_2_looks_at_what_is_presented_first() -> None:
    found = made(R.OPENSSL_1_0_2, (LEAF, CA), (WRONG, ROOT))
    assert chain(found, NAMES) == ["leaf", "ca", "root"]
    assert found.good
    assert chain(made(R.OPENSSL_1_0_2, (LEAF, WRONG), (CA, ROOT)), NAMES)[1] == "wrong"


@pytest.mark.parametrize("refuser", [*NEW, *FORMER])
def test_the_first_of_those_presented_is_taken_and_none_after_it(refuser: R) -> None:
    """Where it leads to nothing trusted, that is the end; 1.0.2 goes on looking in the store."""
    found = made(refuser, (LEAF, BY_OTHER, CA))
    assert chain(found, NAMES) == ["leaf", "other"]
    assert (found.ended, found.objections) == (Ended.NO_ISSUER, ())
    assert made(refuser, (LEAF, CA, BY_OTHER)).good


def test_openssl_1_0_2_finds_a_trusted_issuer_further_down() -> None:
    """Not BoringSSL, which has no alternative chains; its store comes first in any case."""
    found = made(R.OPENSSL_1_0_2, (LEAF, BY_OTHER), (CA, ROOT))
    assert chain(found, NAMES) == ["leaf", "ca", "root"]
    assert found.good


@pytest.mark.parametrize(
    ("refuser", "dated"),
    [*((r, True) for r in (*NEW, R.OPENSSL_1_1_0)), (R.OPENSSL_1_0_2, False), (R.BORINGSSL, False)],
)
def test_of_those_presented_one_in_date_is_preferred(refuser: R, dated: bool) -> None:
    """Up to 1.0.2, and by BoringSSL, the first is taken even where it has expired."""
    old = like_ca(not_after=PAST)
    found = made(refuser, (LEAF, old, CA))
    assert chain(found, {**NAMES, "old": old})[1] == ("ca" if dated else "old")
    assert found.good is dated


@pytest.mark.parametrize(("refuser", "dated"), [(R.PYTHON, True), (R.OPENSSL_1_0_2, False)])
def test_of_those_trusted_one_in_date_is_preferred(refuser: R, dated: bool) -> None:
    old = issue(ROOT.spec.with_(not_after=PAST, serial=5))
    found = made(refuser, (LEAF, CA), (old, ROOT))
    assert chain(found, {**NAMES, "old": old})[-1] == ("root" if dated else "old")


@pytest.mark.parametrize(("refuser", "expected"), [(R.PYTHON, "late"), (R.OPENSSL_1_1_0, "last")])
def test_where_none_is_in_date_the_one_that_ended_last_is_taken(refuser: R, expected: str) -> None:
    """1.1.0 takes the last of all."""
    late = like_ca(not_after=PAST, serial=1)
    last = like_ca(not_after=PAST.replace(month=3), serial=2)
    found = made(refuser, (LEAF, late, last))
    assert chain(found, {**NAMES, "late": late, "last": last})[1] == expected
    assert [each.code for each in found.objections] == [e.EXPIRED]


@pytest.mark.parametrize("refuser", [*NEW, *FORMER])
@pytest.mark.parametrize("by", ["key identifier", "serial number"])
def test_an_issuer_that_the_authority_key_identifier_contradicts_is_passed_over(
    refuser: R, by: str
) -> None:
    """Without an identifier of its own, or with the same one, it is taken by its name."""
    named = authority_key_id(b"\x01" * 20) if by == "key identifier" else None
    child = issue(LEAF_SPEC.with_extension(named or authority_key_id(False, ("Root", 11))), CA)
    contradicted = like_ca(subject_key_id(b"\x02" * 20), key="p256-5", serial=12)
    found = made(refuser, (child, contradicted, CA))
    assert chain(found, {**NAMES, "leaf": child, "contradicted": contradicted})[1] == "ca"
    silent = like_ca(key="p256-5", serial=12 if named else 11)
    found = made(refuser, (child, silent, CA))
    assert chain(found, {**NAMES, "leaf": child, "silent": silent})[1] == "silent"


@pytest.mark.parametrize(
    ("refuser", "kinds"), [*((r, True) for r in NEW), *((r, False) for r in FORMER)]
)
def test_since_1_1_1_the_key_has_to_be_of_the_kind_that_signed(refuser: R, kinds: bool) -> None:
    rsa = like_ca(key="rsa2048-1")
    found = made(refuser, (LEAF, rsa, CA))
    assert chain(found, {**NAMES, "rsa": rsa})[1] == ("ca" if kinds else "rsa")


@pytest.mark.parametrize(
    ("refuser", "usage"), [*((r, False) for r in NEW), *((r, True) for r in FORMER)]
)
def test_before_1_1_1_key_usage_counts_while_issuers_are_sought(refuser: R, usage: bool) -> None:
    """Since then a CA without keyCertSign is taken, and refused."""
    unfit = like_ca(key_usage("cRLSign"))
    found = made(refuser, (LEAF, unfit, CA))
    assert chain(found, {**NAMES, "unfit": unfit})[1] == ("ca" if usage else "unfit")
    assert found.good is usage


@pytest.mark.parametrize(
    ("extension", "code"),
    [
        (basic_constraints(False), e.INVALID_CA),
        (extended_key_usage("clientAuth"), e.PURPOSE),
        (name_constraints(permitted={"dns": ["plant8.example"]}), e.PERMITTED),
    ],
)
def test_nothing_else_that_makes_an_issuer_unfit_is_looked_at_before_it_is_taken(
    extension: object, code: int
) -> None:
    unfit = like_ca(extension)  # type: ignore[arg-type]
    found = made(R.PYTHON, (LEAF, unfit, CA))
    assert chain(found, {**NAMES, "unfit": unfit})[1] == "unfit"
    assert code in [each.code for each in found.objections]
    assert made(R.PYTHON, (LEAF, CA, unfit)).good


def test_partial_chains_end_at_whatever_is_trusted() -> None:
    """Without them OpenSSL goes on to what looks self-signed, among what is trusted alone."""
    for refuser in (R.CURL, R.STRICT):
        assert chain(made(refuser, (LEAF, CA, ROOT), (CA,)), NAMES) == ["leaf", "ca"]
    assert made(R.CURL, (LEAF, CA, ROOT), (CA,)).good
    for refuser in (*NEW, R.OPENSSL_1_1_0, R.BORINGSSL):
        found = made(refuser, (LEAF, CA, ROOT), (CA,))
        assert (chain(found, NAMES), found.ended) == (["leaf", "ca"], Ended.NO_ISSUER)


def test_boringssl_sorts_what_is_trusted_by_its_bytes() -> None:
    """So the order of the file does not decide, as it does for OpenSSL."""
    twin = issue(ROOT.spec.with_(key="p256-6"))
    names = {**NAMES, "twin": twin}
    first = "root" if ROOT.der < twin.der else "twin"
    for trust in ((ROOT, twin), (twin, ROOT)):
        assert chain(made(R.BORINGSSL, (LEAF, CA), trust), names)[-1] == first
        expected = "root" if trust[0] is ROOT else "twin"
        assert chain(made(R.PYTHON, (LEAF, CA), trust), names)[-1] == expected


# --- what looks self-signed ----------------------------------------------------------------------

NAMESAKE = issue(bare(authority(HOST, "p256-2")), ROOT)
"""A CA that has the name of the server."""
OWN = issue(LEAF_SPEC, NAMESAKE)


@pytest.mark.parametrize("refuser", NEW)
def test_since_1_1_1_names_identifiers_and_kinds_of_keys_make_it_look_self_signed(
    refuser: R,
) -> None:
    """Its own key did not sign it, which nobody looks at; another kind of key tells."""
    found = made(refuser, (OWN, NAMESAKE))
    assert (len(found.certificates), found.ended) == (1, Ended.SELF_SIGNED)
    by_rsa = issue(bare(authority(HOST, "rsa2048-1")), ROOT)
    assert made(refuser, (issue(LEAF_SPEC, by_rsa), by_rsa)).good


@pytest.mark.parametrize("refuser", FORMER)
def test_before_1_1_1_key_usage_tells_and_the_kind_of_key_does_not(refuser: R) -> None:
    """A server certificate with a key usage cannot sign itself; one without can."""
    by_rsa = issue(bare(authority(HOST, "rsa2048-1")), ROOT)
    without_usage = without(LEAF_SPEC, "keyUsage")
    assert made(refuser, (OWN, NAMESAKE)).ended is not Ended.SELF_SIGNED
    for issuer in (NAMESAKE, by_rsa):
        assert made(refuser, (issue(without_usage, issuer), issuer)).ended is Ended.SELF_SIGNED


# --- .NET ----------------------------------------------------------------------------------------


def test_dotnet_tries_without_what_is_presented_first() -> None:
    """Only where that finds no issuer, a second attempt has what is presented behind the trust."""
    alone = made(R.DOTNET, (LEAF, WRONG), (CA, ROOT))
    assert (chain(alone, NAMES), alone.good) == (["leaf", "ca", "root"], True)
    both = made(R.DOTNET, (LEAF, CA))
    assert (chain(both, NAMES), both.good) == (["leaf", "ca", "root"], True)


def test_dotnet_does_not_come_back_either() -> None:
    """A wrong issuer is no missing one; and what is trusted but no root only helps."""
    found = made(R.DOTNET, (LEAF, CA), (WRONG, ROOT))
    assert chain(found, NAMES) == ["leaf", "wrong", "root"]
    assert e.SIGNATURE in [each.code for each in found.objections]
    assert made(R.DOTNET, (LEAF, CA), (CA, OTHER_ROOT)).ended is Ended.NO_ISSUER
    assert made(R.DOTNET, (LEAF, BY_OTHER, CA)).ended is Ended.NO_ISSUER


def test_a_trusted_root_with_a_broken_signature_does_not_matter_to_dotnet() -> None:
    """It verifies the signature of a root, and leaves it where nothing else is wrong."""
    broken = issue(ROOT.spec.with_(signer="p256-8"))
    assert made(R.DOTNET, (LEAF, CA), (broken,)).good


def test_the_settings_of_callers_tell_which_keys_are_too_weak() -> None:
    """A CA with 1,024 bits in front: refused at security level 2, taken at 1 and 0."""
    weak = issue(CA_SPEC.with_(key="rsa1024-1"), ROOT)
    leaf = issue(LEAF_SPEC.with_(not_after=END), weak)
    codes = {
        refuser: [each.code for each in made(refuser, (leaf, weak)).objections]
        for refuser in (R.PYTHON, R.NODE_24, R.NODE, R.AZURE_C, R.VERIFY)
    }
    assert codes[R.PYTHON] == codes[R.NODE_24] == [e.CA_KEY]
    assert codes[R.NODE] == codes[R.AZURE_C] == codes[R.VERIFY] == []
