"""curl 8, mosquitto since 2.0.21, and Paho C: what they ask of OpenSSL, and in which words."""

from collections.abc import Mapping

from edgecheck.behaviour.openssl import callers
from edgecheck.behaviour.openssl import errors as e
from edgecheck.behaviour.openssl.callers import TARGETS_8_14, TARGETS_8_22
from edgecheck.behaviour.openssl.decode import NO_CIPHER, TRAILING, TRUST
from edgecheck.behaviour.openssl.settings import Settings
from edgecheck.behaviour.view import View
from edgecheck.clients.answer import Answer, Verdict, reject
from edgecheck.clients.openssl import asn1
from edgecheck.clients.openssl.callers import NOT_ASKED
from edgecheck.clients.openssl.engine import PROOF, named, run
from edgecheck.clients.openssl.queue import signature_error
from edgecheck.clients.openssl.wording import is_invalid, is_unread

_NO_COMMON_CIPHER = "0A000410:SSL routines::ssl/tls alert handshake failure"
_VERIFY_FAILED = "0A000086:SSL routines::certificate verify failed"
_INVALID = "1100009E:X509 V3 routines::invalid certificate"
_LENGTH = "0A000087:SSL routines::cert length mismatch"


def _first(answer: Answer, view: View, otherwise: str = _VERIFY_FAILED) -> str:
    """The first error of OpenSSL's queue, without its functions."""
    if answer.code == TRAILING:
        return _LENGTH
    if answer.code == NO_CIPHER:
        return _NO_COMMON_CIPHER
    if (code := asn1.told(answer)) is not None:
        return f"068000{asn1.PLACES[code].reason}:asn1 encoding routines::{code}"
    if answer.code in (PROOF, e.SIGNATURE) and not is_unread(answer):
        reason = signature_error(view, answer)
        return f"{reason.code}:{reason.library}::{reason.text}"
    if any(map(is_invalid, (*view.presented, *view.trust))):
        return _INVALID
    return otherwise


# --- curl ---------------------------------------------------------------------------------------


def curl_8_14(view: View, settings: Settings) -> Answer:
    """lib/vtls/openssl.c (ossl_verifyhost, servercert) at curl-8_14_1.

    A certificate without a name of its issuer is none that it refuses any more.
    """
    refused = None if view.host is None else callers.curl_refuses(view.host)
    if refused is not None:
        return reject(NOT_ASKED, view.leaf, 0, refused)
    answer = run(view, settings)
    if answer.verdict is not Verdict.ACCEPT:
        return answer
    return _misnamed(view, TARGETS_8_14) or answer


def curl_8_22(view: View, settings: Settings) -> Answer:
    """The same since 8.16 or so (Curl_ossl_check_peer_cert): the chain's fault is asked for last.

    The handshake goes on with a bad chain (SSL_VERIFY_NONE); then the name is compared, and what
    OpenSSL said of the chain read.
    """
    refused = None if view.host is None else callers.curl_refuses(view.host)
    if refused is not None:
        return reject(NOT_ASKED, view.leaf, 0, refused)
    answer = run(view, settings)
    if answer.verdict is Verdict.REJECT and not isinstance(answer.code, int):
        return answer
    if not view.proves_key:
        return reject(PROOF, view.leaf)
    return _misnamed(view, TARGETS_8_22) or answer


def _misnamed(view: View, targets: callers.Targets) -> Answer | None:
    if view.host is None:
        return None
    wrong = callers.curl_mismatch(named(view), view.host, targets)
    return None if wrong is None else reject(e.HOSTNAME, view.leaf, 0, wrong)


def by_curl_8_14(answer: Answer, view: View) -> str:
    """Errors of the queue come first; else `SSL certificate problem`."""
    told = _by_curl(answer, "setting certificate file")
    if told is not None:
        return told
    first = _first(answer, view, "")
    if first:
        return f"curl: (35) TLS connect error: error:{first}"
    return f"curl: (60) SSL certificate problem: {_told(answer.code, e.TEXTS)}"


def by_curl_8_22(answer: Answer, view: View) -> str:
    """Errors that end the handshake, or what OpenSSL made of the chain, with its number."""
    told = _by_curl(answer, "adding trust anchors from file")
    if told is not None:
        return told
    if isinstance(answer.code, int):
        text = _told(answer.code, e.TEXTS_3_6)
        return f"curl: (60) SSL certificate OpenSSL verify result: {text} ({answer.code})"
    return f"curl: (35) TLS connect error: error:{_first(answer, view)}"


def _by_curl(answer: Answer, loading: str) -> str | None:
    """What curl itself finds; None: it is OpenSSL that does."""
    if answer.code == NOT_ASKED:
        return f"curl: {answer.says}"
    if answer.code == TRUST:
        return f"curl: (77) error {loading}"
    return f"curl: (60) SSL: {answer.says}" if answer.says else None


def _told(number: int, texts: Mapping[int, str]) -> str:
    return texts.get(number, f"error {number}")


# --- mosquitto ----------------------------------------------------------------------------------

_NOT_LOADED = "Error: Unable to load CA certificates, check cafile"


def mosquitto_2_0_21(view: View, settings: Settings) -> Answer:
    """lib/tls_mosq.c (mosquitto__server_certificate_verify) at v2.0.21."""
    answer = run(view, settings)
    if answer.verdict is not Verdict.ACCEPT or view.host is None:
        return answer
    if callers.mosquitto_dotted_matches(named(view), view.host):
        return answer
    return reject(e.HOSTNAME, view.leaf, 0)


def by_mosquitto_2_0_21(answer: Answer, view: View) -> str:
    """`OpenSSL Error[0]: ...`: the first line that net__print_ssl_error writes."""
    if answer.code == TRUST:
        return _NOT_LOADED
    return f"OpenSSL Error[0]: error:{_first(answer, view)}"


def by_mosquitto_2_1(answer: Answer, view: View) -> str:
    """The same at v2.1.2, which says when; OpenSSL compares the name (tls__set_verify_hostname)."""
    if answer.code == TRUST:
        return _NOT_LOADED
    return f"OpenSSL Error while trying to get the error[0]: error:{_first(answer, view)}"


# --- Paho C -------------------------------------------------------------------------------------

_RSA = "../crypto/rsa"
_PLACES = {
    "0A000086": ("tls_post_process_server_certificate", "../ssl/statem/statem_clnt.c:2125:"),
    "0A000087": ("tls_process_server_certificate", "../ssl/statem/statem_clnt.c:2047:"),
    "1100009E": ("ossl_x509v3_cache_extensions", "../crypto/x509/v3_purp.c:660:"),
    "02000077": ("ossl_rsa_verify", f"{_RSA}/rsa_sign.c:353:"),
    "0200008A": ("RSA_padding_check_PKCS1_type_1", f"{_RSA}/rsa_pk1.c:78:"),
}
"""The function and the line of an error, at OpenSSL 3.5.9."""


def paho_c(view: View, settings: Settings) -> Answer:
    """src/SSLSocket.c (SSLSocket_connect) at v1.3.14: the name is compared after the handshake."""
    answer = run(view, settings)
    if answer.verdict is not Verdict.ACCEPT or view.host is None:
        return answer
    if callers.paho_c_matches(named(view), view.host):
        return answer
    return reject(e.HOSTNAME, view.leaf, 0)


def by_paho_c(answer: Answer, view: View) -> str:
    """The first error of the queue, with its place; none for a name (SSLSocket_error)."""
    if answer.code == e.HOSTNAME:
        return "Failure"
    if (code := asn1.told(answer)) is not None:
        return asn1.error(code, "../")
    first = _first(answer, view)
    number, library, text = first.replace("::", ":").split(":")
    function, place = _PLACES.get(number, ("", ""))
    return f"error:{number}:{library}:{function}:{text}:{place}"
