"""Right uses of the library, all of which type checkers must take as they are."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509

import edgecheck
from edgecheck import (
    BUILT_IN,
    Certificate,
    Device,
    Finding,
    Limits,
    Memo,
    Report,
    Role,
    RuleSet,
    Severity,
    Source,
    Undecided,
    Validation,
)
from edgecheck.types import AnyCertificate, AnyCertificates, AnyCrls, Prediction, Rule

DATA: bytes = Path("chain.pem").read_bytes()
NOW = datetime(2026, 11, 23, tzinfo=UTC)


def forms(text: str, loaded: list[x509.Certificate], several: Iterator[bytes]) -> list[Report]:
    """Every form in which certificates are taken, and mixtures of them."""
    mixed: list[AnyCertificate] = [DATA, text, loaded[0], Source("chain.pem", DATA)]
    given: list[AnyCertificates] = [
        DATA,
        text,
        bytearray(DATA),
        memoryview(DATA),
        Source("chain.pem", DATA),
        loaded[0],
        loaded,
        tuple(loaded),
        several,
        [DATA, DATA],
        (path.read_bytes() for path in Path("chains").iterdir()),
        mixed,
        edgecheck.check(DATA).certificates,
        edgecheck.check(DATA).certificates[0],
    ]
    return [edgecheck.check(one, trust=one) for one in given]


def before_deployment() -> tuple[Certificate, ...]:
    """What a runtime will make, and what edgeHub sends of it."""
    report: Report = edgecheck.predict(DATA, "gw.local", "1.5", trust=DATA, at=NOW)
    quick = edgecheck.predict((), "gw.local", "1.1", device_id="edge-7", sent_by="edgehub")
    edgecheck.check(DATA, sent_by="edgehub")
    return (*report.synthetic, *quick.synthetic)


def everything(crl: x509.CertificateRevocationList, crls: AnyCrls) -> Report:
    """Each argument."""
    memo: Memo = Memo(most=100)
    return edgecheck.check(
        DATA,
        "gw.local",
        [DATA],
        NOW,
        Device(
            runtime="1.5",
            time_t_bits=32,
            gateway_host_names=("gw.local",),
            device_ca_file=DATA,
            trust_bundle="-----BEGIN CERTIFICATE-----",
            os_trust=[DATA, DATA],
            edge_ca={"cert": "file:///ca.pem", "auto_renew": {"rotate_key": True}},
            keys={"edge_ca.pk": {"mode": 0o400, "readable_by": ["aziotks"]}},
        ),
        crls=[crl, DATA] if crls == () else crls,
        password="secret",
        profile="rfc5280",
        validation=Validation(max_depth=3, limits=Limits(steps=1000)),
        rules=BUILT_IN.select("hostname").without("hostname.loopback") | own_rules(),
        memo=memo,
        roles={"ab" * 32: Role.DEVICE_CA},
        clients=[".NET"],
        as_sent=True,
    )


def own_rules() -> RuleSet:
    """Rules with other severities."""
    return BUILT_IN.with_severity({"hostname.loopback": Severity.ERROR})


def read(report: Report) -> str:
    """What a report tells."""
    worst: Severity | None = report.worst
    bad = worst is not None and (worst >= Severity.WARNING or worst == "error" or worst > "info")
    valid: bool | None = report.valid
    server: Certificate | None = report.hierarchy.server
    found: tuple[Finding, ...] = report.findings
    first: Rule | None = found[0].rule if found else None
    open_questions: tuple[Undecided, ...] = report.undecided
    predictions: tuple[Prediction, ...] = report.predictions
    refusing = [p.client for p in predictions if p.verdict == "reject"]
    passed: tuple[str, ...] = report.passed
    made = report.to_dict(predictions=False)
    text = report.to_json(predictions=False) + report.to_text(
        color=True, width=80, verbose=True, unicode=False
    )
    names = [server.subject.common_name] if server is not None else []
    worst_first = sorted(found, key=lambda finding: finding.severity, reverse=True)
    again = pickle.loads(pickle.dumps(report)) == report
    seen: dict[Report, str] = {report: text}
    told = (bad, valid, first, open_questions, refusing, passed, made, names, worst_first, again)
    return f"{told} {seen}"


def opinions(report: Report) -> Iterable[str]:
    """What others say."""
    return [opinion.says for opinion in edgecheck.second_opinions(DATA, report=report)]
