"""How fast a fleet is judged, in how much memory, and what a second process brings.

    python benchmarks/fleet.py [--count N] [--workers 1 2] [--kill] [--predictions] [--json FILE]

Gateways come from `tools/make_fleet.py`. Every figure is a line `name: value`.
`worker_peak_megabytes` is the largest resident size of a process that judges, as the system keeps
it (VmHWM); `gateways_per_cpu_second` leaves out the time in which others had the processor. What
more processes bring is told beside what they bring to a loop that does nothing but count: two
processes on one busy machine are no fair measure of anything else. With --kill each run is ended
by SIGKILL when a third of its parts is done, and begun again, and no speed is told. The output has
to have the same bytes in all cases. Needs Linux, an idle machine, and the extra `arrow`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.timing import spin  # noqa: E402
from tools import make_fleet  # noqa: E402

LOOP = 20_000_000


def control(workers: int) -> float:
    """Seconds for one loop in each of so many processes at the same time."""
    context = multiprocessing.get_context("fork")
    processes = [context.Process(target=spin, args=(LOOP,)) for _ in range(workers)]
    started = time.perf_counter()
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    return time.perf_counter() - started


def peaks(pid: int) -> dict[int, int]:
    """The largest resident sizes of a process and its children so far, in kilobytes."""
    found = {}
    children = Path(f"/proc/{pid}/task/{pid}/children")
    try:
        pids = [pid, *map(int, children.read_text().split())]
    except OSError:
        return {}
    for each in pids:
        try:
            command = Path(f"/proc/{each}/cmdline").read_bytes()
            status = Path(f"/proc/{each}/status").read_text()
        except OSError:
            continue
        if b"resource_tracker" not in command:
            line = next((line for line in status.splitlines() if line.startswith("VmHWM")), "")
            found[each] = int(line.split()[1]) if line else 0
    return found


def run(
    source: Path, output: Path, workers: int, more: Sequence[str], kill_at: int | None = None
) -> tuple[float, dict[int, int], int]:
    """Seconds of one run, its peaks, and the pid of the one that hands the work out.

    With `kill_at` it is ended, with its processes, when there are so many parts.
    """
    command = [sys.executable, "-m", "edgecheck", "fleet", str(source), "-o", str(output)]
    command += ["--trust", str(source.with_name("root.pem")), "--at", make_fleet.AT.isoformat()]
    command += ["--workers", str(workers), "--quiet", "--fail-on", "never", *more]
    parts = Path(f"{output}.parts")
    most: dict[int, int] = {}
    started = time.perf_counter()
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None:
            for pid, size in peaks(process.pid).items():
                most[pid] = max(size, most.get(pid, 0))
            if kill_at is not None and len(list(parts.glob("*.parquet"))) >= kill_at:
                process.kill()
            time.sleep(0.1)
    if kill_at is None and process.returncode:
        raise SystemExit(f"edgecheck fleet ended with {process.returncode}")
    return time.perf_counter() - started, most, process.pid


def _spent() -> float:
    """Seconds of processor that children took which have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measured(
    source: Path, folder: Path, count: int, workers: Sequence[int], more: Sequence[str], kill: bool
) -> dict[str, float]:
    """Figures for each number of processes."""
    figures: dict[str, float] = {}
    seconds: dict[int, float] = {}
    loops: dict[int, float] = {}
    digests = set()
    for number in workers:
        before = [control(number) for _ in range(2)]
        output = folder / f"judged-{number}.parquet"
        if kill:
            run(source, output, number, more, kill_at=max(count // 3_000, 1))
        spent = _spent()
        seconds[number], most, parent = run(source, output, number, more)
        spent = _spent() - spent
        loops[number] = min(*before, *(control(number) for _ in range(2)))
        digests.add(hashlib.sha256(output.read_bytes()).hexdigest())
        workers_peaks = [size for pid, size in most.items() if pid != parent] or [most[parent]]
        if not kill:
            figures[f"gateways_per_second_{number}"] = count / seconds[number]
            figures[f"gateways_per_cpu_second_{number}"] = count / spent
        figures |= {
            f"worker_peak_megabytes_{number}": max(workers_peaks) / 1024,
            f"parent_peak_megabytes_{number}": most[parent] / 1024,
        }
    if len(digests) > 1:
        raise SystemExit("the output depends on the number of processes")
    first = workers[0]
    for number in workers[1:] if not kill else ():
        gain = seconds[first] / seconds[number]
        possible = loops[first] * number / (loops[number] * first)
        figures |= {f"gain_{number}": gain, f"control_gain_{number}": possible}
        figures[f"gain_to_control_{number}"] = gain / possible
    return figures


def made_and_measured(
    count: int,
    workers: Sequence[int],
    source: Path | None = None,
    more: Sequence[str] = (),
    kill: bool = False,
) -> dict[str, float]:
    """Return figures of a fleet that is made for it, or was before, with root.pem beside it."""
    folder = Path(tempfile.mkdtemp(prefix="edgecheck-fleet-"))
    figures = {}
    try:
        if source is None:
            source = folder / "fleet.parquet"
            started = time.perf_counter()
            make_fleet.main([str(count), str(source), "--trust", str(folder / "root.pem")])
            figures["generated_per_second"] = count / (time.perf_counter() - started)
        return figures | measured(source, folder, count, workers, more, kill)
    finally:
        shutil.rmtree(folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--kill", action="store_true")
    parser.add_argument("--predictions", action="store_true")
    parser.add_argument("--input", type=Path, help="made before, with root.pem beside it")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    more = ["--predictions"] if options.predictions else []
    figures = made_and_measured(options.count, options.workers, options.input, more, options.kill)
    for name, value in figures.items():
        print(f"{name}: {value:.2f}")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
