"""The report as JSON, schema version 1 (`schema/report-v1.json`)."""

from collections.abc import Callable
from dataclasses import asdict, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any

import cryptography

from edgecheck.device import FILES, Device
from edgecheck.expected import Validation
from edgecheck.given import without_secrets
from edgecheck.hierarchy.predicted import Sender
from edgecheck.hierarchy.roles import Role
from edgecheck.hierarchy.signatures import algorithm
from edgecheck.reading.certificate import Certificate, Unreadable, moment
from edgecheck.reading.der import Malformed
from edgecheck.reading.keys import key_text
from edgecheck.reading.text import visible
from edgecheck.report.acts import Repair, repairs
from edgecheck.report.answers import Answers
from edgecheck.reporting.values import plain
from edgecheck.rules.engine.finding import Finding
from edgecheck.rules.engine.objects import Object
from edgecheck.version import __version__

if TYPE_CHECKING:
    from edgecheck.reporting.redacting.redaction import Redaction

SCHEMA_VERSION = 1


def as_json(report: Answers, predictions: bool = True, redaction: "Redaction | None" = None) -> str:
    """The report as text; the same input and time give the same bytes."""
    import json

    made = as_dict(report, predictions, redaction)
    return json.dumps(made, indent=2, ensure_ascii=True) + "\n"


def as_dict(
    report: Answers, predictions: bool = True, redaction: "Redaction | None" = None
) -> dict[str, Any]:
    r"""The report as plain values: what is shown of a text is safe, so `\x1b` where ESC was.

    Args:
        report: what `check()` returned.
        predictions: whether they are computed and told.
        redaction: what stands for names and numbers; then the chain is described too.
    """
    made = plain_report(report, predictions)
    if redaction is not None:
        from edgecheck.reporting.redacting.description import description
        from edgecheck.reporting.redacting.plain import redacted

        made = redacted(made, redaction)
        made["chain_description"] = description(report, redaction)
    return escaped(made)


def escaped(made: dict[str, Any]) -> dict[str, Any]:
    """Plain values as somebody may print them; only what edgecheck itself wrote has lines."""
    findings = made.get("findings", [])
    remedies = [visible(finding["remedy"], kept="\n") for finding in findings]
    told = [visible(repair["instructions"], kept="\n") for repair in made.get("repairs", [])]
    shown: dict[str, Any] = visible(made)
    for finding, remedy in zip(shown.get("findings", []), remedies, strict=True):
        finding["remedy"] = remedy
    for repair, instructions in zip(shown.get("repairs", []), told, strict=True):
        repair["instructions"] = instructions
    return shown


def plain_report(report: Answers, predictions: bool) -> dict[str, Any]:
    """The report as plain values, in which texts are as somebody wrote them."""
    from cryptography.hazmat.backends.openssl import backend

    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {
            "name": "edgecheck",
            "version": __version__,
            "cryptography": cryptography.__version__,
            "openssl": backend.openssl_version_text(),
        },
        "expected": _expected(report),
        "ok": report.ok,
        "valid": report.valid,
        "worst": report.worst,
        "certificates": [_certificate(report, c) for c in report.certificates],
        "hierarchy": _hierarchy(report),
        "findings": [finding_dict(finding) for finding in report.findings],
        "undecided": [
            {"rule": u.rule, "because": u.because, "certificates": list(u.certificates)}
            for u in report.undecided
        ],
        "passed": list(report.passed),
        "predictions": [
            {
                "client": p.client,
                "version": p.version,
                "tier": p.tier,
                "verdict": p.verdict,
                "says": p.says,
                "basis": p.basis,
                "because": list(p.because),
            }
            for p in (report.predictions if predictions else ())
        ],
        "fix_first": [finding.id for finding in report.fix_first],
        "repairs": [_repair(repair) for repair in repairs(report.findings)],
    }


def _repair(repair: Repair) -> dict[str, Any]:
    return {
        "act": repair.act,
        "object": _object(repair.object),
        "words": repair.words,
        "findings": [finding.id for finding in repair.findings],
        "extension_lines": list(repair.extension_lines),
        "instructions": list(repair.instructions),
    }


def _object(changes: Object | None) -> dict[str, Any] | None:
    """What has to change."""
    if changes is None:
        return None
    return {
        "kind": changes.kind,
        "subject": changes.subject,
        "words": changes.words,
        "then": changes.then,
    }


def _expected(report: Answers) -> dict[str, Any]:
    expected = report.expected
    device: dict[str, Any] = {}
    for name in (each.name for each in fields(Device)):
        value = getattr(expected.device, name)
        if name in FILES:
            read = getattr(expected, name)
            value = None if read is None else [certificate.sha256 for certificate in read]
        elif isinstance(value, tuple):
            value = list(value)
        device[name] = without_secrets(plain(value))
    runtime = report.hierarchy.runtime
    assumed = []
    if runtime is not None and not runtime.stated:
        device["runtime"] = str(runtime)
        assumed.append("runtime")
    device["assumed"] = assumed
    return {
        "at": _utc(expected.at),
        "hostname": expected.hostname,
        "profile": expected.profile,
        "trust": [certificate.sha256 for certificate in expected.trust],
        "device": device,
        "clients": None if expected.clients is None else sorted(expected.clients),
        "validation": _validation(expected.validation),
    }


def _validation(validation: Validation) -> dict[str, Any]:
    made: dict[str, Any] = plain(asdict(validation))
    within = validation.expires_within
    made["expires_within"] = within if isinstance(within, int) else dict(within)
    return made


def _certificate(report: Answers, certificate: Certificate) -> dict[str, Any]:
    assigned = report.hierarchy.roles.get(certificate)
    made: dict[str, Any] = {
        "sha256": certificate.sha256,
        "role": assigned.role if assigned else Role.OTHER,
        "role_because": list(assigned.because) if assigned else ["not on the path"],
    }
    facts: dict[str, Callable[[], Any]] = {
        "subject": lambda: str(certificate.subject),
        "issuer": lambda: str(certificate.issuer),
        "serial": lambda: f"{certificate.serial:x}",
        "not_before": lambda: _utc(moment(certificate.not_before)),
        "not_after": lambda: _utc(moment(certificate.not_after)),
        "public_key": lambda: key_text(certificate),
        "signature_algorithm": lambda: algorithm(certificate.signature_algorithm).name,
        "is_ca": lambda: certificate.is_ca,
        "path_length": lambda: (
            certificate.basic_constraints.path_length if certificate.basic_constraints else None
        ),
        "dns_names": lambda: list(certificate.alt_names.dns) if certificate.alt_names else [],
        "ip_addresses": lambda: (
            [str(ip) for ip in certificate.alt_names.ip] if certificate.alt_names else []
        ),
        "subject_key_id": lambda: _hex(certificate.subject_key_id),
        "authority_key_id": lambda: (
            _hex(certificate.authority_key_id.key_id) if certificate.authority_key_id else None
        ),
    }
    for name, read in facts.items():
        try:
            made[name] = read()
        except (Unreadable, Malformed, OverflowError, ValueError):
            made[name] = None  # `undecided` and the finding about the damage say why
    origins = [
        {
            "source": origin.source,
            "index": origin.index,
            "first_line": origin.first_line,
            "last_line": origin.last_line,
        }
        for origin in report.origins.get(certificate, ())
    ]
    made["origin"] = origins[0] if origins else None
    made["copies"] = origins[1:]
    made["synthetic"] = certificate in report.synthetic
    return made


def _hierarchy(report: Answers) -> dict[str, Any]:
    hierarchy = report.hierarchy
    path = hierarchy.path
    anchor = hierarchy.anchor
    return {
        "path": [certificate.sha256 for certificate in path.certificates] if path else [],
        "anchor": anchor.sha256 if anchor is not None else None,
        "anchor_assumed": hierarchy.anchor_assumed,
        "ended": path.ended if path else None,
        "other_paths": [[c.sha256 for c in other.certificates] for other in hierarchy.others],
        "unused": [certificate.sha256 for certificate in hierarchy.unused],
        "duplicates": [certificate.sha256 for certificate in hierarchy.duplicates],
        "predicted": _predicted(report),
        "sender": _sender(hierarchy.sender),
    }


def _predicted(report: Answers) -> dict[str, Any] | None:
    """What a runtime will make, and why not where it makes nothing."""
    predicted = report.hierarchy.predicted
    if predicted is None:
        return None
    refused = [f.id for f in report.findings if f.rule.id in predicted.because]
    return {
        "runtime": ".".join(map(str, predicted.version)),
        "module": predicted.module,
        "synthetic": [certificate.sha256 for certificate in predicted.certificates],
        "because": list(predicted.because),
        "refused": refused,
        "unknown": predicted.unknown or None,
    }


def _sender(sender: Sender | None) -> dict[str, Any] | None:
    """Who sends what was given, and what stays behind."""
    if sender is None:
        return None
    return {
        "name": sender.name,
        "withheld": [certificate.sha256 for certificate in sender.withheld],
        "either": [certificate.sha256 for certificate in sender.either],
        "basis": sender.basis,
    }


def finding_dict(finding: Finding) -> dict[str, Any]:
    """One finding as plain values."""
    return {
        "id": finding.id,
        "rule": finding.rule.id,
        "severity": finding.severity,
        "certificates": list(finding.certificates),
        "role": finding.role,
        "locations": [
            {"source": at.source, "first_line": at.first_line, "last_line": at.last_line}
            for at in finding.locations
        ],
        "message": finding.message,
        "evidence": {name: plain(value) for name, value in finding.evidence.items()},
        "remedy": finding.remedy,
        "act": finding.act,
        "object": _object(finding.object),
        "references": [{"text": r.text, "url": r.url} for r in finding.references],
        "caused_by": finding.caused_by,
    }


def _utc(when: datetime) -> str:
    """As RFC 3339 has it. `strftime` would write the year 1 without its zeros."""
    return when.isoformat().replace("+00:00", "Z")


def _hex(value: bytes | None) -> str | None:
    return None if value is None else value.hex()
