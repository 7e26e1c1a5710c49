"""What is typed in the place of a host name: it is told what to write instead."""

import pytest

import edgecheck
from edgecheck.cli import main
from edgecheck.reading.hostnames import mistaken
from fixtures.pki import pem
from fixtures.stock import NOW, stock_15

MORE = {
    "https://gw:8883": ("a URL", "gw"),
    "mqtts://user:word@gw.plant.local:8883/topic?x=1": ("a URL", "gw.plant.local"),
    "https://[2001:db8::1]:8883/": ("a URL", "2001:db8::1"),
    "https://10.0.0.4/": ("a URL", "10.0.0.4"),
    "gw:8883": ("a host and a port", "gw"),
    "gw.plant.local:": ("a host and a port", "gw.plant.local"),
    "10.0.0.4:443": ("a host and a port", "10.0.0.4"),
    "[::1]:8883": ("a host and a port", "::1"),
    "gw 8883": ("a host and a port", "gw"),
    "gw:mqtt": ("a host and a port", ""),
    "user@gw": ("a user and a host", "gw"),
    "gw/": ("a host and a path", "gw"),
    "//gw/share": ("a host and a path", "gw"),
    "\\\\gw\\share": ("a host and a path", "gw"),
    "gw?x=1": ("a host and a path", "gw"),
    "10.0.0.0/8": ("a host and a path", "10.0.0.0"),
    " gw": ("a name with blanks around it", "gw"),
    "gw\n": ("a name with blanks around it", "gw"),
    "https://": ("a URL", ""),
    "gw..x:8883": ("a host and a port", ""),
}
NAMES = (
    *("gw", "gw.", "GW.Plant.Local", "gw_1", "*.plant.local", "10.0.0.4", "::1", "[::1]"),
    *("fe80::1%eth0", "2001:db8::1:8883", "2001:db8:::1", "\u5927\u9623.example", "my gateway"),
    *("gw..local", "-gw", "1.2.3.4.5", "CN=gw"),
)


@pytest.mark.parametrize("text", MORE)
def test_what_is_more_than_a_host_name_is_a_mistake_of_the_call(
    text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """In Python a ValueError that names the argument; on the command line status 2 and one line."""
    what, name = MORE[text]
    assert mistaken(text) == (what, name)
    with pytest.raises(ValueError) as raised:
        edgecheck.check(pem(*stock_15("ec").presented()), hostname=text, at=NOW)
    told = str(raised.value)
    assert told.startswith(f"hostname: expected a DNS name or an IP address, got {what}")
    assert told.endswith(f"; write {name!r}" if name else what)
    assert main(["check", "fixtures/good/quickstart-1-5/chain.pem", "--hostname", text]) == 2
    shown = capsys.readouterr()
    assert shown.out == "" and shown.err.count("\n") == 1
    assert f"--{told}" in shown.err


def test_a_text_that_is_far_too_long_for_a_name_is_a_mistake_of_the_call() -> None:
    """Models of clients go through each character; a name that DNS cannot have is judged still."""
    chain = pem(*stock_15("ec").presented())
    longest = "a." * 2047 + "bc"
    assert len(longest) == 4096 and mistaken(longest) is None
    assert edgecheck.check(chain, hostname=longest, at=NOW).certificates
    with pytest.raises(ValueError, match=r"^hostname: expected .*, got a text of 4097 characters$"):
        edgecheck.check(chain, hostname=f"{longest}d", at=NOW)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_is_only_wrong_is_judged(name: str) -> None:
    """What a client can be told to connect to is no mistake, whatever it finds there."""
    assert mistaken(name) is None
    assert edgecheck.check(pem(*stock_15("ec").presented()), hostname=name, at=NOW).certificates


def test_what_to_write_is_a_host_name_itself() -> None:
    """No mistake is answered with another one."""
    for _, name in MORE.values():
        assert mistaken(name) is None
