"""Whatever is odd about an element of a certificate, a finding names its field."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

import edgecheck
from fixtures import edits, stock
from fixtures.edits import Edit, Node
from fixtures.pki import pem

EXTENSIONS = ("basicConstraints", "keyUsage", "extKeyUsage", "subjectAltName",
              "subjectKeyIdentifier", "authorityKeyIdentifier", "extensions")  # fmt: skip
FIELDS = {
    edits.SERIAL: ("serialNumber", "serial number"),
    edits.SIGNATURE: ("signature",),
    edits.ISSUER: ("issuer",),
    edits.VALIDITY: ("validity", "notBefore", "notAfter"),
    edits.SUBJECT: ("subject",),
    edits.KEY: ("subjectPublicKeyInfo",),
    edits.EXTENSIONS: EXTENSIONS,
}
EDITS: dict[str, Edit] = {
    "a length in more octets than it needs": edits.longer,
    "no length": edits.indefinite,
    "no contents": edits.content(b""),
    "a byte too many": edits.more(b"\xff"),
}
ROLES = ("server", "intermediate")


def elements(role: str) -> list[tuple[int, ...]]:
    """The way to each element of the signed part's fields."""
    seen: list[Node] = []

    def look(data: bytes) -> bytes:
        seen.append(edits.parse(data))
        return data

    stock.stock_11("ec").change(role, damage_tbs=look).issued(role)

    def below(node: Node, path: tuple[int, ...]) -> list[tuple[int, ...]]:
        found = [path]
        for place, child in enumerate(node.children):
            found += below(child, (*path, place))
        return found

    return [path for path in below(seen[0], ()) if path and path[0] in FIELDS]


CASES = [(role, path, name) for role in ROLES for path in elements(role) for name in EDITS]


def constructed(role: str, path: tuple[int, ...]) -> bool:
    return (*path, 0) in elements(role)


def odd(role: str, path: tuple[int, ...], name: str) -> bool:
    """Whether the edit makes an encoding that is odd, and certainly a certificate."""
    if path == (edits.SERIAL,) and name == "a byte too many":
        return False  # another number, and a sound one
    if name == "no length":  # BER wants it constructed; a name so is no certificate for anybody
        return constructed(role, path) and path not in ((edits.ISSUER,), (edits.SUBJECT,))
    return True


ODD = [case for case in CASES if odd(*case)]


@settings(max_examples=150, derandomize=True)
@given(st.sampled_from(ODD))
def test_an_odd_element_gives_a_finding_that_names_its_field(
    case: tuple[str, tuple[int, ...], str],
) -> None:
    """At least one that nothing else causes, on a server certificate and on a CA."""
    role, path, name = case
    damage = edits.edited(*path, edit=EDITS[name])
    gateway = stock.stock_11("ec").change(role, damage_tbs=damage)
    report = edgecheck.check(
        pem(*gateway.presented(), comments=False),
        stock.HOSTNAME,
        pem(*gateway.trust(), comments=False),
        stock.NOW,
    )
    told = [
        f"{finding.message} {finding.evidence.get('found')}"
        for finding in report.findings
        if finding.caused_by is None
    ]
    assert any(word in text for text in told for word in FIELDS[path[0]]), told
