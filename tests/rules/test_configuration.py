"""Settings of the gateway: what each version of the runtime makes of them."""

from __future__ import annotations

import json
from typing import Any

import pytest

import edgecheck
from edgecheck import Device
from fixtures import stock
from fixtures.pki import basic_constraints, pem
from fixtures.stock import NOW

CHAIN = pem(*stock.stock_15("ec").presented("device_ca", "intermediate"), comments=False)
TRUST = pem(*stock.stock_15("ec").trust(), comments=False)
FILE = "file:///var/aziot/certs/ca.pem"
FILES = {"cert": FILE, "pk": "file:///var/aziot/secrets/ca.key.pem"}
YAML = {
    "device_ca_cert": FILE,
    "device_ca_pk": "/var/secrets/ca.key.pem",
    "trusted_ca_certs": "/var/certs/root.pem",
}
LEFT_OVER = {"auto_generated_edge_ca_expiry_days": 7}
"""Of a quick start. The first form that fits is taken (`EdgeCa` in super_config.rs at 1.3.0): a
method that there is, else both files, else this."""
RENEWAL = {"rotate_key": True, "threshold": "80%", "retry": "4%"}


def report(runtime: str | None = "1.5", **settings: Any) -> edgecheck.Report:
    """A device CA file whose chain is sound, and these settings."""
    device = Device(runtime=runtime, **settings)
    return edgecheck.check(CHAIN, trust=TRUST, at=NOW, device=device)


def said(runtime: str | None = "1.5", **settings: Any) -> dict[str, str]:
    """Slug and severity of all that this family says."""
    return {
        finding.rule.id.partition(".")[2]: finding.severity.value
        for finding in report(runtime, **settings).findings
        if finding.rule.family == "configuration"
    }


def message(rule: str, runtime: str | None = "1.5", **settings: Any) -> str:
    """What one rule says."""
    found = report(runtime, **settings).findings
    return next(f.message for f in found if f.rule.id == f"configuration.{rule}")


# --- files ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "facts", "fires"),
    [
        ("config.yaml", {"byte_order_mark": True}, True),
        ("config.yaml", {"tabs": [3]}, True),
        ("config.yaml", {"typographic_quotes": [3]}, True),
        ("config.yaml", {"byte_order_mark": False, "tabs": []}, False),
        ("config.toml", {"byte_order_mark": True, "tabs": [3]}, False),
        ("config.toml", {"typographic_quotes": [3]}, True),
        ("config.toml", {}, False),
    ],
)
def test_what_each_format_minds(name: str, facts: dict[str, Any], fires: bool) -> None:
    """TOML takes a byte order mark and tabs; YAML takes them for a part of what is behind."""
    found = said("1.1" if name.endswith("yaml") else "1.5", configuration_files={name: facts})
    assert found == ({"stray-characters": "error"} if fires else {})


def test_many_lines_are_cut() -> None:
    """The first five show where to look."""
    told = message(
        "stray-characters", configuration_files={"a.toml": {"typographic_quotes": range(1, 9)}}
    )
    assert told.endswith("in lines 1, 2, 3, 4, 5, ...")


@pytest.mark.parametrize(
    ("runtime", "severity"),
    [("1.1", None), ("1.2.0", "error"), ("1.6", "error"), (None, "warning")],
)
def test_the_configuration_of_1_1_alone(runtime: str | None, severity: str | None) -> None:
    """Right with 1.1, and not read by any other."""
    files: dict[str, Any] = {"/etc/iotedge/config.yaml": {}}
    found = said(runtime, configuration_files=files)
    assert found == ({"legacy-yaml": severity} if severity else {})
    assert said(runtime, configuration_files={**files, "/etc/aziot/config.toml": {}}) == {}
    assert said(runtime, configuration_files={}) == {}


# --- [edge_ca] -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("edge_ca", "told"),
    [
        ({"cert": FILE}, "has cert without pk"),
        ({"pk": FILE}, "has pk without cert"),
        ({"cert": FILE, "auto_generated_edge_ca_expiry_days": 90}, "makes its own CA"),
        ({"auto_renew": RENEWAL}, "has auto_renew alone"),
        ({"common_name": "x"}, "has common_name alone"),
        ({"method": "acme"}, 'has the method "acme", which there is not'),
        ({"method": "est", **FILES}, "its cert and pk will not be used"),
        ({"method": "local_ca", "expiry_days": 0}, "expiry_days = 0"),
        ({**FILES, "auto_renew": {"threshold": "80%"}}, "without retry, rotate_key"),
    ],
)
def test_a_table_that_fits_no_form(edge_ca: dict[str, Any], told: str) -> None:
    """Or another one than was meant."""
    assert said(edge_ca=edge_ca)["edge-ca-incomplete"] == "error"
    assert told in message("edge-ca-incomplete", edge_ca=edge_ca)
    assert "edge-ca-incomplete" not in said("1.1", edge_ca=edge_ca)


@pytest.mark.parametrize(
    "edge_ca",
    [
        {},
        FILES,
        {**FILES, "auto_renew": RENEWAL},
        {"method": "est"},
        {"auto_generated_edge_ca_expiry_days": 9},
        {"method": "acme", **FILES},
    ],
)
def test_a_table_that_fits_a_form(edge_ca: dict[str, Any]) -> None:
    """Nothing is left away that matters."""
    assert "edge-ca-incomplete" not in said(edge_ca=edge_ca)


def test_days_beside_files_have_no_effect() -> None:
    """That is worth a warning, since nothing breaks."""
    edge_ca = {**FILES, "auto_generated_edge_ca_expiry_days": 90}
    assert said(edge_ca=edge_ca)["edge-ca-incomplete"] == "warning"


def test_automatic_renewal_came_with_1_3() -> None:
    """Earlier versions do not look at it."""
    edge_ca = {**FILES, "auto_renew": {"threshold": "80%"}}
    assert said("1.2", edge_ca=edge_ca) == {}
    assert said("1.3", edge_ca=edge_ca) == {
        "edge-ca-incomplete": "error",
        "no-auto-renewal": "info",
    }
    assert said(None, edge_ca=edge_ca)["edge-ca-incomplete"] == "warning"


@pytest.mark.parametrize(
    ("settings", "runtime", "days"),
    [
        ({"edge_ca": {}}, "1.5", 90),
        ({"edge_ca": {}}, "1.2", 90),
        ({"edge_ca": {"auto_generated_edge_ca_expiry_days": 7}}, None, 7),
        ({"edge_ca": {"method": "self_signed", "expiry_days": 60}}, "1.4", 60),
        ({"edge_ca": {"method": "self_signed"}}, "1.4", 30),
        ({"certificates": {}}, "1.1", 90),
        ({"certificates": {"auto_generated_ca_lifetime_days": 8}}, "1.0.9", 8),
        ({"edge_ca": {}}, "1.1", None),
        ({"certificates": {}}, "1.2", None),
        ({"certificates": YAML}, "1.1", None),
        ({"certificates": {"device_ca_cert": FILE}}, "1.1", None),
        ({"edge_ca": FILES}, "1.5", None),
        ({"edge_ca": {"method": "est"}}, "1.5", None),
        ({"edge_ca": {"method": "est", **LEFT_OVER}}, "1.5", None),
        ({"edge_ca": {"method": "local_ca", **LEFT_OVER}}, "1.3", None),
        ({"edge_ca": {"method": "self_signed", **LEFT_OVER}}, "1.4", 30),
        ({"edge_ca": {**FILES, **LEFT_OVER}}, "1.5", None),
        ({"edge_ca": {"cert": FILE, **LEFT_OVER}}, "1.5", 7),
        ({"edge_ca": {"method": "acme", **LEFT_OVER}}, "1.5", 7),
    ],
)
def test_without_a_device_ca_the_runtime_makes_one(
    settings: dict[str, Any], runtime: str | None, days: int | None
) -> None:
    """For how many days, by what is configured; half a configuration is another finding."""
    assert said(runtime, **settings).get("quickstart") == ("warning" if days else None)
    if days:
        assert f"its own for {days} days" in message("quickstart", runtime, **settings)


@pytest.mark.parametrize(
    ("runtime", "told"),
    [
        ("1.2", "only when the daemon starts again"),
        ("1.3", "replaces it with its key at 70%"),
        (None, "from 1.3 on replaces it"),
    ],
)
def test_since_1_3_it_is_replaced_in_time(runtime: str | None, told: str) -> None:
    """At the threshold that is configured."""
    edge_ca = {
        "auto_generated_edge_ca_expiry_days": 90,
        "auto_renew": {**RENEWAL, "threshold": "70%"},
    }
    assert told in message("quickstart", runtime, edge_ca=edge_ca)


def test_a_quick_start_that_is_seen_is_not_told_twice() -> None:
    """What the chain shows explains the configuration's finding."""
    gateway = stock.stock_15("ec")
    chain = gateway.change("device_ca", subject="aziot-edge CA iotedgegw")
    found = edgecheck.check(
        pem(*chain.without("intermediate").without("root").presented("server", "device_ca")),
        at=NOW,
        device=Device(runtime="1.5", edge_ca={}),
    ).findings
    (told,) = (f for f in found if f.rule.id == "configuration.quickstart")
    assert told.caused_by
    assert told.caused_by.startswith("edge.quickstart-certificates")


@pytest.mark.parametrize(
    ("edge_ca", "runtime", "severity"),
    [
        ({"method": "self_signed"}, "1.2.5", "warning"),
        ({"method": "local_ca"}, "1.5", "warning"),
        ({"method": "local_ca"}, None, "info"),
        ({"method": "local_ca"}, "1.2.4", None),
        ({"method": "local_ca", "expiry_days": 90}, "1.5", None),
        ({"method": "est"}, "1.5", None),
        (FILES, "1.5", None),
    ],
)
def test_certd_gives_thirty_days_where_nobody_says_how_many(
    edge_ca: dict[str, Any], runtime: str | None, severity: str | None
) -> None:
    """A method came with 1.2.5; an EST server decides for itself."""
    assert said(runtime, edge_ca=edge_ca).get("default-lifetime") == severity


@pytest.mark.parametrize(
    ("edge_ca", "runtime", "fires"),
    [
        (FILES, "1.2", False),
        (FILES, "1.3", True),
        (FILES, None, True),
        ({"method": "est", **FILES}, "1.5", False),
        ({}, "1.5", False),
    ],
)
def test_nobody_renews_files(edge_ca: dict[str, Any], runtime: str | None, fires: bool) -> None:
    """Since 1.3 one might think so."""
    assert ("no-auto-renewal" in said(runtime, edge_ca=edge_ca)) is fires


# --- EST -----------------------------------------------------------------------------------------

EST = {"method": "est", "url": "https://est.example/"}


@pytest.mark.parametrize(("runtime", "fires"), [("1.2.4", False), ("1.2.5", True), ("1.6", True)])
def test_an_est_server_decides_how_long(runtime: str, fires: bool) -> None:
    """Whatever `expiry_days` says."""
    assert ("est-expiry-days" in said(runtime, edge_ca={**EST, "expiry_days": 9})) is fires
    assert said(runtime, edge_ca=EST) == {}


@pytest.mark.parametrize(
    ("runtime", "fires"),
    [("1.2.4", False), ("1.2.5", True), ("1.2.10", True), ("1.3", False), (None, False)],
)
def test_some_versions_ask_an_est_server_for_another_name(runtime: str | None, fires: bool) -> None:
    """A name or a whole subject."""
    for asked in ({"common_name": "gw CA"}, {"subject": {"CN": "gw CA"}}):
        found = said(runtime, edge_ca={**EST, **asked})
        assert found == ({"est-name-ignored": "info"} if fires else {})


@pytest.mark.parametrize(
    ("url", "fires"),
    [("https://est.example", False), ("HTTPS://est.example", False), ("http://est.example", True)],
)
def test_an_est_server_is_asked_over_tls(url: str, fires: bool) -> None:
    """Its URL stands in two places."""
    for settings in (
        {"edge_ca": {"method": "est", "url": url}},
        {"cert_issuance": {"est": {"urls": {"default": url}}}},
    ):
        assert ("est-over-http" in said(**settings)) is fires
        assert said("1.1", **settings) == {}


def test_an_est_server_that_makes_no_ca_explains_itself() -> None:
    """Only where an EST server was asked."""
    gateway = stock.stock_15("ec").with_extension("device_ca", basic_constraints(False))
    for edge_ca, fires in ((EST, True), (FILES, False)):
        found = edgecheck.check(
            pem(*gateway.presented()),
            trust=TRUST,
            at=NOW,
            device=Device(runtime="1.5", edge_ca=edge_ca),  # type: ignore[arg-type]
        ).findings
        told = [f for f in found if f.rule.id == "configuration.est-issues-no-ca"]
        assert bool(told) is fires
        follows = [f.caused_by for f in found if f.rule.id == "ca.not-a-ca"]
        assert follows == [told[0].id if fires else None]


# --- what was not told ---------------------------------------------------------------------------


def test_what_was_not_told_is_undecided() -> None:
    """Each rule needs another part of the configuration."""
    rules = {r.id for r in edgecheck.BUILT_IN if r.family == "configuration"}

    def undecided(**settings: Any) -> set[str]:
        return {u.rule for u in report(**settings).undecided} & rules

    assert undecided() == rules
    nothing: dict[str, Any] = {"configuration_files": {}, "files": {}, "differences": {}}
    assert undecided(edge_ca={}, **nothing) == set()
    assert "configuration.quickstart" not in undecided(certificates={})
    assert "configuration.uri-query" not in undecided(trust_bundle_cert="")
    assert "configuration.legacy-yaml" in undecided(edge_ca={})


def test_settings_reach_the_json_report_in_plain_values() -> None:
    """As they were told."""
    told = json.loads(report(edge_ca=EST, trust_bundle_cert=FILE).to_json())
    assert told["expected"]["device"]["edge_ca"] == EST
    assert told["expected"]["device"]["trust_bundle_cert"] == FILE
