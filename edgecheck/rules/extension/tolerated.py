"""Rules about contents of extensions that RFC 5280 forbids, and most clients take all the same."""

from edgecheck.behaviour.refusers import Refuser
from edgecheck.hierarchy.rfc5280.contents import has_unknown_qualifier
from edgecheck.hierarchy.rfc5280.violations import ConstraintViolation
from edgecheck.reading.certificate import EXT_NAME_CONSTRAINTS, EXT_POLICIES, Certificate
from edgecheck.reading.der import Malformed, oid_text
from edgecheck.reading.name_constraints import Subtree, name_constraints
from edgecheck.reading.policies import qualifiers
from edgecheck.reading.text import safe
from edgecheck.rules import texts
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.rule import (
    WARNING,
    Act,
    Over,
    Reference,
    Violation,
    rule,
    severity_for,
)
from edgecheck.rules.extension.conditions import UNUSUAL_CRITICAL, UNUSUAL_EXTENSION
from edgecheck.rules.places import NOBODY
from edgecheck.rules.references import measured, openssl, rfc

R = Refuser


@rule(
    "extension.constraint-with-period",
    title="A name constraint on DNS names begins with a period",
    severity=WARNING,
    over=Over.EACH_ON_PATH,
    when=[UNUSUAL_EXTENSION],
    act=Act.REISSUE,
    references=[
        rfc(5280, "4.2.1.10"),
        openssl("crypto/x509/v3_ncons.c"),
        Reference(
            "Go 1.24, crypto/x509/verify.go: matchDomainConstraint",
            "https://github.com/golang/go/blob/go1.24.0/src/crypto/x509/verify.go",
        ),
        measured("cryptography refuses the chain: malformed DNS name constraint"),
    ],
    symptoms=texts.PERIOD,
)
def constraint_with_period(certificate: Certificate, case: Case) -> Violation | None:
    """RFC 5280 writes a domain as `plant7.example`, which stands for the name and all below it.

    A period before it is for constraints on e-mail addresses and URIs alone. OpenSSL, .NET, Go
    and Java take `.plant7.example` all the same, for what is below the domain, and not for
    `plant7.example` itself. A gateway of that very name they refuse, or let pass where the
    domain is excluded. cryptography cannot read such a constraint and refuses every name below
    it, and so do validators that go by the letter.

    Remedy:
    Have the CA certificate reissued without the period:

        nameConstraints = critical,permitted;DNS:plant7.example,permitted;DNS:edgehub

    That permits, or excludes, the domain's own name too.
    """
    value = certificate.extensions.get(EXT_NAME_CONSTRAINTS)
    if value is None:
        return None
    try:
        subtrees = [one for group in name_constraints(value) for one in group if one.leading_period]
    except Malformed:
        return None  # `input.unreadable-fact` says so
    if not subtrees:
        return None
    shown = ", ".join(safe(subtree.text, 120) for subtree in subtrees[:3])
    return Violation(
        f"{case.named(certificate)} has the name constraint {shown}, and RFC 5280 knows no domain "
        "that begins with a period",
        wanted=[safe(subtree.text[1:], 120) for subtree in subtrees],
        found=[safe(subtree.text, 120) for subtree in subtrees],
        certificates=(certificate,),
        refused_by=frozenset({R.CRYPTOGRAPHY}) if _bears(certificate, case) else NOBODY,
        because_of=_forbidden(certificate, subtrees, case) or _profile(certificate, case),
    )


def _profile(certificate: Certificate, case: Case) -> tuple[str, Certificate]:
    """The error that says it too, in a profile that goes by the letter."""
    letter = case.expected.profile == "path"
    return "path.unprocessable-extension" if letter else "path.profile", certificate


def _bears(certificate: Certificate, case: Case) -> bool:
    """Whether a DNS name is below it, in a subjectAltName."""
    path = case.hierarchy.path
    below = path.certificates if path is not None else ()
    if certificate in below:
        below = below[: below.index(certificate)]
    return any(one.alt_names is not None and bool(one.alt_names.dns) for one in below)


def _forbidden(
    certificate: Certificate, subtrees: list[Subtree], case: Case
) -> tuple[str, Certificate] | None:
    """The finding about a name that these constraints forbid, where they do."""
    path = case.hierarchy.path
    for violation in path.violations if path is not None else ():
        if not isinstance(violation, ConstraintViolation):
            continue
        breach = violation.breach
        if breach.by is certificate and not set(subtrees).isdisjoint(breach.subtrees):
            return "path.name-constraints", violation.certificate
    return None


@rule(
    "extension.policy-qualifiers",
    title="Critical certificate policies have qualifiers",
    severity=WARNING,
    over=Over.EACH_ON_PATH,
    when=[UNUSUAL_CRITICAL],
    act=Act.REISSUE,
    references=[
        rfc(5280, "4.2.1.4"),
        Reference(
            "OpenJDK 17, sun/security/provider/certpath/PolicyChecker.java",
            "https://github.com/openjdk/jdk17u/blob/master/src/java.base/share/classes/sun/"
            "security/provider/certpath/PolicyChecker.java",
        ),
        measured("Java 17 refuses any qualifier of a critical policy; OpenSSL and Go pass over it"),
    ],
    symptoms=texts.QUALIFIERS,
)
def policy_qualifiers(certificate: Certificate, case: Case) -> Violation | None:
    """A policy's qualifiers say where its text is; whoever marks policies critical demands more.

    RFC 5280 wants a critical extension understood, qualifiers included, or the certificate
    refused, and knows two: the address of a statement (CPS) and a notice to users. Java
    refuses both: "critical policy qualifiers present in certificate". It looks where every
    certificate above has a policy; a gateway's own certificates have none, so that what stands
    below them is not looked at. OpenSSL, .NET and Go do not look at qualifiers.

    Remedy:
    Have the certificate reissued with policies that are not critical, or without qualifiers:

        certificatePolicies = 2.999.1
    """
    if EXT_POLICIES not in certificate.critical:
        return None
    try:
        found = qualifiers(certificate.extensions[EXT_POLICIES])
        refusers = _refusing_qualifiers(certificate, case)
    except Malformed:
        return None  # which others say
    unknown = has_unknown_qualifier(certificate)
    if not unknown and not refusers:
        return None
    names = list(dict.fromkeys(_QUALIFIERS.get(kind) or _oid(kind) for _, kind in found))
    told = "that nobody knows" if unknown else "which Java does not take"
    return Violation(
        f"the critical certificatePolicies of {case.named(certificate)} have qualifiers {told}: "
        f"{', '.join(names[:5])}",
        wanted="policies that are not critical, or have no qualifiers",
        found=names,
        certificates=(certificate,),
        severity=severity_for(refusers),
        refused_by=refusers,
        because_of=_profile(certificate, case),
    )


def _refusing_qualifiers(certificate: Certificate, case: Case) -> frozenset[Refuser]:
    from edgecheck.behaviour.bearssl.chain import (
        has_other_qualifier,  # sound chains need none of it
    )
    from edgecheck.behaviour.jsse.policies import qualified_policies

    path, refusers = case.hierarchy.path, set()
    if path is not None and certificate in path.certificates:
        chain = path.certificates[:-1] if case.hierarchy.anchor else path.certificates
        if qualified_policies(chain) is certificate:
            refusers.add(R.JAVA)
        if certificate in chain and has_other_qualifier(certificate.extensions[EXT_POLICIES]):
            refusers.add(R.BEARSSL)
    return frozenset(refusers)


_QUALIFIERS = {
    bytes.fromhex("2b06010505070201"): "CPS",
    bytes.fromhex("2b06010505070202"): "user notice",
}


def _oid(kind: bytes) -> str:
    try:
        return oid_text(kind)
    except Malformed:
        return kind.hex()
