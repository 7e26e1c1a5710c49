"""Which library refuses what of a damaged certificate, and which passes over it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from edgecheck.behaviour.issuers import taken
from edgecheck.behaviour.kinds import Refuser
from edgecheck.behaviour.openssl import errors as e
from fixtures.edits import EXTENSIONS, ISSUER, KEY, SUBJECT, VALIDITY, content, edited, more, whole
from fixtures.pki import (
    Extension,
    Issued,
    authority_key_id,
    basic_constraints,
    extended_key_usage,
    issue,
    key_usage,
    name_constraints,
    raw_extension,
    subject_alt_name,
    subject_key_id,
)
from tests.behaviour.pool import CA, CA_SPEC, LEAF, LEAF_SPEC, ROOT, like_ca, view
from tests.hierarchy.chains import HOST, authority

R = Refuser
FOLLOWED = (R.S_CLIENT, R.DOTNET, R.GO, R.JAVA, R.GNUTLS)
"""One of each library that this is about."""
BEHIND = b"\x05\x00"


WITHOUT_GNUTLS = (R.S_CLIENT, R.DOTNET, R.GO, R.JAVA)


def refusing(
    chain: Iterable[Issued], trust: Issued = ROOT, among: Iterable[Refuser] = FOLLOWED
) -> set[Refuser]:
    """Who of them does not take the chain."""
    seen = view(list(chain), [trust])
    return {refuser for refuser in among if not taken(seen, refuser).good}


def test_all_take_the_sound_chain() -> None:
    assert not refusing((LEAF, CA))


@pytest.mark.parametrize(
    ("field", "who"),
    [
        (VALIDITY, {R.S_CLIENT, R.DOTNET, R.JAVA, R.GNUTLS}),
        (EXTENSIONS, {R.S_CLIENT, R.DOTNET, R.GNUTLS}),
        (SUBJECT, set(FOLLOWED)),
    ],
)
def test_more_than_belongs_into_a_field(field: int, who: set[Refuser]) -> None:
    damaged = issue(CA_SPEC.with_(damage_tbs=edited(field, edit=more(BEHIND))), ROOT)
    assert refusing((LEAF, damaged)) == who


def test_a_damaged_root_is_not_loaded() -> None:
    spec = ROOT.spec.with_(damage_tbs=edited(EXTENSIONS, edit=more(BEHIND)))
    assert refusing((LEAF, CA), issue(spec)) == {R.S_CLIENT, R.DOTNET, R.GNUTLS}


def test_two_signature_algorithms_matter_where_a_signature_is_verified() -> None:
    """OpenSSL and .NET do not look at that of a root; Go, Java and GnuTLS do when they read it."""
    damaged = issue(CA_SPEC.with_(inner_signature="sha384_ecdsa"), ROOT)
    assert refusing((LEAF, damaged)) == set(FOLLOWED)
    root = issue(ROOT.spec.with_(inner_signature="sha384_ecdsa"))
    assert refusing((LEAF, CA), root) == {R.GO, R.JAVA, R.GNUTLS}


# --- extensions ----------------------------------------------------------------------------------


def behind(extension: Extension) -> Extension:
    """The same with bytes behind its value."""
    assert isinstance(extension.value, bytes)
    return replace(extension, value=extension.value + BEHIND)


def test_bytes_behind_a_value_are_looked_at_by_few() -> None:
    """Java refuses what is critical; GnuTLS is not asked, as its decoder is not modelled."""
    for extension in (basic_constraints(True), key_usage("keyCertSign", "cRLSign")):
        damaged = like_ca(behind(extension))
        assert refusing((LEAF, damaged), among=WITHOUT_GNUTLS) == {R.JAVA}
        assert not refusing((LEAF, like_ca(extension)))


def test_java_passes_over_what_is_not_critical_and_dotnet_reads_every_usage() -> None:
    usage = behind(extended_key_usage("serverAuth"))
    leaf = issue(LEAF_SPEC.with_extension(usage), CA)
    assert refusing((leaf, CA), among=WITHOUT_GNUTLS) == {R.DOTNET}
    critical = issue(LEAF_SPEC.with_extension(replace(usage, critical=True)), CA)
    assert refusing((critical, CA), among=WITHOUT_GNUTLS) == {R.DOTNET, R.JAVA}


def test_gnutls_reads_alternative_names_as_it_imports_a_certificate() -> None:
    """Bytes behind them, or none of them: of a CA, too. The others find what they look for."""
    names = subject_alt_name(dns=[HOST])
    leaf = issue(LEAF_SPEC.with_extension(behind(names)), CA)
    assert refusing((leaf, CA)) == {R.GNUTLS}
    for value in (b"\x05\x00", b"\x30\x80\x00\x00"):
        damaged = like_ca(replace(names, value=value))
        assert R.GNUTLS in refusing((LEAF, damaged))
    assert not refusing((LEAF, like_ca(names)))


def test_java_compares_a_damaged_key_identifier_of_an_anchor_as_it_stands() -> None:
    """So it is another one than that of the certificate below."""
    sound = issue(ROOT.spec.with_extension(subject_key_id()))
    damaged = issue(ROOT.spec.with_extension(raw_extension("subjectKeyIdentifier", b"\x05\x00")))
    below = issue(CA_SPEC.with_extension(authority_key_id()), sound)
    assert not refusing((LEAF, below), sound, [R.JAVA])
    assert refusing((LEAF, below), damaged, [R.JAVA])


# --- times, names and keys -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        (b"261231235959Z", False),
        (b"261331235959Z", True),
        (b"261232235959Z", True),
        (b"261231240000Z", True),
        (b"261231236000Z", True),
        (b"261231235960Z", True),
    ],
)
def test_java_and_go_refuse_what_is_no_time(text: bytes, refused: bool) -> None:
    spec = CA_SPEC.with_(damage_tbs=edited(VALIDITY, 1, edit=content(text)))
    found = refusing((LEAF, issue(spec, ROOT)), among=(R.JAVA, R.GO))
    assert found == ({R.JAVA, R.GO} if refused else set())


def test_go_refuses_an_underscore_in_a_printable_string() -> None:
    """Of the certificate, and of one whose issuer is written so."""
    for text, who in ((b"CA_1", {R.GO}), (b"CA 1", set[Refuser]())):
        value = b"\x30\x0d\x31\x0b\x30\x09\x06\x03\x55\x04\x03\x13\x04" + text[:4]
        value = bytes((0x30, 15, 0x31, 13, 0x30, 11)) + value[6:]
        ca = issue(CA_SPEC.with_(damage_tbs=edited(SUBJECT, edit=whole(value))), ROOT)
        leaf = issue(LEAF_SPEC.with_(damage_tbs=edited(ISSUER, edit=whole(value))), CA)
        assert refusing((leaf, ca)) == who


def test_go_1_19_does_not_know_a_universal_string() -> None:
    value = bytes((0x30, 15, 0x31, 13, 0x30, 11, 6, 3, 0x55, 4, 3, 0x1C, 4, 0, 0, 0, 0x41))
    ca = issue(CA_SPEC.with_(damage_tbs=edited(SUBJECT, edit=whole(value))), ROOT)
    leaf = issue(LEAF_SPEC.with_(damage_tbs=edited(ISSUER, edit=whole(value))), CA)
    seen = view([leaf, ca], [ROOT])
    assert not taken(seen, R.GO_1_19).good
    assert taken(seen, R.GO).good


def test_botan_does_not_know_ed448() -> None:
    for key, good in (("ed448-1", False), ("ed25519-1", True)):
        ca = issue(CA_SPEC.with_(key=key), ROOT)
        seen = view([issue(LEAF_SPEC, ca), ca], [ROOT])
        assert taken(seen, R.BOTAN).good is good
        assert taken(seen, R.S_CLIENT).good


def test_openssl_wants_the_servers_key_since_3_0_also_at_level_0() -> None:
    """`openssl verify` has no security level, and says error 1; others say that it is weak."""
    point = b"\x04" + bytes(31) + b"\x01" + bytes(31) + b"\x01"
    off = issue(LEAF_SPEC.with_(damage_tbs=edited(KEY, 1, edit=content(b"\0" + point))), CA)
    codes = {o.code for o in taken(view([off, CA], [ROOT]), R.VERIFY).objections}
    assert e.UNSPECIFIED in codes
    assert not taken(view([LEAF, CA], [ROOT]), R.VERIFY).objections


@pytest.mark.parametrize("refuser", [R.JAVA, R.WOLFSSL])
def test_java_and_wolfssl_look_for_addresses_in_the_subject_of_a_ca(refuser: Refuser) -> None:
    constraints = name_constraints({"email": ["plant7.example"]})
    above = issue(authority("Above", "p256-6", constraints), ROOT)
    for domain, good in (("plant7.example", True), ("plant8.example", False)):
        named = [("CN", "CA"), ("emailAddress", f"ca@{domain}")]
        ca = issue(CA_SPEC.with_(subject=named), above)
        seen = view([issue(LEAF_SPEC, ca), ca, above], [ROOT])
        assert taken(seen, refuser).good is good
