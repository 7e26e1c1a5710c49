"""Rules about extensions for purposes of their own, which no gateway has."""

from edgecheck.behaviour.dotnet.policies import APPLICATION_POLICIES, excludes_servers, undecodable
from edgecheck.behaviour.openssl import resources
from edgecheck.behaviour.openssl.extensions import (
    AS_NUMBERS,
    IP_ADDRESSES,
    PROXY,
    is_proxy,
)
from edgecheck.behaviour.refusers import OPENSSL, OPENSSL_OLD, Refuser
from edgecheck.hierarchy.hierarchy import Hierarchy
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.strict import extension_name
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.rule import ERROR, Act, Over, Reference, Violation, rule
from edgecheck.rules.extension.conditions import UNUSUAL_EXTENSION
from edgecheck.rules.places import is_root
from edgecheck.rules.references import measured, openssl, rfc

R = Refuser
_CRITICAL = "path.unknown-critical-extension"


@rule(
    "extension.proxy-certificate",
    title="A certificate says that it is a proxy certificate",
    severity=ERROR,
    over=Over.EACH_ON_PATH,
    when=[UNUSUAL_EXTENSION],
    act=Act.REISSUE,
    references=[
        rfc(3820, "3.8"),
        openssl("crypto/x509/x509_vfy.c"),
        measured("whatever uses OpenSSL refuses it, BoringSSL apart; others pass over it"),
    ],
)
def proxy_certificate(certificate: Certificate, case: Case) -> Violation | None:
    """The extension proxyCertInfo marks a certificate by which somebody acts in another's name.

    Grids of computers use such certificates for users, never for servers. OpenSSL refuses them
    unless a program asks for them: "proxy certificates not allowed", and beside a CA or a
    subjectAltName it takes the certificate as if it were not there, so that the text is
    "unable to get local issuer certificate". .NET throws "Error occurred during a cryptographic
    operation".

    Remedy:
    Have the certificate reissued without the section `proxyCertInfo`.
    """
    if not is_proxy(certificate):
        return None
    refused_by = OPENSSL | OPENSSL_OLD - {R.BORINGSSL} | {R.DOTNET}
    if is_root(certificate, case):
        refused_by -= {R.OPENSSL_1_0_2}
    return Violation(
        f"{case.named(certificate)} has the extension proxyCertInfo",
        wanted="no proxyCertInfo",
        found=certificate.extensions[PROXY].hex()[:160],
        certificates=(certificate,),
        refused_by=refused_by,
        because_of=(_CRITICAL, certificate) if PROXY in certificate.critical else None,
        hidden=True,
    )


@rule(
    "extension.internet-resources",
    title="A certificate lists addresses or AS numbers that its issuer does not list",
    severity=ERROR,
    over=Over.HIERARCHY,
    when=[UNUSUAL_EXTENSION],
    act=Act.REISSUE,
    references=[
        rfc(3779, "2.3"),
        rfc(3779, "3.3"),
        openssl("crypto/x509/v3_addr.c"),
        measured("whatever uses OpenSSL refuses it, BoringSSL apart; others pass over it"),
    ],
    refused_by=OPENSSL | {R.OPENSSL_1_1_0, R.DOTNET},
)
def internet_resources(hierarchy: Hierarchy, case: Case) -> Violation | None:
    """RFC 3779 lets a certificate say which blocks of addresses on the internet are its owner's.

    It is for those who announce routes, and has nothing to do with a gateway's own address.
    OpenSSL holds every chain to it whose server certificate has such an extension: what it
    lists must be listed by each certificate above, in order, up to the root. Else it says
    "RFC 3779 resource not subset of parent's resources" (error 46) or "invalid or inconsistent
    certificate extension" (41).

    Remedy:
    Have the server certificate reissued without `sbgp-ipAddrBlock` and `sbgp-autonomousSysNum`;
    the address of a gateway belongs to its names (subjectAltName).
    """
    path = hierarchy.path
    if path is None:
        return None
    errors: list[tuple[int, int]] = []
    resources.validate(
        list(path.certificates), lambda number, depth: errors.append((number, depth))
    )
    if not errors:
        return None
    target = path.certificates[0]
    there = [kind for kind in (IP_ADDRESSES, AS_NUMBERS) if kind in target.extensions]
    names = " and ".join(map(extension_name, there))
    critical = not target.critical.isdisjoint(there)
    return Violation(
        f"{names} of {case.named(target)} are not within what is above it",
        wanted="no such extension",
        found=[extension_name(kind) for kind in there],
        certificates=(target,),
        because_of=(_CRITICAL, target) if critical else None,
    )


@rule(
    "extension.application-policies",
    title="Microsoft's application policies do not allow a server",
    severity=ERROR,
    over=Over.EACH_ON_PATH,
    purpose="server",
    when=[UNUSUAL_EXTENSION],
    act=Act.REISSUE,
    references=[
        Reference(
            "Microsoft: Application Policies extension (MS-WCCE, 2.2.2.7.7.3)",
            "https://learn.microsoft.com/openspecs/windows_protocols/ms-wcce/"
            "10b9ea57-d7f6-4ac7-ae0c-3f7a9b6a4e39",
        ),
        Reference(
            ".NET 8, CertificatePolicy.cs",
            "https://github.com/dotnet/runtime/blob/v8.0.0/src/libraries/"
            "System.Security.Cryptography/src/System/Security/Cryptography/X509Certificates/"
            "CertificatePolicy.cs",
        ),
        measured(".NET refuses it in a server, in a CA and in the root; others pass over it"),
    ],
    refused_by=[R.DOTNET],
)
def application_policies(certificate: Certificate, case: Case) -> Violation | None:
    """Certificates from templates of Windows' certificate services have a second extKeyUsage.

    .NET, on Linux too, heeds that one instead of the usual extKeyUsage, in every certificate of
    the chain. Where it lacks serverAuth, .NET says NotValidForUsage, though all other clients
    connect.

    Remedy:
    Have the certificate reissued from a template whose application policies have "Server
    Authentication" among them, or without that extension.
    """
    value = certificate.extensions.get(APPLICATION_POLICIES)
    if value is None or undecodable(APPLICATION_POLICIES, value) is not None:
        return None
    if case.expected.validation.purpose != "server" or not excludes_servers(certificate):
        return None
    critical = APPLICATION_POLICIES in certificate.critical
    return Violation(
        f"the application policies of {case.named(certificate)} do not have serverAuth",
        wanted="serverAuth (1.3.6.1.5.5.7.3.1)",
        found=value.hex()[:160],
        certificates=(certificate,),
        because_of=(_CRITICAL if critical else "path.not-for-this-purpose", certificate),
    )
