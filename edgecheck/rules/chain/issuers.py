"""Rules about issuers that are missing, or lead nowhere."""

from collections.abc import Collection

from edgecheck.behaviour.dotnet.fetching import issuer_address, unless_fetched
from edgecheck.behaviour.refusers import EVERYBODY
from edgecheck.hierarchy import shapes
from edgecheck.hierarchy.hierarchy import Hierarchy
from edgecheck.hierarchy.paths import Ending
from edgecheck.hierarchy.rfc5280.violations import Kind, PathViolation
from edgecheck.hierarchy.roles import Role
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.text import safe
from edgecheck.rules.chain.candidates import candidates
from edgecheck.rules.chain.conditions import ALONE
from edgecheck.rules.chain.sending import withheld
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.changes import presented
from edgecheck.rules.engine.objects import Object, missing, setting
from edgecheck.rules.engine.rule import ERROR, Act, Need, Over, Violation, rule
from edgecheck.rules.references import issue, measured, rfc

MOST_TRUSTED = 8
"""Trusted certificates that are named."""
_LOST = (
    "input.certificates-cut-out",
    "input.missing-begin",
    "input.missing-end",
    "input.damaged-base64",
    "input.unreadable-certificate",
    "input.broken-marker",
    "input.pkcs7",
    "input.pkcs12",
    "input.over-limit",
    "input.transcript-without-certificates",
)
_QUICK_START = "edge.quickstart-certificates"
"""What loses a certificate that was there: an issuer then is missing here alone."""


@rule(
    "chain.missing-issuer",
    title="The issuer of a certificate is neither presented nor trusted",
    severity=ERROR,
    over=Over.PATH_VIOLATION,
    kinds=[Kind.NO_ISSUER],
    act=Act.ADD,
    follows=[*_LOST, _QUICK_START],
    references=[
        rfc(8446, "4.4.2"),
        issue("Azure/iotedge", 6340),
        issue("Azure/iotedge", 6191),
        measured(
            "every client refuses it, OpenSSL with error 20 or 21; but .NET fetches the issuer "
            "where the certificate has its address, and the address answers"
        ),
    ],
    refused_by=EVERYBODY,
)
def missing_issuer(violated: PathViolation, case: Case) -> Violation:
    """The chain breaks off before it reaches what the client trusts.

    A gateway has to present every certificate between its server certificate and the root;
    the client brings the root alone. The usual reason is a device CA file that holds the
    device CA without its issuers, so that the runtime has nothing more to present. OpenSSL
    says "unable to get local issuer certificate" (20) or "unable to verify the first
    certificate" (21), Node UNABLE_TO_GET_ISSUER_CERT_LOCALLY, Java "PKIX path building
    failed", Go "certificate signed by unknown authority", .NET PartialChain. Where the
    missing issuer is the root, it belongs into the trust of the client instead. Where the
    certificate has an address of its issuer (authorityInfoAccess), .NET and Windows look there
    and connect if it answers; nobody else does.

    Remedy:
    Put the full chain into the device CA's certificate file, device CA first, then each
    issuer in turn (the convenience scripts call it `*-full-chain.cert.pem`), and apply the
    configuration:

        cat device-ca.pem intermediate.pem root.pem > device-ca-full-chain.pem

    Where the chain is complete but for the root, add that root to what the client trusts.
    """
    certificate = violated.certificate
    issuer = safe(str(certificate.issuer), 120)
    told = f'the issuer of {case.named(certificate)}, "{issuer}", is neither {case.given} '
    told += "nor trusted"
    if certificate.is_self_issued:
        told = f"{case.named(certificate)} names itself as its issuer, but its own key did not "
        told += f"sign it, and no other certificate of that name is {case.given} or trusted"
    address = issuer_address(certificate)
    if address is not None:
        who = "edgeHub" if case.of_device else ".NET alone"
        told += f"; {who} looks for it at {safe(address, 120)}"
    kept = withheld(certificate, case)
    if kept is not None:
        told += f"; {kept.told}"
    return Violation(
        told,
        wanted=str(certificate.issuer),
        found=None,
        certificates=(certificate,),
        remedy=kept.remedy if kept is not None else _remedy(certificate, case),
        changes=kept.changes if kept is not None else _missing(certificate, case),
        refused_by=unless_fetched(EVERYBODY, certificate),
        evidence={
            "trusted": _shown(case.expected.trust),
            "issuer_address": address,
            "candidates": candidates(certificate, case),
        },
    )


def _shown(trust: Collection[Certificate]) -> list[str]:
    """What is trusted by name; how many, where that is a whole store."""
    if len(trust) > MOST_TRUSTED:
        return [f"{len(trust)} certificates"]
    return [str(each.subject) for each in trust]


def _missing(certificate: Certificate, case: Case) -> Object:
    """The issuer that is missing, and what it belongs into; what the runtime makes cannot be added.

    That is the workload CA: with a device CA file that is whole, the runtime makes it anew.
    """
    if shapes.WORKLOAD_CA.match(certificate.issuer.common_name or ""):
        return setting("edge_ca.cert")
    issuer, file = f'the certificate "{safe(str(certificate.issuer), 120)}"', presented(case)
    if _may_lack_the_root_alone(certificate, case):
        words = f"{issuer} to what the client trusts, if it is a root; else to {file.words}"
        return missing(issuer, words)
    return missing(issuer, f"{issuer} to {file.words}", file.then)


def _may_lack_the_root_alone(certificate: Certificate, case: Case) -> bool:
    """Whether so much of the chain is there that what is missing most likely is the root.

    Which edgeHub leaves out since it is the client that has to bring it.
    """
    server = case.expected.validation.purpose == "server" and case.met(Need.TRUST)
    return server and case.role(certificate) is Role.INTERMEDIATE


def _remedy(certificate: Certificate, case: Case) -> str | None:
    if case.expected.validation.purpose == "client":
        return _OF_A_DEVICE
    return _ROOT_FIRST if _may_lack_the_root_alone(certificate, case) else None


_OF_A_DEVICE = (
    "Give the device one PEM file with its certificate first, then the intermediate that issued "
    "it, and so on:\n\n    cat device.pem intermediate.pem > combined.pem"
)
_ROOT_FIRST = (
    "If what is missing is the root, the client does not trust it: give it to the client as its "
    "trusted CA certificate (the SDK's option, the connection's CA file, or the system's store). A "
    "gateway need not send its root, and edgeHub of 1.5 does not. If a further CA issued it, put "
    "it into the device CA's certificate file behind the others and apply the configuration; then "
    "the client has to trust the root above it."
)


@rule(
    "chain.server-alone",
    title="The server certificate comes without the CA that issued it",
    severity=ERROR,
    over=Over.HIERARCHY,
    purpose="server",
    when=[ALONE],
    act=Act.ADD,
    follows=[*_LOST, _QUICK_START],
    references=[
        rfc(8446, "4.4.2"),
        issue("Azure/iotedge", 6340),
        measured(
            "OpenSSL s_client says error 20 and 21 of it; every client that trusts the root alone "
            "refuses it"
        ),
    ],
)
def server_alone(hierarchy: Hierarchy, case: Case) -> Violation | None:
    """Nothing joins the server certificate to a root, and what clients trust was not given.

    A server may leave out the root, which its clients have, and nothing else (RFC 8446, section
    4.4.2). So a chain that ends at some CA may be complete, and nothing is said about it. But the
    runtime issues the server certificate from the device CA or the workload CA, which are roots
    in no setup but a quick start: devices that hold the root alone find no way to it. OpenSSL says
    "unable to get local issuer certificate" (20) and "unable to verify the first certificate"
    (21), .NET PartialChain. Only clients that were given this very CA connect; with their trust
    (`--trust`) that is judged, and this is not said.

    Remedy:
    Put the full chain into the device CA's certificate file, device CA first, then each
    issuer in turn, and apply the configuration:

        cat device-ca.pem intermediate.pem root.pem > device-ca-full-chain.pem

    Where clients do trust the CA that issued the server certificate, give it with `--trust`.
    """
    path, server = hierarchy.path, hierarchy.server
    if path is None or server is None or case.expected.trust or path.ended is not Ending.NO_ISSUER:
        return None
    if len(path) > 1 or case.expected.validation.purpose != "server":
        return None
    name = server.issuer.common_name or ""
    if shapes.made_by_certd(server) and shapes.QUICKSTART_CA.match(name):
        return None  # a root by itself, which is never sent: `edge.quickstart-certificates`
    others = [each for each in hierarchy.unused if each != server]
    issuer = safe(str(server.issuer), 120)
    told = f'{case.named(server)} was issued by "{issuer}", which is not presented'
    if others:
        what = "certificate" if len(others) == 1 else "certificates"
        told += f"; of {len(others)} further {what} none issued it"
    kept = withheld(server, case)
    if kept is not None:
        told += f"; {kept.told}"
    return Violation(
        told + "; devices that trust the root alone cannot verify it",
        wanted=str(server.issuer),
        found=None,
        certificates=(server,),
        remedy=kept.remedy if kept is not None else None,
        changes=_missing(server, case) if kept is None else kept.changes,
    )


@rule(
    "chain.issuer-loop",
    title="The issuers go round in a circle and never reach a root",
    severity=ERROR,
    over=Over.PATH_VIOLATION,
    kinds=[Kind.LOOP],
    act=Act.EDIT,
    references=[
        rfc(4158, "5.2"),
        measured("every client refuses it, OpenSSL with error 20"),
    ],
    refused_by=EVERYBODY,
)
def issuer_loop(violated: PathViolation, case: Case) -> Violation:
    """Every issuer that could come next stands on the path already.

    CA certificates that issued each other form a circle; a path must leave it towards a
    root that is trusted. It happens where CAs certified each other (cross-signing) and a file
    got these certificates instead of those that the root issued. OpenSSL says "unable to get
    local issuer certificate" (20), Go "certificate signed by unknown authority".

    Remedy:
    Replace the certificate of one of these CAs, in the device CA file, by the one that a root
    (or another CA outside the circle) issued to the same CA. Do not present both: OpenSSL
    takes the first issuer that fits, and does not come back where it leads nowhere.
    """
    path = case.hierarchy.path
    certificates = path.certificates if path else ()
    names = " <- ".join(case.named(certificate) for certificate in certificates)
    return Violation(
        f"the issuers form a circle: {names}",
        wanted="an issuer outside the circle",
        found=str(violated.certificate.issuer),
        certificates=(violated.certificate,),
        refused_by=unless_fetched(EVERYBODY, violated.certificate),
    )
