"""Rules about whether there is a key at all, and whether it belongs to its certificate."""

from edgecheck.device import Device
from edgecheck.hierarchy.shapes import FIRST_1_2, NEWEST
from edgecheck.reading.text import safe
from edgecheck.rules.device.whose import (
    KEY,
    PAIR,
    absent,
    changes,
    numbered,
    one_pair,
    place,
    unknown,
    whose,
)
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.rule import ERROR, Act, Missing, Need, Over, Violation, rule
from edgecheck.rules.references import edge, identity_service, issue

_LIBIOTHSM = edge("edgelet/hsm-sys/azure-iot-hsm-c/src/edge_pki_openssl.c")
_CHECKS = "aziotctl/src/internal/check/checks/"


@rule(
    "device.no-key",
    title="What is configured as a private key is none that the runtime can read",
    severity=ERROR,
    over=Over.DEVICE,
    act=Act.CONFIGURE,
    changes="edge_ca.pk",
    needs=[Need.KEYS],
    references=[
        identity_service("key/aziot-keys/src/key_pair.rs"),
        identity_service(_CHECKS + "read_key_pairs.rs"),
        _LIBIOTHSM,
    ],
    symptoms=["could not load key pair", "no start line"],
)
def no_key(device: Device, case: Case) -> list[Violation | Missing]:
    """The file holds a certificate, a binary key (DER), a container, half a key, or nothing.

    keyd and libiothsm read private keys as PEM alone, the first of the file: "could not load key
    pair" (`iotedge check`: key-pairs-read), "no start line". Often the two settings for certificate
    and key were taken for each other.

    Remedy:
    Configure the file with the line `-----BEGIN PRIVATE KEY-----`, `RSA PRIVATE KEY` or
    `EC PRIVATE KEY`. A binary key (DER), or one in a container, is taken out as PEM so:

        openssl pkey -inform DER -in device-ca.key.der -out device-ca.key.pem
        openssl pkcs12 -in device-ca.pfx -nocerts -nodes -out device-ca.key.pem
    """
    found: list[Violation | Missing] = []
    for key, facts in (device.keys or {}).items():
        told = facts.get("found") or (
            "a private key in binary form (DER)" if facts.get("form") == "DER" else ""
        )
        if not told:
            found += [] if "encrypted" in facts or absent(facts) else [unknown(key)]
            continue
        found.append(
            Violation(
                f"the private key of {whose(key)} cannot be read: there is {safe(told, 80)}",
                wanted="a private key as PEM",
                found=told,
                where=place(key, facts),
                changes=changes(key),
                evidence={"setting": key},
            )
        )
    return found


@rule(
    "device.no-token-library",
    title="A private key is in a token, and keyd is not told how to reach it",
    severity=ERROR,
    over=Over.DEVICE,
    act=Act.CONFIGURE,
    changes="configuration",
    needs=[Need.KEYS, Need.CONFIGURATION_FILES],
    runtime="1.2.0 and later",
    references=[identity_service("key/aziot-keys/src/implementation.rs")],
    symptoms=["pre-loaded key requires PKCS#11 lib path to be configured"],
)
def no_token_library(device: Device, case: Case) -> list[Violation | Missing]:
    """A key is a pkcs11: URI, and `[aziot_keys]` has no `pkcs11_lib_path`.

    keyd then refuses each use of the key: "pre-loaded key requires PKCS#11 lib path to be
    configured". It may stand in a file of keyd's own, so config.toml alone does not tell.

    Remedy:
    Name the library of the token's maker, and apply the configuration:

        [aziot_keys]
        pkcs11_lib_path = "/usr/lib/libmypkcs11.so"
    """
    files = device.configuration_files or {}
    within = [key for key, facts in (device.keys or {}).items() if facts.get("form") == "PKCS#11"]
    if not within or case.within(FIRST_1_2, NEWEST) is False:
        return []
    if any(facts.get("token_library") for facts in files.values()):
        return []
    read = all("token_library" in facts for facts in files.values())
    if not (read and any("/keyd/" in path for path in files)):
        return [Missing("what keyd's own files say of a library is not known")]
    return [
        Violation(
            f"the private key of {' and of '.join(map(whose, within))} is in a token, and "
            "[aziot_keys] has no pkcs11_lib_path",
            wanted="pkcs11_lib_path",
            found="no library",
            evidence={"settings": within},
        )
    ]


@rule(
    "device.pair-mismatch",
    title="A private key of the gateway is not that of the certificate beside it",
    severity=ERROR,
    over=Over.DEVICE,
    act=Act.CONFIGURE,
    changes="provisioning",
    needs=[Need.KEYS, Need.FILES],
    references=[
        identity_service(_CHECKS + "certs_match_private_keys.rs"),
        issue("Azure/iotedge", 7197),
    ],
    symptoms=["does not match preloaded private key with ID"],
)
def pair_mismatch(device: Device, case: Case) -> list[Violation | Missing]:
    """A certificate and a key of which each needs the other are not of one pair.

    That concerns the identity with which the gateway logs in, the local CA, and what an EST server
    knows it by; of the device CA `device.key-mismatch` speaks. `aziotctl check` says "preloaded
    cert with ID [...] does not match preloaded private key". IoT Hub, provisioning or the
    EST server refuse the connection, and what a local CA signs so has a signature that does not
    verify.

    Remedy:
    Install key and certificate of one pair. These two lines must then print the same:

        openssl pkey -in KEY -pubout -outform der | sha256sum
        openssl x509 -in CERT -noout -pubkey | openssl pkey -pubin -outform der | sha256sum
    """
    found: list[Violation | Missing] = []
    for key, facts in (device.keys or {}).items():
        have, other = facts.get("public_key"), (device.files or {}).get(f"{key[:-2]}cert")
        wanted = other.get("public_key") if other is not None else None
        if key == KEY or other is None:
            continue
        if have is None or wanted is None:
            found.append(unknown(key))
            continue
        if have == wanted:
            continue
        name, path, beside = other.get("common_name", ""), facts.get("path"), other.get("path")
        found.append(
            Violation(
                f'the certificate "{safe(name, 80)}" of {whose(key)} has another key than the '
                "private key that is configured",
                wanted=numbered(wanted, safe(beside or "the certificate", 120)),
                found=numbered(have, safe(path or "the private key", 120)),
                remedy=one_pair(path, beside) if path and beside else None,
                where=place(key, facts),
                changes=changes(key),
                evidence={"setting": key, "certificate": beside},
                how=PAIR,
            )
        )
    return found
