"""Rules about the name that a client asks for, and those that the certificate is for."""

from edgecheck.behaviour.host_names import refusing
from edgecheck.behaviour.refusers import EVERYBODY, Refuser
from edgecheck.hierarchy.rfc5280.identity import is_for
from edgecheck.hierarchy.rfc5280.violations import HostViolation, Kind
from edgecheck.hierarchy.roles import common_name, common_names
from edgecheck.hierarchy.shapes import OLDEST, made_by_libiothsm
from edgecheck.predicting.names import LAST_WITHOUT_NAMES
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.hostnames import as_address, matches, no_host_name
from edgecheck.reading.text import safe
from edgecheck.rules.edge.conditions import UNNAMED_SERVER
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.objects import THE_NAME, setting
from edgecheck.rules.engine.rule import ERROR, INFO, WARNING, Act, Need, Over, Violation, rule
from edgecheck.rules.hostname.conditions import ASKED_OTHERWISE
from edgecheck.rules.hostname.devices import before_presenting
from edgecheck.rules.hostname.remedies import to_match
from edgecheck.rules.references import ARTICLE, edge, issue, measured, rfc

LONGEST_NAME = 255
"""Octets of a name in DNS (RFC 1035, section 2.3.4)."""


@rule(
    "hostname.case-mismatch",
    title="The client's host name and the certificate's differ only in letter case",
    severity=WARNING,
    over=Over.SERVER,
    when=[ASKED_OTHERWISE],
    act=Act.CLIENT,
    needs=[Need.ASKED],
    follows=["hostname.upper-case-in-configuration"],
    references=[
        ARTICLE,
        rfc(4343, "3"),
        issue("Azure/iotedge", 1269),
        issue("Azure/iotedge", 5818),
        measured("38 clients: none refuses a certificate because of letter case"),
    ],
)
def case_mismatch(server: Certificate, case: Case) -> list[Violation] | None:
    """A client writes the gateway's name in another letter case than the certificate does.

    The article asks for GatewayHostName in lower case, because the runtime lower-cases
    `hostname` before it writes the server certificate. That is true up to 1.2.10; from 1.3 on
    the name stays as configured. DNS names compare without regard to case (RFC 4343, RFC
    9525), and none of 38 TLS clients that were measured refuses a certificate for it. What
    does fail on case are comparisons of plain strings around TLS: network aliases of
    containers ("No such host is known"), and the audience of SAS tokens in older versions of
    edgeHub. Where only the common name differs, it is a note.

    Remedy:
    Write the name in lower case everywhere: as GatewayHostName in the connection string of
    every downstream device, as `hostname` in the gateway's configuration, and in DNS.
    """
    presented = list(server.alt_names.dns) if server.alt_names else []
    name = common_name(server)
    found = []
    for asked in dict.fromkeys((case.expected.hostname, *(case.device.gateway_host_names or ()))):
        if asked is None or (asked in presented and asked == name):
            continue
        if as_address(asked) is not None or not asked.isascii():
            continue
        same = [n for n in presented or [name or ""] if n.lower() == asked.lower()]
        if same and asked not in same:
            told = f'the client asks for "{safe(asked, 80)}", and the certificate is for '
            lower = asked.lower()
            found.append(
                Violation(
                    told + f'"{safe(same[0], 80)}": only the letter case differs',
                    wanted=lower,
                    found=asked if asked != lower else same[0],
                    certificates=(server,),
                    changes=setting("hostname") if same[0] != same[0].lower() else THE_NAME,
                    evidence={"presented": same},
                )
            )
        elif same and name is not None and name != asked and name.lower() == asked.lower():
            told = f'the common name "{safe(name, 80)}" differs in letter case from the name '
            found.append(
                Violation(
                    told + f'"{safe(asked, 80)}" that the client asks for',
                    wanted=asked,
                    found=name,
                    certificates=(server,),
                    severity=INFO,
                )
            )
    return found or None


@rule(
    "hostname.not-in-san",
    title="The server certificate is not for the host name that the client uses",
    severity=ERROR,
    over=Over.PATH_VIOLATION,
    kinds=[Kind.HOSTNAME],
    act=Act.CONFIGURE,
    changes="hostname",
    needs=[Need.HOSTNAME],
    follows=["naming.ca-name-as-hostname"],
    references=[
        rfc(9525, "6"),
        ARTICLE,
        issue("MicrosoftDocs/azure-docs", 78172),
        issue("Azure/iotedge", 5028),
        issue("Azure/iotedge", 5212),
        issue("Azure/iotedge", 5773),
        issue("Azure/iotedge", 6540),
        measured("another DNS name: every client that checks names refuses it"),
        measured("an IP address as a DNS name: OpenSSL, Node, Java, Go refuse it"),
        measured("one that is the common name too: .NET and NSS take it from there"),
        measured(
            "a dot at the end: Node, .NET, Java, Go and curl take it off; OpenSSL and Python do not"
        ),
        measured("gw*.plant7.local: Python, .NET and Go refuse it, Node and Java do not"),
    ],
)
def not_in_san(violated: HostViolation, case: Case) -> Violation | None:
    """None of the names in the server certificate (subjectAltName) is the one that was asked for.

    The runtime puts `hostname` from its configuration into the certificate. A client that
    connects by another name, such as the short name instead of the fully qualified one, or
    an IP address, refuses it: "Hostname mismatch, certificate is not valid for",
    ERR_TLS_CERT_ALTNAME_INVALID, "The remote certificate is invalid". The article speaks of
    the common name; clients look at subjectAltName (RFC 9525), where DNS names and IP
    addresses are different kinds of entry. Up to 1.1 the runtime writes an IP address as a
    DNS name, which OpenSSL, Python, Node, Java and Go do not accept. An asterisk stands for
    one whole label, the first. A name that ends in a dot is another name for OpenSSL and Python,
    while Node, .NET, Java and Go take the dot off. The module's own name is in the certificate
    too, but in 1.3.0 as `$edgeHub`, for which nobody asks. A nested gateway asks its parent for
    `parent_hostname`, so this holds for it as for any other client.

    Remedy:
    Use one and the same name as `hostname` in the gateway's configuration, in DNS, and as
    GatewayHostName on the clients; best the fully qualified name in lower case. Where clients
    use an IP address, update to 1.2 or later, or use a DNS name. A child's `parent_hostname`
    is the parent's `hostname`, letter by letter; a module's name needs another runtime than
    1.3.0. After a change of `hostname` remove the edge containers and apply the configuration:
    a container that stays keeps the old name.
    """
    server, asked = violated.certificate, violated.asked
    names = server.alt_names
    name = common_name(server)
    have = [*names.dns, *map(str, names.ip)] if names else []
    if not have and (name is None or any(_is_name(asked, n) for n in common_names(server))):
        return None  # `hostname.cn-only` says it
    same = any(n.lower() == asked.lower() for n in have)
    shown = ", ".join(safe(n, 60) for n in have[:6])
    if len(have) > 6:
        shown += f" and {len(have) - 6} more"
    told = f'the server certificate is for {shown}, not for "{safe(asked, 80)}"'
    address = as_address(asked)
    dns_names = names.dns if names else ()
    if not have:
        told = "the server certificate has no host name in subjectAltName, and its common "
        told += f'name is "{safe(name or "", 80)}", not "{safe(asked, 80)}"'
    elif address is not None and any(as_address(n) == address for n in dns_names):
        told = f'"{safe(asked, 80)}" is in the server certificate as a DNS name, not as an IP '
        told += "address, so that most clients refuse it"
    elif same and address is None:
        told = f'"{safe(asked, 80)}" is in the server certificate, and yet no host name that a '
        told += f"certificate can be for: {safe(no_host_name(asked), 80)}"
    elif asked.endswith(".") and is_for(server, asked.rstrip(".")):
        told += "; the dot at the end is no part of the name"
    elif asked.lower() == "edgehub" and "$edgeHub" in dns_names:
        told += "; IoT Edge 1.3.0 writes the module's id as it is"
    elif address is None and any(_is_part_of_label(n) for n in dns_names):
        told += "; an asterisk stands for a whole label"
    elif address is None and any(_is_short_form(n, asked) for n in dns_names):
        told += "; one is the short form of the other"
    is_host = asked == case.expected.hostname
    configured = asked.lower() == (case.device.hostname or "").lower()
    return Violation(
        told,
        wanted=asked,
        found=have,
        certificates=(server,),
        refused_by=refusing(asked, server) if is_host else None,
        accepting=_by_common_name if is_host else None,
        **to_match(told, asked, server, case),
        because_of=("hostname.stale", server) if configured else None,
        explained_by=before_presenting(asked, case),
        evidence={"common_name": name},
    )


@rule(
    "hostname.gateway-host-name-not-in-san",
    title="A downstream device uses a GatewayHostName that the certificate is not for",
    severity=ERROR,
    over=Over.SERVER,
    act=Act.CLIENT,
    changes=THE_NAME,
    needs=[Need.GATEWAY_HOST_NAMES],
    references=[
        ARTICLE,
        rfc(9525, "6"),
        issue("MicrosoftDocs/azure-docs", 75780),
        measured("every client that checks names refuses it"),
    ],
)
def gateway_host_name_not_in_san(server: Certificate, case: Case) -> Violation | None:
    """One of the names that downstream devices have as GatewayHostName matches no entry.

    The device that is checked now may use another name and connect, while those with this
    name are refused: "Hostname mismatch", ERR_TLS_CERT_ALTNAME_INVALID, "The remote
    certificate is invalid". DNS names match without regard to letter case.

    Remedy:
    Give every downstream device the same GatewayHostName: the name that is `hostname` in
    the gateway's configuration, and in DNS.
    """
    names = case.device.gateway_host_names or ()
    refused = [n for n in names if n != case.expected.hostname and not is_for(server, n)]
    common = common_name(server)
    if server.alt_names is None and common is not None:
        refused = [n for n in refused if not matches(n, common)]  # `hostname.cn-only` says it
    if not refused:
        return None
    shown = ", ".join(f'"{safe(n, 80)}"' for n in refused[:6])
    return Violation(
        f"the server certificate is not for {shown}, which downstream devices use",
        wanted=refused,
        found=list(server.alt_names.dns) if server.alt_names else [],
        certificates=(server,),
        refused_by=frozenset().union(*(refusing(n, server) for n in refused)),
        explained_by=frozenset().union(*(before_presenting(n, case) for n in refused)),
    )


@rule(
    "hostname.cn-only",
    title="The server certificate has its name in the common name alone",
    severity=ERROR,
    over=Over.SERVER,
    when=[UNNAMED_SERVER],
    act=Act.REISSUE,
    follows=["extension.version-not-3"],
    references=[
        rfc(9525, "2"),
        edge("edgelet/edgelet-utils/src/lib.rs"),
        measured("Go, rustls and cryptography refuse it; OpenSSL, Java, .NET and Node accept it"),
        measured("an IP address as common name: of those that deployments run, only .NET takes it"),
    ],
)
def cn_only(server: Certificate, case: Case) -> Violation | None:
    """There is no DNS name and no IP address among the certificate's names (subjectAltName).

    RFC 9525 ends the use of the common name for this. Go says "certificate relies on legacy
    Common Name field, use SANs instead"; rustls and cryptography refuse it as well, while
    OpenSSL, Java, Node and .NET still look for a DNS name in the common name. The runtime
    wrote no subjectAltName up to 1.0.5, and `create_edge_server_certificate` of the
    convenience scripts never does.

    Remedy:
    Let the runtime (1.0.6 or later) make the server certificate; where you make it
    yourself, add this OpenSSL extension line, with `IP:` instead of `DNS:` for an address:

        subjectAltName = DNS:<hostname>
    """
    names = server.alt_names
    if names is not None and (names.dns or names.ip):
        return None
    if case.expected.validation.purpose != "server":
        return None
    name, asked = common_name(server), case.expected.hostname
    wanted = name if asked is None else asked
    same = name is not None and asked is not None and name.lower() == asked.lower()
    odd = no_host_name(name) if same and name and as_address(name) is None else ""
    is_host = wanted is not None and len(wanted) <= LONGEST_NAME
    refused_by = refusing(wanted, server) if wanted is not None and is_host else EVERYBODY
    by_runtime = case.within(OLDEST, LAST_WITHOUT_NAMES) and made_by_libiothsm(server)
    return Violation(
        "the server certificate has no DNS name or IP address among its names (subjectAltName)"
        + (f', only the common name "{safe(name, 80)}"' if name else "")
        + (f", which is no host name: {safe(odd, 80)}" if odd else ""),
        wanted="subjectAltName with the host name",
        found=name,
        certificates=(server,),
        remedy="Update to a supported runtime: from 1.0.6 on the server certificate has the name "
        "there. Until then only clients that look into the common name connect."
        if by_runtime
        else None,
        changes=setting("runtime") if by_runtime else None,
        refused_by=refused_by,
    )


@rule(
    "hostname.stale",
    title="The server certificate is not for the configured host name",
    severity=ERROR,
    over=Over.SERVER,
    act=Act.CONFIGURE,
    changes="containers",
    needs=[Need.CONFIGURED_HOSTNAME],
    follows=[
        "hostname.sanitised",
        "hostname.too-long",
        "hostname.not-ascii",
        "edge.quickstart-name-too-long",
    ],
    references=[
        issue("Azure/iotedge", 5773),
        issue("Azure/iotedge", 6241),
        issue("Azure/iotedge", 6374),
        edge("edgelet/iotedge/src/config/apply.rs", "1.3.0"),
    ],
)
def stale(server: Certificate, case: Case) -> Violation | None:
    """What edgeHub presents is for another name than `hostname` in the configuration.

    The runtime hands the name to the container when it makes it. In 1.2 a container that was
    there before keeps the old name, and gets certificates for it; from 1.3 on `iotedge config
    apply` refuses a changed name while there are such containers. Or the certificate is not
    the runtime's (EdgeHubServerCertificateFile), or another gateway answers.

    Remedy:
    Remove the containers and apply the configuration, by which the runtime makes them anew:

        docker rm -f edgeAgent edgeHub
        sudo iotedge config apply

    Up to 1.1 run `sudo systemctl restart iotedge` instead of the second.
    """
    hostname = device_hostname = case.device.hostname or ""
    names = server.alt_names
    if not hostname or case.expected.validation.purpose != "server":
        return None
    name = common_name(server)
    dns = [n.lower() for n in names.dns] if names else []
    if not dns and not (names and names.ip):
        dns = [(name or "").lower()]  # as the runtime wrote it up to 1.0.5
    address = as_address(hostname)
    if hostname.lower() in dns or (address is not None and names and address in names.ip):
        return None
    if any(n.startswith("*.") and n[2:] == hostname.lower().partition(".")[2] for n in dns):
        return None
    have = [*(names.dns if names else ()), *map(str, names.ip if names else ())] or [name or ""]
    shown = ", ".join(safe(n, 60) for n in have[:6])
    return Violation(
        f'the configured host name is "{safe(device_hostname, 80)}", and the server certificate is '
        f"for {shown}",
        wanted=hostname,
        found=have,
        certificates=(server,),
        refused_by=refusing(hostname, server),
    )


def _is_name(asked: str, name: str) -> bool:
    """Whether a common name is what the client asked for, an IP address in any spelling."""
    address = as_address(asked)
    if address is None:
        return matches(asked, name) or asked.lower() == name.lower()
    return as_address(name) == address


def _by_common_name(server: Certificate, case: Case) -> frozenset[Refuser]:
    """Return who takes the common name although there are other names."""
    from edgecheck.behaviour.jsse.common_name import taking  # sound chains need none of it

    host = case.expected.hostname
    return frozenset() if host is None else taking(case.view, host)


def _is_part_of_label(presented: str) -> bool:
    """Whether there is an asterisk that does not stand for the whole first label."""
    return "*" in presented.removeprefix("*.")


def _is_short_form(one: str, other: str) -> bool:
    """Whether one of two host names is the first label of the other."""
    short, full = sorted((one.lower(), other.lower()), key=len)
    return full.startswith(f"{short}.") and "." not in short
