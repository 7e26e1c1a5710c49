"""Rules about how many certificates are presented, and how large they are."""

from edgecheck.behaviour.message import KIB, refusing, sent
from edgecheck.behaviour.message import size as message_size
from edgecheck.behaviour.refusers import TIER_1, Refuser
from edgecheck.hierarchy.hierarchy import Hierarchy
from edgecheck.reading.certificate import Certificate
from edgecheck.rules.chain.conditions import LARGE, MANY, WORTH_KNOWING
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.objects import PRESENTED
from edgecheck.rules.engine.rule import ERROR, INFO, WARNING, Act, Over, Reference, Violation, rule
from edgecheck.rules.references import issue, measured, rfc

R = Refuser

MOST_BETWEEN = {
    R.RUSTLS: 6,
    R.WOLFSSL: 7,
    R.MBEDTLS: 8,
    R.CRYPTOGRAPHY: 8,
    R.NSS: 19,
}
"""The CAs that a client takes between the server certificate and the root."""
MOST_PRESENTED = {R.JAVA: 10, R.GNUTLS: 16}
"""The certificates that a client takes in one presentation."""
FEWEST_BETWEEN, FEWEST_PRESENTED = min(MOST_BETWEEN.values()), min(MOST_PRESENTED.values())


_FEWER = (
    "Remove what the chain does not need: copies, certificates on no path, and the root, which "
    "clients have themselves."
)


@rule(
    "chain.too-many-certificates",
    title="There are more certificates than some clients take",
    severity=ERROR,
    over=Over.HIERARCHY,
    purpose="server",
    when=[MANY],
    act=Act.REISSUE,
    follows=["input.over-limit"],
    references=[
        Reference(
            "OpenJDK 17, SSLConfiguration.java (jdk.tls.maxCertificateChainLength)",
            "https://github.com/openjdk/jdk/blob/jdk-17-ga/src/java.base/share/classes/sun/"
            "security/ssl/SSLConfiguration.java",
        ),
        Reference(
            "mbedTLS 2.28.3, include/mbedtls/x509.h (MBEDTLS_X509_MAX_INTERMEDIATE_CA)",
            "https://github.com/Mbed-TLS/mbedtls/blob/v2.28.3/include/mbedtls/x509.h",
        ),
        measured(
            "most CAs between server and root: rustls 6, wolfSSL 7, mbedTLS and cryptography 8, "
            "NSS 19; most certificates presented: Java 10, GnuTLS 16; OpenSSL, .NET and Go take 26"
        ),
    ],
)
def too_many_certificates(hierarchy: Hierarchy, case: Case) -> Violation | None:
    """Clients bound the length of a chain, some by what is presented, some by what they build.

    Java counts the certificates that are presented, the root and copies included: "The
    certificate chain length (11) exceeds the maximum allowed length (10)". rustls
    (MaximumPathDepthExceeded), wolfSSL, mbedTLS, cryptography and NSS count the CAs between
    the server certificate and the root. IoT Edge needs two CAs, up to 1.1 three.

    Remedy:
    Have the device CA issued by a CA that is nearer to the root. Where it is only the
    presentation that is long, remove from the device CA file what the chain does not need, the
    root included. A Java client takes more with -Djdk.tls.maxCertificateChainLength=N.
    """
    presented = len(hierarchy.sequence)
    path = hierarchy.path
    if path is None or (
        presented <= FEWEST_PRESENTED and len(path.certificates) <= FEWEST_BETWEEN + 1
    ):
        return None
    between = _between(path.certificates, hierarchy)
    refused = {client for client, most in MOST_BETWEEN.items() if len(between) > most}
    refused |= {client for client, most in MOST_PRESENTED.items() if presented > most}
    if not refused:
        return None
    tier_1 = not refused.isdisjoint(TIER_1)
    device_ca, surplus = hierarchy.device_ca, len(between) <= FEWEST_BETWEEN
    return Violation(
        f"{presented} certificates are presented, and {len(between)} CAs stand between "
        f"{case.named(path.certificates[0])} and the root",
        wanted=f"at most {FEWEST_PRESENTED} presented and {FEWEST_BETWEEN} between",
        found=[presented, len(between)],
        certificates=(path.certificates[0], *between),
        remedy=_FEWER if surplus else None,
        changes=PRESENTED if surplus else device_ca,
        severity=ERROR if tier_1 else WARNING,
        refused_by=frozenset(refused),
    )


@rule(
    "chain.large",
    title="What is presented is larger than some clients have room for",
    severity=ERROR,
    over=Over.HIERARCHY,
    purpose="server",
    when=[LARGE],
    act=Act.REISSUE,
    follows=["input.over-limit"],
    references=[
        rfc(8446, "4.4.2"),
        issue("MicrosoftDocs/azure-docs", 12826),
        measured(
            "largest message: mbedTLS 16 KiB, wolfSSL 18, Java 32, rustls and Go 1.19 64, OpenSSL "
            "and BoringSSL 100, GnuTLS and NSS 128"
        ),
    ],
)
def large(hierarchy: Hierarchy, case: Case) -> Violation | None:
    """All certificates go in one message of the handshake, and clients bound its length.

    From 16 KiB on it does not fit into one record; mbedTLS up to 2.28 and builds of wolfSSL
    stop there. Java takes 32 KiB (`jdk.tls.maxHandshakeMessageSize`), OpenSSL 100 KiB
    (`SSL_CTX_set_max_cert_list`): "excessive message size". Clients for small devices are
    often built with room for 4 or 8 KiB, so more than 8 KiB is a note.

    Remedy:
    Have the largest certificate reissued without large extensions, such as logos, comments and
    long policy texts, and with a key on the curve P-256 instead of an RSA key. Present neither
    root nor unrelated certificates, and leave out levels that nobody needs.
    """
    size = message_size(hierarchy.sequence)
    if size <= WORTH_KNOWING:
        return None
    refused = refusing(sent(case.view), len(hierarchy.sequence))
    tier_1 = not refused.isdisjoint(TIER_1)
    path = hierarchy.path.certificates if hierarchy.path else ()
    surplus = sum(len(certificate.der) + 3 for certificate in path) <= 16 * KIB < size
    longest = max(hierarchy.sequence, key=lambda certificate: len(certificate.der))
    return Violation(
        f"{len(hierarchy.sequence)} certificates are presented, together {size} bytes; the largest "
        f"is {case.named(longest)} with {len(longest.der)}",
        wanted=f"at most {16 * KIB} bytes" if refused else f"at most {WORTH_KNOWING} bytes",
        found=size,
        certificates=(longest,),
        remedy=_FEWER if surplus else None,
        changes=PRESENTED if surplus else None,
        severity=ERROR if tier_1 else WARNING if refused else INFO,
        refused_by=refused,
        unread=refused,
    )


def _between(
    certificates: tuple[Certificate, ...], hierarchy: Hierarchy
) -> tuple[Certificate, ...]:
    """The CAs of the path above its target, but for the root or anchor."""
    above = certificates[1:]
    ends = bool(above) and (above[-1] == hierarchy.anchor or above[-1].is_self_issued)
    return above[:-1] if ends else above
