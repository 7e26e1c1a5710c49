"""Hosts and ports as people write them."""

from __future__ import annotations

import pytest

from edgecheck.adapters.files import Refused
from edgecheck.commands.targets import PORTS, target, targets


@pytest.mark.parametrize(
    ("text", "host", "ports", "shown"),
    [
        ("gw", "gw", PORTS, "gw"),
        (" IoTEdgeGW.local:8883 ", "IoTEdgeGW.local", (8883,), "IoTEdgeGW.local:8883"),
        ("10.0.0.7:443", "10.0.0.7", (443,), "10.0.0.7:443"),
        ("::1", "::1", PORTS, "::1"),
        ("[::1]", "::1", PORTS, "::1"),
        ("[2001:db8::7]:5671", "2001:db8::7", (5671,), "[2001:db8::7]:5671"),
        ("fe80::1%eth0", "fe80::1%eth0", PORTS, "fe80::1%eth0"),
        ("gw:65535", "gw", (65535,), "gw:65535"),
        ("gw:1", "gw", (1,), "gw:1"),
        ("b\u00fccher.example", "b\u00fccher.example", PORTS, "b\u00fccher.example"),
    ],
)
def test_a_host_with_and_without_a_port(
    text: str, host: str, ports: tuple[int, ...], shown: str
) -> None:
    """In the case in which it was written, which some clients do not overlook."""
    found = target(text)
    assert (found.host, found.ports, found.shown) == (host, ports, shown)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("mqtts://gw:8883/topic", "is a URL; write gw:8883"),
        ("https://user:word@gw", "is a URL; write"),
        ("gw:65536", "from 1 to 65535"),
        ("gw:-1", "from 1 to 65535"),
        ("gw:\u0663", "from 1 to 65535"),
        ("gw:", "from 1 to 65535"),
        ("", "an empty name is no host"),
        (":8883", "is no host"),
        ("[::1", "is no host"),
        ("[::1]8883", "is no host"),
        ("-gw", "is no host"),
        ("user@gw", "is no host"),
        ("gw\x1b[31m", "is no host"),
        ("x" * 300, "is no host"),
    ],
)
def test_what_is_none_says_what_to_write(text: str, words: str) -> None:
    with pytest.raises(Refused) as refused:
        target(text)
    assert words in str(refused.value)
    assert "\x1b" not in str(refused.value)


def test_a_password_in_a_url_is_not_repeated() -> None:
    with pytest.raises(Refused) as refused:
        target("https://user:long-password@gw:8883/")
    assert "long-password" not in str(refused.value)
    assert "write gw:8883" in str(refused.value)


def test_a_file_names_each_once_and_its_lines() -> None:
    """Remarks and empty lines are passed over; what is wrong is told with its line."""
    text = "gw:1\n\n# all of plant 7\n  gw:2  # the second\r\ngw:1\n"
    assert [each.shown for each in targets(text, "hosts")] == ["gw:1", "gw:2"]
    with pytest.raises(Refused, match="hosts, line 3: gw:x"):
        targets("gw\n\ngw:x\n", "hosts")
