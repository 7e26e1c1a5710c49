"""The rule about name constraints that clients apply where RFC 5280 does not."""

from collections.abc import Collection, Iterator

from edgecheck.behaviour import raw
from edgecheck.behaviour.constraints import (
    FORMS,
    ONLY_BELOW_THE_ROOT,
    ONLY_OF_THE_ISSUER,
    forbidding,
    forbids,
    versions_of_go,
)
from edgecheck.behaviour.refusers import GO, Refuser, in_few_words
from edgecheck.hierarchy.hierarchy import Hierarchy
from edgecheck.hierarchy.rfc5280.constraints import EMAIL_ADDRESS
from edgecheck.hierarchy.rfc5280.violations import ConstraintViolation, Kind
from edgecheck.reading.certificate import EXT_NAME_CONSTRAINTS, Certificate, Unreadable
from edgecheck.reading.text import safe
from edgecheck.rules import texts
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.rule import (
    ERROR,
    Act,
    Over,
    Violation,
    rule,
    severity_for,
)
from edgecheck.rules.extension.conditions import UNUSUAL_EXTENSION
from edgecheck.rules.places import is_root
from edgecheck.rules.references import openssl, rfc


@rule(
    "path.name-constraints-of-clients",
    title="Clients apply a CA's name constraints to a name that RFC 5280 leaves out",
    severity=ERROR,
    over=Over.HIERARCHY,
    purpose="server",
    when=[UNUSUAL_EXTENSION],
    act=Act.REISSUE,
    references=[rfc(5280, "4.2.1.10"), openssl("crypto/x509/v3_ncons.c")],
    symptoms=texts.NAME_CONSTRAINTS,
)
def constraints_of_clients(hierarchy: Hierarchy, case: Case) -> list[Violation] | None:
    """By RFC 5280 the constraints allow the certificate, and some clients refuse it all the same.

    Constraints on e-mail addresses bear on an `emailAddress` in the subject only where there is
    no subjectAltName. OpenSSL, what is built on it, .NET and NSS apply them always: "permitted
    subtree violation" (47), HasNotPermittedNameConstraint, SEC_ERROR_CERT_NOT_IN_NAME_SPACE.
    Others go their own way with directory names: rustls takes the whole subject to be equal to
    the subtree, wolfSSL compares bytes, GnuTLS refuses whatever excludes one. Go refuses a
    subjectAltName with a URI that has no host name (`urn:...`, or one with an address) below
    any constraints, be they about DNS names alone: "cannot be matched against constraints". It
    refuses one with a DNS name that is no domain to it, such as one with a dot at its end, too:
    "cannot parse dnsName". An empty DNS name stands for all of them, and Java fails at it:
    "String index out of range: 0". The path is valid all the same; or, where constraints hold
    what is no name, or the server's own names cannot be read, the RFC leaves open what clients
    decide: most take the common name then. `path.name-constraints` is about what the RFC
    forbids, and `extension.common-name-not-permitted` about common names.

    Remedy:
    Have the certificate reissued without that name, which no gateway needs: neither IoT Edge nor
    its clients look at an e-mail address, a URI or the rest of the subject. Or have the CA reissued
    with constraints on DNS names and IP addresses alone.
    """
    path = hierarchy.path
    if path is None:
        return None
    left_open = {
        v.certificate
        for v in path.violations
        if v.kind is Kind.UNDECIDED and v.step in _OF_CONSTRAINTS
    }
    unsure = {
        v.certificate for v in path.violations if v.kind is Kind.UNDECIDED and v.step == _COMPARED
    }
    breaches = [v.breach for v in path.violations if isinstance(v, ConstraintViolation)]
    told = {(breach.certificate, breach.by) for breach in breaches}
    broken = {breach.by: breach.certificate for breach in breaches}
    certificates = path.certificates
    found = []
    for place, below in enumerate(certificates):
        for above in certificates[place + 1 :]:
            if EXT_NAME_CONSTRAINTS not in above.extensions or (below, above) in told:
                continue
            if above in left_open:
                continue  # `path.undecided` says so
            unread = not place and below in unsure and _has_unreadable_names(below)
            forms = None if above in unsure or unread else FORMS
            refused = _forbidding(below, above, place, case, forms)
            if refused:
                one = _violation(below, above, refused, broken.get(above), case, forms is None)
                if above in unsure:
                    one = one._replace(changes=above, remedy=_OTHER_CONSTRAINTS)
                elif unread:
                    one = one._replace(remedy=_OTHER_NAMES)
                found.append(one)
    return found or None


_OF_CONSTRAINTS = ("4.2.1.10", "6.1.4 (g)")
"""Steps at which constraints are left open."""
_COMPARED = "6.1.3 (b), (c)"
"""The step at which it is left open whether constraints allow a name, whatever form it has."""
_OTHER_CONSTRAINTS = (
    "Have the CA reissued without name constraints, or with such that are as RFC 5280 has them: "
    "domain names, without a dot at their end."
)
_OTHER_NAMES = (
    "Have the certificate reissued with a subjectAltName of names that the CA's constraints "
    "permit, or the CA with constraints that permit them."
)


def _has_unreadable_names(certificate: Certificate) -> bool:
    """Whether it rests on the client which names it has."""
    try:
        _ = certificate.subject, certificate.alt_names
    except Unreadable:
        return True
    return False


def _forbidding(
    below: Certificate,
    above: Certificate,
    place: int,
    case: Case,
    forms: Collection[int] | None,
) -> frozenset[Refuser]:
    """Who lets the constraints of one, as far as they are of these forms, forbid the other."""
    if place and below.is_self_issued:
        return frozenset()  # on these constraints do not bear
    is_leaf = not place and case.hierarchy.server is not None
    left_out = frozenset[Refuser]()
    if is_root(above, case):
        left_out |= ONLY_BELOW_THE_ROOT
    if case.issuer(below) is not above:
        left_out |= ONLY_OF_THE_ISSUER
    found, unread = forbidding(left_out, below, above, is_leaf, forms)
    if unread and not found:
        raise next(reversed(unread.values()))
    return versions_of_go(found)


def _violation(
    below: Certificate,
    above: Certificate,
    refused: frozenset[Refuser],
    breaking: Certificate | None,
    case: Case,
    unsure: bool,
) -> Violation:
    """Say which name is refused.

    `breaking`: a certificate that breaks the same constraints by the RFC, too; `unsure`: whether
    the RFC leaves open what they say of DNS names.
    """
    bases = [base for group in raw.constraints(above) or () for base in group]
    if refused == {Refuser.JAVA} and (raw.DNS, b"") in bases:
        return _nameless(below, above, case)
    forms = {tag for tag, _ in bases if unsure or tag != raw.DNS}
    name = (_no_domain(below, above) if refused <= GO else None) or next(_names(below, forms))
    return Violation(
        f"{case.named(below)} has {name}; by the name constraints of {case.named(above)} it is "
        f"refused by {in_few_words(refused)}",
        wanted="names that every client finds within the constraints",
        found=name,
        certificates=(below, above),
        severity=severity_for(refused),
        refused_by=refused,
        because_of=("path.name-constraints", breaking) if breaking is not None else None,
    )


def _no_domain(below: Certificate, above: Certificate) -> str | None:
    """A DNS name at which Go stops; None where it is another name."""
    from edgecheck.behaviour.golang.names import without_domain  # sound chains need none of it

    found = without_domain(below, raw.constraints(above) or raw.Constraints())
    return None if found is None else f'the DNS name "{safe(found, 120)}"'


def _nameless(below: Certificate, above: Certificate, case: Case) -> Violation:
    """Java looks at the first letter of a constraint, whatever it constrains."""
    return Violation(
        f"{case.named(above)} has an empty dNSName among its name constraints, at which Java fails "
        f"when it compares {case.named(below)}",
        wanted="name constraints with names in them, or none",
        found='DNS:""',
        certificates=(above, below),
        remedy="Have the CA reissued without name constraints, or with the domains that it is for: "
        "an empty DNS name permits all of them, as no constraint does.",
        refused_by=_confused(below, above, case),
    )


def _confused(below: Certificate, above: Certificate, case: Case) -> frozenset[Refuser]:
    """Who cannot do with an empty dNSName: for cryptography it is malformed, wolfSSL compares."""
    is_leaf = below is case.hierarchy.server
    by = frozenset({Refuser.JAVA, Refuser.CRYPTOGRAPHY} if is_leaf else {Refuser.JAVA})
    if case.issuer(below) is above and forbids(Refuser.WOLFSSL, below, above, is_leaf, None):
        by |= {Refuser.WOLFSSL}
    return by


def _names(certificate: Certificate, forms: set[int]) -> Iterator[str]:
    """The names that clients bring under constraints of these forms, the likeliest first."""
    for rdn in certificate.subject.rdns:
        for kind, _, value in rdn:
            if kind == EMAIL_ADDRESS and raw.EMAIL in forms:
                yield f"the e-mail address {safe(str(value), 120)} in its subject"
    try:
        names = certificate.alt_names
    except Unreadable:  # then clients go by what is left
        commons = certificate.subject.common_names if raw.DNS in forms else ()
        yield from (f"the common name {safe(name, 120)}" for name in commons)
        names = None
    if names is not None:
        if raw.DNS in forms:
            yield from (f"the DNS name {safe(name, 120)}" for name in names.dns)
        yield from (f"the URI {safe(uri, 120)}" for uri in names.uri)
        yield from (f"the e-mail address {safe(email, 120)}" for email in names.email)
    yield f"the subject {safe(str(certificate.subject), 120)}"
