"""`chain.wrong-issuer-first` against the models: who refuses a chain on which a valid path is.

Chains have several certificates of one CA, right and wrong ones, presented and trusted in any
order. Whom the finding names, refuses; and whoever refuses is named.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import edgecheck
from edgecheck.behaviour.builders import BUILDERS
from edgecheck.behaviour.issuers import one_by_one
from edgecheck.behaviour.refusers import Refuser
from edgecheck.clients.answer import Verdict
from fixtures.pki import (
    Issued,
    basic_constraints,
    extended_key_usage,
    issue,
    key_usage,
    name_constraints,
    pem,
    raw_extension,
    subject_key_id,
)
from tests.behaviour.pool import PAST
from tests.hierarchy.chains import AT, HOST, authority, server

R = Refuser
RULE = "chain.wrong-issuer-first"
CLIENTS = {
    R.PYTHON: "py311-ssl-ossl3.0.19",
    R.NODE: "node20-ossl3.0.19",
    R.S_CLIENT: "openssl3.0.19-s_client",
    R.VERIFY: "openssl3.0.19-verify",
    R.AZURE_C: "uamqp1.6.11-azureC",
    R.CURL: "curl7.88-ossl3.0",
    R.MOSQUITTO: "mosquitto_pub2.0.11",
    R.PAHO_C: "pahoc1.3.16",
    R.DOTNET: "dotnet8.0.4-SslStream",
    R.JAVA: "java17-jsse",
    R.STRICT: "py311-ssl-STRICT+PARTIAL",
    R.OPENSSL_1_1_1: "pyopenssl-ossl1.1.1l-CHAINONLY",
    R.OPENSSL_1_1_0: "node10.9-ossl1.1.0i",
    R.OPENSSL_1_0_2: "node8-ossl1.0.2s",
    R.BORINGSSL: "bun1.4.5-boringssl",
    R.GNUTLS_3_7: "gnutls3.7.9-cli",
    R.GNUTLS_3_8: "gnutls3.8.9-cli",
    R.NSS: "nss3.87-tstclnt",
    R.MBEDTLS_2_28: "mbedtls2.28.3",
    R.MBEDTLS_3: "mbedtls3.6.6",
    R.MBEDTLS_3_6_7: "mbedtls3.6.7",
    R.WOLFSSL: "wolfssl5.5.4",
    R.BEARSSL: "bearssl0.6",
    R.BOTAN: "botan2.19",
}
"""A client of each kind."""

ROOT = issue(authority("Root", "p256-3"))
CA_SPEC = authority("CA", "p256-2", serial=11)
CA = issue(CA_SPEC, ROOT)
LEAF = issue(server(key_usage("digitalSignature", "keyEncipherment")), CA)
STRANGER = issue(authority("Stranger", "p256-6"))
OTHERS = {
    "by another root": issue(CA_SPEC.with_(serial=12), issue(authority("Old Root", "p256-4"))),
    "of another key": issue(
        CA_SPEC.with_(key="p256-5", serial=13).with_extension(
            subject_key_id(bytes.fromhex(str(CA.key_id.hex() if CA.key_id else "")))
        ),
        ROOT,
    ),
    "expired": issue(CA_SPEC.with_(not_after=PAST, serial=14), ROOT),
    "for clients": issue(
        CA_SPEC.with_(serial=15).with_extension(extended_key_usage("clientAuth")), ROOT
    ),
    "no CA": issue(CA_SPEC.with_(serial=16).with_extension(basic_constraints(False)), ROOT),
    "not for signing": issue(CA_SPEC.with_(serial=17).with_extension(key_usage("cRLSign")), ROOT),
    "constrained": issue(
        CA_SPEC.with_(serial=18).with_extension(
            name_constraints(permitted={"dns": ["plant8.example"]})
        ),
        ROOT,
    ),
    "unknown": issue(
        CA_SPEC.with_(serial=19).with_extension(
            raw_extension("2.999.2", b"\x05\x00", critical=True, shown="NULL")
        ),
        ROOT,
    ),
    "of two identifiers": issue(
        CA_SPEC.with_(
            serial=21, extensions=(*CA_SPEC.extensions, subject_key_id(CA.key_id or b""))
        ),
        ROOT,
    ),
    "renewed": issue(CA_SPEC.with_(serial=20), ROOT),
}


def checked(presented: Sequence[Issued], trust: Sequence[Issued]) -> edgecheck.Report:
    return edgecheck.check(
        pem(*presented, comments=False), HOST, pem(*trust, comments=False), at=AT
    )


def refusing(report: edgecheck.Report) -> set[str]:
    """The kinds of clients of which one is predicted to refuse."""
    verdicts = {p.client: p.verdict for p in report.predictions}
    return {kind.value for kind, id in CLIENTS.items() if verdicts[id] is Verdict.REJECT}


def by_chance(report: edgecheck.Report) -> set[str]:
    """The kinds of clients that refuse at one run and accept at another, which is unknown."""
    verdicts = {p.client: p.verdict for p in report.predictions}
    return {kind.value for kind, id in CLIENTS.items() if verdicts[id] is Verdict.UNKNOWN}


def named(report: edgecheck.Report, *rules: str) -> set[str]:
    """Who refuses, by the findings, of those that are asked; each version by itself."""
    found = [f for f in report.findings if f.rule.id in (rules or (RULE,))]
    names = {name for f in found for name in f.evidence.get("refused_by", ())}
    return {kind.value for kind in one_by_one(map(R, names)) if kind in CLIENTS}


def test_every_kind_of_client_is_asked() -> None:
    """Node.js 24 decides like 20, but for keys that do not come up here."""
    assert CLIENTS.keys() == BUILDERS.keys() - {R.NODE_24}
    assert refusing(checked((LEAF, CA), (ROOT,))) == set()


OTHER_NAMES = st.lists(st.sampled_from(sorted(OTHERS)), min_size=1, max_size=3, unique=True)


def around(others: list[str], place: int) -> list[Issued]:
    """The right CA among others."""
    among = [OTHERS[name] for name in others]
    among.insert(min(place, len(among)), CA)
    return among


@given(OTHER_NAMES, st.integers(0, 3))
@settings(max_examples=120, deadline=None)
def test_whom_the_finding_names_refuses_and_whoever_refuses_is_named(
    others: list[str], place: int
) -> None:
    """The others around the right CA, in any order, presented."""
    report = checked((LEAF, *around(others, place)), (ROOT,))
    assert report.valid is True
    assert named(report) == refusing(report)


@given(OTHER_NAMES, st.integers(0, 3))
@settings(max_examples=120, deadline=None)
def test_where_they_are_trusted_some_finding_names_whoever_refuses(
    others: list[str], place: int
) -> None:
    """A trusted one on the path has findings of its own, and they name nobody who accepts.

    Java takes one or another of several that it trusts, run by run: it may be named, or not.
    """
    report = checked((LEAF,), (*around(others, place), ROOT))
    everything = {f.rule.id for f in report.findings}
    assert report.valid is True
    assert by_chance(report) <= {R.JAVA.value}
    assert named(report, *everything) - by_chance(report) == refusing(report)


@given(OTHER_NAMES, OTHER_NAMES, st.integers(0, 3), st.booleans())
@settings(max_examples=120, deadline=None)
def test_wherever_they_are_no_finding_names_who_accepts(
    presented: list[str], trusted: list[str], place: int, right: bool
) -> None:
    """Some presented and some trusted, with the right CA among the presented ones or without."""
    below = around(presented, place) if right else [OTHERS[name] for name in presented]
    report = checked((LEAF, *below), (*(OTHERS[name] for name in trusted), ROOT))
    loud = {f.rule.id for f in report.findings if f.severity is not edgecheck.Severity.INFO}
    assert named(report, *loud) <= refusing(report) | by_chance(report)


@pytest.mark.parametrize("name", sorted(OTHERS))
def test_without_the_right_one_nobody_is_misled(name: str) -> None:
    """Where there is no valid path, what is wrong with it says enough."""
    report = checked((LEAF, OTHERS[name]), (ROOT,))
    assert (report.valid is True) is (name == "renewed")
    assert named(report) == set()


def test_what_has_nothing_to_do_with_it_misleads_nobody() -> None:
    """A stranger behind the chain, whoever refuses that."""
    assert named(checked((LEAF, CA, STRANGER), (ROOT, STRANGER))) == set()
