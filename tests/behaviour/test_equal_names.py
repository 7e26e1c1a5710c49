"""Which names of issuers each library takes for the same: letter case, white space, strings."""

from __future__ import annotations

import pytest
from asn1crypto import core

from edgecheck.behaviour.botan import names as botan
from edgecheck.behaviour.gnutls import names as gnutls
from edgecheck.behaviour.jsse import names as jsse
from edgecheck.behaviour.mbedtls import names as mbedtls
from edgecheck.behaviour.openssl import names as openssl

UTF8, NUMERIC, PRINTABLE, TELETEX, IA5, UNIVERSAL, BMP = 0x0C, 0x12, 0x13, 0x14, 0x16, 0x1C, 0x1E
CN, COUNTRY, SERIAL, EMAIL = "2.5.4.3", "2.5.4.6", "2.5.4.5", "1.2.840.113549.1.9.1"
CODECS = {UNIVERSAL: "utf-32-be", BMP: "utf-16-be", TELETEX: "latin-1"}


def tlv(tag: int, content: bytes) -> bytes:
    assert len(content) < 128
    return bytes((tag, len(content))) + content


def named(text: str, tag: int = UTF8, kind: str = CN) -> bytes:
    """A name of one attribute."""
    value = tlv(tag, text.encode(CODECS.get(tag, "utf-8")))
    attribute = tlv(0x30, core.ObjectIdentifier(kind).dump() + value)
    return tlv(0x30, tlv(0x31, attribute))


def which(one: bytes, other: bytes) -> set[str]:
    """The libraries to which both are the same name, either way round."""
    libraries = {
        "OpenSSL": openssl.same,
        "Java": jsse.same,
        "GnuTLS": gnutls.same,
        "mbedTLS": mbedtls.same,
        "Botan": botan.same,
    }
    found = {library for library, same in libraries.items() if same(one, other)}
    assert found == {library for library, same in libraries.items() if same(other, one)}
    return found


def test_a_name_is_the_same_as_itself_in_every_encoding() -> None:
    for tag in (UTF8, NUMERIC, PRINTABLE, TELETEX, IA5, UNIVERSAL, BMP):
        assert len(which(named("1", tag), named("1", tag))) == 5
    assert not which(named("Root"), named("Other"))
    assert not which(named("Root"), named("Root", kind=SERIAL))


def test_printable_and_utf8_strings_are_the_same_to_all() -> None:
    assert len(which(named("Root", PRINTABLE), named("Root"))) == 5


@pytest.mark.parametrize("tag", [TELETEX, BMP])
def test_java_and_mbedtls_compare_other_strings_by_their_bytes(tag: int) -> None:
    assert which(named("Root", tag), named("Root")) == {"OpenSSL", "GnuTLS", "Botan"}


def test_gnutls_takes_no_ia5_string_and_does_not_read_a_universal_one() -> None:
    for tag in (IA5, UNIVERSAL):
        assert which(named("Root", tag), named("Root")) == {"OpenSSL", "Botan"}


def test_openssl_compares_a_numeric_string_by_its_bytes() -> None:
    assert which(named("1", NUMERIC), named("1")) == {"Botan"}


def test_letter_case_counts_for_gnutls() -> None:
    assert which(named("ROOT"), named("root")) == {"OpenSSL", "Java", "mbedTLS", "Botan"}


def test_openssl_does_not_fold_the_case_of_letters_beyond_ascii() -> None:
    assert which(named("WERK MÜNCHEN"), named("werk münchen")) == {"Java"}


def test_white_space_counts_for_gnutls_and_mbedtls() -> None:
    folding = {"OpenSSL", "Java", "Botan"}
    assert which(named("A  root"), named("A root")) == folding
    assert which(named(" A root "), named("A root")) == folding


def test_java_folds_spaces_but_no_tabulators_within() -> None:
    assert "Java" not in which(named("A\troot"), named("A root"))
    assert "Java" in which(named("A root\t"), named("A root"))
    assert "OpenSSL" in which(named("A\troot"), named("A root"))


def test_java_compares_attributes_without_a_keyword_by_their_bytes() -> None:
    """The serial number and e-mail of a subject have none in RFC 2253."""
    for kind in (SERIAL, EMAIL):
        assert "Java" not in which(named("a", kind=kind), named("A", kind=kind))
    assert "Java" in which(named("de", kind=COUNTRY), named("DE", kind=COUNTRY))


def test_gnutls_wants_a_country_as_a_printable_string() -> None:
    assert "GnuTLS" not in which(named("DE", kind=COUNTRY), named("DE", PRINTABLE, COUNTRY))
    assert "GnuTLS" in which(named("DE", kind=COUNTRY), named("DE", kind=COUNTRY))


def test_what_is_no_name_is_the_same_only_as_itself() -> None:
    for damaged in (b"\x30\x05", b"\x30\x03\x31\x05\x00", b""):
        assert len(which(damaged, damaged)) == 5
        assert not which(damaged, named("Root"))
