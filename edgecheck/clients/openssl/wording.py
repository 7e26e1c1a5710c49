"""How callers of OpenSSL word an error, and what a refusal before verification looks like."""

from collections.abc import Mapping

from edgecheck.behaviour.openssl import errors as e
from edgecheck.behaviour.openssl.checks import algorithms_differ
from edgecheck.behaviour.openssl.decode import (
    INTEGERS,
    NAME,
    NO_CIPHER,
    NO_CONTENT,
    SHORT_TIME,
    TRAILING,
)
from edgecheck.behaviour.openssl.facts import Facts
from edgecheck.behaviour.view import View
from edgecheck.clients.answer import Answer
from edgecheck.clients.openssl.callers import NOT_ASKED
from edgecheck.clients.openssl.engine import PROOF
from edgecheck.clients.openssl.queue import signature_error
from edgecheck.reading.certificate import Certificate


def text(number: int) -> str:
    """X509_verify_cert_error_string of OpenSSL 3."""
    return e.TEXTS.get(number, f"error {number}")


ALERT = "sslv3 alert handshake failure"


def _integer(answer: Answer) -> str:
    """The number of an INTEGER that is not DER."""
    return "068000DE" if answer.code == NO_CONTENT else "068000DD"


def s_client(answer: Answer, view: View) -> str:
    """`20: unable to get local issuer certificate`; else the first error of OpenSSL's queue."""
    if answer.code == TRAILING:
        return (
            "error:0A000087:SSL routines:tls_process_server_certificate:cert length mismatch:"
            "../ssl/statem/statem_clnt.c:1815:"
        )
    if answer.code == NO_CIPHER:
        where = "../ssl/record/rec_layer_s3.c:1601:SSL alert number 40"
        return f"error:0A000410:SSL routines:ssl3_read_bytes:{ALERT}:{where}"
    if answer.code in INTEGERS:
        where = f"../crypto/asn1/a_int.c:{160 if answer.code == NO_CONTENT else 193}:"
        return f"error:{_integer(answer)}:asn1 encoding routines:c2i_ibuf:{answer.code}:{where}"
    if answer.code == PROOF:
        reason = signature_error(view, answer)
        where = "../crypto/rsa/rsa_pss.c:76:"
        return f"error:{reason.code}:{reason.library}:{reason.function}:{reason.text}:{where}"
    return f"{answer.code}: {text(answer.code)}"


def verify(answer: Answer, view: View) -> str:
    """`error 20 at 1 depth lookup: unable to get local issuer certificate`."""
    if answer.code in INTEGERS:
        return "Unable to load certificate file"
    return _at_depth(answer.code, answer.depth, e.TEXTS)


def pyopenssl(answer: Answer, view: View) -> str:
    """`error 20 at 1 depth lookup: ...`, as OpenSSL words it; else its queue of errors."""
    return _pyopenssl(answer, view, e.TEXTS)


def pyopenssl_4_0(answer: Answer, view: View) -> str:
    """The same with OpenSSL 4.0."""
    return _pyopenssl(answer, view, e.TEXTS_4_0)


def _pyopenssl(answer: Answer, view: View, texts: Mapping[int, str]) -> str:
    if answer.code == NAME:
        return "X509_VERIFY_PARAM_set1_host does not take the host name"
    if answer.code == TRAILING:
        return _queue([("SSL routines", "", "cert length mismatch")])
    if answer.code == SHORT_TIME:
        nested = ("asn1 encoding routines", "", "nested asn1 error")
        short = ("asn1 encoding routines", "", "utctime is too short")
        return _queue([short, nested, nested, nested, ("SSL routines", "", "ASN1 lib")])
    if answer.code in INTEGERS:
        nested = ("asn1 encoding routines", "", "nested asn1 error")
        first = ("asn1 encoding routines", "", str(answer.code))
        return _queue([first, nested, nested, ("SSL routines", "", "ASN1 lib")])
    if answer.code == NO_CIPHER:
        return _queue([("SSL routines", "", "ssl/tls alert handshake failure")])
    if answer.code == PROOF:
        reason = signature_error(view, answer)
        return _queue([(reason.library, "", reason.text), ("SSL routines", "", "bad signature")])
    return _at_depth(answer.code, answer.depth, texts)


_FORMER = {e.INVALID_CA: 24}


def pyopenssl_1_1_1(answer: Answer, view: View) -> str:
    """The same with OpenSSL 1.1.1, which names functions and has another number for CAs."""
    if answer.code == TRAILING:
        return _queue([("SSL routines", "tls_process_server_certificate", "cert length mismatch")])
    if answer.code == NO_CIPHER:
        return _queue([("SSL routines", "ssl3_read_bytes", ALERT)])
    if answer.code in INTEGERS:
        nested = ("asn1 encoding routines", "asn1_template_noexp_d2i", "nested asn1 error")
        first = ("asn1 encoding routines", "c2i_ibuf", str(answer.code))
        last = ("SSL routines", "tls_process_server_certificate", "ASN1 lib")
        return _queue([first, nested, nested, last])
    if answer.code == PROOF:
        reason = signature_error(view, answer)
        return _queue(
            [
                (reason.library, reason.function, reason.text),
                ("SSL routines", "tls_process_cert_verify", "bad signature"),
            ]
        )
    return _at_depth(_FORMER.get(answer.code, answer.code), answer.depth, e.TEXTS_1_1_1)


def _at_depth(number: int, depth: int, texts: Mapping[int, str]) -> str:
    return f"error {number} at {depth} depth lookup: {texts.get(number, f'error {number}')}"


def _queue(errors: list[tuple[str, str, str]]) -> str:
    return f"OpenSSL.SSL.Error: {errors}"


def python_ssl(answer: Answer, view: View) -> str:
    """What stands behind `certificate verify failed: ` in Python's ssl.

    The Azure SDK for Python and Paho pass it on, the former as the cause of an error of its own.
    """
    if answer.code == NOT_ASKED:
        return answer.says
    if answer.code == TRAILING:
        return "ssl.SSLError: [SSL: CERT_LENGTH_MISMATCH] cert length mismatch (_ssl.c:1006)"
    if answer.code == PROOF:
        reason = signature_error(view, answer)
        word = reason.text.upper().replace(" ", "_")
        return f"ssl.SSLError: [RSA: {word}] {reason.text} (_ssl.c:1006)"
    if answer.code == NO_CIPHER:
        return f"ssl.SSLError: [SSL: SSLV3_ALERT_HANDSHAKE_FAILURE] {ALERT} (_ssl.c:1006)"
    if answer.code in INTEGERS:
        return "ssl.SSLError: [SSL] ASN1 lib (_ssl.c:1006)"
    if answer.code == e.HOSTNAME:
        return f"Hostname mismatch, certificate is not valid for '{view.hostname}'."
    if answer.code == e.ADDRESS:
        return f"IP address mismatch, certificate is not valid for '{view.hostname}'."
    return text(answer.code)


def _invalid(certificate: Certificate) -> bool:
    """EXFLAG_INVALID of 3.0, which leaves an error in the queue."""
    facts = Facts(certificate)
    return facts.invalid or facts.no_usage


def _unread(answer: Answer) -> bool:
    """Whether the signature was not even looked at, as its algorithm is not that inside."""
    signed = answer.certificate
    return answer.code == e.SIGNATURE and signed is not None and algorithms_differ(signed)


def curl(answer: Answer, view: View) -> str:
    """Errors of the queue come first; else `SSL certificate problem`."""
    if answer.code == NOT_ASKED:
        return f"curl: {answer.says}"
    if answer.code == TRAILING:
        return "curl: (35) OpenSSL/3.0.19: error:0A000087:SSL routines::cert length mismatch"
    if answer.code in (PROOF, e.SIGNATURE) and not _unread(answer):
        reason = signature_error(view, answer)
        return f"curl: (35) OpenSSL/3.0.19: error:{reason.code}:{reason.library}::{reason.text}"
    if answer.code == NO_CIPHER:
        return f"curl: (35) OpenSSL/3.0.19: error:0A000410:SSL routines::{ALERT}"
    if answer.code in INTEGERS:
        error = f"{_integer(answer)}:asn1 encoding routines::{answer.code}"
        return f"curl: (35) OpenSSL/3.0.19: error:{error}"
    if answer.says:  # what curl itself finds
        return f"curl: (60) SSL: {answer.says}"
    if any(map(_invalid, (*view.presented, *view.trust))):
        return "curl: (35) OpenSSL/3.0.19: error:1100009E:X509 V3 routines::invalid certificate"
    if answer.code in (e.HOSTNAME, e.ADDRESS):
        return (
            "curl: (60) SSL: no alternative certificate subject name matches target host name "
            f"'{view.hostname}'"
        )
    return f"curl: (60) SSL certificate problem: {text(answer.code)}"


def mosquitto(answer: Answer, view: View) -> str:
    """One sentence for everything."""
    return "A TLS error occurred"


def azure_c(answer: Answer, view: View) -> str:
    """The first error of OpenSSL's queue, which mostly is this."""
    if answer.code == TRAILING:
        return "cert length mismatch"
    if answer.code in INTEGERS:
        return str(answer.code)
    if answer.code == NO_CIPHER:
        return ALERT
    return "certificate verify failed"
