"""What the system says of a file that cannot be read or written, and what to do about it."""

import errno
import os
import re

_NO_SPACE = "make room, or write to another disk"
_NUMBERED = re.compile(r"\[errno (\d{1,4})\]")
_READING = {
    errno.EACCES: "run it as a user who may read that (with sudo, say)",
    errno.EPERM: "run it as a user who may read that (with sudo, say)",
    errno.EIO: "copy the file to another disk, and name the copy",
    errno.ELOOP: "a link leads back to itself; name the file that is meant",
    errno.ENAMETOOLONG: "check the name",
    errno.ENOTDIR: "check the name: a file stands where it has a folder",
}
_WRITING = {
    errno.EACCES: "name a file where you may write",
    errno.EPERM: "name a file where you may write",
    errno.EDQUOT: _NO_SPACE,
    errno.EFBIG: _NO_SPACE,
    errno.EISDIR: "name a file in it",
    errno.ENOENT: "make the folder first, or name another file",
    errno.ENOSPC: _NO_SPACE,
    errno.EROFS: "name a file on another disk",
}


def reading(wrong: Exception | str) -> str:
    """Return why a file cannot be read, in lower case as part of a sentence, and what to do.

    Args:
        wrong: an error of the system, or its words alone.
    """
    return _told(wrong, _READING, "name a file that can be read")


def unread(name: str, wrong: Exception | str, live: bool) -> str:
    """Return that a file of a gateway cannot be read, why, and what to do.

    Args:
        name: as reports speak of it, safe to print.
        wrong: as of `reading`.
        live: whether the gateway is the machine itself.
    """
    told = f"cannot read {name}: {reading(wrong)}"
    if not live or "with sudo" not in told:
        return told
    return f'{told.rpartition("; ")[0]}; run it as root: sudo "$(command -v edgecheck)" audit ...'


def writing(wrong: Exception | str) -> str:
    """Return why a file cannot be written, and what to do; as `reading` does."""
    return _told(wrong, _WRITING, "name another file")


def _told(wrong: Exception | str, known: dict[int, str], otherwise: str) -> str:
    said = wrong if isinstance(wrong, str) else getattr(wrong, "strerror", None) or str(wrong)
    if numbered := _NUMBERED.search(said):  # as pyarrow tells what the system said
        said = os.strerror(int(numbered[1]))
    acts = {os.strerror(number).lower(): act for number, act in known.items()}
    lowered = said[:1].lower() + said[1:]
    return f"{lowered}; {acts.get(said.lower(), otherwise)}"
