"""One row of a table judged: whatever is in it, there is an answer and never an exception."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from cryptography import x509

from edgecheck.checking import check
from edgecheck.device import UNKNOWN, Device
from edgecheck.expected import Validation
from edgecheck.memo import Memo
from edgecheck.reading.hostnames import mistaken
from edgecheck.reading.sources import AnyCertificates, AnyCrls, Source, lasting
from edgecheck.reading.text import safe
from edgecheck.reporting.report import Report
from edgecheck.rules import BUILT_IN
from edgecheck.rules.engine.ruleset import RuleSet

ROW_RULE = "fleet.row"
"""What stands for a rule where a row itself, and not what it presents, is wrong."""
FAULT = "edgecheck:fault"
"""What a reader of rows puts beside them where it could not read one: why."""
REMEDY = "correct the row, and judge it again"
BUG = "please report this"
_ONE_CRL = (bytes, bytearray, memoryview, str, Source, x509.CertificateRevocationList)
_TEXTS = ("runtime", "machine_name", "parent_hostname", "device_id")
_FILES = ("device_ca_file", "trust_bundle")
_NO_CHAIN = b""
_MOST_KNOWN = 1_000
"""Certificates that are kept: those that gateways share come again soon, others never do."""
_MOST_DEVICES = 1_000
"""Descriptions that are kept: most rows say nothing but the version."""


class Unread:
    """Stands for a value of a row that could not be read; `why` says what it is instead."""

    def __init__(self, why: str) -> None:
        """Keep why."""
        self.why = why

    def __repr__(self) -> str:
        """The same for the same reason, in every process."""
        return f"<unread: {self.why}>"


class RowFault(NamedTuple):
    """What is wrong with a row itself.

    Attributes:
        about: the column.
        message: one sentence, safe to print.
        remedy: what to do.
    """

    about: str
    message: str
    remedy: str = REMEDY


class Judged(NamedTuple):
    """A row and its report.

    Attributes:
        id: as it came in; None where it is null or cannot be read.
        report: None where `check()` could not make one.
        faults: of the row.
    """

    id: str | None
    report: Report | None
    faults: tuple[RowFault, ...]


class Judge:
    """Judges rows one after another, all for the same trust and with the same rules.

    The arguments are those of `edgecheck.check()`; `at` is for rows without a time of their own,
    and what `device` says for those without such a column.

    Raises:
        TypeError, ValueError: an argument is wrong; the text begins with its name.
    """

    def __init__(
        self,
        at: datetime,
        trust: AnyCertificates | None = (),
        device: Device | None = None,
        *,
        crls: AnyCrls = (),
        profile: str = "iot-edge",
        validation: Validation | None = None,
        rules: RuleSet = BUILT_IN,
        clients: Iterable[str] | None = None,
        password: str | bytes | None = None,
    ) -> None:
        """Check the arguments, once for all rows."""
        self.memo = Memo(_MOST_KNOWN)
        self.at = at
        self.device = device
        self._devices: dict[tuple[tuple[str, Any], ...], Device] = {}
        self._known: dict[str, Any] = {
            "trust": None if trust is None else lasting(trust),
            "crls": crls if isinstance(crls, _ONE_CRL) else tuple(crls),
            "profile": profile,
            "validation": validation or Validation(),
            "rules": rules,
            "memo": self.memo,
            "password": password,
            "clients": tuple(clients) if clients is not None else None,
        }
        check(_NO_CHAIN, at=at, device=device, **self._known)

    def judge(self, row: Mapping[str, Any]) -> Judged:
        """Return the answer to one row.

        A value that cannot be used is a fault of the row, and the chain is judged without it.

        Args:
            row: values by the names of `columns.INPUT`; None and `Unread` are allowed everywhere.
        """
        faults: list[RowFault] = []
        if (unread := self._text("row", row.get(FAULT), faults)) is not None:
            faults.append(RowFault("row", safe(unread, 400)))
        name = self._text("id", row.get("id"), faults)
        if name is None and not faults:
            faults.append(RowFault("id", "id: it is null, so that nobody can find the gateway"))
        chain = self._chain(row.get("chain"), faults)
        hostname = self._hostname(row.get("hostname"), faults)
        at, device = self._time(row.get("time"), faults), self._device(row, faults)
        try:
            report = check(chain, hostname, at=at, device=device, **self._known)
        except MemoryError:
            raise
        except Exception as wrong:  # a bug; the other rows are to be judged all the same
            told = f"it could not be judged: {type(wrong).__name__}: {wrong}"
            faults.append(RowFault("chain", safe(told, 400), BUG))
            report = None
        return Judged(name, report, tuple(faults))

    def _chain(self, given: Any, faults: list[RowFault]) -> Any:
        """What `check()` takes: bytes, or a list of bytes."""
        if isinstance(given, bytes):
            return given
        if given is None:
            return _NO_CHAIN  # of which a rule says that there is no certificate
        if isinstance(given, list):
            parts = [part for part in given if isinstance(part, bytes)]
            if len(parts) < len(given):
                several = len(given) - len(parts)
                told = f"chain: {several} of its {len(given)} parts are null or no bytes"
                faults.append(RowFault("chain", told))
            return parts
        faults.append(RowFault("chain", f"chain: {_why(given)}"))
        return _NO_CHAIN

    def _text(self, column: str, given: Any, faults: list[RowFault]) -> str | None:
        if given is None or isinstance(given, str):
            return given
        faults.append(RowFault(column, f"{column}: {_why(given)}"))
        return None

    def _hostname(self, given: Any, faults: list[RowFault]) -> str | None:
        hostname = self._text("hostname", given, faults)
        if hostname is None:
            return None
        if not hostname:
            told = "hostname: it is empty; where it is unknown it has to be null"
            faults.append(RowFault("hostname", told))
            return None
        wrong = mistaken(hostname)
        if wrong is None:
            return hostname
        what, name = wrong
        told = f"hostname: expected a DNS name or an IP address, got {what}"
        instead = f"write {name}" if name else REMEDY
        faults.append(RowFault("hostname", safe(told, 400), safe(instead, 400)))
        return None

    def _time(self, given: Any, faults: list[RowFault]) -> datetime:
        if given is None:
            return self.at
        if isinstance(given, str):
            try:
                given = datetime.fromisoformat(given)
            except ValueError:
                given = Unread(f"{given!r} is no time; write it as 2026-11-23T12:00:00Z")
        if isinstance(given, datetime):
            if given.tzinfo is None:
                given = Unread("it has no zone; write it as 2026-11-23T12:00:00Z")
            elif 1 < given.year < 9999:
                return given
            else:
                given = Unread("it is not between the years 2 and 9998")
        faults.append(RowFault("time", safe(f"time: {_why(given)}", 400)))
        return self.at

    def _device(self, row: Mapping[str, Any], faults: list[RowFault]) -> Device | None:
        """What the row says of the gateway, over what was said for all."""
        said: dict[str, Any] = {}
        for column in _TEXTS:
            if (text := self._text(column, row.get(column), faults)) is not None:
                said[column] = text
        if (text := self._text("device_hostname", row.get("device_hostname"), faults)) is not None:
            said["hostname"] = text
        if (bits := row.get("time_t_bits")) is not None:
            said["time_t_bits"] = bits
        if (names := row.get("gateway_host_names")) is not None:
            said["gateway_host_names"] = tuple(names) if isinstance(names, list) else names
        for column in _FILES:
            if isinstance(contents := row.get(column), bytes):
                said[column] = contents
            elif contents is not None:
                faults.append(RowFault(column, f"{column}: {_why(contents)}"))
        if not said:
            return self.device
        key = tuple(said.items())
        if (known := self._devices.get(key)) is not None:
            return known
        device = self.device or UNKNOWN
        try:
            device = replace(device, **said)
        except (TypeError, ValueError):
            return self._one_by_one(device, said, faults)
        if len(self._devices) < _MOST_DEVICES and not any(name in said for name in _FILES):
            self._devices[key] = device
        return device

    def _one_by_one(
        self, device: Device, said: Mapping[str, Any], faults: list[RowFault]
    ) -> Device:
        """The same where something is wrong: that alone is left out."""
        for column, value in said.items():
            try:
                if isinstance(value, Unread):
                    raise TypeError(f"{column}: {value.why}")
                device = replace(device, **{column: value})
            except (TypeError, ValueError) as wrong:
                named = "device_hostname" if column == "hostname" else column
                told = str(wrong).removeprefix(f"{column}: ")
                faults.append(RowFault(named, safe(f"{named}: {told}", 400)))
        return device


def _why(given: Any) -> str:
    return given.why if isinstance(given, Unread) else f"{type(given).__name__} is no value of it"
