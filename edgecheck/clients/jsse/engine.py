"""X509TrustManagerImpl: chain, end entity, and identity, in this order."""

from edgecheck.behaviour.host import Host
from edgecheck.behaviour.jsse import names
from edgecheck.behaviour.jsse.chain import MOST_CERTIFICATES, verified
from edgecheck.behaviour.jsse.checks import constrained
from edgecheck.behaviour.jsse.extensions import NS_CERT_TYPE, netscape_server
from edgecheck.behaviour.jsse.general_names import NO_PARTY, unencodable, unprintable
from edgecheck.behaviour.jsse.parse import (
    key_usage,
    on_known_curve,
    unparsable,
    unreadable_usages,
    usages,
)
from edgecheck.behaviour.jsse.records import RECORDS, V21
from edgecheck.behaviour.jsse.wrong import BAD, HANDSHAKE, INTERNAL, ByChance, Wrong
from edgecheck.behaviour.lenient import rolled_days
from edgecheck.behaviour.message import JAVA
from edgecheck.behaviour.view import View
from edgecheck.clients.answer import ACCEPT, Answer, reject, unknown
from edgecheck.clients.client import Client, plain
from edgecheck.reading.certificate import EXT_SUBJECT_ALT_NAME, Certificate, Unreadable
from edgecheck.reading.extensions import (
    ANY_EXTENDED_KEY_USAGE,
    DIGITAL_SIGNATURE,
    MICROSOFT_SGC,
    NETSCAPE_SGC,
    SERVER_AUTH,
)

BY_CHANCE = "which of several trusted certificates it takes is another from run to run"


def run(view: View, version: int) -> Answer:
    """The handshake as the client sees it, in TLS 1.3."""
    view = rolled_days(view)
    for root in view.trust:
        why = unparsable(root)
        if why is not None:
            told = f"java.security.cert.{why}"
            return reject("trust", root, max(0, len(view.presented) - 1), told)
    if not _offered(view):
        return reject("cipher", view.leaf, 0, HANDSHAKE + "Received fatal alert: handshake_failure")
    size = JAVA.refused(view)
    if size:
        told = f"The size of the handshake message ({size}) exceeds the maximum allowed size"
        return reject(
            "size",
            max(view.presented, key=lambda one: len(one.der)),
            0,
            f"javax.net.ssl.SSLProtocolException: {told} ({JAVA.most})",
        )
    if len(view.presented) > MOST_CERTIFICATES:
        told = "The certificate chain length (11) exceeds the maximum allowed length (10)"
        return reject(
            "length", view.presented[10], 10, f"javax.net.ssl.SSLProtocolException: {told}"
        )
    for depth, certificate in enumerate(view.presented):
        if unparsable(certificate) is not None:
            told = _said(HANDSHAKE + "Failed to parse server certificates", BAD, version)
            return reject("parse", certificate, depth, told)
    try:
        path = verified(view, version)
        if view.leaf.der not in view.trusted:
            _end_entity(view.leaf, version)
        if view.host is not None:
            _named(view, view.host, version, constrained(path))
    except ByChance as wrong:
        says = _said(wrong.says, wrong.alert, version)
        return unknown(f"{BY_CHANCE}. Of one it says: {says}", wrong.certificate)
    except Wrong as wrong:
        depth = 0
        if wrong.certificate in view.presented:
            depth = view.presented.index(wrong.certificate)
        says = _said(wrong.says, wrong.alert, version)
        return reject("verify", wrong.certificate, depth, says)
    if not view.proves_key:
        told = _said(HANDSHAKE + "Invalid CertificateVerify signature", "decrypt_error", version)
        return reject("proof", view.leaf, 0, told)
    return ACCEPT


def _said(says: str, alert: str, version: int) -> str:
    """Alert.createSSLException: since 21 the alert stands before the reason."""
    if version < V21:
        return says
    exception, _, reason = says.partition(": ")
    return f"{exception}: ({alert}) {reason}"


def _named(view: View, host: Host, version: int, was_constrained: bool) -> None:
    """HostnameChecker, for which all alternative names are printed."""
    if names.packed(host) is not None or names.legal(host.name.removesuffix(".")):
        value = view.leaf.extensions.get(EXT_SUBJECT_ALT_NAME)
        readable = value is not None and names.unreadable(view.leaf) is None
        if readable and unprintable(value or b""):
            told = "javax.net.ssl.SSLException: IPAddress cannot be parsed"
            raise Wrong(told, view.leaf, INTERNAL)
        if version < V21 and names.unreadable(view.leaf) == NO_PARTY and unencodable(value or b""):
            told = "javax.net.ssl.SSLException: name cannot be encoded"
            raise Wrong(told, view.leaf, INTERNAL)
    told_by = names.mismatch(view.leaf, host, version, was_constrained)
    if told_by is not None:
        raise Wrong(HANDSHAKE + told_by, view.leaf)


def _offered(view: View) -> bool:
    """Whether the server's key is on a curve that SunEC has."""
    try:
        return on_known_curve(view.server)
    except Unreadable:
        return True


def _end_entity(certificate: Certificate, version: int) -> None:
    """EndEntityChecker.checkTLSServer, for what signs the handshake."""
    usage = key_usage(certificate)
    if usage is not None and not usage & DIGITAL_SIGNATURE:
        raise Wrong(HANDSHAKE + "KeyUsage does not allow digital signatures", certificate)
    wrong = unreadable_usages(certificate) if version >= V21 else None
    if wrong is not None:
        raise Wrong(HANDSHAKE + wrong, certificate)
    purposes = usages(certificate)
    good = (SERVER_AUTH, ANY_EXTENDED_KEY_USAGE, MICROSOFT_SGC, NETSCAPE_SGC)
    if purposes is not None and not any(purpose in good for purpose in purposes):
        told = "Extended key usage does not permit use for TLS server authentication"
        raise Wrong(HANDSHAKE + told, certificate)
    netscape = certificate.extensions.get(NS_CERT_TYPE)
    if netscape is not None and not netscape_server(netscape):
        told = "Netscape cert type does not permit use for SSL server"
        raise Wrong(HANDSHAKE + told, certificate)


MODELS = tuple(Client(record, run, plain) for record in RECORDS)
