"""What clients do that no other rule explains: made where findings meet predictions."""

from collections.abc import Sequence
from typing import NamedTuple

from edgecheck.behaviour.records import families
from edgecheck.behaviour.refusers import Refuser
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.text import safe
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.rule import ERROR, Act, Need, Over, Violation, rule
from edgecheck.rules.references import measured, rfc

MOST_TOLD = 3
"""Texts of clients that stand in the message; the evidence has all."""


class Refusal(NamedTuple):
    """One client that is predicted to refuse: by its id, in its words, at a certificate."""

    client: str
    kinds: tuple[str, ...]
    says: str
    certificate: Certificate | None


@rule(
    "client.refuses",
    title="A client refuses the chain, and no other rule says why",
    severity=ERROR,
    over=Over.REFUSALS,
    act=Act.REISSUE,
    needs=[Need.TRUST, Need.HOSTNAME],
    references=[
        rfc(5280, "6"),
        measured("the models that predict clients, compared with recordings: docs/clients.md"),
    ],
)
def refuses(refusals: Sequence[Refusal], case: Case) -> Violation:
    """A client that matters is predicted to refuse this chain for a reason that has no rule.

    edgecheck explains what is wrong by rules, and predicts by models of the clients what each
    will do. Where no rule finds an error, something about the chain is unusual, and the model of
    a client that this deployment has says all the same that it refuses, this says who refuses and
    in which words. The chain is not "ok" then: devices with that client will not connect.

    Which clients matter is said with `--client` (in Python `clients=`); without it, those that
    IoT Edge deployments run (tier 1 of `edgecheck clients`).

    A profile other than the default leaves out rules: `path` knows neither host names nor
    what a certificate is for (extKeyUsage), which clients heed all the same.

    Remedy:
    Where another profile than the default was asked for (`--profile`), ask without it: a rule
    may say more then. Look at the certificate that is named, with the client's own words at
    hand: `edgecheck check --client NAME` shows them in full, `edgecheck explain "TEXT"` what
    they can mean. Have it reissued without what is unusual about it. Where no device uses that
    client, name those that you have with `--client`. And please report the chain: a refusal
    that no rule explains is a rule to be written.
    """
    first = refusals[0]
    by_text: dict[str, list[str]] = {}
    for refusal in refusals:
        by_text.setdefault(refusal.says, []).append(refusal.client)
    says = {text: families(clients) for text, clients in by_text.items()}
    told = "; ".join(
        f'{", ".join(names)} say{"s" if len(names) == 1 else ""} "{safe(text, 120)}"'
        for text, names in list(says.items())[:MOST_TOLD]
    )
    about = f" at {case.named(first.certificate)}" if first.certificate is not None else ""
    return Violation(
        f"clients refuse this chain{about}, and no other rule explains it: {told}",
        wanted="a chain that every client in use accepts",
        found=families(refusal.client for refusal in refusals),
        certificates=(first.certificate,) if first.certificate is not None else (),
        evidence={"says": says},
        refused_by=frozenset(Refuser(kind) for refusal in refusals for kind in refusal.kinds),
    )
