"""Rules about what a configuration says: unknown keys, halves, and what was not applied."""

from collections.abc import Iterator, Mapping
from typing import Any

from edgecheck.configuring.schema import TOML, YAML, alike
from edgecheck.device import Device
from edgecheck.hierarchy.shapes import FIRST_1_2, LAST_1_1, NEWEST, OLDEST
from edgecheck.reading.text import safe
from edgecheck.rules.configuration.edge_ca import method
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.objects import SETTINGS, setting
from edgecheck.rules.engine.rule import ERROR, WARNING, Act, Need, Over, Violation, rule
from edgecheck.rules.references import UPDATE, edge, identity_service, issue

_SUPER_CONFIG = edge("edgelet/iotedge/src/config/super_config.rs", "1.5.0")
_APPLY = edge("edgelet/iotedge/src/config/apply.rs", "1.5.0")
_MOST = 8


@rule(
    "configuration.unknown-key",
    title="The configuration has a key that this version of the runtime does not know",
    severity=WARNING,
    over=Over.DEVICE,
    act=Act.CONFIGURE,
    changes="configuration",
    needs=[Need.CONFIGURATION_FILES],
    references=[
        _SUPER_CONFIG,
        identity_service("aziotctl/aziotctl-common/src/config/super_config.rs"),
        edge("edgelet/edgelet-core/src/settings.rs"),
    ],
)
def unknown_key(device: Device, case: Case) -> list[Violation]:
    """A setting is misspelt, stands in the wrong table, or is that of another version.

    The runtime passes over it without a word, and does as if it were not set. With
    `trust_bundle` in place of `trust_bundle_cert` modules get no trust bundle, with
    `certificates` of config.yaml in config.toml the runtime makes a CA of its own.

    Remedy:
    Write the key as the template of this version has it (/etc/aziot/config.toml.edge.template; up
    to 1.1 /etc/iotedge/config.yaml), or take it away.
    """
    found = []
    for path, facts in (device.configuration_files or {}).items():
        old = path.endswith((".yaml", ".yml"))
        for key in facts.get("unknown", ()):
            meant = alike(key, YAML if old else TOML)
            hint = f"; {safe(meant, 80)} may be meant" if meant else ""
            if meant and meant.rpartition(".")[0] != key.rpartition(".")[0]:
                hint += f", {_where(meant, old)}"
            found.append(_passed_over(path, key, f"no version of IoT Edge knows it{hint}", meant))
        for key, since in facts.get("later", {}).items():
            found.append(_passed_over(path, key, f"IoT Edge knows it since {since}", since))
    return found


def _where(key: str, yaml: bool) -> str:
    """Where a key belongs."""
    table = key.rpartition(".")[0]
    if yaml:
        return f"below {table}:" if table else "without an indent"
    return f"in [{table}]" if table else "which stands before the first [table]"


def _passed_over(path: str, key: str, why: str, wanted: str | None) -> Violation:
    return Violation(
        f"{safe(path, 120)} has the key {safe(key, 100)}, which has no effect: {why}",
        wanted=wanted,
        found=key,
        where=(path, None, None),
        evidence={"setting": key},
    )


@rule(
    "configuration.not-applied",
    title="config.toml was edited, and not applied",
    severity=ERROR,
    over=Over.DEVICE,
    act=Act.CONFIGURE,
    changes="configuration",
    needs=[Need.APPLIED],
    runtime="1.2.0 and later",
    references=[
        _APPLY,
        identity_service("aziotctl/src/internal/check/checks/up_to_date_config.rs"),
        issue("Azure/iotedge", 6191),
    ],
    symptoms=["is different from the previous hostname"],
)
def not_applied(device: Device, case: Case) -> Violation | None:
    """The daemons read files of their own, which `iotedge config apply` makes of config.toml.

    They have other values than config.toml, so the gateway does not do what it says: often it still
    uses the CA of the quick start. `iotedge check` compares the times of the files alone
    (config-up-to-date), which a copy or a restore changes.

    Remedy:
    Run `sudo iotedge config apply`. Where the host name has changed, from 1.3 on remove the edge
    containers first; the command prints how. What the daemons are to have beside config.toml
    belongs into a file of its own in their config.d, with a name behind 00-super.toml.
    """
    differences: Mapping[str, Any] = device.differences or {}
    if not differences or case.within(FIRST_1_2, NEWEST) is False:
        return None
    told = [
        f"{key} is {_value(one.get('configured', ''))}, and {_value(one.get('applied', ''))} in "
        f"{safe(one.get('file', ''), 120)}"
        for key, one in differences.items()
    ]
    more = f"; and {len(told) - _MOST} more" if len(told) > _MOST else ""
    path = next(iter(device.configuration_files or {}), "config.toml")
    return Violation(
        f"config.toml was edited and not applied: {'; '.join(told[:_MOST])}{more}",
        wanted={key: one.get("configured", "") for key, one in differences.items()},
        found={key: one.get("applied", "") for key, one in differences.items()},
        where=(path, None, None),
        evidence={"settings": list(differences)},
    )


def _value(text: str) -> str:
    return f'"{safe(text, 120)}"' if text else "not set"


@rule(
    "configuration.half-configured",
    title="A certificate, a key, or what issues a certificate is configured by half",
    severity=ERROR,
    over=Over.DEVICE,
    act=Act.CONFIGURE,
    changes="configuration",
    needs=[Need.SETTINGS],
    references=[
        identity_service("aziotctl/aziotctl-common/src/config/super_config.rs"),
        edge("edgelet/edgelet-core/src/settings.rs"),
        issue("Azure/iotedge", 7063),
    ],
    symptoms=["data did not match any variant of untagged enum"],
)
def half_configured(device: Device, case: Case) -> list[Violation]:
    """One of two settings that need each other is not there.

    `identity_cert` and `identity_pk`, `bootstrap_identity_cert` and `bootstrap_identity_pk`, `cert`
    and `pk` of a local CA, `username` and `password` belong together: "could not parse config file:
    data did not match any variant". `method = "local_ca"` wants `[cert_issuance.local_ca]`, and
    `method = "est"` the URL of a server, there or in `[cert_issuance.est.urls]`; without them certd
    cannot issue. Without `[provisioning]` nothing can be applied at all ("missing field
    `provisioning`"). Of `[edge_ca]` itself `configuration.edge-ca-incomplete` speaks.

    Remedy:
    Write both settings, or neither. For an EST server:

        [cert_issuance.est.urls]
        default = "https://est.contoso.example/.well-known/est"
    """
    found = []
    files = device.configuration_files or {}
    if device.provisioning == {} and any(not path.endswith(".yaml") for path in files):
        found.append(
            Violation(
                "there is no [provisioning], so the configuration cannot be applied",
                wanted="[provisioning]",
                found=None,
                changes=setting("provisioning"),
            )
        )
    for table, have, lacks in _halves(device):
        key = table
        while key not in SETTINGS:
            key = key.rpartition(".")[0] or "configuration"
        found.append(
            Violation(
                f"[{table}] has {have}, and not {lacks}",
                wanted=lacks,
                found=have,
                changes=setting(key),
                evidence={"setting": table},
            )
        )
    return found


_PAIRS = (
    ("identity_cert", "identity_pk"),
    ("bootstrap_identity_cert", "bootstrap_identity_pk"),
    ("username", "password"),
)


def _halves(device: Device) -> Iterator[tuple[str, str, str]]:
    """The table, what it has, and what it lacks."""
    edge_ca: Mapping[str, Any] = device.edge_ca or {}
    issuance: Mapping[str, Any] = device.cert_issuance or {}
    est, local = issuance.get("est") or {}, issuance.get("local_ca")
    for name, table in _tables(device):
        for pair in _PAIRS:
            there = [key for key in pair if table.get(key)]
            if len(there) == 1 and not isinstance(table[there[0]], Mapping):
                yield name, there[0], pair[there == [pair[0]]]
    if local is not None and local.get("cert") and not isinstance(local["cert"], Mapping):
        if not local.get("pk"):
            yield "cert_issuance.local_ca", "cert", "pk"
    elif local is not None and local.get("pk"):
        yield "cert_issuance.local_ca", "pk", "cert"
    for name, table in (("edge_ca", edge_ca), *_issued(device)):
        if method(table) == "local_ca" and not local and device.cert_issuance is not None:
            yield name, 'the method "local_ca"', "a [cert_issuance.local_ca]"
        urls = est.get("urls") or {}
        known = table.get("url") or urls.get("default") or urls.get("aziot-edged-ca")
        if method(table) == "est" and not (known or urls) and device.cert_issuance is not None:
            yield name, 'the method "est"', "the URL of an EST server"


def _tables(device: Device) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Tables that have pairs of settings."""
    provisioning: Mapping[str, Any] = device.provisioning or {}
    for part in ("authentication", "attestation"):
        if isinstance(proof := provisioning.get(part), Mapping):
            yield f"provisioning.{part}", proof
    if method(device.edge_ca or {}) == "est":
        yield "edge_ca", device.edge_ca or {}
    est: Mapping[str, Any] = (device.cert_issuance or {}).get("est") or {}
    yield "cert_issuance.est", est
    yield "cert_issuance.est.auth", est.get("auth") or {}
    yield from _issued(device)


def _issued(device: Device) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Identities that are issued, and not in a file."""
    provisioning: Mapping[str, Any] = device.provisioning or {}
    for part in ("authentication", "attestation"):
        identity = (provisioning.get(part) or {}).get("identity_cert")
        if isinstance(identity, Mapping):
            yield f"provisioning.{part}.identity_cert", identity


@rule(
    "configuration.toml-before-1-2",
    title="The configuration is that of IoT Edge 1.2, which 1.1 does not read",
    severity=ERROR,
    over=Over.DEVICE,
    act=Act.CONFIGURE,
    changes="configuration",
    needs=[Need.CONFIGURATION_FILES],
    runtime="1.0.0 to 1.1.19",
    references=[UPDATE, edge("edgelet/iotedged/src/lib.rs")],
    symptoms=["Could not open file /etc/iotedge/config.yaml"],
)
def toml_before_1_2(device: Device, case: Case) -> Violation | None:
    """There is a config.toml, and no config.yaml, and the runtime is 1.1 at most.

    The daemon of 1.1 reads /etc/iotedge/config.yaml alone.

    Remedy:
    Update the runtime to 1.2 or later, or write /etc/iotedge/config.yaml. Where the gateway runs
    another version than was stated (`iotedge version`), state that.
    """
    files = device.configuration_files or {}
    if not files or any(path.endswith((".yaml", ".yml")) for path in files):
        return None
    if not case.within(OLDEST, LAST_1_1):
        return None
    path = next(iter(files))
    return Violation(
        f"{safe(path, 120)} is the configuration, and IoT Edge {case.hierarchy.runtime} reads "
        "config.yaml alone",
        wanted="config.yaml",
        found=path,
        where=(path, None, None),
    )
