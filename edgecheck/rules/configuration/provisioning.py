"""The rule about how the gateway logs in to the cloud, as its configuration says it."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from edgecheck.configuring.daemons import DAEMONS
from edgecheck.device import Device
from edgecheck.reading.late import late
from edgecheck.reading.text import safe
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.objects import setting
from edgecheck.rules.engine.rule import (
    ERROR,
    WARNING,
    Act,
    Need,
    Over,
    Severity,
    Violation,
    rule,
)
from edgecheck.rules.references import edge, identity_service

_CONNECTIONS = ("connection_string", "device_connection_string")
_OF_A_STRING = ("HostName", "DeviceId", "SharedAccessKey")
_SOURCES = ("manual", "dps", "none", "external")
"""`none` from 1.2 on, `external` up to 1.1."""
_PROOFS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "authentication": {"sas": ("device_id_pk",), "x509": ("identity_cert",)},
    "attestation": {
        "symmetric_key": ("registration_id", "symmetric_key"),
        "x509": ("identity_cert",),
        "tpm": ("registration_id",),
    },
}
"""What each method needs, but for keys that belong to a certificate: half-configured tells."""
_FILLED_IN = ("iothub_hostname", "id_scope")
"""Settings that are also told of where the configuration has them under another name."""
_FORGOTTEN = late(r"\s*(?:<[^<>]*>|\{[^{}]*\})\s*")


class _Told(NamedTuple):
    """What is wrong with the table."""

    text: str
    wanted: str
    severity: Severity = ERROR


@rule(
    "configuration.provisioning-incomplete",
    title="`[provisioning]` does not say all that one way of logging in needs, or says two",
    severity=ERROR,
    over=Over.DEVICE,
    act=Act.CONFIGURE,
    changes="provisioning",
    needs=[Need.SETTINGS, Need.CONFIGURATION_FILES],
    references=[
        identity_service("aziotctl/aziotctl-common/src/config/super_config.rs"),
        identity_service("aziotctl/aziotctl-common/src/config/mod.rs"),
        edge("edgelet/edgelet-core/src/settings.rs"),
    ],
    symptoms=[
        'required parameter "DeviceId" is missing',
        'required parameter "SharedAccessKey" is missing',
        "missing field `global_endpoint`",
        "missing field `attestation`",
        "provisioning.device_connection_string or provisioning.authentication must be set",
    ],
)
def provisioning_incomplete(device: Device, case: Case) -> list[Violation]:
    """The source of the settings is one, and the settings are another's, or some are not there.

    `source = "manual"` needs a connection string with `HostName`, `DeviceId` and `SharedAccessKey`,
    or `iothub_hostname`, `device_id` and `authentication`. `source = "dps"` needs
    `global_endpoint`, `id_scope` (up to 1.1 `scope_id`) and `attestation`. Where one is not there,
    `iotedge config apply` says "could not parse config file: missing field", and up to 1.1 the
    daemon does not start; nothing of the configuration takes effect, its certificates included.
    What belongs to the other source is passed over in silence: who wrote both does not get what he
    meant. Up to 1.1 a connection string beside `authentication` is refused.

    Remedy:
    Take one block of the template whole, fill in its values, and remove the other's. For a gateway
    that is registered by hand:

        [provisioning]
        source = "manual"
        connection_string = "HostName=HUB.azure-devices.net;DeviceId=DEVICE;SharedAccessKey=KEY"
    """
    files = device.configuration_files or {}
    if not any(_is_whole(path, facts) for path, facts in files.items()):
        return []  # of the daemons' own files alone one may be missing
    table, old = device.provisioning or {}, device.certificates is not None
    return [
        Violation(
            f"{'provisioning' if old else '[provisioning]'} {told.text}",
            wanted=told.wanted,
            found=sorted(key for key in table if key not in _FILLED_IN or key in told.text),
            severity=told.severity,
            changes=setting("provisioning"),
        )
        for told in (_wrong(table, old) if table else ())
    ]


def _is_whole(path: str, facts: Mapping[str, Any]) -> bool:
    """Whether a file has all of a configuration, and could be read."""
    folders = path.split("/")[:-1]
    return not facts.get("broken") and not any(name in DAEMONS for name in folders[-2:])


def _wrong(table: Mapping[str, Any], old: bool) -> Iterator[_Told]:
    source = table.get("source")
    if source not in _SOURCES:
        told = "no source" if source is None else f'the source "{safe(source, 40)}", which is none'
        yield _Told(f"has {told}", "manual, dps" if source is None else "manual or dps")
        return
    lacking = list(_lacking(table, source, old))
    surplus = [key for key in _others(source) if table.get(key)]
    said = f"has the source {source}"
    if lacking:
        said += f", but not {_listed(lacking)}"
        belongs = "; ".join(f"{key} is not of this source" for key in surplus)
        yield _Told(f"{said}; {belongs}" if belongs else said, ", ".join(lacking))
    elif surplus:
        text = f"{said}, so its {_listed(surplus)} {'is' if len(surplus) == 1 else 'are'} not used"
        yield _Told(text, f"the settings of {source} alone", WARNING)
    connection = next((key for key in _CONNECTIONS if table.get(key)), None)
    if old and source == "manual" and connection and table.get("authentication"):
        yield _Told(f"has {connection} and authentication, of which one must go", "one of both")
    yield from _values(table, source, connection)


def _lacking(table: Mapping[str, Any], source: str, old: bool) -> Iterator[str]:
    """The settings that the source needs, and that are not there."""
    if source == "manual":
        if any(table.get(key) for key in _CONNECTIONS):
            return
        if not table.get("authentication") and (old or not table.get("iothub_hostname")):
            yield "device_connection_string" if old else "connection_string"
            return
        needed = ("iothub_hostname", "device_id", "authentication")
        proof: Mapping[str, Any] = table.get("authentication") or {}
        yield from (key for key in needed if not table.get(key) and not (old and proof.get(key)))
    elif source == "dps":
        yield from () if table.get("global_endpoint") else ("global_endpoint",)
        yield from () if table.get("id_scope") else ("scope_id" if old else "id_scope",)
        if not table.get("attestation") and not (old and table.get("registration_id")):
            yield "attestation"
    elif source == "external":
        yield from () if table.get("endpoint") else ("endpoint",)


def _others(source: str) -> tuple[str, ...]:
    """Settings of another source."""
    if source == "dps":
        return (*_CONNECTIONS, "authentication")
    return ("attestation",) if source == "manual" else ()


def _values(table: Mapping[str, Any], source: str, connection: str | None) -> Iterator[_Told]:
    """What is wrong within the settings that are used."""
    if source == "manual" and connection:
        parts = dict(part.partition("=")[::2] for part in table[connection].split(";"))
        if lacking := [name for name in _OF_A_STRING if not parts.get(name)]:
            yield _Told(f"has a {connection} without {_listed(lacking)}", ", ".join(_OF_A_STRING))
        return
    name = {"manual": "authentication", "dps": "attestation"}.get(source, "")
    proof = table.get(name)
    for where, key in ((table, "id_scope"), (proof or {}, "registration_id")):
        if _FORGOTTEN.fullmatch(str(where.get(key, ""))):
            yield _Told(f"still has the placeholder of the template as {key}", f"your own {key}")
    if not isinstance(proof, Mapping) or not proof:
        return
    methods, method = _PROOFS[name], str(proof.get("method", ""))
    if method not in methods:
        told = "no method" if not method else f'the method "{safe(method, 40)}", which is none'
        yield _Told(f"has an {name} with {told}", " or ".join(methods))
    elif lacking := [key for key in methods[method] if not proof.get(key)]:
        have = ("identity_pk",) if "identity_cert" in lacking else ()
        if not any(proof.get(key) for key in have):  # else configuration.half-configured
            text = f"has an {name} with the method {method}, but not {_listed(lacking)}"
            yield _Told(text, ", ".join(lacking))


def _listed(names: list[str]) -> str:
    """`a, b and c`."""
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
