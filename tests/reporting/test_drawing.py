"""Drawings: readable at three, ten and fifty certificates, with cross-signing and with circles."""

from __future__ import annotations

import re
from itertools import combinations, pairwise
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

import edgecheck
from edgecheck.reporting.document.blocks import Bar, Broken, Edge, Gap, Graph, Node, Timeline
from edgecheck.reporting.document.build import document
from edgecheck.reporting.document.graph import MOST_DRAWN
from edgecheck.reporting.drawing.hierarchy import hierarchy
from edgecheck.reporting.drawing.paint import painted
from edgecheck.reporting.drawing.shapes import Box, Drawing, Line, Words
from edgecheck.reporting.drawing.svg import element
from edgecheck.reporting.drawing.timeline import HALF, NARROW, WIDE, timeline
from fixtures import stock
from fixtures.expected import FIXTURES, report_of
from fixtures.pki import Issued, Spec, basic_constraints, issue, pem, subject_key_id

DAY = 86400
NOW = int(stock.NOW.timestamp())


def node(name: str, on_path: bool = True, **more: Any) -> Node:
    plain: dict[str, Any] = {
        "sha256": name,
        "role": "intermediate",
        "suffix": "",
        "subject": f"CA {name}",
        "expires": "2030-01-01",
        "left": "",
        "tone": "",
        "expires_tone": "",
        "mark": (),
        "on_path": on_path,
        "synthetic": False,
    }
    return Node(**(plain | more))


def chain(length: int) -> Graph:
    """A path, each certificate issued by the one before."""
    nodes = tuple(node(str(number)) for number in range(length))
    edges = tuple(Edge(str(n + 1), str(n), "valid", True, False) for n in range(length - 1))
    return Graph(nodes, edges, (), 0)


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """A path, certificates beside it, and any lines: several issuers, circles, missing ones."""
    length, beside = draw(st.integers(1, 7)), draw(st.integers(0, 9))
    nodes = [node(str(n), n < length) for n in range(length + beside)]
    edges = list(chain(length).edges)
    known = {(edge.child, edge.issuer) for edge in edges}
    number = st.integers(0, length + beside - 1)
    for one, other in draw(st.lists(st.tuples(number, number), max_size=14)):
        if one != other and (str(one), str(other)) not in known:
            known.add((str(one), str(other)))
            signature = draw(st.sampled_from(["valid", "bad", "unchecked"]))
            edges.append(Edge(str(one), str(other), signature, False, draw(st.booleans())))
    gaps = (Gap("0", "nobody"),) if all(edge.child != "0" for edge in edges) else ()
    marked = draw(number)
    nodes[marked] = nodes[marked]._replace(mark=(Broken("ca.not-a-ca", "error"),) * 5)
    return Graph(tuple(nodes), tuple(edges), gaps if draw(st.booleans()) else (), 0)


def boxes(drawing: Drawing) -> list[Box]:
    return [shape for shape in drawing.shapes if isinstance(shape, Box)]


def lines(drawing: Drawing) -> list[Line]:
    return [shape for shape in drawing.shapes if isinstance(shape, Line)]


def crosses(one: tuple[float, float], other: tuple[float, float], box: Box) -> bool:
    """Whether a horizontal or vertical piece goes through a box, not only along its border."""
    (left, right), (top, bottom) = sorted((one[0], other[0])), sorted((one[1], other[1]))
    inside = 1
    return (
        left < box.x + box.width - inside
        and right > box.x + inside
        and top < box.y + box.height - inside
        and bottom > box.y + inside
    )


@given(graphs())
def test_nothing_overlaps_and_no_line_crosses_a_certificate(graph: Graph) -> None:
    """Boxes stand apart, and within the drawing; lines run around them, at right angles."""
    drawing = hierarchy(graph)
    assert len(boxes(drawing)) == len(graph.nodes) + len(graph.gaps)
    for box in boxes(drawing):
        assert box.x >= 0
        assert box.y >= 0
        assert box.x + box.width <= drawing.width
        assert box.y + box.height <= drawing.height
    for one, other in combinations(boxes(drawing), 2):
        apart = (
            one.x + one.width <= other.x
            or other.x + other.width <= one.x
            or one.y + one.height <= other.y
            or other.y + other.height <= one.y
        )
        assert apart
    for line in lines(drawing):
        for start, end in pairwise(line.points):
            assert start[0] == end[0] or start[1] == end[1]
            assert not any(crosses(start, end, box) for box in boxes(drawing))
            assert 0 <= end[0] <= drawing.width
            assert 0 <= end[1] <= drawing.height


@given(graphs())
def test_every_link_is_drawn_from_its_issuer_to_what_it_issued(graph: Graph) -> None:
    """Each line with a head starts below one box and ends above another one."""
    drawing = hierarchy(graph)
    heads = [line for line in lines(drawing) if line.arrow]
    assert len(heads) == len(graph.edges) + len(graph.gaps)
    below = {(box.x, box.y + box.height) for box in boxes(drawing)}
    above = {(box.x, box.y) for box in boxes(drawing)}
    width = boxes(drawing)[0].width
    for line in heads:
        (x0, y0), (x1, y1) = line.points[0], line.points[-1]
        assert any(left < x0 < left + width and y0 == y for left, y in below)
        assert any(left < x1 < left + width and y1 == y for left, y in above)


@pytest.mark.parametrize("length", [3, 10, 50])
def test_a_path_is_one_column_that_a_phone_can_show(length: int) -> None:
    """The root is above; more than twelve have one line each, and less room."""
    drawing = hierarchy(chain(length))
    assert drawing.width <= 340
    places = [box.y for box in boxes(drawing)]
    assert places == sorted(places)
    assert len({box.x for box in boxes(drawing)}) == 1
    assert drawing.height / length < (120 if length <= 12 else 65)
    names = [words.text for box in boxes(drawing) for words in box.lines]
    assert all(any(f"CA {number}" in name for name in names) for number in range(length))


def test_what_is_guilty_can_be_told_without_colour() -> None:
    """Marks have a sign and the rule's id; a bad signature has its words beside the line."""
    mark = (Broken("ca.not-a-ca", "error"), Broken("naming.device-ca-cn-is-hostname", "warning"))
    nodes = (node("root"), node("ca", mark=mark), node("server"))
    edges = (
        Edge("ca", "root", "bad", True, False),
        Edge("server", "ca", "unchecked", True, False),
    )
    drawing = hierarchy(Graph(nodes, edges, (), 0))
    told = [w.text for box in boxes(drawing) for w in box.lines]
    told += [shape.text for shape in drawing.shapes if isinstance(shape, Words)]
    for words in (
        "✗ ca.not-a-ca",
        "! naming.device-ca-cn-is-hostname",
        "✗ signature is not the issuer's",
        "? signature not checked",
    ):
        assert words in told
    assert "breaks error ca.not-a-ca and warning naming" in drawing.described
    assert "The signature on intermediate CA ca is not that of" in drawing.described


def test_a_missing_issuer_is_dashed_and_named() -> None:
    """A box stands where it would be."""
    drawing = hierarchy(Graph((node("a"), node("b")), chain(0).edges, (Gap("a", "Lost CA"),), 0))
    assert any("Lost CA" in w.text for box in boxes(drawing) for w in box.lines)
    assert any("d-missing" in line.look for line in lines(drawing))
    assert "The issuer Lost CA is missing." in drawing.described


def test_cross_signing_is_a_double_line_and_a_circle_says_so() -> None:
    """What a legend explains, or words beside the line."""
    cross = document(report_of(FIXTURES / "chain" / "unrelated-certificate--cross-signed"))
    drawing = hierarchy(cross.graph)
    assert any("d-double" in line.look for line in lines(drawing))
    assert any("cross-signed" in s.text for s in drawing.shapes if isinstance(s, Words))
    circle = document(report_of(FIXTURES / "chain" / "issuer-loop"))
    drawing = hierarchy(circle.graph)
    assert any("d-back" in line.look for line in lines(drawing))
    assert any("a circle" in s.text for s in drawing.shapes if isinstance(s, Words))
    assert not circle.graph.gaps


def authority(name: str, key: str, above: Issued | None = None) -> Issued:
    times = stock.WORKLOAD_CA_ISSUED, stock.NOW.replace(year=2033)
    return issue(Spec(name, key, *times, (basic_constraints(True), subject_key_id())), above)


def test_a_root_that_another_one_signed_is_drawn_with_it() -> None:
    """Also what is trusted and not sent, where it signed a certificate that was sent."""
    old, new = authority("Old Root", "p256-2"), authority("New Root", "p256-3")
    crossed = authority("New Root", "p256-3", old)
    device = authority("device CA", "p256-4", new)
    server = issue(stock.stock_15("ec")["server"], device)
    report = edgecheck.check(
        pem(server, device, crossed), stock.HOSTNAME, pem(new, old), at=stock.NOW
    )
    graph = document(report).graph
    names = {each.sha256: each for each in graph.nodes}
    told = {(names[e.child].subject, names[e.issuer].subject, e.crossed) for e in graph.edges}
    assert ("device CA", "New Root", False) in told  # the path
    assert ("device CA", "New Root", True) in told  # the one that was sent
    assert ("New Root", "Old Root", False) in told
    assert [each.suffix for each in graph.nodes if each.subject == "Old Root"] == [", trusted"]


def test_of_very_many_certificates_a_bounded_number_is_drawn() -> None:
    """And it is said how many are left out."""
    some = [authority(f"CA {number}", "p256-2") for number in range(80)]
    gateway = stock.stock_15("ec")
    report = edgecheck.check(
        pem(*gateway.presented(), *some), stock.HOSTNAME, pem(*gateway.trust()), at=stock.NOW
    )
    graph = document(report).graph
    assert len(graph.nodes) == MOST_DRAWN
    assert graph.more == 84 - MOST_DRAWN
    words = [s.text for s in hierarchy(graph).shapes if isinstance(s, Words)]
    assert f"and {graph.more} certificates more, not drawn" in words


def bar(first: float, last: float, **more: Any) -> Bar:
    """A certificate that is valid from and until so many days after the check."""
    plain = Bar("s", "server", "gw", NOW, NOW, "a day", "another", "")
    return plain._replace(start=int(NOW + first * DAY), end=int(NOW + last * DAY), **more)


@pytest.mark.parametrize("width", [WIDE, HALF, NARROW])
def test_each_time_is_a_bar_within_the_drawing(width: int) -> None:
    """From a minute to all of time; what is over or has not begun says so with a sign."""
    bars = (bar(-3650, 7300), bar(-3, 0.001), bar(-2, -1), bar(1, 2), bar(-740_000, 2_900_000))
    drawing = timeline(Timeline(NOW, "2026-11-23", bars), width)
    drawn = [s for s in drawing.shapes if hasattr(s, "look") and "d-bar" in s.look]
    assert len(drawn) == len(bars)
    for shape in drawn:
        assert not isinstance(shape, Words | Line)
        assert shape.x >= 0
        assert shape.width >= 4
        assert shape.x + shape.width <= width
    told = [s.text for s in drawing.shapes if isinstance(s, Words)]
    assert [t.partition(" · ")[0] for t in told if t.startswith("✗")] == [
        "✗ expired",
        "✗ not valid yet",
    ]
    assert "checked 2026-11-23" in told


@given(st.lists(st.tuples(st.integers(-(10**6), 10**6), st.integers(0, 10**6)), max_size=70))
def test_any_times_can_be_drawn(times: list[tuple[int, int]]) -> None:
    """Of more than sixty, sixty."""
    bars = tuple(bar(first, first + long) for first, long in times)
    drawing = timeline(Timeline(NOW, "2026-11-23", bars), NARROW)
    drawn = [s for s in drawing.shapes if hasattr(s, "look") and s.look.startswith("d-bar")]
    assert len(drawn) == min(len(bars), 60)


@given(st.text(max_size=40))
def test_an_svg_can_be_read_whatever_a_name_is(name: str) -> None:
    """As XML, with the name as text."""
    graph = Graph((node("a", subject=name, role=name),), (), (Gap("a", name),), 0)
    written = painted(hierarchy(graph), "x")
    tree = ElementTree.fromstring(written)
    assert {each.tag.rpartition("}")[2] for each in tree.iter()} <= {
        *("svg", "title", "desc", "rect", "text", "path")
    }
    assert element("a", {"b": '<&">'}, "") == '<a b="&lt;&amp;&quot;&gt;"/>'


def test_a_file_looks_the_same_without_a_page() -> None:
    """Colours are in it, also dark ones; it says what it is, and loads nothing."""
    written = report_of(FIXTURES / "demo" / "broken-gateway").to_svg()
    tree = ElementTree.fromstring(written)
    assert tree.get("role") == "img"
    assert tree[0].tag.endswith("title")
    assert tree[0].text == "error: chain.pem"
    assert "ca.not-a-ca" in (tree[1].text or "")
    assert "var(" not in written
    assert "prefers-color-scheme: dark" in written
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", written)


def test_no_certificate_is_said() -> None:
    """A drawing of nothing has a sentence."""
    empty = edgecheck.check(b"", at=stock.NOW)
    assert "No certificate to draw." in empty.to_svg()
