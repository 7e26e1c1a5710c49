"""Lines between certificates: in the gaps between layers and columns, so that none is crossed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from edgecheck.reporting.document.blocks import Edge
from edgecheck.reporting.drawing.layers import Cell, Places


class Route(NamedTuple):
    """How a line runs from an issuer down, or around, to what it issued.

    Attributes:
        edge: what it shows.
        start: of the issuer's connections below, which one; 0 is the one in the middle.
        end: the same of the connections above the other one.
        lanes: lanes of the gaps that it runs along: (gap, lane), the issuer's first; gap n is
            below layer n. Without one it is straight.
        gutter: the gap at the right of a column, and its lane; None: it needs none.
        back: whether it closes a circle.
    """

    edge: Edge
    start: int
    end: int
    lanes: tuple[tuple[int, int], ...]
    gutter: tuple[int, int] | None
    back: bool


def routes(edges: Sequence[Edge], places: Places) -> list[Route]:
    """Return a route for each edge; those of the path come last, and so on top."""
    made: list[Route] = []
    starts: Counter[str] = Counter()
    ends: Counter[str] = Counter()
    gaps: Counter[int] = Counter()
    gutters: Counter[int] = Counter()
    taken = set(places.cells.values())
    straight = {edge: _is_straight(edge, places, taken) for edge in edges}
    for edge in edges:
        if straight[edge]:
            starts[edge.issuer] += 1
            ends[edge.child] += 1
    for edge in sorted(edges, key=lambda edge: edge.on_path):
        back = (edge.child, edge.issuer) in places.back
        if straight[edge]:
            made.append(Route(edge, 0, 0, (), None, back))
            continue
        child, issuer = places.cells[edge.child], places.cells[edge.issuer]
        start, end = starts[edge.issuer], ends[edge.child]
        starts[edge.issuer] += 1
        ends[edge.child] += 1
        first, last = issuer.layer, child.layer - 1
        lanes: tuple[tuple[int, int], ...] = ((first, gaps[first]),)
        gaps[first] += 1
        gutter = None
        if child.layer != issuer.layer + 1 or child.column == issuer.column:
            lanes = (*lanes, (last, gaps[last]))
            gaps[last] += 1
            beside = min(child.column, issuer.column)
            gutter = (beside, gutters[beside])
            gutters[beside] += 1
        made.append(Route(edge, start, end, lanes, gutter, back))
    return sorted(made, key=lambda route: route.edge.on_path)


def _is_straight(edge: Edge, places: Places, taken: set[Cell]) -> bool:
    """Whether nothing stands between them in their column."""
    child, issuer = places.cells[edge.child], places.cells[edge.issuer]
    between = range(issuer.layer + 1, child.layer)
    return (
        child.column == issuer.column
        and child.layer > issuer.layer
        and not any(Cell(layer, child.column) in taken for layer in between)
    )


def counted_lanes(made: Sequence[Route]) -> tuple[Mapping[int, int], Mapping[int, int]]:
    """Return how many lanes each gap between layers has, and each gutter."""
    gaps: Counter[int] = Counter(gap for route in made for gap, _ in route.lanes)
    gutters: Counter[int] = Counter(route.gutter[0] for route in made if route.gutter)
    return gaps, gutters
