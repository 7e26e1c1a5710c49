"""Every rule can be reached from the command line, or docs/audit.md says why not.

What a fixture of a rule gives is given as options of `check`, where there are options for all of
it. The other rules need what only a gateway's files tell: sample trees, or a change to one.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from edgecheck import BUILT_IN, cli
from edgecheck.configuring.daemons import EDGE_CA, issued_file
from fixtures import stock
from fixtures.expected import FIXTURES, Fixture, folders, read
from fixtures.pki import Spec, basic_constraints, pem
from fixtures.trees import CERTIFICATES, CONFIG, Disk, planted, toml_gateway
from tests.conftest import REPO
from tests.devices.test_trees import AT, TREES, arguments

OPTIONS = {
    "runtime": "--runtime",
    "time_t_bits": "--time-t",
    "hostname": "--device-hostname",
    "machine_name": "--machine-name",
    "parent_hostname": "--parent-hostname",
    "device_id": "--device-id",
    "gateway_host_names": "--gateway-host-name",
    "device_ca_file": "--device-ca-file",
    "trust_bundle": "--trust-bundle",
    "identity_certificate": "--identity-certificate",
    "os_trust": "--os-trust",
}
"""Of `check`, by the fields of `Device` that they fill."""


def given(fixture: Fixture) -> list[str] | None:
    """The command for one fixture; None where something of it has no option."""
    if fixture.device.keys() - OPTIONS.keys() - {"registration"}:
        return None
    if fixture.validation.keys() - {"purpose"} or fixture.clients:
        return None
    asked = ["check", *(str(fixture.file(name)) for name in fixture.presented)]
    asked += ["--at", fixture.at.isoformat(), "--profile", fixture.profile, "--format", "json"]
    for option, names in (("--trust", fixture.trust), ("--crl", fixture.crls)):
        for name in names:
            asked += [option, str(fixture.file(name))]
    if fixture.hostname:
        asked += ["--hostname", fixture.hostname]
    for field, option in OPTIONS.items():
        value = fixture.device.get(field)
        for one in value if isinstance(value, list) else [value]:
            if one is not None:
                file = isinstance(one, str) and one.endswith(".pem")
                asked += [option, str(fixture.file(one)) if file else str(one)]
    if fixture.validation.get("purpose") == "client":
        asked += ["--purpose", "client"]
        known: dict[str, Any] = dict(fixture.device.get("registration", {}))
        shown: dict[str, Any] = {"deviceId": known.get("device_id", "")}
        if not known.keys() <= {"device_id", "authentication", "status", "thumbprints"}:
            return None
        if known.get("device_id"):
            asked += ["--registration", f"id={shown['deviceId']}"]
        for thumbprint in known.get("thumbprints", ()):
            asked += ["--registration", f"thumbprint={thumbprint}"]
        kinds = {"certificateAuthority": "ca", "sas": "sas"}
        if known.get("authentication") in kinds:
            asked += ["--registration", kinds[known["authentication"]]]
    return asked


def by_options(capsys: pytest.CaptureFixture[str]) -> set[str]:
    """Rules that fire on one of their own fixtures, given with options of `check`."""
    reached: set[str] = set()
    for folder in folders():
        family, *rest = folder.relative_to(FIXTURES).parts
        rule = f"{family}.{rest[0].partition('--')[0]}" if rest else ""
        if rule in reached or folder.name == "fixed" or rule not in {r.id for r in BUILT_IN}:
            continue
        asked = given(read(folder))
        if asked is None:
            continue
        cli.main(asked)
        out = capsys.readouterr().out
        if out and rule in {finding["rule"] for finding in json.loads(out)["findings"]}:
            reached.add(rule)
    return reached


GATEWAY = stock.stock_15()
GOOD = toml_gateway(GATEWAY)
FILES = f"""cert = "file://{CERTIFICATES}/iot-edge-device-ca.cert.pem"
pk = "file://{CERTIFICATES}/iot-edge-device-ca.key.pem"
"""
ISSUED = issued_file("/var/lib/aziot/certd", EDGE_CA)


def issued(text: str, device_ca: Spec | None = None) -> Disk:
    """A gateway with other settings in [edge_ca], whose certd has a device CA."""
    gateway = GATEWAY if device_ca is None else GATEWAY.put("device_ca", device_ca)
    file = pem(*gateway.presented("device_ca", "intermediate"), comments=False)
    return GOOD.edited(CONFIG, FILES, text).put(ISSUED, file)


EST = 'method = "est"\nurl = "https://est.contoso.example/.well-known/est"\n'
LONG = "a-gateway-with-a-name-of-many-words-in-it.plant-7.local"
CUT = f"the CA of {LONG}"
LOCAL_CA = """
[cert_issuance.local_ca]
cert = "file:///etc/hostname"
pk = "file:///var/secrets/local-ca.key.pem"
"""
CHANGED: dict[str, tuple[str, Disk]] = {
    "configuration.default-lifetime": ("1.5", issued('method = "self_signed"\n')),
    "configuration.est-expiry-days": ("1.5", issued(EST + "expiry_days = 90\n")),
    "configuration.est-name-ignored": ("1.2.7", issued(EST + 'common_name = "gw CA"\n')),
    "configuration.est-issues-no-ca": (
        "1.5",
        issued(EST, GATEWAY["device_ca"].with_extension(basic_constraints(False))),
    ),
    "configuration.file-without-certificate": (
        "1.5",
        GOOD.put(CONFIG, GOOD.files[CONFIG].decode() + LOCAL_CA),
    ),
    "configuration.toml-before-1-2": ("1.1", GOOD),
    "configuration.uri-encoded": ("1.5", GOOD.edited(CONFIG, "/root.pem", "/the%20root.pem")),
    "configuration.uri-query": ("1.5", GOOD.edited(CONFIG, ".key.pem", ".key.pem?pin-value=1")),
    "edge.common-name-cut": (
        "1.5",
        issued(
            f'method = "self_signed"\nexpiry_days = 90\ncommon_name = "{CUT}"\n',
            GATEWAY["device_ca"].with_(subject=[("CN", CUT[:64])]),
        ),
    ),
    "edge.quickstart-name-too-long": (
        "1.2",
        GOOD.edited(CONFIG, f"[edge_ca]\n{FILES}", "").edited(CONFIG, stock.HOSTNAME, LONG),
    ),
}
"""Gateways that break rules which no sample gateway breaks, and their runtime."""


def audited(runtime: str, root: Path, capsys: pytest.CaptureFixture[str], *more: str) -> set[str]:
    """The rules that `edgecheck audit` finds violated, whatever they follow from."""
    asked = ["audit", str(root), "--runtime", runtime, "--at", AT, "--format", "json", *more]
    cli.main(asked)
    return {finding["rule"] for finding in json.loads(capsys.readouterr().out)["findings"]}


def by_trees(folder: Path, capsys: pytest.CaptureFixture[str]) -> set[str]:
    """Rules that the sample gateways break, and those above."""
    found: set[str] = set()
    for tree in TREES:
        asked = arguments(tree, folder / tree.name)
        cli.main([*asked, "--format", "json"])
        found |= {one["rule"] for one in json.loads(capsys.readouterr().out)["findings"]}
    for rule, (runtime, disk) in CHANGED.items():
        source = folder / "source" / rule
        for name, data in disk.recipe().items():
            path = source / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        planted(source, folder / rule)
        assert rule in audited(runtime, folder / rule, capsys), rule
        found.add(rule)
    return found


def documented() -> set[str]:
    """Rules that docs/audit.md says cannot be reached, each with a reason."""
    text = (REPO / "docs" / "audit.md").read_text(encoding="utf-8")
    rows = text.partition("## Rules that the command line does not reach")[2].splitlines()
    rules = (re.fullmatch(r"\| \[?`([a-z0-9.-]+)`.* \| \S.{20,} \|", row) for row in rows)
    return {row[1] for row in rules if row}


def test_every_rule_is_reached_or_it_is_said_why_not(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    reached = by_options(capsys) | by_trees(tmp_path, capsys)
    assert {rule.id for rule in BUILT_IN} - reached == documented()
