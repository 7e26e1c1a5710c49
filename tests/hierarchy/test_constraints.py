"""Name constraints: form by form, against a naive judge, and against three published suites."""

from __future__ import annotations

import gzip
import ipaddress
import json
import time
from base64 import b64decode
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgecheck.hierarchy.rfc5280.constraints import Breach, Budget, judge_constraints
from edgecheck.hierarchy.rfc5280.identity import is_for
from edgecheck.reading import certificate as facts
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.der import Malformed
from edgecheck.reading.name_constraints import Form, name_constraints
from edgecheck.reading.quick import quick, take_extensions
from fixtures.der import name_der, oid, sequence, tlv
from tests.suites import absent, suite_file

DNS, EMAIL, URI, IP, DN, OTHER = 0x82, 0x81, 0x86, 0x87, 0xA4, 0xA0
NOT_PERMITTED, EXCLUDED, NO_HOST, UNDECIDED = "not-permitted", "excluded", "no-host", "undecided"
NO_CONSTRAINT = "no-constraint"
Named = tuple[int, str | bytes]
Lists = tuple[list[Named], list[Named]]


def encoded(name: Named) -> bytes:
    """A GeneralName; the text of an IP is an address or a range, of a DN it is `CN=x, O=y`."""
    tag, value = name
    if isinstance(value, str) and tag == IP:
        network = ipaddress.ip_network(value, strict=False)
        mask = network.netmask.packed if "/" in value else b""
        value = network.network_address.packed + mask
    elif isinstance(value, str) and tag == DN:
        pairs = [part.partition("=") for part in value.split(", ") if part]
        value = name_der([(short, text) for short, _, text in pairs])
    return tlv(tag, value.encode() if isinstance(value, str) else value)


def certificate(
    names: list[Named] | None = None, subject: Any = (), issuer: Any = "an issuer", *nc: bytes
) -> Certificate:
    """A certificate of which only names and extensions are filled in."""
    made = Certificate()
    made.subject_raw, made.issuer_raw = name_der(subject), name_der(issuer)
    made.damage, made.loaded = {}, None
    found = [(facts.EXT_NAME_CONSTRAINTS, True, value) for value in nc]
    if names is not None:
        found.append((facts.EXT_SUBJECT_ALT_NAME, False, sequence(*map(encoded, names))))
    take_extensions(made, found)
    made.der = repr((made.subject_raw, made.issuer_raw, found)).encode()
    return made


def extension(*lists: list[Named]) -> bytes:
    trees = [[sequence(encoded(base)) for base in bases] for bases in lists]
    return sequence(*(tlv(0xA0 + at, *tree) for at, tree in enumerate(trees) if tree))


def ca(*lists: list[Named], subject: str = "a CA") -> Certificate:
    """A CA with permitted and excluded subtrees; self-issued, so that its own name is free."""
    return certificate(None, subject, subject, extension(*lists))


def judged(*path: Any, anchor: bool = True, budget: int = 250_000) -> list[Breach]:
    return judge_constraints(path, anchor, Budget(budget))


def outcomes(permitted: list[Named], excluded: list[Named], *names: Named) -> list[str]:
    breaches = judged(certificate(list(names)), ca(permitted, excluded))
    return [breach.outcome.value for breach in breaches]


A = tlv(DNS, b"a")
STRUCTURES = [
    b"", b"\x05\0", sequence(), sequence(tlv(0xA0)), sequence(tlv(0xA0), tlv(0xA1)),
    sequence(tlv(0xA0, sequence(A)), tlv(0xA1)), sequence(tlv(0xA0, A)),
    sequence(tlv(0xA1, sequence(A)), tlv(0xA0, sequence(A))), sequence(tlv(0xA2, sequence(A))),
    sequence(tlv(0xA0, sequence(A, b"\x80\1\1"))), sequence(tlv(0xA0, sequence(A, b"\x81\1\1"))),
    sequence(tlv(0xA0, sequence(A, b"\x82\1\1"))), sequence(tlv(0xA0, sequence(b"\x89\1\0"))),
    sequence(tlv(0xA0, sequence())), sequence(tlv(0xA0, sequence(A)))[:-1],
]  # fmt: skip


@pytest.mark.parametrize("value", STRUCTURES, ids=bytes.hex)
def test_what_is_not_of_the_syntax_is_malformed(value: bytes) -> None:
    """A wrong structure is Malformed, and the names below such a CA are undecided."""
    with pytest.raises(Malformed):
        name_constraints(value)
    bad = certificate(None, "a CA", "a CA", value)
    (breach,) = judged(certificate([(DNS, "a")]), bad)
    assert (breach.outcome, breach.by, breach.step) == (UNDECIDED, bad, "6.1.4 (g)")
    assert judged(certificate([(DNS, "a")]), bad, anchor=False) == []


@pytest.mark.parametrize(("base", "name"), [
    ((DNS, "*.a.b"), (DNS, "x.a.b")), ((DNS, "..a.b"), (DNS, "a.b")), ((DNS, "a..b"), (DNS, "b")),
    ((DNS, b"\xe4.b"), (DNS, "x.b")), ((EMAIL, "a@b@c"), (EMAIL, "a@c")),
    ((EMAIL, "*.b"), (EMAIL, "x@a.b")), ((EMAIL, "a b@c"), (EMAIL, "b@c")),
    ((URI, "x://a.b"), (URI, "x://a.b")), ((URI, "192.0.2.1"), (URI, "x://a.b")),
    ((IP, b"\x7f\0\0\1"), (IP, "127.0.0.1")), ((IP, bytes(16)), (IP, "::1")),
    ((IP, bytes(4) + b"\xff\0\xff\0"), (IP, "0.0.0.1")), ((DN, b"\x31\0"), (DN, "CN=a")),
    ((OTHER, b"\x06\1\x29"), (OTHER, b"\x06\1\x2a")), ((0xA3, b""), (0xA3, b"")),
    ((0xA5, b""), (0xA5, b"")), ((0x88, b"\x29"), (0x88, b"\x29")),
], ids=repr)  # fmt: skip
@pytest.mark.parametrize("permits", [True, False])
def test_an_unusable_subtree_bears_on_its_form(base: Named, name: Named, permits: bool) -> None:
    """A base that cannot be evaluated leaves names of its form undecided, once, and no others."""
    lists: Lists = ([base], []) if permits else ([], [base])
    (breach,) = judged(certificate([name, name]), ca(*lists))
    (subtree,) = breach.subtrees
    assert (breach.outcome, subtree.unusable) == (UNDECIDED, breach.because)
    assert outcomes(*lists, (DNS, "x") if base[0] == IP else (IP, "192.0.2.7")) == []
    assert UNDECIDED in outcomes([*lists[0], (base[0], b"a")], lists[1], name)


PERIODS = [
    ([(DNS, ".A.b")], [], "x.a.b X.Y.A.B *.a.b", []),
    ([(DNS, ".a.b"), (DNS, "d")], [], "x.d d x.a.b", []),
    ([(DNS, ".a.b")], [], "a.b xa.b c *.b", [NOT_PERMITTED]),
    ([], [(DNS, ".a.b")], "x.a.b *.a.b X.y.A.B", [EXCLUDED]),
    ([], [(DNS, ".a.b")], "a.b xa.b c *.b", []),
    ([], [(DNS, ".x.a.b")], "*.a.b", []),
    ([(DNS, "a.b")], [(DNS, ".a.b")], "a.b", []),
]


@pytest.mark.parametrize(("permitted", "excluded", "names", "expected"), PERIODS, ids=repr)
def test_clients_take_a_leading_period_for_what_is_below(
    permitted: list[Named], excluded: list[Named], names: str, expected: list[str]
) -> None:
    """As OpenSSL, Go and Java do, and not for the domain itself; a form beside it is judged too."""
    for name in names.split():
        below = certificate([(DNS, name), (IP, "192.0.2.1")])
        found = judge_constraints(
            (below, ca(permitted, excluded)), True, Budget(99), as_clients=True
        )
        assert [breach.outcome for breach in found] == expected, name


def test_to_the_letter_a_leading_period_is_no_constraint() -> None:
    """It is said once, of the CA, where a DNS name is below; beside it nothing is not permitted."""
    for lists in (([(DNS, ".a.b"), (DNS, "d")], []), ([], [(DNS, ".a.b")])):
        for name in ("x.a.b", "a.b", "c"):
            above = ca(*lists)
            (breach,) = judged(certificate([(DNS, name), (DNS, name)]), above)
            assert (breach.outcome, breach.by, breach.step) == (NO_CONSTRAINT, above, "4.2.1.10")
        assert outcomes(*lists, (IP, "192.0.2.1")) == []
    assert outcomes([], [(DNS, ".a.b"), (DNS, "c")], (DNS, "c")) == [NO_CONSTRAINT, EXCLUDED]
    assert outcomes([], [(DNS, "..a"), (DNS, ".")], (DNS, "c")) == [UNDECIDED]


@pytest.mark.parametrize(("tag", "base", "within", "outside"), [
    (DNS, "Example.com", "example.com EXAMPLE.com a.b.example.com *.example.com",
     "notexample.com com example.com.au *.au"),
    (DNS, "", "a *.b", ""),
    (IP, "192.0.2.0/24", "192.0.2.0 192.0.2.255", "192.0.3.0 ::c000:200"),
    (IP, "2001:db8::/32", "2001:db8:ffff::1", "2001:db9:: 32.1.13.184"),
    (IP, "0.0.0.0/0", "255.1.2.3", "::1"),
    (EMAIL, "root@Example.com", 'root@EXAMPLE.com "root"@example.com "r\\oot"@example.com',
     "Root@example.com x@example.com root@a.example.com"),
    (EMAIL, "*@example.com", "*@example.com", "x@example.com"),
    (EMAIL, "example.com", 'a@example.com A@Example.com "a@b"@example.com', "a@x.example.com"),
    (EMAIL, ".example.com", "a@x.example.com a@x.y.example.com", "a@example.com a@xexample.com"),
    (EMAIL, "", "a@b", ""),
    (URI, "Example.com", "x://example.com HTTPS://u:p@EXAMPLE.com:1/?a@b ldap://example.com.",
     "x://x.example.com x://example.com@evil.org"),
    (URI, ".example.com", "x://a.b.example.com/ x://a.example.com#", "x://example.com"),
    (URI, "", "x://a", ""),
    (DN, "O=Contoso, OU=Plant 7", "O=Contoso,OU=Plant_7,CN=x O=conToso,OU=plant__7",
     "O=Contoso OU=Plant_7 O=Contoso,CN=Plant_7 O=Contoso,OU=Plant_77"),
    (DN, "", "CN=a", ""),
], ids=repr)  # fmt: skip
def test_within_or_outside(tag: int, base: str, within: str, outside: str) -> None:
    """A permitted base refuses what is outside of it, an excluded one what is within."""
    for text in (within + " " + outside).split():
        name = tag, text.replace(",", ", ").replace("_", " ") if tag == DN else text
        inside = text in within.split()
        assert outcomes([(tag, base)], [], name) == ([] if inside else [NOT_PERMITTED]), text
        assert outcomes([], [(tag, base)], name) == ([EXCLUDED] if inside else []), text


def smtp_utf8(address: str) -> Named:
    return OTHER, oid("1.3.6.1.5.5.7.8.9") + tlv(0xA0, tlv(12, address.encode()))


@pytest.mark.parametrize(("base", "name", "outcome"), [
    ((DNS, "bar.a.b"), (DNS, "*.a.b"), [EXCLUDED]), ((DNS, "x.bar.a.b"), (DNS, "*.a.b"), []),
    ((DNS, "a"), (DNS, "a*.b"), [UNDECIDED]), ((DNS, "a"), (DNS, "x://b"), [UNDECIDED]),
    ((IP, "0.0.0.0/0"), (IP, bytes(8)), [UNDECIDED]), ((EMAIL, "a"), (EMAIL, "x@y@a"), [UNDECIDED]),
    ((EMAIL, "a"), (EMAIL, b"\xfc@b"), [UNDECIDED]), ((DN, "CN=a"), (DN, b"\x31\0"), [UNDECIDED]),
    ((EMAIL, "a"), smtp_utf8("ü@a"), [EXCLUDED]), ((EMAIL, "a"), smtp_utf8("ü@ü"), [UNDECIDED]),
    ((EMAIL, "a"), (OTHER, oid("1.3.6.1.5.5.7.8.9") + A), [UNDECIDED]),
    ((EMAIL, "a"), (OTHER, oid("1.2.3") + A), []), ((EMAIL, "a"), (OTHER, b""), [UNDECIDED]),
    ((URI, "a"), (URI, "urn:a"), [NO_HOST]), ((URI, "a"), (URI, "x://192.0.2.1/"), [NO_HOST]),
    ((URI, "a"), (URI, "x://[::1]/"), [NO_HOST]), ((URI, "a"), (URI, "x://a\\@b/"), [NO_HOST]),
    ((URI, "a"), (URI, "x://0x7f/"), [NO_HOST]), ((URI, "a"), (URI, "x://a/\n"), [EXCLUDED]),
    ((EMAIL, "b"), (EMAIL, '"\1"@b'), [UNDECIDED]),
    ((DNS, "b"), (DNS, "b." * 127 + "b"), [UNDECIDED]),
    ((IP, b"\xc0\0\2\1\xff\xff\xff\0"), (IP, "192.0.2.7"), [EXCLUDED]),
], ids=repr)  # fmt: skip
def test_names_by_exclusion(base: Named, name: Named, outcome: list[str]) -> None:
    """What a wildcard may stand for is excluded, and a name of no valid form is never passed."""
    assert outcomes([], [base, base], name) == outcome


def test_subject_email_address_and_common_name() -> None:
    """The subject is a directoryName; its emailAddress counts without a subjectAltName alone."""
    above = ca([(DN, "O=a"), (EMAIL, "a"), (DNS, "a")])
    subject = [("O", "b"), ("emailAddress", "x@b"), ("CN", "www.b"), ("CN", "not a name")]
    refused = [(b.form, b.name) for b in judged(certificate(None, subject), above)]
    whole = "O=b, emailAddress=x@b, CN=www.b, CN=not a name"
    assert refused == [(Form.DIRECTORY, whole), (Form.EMAIL, "x@b")]
    assert len(judged(certificate([(IP, "::1")], subject), above)) == 1
    assert judged(certificate(None), above) == []
    cases: Any = ((None, ["www.b"]), ([(IP, "::1")], ["www.b"]), ([(DNS, "a")], []))
    for names, seen in cases:
        found = judge_constraints((certificate(names, subject), above), True, Budget(99), True)
        assert [breach.name for breach in found if not breach.counts] == seen


def test_self_issued_certificates_are_judged_only_as_target() -> None:
    """A self-issued CA may have other names than the root permits; what it issues may not."""
    root, renewed = ca([(DNS, "a")]), certificate([(DNS, "b")], "same", "same")
    assert judged(certificate([(DNS, "a")]), renewed, root) == []
    (breach,) = judged(renewed, root)
    assert (breach.certificate, breach.by, breach.step) == (renewed, root, "6.1.3 (b)")


def test_what_cannot_be_read_is_undecided() -> None:
    """A spoilt subjectAltName, or two extensions of one kind, never pass."""
    above, value = ca([(DNS, "a")]), extension([(DNS, "a")])
    below = certificate([(DNS, "a")])
    below.duplicate_extensions = (facts.EXT_SUBJECT_ALT_NAME,)
    fine = certificate([(DNS, "a")])
    twice = certificate(None, "a CA", "a CA", value, value)
    for path in ((below, above), (certificate([(0x89, "a")]), above), (fine, twice)):
        assert [breach.outcome for breach in judged(*path)] == [UNDECIDED]
    assert outcomes([(DNS, "*.a"), (DNS, "b")], [], (DNS, "x.a")) == [UNDECIDED]
    assert outcomes([], [(EMAIL, "a")], (OTHER, b""), (EMAIL, "x@a")) == [UNDECIDED, EXCLUDED]
    outside = certificate([(0x89, "a")], [("O", "b")])
    breaches = judged(outside, ca([(DN, "O=a")]))
    assert [breach.outcome for breach in breaches] == [NOT_PERMITTED, UNDECIDED]


def test_the_budget_is_shared_and_soon_spent() -> None:
    """100,000 names and as many subtrees end soon; what is spent stays so for other paths."""
    many: list[Named] = [(DNS, f"n{number}.test") for number in range(100_000)]
    leaf, above, budget = certificate(many), ca(many), Budget(250_000)
    started = time.perf_counter()
    (spent,) = judge_constraints((leaf, above), True, budget)
    assert time.perf_counter() - started < 5  # about one on a quiet machine
    assert (spent.outcome, budget.spent, "spent" in spent.because) == (UNDECIDED, True, True)
    one = certificate([(DNS, "a")])
    (again,) = judge_constraints((one, ca([(DNS, "a")])), True, budget)
    assert again.because == spent.because
    assert judged(one, ca([(DNS, "a")], [(DNS, "b")]), budget=2) == []
    assert len(judged(one, certificate([(DNS, "a")], "other"), ca([(DNS, "a")]), budget=0)) == 1


def test_common_names_that_cost_too_much_leave_nothing_undecided() -> None:
    """Section 6.1 knows no DNS name in a common name, so neither can they spoil other paths."""
    subject = [("CN", f"n{number}.test") for number in range(20)]
    leaf, above = certificate(None, subject), ca([], [(DNS, f"x{n}") for n in range(10)])
    budget = Budget(100)
    assert judge_constraints((leaf, above), True, budget, common_names=True) == []
    assert not budget.spent


def of(tag: int, texts: st.SearchStrategy[str]) -> st.SearchStrategy[Named]:
    return texts.map(lambda text: (tag, text))


LABELS = st.lists(st.sampled_from("abc"), min_size=1, max_size=3)
DOMAINS, RDNS = LABELS.map(".".join), LABELS.map(lambda labels: "CN=" + ", CN=".join(labels))
ADDRESSES = st.integers(0, 7).map("192.0.2.{}".format)
RANGES = st.tuples(ADDRESSES, st.sampled_from(["28", "30", "31", "32"])).map("/".join)
MAILBOXES = st.tuples(st.sampled_from("xy"), DOMAINS).map("@".join)
HOSTS = MAILBOXES | DOMAINS | DOMAINS.map(".{}".format)
HERE = of(DNS, DOMAINS | DOMAINS.map("*.{}".format)) | of(IP, ADDRESSES) | of(EMAIL, MAILBOXES)
NAMES = st.lists(HERE | of(DN, RDNS), min_size=1, max_size=4, unique=True)
SUBTREES = st.lists(of(DNS, DOMAINS) | of(IP, RANGES) | of(EMAIL, HOSTS) | of(DN, RDNS), max_size=4)
CAS = st.lists(st.tuples(SUBTREES, SUBTREES).filter(any), min_size=1, max_size=3)


def holds(base: Named, name: Named) -> bool:
    """The naive judge's relation, on text and without a wildcard."""
    (tag, wanted), text = (base[0], str(base[1])), str(name[1])
    if name[0] != tag:
        return False
    if tag == IP:
        return ipaddress.ip_address(text) in ipaddress.ip_network(wanted, strict=False)
    if tag == EMAIL:
        return wanted in (text, text.split("@")[1]) or (wanted[0] == "." and text.endswith(wanted))
    return f"{text}, ".startswith(f"{wanted}, ") if tag == DN else f".{text}".endswith(f".{wanted}")


def naive(names: list[Named], cas: list[Lists]) -> set[Any]:
    """Refusals by enumeration: a wildcard stands for every label that occurs, and for another."""
    found = set()
    for name in names:
        each = [(name[0], str(name[1]).replace("*", label)) for label in "abcz"]
        for at, (permitted, excluded) in enumerate(cas):
            bases = [base for base in permitted if base[0] == name[0]]
            if any(holds(base, one) for base in excluded for one in each):
                found.add((*name, EXCLUDED, at))
            if bases and not all(any(holds(base, one) for base in bases) for one in each):
                found.add((*name, NOT_PERMITTED, at))
    return found


def refusals(names: list[Named], cas: list[Lists]) -> set[Any]:
    above = [ca(*lists, subject=str(at)) for at, lists in enumerate(cas)]
    tags = {Form.DNS: DNS, Form.IP: IP, Form.EMAIL: EMAIL, Form.DIRECTORY: DN, None: 0}
    breaches = judged(certificate(names), *above)
    return {(tags[b.form], b.name, str(b.outcome), above.index(b.by)) for b in breaches if b.by}


@given(NAMES, CAS, SUBTREES)
def test_agrees_with_a_naive_judge(names: list[Named], cas: Any, more: list[Named]) -> None:
    """Enumeration finds the same; CAs add up; and an exclusion only ever adds refusals."""
    found = refusals(names, cas)
    assert found == naive(names, cas)
    assert {entry[:3] for entry in found} == {e[:3] for c in cas for e in refusals(names, [c])}
    (permitted, excluded), *others = cas
    assert found <= refusals(names, [(permitted, excluded + more), *others])


@cache
def suite(name: str) -> Any:
    file = suite_file(name)
    if file is None:
        pytest.skip(absent(name))
    data = file.read_bytes()
    return json.loads(gzip.decompress(data) if name.endswith(".gz") else data)


def read(pem: str) -> Any:
    return quick(b64decode("".join(pem.split("-----")[2].split())))


def paths(path: tuple[Certificate, ...], case: Any) -> list[tuple[Certificate, ...]]:
    """Every path to a trusted certificate, by names alone."""
    wanted = path[-1].issuer_raw
    ends = [(*path, one) for one in map(read, case["trusted_certs"]) if one.subject_raw == wanted]
    for one in map(read, case["untrusted_intermediates"]):
        if one.subject_raw == wanted and one not in path:
            ends += paths((*path, one), case)
    return ends


def agrees(case: Any) -> bool:
    """Whether the result follows from name constraints and the expected peer names alone."""
    target = read(case["peer_certificate"])
    peers = [case["expected_peer_name"] or {}, *case["expected_peer_names"]]
    hosts = [peer["value"] for peer in peers if peer.get("kind") in ("DNS", "IP")]
    emails = {peer["value"] for peer in peers if peer.get("kind") == "RFC822"}
    try:
        named = all(is_for(target, host) for host in hosts)
        named = named and emails.issubset(target.alt_names.email if target.alt_names else ())
    except Unreadable:
        named = False
    passes = named and any(not judged(*path) for path in paths((target,), case))
    return passes is (case["expected_result"] == "SUCCESS")


@pytest.mark.parametrize(("prefixes", "least", "not_by_name"), [
    ("bettertls::nameconstraints::", 800, set()),
    # Not critical, and in the target: wrong, but not in a name.
    (("rfc5280::nc::", "webpki::nc::", "pathological::nc-dos"), 35, {
        "rfc5280::nc::permitted-dns-match-noncritical",
        "rfc5280::nc::not-allowed-in-ee-noncritical",
    }),
])  # fmt: skip
def test_x509_limbo(prefixes: Any, least: int, not_by_name: set[str], record_property: Any) -> None:
    """Every case that is about names agrees."""
    cases = [c for c in suite("limbo-open.json.gz")["testcases"] if c["id"].startswith(prefixes)]
    differ = {case["id"] for case in cases if not agrees(case)}
    record_property("agreement", f"{len(cases) - len(differ)} of {len(cases)}")
    assert len(cases) > least
    assert differ == not_by_name


def test_pkits(record_property: Any) -> None:
    """All cases of PKITS, section 4.13, agree; the anchor is not judged, and does not constrain."""
    vectors = Path(pytest.importorskip("cryptography_vectors").__file__).parent
    cases = [case for case in suite("pkits-cases.json") if case["id"].startswith("4.13.")]
    agree = 0
    for case in cases:
        files = [f"x509/PKITS_data/certs/{name}.crt" for name in reversed(case["certs"])]
        path = [quick((vectors / file).read_bytes()) for file in files]
        agree += (not judged(*path, anchor=False)) == case["should_validate"]
    record_property("agreement", f"{agree} of {len(cases)}")
    assert (agree, len(cases)) == (38, 38)
