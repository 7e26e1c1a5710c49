"""Which issuer GnuTLS, NSS, mbedTLS, BearSSL, wolfSSL and Java take; who tries every path."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from edgecheck.behaviour.gnutls.chain import Status
from edgecheck.behaviour.mbedtls.chain import NOT_TRUSTED
from edgecheck.behaviour.nss.errors import NO_CA, SIGNATURE
from edgecheck.behaviour.refusers import Refuser
from edgecheck.behaviour.taken import Ended
from edgecheck.behaviour.wolfssl.chain import AFTER, CONFIRM, NOT_CA
from fixtures.pki import (
    authority_key_id,
    basic_constraints,
    issue,
    key_usage,
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
from tests.hierarchy.chains import HOST, authority, server

R = Refuser
NAMES = {"leaf": LEAF, "ca": CA, "root": ROOT, "other": BY_OTHER, "wrong": WRONG}
TWIN = issue(ROOT.spec.with_(key="p256-6"))
"""A root of the right name and another key."""
LATER = datetime(2026, 3, 1, tzinfo=UTC)


# --- GnuTLS --------------------------------------------------------------------------------------


def test_gnutls_sorts_what_is_presented_and_takes_the_first_issuer() -> None:
    """Whatever the order, before it looks at what is trusted; it does not come back."""
    upper = issue(bare(authority("Upper CA", "p256-7")), ROOT)
    lower = issue(CA_SPEC, upper)
    names = {**NAMES, "upper": upper, "lower": lower}
    assert chain(made(R.GNUTLS, (LEAF, upper, lower)), names) == ["leaf", "lower", "upper", "root"]
    wrong = made(R.GNUTLS, (LEAF, WRONG, CA))
    assert chain(wrong, NAMES) == ["leaf", "wrong", "root"]
    assert wrong.objections[0].code & Status.SIGNATURE_FAILURE  # type: ignore[operator]
    assert made(R.GNUTLS, (LEAF, BY_OTHER, CA)).ended is Ended.NO_ISSUER
    assert made(R.GNUTLS, (LEAF, CA, WRONG, BY_OTHER)).good


def test_gnutls_takes_the_last_of_several_trusted_issuers_that_is_in_time() -> None:
    """The later of two roots of one name, unless that has expired."""
    assert chain(made(R.GNUTLS, (LEAF, CA), (TWIN, ROOT)), NAMES)[-1] == "root"
    assert not made(R.GNUTLS, (LEAF, CA), (ROOT, TWIN)).good
    old = issue(TWIN.spec.with_(not_after=PAST))
    assert chain(made(R.GNUTLS, (LEAF, CA), (ROOT, old)), NAMES)[-1] == "root"


def test_gnutls_compares_key_identifiers_where_both_are_there() -> None:
    child = issue(LEAF_SPEC.with_extension(authority_key_id(b"\x01" * 20)), CA)
    names = {**NAMES, "leaf": child}
    contradicted = like_ca(subject_key_id(b"\x02" * 20), key="p256-5")
    assert chain(made(R.GNUTLS, (child, contradicted, CA)), names)[1] == "ca"
    assert chain(made(R.GNUTLS, (child, WRONG, CA)), names)[1] == "wrong"


def test_gnutls_leaves_away_a_presented_root_and_what_is_behind_something_trusted() -> None:
    """A presented root that is not the trusted one is cut off; the trusted one takes its place."""
    renewed = issue(ROOT.spec.with_(serial=8))
    assert chain(made(R.GNUTLS, (LEAF, CA, renewed)), NAMES) == ["leaf", "ca", "root"]
    assert made(R.GNUTLS, (LEAF, CA, TWIN), (OTHER_ROOT,)).ended is Ended.NO_ISSUER


# --- NSS -----------------------------------------------------------------------------------------


def test_nss_takes_the_issuer_that_is_newest() -> None:
    """Later at both ends, wherever it stands; it does not come back."""
    newer = issue(CA_SPEC.with_(not_before=LATER, serial=14), OTHER_ROOT)
    names = {**NAMES, "newer": newer}
    for presented in ((LEAF, CA, newer), (LEAF, newer, CA)):
        found = made(R.NSS, presented)
        assert (chain(found, names), found.ended) == (["leaf", "newer"], Ended.NO_ISSUER)
    older = issue(CA_SPEC.with_(not_after=PAST.replace(month=12), serial=15), OTHER_ROOT)
    assert made(R.NSS, (LEAF, older, CA)).good


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (like_ca(not_before=LATER, not_after=PAST), "ca"),
        (like_ca(key_usage("cRLSign"), not_before=LATER), "ca"),
        (like_ca(basic_constraints(False), not_before=LATER), "ca"),
        (like_ca(not_before=LATER), "newer"),
    ],
)
def test_nss_prefers_what_may_sign_and_is_in_time(other: object, expected: str) -> None:
    """Before it compares which is newer; what is no CA it does not take at all."""
    found = made(R.NSS, (LEAF, other, CA))  # type: ignore[arg-type]
    assert chain(found, {**NAMES, "newer": other})[1] == expected  # type: ignore[dict-item]


def test_nss_prefers_what_is_trusted_and_what_a_key_identifier_names() -> None:
    trusted = made(R.NSS, (LEAF, like_ca(not_before=LATER, key="p256-5")), (CA,))
    assert (chain(trusted, NAMES), trusted.good) == (["leaf", "ca"], True)
    named = like_ca(subject_key_id(b"\x01" * 20), serial=21)
    child = issue(LEAF_SPEC.with_extension(authority_key_id(b"\x01" * 20)), CA)
    newer = like_ca(not_before=LATER, key="p256-5", serial=22)
    found = made(R.NSS, (child, newer, named))
    assert chain(found, {"leaf": child, "named": named, "root": ROOT}) == ["leaf", "named", "root"]


def test_nss_stops_at_what_has_its_own_name_for_issuer() -> None:
    """Unless its authority key identifier tells; then it looks for another one."""
    namesake = issue(bare(authority(HOST, "p256-2")).with_extension(subject_key_id()), ROOT)
    found = made(R.NSS, (issue(LEAF_SPEC, namesake), namesake))
    assert (len(found.certificates), found.ended) == (1, Ended.SELF_SIGNED)
    assert found.objections[0].code == SIGNATURE
    told = issue(LEAF_SPEC.with_extension(authority_key_id()), namesake)
    assert made(R.NSS, (told, namesake)).good


def test_nss_ends_at_the_first_thing_that_it_objects_to() -> None:
    """An issuer that is not told to be a CA is none, but for one that is trusted."""
    plain = issue(without(CA_SPEC, "basicConstraints"), ROOT)
    assert made(R.NSS, (LEAF, plain)).ended is Ended.NO_ISSUER
    denied = issue(CA_SPEC.with_extension(basic_constraints(False)), ROOT)
    found = made(R.NSS, (LEAF,), (denied,))
    assert (found.ended, found.objections[0].code) == (Ended.GIVEN_UP, NO_CA)


# --- mbedTLS -------------------------------------------------------------------------------------


def test_mbedtls_goes_forward_only() -> None:
    """An issuer that stands before the certificate is not there for it."""
    upper = issue(bare(authority("Upper CA", "p256-7")), ROOT)
    lower = issue(CA_SPEC, upper)
    assert made(R.MBEDTLS, (LEAF, lower, upper)).good
    found = made(R.MBEDTLS, (LEAF, upper, lower))
    assert (len(found.certificates), found.ended) == (2, Ended.NO_ISSUER)


def test_mbedtls_looks_at_names_alone_and_wants_a_signature_of_what_is_trusted() -> None:
    """Key identifiers do not count; a trusted issuer of another key is passed over."""
    child = issue(LEAF_SPEC.with_extension(authority_key_id(b"\x01" * 20)), CA)
    contradicted = like_ca(subject_key_id(b"\x02" * 20), key="p256-5")
    found = made(R.MBEDTLS, (child, contradicted, CA))
    assert chain(found, {"leaf": child, "taken": contradicted, "root": ROOT})[1] == "taken"
    assert (found.objections[0].certificate.der, found.objections[0].code) == (
        child.der,
        NOT_TRUSTED,
    )
    assert made(R.MBEDTLS, (LEAF, CA), (TWIN, ROOT)).good


@pytest.mark.parametrize(
    "unfit",
    [
        like_ca(basic_constraints(False)),
        like_ca(key_usage("cRLSign")),
        like_ca(not_after=PAST),
    ],
)
def test_mbedtls_passes_over_what_is_no_ca_or_out_of_time(unfit: object) -> None:
    assert made(R.MBEDTLS, (LEAF, unfit, CA)).good  # type: ignore[arg-type]
    assert not made(R.MBEDTLS, (LEAF, unfit)).good  # type: ignore[arg-type]


def test_mbedtls_passes_over_a_ca_whose_path_is_too_short() -> None:
    """For the level below it, there is one certificate more than it allows."""
    upper = bare(authority("Upper CA", "p256-7"))
    short = issue(upper.with_extension(basic_constraints(True, path_length=0)), ROOT)
    long = issue(upper.with_(serial=31), ROOT)
    lower = issue(CA_SPEC, long)
    names = {"leaf": LEAF, "lower": lower, "long": long, "root": ROOT}
    found = made(R.MBEDTLS, (LEAF, lower, short, long))
    assert chain(found, names) == ["leaf", "lower", "long", "root"]
    assert made(R.MBEDTLS, (LEAF, lower, short)).ended is Ended.NO_ISSUER


# --- BearSSL -------------------------------------------------------------------------------------


def test_bearssl_wants_each_certificate_to_be_the_issuer_of_the_one_before() -> None:
    """Until a trusted key signed; what stands behind that is not looked at."""
    found = made(R.BEARSSL, (LEAF, CA, WRONG))
    assert (chain(found, NAMES), found.good) == (["leaf", "ca", "root"], True)
    stray = made(R.BEARSSL, (LEAF, OTHER_ROOT, CA))
    assert (chain(stray, NAMES), stray.ended) == (["leaf"], Ended.NO_ISSUER)
    wrong = made(R.BEARSSL, (LEAF, WRONG, CA))
    assert (wrong.ended, wrong.objections[0].code) == (Ended.GIVEN_UP, "BAD_SIGNATURE")


def test_bearssl_tries_every_trusted_key_of_the_name() -> None:
    assert made(R.BEARSSL, (LEAF, CA), (TWIN, ROOT)).good
    assert made(R.BEARSSL, (LEAF, CA), (TWIN,)).ended is Ended.NO_ISSUER


# --- wolfSSL -------------------------------------------------------------------------------------


def row(number: int, last: int) -> bytes:
    """A key identifier that lies in a row of wolfSSL's table of eleven."""
    return number.to_bytes(4) + bytes(15) + bytes([last])


def test_wolfssl_finds_by_key_identifier_whatever_the_row() -> None:
    right = issue(CA_SPEC.with_extension(subject_key_id(row(7, 1))), ROOT)
    wrong = issue(CA_SPEC.with_(key="p256-5").with_extension(subject_key_id(row(2, 1))), ROOT)
    child = issue(LEAF_SPEC.with_extension(authority_key_id(row(7, 1))), right)
    names = {"leaf": child, "right": right, "wrong": wrong}
    for trust in ((right, wrong), (wrong, right)):
        assert chain(made(R.WOLFSSL, (child,), trust), names) == ["leaf", "right"]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [((2, 7), "first"), ((7, 2), "second"), ((11, 10), "first"), ((13, 12), "second")],
)
def test_wolfssl_finds_by_name_in_the_lowest_of_eleven_rows(
    rows: tuple[int, int], expected: str
) -> None:
    """The order does not matter: row 11 is row 0, and row 13 row 2."""
    first, second = (
        issue(CA_SPEC.with_(key=key).with_extension(subject_key_id(row(number, 1))), ROOT)
        for key, number in (("p256-2", rows[0]), ("p256-5", rows[1]))
    )
    names = {"leaf": LEAF, "first": first, "second": second}
    for trust in ((first, second), (second, first)):
        assert chain(made(R.WOLFSSL, (LEAF,), trust), names)[1] == expected


def test_wolfssl_takes_the_one_that_it_learned_last_within_a_row() -> None:
    first, second = (
        issue(CA_SPEC.with_(key=key).with_extension(subject_key_id(row(4, last))), ROOT)
        for key, last in (("p256-2", 1), ("p256-5", 2))
    )
    names = {"leaf": LEAF, "first": first, "second": second}
    assert chain(made(R.WOLFSSL, (LEAF,), (first, second)), names)[1] == "second"
    assert chain(made(R.WOLFSSL, (LEAF,), (second, first)), names)[1] == "first"


def test_wolfssl_learns_from_the_end_and_looks_at_what_it_does_not_need() -> None:
    """A CA whose issuer it does not know is passed over; anything else ends everything."""
    upper = issue(bare(authority("Upper CA", "p256-7")), ROOT)
    lower = issue(CA_SPEC, upper)
    assert made(R.WOLFSSL, (LEAF, lower, upper)).good
    assert made(R.WOLFSSL, (LEAF, upper, lower)).ended is Ended.NO_ISSUER
    assert made(R.WOLFSSL, (LEAF, CA, BY_OTHER)).good
    expired = like_ca(not_after=PAST, key="p256-5")
    found = made(R.WOLFSSL, (LEAF, CA, expired))
    assert [(o.certificate.der, o.code) for o in found.objections] == [(expired.der, AFTER)]
    silent = issue(without(bare(authority("Aside", "p256-6")), "keyUsage"), ROOT)
    assert [o.code for o in made(R.WOLFSSL, (LEAF, CA, silent)).objections] == [NOT_CA]


def test_wolfssl_tells_where_it_went_wrong_above_the_server() -> None:
    """The intermediate is verified with a trusted root of the wrong key, and nothing is learned."""
    right, wrong = (
        issue(root.spec.with_extension(subject_key_id(row(number, 1))))
        for root, number in ((ROOT, 9), (TWIN, 1))
    )
    found = made(R.WOLFSSL, (LEAF, CA), (right, wrong))
    assert [certificate.der for certificate in found.certificates] == [CA.der, wrong.der]
    assert [(o.certificate.der, o.code) for o in found.objections] == [(CA.der, CONFIRM)]
    assert made(R.WOLFSSL, (LEAF, CA), (right,)).good


# --- Java ----------------------------------------------------------------------------------------


def test_java_takes_what_is_in_order_as_it_is() -> None:
    """A wrong intermediate that leads by names to a trusted root; what is behind it is not seen."""
    found = made(R.JAVA, (LEAF, WRONG), (ROOT, CA))
    assert (chain(found, NAMES), found.good) == (["leaf", "wrong", "root"], False)
    assert found.objections[0].certificate.der == LEAF.der


def test_java_tries_every_path_where_the_order_is_another() -> None:
    for presented in ((LEAF, OTHER_ROOT, WRONG, CA), (LEAF, WRONG, CA), (LEAF, BY_OTHER, CA)):
        found = made(R.JAVA, presented)
        assert (chain(found, NAMES), found.good) == (["leaf", "ca", "root"], True)
    assert made(R.JAVA, (LEAF, OTHER_ROOT, WRONG)).ended is Ended.NO_ISSUER


def test_java_stops_at_what_is_trusted_and_tries_each_root_of_the_name() -> None:
    assert chain(made(R.JAVA, (LEAF, CA, TWIN), (CA, ROOT)), NAMES) == ["leaf", "ca"]
    assert made(R.JAVA, (LEAF, CA), (TWIN, ROOT)).good
    assert made(R.JAVA, (LEAF, CA), (ROOT, TWIN)).good


# --- who tries every path ------------------------------------------------------------------------


@pytest.mark.parametrize("refuser", [R.GO, R.GO_1_19, R.RUSTLS, R.NSS_PKIX, R.BOTAN])
@pytest.mark.parametrize(
    "wrong", [WRONG, BY_OTHER, like_ca(not_after=PAST), like_ca(basic_constraints(False))]
)
def test_those_that_try_every_path_come_back(refuser: R, wrong: object) -> None:
    """From a wrong, a strange and an unfit issuer; without the right one there is no way."""
    assert made(refuser, (LEAF, wrong, CA)).good  # type: ignore[arg-type]
    assert not made(refuser, (LEAF, wrong)).good  # type: ignore[arg-type]


def test_botan_and_rtls_insist_on_a_root() -> None:
    """A trusted CA is no end for them, as it is for Go and for rustls itself."""
    for refuser, good in ((R.BOTAN, False), (R.RUSTLS_RTLS, False), (R.RUSTLS, True), (R.GO, True)):
        assert made(refuser, (LEAF, CA), (CA,)).good is good
        assert made(refuser, (LEAF, CA), (CA, ROOT)).good


def test_a_certificate_for_another_host_is_taken_all_the_same() -> None:
    """Which chain is taken does not hang on the host name."""
    other = issue(bare(server(subject="elsewhere.example")), CA)
    for refuser in (R.PYTHON, R.BEARSSL, R.MBEDTLS, R.GNUTLS, R.NSS, R.JAVA, R.WOLFSSL):
        assert made(refuser, (other, CA)).good
