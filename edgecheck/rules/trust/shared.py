"""The way from the end of a path to the root above it."""

from edgecheck.hierarchy.hierarchy import Hierarchy
from edgecheck.hierarchy.signatures import State
from edgecheck.reading.certificate import Certificate


def topmost(last: Certificate, hierarchy: Hierarchy) -> Certificate:
    """The root above the end of the path, as far as certificates that are there lead to it."""
    return next(reversed(way_up(last, hierarchy)), last)


def way_up(last: Certificate, hierarchy: Hierarchy) -> list[Certificate]:
    """What leads from the end of the path to the root above it, as far as it is there.

    The path may have ended early, at a trusted certificate that is no root.
    """
    passed = {last: None}
    while not last.is_self_issued:
        links = hierarchy.pool.links(last)
        sound = (link.issuer for link in links if link.signature.state is not State.INVALID)
        above = next((issuer for issuer in sound if issuer not in passed), None)
        if above is None:
            break
        passed[above] = None
        last = above
    return list(passed)[1:]
