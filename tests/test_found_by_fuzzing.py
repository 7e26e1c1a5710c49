"""What hostile inputs brought to light, each with the smallest chain that shows it."""

from __future__ import annotations

from typing import Any

import pytest

import edgecheck
from edgecheck.behaviour.equal_names import equating, telling_apart
from edgecheck.behaviour.refusers import EVERYBODY, Refuser
from edgecheck.rules.engine.finding import Finding
from fixtures import der
from fixtures.extensions import authority_key_id, extended_key_usage, raw_extension
from fixtures.gateway import Gateway
from fixtures.pki import pem, raw_time, subject_key_id
from fixtures.stock import HOSTNAME, NOW, stock_11, stock_12, stock_15
from tests.contradictions import contradictions
from tests.test_any_bytes import nodes

R = Refuser


def checked(gateway: Gateway, **arguments: Any) -> edgecheck.Report:
    given: dict[str, Any] = {"hostname": HOSTNAME, "at": NOW, "trust": pem(*gateway.trust())}
    presented = arguments.pop("presented", pem(*gateway.presented(), comments=False))
    return edgecheck.check(presented, **{**given, **arguments})


def found(report: edgecheck.Report, rule: str) -> Finding:
    (finding,) = (each for each in report.findings if each.rule.id == rule)
    return finding


def refused_by(finding: Finding) -> set[Refuser]:
    return set(map(Refuser, finding.evidence["refused_by"]))


def verdicts(report: edgecheck.Report) -> dict[str, str]:
    return {each.client: str(each.verdict) for each in report.predictions}


def with_constraints(value: str) -> Gateway:
    """A workload CA with these basicConstraints."""
    new = raw_extension("basicConstraints", bytes.fromhex(value), critical=True)
    return stock_11("ec").with_extension("workload_ca", new)


@pytest.mark.parametrize("value", ["3006010101020100", "30030101f7"])
def test_any_octet_but_zero_is_true_to_openssl_and_java(value: str) -> None:
    """OpenSSL 3.0.19 and Java 17 were asked; Go takes DER's alone."""
    report = checked(with_constraints(value))
    assert refused_by(found(report, "input.unreadable-fact")) == {R.GO, R.CRYPTOGRAPHY}
    said = verdicts(report)
    assert said["openssl3.0.19-s_client"] == said["java17-jsse"] == "accept"
    assert said["go1.27.3"] == "reject"
    assert not contradictions(report)


@pytest.mark.parametrize("value", ["30040102ffff", "30020100"])
def test_a_boolean_of_another_length_is_read_by_nobody(value: str) -> None:
    """OpenSSL: "invalid certificate"; Java: "DerValue.getBoolean, invalid length 2"."""
    report = checked(with_constraints(value))
    finding = found(report, "input.unreadable-fact")
    assert f"cA is a BOOLEAN of {len(bytes.fromhex(value)) - 4} bytes" in finding.message
    assert {R.GO, R.JAVA, R.S_CLIENT, R.DOTNET} <= refused_by(finding)
    said = verdicts(report)
    assert {said[c] for c in ("openssl3.0.19-s_client", "java17-jsse", "go1.27.3")} == {"reject"}
    assert not contradictions(report)


def test_a_field_is_named_once() -> None:
    """Not "basicConstraints: basicConstraints: ..."."""
    report = checked(with_constraints("30030101f7"))
    assert "basicConstraints: cA is not" in found(report, "path.undecided").message
    assert not [each for each in report.findings if each.message.count("basicConstraints") > 1]


def signed_as(*elements: bytes) -> Gateway:
    """A root that names another signature algorithm in both places."""

    def other(data: bytes) -> bytes:
        (root,) = nodes(data)
        for node in (root.children[0].children[2], root.children[1]):
            node.content, node.children = b"".join(elements), []
        return root.encoded()

    return stock_15("ec").change("root", damage=other)


@pytest.mark.parametrize(
    ("named", "mbedtls"),
    [((der.oid("1.2.840.113549.1.1.11"), b"\x05\0"), False), ((der.oid("1.2.3"),), True)],
    ids=["of another kind of key", "unknown"],
)
@pytest.mark.parametrize("hostname", [HOSTNAME, None])
def test_a_root_whose_key_cannot_have_signed_it_is_none_to_openssl(
    named: tuple[bytes, ...], mbedtls: bool, hostname: str | None
) -> None:
    """It is not self-signed then (check_sig_alg_match), and clients that go on to a root refuse."""
    report = checked(signed_as(*named), hostname=hostname)
    finding = found(report, "trust.root-signature-invalid")
    assert finding.severity is edgecheck.Severity.ERROR
    assert not report.ok
    assert {R.S_CLIENT, R.PYTHON, R.NODE, R.DOTNET, R.BOTAN} <= refused_by(finding)
    assert not {R.CURL, R.STRICT, R.JAVA, R.GO} & refused_by(finding)
    assert (R.MBEDTLS in refused_by(finding)) is mbedtls
    assert verdicts(report)["openssl3.0.19-s_client"] == "reject"
    assert not contradictions(report)


def test_a_root_of_the_right_kind_with_a_wrong_signature_is_a_warning() -> None:
    """Nearly nobody looks at it."""

    def flipped(data: bytes) -> bytes:
        return data[:-1] + bytes([data[-1] ^ 1])

    report = checked(stock_15("ec").change("root", damage=flipped))
    finding = found(report, "trust.root-signature-invalid")
    assert finding.severity is edgecheck.Severity.WARNING
    assert refused_by(finding) == {R.BOTAN}


def with_issuer(change: bytes) -> Gateway:
    """A server certificate in whose issuer the first type is other bytes, signed so."""

    def other(data: bytes) -> bytes:
        (tbs,) = nodes(data)
        kind = tbs.children[3].children[0].children[0].children[0]
        kind.content = change
        return tbs.encoded()

    return stock_15("ec").change("server", damage_tbs=other)


@pytest.mark.parametrize("change", [b"\x55\x80\x01", b"\x80"])
def test_whoever_reads_a_malformed_issuer_does_not_find_it(change: bytes) -> None:
    """Java decodes no object identifier there, and finds no certificate of that name."""
    report = checked(with_issuer(change))
    finding = found(report, "encoding.name")
    assert finding.severity is edgecheck.Severity.ERROR
    assert R.JAVA in refused_by(finding)
    assert verdicts(report)["java17-jsse"] == "reject"
    assert not contradictions(report)


def test_botan_looks_for_no_address_but_for_the_proof_of_the_key() -> None:
    """It takes a CA that is sent first for the server, whose key is of another kind here."""
    gateway = stock_15("ec")
    order = pem(*gateway.presented("device_ca", "intermediate", "server"), comments=False)
    report = checked(gateway, presented=order, hostname="192.0.2.1")
    assert refused_by(found(report, "chain.server-not-first")) == EVERYBODY
    said = next(each for each in report.predictions if each.client == "botan2.19")
    assert said.says == "Error: Certificate key type did not match ciphersuite"
    assert not contradictions(report)


def test_an_empty_key_identifier_is_none_to_botan() -> None:
    """The others compare it with the authority's, which is another one."""
    gateway = stock_15("ec").with_extension("device_ca", subject_key_id(b""))
    report = checked(gateway)
    for finding in report.findings:
        if finding.rule.id == "chain.key-identifier-mismatch":
            assert R.BOTAN not in refused_by(finding)
    assert not contradictions(report)


def test_who_takes_two_names_for_one_is_decided_once() -> None:
    """Java folds case and blanks; most compare bytes; what cannot be read is equal to nothing."""
    one, other = der.name_der("Device CA"), der.name_der("device  ca")
    assert R.JAVA in equating(one, other, trusted=False)
    assert R.GO in telling_apart(one, other, trusted=False)
    assert equating(one, one, trusted=True) == EVERYBODY
    assert equating(b"\x30\x01", one, trusted=False) == frozenset()
    for pair in ((one, other), (b"\x30\x01", one)):
        both = equating(*pair, trusted=True), telling_apart(*pair, trusted=True)
        assert not both[0] & both[1]
        assert both[0] | both[1] == EVERYBODY


def with_version(content: bytes, role: str = "server") -> Gateway:
    """A certificate with another INTEGER for a version."""

    def other(data: bytes) -> bytes:
        (tbs,) = nodes(data)
        tbs.children[0].children[0].content = content
        return tbs.encoded()

    return stock_15("ec").change(role, damage_tbs=other)


@pytest.mark.parametrize("content", [b"\xff", b"\x80", b"\x03"])
def test_extensions_belong_to_version_3_alone(content: bytes) -> None:
    """Java 17 was asked: "Extensions not allowed in v2 certificate", whatever else it is."""
    report = checked(with_version(content))
    assert {R.JAVA, R.BEARSSL} <= refused_by(found(report, "encoding.not-der"))
    said = verdicts(report)
    assert said["java17-jsse"] == said["bearssl0.6"] == "reject"
    assert not contradictions(report)


def test_bearssl_does_not_read_the_version_of_what_is_trusted() -> None:
    report = checked(with_version(b"\xff", "root"))
    assert R.BEARSSL not in refused_by(found(report, "encoding.not-der"))
    assert not contradictions(report)


def with_subject(role: str, *, in_both: bool) -> Gateway:
    """A CA whose subject is no DER; `in_both`: the certificate below names it so, too."""

    def subject(data: bytes) -> bytes:
        (tbs,) = nodes(data)
        tbs.children[5].children[0].children[0].children[0].content = b"\x55\x80\x04"
        return tbs.encoded()

    def issuer(data: bytes) -> bytes:
        (tbs,) = nodes(data)
        tbs.children[3].children[0].children[0].children[0].content = b"\x55\x80\x04"
        return tbs.encoded()

    gateway = stock_15("ec").change(role, damage_tbs=subject)
    return gateway.change("server", damage_tbs=issuer) if in_both else gateway


def test_whoever_reads_a_malformed_subject_does_not_find_it() -> None:
    """Unless the certificate below writes it in the same way."""
    report = checked(with_subject("device_ca", in_both=False))
    assert R.JAVA in refused_by(found(report, "encoding.not-der"))
    assert verdicts(report)["java17-jsse"] == "reject"
    assert not contradictions(report)
    report = checked(with_subject("device_ca", in_both=True))
    assert R.JAVA not in refused_by(found(report, "encoding.not-der"))
    assert not contradictions(report)


@pytest.mark.parametrize(("octets", "fits"), [(32 * 1024, True), (32 * 1024 + 1, False)])
def test_java_bounds_the_message_with_the_certificates(octets: int, fits: bool) -> None:
    """jdk.tls.maxHandshakeMessageSize, at its exact value: rule and model say the same.

    In TLS 1.3, as Java 17.0.15 does it: with a byte more, and two more for each certificate.
    """
    gateway = stock_15("rsa")  # whose signatures all have one length

    def filled(length: int) -> Gateway:
        return gateway.with_extension("device_ca", raw_extension("1.2.3.4", bytes(length)))

    def size(made: Gateway) -> int:
        return 1 + 3 + sum(3 + len(one.der) + 2 for one in made.presented())

    made = filled(20_000)
    made = filled(20_000 + octets - size(made))
    assert size(made) == octets
    report = checked(made)
    named = refused_by(found(report, "chain.large"))
    said = next(each for each in report.predictions if each.client == "java17-jsse")
    assert (R.JAVA not in named, str(said.verdict)) == (fits, "accept" if fits else "reject")
    assert fits or "The size of the handshake message (32769) exceeds" in said.says
    assert not contradictions(report)


@pytest.mark.parametrize(("critical", "named"), [(True, True), (False, False)])
def test_go_refuses_critical_constraints_on_directory_names(critical: bool, named: bool) -> None:
    """In a server certificate too, where no other client of tier 1 looks at them."""
    base = der.tlv(0xA4, der.name_der("Contoso"))
    limits = der.sequence(der.tlv(0xA0, der.sequence(base)))
    new = raw_extension("nameConstraints", limits, critical=critical)
    report = checked(stock_15("ec").with_extension("server", new))
    finding = found(report, "extension.name-constraints-without-ca")
    assert (R.GO in refused_by(finding)) is named
    assert (verdicts(report)["go1.27.3"] == "reject") is named
    assert not contradictions(report)


def test_java_reads_no_other_parameters_than_null() -> None:
    """Also where the other of the two signature algorithms is as it was."""

    def other(data: bytes) -> bytes:
        (tbs,) = nodes(data)
        named = tbs.children[2]
        named.content, named.children = der.oid("1.2.840.113549.1.1.11") + b"\x02\x01\x01", []
        return tbs.encoded()

    report = checked(stock_15("rsa").change("device_ca", damage_tbs=other))
    assert R.JAVA in refused_by(found(report, "input.algorithm-mismatch"))
    assert verdicts(report)["java17-jsse"] == "reject"
    assert not contradictions(report)


@pytest.mark.parametrize(("role", "by_all"), [("device_ca", True), ("root", False)])
def test_what_nobody_can_check_everybody_refuses(role: str, by_all: bool) -> None:
    """An algorithm that is unknown, with parameters that it cannot have; not of a root."""

    def other(data: bytes) -> bytes:
        (root,) = nodes(data)
        for node in (root.children[0].children[2], root.children[1]):
            node.content, node.children = der.oid("1.2.840.113549.1.1.1") + b"\x02\x01\x01", []
        return root.encoded()

    report = checked(stock_15("rsa").change(role, damage=other))
    finding = found(report, "encoding.not-der")
    assert "no client knows its signature algorithm" in finding.message
    assert (refused_by(finding) == EVERYBODY) is by_all
    assert not contradictions(report)


def test_an_unknown_algorithm_is_named_beside_damage_that_only_cryptography_sees() -> None:
    """Everybody refuses it for the algorithm, not for its parameters."""

    def other(data: bytes) -> bytes:
        (root,) = nodes(data)
        for node in (root.children[0].children[2], root.children[1]):
            node.content, node.children = der.oid("1.2.840.10040.4.1") + b"\x02\x01\x01", []
        return root.encoded()

    report = checked(stock_15("ec").change("server", damage=other))
    finding = found(report, "input.malformed-certificate")
    assert "no client knows its signature algorithm" in finding.message
    assert refused_by(finding) == EVERYBODY
    assert not contradictions(report)


@pytest.mark.parametrize("role", ["root", "intermediate", "device_ca"])
def test_java_is_named_where_it_cannot_decode_names_that_are_critical(role: str) -> None:
    """A directoryName of one byte; OpenSSL cannot decode it either, which another rule tells."""
    cut = raw_extension("subjectAltName", bytes.fromhex("3003a4012a"), critical=True)
    report = checked(stock_15("ec").with_extension(role, cut))
    assert R.JAVA in refused_by(found(report, "encoding.extension-undecodable"))
    assert verdicts(report)["java17-jsse"] == verdicts(report)["java25-jsse"] == "reject"
    assert not contradictions(report)


def test_an_end_line_too_many_hides_no_server_certificate() -> None:
    """It stands behind nothing; with base64 before it, the server's may be what was not read."""
    gateway = stock_11("ec")
    ca = pem(gateway.issued("device_ca"), comments=False)
    end = b"-----END CERTIFICATE-----\n"
    stray = checked(gateway, presented=ca + end)
    assert found(stray, "chain.no-server-certificate").severity == "error"
    hiding = checked(gateway, presented=ca + b"MIIBdTCCAl2gAwIBAgI=\n" + end)
    assert not [f for f in hiding.findings if f.rule.id == "chain.no-server-certificate"]
    assert found(hiding, "input.missing-begin").severity == "error"
    assert stray.valid is hiding.valid is None


@pytest.mark.parametrize("time", [b"\x17\x0b3001010000Z", b"\x18\x0d203001010000Z"])
def test_openssl_since_3_4_does_not_read_a_time_that_is_too_short_wherever_it_stands(
    time: bytes,
) -> None:
    """Of a CA that nobody needs; older ones and `openssl verify` take the chain without it."""
    gateway = stock_15("ec")
    lives_until = gateway["device_ca"].not_after
    aside = gateway.change("device_ca", subject="CN=old CA", not_after=raw_time(time, lives_until))
    presented = pem(*gateway.presented(), aside.issued("device_ca"), comments=False)
    report = checked(gateway, presented=presented)
    finding = found(report, "encoding.time")
    assert finding.severity == "error"
    assert R.OPENSSL_3_4 in refused_by(finding)
    assert refused_by(finding).isdisjoint({R.PYTHON, R.S_CLIENT, R.VERIFY})
    assert not any(each.rule.id == "client.refuses" for each in report.findings)
    said = verdicts(report)
    assert said["py313-ssl-ossl3.5.9"] == said["node24-ossl3.5.7"] == "reject"
    assert said["py311-ssl-ossl3.0.19"] == "accept"
    assert not contradictions(report)


def test_versions_of_gnutls_are_named_apart_where_they_take_another_chain() -> None:
    """The server's is sent twice around a gap, which 3.7 sorts into another chain than 3.8."""
    gateway = stock_12("ec").with_extension("device_ca", extended_key_usage("clientAuth"))
    served, device_ca, *above = gateway.presented()
    other = gateway.with_extension("device_ca", authority_key_id(bytes(20))).issued("device_ca")
    above += gateway.trust()
    report = checked(
        gateway,
        presented=pem(served, other, served, *above, comments=False),
        trust=pem(device_ca, *above, comments=False),
    )
    said = verdicts(report)
    assert (said["gnutls3.7.9-cli"], said["gnutls3.8.9-cli"]) == ("accept", "reject")
    named = refused_by(found(report, "chain.wrong-issuer-first"))
    assert R.GNUTLS_3_8 in named
    assert named.isdisjoint({R.GNUTLS, R.GNUTLS_3_7})
    assert not contradictions(report)


@pytest.mark.parametrize("role", ["device_ca", "root"])
def test_a_length_that_java_is_not_known_to_take_raises_nothing(role: str) -> None:
    """An indefinite one, in a critical extension of what is trusted or presented."""
    endless = raw_extension("subjectAltName", bytes.fromhex("30808203612e620000"), critical=True)
    gateway = stock_15("ec").with_extension(role, endless)
    beside = gateway.issued(role)
    report = checked(stock_15("ec"), trust=pem(*stock_15("ec").trust(), beside, comments=False))
    assert verdicts(report)["java17-jsse"] == "unknown"
    report = checked(gateway)
    assert verdicts(report)["java17-jsse"] == "unknown"
    assert not contradictions(report)
