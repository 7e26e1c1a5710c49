"""Rules about the gateway's name in the names of authorities."""

from edgecheck.behaviour.refusers import EVERYBODY
from edgecheck.hierarchy.paths import Ending
from edgecheck.hierarchy.rfc5280.identity import is_for
from edgecheck.hierarchy.roles import common_name
from edgecheck.reading.certificate import Certificate, same_subject
from edgecheck.reading.text import safe
from edgecheck.rules.chain.conditions import ALONE
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.objects import THE_NAME, setting
from edgecheck.rules.engine.rule import (
    ERROR,
    WARNING,
    Act,
    Need,
    Over,
    Violation,
    rule,
    severity_for,
)
from edgecheck.rules.naming.conditions import EQUAL_NAMES, GATEWAY_AS_CA
from edgecheck.rules.naming.confusion import (
    Confusion,
    confusion,
    identifier_facts,
    openssl_says,
)
from edgecheck.rules.references import ARTICLE, issue, measured, openssl


@rule(
    "naming.device-ca-cn-is-hostname",
    title="The device CA's common name is the gateway's host name",
    severity=WARNING,
    over=Over.DEVICE_CA,
    when=[GATEWAY_AS_CA],
    act=Act.REISSUE,
    needs=[Need.NAME],
    references=[
        ARTICLE,
        issue("Azure/azure-iot-sdk-c", 563),
        openssl("crypto/x509/v3_purp.c"),
        measured("OpenSSL and .NET refuse equal whole names; no client equal common names alone"),
        measured("EC device CA, RSA server: accepted by OpenSSL 1.1.1l, 3.0, 3.5, .NET 8, Java 17"),
    ],
)
def device_ca_cn_is_hostname(device_ca: Certificate, case: Case) -> Violation | None:
    """The documentation forbids it: hub server certificate and device CA would share a name.

    The article says that clients get into a verification loop and that the certificate
    invalidates. Measured with 38 clients, no client loops, and an equal common name alone
    breaks none. What breaks is an equal name as a whole, where the device CA issues the
    server certificate itself (from 1.2 on): a certificate that names itself as its issuer
    looks self-signed. OpenSSL 1.1.1 and later, what is built on it, and .NET then say "error
    18, self-signed certificate". Either of these prevents it:

    - a subject key identifier and a different authority key identifier, or an authority key
      identifier with the issuer's serial number. IoT Edge 1.2 writes neither; from 1.3 on it
      writes the former, if the device CA has a subject key identifier;
    - a device CA with a key of another kind, such as an elliptic curve above the RSA key that
      the server has from 1.2 on.

    With a workload CA in between (up to 1.1), only OpenSSL 1.0.2 and BoringSSL failed, and
    only without key identifiers and key usage. The rule is an error where a client that
    deployments run refuses the chain, and else a warning.

    Remedy:
    Have the device CA reissued with another common name, from the same key if you like;
    the convenience scripts append `.ca` for this reason:

        openssl req -new -key device-ca.key.pem -subj "/CN=<hostname>.ca" -out device-ca.csr

    Install it with its full chain, apply the configuration (`sudo iotedge config apply`; up to 1.1
    restart the daemon) and restart edgeHub, so that it gets a new server certificate.
    Changing the gateway's host name instead works too.
    """
    name = common_name(device_ca)
    if name is None:
        return None
    server, device = case.hierarchy.server, case.device
    equal = []
    if server is not None and _same_text(common_name(server), name):
        equal.append("the server's common name")
    if _same_text(device.hostname, name):
        equal.append("the configured host name")
    for asked in (case.expected.hostname, *(device.gateway_host_names or ())):
        if asked is None or not _same_text(asked, name):
            continue
        if server is None or equal or is_for(server, asked):
            equal.append("the name that the client uses")
            break
    if not equal:
        return None
    told = f'{case.named(device_ca)} has the common name of the gateway: "{safe(name, 80)}" is '
    told += " and ".join(equal)
    wanted = f"a common name other than {safe(name, 80)}"
    if server is None:
        return Violation(told, wanted, name, (device_ca,), how=_OTHERWISE)
    same = same_subject(server, device_ca)
    direct = case.issuer(server) is device_ca
    found = confusion(case, _of_one_name(server, case)) if same else Confusion()
    if found.error is not None and direct:
        told += (
            ". The whole names are equal too, and no key identifier tells them apart, so OpenSSL "
        )
        told += "and .NET clients take the server certificate for self-signed (error 18)"
    elif same and direct:
        told += ". The whole names are equal, but the server certificate does not look self-signed"
    elif same and found.refused_by:
        told += (
            ". The whole names are equal, and nothing keeps some clients from taking the server "
        )
        told += "certificate for the issuer of what the device CA issued"
    elif same:
        told += ". The whole names are equal, but the device CA did not issue the server "
        told += "certificate itself"
    else:
        told += ". Other parts of the two names differ, so clients can tell them apart"
    return Violation(
        told,
        wanted,
        found=name,
        certificates=(device_ca, server),
        severity=severity_for(found.refused_by),
        refused_by=found.refused_by,
        evidence={
            "whole_names_equal": same,
            "issued_directly": direct,
            **identifier_facts(server),
        },
        how=_OTHERWISE,
    )


_OTHERWISE = "{} with another common name, such as <hostname>.ca"
"""How the device CA is to be reissued."""


@rule(
    "naming.server-dn-is-issuer-dn",
    title="The server certificate has the same name as a CA above it",
    severity=WARNING,
    over=Over.SERVER,
    purpose="server",
    when=[EQUAL_NAMES, ALONE],
    act=Act.REISSUE,
    references=[
        openssl("crypto/x509/v3_purp.c"),
        measured("the issuer itself: OpenSSL from 1.1.1 on and .NET refuse it; Java and Go do not"),
        measured("a root further up: OpenSSL from 1.1.1 on, .NET, Java and Go accept it"),
    ],
)
def server_dn_is_issuer_dn(server: Certificate, case: Case) -> Violation | None:
    """Workload CA, intermediate or root have the very name that the server certificate has.

    Clients look for the issuer of a certificate by its name. When the issuer of the server
    certificate has the same name as that, the server certificate names itself as its issuer and
    so looks self-signed. OpenSSL 1.1.1 and later, what is built on it, and .NET refuse it with
    error 18, "self-signed certificate", unless its key identifiers or a key of another kind
    prove otherwise. They say so too when the server certificate comes alone. Higher up, an
    equal name confused none of the clients that deployments run. For the device CA this is
    `naming.device-ca-cn-is-hostname`, which says more.

    Remedy:
    Have that CA reissued under a subject of its own, for instance with `CA` in its common
    name, and with it every certificate below it, since those name it as their issuer. Or
    change the gateway's host name.
    """
    path = case.hierarchy.path
    device_ca = case.hierarchy.device_ca
    spoken = device_ca is not None and _same_text(common_name(device_ca), common_name(server))
    above = path.certificates[1:] if path else ()
    equal = [
        issuer
        for issuer in above
        if same_subject(issuer, server) and not (issuer is device_ca and spoken)
    ]
    if equal:
        name = safe(str(server.subject), 120)
        found = confusion(case, _of_one_name(server, case))
        who = " and ".join(case.named(issuer) for issuer in equal)
        told = f"{who} and the server certificate have the same name, {name}"
    elif path and not above and path.ended is Ending.NO_ISSUER and server.is_self_issued:
        name = safe(str(server.subject), 120)
        found = confusion(case, [server])
        told = f"the server certificate and its issuer, which is not there, have the name {name}"
    else:
        return None
    concerned = [*equal, server]
    remedy = None if equal else _OTHER_NAME
    if found.error is not None:
        child, says = openssl_says(found, case)
        told += f"; {says}"
        concerned += [child] if child not in concerned else []
    return Violation(
        told,
        wanted="a name of its own for each CA",
        found=str(server.subject),
        certificates=tuple(concerned),
        severity=severity_for(found.refused_by),
        remedy=remedy,
        changes=equal[0] if equal else setting("hostname"),
        refused_by=found.refused_by,
        evidence=identifier_facts(server),
    )


_OTHER_NAME = (
    "Give the gateway another host name than the name of its CA; or have that CA reissued under a "
    "subject of its own, and with it every certificate below it."
)


@rule(
    "naming.ca-name-as-hostname",
    title="The client asks for the device CA's name instead of the gateway's",
    severity=ERROR,
    over=Over.DEVICE_CA,
    when=[GATEWAY_AS_CA],
    act=Act.CLIENT,
    changes=THE_NAME,
    needs=[Need.HOSTNAME, Need.SERVER],
    refused_by=EVERYBODY,
    references=[ARTICLE, issue("Azure/azure-iot-sdk-c", 563)],
)
def ca_name_as_hostname(device_ca: Certificate, case: Case) -> Violation | None:
    """The host name that the client uses is the common name of the device CA certificate.

    The convenience scripts append `.ca` to the name that they are given, so that the device
    CA of `mygateway` is called `mygateway.ca`. That suffix belongs to the certificate alone:
    the gateway's host name, its DNS name and GatewayHostName are without it. The server
    certificate is for the host name, so every client that checks names refuses it under the
    device CA's name.

    Remedy:
    Use the gateway's host name, `hostname` in its configuration, as GatewayHostName.
    """
    asked, server = case.expected.hostname, case.hierarchy.server
    if asked is None or server is None or not _same_text(common_name(device_ca), asked):
        return None
    if is_for(server, asked) or _same_text(common_name(server), asked):
        return None
    plain = asked[:-3] if asked.lower().endswith(".ca") else None
    fits = plain is not None and is_for(server, plain)
    return Violation(
        f'the client asks for "{safe(asked, 80)}", which is the name of the device CA'
        + (f'; the server certificate is for "{safe(plain or "", 80)}"' if fits else ""),
        wanted=plain if fits else "the gateway's host name",
        found=asked,
        certificates=(device_ca, server),
    )


def _of_one_name(server: Certificate, case: Case) -> list[Certificate]:
    """The certificates of the path that have the server certificate's name, itself included."""
    path = case.hierarchy.path
    certificates = path.certificates if path else ()
    return [c for c in certificates if same_subject(c, server)]


def _same_text(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and one.lower() == other.lower()
