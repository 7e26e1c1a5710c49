"""The words of a request as the library wants them; what is wrong with one is `Refused`."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from edgecheck.adapters.clock import now
from edgecheck.adapters.files import Refused, forget, read
from edgecheck.adapters.trust_store import SYSTEM, system_trust
from edgecheck.checking import check
from edgecheck.commands.registration import registration, validation
from edgecheck.device import UNKNOWN, Device
from edgecheck.expected import Limits
from edgecheck.memo import Memo
from edgecheck.reading.inputs import Reader
from edgecheck.reading.sources import Source
from edgecheck.reporting.report import Report
from edgecheck.rules import BUILT_IN
from edgecheck.rules.engine.ruleset import RuleSet, UnknownRule

_FILES = ("trust_bundle", "device_ca_file", "identity_certificate", "os_trust")
"""Options that name one file about the device."""
_OPTIONS = {
    "hostname": "--hostname",
    "profile": "--profile",
    "roles": "--role",
    "clients": "--client",
    "sent_by": "--sent-by",
}
"""Options by the library's arguments, which its errors begin with."""


def carry_out(files: Sequence[str], said: Mapping[str, Any]) -> list[tuple[str, Report]]:
    """Read all files and check them; `said` is the options of `edgecheck check` by name.

    Returns what was judged and its report: all files together, or with `each` every one by itself.
    """
    forget()
    standard_input_once(files, said)
    ask = asking(said, several=said["each"])
    together = (" + ".join(files), [_read(name) for name in files])
    presented = [(each.name, [each]) for each in together[1]] if said["each"] else [together]
    reports = [(name, ask(sources, sent_by=said["sent_by"])) for name, sources in presented]
    roles_used(said, (report for _, report in reports))
    return reports


def asking(said: Mapping[str, Any], several: bool) -> Callable[..., Report]:
    """Return `check()` with all that the options say, whose files are read now.

    Args:
        said: the options of `edgecheck check` by name.
        several: whether more than one presentation will be judged, at one moment for all.
    """
    known = {
        **_arguments(said, several),
        "hostname": said["hostname"],
        "memo": Memo() if several else None,
        "roles": _roles(said),
    }

    def asked(presented: Iterable[Source], **more: Any) -> Report:
        try:
            return check(presented, **(known | more))
        except ValueError as wrong:
            argument, colon, told = str(wrong).partition(":")
            if argument not in _OPTIONS:
                raise
            raise Refused(f"{_OPTIONS[argument]}{colon}{told}") from None

    return asked


def shared(files: Sequence[str], said: Mapping[str, Any]) -> tuple[list[Source], dict[str, Any]]:
    """Read all files; return the first ones, and what `predict()` is told as `check()` is.

    All that is made of it is judged at one moment.
    """
    forget()
    standard_input_once(files, said)
    arguments = _arguments(said, several=True)
    return [_read(name) for name in files], arguments


def _arguments(said: Mapping[str, Any], several: bool) -> dict[str, Any]:
    """What `check()` and `predict()` both are told; `several`: one moment for all reports."""
    rules = chosen(said["select"], said["ignore"])
    at, device = moment(said["at"]), _device(said)
    password = password_in(said["password_file"])
    return {
        "trust": [trusted(name, password) for name in said["trust"]],
        "at": at or (now() if several else None),
        "device": device,
        "crls": [revoking(name) for name in said["crl"]],
        "password": password,
        "profile": said["profile"],
        "validation": validation(said),
        "rules": rules,
        "clients": said["client"] or None,
    }


def roles_used(said: Mapping[str, Any], reports: Iterable[Report]) -> None:
    """Refuse a role that is of no certificate."""
    known = {certificate.sha256 for report in reports for certificate in report.certificates}
    for fingerprint in _roles(said):
        if fingerprint.replace(":", "").lower() not in known:
            raise Refused(f"--role: no certificate has the fingerprint {fingerprint}")


def standard_input_once(files: Iterable[str], said: Mapping[str, Any]) -> None:
    """Standard input can be read once only."""
    listed = (*said["trust"], *said["crl"], *said["registration"])
    named = [*files, *listed, *(said[name] for name in _FILES if said[name])]
    if named.count("-") > 1:
        raise Refused("standard input (-) is named twice; it can be read once only")


def chosen(select: Iterable[str], ignore: Iterable[str]) -> RuleSet:
    """The rules that are selected and not ignored, each named by a list with commas."""
    wanted, unwanted = (
        [word.strip() for text in given for word in text.split(",") if word.strip()]
        for given in (select, ignore)
    )
    try:
        rules = BUILT_IN.select(*wanted) if wanted else BUILT_IN
        rules = rules.without(*unwanted)
    except UnknownRule as unknown:
        raise Refused(str(unknown).removeprefix("rules: ")) from None
    if not len(rules):
        raise Refused("no rule is left; --ignore takes away all that --select names")
    return rules


def _read(name: str, option: str | None = None) -> Source:
    return read(name, Limits().input_bytes, option)


def password_in(name: str | None) -> bytes | None:
    """The first line of a file, without its line end."""
    if name is None:
        return None
    return _read(name, "--password-file").data.partition(b"\n")[0].removesuffix(b"\r")


def trusted(name: str, password: bytes | None) -> Source:
    """A file of trusted certificates, which is useless without one; or what this machine trusts."""
    limits = Limits()
    source = system_trust(limits.input_bytes) if name == SYSTEM else _read(name, "--trust")
    reader = Reader({}, limits.input_bytes, limits.certificates, password)
    read = reader.read(source, "trust")
    if not read.sequence:
        if any(problem.kind == "locked" for problem in read.problems):
            said = "the password does not open it" if password else "it has a password"
            raise Refused(f"--trust {name}: {said}; give it with --password-file FILE")
        raise Refused(f"--trust {name}: no certificate in it; give PEM or DER certificates")
    return source


def revoking(name: str) -> Source:
    """A file of CRLs. One that cannot be read would leave open what it says."""
    from edgecheck.reading.crl import read_crls

    source = _read(name, "--crl")
    found, unreadable = read_crls(source.data)
    if unreadable:
        raise Refused(f"--crl {name}: {unreadable[0]}; give CRLs as PEM or DER")
    if not found:
        raise Refused(f"--crl {name}: no CRL in it; give CRLs as PEM or DER")
    return source


def moment(text: str | None) -> datetime | None:
    """The time that `--at` names. Raises `Refused`."""
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
        if at.tzinfo is None:
            raise Refused(f"--at {text}: no zone; write {at.isoformat()}Z if that is UTC")
        return at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Refused(f"--at {text}: no such time; write it as 2026-11-23T12:00:00Z") from None


def _device(said: Mapping[str, Any]) -> Device | None:
    """What was said of the gateway; None where nothing was, which spares rules about that."""
    files: dict[str, Any] = {
        name: _read(said[name], f"--{name.replace('_', '-')}") for name in _FILES if said[name]
    }
    try:
        made = Device(
            runtime=said["runtime"],
            time_t_bits=int(said["time_t"]) if said["time_t"] else None,
            hostname=said["device_hostname"],
            machine_name=said["machine_name"],
            parent_hostname=said["parent_hostname"],
            device_id=said["device_id"],
            gateway_host_names=said["gateway_host_name"] or None,
            registration=registration(said),
            **files,
        )
    except ValueError as wrong:
        raise Refused(f"--{wrong}") from None
    return None if made == UNKNOWN else made


def _roles(said: Mapping[str, Any]) -> dict[str, str]:
    roles = {}
    for text in said["role"]:
        fingerprint, sign, role = text.partition("=")
        if not sign:
            raise Refused(f"--role {text}: write SHA256=ROLE, such as 71aa...=device-ca")
        roles[fingerprint] = role
    return roles
