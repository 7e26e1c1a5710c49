"""The only door to files and to standard input."""

import errno
import os
import re
import select
import stat
import sys
import time
from contextlib import suppress
from pathlib import Path

from edgecheck.adapters.reasons import reading, writing
from edgecheck.reading.late import late
from edgecheck.reading.sources import Source

STANDARD_INPUT = "-"
_STREAMS = {"stdout": 1, "stderr": 2}
_DESCRIPTOR = late(r"/dev/(?:(stdout|stderr)|fd/(\d{1,9}))|/proc/self/fd/(\d{1,9})")
_OPEN_ALREADY = re.compile(r"/dev/(?:stdin|tty|fd/\d+)|/proc/(?:self|\d+)/fd/\d+")
"""What is read as it comes: standard input, a terminal, what a shell makes of `<(command)`."""
PATIENCE = 5.0
"""Seconds in which somebody has to write into a pipe that has a name."""
_read_so_far: set[tuple[int, int]] = set()
"""Files that were read, whichever option named them: no report is written over them."""
_ADDRESS = late(r"\[?[\w.:-]+\]?:\d{1,5}")


class Refused(Exception):
    """What was asked for cannot be done; the text says in one line why, and what to do."""


def read(name: str, most: int, option: str | None = None) -> Source:
    """Read a file, or standard input where the name is `-`.

    Args:
        name: as the user gave it, which is how reports speak of it.
        most: bytes; of a longer file no more than one byte beyond is read.
        option: by which it was named, such as `--trust`; None: as an argument.

    Raises:
        Refused: there is nothing to read.
    """
    told = f"{option}: " if option else ""
    if not name:
        raise Refused(f"{told}an empty file name; name a file, or - for standard input")
    try:
        if name == STANDARD_INPUT:
            if sys.stdin is None or sys.stdin.closed:
                raise Refused(f"{told}standard input is closed; name a file")
            with suppress(OSError, ValueError):  # a stream without a file behind it
                remember(sys.stdin.fileno())
            return Source(name, sys.stdin.buffer.read(most + 1))
        return Source(name, _contents(name, most + 1))
    except (OSError, ValueError) as wrong:
        raise Refused(told + _why(name, wrong)) from None


def _contents(name: str, most: int) -> bytes:
    """Up to so many bytes of what ends: a file, /dev/null, or a pipe into which somebody writes.

    Raises:
        OSError: it cannot be opened, or is none of these.
    """
    status = Path(name).stat()
    mode = status.st_mode
    if not _OPEN_ALREADY.fullmatch(name):
        if stat.S_ISFIFO(mode):
            return _from_a_pipe(name, most)
        if stat.S_ISSOCK(mode):
            raise OSError(errno.ENXIO, "it is a socket")
        if (stat.S_ISCHR(mode) or stat.S_ISBLK(mode)) and not _is_null(status):
            raise OSError(errno.ENXIO, "it is a device")
    with Path(name).open("rb") as file:
        remember(file.fileno())
        return file.read(most)


def _is_null(status: os.stat_result) -> bool:
    """Whether it is /dev/null, which is empty."""
    with suppress(OSError):
        return os.path.samestat(status, Path(os.devnull).stat())
    return False


def _from_a_pipe(name: str, most: int) -> bytes:
    """The same of a pipe that has a name; a writer may come late, but has to come.

    Raises:
        OSError: within PATIENCE nobody does.
    """
    descriptor = os.open(name, os.O_RDONLY | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        until, first = time.monotonic() + PATIENCE, b""
        with suppress(BlockingIOError):  # a writer is there, and says nothing yet
            while not (first := os.read(descriptor, most)):
                if select.select([descriptor], [], [], 0)[0]:  # one came, or has gone already
                    break
                if time.monotonic() > until:
                    raise OSError(errno.ENXIO, "it is a pipe, and nobody writes into it")
                time.sleep(0.01)
        os.set_blocking(descriptor, True)
        return first + file.read(most - len(first))


def is_file(name: str) -> bool:
    """Return whether a file is there by that name; any text may be asked about."""
    return os.path.isfile(name)  # noqa: PTH113 -- Path.is_file raises where a name is too long


def write(name: str, text: str, *, option: str = "-o", replace: bool = True) -> None:
    """Write text to a file as UTF-8, whole or not at all.

    What is there keeps its permissions, and is replaced once all of the text is on the disk. A
    pipe, a device or a descriptor (`/dev/stdout`) is written to as it is.

    Args:
        name: as the user gave it.
        text: all of it.
        option: by which it was named.
        replace: whether a file that is there is replaced.

    Raises:
        Refused: it is what was read since `forget`, is there and not replaced, or it cannot be
            written.
    """
    if not name:
        raise Refused(f"{option}: an empty file name; name a file to write")
    _no_dash(name, option)
    if not replace:
        spare(name, option)
    try:
        data = text.encode("utf-8")
        there = _status(name)
        if there is not None and _identity(there) in _read_so_far:
            raise Refused(f"{option}: {name} is what was read; name another file to write")
        descriptor = _descriptor(name, there)
        if descriptor is not None:
            with os.fdopen(os.dup(descriptor), "wb") as stream:
                stream.write(data)
        elif there is None or stat.S_ISREG(there.st_mode):
            _replace(Path(os.path.realpath(name)), data, there)
        else:
            with Path(name).open("wb") as stream:
                stream.write(data)
    except (OSError, ValueError) as wrong:
        raise _unwritable(name, option, wrong) from None


def spare(name: str, option: str) -> None:
    """Refuse to write over what is there; a pipe or a device has nothing to lose.

    Raises:
        Refused: there is such a file, or that cannot be told.
    """
    _no_dash(name, option)
    try:
        there = _status(name)
    except (OSError, ValueError) as wrong:
        raise _unwritable(name, option, wrong) from None
    if there is not None and stat.S_ISREG(there.st_mode) and _descriptor(name, there) is None:
        raise Refused(f"{option}: {name} is there already; name another file, or add --overwrite")


def spared(name: str, option: str) -> None:
    """Refuse to write over what was read since `forget`, or where nothing can be written.

    Raises:
        Refused: it is so.
    """
    if not name:
        raise Refused(f"{option}: an empty file name; name a file to write")
    _no_dash(name, option)
    try:
        there = _status(name)
    except (OSError, ValueError) as wrong:
        raise _unwritable(name, option, wrong) from None
    if there is not None and _identity(there) in _read_so_far:
        raise Refused(f"{option}: {name} is what was read; name another file to write")
    if there is not None and not stat.S_ISREG(there.st_mode):
        raise Refused(f"{option}: {name} is no file; results are written to a file alone")
    reachable(name, option)


def reachable(name: str, option: str) -> None:
    """Refuse a name in a folder that is not there, before any work is done. Raises `Refused`."""
    folder = os.path.dirname(os.path.realpath(name))  # noqa: PTH120 -- any text may be asked about
    if name and not os.path.isdir(folder):  # noqa: PTH112
        missing = FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        raise _unwritable(name, option, missing)


def two_files(one: str, other: str | None) -> None:
    """Refuse where `--save` and `-o` name one place. Raises `Refused`."""
    if other is not None and os.path.realpath(one) == os.path.realpath(other):
        raise Refused(f"--save and -o both name {one}; name two files")


def _no_dash(name: str, option: str) -> None:
    """Refuse what means standard output elsewhere; a file of that name would surprise."""
    if name == "-":
        raise Refused(
            f"{option}: - names no file; write /dev/stdout, or ./- for a file of that name"
        )


def _unwritable(name: str, option: str, wrong: Exception) -> Refused:
    return Refused(f"{option}: cannot write {name}: {writing(wrong)}")


def forget() -> None:
    """Start anew: what was read so far may be written again."""
    _read_so_far.clear()


def _status(name: str) -> os.stat_result | None:
    """Of what a name leads to; None where nothing is there yet."""
    try:
        return Path(name).stat()
    except FileNotFoundError:
        return None


def _identity(status: os.stat_result) -> tuple[int, int]:
    """The same for all names of one file: links, symbolic ones, and other ways to it."""
    return status.st_dev, status.st_ino


def remember(descriptor: int) -> None:
    """Note that a file was read; a pipe or a terminal has nothing to lose."""
    status = os.fstat(descriptor)
    if stat.S_ISREG(status.st_mode):
        _read_so_far.add(_identity(status))


def _descriptor(name: str, there: os.stat_result | None) -> int | None:
    """The open descriptor that a name stands for.

    A file that standard output goes to must not be replaced under it.
    """
    named = _DESCRIPTOR.fullmatch(name)
    if named:
        return _STREAMS.get(named[1]) or int(named[2] or named[3])
    if there is not None:
        for stream in _STREAMS.values():
            with suppress(OSError):
                if os.path.samestat(os.fstat(stream), there):
                    return stream
    return None


def _replace(path: Path, data: bytes, there: os.stat_result | None) -> None:
    """Put a file in the place of another one, or of none, when all of it is on the disk."""
    own = os.access in os.supports_effective_ids
    if there is not None and not os.access(path, os.W_OK, effective_ids=own):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    import tempfile  # most commands write no file

    descriptor, temporary = tempfile.mkstemp(prefix=".edgecheck-", dir=path.parent)
    beside = Path(temporary)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            with suppress(PermissionError):  # only root gives files away
                if there is not None and hasattr(os, "chown"):
                    os.chown(beside, there.st_uid, there.st_gid)
            beside.chmod(stat.S_IMODE(there.st_mode) if there else 0o666 & ~_umask())
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise


def _umask() -> int:
    """The bits that new files do not get; the system tells them only while they are set."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _why(name: str, wrong: Exception) -> str:
    if isinstance(wrong, FileNotFoundError) and _ADDRESS.fullmatch(name):
        return f"no such file: {name}; for a live port: edgecheck connect {name}"
    if isinstance(wrong, FileNotFoundError):
        return f"no such file: {name}; check the name, and the folder that you are in"
    if isinstance(wrong, IsADirectoryError):
        return f"{name} is a directory; name the files in it"
    return f"cannot read {name}: {reading(wrong)}"
