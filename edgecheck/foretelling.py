"""predict(): the chain that a version of the runtime will make, judged before it exists."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import cache

from edgecheck.adapters.clock import now
from edgecheck.arguments import Said
from edgecheck.checking import judged
from edgecheck.device import Device, parse_runtime
from edgecheck.expected import Validation
from edgecheck.hierarchy.predicted import Predicted
from edgecheck.hierarchy.roles import Role
from edgecheck.hierarchy.shapes import LAST_1_1, LAST_1_2
from edgecheck.memo import Memo
from edgecheck.predicting.lives import QUICKSTART_DAYS
from edgecheck.predicting.names import EDGE_HUB
from edgecheck.reading.certificate import Certificate, Origin
from edgecheck.reading.inputs import Presentation, Reader
from edgecheck.reading.sources import AnyCertificates, AnyCrls, lasting
from edgecheck.report.answers import SYNTHETIC
from edgecheck.reporting.report import Report
from edgecheck.rules import BUILT_IN
from edgecheck.rules.device.whose import OTHERS
from edgecheck.rules.engine.finding import Finding
from edgecheck.rules.engine.objects import Kind
from edgecheck.rules.engine.rule import Severity
from edgecheck.rules.engine.ruleset import RuleSet

_DEFAULT_VALIDATION = Validation()
UPSIDE_DOWN = "chain.wrong-order"
"""The rule whose error means that the device CA is not the first in its file."""
OF_THE_PAIR = "device.key-mismatch"
"""The rule about the device CA's key alone, which changes the pair that is configured."""
OF_DEVICE_CA = (
    "extension.no-subject-key-id",
    "validity.ends-in-minutes",
    "validity.expired",
    "algorithm.key-kind",
)
"""Rules whose errors about the device CA mean that nothing is made of it."""
OF_ANYTHING = (
    UPSIDE_DOWN,
    "hostname.too-long",
    "edge.quickstart-name-too-long",
    "runtime.expires-after-2038",
    "runtime.expires-after-2050",
    "runtime.not-before-misread",
    "device.key-kind",
    "device.key-encrypted",
    "device.key-permissions",
    OF_THE_PAIR,
    "device.no-key",
)
"""Rules whose errors, whatever certificate they are about, mean that nothing of use is made."""


def predict(  # noqa: D417 (what check() describes)
    device_ca: AnyCertificates,
    hostname: str,
    runtime: str,
    trust: AnyCertificates | None = (),
    at: datetime | None = None,
    device: Device | None = None,
    *,
    module: str = EDGE_HUB,
    device_id: str | None = None,
    sent_by: str | None = None,
    crls: AnyCrls = (),
    password: str | bytes | None = None,
    profile: str = "iot-edge",
    validation: Validation = _DEFAULT_VALIDATION,
    rules: RuleSet = BUILT_IN,
    memo: Memo | None = None,
    clients: Iterable[str] | None = None,
) -> Report:
    """Predict the chain that the runtime will make from a device CA, and judge that.

    The report is one of `check()`; `report.hierarchy.predicted` says which of its certificates
    are synthetic. They have all that the runtime will write, and no signature, for the device CA's
    key is on the gateway: edgecheck takes it for granted. Nothing is made where the runtime refuses
    to: then the report is about the device CA's file, and an error in it says why.

    Args:
        device_ca: the file of the device CA, itself first, then its issuers, as it will be
            configured; the same types as `check()` takes. Empty: the runtime makes a CA of its own
            ("quick start").
        hostname: `hostname` of the gateway's configuration, which is also what clients ask for.
        runtime: the version of IoT Edge, such as "1.1" or "1.5.3".
        trust: what the connecting client trusts.
        at: when the runtime makes the chain, aware, and when it is judged; None: now.
        device: what else is known about the gateway.
        module: the id of the module that the server certificate is for.
        device_id: the device's id, which names the CA of a quick start from 1.3 on.
        sent_by: "edgehub": judge what edgeHub sends of it, in place of the whole, in order.
        crls, password, profile, validation, rules, memo, clients: as in `check()`.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: an unknown version, an id that is missing, and what `check()` raises.
    """
    _is_text(runtime, "runtime")
    _is_text(hostname, "hostname")
    _is_text(module, "module")
    version = parse_runtime(runtime)
    given = lasting(device_ca)
    memo = memo or Memo()
    known = device or Device()
    moment = at if at is not None else now()
    told = replace(
        known, runtime=runtime, hostname=hostname, device_id=device_id or known.device_id
    )
    said = Said(
        hostname,
        moment,
        told,
        profile,
        validation,
        rules,
        crls,
        memo,
        None,
        password,
        clients,
        sent_by=sent_by,
    )
    reader = said.reader()
    file = reader.read(given, "device_ca", "<device_ca_file>")
    quickstart = not file.sequence and not file.problems
    if quickstart and version > LAST_1_2 and told.device_id is None:
        raise ValueError("device_id: expected the device's id, which names the CA of a quick start")
    said = replace(said, device=_configured(told, quickstart, given))
    return foretold(said, reader, file, trust, module)


def foretold(
    said: Said,
    reader: Reader,
    file: Presentation,
    trust: AnyCertificates | None,
    module: str = EDGE_HUB,
) -> Report:
    """Judge what the runtime makes of a device CA's file, or that file where it makes nothing.

    Args:
        said: its device has the runtime, and the host name that the runtime is configured with; the
            host name beside it is the one that clients ask for. Roles are those of the file alone.
        reader: what read the file.
        file: what was read of the device CA's file; without any contents it is a quick start.
        trust: as `check()` takes it.
        module: the id of the module that the server certificate is for.
    """
    told = said.device or Device()
    version, hostname = parse_runtime(told.runtime or ""), told.hostname or ""
    quickstart = not file.sequence and not file.problems
    at = said.at if said.at is not None else now()
    said = replace(said, at=at)
    deciding = replace(said, rules=_deciding(), sent_by=None)
    because = _refused(deciding, reader, file, trust)
    made = Predicted(version, module, because=because)
    if not because and (quickstart or file.sequence):
        from edgecheck.predicting.making import Wanted, make

        wanted = Wanted(version, hostname, module, told.device_id, int(at.timestamp()), _days(told))
        made = make(wanted, file.sequence)
    if made.certificates or UPSIDE_DOWN in because:
        said = replace(said, roles=None)  # the first of the file is not the device CA
    if not made.certificates:
        said = replace(said, sent_by=None)
    return judged(said, reader, _as_served(made.certificates, file), trust, made)


@cache
def _deciding() -> RuleSet:
    return BUILT_IN.select(*OF_DEVICE_CA, *OF_ANYTHING)


def _is_text(value: object, argument: str) -> None:
    if not isinstance(value, str):
        raise TypeError(f"{argument}: expected a str, got {type(value).__name__}")
    if not value:
        raise ValueError(f"{argument}: expected a name, got an empty str")


def _configured(device: Device, quickstart: bool, given: AnyCertificates) -> Device:
    """The gateway with this device CA, or with none."""
    if not quickstart:
        return replace(device, device_ca_file=given)
    if parse_runtime(device.runtime or "") <= LAST_1_1:
        return replace(device, certificates=device.certificates or {})
    return replace(device, edge_ca=device.edge_ca or {})


def _days(device: Device) -> int:
    """Return how long a CA lives that the runtime makes for itself."""
    up_to_1_1 = (device.certificates or {}).get("auto_generated_ca_lifetime_days")
    later = (device.edge_ca or {}).get("auto_generated_edge_ca_expiry_days")
    return up_to_1_1 or later or QUICKSTART_DAYS


def _refused(
    said: Said, reader: Reader, file: Presentation, trust: AnyCertificates | None
) -> tuple[str, ...]:
    """Return the rules that say why the runtime makes nothing of this; none where it does."""
    first = file.sequence[0].sha256 if file.sequence else None
    said = replace(said, roles={first: Role.DEVICE_CA} if first else None)
    report = judged(said, reader, file, trust)
    return tuple(dict.fromkeys(f.rule.id for f in report.findings if _stops(f, first)))


def _stops(finding: Finding, device_ca: str | None) -> bool:
    """Whether a finding is an error that keeps the runtime from making anything."""
    if finding.severity is not Severity.ERROR:
        return False
    of_a_key = finding.rule.family == "device" and finding.rule.id != OF_THE_PAIR
    if of_a_key and finding.object is not None:
        about = finding.object
        if about.kind is Kind.CONFIGURATION and about.subject in OTHERS:
            return False  # it is about another key than the device CA's
    return finding.rule.id in OF_ANYTHING or device_ca in finding.certificates


def _as_served(made: tuple[Certificate, ...], file: Presentation) -> Presentation:
    """What the runtime gives a module: what it made, then the device CA's file."""
    origins = tuple(Origin(SYNTHETIC, index) for index in range(len(made)))
    return file._replace(
        sequence=(*made, *file.sequence), origins=(*origins, *file.origins), keyed=None, before=()
    )
