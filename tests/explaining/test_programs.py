"""What programs that are here really print at a fault leads to its rule or symptom."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from edgecheck.adapters.predicted import predicted
from edgecheck.explaining import explain
from edgecheck.rules import BUILT_IN
from tests.explaining.faults import FAULTS, UNABLE, expects, met, roots_in
from tests.explaining.programs import PROGRAMS, Say, started

MARKED = [
    pytest.param(name, marks=[] if name == "python" else [getattr(pytest.mark, name)])
    for name in PROGRAMS
]


@pytest.fixture(scope="session")
def roots(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The two roots that are trusted, each in a file."""
    return roots_in(tmp_path_factory.mktemp("roots"))


@pytest.fixture(scope="session")
def programs(
    tmp_path_factory: pytest.TempPathFactory, roots: dict[str, Path]
) -> Iterator[Callable[[str], Say]]:
    """Each program by its name, started when it is first wanted."""
    known: dict[str, Say] = {}
    with ExitStack() as open_ones:

        def start(name: str) -> Say:
            if name not in known:
                folder = tmp_path_factory.mktemp(name)
                known[name] = open_ones.enter_context(started(name, folder, roots))
            return known[name]

        yield start


@pytest.mark.parametrize("program", MARKED)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_named(
    program: str,
    fault: str,
    programs: Callable[[str], Say],
    roots: dict[str, Path],
    tmp_path: Path,
) -> None:
    """First or second of what the program's own words are explained by."""
    text = met(fault, programs(program), roots, tmp_path)
    found = [meaning.id for meaning in explain(text, BUILT_IN, predicted()).meanings[:2]]
    if (program, fault) not in UNABLE:
        assert expects(program, fault).intersection(found), text
