"""Rules about names that match, but that some clients do not take: wildcards, addresses, signs."""

from collections.abc import Iterator

from edgecheck.behaviour.host_names import never_taking, refusing
from edgecheck.behaviour.refusers import Refuser
from edgecheck.hierarchy.rfc5280.identity import is_for
from edgecheck.hierarchy.shapes import made_by_certd, made_by_libiothsm
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.hostnames import HOST_NAME, as_address, comparable
from edgecheck.reading.text import safe
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.objects import ONE_NAME, THE_NAME
from edgecheck.rules.engine.rule import (
    ERROR,
    INFO,
    WARNING,
    Act,
    Need,
    Over,
    Violation,
    rule,
    severity_for,
)
from edgecheck.rules.hostname.conditions import ASKED_OTHERWISE, NO_MODULE_NAME, ODD_ALTERNATIVES
from edgecheck.rules.references import edge, issue, measured, rfc


def _asked(case: Case) -> Iterator[str]:
    """The names under which clients connect, each once."""
    asked = case.expected.hostname
    names = case.device.gateway_host_names or ()
    if asked is not None:
        yield asked
    for name in names:
        if name != asked:
            yield name


@rule(
    "hostname.wildcard",
    title="Only a wildcard matches, and not for every client",
    severity=ERROR,
    over=Over.SERVER,
    when=[ODD_ALTERNATIVES],
    act=Act.REISSUE,
    needs=[Need.ASKED],
    references=[
        rfc(9525, "6.3"),
        measured("*.local: OpenSSL, Python, Node and .NET refuse it, Java and Go accept it"),
    ],
)
def wildcard(server: Certificate, case: Case) -> list[Violation] | None:
    """The host name matches an entry with an asterisk that some clients do not accept.

    RFC 9525 lets an asterisk stand for the first label. OpenSSL and what is built on it, Node,
    .NET, GnuTLS, NSS, rustls and curl want two more labels behind it, so that `*.local` is
    for nobody, while Java, Go and others take it for `mygateway.local`. The runtime never
    writes an asterisk.

    Remedy:
    Let the runtime make the server certificate. Where you make it yourself, name the gateway
    in full:

        subjectAltName = DNS:<hostname>
    """
    names = server.alt_names
    patterns = [n for n in names.dns if "*" in n] if names else []
    found = []
    for asked in _asked(case) if patterns else ():
        name = comparable(asked) or asked
        exact = names is not None and name in (n.lower() for n in names.dns)
        if exact or not is_for(server, asked) or not HOST_NAME.fullmatch(name):
            continue
        refused_by = refusing(name, server)
        if refused_by:
            shown = ", ".join(safe(pattern, 60) for pattern in patterns[:6])
            found.append(
                Violation(
                    f'only the wildcard {shown} matches "{safe(asked, 80)}", and not for every '
                    "client",
                    wanted=asked,
                    found=patterns,
                    certificates=(server,),
                    severity=severity_for(refused_by),
                    refused_by=refused_by,
                )
            )
    return found or None


@rule(
    "hostname.not-a-host-name",
    title="The name that clients ask for has signs that no host name has",
    severity=ERROR,
    over=Over.SERVER,
    when=[ASKED_OTHERWISE],
    act=Act.CONFIGURE,
    changes="hostname",
    needs=[Need.ASKED],
    follows=["hostname.not-rfc1035"],
    references=[
        rfc(1123, "2.1"),
        issue("MicrosoftDocs/azure-docs", 34302),
        issue("Azure/iotedge", 795),
        rfc(9525, "6.3"),
        measured(
            "an underscore: Java and cryptography refuse it; a letter outside ASCII: OpenSSL, "
            "Node.js and Go"
        ),
        measured("an underscore below a wildcard: OpenSSL refuses it too"),
        measured("a hyphen at the end, a label above 63 bytes: Java and rustls refuse it"),
    ],
)
def not_a_host_name(server: Certificate, case: Case) -> list[Violation] | None:
    """Host names consist of the letters a to z, digits and inner hyphens, in labels of at most 63.

    The certificate carries the name, and most clients compare it as it is. Java, from which
    Azure's Java SDK has its TLS, refuses to look for it: "Illegal given domain name [...]
    Contains non-LDH ASCII characters". So does the C# SDK with an underscore.

    A name outside ASCII stands in DNS and in certificates as `xn--...`; signs that cannot be seen,
    such as a soft hyphen that was copied along, are left out. Python, .NET, Java and curl convert a
    name so before they compare it. OpenSSL, Node.js and Go compare it as it was typed.

    Remedy:
    Give the gateway a name without underscores and other signs, as `hostname` in its
    configuration, in DNS, and as GatewayHostName.
    """
    found = []
    for asked in _asked(case):
        if HOST_NAME.fullmatch(asked) or as_address(asked) is not None:
            continue
        refused_by = _refusing_the_form(asked, server)
        if refused_by is None:
            continue  # which is an error of its own
        converted = None if asked.isascii() else comparable(asked)
        found.append(
            Violation(
                f'"{safe(asked, 80)}", for which the client asks, is no host name: '
                f"{because(asked)}",
                wanted=converted or "letters, digits and inner hyphens, in labels of at most 63",
                found=asked,
                certificates=(server,),
                severity=severity_for(refused_by),
                refused_by=refused_by,
                remedy=f'Write the name as DNS has it, as GatewayHostName: "{safe(converted, 80)}".'
                if converted
                else None,
                changes=THE_NAME if converted else None,
            )
        )
    return found or None


def _refusing_the_form(asked: str, server: Certificate) -> frozenset[Refuser] | None:
    """Who refuses a certificate that is for a name that is no host name; None: it is not for it.

    Those that never take such a name are known where the certificate's cannot be read, too.
    Raises `Unreadable` where there are none of them.
    """
    try:
        return refusing(asked, server) if is_for(server, asked) else None
    except Unreadable:
        if refused_by := never_taking(asked):
            return refused_by
        raise


def because(name: str) -> str:
    """What makes a name that is no host name one."""
    labels = name.split(".")
    usual = {sign for sign in name if sign.isascii() and (sign.isalnum() or sign in "-.")}
    strange = sorted({*name} - usual)
    if strange:
        return "it has " + " and ".join(f'"{safe(sign)}"' for sign in strange[:6])
    if "" in labels:
        return "it has an empty label"
    if any(len(label) > 63 for label in labels):
        return "it has a label of more than 63 bytes"
    return "a label begins or ends with a hyphen"


@rule(
    "hostname.ip-address",
    title="Clients connect by an IP address, which not every client finds",
    severity=WARNING,
    over=Over.SERVER,
    when=[ODD_ALTERNATIVES],
    act=Act.CONFIGURE,
    changes="hostname",
    needs=[Need.ASKED],
    references=[
        rfc(9525, "6.5"),
        edge("edgelet/edgelet-http-workload/src/server/cert/server.rs", "1.2.0"),
        issue("Azure/iotedge", 4734),
        measured("mbedTLS 2.28 and BearSSL do not look at an iPAddress; all others find it"),
    ],
)
def ip_address(server: Certificate, case: Case) -> list[Violation] | None:
    """The address is in the certificate as an iPAddress, beside the DNS name of the module.

    The runtime writes it so since 1.2. mbedTLS 2.28 and BearSSL look at DNS names only; older
    versions of Azure's C SDK ignored the address where there is a DNS name too.

    Remedy:
    Give the gateway a DNS name, as `hostname` in its configuration and as GatewayHostName. Or
    keep those clients up to date.
    """
    names = server.alt_names
    found = []
    for asked in _asked(case):
        address = as_address(asked)
        if address is not None and names is not None and address in names.ip:
            refused_by = refusing(asked, server)
            if not refused_by:
                continue  # it is among the DNS names too
            beside = f", beside the DNS name {safe(names.dns[0], 60)}" if names.dns else ""
            found.append(
                Violation(
                    f"the client asks for the IP address {safe(asked, 60)}, which the certificate "
                    f"has as an iPAddress{beside}",
                    wanted="a DNS name",
                    found=asked,
                    certificates=(server,),
                    refused_by=refused_by,
                    how=ONE_NAME.replace("name", "DNS name", 1),
                )
            )
    return found or None


@rule(
    "hostname.no-module-name",
    title="The server certificate is not for the module's own name",
    severity=INFO,
    over=Over.SERVER,
    when=[NO_MODULE_NAME],
    act=Act.NOTHING,
    runtime="1.0.6 and later",
    references=[
        edge("edgelet/edgelet-utils/src/lib.rs"),
        edge("edgelet/edgelet-http-workload/src/server/cert/server.rs", "1.2.0"),
    ],
)
def no_module_name(server: Certificate, case: Case) -> Violation | None:
    """The runtime writes `edgehub` or `edgeHub` into every server certificate; here it is not.

    The certificate has the shape of those that the runtime makes. Modules on the gateway that
    connect by the host name `edgeHub` refuse it. Up to 1.0.5 there was no such entry; a
    certificate without it otherwise comes from another module, or from another tool.

    Remedy:
    none, because the runtime adds the name by itself: find out where the certificate comes
    from.
    """
    names = server.alt_names
    have = names.dns if names is not None else ()
    if not have:
        return None  # `hostname.cn-only` says it
    if any(name.lower().removeprefix("$") == "edgehub" for name in have):
        return None
    if not (made_by_certd(server) or made_by_libiothsm(server)):
        return None
    return Violation(
        "the server certificate is not for edgeHub, by which modules on the gateway connect",
        wanted="edgeHub",
        found=list(have),
        certificates=(server,),
    )
