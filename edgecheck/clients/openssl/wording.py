"""How callers of OpenSSL word an error, and what a refusal before verification looks like."""

from collections.abc import Mapping

from edgecheck.behaviour import structure
from edgecheck.behaviour.openssl import errors as e
from edgecheck.behaviour.openssl.decode import (
    NAME,
    NO_CIPHER,
    TRAILING,
    TRUST,
    UNDECODABLE,
)
from edgecheck.behaviour.openssl.facts import Facts
from edgecheck.behaviour.openssl.names import as_python
from edgecheck.behaviour.openssl.values import decoded_certificate
from edgecheck.behaviour.view import View
from edgecheck.clients.answer import Answer
from edgecheck.clients.client import Wording
from edgecheck.clients.openssl import asn1
from edgecheck.clients.openssl.builds import OPENSSL_3_0, Build, Python
from edgecheck.clients.openssl.callers import NOT_ASKED
from edgecheck.clients.openssl.engine import PROOF
from edgecheck.clients.openssl.queue import signature_error
from edgecheck.reading.certificate import Certificate


def text(number: int) -> str:
    """X509_verify_cert_error_string of OpenSSL 3."""
    return _text(number, e.TEXTS)


def _text(number: int, texts: Mapping[int, str]) -> str:
    return texts.get(number, f"error {number}")


ALERT = OPENSSL_3_0.alert[0]


def s_client(build: Build) -> Wording:
    """`20: unable to get local issuer certificate`; else the first error of OpenSSL's queue."""

    def said(answer: Answer, view: View) -> str:
        if answer.code == TRAILING:
            return (
                "error:0A000087:SSL routines:tls_process_server_certificate:cert length mismatch:"
                f"../ssl/statem/statem_clnt.c:{build.mismatch}:"
            )
        if answer.code == NO_CIPHER:
            words, line = build.alert
            where = f"../ssl/record/rec_layer_s3.c:{line}:SSL alert number 40"
            return f"error:0A000410:SSL routines:ssl3_read_bytes:{words}:{where}"
        code = asn1.told(answer)
        if code is not None:
            return asn1.error(code, "../", build)
        if answer.code == PROOF:
            reason = signature_error(view, answer)
            function, line = build.pss
            where = f"../crypto/rsa/rsa_pss.c:{line}:"
            return f"error:{reason.code}:{reason.library}:{function}:{reason.text}:{where}"
        return f"{answer.code}: {_text(answer.code, build.texts)}"

    return said


def verify(build: Build) -> Wording:
    """`error 20 at 1 depth lookup: unable to get local issuer certificate`."""

    def said(answer: Answer, view: View) -> str:
        if answer.code in UNDECODABLE:
            return build.unread
        if answer.code == TRUST:
            return "Error loading file"
        return _at_depth(answer.code, answer.depth, build.texts)

    return said


def pyopenssl(answer: Answer, view: View) -> str:
    """`error 20 at 1 depth lookup: ...`, as OpenSSL words it; else its queue of errors."""
    return _pyopenssl(answer, view, e.TEXTS)


def pyopenssl_4_0(answer: Answer, view: View) -> str:
    """The same with OpenSSL 4.0."""
    return _pyopenssl(answer, view, e.TEXTS_3_6)


def _pyopenssl(answer: Answer, view: View, texts: Mapping[int, str]) -> str:
    if answer.code == NAME:
        return "X509_VERIFY_PARAM_set1_host does not take the host name"
    if answer.code == TRAILING:
        return _queue([("SSL routines", "", "cert length mismatch")])
    if (code := asn1.told(answer)) is not None:
        return _queue(asn1.queue(code, answer.code == TRUST, named=False))
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
    if (code := asn1.told(answer)) is not None:
        return _queue(asn1.queue(code, answer.code == TRUST, named=True))
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
    return f"error {number} at {depth} depth lookup: {_text(number, texts)}"


def _queue(errors: list[tuple[str, str, str]]) -> str:
    return f"OpenSSL.SSL.Error: {errors}"


def python_ssl(build: Python) -> Wording:
    """What stands behind `certificate verify failed: ` in Python's ssl.

    The Azure SDK for Python and Paho pass it on, the former as the cause of an error of its own.
    """
    raised, loading = f"(_ssl.c:{build.handshake})", f"(_ssl.c:{build.loading})"
    openssl = build.openssl

    def said(answer: Answer, view: View) -> str:
        if answer.code == NOT_ASKED and view.host is not None:
            return build.refuses(view.host) or answer.says
        if answer.code == TRAILING:
            return f"ssl.SSLError: [SSL: CERT_LENGTH_MISMATCH] cert length mismatch {raised}"
        if answer.code == PROOF:
            reason = signature_error(view, answer)
            word = reason.text.upper().replace(" ", "_")
            return f"ssl.SSLError: [RSA: {word}] {reason.text} {raised}"
        if answer.code == NO_CIPHER:
            words = openssl.alert[0]
            return f"ssl.SSLError: [SSL: SSLV3_ALERT_HANDSHAKE_FAILURE] {words} {raised}"
        if answer.code in UNDECODABLE:
            return f"ssl.SSLError: [SSL] ASN1 lib {raised}"
        if answer.code == TRUST:
            return f"ssl.SSLError: [X509] PEM lib {loading}"
        if answer.code == e.HOSTNAME:
            name = view.hostname if view.host is None else as_python(view.host)
            return f"Hostname mismatch, certificate is not valid for '{name}'."
        if answer.code == e.ADDRESS:
            return f"IP address mismatch, certificate is not valid for '{view.hostname}'."
        return _text(answer.code, openssl.texts)

    return said


def azure_python(build: Python) -> Wording:
    """The same; what is trusted comes as text (`cadata`), and is read one certificate at a time.

    _add_ca_certs of Modules/_ssl.c at 3.11.7.
    """
    plainly = python_ssl(build)

    def said(answer: Answer, view: View) -> str:
        if answer.code != TRUST:
            return plainly(answer, view)
        if answer.certificate == view.trust[0]:
            told = "no start line: cadata does not contain a certificate"
            return f"ssl.SSLError: {told} (_ssl.c:4020)"
        return "ssl.SSLError: [PEM] ASN1 lib (_ssl.c:4035)"

    return said


def is_invalid(certificate: Certificate) -> bool:
    """EXFLAG_INVALID of 3.0, which leaves an error in the queue."""
    facts = Facts(decoded_certificate(certificate))
    return facts.invalid or facts.invalid_since_3


def is_unread(answer: Answer) -> bool:
    """Whether the signature was not even looked at, as its algorithm is not that inside."""
    signed = answer.certificate
    return answer.code == e.SIGNATURE and signed is not None and structure.algorithms_differ(signed)


def curl(answer: Answer, view: View) -> str:
    """Errors of the queue come first; else `SSL certificate problem`."""
    if answer.code == NOT_ASKED:
        return f"curl: {answer.says}"
    if answer.code == TRAILING:
        return "curl: (35) OpenSSL/3.0.19: error:0A000087:SSL routines::cert length mismatch"
    if answer.code in (PROOF, e.SIGNATURE) and not is_unread(answer):
        reason = signature_error(view, answer)
        return f"curl: (35) OpenSSL/3.0.19: error:{reason.code}:{reason.library}::{reason.text}"
    if answer.code == NO_CIPHER:
        return f"curl: (35) OpenSSL/3.0.19: error:0A000410:SSL routines::{ALERT}"
    if answer.code == TRUST:
        return "curl: (77) error setting certificate file"
    if answer.code in UNDECODABLE:
        reason_number = asn1.PLACES[answer.code].reason
        return (
            f"curl: (35) OpenSSL/3.0.19: error:068000{reason_number}:asn1 encoding routines::"
            f"{answer.code}"
        )
    if answer.says:  # what curl itself finds
        return f"curl: (60) SSL: {answer.says}"
    if any(map(is_invalid, (*view.presented, *view.trust))):
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
    if answer.code in UNDECODABLE:
        return str(answer.code)
    if answer.code == NO_CIPHER:
        return ALERT
    if answer.code != PROOF and any(map(is_invalid, (*view.presented, *view.trust))):
        return "invalid certificate"
    return "certificate verify failed"
