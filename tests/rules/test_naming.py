"""Names that several certificates share: what decides whether clients still tell them apart."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import core
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import Encoding

import edgecheck
from edgecheck import Device
from edgecheck.behaviour.openssl.facts import Facts
from edgecheck.reading.inputs import Reader
from edgecheck.reading.loading import load
from fixtures import der, private_keys, stock
from fixtures.expected import FIXED, FIXTURES, Fixture, folders, read
from fixtures.gateway import Gateway
from fixtures.pki import authority_key_id, key_usage, pem, subject_key_id
from fixtures.stock import HOSTNAME, NOW

DEVICE_CA_FILE = ("device_ca", "intermediate", "root")
PLANT = [("C", "US"), ("O", "Contoso"), ("OU", "Plant 7")]
CA_IS_HOST = "naming.device-ca-cn-is-hostname"
SAME_NAME = "naming.server-dn-is-issuer-dn"
CA_NAME_ASKED = "naming.ca-name-as-hostname"


def report(gateway: Gateway, *roles: str, **given: Any) -> edgecheck.Report:
    """A gateway's chain, or some of its certificates, with its root as trust."""
    chain = pem(*gateway.presented(*roles), comments=False)
    return edgecheck.check(chain, trust=pem(*gateway.trust(), comments=False), at=NOW, **given)


def said(report: edgecheck.Report) -> dict[str, tuple[str, str | None]]:
    """What the rules about names said: rule -> severity and role."""
    return {
        finding.rule.id: (finding.severity.value, finding.role.value if finding.role else None)
        for finding in report.findings
        if finding.rule.family == "naming"
    }


def undecided(report: edgecheck.Report) -> dict[str, str]:
    """The rules about names that could not be decided, and why."""
    return {u.rule: u.because for u in report.undecided if u.rule.startswith("naming.")}


def device_ca_is(name: Any, gateway: Gateway | None = None) -> Gateway:
    """A gateway with runtime 1.2, unless another is given, whose device CA has this name."""
    return (gateway or stock.stock_12()).change("device_ca", subject=name)


# --- what makes a certificate look self-signed ---------------------------------------------------

OTHER_NAME = ([("CN", "somebody else")], 7)


@pytest.mark.parametrize(
    ("subject_id", "authority_id", "expected"),
    [
        (None, None, True),
        (subject_key_id(), None, True),
        (None, authority_key_id(), True),
        (subject_key_id(), authority_key_id(), False),
        (subject_key_id(b"same"), authority_key_id(keyid=b"same"), True),
        (subject_key_id(b"one"), authority_key_id(keyid=b"other"), False),
        # The issuer's issuer and serial number, which are not the server's own.
        (None, authority_key_id(keyid=False, issuer_and_serial=True), False),
        (None, authority_key_id(keyid=False, issuer_and_serial=([("CN", HOSTNAME)], 0)), True),
        (None, authority_key_id(keyid=False, issuer_and_serial=OTHER_NAME), False),
    ],
)
def test_key_identifiers_decide_whether_it_looks_self_signed(
    subject_id: Any, authority_id: Any, expected: bool
) -> None:
    """An authority key identifier saves it by contradicting the certificate's own facts."""
    gateway = device_ca_is(HOSTNAME)
    for extension in filter(None, (subject_id, authority_id)):
        gateway = gateway.with_extension("server", extension)
    assert looks_self_signed(_read(gateway.issued("server").der)) is expected
    found = said(report(gateway, hostname=HOSTNAME))
    assert found == {CA_IS_HOST: ("error" if expected else "warning", "device-ca")}


@pytest.mark.parametrize(
    ("device_ca", "server", "expected"),
    [
        ("rsa2048-3", "rsa2048-4", True),
        ("p256-3", "p256-5", True),
        ("p256-3", "rsa2048-4", False),
        ("rsa2048-3", "p256-5", False),
        ("ed25519-1", "rsa2048-4", False),
    ],
)
def test_a_signature_that_its_key_cannot_make_is_not_its_own(
    device_ca: str, server: str, expected: bool
) -> None:
    """OpenSSL compares the algorithm of the signature with the kind of the certificate's key."""
    gateway = device_ca_is(HOSTNAME).change("device_ca", key=device_ca)
    gateway = gateway.change("server", key=server)
    assert looks_self_signed(_read(gateway.issued("server").der)) is expected


def test_a_pss_signature_can_be_made_by_an_rsa_key() -> None:
    """RSASSA-PSS is another algorithm than that of the key, but of its kind."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOSTNAME)])
    issuer, own = private_keys.private_key("rsa2048-3"), private_keys.private_key("rsa2048-4")
    made = x509.CertificateBuilder(name, name, own.public_key(), 7, NOW, NOW).sign(
        issuer, hashes.SHA256(), rsa_padding=padding.PSS(padding.MGF1(hashes.SHA256()), 32)
    )
    assert looks_self_signed(_read(made.public_bytes(Encoding.DER)))


def test_an_algorithm_that_cannot_be_read_made_no_signature() -> None:
    """Whatever it is, no client finds that the certificate's own key made it."""
    server = load(device_ca_is(HOSTNAME).issued("server").der)  # an object of its own
    assert not isinstance(server, str)
    assert looks_self_signed(server)
    server.tbs_signature_algorithm = b"\x30\x00"
    assert not looks_self_signed(server)


def looks_self_signed(certificate: edgecheck.Certificate) -> bool:
    """What OpenSSL since 1.1.1 decides."""
    return Facts(certificate).self_signed


def _read(certificate: bytes) -> edgecheck.Certificate:
    return Reader({}, 10**6, 10).read(certificate, "presented").sequence[0]


# --- the device CA's common name -----------------------------------------------------------------


@pytest.mark.parametrize(
    "subject",
    [
        [("O", "CONTOSO  ltd"), ("CN", HOSTNAME)],
        [("O", " Contoso Ltd "), ("CN", HOSTNAME)],
        [("O", core.PrintableString("Contoso Ltd")), ("CN", core.PrintableString(HOSTNAME))],
        [("O", core.BMPString("Contoso Ltd")), ("CN", HOSTNAME.upper())],
    ],
)
def test_names_are_equal_as_rfc_5280_compares_them(subject: Any) -> None:
    """Case, white space and the type of string do not tell two names apart (section 7.1)."""
    gateway = device_ca_is(subject).change(
        "server", subject=[("O", "Contoso Ltd"), ("CN", HOSTNAME)]
    )
    found = report(gateway, hostname=HOSTNAME)
    assert said(found) == {CA_IS_HOST: ("error", "device-ca")}
    assert found.findings[0].evidence["whole_names_equal"]


def test_attributes_in_another_order_make_another_name() -> None:
    """A name is a sequence: the same parts in another order are not the same name."""
    gateway = device_ca_is([("CN", HOSTNAME), ("O", "Contoso")])
    gateway = gateway.change("server", subject=[("O", "Contoso"), ("CN", HOSTNAME)])
    assert said(report(gateway)) == {CA_IS_HOST: ("warning", "device-ca")}


def test_a_name_that_only_white_space_tells_apart_is_found_by_the_whole_name() -> None:
    """What is not the same common name as text may still be the same name for a client."""
    found = said(report(device_ca_is(f"{HOSTNAME} "), hostname=HOSTNAME))
    assert found == {SAME_NAME: ("error", "device-ca")}


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ({"hostname": HOSTNAME}, "the name that the client uses"),
        ({"hostname": HOSTNAME.upper()}, "the name that the client uses"),
        ({"device": Device(hostname=HOSTNAME)}, "the configured host name"),
        (
            {"hostname": "press-3.local", "device": Device(gateway_host_names=("a", HOSTNAME))},
            "the name that the client uses",
        ),
        (
            {"hostname": HOSTNAME, "device": Device(hostname=HOSTNAME)},
            "the configured host name and the name that the client uses",
        ),
    ],
)
def test_a_device_ca_file_is_compared_with_every_name_that_is_known(
    given: dict[str, Any], names: str
) -> None:
    """Before there is a server certificate: configuration, client, and connection strings."""
    file = pem(*device_ca_is(HOSTNAME).presented(*DEVICE_CA_FILE))
    device = replace(given.get("device") or Device(), device_ca_file=file)
    found = report(device_ca_is(HOSTNAME), *DEVICE_CA_FILE, **(given | {"device": device}))
    assert said(found) == {CA_IS_HOST: ("warning", "device-ca")}
    assert found.findings[0].message.endswith(f'"{HOSTNAME}" is {names}')


def test_without_any_name_of_the_gateway_it_is_undecided() -> None:
    """A device CA file alone cannot have a wrong name."""
    found = undecided(report(device_ca_is(HOSTNAME), *DEVICE_CA_FILE))
    assert found[CA_IS_HOST] == "neither a host name nor a server certificate was given"


@pytest.mark.parametrize("subject", [[("O", "Contoso")], f"{HOSTNAME}.ca", f"gw.{HOSTNAME}"])
def test_another_common_name_is_no_violation(subject: Any) -> None:
    """None at all, the one of the convenience scripts, and one that only ends alike."""
    assert said(report(device_ca_is(subject), hostname=HOSTNAME)) == {}


def test_a_workload_ca_with_the_servers_name_is_not_the_device_cas_fault() -> None:
    """The error belongs to the issuer for which the server certificate looks self-signed."""
    gateway = stock.stock_11().change("device_ca", subject=[*PLANT, ("CN", HOSTNAME)])
    gateway = gateway.change("workload_ca", subject=HOSTNAME).change("server", subject=HOSTNAME)
    gateway = gateway.without_extension("server", "authorityKeyIdentifier")
    assert said(report(gateway, hostname=HOSTNAME)) == {
        CA_IS_HOST: ("warning", "device-ca"),
        SAME_NAME: ("error", "workload-ca"),
    }


def test_a_key_that_cannot_be_read_signed_nothing() -> None:
    """So OpenSSL, which cannot read it either, takes no certificate with it for self-signed."""
    curve = der.sequence(der.oid("1.2.840.10045.2.1"), der.oid("1.3.6.1.4.1.99999.1"))
    unknown = der.sequence(curve, der.bit_string(b"\x04" + bytes(64)))
    found = report(device_ca_is(HOSTNAME).change("server", public_key=unknown), hostname=HOSTNAME)
    assert said(found) == {CA_IS_HOST: ("warning", "device-ca")}
    assert refused_by(found, CA_IS_HOST) == set()


# --- other CAs, and the CA's name as host name ---------------------------------------------------


def test_every_ca_with_the_servers_name_is_named() -> None:
    """One finding for the server certificate, whatever the number of its namesakes."""
    gateway = stock.stock_15().change("intermediate", subject=HOSTNAME)
    found = report(gateway.change("root", subject=HOSTNAME), hostname=HOSTNAME)
    assert said(found) == {SAME_NAME: ("warning", "intermediate")}
    (finding,) = (f for f in found.findings if f.rule.id == SAME_NAME)
    assert len(finding.certificates) == 3


@pytest.mark.parametrize(
    ("gateway", "severity", "serial_named"),
    [
        (stock.stock_12(), "error", False),
        (stock.stock_15(), "warning", False),
        (stock.stock_11(), "warning", True),
    ],
)
def test_key_identifiers_save_the_server_certificate_of_a_root_too(
    gateway: Gateway, severity: str, serial_named: bool
) -> None:
    """Runtime 1.2 writes none, 1.5 key identifiers, and 1.1 the serial number of the issuer."""
    alone = Gateway({role: gateway[role] for role in ("server", "root")}, shows_root=True)
    alone = alone.change("root", subject=HOSTNAME).change("server", subject=HOSTNAME)
    found = report(alone, hostname=HOSTNAME)
    assert said(found) == {SAME_NAME: (severity, "root")}
    (finding,) = (f for f in found.findings if f.rule.id == SAME_NAME)
    assert finding.evidence["server_authority_serial"] is serial_named


def test_a_server_certificate_that_signed_itself_is_its_own_namesake() -> None:
    """Then there is no other CA of its name; that it is not trusted is another rule's affair."""
    alone = Gateway({"server": stock.stock_15()["server"]}, shows_root=True)
    chain = pem(alone.issued("server"), comments=False)
    trust = pem(*stock.stock_15().trust(), comments=False)
    assert said(edgecheck.check(chain, HOSTNAME, trust, NOW)) == {}


def test_a_server_certificate_may_be_for_the_device_cas_name_too() -> None:
    """Then the client does not ask for the wrong name, and the device CA has the gateway's."""
    gateway = device_ca_is("edgehub", stock.stock_11())
    assert said(report(gateway, hostname="edgehub")) == {CA_IS_HOST: ("warning", "device-ca")}


def test_a_ca_name_in_another_case_is_the_ca_name_still() -> None:
    """DNS names compare without regard to case."""
    gateway = device_ca_is(f"{HOSTNAME}.ca", stock.stock_15())
    found = report(gateway, hostname=f"{HOSTNAME}.CA")
    assert said(found) == {CA_NAME_ASKED: ("error", "device-ca")}
    (finding,) = (f for f in found.findings if f.rule.id == CA_NAME_ASKED)
    assert finding.evidence["wanted"] == HOSTNAME


@pytest.mark.parametrize(
    ("roles", "hostname", "because"),
    [
        ((), None, "no host name was given"),
        (DEVICE_CA_FILE, f"{HOSTNAME}.ca", "no server certificate was given"),
    ],
)
def test_asking_for_the_cas_name_is_undecided_without_both_sides(
    roles: tuple[str, ...], hostname: str | None, because: str
) -> None:
    """It takes a client's name and a server certificate that is for another one."""
    found = report(device_ca_is(f"{HOSTNAME}.ca"), *roles, hostname=hostname)
    assert undecided(found)[CA_NAME_ASKED] == because


# --- authorities of one name ----------------------------------------------------------------------

SHARED = "naming.one-name-for-two-keys"
WRITTEN = "naming.issuer-written-differently"
NEW = {"Python ssl", "Node.js", "openssl s_client", ".NET", "OpenSSL 1.1.1"}
"""Some of OpenSSL 1.1.1 and later, which decide alike."""
OLD = {"OpenSSL 1.1.0", "OpenSSL 1.0.2", "BoringSSL"}


def no_key_ids(*roles: str) -> Gateway:
    """A gateway with runtime 1.1 where these have no key identifiers; without roles, none has."""
    gateway = stock.stock_11("rsa")
    for role in roles or gateway:
        for name in ("subjectKeyIdentifier", "authorityKeyIdentifier"):
            gateway = gateway.without_extension(role, name)
    return gateway


def named_alike(gateway: Gateway, *roles: str, name: str = "Contoso CA") -> Gateway:
    """The same where these have one name."""
    for role in roles:
        gateway = gateway.change(role, subject=name)
    return gateway


def refused_by(report: edgecheck.Report, rule: str) -> set[str]:
    """Who refuses it, by the one finding of a rule."""
    (found,) = (finding for finding in report.findings if finding.rule.id == rule)
    return set(found.evidence.get("refused_by", ()))


# What the clients said to these very chains; OpenSSL: error and depth.
@pytest.mark.parametrize(
    ("roles", "error", "depth_role", "others"),
    [
        (("device_ca", "intermediate"), 19, "device-ca", {*OLD, "NSS"}),
        (("workload_ca", "device_ca"), 19, "workload-ca", {*OLD, "NSS", "wolfSSL"}),
        (("workload_ca", "intermediate"), None, None, {"NSS", "wolfSSL"}),
        (
            ("workload_ca", "root"),
            7,
            "server",
            {"OpenSSL 1.1.0", "BoringSSL", "NSS", "wolfSSL"},
        ),
        (("intermediate", "root"), 7, "device-ca", {*OLD, "GnuTLS", "NSS", "wolfSSL"}),
        (("device_ca", "root"), 7, "workload-ca", {"OpenSSL 1.1.0", "BoringSSL", "NSS"}),
        (
            ("device_ca", "intermediate", "root"),
            7,
            "workload-ca",
            {*OLD, "GnuTLS", "NSS", "wolfSSL"},
        ),
        (
            ("workload_ca", "device_ca", "intermediate", "root"),
            7,
            "server",
            {*OLD, "GnuTLS", "NSS", "wolfSSL"},
        ),
    ],
)
def test_without_key_identifiers_clients_guess_among_authorities_of_one_name(
    roles: tuple[str, ...], error: int | None, depth_role: str | None, others: set[str]
) -> None:
    """Each client in its own way, as measured with these chains."""
    found = report(named_alike(no_key_ids(), *roles), hostname=HOSTNAME)
    (finding,) = (finding for finding in found.findings if finding.rule.id == SHARED)
    assert finding.severity == ("error" if error else "warning")
    assert finding.evidence["openssl_error"] == error
    assert refused_by(found, SHARED) & NEW == (NEW if error else set())
    assert refused_by(found, SHARED) & {*OLD, "GnuTLS", "NSS", "wolfSSL"} == others
    if depth_role is not None:
        roles_of = {c.sha256: found.hierarchy.role(c).value for c in found.hierarchy.path}
        assert depth_role in {roles_of[sha256] for sha256 in finding.certificates}


@pytest.mark.parametrize(
    ("without", "severity"),
    [
        ((), "info"),
        (("workload_ca",), "info"),  # the one that was made last is the right one
        (("device_ca",), "error"),
    ],
)
def test_key_identifiers_tell_authorities_of_one_name_apart(
    without: tuple[str, ...], severity: str
) -> None:
    """Where they are everywhere; a single certificate without them can be enough to mislead."""
    gateway = stock.stock_11("rsa")
    for role in without:
        gateway = gateway.without_extension(role, "authorityKeyIdentifier")
    found = said(report(named_alike(gateway, "device_ca", "intermediate"), hostname=HOSTNAME))
    assert found == {SHARED: (severity, "device-ca")}


def test_the_order_of_what_is_presented_decides_too() -> None:
    """The intermediate stands before the device CA of the same name, so it is tried first."""
    gateway = named_alike(no_key_ids(), "device_ca", "intermediate")
    found = report(gateway, "server", "workload_ca", "intermediate", "device_ca")
    (finding,) = (finding for finding in found.findings if finding.rule.id == SHARED)
    assert finding.evidence["openssl_error"] == 7
    assert "GnuTLS" in refused_by(found, SHARED)


def test_a_ca_that_kept_its_key_is_one_authority() -> None:
    """Two certificates of one name and one key mislead nobody."""
    gateway = named_alike(stock.stock_15("rsa"), "intermediate", "root")
    gateway = gateway.change("intermediate", key=gateway["root"].key)
    assert SHARED not in said(report(gateway, hostname=HOSTNAME))


@pytest.mark.parametrize(
    ("changes", "error", "others"),
    [
        ({}, 18, {*OLD, "NSS"}),
        ({"subject": HOSTNAME.upper()}, 18, OLD),
        ({"subject": [("CN", core.PrintableString(HOSTNAME))]}, 18, OLD),
        ({"key": "p256-3"}, None, {*OLD, "NSS"}),
    ],
)
def test_who_takes_the_server_certificate_for_self_signed(
    changes: dict[str, Any], error: int | None, others: set[str]
) -> None:
    """NSS compares bytes, and old OpenSSL does not look at the kind of the key."""
    gateway = device_ca_is(HOSTNAME, stock.stock_12("rsa")).change("device_ca", **changes)
    refusing = refused_by(report(gateway, hostname=HOSTNAME), CA_IS_HOST)
    assert refusing & NEW == (NEW if error else set())
    assert refusing - NEW >= others
    assert refusing.isdisjoint({"Java", "Go", "GnuTLS", "rustls", "mbedTLS", "Botan"})


def test_a_key_usage_without_signing_saves_it_from_old_openssl_alone() -> None:
    """Up to 1.1.0 a certificate that may not issue is not taken for its own issuer."""
    gateway = device_ca_is(HOSTNAME).with_extension("server", key_usage("digitalSignature"))
    refusing = refused_by(report(gateway, hostname=HOSTNAME), CA_IS_HOST)
    assert refusing >= NEW
    assert refusing.isdisjoint(OLD)


def test_with_a_workload_ca_old_openssl_takes_the_server_for_an_issuer() -> None:
    """The historical verification loop: 1.0.2 and BoringSSL, and without a key usage alone."""
    gateway = named_alike(no_key_ids(), "server", "device_ca", name=HOSTNAME)
    assert refused_by(report(gateway, hostname=HOSTNAME), CA_IS_HOST) == set()
    gateway = gateway.without_extension("server", "keyUsage")
    found = report(gateway, hostname=HOSTNAME)
    assert refused_by(found, CA_IS_HOST) == {"OpenSSL 1.0.2", "BoringSSL"}
    assert said(found)[CA_IS_HOST] == ("warning", "device-ca")


# --- an issuer's name in another spelling ---------------------------------------------------------


@pytest.mark.parametrize(
    ("subject", "issuer", "also", "differ"),
    [
        ("Plant CA", "PLANT CA", {"GnuTLS"}, "letter case"),
        ("Plant CA", "Plant  CA", {"GnuTLS", "mbedTLS"}, "white space"),
        ("Plant CA", core.PrintableString("Plant CA"), set(), "PrintableString, UTF8String"),
        ("Plant CA", core.BMPString("Plant CA"), {"Java", "mbedTLS"}, "BMPString, UTF8String"),
        ("Plant CA", core.IA5String("Plant CA"), {"Java", "mbedTLS", "GnuTLS"}, "IA5String"),
        ("Werk \xe4", "Werk \xc4", {*NEW, *OLD, "GnuTLS", "mbedTLS", "Botan"}, "letter case"),
        ("Werk \xe4", "Werk a\u0308", {*NEW, *OLD, "GnuTLS", "mbedTLS", "Botan"}, "written"),
    ],
)
def test_who_does_not_take_two_spellings_for_one_name(
    subject: Any, issuer: Any, also: set[str], differ: str
) -> None:
    """As measured: Go and others compare bytes, and the rest fold less or more."""
    gateway = stock.stock_15("rsa").change("intermediate", subject=[("CN", subject)])
    gateway = gateway.change("device_ca", issuer=[("CN", issuer)])
    found = report(gateway, hostname=HOSTNAME)
    assert said(found) == {WRITTEN: ("error", "device-ca")}
    everywhere = {"Go", "rustls", "cryptography", "NSS", "NSS libpkix", "wolfSSL", "BearSSL"}
    compared = {*NEW, *OLD, *everywhere, "Java", "GnuTLS", "mbedTLS", "Botan"}
    assert refused_by(found, WRITTEN) & compared == everywhere | also
    (message,) = (f.message for f in found.findings if f.rule.id == WRITTEN)
    assert differ in message


def test_gnutls_finds_a_trusted_root_by_bytes_alone() -> None:
    """Among what is presented it does not mind the type of string."""
    gateway = stock.stock_15("rsa").change("root", subject="Root CA")
    gateway = gateway.change("intermediate", issuer=[("CN", core.PrintableString("Root CA"))])
    assert "GnuTLS" in refused_by(report(gateway, hostname=HOSTNAME), WRITTEN)


# --- the stories about OpenSSL -------------------------------------------------------------------

STORIES = [
    folder
    for folder in folders()
    if folder.relative_to(FIXTURES).parts[0] in ("naming", "hostname", "ca", "validity")
    and folder.name != FIXED
    and "# openssl verify" in (folder / "chain.pem").read_text("ascii")
]


@pytest.mark.openssl
@pytest.mark.parametrize("folder", STORIES, ids=lambda folder: folder.name)
def test_openssl_says_what_the_story_says(folder: Path, tmp_path: Path) -> None:
    """The errors that `openssl verify` gives, with the depth of each, stand in the chain's file."""
    fixture = read(folder)
    story = fixture.file("chain.pem").read_text("ascii").partition("\n\n")[0]
    told = re.sub(r"\s*\n#\s*", " ", story[story.index("# openssl verify") :])
    option, _, result = told.removeprefix("# openssl verify").partition(":")
    plain, _, strict = result.partition("; with -x509_strict:")
    assert _errors(plain) or "OK" in plain
    assert _verify(fixture, option.split(), tmp_path) == _errors(plain)
    if strict:
        said = _verify(fixture, [*option.split(), "-x509_strict"], tmp_path)
        assert set(_errors(strict)) <= set(said)


def _errors(text: str) -> list[tuple[str, ...]]:
    return re.findall(r"error (\d+) at (?:depth )?(\d+)", text)


def _verify(fixture: Fixture, options: list[str], folder: Path) -> list[tuple[str, ...]]:
    """Number and depth of each error that openssl gives for a fixture's chain."""
    text = fixture.file("chain.pem").read_text("ascii")
    end = "-----END CERTIFICATE-----\n"
    first, _, rest = text.partition(end)
    (folder / "leaf.pem").write_text(first + end)
    command = ["openssl", "verify", "-attime", str(int(fixture.at.timestamp())), *options]
    command += ["-CAfile", str(fixture.file("trust.pem"))]
    if end in rest:
        (folder / "rest.pem").write_text(rest)
        command += ["-untrusted", str(folder / "rest.pem")]
    done = subprocess.run(
        [*command, str(folder / "leaf.pem")], capture_output=True, text=True, check=False
    )
    found = _errors(done.stderr + done.stdout)
    assert bool(found) == (done.returncode != 0)
    return found
