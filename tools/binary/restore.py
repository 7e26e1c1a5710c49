"""Runs first in the executable: programs that it starts find their own libraries again.

On Linux and other systems of its kind PyInstaller sets the variable below to where the libraries of
the executable lie, and keeps what it was. With `connect --confirm` the openssl, curl and node of
the machine would be handed our libcrypto, which may not be theirs. Python read it at its start.
"""

import os

for name in ("LD_LIBRARY_PATH", "LIBPATH"):  # the second is AIX's
    if (kept := os.environ.pop(f"{name}_ORIG", None)) is not None:
        os.environ[name] = kept
    else:
        os.environ.pop(name, None)
