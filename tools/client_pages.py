"""What make_docs.py writes about clients: docs/clients.md, and a table on pages of rules."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path

from edgecheck import check
from edgecheck.adapters.accuracy import Accuracy, Figures, accuracy
from edgecheck.behaviour.records import RECORDS, families
from edgecheck.reading.text import safe
from fixtures.expected import Fixture

ROOT = Path(__file__).resolve().parent.parent
CONFIRMED = json.loads(
    (ROOT / "tests" / "recordings" / "confirmed.json").read_text(encoding="utf-8")
)
"""Clients that were recorded to refuse chains because of a rule (tools/predictions.py)."""

PAGE = """\
# Clients

What a device says of a gateway's chain depends on the device. `edgecheck` predicts it for {number}
clients, without asking them: `Report.predictions` in a program, `predictions` in the JSON report, a
few lines in the report of a chain that has a fault, and `edgecheck check --client CLIENT` for what
single clients say and why.

## What is predicted

Each client is a model: code that builds and judges the chain as the client's own source does, with
its settings, its order of checks, its way to compare names and its limits. In go the certificates
as sent, what the client trusts, the host name as it is typed, and the time. Out comes

- the *verdict*: `accept`, `reject`, or `unknown` where the model does not reach;
- what it *says*: the text of a rejection in the client's own words, with the times that it names,
  and without what differs from run to run, such as numbers of threads;
- *because*: the findings of the report that explain the rejection.

Models read no finding and findings read no model: the report only joins them.

A prediction is of the client alone. What a server does is none of it: some clients put a dot at
the end of the host name into the handshake, and a server that goes by RFC 6066, section 3, ends it
there.

A file is taken as if it were sent as it stands. edgeHub hands the server's certificate to .NET,
which sends what it can build from the rest, and never the root: a client that does not know the
root says "unable to get local issuer certificate" (20) where it would say "self-signed certificate
in certificate chain" (19) of the file. `edgecheck connect` and a transcript have what was sent.

Of these clients only .NET fetches a missing issuer by itself, over http from the address that the
certificate has of it (authorityInfoAccess), and keeps it for later, unless
`X509ChainPolicy.DisableCertificateDownloads` is set. Where that may save a chain, it is `unknown`,
with the address. Java (`com.sun.security.enableAIAcaIssuers`), gnutls-cli (`--ca-auto-retrieve`)
and NSS's libpkix fetch only if they are told to, and are predicted as they come. Windows
(Schannel) fetches, too.

Nothing is predicted where no server certificate was presented, and for certificates that a device
presents. Without trust or without a host name nobody can be told to connect: the verdict is
`unknown`, unless the chain is refused whatever they are. It is `unknown` too where a piece of the
input cannot be read, for it may be the certificate on which all depends.

## How right that is

The models are held against recordings of the real clients: {cases} chains over TLS
(the server is in {server}). Measured {date}:

- {verdicts_agree} of {verdicts} verdicts agree ({verdicts_share}), {unknown} are unknown;
- {texts_agree} of {texts} texts agree to the letter ({texts_share}), over clients that do not
  print one sentence for everything;
- {wrong_accepts} wrong accepts (refused, and predicted to pass), {wrong_rejects} wrong rejects.

`tools/predictions.py` measures it, and names every disagreement with `--show`. These recordings are
no part of this repository; the SHA-256 of the file, uncompressed, is
`{recordings_sha256}`.
The models were written with these recordings at hand. {unseen}

`basis` of a prediction is `recorded` where recordings of that very client confirm its model, and
`derived` where the model follows from source code alone. On the [pages of rules](rules/index.md),
*confirmed* means that this client was recorded to refuse a chain because of that rule, if not the
very chain of the example; everything else is *predicted*.

## The clients

Tier 1 are those that IoT Edge deployments run. `edgecheck clients` lists the same, also as JSON.

{table}

## What is not modelled

- Schannel (Windows) and SecureTransport (macOS, iOS); .NET is that on Linux.
- The other TLS adapters of the Azure SDK for C, in `azure-c-shared-utility`: those with wolfSSL,
  mbedTLS, Schannel and SecureTransport. The one with OpenSSL is, and so are wolfSSL and mbedTLS by
  themselves.
- Other versions than those in the table, and what distributions change in them; mozilla::pkix,
  which Firefox has instead of NSS's own verification.
- Revocation: no client is told of CRLs or asked to fetch any.
- A server that presents another chain for another name in the handshake (SNI).
- The rest of the handshake: versions of TLS, ciphers, client certificates.
"""


def page() -> str:
    """docs/clients.md."""
    measured = accuracy()
    total = measured.total
    rows = [
        (
            f"`{client.id}`",
            str(client.tier),
            client.version,
            client.stands_for,
            *agreement(measured.clients.get(client.id)),
            *agreement(measured.unseen.clients.get(client.id) if measured.unseen else None),
        )
        for client in RECORDS
    ]
    head = (
        "Client",
        "Tier",
        "Version",
        "Stands for",
        "Verdicts",
        "Texts",
        "Unseen: verdicts",
        "Unseen: texts",
    )
    lines = [head, ["---"] * len(head), *rows]
    return PAGE.format(
        unseen=of_unseen(measured.unseen),
        server=measured.server,
        number=len(RECORDS),
        cases=measured.cases,
        date=measured.date,
        recordings_sha256=measured.recordings_sha256,
        verdicts_share=share(total.verdicts_agree, total.verdicts),
        texts_share=share(total.texts_agree, total.texts),
        table="\n".join("| " + " | ".join(line) + " |" for line in lines),
        **{name: getattr(total, name) for name in (each.name for each in fields(Figures))},
    )


def of_unseen(unseen: Accuracy | None) -> str:
    """Return how right the models were on chains that they were not fitted to."""
    if unseen is None:
        return "Over other chains expect somewhat less."
    total = unseen.total
    verdicts = share(total.verdicts_agree, total.verdicts)
    texts = share(total.texts_agree, total.texts)
    return (
        f"On {unseen.cases} chains that none of them had seen\n"
        f"(`tests/recordings/fresh`; measured {unseen.date}, before any mend by them)\n"
        f"{total.verdicts_agree} of {total.verdicts} verdicts agree ({verdicts}) and "
        f"{total.texts_agree} of {total.texts} texts ({texts}),\n"
        f"with {total.wrong_accepts} wrong accepts."
    )


def agreement(figures: Figures | None) -> tuple[str, str]:
    """Verdicts and texts that agree, of how many; a dash where that was not measured yet."""
    if figures is None:
        return "-", "-"
    texts = f"{figures.texts_agree} of {figures.texts}" if figures.texts else "one for all"
    return f"{figures.verdicts_agree} of {figures.verdicts}", texts


def share(part: int, whole: int) -> str:
    """As per cent, rounded down: 99.99 is not all."""
    return f"{part * 10000 // whole / 100:.2f} %"


def of_rule(fixture: Fixture, rule: str) -> tuple[list[tuple[str, str, str]], list[str]]:
    """Who refuses the fixture because of the rule with which words, and what the others do."""
    report = check(**fixture.given())
    rules = {finding.id: finding.rule.id for finding in report.findings}
    rows: dict[tuple[str, str], list[str]] = {}
    others: dict[str, list[str]] = {}
    for prediction in report.predictions:
        if rule in {rules[finding] for finding in prediction.because}:
            measured = prediction.client in CONFIRMED.get(rule, ())
            mark = "confirmed" if measured else "predicted"
            rows.setdefault((prediction.says, mark), []).append(prediction.client)
        else:
            others.setdefault(prediction.verdict, []).append(prediction.client)
    table = [(", ".join(families(ids)), code(says), mark) for (says, mark), ids in rows.items()]
    return table, list(sentences(others))


def sentences(others: dict[str, list[str]]) -> Iterable[str]:
    """What those do that do not refuse because of the rule."""
    for verdict, words in (
        ("accept", "It is accepted by"),
        ("reject", "It is refused for other reasons by"),
        ("unknown", "It is not known what it is to"),
    ):
        if verdict in others:
            yield f"{words} {', '.join(families(others[verdict]))}."


def code(text: str) -> str:
    """What a client prints; backticks in it end nothing."""
    text = safe(text, 300)
    ticks = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    space = " " if "`" in text else ""
    return f"{ticks}{space}{text}{space}{ticks}"
