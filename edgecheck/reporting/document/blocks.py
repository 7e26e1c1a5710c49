"""Blocks of a document: plain values, each text made safe to print, in the order of reading.

Tones are the names of colours that a renderer may use: "", "dim", "good", "info", "warning",
"error". They never stand alone: what they say is in a word or a sign too.
"""

from typing import NamedTuple

from edgecheck.reporting.document.marks import Broken, Mark, Tone, Words
from edgecheck.reporting.document.nodes import NOTHING_DRAWN, Edge, Gap, Graph, Node
from edgecheck.values import frozen

__all__ = [  # for whoever lays a document out, all blocks are here
    "NOTHING_DRAWN",
    "Broken",
    "Edge",
    "Gap",
    "Graph",
    "Mark",
    "Node",
    "Tone",
    "Words",
]

OTHER_REASONS = "other reasons"
"""What stands for the rules behind refusals that are told in one row."""


@frozen
class Row:
    """A certificate of the path, as the tree shows it.

    Attributes:
        sha256: of the certificate.
        level: how deep it stands; the uppermost one is 0, or 1 where something is missing above.
        role: short, such as "device CA".
        suffix: what is said of the upper end, such as ", trusted"; else empty.
        tone: of role and suffix.
        subject: its name in short.
        signed_by: who signed it: a role, "itself", or empty where nobody is known.
        signature: "valid", "bad", "unchecked", "later" (of what is predicted), or "" (no link).
        authority: "yes", "no", in capitals where that is wrong for its place; "?".
        path_length: its bound on CAs below; None for none.
        authority_tone: the tone of these.
        expires: its last day (UTC) or, in words, from when on it is valid.
        left: how far that is off, where that is near or past ("in 27 days"); else empty.
        left_short: the same in fewer letters.
        expires_tone: the tone of these.
        mark: rules that it breaks.
    """

    sha256: str
    level: int
    role: str
    suffix: str
    tone: Tone
    subject: str
    signed_by: str
    signature: str
    authority: str
    path_length: int | None
    authority_tone: Tone
    expires: str
    left: str
    left_short: str
    expires_tone: Tone
    mark: Mark


class Entry(NamedTuple):
    """A certificate on no path: whose it is, where it stands, and what is wrong with it."""

    sha256: str
    subject: str
    place: str
    mark: Mark


class Listed(NamedTuple):
    """Certificates below the tree, under a label; `more`: how many are left out."""

    label: str
    entries: tuple[Entry, ...]
    more: int


class Note(NamedTuple):
    """A sentence below the tree."""

    words: Words


@frozen
class Tree:
    """The hierarchy from the root down.

    Attributes:
        none: why there is no row; else empty.
        ended: what is said above a path that goes no further; else empty.
        rows: the path, the root first.
        below: what is on no path, presented twice, predicted or held back.
    """

    none: str
    ended: str
    rows: tuple[Row, ...]
    below: tuple[Listed | Note, ...]


class Place(NamedTuple):
    """Where a finding is.

    Attributes:
        where: file and lines.
        role: of the certificate there, "on no path", or empty where it is none.
        subject: its name in short; else empty.
        sha256: whole; empty where it is no certificate.
        synthetic: whether it is only predicted.
    """

    where: str
    role: str = ""
    subject: str = ""
    sha256: str = ""
    synthetic: bool = False


class Value(NamedTuple):
    """A value of evidence: its name in words, in short, and whole."""

    name: str
    short: str
    whole: str


class Source(NamedTuple):
    """Where a rule comes from; `url` may be empty."""

    text: str
    url: str


class Effect(NamedTuple):
    """A finding that follows from another one."""

    id: str
    rule: str
    severity: str
    message: str


@frozen
class Finding:
    """A violated rule.

    Attributes:
        id: of the finding.
        rule: of the rule.
        title: what the rule demands, in a few words.
        severity: "error", "warning" or "info".
        message: one sentence with the actual values.
        places: certificates and pieces of files concerned.
        values: wanted and found, and what else is known.
        fails: who refuses it, in words; else empty.
        tried: issuers that were tried, in words.
        why: prose: a paragraph.
        help: prose: paragraphs, and indented lines that stay as they are.
        seen: what was measured, the first of it; else empty.
        sources: documents that say so.
        follows: what follows from it.
    """

    id: str
    rule: str
    title: str
    severity: str
    message: str
    places: tuple[Place, ...]
    values: tuple[Value, ...]
    fails: str
    tried: tuple[str, ...]
    why: str
    help: str
    seen: str
    sources: tuple[Source, ...]
    follows: tuple[Effect, ...]


@frozen
class Group:
    """Clients that do the same for the same reason.

    Attributes:
        verdict: "reject", "accept" or "unknown".
        names: of the clients in short, or "every client but ..." with the further ones.
        because: the rule behind a refusal, why nothing is known, or empty.
        texts: what some of them print.
    """

    verdict: str
    names: tuple[str, ...]
    because: str
    texts: tuple[str, ...]


@frozen
class Client:
    """What one client will do: "accept", "reject" or "unknown", in its words, and because of what.

    `because` has ids of rules; `basis` is "recorded" or "derived".
    """

    id: str
    name: str
    version: str
    tier: int
    verdict: str
    says: str
    basis: str
    because: tuple[str, ...]


@frozen
class Matrix:
    """All clients, grouped and one by one; `none`: why nothing is known of any, else empty."""

    none: str
    groups: tuple[Group, ...]
    clients: tuple[Client, ...]


@frozen
class Act:
    """What to do, and how much it closes.

    Attributes:
        words: the act and its object.
        exactly: a sentence that says what to do with it, where the words do not; else empty.
        then: what to do after it, without which nothing changes; else empty.
        closes: "1 error and 2 warnings", and what follows.
        rules: those that it repairs.
        lines: OpenSSL extension lines, each to be kept as it is.
        instructions: prose: sentences, and indented lines that stay as they are.
    """

    words: str
    exactly: str
    then: str
    closes: str
    rules: tuple[str, ...]
    lines: tuple[str, ...]
    instructions: tuple[str, ...]


class Bar(NamedTuple):
    """The time of one certificate: seconds since 1970 (UTC), and the days in words."""

    sha256: str
    role: str
    subject: str
    start: int
    end: int
    first_day: str
    last_day: str
    tone: Tone


class Timeline(NamedTuple):
    """When certificates are valid, the root first; `at` is the moment of the check."""

    at: int
    day: str
    bars: tuple[Bar, ...]


class Fact(NamedTuple):
    """A fact of a certificate: its name and what it is."""

    name: str
    told: str


@frozen
class Certificate:
    """One certificate in detail; `pem` is empty where it is only predicted."""

    sha256: str
    role: str
    subject: str
    places: tuple[str, ...]
    synthetic: bool
    facts: tuple[Fact, ...]
    pem: str
    mark: Mark


class Table(NamedTuple):
    """A table under a heading; every row has as many cells as there are heads."""

    heading: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Open(NamedTuple):
    """Rules that could not be decided for one reason; `option` tells edgecheck what is missing."""

    because: str
    option: str
    rules: tuple[str, ...]


class Summary(NamedTuple):
    """What the first screen has to say: the worst finding, the first act, and who refuses."""

    finding: Finding
    first: str
    refuses: str


@frozen
class Document:
    """What a report says.

    Attributes:
        sources: what was checked, in the caller's words.
        context: what it was checked against, in a few words each.
        predicted: that of them which says for which runtime the chain is predicted; else empty.
        verdict: "error", "warning", "ok", "not valid" or "not validated", and its tone.
        told: the verdict in a sentence.
        remarks: what is worth saying of a chain without fault.
        expiry: that of them which says when the first certificate ends; else empty.
        chain: the roles of the path, the root first.
        healthy: whether nothing is wrong.
        hidden: how many notes are not shown.
        summary: of the worst finding; None where nothing is wrong.
        tree: the hierarchy.
        findings: those to show, the worst first.
        matrix: what clients do; None where that is not asked for.
        acts: what to do, in this order.
        timeline: when the certificates are valid.
        certificates: in detail, those of the path first.
        tables: names and files of a gateway.
        undecided: rules that could not be decided.
        left_open: how many of them are about something that was asked.
        counts: how many findings of each kind, in a few words each.
        more: the rule of which one may read more first; empty without a finding.
        graph: the hierarchy as drawings show it, with what the tree has no place for.
    """

    sources: tuple[str, ...]
    context: tuple[str, ...]
    predicted: str
    verdict: Words
    told: str
    remarks: tuple[str, ...]
    expiry: str
    chain: tuple[str, ...]
    healthy: bool
    hidden: int
    summary: Summary | None
    tree: Tree
    findings: tuple[Finding, ...]
    matrix: Matrix | None
    acts: tuple[Act, ...]
    timeline: Timeline
    certificates: tuple[Certificate, ...]
    tables: tuple[Table, ...]
    undecided: tuple[Open, ...]
    left_open: int
    counts: tuple[str, ...]
    more: str
    graph: Graph = NOTHING_DRAWN
