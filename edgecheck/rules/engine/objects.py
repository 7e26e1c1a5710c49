"""What an act changes: a certificate, a file, a setting, or what is missing."""

from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What kind of thing has to change.

    A capture is what was taken from a connection, or given without a name; input is what
    edgecheck was not told.
    """

    CERTIFICATE = "certificate"
    FILE = "file"
    TRUST = "trust"
    CONFIGURATION = "configuration"
    CLIENT = "client"
    CLOCK = "clock"
    CAPTURE = "capture"
    INPUT = "input"
    MISSING = "missing"


class Object(NamedTuple):
    """What has to change so that a violation goes away.

    Attributes:
        kind: what it is.
        subject: which one: the SHA-256 of a certificate; the name of a file as it was given, also
            of a file with what clients trust and of a transcript; the key of a setting, as
            config.toml has it, with every runtime (`SETTINGS` lists them), which is where a file
            of the gateway has its name that was not given itself; the name of what is missing.
            Empty where there is only one, or where none was given.
        words: the same for people, safe to print.
        then: what is to be done after the change, as in "run `...`"; empty where nothing.
        how: what to do in few words where act and object alone do not say it; `{}` in it stands
            for these. It has nothing in it that comes out of certificates.
    """

    kind: Kind
    subject: str = ""
    words: str = ""
    then: str = ""
    how: str = ""


class Place(NamedTuple):
    """Where something was read: the source's name, and the argument that it belongs to.

    `within` is "trust", a field of `edgecheck.Device`, or empty for what is presented.
    """

    source: str
    within: str = ""


APPLY = "sudo iotedge config apply"
RESTART = "sudo systemctl restart iotedge"


class Setting(NamedTuple):
    """One thing that the gateway's configuration decides, and where: up to 1.1 it was elsewhere.

    `applied`: whether the runtime takes a change only when the configuration is applied; `before`:
    what has to be done before that, or else nothing changes.
    """

    words: str
    place: str = ""
    up_to_1_1: str = ""
    applied: bool = True
    before: str = ""

    def told(self, old: bool | None) -> str:
        """What it is and where it stands; `old`: whether the runtime is 1.1 at most, if known."""
        if old is None and self.up_to_1_1 and self.place:
            return f"{self.words} ({self.place}; up to 1.1 {self.up_to_1_1})"
        place = self.up_to_1_1 if old and self.up_to_1_1 else self.place
        return f"{self.words} ({place})" if place else self.words

    def then(self, old: bool | None) -> str:
        """What to do after a change."""
        if not self.applied:
            return ""
        first = f"{self.before} and " if self.before else ""
        if old is None:
            return f"{first}run `{APPLY}` (up to 1.1: `{RESTART}`)"
        return f"{first}run `{RESTART if old else APPLY}`"


SETTINGS: dict[str, Setting] = {
    "configuration": Setting(
        "the gateway's configuration", "/etc/aziot/config.toml", "/etc/iotedge/config.yaml"
    ),
    "hostname": Setting(
        "the gateway's host name",
        "`hostname` in config.toml",
        "`hostname` in config.yaml",
        before="remove the containers (`docker rm -f edgeAgent edgeHub`)",
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
    "cert_issuance": Setting(
        "how the gateway gets certificates issued", "`[cert_issuance]` in config.toml"
    ),
    "cert_issuance.est": Setting(
        "how the gateway uses the EST server", "`[cert_issuance.est]` in config.toml"
    ),
    "est": Setting("the EST server", "its profile for device CAs", applied=False),
    "connection_strings": Setting("the connection strings of the gateway's devices", applied=False),
    "containers": Setting("the containers of edgeAgent and edgeHub", applied=False),
    "served": Setting(
        "what the gateway serves",
        "`EdgeHubServerCertificateFile` of edgeHub, or the api-proxy's",
        applied=False,
    ),
    "workload_ca": Setting("the workload CA that the daemon keeps", "hsm/certs", applied=False),
    "os_trust": Setting(
        "what the gateway's system trusts", "/usr/local/share/ca-certificates", applied=False
    ),
    "runtime": Setting("the version of IoT Edge", applied=False),
    "registration": Setting("the registration of the device in IoT Hub", applied=False),
    "max_depth": Setting("how deep a path may be", applied=False),
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

FILE = "FILE"
"""What remedies write in commands for a file: its name takes the place where it is known."""
GATEWAY = "iotedgegw.local"
"""What they write for the gateway's name, likewise."""
THE_CLIENT = Object(Kind.CLIENT, "", "the client")
THE_NAME = Object(Kind.CLIENT, "", "the name that clients ask for (GatewayHostName)")
ONE_NAME = (
    "use one name on both sides: `hostname` of the gateway, and GatewayHostName of the device"
)
"""What to do where gateway and client have two names, of which either can be the wrong one."""
THE_CLOCK = Object(Kind.CLOCK, "", "the clock")
PRESENTED = Object(Kind.FILE)
"""The file that what is presented comes from, whichever that is."""
TRUSTED = Object(Kind.TRUST)
"""What the client trusts, wherever that was read."""
CAPTURED = Object(Kind.CAPTURE)
"""The transcript, or whatever else was taken from a connection."""


def setting(key: str) -> Object:
    """Return a setting as an object, of which is told when the runtime is known.

    Raises:
        KeyError: it is none of `SETTINGS`.
    """
    SETTINGS[key]
    return Object(Kind.CONFIGURATION, key)


def setting_of(key: str, old: bool | None) -> Object:
    """Return a setting as an object, with words; `old`: whether the runtime is 1.1 at most."""
    return Object(Kind.CONFIGURATION, key, SETTINGS[key].told(old), SETTINGS[key].then(old))


def missing(what: str, words: str = "", then: str = "") -> Object:
    """Return what is missing as an object; all texts safe to print."""
    return Object(Kind.MISSING, what, words or what, then)


def untold(words: str) -> Object:
    """Return what edgecheck was not told as an object; the words, safe to print, name it."""
    return Object(Kind.INPUT, "", words)
