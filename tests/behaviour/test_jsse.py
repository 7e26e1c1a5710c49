"""Java: what it says of names, which names constraints hold for, and the paths that it builds."""

from __future__ import annotations

from datetime import timedelta

import pytest

from edgecheck.behaviour import raw
from edgecheck.behaviour.host import host
from edgecheck.behaviour.jsse.chain import in_order, taken, verified
from edgecheck.behaviour.jsse.names import EmptyBase, allowed, mismatch
from edgecheck.behaviour.taken import Ended
from edgecheck.reading.certificate import Certificate
from fixtures.der import name_der
from fixtures.pki import (
    Issued,
    Name,
    authority_key_id,
    basic_constraints,
    issue,
    key_usage,
    name_constraints,
    raw_extension,
    subject_alt_name,
    subject_key_id,
)
from tests.behaviour.pool import bare
from tests.clients.asked import CA, ROOT, SERVER, SOUND, read, says, view
from tests.hierarchy.chains import AT, HOST, Chain, authority, server

JAVA = "java17-jsse"
PAST = AT - timedelta(seconds=1)
FUTURE = AT + timedelta(seconds=1)
NOT_FOUND = "unable to find valid certification path to requested target"


def leaf(subject: Name = HOST, **names: list[str | bytes]) -> Certificate:
    """With these alternative names; without the extension where there are none."""
    spec = server(subject=subject).without_extension("subjectAltName")
    if names:
        spec = spec.with_extension(subject_alt_name(**names))
    return read([issue(spec)])[0]


# --- host names ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("made", "asked", "words"),
    [
        (leaf(), "10.0.0.1", "No subject alternative names present"),
        (
            leaf(dns=["10.0.0.1"]),
            "10.0.0.1",
            "No subject alternative names matching IP address 10.0.0.1 found",
        ),
        (leaf(ip=["10.0.0.2", "10.0.0.1"]), "10.0.0.1", None),
        (leaf(), "a_b.x", "Illegal given domain name: a_b.x"),
        (leaf(dns=["a.x"]), "b.x.", "No subject alternative DNS name matching b.x found."),
        (leaf(dns=["a.x", "b.x"]), "b.x.", None),
        (leaf("a.x"), "b.x", "No name matching b.x found"),
        (leaf("a.x"), "a.x", None),
        (leaf("a.x", ip=["10.0.0.1"]), "a.x", None),
        (leaf([("CN", "a.x"), ("CN", "b.x")]), "a.x", "No name matching a.x found"),
        (leaf([("CN", "a.x"), ("CN", "b.x")]), "b.x", None),
        (leaf([("O", "a.x")]), "a.x", "No name matching a.x found"),
        (leaf(), "", "Illegal given domain name: "),
        (leaf(), "a..", "Illegal given domain name: a."),
    ],
)
def test_what_is_said_of_a_name(made: Certificate, asked: str, words: str | None) -> None:
    assert mismatch(made, host(asked)) == words


@pytest.mark.parametrize(
    ("template", "asked", "expected"),
    [
        ("*.x.y", "a.x.y", True),
        ("*.x.y", "x.y", False),
        ("*.x.y", "b.a.x.y", False),
        ("a*.x.y", "ab.x.y", True),
        ("a*.x.y", "a.x.y", True),
        ("a*.x.y", "ba.x.y", False),
        ("*a.x.y", "ba.x.y", True),
        ("*a.x.y", "ab.x.y", False),
        ("a*c.x.y", "abc.x.y", True),
        ("a*c*e.x.y", "abcde.x.y", True),
        ("a*c*e.x.y", "abde.x.y", False),
        ("a.*.y", "a.x.y", True),
        ("*.y", "a.y", True),
        ("a.*", "a.y", False),
        ("*", "a", False),
        ("*.", "a", False),
        ("a.x.", "a.x", False),
        ("A.X", "a.x", True),
        ("a_.x", "a_.x", False),
        ("*.xn--plnt-loa.y", "a.xn--plnt-loa.y", True),
        ("xn--*.y", "xn--plnt-loa.y", False),
        ("xn--plnt-loa.y", "xn--plnt-loa.y", True),
        ("xn--plnt-loa.y", "XN--PLNT-LOA.y", True),
        ("*.xn--plnt-moa.y", "a.pl\u00e4nt.y", True),
        ("a.b", "a.b.c", False),
    ],
)
def test_stars_take_parts_of_labels(template: str, asked: str, expected: bool) -> None:
    assert (mismatch(leaf(dns=[template]), host(asked)) is None) == expected


# --- name constraints ----------------------------------------------------------------------------

DNS, IP, EMAIL, URI, DIRECTORY = raw.DNS, raw.IP, raw.EMAIL, raw.URI, raw.DIRECTORY


def both(made: Certificate, form: int, base: bytes) -> tuple[bool, bool]:
    """Whether it is allowed where the base is permitted, and where it is excluded."""
    one = ((form, base),)
    return allowed(made, raw.Constraints(one)), allowed(made, raw.Constraints((), one))


WITHIN, OUTSIDE = (True, False), (False, True)
FREE = (True, True)


@pytest.mark.parametrize(
    ("made", "form", "base", "expected"),
    [
        (leaf(dns=["a.x"]), DNS, b"x", WITHIN),
        (leaf(dns=["A.X"]), DNS, b"x", WITHIN),
        (leaf(dns=["a.x"]), DNS, b"A.X", WITHIN),
        (leaf(dns=["a.x"]), DNS, b".x", WITHIN),
        (leaf(dns=["ax"]), DNS, b"x", OUTSIDE),
        (leaf(dns=["x"]), DNS, b".x", OUTSIDE),
        (leaf(dns=["a..x"]), DNS, b".x", OUTSIDE),
        (leaf(dns=["a.y"]), DNS, b"x", OUTSIDE),
        (leaf("a.x"), DNS, b"x", WITHIN),
        (leaf("a.y"), DNS, b"x", OUTSIDE),
        (leaf("*.y"), DNS, b"x", OUTSIDE),
        (leaf("a y"), DNS, b"x", FREE),
        (leaf("-a.y"), DNS, b"x", FREE),
        (leaf("a-.y"), DNS, b"x", FREE),
        (leaf("a.y", dns=["a.x"]), DNS, b"x", WITHIN),
        (leaf([("CN", "a.y"), ("CN", "a.x")]), DNS, b"x", WITHIN),
        (leaf("10.0.0.1"), IP, b"\x0a\0\0\x01" + b"\xff" * 4, WITHIN),
        (leaf("10.0.0.2"), IP, b"\x0a\0\0\x01" + b"\xff" * 4, OUTSIDE),
        (leaf("10.0.0.2", ip=["10.0.0.1"]), IP, b"\x0a\0\0\x01" + b"\xff" * 4, WITHIN),
        (leaf("10.0.0.1"), DNS, b"x", FREE),
        (leaf(ip=["10.0.0.9"]), IP, b"\x0a\0\0\0\xff\xff\xff\0", WITHIN),
        (leaf(ip=["::1"]), IP, b"\x0a\0\0\0\xff\xff\xff\0", OUTSIDE),
        (leaf(ip=["::1"]), IP, bytes(15) + b"\x01" + b"\xff" * 16, WITHIN),
        (leaf(email=["a@x"]), EMAIL, b"X", WITHIN),
        (leaf(email=["a@x"]), EMAIL, b"a@x", WITHIN),
        (leaf(email=["a@y"]), EMAIL, b"x", OUTSIDE),
        (leaf(uri=["u://a.x"]), URI, b".x", WITHIN),
        (leaf(uri=["u://a.y"]), URI, b".x", OUTSIDE),
        (leaf(), DIRECTORY, name_der([("CN", HOST)]), WITHIN),
        (leaf(), DIRECTORY, name_der([("CN", HOST.upper())]), WITHIN),
        (leaf([("O", "p"), ("CN", "x")]), DIRECTORY, name_der([("O", "p")]), WITHIN),
        (leaf([("CN", "x"), ("O", "p")]), DIRECTORY, name_der([("O", "p")]), OUTSIDE),
        (leaf(b"\x30\x00", dns=["x"]), DIRECTORY, name_der([("O", "p")]), FREE),
        (leaf(dns=["a.x"]), URI, b"x", FREE),
    ],
)
def test_each_form_within_and_outside(
    made: Certificate, form: int, base: bytes, expected: tuple[bool, bool]
) -> None:
    """The last common name counts as an address, or as a DNS name where there is none."""
    assert both(made, form, base) == expected


def test_one_base_of_several_is_enough() -> None:
    held = raw.Constraints(((DNS, b"y"), (DNS, b"x")), ((DNS, b"z"), (DNS, b"b.x")))
    assert allowed(leaf(dns=["a.x", "a.y"]), held)
    assert not allowed(leaf(dns=["a.x", "b.x"]), held)
    assert not allowed(leaf(dns=["a.x", "a.w"]), held)


def test_an_empty_dns_base_makes_it_stumble_where_there_is_a_dns_name() -> None:
    for held in (raw.Constraints(((DNS, b""),)), raw.Constraints((), ((DNS, b""),))):
        with pytest.raises(EmptyBase):
            allowed(leaf(dns=["a.x"]), held)
        assert allowed(leaf("x y", ip=["10.0.0.1"]), held)


# --- which chain ---------------------------------------------------------------------------------

BARE = Chain(tuple(bare(spec) for spec in SOUND.specs))
LEAF, MIDDLE, TOP = BARE.issued()


def test_what_is_in_order_ends_below_what_is_trusted() -> None:
    """By itself, or by the name and key of something trusted."""
    seen = view([LEAF, MIDDLE, TOP], [TOP])
    assert in_order(seen) == list(seen.presented[:2])
    renewed = issue(TOP.spec.with_(serial=7))
    seen = view([LEAF, MIDDLE, renewed], [TOP])
    assert in_order(seen) == list(seen.presented[:2])
    other = issue(TOP.spec.with_(serial=7, key="p256-4"))
    seen = view([LEAF, MIDDLE, other], [TOP])
    assert in_order(seen) == list(seen.presented)
    seen = view([LEAF, TOP, MIDDLE], [TOP])
    assert in_order(seen) is None
    assert in_order(view([LEAF], [TOP])) is None
    assert in_order(view([LEAF, MIDDLE], [TOP])) is not None


def test_each_anchor_of_the_name_is_tried_and_the_last_failure_told() -> None:
    other = issue(TOP.spec.with_(serial=7, key="p256-4"))
    assert says(JAVA, [LEAF, MIDDLE], [other, TOP]) == "connects"
    assert says(JAVA, [LEAF, MIDDLE], [TOP, other]) == "connects"
    assert says(JAVA, [LEAF, MIDDLE], [other]).endswith("signature check failed")
    named = issue(SOUND.specs[CA].with_extension(authority_key_id(b"\x01" * 20)), TOP)
    identified = issue(SOUND.specs[ROOT])
    told = says(JAVA, [issue(SOUND.specs[SERVER], named), named], [identified])
    assert told.endswith("Path does not chain with any of the trust anchors")


@pytest.mark.parametrize(
    ("authority_id", "subject_id", "chains"),
    [
        (authority_key_id(b"\x01" * 20), subject_key_id(b"\x01" * 20), True),
        (authority_key_id(b"\x01" * 20), subject_key_id(b"\x02" * 20), False),
        (authority_key_id(b"\x01" * 20), None, True),
        (authority_key_id(False, ("Test Root", 5)), None, True),
        (authority_key_id(False, ("Test Root", 6)), None, False),
        (authority_key_id(False, ("Other", 5)), None, True),
    ],
)
def test_key_identifiers_and_serial_numbers_of_anchors(
    authority_id: object, subject_id: object, chains: bool
) -> None:
    root = TOP.spec.with_(serial=5)
    if subject_id is not None:
        root = root.with_extension(subject_id)  # type: ignore[arg-type]
    top = issue(root)
    ca = issue(MIDDLE.spec.with_extension(authority_id), top)  # type: ignore[arg-type]
    told = says(JAVA, [issue(LEAF.spec, ca), ca], [top])
    assert (told == "connects") == chains
    old = issue(root.with_(version=1, extensions=()))
    if subject_id is None:
        assert says(JAVA, [issue(LEAF.spec, ca), ca], [old]) == "connects"


def unordered(*specs: Issued, trust: tuple[Issued, ...] = (TOP,)) -> bool:
    """Whether a path is found where an unrelated certificate stands behind the server's."""
    stranger = issue(authority("Stranger", "p256-8"))
    told = says(JAVA, [LEAF, stranger, *specs], list(trust))
    assert told == "connects" or told.endswith(NOT_FOUND)
    return told == "connects"


def ca_like(*more: object, **changes: object) -> Issued:
    spec = MIDDLE.spec
    for extension in more:
        spec = spec.with_extension(extension)  # type: ignore[arg-type]
    return issue(spec.with_(**changes), TOP)


@pytest.mark.parametrize(
    ("one", "found"),
    [
        (MIDDLE, True),
        (ca_like(not_after=PAST), False),
        (ca_like(not_after=AT), True),
        (ca_like(not_before=FUTURE), False),
        (ca_like(not_before=AT), True),
        (ca_like(basic_constraints(False)), False),
        (ca_like(basic_constraints(True, 0)), True),
        (ca_like(key_usage("cRLSign")), False),
        (ca_like(raw_extension("1.2.3.4", b"\x05\x00", True)), False),
        (ca_like(name_constraints({"dns": ["x.example"]})), False),
        (ca_like(version=1, extensions=()), False),
        (ca_like(subject="Other CA"), False),
        (ca_like(key="p256-5"), False),
    ],
)
def test_out_of_order_every_path_is_tried_with_what_fits(one: Issued, found: bool) -> None:
    assert unordered(one) == found
    assert unordered(one, MIDDLE)


def test_path_lengths_while_it_builds() -> None:
    """They count what is not self-issued below; and below the anchor all is checked again."""
    upper = issue(
        bare(authority("Upper", "p256-4")).with_extension(basic_constraints(True, 0)), TOP
    )
    lower = issue(MIDDLE.spec, upper)
    assert not unordered(lower, upper)
    longer = issue(upper.spec.with_extension(basic_constraints(True, 1)), TOP)
    assert unordered(issue(MIDDLE.spec, longer), longer)


def test_an_anchor_that_has_ended_is_taken_for_the_servers_own_issuer_alone() -> None:
    old = issue(TOP.spec.with_(not_after=PAST))
    assert not unordered(MIDDLE, trust=(old,))
    early = issue(TOP.spec.with_(not_before=FUTURE))
    assert not unordered(MIDDLE, trust=(early,))
    assert unordered(MIDDLE, trust=(issue(TOP.spec.with_(not_before=AT)),))
    assert unordered(MIDDLE, trust=(issue(TOP.spec.with_(not_after=AT)),))
    above = issue(MIDDLE.spec.with_(not_after=PAST), TOP)
    assert unordered(trust=(above,))


def test_the_servers_own_faults_end_the_search() -> None:
    stranger = issue(authority("Stranger", "p256-8"))
    for changes in ({"not_after": PAST}, {"not_before": FUTURE}):
        late = issue(LEAF.spec.with_(**changes), MIDDLE)
        assert says(JAVA, [late, stranger, MIDDLE], [TOP]).endswith(NOT_FOUND)
    odd = issue(LEAF.spec.with_extension(raw_extension("1.2.3.4", b"\x05\x00", True)), MIDDLE)
    assert says(JAVA, [odd, stranger, MIDDLE], [TOP]).endswith(NOT_FOUND)
    timely = issue(LEAF.spec.with_(not_after=AT, not_before=AT), MIDDLE)
    assert says(JAVA, [timely, stranger, MIDDLE], [TOP]) == "connects"


def test_what_a_built_path_is_checked_for_at_its_end() -> None:
    """Weak algorithms, policies and the anchor itself; the last in its own words."""
    wanted = ca_like(raw_extension("policyConstraints", bytes.fromhex("3003800100"), True))
    assert not unordered(wanted)
    denied = issue(TOP.spec.with_extension(basic_constraints(False)))
    stranger = issue(authority("Stranger", "p256-8"))
    told = says(JAVA, [LEAF, stranger, MIDDLE], [denied])
    assert told == (
        "javax.net.ssl.SSLHandshakeException: PKIX path building failed: "
        'sun.security.validator.ValidatorException: TrustAnchor with subject "CN=Test Root" is not '
        "a CA certificate"
    )


def test_two_self_issued_certificates_in_a_row_end_the_search() -> None:
    first = issue(MIDDLE.spec.with_(key="p256-5", serial=61), MIDDLE)
    child = issue(LEAF.spec, first)
    second = issue(MIDDLE.spec.with_(key="p256-6", serial=62), MIDDLE)
    stranger = issue(authority("Stranger", "p256-8"))
    assert says(JAVA, [child, stranger, first, MIDDLE], [TOP]) == "connects"
    lower = issue(MIDDLE.spec.with_(key="p256-7", serial=63), second)
    told = says(JAVA, [issue(LEAF.spec, lower), stranger, lower, second, MIDDLE], [TOP])
    assert told.endswith(NOT_FOUND)
    lowest = issue(authority("X", "p256-8"), first)
    assert says(JAVA, [issue(LEAF.spec, lowest), stranger, lowest, first, MIDDLE], [TOP]) == (
        "connects"
    )


# --- what is settled on --------------------------------------------------------------------------


def test_what_is_settled_on() -> None:
    """What came in order with what is wrong; what it builds only where it is good."""
    assert [c.serial for c in taken(view([LEAF, MIDDLE], [TOP])).certificates] == [
        c.serial for c in read([LEAF, MIDDLE, TOP])
    ]
    late = taken(view([LEAF, ca_like(not_after=PAST)], [TOP]))
    assert (late.ended, len(late.objections), len(late.certificates)) == (Ended.TRUSTED, 1, 3)
    assert taken(view([LEAF], [TOP])).ended is Ended.NO_ISSUER
    parsed = taken(view([LEAF, ca_like(version=4)], [TOP]))
    assert parsed.ended is Ended.GIVEN_UP and parsed.objections
    assert len(verified(view([LEAF], [LEAF]))) == 1
    many = [LEAF, *(issue(MIDDLE.spec.with_(serial=200 + n), TOP) for n in range(10))]
    assert taken(view(many, [TOP])).objections[0].code == "length"
    assert taken(view(many[:10], [TOP])).ended is not Ended.GIVEN_UP
