"""Certificate policies: RFC 5280, sections 6.1.2 to 6.1.5, as RFC 9618 updates them.

RFC 5280 grows a tree of policies, exponential in the length of the path; RFC 9618 keeps the
same in a graph, with one node for each policy at each depth. Where this differs from the text:

- A violated step is said once, and the rest is judged all the same: after 6.1.4 (a) without
  the pairs with anyPolicy, and after 6.1.3 (f) without saying (f) or 6.1.5 (g) again.
- What cannot be read, or is too much, makes the graph unknown: from there on nothing is
  violated for want of a valid policy, unless it is so whatever the unknown part said.
- Nodes without children are not deleted as in 6.1.3 (d)(3): the graph is NULL when its last
  depth is empty, and 6.1.5 (g) starts from the last depth, so it never meets them.
- Qualifiers are not collected, which 6.1.5 (g)(4)(ii) allows.
"""

from collections.abc import Iterable
from typing import Literal, NamedTuple

from edgecheck.reading.certificate import Certificate
from edgecheck.reading.policies import ANY_POLICY, READERS, PolicyConstraints, policy_extensions
from edgecheck.values import frozen

NODES = 10_000
"""Nodes that the graph of one path may have."""

Step = Literal["6.1.3 (f)", "6.1.4 (a)", "6.1.5 (g)"]
Graph = list[dict[bytes, list[bytes]]]

NO_EXTENSION = "it names no policy (certificatePolicies)"
NOT_EXPECTED = "none of its policies is valid under the certificates above it"
NOT_MAPPED = "it maps its last valid policies, which a certificate above it or the caller inhibits"
NOT_WANTED = "none of the policies that are valid for the path is one that the caller accepts"
MAPS_ANY_POLICY = "its policyMappings has anyPolicy in it"


@frozen
class Inputs:
    """The inputs of section 6.1.1 (c) and (e) to (g); no initial policy set is anyPolicy."""

    initial_policy_set: frozenset[bytes] | None = None
    initial_explicit_policy: bool = False
    initial_policy_mapping_inhibit: bool = False
    initial_any_policy_inhibit: bool = False


NO_INPUTS = Inputs()


class Policies:
    """The state variables of section 6.1.2 that are about policies.

    Call `basic` for each certificate, and then `prepare`, or for the target `wrap_up`.

    Attributes:
        valid_policy_graph: for each depth, the parents (valid policies one depth above) of each
            valid_policy; None is the RFC's NULL.
        user_constrained_policy_set: the outcome, after `wrap_up`, empty where the graph is
            unknown; with ANY_POLICY in it, any policy is acceptable.
        unknown: whether something could not be taken into account; to be set from outside too.
        spent: whether there are more nodes than the budget, which makes the graph unknown.
        lost_at: the certificate i at which the graph became NULL, and `lost_because` why.
        required_by: the certificate i whose policyConstraints set explicit_policy last.
    """

    def __init__(self, n: int, inputs: Inputs = NO_INPUTS, budget: int = NODES) -> None:
        """Section 6.1.2 for a path of `n` certificates, the anchor not counted."""
        self.n = n
        self.inputs = inputs
        # (a) A single node with valid_policy and expected_policy_set anyPolicy, at depth zero.
        self.valid_policy_graph: Graph | None = [{ANY_POLICY: []}]
        # (d), (e), (f)
        self.explicit_policy = 0 if inputs.initial_explicit_policy else n + 1
        self.inhibit_any_policy = 0 if inputs.initial_any_policy_inhibit else n + 1
        self.policy_mapping = 0 if inputs.initial_policy_mapping_inhibit else n + 1
        self.user_constrained_policy_set: frozenset[bytes] = frozenset()
        self.unknown = self.spent = False
        self.nodes = 1
        self.lost_at: int | None = None
        self.lost_because = ""
        self.required_by: int | None = None
        self._budget = budget
        self._i = 0
        self._said = False
        # The expected_policy_sets of the last depth, the other way round: who expects a policy.
        self._expected: dict[bytes, list[bytes]] = {ANY_POLICY: [ANY_POLICY]}

    def basic(
        self, i: int, policies: Iterable[bytes] | None, self_issued: bool
    ) -> tuple[Step, ...]:
        """Section 6.1.3 (d) to (f); None where there is no certificatePolicies."""
        self._i = i
        if policies is None:
            # (e) Without certificatePolicies the graph is NULL.
            self._lose(NO_EXTENSION)
        elif self.valid_policy_graph is not None and not self.unknown:
            # (d) With it, and while the graph is not NULL, the graph gets another depth.
            any_counts = self.inhibit_any_policy > 0 or (i < self.n and self_issued)
            self._grow(self.valid_policy_graph, set(policies), any_counts)
        # (f) explicit_policy is greater than 0, or the graph is not NULL.
        if self.explicit_policy > 0 or self.valid_policy_graph is not None or self._said:
            return ()
        self._said = True
        return ("6.1.3 (f)",)

    def prepare(
        self,
        mappings: Iterable[tuple[bytes, bytes]] | None,
        constraints: PolicyConstraints | None,
        inhibit_any: int | None,
        self_issued: bool,
    ) -> tuple[Step, ...]:
        """Section 6.1.4 (a), (b), (h), (i) and (j); None where there is no such extension."""
        violated: tuple[Step, ...] = ()
        if mappings is not None:
            equivalents: dict[bytes, set[bytes]] = {}
            for issuer, subject in mappings:
                # (a) anyPolicy is neither an issuerDomainPolicy nor a subjectDomainPolicy.
                if ANY_POLICY in (issuer, subject):
                    violated = ("6.1.4 (a)",)
                else:
                    equivalents.setdefault(issuer, set()).add(subject)
            # (b) Each issuerDomainPolicy is mapped.
            if self.valid_policy_graph is not None and not self.unknown:
                self._map(self.valid_policy_graph[-1], equivalents)
        # (h) Unless the certificate is self-issued, what is not 0 is decremented.
        if not self_issued:
            self.explicit_policy -= self.explicit_policy > 0
            self.policy_mapping -= self.policy_mapping > 0
            self.inhibit_any_policy -= self.inhibit_any_policy > 0
        # (i) policyConstraints lowers explicit_policy and policy_mapping.
        if constraints is not None:
            self._require(constraints.require_explicit_policy)
            if constraints.inhibit_policy_mapping is not None:
                self.policy_mapping = min(self.policy_mapping, constraints.inhibit_policy_mapping)
        # (j) inhibitAnyPolicy lowers inhibit_anyPolicy.
        if inhibit_any is not None:
            self.inhibit_any_policy = min(self.inhibit_any_policy, inhibit_any)
        return violated

    def wrap_up(self, constraints: PolicyConstraints | None) -> tuple[Step, ...]:
        """Section 6.1.5 (a), (b) and (g)."""
        # (a) explicit_policy is decremented if it is not 0.
        self.explicit_policy -= self.explicit_policy > 0
        # (b) A requireExplicitPolicy of 0 sets it to 0.
        if constraints is not None and constraints.require_explicit_policy == 0:
            self._require(0)
        # (g) explicit_policy is greater than 0, or user_constrained_policy_set is not empty.
        graph = self.valid_policy_graph
        if graph is not None and self.unknown:
            return ()
        if graph is not None:
            self.user_constrained_policy_set = self._constrained_by_user(graph)
        if self.explicit_policy > 0 or self.user_constrained_policy_set or self._said:
            return ()
        self._said = True
        return ("6.1.5 (g)",)

    def _lose(self, because: str) -> None:
        if self.valid_policy_graph is not None:
            self.valid_policy_graph, self.lost_at, self.lost_because = None, self._i, because

    def _require(self, more: int | None) -> None:
        if more is not None and more < self.explicit_policy:
            self.explicit_policy, self.required_by = more, self._i

    def _count(self, more: int) -> None:
        self.nodes += more
        if self.nodes > self._budget:
            self.spent = self.unknown = True

    def _grow(self, graph: Graph, policies: set[bytes], any_counts: bool) -> None:
        """Section 6.1.3 (d)."""
        depth: dict[bytes, list[bytes]] = {}
        # (1) Each policy but anyPolicy is a child of
        for policy in policies:
            if policy != ANY_POLICY:
                # (i) the nodes that expect it, or where there are none,
                if policy in self._expected:
                    depth[policy] = self._expected[policy]
                # (ii) of the node of anyPolicy.
                elif ANY_POLICY in graph[-1]:
                    depth[policy] = [ANY_POLICY]
        # (2) anyPolicy, unless inhibited, stands for each policy that is expected.
        if any_counts and ANY_POLICY in policies:
            for policy, parents in self._expected.items():
                depth.setdefault(policy, parents)
        # (3) Nodes without children: see the top of this file.
        if not depth:
            self._lose(NOT_EXPECTED)
            return
        graph.append(depth)
        self._expected = {policy: [policy] for policy in depth}
        self._count(len(depth))

    def _map(self, depth: dict[bytes, list[bytes]], equivalents: dict[bytes, set[bytes]]) -> None:
        """Section 6.1.4 (b), for the last depth of the graph."""
        if self.policy_mapping > 0:
            # (2) What is not in the graph is there through anyPolicy.
            if ANY_POLICY in depth:
                self._count(len(equivalents.keys() - depth.keys()))
                for issuer in equivalents:
                    depth.setdefault(issuer, [ANY_POLICY])
            # (1) A policy that is mapped expects its equivalents.
            self._expected = {}
            for policy in depth:
                for wanted in equivalents.get(policy, (policy,)):
                    self._expected.setdefault(wanted, []).append(policy)
        else:
            # (3) A policy that must not be mapped is not valid any more.
            for issuer in equivalents:
                depth.pop(issuer, None)
                self._expected.pop(issuer, None)
            if not depth:
                self._lose(NOT_MAPPED)

    def _constrained_by_user(self, graph: Graph) -> frozenset[bytes]:
        """Section 6.1.5 (g)(2) to (6)."""
        # (2) Each policy whose parent is anyPolicy, where it has descendants at depth n.
        allowed: set[bytes] = set()
        living = set(graph[-1])
        for depth in reversed(graph[1:]):
            above: set[bytes] = set()
            for policy in living:
                above.update(depth[policy])
                if ANY_POLICY in depth[policy]:
                    allowed.add(policy)
            living = above
        # (3) anyPolicy itself, where it is at depth n.
        if ANY_POLICY not in graph[-1]:
            allowed.discard(ANY_POLICY)
        # (4), (5) These are the authority_constrained_policy_set.
        wanted = self.inputs.initial_policy_set
        # (6) anyPolicy stands for each policy that the user wants; others must be wanted.
        if wanted is not None and ANY_POLICY not in wanted:
            return wanted if ANY_POLICY in allowed else wanted & allowed
        return frozenset(allowed)


class Why(NamedTuple):
    """What led to a violated step; certificates are indexes into the path, target first."""

    because: str
    """One of the sentences above, about `lost_at` or else about where the step is violated."""
    lost_at: int | None
    """Where the last valid policy was lost; None where that is not the reason."""
    required_by: int | None
    """Whose policyConstraints requires a policy; None where it is the caller."""


class Judged(NamedTuple):
    """What a path comes to; no policy is in the set where a step is violated or undecided."""

    violations: list[tuple[int, Step, Why]]
    user_constrained_policy_set: frozenset[bytes]
    undecided: list[tuple[int, str]]


def needed(certificates: tuple[Certificate, ...], inputs: Inputs = NO_INPUTS) -> bool:
    """Whether policies can matter on a path: else nothing is violated, and no policy is valid."""
    return inputs.initial_explicit_policy or any(
        not READERS.keys().isdisjoint(certificate.extensions) for certificate in certificates[:-1]
    )


def judge_policies(
    certificates: tuple[Certificate, ...], inputs: Inputs = NO_INPUTS, budget: int = NODES
) -> Judged:
    """Judge a path, target first; the last certificate is the anchor, which is not processed."""
    judged = Judged([], frozenset(), [])
    if not needed(certificates, inputs):
        return judged
    n = len(certificates) - 1
    state = Policies(n, inputs, budget)
    for i in range(1, n + 1):
        index = n - i
        its = policy_extensions(certificates[index])
        self_issued = index > 0 and certificates[index].is_self_issued  # the target's is not asked
        judged.undecided.extend((index, because) for because in its.wrong)
        spent_before = state.spent
        state.unknown |= its.policies == ()
        steps = state.basic(i, its.policies, self_issued)
        state.unknown |= bool(its.wrong)
        if index:
            steps += state.prepare(its.mappings, its.constraints, its.inhibit_any, self_issued)
        else:
            steps += state.wrap_up(its.constraints)
        judged.violations.extend((index, step, _why(step, state)) for step in steps)
        if state.spent and not spent_before:
            judged.undecided.append((index, f"the graph of policies has more than {budget} nodes"))
    if judged.violations:
        return judged
    return judged._replace(user_constrained_policy_set=state.user_constrained_policy_set)


def _why(step: Step, state: Policies) -> Why:
    if step == "6.1.4 (a)":
        return Why(MAPS_ANY_POLICY, None, None)
    required_by = None if state.required_by is None else state.n - state.required_by
    if state.lost_at is None:
        return Why(NOT_WANTED, None, required_by)
    return Why(state.lost_because, state.n - state.lost_at, required_by)
