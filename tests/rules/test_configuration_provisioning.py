"""How the gateway logs in: whole, half, or two ways at once; and files that cannot be read."""

from __future__ import annotations

from typing import Any

import pytest

import edgecheck
from edgecheck import Device
from fixtures import stock
from fixtures.pki import pem
from fixtures.stock import NOW

GATEWAY = stock.stock_15("ec")
CHAIN, TRUST = pem(*GATEWAY.presented("device_ca", "intermediate")), pem(*GATEWAY.trust())
STRING = "HostName=hub.example;DeviceId=gw;SharedAccessKey=AAAA"
DPS = {"source": "dps", "global_endpoint": "https://dps.example", "id_scope": "0ne"}
TPM = {"method": "tpm", "registration_id": "gw"}
X509 = {"method": "x509", "identity_cert": "file:///c", "identity_pk": "file:///k"}
TOML, YAML = "/etc/aziot/config.toml", "/etc/iotedge/config.yaml"


def report(runtime: str = "1.5", path: str = TOML, **told: Any) -> edgecheck.Report:
    told.setdefault("configuration_files", {path: {}})
    device = Device(runtime=runtime, **told)
    return edgecheck.check(CHAIN, trust=TRUST, at=NOW, device=device)


def said(found: edgecheck.Report, slug: str) -> list[tuple[str, str]]:
    """Severity and message of one rule's findings."""
    return [
        (f.severity.value, f.message)
        for f in found.findings
        if f.rule.id == f"configuration.{slug}"
    ]


@pytest.mark.parametrize(
    "table",
    [
        {"source": "manual", "connection_string": STRING},
        {"source": "manual", "connection_string": f"{STRING};GatewayHostName=up"},
        {
            "source": "manual",
            "iothub_hostname": "hub",
            "device_id": "gw",
            "authentication": {"method": "sas", "device_id_pk": {"value": "AAAA"}},
        },
        {
            "source": "manual",
            "iothub_hostname": "hub",
            "device_id": "gw",
            "authentication": {"method": "x509", "identity_cert": {"method": "est"}},
        },
        {**DPS, "attestation": TPM},
        {**DPS, "attestation": X509},
        {
            **DPS,
            "attestation": {
                "method": "symmetric_key",
                "registration_id": "gw",
                "symmetric_key": {"uri": "file:///k"},
            },
        },
        {"source": "none"},
        {},
    ],
)
def test_each_whole_way_of_logging_in_is_quiet(table: dict[str, Any]) -> None:
    assert said(report(provisioning=table), "provisioning-incomplete") == []


@pytest.mark.parametrize(
    ("table", "severity", "part"),
    [
        ({"connection_string": STRING}, "error", "has no source"),
        ({"source": "DPS", **{k: v for k, v in DPS.items() if k != "source"}}, "error", '"DPS"'),
        ({"source": "manual"}, "error", "but not connection_string"),
        (
            {"source": "manual", "iothub_hostname": "hub"},
            "error",
            "but not device_id and authentication",
        ),
        (
            {"source": "manual", "connection_string": "HostName=hub;DeviceId=gw"},
            "error",
            "without SharedAccessKey",
        ),
        (
            {"source": "manual", "connection_string": "hostname=hub;DeviceId=gw;SharedAccessKey=a"},
            "error",
            "without HostName",
        ),
        ({"source": "manual", "connection_string": "<ADD>"}, "error", "without HostName, DeviceId"),
        ({"source": "dps", "attestation": TPM}, "error", "global_endpoint and id_scope"),
        (DPS, "error", "but not attestation"),
        ({**DPS, "attestation": {"registration_id": "gw"}}, "error", "with no method"),
        ({**DPS, "attestation": {"method": "sas"}}, "error", 'the method "sas", which is none'),
        ({**DPS, "attestation": {"method": "tpm"}}, "error", "but not registration_id"),
        ({**DPS, "id_scope": "<SCOPE_ID>", "attestation": TPM}, "error", "as id_scope"),
        (
            {**DPS, "attestation": {"method": "tpm", "registration_id": "{registration_id}"}},
            "error",
            "as registration_id",
        ),
        (
            {**DPS, "attestation": TPM, "connection_string": STRING},
            "warning",
            "so its connection_string is not used",
        ),
        (
            {"source": "manual", "connection_string": STRING, "attestation": TPM},
            "warning",
            "so its attestation is not used",
        ),
    ],
)
def test_what_is_not_whole_or_too_much(table: dict[str, Any], severity: str, part: str) -> None:
    ((found, text),) = said(report(provisioning=table), "provisioning-incomplete")
    assert found == severity
    assert part in text
    assert "AAAA" not in text


@pytest.mark.parametrize(
    ("table", "part"),
    [
        ({"source": "manual", "device_connection_string": STRING}, None),
        (
            {
                "source": "manual",
                "authentication": {**X509, "iothub_hostname": "hub", "device_id": "gw"},
            },
            None,
        ),
        ({**DPS, "registration_id": "gw"}, None),  # as 1.0 had it
        ({"source": "external", "endpoint": "http://localhost:8888"}, None),
        ({"source": "external"}, "but not endpoint"),
        (
            {
                "source": "manual",
                "device_connection_string": STRING,
                "authentication": {**X509, "iothub_hostname": "hub", "device_id": "gw"},
            },
            "of which one must go",
        ),
        ({"source": "dps", "global_endpoint": "https://d", "attestation": TPM}, "scope_id"),
    ],
)
def test_up_to_1_1_some_stand_elsewhere(table: dict[str, Any], part: str | None) -> None:
    found = said(
        report("1.1", YAML, provisioning=table, certificates={}), "provisioning-incomplete"
    )
    assert bool(found) == bool(part)
    assert not part or part in found[0][1]


def test_of_the_daemons_own_files_one_may_be_missing() -> None:
    """Then what identityd names without saying where it is proves nothing; nor a broken file."""
    path = "/etc/aziot/identityd/config.d/00-super.toml"
    assert said(report(path=path, provisioning=DPS), "provisioning-incomplete") == []
    broken = {TOML: {"broken": "line 1: no"}}
    found = report(provisioning=DPS, configuration_files=broken)
    assert said(found, "provisioning-incomplete") == []


def test_what_cannot_be_read_is_told_once_with_its_line() -> None:
    """Where stray characters are the reason, they are what is told."""
    facts = {"broken": "line 7: unescaped"}
    found = report(configuration_files={TOML: facts})
    assert said(found, "not-parsed") == [("error", f"{TOML} cannot be read: line 7: unescaped")]
    (finding,) = (f for f in found.findings if f.rule.id == "configuration.not-parsed")
    assert [(at.source, at.first_line, at.last_line) for at in finding.locations] == [(TOML, 7, 7)]
    found = report(configuration_files={TOML: {**facts, "typographic_quotes": [7]}})
    assert said(found, "not-parsed") == []
    assert [severity for severity, _ in said(found, "stray-characters")] == ["error"]


@pytest.mark.parametrize(
    ("edge_ca", "severity", "part"),
    [
        ({"auto_generated_edge_ca_expiry_days": 0}, "error", "has ended when it is made"),
        ({"auto_generated_edge_ca_expiry_days": 1}, None, ""),
        ({"auto_generated_edge_ca_expiry_days": 90, "rotate": False}, "warning", "new key alone"),
        ({"auto_generated_edge_ca_expiry_days": 90, "rotate": True}, None, ""),
        ({"method": "self_signed", "expiry_days": 90, "rotate": False}, "warning", "new key"),
        ({"method": "local_ca", "expiry_days": 90, "rotate": False}, None, ""),
        ({"method": "est", "url": "https://e", "rotate": False}, None, ""),
    ],
)
def test_a_ca_of_the_runtimes_own(edge_ca: dict[str, Any], severity: str | None, part: str) -> None:
    table = dict(edge_ca)
    if (rotate := table.pop("rotate", None)) is not None:
        table["auto_renew"] = {"rotate_key": rotate, "threshold": "80%", "retry": "4%"}
    found = said(report(edge_ca=table), "edge-ca-incomplete")
    assert [one for one, _ in found] == ([severity] if severity else [])
    assert not found or part in found[0][1]
