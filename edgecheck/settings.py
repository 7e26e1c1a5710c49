"""Settings and facts about files, as a description of the gateway gives them.

Each class lists the keys that it may have, under the names that the configuration uses. A table
of settings is whole: a key that is not in it is not set. Of facts, one that is not in it is
unknown. Neither ever holds a key or a password.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import TypedDict


class AutoRenew(TypedDict, total=False):
    """`[edge_ca.auto_renew]` of config.toml, since 1.3.

    A time is written as "80%" of the certificate's life, "10 min" or "1 day" before its end.
    """

    rotate_key: bool
    threshold: str
    retry: str


class EdgeCa(TypedDict, total=False):
    """`[edge_ca]` of config.toml, since 1.2. An empty one: the table is not there."""

    cert: str
    """URI of the device CA file."""
    pk: str
    """URI of its private key: file: or pkcs11:."""
    method: str
    """`est`, `local_ca` or `self_signed`."""
    common_name: str
    subject: Mapping[str, str]
    expiry_days: int
    url: str
    """Of the EST server."""
    username: str
    password: str
    """Never kept: `...` stands for it."""
    identity_cert: str
    identity_pk: str
    bootstrap_identity_cert: str
    bootstrap_identity_pk: str
    auto_generated_edge_ca_expiry_days: int
    auto_renew: AutoRenew


class CertificatesOfYaml(TypedDict, total=False):
    """`certificates` of config.yaml, up to 1.1: URIs or paths. An empty one: it is not there."""

    device_ca_cert: str
    device_ca_pk: str
    trusted_ca_certs: str
    auto_generated_ca_lifetime_days: int


class Issuance(TypedDict, total=False):
    """How a certificate that is in no file is issued; also `url` and what an EST server wants."""

    method: str
    common_name: str
    subject: Mapping[str, str]
    expiry_days: int
    auto_renew: AutoRenew
    url: str
    username: str
    password: str
    """Never kept: `...` stands for it."""
    identity_cert: str
    identity_pk: str
    bootstrap_identity_cert: str
    bootstrap_identity_pk: str


class EstAuth(TypedDict, total=False):
    """`[cert_issuance.est.auth]` of config.toml."""

    username: str
    password: str
    """Never kept: `...` stands for it."""
    identity_cert: str
    identity_pk: str
    bootstrap_identity_cert: str
    bootstrap_identity_pk: str


class Est(TypedDict, total=False):
    """`[cert_issuance.est]` of config.toml; certd's own file has the keys of `auth` here."""

    auth: EstAuth
    urls: Mapping[str, str]
    """URLs of EST servers by certificate id; `default` is for all others."""
    trusted_certs: Sequence[str]
    """URIs of what the EST server's own certificate is checked by."""
    username: str
    password: str
    """Never kept: `...` stands for it."""
    identity_cert: str
    identity_pk: str
    bootstrap_identity_cert: str
    bootstrap_identity_pk: str
    identity_auto_renew: AutoRenew


class LocalCa(TypedDict, total=False):
    """`[cert_issuance.local_ca]` of config.toml."""

    cert: str | Issuance
    pk: str


class CertIssuance(TypedDict, total=False):
    """`[cert_issuance]` of config.toml."""

    est: Est
    local_ca: LocalCa


class Proof(TypedDict, total=False):
    """`authentication` (source `manual`) or `attestation` (source `dps`) of `provisioning`."""

    method: str
    """`x509`, `sas`, `symmetric_key`, `tpm`, `device_connection_string`."""
    registration_id: str
    identity_cert: str | Issuance
    """URI, or how it is issued; "" where it is not a file's."""
    identity_pk: str
    device_id_pk: str | Mapping[str, str]
    """Of it only a URI is kept: `...` stands for a key."""
    symmetric_key: str | Mapping[str, str]
    """The same."""
    identity_auto_renew: AutoRenew
    iothub_hostname: str
    """Up to 1.1 it stands here."""
    device_id: str
    """The same."""


class Provisioning(TypedDict, total=False):
    """`provisioning` of config.toml or config.yaml."""

    source: str
    """`manual`, `dps`, `none`, and up to 1.1 `external`."""
    connection_string: str
    """Without its key, for which `...` stands."""
    device_connection_string: str
    """What `connection_string` is called up to 1.1."""
    device_id: str
    iothub_hostname: str
    global_endpoint: str
    id_scope: str
    scope_id: str
    """What `id_scope` is called up to 1.1."""
    registration_id: str
    """In 1.0 it stands here."""
    payload: Mapping[str, str]
    endpoint: str
    dynamic_reprovisioning: bool
    always_reprovision_on_startup: bool
    authentication: Proof
    attestation: Proof


class FileFacts(TypedDict, total=False):
    """Facts about one file that the configuration names."""

    path: str
    exists: bool
    mode: int
    """Permission bits, such as 0o444."""
    owner: str
    """The name of the user that it belongs to."""
    group: str
    readable_by: Sequence[str]
    """Users of the runtime that can read it, all folders above it included, such as aziotcs."""
    ends_with_newline: bool
    shut: str
    """The file, or the first folder above it, that keeps a user of the runtime out."""
    told: str
    """Why the file could not be read, as the system says it; empty where it could."""
    certificates: int
    """How many certificates are in it."""
    common_name: str
    """Of its first certificate; so are the following ones."""
    not_before: int
    """In seconds since 1970-01-01T00:00:00Z."""
    not_after: int
    is_ca: bool
    path_length: int
    """How many CAs may follow it, where it says so."""
    public_key: str
    """SHA-256 of its SubjectPublicKeyInfo in hexadecimal: tells to which key it belongs."""


class KeyFacts(FileFacts, total=False):
    """Facts about one private key and its file; never the key."""

    form: str
    """`PEM`, which the runtime reads; `DER`; `PKCS#11`: in a token; "": it is no private key."""
    found: str
    """What stands there instead of a key that can be read, in words."""
    type: str
    """`RSA`, `EC`, `Ed25519`, `Ed448`, `DSA`; else what it calls itself."""
    bits: int
    curve: str
    """As `cryptography` calls it, such as secp256r1."""
    encrypted: bool
    """Whether a passphrase protects it; then only the owner of that can tell the rest."""


class ConfigurationFile(TypedDict, total=False):
    """Facts about the text of one configuration file; lines count from 1."""

    byte_order_mark: bool
    typographic_quotes: Sequence[int]
    """Lines with quotation marks that a word processor writes."""
    tabs: Sequence[int]
    """Lines that are indented with tabs."""
    unknown: Sequence[str]
    """Keys that no version of the runtime knows, as `table.key`."""
    later: Mapping[str, str]
    """Keys that versions before this one do not know, and the first that does."""
    broken: str
    """Why it cannot be read, with the line; empty where it can."""
    repeated: Mapping[str, int]
    """Keys that stand twice in one table, which YAML lets pass, and the line of the last."""
    token_library: bool
    """Whether it says which library keyd reaches a token with (`pkcs11_lib_path`)."""


class Difference(TypedDict, total=False):
    """One setting that config.toml and what the daemons read have otherwise."""

    configured: str
    """As config.toml has it; empty where it is not set."""
    applied: str
    """As the daemons have it."""
    file: str
    """The daemon's file."""


class ConnectionString(TypedDict, total=False):
    """What a downstream device's connection string says; never its key. Empty: it is not there."""

    host_name: str
    device_id: str
    gateway_host_name: str


class Registration(TypedDict, total=False):
    """What IoT Hub knows of a downstream device."""

    device_id: str
    authentication: str
    """As the hub calls it: `certificateAuthority`, `selfSigned` (thumbprints) or `sas`."""
    thumbprints: Sequence[str]
    """SHA-1 or SHA-256 of its certificate in hexadecimal: primary, then secondary."""
    status: str
    """`enabled` or `disabled`."""
    module_id: str
    """Of a module's identity; "" or left out: it is the device's own."""


BY_CA, BY_THUMBPRINT = "certificateAuthority", "selfSigned"
"""What IoT Hub calls the two kinds of X.509 registration."""


def thumbprint_matches(certificate: bytes, registration: Registration | None) -> bool | None:
    """Return whether a certificate (DER) is the one whose thumbprint is registered.

    None where the device is not registered by thumbprints, or they are not known. edgeHub compares
    both digests with both thumbprints, whatever their letters' case
    (`ValidateCertificateThumbprint` in CertificateHelper.cs at 1.0.6 to 1.6.1).
    """
    known = registration or {}
    if known.get("authentication", BY_THUMBPRINT) != BY_THUMBPRINT or "thumbprints" not in known:
        return None
    digests = {
        hashlib.sha1(certificate, usedforsecurity=False).hexdigest(),
        hashlib.sha256(certificate).hexdigest(),
    }
    written = (text.replace(":", "").replace(" ", "").lower() for text in known["thumbprints"])
    return not digests.isdisjoint(written)
