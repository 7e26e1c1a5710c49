"""What live clients did with chains at which their models had been wrong, kind by kind.

Asked were Java 17.0.15, gnutls-cli 3.7.9-2+deb12u7, NSS 3.87.1, wolfSSL 5.5.4-2+deb12u3, Botan
2.19.3, curl 7.88.1, Python 3.11 with OpenSSL 3.0.22; of Go it is the source (verify.go at 1.24).
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from fixtures.der import name_der, oid, raw_time, sequence, tlv
from fixtures.pki import (
    Extension,
    basic_constraints,
    extended_key_usage,
    issue,
    name_constraints,
    subject_alt_name,
)
from tests.clients.asked import CA, ROOT, SERVER, SOUND, raw, says
from tests.hierarchy.chains import AT, HOST, Chain, authority, server

JAVA, GNUTLS, WOLFSSL, BOTAN = "java17-jsse", "gnutls3.7.9-cli", "wolfssl5.5.4", "botan2.19"
NSS, NSS_PKIX, GO, GO_OLD = "nss3.87-tstclnt", "nss3.87-libpkix", "go1.24.4", "go1.19.8"
CURL, PYTHON = "curl7.88-ossl3.0", "azure-iot-device-py2.14.0"
OPENSSL = "openssl3.0.19-s_client"
NOT_FOUND = "unable to find valid certification path to requested target"
ANY, POLICY, OTHER = "2.5.29.32.0", "1.2.3.4", "1.2.3.5"


def long(authorities: int) -> Chain:
    """So many CAs between the server and the root."""
    between = [authority(f"CA {n}", "p256-2", serial=n + 20) for n in range(authorities)]
    return Chain((server(), *between, authority("Test Root", "p256-3")))


# --- Java ----------------------------------------------------------------------------------------


def test_out_of_order_java_goes_through_five_authorities_and_in_order_through_more() -> None:
    """PKIXBuilderParameters.maxPathLength is 5, and bounds the builder alone."""
    for count, connects in ((5, True), (6, False)):
        *sent, root = long(count).issued()
        assert says(JAVA, sent, [root]) == "connects"
        sent[1], sent[2] = sent[2], sent[1]
        told = says(JAVA, sent, [root])
        assert told == "connects" if connects else told.endswith(NOT_FOUND)


@pytest.mark.parametrize("in_order", [True, False])
def test_which_of_two_trusted_certificates_java_takes_is_chance(in_order: bool) -> None:
    """Of 30 runs 20 connected; where both are no CA, or both are, there is nothing to choose."""
    leaf, ca, root = SOUND.issued()
    _, _, unfit = SOUND.put(ROOT, basic_constraints(False), serial=99).issued()
    sent = [leaf, ca] if in_order else [leaf, issue(authority("Other", "p256-6")), ca]
    assert says(JAVA, sent, [root]) == "connects"
    assert says(JAVA, sent, [unfit]).endswith("is not a CA certificate")
    for trust in ([root, unfit], [unfit, root]):
        told = says(JAVA, sent, trust)
        assert told.startswith("unknown: which of several trusted certificates it takes is another")
        assert told.endswith("is not a CA certificate")


def test_a_root_of_version_1_has_to_be_valid_as_long_as_what_it_issued_where_java_builds() -> None:
    """AdaptableX509CertSelector.setValidityPeriod, which no path in order comes to."""
    short = {"version": 1, "extensions": (), "not_after": AT + timedelta(days=1)}
    for changes, found in (({"version": 1, "extensions": ()}, True), (short, False)):
        leaf, ca, root = SOUND.put(ROOT, **changes).issued()
        assert says(JAVA, [leaf, ca], [root]) == "connects"
        told = says(JAVA, [leaf, issue(authority("Other", "p256-6")), ca], [root])
        assert told == "connects" if found else told.endswith(NOT_FOUND)


def test_name_constraints_make_java_take_a_common_name_for_an_address() -> None:
    """NameConstraintsExtension.verify adds it to the list of alternative names itself."""
    address = "10.20.30.40"
    named = SOUND.put(SERVER, subject_alt_name(dns=[address]), subject=address)
    limits = named.put(CA, name_constraints(permitted={"ip": ["10.0.0.0/8"]}))
    assert says(JAVA, named, host=address).endswith("matching IP address 10.20.30.40 found")
    assert says(JAVA, limits, host=address) == "connects"
    nameless = limits.without(SERVER, "subjectAltName")
    assert says(JAVA, nameless, host=address).endswith("No subject alternative names present")


@pytest.mark.parametrize(
    "base",
    [{"uri": [""]}, {"uri": ["https://x/"]}, {"email": [""]}, {"ip": [bytes(10)]}],
    ids=["no URI", "a scheme", "no mail", "ten octets"],
)
def test_a_base_that_java_cannot_decode_ends_the_parsing_where_it_is_critical(
    base: dict[str, list[str | bytes]],
) -> None:
    for critical in (True, False):
        made = SOUND.put(CA, name_constraints(excluded=base, critical=critical))
        told = says(JAVA, made)
        assert told.endswith("Failed to parse server certificates") if critical else told
        assert critical or told == "connects"


def test_an_ipv6_network_makes_java_stumble_over_an_ipv4_address_that_begins_like_it() -> None:
    """IPAddressName.constrains counts the octets of the network."""
    made = SOUND.put(SERVER, subject_alt_name(dns=[HOST], ip=["10.1.2.3"]))
    within = b"\x0a" + bytes(15) + b"\xff" + bytes(15)
    told = says(JAVA, made.put(CA, name_constraints(excluded={"ip": [within]})))
    assert told == "javax.net.ssl.SSLException: Index 4 out of bounds for length 4"
    without = b"\xfd" + within[1:]
    assert says(JAVA, made.put(CA, name_constraints(excluded={"ip": [without]}))) == "connects"


def test_what_java_decodes_of_critical_extensions_that_it_does_not_heed() -> None:
    """CRLDistributionPointsExtension and NetscapeCertTypeExtension, beside the path."""
    other = authority("Other", "p256-6")
    leaf, ca, root = SOUND.issued()
    for kind in ("2.5.29.46", "cRLDistributionPoints", "nsCertType"):
        odd = issue(other.with_extension(raw(kind, b"\x05\x00", critical=True)))
        told = says(JAVA, [leaf, ca, odd], [root])
        assert told.endswith("Failed to parse server certificates"), kind


# --- policies ------------------------------------------------------------------------------------


def policies(*identifiers: str) -> Extension:
    return raw("certificatePolicies", sequence(*(sequence(oid(one)) for one in identifiers)))


def mapping(issuer: str, subject: str) -> Extension:
    return raw("2.5.29.33", sequence(sequence(oid(issuer), oid(subject))))


def test_a_mapping_of_any_policy_is_refused_while_a_policy_is_valid() -> None:
    """RFC 5280, section 4.2.1.5, forbids it; libpkix minds it wherever it stands."""
    told = "java.security.cert.CertPathValidatorException: encountered a subjectDomainPolicy of"
    mapped = SOUND.put(CA, policies(POLICY), mapping(POLICY, ANY))
    assert told in says(JAVA, mapped)
    assert "an issuerDomainPolicy" in says(JAVA, SOUND.put(CA, policies(ANY), mapping(ANY, POLICY)))
    assert says(NSS_PKIX, mapped) == "SEC_ERROR_INVALID_POLICY_MAPPING"
    assert says(GO, mapped).endswith("1 chains with invalid policies")
    assert says(GO_OLD, mapped) == says(OPENSSL, mapped) == "connects"
    bare = SOUND.put(CA, mapping(POLICY, ANY))
    assert says(JAVA, bare) == says(GO, bare) == "connects"
    assert says(NSS_PKIX, bare) == "SEC_ERROR_INVALID_POLICY_MAPPING"


def test_any_policy_is_inhibited_for_java_where_that_is_critical_alone() -> None:
    """InhibitAnyPolicyExtension: "Criticality cannot be false"; libpkix has no such bound."""
    wanted = raw("policyConstraints", sequence(tlv(0x80, b"\0")), True)
    for critical in (True, False):
        inhibited = raw("2.5.29.54", b"\x02\x01\x00", critical)
        made = SOUND.put(CA, policies(POLICY), wanted, inhibited).put(SERVER, policies(ANY))
        assert (says(JAVA, made) == "connects") is not critical
        assert says(NSS_PKIX, made) == "SEC_ERROR_POLICY_VALIDATION_FAILED"


# --- hosts that are addresses to some ------------------------------------------------------------

LOOPBACK = SOUND.put(SERVER, subject_alt_name(ip=["127.0.0.1"]))


@pytest.mark.parametrize(
    ("host", "who"),
    [
        ("127.00.0.1", {PYTHON, CURL, NSS, JAVA}),
        ("127.1", {CURL, NSS, JAVA}),
        ("0x7f000001", {CURL, NSS}),
        ("0177.0.0.1", {CURL, NSS}),
    ],
)
def test_who_takes_which_notation_for_an_address(host: str, who: set[str]) -> None:
    """Numbers are decimal to Python (a2i_IPADDRESS) and Java, and to curl and NSS as in C."""
    named = SOUND.put(SERVER, subject_alt_name(dns=[host]))
    for client in (PYTHON, CURL, NSS, JAVA, OPENSSL):
        assert (says(client, LOOPBACK, host=host) == "connects") is (client in who), client
        if client in who:
            assert says(client, named, host=host) != "connects"


# --- extensions that are not as DER has them -----------------------------------------------------


def test_a_bit_that_a_key_usage_calls_unused_is_none_but_for_nss_and_gnutls() -> None:
    """c2i_ASN1_BIT_STRING, BitArray and Botan's decoder clear it; mbedTLS does not either."""
    made = SOUND.put(CA, raw("keyUsage", b"\x03\x02\x03\x86", critical=True))
    assert says(OPENSSL, made) == "79: invalid CA certificate"
    assert "keyCertSign bit is not set" in says(JAVA, made)
    assert says(BOTAN, made) == "CA certificate not allowed to issue certs"
    for client in (NSS, NSS_PKIX, GNUTLS):
        assert says(client, made) == "connects", client


@pytest.mark.parametrize("client", [JAVA, NSS, NSS_PKIX, WOLFSSL])
def test_a_day_that_its_month_has_not_is_counted_on_into_the_next(client: str) -> None:
    """Of 2026, so that it has passed; and of 2027. The others take no such day."""
    for place in (SERVER, CA):
        late, past = (
            SOUND.put(place, not_after=raw_time(tlv(0x17, year + b"0431000000Z")))
            for year in (b"27", b"26")
        )
        assert says(client, late) == "connects"
        assert says(client, past) != "connects"
        assert says(OPENSSL, late).startswith("14: ")


def test_how_the_unused_bits_of_a_key_usage_are_written_is_nothing_to_nss() -> None:
    """What is not minimal, and what is said to be unused, of a server's certificate."""
    for value in (b"\x03\x02\x00\xa0", b"\x03\x02\x05\xa4"):
        for client in (NSS, NSS_PKIX):
            assert says(client, SOUND.put(SERVER, raw("keyUsage", value))) == "connects"


def test_a_boolean_in_any_octet_is_true_to_openssl_whatever_stands_behind() -> None:
    made = SOUND.put(CA, raw("basicConstraints", b"\x30\x03\x01\x01\x34\xff", critical=True))
    assert says(OPENSSL, made) == "connects"


def test_a_path_length_of_more_than_32_bits() -> None:
    """Java cannot decode it, nor GnuTLS; NSS keeps the lower bits, which are 0 here."""
    made = long(2).put(2, basic_constraints(True, 1 << 32))
    assert says(JAVA, made).endswith("Failed to parse server certificates")
    assert says(GNUTLS, made) == "The certificate issuer is not a CA."
    assert says(NSS, made) == "SEC_ERROR_PATH_LEN_CONSTRAINT_INVALID"
    assert says(OPENSSL, made) == "connects"


@pytest.mark.parametrize(
    ("value", "told"),
    [(b"\x05\x00", "SEC_ERROR_BAD_DER"), (b"\x30\x03\x01\x01\xff\x00", "SEC_ERROR_EXTRA_INPUT")],
)
def test_nss_minds_constraints_of_what_is_trusted_in_its_classic_builder_alone(
    value: bytes, told: str
) -> None:
    made = SOUND.put(ROOT, raw("basicConstraints", value))
    assert says(NSS, made) == told
    assert says(NSS_PKIX, made) == "connects"


def test_wolfssl_has_one_octet_for_a_path_length_and_one_for_a_boolean() -> None:
    for value in (b"\x30\x07\x01\x01\xff\x02\x02\x00\xc8", b"\x30\x04\x01\x02\xff\xff"):
        made = SOUND.put(CA, raw("basicConstraints", value))
        assert says(WOLFSSL, made) == "-188: certificate verify failed"
    assert says(WOLFSSL, SOUND.put(CA, basic_constraints(True, 127))) == "connects"


def test_wolfssl_takes_what_stands_behind_an_authority_key_identifier() -> None:
    made = SOUND.put(CA, raw("authorityKeyIdentifier", b"\x30\x00\x02"))
    assert says(WOLFSSL, made) == "connects"


# --- name constraints of GnuTLS and wolfSSL ------------------------------------------------------


@pytest.mark.parametrize("base", ["plant7.example.", ".example.", HOST.upper() + "."])
def test_gnutls_passes_over_one_period_at_the_end_of_a_base(base: str) -> None:
    told = "The certificate chain violates the signer's constraints."
    assert says(GNUTLS, SOUND.put(CA, name_constraints(permitted={"dns": [base]}))) == "connects"
    assert says(GNUTLS, SOUND.put(CA, name_constraints(excluded={"dns": [base]}))) == told
    for how in ("permitted", "excluded"):  # of two, it is none that any name lies in or out of
        limits = name_constraints(**{how: {"dns": [base + "."]}})
        assert says(GNUTLS, SOUND.put(CA, limits)) == told


def test_gnutls_takes_netscapes_step_up_for_server_authentication_of_an_authority() -> None:
    step_up = extended_key_usage("2.16.840.1.113730.4.1")
    told = "The certificate chain does not match the intended purpose."
    assert says(GNUTLS, SOUND.put(CA, step_up)) == "connects"
    assert says(GNUTLS, SOUND.put(SERVER, step_up)) == told


def test_a_directory_name_without_a_part_excludes_nothing_for_gnutls_and_wolfssl() -> None:
    def excluding(name: list[tuple[str, str]]) -> Chain:
        return SOUND.put(CA, name_constraints(excluded={"raw": [tlv(0xA4, name_der(name))]}))

    for client in (GNUTLS, WOLFSSL):
        assert says(client, excluding([])) == "connects"
        assert says(client, excluding([("CN", HOST)])) != "connects"


@pytest.mark.parametrize("base", [{"uri": [""]}, {"email": [""]}, {"dns": [""]}])
def test_wolfssl_cannot_parse_a_base_without_a_character(base: dict[str, list[str]]) -> None:
    told = "-188: certificate verify failed"
    for how in ("permitted", "excluded"):
        assert says(WOLFSSL, SOUND.put(CA, name_constraints(**{how: base}))) == told
