"""Tables of configuration -> what `Device` has of them: config.toml and config.yaml.

A value of the wrong type is left away, as if it were not set: the runtime refuses it, and says so.
"""

from collections.abc import Mapping
from typing import Any, get_args, get_origin, get_type_hints, is_typeddict

from edgecheck.configuring import strings
from edgecheck.given import checked
from edgecheck.settings import (
    CertificatesOfYaml,
    CertIssuance,
    EdgeCa,
    Provisioning,
)

Fields = dict[str, Any]
"""Fields of `edgecheck.Device` by name."""
HOMES = (
    "/var/lib/aziot/certd",
    "/var/lib/aziot/keyd",
    "/var/lib/aziot/identityd",
    "/var/lib/aziot/edged",
)
"""Where the daemons from 1.2 on keep what they made, unless their files say otherwise."""
HOME_1_1 = "/var/lib/iotedge"
HOST_1_1 = "localhost"
"""Where config.yaml names no host (`edgelet-docker/config/unix/default.yaml` at 1.1.15)."""
_MOST_DAYS = 2**32 - 1
"""What the parser of config.toml takes as a number of days (u32)."""
_KINDS = {str: "no text", int: "no whole number", bool: "neither true nor false"}


def of_toml(table: Mapping[str, Any]) -> Fields:
    """What a config.toml says (`super_config.rs`, 1.2.0 to 1.6.0)."""
    provisioning = fitting(table.get("provisioning"), Provisioning)
    return {
        "hostname": _text(table, "hostname"),
        "parent_hostname": _text(table, "parent_hostname")
        or _text(table, "local_gateway_hostname")
        or "",
        "device_id": device_id(provisioning),
        "edge_ca": fitting(table.get("edge_ca"), EdgeCa),
        "provisioning": with_hub(provisioning),
        "trust_bundle_cert": _text(table, "trust_bundle_cert") or "",
        "cert_issuance": fitting(table.get("cert_issuance"), CertIssuance),
        "folders": HOMES,
    }


def misfit(table: Mapping[str, Any]) -> str:
    """Return why the parser refuses a config.toml that is TOML, in words that are safe to print.

    Empty where it does not, as far as that is known: of the names of the gateway, and of
    `[edge_ca]`, where one wrong value does no harm if the others are one of its three forms.
    """
    for key in ("hostname", "parent_hostname", "local_gateway_hostname", "trust_bundle_cert"):
        if key in table and not isinstance(table[key], str):
            return f"the value of {key} is {_KINDS[str]}"
    given = table.get("edge_ca", {})
    if not isinstance(given, Mapping):
        return "edge_ca is no table"
    kept = fitting(given, EdgeCa)
    if "method" in kept or {"cert", "pk"} <= kept.keys() or _days(kept.get(_DAYS)):
        return ""
    for key, hint in get_type_hints(EdgeCa).items():
        if key in given and key not in kept:
            return f"the value of edge_ca.{key} is {_KINDS.get(hint, 'no table')}"
    if _DAYS in kept:
        return f"the value of edge_ca.{_DAYS} is no number from 0 to {_MOST_DAYS}"
    return ""


_DAYS = "auto_generated_edge_ca_expiry_days"


def _days(value: Any) -> bool:
    return value is not None and 0 <= value <= _MOST_DAYS


def of_yaml(table: Mapping[str, Any]) -> Fields:
    """What a config.yaml says (`edgelet-core/src/settings.rs`, 1.0.0 to 1.1.15)."""
    provisioning = fitting(table.get("provisioning"), Provisioning)
    home = _text(table, "homedir") or HOME_1_1
    return {
        "hostname": _text({"hostname": HOST_1_1, **table}, "hostname"),
        "parent_hostname": _text(table, "parent_hostname") or "",
        "device_id": device_id(provisioning),
        "certificates": fitting(table.get("certificates"), CertificatesOfYaml),
        "provisioning": with_hub(provisioning),
        "folders": (home,),
    }


def device_id(provisioning: Mapping[str, Any]) -> str | None:
    """The device's id in IoT Hub, where the configuration tells it; DPS decides it elsewhere."""
    told = provisioning.get("device_id") or _proof(provisioning).get("device_id")
    if told is None:
        told = strings.parts(_connection(provisioning)).get("deviceid")
    return told or None


def with_hub(provisioning: Mapping[str, Any]) -> Fields:
    """Provisioning with the IoT Hub's name in its place, wherever the configuration has it."""
    made = dict(provisioning)
    told = _proof(made).get("iothub_hostname") or strings.parts(_connection(made)).get("hostname")
    if told and "iothub_hostname" not in made:
        made["iothub_hostname"] = told
    if "scope_id" in made and "id_scope" not in made:
        made["id_scope"] = made["scope_id"]
    return made


def _connection(provisioning: Mapping[str, Any]) -> str:
    told: str = provisioning.get("connection_string") or provisioning.get(
        "device_connection_string", ""
    )
    return told


def _proof(provisioning: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = (
        provisioning.get("authentication") or provisioning.get("attestation") or {}
    )
    return found


def fitting(value: Any, kind: Any) -> Fields:
    """The keys of a table that a class of settings has, with values of the types that they have."""
    if not isinstance(value, Mapping):
        return {}
    made: Fields = {}
    for key, hint in get_type_hints(kind).items():
        if key in value and (item := _fitting(value[key], hint)) is not None:
            made[key] = item
    return made


def _fitting(value: Any, hint: Any) -> Any:
    """A value as far as it is of a kind; None where it is not."""
    tables = [each for each in (hint, *get_args(hint)) if is_typeddict(each)]
    if tables and isinstance(value, Mapping):
        return fitting(value, tables[0])
    if get_origin(hint) is Mapping and isinstance(value, Mapping):
        inner = get_args(hint)[1]
        items = ((str(key), _fitting(item, inner)) for key, item in value.items())
        return {key: item for key, item in items if item is not None}
    try:
        checked("", value, hint)
    except (TypeError, ValueError):
        return None
    return value


def _text(table: Mapping[str, Any], key: str) -> str | None:
    value = table.get(key)
    return value if isinstance(value, str) else None
