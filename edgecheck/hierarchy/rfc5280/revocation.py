"""Revocation by CRLs that were given, never fetched: RFC 5280, section 6.3.

The state variables have the RFC's names. Where the RFC leaves a choice:

- "Corresponding" are all CRLs of the issuer that a distribution point asks for, since it is
  not known where a CRL was fetched from; those of the key that issued the certificate come
  first (a CA with two keys may well publish two lists), then the newest.
- A delta CRL is used wherever it can be combined (section 5.2.4), also where no freshestCRL
  tells where to get one. One that cannot be used leaves the complete CRL as it is.
- An entry counts from its presence on: step (i) compares no date, so a date of revocation
  after the time of validation is a revocation too.
- A CRL that was issued after the time of validation is not used: it is not "current".
- removeFromCRL in a complete CRL, where it may not be (section 5.3.1), is no revocation, as in
  step (k); but that CRL does not vouch for the certificate either.
- `strict`: a CRL that violates a MUST of section 5 is not believed when it does *not* list a
  certificate. Section 6.3 does not ask for this, the profile of section 5 does.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from operator import itemgetter

from edgecheck.hierarchy.links import Signatures
from edgecheck.hierarchy.rfc5280 import crl_scope
from edgecheck.hierarchy.rfc5280.crl_issuer import CrlIssuers, named
from edgecheck.hierarchy.rfc5280.crl_profile import faults
from edgecheck.hierarchy.rfc5280.revocation_status import NO_CRL, Rejected, Status, Verdict
from edgecheck.hierarchy.signatures import State as Signed
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.crl import Crl
from edgecheck.reading.crl_entries import REMOVE_FROM_CRL, Entry
from edgecheck.reading.der import Malformed
from edgecheck.reading.distribution_points import (
    ALL_REASONS,
    DistributionPoint,
    reasons_text,
)

_ByIssuer = dict[object, list[tuple[int, Crl]]]
"""CRLs by their issuer's name, folded; with each its place among all, the newest first."""


@dataclass(slots=True)
class _State:
    """The variables of section 6.3.2; `cert_status` None is UNREVOKED."""

    reasons_mask: int = 0
    cert_status: Entry | None = None
    listed_by: Crl | None = None
    specified: set[Crl] = field(default_factory=set)
    given: bool = False
    rejected: dict[Rejected, None] = field(default_factory=dict)

    @property
    def is_determined(self) -> bool:
        return self.reasons_mask == ALL_REASONS or self.cert_status is not None

    def reject(self, crl: Crl | None, wrong: crl_scope.Wrong) -> None:
        self.rejected[Rejected(crl, *wrong)] = None


class Revocation:
    """The CRLs of one run, and what they say of certificates on paths to one anchor."""

    __slots__ = (
        "_asked",
        "_at",
        "_complete",
        "_deltas",
        "_issuers",
        "_signatures",
        "_strict",
        "_use_deltas",
    )

    def __init__(
        self,
        crls: Iterable[Crl],
        at: int,
        candidates: Iterable[Certificate],
        signatures: Signatures,
        is_valid_crl_issuer: Callable[[Certificate], bool | None],
        *,
        use_deltas: bool = True,
        strict: bool = False,
    ) -> None:
        """Sort the CRLs; nothing is verified yet.

        Args:
            crls: complete and delta CRLs, in any order.
            at: the time of validation, in seconds since 1970-01-01T00:00:00Z.
            candidates: certificates that may have signed a CRL, presented and trusted.
            signatures: verifies each signature once, within a bound.
            is_valid_crl_issuer: whether a certificate has a valid path, its revocation
                included, to the same anchor; None: undecided. It may call `check` again.
            use_deltas: the RFC's use-deltas.
            strict: see above.
        """
        given = sorted(
            dict.fromkeys(crls), key=lambda crl: (-crl.this_update, -(crl.crl_number or 0), crl.der)
        )
        self._complete: _ByIssuer = {}
        self._deltas: _ByIssuer = {}
        for position, crl in enumerate(given):
            kind = self._complete if crl.delta_crl_indicator is None else self._deltas
            kind.setdefault(crl_scope.folded_name(crl.issuer_raw), []).append((position, crl))
        self._asked: dict[Certificate, crl_scope.Asked] = {}
        self._signatures = signatures
        self._use_deltas = use_deltas
        self._at = at
        self._strict = strict
        self._issuers = CrlIssuers(candidates, signatures, is_valid_crl_issuer)

    def check(
        self, certificates: tuple[Certificate, ...]
    ) -> tuple[tuple[Certificate, Status], ...]:
        """The status of every certificate on a path, target first, but for the anchor."""
        return tuple(
            (certificate, self.status(certificate, certificates[index + 1 :]))
            for index, certificate in enumerate(certificates[:-1])
        )

    def status(self, certificate: Certificate, above: tuple[Certificate, ...]) -> Status:
        """The status of one certificate (section 6.3.3); `above`: its issuers, anchor last.

        Paths with the same issuer share it: of the other certificates above only those can
        matter that have the name of a CRL's issuer.
        """
        if certificate not in self._asked:
            try:
                self._asked[certificate] = crl_scope.asked(certificate)
            except Unreadable as missing:
                told = Rejected(None, "6.3.3", f"the certificate's {missing}")
                return Status(Verdict.UNDETERMINED, given=False, because=(told,))
        issuers = named(above, self._asked[certificate].issuers)
        keys = tuple(self._signatures.completed.items())
        key = certificate, above[:1], issuers, keys
        remembered = self._issuers.remembered
        if key not in remembered:
            remembered[key] = self._status(certificate, above)
        return remembered[key]

    def _status(self, certificate: Certificate, above: tuple[Certificate, ...]) -> Status:
        state = _State()
        try:
            self._look_up(certificate, above, state)
        except Unreadable as missing:
            state.reject(None, ("6.3.3", f"the certificate's {missing}"))
        if state.cert_status is not None:
            entry, crl = state.cert_status, state.listed_by
            return Status(Verdict.REVOKED, state.given, entry, crl)
        if state.is_determined:
            return Status(Verdict.GOOD, state.given)
        if state.reasons_mask:
            missing_reasons = reasons_text(ALL_REASONS & ~state.reasons_mask)
            state.reject(None, ("6.3.3 (l)", f"no usable CRL covers {missing_reasons}"))
        elif not state.rejected:
            state.reject(None, ("6.3.3 (a)", NO_CRL))
        return Status(Verdict.UNDETERMINED, state.given, because=tuple(state.rejected))

    def _look_up(
        self, certificate: Certificate, above: tuple[Certificate, ...], state: _State
    ) -> None:
        points, issuers, malformed = self._asked[certificate]
        if malformed is not None:
            state.reject(None, ("4.2.1.13", malformed))
        ordered = self._ordered(above, issuers)
        for point in points:
            self._look_at(point, ordered, certificate, above, state)
        if not state.is_determined:
            others = [crl for crl in ordered if crl not in state.specified]
            point = crl_scope.issuer_point(certificate)
            self._look_at(point, others, certificate, above, state)
            self._lone_deltas((*points, point), certificate, state)

    def _ordered(self, above: tuple[Certificate, ...], issuers: frozenset[object]) -> list[Crl]:
        """The complete CRLs of some issuers, those of the issuer's key first, then the newest."""
        try:
            wanted = above[0].subject_key_id if above else None
        except Unreadable:
            wanted = None

        def rank(crl: Crl) -> int:
            have = crl.authority_key_id.key_id if crl.authority_key_id else None
            if wanted is None or have is None:
                return 1
            return 0 if have == wanted else 2

        return sorted(_newest(self._complete, issuers), key=rank)

    def _look_at(
        self,
        point: DistributionPoint,
        crls: list[Crl],
        certificate: Certificate,
        above: tuple[Certificate, ...],
        state: _State,
    ) -> None:
        """The loop of section 6.3.3 over the CRLs of one distribution point, and step (b)."""
        for crl in crls:
            if state.is_determined:
                return
            if not crl_scope.is_of(crl, certificate, point):
                continue
            state.given = True
            wrong = crl_scope.out_of_scope(crl, certificate, point)
            if wrong is None:
                state.specified.add(crl)
                wrong = self._process(crl, point, certificate, above, state)
            if wrong is not None:
                step, because = wrong
                state.reject(crl, (step, because + _listed(crl, certificate)))

    def _process(
        self,
        crl: Crl,
        point: DistributionPoint,
        certificate: Certificate,
        above: tuple[Certificate, ...],
        state: _State,
    ) -> crl_scope.Wrong | None:
        """Steps (c) to (l) for one complete CRL; why it was rejected."""
        # (d) and (e): it covers a reason that no CRL before covered.
        interim_reasons_mask = crl_scope.interim_reasons(crl, point)
        if not interim_reasons_mask & ~state.reasons_mask:
            return None
        wrong = crl_scope.unusable(crl, self._at)
        if wrong is not None:
            return wrong
        # (a) and (c): it is current, or a delta CRL makes it so.
        deltas = self._fitting_deltas(crl, state)
        out_of_date = crl_scope.is_out_of_date(crl, self._at)
        if out_of_date and not deltas:
            return self._out_of_date(crl)
        # (f) and (g)
        issuer = self._issuers.find(crl, above)
        if not isinstance(issuer, Certificate):
            return issuer
        # (h)
        delta = self._signed_delta(deltas, issuer, state)
        if out_of_date and delta is None:
            return self._out_of_date(crl)
        # (i) to (k)
        try:
            listed_by, cert_status = delta, None
            if delta is not None:
                cert_status = delta.entries.find(certificate.serial, certificate.issuer_raw)
            if cert_status is None:
                listed_by = crl
                cert_status = crl.entries.find(certificate.serial, certificate.issuer_raw)
        except Malformed as unreadable:
            return "5.3", f"an entry cannot be read: {unreadable}"
        if cert_status is not None and cert_status.reason != REMOVE_FROM_CRL:
            state.cert_status, state.listed_by = cert_status, listed_by
        elif cert_status is not None and listed_by is crl:
            return "5.3.1", "it lists the certificate with removeFromCRL, and is no delta CRL"
        elif self._strict and self._is_faulty(crl, delta, state):
            return None
        # (l)
        state.reasons_mask |= interim_reasons_mask
        return None

    def _out_of_date(self, crl: Crl) -> crl_scope.Wrong:
        assert crl.next_update is not None
        return "6.3.3 (a)", f"it is out of date since {crl_scope.time_text(crl.next_update)}"

    def _fitting_deltas(self, crl: Crl, state: _State) -> list[Crl]:
        """Delta CRLs that are current and update this CRL, the newest first."""
        found = []
        issuer = crl_scope.folded_name(crl.issuer_raw)
        for _, delta in self._deltas.get(issuer, ()) if self._use_deltas else ():
            wrong = crl_scope.delta_mismatch(delta, crl) or crl_scope.unusable(delta, self._at)
            if wrong is None and crl_scope.is_out_of_date(delta, self._at):
                wrong = self._out_of_date(delta)
            if wrong is None:
                found.append(delta)
            else:
                state.reject(delta, wrong)
        return sorted(found, key=lambda delta: -(delta.crl_number or 0))

    def _signed_delta(self, deltas: list[Crl], issuer: Certificate, state: _State) -> Crl | None:
        for delta in deltas:
            if self._issuers.verify(delta, issuer).state is Signed.VALID:
                return delta
            state.reject(delta, ("6.3.3 (h)", "the key of the complete CRL did not sign it"))
        return None

    def _is_faulty(self, crl: Crl, delta: Crl | None, state: _State) -> bool:
        faulty = False
        for used in (crl, delta):
            for section, fault in faults(used) if used is not None else ():
                state.reject(used, (section, fault))
                faulty = True
        return faulty

    def _lone_deltas(
        self, points: tuple[DistributionPoint, ...], certificate: Certificate, state: _State
    ) -> None:
        """Say of delta CRLs that were of no use why they were not."""
        told = {rejected.crl for rejected in state.rejected}
        for delta in _newest(self._deltas, self._asked[certificate].issuers):
            if any(crl_scope.is_of(delta, certificate, point) for point in points):
                state.given = True
                if delta not in told:
                    state.reject(delta, ("5.2.4", "it needs a complete CRL that it updates"))


def _listed(crl: Crl, certificate: Certificate) -> str:
    """What a CRL that cannot be used says of a certificate all the same; empty for nothing."""
    try:
        entry = crl.entries.find(certificate.serial, certificate.issuer_raw)
    except Malformed:
        return ""
    if entry is None or entry.reason == REMOVE_FROM_CRL:
        return ""
    return f"; yet it lists the certificate as revoked ({entry.reason or 'unspecified'})"


def _newest(crls: _ByIssuer, issuers: frozenset[object]) -> list[Crl]:
    found = [pair for issuer in issuers for pair in crls.get(issuer, ())]
    return [crl for _, crl in sorted(found, key=itemgetter(0))]
