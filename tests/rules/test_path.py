"""The steps of the path's validation, one by one, and what OpenSSL says of each fixture's story."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import edgecheck
from edgecheck import Limits, Validation
from fixtures import der, stock
from fixtures.expected import FIXTURES, Fixture, folders, read
from fixtures.gateway import Gateway
from fixtures.pki import (
    authority_key_id,
    extended_key_usage,
    flip_signature_bit,
    pem,
    raw_extension,
    raw_time,
    subject_key_id,
)
from fixtures.stock import NOW

SIGNATURE = "path.signature-invalid"
OTHER_KEY = "path.same-name-other-key"
NAME = "path.issuer-name-mismatch"
CRITICAL = "path.unknown-critical-extension"
PURPOSE = "path.not-for-this-purpose"
DEPTH = "path.too-deep"
UNDECIDED = "path.undecided"

GATEWAY = stock.stock_11("ec")
CERTIFICATES = {
    "server": "server",
    "workload_ca": "workload-ca",
    "device_ca": "device-ca",
    "intermediate": "intermediate",
}


def report(gateway: Gateway, trust: Gateway = GATEWAY, **given: Any) -> edgecheck.Report:
    """A gateway's chain with the root of this or another gateway as trust."""
    chain = pem(*gateway.presented(), comments=False)
    return edgecheck.check(chain, trust=pem(*trust.trust(), comments=False), at=NOW, **given)


def said(report: edgecheck.Report) -> list[tuple[str, str, str | None]]:
    """What the rules of this family said: rule, severity and role."""
    return [
        (finding.rule.id, finding.severity.value, finding.role.value if finding.role else None)
        for finding in report.findings
        if finding.rule.family == "path"
    ]


# --- signatures and keys -------------------------------------------------------------------------


@pytest.mark.parametrize(("certificate", "role"), CERTIFICATES.items())
def test_a_damaged_signature_is_found_at_every_level(certificate: str, role: str) -> None:
    """The certificate that carries it is named, and its issuer."""
    found = report(GATEWAY.change(certificate, damage=flip_signature_bit))
    assert found.valid is False
    assert said(found) == [(SIGNATURE, "error", role)]
    assert len(found.findings[0].certificates) == 2


@pytest.mark.parametrize(("certificate", "role"), CERTIFICATES.items())
def test_another_key_of_the_issuers_name_is_told_by_key_identifiers(
    certificate: str, role: str
) -> None:
    """With them it is another generation; without them nothing but the signature tells."""
    signed_by_another = GATEWAY.change(certificate, signer="p256-8")
    assert said(report(signed_by_another)) == [(SIGNATURE, "error", role)]
    named_another = signed_by_another.with_extension(
        certificate, authority_key_id(keyid=b"another key's identifier")
    )
    assert said(report(named_another)) == [(OTHER_KEY, "error", role)]
    without = signed_by_another.without_extension(certificate, "authorityKeyIdentifier")
    assert said(report(without)) == [(SIGNATURE, "error", role)]


def test_a_key_of_another_kind_cannot_have_signed() -> None:
    """An RSA root of the name of one with a key on a curve."""
    rsa = GATEWAY.change("root", key="rsa2048-1").without_extension("root", "subjectKeyIdentifier")
    assert said(report(GATEWAY.without("root"), rsa)) == []  # the last one shown is the trust
    chain = pem(*GATEWAY.presented("server", "workload_ca", "device_ca", "intermediate"))
    found = edgecheck.check(chain, trust=pem(*rsa.trust()), at=NOW)
    assert said(found) == [(SIGNATURE, "error", "intermediate")]


def test_a_name_is_compared_as_rfc_5280_says() -> None:
    """Letter case and string type are no other name."""
    folded = GATEWAY.change(
        "device_ca",
        issuer=[
            ("C", "us"),
            ("O", "CONTOSO"),
            ("OU", "plant 7"),
            ("CN", "Contoso  Plant 7 Intermediate CA "),
        ],
    )
    assert said(report(folded)) == []


@pytest.mark.parametrize("has_key_ids", [True, False])
def test_an_issuer_of_another_name_is_found_by_its_key(has_key_ids: bool) -> None:
    gateway = GATEWAY.change("device_ca", issuer="somebody else")
    if not has_key_ids:
        gateway = gateway.without_extension("device_ca", "authorityKeyIdentifier")
    found = report(gateway)
    assert said(found) == [(NAME, "error", "device-ca")]
    assert found.findings[0].evidence["found"] == "CN=somebody else"


def test_among_many_certificates_nobody_guesses() -> None:
    """Without key identifiers the issuer is sought by signature in a small input alone."""
    gateway = GATEWAY.change("device_ca", issuer="somebody else").without_extension(
        "device_ca", "authorityKeyIdentifier"
    )
    others = [
        GATEWAY.change("root", subject=f"Root {number}", key="p256-8").issued("root")
        for number in range(12)
    ]
    chain = pem(*gateway.presented(), *others, comments=False)
    found = edgecheck.check(chain, trust=pem(*GATEWAY.trust()), at=NOW)
    assert said(found) == []
    assert found.findings[0].rule.id == "chain.missing-issuer"


# --- extensions ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("certificate", "role"), CERTIFICATES.items())
@pytest.mark.parametrize("critical", [True, False])
def test_an_unknown_extension_matters_where_it_is_critical(
    certificate: str, role: str, critical: bool
) -> None:
    unknown = raw_extension("2.999.2", b"\x05\x00", critical=critical)
    found = said(report(GATEWAY.with_extension(certificate, unknown)))
    assert found == ([(CRITICAL, "error", role)] if critical else [])


def test_all_unknown_critical_extensions_are_named_at_once() -> None:
    gateway = GATEWAY
    for number in (2, 3):
        unknown = raw_extension(f"2.999.{number}", b"\x05\x00", critical=True)
        gateway = gateway.with_extension("server", unknown)
    found = report(gateway)
    assert said(found) == [(CRITICAL, "error", "server")]
    assert found.findings[0].evidence["found"] == "2.999.2, 2.999.3"


@pytest.mark.parametrize(
    ("usages", "purpose", "named"),
    [
        (["serverAuth"], "server", None),
        (["clientAuth", "serverAuth"], "server", None),
        (["clientAuth"], "server", "is not for servers: its extKeyUsage lists clientAuth"),
        (["clientAuth"], "client", None),
        (["serverAuth"], "client", "is not for clients: its extKeyUsage lists serverAuth"),
        (["codeSigning", "2.999.3"], "server", "lists codeSigning, 2.999.3"),
    ],
)
def test_a_purpose_must_be_listed(usages: list[str], purpose: str, named: str | None) -> None:
    """That of a server, or of a client where a client's chain is validated."""
    gateway = GATEWAY.with_extension("server", extended_key_usage(*usages))
    found = report(gateway, validation=Validation(purpose=purpose))
    assert said(found) == ([(PURPOSE, "error", "server")] if named else [])
    if named:
        assert named in found.findings[0].message


def test_without_a_list_of_purposes_all_are_allowed() -> None:
    assert said(report(GATEWAY.without_extension("server", "extendedKeyUsage"))) == []


# --- depth ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("depth", "is_too_deep"), [(None, False), (3, False), (2, True), (0, True)]
)
def test_ca_certificates_between_server_and_root_are_counted(
    depth: int | None, is_too_deep: bool
) -> None:
    """Workload CA, device CA and intermediate are three; the root is not counted."""
    found = report(GATEWAY, validation=Validation(max_depth=depth))
    assert found.valid is not is_too_deep
    assert said(found) == ([(DEPTH, "error", "root")] if is_too_deep else [])


# --- undecided -----------------------------------------------------------------------------------


def bad_end(gateway: Gateway) -> Gateway:
    return gateway.change("device_ca", not_after=raw_time(der.tlv(0x17, b"3001010000Z")))


@pytest.mark.parametrize(
    ("change", "limits", "because"),
    [
        (lambda gateway: gateway, Limits(signatures=0), "the bound on signatures is spent"),
        (lambda gateway: gateway, Limits(steps=1), "the bound on steps is spent"),
        (
            lambda gateway: gateway.with_extension(
                "server", raw_extension("extendedKeyUsage", b"\x30\x00")
            ),
            Limits(),
            "extKeyUsage",
        ),
        (bad_end, Limits(), "notAfter"),
    ],
    ids=["signatures", "steps", "purposes", "time"],
)
def test_what_cannot_be_decided_says_why(
    change: Callable[[Gateway], Gateway], limits: Limits, because: str
) -> None:
    """The verdict stays open, and an error gives the reason."""
    found = report(change(GATEWAY), validation=Validation(limits=limits))
    assert found.valid is None
    assert {entry[0] for entry in said(found)} == {UNDECIDED}
    assert any(because in finding.message for finding in found.findings)


def test_a_violation_stays_one_beside_what_is_undecided() -> None:
    """A path that fails at one step fails, whatever else could not be decided."""
    found = report(bad_end(GATEWAY.change("server", damage=flip_signature_bit)))
    assert found.valid is False
    assert {entry[0] for entry in said(found)} == {SIGNATURE, UNDECIDED}


def test_a_way_that_is_decided_outweighs_one_that_is_not() -> None:
    """Of two intermediates of one name and key, one with an unreadable end, the other is taken."""
    unreadable = GATEWAY.change(
        "intermediate", not_after=raw_time(der.tlv(0x17, b"3303010000Z"))
    ).issued("intermediate")
    chain = (*GATEWAY.presented("server", "workload_ca", "device_ca"), unreadable)
    chain += GATEWAY.presented("intermediate", "root")
    found = edgecheck.check(pem(*chain), trust=pem(*GATEWAY.trust()), at=NOW)
    assert found.valid is True
    assert said(found) == []


# --- the profile ---------------------------------------------------------------------------------


def test_the_profile_path_asks_for_no_purpose() -> None:
    """RFC 5280, section 6.1, alone."""
    gateway = GATEWAY.with_extension("server", extended_key_usage("clientAuth"))
    assert said(report(gateway, profile="path")) == []
    assert report(gateway, profile="path").valid is True


def test_a_key_identifier_of_ones_own_is_none_of_the_issuers() -> None:
    """A subject key identifier that is no hash of the key is an identifier like any other."""
    gateway = GATEWAY.with_extension("device_ca", subject_key_id(b"\x01"))
    assert said(report(gateway)) == []


# --- what OpenSSL says ---------------------------------------------------------------------------

FAMILIES = ("chain", "trust", "path", "runtime", "edge")
STORIES = [folder for folder in folders() if folder.relative_to(FIXTURES).parts[0] in FAMILIES]


@pytest.mark.openssl
@pytest.mark.parametrize("folder", STORIES, ids=lambda path: path.relative_to(FIXTURES).as_posix())
def test_openssl_says_what_the_story_says(folder: Path) -> None:
    """The first thing that a story says of OpenSSL; after the remedy OpenSSL has no complaint."""
    fixture = read(folder)
    story = re.sub(
        r"\n#\s*", " ", fixture.file("chain.pem").read_text("ascii").partition("\n\n")[0]
    )
    told = re.search(r"OpenSSL([^:]*): ([^;]*)", story)
    assert told is not None
    if folder.name == "fixed":
        if not fixture.validation:
            assert verified(fixture, "") == []
        return
    assert set(errors(told[2])) <= set(verified(fixture, told[1]))
    assert told[2].startswith("OK") is (verified(fixture, told[1]) == [])


def verified(fixture: Fixture, how: str) -> list[tuple[str, ...]]:
    """Number and depth of each error that openssl gives for a fixture's chain."""
    command = ["openssl", "verify", "-no-CApath", "-no-CAstore", "-attime"]
    command += [str(int(fixture.at.timestamp()))]
    if "without a purpose" not in how:
        command += ["-purpose", "sslserver"]
    if "without trust" in how:
        command += ["-no-CAfile"]
    else:
        name = "bundle.pem" if "with the bundle" in how else "trust.pem"
        command += ["-CAfile", str(fixture.file(name))]
    chain = str(fixture.file("chain.pem"))
    done = subprocess.run(
        [*command, "-untrusted", chain, chain], capture_output=True, text=True, check=False
    )
    found = errors(done.stderr + done.stdout)
    assert bool(found) == (done.returncode != 0), done.stderr
    return found


def errors(text: str) -> list[tuple[str, ...]]:
    return re.findall(r"error (\d+) at (\d+) depth", text)
