"""Whether Java takes a server by its common name, although the certificate has other names."""

from contextlib import suppress

from edgecheck.behaviour.host import host
from edgecheck.behaviour.issuers import taken
from edgecheck.behaviour.jsse.checks import constrained
from edgecheck.behaviour.jsse.names import mismatch
from edgecheck.behaviour.jsse.records import V17, V21
from edgecheck.behaviour.kinds import Refuser
from edgecheck.behaviour.view import View
from edgecheck.reading.certificate import Unreadable
from edgecheck.reading.der import Malformed


def taking(view: View, typed: str) -> frozenset[Refuser]:
    """Return Java where a check of name constraints adds the common name to the names.

    Args:
        view: what it gets to see.
        typed: the host as it is told to connect to it.
    """
    with suppress(Unreadable, Malformed):
        made = taken(view, Refuser.JAVA)
        asked = host(typed)
        if made.good and constrained(made.certificates):
            told = [mismatch(view.leaf, asked, version, constrained=True) for version in (V17, V21)]
            return frozenset({Refuser.JAVA, Refuser.JAVA_21}) if not any(told) else frozenset()
    return frozenset()
