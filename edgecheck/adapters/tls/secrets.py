"""Secrets of a handshake, which OpenSSL tells by a file name: here that of memory, never of a disk.

Python's `ssl` hands out no secret but through `SSLContext.keylog_filename`.
"""

import os
import shutil
import tempfile
from pathlib import Path

_MOST = 65_536
"""Bytes of a key log that are read; one handshake writes about a thousand."""


class Secrets:
    """What OpenSSL writes about one handshake.

    On Linux a file without a name, in memory alone; on other systems with POSIX pipes a pipe with
    a name, through which nothing reaches the disk either. Elsewhere `path` is empty, and only
    versions can be spoken in which certificates are in clear.
    """

    def __init__(self) -> None:
        self.path = ""
        self._folder = ""
        self._reading = -1
        if hasattr(os, "memfd_create") and Path("/proc/self/fd").is_dir():
            self._reading = os.memfd_create("handshake")
            self.path = f"/proc/self/fd/{self._reading}"
        elif hasattr(os, "mkfifo"):
            self._folder = tempfile.mkdtemp(prefix="edgecheck-")
            self.path = str(Path(self._folder) / "handshake")
            os.mkfifo(self.path, 0o600)
            self._reading = os.open(self.path, os.O_RDONLY | os.O_NONBLOCK)
        self._read = b""

    def __enter__(self) -> "Secrets":
        return self

    def __exit__(self, *_: object) -> None:
        if self._reading >= 0:
            os.close(self._reading)
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)

    def of_the_server(self) -> bytes | None:
        """Return SERVER_HANDSHAKE_TRAFFIC_SECRET of TLS 1.3; None where there is none."""
        if self._reading < 0:
            return None
        try:
            if self._folder:
                self._read += os.read(self._reading, _MOST)
            else:
                self._read = os.pread(self._reading, _MOST, 0)
        except BlockingIOError:
            pass  # nothing new in the pipe
        for line in self._read.decode("ascii", "replace").splitlines():
            words = line.split()
            if len(words) == 3 and words[0] == "SERVER_HANDSHAKE_TRAFFIC_SECRET":
                return bytes.fromhex(words[2])
        return None
