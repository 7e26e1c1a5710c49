"""Java refuses qualifiers of critical policies (PolicyChecker.processPolicies), where it looks."""

from __future__ import annotations

import pytest

import edgecheck
from fixtures import der, stock
from fixtures.letter import CPS, NOBODYS_QUALIFIER, policies
from fixtures.pki import pem, raw_extension

ANY = der.oid("2.5.29.32.0")


def asked(**extensions: object) -> tuple[str, str]:
    """What Java is predicted to do below CAs with these extensions by role, and to say."""
    gateway = stock.stock_15("ec")
    for role, extension in extensions.items():
        gateway = gateway.with_extension(role, extension)  # type: ignore[arg-type]
    chain, trust = pem(*gateway.presented()), pem(*gateway.trust())
    report = edgecheck.check(chain, stock.HOSTNAME, trust, stock.NOW)
    (java,) = [each for each in report.predictions if each.client == "java17-jsse"]
    named = {
        finding.rule.id
        for finding in report.findings
        if "Java" in finding.evidence.get("refused_by", ())
    }
    assert named == ({"extension.policy-qualifiers"} if java.verdict == "reject" else set())
    return java.verdict, java.says


@pytest.mark.parametrize("qualifier", [CPS, NOBODYS_QUALIFIER], ids=["CPS", "unknown"])
def test_any_qualifier_of_a_critical_policy_is_refused(qualifier: bytes) -> None:
    """Also those that RFC 5280 knows; the text is that of Java 17."""
    verdict, says = asked(intermediate=policies(qualifier))
    assert verdict == "reject"
    assert says.endswith(
        "CertPathValidatorException: critical policy qualifiers present in certificate"
    )


def test_what_is_not_critical_or_has_none_is_taken() -> None:
    """Each alone."""
    assert asked(intermediate=policies(CPS, critical=False))[0] == "accept"
    assert asked(intermediate=policies())[0] == "accept"


def test_below_a_certificate_without_policies_nothing_is_looked_at() -> None:
    """There is no valid policy any more; and below one that has the policy there is."""
    assert asked(device_ca=policies(CPS))[0] == "accept"
    assert asked(intermediate=policies(), device_ca=policies(CPS))[0] == "reject"


def test_a_qualifier_of_any_policy_is_taken() -> None:
    """AnyPolicy is processed after the others, and its qualifiers are not rejected."""
    value = der.sequence(der.sequence(ANY, der.sequence(CPS)))
    anything = raw_extension("certificatePolicies", value, critical=True)
    assert asked(intermediate=anything)[0] == "accept"


def test_a_root_is_not_looked_at() -> None:
    """It is the anchor."""
    assert asked(root=policies(CPS))[0] == "accept"
