"""A test that needs a missing program is listed, and with --all-programs fails."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

HEADING = "*not run for want of a program*"
NEEDS_OPENSSL_AND_NODE = """
    import pytest

    @pytest.fixture
    def version():
        raise RuntimeError("a fixture ran, though its program is missing")

    @pytest.mark.openssl
    def test_openssl(): pass

    @pytest.mark.node
    def test_node(version): pass

    def test_plain(): pass
"""


@pytest.fixture
def programs(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder on the PATH, empty; the suite under test has our conftest."""
    folder = pytester.mkdir("programs")
    monkeypatch.setenv("PATH", str(folder))
    pytester.makeconftest((Path(__file__).parent / "conftest.py").read_text(encoding="utf-8"))
    pytester.makepyfile(NEEDS_OPENSSL_AND_NODE)
    return folder


def install(folder: Path, program: str) -> None:
    path = folder / program
    path.write_text("#!/bin/sh\n", encoding="utf-8")
    path.chmod(0o755)


@pytest.mark.usefixtures("programs")
@pytest.mark.parametrize("workers", [[], ["-n1"]], ids=["one process", "a worker"])
def test_a_missing_program_is_no_failure_but_listed(
    pytester: pytest.Pytester, workers: list[str]
) -> None:
    result = pytester.runpytest("--strict-markers", *workers)

    result.assert_outcomes(passed=1, skipped=2)
    assert result.ret == 0
    result.stdout.fnmatch_lines(
        [
            HEADING,
            "node (Debian: nodejs):",
            "    *::test_node",
            "openssl (Debian: openssl):",
            "    *::test_openssl",
        ]
    )


@pytest.mark.usefixtures("programs")
def test_with_all_programs_a_missing_program_fails(pytester: pytest.Pytester) -> None:
    result = pytester.runpytest("--all-programs")

    result.assert_outcomes(passed=1, errors=2)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*needs openssl (Debian: openssl)*", HEADING])


def test_a_present_program_lets_its_test_run(pytester: pytest.Pytester, programs: Path) -> None:
    install(programs, "openssl")

    result = pytester.runpytest()

    result.assert_outcomes(passed=2, skipped=1)
    result.stdout.no_fnmatch_line("openssl (Debian: openssl):")


def test_nothing_is_listed_when_nothing_is_missing(
    pytester: pytest.Pytester, programs: Path
) -> None:
    install(programs, "openssl")

    result = pytester.runpytest("-k", "openssl or plain", "--all-programs")

    result.assert_outcomes(passed=2, deselected=1)
    result.stdout.no_fnmatch_line(HEADING)
