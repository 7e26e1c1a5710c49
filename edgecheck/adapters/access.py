"""Whether the users of the runtime can read a file: it and every folder above it.

A copied tree may have lost its owners, or its modes: then nothing is said of what rests on them.
"""

import stat
import struct
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from edgecheck.adapters.tree import Entry, Tree, way

_READ, _ENTER = 4, 1
_PEOPLE = ("/home/", "/root")
"""Folders of people, which no user of the runtime owns."""
_SYSTEM = ("/etc", "/var", "/usr", "/home", "/opt")
_USER, _GROUP_OBJ, _GROUP, _MASK = 0x02, 0x04, 0x08, 0x10
_MOST = 1024 * 1024


class User(NamedTuple):
    """A user of the runtime, as the gateway's own /etc/passwd and /etc/group have it."""

    name: str
    uid: int
    groups: frozenset[int]


class Users(NamedTuple):
    """Who there is on the gateway, by name; and what its numbers are called."""

    users: Mapping[str, User]
    names: Mapping[int, str]
    groups: Mapping[int, str]


def users_of(tree: Tree) -> Users:
    """Read the gateway's users; none where its files are not there or cannot be read."""
    groups: dict[int, str] = {}
    members: dict[str, set[int]] = {}
    for name, _, gid, listed, *_ in _lines(tree, "/etc/group", 4):
        if gid.isdigit():
            groups[int(gid)] = name
            for member in listed.split(","):
                members.setdefault(member.strip(), set()).add(int(gid))
    users: dict[str, User] = {}
    names: dict[int, str] = {}
    for name, _, uid, gid, *_ in _lines(tree, "/etc/passwd", 4):
        if uid.isdigit() and gid.isdigit():
            own = frozenset({int(gid), *members.get(name, ())})
            users[name] = User(name, int(uid), own)
            names.setdefault(int(uid), name)
    return Users(users, names, groups)


def _lines(tree: Tree, path: str, fields: int) -> Iterator[list[str]]:
    found = way(tree, path)
    if not found.is_file:
        return
    try:
        text = tree.read(found.real, _MOST).decode("utf-8", "replace")
    except OSError:
        return
    for line in text.splitlines():
        parts = line.split(":")
        if len(parts) >= fields:
            yield parts


class Access:
    """What can be told of who may read what in one tree.

    `shut`: folders of which it is known that they keep one of two users of the runtime out.
    """

    def __init__(
        self, tree: Tree, users: Users, seen: Iterable[Entry], *, lost: bool = False
    ) -> None:
        """Judge by what was seen of the tree whether it has kept its owners and modes.

        `lost`: whether the modes are known to be another's, such as those of a checkout.
        """
        own = {user.uid for name, user in users.users.items() if name in RUNTIME}
        entries = list(seen)
        self.users = users
        self.shut: frozenset[str] = frozenset()
        self.owners = tree.live or any(entry.uid in own for entry in entries)
        self.live = tree.live
        self.lost = lost and not tree.live
        self.modes = not self.lost and all(
            stat.S_IMODE(entry.mode) & 0o5 == 0o5 for entry in entries if entry.path in _SYSTEM
        )

    @staticmethod
    def alike(files: Iterable[Entry]) -> bool:
        """Whether whoever copied these files gave all of them one mode, by which everybody reads.

        Keys and the configuration among them say so: the packages of IoT Edge, and what
        `iotedge config apply` writes, let nobody but their owner read the configuration.
        """
        modes = {stat.S_IMODE(entry.mode) for entry in files if stat.S_ISREG(entry.mode)}
        return len(modes) == 1 and bool(modes.pop() & 0o004)

    def allows(self, name: str, entries: tuple[Entry, ...]) -> tuple[bool | None, str]:
        """Return whether a user can read the last entry, and what keeps him out.

        None: that cannot be told. The root of a copied tree is nobody's.
        """
        if not self.modes or any(entry.uid is None and not entry.mode for entry in entries):
            return None, ""
        unknown = False
        for entry in entries if self.live else entries[1:]:
            allowed = self._passes(name, entry)
            if allowed is False:
                return False, entry.path
            unknown = unknown or allowed is None
        return (None if unknown else True), ""

    def _passes(self, name: str, entry: Entry) -> bool | None:
        wanted = _ENTER if stat.S_ISDIR(entry.mode) else _READ
        mode, user = stat.S_IMODE(entry.mode), self.users.users.get(name)
        known = user is not None and self.owners and entry.uid is not None
        if known and user is not None:
            return _permitted(user, entry, wanted)
        if mode & wanted:
            return True
        if not mode & (wanted << 6 | wanted << 3):
            return False if not entry.acl else None
        personal = f"{entry.path}/".startswith(_PEOPLE) or entry.path in self.shut
        if stat.S_ISDIR(entry.mode) and personal and not entry.acl:
            return False
        return None


RUNTIME = ("aziotcs", "aziotks", "aziotid", "iotedge")
"""The users of certd, keyd, identityd, and of aziot-edged (up to 1.1 the daemon's)."""


def _permitted(user: User, entry: Entry, wanted: int) -> bool | None:
    """What the kernel decides (access control lists: acl(5))."""
    mode = stat.S_IMODE(entry.mode)
    if entry.uid == user.uid:
        return bool(mode & wanted << 6)
    if entry.acl is None:
        if mode & wanted:
            return True
        return True if entry.gid in user.groups and mode & wanted << 3 else None
    if not entry.acl:
        return bool(mode & (wanted << 3 if entry.gid in user.groups else wanted))
    return _by_list(user, entry, wanted, entry.acl)


def _by_list(user: User, entry: Entry, wanted: int, acl: bytes) -> bool | None:
    """What an access control list says; None where it is in a form that is not known."""
    if len(acl) % 8 != 4 or struct.unpack_from("<I", acl)[0] != 2:
        return None
    entries = list(struct.iter_unpack("<HHI", acl[4:]))
    mask = next((perm for tag, perm, _ in entries if tag == _MASK), 7)
    for tag, perm, id in entries:
        if tag == _USER and id == user.uid:
            return bool(perm & mask & wanted)
    groups = [
        perm
        for tag, perm, id in entries
        if (tag == _GROUP_OBJ and entry.gid in user.groups) or (tag == _GROUP and id in user.groups)
    ]
    if groups:
        return any(perm & mask & wanted for perm in groups)
    return bool(stat.S_IMODE(entry.mode) & wanted)
