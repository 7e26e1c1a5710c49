"""curl 8, mosquitto since 2.0.21 and Paho C: what each decides by itself, and its words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fixtures.pki import flip_signature_bit, issue, subject_alt_name
from tests.clients.asked import CA, ROOT, RSA, SERVER, SOUND, raw, says
from tests.hierarchy.chains import AT, HOST, Chain

CURL_7, CURL_8, NEWEST_CURL = "curl7.88-ossl3.0", "curl8.14-ossl3.5", "curl8.23-ossl3.6"
OLD, MOSQUITTO, NEW = "mosquitto_pub2.0.11", "mosquitto_pub2.0.21", "mosquitto_pub2.1.2"
PAHO = "pahoc1.3.16"
YES = "connects"
EARLIER = timedelta(seconds=1)
LATE = SOUND.put(CA, not_after=AT - EARLIER)
FAILED = "error:0A000086:SSL routines::certificate verify failed"
FIRST = "OpenSSL Error[0]: "
WHEN = "OpenSSL Error while trying to get the error[0]: "
PLACED = (
    "error:0A000086:SSL routines:tls_post_process_server_certificate:certificate verify failed:"
    "../ssl/statem/statem_clnt.c:2125:"
)
OTHER = "other.example"


def test_a_sound_chain_connects() -> None:
    for client in (CURL_7, CURL_8, NEWEST_CURL, OLD, MOSQUITTO, NEW, PAHO):
        assert says(client, SOUND) == says(client, RSA) == YES


# --- curl ---------------------------------------------------------------------------------------


def test_what_curl_says_of_the_chain() -> None:
    """The newest reads OpenSSL's result after the handshake, and adds its number."""
    assert says(CURL_8, LATE) == "curl: (60) SSL certificate problem: certificate has expired"
    told = "curl: (60) SSL certificate OpenSSL verify result: certificate has expired (10)"
    assert says(NEWEST_CURL, LATE) == told
    early = SOUND.put(SERVER, not_before=AT + EARLIER)
    told = "certificate is not yet valid"
    assert says(CURL_8, early) == f"curl: (60) SSL certificate problem: {told}"
    newer = f"{told} or the system clock is incorrect (9)"
    assert says(NEWEST_CURL, early) == f"curl: (60) SSL certificate OpenSSL verify result: {newer}"


def test_the_newest_curl_compares_the_name_before_it_looks_at_the_chain() -> None:
    told = "SSL: no alternative certificate subject name matches target hostname 'other.example'"
    assert says(CURL_8, LATE, host=OTHER).endswith("certificate has expired")
    assert says(NEWEST_CURL, LATE, host=OTHER) == f"curl: (60) {told}"
    assert says(CURL_8, SOUND, host=OTHER) == f"curl: (60) {told}"


@pytest.mark.parametrize(
    ("host", "old", "new"),
    [
        (OTHER, "hostname", "hostname"),
        ("10.0.0.1", "ipv4 address", "IPv4 address"),
        ("::1", "ipv6 address", "IPv6 address"),
    ],
)
def test_what_curl_calls_what_it_looks_for(host: str, old: str, new: str) -> None:
    told = "curl: (60) SSL: no alternative certificate subject name matches target"
    assert says(CURL_8, SOUND, host=host) == f"{told} {old} '{host}'"
    assert says(NEWEST_CURL, SOUND, host=host) == f"{told} {new} '{host}'"
    assert says(CURL_7, SOUND, host=host) == f"{told} host name '{host}'"


def test_what_curl_says_of_a_common_name() -> None:
    bare = SOUND.without(SERVER, "subjectAltName")
    told = "curl: (60) SSL: certificate subject name 'gw.plant7.example' does not match target"
    named = bare.put(SERVER, subject="gw.plant7.example")
    assert says(CURL_8, named, host=OTHER) == f"{told} hostname '{OTHER}'"
    assert says(CURL_7, named, host=OTHER) == f"{told} host name '{OTHER}'"
    cut = bare.put(SERVER, subject="gw.plant7.example\0x")
    for client in (CURL_7, CURL_8, NEWEST_CURL):
        assert says(client, cut) == "curl: (60) SSL: illegal cert name field"


def test_names_that_cannot_be_decoded_are_none() -> None:
    """X509_get_ext_d2i gives nothing, so that the common name counts."""
    odd = SOUND.put(SERVER, raw("subjectAltName", b"\x30\x02\x82\x05"), subject=OTHER)
    assert "certificate subject name 'other.example'" in says(NEWEST_CURL, odd, host="x.example")


def test_curl_8_wants_no_name_of_the_issuer() -> None:
    server, ca, root = SOUND.specs
    nameless = Chain((server, ca.with_(subject=b"\x30\x00"), root))
    assert says(CURL_7, nameless) == "curl: (60) SSL: couldn't get X509-issuer name"
    assert says(CURL_8, nameless) == says(NEWEST_CURL, nameless) == YES


def test_errors_that_end_curls_handshake() -> None:
    broken = RSA.put(SERVER, damage=flip_signature_bit)
    first = says(CURL_8, broken)
    assert first.startswith("curl: (35) TLS connect error: error:02000")
    result = "SSL certificate OpenSSL verify result: certificate signature failure (7)"
    assert says(NEWEST_CURL, broken) == f"curl: (60) {result}"
    length = "error:0A000087:SSL routines::cert length mismatch"
    for client in (CURL_8, NEWEST_CURL):
        told = says(client, SOUND, trailing=[SERVER])
        assert told == f"curl: (35) TLS connect error: {length}"
        assert says(client, LATE, key_of=issue(SOUND.specs[ROOT])).startswith(
            "curl: (60) SSL certificate problem" if client == CURL_8 else "curl: (35) TLS connect"
        )


# --- mosquitto ----------------------------------------------------------------------------------


def test_mosquitto_says_the_first_error_of_the_queue() -> None:
    assert says(OLD, LATE) == "A TLS error occurred"
    assert says(MOSQUITTO, LATE) == says(MOSQUITTO, SOUND, host=OTHER) == FIRST + FAILED
    assert says(NEW, LATE) == says(NEW, SOUND, host=OTHER) == WHEN + FAILED
    length = "error:0A000087:SSL routines::cert length mismatch"
    assert says(NEW, SOUND, trailing=[SERVER]) == WHEN + length


def test_a_wildcard_of_mosquitto_has_two_labels_behind_it_since_2_0_21() -> None:
    """Of the host; OpenSSL, which 2.1 asks, wants two dots in the name."""
    short = SOUND.put(SERVER, subject_alt_name(dns=["*.local"]))
    assert says(OLD, short, host="gw.local") == YES
    assert says(MOSQUITTO, short, host="gw.local") == FIRST + FAILED
    assert says(NEW, short, host="gw.local") == WHEN + FAILED
    longer = SOUND.put(SERVER, subject_alt_name(dns=["*.plant.local"]))
    for client in (OLD, MOSQUITTO, NEW):
        assert says(client, longer, host="gw.plant.local") == YES


def test_openssl_compares_the_name_for_mosquitto_2_1() -> None:
    """So that a part of a label may be a star, and an address is looked for as such."""
    part = SOUND.put(SERVER, subject_alt_name(dns=["gw*.plant.local"]))
    assert says(NEW, part, host="gw1.plant.local") == YES
    assert says(MOSQUITTO, part, host="gw1.plant.local") == FIRST + FAILED
    written = SOUND.put(SERVER, subject_alt_name(dns=["10.0.0.1"]))
    assert says(MOSQUITTO, written, host="10.0.0.1") == YES
    assert says(NEW, written, host="10.0.0.1") == WHEN + FAILED


# --- Paho C -------------------------------------------------------------------------------------


def test_paho_c_says_nothing_of_a_name() -> None:
    """Which it compares after the handshake; of all else the first error, with its place."""
    assert says(PAHO, SOUND, host=OTHER) == "Failure"
    assert says(PAHO, LATE) == says(PAHO, LATE, host=OTHER) == PLACED
    told = "error:0A000087:SSL routines:tls_process_server_certificate:cert length mismatch:"
    assert says(PAHO, SOUND, trailing=[SERVER]) == f"{told}../ssl/statem/statem_clnt.c:2047:"


def test_paho_c_finds_an_address_as_such_or_as_a_name() -> None:
    """X509_check_host is asked first, whatever was typed."""
    for names in ({"ip": ["10.0.0.1"]}, {"dns": ["10.0.0.1"]}):
        made = SOUND.put(SERVER, subject_alt_name(**names))
        assert says(PAHO, made, host="10.0.0.1") == YES
        assert says(PAHO, made, host="10.0.0.2") == "Failure"
    bare = SOUND.without(SERVER, "subjectAltName")
    assert says(PAHO, bare.put(SERVER, subject="10.0.0.1"), host="10.0.0.1") == YES
    assert says(PAHO, SOUND, host=HOST) == YES


# --- GnuTLS -------------------------------------------------------------------------------------


def test_gnutls_3_8_says_what_3_7_9_says() -> None:
    for made in (SOUND, LATE, SOUND.put(SERVER, damage=flip_signature_bit)):
        for host in (HOST, OTHER):
            told = {
                says(f"gnutls{version}-cli", made, host=host)
                for version in ("3.7.9", "3.8.9", "3.8.13")
            }
            assert len(told) == 1
