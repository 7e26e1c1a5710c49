"""Small chains without fault in every profile, to be broken at one place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Self

import edgecheck
from edgecheck.hierarchy.paths import Path
from fixtures.pki import (
    Extension,
    Issued,
    Spec,
    authority_key_id,
    basic_constraints,
    extended_key_usage,
    issue,
    key_usage,
    subject_alt_name,
    subject_key_id,
)

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
START = datetime(2026, 1, 1, tzinfo=UTC)
END = datetime(2027, 1, 1, tzinfo=UTC)
HOST = "gw.plant7.example"
IDS = (subject_key_id(), authority_key_id())


def authority(name: Any, key: str, *more: Extension, **changes: Any) -> Spec:
    """A CA certificate; `more` replaces or adds extensions."""
    spec = Spec(
        name,
        key,
        START,
        END,
        (basic_constraints(True), key_usage("keyCertSign", "cRLSign"), *IDS),
        role=str(name),
    )
    return extended(spec, *more).with_(**changes)


def server(*more: Extension, key: str = "p256-1", **changes: Any) -> Spec:
    """A server certificate for `HOST`."""
    spec = Spec(
        HOST,
        key,
        START,
        END,
        (
            basic_constraints(False),
            key_usage("digitalSignature"),
            extended_key_usage("serverAuth"),
            subject_alt_name(dns=[HOST]),
            *IDS,
        ),
        role="server",
    )
    return extended(spec, *more).with_(**changes)


def extended(spec: Spec, *more: Extension) -> Spec:
    for extension in more:
        spec = spec.with_extension(extension)
    return spec


@dataclass(frozen=True)
class Chain:
    """Specs from the server upwards, each issued by the next; the last signs itself."""

    specs: tuple[Spec, ...] = (
        server(),
        authority("Test CA", "p256-2"),
        authority("Test Root", "p256-3"),
    )

    def put(self, at: int, *more: Extension, **changes: Any) -> Self:
        """The same with other extensions and other fields in one certificate."""
        return self.replaced(at, extended(self.specs[at], *more).with_(**changes))

    def without(self, at: int, *names: str) -> Self:
        """The same without some extensions of one certificate."""
        spec = self.specs[at]
        for name in names:
            spec = spec.without_extension(name)
        return self.replaced(at, spec)

    def replaced(self, at: int, spec: Spec) -> Self:
        """The same with another certificate in one place."""
        specs = list(self.specs)
        specs[at] = spec
        return replace(self, specs=tuple(specs))

    def issued(self) -> list[Issued]:
        """The certificates, the server's first."""
        made: list[Issued] = []
        for spec in reversed(self.specs):
            made.append(issue(spec, made[-1] if made else None))
        return made[::-1]

    def report(self, profile: str = "rfc5280", **arguments: Any) -> edgecheck.Report:
        """Check it, the root trusted."""
        *presented, root = self.issued()
        return check(presented, [root], profile, **arguments)


def check(
    presented: Sequence[Issued],
    trust: Iterable[Issued],
    profile: str = "rfc5280",
    hostname: str | None = HOST,
    at: datetime = AT,
    **validation: Any,
) -> edgecheck.Report:
    """Check certificates of which the first is the target."""
    report = edgecheck.check(
        [one.der for one in presented],
        hostname if validation.get("purpose") != "client" else None,
        [one.der for one in trust],
        at,
        profile=profile,
        validation=edgecheck.Validation(**validation),
        roles={_fingerprint(presented[0]): "server"},
    )
    if report.valid is False:
        errors = [f for f in report.findings if f.severity == "error" and f.caused_by is None]
        assert errors, "a path that fails without an error that nothing causes"
    return report


def _fingerprint(one: Issued) -> str:
    import hashlib

    return hashlib.sha256(one.der).hexdigest()


def path(report: edgecheck.Report) -> Path:
    """The path that was chosen."""
    found = report.hierarchy.path
    assert found is not None
    return found


def steps(report: edgecheck.Report) -> set[str]:
    """The steps and sections that the chosen path violates, or that are undecided."""
    found = {violation.step for violation in path(report).violations if violation.counts}
    return found | {violation.step for violation in report.hierarchy.identity}
