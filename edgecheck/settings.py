"""Settings and facts about files, as a description of the gateway gives them.

Each class lists the keys that it may have, under the names that the configuration uses. A table
of settings is whole: a key that is not in it is not set. Of facts, one that is not in it is
unknown. Neither ever holds a key or a password.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields
from functools import cache
from typing import Any, TypedDict, get_args, get_origin, get_type_hints, is_typeddict

from edgecheck.reading.text import masked


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


class Est(TypedDict, total=False):
    """`[cert_issuance.est]` of config.toml."""

    urls: Mapping[str, str]
    """URLs of EST servers by certificate id; `default` is for all others."""
    trusted_certs: Sequence[str]
    """URIs of what the EST server's own certificate is checked by."""
    username: str
    identity_cert: str
    identity_pk: str
    bootstrap_identity_cert: str
    bootstrap_identity_pk: str
    identity_auto_renew: AutoRenew


class LocalCa(TypedDict, total=False):
    """`[cert_issuance.local_ca]` of config.toml."""

    cert: str
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
    identity_cert: str
    """URI; "" where it is not a file's, but issued by a method of its own."""
    identity_pk: str


class Provisioning(TypedDict, total=False):
    """`provisioning` of config.toml or config.yaml."""

    source: str
    """`manual`, `dps`, and up to 1.1 `external`."""
    device_id: str
    iothub_hostname: str
    global_endpoint: str
    id_scope: str
    """Up to 1.1 it is called `scope_id`."""
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


class KeyFacts(FileFacts, total=False):
    """Facts about one private key and its file; never the key."""

    type: str
    """`RSA`, `EC`, `Ed25519`, `Ed448`, `DSA`; else what it calls itself."""
    bits: int
    curve: str
    """As `cryptography` calls it, such as secp256r1."""
    encrypted: bool
    """Whether a passphrase protects it; then only the owner of that can tell the rest."""
    public_key: str
    """SHA-256 of its SubjectPublicKeyInfo in hexadecimal: tells to which certificate it
    belongs."""


class ConfigurationFile(TypedDict, total=False):
    """Facts about the text of one configuration file; lines count from 1."""

    byte_order_mark: bool
    typographic_quotes: Sequence[int]
    """Lines with quotation marks that a word processor writes."""
    tabs: Sequence[int]
    """Lines that are indented with tabs."""


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


def differing(value: Any) -> str:
    """One line for a value with many fields, most of which nobody sets: those that were.

    Secrets that a URI carries are left out, and of contents of files there is only the size.
    """
    shown = []
    for each in fields(value):
        given = getattr(value, each.name)
        usual = each.default if each.default_factory is MISSING else each.default_factory()
        if given == usual:
            continue
        if each.repr:
            shown.append(f"{each.name}={without_secrets(given)!r}")
        else:
            shown.append(f"{each.name}=<{_size(given)}>")
    return f"{type(value).__name__}({', '.join(shown)})"


def _size(given: Any) -> str:
    if isinstance(given, str | bytes):
        return f"{len(given)} {'characters' if isinstance(given, str) else 'bytes'}"
    return type(given).__name__


def without_secrets(value: Any) -> Any:
    """A value without the secrets that some URIs in it carry."""
    if isinstance(value, str) and type(value) is str:
        return masked(value)
    if isinstance(value, Mapping):
        return {name: without_secrets(item) for name, item in value.items()}
    if type(value) in (list, tuple):
        return type(value)(without_secrets(item) for item in value)
    return value


def owned(value: Any) -> Any:
    """A value that its giver cannot change any more, of kinds that pickle and compare."""
    if isinstance(value, Mapping):
        return {key: owned(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return tuple(owned(item) for item in value)
    return value


def checked(name: str, value: Any, kind: Any) -> None:
    """Refuse a value that is not of a kind: a class above, or what its keys hold.

    Raises:
        TypeError: it is of another type.
        ValueError: it has a key that the class does not have.
    """
    if is_typeddict(kind):
        _table(name, value, kind)
    elif get_origin(kind) is Sequence:
        if isinstance(value, str | bytes) or not isinstance(value, Sequence):
            raise TypeError(f"{name}: expected a tuple or list, got {type(value).__name__}")
        for item in value:
            checked(name, item, get_args(kind)[0])
    elif get_origin(kind) is Mapping:
        _mapping(name, value)
        for key, item in value.items():
            checked(f"{name}.{key}", item, get_args(kind)[1])
    elif not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        article = "an" if kind is int else "a"
        raise TypeError(f"{name}: expected {article} {kind.__name__}, got {type(value).__name__}")


def _table(name: str, value: Any, kind: Any) -> None:
    _mapping(name, value)
    known = _keys(kind)
    for key, item in value.items():
        if key not in known:
            raise ValueError(f"{name}: {key!r} is unknown; known are {', '.join(known)}")
        checked(f"{name}.{key}", item, known[key])


def _mapping(name: str, value: Any) -> None:
    if not isinstance(value, Mapping):
        raise TypeError(f"{name}: expected a mapping, got {type(value).__name__}")
    if not all(isinstance(key, str) for key in value):
        raise TypeError(f"{name}: expected str as keys")


@cache
def _keys(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)
