"""`--trust system`: what this machine trusts, as programs here find it that are told nothing."""

from __future__ import annotations

import ssl
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

import edgecheck
from edgecheck.adapters import trust_store
from edgecheck.adapters.files import Refused
from edgecheck.adapters.trust_store import system_trust
from fixtures import stock
from fixtures.pki import pem
from tests.conftest import REPO

GATEWAY = stock.stock_15("ec")
(ROOT,) = GATEWAY.trust()
OTHER = stock.stock_12().issued("root")
MOST = 10_000_000


def trusted(environment: dict[str, str]) -> list[str]:
    """Fingerprints of what is found, each once, as a report lists them."""
    report = edgecheck.check(pem(*GATEWAY.presented()), trust=system_trust(MOST, environment))
    return report.to_dict(predictions=False)["expected"]["trust"]  # type: ignore[no-any-return]


def fingerprint(data: bytes) -> str:
    report = edgecheck.check(data)
    return report.certificates[0].sha256


def test_the_file_of_openssl_and_its_directory_together(tmp_path: Path) -> None:
    """What a directory of hashes repeats counts once; what is not named by a hash, not at all."""
    (tmp_path / "roots.pem").write_bytes(pem(ROOT))
    (tmp_path / "dir").mkdir()
    (tmp_path / "dir/0a1b2c3d.0").write_bytes(pem(OTHER))
    (tmp_path / "dir/0a1b2c3d.1").write_bytes(pem(ROOT))
    (tmp_path / "dir/stray.pem").write_bytes(pem(*GATEWAY.presented()))
    environment = {
        "SSL_CERT_FILE": str(tmp_path / "roots.pem"),
        "SSL_CERT_DIR": f"{tmp_path / 'missing'}:{tmp_path / 'dir'}",
    }
    assert trusted(environment) == [fingerprint(ROOT.der), fingerprint(OTHER.der)]


@pytest.mark.openssl
def test_a_directory_as_openssl_makes_it(tmp_path: Path) -> None:
    (tmp_path / "root.pem").write_bytes(pem(ROOT))
    subprocess.run(["openssl", "rehash", str(tmp_path)], check=True, capture_output=True)
    environment = {"SSL_CERT_FILE": str(tmp_path / "none"), "SSL_CERT_DIR": str(tmp_path)}
    assert trusted(environment) == [fingerprint(ROOT.der)]


def test_where_nothing_is_found_a_file_is_asked_for(tmp_path: Path) -> None:
    nowhere = str(tmp_path / "nothing")
    with pytest.raises(Refused, match="name a file"):
        system_trust(MOST, {"SSL_CERT_FILE": nowhere, "SSL_CERT_DIR": nowhere})


def test_a_python_that_was_built_for_another_system_finds_the_bundle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As portable builds of Python, whose OpenSSL looks where nothing is."""
    (tmp_path / "bundle.crt").write_bytes(pem(ROOT))
    paths = ssl.get_default_verify_paths()._replace(
        openssl_cafile=str(tmp_path / "none"), openssl_capath=str(tmp_path / "nowhere")
    )
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: paths)
    monkeypatch.setattr(
        trust_store, "_BUNDLES", (str(tmp_path / "no"), str(tmp_path / "bundle.crt"))
    )
    assert trusted({}) == [fingerprint(ROOT.der)]


def test_of_windows_what_counts_for_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its store says for what each certificate is trusted, and holds other things too."""
    store = [
        (ROOT.der, "x509_asn", True),
        (OTHER.der, "x509_asn", {"1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"}),
        (GATEWAY.issued("device_ca").der, "x509_asn", {"1.3.6.1.5.5.7.3.4"}),
        (b"0\x80", "pkcs_7_asn", True),
    ]
    windows = SimpleNamespace(platform="win32")
    monkeypatch.setattr(trust_store, "sys", windows)
    monkeypatch.setattr(ssl, "enum_certificates", lambda _: store, raising=False)
    assert trusted({}) == [fingerprint(ROOT.der), fingerprint(OTHER.der)]


def test_check_takes_it_and_writes_no_report_over_it(tmp_path: Path) -> None:
    """As the file it is: the root of this gateway, which a machine may well trust."""
    (tmp_path / "roots.pem").write_bytes(pem(ROOT))
    (tmp_path / "chain.pem").write_bytes(pem(*GATEWAY.presented()))

    def run(*more: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "edgecheck", "check", str(tmp_path / "chain.pem")]
        command += ["--trust", "system", "--hostname", stock.HOSTNAME]
        return subprocess.run(
            [*command, "--at", "2026-11-23T12:00:00Z", *more],
            cwd=REPO,
            env={"SSL_CERT_FILE": str(tmp_path / "roots.pem"), "SSL_CERT_DIR": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )

    sound = run()
    assert (sound.returncode, sound.stderr) == (0, "")
    assert sound.stdout.startswith("ok ")
    spared = run("-o", str(tmp_path / "roots.pem"))
    assert spared.returncode == 2
    assert "is what was read" in spared.stderr
