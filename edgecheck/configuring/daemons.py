"""What the daemons from 1.2 on read themselves, in the words of config.toml.

`iotedge config apply` makes these files of config.toml (edgelet/iotedge/src/config/apply.rs of
Azure/iotedge, aziotctl-common/src/config/apply.rs of Azure/iot-identity-service); there settings
name certificates and keys by ids, and certd and keyd know where those are.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from edgecheck.configuring.tables import HOMES, Fields, device_id, fitting, with_hub
from edgecheck.settings import CertIssuance, EdgeCa, Provisioning

DAEMONS = ("certd", "keyd", "identityd", "edged", "tpmd")
EDGE_CA = "aziot-edged-ca"
TRUST_BUNDLE = "aziot-edged-trust-bundle"
_FILE_KEYS = (
    "identity_cert",
    "bootstrap_identity_cert",
)
Tables = Mapping[str, Mapping[str, Any]]
"""The merged files of each daemon; one of which nothing is there is not in it."""


def of_daemons(tables: Tables) -> Fields:
    """Return what the daemons are configured to do, as fields of `edgecheck.Device`."""
    certd, keyd = tables.get("certd", {}), tables.get("keyd", {})
    edged, identityd = tables.get("edged", {}), tables.get("identityd", {})
    ids = _Ids(certd, keyd)
    provisioning = ids.provisioning(_table(identityd.get("provisioning")))
    parent = _table(identityd.get("provisioning")).get("local_gateway_hostname")
    hostname = identityd.get("hostname", edged.get("hostname"))
    return {
        "hostname": hostname if isinstance(hostname, str) else None,
        "parent_hostname": parent if isinstance(parent, str) else "",
        "device_id": device_id(provisioning),
        "edge_ca": ids.edge_ca(_table(edged.get("edge_ca"))),
        "provisioning": provisioning,
        "trust_bundle_cert": ids.bundle(edged.get("trust_bundle_cert")),
        "cert_issuance": ids.issuance(),
        "folders": _homes(tables),
    }


def issued_file(home: str, certificate_id: str) -> str:
    """The path of what certd issued under an id (`get_path` in aziot-certd-config/src/util.rs)."""
    plain = "".join(letter for letter in certificate_id if letter.isascii() and letter.isalnum())
    digest = hashlib.sha256(certificate_id.encode()).hexdigest()
    return f"{home.rstrip('/')}/certs/{plain}-{digest}.cer"


def _homes(tables: Tables) -> tuple[str, ...]:
    found = []
    for usual, daemon in zip(HOMES, DAEMONS, strict=False):
        table = tables.get(daemon, {})
        if daemon == "keyd":
            table = _table(table.get("aziot_keys"))
        told = table.get("homedir_path", table.get("homedir"))
        found.append(told if isinstance(told, str) and told.startswith("/") else usual)
    return tuple(found)


class _Ids:
    """Where certd and keyd say that certificates and keys are."""

    def __init__(self, certd: Mapping[str, Any], keyd: Mapping[str, Any]) -> None:
        self.certs = _table(certd.get("preloaded_certs"))
        self.keys = _table(keyd.get("preloaded_keys"))
        self.issued = _table(certd.get("cert_issuance"))

    def certificate(self, id: Any) -> str | dict[str, Any]:
        """The URI of a certificate, or how it is issued; empty where neither is said."""
        uris = self.uris(id)
        return uris[0] if len(uris) == 1 else dict(_table(self.issued.get(str(id))))

    def uris(self, id: Any, below: tuple[str, ...] = ()) -> tuple[str, ...]:
        """The URIs that certd puts behind each other for an id, which may name other ids."""
        found, name = self.certs.get(str(id)), str(id)
        if isinstance(found, str):
            return (found,)
        if not isinstance(found, list) or name in below:
            return ()
        return tuple(uri for part in found for uri in self.uris(part, (*below, name)))

    def key(self, id: Any) -> str:
        uri = self.keys.get(str(id))
        return uri if isinstance(uri, str) else ""

    def edge_ca(self, edged: Mapping[str, Any]) -> dict[str, Any] | None:
        """What `[edge_ca]` of config.toml was; None: certificates that it cannot say, not one."""
        id = edged.get("cert", EDGE_CA)
        if str(id) in self.certs and len(self.uris(id)) != 1:
            return None
        found = self.certificate(id)
        made: dict[str, Any] = {}
        if isinstance(found, str):
            made = {"cert": found, "pk": self.key(edged.get("key", id))}
        elif found.get("method") == "self_signed" and "cert" not in edged:
            made = {"auto_generated_edge_ca_expiry_days": found.get("expiry_days", 90)}
        elif found:
            made = self.resolved(found)
            made |= {key: edged[key] for key in ("common_name", "subject") if key in edged}
        if made and "auto_renew" in edged:
            made["auto_renew"] = edged["auto_renew"]
        return fitting({key: value for key, value in made.items() if value != ""}, EdgeCa)

    def bundle(self, id: Any) -> str:
        """The URI of the user's own part of the trust bundle."""
        served = self.certs.get(id if isinstance(id, str) else TRUST_BUNDLE)
        if isinstance(served, str):
            return served
        for part in served if isinstance(served, list) else ():
            if part != EDGE_CA and isinstance(uri := self.certs.get(str(part)), str):
                return uri
        return ""

    def provisioning(self, table: Mapping[str, Any]) -> dict[str, Any]:
        made = dict(table)
        for part in ("authentication", "attestation"):
            if isinstance(proof := made.get(part), Mapping):
                made[part] = self.resolved(proof)
        return with_hub(fitting(made, Provisioning))

    def issuance(self) -> dict[str, Any]:
        made: dict[str, Any] = {}
        if isinstance(est := self.issued.get("est"), Mapping):
            made["est"] = self.resolved(est)
            trusted = est.get("trusted_certs")
            uris = [self.certificate(id) for id in trusted] if isinstance(trusted, list) else []
            made["est"]["trusted_certs"] = [uri for uri in uris if isinstance(uri, str)]
        if isinstance(local := self.issued.get("local_ca"), Mapping):
            made["local_ca"] = self.resolved(local)
        return fitting(made, CertIssuance)

    def resolved(self, table: Mapping[str, Any]) -> dict[str, Any]:
        """A table with URIs in place of ids."""
        made = dict(table)
        for key, value in table.items():
            kind = key.rpartition("_")[2]
            if kind == "cert" and isinstance(value, str):
                made[key] = self.certificate(value)
            elif key in ("device_id_pk", "symmetric_key") and isinstance(value, str):
                made[key] = {"uri": self.key(value)}
            elif kind == "pk" and isinstance(value, str):
                made[key] = self.key(value)
        if isinstance(made.get("registration_id"), Mapping):
            made["registration_id"] = made["registration_id"].get("CN")
        return {key: value for key, value in made.items() if value not in ("", {}, None)}


def _table(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
