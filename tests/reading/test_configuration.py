"""A configuration in the place of certificates: what it names becomes options, no secret shows."""

from __future__ import annotations

import random

import pytest

import edgecheck
from edgecheck.reading.forms.configuration import configuration_in
from fixtures.expected import FIXTURES
from fixtures.stock import NOW, stock_11
from tests.test_any_bytes import armoured, damaged

SECRET = "SharedAccessKey=bm9ib2R5IG1heSBzZWUgdGhpcyBrZXkK"
NEW = f"""
# hostname = "not-this.local"
hostname = "gw.plant.local"   # as devices type it
parent_hostname = 'parent.plant.local'
trust_bundle_cert = "file:///var/aziot/certs/root%20ca.pem"

[provisioning]
source = "manual"
connection_string = "HostName=h.azure-devices.net;DeviceId=gw;{SECRET}"

[edge_ca]
cert = "file:///var/aziot/certs/device-ca.pem"
pk = "pkcs11:token=edge;object=ca?pin-value=1234"

[edge_ca.auto_renew]
cert = "file:///not/this.pem"
"""
OLD = f"""
provisioning:
  source: "dps"
  attestation:
    method: "x509"
    identity_cert: "file:///etc/iotedge/id.pem"
    identity_pk: "file:///etc/iotedge/id.key.pem"
agent:
  config:
    auth: {{}}
    image: "x"
    password: "{SECRET}"
certificates:
    device_ca_cert: "/etc/iotedge/full-chain.pem"
    trusted_ca_certs: file://localhost/etc/iotedge/root.pem
hostname: "GW.plant.local"
connect:
  management_uri: "unix:///var/run/iotedge/mgmt.sock"
"""
SAID = {
    NEW: {
        "--device-hostname": "gw.plant.local",
        "--parent-hostname": "parent.plant.local",
        "--trust-bundle": "/var/aziot/certs/root ca.pem",
        "--device-ca-file": "/var/aziot/certs/device-ca.pem",
    },
    OLD: {
        "--identity-certificate": "/etc/iotedge/id.pem",
        "--device-ca-file": "/etc/iotedge/full-chain.pem",
        "--trust-bundle": "/etc/iotedge/root.pem",
        "--device-hostname": "GW.plant.local",
    },
    'hostname = "gw"\n[provisioning]\nsource = "dps"\n': {"--device-hostname": "gw"},
    '[provisioning]\n[edge_ca]\ncert = "pkcs11:object=ca"\n': {},
    'hostname = "gw"\nedge_ca.cert = "file:///a.pem"\n[agent]\n': {
        "--device-hostname": "gw",
        "--device-ca-file": "/a.pem",
    },
}


@pytest.mark.parametrize("text", SAID, ids=[f"{len(text)} characters" for text in SAID])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_what_a_configuration_says_by_option(text: str, ends: str) -> None:
    assert configuration_in(text.replace("\n", ends).encode()) == SAID[text]


@pytest.mark.parametrize("text", [NEW, OLD])
def test_it_is_told_with_the_commands_that_are_meant_and_no_secret(text: str) -> None:
    report = edgecheck.check(edgecheck.Source("config.x", text.encode()), at=NOW)
    (finding,) = (f for f in report.findings if f.caused_by is None)
    assert finding.rule.id == "input.configuration" and report.worst is edgecheck.Severity.ERROR
    shown = report.to_json() + report.to_text(verbose=True)
    for option, value in SAID[text].items():
        assert f"{option} " in finding.remedy and value in finding.remedy
    for secret in (SECRET, SECRET[16:], "pin-value", "1234", "id.key"):
        assert secret not in shown


def test_one_beside_certificates_is_a_warning() -> None:
    chain = b"".join(armoured(c.der) for c in stock_11("ec").presented())
    report = edgecheck.check([chain, edgecheck.Source("config.toml", NEW.encode())], at=NOW)
    (finding,) = (f for f in report.findings if f.rule.id == "input.configuration")
    assert finding.severity is edgecheck.Severity.WARNING


@pytest.mark.parametrize(
    "text",
    [
        "hostname: gw\nparent_hostname: x\n",
        "# [provisioning]\n# hostname = 1\n",
        "the provisioning: it failed, agent: stopped\n",
        'hostname = "gw"\nvalid = true\n[device]\nruntime = "1.1"\n',
    ],
)
def test_what_is_no_configuration(text: str) -> None:
    assert configuration_in(text.encode()) is None


def test_no_file_of_a_fixture_is_one_but_those_that_are() -> None:
    """Neither certificates nor transcripts nor logs are taken for it."""
    found = set()
    for path in FIXTURES.glob("*/*/*.*"):
        if (
            path.suffix in (".pem", ".txt", ".log")
            and configuration_in(path.read_bytes()) is not None
        ):
            found.add(path.parent.name)
    assert found == {"configuration", "configuration--old"}


def test_a_damaged_one_gives_a_report() -> None:
    dice = random.Random(3)
    for _ in range(300):
        edgecheck.check(damaged(dice.choice((NEW, OLD)).encode(), dice), at=NOW)
