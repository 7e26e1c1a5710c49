"""The structure of a certificate: what is not DER, and versions."""

from edgecheck.behaviour.dotnet.fetching import unless_fetched
from edgecheck.behaviour.equal_names import equating, is_looked_up
from edgecheck.behaviour.refusers import EVERYBODY, TIER_1, Refuser
from edgecheck.behaviour.structure import KEY, is_ca, is_unknown_to_all, refusers
from edgecheck.reading import ber
from edgecheck.reading.ber import Fault
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.strict import faults
from edgecheck.reading.text import safe
from edgecheck.rules.algorithm.conditions import UNUSUAL_KEY, UNUSUAL_SIGNATURE
from edgecheck.rules.encoding.conditions import ODD_STRUCTURE
from edgecheck.rules.engine.case import Case, shown_name
from edgecheck.rules.engine.rule import ERROR, WARNING, Act, Over, Severity, Violation, rule
from edgecheck.rules.input.conditions import MALFORMED
from edgecheck.rules.references import X690, measured, rfc

R = Refuser
_ELSEWHERE = (ber.TIME, ber.STRING)
"""Kinds of faults that other rules are about."""
_LONG = (ber.LENGTH, ber.INDEFINITE)
_ALGORITHMS = ("signature", "signatureAlgorithm")


_NOT_OF_ANCHORS = {
    ber.VERSION: frozenset({R.BEARSSL}),
    ber.PARAMETERS: frozenset({R.CRYPTOGRAPHY}),
}
"""Who does not look there in what is trusted, by kind of fault; at its key they do."""
NOBODY = frozenset[Refuser]()


def said_elsewhere(fault: Fault) -> bool:
    """Whether other rules are about it; an issuer's name is mostly wrong as the subject is."""
    return fault.kind in _ELSEWHERE or fault.field == "issuer"


def severity(refused_by: frozenset[Refuser]) -> Severity:
    """Error where a client of tier 1 is among them."""
    return ERROR if refused_by & TIER_1 else WARNING


def _passing_over_in_anchors(fault: Fault) -> frozenset[Refuser]:
    if fault.kind == ber.PARAMETERS and fault.field.startswith(KEY):
        return NOBODY
    return _NOT_OF_ANCHORS.get(fault.kind, NOBODY)


def _finding(certificate: Certificate, case: Case) -> frozenset[Refuser]:
    """Who takes its subject for the issuer that the certificate below it names."""
    child = case.issued(certificate)
    if child is None:
        return EVERYBODY
    looked_up = is_looked_up(certificate, case.view)
    found = equating(child.issuer_raw, certificate.subject_raw, looked_up)
    return found | (EVERYBODY - unless_fetched(EVERYBODY, child))


@rule(
    "encoding.not-der",
    title="A certificate is not in DER",
    severity=ERROR,
    over=Over.EACH_CERTIFICATE,
    when=[MALFORMED, ODD_STRUCTURE, UNUSUAL_KEY, UNUSUAL_SIGNATURE],
    act=Act.REISSUE,
    follows=["extension.version-not-3"],
    references=[
        rfc(5280, "4.1"),
        X690,
        measured(
            "lengths with bytes too many: Go refuses them, OpenSSL, .NET and Java take them. Bytes "
            "too many in a field: OpenSSL, .NET and GnuTLS refuse them, Go takes some. Numbers "
            "with bytes too many: OpenSSL, .NET and Go refuse them. A critical FALSE that is "
            "spelled out: cryptography alone refuses it"
        ),
    ],
)
def not_der(certificate: Certificate) -> Violation | None:
    """DER leaves one way to write each value, and a certificate must be written so.

    It may be a length in more bytes than it needs or without an end, a number with superfluous
    bytes, or a yes (BOOLEAN) that is not 0xff. It may be a default that is spelled out,
    parameters of an algorithm that has none, or bytes behind the last field. Clients differ in
    which of these they refuse, so that a gateway works for some and not for others. The finding
    names the field, its bytes, and those who are known to refuse it.

    Remedy:
    Have the certificate issued anew, by software that writes DER; OpenSSL does. No change
    to the file can repair what is signed.
    """
    found = [one for one in faults(certificate.der) if not said_elsewhere(one)]
    if certificate.tbs_signature_algorithm != certificate.signature_algorithm:
        found = [
            one for one in found if one.field not in _ALGORITHMS or one.kind in _LONG
        ]  # `input.algorithm-mismatch` says that they differ
    if not found:
        return None
    told = [f"{one.field} {one.told}" for one in found]
    if tuple(one.field for one in found) == _ALGORITHMS:
        told = told[1:]  # they are copies of each other
    by = [(one, refusers(one, is_ca(certificate))) for one in found]
    by_structure = NOBODY.union(*(who for _, who in by))
    of_anchors = NOBODY.union(*(who - _passing_over_in_anchors(one) for one, who in by))
    is_name = any(one.field == "subject" for one in found)

    uncheckable = any(one.field in _ALGORITHMS for one in found) and is_unknown_to_all(certificate)
    everybody = is_name or uncheckable

    def accepting(certificate: Certificate, case: Case) -> frozenset[Refuser]:
        taken = _finding(certificate, case) if is_name else EVERYBODY
        if uncheckable and case.issuer(certificate) is not None:
            taken = NOBODY  # its signature has to be verified
        taken = taken - by_structure
        return taken | (by_structure - of_anchors) if certificate in case.expected.trust else taken

    more = f", and {len(told) - 1} more" if len(told) > 1 else ""
    more += "; and no client knows its signature algorithm" if uncheckable else ""
    return Violation(
        f"the certificate {shown_name(certificate)} is not in DER: {safe(told[0])}{more}",
        wanted="DER",
        found=[safe(text) for text in told[:20]],
        certificates=(certificate,),
        severity=severity(by_structure),
        refused_by=by_structure | EVERYBODY if everybody else by_structure,
        accepting=accepting,
        hidden=R.VERIFY in by_structure,
        evidence={"field": found[0].field, "bytes": found[0].found.hex()},
    )
