"""Rules about extensions that are critical, or not, against what RFC 5280 or clients say."""

from collections.abc import Iterable
from contextlib import suppress

from edgecheck.behaviour.golang.records import V1_27
from edgecheck.behaviour.jsse.parse import refusing_undecodable
from edgecheck.behaviour.refusers import NSS, Refuser, all_but
from edgecheck.hierarchy.rfc5280.violations import ConstraintViolation, PolicyViolation
from edgecheck.reading import certificate as facts
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.der import Malformed
from edgecheck.reading.name_constraints import name_constraints
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.rule import (
    ERROR,
    WARNING,
    Act,
    Over,
    Reference,
    Violation,
    rule,
    severity_for,
)
from edgecheck.rules.extension.conditions import UNUSUAL_CRITICAL, UNUSUAL_EXTENSION
from edgecheck.rules.extension.policies import applying_a_roots
from edgecheck.rules.lines import name_constraints_line, subtree_words
from edgecheck.rules.places import NOBODY, ByPlace, Refusers, everywhere, is_root
from edgecheck.rules.references import measured, openssl, rfc

R = Refuser
_MUST = {
    facts.EXT_NAME_CONSTRAINTS: "nameConstraints",
    facts.EXT_POLICY_CONSTRAINTS: "policyConstraints",
    facts.EXT_INHIBIT_ANY_POLICY: "inhibitAnyPolicy",
}
"""RFC 5280, sections 4.2.1.10, 4.2.1.11 and 4.2.1.14."""

_REQUIRES = "extension.root-requires-policy"


@rule(
    "extension.must-be-critical",
    title="An extension that must be critical is not",
    severity=WARNING,
    over=Over.EACH_ON_PATH,
    when=[UNUSUAL_EXTENSION],
    act=Act.REISSUE,
    follows=["extension.name-constraints-without-ca"],
    references=[
        rfc(5280, "4.2.1.10"),
        rfc(5280, "4.2.1.11"),
        measured("constraints that are not critical: mbedTLS and BearSSL pass over them"),
    ],
)
def must_be_critical(certificate: Certificate, case: Case) -> Violation | None:
    """Constraints may be ignored by a client that does not know them.

    RFC 5280 says that nameConstraints, policyConstraints and inhibitAnyPolicy must be
    critical. Where they are not, mbedTLS and BearSSL, which cannot apply them, accept what
    they forbid; all other clients apply them all the same, and none refuses the certificate
    for it.

    Remedy:
    Have the CA certificate reissued with the extension marked critical, such as:

        nameConstraints = critical,permitted;DNS:plant7.example,permitted;DNS:edgehub
    """
    names = [
        name
        for identifier, name in _MUST.items()
        if identifier in certificate.extensions and identifier not in certificate.critical
    ]
    if not names:
        return None
    listed = " and ".join(names)
    return Violation(
        f"{case.named(certificate)} has {listed}, not marked critical",
        wanted="critical",
        found=names,
        certificates=(certificate,),
        remedy=_marked(certificate, names),
        because_of=(_REQUIRES, certificate) if names == ["policyConstraints"] else None,
    )


def _marked(certificate: Certificate, names: list[str]) -> str:
    """With the certificate's own constraints in OpenSSL's words, where they fit into a line."""
    told = f"Have the CA certificate reissued with {' and '.join(names)} marked critical"
    with suppress(Malformed):
        constraints = name_constraints(certificate.extensions.get(facts.EXT_NAME_CONSTRAINTS, b""))
        parts = [("permitted", subtree_words(each)) for each in constraints.permitted]
        parts += [("excluded", subtree_words(each)) for each in constraints.excluded]
        if line := name_constraints_line(parts):
            return f"{told}:\n\n    {line}"
    return f"{told}: the word `critical` stands first in its line."


_KNOWING = (R.GO_OLD, R.GNUTLS, R.NSS, R.MBEDTLS_3, R.BEARSSL, R.BOTAN)
"""Those that count key identifiers among the extensions that they know."""
_IDENTIFIERS = ByPlace(
    all_but(*_KNOWING),
    all_but(*_KNOWING),
    all_but(*_KNOWING, R.JAVA, R.OPENSSL_1_0_2, R.NSS_PKIX, R.RUSTLS),
)
_MUST_NOT = {
    facts.EXT_SUBJECT_KEY_ID: (
        "subjectKeyIdentifier",
        _IDENTIFIERS._replace(target=_IDENTIFIERS.target - {R.CRYPTOGRAPHY}),
    ),
    facts.EXT_AUTHORITY_KEY_ID: ("authorityKeyIdentifier", _IDENTIFIERS),
    facts.EXT_ISSUER_ALT_NAME: (
        "issuerAltName",
        ByPlace(
            all_but(R.GNUTLS, R.BEARSSL, R.BOTAN),
            all_but(R.GNUTLS, R.BEARSSL, R.BOTAN),
            all_but(R.JAVA, R.OPENSSL_1_0_2, R.GNUTLS, *NSS, R.RUSTLS, R.BEARSSL, R.BOTAN),
        ),
    ),
}
"""RFC 5280, sections 4.2.1.1, 4.2.1.2 and 4.2.1.7."""


@rule(
    "extension.must-not-be-critical",
    title="An extension is critical that must not be",
    severity=ERROR,
    over=Over.EACH_ON_PATH,
    when=[UNUSUAL_CRITICAL],
    act=Act.REISSUE,
    references=[
        rfc(5280, "4.2.1.1"),
        rfc(5280, "4.2.1.2"),
        openssl("crypto/x509/v3_purp.c"),
        measured(
            "OpenSSL, Python, Node, .NET, Java and Go refuse it; of a root, Java only other "
            "names of the issuer (issuerAltName) that it cannot decode"
        ),
    ],
)
def must_not_be_critical(certificate: Certificate, case: Case) -> Violation | None:
    """A key identifier or an issuer's other name is marked critical.

    RFC 5280 forbids it for the key identifiers, and advises against it for issuerAltName. Most
    clients do not count these among the extensions that they can handle, so that a critical one
    is refused as if it were unknown. OpenSSL (error 34) and Go say "unhandled critical
    extension", .NET HasNotSupportedCriticalExtension.

    Remedy:
    Have the certificate reissued without the word `critical` at that extension:

        subjectKeyIdentifier = hash
        authorityKeyIdentifier = keyid:always
    """
    found = _critical(certificate, _MUST_NOT, case)
    if not found:
        return None
    refusers = frozenset().union(*found.values())
    if facts.EXT_ISSUER_ALT_NAME in certificate.critical:  # which it decodes of a root, too
        refusers |= refusing_undecodable(certificate, facts.EXT_ISSUER_ALT_NAME)
    return Violation(
        f"{case.named(certificate)} marks {' and '.join(found)} critical",
        wanted="not critical",
        found=list(found),
        certificates=(certificate,),
        severity=severity_for(refusers),
        remedy="\n".join((_WITHOUT_THE_WORD, *(_LINES[name] for name in found if name in _LINES))),
        refused_by=refusers,
    )


_WITHOUT_THE_WORD = (
    "Have the certificate reissued without the word `critical` at that extension; what is issued "
    "anew can also be without the extension.\n"
)
_LINES = {
    "subjectKeyIdentifier": "    subjectKeyIdentifier = hash",
    "authorityKeyIdentifier": "    authorityKeyIdentifier = keyid:always",
}


def _critical(
    certificate: Certificate, table: dict[bytes, tuple[str, ByPlace]], case: Case
) -> dict[str, Refusers]:
    """Critical extensions of a table by name, and who refuses them in this place."""
    return {
        name: who.of(certificate, case)
        for identifier, (name, who) in table.items()
        if identifier in certificate.critical and identifier not in certificate.duplicate_extensions
    }


_FEW = frozenset({R.CRYPTOGRAPHY, R.MBEDTLS, R.BOTAN})
POLICY_CONSTRAINTS = ByPlace(
    _FEW | {R.GO_OLD, R.GNUTLS, R.NSS, R.RUSTLS, R.BEARSSL},
    _FEW | {R.GO_OLD, R.GNUTLS, R.NSS, R.RUSTLS, R.BEARSSL},
    _FEW | {R.GO_OLD, R.GNUTLS},
)
_NOT_EVERYWHERE = {
    facts.EXT_NAME_CONSTRAINTS: (
        "nameConstraints",
        ByPlace(NOBODY, frozenset({R.MBEDTLS, R.BEARSSL}), frozenset({R.MBEDTLS})),
    ),
    facts.EXT_POLICY_CONSTRAINTS: ("policyConstraints", POLICY_CONSTRAINTS),
    facts.EXT_INHIBIT_ANY_POLICY: (
        "inhibitAnyPolicy",
        everywhere(_FEW | {R.GO_OLD, R.NSS, R.RUSTLS, R.BEARSSL})._replace(root=_FEW | {R.GO_OLD}),
    ),
    facts.EXT_POLICIES: (
        "certificatePolicies",
        ByPlace(
            frozenset({R.NSS, R.RUSTLS, R.CRYPTOGRAPHY, R.MBEDTLS}),
            frozenset({R.NSS, R.RUSTLS, R.CRYPTOGRAPHY, R.MBEDTLS}),
            frozenset({R.CRYPTOGRAPHY, R.MBEDTLS}),
        ),
    ),
    facts.EXT_POLICY_MAPPINGS: (
        "policyMappings",
        everywhere(_FEW | {R.GO_OLD, R.GNUTLS, R.NSS, R.RUSTLS, R.WOLFSSL, R.BEARSSL})._replace(
            root=_FEW | {R.GO_OLD, R.GNUTLS, R.WOLFSSL}
        ),
    ),
    facts.EXT_CRL_DISTRIBUTION_POINTS: (
        "cRLDistributionPoints",
        everywhere(frozenset({R.JAVA, R.BORINGSSL, *NSS, R.CRYPTOGRAPHY, R.MBEDTLS}))._replace(
            root=frozenset({R.BORINGSSL, R.CRYPTOGRAPHY, R.MBEDTLS})
        ),
    ),
    facts.EXT_EXTENDED_KEY_USAGE: (
        "extKeyUsage",
        everywhere(frozenset({R.CRYPTOGRAPHY, R.BEARSSL}))._replace(
            root=frozenset({R.CRYPTOGRAPHY})
        ),
    ),
    facts.EXT_SUBJECT_ALT_NAME: (
        "subjectAltName",
        ByPlace(frozenset({R.CRYPTOGRAPHY}), NOBODY, NOBODY),
    ),
}


@rule(
    "extension.not-known-everywhere",
    title="A critical extension is right, but some clients cannot handle it",
    severity=WARNING,
    over=Over.EACH_ON_PATH,
    purpose="server",
    when=[UNUSUAL_CRITICAL],
    act=Act.REISSUE,
    references=[
        rfc(5280, "4.2"),
        Reference("Go 1.24 release notes, crypto/x509", "https://go.dev/doc/go1.24"),
        measured("mbedTLS refuses every critical constraint, BearSSL all but a root's"),
        measured("policyConstraints and inhibitAnyPolicy: Go before 1.24, NSS, rustls, Botan"),
        measured("cRLDistributionPoints: Java, NSS, BoringSSL, mbedTLS and cryptography"),
    ],
)
def not_known_everywhere(certificate: Certificate, case: Case) -> Violation | None:
    """RFC 5280 allows the extension to be critical, or demands it, and clients differ.

    A client must refuse a critical extension that it cannot handle. OpenSSL and .NET handle
    these, Go and Java most of them. Small clients do not: mbedTLS and BearSSL handle no
    constraints at all. Where a root requires policies, .NET and BoringSSL ask for them, and
    others do not look. An extension that need not be critical is better not; constraints
    must be, and are best left out where devices with small clients connect.

    Remedy:
    Have the certificate reissued without constraints that nobody needs, and without
    `critical` at certificatePolicies, crlDistributionPoints, extendedKeyUsage and
    subjectAltName. Where a company's CA insists on constraints, use clients that know them.
    """
    found = _critical(certificate, _NOT_EVERYWHERE, case)
    if certificate.subject_raw == b"\x30\x00":
        found.pop("subjectAltName", None)  # there it must be
    if not certificate.is_ca:
        found.pop("nameConstraints", None)  # extension.name-constraints-without-ca
    if (
        facts.EXT_NAME_CONSTRAINTS in certificate.critical
        or facts.EXT_SUBJECT_ALT_NAME in certificate.critical
    ):
        _beyond_go(certificate, found)
    if "policyConstraints" in found and is_root(certificate, case):
        found["policyConstraints"] |= applying_a_roots(case)
    found = {name: who for name, who in found.items() if who}
    if not found:
        return None
    refusers = frozenset().union(*found.values())
    return Violation(
        f"{case.named(certificate)} has {' and '.join(found)} as critical extension, which some "
        "clients cannot handle",
        wanted="extensions that every client handles",
        found=list(found),
        certificates=(certificate,),
        severity=severity_for(refusers),
        remedy=_left_out(found, case.named(certificate)),
        refused_by=refusers,
        because_of=_explained(certificate, found, case),
    )


_OF_NAMES = (facts.EXT_NAME_CONSTRAINTS, facts.EXT_SUBJECT_ALT_NAME)


def _beyond_go(certificate: Certificate, found: dict[str, Refusers]) -> None:
    """Add Go where it knows no name or constraint of the forms that a critical extension has."""
    from edgecheck.behaviour.golang.parse import has_other_names_alone, unhandled

    if "nameConstraints" in found and unhandled(certificate, V1_27):
        found["nameConstraints"] |= {R.GO}
    with suppress(Malformed):  # what cannot be read has a finding of its own
        if certificate.version == 3 and has_other_names_alone(certificate):
            found["subjectAltName"] = found.get("subjectAltName", NOBODY) | {R.GO}


def _left_out(found: Iterable[str], named: str) -> str:
    """Constraints have to be critical, so they are left out; others can lose the mark."""
    constraints = [name for name in found if name in _LEAVING_OUT]
    others = [name for name in found if name not in _LEAVING_OUT]
    told = []
    if others:
        told.append(f"with {' and '.join(others)} not marked critical")
    if constraints:
        told.append(f"without {' and '.join(constraints)}")
    also = ", where nobody needs these constraints; or use clients that know them"
    return f"Have {named} reissued {', and '.join(told)}{also if constraints else ''}."


_LEAVING_OUT = ("nameConstraints", "policyConstraints", "inhibitAnyPolicy", "policyMappings")


def _explained(
    certificate: Certificate, found: dict[str, Refusers], case: Case
) -> tuple[str, Certificate] | None:
    """The finding about what the constraints forbid, where they forbid something."""
    path = case.hierarchy.path
    if path is None or not found.keys() <= _CONSTRAINTS:
        return None
    for violation in path.violations:
        if isinstance(violation, ConstraintViolation) and violation.breach.by is certificate:
            return ("path.name-constraints", violation.certificate)
        if isinstance(violation, PolicyViolation):
            by = violation.why.required_by
            if violation.certificate is certificate or (
                by is not None and path.certificates[by] is certificate
            ):
                return ("path.policy", violation.certificate)
    return None


_CONSTRAINTS = {"nameConstraints", "policyConstraints", "policyMappings"}
