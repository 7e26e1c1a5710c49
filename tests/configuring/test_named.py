"""Which files a configuration names: URIs as the runtime's parser takes them."""

from __future__ import annotations

import pytest

from edgecheck import Device
from edgecheck.configuring.named import file_path, named


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("file:///etc/aziot/ca.pem", "/etc/aziot/ca.pem"),
        ("file://localhost/etc/ca.pem", "/etc/ca.pem"),
        ("FILE://LOCALHOST/etc/ca.pem", "/etc/ca.pem"),
        ("file:/etc/ca.pem", "/etc/ca.pem"),
        ("file:etc/ca.pem", "/etc/ca.pem"),
        ("  file:///etc/ca.pem ", "/etc/ca.pem"),
        ("file:///etc/plant%207/%c3%a4.pem", "/etc/plant 7/ä.pem"),
        ("file:///etc/a%2Fb.pem", "/etc/a/b.pem"),
        ("file:///etc/./x/../ca.pem", "/etc/ca.pem"),
        ("file:///../../ca.pem", "/ca.pem"),
        ("file:///etc/ca.pem?pin-value=1#x", "/etc/ca.pem"),
        ("file:///etc\\ca.pem", "/etc/ca.pem"),
        ("file:///etc/100%.pem", "/etc/100%.pem"),
        ("file://etc/ca.pem", None),
        ("pkcs11:token=edge;object=ca", None),
        ("https://example.org/ca.pem", None),
        ("/etc/ca.pem", None),
        ("", None),
        ("file:///etc/%00.pem", None),
        ("file:///" + "a" * 5000, None),
    ],
)
def test_a_uri_leads_to_a_path(uri: str, path: str | None) -> None:
    """As `Url::to_file_path` of the crate url makes it."""
    assert file_path(uri) == path


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("/etc/ca.pem", "/etc/ca.pem"),
        ("/etc/plant 7/ca%20.pem", "/etc/plant 7/ca%20.pem"),
        ("file:///etc/ca.pem", "/etc/ca.pem"),
        ("certs/ca.pem", None),
    ],
)
def test_up_to_1_1_a_path_is_taken_as_it_is(uri: str, path: str | None) -> None:
    assert file_path(uri, paths=True) == path


def test_every_setting_that_names_a_file_is_listed() -> None:
    """By the keys of config.toml; what belongs to EST and to a local CA, too."""
    device = Device(
        edge_ca={"cert": "file:///a", "pk": "file:///b", "identity_cert": "file:///c"},
        trust_bundle_cert="file:///d",
        provisioning={
            "source": "dps",
            "attestation": {
                "identity_cert": {"method": "est", "bootstrap_identity_cert": "file:///e"},
                "identity_pk": "pkcs11:object=x",
                "symmetric_key": {"uri": "file:///f"},
            },
        },
        cert_issuance={
            "est": {
                "trusted_certs": ["file:///g", "file:///h"],
                "auth": {"identity_pk": "file:///i"},
            },
            "local_ca": {"cert": "file:///j", "pk": "file:///k"},
        },
    )
    found = {one.file: (one.path, one.is_key) for one in named(device, old=False)}
    assert found == {
        "edge_ca.cert": ("/a", False),
        "edge_ca.pk": ("/b", True),
        "edge_ca.identity_cert": ("/c", False),
        "trust_bundle_cert": ("/d", False),
        "provisioning.attestation.identity_cert.bootstrap_identity_cert": ("/e", False),
        "provisioning.attestation.identity_pk": (None, True),
        "provisioning.attestation.symmetric_key": ("/f", True),
        "cert_issuance.est.trusted_certs.1": ("/g", False),
        "cert_issuance.est.trusted_certs.2": ("/h", False),
        "cert_issuance.est.auth.identity_pk": ("/i", True),
        "cert_issuance.local_ca.cert": ("/j", False),
        "cert_issuance.local_ca.pk": ("/k", True),
    }


def test_settings_of_config_yaml_go_by_their_later_names() -> None:
    device = Device(certificates={"device_ca_cert": "/a", "device_ca_pk": "file:///b"})
    found = {one.file: (one.path, one.key) for one in named(device, old=True)}
    assert found == {
        "edge_ca.cert": ("/a", "certificates.device_ca_cert"),
        "edge_ca.pk": ("/b", "certificates.device_ca_pk"),
    }


@pytest.mark.parametrize(
    ("uri", "meant"),
    [
        ("/srv/ca.pem", "/srv/ca.pem"),
        ("file://srv/ca.pem", "/srv/ca.pem"),
        ("“file:///srv/ca.pem”", "/srv/ca.pem"),
        ("https://srv/ca.pem", None),
        ("ca.pem", None),
    ],
)
def test_what_a_wrong_uri_means_is_found_all_the_same(uri: str, meant: str | None) -> None:
    """For what is in the file, while its URI is told to be wrong."""
    (one,) = named(Device(trust_bundle_cert=uri), old=False)
    assert (one.path is None or uri.startswith("file://srv")) and one.meant == meant
