"""Values of the graph that drawings show: certificates, and who issued whom."""

from typing import NamedTuple

from edgecheck.reporting.document.marks import Mark, Tone


class Node(NamedTuple):
    """A certificate.

    Attributes:
        sha256: of the certificate.
        role: short, such as "device CA"; "on no path" for what has none.
        suffix: what is said of the upper end, such as ", trusted"; else empty.
        subject: its name in short.
        expires: its last day (UTC) or, in words, from when on it is valid.
        left: how far that is off, where that is near or past; else empty.
        tone: of role and suffix; `expires_tone`: of the times.
        mark: rules that it breaks.
        on_path: whether it is on the path that was chosen.
        synthetic: whether it is only predicted.
    """

    sha256: str
    role: str
    suffix: str
    subject: str
    expires: str
    left: str
    tone: Tone
    expires_tone: Tone
    mark: Mark
    on_path: bool
    synthetic: bool


class Edge(NamedTuple):
    """That one certificate issued another one, or may have.

    `signature` is as in a row of the tree; `crossed`: the certificate below is on the path, which
    goes to another issuer, though the signature of this one holds, too.
    """

    child: str
    issuer: str
    signature: str
    on_path: bool
    crossed: bool


class Gap(NamedTuple):
    """A certificate whose issuer is missing, and that issuer's name in short."""

    child: str
    issuer: str


class Graph(NamedTuple):
    """Certificates and who issued whom: the path first, the root at its head.

    `more`: how many certificates are left out.
    """

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    gaps: tuple[Gap, ...]
    more: int


NOTHING_DRAWN = Graph((), (), (), 0)
