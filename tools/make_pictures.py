"""Write docs/pictures/ from fixtures; with --check, only compare."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # the fixtures are no part of the package

from edgecheck import Device, Source, check  # noqa: E402
from fixtures import stock  # noqa: E402
from fixtures.pki import pem  # noqa: E402
from tools.page_commands import Command, Section, run  # noqa: E402
from tools.page_folders import DAY, FOLDERS  # noqa: E402
from tools.pictures.deciding import hierarchies, steps, verdicts  # noqa: E402
from tools.pictures.terminal import drawn  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
COMMAND = "edgecheck check gateway.pem --trust root.pem --hostname ioTEdgeGW.local --runtime 1.1"
SPLIT = ROOT / "fixtures" / "naming" / "device-ca-cn-is-hostname"
CLIENTS = (
    "azure-iot-device-py2.14.0",
    "dotnet8.0.4-SslStream",
    "node20-ossl3.0.19",
    "java17-jsse",
    "go1.27.3",
    "gnutls3.7.9-cli",
)
"""A client of each large family."""


def pictures() -> dict[str, str]:
    """Each picture by its name."""
    now = datetime.fromisoformat(DAY)
    demo = FOLDERS["library"].files
    broken = check(
        Source("gateway.pem", demo["gateway.pem"]),
        "ioTEdgeGW.local",
        demo["root.pem"],
        now,
        Device(runtime="1.1"),
    )
    split = check(
        (SPLIT / "chain.pem").read_bytes(),
        stock.HOSTNAME,
        (SPLIT / "trust.pem").read_bytes(),
        now,
    )
    told = [
        (title, check(pem(*gateway.presented()), stock.HOSTNAME, pem(*gateway.trust()), now))
        for title, gateway in (
            ("IoT Edge up to 1.1", stock.stock_11()),
            ("IoT Edge 1.2 and later", stock.stock_15()),
        )
    ]
    return {
        "first-screen.svg": drawn(_first_screen(), "The first screen of a report: " + COMMAND),
        "report.svg": broken.to_svg(),
        "hierarchy.svg": hierarchies(told),
        "validation.svg": steps(broken),
        "predictions.svg": verdicts(split, CLIENTS),
    }


def _first_screen() -> list[str]:
    """What the command prints, in colours, up to the first finding in full."""
    section = Section("library", [Command(f"{COMMAND} --color always", [], 0, "", {})])
    ((_, printed),) = run(section)
    end = next(at for at, line in enumerate(printed) if "[ca.not-a-ca]" in line)
    lines = printed[:end]
    while not lines[-1].strip():
        lines.pop()
    return [f"\x1b[1m$ {COMMAND}\x1b[0m", "", *lines]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; list what differs")
    check_only = parser.parse_args(arguments).check
    made = pictures()
    there = {path.name for path in PICTURES.glob("*")}
    faults = [f"belongs to nothing: {name}" for name in there - made.keys()]
    for name, text in made.items():
        path = PICTURES / name
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        if check_only:
            faults.append(f"differs: {path.relative_to(ROOT)}")
        else:
            PICTURES.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    print("\n".join(sorted(faults)) or f"{len(made)} pictures are up to date")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
