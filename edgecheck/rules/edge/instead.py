"""Rules about what is served instead of the certificate that the runtime makes."""

from edgecheck.behaviour.host_names import refusing
from edgecheck.behaviour.refusers import EVERYBODY, Refuser, all_but
from edgecheck.hierarchy.paths import Ending
from edgecheck.hierarchy.roles import common_name
from edgecheck.hierarchy.target import is_named
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.extensions import ANY_EXTENDED_KEY_USAGE, CLIENT_AUTH, SERVER_AUTH
from edgecheck.reading.text import safe
from edgecheck.rules.chain.conditions import ALONE
from edgecheck.rules.edge.conditions import CLOUD_SERVICE, UNNAMED_SERVER
from edgecheck.rules.engine.case import Case, shown_name
from edgecheck.rules.engine.objects import Kind, Object
from edgecheck.rules.engine.rule import (
    ERROR,
    WARNING,
    Act,
    Over,
    Reference,
    Violation,
    rule,
    severity_for,
)
from edgecheck.rules.references import edge, identity_service, measured, rfc


@rule(
    "edge.self-signed-server",
    title="The gateway serves a self-signed certificate that somebody made by hand",
    severity=ERROR,
    over=Over.SERVER,
    when=[ALONE],
    act=Act.CONFIGURE,
    changes="served",
    references=[
        Reference(
            "OpenSSL: openssl-req, option -x509",
            "https://docs.openssl.org/3.0/man1/openssl-req/",
        ),
        rfc(9525, "6"),
        measured("whoever does not trust it, or asks for another name, refuses it"),
    ],
)
def self_signed_server(server: Certificate, case: Case) -> Violation | None:
    """The certificate has no CA above it: it was made for a test, by one command.

    `openssl req -x509` makes such certificates, as do the samples of brokers and web servers.
    The runtime never does. Clients know it only where they were given this very one, and only
    for the names in it: others say "self-signed certificate" (18), "Hostname mismatch", or that
    the issuer is unknown. Where a client trusts it and asks for its name, it works, and there is
    no such finding.

    Remedy:
    Let edgeHub serve what the runtime makes from the device CA: remove the file of your own
    (`EdgeHubServerCertificateFile`, or the api-proxy's). Where another program than edgeHub has
    to have a file, let the CA that clients trust issue one for the gateway's name
    (`subjectAltName = DNS:<hostname>` with `extendedKeyUsage = serverAuth`).
    """
    path, expected = case.hierarchy.path, case.expected
    if path is None or len(path.certificates) > 1 or not server.is_self_issued:
        return None
    if path.ended not in (Ending.ANCHOR, Ending.SELF_SIGNED):
        return None
    if expected.validation.purpose != "server":
        return None
    asked, trusted = expected.hostname, path.ended is Ending.ANCHOR
    wrong = []
    if asked is not None and not is_named(server, asked):
        wrong.append(f'is not for "{safe(asked, 80)}"')
    if expected.trust and not trusted:
        wrong.append("is not what the client trusts")
    if trusted and not wrong:
        return None  # `trust.server-certificate` speaks of it
    told = f"{shown_name(server)} is a self-signed certificate, made without a CA"
    refused_by: frozenset[Refuser] = frozenset()
    if wrong:
        refused_by = refusing(asked, server) if asked is not None and trusted else EVERYBODY
    return Violation(
        f"{told}; it {' and '.join(wrong)}" if wrong else told,
        wanted="a server certificate that a CA issued for the gateway's name",
        found="self-signed",
        certificates=(server,),
        severity=ERROR if wrong else WARNING,
        refused_by=refused_by,
        explains=(server,),
    )


@rule(
    "edge.identity-as-server",
    title="The gateway serves a certificate that shows who a device is",
    severity=ERROR,
    over=Over.SERVER,
    when=[UNNAMED_SERVER],
    act=Act.CONFIGURE,
    changes="served",
    references=[
        rfc(5280, "4.2.1.12"),
        identity_service("identity/aziot-identityd/src/lib.rs"),
        edge("tools/CACertificates/certGen.sh", "1.5.0"),
        measured("a certificate for clientAuth alone: every client refuses it as a server's"),
    ],
)
def identity_as_server(server: Certificate, case: Case) -> Violation | None:
    """An identity certificate, with which a device logs in, is presented as a server's.

    It has the device's id or registration id as its common name, is for clientAuth, if its
    purpose is told at all, and names no host. So clients refuse it whatever they trust:
    "unsuitable certificate purpose" (26), "Extended key usage does not permit use for TLS server
    authentication", "certificate specifies an incompatible key usage". Where the gateway's
    identity certificate was given, and is this one, that is certain; else it has the shape of
    one.

    Remedy:
    Let edgeHub serve what the runtime makes from the device CA: remove the file of your own
    (`EdgeHubServerCertificateFile`, or the api-proxy's), or put a server certificate and its key
    there. The identity certificate belongs into `identity_cert` of `[provisioning]` alone. If it
    was meant for a server, have it reissued with `subjectAltName = DNS:<hostname>` and
    `extendedKeyUsage = serverAuth`.
    """
    expected = case.expected
    if expected.validation.purpose != "server":
        return None
    names, usages = server.alt_names, server.extended_key_usage
    unfit = usages is not None and {SERVER_AUTH, ANY_EXTENDED_KEY_USAGE}.isdisjoint(usages)
    name, asked = common_name(server), expected.hostname
    hosts = names is not None and bool(names.dns or names.ip)
    named = hosts if asked is None else is_named(server, asked)
    if not unfit and named:
        return None  # one certificate for both
    its_id = name is not None and name == case.device.device_id
    if server in (expected.identity_certificate or ())[:1]:
        told = f"the gateway serves its identity certificate {shown_name(server)}"
    elif named or hosts or (asked is None and not its_id and "." in (name or "")):
        return None  # it was made for a host
    elif unfit and usages is not None and CLIENT_AUTH in usages:
        whose = "the device itself" if its_id else "a device"
        told = f"{shown_name(server)} is for clientAuth, and for no host: it looks like the "
        told += f"identity certificate of {whose}"
    elif its_id and usages is None and not server.is_ca and not server.is_self_issued:
        told = f"{shown_name(server)} has the device's id as its name, and no host: it looks like "
        told += "the device's identity certificate"
    else:
        return None
    refused_by = all_but(Refuser.BEARSSL) if unfit else frozenset[Refuser]()
    if asked is not None and not named:
        refused_by |= refusing(asked, server)
    return Violation(
        told,
        wanted="a certificate for servers (serverAuth) with the gateway's name",
        found={"common_name": name, "extended_key_usage": list(usages or ())},
        certificates=(server,),
        severity=severity_for(refused_by),
        refused_by=refused_by,
        explains=(server,),
    )


@rule(
    "edge.cloud-service",
    title="What was checked is a service in the cloud, and no gateway",
    severity=ERROR,
    over=Over.SERVER,
    when=[CLOUD_SERVICE],
    act=Act.CLIENT,
    changes=Object(Kind.CLIENT, "", "where clients connect (GatewayHostName)"),
    references=[
        Reference(
            "Microsoft: Azure IoT Hub, IoT Hub TLS certificates",
            "https://learn.microsoft.com/azure/iot-hub/iot-hub-tls-support",
        ),
        rfc(9525, "6"),
    ],
)
def cloud_service(server: Certificate, case: Case) -> Violation | None:
    """The name and the issuer are those of a public service, such as Azure IoT Hub.

    So nothing of this can be repaired on the gateway, and nothing here tells whether the gateway
    is right. A device whose connection string lacks `GatewayHostName` connects to the hub
    itself; a command with the hub's address checks the hub. Where the service's own name was
    asked for, this is a warning.

    Remedy:
    Check the gateway, by the name or address under which its devices reach it:

        edgecheck connect GATEWAY:8883

    Devices that are to go through it need `GatewayHostName=GATEWAY` in their connection string.
    """
    asked, service = case.expected.hostname, case.hierarchy.service
    if not service:
        return None
    wrong = asked is not None and not is_named(server, asked)
    told = f"this is no gateway: {shown_name(server)} is a certificate of {service}"
    if asked is not None and wrong:
        told += f', and not for "{safe(asked, 80)}"'
    return Violation(
        told,
        wanted="what the gateway sends",
        found=str(server.issuer),
        certificates=tuple(dict.fromkeys((server, *case.presented_or_on_path))),
        severity=ERROR if wrong else WARNING,
        refused_by=refusing(asked, server) if asked is not None and wrong else None,
        explains=case.presented_or_on_path,
    )
