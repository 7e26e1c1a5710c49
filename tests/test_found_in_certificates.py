"""What hostile inputs brought to light about times, keys, signatures and identifiers."""

from __future__ import annotations

import pytest
from asn1crypto.core import PrintableString

import edgecheck
from edgecheck.behaviour.refusers import EVERYBODY, NSS, OPENSSL, Refuser
from fixtures import der, edits
from fixtures.extensions import (
    authority_key_id,
    basic_constraints,
    raw_extension,
    subject_alt_name,
    subject_key_id,
)
from fixtures.gateway import Gateway
from fixtures.pki import issue, pem
from fixtures.stock import HOSTNAME, stock_12, stock_15
from tests.contradictions import contradictions
from tests.test_any_bytes import nodes
from tests.test_found_by_fuzzing import checked, found, refused_by, verdicts

R = Refuser


def ending(role: str, tag: int, text: bytes) -> Gateway:
    """A certificate with another notAfter."""

    def other(data: bytes) -> bytes:
        (tbs,) = nodes(data)
        time = tbs.children[4].children[1]
        time.tag, time.content = tag, text
        return tbs.encoded()

    return stock_15("ec").change(role, damage_tbs=other)


@pytest.mark.parametrize(
    ("tag", "text", "reads"),
    [
        (0x17, b"Z", False),
        (0x17, b"", False),
        (0x17, b"301x01000000Z", False),
        (0x17, b"3001010000xxZ", False),
        (0x17, b"300101000000", False),
        (0x17, b"300101000000ZZ", False),
        (0x17, b"300101000000.5Z", False),
        (0x17, b"3001010000Z", True),
        (0x17, b"300101000000+0100", True),
        (0x18, b"203001010000Z", True),
        (0x18, b"500101000000Z", False),
        (0x18, b"20300101000000", False),
        (0x18, b"20300101000000.5Z", True),
    ],
)
@pytest.mark.parametrize("role", ["device_ca", "root"])
def test_which_times_java_reads(role: str, tag: int, text: bytes, reads: bool) -> None:
    """Java 17 was asked; what is trusted has to be read as well, though not to be valid."""
    report = checked(ending(role, tag, text))
    assert (R.JAVA in refused_by(found(report, "encoding.time"))) is not reads
    if not reads:
        assert verdicts(report)["java17-jsse"] == "reject"
    assert not contradictions(report)


@pytest.mark.parametrize(("order", "named"), [((0, 1, 2), True), ((0, 2, 1), False)])
def test_java_compares_key_identifiers_of_what_comes_in_order(
    order: tuple[int, ...], named: bool
) -> None:
    """PKIXCertPathValidator does; SunCertPathBuilder, which sorts, does not."""
    other = raw_extension("authorityKeyIdentifier", der.sequence(der.tlv(0x80, bytes(20))))
    gateway = stock_15("ec").with_extension("intermediate", other)
    sent = gateway.presented("server", "device_ca", "intermediate")
    presented = pem(*(sent[at] for at in order), comments=False)
    report = checked(gateway, presented=presented)
    by = refused_by(found(report, "chain.key-identifier-mismatch"))
    assert (R.JAVA in by) is named
    assert (verdicts(report)["java17-jsse"] == "reject") is named
    assert not contradictions(report)


def test_an_empty_identifier_of_an_authority_is_none_to_nss_and_botan() -> None:
    new = raw_extension("authorityKeyIdentifier", der.sequence(der.tlv(0x80, b"")))
    report = checked(stock_15("ec").with_extension("server", new))
    by = refused_by(found(report, "chain.key-identifier-mismatch"))
    assert not by & {R.NSS, R.NSS_PKIX, R.BOTAN}
    assert R.S_CLIENT in by
    assert not contradictions(report)


def test_a_root_that_names_two_algorithms_is_none_to_openssl() -> None:
    """Its key made the signature, and cannot have made one of the algorithm that is signed."""

    def other(data: bytes) -> bytes:
        (tbs,) = nodes(data)
        named = tbs.children[2]
        named.content, named.children = der.oid("1.2.840.113549.1.1.11") + b"\x05\0", []
        return tbs.encoded()

    report = checked(stock_15("ec").change("root", damage_tbs=other))
    finding = found(report, "trust.root-signature-invalid")
    assert finding.severity is edgecheck.Severity.ERROR
    assert "was signed by its own key, but says that it was not" in finding.message
    assert R.S_CLIENT in refused_by(finding)
    assert not {R.BOTAN, R.WOLFSSL} & refused_by(finding)
    assert not contradictions(report)


@pytest.mark.parametrize("role", ["server", "device_ca"])
def test_a_key_of_a_kind_that_nobody_knows_is_refused_by_all(role: str) -> None:
    """Also where its parameters are no DER beside it."""

    def other(data: bytes) -> bytes:
        (tbs,) = nodes(data)
        named = tbs.children[6].children[0]
        named.content, named.children = der.oid("1.2.840.10045.4.3.2") + b"\x05\0", []
        return tbs.encoded()

    report = checked(stock_15("ec").change(role, damage_tbs=other))
    assert refused_by(found(report, "algorithm.key-kind")) == EVERYBODY
    assert not contradictions(report)


def test_two_algorithms_differ_although_one_is_not_in_der() -> None:
    """Not only in how a length is written."""

    def other(data: bytes) -> bytes:
        (tbs,) = nodes(data)
        named = tbs.children[2]
        named.content, named.children = der.oid("1.2.840.113549.1.1.1") + b"\x30\x80\0\0", []
        return tbs.encoded()

    report = checked(stock_15("ec").change("server", damage_tbs=other))
    assert OPENSSL | {R.JAVA} <= refused_by(found(report, "input.algorithm-mismatch"))
    assert not contradictions(report)


def test_no_bit_of_key_usage_is_as_good_as_none_to_go() -> None:
    """CheckSignatureFrom asks for keyCertSign where KeyUsage is not 0."""
    none = raw_extension("keyUsage", b"\x03\x02\x07\x00", critical=True)
    report = checked(stock_15("ec").with_extension("intermediate", none))
    by = refused_by(found(report, "ca.no-cert-sign"))
    assert not by & {R.GO, R.GO_1_19, R.GO_OLD, R.GO_1_24}
    assert {R.S_CLIENT, R.JAVA} <= by
    assert verdicts(report)["go1.27.3"] == "accept"
    assert not contradictions(report)


@pytest.mark.parametrize(
    ("skipping", "named"), [(0, True), (3, True), (4, False), (1 << 70, False)]
)
def test_boringssl_asks_for_policies_below_a_root_within_its_number(
    skipping: int, named: bool
) -> None:
    """The root's requireExplicitPolicy lets as many certificates below it be without one.

    .NET takes an extKeyUsage for a policy, and the server's certificate has that.
    """
    number = skipping.to_bytes(skipping.bit_length() // 8 + 1)
    value = der.sequence(der.tlv(0x80, number))
    new = raw_extension("policyConstraints", value, critical=True)
    report = checked(stock_15("ec").with_extension("root", new))
    by = refused_by(found(report, "extension.not-known-everywhere"))
    assert (R.BORINGSSL in by) is named
    assert (R.DOTNET in by) is (skipping < 3)
    assert (verdicts(report)["bun1.4.5-boringssl"] == "reject") is named
    assert not contradictions(report)


@pytest.mark.parametrize("first", ["intermediate", "root"])
def test_a_trusted_path_length_counts_to_wolfssl_below_what_was_loaded_before(first: str) -> None:
    """Of a trusted intermediate it knows the issuer only where that was loaded first."""
    gateway = stock_15("ec").with_extension("intermediate", basic_constraints(True, 1))
    gateway = gateway.with_extension("server", basic_constraints(True))
    trusted = [gateway.issued("intermediate"), gateway.issued("root")]
    trust = pem(*(trusted if first == "intermediate" else trusted[::-1]), comments=False)
    report = checked(gateway, trust=trust)
    by = refused_by(found(report, "extension.server-is-ca"))
    said = verdicts(report)["wolfssl5.5.4"]
    assert (R.WOLFSSL in by) is (first == "root")
    assert (said == "reject") is (first == "root")
    assert not contradictions(report)


def test_bearssl_is_content_with_a_server_that_it_trusts() -> None:
    """Whoever issued it: name and key are that of an anchor which is no CA."""
    gateway = stock_15("ec")
    other = gateway.change("device_ca", key="p256-8")
    server = gateway.issued("server")
    sent = pem(server, other.issued("device_ca"), comments=False)
    report = checked(gateway, presented=sent, trust=pem(server, *gateway.trust()))
    assert verdicts(report)["bearssl0.6"] == "accept"
    assert not contradictions(report)


@pytest.mark.parametrize("own", [True, False])
def test_wolfssl_looks_for_the_identifier_of_the_certificate_itself(own: bool) -> None:
    """As for its issuer's, where none has that which it names; its issuer has the same as it."""
    gateway = stock_15("ec").with_extension("device_ca", subject_key_id(b"\5" * 20))
    named = raw_extension("authorityKeyIdentifier", der.sequence(der.tlv(0x80, b"\6" * 20)))
    gateway = gateway.with_extension("server", named)
    gateway = gateway.with_extension("server", subject_key_id(b"\5" * 20 if own else b"\7" * 20))
    report = checked(gateway)
    by = refused_by(found(report, "chain.key-identifier-mismatch"))
    assert (R.WOLFSSL in by) is not own
    assert (verdicts(report)["wolfssl5.5.4"] == "accept") is own
    assert not contradictions(report)


def test_cryptography_is_content_with_another_anchor_of_that_name() -> None:
    """Also where the server's only name is a wildcard, by which to ask it for a path."""
    gateway = stock_15("ec").with_extension("server", subject_alt_name(dns=["*.local"]))
    none = gateway.with_extension("device_ca", basic_constraints(False)).issued("device_ca")
    trust = pem(none, *gateway.trust(), comments=False)
    report = checked(gateway, trust=trust)
    assert R.CRYPTOGRAPHY not in refused_by(found(report, "ca.not-a-ca"))
    assert verdicts(report)["cryptography50-x509verify"] == "accept"
    assert not contradictions(report)


@pytest.mark.parametrize(("behind", "refuses"), [(b"\x05\0", True), (b"\x31\0", False)])
def test_botan_wants_the_right_kind_of_element_in_a_name(behind: bytes, refuses: bool) -> None:
    """A NULL among the relative names, or one of them that is empty; Botan 2.19.3 was asked."""
    subject = der.sequence(der.name_der(HOSTNAME)[2:], behind)
    report = checked(stock_15("ec").change("server", subject=subject))
    by = {each for f in report.findings for each in f.evidence.get("refused_by", ())}
    assert (R.BOTAN in by) is refuses
    assert (verdicts(report)["botan2.19"] == "reject") is refuses
    assert not contradictions(report)


SPACED = [("C", "US"), ("O", "Contoso"), ("CN", "Contoso\u2029Root CA")]
"""With a paragraph separator, which RFC 5280 takes for a blank, and OpenSSL for a letter."""


@pytest.mark.parametrize("below", [False, True], ids=["a root", "a CA below it, too"])
def test_a_root_is_one_to_whoever_takes_its_two_names_for_one(below: bool) -> None:
    """OpenSSL and Botan fold what is ASCII, and look for another certificate above such a root."""
    gateway = stock_15("ec").change("root", issuer=SPACED)
    anchors = (gateway.issued("device_ca"), *gateway.trust()) if below else gateway.trust()
    report = checked(gateway, trust=pem(*anchors, comments=False))
    by = refused_by(found(report, "trust.root-issuer-written-differently"))
    assert {R.DOTNET, R.S_CLIENT, R.PYTHON, R.NODE, R.BOTAN, R.RUSTLS_RTLS} <= by
    assert not {R.GO, R.JAVA, R.CURL, R.STRICT, R.GNUTLS, R.RUSTLS} & by
    assert verdicts(report)["openssl3.0.19-s_client"] == "reject"
    assert not contradictions(report)


@pytest.mark.parametrize("sent", [True, False])
@pytest.mark.parametrize("role", ["intermediate", "root"])
def test_gnutls_compares_bytes_with_what_is_trusted_and_was_not_sent(role: str, sent: bool) -> None:
    """A CA that is sent too is found by its text; of a root the trusted copy alone counts."""
    gateway = stock_15("ec")
    roles = list(gateway)
    below = roles[roles.index(role) - 1]
    typed = [(kind, PrintableString(text)) for kind, text in gateway[role].subject]
    gateway = gateway.change(below, issuer=typed)
    trust = pem(gateway.issued(role), *gateway.trust(), comments=False)
    shown = [one for one in roles if sent or one not in (role, "root")]
    report = checked(gateway, trust=trust, presented=pem(*gateway.presented(*shown)))
    by = refused_by(found(report, "naming.issuer-written-differently"))
    refused = role == "root" or not sent
    assert (R.GNUTLS in by) is refused
    assert (verdicts(report)["gnutls3.7.9-cli"] == "reject") is refused
    assert not contradictions(report)


def test_an_issuer_of_another_name_is_found_by_its_key_whatever_number_is_named() -> None:
    """Java passes over a NUL behind a name, and over the serial number beside the key's identifier.

    So nothing is missing, and whoever reads it is told which certificate signed.
    """
    gateway = stock_15("ec")
    named = [(kind, f"{text}\0") for kind, text in gateway["device_ca"].subject]
    wrong = authority_key_id(issuer_and_serial=(named, 5))
    gateway = gateway.with_extension("server", wrong).change("server", issuer=named)
    report = checked(gateway)
    by = refused_by(found(report, "path.issuer-name-mismatch"))
    assert "chain.missing-issuer" not in {each.rule.id for each in report.findings}
    assert by == EVERYBODY - {R.JAVA}
    assert verdicts(report)["java17-jsse"] == "accept"
    assert not contradictions(report)


@pytest.mark.parametrize(
    ("written", "refused"), [("\u2029{}", True), ("{} ", False), ("{}", False)]
)
def test_an_issuer_in_other_bytes_is_another_one_to_who_compares_them(
    written: str, refused: bool
) -> None:
    """A separator of paragraphs is a blank to RFC 5280, and to OpenSSL a part of the name."""
    gateway = stock_15("ec")
    subject = dict(gateway["intermediate"].subject)
    above = list((subject | {"CN": written.format(subject["CN"])}).items())
    number = int.from_bytes(gateway.issued("device_ca").serial[2:], "big")
    named = authority_key_id(issuer_and_serial=(above, number))
    report = checked(gateway.with_extension("server", named))
    rules = {each.rule.id for each in report.findings}
    assert ("chain.key-identifier-mismatch" in rules) is refused
    assert report.ok is not refused
    assert report.valid is True
    assert (verdicts(report)["openssl3.0.19-s_client"] == "reject") is refused
    if refused:
        assert {R.S_CLIENT, R.DOTNET} <= refused_by(found(report, "chain.key-identifier-mismatch"))
    assert not contradictions(report)


def test_a_root_that_contradicts_itself_is_an_issuer_below_another_one() -> None:
    """Whoever finds a sound root of its name and key above it, as OpenSSL does, is content."""
    healthy = stock_15("ec")
    other = healthy.with_extension("root", subject_key_id(b"\5" * 20))
    torn = other.with_extension("root", authority_key_id(keyid=healthy.issued("root").key_id))
    trust = pem(torn.issued("root"), healthy.issued("root"), comments=False)
    alone = checked(torn)
    both = checked(torn, trust=trust)
    rule = "chain.key-identifier-mismatch"
    assert R.S_CLIENT in refused_by(found(alone, rule))
    assert "refused_by" not in found(both, rule).evidence
    assert found(both, rule).severity is edgecheck.Severity.WARNING
    assert verdicts(alone)["openssl3.0.19-s_client"] == "reject"
    assert verdicts(both)["openssl3.0.19-s_client"] == "accept"
    assert not contradictions(alone)
    assert not contradictions(both)


@pytest.mark.parametrize("hostname", [HOSTNAME, None])
@pytest.mark.parametrize(("version", "loads"), [(1, False), (3, True)])
def test_java_loads_no_trust_with_extensions_of_version_1(
    version: int, loads: bool, hostname: str | None
) -> None:
    """Whoever issued the gateway's chain; `cryptography` reads such a certificate."""
    gateway, other = stock_15("ec"), stock_12("ec").change("root", subject="Other", version=version)
    trust = pem(*gateway.trust(), other.issued("root"), comments=False)
    report = checked(gateway, trust=trust, hostname=hostname)
    told = [f for f in report.findings if f.rule.id == "trust.cannot-be-loaded"]
    assert [refused_by(each) for each in told] == [{R.JAVA}] * (not loads)
    assert report.ok is loads
    assert not contradictions(report)


@pytest.mark.parametrize("sent", [3, 4], ids=["trusted alone", "sent too"])
def test_a_serial_number_of_the_root_stops_nss_whether_the_root_is_sent_or_not(sent: int) -> None:
    """Its database has what it trusts; tstclnt 3.87.1 was asked about both."""
    gateway = stock_15("ec").change("intermediate", serial=1).change("root", serial=1)
    whole = [*gateway.presented(), *gateway.trust()]
    report = checked(gateway, presented=pem(*whole[:sent]))
    assert refused_by(found(report, "chain.serial-number-reused")) == NSS
    said = verdicts(report)
    assert said["nss3.87-tstclnt"] == said["nss3.87-libpkix"] == "reject"
    assert not contradictions(report)


def test_who_is_led_in_a_circle_is_known_although_the_server_is_not_in_der() -> None:
    """OpenSSL stops at the first error, and never asks what it could not be known to make of it."""
    gateway = stock_15("ec").change("server", damage_tbs=edits.edited(5, edit=edits.longer))
    below = gateway.issued("device_ca")
    again = gateway["intermediate"].with_(serial=0x7005, signature=None, issuer=None)
    server, device_ca, *above = gateway.presented()
    report = checked(gateway, presented=pem(server, device_ca, issue(again, below), *above))
    assert {R.S_CLIENT, R.PYTHON} <= refused_by(found(report, "chain.wrong-issuer-first"))
    assert verdicts(report)["node20-ossl3.0.19"] == "unknown"  # it goes on to what is not known
    assert not contradictions(report)


def test_who_goes_on_to_a_root_without_a_time_is_known() -> None:
    """It is trusted beside the device CA: when it ends is only what could be said in addition."""
    gateway = ending("root", 0x17, b"291302000000Z")
    report = checked(gateway, trust=pem(gateway.issued("device_ca"), *gateway.trust()))
    assert {R.S_CLIENT, R.NODE} <= refused_by(found(report, "trust.no-root"))
    assert not contradictions(report)


@pytest.mark.parametrize(
    ("role", "named"),
    [
        ("server", {R.GO}),
        ("device_ca", {R.GO, R.CRYPTOGRAPHY}),
        ("intermediate", {R.GO, R.CRYPTOGRAPHY}),
        ("root", {R.GO, R.CRYPTOGRAPHY}),
    ],
)
def test_a_key_without_parameters_is_permitted_by_cryptography_to_no_issuer(
    role: str, named: set[Refuser]
) -> None:
    """Of the trusted root too it says "Forbidden public key algorithm"; a server's key it takes."""

    def without(algorithm: edits.Node) -> None:
        del algorithm.children[1]

    gateway = stock_15("rsa").change(role, damage_tbs=edits.edited(edits.KEY, 0, edit=without))
    report = checked(gateway)
    assert refused_by(found(report, "encoding.not-der")) == named
    expected = "reject" if R.CRYPTOGRAPHY in named else "accept"
    assert verdicts(report)["cryptography50-x509verify"] == expected
    assert verdicts(report)["go1.27.3"] == "reject"
    assert not contradictions(report)
