"""Run published suites of path validation cases and count the agreement.

    python tools/conformance.py limbo FILE[.gz] [--json FILE] [--filter TEXT]
    python tools/conformance.py pkits FILE [--json FILE] [--filter TEXT]

`limbo` takes any file in x509-limbo's schema; `pkits` takes a file of cases whose
certificates and CRLs come from the package `cryptography-vectors`. The verdict is
`report.valid`: None agrees with an expected failure, and is a wrong rejection where success
is expected. A case may take ten seconds; one that raises is skipped, and agrees with nothing.
The last line has the figures.
"""

from __future__ import annotations

import argparse
import gzip
import json
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import edgecheck

BOUND = 10.0
"""Seconds that one case may take."""
WEB_PKI = {"webpki", "online", "bettertls"}
PKITS_TIME = datetime(2011, 4, 15, tzinfo=UTC)
NIST_POLICIES = "2.16.840.1.101.3.2.1.48."
ANY_POLICY = "2.5.29.32.0"
OUTCOMES = ("agree", "wrongly accepted", "wrongly rejected", "skipped", "timed out")


class TimedOut(BaseException):
    """A case has used up its time. No Exception, so that nothing on the way catches it."""


def main() -> int:
    """Run one suite and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("suite", choices=("limbo", "pkits"))
    parser.add_argument("file", type=Path)
    parser.add_argument("--json", type=Path, help="write what each case gave")
    parser.add_argument("--filter", default="", help="only cases whose id contains this")
    options = parser.parse_args()
    cases = LOADERS[options.suite](options.file)
    wanted = [case for case in cases if options.filter in str(case["id"])]
    results = list(judged(wanted, RUNNERS[options.suite]))
    for result in results:
        if result["outcome"] != "agree":
            print(f"{result['id']}: {result['outcome']}: {result['why']}")
    slowest = max((float(str(result["seconds"])) for result in results), default=0.0)
    print(f"slowest case: {slowest:.2f} s")
    if options.json:
        options.json.write_text(json.dumps(results, indent=1) + "\n")
    print(figures(options.suite, results))
    return 0


def figures(suite: str, results: Iterable[dict[str, Any]]) -> str:
    """The last line: how many cases had which outcome."""
    counted = Counter(str(result["outcome"]) for result in results)
    return f"{suite}: " + ", ".join(f"{counted[outcome]} {outcome}" for outcome in OUTCOMES)


def judged(
    cases: Iterable[dict[str, Any]], run: Callable[[dict[str, Any]], tuple[bool, Any, str]]
) -> Iterable[dict[str, Any]]:
    """Each case with its outcome, what the report said, and how long it took."""
    for case in cases:
        started = time.perf_counter()
        got, why = None, ""
        try:
            expected, got, why = _bounded(run, case)
            outcome = _outcome(expected, got)
        except TimedOut:
            outcome, why = "timed out", f"more than {BOUND} s"
        except Exception as wrong:
            outcome, why = "skipped", f"{type(wrong).__name__}: {wrong}"
        yield {
            "id": case["id"],
            "outcome": outcome,
            "valid": got,
            "why": why,
            "seconds": round(time.perf_counter() - started, 4),
        }


def _bounded(
    run: Callable[[dict[str, Any]], tuple[bool, Any, str]], case: dict[str, Any]
) -> tuple[bool, Any, str]:
    """Run one case; raises `TimedOut` when it takes more than `BOUND` seconds."""
    if hasattr(signal, "SIGALRM") and threading.current_thread() is threading.main_thread():
        with _alarm():
            return run(case)
    # Elsewhere nothing stops a case, so it is left to itself; its process ends without it.
    ended: list[tuple[bool, Any, str] | Exception] = []

    def work() -> None:
        try:
            ended.append(run(case))
        except Exception as wrong:
            ended.append(wrong)

    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    worker.join(BOUND)
    if not ended:
        raise TimedOut
    if isinstance(ended[0], Exception):
        raise ended[0]
    return ended[0]


@contextmanager
def _alarm() -> Iterator[None]:
    before = signal.signal(signal.SIGALRM, _stop)
    signal.setitimer(signal.ITIMER_REAL, BOUND)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _stop(*_: object) -> None:
    raise TimedOut


def _outcome(expected: bool, got: bool | None) -> str:
    if (got is True) == expected:
        return "agree"
    return "wrongly rejected" if expected else "wrongly accepted"


def limbo(case: dict[str, Any]) -> tuple[bool, bool | None, str]:
    """One case of x509-limbo."""
    server = case["validation_kind"] == "SERVER"
    at = case["validation_time"]
    peer = case["peer_certificate"]
    name = case["expected_peer_name"] or {}
    report = edgecheck.check(
        [peer, *case["untrusted_intermediates"]],
        hostname=name.get("value") if server else None,
        trust=case["trusted_certs"],
        at=datetime.fromisoformat(at.replace("Z", "+00:00")) if at else datetime.now(UTC),
        crls=case.get("crls", ()),
        profile="web-pki" if case["id"].partition("::")[0] in WEB_PKI else "rfc5280",
        validation=edgecheck.Validation(
            purpose="server" if server else "client",
            peer_names=tuple(peer["value"] for peer in case["expected_peer_names"]),
            max_depth=case["max_chain_depth"],
            revocation="if-given",
        ),
        as_sent=True,
    )
    return case["expected_result"] == "SUCCESS", report.valid, _why(report)


def pkits(case: dict[str, Any]) -> tuple[bool, bool | None, str]:
    """One case of NIST's PKITS; a wrong policy set in a valid one is a wrong rejection."""
    anchor, *others = case["certs"]
    report = edgecheck.check(
        [_vector("certs", name, "crt") for name in reversed(others)],
        trust=_vector("certs", anchor, "crt"),
        at=PKITS_TIME,
        crls=[_vector("crls", name, "crl") for name in case["crls"]],
        profile="path",
        validation=edgecheck.Validation(
            initial_policies=_policies(case["initial_policy_set"]),
            require_explicit_policy=case["initial_explicit_policy"],
            inhibit_policy_mapping=case["initial_policy_mapping_inhibit"],
            inhibit_any_policy=case["initial_inhibit_any_policy"],
            revocation="require",
        ),
        as_sent=True,
    )
    valid, why = report.valid, _why(report)
    if case["should_validate"] and valid:
        wanted = set(_policies(case["user_constrained_policy_set"]) or ())
        if set(report.policies or ()) != wanted:
            valid, why = None, f"policies {report.policies}, wanted {sorted(wanted)}"
    return case["should_validate"], valid, why


def _vector(folder: str, name: str, suffix: str) -> bytes:
    import cryptography_vectors

    root = Path(str(cryptography_vectors.__file__)).parent / "x509" / "PKITS_data"
    return (root / folder / f"{name}.{suffix}").read_bytes()


def _policies(names: list[str]) -> tuple[str, ...]:
    """PKITS' names of policies as object identifiers."""
    found = []
    for name in names:
        number = name.rpartition("-")[2]
        found.append(ANY_POLICY if name == "anyPolicy" else NIST_POLICIES + number)
    return tuple(found)


def _why(report: edgecheck.Report) -> str:
    causes = [f for f in report.findings if f.severity == "error" and f.caused_by is None]
    return "; ".join(f"{finding.rule.id}: {finding.message}" for finding in causes[:3])


def _load_limbo(file: Path) -> list[dict[str, Any]]:
    text = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    cases: list[dict[str, Any]] = json.loads(text)["testcases"]
    return cases


def _load_pkits(file: Path) -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = json.loads(file.read_text())
    return cases


LOADERS = {"limbo": _load_limbo, "pkits": _load_pkits}
RUNNERS = {"limbo": limbo, "pkits": pkits}

if __name__ == "__main__":
    sys.exit(main())
