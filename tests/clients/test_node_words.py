"""The words of Node.js, old and new, of what is built on it, and of Bun, for each refusal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from edgecheck.behaviour.openssl.decode import (
    CURVE,
    DECODE,
    EC_USAGE,
    INVALID,
    KEY,
    NO_CIPHER,
    NO_CONTENT,
    PADDING,
    SHORT_GENERALIZED,
    SHORT_UTC,
    TRAILING,
    TRUST,
    USAGE,
)
from edgecheck.behaviour.openssl.errors import EE_KEY
from edgecheck.behaviour.openssl.settings import V1_0_2, Settings
from edgecheck.behaviour.view import View
from edgecheck.clients.answer import Answer, Verdict, reject
from edgecheck.clients.openssl import node
from edgecheck.clients.openssl.engine import PROOF, run
from edgecheck.clients.openssl.node import ALTNAME
from fixtures.pki import extended_key_usage, subject_alt_name
from tests.behaviour.runs import SOUND, read, seen
from tests.hierarchy.chains import HOST

LEAF, CA, ROOT = SOUND.issued()
VIEW = seen([LEAF, CA], [ROOT], "gw.local")
BY_ADDRESS = seen([LEAF, CA], [ROOT], "10.0.0.1")

X509_ERROR_CODE = {
    2: "UNABLE_TO_GET_ISSUER_CERT",
    3: "UNABLE_TO_GET_CRL",
    4: "UNABLE_TO_DECRYPT_CERT_SIGNATURE",
    6: "UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY",
    7: "CERT_SIGNATURE_FAILURE",
    9: "CERT_NOT_YET_VALID",
    10: "CERT_HAS_EXPIRED",
    13: "ERROR_IN_CERT_NOT_BEFORE_FIELD",
    14: "ERROR_IN_CERT_NOT_AFTER_FIELD",
    18: "DEPTH_ZERO_SELF_SIGNED_CERT",
    19: "SELF_SIGNED_CERT_IN_CHAIN",
    20: "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
    21: "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    22: "CERT_CHAIN_TOO_LONG",
    23: "CERT_REVOKED",
    25: "PATH_LENGTH_EXCEEDED",
    26: "INVALID_PURPOSE",
    27: "CERT_UNTRUSTED",
    28: "CERT_REJECTED",
    62: "HOSTNAME_MISMATCH",
    79: "INVALID_CA",
    34: "UNSPECIFIED",
    47: "UNSPECIFIED",
    66: "UNSPECIFIED",
    68: "UNSPECIFIED",
}
"""X509ErrorCode of crypto_common.cc; of other errors Node.js knows no name."""


@pytest.mark.parametrize("number", X509_ERROR_CODE)
def test_each_error_has_its_code(number: int) -> None:
    """The older ones show OpenSSL's text, twice, where they have no code."""
    answer = reject(number, read(LEAF)[0])
    name = X509_ERROR_CODE[number]
    assert node.code(answer, VIEW) == name
    assert node.bun_code(answer, VIEW) == name
    assert node.mqtt_js(answer, VIEW) == name
    texts = {
        34: "unhandled critical extension",
        47: "permitted subtree violation",
        66: "EE certificate key too weak",
        68: "CA signature digest algorithm too weak",
    }
    old = f"{texts[number]}: {texts[number]}" if number in texts else name
    assert node.old_code(answer, VIEW) == old
    assert node.oldest_code(answer, VIEW) == old
    if number in texts:
        assert node.azure_node(answer, VIEW) == texts[number]


def test_there_are_no_other_codes() -> None:
    assert set(node.CODES) == {n for n, c in X509_ERROR_CODE.items() if c != "UNSPECIFIED"}


DEPS = "../deps/openssl/openssl/"
STATEM = f"{DEPS}ssl/statem/statem_clnt.c"
S3 = f"{DEPS}ssl/s3_clnt.c"
EPROTO = "write EPROTO error:"
RSA = "rsa routines:"
SERVER = "SSL routines:tls_process_server_certificate:"
WORDS: dict[str, dict[str, str]] = {
    "code": {
        ALTNAME: "ERR_TLS_CERT_ALTNAME_INVALID",
        TRAILING: "ERR_SSL_CERT_LENGTH_MISMATCH",
        SHORT_UTC: "ERR_SSL_UTCTIME_IS_TOO_SHORT",
        SHORT_GENERALIZED: "ERR_SSL_GENERALIZEDTIME_IS_TOO_SHORT",
        KEY: "ERR_SSL_DECODE_ERROR",
        PADDING: "ERR_SSL_ILLEGAL_PADDING",
        NO_CONTENT: "ERR_SSL_ILLEGAL_ZERO_CONTENT",
        NO_CIPHER: "ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE",
        PROOF: "ERR_SSL_FIRST_OCTET_INVALID",
    },
    "code_since_3_2": {
        ALTNAME: "ERR_TLS_CERT_ALTNAME_INVALID",
        NO_CIPHER: "ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE",
    },
    "bun_code": {
        ALTNAME: "ERR_TLS_CERT_ALTNAME_INVALID",
        TRAILING: "ERR_SSL_CANNOT_PARSE_LEAF_CERT",
        DECODE: "ERR_SSL_DECODE_ERROR",
        USAGE: "ERR_SSL_KEY_USAGE_BIT_INCORRECT",
        INVALID: "ERR_SSL_CERTIFICATE_VERIFY_FAILED",
        PROOF: "ERR_SSL_BAD_SIGNATURE",
        TRUST: "ERR_BORINGSSL",
        NO_CIPHER: "ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE",
    },
    "mqtt_js": {
        ALTNAME: "ERR_TLS_CERT_ALTNAME_INVALID",
        TRAILING: "EPROTO",
        SHORT_UTC: "EPROTO",
        KEY: "EPROTO",
        PROOF: "EPROTO",
        NO_CIPHER: "EPROTO",
        PADDING: "EPROTO",
        NO_CONTENT: "EPROTO",
    },
    "azure_node": {
        ALTNAME: "Hostname/IP does not match certificate's altnames: told:",
        TRAILING: f"{EPROTO}0A000087:{SERVER}cert length mismatch:{STATEM}:1815:",
        PROOF: f"{EPROTO}02000085:{RSA}RSA_verify_PKCS1_PSS_mgf1:first octet invalid:"
        f"{DEPS}crypto/rsa/rsa_pss.c:76:",
        NO_CIPHER: f"{EPROTO}0A000410:SSL routines:ssl3_read_bytes:sslv3 alert handshake "
        f"failure:{DEPS}ssl/record/rec_layer_s3.c:1601:SSL alert number 40",
        KEY: f"{EPROTO}03000072:digital envelope routines:X509_PUBKEY_get0:decode error:"
        f"{DEPS}crypto/x509/x_pubkey.c:461:",
        PADDING: f"{EPROTO}068000DD:asn1 encoding routines:c2i_ibuf:illegal padding:"
        f"{DEPS}crypto/asn1/a_int.c:193:",
        NO_CONTENT: f"{EPROTO}068000DE:asn1 encoding routines:c2i_ibuf:illegal zero content:"
        f"{DEPS}crypto/asn1/a_int.c:160:",
    },
    "old_code": {
        ALTNAME: "ERR_TLS_CERT_ALTNAME_INVALID",
        NO_CIPHER: "ECONNRESET",
        PROOF: f"error:0407008A:{RSA}RSA_padding_check_PKCS1_type_1:invalid padding:"
        f"{DEPS}crypto/rsa/rsa_pk1.c:67: error:04067072:{RSA}rsa_ossl_public_decrypt:padding "
        f"check failed:{DEPS}crypto/rsa/rsa_ossl.c:573: error:1416D07B:SSL routines:"
        f"tls_process_key_exchange:bad signature:{STATEM}:1736:",
        TRAILING: f"error:1416F087:{SERVER}cert length mismatch:{STATEM}:1217:",
        PADDING: "error:0D0E20DD:asn1 encoding routines:c2i_ibuf:illegal padding:"
        f"{DEPS}crypto/asn1/a_int.c:187:",
        NO_CONTENT: "error:0D0E20DE:asn1 encoding routines:c2i_ibuf:illegal zero content:"
        f"{DEPS}crypto/asn1/a_int.c:154:",
        KEY: "error:0609E09C:digital envelope routines:pkey_set_type:unsupported algorithm:"
        f"{DEPS}crypto/evp/p_lib.c:206: error:0B09406F:x509 certificate routines:"
        f"x509_pubkey_decode:unsupported algorithm:{DEPS}crypto/x509/x_pubkey.c:113: "
        f"error:1416F0EF:{SERVER}unable to find public key parameters:{STATEM}:1269:",
        EC_USAGE: "error:1411713E:SSL routines:ssl_check_srvr_ecc_cert_and_alg:ecc cert not for "
        f"signing:{DEPS}ssl/ssl_lib.c:2934: error:14082130:SSL routines:"
        f"ssl3_check_cert_and_algorithm:bad ecc cert:{STATEM}:2830:",
    },
    "oldest_code": {
        ALTNAME: "Hostname/IP doesn't match certificate's altnames: \"told:\"",
        NO_CIPHER: "error:14077410:SSL routines:SSL23_GET_SERVER_HELLO:sslv3 alert handshake "
        f"failure:{DEPS}ssl/s23_clnt.c:802:",
        CURVE: "error:1414D17A:SSL routines:tls12_check_peer_sigalg:wrong curve:"
        f"{DEPS}ssl/t1_lib.c:1101:",
        PROOF: f"error:0407008A:{RSA}RSA_padding_check_PKCS1_type_1:invalid padding:"
        f"{DEPS}crypto/rsa/rsa_pk1.c:116: error:04067072:{RSA}RSA_EAY_PUBLIC_DECRYPT:padding "
        f"check failed:{DEPS}crypto/rsa/rsa_eay.c:693: error:1408D07B:SSL routines:"
        f"ssl3_get_key_exchange:bad signature:{S3}:2038:",
        TRAILING: "error:14090087:SSL routines:ssl3_get_server_certificate:cert length "
        f"mismatch:{S3}:1248:",
        KEY: "error:0609E09C:digital envelope routines:PKEY_SET_TYPE:unsupported algorithm:"
        f"{DEPS}crypto/evp/p_lib.c:239: error:0B07706F:x509 certificate routines:"
        f"X509_PUBKEY_get:unsupported algorithm:{DEPS}crypto/asn1/x_pubkey.c:148: "
        "error:140900EF:SSL routines:ssl3_get_server_certificate:unable to find public key "
        f"parameters:{S3}:1313:",
        EC_USAGE: "error:1411713E:SSL routines:ssl_check_srvr_ecc_cert_and_alg:ecc cert not for "
        f"signing:{DEPS}ssl/ssl_lib.c:2531: error:14082130:SSL routines:"
        f"ssl3_check_cert_and_algorithm:bad ecc cert:{S3}:3550:",
    },
}

Wording = Callable[[Answer, View], str]


@pytest.mark.parametrize(
    ("client", "code"), [(client, code) for client, words in WORDS.items() for code in words]
)
def test_each_has_its_words_for_what_is_no_verification_error(client: str, code: str) -> None:
    """The numbers and lines are those of the versions that were recorded."""
    worded: Wording = getattr(node, client)
    assert worded(reject(code, read(LEAF)[0], 0, "told:"), VIEW) == WORDS[client][code]


def test_bun_says_of_bytes_behind_an_issuer_that_it_cannot_decode_it() -> None:
    assert node.bun_code(reject(TRAILING, None, 1), VIEW) == "ERR_SSL_DECODE_ERROR"


def test_node_8_puts_a_space_behind_the_list_of_addresses() -> None:
    """Where it is empty; at the end of the text alone."""
    told = reject(ALTNAME, None, 0, "IP: 10.0.0.1 is not in the cert's list:")
    expected = '"IP: 10.0.0.1 is not in the cert\'s list: "'
    assert node.oldest_code(told, BY_ADDRESS).endswith(expected)
    listed = reject(ALTNAME, None, 0, "is not in the cert's list: 10.0.0.2")
    assert node.oldest_code(listed, BY_ADDRESS).endswith('list: 10.0.0.2"')


# --- the verdict ----------------------------------------------------------------------------------

GOES_ON = {"names": False, "goes_on": True, "level": 0}


def asked(chain: Any, host: str | None, by: Any = node.node, **settings: Any) -> Answer:
    *sent, root = chain.issued()
    found: Answer = by(seen(sent, [root], host), Settings(**(GOES_ON | settings)))
    return found


def test_openssl_judges_first_and_then_the_name_is_compared() -> None:
    assert asked(SOUND, HOST).verdict is Verdict.ACCEPT
    assert asked(SOUND, None).verdict is Verdict.ACCEPT
    other = asked(SOUND, "other.local")
    assert (other.verdict, other.code, other.depth) == (Verdict.REJECT, ALTNAME, 0)
    assert other.says == f"Host: other.local. is not in the cert's altnames: DNS:{HOST}"
    assert other.certificate == read(LEAF)[0]
    wrong = SOUND.put(0, extended_key_usage("clientAuth"))
    assert asked(wrong, "other.local").code == 26


@pytest.mark.parametrize(("by", "taken"), [(node.old_node, True), (node.node, False)])
def test_node_8_and_10_take_the_host_of_a_uri_for_a_name(by: Any, taken: bool) -> None:
    chain = SOUND.put(0, subject_alt_name(uri=["https://gw.local/"]), subject="x")
    assert (asked(chain, "gw.local", by).verdict is Verdict.ACCEPT) is taken


@pytest.mark.parametrize("damage", [1, 4], ids=["not on its curve", "of no form"])
def test_a_key_that_is_no_point_of_its_curve_ends_the_handshake(damage: int) -> None:
    """Of the server, where errors are looked at later; others say what verification found."""
    point = SOUND.put(0, damage_tbs=changed_point(damage))
    assert asked(point, HOST).code == KEY
    assert asked(point, HOST, level=2).code == KEY
    *sent, root = point.issued()
    view = seen(sent, [root], HOST)
    assert run(view, Settings()).code == EE_KEY
    assert run(view, Settings(level=0)).code == 1
    above = SOUND.put(1, damage_tbs=changed_point(damage))
    assert asked(above, HOST).code == 21


def changed_point(which: int) -> Any:
    """Of a P-256 key: 1 changes the last bit of its y, 4 the octet that says its form."""
    start = bytes.fromhex("03420004")

    def change(tbs: bytes) -> bytes:
        at = tbs.index(start) + 3
        if which == 4:
            return tbs[:at] + b"\x05" + tbs[at + 1 :]
        return tbs[: at + 64] + bytes((tbs[at + 64] ^ 1,)) + tbs[at + 65 :]

    return change


def test_bun_compares_as_node_does_but_for_a_dollar_sign() -> None:
    chain = SOUND.put(0, subject_alt_name(dns=["$edgeHub", "gw.local"]))
    boring: dict[str, Any] = {"by": node.bun, "version": V1_0_2, "boring": True}
    assert asked(chain, "gw.local", **boring).verdict is Verdict.ACCEPT
    refused = asked(chain, "$edgeHub", **boring)
    assert (refused.code, refused.says) == (ALTNAME, ALTNAME)
    assert refused.certificate == read(chain.issued()[0])[0]
    assert asked(chain, "$edgeHub").verdict is Verdict.ACCEPT
