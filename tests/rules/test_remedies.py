"""What remedies say to do repairs what is wrong: their extension lines, and their commands."""

from __future__ import annotations

import hashlib
import importlib
import json
import subprocess
import tomllib
from collections.abc import Sequence
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

import edgecheck
from edgecheck import BUILT_IN, Finding, Source
from edgecheck.report.acts import merged
from edgecheck.rules.engine.objects import Kind
from edgecheck.rules.engine.rule import Rule
from fixtures import der
from fixtures.expected import FIXTURES, Fixture, read
from fixtures.extensions import authority_info_access
from fixtures.gateway import Case, Gateway
from fixtures.pki import (
    Extension,
    Issued,
    authority_key_id,
    basic_constraints,
    extended_key_usage,
    issue,
    key_usage,
    name_constraints,
    pem,
    raw_extension,
    subject_alt_name,
    subject_key_id,
)
from fixtures.private_keys import private_key


def of(rule: Rule) -> Fixture:
    family, _, slug = rule.id.partition(".")
    return read(FIXTURES / family / slug)


def first(report: edgecheck.Report, rule: Rule) -> Finding | None:
    return next((finding for finding in report.findings if finding.rule.id == rule.id), None)


# --- extension lines ----------------------------------------------------------------------------

PLACEHOLDERS = ("<hostname>", "mygateway.local", "gateway.local", "plant7.example")
"""What stands for the gateway's name in lines that are for any gateway."""
EVERY_ONE = {
    "naming.one-name-for-two-keys": "have every certificate issued with",
    "path.policy": "list the policy in each of them",
}
"""Rules whose remedy is about all certificates of the chain, and its words."""
LESS_BAD = {
    "extension.empty-subject": "old versions of Node.js refuse it with critical names too",
    "naming.one-name-for-two-keys": "with key identifiers no client is misled, which is a note",
}
"""Rules of which something less bad is left, and why."""


def with_lines() -> list[Rule]:
    """The rules whose remedy, for their own fixture, has extension lines."""
    found = []
    for rule in BUILT_IN:
        finding = first(of(rule).check(), rule)
        if finding is not None and merged(finding.remedy.splitlines()):
            found.append(rule)
    return found


WITH_LINES = with_lines()


def test_many_remedies_have_lines() -> None:
    """Else nothing would be tried here."""
    assert len(WITH_LINES) >= 25


@pytest.mark.parametrize("rule", WITH_LINES, ids=[rule.id for rule in WITH_LINES])
def test_the_extension_lines_of_a_remedy_repair_what_is_wrong(rule: Rule) -> None:
    """The certificate that has to change is reissued with them, and the finding goes away."""
    fixture = of(rule)
    before = first(fixture.check(), rule)
    assert before is not None
    lines = merged(before.remedy.splitlines())
    words = EVERY_ONE.get(rule.id)
    assert words is None or words in " ".join(before.remedy.split())
    given = fixture.given()
    if rule.over.name == "DEVICE":  # the lines are those of another certificate's
        given["device"] = identity(rule, fixture, lines)
    else:
        presented, trust = made(rule)
        subject = before.object.subject if before.object is not None else ""
        if before.object is None or before.object.kind is not Kind.CERTIFICATE:
            subject = before.certificates[0]
        wanted = {subject} if words is None else None
        presented, trust = reissued(presented, trust, wanted, lines, fixture.hostname)
        given |= {"presented": pem(*presented), "trust": pem(*trust)}
    after = first(edgecheck.check(**given), rule)
    if rule.id in LESS_BAD:
        assert after is not None
        assert after.severity.rank > before.severity.rank
    else:
        assert after is None


def made(rule: Rule) -> tuple[Sequence[Issued], Sequence[Issued]]:
    """What the recipe of a rule's fixture makes: what is presented, and what is trusted."""
    name = rule.id.partition(".")[2].replace("-", "_")
    modules = (f"fixtures.{rule.family}.recipe", "fixtures.crossed", "fixtures.letter")
    makers = (getattr(importlib.import_module(module), name, None) for module in modules)
    case = next(maker for maker in makers if maker is not None)()
    case = case if isinstance(case, Case) else Case(case)
    if isinstance(case.chain, Gateway):
        presented, trust = case.chain.presented(), case.chain.trust()
    else:
        presented, trust = case.chain, case.trust
    return presented, trust if case.trust is None else case.trust


def reissued(
    presented: Sequence[Issued],
    trust: Sequence[Issued],
    wanted: set[str] | None,
    lines: Sequence[str],
    hostname: str | None,
) -> tuple[list[Issued], list[Issued]]:
    """The same with some certificates, by their fingerprints, or all of them, issued anew."""
    new: dict[bytes, Issued] = {}
    above: Issued | None = None
    for one in (*reversed(trust), *reversed(presented)):
        if one.der in new:
            above = new[one.der]
            continue
        issuer = None if one.subject == one.issuer and above is None else above
        fingerprint = hashlib.sha256(one.der).hexdigest()
        made = one
        if wanted is None or fingerprint in wanted:
            spec = one.spec
            for line in lines:
                spec = spec.with_extension(extension(line, hostname))
            made = issue(spec, issuer)
        new[one.der] = above = made
    return [new[one.der] for one in presented], [new[one.der] for one in trust]


def extension(line: str, hostname: str | None) -> Extension:
    """An extension as a line of OpenSSL's configuration describes it."""
    name, _, text = line.partition(" = ")
    parts = text.split(",")
    critical = parts[0] == "critical"
    values = parts[critical:]
    for word in PLACEHOLDERS:
        values = [value.replace(word, hostname or "") for value in values]
    match name:
        case "basicConstraints":
            assert values in (["CA:TRUE"], ["CA:FALSE"])
            return basic_constraints(values == ["CA:TRUE"], critical=critical)
        case "keyUsage":
            return key_usage(*values, critical=critical)
        case "extendedKeyUsage":
            return extended_key_usage(*values, critical=critical)
        case "subjectKeyIdentifier":
            assert values == ["hash"]
            return subject_key_id()
        case "authorityKeyIdentifier":
            assert values == ["keyid:always"]
            return authority_key_id()
        case "subjectAltName":
            return subject_alt_name(critical=critical, **by_kind(values))
        case "nameConstraints":
            permitted = [value.removeprefix("permitted;") for value in values]
            return name_constraints(by_kind(permitted), critical=critical)
        case "certificatePolicies":
            policies = (der.sequence(der.oid(value)) for value in values)
            return raw_extension(name, der.sequence(*policies), critical)
        case "crlDistributionPoints":
            (place,) = values
            uri = der.tlv(0x86, place.removeprefix("URI:").encode())
            point = der.sequence(der.tlv(0xA0, der.tlv(0xA0, uri)))
            return raw_extension("2.5.29.31", der.sequence(point), critical)
        case "authorityInfoAccess":
            (place,) = values
            return authority_info_access(ca_issuers=[place.removeprefix("caIssuers;URI:")])
    raise AssertionError(f"how is {line} written?")


def by_kind(values: Sequence[str]) -> dict[str, list[str]]:
    """Names by their kinds, as `DNS:gateway.local` writes them."""
    kinds: dict[str, list[str]] = {}
    for value in values:
        kind, _, name = value.partition(":")
        kinds.setdefault(kind.lower(), []).append(name)
    return kinds


def identity(rule: Rule, fixture: Fixture, lines: Sequence[str]) -> edgecheck.Device:
    """The device with an identity certificate that has these extensions."""
    gateway = made(rule)[0]
    spec = gateway[0].spec.with_(subject="iotedgegw", extensions=(), serial=0x52)
    for line in lines:
        spec = spec.with_extension(extension(line, fixture.hostname))
    return edgecheck.Device(identity_certificate=pem(issue(spec, gateway[1])))


# --- commands -----------------------------------------------------------------------------------


def commands(finding: Finding) -> str:
    """The indented lines of a remedy, as a script."""
    lines = [line[4:] for line in finding.remedy.splitlines() if line.startswith("    ")]
    assert lines
    return "\n".join(lines)


@pytest.mark.sed
@pytest.mark.parametrize(
    ("name", "given", "made"),
    [
        ("input/blank-lines", "chain.pem", "chain.pem"),
        ("input/blank-lines--before-end", "chain.pem", "chain.pem"),
        ("input/byte-order-mark", "chain.pem", "chain.pem"),
        ("input/byte-order-mark--within", "chain.pem", "chain.pem"),
        ("input/indented-block", "chain.pem", "fixed.pem"),
        ("input/indented-block--body", "chain.pem", "fixed.pem"),
        ("input/indented-block--quoted", "chain.pem", "fixed.pem"),
        ("input/indented-block--tags", "chain.pem", "fixed.pem"),
        ("input/joined-blocks", "chain.pem", "fixed.pem"),
        ("input/joined-blocks--one-line", "chain.pem", "fixed.pem"),
        ("input/line-ends", "chain.pem", "chain.pem"),
        ("input/line-ends--doubled", "chain.pem", "chain.pem"),
        ("input/line-ends--mixed", "chain.pem", "chain.pem"),
        ("input/literal-newlines", "chain.pem", "fixed.pem"),
        ("input/literal-newlines--json", "chain.pem", "fixed.pem"),
        ("input/private-key", "chain.pem", "fixed.pem"),
        ("input/text-between-blocks", "chain.pem", "fixed.pem"),
        pytest.param("input/utf-16", "chain.pem", "fixed.pem", marks=pytest.mark.iconv),
    ],
)
def test_the_commands_of_a_remedy_repair_the_file(
    name: str, given: str, made: str, tmp_path: Path
) -> None:
    """Run as they stand there, they make a file without that fault, with all certificates."""
    fixture = read(FIXTURES / name)
    rule = BUILT_IN[name.replace("/", ".").partition("--")[0]]
    finding = first(fixture.check(), rule)
    assert finding is not None
    (tmp_path / given).write_bytes(fixture.file(fixture.presented[0]).read_bytes())
    script = commands(finding).replace("FILE", given)
    subprocess.run(["sh", "-c", script], cwd=tmp_path, check=True)
    source = Source("chain.pem", (tmp_path / made).read_bytes())
    after = edgecheck.check(**fixture.given() | {"presented": [source]})
    assert first(after, rule) is None
    assert after.valid is True


@pytest.mark.sed
def test_of_an_answer_in_json_the_certificate_alone_is_taken_out(tmp_path: Path) -> None:
    """What cfssl answers has a request and a key beside it; but for the key that is one fault."""
    answer = json.loads((FIXTURES / "by_tools/cfssl/gw-7-signed.json").read_bytes())
    key = (FIXTURES / "by_tools/cfssl/gw-7-key.pem").read_text()
    file = tmp_path / "gw-7.json"
    file.write_text(json.dumps(answer | {"key": key}), encoding="utf-8")
    given = Source("FILE", file.read_bytes())
    found = edgecheck.check(given, device=edgecheck.Device(runtime="1.5", device_ca_file=given))
    said = [f for f in found.findings if f.rule.family == "input" and f.caused_by is None]
    assert {f.rule.id for f in said} == {"input.literal-newlines", "input.private-key"}
    (finding,) = [f for f in said if f.rule.id == "input.literal-newlines"]
    script = commands(finding).replace("FILE", file.name)
    subprocess.run(["sh", "-c", script], cwd=tmp_path, check=True)
    assert (tmp_path / "fixed.pem").read_text() == answer["cert"]


@pytest.mark.openssl
def test_certificates_are_taken_out_of_pkcs7_by_the_command(tmp_path: Path) -> None:
    """The chain is then as good as any, and comes as PEM."""
    fixture, rule = read(FIXTURES / "input" / "pkcs7"), BUILT_IN["input.pkcs7"]
    finding = first(fixture.check(), rule)
    assert finding is not None
    (tmp_path / "chain.p7b").write_bytes(fixture.file("chain.p7b").read_bytes())
    subprocess.run(["sh", "-c", commands(finding)], cwd=tmp_path, check=True)
    source = Source("chain.pem", (tmp_path / "chain.pem").read_bytes())
    after = edgecheck.check(**fixture.given() | {"presented": [source]})
    assert first(after, rule) is None
    assert after.valid is True


def test_a_line_end_is_appended_by_the_command(tmp_path: Path) -> None:
    """To the device CA file, with the shell alone."""
    rule = BUILT_IN["trust.bundle-join-without-newline"]
    fixture = of(rule)
    finding = first(fixture.check(), rule)
    assert finding is not None
    file = tmp_path / "device-ca-file.pem"
    file.write_bytes(fixture.file("device-ca-file.pem").read_bytes())
    subprocess.run(["sh", "-c", commands(finding)], cwd=tmp_path, check=True)
    device = edgecheck.Device(
        **fixture.device
        | {"device_ca_file": file.read_bytes()}
        | {"trust_bundle": fixture.file("bundle.pem").read_bytes()}
    )
    assert first(edgecheck.check(**fixture.given() | {"device": device}), rule) is None


@pytest.mark.openssl
@pytest.mark.parametrize(
    ("rule_id", "file", "kind"),
    [
        ("algorithm.curve", "FILE", "P-256"),
        ("algorithm.ec-key-for-old-edgehub", "FILE", "RSA"),
        ("algorithm.key-kind", "FILE", "RSA"),
        ("algorithm.large-rsa-key", "FILE", "P-256"),
        ("algorithm.rsa-exponent", "FILE", "RSA"),
        ("algorithm.weak-rsa-key", "FILE", "RSA"),
        ("chain.key-in-several-roles", "device-ca.key.pem", "RSA"),
        ("device.key-encrypted", "device-ca.plain.key.pem", "RSA"),
        ("device.key-kind", "device-ca.key.pem", "P-256"),
    ],
)
def test_keys_that_a_remedy_makes_serve(rule_id: str, file: str, kind: str, tmp_path: Path) -> None:
    """RSA with 2048 bits and the usual exponent, or P-256, and without a passphrase."""
    rule = BUILT_IN[rule_id]
    finding = first(of(rule).check(), rule)
    assert finding is not None
    script = commands(finding).replace("-out device-ca.csr", "-out device-ca.csr -subj /CN=x")
    if rule_id == "device.key-encrypted":
        key = private_key("rsa2048-1")
        locked = key.private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"1234")
        )
        (tmp_path / "device-ca.key.pem").write_bytes(locked)
        script += " -passin pass:1234"
    subprocess.run(["sh", "-c", script], cwd=tmp_path, check=True, capture_output=True)
    made = load_pem_private_key((tmp_path / file).read_bytes(), None)
    if kind == "RSA":
        assert isinstance(made, rsa.RSAPrivateKey)
        assert (made.key_size, made.public_key().public_numbers().e) == (2048, 65537)
    else:
        assert isinstance(made, ec.EllipticCurvePrivateKey)
        assert made.curve.name == "secp256r1"


@pytest.mark.openssl
def test_the_command_tells_a_damaged_root(tmp_path: Path) -> None:
    """OpenSSL refuses the one of the fixture, and takes the repaired one."""
    rule = BUILT_IN["trust.root-signature-invalid"]
    fixture = of(rule)
    finding = first(fixture.check(), rule)
    assert finding is not None
    for folder, taken in ((fixture.folder, False), (fixture.folder / "fixed", True)):
        (tmp_path / "root.pem").write_bytes((folder / "trust.pem").read_bytes())
        run = subprocess.run(
            ["sh", "-c", commands(finding)], cwd=tmp_path, capture_output=True, check=False
        )
        assert (run.returncode == 0) is taken


# --- settings -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["configuration/edge-ca-incomplete", "edge/quickstart-certificates--runtime-1-3"]
)
def test_the_settings_of_a_remedy_are_complete(name: str) -> None:
    """config.toml with them has a device CA of its own, in files that the runtime can open."""
    settings = tomllib.loads(commands(told(name)))
    report = edgecheck.check(b"", device=edgecheck.Device(runtime="1.5", **settings))
    wrong = {f.rule.id for f in report.findings if f.rule.family == "configuration"}
    assert wrong == {"configuration.no-auto-renewal"}


@pytest.mark.parametrize("name", ["device/certificates-incomplete", "edge/quickstart-certificates"])
def test_the_three_settings_of_1_1_are_complete(name: str) -> None:
    """config.yaml with them does not start in quick start mode."""
    head, *lines = commands(told(name)).splitlines()
    assert head == "certificates:"
    pairs = (line.strip().split(": ", 1) for line in lines)
    settings = {name: value.strip('"') for name, value in pairs}
    report = edgecheck.check(b"", device=edgecheck.Device(runtime="1.1", certificates=settings))
    assert not [f.rule.id for f in report.findings if f.rule.family in ("configuration", "device")]


def told(name: str) -> Finding:
    """What the rule of a fixture says of it."""
    rule = BUILT_IN[name.replace("/", ".").partition("--")[0]]
    finding = first(read(FIXTURES / name).check(), rule)
    assert finding is not None
    return finding
