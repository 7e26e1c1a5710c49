"""Small chains, and one run of OpenSSL's verification over each, for tests of single decisions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from edgecheck.behaviour.openssl.settings import (
    V1_0_2,
    V1_1_0,
    V1_1_1,
    V3_0,
    Settings,
)
from edgecheck.behaviour.openssl.verify import Outcome, verify
from edgecheck.behaviour.view import View
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.inputs import Reader
from fixtures.pki import Issued, issue, subject_alt_name
from tests.hierarchy.chains import AT, Chain, server

SOUND = Chain()
"""Server, CA and root without fault."""
BORING: dict[str, Any] = {"version": V1_0_2, "boring": True}
VERSIONS: dict[str, dict[str, Any]] = {
    "1.0.2": {"version": V1_0_2},
    "BoringSSL": BORING,
    "1.1.0": {"version": V1_1_0},
    "1.1.1": {"version": V1_1_1},
    "3.0": {"version": V3_0},
}
"""Settings by the version that they are of."""

Errors = list[tuple[int, int]]


def read(*issued: Issued) -> tuple[Certificate, ...]:
    """The certificates as they are read."""
    reader = Reader({}, 10**7, 1000)
    return tuple(reader.read(one.der, "presented").sequence[0] for one in issued)


def seen(
    presented: Sequence[Issued],
    trust: Sequence[Issued],
    host: str | None = None,
    at: datetime = AT,
    server: Issued | None = None,
    trailing: Sequence[Issued] = (),
) -> View:
    """What a client gets to see; the server has the key of the first unless another is given."""
    sent, trusted = read(*presented), read(*trust)
    own = sent[0] if server is None else read(server)[0]
    after = frozenset(one.der for one in trailing)
    return View(sent, trusted, host, int(at.timestamp()), own, {}, after)


def ran(view: View, **settings: Any) -> Outcome:
    """One run that goes on after errors, and leaves the name to others, unless told otherwise."""
    return verify(view, Settings(**({"goes_on": True, "names": False, "level": 0} | settings)))


def errors(
    presented: Sequence[Issued], trust: Sequence[Issued], host: str | None = None, **settings: Any
) -> Errors:
    """Number and depth of each error, in order."""
    return list(ran(seen(presented, trust, host), **settings).errors)


def of(chain: Chain, host: str | None = None, **settings: Any) -> Errors:
    """The same of a chain of which the last is trusted and the others are sent."""
    *sent, root = chain.issued()
    return errors(sent, [root], host, **settings)


def named(subject: Any = "unrelated", **names: Any) -> Certificate:
    """A certificate with these alternative names; without the extension where there are none."""
    spec = server(subject=subject)
    if not names:
        return read(issue(spec.without_extension("subjectAltName")))[0]
    return read(issue(spec.with_extension(subject_alt_name(**names))))[0]
