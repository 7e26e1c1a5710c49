"""How certificates are written: numbers, times and strings."""

from __future__ import annotations

import pytest

import edgecheck
from fixtures import demo, der, stock
from fixtures.edits import (
    EXTENSIONS,
    KEY,
    SERIAL,
    SIGNATURE,
    VALIDITY,
    content,
    edited,
    indefinite,
    longer,
    more,
    whole,
)
from fixtures.gateway import Gateway
from fixtures.pki import (
    basic_constraints,
    generalized_time,
    key_usage,
    pem,
    raw_extension,
    raw_time,
    subject_alt_name,
    utc_time,
)
from fixtures.stock import NOW

NOT_POSITIVE = "encoding.serial-not-positive"


def said(gateway: Gateway, rule: str) -> list[tuple[str, str | None]]:
    """Severity and role of what a rule says about a gateway."""
    chain, trust = pem(*gateway.presented()), pem(*gateway.trust())
    report = edgecheck.check(chain, stock.HOSTNAME, trust, NOW)
    return [
        (f.severity.value, f.role.value if f.role else None)
        for f in report.findings
        if f.rule.id == rule
    ]


def test_what_certd_signs_with_serial_zero_is_a_note() -> None:
    """The runtime sets no serial number since 1.2, and nobody can change that."""
    assert said(stock.stock_15(), NOT_POSITIVE) == [("info", "server")]
    assert said(demo.quickstart_12(), NOT_POSITIVE) == [("info", "server"), ("info", "device-ca")]


@pytest.mark.parametrize(
    ("serial", "severity"), [(0, "warning"), (-1, "error"), (-(2**70), "error")]
)
def test_what_somebody_else_signs_is_not(serial: int, severity: str) -> None:
    """Zero disturbs nobody today; a negative number is refused by Go since 1.23."""
    assert said(stock.stock_11().change("device_ca", serial=serial), NOT_POSITIVE) == [
        (severity, "device-ca")
    ]


def test_a_positive_serial_number_is_fine() -> None:
    """One octet is enough."""
    assert said(stock.stock_11().change("device_ca", serial=1), NOT_POSITIVE) == []


# --- what is said of one odd certificate, and by whom it is refused

GATEWAY = stock.stock_13("ec")
TIER_1 = {"Python ssl", "Node.js", "openssl s_client", ".NET", "Azure C SDK"}


def odd(gateway: Gateway) -> list[edgecheck.Finding]:
    """Findings of the family that nothing else explains; nothing but notes stands beside them."""
    chain, trust = pem(*gateway.presented(), comments=False), pem(*gateway.trust())
    report = edgecheck.check(chain, stock.HOSTNAME, trust, NOW)
    own = [f for f in report.findings if not f.caused_by and f.severity != "info"]
    assert all(finding.rule.family == "encoding" for finding in own), own
    return own


def refusers(finding: edgecheck.Finding) -> set[str]:
    """Who refuses it."""
    return set(finding.evidence.get("refused_by", ()))


def one(gateway: Gateway, rule: str) -> edgecheck.Finding:
    """The only finding."""
    (finding,) = odd(gateway)
    assert finding.rule.id == rule
    return finding


@pytest.mark.parametrize(
    ("octets", "severity", "by"),
    [
        (21, "info", set()),
        (22, "warning", {"cryptography"}),
        (33, "warning", {"cryptography", "wolfSSL"}),
    ],
)
def test_a_long_serial_number_is_refused_by_few(octets: int, severity: str, by: set[str]) -> None:
    """21 octets come from 160 random bits, and no client minds them."""
    gateway = GATEWAY.change("device_ca", serial=1 << (8 * octets - 2))
    report = edgecheck.check(pem(*gateway.presented()), stock.HOSTNAME, pem(*gateway.trust()), NOW)
    (finding,) = (f for f in report.findings if f.rule.id == "encoding.serial-too-long")
    assert (finding.severity, refusers(finding)) == (severity, by)


def test_twenty_octets_are_no_long_serial_number() -> None:
    """That is what OpenSSL writes."""
    assert odd(GATEWAY.change("device_ca", serial=(1 << 159) - 1)) == []


UTC, GENERALIZED = 0x17, 0x18


@pytest.mark.parametrize("role", ["server", "device_ca"])
@pytest.mark.parametrize("field", ["not_before", "not_after"])
@pytest.mark.parametrize(
    ("tag", "text", "go", "openssl"),
    [
        (UTC, "2601010000Z", False, True),
        (UTC, "260101000000+0000", True, True),
        (UTC, "260101000000", True, True),
        (UTC, "261301000000Z", True, True),
        (UTC, "260230000000Z", True, True),
        (UTC, "260101240000Z", True, True),
        (UTC, "", True, True),
        (GENERALIZED, "20260101000000+0100", False, True),
        (GENERALIZED, "202601010000Z", True, True),
        (GENERALIZED, "20260101000000.5Z", True, True),
        (GENERALIZED, "20260101000000Z", False, False),
    ],
)
def test_odd_times_are_shown_with_those_who_refuse_them(
    role: str, field: str, tag: int, text: str, go: bool, openssl: bool
) -> None:
    """As they stand, with the field; what OpenSSL or Go refuse is an error."""
    if field == "not_after":
        text = text.replace("26", "29", 1)
    gateway = GATEWAY.change(role, **{field: raw_time(der.tlv(tag, text.encode()))})
    if role == "device_ca":
        gateway = gateway.change("server", not_after=NOW.replace(year=2027))
    finding = one(gateway, "encoding.time")
    name = {"not_before": "notBefore", "not_after": "notAfter"}[field]
    assert finding.evidence["field"] == name
    assert f'{name} "{text}"' in finding.message
    assert ("Go" in refusers(finding), refusers(finding) >= TIER_1) == (go, openssl)
    assert finding.severity == ("error" if go or openssl else "warning")


def test_a_utc_time_from_2050_on_means_the_century_before() -> None:
    """Whoever wanted 2050 got 1950, and a certificate that ends before it begins."""
    end = utc_time(NOW.replace(year=2050))
    gateway = GATEWAY.change("device_ca", not_after=end).change(
        "server", not_after=NOW.replace(year=2027)
    )
    finding = one(gateway, "encoding.validity-inverted")
    assert "a year of two digits (UTCTime), and 50 means 1950" in finding.message


def test_generalized_times_from_2050_on_are_as_they_should_be() -> None:
    """RFC 5280 wants them, and 99991231235959Z for no end at all."""
    for end in (NOW.replace(year=2060), NOW.replace(year=9999)):
        gateway = GATEWAY.change("root", not_after=generalized_time(end))
        chain, trust = pem(*gateway.presented()), pem(*gateway.trust())
        report = edgecheck.check(chain, stock.HOSTNAME, trust, NOW)
        assert not any(f.rule.family == "encoding" and f.role == "root" for f in report.findings)


@pytest.mark.parametrize(
    ("path", "edit", "field", "told", "severity", "by"),
    [
        ((), longer, "tbsCertificate", "bytes than it needs", "error", {"Go", "Java"}),
        ((), indefinite, "tbsCertificate", "indefinite length", "error", {"Go", "Java", "GnuTLS"}),
        ((SERIAL,), longer, "serialNumber", "bytes than it needs", "error", {"Go", "NSS"}),
        ((SERIAL,), content(b"\0\1"), "serialNumber", "not minimal", "error", TIER_1 | {"Go"}),
        ((VALIDITY,), longer, "validity", "bytes than it needs", "error", {"Go"}),
        ((VALIDITY,), more(b"\5\0"), "validity", "2 bytes more", "error", TIER_1 | {"Java"}),
        ((KEY,), more(b"\5\0"), "subjectPublicKeyInfo", "2 bytes more", "error", TIER_1 | {"Java"}),
        ((EXTENSIONS,), more(b"\5\0"), "extensions", "2 bytes more", "error", TIER_1),
        ((EXTENSIONS, 0), longer, "extensions", "bytes than it needs", "error", {"Go"}),
        ((EXTENSIONS, 0, 0), more(b"\5\0"), "extensions: basicConstraints", "2 bytes more",
         "error", TIER_1),
        ((EXTENSIONS, 0, 0, 1), content(b"\1"), "extensions: basicConstraints", "BOOLEAN of 0x01",
         "error", {"Go", "cryptography"}),
        ((EXTENSIONS, 0, 1, 1), content(b"\0"), "extensions: keyUsage", "critical FALSE",
         "warning", {"cryptography"}),
        ((0,), whole(b"\xa0\4\2\2\0\2"), "version", "not minimal", "error", TIER_1 | {"Go"}),
    ],
)  # fmt: skip
def test_what_is_not_der_is_named_by_its_field(
    path: tuple[int, ...],
    edit: object,
    field: str,
    told: str,
    severity: str,
    by: set[str],
) -> None:
    """The field, what is wrong with it, and those who were seen to refuse it."""
    gateway = GATEWAY.change("device_ca", damage_tbs=edited(*path, edit=edit))  # type: ignore[arg-type]
    finding = one(gateway, "encoding.not-der")
    assert finding.evidence["field"] == field
    assert told in finding.message
    assert finding.severity == severity
    assert refusers(finding) >= by
    if "Go" not in by:
        assert "Go" not in refusers(finding)
    if not by >= TIER_1:
        assert not refusers(finding) & TIER_1


def test_what_no_client_minds_leaves_the_verdict() -> None:
    """A critical FALSE that is spelled out takes nothing from what can be read and verified."""
    spelled = edited(EXTENSIONS, 0, 1, 1, edit=content(b"\0"))
    gateway = GATEWAY.change("device_ca", damage_tbs=spelled)
    chain, trust = pem(*gateway.presented()), pem(*gateway.trust())
    assert edgecheck.check(chain, stock.HOSTNAME, trust, NOW).valid is True
    assert edgecheck.check(chain, stock.HOSTNAME, trust, NOW, profile="rfc5280").valid is False


def test_parameters_that_an_algorithm_does_not_have() -> None:
    """ECDSA with NULL in both places: cryptography alone refuses it; RSA keys need it for Go."""
    null = more(b"\5\0")
    both = GATEWAY.change(
        "device_ca", damage_tbs=edited(SIGNATURE, edit=null), damage=edited(1, edit=null)
    )
    assert refusers(one(both, "encoding.not-der")) == {"cryptography"}
    rsa = stock.stock_13("rsa")
    without = rsa.change("device_ca", damage_tbs=edited(KEY, 0, 1, edit=whole(b"")))
    assert refusers(one(without, "encoding.not-der")) == {"Go", "cryptography"}


@pytest.mark.parametrize(
    ("value", "by"),
    [
        (b"\3\2\5\xa1", {"Go", "cryptography"}),
        (b"\3\2\0\xa0", set()),
    ],
)
def test_bits_of_a_key_usage_end_with_the_last_one(value: bytes, by: set[str]) -> None:
    """Go refuses one with bits among the unused ones; tstclnt 3.87.1 connected with either."""
    usage = raw_extension("keyUsage", value, critical=True)
    gateway = GATEWAY.with_extension("server", usage).change("server", serial=1)
    assert refusers(one(gateway, "encoding.not-der")) == by


def test_ca_false_is_not_spelled_out() -> None:
    """As OpenSSL writes it there is nothing; FALSE in full disturbs cryptography alone."""
    constraints = raw_extension("basicConstraints", b"\x30\3\1\1\0", critical=True)
    spelled = GATEWAY.change("server", serial=1).with_extension("server", constraints)
    assert refusers(one(spelled, "encoding.not-der")) == {"cryptography"}
    sound = GATEWAY.change("server", serial=1).with_extension("server", basic_constraints(False))
    assert odd(sound) == []


def _named(kind: str, tag: int, value: bytes) -> bytes:
    first = der.tlv(0x31, der.sequence(der.oid(kind), der.tlv(tag, value)))
    last = der.tlv(0x31, der.sequence(der.oid("2.5.4.3"), der.tlv(0x0C, b"Contoso Plant CA")))
    return der.sequence(first, last)


ORGANISATION, COUNTRY, MAIL = "2.5.4.10", "2.5.4.6", "1.2.840.113549.1.9.1"


@pytest.mark.parametrize(
    ("kind", "tag", "value", "severity", "by"),
    [
        (ORGANISATION, 0x13, b"a@b", "error", {"Go", "cryptography"}),
        (ORGANISATION, 0x13, b"A&B", "warning", {"cryptography"}),
        (ORGANISATION, 0x13, b"Werk \xe4", "error", {"Go", "cryptography"}),
        (ORGANISATION, 0x0C, b"Werk \xe4", "error", TIER_1 | {"Go"}),
        (ORGANISATION, 0x1E, b"\0a\0", "error", TIER_1 | {"Go", "cryptography"}),
        (ORGANISATION, 0x1A, b"Contoso", "error", TIER_1),
        (ORGANISATION, 0x04, b"x", "error", TIER_1),
        (ORGANISATION, 0x16, b"Contoso", "warning", set()),
        (ORGANISATION, 0x0C, b"", "warning", set()),
        (ORGANISATION, 0x0C, b"x" * 65, "warning", set()),
        (COUNTRY, 0x0C, b"DE", "warning", set()),
        (COUNTRY, 0x13, b"DEU", "warning", set()),
        (MAIL, 0x0C, b"a@b.example", "warning", set()),
    ],
)
def test_values_of_names_have_types_characters_and_bounds(
    kind: str, tag: int, value: bytes, severity: str, by: set[str]
) -> None:
    """One finding on the certificate whose subject it is, none on what it issued."""
    gateway = GATEWAY.change("intermediate", subject=_named(kind, tag, value))
    finding = one(gateway, "encoding.name")
    assert (finding.role, finding.evidence["field"]) == ("intermediate", "subject")
    assert finding.severity == severity
    assert refusers(finding) >= by
    assert by or not refusers(finding)


@pytest.mark.parametrize(
    ("tag", "value"),
    [
        (0x0C, b" Contoso"),
        (0x0C, b"Contoso  Ltd"),
        (0x14, b"Contoso"),
        (0x1E, b"\0C"),
        (0x0C, "Müller".encode()),
        (0x13, b"Contoso (Plant 7), Ltd."),
    ],
)
def test_names_that_are_only_unusual_are_no_fault(tag: int, value: bytes) -> None:
    """Blanks and old types are notes; umlauts are not even that."""
    assert odd(GATEWAY.change("intermediate", subject=_named(ORGANISATION, tag, value))) == []


def test_a_relative_name_has_attributes() -> None:
    """An empty SET is forbidden, and nobody refuses it."""
    subject = der.sequence(
        der.tlv(0x31), *[der.tlv(0x31, der.sequence(der.oid(ORGANISATION), der.tlv(0x0C, b"x")))]
    )
    gateway = GATEWAY.change("intermediate", subject=subject)
    assert "empty relative name" in one(gateway, "encoding.name").message


@pytest.mark.parametrize(
    ("names", "severity", "told", "by"),
    [
        ({"dns": ["a b.example"]}, "warning", "blanks", set()),
        ({"dns": ["gw.example:8883"]}, "warning", "colon", set()),
        ({"dns": ["https://gw.example"]}, "warning", "URI", set()),
        ({"dns": [".example"]}, "warning", "begins with a dot", set()),
        ({"dns": ["a..example"]}, "warning", "empty label", set()),
        ({"dns": ["a.example,b.example"]}, "warning", "comma", set()),
        ({"dns": ["a" * 64 + ".example"]}, "warning", "63", set()),
        ({"dns": [""]}, "warning", "empty", {"GnuTLS"}),
        ({"dns": ["müller.example"]}, "error", "ASCII", {"Go"}),
        ({"ip": [b"\x0a\1\2"]}, "error", "3 bytes", {"Java 21", "Go"}),
        ({"ip": [b"\x0a\1\2\3\xff\xff\xff\0"]}, "error", "8 bytes", {"Go"}),
        ({"ip": [b"10.1.2.3"]}, "error", "8 bytes", {"Go"}),
        ({"uri": ["http://a b/"]}, "error", "no URI", {"Java 21", "Go"}),
        ({"uri": ["http://[::1"]}, "error", "no URI", {"Java 21", "Go"}),
        ({"uri": ["/relative"]}, "error", "relative", {"Java 21"}),
        ({"uri": ["10.1.2.3:8883/x"]}, "error", "no URI", {"Java 21", "Go"}),
        ({"uri": ["https://gw..example/"]}, "error", "no URI", {"Go"}),
        ({"uri": ["https://[gw]/"]}, "error", "no URI", {"Java 21", "Go 1.27"}),
        ({"uri": ["https://gw/?a b"]}, "error", "no URI", {"Java 21"}),
        ({"uri": ["*"]}, "error", "relative", {"Java 21"}),
        ({"raw": [b"\xa3\0"]}, "warning", "form [3]", {"GnuTLS"}),
        ({"email": ["nobody"]}, "warning", "no mailbox", set()),
    ],
)
def test_alternative_names_are_names(
    names: dict[str, list[str | bytes]], severity: str, told: str, by: set[str]
) -> None:
    """What no client refuses is never found by one either; the rest makes Go refuse it all."""
    names = {"dns": [stock.HOSTNAME, "edgehub"], **names}
    if len(names["dns"]) == 1:
        names["dns"].insert(0, stock.HOSTNAME)
    gateway = GATEWAY.with_extension("server", subject_alt_name(**names))
    finding = one(gateway, "encoding.alternative-name")
    assert (finding.severity, refusers(finding)) == (severity, by)
    assert told in finding.message


@pytest.mark.parametrize(
    "names",
    [
        {"dns": [stock.HOSTNAME, "$edgeHub", "edge_hub", "*.plant7.example", "10.1.2.3"]},
        {"dns": [stock.HOSTNAME], "ip": ["10.1.2.3", "fe80::1"]},
        {"dns": [stock.HOSTNAME], "uri": ["urn:uuid:1", "https://gw.example:8883/a?b#c"]},
        {"dns": [stock.HOSTNAME], "email": ["ops@contoso.example"]},
    ],
)
def test_ordinary_names_are_no_fault(names: dict[str, list[str | bytes]]) -> None:
    """Module names, underscores and wildcards are other rules' business."""
    chain = GATEWAY.with_extension("server", subject_alt_name(**names))
    presented, trust = pem(*chain.presented()), pem(*chain.trust())
    report = edgecheck.check(presented, stock.HOSTNAME, trust, NOW)
    assert not [f for f in report.findings if f.rule.id == "encoding.alternative-name"]


def test_a_subject_written_with_long_lengths_spoils_the_issuer_below() -> None:
    """One fault in the subject; the copies of it as an issuer follow from it."""
    attribute = der.sequence(der.oid("2.5.4.3"), der.tlv(0x0C, b"Contoso Plant CA"))
    long = b"\x30\x81" + attribute[1:]
    gateway = GATEWAY.change("intermediate", subject=der.sequence(der.tlv(0x31, long)))
    assert one(gateway, "encoding.not-der").role == "intermediate"


def test_a_sound_gateway_has_none_of_it() -> None:
    """Whatever the runtime, only the serial number of certd is noted."""
    for gateway in (stock.stock_11(), stock.stock_12("ec"), stock.stock_16()):
        assert odd(gateway) == []
    assert (
        odd(
            GATEWAY.with_extension(
                "server", key_usage("digitalSignature", "keyEncipherment")
            ).change("server", serial=1)
        )
        == []
    )
