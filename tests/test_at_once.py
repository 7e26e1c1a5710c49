"""Several waits at once."""

from __future__ import annotations

import threading

import pytest

from edgecheck.commands.at_once import at_once


def test_each_result_comes_with_its_number_whichever_is_done_first() -> None:
    first = threading.Event()
    jobs = [lambda: first.wait(10), lambda: "soon"]
    found = at_once(jobs, 2)
    assert next(found) == (1, "soon")
    first.set()
    assert list(found) == [(0, True)]


def test_no_more_run_than_are_allowed() -> None:
    lock, running, most = threading.Lock(), [0], [0]
    go = threading.Event()

    def job() -> None:
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        go.wait(0.02)
        with lock:
            running[0] -= 1

    assert len(list(at_once([job] * 12, 3))) == 12
    assert most[0] <= 3


def test_what_a_job_raises_is_not_lost() -> None:
    def job() -> None:
        raise ValueError("a mistake of ours")

    with pytest.raises(ValueError, match="of ours"):
        list(at_once([job], 1))
