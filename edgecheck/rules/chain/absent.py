"""The rule about what is presented without a server certificate."""

from edgecheck.behaviour.host_names import refusing
from edgecheck.hierarchy.hierarchy import Hierarchy
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.der import Malformed
from edgecheck.reading.text import safe
from edgecheck.rules.edge.conditions import NO_SERVER
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.objects import untold
from edgecheck.rules.engine.rule import ERROR, INFO, WARNING, Act, Over, Severity, Violation, rule
from edgecheck.rules.places import refusing_authority
from edgecheck.rules.references import edge, measured, rfc

_SEND = (
    "Have the gateway send its server certificate first, then the CAs above it. What the runtime "
    "makes for edgeHub comes so by itself. Remove a file of your own "
    "(`EdgeHubServerCertificateFile`, or the api-proxy's), or begin it with the server "
    "certificate, beside the key of that one. Where another program listens on the port that was "
    "asked, ask the gateway's (8883, 5671 or 443)."
)
_UNTOLD = untold(
    "the file of the device CA as such (`--device-ca-file`), or what the gateway serves"
)
_CAPTURE = (
    "To see what the runtime will make of it, and who will take that:\n\n"
    "    edgecheck predict FILE --hostname HOST --runtime VERSION\n\n"
    "To check the gateway itself, check what it sends:\n\n"
    "    openssl s_client -connect HOST:8883 -showcerts </dev/null >sent.txt\n"
    "    edgecheck check sent.txt --hostname HOST"
)


@rule(
    "chain.no-server-certificate",
    title="There is no server certificate in what is presented",
    severity=ERROR,
    over=Over.HIERARCHY,
    purpose="server",
    when=[NO_SERVER],
    act=Act.CONFIGURE,
    changes="served",
    references=[
        rfc(8446, "4.4.2"),
        edge(
            "edge-hub/core/src/Microsoft.Azure.Devices.Edge.Hub.Service/EdgeHubCertificates.cs",
            "1.5.0",
        ),
        measured("a CA that is served for another name: every client that checks names refuses it"),
    ],
)
def no_server_certificate(hierarchy: Hierarchy, case: Case) -> Violation | None:
    """All that is presented are the certificates of CAs.

    In TLS the first certificate is the server's, whatever it looks like. A gateway whose program
    was given the file of a CA in place of its own serves that CA: clients say "Hostname
    mismatch, certificate is not valid for", or "unsuitable certificate purpose", and nothing
    tells them why. In a transcript, or another capture, that is what happened.

    A file may as well be the one that is configured as device CA, of which the runtime makes
    the server certificate later. Such a file is not for any host name, so with one it cannot
    be told what is valid; without one this is a note.

    Remedy:
    Check the file of a device CA as such: leave out `--hostname`, or name it with
    `--device-ca-file` too; `edgecheck predict` tells what the runtime will make of it. A gateway
    has to send its server certificate first, then the CAs above it; check what it sends:

        openssl s_client -connect HOST:8883 -showcerts </dev/null >sent.txt
        edgecheck check sent.txt --hostname HOST
    """
    if hierarchy.server is not None or case.expected.validation.purpose == "client":
        return None
    if hierarchy.predicted is not None:
        return None  # nobody expects one
    certificate = hierarchy.judged
    if certificate is None:
        return None
    if hierarchy.unread:
        raise Malformed(f"the input has {hierarchy.unread}, which may be the server certificate")
    asked = case.expected.hostname
    shown = case.named(certificate)
    if hierarchy.as_sent:
        told = f"the gateway serves {shown} as its server certificate"
        if asked is not None:
            told += f', and the client asks for "{safe(asked, 80)}"'
        return _violation(certificate, case, told, ERROR if asked is not None else WARNING, _SEND)
    if asked is not None and hierarchy.lacks_server:
        told = f"there are CA certificates alone, the lowest is {shown}: as the device CA's file "
        told += f'it has no host name; if the gateway serves it, it is not for "{safe(asked, 80)}"'
        return _violation(certificate, case, told, ERROR, None)
    told = f"there is no server certificate; this looks like the file of {shown}"
    return _violation(certificate, case, told, INFO, _CAPTURE)


def _violation(
    certificate: Certificate, case: Case, told: str, severity: Severity, remedy: str | None
) -> Violation:
    asked = case.expected.hostname
    refused_by = None
    if case.hierarchy.as_sent:
        refused_by = refusing_authority(certificate, case)
        if asked is not None:
            refused_by |= refusing(asked, certificate)
    return Violation(
        told,
        wanted=f"a server certificate for {asked}" if asked is not None else "a server certificate",
        found=str(certificate.subject),
        certificates=(certificate,),
        severity=severity,
        remedy=remedy,
        changes=None if case.hierarchy.as_sent else _UNTOLD,
        refused_by=refused_by,
        explains=case.presented_or_on_path if severity is ERROR else (),
    )
