"""The input: no key is ever shown, one fault is told once, and severity is what OpenSSL does."""

from __future__ import annotations

import json
import re
import ssl
import unicodedata
from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import pem as asn1_pem
from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)

import edgecheck
from edgecheck import Device, Finding, Limits, Memo, Severity, Source, Validation
from edgecheck.rules.input.whole import no_certificate
from fixtures import der, private_keys
from fixtures.expected import FIXTURES, folders, read
from fixtures.pki import Spec, basic_constraints, issue, pem, raw_time
from fixtures.stock import HOSTNAME, NOW, SERVER_ISSUED, stock_11

GATEWAY = stock_11("ec")
BLOCKS = [pem(certificate, comments=False) for certificate in GATEWAY.presented()]
CHAIN = b"".join(BLOCKS)
TRUST = x509.load_der_x509_certificate(GATEWAY.trust()[0].der)
BEGIN, END = b"-----BEGIN CERTIFICATE-----\n", b"-----END CERTIFICATE-----\n"
RULES = edgecheck.BUILT_IN.select("input")


def check(presented: Any, **given: Any) -> edgecheck.Report:
    """What the rules about the input say; all rules are heard, so that nothing else breaks."""
    return edgecheck.check(presented, trust=TRUST, hostname=HOSTNAME, at=NOW, **given)


def of_input(report: edgecheck.Report) -> list[Finding]:
    return [finding for finding in report.findings if finding.rule.family == "input"]


def roots(report: edgecheck.Report) -> list[str]:
    """The rules of this family that were violated, without what follows from others."""
    return [f.rule.id for f in of_input(report) if f.caused_by is None]


def one(presented: Any, **given: Any) -> Finding:
    """The one finding that nothing else causes."""
    report = check(presented, **given)
    (finding,) = (f for f in of_input(report) if f.caused_by is None)
    return finding


def place(finding: Finding) -> list[tuple[str, int | None, int | None]]:
    return [(at.source, at.first_line, at.last_line) for at in finding.locations]


# --- private keys --------------------------------------------------------------------------------

PLAIN, LOCKED = NoEncryption(), BestAvailableEncryption(b"secret")
FORMS: dict[str, tuple[PrivateFormat, KeySerializationEncryption]] = {
    "PKCS#8": (PrivateFormat.PKCS8, PLAIN),
    "PKCS#8, encrypted": (PrivateFormat.PKCS8, LOCKED),
    "traditional": (PrivateFormat.TraditionalOpenSSL, PLAIN),
    "traditional, encrypted": (PrivateFormat.TraditionalOpenSSL, LOCKED),
    "OpenSSH": (PrivateFormat.OpenSSH, PLAIN),
}
KEYS = ("rsa2048-1", "p256-1", "ed25519-1")


def keys() -> dict[str, tuple[bytes, bytes, bool]]:
    """PEM, what must never be shown, and whether its bytes alone tell that it is a key."""
    made = {}
    for name in KEYS:
        key = private_keys.private_key(name)
        for form, (encoding, encryption) in FORMS.items():
            if name.startswith("ed") and form.startswith("traditional"):
                continue
            text = key.private_bytes(Encoding.PEM, encoding, encryption)
            secret = asn1_pem.unarmor(text)[2]
            made[f"{name} {form}"] = (text, secret, secret[:1] == b"0")
    return made


ALL_KEYS = keys()
each_key = pytest.mark.parametrize("name", ALL_KEYS)


def shows(text: str, secret: bytes) -> bool:
    """Whether any nine bytes of the secret are in a text, in base64 or in hexadecimal."""
    text = re.sub(r"[\s\\]|0x|:", "", text)
    encoded = [b64encode(secret[start:]).decode() for start in range(3)]
    chunks = {code[at : at + 12] for code in encoded for at in range(0, len(code) - 12, 4)}
    chunks |= {secret[at : at + 9].hex() for at in range(len(secret) - 9)}
    return any(chunk in text or chunk.upper() in text for chunk in chunks)


def everything(report: edgecheck.Report) -> str:
    """All that is ever shown of a report."""
    said = [*report.findings, *report.undecided]
    return report.to_json() + "\n".join(map(repr, said))


def relabelled(text: bytes, label: bytes) -> bytes:
    return re.sub(rb"(-----(?:BEGIN|END) )[^-]+", rb"\1" + label, text)


def body(text: bytes) -> bytes:
    """What stands between BEGIN and END."""
    return b"".join(line for line in text.splitlines(True) if not line.startswith(b"-----"))


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "none": lambda text: text,
    "beside certificates": lambda text: CHAIN + text + CHAIN,
    "without END": lambda text: text[: text.rindex(b"-----END")],
    "cut off": lambda text: text[: len(text) * 2 // 3],
    "without BEGIN": lambda text: text[text.index(b"\n") + 1 :],
    "BEGIN with four hyphens": lambda text: text[1:],
    "in small letters": lambda text: text.replace(b"PRIVATE KEY", b"private key"),
    "indented": lambda text: b"".join(b"  " + line for line in text.splitlines(True)),
    "literal newlines": lambda text: text.replace(b"\n", rb"\n"),
    "doubled line ends": lambda text: text.replace(b"\n", b"\n\n"),
    "Windows": lambda text: b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n"),
    "UTF-16": lambda text: text.decode().encode("utf-16"),
    "no base64": lambda text: text[:90] + b"*" + text[91:],
    "END CERTIFICATE": lambda text: text[: text.rindex(b"-----END")] + END,
    "label SECRET": lambda text: relabelled(text, b"SECRET"),
    "label CERTIFICATE": lambda text: relabelled(text, b"CERTIFICATE"),
    "label TRUSTED CERTIFICATE": lambda text: relabelled(text, b"TRUSTED CERTIFICATE"),
    "label PUBLIC KEY": lambda text: relabelled(text, b"PUBLIC KEY"),
    "no PEM at all": body,
}


@each_key
@pytest.mark.parametrize("damage", DAMAGE)
def test_no_key_is_shown_whatever_befell_it(name: str, damage: str) -> None:
    """Neither in a message nor in the JSON, in whatever form and under whatever label."""
    text, secret, _ = ALL_KEYS[name]
    report = check(DAMAGE[damage](text))
    assert of_input(report)
    assert not shows(everything(report), secret)


@each_key
def test_no_key_in_der_is_shown(name: str) -> None:
    """Whole, cut off, with something before it or behind it."""
    _, secret, _ = ALL_KEYS[name]
    certificate = GATEWAY.issued("device_ca").der
    for data in (secret, secret[:-5], secret[:40], secret + b"\n", certificate + secret):
        assert not shows(everything(check(data)), secret)


def test_the_search_for_a_key_finds_one() -> None:
    """So that the tests above prove something."""
    text, secret, _ = ALL_KEYS["p256-1 PKCS#8"]
    assert shows(text.decode(), secret)
    assert shows("key: " + secret[3:20].hex(":"), secret)
    assert not shows(everything(check(CHAIN)), secret)


@each_key
def test_a_key_in_the_place_of_a_certificate_is_the_cause(name: str) -> None:
    """It is called a key, as an error, and the missing certificate follows from it."""
    text, secret, in_der = ALL_KEYS[name]
    labelled = [text, text.replace(b"\n", b"\r\n")]
    if in_der and b"Proc-Type" not in text:
        labelled += [secret, DAMAGE["label CERTIFICATE"](text), DAMAGE["label PUBLIC KEY"](text)]
    for presented in labelled:
        report = check(presented)
        (finding,) = (f for f in of_input(report) if f.rule.id == "input.private-key")
        assert finding.severity is Severity.ERROR
        (follows,) = (f for f in of_input(report) if f.rule is no_certificate)
        assert follows.caused_by == finding.id


def test_a_key_beside_certificates_is_a_warning_unless_it_stops_openssl() -> None:
    """Under its own label OpenSSL passes over it; under CERTIFICATE it gives up the file."""
    text, _, _ = ALL_KEYS["p256-1 PKCS#8"]
    assert one(CHAIN + text).severity is Severity.WARNING
    assert one(CHAIN + DAMAGE["label CERTIFICATE"](text)).severity is Severity.ERROR


def test_a_key_alone_is_the_wrong_file() -> None:
    """Nothing can be kept of it: the remedy asks for the file with the certificates."""
    text, _, _ = ALL_KEYS["p256-1 PKCS#8"]
    alone = next(f for f in check(text).findings if f.rule.id == "input.private-key")
    assert alone.remedy.startswith("Give the file with the certificates instead")
    assert one(CHAIN + text).remedy.startswith("Keep the certificates alone in the file")


def test_parameters_before_a_key_are_part_of_it() -> None:
    """`openssl ecparam -genkey` writes both, and one act removes both."""
    text, _, _ = ALL_KEYS["p256-1 traditional"]
    curve = asn1_pem.armor("EC PARAMETERS", der.oid("1.2.840.10045.3.1.7"))
    assert roots(check(CHAIN + curve + text)) == ["input.private-key"]
    assert roots(check(CHAIN + curve)) == ["input.not-a-certificate"]


def test_every_key_is_told() -> None:
    """Two keys are two things to move out, each at its own place."""
    text = ALL_KEYS["ed25519-1 PKCS#8"][0]
    report = check(Source("both.pem", text + CHAIN + text))
    lines = len((text + CHAIN).splitlines())
    assert [place(finding) for finding in of_input(report)] == [
        [("both.pem", 1, 3)],
        [("both.pem", lines + 1, lines + 3)],
    ]


# --- sources -------------------------------------------------------------------------------------


def test_each_file_is_named_with_its_own_lines() -> None:
    """The same fault in two files is two faults, at the lines of each."""
    indented = b"".join(b" " + line for line in CHAIN.splitlines(True))
    report = check([Source("a.pem", indented), Source("b.pem", b"\n" + indented)])
    last = len(CHAIN.splitlines())
    assert [place(finding) for finding in of_input(report)] == [
        [("a.pem", 1, last)],
        [("b.pem", 2, last + 1)],
    ]
    assert of_input(report)[0].message.startswith(f"a.pem, lines 1 to {last}: ")


def test_bytes_without_a_name_are_called_input() -> None:
    """Text and bytes alike."""
    for presented in (CHAIN + END, (CHAIN + END).decode(), [CHAIN, END]):
        finding = one(presented)
        assert place(finding)[0][0] == "<input>"
        assert finding.message.startswith("<input>, line ")


def test_der_is_told_once_for_all_inputs() -> None:
    """A connection gives one input for each certificate; that is nothing to repeat."""
    ders = [certificate.der for certificate in GATEWAY.presented()]
    assert roots(check(ders)) == ["input.der"]
    assert roots(check(b"".join(ders))) == ["input.der"]
    assert roots(check([CHAIN, *ders])) == ["input.der"]
    assert place(one(ders)) == [("<input>", None, None)]


def test_certificates_of_cryptography_are_no_file() -> None:
    """Nothing is said about how they were encoded."""
    loaded = [certificate.loaded for certificate in check(CHAIN).certificates]
    assert roots(check(loaded)) == []


def test_der_goes_on_until_something_is_no_certificate() -> None:
    """What could be read stays; what follows is named."""
    device_ca, other = GATEWAY.issued("device_ca").der, GATEWAY.issued("intermediate").der
    key = ALL_KEYS["p256-1 PKCS#8"][1]
    assert one(device_ca + b"\n").message.endswith('"iotedgegw device CA": 1 byte')
    assert one(device_ca + other[:-4]).message.endswith(f": {len(other) - 4} bytes")
    assert roots(check(device_ca + key)) == ["input.private-key"]
    assert len(check(device_ca + other + b"rest").hierarchy.sequence) == 2
    assert "it is cut short" in one(device_ca[:-4]).message


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n", "empty"),
        (b"0 certificates\n", "text without a PEM block"),
        (b"\x7fELF\2\1\1\0", "binary data of an unknown kind"),
        (b"---\nCertificate chain\n---\n", "a transcript without"),
    ],
)
def test_where_nothing_is_there_it_says_what_is(data: bytes, what: str) -> None:
    """Alone it is the finding; among good files, a warning about that file."""
    alone = one(Source("x", data))
    assert (alone.rule.id, alone.severity) == ("input.no-certificate", Severity.ERROR)
    assert f"x is {what}" in alone.message
    beside = one([Source("chain.pem", CHAIN), Source("x", data)])
    assert (beside.rule.id, beside.severity) == ("input.nothing-in-file", Severity.WARNING)
    assert what in beside.message
    assert place(beside) == [("x", None, None)]


def test_nothing_given_is_no_certificate() -> None:
    """Without any input there is no place to name."""
    finding = one(())
    assert finding.rule.id == "input.no-certificate"
    assert finding.locations == ()


# --- one fault, one finding ----------------------------------------------------------------------


def test_a_file_that_was_cut_off_has_one_fault() -> None:
    """Wherever it was cut, a single finding says so, or none where a block was complete."""
    text = BLOCKS[0] + BLOCKS[1]
    for stop in range(1, len(text)):
        found = roots(check(text[:stop], rules=RULES))
        assert len(found) <= 1, (stop, found)
        whole = text[:stop].rstrip(b"\n").endswith(END.rstrip())
        assert whole == (not found), (stop, found)


@pytest.mark.parametrize("line", range(len(BLOCKS[0].splitlines())))
def test_a_line_that_was_lost_is_one_fault(line: int) -> None:
    """It is told at the block that lost it."""
    lines = CHAIN.splitlines(True)
    found = of_input(check(b"".join(lines[:line] + lines[line + 1 :]), rules=RULES))
    assert len([f for f in found if f.caused_by is None]) == 1
    (at,) = found[0].locations
    assert at.first_line is not None and at.first_line < len(BLOCKS[0].splitlines())


def test_a_line_that_came_from_elsewhere_is_one_fault() -> None:
    """Whatever stands there, and wherever; text between blocks is none above info."""
    lines = BLOCKS[0].splitlines(True)
    for stray in (b"subject=CN = x\n", b"*\n", b"# note\n", b'"\n', b"\n", b"a: b\n", b"\x00\n"):
        for at in range(1, len(lines)):
            report = check(b"".join([*lines[:at], stray, *lines[at:]]), rules=RULES)
            found = roots(report)
            assert len(found) == (0 if stray == b"\n" and at == 1 else 1), (stray, at, found)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (b'{"value": "' + CHAIN.replace(b"\n", rb"\n") + b'"}', "input.literal-newlines"),
        (b"CERT='" + CHAIN.replace(b"\n", rb"\\n") + b"'\n", "input.literal-newlines"),
        (CHAIN.replace(b"\n", b"\\n\n"), "input.literal-newlines"),
        (CHAIN.replace(b"\n", b"\r\r\n"), "input.line-ends"),
        (BLOCKS[0].replace(b"\n", b"\r\n") + BLOCKS[1], "input.line-ends"),
        (b"<a>" + BLOCKS[0].rstrip() + b"</a><a>" + BLOCKS[1].rstrip() + b"</a>", ""),
        (BLOCKS[0].replace(BEGIN, b"-----BEGIN CERTIFICATE----- # gw\n"), "input.indented-block"),
        (BLOCKS[0].replace(END, b"-----END CERTIFICATE-----;\n"), "input.indented-block"),
        (BLOCKS[0].replace(b"BEGIN CERT", b"BEGIN CRET"), "input.mismatched-end"),
        (BLOCKS[0].replace(b"END CERT", b"END X509 CERT"), "input.mismatched-end"),
        (b"Bag Attributes\n" + BLOCKS[0] + b"Bag Attributes\n" + BLOCKS[1], "input.text-between"),
    ],
)
def test_what_befell_the_whole_file_is_told_once(text: bytes, rule: str) -> None:
    """Not once for every block, and not as something else besides."""
    found = roots(check(text, rules=RULES))
    assert rule == "" or (len(found) == 1 and found[0].startswith(rule)), found


def test_remarks_behind_a_number_sign_are_no_text() -> None:
    """People explain their files with them, and no reader minds."""
    text = b"# the device CA\n" + BLOCKS[0] + b"\n  # and its issuer\n\n" + BLOCKS[1] + b"# end\n"
    assert roots(check(text, rules=RULES)) == []


# --- lines ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n", b"\r\r\n"])
@pytest.mark.parametrize("before", [b"", b"# note\n\n"])
def test_lines_are_those_that_an_editor_shows(before: bytes, line_end: bytes) -> None:
    """Counted from 1, whatever the line ends."""
    lines = CHAIN.splitlines(True)
    number = len(BLOCKS[0].splitlines()) + 4
    lines[number - 1] = b"*" + lines[number - 1][1:]
    text = (before + b"".join(lines)).replace(b"\n", line_end)
    report = check(Source("x.pem", text), rules=RULES)
    (finding,) = (f for f in report.findings if f.rule.id == "input.damaged-base64")
    at = number + before.count(b"\n")
    assert place(finding) == [("x.pem", at, at)]
    assert finding.message.startswith(f"x.pem, line {at}: ")


def test_a_certificate_that_could_be_read_is_named_along_with_the_line() -> None:
    """The finding is about the certificate, and points at the line that is wrong."""
    lines = CHAIN.splitlines(True)
    end = sum(len(block.splitlines()) for block in BLOCKS[:3])
    lines[end - 1] = b"-----END X509 CRL-----\n"
    finding = one(Source("x.pem", b"".join(lines)))
    assert finding.role is edgecheck.Role.DEVICE_CA
    assert finding.certificates == (check(CHAIN).certificates[2].sha256,)
    assert place(finding) == [("x.pem", end, end)]
    assert finding.id == f"input.mismatched-end@{finding.certificates[0][:12]}"


# --- text of strangers ---------------------------------------------------------------------------

HOSTILE = ["\x1b[31mred", "right \u202eto left", "bell\x07", "line\u2028end", "nul\0", "\x9b1m"]


@pytest.mark.parametrize("label", HOSTILE)
@pytest.mark.parametrize(
    "form",
    [
        "-----BEGIN {}-----\nAAAA\n-----END {}-----\n",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END {}-----\n",
        "-----BEGIN {} PRIVATE KEY-----\nAAAA\n-----END {} PRIVATE KEY-----\n",
        "-----END {}-----\n",
    ],
)
def test_labels_are_escaped(label: str, form: str) -> None:
    """Whoever made the file must not write to the terminal of who reads the report."""
    for presented in (form.format(label, label), CHAIN.decode() + form.format(label, label)):
        report = check(presented)
        for finding in report.findings:
            assert safe(finding.message), finding.message
            assert safe(str(finding.evidence)), finding.evidence


@pytest.mark.parametrize("name", HOSTILE)
def test_names_of_files_are_escaped(name: str) -> None:
    """A file may be called anything."""
    for data in (b"", END + CHAIN, CHAIN[:-40]):
        for finding in check(Source(name, data)).findings:
            assert safe(finding.message)


def safe(text: str) -> bool:
    return not [
        letter for letter in text if unicodedata.category(letter)[0] in "CZ" and letter != " "
    ]


# --- bounds --------------------------------------------------------------------------------------


def limited(**limits: int) -> dict[str, Any]:
    return {"validation": Validation(limits=Limits(**limits)), "rules": RULES}


def test_more_certificates_than_are_read_is_told_once() -> None:
    """With the bound, whether they come in one file, in several, in PEM or in DER."""
    der_chain = b"".join(certificate.der for certificate in GATEWAY.presented())
    for presented in (CHAIN, BLOCKS, der_chain, [BLOCKS[0] * 9, BLOCKS[1] * 9]):
        report = check(presented, **limited(certificates=3))
        assert roots(report) == ["input.over-limit"]
        assert "more than 3" in of_input(report)[0].message
        assert len(report.hierarchy.sequence) == 3
    assert roots(check(CHAIN, **limited(certificates=len(BLOCKS)))) == []


def test_what_is_trusted_beyond_the_bound_may_be_the_root() -> None:
    """So it is not known whether the chain is valid, nor what clients do, who read all of it."""
    root = pem(*GATEWAY.trust())
    specs = (Spec(f"Root {number}", "p256-1", NOW, NOW) for number in range(len(BLOCKS)))
    others = pem(*map(issue, specs))
    limits = Validation(limits=Limits(certificates=len(BLOCKS)))
    given: dict[str, Any] = {"hostname": HOSTNAME, "at": NOW, "validation": limits}
    found = edgecheck.check(BLOCKS, trust=root + others, **given)
    assert found.valid is True
    cut = edgecheck.check(BLOCKS, trust=others + root, **given)
    assert cut.valid is None
    assert "input.over-limit" in roots(cut)
    assert "path.undecided" not in roots(cut)
    assert {each.verdict for each in cut.predictions} == {"unknown"}
    given["validation"] = Validation(limits=Limits(certificates=len(BLOCKS) + 1))
    along = edgecheck.check([*BLOCKS, root], trust=others * 2 + root, **given)  # it is sent too
    assert along.valid is None
    (told,) = [each for each in along.findings if each.rule.id == "trust.root-not-trusted"]
    assert "not among the trusted ones that were read" in told.message
    assert "trust.root-not-trusted" not in roots(along)


def test_a_file_that_is_too_large_is_not_called_damaged_too() -> None:
    """The block that was cut by the bound is not the user's fault."""
    for size in range(1, len(CHAIN), 50):
        report = check(CHAIN, **limited(input_bytes=size))
        assert roots(report) == ["input.over-limit"]
        assert f"{len(CHAIN)} bytes, {size} read" in of_input(report)[-1].message
        assert len(report.hierarchy.sequence) == CHAIN[:size].count(END)


def test_damage_without_end_makes_no_report_without_end() -> None:
    """As much is told as certificates would be read."""
    broken = b"-----BEGIN CERTIFICATE-----\nAAA*\n-----END CERTIFICATE-----\n" * 50
    assert len(of_input(check(broken, **limited(certificates=5)))) == 7
    assert len(of_input(check(END * 50, **limited(certificates=5)))) == 6


# --- severity ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "runtime", "severity"),
    [
        ("X509 CERTIFICATE", "1.0.0", "error"),
        ("X509 CERTIFICATE", "1.1", "error"),
        ("X509 CERTIFICATE", "1.2.0", "warning"),
        ("X509 CERTIFICATE", "1.6", "warning"),
        ("TRUSTED CERTIFICATE", "1.1", "error"),
        ("TRUSTED CERTIFICATE", "1.6", "error"),
    ],
)
def test_the_label_matters_to_the_runtime(label: str, runtime: str, severity: str) -> None:
    """Up to 1.1 it knows only CERTIFICATE; OpenSSL as it uses it passes over TRUSTED."""
    text = CHAIN.replace(b" CERTIFICATE", f" {label}".encode())
    assert one(text, device=Device(runtime=runtime)).severity == severity


def test_the_label_where_no_runtime_is_known() -> None:
    """A chain of CA certificates does not tell the runtime, so the old label is a warning."""
    device_ca_file = pem(*GATEWAY.presented("device_ca", "intermediate"), comments=False)
    assert one(device_ca_file.replace(b" CERT", b" X509 CERT")).severity is Severity.WARNING


FILES = ("device_ca_file", "trust_bundle", "identity_certificate")
# OpenSSL 3 and the file's own reader are not everybody; why these differ from it:
ELSEWHERE = {
    "input.byte-order-mark",  # OpenSSL before 3.0, Go and Java lose the certificate
    "input.other-label",  # the file is read otherwise by the runtime than by a trust store
    "input.malformed-certificate",  # refused in the handshake, or when the chain is verified
    "input.unreadable-fact",
    "input.duplicate-extension",
    "input.algorithm-mismatch",
    "input.over-limit",  # a bound of this check
    "input.transcript-without-certificates",  # what is missing was never in the file
    "input.transcript-verdict",  # it is about what another program saw
}
FOLDERS = [folder for folder in folders() if FIXTURES / "input" in folder.parents]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_an_error_is_what_openssl_loses(folder: Path) -> None:
    """Fewer certificates than were meant, or none: exactly then there is an error.

    What was presented nobody reads; so it is looked at as if it were the device CA file.
    """
    fixture = read(folder)
    configured = [fixture.device[field] for field in FILES if field in fixture.device]
    given = fixture.given()
    if configured:
        name, meant = configured[0], 3 if "device_ca_file" in fixture.device else 1
    elif folder.name == "indented-block--trusted":
        name, meant = "trust.pem", 1
    else:
        name, meant = "chain.pem", 3 if fixture.device.get("runtime") == "1.5" else 4
        file = edgecheck.Source(name, fixture.file(name).read_bytes())
        given["device"] = replace(given["device"], device_ca_file=file)
    found = edgecheck.check(**given).findings
    errors = {f.rule.id for f in found if f.severity == "error" and f.rule.family == "input"}
    if errors & ELSEWHERE or fixture.presented != ("chain.pem",):
        return
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    with suppress(ssl.SSLError):
        context.load_verify_locations(cafile=fixture.file(name))
    lost = context.cert_store_stats()["x509"] < meant
    assert lost == bool(errors)


FORMS = [
    folder
    for folder in FOLDERS
    if (folder.parent / f"{folder.name.partition('--')[0]}--device-ca-file").is_dir()
    and "--device-ca-file" not in folder.name
]


@pytest.mark.parametrize("folder", FORMS, ids=lambda folder: folder.name)
def test_a_form_that_only_a_paste_has_is_a_note(folder: Path) -> None:
    """Where everything could be read, in a file of CAs alone a warning; where not, an error."""
    fixture = read(folder)
    arguments = fixture.given()
    slug = f"input.{folder.name.partition('--')[0]}"

    def worst(**changes: Any) -> str | None:
        report = edgecheck.check(**(arguments | changes))
        found = [f.severity for f in report.findings if f.rule.id == slug]
        return min(found, key=lambda severity: severity.rank).value if found else None

    if slug in ("input.der", "input.not-a-certificate", "input.pkcs7"):
        return  # no forms of a text
    if folder.name == "indented-block--trusted":
        assert worst() == "error"
        return
    assert worst() == worst(as_sent=True) == "info"


def test_a_key_in_a_paste_makes_its_form_no_worse() -> None:
    """In one line of JSON, and quoted in a mail: every certificate was read all the same."""
    chain, key = (
        pem(*GATEWAY.presented()).decode(),
        (private_keys.FOLDER / "ed25519-1.pem").read_text(),
    )
    ways = {
        "literal-newlines": json.dumps({"crt": chain, "key": key}),
        "indented-block": "".join(f"> {line}" for line in (chain + key).splitlines(True)),
    }
    for slug, text in ways.items():
        report = edgecheck.check(text, at=NOW)
        found = {f.rule.id: f.severity.value for f in report.findings}
        assert len(report.certificates) == len(GATEWAY.presented())
        assert (found[f"input.{slug}"], found["input.private-key"]) == ("info", "warning")


@pytest.mark.parametrize("form", ["base64", "hex"])
def test_what_stands_between_blocks_without_markers_is_said(form: str) -> None:
    """A key as such; a certificate as one that was not read, since no reader of PEM sees it."""
    server, *others = GATEWAY.presented()
    block = pem(server, comments=False).decode()
    key = asn1_pem.unarmor((private_keys.FOLDER / "p256-1.pem").read_bytes())[2]

    def found(data: bytes) -> dict[str, Finding]:
        written = b64encode(data).decode() if form == "base64" else data.hex()
        report = edgecheck.check(f"{block}\n{written}\n", at=NOW)
        assert len(report.certificates) == 1
        assert written[60:80] not in report.to_json()
        return {f.rule.id: f for f in report.findings}

    assert found(key)["input.private-key"].severity is Severity.WARNING
    told = found(others[0].der)["input.text-between-blocks"]
    assert told.severity is Severity.WARNING
    assert "was not read" in told.message
    assert "input.private-key" not in found(others[0].der)


def test_no_remedy_takes_a_key_along_with_the_line_of_a_certificate() -> None:
    """`sed` prints whole lines, so it is told only where the key has lines of its own."""
    chain, key = (
        pem(*GATEWAY.presented()).decode(),
        (private_keys.FOLDER / "ed25519-1.pem").read_text(),
    )
    for text, told in ((chain + key, True), (json.dumps({"crt": chain, "key": key}), False)):
        report = edgecheck.check(text, at=NOW)
        (found,) = (f for f in report.findings if f.rule.id == "input.private-key")
        assert ("sed -n" in (found.remedy or "")) is told


def test_a_file_of_cas_alone_may_be_the_gateways() -> None:
    """So its form is a warning, and an error where it is said to be the gateway's."""
    text = b"".join(b"  " + line for line in pem(*GATEWAY.presented("device_ca")).splitlines(True))
    named = edgecheck.Source("ca.pem", text)
    device = edgecheck.Device(device_ca_file=named)
    ways: tuple[tuple[dict[str, Any], str], ...] = (
        ({}, "warning"),
        ({"as_sent": True}, "info"),
        ({"device": device}, "error"),
    )
    for how, severity in ways:
        report = edgecheck.check([named], at=NOW, **how)
        found = [f.severity for f in report.findings if f.rule.id == "input.indented-block"]
        assert [each.value for each in found] == [severity], how


# --- certificates that are damaged inside --------------------------------------------------------


def test_a_memo_remembers_what_is_wrong_inside_a_certificate() -> None:
    """The rules over one certificate see nothing else, so their answer holds for every chain."""
    memo = Memo()
    for folder in FOLDERS:
        if folder.name.startswith(("malformed", "unreadable-fact", "duplicate", "algorithm")):
            fixture = read(folder)
            first, second = fixture.check(memo=memo), fixture.check(memo=memo)
            assert first.to_json() == second.to_json() == fixture.check().to_json()


def test_a_serial_number_of_zero_is_not_malformed() -> None:
    """`cryptography` warns of it, and every certificate of the runtime since 1.2 has it."""
    zero = Spec("gw", "p256-1", SERVER_ISSUED, SERVER_ISSUED, (basic_constraints(True),), serial=0)
    assert roots(check(pem(issue(zero), comments=False), rules=RULES)) == []
    longer = zero.with_(damage=lambda made: made + b"\0")
    finding = one(pem(issue(longer), comments=False), rules=RULES)
    assert "1 bytes after the certificate's end" in finding.message


# --- other forms, and files of the gateway -------------------------------------------------------

BUNDLE = (FIXTURES / "input/pkcs7--der/chain.p7b").read_bytes()
OPEN = (FIXTURES / "input/pkcs12/gateway.pfx").read_bytes()
LOCKED_PFX = (FIXTURES / "input/locked-container/gateway.pfx").read_bytes()
PASSWORD = "long ago and far away"
DERS = b"".join(certificate.der for certificate in GATEWAY.presented()[:4])
UPPER = b"".join(pem(GATEWAY.issued(r), comments=False) for r in ("device_ca", "intermediate"))


def in_the_file(field: str, data: bytes, **given: Any) -> list[Finding]:
    """What the rules about the input say when a file of the gateway is that."""
    return of_input(check(CHAIN, device=Device(**{field: data}), rules=RULES, **given))


@pytest.mark.parametrize("data", [BUNDLE, OPEN, LOCKED_PFX, asn1_pem.armor("PKCS7", BUNDLE), DERS])
def test_containers_are_read_like_the_file(data: bytes) -> None:
    """The same certificates in the same order, and a note about the form."""
    report = check(data, password=PASSWORD)
    assert report.hierarchy.sequence == check(b"".join(BLOCKS[:4])).hierarchy.sequence
    assert report.valid
    assert one(data, password=PASSWORD.encode()).severity is Severity.INFO


@pytest.mark.parametrize("field", FILES)
@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (BUNDLE, "input.pkcs7"),
        (asn1_pem.armor("PKCS7", BUNDLE), "input.pkcs7"),
        (OPEN, "input.pkcs12"),
        (LOCKED_PFX, "input.locked-container"),
        (BUNDLE[:-200], "input.unopened-container"),
        (DERS, "input.der"),
        (b"", "input.nothing-in-file"),
        (b"\xfe\xed\xfe\xed\0\0\0\2", "input.unopened-container"),
        (UPPER.decode().encode("utf-16"), "input.utf-16"),
        (UPPER.decode().encode("utf-32-be"), "input.utf-16"),
        (b"\xef\xbb\xbf" + UPPER, "input.byte-order-mark"),
        (UPPER.replace(b"\n", rb"\n"), "input.literal-newlines"),
        (UPPER.replace(END + BEGIN, END.rstrip() + BEGIN), "input.joined-blocks"),
        (b" " + UPPER.replace(b"\n", b"\n ").rstrip(b" "), "input.indented-block"),
        (asn1_pem.armor("X509 CERTIFICATE", asn1_pem.unarmor(UPPER)[2]), "input.other-label"),
        (ALL_KEYS["p256-1 PKCS#8"][0], "input.private-key"),
        (ALL_KEYS["p256-1 PKCS#8"][1], "input.private-key"),
        (asn1_pem.armor("PUBLIC KEY", b"0\0"), "input.not-a-certificate"),
    ],
)
def test_what_the_runtime_cannot_read_is_an_error(field: str, data: bytes, rule: str) -> None:
    """In each file of the gateway, whatever was presented besides."""
    device = {"runtime": "1.1", field: data}
    (finding,) = of_input(check(CHAIN, device=Device(**device), rules=RULES))
    assert (finding.rule.id, finding.severity) == (rule, Severity.ERROR)
    assert place(finding)[0][0] == f"<{field}>"
    assert finding.message.startswith(f"<{field}>")


def test_what_harms_nobody_is_a_note_in_those_files_too() -> None:
    """CR LF and remarks."""
    for data in (UPPER.replace(b"\n", b"\r\n"), b"subject=CN = x\n" + UPPER):
        assert [f.severity for f in in_the_file("device_ca_file", data)] == [Severity.INFO]


def test_a_bundle_that_cannot_be_read_is_told_once() -> None:
    """That the root is not in it follows."""
    report = check(CHAIN, device=Device(trust_bundle=LOCKED_PFX))
    assert [f.rule.id for f in report.findings if f.severity is Severity.ERROR] == [
        "input.locked-container"
    ]


def test_passwords() -> None:
    """None, a wrong one, a part: each is told as what it is, and none is shown."""
    assert "none was given" in one(LOCKED_PFX).message
    wrong = check(LOCKED_PFX, password="some wrong password")
    assert "does not open this PKCS#12" in of_input(wrong)[0].message
    assert roots(wrong) == ["input.locked-container"]
    assert "some wrong" not in everything(wrong)
    assert PASSWORD not in everything(check(LOCKED_PFX, password=PASSWORD))
    with pytest.raises(TypeError, match="password: expected a str, got int"):
        check(CHAIN, password=1)


def test_a_password_that_nothing_needs_does_no_harm() -> None:
    """Chains of all kinds may be checked with the same arguments."""
    assert check(CHAIN, password="x").to_json() == check(CHAIN).to_json()
    assert check(OPEN, password="x").to_json() == check(OPEN).to_json()


def test_bounds_hold_for_what_is_in_containers() -> None:
    """Of more certificates than the bound the first are read, and it is told."""
    few = Validation(limits=Limits(certificates=2))
    for data in (BUNDLE, OPEN, LOCKED_PFX):
        report = check(data, validation=few, password=PASSWORD)
        assert len(report.hierarchy.sequence) == 2
        assert "input.over-limit" in roots(report)


def test_a_damaged_certificate_in_a_container_is_found_there() -> None:
    """The others are read all the same."""
    damaged = BUNDLE.replace(GATEWAY.issued("device_ca").der[4:40], b"\0" * 36)
    report = check(asn1_pem.armor("PKCS7", damaged))
    assert len(report.hierarchy.sequence) == 3
    (finding,) = (f for f in of_input(report) if f.severity is Severity.ERROR)
    assert finding.rule.id == "input.unreadable-certificate"
    assert place(finding)[0][1:] == place(of_input(report)[-1])[0][1:]


def test_revocation_lists_in_pkcs7_are_counted() -> None:
    """Nobody should think that they were looked at."""
    lists = der.tlv(0xA1, der.sequence())
    inside = (der.integer(1), der.tlv(0x31), der.sequence(der.oid("1.2.840.113549.1.7.1")))
    signed = der.sequence(*inside, der.tlv(0xA0, DERS), lists, der.tlv(0x31))
    data = der.sequence(der.oid("1.2.840.113549.1.7.2"), der.tlv(0xA0, signed))
    assert one(data).evidence["revocation_lists"] == 1
    assert "revocation_lists" not in one(BUNDLE).evidence


# --- certificates that clients take as if they were not there ------------------------------------


def test_a_hidden_issuer_concerns_the_certificate_below() -> None:
    """OpenSSL finds no issuer of the one below, and names the depth of that one."""
    for name in ("duplicate-extension", "unreadable-fact--negative-path-length"):
        said = read(FIXTURES / "input" / name).check()
        (finding,) = (f for f in said.findings if f.rule.family == "input")
        path = said.hierarchy.path
        assert path is not None
        workload_ca, device_ca = path.certificates[1:3]
        assert finding.certificates == (device_ca.sha256, workload_ca.sha256)


def test_a_damaged_root_is_looked_at_where_it_is_only_trusted() -> None:
    """Rustls takes no dates of what it trusts."""
    until = raw_time(der.tlv(0x17, b"4011220813Z"))
    broken = GATEWAY.change("root", not_after=until)
    chain = pem(*broken.presented("server", "workload_ca", "device_ca", "intermediate"))
    found = edgecheck.check(chain, trust=pem(*broken.trust()), at=NOW)
    (finding,) = (f for f in found.findings if f.rule.id == "encoding.time")
    assert "Python ssl" in finding.evidence["refused_by"]
    assert "rustls" not in finding.evidence["refused_by"]
