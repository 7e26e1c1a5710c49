"""Node.js: it lets OpenSSL go on, keeps the last error, and compares host names itself.

Sources: src/node_crypto.cc and src/crypto/crypto_common.cc (VerifyCallback, X509ErrorCode) and
lib/tls.js (checkServerIdentity) at v20; what is newer of the latter: behaviour/node/names.py.
"""

import re
from collections.abc import Callable
from functools import partial

from edgecheck.behaviour.host import Host
from edgecheck.behaviour.node import names
from edgecheck.behaviour.node.ascii import (
    any_a_label,
    has_pointless_a_label,
    has_wrong_a_label,
)
from edgecheck.behaviour.openssl.decode import (
    CURVE,
    DECODE,
    EC_USAGE,
    INVALID,
    KEY,
    NO_CIPHER,
    NO_CONTENT,
    PADDING,
    TRAILING,
    TRUST,
    UNDECODABLE,
    USAGE,
    USAGE_BITS,
)
from edgecheck.behaviour.openssl.settings import Settings
from edgecheck.behaviour.view import View
from edgecheck.clients.answer import Answer, Verdict, reject
from edgecheck.clients.client import Engine
from edgecheck.clients.openssl import asn1
from edgecheck.clients.openssl.callers import NOT_ASKED
from edgecheck.clients.openssl.engine import PROOF, named, run
from edgecheck.clients.openssl.queue import signature_error
from edgecheck.clients.openssl.wording import text
from edgecheck.reading.certificate import Certificate

ALTNAME = "ERR_TLS_CERT_ALTNAME_INVALID"

CODES = {
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
    79: "INVALID_CA",
    25: "PATH_LENGTH_EXCEEDED",
    26: "INVALID_PURPOSE",
    27: "CERT_UNTRUSTED",
    28: "CERT_REJECTED",
    62: "HOSTNAME_MISMATCH",
}
"""X509ErrorCode; every other number is UNSPECIFIED."""


def _comparing(mismatch: Callable[[Certificate, Host], str | None]) -> Engine:
    """OpenSSL's verdict; then checkServerIdentity."""

    def node(view: View, settings: Settings) -> Answer:
        answer = run(view, settings)
        if answer.verdict is not Verdict.ACCEPT or view.host is None:
            return answer
        wrong = mismatch(named(view), view.host)
        return answer if wrong is None else reject(ALTNAME, view.leaf, 0, wrong)

    return node


def _bun_mismatch(certificate: Certificate, host: Host) -> str | None:
    return None if names.bun_matches(certificate, host) else ALTNAME


def _looked_up(model: Engine) -> Engine:
    """The same where Node.js looks up the name itself: GetAddrInfo of src/cares_wrap.cc."""

    def node(view: View, settings: Settings) -> Answer:
        if view.host is not None and has_wrong_a_label(view.host.name):
            return reject(NOT_ASKED, view.leaf)
        return model(view, settings)

    return node


old_node = _comparing(names.old_mismatch)
"""Node.js 8 and 10."""
node = _comparing(names.mismatch)
"""Since 16.13.2."""
mqtt_node = _looked_up(node)
"""MQTT.js, which connects by the name."""
url_node = _looked_up(_comparing(names.url_mismatch))
"""The Azure SDK: MQTT.js 4 gives the host to it as url.parse has it (lib/connect/index.js)."""
first_ascii_node = _comparing(names.first_ascii_mismatch)
"""From June to August 2026."""
node_24_19 = _comparing(partial(names.first_ascii_mismatch, wrong=has_pointless_a_label))
"""Likewise, with the Ada of Node.js 24."""
ascii_node = _comparing(names.ascii_mismatch)
"""In September 2026."""
newest_node = _comparing(names.newest_mismatch)
"""Since October 2026."""
node_24_22 = _comparing(partial(names.newest_mismatch, wrong=has_pointless_a_label))
"""Likewise, with the Ada of Node.js 24."""
node_26_12 = _comparing(partial(names.newest_mismatch, wrong=any_a_label))
"""Likewise, with the Ada of Node.js 26."""
bun = _comparing(_bun_mismatch)


def code_since_3_2(answer: Answer, view: View) -> str:
    """The same where OpenSSL is 3.2 or later, which names an alert otherwise."""
    if answer.code == NO_CIPHER:
        return "ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE"
    return code(answer, view)


def code(answer: Answer, view: View) -> str:
    """`DEPTH_ZERO_SELF_SIGNED_CERT`: the property `code` of the error."""
    if answer.code == ALTNAME:
        return ALTNAME
    if answer.code == TRAILING:
        return "ERR_SSL_CERT_LENGTH_MISMATCH"
    if answer.code in UNDECODABLE:
        return "ERR_SSL_" + str(answer.code).upper().replace(" ", "_")
    if answer.code == KEY:
        return "ERR_SSL_DECODE_ERROR"
    if answer.code == NO_CIPHER:
        return "ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE"
    if answer.code == PROOF:
        return "ERR_SSL_" + signature_error(view, answer).text.upper().replace(" ", "_")
    return CODES.get(answer.code, "UNSPECIFIED")


_OLD_PLACES = {PADDING: "a_int.c:187", NO_CONTENT: "a_int.c:154"}
"""Where 1.1.0 raises what it says of an INTEGER."""


def old_code(answer: Answer, view: View) -> str:
    """Node.js 10.9: the text where it knows no code; and OpenSSL's queue before verification.

    Each error of the queue is a line, and begins with the number of a thread, which is left out.
    """
    where = "../deps/openssl/openssl/ssl/statem/statem_clnt.c"
    if answer.code == PROOF:
        return (
            "error:0407008A:rsa routines:RSA_padding_check_PKCS1_type_1:invalid padding:"
            "../deps/openssl/openssl/crypto/rsa/rsa_pk1.c:67: error:04067072:rsa routines:"
            "rsa_ossl_public_decrypt:padding check failed:../deps/openssl/openssl/crypto/rsa/"
            "rsa_ossl.c:573: error:1416D07B:SSL routines:tls_process_key_exchange:bad signature:"
            f"{where}:1736:"
        )
    if answer.code == TRAILING:
        return (
            "error:1416F087:SSL routines:tls_process_server_certificate:cert length "
            f"mismatch:{where}:1217:"
        )
    if answer.code in UNDECODABLE:
        place = asn1.PLACES[answer.code]
        file = _OLD_PLACES.get(answer.code) or place.file.partition(":")[0]
        return (
            f"error:0D{place.number}0{place.reason}:asn1 encoding routines:{place.function}:"
            f"{answer.code}:../deps/openssl/openssl/crypto/asn1/{file}:"
        )
    if answer.code == KEY:
        return (
            "error:0609E09C:digital envelope routines:pkey_set_type:unsupported algorithm:"
            "../deps/openssl/openssl/crypto/evp/p_lib.c:206: error:0B09406F:x509 certificate "
            "routines:x509_pubkey_decode:unsupported algorithm:../deps/openssl/openssl/crypto/"
            "x509/x_pubkey.c:113: error:1416F0EF:SSL routines:tls_process_server_certificate:"
            f"unable to find public key parameters:{where}:1269:"
        )
    if answer.code == EC_USAGE:
        return (
            "error:1411713E:SSL routines:ssl_check_srvr_ecc_cert_and_alg:ecc cert not for "
            "signing:../deps/openssl/openssl/ssl/ssl_lib.c:2934: error:14082130:SSL routines:"
            f"ssl3_check_cert_and_algorithm:bad ecc cert:{where}:2830:"
        )
    if answer.code == NO_CIPHER:
        return "ECONNRESET"
    return _text_or_code(answer, view)


def oldest_code(answer: Answer, view: View) -> str:
    """Node.js 8: the same with OpenSSL 1.0.2, and names that do not match as a message."""
    if answer.code == CURVE:
        return (
            "error:1414D17A:SSL routines:tls12_check_peer_sigalg:wrong curve:"
            "../deps/openssl/openssl/ssl/t1_lib.c:1101:"
        )
    if answer.code == PROOF:
        return (
            "error:0407008A:rsa routines:RSA_padding_check_PKCS1_type_1:invalid padding:"
            "../deps/openssl/openssl/crypto/rsa/rsa_pk1.c:116: error:04067072:rsa routines:"
            "RSA_EAY_PUBLIC_DECRYPT:padding check failed:../deps/openssl/openssl/crypto/rsa/"
            "rsa_eay.c:693: error:1408D07B:SSL routines:ssl3_get_key_exchange:bad signature:"
            "../deps/openssl/openssl/ssl/s3_clnt.c:2038:"
        )
    if answer.code == TRAILING:
        return (
            "error:14090087:SSL routines:ssl3_get_server_certificate:cert length "
            "mismatch:../deps/openssl/openssl/ssl/s3_clnt.c:1248:"
        )
    if answer.code == KEY:
        return (
            "error:0609E09C:digital envelope routines:PKEY_SET_TYPE:unsupported algorithm:"
            "../deps/openssl/openssl/crypto/evp/p_lib.c:239: error:0B07706F:x509 certificate "
            "routines:X509_PUBKEY_get:unsupported algorithm:../deps/openssl/openssl/crypto/asn1/"
            "x_pubkey.c:148: error:140900EF:SSL routines:ssl3_get_server_certificate:unable to "
            "find public key parameters:../deps/openssl/openssl/ssl/s3_clnt.c:1313:"
        )
    if answer.code == EC_USAGE:
        return (
            "error:1411713E:SSL routines:ssl_check_srvr_ecc_cert_and_alg:ecc cert not for "
            "signing:../deps/openssl/openssl/ssl/ssl_lib.c:2531: error:14082130:SSL routines:"
            "ssl3_check_cert_and_algorithm:bad ecc cert:../deps/openssl/openssl/ssl/s3_clnt.c:3550:"
        )
    if answer.code == NO_CIPHER:
        return (
            "error:14077410:SSL routines:SSL23_GET_SERVER_HELLO:sslv3 alert handshake "
            "failure:../deps/openssl/openssl/ssl/s23_clnt.c:802:"
        )
    if answer.code == ALTNAME:
        told = answer.says if view.address is None else re.sub(":$", ": ", answer.says)
        return f"Hostname/IP doesn't match certificate's altnames: \"{told}\""
    return _text_or_code(answer, view)


_BORING = {
    USAGE_BITS: "ERR_SSL_CANNOT_PARSE_LEAF_CERT",
    TRAILING: "ERR_SSL_DECODE_ERROR",
    DECODE: "ERR_SSL_DECODE_ERROR",
    USAGE: "ERR_SSL_KEY_USAGE_BIT_INCORRECT",
    INVALID: "ERR_SSL_CERTIFICATE_VERIFY_FAILED",
    PROOF: "ERR_SSL_BAD_SIGNATURE",
    TRUST: "ERR_BORINGSSL",
}


def bun_code(answer: Answer, view: View) -> str:
    """Bun has the codes of Node.js, and BoringSSL's before verification."""
    if answer.code == TRAILING and not answer.depth:
        return "ERR_SSL_CANNOT_PARSE_LEAF_CERT"
    return _BORING.get(answer.code) or code(answer, view)


def _text_or_code(answer: Answer, view: View) -> str:
    if answer.code in (ALTNAME,) or answer.code in CODES:
        return code(answer, view)
    said = text(answer.code)
    return f"{said}: {said}"


def mqtt_js(answer: Answer, view: View) -> str:
    """The same through MQTT.js, where what is no verification error is an EPROTO."""
    if answer.code == NOT_ASKED:
        return "EINVAL"
    if answer.code in (TRAILING, PROOF, KEY, NO_CIPHER, *UNDECODABLE):
        return "EPROTO"
    return code(answer, view)


def azure_node(answer: Answer, view: View) -> str:
    """The message alone, as the Azure SDK for Node.js shows it."""
    where = "../deps/openssl/openssl/"
    if answer.code == NOT_ASKED:
        return "TypeError: Invalid URL"
    if answer.code == TRAILING:
        return (
            "write EPROTO error:0A000087:SSL routines:tls_process_server_certificate:cert length "
            f"mismatch:{where}ssl/statem/statem_clnt.c:1815:"
        )
    if answer.code == PROOF:
        reason = signature_error(view, answer)
        return (
            f"write EPROTO error:{reason.code}:{reason.library}:{reason.function}:{reason.text}:"
            f"{where}crypto/rsa/rsa_pss.c:76:"
        )
    if answer.code == NO_CIPHER:
        return (
            "write EPROTO error:0A000410:SSL routines:ssl3_read_bytes:sslv3 alert handshake "
            f"failure:{where}ssl/record/rec_layer_s3.c:1601:SSL alert number 40"
        )
    if answer.code == KEY:
        return (
            "write EPROTO error:03000072:digital envelope routines:X509_PUBKEY_get0:decode error:"
            f"{where}crypto/x509/x_pubkey.c:461:"
        )
    if answer.code in UNDECODABLE:
        return f"write EPROTO {asn1.error(answer.code, where)}"
    if answer.code == ALTNAME:
        # it takes the host out of a URL, which is in lower case then
        told = answer.says
        if view.hostname is not None:
            asked = f"Host: {view.hostname}."
            told = told.replace(asked, asked.replace(view.hostname, view.hostname.lower()), 1)
        return f"Hostname/IP does not match certificate's altnames: {told}"
    return text(answer.code)
