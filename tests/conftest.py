"""What all tests share: programs that may be missing, the repository's root, hypothesis."""

from __future__ import annotations

import functools
import gc
import os
import re
import shutil
import sys
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import hypothesis
import pytest

REPO = Path(__file__).resolve().parent.parent

VNU = "node_modules/vnu-jar/build/dist/vnu.jar"
"""Below the virtual environment, where `make test-deps` installs it."""
# marker -> (program that must be on the PATH, where it comes from).
# A test marked with one is run only where the program exists. Once a marker is in use, its
# package belongs into TEST_PACKAGES in the Makefile.
PROGRAMS = {
    "openssl": ("openssl", "Debian: openssl"),
    "gnutls": ("gnutls-cli", "Debian: gnutls-bin"),
    "curl": ("curl", "Debian: curl"),
    "node": ("node", "Debian: nodejs"),
    "java": ("java", "Debian: default-jdk-headless"),
    "javac": ("javac", "Debian: default-jdk-headless"),
    "mosquitto_sub": ("mosquitto_sub", "Debian: mosquitto-clients"),
    "go": ("go", "Debian: golang-go"),
    "mosquitto": ("mosquitto", "Debian: mosquitto"),
    "mosquitto_pub": ("mosquitto_pub", "Debian: mosquitto-clients"),
    "nginx": ("nginx", "Debian: nginx-light"),
    "chromium": ("chromium", "Debian: chromium"),
    "vnu": (VNU, "npm: vnu-jar"),
    "pyright": ("pyright", "PyPI: pyright[nodejs]"),
    "spark": ("spark-submit", "PyPI: edgecheck-iot[spark]"),
    "sed": ("sed", "every system"),
    "iconv": ("iconv", "Debian: libc-bin"),
}
SERVERS = {"nginx", "mosquitto"}
"""Debian keeps them where only root looks by default."""
MISSING = "missing program"
PORTIONS = 6
"""In which the tests of one function are handed out to the workers."""
IN_PORTIONS = {
    "tests/reading/test_forms.py",
    "tests/reporting/test_json.py",
    "tests/test_any_bytes.py",
    "tests/test_any_structure.py",
}
"""Files that share little, and take long."""
_SHARED = re.compile(r'^@(functools\.)?cache$|scope="(module|session)"', re.MULTILINE)
_GROUP = re.compile(r'^pytestmark = .*\bxdist_group\("(\w+)"\)', re.MULTILINE)

# No deadline: a machine that is busy is not a bug. In CI the examples are always the same, so that
# a run fails because of the change that it tests.
hypothesis.settings.register_profile("edgecheck", deadline=None)
hypothesis.settings.register_profile(
    "edgecheck-ci", deadline=None, derandomize=True, print_blob=True
)
hypothesis.settings.load_profile("edgecheck-ci" if os.environ.get("CI") else "edgecheck")


@pytest.fixture(scope="session")
def repo() -> Path:
    """The root of the repository."""
    return REPO


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--all-programs",
        action="store_true",
        help="a test whose program is missing fails, instead of not being run",
    )

    parser.addoption(
        "--not-again",
        action="store_true",
        help="leave out what passed in the last run with CI set, and is the same in the long form",
    )


PASSED = REPO / "build" / "passed.txt"
"""Names of the tests that passed, written where CI is set."""
_LONGER = re.compile(r"\bsome\(|EDGECHECK_LONG|\bLONG\b|IS_LONG")
"""In a file whose tests may do more in the long form than their names tell."""
_passed: list[str] = []


@functools.cache
def is_longer(file: str) -> bool:
    """Whether tests of this file may do more in the long form."""
    return _LONGER.search((REPO / file).read_text(encoding="utf-8")) is not None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what has just passed, if that is asked for."""
    if not config.getoption("--not-again") or not PASSED.is_file():
        return
    passed = set(PASSED.read_text(encoding="utf-8").splitlines())
    again = [
        item
        for item in items
        if item.nodeid not in passed or is_longer(item.nodeid.partition("::")[0])
    ]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(again)])
    items[:] = again


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Spare the search for garbage what stays: modules, tests, and reports that are kept.

    With what a worker comes to hold, each search takes most of a second.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when == "call" and report.passed:
        _passed.append(report.nodeid)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Note what passed; workers only tell of it."""
    if os.environ.get("CI") and not os.environ.get("PYTEST_XDIST_WORKER"):
        PASSED.parent.mkdir(exist_ok=True)
        PASSED.write_text("".join(f"{name}\n" for name in _passed), encoding="utf-8")


def pytest_configure(config: pytest.Config) -> None:
    for marker, (program, source) in PROGRAMS.items():
        config.addinivalue_line("markers", f"{marker}: needs the program {program} ({source})")


@functools.cache
def is_installed(program: str, source: str) -> bool:
    """Whether it is on the PATH; what pip installs may be beside the interpreter instead."""
    if source.startswith("npm"):
        return (Path(sys.prefix) / program).is_file()
    beside = Path(sys.executable).parent / program
    if program in SERVERS and shutil.which(f"/usr/sbin/{program}") is not None:
        return True
    return shutil.which(program) is not None or (source.startswith("PyPI") and beside.is_file())


def missing_programs(item: pytest.Item) -> list[str]:
    """The markers of this test whose programs are not here."""
    return [
        marker
        for marker, (program, source) in PROGRAMS.items()
        if item.get_closest_marker(marker) and not is_installed(program, source)
    ]


@functools.cache
def group_of(file: str) -> str | None:
    """The group of a test file: its xdist_group, or itself where its tests share what is made once.

    None: it has none, and its tests may run anywhere.
    """
    text = (REPO / file).read_text(encoding="utf-8")
    if found := _GROUP.search(text):
        return found[1]
    return file if file not in IN_PORTIONS and _SHARED.search(text) else None


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keep a group on one worker, and what its tests share is made once.

    pytest-xdist 3.8 writes a test's group into a name that pytest 9.2 no longer reads: with these
    two, each worker makes all of a group for itself, at the same time. Other tests are handed out
    by function, those of many parameters in a few portions: one by one, each waits for its turn.
    What has few tests goes first: it may be long, and many short ones fill what is left.
    """
    if config.getoption("dist") != "loadgroup":
        return None
    from xdist.scheduler import LoadGroupScheduling

    class ByGroup(LoadGroupScheduling):
        in_order = False

        def _assign_work_unit(self, node: Any) -> None:
            if not self.in_order:
                self.in_order = True
                queue = sorted(self.workqueue.items(), key=lambda unit: len(unit[1]))
                self.workqueue.clear()
                self.workqueue.update(queue)
            super()._assign_work_unit(node)

        def _split_scope(self, nodeid: str) -> str:
            function, _, parameters = nodeid.partition("[")
            portion = zlib.crc32(parameters.encode()) % PORTIONS if parameters else 0
            return group_of(nodeid.partition("::")[0]) or f"{function}-{portion}"

    return ByGroup(config, log)


@pytest.hookimpl(tryfirst=True)  # before fixtures, which may need the program too
def pytest_runtest_setup(item: pytest.Item) -> None:
    missing = missing_programs(item)
    if not missing:
        return
    # Properties travel with the report, from workers of pytest-xdist too.
    item.user_properties.extend((MISSING, marker) for marker in missing)
    reason = "needs " + ", ".join("{} ({})".format(*PROGRAMS[marker]) for marker in missing)
    if item.config.getoption("--all-programs"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """List, program by program, what was not run: a short run must not look like a full one."""
    reports: Iterable[object] = (
        report
        for outcome in ("skipped", "error")
        for report in terminalreporter.stats.get(outcome, ())
        if isinstance(report, pytest.TestReport) and report.when == "setup"
    )
    not_run: dict[str, list[str]] = {}
    for report in reports:
        for name, marker in report.user_properties:
            if name == MISSING:
                not_run.setdefault(marker, []).append(report.nodeid)
    if not not_run:
        return
    terminalreporter.section("not run for want of a program")
    for marker, nodeids in sorted(not_run.items()):
        terminalreporter.write_line("{} ({}):".format(*PROGRAMS[marker]))
        for nodeid in sorted(nodeids):
            terminalreporter.write_line(f"    {nodeid}")
