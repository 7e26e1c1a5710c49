"""What is replaced in texts, in which forms, and what stays because it tells nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

import edgecheck
from edgecheck import Device, Source
from edgecheck.reporting.redacting.redaction import Redaction
from fixtures.pki import pem
from fixtures.stock import NOW, stock_11, stock_15

KNOWN = (
    "Gateway.Contoso.example",
    "gateway",
    "Contoso, Ltd.",
    "Line 4",
    "10.1.2.3",
    "2001:db8:7::1",
    "192.168.7.9",
    "/home/alice/gw-7.pem",
    "münchen.example",
    "x" * 70,
    "aabbccddeeff0011" * 4,
)


@pytest.fixture
def redact() -> Redaction:
    made = Redaction()
    for value in KNOWN:
        made.know(value)
    made.digits.know("1f4add5", "32812501")
    made.identifiers.know("1.3.6.1.4.1.55555.1")
    made.identifiers.know("1.3.6.1.5.5.7.3.1")
    return made


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('"GATEWAY.contoso.example"', '"NAME1.name2.example"'),
        ("not for *.Contoso.Example", "not for *.Name1.Example"),
        ("gateway.contoso.example.", "name1.name2.example."),
        ("the gateway presents it", "the gateway presents it"),
        ('the name "gateway"', 'the name "name1"'),
        ("CN=gateway, O=Contoso\\, Ltd.", "CN=name1, O=Name2\\, Name3."),
        ("DNS:gateway", "DNS:name1"),
        ("line 4 of the file", "line 4 of the file"),
        ("10.1.2.3 and 10.1.2.3:8883", "10.0.0.1 and 10.0.0.1:8883"),
        ("IoT Edge 1.0.10.4", "IoT Edge 1.0.10.4"),
        ("http://192.168.7.9/ca.crl", "http://192.168.0.1/ca.crl"),
        ("2001:DB8:7:0:0:0:0:1", "2001:db8::1"),
        ("::1 is 127.0.0.1 is localhost", "::1 is 127.0.0.1 is localhost"),
        ("2026-11-23T12:00:00Z", "2026-11-23T12:00:00Z"),
        ("serial number 32812501", "serial number 50000001"),
        ("serial number 0x1F4ADD5", "serial number 0x5000001"),
        ("1.3.6.1.4.1.55555.1", "2.999.1"),
        ("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.1"),
    ],
)
def test_values_are_replaced_where_values_stand(text: str, wanted: str, redact: Redaction) -> None:
    """A word of ours stays in a sentence, and is a name in quotes, behind a sign, or alone."""
    assert redact(text) == wanted
    assert redact.own(text) == wanted


def test_the_start_of_a_digest_is_the_start_of_its_pseudonym(redact: Redaction) -> None:
    whole = redact("aabbccddeeff0011" * 4)
    assert len(whole) == 64
    assert set(whole) <= set("0123456789abcdef")
    assert redact("sha256 AA:BB:CC:DD…") == f"sha256 {pairs(whole)[:11].upper()}…"
    assert redact("aabbccddeeff...") == f"{whole[:12]}..."
    assert redact("ca.not-a-ca@aabbccddeeff") == f"ca.not-a-ca@{whole[:12]}"


def pairs(digits: str) -> str:
    return ":".join(digits[at : at + 2] for at in range(0, len(digits), 2))


def test_a_name_that_was_cut_is_the_start_of_its_pseudonym(redact: Redaction) -> None:
    made = redact.strict("x" * 70)
    assert len(made) == 70
    assert redact(f'"{"x" * 30}... (70 characters)"') == f'"{made[:30]}... (70 characters)"'


def test_a_word_that_no_sentence_of_ours_has_is_replaced_in_what_others_may_have_written(
    redact: Redaction,
) -> None:
    """As in what a transcript lists; edgecheck's own sentences are known and stay."""
    assert redact('it lists "CN=Rosenbaum"') == 'it lists "CN=Name1"'
    assert redact.own("kubectl get Rosenbaum") == "kubectl get Rosenbaum"


def test_what_stays_in_names(redact: Redaction) -> None:
    """The runtime's words, those of tools for tests, of Azure, and domains of nobody."""
    for name in (
        "iotedged workload ca",
        "Test Edge Device CA",
        "Azure_IoT_Hub_CA_Cert_Test_Only",
        "localhost",
        "*.azure-devices.net",
        "$edgeHub",
        "aziot-edge CA",
    ):
        assert redact.strict(name) == name


@given(st.text(st.characters(exclude_characters="\\"), max_size=60))
def test_a_text_that_was_redacted_stays_as_it_is(text: str) -> None:
    r"""What is told comes by more than once: a name within a line, a line within a report.

    Of a backslash it cannot be told whether it begins an escape: `\name1` begins with one.
    """
    made = Redaction()
    made.know(text)
    for function in (made, made.own):
        once = function(text)
        assert function(once) == once
    once = made.strict(text)
    assert made.strict(once) == once


@given(st.text(max_size=60), st.text(max_size=60))
def test_signs_stay_and_words_that_are_known_go(one: str, other: str) -> None:
    made = Redaction()
    made.know(one)
    told = made(one + " " + other)
    signs = [sign for sign in one + other if not (sign.isalnum() or sign in ".…:%")]
    assert [sign for sign in told if not (sign.isalnum() or sign in ".…:% ")] == [
        sign for sign in signs if sign != " "
    ]


# --- whole reports ------------------------------------------------------------------------------


def report(**arguments: object) -> edgecheck.Report:
    presented = [Source("/home/alice/Rosenbaum.pem", pem(*stock_15("ec").presented()))]
    return edgecheck.check(presented, at=NOW, **arguments)  # type: ignore[arg-type]


DEVICES: dict[str, tuple[Callable[[], Device], str]] = {
    "id": (lambda: Device(device_id="Rosenbaum-7"), "rosenbaum"),
    "machine": (lambda: Device(machine_name="rosenbaum"), "rosenbaum"),
    "parent": (lambda: Device(parent_hostname="rosenbaum.local"), "rosenbaum"),
    "gateway host names": (lambda: Device(gateway_host_names=("rosenbaum",)), "rosenbaum"),
    "hub": (lambda: Device(provisioning={"iothub_hostname": "rosenbaum.azure-devices.net"}),
            "rosenbaum"),
    "scope": (lambda: Device(provisioning={"source": "dps", "id_scope": "0ne00ABCDEF"}),
              "0ne00abcdef"),
    "string": (lambda: Device(connection_strings=(
        {"host_name": "h.azure-devices.net", "device_id": "Rosenbaum", "gateway_host_name": "g"},)),
        "rosenbaum"),
    "registration": (lambda: Device(registration={"thumbprints": ["ab" * 20]}), "abab"),
    "key": (lambda: Device(keys={"edge_ca.pk": {"path": "/etc/rosenbaum.key", "owner": "alice"}}),
            "rosenbaum"),
    "file": (lambda: Device(configuration_files={"/srv/rosenbaum/config.toml": {}}), "rosenbaum"),
    "unknown setting": (lambda: Device(configuration_files={
        "/etc/aziot/config.toml": {"unknown": ["rosenbaum"]}}), "rosenbaum"),
    "est": (lambda: Device(cert_issuance={"est": {"urls": {"rosenbaum": "https://est.r.example"},
                                                  "username": "rosenbaum"}}), "rosenbaum"),
    "pin": (lambda: Device(edge_ca={"pk": "pkcs11:token=rosenbaum;object=ca?pin-value=4711"}),
            "rosenbaum"),
}  # fmt: skip


@pytest.mark.parametrize("name", DEVICES)
def test_what_was_said_of_the_gateway_is_in_no_redacted_report(name: str) -> None:
    device, telling = DEVICES[name]
    about = report(device=device(), hostname="rosenbaum.example")
    assert telling in about.to_json().lower(), "it would be there otherwise"
    assert telling not in about.to_json(redact=True).lower()
    assert telling not in about.to_text(redact=True, verbose=True).lower()
    assert "alice" not in about.to_json(redact=True) + about.to_text(redact=True, verbose=True)


def test_settings_stay_readable() -> None:
    """What a setting says in words of the runtime tells nothing, and is needed."""
    device = Device(
        hostname="Rosenbaum",
        provisioning={"source": "dps", "attestation": {"method": "x509"}},
        keys={"edge_ca.pk": {"form": "PKCS#11", "type": "RSA", "bits": 2048, "owner": "aziotks"}},
        trust_bundle_cert="file:///etc/aziot/certificates/root.pem",
        configuration_files={"/etc/aziot/config.toml": {"later": {"edge_ca": "1.2"}}},
    )
    told = report(device=device).to_dict(redact=True)["expected"]["device"]
    assert told["provisioning"] == {"source": "dps", "attestation": {"method": "x509"}}
    assert told["keys"] == {
        "edge_ca.pk": {"form": "PKCS#11", "type": "RSA", "bits": 2048, "owner": "aziotks"}
    }
    assert told["trust_bundle_cert"] == "file:///etc/aziot/certificates/root.pem"
    assert told["configuration_files"] == {"/etc/aziot/config.toml": {"later": {"edge_ca": "1.2"}}}
    assert told["hostname"].startswith("Name")


def test_file_names_keep_their_folders_and_their_ending() -> None:
    (first, *_) = report().to_dict(redact=True)["certificates"]
    parts = first["origin"]["source"].split("/")
    assert parts[:2] == ["", "home"]
    assert "alice" not in parts
    assert len(parts) == 4
    assert parts[3].endswith(".pem")


def test_a_name_of_sentences_does_not_make_them_unreadable() -> None:
    """Who calls a gateway `certificate` or `the` still reads what is wrong."""
    told = report(hostname="certificate").to_dict(redact=True)
    plain = report(hostname="certificate").to_dict()
    assert [f["rule"] for f in told["findings"]] == [f["rule"] for f in plain["findings"]]
    (finding,) = [f for f in told["findings"] if f["rule"] == "hostname.not-in-san"]
    assert "the server certificate is for" in finding["message"]


def test_reports_that_are_told_together_share_their_pseudonyms() -> None:
    """Else one name would be two in what is posted, and two names one."""
    one = edgecheck.check(pem(*stock_11("ec").presented()), "a.rosenbaum.example", at=NOW)
    other = edgecheck.check(pem(*stock_11("ec").presented()), "b.rosenbaum.example", at=NOW)
    redaction = Redaction.of(one, other)
    first = redaction.strict("a.rosenbaum.example").split(".")
    second = redaction.strict("b.rosenbaum.example").split(".")
    assert first[1:] == second[1:]
    assert first[0] != second[0]


def test_a_report_is_not_changed_by_being_redacted() -> None:
    about = report(hostname="rosenbaum.example")
    before = about.to_json(), about.to_text()
    about.to_json(redact=True)
    about.to_text(redact=True)
    assert (about.to_json(), about.to_text()) == before
