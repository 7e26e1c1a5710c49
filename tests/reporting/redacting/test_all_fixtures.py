"""A redacted report tells all that is wrong, and nothing of whose gateway it is."""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections.abc import Iterator
from itertools import chain, combinations
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

import edgecheck
from edgecheck.device import FILES
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.der import Malformed
from edgecheck.reporting.redacting.public import vocabulary
from edgecheck.reporting.redacting.redaction import Redaction
from fixtures.expected import FIXTURES, folders, read
from tests.examples import some

SCHEMA = Path(edgecheck.__file__).parent / "reporting/schema/report-v1.json"
VALIDATOR = Draft202012Validator(json.loads(SCHEMA.read_bytes()))
FOLDERS = some(folders(), every=4)
WORDS = re.compile(r"[^\W_]{4,}")
EVERY = re.compile(r"[^\W_]+")
STAYING = re.compile(r"\d{1,7}|\d{7,14}z?|f[cde][0-9a-f]{2}")
"""Numbers that are short, times, and what tells that an IPv6 address is a private one."""
ESCAPES = re.compile(r"\\u[0-9a-f]{4}|\\x[0-9a-f]{2}|\\n")
NUMBER = re.compile(r"\d+|[0-9a-f]{16,}")
RUNS = re.compile(rb"[ -~]{10,}")
FOUND = re.compile(r'data-finding="([^"]+)" data-severity="([^"]+)"')
STAY = ("ok", "valid", "worst", "passed", "tool", "schema_version")
"""Of the whole report."""
OF_FINDINGS = ("rule", "severity", "role", "act", "references")
OF_PREDICTIONS = ("client", "version", "tier", "verdict", "basis")
OF_CERTIFICATES = ("role", "not_before", "not_after", "public_key", "signature_algorithm", "is_ca")


@pytest.mark.parametrize(
    "folder", FOLDERS, ids=[folder.relative_to(FIXTURES).as_posix() for folder in FOLDERS]
)
def test_a_report_keeps_what_is_wrong_and_loses_whose_it_is(folder: Path) -> None:
    """In its JSON, which follows the schema, and in its text, whose signs are safe to print."""
    report = read(folder).check()
    plain, told = report.to_dict(), report.to_dict(redact=True)
    assert [f"{e.json_path}: {e.message}" for e in VALIDATOR.iter_errors(told)] == []
    same_findings(plain, told)
    same_names(plain, told)
    text = report.to_text(redact=True, verbose=True, width=400)
    for finding in told["findings"]:
        if not finding["caused_by"]:
            assert f"{finding['severity']}[{finding['rule']}]" in text
    assert all(unicodedata.category(sign) not in ("Cc", "Cf") for sign in text if sign != "\n")
    nothing_left(report, "\n".join(strings(told)), "JSON")
    nothing_left(report, without_references(text, told), "text")
    for form, made in (("html", report.to_html(redact=True)), ("svg", report.to_svg(redact=True))):
        ids = {(finding["id"], finding["severity"]) for finding in told["findings"]}
        assert set(FOUND.findall(made)) == ids
        assert "-----BEGIN CERTIFICATE-----\nM" not in made
        nothing_left(report, without_references(shown(made), told), form)


def shown(made: str) -> str:
    """All that stands in a page or a drawing: texts, and values of attributes."""
    texts = re.sub(r"<(style|script)>.*?</\1>", " ", made, flags=re.DOTALL)
    values = re.findall(r'(?:data-finding|id|href)="([^"]*)"', texts)
    told = [value for value in values if "://" not in value]
    return html.unescape(" ".join([re.sub(r"<[^>]*>", " ", texts), *told]))


def test_the_test_sees_what_is_left() -> None:
    """In a page and in a drawing that are not redacted there is plenty."""
    report = read(FIXTURES / "ca/not-a-ca").check()
    for made in (report.to_html(), report.to_svg()):
        with pytest.raises(AssertionError):
            nothing_left(report, shown(made), "plain")


def same_findings(plain: dict[str, Any], told: dict[str, Any]) -> None:
    assert {key: told[key] for key in STAY} == {key: plain[key] for key in STAY}
    assert picked(told["findings"], OF_FINDINGS) == picked(plain["findings"], OF_FINDINGS)
    assert picked(told["undecided"], ("rule",)) == picked(plain["undecided"], ("rule",))
    assert picked(told["predictions"], OF_PREDICTIONS) == picked(
        plain["predictions"], OF_PREDICTIONS
    )
    assert picked(told["certificates"], OF_CERTIFICATES) == picked(
        plain["certificates"], OF_CERTIFICATES
    )
    caused = [[f["caused_by"] and f["caused_by"].partition("@")[0] for f in each["findings"]]
              for each in (plain, told)]  # fmt: skip
    assert caused[0] == caused[1], "what follows from what"
    known = {finding["id"] for finding in told["findings"]}
    assert len(known) == len(told["findings"])
    assert set(told["fix_first"]) <= known
    assert all(known.issuperset(p["because"]) for p in told["predictions"])


def picked(values: list[dict[str, Any]], keys: tuple[str, ...]) -> list[list[Any]]:
    return [[value[key] for key in keys] for value in values]


def same_names(plain: dict[str, Any], told: dict[str, Any]) -> None:
    """Names that are equal, or equal but for their letters' case, are so afterwards; no others."""
    pairs = list(zip(names(plain), names(told), strict=True))
    hosts = [(name, told) for name, told in pairs if "=" not in name]
    assert [name.count(".") for name, _ in hosts] == [name.count(".") for _, name in hosts]
    for (one, redacted), (other, too) in combinations(dict.fromkeys(pairs), 2):
        assert (one == other) == (redacted == too), (one, other, redacted, too)
        if one.isascii() and other.isascii():
            folded = one.lower() == other.lower(), redacted.lower() == too.lower()
            assert folded[0] == folded[1], (one, other, redacted, too)


def names(report: dict[str, Any]) -> list[str]:
    found = [report["expected"]["hostname"], report["expected"]["device"]["hostname"]]
    for each in report["certificates"]:
        found += [each["subject"], each["issuer"], each["sha256"], each["subject_key_id"]]
        found += [
            each["authority_key_id"],
            *(each["dns_names"] or ()),
            *(each["ip_addresses"] or ()),
        ]
    return [name for name in found if name]


def nothing_left(report: edgecheck.Report, text: str, where: str) -> None:
    words = {word.lower() for word in WORDS.findall(text)}
    telling = {
        word.lower() for value in values(report) for word in WORDS.findall(value)
    } - vocabulary()
    assert {word for word in words & telling if not STAYING.fullmatch(word)} == set(), where


def values(report: edgecheck.Report) -> Iterator[str]:
    """What may tell whose gateway it is."""
    device, hostname = report.expected.device, report.expected.hostname
    for name in (hostname, device.hostname, device.device_id, device.parent_hostname):
        yield name or ""
    files = [getattr(report.expected, name) or () for name in FILES]
    every = {*report.certificates, *report.origins, *report.expected.trust, *chain(*files)}
    for certificate in every:
        yield from of_certificate(certificate)
        yield from (run.decode() for run in RUNS.findall(certificate.der))


def of_certificate(certificate: Certificate) -> Iterator[str]:
    yield from (certificate.sha256, certificate.sha256[:12], certificate.sha256[:16])
    try:
        yield from (str(certificate.subject), str(certificate.issuer))
        yield (certificate.subject_key_id or b"").hex()
        if certificate.serial >= 100_000:
            yield from (f"{certificate.serial:x}", str(certificate.serial))
        alternative = certificate.alt_names
    except (Unreadable, Malformed, ValueError):
        return
    if alternative is not None:
        yield from (*alternative.dns, *alternative.email, *alternative.uri)


def strings(value: Any, key: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield name
            yield from strings(item, name)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item, key)
    elif isinstance(value, str) and key not in ("text", "url", "openssl"):
        yield value


def without_references(text: str, told: dict[str, Any]) -> str:
    """Documents and measurements are the same for everybody."""
    for finding in told["findings"]:
        for reference in finding["references"]:
            text = text.replace(reference["text"].removeprefix("measured: "), "")
    return text


ELSEWHERE = {"plant", "fabrikam"}
"""Words of names that a transcript or a CRL has, and that are in none of the certificates."""


def test_no_word_of_our_own_becomes_a_pseudonym() -> None:
    """A message is read by whoever helps: what is replaced is a word of somebody's, or a number."""
    garbled = set()
    for folder in FOLDERS:
        report = read(folder).check()
        redaction = Redaction.of(report)
        theirs = {word.lower() for value in values(report) for word in EVERY.findall(value)}
        theirs |= {word.lower() for o in report.origins.values() for at in o
                   for word in EVERY.findall(at.source)}  # fmt: skip
        theirs |= {word.lower() for text in device_texts(report) for word in EVERY.findall(text)}
        for finding in report.findings:
            before = EVERY.findall(ESCAPES.sub(" ", finding.message))
            after = EVERY.findall(ESCAPES.sub(" ", redaction(finding.message)))
            assert len(before) == len(after)
            garbled |= {
                one.lower() for one, two in zip(before, after, strict=True) if one != two
            } - theirs
    assert {word for word in garbled - ELSEWHERE if not NUMBER.fullmatch(word)} == set()


def device_texts(report: edgecheck.Report) -> Iterator[str]:
    yield from strings(report.to_dict(predictions=False)["expected"])


def test_the_same_report_gives_the_same_bytes() -> None:
    fixture = read(FIXTURES / "hostname/case-mismatch")
    one, other = fixture.check(), fixture.check()
    assert one.to_json(redact=True) == other.to_json(redact=True)
    assert one.to_text(redact=True) == other.to_text(redact=True)


def test_text_and_json_have_the_same_pseudonyms() -> None:
    report = read(FIXTURES / "ca/not-a-ca").check()
    told = report.to_dict(redact=True)
    text = " ".join(report.to_text(redact=True, verbose=True).split())
    assert len(told["chain_description"]) == len(told["certificates"]) > 3
    assert " ".join(["Chain description:", *told["chain_description"]]) in text
    for certificate in told["certificates"]:
        assert certificate["subject"] in text
