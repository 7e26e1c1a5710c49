"""What edgeHub sends of what it was given, and what is said of the rest."""

from __future__ import annotations

import csv
import gzip
import io
import json
from functools import cache
from typing import Any

import pytest

import edgecheck
from edgecheck import Report, Severity
from fixtures import stock
from fixtures.demo import demo_scripts
from fixtures.gateway import Gateway
from fixtures.pki import Issued, pem, raw_extension
from fixtures.stock import HOSTNAME, NOW
from tests.predicting.made import predicted
from tests.suites import NO_RECORDINGS, behind_edgehub
from tools import predictions
from tools.predictions import Result
from tools.recording.comparing import agree

EVERYTHING = ("server", "device_ca", "intermediate", "root")


def sent(*certificates: Issued, trust: bytes | None = None, **said: Any) -> Report:
    said = {"hostname": HOSTNAME, "at": NOW, "sent_by": "edgehub", **said}
    return edgecheck.check(pem(*certificates), trust=trust, **said)


def names(report: Report) -> list[str | None]:
    return [c.subject.common_name for c in report.hierarchy.sequence]


def withheld(report: Report) -> list[str | None]:
    sender = report.hierarchy.sender
    assert sender is not None
    return [certificate.subject.common_name for certificate in sender.withheld]


DEVICE_CA, INTERMEDIATE = "iotedgegw device CA", "Contoso Plant 7 Intermediate CA"
ROOT = "Contoso Root CA"


@pytest.fixture(scope="module")
def gateway() -> Gateway:
    return stock.stock_15("rsa")


def test_the_root_stays_away(gateway: Gateway) -> None:
    """So clients that do not trust it miss an issuer (20), and see no untrusted root (19)."""
    report = sent(*gateway.presented(*EVERYTHING), trust=pem(*gateway.trust()))
    assert names(report) == [HOSTNAME, DEVICE_CA, INTERMEDIATE]
    assert withheld(report) == [ROOT]
    assert report.ok
    other = pem(*demo_scripts("1.5").trust())
    wrong = sent(*gateway.presented(*EVERYTHING), trust=other)
    says = {p.client: p.says for p in wrong.predictions}
    assert says["openssl3.0.19-s_client"].startswith("20: ")
    (missing,) = [f for f in wrong.findings if f.severity is Severity.ERROR and not f.caused_by]
    assert missing.rule.id == "chain.missing-issuer"
    assert "never sends a root" in missing.message
    assert missing.object is not None
    assert missing.object.kind == "trust"


def test_order_duplicates_and_strangers_do_not_matter(gateway: Gateway) -> None:
    stranger = stock.stock_11("ec").issued("intermediate")
    root, device_ca = gateway.issued("root"), gateway.issued("device_ca")
    order = (gateway.issued("server"), root, device_ca, stranger, device_ca)
    report = sent(*order, gateway.issued("intermediate"), trust=pem(*gateway.trust()))
    assert names(report) == [HOSTNAME, DEVICE_CA, INTERMEDIATE]
    assert {f.rule.id for f in report.findings if f.severity is not Severity.INFO} == set()


def test_a_chain_without_its_root_is_sent_to_its_last_certificate(gateway: Gateway) -> None:
    report = sent(
        *gateway.presented("server", "device_ca", "intermediate"), trust=pem(*gateway.trust())
    )
    assert names(report) == [HOSTNAME, DEVICE_CA, INTERMEDIATE]
    assert withheld(report) == []


def test_the_trust_bundle_of_the_gateway_is_in_the_same_store(gateway: Gateway) -> None:
    """An intermediate that lacks in the device CA file may come from there."""
    bundle = edgecheck.Device(trust_bundle=pem(*gateway.presented("intermediate", "root")))
    short = gateway.presented("server", "device_ca")
    trust = pem(*gateway.trust())
    assert names(sent(*short, trust=trust)) == [HOSTNAME, DEVICE_CA]
    report = sent(*short, trust=trust, device=bundle)
    assert names(report) == [HOSTNAME, DEVICE_CA, INTERMEDIATE]


def test_a_quickstart_server_comes_alone() -> None:
    report = edgecheck.predict((), HOSTNAME, "1.5", at=NOW, device_id="edge-7", sent_by="edgehub")
    assert names(report) == [HOSTNAME]
    assert withheld(report) == ["aziot-edge CA edge-7"]


def test_a_wrong_authority_key_identifier_cuts_the_chain_there() -> None:
    """The file would do for most clients; what edgeHub sends of it does for none."""
    gateway = stock.stock_15("rsa")
    other = stock.stock_15("ec").issued("intermediate")
    assert other.key_id is not None
    wrong = raw_extension(
        "authorityKeyIdentifier", b"\x30\x16\x80\x14" + other.key_id, shown="another key"
    )
    gateway = gateway.with_extension("device_ca", wrong)
    report = sent(*gateway.presented(*EVERYTHING), trust=pem(*gateway.trust()))
    assert names(report) == [HOSTNAME, DEVICE_CA]
    assert withheld(report) == [INTERMEDIATE, ROOT]
    (error,) = [f for f in report.findings if f.severity is Severity.ERROR and not f.caused_by]
    assert error.rule.id == "chain.missing-issuer"
    assert f'edgeHub has "{INTERMEDIATE}" and does not send it' in error.message
    assert error.act == "reissue"
    assert error.object is not None
    assert error.object.subject == report.hierarchy.sequence[1].sha256
    assert {p.verdict for p in report.predictions if p.tier == 1} == {"reject"}


def test_of_two_cas_of_one_name_either_may_be_sent() -> None:
    """The store's files have thumbprints for names, and nobody knows which comes first."""
    gateway = stock.stock_12("rsa")
    for role in ("device_ca", "intermediate"):
        gateway = gateway.without_extension(role, "authorityKeyIdentifier")
    twin = stock.stock_12("rsa").change("intermediate", key="rsa2048-5")
    report = sent(
        *gateway.presented("server", "device_ca", "intermediate"),
        twin.issued("intermediate"),
        gateway.issued("root"),
    )
    sender = report.hierarchy.sender
    assert sender is not None
    assert [c.subject.common_name for c in sender.either] == [INTERMEDIATE]
    assert "or another one of this name" in report.to_text(width=160)
    told = report.to_dict(predictions=False)["hierarchy"]["sender"]
    assert told["name"] == "edgehub"
    assert len(told["either"]) == 1


def test_issuers_in_a_circle_are_sent_once_each() -> None:
    """OpenSSL would go round until its bound on depth ends it."""
    gateway = stock.stock_12("rsa")
    for role in ("device_ca", "intermediate"):
        gateway = gateway.without_extension(role, "authorityKeyIdentifier")
    named = gateway["device_ca"].subject
    circle = gateway.change("intermediate", issuer=named)
    report = sent(*circle.presented("server", "device_ca", "intermediate"))
    assert names(report) == [HOSTNAME, DEVICE_CA, INTERMEDIATE]


def test_what_takes_too_much_work_is_not_known(gateway: Gateway) -> None:
    """So nothing is valid, and no client is asked."""
    few = edgecheck.Validation(limits=edgecheck.Limits(model_steps=1))
    report = sent(*gateway.presented(*EVERYTHING), trust=pem(*gateway.trust()), validation=few)
    assert report.valid is not True
    assert report.ok is False
    assert {p.verdict for p in report.predictions} == {"unknown"}


def test_a_prediction_can_be_sent_by_edgehub_too() -> None:
    report = predicted(stock.stock_11("rsa"), "1.1", sent_by="edgehub")
    assert names(report) == [HOSTNAME, "iotedged workload ca", DEVICE_CA, INTERMEDIATE]
    assert report.ok
    assert len(report.synthetic) == 2


@pytest.mark.parametrize("word", ["nginx", ""])
def test_no_other_sender_is_known(gateway: Gateway, word: str) -> None:
    with pytest.raises(ValueError, match=r"^sent_by: .*known is edgehub"):
        sent(*gateway.presented(), sent_by=word)


def test_a_transcript_is_what_was_sent_already(gateway: Gateway) -> None:
    certificates = pem(*gateway.presented(), comments=False).decode()
    text = "CONNECTED(00000003)\n---\nCertificate chain\n" + certificates
    with pytest.raises(ValueError, match=r"^sent_by: a transcript is what was sent"):
        edgecheck.check(text, HOSTNAME, at=NOW, sent_by="edgehub")


# --- recorded behind a .NET 8 server that does as edgeHub does ------------------------------------

REFUSED_BY_THE_SERVER = {"r3-008", "r3-022", "r3-051", "r3-065"}
"""Chains with SHA-1 or short keys, which the server's own OpenSSL does not serve: no client judged
them, and a prediction is about what clients decide."""


@cache
def compared() -> tuple[list[Result], list[Result]]:
    """What was predicted behind .NET beside what was recorded; the second: texts that differ.

    Those are others than the same client printed about the same certificates sent as they are.
    """
    files = behind_edgehub()
    if files is None:
        pytest.skip(NO_RECORDINGS)
    cases, plain, behind = files
    rows = csv.DictReader(io.StringIO(gzip.decompress(plain.read_bytes()).decode()))
    before = {(row["case"], row["client"]): row["reason"] for row in rows}
    hosts = {
        case["id"]: case["hostname"]
        for case in map(json.loads, gzip.decompress(cases.read_bytes()).splitlines())
    }
    results = [
        result
        for result in predictions.compared(cases, behind, sent_by="edgehub")
        if result["case"] not in REFUSED_BY_THE_SERVER
    ]
    changed = [
        result
        for result in results
        if result["text_agrees"] is not None
        and not agree(
            result["client"],
            before[result["case"], result["client"]],
            result["reason"],
            hosts[result["case"]],
        )
    ]
    return results, changed


def test_clients_say_of_what_edgehub_sends_what_was_recorded_behind_dotnet() -> None:
    results, _ = compared()
    counts = predictions.figures(results)
    assert counts["verdicts"] >= 900
    assert counts["verdicts_agree"] >= 0.995 * counts["verdicts"]
    assert counts["texts_agree"] >= 0.97 * counts["texts"] > 0


def test_most_texts_that_the_sender_alone_changed_are_predicted() -> None:
    _, changed = compared()
    assert len(changed) >= 100
    assert sum(result["text_agrees"] for result in changed) >= 0.9 * len(changed)
