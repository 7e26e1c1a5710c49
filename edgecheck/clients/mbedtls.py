"""mbedTLS 2.28: certificates are walked in the order sent, and flags are gathered.

Mimics library/x509_crt.c (parse_der_core, find_parent, verify_chain, verify_name) and ssl_tls.c
(check_cert_usage) at 2.28.3.
"""

from edgecheck.behaviour.lenient import lenient
from edgecheck.behaviour.mbedtls import names
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
)
from edgecheck.behaviour.mbedtls.parse import NO_SIGNATURE, unparsable
from edgecheck.behaviour.view import View
from edgecheck.clients.answer import ACCEPT, Answer, reject
from edgecheck.reading.extensions import ANY_EXTENDED_KEY_USAGE, DIGITAL_SIGNATURE, SERVER_AUTH

LARGEST_MESSAGE = 16_384
"""Bytes of one handshake message (MBEDTLS_SSL_IN_CONTENT_LEN)."""

FATAL = (
    "-0x3000 X509 - A fatal error occurred, eg the chain is too long or the vrfy callback failed"
)
TOO_LARGE = "-0x7080 SSL - The requested feature is not available"
OF_NOTHING = (EXPIRED, NAME, BAD_MD, BAD_PK, BAD_KEY)
"""What it finds where no certificate is left."""
ORDER = (EXPIRED, NAME, NOT_TRUSTED, FUTURE, KEY_USAGE, EXT_KEY_USAGE, BAD_MD, BAD_PK, BAD_KEY)
"""x509_crt_verify_strings as far as they come up; each is a line of its own."""


def run(view: View, settings: None) -> Answer:
    """Parse what was sent, verify it, and look at the usages."""
    view = lenient(view)
    trust = [one for one in view.trust if unparsable(one) is None]
    size = 7 + sum(3 + len(c.der) + (c.der in view.trailing) for c in view.presented)
    if size > LARGEST_MESSAGE:
        return reject("size", view.presented[-1], len(view.presented) - 1, TOO_LARGE)
    taken = []
    for depth, certificate in enumerate(view.presented):
        wrong = unparsable(certificate)
        if wrong is None:
            taken.append(certificate)
        elif wrong != NO_SIGNATURE:  # which is passed over, as a later one may be trusted
            return reject("parse", certificate, depth, wrong)
    if not taken:
        return reject("flags", view.leaf, 0, "; ".join(OF_NOTHING))
    view = view.with_certificates(tuple(taken), view.trust)
    chain, leaf = Chain(view, trust), view.leaf
    if chain.too_long is not None:
        return reject("length", chain.too_long, MOST_INTERMEDIATES + 1, FATAL)
    flags = list(chain.flags)
    if view.host is not None and not names.matches(leaf, view.host):
        flags.append((NAME, leaf))
    usage = leaf.key_usage if leaf.version == 3 else None
    if usage is not None and not usage & DIGITAL_SIGNATURE:
        flags.append((KEY_USAGE, leaf))
    usages = leaf.extended_key_usage if leaf.version == 3 else None
    if usages is not None and SERVER_AUTH not in usages and ANY_EXTENDED_KEY_USAGE not in usages:
        flags.append((EXT_KEY_USAGE, leaf))
    if flags:
        told = [flag for flag in ORDER if any(flag == found for found, _ in flags)]
        first = min(flags, key=lambda found: ORDER.index(found[0]))[1]
        depth = view.presented.index(first) if first in view.presented else 0
        return reject("flags", first, depth, "; ".join(told))
    if not view.proves_key:
        return reject("proof", leaf, 0, "-0x4E00 ECP - The signature is not valid")
    return ACCEPT
