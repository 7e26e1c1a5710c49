"""Who is not named although a finding is about something that it refuses: it never comes there.

A client may take a trusted twin, another of several issuers, or end below what is at fault.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from asn1crypto import core

import edgecheck
from edgecheck.behaviour.refusers import EVERYBODY, Refuser
from edgecheck.rules.engine import passing
from fixtures import stock
from fixtures.gateway import Gateway
from fixtures.pki import (
    Extension,
    Issued,
    basic_constraints,
    issue,
    key_usage,
    name_constraints,
    pem,
    raw_extension,
)
from tests.behaviour.pool import PAST
from tests.contradictions import contradictions
from tests.fuzzing.inputs import made
from tests.hierarchy.chains import AT, HOST, authority, server

ROOT = issue(authority("Root", "p256-3"))
CA_SPEC = authority("CA", "p256-2", serial=11)
CA = issue(CA_SPEC, ROOT)
LEAF = issue(server(key_usage("digitalSignature", "keyEncipherment")), CA)
EXPIRED = "validity.expired"
SERVER_USAGE = "extension.server-key-usage"
PERMITTED = name_constraints(permitted={"dns": [HOST]})
PINNED = "trust.server-certificate"


def checked(
    presented: Sequence[Issued],
    trust: Sequence[Issued],
    hostname: str = HOST,
    clients: Sequence[str] | None = None,
) -> edgecheck.Report:
    chain, trusted = (pem(*each, comments=False) for each in (presented, trust))
    return edgecheck.check(chain, hostname, trusted, at=AT, clients=clients)


def finding(report: edgecheck.Report, rule: str) -> edgecheck.Finding:
    (found,) = (f for f in report.findings if f.rule.id == rule)
    return found


def named(report: edgecheck.Report, rule: str) -> set[str]:
    return set(finding(report, rule).evidence.get("refused_by", ()))


def accepting(report: edgecheck.Report) -> set[str]:
    return {p.client for p in report.predictions if p.verdict == "accept"}


def pinned(*more: Extension) -> Issued:
    """A server certificate that is its own issuer, with other extensions."""
    return issue(server(*more))


# --- where there is one way, nobody is asked ------------------------------------------------------


def test_on_the_only_way_nobody_passes_by_and_no_client_is_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An expired certificate between server and root is refused by everybody."""

    def asked(*_: object) -> None:
        raise AssertionError("a client was built")

    monkeypatch.setattr(passing, "taken", asked)
    old = issue(CA_SPEC.with_(not_after=PAST), ROOT)
    leaf = issue(server(), old)
    found = edgecheck.check(pem(leaf, old, comments=False), HOST, pem(ROOT, comments=False), at=AT)
    assert named(found, EXPIRED) == {kind.value for kind in EVERYBODY}


@pytest.mark.parametrize("filled", [20_000, 40_000])
def test_nobody_passes_by_a_message_that_is_too_large(filled: int) -> None:
    """Although the certificate that makes it so large is on no path (Java: 32 KiB)."""
    spec = authority("Stranger", "p256-3")
    stranger = issue(spec.with_extension(raw_extension("1.2.3", bytes(filled))))
    report = checked((LEAF, CA, stranger), (ROOT,))
    large = filled > 32_768
    assert ("Java" in named(report, "chain.large")) is large
    assert {"mbedTLS", "wolfSSL"} <= named(report, "chain.large")
    assert ("java17-jsse" in accepting(report)) is not large
    assert report.ok is not large


@pytest.mark.parametrize("trusted", [ROOT, LEAF], ids=["root", "server"])
def test_nobody_passes_by_more_certificates_than_it_takes(trusted: Issued) -> None:
    """Java counts all that are presented, wherever it ends: with ten strangers there are twelve."""
    strangers = [issue(authority(f"Stranger {at}", "p256-3")) for at in range(10)]
    report = checked((LEAF, CA, *strangers), (trusted,))
    assert "Java" in named(report, "chain.too-many-certificates")
    assert "java17-jsse" not in accepting(report)
    assert not report.ok


# --- a server certificate that is trusted by itself -----------------------------------------------


def test_java_asks_nothing_of_the_key_usage_of_a_server_that_it_trusts() -> None:
    """BearSSL and others do, so it is no error any more; elsewhere Java refuses it."""
    usage = key_usage("keyEncipherment")
    below = issue(server(usage), CA)
    assert "Java" in named(checked((below, CA), (ROOT,)), SERVER_USAGE)
    assert finding(checked((below, CA), (ROOT,)), SERVER_USAGE).severity is edgecheck.Severity.ERROR
    alone = pinned(usage)
    found = checked((alone,), (alone,))
    assert "java17-jsse" in accepting(found)
    assert "Java" not in named(found, SERVER_USAGE)
    assert {"GnuTLS", "BearSSL"} <= named(found, SERVER_USAGE)
    assert finding(found, SERVER_USAGE).severity is edgecheck.Severity.WARNING


def test_who_matters_here_decides_whether_it_is_an_error() -> None:
    """Of those that were said to connect, the ones that never come to it do not count."""
    alone = pinned(key_usage("keyEncipherment"))
    for clients, severity in ((["Java"], "warning"), (["GnuTLS"], "error"), (["Go"], "warning")):
        found = checked((alone,), (alone,), clients=clients)
        assert finding(found, SERVER_USAGE).severity.value == severity


@pytest.mark.parametrize(("ca", "refused"), [(True, False), (False, True)])
def test_nss_takes_a_trusted_server_that_is_a_ca_alone(ca: bool, refused: bool) -> None:
    """Where basicConstraints say CA:TRUE, it has found the CA that it wants."""
    spec = (
        server(basic_constraints(ca))
        .without_extension("keyUsage")
        .without_extension("extendedKeyUsage")
    )
    alone = issue(spec)
    found = checked((alone,), (alone,))
    assert ("NSS" in named(found, PINNED)) is refused
    assert ("nss3.87-tstclnt" in accepting(found)) is not refused


def test_a_name_that_is_not_there_is_refused_whoever_is_trusted() -> None:
    """What a chain does not tell is not passed by."""
    alone = pinned()
    found = checked((alone,), (alone,), "other.plant7.example")
    assert {"Java", "Go", ".NET", "Python ssl"} <= named(found, "hostname.not-in-san")
    assert finding(found, "hostname.not-in-san").severity is edgecheck.Severity.ERROR


# --- below a root ---------------------------------------------------------------------------------


def test_openssl_goes_through_a_trusted_ca_of_version_1_to_the_root() -> None:
    """It is an anchor to Go and Java; .NET and what uses OpenSSL take it for no CA."""
    old = issue(CA_SPEC.with_(version=1, extensions=(), serial=12), ROOT)
    leaf = issue(server(), old)
    below = named(checked((leaf,), (old, ROOT)), "extension.version-not-3")
    assert {"Python ssl", "Node.js", ".NET", "curl", "OpenSSL 1.1.1"} <= below
    assert not {"Go", "Java"} & below
    root = issue(authority("Root", "p256-3").with_(version=1, extensions=()))
    top = named(
        checked((issue(server(), issue(CA_SPEC, root)), issue(CA_SPEC, root)), (root,)),
        "extension.version-not-3",
    )
    assert not {"Python ssl", "Node.js", ".NET", "curl"} & top


def test_java_looks_at_the_dates_of_a_root_where_it_has_to_build() -> None:
    """What is presented in order it takes as it is; a surplus certificate makes it search."""
    root = issue(authority("Root", "p256-3", not_after=PAST))
    ca = issue(CA_SPEC, root)
    leaf = issue(server(), ca)
    stranger = issue(authority("Stranger", "p256-6"))
    for presented, refuses in (((leaf, ca), False), ((leaf, stranger, ca), True)):
        found = checked(presented, (root,))
        assert ("Java" in named(found, EXPIRED)) is refuses
        assert ("java17-jsse" in accepting(found)) is not refuses


# --- constraints and policies ---------------------------------------------------------------------


@pytest.mark.parametrize("empty", [True, False])
def test_go_reads_no_empty_constraints(empty: bool) -> None:
    """In a server certificate, where it passes over others; Botan throws at empty ones, too."""
    rule = "extension.name-constraints-without-ca"
    held = raw_extension("nameConstraints", b"\x30\x00") if empty else PERMITTED
    leaf = issue(server(held), CA)
    found = checked((leaf, CA), (ROOT,))
    assert ("Go" in named(found, rule), "Botan" in named(found, rule)) == (empty, True)
    assert ("go1.27.3" in accepting(found), "botan2.19" in accepting(found)) == (not empty, False)


@pytest.mark.parametrize("oid", ["1.3.6.1.5.5.7.1.14", "1.3.6.1.5.5.7.1.24"])
def test_gnutls_knows_critical_extensions_that_others_do_not(oid: str) -> None:
    """Its supported_exts.gperf has proxyCertInfo and tlsfeature; another one it refuses."""
    for kind, refuses in ((oid, False), ("2.999.2", True)):
        ca = issue(CA_SPEC.with_extension(raw_extension(kind, b"\x30\x00", critical=True)), ROOT)
        found = checked((issue(server(), ca), ca), (ROOT,))
        assert ("GnuTLS" in named(found, "path.unknown-critical-extension")) is refuses
        assert ("gnutls3.7.9-cli" in accepting(found)) is not refuses


@pytest.mark.parametrize(
    ("gateway", "refuses"), [(stock.stock_11("ec"), True), (stock.stock_15("ec"), False)]
)
def test_dotnet_wants_an_extended_key_usage_below_a_ca_that_wants_a_policy(
    gateway: Gateway, refuses: bool
) -> None:
    """The workload CA of 1.1 has none; since 1.2 the server alone is below, and has one."""
    wants = raw_extension("policyConstraints", b"\x30\x03\x80\x01\x00", critical=True)
    gateway = gateway.with_extension("device_ca", wants)
    found = edgecheck.check(
        pem(*gateway.presented(), comments=False),
        stock.HOSTNAME,
        pem(*gateway.trust(), comments=False),
        at=stock.NOW,
    )
    assert (".NET" in named(found, "path.policy")) is refuses
    assert ("dotnet8.0.4-SslStream" in accepting(found)) is not refuses


@pytest.mark.parametrize("critical", [True, False])
def test_go_before_1_24_knows_no_policies_and_refuses_only_what_is_critical(
    critical: bool,
) -> None:
    """It has no policyConstraints among the extensions that it handles, and looks into none."""
    wants = raw_extension("policyConstraints", b"\x30\x03\x80\x01\x00", critical=critical)
    gateway = stock.stock_15("ec").with_extension("intermediate", wants)
    found = edgecheck.check(
        pem(*gateway.presented(), comments=False),
        stock.HOSTNAME,
        pem(*gateway.trust(), comments=False),
        at=stock.NOW,
    )
    by = set(named(found, "path.policy"))
    assert by & {"Go", "Go 1.24", "Go before 1.24"} == {"Go" if critical else "Go 1.24"}
    assert "go1.27.3" not in accepting(found)
    assert ("go1.19.8" in accepting(found)) is not critical


def test_what_a_pinned_certificate_says_of_its_issuer_is_nothing_to_who_goes_on() -> None:
    """It names itself as issuer, and another one's key: OpenSSL finds a CA of that name above."""
    number = 35207  # of the hostile inputs, which have such a chain
    report = made(number).check()
    assert report.hierarchy.path is not None
    assert len(report.hierarchy.path.certificates) == 1
    assert {"py311-ssl-ossl3.0.19", "wolfssl5.5.4"} <= accepting(report)
    for rule in ("chain.key-identifier-mismatch", "trust.root-signature-invalid"):
        assert not {"Python ssl", "wolfSSL", "Botan"} & named(report, rule)
    assert not contradictions(report)


@pytest.mark.parametrize(("asked", "named"), [("10.0.0.4", False), ("gw.example", True)])
def test_who_looks_for_no_address_takes_a_ca_that_is_sent_first(asked: str, named: bool) -> None:
    """Botan compares no addresses, and is content with whatever was seen to come first."""
    gateway = stock.stock_15("ec")
    sent = gateway.presented("device_ca", "server", "intermediate")
    report = edgecheck.check(pem(*sent), asked, pem(*gateway.trust()), stock.NOW, as_sent=True)
    (finding,) = (one for one in report.findings if one.rule.id == "chain.server-not-first")
    assert (Refuser.BOTAN in finding.evidence["refused_by"]) is named
    assert not contradictions(report)


def test_a_first_certificate_with_names_that_nobody_can_read_serves_for_no_other() -> None:
    """The root is sent first, and what is said of the server below it concerns whom it did."""
    cut = raw_extension("subjectAltName", b"\x30\x10\x82")
    gateway = stock.stock_12("ec").with_extension("root", cut)
    gateway = gateway.with_extension("server", basic_constraints(True))
    root = gateway.issued("root")
    chain = pem(root, *gateway.presented(), comments=False)
    found = edgecheck.check(chain, stock.HOSTNAME, pem(root, comments=False), at=stock.NOW)
    assert "NSS" in named(found, "extension.server-is-ca")
    assert not contradictions(found)


# --- a server certificate that is trusted, and what a client does above or beside it --------------


@pytest.mark.parametrize("whole", [True, False])
def test_boringssl_decodes_policies_only_of_a_chain_that_comes_to_its_end(whole: bool) -> None:
    """Trusted itself, the server's certificate is content with a chain that lacks its root."""
    leaf = issue(server(raw_extension("2.5.29.32", b"\x30\x00")), CA)
    found = checked((leaf, CA), (leaf, ROOT) if whole else (leaf,))
    assert ("BoringSSL" in named(found, "encoding.extension-undecodable")) is whole
    assert ("bun1.4.5-boringssl" in accepting(found)) is not whole
    assert not contradictions(found)


@pytest.mark.parametrize("same_key", [True, False])
def test_bearssl_trusts_another_certificate_with_the_name_and_key_of_the_servers(
    same_key: bool,
) -> None:
    """Whatever is wrong above: the server's was issued by a CA that the client does not trust."""
    leaf = issue(server(), CA)
    twin = issue(server().with_(key=server().key if same_key else "p256-5"), ROOT)
    found = checked((leaf, CA, ROOT), (twin,))
    assert ("BearSSL" in named(found, "trust.root-not-trusted")) is not same_key
    assert ("bearssl0.6" in accepting(found)) is same_key
    assert not contradictions(found)


@pytest.mark.parametrize("same_key", [True, False])
def test_bearssl_ends_at_a_trusted_server_before_what_stands_behind_its_bytes(
    same_key: bool,
) -> None:
    """check-direct-trust of x509_minimal.t0 ends the coroutine; else it reads on to the end."""
    leaf = issue(server(), CA)
    twin = issue(server().with_(key=server().key if same_key else "p256-5"), ROOT)
    found = edgecheck.check(leaf.der + b"\x00", HOST, pem(twin, comments=False), at=AT)
    assert ("BearSSL" in named(found, "input.trailing-data")) is not same_key
    assert ("bearssl0.6" in accepting(found)) is same_key
    assert not contradictions(found)


@pytest.mark.parametrize("same_key", [True, False])
def test_bearssl_ends_at_a_trusted_server_before_it_reads_the_name_of_an_issuer(
    same_key: bool,
) -> None:
    """Which is written in another type of string than the CA's; else it finds no such CA."""
    other = [("CN", core.BMPString("CA"))]
    leaf = issue(server().with_(issuer=other), CA)
    twin = issue(server().with_(key=server().key if same_key else "p256-5", serial=9), ROOT)
    found = checked((leaf, CA), (twin, CA, ROOT))
    assert ("BearSSL" in named(found, "naming.issuer-written-differently")) is not same_key
    assert ("bearssl0.6" in accepting(found)) is same_key
    assert not contradictions(found)
