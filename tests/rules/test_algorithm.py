"""Which keys and signatures are refused, by whom, and where they stand."""

from __future__ import annotations

import pytest

import edgecheck
from fixtures import stock
from fixtures.gateway import Gateway
from fixtures.pki import pem
from fixtures.stock import NOW
from tests.clients.asked import rsa_key
from tests.contradictions import contradictions

SECLEVEL_2 = {"Python ssl", "Node.js 24 and Debian's", "openssl s_client", "curl", "mosquitto"}


def found(gateway: Gateway) -> list[tuple[str, str, str | None]]:
    """Rule, severity and role of what the family says about a gateway."""
    return [
        (f.rule.id.partition(".")[2], f.severity.value, f.role.value if f.role else None)
        for f in report_of(gateway).findings
        if f.rule.family == "algorithm"
    ]


def refusing(gateway: Gateway) -> set[str]:
    """Who refuses it."""
    findings = [f for f in report_of(gateway).findings if f.rule.family == "algorithm"]
    return {name for finding in findings for name in finding.evidence["refused_by"]}


def report_of(gateway: Gateway, **more: object) -> edgecheck.Report:
    chain, trust = pem(*gateway.presented()), pem(*gateway.trust())
    device = edgecheck.Device(**more)  # type: ignore[arg-type]
    return edgecheck.check(chain, stock.HOSTNAME, trust, NOW, device)


def with_key(role: str, key: str, kind: stock.KeyKind = "rsa") -> Gateway:
    """A gateway with another key in one role."""
    return stock.stock_15(kind).change("server", serial=None).change(role, key=key)


@pytest.mark.parametrize("kind", ["rsa", "ec"])
def test_stock_gateways_have_ordinary_keys(kind: stock.KeyKind) -> None:
    """Nothing is said of RSA with 2048 or 4096 bits and of P-256."""
    assert found(stock.stock_11(kind)) == found(stock.stock_15(kind)) == []


def test_a_short_key_is_refused_at_security_level_2_in_every_place() -> None:
    """Of a CA cryptography and Botan say so too."""
    for role in ("server", "device_ca", "root"):
        who = refusing(with_key(role, "rsa1024-1"))
        assert who >= SECLEVEL_2 | {"rustls", "mbedTLS"}
        assert ("cryptography" in who) is (role != "server")
        assert not who & {"Node.js", "Node.js 18 to 22", ".NET", "Java", "Go", "Azure C SDK"}


def test_sha_1_matters_everywhere_but_in_a_root() -> None:
    """Node.js since 18, Go and the Azure SDKs refuse it; .NET and Java accept it."""
    for role in ("server", "device_ca", "intermediate"):
        gateway = with_key("server", "rsa2048-4").change(role, signature="sha1_rsa")
        assert [rule for rule, _, _ in found(gateway)] == ["weak-signature"]
        who = refusing(gateway)
        assert who >= {"Python ssl", "Azure C SDK", "Node.js 18 to 22", "Go", "GnuTLS"}
        assert not who & {".NET", "Java", "OpenSSL 1.1.1", "openssl verify", "wolfSSL"}
    assert found(stock.stock_15().change("root", signature="sha1_rsa")) == []
    assert found(stock.stock_15().change("root", signature="md5_rsa")) == []


def test_md5_is_accepted_by_few() -> None:
    """Those few do not look at signatures' hashes."""
    who = refusing(stock.stock_15().change("device_ca", signature="md5_rsa"))
    assert {"Java", "Go", "Python ssl", "OpenSSL 1.1.1"} <= who
    assert not who & {".NET", "openssl verify", "OpenSSL 1.0.2", "wolfSSL"}


def test_what_signs_above_a_cut_path_is_not_known_to_be_a_root() -> None:
    """The last certificate of a path without its end was signed by somebody."""
    gateway = stock.stock_15().change("intermediate", signature="sha1_rsa")
    presented = pem(*gateway.presented("server", "device_ca", "intermediate"))
    report = edgecheck.check(presented, at=NOW)
    assert "algorithm.weak-signature" in {f.rule.id for f in report.findings}


@pytest.mark.parametrize(
    ("role", "key", "severity"),
    [
        ("server", "p384-1", "warning"),
        ("server", "p521-1", "warning"),
        ("device_ca", "p384-1", "info"),
        ("device_ca", "p521-1", "info"),
        ("intermediate", "p521-1", None),
        ("root", "p384-1", None),
        ("device_ca", "secp256k1-1", "error"),
        ("root", "secp256k1-1", "error"),
        ("server", "secp256k1-1", "error"),
    ],
)
def test_curves(role: str, key: str, severity: str | None) -> None:
    """Larger curves of NIST are refused by OpenSSL 1.0.2 alone, and only in a server."""
    wanted = [] if severity is None else [("curve", severity)]
    assert [each[:2] for each in found(with_key(role, key, "ec"))] == wanted


def test_a_key_that_the_runtime_cannot_use_is_an_error_in_a_device_ca() -> None:
    """In a root it is a matter of clients."""
    assert found(with_key("device_ca", "ed25519-1", "ec")) == [("key-kind", "error", "device-ca")]
    assert found(with_key("root", "ed25519-1", "ec")) == [("key-kind", "warning", "root")]
    server, root = with_key("server", "ed25519-1"), with_key("root", "ed25519-1")
    assert {"NSS", "mbedTLS", "OpenSSL 1.0.2"} <= refusing(server) & refusing(root)
    assert "Botan" in refusing(server) - refusing(root)


@pytest.mark.parametrize(
    ("runtime", "says"), [("1.0.9", True), ("1.0.10", False), ("1.1", False), (None, False)]
)
def test_only_a_stated_old_runtime_cannot_load_keys_on_curves(
    runtime: str | None, says: bool
) -> None:
    """What is inferred from the certificates alone spans releases that can."""
    rule = "algorithm.ec-key-for-old-edgehub"
    for kind in ("rsa", "ec"):
        report = report_of(stock.stock_11(kind), runtime=runtime)  # type: ignore[arg-type]
        has = rule in {finding.rule.id for finding in report.findings}
        assert has is (says and kind == "ec")


def test_a_large_exponent_is_refused_by_go() -> None:
    """And by BoringSSL and rustls, where it has more than 33 bits."""
    assert refusing(with_key("root", "rsa2048-e34-1")) == {"Go 1.24", "BoringSSL", "rustls"}


@pytest.mark.parametrize(
    ("bits", "by"),
    [
        (4096, set()),
        (8192, {"wolfSSL", "BearSSL"}),
        (8193, {"Go 1.24", "rustls", "wolfSSL", "BearSSL"}),
    ],
)
def test_who_has_no_room_for_a_rsa_key(bits: int, by: set[str]) -> None:
    """Go since 1.21 counts the bits of what is sent; a server's key signs no certificate."""
    gateway = stock.stock_15("ec").change("server", serial=None, public_key=rsa_key(bits))
    report = report_of(gateway)
    assert refusing(gateway) == by
    verdicts = {each.client: str(each.verdict) for each in report.predictions}
    assert verdicts["go1.27.3"] == ("reject" if "Go 1.24" in by else "accept")
    assert verdicts["go1.19.8"] == "accept"
    assert not contradictions(report)


@pytest.mark.parametrize(("bits", "by"), [(8192, None), (8193, ["Go 1.24"])])
def test_go_counts_the_bits_of_a_certificate_that_nobody_needs(
    bits: int, by: list[str] | None
) -> None:
    stray = stock.stock_11("ec").change("root", subject="Fabrikam", public_key=rsa_key(bits))
    gateway = stock.stock_15("ec")
    chain = pem(*gateway.presented(), stray.issued("root"), comments=False)
    report = edgecheck.check(chain, stock.HOSTNAME, pem(*gateway.trust()), NOW)
    said = [f for f in report.findings if f.rule.id == "algorithm.large-rsa-key"]
    assert [each.evidence["refused_by"] for each in said] == ([by] if by else [])
    assert not contradictions(report)
