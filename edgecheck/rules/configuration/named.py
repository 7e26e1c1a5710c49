"""Rules about the files that the configuration names: whether they are there and can be read."""

from collections.abc import Iterator, Mapping
from typing import Any

from edgecheck.device import Device
from edgecheck.hierarchy.roles import Role
from edgecheck.hierarchy.shapes import LAST_1_1, OLDEST
from edgecheck.reading.distance import distance
from edgecheck.reading.text import safe
from edgecheck.rules.device.whose import as_word, place, whose
from edgecheck.rules.engine.case import Case, shown_time
from edgecheck.rules.engine.objects import SETTINGS, Object, setting
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
from edgecheck.rules.validity.common import DAY
from edgecheck.settings import FileFacts

_CHECKS = "aziotctl/src/internal/check/checks/"
_READ_ELSEWHERE = ("edge_ca.cert", "trust_bundle_cert")
"""Files whose certificates are judged one by one, in the chain and in the trust bundle."""
_SOON, _LEAST = 30 * DAY, 7 * DAY


@rule(
    "configuration.file-missing",
    title="A file that the configuration names is not there",
    severity=ERROR,
    over=Over.DEVICE,
    act=Act.CONFIGURE,
    changes="configuration",
    needs=[Need.FILES],
    references=[
        identity_service(_CHECKS + "certs_preloaded.rs"),
        edge("edgelet/iotedged/src/lib.rs"),
        issue("Azure/iotedge", 6044),
    ],
    symptoms=[
        "could not load cert with ID",
        "To operate Edge as a transparent gateway, set env variables with valid values",
    ],
)
def file_missing(device: Device, case: Case) -> list[Violation]:
    """A certificate or a key is not where the configuration says that it is.

    From 1.2 on certd or keyd cannot load it: "No such file or directory", "could not load cert with
    ID". Up to 1.1 the daemon says "To operate Edge as a transparent gateway, set env variables with
    valid values" and does not start. `%XX` in a URI stands for one character, and the path begins
    at the root of the gateway's own file system, never in a home folder.

    Remedy:
    Put the file there, or write the right path into the configuration and apply it
    (`sudo iotedge config apply`; up to 1.1 `sudo systemctl restart iotedge`).
    """
    return [
        Violation(
            f"{_what(key, is_key)} is not there: {safe(facts.get('path', ''), 200)}"
            + _because(facts),
            wanted="a file",
            found=facts.get("told") or "nothing",
            where=place(key, facts),
            changes=_setting(key),
            evidence={"setting": key, "path": facts.get("path")},
        )
        for key, facts, is_key in _everything(device)
        if facts.get("exists") is False or (facts.get("told") and "mode" not in facts)
        if facts.get("exists") is not None
    ]


def _because(facts: Mapping[str, Any]) -> str:
    told = facts.get("told", "")
    return f" ({safe(told.lower(), 80)})" if told and not told.startswith("No such file") else ""


@rule(
    "configuration.file-unreadable",
    title="The runtime's user cannot read a file that the configuration names",
    severity=ERROR,
    over=Over.DEVICE,
    act=Act.CONFIGURE,
    changes="configuration",
    needs=[Need.FILES],
    references=[
        identity_service("aziotctl/aziotctl-common/src/config/mod.rs"),
        issue("Azure/iotedge", 6723),
        issue("Azure/iotedge", 4853),
    ],
    symptoms=["is not readable by user"],
)
def file_unreadable(device: Device, case: Case) -> list[Violation | Missing]:
    """A certificate is there, and the user that has to read it is kept out.

    From 1.2 on certd reads certificates as the user aziotcs, up to 1.1 the daemon as iotedge. It
    takes the file's own permissions and those of every folder above it; one such as /home/user
    mostly shuts them out: "is not readable by user aziotcs", "Permission denied". Of private keys
    `device.key-permissions` speaks.

    Remedy:
    Put the file into a folder of the runtime's, such as /var/aziot/certs, and let its user read it:

        chown aziotcs:aziotcs /var/aziot/certs/device-ca.pem
        chmod 644 /var/aziot/certs/device-ca.pem
    """
    old = case.within(OLDEST, LAST_1_1)
    wanted = "iotedge" if old else "aziotcs"
    kept: dict[str, list[str]] = {}
    found: list[Violation | Missing] = []
    for key, facts in (device.files or {}).items():
        readers = facts.get("readable_by")
        if readers is None and facts.get("exists") is not False:
            found.append(Missing(f"who can read {_what(key, False)} is not known"))
        if readers is None or wanted in readers or (old is None and "iotedge" in readers):
            continue
        kept.setdefault(facts.get("shut") or facts.get("path", key), []).append(key)
    return [*found, *(_kept_out(shut, keys, wanted, device) for shut, keys in kept.items())]


def _kept_out(shut: str, keys: list[str], wanted: str, device: Device) -> Violation:
    """What one folder, or the file's own mode, keeps from being read."""
    files = device.files or {}
    paths = [safe(files[key].get("path", ""), 200) for key in keys]
    whole = " and ".join(_what(key, False) for key in keys)
    folder = shut not in (files[key].get("path") for key in keys)
    why = f"the folder {safe(shut, 120)} keeps it out" if folder else "its mode forbids it"
    return Violation(
        f"{whole} cannot be read by {wanted}: {why} ({', '.join(paths)})",
        wanted=wanted,
        found=[safe(reader, 40) for reader in files[keys[0]].get("readable_by", ())],
        where=place(keys[0], files[keys[0]]),
        changes=_setting(keys[0]),
        evidence={"settings": keys, "shut": shut},
        remedy=None if folder else _readable(wanted, [files[key].get("path", "") for key in keys]),
    )


def _readable(user: str, paths: list[str]) -> str | None:
    """The commands that let the runtime's user read these files; None: one cannot be printed."""
    words = " ".join(dict.fromkeys(map(as_word, paths)))
    if not all(map(as_word, paths)):
        return None
    return f"""Let the runtime's user read it:

    sudo chown {user}:{user} {words}
    sudo chmod 644 {words}"""


@rule(
    "configuration.file-without-certificate",
    title="A file that the configuration names holds no certificate",
    severity=ERROR,
    over=Over.DEVICE,
    act=Act.CONFIGURE,
    changes="configuration",
    needs=[Need.FILES],
    references=[identity_service(_CHECKS + "certs_preloaded.rs"), issue("Azure/iotedge", 6044)],
    symptoms=["as a valid .pem"],
)
def file_without_certificate(device: Device, case: Case) -> list[Violation]:
    """The identity, a CA that issues, or what belongs to an EST server is no certificate.

    `aziotctl check` says "could not parse [...] as a valid .pem". Of the files of the device CA and
    of the trust bundle the rules about the input speak.

    Remedy:
    Configure a file of PEM with the line `-----BEGIN CERTIFICATE-----`. Where it is the private
    key, the two settings were taken for each other.
    """
    return [
        Violation(
            f"{_what(key, False)} holds no certificate: {safe(facts.get('path', ''), 200)}",
            wanted="a certificate as PEM",
            found="no certificate",
            where=place(key, facts),
            changes=_setting(key),
            evidence={"setting": key},
        )
        for key, facts in (device.files or {}).items()
        if key not in (*_READ_ELSEWHERE, *_IDENTITY) and facts.get("certificates") == 0
    ]


_IDENTITY = (
    "provisioning.authentication.identity_cert",
    "provisioning.attestation.identity_cert",
)


@rule(
    "configuration.certificate-ends",
    title="A certificate that the gateway logs in or issues with has ended, or soon will",
    severity=ERROR,
    over=Over.DEVICE,
    act=Act.RENEW,
    changes="configuration",
    needs=[Need.FILES],
    references=[
        identity_service(_CHECKS + "cert_expiry.rs"),
        edge("edgelet/iotedge/src/check/checks/identity_certificate_expiry.rs"),
        identity_service("aziotctl/src/internal/check/util.rs"),
    ],
    symptoms=["will expire soon", "expired at"],
)
def certificate_ends(device: Device, case: Case) -> list[Violation]:
    """The identity, a local CA, or what an EST server knows the gateway by is out of date.

    IoT Hub, provisioning and EST servers refuse what has expired, and so does everybody what an
    expired CA issued. The runtime renews none of these files. `iotedge check` warns 7 days
    ahead of the first certificate of each; here it is a warning in its last 30 days, or of a
    short life in the last third.

    Remedy:
    Have the certificate renewed, put it in its place, and run `sudo iotedge config apply` (up to
    1.1 `sudo systemctl restart iotedge`). One that is not valid yet has to wait, or a clock is
    wrong.
    """
    found = []
    at = case.expected.at_seconds
    days = case.expected.validation.days_before(Role.DEVICE)
    for key, facts in (device.files or {}).items():
        begins, ends = facts.get("not_before"), facts.get("not_after")
        if key in _READ_ELSEWHERE or begins is None or ends is None:
            continue
        soon = max(_LEAST, min(_SOON, (ends - begins) // 3)) if days is None else days * DAY
        if at > ends:
            severity, told = ERROR, f"expired at {shown_time(ends)}"
        elif at < begins:
            severity, told = ERROR, f"is valid only from {shown_time(begins)} on"
        elif ends - at <= soon:
            severity, told = WARNING, f"expires at {shown_time(ends)}, {distance(ends, at)}"
        else:
            continue
        name = facts.get("common_name", "")
        found.append(
            Violation(
                f'the certificate "{safe(name, 80)}" of {whose(key)} {told}',
                wanted="a certificate that is valid, and for a while",
                found=told,
                severity=severity,
                where=place(key, facts),
                changes=_setting(key),
                evidence={"setting": key},
            )
        )
    return found


def _everything(device: Device) -> Iterator[tuple[str, FileFacts, bool]]:
    for key, facts in (device.files or {}).items():
        yield key, facts, False
    for key, held in (device.keys or {}).items():
        yield key, held, True


def _what(key: str, is_key: bool) -> str:
    """`the file of the device CA`, `the private key of the gateway's identity`."""
    if key == "trust_bundle_cert":
        return "the trust bundle"
    return f"the {'private key' if is_key else 'file'} of {whose(key)}"


def _setting(key: str) -> Object:
    """What has to change: the setting that names the file."""
    while key not in SETTINGS:
        key = key.rpartition(".")[0] or "configuration"
    return setting(key)
