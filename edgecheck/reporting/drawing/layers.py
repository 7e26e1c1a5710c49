"""Where certificates of a drawing stand: issuers above what they issued, the path in one column."""

from collections.abc import Sequence
from typing import NamedTuple

from edgecheck.reporting.document.blocks import Edge, Graph


class Cell(NamedTuple):
    """A place: the uppermost layer is 0, and so is the column of the path."""

    layer: int
    column: int


class Places(NamedTuple):
    """Cells by fingerprint, edges that lead back down, and certificates without any edge."""

    cells: dict[str, Cell]
    back: frozenset[tuple[str, str]]
    alone: tuple[str, ...]


def places(graph: Graph) -> Places:
    """Return where each certificate stands."""
    on_path = [node.sha256 for node in graph.nodes if node.on_path]
    ends = {edge.child for edge in graph.edges} | {edge.issuer for edge in graph.edges}
    ends.update(on_path)
    joined = [node.sha256 for node in graph.nodes if node.sha256 in ends]
    alone = tuple(node.sha256 for node in graph.nodes if node.sha256 not in ends)
    above: dict[str, list[str]] = {one: [] for one in joined}
    for edge in sorted(graph.edges, key=lambda edge: not edge.on_path):
        above[edge.child].append(edge.issuer)
    order, back = _upwards([*reversed(on_path), *joined], above)
    layers = _layers(order, above, back)
    for gap in graph.gaps:  # what is missing needs a place above
        if gap.child in layers and gap.child in on_path and not layers[gap.child]:
            layers = {one: layer + 1 for one, layer in layers.items()}
    columns = _columns(joined, frozenset(on_path), layers, graph.edges)
    cells = {one: Cell(layers[one], columns[one]) for one in joined}
    return Places(cells, back, alone)


def _upwards(
    starts: Sequence[str], above: dict[str, list[str]]
) -> tuple[list[str], frozenset[tuple[str, str]]]:
    """Issuers before what they issued, and the edges that close a circle; without recursion."""
    order: list[str] = []
    back: set[tuple[str, str]] = set()
    done: set[str] = set()
    for start in starts:
        if start in done:
            continue
        open_now, trail = {start}, [(start, iter(above[start]))]
        while trail:
            one, issuers = trail[-1]
            issuer = next(issuers, None)
            if issuer is None:
                trail.pop()
                open_now.discard(one)
                done.add(one)
                order.append(one)
            elif issuer in open_now:
                back.add((one, issuer))
            elif issuer not in done:
                open_now.add(issuer)
                trail.append((issuer, iter(above[issuer])))
    return order, frozenset(back)


def _layers(
    order: Sequence[str], above: dict[str, list[str]], back: frozenset[tuple[str, str]]
) -> dict[str, int]:
    """Each as high as it can be; what nobody issued right above what it issued."""
    layers: dict[str, int] = {}
    below: dict[str, list[str]] = {}
    for one in order:
        issuers = [issuer for issuer in above[one] if (one, issuer) not in back]
        layers[one] = max((layers[issuer] + 1 for issuer in issuers), default=0)
        for issuer in issuers:
            below.setdefault(issuer, []).append(one)
    for one, issued in below.items():
        if not [issuer for issuer in above[one] if (one, issuer) not in back]:
            layers[one] = min(layers[each] for each in issued) - 1
    return layers


def _columns(
    joined: Sequence[str], on_path: frozenset[str], layers: dict[str, int], edges: Sequence[Edge]
) -> dict[str, int]:
    """The path at the left; others where their neighbours are, as far as there is room."""
    columns = dict.fromkeys((one for one in joined if one in on_path), 0)
    taken = {(layers[one], 0) for one in columns}
    near: dict[str, list[str]] = {}
    for edge in edges:
        near.setdefault(edge.child, []).append(edge.issuer)
        near.setdefault(edge.issuer, []).append(edge.child)
    for one in joined:
        if one in columns:
            continue
        wanted = max((columns.get(other, 0) for other in near.get(one, ())), default=0)
        column = max(wanted, 1)
        while (layers[one], column) in taken:
            column += 1
        columns[one] = column
        taken.add((layers[one], column))
    return columns
