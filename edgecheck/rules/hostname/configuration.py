"""Rules about the names in the gateway's configuration."""

from edgecheck.behaviour.host_names import refusing_to_ask
from edgecheck.device import Device
from edgecheck.hierarchy.shapes import LAST_1_1, LAST_1_2, OLDEST
from edgecheck.predicting.names import sanitised as sanitised_name
from edgecheck.reading.hostnames import HOST_NAME, as_address, no_host_name
from edgecheck.reading.text import octets, safe
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.rule import ERROR, INFO, WARNING, Act, Need, Over, Violation, rule
from edgecheck.rules.hostname.conditions import DESCRIBED
from edgecheck.rules.hostname.forms import because
from edgecheck.rules.references import ARTICLE, edge, identity_service, issue, measured, rfc

LONGEST_COMMON_NAME = 64
"""Octets (RFC 5280, appendix A.1: ub-common-name)."""
_1_0_6 = (1, 0, 6)
_CHECK = "aziotctl/src/internal/check/checks/hostname.rs"


@rule(
    "hostname.upper-case-in-configuration",
    title="The configured host name has upper-case letters",
    severity=WARNING,
    over=Over.DEVICE,
    act=Act.CONFIGURE,
    changes="hostname",
    needs=[Need.CONFIGURED_HOSTNAME],
    references=[
        ARTICLE,
        edge("edgelet/iotedged/src/lib.rs"),
        edge("edgelet/aziot-edged/src/watchdog.rs", "1.3.0"),
        issue("Azure/iotedge", 1269),
    ],
)
def upper_case_in_configuration(device: Device, case: Case) -> Violation | None:
    """`hostname` in the gateway's configuration is not written in lower case.

    Up to 1.2.10 the runtime lower-cases it, so that the certificate writes the name in
    another way than the configuration: a note. From 1.3 on it goes into common name and
    subjectAltName as it is: a warning. TLS clients ignore letter case, but network aliases of
    containers and other comparisons of strings do not. IP addresses have no letter case.

    Remedy:
    Write `hostname` in lower case in config.toml (config.yaml up to 1.1) and apply the
    configuration. From 1.3 on, remove the edge containers first: `sudo iotedge config apply`
    refuses a changed host name while they exist, and prints the command.
    """
    hostname = device.hostname or ""
    if hostname == hostname.lower() or as_address(hostname) is not None:
        return None
    rewritten = case.within(OLDEST, LAST_1_2)
    shown, server = safe(hostname, 80), case.hierarchy.server
    return Violation(
        f'the configured host name "{shown}" has upper-case letters'
        + ("; the runtime writes it in lower case" if rewritten else ""),
        wanted=hostname.lower(),
        found=hostname,
        certificates=(server,) if server is not None and case.hierarchy.presents_server else (),
        severity=WARNING if rewritten is False else INFO,
    )


@rule(
    "hostname.too-long",
    title="The configured host name is too long for a common name",
    severity=ERROR,
    over=Over.DEVICE,
    act=Act.CONFIGURE,
    changes="hostname",
    needs=[Need.CONFIGURED_HOSTNAME],
    references=[
        rfc(5280, "A.1"),
        edge("edgelet/hsm-sys/azure-iot-hsm-c/src/hsm_certificate_props.c"),
        identity_service("cert/aziot-certd/src/lib.rs"),
    ],
)
def too_long(device: Device, case: Case) -> Violation | None:
    """The runtime makes `hostname` the common name of the server certificate: 64 bytes at most.

    It does not shorten it. Up to 1.1 it says "Common name length exceeded. Maximum permitted
    length 64"; from 1.2 on the request cannot be made ("failed to generate csr subject"), and
    edgeHub starts again and again. `iotedge check` only warns.

    Remedy:
    Give the gateway a host name of at most 64 bytes. A certificate that you make yourself
    may have a longer DNS name in its subjectAltName, and another common name.
    """
    hostname = device.hostname or ""
    size = octets(hostname)
    if size <= LONGEST_COMMON_NAME:
        return None
    return Violation(
        f'the configured host name "{safe(hostname, 80)}" has {size} bytes',
        wanted=f"at most {LONGEST_COMMON_NAME} bytes",
        found=size,
    )


@rule(
    "hostname.not-rfc1035",
    title="A configured host name is not made as host names are",
    severity=WARNING,
    over=Over.DEVICE,
    when=[DESCRIBED],
    act=Act.CONFIGURE,
    changes="hostname",
    references=[
        rfc(1035, "2.3.1"),
        identity_service(_CHECK),
        issue("MicrosoftDocs/azure-docs", 34302),
        measured("an underscore, a label above 63 bytes: Java refuses the name"),
    ],
)
def not_rfc1035(device: Device, case: Case) -> list[Violation] | None:
    """Labels begin with a letter, end with a letter or digit, and have hyphens in between.

    `iotedge check` warns: "does not comply with RFC 1035 [...] may cause errors during the
    TLS handshake". It does: Java and the C# SDK refuse a name with an underscore, Python, .NET
    and Java a label of more than 63 bytes; so that is an error. A digit at the beginning is
    what RFC 1123 allows and clients accept, and a warning; but where the last label is a number no
    certificate can be for the name (RFC 9525, section 6.3). The runtime takes an IPv6 address in
    brackets for a name. An empty name is none: `iotedge config
    apply` takes it as it is, and not the machine's name in its place.

    Remedy:
    Give the gateway a name of letters, digits and inner hyphens that begins with a letter, as
    `hostname` in its configuration, in DNS, and as GatewayHostName on its clients.
    """
    found = []
    wanted = "labels that begin with a letter, of letters, digits and inner hyphens"
    if device.hostname == "":
        found.append(Violation("hostname is empty", wanted=wanted, found="", severity=ERROR))
    for setting, name in (
        ("hostname", device.hostname),
        ("parent_hostname", device.parent_hostname),
    ):
        if not name or not name.isascii() or _is_address(name, case):
            continue
        if all(label[:1].isalpha() for label in name.split(".")) and HOST_NAME.fullmatch(name):
            continue
        is_host = HOST_NAME.fullmatch(name) is not None
        number = no_host_name(name) if is_host else ""
        is_host = is_host and not number
        why = number or ("a label begins with a digit" if is_host else because(name))
        found.append(
            Violation(
                f'{setting} "{safe(name, 80)}" does not comply with RFC 1035: {why}',
                wanted=wanted,
                found=name,
                severity=WARNING if is_host else ERROR,
                refused_by=refusing_to_ask(name),
            )
        )
    return found or None


def _is_address(name: str, case: Case) -> bool:
    """As the runtime reads addresses: brackets around IPv6 belong into URLs alone.

    Where something is presented, the rules about its names speak.
    """
    bracketed = name.startswith("[") and not case.hierarchy.presents_server
    return not bracketed and as_address(name) is not None


@rule(
    "hostname.not-ascii",
    title="A configured host name has letters that DNS does not have",
    severity=ERROR,
    over=Over.DEVICE,
    when=[DESCRIBED],
    act=Act.CONFIGURE,
    changes="hostname",
    references=[
        rfc(5280, "7.2"),
        rfc(9525, "6.3"),
        identity_service(_CHECK),
        measured("a DNS name with bytes outside ASCII: Go does not read the certificate"),
    ],
)
def not_ascii(device: Device, case: Case) -> list[Violation] | None:
    """The runtime writes the name as it is into a field that takes ASCII alone.

    Names outside ASCII are written in ASCII (`xn--...`) in DNS and in certificates, and clients
    look for these. Go refuses a certificate with other bytes there as a whole: "SAN dNSName is
    malformed".

    Remedy:
    Write the name as DNS has it, with `xn--`:

        python3 -c 'print("<name>".encode("idna").decode())'
    """
    found = []
    for setting, name in (
        ("hostname", device.hostname),
        ("parent_hostname", device.parent_hostname),
    ):
        if name and not name.isascii():
            found.append(
                Violation(
                    f'{setting} "{safe(name, 80)}" is not ASCII',
                    wanted="the name as DNS has it, in ASCII: its labels begin with xn--",
                    found=name,
                )
            )
    return found or None


@rule(
    "hostname.loopback",
    title="The configured host name is that of every machine for itself",
    severity=ERROR,
    over=Over.DEVICE,
    act=Act.CONFIGURE,
    changes="hostname",
    needs=[Need.CONFIGURED_HOSTNAME],
    references=[rfc(6761, "6.3"), rfc(1122, "3.2.1.3"), rfc(4291, "2.5.3")],
)
def loopback(device: Device, case: Case) -> Violation | None:
    """`localhost` and the addresses 127.0.0.0/8 and ::1 never leave a machine.

    A downstream device that has this as its GatewayHostName talks to itself, and a module in
    its container. The certificate is for a name that no other machine can reach.

    Remedy:
    Give the gateway the name under which other machines reach it, best its fully qualified
    one. A config.yaml without `hostname` is one with `localhost`.
    """
    hostname = (device.hostname or "").lower().removesuffix(".")
    address = as_address(hostname)
    if address is None and hostname.rpartition(".")[2] != "localhost":
        return None
    if address is not None and not address.is_loopback:
        return None
    return Violation(
        f'the configured host name is "{safe(hostname, 80)}", under which every machine reaches '
        "itself",
        wanted="the gateway's name in DNS",
        found=hostname,
    )


@rule(
    "hostname.not-machine-name",
    title="The configured host name does not begin with the machine's name",
    severity=INFO,
    over=Over.DEVICE,
    act=Act.CONFIGURE,
    changes="hostname",
    needs=[Need.CONFIGURED_HOSTNAME, Need.MACHINE_NAME],
    follows=["hostname.loopback"],
    references=[
        identity_service(_CHECK),
        edge("edgelet/iotedge/src/check/checks/hostname.rs"),
    ],
)
def not_machine_name(device: Device, case: Case) -> Violation | None:
    """`iotedge check` reports an error, though TLS works.

    It wants the machine's own name, alone or as the first label: "Hostname in config.yaml must
    either be identical to the device hostname or be a fully-qualified domain name that has the
    device hostname as the first component". Up to 1.1 letter case matters to it, and an IP
    address is no exception; from 1.2 on neither.

    Remedy:
    Set `hostname` to the machine's fully qualified name, or rename the machine
    (`hostnamectl set-hostname`). Where the name is an alias in DNS on purpose, there is
    nothing to do.
    """
    hostname, machine = device.hostname or "", device.machine_name or ""
    shown, own = hostname, machine
    if not case.within(OLDEST, LAST_1_1):
        if as_address(hostname) is not None:
            return None
        hostname, machine = hostname.lower(), machine.lower()
    if hostname == machine or hostname.startswith(f"{machine}."):
        return None
    return Violation(
        f'the configured host name is "{safe(shown, 80)}", and the machine calls itself '
        f'"{safe(own, 80)}"',
        wanted=own,
        found=shown,
    )


@rule(
    "hostname.sanitised",
    title="IoT Edge 1.0.6 takes signs out of the host name",
    severity=ERROR,
    over=Over.DEVICE,
    act=Act.CONFIGURE,
    changes="runtime",
    needs=[Need.CONFIGURED_HOSTNAME, Need.RUNTIME],
    runtime="1.0.6",
    references=[issue("Azure/iotedge", 795), issue("Azure/iotedge", 802)],
)
def sanitised(device: Device, case: Case) -> Violation | None:
    """In this one version the DNS name in the server certificate is not the configured one.

    1.0.6 was the first to write a subjectAltName, and treated the host name as it treats the
    module's. Digits and other signs at the beginning, dots, underscores and all but letters,
    digits and hyphens are left out. `gw-1.plant7.local` becomes `gw-1plant7local`, for which no
    client asks. 1.0.6.1 took it back.

    Remedy:
    Update to a supported runtime; 1.0.6.1 already writes the name as it is.
    """
    hostname = (device.hostname or "").lower()
    written = sanitised_name(hostname)
    if not case.within(_1_0_6, _1_0_6) or written == hostname:
        return None
    return Violation(
        f'IoT Edge 1.0.6 writes "{safe(written, 80)}" into the server certificate for the '
        f'configured host name "{safe(hostname, 80)}"',
        wanted=hostname,
        found=written,
    )
