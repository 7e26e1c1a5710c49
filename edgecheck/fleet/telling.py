"""What is written of a judged row: one row of a summary, or one for each finding."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from edgecheck.fleet.judge import ROW_RULE, Judged
from edgecheck.hierarchy.roles import Role
from edgecheck.reading.certificate import Certificate, Unreadable, moment
from edgecheck.reading.der import Malformed
from edgecheck.reading.text import safe, visible
from edgecheck.reporting.report import Report
from edgecheck.rules.engine.rule import Severity

_MOST = 1_000
"""Certificates whose facts are kept: those that gateways share."""
_LONGEST = 2_000
"""Characters of a message or a remedy."""


class Teller:
    """Writes judged rows; keeps what it wrote of certificates that many gateways share."""

    def __init__(self, predictions: bool = False) -> None:
        """`predictions`: whether the clients of tier 1 are asked about each chain."""
        self.predictions = predictions
        self._facts: dict[str, tuple[str | None, datetime | None]] = {}

    def summary(self, judged: Judged) -> dict[str, Any]:
        """Return the row of the summary, by the names of `columns.SUMMARY`."""
        faults, report = len(judged.faults), judged.report
        counts = {Severity.ERROR: faults, Severity.WARNING: 0, Severity.INFO: 0}
        rules = {ROW_RULE} if faults else set()
        for finding in report.findings if report is not None else ():
            if finding.caused_by is None:
                counts[finding.severity] += 1
                if finding.severity is not Severity.INFO:
                    rules.add(finding.rule.id)
        worst = Severity.ERROR if faults or report is None else report.worst
        made: dict[str, Any] = {
            "id": judged.id,
            "ok": report is not None and report.ok and not faults,
            "valid": report.valid if report is not None else None,
            "worst": str(worst) if worst is not None else None,
            "errors": counts[Severity.ERROR],
            "warnings": counts[Severity.WARNING],
            "notes": counts[Severity.INFO],
            "undecided": len(report.undecided) if report is not None else 0,
            "signature": " ".join(sorted(rules)),
            "anchor_assumed": report is not None and report.hierarchy.anchor_assumed,
        }
        path = self._path(report) if report is not None else []
        ending = [each for each in path if each["not_after"] is not None]
        first = min(ending, key=lambda each: each["not_after"]) if ending else {}
        made["first_end"] = first.get("not_after")
        made["first_end_role"] = first.get("role")
        made["first_end_sha256"] = first.get("sha256")
        above = [each["not_after"] for each in ending if each["role"] != Role.SERVER]
        made["first_ca_end"] = min(above) if above else None
        made["certificates"] = path
        made["refusing"], made["unpredicted"] = None, None
        if self.predictions:
            made["refusing"], made["unpredicted"] = _asked(report)
        return made

    def findings(self, judged: Judged) -> Iterator[dict[str, Any]]:
        """Return the findings of a row, by the names of `columns.FINDINGS`."""
        for number, fault in enumerate(judged.faults):
            yield {
                "id": judged.id,
                "finding": f"{ROW_RULE}@{fault.about}" + (f"#{number}" if number else ""),
                "rule": ROW_RULE,
                "severity": "error",
                "role": None,
                "certificates": [],
                "message": fault.message,
                "remedy": fault.remedy,
                "caused_by": None,
            }
        for finding in judged.report.findings if judged.report is not None else ():
            yield {
                "id": judged.id,
                "finding": finding.id,
                "rule": finding.rule.id,
                "severity": str(finding.severity),
                "role": str(finding.role) if finding.role is not None else None,
                "certificates": list(finding.certificates),
                "message": _one_line(finding.message),
                "remedy": _one_line(finding.remedy),
                "caused_by": finding.caused_by,
            }

    def _path(self, report: Report) -> list[dict[str, Any]]:
        """The certificates on the path, the server's first."""
        found = report.hierarchy
        made = []
        for certificate in found.path.certificates if found.path is not None else ():
            known = self._facts.get(certificate.sha256)
            if known is None:
                if len(self._facts) >= _MOST:
                    self._facts.clear()
                known = self._facts[certificate.sha256] = _facts(certificate)
            subject, end = known
            made.append(
                {
                    "sha256": certificate.sha256,
                    "role": str(found.role(certificate)),
                    "subject": subject,
                    "not_after": end,
                }
            )
        return made


def _facts(certificate: Certificate) -> tuple[str | None, datetime | None]:
    """The subject and the end of a certificate; None for what cannot be read."""
    subject: str | None
    end: datetime | None
    try:
        subject = safe(str(certificate.subject), 200)
    except (Unreadable, Malformed):
        subject = None
    try:
        end = moment(certificate.not_after)
    except (Unreadable, OverflowError):
        end = None
    return subject, end


def _one_line(text: str) -> str:
    """Text that is safe to print, in one line, cut where it is very long."""
    if len(text) > _LONGEST:
        text = f"{text[:_LONGEST]}..."
    if not text.isprintable():
        text = " ".join(text.split())
    made: str = visible(text)
    return made


def _asked(report: Report | None) -> tuple[list[str], int]:
    """Which clients of tier 1 refuse a chain, and of how many that is unknown."""
    from edgecheck.behaviour.records import RECORDS
    from edgecheck.clients.answer import Verdict
    from edgecheck.report.predictions import predict

    asked = [client for client in RECORDS if client.tier == 1]
    if report is None or report._inquiry is None:
        return [], len(asked)
    answers = predict(report._inquiry, report.findings, asked)
    refusing = [each.client for each in answers if each.verdict is Verdict.REJECT]
    unknown = sum(each.verdict is Verdict.UNKNOWN for each in answers)
    return refusing, unknown + len(asked) - len(answers)
