"""What makes a runtime make nothing: a finding says why, and there is no chain."""

from __future__ import annotations

from datetime import timedelta

import pytest

import edgecheck
from edgecheck import Device, Report
from edgecheck.settings import KeyFacts
from fixtures import stock
from fixtures.demo import demo_identity, demo_scripts
from fixtures.gateway import Gateway
from fixtures.pki import pem
from fixtures.stock import HOSTNAME, NOW
from tests.predicting.made import predicted

EACH = ("1.0", "1.1", "1.2", "1.3", "1.5", "1.6")
LONG = "g" * 59 + ".local"  # 65 octets


def refused(report: Report) -> set[str]:
    """The rules that say why nothing is made; and what follows from that holds."""
    assert report.synthetic == ()
    assert report.ok is False
    assert report.hierarchy.server is None
    told = report.to_dict(predictions=False)["hierarchy"]["predicted"]
    assert told["synthetic"] == []
    errors = {finding.id: finding.rule.id for finding in report.findings}
    assert told["refused"]
    assert set(told["because"]) == {errors[id] for id in told["refused"]}
    text = report.to_text(width=160)
    assert "makes no usable chain of it" in text
    return {errors[id] for id in told["refused"]}


@pytest.mark.parametrize("runtime", EACH)
def test_a_host_name_that_is_no_common_name_any_more_is_refused(runtime: str) -> None:
    """64 octets are taken, 65 are not."""
    gateway = stock.stock_11("ec")
    assert refused(predicted(gateway, runtime, hostname=LONG)) == {"hostname.too-long"}
    assert predicted(gateway, runtime, hostname=LONG[1:]).synthetic


def ending(seconds: int) -> Gateway:
    end = NOW + timedelta(seconds=seconds)
    return stock.stock_11("ec").change("device_ca", not_after=end)


@pytest.mark.parametrize("runtime", EACH)
def test_a_device_ca_that_ends_in_five_minutes_issues_nothing(runtime: str) -> None:
    assert refused(predicted(ending(300), runtime)) == {"validity.ends-in-minutes"}
    assert predicted(ending(301), runtime).synthetic


@pytest.mark.parametrize("runtime", EACH)
def test_a_device_ca_that_has_ended_issues_nothing(runtime: str) -> None:
    assert refused(predicted(ending(-1), runtime)) == {"validity.expired"}


@pytest.mark.parametrize("runtime", EACH)
def test_only_1_1_needs_a_key_identifier_in_the_device_ca(runtime: str) -> None:
    gateway = stock.stock_11("ec").without_extension("device_ca", "subjectKeyIdentifier")
    report = predicted(gateway, runtime)
    if runtime in ("1.0", "1.1"):
        assert refused(report) == {"extension.no-subject-key-id"}
    else:
        assert report.synthetic
        assert report.ok


@pytest.mark.parametrize("runtime", ["1.1", "1.5"])
def test_a_key_that_cannot_sign_with_sha_256_signs_nothing(runtime: str) -> None:
    gateway = stock.stock_11("ec").change("device_ca", key="ed25519-1")
    assert refused(predicted(gateway, runtime)) == {"algorithm.key-kind"}


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        ({"encrypted": True}, "device.key-encrypted"),
        ({"readable_by": ["root"]}, "device.key-permissions"),
        ({"public_key": "00" * 32}, "device.key-mismatch"),
        ({"type": "Ed448"}, "device.key-kind"),
    ],
)
def test_a_private_key_that_does_not_serve_makes_nothing_of_use(facts: KeyFacts, rule: str) -> None:
    """As far as somebody told about it; a key that everybody can read is used."""
    gateway = stock.stock_11("ec")
    told = Device(keys={"edge_ca.pk": facts})
    assert refused(predicted(gateway, "1.5", device=told)) == {rule}
    readable = KeyFacts(mode=0o444, readable_by=["aziotks"], type="EC", curve="secp256r1")
    told = Device(keys={"edge_ca.pk": readable})
    assert predicted(gateway, "1.5", device=told).synthetic


@pytest.mark.parametrize(
    ("runtime", "bits", "rule"),
    [
        ("1.0.9", 64, "runtime.expires-after-2038"),
        ("1.1", 32, "runtime.expires-after-2038"),
        ("1.1", 64, None),
        ("1.2", 32, None),
    ],
)
def test_an_end_after_2038_stops_only_what_counts_in_32_bits(
    runtime: str, bits: int, rule: str | None
) -> None:
    gateway = stock.stock_11("rsa").change("device_ca", not_after=NOW.replace(year=2039))
    report = predicted(gateway, runtime, device=Device(time_t_bits=bits))
    if rule is None:
        assert report.synthetic
    else:
        assert refused(report) == {rule}


def test_an_end_after_2050_stops_1_1() -> None:
    gateway = stock.stock_11("rsa").change("device_ca", not_after=NOW.replace(year=2051))
    assert refused(predicted(gateway, "1.1")) == {"runtime.expires-after-2050"}
    assert predicted(gateway, "1.4").synthetic


def test_an_end_of_another_ca_stops_nothing_unless_it_is_parsed() -> None:
    """Only the first certificate of the file is, and the first of the trust bundle."""
    gateway = stock.stock_11("rsa").change("root", not_after=NOW.replace(year=2051))
    assert predicted(gateway, "1.1").synthetic
    bundle = Device(trust_bundle=pem(*gateway.trust()))
    assert refused(predicted(gateway, "1.1", device=bundle)) == {"runtime.expires-after-2050"}


def test_an_intermediate_that_has_ended_is_no_matter_of_the_runtime() -> None:
    """It issues all the same, and nobody takes it."""
    gateway = stock.stock_11("ec").change("intermediate", not_after=NOW - timedelta(days=1))
    report = predicted(gateway, "1.5")
    assert report.synthetic
    assert report.valid is False


@pytest.mark.parametrize("hostname", ["a\udcff", "a\x00b", "gw,DNS:x.local", "*.local", "ü.local"])
@pytest.mark.parametrize("runtime", EACH)
def test_an_odd_host_name_raises_nothing(hostname: str, runtime: str) -> None:
    report = predicted(stock.stock_11("ec"), runtime, hostname=hostname)
    assert report.to_json()
    assert report.to_text()


def test_more_than_a_host_name_is_the_callers_mistake() -> None:
    """A URL is refused as `check()` refuses it, before anything is predicted."""
    with pytest.raises(ValueError, match=r"^hostname: .*a URL; write 'gw\.local'"):
        predicted(stock.stock_11("ec"), "1.5", hostname="https://gw.local:8883")


@pytest.mark.parametrize("runtime", ["1.2", "1.3"])
def test_the_name_of_a_quickstart_ca_is_too_long_for_1_2_alone(runtime: str) -> None:
    """21 octets are `iotedged workload ca` and a space."""
    host = "g" * 44
    report = edgecheck.predict((), host, runtime, at=NOW, device_id="edge-7")
    if runtime == "1.2":
        assert refused(report) == {"edge.quickstart-name-too-long"}
    else:
        assert report.synthetic


def test_what_is_no_certificate_makes_no_chain_and_raises_nothing() -> None:
    report = edgecheck.predict(b"no certificate at all", HOSTNAME, "1.5", at=NOW)
    assert report.synthetic == ()
    assert report.ok is False
    assert "the chain that IoT Edge 1.5 will make is not predicted" in report.to_text()


def test_an_identity_certificate_as_device_ca_is_told_to_be_no_ca() -> None:
    """The runtime does not look, and issues from it."""
    gateway = demo_scripts("1.5").put("device_ca", demo_identity())
    report = edgecheck.predict(
        pem(*gateway.presented("device_ca", "intermediate", "root")),
        HOSTNAME,
        "1.5",
        pem(*gateway.trust()),
        NOW,
    )
    assert report.synthetic
    assert report.valid is False
    assert "ca.not-a-ca" in {finding.rule.id for finding in report.findings}


@pytest.mark.parametrize("argument", ["hostname", "runtime", "module"])
def test_a_mistake_in_the_call_names_the_argument(argument: str) -> None:
    said = {"hostname": HOSTNAME, "runtime": "1.5", "module": "$edgeHub"}
    ca = pem(*stock.stock_11("ec").presented("device_ca"))
    with pytest.raises(ValueError, match=f"^{argument}: "):
        edgecheck.predict(ca, **{**said, argument: ""})
    with pytest.raises(TypeError, match=f"^{argument}: expected a str"):
        edgecheck.predict(ca, **{**said, argument: 5})  # type: ignore[arg-type]


def test_an_unknown_runtime_lists_those_that_are_known() -> None:
    with pytest.raises(ValueError, match=r"known are 1\.0\.0 to 1\.0\.10, 1\.1\.0"):
        edgecheck.predict((), HOSTNAME, "1.7", at=NOW)
