"""Where the data of the published suites are."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
VARIABLE = "EDGECHECK_CONFORMANCE"


def folder() -> Path:
    """The folder with `conformance/`: what the variable names, else `shared` beside the clone."""
    given = os.environ.get(VARIABLE)
    return Path(given) if given else REPOSITORY.parent / "shared"


def suite_file(name: str) -> Path | None:
    """A file of the suites' data; None where it is not there."""
    file = folder() / "conformance" / name
    return file if file.is_file() else None


def absent(name: str) -> str:
    """Why a test is not run."""
    where = os.environ.get(VARIABLE) or "a folder `shared` beside the clone"
    return f"no conformance/{name} in {where} (docs/conformance.md tells where it is from)"


def has_vectors() -> bool:
    """Whether the certificates and CRLs of PKITS are installed."""
    return importlib.util.find_spec("cryptography_vectors") is not None


NO_VECTORS = "the package cryptography-vectors is not installed (extra: conformance)"
