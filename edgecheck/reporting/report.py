"""The report: the answers, and the forms in which they can be told."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from edgecheck.report.answers import Answers


@dataclass(frozen=True, slots=True)
class Report(Answers):
    """What `check()` found out, as a value that can be written in several forms.

    Two reports of the same input with the same arguments at the same time are equal. A report can
    be pickled, copied, and be a key; what is computed when first asked for comes along, or is
    computed there.
    """

    def __repr__(self) -> str:
        """One line: the verdict, the target's name escaped, and how many findings there are."""
        counts = Counter(finding.severity for finding in self.findings if not finding.caused_by)
        told = ", ".join(f"{counts[severity]} {severity}" for severity in sorted(counts)[::-1])
        about = "" if self.hierarchy.target is None else f" about {self.hierarchy.target!r}"
        verdict = f"ok={self.ok} valid={self.valid} worst={self.worst}"
        return f"<Report {verdict}{about}: {told or 'no findings'}>"

    def __hash__(self) -> int:
        """From what is the same in every process."""
        known = [int(each.sha256[:15], 16) for each in self.certificates]
        return hash((self.expected.at_seconds, len(self.findings), *known))

    def __reduce__(self) -> tuple[Any, ...]:
        """What was computed goes along, and what only this process can compute is computed."""
        made = (self.expected, self.hierarchy, self.findings, self.undecided, self.origins)
        kept = {**self._kept, "passed": self.passed}
        return Report, (*made, self.problems, None, kept)

    def to_dict(self, *, predictions: bool = True) -> dict[str, Any]:
        """The report as JSON schema version 1 describes it (`schema/report-v1.json`).

        predictions: False: the list of them is empty, and none is computed.
        """
        from edgecheck.reporting.json import as_dict

        return as_dict(self, predictions)

    def to_json(self, *, predictions: bool = True) -> str:
        """The same as text: keys in the schema's order, two spaces, ASCII only."""
        from edgecheck.reporting.json import as_json

        return as_json(self, predictions)

    def to_markdown(self) -> str:
        """Return the report as Markdown, for a ticket or a wiki; ends with a line end.

        Text out of certificates is escaped: it can be no link, no mention, no heading, no HTML.
        """
        from edgecheck.reporting.document.build import document
        from edgecheck.reporting.markdown import markdown

        return markdown(document(self))

    def to_text(
        self,
        *,
        color: bool = False,
        width: int = 100,
        verbose: bool = False,
        unicode: bool = True,
    ) -> str:
        """The report as the command line prints it; the last line ends with a line end.

        Args:
            color: with the colours of terminals.
            width: columns; the text is for people, and never becomes narrower than 60.
            verbose: also findings of severity info, whole fingerprints, and why rules are
                undecided.
            unicode: False: ASCII alone.
        """
        from edgecheck.reporting.terminal import render

        return render(self, color=color, unicode=unicode, width=width, verbose=verbose)

    def to_html(self) -> str:
        """The report as one HTML file that loads nothing: for a browser, on paper, or in a ticket.

        Raises:
            ImportError: jinja2 is not installed (`pip install 'edgecheck-iot[html]'`).
        """
        from edgecheck.reporting.document.build import document
        from edgecheck.reporting.html.page import Part, page

        return page([Part("", document(self))])

    def to_svg(self) -> str:
        """The same as one drawing: findings, the hierarchy, and when its certificates are valid."""
        from edgecheck.reporting.document.build import document
        from edgecheck.reporting.drawing.whole import svg

        return svg([("", document(self))])
