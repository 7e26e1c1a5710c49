"""NSS: names and their constraints, kinds of certificates, and which of two is newer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from edgecheck.behaviour import raw
from edgecheck.behaviour.host import host
from edgecheck.behaviour.nss import pkix, store
from edgecheck.behaviour.nss.chain import taken
from edgecheck.behaviour.nss.names import constrained, matches, within
from edgecheck.behaviour.taken import Ended
from edgecheck.reading.certificate import Certificate
from fixtures.der import name_der
from fixtures.pki import (
    Name,
    authority_key_id,
    basic_constraints,
    extended_key_usage,
    issue,
    netscape_cert_type,
    raw_extension,
    subject_alt_name,
    subject_key_id,
)
from tests.behaviour.pool import bare
from tests.clients.asked import CA, ROOT, SERVER, SOUND, long, read, says, view
from tests.hierarchy.chains import AT, HOST, Chain, authority, server

DNS, IP, EMAIL, URI, DIRECTORY = raw.DNS, raw.IP, raw.EMAIL, raw.URI, raw.DIRECTORY
PKIX = "nss3.87-libpkix"


def leaf(subject: Name = HOST, **names: list[str | bytes]) -> Certificate:
    """With these alternative names; without the extension where there are none."""
    spec = server(subject=subject).without_extension("subjectAltName")
    if names:
        spec = spec.with_extension(subject_alt_name(**names))
    return read([issue(spec)])[0]


# --- host names ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("made", "asked", "expected"),
    [
        (leaf(dns=["*.x.y"]), "a.x.y", True),
        (leaf(dns=["*.X.y"]), "A.x.Y", True),
        (leaf(dns=["*.x.y"]), "x.y", False),
        (leaf(dns=["*.y"]), "a.y", False),
        (leaf(dns=["a*.x.y"]), "ab.x.y", True),
        (leaf(dns=["a*.x.y"]), "bb.x.y", False),
        (leaf(dns=["*a.x.y"]), "ba.x.y", False),
        (leaf(dns=["**.x.y"]), "a.x.y", False),
        (leaf(dns=["*..x.y"]), "a..x.y", False),
        (leaf(dns=["*.x.y"]), "xn--a.x.y", True),
        (leaf(dns=["x*.x.y"]), "xn--a.x.y", False),
        (leaf(dns=["*.x.y"]), "*.x.y", True),
        (leaf("a.x.y"), "a.x.y", True),
        (leaf("a.x.y", dns=["b.x.y"]), "a.x.y", False),
        (leaf("a.x.y", ip=["10.0.0.1"]), "a.x.y", True),
        (leaf([("CN", "a.x"), ("CN", "b.x")]), "a.x", False),
        (leaf([("CN", "a.x"), ("CN", "b.x")]), "b.x", True),
        (leaf(ip=["10.0.0.1"]), "10.0.0.1", True),
        (leaf(ip=[b"\0" * 10 + b"\xff\xff\x0a\0\0\x01"]), "10.0.0.1", True),
        (leaf("10.0.0.1", ip=["10.0.0.2"]), "10.0.0.1", False),
        (leaf("10.0.0.1", dns=["10.0.0.1"]), "10.0.0.1", True),
        (leaf("2001:DB8::1"), "2001:db8::1", True),
        (leaf("x", dns=["10.0.0.1"]), "10.0.0.1", False),
        *((leaf(dns=[f"a{sign}x"]), f"a{sign}x", False) for sign in ',=+<>#;\r\n"\\'),
        *((leaf(f"a{sign}x"), f"a{sign}x", True) for sign in ",+#"),
        (leaf(dns=["a x"]), "a x", True),
        (leaf(dns=["a,x", "b"]), "b", True),
    ],
)
def test_host_names(made: Certificate, asked: str, expected: bool) -> None:
    """A dNSName with a sign that it would quote matches nothing."""
    assert matches(made, host(asked)) == expected


# --- name constraints ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "name", "base", "fits"),
    [
        (DNS, b"a.x", b"x", True),
        (DNS, b"A.X", b"x", True),
        (DNS, b"a.x", b".X", True),
        (DNS, b"x", b"x", True),
        (DNS, b"ax", b"x", False),
        (DNS, b"x", b".x", False),
        (DNS, b"a..x", b".x", False),
        (DNS, b"a", b"", True),
        (EMAIL, b"a@x", b"x", True),
        (EMAIL, b"A@X", b"x", True),
        (EMAIL, b"a@b.x", b"x", False),
        (EMAIL, b"a@b.x", b".x", True),
        (EMAIL, b"a@x", b"A@x", True),
        (EMAIL, b"b@x", b"a@x", False),
        (EMAIL, b"a@x", b"", True),
        (EMAIL, b"a@x", b".", True),
        (URI, b"u://x/p", b"x", True),
        (URI, b"u://u@X:1/p", b"x", True),
        (URI, b"u://a.x", b"x", False),
        (URI, b"u://a.x", b".x", True),
        (URI, b"u://x", b".x", False),
        (URI, b"u:x", b"x", False),
        (URI, b"u:x", b"", False),
        (IP, b"\x0a\0\0\x01", b"\x0a\0\0\0\xff\xff\xff\0", True),
        (IP, b"\x0a\0\1\x01", b"\x0a\0\0\0\xff\xff\xff\0", False),
        (IP, bytes(16), b"\x0a\0\0\0\xff\xff\xff\0", False),
        (IP, bytes(16), bytes(16) + b"\xff" * 16, True),
        (DIRECTORY, name_der([("O", "p"), ("CN", "x")]), name_der([("O", "p")]), True),
        (DIRECTORY, name_der([("CN", "x"), ("O", "p")]), name_der([("O", "p")]), False),
        (DIRECTORY, name_der([("O", "P")]), name_der([("O", "p")]), False),
        (0x88, b"\x2a", b"\x2a", False),
    ],
)
def test_each_form_within_and_outside(form: int, name: bytes, base: bytes, fits: bool) -> None:
    held = ((form, base),)
    assert within(raw.Constraints(held), [(form, name)]) == fits
    assert within(raw.Constraints((), held), [(form, name)]) == (not fits)


def test_one_base_of_several_is_enough_and_every_name_has_to_fit() -> None:
    held = raw.Constraints(((DNS, b"y"), (DNS, b"x")), ((DNS, b"z"), (DNS, b"b.x")))
    assert within(held, [(DNS, b"a.x"), (DNS, b"a.y"), (EMAIL, b"a@b")])
    assert not within(held, [(DNS, b"a.x"), (DNS, b"a.w")])
    assert not within(held, [(DNS, b"a.x"), (DNS, b"b.x")])


def test_which_names_are_constrained() -> None:
    """Subject, addresses in it, alternative names, and the server's last common name."""
    mail = leaf([("emailAddress", "a@x"), ("CN", "b"), ("CN", "c")], ip=["10.0.0.1"])
    own = [(DIRECTORY, mail.subject_raw), (EMAIL, b"a@x"), (IP, b"\x0a\0\0\x01")]
    assert constrained(mail, False) == own
    assert constrained(mail, True) == [*own, (DNS, b"c")]
    named = leaf("b", dns=["c"])
    assert constrained(named, True) == [(DIRECTORY, named.subject_raw), (DNS, b"c")]


# --- kinds ---------------------------------------------------------------------------------------

USAGES = {
    "1.3.6.1.5.5.7.3.1": (store.SSL_CA, store.SSL_SERVER),
    "2.16.840.1.113730.4.1": (store.SSL_CA, store.SSL_SERVER),
    "1.3.6.1.5.5.7.3.2": (store.SSL_CA, store.SSL_CLIENT),
    "1.3.6.1.5.5.7.3.3": (store.SIGNING_CA, store.SIGNING),
    "1.3.6.1.5.5.7.3.4": (store.EMAIL_CA, store.EMAIL),
    "1.3.6.1.5.5.7.3.9": (store.RESPONDER, store.RESPONDER),
    **dict.fromkeys(
        (
            "1.3.6.1.5.5.7.3.5",
            "1.3.6.1.5.5.7.3.6",
            "1.3.6.1.5.5.7.3.7",
            "1.3.6.1.5.5.7.3.17",
            "1.3.6.1.5.5.8.2.2",
            "2.5.29.37.0",
        ),
        (store.IPSEC_CA, store.IPSEC),
    ),
    "1.2.3.4": (0, 0),
}


@pytest.mark.parametrize("usage", sorted(USAGES))
def test_what_each_usage_makes_of_an_authority_and_of_another(usage: str) -> None:
    """What is for TLS or mail is for IPsec too."""
    as_ca, as_end = USAGES[usage]
    as_ca |= store.IPSEC_CA if as_ca & (store.SSL_CA | store.EMAIL_CA) else 0
    as_end |= store.IPSEC if as_end & (store.SSL_CLIENT | store.SSL_SERVER | store.EMAIL) else 0
    made = extended_key_usage(usage)
    ca = read([issue(authority("x", "p256-2").with_extension(made))])[0]
    assert (store.kinds(ca), store.kinds(read([issue(server(made))])[0])) == (as_ca, as_end)


def test_what_netscape_types_add() -> None:
    for letter, found in (
        ("client", 0x80 | 0x100),
        ("server", 0x40 | 0x100),
        ("email", 0x20 | 0x100),
        ("objsign", 0x10),
        ("sslCA", 4 | 2 | 0x200),
        ("emailCA", 2 | 0x200),
        ("objCA", 1),
    ):
        spec = server(netscape_cert_type(letter)).without_extension("extendedKeyUsage")
        assert store.kinds(read([issue(spec)])[0]) == found
    empty = server(raw_extension("nsCertType", b"\x03\x01\x00")).without_extension(
        "extendedKeyUsage"
    )
    assert store.kinds(read([issue(empty)])[0]) == 0


def test_without_any_usage_a_certificate_is_for_all_and_an_authority_for_more() -> None:
    everything = 0x80 | 0x40 | 0x20 | 0x100
    authorities = 4 | 2 | 0x4000 | 0x200
    plain = read([issue(server().without_extension("extendedKeyUsage"))])[0]
    assert store.kinds(plain) == everything
    assert store.kinds(plain, True) == everything | authorities
    assert store.kinds(read([issue(authority("x", "p256-2"))])[0]) == everything | authorities
    old = read([issue(authority("x", "p256-2", version=1, extensions=()))])[0]
    assert store.kinds(old) == everything | authorities
    lower = read([issue(authority("x", "p256-2", version=1, extensions=(), issuer="y"))])[0]
    assert store.kinds(lower) == everything


def test_an_issuer_for_another_purpose_is_none_and_one_for_no_purpose_is() -> None:
    """If it may be an authority for anything, it has to be for TLS."""
    for usages, good in (
        (("serverAuth",), True),
        (("emailProtection",), False),
        (("codeSigning",), False),
        (("OCSPSigning",), False),
        (("anyExtendedKeyUsage",), False),
        (("1.2.3.4",), True),
        (("1.2.3.4", "clientAuth"), True),
    ):
        ca = read([issue(authority("x", "p256-2").with_extension(extended_key_usage(*usages)))])[0]
        assert store.may_issue(ca) == good


# --- which issuer --------------------------------------------------------------------------------


def _at(start: int, end: int) -> Certificate:
    spec = authority("x", "p256-2", not_before=_day(start), not_after=_day(end))
    return read([issue(spec)])[0]


def _day(day: int) -> datetime:
    return datetime(2026, 1, day, tzinfo=UTC)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((2, 12), (1, 11), True),
        ((1, 11), (2, 12), False),
        ((1, 11), (1, 11), False),
        ((2, 11), (1, 12), True),
        ((1, 12), (2, 11), False),
        ((2, 5), (1, 12), False),
        ((1, 12), (2, 5), True),
        ((2, 10), (1, 12), True),
        ((1, 12), (2, 10), False),
        ((1, 12), (1, 11), False),
        ((1, 12), (1, 9), True),
    ],
)
def test_which_is_newer(one: tuple[int, int], other: tuple[int, int], expected: bool) -> None:
    """On the tenth of January: later at both ends, or at the beginning unless it has ended."""
    at = int(_day(10).timestamp())
    assert store.newer(_at(*one), _at(*other), at) == expected


@pytest.mark.parametrize(
    ("identifier", "expected"),
    [
        (authority_key_id(b"\x01" * 20), True),
        (authority_key_id(b"\x02" * 20), False),
        (authority_key_id(False, ("Test Root", 5)), True),
        (authority_key_id(False, ("Test Root", 6)), None),
        (authority_key_id(False, ("Other", 5)), None),
        (authority_key_id(b"\x01" * 20, ("Other", 5)), None),
        (authority_key_id(b"\x02" * 20, ("Test Root", 5)), False),
    ],
)
def test_what_identifies_an_issuer(identifier: object, expected: bool | None) -> None:
    issuer = issue(authority("Test Root", "p256-3", subject_key_id(b"\x01" * 20), serial=5))
    child = issue(SOUND.specs[CA].with_extension(identifier), issuer)  # type: ignore[arg-type]
    assert store.identified(*read([child, issuer])) is expected
    silent = issue(bare(SOUND.specs[CA]), issuer)
    assert store.identified(*read([silent, issuer])) is None


# --- libpkix -------------------------------------------------------------------------------------


def test_libpkix_tries_what_fits_and_tells_the_first_fault_on_a_path_to_an_anchor() -> None:
    leaf, ca, root = Chain(tuple(bare(spec) for spec in SOUND.specs)).issued()
    broken = issue(ca.spec.with_(key="p256-5", serial=31), root)
    odd = issue(
        ca.spec.with_(serial=32).with_extension(raw_extension("1.2.3.4", b"\x05\x00", True)), root
    )
    assert says(PKIX, [leaf, broken, odd, ca], [root]) == "connects"
    assert says(PKIX, [leaf, broken, odd], [root]) == "SEC_ERROR_BAD_SIGNATURE"
    assert says(PKIX, [leaf, odd, broken], [root]) == "SEC_ERROR_UNKNOWN_CRITICAL_EXTENSION"


def test_libpkix_tells_a_root_that_is_not_trusted_and_a_loop() -> None:
    leaf, ca, root = Chain(tuple(bare(spec) for spec in SOUND.specs)).issued()
    stranger = issue(bare(authority("Stranger", "p256-8")))
    untrusted = "SEC_ERROR_UNTRUSTED_ISSUER"
    assert says(PKIX, [leaf, ca, root], [stranger]) == untrusted
    a = issue(ca.spec.with_(issuer="B", signer="p256-4"))
    b = issue(bare(authority("B", "p256-4")).with_(issuer="Test CA", signer="p256-2"))
    assert says(PKIX, [leaf, a, b], [stranger]) == untrusted
    assert says(PKIX, [leaf, a], [stranger]) == "SEC_ERROR_UNKNOWN_ISSUER"
    own = issue(ca.spec.with_(key="p256-5", serial=9), ca)
    assert says(PKIX, [leaf, own], [stranger]) == "SEC_ERROR_UNKNOWN_ISSUER"


def test_what_is_settled_on() -> None:
    good = taken(view(SOUND))
    assert (good.ended, len(good.certificates), good.objections) == (Ended.TRUSTED, 3, ())
    assert taken(view(SOUND, trust=[])).ended is Ended.NO_ISSUER
    assert taken(view(SOUND.issued(), [])).ended is Ended.SELF_SIGNED
    late = taken(view(SOUND.put(CA, not_after=AT - timedelta(days=1))))
    assert (late.ended, len(late.objections)) == (Ended.GIVEN_UP, 1)
    assert taken(view(long(20))).ended is Ended.NO_ISSUER
    assert pkix.taken(view(SOUND)).good
    assert pkix.taken(view(SOUND, trust=[])).ended is Ended.NO_ISSUER
    wrong = pkix.taken(view(SOUND.put(SERVER, key="ed25519-1").put(ROOT, key="ed25519-1")))
    assert (wrong.ended, len(wrong.objections)) == (Ended.GIVEN_UP, 1)
    own = taken(view(SOUND.put(ROOT, basic_constraints(False))))
    assert own.ended is Ended.GIVEN_UP
