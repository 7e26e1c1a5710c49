"""Where config.toml and what the daemons read differ: it was edited, and not applied."""

from collections.abc import Iterator, Mapping
from typing import Any

from edgecheck.configuring.named import file_path
from edgecheck.configuring.tables import Fields
from edgecheck.reading.text import masked
from edgecheck.settings import Difference

_FILES = frozenset(("cert", "pk", "identity_cert", "identity_pk", "trust_bundle_cert", "uri"))
_OF: dict[str, tuple[str, ...]] = {
    "hostname": ("identityd",),
    "parent_hostname": ("identityd",),
    "trust_bundle_cert": ("certd",),
    "edge_ca.cert": ("certd",),
    "edge_ca.pk": ("keyd", "certd"),
    "edge_ca.method": ("certd",),
    "edge_ca.url": ("certd",),
    "edge_ca.expiry_days": ("certd",),
    "edge_ca.auto_generated_edge_ca_expiry_days": ("certd",),
    "provisioning.source": ("identityd",),
    "provisioning.device_id": ("identityd",),
    "provisioning.iothub_hostname": ("identityd",),
    "provisioning.id_scope": ("identityd",),
    "provisioning.authentication.method": ("identityd",),
    "provisioning.authentication.identity_cert": ("certd", "identityd"),
    "provisioning.authentication.identity_pk": ("keyd", "identityd"),
    "provisioning.attestation.method": ("identityd",),
    "provisioning.attestation.registration_id": ("identityd",),
    "provisioning.attestation.identity_cert": ("certd", "identityd"),
    "provisioning.attestation.identity_pk": ("keyd", "identityd"),
    "cert_issuance.local_ca.cert": ("certd",),
    "cert_issuance.local_ca.pk": ("keyd", "certd"),
    "cert_issuance.est.urls.default": ("certd",),
}
"""What is compared, and whose file has it, with whose else it takes to tell. Of keys that are
written into config.toml itself nothing is."""
_QUICKSTART_DAYS, _ISSUED_DAYS = 90, 30


def differences(
    configured: Fields, applied: Fields, files: Mapping[str, str]
) -> dict[str, Difference]:
    """Return the settings that are otherwise, by their keys in config.toml.

    Args:
        configured: what config.toml says, as fields of `edgecheck.Device`.
        applied: what the daemons' files say; edged has the host name a second time, which goes into
            server certificates: `edged_hostname`.
        files: the last file of each daemon that was read, by its path; what only other daemons
            have is not compared.
    """
    found: dict[str, Difference] = {}
    for key, owners in _OF.items():
        if not all(owner in files for owner in owners):
            continue
        if key.startswith("edge_ca.") and applied.get("edge_ca", {}) is None:
            continue  # what config.toml cannot say was written into a file of the daemons
        wanted, actual = (_shown(key, _value(fields, key)) for fields in (configured, applied))
        if key == "hostname" and not wanted:
            continue  # then it is the machine's name that was applied
        if wanted != actual:
            found[key] = Difference(configured=wanted, applied=actual, file=files[owners[0]])
    own = configured.get("hostname")
    edged = applied.get("edged_hostname")
    if own and isinstance(edged, str) and edged != own and "hostname" not in found:
        found["hostname"] = Difference(configured=own, applied=edged, file=files["edged"])
    return dict(_causes(found))


def _causes(found: Mapping[str, Difference]) -> Iterator[tuple[str, Difference]]:
    """Without what only follows: another way of having a device CA has other settings."""
    ways = ("edge_ca.cert", "edge_ca.method", "edge_ca.auto_generated_edge_ca_expiry_days")
    changed = [key for key in ways if key in found]
    for key, difference in found.items():
        if key == "edge_ca.pk" and "edge_ca.cert" in found:
            continue
        if key in ways and len(changed) > 1 and key != changed[0]:
            continue
        yield key, difference


def _value(fields: Mapping[str, Any], key: str) -> Any:
    first, _, rest = key.partition(".")
    value: Any = fields.get(first)
    if first == "edge_ca":
        value = _edge_ca(value or {})
    for part in rest.split(".") if rest else ():
        value = value.get(part) if isinstance(value, Mapping) else None
    if key == "provisioning.device_id" and value is None:
        return fields.get("device_id")
    if key == "provisioning.authentication.method" and value is None:
        provisioning = fields.get("provisioning") or {}
        return "sas" if provisioning.get("connection_string") else None
    return value


def _edge_ca(table: Mapping[str, Any]) -> Mapping[str, Any]:
    """The table with the quick start written in one way: up to 1.2 apply makes both ways one."""
    days = "auto_generated_edge_ca_expiry_days"
    if not table:
        return {days: _QUICKSTART_DAYS}
    if table.get("method") == "self_signed":
        return {days: table.get("expiry_days", _ISSUED_DAYS)}
    if table.get("method") == "est":  # whose days apply leaves away
        return {key: value for key, value in table.items() if key != "expiry_days"}
    return table


def _shown(key: str, value: Any) -> str:
    """A value as it is compared: files by their paths, URLs as they are normalised."""
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return f'method "{value.get("method", "")}"'
    text = str(value)
    if key.rpartition(".")[2] in _FILES:
        if text.lower().startswith("pkcs11:"):
            return "pkcs11:"  # the daemons' file has its parts in another order
        return file_path(text) or text
    return masked(text).rstrip("/") if "://" in text else text
