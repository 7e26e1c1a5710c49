"""Downstream devices with a certificate of their own: what edgeHub compares, and how exactly."""

from __future__ import annotations

import hashlib
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
        ({"device_id": "other", "authentication": "sas"}, []),
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


def _digest(algorithm: str) -> str:
    return hashlib.new(algorithm, self_signed().der).hexdigest()


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


def test_a_ca_does_not_log_in() -> None:
    """By neither kind of registration."""
    ca = self_signed(ca=True)
    for kind in ("certificateAuthority", "selfSigned"):
        found = said(ca, registration={"authentication": kind}, trust=(ca,))
        assert found == [("identity.is-a-ca", "error")]
    assert said(ca, registration={"authentication": "sas"}, trust=(ca,)) == []
    assert said(self_signed(), registration={}, trust=(self_signed(),)) == []


@pytest.mark.parametrize(
    ("runtime", "severity"),
    [("1.0.5", None), ("1.0.6", "error"), ("1.6", "error"), (None, "warning")],
)
def test_certificates_came_with_1_0_6(runtime: str | None, severity: str | None) -> None:
    """Before, edgeHub knew no device by its certificate."""
    for registration, presented, trust in (
        ({**BY_CA, "device_id": "x"}, (device(), INTERMEDIATE), ROOT),
        ({"authentication": "selfSigned", "thumbprints": []}, (self_signed(),), (self_signed(),)),
        (BY_CA, (device(),), ROOT),
        ({"authentication": "selfSigned"}, (self_signed(ca=True),), (self_signed(ca=True),)),
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
