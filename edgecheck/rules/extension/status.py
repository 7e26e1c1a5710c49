"""Rules about extensions that want a service which a gateway's clients may not reach."""

from edgecheck.behaviour.openssl.extensions import decodes, pointless
from edgecheck.behaviour.refusers import Refuser
from edgecheck.reading.certificate import EXT_CRL_DISTRIBUTION_POINTS, Certificate
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.rule import INFO, WARNING, Act, Over, Reference, Violation, rule
from edgecheck.rules.extension.conditions import UNUSUAL_EXTENSION
from edgecheck.rules.references import measured, rfc

_AUTHORITY_INFO_ACCESS = bytes.fromhex("2b06010505070101")
_OCSP = bytes.fromhex("06082b06010505073001")
_TLS_FEATURE = bytes.fromhex("2b06010505070118")
_STATUS_REQUEST = b"\x02\x01\x05"


@rule(
    "extension.status-service",
    title="A certificate names a service that tells whether it was revoked",
    severity=INFO,
    over=Over.EACH_ON_PATH,
    purpose="server",
    when=[UNUSUAL_EXTENSION],
    act=Act.NOTHING,
    references=[
        rfc(5280, "4.2.1.13"),
        rfc(5280, "4.2.2.1"),
        Reference(
            "Microsoft: X509RevocationMode",
            "https://learn.microsoft.com/dotnet/api/system.security.cryptography."
            "x509certificates.x509revocationmode",
        ),
        measured("none of the clients asks such a service by itself, and all accept the chain"),
    ],
)
def status_service(certificate: Certificate, case: Case) -> Violation | None:
    """It has an address where to ask whether it was revoked, as a company's CA writes into all.

    Behind a gateway there is often no way to such an address. No client that was measured asks
    by itself. One that is told to (.NET with `X509RevocationMode.Online`, Java with
    `com.sun.net.ssl.checkRevocation`, Windows' own services) then waits for a timeout, and may
    refuse the chain. The runtime publishes no status of what it issues.

    Remedy:
    none, because nothing is wrong as long as clients do not ask. Where they do, let them
    reach the address through the gateway, or switch the check off for this connection.
    """
    listed = []
    points = EXT_CRL_DISTRIBUTION_POINTS
    if decodes(certificate, points) and not pointless(points, certificate.extensions[points]):
        listed.append("revocation lists (cRLDistributionPoints)")
    if _OCSP in certificate.extensions.get(_AUTHORITY_INFO_ACCESS, b""):
        listed.append("the status of revocation (authorityInfoAccess, OCSP)")
    if not listed:
        return None
    return Violation(
        f"{case.named(certificate)} has an address for {' and '.join(listed)}",
        wanted="an address that clients reach, or none",
        found=listed,
        certificates=(certificate,),
    )


@rule(
    "extension.must-staple",
    title="A certificate demands a status of revocation that edgeHub never sends",
    severity=WARNING,
    over=Over.EACH_ON_PATH,
    purpose="server",
    when=[UNUSUAL_EXTENSION],
    act=Act.REISSUE,
    refused_by=[Refuser.GNUTLS],
    references=[
        rfc(7633, "4"),
        measured("GnuTLS refuses it, in a server or CA certificate"),
    ],
)
def must_staple(certificate: Certificate, case: Case) -> Violation | None:
    """Its TLS feature extension says that the server staples a response to its certificate.

    The gateway's edgeHub sends none. GnuTLS then refuses the connection: "The certificate
    requires the server to include an OCSP status in its response". Others do not look.

    Remedy:
    Have the certificate reissued without the line `tlsfeature = status_request`.
    """
    if _STATUS_REQUEST not in certificate.extensions.get(_TLS_FEATURE, b""):
        return None
    return Violation(
        f"{case.named(certificate)} demands that whether it was revoked is sent along (OCSP)",
        wanted="no TLS feature extension",
        found="status_request",
        certificates=(certificate,),
    )
