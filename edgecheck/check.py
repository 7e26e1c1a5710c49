"""check(): the whole pipeline on one page."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from edgecheck.adapters.clock import now
from edgecheck.expected import PROFILES, Device, Expected, Validation, parse_runtime
from edgecheck.hierarchy.hierarchy import rebuild
from edgecheck.hierarchy.roles import Role
from edgecheck.memo import Memo
from edgecheck.reading.certificate import Certificate, Origin
from edgecheck.reading.inputs import Presentation, Reader
from edgecheck.reporting.report import Report
from edgecheck.rules import BUILT_IN
from edgecheck.rules.case import Case
from edgecheck.rules.finding import findings
from edgecheck.rules.ruleset import RuleSet
from edgecheck.rules.run import Run

_UNKNOWN_DEVICE = Device()
_DEFAULT_VALIDATION = Validation()


def check(
    presented: Any,
    hostname: str | None = None,
    trust: Any = (),
    at: datetime | None = None,
    device: Device | None = None,
    profile: str = "iot-edge",
    validation: Validation = _DEFAULT_VALIDATION,
    rules: RuleSet = BUILT_IN,
    memo: Memo | None = None,
    roles: Mapping[str, str] | None = None,
) -> Report:
    """Check what a gateway presents, and report everything that is wrong with it.

    A bad chain never raises; what raises is the caller's own mistake. No file, socket or
    process is opened.

    Args:
        presented: bytes or str of PEM, DER or an `openssl s_client -showcerts` transcript;
            or an iterable of these or of certificates of `cryptography`.
        hostname: exactly as the client types it (GatewayHostName), case kept.
        trust: what the connecting client trusts; the same types as `presented`.
        at: the moment of validation, aware; None: now, read once and kept in the report.
        device: what is known about the gateway.
        profile: "iot-edge", or "path" for RFC 5280, section 6.1, alone.
        validation: how paths are validated, and the bounds on the work.
        rules: the rules to apply.
        memo: shared between calls about chains that have certificates in common; the
            report is the same with and without.
        roles: fingerprints (SHA-256, hexadecimal) of certificates whose role is known.

    Raises:
        TypeError: an argument of the wrong type, such as a path instead of contents.
        ValueError: a naive datetime, an unknown profile or role, trust without a certificate.
    """
    limits = validation.limits
    reader = Reader(memo.certificates if memo else {}, limits.input_bytes, limits.certificates)
    presentation = reader.read(presented, "presented")
    trusted = reader.read(trust, "trust", "<trust>")
    if not trusted.sequence and (trusted.problems or trust not in ((), [], None)):
        raise ValueError("trust: no certificate could be read from what was given")
    device = device or _UNKNOWN_DEVICE
    moment = _moment(at)
    expected = Expected(
        moment,
        int(moment.timestamp()),
        _hostname(hostname),
        tuple(dict.fromkeys(trusted.sequence)),
        device,
        parse_runtime(device.runtime) if device.runtime is not None else None,
        _file(reader, device.device_ca_file, "device_ca_file"),
        _file(reader, device.trust_bundle, "trust_bundle"),
        _file(reader, device.identity_certificate, "identity_certificate"),
        _profile(profile),
        validation,
        _roles(roles or {}),
    )
    hierarchy = rebuild(presentation.sequence, expected, memo.signatures if memo else {})
    origins = _origins(presentation, trusted)
    case = Case(expected, hierarchy, origins, presentation.problems)
    run = Run(case, rules.plan, memo.findings if memo else None)
    run.everything()
    if memo is not None:
        memo.trim()
    return Report(expected, hierarchy, findings(run.violated, case), tuple(run.undecided), origins)


def _origins(presentation: Presentation, trusted: Presentation) -> dict[Certificate, list[Origin]]:
    """Where each certificate was presented; of the others, where they are trusted."""
    origins: dict[Certificate, list[Origin]] = {}
    for certificate, origin in zip(presentation.sequence, presentation.origins, strict=True):
        origins.setdefault(certificate, []).append(origin)
    for certificate, origin in zip(trusted.sequence, trusted.origins, strict=True):
        if certificate not in origins:
            origins[certificate] = [origin]
    return origins


def _moment(at: datetime | None) -> datetime:
    if at is None:
        return now()
    if not isinstance(at, datetime):
        raise TypeError(f"at: expected an aware datetime or None, got {type(at).__name__}")
    if at.tzinfo is None or at.utcoffset() is None:
        raise ValueError(
            "at: expected an aware datetime, got a naive one; add a zone, such as "
            "at.replace(tzinfo=datetime.UTC)"
        )
    return at.astimezone(UTC)


def _hostname(hostname: str | None) -> str | None:
    if hostname is not None and not isinstance(hostname, str):
        raise TypeError(f"hostname: expected a str, got {type(hostname).__name__}")
    if hostname == "":
        raise ValueError("hostname: expected a DNS name or an IP address, got an empty str")
    return hostname


def _profile(profile: str) -> str:
    if profile not in PROFILES:
        raise ValueError(f"profile: {profile!r} is unknown; known are {', '.join(PROFILES)}")
    return profile


def _roles(roles: Mapping[str, str]) -> dict[str, str]:
    checked = {}
    for fingerprint, role in roles.items():
        digits = fingerprint.replace(":", "").lower()
        if len(digits) != 64 or not all(digit in "0123456789abcdef" for digit in digits):
            raise ValueError(f"roles: expected 64 hexadecimal digits, got {fingerprint!r}")
        if role not in tuple(Role):
            raise ValueError(f"roles: {role!r} is unknown; known are {', '.join(Role)}")
        checked[digits] = role
    return checked


def _file(reader: Reader, given: Any, field: str) -> tuple[Certificate, ...] | None:
    """The certificates of a file that the device's description contains; None: unknown."""
    if given is None:
        return None
    return reader.read(given, f"device.{field}", f"<{field}>").sequence
