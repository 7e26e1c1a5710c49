"""Where the data of the published suites are, and what is said where they are not."""

from __future__ import annotations

import importlib
import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from tests.suites import NO_VECTORS, REPOSITORY, absent, has_vectors, suite_file

_NOT_RUN: dict[str, str] = {}


def data(name: str) -> Path:
    """A file of the suites' data; the test is not run where it is not there."""
    file = suite_file(name)
    if file is None:
        pytest.skip(absent(name))
    return file


@pytest.fixture(scope="session")
def limbo_file() -> Path:
    """The cases of x509-limbo."""
    return data("limbo-open.json.gz")


@pytest.fixture(scope="session")
def pkits_file() -> Path:
    """The cases of PKITS; their certificates are in a package."""
    file = data("pkits-cases.json")
    if not has_vectors():
        pytest.skip(NO_VECTORS)
    return file


@pytest.fixture(scope="session")
def conformance() -> ModuleType:
    """tools/conformance.py, which is no part of a package."""
    spec = importlib.util.spec_from_file_location(
        "conformance", REPOSITORY / "tools" / "conformance.py"
    )
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.skipped and "tests/conformance/" in report.nodeid:
        _, _, reason = report.longrepr if isinstance(report.longrepr, tuple) else ("", 0, "")
        _NOT_RUN[report.nodeid] = reason


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """List what was not run: a short run must not look like a full one."""
    if _NOT_RUN:
        terminalreporter.section("not run for want of data")
        for nodeid, reason in sorted(_NOT_RUN.items()):
            terminalreporter.write_line(f"{nodeid}: {reason}")
