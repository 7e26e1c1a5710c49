"""The only door to a gateway's files: a folder that stands for its root, or a zip.

Paths are the gateway's own. Nothing above the root is ever opened: links are followed as the
gateway itself would follow them, and an absolute one begins at the root again.
"""

import errno
import os
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple, Protocol

from edgecheck.adapters.files import remember

_DAMAGED = "the zip is damaged or has a password"
_MOST_LINKS = 40
"""As Linux has it (MAXSYMLINKS)."""


class Entry(NamedTuple):
    """One file or folder on the way to another: what the file system says of it.

    `uid` and `gid` are None where the archive does not have them; `acl` is its access control
    list as the kernel writes it, empty where there is none, None where that is not known.
    """

    path: str
    mode: int
    uid: int | None
    gid: int | None
    acl: bytes | None


class Way(NamedTuple):
    """How a path leads to what is there.

    Attributes:
        entries: from the root to the last that is there, without links.
        wrong: why it leads to nothing, as the system says it; empty where it does.
        shut: a folder that whoever asks may not enter; empty where there is none.
    """

    entries: tuple[Entry, ...]
    wrong: str = ""
    shut: str = ""

    @property
    def real(self) -> str:
        """The path behind all links."""
        return self.entries[-1].path if self.entries else "/"

    @property
    def is_file(self) -> bool:
        """Whether a regular file is there."""
        return not self.wrong and stat.S_ISREG(self.entries[-1].mode)

    @property
    def is_folder(self) -> bool:
        """Whether a folder is there."""
        return not self.wrong and stat.S_ISDIR(self.entries[-1].mode)


class Tree(Protocol):
    """A gateway's file system, or the part of it that there is."""

    name: str
    """How the user calls it."""
    live: bool
    """Whether it is that of the machine itself."""

    def entry(self, path: str) -> tuple[Entry, str] | None:
        """Return what is at a path without links in it, and where it leads if it is a link.

        None: nothing is there. Raises OSError where that cannot be told.
        """

    def read(self, path: str, most: int) -> bytes:
        """Return the contents of a file, a path without links; one byte beyond `most` at most.

        Raises OSError.
        """

    def names(self, path: str) -> list[str]:
        """Return the names in a folder, a path without links. Raises OSError."""


def way(tree: Tree, path: str) -> Way:
    """Return how an absolute path leads to what is there, links followed within the tree."""
    left = [part for part in path.split("/") if part not in ("", ".")][::-1]
    entries, links = [_root(tree)], 0
    while left:
        part = left.pop()
        if part == "..":
            entries = entries[:-1] if len(entries) > 1 else entries
            continue
        if not stat.S_ISDIR(entries[-1].mode):
            return Way(tuple(entries), os.strerror(errno.ENOTDIR))
        here = f"{entries[-1].path.rstrip('/')}/{part}"
        try:
            found = tree.entry(here)
        except OSError as wrong:
            shut = entries[-1].path if isinstance(wrong, PermissionError) else ""
            return Way(tuple(entries), _why(wrong), shut)
        if found is None:
            return Way(tuple(entries), os.strerror(errno.ENOENT))
        entry, target = found
        if not stat.S_ISLNK(entry.mode):
            entries.append(entry)
            continue
        links += 1
        if links > _MOST_LINKS:
            return Way(tuple(entries), os.strerror(errno.ELOOP))
        if target.startswith("/"):
            entries = entries[:1]
        left += [step for step in target.split("/") if step not in ("", ".")][::-1]
    return Way(tuple(entries))


def _root(tree: Tree) -> Entry:
    found = tree.entry("/")
    return found[0] if found else Entry("/", stat.S_IFDIR | 0o755, None, None, None)


class Folder:
    """A folder that stands for the root."""

    def __init__(self, name: str) -> None:
        """Take a folder as it was given; `/` is the machine itself."""
        self.name, self.path = name, os.path.realpath(name)
        self.live = self.path == os.path.realpath("/")

    def _here(self, path: str) -> str:
        return self.path.rstrip(os.sep) + (path if path != "/" else os.sep)

    def entry(self, path: str) -> tuple[Entry, str] | None:
        """Return what is at a path without links in it, and where it leads if it is a link."""
        here = self._here(path)
        try:
            status = os.lstat(here)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except ValueError:  # a path that no file can have
            return None
        target = ""
        if stat.S_ISLNK(status.st_mode):
            target = str(Path(here).readlink())
        uid, gid = (status.st_uid, status.st_gid) if os.name == "posix" else (None, None)
        return Entry(path, status.st_mode, uid, gid, _acl(here, status.st_mode)), target

    def read(self, path: str, most: int) -> bytes:
        """Return the contents of a file; what is no regular file is not opened."""
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        descriptor = os.open(self._here(path), flags | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(descriptor, "rb") as file:
            remember(file.fileno())
            return file.read(most + 1)

    def names(self, path: str) -> list[str]:
        """Return the names in a folder, in order."""
        return sorted(each.name for each in Path(self._here(path)).iterdir())


def _acl(path: str, mode: int) -> bytes | None:
    """The access control list of a file, where the platform has such lists."""
    if stat.S_ISLNK(mode) or not hasattr(os, "getxattr"):
        return None
    try:
        return os.getxattr(path, "system.posix_acl_access")
    except OSError as wrong:
        known = wrong.errno in (errno.ENODATA, errno.ENOTSUP, errno.EOPNOTSUPP)
        return b"" if known else None


class Archive:
    """A zip that holds a gateway's files, maybe below a folder of its own."""

    live = False

    def __init__(self, name: str) -> None:
        """Open it. Raises OSError; zipfile.BadZipFile."""
        self.name = name
        self._zip = zipfile.ZipFile(name)
        if self._zip.fp is not None:
            remember(self._zip.fp.fileno())
        self._infos: dict[str, zipfile.ZipInfo] = {}
        top = _top(self._zip.namelist())
        for info in self._zip.infolist():
            path = _inside(info.filename, top)
            if path is not None:
                self._infos[path] = info
        self._folders = {str(up) for path in self._infos for up in PurePosixPath(path).parents}

    def entry(self, path: str) -> tuple[Entry, str] | None:
        """Return what is at a path without links in it, and where it leads if it is a link."""
        info = self._infos.get(path)
        if info is None:
            if path == "/" or path in self._folders:
                return Entry(path, stat.S_IFDIR | 0o755, None, None, None), ""
            return None
        mode = info.external_attr >> 16
        if info.is_dir():
            mode = stat.S_IFDIR | (stat.S_IMODE(mode) or 0o755)
        elif not stat.S_IFMT(mode):
            mode = stat.S_IFREG | (stat.S_IMODE(mode) or 0o644)
        target = ""
        if stat.S_ISLNK(mode):
            target = self.read(path, 4096).decode("utf-8", "surrogateescape")
        return Entry(path, mode, None, None, None), target

    def read(self, path: str, most: int) -> bytes:
        """Return the contents of a file, unpacked no further than they may be long."""
        try:
            with self._zip.open(self._infos[path]) as file:
                return file.read(most + 1)
        except (
            RuntimeError,
            ValueError,
            EOFError,
            zlib.error,
            zipfile.BadZipFile,
            zipfile.LargeZipFile,
        ):
            raise OSError(errno.EIO, _DAMAGED) from None

    def names(self, path: str) -> list[str]:
        """Return the names in a folder, in order."""
        above = PurePosixPath(path)
        everything = {*self._infos, *self._folders}
        return sorted(
            {PurePosixPath(p).name for p in everything if PurePosixPath(p).parent == above}
        )


_MARKS = ("etc/aziot/", "etc/iotedge/")


def _top(names: list[str]) -> str:
    """The folder in an archive that holds the gateway's root; empty where it is the archive."""
    for name in names:
        plain = name.replace("\\", "/")
        for mark in _MARKS:
            at = f"/{plain}".find(f"/{mark}")
            if at >= 0:
                return plain[:at]
    return ""


def _inside(name: str, top: str) -> str | None:
    """The gateway's path of an entry of an archive; None where it has none, or climbs."""
    plain = name.replace("\\", "/")
    if not plain.startswith(top):
        return None
    parts = [part for part in plain[len(top) :].split("/") if part not in ("", ".")]
    return None if ".." in parts or not parts else "/" + "/".join(parts)


def parents(path: str) -> Iterator[str]:
    """The folders above a path, from the next to the root."""
    yield from (str(up) for up in PurePosixPath(path).parents)


def is_zip(name: str) -> bool:
    """Whether a file is a zip, by its first bytes. Raises OSError."""
    with Path(name).open("rb") as file:
        return file.read(4) in (b"PK\x03\x04", b"PK\x05\x06")


def _why(wrong: OSError) -> str:
    return wrong.strerror or type(wrong).__name__
