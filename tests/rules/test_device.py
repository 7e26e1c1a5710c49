"""The gateway's own key, caches and system: what goes with its certificates, and what does not."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

import edgecheck
from edgecheck import Device
from fixtures import private_keys, stock
from fixtures.pki import pem
from fixtures.stock import NOW

GATEWAY = stock.stock_15("ec")
FILE = pem(*GATEWAY.presented("device_ca", "intermediate", "root"), comments=False)


def key(name: str) -> str:
    return hashlib.sha256(private_keys.public_key_der(name)).hexdigest()


def report(facts: dict[str, Any] | None, runtime: str | None = "1.5", **told: Any) -> Any:
    keys = None if facts is None else {"edge_ca.pk": facts}
    device = Device(runtime=runtime, keys=keys, **told)
    chain, trust = pem(*GATEWAY.presented()), pem(*GATEWAY.trust())
    return edgecheck.check(chain, trust=trust, at=NOW, device=device)


def said(report: edgecheck.Report) -> list[tuple[str, str]]:
    return [(f.rule.id, f.severity.value) for f in report.findings if f.rule.family == "device"]


def test_a_key_is_compared_by_its_fingerprint_however_it_is_written() -> None:
    """Capital letters and colons are the same number."""
    text = key("p256-3").upper()
    colons = ":".join(text[i : i + 2] for i in range(0, 64, 2))
    assert said(report({"public_key": colons}, device_ca_file=FILE)) == []
    found = report({"public_key": key("p256-7")}, device_ca_file=FILE)
    assert said(found) == [("device.key-mismatch", "error")]


def test_what_is_not_told_is_not_judged() -> None:
    """Without a fact about the key each rule about it is undecided."""
    undecided = {u.rule for u in report(None, device_ca_file=FILE).undecided}
    assert {"device.key-mismatch", "device.key-encrypted", "device.key-permissions"} <= undecided
    assert said(report({"owner": "root"}, device_ca_file=FILE)) == []


@pytest.mark.parametrize(
    ("runtime", "reader", "severity"),
    [
        ("1.5", "aziotks", None),
        ("1.5", "iotedge", "error"),
        ("1.1", "iotedge", None),
        ("1.1", "aziotks", "error"),
        (None, "iotedge", None),
    ],
)
def test_the_user_that_must_read_the_key(
    runtime: str | None, reader: str, severity: str | None
) -> None:
    """It is keyd's from 1.2 on, the daemon's up to 1.1; either will do where that is unknown."""
    found = edgecheck.check(
        pem(*GATEWAY.presented("device_ca", "intermediate")),
        trust=pem(*GATEWAY.trust()),
        at=NOW,
        device=Device(runtime=runtime, keys={"edge_ca.pk": {"readable_by": [reader]}}),
    )
    assert said(found) == ([("device.key-permissions", severity)] if severity else [])


@pytest.mark.parametrize(
    ("facts", "severity"),
    [
        ({"type": "RSA", "bits": 2048}, None),
        ({"type": "RSA", "bits": 1024}, "warning"),
        ({"type": "EC", "curve": "secp256r1"}, None),
        ({"type": "EC", "curve": "secp384r1"}, "warning"),
        ({"type": "Ed448"}, "error"),
    ],
)
def test_kinds_of_keys(facts: dict[str, Any], severity: str | None) -> None:
    """What the runtime cannot sign with is an error; what its check warns of, a warning."""
    assert said(report(facts)) == ([("device.key-kind", severity)] if severity else [])


def test_a_cache_matters_up_to_1_1() -> None:
    """It is judged where the runtime keeps one, and one level lower where that is unknown."""
    old = pem(*GATEWAY.change("device_ca", key="p256-6").presented("device_ca"), comments=False)
    told = {"device_ca_file": FILE, "cached_workload_ca": old}
    assert said(report(None, "1.5", **told)) == []
    assert said(report(None, "1.1", **told)) == [("device.cached-workload-ca-stale", "warning")]
    assert said(report(None, "1.1", device_ca_file=FILE, cached_workload_ca=FILE)) == []


def test_a_store_that_has_the_renewed_root_has_the_root() -> None:
    """Name and key decide, not the bytes."""
    renewed = pem(*GATEWAY.change("root", serial=7).trust(), comments=False)
    assert said(report(None, os_trust=renewed)) == []
    assert said(report(None, os_trust=FILE, parent_hostname="parent.local")) == []


@pytest.mark.parametrize(
    ("files", "runtime", "expected"),
    [
        ({"/etc/aziot/keyd/config.d/00-super.toml": {"token_library": False}}, "1.5", "error"),
        ({"/etc/aziot/keyd/config.d/00-super.toml": {"token_library": True}}, "1.5", None),
        ({"/etc/aziot/keyd/config.d/00-super.toml": {"token_library": False}}, "1.1", None),
        ({"/etc/aziot/keyd/config.d/00-super.toml": {}}, "1.5", None),
        ({"/etc/aziot/config.toml": {"token_library": False}}, "1.5", None),
        (
            {
                "/etc/aziot/keyd/config.d/00-super.toml": {"token_library": False},
                "/etc/aziot/keyd/config.d/10-token.toml": {"token_library": True},
            },
            "1.5",
            None,
        ),
    ],
)
def test_keyd_has_to_be_told_of_the_tokens_library(
    files: dict[str, Any], runtime: str, expected: str | None
) -> None:
    """In any of its files; where none of them was seen, it is undecided."""
    found = report({"form": "PKCS#11"}, runtime, configuration_files=files)
    assert dict(said(found)).get("device.no-token-library") == expected
    unknown = "/etc/aziot/config.toml" in files or {} in files.values()
    assert ("device.no-token-library" in {u.rule for u in found.undecided}) is unknown


def test_the_owner_of_a_file_is_no_secret_and_the_owners_password_is() -> None:
    device = Device(runtime="1.5", keys={"edge_ca.pk": {"owner": "aziotks"}})
    assert (device.keys or {})["edge_ca.pk"].get("owner") == "aziotks"


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/srv/ca.key", "chmod 600 /srv/ca.key"),
        ("/srv/a b.key", "chmod 600 '/srv/a b.key'"),
        ("/srv/a'b.key", "chmod 600 '/srv/a'\\''b.key'"),
        ("/srv/\x1b[31m.key", "secrets/device-ca.key.pem"),
    ],
)
def test_the_commands_have_the_path_of_this_key(path: str, shown: str) -> None:
    """As a shell reads it; a path that must not be printed leaves the example's."""
    found = report({"path": path, "mode": 0o644, "readable_by": ["aziotks"]})
    (finding,) = (f for f in found.findings if f.rule.id == "device.key-permissions")
    assert shown in finding.remedy
