"""Go: host names and name constraints, in its words."""

from __future__ import annotations

import pytest

from edgecheck.behaviour import raw
from edgecheck.behaviour.golang.names import mismatch, violated
from edgecheck.behaviour.golang.records import V1_19, V1_27
from edgecheck.behaviour.host import host
from edgecheck.reading.certificate import Certificate
from fixtures.pki import (
    Extension,
    Name,
    issue,
    name_constraints,
    subject_alt_name,
)
from tests.clients.asked import CA, ROOT, SERVER, SOUND, read, says
from tests.hierarchy.chains import HOST, server

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


def test_a_form_without_constraints_is_free() -> None:
    held = raw.Constraints(permitted=((raw.DNS, b"x"), (raw.DIRECTORY, b"\x30\0")))
    made = leaf(subject_alt_name(ip=["10.0.0.1"], email=["a@b"], uri=["u://v"], dns=["a.x"]))
    assert [violated(made, held, version) for version in BOTH] == [None, None]


@pytest.mark.parametrize(
    ("names", "bases", "new", "old"),
    [
        # Below a domain 1.19 takes every mailbox, 1.27 only those of that very host.
        ({"email": ["a@x"]}, (raw.EMAIL, b"X"), True, True),
        ({"email": ["a@y.x"]}, (raw.EMAIL, b"x"), False, True),
        ({"email": ["a@y.x"]}, (raw.EMAIL, b".x"), True, True),
        ({"email": ["a@x"]}, (raw.EMAIL, b".x"), False, False),
        ({"email": ["a@x"]}, (raw.EMAIL, b"a@X"), True, True),
        ({"email": ["A@x"]}, (raw.EMAIL, b"a@x"), False, False),
        ({"email": ["a@y"]}, (raw.EMAIL, b""), True, True),
        ({"uri": ["https://u@a.x:443/p"]}, (raw.URI, b"a.x"), True, True),
        ({"uri": ["https://b.a.x"]}, (raw.URI, b"a.x"), True, True),
        ({"uri": ["https://b.x"]}, (raw.URI, b"a.x"), False, False),
    ],
)
def test_mailboxes_and_uris_are_compared_by_their_hosts(
    names: dict[str, list[str | bytes]], bases: raw.GeneralName, new: bool, old: bool
) -> None:
    made = leaf(subject_alt_name(**names))
    held, denied = raw.Constraints((bases,)), raw.Constraints((), (bases,))
    for version, fits in zip(BOTH, (new, old), strict=True):
        assert (violated(made, held, version) is None) is fits
        assert (violated(made, denied, version) is None) is not fits


@pytest.mark.parametrize(
    ("uri", "told"),
    [
        ("urn:iotedge:gw", "URI with empty host"),
        ("/p", "URI with empty host"),
        ("https://10.0.0.1/p", "URI with IP"),
        ("https://[2001:db8::1]/p", "URI with IP"),
        ("https://[2001:db8::1]:443/p", "URI with IP"),
    ],
)
def test_a_uri_without_a_host_name_is_within_no_constraints(uri: str, told: str) -> None:
    """1.27 says so below constraints on anything that it knows, 1.19 below those on URIs."""
    made = leaf(subject_alt_name(uri=[uri], dns=["a.x"]))
    words = f'{told} ("{uri}") cannot be matched against constraints'
    on_uris = raw.Constraints((), ((raw.URI, b"y"),))
    assert [violated(made, on_uris, version) for version in BOTH] == [words, words]
    on_hosts = raw.Constraints(((raw.DNS, b"x"),))
    assert [violated(made, on_hosts, version) for version in BOTH] == [words, None]
    unknown = raw.Constraints(((raw.DIRECTORY, b"\x30\0"),))
    assert [violated(made, unknown, version) for version in BOTH] == [None, None]


def test_what_is_no_mailbox_is_told_as_such() -> None:
    made = leaf(subject_alt_name(email=["gateway"]))
    held = raw.Constraints(((raw.DNS, b"x"),))
    assert violated(made, held, V1_27) == 'cannot parse rfc822Name "gateway"'
    assert violated(made, held, V1_19) == 'x509: cannot parse rfc822Name {"" ""}'


@pytest.mark.parametrize(
    ("name", "base", "new"),
    [
        ("*.x.example", "gw.x.example", True),
        ("*.X.example", "gw.x.Example", True),
        ("*.x.example", "a.gw.x.example", False),
        ("*.x.example", "gw.y.example", False),
        ("*", "gw", False),
    ],
)
def test_a_wildcard_hits_what_is_excluded_right_below_it(name: str, base: str, new: bool) -> None:
    """Since 1.25.5; permitted it is only by what holds it whole."""
    made = leaf(subject_alt_name(dns=[name]))
    denied = raw.Constraints((), ((raw.DNS, base.encode()),))
    assert (violated(made, denied, V1_27) is not None) is new
    assert violated(made, denied, V1_19) is None
    held = raw.Constraints(((raw.DNS, base.encode()),))
    assert None not in [violated(made, held, version) for version in BOTH]


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
    """1.19 looks while it builds, and at each certificate above; 1.27 at a finished chain.

    1.27 looks at the names of authorities, too, 1.19 only at those of the one with constraints.
    """
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
    assert "other.example" in says(NEW, unfit)
    assert says(OLD, unfit) == "connects"
    own = SOUND.put(
        CA, subject_alt_name(dns=["other.example"]), name_constraints({"dns": ["plant7.example"]})
    )
    assert says(NEW, own) == "connects"
    assert "other.example" in says(OLD, own)
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
