"""What edgeHub sends: the chain that .NET builds from a store, never the file as it lies there.

EdgeHubCertificates.cs takes the first certificate of the workload's PEM for the server's, and
installs the rest and the trust bundle into the user's store of roots. From there X509Chain builds,
and SslStreamCertificateContext.cs of dotnet/runtime sends what was built, but for a last one that
ends the chain. So order, duplicates and what does not belong there are of no account, the root
stays away, and where key identifiers do not fit the chain ends. Measured with .NET 8, as IoT Edge
1.5 has it.
"""

from collections.abc import Sequence

from edgecheck.behaviour import work
from edgecheck.behaviour.damaged import DAMAGED
from edgecheck.behaviour.dotnet.chain import DECODED, GOES_ON
from edgecheck.behaviour.lenient import first_values
from edgecheck.behaviour.openssl import errors as e
from edgecheck.behaviour.openssl.verify import verify
from edgecheck.behaviour.view import View
from edgecheck.device import Version
from edgecheck.hierarchy.predicted import EDGE_HUB, Sender
from edgecheck.hierarchy.signatures import Signature
from edgecheck.reading.certificate import Certificate, each_once

UNKNOWN = "certificates that edgeHub may send or not"
"""What the input has where that is not known."""
MEASURED = (1, 5)
"""The release of IoT Edge whose .NET was measured."""
_PARTIAL = (e.NO_ISSUER, e.NO_LOCAL_ISSUER, e.UNVERIFIED_LEAF)
"""Errors that .NET calls PartialChain."""


def sent(
    given: Sequence[Certificate],
    bundle: Sequence[Certificate],
    at: int,
    known: dict[tuple[bytes, bytes], Signature],
    runtime: Version | None,
) -> tuple[tuple[Certificate, ...], Sender] | None:
    """Return what edgeHub sends in order, and what it keeps back; None where that is not known.

    It is not where a certificate is too damaged, or takes more work than the meter that counts has.

    Args:
        given: what the runtime gives it, its own certificate first; at least that.
        bundle: the trust bundle of the gateway, as far as it is known.
        at: when it starts, in seconds since 1970.
        known: signatures that were verified before.
        runtime: the version of IoT Edge, which decides what .NET it has; None where not known.
    """
    store = each_once([*given[1:], *bundle])
    try:
        made = _built(given[0], store, at, known)
        # The store's files are named by thumbprints, so nobody knows which of one name comes first.
        other = _built(given[0], store[::-1], at, known)
    except (work.Spent, *DAMAGED):
        return None
    either = tuple(c for c in made if c not in other)
    withheld = tuple(c for c in each_once(given) if c not in made)
    measured = runtime is not None and runtime[:2] == MEASURED
    return made, Sender(EDGE_HUB, withheld, either, "recorded" if measured else "derived")


def _built(
    leaf: Certificate,
    store: list[Certificate],
    at: int,
    known: dict[tuple[bytes, bytes], Signature],
) -> tuple[Certificate, ...]:
    """SslStreamCertificateContext.Create: without the last one, unless the chain is partial.

    Issuers that go round in a circle are sent once each (so it was recorded).
    """
    work.begin()
    view = first_values(View((leaf,), tuple(store), None, at, leaf, known), DECODED)
    outcome = verify(view, GOES_ON)
    partial = any(number in _PARTIAL for number, _ in outcome.errors)
    chain = tuple(each_once(outcome.certificates))
    partial |= len(chain) < len(outcome.certificates)
    return chain if partial or len(chain) == 1 else chain[:-1]
