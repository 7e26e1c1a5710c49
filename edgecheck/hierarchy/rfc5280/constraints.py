"""Name constraints: RFC 5280, sections 6.1.3 (b) and (c), and 6.1.4 (g).

permitted_subtrees is kept CA by CA and form by form: a name must be within every one, as
it would have to be within their intersection. What cannot be evaluated is undecided where
it bears on a name, and never passed. A dNSName with a leading period is no constraint that
section 4.2.1.10 knows; what validators take it for is what lies below the domain, and not the
domain itself (nc_dns of OpenSSL 3.0, which .NET uses; matchDomainConstraint of Go 1.24;
DNSName.constrains of Java 17). Comparisons are counted as Go and webpki count them: each name
costs as many as there are subtrees of its form.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from edgecheck.reading import certificate as facts
from edgecheck.reading import der, names
from edgecheck.reading import name_constraints as reading
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.der import Malformed
from edgecheck.reading.name_constraints import Addresses, Form, Mailbox, NameConstraints, Subtree
from edgecheck.reading.text import in_utf8
from edgecheck.values import frozen


class Outcome(StrEnum):
    """What became of a name (NO_HOST: of a URI without a host name), or of a certificate.

    NO_CONSTRAINT: of constraints that the RFC does not know, which a validator that cannot
    process them has to reject where a name of their form is below (section 4.2.1.10).
    """

    NOT_PERMITTED = "not-permitted"
    EXCLUDED = "excluded"
    NO_HOST = "no-host"
    NO_CONSTRAINT = "no-constraint"
    UNDECIDED = "undecided"


EMAIL_ADDRESS = "1.2.840.113549.1.9.1"
UNDECIDED = Outcome.UNDECIDED
_SPENT = "the bound on name comparisons is spent"
SUBJECT, ALT_NAME, COMMON_NAME = "subject", "subjectAltName", "commonName"
_STEPS = {Outcome.NOT_PERMITTED: "(b)", Outcome.EXCLUDED: "(c)", UNDECIDED: "(b), (c)"}


@frozen
class Breach:
    """One name that a CA's constraints refuse, or something that cannot be decided.

    Attributes:
        certificate: the one that has the name, or whose extension cannot be read.
        form: None where more than one form is meant.
        name: for human eyes, not escaped; empty where no single name is meant.
        where: the name is: "subject", "subjectAltName" or "commonName".
        by: the CA whose constraints bear on it; None where all of them do.
        subtrees: of `by`: the permitted ones, the one that excludes, or the unusable ones.
        because: why it is undecided or has no host; else empty.
    """

    outcome: Outcome
    certificate: Certificate
    form: Form | None = None
    name: str = ""
    where: str = ""
    by: Certificate | None = None
    subtrees: tuple[Subtree, ...] = ()
    because: str = ""

    @property
    def counts(self) -> bool:
        """False for a common name, which section 6.1 does not take for a DNS name."""
        return self.where != COMMON_NAME

    @property
    def must_reject(self) -> bool:
        """Whether critical constraints that nobody can evaluate bear on a name that is there.

        Whoever validates has to process them, or to reject the certificate (section 4.2.1.10).
        """
        by = self.by
        return bool(self.subtrees and by and facts.EXT_NAME_CONSTRAINTS in by.critical)

    @property
    def step(self) -> str:
        """The step of RFC 5280 that says so."""
        if self.certificate is self.by:
            return "6.1.4 (g)"
        return f"6.1.3 {_STEPS[self.outcome]}" if self.outcome in _STEPS else "4.2.1.10"


@dataclass(slots=True, eq=False, repr=False)
class Budget:
    """Comparisons that are left of `Limits.name_comparisons`, for all paths of one validation.

    `spent` once some were refused; `read` keeps what was decoded, for the next path.
    """

    left: int
    spent: bool = False
    read: dict[bytes, NameConstraints] = field(default_factory=dict)

    def affords(self, comparisons: int) -> bool:
        """Whether so many are left."""
        return comparisons <= self.left

    def spend(self, comparisons: int) -> bool:
        """Whether so many were left. What is spent stays spent."""
        self.spent |= comparisons > self.left
        self.left = 0 if self.spent else self.left - comparisons
        return not self.spent


@dataclass(slots=True, eq=False, repr=False)
class _Group:
    """One CA's subtrees of one form; `unsure` when a permitted one is unusable.

    `as_clients`: a DNS name with a leading period stands for what is below it; else it is
    among those that are `unknown` to the RFC.
    """

    by: Certificate
    as_clients: bool
    permitted: list[tuple[Any, Subtree]] = field(default_factory=list)
    excluded: list[tuple[Any, Subtree]] = field(default_factory=list)
    unusable: list[Subtree] = field(default_factory=list)
    unknown: list[Subtree] = field(default_factory=list)
    unsure: bool = False
    size: int = 0

    def add(self, subtree: Subtree, permits: bool) -> None:
        self.size += 1
        base = subtree.base
        if subtree.leading_period and self.as_clients:
            base = subtree.contents.decode("ascii").lower()
        elif subtree.unusable:
            (self.unknown if subtree.leading_period else self.unusable).append(subtree)
            self.unsure |= permits
            return
        using = base.canonical if isinstance(base, names.Name) else base
        (self.permitted if permits else self.excluded).append((using, subtree))

    def judge(self, form: Form, value: Any) -> Iterator[tuple[Outcome, tuple[Subtree, ...], str]]:
        if self.unknown:
            yield Outcome.NO_CONSTRAINT, tuple(self.unknown), self.unknown[0].unusable
        if self.unusable:
            yield UNDECIDED, tuple(self.unusable), self.unusable[0].unusable
        if value is None:
            if form is Form.URI:
                yield Outcome.NO_HOST, (), "no host name in it"
            elif form in _WITHIN:
                yield UNDECIDED, (), f"not a valid {form}"
            return
        within, reaches = _WITHIN[form], _reaches if form is Form.DNS else _WITHIN[form]
        for base, subtree in self.excluded:
            if reaches(base, value):
                yield Outcome.EXCLUDED, (subtree,), ""
                break
        permits = (within(base, value) for base, _ in self.permitted)
        if self.permitted and not self.unsure and not any(permits):
            yield Outcome.NOT_PERMITTED, tuple(subtree for _, subtree in self.permitted), ""


def _dns(base: str, name: str) -> bool:
    """Whether a DNS name, or all that its wildcard stands for, is within the domain."""
    if base[:1] == ".":
        return name.endswith(base)
    return not base or name == base or name.endswith("." + base)


def _reaches(base: str, name: str) -> bool:
    """Whether a DNS name, or anything that its wildcard stands for, is within the domain."""
    return _dns(base, name) or (name.startswith("*.") and base.partition(".")[2] == name[2:])


def _host(base: str, host: str) -> bool:
    return not base or (host.endswith(base) if base[0] == "." else host == base)


def _email(base: Mailbox, name: Mailbox) -> bool:
    return _host(base.host, name.host) if base.local is None else base == name


def _ip(base: Addresses, address: tuple[int, int]) -> bool:
    return base.octets == address[0] and address[1] & base.mask == base.network


def _directory(base: tuple[object, ...], name: tuple[object, ...]) -> bool:
    return name[: len(base)] == base


_WITHIN: dict[Form, Callable[[Any, Any], bool]] = {
    Form.DNS: _dns,
    Form.EMAIL: _email,
    Form.URI: _host,
    Form.IP: _ip,
    Form.DIRECTORY: _directory,
}


class Constraints:
    """permitted_subtrees and excluded_subtrees of section 6.1.2."""

    def __init__(
        self, budget: Budget, common_names: bool = False, as_clients: bool = False
    ) -> None:
        """Begin without a constraint.

        Args:
            budget: shared with the other paths.
            common_names: judge the target's common names too, where it has no dNSName: what
                clients find that take them for DNS names. RFC 5280 does not: it never counts.
            as_clients: take a DNS name with a leading period for what is below it.
        """
        self._budget = budget
        self._common_names = common_names
        self._as_clients = as_clients
        self._groups: dict[Form, list[_Group]] = {}

    def add(self, certificate: Certificate, constraints: NameConstraints) -> None:
        """6.1.4 (g): the certificate's subtrees bear on all that follows."""
        mine: dict[Form, _Group] = {}
        for permits, subtrees in ((True, constraints.permitted), (False, constraints.excluded)):
            for subtree in subtrees:
                if subtree.form not in mine:
                    mine[subtree.form] = _Group(certificate, self._as_clients)
                mine[subtree.form].add(subtree, permits)
        for form, group in mine.items():
            self._groups.setdefault(form, []).append(group)

    def check(self, certificate: Certificate, is_target: bool, self_issued: bool) -> list[Breach]:
        """6.1.3 (b) and (c): every name is permitted by every CA above, and excluded by none."""
        if not self._groups or (self_issued and not is_target):
            return []
        presented = _presented(certificate, self._groups, is_target and self._common_names)
        found: list[Breach] = []
        said: set[int] = set()
        try:
            for form, value, contents, where in presented:
                for group in self._groups.get(form, ()):
                    if where == COMMON_NAME and not self._budget.affords(group.size):
                        return found  # what never counts leaves nothing undecided
                    if not self._budget.spend(group.size):
                        found.append(Breach(UNDECIDED, certificate, where=where, because=_SPENT))
                        return found
                    for outcome, subtrees, because in group.judge(form, value):
                        if subtrees and because:  # unusable subtrees are said once
                            if id(group) in said:
                                continue
                            said.add(id(group))
                        name = reading.general_name_text(form, contents), where
                        found.append(
                            Breach(outcome, certificate, form, *name, group.by, subtrees, because)
                        )
        except (Unreadable, Malformed) as missing:
            found.append(Breach(UNDECIDED, certificate, because=str(missing)))
        return found


_Presented = tuple[Form, Any, bytes, str]  # form, what it is compared by, contents, where


def _presented(
    certificate: Certificate, forms: Collection[Form], common_names: bool
) -> Iterator[_Presented]:
    """The names that constraints on these forms bear on. Raises `Unreadable` or `Malformed`."""
    if Form.DIRECTORY in forms and certificate.subject.rdns:
        yield _named(Form.DIRECTORY, certificate.subject_raw, SUBJECT)
    alt_names = certificate.alt_names
    if facts.EXT_SUBJECT_ALT_NAME in certificate.duplicate_extensions:
        raise Malformed("subjectAltName: more than one")
    value = certificate.extensions.get(facts.EXT_SUBJECT_ALT_NAME, b"\x30\x00")
    for tag, start, end in der.elements(value, *der.only(value, der.SEQUENCE, "subjectAltName")):
        form, contents = reading.FORMS[tag], value[start:end]
        if form in forms:
            yield _named(form, contents, ALT_NAME)
        if form is Form.OTHER_NAME and Form.EMAIL in forms:
            address = reading.smtp_utf8_mailbox(contents)
            if address is not None:
                as_compared = reading.mailbox(address.decode("utf-8", "replace"))
                yield Form.EMAIL, as_compared, address, ALT_NAME
    if Form.EMAIL in forms and alt_names is None:
        for rdn in certificate.subject.rdns:
            for kind, _, text in rdn:
                if kind == EMAIL_ADDRESS:
                    contents = (
                        text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
                    )
                    yield _named(Form.EMAIL, contents, SUBJECT)
    if common_names and Form.DNS in forms and not (alt_names and alt_names.dns):
        for common_name in certificate.subject.common_names:
            if reading.dns_name(common_name) is not None:
                yield _named(Form.DNS, in_utf8(common_name), COMMON_NAME)


def _named(form: Form, contents: bytes, where: str) -> _Presented:
    return form, reading.comparable(form, contents), contents, where


def judge_constraints(
    certificates: tuple[Certificate, ...],
    anchor_constrains: bool,
    budget: Budget,
    common_names: bool = False,
    as_clients: bool = False,
) -> list[Breach]:
    """Judge the names on a path, target first.

    The last certificate is not judged, since nothing above constrains it; whether its own
    constraints are honoured section 6.1 leaves open for an anchor. `anchor_constrains` is
    True, too, for what stands last without being an anchor. The rest is as for `Constraints`.
    """
    above = certificates[1:] if anchor_constrains else certificates[1:-1]
    if not any(facts.EXT_NAME_CONSTRAINTS in certificate.extensions for certificate in above):
        return []
    if budget.spent:
        return [Breach(UNDECIDED, certificates[0], because=_SPENT)]
    found: list[Breach] = []
    state = Constraints(budget, common_names, as_clients)
    for index in range(len(certificates) - 1, -1, -1):
        certificate = certificates[index]
        try:
            found += state.check(certificate, index == 0, certificate.is_self_issued)
        except Unreadable as missing:
            found.append(Breach(UNDECIDED, certificate, because=str(missing)))
        if budget.spent:
            break
        if 0 < index <= len(above) and facts.EXT_NAME_CONSTRAINTS in certificate.extensions:
            found += _take(certificate, state, budget)
    return found


def _take(certificate: Certificate, state: Constraints, budget: Budget) -> list[Breach]:
    value = certificate.extensions[facts.EXT_NAME_CONSTRAINTS]
    twice = facts.EXT_NAME_CONSTRAINTS in certificate.duplicate_extensions
    because = "nameConstraints: more than one" if twice else ""
    try:
        if value not in budget.read:
            budget.read[value] = reading.name_constraints(value)
        state.add(certificate, budget.read[value])
    except Malformed as wrong:
        because = because or str(wrong)
    return [Breach(UNDECIDED, certificate, by=certificate, because=because)] if because else []
