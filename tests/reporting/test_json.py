"""The JSON report follows its schema, whatever was checked, and is the same every time."""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

import edgecheck
from edgecheck import Device, Limits, Role, Severity, Source, Validation
from edgecheck.expected import PROFILES, REVOCATION
from edgecheck.hierarchy.paths import Ending
from edgecheck.reporting.json import plain
from fixtures import der
from fixtures.expected import FIXTURES, folders, report_of
from fixtures.pki import Spec, flip_signature_bit, issue, pem, raw_time
from fixtures.stock import NOW, stock_11
from tests.examples import some

REPO = Path(__file__).resolve().parents[2]
SCHEMA: dict[str, Any] = json.loads(
    (Path(edgecheck.__file__).parent / "reporting/schema/report-v1.json").read_bytes()
)
VALIDATOR = Draft202012Validator(SCHEMA)
FOLDERS = some(folders())
each_folder = pytest.mark.parametrize(
    "folder", FOLDERS, ids=[folder.relative_to(FIXTURES).as_posix() for folder in FOLDERS]
)


def checked(report: edgecheck.Report) -> dict[str, Any]:
    """The report as whoever reads its JSON has it, once it has been found in order."""
    text = report.to_json()
    assert text.isascii()
    assert text.endswith("}\n")
    read: dict[str, Any] = json.loads(text, parse_constant=pytest.fail)  # NaN is not JSON
    assert read == report.to_dict()
    assert [error.json_path + ": " + error.message for error in VALIDATOR.iter_errors(read)] == []
    ids = [finding["id"] for finding in read["findings"]]
    assert len(set(ids)) == len(ids)
    assert set(read["fix_first"]) <= set(ids)
    assert {f["caused_by"] for f in read["findings"]} - {None} <= set(ids)
    known = [certificate["sha256"] for certificate in read["certificates"]]
    assert len(set(known)) == len(known)
    assert set(read["hierarchy"]["path"]) <= set(known)
    ranks = [Severity(finding["severity"]).rank for finding in read["findings"]]
    assert ranks == sorted(ranks)
    return read


@each_folder
def test_the_report_of_a_fixture_follows_the_schema_and_is_in_order(folder: Path) -> None:
    """Findings: by severity, then place on the path from the target upwards, then rule id."""
    report = checked(report_of(folder))
    path = report["hierarchy"]["path"]

    def place(finding: dict[str, Any]) -> int:
        first = finding["certificates"][0] if finding["certificates"] else None
        return path.index(first) if first in path else len(path)

    keys = [(Severity(f["severity"]).rank, place(f), f["rule"]) for f in report["findings"]]
    assert keys == sorted(keys)


# --- inputs that are nothing, or nearly something -----------------------------------------------


@functools.cache
def chain() -> bytes:
    return pem(*stock_11("ec").presented(), comments=False)


def one(**changes: Any) -> bytes:
    """One self-signed certificate with something unusual."""
    start, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    return issue(Spec("odd", "p256-1", start, end).with_(**changes)).der


def without_known_key(tbs: bytes) -> bytes:
    """The same with another algorithm where id-ecPublicKey stood."""
    return tbs.replace(der.oid("1.2.840.10045.2.1"), der.oid("1.2.840.10045.2.99"))


GARBAGE: dict[str, Callable[[], Any]] = {
    "nothing": lambda: b"",
    "no sources": list,
    "an empty file among others": lambda: [Source("a.pem", b""), Source("b.pem", chain())],
    "a zero": lambda: b"\0",
    "all bytes": lambda: bytes(range(256)),
    "a lonely begin": lambda: b"-----BEGIN CERTIFICATE-----",
    "an empty block": lambda: "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
    "no base64": lambda: "-----BEGIN CERTIFICATE-----\n????\n-----END CERTIFICATE-----\n",
    "no certificate": lambda: "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n",
    "half a chain": lambda: chain()[: len(chain()) // 2],
    "half a certificate": lambda: one()[:100],
    "two at once": lambda: chain() + chain(),
    "a key": lambda: b"-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n",
    "UTF-16": lambda: chain().decode().encode("utf-16"),
    "PKCS#7": lambda: bytes.fromhex("300b06092a864886f70d010702"),
    "a name that is no text": lambda: b"-----BEGIN \xff\xfe-----\n-----END \xff-----\n",
    "control characters": lambda: one(subject="\x1b[2J\u202e\0\n\U0001f600"),
    "a source with a strange name": lambda: Source("\x1b]0;\ud800.pem", chain()),
    "a broken name": lambda: one(subject=bytes.fromhex("3003310130")),
    "no name": lambda: one(subject=der.sequence()),
    "year 1": lambda: one(not_before=raw_time(b"\x18\x0f00010101000000Z")),
    "year 9999": lambda: one(not_after=datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
    "year 0": lambda: one(not_before=raw_time(b"\x18\x0f00000101000000Z")),
    "no time": lambda: one(not_before=raw_time(b"\x17\x00")),
    "a negative serial number": lambda: one(serial=-5),
    "an empty serial number": lambda: one(serial=b""),
    "a long serial number": lambda: one(serial=b"\x7f" * 5000),
    "version 4": lambda: one(version=4),
    "a broken signature": lambda: flip_signature_bit(one()),
    "a key of another world": lambda: one(damage_tbs=without_known_key),
}


@pytest.mark.parametrize("name", GARBAGE)
def test_the_report_of_garbage_follows_the_schema(name: str) -> None:
    report = edgecheck.check(GARBAGE[name](), "gw", trust=one(), at=NOW)
    written = checked(report)
    assert not written["ok"], "nothing of this is a sound chain, and a report must say so"


def test_without_a_certificate_nothing_is_valid_and_there_is_an_error() -> None:
    """A file without a usable certificate is a finding, not a mistake of the caller."""
    written = checked(edgecheck.check(b"no certificate\n", at=NOW))
    assert written["valid"] is None
    assert written["worst"] == "error"
    assert written["certificates"] == written["hierarchy"]["path"] == []


def test_all_that_can_be_known_about_a_device_is_in_the_report() -> None:
    bundle = pem(*stock_11("ec").trust())
    device = Device(
        runtime="1.1",
        time_t_bits=32,
        hostname="Gateway",
        machine_name="gateway",
        parent_hostname="parent",
        device_id="device",
        gateway_host_names=("Gateway", "10.0.0.1"),
        device_ca_file=chain(),
        trust_bundle=bundle,
        identity_certificate=b"",
        keys={"edge_ca.pk": {"type": "RSA", "bits": 2048}},
        edge_ca={"auto_renew": {"threshold": "80%"}, "subject": {"CN": "gateway"}},
        provisioning={"source": "dps", "attestation": {"method": "x509"}},
        certificates={"auto_generated_ca_lifetime_days": 90},
        trust_bundle_cert="",
        cert_issuance={"est": {"trusted_certs": ("file:///est.pem",)}},
        files={"edge_ca.cert": {"mode": 0o444, "readable_by": ["aziotcs"]}},
        configuration_files={"/etc/aziot/config.toml": {"tabs": [3]}},
        os_trust=bundle,
        cached_workload_ca=b"",
        registration={"thumbprints": ["00" * 20]},
    )
    written = checked(edgecheck.check(chain(), at=NOW, device=device))["expected"]["device"]
    assert written["runtime"] == "1.1"
    assert written["assumed"] == []
    assert written["gateway_host_names"] == ["Gateway", "10.0.0.1"]
    assert len(written["device_ca_file"]) == len(stock_11("ec").presented())
    assert len(written["trust_bundle"]) == 1
    assert written["identity_certificate"] == []
    assert written["keys"]["edge_ca.pk"]["bits"] == 2048
    assert written["edge_ca"]["subject"] == {"CN": "gateway"}
    assert written["cert_issuance"] == {"est": {"trusted_certs": ["file:///est.pem"]}}
    assert written["trust_bundle_cert"] == ""
    assert len(written["os_trust"]) == 1
    assert written["cached_workload_ca"] == []


def test_all_that_was_asked_of_the_validation_is_in_the_report() -> None:
    asked = Validation(
        peer_names=("device",),
        initial_policies=("2.5.29.32.0", "2.999.1"),
        require_explicit_policy=True,
        revocation="require",
    )
    written = checked(edgecheck.check(chain(), at=NOW, validation=asked))["expected"]["validation"]
    assert written["peer_names"] == ["device"]
    assert written["initial_policies"] == ["2.5.29.32.0", "2.999.1"]
    assert written["require_explicit_policy"] is True
    assert written["inhibit_any_policy"] is written["inhibit_policy_mapping"] is False
    assert written["revocation"] == "require"


def test_a_runtime_that_was_inferred_is_called_assumed() -> None:
    written = checked(edgecheck.check(chain(), at=NOW))["expected"]["device"]
    assert written["runtime"].startswith("1.0.0 to 1.1")
    assert written["assumed"] == ["runtime"]


# --- values -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "written"),
    [
        (NOW, "2026-11-23T12:00:00Z"),
        (NOW.astimezone(timezone(timedelta(hours=-8))), "2026-11-23T12:00:00Z"),
        (NOW.replace(microsecond=1), "2026-11-23T12:00:00.000001Z"),
        (datetime(999, 1, 2, tzinfo=UTC), "0999-01-02T00:00:00Z"),
    ],
)
def test_the_time_is_written_in_utc(at: datetime, written: str) -> None:
    """As RFC 3339 has it, with a year of four digits."""
    assert checked(edgecheck.check(chain(), at=at))["expected"]["at"] == written


def test_times_of_certificates_have_years_of_four_digits() -> None:
    odd = one(not_before=raw_time(b"\x18\x0f00010101000000Z"))
    (written,) = checked(edgecheck.check(odd, at=NOW))["certificates"]
    assert written["not_before"] == "0001-01-01T00:00:00Z"
    assert written["not_after"] == "2027-01-01T00:00:00Z"


def test_what_cannot_be_read_is_null() -> None:
    """The rest of the certificate is there all the same."""
    odd = one(subject=bytes.fromhex("3003310130"), not_before=raw_time(b"\x17\x00"))
    (written,) = checked(edgecheck.check(odd, at=NOW))["certificates"]
    assert written["not_before"] is None
    assert written["not_after"] == "2027-01-01T00:00:00Z"


def test_evidence_of_any_type_becomes_plain() -> None:
    assert plain(b"\x01\xff") == "01ff"
    assert plain((1, (True, None), {"b", "a"})) == [1, [True, None], ["a", "b"]]
    assert plain({1: NOW, "x": frozenset({2, 1})}) == {
        "1": "2026-11-23 12:00:00+00:00",
        "x": [1, 2],
    }
    assert plain(Severity.ERROR) == "error"


def test_sources_are_named_as_they_are_given() -> None:
    presented = [Source("chain.pem", chain()), Source("more.der", one())]
    written = checked(edgecheck.check(presented, trust=one(serial=7), at=NOW))["certificates"]
    assert [c["origin"]["source"] for c in written][-1] == "more.der"
    assert written[-1]["origin"]["first_line"] is None
    lines = chain().splitlines()
    end = lines.index(b"-----END CERTIFICATE-----") + 1
    place = {"source": "chain.pem", "index": 0, "first_line": 1, "last_line": end}
    assert written[0]["origin"] == place
    assert written[0]["copies"] == []


# --- the schema itself --------------------------------------------------------------------------


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_the_schema_has_the_words_that_the_code_has() -> None:
    """A new role, severity, ending, profile, mode or field is a change of the schema."""
    words, at = SCHEMA["$defs"], SCHEMA["properties"]
    assert words["role"]["enum"] == list(Role)
    assert words["severity"]["enum"] == list(Severity)
    assert at["worst"]["enum"] == [*Severity, None]
    assert at["hierarchy"]["properties"]["ended"]["enum"] == [*Ending, None]
    assert at["expected"]["properties"]["profile"]["enum"] == list(PROFILES)
    device = at["expected"]["properties"]["device"]["properties"]
    assert list(device) == [*(field.name for field in fields(Device)), "assumed"]
    validation = at["expected"]["properties"]["validation"]["properties"]
    assert list(validation) == [field.name for field in fields(Validation)]
    assert validation["revocation"]["enum"] == list(REVOCATION)
    assert list(validation["limits"]["properties"]) == [field.name for field in fields(Limits)]


ONLY_IF_ASKED = [
    "source",
    "connections",
    "answered_by",
    "confirmed",
    "chain_description",
    "second_opinions",
]


def objects(schema: Any, path: str = "$") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every part of a schema that describes a value, with its place."""
    yield path, schema
    for name, part in schema.get("properties", {}).items():
        yield from objects(part, f"{path}.{name}")
    if "items" in schema:
        yield from objects(schema["items"], f"{path}[]")
    for name, part in schema.get("$defs", {}).items():
        yield from objects(part, f"#{name}")


def test_the_schema_is_closed_and_says_what_everything_means() -> None:
    """Whoever reads a report reads nothing that is not described; nearly all is always there."""
    for path, part in objects(SCHEMA):
        if part.get("type") == "object" and not path.endswith("evidence"):
            assert part["additionalProperties"] is False, path
            asked = ONLY_IF_ASKED if path == "$" else []
            always = [name for name in part["properties"] if name not in asked]
            assert part["required"] == always, path
        if not path.endswith("[]"):
            assert {"description", "$ref", "const", "items"} & part.keys(), path


def test_the_schema_notices_a_field_that_is_not_described() -> None:
    """And one that is missing, and a word that is not known."""
    report = edgecheck.check(chain(), at=NOW).to_dict()
    assert VALIDATOR.is_valid(report)
    assert not VALIDATOR.is_valid({**report, "more": 1})
    assert not VALIDATOR.is_valid({name: report[name] for name in report if name != "valid"})
    assert not VALIDATOR.is_valid({**report, "worst": "fatal"})
    device = {**report["expected"]["device"], "serial": "1"}
    assert not VALIDATOR.is_valid({**report, "expected": {**report["expected"], "device": device}})


# --- the same every time ------------------------------------------------------------------------

ALL_REPORTS = """
import hashlib, sys
from fixtures.expected import folders, read
from fixtures.stock import NOW, stock_11
from fixtures.pki import pem
from tests.examples import some
import edgecheck
reports = [read(folder).check() for folder in some(folders())]
chain = pem(*stock_11("ec").presented())
reports += [edgecheck.check(chain[: size * 200], at=NOW) for size in range(20)]
print(hashlib.sha256("".join(report.to_json() for report in reports).encode()).hexdigest())
"""


def test_another_process_writes_the_same_bytes() -> None:
    """Whatever order its sets have."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", ALL_REPORTS],
            cwd=REPO,
            env={**os.environ, "PYTHONHASHSEED": seed},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for seed in ("0", "1")
    ]
    (one, wrong), (other, wrong_too) = (process.communicate() for process in processes)
    assert wrong + wrong_too == ""
    assert one == other != ""


def test_no_clock_is_read_where_a_time_is_given() -> None:
    """And where none is given, the report says which was taken."""
    before = datetime.now(UTC)
    report = edgecheck.check(chain())
    assert before <= report.expected.at <= datetime.now(UTC)
    again = edgecheck.check(chain(), at=report.expected.at)
    assert again.to_json() == report.to_json()
