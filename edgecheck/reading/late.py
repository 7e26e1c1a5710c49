"""Regular expressions that are compiled when they are first used.

Most are for input that is damaged, and compiling all of them would take longer than anything
else while the package is imported.
"""

import re
from typing import Any, AnyStr, cast


class _Late:
    def __init__(self, pattern: Any, flags: int) -> None:
        self._given = pattern, flags

    def __getattr__(self, name: str) -> Any:
        """Called for what was not asked for before: `search`, `match` and so on."""
        value = getattr(re.compile(*self._given), name)
        setattr(self, name, value)
        return value


def late(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """What `re.compile` returns, compiled on first use."""
    return cast(re.Pattern[AnyStr], _Late(pattern, flags))
