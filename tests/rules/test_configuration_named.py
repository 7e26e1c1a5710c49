"""Rules about the files that a configuration names, and about what it says: both sides of each."""

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
DAY = 86_400
AT = int(NOW.timestamp())


def report(runtime: str | None = "1.5", **told: Any) -> edgecheck.Report:
    device = Device(runtime=runtime, **told)
    return edgecheck.check(CHAIN, trust=TRUST, at=NOW, device=device)


def said(found: edgecheck.Report) -> dict[str, str]:
    """Severity by the part of the id behind `configuration.`."""
    return {
        f.rule.id.partition(".")[2]: f.severity.value
        for f in found.findings
        if f.rule.family == "configuration"
    }


def of_file(setting: str = "edge_ca.cert", **facts: Any) -> dict[str, Any]:
    return {"files": {setting: {"path": "/srv/x.pem", **facts}}}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"exists": True, "mode": 0o644}, {}),
        ({"exists": False, "told": "No such file or directory"}, {"file-missing": "error"}),
        ({"exists": True, "told": "it is a folder"}, {"file-missing": "error"}),
        ({}, {}),
        ({"told": "Permission denied"}, {}),  # whether it is there is not known
    ],
)
def test_a_file_is_there_or_not(facts: dict[str, Any], expected: dict[str, str]) -> None:
    assert said(report(**of_file(**facts))) == expected
    keys = {"keys": {"edge_ca.pk": {"path": "/srv/k.pem", **facts}}, "files": {}}
    assert said(report(**keys)) == expected


@pytest.mark.parametrize(
    ("runtime", "readers", "expected"),
    [
        ("1.5", ["aziotcs"], None),
        ("1.5", ["iotedge"], "error"),
        ("1.5", [], "error"),
        ("1.1", ["iotedge"], None),
        ("1.1", ["aziotcs"], "error"),
        (None, ["iotedge"], None),
        (None, [], "error"),
    ],
)
def test_the_user_that_must_read_a_certificate(
    runtime: str | None, readers: list[str], expected: str | None
) -> None:
    """It is certd's from 1.2 on, the daemon's up to 1.1."""
    found = said(report(runtime, **of_file(readable_by=readers)))
    assert found.get("file-unreadable") == expected


def test_one_folder_that_keeps_everybody_out_is_said_once() -> None:
    """With the certificates that are in it, and the key below it follows."""
    shut = {"readable_by": [], "shut": "/home/pi", "exists": True}
    files = {
        name: {"path": f"/home/pi/{name}", **shut} for name in ("edge_ca.cert", "trust_bundle_cert")
    }
    keys = {"edge_ca.pk": {"path": "/home/pi/k.pem", "mode": 0o600, **shut}}
    found = report(files=files, keys=keys)
    counted = [f.rule.id for f in found.findings if f.severity == "error" and not f.caused_by]
    assert counted == ["configuration.file-unreadable"]
    own = {**files, "edge_ca.cert": {"path": "/b.pem", "readable_by": [], "shut": "/b.pem"}}
    counted = [f.rule.id for f in report(files=own).findings if f.severity == "error"]
    assert counted == ["configuration.file-unreadable"] * 2


def test_who_can_read_it_is_undecided_where_nobody_told() -> None:
    """And so is what is in a key that was not read."""
    found = report(**of_file(exists=True), keys={"edge_ca.pk": {"told": "Permission denied"}})
    undecided = {entry.rule for entry in found.undecided}
    assert {"configuration.file-unreadable", "device.key-encrypted", "device.no-key"} <= undecided
    assert "device.key-permissions" in undecided
    assert not undecided & set(found.passed)
    sound = report(
        **of_file(exists=True, readable_by=["aziotcs"]),
        keys={"edge_ca.pk": {"encrypted": False, "mode": 0o600, "readable_by": ["aziotks"]}},
    )
    wanted = {"configuration.file-unreadable", "device.key-encrypted", "device.key-permissions"}
    assert wanted <= set(sound.passed)


@pytest.mark.parametrize(
    ("begins", "ends", "expected"),
    [
        (AT - 300 * DAY, AT + 31 * DAY, None),
        (AT - 300 * DAY, AT + 30 * DAY, "warning"),
        (AT - 300 * DAY, AT, "warning"),
        (AT - 300 * DAY, AT - 1, "error"),
        (AT + 1, AT + 300 * DAY, "error"),
        (AT, AT + 300 * DAY, None),
        (AT - 20 * DAY, AT + 10 * DAY, "warning"),  # the last third of thirty days
        (AT - 19 * DAY, AT + 11 * DAY, None),
    ],
)
def test_when_an_identity_ends(begins: int, ends: int, expected: str | None) -> None:
    facts = {"not_before": begins, "not_after": ends, "common_name": "gw-7"}
    found = report(**of_file("provisioning.attestation.identity_cert", **facts))
    assert said(found).get("certificate-ends") == expected
    for elsewhere in ("edge_ca.cert", "trust_bundle_cert"):  # these are judged one by one
        assert "certificate-ends" not in said(report(**of_file(elsewhere, **facts)))


@pytest.mark.parametrize(
    "setting", ["cert_issuance.local_ca.cert", "cert_issuance.est.trusted_certs.1"]
)
def test_a_file_without_a_certificate(setting: str) -> None:
    assert said(report(**of_file(setting, certificates=0))) == {"file-without-certificate": "error"}
    assert said(report(**of_file(setting, certificates=1))) == {}
    for elsewhere in ("edge_ca.cert", "provisioning.authentication.identity_cert"):
        assert said(report(**of_file(elsewhere, certificates=0))) == {}, "rules about the input"


BY_EST = {"method": "est", "url": "https://x"}
SOURCE = {"source": "manual", "device_id": "d"}


@pytest.mark.parametrize(
    ("told", "lacks"),
    [
        ({"provisioning": {"attestation": {"identity_cert": "file:///a"}}}, "identity_pk"),
        ({"provisioning": {"attestation": {"identity_pk": "file:///a"}}}, "identity_cert"),
        (
            {
                "provisioning": {
                    "attestation": {"identity_cert": "file:///a", "identity_pk": "file:///b"}
                }
            },
            None,
        ),
        (
            {
                "provisioning": {
                    "attestation": {"identity_cert": {"method": "est", "url": "https://x"}}
                }
            },
            None,
        ),
        ({"cert_issuance": {"est": {"auth": {"username": "u"}}}}, "password"),
        ({"cert_issuance": {"est": {"auth": {"username": "u", "password": "p"}}}}, None),
        ({"cert_issuance": {"local_ca": {"cert": "file:///a"}}}, "pk"),
        ({"cert_issuance": {"local_ca": {"pk": "file:///a"}}}, "cert"),
        ({"cert_issuance": {"local_ca": {"cert": {"method": "est"}}}}, None),
        ({"edge_ca": {"method": "local_ca"}, "cert_issuance": {}}, "a [cert_issuance.local_ca]"),
        (
            {
                "edge_ca": {"method": "local_ca", "expiry_days": 90},
                "cert_issuance": {"local_ca": {"cert": "file:///a", "pk": "file:///b"}},
            },
            None,
        ),
        ({"edge_ca": {"method": "est"}, "cert_issuance": {}}, "the URL of an EST server"),
        ({"edge_ca": {"method": "est", "url": "https://x"}, "cert_issuance": {}}, None),
        (
            {
                "edge_ca": {"method": "est"},
                "cert_issuance": {"est": {"urls": {"default": "https://x"}}},
            },
            None,
        ),
        ({"edge_ca": {"method": "est"}}, None),  # what issues was not told
    ],
)
def test_halves(told: dict[str, Any], lacks: str | None) -> None:
    found = [f for f in report(**told).findings if f.rule.id == "configuration.half-configured"]
    assert [f.evidence["wanted"] for f in found] == ([lacks] if lacks else [])


def test_nothing_is_applied_without_provisioning() -> None:
    files = {"configuration_files": {"/etc/aziot/config.toml": {}}}
    assert said(report(provisioning={}, edge_ca={}, **files))["half-configured"] == "error"
    assert "half-configured" not in said(report(provisioning=SOURCE, edge_ca={}, **files))
    assert "half-configured" not in said(report(provisioning={}, edge_ca={}))


@pytest.mark.parametrize(
    ("runtime", "expected"), [("1.5", "error"), (None, "error"), ("1.1", None)]
)
def test_what_was_not_applied(runtime: str | None, expected: str | None) -> None:
    """Up to 1.1 there is nothing to apply."""
    difference = {"configured": "a", "applied": "b", "file": "/etc/aziot/certd/config.d/00.toml"}
    found = report(runtime, differences={"hostname": difference})
    assert said(found).get("not-applied") == expected
    assert said(report(runtime, differences={})) == {}


def test_many_differences_are_one_finding_that_is_not_endless() -> None:
    one = {"configured": "", "applied": "\x1b[31m", "file": "f"}
    found = report(differences={f"key{number}": one for number in range(40)})
    (finding,) = (f for f in found.findings if f.rule.id == "configuration.not-applied")
    assert "and 32 more" in finding.message
    assert "\x1b" not in finding.message


@pytest.mark.parametrize(
    ("runtime", "path", "expected"),
    [
        ("1.1", "/etc/aziot/config.toml", "error"),
        ("1.2", "/etc/aziot/config.toml", None),
        (None, "/etc/aziot/config.toml", None),
        ("1.1", "/etc/iotedge/config.yaml", None),
    ],
)
def test_a_configuration_of_the_wrong_age(
    runtime: str | None, path: str, expected: str | None
) -> None:
    found = said(report(runtime, configuration_files={path: {}}))
    assert found.get("toml-before-1-2") == expected


def test_unknown_keys_are_told_by_themselves() -> None:
    facts = {"unknown": ["trust_bundle", "zzz"], "later": {"tpm.tcti": "1.4.0"}}
    found = report("1.2", configuration_files={"/etc/aziot/config.toml": facts})
    told = [f.message for f in found.findings if f.rule.id == "configuration.unknown-key"]
    assert len(told) == 3
    assert any("trust_bundle_cert may be meant" in text for text in told)
    assert any("IoT Edge knows it since 1.4.0" in text for text in told)
    assert said(report(configuration_files={"/etc/aziot/config.toml": {"unknown": []}})) == {}


@pytest.mark.parametrize(
    ("facts", "method", "runtime", "expected"),
    [
        ({"is_ca": True, "path_length": 0}, "local_ca", "1.5", "error"),
        ({"is_ca": True, "path_length": 1}, "local_ca", "1.5", None),
        ({"is_ca": True}, "local_ca", "1.5", None),
        ({"is_ca": False}, "local_ca", "1.5", "error"),
        ({}, "local_ca", "1.5", None),
        ({"is_ca": True, "path_length": 0}, "self_signed", "1.5", None),
        ({"is_ca": True, "path_length": 0}, "local_ca", "1.2.4", None),
        ({"is_ca": True, "path_length": 0}, "local_ca", None, "warning"),
    ],
)
def test_a_local_ca_issues_cas(
    facts: dict[str, Any], method: str, runtime: str | None, expected: str | None
) -> None:
    """It is a CA, and leaves room for the device CA; where nothing else issues that."""
    told = of_file("cert_issuance.local_ca.cert", certificates=1, **facts)
    found = said(report(runtime, edge_ca={"method": method, "expiry_days": 365}, **told))
    assert found.get("local-ca") == expected


@pytest.mark.parametrize(
    ("threshold", "wrong"),
    [("80%", False), ("80", True), ("100%", True), ("0%", True), ("10day", False),
     ("60min", False), ("10 day", True), ("10days", True), ("0day", True), ("", True)],
)  # fmt: skip
def test_when_to_renew_is_told_as_the_runtime_takes_it(threshold: str, wrong: bool) -> None:
    """As `Policy` of cert-renewal reads it."""
    renewal = {"rotate_key": True, "threshold": threshold, "retry": "4%"}
    edge_ca = {"auto_generated_edge_ca_expiry_days": 90, "auto_renew": renewal}
    assert ("edge-ca-incomplete" in said(report(edge_ca=edge_ca))) is wrong
    assert "edge-ca-incomplete" not in said(report("1.2", edge_ca=edge_ca))
