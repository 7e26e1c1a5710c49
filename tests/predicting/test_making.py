"""What each version of the runtime makes of a device CA, property by property."""

from __future__ import annotations

import pickle
import subprocess
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import edgecheck
from edgecheck import Report, Role
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.extensions import SERVER_AUTH
from edgecheck.reading.keys import key_text
from edgecheck.reporting.saved import as_pem
from fixtures import stock
from fixtures.gateway import Gateway
from fixtures.pki import basic_constraints, pem
from fixtures.stock import HOSTNAME, NOW
from tests.conftest import REPO
from tests.predicting.made import day, extensions, predicted, properties

BC, KU, EKU, SAN = "2.5.29.19", "2.5.29.15", "2.5.29.37", "2.5.29.17"
SKI, AKI = "2.5.29.14", "2.5.29.35"
CERTD = ("1.2", "1.3", "1.4", "1.5", "1.6")
ALL = ("1.0.0", "1.0.6.1", "1.1", *CERTD)
SHA256_RSA = "300d06092a864886f70d01010b0500"
SHA256_ECDSA = "300a06082a8648ce3d040302"


def synthetic(report: Report) -> tuple[Certificate, ...]:
    found = report.synthetic
    assert found, [finding.message for finding in report.findings]
    return found


# --- up to 1.1 ----------------------------------------------------------------------------------


def test_1_1_puts_a_workload_ca_between_device_ca_and_server() -> None:
    """libiothsm: pathLen 0, the issuer's C, O and OU, and an end that is the device CA's."""
    report = predicted(stock.stock_15("rsa"), "1.1")
    server, workload_ca = synthetic(report)
    device_ca = report.hierarchy.device_ca
    assert device_ca is not None
    assert str(workload_ca.subject) == "C=US, O=Contoso, OU=Plant 7, CN=iotedged workload ca"
    assert str(server.subject) == f"C=US, O=Contoso, OU=Plant 7, CN={HOSTNAME}"
    assert workload_ca.issuer_raw == device_ca.subject_raw
    assert extensions(workload_ca) == [(BC, True), (KU, True), (SKI, False), (AKI, False)]
    assert workload_ca.basic_constraints is not None
    assert workload_ca.basic_constraints.path_length == 0
    assert workload_ca.not_after == device_ca.not_after
    assert extensions(server) == [
        *((BC, False), (KU, True), (EKU, False), (SAN, False), (SKI, False), (AKI, False))
    ]
    assert server.is_ca is False
    assert server.key_usage == 0xF800
    assert server.extended_key_usage == (SERVER_AUTH,)
    assert (day(server.not_before), day(server.not_after)) == (
        *("2026-11-23 12:00:00", "2027-02-21 12:00:00"),  # 90 days
    )
    assert report.hierarchy.workload_ca == workload_ca


def test_1_1_names_issuers_by_key_and_by_serial_number() -> None:
    """As with `authorityKeyIdentifier = keyid:always,issuer:always`."""
    report = predicted(stock.stock_11("rsa"), "1.1")
    server, workload_ca = synthetic(report)
    device_ca = report.hierarchy.device_ca
    assert device_ca is not None
    for child, issuer in ((server, workload_ca), (workload_ca, device_ca)):
        authority = child.authority_key_id
        assert authority is not None
        assert authority.key_id == issuer.subject_key_id
        assert authority.serial == issuer.serial
        assert authority.issuers == (issuer.issuer_raw,)
        assert 0 < child.serial < 2**31


@pytest.mark.parametrize(
    ("kind", "keys", "algorithm"),
    [
        ("rsa", ["RSA 2048", "RSA 4096"], SHA256_RSA),
        ("ec", ["EC P-256", "EC P-256"], SHA256_ECDSA),
    ],
)
def test_1_1_makes_keys_of_its_issuers_kind(
    kind: stock.KeyKind, keys: list[str], algorithm: str
) -> None:
    made = synthetic(predicted(stock.stock_11(kind), "1.1"))
    assert [key_text(certificate) for certificate in made] == keys
    assert {c.signature_algorithm.hex() for c in made} == {algorithm}


def test_1_1_copies_five_parts_of_a_name_and_the_first_of_each() -> None:
    subject = [
        *(("DC", "local"), ("C", "DE"), ("ST", "Bayern"), ("L", "Fürth"), ("O", "A"), ("O", "B")),
        *(("OU", "x"), ("serialNumber", "7"), ("CN", "dca")),
    ]
    gateway = stock.stock_11("ec").change("device_ca", subject=subject)
    server, workload_ca = synthetic(predicted(gateway, "1.1"))
    # Octets are taken for characters of Latin-1 (MBSTRING_ASC) and written as UTF-8, each time.
    name = "C=DE, ST=Bayern, L=FÃ¼rth, O=A, OU=x, CN=iotedged workload ca"
    assert str(workload_ca.subject) == name
    places = [text for kind, _, text in sum(server.subject.rdns, ()) if kind == "2.5.4.7"]
    assert places == ["FÃ\x83Â¼rth"]
    assert server.subject.common_name == HOSTNAME


def test_before_1_0_6_there_are_no_alternative_names() -> None:
    server, _ = synthetic(predicted(stock.stock_11("rsa"), "1.0.5"))
    assert server.alt_names is None
    assert [identifier for identifier, _ in extensions(server)] == [BC, KU, EKU, SKI, AKI]


# --- from 1.2 on --------------------------------------------------------------------------------


@pytest.mark.parametrize("runtime", CERTD)
@pytest.mark.parametrize("kind", ["rsa", "ec"])
def test_certd_signs_what_was_asked_for_and_no_more(runtime: str, kind: stock.KeyKind) -> None:
    """Serial number 0, 30 days, no keyUsage, no basicConstraints; key identifiers since 1.3."""
    report = predicted(stock.stock_11(kind), runtime)
    (server,) = synthetic(report)
    assert str(server.subject) == f"CN={HOSTNAME}"
    assert server.serial == 0
    assert key_text(server) == "RSA 2048"
    assert server.signature_algorithm.hex() == {"rsa": SHA256_RSA, "ec": SHA256_ECDSA}[kind]
    assert day(server.not_after) == "2026-12-23 12:00:00"
    ids = [] if runtime == "1.2" else [(SKI, False), (AKI, False)]
    assert extensions(server) == [(EKU, False), (SAN, False), *ids]
    if ids:
        authority, device_ca = server.authority_key_id, report.hierarchy.device_ca
        assert authority is not None
        assert device_ca is not None
        assert authority.key_id == device_ca.subject_key_id
        assert (authority.issuers, authority.serial) == ((), None)


@pytest.mark.parametrize("runtime", ["1.3", "1.6"])
def test_certd_leaves_out_an_identifier_that_the_issuer_does_not_have(runtime: str) -> None:
    gateway = stock.stock_11("rsa").without_extension("device_ca", "subjectKeyIdentifier")
    (server,) = synthetic(predicted(gateway, runtime))
    assert [identifier for identifier, _ in extensions(server)] == [EKU, SAN, SKI]


@pytest.mark.parametrize("runtime", ALL)
def test_nothing_outlives_its_issuer(runtime: str) -> None:
    end = datetime(2026, 12, 1, 3, 4, 5, tzinfo=UTC)
    gateway = stock.stock_11("rsa").change("device_ca", not_after=end)
    made = synthetic(predicted(gateway, runtime))
    assert {day(certificate.not_after) for certificate in made} == {"2026-12-01 03:04:05"}


# --- quick start --------------------------------------------------------------------------------


def test_1_1_makes_two_cas_of_its_own_for_a_quick_start() -> None:
    report = edgecheck.predict((), HOSTNAME, "1.1", at=NOW)
    *_, device_ca, root = synthetic(report)
    assert [str(c.subject) for c in (device_ca, root)] == [
        *("CN=Test Edge Device CA", "CN=Test Edge Owner CA")
    ]
    assert [c.basic_constraints and c.basic_constraints.path_length for c in report.synthetic] == [
        *(None, 0, 2, 3)
    ]
    assert {day(certificate.not_after) for certificate in report.synthetic} == {
        "2027-02-21 12:00:00"
    }
    assert root.is_self_issued
    assert report.hierarchy.root == root
    assert report.valid is None


@pytest.mark.parametrize(
    ("runtime", "name", "has_id"),
    [
        ("1.2", f"iotedged workload ca {HOSTNAME}", False),
        ("1.3", "aziot-edge CA edge-7", True),
        ("1.6", "aziot-edge CA edge-7", True),
    ],
)
def test_certd_signs_one_ca_of_its_own_for_a_quick_start(
    runtime: str, name: str, has_id: bool
) -> None:
    """Path length 0, serial number 0, no authority key identifier in itself."""
    report = edgecheck.predict((), HOSTNAME, runtime, at=NOW, device_id="edge-7")
    _, edge_ca = synthetic(report)
    assert edge_ca.subject.common_name == name
    assert edge_ca.serial == 0
    ids = [(SKI, False)] if has_id else []
    assert extensions(edge_ca) == [(KU, True), (BC, True), *ids]
    assert report.hierarchy.role(edge_ca) is Role.DEVICE_CA
    rules = {finding.rule.id for finding in report.findings}
    assert "edge.quickstart-certificates" in rules


def test_the_device_s_id_must_be_known_for_the_name_of_a_quickstart_ca() -> None:
    with pytest.raises(ValueError, match="device_id: expected the device's id"):
        edgecheck.predict((), HOSTNAME, "1.5", at=NOW)


def test_a_quickstart_ca_lives_as_long_as_is_configured() -> None:
    device = edgecheck.Device(edge_ca={"auto_generated_edge_ca_expiry_days": 10})
    report = edgecheck.predict((), HOSTNAME, "1.5", at=NOW, device=device, device_id="edge-7")
    assert {day(certificate.not_after) for certificate in synthetic(report)} == {
        "2026-12-03 12:00:00"
    }


# --- compared with chains of known shape --------------------------------------------------------

STOCK = {
    "runtime-1-1-rsa": "1.1",
    "runtime-1-1-ec": "1.1",
    "runtime-1-2-rsa": "1.2",
    "runtime-1-2-ec": "1.2",
    "runtime-1-3-rsa": "1.3",
    "runtime-1-4-rsa": "1.4",
    "runtime-1-5-rsa": "1.5",
    "runtime-1-5-ec": "1.5",
    "runtime-1-6-rsa": "1.6",
    "demo-scripts-1-1": "1.1",
    "demo-scripts-1-5": "1.5",
}


@pytest.mark.parametrize("fixture", STOCK)
def test_a_stock_gateway_is_predicted_from_its_device_ca(fixture: str) -> None:
    """All but key, signature, serial number and time is as in the chain that the runtime made."""
    folder = REPO / "fixtures" / "good" / fixture
    runtime = STOCK[fixture]
    made = edgecheck.check((folder / "chain.pem").read_bytes(), at=NOW).hierarchy.sequence
    number = 2 if runtime == "1.1" else 1
    report = edgecheck.predict(
        [c.der for c in made[number:]],
        HOSTNAME,
        runtime,
        at=datetime.fromtimestamp(made[0].not_before, UTC),
        trust=(folder / "trust.pem").read_bytes(),
    )
    assert len(report.hierarchy.sequence) == len(made)
    for ours, real in zip(synthetic(report), made[:number], strict=True):
        wanted, found = properties(real), properties(ours)
        if report.hierarchy.role(ours) is Role.WORKLOAD_CA:  # made when the daemon first started
            del wanted["days"], found["days"]
        assert found == wanted
        assert ours.not_after == real.not_after


@pytest.mark.parametrize("fixture", STOCK)
def test_rules_and_clients_say_of_the_prediction_what_they_say_of_the_chain(fixture: str) -> None:
    """So that nothing comes as a surprise when the gateway is there."""
    folder = REPO / "fixtures" / "good" / fixture
    runtime, trust = STOCK[fixture], (folder / "trust.pem").read_bytes()
    chain = (folder / "chain.pem").read_bytes()
    made = edgecheck.check(chain, at=NOW).hierarchy.sequence
    file = [certificate.der for certificate in made[2 if runtime == "1.1" else 1 :]]
    at = datetime.fromtimestamp(made[0].not_before, UTC)
    device = edgecheck.Device(runtime=runtime, hostname=HOSTNAME, device_ca_file=file)
    real = edgecheck.check(chain, HOSTNAME, trust, at, device)
    ours = edgecheck.predict(file, HOSTNAME, runtime, trust, at)
    assert ours.valid is real.valid is True
    said = [[(p.client, p.verdict, p.says) for p in each.predictions] for each in (ours, real)]
    assert said[0] == said[1]
    found = [
        [(f.rule.id, f.severity, f.role) for f in each.findings if f.rule.id not in _OF_FORM]
        for each in (ours, real)
    ]
    assert found[0] == found[1]


_OF_FORM = {"input.der", "input.text-between-blocks", "chain.root-presented"}
"""What is said of how certificates were given, here as DER; and that a root is sent along, which of
what nobody sends yet would be untrue."""


@pytest.mark.openssl
@pytest.mark.parametrize(
    ("runtime", "lines"),
    [
        (
            "1.1",
            [
                "Serial Number: ",
                "Subject: C = US, O = Contoso, OU = Plant 7, CN = iotedgegw.local",
                "X509v3 Basic Constraints:",
                "CA:FALSE",
                "X509v3 Key Usage: critical",
                "Digital Signature, Non Repudiation, Key Encipherment, Data Encipherment, "
                "Key Agreement",
                "TLS Web Server Authentication",
                "DNS:iotedgegw.local, DNS:edgehub",
                "DirName:/C=US/O=Contoso/OU=Plant 7/CN=iotedgegw device CA",
            ],
        ),
        (
            "1.5",
            [
                "Serial Number: 0 (0x0)",
                "Not After : Dec 23 12:00:00 2026 GMT",
                "Subject: CN = iotedgegw.local",
                "TLS Web Server Authentication",
                "DNS:iotedgegw.local, DNS:edgeHub",
            ],
        ),
    ],
)
def test_openssl_reads_in_it_what_the_runtime_will_write(runtime: str, lines: list[str]) -> None:
    server = synthetic(predicted(stock.stock_11("ec"), runtime))[0]
    command = ["openssl", "x509", "-inform", "DER", "-noout", "-text", "-nameopt", "oneline"]
    ran = subprocess.run(command, input=server.der, capture_output=True, check=True)
    shown = [line.strip() for line in ran.stdout.decode().splitlines()]
    for line in lines:
        assert any(each.startswith(line) for each in shown), (line, shown)


@pytest.mark.parametrize(
    ("fixture", "runtime"), [("quickstart-1-1", "1.1"), ("quickstart-1-5", "1.5")]
)
def test_a_quick_start_is_predicted_without_any_file(fixture: str, runtime: str) -> None:
    """The gateway of 1.5 presents the server alone; the rest is what clients were given."""
    folder = REPO / "fixtures" / "good" / fixture
    real = edgecheck.check(
        (folder / "chain.pem").read_bytes() + (folder / "trust.pem").read_bytes(), at=NOW
    ).hierarchy.sequence
    report = edgecheck.predict((), HOSTNAME, runtime, at=NOW, device_id="iotedgegw")
    ours = synthetic(report)
    for one, other in zip(ours, dict.fromkeys(real), strict=True):
        wanted, found = properties(other), properties(one)
        for one_day_or_other in (wanted, found):
            del one_day_or_other["days"]
        assert found == wanted


# --- marks, and what is promised ----------------------------------------------------------------


def test_the_same_question_has_the_same_answer_byte_for_byte() -> None:
    gateway = stock.stock_11("rsa")
    first, second = predicted(gateway, "1.1"), predicted(gateway, "1.1")
    assert first.to_json(predictions=False) == second.to_json(predictions=False)


def test_synthetic_certificates_are_marked_and_real_ones_are_untouched() -> None:
    gateway = stock.stock_11("rsa")
    report = predicted(gateway, "1.1")
    told = report.to_dict(predictions=False)
    marks = [certificate["synthetic"] for certificate in told["certificates"]]
    assert marks == [True, True, False, False, False]
    assert told["hierarchy"]["predicted"]["synthetic"] == [
        certificate["sha256"] for certificate in told["certificates"][:2]
    ]
    assert told["hierarchy"]["predicted"]["runtime"] == "1.1.19"
    real = [issued.der for issued in gateway.presented("device_ca", "intermediate", "root")]
    assert [c.der for c in report.hierarchy.sequence[2:]] == real
    rows = [line for line in report.to_text(width=160).splitlines() if "synthetic" in line]
    assert len(rows) == 2
    assert all("later" in row for row in rows)


def test_a_synthetic_certificate_that_somebody_saved_is_no_real_one() -> None:
    """Read once more it has no valid signature: nobody vouches for a file."""
    gateway = stock.stock_11("rsa")
    report = predicted(gateway, "1.5")
    assert report.valid is True
    text = as_pem(report)
    assert text.count("synthetic: as IoT Edge 1.5.0 will make it") == 1
    again = edgecheck.check(text, HOSTNAME, pem(*gateway.trust()), NOW)
    assert again.valid is False
    found = {f.rule.id for f in again.findings if f.severity is edgecheck.Severity.ERROR}
    assert found & {"path.signature-invalid", "path.same-name-other-key"}


def test_nobody_vouches_for_the_same_bytes_in_another_report() -> None:
    """Though both share a memo, and predictions were computed."""
    gateway, memo = stock.stock_11("rsa"), edgecheck.Memo()
    report = predicted(gateway, "1.1", memo=memo)
    assert report.valid is True
    assert all(p.verdict == "accept" for p in report.predictions)
    trust = pem(*gateway.trust())
    again = edgecheck.check(as_pem(report), HOSTNAME, trust, NOW, memo=memo)
    assert again.valid is False
    assert all(p.verdict == "reject" for p in again.predictions if p.tier == 1)
    assert predicted(gateway, "1.1", memo=memo).valid is True


def test_a_report_survives_a_pickle_with_its_marks() -> None:
    report = predicted(stock.stock_11("ec"), "1.1")
    again: Any = pickle.loads(pickle.dumps(report))
    assert again.valid is True
    assert again.synthetic == report.synthetic
    assert [p.verdict for p in again.predictions] == [p.verdict for p in report.predictions]


def test_the_path_length_of_a_device_ca_counts_for_the_workload_ca() -> None:
    """Of 0 it is too short for 1.1, whose workload CA stands below, and enough from 1.2 on."""
    gateway = stock.stock_11("rsa").with_extension("device_ca", basic_constraints(True, 0))
    old, new = predicted(gateway, "1.1"), predicted(gateway, "1.5")
    assert {(f.rule.id, f.caused_by is None) for f in old.findings if f.severity == "error"} == {
        ("ca.path-length-for-workload-ca", True),
        ("ca.path-length-exceeded", False),
    }
    assert new.ok
    assert new.valid is True
    assert all(p.verdict == "accept" for p in new.predictions if p.tier == 1)


def _quiet(gateway: Gateway, runtime: str) -> list[str]:
    report = predicted(gateway, runtime, device_id="edge-7")
    return report.to_text(width=200).splitlines()


@pytest.mark.parametrize("runtime", ["1.0.6.1", "1.1", *CERTD])
def test_a_healthy_device_ca_is_one_quiet_line_and_its_tree(runtime: str) -> None:
    lines = _quiet(stock.stock_11("rsa"), runtime)
    assert lines[0].startswith("ok · ")
    certificates = 5 if runtime in ("1.0.6.1", "1.1") else 4
    assert len(lines) == 1 + 1 + 1 + certificates, lines


@pytest.mark.parametrize("runtime", ["1.1", *CERTD])
def test_clients_take_what_is_predicted_of_a_healthy_device_ca(runtime: str) -> None:
    """Those that would verify signatures by themselves, too; Python's strict mode is 1.2's fate."""
    report = predicted(stock.stock_11("rsa"), runtime)
    refused = {p.client for p in report.predictions if p.verdict != "accept"}
    strict = {f"py3{minor}-ssl-STRICT+PARTIAL" for minor in (11, 13, 14)}
    own = {p.client for p in report.predictions if p.client.startswith("cryptography")}
    assert refused == (strict | own if runtime == "1.2" else set())


def test_when_it_is_made_decides_how_long_it_lives() -> None:
    later = NOW + timedelta(days=100)
    (server,) = synthetic(predicted(stock.stock_11("rsa"), "1.5", at=later))
    assert day(server.not_before) == "2027-03-03 12:00:00"
