"""Go: host names and name constraints in its words, and how far it searches for a chain."""

from __future__ import annotations

from datetime import timedelta

import pytest

from edgecheck.behaviour import raw
from edgecheck.behaviour.golang.chain import UNKNOWN_AUTHORITY, taken
from edgecheck.behaviour.golang.names import mismatch, violated
from edgecheck.behaviour.golang.records import V1_19, V1_27
from edgecheck.behaviour.host import host
from edgecheck.behaviour.taken import Ended
from edgecheck.reading.certificate import Certificate
from fixtures.pki import (
    Extension,
    Issued,
    Name,
    authority_key_id,
    basic_constraints,
    flip_signature_bit,
    issue,
    name_constraints,
    raw_extension,
    subject_alt_name,
    subject_key_id,
)
from tests.behaviour.pool import bare
from tests.clients.asked import CA, ROOT, SERVER, SOUND, read, says, view
from tests.hierarchy.chains import AT, HOST, Chain, authority, server

BOTH = (V1_27, V1_19)
NEW, OLD = "go1.27.3", "go1.19.8"


def leaf(*names: Extension, subject: Name = HOST) -> Certificate:
    spec = server(subject=subject).without_extension("subjectAltName")
    for one in names:
        spec = spec.with_extension(one)
    return read([issue(spec)])[0]


# --- host names ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "asked", "words"),
    [
        ({"dns": ["a.x"]}, "a.x", None),
        ({"dns": ["a.x", "b.x"]}, "c.x", "certificate is valid for a.x, b.x, not c.x"),
        (
            {"email": ["a@x"]},
            "a.x",
            "certificate is not valid for any names, but wanted to match a.x",
        ),
        ({"ip": ["10.0.0.1"]}, "10.0.0.1", None),
        ({"ip": [b"\0" * 10 + b"\xff\xff\x0a\0\0\x01"]}, "10.0.0.1", None),
        (
            {"dns": ["10.0.0.1"]},
            "10.0.0.1",
            "cannot validate certificate for 10.0.0.1 because it doesn't contain any IP SANs",
        ),
        (
            {"ip": ["10.0.0.2", "::1"], "dns": ["a.x"]},
            "10.0.0.1",
            "certificate is valid for 10.0.0.2, ::1, not 10.0.0.1",
        ),
    ],
)
def test_what_is_said_of_a_name(
    names: dict[str, list[str | bytes]], asked: str, words: str | None
) -> None:
    for version in BOTH:
        assert mismatch(leaf(subject_alt_name(**names)), host(asked), version) == words


def test_the_common_name_is_told_where_it_alone_would_match() -> None:
    """Without the extension; a name that would not match is not told."""
    legacy = "certificate relies on legacy Common Name field, use SANs instead"
    assert mismatch(leaf(), host(HOST), V1_27) == legacy
    for made in (leaf(subject="x"), leaf(subject_alt_name()), leaf(subject=[("O", "x")])):
        told = f"certificate is not valid for any names, but wanted to match {HOST}"
        assert mismatch(made, host(HOST), V1_27) == told


def test_names_count_in_version_3_alone() -> None:
    old = read([issue(server(version=1))])[0]
    told = "certificate relies on legacy Common Name field, use SANs instead"
    assert mismatch(old, host(HOST), V1_27) == told
    held = raw.Constraints(excluded=((raw.DNS, HOST.encode()),))
    assert violated(old, held, V1_27) is None


@pytest.mark.parametrize(
    ("name", "asked", "new", "old"),
    [
        ("*", "x", False, True),
        ("*", "a.x", False, False),
        ("*.x", "a.x", True, True),
        ("*.X", "A.x", True, True),
        ("*.x", "x", False, False),
        ("a.*.x", "a.b.x", False, False),
        ("a*.x", "ab.x", False, False),
        ("a.x", "a.x.", True, True),
        ("a.x.", "a.x", False, False),
        ("a.x.", "a.x.", True, True),
        ("-a.x", "-a.x", True, True),
        ("-A.x", "-a.X", True, True),
        ("a b", "a b", True, True),
        ("", "", False, False),
        (".", ".", False, False),
        ("a..x", "a..x", True, True),
        ("a_b.x", "a_b.x", True, True),
        ("*._x", "a._x", True, True),
        ("a.x!", "a.x", False, False),
    ],
)
def test_valid_names_match_by_label_and_others_as_a_whole(
    name: str, asked: str, new: bool, old: bool
) -> None:
    """A star alone is a name in 1.19."""
    made = leaf(subject_alt_name(dns=[name]))
    told = tuple(mismatch(made, host(asked), version) is None for version in BOTH)
    assert told == (new, old)


# --- name constraints ----------------------------------------------------------------------------

Names = dict[str, list[str | bytes]]


@pytest.mark.parametrize(
    ("base", "within", "without"),
    [
        ("x.example", "x.example X.Example a.x.example c.b.a.X.example", "ax.example example a"),
        (".x.example", "a.x.example b.a.X.example", "x.example ax.example example"),
        (".X.example", "a.x.example", "x.example"),
        ("", "a x.example", ""),
        ("example", "example x.example", "xexample example.x"),
    ],
)
def test_a_dns_constraint_is_of_whole_labels(base: str, within: str, without: str) -> None:
    """A leading period wants one label more."""
    held = raw.Constraints(permitted=((raw.DNS, base.encode()),))
    denied = raw.Constraints(excluded=((raw.DNS, base.encode()),))
    for version in BOTH:
        for name in within.split():
            made = leaf(subject_alt_name(dns=[name]))
            assert violated(made, held, version) is None
            told = f'DNS name "{name}" is excluded by constraint "{base}"'
            assert violated(made, denied, version) == told
        for name in without.split():
            made = leaf(subject_alt_name(dns=[name]))
            assert violated(made, denied, version) is None
            told = f'DNS name "{name}" is not permitted by any constraint'
            assert violated(made, held, version) == told


@pytest.mark.parametrize(
    ("name", "base", "shown", "fits"),
    [
        ("10.1.2.3", "10.1.0.0/16", "10.1.0.0/16", True),
        ("10.2.2.3", "10.1.0.0/16", "10.1.0.0/16", False),
        ("10.1.2.3", "10.1.2.3/32", "10.1.2.3/32", True),
        ("2001:db8::1", "2001:db8::/32", "2001:db8::/32", True),
        ("2001:db9::1", "2001:db8::/32", "2001:db8::/32", False),
        ("2001:db8::1", "10.1.0.0/16", "10.1.0.0/16", False),
        ("10.1.2.3", "::/0", "::/0", False),
    ],
)
def test_an_address_constraint_is_of_one_kind_of_addresses(
    name: str, base: str, shown: str, fits: bool
) -> None:
    made = leaf(subject_alt_name(ip=[name]))
    permitted, excluded = (
        SOUND.put(CA, name_constraints(*pair, critical=False))
        for pair in (({"ip": [base]}, None), (None, {"ip": [base]}))
    )
    for version in BOTH:
        for chain, wanted in (
            (
                permitted,
                None if fits else f'IP address "{name}" is not permitted by any constraint',
            ),
            (
                excluded,
                f'IP address "{name}" is excluded by constraint "{shown}"' if fits else None,
            ),
        ):
            held = raw.constraints(read([chain.issued()[CA]])[0])
            assert held is not None
            assert violated(made, held, version) == wanted


def test_a_form_without_constraints_is_free_and_other_forms_are_not_looked_at() -> None:
    held = raw.Constraints(permitted=((raw.DNS, b"x"), (raw.EMAIL, b"x"), (raw.URI, b"x")))
    made = leaf(subject_alt_name(ip=["10.0.0.1"], email=["a@b"], uri=["u:v"], dns=["a.x"]))
    assert [violated(made, held, version) for version in BOTH] == [None, None]


def test_one_of_several_permitted_bases_is_enough() -> None:
    held = raw.Constraints(permitted=((raw.DNS, b"y"), (raw.DNS, b"x"), (raw.IP, bytes(8))))
    made = leaf(subject_alt_name(dns=["a.x", "a.y"], ip=["10.0.0.1"]))
    assert [violated(made, held, version) for version in BOTH] == [None, None]


def test_what_cannot_be_a_name_is_told_as_such() -> None:
    held = raw.Constraints(permitted=((raw.DNS, b"x"),))
    for name in ("a..x", "a.x.", "a b.x", ".x"):
        made = leaf(subject_alt_name(dns=[name]))
        told = f'x509: cannot parse dnsName "{name}"'
        assert [violated(made, held, version) for version in BOTH] == [told, told]


def test_which_of_two_faults_is_told() -> None:
    """1.27 looks at addresses first, and at what is permitted before what is excluded."""
    held = raw.Constraints(
        ((raw.DNS, b"y"), (raw.IP, bytes(3) + b"\x01" + b"\xff" * 4)),
        ((raw.DNS, b"x"), (raw.DNS, b"a.x")),
    )
    made = leaf(subject_alt_name(dns=["a.x"], ip=["10.0.0.1"]))
    assert violated(made, held, V1_27) == 'IP address "10.0.0.1" is not permitted by any constraint'
    assert violated(made, held, V1_19) == 'DNS name "a.x" is excluded by constraint "x"'
    named = leaf(subject_alt_name(dns=["a.x"]))
    assert violated(named, held, V1_27) == 'DNS name "a.x" is not permitted by any constraint'


def test_constraints_hold_for_the_servers_names_wherever_they_stand() -> None:
    """1.19 looks while it builds, and at each certificate above; 1.27 at a finished chain."""
    told = (
        "a root or intermediate certificate is not authorized to sign for this name: "
        f'DNS name "{HOST}" is not permitted by any constraint'
    )
    for place in (CA, ROOT):
        made = SOUND.put(place, name_constraints({"dns": ["other.example"]}))
        assert says(NEW, made) == f"tls: failed to verify certificate: x509: {told}"
        assert says(OLD, made) == f"x509: {told}"
    unfit = SOUND.put(CA, subject_alt_name(dns=["other.example"])).put(
        ROOT, name_constraints({"dns": ["plant7.example"]})
    )
    assert (says(NEW, unfit), says(OLD, unfit)) == ("connects", "connects")
    odd = SOUND.put(CA, name_constraints({"dns": ["x"]})).put(
        SERVER, subject_alt_name(dns=[HOST, "a..x"])
    )
    for client in (NEW, OLD):
        assert says(client, odd).endswith("x509: " + told)
    first = SOUND.put(CA, name_constraints({"dns": ["x"]})).put(
        SERVER, subject_alt_name(dns=["a..x", HOST])
    )
    assert says(OLD, first) == 'x509: cannot parse dnsName "a..x"'
    root = SOUND.put(ROOT, name_constraints({"dns": ["x"]}), version=1)
    assert (says(NEW, root), says(OLD, root)) == ("connects", "connects")


# --- the search ----------------------------------------------------------------------------------


def test_the_servers_faults_come_before_its_name_and_its_name_before_the_chain() -> None:
    expired = SOUND.put(SERVER, not_after=AT - timedelta(days=1))
    assert "has expired" in says(NEW, expired, host="other.example")
    untrusted = says(NEW, SOUND, trust=[], host="other.example")
    assert untrusted.endswith(f"certificate is valid for {HOST}, not other.example")
    assert says(NEW, SOUND, trust=[]) == (
        f"tls: failed to verify certificate: x509: {UNKNOWN_AUTHORITY}"
    )


def test_what_is_trusted_and_cannot_be_parsed_is_no_anchor() -> None:
    assert says(OLD, SOUND.put(ROOT, version=4)) == f"x509: {UNKNOWN_AUTHORITY}"
    assert says(OLD, SOUND.put(ROOT, serial=-1)) == "connects"
    assert says(NEW, SOUND.put(ROOT, serial=-1)).endswith(UNKNOWN_AUTHORITY)


def test_a_trusted_server_certificate_is_a_chain_of_its_own() -> None:
    alone = SOUND.issued()[SERVER]
    assert (says(NEW, [alone], [alone]), says(OLD, [alone], [alone])) == ("connects", "connects")


def _many(count: int) -> tuple[list[Issued], Issued]:
    """A chain whose CA stands behind so many of its name, none of which signed."""
    leaf, ca, root = Chain(tuple(bare(spec) for spec in SOUND.specs)).issued()
    spec = ca.spec.with_(key="p256-5")
    wrong = [issue(spec.with_(serial=1000 + at), root) for at in range(count)]
    return [leaf, *wrong, ca], root


@pytest.mark.parametrize("version", BOTH)
def test_it_stops_after_a_hundred_checks_of_signatures(version: tuple[int, int]) -> None:
    """98 that did not sign, the CA, the root: just enough."""
    sent, root = _many(98)
    assert taken(view(sent, [root]), version).ended is Ended.TRUSTED
    sent, root = _many(99)
    found = taken(view(sent, [root]), version)
    assert found.objections[0].code == (
        "signature check attempts limit reached while verifying certificate chain"
    )


def test_the_more_plausible_key_identifier_is_tried_first() -> None:
    """Equal before missing before another one; the order of all else stays."""
    leaf, ca, root = SOUND.issued()
    child = issue(SOUND.specs[SERVER].with_extension(authority_key_id(b"\x01" * 20)), ca)
    likes = {
        name: issue(
            SOUND.specs[CA]
            .with_(serial=serial)
            .with_extension(subject_key_id(value) if value else authority_key_id()),
            root,
        )
        for name, serial, value in (
            ("equal", 21, b"\x01" * 20),
            ("other", 22, b"\x02" * 20),
        )
    }
    missing = issue(
        SOUND.specs[CA].without_extension("subjectKeyIdentifier").with_(serial=23), root
    )
    for sent, first in (
        ((likes["other"], missing, likes["equal"]), likes["equal"]),
        ((likes["other"], missing), missing),
        ((likes["other"],), likes["other"]),
    ):
        found = taken(view([child, *sent], [root]), V1_27)
        assert found.certificates[1].der == first.der
    assert leaf.der


def test_the_same_name_key_and_alternative_names_are_not_tried_twice() -> None:
    """A CA that is crossed with another comes up once; with other names it is another one."""
    leaf, ca, root = Chain(tuple(bare(spec) for spec in SOUND.specs)).issued()
    a = issue(ca.spec.with_(issuer="B", signer="p256-4"))
    b = issue(bare(authority("B", "p256-4")).with_(issuer="Test CA", signer="p256-2"))
    found = taken(view([leaf, a, b], [root]), V1_27)
    assert found.ended is Ended.NO_ISSUER
    assert taken(view([leaf, a, b, ca], [root]), V1_27).ended is Ended.TRUSTED


def test_the_last_error_of_all_candidates_is_told() -> None:
    """A fault of a candidate, unless a later one has another; signatures are only hints."""
    leaf, ca, root = Chain(tuple(bare(spec) for spec in SOUND.specs)).issued()
    late = issue(ca.spec.with_(not_after=AT - timedelta(days=1), serial=31), root)
    odd = issue(
        ca.spec.with_(serial=32).with_extension(raw_extension("1.2.3.4", b"\x05\x00", True)), root
    )
    wrong = issue(ca.spec.with_(serial=33), root)
    broken = issue(ca.spec.with_(key="p256-6", serial=34), root)
    assert "has expired" in says(OLD, [leaf, odd, late], [root])
    assert "unhandled critical" in says(OLD, [leaf, late, odd, broken], [root])
    assert says(OLD, [leaf, late, odd, wrong], [root]) == "connects"
    first = issue(ca.spec.with_(key="p256-7", serial=35, subject="Test CA"), root)
    assert "ECDSA verification failure" in says(OLD, [leaf, first, broken], [root])


def test_a_chain_that_passes_is_found_after_those_that_do_not() -> None:
    """1.27 tells what the first constraints forbid where none passes."""
    leaf, ca, root = Chain(tuple(bare(spec) for spec in SOUND.specs)).issued()
    tight = issue(ca.spec.with_(serial=41).with_extension(name_constraints({"dns": ["x"]})), root)
    unfit = issue(
        ca.spec.with_(serial=42).with_extension(
            raw_extension("extendedKeyUsage", bytes.fromhex("300a06082b06010505070302"))
        ),
        root,
    )
    short = issue(ca.spec.with_(serial=43).with_extension(basic_constraints(True, 0)), root)
    for client in (NEW, OLD):
        assert says(client, [leaf, tight, unfit, short], [root]) == "connects"
    assert "not permitted by any constraint" in says(NEW, [leaf, unfit, tight], [root])
    assert "incompatible key usage" in says(OLD, [leaf, tight, unfit], [root])


def test_policies_that_are_wanted_and_missing_count_since_1_24() -> None:
    wanted = raw_extension("policyConstraints", bytes.fromhex("3003800100"), True)
    policy = raw_extension("certificatePolicies", bytes.fromhex("3007300506032a0304"))
    made = SOUND.put(CA, wanted)
    prefix = "tls: failed to verify certificate: x509: no valid chains built: "
    assert says(NEW, made) == prefix + "1 candidate chains with invalid policies"
    assert says(OLD, made) == "x509: unhandled critical extension"
    assert says(NEW, made.put(CA, policy).put(SERVER, policy)) == "connects"
    leaf, ca, root = made.issued()
    unfit = issue(
        ca.spec.without_extension("policyConstraints")
        .with_(serial=51)
        .with_extension(
            raw_extension("extendedKeyUsage", bytes.fromhex("300a06082b06010505070302"))
        ),
        root,
    )
    told = (
        "1 candidate chains with incompatible key usage, 1 candidate chains with invalid policies"
    )
    assert says(NEW, [leaf, ca, unfit], [root]) == prefix + told


def test_what_is_settled_on() -> None:
    """The whole chain where it is good; else the server's certificate with what is wrong."""
    seen = view(SOUND)
    assert len(taken(seen, V1_27).certificates) == 3
    parsed = taken(view(SOUND.put(CA, version=4)), V1_27)
    assert (parsed.ended, parsed.objections[0].code) == (Ended.GIVEN_UP, "invalid version")
    late = taken(view(SOUND.put(CA, not_after=AT - timedelta(days=1))), V1_27)
    assert late.ended is Ended.GIVEN_UP
    assert late.objections[0].certificate.serial != seen.leaf.serial
    broken = taken(view(SOUND.put(SERVER, damage=flip_signature_bit)), V1_27)
    assert (broken.ended, broken.objections) == (Ended.NO_ISSUER, ())
