"""The keys that a configuration may have, by version of the runtime.

Source: `super_config.rs` and what it is made of, at the tags 1.2.0, 1.2.5, 1.2.10, 1.3.0, 1.4.0,
1.5.0 and 1.6.0 of Azure/iotedge, with Azure/iot-identity-service 1.2.3 to 1.6.0; for config.yaml
`edgelet-core/src/settings.rs` and `edgelet-docker/src/settings.rs` at 1.0.0 to 1.1.15. Keys that
it does not know the runtime passes over without a word.
"""

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from edgecheck.device import Version

ANY = "*"
"""In a table: any key. As what a key holds: anything."""
Known: TypeAlias = "Mapping[str, Known] | Version | str"
"""The keys of a table; or of what holds no table of known keys the first version that has it,
or `ANY` where every version has it."""

_RENEW: Known = {"rotate_key": ANY, "threshold": ANY, "retry": ANY}
_EST_AUTH = {
    "username": ANY,
    "password": ANY,
    "identity_cert": ANY,
    "identity_pk": ANY,
    "bootstrap_identity_cert": ANY,
    "bootstrap_identity_pk": ANY,
}
_ISSUANCE: dict[str, Known] = {
    "method": ANY,
    "common_name": ANY,
    "subject": ANY,
    "expiry_days": ANY,
    "auto_renew": _RENEW,
    "url": ANY,
    **_EST_AUTH,
}
_KEY = {"value": ANY, "uri": ANY}
_IDENTITY: dict[str, Known] = {"identity_cert": _ISSUANCE, "identity_pk": ANY}

TOML: dict[str, Known] = {
    "hostname": ANY,
    "parent_hostname": ANY,
    "local_gateway_hostname": ANY,
    "trust_bundle_cert": ANY,
    "manifest_trust_bundle_cert": ANY,
    "additional_info": ANY,
    "imported_master_encryption_key": ANY,
    "auto_reprovisioning_mode": ANY,
    "allow_elevated_docker_permissions": (1, 2, 5),
    "prefer_module_identity_cache": (1, 4, 0),  # from some 1.4 on
    "cloud_timeout_sec": ANY,
    "cloud_retries": ANY,
    "iotedge_max_requests": {"management": (1, 4, 0), "workload": (1, 4, 0)},
    "aziot_max_requests": (1, 4, 0),
    "provisioning": {
        "source": ANY,
        "connection_string": ANY,
        "iothub_hostname": ANY,
        "device_id": ANY,
        "global_endpoint": ANY,
        "id_scope": ANY,
        "payload": {"uri": (1, 4, 0)},
        "dynamic_reprovisioning": ANY,  # of 1.2.0 alone, and passed over since
        "always_reprovision_on_startup": ANY,
        "authentication": {"method": ANY, "device_id_pk": _KEY, **_IDENTITY},
        "attestation": {"method": ANY, "registration_id": ANY, "symmetric_key": _KEY, **_IDENTITY},
    },
    "localid": {"domain": ANY},
    "aziot_keys": {ANY: ANY},
    "preloaded_keys": {ANY: ANY},
    "preloaded_certs": {ANY: ANY},
    "cert_issuance": {
        "est": {
            "trusted_certs": ANY,
            "auth": dict(_EST_AUTH),
            "identity_auto_renew": _RENEW,
            "urls": {ANY: ANY},
        },
        "local_ca": {"cert": _ISSUANCE, "pk": ANY},
    },
    "tpm": {
        "tcti": (1, 4, 0),
        "auth_key_index": (1, 4, 0),
        "hierarchy_authorization": {"endorsement": (1, 4, 0), "owner": (1, 4, 0)},
    },
    "endpoints": {ANY: ANY},
    "agent": {
        "name": ANY,
        "type": ANY,
        "imagePullPolicy": ANY,
        "config": {ANY: ANY},
        "env": {ANY: ANY},
    },
    "connect": {"workload_uri": ANY, "management_uri": ANY},
    "listen": {"workload_uri": ANY, "management_uri": ANY, "min_tls_version": ANY},
    "watchdog": {"max_retries": ANY},
    "edge_ca": {
        "cert": ANY,
        "pk": ANY,
        "auto_generated_edge_ca_expiry_days": ANY,
        **dict.fromkeys(("method", "expiry_days", "url", "common_name", "subject"), (1, 2, 5)),
        **dict.fromkeys(_EST_AUTH, (1, 2, 5)),
        "auto_renew": {"rotate_key": (1, 3, 0), "threshold": (1, 3, 0), "retry": (1, 3, 0)},
    },
    "moby_runtime": {"uri": ANY, "network": ANY, "content_trust": {"ca_certs": {ANY: ANY}}},
    "image_garbage_collection": {
        "enabled": (1, 4, 0),
        "cleanup_recurrence": (1, 4, 0),
        "image_age_cleanup_threshold": (1, 4, 0),
        "cleanup_time": (1, 4, 0),
    },
}
"""/etc/aziot/config.toml, from 1.2 on."""

YAML: dict[str, Known] = {
    "provisioning": {
        "source": ANY,
        "device_connection_string": ANY,
        "dynamic_reprovisioning": ANY,
        "always_reprovision_on_startup": ANY,
        "global_endpoint": ANY,
        "scope_id": ANY,
        "registration_id": ANY,
        "endpoint": ANY,
        "authentication": {
            "method": ANY,
            "device_connection_string": ANY,
            "iothub_hostname": ANY,
            "device_id": ANY,
            "identity_cert": ANY,
            "identity_pk": ANY,
        },
        "attestation": {
            "method": ANY,
            "registration_id": ANY,
            "symmetric_key": ANY,
            "identity_cert": ANY,
            "identity_pk": ANY,
        },
    },
    "allow_elevated_docker_permissions": ANY,
    "certificates": {
        "device_ca_cert": ANY,
        "device_ca_pk": ANY,
        "trusted_ca_certs": ANY,
        "auto_generated_ca_lifetime_days": ANY,
    },
    "agent": {ANY: ANY},
    "hostname": ANY,
    "parent_hostname": ANY,
    "watchdog": {"max_retries": ANY},
    "connect": {"management_uri": ANY, "workload_uri": ANY},
    "listen": {"management_uri": ANY, "workload_uri": ANY, "min_tls_version": ANY},
    "homedir": ANY,
    "moby_runtime": {"uri": ANY, "network": ANY, "content_trust": ANY},
}
"""/etc/iotedge/config.yaml, up to 1.1."""


def unknown(table: Mapping[Any, Any], known: "Mapping[str, Known] | None" = None) -> list[str]:
    """Return the keys of a config.toml, or of what `known` describes, that no version has."""
    schema = TOML if known is None else known
    return [name for name, since in _walked(table, schema, "") if since is None]


def later(table: Mapping[Any, Any], runtime: Version | None) -> dict[str, str]:
    """Return the keys of a config.toml that only later versions have, and which has them first."""
    if runtime is None:
        return {}
    found = {}
    for name, since in _walked(table, TOML, ""):
        if isinstance(since, tuple) and runtime < since:
            found[name] = ".".join(map(str, since))
    return found


def _walked(
    table: Mapping[Any, Any], known: Mapping[str, Known], above: str
) -> "Iterator[tuple[str, Known | None]]":
    """Every key whose value is no known table, by its whole name, and what is known of it."""
    for key, value in table.items():
        name, there = f"{above}{key}", known.get(str(key), known.get(ANY))
        if isinstance(there, Mapping) and isinstance(value, Mapping):
            yield from _walked(value, there, f"{name}.")
        else:
            yield name, ANY if isinstance(there, Mapping) else there


def alike(name: str, known: Mapping[str, Known]) -> str | None:
    """Return the key of a configuration that an unknown one may be meant for; None: there is none.

    One of this very name at the top or in another table; else one in the same table whose name has
    it in it, or differs in two letters at the most.
    """
    above, _, last = name.rpartition(".")
    if last in known:
        return last
    for other, within in known.items():
        if isinstance(within, Mapping) and last in within and ANY not in within:
            return f"{other}.{last}"
    table: Any = known
    for part in above.split(".") if above else ():
        table = table.get(part) if isinstance(table, Mapping) else None
    for key in table if isinstance(table, Mapping) else ():
        plain, own = key.replace("_", ""), last.replace("_", "").replace("-", "").lower()
        near = len(own) > 3 and (own in plain or own.startswith(plain))
        if key != ANY and (near or _differ_little(plain, own)):
            return f"{above}.{key}" if above else key
    return None


def _differ_little(one: str, other: str) -> bool:
    """Whether at most two letters are more, fewer or others (Levenshtein)."""
    if abs(len(one) - len(other)) > 2 or len(other) > 60:
        return False
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        before, row[0] = row[0], at
        for to, own in enumerate(other, 1):
            before, row[to] = row[to], min(row[to] + 1, row[to - 1] + 1, before + (letter != own))
    return row[-1] <= 2 < len(other)
