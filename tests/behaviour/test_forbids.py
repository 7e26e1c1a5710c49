"""Whose name constraints forbid what, the forms of a host name, and what is said of groups."""

from __future__ import annotations

import pytest

from edgecheck.behaviour import refusers
from edgecheck.behaviour.builders import BUILDERS, BY_KIND, EVERY_PATH, OF_VERSIONS
from edgecheck.behaviour.constraints import (
    ONLY_BELOW_THE_ROOT,
    ONLY_OF_THE_ISSUER,
    forbids,
    heeding,
)
from edgecheck.behaviour.host import host, same_address
from edgecheck.behaviour.issuers import IN_ORDER, MISSING, taken
from edgecheck.behaviour.kinds import ACROSS, BY_NAMES_ALONE
from edgecheck.behaviour.records import families, near
from edgecheck.behaviour.refusers import Refuser
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.der import Malformed
from fixtures.der import name_der, tlv
from fixtures.pki import Extension, Name, issue, name_constraints, raw_extension, subject_alt_name
from tests.behaviour.pool import bare
from tests.clients.asked import CA, SOUND, read, view
from tests.hierarchy.chains import AT, HOST, Chain, authority, server

R = Refuser
OPENSSL = {
    R.PYTHON,
    R.NODE,
    R.S_CLIENT,
    R.VERIFY,
    R.AZURE_C,
    R.CURL,
    R.MOSQUITTO,
    R.PAHO_C,
    R.STRICT,
    R.DOTNET,
    R.OPENSSL_1_1_1,
    R.OPENSSL_1_1_0,
    R.OPENSSL_1_0_2,
    R.BORINGSSL,
}
NSS = {R.NSS, R.NSS_PKIX}
OTHERS = {R.JAVA, R.RUSTLS, R.WOLFSSL, R.BOTAN}
EVERY = OPENSSL | NSS | OTHERS | {R.GNUTLS, R.GO, R.GO_1_19}


def leaf(subject: Name = HOST, **names: list[str | bytes]) -> Certificate:
    """With these alternative names; without the extension where there are none."""
    spec = server(subject=subject).without_extension("subjectAltName")
    if names:
        spec = spec.with_extension(subject_alt_name(**names))
    return read([issue(spec)])[0]


def above(extension: Extension) -> Certificate:
    return read([issue(authority("Above", "p256-2", extension))])[0]


def directory(*pairs: tuple[str, str]) -> bytes:
    """A directoryName."""
    return tlv(0xA4, name_der(pairs))


NAMELESS = leaf()
ADDRESS = leaf([("emailAddress", "a@y.example"), ("O", "q")], dns=[HOST])
TWO = leaf([("emailAddress", "a@y.example"), ("emailAddress", "b@y.example")], dns=[HOST])
MAIL = leaf([("O", "q")], email=["a@y.example"])
PLAIN = leaf([("O", "q")], dns=[HOST])
URN = leaf(dns=[HOST], uri=["urn:iotedge:gw"])
PAGE = leaf(dns=[HOST], uri=["https://x.example/devices"])
GO = {R.GO, R.GO_1_19}
PERMITTED_MAIL = name_constraints({"email": ["x.example"]})
PERMITTED_PLANT = name_constraints({"raw": [directory(("O", "p"))]})
EXCLUDED_PLANT = name_constraints(None, {"raw": [directory(("O", "p"))]})
EXCLUDED_OURS = name_constraints(None, {"raw": [directory(("O", "q"))]})
MIXED = name_constraints({"email": ["x.example"], "dns": ["plant7.example"]})


def test_whose_constraints_are_known() -> None:
    assert heeding() == EVERY
    assert {R.JAVA} == ONLY_BELOW_THE_ROOT
    assert {R.WOLFSSL} == ONLY_OF_THE_ISSUER


@pytest.mark.parametrize(
    ("below", "held", "who"),
    [
        # An address in the subject is a name to some.
        (ADDRESS, PERMITTED_MAIL, OPENSSL | NSS | {R.WOLFSSL, R.GNUTLS}),
        (TWO, name_constraints({"email": ["y.example"]}), {R.GNUTLS}),
        (leaf([("emailAddress", "a@x.example")]), PERMITTED_MAIL, set()),
        # One among the alternative names is to nearly all.
        (MAIL, PERMITTED_MAIL, EVERY),
        (leaf(email=["a@x.example"]), PERMITTED_MAIL, {R.RUSTLS, R.BOTAN}),
        # The subject is a directory name.
        (PLAIN, PERMITTED_PLANT, OPENSSL | NSS | OTHERS),
        (leaf([("O", "p")], dns=[HOST]), PERMITTED_PLANT, set()),
        (PLAIN, EXCLUDED_PLANT, {R.GNUTLS}),
        (PLAIN, EXCLUDED_OURS, EVERY - {R.GO, R.GO_1_19}),
        # Of other forms others tell, and beside them two are not asked.
        (PLAIN, name_constraints({"dns": ["x.example"]}), set()),
        (MAIL, MIXED, EVERY - {R.BOTAN, R.WOLFSSL}),
        # A URI without a host is within no constraints of Go, and within none on URIs.
        (URN, name_constraints({"dns": [HOST]}), {R.GO}),
        (URN, name_constraints({"uri": ["x.example"]}), EVERY - {R.GNUTLS, R.WOLFSSL}),
        (PAGE, name_constraints({"uri": ["X.example"]}), {R.RUSTLS, R.BOTAN}),
        (PAGE, name_constraints({"uri": [".example"]}), {R.RUSTLS, R.BOTAN}),
        (PAGE, name_constraints({"uri": [".x.example"]}), EVERY - {R.GNUTLS, R.WOLFSSL}),
        (PAGE, name_constraints({"uri": ["example"]}), EVERY - {R.GNUTLS, R.WOLFSSL, *GO}),
        (PAGE, name_constraints({"dns": [HOST]}), set()),
    ],
)
def test_who_lets_constraints_forbid_a_server(
    below: Certificate, held: Extension, who: set[Refuser]
) -> None:
    holder = above(held)
    assert {one for one in heeding() if forbids(one, below, holder, True)} == who


def test_some_apply_them_to_the_server_alone() -> None:
    """So did Go before 1.27."""
    told = {one for one in heeding() if forbids(one, MAIL, above(PERMITTED_MAIL), False)}
    assert told == EVERY - {R.GO_1_19, R.GNUTLS}
    told = {one for one in heeding() if forbids(one, MAIL, above(EXCLUDED_OURS), False)}
    assert told == EVERY - {R.GO, R.GO_1_19, R.GNUTLS}


def test_without_constraints_nothing_is_forbidden_and_damaged_ones_cannot_be_told() -> None:
    holder = read([issue(authority("Above", "p256-2"))])[0]
    assert not any(forbids(one, MAIL, holder, True) for one in heeding())
    broken = above(raw_extension("nameConstraints", b"\x04\x00"))
    for one in heeding():
        with pytest.raises(Malformed):
            forbids(one, MAIL, broken, True)


# --- host names ----------------------------------------------------------------------------------


def test_a_host_in_the_forms_that_clients_compare() -> None:
    named = host("B\u00fccher.X")
    assert (named.name, named.a_labels, named.address) == ("B\u00fccher.X", "xn--bcher-kva.x", None)
    assert named.octets == "B\u00fccher.X".encode()
    six = host("[2001:db8::1]")
    assert (six.name, str(six.address)) == ("2001:db8::1", "2001:db8::1")
    assert (host("[x]").name, host("10.0.0.1").name) == ("[x]", "10.0.0.1")
    assert host("\u2603..x").a_labels is None


def test_an_ipv4_address_may_be_written_as_ipv6() -> None:
    four, six = host("10.0.0.1").address, host("::ffff:10.0.0.1").address
    assert four is not None and six is not None
    mapped = bytes(10) + b"\xff\xff\x0a\0\0\x01"
    for presented in (b"\x0a\0\0\x01", mapped):
        assert same_address(presented, four) and same_address(presented, six)
    for presented in (b"\x0a\0\0\x02", bytes(12) + b"\x0a\0\0\x01", b"\x0a\0\0"):
        assert not same_address(presented, four)


# --- which chain ---------------------------------------------------------------------------------


def test_whose_chains_are_known() -> None:
    mbedtls = (R.MBEDTLS_2_28, R.MBEDTLS_3, R.MBEDTLS_3_6_7)
    assert (*IN_ORDER,) == (*mbedtls, R.WOLFSSL, R.BEARSSL)
    assert set(EVERY_PATH) == {
        R.GO,
        R.GO_1_19,
        R.NSS_PKIX,
        R.RUSTLS,
        R.RUSTLS_RTLS,
        R.CRYPTOGRAPHY,
    }
    others = {R.JAVA_21, R.GO_OLD, R.GO_1_24, R.GO_1_27, R.NODE_20, R.OPENSSL_4_0}
    others |= {R.MBEDTLS, R.GNUTLS} | BY_NAMES_ALONE
    others |= {R.CURL_7, R.MOSQUITTO_2_0_11, R.MOSQUITTO_2_0_21, R.MOSQUITTO_2_1}
    assert set(OF_VERSIONS) == ACROSS
    assert set(BUILDERS) | set(EVERY_PATH) == set(Refuser) - others - ACROSS
    seen = view(SOUND)
    for who in BY_KIND:
        found = taken(seen, who)
        assert found.good
        assert taken(seen, who) is found


def test_versions_differ_where_they_build() -> None:
    negative = view(SOUND.put(CA, serial=-1))
    assert taken(negative, R.GO_1_19).good and not taken(negative, R.GO).good
    leaf, ca, _ = SOUND.issued()
    partial = view([leaf], [ca])
    assert taken(partial, R.RUSTLS).good and not taken(partial, R.RUSTLS_RTLS).good
    identifier = raw_extension("subjectKeyIdentifier", b"\x04\x01\x07")
    twice = view(SOUND.put(CA, extensions=(*SOUND.specs[CA].extensions, identifier)))
    assert taken(twice, R.MBEDTLS_2_28).good
    assert not any(taken(twice, who).good for who in (R.MBEDTLS_3, R.MBEDTLS_3_6_7, R.MBEDTLS))


def test_too_many_paths_and_damage_are_no_chain() -> None:
    leaf, ca, root = Chain(tuple(bare(spec) for spec in SOUND.specs)).issued()
    late = issue(ca.spec.with_(not_after=AT.replace(year=2025), serial=9), root)
    with pytest.raises(Malformed, match=MISSING):
        taken(view([leaf, *[late] * 1001], [root]), R.RUSTLS)
    assert MISSING == "a piece is missing"


@pytest.mark.parametrize("wrong", [ValueError("x"), KeyError("x"), IndexError("x")])
def test_whatever_a_builder_stumbles_over_is_damage(
    wrong: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumbles(seen: object) -> None:
        raise wrong

    monkeypatch.setitem(BY_KIND, R.JAVA, stumbles)  # type: ignore[arg-type]
    with pytest.raises(Malformed, match=MISSING):
        taken(view(SOUND), R.JAVA)


def test_a_kind_without_a_model_is_no_damage(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a mistake of ours, whatever the chain."""
    monkeypatch.delitem(BY_KIND, R.JAVA)  # type: ignore[arg-type]
    with pytest.raises(KeyError):
        taken(view(SOUND), R.JAVA)


# --- groups --------------------------------------------------------------------------------------


def test_everybody_but_some() -> None:
    """Where only an old version accepts, the others of its kind are named."""
    everybody = refusers.EVERYBODY
    assert refusers.all_but() == everybody
    assert refusers.all_but(R.JAVA) == everybody - {R.JAVA}
    assert refusers.all_but(R.GO_OLD) == everybody - {R.GO} | {R.GO_1_24}
    assert refusers.all_but(R.OPENSSL_1_1_1) == (
        everybody - {R.OPENSSL_1_1_1, R.NODE} | {R.NODE_20, R.NODE_24}
    )
    assert refusers.all_but(R.OPENSSL_1_1_1, R.NODE) == everybody - {R.OPENSSL_1_1_1, R.NODE}


def test_whole_groups_in_words() -> None:
    names = refusers.in_order
    assert refusers.in_words(names(refusers.EVERYBODY)) == "every client"
    assert refusers.in_words(names(refusers.EVERYBODY - {R.BOTAN})) != "every client"
    group = "whatever uses OpenSSL 1.1.1 or later (Python, Node.js, the Azure C SDK, curl)"
    assert refusers.in_words(names(refusers.OPENSSL)) == group
    assert refusers.in_words(names(refusers.OPENSSL | {R.JAVA, R.BOTAN})) == f"{group}, Java, Botan"
    assert refusers.in_words(["Go", "Java"]) == "Java, Go"
    assert names(frozenset({R.BOTAN, R.GO, R.GNUTLS, R.PYTHON})) == [
        "Python ssl",
        "Go",
        "GnuTLS",
        "Botan",
    ]


def test_families_in_short() -> None:
    """All of one under its name, else its members; ids that nobody has come last."""
    mine = ["mbedtls2.28.3", "mbedtls3.6.7", "mbedtls3.6.6", "go1.19.8"]
    assert families(mine) == ["Go 1.19", "mbedTLS", "mbedTLS 2.28"]
    assert families(["mbedtls3.6.7", "curl8.14-ossl3.5"]) == ["curl 8.14", "mbedTLS 3.6.7"]
    assert families(["zz", "botan2.19", "aa"]) == ["Botan", "aa", "zz"]
    assert families([]) == []


def test_names_that_are_alike() -> None:
    assert near("rustl")[0] == "rustls"
    assert near("NSS c") == ["NSS classic", *near("NSS c")[1:]]
    assert len(near("o")) == 5
    assert near("") == []
    assert "Botan" in near("bottan")


def test_java_fails_at_an_empty_dns_name_and_boringssl_at_a_common_name_alone() -> None:
    """Whatever form is asked about; where no DNS name is compared, Java passes over it."""
    everything = above(name_constraints({"dns": [""]}))
    assert forbids(R.JAVA, PLAIN, everything, True)
    assert forbids(R.JAVA, NAMELESS, everything, True)
    assert not forbids(R.JAVA, leaf([("O", "q")], email=["a@y.example"]), everything, True)
    assert forbids(R.BORINGSSL, NAMELESS, everything, True)
    assert not forbids(R.BORINGSSL, NAMELESS, everything, False)
    assert not forbids(R.BORINGSSL, PLAIN, everything, True)


def test_all_forms_count_where_they_are_asked_for() -> None:
    """Of DNS names other rules tell; `forms=None` asks about them too."""
    elsewhere = above(name_constraints({"dns": ["elsewhere.example"]}))
    refusing = {kind for kind in heeding() if forbids(kind, PLAIN, elsewhere, True, None)}
    assert {kind for kind in heeding() if forbids(kind, PLAIN, elsewhere, True)} == set()
    assert refusing == heeding()
