"""How long a check takes, as ratios to peers measured in the same run, in turn.

    python benchmarks/run.py [--rounds N] [--json FILE]

Every figure is a line `name: value`. Times are minima over many short rounds in which all
candidates take turns, because a machine's speed drifts; quote the ratios, not the times.
A check is timed from bytes until `valid`, `findings`, `undecided` and `fix_first` have been
read, with every cache of the library emptied before; `check_again` is the same without that, as
in a process that runs on. The peer is `cryptography`'s server verifier on the same PEM, parsed
inside its loop; the floor is parsing and verifying the signatures with nothing else.
`rule_microseconds` and `rule_to_check` tell of the ten costliest rules what they take of a check
of the same chain (RSA), and `rules_microseconds` of all rules together. `predictions_to_check` is
what the predictions of all clients take after a check, divided by what that check took: of a
healthy chain, and of one that clients refuse (a CA without basicConstraints).
`stock_to_floor` tells what a check of each shape of gateway costs that people really have: the
runtimes 1.1, 1.2 and 1.5, and the convenience scripts' chain.
"""

from __future__ import annotations

import argparse
import functools
import gc
import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from cryptography import x509  # noqa: E402
from cryptography.hazmat.primitives.serialization import Encoding  # noqa: E402
from cryptography.x509.verification import PolicyBuilder, Store  # noqa: E402

import edgecheck  # noqa: E402
from edgecheck.rules.engine.rule import Rule  # noqa: E402
from fixtures import demo, stock  # noqa: E402
from fixtures.gateway import Gateway  # noqa: E402
from fixtures.pki import Issued  # noqa: E402

AT: datetime = stock.NOW
HOST = stock.HOSTNAME
LRU_CACHE = type(functools.lru_cache(maxsize=1)(len))


def forget() -> None:
    """Empty every cache that the library keeps between checks."""
    for name, module in list(sys.modules.items()):
        if name.startswith("edgecheck."):
            for value in vars(module).values():
                if isinstance(value, LRU_CACHE):
                    value.cache_clear()


def gateway(kind: str) -> Gateway:
    """Five certificates of one kind of key: 1.1 with a workload CA, all 2048 bits or P-256."""
    made = stock.stock_11("rsa" if kind == "rsa2048" else "ec")
    if kind == "rsa2048":
        made = made.change("workload_ca", key="rsa2048-5")
    return made


def bare(*certificates: Issued) -> bytes:
    """PEM as a gateway has it: blocks, and no text between them."""
    return b"".join(
        x509.load_der_x509_certificate(issued.der).public_bytes(Encoding.PEM)
        for issued in certificates
    )


def check(chain: bytes, trust: bytes, memo: edgecheck.Memo | None = None) -> None:
    """One check by the library, its lazy parts read too."""
    report = edgecheck.check(chain, HOST, trust, AT, memo=memo)
    if report.valid is not True:
        raise SystemExit("the library does not accept the benchmark's chain")
    _ = (report.findings, report.undecided, report.fix_first)


def peer(chain: bytes, trust: bytes) -> None:
    """The same by `cryptography`'s verifier, which raises where it does not accept."""
    certificates = x509.load_pem_x509_certificates(chain)
    store = Store(x509.load_pem_x509_certificates(trust))
    verifier = PolicyBuilder().store(store).time(AT).build_server_verifier(x509.DNSName(HOST))
    verifier.verify(certificates[0], certificates[1:])


def floor(chain: bytes, trust: bytes) -> None:
    """Parse, and verify each signature once."""
    certificates = x509.load_pem_x509_certificates(chain)
    x509.load_pem_x509_certificates(trust)
    for child, issuer in pairwise(certificates):
        child.verify_directly_issued_by(issuer)


def interleaved(
    candidates: dict[str, Callable[[], object]],
    rounds: int,
    before: Callable[[], object] = lambda: None,
) -> dict[str, float]:
    """Seconds of the fastest round of each candidate; all take turns."""
    best = dict.fromkeys(candidates, float("inf"))
    for _ in range(rounds):
        for name, run in candidates.items():
            before()
            started = time.perf_counter()
            run()
            best[name] = min(best[name], time.perf_counter() - started)
    return best


def single(kind: str, rounds: int) -> dict[str, float]:
    """One chain, nothing known beforehand; and again, in a process that saw it before."""
    made = gateway(kind)
    chain, trust = bare(*made.presented()), bare(*made.trust())
    best = interleaved(
        {
            "check": lambda: check(chain, trust),
            "peer": lambda: peer(chain, trust),
            "floor": lambda: floor(chain, trust),
        },
        rounds,
        forget,
    )
    again = interleaved(
        {"check": lambda: check(chain, trust), "peer": lambda: peer(chain, trust)}, rounds
    )
    return {
        f"check_to_peer_{kind}": best["check"] / best["peer"],
        f"check_again_to_peer_{kind}": again["check"] / again["peer"],
        f"check_to_floor_{kind}": best["check"] / best["floor"],
        f"check_microseconds_{kind}": best["check"] * 1e6,
        f"peer_microseconds_{kind}": best["peer"] * 1e6,
    }


def shapes(rounds: int) -> dict[str, float]:
    """One check of each stock gateway to its floor: the peer does not accept all of them."""
    made = {
        "1.1": stock.stock_11(),
        "1.2": stock.stock_12(),
        "1.5": stock.stock_15(),
        "demo_scripts": demo.demo_scripts("1.5"),
    }
    figures = {}
    for name, each in made.items():
        chain, trust = bare(*each.presented()), bare(*each.trust())
        best = interleaved(
            {"check": partial(check, chain, trust), "floor": partial(floor, chain, trust)},
            rounds,
            forget,
        )
        figures[f"stock_to_floor_{name}"] = best["check"] / best["floor"]
        figures[f"stock_microseconds_{name}"] = best["check"] * 1e6
    return figures


def predictions(kind: str, rounds: int) -> dict[str, float]:
    """All clients asked about one chain, by what `check()` of the same chain takes."""
    healthy = gateway(kind)
    chains = {
        "healthy": healthy,
        "failing": healthy.without_extension("device_ca", "basicConstraints"),
    }
    figures = {}
    for name, made in chains.items():
        chain, trust = bare(*made.presented()), bare(*made.trust())
        checking = predicting = float("inf")
        for _ in range(rounds):
            forget()
            started = time.perf_counter()
            report = edgecheck.check(chain, HOST, trust, AT)
            _ = (report.findings, report.undecided, report.fix_first)
            between = time.perf_counter()
            number = len(report.predictions)
            predicting = min(predicting, time.perf_counter() - between)
            checking = min(checking, between - started)
        figures |= {
            f"predictions_to_check_{name}_{kind}": predicting / checking,
            f"predictions_microseconds_{name}_{kind}": predicting * 1e6,
        }
    return figures | {"predictions": float(number)}


def rule_costs(rounds: int, most: int = 10) -> dict[str, float]:
    """Microseconds that the costliest rules take of one check, and the ratio to that check.

    The clock is read before and after each call of a rule's function; what that alone takes is
    measured on a function that does nothing, and left out.
    """
    spent: dict[str, float] = {}
    calls: Counter[str] = Counter()

    def timed(rule: Rule) -> Rule:
        call, clock = rule.check, time.perf_counter

        @functools.wraps(call)
        def check(*subject: Any) -> Any:
            started = clock()
            try:
                return call(*subject)
            finally:
                spent[rule.id] = spent.get(rule.id, 0) + clock() - started
                calls[rule.id] += 1

        return replace(rule, check=check)

    def nothing(hierarchy: Any, case: Any) -> None:
        """Find nothing. Remedy: none."""

    idle = replace(edgecheck.BUILT_IN["chain.root-presented"], id="idle.rule", check=nothing)
    rules = edgecheck.RuleSet(map(timed, (*edgecheck.BUILT_IN, idle)))
    made = gateway("rsa2048")
    chain, trust = bare(*made.presented()), bare(*made.trust())
    best: dict[str, float] = {}
    whole = float("inf")
    for _ in range(rounds):
        forget()
        started = time.perf_counter()
        check(chain, trust)
        whole = min(whole, time.perf_counter() - started)
        forget()
        spent.clear()
        calls.clear()
        edgecheck.check(chain, HOST, trust, AT, rules=rules)
        for name, seconds in spent.items():
            best[name] = min(best.get(name, seconds), seconds)
    overhead = best.pop("idle.rule")
    costs = {name: max(took - overhead * calls[name], 0) for name, took in best.items()}
    figures = {
        "rules": float(len(edgecheck.BUILT_IN)),
        "rules_called": float(len(costs)),
        "rules_microseconds": sum(costs.values()) * 1e6,
        "rules_to_check": sum(costs.values()) / whole,
    }
    for name in sorted(costs, key=costs.__getitem__, reverse=True)[:most]:
        figures[f"rule_microseconds {name}"] = costs[name] * 1e6
        figures[f"rule_to_check {name}"] = costs[name] / whole
    return figures


def fleet(kind: str, rounds: int, size: int = 40) -> dict[str, float]:
    """Many gateways below one intermediate, with a memo; each has its own three certificates."""
    chains = []
    for number in range(size):
        made = gateway(kind)
        for role in ("device_ca", "workload_ca", "server"):
            made = made.change(role, serial=1000 + number)
        chains.append((bare(*made.presented()), bare(*made.trust())))

    def all_checks() -> None:
        memo = edgecheck.Memo()
        for chain, trust in chains:
            check(chain, trust, memo)

    def all_peers() -> None:
        for chain, trust in chains:
            peer(chain, trust)

    best = interleaved({"check": all_checks, "peer": all_peers}, max(rounds // 20, 5), forget)
    return {
        f"fleet_to_peer_{kind}": best["check"] / best["peer"],
        f"fleet_gateways_per_second_{kind}": size / best["check"],
    }


def cold(rounds: int) -> dict[str, float]:
    """Whole processes: the command and the import, to importing `cryptography.x509`."""
    made = gateway("p256")
    chain = bare(*made.presented())

    # An installed package has its byte code beside it; a development setting may forbid that.
    settings = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}

    def run(*arguments: str) -> Callable[[], object]:
        command = [sys.executable, *arguments]
        return lambda: subprocess.run(
            command, input=chain, check=False, capture_output=True, cwd=ROOT, env=settings
        )

    best = interleaved(
        {
            "cryptography": run("-c", "import cryptography.x509"),
            "import": run("-c", "import edgecheck"),
            "help": run("-m", "edgecheck", "--help"),
            "check": run("-m", "edgecheck", "check", "-", "--at", "2026-11-23T12:00:00Z"),
        },
        max(rounds // 40, 5),
    )
    base = best["cryptography"]
    return {
        "cold_import_to_cryptography": best["import"] / base,
        "cold_help_to_cryptography": best["help"] / base,
        "cold_check_to_cryptography": best["check"] / base,
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=400)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    gc.disable()  # the same for all candidates; what they allocate is freed by counting
    figures: dict[str, float] = {}
    for kind in ("rsa2048", "p256"):
        figures |= single(kind, options.rounds)
        figures |= fleet(kind, options.rounds)
        figures |= predictions(kind, options.rounds)
    figures |= shapes(options.rounds)
    figures |= rule_costs(options.rounds)
    figures |= cold(options.rounds)
    for name, value in figures.items():
        print(f"{name}: {value:.{3 if name.startswith('rule') else 2}f}")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
