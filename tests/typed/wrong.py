"""Mistakes, each of which type checkers must find: in the lines marked so, and nowhere else."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import edgecheck
from edgecheck import BUILT_IN, Device, Limits, Report, Severity, Validation

PATH = Path("chain.pem")
DATA: bytes = PATH.read_bytes()


def paths() -> None:
    """A path where the contents of its file are wanted."""
    edgecheck.check(PATH)  # wrong
    edgecheck.check(DATA, trust=PATH)  # wrong
    edgecheck.check([PATH])  # wrong
    edgecheck.check([DATA, PATH])  # wrong
    edgecheck.check(Path("chains").iterdir())  # wrong
    edgecheck.check(DATA, trust=[PATH, PATH])  # wrong
    edgecheck.check(DATA, crls=PATH)  # wrong
    edgecheck.check(DATA, crls=[PATH])  # wrong
    Device(trust_bundle=PATH)  # wrong
    Device(device_ca_file=[PATH])  # wrong
    Device(identity_certificate=PATH)  # wrong
    Device(os_trust=PATH)  # wrong
    Device(cached_workload_ca=PATH)  # wrong
    edgecheck.Source("chain.pem", PATH)  # wrong


def values() -> None:
    """Something else of another type."""
    edgecheck.check(None)  # wrong
    edgecheck.check(5)  # wrong
    edgecheck.check([1, 2])  # wrong
    edgecheck.check(DATA, b"gw.local")  # wrong
    edgecheck.check(DATA, at="2026-11-23T12:00:00Z")  # wrong
    edgecheck.check(DATA, at=0)  # wrong
    edgecheck.check(DATA, device={"runtime": "1.5"})  # wrong
    edgecheck.check(DATA, rules=["hostname"])  # wrong
    edgecheck.check(DATA, roles=[("ab", "root")])  # wrong
    edgecheck.check(DATA, validation=Limits())  # wrong
    edgecheck.check(DATA, host_name="gw.local")  # wrong
    Device(runtime=1.5)  # wrong
    Device(edge_ca={"crt": "file:///ca.pem"})  # wrong
    Device(keys={"edge_ca.pk": {"mode": "0400"}})  # wrong
    Validation(max_depth="3")  # wrong
    BUILT_IN.with_severity({"hostname.loopback": "error"})  # wrong


def names(report: Report) -> None:
    """Names that are not there."""
    edgecheck.chek(DATA)  # wrong
    print(report.validity)  # wrong
    print(report.hierarchy.leaf)  # wrong
    print(report.certificates[0].comon_name)  # wrong
    for finding in report.findings:
        print(finding.code)  # wrong
    report.ok = True  # wrong
    report.to_dict(prediction=False)  # wrong
    report.to_text(colour=True)  # wrong


def optional(report: Report) -> datetime:
    """Values that may be missing, and comparisons that cannot be right."""
    print(report.worst >= Severity.WARNING)  # wrong
    print(report.hierarchy.server.sha256)  # wrong
    print(Severity.ERROR < 3)  # wrong
    return report.expected.at_seconds  # wrong
