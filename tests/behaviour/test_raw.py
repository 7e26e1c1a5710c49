"""Certificates as bytes, and as lenient libraries read them: what is forbidden, as it stands."""

from __future__ import annotations

from typing import Any

import pytest
from asn1crypto import core

from edgecheck.behaviour import raw
from edgecheck.behaviour.lenient import lenient, told
from edgecheck.behaviour.view import MOST_SIGNATURES, View
from edgecheck.hierarchy.signatures import State
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.der import Malformed
from fixtures import der
from fixtures.edits import KEY, content, edited
from fixtures.pki import (
    authority_key_id,
    basic_constraints,
    extended_key_usage,
    issue,
    key_usage,
    name_constraints,
    raw_extension,
    subject_alt_name,
)
from tests.behaviour.runs import SOUND, named, read, seen
from tests.hierarchy.chains import AT, HOST, server


def one(*extensions: Any, **changes: Any) -> Certificate:
    return read(issue(server(*extensions).with_(**changes)))[0]


# --- names ----------------------------------------------------------------------------------------


def test_alternative_names_are_told_in_order_with_their_tags() -> None:
    made = named(
        email=["a@b"],
        dns=["gw"],
        uri=["x:y"],
        ip=["10.0.0.1"],
        raw=[der.tlv(0xA4, der.name_der("n"))],
    )
    assert raw.alt_names(made) == (
        (0x81, b"a@b"),
        (0x82, b"gw"),
        (0x86, b"x:y"),
        (0x87, b"\x0a\0\0\1"),
        (0xA4, der.name_der("n")),
    )
    assert (raw.EMAIL, raw.DNS, raw.URI, raw.IP, raw.DIRECTORY) == (0x81, 0x82, 0x86, 0x87, 0xA4)
    assert raw.alt_names(named()) is None
    assert raw.alt_names(one(subject_alt_name())) == ()


@pytest.mark.parametrize("value", [b"\x30\x05\x82\x03a", b"\x31\x00", b"", b"\x30\x00\x00"])
def test_alternative_names_that_are_no_sequence_are_malformed(value: bytes) -> None:
    with pytest.raises(Malformed):
        raw.alt_names(one(raw_extension("subjectAltName", value)))


def test_constraints_are_told_as_they_stand() -> None:
    made = one(name_constraints({"dns": ["a", "b"]}, {"ip": ["10.0.0.0/8"]}))
    assert raw.constraints(made) == (
        ((0x82, b"a"), (0x82, b"b")),
        ((0x87, b"\x0a\0\0\0\xff\0\0\0"),),
    )
    only = raw.constraints(one(name_constraints(excluded={"dns": ["a"]})))
    assert only == ((), ((0x82, b"a"),))
    assert raw.constraints(one()) is None
    assert raw.constraints(one(raw_extension("nameConstraints", b"\x30\x00"))) == ((), ())


TREE = der.sequence(der.tlv(0x82, b"a"))


@pytest.mark.parametrize(
    "value",
    [
        der.tlv(0x31),
        der.sequence(der.tlv(0xA2, TREE)),
        der.sequence(der.tlv(0x30, TREE)),
        der.sequence(der.tlv(0xA0, TREE), der.tlv(0xA0, TREE)),
        der.sequence(der.tlv(0xA1, TREE), der.tlv(0xA1, TREE)),
        der.sequence(der.tlv(0xA0, der.tlv(0x82, b"a"))),
        der.sequence(der.tlv(0xA0, der.sequence())),
    ],
)
def test_constraints_of_another_shape_are_malformed(value: bytes) -> None:
    with pytest.raises(Malformed):
        raw.constraints(one(raw_extension("nameConstraints", value)))


def test_attributes_and_common_names_are_told_in_order() -> None:
    subject = [("O", "x"), ("CN", "a"), ("CN", core.BMPString("b"))]
    made = named(subject)
    assert raw.common_names(made) == [(0x0C, b"a"), (0x1E, b"\0b")]
    assert raw.attributes(made.subject_raw) == (
        (b"\x55\x04\x0a", 0x0C, b"x"),
        (b"\x55\x04\x03", 0x0C, b"a"),
        (b"\x55\x04\x03", 0x1E, b"\0b"),
    )
    assert [raw.rdn_count(der.name_der(n)) for n in (der.sequence(), "a", subject)] == [0, 1, 3]
    with pytest.raises(Malformed):
        raw.rdn_count(b"\x31\x00")


@pytest.mark.parametrize("what", ["subjectAltName", "nameConstraints", "Name"])
def test_what_is_malformed_is_named(what: str) -> None:
    """So that a report that leaves it open can say of what."""
    read_it: dict[str, Any] = {
        "subjectAltName": lambda: raw.alt_names(one(raw_extension(what, b"\x31\x00"))),
        "nameConstraints": lambda: raw.constraints(one(raw_extension(what, b"\x31\x00"))),
        "Name": lambda: raw.attributes(b"\x31\x00"),
    }
    with pytest.raises(Malformed, match=f"^{what}:"):
        read_it[what]()
    with pytest.raises(Malformed, match=r"^Name:"):
        raw.rdn_count(b"\x31\x00")


# --- numbers --------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", [1, 2, 3, 4, 100])
def test_a_version_is_told_though_there_is_no_such(version: int) -> None:
    assert raw.version(one(version=version)) == version


@pytest.mark.parametrize("serial", [b"", b"\x00", b"\x00\x01", b"\xff\x80", b"\x01" * 21])
def test_a_serial_number_is_told_as_it_stands(serial: bytes) -> None:
    for version in (1, 3):
        assert raw.serial(one(serial=serial, version=version)) == serial


@pytest.mark.parametrize(
    ("value", "negative"),
    [
        ("30060101ff0201ff", True),
        ("30060101ff020180", True),
        ("30060101ff02017f", False),
        ("30060101ff020100", False),
        ("30030101ff", False),
        ("30030201ff", False),
        ("3006010100 0201ff", False),
        ("30070101ff0202ff00", True),
    ],
)
def test_a_path_length_below_zero_is_recognised(value: str, negative: bool) -> None:
    extension = raw_extension("basicConstraints", bytes.fromhex(value))
    assert raw.has_negative_path_length(one(extension)) is negative
    spec = server().without_extension("basicConstraints")
    twice = spec.with_(extensions=(*spec.extensions, extension, extension))
    assert not raw.has_negative_path_length(read(issue(twice))[0])
    assert not raw.has_negative_path_length(read(issue(spec))[0])


def test_usages_may_be_none_at_all() -> None:
    assert raw.usages(one()) == ("1.3.6.1.5.5.7.3.1",)
    assert raw.usages(one(extended_key_usage())) == ()
    assert raw.usages(read(issue(server().without_extension("extendedKeyUsage")))[0]) is None
    with pytest.raises(Unreadable):
        raw.usages(one(raw_extension("extendedKeyUsage", b"\x05\x00")))


# --- lenient --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("30060101ff0201ff", (True, -1)),
        ("300601010102017f", (True, 127)),
        ("3003010100", (False, None)),
        ("3003020105", (False, 5)),
    ],
)
def test_constraints_are_told_though_der_forbids_how_they_are_written(
    value: str, expected: tuple[bool, int | None]
) -> None:
    """Any BOOLEAN but zero is TRUE; a path length may be negative, or without a CA."""
    found = told(one(raw_extension("basicConstraints", bytes.fromhex(value))))
    assert found.basic_constraints is not None
    assert (found.basic_constraints.ca, found.basic_constraints.path_length) == expected


USES = ("keyUsage", "extendedKeyUsage", "subjectKeyIdentifier", "authorityKeyIdentifier")


def test_of_two_equal_extensions_the_first_is_told() -> None:
    """Each of the five that decide; the certificate itself tells none."""
    spec = server(basic_constraints(True, 3), authority_key_id(b"\1\2"))
    second = (
        basic_constraints(False),
        key_usage("cRLSign"),
        extended_key_usage("clientAuth"),
        raw_extension("subjectKeyIdentifier", b"\x04\x01\x05"),
        raw_extension("authorityKeyIdentifier", b"\x30\x03\x80\x01\x07"),
    )
    sound = one(basic_constraints(True, 3), authority_key_id(b"\1\2"))
    twice = read(issue(spec.with_(extensions=(*spec.extensions, *second))))[0]
    facts = (
        "basic_constraints",
        "key_usage",
        "extended_key_usage",
        "subject_key_id",
        "authority_key_id",
    )
    for fact in facts:
        with pytest.raises(Unreadable):
            getattr(twice, fact)
    copy = told(twice)
    for fact in facts:
        assert getattr(copy, fact) == getattr(sound, fact), fact
    assert copy == twice
    assert (copy.subject_raw, copy.der) == (twice.subject_raw, twice.der)


def test_no_entry_and_no_such_version_are_told_too() -> None:
    assert told(one(extended_key_usage())).extended_key_usage == ()
    for version in (4, 9):
        made = one(version=version)
        with pytest.raises(Unreadable):
            _ = made.version
        assert told(made).version == version


def test_what_cannot_be_told_stays_unreadable() -> None:
    for name in USES:
        made = told(one(raw_extension(name, b"\x05\x00")))
        assert made.damage
    broken = told(one(damage_tbs=edited(KEY, 0, edit=content(b"\x06\x01\x2a"))))
    with pytest.raises(Unreadable):
        _ = broken.public_key


def test_a_view_is_copied_only_where_something_is_damaged() -> None:
    """Sent or trusted; the same certificate is copied once."""
    *sent, root = SOUND.issued()
    sound = seen(sent, [root], HOST)
    assert lenient(sound) is sound
    odd = issue(server(extended_key_usage()))
    for view in (seen([odd, odd], [root], HOST), seen(sent, [odd], HOST)):
        copy = lenient(view)
        assert copy is not view
        assert (copy.presented, copy.trust) == (view.presented, view.trust)
        assert (copy.hostname, copy.at) == (view.hostname, view.at)
        both = (*copy.presented, *copy.trust)
        assert [each.extended_key_usage for each in both if each.der == odd.der].count(()) > 0
    copy = lenient(seen([odd, odd, sent[1]], [root]))
    assert copy.presented[0] is copy.presented[1]


# --- views ----------------------------------------------------------------------------------------


def test_a_view_tells_what_a_client_gets_to_see() -> None:
    *sent, root = SOUND.issued()
    view = seen(sent, [root], "10.0.0.1")
    assert view.leaf is view.presented[0]
    assert view.trusted == frozenset([root.der])
    assert view.address is not None
    assert seen(sent, [root], HOST).address is None
    nameless = seen(sent, [root])
    assert (nameless.address, nameless.host, nameless.hostname) == (None, None, None)
    assert view.at == int(AT.timestamp())
    assert MOST_SIGNATURES == 400


def test_with_other_certificates_nothing_is_left_over() -> None:
    """But for what is known of single certificates, and signatures."""
    *sent, root = SOUND.issued()
    view = seen(sent, [root], HOST, trailing=sent[:1])
    view.kept["x"] = 1
    view.facts["y"] = 2
    other = view.with_certificates(view.presented[:1], view.presented[1:])
    assert (other.kept, other.facts) == ({}, {"y": 2})
    assert other.trusted == frozenset([sent[1].der])
    assert (other.leaf, other.server, other.host) == (view.leaf, view.server, view.host)
    assert other.trailing == frozenset([sent[0].der])
    assert (view.kept, view.trusted) == ({"x": 1}, frozenset([root.der]))
    assert other.signature(*view.presented) is State.VALID


def test_the_server_proves_the_key_of_the_first_certificate_or_does_not() -> None:
    """By the key, not the certificate; one that cannot be read proves itself alone."""
    *sent, root = SOUND.issued()
    again = issue(server(serial=5))
    other = issue(server(key="p256-7"))
    for own, proves in ((again, True), (other, False)):
        assert seen(sent, [root], server=own).proves_key is proves
    (leaf, other_leaf) = read(sent[0], again)
    broken = told(leaf)
    del broken.spki
    broken.damage["spki"] = "it is cut off"
    assert View((broken,), (), None, 0, broken, {}).proves_key
    assert not View((broken,), (), None, 0, other_leaf, {}).proves_key
