"""Put the figures of runs into docs/performance.md.

    python benchmarks/run.py --json ALL.json
    python benchmarks/page.py ALL.json [MORE.json ...]

The page has blocks of lines, each below a comment that says which figures belong there by the
patterns of their names, `missed` for the bars that are missed. A block of which nothing was
measured stays as it is.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from fnmatch import fnmatchcase
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks import bars  # noqa: E402
from benchmarks.run import line  # noqa: E402
from benchmarks.timing import Figures  # noqa: E402

PAGE = ROOT / "docs" / "performance.md"
BLOCK = re.compile(r"(<!-- figures: (?P<patterns>[^>]*) -->\n\n```text\n)(?P<lines>.*?)(```)", re.S)


def filled(page: str, figures: Figures) -> str:
    """Return the page with its blocks of figures written anew."""

    def block(found: re.Match[str]) -> str:
        patterns = found["patterns"].split()
        if patterns == ["missed"]:
            lines = list(bars.missed(figures))
        else:
            lines = [
                line(name, value)
                for pattern in patterns
                for name, value in figures.items()
                if fnmatchcase(name, pattern)
            ]
        if not lines:
            return found[0]
        return found[1] + "".join(f"{each}\n" for each in lines) + found[4]

    return BLOCK.sub(block, page)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("files", type=Path, nargs="+", help="what run.py --json wrote")
    figures: Figures = {}
    for each in parser.parse_args().files:
        figures |= json.loads(each.read_text(encoding="utf-8"))
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8"), figures), encoding="utf-8")


if __name__ == "__main__":
    main()
