"""How tstclnt decides, with the classic chain builder and with libpkix (NSS 3.87.1)."""

from cryptography.hazmat.primitives.asymmetric import rsa

from edgecheck.behaviour import raw
from edgecheck.behaviour.lenient import lenient, rolled_days
from edgecheck.behaviour.nss import names, pkix, store
from edgecheck.behaviour.nss.chain import Chain, unstored, unusable
from edgecheck.behaviour.nss.errors import DOMAIN, NO_OVERLAP, SIGNATURE, WEAK, Place
from edgecheck.behaviour.nss.records import RECORDS, Settings
from edgecheck.behaviour.strictly import STRICT
from edgecheck.behaviour.view import View
from edgecheck.clients.answer import ACCEPT, Answer, reject
from edgecheck.clients.client import Client, plain

LEAST_RSA = 1023


def run(view: View, settings: Settings) -> Answer:
    """Take in what was sent, look at the server's certificate, then at its chain and its name."""
    view = lenient(
        rolled_days(view), STRICT, store.OF_ANCHORS if settings.pkix else store.OF_TRUSTED
    )
    if not all(map(raw.serial, view.trust)):  # the database takes none without a serial number
        stored = tuple(root for root in view.trust if raw.serial(root))
        view = view.with_certificates(view.presented, stored)
    wrong = unstored(view) or _unspoken(view) or unusable(view)
    if wrong is None:
        wrong = (pkix.Paths(view).verified if settings.pkix else Chain(view).verified)()
    if wrong is None and view.host is not None and not names.matches(view.leaf, view.host):
        wrong = DOMAIN, view.leaf
    if wrong is None:
        return ACCEPT
    text, at = wrong
    depth = view.presented.index(at) if at in view.presented else len(view.presented)
    return reject(text, at, depth, text)


def _unspoken(view: View) -> Place | None:
    """Keys that the handshake cannot do with."""
    key = view.leaf.public_key
    if not store.usable(key):
        return NO_OVERLAP, view.leaf
    if not view.proves_key:
        return SIGNATURE, view.leaf
    if isinstance(key, rsa.RSAPublicKey) and key.key_size < LEAST_RSA:
        return WEAK, view.leaf
    return None


MODELS = tuple(Client(record, run, plain) for record in RECORDS)
