"""What the caller said, checked: a mistake raises, and says what was expected instead."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from cryptography import x509

from edgecheck.device import FILES, UNKNOWN, Device, parse_runtime
from edgecheck.expected import PROFILES, Expected, Validation
from edgecheck.hierarchy.predicted import EDGE_HUB
from edgecheck.hierarchy.roles import Role
from edgecheck.memo import Memo
from edgecheck.reading.certificate import Certificate, Origin, each_once
from edgecheck.reading.hostnames import mistaken
from edgecheck.reading.inputs import Presentation, Reader
from edgecheck.reading.readings import read as read_once
from edgecheck.reading.sources import AnyCertificates, AnyCrls, Source
from edgecheck.reading.trusted import Trusted
from edgecheck.rules.engine.ruleset import RuleSet
from edgecheck.settings import thumbprint_matches

if TYPE_CHECKING:
    from edgecheck.reading.crl import Crl

Suffixes = Callable[[], Callable[[str], bool] | None]

_WITHIN = (datetime(1, 1, 3, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC))


@dataclass(slots=True, eq=False, repr=False)
class Said:
    """The arguments of `check()` but for certificates.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: an argument of the right type that makes no sense.
    """

    hostname: str | None
    at: datetime | None
    device: Device | None
    profile: str
    validation: Validation
    rules: RuleSet
    crls: AnyCrls
    memo: Memo | None
    roles: Mapping[str, str] | None
    password: str | bytes | None = None
    clients: Iterable[str] | None = None
    as_sent: bool = False
    sent_by: str | None = None

    def __post_init__(self) -> None:
        """Look at each argument by itself."""
        _is_or_none("hostname", self.hostname, str)
        _is_or_none("at", self.at, datetime)
        if self.device is not None:
            _is("device", self.device, Device, ", such as Device(runtime='1.4')")
        _is("profile", self.profile, str)
        _is("validation", self.validation, Validation)
        _is("rules", self.rules, RuleSet, ", such as edgecheck.BUILT_IN.select('ca.*', 'trust')")
        _is_or_none("memo", self.memo, Memo)
        _is_or_none("roles", self.roles, Mapping)
        _is_or_none("password", self.password, (str, bytes))
        _is("as_sent", self.as_sent, bool)
        _is_or_none("sent_by", self.sent_by, str)
        if self.sent_by not in (None, EDGE_HUB):
            raise ValueError(f"sent_by: {self.sent_by!r} is unknown; known is {EDGE_HUB}")
        if self.sent_by is not None and self.validation.purpose == "client":
            raise ValueError("sent_by: expected None for what a device sends (purpose 'client')")
        if self.hostname == "":
            raise ValueError("hostname: expected a DNS name or an IP address, got an empty str")
        _not_more_than_a_name(self.hostname)
        if self.hostname is not None and self.validation.purpose == "client":
            raise ValueError(
                "hostname: expected None for purpose 'client', which has peer_names; leave it out: "
                "a device's certificate is for no host"
            )
        within = self.validation.expires_within
        for role in () if isinstance(within, int) else dict(within):
            if role not in tuple(Role):
                known = ", ".join(Role)
                raise ValueError(f"expires_within: {role!r} is no role; known are {known}")
        if self.profile not in PROFILES:
            known = ", ".join(PROFILES)
            raise ValueError(f"profile: {self.profile!r} is unknown; known are {known}")

    def reader(self) -> Reader:
        """What all certificates of one report are read by."""
        limits, known = self.validation.limits, self.memo.certificates if self.memo else {}
        return Reader(known, limits.input_bytes, limits.certificates, self.secret())

    def secret(self) -> bytes | None:
        """The password as PKCS#12 wants it."""
        if isinstance(self.password, str):
            return self.password.encode("utf-8", "surrogatepass")
        return self.password

    def read(
        self,
        reader: Reader,
        trust: AnyCertificates | None,
        now: Callable[[], datetime],
        suffixes: Suffixes,
        presented: tuple[Certificate, ...],
    ) -> tuple[Expected, tuple[Presentation, ...], dict[Certificate, list[Origin]]]:
        """Read the certificates that were said too.

        Return what is expected, what that was read from, and where what is trusted was found,
        which is not to be changed.

        What a device presents is trusted where its very thumbprint is registered: edgeHub then
        looks at no CA (DeviceScopeCertificateAuthenticator.cs).

        Raises:
            TypeError, ValueError: as above, and trust without a certificate.
        """
        readings = self.memo.readings if self.memo else None
        given = () if trust is None else trust
        trusted, roots, places = read_once(reader, given, "trust", "<trust>", readings)
        if not trusted.sequence and (trusted.problems or not _is_empty(trust)):
            raise ValueError("trust: no certificate could be read from what was given")
        device = self.device or UNKNOWN
        all_read, files = [_placed(trusted, "trust")], {}
        sources = {"trust": trusted.names}
        for name in FILES if self.device else ():
            contents = getattr(device, name)
            if contents is not None:
                read = reader.read(contents, f"device.{name}", f"<{name}>")
                all_read.append(_placed(read, name))
                files[name], sources[name] = read.sequence, read.names
        crls, unreadable = _crls(self.crls) if self.crls != () else ((), ())
        registration = device.registration if self.validation.purpose == "client" else None
        known: list[Certificate] = []
        if registration is not None:
            known = [c for c in presented if thumbprint_matches(c.der, registration)]
        moment = _moment(self.at) if self.at is not None else now()
        expected = Expected(
            moment,
            int(moment.timestamp()),
            self.hostname,
            Trusted(each_once((*roots, *known))) if known else roots,
            device,
            parse_runtime(device.runtime) if device.runtime is not None else None,
            **files,
            profile=self.profile,
            validation=self.validation,
            roles=_roles(self.roles) if self.roles else {},
            crls=crls,
            unreadable_crls=unreadable,
            clients=_clients(self.clients),
            suffixes=suffixes() if self.profile == "web-pki" else None,
            sources=sources,
        )
        return expected, tuple(all_read), places


def _placed(read: Presentation, field: str) -> Presentation:
    """Let problems say for which argument they were read."""
    if not read.problems:
        return read
    return read._replace(problems=tuple(replace(p, within=field) for p in read.problems))


def _crls(given: Any) -> tuple[tuple["Crl", ...], tuple[str, ...]]:
    """Read CRLs: bytes or str of PEM or DER, CRLs of `cryptography`, or an iterable of these."""
    if isinstance(given, tuple | list) and not given:
        return (), ()
    from edgecheck.reading.crl import read_crls  # most are given none

    if isinstance(given, bytes | bytearray | memoryview):
        return read_crls(bytes(given))
    if isinstance(given, str):
        return read_crls(given.encode("utf-8", "surrogatepass"))
    if isinstance(given, Source):
        return read_crls(given.data)
    if isinstance(given, x509.CertificateRevocationList):
        from cryptography.hazmat.primitives.serialization import Encoding

        return read_crls(given.public_bytes(Encoding.DER))
    if not isinstance(given, Iterable):
        raise TypeError(
            "crls: expected bytes or str of PEM or DER, CRLs of `cryptography`, or an iterable "
            f"of these, got {type(given).__name__}"
        )
    crls: list[Crl] = []
    unreadable: list[str] = []
    for item in given:
        more, wrong = _crls(item)
        crls += more
        unreadable += wrong
    return tuple(crls), tuple(unreadable)


def _clients(words: Iterable[str] | None) -> frozenset[str] | None:
    if words is None:
        return None
    if isinstance(words, str | bytes) or not isinstance(words, Iterable):
        raise TypeError(
            f"clients: expected an iterable of names such as ['.NET'], got {type(words).__name__}"
        )
    named = tuple(words)
    for word in named:
        _is("clients", word, str)
    if not named:
        raise ValueError("clients: expected at least one name, got none; None means tier 1")
    # Imported where clients are named: the records of all are many modules.
    from edgecheck.behaviour.records import chosen

    try:
        return chosen(named)
    except ValueError as unknown:
        raise ValueError(f"clients: {unknown}") from None


def _not_more_than_a_name(hostname: str | None) -> None:
    """Refuse a URL, a port, a path and the like, which no certificate can have as its name."""
    if hostname is not None and (found := mistaken(hostname)) is not None:
        what, name = found
        instead = f"; write {name!r}" if name else ""
        raise ValueError(f"hostname: expected a DNS name or an IP address, got {what}{instead}")


def _is_or_none(argument: str, value: Any, kind: type | tuple[type, ...]) -> None:
    if value is not None:
        _is(argument, value, kind)


def _is(argument: str, value: Any, kind: type | tuple[type, ...], such_as: str = "") -> None:
    if not isinstance(value, kind):
        first = kind[0] if isinstance(kind, tuple) else kind
        expected = "an aware datetime" if first is datetime else f"a {first.__name__}"
        raise TypeError(f"{argument}: expected {expected}{such_as}, got {type(value).__name__}")


def _is_empty(trust: Any) -> bool:
    return trust is None or (isinstance(trust, tuple | list) and not trust)


def _moment(at: datetime) -> datetime:
    if at.tzinfo is UTC and 1 < at.year < 9999:
        return at
    if at.tzinfo is None or at.utcoffset() is None:
        raise ValueError(
            "at: expected an aware datetime, got a naive one; add its zone: "
            "at.replace(tzinfo=datetime.timezone.utc) where it is in UTC, at.astimezone() where "
            "it is the time of this machine"
        )
    if not _WITHIN[0] <= at <= _WITHIN[1]:
        raise ValueError(f"at: expected a time between the years 1 and 9999, got {at}")
    return at.astimezone(UTC)


def _roles(roles: Mapping[str, str]) -> dict[str, str]:
    checked = {}
    for fingerprint, role in roles.items():
        _is("roles", fingerprint, str)
        digits = fingerprint.replace(":", "").lower()
        if len(digits) != 64 or not all(digit in "0123456789abcdef" for digit in digits):
            raise ValueError(
                f"roles: expected 64 hexadecimal digits (the SHA-256 of a certificate, which "
                f"a report shows with --verbose), got {fingerprint!r}"
            )
        if role not in tuple(Role):
            raise ValueError(f"roles: {role!r} is unknown; known are {', '.join(Role)}")
        checked[digits] = role
    return checked
