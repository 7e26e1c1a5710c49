"""How Go takes URIs and mailboxes apart."""

from __future__ import annotations

import pytest

from edgecheck.behaviour.golang.addresses import Mailbox, NoUri, authority, host_of, mailbox
from edgecheck.behaviour.golang.parse import wrong_uri

NEW, OLD = (1, 27), (1, 19)


@pytest.mark.parametrize(
    ("uri", "host"),
    [
        ("https://gw.x:8883/p?q#f", "gw.x:8883"),
        ("https://user:secret@gw.x/p", "gw.x"),
        ("https://[2001:db8::1]:443/", "[2001:db8::1]:443"),
        ("https://[fe80::1%25eth0]/", "[fe80::1%25eth0]"),
        ("//gw.x/p", "gw.x"),
        ("///gw.x", ""),
        ("urn:iotedge:gw", ""),
        ("mailto:a@x", ""),
        ("file:///etc/hosts", ""),
        ("relative/path", ""),
        ("", ""),
        ("https://gw.x/a%20b", "gw.x"),
    ],
)
def test_the_host_of_a_uri(uri: str, host: str) -> None:
    assert [authority(uri, version) for version in (NEW, OLD)] == [host, host]


@pytest.mark.parametrize(
    ("uri", "told"),
    [
        ("https://gw x/", 'invalid character " " in host name'),
        ("https://gw.x:port/", 'invalid port ":port" after host'),
        ("https://[::1/", "missing ']' in host"),
        ("https://a|b@gw.x/", "net/url: invalid userinfo"),
        ("https://gw.x/%zz", 'invalid URL escape "%zz"'),
        ("https://gw%41.x/", 'invalid URL escape "%41"'),
        ("a b:c", "first path segment in URL cannot contain colon"),
        (":x", "missing protocol scheme"),
        ("https://gw.x/\x7f", "net/url: invalid control character in URL"),
        ("https://gw.x/#%", 'invalid URL escape "%"'),
    ],
)
def test_what_is_no_uri(uri: str, told: str) -> None:
    for version in (NEW, OLD):
        with pytest.raises(NoUri) as caught:
            authority(uri, version)
        assert str(caught.value) == told


def test_colons_and_brackets_since_1_26() -> None:
    for uri in ("http://a:1:2/", "http://[a.x]/", "http://[10.0.0.1]/"):
        assert authority(uri, (1, 25))
        with pytest.raises(NoUri):
            authority(uri, (1, 26))


def test_a_host_has_to_be_one_for_certificates() -> None:
    assert wrong_uri("https://gw.x/", NEW) is None
    assert wrong_uri("https://gw..x/", NEW) == 'cannot parse URI "https://gw..x/": invalid domain'
    told = (
        'cannot parse URI "a b:c#d": parse "a b:c": first path segment in URL cannot contain colon'
    )
    assert wrong_uri("a b:c#d", NEW) == told


def test_the_host_without_its_port() -> None:
    assert [host_of(host) for host in ("gw.x", "gw.x:8883", "gw.x:")] == ["gw.x"] * 3
    for host in ("10.0.0.1", "10.0.0.1:443", "[::1]", "[::1]:443", "a:b:c"):
        assert host_of(host) is None


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a@x", ("a", "x")),
        ("a.b+c@X.example", ("a.b+c", "X.example")),
        ('"a b\\"@"@x', ('a b"@', "x")),
        (r"a\@b@x", ("a@b", "x")),
        ("a@", ("a", "")),
        ("a", None),
        ("@x", None),
        (".a@x", None),
        ("a.@x", None),
        ("a..b@x", None),
        ("a b@x", None),
        ("a@x.", None),
        ("a@x y", None),
        ('"a@x', None),
        ("", None),
    ],
)
def test_mailboxes(text: str, parts: tuple[str, str] | None) -> None:
    assert mailbox(text) == (Mailbox(*parts) if parts else None)
