"""What is done already: a folder beside the output, with a file for each piece of the input.

A part is written whole or not at all, and says of which bytes it was made. So a run may end at
any moment, by whatever cause: the next one finds the parts that are there, makes the others, and
joins all of them, in the order of the input.
"""

import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from edgecheck.adapters.files import Refused
from edgecheck.adapters.reasons import writing
from edgecheck.arrow.rows import rows
from edgecheck.arrow.schemas import schema

_STATE = "state.json"
_LOCK = "lock"
_OURS = re.compile(r"state\.json|\d{7,}\.[a-z]+\.parquet|\..+\.\d+\.tmp")
"""Names of what is written there."""
_MADE_OF = b"edgecheck:made-of"
_ROWS = 20_000
"""Rows of a row group of the output, about."""
COMPRESSION = {"compression": "zstd", "compression_level": 3}
"""One setting for all that is written: the same rows give the same bytes."""


class Changed(Exception):
    """An unfinished run was asked for something else than this one; the text names what differs."""


class Parts:
    """The folder OUTPUT.parts."""

    def __init__(self, output: str, forms: tuple[str, ...]) -> None:
        """Touch nothing yet; `forms`: the tables that are made, the summary first."""
        self.folder = Path(f"{output}.parts")
        self.forms = forms
        self._lock: int | None = None
        self._begun = False

    def begin(self, asked: Mapping[str, Any], restart: bool) -> dict[str, Any]:
        """Return what the unfinished run was asked for, or `asked` where there is none.

        Args:
            asked: plain values by the option that they belong to. One that is None is taken from
                the unfinished run.
            restart: whether what is there is thrown away.

        Raises:
            Changed: an unfinished run was asked for something else.
            OSError: the folder cannot be written.
            Refused: another run writes there, or what was asked for cannot be read.
        """
        self.folder.mkdir(exist_ok=True)
        self._take()
        self._begun = True
        for rest in self._ours():
            if restart or rest.suffix == ".tmp":
                with suppress(OSError):
                    rest.unlink()
        state = self.folder / _STATE
        if self._is_empty() or not state.exists():
            return dict(asked)
        try:
            was = json.loads(state.read_text(encoding="utf-8"))
        except ValueError:
            was = None
        if not isinstance(was, dict):
            self._let_go()
            raise Refused(f"-o: {state} is damaged; add --restart to throw that run away")
        changed = [name for name, value in asked.items() if value is not None]
        changed = [name for name in changed if was.get(name) != asked[name]]
        if changed:
            raise Changed(", ".join(changed))
        return dict(was)

    def asked(self, asked: Mapping[str, Any]) -> None:
        """Note what this run is asked for, before the first part is made."""
        data = json.dumps(asked, indent=1, sort_keys=True).encode("ascii")
        _write(self.folder / _STATE, lambda path: path.write_bytes(data))

    def _take(self) -> None:
        """Make sure that no other run writes here; the system lets go of it when we end."""
        try:
            import fcntl
        except ImportError:  # Windows
            return
        self._lock = os.open(self.folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._let_go()
            raise Refused(f"{self.folder}: another run writes there; wait until it ends") from None

    def made_of(self, number: int) -> str | None:
        """Return of which bytes a part was made; None where it is not there, or not all of it."""
        found = {_digest_in(self._path(number, form)) for form in self.forms}
        return found.pop() if len(found) == 1 else None

    def rows(self, number: int) -> int:
        """Return how many gateways are in a part."""
        count: int = pq.read_metadata(self._path(number, self.forms[0])).num_rows
        return count

    def write(self, number: int, made_of: str, tables: Mapping[str, pa.Table]) -> None:
        """Write a part, all its tables."""
        for form in self.forms:
            table = tables[form].replace_schema_metadata({_MADE_OF: made_of.encode("ascii")})
            path = self._path(number, form)
            _write(path, lambda temporary, t=table: pq.write_table(t, temporary, **COMPRESSION))

    def beyond(self, count: int) -> bool:
        """Return whether there are parts of an input that was longer than so many pieces."""
        numbers = (path.name.partition(".")[0] for path in self._ours())
        return any(number.isdigit() and int(number) >= count for number in numbers)

    def join(self, count: int, form: str, output: str, about: Mapping[str, Any]) -> None:
        """Write so many parts as one file in the place of what is there.

        Args:
            count: parts.
            form: which of their tables.
            output: name of the file.
            about: plain values that the file's metadata has.
        """
        metadata = {"edgecheck": json.dumps(about, sort_keys=True)}
        shape = schema(form).with_metadata(metadata)

        def joined(path: Path) -> None:
            with pq.ParquetWriter(path, shape, **COMPRESSION) as writer:
                for table in _gathered(self._tables(count, form)):
                    writer.write_table(table.replace_schema_metadata(metadata), _ROWS * 2)

        _write(Path(os.path.realpath(output)), joined)

    def _tables(self, count: int, form: str) -> Iterator[pa.Table]:
        for number in range(count):
            yield pq.read_table(self._path(number, form), use_threads=False, partitioning=None)

    def end(self) -> None:
        """Take the folder away: all of it is in the output. What others put there stays."""
        for made in (*self._ours(), self.folder / _LOCK):
            with suppress(OSError):
                made.unlink()
        with suppress(OSError):  # it is not empty
            self.folder.rmdir()
        self._let_go()

    def leave(self) -> None:
        """Let others write here; what is done stays, and where nothing is, no folder does."""
        if self._begun and self._is_empty():
            self.end()
        self._let_go()

    def _let_go(self) -> None:
        self._begun = False
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _is_empty(self) -> bool:
        """Whether no part was made, so that nothing is lost."""
        return not any(path.suffix == ".parquet" for path in self._ours())

    def _ours(self) -> list[Path]:
        """Return the files that runs wrote there, without the lock; others' are left alone."""
        return [path for path in self.folder.iterdir() if _OURS.fullmatch(path.name)]

    def _path(self, number: int, form: str) -> Path:
        return self.folder / f"{number:07}.{form}.parquet"


def digest(batch: pa.RecordBatch) -> str:
    """Return what tells the rows of a piece from all others, however Arrow keeps them."""
    hashed = hashlib.blake2b(digest_size=16)
    for row in rows(batch):
        for name, value in row.items():
            data = value if isinstance(value, bytes) else repr(value).encode("utf-8", "replace")
            hashed.update(b"%s %d %d " % (name.encode(), isinstance(value, bytes), len(data)))
            hashed.update(data)
    return hashed.hexdigest()


def _digest_in(path: Path) -> str | None:
    try:
        metadata = pq.read_schema(path).metadata or {}
    except (OSError, pa.ArrowException):
        return None
    return metadata.get(_MADE_OF, b"").decode("ascii") or None


def _gathered(tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """Small tables together, so that the output has few row groups."""
    kept: list[pa.Table] = []
    count = 0
    for table in tables:
        kept.append(table.replace_schema_metadata(None))
        count += table.num_rows
        if count >= _ROWS:
            yield pa.concat_tables(kept).combine_chunks()
            kept, count = [], 0
    if kept:
        yield pa.concat_tables(kept).combine_chunks()


def _write(path: Path, make: Any) -> None:
    """Have a file made beside its place, and put there when all of it is on the disk."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        make(temporary)
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    with suppress(OSError):  # a folder cannot be opened everywhere
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def unwritable(name: str, wrong: Exception) -> Refused:
    """Return what is said where a part or the output cannot be written."""
    return Refused(f"-o: cannot write {name}: {writing(wrong)}")
