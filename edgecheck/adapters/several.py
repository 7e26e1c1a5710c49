"""Folders that hold gateways and are none: what is to be named in place of them."""

from pathlib import Path

from edgecheck.reading.text import safe

PLACES = ("/etc/aziot", "/etc/iotedge")
"""Where a gateway has its configuration: of 1.2 and later, and up to 1.1."""


def gateways_below(path: str) -> str:
    """Return what to name where a folder holds gateways, a folder each; empty where it has none.

    Nothing is opened: only whether the folders below have an etc of IoT Edge is looked at.
    """
    try:
        number = sum(_is_gateway(each) for each in Path(path).iterdir())
    except OSError:  # no folder, or one that may not be listed
        return ""
    if not number:
        return ""
    told = "there is 1 gateway" if number == 1 else f"there are {number} gateways"
    return f"{told} below it: name each, as in {safe(path.rstrip('/'))}/*"


def _is_gateway(path: Path) -> bool:
    try:
        return any(Path(f"{path}{place}").is_dir() for place in PLACES)
    except OSError:
        return False
