"""The report: the answers, and the forms in which they can be told."""

from dataclasses import dataclass
from typing import Any

from edgecheck.report.answers import Answers


@dataclass(frozen=True, slots=True)
class Report(Answers):
    """What `check()` found out, as a value that can be written in several forms."""

    def to_dict(self) -> dict[str, Any]:
        """The report as JSON schema version 1 describes it (`schema/report-v1.json`)."""
        from edgecheck.reporting.json import as_dict

        return as_dict(self)

    def to_json(self) -> str:
        """The same as text: keys in the schema's order, two spaces, ASCII only."""
        from edgecheck.reporting.json import as_json

        return as_json(self)
