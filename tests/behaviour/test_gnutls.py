"""GnuTLS: name constraints as it merges and checks them, and names of issuers."""

from __future__ import annotations

import pytest
from asn1crypto import core

from edgecheck.behaviour import raw
from edgecheck.behaviour.gnutls.chain import taken
from edgecheck.behaviour.gnutls.constraints import Constraints
from edgecheck.behaviour.gnutls.names import features, for_server, matches, same
from edgecheck.behaviour.gnutls.parse import wrong_names
from edgecheck.behaviour.gnutls.versions import V3_8
from edgecheck.behaviour.host import host
from edgecheck.behaviour.taken import Ended
from edgecheck.reading.certificate import Certificate
from fixtures.der import name_der, sequence, tlv
from fixtures.pki import Name, extended_key_usage, issue, raw_extension, subject_alt_name
from tests.clients.asked import CA, ROOT, SERVER, SOUND, long, read, view
from tests.hierarchy.chains import AT, HOST, Chain, server

DNS, IP, EMAIL, URI, DIRECTORY = raw.DNS, raw.IP, raw.EMAIL, raw.URI, raw.DIRECTORY


def leaf(subject: Name = HOST, **names: list[str | bytes]) -> Certificate:
    """With these alternative names; without the extension where there are none."""
    spec = server(subject=subject).without_extension("subjectAltName")
    if names:
        spec = spec.with_extension(subject_alt_name(**names))
    return read([issue(spec)])[0]


def allowed(
    made: Certificate,
    permitted: tuple[raw.GeneralName, ...] = (),
    excluded: tuple[raw.GeneralName, ...] = (),
    server: bool = True,
) -> bool:
    held = Constraints()
    held.append(raw.Constraints(permitted, excluded))
    return held.allow(made, server)


@pytest.mark.parametrize(
    ("made", "form", "base", "fits"),
    [
        (leaf(dns=["a.x"]), DNS, b"x", True),
        (leaf(dns=["a.x"]), DNS, b".x", True),
        (leaf(dns=["A.X"]), DNS, b"x", True),
        (leaf(dns=["a.x"]), DNS, b"A.x", True),
        (leaf(dns=["ax"]), DNS, b"x", False),
        (leaf(dns=["x"]), DNS, b".x", False),
        (leaf(dns=["y"]), DNS, b"x", False),
        (leaf("a.x"), DNS, b"x", True),
        (leaf("a.y"), DNS, b"x", False),
        (leaf("a.y", dns=["a.x"]), DNS, b"x", True),
        (leaf(email=["a@x"]), EMAIL, b"x", True),
        (leaf(email=["a@x"]), EMAIL, b"a@x", True),
        (leaf(email=["a@b.x"]), EMAIL, b".x", True),
        (leaf(email=["a@b.x"]), EMAIL, b"x", False),
        (leaf(email=["a@y"]), EMAIL, b"x", False),
        (leaf(email=["x"]), EMAIL, b"a@x", False),
        (leaf(email=["b@x"]), EMAIL, b"a@x", False),
        (leaf(ip=["10.0.0.9"]), IP, b"\x0a\0\0\0\xff\xff\xff\0", True),
        (leaf(ip=["10.0.1.9"]), IP, b"\x0a\0\0\0\xff\xff\xff\0", False),
        (leaf(ip=["::1"]), IP, bytes(15) + b"\x01" + b"\xff" * 16, True),
        (leaf(ip=["::2"]), IP, bytes(15) + b"\x01" + b"\xff" * 16, False),
    ],
)
def test_each_form_within_and_outside(
    made: Certificate, form: int, base: bytes, fits: bool
) -> None:
    """Without a DNS name it is the common name that counts."""
    assert allowed(made, ((form, base),)) == fits
    assert allowed(made, (), ((form, base),)) == (not fits)


@pytest.mark.parametrize("form", [DNS, EMAIL])
def test_an_empty_base_excludes_all_and_permits_all(form: int) -> None:
    made = leaf(dns=["a.x"], email=["a@x"])
    assert allowed(made, ((form, b""),))
    assert not allowed(made, (), ((form, b""),))
    assert not allowed(made, ((form, b""), (form, b"y")))


def test_addresses_of_the_other_length_are_free_where_none_of_theirs_is_permitted() -> None:
    four = (IP, b"\x0a\0\0\0\xff\xff\xff\0")
    assert allowed(leaf(ip=["::1"]), (four,))
    assert not allowed(leaf(ip=["::1"]), (four, (IP, bytes(16) + b"\xff" * 16)))
    assert allowed(leaf(ip=["::1"]), (), (four,))


def test_several_common_names_are_too_many() -> None:
    """Where they would count: with constraints of DNS names, no such name, and for a server."""
    two = leaf([("CN", "a.x"), ("CN", "b.x")])
    assert not allowed(two, ((DNS, b"x"),))
    assert allowed(two, ((DNS, b"x"),), server=False)
    assert allowed(two, ((EMAIL, b"x"),))
    assert allowed(leaf("a.y"), ((DNS, b"x"),), server=False)


def test_one_base_of_several_is_enough_and_every_name_has_to_fit() -> None:
    held = ((DNS, b"y"), (DNS, b"x"))
    assert allowed(leaf(dns=["a.x", "a.y"]), held)
    assert not allowed(leaf(dns=["a.x", "a.z"]), held)
    assert not allowed(leaf(dns=["a.x", "a.y"]), held, ((DNS, b"z"), (DNS, b"a.y")))


def test_excluded_directories_forbid_all_and_uris_those_that_have_one() -> None:
    """But not one without a part: gnutls-cli 3.7.9-2+deb12u7 connected."""
    directory = name_der(HOST)
    assert not allowed(leaf(), (), ((DIRECTORY, directory),))
    assert allowed(leaf(), ((DIRECTORY, directory),))
    assert allowed(leaf(), (), ((DIRECTORY, b"\x30\x00"),))
    assert not allowed(leaf(uri=["u:v"]), (), ((URI, b"w"),))
    assert allowed(leaf(dns=["x"]), (), ((URI, b"w"),))
    assert allowed(leaf(uri=["u:v"]), ((URI, b"w"),))


def merged(*held: tuple[raw.GeneralName, ...]) -> Constraints:
    made = Constraints()
    for permitted in held:
        made.append(raw.Constraints(permitted))
    return made


def test_permitted_bases_are_intersected_on_the_way_down() -> None:
    """What is narrower stays, wherever it stands; where nothing is left, all is excluded.

    gnutls-cli 3.7.9-2+deb12u7 connected below a wider base.
    """
    made = merged(((DNS, b"x"),), ((DNS, b"a.x"),))
    assert (made.permitted, made.excluded) == ([(DNS, b"a.x")], [])
    assert merged(((DNS, b"x"),)).permitted == [(DNS, b"x")]
    assert merged((), ((DNS, b"x"),), ()).permitted == [(DNS, b"x")]
    nothing = merged(((DNS, b"x"),), ((DNS, b"y"),))
    assert (nothing.permitted, nothing.excluded) == ([], [(DNS, b"")])
    assert not nothing.allow(leaf(dns=["x"]), True)
    wider = merged(((DNS, b"a.x"),), ((DNS, b"x"),))
    assert (wider.permitted, wider.excluded) == ([(DNS, b"a.x")], [])


def test_forms_of_which_only_one_side_speaks_stay() -> None:
    both = merged(((DNS, b"x"), (EMAIL, b"x")), ((DNS, b"a.x"),))
    assert both.permitted == [(EMAIL, b"x"), (DNS, b"a.x")]
    other = merged(((EMAIL, b"x"),), ((DNS, b"x"),))
    assert (other.permitted, other.excluded) == ([(EMAIL, b"x"), (DNS, b"x")], [])
    uris = merged(((URI, b"x"), (DNS, b"x")), ((URI, b"y"), (DNS, b"x")))
    assert uris.permitted == [(URI, b"x"), (DNS, b"x")]


def test_excluded_bases_are_added() -> None:
    made = Constraints()
    made.append(raw.Constraints((), ((DNS, b"x"),)))
    made.append(raw.Constraints((), ((DNS, b"y"),)))
    assert not made.allow(leaf(dns=["a.x"]), True)
    assert not made.allow(leaf(dns=["a.y"]), True)
    assert made.allow(leaf(dns=["a.z"]), True)


def test_addresses_that_overlap_stay_and_others_exclude_all() -> None:
    ten, low = (IP, b"\x0a\0\0\0\xff\0\0\0"), (IP, b"\x0a\x01\0\0\xff\xff\0\0")
    assert merged((ten,), (low,)).permitted == [low]
    assert merged((low,), (ten,)).permitted == [ten]
    other = (IP, b"\x0b\0\0\0\xff\0\0\0")
    assert merged((ten,), (other,)).excluded == [(IP, bytes(8)), (IP, bytes(32))]
    six = (IP, bytes(16) + b"\xff" * 16)
    assert merged((ten,), (six,)).permitted == []
    mails = merged(((EMAIL, b"x"),), ((EMAIL, b"y"),))
    assert mails.excluded == [(EMAIL, b"")]


# --- names ---------------------------------------------------------------------------------------


def test_names_of_issuers_compare_by_text_whatever_the_type_of_their_strings() -> None:
    """UTF8String, PrintableString and TeletexString; letter case and IA5String count."""
    utf, printable, mail = (
        name_der([("CN", made("Test"))])
        for made in (core.UTF8String, core.PrintableString, core.IA5String)
    )
    assert same(utf, printable)
    assert not same(utf, mail)
    assert not same(utf, name_der([("CN", "test")]))
    assert not same(utf, name_der([("O", "Test")]))
    assert same(utf, name_der([("CN", core.TeletexString("Test"))]))
    assert not same(utf, name_der([("CN", "Tests")]))


@pytest.mark.parametrize(
    ("made", "asked", "expected"),
    [
        (leaf(dns=["*.plant.local"]), "gw.plant.local", True),
        (leaf(dns=["*.plant.local"]), "plant.local", False),
        (leaf(dns=["*.plant.local"]), "a.gw.plant.local", False),
        (leaf(dns=["*w.plant.local"]), "gw.plant.local", True),
        (leaf(dns=["g*.plant.local"]), "gw.plant.local", False),
        (leaf(dns=["*.local"]), "gw.local", False),
        (leaf(dns=["*.a.b."]), "x.a.b", False),
        (leaf(dns=["a x"]), "a x", True),
        (leaf(dns=["a~x"]), "a~x", True),
        (leaf(dns=["a\x7fx"]), "a\x7fx", False),
        (leaf(dns=["a\x1fx"]), "a\x1fx", False),
        (leaf(dns=["a.x"]), "a.x.", True),
        (leaf(ip=["10.0.0.1"]), "10.0.0.1", True),
        (leaf("10.0.0.1"), "10.0.0.1", False),
        (leaf("a.x"), "a.x", True),
        (leaf("a.x", ip=["10.0.0.1"]), "a.x", False),
        (leaf("a.x", uri=["u:v"]), "a.x", False),
        (leaf("a.x", email=["a@x"]), "a.x", True),
        (
            leaf("a.x", raw=[tlv(0xA0, bytes.fromhex("06082b06010505070807"), b"\xa0\0")]),
            "a.x",
            False,
        ),
        (
            leaf("a.x", raw=[tlv(0xA0, bytes.fromhex("06082b06010505070806"), b"\xa0\0")]),
            "a.x",
            True,
        ),
        (leaf([("CN", "a.x"), ("CN", "a.x")]), "a.x", False),
        *((leaf(f"a{sign}x"), f"a{sign}x", False) for sign in ',+"\\<>;'),
        (leaf("a=x"), "a=x", True),
        (leaf("a" * 255), "a" * 255, True),
        (leaf("a" * 256), "a" * 256, False),
        (leaf(dns=["a" * 255]), "a" * 255, True),
        (leaf(dns=["a" * 256, "x"]), "x", False),
        (leaf(dns=["xn--bcher-kva.x"]), "b\u00fccher.x", True),
    ],
)
def test_host_names(made: Certificate, asked: str, expected: bool) -> None:
    assert matches(made, host(asked)) == expected


def test_a_common_name_counts_for_what_may_serve_alone() -> None:
    spec = server().without_extension("subjectAltName")
    for usages, good in (
        (("clientAuth",), False),
        (("anyExtendedKeyUsage",), True),
        (("serverAuth",), True),
    ):
        made = read([issue(spec.with_extension(extended_key_usage(*usages)))])[0]
        assert (for_server(made), matches(made, host(HOST))) == (good, good)


def test_features_are_numbers() -> None:
    value = sequence(tlv(0x02, b"\x05"), tlv(0x02, b"\x01\x00"))
    spec = server().with_extension(raw_extension("tlsfeature", value))
    assert features(read([issue(spec)])[0]) == {5, 256}
    assert features(leaf()) == set()


# --- what is settled on --------------------------------------------------------------------------


def test_what_is_settled_on() -> None:
    good = taken(view(SOUND), V3_8)
    assert (good.ended, len(good.certificates), good.objections) == (Ended.TRUSTED, 3, ())
    parsed = taken(view(SOUND.put(CA, version=2)), V3_8)
    assert (parsed.ended, parsed.objections[0].code) == (
        Ended.GIVEN_UP,
        "Error in the certificate.",
    )
    root = taken(view(SOUND.put(ROOT, version=2)), V3_8)
    assert root.ended is Ended.GIVEN_UP
    assert taken(view(long(15)), V3_8).ended is Ended.TRUSTED
    assert taken(view(long(16)), V3_8).ended is Ended.GIVEN_UP
    assert taken(view(SOUND, trust=[]), V3_8).ended is Ended.NO_ISSUER
    alone = Chain((SOUND.specs[SERVER],)).issued()
    assert taken(view(alone, []), V3_8).ended is Ended.SELF_SIGNED
    late = taken(view(SOUND.put(CA, not_after=AT.replace(hour=1))), V3_8)
    assert (late.ended, len(late.objections)) == (Ended.TRUSTED, 1)


# --- alternative names ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        (b"\x82\0", "Unknown Subject Alternative name in X.509 certificate."),
        (b"\x81\0", "Unknown Subject Alternative name in X.509 certificate."),
        (b"\x86\0", "Unknown Subject Alternative name in X.509 certificate."),
        (b"\x87\0", "Unknown Subject Alternative name in X.509 certificate."),
        (b"\xa0\0", "ASN1 parser: Element was not found."),
        (b"\x88\0", "ASN1 parser: Error in DER parsing."),
        (b"\xa3\0", "ASN1 parser: Error in DER parsing."),
        (b"\x89\1a", "ASN1 parser: Error in DER parsing."),
        (b"\x80\1a", "ASN1 parser: Error in DER parsing."),
        (b"\x82\1a", None),
        (b"\x87\5abcde", None),
        (b"\xa4\2\x30\0", None),
        (b"\x88\3\x2a\3\4", None),
    ],
)
def test_empty_names_and_unknown_forms_are_not_imported(entry: bytes, told: str | None) -> None:
    assert wrong_names(sequence(b"\x82\1x", entry)) == told


def test_domains_of_mailboxes_are_compared_without_regard_to_case() -> None:
    made = leaf(email=["A@PLANT.example"])
    assert allowed(made, ((EMAIL, b"Plant.example"),))
    assert not allowed(made, (), ((EMAIL, b"plant.Example"),))
    assert not allowed(made, ((EMAIL, b"a@plant.example"),))


def test_an_address_in_the_subject_stands_in_for_a_missing_one() -> None:
    """Two of them are too many."""
    one: Name = [("CN", HOST), ("emailAddress", "a@x")]
    two: Name = [*one, ("emailAddress", "b@x")]
    permitted = ((EMAIL, b"x"),)
    assert allowed(leaf(one, dns=[HOST]), permitted)
    assert not allowed(leaf(one, dns=[HOST]), ((EMAIL, b"y"),))
    assert allowed(leaf(one, email=["a@y"]), ((EMAIL, b"y"),))
    assert not allowed(leaf(two, dns=[HOST]), permitted)
