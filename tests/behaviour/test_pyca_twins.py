"""Twins of certificates: cryptography's own verifier says of them what it says of the originals."""

from __future__ import annotations

import pytest
from cryptography import x509
from cryptography.x509.verification import VerificationError

import edgecheck
from edgecheck.behaviour.pyca import chain
from edgecheck.behaviour.pyca.chain import has_synthetic
from edgecheck.behaviour.pyca.twins import twins
from edgecheck.behaviour.view import View
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.loading import load
from fixtures import stock
from fixtures.gateway import Gateway
from fixtures.pki import basic_constraints, flip_signature_bit
from fixtures.stock import HOSTNAME, NOW
from tests.predicting.made import predicted

pytestmark = pytest.mark.filterwarnings("ignore:Parsed a serial number which wasn't positive")


def view(gateway: Gateway) -> View:
    def read(data: bytes) -> Certificate:
        made = load(data)
        assert isinstance(made, Certificate)
        return made

    presented = tuple(read(issued.der) for issued in gateway.presented())
    trust = tuple(read(issued.der) for issued in gateway.trust())
    return View(presented, trust, HOSTNAME, int(NOW.timestamp()), presented[0], {})


def said(shown: View) -> str:
    try:
        return f"{len(chain.verified(shown, x509.DNSName(HOSTNAME)))} certificates"
    except VerificationError as wrong:
        return str(wrong).partition(" (encountered")[0]


def broken(gateway: Gateway, role: str) -> Gateway:
    return gateway.change(role, damage=flip_signature_bit)


CASES = {
    "rsa": stock.stock_11("rsa"),
    "ec": stock.stock_15("ec"),
    "without identifiers": stock.stock_12("rsa"),
    "path length": stock.stock_11("rsa").with_extension("device_ca", basic_constraints(True, 0)),
    "short key": stock.stock_15("rsa").change("intermediate", key="rsa1024-1"),
    "SHA-1": stock.stock_15("rsa").change("device_ca", signature="sha1_rsa"),
    "signature of the device CA": broken(stock.stock_15("rsa"), "device_ca"),
    "signature of the server": broken(stock.stock_15("ec"), "server"),
    "Ed25519": stock.stock_15("rsa").change("device_ca", key="ed25519-1"),
}


@pytest.mark.parametrize("case", CASES)
def test_twins_are_judged_as_the_originals(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = view(CASES[case])
    original = said(shown)
    monkeypatch.setattr(chain, "has_synthetic", lambda view: True)
    assert said(shown) == original


def test_a_twin_has_another_key_and_signature_and_the_same_rest() -> None:
    shown = view(stock.stock_15("rsa"))
    for original in shown.presented:
        twin = load(twins(shown)[original.der])
        assert isinstance(twin, Certificate)
        assert twin.spki != original.spki
        assert twin.extensions == original.extensions
        assert (twin.subject_raw, twin.serial) == (original.subject_raw, original.serial)


def test_only_where_something_is_synthetic_there_are_twins() -> None:
    assert not has_synthetic(view(stock.stock_15("rsa")))
    report = predicted(stock.stock_15("rsa"), "1.5")
    own = next(p for p in report.predictions if p.client.startswith("cryptography"))
    assert own.verdict == "accept"


def test_the_verifier_refuses_what_is_predicted_below_a_damaged_ca() -> None:
    report = predicted(broken(stock.stock_15("rsa"), "device_ca"), "1.5")
    own = next(p for p in report.predictions if p.client.startswith("cryptography"))
    assert own.verdict == "reject"
    assert "signature does not match" in own.says
    assert isinstance(report, edgecheck.Report)
