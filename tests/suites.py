"""Where the data of the published suites and the recordings of real clients are."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
VARIABLE = "EDGECHECK_CONFORMANCE"
RECORDINGS = ("cases.jsonl.gz", "recordings.csv.gz")


def folder() -> Path:
    """The folder with `conformance/` and `handbook/`: what the variable names, else `shared`."""
    given = os.environ.get(VARIABLE)
    return Path(given) if given else REPOSITORY.parent / "shared"


def suite_file(name: str) -> Path | None:
    """A file of the suites' data; None where it is not there."""
    file = folder() / "conformance" / name
    return file if file.is_file() else None


def recordings() -> tuple[Path, Path] | None:
    """The cases that real clients were shown, and what they said; None where they are not there."""
    files = [folder() / "handbook" / "clients" / name for name in RECORDINGS]
    return (files[0], files[1]) if all(file.is_file() for file in files) else None


def more_recordings() -> tuple[Path, ...] | None:
    """Further cases, and who said what to them in one file or more; None where they are not there.

    Recorded later than those of `recordings`, of which the models were made.
    """
    names = (*RECORDINGS, "recordings-of-newer-clients.csv.gz")
    files = [folder() / "outside" / "clients" / "recorded" / name for name in names]
    return tuple(files) if all(file.is_file() for file in files) else None


def fresh() -> tuple[Path, Path]:
    """Chains that no model was fitted to, and what clients said of them: part of the repository."""
    here = REPOSITORY / "tests" / "recordings" / "fresh"
    return here / RECORDINGS[0], here / RECORDINGS[1]


def behind_edgehub() -> tuple[Path, ...] | None:
    """Cases, what was said of them sent as they are, and behind a .NET server; None without."""
    names = (*RECORDINGS, "recordings-behind-dotnet8-server.csv.gz")
    files = [folder() / "outside" / "clients" / "recorded" / name for name in names]
    return tuple(files) if all(file.is_file() for file in files) else None


def candidates() -> Path | None:
    """The list of what can be wrong with a gateway's chain; None where it is not there."""
    file = folder() / "handbook" / "rule-candidates.json"
    return file if file.is_file() else None


def absent(name: str) -> str:
    """Why a test is not run."""
    where = os.environ.get(VARIABLE) or "a folder `shared` beside the clone"
    return f"no conformance/{name} in {where} (docs/conformance.md tells where it is from)"


NO_RECORDINGS = f"no handbook/clients/ in the folder that {VARIABLE} names, nor beside the clone"


def has_vectors() -> bool:
    """Whether the certificates and CRLs of PKITS are installed."""
    return importlib.util.find_spec("cryptography_vectors") is not None


NO_VECTORS = "the package cryptography-vectors is not installed (extra: conformance)"
