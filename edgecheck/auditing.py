"""audit(): a gateway as its configuration and files describe it, judged whole."""

import base64
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from edgecheck.arguments import Said
from edgecheck.checking import check, judged
from edgecheck.device import Device, parse_runtime
from edgecheck.expected import Validation
from edgecheck.foretelling import UPSIDE_DOWN, foretold
from edgecheck.hierarchy.predicted import Predicted
from edgecheck.hierarchy.roles import Role
from edgecheck.lacking import lacking, own
from edgecheck.memo import Memo
from edgecheck.predicting.names import EDGE_HUB, server_name
from edgecheck.reading.certificate import Certificate, Origin, Unreadable
from edgecheck.reading.hostnames import mistaken
from edgecheck.reading.inputs import Presentation, Reader
from edgecheck.reading.sources import AnyCertificates, AnyCrls, Source
from edgecheck.reporting.report import Report
from edgecheck.rules import BUILT_IN
from edgecheck.rules.engine.rule import ERROR, INFO, WARNING
from edgecheck.rules.engine.ruleset import RuleSet

_DEFAULT_VALIDATION = Validation()
_FIRST_1_2 = (1, 2)
_OF_ANOTHER = frozenset(("edge.former-device-ca", "edge.quickstart-certificates"))
"""Rules about what another device CA than the configured one issued."""
_ORDER = (ERROR, WARNING, INFO)


def audit(
    gateway: Device,
    presented: AnyCertificates | None = None,
    hostname: str | None = None,
    trust: AnyCertificates | None = (),
    at: datetime | None = None,
    *,
    crls: AnyCrls = (),
    password: str | bytes | None = None,
    profile: str = "iot-edge",
    validation: Validation = _DEFAULT_VALIDATION,
    rules: RuleSet = BUILT_IN,
    clients: Iterable[str] | None = None,
    as_sent: bool = False,
) -> Report:
    """Judge a gateway by what is known of its configuration and files.

    Nothing is opened: `edgecheck audit` reads, and this judges what was read. Where another device
    CA than the configured one issued what is presented, both are judged: the configured one takes
    effect at the next restart.

    Args:
        gateway: what is known of it; the more of its fields, the more rules are decided.
        presented: what it presents; None: the chain is judged that its runtime will make, as
            `predict()` tells it. Where a fact is missing for that, or the runtime makes none, its
            device CA's file is judged by itself, as that of a device CA, whatever certificate is
            in it; `report.hierarchy.predicted` says why.
        hostname: as clients ask for it. None: the GatewayHostName of its devices, or else the
            configured host name.
        trust: what connecting clients trust. Where nothing is given, the roots that the gateway
            serves its modules, from its trust bundle and, from 1.2 on, its device CA's file.
        at: as of `check()`; so are the others.
        crls: revocation lists.
        password: of PKCS#12 containers.
        profile: how much is judged.
        validation: how paths are validated, and the bounds on the work.
        rules: the rules to apply.
        clients: those that this deployment has.
        as_sent: whether a server sent what is presented in this order.

    Raises:
        TypeError, ValueError: as `check()`.
    """
    if not isinstance(gateway, Device):
        raise TypeError(f"gateway: expected a Device, got {type(gateway).__name__}")
    said = Said(
        hostname,
        at,
        gateway,
        profile,
        validation,
        rules,
        crls,
        Memo(),
        None,
        password,
        clients,
    )
    reader = said.reader()
    read = reader.read(_file(gateway), "device_ca", "<device_ca_file>")
    if trust is None or (isinstance(trust, tuple | list) and not trust):
        trust = _roots(gateway, read.sequence, reader)
    if presented is None:
        return _to_be_made(said, reader, read, trust)
    more: dict[str, Any] = {
        "crls": crls,
        "password": password,
        "profile": profile,
        "validation": validation,
        "rules": rules,
        "clients": clients,
    }
    hostname = hostname if hostname is not None else asked_for(gateway)
    report = check(presented, hostname, trust, at, gateway, as_sent=as_sent, **more)
    held = gateway.device_ca_file
    if held is None or not read.sequence or not _of_another(report):
        return report
    roles, at = _roles(read, gateway), report.expected.at
    return _with(report, check(held, None, trust, at, gateway, roles=roles, **more))


def _file(gateway: Device) -> AnyCertificates:
    return gateway.device_ca_file if gateway.device_ca_file is not None else ()


def _to_be_made(
    said: Said, reader: Reader, file: Presentation, trust: AnyCertificates | None
) -> Report:
    """Judge the chain that the runtime will make; where that cannot be told, the device CA's file.

    Then the report says which fact is missing.
    """
    gateway = said.device or Device()
    said = replace(said, roles=_roles(file, gateway))
    missing = lacking(gateway, file.sequence)
    if missing:
        version = parse_runtime(gateway.runtime) if gateway.runtime is not None else ()
        made = Predicted(version, EDGE_HUB, unknown=missing)
        report = judged(said, reader, file, trust, made, again=True)
        if not _is_upside_down(report):
            return report
        return judged(replace(said, roles=None), reader, file, trust, made, again=True)
    asked = said.hostname if said.hostname is not None else asked_for(gateway)
    return foretold(replace(said, hostname=asked), reader, file, trust)


def _roles(file: Presentation, gateway: Device) -> dict[str, str] | None:
    """Whatever is in the device CA's file, the certificate of the key is the device CA's."""
    if not file.sequence:
        return None
    return {own(file.sequence, gateway).sha256: Role.DEVICE_CA}


def _is_upside_down(report: Report) -> bool:
    """Whether the first certificate of the device CA's file is not the device CA."""
    return any(f.rule.id == UPSIDE_DOWN and f.severity is ERROR for f in report.findings)


def _of_another(report: Report) -> bool:
    """Whether another device CA than the configured one issued what is presented."""
    return any(finding.rule.id in _OF_ANOTHER for finding in report.findings)


def _with(report: Report, next_one: Report) -> Report:
    """A report with what is found on the device CA that takes effect at the next restart.

    It names none of its certificates, which are not among those that are presented.
    """
    known = {finding.id for finding in report.findings}
    found = {f.id: f for f in next_one.findings if f.severity is not INFO}
    later = [
        replace(finding, certificates=())
        for finding in found.values()
        if finding.id not in known and (finding.caused_by is None or finding.caused_by in found)
    ]
    both = sorted((*report.findings, *later), key=lambda finding: _ORDER.index(finding.severity))
    return replace(report, findings=tuple(both), _kept={})


def asked_for(gateway: Device) -> str | None:
    """The name that clients most likely ask for; None where none that is known is a name.

    Where no GatewayHostName is known, it is the configured host name as the runtime writes it.
    """
    own = gateway.hostname or ""
    if gateway.runtime is not None:
        own = server_name(own, parse_runtime(gateway.runtime))
    names = (*(gateway.gateway_host_names or ()), own)
    return next((name for name in names if name and mistaken(name) is None), None)


def _roots(gateway: Device, file: tuple[Certificate, ...], reader: Reader) -> tuple[Source, ...]:
    """The self-signed certificates that modules get as their trust and that are of this chain.

    Where none of them is, it is not known what clients trust, and a rule speaks of the bundle.
    """
    held = _read(reader, gateway.trust_bundle)
    if gateway.runtime is None or parse_runtime(gateway.runtime) >= _FIRST_1_2:
        held += _read(reader, gateway.device_ca_file)
    above = [(c, origin) for c, origin in held if _is_root_of(c, file)]
    if not above and len(file) == 1 and not _signs_itself(file[0]):
        above = [(c, origin) for c, origin in held if _signs_itself(c)]  # what is between lacks
    found: dict[bytes, Source] = {}
    for certificate, origin in above:
        found.setdefault(certificate.der, Source(origin.source, _alone(certificate, origin)))
    return tuple(found.values())


def _read(reader: Reader, given: AnyCertificates | None) -> list[tuple[Certificate, Origin]]:
    """The certificates of a file, and where they stand in it."""
    if given is None:
        return []
    read = reader.read(given, "device")
    return list(zip(read.sequence, read.origins, strict=True))


def _alone(certificate: Certificate, origin: Origin) -> bytes:
    """One certificate of a file as PEM, on the lines on which it stands there."""
    text = _folded(certificate.der)
    above = b"\n" * ((origin.first_line or 1) - 1)
    return b"%b-----BEGIN CERTIFICATE-----\n%b-----END CERTIFICATE-----\n" % (above, text)


def _signs_itself(certificate: Certificate) -> bool:
    try:
        return certificate.is_self_issued
    except Unreadable:
        return False


def _is_root_of(root: Certificate, file: tuple[Certificate, ...]) -> bool:
    """Whether it signs itself, and some certificate of the device CA's file names it as issuer."""
    return _signs_itself(root) and any(_issuer(each) == root.subject_raw for each in file)


def _issuer(certificate: Certificate) -> bytes | None:
    try:
        return certificate.issuer_raw
    except Unreadable:
        return None


def _folded(der: bytes) -> bytes:
    """Base64 in lines of 64, as OpenSSL writes PEM."""
    text = base64.b64encode(der)
    return b"".join(text[at : at + 64] + b"\n" for at in range(0, len(text), 64))
