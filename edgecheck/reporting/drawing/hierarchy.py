"""The hierarchy as a drawing: who issued whom, what is guilty, and which way clients go."""

from collections.abc import Iterator, Sequence

from edgecheck.reporting.document.blocks import Broken, Graph, Node
from edgecheck.reporting.drawing.layers import Places, places
from edgecheck.reporting.drawing.routes import Route, counted_lanes, routes
from edgecheck.reporting.drawing.shapes import Box, Drawing, Line, Point, Shape, Words, cut
from edgecheck.reporting.words import counted, joined

WIDTH = 308
"""Of a certificate's box, in pixels; with its margins it fits on a phone."""
MANY = 12
"""With more certificates than these the boxes have one line, and more only where they must."""
MARGIN = 8
SIGNS = {"error": "✗", "warning": "!"}
_LINE = 18
_GAP, _LOW_GAP = 40, 26
_LANE, _PORT = 9, 26
_ROOM = 37
"""Columns of text in a box."""
_MOST_RULES = 3
_OF_SIGNATURES = {
    "bad": ("✗ signature is not the issuer's", "d-error"),
    "unchecked": ("? signature not checked", "d-warning"),
    "later": ("will be signed", "d-quiet"),
}


def hierarchy(graph: Graph) -> Drawing:
    """Return the drawing; an empty one says that there is no certificate."""
    if not graph.nodes:
        words = Words(MARGIN, 24, "No certificate to draw.", "d-quiet")
        return Drawing(WIDTH, 40, "Hierarchy", "No certificate.", (words,))
    return _Layout(graph).drawing()


class _Layout:
    """Coordinates of one drawing, computed once."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.low = len(graph.nodes) > MANY
        self.nodes = {node.sha256: node for node in graph.nodes}
        self.places: Places = places(graph)
        self.routes = routes(graph.edges, self.places)
        self.gap_lanes, self.gutter_lanes = counted_lanes(self.routes)
        self.missing = {gap.child: gap.issuer for gap in graph.gaps}
        self._rows()
        self._columns()

    def _rows(self) -> None:
        """Where layers begin, and how high they are."""
        cells = self.places.cells
        layers = max((cell.layer for cell in cells.values()), default=-1) + 1
        self.heights = [0] * layers
        for one, cell in cells.items():
            self.heights[cell.layer] = max(self.heights[cell.layer], self._height(one))
        if self._missing_on_path() is not None:
            self.heights[0] = max(self.heights[0], 30)
        self.tops: list[float] = []
        y = float(MARGIN) + (self._gap(-1) if self.gap_lanes.get(-1) else 0)
        for layer, height in enumerate(self.heights):
            self.tops.append(y)
            y += height + self._gap(layer)
        last = layers - 1
        self.bottom = y - (self._gap(last) if layers and not self.gap_lanes.get(last) else 0)

    def _gap(self, below: int) -> float:
        lanes = self.gap_lanes.get(below, 0)
        return (_LOW_GAP if self.low else _GAP) + _LANE * max(0, lanes - 1)

    def _columns(self) -> None:
        number = max((cell.column for cell in self.places.cells.values()), default=0) + 1
        self.lefts: list[float] = []
        x = float(MARGIN)
        for column in range(number):
            self.lefts.append(x)
            lanes = self.gutter_lanes.get(column, 0)
            between = 28 if column + 1 < number else 8 if lanes else 0
            x += WIDTH + between + 12 * lanes
        self.right = x + MARGIN

    def _missing_on_path(self) -> str | None:
        """The certificate of the path whose issuer is missing."""
        return next(
            (one for one in self.missing if one in self.nodes and self.nodes[one].on_path), None
        )

    def drawing(self) -> Drawing:
        made: list[Shape] = []
        for route in self.routes:
            made += self._line(route)
        for one, cell in self.places.cells.items():
            x, y = self.lefts[cell.column], self.tops[cell.layer]
            made.append(self._box(one, x, y, self.heights[cell.layer]))
        made += self._stub()
        made += self._alone()
        made += self._legend()
        return Drawing(self.right, self.bottom + MARGIN, *_told(self.graph), tuple(made))

    def _height(self, one: str) -> int:
        return len(self._lines(self.nodes[one])) * _LINE + 14

    def _box(self, one: str, x: float, y: float, height: int) -> Box:
        node = self.nodes[one]
        look = "d-box" if node.on_path else "d-off"
        if node.mark:
            look = f"d-box-{node.mark[0].severity}"
        if node.synthetic:
            look += " d-synthetic"
        lines = self._lines(node)
        start = (height - len(lines) * _LINE) / 2 + 13
        placed = (
            Words(14, start + number * _LINE, text, style)
            for number, (text, style) in enumerate(lines)
        )
        return Box(x, y, WIDTH, height, look, tuple(placed))

    def _lines(self, node: Node) -> list[tuple[str, str]]:
        """Texts in a box: what it is, its name, when it ends, and what it breaks."""
        role = node.role + node.suffix + (", synthetic" if node.synthetic else "")
        tone = f" d-{node.tone}" if node.tone else ""
        ends = " · ".join(each for each in (_ending(node), node.left) if each)
        late = f"d-small d-{node.expires_tone or 'quiet'}"
        marks = [(_mark(broken), f"d-rule d-{broken.severity}") for broken in node.mark]
        if len(marks) > _MOST_RULES:
            marks = marks[: _MOST_RULES - 1]
            marks.append((f"and {len(node.mark) - len(marks)} more", "d-small"))
        if self.low:
            first = [(cut(f"{role}: {node.subject}", _ROOM), f"d-small{tone}")]
            return [*first, *([(ends, late)] if node.expires_tone else []), *marks]
        named = [(cut(role, _ROOM), f"d-strong{tone}"), (cut(node.subject, _ROOM), "")]
        return [*named, (ends, late), *marks]

    def _line(self, route: Route) -> Iterator[Shape]:
        edge, cells = route.edge, self.places.cells
        issuer, child = cells[edge.issuer], cells[edge.child]
        # Half a step apart, so that what leaves one box never runs on into what ends below it.
        x0 = self._port(issuer.column, route.start - 0.5 if route.start else 0)
        x1 = self._port(child.column, route.end)
        y0, y1 = self.tops[issuer.layer] + self.heights[issuer.layer], self.tops[child.layer]
        points: list[Point] = [(x0, y0)]
        if route.gutter is not None:
            (_, lane), (_, other) = route.lanes
            beside, number = route.gutter
            x = self.lefts[beside] + WIDTH + 14 + 12 * number
            high, low = y0 + 12 + _LANE * lane, y1 - 14 - _LANE * other
            points += [(x0, high), (x, high), (x, low), (x1, low)]
        elif route.lanes:
            ((_, lane),) = route.lanes
            middle = y0 + 12 + _LANE * lane
            points += [(x0, middle), (x1, middle)]
        look = "d-line" + (" d-on" if edge.on_path else "")
        look += {"bad": " d-bad", "unchecked": " d-may"}.get(edge.signature, "")
        look += " d-back" if route.back else ""
        look += " d-double" if edge.crossed and edge.signature == "valid" else ""
        yield Line((*points, (x1, y1)), look, arrow=True)
        if edge.signature in _OF_SIGNATURES:
            words, tone = _OF_SIGNATURES[edge.signature]
            yield Words(x1 + 10, y1 - 6, words, f"d-small {tone}")
        elif route.back:
            x, y = points[2]
            yield Words(x - 6, y + 16, "↻ a circle", "d-small d-warning", "end")

    def _port(self, column: int, number: float) -> float:
        """Where a line meets a box: in its middle, then further and further to the right."""
        return self.lefts[column] + min(WIDTH / 2 + _PORT * number, WIDTH - 20)

    def _stub(self) -> Iterator[Shape]:
        """What is missing above the path."""
        one = self._missing_on_path()
        if one is None:
            return
        cell = self.places.cells[one]
        x, above = self.lefts[0], cell.layer - 1
        y, height = self.tops[above], self.heights[above]
        said = cut(f"? issuer “{self.missing[one]}” is not here", _ROOM)
        words = Words(14, height / 2 + 5, said, "d-small d-warning")
        yield Line(
            ((x + WIDTH / 2, y + height), (x + WIDTH / 2, self.tops[cell.layer])),
            "d-line d-missing",
            True,
        )
        yield Box(x, y, WIDTH, height, "d-missing", (words,))

    def _alone(self) -> Iterator[Shape]:
        """Certificates that nothing here issued, and that issued nothing, side by side."""
        alone = self.places.alone
        if not alone:
            return
        fitting = max(1, int((self.right - MARGIN) // (WIDTH + 12)))
        across = max(fitting, 2 if len(alone) > MANY else 1)
        y = self.bottom + 26
        yield Words(MARGIN, y, "Connected with none of these", "d-small d-quiet")
        y += 10
        for first in range(0, len(alone), across):
            row = alone[first : first + across]
            height = max(map(self._height, row))
            for number, one in enumerate(row):
                yield self._box(one, MARGIN + number * (WIDTH + 12), y, height)
            y += height + 10
        self.bottom = y - 10
        self.right = max(self.right, 2 * MARGIN + across * (WIDTH + 12) - 12)

    def _legend(self) -> Iterator[Shape]:
        """What the lines mean that are not the path's, and what is left out."""
        y = self.bottom + 12
        for look, words in self._kinds():
            y += 20
            yield Line(((MARGIN, y - 4), (MARGIN + 34, y - 4)), look)
            yield Words(MARGIN + 44, y, words, "d-small d-quiet")
        if self.graph.more:
            y += 20
            told = f"and {counted(self.graph.more, 'certificate')} more, not drawn"
            yield Words(MARGIN, y, told, "d-small d-quiet")
        self.bottom = max(self.bottom, y if y > self.bottom + 12 else self.bottom)

    def _kinds(self) -> list[tuple[str, str]]:
        kinds = []
        drawn = [route.edge for route in self.routes if not route.back]
        if any(edge.crossed for edge in drawn):
            kinds.append(("d-line d-double", "cross-signed: another issuer signed it, too"))
        if any(not edge.on_path and not edge.crossed for edge in drawn):
            kinds.append(("d-line", "issued, but not on the path"))
        if kinds:
            kinds.insert(0, ("d-line d-on", "the path"))
        if self._missing_on_path() is not None:
            kinds.append(("d-line d-missing", "the issuer is missing"))
        return kinds


def _ending(node: Node) -> str:
    if not node.expires[:1].isdigit():
        return node.expires if node.expires != "?" else "its time cannot be read"
    return f"until {node.expires}"


def _mark(broken: Broken) -> str:
    return f"{SIGNS.get(broken.severity, '·')} {cut(broken.rule, _ROOM)}"


def _told(graph: Graph) -> tuple[str, str]:
    """A title and a description for whoever does not see the drawing."""
    path = [node for node in graph.nodes if node.on_path]
    sentences = [_one(node) for node in path[:MANY]]
    if len(path) > MANY:
        sentences.append(f"{len(path) - MANY} more on the path.")
    names = {node.sha256: node for node in graph.nodes}
    for edge in graph.edges:
        if edge.signature == "bad":
            below, above = names[edge.child], names[edge.issuer]
            sentences.append(
                f"The signature on {below.role} {below.subject} is not that of "
                f"{above.role} {above.subject}."
            )
    sentences += [f"The issuer {gap.issuer} is missing." for gap in graph.gaps[:MANY]]
    beside = len(graph.nodes) - len(path)
    if beside:
        sentences.append(f"{counted(beside, 'certificate')} beside the path.")
    return "Hierarchy, from the root down: " + _roles(path), " ".join(sentences)


def _roles(path: Sequence[Node]) -> str:
    roles = [node.role for node in path]
    return joined(roles) if len(roles) <= MANY else f"{joined(roles[:MANY])} and more"


def _one(node: Node) -> str:
    broken = [f"{each.severity} {each.rule}" for each in node.mark]
    said = f", breaks {joined(broken)}" if broken else ""
    return f"{node.role}{node.suffix}: {node.subject}, {_ending(node)}{said}."
