"""Certificates with names of their own for tests about which issuer a library takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from edgecheck.behaviour.issuers import taken
from edgecheck.behaviour.refusers import Refuser
from edgecheck.behaviour.taken import Taken
from edgecheck.behaviour.view import View
from edgecheck.reading.inputs import Reader
from fixtures.pki import Extension, Issued, Spec, issue
from tests.hierarchy.chains import AT, authority, server

PAST = datetime(2026, 6, 1, tzinfo=UTC)
"""Before the moment of the tests, after the beginning of all certificates."""


def bare(spec: Spec) -> Spec:
    """The same without key identifiers, so that the name alone tells the issuer."""
    for name in ("subjectKeyIdentifier", "authorityKeyIdentifier"):
        spec = spec.without_extension(name)
    return spec


def without(spec: Spec, *names: str) -> Spec:
    """The same without these extensions."""
    for name in names:
        spec = spec.without_extension(name)
    return spec


ROOT = issue(bare(authority("Root", "p256-3")))
OTHER_ROOT = issue(bare(authority("Other Root", "p256-4")))
CA_SPEC = bare(authority("CA", "p256-2", serial=11))
CA = issue(CA_SPEC, ROOT)
LEAF_SPEC = bare(server())
LEAF = issue(LEAF_SPEC, CA)
BY_OTHER = issue(CA_SPEC.with_(serial=12), OTHER_ROOT)
"""The same CA and key, issued by another root."""
WRONG = issue(CA_SPEC.with_(key="p256-5", serial=13), ROOT)
"""A CA of the same name with another key."""


def like_ca(*more: Extension, by: Issued = ROOT, **changes: object) -> Issued:
    """The CA once more, with other extensions or fields."""
    spec = CA_SPEC.with_(serial=99)
    for extension in more:
        spec = spec.with_extension(extension)
    return issue(spec.with_(**changes), by)


def made(refuser: Refuser, presented: Sequence[Issued], trust: Sequence[Issued] = (ROOT,)) -> Taken:
    """What a kind of client makes of it."""
    return taken(view(presented, trust), refuser)


def view(presented: Sequence[Issued], trust: Sequence[Issued]) -> View:
    """What a client gets to see, without a host name."""
    reader = Reader({}, 10**6, 100)
    sent, trusted = (
        tuple(reader.read(one.der, "presented").sequence[0] for one in group)
        for group in (presented, trust)
    )
    return View(sent, trusted, None, int(AT.timestamp()), sent[0], {})


def chain(found: Taken, names: Mapping[str, Issued]) -> list[str]:
    """The chain that is settled on, by the names that a test gives to its certificates."""
    by_der = {issued.der: name for name, issued in names.items()}
    return [by_der[certificate.der] for certificate in found.certificates]
