"""The gateway's description: what is known about it beside the certificates that it presents."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field

from edgecheck.given import checked, differing, owned
from edgecheck.reading.sources import AnyCertificates, lasting
from edgecheck.settings import (
    CertificatesOfYaml,
    CertIssuance,
    ConfigurationFile,
    ConnectionString,
    Difference,
    EdgeCa,
    FileFacts,
    KeyFacts,
    Provisioning,
    Registration,
)
from edgecheck.values import frozen

Version = tuple[int, ...]

_LAST_PATCH: dict[Version, int] = {
    (1, 0): 10,
    (1, 1): 19,
    (1, 2): 10,
    (1, 3): 0,
    (1, 4): 99,
    (1, 5): 99,
    (1, 6): 99,
}
"""The runtime's release lines with their last patch.

The lines from 1.4 on get patches for images alone, so any two-digit patch is taken.
"""
_FOURTH = (1, 0)
"""The one line whose patches have patches (1.0.6.1, 1.0.10.4)."""


def parse_runtime(text: str) -> Version:
    """A runtime version as a tuple that compares; `1.1` means that line's last patch.

    Raises:
        TypeError: not a string.
        ValueError: not a version that exists; the text lists those that do.
    """
    if not isinstance(text, str):
        raise TypeError(f"runtime: expected a string such as '1.4', got {type(text).__name__}")
    parts = text.split(".")
    if all(part.isascii() and part.isdigit() for part in parts) and 2 <= len(parts) <= 4:
        numbers = tuple(map(int, parts))
        line, rest = numbers[:2], numbers[2:]
        last = _LAST_PATCH.get(line)
        if last is not None:
            if not rest:
                return (*line, last) if last < 99 else (*line, 0)
            if rest[0] <= last and (len(rest) == 1 or line == _FOURTH):
                return numbers
    known = ", ".join(
        f"{major}.{minor}.0"
        + (f" to {major}.{minor}.{last}" if 0 < last < 99 else "")
        + (" and later patches" if last == 99 else "")
        for (major, minor), last in _LAST_PATCH.items()
    )
    raise ValueError(f"runtime: {text!r} is not a known IoT Edge version; known are {known}")


FILES = (
    "device_ca_file",
    "trust_bundle",
    "identity_certificate",
    "os_trust",
    "cached_workload_ca",
)
"""Fields of `Device` that hold a file of certificates: its contents, or those with its name."""

_TEXTS = (
    "runtime",
    "hostname",
    "machine_name",
    "parent_hostname",
    "device_id",
    "trust_bundle_cert",
)
_TABLES = {
    "edge_ca": EdgeCa,
    "provisioning": Provisioning,
    "certificates": CertificatesOfYaml,
    "cert_issuance": CertIssuance,
    "registration": Registration,
    "keys": Mapping[str, KeyFacts],
    "files": Mapping[str, FileFacts],
    "configuration_files": Mapping[str, ConfigurationFile],
    "differences": Mapping[str, Difference],
    "connection_strings": Sequence[ConnectionString],
    "folders": Sequence[str],
}


@frozen
class Device:
    """What is known about the gateway; None is unknown.

    A setting that is known to be absent is an empty string or table. A URI or path stands as
    the configuration has it. `keys` and `files` go by the configuration key of config.toml, with
    every runtime: "edge_ca.pk", "edge_ca.cert", "trust_bundle_cert",
    "provisioning.authentication.identity_pk" (or attestation). The classes of
    `edgecheck.settings` list the keys of each table.

    The contents of a file may be given as an `edgecheck.Source`, by whose name reports then speak
    of the file.

    Attributes:
        runtime: the IoT Edge version, such as "1.1" (its last patch) or "1.2.10".
        time_t_bits: 32 or 64: the width of the system's time_t.
        hostname: `hostname` in the runtime's configuration, case kept.
        machine_name: what the operating system calls itself.
        parent_hostname: `parent_hostname` in the configuration of a nested gateway.
        device_id: the device's id in IoT Hub.
        gateway_host_names: GatewayHostName as downstream devices have it, case kept.
        device_ca_file: contents of the configured device CA file, in any form that `check()` takes
            certificates in; so of the other files.
        trust_bundle: contents of the configured trust bundle: what the gateway serves
            its modules; not what a connecting client trusts.
        identity_certificate: contents of the identity certificate's file.
        keys: facts about key files; never a key.
        edge_ca: `[edge_ca]` of config.toml (1.2 and later).
        provisioning: `[provisioning]`.
        certificates: `certificates` of config.yaml (up to 1.1).
        trust_bundle_cert: `trust_bundle_cert` of config.toml: a URI.
        cert_issuance: `[cert_issuance]` of config.toml.
        files: facts about certificate files.
        configuration_files: those that are on the machine by path, such as
            "/etc/aziot/config.toml" or "/etc/iotedge/config.yaml", and facts about them.
        os_trust: contents of the system's own store of trusted certificates.
        cached_workload_ca: contents of the workload CA's file in `hsm/certs` (up to 1.1).
        registration: what IoT Hub knows of the downstream device whose certificate is
            presented, where the purpose is "client".
        differences: settings that config.toml and the daemons' own files have otherwise, by the
            key of config.toml; an empty one: it was applied.
        connection_strings: what downstream devices' connection strings say; never their keys.
        folders: where the runtime keeps what it made on this machine.
    """

    runtime: str | None = None
    time_t_bits: int | None = None
    hostname: str | None = None
    machine_name: str | None = None
    parent_hostname: str | None = None
    device_id: str | None = None
    gateway_host_names: tuple[str, ...] | None = None
    device_ca_file: AnyCertificates | None = field(default=None, repr=False)
    trust_bundle: AnyCertificates | None = field(default=None, repr=False)
    identity_certificate: AnyCertificates | None = field(default=None, repr=False)
    keys: Mapping[str, KeyFacts] | None = field(default=None, hash=False)
    edge_ca: EdgeCa | None = field(default=None, hash=False)
    provisioning: Provisioning | None = field(default=None, hash=False)
    certificates: CertificatesOfYaml | None = field(default=None, hash=False)
    trust_bundle_cert: str | None = None
    cert_issuance: CertIssuance | None = field(default=None, hash=False)
    files: Mapping[str, FileFacts] | None = field(default=None, hash=False)
    configuration_files: Mapping[str, ConfigurationFile] | None = field(default=None, hash=False)
    os_trust: AnyCertificates | None = field(default=None, repr=False)
    cached_workload_ca: AnyCertificates | None = field(default=None, repr=False)
    registration: Registration | None = field(default=None, hash=False)
    differences: Mapping[str, Difference] | None = field(default=None, hash=False)
    connection_strings: Sequence[ConnectionString] | None = field(default=None, hash=False)
    folders: Sequence[str] | None = None

    def __post_init__(self) -> None:
        """Refuse an unknown runtime, widths that no system has, and keys that no table has."""
        for text in _TEXTS:
            value = getattr(self, text)
            if value is not None and not isinstance(value, str):
                raise TypeError(f"{text}: expected a str, got {type(value).__name__}")
        if self.runtime is not None:
            parse_runtime(self.runtime)
        if self.time_t_bits not in (None, 32, 64):
            raise ValueError(f"time_t_bits: expected 32 or 64, got {self.time_t_bits!r}")
        if isinstance(self.gateway_host_names, str):
            raise TypeError("gateway_host_names: expected a tuple of names, got one str")
        if not isinstance(self.gateway_host_names, Iterable | None):
            told = type(self.gateway_host_names).__name__
            raise TypeError(f"gateway_host_names: expected a tuple of names, got {told}")
        if not all(isinstance(name, str) for name in self.gateway_host_names or ()):
            raise TypeError("gateway_host_names: expected a tuple of names")
        if self.gateway_host_names is not None:
            object.__setattr__(self, "gateway_host_names", tuple(self.gateway_host_names))
        for table, kind in _TABLES.items():
            value = getattr(self, table)
            if value is not None:
                checked(table, value, kind)
                object.__setattr__(self, table, owned(value))
        for file in FILES:
            contents = getattr(self, file)
            if contents is not None:
                object.__setattr__(self, file, lasting(contents))

    __repr__ = differing


UNKNOWN = Device()
"""Nothing is known of the gateway but what it presents."""
