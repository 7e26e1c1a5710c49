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
