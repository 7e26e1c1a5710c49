"""What extensions say, do not say, and should say."""

from __future__ import annotations

import pytest

import edgecheck
from fixtures import der, stock
from fixtures.gateway import Gateway
from fixtures.pki import (
    Extension,
    authority_key_id,
    extended_key_usage,
    key_usage,
    name_constraints,
    netscape_cert_type,
    pem,
    raw_extension,
    subject_alt_name,
    subject_key_id,
)
from fixtures.stock import NOW
from tests.contradictions import contradictions

NO_AKI = "extension.no-authority-key-id"
NO_SKI = "extension.no-subject-key-id"


def said(gateway: Gateway, rule: str) -> list[tuple[str, str | None]]:
    """Severity and role of what a rule says about a gateway."""
    chain, trust = pem(*gateway.presented()), pem(*gateway.trust())
    report = edgecheck.check(chain, stock.HOSTNAME, trust, NOW)
    return [
        (f.severity.value, f.role.value if f.role else None)
        for f in report.findings
        if f.rule.id == rule
    ]


def test_what_certd_wrote_before_1_3_is_a_note() -> None:
    """The server certificate of 1.2 has no key identifiers, and nobody can change that."""
    assert said(stock.stock_12(), NO_AKI) == [("info", "server")]
    assert said(stock.stock_15(), NO_AKI) == []


def test_a_ca_that_does_not_identify_its_issuers_key_is_a_warning() -> None:
    """Whether the extension is absent or names the issuer's serial number alone."""
    healthy = stock.stock_11()
    without = healthy.without_extension("device_ca", "authorityKeyIdentifier")
    by_serial = healthy.with_extension(
        "device_ca", authority_key_id(keyid=False, issuer_and_serial=True)
    )
    assert said(without, NO_AKI) == said(by_serial, NO_AKI) == [("warning", "device-ca")]


def test_a_root_needs_none() -> None:
    """It would name itself."""
    assert said(stock.stock_11().without_extension("root", "authorityKeyIdentifier"), NO_AKI) == []


def refusing(gateway: Gateway, rule: str) -> set[str]:
    """Who refuses what a rule says about a gateway, by the names that findings use."""
    chain, trust = pem(*gateway.presented()), pem(*gateway.trust())
    report = edgecheck.check(chain, stock.HOSTNAME, trust, NOW)
    return {
        name
        for finding in report.findings
        if finding.rule.id == rule
        for name in finding.evidence["refused_by"]
    }


def operators(*extensions: Extension) -> Gateway:
    """A gateway whose server certificate an operator had made, with more extensions."""
    gateway = stock.stock_15().change("server", serial=None)
    for extension in extensions:
        gateway = gateway.with_extension("server", extension)
    return gateway


USAGE = "extension.server-key-usage"


@pytest.mark.parametrize(
    ("usages", "severity"),
    [
        (("digitalSignature", "keyEncipherment"), None),
        (("digitalSignature",), "warning"),
        (("keyEncipherment",), "error"),
        (("keyAgreement",), "error"),
        (("nonRepudiation",), "error"),
        ((), "error"),
    ],
)
def test_a_key_usage_without_digital_signature_is_an_error(
    usages: tuple[str, ...], severity: str | None
) -> None:
    """Java of tier 1 refuses it; NSS alone asks for keyEncipherment."""
    wanted = [] if severity is None else [(severity, "server")]
    assert said(operators(key_usage(*usages)), USAGE) == wanted


def test_an_elliptic_curve_key_needs_no_key_encipherment() -> None:
    """It encrypts nothing."""
    server = operators(key_usage("digitalSignature")).change("server", key="p256-5")
    assert said(server, USAGE) == []


def test_who_refuses_a_key_usage_depends_on_its_bits() -> None:
    """OpenSSL is content with one of three; .NET and Go never look, unless no bit is set."""
    agreeing = refusing(operators(key_usage("keyEncipherment")), USAGE)
    assert "Java" in agreeing
    assert not agreeing & {"Python ssl", "NSS", ".NET", "Go"}
    assert "NSS" in refusing(operators(key_usage("keyAgreement")), USAGE)
    signing = refusing(operators(key_usage("keyCertSign")), USAGE)
    assert {"Python ssl", "Node.js", "Java", "BearSSL"} <= signing
    assert not signing & {".NET", "Go", "rustls", "wolfSSL"}
    assert ".NET" in refusing(operators(key_usage()), USAGE)
    assert "BearSSL" not in refusing(operators(key_usage("nonRepudiation")), USAGE)
    ec = operators(key_usage("keyAgreement")).change("server", key="p256-5")
    assert "OpenSSL 1.1.0" in refusing(ec, USAGE)


def test_a_client_of_the_gateway_may_have_any_key_usage_of_a_client() -> None:
    """What a server needs is asked of servers alone."""
    gateway = operators(
        key_usage("keyAgreement"), extended_key_usage("anyExtendedKeyUsage"),
        netscape_cert_type("client"),
    )  # fmt: skip
    chain, trust = pem(*gateway.presented()), pem(*gateway.trust())
    validation = edgecheck.Validation(purpose="client")
    report = edgecheck.check(chain, None, trust, NOW, validation=validation)
    assert not {f.rule.id for f in report.findings} & {
        USAGE, "extension.any-extended-key-usage", "extension.netscape-cert-type",
    }  # fmt: skip


def test_any_purpose_together_with_servers_is_nothing() -> None:
    """Who knows serverAuth finds it."""
    both = operators(extended_key_usage("serverAuth", "anyExtendedKeyUsage"))
    assert said(both, "extension.any-extended-key-usage") == []


def test_a_root_for_any_purpose_is_refused_by_what_uses_openssl() -> None:
    """And by .NET, while Java, Go and GnuTLS do not look at a root."""
    gateway = stock.stock_15().with_extension("root", extended_key_usage("anyExtendedKeyUsage"))
    who = refusing(gateway, "extension.any-extended-key-usage")
    assert {"Python ssl", ".NET", "BoringSSL"} <= who
    assert not who & {"Java", "Go", "GnuTLS", "rustls"}


def test_a_device_ca_without_a_key_identifier_stops_1_1() -> None:
    """The daemon copies it into what it issues; without a workload CA it has not yet done so."""
    healthy = stock.stock_11()
    broken = healthy.without_extension("device_ca", "subjectKeyIdentifier")
    files = pem(*broken.presented("device_ca", "intermediate", "root"))
    found = {}
    for runtime in ("1.1", "1.5"):
        device = edgecheck.Device(runtime=runtime)
        report = edgecheck.check(files, trust=pem(*healthy.trust()), at=NOW, device=device)
        found[runtime] = [f.severity for f in report.findings if f.rule.id == NO_SKI]
    assert found == {"1.1": ["error"], "1.5": ["warning"]}
    assert said(broken, NO_SKI) == [("warning", "device-ca")]


def test_a_missing_authority_key_id_follows_from_an_issuer_that_has_none_to_copy() -> None:
    """But not in what certd wrote before 1.3, which never had one."""
    for gateway, causes in ((stock.stock_15(), [NO_SKI]), (stock.stock_12(), [None])):
        broken = gateway.without_extension("device_ca", "subjectKeyIdentifier")
        report = edgecheck.check(pem(*broken.presented()), None, pem(*broken.trust()), NOW)
        rules = {finding.id: finding.rule.id for finding in report.findings}
        found = [f for f in report.findings if f.rule.id == NO_AKI]
        assert [rules.get(f.caused_by or "") for f in found] == causes


def test_an_empty_key_identifier_is_none() -> None:
    """Zero octets identify nothing."""
    gateway = stock.stock_15().with_extension("intermediate", subject_key_id(b""))
    assert said(gateway, NO_SKI) == [("warning", "intermediate")]


def test_wolfssl_needs_no_key_usage_in_a_root() -> None:
    """It takes what it trusts by itself for a CA."""
    rule = "extension.no-key-usage"
    below = stock.stock_15().without_extension("intermediate", "keyUsage")
    root = stock.stock_15().without_extension("root", "keyUsage")
    assert "wolfSSL" in refusing(below, rule)
    assert refusing(root, rule) == {"Python 3.13 (VERIFY_X509_STRICT)", "cryptography"}


def test_java_takes_for_a_host_name_only_what_could_be_one() -> None:
    """Letters, digits, hyphens and dots; wolfSSL takes any common name of the CA below."""
    rule = "extension.common-name-not-permitted"
    permitted = name_constraints({"dns": ["local", "edgehub"]})
    confined = stock.stock_15().with_extension("intermediate", permitted)
    for name, severity in (
        ("mygateway.ca", "error"),
        ("mygateway", "error"),
        ("my_gateway.ca", "warning"),
        ("my gateway", "warning"),
    ):
        gateway = confined.change("device_ca", subject=name)
        assert said(gateway, rule) == [(severity, "device-ca")], name
    for name in ("mygateway.local", "LOCAL"):
        assert said(confined.change("device_ca", subject=name), rule) == [], name
    named = confined.with_extension("device_ca", subject_alt_name(dns=["edgehub"]))
    assert said(named, rule) == []


def test_excluded_names_bear_on_common_names_too() -> None:
    """As far as clients take those for DNS names."""
    rule = "extension.common-name-not-permitted"
    gateway = stock.stock_15().change("device_ca", subject="gw.ca")
    gateway = gateway.with_extension("intermediate", name_constraints(None, {"dns": ["ca"]}))
    assert said(gateway, rule) == [("error", "device-ca")]
    other = gateway.with_extension("intermediate", name_constraints(None, {"dns": ["example"]}))
    assert said(other, rule) == []
    addresses = name_constraints({"ip": ["10.0.0.0/8"]})
    assert said(gateway.with_extension("intermediate", addresses), rule) == []


def test_java_does_not_look_at_the_constraints_of_a_root() -> None:
    """WolfSSL does, at those of the direct issuer, and Botan, where there is a period."""
    rule = "extension.common-name-not-permitted"
    gateway = stock.stock_15().change("intermediate", subject="plant.ca")
    gateway = gateway.with_extension("root", name_constraints({"dns": ["local", "edgehub"]}))
    assert said(gateway, rule) == [("warning", "intermediate")]
    assert refusing(gateway, rule) == {"wolfSSL", "Botan"}


def test_constraints_that_forbid_something_are_one_finding() -> None:
    """That small clients cannot handle them then follows."""
    excluded = name_constraints(None, {"dns": ["local"]})
    gateway = stock.stock_15().with_extension("intermediate", excluded)
    report = edgecheck.check(pem(*gateway.presented()), None, pem(*gateway.trust()), NOW)
    roots = [f.rule.id for f in report.findings if f.caused_by is None and f.severity != "info"]
    assert roots == ["path.name-constraints"]


def test_a_subtree_with_a_leading_period_excludes_what_is_below() -> None:
    """RFC 5280 does not know it for DNS names, but every client that looks reads it so."""
    excluded = name_constraints(None, {"dns": [".local"]})
    gateway = stock.stock_15().with_extension("intermediate", excluded)
    assert said(gateway, "path.name-constraints") == [("error", "server")]
    who = refusing(gateway, "path.name-constraints")
    assert "Python ssl" in who
    assert "wolfSSL" not in who


def test_extensions_in_an_old_version_are_an_error_in_every_place() -> None:
    """Java refuses them; Go does not look at a root's version."""
    rule = "extension.version-not-3"
    for role, name in (("server", "server"), ("intermediate", "intermediate"), ("root", "root")):
        gateway = stock.stock_15().change(role, version=1)
        assert said(gateway, rule) == [("error", name)]
        assert ("Go" in refusing(gateway, rule)) is (role != "root")


def test_a_root_of_version_2_is_refused_by_more_than_one_of_version_1() -> None:
    """OpenSSL makes an exception for version 1 alone."""
    rule = "extension.version-not-3"
    keyed = stock.stock_15().with_extension(
        "intermediate", authority_key_id(keyid=stock.stock_15().issued("root").key_id or b"")
    )
    first = keyed.change("root", version=1, extensions=())
    second = keyed.change("root", version=2, extensions=())
    assert said(first, rule) == [("warning", "root")]
    assert said(second, rule) == [("error", "root")]


def test_a_ca_of_version_1_below_a_root_is_no_ca() -> None:
    """That rule says it, and only that."""
    gateway = stock.stock_15().change("device_ca", version=1, extensions=())
    assert said(gateway, "extension.version-not-3") == []
    assert said(gateway, "ca.not-a-ca") == [("error", "device-ca")]


def test_every_constraint_must_be_critical() -> None:
    """Several in one certificate are one finding."""
    rule = "extension.must-be-critical"
    gateway = stock.stock_15()
    for oid, value in (("2.5.29.36", b"\x30\x03\x81\x01\x00"), ("2.5.29.54", b"\x02\x01\x00")):
        gateway = gateway.with_extension("intermediate", raw_extension(oid, value))
    assert said(gateway, rule) == [("warning", "intermediate")]


def test_a_critical_extension_that_is_there_twice_is_another_fault() -> None:
    """Of a doubled extension nothing else is said."""
    key_id = subject_key_id()
    doubled = stock.stock_15()["server"]
    critical = Extension(key_id.oid, True, key_id.value, key_id.shown)
    spec = doubled.with_(extensions=(*doubled.extensions, critical))
    assert said(stock.stock_15().put("server", spec), "extension.must-not-be-critical") == []


@pytest.mark.parametrize(
    ("oid", "value", "severity"),
    [
        ("2.5.29.36", b"\x30\x03\x81\x01\x00", "warning"),
        ("2.5.29.54", b"\x02\x01\x00", "warning"),
        ("2.5.29.37", b"\x30\x0a\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x01", "warning"),
        ("2.5.29.31", b"\x30\x13\x30\x11\xa0\x0f\xa0\x0d\x86\x0bhttp://a.b/", "error"),
    ],
)
def test_critical_extensions_that_clients_handle_in_part(
    oid: str, value: bytes, severity: str
) -> None:
    """An error where Java is among those that do not."""
    gateway = stock.stock_15().with_extension("device_ca", raw_extension(oid, value, critical=True))
    assert said(gateway, "extension.not-known-everywhere") == [(severity, "device-ca")]


def test_a_critical_names_extension_is_right_where_there_is_no_subject() -> None:
    """Otherwise cryptography minds; an old Node.js minds that there is no subject."""
    rule = "extension.not-known-everywhere"
    names = subject_alt_name(dns=[stock.HOSTNAME], critical=True)
    assert said(operators(names), rule) == [("warning", "server")]
    nameless = operators(names).change("server", subject=b"\x30\x00")
    assert said(nameless, rule) == []
    assert refusing(nameless, "extension.empty-subject") == {"OpenSSL 1.1.0", "OpenSSL 1.0.2"}


@pytest.mark.parametrize("asked", [stock.HOSTNAME, "10.0.0.7"])
def test_an_old_nodejs_looks_at_no_subject_where_it_is_asked_for_an_address(asked: str) -> None:
    """It compares the addresses, and nothing is wrong with a critical subjectAltName then."""
    old = {"OpenSSL 1.1.0", "OpenSSL 1.0.2"}
    for critical in (True, False):
        names = subject_alt_name(dns=[stock.HOSTNAME], ip=["10.0.0.7"], critical=critical)
        gateway = operators(names).change("server", subject=b"\x30\x00")
        chain, trust = pem(*gateway.presented()), pem(*gateway.trust())
        report = edgecheck.check(chain, asked, trust, NOW)
        found = [f for f in report.findings if f.rule.id == "extension.empty-subject"]
        assert bool(found) is (asked == stock.HOSTNAME or not critical)
        for finding in found:
            named = old.intersection(finding.evidence["refused_by"])
            assert named == (old if asked == stock.HOSTNAME else set())
        assert not contradictions(report)


def test_a_netscape_type_for_servers_or_for_cas_is_nothing() -> None:
    """In its place."""
    rule = "extension.netscape-cert-type"
    assert said(operators(netscape_cert_type("server")), rule) == []
    assert (
        said(stock.stock_15().with_extension("device_ca", netscape_cert_type("sslCA")), rule) == []
    )
    mail = stock.stock_15().with_extension("device_ca", netscape_cert_type("emailCA"))
    assert refusing(mail, rule) == {"NSS", "NSS libpkix"}


def test_an_issuer_without_a_serial_number_is_half() -> None:
    """As is a serial number without an issuer; both together are whole."""
    rule = "extension.half-authority-key-id"
    gateway = stock.stock_15()
    above = gateway.issued("device_ca")
    issuer = der.tlv(0xA1, der.tlv(0xA4, above.issuer))
    half = raw_extension("authorityKeyIdentifier", der.sequence(der.tlv(0x80, b"key"), issuer))
    assert said(gateway.with_extension("server", half), rule) == [("warning", "server")]
    whole = authority_key_id(issuer_and_serial=True)
    assert said(gateway.with_extension("server", whole), rule) == []


@pytest.mark.parametrize(
    ("value", "sees"),
    [
        (der.sequence(der.tlv(0xA0, der.sequence(der.tlv(0x82, b"plant7.example")))), True),
        (b"\x30\x00", True),  # decode_inner throws an Encoding_Error, which nobody catches
        (b"\x04\x02\x00\x00", False),
    ],
)
def test_botan_refuses_those_constraints_of_a_server_that_it_sees(value: bytes, sees: bool) -> None:
    gateway = stock.stock_15("ec").with_extension("server", raw_extension("nameConstraints", value))
    report = edgecheck.check(
        b"".join(issued.der for issued in gateway.presented()),
        stock.HOSTNAME,
        gateway.trust()[0].der,
        NOW,
    )
    (finding,) = (
        f for f in report.findings if f.rule.id == "extension.name-constraints-without-ca"
    )
    assert ("Botan" in finding.evidence["refused_by"]) is sees
    (botan,) = (p for p in report.predictions if p.client == "botan2.19")
    assert (botan.verdict == "reject") is sees
