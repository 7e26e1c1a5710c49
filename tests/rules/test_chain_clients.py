"""What clients make of a chain: which issuer they take, what they compare, how much they take."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

import edgecheck
from fixtures import crossed, stock
from fixtures.crossed import BELOW, CHAIN
from fixtures.gateway import Gateway
from fixtures.pki import (
    Issued,
    authority_key_id,
    basic_constraints,
    issue,
    netscape_comment,
    pem,
    subject_key_id,
)
from fixtures.stock import NOW

GATEWAY = stock.stock_11("ec")
BARE = crossed.without_key_ids(GATEWAY)
FIRST = "chain.wrong-issuer-first"
SEVERAL = "chain.several-paths"
IDENTIFIER = "chain.key-identifier-mismatch"
OPENSSL = {"Python ssl", "Node.js", "Azure C SDK", "openssl s_client", "OpenSSL 1.1.1", ".NET"}


def report(presented: Sequence[Issued], trust: Sequence[Issued]) -> Any:
    return edgecheck.check(
        pem(*presented, comments=False), trust=pem(*trust, comments=False), at=NOW
    )


def found(report: Any, rule: str) -> Any:
    """The one finding of a rule, or None."""
    findings = [finding for finding in report.findings if finding.rule.id == rule]
    assert len(findings) <= 1
    return findings[0] if findings else None


def refused(report: Any, rule: str) -> set[str]:
    """Who refuses what a rule found."""
    finding = found(report, rule)
    return set(finding.evidence.get("refused_by", ())) if finding else set()


# --- the first issuer that fits ------------------------------------------------------------------


def test_the_order_of_two_issuers_decides_who_fails() -> None:
    """The wrong one first stops OpenSSL; the wrong one last stops NSS alone (both measured)."""
    below, right = GATEWAY.presented(*BELOW), GATEWAY.issued("intermediate")
    wrong = crossed.old_root(GATEWAY).issued("intermediate")
    first = report((*below, wrong, right), GATEWAY.trust())
    last = report((*below, right, wrong), GATEWAY.trust())
    assert OPENSSL | {"GnuTLS", "mbedTLS", "BearSSL", "BoringSSL"} <= refused(first, FIRST)
    assert not {"Go", "Java", "rustls", "Botan", "cryptography", "NSS"} & refused(first, FIRST)
    assert found(first, FIRST).severity == "error"
    assert refused(last, FIRST) == {"NSS"}
    assert found(last, FIRST).severity == "warning"


def test_what_is_trusted_comes_first() -> None:
    """OpenSSL takes a trusted issuer of the right name, though the right one is presented."""
    wrong = BARE.change("intermediate", key="p256-6").issued("intermediate")
    chain = report(BARE.presented(*CHAIN), (*BARE.trust(), wrong))
    assert refused(chain, FIRST) >= OPENSSL
    assert "OpenSSL 1.0.2" not in refused(chain, FIRST)


def test_java_takes_a_chain_in_order_as_it_is() -> None:
    """A presented intermediate of the wrong key stops it, though the right one is trusted."""
    wrong = BARE.change("intermediate", key="p256-6").issued("intermediate")
    trust = (*BARE.trust(), BARE.issued("intermediate"))
    in_order = report((*BARE.presented(*BELOW), wrong), trust)
    mixed = report((BARE.issued("server"), wrong, *BARE.presented(*BELOW[1:])), trust)
    assert "Java" in refused(in_order, FIRST)
    assert "Java" not in refused(mixed, FIRST)


def test_key_identifiers_tell_issuers_of_one_name_apart() -> None:
    """With them OpenSSL passes over the wrong one; mbedTLS and BearSSL do not look at them."""
    wrong = GATEWAY.change("intermediate", key="p256-6").issued("intermediate")
    below, right = GATEWAY.presented(*BELOW), GATEWAY.issued("intermediate")
    assert refused(report((*below, wrong, right), GATEWAY.trust()), FIRST) == {
        "mbedTLS",
        "BearSSL",
    }


def test_openssl_prefers_what_is_in_date() -> None:
    """An expired twin in front stops OpenSSL 1.0.2 and BoringSSL, but no later OpenSSL."""
    spec = GATEWAY["intermediate"].with_(not_after=datetime(2026, 1, 1, tzinfo=UTC), serial=7)
    expired = issue(spec, GATEWAY.issued("root"))
    chain = (*GATEWAY.presented(*BELOW), expired, GATEWAY.issued("intermediate"))
    who = refused(report(chain, GATEWAY.trust()), FIRST)
    assert {"OpenSSL 1.0.2", "BoringSSL", "GnuTLS"} <= who
    assert not who & OPENSSL


def test_two_ways_that_both_arrive_are_a_note() -> None:
    """Nobody fails where both roots are trusted."""
    old = crossed.old_root(GATEWAY)
    for chain in (
        (*GATEWAY.presented(*CHAIN), old.issued("intermediate")),
        (*GATEWAY.presented(*BELOW), old.issued("intermediate"), GATEWAY.issued("intermediate")),
    ):
        said = report(chain, (*GATEWAY.trust(), *old.trust()))
        assert found(said, FIRST) is None
        assert found(said, SEVERAL).severity == "info"


@pytest.mark.parametrize("make", [stock.stock_11, stock.stock_12, stock.stock_15])
def test_one_way_is_not_worth_a_word(make: Any) -> None:
    """A healthy gateway has one path, whether its root is presented or not."""
    gateway: Gateway = make("ec")
    for chain in (gateway.presented(), gateway.presented(*list(gateway))):
        said = report(chain, gateway.trust())
        assert found(said, FIRST) is found(said, SEVERAL) is None


def test_a_path_that_fails_for_everybody_is_not_blamed_on_the_choice() -> None:
    """Where no path is valid, the finding that says why is enough."""
    wrong = crossed.old_root(GATEWAY).issued("intermediate")
    chain = (*GATEWAY.presented(*BELOW), wrong)
    assert found(report(chain, GATEWAY.trust()), FIRST) is None


def test_another_fault_of_the_path_hides_no_wrong_issuer() -> None:
    """Who would take the path, but for the name that is asked for, is misled all the same.

    Who refuses the path itself, here for its dates, is not.
    """
    wrong, trust = crossed.old_root(GATEWAY).issued("intermediate"), GATEWAY.trust()
    for gateway, misled in (
        (GATEWAY, True),
        (GATEWAY.change("device_ca", not_after=datetime(2026, 1, 1, tzinfo=UTC)), False),
    ):
        chain = pem(*gateway.presented(*BELOW), wrong, gateway.issued("intermediate"))
        said = edgecheck.check(chain, "other.local", pem(*trust), NOW)
        assert said.valid is False
        assert (refused(said, FIRST) >= OPENSSL) is misled
        assert misled or not OPENSSL & refused(said, FIRST)


# --- key identifiers -----------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["server", "workload_ca", "device_ca", "intermediate"])
@pytest.mark.parametrize(
    ("by_key", "others"), [(True, {"GnuTLS", "NSS", "wolfSSL"}), (False, set())]
)
def test_an_identifier_that_is_not_the_issuers(role: str, by_key: bool, others: set[str]) -> None:
    """OpenSSL and .NET refuse both kinds; Java the one below the root (measured)."""
    new = authority_key_id(b"\x11" * 20) if by_key else authority_key_id(True, ("Contoso", 99))
    gateway = GATEWAY.with_extension(role, new)
    said = report(gateway.presented(*CHAIN), gateway.trust())
    assert found(said, IDENTIFIER).severity == "error"
    assert found(said, IDENTIFIER).role == role.replace("_", "-")
    assert refused(said, IDENTIFIER) >= OPENSSL | others
    assert ("Java" in refused(said, IDENTIFIER)) == (role == "intermediate")
    assert not refused(said, IDENTIFIER) & {"Go", "rustls", "mbedTLS", "BearSSL", "cryptography"}


def test_an_issuer_of_another_key_is_another_fault() -> None:
    """Where the signature is not the issuer's either, `path.same-name-other-key` says it."""
    other = GATEWAY.change("intermediate", key="p256-6").issued("intermediate")
    said = report((*GATEWAY.presented(*BELOW), other), GATEWAY.trust())
    assert found(said, IDENTIFIER) is None


def test_a_root_that_names_another_key_stops_those_that_want_it_self_signed() -> None:
    """Partial chains end there all the same, so curl and Python 3.13 connect."""
    gateway = GATEWAY.with_extension("root", authority_key_id(b"\x11" * 20))
    who = refused(report(gateway.presented(*CHAIN), gateway.trust()), IDENTIFIER)
    assert who >= OPENSSL | {"Botan"}
    assert not who & {"curl", "Java", "Go", "GnuTLS", "NSS"}


# --- what is used twice --------------------------------------------------------------------------


def test_a_number_that_repeats_below_another_issuer_is_fine() -> None:
    """Server certificate and workload CA may both have the number 1, from different issuers."""
    gateway = GATEWAY.change("server", serial=1).change("workload_ca", serial=1)
    said = report(gateway.presented(*CHAIN), gateway.trust())
    assert found(said, "chain.serial-number-reused") is None


def test_a_number_that_repeats_beside_the_path_stops_nss_too() -> None:
    """It remembers every certificate that is presented (measured)."""
    gateway = GATEWAY.change("device_ca", serial=77)
    twin = issue(
        GATEWAY["device_ca"].with_(subject="sibling", key="p256-6", serial=77),
        GATEWAY.issued("intermediate"),
    )
    said = report((*gateway.presented(*CHAIN), twin), gateway.trust())
    assert refused(said, "chain.serial-number-reused") == {"NSS", "NSS libpkix"}


def test_trusted_certificates_of_one_number_disturb_nobody() -> None:
    """NSS never takes the second one in (measured)."""
    root = GATEWAY.change("root", serial=5)
    trust = (*root.trust(), *root.change("root", key="p256-7").trust())
    assert found(report(root.presented(*CHAIN), trust), "chain.serial-number-reused") is None


@pytest.mark.parametrize(
    ("lower", "higher", "clients"),
    [
        ("workload_ca", "device_ca", {"wolfSSL"}),
        ("device_ca", "root", {"wolfSSL"}),
        ("server", "workload_ca", set()),
    ],
)
def test_one_key_behind_two_certificates(lower: str, higher: str, clients: set[str]) -> None:
    """WolfSSL refuses two CAs of one key; a server certificate with a CA's key disturbs nobody."""
    gateway = GATEWAY.change(lower, key=GATEWAY[higher].key)
    said = report(gateway.presented(*CHAIN), gateway.trust())
    finding = found(said, "chain.key-in-several-roles")
    assert finding.role == lower.replace("_", "-")
    assert finding.severity == ("warning" if clients else "info")
    assert refused(said, "chain.key-in-several-roles") == clients


def test_one_key_under_two_identifiers_disturbs_nobody() -> None:
    """WolfSSL tells CAs apart by their identifiers alone (measured)."""
    gateway = GATEWAY.change("device_ca", key=GATEWAY["intermediate"].key)
    gateway = gateway.with_extension("device_ca", subject_key_id(b"\x11" * 20))
    said = report(gateway.presented(*CHAIN), gateway.trust())
    assert refused(said, "chain.key-in-several-roles") == set()


# --- how much ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "clients"),
    [
        (6, set()),
        (7, {"rustls"}),
        (8, {"rustls", "wolfSSL"}),
        (9, {"rustls", "wolfSSL", "mbedTLS", "cryptography"}),
        (10, {"rustls", "wolfSSL", "mbedTLS", "cryptography", "Java"}),
    ],
)
def test_who_takes_how_many_levels(count: int, clients: set[str]) -> None:
    """Measured with chains of 5 to 24 CAs; below each bound nothing is said."""
    healthy = stock.stock_15("ec")
    said = report(crossed.levels(healthy, count), healthy.trust())
    assert refused(said, "chain.too-many-certificates") == clients


def test_java_counts_what_is_presented() -> None:
    """The root, and copies, count too."""
    healthy = stock.stock_15("ec")
    chain = (*crossed.levels(healthy, 9), healthy.issued("root"))
    assert "Java" in refused(report(chain, healthy.trust()), "chain.too-many-certificates")


@pytest.mark.parametrize(
    ("letters", "clients", "severity"),
    [
        (5_000, None, None),
        (8_000, set(), "info"),
        (15_000, {"mbedTLS"}, "warning"),
        (19_000, {"mbedTLS", "wolfSSL"}, "warning"),
        (33_000, {"mbedTLS", "wolfSSL", "Java"}, "error"),
    ],
)
def test_who_takes_how_many_bytes(
    letters: int, clients: set[str] | None, severity: str | None
) -> None:
    """Measured with an intermediate of growing size."""
    gateway = GATEWAY.with_extension("intermediate", netscape_comment("x" * letters))
    said = report(gateway.presented(*CHAIN), gateway.trust())
    if clients is None:
        assert found(said, "chain.large") is None
    else:
        assert refused(said, "chain.large") == clients
        assert found(said, "chain.large").severity == severity


def test_a_chain_of_long_keys_is_not_large() -> None:
    """The largest that the runtime makes: 1.1 with RSA keys of 4096 bits, the root presented."""
    gateway = stock.stock_11("rsa")
    for role, key in (("device_ca", 3), ("intermediate", 2), ("root", 1)):
        gateway = gateway.change(role, key=f"rsa4096-{key}")
    assert found(report(gateway.presented(), gateway.trust()), "chain.large") is None


# --- who insists on what -------------------------------------------------------------------------


def test_gnutls_takes_an_intermediate_for_an_anchor_unless_more_is_presented() -> None:
    """It refuses a trusted device CA where the intermediate above is presented (measured)."""
    device_ca = (GATEWAY.issued("device_ca"),)
    with_more = report(GATEWAY.presented(*CHAIN), device_ca)
    without = report(GATEWAY.presented(*BELOW), device_ca)
    assert "GnuTLS" in refused(with_more, "trust.no-root")
    assert "GnuTLS" not in refused(without, "trust.no-root")
    assert OPENSSL - {".NET"} <= refused(without, "trust.no-root")
    assert not {"Go", "Java", "curl", "NSS"} & refused(with_more, "trust.no-root")


def test_who_looks_at_the_path_length_of_a_root() -> None:
    """Java, rustls and some others do not (measured)."""
    gateway = GATEWAY.with_extension("root", basic_constraints(True, path_length=1))
    who = refused(report(gateway.presented(*CHAIN), gateway.trust()), "ca.path-length-exceeded")
    assert not who & {"Java", "rustls", "BearSSL", "wolfSSL", "OpenSSL 1.1.0", "OpenSSL 1.0.2"}
    assert who >= OPENSSL | {"Go", "GnuTLS", "NSS", "BoringSSL"}


def test_a_root_without_basic_constraints_needs_key_cert_sign_for_openssl() -> None:
    """It takes keyCertSign of a root for CA:TRUE, and refuses a root that has neither."""
    gateway = GATEWAY.without_extension("root", "basicConstraints")
    neither = gateway.without_extension("root", "keyUsage")
    some = refused(report(gateway.presented(*CHAIN), gateway.trust()), "ca.not-a-ca")
    more = refused(report(neither.presented(*CHAIN), neither.trust()), "ca.not-a-ca")
    assert {"Go", "Java", "Botan"} <= some
    assert not some & OPENSSL
    assert more >= OPENSSL | some
