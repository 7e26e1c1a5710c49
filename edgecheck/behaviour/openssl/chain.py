"""How OpenSSL builds its chain: build_chain and find_issuer (x509_vfy.c)."""

from edgecheck.behaviour import structure, work
from edgecheck.behaviour.openssl import errors as e
from edgecheck.behaviour.openssl import names
from edgecheck.behaviour.openssl.facts import Facts, fits_authority
from edgecheck.behaviour.openssl.settings import V1_1_0, V1_1_1, V3_0, Errors, Settings
from edgecheck.behaviour.openssl.times import told
from edgecheck.behaviour.view import View
from edgecheck.hierarchy.signatures import State
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.extensions import KEY_CERT_SIGN

DEPTH = 100
"""The default of X509_VERIFY_PARAM's depth."""


class Chain:
    """The chain so far; the first `untrusted` of its certificates came over the wire."""

    def __init__(self, view: View, errors: Errors, settings: Settings) -> None:
        """Start with the server certificate."""
        self.view = view
        self.boring = settings.boring
        self.old = settings.version < V1_1_1
        """Before 1.1.1 keyUsage counts while issuers are sought, and the kind of key does not."""
        self.since_3 = settings.version >= V3_0
        self.oldest = settings.oldest
        self.since_1_1 = settings.version >= V1_1_0
        self.kind = (
            self.boring,
            self.old,
            self.since_3,
            self.oldest,
            self.since_1_1,
        )
        """What tells versions apart wherever chains are built and checked."""
        self.errors = errors
        self.certificates = [view.leaf]
        self.untrusted = 1
        self._facts: dict[bytes, Facts] = view.facts.setdefault("openssl", {})

    def facts(self, certificate: Certificate) -> Facts:
        """What OpenSSL keeps of it."""
        found = self._facts.get(certificate.der)
        if found is None:
            found = self._facts[certificate.der] = Facts(certificate)
        return found

    def at(self, depth: int) -> Facts:
        """The facts of the certificate at a depth."""
        return self.facts(self.certificates[depth])

    def __len__(self) -> int:
        """How many certificates it has."""
        return len(self.certificates)

    def self_signed(self, depth: int) -> bool:
        """EXFLAG_SS of the certificate at a depth."""
        return self.signs_itself(self.certificates[depth])

    def signs_itself(self, certificate: Certificate) -> bool:
        """EXFLAG_SS: before 1.1.1, keyUsage has to allow it."""
        facts = self.facts(certificate)
        if self.old:
            own = facts.self_issued and fits_authority(facts, facts)
            return own and not facts.rejects_usage(KEY_CERT_SIGN)
        return not self.invalid(certificate) and facts.self_signed

    def signed(self, child: Certificate, issuer: Certificate) -> bool:
        """X509_verify: the algorithm is stated twice and must be the same; then the signature."""
        if structure.algorithms_differ(child):
            return False
        return self.view.signature(child, issuer) is State.VALID

    def invalid(self, certificate: Certificate) -> bool:
        """EXFLAG_INVALID."""
        facts = self.facts(certificate)
        if self.boring:
            return facts.invalid_boring
        return facts.invalid or (self.since_3 and facts.invalid_since_3)

    def likely_issued(self, issuer: Certificate, child: Certificate) -> bool:
        """x509_likely_issued: name, key identifiers, and kind of key (before 1.1.1, keyUsage)."""
        facts = self.facts(issuer)
        if self.old:
            return (
                names.same(issuer.subject_raw, child.issuer_raw)
                and not (self.boring and (self.invalid(issuer) or self.invalid(child)))
                and fits_authority(facts, self.facts(child))
                and not facts.rejects_usage(KEY_CERT_SIGN)
            )
        return (
            names.same(issuer.subject_raw, child.issuer_raw)
            and not self.invalid(issuer)
            and not self.invalid(child)
            and fits_authority(facts, self.facts(child))
            and facts.signs_as(child)
        )

    def in_time(self, certificate: Certificate) -> bool:
        """x509_check_cert_time without a callback; a time that it cannot read is none."""
        since, until = told(certificate, True, self.old), told(certificate, False, self.old)
        return since is not None and until is not None and since <= self.view.at <= until

    def issuer_of(
        self, child: Certificate, among: list[Certificate], trusted: bool, first: bool = False
    ) -> Certificate | None:
        """find_issuer: the first that is in time, else the one that ended last.

        Of what came over the wire, nothing that is on the chain already. `first`: the time does
        not matter.
        """
        best: Certificate | None = None
        work.spend(len(among))
        for issuer in among:
            if not self.likely_issued(issuer, child):
                continue
            if not trusted and not self._may_repeat(child) and issuer in self.certificates:
                continue
            if first or self.in_time(issuer):
                return issuer
            if best is None or self.old or _ends_later(issuer, best):
                best = issuer
        return best

    def _may_repeat(self, child: Certificate) -> bool:
        """Whether what is on the chain already may be the issuer."""
        first = len(self.certificates) == 1
        return first and (self.signs_itself(child) if self.old else self.facts(child).self_issued)


def _ends_later(one: Certificate, other: Certificate) -> bool:
    """ASN1_TIME_compare: of times that it cannot read, none is later."""
    ends, other_ends = told(one, False), told(other, False)
    return ends is not None and other_ends is not None and ends > other_ends


def build(chain: Chain, settings: Settings) -> None:
    """build_chain, trust first; errors go where the chain's errors go."""
    view, certificates = chain.view, chain.certificates
    left = list(dict.fromkeys(view.presented))
    store = list(dict.fromkeys(view.trust))
    from_wire, found_trust = True, False
    while True:
        current = certificates[-1]
        issuer = chain.issuer_of(current, store, True) if len(chain) <= DEPTH + 1 else None
        if issuer is not None:
            own = chain.signs_itself(current)
            if not own:
                certificates.append(issuer)
                own = chain.signs_itself(issuer)
                added = True
            else:
                added = issuer.der == current.der
                if added:
                    chain.untrusted = len(chain) - 1
            if added:
                from_wire = False
                if settings.partial or own:
                    found_trust = True
                    break
                continue
        if not from_wire:
            break
        if chain.signs_itself(current) or len(chain) > DEPTH + 1:
            break  # nothing of the wire goes above it, and the store was asked
        issuer = chain.issuer_of(current, left, False)
        if issuer is None:
            break
        left.remove(issuer)
        certificates.append(issuer)
        chain.untrusted += 1
    if not found_trust:
        found_trust = _direct_trust(chain, settings)
    if found_trust:
        return
    last = len(chain) - 1
    if last > DEPTH:
        chain.errors.add(e.TOO_LONG, last)
    elif chain.self_signed(last):
        chain.errors.add(e.SELF_SIGNED_IN_CHAIN if last else e.SELF_SIGNED_LEAF, last)
    elif chain.untrusted <= last:
        chain.errors.add(e.NO_ISSUER, last)
    else:
        chain.errors.add(e.NO_LOCAL_ISSUER, last)


def _direct_trust(chain: Chain, settings: Settings) -> bool:
    """check_trust's last resort with partial chains: the leaf itself is trusted."""
    if not settings.partial or chain.untrusted != len(chain):
        return False
    return chain.certificates[0].der in chain.view.trusted
