"""Rules about the topology that the runtime makes, and about whose certificates these are."""

from edgecheck.hierarchy import shapes
from edgecheck.hierarchy.hierarchy import Hierarchy
from edgecheck.hierarchy.paths import Ending
from edgecheck.hierarchy.roles import common_name
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.text import safe
from edgecheck.rules.edge.conditions import DEMO_NAME, QUICKSTART_NAME
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.objects import APPLY, RESTART, SETTINGS, setting_of, untold
from edgecheck.rules.engine.rule import ERROR, INFO, WARNING, Act, Need, Over, Violation, rule
from edgecheck.rules.references import ARTICLE, DEMO_SCRIPTS, HUBDEV, PRODUCTION, edge, issue

_QUICKSTART_1_1 = (shapes.QUICKSTART_1_1_ROOT, "Test Edge Device CA")


@rule(
    "edge.quickstart-certificates",
    title="The gateway uses certificates that the runtime made for a quick start",
    severity=WARNING,
    over=Over.HIERARCHY,
    when=[QUICKSTART_NAME],
    act=Act.CONFIGURE,
    changes="edge_ca",
    references=[
        PRODUCTION,
        edge("edgelet/hsm-sys/azure-iot-hsm-c/src/constants.c"),
        edge("edgelet/edgelet-http-workload/src/lib.rs", "1.3.0"),
        issue("Azure/iotedge", 6191),
    ],
)
def quickstart_certificates(hierarchy: Hierarchy, case: Case) -> Violation | None:
    """No device CA is configured, or its configuration was not applied.

    The runtime then makes a CA of its own: `Test Edge Owner CA` and `Test Edge Device CA` up
    to 1.1, a self-signed `iotedged workload ca` in 1.2, `aziot-edge CA` from 1.3 on. No
    client can know its root beforehand, it lives 90 days unless configured otherwise, and
    from 1.3 on it is replaced, key and all, when 80 % of its life is over. Often edgeHub
    presents its server certificate alone, and such a CA is known only as its issuer. The
    check of 1.1 warned of it; since 1.2 nothing does. Where a device CA is configured and this
    is presented all the same, or where the clients trust another root, it is an error: they do
    not connect. That they find no way to their root then follows from it.

    Remedy:
    Configure a device CA of your own, in config.toml, then run `sudo iotedge config apply`:

        [edge_ca]
        cert = "file:///var/aziot/certs/device-ca-full-chain.pem"
        pk = "file:///var/aziot/secrets/device-ca.key.pem"

    Up to 1.1 set all three of `device_ca_cert`, `device_ca_pk` and `trusted_ca_certs` below
    `certificates` in config.yaml, then run `sudo systemctl restart iotedge`.
    """
    path = hierarchy.path
    if path is None:
        return None
    authorities = path.certificates[1 if hierarchy.server else 0 :]
    made = tuple(certificate for certificate in authorities if _is_quickstart(certificate))
    if made:
        verb = "will make" if hierarchy.is_predicted(made[0]) else "made"
        told = f'{case.named(made[0])} is a CA that the runtime {verb} for itself ("quick start")'
        return _quickstart(made, told, common_name(made[0]) or "", case)
    last = path.certificates[-1]
    name = last.issuer.common_name or "" if path.ended is Ending.NO_ISSUER else ""
    # Up to 1.1 a workload CA has such a name too; what certd signs, a self-signed CA issued.
    certd = last is hierarchy.server and shapes.made_by_certd(last)
    if name in _QUICKSTART_1_1 or (certd and shapes.QUICKSTART_CA.match(name)):
        told = f'"{safe(name, 80)}", a CA that the runtime made for itself ("quick start"), '
        return _quickstart((last,), f"{told}issued {case.named(last)}", name, case)
    return None


@rule(
    "edge.demo-certificates",
    title="The chain comes from Microsoft's tools for tests",
    severity=WARNING,
    over=Over.HIERARCHY,
    when=[DEMO_NAME],
    act=Act.CONFIGURE,
    changes="edge_ca",
    references=[
        ARTICLE,
        DEMO_SCRIPTS,
        edge("tools/CACertificates/certGen.sh", "1.5.0"),
        HUBDEV,
    ],
)
def demo_certificates(hierarchy: Hierarchy, case: Case) -> Violation | None:
    """Names on the path are those that the convenience scripts or iotedgehubdev write.

    These certificates are made for tests. Of the scripts' the key of the root lies beside them
    with the pass phrase 1234, and they live 30 days. Below the root their serial numbers start
    anew with every run, so that two runs make different certificates that look alike. Those of
    `iotedgehubdev generatedeviceca` live 90 days, those of its simulator a year. The key of
    their root, "Edge Test Device CA", lies beside them as it is, and all have the same names
    and numbers wherever they were made.

    Remedy:
    Have a device CA issued by authorities of your own before production, install it with its
    full chain, and give its root to clients and modules.
    """
    path = hierarchy.path
    demo = [c for c in (path.certificates if path else ()) if _demo(c)]
    if not demo:
        return None
    names = " and ".join(f'"{safe(common_name(c) or "", 80)}"' for c in demo)
    hubdev = all(common_name(c) == shapes.HUBDEV for c in demo)
    tool = "iotedgehubdev, a tool" if hubdev else "the convenience scripts"
    return Violation(
        f"{names} come{'s' if len(demo) == 1 else ''} from {tool} for tests",
        wanted="authorities of your own",
        found=[common_name(c) for c in demo],
        certificates=tuple(reversed(demo)),
    )


@rule(
    "edge.workload-ca-missing",
    title="IoT Edge up to 1.1 was stated, but there is no workload CA",
    severity=WARNING,
    over=Over.SERVER,
    act=Act.GIVE,
    changes=untold("the version of IoT Edge that the gateway runs (`--runtime`)"),
    needs=[Need.RUNTIME],
    runtime="1.0.0 to 1.1.19",
    references=[
        ARTICLE,
        edge("edgelet/iotedged/src/lib.rs"),
        issue("MicrosoftDocs/azure-docs", 111249),
    ],
)
def workload_ca_missing(server: Certificate, case: Case) -> Violation | None:
    """The daemon of 1.1 issues every server certificate from its workload CA.

    A server certificate straight from the device CA was not made by it. The gateway runs 1.2 or
    later, where there is no workload CA any more although the article describes one for 1.2
    too, or somebody gave edgeHub a certificate of his own (EdgeHubServerCertificateFile).

    Remedy:
    State the runtime that the gateway runs (`iotedge version` prints it). Where it is 1.1
    after all, find out who issues the server certificate that edgeHub presents.
    """
    hierarchy = case.hierarchy
    if hierarchy.workload_ca is not None or not case.within(shapes.OLDEST, shapes.LAST_1_1):
        return None
    issuer = case.issuer(server)
    if issuer is None:
        return None
    return Violation(
        f"the server certificate was issued by {case.named(issuer)}; IoT Edge {hierarchy.runtime} "
        "puts a workload CA between",
        wanted="a workload CA",
        found=common_name(issuer),
        certificates=(server, issuer),
    )


@rule(
    "edge.workload-ca-unexpected",
    title="There is a workload CA, which IoT Edge 1.2 and later do not make",
    severity=WARNING,
    over=Over.HIERARCHY,
    act=Act.GIVE,
    changes=untold("the version of IoT Edge that the gateway runs (`--runtime`)"),
    needs=[Need.RUNTIME],
    runtime="1.2.0 and later",
    references=[
        edge("edgelet/edgelet-http-workload/src/server/cert/server.rs", "1.2.0"),
        issue("MicrosoftDocs/azure-docs", 111249),
    ],
)
def workload_ca_unexpected(hierarchy: Hierarchy, case: Case) -> Violation | None:
    """From 1.2 on the device CA issues the server certificate itself.

    The article describes the workload CA for 1.1 and 1.2; the source of 1.2.0 has it no more,
    only the words `iotedged workload ca` in the name of the quickstart CA. A chain with a
    workload CA comes from a gateway that still runs 1.1, or from another gateway.

    Remedy:
    State the runtime that the gateway runs (`iotedge version` prints it). Where it is 1.2 or
    later after all, find out which gateway answers at that name.
    """
    workload_ca = hierarchy.workload_ca
    if workload_ca is None or not case.within(shapes.FIRST_1_2, shapes.NEWEST):
        return None
    return Violation(
        f"{case.named(workload_ca)} is on the path; IoT Edge {hierarchy.runtime} makes none",
        wanted="a server certificate from the device CA",
        found=common_name(workload_ca),
        certificates=(workload_ca,),
    )


@rule(
    "edge.no-operator-separation",
    title="No workload CA separates the manufacturer's certificates from the operator's",
    severity=INFO,
    over=Over.SERVER,
    act=Act.NOTHING,
    follows=["edge.workload-ca-missing", "device.changes-hands"],
    references=[
        ARTICLE,
        edge("edgelet/edgelet-http-workload/src/server/cert/server.rs", "1.2.0"),
    ],
)
def no_operator_separation(server: Certificate, case: Case) -> Violation | None:
    """The device CA issued the server certificate itself, as IoT Edge does from 1.2 on.

    The article explains the workload CA by a device that changes hands: what the manufacturer
    installed (device CA and above) stays, and what belongs to the operator is wiped and made
    again. Up to 1.1 that is the workload CA and all below it (`hsm/certs` and `hsm/cert_keys`
    in the `homedir` of config.yaml). Without a workload CA the line runs between the device CA
    and the certificates that it issued for the modules (`/var/lib/aziot/certd/certs` and
    `/var/lib/aziot/keyd/keys`). Whoever holds the device CA's key can go on issuing them.

    Remedy:
    none, because the runtime has made no workload CA since 1.2. When the device changes hands,
    wipe what was made on it: the folders /var/lib/aziot/certd/certs and
    /var/lib/aziot/keyd/keys, the device's identity, and the configuration
    (/etc/aziot/config.toml). Consider a new device CA: whoever holds the key of this one can go
    on issuing.
    """
    hierarchy = case.hierarchy
    if hierarchy.workload_ca is not None or hierarchy.device_ca is None:
        return None
    if case.expected.validation.purpose == "client":
        return None  # the certificate of a device, which no runtime issues
    return Violation(
        f"{case.named(hierarchy.device_ca)} issued the server certificate itself: when the device "
        "changes hands, wipe /var/lib/aziot/certd/certs and /var/lib/aziot/keyd/keys",
        wanted="a workload CA (up to 1.1)",
        found="issued directly",
        certificates=(server, hierarchy.device_ca),
    )


def _is_quickstart(certificate: Certificate) -> bool:
    name = common_name(certificate) or ""
    itself = shapes.QUICKSTART_CA.match(name) is not None and certificate.is_self_issued
    return name in _QUICKSTART_1_1 or itself


def _quickstart(made: tuple[Certificate, ...], told: str, name: str, case: Case) -> Violation:
    """An error where a device CA is configured, or the clients trust another root."""
    path = case.hierarchy.path
    refused = bool(case.expected.trust) and path is not None and path.ended is not Ending.ANCHOR
    edge_ca, old = case.device.edge_ca or {}, case.device.certificates or {}
    configured = "cert" in edge_ca or "device_ca_cert" in old
    if configured:
        told += ", although a device CA is configured"
    if refused:
        told += "; the client trusts another root"
    old_runtime = case.within(shapes.OLDEST, shapes.LAST_1_1)
    if old_runtime is None and name in _QUICKSTART_1_1:
        old_runtime = True
    elif old_runtime is None and name.startswith("aziot-edge CA"):
        old_runtime = False  # since 1.3
    return Violation(
        told,
        wanted="a device CA from your own authorities",
        found=name,
        certificates=made,
        severity=ERROR if configured or refused else WARNING,
        remedy=_how(old_runtime, configured),
        changes=setting_of("edge_ca", old_runtime),
    )


def _how(old: bool | None, configured: bool) -> str | None:
    """Return what to do, by whether the runtime is 1.1 at most; None: what the rule says."""
    if configured:
        log = "sudo journalctl -u iotedge" if old else "sudo iotedge system logs"
        return (
            f"Apply the configuration: {SETTINGS['edge_ca'].then(old)}. Where the runtime uses a "
            f"CA of its own even then, its log (`{log}`) says why it cannot use the one configured."
        )
    return None if old is None else _OF_YAML if old else _OF_TOML


_OF_TOML = f"""Configure a device CA of your own, with its full chain and its key:

    [edge_ca]
    cert = "file:///var/aziot/certs/device-ca-full-chain.pem"
    pk = "file:///var/aziot/secrets/device-ca.key.pem"

Then run `{APPLY}`, which gives all modules new certificates."""
_OF_YAML = f"""Configure a device CA of your own with full chain and key, all three of these:

    certificates:
      device_ca_cert: "file:///etc/iotedge/device-ca-full-chain.pem"
      device_ca_pk: "file:///etc/iotedge/device-ca.key.pem"
      trusted_ca_certs: "file:///etc/iotedge/root.pem"

Then run `{RESTART}`."""


def _demo(certificate: Certificate) -> bool:
    name = common_name(certificate) or ""
    return name == shapes.HUBDEV or bool(shapes.DEMO.match(name))
