"""Write edgecheck/rules/index.py: where each rule stands, and when it is called.

With --check, only compare.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from edgecheck.rules.engine.conditions import Condition  # noqa: E402
from edgecheck.rules.engine.listed import ROOM, Row, row  # noqa: E402
from edgecheck.rules.every import EVERY  # noqa: E402
from tools.generated import written  # noqa: E402

FILE = ROOT / "edgecheck" / "rules" / "index.py"
START = '''"""Where each rule stands, and when it is called; made by `tools/make_index.py`.

So a check imports only the rules that it calls. A test compares it with the rules.
"""

from edgecheck.rules.engine.listed import Row

# fmt: off
ROWS: tuple[Row, ...] = (
'''


def rows() -> list[Row]:
    """Return the rows of all rules, in the order of the catalogue."""
    conditions = {
        value: f"{name.removeprefix(ROOM + '.')}.{word}"
        for name, module in sorted(sys.modules.items())
        if name.startswith(f"{ROOM}.") and name.endswith(".conditions")
        for word, value in vars(module).items()
        if isinstance(value, Condition)
    }
    return [row(rule, conditions) for rule in EVERY]


def text() -> str:
    """Return the module's text."""
    return START + "".join(f"    {each!r},\n" for each in rows()) + ")\n"


def main(arguments: list[str]) -> int:
    """Write the file, or with --check say whether it is up to date."""
    return written(FILE, text(), arguments, "make_index.py")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
