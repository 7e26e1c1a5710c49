"""A transcript without its certificates: one finding, with what its lines show of the chain."""

from itertools import pairwise

import pytest

import edgecheck
from edgecheck import Source
from fixtures.stock import NOW

CUT = "input.certificates-cut-out"
NAMES = ("gw.plant.local", "iotedged workload ca", "gw device CA", "Plant CA", "Plant Root CA")


def listing(*pairs: tuple[str, str], body: str = "MIICgTCCAiegAwIBAgIEHwx7\n...\n") -> str:
    """The list of `openssl s_client -showcerts`; without a body, without its PEM."""
    block = f"-----BEGIN CERTIFICATE-----\n{body}-----END CERTIFICATE-----\n" if body else ""
    entries = "".join(
        f" {at} s:{subject}\n   i:{issuer}\n{block}" for at, (subject, issuer) in enumerate(pairs)
    )
    return f"CONNECTED(00000003)\n---\nCertificate chain\n{entries}---\n"


def named(*names: str) -> list[tuple[str, str]]:
    return [(f"CN = {one}", f"CN = {other}") for one, other in pairwise(names)]


def finding(text: str, hostname: str | None = None) -> edgecheck.Finding:
    """The only one that nothing else causes; nothing is judged, and nothing is good."""
    report = edgecheck.check(Source("t.txt", text.encode()), hostname, at=NOW)
    assert report.valid is None and not report.ok
    (found,) = (f for f in report.findings if f.caused_by is None and f.severity.value != "info")
    return found


WHOLE = named(*NAMES)
SHOWN = {
    "the order, and the root that was not sent": (
        listing(*WHOLE),
        [
            '"CN = gw.plant.local", issued by "CN = iotedged workload ca"',
            '"CN = Plant Root CA" was not',
        ],
    ),
    "one in between that is missing": (
        listing(*WHOLE[:1], *WHOLE[2:]),
        ["which does not come next", '"CN = iotedged workload ca" is missing between them'],
    ),
    "another order": (
        listing(WHOLE[0], WHOLE[2], WHOLE[1], WHOLE[3]),
        ['"CN = iotedged workload ca", which does not come next, but "CN = gw device CA"'],
    ),
    "a root that was sent": (
        listing(*WHOLE, ("CN = Plant Root CA", "CN = Plant Root CA")),
        ["It ends with a self-signed root"],
    ),
    "a self-signed server": (
        listing(("CN = gw.plant.local", "CN = gw.plant.local")),
        ["The server's own certificate is self-signed"],
    ),
    "a server alone": (listing(WHOLE[0]), ['"CN = iotedged workload ca" was not sent']),
    "the hub in the cloud": (
        listing(
            ("/CN=*.azure-devices.net", "/C=US/O=Microsoft Corporation/CN=Microsoft TLS CA 1"),
            ("/C=US/O=Microsoft Corporation/CN=Microsoft TLS CA 1", "/CN=Baltimore Root"),
        ),
        ["That is Azure IoT Hub in the cloud, and no gateway"],
    ),
    "what the program objected to": (
        "depth=0 CN = gw.plant.local\nverify error:num=20:unable to get local issuer certificate\n"
        "verify return:1\ndepth=0 CN = gw.plant.local\nverify error:num=21:unable to verify the "
        "first certificate\nverify return:1\n" + listing(WHOLE[0]),
        [
            '"unable to get local issuer certificate" (20) of "CN = gw.plant.local" at depth 0',
            "(21)",
        ],
    ),
    "that it accepted the chain": (
        listing(*WHOLE) + "Verify return code: 0 (ok)\n",
        ["openssl s_client accepted the chain (line"],
    ),
}


@pytest.mark.parametrize("name", SHOWN)
def test_the_lines_are_the_evidence(name: str) -> None:
    """One statement, with what they show, and how far that goes; no error about base64."""
    text, expected = SHOWN[name]
    found = finding(text)
    assert found.rule.id == CUT
    assert not [words for words in expected if words not in found.message]
    assert "these lines do not tell" in found.message


@pytest.mark.parametrize("name", SHOWN)
def test_the_same_without_any_pem(name: str) -> None:
    """Who leaves out the blocks as a whole leaves the same lines."""
    text, expected = SHOWN[name]
    block = text[text.index("-----BEGIN") : text.index("-----END CERTIFICATE-----\n") + 26]
    found = finding(text.replace(block, ""))
    assert found.rule.id == "input.transcript-without-certificates"
    assert "they were left out of it" in found.message
    assert not [words for words in expected if words not in found.message]


def test_nothing_is_said_of_a_chain_that_is_in_order() -> None:
    found = finding(listing(*WHOLE))
    for words in (
        "does not come next",
        "is missing",
        "self-signed",
        "cloud",
        "said",
        "calls itself",
    ):
        assert words not in found.message


def test_a_host_name_that_is_not_the_servers_is_told() -> None:
    """As far as the common name tells: a name in the subjectAltName does not stand there."""
    assert "calls itself" not in finding(listing(*WHOLE), "GW.plant.local").message
    found = finding(listing(*WHOLE), "factorygw")
    assert 'calls itself "gw.plant.local", not "factorygw"' in found.message


def test_a_name_like_the_clouds_from_a_private_ca_is_no_cloud() -> None:
    text = listing(("CN = gw.azure-devices.net", "CN = Plant CA"))
    assert "cloud" not in finding(text).message


def test_hostile_lines_are_escaped_and_bounded() -> None:
    pairs = [(f"CN = a\x1b]0;{n}\x07{'x' * 300}", "CN = \u202eb") for n in range(500)]
    found = finding(listing(*pairs))
    assert not {"\x1b", "\x07", "\u202e"} & set(found.message)
    assert len(found.message) < 12_000


def dated(begin: str, end: str, key: bool = True) -> str:
    """As OpenSSL 3.0 and later print it."""
    more = "   a:PKEY: rsaEncryption, 2048 (bit); sigalg: RSA-SHA256\n" if key else ""
    more += f"   v:NotBefore: {begin}; NotAfter: {end}\n"
    issuer = "i:CN = iotedged workload ca\n"
    return listing(*WHOLE).replace(issuer, issuer + more)


OLD, PAST = "Nov  1 00:00:00 2010 GMT", "Nov 20 23:59:59 2011 GMT"
LATER, FAR = "Feb 28 12:00:00 2090 GMT", "Mar  1 12:00:00 2091 GMT"


@pytest.mark.parametrize("key", [True, False])
def test_dates_that_the_lines_show_are_judged(key: bool) -> None:
    """Of what holds nothing is said, and nothing of what is no date."""
    name = '"CN = gw.plant.local"'
    assert f"{name} ended on 2011-11-20" in finding(dated(OLD, PAST, key)).message
    assert f"{name} begins on 2090-02-28" in finding(dated(LATER, FAR, key)).message
    for begin, end in ((OLD, FAR), (OLD, "Feb 30 00:00:00 2011 GMT"), (OLD, "Xyz"), ("Bad", PAST)):
        said = finding(dated(begin, end, key)).message
        assert "ended on" not in said and "begins on" not in said


@pytest.mark.parametrize("body", ["xxxxxxxx\n", "********\n", "[REDACTED]\n", "XXXXXXXXXXXX\n"])
def test_what_hides_base64_is_no_base64(body: str) -> None:
    """Also where it decodes as such."""
    assert finding(listing(*WHOLE, body=body)).rule.id == CUT
