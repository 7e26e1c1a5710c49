"""BearSSL 0.6: each certificate must be the issuer of the one before, until an anchor signed one.

Mimics src/x509/x509_minimal.t0 and asn1.t0 (decode-certificate, read-date, process-SAN), and
ssl_hs_client.t0 for the usage of the server's key.
"""

from edgecheck.behaviour.bearssl import names
from edgecheck.behaviour.bearssl.chain import Chain, anchors
from edgecheck.behaviour.bearssl.decoded import Failed, usages
from edgecheck.behaviour.bearssl.records import RECORDS
from edgecheck.behaviour.lenient import lenient
from edgecheck.behaviour.taken import Ended
from edgecheck.behaviour.view import View
from edgecheck.clients.answer import ACCEPT, Answer, reject, unknown
from edgecheck.clients.client import Client, plain
from edgecheck.reading import certificate as reading
from edgecheck.reading.certificate import Unreadable
from edgecheck.reading.der import Malformed


def run(view: View, settings: None) -> Answer:
    """Decode certificate after certificate, as they were sent."""
    view = lenient(view)
    chain = Chain(
        view,
        anchors(view),
        lambda leaf: view.host is None or names.matches(leaf, view.host),
    )
    try:
        chain.walk()
    except Failed as failed:
        depth, code = len(chain.certificates) - 1, str(failed)
        return reject(code, chain.certificates[-1], depth, f"BR_ERR_X509_{code}")
    except (Malformed, Unreadable) as damaged:
        return unknown(str(damaged), chain.certificates[-1])
    if chain.ended is not Ended.TRUSTED:
        last = view.presented[-1]
        return reject("NOT_TRUSTED", last, len(view.presented) - 1, "BR_ERR_X509_NOT_TRUSTED")
    usage = view.leaf.extensions.get(reading.EXT_KEY_USAGE)
    if usage is not None and not usages(usage) & 0xC0:
        return reject("WRONG_KEY_USAGE", view.leaf, 0, "BR_ERR_WRONG_KEY_USAGE")
    if not view.proves_key:
        return reject("BAD_SIGNATURE", view.leaf, 0, "BR_ERR_BAD_SIGNATURE")
    return ACCEPT


MODELS = tuple(Client(record, run, plain) for record in RECORDS)
