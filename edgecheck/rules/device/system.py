"""Rules about what a gateway has beside its certificates: settings, caches, its system's trust."""

from edgecheck.device import Device
from edgecheck.hierarchy.shapes import LAST_1_1, OLDEST
from edgecheck.reading.names import same_name
from edgecheck.rules.engine.case import Case, shown_name
from edgecheck.rules.engine.rule import ERROR, INFO, WARNING, Act, Need, Over, Violation, rule
from edgecheck.rules.references import edge, issue

_LIBIOTHSM = edge("edgelet/hsm-sys/azure-iot-hsm-c/src/edge_pki_openssl.c")


@rule(
    "device.certificates-incomplete",
    title="Some of the three settings of `certificates` are missing, so none counts",
    severity=ERROR,
    over=Over.DEVICE,
    act=Act.CONFIGURE,
    changes="edge_ca",
    needs=[Need.DEVICE_CA_SETTINGS],
    runtime="1.0.0 to 1.1.19",
    references=[
        edge("edgelet/edgelet-core/src/settings.rs"),
        edge("edgelet/iotedged/src/lib.rs"),
    ],
)
def certificates_incomplete(device: Device, case: Case) -> Violation | None:
    """Up to 1.1 the daemon takes the device CA from config.yaml only where all three are set.

    With one or two of device_ca_cert, device_ca_pk and trusted_ca_certs it logs "Transparent
    gateway certificates not found, operating in quick start mode...", and makes a CA of its own.

    Remedy:
    Set all three in config.yaml, and restart the daemon:

        certificates:
          device_ca_cert: "file:///etc/iotedge/device-ca-full-chain.pem"
          device_ca_pk: "file:///etc/iotedge/device-ca.key.pem"
          trusted_ca_certs: "file:///etc/iotedge/root.pem"
    """
    settings = device.certificates or {}
    three = {
        "device_ca_cert": settings.get("device_ca_cert"),
        "device_ca_pk": settings.get("device_ca_pk"),
        "trusted_ca_certs": settings.get("trusted_ca_certs"),
    }
    missing = [name for name, value in three.items() if not value]
    severity = case.bound(ERROR, OLDEST, LAST_1_1)
    if severity is None or len(missing) in (0, 3):
        return None
    return Violation(
        f"config.yaml does not set {' and '.join(missing)}, so the daemon ignores the rest of "
        "`certificates` and makes a CA of its own",
        wanted=list(three),
        found=[name for name in three if name not in missing],
        severity=severity,
        where=(next(iter(device.configuration_files or ()), "certificates"), None, None),
    )


@rule(
    "device.cached-workload-ca-stale",
    title="The cached workload CA is not from the device CA that is configured",
    severity=WARNING,
    over=Over.DEVICE,
    act=Act.NOTHING,
    needs=[Need.CACHED_WORKLOAD_CA, Need.DEVICE_CA_FILE],
    runtime="1.0.0 to 1.1.19",
    references=[
        _LIBIOTHSM,
        edge("edgelet/iotedged/src/lib.rs"),
        issue("Azure/iotedge", 2459),
        issue("Azure/iotedge", 1815),
    ],
)
def cached_workload_ca_stale(device: Device, case: Case) -> Violation | None:
    """The device CA was replaced, and the next start of the daemon will make a new workload CA.

    Up to 1.1 the daemon keeps its workload CA in `hsm/certs`, and looks at every start whether
    that file contains the device CA's. It will say "Did not find issuer certificate in
    certificate" and "Obtaining workload CA failed. Triggering reconfiguration", remove all
    modules, and make everything anew by itself.

    Remedy:
    none, because it heals itself: expect that all modules are made again at the next start.
    """
    cached, file = case.expected.cached_workload_ca or (), case.expected.device_ca_file or ()
    if not cached or not file or case.within(OLDEST, LAST_1_1) is False or file[0] in cached:
        return None
    return Violation(
        f"the cached workload CA, {shown_name(cached[0])}, comes without "
        f"{shown_name(file[0])}, the device CA that is configured",
        wanted=file[0].sha256,
        found=[certificate.sha256 for certificate in cached[:8]],
        certificates=(file[0],),
        severity=case.bound(WARNING, OLDEST, LAST_1_1),
        where=(case.expected.file("cached_workload_ca"), None, None),
    )


@rule(
    "device.system-lacks-root",
    title="The gateway's own system does not trust the root of its chain",
    severity=WARNING,
    over=Over.DEVICE,
    act=Act.TRUST,
    changes="os_trust",
    needs=[Need.OS_TRUST],
    references=[issue("Azure/iotedge", 6827), issue("MicrosoftDocs/azure-docs", 73322)],
)
def system_lacks_root(device: Device, case: Case) -> Violation | None:
    """What runs beside the modules trusts the system's store, never the trust bundle.

    Below another gateway (`parent_hostname`) the container engine, aziot-identityd and the
    daemon connect to the parent through the system's store: "x509: certificate signed by unknown
    authority". There it is an error. Elsewhere it is a note.

    Remedy:
    Copy the root, with a name that ends in `.crt`, to where the system looks, and restart what
    uses it:

        cp root.pem /usr/local/share/ca-certificates/contoso-root.crt
        update-ca-certificates
    """
    path = case.hierarchy.path
    if path is None or not path.certificates[-1].is_self_issued:
        return None
    root, store = path.certificates[-1], case.expected.os_trust or ()
    if any(c.spki == root.spki and same_name(c.subject_raw, root.subject_raw) for c in store):
        return None
    nested = bool(device.parent_hostname)
    return Violation(
        f"{shown_name(root)} is not in the store of the gateway's system",
        wanted=root.sha256,
        found=len(store),
        certificates=(root,),
        severity=ERROR if nested else INFO,
        where=(case.expected.file("os_trust"), None, None),
    )
