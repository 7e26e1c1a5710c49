"""Values of extensions that are not as their syntax says, and what each client makes of them.

Each was shown to the client itself; the reason beside it is the place in its source.
"""

from __future__ import annotations

import pytest

from fixtures.pki import subject_alt_name
from tests.clients.asked import CA, SERVER, SOUND, raw, says

GNUTLS = ("gnutls3.7.9-cli", "gnutls3.8.9-cli", "gnutls3.8.13-cli")
NSS = ("nss3.87-tstclnt", "nss3.87-libpkix", "nss3.110-libpkix", "nss3.132-libpkix")
BOTAN, BEARSSL, BUN, WOLFSSL = "botan2.19", "bearssl0.6", "bun1.4.5-boringssl", "wolfssl5.5.4"
OPENSSL = (
    "openssl3.0.19-s_client",
    "openssl3.6.5-s_client",
    "node24-ossl3.5.7",
    "py311-ssl-ossl3.0.19",
)
JAVA_17, JAVA_21 = "java17-jsse", "java21-jsse"

CUT = b"\x04\x09"
"""An element that is longer than what holds it."""
NO_CA = "The certificate issuer is not a CA."


@pytest.mark.parametrize("client", (*GNUTLS, *NSS, BOTAN))
@pytest.mark.parametrize("name", ["subjectKeyIdentifier", "authorityKeyIdentifier"])
def test_a_key_identifier_that_does_not_decode_counts_as_none(client: str, name: str) -> None:
    """GnuTLS: is_issuer. NSS: cert_GetKeyID, CERT_FindAuthKeyIDExten. Botan: Unknown_Extension."""
    assert says(client, SOUND.put(CA, raw(name, CUT))) == "connects"


@pytest.mark.parametrize("client", GNUTLS)
def test_gnutls_and_what_makes_an_authority(client: str) -> None:
    """check_if_ca takes no authority for granted; a usage that does not decode is only INVALID."""
    constraints = SOUND.put(CA, raw("basicConstraints", b"\x30\x03", True))
    assert says(client, constraints) == NO_CA
    assert says(client, SOUND.put(CA, raw("keyUsage", b"\x03\x02\x01", True))) == (
        "The certificate is NOT trusted."
    )
    assert says(client, SOUND.put(SERVER, raw("keyUsage", b"\x03\x02\x01", True))) == "connects"


@pytest.mark.parametrize("client", NSS)
def test_nss_and_what_makes_an_authority(client: str) -> None:
    """GetKeyUsage: all uses then; CERT_FindBasicConstraintExten: no authority."""
    constraints = SOUND.put(CA, raw("basicConstraints", b"\x30\x03", True))
    assert says(client, constraints) == "SEC_ERROR_UNKNOWN_ISSUER"
    assert says(client, SOUND.put(CA, raw("keyUsage", b"\x03\x02\x01", True))) == "connects"


def test_botan_and_what_makes_an_authority() -> None:
    """What decode_inner throws at is an extension that is not known; critical ones end the path."""
    unknown = "Unknown critical extension encountered"
    assert says(BOTAN, SOUND.put(CA, raw("basicConstraints", b"\x30\x03", True))) == unknown
    assert says(BOTAN, SOUND.put(CA, raw("keyUsage", b"\x03\x02\x01", True))) == unknown
    assert says(BOTAN, SOUND.put(CA, raw("keyUsage", b"\x03\x02\x01"))) == "connects"
    # An element that is pushed back is not counted as left: no CA, and nothing unknown.
    one_more = raw("basicConstraints", b"\x30\x03\x03\x01\xff", True)
    assert says(BOTAN, SOUND.put(CA, one_more)) == "CA certificate not allowed to issue certs"
    behind = raw("basicConstraints", b"\x30\x03\x01\x01\xff\x00", True)
    assert says(BOTAN, SOUND.put(CA, behind)) == "connects"


@pytest.mark.parametrize(("value", "what"), [("3000", "extension"), ("3002a000", "list")])
def test_botan_reads_no_certificate_with_empty_constraints(value: str, what: str) -> None:
    """Name_Constraints::decode_inner throws an Encoding_Error, which nobody catches."""
    made = SOUND.put(CA, raw("nameConstraints", bytes.fromhex(value)))
    told = f"Error: Encoding error: Empty Name Contraint {what}"
    assert says(BOTAN, made) == told


def test_wolfssl_wants_a_sequence_of_policy_constraints() -> None:
    """GetSequence fails the certificate, and so the authority is none that it keeps."""
    made = SOUND.put(CA, raw("policyConstraints", b"\x05\x00"))
    assert says(WOLFSSL, made) == "-188: certificate verify failed"


def test_wolfssl_and_the_octets_of_a_usage_and_an_address() -> None:
    """CheckBitString wants unused bits of 0; GenerateDNSEntryIPString, 4 octets or 16."""
    odd = SOUND.put(SERVER, raw("keyUsage", b"\x03\x02\x07\xa0", True))
    assert says(WOLFSSL, odd) == "-140: ASN parsing error, invalid input"
    behind = SOUND.put(SERVER, raw("keyUsage", b"\x03\x02\x05\xa0\x00", True))
    assert says(WOLFSSL, behind) == "connects"
    address = b"\x30\x1a\x82\x11gw.plant7.example\x87\x05\x0a\x00\x00\x00\x01"
    made = SOUND.put(SERVER, raw("subjectAltName", address))
    assert says(WOLFSSL, made) == "-125: out of memory error"


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("basicConstraints", "3003", "INNER_TRUNC"),
        ("basicConstraints", "30030105ff", "BAD_BOOLEAN"),
        ("basicConstraints", "30030101ff00", "EXTRA_ELEMENT"),
        ("basicConstraints", "30060101ff040100", "UNEXPECTED"),
        ("basicConstraints", "30053003010100", "NOT_CA"),
        ("basicConstraints", "70030101ff", "BAD_TAG_CLASS"),
        ("basicConstraints", "3080", "INDEFINITE_LENGTH"),
        ("keyUsage", "030201", "INNER_TRUNC"),
        ("keyUsage", "03020886", "UNEXPECTED"),
        ("keyUsage", "23020186", "NOT_PRIMITIVE"),
        ("keyUsage", "0302018600", "EXTRA_ELEMENT"),
    ],
)
def test_bearssl_reads_octet_after_octet(name: str, value: str, error: str) -> None:
    """The words of asn1.t0: within the bounds of what is open, and nothing left behind."""
    made = SOUND.put(CA, raw(name, bytes.fromhex(value), True))
    assert says(BEARSSL, made) == f"BR_ERR_X509_{error}"


def test_bearssl_reads_the_names_of_the_server_alone() -> None:
    """process-SAN; of an authority the extension is skipped."""
    odd = raw("subjectAltName", b"\x30\x00\x00")
    assert says(BEARSSL, SOUND.put(SERVER, odd)) == "BR_ERR_X509_EXTRA_ELEMENT"
    assert says(BEARSSL, SOUND.put(CA, odd)) == "connects"


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("03020780", "connects"),
        ("030400808080", "connects"),
        ("030207a0", "ERR_SSL_CANNOT_PARSE_LEAF_CERT"),
        ("0302018100", "ERR_SSL_CANNOT_PARSE_LEAF_CERT"),
        ("03810205a0", "ERR_SSL_CANNOT_PARSE_LEAF_CERT"),
        ("040205a0", "ERR_SSL_CANNOT_PARSE_LEAF_CERT"),
        ("0300", "ERR_SSL_CANNOT_PARSE_LEAF_CERT"),
        ("030100", "ERR_SSL_KEY_USAGE_BIT_INCORRECT"),
        ("03020520", "ERR_SSL_KEY_USAGE_BIT_INCORRECT"),
    ],
)
def test_bun_wants_a_bit_string_in_der(value: str, told: str) -> None:
    """ssl_cert_check_key_usage and CBS_is_valid_asn1_bitstring: unused bits have to be 0."""
    assert says(BUN, SOUND.put(SERVER, raw("keyUsage", bytes.fromhex(value), True))) == told


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("basicConstraints", "300000"),
        ("extendedKeyUsage", "300a06082b0601050507030100"),
        ("subjectKeyIdentifier", "04010700"),
        ("authorityKeyIdentifier", "3003800107" + "00"),
    ],
)
def test_bun_looks_behind_a_value_and_openssl_does_not(name: str, value: str) -> None:
    """X509V3_EXT_d2i of BoringSSL: X509V3_R_TRAILING_DATA_IN_EXTENSION."""
    made = SOUND.put(SERVER, raw(name, bytes.fromhex(value)))
    assert says(BUN, made) != "connects"
    if name != "authorityKeyIdentifier":  # this one is of another key
        assert {says(client, made) for client in OPENSSL} == {"connects"}


@pytest.mark.parametrize("value", ["03810205a0", "2380030205a00000", "030400a08080"])
def test_openssl_takes_a_key_usage_in_ber(value: str) -> None:
    """asn1_collect and c2i_ASN1_BIT_STRING: long and indefinite lengths, pieces, more octets."""
    made = SOUND.put(SERVER, raw("keyUsage", bytes.fromhex(value), True))
    assert {says(client, made) for client in OPENSSL} == {"connects"}


@pytest.mark.parametrize(
    "client",
    [
        *("node20-ossl3.0.19", "node8-ossl1.0.2s", "node24-ossl3.5.7", "mqttjs5.16-node20"),
        *("azure-iot-device-node1.18.4", "curl7.88-ossl3.0", "curl8.23-ossl3.6"),
    ],
)
def test_callers_of_openssl_read_names_before_what_stands_behind(client: str) -> None:
    """They get the names from X509V3_EXT_d2i, which does not look there."""
    (good,) = (one for one in SOUND.specs[SERVER].extensions if one.name == "subjectAltName")
    value = good.value if isinstance(good.value, bytes) else b""
    assert says(client, SOUND.put(SERVER, raw("subjectAltName", value + b"\x05\x00"))) == "connects"


def _party(contents: str) -> bytes:
    dns = b"\x82\x11gw.plant7.example"
    entry = bytes.fromhex(contents)
    inner = dns + b"\xa5" + bytes((len(entry),)) + entry
    return b"\x30" + bytes((len(inner),)) + inner


@pytest.mark.parametrize(
    ("contents", "java_21"),
    [
        ("a1040c026162", "party cannot be missing"),
        ("a0040c026162a1040c026162", "party cannot be missing"),
        ("81026162", "not enough content"),
    ],
)
def test_java_knows_no_party(contents: str, java_21: str) -> None:
    """EDIPartyName looks into primitive elements alone; 17 then cannot encode the name again."""
    made = SOUND.put(SERVER, raw("subjectAltName", _party(contents)))
    assert says(JAVA_21, made).endswith(java_21)
    if contents.startswith("a"):
        assert says(JAVA_17, made) == "javax.net.ssl.SSLException: name cannot be encoded"


@pytest.mark.parametrize("client", GNUTLS)
def test_gnutls_decodes_no_name_of_a_party(client: str) -> None:
    """Not even one that is as it should be."""
    made = SOUND.put(SERVER, raw("subjectAltName", _party("a1040c026162")))
    assert says(client, made) == "*** Fatal error: ASN1 parser: Error in DER parsing."


@pytest.mark.parametrize(
    ("text", "connects"), [("0c", True), ("1e", True), ("16", False), ("30", False)]
)
def test_openssl_wants_one_of_five_kinds_of_text_for_a_party(text: str, connects: bool) -> None:
    """DIRECTORYSTRING: no IA5String, and no SEQUENCE."""
    made = SOUND.put(SERVER, raw("subjectAltName", _party(f"a104{text}020061")))
    assert {says(client, made) == "connects" for client in OPENSSL} == {connects}


HOSTS = {
    "xn--mnchen-3ya.local": ("22", "24", "26", "20"),
    "xn--ls8h.local": ("22", "24", "26", "20"),
    "xn--a.local": ("26", "20"),  # decodes to a control character
    "xn--9999.local": ("26", "20"),  # does not decode
    "xn--.local": ("26", "20"),
    "gateway.xn--a": ("26", "20"),
    "xn--a-ecp.ru": ("26", "20"),  # to "a⒈", which is mapped to "a1."
    "xn--a-.local": ("22", "26", "20"),  # to letters of ASCII alone
}
"""Host names, and the versions of Node.js that take a certificate with them, as they did."""
NODES = {
    "20": "node20-ossl3.0.19",
    "22": "node22-ossl3.5.9",
    "24": "node24-ossl3.5.7",
    "26": "node26-ossl3.5.9",
}


@pytest.mark.parametrize("host", HOSTS)
def test_which_node_js_knows_no_host_of_a_wrong_a_label(host: str) -> None:
    """What Ada makes of it is empty, which no name equals; Node.js 26 does not look into it."""
    made = SOUND.put(SERVER, subject_alt_name(dns=[host]))
    taking = {
        number for number, client in NODES.items() if says(client, made, host=host) == "connects"
    }
    assert taking == set(HOSTS[host])


def test_what_looks_up_a_wrong_a_label_ends_before_it_connects() -> None:
    """GetAddrInfo of Node.js asks Ada for the name, and says EINVAL; the SDK makes a URL of it."""
    made = SOUND.put(SERVER, subject_alt_name(dns=["xn--a.local"]))
    assert says("mqttjs5.16-node20", made, host="xn--a.local") == "EINVAL"
    sdk = "azure-iot-device-node1.18.4"
    assert says(sdk, made, host="xn--a.local") == "TypeError: Invalid URL"
