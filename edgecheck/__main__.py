"""`edgecheck` and `python -m edgecheck`."""

import gc
import sys

COLLECTED_FROM = 100_000
"""Objects that have to be new before Python looks for circles among them. Importing makes half as
many, of which none is garbage, and looking through them takes as long as a check."""


def main() -> None:
    """Run the command line; what it makes is never searched for circles, which takes long."""
    gc.set_threshold(COLLECTED_FROM)
    try:
        _run()
    finally:  # so that Python does not look through them either when it ends
        gc.freeze()


def _run() -> None:
    """Run the command line, or say in one line what it needs."""
    # Imported here, for the library is installed without click too (on a cluster's workers, say).
    try:
        from edgecheck.cli import main as command

        sys.exit(command())
    except ModuleNotFoundError as missing:
        if missing.name != "click":
            raise
        sys.stderr.write(
            "edgecheck: the command line needs the extra: pip install 'edgecheck-iot[cli]'\n"
        )
        sys.exit(2)
    except KeyboardInterrupt:  # while it is being loaded; later click says the same
        sys.exit(130)


if __name__ == "__main__":
    main()
