"""The whole catalogue over what is predicted: faults that nothing showed before deployment."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import pytest

import edgecheck
from edgecheck import Report, Severity
from fixtures import stock
from fixtures.gateway import Gateway
from fixtures.pki import name_constraints, pem
from fixtures.private_keys import public_key_der
from fixtures.stock import HOSTNAME
from tests.conftest import REPO
from tests.predicting.made import predicted

CERTD = ("1.2", "1.3", "1.4", "1.5", "1.6")
OPENSSL = "openssl3.0.19-s_client"


def rules(report: Report, severity: Severity = Severity.WARNING) -> set[str]:
    return {f.rule.id for f in report.findings if f.severity >= severity and not f.caused_by}


def says(report: Report, client: str) -> str:
    return next(p.says for p in report.predictions if p.client == client)


def test_an_intermediate_as_device_ca_is_told_before_deployment() -> None:
    """By the device CA's file alone, and by the chain that the runtime will make of it."""
    gateway = stock.stock_11("rsa").without("device_ca")
    file, trust = pem(*gateway.presented("intermediate", "root")), pem(*gateway.trust())
    before = edgecheck.check(
        file, trust=trust, at=stock.NOW, device=edgecheck.Device(runtime="1.5", device_ca_file=file)
    )
    assert "edge.intermediate-as-device-ca" in rules(before)
    report = edgecheck.predict(file, HOSTNAME, "1.5", trust, stock.NOW)
    assert rules(report) == {"edge.intermediate-as-device-ca"}


@pytest.mark.parametrize("runtime", ["1.1", *CERTD])
@pytest.mark.parametrize(
    "order",
    [
        ("intermediate", "device_ca", "root"),
        ("intermediate", "root", "device_ca"),
        ("root", "intermediate", "device_ca"),
        ("root", "device_ca", "intermediate"),
    ],
)
def test_a_device_ca_further_down_is_a_wrong_order_and_is_never_to_be_removed(
    runtime: str, order: tuple[str, ...]
) -> None:
    """The runtime would issue under the first one's name, with the key of the device CA.

    Nothing usable comes of that, so that the file is judged, with the device CA in its role; what
    else the order looks like (a root or an intermediate as the device CA, a surplus) follows.
    """
    gateway = stock.stock_11("rsa")
    file, trust = pem(*gateway.presented(*order)), pem(*gateway.trust())
    report = edgecheck.predict(file, HOSTNAME, runtime, trust, stock.NOW)
    assert rules(report) == {"chain.wrong-order"}
    assert not report.ok and not report.synthetic
    device_ca = report.hierarchy.device_ca
    assert device_ca is not None and device_ca.subject.common_name == "iotedgegw device CA"
    assert "Remove" not in "".join(f.remedy for f in report.findings)
    known = edgecheck.Device(
        hostname=HOSTNAME, runtime=runtime, device_ca_file=file, trust_bundle=trust
    )
    assert "chain.wrong-order" in rules(edgecheck.audit(known, at=stock.NOW), Severity.ERROR)


def test_a_surplus_below_the_ca_whose_key_is_configured_is_a_surplus() -> None:
    """The intermediate does issue where its key is on the gateway, which is said as before."""
    gateway = stock.stock_11("rsa")
    file = pem(*gateway.presented("intermediate", "device_ca", "root"))
    digest = hashlib.sha256(public_key_der(gateway["intermediate"].key)).hexdigest()
    known = edgecheck.Device(keys={"edge_ca.pk": {"public_key": digest, "encrypted": False}})
    report = edgecheck.predict(file, HOSTNAME, "1.5", pem(*gateway.trust()), stock.NOW, known)
    assert rules(report) == {"edge.intermediate-as-device-ca", "chain.unrelated-certificate"}


def test_two_generations_of_a_root_are_no_wrong_order() -> None:
    """A renewed root of the same key has, by its signature, issued the older one."""
    gateway = stock.stock_11("rsa")
    newer = gateway.change("root", not_after=datetime(2040, 1, 1, tzinfo=UTC))
    file = pem(*newer.presented("root"), *gateway.presented("root"))
    report = edgecheck.predict(file, HOSTNAME, "1.5", pem(*gateway.trust()), stock.NOW)
    assert "chain.wrong-order" not in rules(report)


def test_a_root_as_device_ca_is_told() -> None:
    gateway = stock.stock_11("rsa")
    root = pem(*gateway.trust())
    report = edgecheck.predict(root, HOSTNAME, "1.5", root, stock.NOW)
    assert rules(report) == {"edge.root-as-device-ca"}


def named_as_host(**extra: bool) -> Gateway:
    """A device CA whose whole name is what certd and libiothsm write for the server."""
    gateway = stock.stock_11("rsa").change("device_ca", subject=[("CN", HOSTNAME)])
    if extra.get("without_id"):
        gateway = gateway.without_extension("device_ca", "subjectKeyIdentifier")
    return gateway


@pytest.mark.parametrize(
    ("runtime", "severity"),
    [("1.1", "warning"), ("1.2", "error"), ("1.3", "warning"), ("1.5", "warning")],
)
def test_a_device_ca_that_is_named_as_the_host_confuses_openssl_without_identifiers(
    runtime: str, severity: str
) -> None:
    """Error 18 in 1.2, which writes no key identifiers; 1.1 and 1.3 write them."""
    report = predicted(named_as_host(), runtime)
    found = [f for f in report.findings if f.rule.id == "naming.device-ca-cn-is-hostname"]
    assert [f.severity.value for f in found] == [severity]
    assert ("18: self-signed certificate" in says(report, OPENSSL)) == (severity == "error")


def test_a_device_ca_without_identifier_that_is_named_as_the_host_confuses_since_1_3_too() -> None:
    report = predicted(named_as_host(without_id=True), "1.5")
    assert "naming.device-ca-cn-is-hostname" in rules(report, Severity.ERROR)


@pytest.mark.parametrize(("runtime", "wrong"), [("1.1", True), *((v, False) for v in CERTD)])
def test_an_address_as_host_name_is_found_by_clients_from_1_2_on(runtime: str, wrong: bool) -> None:
    """1.1 writes it as a DNS name, which Python, Go, Java and Node do not look at."""
    report = predicted(stock.stock_11("rsa"), runtime, hostname="10.1.2.3")
    refusing = {p.client for p in report.predictions if p.verdict == "reject" and p.tier == 1}
    assert bool(refusing) is wrong
    assert report.ok is not wrong
    assert rules(report, Severity.ERROR) == ({"hostname.address-before-1-2"} if wrong else set())


@pytest.mark.parametrize("runtime", ["1.1", *CERTD])
def test_a_host_name_in_upper_case_is_written_so_from_1_3_on(runtime: str) -> None:
    report = predicted(stock.stock_11("rsa"), runtime, hostname="GW.Local")
    assert report.ok
    told = "hostname.upper-case-in-configuration" in rules(report)
    assert told is (runtime not in ("1.1", "1.2"))


@pytest.mark.parametrize("runtime", ["1.1", *CERTD])
def test_name_constraints_that_leave_out_edgehub_are_named(runtime: str) -> None:
    """The runtime always adds its module's name, which the plant's domain does not permit."""
    constraint = name_constraints({"dns": ["local"]})
    report = predicted(stock.stock_11("rsa").with_extension("intermediate", constraint), runtime)
    assert report.valid is False
    found = [f for f in report.findings if f.rule.id == "path.name-constraints"]
    module = {"1.1": "edgehub", "1.2": "edgehub", "1.3": "$edgeHub"}.get(runtime, "edgeHub")
    assert len(found) == 1
    assert module in found[0].message
    assert not any(p.verdict == "accept" for p in report.predictions if p.tier == 1)


def test_a_runtime_that_writes_no_alternative_names_is_what_has_to_change() -> None:
    """Nobody can have its server certificate reissued."""
    report = predicted(stock.stock_11("rsa"), "1.0.5")
    (error,) = [f for f in report.findings if f.severity is Severity.ERROR]
    assert error.rule.id == "hostname.cn-only"
    assert error.object is not None
    assert (error.object.kind, error.object.subject) == ("configuration", "runtime")
    assert "from 1.0.6 on" in (error.remedy or "")


def test_the_device_ca_is_what_has_to_change_for_a_curve_that_1_1_takes_over() -> None:
    """All keys below it are on its curve; one act closes all of it."""
    report = predicted(stock.stock_11("ec").change("device_ca", key="secp256k1-1"), "1.1")
    curves = [f for f in report.findings if f.rule.id == "algorithm.curve"]
    device_ca = report.hierarchy.device_ca
    assert device_ca is not None
    assert [f.object.subject for f in curves if f.object] == [device_ca.sha256] * 3
    assert not report.ok


def test_the_root_is_missing_from_a_device_ca_file_for_1_1_alone() -> None:
    gateway = stock.stock_11("rsa")
    file, trust = pem(*gateway.presented("device_ca", "intermediate")), pem(*gateway.trust())
    old = edgecheck.predict(file, HOSTNAME, "1.1", trust, stock.NOW)
    new = edgecheck.predict(file, HOSTNAME, "1.5", trust, stock.NOW)
    assert rules(old) == {"chain.device-ca-file-without-root"}
    assert rules(new) == set()


def test_a_device_ca_file_without_issuers_breaks_off() -> None:
    gateway = stock.stock_11("rsa")
    report = edgecheck.predict(
        pem(*gateway.presented("device_ca")), HOSTNAME, "1.5", pem(*gateway.trust()), stock.NOW
    )
    assert rules(report, Severity.ERROR) == {"chain.missing-issuer"}
    assert says(report, OPENSSL) == "20: unable to get local issuer certificate"


@pytest.mark.parametrize("profile", ["path", "rfc5280", "web-pki"])
@pytest.mark.parametrize("runtime", ["1.1", "1.2", "1.5"])
def test_no_finding_speaks_of_the_signature_that_is_not_there(runtime: str, profile: str) -> None:
    """Nor of keys: whatever is said of a synthetic certificate, the runtime's own has too."""
    gateway = stock.stock_11("rsa")
    report = predicted(gateway, runtime, profile=profile)
    quick = edgecheck.predict(
        (), HOSTNAME, runtime, at=stock.NOW, device_id="edge-7", profile=profile
    )
    for each in (report, quick):
        marks = {certificate.sha256 for certificate in each.synthetic}
        about = [f for f in each.findings if marks & set(f.certificates)]
        told = [f.message for f in about if "signature" in f.message.lower()]
        assert told == []
        families = {f.rule.id.partition(".")[0] for f in about}
        assert "algorithm" not in families


def test_a_device_ca_that_was_revoked_is_told_before_anything_is_issued_from_it() -> None:
    """Lists of revoked certificates count as in any other report."""
    folder = REPO / "fixtures" / "path" / "revoked"
    chain = edgecheck.check((folder / "chain.pem").read_bytes(), at=stock.NOW)
    file = [c for c in chain.hierarchy.sequence if c is not chain.hierarchy.server]
    report = edgecheck.predict(
        file,
        HOSTNAME,
        "1.5",
        (folder / "trust.pem").read_bytes(),
        stock.NOW,
        crls=(folder / "crl.pem").read_bytes(),
    )
    assert report.synthetic
    assert rules(report, Severity.ERROR) == {"path.revoked"}
