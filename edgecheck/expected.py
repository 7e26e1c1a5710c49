"""What the world says: the only way in for time, names, trust and the device's description.

Everything here is given by the caller. What is not given is unknown, never empty.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from edgecheck.reading.certificate import Certificate
from edgecheck.reading.crl import Crl
from edgecheck.reading.der import oid_content

Version = tuple[int, ...]

REVOCATION = ("off", "if-given", "require")

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


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on the work that one chain may cause; what exceeds one is undecided.

    Attributes:
        signatures: signature verifications (webpki: 100, after CVE-2018-16875 in Go).
        steps: certificates tried while paths are built (webpki: 200,000, as mozilla::pkix).
        name_comparisons: name constraint comparisons (250,000, as Go and webpki).
        input_bytes: bytes read from one source.
        certificates: certificates read from the whole input.
    """

    signatures: int = 100
    steps: int = 200_000
    name_comparisons: int = 250_000
    input_bytes: int = 16 * 1024 * 1024
    certificates: int = 2_000

    def __post_init__(self) -> None:
        """Refuse what is no number of something."""
        for name in ("signatures", "steps", "name_comparisons", "input_bytes", "certificates"):
            value = getattr(self, name)
            if not isinstance(value, int):
                raise TypeError(f"{name}: expected an int, got {type(value).__name__}")
            if value < 0:
                raise ValueError(f"{name}: expected 0 or more, got {value}")


@dataclass(frozen=True, slots=True)
class Validation:
    """How a path is validated (RFC 5280, section 6.1.1).

    Attributes:
        purpose: "server", what a gateway is; or "client".
        peer_names: names that a client's certificate must carry, all of them: e-mail
            addresses, DNS names or IP addresses.
        max_depth: most CA certificates between target and anchor; None: no bound.
        initial_policies: the user-initial-policy-set as dotted identifiers; None: any policy.
        require_explicit_policy: initial-explicit-policy.
        inhibit_policy_mapping: initial-policy-mapping-inhibit.
        inhibit_any_policy: initial-any-policy-inhibit.
        revocation: "off"; "if-given": what given CRLs say counts; "require": every
            certificate's status must be known from them.
        limits: bounds on the work.
    """

    purpose: str = "server"
    peer_names: tuple[str, ...] = ()
    max_depth: int | None = None
    initial_policies: tuple[str, ...] | None = None
    require_explicit_policy: bool = False
    inhibit_policy_mapping: bool = False
    inhibit_any_policy: bool = False
    revocation: str = "if-given"
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        """Refuse what is no purpose, depth, policy or mode."""
        if self.purpose not in ("server", "client"):
            raise ValueError(f"purpose: expected 'server' or 'client', got {self.purpose!r}")
        if not isinstance(self.limits, Limits):
            raise TypeError(f"limits: expected Limits, got {type(self.limits).__name__}")
        if self.max_depth is not None and not isinstance(self.max_depth, int):
            raise TypeError(f"max_depth: expected an int, got {type(self.max_depth).__name__}")
        if self.max_depth is not None and self.max_depth < 0:
            raise ValueError(f"max_depth: expected 0 or more, got {self.max_depth}")
        if self.revocation not in REVOCATION:
            known = ", ".join(REVOCATION)
            raise ValueError(f"revocation: expected one of {known}, got {self.revocation!r}")
        if isinstance(self.peer_names, str):
            raise TypeError("peer_names: expected a tuple of names, got one str")
        if isinstance(self.initial_policies, str):
            raise TypeError("initial_policies: expected a tuple of identifiers, got one str")
        for policy in self.initial_policies or ():
            oid_content(policy)


@dataclass(frozen=True, slots=True)
class Device:
    """What is known about the gateway; None is unknown.

    Attributes:
        runtime: the IoT Edge version, such as "1.1" (its last patch) or "1.2.10".
        time_t_bits: 32 or 64: the width of the system's time_t.
        hostname: `hostname` in the runtime's configuration, case kept.
        machine_name: what the operating system calls itself.
        parent_hostname: `parent_hostname` in the configuration of a nested gateway.
        device_id: the device's id in IoT Hub.
        gateway_host_names: GatewayHostName as downstream devices have it, case kept.
        device_ca_file: contents of the configured device CA file (PEM).
        trust_bundle: contents of the configured trust bundle (PEM): what the gateway serves
            its modules; not what a connecting client trusts.
        identity_certificate: contents of the identity certificate's file (PEM).
        keys: facts about key files by configuration key, such as {"edge_ca.pk": {"type": ...}};
            never a key. The device CA's is "edge_ca.pk" (up to 1.1 also "device_ca_pk"). What
            may be told of each, all of it optional: "type" ("RSA", "EC", "Ed25519", ...),
            "bits" (int), "curve" ("secp256r1", ...), "encrypted" (bool), "public_key" (SHA-256
            of its SubjectPublicKeyInfo, hexadecimal), "mode" (int, such as 0o400), "owner" (a
            user's name), "readable_by" (names of users who can read the file, directories
            above it included).
        edge_ca: the settings of `[edge_ca]`; up to 1.1 those of `certificates`.
        provisioning: the settings of `[provisioning]`.
    """

    runtime: str | None = None
    time_t_bits: int | None = None
    hostname: str | None = None
    machine_name: str | None = None
    parent_hostname: str | None = None
    device_id: str | None = None
    gateway_host_names: tuple[str, ...] | None = None
    device_ca_file: bytes | str | None = None
    trust_bundle: bytes | str | None = None
    identity_certificate: bytes | str | None = None
    keys: Mapping[str, Mapping[str, Any]] | None = None
    edge_ca: Mapping[str, Any] | None = None
    provisioning: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        """Refuse an unknown runtime, and widths that no system has."""
        for text in ("runtime", "hostname", "machine_name", "parent_hostname", "device_id"):
            value = getattr(self, text)
            if value is not None and not isinstance(value, str):
                raise TypeError(f"{text}: expected a str, got {type(value).__name__}")
        if self.runtime is not None:
            parse_runtime(self.runtime)
        if self.time_t_bits not in (None, 32, 64):
            raise ValueError(f"time_t_bits: expected 32 or 64, got {self.time_t_bits!r}")
        if isinstance(self.gateway_host_names, str):
            raise TypeError("gateway_host_names: expected a tuple of names, got one str")
        if not all(isinstance(name, str) for name in self.gateway_host_names or ()):
            raise TypeError("gateway_host_names: expected a tuple of names")


PROFILES = ("iot-edge", "path", "rfc5280", "web-pki")
"""`path` is RFC 5280, section 6.1, alone; `iot-edge` adds purpose and host name; `rfc5280`
adds the MUSTs of section 4; `web-pki` the CA/Browser baseline that bears on validation."""


@dataclass(frozen=True, slots=True)
class Expected:
    """All that the caller said, checked and read.

    Attributes:
        at: the moment of validation, aware.
        at_seconds: the same in whole seconds since 1970-01-01T00:00:00Z.
        hostname: as the client types it.
        trust: what the connecting client trusts.
        crls: those that could be read; of the others `unreadable_crls` says why not.
        suffixes: tells whether a domain is a public suffix; None where that is not known.
    """

    at: datetime
    at_seconds: int
    hostname: str | None
    trust: tuple[Certificate, ...]
    device: Device
    runtime: Version | None
    device_ca_file: tuple[Certificate, ...] | None
    trust_bundle: tuple[Certificate, ...] | None
    identity_certificate: tuple[Certificate, ...] | None
    profile: str
    validation: Validation
    roles: Mapping[str, str]
    crls: tuple[Crl, ...] = ()
    unreadable_crls: tuple[str, ...] = ()
    suffixes: Callable[[str], bool] | None = None
