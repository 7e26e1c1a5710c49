"""n faults give n findings: any faults on chains of any length, each with its own finding.

Every fault breaks another fact of one certificate, or another fact of what is said about the
chain; none hides the evidence of another.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import edgecheck
from fixtures.crl import Revoked, crl
from fixtures.der import name_der, oid, sequence
from fixtures.extensions import Extension
from fixtures.pki import (
    Issued,
    Spec,
    authority_key_id,
    basic_constraints,
    extended_key_usage,
    flip_signature_bit,
    issue,
    key_usage,
    name_constraints,
    netscape_comment,
    pem,
    raw_extension,
    subject_alt_name,
    subject_key_id,
)
from tests.examples import LONG

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
START = datetime(2026, 1, 1, tzinfo=UTC)
END = datetime(2032, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
HOST = "gw.plant7.example"
IDS = (subject_key_id(), authority_key_id())
CSR = b"-----BEGIN CERTIFICATE REQUEST-----\nMAA=\n-----END CERTIFICATE REQUEST-----\n"


@dataclass
class Plan:
    """A chain of some length and what is said about it; faults change it in place."""

    specs: list[Spec]
    hostname: str = HOST
    max_depth: int | None = None
    device: dict[str, Any] = field(default_factory=dict)
    revoked: list[int] = field(default_factory=list)
    twice: list[int] = field(default_factory=list)
    turned: bool = False
    stranger: bool = False
    behind: bytes = b""
    before: bytes = b""

    @property
    def root(self) -> int:
        return len(self.specs) - 1

    def put(self, at: int, *more: Extension, **changes: Any) -> None:
        spec = self.specs[at].with_(**changes)
        for extension in more:
            spec = spec.with_extension(extension)
        self.specs[at] = spec

    def issued(self) -> list[Issued]:
        made: list[Issued] = []
        for spec in reversed(self.specs):
            made.append(issue(spec, made[-1] if made else None))
        return made[::-1]

    def report(self, issued: list[Issued]) -> edgecheck.Report:
        server, *cas, root = issued
        presented = [server, *(cas[::-1] if self.turned else cas)]
        presented = [one for one in presented for _ in range(1 + (issued.index(one) in self.twice))]
        if self.stranger:
            presented.insert(1, STRANGER)
        lists = [
            crl(
                issued[at + 1],
                [Revoked(issued[at], AT - DAY, "keyCompromise")],
                this_update=AT - DAY,
                next_update=AT + DAY,
            ).der
            for at in self.revoked
        ]
        return edgecheck.check(
            self.before + pem(*presented, comments=False) + self.behind,
            self.hostname,
            pem(root, comments=False),
            AT,
            edgecheck.Device(**self.device) if self.device else None,
            crls=lists,
            validation=edgecheck.Validation(max_depth=self.max_depth),
        )


def healthy(length: int) -> Plan:
    """A root, CAs and a server certificate without fault."""
    server = Spec(
        HOST,
        "p256-1",
        START,
        datetime(2027, 6, 1, tzinfo=UTC),
        (
            basic_constraints(False),
            key_usage("digitalSignature"),
            extended_key_usage("serverAuth"),
            ALT_NAMES,
            *IDS,
        ),
    )
    names = [f"Plant CA {number}" for number in range(1, length - 1)] + ["Plant Root"]
    return Plan([server, *(authority(name, at + 2) for at, name in enumerate(names))])


def authority(name: str, number: int) -> Spec:
    extensions = (basic_constraints(True), key_usage("keyCertSign", "cRLSign"), *IDS)
    return Spec(name, f"p256-{number}", START, END, extensions)


ALT_NAMES = subject_alt_name(
    dns=[HOST], ip=["192.0.2.7"], email=["edge@plant7.example"], uri=["https://plant7.example/gw"]
)
STRANGER = issue(authority("Fabrikam Root", 1).with_(key="p384-1"))


@dataclass(frozen=True)
class Kind:
    """A kind of fault.

    Attributes:
        where: the places in a chain of that length where it can be.
        facts: what it touches; `{}` stands for the place. Two that touch the same are not
            composed.
        names: the place of the certificate that the finding names; None: no certificate.
        step: what the finding's evidence says of RFC 5280; None where the rule says nothing.
    """

    name: str
    where: Callable[[int], range]
    facts: str
    apply: Callable[[Plan, int], None]
    rule: str
    names: Callable[[int, int], int | None] = lambda at, _: at
    step: str | Callable[[int], str] | None = None


def server(_: int) -> range:
    return range(1)


def cas(length: int) -> range:
    return range(1, length - 1)


def above(length: int) -> range:
    return range(1, length)


def below(length: int) -> range:
    return range(length - 1)


def anywhere(length: int) -> range:
    return range(length)


def upper(length: int) -> range:
    return range(2, length)


def once(least: int) -> Callable[[int], range]:
    """About the whole chain, if it is as long."""
    return lambda length: range(length >= least)


def put(*more: Extension, **changes: Any) -> Callable[[Plan, int], None]:
    return lambda plan, at: plan.put(at, *more, **changes)


def said(**changes: Any) -> Callable[[Plan, int], None]:
    return lambda plan, _: [setattr(plan, name, value) for name, value in changes.items()] and None


def device(**changes: Any) -> Callable[[Plan, int], None]:
    return lambda plan, _: plan.device.update(changes)


def lost(name: str) -> Callable[[Plan, int], None]:
    def apply(plan: Plan, at: int) -> None:
        plan.specs[at] = plan.specs[at].without_extension(name)

    return apply


def too_short(plan: Plan, at: int) -> None:
    plan.put(at, basic_constraints(True, at - 2))


def expired(plan: Plan, at: int) -> None:
    """A moment of its own: what ends when its issuer does follows from that."""
    plan.put(at, not_after=AT - (20 - at) * DAY)


def expiring(plan: Plan, at: int) -> None:
    plan.put(at, not_after=AT + 2 * DAY + timedelta(hours=at))


def twice_extended(plan: Plan, at: int) -> None:
    note = netscape_comment("plant 7")
    plan.put(at, extensions=(*plan.specs[at].extensions, note, note))


def excluded(**names: Any) -> Callable[[Plan, int], None]:
    return put(name_constraints(excluded=names))


DIRECTORY = {"raw": [b"\xa4" + bytes([len(name_der(HOST))]) + name_der(HOST)]}
SERVERS = lambda at, length: 0  # noqa: E731
NOBODYS = lambda at, length: None  # noqa: E731
CONSTRAINT = {"rule": "path.name-constraints", "names": SERVERS, "step": "6.1.3 (c)"}


def critical_step(at: int) -> str:
    return "6.1.4 (o)" if at else "6.1.5 (f)"


KINDS = [
    Kind("expired", anywhere, "{}.time", expired, "validity.expired"),
    Kind("not valid yet", below, "{}.time", put(not_before=AT + DAY), "validity.not-yet-valid"),
    Kind("expires soon", cas, "{}.time", expiring, "validity.expires-soon"),
    Kind("CA:FALSE", cas, "{}.bc", put(basic_constraints(False)), "ca.not-a-ca",
         step="6.1.4 (k)"),
    Kind("no basicConstraints", cas, "{}.bc", lost("basicConstraints"), "ca.not-a-ca",
         step="6.1.4 (k)"),
    Kind("may not sign", cas, "{}.ku", put(key_usage("cRLSign")), "ca.no-cert-sign",
         step="6.1.4 (n)"),
    Kind("path length", upper, "{}.bc", too_short, "ca.path-length-exceeded",
         step="6.1.4 (l)"),
    Kind("unknown critical extension", below, "{}.unknown",
         put(raw_extension("1.3.6.1.4.1.99999.1", b"\5\0", True)),
         "path.unknown-critical-extension", step=critical_step),
    Kind("damaged signature", below, "{}.signature", put(damage=flip_signature_bit),
         "path.signature-invalid", step="6.1.3 (a)(1)"),
    Kind("another issuer's name", below, "{}.signature", put(issuer="Fabrikam CA"),
         "path.issuer-name-mismatch", step="6.1.3 (a)(4)"),
    Kind("another issuer's key", below, "{}.signature",
         put(authority_key_id(b"x" * 20), signer="rsa2048-8"),
         "path.same-name-other-key", step="6.1.3 (a)(1)"),
    Kind("two algorithms", below, "{}.algorithm", put(inner_signature="sha384_ecdsa"),
         "input.algorithm-mismatch"),
    Kind("an extension twice", below, "{}.comment", twice_extended, "input.duplicate-extension"),
    Kind("a server for clients", server, "{}.eku", put(extended_key_usage("clientAuth")),
         "path.not-for-this-purpose", step="4.2.1.12"),
    Kind("a CA for clients", cas, "{}.eku", put(extended_key_usage("clientAuth")),
         "path.not-for-this-purpose", step="4.2.1.12"),
    Kind("another host", server, "asked", said(hostname="other.example"), "hostname.not-in-san"),
    Kind("a host in other case", server, "asked", said(hostname="GW.plant7.example"),
         "hostname.case-mismatch"),
    Kind("no names", server, "asked names", lost("subjectAltName"), "hostname.cn-only"),
    Kind("a downstream device's name", server, "downstream names",
         device(gateway_host_names=("gw8.example",)), "hostname.gateway-host-name-not-in-san"),
    Kind("DNS name excluded", above, "{}.nc dns names", excluded(dns=["plant7.example"]),
         **CONSTRAINT),
    Kind("DNS name not permitted", above, "{}.nc dns names",
         put(name_constraints(permitted={"dns": ["plant8.example"]})),
         **{**CONSTRAINT, "step": "6.1.3 (b)"}),
    Kind("address excluded", above, "{}.nc ip names", excluded(ip=["192.0.2.0/24"]),
         **CONSTRAINT),
    Kind("e-mail excluded", above, "{}.nc email names", excluded(email=["plant7.example"]),
         **CONSTRAINT),
    Kind("URI excluded", above, "{}.nc uri names", excluded(uri=["plant7.example"]),
         **CONSTRAINT),
    Kind("subject excluded", above, "{}.nc directory", excluded(**DIRECTORY), **CONSTRAINT),
    Kind("a policy required", cas, "policy",
         put(raw_extension("2.5.29.36", sequence(b"\x80\1\0"), True)),
         "path.policy", lambda at, length: at - 1, "6.1.3 (f)"),
    Kind("a mapping of any policy", cas, "policy",
         put(raw_extension("2.5.29.33", sequence(sequence(oid("2.5.29.32.0"), oid("1.2.3"))),
                           True)),
         "path.policy", step="6.1.4 (a)"),
    Kind("revoked", below, "{}.signature {}.algorithm",
         lambda plan, at: plan.revoked.append(at), "path.revoked", step="6.3.3"),
    Kind("too deep", once(3), "depth", lambda plan, _: setattr(plan, "max_depth", plan.root - 2),
         "path.too-deep", lambda at, length: length - 1),
    Kind("wrong order", once(4), "order", said(turned=True), "chain.wrong-order", SERVERS),
    Kind("presented twice", cas, "copies", lambda plan, at: plan.twice.append(at),
         "chain.duplicate-certificate"),
    Kind("a stranger", once(3), "stranger", said(stranger=True), "chain.unrelated-certificate",
         lambda at, length: length),
    Kind("a request for a certificate", once(2), "behind", said(behind=CSR),
         "input.not-a-certificate", NOBODYS),
    Kind("an END line too many", once(2), "before", said(before=b"-----END CERTIFICATE-----\n"),
         "input.missing-begin", NOBODYS),
    Kind("a bundle without the root", once(2), "bundle",
         device(trust_bundle=pem(STRANGER, comments=False)), "trust.bundle-without-root",
         lambda at, length: length - 1),
    Kind("the device CA is called like the host", lambda length: range(1, 1 + (length > 2)),
         "{}.subject", put(subject=[("O", "Plant 7"), ("CN", HOST)]),
         "naming.device-ca-cn-is-hostname"),
]  # fmt: skip
BY_NAME = {kind.name: kind for kind in KINDS}

Fault = tuple[Kind, int]
Found = tuple[str, str | None]


def touches(fault: Fault) -> set[str]:
    kind, at = fault
    return set(kind.facts.format(at, at).split())


def judged(length: int, faults: list[Fault]) -> tuple[Counter[Found], Counter[Found]]:
    """The findings that the faults give, and those that they should give."""
    plan = healthy(length)
    for kind, at in sorted(faults, key=lambda fault: KINDS.index(fault[0])):
        kind.apply(plan, at)
    issued = plan.issued()
    report = plan.report(issued)
    prints = [sha256(one.der).hexdigest() for one in (*issued, STRANGER)]
    found: Counter[Found] = Counter()
    for finding in report.findings:
        if finding.caused_by is None and finding.severity in ("error", "warning"):
            named = finding.certificates[0] if finding.certificates else None
            found[finding.rule.id + _step(finding.evidence), named] += 1
    wanted: Counter[Found] = Counter()
    for kind, at in faults:
        step = kind.step(at) if callable(kind.step) else kind.step
        place = kind.names(at, length)
        told = kind.rule + (f" {step}" if step else "")
        wanted[told, None if place is None else prints[place]] += 1
    return found, wanted


def _step(evidence: Any) -> str:
    step = evidence.get("step")
    if step is not None:
        assert re.match(r"(RFC \d{4}, )?\d\.", step)
    return f" {step}" if step else ""


def all_faults(length: int) -> list[Fault]:
    return [(kind, at) for kind in KINDS for at in kind.where(length)]


END_ENTITY = {"CA:FALSE", "may not sign"}


@st.composite
def composed(draw: st.DrawFn) -> tuple[int, list[Fault]]:
    """A length, and faults of which no two touch the same fact.

    Nor those that together are a single one: the certificate of an end entity as a CA.
    """
    length = draw(st.integers(2, 8))
    chosen: list[Fault] = []
    wanted = draw(st.lists(st.sampled_from(all_faults(length)), min_size=1, max_size=10))
    for fault in wanted:
        if any(touches(fault) & touches(other) for other in chosen):
            continue
        here = {kind.name for kind, at in (*chosen, fault) if at == fault[1]}
        if not here >= END_ENTITY:
            chosen.append(fault)
    return length, chosen


def test_there_are_enough_kinds() -> None:
    """At least 25, each of another name."""
    assert len(BY_NAME) == len(KINDS) >= 25


@pytest.mark.parametrize("length", range(2, 9))
def test_a_healthy_chain_has_no_finding(length: int) -> None:
    """At no length."""
    assert judged(length, []) == (Counter(), Counter())
    plan = healthy(length)
    assert plan.report(plan.issued()).valid is True


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_one_fault(kind: Kind) -> None:
    """A single fault gives its finding, on every place of chains of 2, 5 and 8."""
    for length in (2, 5, 8):
        for at in kind.where(length):
            found, wanted = judged(length, [(kind, at)])
            assert found == wanted, (length, at)


@settings(max_examples=1000 if LONG else 250)
@given(composed())
def test_many_faults(composition: tuple[int, list[Fault]]) -> None:
    """N faults give n findings, each names its certificate, and path rules their step."""
    length, faults = composition
    found, wanted = judged(length, faults)
    assert found == wanted
