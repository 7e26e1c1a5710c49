"""What is predicted of chains, and of what edgeHub sends, does not contradict itself."""

from __future__ import annotations

import pytest

import edgecheck
from edgecheck.reading.certificate import Certificate
from fixtures.expected import FIXTURES, folders
from fixtures.stock import HOSTNAME, NOW
from tests.contradictions import Contradiction, contradictions
from tests.test_contradictions import EXCEPTIONS

RUNTIMES = ("1.1", "1.2", "1.5")
FAMILIES = ("ca", "edge", "extension", "good", "hostname", "naming", "path", "trust", "validity")
MOST = 24


def chains(family: str) -> list[tuple[str, tuple[Certificate, ...], bytes | None]]:
    """Some of a family's broken chains by name, and what is trusted."""
    found = []
    for folder in folders():
        name = folder.relative_to(FIXTURES).as_posix()
        if name.partition("/")[0] != family or folder.name == "fixed":
            continue
        if not (folder / "chain.pem").is_file():
            continue
        trust = folder / "trust.pem"
        given = trust.read_bytes() if trust.is_file() else None
        chain = edgecheck.check((folder / "chain.pem").read_bytes(), at=NOW).hierarchy.sequence
        found.append((name, chain, given))
    assert found
    return found[:: -(-len(found) // MOST)]


def left(report: edgecheck.Report) -> list[Contradiction]:
    def known(told: Contradiction) -> bool:
        return any(
            (e["kind"], e["what"], e.get("who", told.who)) == (told.kind, told.what, told.who)
            for e in EXCEPTIONS
        )

    return [told for told in contradictions(report) if not known(told)]


@pytest.mark.parametrize("family", FAMILIES)
def test_no_prediction_of_a_chain_contradicts_itself(family: str) -> None:
    """Whatever stands above the server certificate is taken for a device CA's file."""
    for number, (name, chain, trust) in enumerate(chains(family)):
        if len(chain) > 1:
            runtime = RUNTIMES[number % len(RUNTIMES)]
            file = [certificate.der for certificate in chain[1:]]
            report = edgecheck.predict(file, HOSTNAME, runtime, trust, NOW)
            assert left(report) == [], (name, runtime)


@pytest.mark.parametrize("family", FAMILIES)
def test_no_report_about_what_edgehub_sends_contradicts_itself(family: str) -> None:
    for name, chain, trust in chains(family):
        given = [certificate.der for certificate in chain]
        if given:
            report = edgecheck.check(given, HOSTNAME, trust, NOW, sent_by="edgehub")
            assert left(report) == [], name
