"""What a rule is: data (the decorator), prose (the docstring), logic (the body).

A rule runs over one kind of subject and returns None, one `Violation`, or a list of them.
It states facts only; the run turns violations into findings.
"""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from edgecheck.behaviour.refusers import TIER_1, Refuser
from edgecheck.docstrings import REMOVED, docstring
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.late import late
from edgecheck.rules.engine.conditions import Condition
from edgecheck.rules.engine.objects import Object, Place, setting
from edgecheck.rules.symptoms import SYMPTOMS
from edgecheck.values import frozen


class Severity(StrEnum):
    """How bad a violation is (see `docs/severity.md`); they are ordered by weight.

    `ERROR > WARNING > INFO`: `max()` is the worst. A severity is equal to the word for it, so that
    word is ordered as the severity is: `severity >= "warning"`. To compare with any other text, or
    with anything that is no text, is a TypeError.
    """

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return _RANK[self]

    @property
    def lowered(self) -> "Severity":
        """One level lower; info stays info."""
        return Severity.WARNING if self is Severity.ERROR else Severity.INFO

    def __lt__(self, other: str) -> bool:
        return self.rank > _rank(other)

    def __le__(self, other: str) -> bool:
        return self.rank >= _rank(other)

    def __gt__(self, other: str) -> bool:
        return self.rank < _rank(other)

    def __ge__(self, other: str) -> bool:
        return self.rank <= _rank(other)


_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


def _rank(other: str) -> int:
    """The rank of a severity, or of the word for one."""
    if not isinstance(other, str) or other not in _RANK:
        raise TypeError(f"a severity is compared with error, warning or info, not with {other!r}")
    return _RANK[other]  # type: ignore[index]


ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO


def severity_for(refused_by: frozenset[Refuser]) -> Severity:
    """How bad it is that these clients refuse something: an error where tier 1 does."""
    return WARNING if TIER_1.isdisjoint(refused_by) else ERROR


class Over(StrEnum):
    """What a rule runs over, and so what its function gets.

    The words are shown in the documentation. A rule over EACH_CERTIFICATE gets the
    certificate alone: what it finds can be remembered for the next chain.
    """

    EACH_CERTIFICATE = "each certificate that is presented or on the path, by itself"
    PROBLEM = "each piece of the input that is damaged or no certificate"
    PATH_VIOLATION = "each violation on the best path"
    SERVER = "the hub server certificate"
    DEVICE_CA = "the device CA certificate"
    EACH_CA = "each CA certificate on the path"
    EACH_ON_PATH = "each certificate on the path"
    EACH_PRESENTED = "each certificate that is presented or on the path"
    EACH_LINK = "each certificate on the path together with its issuer"
    HIERARCHY = "the whole hierarchy"
    DEVICE = "the description of the device"
    REFUSALS = "clients that matter and are predicted to refuse, where no rule finds an error"


class Act(StrEnum):
    """What somebody does to repair a violation; findings that one act repairs go together."""

    REISSUE = "reissue"
    EDIT = "edit the file"
    TRUST = "change the trust"
    CONFIGURE = "change the configuration"
    CLIENT = "change the client"
    RENEW = "renew"
    RESTART = "let the runtime renew"
    ADD = "add what is missing"
    GIVE = "give what is missing"
    WAIT = "set the clock"
    AGAIN = "connect again"
    NOTHING = "nothing"


class Need(StrEnum):
    """What a rule needs to be told; without it the rule is undecided."""

    HOSTNAME = "no host name was given"
    TRUST = "no trust was given"
    SERVER = "no server certificate was given"
    NAME = "neither a host name nor a server certificate was given"
    ASKED = "neither a host name nor a GatewayHostName was given"
    GATEWAY_HOST_NAMES = "no GatewayHostName of downstream devices was given"
    CONFIGURED_HOSTNAME = "the configured host name was not given"
    TRUST_BUNDLE = "the gateway's trust bundle was not given"
    DEVICE_CA_FILE = "the device CA file was not given"
    RUNTIME = "the runtime's version is not known"
    MACHINE_NAME = "the machine's name was not given"
    SETTINGS = "no settings of the gateway were given"
    EDGE_CA = "the settings of [edge_ca] were not given"
    DEVICE_CA_SETTINGS = "neither the settings of [edge_ca] nor those of certificates were given"
    CONFIGURATION = "nothing of the gateway's configuration was given"
    CONFIGURATION_FILES = "which configuration files there are was not given"
    REGISTRATION = "what IoT Hub knows of the downstream device was not given"
    DEVICE_CA_KEY = "nothing about the device CA's private key was given"
    KEYS = "nothing about private keys was given"
    FILES = "nothing about the files that the configuration names was given"
    APPLIED = "what the daemons have of the configuration was not given"
    CONNECTION_STRINGS = "no connection strings of downstream devices were given"
    FOLDERS = "where the runtime keeps what it made was not given"
    OS_TRUST = "what the gateway's system trusts was not given"
    CACHED_WORKLOAD_CA = "the cached workload CA was not given"


@frozen
class Reference:
    """A document, a source file at a tag, or a public issue."""

    text: str
    url: str


_NO_MORE: Mapping[str, Any] = {}
"""No further values; a plain dictionary, which is the quickest to copy from."""


class Violation(NamedTuple):
    """One violation of a rule, with the values that show it.

    Attributes:
        message: one sentence with the actual values, already safe to print.
        wanted: what would be right.
        found: what is there.
        certificates: those concerned, the one to change first.
        severity: where it differs from the rule's.
        remedy: where it is more precise than the rule's.
        changes: what has to change, where it differs from what the rule says.
        how: what to do in few words, such as "{}, with at least 2", where the act and its object,
            for which `{}` stands, do not say it; without anything out of certificates.
        evidence: further typed values by name.
        where: for what is no certificate: (source, first line, last line).
        because_of: rule and certificate of the finding that explains this one, where that
            depends on the facts; `follows` of the rule is for where it never does.
        explained_by: rules of which any finding explains this one, whatever its certificates.
        refused_by: the clients that refuse it, where they differ from the rule's.
        accepting: those of them who accept it where the certificate stands, by certificate and
            case; for rules over single certificates, which do not know the place.
        also: further ones who refuse it where the certificate stands, likewise; and whatever way
            up they take from it, since they look for the name that they ask for.
        unread: those of them who refuse it before they look for a way up, and so whatever way they
            would take.
        explains: certificates that should not be there at all: whatever else is found about one of
            them follows from this.
        hidden: whether clients take the certificate as if it were not there, so that they speak
            of the one below it, whose issuer they cannot find.
    """

    message: str
    wanted: Any = None
    found: Any = None
    certificates: tuple[Certificate, ...] = ()
    severity: Severity | None = None
    remedy: str | None = None
    changes: Certificate | Object | Place | None = None
    evidence: Mapping[str, Any] = _NO_MORE
    where: tuple[str, int | None, int | None] | None = None
    because_of: tuple[str, Certificate] | None = None
    explained_by: frozenset[str] = frozenset()
    refused_by: frozenset[Refuser] | None = None
    accepting: Callable[..., frozenset[Refuser]] | None = None
    also: Callable[..., frozenset[Refuser]] | None = None
    unread: frozenset[Refuser] = frozenset()
    hidden: bool = False
    explains: tuple[Certificate, ...] = ()
    how: str = ""


@frozen
class Missing:
    """What a rule would have to be told of one of several subjects, so that it has not passed.

    Attributes:
        because: what is not known, in words.
    """

    because: str


Outcome = Violation | list[Violation] | list[Violation | Missing] | None


@frozen
class Rule:
    """One rule; made by the decorator `rule`, listed in a `RuleSet`.

    Attributes:
        id: `family.slug`, stable.
        title: a sentence of at most 80 characters that says what is wrong.
        severity: unless a violation computes another.
        over: what the function runs over.
        kinds: for PROBLEM and PATH_VIOLATION, which ones.
        act: what repairs it.
        changes: what has to change; None: what the act is mostly about (`changes.py`).
        needs: what must be known; otherwise the rule is undecided.
        references: where the rule comes from.
        follows: rules whose violation on the same certificate explains this one.
        runtime: the versions of IoT Edge that it concerns, in words; empty for all.
        formerly: ids that it had before.
        when: conditions that stand beside the rule; it runs only where one of them holds: over
            certificates, for that one; over links, for one of the two; over the hierarchy, for one
            on the path, presented, or in the device's files. Conditions of the path hold for all.
            Empty: everywhere.
        refused_by: the clients that refuse what it is about, by recording or source.
        purpose: "server" of a rule about gateways and what they present, "client" of one about
            what devices present; it does not run for the other. Empty: for both.
        symptoms: what users see: texts of clients, of the runtime, of its own checks, the most
            typical first; words that differ from case to case are left out. Those of the rules of
            edgecheck stand in `rules/symptoms.py`.
        check: the function.
    """

    id: str
    title: str
    severity: Severity
    over: Over
    kinds: tuple[str, ...]
    act: Act
    changes: Object | None
    needs: tuple[Need, ...]
    references: tuple[Reference, ...]
    follows: tuple[str, ...]
    runtime: str
    formerly: tuple[str, ...]
    when: tuple[Condition, ...]
    refused_by: frozenset[Refuser]
    symptoms: tuple[str, ...]
    check: Callable[..., Outcome]
    purpose: str = ""

    @property
    def whole(self) -> "Rule":
        """Itself; of a rule that is only listed, what is imported then (`listed.py`)."""
        return self

    @property
    def key(self) -> Any:
        """What its findings depend on."""
        return self.id, self.severity, self.check

    def __repr__(self) -> str:
        return f"<Rule {self.id} ({self.severity}): {self.title}>"

    def __copy__(self) -> "Rule":
        """Itself: it never changes."""
        return self

    def __deepcopy__(self, memo: object) -> "Rule":
        """Itself: it never changes."""
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        """By its id."""
        from edgecheck.rules.engine.packed import packed

        return packed(self)

    @property
    def family(self) -> str:
        """The part of the id before the dot, which is the module's name too."""
        return self.id.partition(".")[0]

    @property
    def explanation(self) -> str:
        """The prose before `Remedy:` in the function's docstring."""
        return _prose(self)[0]

    @property
    def remedy(self) -> str:
        """The prose after `Remedy:`; it starts with `none, because` where there is none."""
        return _prose(self)[1]


_PROSE: dict[Callable[..., Outcome], tuple[str, str]] = {}
"""What was asked for of the docstrings, which never change."""


def _prose(rule: Rule) -> tuple[str, str]:
    """The docstring of a rule's function, before and after `Remedy:`."""
    if rule.check not in _PROSE:
        text = docstring(rule.check)
        before, _, after = text.partition("Remedy:")
        if text == REMOVED:
            after = f"none, because {REMOVED}"
        _PROSE[rule.check] = before.strip(), after.strip()
    return _PROSE[rule.check]


_ID = late(r"[a-z0-9]+(?:-[a-z0-9]+)*\.[a-z0-9]+(?:-[a-z0-9]+)*")


def is_id(text: str) -> bool:
    """Whether it is written as the id of a rule."""
    return _ID.fullmatch(text) is not None


def rule(
    id: str,
    *,
    title: str,
    severity: Severity,
    over: Over,
    references: Iterable[Reference],
    act: Act,
    changes: Object | str | None = None,
    kinds: Iterable[str] = (),
    needs: Iterable[Need] = (),
    follows: Iterable[str] = (),
    runtime: str = "",
    formerly: Iterable[str] = (),
    when: Iterable[Condition] = (),
    refused_by: Iterable[Refuser] = (),
    symptoms: Iterable[str] = (),
    purpose: str = "",
) -> Callable[[Callable[..., Outcome]], Rule]:
    """Make a `Rule` of a function. Nothing is registered: see `RuleSet.of`.

    Text as what has to change is the key of a setting.
    """
    if not is_id(id):
        raise ValueError(f"rule id: expected family.slug in kebab case, got {id!r}")

    def made(check: Callable[..., Outcome]) -> Rule:
        return Rule(
            id,
            title,
            severity,
            over,
            tuple(kinds),
            act,
            setting(changes) if isinstance(changes, str) else changes,
            tuple(needs),
            tuple(references),
            tuple(follows),
            runtime,
            tuple(formerly),
            tuple(when),
            frozenset(refused_by),
            tuple(symptoms) or SYMPTOMS.get(id, ()),
            check,
            purpose or _purpose(id, over),
        )

    return made


def _purpose(id: str, over: Over) -> str:
    """What a rule is about that does not say so: a gateway, where its family or subject is."""
    about_gateways = over in (Over.DEVICE, Over.DEVICE_CA, Over.REFUSALS)
    return "server" if about_gateways or id.partition(".")[0] in _OF_GATEWAYS else ""


_OF_GATEWAYS = frozenset({"configuration", "device", "edge", "hostname", "runtime"})
"""Families about how a gateway is set up, and by which names it is reached."""
