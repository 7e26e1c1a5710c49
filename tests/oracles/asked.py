"""One chain, judged by edgecheck and by an oracle that gets the same bytes, name and time.

pyhanko-certvalidator and OpenSSL judge section 6.1 of RFC 5280 alone, without a name or
purpose, so our profile is `path`. `cryptography` adds the purpose, the name, and most MUSTs of
section 4: `rfc5280` is nearest. (`web-pki` is further off: `cryptography` leaves out what
validators widely ignore of the baseline, as its own comments say.)
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography import x509

import edgecheck
from edgecheck.adapters.validators import (
    Question,
    Unable,
    by_certvalidator,
    by_cryptography,
    by_openssl,
)
from edgecheck.hierarchy.rfc5280.violations import (
    PathViolation,
    ProfileViolation,
    PurposeViolation,
    Undecidable,
)
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.names import same_name

CRYPTOGRAPHY, OPENSSL, PYHANKO = "cryptography", "OpenSSL", "pyhanko-certvalidator"
PROFILES = {CRYPTOGRAPHY: "rfc5280", OPENSSL: "path", PYHANKO: "path"}
ORACLES = {CRYPTOGRAPHY: by_cryptography, OPENSSL: by_openssl, PYHANKO: by_certvalidator}


@dataclass(frozen=True)
class Compared:
    """What both say, with what a predicate may look at."""

    label: str
    oracle: str
    report: edgecheck.Report
    refused: str | None  # the oracle's words; None: it accepts

    @property
    def agree(self) -> bool:
        """Undecided is not valid, as for a client that must connect or not."""
        return (self.report.valid is True) is (self.refused is None)

    @property
    def path(self) -> tuple[Certificate, ...]:
        assert self.report.hierarchy.path is not None
        return self.report.hierarchy.path.certificates

    @property
    def anchor(self) -> Certificate:
        return self.path[-1]

    @property
    def target(self) -> Certificate:
        return self.path[0]

    @property
    def below(self) -> tuple[Certificate, ...]:
        """The path without its anchor."""
        return self.path[:-1]

    @property
    def links(self) -> tuple[Any, ...]:
        assert self.report.hierarchy.path is not None
        return self.report.hierarchy.path.links

    @property
    def violations(self) -> list[list[PathViolation]]:
        """Of each path that was tried, the best one first; the target's own are in each."""
        hierarchy = self.report.hierarchy
        assert hierarchy.path is not None
        paths = (hierarchy.path, *hierarchy.others)
        return [[v for v in (*p.violations, *hierarchy.identity) if v.counts] for p in paths]

    def __str__(self) -> str:
        best = self.violations[0]
        ours = [f"{v.kind} {v.step} {_told(v)}" for v in best]
        said = self.refused or "accepted"
        return f"{self.label}: {self.oracle}: {said}; we: {self.report.valid} {'; '.join(ours)}"


def _told(violation: PathViolation) -> str:
    """The values that tell, of the kinds whose name and step say too little."""
    match violation:
        case ProfileViolation(told=told) | Undecidable(because=told):
            return told
        case PurposeViolation(usages=usages):
            return str(usages)
    return ""


def compare(
    label: str,
    oracle: str,
    presented: Any,
    trust: Any,
    hostname: str | None,
    at: datetime,
) -> Compared | None:
    """Ask both; None where the oracle cannot be asked this, or was given what it cannot load."""
    profile = PROFILES[oracle]
    report = edgecheck.check(
        presented, None if profile == "path" else hostname, trust, at, profile=profile
    )
    hierarchy = report.hierarchy
    if hierarchy.target is None:
        return None
    question = Question(
        hierarchy.target.der,
        tuple(c.der for c in hierarchy.sequence if c is not hierarchy.target),
        tuple(c.der for c in report.expected.trust),
        at,
        report.expected.hostname,
        "server",
        hierarchy.server is not None,
    )
    _, ask = ORACLES[oracle]()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return Compared(label, oracle, report, ask(question))
        except (Unable, NotImplementedError):
            return None
        except Exception as wrong:
            known = isinstance(wrong, ValueError | x509.InvalidVersion)
            if not known and type(wrong).__module__ != "OpenSSL.crypto":
                raise
            # A certificate that the oracle cannot load; ours must be None or False then, or
            # an error says that clients cannot load it either.
            assert not (report.valid and report.ok), f"{label}: {oracle} cannot load it; we accept"
            return None


def could_differ(path: Sequence[Certificate], pool: Sequence[Certificate]) -> bool:
    """Whether some certificate of the path could have another issuer, by its name."""
    return any(
        len(
            {
                one.der
                for one in pool
                if same_name(one.subject_raw, child.issuer_raw) and one is not child
            }
        )
        > 1
        for child in path
    )
