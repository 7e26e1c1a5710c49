"""Go: which chains it tries, in which order, how far, and which error of all it tells."""

from __future__ import annotations

from datetime import timedelta

import pytest

from edgecheck.behaviour.golang.chain import UNKNOWN_AUTHORITY, taken
from edgecheck.behaviour.golang.records import V1_19, V1_27
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
