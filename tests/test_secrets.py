"""No piece of a private key comes out, wherever it was put in, and however damaged it is.

Keys are planted in every place that takes a file or text, in many shapes; then all that is printed
is searched for pieces of them. The same on every run; EDGECHECK_LONG=1 makes ten times as many.
"""

from __future__ import annotations

import base64
import dataclasses
import functools
import os
import random
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    pkcs12,
)

import edgecheck
from edgecheck import cli
from edgecheck.device import FILES
from edgecheck.reading.pem import scan
from edgecheck.reading.secrets import HIDDEN, shown_label, shown_path, without_keys, without_pieces
from edgecheck.reporting.terminal import render
from fixtures.pki import pem
from fixtures.private_keys import FOLDER, private_key
from fixtures.stock import HOSTNAME, NOW, stock_15
from tests.test_any_bytes import LONG
from tests.test_output_files import READ

PIECE = 12
TESTS = 100 if LONG else 10
AT_ONCE = 20


@functools.cache
def keys() -> tuple[tuple[str, bytes, int], ...]:
    """Label, DER and number of keys in every form that people have them in."""
    kinds: list[Any] = [
        private_key("p256-1"),
        private_key("rsa2048-1"),
        ec.derive_private_key(0x5EC2E7 << 200, ec.SECP384R1()),
        ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(7, 39))),
    ]
    found = []
    for number, key in enumerate(kinds):
        for form in (PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL):
            if form is PrivateFormat.PKCS8 or not isinstance(key, ed25519.Ed25519PrivateKey):
                text = key.private_bytes(Encoding.PEM, form, NoEncryption())
                label = re.findall(r"BEGIN ([^-]+)-", text.decode())[0]
                found.append((label, key.private_bytes(Encoding.DER, form, NoEncryption()), number))
        PUBLIC.append(
            key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        )
        locked = key.private_bytes(
            Encoding.DER, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret")
        )
        found.append(("ENCRYPTED PRIVATE KEY", locked, number))
    return tuple(found)


def wrapped(label: str, body: bytes, width: int = 64, end: str = "\n") -> str:
    encoded = base64.b64encode(body).decode()
    lines = [encoded[at : at + width] for at in range(0, len(encoded), width)]
    return end.join([f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", ""])


SHAPES: dict[str, Callable[[str, bytes, random.Random], str | bytes]] = {
    "whole": lambda label, body, dice: wrapped(label, body),
    "without END": lambda label, body, dice: wrapped(label, body).rpartition("-----END")[0],
    "without BEGIN": lambda label, body, dice: wrapped(label, body).partition("\n")[2],
    "without both": lambda label, body, dice: base64.b64encode(body).decode(),
    "cut": lambda label, body, dice: wrapped(label, body)[: -dice.randrange(20, 120)],
    "cut, and no line end": lambda label, body, dice: wrapped(label, body)[
        : dice.randrange(60, 130)
    ],
    "in one line": lambda label, body, dice: wrapped(label, body, 4_000, " "),
    "lines joined": lambda label, body, dice: wrapped(label, body, 64, ""),
    "literal line ends": lambda label, body, dice: wrapped(label, body, 64, "\\n"),
    "the label goes on": lambda label, body, dice: (
        f"-----BEGIN {label} {base64.b64encode(body).decode()[:40]}-----\n"
        f"{base64.b64encode(body).decode()[40:]}\n-----END {label}-----\n"
    ),
    "the label is the key": lambda label, body, dice: (
        f"-----BEGIN {base64.b64encode(body).decode()[:60]}-----\nAAAA\n"
        f"-----END {base64.b64encode(body).decode()[60:120]}-----\n"
    ),
    "a broken marker with a piece": lambda label, body, dice: (
        f"--BEGIN {base64.b64encode(body).decode()[:30]} CERTIFICATE--\n"
        f"----END {base64.b64encode(body).decode()[30:70]} PRIVATE KEY-----\n"
    ),
    "as a certificate": lambda label, body, dice: wrapped("CERTIFICATE", body),
    "as another object": lambda label, body, dice: wrapped("MY OWN THING", body),
    "BEGIN as a certificate": lambda label, body, dice: wrapped(label, body).replace(
        f"BEGIN {label}", "BEGIN CERTIFICATE"
    ),
    "END as a certificate": lambda label, body, dice: wrapped(label, body).replace(
        f"END {label}", "END CERTIFICATE"
    ),
    "dashes lost": lambda label, body, dice: wrapped(label, body).replace("-----", "--"),
    "typographic dashes": lambda label, body, dice: wrapped(label, body).replace("-----", "——"),
    "small letters": lambda label, body, dice: wrapped(label.lower(), body),
    "indented": lambda label, body, dice: wrapped(label, body, 64, "\n    "),
    "quoted": lambda label, body, dice: "> " + wrapped(label, body, 64, "\n> "),
    "short lines with blanks": lambda label, body, dice: wrapped(label, body, 32, " \n "),
    "with a header": lambda label, body, dice: wrapped(label, body).replace(
        "KEY-----\n", "KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n", 1
    ),
    "a wrong letter": lambda label, body, dice: wrapped(label, body).replace("E", "*", 3),
    "DER": lambda label, body, dice: body,
    "DER that is cut": lambda label, body, dice: body[: -dice.randrange(1, 30)],
    "DER without its start": lambda label, body, dice: b"\x30" + body[dice.randrange(1, 9) :],
    "DER in a wrong length": lambda label, body, dice: b"\x30\xff" + body,
    "cut, as a certificate": lambda label, body, dice: wrapped("CERTIFICATE", body[:-9]),
    "a wrong length, as a certificate": lambda label, body, dice: wrapped(
        "CERTIFICATE", b"\x30\xa0" + body
    ),
    "hexadecimal": lambda label, body, dice: body.hex(),
    "UTF-16": lambda label, body, dice: wrapped(label, body).encode("utf-16"),
    "after the base64 of a certificate": lambda label, body, dice: (
        pem(*stock_15("ec").presented(), comments=False).decode().rpartition("-----END")[0]
        + wrapped(label, body).partition("\n")[2]
    ),
    "a container": lambda label, body, dice: container(dice.choice((b"", b"secret"))),
}


def container(password: bytes) -> bytes:
    """PKCS#12 of the first key, whose name is a piece of it too."""
    how = BestAvailableEncryption(password) if password else NoEncryption()
    name = base64.b64encode(keys()[0][1])[:60]
    return pkcs12.serialize_key_and_certificates(name, private_key("p256-1"), None, None, how)


def pieces(body: bytes) -> Iterator[str]:
    """What must not come out: base64 as it is aligned in any shape, and hexadecimal."""
    encoded = base64.b64encode(body).decode().rstrip("=")
    for text in (encoded, body.hex(), body.hex().upper()):
        for at in range(len(text) - PIECE + 1):
            yield text[at : at + PIECE]


COMMON = b"".join(c.der for c in stock_15("ec").presented())
for curve in ("06052b8104000a", "06052b81040021", "06052b81040022", "06052b81040023"):
    named = bytes.fromhex(curve)  # alone, or behind the name of the algorithm
    COMMON += bytes((0x30, len(named), *named)) + bytes.fromhex("301006072a8648ce3d0201") + named
"""What is no secret."""
PUBLIC: list[bytes] = []
"""The public halves of the keys, which certificates have; `keys` fills it."""


@functools.cache
def secrets(body: bytes) -> set[str]:
    """The pieces that tell something: not the frame of DER, nor what the certificates say."""
    number = next(n for _, der, n in keys() if der == body)
    frame = {piece for _, other, n in keys() if n != number for piece in pieces(other)}
    public = {piece for known in (COMMON, *PUBLIC) for piece in pieces(known)}
    told = set(pieces(body)) - frame - public
    return {piece for piece in told if len(set(piece)) > 2}  # zeros are everywhere


def told(report: edgecheck.Report) -> str:
    """All that can be seen of a report."""
    shown = [
        render(report, color=False, unicode=True, width=10_000, verbose=verbose)
        for verbose in (False, True)
    ]
    return "\n".join((*shown, report.to_json(), repr(report), repr(report.expected.device)))


_RUN = re.compile(rf"[A-Za-z0-9+/]{{{PIECE},}}")
"""The letters of base64 and hexadecimal, of which pieces are."""


def leaked(text: str, body: bytes) -> list[str]:
    joined = "".join(text.split())  # a line that was broken is readable too
    runs = dict.fromkeys(_RUN.findall(joined))
    found = {run[at : at + PIECE] for run in runs for at in range(len(run) - PIECE + 1)}
    numbers = [int(digits) for digits in re.findall(r"\d{20,1000}", text)]
    as_lengths = [n.to_bytes(n.bit_length() // 8 + 1, "big").lstrip(b"\0") for n in numbers]
    return sorted(found & secrets(body)) + [n.hex() for n in as_lengths if n and n[:8] in body]


def planted(shape: str, dice: random.Random) -> tuple[bytes, bytes]:
    """A text with a key among certificates, and the key."""
    label, body, _ = dice.choice(keys())
    if shape == "a container":
        label, body, _ = keys()[0]
    made = SHAPES[shape](label, body, dice)
    key = made.encode() if isinstance(made, str) else made
    certificates = pem(*stock_15("ec").presented(), comments=False)
    way = dice.randrange(4)
    if way == 0 or key[:1] == b"\x30":
        return key, body
    cut = certificates.index(b"-----BEGIN", 20)
    if way == 1:
        return certificates + key, body
    if way == 2:
        return key + certificates, body
    return certificates[:cut] + key + certificates[cut:], body


@pytest.mark.parametrize("shape", SHAPES)
def test_no_report_shows_a_piece_of_a_key(shape: str) -> None:
    """In any argument of `check()`: text, JSON, repr, and what an exception says."""
    dice = random.Random(f"secrets {shape}")
    gateway = stock_15("ec")
    chain, trust = pem(*gateway.presented()), pem(*gateway.trust())
    for _ in range(10 if LONG else 1):
        for slot in ("presented", "text", "trust", "crls", "password", *FILES):
            data, body = planted(shape, dice)
            arguments: dict[str, Any] = {"presented": chain, "trust": trust, "at": NOW}
            arguments |= {"hostname": HOSTNAME}
            if slot == "text":
                arguments["presented"] = data.decode("latin-1")
            elif slot in FILES:
                others = dict.fromkeys(("trust_bundle", "device_ca_file"), chain)
                given: dict[str, Any] = {**others, slot: data, "runtime": "1.5"}
                arguments["device"] = edgecheck.Device(**given)
            else:
                arguments[slot] = data
            try:
                said = told(edgecheck.check(**arguments))
            except (TypeError, ValueError) as refused:
                said = f"{refused!r} {refused}"
            assert not leaked(said, body), (slot, data)


@pytest.mark.parametrize("number", range(TESTS))
def test_no_command_prints_a_piece_of_a_key(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Whichever option names the file, and where the key itself is typed in place of a name."""
    monkeypatch.chdir(tmp_path)
    gateway = stock_15("ec")
    Path("chain.pem").write_bytes(pem(*gateway.presented()))
    Path("trust.pem").write_bytes(pem(*gateway.trust()))
    usual = ["--hostname", HOSTNAME, "--at", NOW.isoformat(), "--runtime", "1.5"]
    dice = random.Random(f"command {number}")
    for mutation in range(AT_ONCE):
        shape = dice.choice(list(SHAPES))
        data, body = planted(shape, dice)
        Path("key.pem").write_bytes(data)
        typed = mutation % 4 == 0 and b"\0" not in data
        name = os.fsdecode(data)[:100_000] if typed else "key.pem"
        option = dice.choice(READ)
        arguments = ["check", *([name] if option == "files" else ["chain.pem", option, name])]
        if option != "--trust":
            arguments += ["--trust", "trust.pem"]
        if option != "--trust-bundle":
            arguments += ["--trust-bundle", "trust.pem"]
        arguments += [*usual, "--format", dice.choice(("text", "json")), "-v"]
        cli.main(arguments)
        out, err = capfd.readouterr()
        sys.stdout.flush()
        assert not leaked(out + err, body), (shape, option, typed, data)


@pytest.mark.parametrize("shape", [name for name in SHAPES if name != "a container"])
def test_no_line_of_a_transcript_shows_a_piece_of_a_key(shape: str) -> None:
    """One was pasted into the names that a transcript lists, or into what the program said."""
    transcript = b"""CONNECTED(00000003)
depth=0 CN = gw.local
verify error:num=20:unable to get local issuer certificate
Certificate chain
 0 s:C=US, O=Contoso, CN=gw.local
   i:C=US, O=Contoso, CN=Contoso Root CA
-----BEGIN CERTIFICATE-----
...
-----END CERTIFICATE-----
---
Verify return code: 20 (unable to get local issuer certificate)
"""
    dice = random.Random(shape)
    label, body, _ = keys()[0]
    made = SHAPES[shape](label, body, dice)
    key = made.encode() if isinstance(made, str) else made
    for place in (
        b"gw.local\nverify",
        b" get local",
        b"Contoso, CN=gw",
        b"Contoso Root",
        b"(unable",
    ):
        at = transcript.index(place) + 3
        report = edgecheck.check(transcript[:at] + key + transcript[at:], at=NOW)
        assert not leaked(told(report), body)


def test_names_in_a_transcript_stay_as_they_are() -> None:
    """Long ones too; base64 has capitals, small letters and digits without a break."""
    for name in (
        "CN=Azure_IoT_Hub_Intermediate_Cert_Test_Only",
        "CN=" + 40 * "a",
        "O=--End 2 End--",
    ):
        assert without_pieces(name) == name
    encoded = base64.b64encode(keys()[0][1]).decode()
    assert without_pieces(f"CN={encoded[:32]}, O=x") == f"CN={HIDDEN}, O=x"
    assert without_pieces(f"CN=x ----END {encoded[:12]}") == f"CN=x {HIDDEN}"


def test_what_a_key_is_recognised_by_is_not_taken_for_a_path() -> None:
    """Messages repeat paths, fingerprints and labels, and nothing that could be a key."""
    key = base64.b64encode(keys()[1][1]).decode()
    path = "/home/operator/certificates/of/the/plant/gateway-7/device-ca-full-chain.pem"
    assert without_keys(f"no such file: {path}") == f"no such file: {path}"
    assert without_keys(f"no such file: {key}") == f"no such file: {HIDDEN}"
    assert without_keys(f"No such option: -----BEGIN PRIVATE KEY-----\n{key}\n").endswith(HIDDEN)
    assert without_keys(f"fingerprint {'ab' * 32}") == f"fingerprint {'ab' * 32}"
    assert shown_path("certs/device-ca.pem") == "certs/device-ca.pem"
    assert shown_path(key[:60]) == HIDDEN
    assert shown_label("ENCRYPTED PRIVATE KEY") == "ENCRYPTED PRIVATE KEY"
    assert shown_label(f"EC PRIVATE KEY {key[:40]}") == "EC PRIVATE KEY ..."


def test_the_scan_keeps_no_body_of_a_key() -> None:
    """What is not there cannot be printed by anything that comes later."""
    text = (FOLDER / "p256-1.pem").read_bytes()
    for data in (text, text.partition(b"-----END")[0]):
        assert [block.body for block in scan(data).blocks] == [b""]


def test_fields_that_hold_contents_are_not_in_a_repr() -> None:
    """Tracebacks and logs show the repr of what was given."""
    given: dict[str, Any] = dict.fromkeys(FILES, "-----BEGIN PRIVATE KEY-----")
    device = edgecheck.Device(**given)
    assert "PRIVATE" not in repr(device)
    assert {f.name for f in dataclasses.fields(device) if not f.repr} == set(FILES)
