"""Certificates in other forms than PEM: whatever form a chain is put into, it is the same chain."""

from __future__ import annotations

import functools
import html
import json
import quopri
import random
import re
import time
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given, settings
from hypothesis import strategies as st

import edgecheck
from edgecheck.reading.containers import said_end
from edgecheck.reading.forms.encoded import MOST_BYTES, MOST_FAILURES, encoded_in
from edgecheck.reading.inputs import Presentation, Reader
from edgecheck.reading.pem import scan
from fixtures.expected import folders, read
from fixtures.private_keys import private_key
from fixtures.stock import HOSTNAME, NOW, stock_11
from tests.examples import LONG, some
from tests.test_any_bytes import armoured, damaged

Chain = tuple[bytes, ...]
Form = Callable[[Chain, random.Random], bytes]


def presented(data: bytes | str) -> Presentation:
    return Reader({}, 1 << 24, 2_000).read(data, "presented")


@functools.cache
def chains() -> tuple[Chain, ...]:
    """What many fixtures present that PEM has without damage, each certificate readable."""
    found: dict[Chain, None] = {}
    for folder in some(folders()):
        for source in read(folder).sources():
            read_ = presented(source.data)
            ders = tuple(certificate.der for certificate in read_.sequence)
            if ders and len(ders) < 12 and all(map(_whole, ders)):
                found[ders] = None
    return tuple(found)


def _whole(data: bytes) -> bool:
    """Whether nothing stands behind it, and it is none of the giants."""
    return said_end(data) == len(data) < 20_000


def text_of(chain: Chain) -> bytes:
    return b"".join(map(armoured, chain))


# --- forms, each made as programs and people make it ----------------------------------------------


def wrapped(data: bytes, width: int) -> bytes:
    return b"\n".join(data[at : at + width] for at in range(0, len(data), width))


def bare_lines(chain: Chain, dice: random.Random) -> bytes:
    width = dice.choice((64, 76, 60, 40, 1_000_000))
    return b"\n".join(wrapped(b64encode(der), width) for der in chain) + b"\n"


def bare_blanks(chain: Chain, dice: random.Random) -> bytes:
    """What is left where a line end became a blank."""
    return b"\n\n".join(wrapped(b64encode(der), 64).replace(b"\n", b" ") for der in chain)


def without_padding(chain: Chain, dice: random.Random) -> bytes:
    """Base64 for addresses of the web, as in JSON Web Keys of some programs."""
    return b"\n".join(urlsafe_b64encode(der).rstrip(b"=") for der in chain)


def x5c(chain: Chain, dice: random.Random) -> bytes:
    """RFC 7517, section 4.7."""
    values = [b64encode(der).decode() for der in chain]
    indent = dice.choice((None, 2))
    return json.dumps({"keys": [{"kty": "RSA", "x5c": values}]}, indent=indent).encode()


def json_with_escapes(chain: Chain, dice: random.Random) -> bytes:
    r"""As .NET writes it, which escapes `+`, and PHP, which escapes `/`."""
    text = json.dumps([{"certificate": b64encode(der).decode()} for der in chain])
    return text.replace("+", "\\u002B").replace("/", "\\/").encode()


def json_of_pem(chain: Chain, dice: random.Random) -> bytes:
    text = json.dumps({"chain": text_of(chain).decode()})
    return text.replace("+", dice.choice(("+", "\\u002b"))).encode()


def xml(chain: Chain, dice: random.Random) -> bytes:
    """XML signatures and SAML metadata; Java writes `&#13;` at each line end."""
    end = dice.choice((b"", b"\n", b"&#13;\n"))
    width = 76 if end else 1_000_000
    values = (wrapped(b64encode(der), width).replace(b"\n", end or b"\n") for der in chain)
    lines = b"".join(b"<ds:X509Certificate>" + v + b"</ds:X509Certificate>\n" for v in values)
    return b"<?xml version='1.0'?>\n<ds:X509Data>\n" + lines + b"</ds:X509Data>\n"


def yaml_list(chain: Chain, dice: random.Random) -> bytes:
    way = dice.choice((b"  - %s\n", b"  - '%s'\n", b'  - "%s"\n', b"  - !!binary |\n      %s\n"))
    return b"certificates:\n" + b"".join(way % b64encode(der) for der in chain)


def yaml_folded(chain: Chain, dice: random.Random) -> bytes:
    values = (wrapped(b64encode(der), 70).replace(b"\n", b"\n    ") for der in chain)
    return b"".join(b"- value: >-\n    " + value + b"\n" for value in values)


def secret(chain: Chain, dice: random.Random) -> bytes:
    """As `kubectl get secret -o yaml` and `-o json` print it."""
    value = b64encode(text_of(chain)).decode()
    if dice.random() < 0.5:
        return json.dumps({"data": {"tls.crt": value}, "kind": "Secret"}, indent=4).encode()
    return f"apiVersion: v1\ndata:\n  tls.crt: {value}\nkind: Secret\n".encode()


def secret_wrapped(chain: Chain, dice: random.Random) -> bytes:
    value = wrapped(b64encode(text_of(chain)), 76).replace(b"\n", b"\n    ")
    return b"data:\n  tls.crt: |\n    " + value + b"\n  other: x\n"


def config_map(chain: Chain, dice: random.Random) -> bytes:
    body = text_of(chain).replace(b"\n", b"\n    ")
    return b"kind: ConfigMap\ndata:\n  ca.crt: |\n    " + body.rstrip() + b"\n"


def encoded_twice(chain: Chain, dice: random.Random) -> bytes:
    """PEM behind remarks, in base64 that is wrapped."""
    text = b"Bag Attributes\n    friendlyName: gw\nsubject=CN = gw\n" + text_of(chain)
    return wrapped(b64encode(text), 76) + b"\n"


def c_strings(chain: Chain, dice: random.Random) -> bytes:
    lines = text_of(chain).decode().splitlines()
    quoted_ = dice.choice(('"%s\\n"', '"%s\\r\\n" \\', '  "%s\\n" +')).__mod__
    return ("const char *chain =\n" + "\n".join(map(quoted_, lines)) + ";\n").encode()


def c_array(chain: Chain, dice: random.Random) -> bytes:
    """As `xxd -i` and `openssl x509 -C` write it."""
    made = b""
    for number, der in enumerate(chain):
        form = dice.choice(("0x%02x", "0x%02X"))
        pairs = [form % byte for byte in der]
        rows = [", ".join(pairs[at : at + 12]) for at in range(0, len(pairs), 12)]
        made += f"unsigned char c{number}[] = {{\n  ".encode()
        made += ",\n  ".join(rows).encode() + b"\n};\n"
        made += f"unsigned int c{number}_len = {len(der)};\n".encode()
    return made


def c_escapes(chain: Chain, dice: random.Random) -> bytes:
    made = b""
    for der in chain:
        pairs = [f"\\x{byte:02x}" for byte in der]
        rows = ["".join(pairs[at : at + 16]) for at in range(0, len(pairs), 16)]
        made += b'cert = "' + '"\n    "'.join(rows).encode() + b'";\n'
    return made


def numbers(chain: Chain, dice: random.Random) -> bytes:
    """As Python, Go and Java print bytes."""
    way = dice.choice(("python", "go", "java", "lines"))
    made = []
    for der in chain:
        values = [byte - 256 if way == "java" and byte > 127 else byte for byte in der]
        sign = {"go": " ", "lines": ",\n  "}.get(way, ", ")
        made.append("[" + sign.join(map(str, values)) + "]")
    return ("chain:\n" + "\n".join(made) + "\n").encode()


def literals(chain: Chain, dice: random.Random) -> bytes:
    """As Python shows what `getpeercert(True)` returns."""
    return b"".join(b">>> der\n" + repr(der).encode() + b"\n" for der in chain)


def hex_lines(chain: Chain, dice: random.Random) -> bytes:
    digits = [der.hex().encode() for der in chain]
    if dice.random() < 0.5:
        digits = [each.upper() for each in digits]
    width = dice.choice((60, 64, 1_000_000))
    return b"\n".join(wrapped(each, width) for each in digits) + b"\n"


def hex_colons(chain: Chain, dice: random.Random) -> bytes:
    """As OpenSSL and Wireshark show bytes."""
    sign = dice.choice((":", " ", "-"))
    made = []
    for der in chain:
        pairs = [f"{byte:02x}" for byte in der]
        rows = [sign.join(pairs[at : at + 15]) for at in range(0, len(pairs), 15)]
        made.append((sign.strip() + "\n    ").join(rows))
    return ("certificate:\n    " + "\ncertificate:\n    ".join(made) + "\n").encode()


def dump(chain: Chain, dice: random.Random) -> bytes:
    """As `xxd`, `hexdump -C`, `certutil -dump`, `Format-Hex` and `od` print it."""
    return b"".join(DUMPS[dice.choice(sorted(DUMPS))](der) for der in chain)


def _rows(data: bytes) -> list[tuple[int, bytes, str]]:
    shown = data.decode("latin-1")
    plain = re.sub(r"[^ -~]", ".", shown)
    return [(at, data[at : at + 16], plain[at : at + 16]) for at in range(0, len(data), 16)]


def _xxd(data: bytes) -> bytes:
    rows = ((at, row.hex(" ", -2), text) for at, row, text in _rows(data))
    return "".join(f"{at:08x}: {row:<39}  {text}\n" for at, row, text in rows).encode()


def _hexdump(data: bytes) -> bytes:
    lines = [
        f"{at:08x}  {row[:8].hex(' '):<23}  {row[8:].hex(' '):<23}  |{text}|\n"
        for at, row, text in _rows(data)
    ]
    return ("".join(lines) + f"{len(data):08x}\n").encode()


def _certutil(data: bytes) -> bytes:
    lines = (
        f"{at:04x}\t{row[:8].hex(' ')}  {row[8:].hex(' ')}   {text}\n"
        for at, row, text in _rows(data)
    )
    return "".join(lines).encode()


def _od(data: bytes) -> bytes:
    return "".join(f"{at:06x} {row.hex(' ')}\n" for at, row, _ in _rows(data)).encode()


def _openssl(data: bytes) -> bytes:
    lines = (
        f"{at:04x} - {row[:8].hex(' ')}-{row[8:].hex(' '):<24}  {text}\n"
        for at, row, text in _rows(data)
    )
    return "".join(lines).encode()


DUMPS: dict[str, Callable[[bytes], bytes]] = {
    "xxd": _xxd,
    "hexdump": _hexdump,
    "certutil": _certutil,
    "od": _od,
    "openssl": _openssl,
}


def quoted_mail(chain: Chain, dice: random.Random) -> bytes:
    mark = dice.choice((b"> ", b">", b">> ", b"| "))
    body = dice.choice((text_of, lambda c: bare_lines(c, random.Random(0))))(chain)
    return b"".join(mark + line + b"\n" for line in body.splitlines())


def quoted_printable(chain: Chain, dice: random.Random) -> bytes:
    body = dice.choice((text_of, lambda c: b"\n".join(map(b64encode, c)) + b"\n"))(chain)
    return b"Here it is:\n\n" + quopri.encodestring(body)


def other_blanks(chain: Chain, dice: random.Random) -> bytes:
    """Chats and web pages indent with blanks that do not break, and put in signs nobody sees."""
    sign = dice.choice(("\u00a0\u00a0", "\u200b", "\ufeff", "\u00ad", "\u3000"))
    lines = text_of(chain).decode().splitlines()
    coding = "latin-1" if sign == "\u00a0\u00a0" and dice.random() < 0.5 else "utf-8"
    return "".join(f"{sign}{line}{sign}\n" for line in lines).encode(coding)


def html_page(chain: Chain, dice: random.Random) -> bytes:
    body = html.escape(text_of(chain).decode())
    body = body.replace("+", dice.choice(("+", "&#43;"))).replace("\n", "<br>\n")
    return f"<div class='c'><p>{body}</p></div>\n".encode()


def percent(chain: Chain, dice: random.Random) -> bytes:
    """As nginx ($ssl_client_escaped_cert) and Envoy hand a certificate on."""
    return b"X-Client-Cert: " + quote(text_of(chain)).encode() + b"\n"


def typographic(chain: Chain, dice: random.Random) -> bytes:
    """A word processor made dashes of the hyphens."""
    dashes = dice.choice(("\u2014\u2013", "\u2013\u2013-", "\u2014\u2014\u2014\u2014\u2014"))
    return text_of(chain).replace(b"-----", dashes.encode())


def framed(chain: Chain, dice: random.Random) -> bytes:
    """As programs show the lines of a file or a log, with something before or behind each."""
    lines = text_of(chain).decode().splitlines()
    way = dice.choice(FRAMES)
    return "".join(way.format(n=n, s=n % 60, line=line) for n, line in enumerate(lines, 1)).encode()


FRAMES = (
    "{n:6}\t{line}\n",  # cat -n
    "{n}:{line}\n",  # grep -n
    "/etc/aziot/chain.pem:{line}\n",  # grep -r
    "+{line}\n",  # diff
    "edgeHub-1  | {line}\n",  # docker compose logs
    "Nov 30 02:00:{s:02} gw edgeHub[123]: {line}\n",  # journalctl
    "<6> 2026-11-30 02:00:{s:02}.123 +00:00 [INF] - {line}\n",  # edgeHub
    "{line}$\n",  # cat -A
    "{line}^M$\n",
    "\u2502 {line:64} \u2502\n",  # a table
    "{line}\\par\n",  # a word processor
    "{n}\n{line}\n",  # as web pages number lines
    "\x1b[32m{line}\x1b[0m\n",  # colours
    "\x1b[35mchain.pem\x1b[m\x1b[36m:\x1b[m{line}\n",  # grep --color
)


def joined(chain: Chain, dice: random.Random) -> bytes:
    """As `cat *.der | base64` makes it: one after the other, whatever their lengths."""
    return wrapped(b64encode(b"".join(chain)), dice.choice((64, 76, 1_000_000))) + b"\n"


def languages(chain: Chain, dice: random.Random) -> bytes:
    """Arrays of Java, C#, Rust, Basic, Pascal and assemblers; strings of C in octal."""
    way = dice.choice(LANGUAGES)
    sign = "" if way.startswith("\\") else ", "
    return "".join(
        f"c = [{sign.join(way.format(byte) for byte in der)}];\n" for der in chain
    ).encode()


LANGUAGES = (
    *(
        "(byte)0x{:02x}",
        "(byte) 0x{:02X}",
        "0x{:02x}u8",
        "0x{:x}",
        "&H{:02X}",
        "${:02x}",
        "{:02x}h",
    ),
    *("'\\x{:02x}'", "\\{:03o}", "(byte){}"),
)


def token(chain: Chain, dice: random.Random) -> bytes:
    """The header of a JSON Web Token (RFC 7515, section 4.1.6)."""
    header = json.dumps({"alg": "ES256", "x5c": [b64encode(der).decode() for der in chain]})
    coded = urlsafe_b64encode(header.encode()).rstrip(b"=")
    return b"Authorization: Bearer " + coded + b".eyJzdWIiOiIxIn0.c2lnbmF0dXJl\n"


def words(chain: Chain, dice: random.Random) -> bytes:
    """As `hexdump` prints it on a machine whose lower byte comes first."""
    made = []
    for der in chain:
        for at in range(0, len(der), 16):
            row = der[at : at + 16]
            row += b"\0" * (len(row) % 2)
            pairs = (f"{row[n + 1]:02x}{row[n]:02x}" for n in range(0, len(row), 2))
            made.append(f"{at:07x} {' '.join(pairs)}")
        made.append(f"{len(der):07x}")
    return ("\n".join(made) + "\n").encode()


def record(chain: Chain, dice: random.Random) -> bytes:
    """A whole Certificate message in digits, as programs copy it from a capture (RFC 5246)."""
    body = b"".join(len(der).to_bytes(3, "big") + der for der in chain)
    message = b"\x0b" + (len(body) + 3).to_bytes(3, "big") + len(body).to_bytes(3, "big") + body
    return (b"\x16\x03\x03\x40\0" + message).hex(dice.choice((" ", ":"))).encode()


def secret_twice(chain: Chain, dice: random.Random) -> bytes:
    """Base64 that was put where it is made."""
    way = dice.choice((lambda c: b64encode(text_of(c)), lambda c: bare_lines(c, dice)))
    return b"data:\n  tls.crt: " + b64encode(way(chain)) + b"\n"


def utf16(chain: Chain, dice: random.Random) -> bytes:
    body = dice.choice((text_of, lambda c: bare_lines(c, random.Random(0))))(chain)
    return body.decode().replace("\n", "\r\n").encode("utf-16")


FORMS: tuple[Form, ...] = (
    bare_lines,
    bare_blanks,
    without_padding,
    x5c,
    json_with_escapes,
    json_of_pem,
    xml,
    yaml_list,
    yaml_folded,
    secret,
    secret_wrapped,
    config_map,
    encoded_twice,
    c_strings,
    c_array,
    c_escapes,
    numbers,
    literals,
    hex_lines,
    hex_colons,
    dump,
    quoted_mail,
    quoted_printable,
    other_blanks,
    html_page,
    percent,
    typographic,
    framed,
    joined,
    languages,
    words,
    record,
    token,
    secret_twice,
    utf16,
)

ANY_CHAIN = st.integers(0, 10_000).map(lambda number: chains()[number % len(chains())])


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
@settings(deadline=None, max_examples=60 if LONG else 20)
@given(chain=ANY_CHAIN, dice=st.randoms(use_true_random=False))
def test_a_chain_is_the_same_in_every_form(form: Form, chain: Chain, dice: random.Random) -> None:
    data = form(chain, dice)
    read_ = presented(data)
    assert tuple(certificate.der for certificate in read_.sequence) == chain
    lines = [(origin.first_line, origin.last_line) for origin in read_.origins]
    last = data.count(b"\n") + data.count(b"\0\n") + 1
    assert all(a is not None and b is not None and 1 <= a <= b <= last for a, b in lines)
    assert lines == sorted(lines)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_text_is_read_like_bytes(form: Form) -> None:
    """Also where it is one line, which a path would be as well."""
    chain = chains()[0]
    data = form(chain, random.Random(1))
    if form is not utf16:
        text = data.decode()
        assert [c.der for c in presented(text).sequence] == list(chain)
        assert [c.der for c in presented(text.strip()).sequence] == list(chain)


def test_a_path_is_still_no_text() -> None:
    for path in ("/etc/aziot/MIIB.pem", "C:\\certs\\30-82.cer", "30 82.pem"):
        with pytest.raises(TypeError, match="looks like a path"):
            presented(path)


# --- what is said of a form -----------------------------------------------------------------------

GATEWAY = stock_11("ec")
SENT = tuple(certificate.der for certificate in GATEWAY.presented())
TRUST = armoured(GATEWAY.trust()[0].der)
KEY = private_key("p256-1").private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def checked(data: bytes, **given_: Any) -> edgecheck.Report:
    return edgecheck.check(data, hostname=HOSTNAME, trust=TRUST, at=NOW, **given_)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_a_form_is_a_note(form: Form) -> None:
    """The chain is as good as it is in PEM; that it is in another form is worth a note."""
    dice = random.Random(4)
    report = checked(form(SENT, dice))
    assert report.ok and report.valid
    said = [f for f in report.findings if f.rule.family == "input"]
    assert said and all(finding.severity is edgecheck.Severity.INFO for finding in said)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_a_form_is_an_error_in_a_file_of_the_gateway(form: Form) -> None:
    """The runtime reads its files with OpenSSL, which finds no certificate in it."""
    file = edgecheck.Source("device-ca.pem", form(SENT[2:], random.Random(4)))
    report = checked(text_of(SENT), device=edgecheck.Device(device_ca_file=file))
    said = [f for f in report.findings if f.rule.family == "input"]
    assert [f.severity for f in said if f.caused_by is None].count(edgecheck.Severity.ERROR) >= 1
    assert all(f.locations[0].source == "device-ca.pem" for f in said)


ED25519 = bytes.fromhex("302e020100300506032b657004220420") + bytes(range(32))  # RFC 8410
SMALL = armoured(ED25519).replace(b"CERTIFICATE", b"PRIVATE KEY")


def test_the_shortest_key_in_a_secret_is_told() -> None:
    data = secret(SENT, random.Random(0)) + b"\n  tls.key: " + b64encode(SMALL) + b"\n"
    (found,) = (f for f in checked(data).findings if f.rule.id == "input.private-key")
    assert "this is a private key in PEM in base64" in found.message
    assert "kubectl get secret NAME" in (found.remedy or "")


WORDS = {
    bare_lines: "base64 without BEGIN and END lines",
    x5c: "base64 in JSON",
    xml: "base64 in XML",
    secret_wrapped: "PEM in base64 in YAML",
    encoded_twice: "PEM in base64",
    hex_lines: "hexadecimal digits without BEGIN and END lines",
    c_array: "hexadecimal digits without BEGIN and END lines",
    percent: "text with percent-encoding",
    quoted_printable: "text with quoted-printable",
    secret_twice: "PEM in base64, encoded twice in YAML",
}


@pytest.mark.parametrize("form", WORDS, ids=lambda form: form.__name__)
def test_the_note_names_the_form(form: Form) -> None:
    report = checked(form(SENT, random.Random(4)))
    (note,) = (f for f in report.findings if f.rule.family == "input")
    assert (note.rule.id, note.evidence["found"]) == ("input.other-form", WORDS[form])


def _key_alone(chain: Chain, dice: random.Random) -> bytes:
    return text_of(chain) + armoured(KEY).replace(b"CERTIFICATE", b"PRIVATE KEY")


KEY_FORMS: dict[str, bytes] = {
    "base64": b64encode(KEY),
    "wrapped": wrapped(b64encode(KEY), 40),
    "hex": KEY.hex().encode(),
    "colons": KEY.hex(":").encode(),
    "dump": _xxd(KEY),
    "numbers": str(list(KEY)).encode(),
    "literal": repr(KEY).encode(),
    "JSON": json.dumps({"key": b64encode(KEY).decode()}).encode(),
    "XML": b"<KeyValue>" + b64encode(KEY) + b"</KeyValue>",
    "Secret": b"data:\n  tls.key: " + b64encode(_key_alone((), random.Random(0))) + b"\n",
    "JSON of PEM": json.dumps({"key": _key_alone((), random.Random(0)).decode()}).encode(),
    "YAML": b"key: |\n  " + _key_alone((), random.Random(0)).replace(b"\n", b"\n  "),
    "quoted-printable": quopri.encodestring(_key_alone((), random.Random(0))),
    "array": ", ".join(f"(byte)0x{byte:02x}" for byte in KEY).encode(),
    "log": _key_alone((), random.Random(0)).replace(b"\n", b"\n12:00 gw | "),
    "Secret twice": b"tls.key: " + b64encode(b64encode(_key_alone((), random.Random(0)))) + b"\n",
    "percent": quote(_key_alone((), random.Random(0))).encode(),
}


@pytest.mark.parametrize("name", KEY_FORMS)
@pytest.mark.parametrize("chain", [(), SENT], ids=["alone", "behind the chain"])
def test_a_private_key_is_told_and_never_shown(name: str, chain: Chain) -> None:
    """In every form, alone and beside the certificates in base64."""
    beside = b"".join(b"cert: " + b64encode(der) + b"\n" for der in chain)
    data = beside + KEY_FORMS[name]
    if chain and name in ("hex", "colons", "dump", "array"):
        data = b"\n".join(der.hex().encode() for der in chain) + b"\n\n" + KEY_FORMS[name]
    if chain and name in ("numbers", "literal"):
        form = numbers if name == "numbers" else literals
        data = form(chain, random.Random(0)) + KEY_FORMS[name]
    report = checked(data)
    shown = report.to_json() + report.to_text(verbose=True) + repr(report)
    assert "input.private-key" in {finding.rule.id for finding in report.findings}
    assert len(report.certificates) >= len(chain)
    for at in range(0, len(KEY) - 12, 6):
        piece = KEY[at : at + 12]
        for written in (b64encode(piece).decode(), piece.hex(), piece.hex(":")):
            assert written not in shown


# --- order ----------------------------------------------------------------------------------------


def test_a_ca_that_a_secret_has_twice_is_sent_once() -> None:
    """The server sends `tls.crt`; `ca.crt` is for those who connect."""
    values = tuple(b64encode(text_of(each)) for each in (SENT[-1:], SENT))
    report = checked(b"data:\n  ca.crt: %s\n  tls.crt: %s\n" % values)
    assert "chain.duplicate-certificate" not in {f.rule.id for f in report.findings}
    plain = b"\n".join(b64encode(der) for der in (SENT[-1], *SENT))
    assert "chain.duplicate-certificate" in {f.rule.id for f in checked(plain).findings}


def test_in_a_kubeconfig_the_own_certificate_comes_first() -> None:
    values = tuple(b64encode(text_of(each)) for each in (SENT[-1:], SENT[:-1]))
    data = b"certificate-authority-data: %s\nclient-certificate-data: %s\n" % values
    assert [c.der for c in presented(data).sequence] == list(SENT)


@pytest.mark.parametrize("way", ["yaml", "json", "stringData"])
def test_the_names_of_a_secret_have_no_order(way: str) -> None:
    """Kubectl prints them in the order of the alphabet, so the CA comes before the chain."""
    chain, root = text_of(SENT[:-1]), TRUST  # the last of what is sent is the root
    if way == "stringData":
        values = (b"\n    ".join(text.splitlines()) for text in (root, chain))
        data = b"stringData:\n  ca.crt: |\n    %s\n  tls.crt: |\n    %s\n" % tuple(values)
    elif way == "yaml":
        data = b"data:\n  ca.crt: %s\n  tls.crt: %s\n" % (b64encode(root), b64encode(chain))
    else:
        values_ = {"ca.crt": b64encode(root).decode(), "tls.crt": b64encode(chain).decode()}
        data = json.dumps({"data": values_, "kind": "Secret"}, indent=2).encode()
    report = checked(data)
    assert [c.der for c in presented(data).sequence] == list(SENT)
    assert report.ok and "chain.server-not-first" not in {f.rule.id for f in report.findings}


def test_the_order_of_a_list_is_that_of_the_list() -> None:
    reverse = SENT[::-1]
    assert [c.der for c in presented(x5c(reverse, random.Random(0))).sequence] == list(reverse)


def test_pem_and_secrets_in_one_text_are_read_in_its_order() -> None:
    """`kubectl get configmap,secret -o yaml` prints several objects."""
    one, *others = SENT
    server = config_map((one,), random.Random(0)).replace(b"ca.crt", b"server.pem")
    data = server + secret(tuple(others), random.Random(0))
    assert [c.der for c in presented(data).sequence] == list(SENT)


# --- hostile input --------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
@settings(deadline=None, max_examples=40 if LONG else 12)
@given(chain=ANY_CHAIN, dice=st.randoms(use_true_random=False))
def test_a_mangled_form_never_raises(form: Form, chain: Chain, dice: random.Random) -> None:
    """And whatever is read is DER that stands there."""
    data = damaged(form(chain, dice), dice)
    read_ = presented(data)
    checked(data)
    assert all(certificate.der[:1] == b"0" for certificate in read_.sequence)


@settings(deadline=None, max_examples=300 if LONG else 100)
@given(st.binary(max_size=400))
def test_any_bytes_are_no_trouble(data: bytes) -> None:
    for before in (
        b"MIIB",
        b"LS0tLS1CRUdJTi",
        b"30 82 01",
        b"\xfe\xed\xfe\xed\0\0\0\2",
        b"\0\0\0\0CERT",
    ):
        presented(before + data)


HOSTILE: dict[str, bytes] = {
    "MII everywhere": b"MIIDdTCC" * 130_000,
    "MII in lines": b"MIIDdTCCAl2gAwIBAgI\n" * 50_000,
    "MII as words": b"'MIID//////////////' " * 50_000,
    "one that claims all": b"MIMD////" + b"A" * 1_000_000,
    "BEGIN everywhere": b"LS0tLS1CRUdJTiA " * 60_000,
    "hex everywhere": b"3082 " * 200_000,
    "hex that claims all": b"30 82 ff ff " * 80_000,
    "blanks": b"MIIDdTCC" + b" \n" * 500_000,
    "hex and blanks": (b"30 82" + b" " * 60) * 15_000,
    "offsets": b"00000000: 3082\n" * 60_000,
    "escapes": b"\\u0030" * 170_000,
    "tags": b"<a" * 500_000,
    "soft breaks": b"=3D=\n" * 200_000,
    "quotes": b"'MIID'\n" * 140_000,
    "numbers": b"48, 130, " * 110_000,
    "numbers that claim all": b"[48, 131, 3, 255, 255, 48, 131, 3]\n" * 30_000,
    "literals": b"b'0\\x82" * 130_000,
    "frames": b"".join(b"%d|a%d|-----BEGIN CERTIFICATE-----\n" % (n, n) for n in range(25_000)),
    "frames of digits": b"1 2 3 4 5 6 7 8 9:-----BEGIN CERTIFICATE-----\n" + b"1 2 3\n" * 160_000,
    "small objects": b64encode(bytes.fromhex("302c0500040130") + b"0" * 39) * 20_000,
    "joined objects": b64encode(
        bytes.fromhex("30812b02010030000424")
        + bytes(36)
        + (bytes.fromhex("30812a02010030000423") + bytes(35)) * 6_000
    ),
    "octal": b"\\060\\202" * 120_000,
    "base64 of base64": b64encode(b"MIIDdTCC" * 90_000),
    "PEM in base64 of base64": b64encode(b"LS0tLS1CRUdJTi" * 60_000),
    "literals that end": b"b'0\\x82' " * 110_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_take_a_time_that_grows_with_their_size(name: str) -> None:
    """A megabyte (in the short form a quarter) takes seconds, on a machine with much to do."""
    before = time.process_time()
    presented(HOSTILE[name][: None if LONG else 250_000])
    assert time.process_time() - before < 6


def test_what_looks_like_a_certificate_is_tried_no_more_often_than_a_bound() -> None:
    """And one before that is read."""
    good = b64encode(SENT[0])
    wrong = b"'MIIBdTCCAl2gAwIBAgI='\n"
    for count, expected in ((MOST_FAILURES - 1, 1), (MOST_FAILURES, 0)):
        assert len(encoded_in(wrong * count + good)) == expected


def test_a_certificate_that_is_cut_short_is_told() -> None:
    """So is one of which the rest was left out; a few words of base64 are nothing."""
    data = b64encode(SENT[0])
    report = checked(b"cert: " + data[:400] + b"\n")
    assert {f.rule.id for f in report.findings} >= {"input.unreadable-certificate"}
    (finding,) = (f for f in report.findings if f.rule.id == "input.unreadable-certificate")
    assert f"cut short, 300 of {len(SENT[0])} bytes" in finding.message
    assert encoded_in(b"cert: MIICgTCCAiegAwIBAgIE...\n") == []


def test_many_certificates_in_one_form_are_all_read() -> None:
    """The bound is on what is none."""
    many = (SENT[0],) * (3 * MOST_FAILURES)
    for form in (bare_lines, x5c, hex_lines, c_array, numbers, literals):
        assert len(encoded_in(form(many, random.Random(2)))) == len(many)


def test_what_lies_behind_the_bound_is_told() -> None:
    """Certificates could stand there."""
    data = b64encode(SENT[0]) + b"\n" + b"some line of a log\n" * (MOST_BYTES // 19)
    for text, told in ((data, True), (data[: MOST_BYTES - 1], False)):
        assert ("too-large" in {problem.kind for problem in presented(text).problems}) is told


def test_flawless_pem_is_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """No other form is looked for where there is none."""
    from edgecheck.reading.forms import meant

    def never(*_: object) -> None:
        raise AssertionError("looked for other forms")

    monkeypatch.setattr(meant, "encoded_in", never)
    monkeypatch.setattr(meant, "undone", never)
    for text in (text_of(SENT), b"# server\n\n" + text_of(SENT), b"subject=x\n" + text_of(SENT)):
        assert [c.der for c in presented(text).sequence] == list(SENT)
    assert len(scan(text_of(SENT)).blocks) == len(SENT)
