"""A fleet from its input to its output: begun, gone on with, and joined."""

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

from edgecheck.adapters.files import Refused
from edgecheck.adapters.fleet.inputs import Input
from edgecheck.adapters.fleet.parts import Changed, Parts, digest, unwritable
from edgecheck.adapters.fleet.workers import Piece, Work, made, packed
from edgecheck.fleet.columns import VERSION

Progress = Callable[[int, int], None]
"""Told after each part how many gateways are done, and how many of them were before."""


class Outputs(NamedTuple):
    """Where it goes: the summary, and the findings where they are wanted too."""

    summary: str
    findings: str | None

    def forms(self) -> tuple[str, ...]:
        """Return the tables that are made."""
        return ("summary", "findings") if self.findings is not None else ("summary",)


def begun(
    outputs: Outputs, asked: Mapping[str, Any], restart: bool
) -> tuple[Parts, dict[str, Any]]:
    """Return the parts that are there, and what is asked for, the moment included.

    Raises:
        Refused: an unfinished run was asked for something else, or nothing can be written.
    """
    parts = Parts(outputs.summary, outputs.forms())
    try:
        return parts, parts.begin(asked, restart)
    except Changed as changed:
        parts.leave()
        raise Refused(
            f"-o: {parts.folder} has an unfinished run with other {changed}; ask for the same, or "
            "add --restart to throw it away"
        ) from None
    except (OSError, ValueError) as wrong:
        parts.leave()
        raise unwritable(str(parts.folder), wrong) from None


def carried_out(
    given: Input,
    outputs: Outputs,
    parts: Parts,
    asked: Mapping[str, Any],
    work: Work,
    workers: int,
    told: Progress,
) -> int:
    """Judge what is not yet judged, and write the outputs; returns how many gateways there are.

    Raises:
        Refused: the input cannot be read, or is another than that of the unfinished run; or an
            output cannot be written.
    """
    try:
        parts.asked(asked)
        todo = _Todo(given, parts, told)
        for count in made(todo.pieces(), work, workers):
            todo.done += count
            told(todo.done, todo.before)
        if parts.beyond(todo.number):
            raise _other_input(parts, todo.done)
        about = {"at": asked["--at"], "edgecheck": asked["edgecheck"], "schema_version": VERSION}
        parts.join(todo.number, "summary", outputs.summary, about)
        if outputs.findings is not None:
            parts.join(todo.number, "findings", outputs.findings, about)
        parts.end()
    except (OSError, pa.ArrowException) as wrong:
        if isinstance(wrong, BrokenPipeError):
            raise
        raise unwritable(outputs.summary, wrong) from None
    return todo.done


class _Todo:
    """Goes through the input: what is done is compared, what is not is handed out."""

    def __init__(self, given: Input, parts: Parts, told: Progress) -> None:
        self.given = given
        self.parts = parts
        self.told = told
        self.number = self.done = self.before = 0

    def pieces(self) -> Iterator[Piece]:
        for batch in self.given.pieces():
            made_of, number = digest(batch), self.number
            self.number += 1
            was = self.parts.made_of(number)
            if was is None:
                yield Piece(number, made_of, packed(batch).to_pybytes())
            elif was != made_of:
                raise _other_input(self.parts, self.done)
            else:
                self.before += batch.num_rows
                self.done += batch.num_rows
                self.told(self.done, self.before)


def _other_input(parts: Parts, row: int) -> Refused:
    return Refused(
        f"-o: {parts.folder} has an unfinished run of another input (it differs about gateway "
        f"{row + 1}); give the same, or add --restart to throw it away"
    )


def apart(given: Input, named: Mapping[str, str | None]) -> None:
    """Refuse to write where something is read, or two things into one file.

    Args:
        given: what is read.
        named: the files that are written, by the options that name them.

    Raises:
        Refused: a file is one of those that are read, lies in a folder of which all files are, or
            two options name it.
    """
    places: dict[str, str] = {}
    for option, name in named.items():
        if name is None:
            continue
        if os.path.isdir(name):  # noqa: PTH112 -- any text may be asked about
            raise Refused(f"{option}: {name} is a folder; name a file in it")
        here = os.path.realpath(name)
        if (other := places.setdefault(here, option)) != option:
            raise Refused(f"{other} and {option} both name {name}; name two files")
        for folder in given.folders():
            if Path(here).is_relative_to(os.path.realpath(folder)):
                raise Refused(f"{option}: {name} is in {folder}, which is read; write elsewhere")
        if os.path.exists(here):  # noqa: PTH110
            for file in given.files():
                if file != "-" and os.path.samefile(file, here):  # noqa: PTH121
                    raise Refused(f"{option}: {name} is what is read; name another file to write")
