"""mbedTLS: certificates are walked in the order sent, and flags are gathered.

Mimics library/x509_crt.c (parse_der_core, find_parent, verify_chain, verify_name) and ssl_tls.c
(check_cert_usage) at 2.28.3, which speaks TLS 1.2, and at 3.6.6, which speaks TLS 1.3.
"""

from edgecheck.behaviour import message
from edgecheck.behaviour.lenient import lenient
from edgecheck.behaviour.mbedtls import asn1, names
from edgecheck.behaviour.mbedtls.chain import (
    BAD_KEY,
    BAD_MD,
    BAD_PK,
    EXPIRED,
    EXT_KEY_USAGE,
    FUTURE,
    KEY_USAGE,
    MOST_INTERMEDIATES,
    NAME,
    NOT_TRUSTED,
    Chain,
    is_for,
    read_presented,
    read_trust,
)
from edgecheck.behaviour.mbedtls.records import RECORDS
from edgecheck.behaviour.mbedtls.versions import V3_6_6, Version
from edgecheck.behaviour.view import View
from edgecheck.clients.answer import ACCEPT, Answer, reject
from edgecheck.clients.client import Client, plain
from edgecheck.reading.der import oid_content
from edgecheck.reading.extensions import ANY_EXTENDED_KEY_USAGE, DIGITAL_SIGNATURE, SERVER_AUTH

OF_NOTHING = (EXPIRED, NAME, BAD_MD, BAD_PK, BAD_KEY)
"""What it finds where no certificate is left."""
ORDER = (EXPIRED, NAME, NOT_TRUSTED, FUTURE, KEY_USAGE, EXT_KEY_USAGE, BAD_MD, BAD_PK, BAD_KEY)
"""x509_crt_verify_strings as far as they come up; each is a line of its own."""
_FOR_SERVERS = {oid_content(SERVER_AUTH), oid_content(ANY_EXTENDED_KEY_USAGE)}


def run(view: View, version: Version) -> Answer:
    """Parse what was sent, verify it, and look at the usages."""
    view = lenient(view)
    too_large = _too_large(view, version)
    if too_large:
        place = len(view.presented) - 1
        return reject("size", view.presented[-1], place, asn1.told(too_large))
    presented = read_presented(view, version)
    if isinstance(presented, tuple):
        certificate, code = presented
        return reject("parse", certificate, view.presented.index(certificate), asn1.told(code))
    trust = read_trust(view, version)
    if not presented:
        found = [*OF_NOTHING, *([NOT_TRUSTED] if trust else [])]
        return reject("flags", view.leaf, 0, "; ".join(flag for flag in ORDER if flag in found))
    chain, (leaf, facts) = Chain(view, presented, trust, version), presented[0]
    if chain.too_long is not None:
        told = asn1.told(asn1.FATAL_ERROR)
        return reject("length", chain.too_long, MOST_INTERMEDIATES + 1, told)
    flags = list(chain.flags)
    if view.host is not None and not names.matches(leaf, view.host, version):
        flags.append((NAME, leaf))
    if not is_for(facts, DIGITAL_SIGNATURE):
        flags.append((KEY_USAGE, leaf))
    usages = facts.extensions.extended_key_usage
    if usages is not None and not _FOR_SERVERS.intersection(usages):
        flags.append((EXT_KEY_USAGE, leaf))
    if flags:
        told = "; ".join(flag for flag in ORDER if any(flag == found for found, _ in flags))
        first = min(flags, key=lambda found: ORDER.index(found[0]))[1]
        depth = view.presented.index(first) if first in view.presented else 0
        return reject("flags", first, depth, told)
    if not view.proves_key:
        wrong = asn1.HANDSHAKE_FAILURE if version >= V3_6_6 else asn1.ECP_VERIFY_FAILED
        return reject("proof", leaf, 0, asn1.told(wrong))
    return ACCEPT


def _too_large(view: View, version: Version) -> int:
    """The error for a message that does not fit; 0: it fits."""
    if version < V3_6_6:
        return asn1.SSL_FEATURE_UNAVAILABLE if message.MBEDTLS_2_28.refused(view) else 0
    return asn1.SSL_BAD_INPUT_DATA if message.MBEDTLS_3.refused(view) else 0


MODELS = tuple(Client(record, run, plain) for record in RECORDS)
