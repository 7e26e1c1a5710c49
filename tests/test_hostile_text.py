"""Text that somebody chose, in certificates or in arguments, does nothing to whoever reads of it.

No output has a control character, nor one that turns the direction of writing or is not seen, in
any format, decoded: what `jq -r` prints of a report goes to a terminal too.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import click
import pytest

import edgecheck
from edgecheck import cli
from edgecheck.adapters.second_opinion import second_opinions
from edgecheck.commands.opinions import as_dicts, as_text
from edgecheck.reading.text import safe, visible
from edgecheck.reporting.style import Style
from edgecheck.reporting.terminal import render
from fixtures import der
from fixtures.pki import pem, subject_alt_name
from fixtures.stock import HOSTNAME, NOW, stock_15
from tests.fuzzing.demands import UNSAFE

CONTROLS = "a\x1b[2J\x07\x9b\r\n\t\0\x7f\u202e\u2066\u200b\u200f\u2028\u2029\ufeff\xad"
SURROGATES = ("a\udcff", "\ud800b", "\udfff", "a\udcff" * 80, "fe80::1%\udcff")
REPO = Path(__file__).resolve().parents[1]


def texts(value: Any) -> Iterator[str]:
    """Every text in plain values, keys too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from (name, *texts(item))
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)


def shown(report: edgecheck.Report) -> str:
    """All that can be seen of a report, decoded."""
    made = json.loads(report.to_json())
    assert made == json.loads(json.dumps(report.to_dict()))
    styles = (Style(), Style(color=False, unicode=False))
    opinions = [*texts(as_dicts(report)), *(as_text(report, style) for style in styles)]
    rendered = [
        render(report, color=False, unicode=unicode, width=100, verbose=True)
        for unicode in (True, False)
    ]
    reprs = [repr(report), *map(repr, report.findings), *map(repr, report.predictions)]
    reprs += [repr(certificate) for certificate in report.certificates]
    reprs += [repr(opinion) for opinion in second_opinions(report.hierarchy.sequence)]
    return "\n".join([*texts(made), *rendered, *opinions, *reprs])


def clean(output: str) -> bool:
    """Whether nothing in it does anything to a terminal, and it can be written."""
    output.encode("utf-8")
    return UNSAFE.search(output) is None


def hostile() -> bytes:
    """A gateway whose names, one and all, are hostile."""
    name = CONTROLS.encode()
    gateway = stock_15("ec")
    for role in gateway:
        gateway = gateway.change(role, subject=der.name_der(f"{role}{CONTROLS}"))
    gateway = gateway.with_extension(
        "server", subject_alt_name(dns=["a\x1b[2J", CONTROLS, HOSTNAME])
    )
    made = pem(*gateway.presented(), comments=False)
    return made + b"# " + name + b"\n-----BEGIN " + name + b"-----\n"


def test_names_in_certificates_are_escaped_in_every_output() -> None:
    """Text, JSON, plain values, second opinions, reprs."""
    chain = hostile()
    for arguments in ({"trust": chain}, {"hostname": HOSTNAME}, {"hostname": CONTROLS}):
        given: dict[str, Any] = {"at": NOW, **arguments}
        output = shown(edgecheck.check(chain, **given))
        assert clean(output)
        assert "\\x1b[2J" in output


@pytest.mark.parametrize("form", ["text", "json", "markdown", "html", "svg"])
def test_names_of_files_are_escaped_in_every_format(form: str, tmp_path: Path) -> None:
    """Whoever unpacks somebody's archive has files of any name."""
    if form == "html":
        pytest.importorskip("jinja2")
    names = ("a\x1b[2J\u202e\udcff.pem", "b\n# heading.pem")
    for name in names:
        (tmp_path / name).write_bytes(pem(*stock_15("ec").presented(), comments=False))
    for each in ([], ["--each"]):
        words = ["check", *(str(tmp_path / name) for name in names), *each]
        cli.main([*words, "--format", form, "--at", "2026-11-23T12:00:00Z", "-o", f"{tmp_path}/o"])
        output = (tmp_path / "o").read_text("utf-8")
        assert clean(output.replace("\n", ""))
        assert "x1b" in output
        assert form == "html" or "\n# heading" not in output


def test_escapes_are_what_a_reader_of_json_gets() -> None:
    """`subject` has the letters backslash, x, 1, b; what a remedy has in lines stays in lines."""
    made = edgecheck.check(hostile(), trust=hostile(), hostname="other.local", at=NOW).to_dict()
    assert "\\x1b[2J\\x07" in made["certificates"][0]["subject"]
    assert "\\u202e" in made["certificates"][0]["subject"]
    assert made["certificates"][0]["dns_names"] == ["a\\x1b[2J", HOSTNAME]
    assert any("\n" in finding["remedy"] for finding in made["findings"])
    assert not any("\n" in finding["message"] for finding in made["findings"])


def test_visible_cuts_nothing_and_keeps_what_is_harmless() -> None:
    """Letters of any script stay; only what is not seen, or does something, is written out."""
    harmless = "gw-\u5927\u9623.\u043f\u0440.example \U0001f680 \\x1b"
    long = "x" * 5_000
    given = {"a\x1b": [harmless, long, 7, None, True, "\x1b\n"]}
    assert visible(given) == {"a\\x1b": [harmless, long, 7, None, True, "\\x1b\\n"]}
    assert visible("a\n\tb", kept="\n") == "a\n\\tb"
    assert safe("\udcff") == "\\udcff"


@pytest.mark.parametrize("text", (*SURROGATES, CONTROLS))
def test_any_text_may_be_given_to_the_library(text: str) -> None:
    """As host name, in every field of a device that holds text, and as a file's name."""
    chain = pem(*stock_15("ec").presented(), comments=False)
    named = ("hostname", "machine_name", "parent_hostname", "device_id", "trust_bundle_cert")
    given: dict[str, Any] = dict.fromkeys(named, text)
    given |= {"gateway_host_names": (text, text), "configuration_files": {text: {}}}
    given |= {"edge_ca": {"cert": text, "pk": text, "url": text, "method": text}}
    assert set(named) <= {field.name for field in fields(edgecheck.Device)}
    for runtime in ("1.1", "1.2.10", "1.5", None):
        device = edgecheck.Device(runtime=runtime, **given)
        source = edgecheck.Source(text, chain)
        report = edgecheck.check(source, text, chain, NOW, device, profile="rfc5280")
        assert clean(shown(report))
    with pytest.raises(ValueError, match="profile: ") as wrong:
        edgecheck.check(chain, profile=text)
    assert clean(str(wrong.value))
    for mistake in ({"roles": {text: "root"}}, {"roles": {"0" * 64: text}}, {"clients": [text]}):
        asked: dict[str, Any] = mistake
        with pytest.raises(ValueError) as wrong:
            edgecheck.check(chain, **asked)
        assert clean(str(wrong.value))
    with pytest.raises(ValueError, match="runtime: ") as wrong:
        edgecheck.Device(runtime=text)
    assert clean(str(wrong.value))


TEXTS = [
    parameter.opts[0]
    for parameter in cli.edgecheck.commands["check"].params
    if isinstance(parameter, click.Option) and not parameter.is_flag and parameter.opts[0] != "-o"
]


@pytest.mark.parametrize("text", [text for text in (*SURROGATES[:4], CONTROLS) if "\0" not in text])
@pytest.mark.parametrize("option", [*TEXTS, "-o", "files"])
def test_any_text_may_be_given_to_every_option(
    option: str,
    text: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """A report or one plain line, never "a bug"; what is printed is safe."""
    monkeypatch.chdir(tmp_path)
    gateway = stock_15("ec")
    Path("chain.pem").write_bytes(pem(*gateway.presented()))
    Path("trust.pem").write_bytes(pem(*gateway.trust()))
    for format in ("text", "json"):
        arguments = ["check", "chain.pem", "--trust", "trust.pem", "--at", NOW.isoformat()]
        arguments += ["--format", format, "-v", *([text] if option == "files" else [option, text])]
        status = cli.main(arguments)
        out, err = capfd.readouterr()
        assert status in (0, 1, 2)
        assert "a bug" not in err
        assert clean(out + err)
        assert len(err.splitlines()) == (status == 2)


@pytest.mark.parametrize("text", ["a\udcff", CONTROLS.replace("\0", "")])
@pytest.mark.parametrize("command", ["explain", "rules", "clients", "nonsense"])
def test_any_text_may_be_given_to_every_command(
    command: str, text: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """Where nothing fits, one plain line says so."""
    assert cli.main([command, text]) == 2
    out, err = capfd.readouterr()
    assert "a bug" not in err
    assert len(err.splitlines()) == 1
    assert clean(out + err)


def test_files_whose_names_are_no_text_can_be_read_and_written(tmp_path: Path) -> None:
    """As the system has them: octets."""
    name = b"a\xff\x1b.pem"
    chain = pem(*stock_15("ec").presented(), comments=False)
    (Path(bytes(tmp_path).decode()) / name.decode("utf-8", "surrogateescape")).write_bytes(chain)
    command = [sys.executable, "-m", "edgecheck", "check", name, "-o", b"out\xfe.json"]
    ran = subprocess.run(
        [*command, "--format", "json", "--device-hostname", b"a\xff"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(REPO), "LC_ALL": "C.UTF-8"},
        capture_output=True,
        check=False,
    )
    assert ran.returncode == 1, ran.stderr
    (written,) = (each for each in tmp_path.iterdir() if each.name.startswith("out"))
    made = json.loads(written.read_bytes())
    assert made["certificates"][0]["origin"]["source"] == "a\\udcff\\x1b.pem"
    assert made["expected"]["device"]["hostname"] == "a\\udcff"
