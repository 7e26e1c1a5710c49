"""Rules about the gateway's own key and files, told beside the certificates."""

import hashlib

from edgecheck.device import Device
from edgecheck.hierarchy.shapes import FIRST_1_2, LAST_1_1, NEWEST, OLDEST
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.names import same_name
from edgecheck.reading.text import safe
from edgecheck.rules.engine.case import Case, shown_name
from edgecheck.rules.engine.rule import ERROR, INFO, WARNING, Act, Need, Over, Violation, rule
from edgecheck.rules.references import edge, identity_service, issue
from edgecheck.settings import KeyFacts

KEY = "edge_ca.pk"
_LIBIOTHSM = edge("edgelet/hsm-sys/azure-iot-hsm-c/src/edge_pki_openssl.c")
_CHECKS = "aziotctl/src/internal/check/checks/"


@rule(
    "device.key-mismatch",
    title="The device CA's private key is not that of its certificate",
    severity=ERROR,
    over=Over.DEVICE,
    act=Act.CONFIGURE,
    changes="edge_ca.cert",
    needs=[Need.DEVICE_CA_KEY, Need.DEVICE_CA_FILE],
    references=[
        identity_service(_CHECKS + "certs_match_private_keys.rs"),
        identity_service("cert/aziot-certd/src/lib.rs"),
        _LIBIOTHSM,
        issue("Azure/iotedge", 7197),
    ],
)
def key_mismatch(device: Device, case: Case) -> Violation | None:
    """The runtime signs with this key in the name of the first certificate of the file.

    What it issues then has a signature that does not verify: OpenSSL says "certificate
    signature failure" (7). `aziotctl check` says "preloaded cert with ID [...] does not match
    preloaded private key"; 1.1 says nothing. Where a later certificate of the file has the key,
    the file is in the wrong order: the runtime takes the first for the device CA.

    Remedy:
    Put the device CA first in its file, then each issuer. Where no certificate of the file has
    the key, install key and certificate of one pair; these two lines must print the same:

        openssl pkey -in device-ca.key.pem -pubout | sha256sum
        openssl x509 -in device-ca.pem -noout -pubkey | sha256sum
    """
    have, file = _key(device).get("public_key"), case.expected.device_ca_file or ()
    if have is None or not file:
        return None
    wanted = have.replace(":", "").lower()
    place = next((i for i, c in enumerate(file) if _fingerprint(c) == wanted), None)
    if place == 0:
        return None
    told = f"the first certificate of the device CA file, {shown_name(file[0])}, has another key "
    told += "than the private key that is configured"
    if place is not None:
        told += f"; number {place + 1}, {shown_name(file[place])}, has that key"
    return Violation(
        told,
        wanted=wanted,
        found=_fingerprint(file[0]),
        certificates=(file[0], *((file[place],) if place is not None else ())),
        remedy=f"Put {shown_name(file[place])} first in the file, then each issuer."
        if place is not None
        else _ONE_PAIR,
        where=(case.expected.file("device_ca_file"), None, None),
        evidence={"place": None if place is None else place + 1},
    )


_ONE_PAIR = """Install key and certificate of one pair. These two lines must then print the same:

    openssl pkey -in device-ca.key.pem -pubout | sha256sum
    openssl x509 -in device-ca.pem -noout -pubkey | sha256sum"""


@rule(
    "device.key-encrypted",
    title="The device CA's private key is protected by a passphrase",
    severity=ERROR,
    over=Over.DEVICE,
    act=Act.CONFIGURE,
    changes="edge_ca.pk",
    needs=[Need.DEVICE_CA_KEY],
    references=[issue("Azure/iotedge", 5160), _LIBIOTHSM],
)
def key_encrypted(device: Device, case: Case) -> Violation | None:
    """The runtime has no passphrase to give, so it cannot use the key.

    keyd asks for "PEM pass phrase" on a terminal that nobody watches; up to 1.1 the daemon
    reports an HSM failure. The keys of root and intermediate that the convenience scripts make
    are protected (1234), those of device CAs are not: often the root's key was configured.

    Remedy:
    Configure the device CA's own key, or remove its passphrase:

        openssl pkey -in device-ca.key.pem -out device-ca.plain.key.pem
    """
    if not _key(device).get("encrypted"):
        return None
    return Violation(
        "the private key of the device CA is protected by a passphrase",
        wanted="a key without passphrase",
        found="encrypted",
        where=(KEY, None, None),
    )


@rule(
    "device.key-permissions",
    title="The device CA's private key can be read by the wrong users",
    severity=WARNING,
    over=Over.DEVICE,
    act=Act.CONFIGURE,
    changes="edge_ca.pk",
    needs=[Need.DEVICE_CA_KEY],
    references=[
        identity_service("aziotctl/aziotctl-common/src/config/mod.rs"),
        issue("Azure/iotedge", 6723),
        issue("Azure/iotedge", 4853),
    ],
)
def key_permissions(device: Device, case: Case) -> Violation | None:
    """The runtime's user must be able to read the key, and nobody else should.

    From 1.2 on keyd reads it as the user aziotks, up to 1.1 the daemon as iotedge; every folder
    above the file counts, and one such as /home/user shuts them out: "is not readable by user".
    That is an error. A key that everybody can read, as the convenience scripts leave it (mode
    0444), lets any process on the device act as its CA: a warning.

    Remedy:
    Put the key into a folder of the runtime's, and give it to the runtime's user alone:

        chown aziotks:aziotks /var/aziot/secrets/device-ca.key.pem
        chmod 600 /var/aziot/secrets/device-ca.key.pem
    """
    facts = _key(device)
    users = {"aziotks"} if case.within(FIRST_1_2, NEWEST) is not False else set[str]()
    users |= {"iotedge"} if case.within(OLDEST, LAST_1_1) is not False else set[str]()
    readers, mode = facts.get("readable_by"), facts.get("mode")
    if readers is not None and users.isdisjoint(readers):
        wanted = " or ".join(sorted(users))
        return Violation(
            f"the private key of the device CA cannot be read by {wanted}",
            wanted=wanted,
            found=[safe(reader, 40) for reader in readers],
            severity=ERROR,
            where=(KEY, None, None),
        )
    if mode is None or not mode & 0o004:
        return None
    return Violation(
        f"the private key of the device CA can be read by everybody (mode {mode:04o})",
        wanted="0600",
        found=f"{mode:04o}",
        where=(KEY, None, None),
    )


@rule(
    "device.key-kind",
    title="The device CA's private key is of a kind that does not serve",
    severity=WARNING,
    over=Over.DEVICE,
    act=Act.REISSUE,
    changes="edge_ca.pk",
    needs=[Need.DEVICE_CA_KEY],
    follows=["algorithm.key-kind", "algorithm.curve", "algorithm.weak-rsa-key"],
    references=[
        identity_service(_CHECKS + "read_key_pairs.rs"),
        identity_service("cert/aziot-certd/src/lib.rs"),
        _LIBIOTHSM,
    ],
)
def key_kind(device: Device, case: Case) -> Violation | None:
    """The runtime signs with RSA keys and keys on elliptic curves, and with nothing else.

    certd signs with SHA-256, which an Ed25519 or Ed448 key cannot do ("failed to create cert");
    up to 1.1 libiothsm says "Unsupported key type". That is an error. `aziotctl check` warns of
    RSA keys below 2048 bits, and of curves other than P-256. Rules about the certificate
    (`algorithm.key-kind`, `algorithm.curve`, `algorithm.weak-rsa-key`) say which clients refuse
    its key; this one is about the key before there is a certificate.

    Remedy:
    Make a key on P-256, or an RSA key of 2048 bits or more, and have the certificate reissued:

        openssl ecparam -name prime256v1 -genkey -noout -out device-ca.key.pem
    """
    facts = _key(device)
    kind, bits, curve = facts.get("type"), facts.get("bits"), facts.get("curve")
    severity, found = WARNING, None
    if kind is not None and kind not in ("RSA", "EC"):
        severity, found = ERROR, kind
    elif kind == "RSA" and bits is not None and bits < 2048:
        found = f"RSA {bits}"
    elif kind == "EC" and curve not in (None, "secp256r1", "prime256v1", "P-256"):
        found = f"EC {curve}"
    if found is None:
        return None
    return Violation(
        f"the private key of the device CA is {safe(found, 40)}",
        wanted="EC P-256, or RSA with 2048 bits or more",
        found=safe(found, 40),
        certificates=(device_ca,) if (device_ca := case.hierarchy.device_ca) else (),
        severity=severity,
        where=(KEY, None, None),
    )


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
        where=("certificates", None, None),
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


def _key(device: Device) -> KeyFacts:
    """What is told about the device CA's key."""
    return (device.keys or {}).get(KEY, KeyFacts())


def _fingerprint(certificate: Certificate) -> str:
    return hashlib.sha256(certificate.spki).hexdigest()
