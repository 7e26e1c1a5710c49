"""What to do first: findings that one act repairs go together."""

from collections.abc import Iterable

from edgecheck.reading.late import late
from edgecheck.rules.engine.finding import Finding
from edgecheck.rules.engine.objects import APPLY, RESTART, Kind, Object
from edgecheck.rules.engine.rule import Act, Severity
from edgecheck.values import frozen

_LINE = late(
    r" {4,}((?:basic|name|policy)Constraints|(?:extendedK|k)eyUsage|(?:subject|issuer)AltName"
    r"|(?:subject|authority)KeyIdentifier|certificatePolicies|policyMappings|inhibitAnyPolicy"
    r"|crlDistributionPoints|authorityInfoAccess) *= *(\S.*)"
)
_SENTENCE = late(r"((?:`[^`]*`|\((?:[^()`]|`[^`]*`)*\)|.)+?)[.;](?: |$)")
"""Up to the first full stop or semicolon that is in no brackets and no quoted command."""
_APPLIED = (APPLY, RESTART)
"""How remedies say themselves that the configuration is to be applied."""


_TOLD = {
    Act.REISSUE: "reissue {}",
    Act.RENEW: "renew {}",
    Act.RESTART: "let the runtime renew {}",
    Act.EDIT: "edit {}",
    Act.TRUST: "change {}",
    Act.CONFIGURE: "change {}",
    Act.CLIENT: "change {}",
    Act.WAIT: "set {}",
    Act.AGAIN: "take {} again",
    Act.ADD: "add {}",
    Act.GIVE: "give edgecheck {}",
}
"""What is said of an act and its object."""
_SAY_WHERE = frozenset((Act.EDIT, Act.TRUST, Act.CONFIGURE, Act.CLIENT, Act.AGAIN, Act.GIVE))
"""Acts whose words say what is to be changed, and not into what."""
_LONGEST = 170
"""Characters of an instruction that the first screen has room for."""
_LEADS_ON = ": see below."
"""How one ends there whose commands or lines stand further down."""


@frozen
class Repair:
    """One act and the findings that it closes, the worst first.

    Attributes:
        act: what kind of act; a certificate that is to be reissued and renewed is reissued.
        object: what has to change; None where nothing has to.
        findings: what it repairs, without what follows from them.
        errors: how many errors it closes, those that follow included.
        warnings: the same of warnings.
        closes: how many findings it closes, whatever their severity.
    """

    act: Act
    object: Object | None
    findings: tuple[Finding, ...]
    errors: int
    warnings: int
    closes: int

    @property
    def words(self) -> str:
        """The act and its object, such as `reissue the device CA "x"`; safe to print."""
        if self.object is None:
            return str(self.act)
        words = _TOLD[self.act].format(self.object.words)
        told = {finding.object.how for finding in self.findings if finding.object is not None}
        how = self.object.how
        if not how or (len(told) > 1 and "{}" not in how):
            return words  # what the others want is not all of it
        return how.replace("{}", words, 1)

    @property
    def exactly(self) -> str:
        """A sentence that says what exactly to do, where `words` say only what is to be changed.

        Return an empty text where they say it, and where one short sentence does not: findings
        that want different things of one file have their instructions further down.
        """
        if self.object is None or self.object.how or self.act not in _SAY_WHERE:
            return ""
        told = {in_short(finding.remedy) for finding in self.findings}
        sentence, below, _ = told.pop().partition("\n")
        if told or len(sentence) > _LONGEST:
            return ""
        if not below:
            return sentence
        return f"{sentence[:-1]}{_LEADS_ON}" if sentence.endswith(":") else ""

    @property
    def extension_lines(self) -> tuple[str, ...]:
        """The OpenSSL extension lines with which a certificate is to be issued, each once."""
        lines = (line for finding in self.findings for line in finding.remedy.splitlines())
        return merged(lines) if self._is_of_a_certificate else ()

    @property
    def instructions(self) -> tuple[str, ...]:
        """What to do for findings that no extension line repairs, in few words each."""
        told = dict.fromkeys(
            in_short(finding.remedy)
            for finding in self.findings
            if not (self._is_of_a_certificate and merged(finding.remedy.splitlines()))
        )
        if then := self._then(told):
            told[f"Then {then}."] = None
        return tuple(told)

    @property
    def then(self) -> str:
        """What to do after the act, where `exactly` does not say so itself; else empty."""
        return self._then([self.exactly])

    def _then(self, told: Iterable[str]) -> str:
        """What to do after the change, where nothing that is told has it already."""
        then = self.object.then if self.object is not None else ""
        return "" if any(done in each for each in told for done in _APPLIED) else then

    @property
    def _is_of_a_certificate(self) -> bool:
        return self.object is not None and self.object.kind is Kind.CERTIFICATE


def repairs(findings: tuple[Finding, ...]) -> tuple[Repair, ...]:
    """Group findings of warning or error by act: the act that closes most errors first.

    Where two close as many errors, warnings decide; then what stands first in the report.
    """
    groups: dict[tuple[object, ...], list[Finding]] = {}
    following: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.caused_by is not None:
            following.setdefault(finding.caused_by, []).append(finding)
        elif finding.severity is not Severity.INFO:
            groups.setdefault(_place(finding), []).append(finding)
    if not groups:
        return ()
    made = []
    for group in groups.values():
        closed = [*group, *(effect for f in group for effect in following.get(f.id, ()))]
        acts = [finding.act for finding in group]
        made.append(
            Repair(
                Act.REISSUE if Act.REISSUE in acts else acts[0],
                group[0].object,
                tuple(group),
                sum(f.severity is Severity.ERROR for f in closed),
                sum(f.severity is Severity.WARNING for f in closed),
                len(closed),
            )
        )
    made.sort(key=lambda repair: (repair.act is Act.NOTHING, -repair.errors, -repair.warnings))
    return tuple(made)


def _place(finding: Finding) -> tuple[object, ...]:
    """One object is changed once, whatever is done to it; and what needs no act is no object."""
    changed = finding.object
    return (changed.kind, changed.subject) if changed is not None else (Act.NOTHING,)


def merged(lines: Iterable[str]) -> tuple[str, ...]:
    """OpenSSL extension lines among these, each extension once with all that is asked of it.

    Basic constraints contradict each other easily, a path length that of no path length: the
    first are taken, which are of the worst finding.
    """
    values: dict[str, list[str]] = {}
    for line in lines:
        if match := _LINE.fullmatch(line):
            name, parts = match[1], [part.strip() for part in match[2].split(",")]
            asked = values.setdefault(name, [])
            if asked and name == "basicConstraints":
                parts = [part for part in parts if part == "critical"]
            asked += [part for part in parts if part not in asked]
    for asked in values.values():
        asked.sort(key=lambda part: part != "critical")  # OpenSSL wants it first
    return tuple(f"{name} = {','.join(asked)}" for name, asked in values.items())


def in_short(remedy: str) -> str:
    """The first thing that a remedy says to do, with the lines that it leads to."""
    paragraphs = remedy.split("\n\n")
    text = " ".join(paragraphs[0].split())
    match = _SENTENCE.match(text)
    lines = paragraphs[1:2] if not match else []
    if lines and lines[0].startswith("    "):
        return f"{text}\n{lines[0]}"
    return f"{match[1] if match else text.rstrip('.;:')}."
