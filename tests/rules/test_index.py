"""The index says of each rule what the rule says of itself."""

import subprocess
import sys
from pathlib import Path

from edgecheck.rules import BUILT_IN
from edgecheck.rules.engine.listed import Listed
from edgecheck.rules.every import EVERY
from edgecheck.rules.index import ROWS
from fixtures.pki import pem
from fixtures.stock import stock_15

ROOT = Path(__file__).resolve().parents[2]

WHICH = """
import sys
import edgecheck
from datetime import datetime, timezone
chain = open(sys.argv[1]).read()
report = edgecheck.check(chain, at=datetime(2026, 11, 23, tzinfo=timezone.utc))
assert report.certificates and len(edgecheck.BUILT_IN) > 200
print(*(name for name in sys.modules if name.startswith("edgecheck.")))
"""


def test_the_index_is_up_to_date() -> None:
    made = [sys.executable, str(ROOT / "tools" / "make_index.py"), "--check"]
    told = subprocess.run(made, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr


def test_what_holds_of_kinds_of_clients_is_what_their_records_say() -> None:
    made = [sys.executable, str(ROOT / "tools" / "make_refusers.py"), "--check"]
    told = subprocess.run(made, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr


def test_a_listed_rule_says_what_the_rule_says_that_it_stands_for() -> None:
    assert [listed.whole for listed in map(Listed, ROWS)] == list(EVERY)
    for listed, rule in zip(map(Listed, ROWS), EVERY, strict=True):
        for name in ("id", "over", "kinds", "needs", "when", "purpose", "formerly", "family"):
            assert getattr(listed, name) == getattr(rule, name), (rule.id, name)


def test_the_catalogue_is_all_rules_that_the_modules_define() -> None:
    assert list(BUILT_IN) == list(EVERY)


def test_a_check_of_a_sound_chain_imports_few_families(tmp_path: Path) -> None:
    """What is about configurations, keys of the device, damaged input or clients is not needed."""
    chain = tmp_path / "chain.pem"
    lines = pem(*stock_15("ec").presented()).splitlines(keepends=True)
    chain.write_bytes(b"".join(line for line in lines if line.strip() and line[:1] != b"#"))
    ran = [sys.executable, "-c", WHICH, str(chain)]
    told = subprocess.run(ran, capture_output=True, text=True, check=True, cwd=ROOT).stdout.split()
    imported = set(told)
    assert "edgecheck.rules.validity.lifetimes" in imported
    for module in (
        "configuration.files",
        "device.keys",
        "input.blocks",
        "path.extensions",
        "every",
    ):
        assert f"edgecheck.rules.{module}" not in imported
    for module in (
        "reading.pem_flawed",
        "reading.bundles",
        "reading.forms.meant",
        "behaviour.records",
        "behaviour.openssl.settings",
        "clients.predict",
        "rules.ca",
        "rules.naming.authorities",
        "rules.hostname.presented",
    ):
        assert f"edgecheck.{module}" not in imported
