"""BearSSL 0.6: each certificate must be the issuer of the one before, until an anchor signed one.

Mimics src/x509/x509_minimal.t0 and asn1.t0 (decode-certificate, read-date, process-SAN), and
ssl_hs_client.t0 for the usage of the server's key.
"""

from edgecheck.behaviour import raw
from edgecheck.behaviour.bearssl.chain import Chain, Failed, bits, unusable
from edgecheck.behaviour.lenient import lenient
from edgecheck.behaviour.taken import Ended
from edgecheck.behaviour.view import View
from edgecheck.clients.answer import ACCEPT, Answer, reject, unknown
from edgecheck.reading import certificate as reading
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.der import Malformed

MOST_ANCHORS = 8
"""As many as the recorded client, a small program of its own, holds."""


def run(view: View, settings: None) -> Answer:
    """Decode certificate after certificate, as they were sent."""
    view = lenient(view)
    anchors, note = [], ""
    for certificate in view.trust[:MOST_ANCHORS]:
        wrong = unusable(certificate, view)
        if wrong is None:
            anchors.append(certificate)
        else:
            note = f"[trust anchor decode BR_ERR_X509_{wrong}] "
    chain = Chain(view, anchors, lambda leaf: view.hostname is None or _named(leaf, view.hostname))
    try:
        chain.walk()
    except Failed as failed:
        depth, code = len(chain.certificates) - 1, str(failed)
        return reject(code, chain.certificates[-1], depth, f"{note}BR_ERR_X509_{code}")
    except (Malformed, Unreadable) as damaged:
        return unknown(str(damaged), chain.certificates[-1])
    if chain.ended is not Ended.TRUSTED:
        last = view.presented[-1]
        return reject(
            "NOT_TRUSTED", last, len(view.presented) - 1, f"{note}BR_ERR_X509_NOT_TRUSTED"
        )
    usage = view.leaf.extensions.get(reading.EXT_KEY_USAGE)
    if usage is not None and not bits(usage) & 0xC0:
        return reject("WRONG_KEY_USAGE", view.leaf, 0, f"{note}BR_ERR_WRONG_KEY_USAGE")
    if not view.proves_key:
        return reject("BAD_SIGNATURE", view.leaf, 0, f"{note}BR_ERR_BAD_SIGNATURE")
    return ACCEPT


def _named(leaf: Certificate, hostname: str) -> bool:
    """Whether a DNS name is the host's, or a common name, where there are no alternatives."""
    names = [value for _, value in raw.common_names(leaf)]
    if reading.EXT_SUBJECT_ALT_NAME in leaf.extensions:
        names = [value for tag, value in raw.alt_names(leaf) or () if tag == raw.DNS]
    return any(_matches(name, hostname) for name in names)


def _matches(name: bytes, hostname: str | None) -> bool:
    """match-server-name: without regard to case; `*.` stands for one label."""
    host, name = (hostname or "").encode("utf-8", "replace").lower(), name.lower()
    return name == host or (name[:2] == b"*." and name[2:] == host.partition(b".")[2])
