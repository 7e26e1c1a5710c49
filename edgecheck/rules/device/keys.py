"""Rules about the gateway's private keys, told beside the certificates."""

from edgecheck.device import Device
from edgecheck.hierarchy.shapes import FIRST_1_2, LAST_1_1, NEWEST, OLDEST
from edgecheck.reading.text import safe
from edgecheck.rules.device.whose import (
    KEY,
    PAIR,
    absent,
    as_word,
    changes,
    device_ca_in,
    key_of,
    numbered,
    one_pair,
    place,
    unknown,
    whose,
)
from edgecheck.rules.engine.case import Case, shown_name
from edgecheck.rules.engine.objects import setting
from edgecheck.rules.engine.rule import (
    ERROR,
    WARNING,
    Act,
    Missing,
    Need,
    Over,
    Violation,
    rule,
)
from edgecheck.rules.references import edge, identity_service, issue
from edgecheck.settings import KeyFacts

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
def key_mismatch(device: Device, case: Case) -> Violation | list[Violation | Missing] | None:
    """The runtime signs with this key in the name of the first certificate of the file.

    What it issues then has a signature that does not verify: OpenSSL says "certificate
    signature failure" (7). `aziotctl check` says "preloaded cert with ID [...] does not match
    preloaded private key"; 1.1 says nothing. Where a later certificate of the file has the key,
    the file is in the wrong order: the runtime takes the first for the device CA. Or, where the
    later one stands above the first, the key of that CA was installed for the device CA's.

    Remedy:
    Put the device CA first in its file, then each issuer. Where no certificate of the file has
    the key, install key and certificate of one pair; these two lines must print the same:

        openssl pkey -in KEY -pubout -outform der | sha256sum
        openssl x509 -in CERT -noout -pubkey | openssl pkey -pubin -outform der | sha256sum
    """
    have, file = _key(device).get("public_key"), case.expected.device_ca_file or ()
    if not file:
        return None
    if have is None:
        return [unknown(KEY)]
    own, there = device_ca_in(file, have)
    if there == 0:
        return None
    told = f"the first certificate of the device CA file, {shown_name(file[0])}, has another key "
    told += "than the private key that is configured"
    path, name = _key(device).get("path", ""), case.expected.file("device_ca_file")
    told += f" ({safe(path, 120)})" if path else ""
    if there is not None:
        told += f"; number {there + 1}, {shown_name(file[there])}, has that key"
    at = "" if name.startswith("<") else name
    remedy, changed, how = one_pair(path, at), "edge_ca", PAIR
    if own:
        remedy = f"Put {shown_name(file[own])} first in the file, then each issuer."
        changed, how = "edge_ca.cert", ""
    elif there is not None:
        remedy = one_pair(path, at, _OF_A_CA_ABOVE.format(shown_name(file[there])))
        changed, how = KEY, ""
    return Violation(
        told,
        wanted=numbered(
            have.replace(":", "").lower(), safe(path, 120) or "the configured private key"
        ),
        found=numbered(key_of(file[0]), f"the first certificate of {safe(name, 120)}"),
        certificates=(file[0], *((file[there],) if there is not None else ())),
        remedy=remedy,
        changes=setting(changed),
        where=(case.expected.file("device_ca_file"), None, None),
        explained_by=frozenset({"chain.wrong-order"}) if own else frozenset(),
        evidence={"place": None if there is None else there + 1},
        how=how,
    )


_OF_A_CA_ABOVE = """\
Configure the device CA's own key: the one that is configured is that of {}, a CA above it, and \
belongs on no gateway"""


@rule(
    "device.key-encrypted",
    title="A private key of the gateway is protected by a passphrase",
    severity=ERROR,
    over=Over.DEVICE,
    act=Act.CONFIGURE,
    changes="edge_ca.pk",
    needs=[Need.KEYS],
    references=[issue("Azure/iotedge", 5160), _LIBIOTHSM],
)
def key_encrypted(device: Device, case: Case) -> list[Violation | Missing]:
    """The runtime has no passphrase to give, so it cannot use the key.

    keyd asks for "PEM pass phrase" on a terminal that nobody watches; up to 1.1 the daemon
    reports an HSM failure. The keys of root and intermediate that the convenience scripts make
    are protected (1234), those of device CAs are not: often the root's key was configured.

    Remedy:
    Configure the device CA's own key, or remove its passphrase:

        openssl pkey -in device-ca.key.pem -out device-ca.plain.key.pem
    """
    found: list[Violation | Missing] = []
    for key, facts in (device.keys or {}).items():
        if "encrypted" not in facts and not absent(facts):
            found.append(unknown(key))
        if not facts.get("encrypted"):
            continue
        found.append(
            Violation(
                f"the private key of {whose(key)} is protected by a passphrase",
                wanted="a key without passphrase",
                found="encrypted",
                where=place(key, facts),
                changes=changes(key),
                evidence={"setting": key} if key != KEY else {},
            )
        )
    return found


@rule(
    "device.key-permissions",
    title="A private key of the gateway can be read by the wrong users",
    severity=WARNING,
    over=Over.DEVICE,
    act=Act.CONFIGURE,
    changes="edge_ca.pk",
    needs=[Need.KEYS],
    references=[
        identity_service("aziotctl/aziotctl-common/src/config/mod.rs"),
        issue("Azure/iotedge", 6723),
        issue("Azure/iotedge", 4853),
    ],
)
def key_permissions(device: Device, case: Case) -> list[Violation | Missing]:
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
    users = {"aziotks"} if case.within(FIRST_1_2, NEWEST) is not False else set[str]()
    users |= {"iotedge"} if case.within(OLDEST, LAST_1_1) is not False else set[str]()
    shutting = {
        facts["shut"]
        for facts in (device.files or {}).values()
        if facts.get("shut") and facts["shut"] != facts.get("path")
    }
    found: list[Violation | Missing] = []
    for key, facts in (device.keys or {}).items():
        violation = _permissions(key, facts, users, shutting)
        if violation is not None:
            found.append(violation)
        elif facts.get("form") != "PKCS#11" and ("readable_by" not in facts or "mode" not in facts):
            found.append(Missing(f"who can read the private key of {whose(key)} is not known"))
    return found


_IN_ONE_FOLDER = frozenset({"configuration.file-unreadable"})


def _permissions(
    key: str, facts: KeyFacts, users: set[str], shutting: set[str]
) -> Violation | None:
    """What is wrong with who can read one key; of a folder that shuts all it is said once."""
    readers, mode = facts.get("readable_by"), facts.get("mode")
    changed = changes(key)
    if readers is not None and users.isdisjoint(readers):
        wanted, shut = " or ".join(sorted(users)), facts.get("shut", "")
        told = f"the private key of {whose(key)} cannot be read by {wanted}"
        if shut and shut != facts.get("path"):
            told += f", whom the folder {safe(shut, 120)} keeps out"
        return Violation(
            told,
            wanted=wanted,
            found=[safe(reader, 40) for reader in readers],
            severity=ERROR,
            where=place(key, facts),
            changes=changed,
            explained_by=_IN_ONE_FOLDER if shut and shut in shutting else frozenset(),
            remedy=_owned_by(users, facts) if shut in ("", facts.get("path")) else None,
        )
    if mode is None or not mode & 0o004 or facts.get("form") == "":
        return None
    return Violation(
        f"the private key of {whose(key)} can be read by everybody (mode {mode:04o})",
        wanted="0600",
        found=f"{mode:04o}",
        where=place(key, facts),
        changes=changed,
        remedy=_owned_by(users, facts),
    )


def _owned_by(users: set[str], facts: KeyFacts) -> str | None:
    """The commands that give this file to its reader alone; None where one of both is not known."""
    path = facts.get("path", "")
    if len(users) != 1 or not as_word(path):
        return None
    (user,) = users
    return f"""Give the file to the runtime's user alone:

    sudo chown {user}:{user} {as_word(path)}
    sudo chmod 600 {as_word(path)}"""


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
        where=place(KEY, facts),
    )


def _key(device: Device) -> KeyFacts:
    """What is told about the device CA's key."""
    return (device.keys or {}).get(KEY, KeyFacts())
