"""How the configuration names files and keys: what each version of the runtime makes of it."""

from __future__ import annotations

from typing import Any

import pytest

from edgecheck.reading.text import masked
from tests.rules.test_configuration import FILE, FILES, YAML, message, report, said


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("file:///etc/a.pem", {}),
        ("file:/etc/a.pem", {}),
        ("FILE:///etc/a.pem", {}),
        ("file://localhost/etc/a.pem", {}),
        ("/etc/a.pem", {"uri-not-a-file": "error"}),
        ("certs/a.pem", {"uri-not-a-file": "error"}),
        ("https://contoso.example/a.pem", {"uri-not-a-file": "error"}),
        ("pkcs11:token=a", {"uri-not-a-file": "error"}),
        ("file://etc/a.pem", {"uri-two-slashes": "error"}),
        ("file:///etc/a.pem?x=1", {"uri-query": "warning"}),
        ("file:///etc/a.pem#x", {"uri-query": "warning"}),
        ("file:///etc/a b.pem", {"uri-encoded": "info"}),
        ("file:///etc/a%20b.pem", {"uri-encoded": "info"}),
        ("file:///etc/\u00e4.pem", {"uri-encoded": "info"}),
        ("file:///etc/100%.pem", {}),
        (" file:///etc/a.pem ", {}),
        ("\u201cfile:///etc/a.pem\u201d", {"stray-characters": "error"}),
        ("file:///etc/a.pem\u201d", {"stray-characters": "error"}),
    ],
)
def test_what_names_a_certificate_since_1_2(uri: str, expected: dict[str, str]) -> None:
    """As the parser that the runtime uses reads it, and as certd and its check use it."""
    assert said(trust_bundle_cert=uri) == expected
    assert said("1.1", trust_bundle_cert=uri).keys() <= {"stray-characters"}


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("file:///etc/a.key", {}),
        ("pkcs11:token=edge;object=ca?pin-value=1234", {}),
        ("file:///etc/a%20b.key", {}),
        ("engine:tpm2", {"uri-not-a-file": "error"}),
        ("file:///etc/a.key?pin-value=1234", {"uri-query": "error"}),
    ],
)
def test_what_names_a_private_key_since_1_2(uri: str, expected: dict[str, str]) -> None:
    """A token's key too; and no check looks for the file."""
    local_ca = {"cert": FILE, "pk": uri}
    assert said(cert_issuance={"local_ca": local_ca}) == expected


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("/etc/a.pem", {}),
        ("certs/a.pem", {}),
        ("C:\\certs\\a.pem", {}),
        ("file:///etc/a.pem", {}),
        ("file:///etc/a b.pem", {}),
        ("file://localhost/etc/a.pem", {}),
        ("file://etc/a.pem", {"uri-two-slashes": "error"}),
        ("file:///etc/a.pem?pin-value=1", {"uri-query": "error"}),
        ("pkcs11:token=a", {"uri-not-a-file": "error"}),
        ("https://contoso.example/a.pem", {"uri-not-a-file": "error"}),
    ],
)
def test_what_names_a_file_up_to_1_1(uri: str, expected: dict[str, str]) -> None:
    """Paths will do, also those of Windows; a query will not."""
    for key in YAML:
        certificates = {**YAML, key: uri}
        assert said("1.1", certificates=certificates) == expected, key
        assert said("1.5", certificates=certificates) == {}


def test_an_identity_is_named_by_a_uri_with_every_runtime() -> None:
    """1.1 takes paths for the device CA alone, and keys in a token with none."""
    path = {"attestation": {"identity_cert": "/etc/id.pem", "identity_pk": FILES["pk"]}}
    token = {"authentication": {"identity_cert": FILE, "identity_pk": "pkcs11:token=a"}}
    for runtime in ("1.1", "1.5"):
        assert said(runtime, provisioning=path) == {"uri-not-a-file": "error"}
    assert said("1.1", provisioning=token) == {"uri-not-a-file": "error"}
    assert said("1.5", provisioning=token) == {}


def test_every_setting_that_names_a_file_is_looked_at() -> None:
    """Each by its own name."""
    bad = "/ca.pem"
    settings: list[dict[str, Any]] = [
        {"trust_bundle_cert": bad},
        {"edge_ca": {"cert": bad, "pk": FILES["pk"]}},
        {"edge_ca": {"cert": FILE, "pk": bad}},
        {"edge_ca": {"method": "est", "bootstrap_identity_cert": bad}},
        {"cert_issuance": {"est": {"trusted_certs": [bad]}}},
        {"cert_issuance": {"est": {"identity_pk": bad}}},
        {"cert_issuance": {"local_ca": {"cert": bad}}},
        {"provisioning": {"attestation": {"identity_cert": bad}}},
    ]
    names = [message("uri-not-a-file", **one).partition(" =")[0] for one in settings]
    assert len(set(names)) == len(names)
    assert {"trust_bundle_cert", "edge_ca.pk", "cert_issuance.est.trusted_certs"} < set(names)


def test_the_remedy_is_the_line_to_write() -> None:
    """Where it is plain what was meant."""
    found = report(trust_bundle_cert="/etc/root.pem").findings
    assert found[0].remedy == 'Write trust_bundle_cert = "file:///etc/root.pem".'
    found = report(trust_bundle_cert="file://etc/root.pem").findings
    assert found[0].remedy.endswith('trust_bundle_cert = "file:///etc/root.pem".')


def test_no_secret_of_a_uri_is_told() -> None:
    """Neither the PIN of a token nor a password, wherever a setting is shown."""
    told = report(
        certificates={**YAML, "device_ca_pk": "pkcs11:token=a?pin-value=s3cret"},
        edge_ca={"method": "est", "url": "http://user:s3cret@est.example/", "pk": FILE},
        trust_bundle_cert="file:///a.pem?pin-value=s3cret",
        runtime=None,
    )
    assert {"uri-not-a-file", "est-over-http", "uri-query"} <= {
        f.rule.id.partition(".")[2] for f in told.findings
    }
    assert "s3cret" not in told.to_json()
    assert masked("pkcs11:a?pin-value=1&x=2") == "pkcs11:a?pin-value=...&x=2"
