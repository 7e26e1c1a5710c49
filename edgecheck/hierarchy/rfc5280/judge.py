"""Judges a path by all that was asked: section 6.1, constraints, policies, profile, CRLs.

One judge serves all paths of a run, so that bounds hold for them together and nothing is
verified or decoded twice.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from edgecheck.expected import Expected
from edgecheck.hierarchy.links import Link, Signatures
from edgecheck.hierarchy.rfc5280 import steps
from edgecheck.hierarchy.rfc5280.constraints import Breach, Budget, Outcome, judge_constraints
from edgecheck.hierarchy.rfc5280.policies import Inputs, judge_policies, needed
from edgecheck.hierarchy.rfc5280.violations import (
    ConstraintViolation,
    ContentsViolation,
    Kind,
    PathViolation,
    PolicyViolation,
    ProfileViolation,
    PurposeViolation,
    RevocationViolation,
    Undecidable,
)
from edgecheck.reading import der
from edgecheck.reading.certificate import (
    EXT_BASIC_CONSTRAINTS,
    EXT_KEY_USAGE,
    EXT_NAME_CONSTRAINTS,
    EXT_POLICIES,
    Certificate,
    Unreadable,
)
from edgecheck.reading.der import Malformed
from edgecheck.reading.extensions import ANY_EXTENDED_KEY_USAGE
from edgecheck.reading.policies import READERS

if TYPE_CHECKING:
    from edgecheck.hierarchy.rfc5280.revocation import Revocation

_USUAL = frozenset({EXT_BASIC_CONSTRAINTS, EXT_KEY_USAGE})
"""Critical extensions whose damage a certificate itself knows of."""
STRICT = ("rfc5280", "web-pki")
"""Profiles in which the anchor's own certificate is judged like any other."""
_EFFECTS = {
    "revoked": Kind.REVOKED,
    "undetermined": Kind.NO_REVOCATION,
    "undecided": Kind.UNDECIDED,
}
"""By what the status of a certificate does to its path (`Effect`)."""

NO_POLICIES: frozenset[bytes] = frozenset()
MOST_POLICY_BYTES = 16 * 1024 * 1024
"""Bytes of policies and mappings that are judged on all paths together."""

Certificates = tuple[Certificate, ...]
IsValid = Callable[[Certificate, Certificate], bool | None]
"""Whether a CRL issuer has a valid path to an anchor."""


class Judge:
    """Judges paths; `policies` of the last one judged is the user-constrained policy set."""

    def __init__(self, expected: Expected) -> None:
        """Take over what was said; CRLs come with `revoke_by`."""
        self.expected = expected
        self.profile = expected.profile
        self.at = expected.at_seconds
        asked = expected.validation
        self.inputs = Inputs(
            _policy_set(asked.initial_policies),
            asked.require_explicit_policy,
            asked.inhibit_policy_mapping,
            asked.inhibit_any_policy,
        )
        self.steps = asked.limits.steps
        self.budget = Budget(asked.limits.name_comparisons)
        self.policy_bytes = MOST_POLICY_BYTES
        self.policies = NO_POLICIES
        self._revocation: dict[Certificate, Revocation] = {}
        self._revoke_by: tuple[Certificates, Signatures, IsValid] | None = None
        self._profile_seen: dict[tuple[bytes, bool, bool], list[PathViolation]] = {}

    def revoke_by(
        self,
        candidates: Certificates,
        signatures: Signatures,
        is_valid: IsValid,
    ) -> None:
        """Use the CRLs that were given.

        `is_valid` tells whether a CRL issuer has a valid path to an anchor; None: undecided.
        """
        mode = self.expected.validation.revocation
        if mode == "require" or (mode != "off" and self._given()):
            self._revoke_by = candidates, signatures, is_valid

    def _given(self) -> bool:
        return bool(self.expected.crls or self.expected.unreadable_crls)

    def judge(
        self, certificates: Certificates, links: tuple[Link, ...], anchored: bool, is_ca: bool
    ) -> list[PathViolation]:
        """Every violation on a path, target first; `is_ca`: the target is to issue others."""
        strict = self.profile in STRICT
        found = steps.judge(
            certificates, links, self.at, anchored, is_ca, strict, self.profile != "path"
        )
        self._processable(certificates, anchored, found)
        there: set[bytes] = set().union(*[certificate.extensions for certificate in certificates])
        if EXT_NAME_CONSTRAINTS in there:
            self._constraints(certificates, anchored, found)
        self.policies = NO_POLICIES
        if not READERS.keys().isdisjoint(there) or self.inputs.initial_explicit_policy:
            self._policies(certificates, found)
        if self.profile != "path":
            self._purposes(certificates, anchored, found)
        if strict:
            last = len(certificates) - 1
            for index, certificate in enumerate(certificates):
                found += self._conforms(
                    certificate, bool(index) or is_ca, anchored and index == last
                )
        if self._revoke_by is not None and anchored:
            self._revoked(certificates, found)
        return found

    def _processable(
        self, certificates: Certificates, anchored: bool, found: list[PathViolation]
    ) -> None:
        """Section 4.2: critical extensions can be processed, and none is there twice."""
        judged = certificates[:-1] if anchored and self.profile not in STRICT else certificates
        by_everybody = self.profile == "iot-edge"
        for certificate in judged:
            sound = not certificate.damage and not certificate.duplicate_extensions
            if sound and certificate.critical <= _USUAL:
                continue  # as nearly always
            from edgecheck.hierarchy.rfc5280.contents import has_unknown_qualifier
            from edgecheck.hierarchy.rfc5280.unprocessable import unprocessable

            for extension, told in unprocessable(certificate, by_everybody):
                found.append(_unprocessable(certificate, "4.2", extension, told))
            if self.profile == "path" and has_unknown_qualifier(certificate):
                told = "certificatePolicies: a qualifier that is not known, of a critical policy"
                found.append(_unprocessable(certificate, "4.2.1.4", EXT_POLICIES, told))

    def _constraints(
        self, certificates: Certificates, anchored: bool, found: list[PathViolation]
    ) -> None:
        constrains, strict = self.profile != "path" or not anchored, self.profile in STRICT
        open_questions: set[Certificate] = set()
        named = self.profile != "path"  # clients look at common names, section 6.1 does not
        as_clients = self.profile == "iot-edge"
        for breach in judge_constraints(certificates, constrains, self.budget, named, as_clients):
            if breach.outcome is Outcome.NO_CONSTRAINT and breach.by is not None:
                if not strict:  # the profile says so at any rate
                    told = f"nameConstraints: {breach.because}"
                    found.append(_unprocessable(breach.by, "4.2.1.10", EXT_NAME_CONSTRAINTS, told))
            elif breach.outcome is Outcome.UNDECIDED:
                blamed = breach.by or breach.certificate  # said once for all that it bears on
                if blamed in open_questions:
                    continue
                open_questions.add(blamed)
                if breach.must_reject and not as_clients:
                    told = f"nameConstraints: {breach.because}"
                    found.append(_unprocessable(blamed, "4.2.1.10", EXT_NAME_CONSTRAINTS, told))
                else:
                    found.append(_undecided(blamed, breach.step, breach.because))
            else:
                found.append(_named(breach))

    def _policies(self, certificates: Certificates, found: list[PathViolation]) -> None:
        if not needed(certificates, self.inputs):
            return  # it is the anchor alone that has policies
        self.policy_bytes -= sum(
            len(certificate.extensions.get(identifier, b""))
            for certificate in certificates
            for identifier in READERS
        )
        if self.policy_bytes < 0:
            because = "the bound on policies is spent"
            found.append(_undecided(certificates[0], "6.1.3 (d)", because))
            return
        judged = judge_policies(certificates, self.inputs)
        self.policies = judged.user_constrained_policy_set
        for index, step, why in judged.violations:
            found.append(PolicyViolation(Kind.POLICY, certificates[index], step, True, why))
        for index, because in judged.undecided:
            found.append(_undecided(certificates[index], "6.1.3 (d)", because))

    def _purposes(
        self, certificates: Certificates, anchored: bool, found: list[PathViolation]
    ) -> None:
        """An extended key usage in a CA certificate binds what is below it, for clients."""
        wanted = {steps.PURPOSES[self.expected.validation.purpose], ANY_EXTENDED_KEY_USAGE}
        for index, authority in enumerate(certificates[1:], 1):
            counts = not anchored or index < len(certificates) - 1
            try:
                usages = authority.extended_key_usage
            except Unreadable as missing:
                if counts:
                    found.append(_undecided(authority, "4.2.1.12", str(missing)))
                continue
            if usages is not None and wanted.isdisjoint(usages):
                found.append(PurposeViolation(Kind.PURPOSE, authority, "4.2.1.12", counts, usages))

    def _conforms(
        self, certificate: Certificate, is_ca: bool, is_anchor: bool
    ) -> list[PathViolation]:
        """What a certificate breaks of the profile; looked at once for all paths."""
        key = (certificate.der, is_ca, is_anchor)
        if key not in self._profile_seen:
            # Most are asked for no profile, nor for revocation: no module is loaded for these.
            from edgecheck.hierarchy.rfc5280.profile import section_4

            found = self._profile_seen[key] = []
            if self.profile == "web-pki":
                from edgecheck.hierarchy.rfc5280.web_pki import NEED_NOT_BE_CRITICAL, baseline

                checks = [
                    section_4(certificate, is_ca, is_anchor, NEED_NOT_BE_CRITICAL),
                    baseline(certificate, is_ca, is_anchor, self.expected.suffixes),
                ]
            else:
                checks = [section_4(certificate, is_ca, is_anchor)]
            for check in checks:
                try:
                    for section, told in check:
                        broken = ProfileViolation(Kind.PROFILE, certificate, section, True, told)
                        found.append(broken)
                except (Unreadable, Malformed) as missing:
                    found.append(_undecided(certificate, "4", str(missing)))
        return self._profile_seen[key]

    def _revoked(self, certificates: Certificates, found: list[PathViolation]) -> None:
        from edgecheck.hierarchy.rfc5280.revocation import Revocation
        from edgecheck.hierarchy.rfc5280.revocation_status import effects

        assert self._revoke_by is not None
        anchor = certificates[-1]
        if anchor not in self._revocation:
            candidates, signatures, is_valid = self._revoke_by
            self._revocation[anchor] = Revocation(
                self.expected.crls,
                self.at,
                candidates,
                signatures,
                lambda issuer: is_valid(issuer, anchor),
                strict=self.profile in STRICT,
            )
        mode = self.expected.validation.revocation
        checked = self._revocation[anchor].check(certificates)
        unreadable = self.expected.unreadable_crls
        for certificate, status, effect in effects(checked, mode, unreadable):
            kind = _EFFECTS[effect]
            if kind is Kind.UNDECIDED:
                because = "; ".join(map(str, status.because))
                found.append(_undecided(certificate, "6.3.3", because))
            else:
                found.append(RevocationViolation(kind, certificate, "6.3.3", True, status))


def _named(breach: Breach) -> PathViolation:
    return ConstraintViolation(
        Kind.NAME_CONSTRAINTS, breach.certificate, breach.step, breach.counts, breach
    )


def _unprocessable(
    certificate: Certificate, section: str, extension: bytes, told: str
) -> PathViolation:
    return ContentsViolation(Kind.UNPROCESSABLE, certificate, section, True, extension, told)


def _undecided(certificate: Certificate, step: str, because: str) -> PathViolation:
    return Undecidable(Kind.UNDECIDED, certificate, step, True, because)


def _policy_set(policies: tuple[str, ...] | None) -> frozenset[bytes] | None:
    return None if policies is None else frozenset(map(der.oid_content, policies))
