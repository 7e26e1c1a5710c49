"""How far a long work is: one line on a terminal, and nothing elsewhere."""

import sys
import time

import click

_EVERY = 0.5


class Progress:
    """Tells of gateways: how many are done, how many a second, and what time is left."""

    def __init__(self, total: int | None) -> None:
        """Start the clock; `total`: None where nobody knows."""
        self.total = total
        self.shown = sys.stderr is not None and sys.stderr.isatty()
        self._started = self._last = time.monotonic()
        self._wide = 0

    def __call__(self, done: int, before: int) -> None:
        """Tell, where it is time to; `before`: those of `done` that an earlier run did."""
        if not self.shown:
            return
        moment = time.monotonic()
        if moment - self._last < _EVERY:
            return
        self._last = moment
        line = told(done, before, self.total, moment - self._started)
        self._wide = max(self._wide, len(line))
        click.echo(f"\r{line:<{self._wide}}", err=True, nl=False)

    def end(self) -> None:
        """Take the line away."""
        if self.shown and self._wide:
            click.echo(f"\r{'':<{self._wide}}\r", err=True, nl=False)


def told(done: int, before: int, total: int | None, seconds: float) -> str:
    """Return `12,000 of 1,000,000 gateways, 1,433/s, 11 min left`."""
    rate = (done - before) / seconds if seconds > 0 else 0.0
    known = f"{done:,} of {total:,} gateways" if total is not None else f"{done:,} gateways"
    if rate <= 0:
        return known
    line = f"{known}, {rate:,.0f}/s"
    if total is not None:
        line += f", {duration((total - done) / rate)} left"
    return line


def duration(seconds: float) -> str:
    """Return `40 s`, `11 min` or `3 h 05 min`."""
    whole = max(round(seconds), 0)
    if whole < 90:
        return f"{whole} s"
    minutes = round(whole / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60:02} min"
