"""What clients and modules trust: which certificate, of which generation, in which file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest

import edgecheck
from edgecheck import Device
from fixtures import stock
from fixtures.pki import Issued, issue, key_usage, pem, raw_extension, raw_time
from fixtures.stock import NOW
from tests.contradictions import contradictions

NOT_TRUSTED = "trust.root-not-trusted"
NO_ROOT = "trust.no-root"
BUNDLE = "trust.bundle-without-root"
NOT_GIVEN = "trust.not-given"

GATEWAY = stock.stock_15("ec")
CHAIN = GATEWAY.presented()
(ROOT,) = GATEWAY.trust()


def report(
    presented: Sequence[Issued] = CHAIN, trust: Sequence[Issued] = (ROOT,), **device: Any
) -> edgecheck.Report:
    """What is said about a chain; files of the device are given as certificates."""
    for field in ("trust_bundle", "device_ca_file"):
        if field in device:
            device[field] = pem(*device[field], comments=False)
    return edgecheck.check(
        pem(*presented, comments=False),
        trust=pem(*trust, comments=False) if trust else (),
        at=NOW,
        device=Device(**device),
    )


def said(report: edgecheck.Report) -> list[tuple[str, str, str | None]]:
    """What the rules of this family said: rule, severity and role."""
    return [
        (finding.rule.id, finding.severity.value, finding.role.value if finding.role else None)
        for finding in report.findings
        if finding.rule.family == "trust"
    ]


def other_root(name: str = "Fabrikam Root CA", key: str = "p256-8") -> Issued:
    return GATEWAY.change("root", subject=name, key=key).issued("root")


NEW_ROOT = GATEWAY.change("root", key="p256-7").issued("root")
SAME_KEY = GATEWAY.change("root", serial=7, not_before=NOW).issued("root")


# --- the root of the chain -----------------------------------------------------------------------


@pytest.mark.parametrize("trust", [[ROOT], [other_root(), ROOT], [NEW_ROOT, ROOT], [SAME_KEY]])
def test_one_right_root_among_what_is_trusted_is_enough(trust: list[Issued]) -> None:
    """Also another certificate of the same root, with the same name and key."""
    found = report((*CHAIN, ROOT), trust)
    assert found.valid is True
    assert said(found) == []


@pytest.mark.parametrize("many", [8, 9])
def test_of_a_whole_store_the_number_is_told(many: int) -> None:
    """Fingerprints of some of them would look as if nothing else was trusted."""
    trust = [other_root(f"Root {number}") for number in range(many)]
    judged = report((*CHAIN, ROOT), trust)
    (finding,) = (f for f in judged.findings if f.rule.id == NOT_TRUSTED)
    found = finding.evidence["found"]
    assert (
        len(found) == 8
        if many == 8
        else found == ["9 certificates, and this one is not among them"]
    )


def test_a_root_with_another_name_is_no_other_generation() -> None:
    found = report((*CHAIN, ROOT), [other_root()])
    assert said(found) == [(NOT_TRUSTED, "error", "root")]
    assert "same name" not in found.findings[0].message
    assert found.findings[0].evidence["same_name_trusted"] is None


# --- trust that is no root -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "expected"), [("device_ca", "device-ca"), ("intermediate", "intermediate")]
)
def test_a_trusted_ca_below_the_root_is_not_enough_for_all(role: str, expected: str) -> None:
    """The path is valid, and clients that build on OpenSSL refuse it."""
    found = report(trust=GATEWAY.presented(role))
    assert found.valid is True
    assert found.ok is False
    assert said(found) == [(NO_ROOT, "error", expected)]


@pytest.mark.parametrize(
    "trust",
    [
        GATEWAY.presented("intermediate", "root"),
        GATEWAY.presented("device_ca", "intermediate", "root"),
        (*GATEWAY.presented("intermediate"), NEW_ROOT, ROOT),
    ],
)
def test_trusted_certificates_may_lead_up_to_a_trusted_root(trust: tuple[Issued, ...]) -> None:
    assert said(report(trust=trust)) == []


@pytest.mark.parametrize(
    "trust",
    [
        GATEWAY.presented("device_ca", "root"),
        (*GATEWAY.presented("intermediate"), NEW_ROOT),
        (*GATEWAY.presented("intermediate"), other_root()),
    ],
)
def test_a_root_that_nothing_trusted_leads_to_does_not_help(trust: tuple[Issued, ...]) -> None:
    """The intermediate is missing between, or the root is another one."""
    chain = GATEWAY.presented("server", "device_ca")
    assert [entry[0] for entry in said(report(chain, trust))] == [NO_ROOT]


def test_a_trusted_server_certificate_that_signs_itself_is_a_root() -> None:
    alone = GATEWAY.without("device_ca").without("intermediate").without("root")
    found = report(alone.presented("server"), alone.presented("server"))
    assert found.valid is True
    assert said(found) == [("trust.server-certificate", "warning", "server")]


def refused_by(report: edgecheck.Report, rule: str) -> set[str]:
    (finding,) = (f for f in report.findings if f.rule.id == rule)
    return set(finding.evidence["refused_by"])


def test_old_openssl_wants_no_keycertsign_where_there_is_no_key_usage() -> None:
    alone = GATEWAY.without("device_ca").without("intermediate").without("root")
    usage = alone.with_extension("server", key_usage("digitalSignature"))
    for gateway, refuses in ((usage, True), (alone, False)):
        found = report(gateway.presented("server"), gateway.presented("server"))
        refusers = refused_by(found, "trust.server-certificate")
        assert ("OpenSSL 1.1.0" in refusers) is refuses
        assert "Botan" in refusers


def test_what_is_expired_above_a_trusted_certificate_is_named() -> None:
    """Only .NET goes on to the root, and says so of the intermediate."""
    past = NOW - timedelta(days=1)
    gateway = GATEWAY.change("intermediate", not_after=past)
    found = report(gateway.presented(), gateway.presented("device_ca"))
    (finding,) = (f for f in found.findings if f.rule.id == NO_ROOT)
    assert "is not valid at this time" in finding.message
    assert len(finding.certificates) == 2


# --- the bundle ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bundle", "is_missing"),
    [
        ([ROOT], False),
        ([other_root(), ROOT], False),
        ([SAME_KEY], False),
        ([NEW_ROOT], True),
        ([other_root()], True),
        (GATEWAY.presented("intermediate"), True),
    ],
)
@pytest.mark.parametrize(
    "trust",
    [[ROOT], GATEWAY.presented("intermediate", "root"), ()],
    ids=["root", "intermediate and root", "nothing"],
)
def test_the_bundle_is_measured_by_the_root_whoever_asks(
    bundle: Sequence[Issued], is_missing: bool, trust: Sequence[Issued]
) -> None:
    """What the asking client trusts, and whether the root is presented, decides nothing here."""
    for chain in (CHAIN, (*CHAIN, ROOT)):
        found = report(chain, trust, trust_bundle=bundle)
        assert (BUNDLE in {entry[0] for entry in said(found)}) is is_missing


@pytest.mark.parametrize(
    ("runtime", "is_missing"),
    [("1.0.0", True), ("1.1.19", True), ("1.2.0", False), ("1.6", False), (None, False)],
)
def test_since_1_2_the_device_ca_file_is_part_of_the_bundle(
    runtime: str | None, is_missing: bool
) -> None:
    """Both are served as one; up to 1.1.19 the bundle is served alone."""
    found = report(
        GATEWAY.presented("device_ca", "intermediate"),
        runtime=runtime,
        trust_bundle=[other_root()],
        device_ca_file=GATEWAY.presented("device_ca", "intermediate", "root"),
    )
    assert (BUNDLE in {entry[0] for entry in said(found)}) is is_missing


def test_a_gap_in_the_chain_hides_what_the_bundle_lacks() -> None:
    """Nobody knows which root is above the gap; the gap is told."""
    found = report(GATEWAY.presented("server", "device_ca"), trust_bundle=[other_root()])
    assert said(found) == []
    assert found.findings[0].rule.id == "chain.missing-issuer"


def test_a_root_that_is_known_from_the_presentation_alone_is_named() -> None:
    """The path of a client that trusts the intermediate ends below it."""
    trust = GATEWAY.presented("intermediate")
    found = report((*CHAIN, ROOT), trust, trust_bundle=[other_root()])
    (bundle,) = (finding for finding in found.findings if finding.rule.id == BUNDLE)
    assert bundle.message.startswith('the root "Contoso Root CA" is not in the trust bundle')


def test_an_issuer_in_the_bundle_must_be_a_root() -> None:
    """For a chain that ends below its root the bundle must hold the certificate that ends it."""
    chain = GATEWAY.presented("server", "device_ca")
    for role, is_missing in (("intermediate", True), ("root", True)):
        found = report(chain, (), trust_bundle=GATEWAY.presented(role))
        assert (BUNDLE in {entry[0] for entry in said(found)}) is is_missing
    as_root = issue(GATEWAY["intermediate"])
    found = report(chain, (), trust_bundle=[as_root])
    assert BUNDLE not in {entry[0] for entry in said(found)}


def test_without_the_bundle_nothing_is_said_about_it() -> None:
    assert BUNDLE in {entry.rule for entry in report().undecided}


# --- no trust ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("roles", "last", "assumed"),
    [
        (("server",), "server", False),
        (("server", "device_ca", "intermediate"), "intermediate", False),
        (("server", "device_ca", "intermediate", "root"), "root", True),
        (("device_ca",), "device-ca", False),
        (("root",), "root", True),
    ],
)
def test_without_trust_the_verdict_stays_open(
    roles: tuple[str, ...], last: str, assumed: bool
) -> None:
    """A root that is presented serves for the diagnosis, and that is said."""
    found = report(GATEWAY.presented(*roles), ())
    assert found.valid is None
    assert found.hierarchy.anchor_assumed is assumed
    assert said(found) == [(NOT_GIVEN, "info", last)]
    assert NO_ROOT in {entry.rule for entry in found.undecided}


# --- above the nearest trusted certificate -------------------------------------------------------

UNSOUND = "trust.unsound-above-anchor"
GOES_ON = {"Python ssl", "Node.js", "Azure C SDK", "openssl s_client", "OpenSSL 1.1.1", ".NET"}
"""Who goes on to a self-signed certificate, of those that deployments run."""
ENDS = {"curl", "Java", "Go", "Python 3.13 (VERIFY_X509_STRICT)", "GnuTLS", "NSS"}
"""Who ends at the first trusted one."""


@pytest.mark.parametrize(
    ("role", "changes", "why"),
    [
        ("intermediate", {"not_after": NOW - timedelta(days=1)}, "it has expired"),
        ("intermediate", {"not_before": NOW + timedelta(days=2)}, "it is not valid yet"),
        ("root", {"not_after": NOW - timedelta(days=1)}, "it has expired"),
    ],
)
def test_who_goes_on_above_a_trusted_ca_refuses_what_is_unsound_there(
    role: str, changes: dict[str, Any], why: str
) -> None:
    """The whole chain as trust, and one certificate above the device CA out of its time."""
    gateway = GATEWAY.change(role, **changes)
    found = report(trust=gateway.presented("device_ca", "intermediate", "root"))
    (finding,) = (f for f in found.findings if f.rule.id == UNSOUND)
    assert found.valid is True
    assert (finding.severity, finding.role) == ("error", "other")
    assert why in finding.message
    assert set(finding.evidence["refused_by"]) >= GOES_ON
    assert ENDS.isdisjoint(finding.evidence["refused_by"])
    assert NO_ROOT not in {f.rule.id for f in found.findings}


ISSUER_DIFFERS = "trust.root-issuer-written-differently"
LOADED = "trust.cannot-be-loaded"
POLICY_CONSTRAINTS = "2.5.29.36"
NO_SEQUENCE = b"\x04\x02\x00"
"""What neither .NET nor Go can decode."""


@pytest.mark.parametrize("shown", [False, True], ids=["trusted", "presented too"])
def test_dotnet_refuses_policies_above_a_trusted_ca_that_it_cannot_decode(shown: bool) -> None:
    """It goes on to the root and looks into its policies; OpenSSL does not, nor does who ends."""
    odd = raw_extension(POLICY_CONSTRAINTS, NO_SEQUENCE)
    gateway = GATEWAY.with_extension("root", odd)
    presented = gateway.presented() + (gateway.trust() if shown else ())
    found = report(presented, gateway.presented("device_ca", "intermediate", "root"))
    (finding,) = (f for f in found.findings if f.rule.id == UNSOUND)
    assert "its extension policyConstraints cannot be decoded" in finding.message
    assert finding.certificates[0] == sha256(gateway.issued("root").der).hexdigest()
    assert ".NET" in finding.evidence["refused_by"]
    assert (GOES_ON | ENDS).intersection(finding.evidence["refused_by"]) == {".NET"}
    refusing = {p.client: p for p in found.predictions if p.verdict == "reject" and p.tier == 1}
    assert {"dotnet8.0.4-SslStream", "dotnet8.0.4-SslStream-cb"} <= refusing.keys()
    assert ("go1.27.3" in refusing) is shown
    assert not contradictions(found)


def test_a_root_above_a_trusted_ca_may_be_no_root_to_dotnet() -> None:
    """It names its issuer otherwise than itself, by which .NET tells a root; who ends looks not."""
    odd = GATEWAY.change("root", issuer=[("C", "US"), ("O", "Contoso"), ("CN", "CONTOSO Root CA")])
    found = report(trust=odd.presented("device_ca", "intermediate", "root"))
    assert refused_by(found, ISSUER_DIFFERS) == {".NET", "rustls (rtls)"}
    assert not contradictions(found)
    sound = report(trust=GATEWAY.presented("device_ca", "intermediate", "root"))
    assert ISSUER_DIFFERS not in {f.rule.id for f in sound.findings}


@pytest.mark.parametrize(
    ("second", "java", "dotnet"),
    [(b"59", False, False), (b"60", True, False), (b"61x", True, True)],
)
def test_a_trusted_root_with_a_time_that_is_none_cannot_be_loaded(
    second: bytes, java: bool, dotnet: bool
) -> None:
    """Java and .NET load all that is trusted; what .NET makes of second 60 is not known."""
    time = b"3506011200" + second + b"Z"
    end = raw_time(bytes((0x17, len(time))) + time, stock.NOW)
    other = GATEWAY.change("root", subject="Fabrikam Root CA", key="p256-8", not_after=end)
    found = report(trust=(ROOT, other.issued("root")))
    named = refused_by(found, LOADED) if java or dotnet else set()
    assert named == ({"Java"} if java else set()) | ({".NET"} if dotnet else set())
    assert (LOADED in {f.rule.id for f in found.findings}) is (java or dotnet)
    assert not contradictions(found)


def test_policies_above_a_root_that_is_trusted_alone_concern_nobody() -> None:
    """Where the device CA alone is trusted, nobody comes to the root's policies but who parses."""
    odd = raw_extension(POLICY_CONSTRAINTS, NO_SEQUENCE)
    gateway = GATEWAY.with_extension("root", odd)
    found = report(gateway.presented(), gateway.presented("device_ca"))
    assert UNSOUND not in {f.rule.id for f in found.findings}
    sound = report(trust=GATEWAY.presented("device_ca", "intermediate", "root"))
    assert UNSOUND not in {f.rule.id for f in sound.findings}


def test_several_faults_above_a_trusted_ca_are_all_told() -> None:
    """An intermediate that is not valid yet, and a root with policies that .NET cannot decode."""
    odd = raw_extension(POLICY_CONSTRAINTS, NO_SEQUENCE)
    gateway = GATEWAY.with_extension("root", odd)
    gateway = gateway.change("intermediate", not_before=NOW + timedelta(days=2))
    found = report(gateway.presented(), gateway.presented("device_ca", "intermediate", "root"))
    (finding,) = (f for f in found.findings if f.rule.id == UNSOUND)
    assert "it is not valid yet" in finding.message
    assert "its extension policyConstraints cannot be decoded" in finding.message
    assert set(finding.evidence["refused_by"]) >= GOES_ON


def test_who_insists_on_a_root_is_known_where_one_library_cannot_be_asked() -> None:
    """Policies that NSS' libpkix may not decode are nothing to OpenSSL, which finds no root."""
    gateway = GATEWAY.with_extension("server", raw_extension("2.5.29.32", NO_SEQUENCE))
    found = report(gateway.presented(), gateway.presented("server"))
    assert refused_by(found, NO_ROOT) >= GOES_ON - {".NET"}
    assert not contradictions(found)


def test_a_gap_above_a_trusted_ca_is_no_unsound_certificate() -> None:
    """Without the intermediate among what is trusted, OpenSSL finds no root; .NET looks further."""
    found = report(trust=GATEWAY.presented("device_ca", "root"))
    assert [entry[0] for entry in said(found)] == [NO_ROOT]
    assert refused_by(found, NO_ROOT) >= GOES_ON - {".NET"}
    assert ".NET" not in refused_by(found, NO_ROOT)


def test_what_is_sound_up_to_the_root_is_fine_wherever_a_client_ends() -> None:
    assert said(report(trust=GATEWAY.presented("device_ca", "intermediate", "root"))) == []


@pytest.mark.parametrize(
    ("issuer", "fires"),
    [
        ([("C", "US"), ("O", "Contoso"), ("CN", "Contoso Root CA")], False),
        ([("C", "US"), ("O", "Contoso"), ("CN", "CONTOSO Root CA")], True),
        ([("C", "US"), ("O", "Contoso"), ("CN", " Contoso Root CA")], True),
    ],
)
def test_a_root_that_writes_its_own_name_in_two_ways_is_no_root_to_dotnet(
    issuer: list[tuple[str, str]], fires: bool
) -> None:
    """Whatever they differ in; where the client trusts the CA below instead, nobody looks at it."""
    gateway = GATEWAY.change("root", issuer=issuer)
    found = report(trust=gateway.trust())
    assert [f.severity for f in found.findings if f.rule.id == ISSUER_DIFFERS] == (
        ["error"] if fires else []
    )
    if fires:
        assert refused_by(found, ISSUER_DIFFERS) == {".NET", "rustls (rtls)"}
        refusing = {p.client for p in found.predictions if p.verdict == "reject" and p.tier == 1}
        assert refusing == {
            "dotnet8.0.4-SslStream",
            "dotnet8.0.4-SslStream-cb",
            "dotnet9.0-SslStream",
            "dotnet10.0-SslStream",
        }
    below = report(trust=gateway.presented("device_ca"))
    assert ISSUER_DIFFERS not in {f.rule.id for f in below.findings}
