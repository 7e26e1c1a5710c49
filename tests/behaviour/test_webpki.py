"""rustls and cryptography: host names, name constraints, and what is said of names."""

from __future__ import annotations

import pytest

from edgecheck.behaviour import raw
from edgecheck.behaviour.host import host
from edgecheck.behaviour.pyca.names import matches as pyca_matches
from edgecheck.behaviour.taken import Ended
from edgecheck.behaviour.webpki.build import taken
from edgecheck.behaviour.webpki.names import asked, listed, matches, rtls_matches, violated
from edgecheck.reading.certificate import Certificate
from fixtures.der import name_der
from fixtures.pki import Name, basic_constraints, issue, subject_alt_name
from tests.behaviour.pool import bare
from tests.clients.asked import CA, SOUND, read, view
from tests.hierarchy.chains import AT, HOST, Chain, server

DNS, IP, EMAIL, URI, DIRECTORY = raw.DNS, raw.IP, raw.EMAIL, raw.URI, raw.DIRECTORY


def leaf(subject: Name = HOST, **names: list[str | bytes]) -> Certificate:
    """With these alternative names; without the extension where there are none."""
    spec = server(subject=subject).without_extension("subjectAltName")
    if names:
        spec = spec.with_extension(subject_alt_name(**names))
    return read([issue(spec)])[0]


LONG_253 = ".".join(["a" * 63] * 3 + ["a" * 61])
NAMES = [
    # the certificate's name, what is asked for, rustls, cryptography
    ("*.x.y", "a.x.y", True, True),
    ("*.X.y", "A.x.Y", True, True),
    ("*.x.y", "x.y", False, False),
    ("*.x.y", "b.a.x.y", False, False),
    ("*.y", "a.y", False, True),
    ("a*.x.y", "ab.x.y", False, False),
    ("a.*.y", "a.x.y", False, False),
    ("a_b.x.y", "a_b.x.y", True, False),
    ("-a.x", "-a.x", False, False),
    ("a-.x", "a-.x", False, False),
    ("a-b.x", "a-b.x", True, True),
    ("a.x", "a.x.", True, False),
    ("a.x.", "a.x", False, False),
    ("a.7", "a.7", False, True),
    ("*.x.7", "a.x.7", False, True),
    ("a" * 63, "a" * 63, True, True),
    ("a" * 64, "a" * 64, False, False),
    (LONG_253, LONG_253, True, True),
    (LONG_253 + "a", LONG_253 + "a", False, False),
    ("xn--bcher-kva.x", "b\u00fccher.x", True, False),
    ("", "", False, False),
    ("*", "a", False, False),
]


@pytest.mark.parametrize(("name", "wanted", "rustls", "pyca"), NAMES)
def test_host_names(name: str, wanted: str, rustls: bool, pyca: bool) -> None:
    made = leaf(dns=[name])
    assert (matches(made, host(wanted)), pyca_matches(made, host(wanted))) == (rustls, pyca)
    assert rtls_matches(made, host(wanted)) == (rustls and wanted.isascii())


def test_addresses_are_compared_as_they_are_and_the_common_name_never_counts() -> None:
    for takes in (matches, pyca_matches):
        assert takes(leaf(ip=["10.0.0.1"]), host("10.0.0.1"))
        assert not takes(leaf(ip=["10.0.0.2"]), host("10.0.0.1"))
        assert not takes(leaf(ip=[b"\0" * 10 + b"\xff\xff\x0a\0\0\x01"]), host("10.0.0.1"))
        assert not takes(leaf(dns=["10.0.0.1"]), host("10.0.0.1"))
        assert not takes(leaf(HOST), host(HOST))
        assert takes(leaf(ip=["::1"]), host("[::1]"))


def test_what_can_be_asked_for() -> None:
    good = ("10.0.0.1", "a.x", "a.x.", "_a.x", LONG_253)
    for name in good:
        assert asked(host(name))
    for name in ("a..x", "a.7", "-a.x", LONG_253 + "a", "a b", "\u2603..x"):
        assert not asked(host(name))


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (leaf(), "is not valid for any names (according to its subjectAltName extension)"),
        (leaf(dns=["a"]), 'is only valid for DnsName("a")'),
        (
            leaf(dns=["a", "b"], ip=["10.0.0.1"]),
            'is only valid for DnsName("a"), DnsName("b") or IpAddress(10.0.0.1)',
        ),
        (leaf(ip=["::1"]), "is only valid for IpAddress(::1)"),
        (leaf(ip=[bytes(5)]), "is only valid for Unsupported(0x07)"),
        (leaf(raw=[b"\xa4\x02\x30\x00"]), "is only valid for DirectoryName"),
        (leaf(uri=["u:v"]), 'is only valid for UniformResourceIdentifier("u:v")'),
        (leaf(email=["a@x"]), "is only valid for Unsupported(0x01)"),
        (leaf(raw=[b"\xa0\x00"]), "is only valid for Unsupported(0x00)"),
        (leaf(raw=[b"\x88\x01\x2a"]), "is only valid for Unsupported(0x08)"),
    ],
)
def test_what_a_certificate_is_said_to_be_for(made: Certificate, words: str) -> None:
    assert listed(made) == words


@pytest.mark.parametrize(
    ("made", "form", "base", "fits"),
    [
        (leaf(dns=["a.x"]), DNS, b"x", True),
        (leaf(dns=["A.X"]), DNS, b"x", True),
        (leaf(dns=["a.x"]), DNS, b".X", True),
        (leaf(dns=["x"]), DNS, b"x", True),
        (leaf(dns=["x"]), DNS, b".x", False),
        (leaf(dns=["ax"]), DNS, b"x", False),
        (leaf(dns=["a"]), DNS, b"", True),
        (leaf(dns=["*.x"]), DNS, b"x", True),
        (leaf(dns=["*.a.x"]), DNS, b"x", True),
        (leaf(dns=["*.y"]), DNS, b"x", False),
        (leaf(dns=["*.ax"]), DNS, b"x", False),
        (leaf(ip=["10.0.0.9"]), IP, b"\x0a\0\0\0\xff\xff\xff\0", True),
        (leaf(ip=["10.0.1.9"]), IP, b"\x0a\0\0\0\xff\xff\xff\0", False),
        (leaf(ip=["::1"]), IP, b"\x0a\0\0\0\xff\xff\xff\0", False),
        (leaf(ip=["::1"]), IP, bytes(15) + b"\x01" + b"\xff" * 16, True),
        (leaf(), DIRECTORY, name_der([("CN", HOST)]), True),
        (leaf([("O", "p"), ("CN", "x")]), DIRECTORY, name_der([("O", "p")]), False),
        (leaf(email=["a@x"]), EMAIL, b"x", False),
        (leaf(uri=["u:v"]), URI, b"u:v", False),
    ],
)
def test_each_form_within_and_outside(
    made: Certificate, form: int, base: bytes, fits: bool
) -> None:
    """Of forms that it does not compare nothing is within."""
    held = ((form, base),)
    told = "NameConstraintViolation"
    assert violated(made, raw.Constraints(held)) == (None if fits else told)
    assert violated(made, raw.Constraints((), held)) == (told if fits else None)


def test_one_base_of_several_is_enough_and_every_name_has_to_fit() -> None:
    held = raw.Constraints(((DNS, b"y"), (DNS, b"x")), ((DNS, b"z"), (DNS, b"b.x")))
    assert violated(leaf(dns=["a.x", "a.y"]), held) is None
    assert violated(leaf(dns=["a.x", "a.w"]), held) is not None
    assert violated(leaf(dns=["a.x", "b.x"]), held) is not None


def test_what_is_settled_on() -> None:
    good = taken(view(SOUND))
    assert (good.ended, len(good.certificates)) == (Ended.TRUSTED, 3)
    assert taken(view(SOUND, trust=[])).ended is Ended.NO_ISSUER
    wrong = taken(view(SOUND.put(CA, basic_constraints(False))))
    assert (wrong.ended, wrong.objections[0].code) == (Ended.GIVEN_UP, "EndEntityUsedAsCa")
    leaf, ca, _ = SOUND.issued()
    assert taken(view([leaf], [ca])).good
    assert not taken(view([leaf], [ca]), only_roots=True).good
    plain = Chain(tuple(bare(spec) for spec in SOUND.specs)).issued()
    ended = AT.replace(year=2025)
    stranger = issue(plain[1].spec.with_(not_after=ended, serial=31), plain[2])
    with pytest.raises(ValueError, match="too many paths"):
        taken(view([plain[0], *[stranger] * 1001], [plain[2]]))
