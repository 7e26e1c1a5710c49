"""What the world says: the only way in for time, names, trust and the device's description.

Everything here is given by the caller. What is not given is unknown, never empty.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any

from edgecheck.device import Device, Version
from edgecheck.given import differing
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.der import oid_content
from edgecheck.reading.trusted import Trusted
from edgecheck.values import frozen

if TYPE_CHECKING:
    from edgecheck.reading.crl import Crl

LIMITS = (
    "signatures",
    "steps",
    "name_comparisons",
    "input_bytes",
    "certificates",
    "model_steps",
)
REVOCATION = ("off", "if-given", "require")


@frozen
class Limits:
    """Bounds on the work that one chain may cause; what exceeds one is undecided.

    Attributes:
        signatures: signature verifications (webpki: 100, after CVE-2018-16875 in Go).
        steps: certificates tried while paths are built (webpki: 200,000, as mozilla::pkix).
        name_comparisons: name constraint comparisons (1,048,576, as OpenSSL and BoringSSL; Go
            up to 1.24 and webpki stop after 250,000).
        input_bytes: bytes read from one source.
        certificates: certificates read from the whole input.
        model_steps: comparisons of names with constraints, and the like, that the models of all
            clients make together, each of them an eighth at the most. What a client does
            beyond that is unknown.
    """

    signatures: int = 100
    steps: int = 200_000
    name_comparisons: int = 1 << 20
    input_bytes: int = 16 * 1024 * 1024
    certificates: int = 2_000
    model_steps: int = 500_000

    def __post_init__(self) -> None:
        """Refuse what is no number of something."""
        for name in LIMITS:
            value = getattr(self, name)
            if not isinstance(value, int):
                raise TypeError(f"{name}: expected an int, got {type(value).__name__}")
            if value < 0:
                raise ValueError(f"{name}: expected 0 or more, got {value}")

    __repr__ = differing


@frozen
class Validation:
    """How a path is validated (RFC 5280, section 6.1.1).

    Attributes:
        purpose: "server", what a gateway is; or "client".
        peer_names: names that a client's certificate must carry, all of them: e-mail
            addresses, DNS names or IP addresses.
        max_depth: most CA certificates between target and anchor, without those that are
            self-issued, as in a pathLenConstraint; None: no bound.
        initial_policies: the user-initial-policy-set as dotted identifiers; None: any policy.
        require_explicit_policy: initial-explicit-policy.
        inhibit_policy_mapping: initial-policy-mapping-inhibit.
        inhibit_any_policy: initial-any-policy-inhibit.
        revocation: "off"; "if-given": what given CRLs say counts; "require": every
            certificate's status must be known from them.
        expires_within: days before its end from which on a certificate that ends is a warning:
            one number for all, or by role, such as {"root": 365}; kept as pairs. Roles that are
            not named have their defaults (`validity.expires-soon` lists them). It changes no
            verdict.
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
    expires_within: int | Mapping[str, int] | tuple[tuple[str, int], ...] = ()

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
        object.__setattr__(self, "peer_names", _texts("peer_names", self.peer_names))
        if self.initial_policies is not None:
            policies = _texts("initial_policies", self.initial_policies)
            object.__setattr__(self, "initial_policies", policies)
        for policy in self.initial_policies or ():
            oid_content(policy)
        if not isinstance(self.expires_within, int) or isinstance(self.expires_within, bool):
            object.__setattr__(self, "expires_within", _pairs(self.expires_within))
        elif self.expires_within < 0:
            raise ValueError(f"expires_within: expected 0 days or more, got {self.expires_within}")

    __repr__ = differing

    def days_before(self, role: str) -> int | None:
        """Return the days that `expires_within` gives a role; None where it says nothing of it."""
        if isinstance(self.expires_within, int):
            return self.expires_within
        return dict(self.expires_within).get(role)


def _texts(name: str, given: Any) -> tuple[str, ...]:
    if not isinstance(given, Iterable):
        raise TypeError(f"{name}: expected a tuple of str, got {type(given).__name__}")
    several = tuple(given)
    for each in several:
        if not isinstance(each, str):
            raise TypeError(f"{name}: expected str in it, got {type(each).__name__}")
    return several


def _pairs(days: Any) -> tuple[tuple[str, int], ...]:
    """Days by role as a value that can be hashed; refuses what is no number of days."""
    try:
        pairs = tuple(dict(days).items())
    except (TypeError, ValueError):
        kind = type(days).__name__
        raise TypeError(f"expires_within: expected days, or days by role, got {kind}") from None
    for role, number in pairs:
        if not isinstance(role, str) or not isinstance(number, int) or isinstance(number, bool):
            raise TypeError(f"expires_within: expected days by role, got {role!r}: {number!r}")
        if number < 0:
            raise ValueError(f"expires_within: expected 0 days or more, got {number} for {role}")
    return pairs


PROFILES = ("iot-edge", "path", "rfc5280", "web-pki")
"""`path` is RFC 5280, section 6.1, alone; `iot-edge` adds purpose and host name; `rfc5280`
adds the MUSTs of section 4; `web-pki` the CA/Browser baseline that bears on validation."""


@frozen
class Expected:
    """All that the caller said, checked and read.

    Attributes:
        at: the moment of validation, aware.
        at_seconds: the same in whole seconds since 1970-01-01T00:00:00Z.
        hostname: as the client types it.
        trust: what the connecting client trusts.
        crls: those that could be read; of the others `unreadable_crls` says why not.
        suffixes: tells whether a domain is a public suffix; None where that is not known.
        clients: ids of the clients that this deployment has; None: those of tier 1.
        sources: names of the files that were read, by the argument that they belong to: "trust",
            and fields of `edgecheck.Device`. What was given as bytes has no name.
    """

    at: datetime
    at_seconds: int
    hostname: str | None
    trust: Trusted
    device: Device
    runtime: Version | None
    profile: str
    validation: Validation
    roles: Mapping[str, str] = field(hash=False)
    device_ca_file: tuple[Certificate, ...] | None = None
    trust_bundle: tuple[Certificate, ...] | None = None
    identity_certificate: tuple[Certificate, ...] | None = None
    crls: "tuple[Crl, ...]" = ()
    unreadable_crls: tuple[str, ...] = ()
    suffixes: Callable[[str], bool] | None = field(default=None, repr=False, compare=False)
    os_trust: tuple[Certificate, ...] | None = None
    cached_workload_ca: tuple[Certificate, ...] | None = None
    clients: frozenset[str] | None = None
    sources: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)

    def file(self, field: str) -> str:
        """Return the name under which a file of the gateway was read, as locations have it."""
        return next(iter(self.sources.get(field, ())), f"<{field}>")

    def __reduce__(self) -> tuple[Any, ...]:
        """Without the list of suffixes, which is a function and was asked already."""
        given = {each.name: getattr(self, each.name) for each in fields(self)}
        return _expected, ({**given, "suffixes": None},)


def _expected(given: dict[str, Any]) -> Expected:
    return Expected(**given)
