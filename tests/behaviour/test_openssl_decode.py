"""What OpenSSL, in its versions, refuses to read of a message before it verifies anything."""

from __future__ import annotations

from typing import Any

import pytest

from edgecheck.behaviour.openssl import decode, keys
from edgecheck.behaviour.openssl.decode import refused_to_read, wrong_integer
from edgecheck.behaviour.openssl.settings import Settings
from fixtures import der
from fixtures.edits import KEY, content, edited
from fixtures.pki import (
    Issued,
    generalized_time,
    issue,
    key_usage,
    raw_time,
)
from fixtures.private_keys import private_key
from tests.behaviour.runs import SOUND, read, seen
from tests.hierarchy.chains import END, HOST, START, Chain, server

LEAF, CA, ROOT = SOUND.issued()
ALL = {
    "1.0.2": (1, 0, 2),
    "1.1.0": (1, 1, 0),
    "1.1.1": (1, 1, 1),
    "3.0": (3, 0),
    "3.4": (3, 4),
    "3.5": (3, 5),
    "3.6": (3, 6),
    "4.0": (4, 0),
}


def refusals(chain: Chain, host: str | None = None, **changes: Any) -> dict[str, tuple[str, int]]:
    """By version, and for BoringSSL: the code and the place; only of those who refuse."""
    *sent, root = chain.issued()
    found = {}
    for name, version in [*ALL.items(), ("BoringSSL", (1, 0, 2))]:
        settings = Settings(version, boring=name == "BoringSSL", **changes)
        refusal = refused_to_read(seen(sent, [root], host), settings)
        if refusal is not None:
            found[name] = (refusal.code, refusal.depth)
    return found


SINCE_1_1_0 = [name for name in ALL if name != "1.0.2"]
ALL_BUT_BORING = list(ALL)


def test_a_sound_message_is_read_by_all() -> None:
    assert refusals(SOUND, HOST) == {}
    assert refusals(SOUND, HOST, wire=False) == {}


@pytest.mark.parametrize(
    ("number", "wrong"),
    [
        (b"", "illegal zero content"),
        (b"\x00", None),
        (b"\x01", None),
        (b"\x80", None),
        (b"\xff", None),
        (b"\x00\x01", "illegal padding"),
        (b"\x00\x7f", "illegal padding"),
        (b"\x00\x80", None),
        (b"\x01\x00", None),
        (b"\x80\x00", None),
        (b"\xff\x7f", None),
        (b"\xff\x80", "illegal padding"),
        (b"\xff\x00", None),
    ],
)
def test_an_integer_is_der_or_wrong(number: bytes, wrong: str | None) -> None:
    """c2i_ibuf of a_int.c: superfluous octets of either sign, or none at all."""
    assert wrong_integer(number) == wrong


def test_c2i_ibuf_takes_ff_before_zeros_alone_for_a_number() -> None:
    """`FF 00 ..` is the two's complement of 256 and needs its sign."""
    assert wrong_integer(b"\xff\x00\x00") is None
    assert wrong_integer(b"\xff\x80\x00") == "illegal padding"


@pytest.mark.parametrize("depth", [0, 1])
@pytest.mark.parametrize(
    ("serial", "code"), [(b"\x00\x01", "illegal padding"), (b"", "illegal zero content")]
)
def test_a_serial_number_that_is_no_der_is_refused_since_1_1_0(
    depth: int, serial: bytes, code: str
) -> None:
    """Of any certificate that is sent. BoringSSL does not decode it either, with its own code."""
    expected = dict.fromkeys(SINCE_1_1_0, (code, depth)) | {"BoringSSL": ("decode", depth)}
    assert refusals(SOUND.put(depth, serial=serial)) == expected


@pytest.mark.parametrize("depth", [0, 1])
@pytest.mark.parametrize("field", ["not_before", "not_after"])
def test_a_utctime_without_seconds_is_refused_since_3_4(field: str, depth: int) -> None:
    when = {"not_before": START, "not_after": END}[field]
    short = raw_time(f"\x17\x0b{when:%y%m%d%H%M}Z".encode(), when)
    assert refusals(SOUND.put(depth, **{field: short})) == since_3_4("utctime is too short", depth)


@pytest.mark.parametrize(("octets", "is_refused"), [(14, True), (15, False), (17, False)])
def test_a_generalizedtime_of_less_than_15_octets_is_refused_since_3_4(
    octets: int, is_refused: bool
) -> None:
    """Whatever stands in it; its form is looked at when times are compared."""
    content = f"{START:%Y%m%d%H%M%S}.00Z"[:octets].encode()
    chain = SOUND.put(0, not_before=raw_time(bytes((0x18, octets)) + content, START))
    expected = since_3_4("generalizedtime is too short", 0) if is_refused else {}
    assert refusals(chain) == (expected or {"BoringSSL": ("decode", 0)})


def since_3_4(code: str, depth: int) -> dict[str, tuple[str, int]]:
    """What those say who read no time that is too short; BoringSSL has its own code."""
    return dict.fromkeys(("3.4", "3.5", "3.6", "4.0"), (code, depth)) | {
        "BoringSSL": ("decode", depth)
    }


@pytest.mark.parametrize(
    ("time", "boring"),
    [
        (generalized_time(START), False),
        (raw_time(b"\x17\x0d260101000000Z", START), False),
        (raw_time(b"\x17\x11260101000000+0000", START), False),
        (raw_time(b"\x17\x11260101000000-0100", START), False),
        (raw_time(b"\x17\x0f2601010000+0000", START), True),
        (raw_time(b"\x18\x112026010100000.00Z", START), True),
        (raw_time(b"\x18\x1320260101000000+0000", START), True),
    ],
)
def test_boringssl_reads_times_of_rfc_5280_and_offsets(time: Any, boring: bool) -> None:
    """CBS_parse_rfc5280_time; OpenSSL minds only what is too short."""
    expected = {"BoringSSL": ("decode", 0)} if boring else {}
    assert refusals(SOUND.put(0, not_before=time)) == expected


def test_bytes_behind_a_certificate_are_refused_where_it_comes_over_the_wire() -> None:
    """In a file they are not; which certificate it is, is told."""
    for place, one in ((0, LEAF), (1, CA)):
        view = seen([LEAF, CA], [ROOT], trailing=[one])
        assert refused_to_read(view, Settings()) == ("trailing", read(one)[0], place, "")
        assert refused_to_read(view, Settings(wire=False)) is None


def test_boringssl_refuses_what_it_cannot_load_as_trusted() -> None:
    """Whatever is sent."""
    boring = Settings((1, 0, 2), boring=True)
    for damage in ({"serial": b"\x00\x01"}, {"version": 4}, {"version": 1}):
        *sent, root = SOUND.put(2, **damage).issued()
        _, refusal = decode.load_trust(seen(sent, [root]), boring)
        assert refusal == ("trust", read(root)[0], 0, "decode"), damage
    view = seen([LEAF, CA], [ROOT], trailing=[ROOT])
    _, refusal = decode.load_trust(view, boring)
    assert refusal is not None
    assert refusal.code == decode.TRUST


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"version": 4}, True),
        ({"version": 3, "extensions": ()}, False),
        ({"version": 2}, True),
        ({"version": 2, "extensions": ()}, False),
        ({"version": 1, "extensions": ()}, False),
    ],
)
def test_boringssl_reads_extensions_in_version_3_alone(
    changes: dict[str, Any], refused: bool
) -> None:
    assert refusals(SOUND.put(0, **changes)) == ({"BoringSSL": ("decode", 0)} if refused else {})


# --- keys -----------------------------------------------------------------------------------------

OLD = ("1.0.2", "1.1.0")
KEYS: dict[str, dict[str, str]] = {
    "p256-1": {},
    "p384-1": {"1.0.2": "curve"},
    "p521-1": {"1.0.2": "curve"},
    "secp256k1-1": {**dict.fromkeys(ALL, "no cipher"), "BoringSSL": "no cipher"},
    "rsa1024-1": {},
    "rsa2048-1": {},
    "rsa8192-1": {},
    "rsa2048-e34-1": {"BoringSSL": "decode"},
    "ed25519-1": dict.fromkeys(OLD, "key"),
    "ed448-1": {**dict.fromkeys(OLD, "key"), "BoringSSL": "decode"},
}


@pytest.mark.parametrize("key", KEYS)
def test_each_kind_of_key_of_a_server(key: str) -> None:
    """Who cannot decode it, and who does not offer it."""
    found = refusals(SOUND.put(0, key=key))
    assert found == {name: (code, 0) for name, code in KEYS[key].items()}


def test_a_file_needs_no_cipher_and_no_curve() -> None:
    for key in ("secp256k1-1", "p384-1", "ed25519-1"):
        found = refusals(SOUND.put(0, key=key), wire=False)
        assert set(found) <= {"BoringSSL"}, key


def test_the_key_that_counts_in_the_handshake_is_that_of_the_server() -> None:
    other: Issued = issue(server(key="secp256k1-1"))
    for server_key, code in ((other, "no cipher"), (LEAF, None)):
        found = refused_to_read(seen([LEAF, CA], [ROOT], server=server_key), Settings())
        assert (found.code if found else None) == code


@pytest.mark.parametrize(("key", "old"), [("p256-1", "EC usage"), ("rsa2048-1", None)])
def test_key_usage_without_digital_signature(key: str, old: str | None) -> None:
    """ssl_check_srvr_ecc_cert_and_alg up to 1.1.0, of EC keys alone; BoringSSL of every key."""
    boring = {"BoringSSL": ("usage", 0)}
    expected = {name: (old, 0) for name in OLD if old} | boring
    assert refusals(SOUND.put(0, key_usage("keyAgreement"), key=key)) == expected
    assert refusals(SOUND.without(0, "keyUsage").put(0, key=key)) == {}


PSS = bytes.fromhex("300b06092a864886f70d01010a")


def test_a_pss_key_is_decoded_since_1_1_1() -> None:
    """id-RSASSA-PSS in the place of rsaEncryption."""
    as_pss = edited(KEY, 0, edit=content(PSS[2:]))
    chain = SOUND.put(0, key="rsa2048-1", damage_tbs=as_pss)
    (certificate,) = read(chain.issued()[0])
    for name, version in ALL.items():
        assert keys.decodes(certificate, Settings(version)) is (name not in OLD), name
    (sound,) = read(SOUND.put(0, key="rsa2048-1").issued()[0])
    for version in ALL.values():
        assert keys.decodes(sound, Settings(version))


@pytest.mark.parametrize("version", ALL.values(), ids=ALL)
@pytest.mark.parametrize("key", ["ed25519-1", "ed448-1", "p256-1"])
def test_edwards_curves_are_decoded_since_1_1_1(key: str, version: tuple[int, ...]) -> None:
    (certificate,) = read(issue(server(key=key)))
    old = version < (1, 1, 1) and key.startswith("ed")
    assert keys.decodes(certificate, Settings(version)) is not old


@pytest.mark.parametrize(
    ("curve", "offered", "boring"),
    [
        ("secp256r1", True, True),
        ("secp384r1", True, True),
        ("secp521r1", True, True),
        ("secp224r1", False, True),
        ("secp256k1", False, False),
        ("brainpoolP256r1", False, False),
    ],
)
def test_each_curve_that_clients_offer_and_that_boringssl_knows(
    curve: str, offered: bool, boring: bool
) -> None:
    assert (curve in keys.NEGOTIATED, curve in keys.BORING_CURVES) == (offered, boring)
    known = {"secp256r1": "p256-1", "secp384r1": "p384-1", "secp256k1": "secp256k1-1"}
    if curve in known:
        key = private_key(known[curve]).public_key()
        assert keys.known_kind(key, keys.NEGOTIATED) is offered


@pytest.mark.parametrize(
    ("exponent", "taken"),
    [
        (1, False),
        (2, False),
        (3, True),
        (65537, True),
        ((1 << 33) - 1, True),
        ((1 << 33) + 1, False),
        (65536, False),
    ],
)
def test_boringssl_takes_odd_exponents_of_up_to_33_bits(exponent: int, taken: bool) -> None:
    """rsa_check_public_key of rsa_impl.cc.inc."""
    assert _boring(exponent, 2048) is taken


@pytest.mark.parametrize(
    ("size", "taken"), [(504, False), (512, True), (16384, True), (16385, False), (511, False)]
)
def test_boringssl_takes_moduli_of_512_to_16384_bits(size: int, taken: bool) -> None:
    assert _boring(65537, size) is taken


def _boring(exponent: int, size: int) -> bool:
    numbers = der.sequence(der.integer((1 << (size - 1)) + 1), der.integer(exponent))
    algorithm = der.sequence(der.oid("1.2.840.113549.1.1.1"), b"\x05\x00")
    key = der.sequence(algorithm, der.bit_string(numbers))
    (certificate,) = read(issue(server(public_key=key), CA))
    return keys.decodes(certificate, Settings((1, 0, 2), boring=True))


def test_a_key_that_cannot_be_read_is_none_to_boringssl() -> None:
    """OpenSSL may decode it, and nobody knows which cipher it is for."""
    broken = SOUND.put(0, damage_tbs=edited(KEY, 0, edit=content(b"\x06\x01\x2a")))
    (certificate,) = read(broken.issued()[0])
    assert not keys.decodes_boring(certificate)
    assert keys.decodes(certificate, Settings())
    *sent, root = broken.issued()
    refusal = refused_to_read(seen(sent, [root]), Settings((1, 0, 2), boring=True))
    assert refusal == ("decode", certificate, 0, "")
    assert refused_to_read(seen(sent, [root]), Settings()) is None


# --- the host name --------------------------------------------------------------------------------


def test_a_name_that_cannot_be_set_is_refused_since_4_0_by_those_who_set_it() -> None:
    assert refusals(SOUND, "$edgeHub") == {"4.0": ("name", 0)}
    assert refusals(SOUND, "$edgeHub", names=False) == {}
    assert refusals(SOUND, "10.0.0.1") == refusals(SOUND, "2001:db8::1") == {}
    assert refusals(SOUND, None) == {}


def test_callers_with_other_settings_are_not_told_what_others_could_not_read() -> None:
    """On one view, in any order."""
    short = raw_time(b"\x17\x0b2601010000Z", START)
    *sent, root = SOUND.put(0, not_before=short).put(1, serial=b"\0\1").issued()
    asked = [Settings(version, wire=wire) for version in ALL.values() for wire in (True, False)]
    asked.append(Settings((1, 0, 2), boring=True))
    alone = [refused_to_read(seen(sent, [root]), each) for each in asked]
    assert len(set(alone)) == 4
    for order in (asked, asked[::-1]):
        view = seen(sent, [root])
        together = {each: refused_to_read(view, each) for each in order}
        assert [together[each] for each in asked] == alone


def test_codes_are_told_apart() -> None:
    codes = (
        decode.TRAILING,
        decode.DECODE,
        decode.USAGE,
        decode.INVALID,
        decode.CURVE,
        decode.NO_CIPHER,
        decode.KEY,
        decode.TRUST,
        decode.EC_USAGE,
        *decode.UNDECODABLE,
        decode.NAME,
    )
    assert len(set(codes)) == len(codes)
