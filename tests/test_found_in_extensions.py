"""What hostile inputs brought to light about extensions, each with the smallest chain."""

from __future__ import annotations

import pytest

import edgecheck
from edgecheck.behaviour.refusers import OPENSSL, OPENSSL_OLD, Refuser
from fixtures import der
from fixtures.extensions import (
    extended_key_usage,
    name_constraints,
    raw_extension,
    subject_alt_name,
)
from fixtures.pki import pem
from fixtures.stock import HOSTNAME, stock_15
from tests.contradictions import contradictions
from tests.test_any_bytes import nodes
from tests.test_found_by_fuzzing import checked, found, refused_by, verdicts

R = Refuser
OTHER = b"\x88\x02\x2a\x03"
"""A registeredID."""


def test_who_finds_no_address_is_known_although_not_of_everybody() -> None:
    """The directory name cannot be read, which leaves it open for NSS and the like alone."""
    names = der.sequence(der.tlv(0xA4, b"a@"), der.tlv(0x87, b"\xff\xfe"))
    gateway = stock_15("ec").with_extension("server", raw_extension("subjectAltName", names))
    report = checked(gateway, hostname="192.0.2.1")
    assert {R.JAVA, R.NODE, R.DOTNET} <= refused_by(found(report, "hostname.not-in-san"))
    assert verdicts(report)["java17-jsse"] == "reject"
    assert not contradictions(report)


@pytest.mark.parametrize(
    ("constraints", "usage", "rule"),
    [
        ("30030101ff0500", "03020102", "ca.no-cert-sign"),
        ("3000", "0500", "ca.not-a-ca"),
    ],
    ids=["constraints", "usage"],
)
def test_an_authority_is_unfit_by_one_extension_whatever_stands_in_the_other(
    constraints: str, usage: str, rule: str
) -> None:
    """What cannot be read leaves nothing open about the one that can."""
    gateway = stock_15("ec")
    for name, value in (("basicConstraints", constraints), ("keyUsage", usage)):
        new = raw_extension(name, bytes.fromhex(value), critical=True)
        gateway = gateway.with_extension("intermediate", new)
    report = checked(gateway)
    assert found(report, "input.unreadable-fact").severity == "error"
    assert {R.S_CLIENT, R.GO, R.DOTNET} <= refused_by(found(report, rule))
    assert {verdicts(report)[c] for c in ("openssl3.0.19-s_client", "go1.27.3")} == {"reject"}
    assert not contradictions(report)


@pytest.mark.parametrize("trusted", [("root",), ("root", "server"), ("server",)], ids="+".join)
def test_who_finds_no_address_refuses_a_certificate_that_it_trusts_by_itself(
    trusted: tuple[str, ...],
) -> None:
    """Go and Java end their chain with it, and look for the name all the same."""
    empty = raw_extension("subjectAltName", der.sequence())
    gateway = stock_15("ec").with_extension("server", empty)
    by_role = {"root": gateway.trust()[0], "server": gateway.presented()[0]}
    trust = pem(*(by_role[each] for each in trusted))
    report = checked(gateway, hostname="192.0.2.1", trust=trust)
    assert {R.JAVA, R.GO, R.NODE} <= refused_by(found(report, "input.unreadable-fact"))
    said = verdicts(report)
    assert said["go1.27.3"] == said["java17-jsse"] == "reject"
    assert not contradictions(report)


@pytest.mark.parametrize(
    ("name", "critical", "refused"),
    [(OTHER, True, True), (OTHER, False, False), (b"\x82\x02gw", True, False)],
    ids=["a registered identifier", "not critical", "a DNS name"],
)
def test_go_handles_no_critical_names_without_one_that_it_knows(
    name: bytes, critical: bool, refused: bool
) -> None:
    """UnhandledCriticalExtensions: of a CA as well as of a server."""
    new = raw_extension("subjectAltName", der.sequence(name), critical=critical)
    report = checked(stock_15("ec").with_extension("device_ca", new))
    naming = [f for f in report.findings if R.GO in refused_by_or_none(f)]
    assert [f.rule.id for f in naming] == ["extension.not-known-everywhere"] * refused
    assert (verdicts(report)["go1.27.3"] == "reject") is refused
    assert not contradictions(report)


def refused_by_or_none(finding: object) -> set[str]:
    evidence: dict[str, list[str]] = finding.evidence  # type: ignore[attr-defined]
    return set(evidence.get("refused_by", ()))


@pytest.mark.parametrize(
    ("limits", "says", "who"),
    [
        ({"ip": [bytes(10)]}, "IP constraint contained value of length 10", {R.GO, R.JAVA}),
        ({"ip": [b"\x0a\0\0\0.1.1"]}, "IP constraint contained invalid mask 2e312e31", {R.GO}),
        ({"dns": ["a b"]}, 'failed to parse dnsName constraint "a b"', {R.GO}),
    ],
)
def test_what_go_cannot_parse_of_constraints_has_a_finding(
    limits: dict[str, list[str | bytes]], says: str, who: set[R]
) -> None:
    """Nobody else looks that closely at constraints on forms that no name below has.

    Java decodes addresses of four octets and sixteen alone, and networks of two of these.
    """
    new = name_constraints(None, {"dns": ["x.example"], **limits})
    report = checked(stock_15("ec").with_extension("intermediate", new))
    finding = found(report, "encoding.extension-undecodable")
    assert refused_by(finding) == who
    assert says in finding.message
    assert verdicts(report)["go1.27.3"] == "reject"
    assert not contradictions(report)


def test_constraints_that_openssl_cannot_decode_forbid_nothing() -> None:
    """1.0.2 and 1.1.0 pass over them; what is later takes the certificate as if it were not there.

    (EXFLAG_INVALID of v3_purp.c, for which nobody looks up to 1.1.0.)
    """
    cut = der.sequence(der.tlv(0xA0, der.sequence(b"\xa4\x04\x30\x05ab")))
    new = raw_extension("nameConstraints", cut, critical=True)
    report = checked(stock_15("ec").with_extension("intermediate", new))
    assert refused_by(found(report, "encoding.extension-undecodable")) >= OPENSSL
    for finding in report.findings:
        if finding.rule.id == "path.name-constraints-of-clients":
            assert not refused_by(finding) & (OPENSSL | OPENSSL_OLD - {R.BORINGSSL})
    assert verdicts(report)["node8-ossl1.0.2s"] == "accept"
    assert not contradictions(report)


@pytest.mark.parametrize("length", [b"\xff", b"\x80" + bytes(8), b"\x80" + bytes(2_000)])
def test_a_path_length_below_zero_is_one_whatever_its_length(length: bytes) -> None:
    """OpenSSL: V_ASN1_NEG_INTEGER; Go to 1.19 reads eight octets at the most."""
    value = der.sequence(b"\x01\x01\xff", der.tlv(2, length))
    new = raw_extension("basicConstraints", value, critical=True)
    report = checked(stock_15("ec").with_extension("intermediate", new))
    finding = found(report, "input.unreadable-fact")
    assert {R.OPENSSL_1_0_2, R.OPENSSL_1_1_0, R.S_CLIENT} <= refused_by(finding)
    said = verdicts(report)
    assert said["node8-ossl1.0.2s"] == said["node10.9-ossl1.1.0i"] == "reject"
    assert said["go1.19.8"] == ("reject" if len(length) > 8 else "accept")
    assert not contradictions(report)


@pytest.mark.parametrize(("octets", "critical"), [(1, True), (2_000, True)])
def test_who_does_not_look_whether_a_server_is_a_ca(octets: int, critical: bool) -> None:
    """BearSSL never does, and Java (17 was asked) decodes 32 bits of a number."""
    value = der.sequence(b"\x01\x01\xff", der.tlv(2, b"\x80" + bytes(octets - 1)))
    new = raw_extension("basicConstraints", value, critical=critical)
    report = checked(stock_15("ec").with_extension("server", new))
    by = refused_by(found(report, "input.unreadable-fact"))
    assert R.BEARSSL not in by
    assert (R.JAVA in by) is (verdicts(report)["java17-jsse"] == "reject")
    assert (R.JAVA in by) is (octets > 4 and critical)
    assert not contradictions(report)


@pytest.mark.parametrize(
    ("usage", "named"), [("2.47", False), ("codeSigning", True), ("clientAuth", False)]
)
def test_nss_wants_no_authority_for_servers_where_it_is_for_nothing_else(
    usage: str, named: bool
) -> None:
    """cert_ComputeCertType: what it does not know makes it no authority of any kind."""
    gateway = stock_15("ec").with_extension("device_ca", extended_key_usage(usage))
    report = checked(gateway)
    assert (R.NSS in refused_by(found(report, "path.not-for-this-purpose"))) is named
    assert (verdicts(report)["nss3.87-tstclnt"] == "reject") is named
    assert not contradictions(report)


def test_java_takes_a_path_length_with_superfluous_octets() -> None:
    """Java 17 and Go 1.19 were asked: DerValue.getInteger allows BER."""
    value = der.sequence(b"\x01\x01\xff", b"\x02\x02\0\x05")
    new = raw_extension("basicConstraints", value, critical=True)
    report = checked(stock_15("ec").with_extension("device_ca", new))
    by = refused_by(found(report, "input.unreadable-fact"))
    assert R.GO in by and R.JAVA not in by
    assert verdicts(report)["java17-jsse"] == "accept"
    assert not contradictions(report)


@pytest.mark.parametrize(("first", "is_ca"), [(b"\x01\x01\xff", True), (b"", False)])
def test_go_does_not_look_behind_the_path_length(first: bytes, is_ca: bool) -> None:
    """Go 1.19 was asked: another field does not matter, and without the first it is no CA."""
    value = der.sequence(first, b"\x02\x01\x05", b"\x01\x01\xff")
    new = raw_extension("basicConstraints", value, critical=True)
    report = checked(stock_15("ec").with_extension("device_ca", new))
    assert (R.GO in refused_by(found(report, "input.unreadable-fact"))) is not is_ca
    assert (verdicts(report)["go1.27.3"] == "accept") is is_ca
    assert not contradictions(report)


@pytest.mark.parametrize(
    ("behind", "refused"), [(b"\xa1\x03\x16\x01x", False), (b"\x80\x05x", True)]
)
def test_go_reads_nothing_but_the_identifier_of_an_authority(behind: bytes, refused: bool) -> None:
    """ParseCertificate: neither names nor a serial number."""
    new = raw_extension("authorityKeyIdentifier", b"\x30" + bytes([len(behind)]) + behind)
    report = checked(stock_15("ec").with_extension("device_ca", new))
    assert (R.GO in refused_by(found(report, "input.unreadable-fact"))) is refused
    assert (verdicts(report)["go1.27.3"] == "reject") is refused
    assert not contradictions(report)


@pytest.mark.parametrize(("role", "named"), [("server", False), ("device_ca", True)])
def test_cryptography_looks_at_the_authority_of_authorities(role: str, named: bool) -> None:
    """The library itself is asked: in a server certificate it wants the extension alone."""
    gateway = stock_15("ec")
    issuer = {"server": "device_ca", "device_ca": "intermediate"}[role]
    value = der.sequence(der.tlv(0x80, gateway.issued(issuer).key_id or b"")) + b"\0"
    report = checked(gateway.with_extension(role, raw_extension("authorityKeyIdentifier", value)))
    by = refused_by(found(report, "input.unreadable-fact"))
    assert (R.CRYPTOGRAPHY in by) is named
    assert not contradictions(report)


@pytest.mark.parametrize(
    ("kind", "content", "passing"),
    [
        ("1.3.6.1.5.5.7.1.11", b"\x30\0", {R.BEARSSL}),
        ("2.5.29.9", b"\x30\0", {R.BEARSSL}),
        ("2.16.840.1.113730.1.13", b"\x16\x01x", {R.NSS}),
    ],
)
@pytest.mark.parametrize("role", ["server", "device_ca"])
def test_who_passes_over_what_only_informs(
    kind: str, content: bytes, passing: set[Refuser], role: str
) -> None:
    """The subject's information and attributes: BearSSL; Netscape's comments: NSS."""
    new = raw_extension(kind, content, critical=True)
    report = checked(stock_15("ec").with_extension(role, new))
    by = refused_by(found(report, "path.unknown-critical-extension"))
    assert {R.BEARSSL, R.NSS} - by == passing
    assert not contradictions(report)


@pytest.mark.parametrize("role", ["server", "device_ca"])
def test_a_second_fault_is_told_beside_one_of_der(role: str) -> None:
    """Whoever does not mind the version refuses the certificate for its other fault."""

    def other(data: bytes) -> bytes:
        (tbs,) = nodes(data)
        tbs.children[0].children[0].content = b"\x80"
        return tbs.encoded()

    new = raw_extension("authorityKeyIdentifier", der.sequence(b"\x06\x01\x2a"))
    gateway = stock_15("ec").with_extension(role, new).change(role, damage_tbs=other)
    report = checked(gateway)
    assert R.S_CLIENT not in refused_by(found(report, "encoding.not-der"))
    assert R.S_CLIENT in refused_by(found(report, "input.unreadable-fact"))
    assert not contradictions(report)


def test_an_extension_with_other_contents_hides_no_other() -> None:
    """Where the certificate as a whole is damaged, too: names and the rest are read."""

    def other(data: bytes) -> bytes:
        (tbs,) = nodes(data)
        tbs.children[0].children[0].content = b"\x80"
        return tbs.encoded()

    new = raw_extension("authorityInfoAccess", b"\x04\x02ab")
    gateway = stock_15("ec").with_extension("server", new).change("server", damage_tbs=other)
    report = checked(gateway)
    server = report.hierarchy.server
    assert server is not None and server.alt_names is not None
    assert HOSTNAME in server.alt_names.dns
    assert R.GO in refused_by(found(report, "encoding.extension-undecodable"))
    assert not contradictions(report)


@pytest.mark.parametrize(
    ("value", "refusing"),
    [
        ("3003800100", {R.DOTNET, R.BORINGSSL}),
        ("3003800101", {R.DOTNET, R.BORINGSSL}),
        ("3003800102", {R.BORINGSSL}),
        ("3003800104", set()),
        ("30038001ff", {R.DOTNET}),
        ("3003810100", set()),
    ],
    ids=["at once", "below one", "below two", "below all", "a negative number", "of mappings"],
)
def test_dotnet_and_boringssl_heed_what_a_root_requires(value: str, refusing: set[Refuser]) -> None:
    """Its number lets so many certificates below it be without one; -1 is as 0 to .NET.

    The server's own certificate, which has an extKeyUsage, is enough for .NET.
    """
    constraints = raw_extension("policyConstraints", bytes.fromhex(value))
    report = checked(stock_15("ec").with_extension("root", constraints))
    told = [f for f in report.findings if f.rule.id == "extension.root-requires-policy"]
    assert [refused_by(each) for each in told] == [refusing] * bool(refusing)
    said = verdicts(report)
    assert (said["dotnet8.0.4-SslStream"] == "reject") is (R.DOTNET in refusing)
    assert report.ok is (R.DOTNET not in refusing)
    assert not contradictions(report)


def test_a_policy_that_is_missing_is_told_beside_a_usage_that_cannot_be_read() -> None:
    """Java applies the one and passes over the other."""
    requires = raw_extension("policyConstraints", bytes.fromhex("3003800100"), critical=True)
    gateway = stock_15("ec").with_extension("intermediate", requires)
    report = checked(gateway.with_extension("root", raw_extension("extendedKeyUsage", b"")))
    assert R.JAVA in refused_by(found(report, "path.policy"))
    assert not contradictions(report)


@pytest.mark.parametrize(("name", "refused"), [("gw.plant.", True), ("gw.plant", False)])
@pytest.mark.parametrize("role", ["server", "device_ca"])
def test_go_refuses_a_name_that_is_no_domain_below_any_constraints(
    name: str, refused: bool, role: str
) -> None:
    """Be they about addresses; older Go looks at the server's names alone."""
    about = name_constraints(excluded={"ip": ["192.168.0.0/16"]})
    gateway = stock_15("ec").with_extension("intermediate", about)
    report = checked(gateway.with_extension(role, subject_alt_name(dns=[HOSTNAME, name])))
    rule = "path.name-constraints-of-clients"
    told = [refused_by(each) for each in report.findings if each.rule.id == rule]
    assert told == [{R.GO if role == "server" else R.GO_1_27}] * refused
    assert (verdicts(report)["go1.27.3"] == "reject") is refused
    assert not contradictions(report)


def test_who_lets_constraints_with_a_dot_at_their_end_forbid_a_name_is_known() -> None:
    """By RFC 5280 they are no domain names, which leaves it open; clients compare them."""
    new = name_constraints({"dns": [f"{HOSTNAME}."]}, None)
    report = checked(stock_15("ec").with_extension("device_ca", new))
    finding = found(report, "path.name-constraints-of-clients")
    assert {R.S_CLIENT, R.NODE, R.DOTNET, R.JAVA} <= refused_by(finding)
    assert "without a dot" in str(finding.remedy)
    assert verdicts(report)["openssl3.0.19-s_client"] == "reject"
    assert not contradictions(report)


@pytest.mark.parametrize("role", ["device_ca", "root"])
@pytest.mark.parametrize(("value", "decoded"), [("30030201", False), ("30038201" + "61", True)])
def test_java_decodes_the_critical_names_of_an_issuer_also_of_a_root(
    role: str, value: str, decoded: bool
) -> None:
    """A root's mark alone is nothing to it; whatever they are, the mark is one fault."""
    names = raw_extension("issuerAltName", bytes.fromhex(value), critical=True)
    report = checked(stock_15("ec").with_extension(role, names))
    refused = role != "root" or not decoded
    assert (R.JAVA in refused_by(found(report, "extension.must-not-be-critical"))) is refused
    assert "encoding.extension-undecodable" not in {f.rule.id for f in report.findings}
    assert (verdicts(report)["java17-jsse"] == "reject") is refused
    assert not contradictions(report)


def test_an_empty_directory_name_among_constraints_is_no_reason_to_stop() -> None:
    """What wolfSSL makes of it is not known."""
    held = der.sequence(der.tlv(0xA0, der.sequence(b"\xa4\1\x30")))
    constraints = raw_extension("nameConstraints", held, critical=True)
    report = checked(stock_15("ec").with_extension("device_ca", constraints))
    assert report.worst is edgecheck.Severity.ERROR
    assert not contradictions(report)


def test_a_path_length_of_no_ca_is_no_limit_to_who_cannot_decode_it() -> None:
    """To libpkix basicConstraints of an anchor are none then: the anchor is trusted as it is."""
    odd = raw_extension("basicConstraints", bytes.fromhex("3003020100"), critical=True)
    report = checked(stock_15("ec").with_extension("root", odd))
    for rule in ("ca.not-a-ca", "ca.path-length-exceeded"):
        by = refused_by(found(report, rule))
        assert R.NSS in by
        assert R.NSS_PKIX not in by
    assert verdicts(report)["nss3.87-libpkix"] == "accept"
    assert verdicts(report)["nss3.87-tstclnt"] == "reject"
    assert not contradictions(report)


@pytest.mark.parametrize("role", ["intermediate", "root"])
def test_java_adds_the_common_name_once_it_was_asked_about_constraints(role: str) -> None:
    """Those of the anchor it does not check; the address is a DNS name to everybody else."""
    address = "192.0.2.1"
    server = subject_alt_name(dns=[address, "edgehub"])
    gateway = stock_15("ec").change("server", subject=[("CN", address)])
    limits = name_constraints(permitted={"ip": ["192.0.2.0/24"]})
    gateway = gateway.with_extension("server", server).with_extension(role, limits)
    report = checked(gateway, hostname=address)
    by = refused_by(found(report, "hostname.not-in-san"))
    accepts = role == "intermediate"
    assert (R.JAVA not in by) is accepts
    assert R.GO in by
    assert (verdicts(report)["java17-jsse"] == "accept") is accepts
    assert not contradictions(report)
