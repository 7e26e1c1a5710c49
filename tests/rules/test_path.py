"""The steps of the path's validation, one by one, and what OpenSSL says of each fixture's story."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import edgecheck
from edgecheck import Limits, Validation
from fixtures import der, stock
from fixtures.crl import Revoked, crl
from fixtures.expected import FIXTURES, Fixture, folders, read
from fixtures.gateway import Gateway
from fixtures.pki import (
    Name,
    authority_key_id,
    extended_key_usage,
    flip_signature_bit,
    key_usage,
    name_constraints,
    pem,
    raw_extension,
    raw_time,
    subject_alt_name,
    subject_key_id,
)
from fixtures.stock import NOW

SIGNATURE = "path.signature-invalid"
OTHER_KEY = "path.same-name-other-key"
NAME = "path.issuer-name-mismatch"
CRITICAL = "path.unknown-critical-extension"
PURPOSE = "path.not-for-this-purpose"
DEPTH = "path.too-deep"
CONSTRAINTS = "path.name-constraints"
POLICY = "path.policy"
REVOKED = "path.revoked"
UNKNOWN = "path.revocation-unknown"
PROFILE = "path.profile"
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
    assert "chain.missing-issuer" in {finding.rule.id for finding in found.findings}


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
        (["serverAuth"], "client", "is not for logging in: its extKeyUsage lists serverAuth"),
        (["codeSigning", "2.999.3"], "server", "lists codeSigning, 2.999.3"),
    ],
)
def test_a_purpose_must_be_listed(usages: list[str], purpose: str, named: str | None) -> None:
    """That of a server, or of a client where a device's chain is validated."""
    gateway = GATEWAY.with_extension("server", extended_key_usage(*usages))
    found = report(gateway, validation=Validation(purpose=purpose))
    role = "server" if purpose == "server" else "device"
    assert said(found) == ([(PURPOSE, "error", role)] if named else [])
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


# --- purposes of authorities ---------------------------------------------------------------------


@pytest.mark.parametrize(("certificate", "role"), list(CERTIFICATES.items())[1:])
def test_a_purpose_binds_what_is_below(certificate: str, role: str) -> None:
    """As clients read it; any purpose, or the right one among others, allows it."""
    clients = GATEWAY.with_extension(certificate, extended_key_usage("clientAuth"))
    found = report(clients)
    assert said(found) == [(PURPOSE, "error", role)]
    assert "may issue for clientAuth alone" in found.findings[0].message
    assert report(clients, validation=Validation(purpose="client")).valid is False  # the server's
    assert said(report(clients, profile="path")) == []
    for usages in (["anyExtendedKeyUsage"], ["clientAuth", "serverAuth"]):
        both = GATEWAY.with_extension(certificate, extended_key_usage(*usages))
        assert said(report(both)) == []


def test_an_unknown_critical_extension_of_an_anchor_counts_for_clients_alone() -> None:
    unknown = raw_extension("2.999.2", b"\x05\x00", critical=True)
    gateway = GATEWAY.with_extension("root", unknown)
    found = report(gateway, gateway)
    assert (found.valid, found.ok) == (True, False)
    assert said(found) == [(CRITICAL, "error", "root")]


# --- name constraints ----------------------------------------------------------------------------


def constrained(role: str = "intermediate", **subtrees: Any) -> Gateway:
    return stock.stock_15("ec").with_extension(role, name_constraints(**subtrees))


@pytest.mark.parametrize(
    ("subtrees", "message", "line"),
    [
        (
            {"permitted": {"dns": ["iotedgegw.local"], "ip": ["10.0.0.0/8"]}},
            "has the dNSName edgeHub, which",
            "critical,permitted;DNS:iotedgegw.local,permitted;IP:10.0.0.0/255.0.0.0,"
            "permitted;DNS:edgehub",
        ),
        (
            {"permitted": {"dns": ["plant8.example"]}},
            "has the dNSName iotedgegw.local, edgeHub, which",
            "critical,permitted;DNS:plant8.example,permitted;DNS:iotedgegw.local,"
            "permitted;DNS:edgehub",
        ),
        (
            {"permitted": {"dns": ["local"]}, "excluded": {"dns": ["edgehub"]}},
            "has the dNSName edgeHub, which",
            "critical,permitted;DNS:local,permitted;DNS:edgehub",
        ),
        ({"excluded": {"dns": ["edgehub"]}}, "excludes (edgehub)", None),
    ],
    ids=["edgehub", "both", "twice", "none-left"],
)
def test_one_finding_names_all_that_a_ca_does_not_let_pass(
    subtrees: dict[str, Any], message: str, line: str | None
) -> None:
    """And the remedy has the line that lets it."""
    gateway = constrained(**subtrees)
    found = report(gateway, gateway)
    assert found.valid is False
    assert said(found) == [(CONSTRAINTS, "error", "server")]
    (finding,) = (f for f in found.findings if f.rule.id == CONSTRAINTS)
    assert message in finding.message
    assert "IoT Edge always adds edgeHub" in finding.message
    if line is None:
        assert "reissued without nameConstraints." in finding.remedy
    else:
        assert f"    nameConstraints = {line}\n" in finding.remedy


@pytest.mark.parametrize("role", ["device_ca", "intermediate", "root"])
def test_the_modules_name_of_1_3_is_compared_like_any_other(role: str) -> None:
    """`$edgeHub` is no host name, and clients do not mind: they compare it as text."""
    gateway = stock.stock_13("ec")
    assert b"$edgeHub" in gateway.issued("server").der

    def told(**constraints: dict[str, list[str | bytes]]) -> edgecheck.Report:
        held = gateway.with_extension(role, name_constraints(**constraints))
        return report(held, held, hostname=stock.HOSTNAME)

    for sound in (
        told(permitted={"dns": [stock.HOSTNAME, "$edgehub"]}),
        told(excluded={"dns": ["other.example"]}),
    ):
        assert (sound.ok, sound.valid) == (True, True)
        assert {p.verdict for p in sound.predictions if p.tier == 1} == {"accept"}
    lacking = told(permitted={"dns": [stock.HOSTNAME]})
    (finding,) = (f for f in lacking.findings if f.rule.id == CONSTRAINTS)
    assert lacking.valid is False
    assert "IoT Edge always adds $edgeHub" in finding.message
    assert f"permitted;DNS:{stock.HOSTNAME},permitted;DNS:\\$edgehub" in str(finding.remedy)


def test_two_authorities_that_refuse_one_name_are_two_faults() -> None:
    only = name_constraints(permitted={"dns": ["iotedgegw.local"]})
    gateway = constrained(permitted={"dns": ["iotedgegw.local"]}).with_extension("device_ca", only)
    assert said(report(gateway, gateway)) == 2 * [(CONSTRAINTS, "error", "server")]


def test_an_address_is_permitted_by_itself() -> None:
    address = stock.stock_15("ec", "10.1.2.3")
    only = name_constraints(permitted={"ip": ["10.8.0.0/16"]})
    gateway = address.with_extension("device_ca", only)
    (finding,) = (f for f in report(gateway, gateway).findings if f.rule.id == CONSTRAINTS)
    assert "the iPAddress 10.1.2.3" in finding.message
    assert "permitted;IP:10.1.2.3/255.255.255.255" in finding.remedy
    assert "Or have the certificate issued for names that are permitted." in finding.remedy


def test_a_line_is_not_made_of_what_does_not_fit_into_one() -> None:
    """Nor of anything that a certificate's maker could have chosen to break out of it."""
    evil = subject_alt_name(email=["a\nextendedKeyUsage = clientAuth@x.example"])
    gateway = constrained(permitted={"email": ["plant7.example"]}).with_extension("server", evil)
    found = report(gateway, gateway)
    for finding in found.findings:
        assert "\nextendedKeyUsage" not in finding.message + finding.remedy
    outside = subject_alt_name(dns=["iotedgegw.local"], uri=["https://a.example/"])
    gateway = constrained(permitted={"uri": ["b.example"]}).with_extension("server", outside)
    (finding,) = (f for f in report(gateway, gateway).findings if f.rule.id == CONSTRAINTS)
    assert finding.remedy == finding.rule.remedy


def test_the_profile_path_leaves_an_anchors_constraints_alone() -> None:
    gateway = constrained("root", permitted={"dns": ["iotedgegw.local"]})
    assert said(report(gateway, gateway)) == [(CONSTRAINTS, "error", "server")]
    assert said(report(gateway, gateway, profile="path")) == []


def test_constraints_that_cannot_be_read_are_undecided() -> None:
    gateway = GATEWAY.with_extension(
        "intermediate", raw_extension("nameConstraints", b"\x30\x00", critical=True)
    )
    found = report(gateway)
    assert found.valid is None
    assert said(found) == [(UNDECIDED, "error", "intermediate")]


# --- policies ------------------------------------------------------------------------------------

ASKED = Validation(require_explicit_policy=True)
ONE = raw_extension("certificatePolicies", der.sequence(der.sequence(der.oid("2.999.1"))))


def with_policies(*roles: str) -> Gateway:
    gateway = GATEWAY
    for role in roles:
        gateway = gateway.with_extension(role, ONE)
    return gateway


@pytest.mark.parametrize(
    ("having", "role", "message"),
    [
        ([], "intermediate", "whoever asked wants one: it names no policy (certificatePolicies)"),
        (["intermediate", "device_ca"], "workload-ca", "it names no policy (certificatePolicies)"),
        (["server", "workload_ca", "device_ca", "intermediate"], None, ""),
    ],
)
def test_a_policy_that_is_wanted_must_be_in_each_certificate(
    having: list[str], role: str | None, message: str
) -> None:
    found = report(with_policies(*having), validation=ASKED)
    assert said(found) == ([(POLICY, "error", role)] if role else [])
    assert found.valid is (role is None)
    if role:
        assert message in found.findings[0].message
    else:
        assert set(found.policies) == {"2.999.1"}


def test_a_policy_that_the_caller_does_not_accept_is_none() -> None:
    gateway = with_policies("server", "workload_ca", "device_ca", "intermediate")
    other = Validation(require_explicit_policy=True, initial_policies=("2.999.7",))
    found = report(gateway, validation=other)
    assert said(found) == [(POLICY, "error", "server")]
    assert "is one that the caller accepts" in found.findings[0].message


def test_any_policy_must_not_be_mapped() -> None:
    pair = der.sequence(der.oid("2.5.29.32.0"), der.oid("2.999.1"))
    mapping = raw_extension("2.5.29.33", der.sequence(pair), critical=True)
    found = report(with_policies("intermediate").with_extension("intermediate", mapping))
    assert (POLICY, "error", "intermediate") in said(found)
    assert any("has anyPolicy in it" in finding.message for finding in found.findings)


# --- revocation ----------------------------------------------------------------------------------

MONTH = {"this_update": NOW - timedelta(days=9), "next_update": NOW + timedelta(days=21)}


def crl_of(role: str, *entries: Revoked, **changes: Any) -> bytes:
    return crl(GATEWAY.issued(role), entries, **(MONTH | changes)).der


def test_a_crl_that_cannot_be_read_is_told_instead_of_none() -> None:
    """What was given is not called absent; nor does it hide a list that says enough."""
    broken = crl_of("intermediate")[:-9]
    found = report(GATEWAY, crls=broken)
    assert found.valid is None
    (server, *_) = [finding for finding in found.findings if finding.rule.id == UNDECIDED]
    assert "the CRL cannot be read" in server.message
    assert "no CRL of its issuer" not in " ".join(finding.message for finding in found.findings)
    entry = Revoked(GATEWAY.issued("device_ca"), datetime(2026, 11, 1, tzinfo=UTC), None)
    both = report(GATEWAY, crls=[broken, crl_of("intermediate", entry)])
    assert both.valid is False


def test_a_list_that_is_out_of_date_tells_that_it_names_the_certificate() -> None:
    """It decides nothing, and yet it is what the operator has to know."""
    entry = Revoked(GATEWAY.issued("device_ca"), datetime(2026, 9, 1, tzinfo=UTC), "keyCompromise")
    old = {"this_update": NOW - timedelta(days=60), "next_update": NOW - timedelta(days=30)}
    found = report(GATEWAY, crls=crl_of("intermediate", entry, **old))
    assert found.valid is None
    (finding,) = [finding for finding in found.findings if finding.rule.id == UNDECIDED]
    assert "yet it lists the certificate as revoked (keyCompromise)" in finding.message


@pytest.mark.parametrize("reason", [None, "keyCompromise", "certificateHold", "superseded"])
def test_a_revocation_is_told_with_its_time_and_reason(reason: str | None) -> None:
    entry = Revoked(GATEWAY.issued("device_ca"), datetime(2026, 11, 1, 2, 3, 4, tzinfo=UTC), reason)
    found = report(GATEWAY, crls=crl_of("intermediate", entry))
    assert found.valid is False
    assert said(found) == [(REVOKED, "error", "device-ca")]
    told = f"was revoked at 2026-11-01 02:03:04Z ({reason or 'unspecified'}), says the CRL 1 of"
    assert told in found.findings[0].message
    assert said(report(GATEWAY, crls=crl_of("intermediate", entry), profile="path"))
    off = Validation(revocation="off")
    assert said(report(GATEWAY, crls=crl_of("intermediate", entry), validation=off)) == []


def test_where_revocation_is_required_each_certificate_is_told() -> None:
    """Those whose status is not known, with the reason."""
    crls = [crl_of("root"), crl_of("intermediate", signer="p256-8")]
    found = report(GATEWAY, crls=crls, validation=Validation(revocation="require"))
    assert said(found) == [
        (UNKNOWN, "error", role) for role in ("server", "workload-ca", "device-ca")
    ]
    assert "no CRL of its issuer was given" in found.findings[0].message
    assert said(report(GATEWAY, crls=crls)) == [(UNDECIDED, "error", "device-ca")]


# --- what is beyond clients ----------------------------------------------------------------------


def test_a_profile_lists_all_that_a_certificate_breaks_in_one_finding() -> None:
    gateway = GATEWAY.without_extension("device_ca", "keyUsage").without_extension(
        "device_ca", "authorityKeyIdentifier"
    )
    assert said(report(gateway)) == []
    found = report(gateway, profile="rfc5280")
    assert said(found) == [(PROFILE, "error", "device-ca")]
    assert found.findings[0].evidence["found"] == [
        "authorityKeyIdentifier has no keyIdentifier (RFC 5280, 4.2.1.1)",
        "keyUsage is missing in a CA certificate (RFC 5280, 4.2.1.3)",
    ]


def test_sections_of_other_documents_are_named_as_theirs() -> None:
    found = report(GATEWAY, profile="web-pki")
    sections = [each for f in found.findings for each in f.evidence["found"] or ()]
    assert found.valid in (False, None)
    assert any("(CA/Browser Forum, " in str(section) for section in sections)


@pytest.mark.parametrize(
    ("gateway", "cause"),
    [
        (GATEWAY.without_extension("device_ca", "basicConstraints"), "ca.not-a-ca"),
        (
            GATEWAY.with_extension("workload_ca", key_usage("digitalSignature")),
            "ca.no-cert-sign",
        ),
        (GATEWAY.change("device_ca", inner_signature="sha384_ecdsa"), "input.algorithm-mismatch"),
    ],
    ids=["not-a-ca", "no-cert-sign", "algorithms"],
)
def test_a_profile_repeats_no_other_rule(gateway: Gateway, cause: str) -> None:
    """What another rule says of the same fact is the cause."""
    found = report(gateway, profile="rfc5280")
    rules = {finding.id: finding.rule.id for finding in found.findings}
    (told,) = (finding for finding in found.findings if finding.rule.id == PROFILE)
    assert told.caused_by is not None
    assert rules[told.caused_by] == cause


def test_what_several_steps_cannot_read_is_said_once() -> None:
    gateway = GATEWAY.with_extension("device_ca", raw_extension("extendedKeyUsage", b"\x30\x00"))
    found = report(gateway, profile="rfc5280")
    assert said(found) == [(UNDECIDED, "error", "device-ca")]


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
    """Number and depth of each error that openssl gives for a fixture's chain, or that it ends."""
    command = ["openssl", "verify", "-no-CApath", "-no-CAstore", "-attime"]
    command += [str(int(fixture.at.timestamp()))]
    if "without a purpose" not in how:
        command += ["-purpose", "sslserver"]
    if "with the host name" in how:
        command += ["-verify_hostname", str(fixture.hostname)]
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
    return re.findall(r"error (\d+) at (\d+) depth|(Error loading file)", text)


# --- constraints that clients apply beyond the RFC -----------------------------------------------

BEYOND = "path.name-constraints-of-clients"
APPLIES = {"Python ssl", "Node.js", "openssl s_client", "Azure C SDK", ".NET", "NSS", "BoringSSL"}
APPLIES |= {"GnuTLS"}


@pytest.mark.parametrize("role", ["device_ca", "intermediate", "root"])
@pytest.mark.parametrize(
    ("kind", "domain", "refused"),
    [
        ("permitted", "contoso.example", True),
        ("permitted", "fabrikam.example", False),
        ("excluded", "fabrikam.example", True),
        ("excluded", "contoso.example", False),
    ],
)
def test_some_clients_hold_an_address_in_the_subject_to_constraints_on_email(
    role: str, kind: str, domain: str, refused: bool
) -> None:
    """OpenSSL, .NET, NSS and GnuTLS look at it beside a subjectAltName; the RFC does not."""
    subject: Name = [("CN", stock.HOSTNAME), ("emailAddress", "ops@fabrikam.example")]
    gateway = stock.stock_15("ec").change("server", subject=subject)
    gateway = gateway.with_extension(role, name_constraints(**{kind: {"email": [domain]}}))
    report = edgecheck.check(
        pem(*gateway.presented(), comments=False),
        stock.HOSTNAME,
        pem(*gateway.trust(), comments=False),
        stock.NOW,
    )
    found = [f for f in report.findings if f.rule.id == BEYOND]
    assert report.valid is True
    assert len(found) == refused
    for finding in found:
        assert finding.severity == "error"
        assert "ops@fabrikam.example" in finding.message
        assert set(finding.evidence["refused_by"]) >= APPLIES
        assert {"Java", "Go", "rustls", "Botan"}.isdisjoint(finding.evidence["refused_by"])


@pytest.mark.parametrize("role", ["device_ca", "intermediate", "root"])
@pytest.mark.parametrize(
    ("names", "refused"),
    [
        ({"uri": ["urn:contoso:gateway-7"]}, True),
        ({"uri": ["https://10.1.2.3/status"]}, True),
        ({"uri": ["https://contoso.example/gateway-7"]}, False),
        ({"email": ["gateway-7"]}, True),
        ({"email": ["ops@contoso.example"]}, False),
    ],
)
def test_go_compares_no_uri_without_a_host_with_constraints_on_dns_names(
    role: str, names: dict[str, list[str | bytes]], refused: bool
) -> None:
    """By the RFC constraints on DNS names leave URIs alone; Go refuses those without a host."""
    mine = subject_alt_name(dns=[stock.HOSTNAME, "edgehub"], **names)
    held = name_constraints(permitted={"dns": [stock.HOSTNAME, "edgehub"]})
    gateway = stock.stock_15("ec").with_extension("server", mine)
    constrained_one = gateway.with_extension(role, held)
    found = report(constrained_one, constrained_one)
    assert found.valid is True
    assert found.ok is not refused
    told = [f for f in found.findings if f.rule.id == BEYOND]
    assert [f.evidence["refused_by"] for f in told] == [["Go 1.27"]] * refused
    assert all("gateway-7" in f.message or "10.1.2.3" in f.message for f in told)
    refusing = {p.client for p in found.predictions if p.tier == 1 and p.verdict == "reject"}
    assert refusing == ({"go1.27.3"} if refused else set())
    free = report(gateway)
    assert not [f for f in free.findings if f.rule.id == BEYOND]
