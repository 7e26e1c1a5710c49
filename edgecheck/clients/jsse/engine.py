"""X509TrustManagerImpl: chain, end entity, and identity, in this order."""

from edgecheck.behaviour.jsse import names
from edgecheck.behaviour.jsse.chain import (
    HANDSHAKE,
    LARGEST_MESSAGE,
    MOST_CERTIFICATES,
    Wrong,
    verified,
)
from edgecheck.behaviour.jsse.extensions import NS_CERT_TYPE, netscape_server
from edgecheck.behaviour.jsse.parse import key_usage, on_known_curve, unparsable, usages
from edgecheck.behaviour.lenient import NAMES, first_values
from edgecheck.behaviour.view import View
from edgecheck.clients.answer import ACCEPT, Answer, reject
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.extensions import ANY_EXTENDED_KEY_USAGE, DIGITAL_SIGNATURE, SERVER_AUTH

SGC = ("1.3.6.1.4.1.311.10.3.3", "2.16.840.1.113730.4.1")


def run(view: View, settings: None) -> Answer:
    """The handshake as the client sees it."""
    view = first_values(view, (NAMES,))
    for root in view.trust:
        why = unparsable(root)
        if why is not None:
            told = f"java.security.cert.{why}"
            return reject("trust", root, max(0, len(view.presented) - 1), told)
    if not _offered(view):
        return reject("cipher", view.leaf, 0, HANDSHAKE + "Received fatal alert: handshake_failure")
    size = 3 + sum(3 + len(c.der) + (c.der in view.trailing) for c in view.presented)
    if size > LARGEST_MESSAGE:
        told = f"The size of the handshake message ({size}) exceeds the maximum allowed size"
        return reject(
            "size",
            max(view.presented, key=lambda one: len(one.der)),
            0,
            f"javax.net.ssl.SSLProtocolException: {told} ({LARGEST_MESSAGE})",
        )
    if len(view.presented) > MOST_CERTIFICATES:
        told = "The certificate chain length (11) exceeds the maximum allowed length (10)"
        return reject(
            "length", view.presented[10], 10, f"javax.net.ssl.SSLProtocolException: {told}"
        )
    for depth, certificate in enumerate(view.presented):
        if unparsable(certificate) is not None:
            told = HANDSHAKE + "Failed to parse server certificates"
            return reject("parse", certificate, depth, told)
    try:
        verified(view)
        if view.leaf.der not in view.trusted:
            _end_entity(view.leaf)
        if view.host is not None:
            told_by = names.mismatch(view.leaf, view.host)
            if told_by is not None:
                raise Wrong(HANDSHAKE + told_by, view.leaf)
    except Wrong as wrong:
        depth = 0
        if wrong.certificate in view.presented:
            depth = view.presented.index(wrong.certificate)
        return reject("verify", wrong.certificate, depth, wrong.says)
    if not view.proves_key:
        told = HANDSHAKE + "Invalid CertificateVerify signature"
        return reject("proof", view.leaf, 0, told)
    return ACCEPT


def _offered(view: View) -> bool:
    """Whether the server's key is on a curve that SunEC has."""
    try:
        return on_known_curve(view.server)
    except Unreadable:
        return True


def _end_entity(certificate: Certificate) -> None:
    """EndEntityChecker.checkTLSServer, for what signs the handshake."""
    usage = key_usage(certificate)
    if usage is not None and not usage & DIGITAL_SIGNATURE:
        raise Wrong(HANDSHAKE + "KeyUsage does not allow digital signatures", certificate)
    purposes = usages(certificate)
    good = (SERVER_AUTH, ANY_EXTENDED_KEY_USAGE, *SGC)
    if purposes is not None and not any(purpose in good for purpose in purposes):
        told = "Extended key usage does not permit use for TLS server authentication"
        raise Wrong(HANDSHAKE + told, certificate)
    netscape = certificate.extensions.get(NS_CERT_TYPE)
    if netscape is not None and not netscape_server(netscape):
        told = "Netscape cert type does not permit use for SSL server"
        raise Wrong(HANDSHAKE + told, certificate)
