"""Callers of OpenSSL that compare host names themselves: Python, curl, mosquitto, the C stack."""

from edgecheck.behaviour import raw
from edgecheck.behaviour.openssl import callers
from edgecheck.behaviour.openssl import errors as e
from edgecheck.behaviour.openssl.settings import Settings
from edgecheck.behaviour.view import View
from edgecheck.clients.answer import Answer, Verdict, reject
from edgecheck.clients.openssl.engine import named, run

NOT_ASKED = "not asked"
"""The code of an answer where the client does not even connect, because of the name."""


def python(view: View, settings: Settings) -> Answer:
    """Lib/ssl.py encodes the name before OpenSSL compares it."""
    wrong = None if view.host is None else callers.python_refuses(view.host)
    return run(view, settings) if wrong is None else reject(NOT_ASKED, view.leaf, 0, wrong)


def azure_c(view: View, settings: Settings) -> Answer:
    """tlsio_openssl.c: OpenSSL compares the name, with X509_VERIFY_PARAM_set1_host."""
    return run(view, settings)


def curl(view: View, settings: Settings) -> Answer:
    """lib/urlapi.c (hostname_check) and lib/vtls/openssl.c (verifyhost) at curl 7.88.1."""
    refused = None if view.host is None else callers.curl_refuses(view.host)
    if refused is not None:
        return reject(NOT_ASKED, view.leaf, 0, refused)
    answer = run(view, settings)
    if answer.verdict is not Verdict.ACCEPT:
        return answer
    wrong = None if view.host is None else callers.curl_mismatch(named(view), view.host)
    if wrong is not None:
        return reject(e.HOSTNAME, view.leaf, 0, wrong)
    if not raw.rdn_count(view.leaf.issuer_raw):  # x509_name_oneline gives nothing
        return reject("issuer", view.leaf, 0, "couldn't get X509-issuer name")
    return answer


def mosquitto(view: View, settings: Settings) -> Answer:
    """lib/tls_mosq.c (mosquitto__verify_certificate_hostname) at 2.0.11."""
    answer = run(view, settings)
    if answer.verdict is not Verdict.ACCEPT or view.host is None:
        return answer
    if callers.mosquitto_matches(named(view), view.host):
        return answer
    return reject(e.HOSTNAME, view.leaf, 0)
