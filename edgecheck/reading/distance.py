"""How far a moment is from another, in words: counted in one way wherever a report tells it."""

DAY = 86_400
_HOUR = 3_600


def days(end: int, at: int) -> int:
    """Return the days from `at` until `end` (seconds since 1970, UTC); negative: since then.

    Counted as a calendar does, for dates stand beside them; below two days, by 24 hours.
    """
    if abs(end - at) >= 2 * DAY:
        return end // DAY - at // DAY
    return (end - at) // DAY


def distance(end: int, at: int, long: bool = True) -> str:
    """Return `in 27 days` or `3 hours ago`; not `long`: `in 27 d`, `3 h ago`.

    Both are seconds since 1970 (UTC). Below two days it is hours, below two hours minutes.
    """
    size = abs(end - at)
    if size >= 2 * DAY:
        number, unit, short = abs(days(end, at)), "day", "d"
    elif size >= 2 * _HOUR:
        number, unit, short = size // _HOUR, "hour", "h"
    else:
        number, unit, short = size // 60, "minute", "min"
    told = f"{number} {unit}{'' if number == 1 else 's'}" if long else f"{number} {short}"
    return f"{told} ago" if end < at else f"in {told}"
