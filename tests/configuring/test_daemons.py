"""What the daemons' own files say, and where config.toml differs from them."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from edgecheck import Device
from edgecheck.configuring.compare import differences
from edgecheck.configuring.daemons import issued_file, of_daemons
from edgecheck.configuring.tables import of_toml

CERTD = """
homedir_path = "/srv/certd"
[cert_issuance.est]
trusted_certs = ["est-server-ca-1"]
username = "u"
password = "c2VjcmV0"
identity_cert = "est-id"
identity_pk = "est-id"
[cert_issuance.est.urls]
default = "https://est.example/.well-known/est/"
[cert_issuance.local_ca]
cert = "local-ca"
pk = "local-ca"
[cert_issuance.device-id]
method = "est"
common_name = "gw-7"
[preloaded_certs]
aziot-edged-ca = "file:///a.pem"
aziot-edged-trust-bundle = ["aziot-edged-ca", "trust-bundle-user"]
est-id = "file:///est-id.pem"
est-server-ca-1 = "file:///est-ca.pem"
local-ca = "file:///local.pem"
trust-bundle-user = "file:///root.pem"
"""
KEYD = """
[aziot_keys]
homedir_path = "/srv/keyd"
[preloaded_keys]
aziot-edged-ca = "file:///a.key.pem"
est-id = "pkcs11:object=est"
local-ca = "file:///local.key.pem"
"""
IDENTITYD = """
hostname = "gw.local"
homedir = "/var/lib/aziot/identityd"
[provisioning]
local_gateway_hostname = "upper.local"
source = "dps"
global_endpoint = "https://global.azure-devices-provisioning.net/"
scope_id = "0ne1"
[provisioning.attestation]
method = "x509"
registration_id = { CN = "gw-7", O = "x" }
identity_cert = "device-id"
identity_pk = "device-id"
"""
EDGED = """
hostname = "gw.local"
homedir = "/var/lib/aziot/edged"
trust_bundle_cert = "aziot-edged-trust-bundle"
[edge_ca]
cert = "aziot-edged-ca"
key = "aziot-edged-ca"
"""
SUPER = """
hostname = "gw.local"
parent_hostname = "upper.local"
trust_bundle_cert = "file:///root.pem"
[provisioning]
source = "dps"
global_endpoint = "https://global.azure-devices-provisioning.net"
id_scope = "0ne1"
[provisioning.attestation]
method = "x509"
registration_id = "gw-7"
identity_cert = { method = "est", common_name = "gw-7" }
[cert_issuance.est]
trusted_certs = ["file:///est-ca.pem"]
[cert_issuance.est.urls]
default = "https://est.example/.well-known/est"
[cert_issuance.local_ca]
cert = "file:///local.pem"
pk = "file:///local.key.pem"
[edge_ca]
cert = "file:///a.pem"
pk = "file:///a.key.pem"
"""
COMPARED = ("certd", "keyd", "identityd")
FILES = {name: f"/etc/aziot/{name}/config.d/00-super.toml" for name in COMPARED}
EST, REGISTRATION = "cert_issuance.est.urls.default", "provisioning.attestation.registration_id"
URL = "https://est.example/.well-known/est"


def tables(**changed: str) -> dict[str, Any]:
    texts = {"certd": CERTD, "keyd": KEYD, "identityd": IDENTITYD, "edged": EDGED, **changed}
    return {name: tomllib.loads(text) for name, text in texts.items() if text}


def test_ids_are_followed_to_files_and_methods() -> None:
    """As certd and keyd do, and secrets are gone."""
    device = Device(**of_daemons(tables()))
    assert device.edge_ca == {"cert": "file:///a.pem", "pk": "file:///a.key.pem"}
    assert (device.hostname, device.parent_hostname) == ("gw.local", "upper.local")
    assert device.trust_bundle_cert == "file:///root.pem"
    proof = (device.provisioning or {})["attestation"]
    assert proof["identity_cert"] == {"method": "est", "common_name": "gw-7"}
    assert proof["registration_id"] == "gw-7"
    est = (device.cert_issuance or {})["est"]
    assert est["trusted_certs"] == ("file:///est-ca.pem",)
    assert (est["identity_cert"], est["identity_pk"]) == ("file:///est-id.pem", "pkcs11:object=est")
    assert (device.cert_issuance or {})["local_ca"]["pk"] == "file:///local.key.pem"
    assert device.folders is not None and device.folders[:2] == ("/srv/certd", "/srv/keyd")
    assert "c2VjcmV0" not in f"{device!r}{device.cert_issuance}"


def test_what_was_applied_differs_in_nothing() -> None:
    """Not even where URLs are normalised, and ids stand for files."""
    assert differences(of_toml(tomllib.loads(SUPER)), of_daemons(tables()), FILES) == {}


def with_edge_ca(ids: str) -> dict[str, Any]:
    """The same with another device CA among what certd was given."""
    return of_daemons(tables() | {"certd": tomllib.loads(CERTD.replace('"file:///a.pem"', ids))})


def test_an_id_of_one_other_id_is_the_file_of_that() -> None:
    fields = with_edge_ca('["est-id"]')
    assert fields["edge_ca"]["cert"] == "file:///est-id.pem"


def test_a_device_ca_of_several_files_is_none_that_config_toml_could_say() -> None:
    """Neither a quick start, nor the first file alone; nor is it a change that was not applied."""
    for ids in ('["est-id", "local-ca"]', '["aziot-edged-ca"]', "[]"):
        fields = with_edge_ca(ids)
        assert fields["edge_ca"] is None
        found = differences(of_toml(tomllib.loads(SUPER)), fields, FILES)
        assert not [key for key in found if key.startswith("edge_ca")]


@pytest.mark.parametrize(
    ("old", "new", "key", "configured", "applied"),
    [
        ('hostname = "gw.local"', 'hostname = "new.local"', "hostname", "new.local", "gw.local"),
        ("file:///root.pem", "file:///new.pem", "trust_bundle_cert", "/new.pem", "/root.pem"),
        ("file:///a.pem", "file:///b.pem", "edge_ca.cert", "/b.pem", "/a.pem"),
        ("file:///a.key.pem", "file:///b.key.pem", "edge_ca.pk", "/b.key.pem", "/a.key.pem"),
        ("0ne1", "0ne2", "provisioning.id_scope", "0ne2", "0ne1"),
        ('"gw-7"\nidentity', '"gw-8"\nidentity', REGISTRATION, "gw-8", "gw-7"),
        ("est.example/.well-known/est", "est2.example", EST, "https://est2.example", URL),
        ('trust_bundle_cert = "file:///root.pem"\n', "", "trust_bundle_cert", "", "/root.pem"),
    ],
)
def test_what_was_edited_differs_there_alone(
    old: str, new: str, key: str, configured: str, applied: str
) -> None:
    assert old in SUPER
    edited = of_toml(tomllib.loads(SUPER.replace(old, new)))
    found = differences(edited, of_daemons(tables()), FILES)
    assert list(found) == [key]
    assert (found[key]["configured"], found[key]["applied"]) == (configured, applied)


def test_files_that_differ_in_their_writing_are_the_same() -> None:
    edited = SUPER.replace("file:///root.pem", "file://localhost/./root.pem")
    assert differences(of_toml(tomllib.loads(edited)), of_daemons(tables()), FILES) == {}


def test_what_only_a_missing_daemon_has_is_not_compared() -> None:
    edited = of_toml(tomllib.loads(SUPER.replace('"gw.local"', '"new.local"')))
    assert differences(edited, of_daemons(tables(identityd="")), {"certd": "x"}) == {}
    assert differences(edited, of_daemons({}), {}) == {}


QUICK = """
[cert_issuance.aziot-edged-ca]
method = "self_signed"
expiry_days = 365
[preloaded_certs]
aziot-edged-trust-bundle = ["aziot-edged-ca", "trust-bundle-user"]
trust-bundle-user = "file:///root.pem"
"""


@pytest.mark.parametrize(
    ("edge_ca", "same"),
    [
        ("auto_generated_edge_ca_expiry_days = 365", True),
        ('method = "self_signed"\nexpiry_days = 365', True),
        ("auto_generated_edge_ca_expiry_days = 90", False),
        ('cert = "file:///a.pem"\npk = "file:///a.key.pem"', False),
    ],
)
def test_the_quick_start_is_one_however_it_is_written(edge_ca: str, same: bool) -> None:
    text = f'trust_bundle_cert = "file:///root.pem"\n[edge_ca]\n{edge_ca}\n'
    applied = of_daemons({"certd": tomllib.loads(QUICK), "edged": {}})
    found = differences(of_toml(tomllib.loads(text)), applied, {"certd": "certd.toml"})
    assert (found == {}) is same
    assert of_daemons({"certd": tomllib.loads(QUICK)})["edge_ca"] == {
        "auto_generated_edge_ca_expiry_days": 365
    }


def test_certd_calls_its_files_by_id_and_digest() -> None:
    """`get_path` in aziot-certd-config/src/util.rs; the digest is that of the id."""
    assert issued_file("/var/lib/aziot/certd/", "aziot-edged-ca") == (
        "/var/lib/aziot/certd/certs/aziotedgedca-"
        "86f154be7ff14480027f0d00c59c223db6d9e4ab0b559fc523cca36a7c973d6d.cer"
    )


@pytest.mark.parametrize("value", [1, [], "x", {"est": 5, "local_ca": [1]}, {"a": {"b": {}}}])
def test_nonsense_raises_nothing(value: Any) -> None:
    keys = ("cert_issuance", "preloaded_certs", "provisioning", "edge_ca", "aziot_keys")
    for table in ({"x": value}, dict.fromkeys(keys, value)):
        Device(**of_daemons(dict.fromkeys((*COMPARED, "edged"), table)))
