"""Downstream devices with a certificate of their own: what edgeHub compares, and how exactly."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest

import edgecheck
from edgecheck import Device, Validation
from fixtures.identity.recipe import INTERMEDIATE, ROOT, device, self_signed
from fixtures.pki import Issued, pem
from fixtures.stock import NOW

BY_CA = {"device_id": "sensor-7", "authentication": "certificateAuthority"}
CN = ("identity.cn-is-not-device-id", "error")
THUMBPRINT = ("identity.thumbprint-mismatch", "error")


def said(
    *presented: Issued,
    registration: Any = None,
    runtime: str | None = "1.5",
    purpose: str = "client",
    trust: tuple[Issued, ...] = ROOT,
) -> list[tuple[str, str]]:
    """What this family says: rule and severity."""
    found = edgecheck.check(
        pem(*presented, comments=False),
        trust=pem(*trust, comments=False),
        at=NOW,
        device=Device(runtime=runtime, registration=registration),
        validation=Validation(purpose=purpose),
    ).findings
    return [(f.rule.id, f.severity.value) for f in found if f.rule.family == "identity"]


@pytest.mark.parametrize(
    ("name", "device_id", "fires"),
    [
        ("sensor-7", "sensor-7", False),
        ("sensor-7", "Sensor-7", True),
        ("sensor-7", "sensor-70", True),
        ("sensor-7.contoso.example", "sensor-7", True),
        ("pump:7", "pump:7", False),
        ("pump=7", "pump=7", True),
        ("pump,7", "pump,7", True),
    ],
)
def test_the_common_name_is_the_device_id(name: str, device_id: str, fires: bool) -> None:
    """Letter by letter."""
    registration = {**BY_CA, "device_id": device_id}
    found = said(device(name), INTERMEDIATE, registration=registration)
    assert found == ([CN] if fires else [])


@pytest.mark.parametrize(
    ("registration", "expected"),
    [
        ({"device_id": "other", "authentication": "selfSigned"}, []),
        (
            {"device_id": "other", "authentication": "sas"},
            [("identity.registered-otherwise", "error")],
        ),
        ({"device_id": "other"}, [(CN[0], "warning")]),
        ({"device_id": "other", "thumbprints": ["00"]}, [(THUMBPRINT[0], "warning")]),
        ({"authentication": "certificateAuthority"}, []),
    ],
)
def test_other_registrations_do_not_look_at_the_name(
    registration: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    """Where the kind is not known, it may be, unless there are thumbprints."""
    assert said(device(), INTERMEDIATE, registration=registration) == expected


def test_a_name_that_edge_hub_cannot_read_is_shown_as_it_reads_it() -> None:
    """It equals the id, and does not match all the same."""
    registration: Any = {**BY_CA, "device_id": "pump=7"}
    report = edgecheck.check(
        pem(device("pump=7"), INTERMEDIATE),
        trust=pem(*ROOT),
        at=NOW,
        device=Device(runtime="1.5", registration=registration),
        validation=Validation(purpose="client"),
    )
    (finding,) = report.findings
    assert finding.message.endswith('is "pump=7", which edgeHub reads as "pump')
    assert finding.evidence["found"] == '"pump'


def _digest(algorithm: str, ca: bool = False) -> str:
    return hashlib.new(algorithm, self_signed(ca).der).hexdigest()


@pytest.mark.parametrize(
    ("thumbprints", "fires"),
    [
        ([_digest("sha1")], False),
        (["00" * 20, _digest("sha1").upper()], False),
        ([":".join(_digest("sha1")[at : at + 2] for at in range(0, 40, 2))], False),
        ([_digest("sha256")], False),
        (["00" * 20], True),
        ([_digest("sha1")[:-1]], True),
        ([], True),
    ],
)
def test_one_of_the_thumbprints_is_the_certificates(thumbprints: list[str], fires: bool) -> None:
    """The primary or the secondary one, in whichever writing."""
    registration = {**BY_CA, "authentication": "selfSigned", "thumbprints": thumbprints}
    found = said(self_signed(), registration=registration, trust=(self_signed(),))
    assert found == ([THUMBPRINT] if fires else [])


def test_what_is_above_the_certificate_has_to_be_sent() -> None:
    """Unless its issuer is in the trust bundle; the missing issuer explains it."""
    alone = [("identity.chain-not-sent", "error")]
    assert said(device(), registration=BY_CA) == alone
    assert said(device(), registration=BY_CA, trust=(INTERMEDIATE, *ROOT)) == []
    assert said(device(), INTERMEDIATE, registration=BY_CA) == []
    by_thumbprint = {**BY_CA, "authentication": "selfSigned"}
    assert said(device(), registration=by_thumbprint) == []


@pytest.mark.parametrize(
    ("registration", "severity"),
    [
        ({"authentication": "certificateAuthority"}, "error"),
        ({"device_id": "sensor-7"}, "warning"),
        (None, "warning"),
        ({"authentication": "selfSigned"}, None),
        ({"thumbprints": [_digest("sha1", ca=True)]}, None),
        ({"authentication": "selfSigned", "thumbprints": [_digest("sha256", ca=True)]}, None),
    ],
)
def test_a_ca_does_not_log_in_where_a_ca_is_registered(
    registration: Any, severity: str | None
) -> None:
    """Of thumbprints edgeHub looks at dates alone (ValidateThumbprintAuth); unknown, it may."""
    ca = self_signed(ca=True)
    found = said(ca, registration=registration, trust=(ca,))
    assert found == ([("identity.is-a-ca", severity)] if severity else [])


def test_what_is_no_ca_may_log_in() -> None:
    """CA:FALSE, or nothing said of it."""
    assert said(self_signed(), registration=None, trust=(self_signed(),)) == []


@pytest.mark.parametrize("certificate", [self_signed(), self_signed(ca=True), device()])
def test_a_registered_thumbprint_needs_no_ca(certificate: Issued) -> None:
    """EdgeHub knows the certificate itself: no issuer, no trust bundle, no chain."""
    for digest in ("sha1", "sha256"):
        thumbprint = hashlib.new(digest, certificate.der).hexdigest()
        registration: Any = {"authentication": "selfSigned", "thumbprints": ["00", thumbprint]}
        for trust in (ROOT, ()):
            report = edgecheck.check(
                pem(certificate),
                trust=pem(*trust) if trust else (),
                at=NOW,
                device=Device(runtime="1.5", registration=registration),
                validation=Validation(purpose="client"),
            )
            assert report.valid is True
            assert [f for f in report.findings if f.severity == "error"] == []
            expired = edgecheck.check(
                pem(certificate),
                at=NOW + timedelta(days=9000),
                device=Device(runtime="1.5", registration=registration),
                validation=Validation(purpose="client"),
            )
            assert "validity.expired" in {f.rule.id for f in expired.findings}
            assert not expired.ok


def test_a_thumbprint_that_is_not_registered_explains_what_the_chain_lacks() -> None:
    """One fault: with the right thumbprint nobody would have asked for a CA."""
    registration: Any = {"authentication": "selfSigned", "thumbprints": ["00"]}
    report = edgecheck.check(
        pem(device(), INTERMEDIATE),
        trust=pem(self_signed()),
        at=NOW,
        device=Device(runtime="1.5", registration=registration),
        validation=Validation(purpose="client"),
    )
    assert [f.rule.id for f in report.findings if not f.caused_by] == [THUMBPRINT[0]]
    assert "chain.missing-issuer" in {f.rule.id for f in report.findings if f.caused_by}


def test_thumbprints_are_of_devices() -> None:
    """A gateway's certificate is not trusted for one that is told beside it."""
    registration: Any = {
        "authentication": "selfSigned",
        "thumbprints": [hashlib.sha1(device().der).hexdigest()],
    }
    report = edgecheck.check(
        pem(device()), at=NOW, device=Device(runtime="1.5", registration=registration)
    )
    assert report.expected.trust == ()


@pytest.mark.parametrize(
    ("registration", "told"),
    [
        ({"authentication": "sas"}, 'registered with "sas"'),
        ({"authentication": "tpm"}, 'registered with "tpm"'),
        ({"authentication": "certificateAuthority", "status": "disabled"}, '"disabled"'),
        ({"status": "disabled"}, '"disabled"'),
        (
            {"authentication": "certificateAuthority", "module_id": "pump"},
            'the module "pump" that presents "sensor-7" cannot log in with it',
        ),
        ({"authentication": "certificateAuthority", "module_id": ""}, None),
        ({"status": "enabled"}, None),
        ({}, None),
    ],
)
def test_only_some_registrations_let_certificates_log_in(
    registration: Any, told: str | None
) -> None:
    """Those with X.509, of devices that are enabled."""
    report = edgecheck.check(
        pem(device(), INTERMEDIATE),
        trust=pem(*ROOT),
        at=NOW,
        device=Device(runtime="1.5", registration=registration),
        validation=Validation(purpose="client"),
    )
    messages = [f.message for f in report.findings]
    assert bool(told) == bool(messages)
    assert all(str(told) in message for message in messages)


@pytest.mark.parametrize(
    ("runtime", "severity"),
    [("1.0.5", None), ("1.0.6", "error"), ("1.6", "error"), (None, "error")],
)
def test_certificates_came_with_1_0_6(runtime: str | None, severity: str | None) -> None:
    """Before, edgeHub knew no device by its certificate."""
    for registration, presented, trust in (
        ({**BY_CA, "device_id": "x"}, (device(), INTERMEDIATE), ROOT),
        ({"authentication": "selfSigned", "thumbprints": []}, (self_signed(),), (self_signed(),)),
        (BY_CA, (device(),), ROOT),
        (
            {"authentication": "certificateAuthority"},
            (self_signed(ca=True),),
            (self_signed(ca=True),),
        ),
        ({"authentication": "sas"}, (device(), INTERMEDIATE), ROOT),
    ):
        found = said(*presented, registration=registration, trust=trust, runtime=runtime)
        assert [one for _, one in found] == ([severity] if severity else [])


def test_a_gateways_own_certificate_is_no_devices() -> None:
    """For purpose "server" nothing of this is looked at."""
    wrong = {**BY_CA, "device_id": "other", "thumbprints": []}
    assert said(device(), registration=wrong, purpose="server") == []


def test_without_a_registration_nothing_is_decided() -> None:
    """Not even for a device."""
    report = edgecheck.check(
        pem(device("x")), at=NOW, trust=pem(*ROOT), validation=Validation(purpose="client")
    )
    rules = {rule.id for rule in edgecheck.BUILT_IN if rule.family == "identity"}
    rules -= {"identity.is-a-ca"}  # which only needs to know what was presented
    assert rules <= {undecided.rule for undecided in report.undecided}


def test_a_devices_certificate_is_called_so() -> None:
    """Not a hub's, and what concerns a gateway's alone is not said of it."""
    report = edgecheck.check(
        pem(device()), at=NOW, trust=pem(*ROOT), validation=Validation(purpose="client")
    )
    (missing,) = (f for f in report.findings if f.rule.id == "chain.missing-issuer")
    assert 'the device\'s certificate "sensor-7"' in missing.message
    found = edgecheck.check(
        pem(device(), INTERMEDIATE),
        at=NOW,
        trust=pem(*ROOT),
        device=Device(runtime="1.5"),
        validation=Validation(purpose="client"),
    ).findings
    assert found == ()
