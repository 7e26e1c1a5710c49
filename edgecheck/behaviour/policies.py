"""Certificate policies along a path (RFC 5280, section 6.1, as RFC 9618 has it).

Clients ask for no policy, so that all it can come to is whether one is required, by
policyConstraints of a certificate, and none is left.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from edgecheck.reading.certificate import Certificate
from edgecheck.reading.policies import ANY_POLICY, PolicyExtensions, policy_extensions

Reader = Callable[[Certificate], PolicyExtensions]
"""What a client makes of the four extensions of one certificate."""


@dataclass(slots=True)
class _State:
    """Counters, and the policies that the next certificate may have."""

    explicit: int
    mapping: int
    inhibit_any: int
    expected: set[bytes] = field(default_factory=set)
    any_policy: bool = True

    @property
    def is_empty(self) -> bool:
        """Whether no policy is valid."""
        return not self.expected and not self.any_policy


def lacks_policy(
    path: Sequence[Certificate],
    anchor: Certificate | None = None,
    read: Reader = policy_extensions,
) -> Certificate | None:
    """The certificate at which a policy is required and none is left; None where all is well.

    `path` begins with the server certificate, and is without the trust anchor. `anchor` is that
    where a client heeds its constraints too. `read` is how a client reads the extensions, where
    that is not as everybody does.
    """
    above = () if anchor is None else (anchor,)
    if all(read(one).constraints is None for one in (*path, *above)):
        return None  # nothing makes a policy required
    state = _State(*(len(path) + 1,) * 3)
    for certificate, _ in _downwards(path, anchor, state, read):
        if state.explicit == 0 and state.is_empty:
            return certificate
    return path[0] if state.explicit == 0 and state.is_empty else None


def maps_any(
    path: Sequence[Certificate], read: Reader = policy_extensions, counted: bool = False
) -> Certificate | None:
    """Return the first authority that maps any policy where that matters; None: none does.

    It matters while some policy is valid; or, where it is `counted`, while every certificate lists
    one, and nothing inhibits mappings. `path` and `read` are as for `lacks_policy`.
    """
    if not any(read(certificate).mappings for certificate in path):
        return None
    state, listed = _State(*(len(path) + 1,) * 3), True
    for certificate, _ in _downwards(path, None, state, read):
        told = read(certificate)
        listed = listed and bool(told.policies)
        matters = (listed and state.mapping > 0) if counted else not state.is_empty
        mappings = told.mappings or () if matters and certificate is not path[0] else ()
        if any(ANY_POLICY in pair for pair in mappings):
            return certificate
    return None


def with_policies(
    path: Sequence[Certificate], read: Reader = policy_extensions
) -> Iterator[Certificate]:
    """The certificates at which some policy is still valid, from the top down.

    `path` and `read` are as for `lacks_policy`.
    """
    for certificate, had_none in _downwards(path, None, _State(*(len(path) + 1,) * 3), read):
        if not had_none:
            yield certificate


def _downwards(
    path: Sequence[Certificate], anchor: Certificate | None, state: _State, read: Reader
) -> Iterator[tuple[Certificate, bool]]:
    """Each certificate, and whether no policy was left before its own ones counted."""
    if anchor is not None:
        _restrict(state, read(anchor))
    for depth in range(len(path) - 1, -1, -1):
        certificate = path[depth]
        own = certificate.subject_raw == certificate.issuer_raw
        extensions = read(certificate)
        had_none = state.is_empty
        _policies(state, extensions, state.inhibit_any > 0 or (depth > 0 and own))
        yield certificate, had_none
        if depth:
            _mappings(state, extensions)
        if not depth or not own:
            state.explicit = max(0, state.explicit - 1)
            state.mapping = max(0, state.mapping - 1)
            state.inhibit_any = max(0, state.inhibit_any - 1)
        _restrict(state, extensions)


def _policies(state: _State, extensions: PolicyExtensions, any_counts: bool) -> None:
    """Section 6.1.3, (d) and (e)."""
    policies = set(extensions.policies or ())
    any_here = ANY_POLICY in policies and any_counts
    policies.discard(ANY_POLICY)
    kept = policies if state.any_policy else policies & state.expected
    if any_here:
        kept = kept | state.expected
    state.expected, state.any_policy = kept, state.any_policy and any_here


def _mappings(state: _State, extensions: PolicyExtensions) -> None:
    """Section 6.1.4, (b): what the next certificate may have instead."""
    mappings = extensions.mappings or ()
    mapped = {issuer for issuer, _ in mappings}
    kept = state.expected - mapped
    if state.mapping > 0:
        kept |= {
            subject for issuer, subject in mappings if state.any_policy or issuer in state.expected
        }
    state.expected = kept


def _restrict(state: _State, extensions: PolicyExtensions) -> None:
    """Section 6.1.4, (i) and (j)."""
    constraints = extensions.constraints
    if constraints is not None:
        if constraints.require_explicit_policy is not None:
            state.explicit = min(state.explicit, constraints.require_explicit_policy)
        if constraints.inhibit_policy_mapping is not None:
            state.mapping = min(state.mapping, constraints.inhibit_policy_mapping)
    if extensions.inhibit_any is not None:
        state.inhibit_any = min(state.inhibit_any, extensions.inhibit_any)
