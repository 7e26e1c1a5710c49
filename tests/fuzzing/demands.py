"""What must hold of every report, whatever the input: each failure in words.

No exception but for a mistake of the call, within bounds of time, nothing of a planted key, no
control character, no contradiction, and the same report again.
"""

from __future__ import annotations

import json
import re
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from traceback import extract_tb

import edgecheck
from edgecheck.hierarchy.rfc5280.violations import Kind
from edgecheck.report.damaged import is_damaged
from edgecheck.reporting.terminal import render
from tests.contradictions import MISNAMED, UNEXPLAINED, contradictions
from tests.fuzzing.inputs import Input
from tests.test_secrets import leaked

SECONDS = 5.0
"""Of the processor, for all that is asked of one input: an ordinary one takes 0.01."""
MISTAKES = (
    "trust: no certificate could be read",
    "hostname: expected a DNS name or an IP address",
)
"""What the exceptions that may come begin with: nothing that a chain can cause."""
UNSAFE = re.compile(
    "[\0-\x09\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)
"""What reaches a terminal and does something there; line ends are in remedies and between lines."""
WHOLE = 8
"""Of so many inputs one is written as people write it, and predicted a second time."""
LIBRARIES = re.compile(
    r"asn1crypto|cryptography\.|ParseError|InvalidVersion|must be >=|\bcodec can't|"
    r"Traceback|<class '|\b0x[0-9a-f]{10,}>|invalid literal|object has no|NoneType",
)
"""Words that only programmers know, from libraries or out of Python."""


@dataclass(frozen=True)
class Failure:
    """One thing that does not hold.

    Attributes:
        kind: what does not hold.
        what: where, so that failures of the same making have it in common.
        told: the rest of it, in words.
    """

    kind: str
    what: str
    told: str = ""

    @property
    def group(self) -> str:
        """What failures of the same making have in common."""
        return f"{self.kind}: {self.what}"


def failures(one: Input, memo: edgecheck.Memo | None = None) -> list[Failure]:
    """Everything that does not hold of one input.

    Args:
        one: the input.
        memo: with it the report is made a second time, which must be the same.
    """
    began = time.process_time()
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            found = list(_of_report(one, memo))
        except Exception as wrong:  # whatever it is: a bad chain never raises
            mistake = is_mistake(wrong)
            found = list(_controls("exception", str(wrong))) if mistake else [raised(wrong)]
    for each in warned:  # they are printed to standard error
        found.append(Failure("warns", Path(each.filename).name, str(each.message)[:200]))
    took = time.process_time() - began
    if took > SECONDS:
        found.append(Failure("slow", one.kind, f"{took:.1f} s for {one.size} octets"))
    return found


def is_mistake(wrong: Exception) -> bool:
    """Whether it tells a mistake of the call."""
    return isinstance(wrong, ValueError) and str(wrong).startswith(MISTAKES)


def raised(wrong: BaseException) -> Failure:
    """An exception, with the innermost place in edgecheck that it came through."""
    frames = extract_tb(wrong.__traceback__)
    own = [frame for frame in frames if "/edgecheck/" in frame.filename] or list(frames)
    where = f"{Path(own[-1].filename).name}:{own[-1].name}" if own else "nowhere"
    return Failure("raises", f"{type(wrong).__name__} in {where}", str(wrong)[:300])


def _of_report(one: Input, memo: edgecheck.Memo | None) -> Iterator[Failure]:
    report = one.check()
    report.predictions  # noqa: B018 - what raises is told before what it says
    written = report.to_dict()
    outputs = {
        "json": json.dumps(written, ensure_ascii=False),
        "text": render(report, color=False, unicode=True, width=100, verbose=True),
        "ascii": render(report, color=False, unicode=False, width=70, verbose=True),
        "repr": repr(report),
    }
    told: dict[tuple[str, str], list[str]] = {}
    in_part = report.worst is edgecheck.Severity.ERROR and _is_told_in_part(report)
    for each in contradictions(report, text=outputs["ascii"]):
        if in_part and each.kind in (UNEXPLAINED, MISNAMED):
            continue
        told.setdefault((each.kind, each.what[:120]), []).append(f"{each.who}: {each.told[:200]}")
    for (kind, what), clients in told.items():
        yield Failure(kind, what, "\n".join(clients))
    for name, output in outputs.items():
        yield from _controls(name, output)
    yield from _libraries("report", _own_words(report))
    if not outputs["ascii"].isascii():
        yield Failure("not ASCII", "ascii")
    whole = one.number % WHOLE == 0
    if whole and not _is_written(report.to_json(), written):
        yield Failure("not what was to be written", "json")
    if one.secret and (pieces := leaked("\n".join(outputs.values()), one.secret)):
        yield Failure("a piece of a key", one.kind, ", ".join(pieces[:3]))
    if memo is not None:
        again = one.check(memo).to_dict(predictions=whole)
        if again != (written if whole else {**written, "predictions": []}):
            yield Failure("two reports differ", one.kind)


def _is_told_in_part(report: edgecheck.Report) -> bool:
    """Whether clients may stop at a fault beside those that findings tell.

    Faults are put in blindly here, several to a certificate, and into some that are sent beside the
    path. Beside an error no finding has to tell each of them: at which a client stops first, its
    prediction tells.
    """
    hierarchy = report.hierarchy
    path = hierarchy.path
    undecided = path is not None and any(v.kind is Kind.UNDECIDED for v in path.violations)
    known = (*hierarchy.sequence, *report.expected.trust)
    return undecided or bool(hierarchy.unused) or any(map(is_damaged, known))


def _is_written(text: str, written: dict[str, object]) -> bool:
    """Whether a text is the JSON of it, in ASCII."""
    return text.isascii() and json.loads(text) == json.loads(json.dumps(written))


def _own_words(report: edgecheck.Report) -> str:
    """What edgecheck says and shows itself; clients are quoted, in the words of libraries."""
    said: list[object] = []
    for finding in report.findings:
        if finding.rule.family != "client":
            said += [finding.message, finding.remedy, dict(finding.evidence)]
    said += [each.because for each in report.undecided]
    said += [each.because for each in report.hierarchy.roles.values()]
    return "\n".join(map(str, said))


_ESCAPE = re.compile(r"\\(\\|u00[01][0-9a-f]|[bfrt])")
"""In JSON: what a reader prints as it is."""


def _controls(name: str, output: str) -> Iterator[Failure]:
    """A control character; one that JSON has escaped is one where it is read."""
    found = UNSAFE.search(output)
    if name == "json" and found is None:
        found = next((each for each in _ESCAPE.finditer(output) if each[1] != "\\"), None)
    if found:
        around = output[max(0, found.start() - 60) : found.end() + 30]
        yield Failure("a control character", name, repr(around))


def _libraries(name: str, output: str) -> Iterator[Failure]:
    if found := LIBRARIES.search(output):
        around = output[max(0, found.start() - 80) : found.end() + 60]
        yield Failure("a library speaks", found[0], repr(around))
