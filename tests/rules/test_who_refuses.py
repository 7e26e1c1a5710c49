"""An error is refused by somebody: it names the clients, or says which program it is."""

from __future__ import annotations

from edgecheck import BUILT_IN, Severity
from edgecheck.behaviour import refusers
from edgecheck.behaviour.kinds import Refuser
from fixtures.expected import folders, read, report_of

BY_PROGRAMS = {
    "configuration": "the runtime refuses its configuration, which no client sees",
    "device": "the runtime refuses its files and keys, which no client sees",
    "identity": "edgeHub refuses the device",
    "input": "programs that read the file refuse it, or pass over what is in it",
    "runtime": "the runtime does not start with it",
    "algorithm.key-kind": "the runtime cannot use such a key of a device CA",
    "algorithm.ec-key-for-old-edgehub": "edgeHub does not start with it",
    "chain.server-alone": "what clients trust is not known, so nobody can be named",
    "chain.no-server-certificate": "of a file nobody knows whether it is served",
    "chain.wrong-order": "as a device CA file it misleads the runtime",
    "edge.ca-as-identity": "edgeHub refuses the device",
    "edge.quickstart-certificates": "a configured device CA is not in use; other findings say who "
    "refuses the chain",
    "edge.quickstart-name-too-long": "the runtime cannot make the certificate",
    "hostname.address-before-1-2": "the server certificate is still to be made",
    "hostname.gateway-host-name-not-configured": "the server certificate is still to be made",
    "hostname.loopback": "the client does not even reach the gateway",
    "hostname.not-ascii": "no certificate can be made for it",
    "hostname.parent-is-itself": "the gateway does not reach the cloud",
    "hostname.parent-too-long": "the runtime's own check refuses it",
    "hostname.parent-with-dps": "`iotedge config apply` refuses it",
    "hostname.sanitised": "the runtime writes another name into the certificate",
    "hostname.too-long": "the runtime cannot make a certificate for it",
    "path.policy": "only who asks for a policy refuses it",
    "path.profile": "only who asks for the profile refuses it",
    "path.revocation-unknown": "only who asks for revocation refuses it",
    "path.revoked": "only who is given the CRL refuses it",
    "path.too-deep": "only who sets such a bound refuses it",
    "path.unprocessable-extension": "only who goes by the letter refuses it",
    "path.undecided": "edgecheck does not know whether it is refused",
    "trust.bundle-join-without-newline": "certificates of the bundle are lost to modules",
    "trust.bundle-without-root": "modules refuse the gateway; what they run is not known",
    "validity.ends-in-minutes": "the runtime refuses it",
}
"""By family or rule: errors that no client of tier 1 refuses, as far as they go."""
EVERYBODY = frozenset(kind.value for kind in Refuser)
TIER_1 = frozenset(kind.value for kind in refusers.TIER_1)


def unnamed(enough: frozenset[str] = EVERYBODY) -> dict[str, list[str]]:
    """Errors that name nobody of these, by rule, with the fixtures that show them."""
    found: dict[str, list[str]] = {}
    for folder in folders():
        fixture = read(folder)
        for finding in report_of(folder).findings:
            causes = finding.severity is Severity.ERROR and not finding.caused_by
            named = finding.evidence.get("refused_by") or ()
            if causes and enough.isdisjoint(named):
                found.setdefault(finding.rule.id, []).append(fixture.name)
    return found


def test_an_error_names_who_refuses_it() -> None:
    """Clients by name, or else it stands in the table which program it is.

    What stands there is needed: nobody of tier 1 refuses it.
    """
    found = unnamed()
    families = {rule.id: rule.family for rule in BUILT_IN}
    left = {
        rule: names
        for rule, names in found.items()
        if rule not in BY_PROGRAMS and families[rule] not in BY_PROGRAMS
    }
    assert not left
    found = unnamed(TIER_1)
    needed = {*found, *(families[rule] for rule in found)}
    assert not BY_PROGRAMS.keys() - needed
