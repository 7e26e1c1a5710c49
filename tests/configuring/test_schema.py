"""Which settings a configuration may have, held against the templates of every version."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from edgecheck import Device
from edgecheck.configuring.schema import TOML, YAML, alike, later, unknown
from edgecheck.configuring.tables import of_toml
from edgecheck.device import parse_runtime

KEYS: Mapping[str, Mapping[str, list[str]]] = json.loads(
    (Path(__file__).parent / "keys.json").read_text(encoding="utf-8")
)
"""Made by tools/template_keys.py."""


def nested(names: list[str]) -> dict[str, Any]:
    """A table with these settings."""
    made: dict[str, Any] = {}
    for name in sorted(names):
        *above, last = name.split(".")
        table = made
        for part in above:
            table = table.setdefault(part, {})
        table.setdefault(last, 1)
    return made


def consistent(names: list[str]) -> list[list[str]]:
    """The same, so that nothing is a value and a table at once: a template offers alternatives."""
    tables = {name[: m.start()] for name in names for m in re.finditer(r"\.", name)}
    values = [name for name in names if name not in tables]
    both = [name for name in names if name in tables]
    return [values, [name for name in names if not name.startswith(tuple(f"{b}." for b in both))]]


@pytest.mark.parametrize("version", list(KEYS["config.toml"]))
def test_every_setting_of_the_template_is_known_to_its_version(version: str) -> None:
    """Neither unknown nor of a later version, whichever alternative is chosen."""
    names = KEYS["config.toml"][version]
    assert len(names) > 50
    for chosen in consistent(names):
        assert unknown(nested(chosen)) == []
        assert later(nested(chosen), parse_runtime(version)) == {}


@pytest.mark.parametrize("version", list(KEYS["samples"]))
def test_what_the_product_tests_itself_with_is_known(version: str) -> None:
    for chosen in consistent(KEYS["samples"][version]):
        assert unknown(nested(chosen)) == []


@pytest.mark.parametrize("version", list(KEYS["config.yaml"]))
def test_every_setting_of_config_yaml_is_known(version: str) -> None:
    names = KEYS["config.yaml"][version]
    assert {"hostname", "agent.config.image"} <= set(names)
    for chosen in consistent(names):
        assert unknown(nested(chosen), YAML) == []


@pytest.mark.parametrize(
    ("text", "found", "meant"),
    [
        ('trust_bundle = "x"', "trust_bundle", "trust_bundle_cert"),
        ('host_name = "x"', "host_name", "hostname"),
        ('[edge_ca]\ncertificate = "x"', "edge_ca.certificate", "edge_ca.cert"),
        (
            "[edge_ca.auto_renew]\nrotate_keys = true",
            "edge_ca.auto_renew.rotate_keys",
            "edge_ca.auto_renew.rotate_key",
        ),
        ('[certificates]\ndevice_ca_cert = "x"', "certificates", None),
        ('[provisioning]\nscope_id = "x"', "provisioning.scope_id", None),
        ('[edge_ca]\ntrust_bundle_cert = "x"', "edge_ca.trust_bundle_cert", "trust_bundle_cert"),
        ('[provisioning]\nhostname = "x"', "provisioning.hostname", "hostname"),
        ('pk = "x"', "pk", "edge_ca.pk"),
    ],
)
def test_an_unknown_key_is_told_with_what_may_be_meant(
    text: str, found: str, meant: str | None
) -> None:
    assert unknown(tomllib.loads(text)) == [found] or unknown(tomllib.loads(text)) == [
        f"{found}.device_ca_cert"
    ]
    assert meant is None or alike(found, TOML) == meant


def test_what_people_name_themselves_is_no_unknown_key() -> None:
    """Ids of keys and certificates, environments, what Docker is told."""
    text = """
    [preloaded_keys]
    anything = "file:///x"
    [agent.env]
    ANYTHING = "x"
    [agent.config.createOptions.HostConfig]
    Binds = ["a:b"]
    [cert_issuance.est.urls]
    my-certificate = "https://est"
    """
    assert unknown(tomllib.loads(text)) == []


def test_a_key_of_a_later_version_is_told_with_its_version() -> None:
    table = tomllib.loads("[edge_ca.auto_renew]\nrotate_key = true\n[edge_ca]\nmethod = 'est'")
    assert later(table, (1, 2, 0)) == {
        "edge_ca.auto_renew.rotate_key": "1.3.0",
        "edge_ca.method": "1.2.5",
    }
    assert later(table, (1, 2, 10)) == {"edge_ca.auto_renew.rotate_key": "1.3.0"}
    assert later(table, (1, 5, 0)) == later(table, None) == {}


TABLES = """
[provisioning]
source = "dps"
global_endpoint = "https://global.azure-devices-provisioning.net"
id_scope = "0ab1234C5D6"
payload = { uri = "file:///var/secrets/aziot/identityd/dps-additional-data.json" }
connection_string = "HostName=h.azure-devices.net;DeviceId=d;SharedAccessKey=c2VjcmV0"

[provisioning.attestation]
method = "x509"
registration_id = "my-device"
symmetric_key = { value = "c2VjcmV0" }
identity_pk = "pkcs11:slot-id=0;object=device%20id?pin-value=1234"

[provisioning.attestation.identity_cert]
method = "est"
subject = { L = "AQ", ST = "Antarctica", CN = "my-device" }

[provisioning.attestation.identity_cert.auto_renew]
rotate_key = true
threshold = "80%"
retry = "4%"

[cert_issuance.est]
trusted_certs = ["file:///var/secrets/est-id-ca.pem"]

[cert_issuance.est.auth]
username = "estuser"
password = "estpwd-c2VjcmV0"
bootstrap_identity_cert = "file:///var/secrets/est-bootstrap-id.pem"

[cert_issuance.est.urls]
default = "https://example.org/.well-known/est"

[cert_issuance.local_ca.cert]
method = "est"

[edge_ca]
method = "est"
password = "c2VjcmV0"
username = "estuser"
"""


def test_tables_can_be_given_as_tomllib_reads_them() -> None:
    """A `Device` takes every setting of the template, and keeps no key and no password of it."""
    device = Device(**tomllib.loads(TABLES))
    assert device.edge_ca == {"method": "est", "password": "...", "username": "estuser"}
    proof = (device.provisioning or {})["attestation"]
    assert proof["symmetric_key"] == {"value": "..."}
    told = device.provisioning or {}
    assert (
        told["connection_string"] == "HostName=h.azure-devices.net;DeviceId=d;SharedAccessKey=..."
    )
    assert "c2VjcmV0" not in f"{device!r} {device.provisioning} {device.cert_issuance}"


def test_a_whole_configuration_becomes_fields() -> None:
    """Keys are gone, what is not set is known to be absent, and wrong types are left away."""
    fields = of_toml(tomllib.loads(TABLES + "expiry_days = 'many'\n"))
    device = Device(**fields)
    assert device.trust_bundle_cert == device.parent_hostname == ""
    assert device.hostname is None
    assert device.device_id == "d"
    assert "expiry_days" not in (device.edge_ca or {})
    assert "c2VjcmV0" not in repr(device)
    assert Device(**of_toml({})).edge_ca == {}


@pytest.mark.parametrize("value", [1, [], "text", {"cert": 7}, {"cert": ["x"]}, None])
def test_nonsense_raises_nothing(value: Any) -> None:
    Device(**of_toml({"edge_ca": value, "provisioning": value, "hostname": value}))
