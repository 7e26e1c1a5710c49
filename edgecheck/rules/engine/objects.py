"""What an act changes: a certificate, a file, a setting, or what is missing."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What kind of thing has to change."""

    CERTIFICATE = "certificate"
    FILE = "file"
    TRUST = "trust"
    CONFIGURATION = "configuration"
    CLIENT = "client"
    CLOCK = "clock"
    CAPTURE = "capture"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Object:
    """What has to change so that a violation goes away.

    Attributes:
        kind: what it is.
        subject: which one: the SHA-256 of a certificate; the name of a file as it was given, also
            of a file with what clients trust and of a transcript; the key of a setting, as
            config.toml has it, with every runtime (`SETTINGS` lists them), which is where a file
            of the gateway has its name that was not given itself; the name of what is missing.
            Empty where there is only one, or where none was given.
        words: the same for people, safe to print; the name of a file is as it was given.
    """

    kind: Kind
    subject: str = ""
    words: str = ""


class Place(NamedTuple):
    """Where something was read: the source's name, and the argument that it belongs to.

    `within` is "trust", a field of `edgecheck.Device`, or empty for what is presented.
    """

    source: str
    within: str = ""


class Setting(NamedTuple):
    """One thing that the gateway's configuration decides, and where: up to 1.1 it was elsewhere."""

    words: str
    place: str = ""
    up_to_1_1: str = ""

    def told(self, old: bool | None) -> str:
        """What it is and where it stands; `old`: whether the runtime is 1.1 at most, if known."""
        if old is None and self.up_to_1_1 and self.place:
            return f"{self.words} ({self.place}; up to 1.1 {self.up_to_1_1})"
        place = self.up_to_1_1 if old and self.up_to_1_1 else self.place
        return f"{self.words} ({place})" if place else self.words


SETTINGS: dict[str, Setting] = {
    "configuration": Setting(
        "the gateway's configuration", "/etc/aziot/config.toml", "/etc/iotedge/config.yaml"
    ),
    "hostname": Setting(
        "the gateway's host name", "`hostname` in config.toml", "`hostname` in config.yaml"
    ),
    "parent_hostname": Setting(
        "the parent's host name", "`parent_hostname` in config.toml", "`parent_hostname`"
    ),
    "provisioning": Setting(
        "how the gateway logs in", "`[provisioning]` in config.toml", "`provisioning`"
    ),
    "provisioning.identity_cert": Setting(
        "the gateway's identity certificate",
        "`identity_cert` of `[provisioning]`",
        "`identity_cert` of `provisioning`",
    ),
    "edge_ca": Setting(
        "the gateway's device CA", "`[edge_ca]` in config.toml", "`certificates` in config.yaml"
    ),
    "edge_ca.cert": Setting(
        "the gateway's device CA file", "`cert` of `[edge_ca]`", "`device_ca_cert`"
    ),
    "edge_ca.pk": Setting("the device CA's private key", "`pk` of `[edge_ca]`", "`device_ca_pk`"),
    "trust_bundle_cert": Setting(
        "the gateway's trust bundle", "`trust_bundle_cert`", "`trusted_ca_certs`"
    ),
    "cert_issuance.est": Setting(
        "how the gateway uses the EST server", "`[cert_issuance.est]` in config.toml"
    ),
    "est": Setting("the EST server", "its profile for device CAs"),
    "containers": Setting("the containers of edgeAgent and edgeHub"),
    "served": Setting(
        "what the gateway serves", "`EdgeHubServerCertificateFile` of edgeHub, or the api-proxy's"
    ),
    "workload_ca": Setting("the workload CA that the daemon keeps", "hsm/certs"),
    "os_trust": Setting("what the gateway's system trusts", "/usr/local/share/ca-certificates"),
    "runtime": Setting("the version of IoT Edge"),
    "registration": Setting("the registration of the device in IoT Hub"),
    "max_depth": Setting("how deep a path may be"),
}
"""What `Object.subject` may be where the configuration has to change."""

FILES = {
    "device_ca_file": "edge_ca.cert",
    "trust_bundle": "trust_bundle_cert",
    "identity_certificate": "provisioning.identity_cert",
    "os_trust": "os_trust",
    "cached_workload_ca": "workload_ca",
}
"""Where the gateway has the name of a file, by the fields of `edgecheck.Device`."""

THE_CLIENT = Object(Kind.CLIENT, "", "the client")
THE_NAME = Object(Kind.CLIENT, "", "the name that clients ask for (GatewayHostName)")
THE_CLOCK = Object(Kind.CLOCK, "", "the clock")
PRESENTED = Object(Kind.FILE)
"""The file that what is presented comes from, whichever that is."""
TRUSTED = Object(Kind.TRUST)
"""What the client trusts, wherever that was read."""
CAPTURED = Object(Kind.CAPTURE)
"""The transcript, or whatever else was taken from a connection."""


def setting(key: str) -> Object:
    """Return a setting as an object.

    Raises:
        KeyError: it is none of `SETTINGS`.
    """
    SETTINGS[key]
    return Object(Kind.CONFIGURATION, key)


def missing(words: str) -> Object:
    """Return what is missing as an object; the words, safe to print, name it."""
    return Object(Kind.MISSING, words, words)
