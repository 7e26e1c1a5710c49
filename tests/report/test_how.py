"""What to do first, in the words of the violation where act and object alone do not say it."""

from __future__ import annotations

import pytest

import edgecheck
from edgecheck.report.acts import Repair, repairs
from edgecheck.rules.input.obstacles import HOW, REMEDIES
from fixtures.expected import FIXTURES, read


def first_words(name: str) -> dict[str, str]:
    """The words of every act for a fixture, by the first rule that it repairs."""
    report: edgecheck.Report = read(FIXTURES / name).check()
    made: tuple[Repair, ...] = repairs(report.findings)
    return {repair.findings[0].rule.id: repair.words for repair in made}


@pytest.mark.parametrize(
    ("name", "rule", "words"),
    [
        (  # either side's name can be mistyped
            "hostname/not-in-san",
            "hostname.not-in-san",
            "use one name on both sides: `hostname` of the gateway, and GatewayHostName of the "
            "device",
        ),
        (
            "hostname/ip-address",
            "hostname.ip-address",
            "use one DNS name on both sides: `hostname` of the gateway, and GatewayHostName of the "
            "device",
        ),
        (  # 1.1, whose containers make everything anew when the daemon starts
            "edge/former-device-ca--another-name",
            "edge.former-device-ca",
            "restart the gateway's daemon",
        ),
        (
            "edge/former-device-ca",
            "edge.former-device-ca",
            "apply the gateway's configuration and restart edgeHub",
        ),
        (  # neither file is known to be the wrong one
            "device/key-mismatch",
            "device.key-mismatch",
            "put a key and a certificate of one pair in place (either file can be the wrong one)",
        ),
        (
            "naming/device-ca-cn-is-hostname",
            "naming.device-ca-cn-is-hostname",
            'reissue the device CA "iotedgegw.local" with another common name, such as '
            "<hostname>.ca",
        ),
    ],
)
def test_what_to_do_first_says_how(name: str, rule: str, words: str) -> None:
    assert first_words(name)[rule] == words


@pytest.mark.parametrize("name", ["ca/path-length-exceeded", "ca/path-length-for-workload-ca"])
def test_a_ca_is_reissued_with_room_for_those_below(name: str) -> None:
    (words,) = (words for rule, words in first_words(name).items() if "path-length" in rule)
    assert words.startswith("reissue the ")
    assert " without a path length, or with at least " in words


def test_every_obstacle_to_a_capture_says_what_to_do_before_the_next() -> None:
    assert HOW.keys() == REMEDIES.keys()
    assert all(how.count("{}") == 1 for how in HOW.values())


def exactly(name: str) -> dict[str, str]:
    """The sentence beside the words of every act for a fixture, by the first rule."""
    report: edgecheck.Report = read(FIXTURES / name).check()
    return {repair.findings[0].rule.id: repair.exactly for repair in repairs(report.findings)}


@pytest.mark.parametrize(
    ("name", "rule", "sentence"),
    [
        (  # the runtime puts its own certificates before those of the device CA file
            "chain/wrong-order",
            "chain.wrong-order",
            'Order the file from the bottom up: "iotedgegw device CA", then "Contoso Plant 7 '
            'Intermediate CA".',
        ),
        (
            "trust/root-not-trusted",
            "trust.root-not-trusted",
            "Give the client this root as its trusted CA certificate: the SDK's option, the "
            "connection's CA file, or the system's store.",
        ),
        (  # its commands stand further down
            "input/other-label",
            "input.other-label",
            "Write each certificate under its usual label: see below.",
        ),
        ("input/missing-begin", "input.missing-begin", ""),  # the line to be added stands below
        ("ca/not-a-ca", "ca.not-a-ca", ""),  # "reissue the device CA" says it
        ("hostname/not-in-san", "hostname.not-in-san", ""),  # "use one name on both sides", too
    ],
)
def test_where_the_words_name_a_file_alone_a_sentence_says_what_to_do_to_it(
    name: str, rule: str, sentence: str
) -> None:
    assert exactly(name)[rule] == sentence


def test_the_first_screen_says_what_to_do_to_the_file_and_what_to_run_then() -> None:
    """In this order, in one line; "change the device CA file" alone helps nobody at night."""
    text = read(FIXTURES / "chain/wrong-order").check().to_text()
    first = " ".join(text.partition("do first:")[2].partition("\n\n")[0].split())
    assert first.endswith(
        'closes 1 warning. Order the file from the bottom up: "iotedgegw device CA", then '
        '"Contoso Plant 7 Intermediate CA". Then run `sudo systemctl restart iotedge`'
    )


def test_what_is_to_be_run_is_told_once() -> None:
    """Here the sentence is the command itself."""
    text = read(FIXTURES / "configuration/not-applied").check().to_text()
    assert text.partition("do first:")[2].partition("\n\n")[0].count("config apply`") == 1
