"""List the settings that Microsoft's own templates of the configuration have, by version.

    python tools/template_keys.py IOTEDGE_GIT IDENTITY_SERVICE_GIT

The arguments are git folders of Azure/iotedge and Azure/iot-identity-service. What is written to
tests/configuring/keys.json is names alone, by which a test holds that no setting is complained of:
of config.toml and config.yaml, and of the pairs of config.toml and daemons' files with which the
products test themselves.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
WRITTEN = ROOT / "tests" / "configuring" / "keys.json"
TEMPLATE = "edgelet/contrib/config/linux/template.toml"
OLD_TEMPLATE = "edgelet/contrib/config/linux/debian/config.yaml"
TOML = ("1.2.0", "1.2.5", "1.2.10", "1.3.0", "1.4.0", "1.4.20", "1.5.0", "1.6.1")
YAML = ("1.0.5", "1.0.7", "1.0.9", "1.0.10", "1.1.0", "1.1.15")
SAMPLES = {
    "iotedge": (
        "edgelet/iotedge/test-files/config",
        ("1.2.0", "1.2.10", "1.3.0", "1.5.0", "1.6.1"),
    ),
    "identity": (
        "aziotctl/aziotctl-common/test-files/apply",
        ("1.2.3", "1.2.6", "1.3.0", "1.4.9", "1.5.6"),
    ),
}
_TABLE = re.compile(r"#*\s*\[\[?([A-Za-z_][\w.-]*)\]?\]\s*(?:#.*)?")
_SETTING = re.compile(r'#*\s*("?[A-Za-z_][\w-]*"?\s*=\s*\S.*)')
_KEY = re.compile(r"( *)([a-z_]+):(?: .*)?")


def main(arguments: Sequence[str] | None = None) -> int:
    edge, identity = list(arguments or sys.argv[1:])
    made: dict[str, Any] = {"config.toml": {}, "config.yaml": {}, "samples": {}}
    for tag in TOML:
        made["config.toml"][tag] = sorted(set(of_template(shown(edge, tag, TEMPLATE))))
    for tag in YAML:
        made["config.yaml"][tag] = sorted(set(of_old_template(shown(edge, tag, OLD_TEMPLATE))))
    for name, (folder, tags) in SAMPLES.items():
        git = edge if name == "iotedge" else identity
        for tag in tags:
            made["samples"][f"{name} {tag}"] = sorted(set(of_samples(git, tag, folder)))
    WRITTEN.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    print(f"{WRITTEN.relative_to(ROOT)}: {sum(len(k) for v in made.values() for k in v.values())}")
    return 0


def shown(git: str, tag: str, path: str) -> str:
    """A file of a repository at a tag."""
    done = subprocess.run(
        ["git", "-C", git, "show", f"{tag}:{path}"], capture_output=True, text=True, check=True
    )
    return done.stdout


def of_template(text: str) -> Iterator[str]:
    """The settings of a config.toml in which most lines are comments."""
    table = ""
    for line in text.splitlines():
        if match := _TABLE.fullmatch(line.strip()):
            table = f"{match[1]}."
        elif line.startswith(("# ===", "# ---")):
            table = ""  # the next part of the template begins
        elif match := _SETTING.fullmatch(line.strip()):
            try:
                read = tomllib.loads(match[1])
            except tomllib.TOMLDecodeError:
                read = {match[1].partition("=")[0].strip().strip('"'): None}
            yield from leaves(read, table)


def of_old_template(text: str) -> Iterator[str]:
    """The settings of a config.yaml: comments beside a line of `#` are prose, others examples."""
    above: list[tuple[int, str]] = []
    for block in re.split(r"\n\s*\n", text):
        prose = re.search(r"^(#{20,}|# ={20,})$", block, re.MULTILINE) is not None
        for line in block.splitlines():
            if prose and line.startswith("#"):
                continue
            match = _KEY.fullmatch(re.sub(r"^# ?", "", line))
            if match is None:
                continue
            depth = len(match[1])
            above = [(d, name) for d, name in above if d < depth]
            yield ".".join([*(name for _, name in above), match[2]])
            above.append((depth, match[2]))


def of_samples(git: str, tag: str, folder: str) -> Iterator[str]:
    """The settings of all config.toml with which a product tests `config apply`."""
    listed = subprocess.run(
        ["git", "-C", git, "ls-tree", "-r", "--name-only", tag, folder],
        capture_output=True,
        text=True,
        check=True,
    )
    for path in listed.stdout.split():
        if path.endswith(("/config.toml", "/super-config.toml")):
            yield from leaves(tomllib.loads(shown(git, tag, path)), "")


def leaves(table: dict[str, Any], above: str) -> Iterator[str]:
    """The whole names of all values that are no tables."""
    for key, value in table.items():
        if "." in key:
            continue  # the name of a host, which somebody gave
        if isinstance(value, dict) and value:
            yield from leaves(value, f"{above}{key}.")
        else:
            yield f"{above}{key}"


if __name__ == "__main__":
    sys.exit(main())
