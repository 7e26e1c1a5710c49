"""Several waits at once, of which a user can grow tired."""

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def at_once(jobs: Sequence[Callable[[], T]], most: int) -> Iterator[tuple[int, T]]:
    """Run jobs in threads, and yield the number and the result of each when it is done.

    The threads end with the process: whoever interrupts it does not wait for a server that says
    nothing, as `concurrent.futures` would.

    Args:
        jobs: that wait for something; what one raises is raised here.
        most: of them that run at the same time.
    """
    left: queue.SimpleQueue[tuple[int, Callable[[], T]]] = queue.SimpleQueue()
    done: queue.SimpleQueue[tuple[int, T] | BaseException] = queue.SimpleQueue()
    for job in enumerate(jobs):
        left.put(job)

    def work() -> None:
        while True:
            try:
                number, job = left.get_nowait()
            except queue.Empty:
                return
            try:
                done.put((number, job()))
            except BaseException as wrong:
                done.put(wrong)

    for _ in range(min(most, len(jobs))):
        threading.Thread(target=work, daemon=True).start()
    for _ in jobs:
        ended = done.get()
        if isinstance(ended, BaseException):
            raise ended
        yield ended
