"""What each rule needs to be told: without exactly that it is undecided, with it it is decided."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import pytest

import edgecheck
from edgecheck import BUILT_IN
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.rule import Need, Over
from fixtures import stock
from fixtures.pki import pem

N = Need

NEEDS: dict[Need, str] = {
    N.HOSTNAME: "client.refuses hostname.not-in-san naming.ca-name-as-hostname",
    N.TRUST: (
        "chain.several-paths chain.wrong-issuer-first client.refuses trust.no-root "
        "trust.cannot-be-loaded trust.root-issuer-written-differently "
        "trust.root-signature-invalid trust.server-certificate trust.unsound-above-anchor"
    ),
    N.SERVER: "chain.server-not-first naming.ca-name-as-hostname",
    N.NAME: "naming.device-ca-cn-is-hostname",
    N.ASKED: (
        "hostname.case-mismatch hostname.ip-address hostname.not-a-host-name hostname.wildcard"
    ),
    N.GATEWAY_HOST_NAMES: (
        "hostname.gateway-host-name-not-configured hostname.gateway-host-name-not-in-san"
    ),
    N.CONFIGURED_HOSTNAME: (
        "hostname.address-before-1-2 hostname.gateway-host-name-not-configured "
        "hostname.loopback hostname.not-machine-name "
        "hostname.sanitised hostname.stale "
        "hostname.too-long hostname.upper-case-in-configuration"
    ),
    N.TRUST_BUNDLE: (
        "trust.bundle-expired-member trust.bundle-join-without-newline trust.bundle-without-root "
        "trust.bundle-without-ca"
    ),
    N.DEVICE_CA_FILE: (
        "chain.device-ca-file-without-root device.cached-workload-ca-stale device.key-mismatch "
        "edge.former-device-ca edge.root-as-device-ca trust.bundle-join-without-newline"
    ),
    N.RUNTIME: "edge.workload-ca-missing edge.workload-ca-unexpected hostname.sanitised",
    N.MACHINE_NAME: "hostname.not-machine-name",
    N.SETTINGS: (
        "configuration.est-over-http configuration.half-configured configuration.uri-encoded "
        "configuration.provisioning-incomplete "
        "configuration.uri-not-a-file configuration.uri-query configuration.uri-two-slashes "
        "device.identity-name"
    ),
    N.EDGE_CA: (
        "configuration.default-lifetime configuration.edge-ca-incomplete "
        "configuration.est-expiry-days configuration.est-issues-no-ca "
        "configuration.est-name-ignored configuration.local-ca configuration.no-auto-renewal "
        "edge.common-name-cut "
        "edge.quickstart-name-too-long"
    ),
    N.DEVICE_CA_SETTINGS: "configuration.quickstart device.certificates-incomplete",
    N.CONFIGURATION: "configuration.stray-characters",
    N.CONFIGURATION_FILES: (
        "configuration.key-twice configuration.legacy-yaml configuration.not-parsed "
        "configuration.provisioning-incomplete configuration.toml-before-1-2 "
        "configuration.unknown-key device.no-token-library"
    ),
    N.REGISTRATION: (
        "identity.chain-not-sent identity.cn-is-not-device-id identity.registered-otherwise "
        "identity.thumbprint-mismatch"
    ),
    N.DEVICE_CA_KEY: "device.key-kind device.key-mismatch",
    N.KEYS: (
        "device.key-encrypted device.key-permissions device.no-key device.no-token-library "
        "device.pair-mismatch"
    ),
    N.FILES: (
        "configuration.certificate-ends configuration.file-missing configuration.file-unreadable "
        "configuration.file-without-certificate configuration.local-ca device.pair-mismatch"
    ),
    N.APPLIED: "configuration.not-applied",
    N.CONNECTION_STRINGS: "hostname.no-gateway-host-name",
    N.FOLDERS: "device.changes-hands",
    N.OS_TRUST: "device.system-lacks-root",
    N.CACHED_WORKLOAD_CA: "device.cached-workload-ca-stale",
}
"""By what is needed: the rules."""

GATEWAY = stock.stock_15().change("server", serial=5)
"""Nothing tells its runtime: certd gives the serial number 0."""
PRESENTED, TRUST = pem(*GATEWAY.presented()), pem(*GATEWAY.trust())
AUTHORITIES = pem(*GATEWAY.presented("device_ca", "intermediate"))
DEVICE = edgecheck.Device(
    runtime="1.5",
    hostname=stock.HOSTNAME,
    machine_name="gateway",
    gateway_host_names=(stock.HOSTNAME,),
    device_ca_file=pem(*GATEWAY.presented("device_ca", "intermediate", "root")),
    trust_bundle=TRUST,
    identity_certificate=None,
    keys={"edge_ca.pk": {"type": "RSA", "bits": 2048, "encrypted": False}},
    edge_ca={"cert": "file:///var/secrets/ca.pem", "pk": "file:///var/secrets/ca.key"},
    certificates={},
    provisioning={"source": "manual"},
    trust_bundle_cert="file:///var/secrets/trust.pem",
    cert_issuance={},
    configuration_files={"/etc/aziot/config.toml": {}},
    files={"edge_ca.cert": {"exists": True}},
    differences={},
    connection_strings=[],
    folders=["/var/lib/aziot/certd"],
    os_trust=TRUST,
    cached_workload_ca=AUTHORITIES,
    registration={"device_id": "gateway", "authentication": "certificateAuthority"},
)
"""All that can be known."""
SETTINGS = ("edge_ca", "certificates", "provisioning", "trust_bundle_cert", "cert_issuance")
FIELDS: dict[Need, tuple[str, ...]] = {
    N.NAME: ("hostname", "gateway_host_names"),
    N.ASKED: ("gateway_host_names",),
    N.GATEWAY_HOST_NAMES: ("gateway_host_names",),
    N.CONFIGURED_HOSTNAME: ("hostname",),
    N.TRUST_BUNDLE: ("trust_bundle",),
    N.DEVICE_CA_FILE: ("device_ca_file",),
    N.RUNTIME: ("runtime",),
    N.MACHINE_NAME: ("machine_name",),
    N.SETTINGS: SETTINGS,
    N.EDGE_CA: ("edge_ca",),
    N.DEVICE_CA_SETTINGS: ("edge_ca", "certificates"),
    N.CONFIGURATION: ("configuration_files", *SETTINGS),
    N.CONFIGURATION_FILES: ("configuration_files",),
    N.REGISTRATION: ("registration",),
    N.DEVICE_CA_KEY: ("keys",),
    N.KEYS: ("keys",),
    N.FILES: ("files",),
    N.APPLIED: ("differences",),
    N.CONNECTION_STRINGS: ("connection_strings",),
    N.FOLDERS: ("folders",),
    N.OS_TRUST: ("os_trust",),
    N.CACHED_WORKLOAD_CA: ("cached_workload_ca",),
}
"""What of the device is not told, so that it is missing."""
FOLLOWS: dict[Need, set[Need]] = {
    N.NAME: {N.SERVER, N.HOSTNAME, N.ASKED, N.GATEWAY_HOST_NAMES, N.CONFIGURED_HOSTNAME},
    N.ASKED: {N.HOSTNAME, N.GATEWAY_HOST_NAMES},
    N.SETTINGS: {N.EDGE_CA, N.DEVICE_CA_SETTINGS},
    N.DEVICE_CA_SETTINGS: {N.EDGE_CA},
    N.DEVICE_CA_KEY: {N.KEYS},
    N.KEYS: {N.DEVICE_CA_KEY},
    N.CONFIGURATION: {N.SETTINGS, N.EDGE_CA, N.DEVICE_CA_SETTINGS, N.CONFIGURATION_FILES},
    N.REGISTRATION: {N.HOSTNAME},  # a device that logs in is asked for by no name
}
"""What is missing wherever another thing is."""


@cache
def report(missing: Need | None) -> edgecheck.Report:
    """Of a sound gateway of which all is known but one thing."""
    device: Any = replace(DEVICE, **dict.fromkeys(FIELDS.get(missing, ()) if missing else ()))
    without_server = missing in (N.SERVER, N.NAME)
    without_host = missing in (N.HOSTNAME, N.NAME, N.ASKED, N.REGISTRATION)
    purpose = "client" if missing is N.REGISTRATION else "server"
    return edgecheck.check(
        AUTHORITIES if without_server else PRESENTED,
        None if without_host else stock.HOSTNAME,
        () if missing is N.TRUST else TRUST,
        stock.NOW,
        device,
        validation=edgecheck.Validation(purpose=purpose),
    )


def untold(missing: Need | None) -> set[tuple[str, str]]:
    """The rules that are undecided because something was not told, and what."""
    words = {need.value for need in Need}
    return {(one.rule, one.because) for one in report(missing).undecided if one.because in words}


def test_where_all_is_told_no_rule_lacks_anything() -> None:
    made = report(None)
    assert not Case(made.expected, made.hierarchy, {}, ()).missing
    assert untold(None) == set()


@pytest.mark.parametrize("need", list(Need), ids=[need.name for need in Need])
def test_without_one_thing_exactly_those_rules_are_undecided_that_need_it(need: Need) -> None:
    """In its own words; a rule that lacks two things says the first."""
    made = report(need)
    missing = Case(made.expected, made.hierarchy, {}, ()).missing
    assert missing == {need, *FOLLOWS.get(need, ())}
    wanted = set(NEEDS[need].split())
    if need is N.SERVER:  # what runs over the server lacks it without saying so
        wanted |= {rule.id for rule in BUILT_IN if rule.over is Over.SERVER}
    told = {rule for rule, because in untold(need) if because == need.value}
    if need in (N.NAME, N.ASKED, N.CONFIGURATION):
        assert wanted <= told
    else:
        assert told == wanted


@pytest.mark.parametrize("rule", list(BUILT_IN), ids=[rule.id for rule in BUILT_IN])
def test_a_rule_says_what_it_needs(rule: Any) -> None:
    """Nothing is left out of its declaration, and nothing stands there in vain."""
    assert set(rule.needs) == {need for need, ids in NEEDS.items() if rule.id in ids.split()}
