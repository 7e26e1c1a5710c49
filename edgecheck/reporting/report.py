"""The report: the answers, and the forms in which they can be told."""

from collections import Counter
from typing import TYPE_CHECKING, Any

from edgecheck.report.answers import Answers
from edgecheck.values import frozen

if TYPE_CHECKING:
    from edgecheck.reporting.document.blocks import Document
    from edgecheck.reporting.redacting.redaction import Redaction


@frozen
class Report(Answers):
    """What `check()` found out, as a value that can be written in several forms.

    Two reports of the same input with the same arguments at the same time are equal. A report can
    be pickled, copied, and be a key; what is computed when first asked for comes along, or is
    computed there.

    Attributes:
        findings: violated rules: those of severity error first, then warning, then info; of one
            severity by the place on the path, the server's certificate first, then by id. What
            follows from another finding is among them, and names it in `caused_by`.
        undecided: rules that could not be decided, and why; by none of them is anything said.
        hierarchy: who issued whom, and which certificate has which role.
        expected: what was said: time, host name, trust, device.
        origins: where each certificate was found: sources, and lines of them.
        problems: what of the presented input is no certificate, or one with a flaw.
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

    def to_dict(self, *, predictions: bool = True, redact: bool = False) -> dict[str, Any]:
        """The report as JSON schema version 1 describes it (`schema/report-v1.json`).

        Args:
            predictions: False: the list of them is empty, and none is computed.
            redact: names, numbers and digests are pseudonyms (`docs/redaction.md`).
        """
        from edgecheck.reporting.json import as_dict

        return as_dict(self, predictions, self._redaction(redact))

    def to_json(self, *, predictions: bool = True, redact: bool = False) -> str:
        """The same as text: keys in the schema's order, two spaces, ASCII only."""
        from edgecheck.reporting.json import as_json

        return as_json(self, predictions, self._redaction(redact))

    def to_markdown(self, *, redact: bool = False) -> str:
        """Return the report as Markdown, for a ticket or a wiki; ends with a line end.

        Text out of certificates is escaped: it can be no link, no mention, no heading, no HTML.

        redact: names, numbers and digests are pseudonyms (`docs/redaction.md`).
        """
        from edgecheck.reporting.markdown import markdown

        return markdown(self._document(redact))

    def to_text(
        self,
        *,
        color: bool = False,
        width: int = 100,
        verbose: bool = False,
        unicode: bool = True,
        redact: bool = False,
    ) -> str:
        """The report as the command line prints it; the last line ends with a line end.

        Args:
            color: with the colours of terminals.
            width: columns; the text is for people, and never becomes narrower than 60.
            verbose: also findings of severity info, whole fingerprints, keys and names, and why
                rules are undecided.
            unicode: False: ASCII alone.
            redact: names, numbers and digests are pseudonyms (`docs/redaction.md`).
        """
        from edgecheck.reporting.terminal import render

        return render(
            self,
            color=color,
            unicode=unicode,
            width=width,
            verbose=verbose,
            redaction=self._redaction(redact),
        )

    def to_html(self, *, redact: bool = False) -> str:
        """The report as one HTML file that loads nothing: for a browser, on paper, or in a ticket.

        redact: names, numbers and digests are pseudonyms (`docs/redaction.md`).

        Raises:
            ImportError: jinja2 is not installed (`pip install jinja2`, or the extra `html`).
        """
        from edgecheck.reporting.html.page import Part, page

        return page([Part("", self._document(redact))])

    def to_svg(self, *, redact: bool = False) -> str:
        """The same as one drawing: findings, the hierarchy, and when its certificates are valid."""
        from edgecheck.reporting.drawing.whole import svg

        return svg([("", self._document(redact))])

    def _document(self, redact: bool) -> "Document":
        from edgecheck.reporting.document.build import document

        made, redaction = document(self), self._redaction(redact)
        if redaction is None:
            return made
        from edgecheck.reporting.redacting.blocks import redacted

        return redacted(made, redaction)

    def _redaction(self, wanted: bool) -> "Redaction | None":
        if not wanted:
            return None
        from edgecheck.reporting.redacting.redaction import Redaction

        return Redaction.of(self)
