"""The MUSTs of RFC 5280, section 4, on the certificates of a path: each violated, and each kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from edgecheck.hierarchy.rfc5280.violations import Kind
from edgecheck.reading import der as walker
from fixtures.der import (
    bit_string,
    generalized_time,
    integer,
    name_der,
    oid,
    raw_time,
    sequence,
    tlv,
    utc_time,
)
from fixtures.extensions import Extension
from fixtures.pki import (
    authority_key_id,
    basic_constraints,
    extended_key_usage,
    key_usage,
    name_constraints,
    raw_extension,
    subject_alt_name,
    subject_key_id,
)
from fixtures.private_keys import public_key_der
from tests.hierarchy.chains import AT, END, HOST, START, Chain, path, steps

SERVER, CA, ROOT = 0, 1, 2
Change = Callable[[Chain], Chain]
GOOD = Chain()
LATE = datetime(2060, 1, 1, tzinfo=UTC)
LAST_OF_UTC_TIME = datetime(2049, 12, 31, 23, 59, 59, tzinfo=UTC)
NO_END = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
NAMED = subject_alt_name(dns=[HOST])

AIA, SIA = "1.3.6.1.5.5.7.1.1", "1.3.6.1.5.5.7.1.11"
DIRECTORY_ATTRIBUTES, ISSUER_ALT_NAME, FRESHEST = "2.5.29.9", "2.5.29.18", "2.5.29.46"
POINTS, MAPPINGS, POLICY_CONSTRAINTS, ANY = "2.5.29.31", "2.5.29.33", "2.5.29.36", "2.5.29.54"
POLICIES = "certificatePolicies"
CPS, USER_NOTICE = "1.3.6.1.5.5.7.2.1", "1.3.6.1.5.5.7.2.2"
URL = tlv(0x86, b"http://ca.example/ca")
POINT = sequence(tlv(0xA0, tlv(0xA0, URL)))
SOME_REASONS = tlv(0x81, b"\x06\x40")


def put(at: int, *more: Extension, **changes: object) -> Change:
    return lambda chain: chain.put(at, *more, **changes)


def without(at: int, *names: str) -> Change:
    return lambda chain: chain.without(at, *names)


def both(*changes: Change) -> Change:
    def change(chain: Chain) -> Chain:
        for one in changes:
            chain = one(chain)
        return chain

    return change


def alt(*names: bytes, critical: bool = False) -> Change:
    """The server's subjectAltName with its name and others."""
    return put(SERVER, subject_alt_name(dns=[HOST], raw=list(names), critical=critical))


def policies(*entries: bytes, critical: bool = False) -> Change:
    return put(SERVER, raw_extension(POLICIES, sequence(*entries), critical))


def policy(dotted: str, *qualifiers: bytes) -> bytes:
    return sequence(oid(dotted), *([sequence(*qualifiers)] if qualifiers else []))


def extension(at: int, dotted: str, value: bytes, critical: bool = False) -> Change:
    return put(at, raw_extension(dotted, value, critical))


def access(method: str, location: bytes = URL) -> bytes:
    return sequence(sequence(oid(method), location))


def unique_identifier(tag: int) -> Callable[[bytes], bytes]:
    """Puts a unique identifier where it belongs, between the key and the extensions."""

    def damage(tbs: bytes) -> bytes:
        start, end = walker.body(tbs, 0)
        at = start
        parts = []
        while at < end:
            _, stop = walker.body(tbs, at)
            parts.append(tbs[at:stop])
            at = stop
        return sequence(*parts[:-1], tlv(tag, b"\0\1\2"), parts[-1])

    return damage


EXPLICIT_P256 = sequence(
    sequence(
        oid("1.2.840.10045.2.1"),
        sequence(
            integer(1),
            sequence(
                oid("1.2.840.10045.1.1"),
                integer(0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF),
            ),
            sequence(
                tlv(
                    4,
                    bytes.fromhex(
                        "ffffffff00000001000000000000000000000000fffffffffffffffffffffffc"
                    ),
                ),
                tlv(
                    4,
                    bytes.fromhex(
                        "5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b"
                    ),
                ),
            ),
            tlv(
                4,
                bytes.fromhex(
                    "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
                    "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"
                ),
            ),
            integer(0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551),
            integer(1),
        ),
    ),
    bit_string(public_key_der("p256-1")[-65:]),
)
BROKEN: list[tuple[str, str, Change]] = [
    # what, section, how
    ("two signature algorithms", "4.1.1.2",
     put(SERVER, inner_signature="sha384_ecdsa", signature="sha256_ecdsa")),
    ("two signature algorithms in a CA", "4.1.1.2",
     put(CA, inner_signature="sha384_ecdsa", signature="sha256_ecdsa")),
    ("version 1 with extensions", "4.1.2.1", put(SERVER, version=1)),
    ("version 2 with extensions", "4.1.2.1", put(SERVER, version=2)),
    ("a CA of version 1", "6.1.4 (k)", put(CA, version=1, extensions=())),
    ("a CA of version 2", "6.1.4 (k)", put(CA, version=2)),
    ("a root of version 1", "4.2.1.9", put(ROOT, version=1, extensions=())),
    ("serial number 0", "4.1.2.2", put(SERVER, serial=0)),
    ("serial number 0 of a CA", "4.1.2.2", put(CA, serial=0)),
    ("serial number 0 of a root", "4.1.2.2", put(ROOT, serial=0)),
    ("a negative serial number", "4.1.2.2", put(SERVER, serial=-5)),
    ("a serial number of 21 octets", "4.1.2.2", put(SERVER, serial=1 << 159)),
    ("an empty issuer", "4.1.2.4", put(CA, subject=[])),
    ("an empty subject of a CA", "4.1.2.6", put(CA, subject=[])),
    ("an empty subject of a root", "4.1.2.6", put(ROOT, subject=[])),
    ("GeneralizedTime before 2050", "4.1.2.5", put(SERVER, not_before=generalized_time(START))),
    ("GeneralizedTime before 2050, at the end", "4.1.2.5",
     put(CA, not_after=generalized_time(END))),
    ("a time with a fraction", "4.1",
     put(SERVER, not_after=raw_time(tlv(0x18, b"20500101000000.5Z")))),
    ("a time without seconds", "4.1",
     put(SERVER, not_before=raw_time(tlv(0x17, b"2601010000Z")))),
    ("a time with an offset", "4.1",
     put(SERVER, not_before=raw_time(tlv(0x17, b"260101000000+0000")))),
    ("an empty subject without subjectAltName", "4.1.2.6",
     both(put(SERVER, subject=[]), without(SERVER, "subjectAltName"))),
    ("an empty subject, subjectAltName not critical", "4.1.2.6", put(SERVER, subject=[])),
    ("an explicit curve", "RFC 5480, 2.1.1", put(SERVER, public_key=EXPLICIT_P256)),
    ("issuerUniqueID", "4.1.2.8", put(SERVER, damage_tbs=unique_identifier(0x81))),
    ("subjectUniqueID", "4.1.2.8", put(SERVER, damage_tbs=unique_identifier(0x82))),
    ("subjectUniqueID of a CA", "4.1.2.8", put(CA, damage_tbs=unique_identifier(0x82))),
    ("an extension twice", "4.2", put(SERVER, extensions=(*GOOD.specs[0].extensions, NAMED))),
    ("an extension twice in a CA", "4.2",
     put(CA, extensions=(*GOOD.specs[1].extensions, key_usage("keyCertSign")))),
    ("an unknown critical extension", "6.1.5 (f)",
     extension(SERVER, "1.3.6.1.4.1.99999.1", b"\5\0", True)),
    ("an unknown critical extension of a CA", "6.1.4 (o)",
     extension(CA, "1.3.6.1.4.1.99999.1", b"\5\0", True)),
    ("an unknown critical extension of a root", "4.2",
     extension(ROOT, "1.3.6.1.4.1.99999.1", b"\5\0", True)),
    # 4.2.1.1
    ("no authorityKeyIdentifier", "4.2.1.1", without(SERVER, "authorityKeyIdentifier")),
    ("no authorityKeyIdentifier in a CA", "4.2.1.1", without(CA, "authorityKeyIdentifier")),
    ("authorityKeyIdentifier without keyIdentifier", "4.2.1.1",
     put(SERVER, authority_key_id(False, True))),
    ("authorityKeyIdentifier critical", "4.2.1.1", put(SERVER, authority_key_id(critical=True))),
    ("authorityCertIssuer alone", "4.2.1.1",
     extension(SERVER, "authorityKeyIdentifier",
               sequence(tlv(0x80, b"x" * 20), tlv(0xA1, tlv(0xA4, name_der("Test Root")))))),
    ("authorityCertSerialNumber alone", "4.2.1.1",
     extension(SERVER, "authorityKeyIdentifier", sequence(tlv(0x80, b"x" * 20), b"\x82\1\5"))),
    ("authorityKeyIdentifier that is none", "4",
     extension(SERVER, "authorityKeyIdentifier", b"\5\0")),
    # 4.2.1.2
    ("no subjectKeyIdentifier in a CA", "4.2.1.2",
     both(without(CA, "subjectKeyIdentifier"),
          put(SERVER, authority_key_id(b"x" * 20)))),
    ("no subjectKeyIdentifier in a root", "4.2.1.2",
     both(without(ROOT, "subjectKeyIdentifier"), put(CA, authority_key_id(b"x" * 20)))),
    ("subjectKeyIdentifier critical", "4.2.1.2",
     put(CA, Extension("2.5.29.14", True, subject_key_id().value, ""))),
    # 4.2.1.3
    ("no keyUsage in a CA", "4.2.1.3", without(CA, "keyUsage")),
    ("keyUsage without a bit", "4.2.1.3", put(SERVER, key_usage())),
    ("keyUsage without a bit, spelled out", "4.2.1.3",
     extension(SERVER, "keyUsage", b"\3\2\7\0")),
    ("keyUsage that is none", "4", extension(SERVER, "keyUsage", b"\5\0")),
    ("a CA without keyCertSign", "6.1.4 (n)", put(CA, key_usage("digitalSignature"))),
    ("a root without keyCertSign", "6.1.4 (n)", put(ROOT, key_usage("digitalSignature"))),
    ("keyCertSign in the server's certificate", "4.2.1.9",
     put(SERVER, key_usage("digitalSignature", "keyCertSign"))),
    # 4.2.1.4
    ("a policy twice", "6.1.3 (d)", policies(policy("1.2.3"), policy("1.2.3"))),
    ("no policy in certificatePolicies", "6.1.3 (d)", policies()),
    ("an unknown qualifier, critical", "4.2.1.4",
     policies(policy("1.2.3", sequence(oid("1.2.3.4"), b"\5\0")), critical=True)),
    ("an unknown qualifier of anyPolicy", "4.2.1.4",
     policies(policy("2.5.29.32.0", sequence(oid("1.2.3.4"), b"\5\0")))),
    # 4.2.1.5
    ("a mapping from anyPolicy", "6.1.4 (a)",
     extension(CA, MAPPINGS, sequence(sequence(oid("2.5.29.32.0"), oid("1.2.3"))), True)),
    ("a mapping to anyPolicy", "6.1.4 (a)",
     extension(CA, MAPPINGS, sequence(sequence(oid("1.2.3"), oid("2.5.29.32.0"))), True)),
    # 4.2.1.6
    ("no name in subjectAltName", "4", extension(SERVER, "subjectAltName", sequence())),
    ("a blank dNSName", "4.2.1.6", alt(tlv(0x82, b" "))),
    ("an empty dNSName", "4.2.1.6", alt(tlv(0x82, b""))),
    ("a dNSName with an underscore", "4.2.1.6", alt(tlv(0x82, b"a_b.example"))),
    ("a dNSName with a leading hyphen", "4.2.1.6", alt(tlv(0x82, b"-a.example"))),
    ("a dNSName with a trailing hyphen", "4.2.1.6", alt(tlv(0x82, b"a-.example"))),
    ("a dNSName with a dot at its end", "4.2.1.6", alt(tlv(0x82, b"a.example."))),
    ("a dNSName with a dot at its start", "4.2.1.6", alt(tlv(0x82, b".a.example"))),
    ("a dNSName with two dots", "4.2.1.6", alt(tlv(0x82, b"a..example"))),
    ("a dNSName with a label of 64 letters", "4.2.1.6", alt(tlv(0x82, b"a" * 64 + b".example"))),
    ("a dNSName of 254 letters", "4.2.1.6", alt(tlv(0x82, b"a." * 126 + b"ab"))),
    ("a dNSName outside ASCII", "4.2.1.6", alt(tlv(0x82, "büro.example".encode()))),
    ("a dNSName with a NUL", "4.2.1.6", alt(tlv(0x82, b"a\0.example"))),
    ("a dNSName with a line feed", "4.2.1.6", alt(tlv(0x82, b"a.example\n"))),
    ("an iPAddress of 5 octets", "4.2.1.6", alt(tlv(0x87, b"12345"))),
    ("an iPAddress with a mask", "4.2.1.6", alt(tlv(0x87, b"\x0a\0\0\0\xff\0\0\0"))),
    ("an empty iPAddress", "4.2.1.6", alt(tlv(0x87, b""))),
    ("an empty rfc822Name", "4.2.1.6", alt(tlv(0x81, b""))),
    ("an rfc822Name without a host", "4.2.1.6", alt(tlv(0x81, b"edge"))),
    ("an rfc822Name in brackets", "4.2.1.6", alt(tlv(0x81, b"<edge@plant7.example>"))),
    ("an rfc822Name with a phrase", "4.2.1.6", alt(tlv(0x81, b"Edge <edge@plant7.example>"))),
    ("an rfc822Name outside ASCII", "4.2.1.6", alt(tlv(0x81, "büro@plant7.example".encode()))),
    ("an empty URI", "4.2.1.6", alt(tlv(0x86, b""))),
    ("a relative URI", "4.2.1.6", alt(tlv(0x86, b"/plant7"))),
    ("a URI without a scheme-specific part", "4.2.1.6", alt(tlv(0x86, b"urn:"))),
    ("a URI with an authority without a host", "4.2.1.6", alt(tlv(0x86, b"https:///x"))),
    ("an empty directoryName", "4.2.1.6", alt(tlv(0xA4, b"\x30\0"))),
    ("a directoryName that is none", "4", alt(tlv(0xA4, b"\5\0"))),
    ("an empty registeredID", "4.2.1.6", alt(tlv(0x88, b""))),
    ("an empty otherName", "4.2.1.6", alt(tlv(0xA0, b""))),
    # 4.2.1.7
    ("no name in issuerAltName", "4.2.1.7", extension(SERVER, ISSUER_ALT_NAME, sequence())),
    ("an empty name in issuerAltName", "4.2.1.7",
     extension(SERVER, ISSUER_ALT_NAME, sequence(tlv(0x82, b"")))),
    # 4.2.1.8
    ("subjectDirectoryAttributes critical", "6.1.5 (f)",
     extension(SERVER, DIRECTORY_ATTRIBUTES,
               sequence(sequence(oid("2.5.4.3"), tlv(0x31, tlv(0x0C, b"x")))), True)),
    # 4.2.1.9
    ("no basicConstraints in a CA", "6.1.4 (k)", without(CA, "basicConstraints")),
    ("no basicConstraints in a root", "6.1.4 (k)", without(ROOT, "basicConstraints")),
    ("CA:FALSE in a CA", "6.1.4 (k)", put(CA, basic_constraints(False))),
    ("CA:FALSE in a root", "6.1.4 (k)", put(ROOT, basic_constraints(False))),
    ("basicConstraints of a CA not critical", "4.2.1.9",
     put(CA, basic_constraints(True, critical=False))),
    ("basicConstraints of a root not critical", "4.2.1.9",
     put(ROOT, basic_constraints(True, critical=False))),
    ("a path length without CA:TRUE", "4.2.1.9", put(SERVER, basic_constraints(False, 0))),
    ("a path length without keyCertSign", "4.2.1.9",
     put(ROOT, basic_constraints(True, 3), key_usage("cRLSign"))),
    ("a negative path length", "6.1.4 (k)", put(CA, basic_constraints(True, -1))),
    ("a path length that is too short", "6.1.4 (l)", put(ROOT, basic_constraints(True, 0))),
    # 4.2.1.10
    ("nameConstraints not critical", "4.2.1.10",
     put(CA, name_constraints(permitted={"dns": ["plant7.example"]}, critical=False))),
    ("nameConstraints in the server's certificate", "4.2.1.10",
     put(SERVER, name_constraints(permitted={"dns": ["plant7.example"]}))),
    ("nothing in nameConstraints", "6.1.4 (g)", extension(CA, "nameConstraints", sequence(), True)),
    ("a subtree with a minimum", "6.1.4 (g)",
     extension(CA, "nameConstraints",
               sequence(tlv(0xA0, sequence(tlv(0x82, b"plant7.example"), b"\x80\1\1"))), True)),
    ("a subtree with a maximum", "6.1.4 (g)",
     extension(CA, "nameConstraints",
               sequence(tlv(0xA0, sequence(tlv(0x82, b"plant7.example"), b"\x81\1\1"))), True)),
    # 4.2.1.11
    ("policyConstraints not critical", "4.2.1.11",
     extension(CA, POLICY_CONSTRAINTS, sequence(b"\x80\1\5"))),
    ("nothing in policyConstraints", "6.1.3 (d)",
     extension(CA, POLICY_CONSTRAINTS, sequence(), True)),
    # 4.2.1.12
    ("no purpose in extKeyUsage", "4.2.1.12", put(SERVER, extended_key_usage())),
    # 4.2.1.13
    ("no point in cRLDistributionPoints", "4", extension(SERVER, POINTS, sequence())),
    ("a distribution point with reasons alone", "4",
     extension(SERVER, POINTS, sequence(POINT, sequence(SOME_REASONS)))),
    ("no distribution point for all reasons", "4.2.1.13",
     extension(SERVER, POINTS, sequence(sequence(tlv(0xA0, tlv(0xA0, URL)), SOME_REASONS)))),
    # 4.2.1.14
    ("inhibitAnyPolicy not critical", "4.2.1.14", extension(CA, ANY, integer(1))),
    # 4.2.1.15
    ("freshestCRL critical", "6.1.5 (f)", extension(SERVER, FRESHEST, sequence(POINT), True)),
    # 4.2.2
    ("authorityInfoAccess critical", "6.1.5 (f)",
     extension(SERVER, AIA, access("1.3.6.1.5.5.7.48.2"), True)),
    ("no description in authorityInfoAccess", "4", extension(SERVER, AIA, sequence())),
    ("authorityInfoAccess that is none", "4", extension(SERVER, AIA, b"\5\0")),
    ("subjectInfoAccess critical", "6.1.4 (o)",
     extension(CA, SIA, access("1.3.6.1.5.5.7.48.5"), True)),
    ("no description in subjectInfoAccess", "4", extension(CA, SIA, sequence())),
]  # fmt: skip

KEPT: list[tuple[str, Change]] = [
    ("serial number 1", put(SERVER, serial=1)),
    ("a serial number of 20 octets", put(SERVER, serial=(1 << 159) - 1)),
    ("GeneralizedTime from 2050 on", put(SERVER, not_after=LATE)),
    ("the last second of UTCTime", put(ROOT, not_after=LAST_OF_UTC_TIME)),
    ("no end that is known", put(ROOT, not_after=NO_END)),
    ("UTCTime of 1950", put(ROOT, not_before=utc_time(datetime(1950, 1, 1, tzinfo=UTC)))),
    ("the first second", put(SERVER, not_before=AT)),
    ("the last second", put(SERVER, not_after=AT)),
    ("an empty subject, subjectAltName critical",
     put(SERVER, subject_alt_name(dns=[HOST], critical=True), subject=[])),
    ("a critical subjectAltName", alt(critical=True)),
    ("no authorityKeyIdentifier in a root", without(ROOT, "authorityKeyIdentifier")),
    ("authorityKeyIdentifier with all three", put(SERVER, authority_key_id(True, True))),
    ("authorityCertIssuer by its address",
     extension(SERVER, "authorityKeyIdentifier",
               sequence(tlv(0x80, b"x" * 20), tlv(0xA1, URL), b"\x82\1\5"))),
    ("no subjectKeyIdentifier in the server's certificate",
     without(SERVER, "subjectKeyIdentifier")),
    ("no keyUsage in the server's certificate", without(SERVER, "keyUsage")),
    ("no keyUsage in a root", without(ROOT, "keyUsage")),
    ("keyUsage not critical", put(CA, key_usage("keyCertSign", critical=False))),
    ("all usages of a CA", put(CA, key_usage("digitalSignature", "keyCertSign", "cRLSign"))),
    ("no basicConstraints in the server's certificate", without(SERVER, "basicConstraints")),
    ("no extKeyUsage", without(SERVER, "extendedKeyUsage")),
    ("anyExtendedKeyUsage", put(SERVER, extended_key_usage("anyExtendedKeyUsage"))),
    ("a critical extKeyUsage", put(SERVER, extended_key_usage("serverAuth", critical=True))),
    ("a path length that suffices", put(CA, basic_constraints(True, 0))),
    ("an unknown extension", extension(SERVER, "1.3.6.1.4.1.99999.1", b"\5\0")),
    ("a policy", policies(policy("1.2.3"))),
    ("a critical policy with both qualifiers",
     policies(policy("1.2.3", sequence(oid(CPS), tlv(0x16, b"http://ca.example/cps")),
                     sequence(oid(USER_NOTICE), sequence(tlv(0x0C, b"read this")))),
              critical=True)),
    ("an unknown qualifier of a policy",
     policies(policy("1.2.3", sequence(oid("1.2.3.4"), b"\5\0")))),
    ("anyPolicy with a qualifier",
     policies(policy("2.5.29.32.0", sequence(oid(CPS), tlv(0x16, b"http://ca.example/cps"))))),
    ("a mapping", extension(CA, MAPPINGS, sequence(sequence(oid("1.2.3"), oid("1.2.4"))), True)),
    ("policyConstraints", extension(CA, POLICY_CONSTRAINTS, sequence(b"\x80\1\5"), True)),
    ("inhibitAnyPolicy", extension(CA, ANY, integer(1), True)),
    ("names of every form",
     alt(tlv(0x82, b"xn--bro-hoa.example"), tlv(0x82, b"9.example"), tlv(0x82, b"gw"),
         tlv(0x81, b"edge+7@plant7.example"), URL, tlv(0x86, b"urn:uuid:x"),
         tlv(0x86, b"https://[2001:db8::1]:8883/"), tlv(0x86, b"mailto:edge@plant7.example"),
         tlv(0x87, b"\x0a\0\0\1"), tlv(0x87, bytes(16)), tlv(0xA4, name_der("Edge")),
         tlv(0x88, oid("1.2.3")[2:]), tlv(0xA0, oid("1.2.3"), tlv(0xA0, b"\5\0")))),
    ("a dNSName of 253 letters", alt(tlv(0x82, b"a." * 126 + b"a"))),
    ("a label of 63 letters", alt(tlv(0x82, b"a" * 63 + b".example"))),
    ("a wildcard", alt(tlv(0x82, b"*.plant7.example"))),
    ("issuerAltName", extension(SERVER, ISSUER_ALT_NAME, sequence(URL))),
    ("subjectDirectoryAttributes", extension(
        SERVER, DIRECTORY_ATTRIBUTES,
        sequence(sequence(oid("2.5.4.3"), tlv(0x31, tlv(0x0C, b"x")))))),
    ("nameConstraints", put(CA, name_constraints(permitted={"dns": ["plant7.example"]}))),
    ("a distribution point", extension(SERVER, POINTS, sequence(POINT))),
    ("a distribution point for some reasons, too", extension(
        SERVER, POINTS, sequence(POINT, sequence(tlv(0xA0, tlv(0xA0, URL)), SOME_REASONS)))),
    ("a critical distribution point", extension(SERVER, POINTS, sequence(POINT), True)),
    ("freshestCRL", extension(SERVER, FRESHEST, sequence(POINT))),
    ("authorityInfoAccess", extension(SERVER, AIA, access("1.3.6.1.5.5.7.48.2"))),
    ("subjectInfoAccess", extension(CA, SIA, access("1.3.6.1.5.5.7.48.5"))),
    # 4.2.1.2: "Applications are not required to verify that key identifiers match when
    # performing certification path validation."
    ("key identifiers that differ, and a signature that is right",
     put(SERVER, authority_key_id(b"x" * 20))),
]  # fmt: skip


def test_the_chain_that_is_broken_is_good() -> None:
    """In every profile, and nothing is left undecided."""
    for profile in ("path", "iot-edge", "rfc5280", "web-pki"):
        report = GOOD.report(profile)
        assert (report.valid, steps(report)) == (True, set())


@pytest.mark.parametrize(
    ("section", "change"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN]
)
def test_broken(section: str, change: Change) -> None:
    """What breaks a MUST does not pass, and the section is named."""
    report = change(GOOD).report()
    assert report.valid is not True
    assert section in steps(report)


@pytest.mark.parametrize("change", [case[1] for case in KEPT], ids=[case[0] for case in KEPT])
def test_kept(change: Change) -> None:
    """What keeps to every MUST passes, however unusual it is."""
    report = change(GOOD).report()
    assert (report.valid, steps(report)) == (True, set())


@pytest.mark.parametrize("name", ["subjectDirectoryAttributes critical", "freshestCRL critical"])
def test_what_section_6_refuses_is_said_once(name: str) -> None:
    """An extension that must not be critical, and is unknown where it is, is one fault."""
    change = next(case[2] for case in BROKEN if case[0] == name)
    violations = path(change(GOOD).report()).violations
    assert [violation.kind for violation in violations] == [Kind.UNKNOWN_CRITICAL]


def test_what_cannot_be_read_hides_nothing() -> None:
    """A key identifier that is damaged does not keep other MUSTs from being looked at."""
    damaged = both(
        extension(SERVER, "authorityKeyIdentifier", b"\5\0"),
        put(SERVER, serial=0),
        alt(tlv(0x82, b"a_b.example")),
        policies(policy("2.5.29.32.0", sequence(oid("1.2.3.4"), b"\5\0"))),
    )
    report = damaged(GOOD).report()
    assert report.valid is False
    assert steps(report) == {"4", "4.1.2.2", "4.2.1.4", "4.2.1.6"}
