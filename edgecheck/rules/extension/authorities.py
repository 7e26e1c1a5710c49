"""Rules about the extensions of CA certificates."""

import re

from edgecheck.behaviour.refusers import Refuser
from edgecheck.hierarchy.rfc5280.violations import ConstraintViolation
from edgecheck.hierarchy.roles import Role
from edgecheck.reading import name_constraints as reading
from edgecheck.reading.certificate import (
    EXT_BASIC_CONSTRAINTS,
    EXT_KEY_USAGE,
    EXT_NAME_CONSTRAINTS,
    Certificate,
)
from edgecheck.reading.der import Malformed
from edgecheck.reading.name_constraints import Form
from edgecheck.reading.text import safe
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.rule import (
    INFO,
    WARNING,
    Act,
    Over,
    Reference,
    Violation,
    rule,
    severity_for,
)
from edgecheck.rules.extension.conditions import (
    INCOMPLETE_CA,
    KEY_USAGE_NOT_CRITICAL,
    UNUSUAL_EXTENSION,
)
from edgecheck.rules.places import is_root, issues
from edgecheck.rules.references import identity_service, measured, openssl, rfc

_LDH = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*(\.[A-Za-z0-9][A-Za-z0-9-]*)*+")
"""What Java takes for a host name."""
WOLFSSL_ADD_CA = Reference(
    "wolfSSL v5.5.4-stable, src/ssl.c (AddCA)",
    "https://github.com/wolfSSL/wolfssl/blob/v5.5.4-stable/src/ssl.c",
)


@rule(
    "extension.basic-constraints-not-critical",
    title="The basicConstraints of a CA certificate are not critical",
    severity=WARNING,
    over=Over.EACH_ON_PATH,
    when=[INCOMPLETE_CA],
    act=Act.REISSUE,
    follows=["extension.server-is-ca"],
    refused_by=[Refuser.STRICT, Refuser.CRYPTOGRAPHY],
    references=[
        rfc(5280, "4.2.1.9"),
        openssl("crypto/x509/x509_vfy.c"),
        measured("Python with VERIFY_X509_STRICT and cryptography refuse it, nobody else"),
    ],
)
def basic_constraints_not_critical(certificate: Certificate, case: Case) -> Violation | None:
    """A CA certificate says CA:TRUE in an extension that may be ignored.

    RFC 5280 wants basicConstraints marked critical in a CA certificate, so that no client
    passes over a path length. Lenient clients do not look at the mark;
    `ssl.create_default_context()` of Python 3.13 and later does ("Basic Constraints of CA
    cert not marked critical", OpenSSL's error 89).

    Remedy:
    Have the issuer reissue this certificate, from the same key and with the same subject:

        basicConstraints = critical,CA:TRUE

    Then replace it in the device CA file; a root also in the trust of every client.
    """
    if not certificate.is_ca or EXT_BASIC_CONSTRAINTS in certificate.critical:
        return None
    return Violation(
        f"the basicConstraints of {case.named(certificate)} are not critical",
        wanted="critical basicConstraints",
        found="not critical",
        certificates=(certificate,),
    )


@rule(
    "extension.no-key-usage",
    title="A CA certificate has no keyUsage",
    severity=WARNING,
    over=Over.EACH_ON_PATH,
    when=[INCOMPLETE_CA],
    act=Act.REISSUE,
    follows=["extension.server-is-ca"],
    references=[
        rfc(5280, "4.2.1.3"),
        openssl("crypto/x509/x509_vfy.c"),
        WOLFSSL_ADD_CA,
        measured("Python with VERIFY_X509_STRICT, cryptography and, but for a root, wolfSSL"),
    ],
)
def no_key_usage(certificate: Certificate, case: Case) -> Violation | None:
    """A CA certificate does not say that its key may sign certificates.

    RFC 5280 wants keyUsage in every CA certificate. Most clients take a missing one for
    "everything"; `ssl.create_default_context()` of Python 3.13 and later does not ("CA cert
    does not include key usage extension", OpenSSL's error 92), nor does wolfSSL. That takes no
    presented certificate for a CA whose keyUsage lacks keyCertSign, and a missing one lacks it
    too. A CA that wolfSSL trusts by itself may do without.

    Remedy:
    Have the issuer reissue this certificate, from the same key and with the same subject:

        keyUsage = critical,digitalSignature,keyCertSign,cRLSign

    Then replace it in the device CA file; a root also in the trust of every client.
    """
    if certificate.version != 3 or not certificate.is_ca or certificate.key_usage is not None:
        return None
    refusers = {Refuser.STRICT, Refuser.CRYPTOGRAPHY}
    if issues(certificate, case) and not is_root(certificate, case):
        refusers.add(Refuser.WOLFSSL)
    return Violation(
        f"{case.named(certificate)} is a CA and has no keyUsage",
        wanted="a critical keyUsage with keyCertSign",
        found="absent",
        certificates=(certificate,),
        refused_by=frozenset(refusers),
    )


@rule(
    "extension.key-usage-not-critical",
    title="A keyUsage is not critical",
    severity=INFO,
    over=Over.EACH_ON_PATH,
    when=[KEY_USAGE_NOT_CRITICAL],
    act=Act.REISSUE,
    references=[
        rfc(5280, "4.2.1.3"),
        identity_service("cert/aziot-certd/src/lib.rs"),
        measured("every client accepts it, in a CA certificate and in a server certificate"),
    ],
)
def key_usage_not_critical(certificate: Certificate, case: Case) -> Violation | None:
    """RFC 5280 says that keyUsage should be marked critical.

    A client that knows the extension heeds it all the same, and every one does: of 26 that
    were tried none refused such a chain. It shows that a certificate was made by an
    unusual tool or extension file.

    Remedy:
    When the certificate is next issued, mark the extension critical, for a CA:

        keyUsage = critical,digitalSignature,keyCertSign,cRLSign
    """
    if certificate.key_usage is None or EXT_KEY_USAGE in certificate.critical:
        return None
    return Violation(
        f"the keyUsage of {case.named(certificate)} is not critical",
        wanted="critical keyUsage",
        found="not critical",
        certificates=(certificate,),
    )


@rule(
    "extension.common-name-not-permitted",
    title="A CA's common name, taken for a DNS name, breaks constraints above it",
    severity=WARNING,
    over=Over.EACH_CA,
    purpose="server",
    when=[UNUSUAL_EXTENSION],
    act=Act.REISSUE,
    references=[
        rfc(5280, "4.2.1.10"),
        Reference(
            "OpenJDK 17, sun/security/x509/NameConstraintsExtension.java",
            "https://github.com/openjdk/jdk17u/blob/master/src/java.base/share/classes/sun/"
            "security/x509/NameConstraintsExtension.java",
        ),
        measured("Java refuses a CA `gw.ca` below one that permits `local`; wolfSSL any other CN"),
    ],
)
def common_name_not_permitted(certificate: Certificate, case: Case) -> list[Violation] | None:
    """A CA has nameConstraints for DNS names, and a CA below it a common name outside them.

    By RFC 5280 a common name is no DNS name, and a CA certificate without subjectAltName has
    nothing that such constraints bear on. Java takes the common name all the same where it
    could be a host name (letters, digits, hyphens and dots), as `mygateway.ca` of the
    convenience scripts could, and refuses the chain: "name constraints check failed". It
    does not look at the constraints of a trusted root. wolfSSL takes any common name, that of
    the CA directly below; Botan any that has a period, at any depth.

    Remedy:
    Have the CA below reissued with a common name that cannot be a host name, such as one with a
    space in it, or with one within what is permitted. For wolfSSL only the latter helps, or a
    DNS name that is permitted among its names (subjectAltName).
    """
    value = certificate.extensions.get(EXT_NAME_CONSTRAINTS)
    path = case.hierarchy.path
    if value is None or path is None:
        return None
    try:
        constraints = reading.name_constraints(value)
    except Malformed:
        return None
    permitted, excluded = (
        [subtree.text.lower().lstrip(".") for subtree in subtrees if subtree.form is Form.DNS]
        for subtrees in constraints
    )
    if not permitted and not excluded:
        return None
    java = certificate is not case.hierarchy.anchor
    cause = next(
        (
            ("path.name-constraints", violation.certificate)
            for violation in path.violations
            if isinstance(violation, ConstraintViolation) and violation.breach.by is certificate
        ),
        None,
    )
    found = []
    certificates = path.certificates
    for below in certificates[: certificates.index(certificate)]:
        names = below.alt_names
        if below is case.hierarchy.server or (names is not None and names.dns):
            continue
        common = below.subject.common_name
        if not common or not _broken(common.lower(), permitted, excluded):
            continue
        refusers = set()
        if java and _LDH.fullmatch(common):
            refusers.add(Refuser.JAVA)
        if case.issuer(below) is certificate:
            refusers.add(Refuser.WOLFSSL)
        if names is None and "." in common:
            refusers.add(Refuser.BOTAN)
        if refusers:
            of_runtime = case.role(below) is Role.WORKLOAD_CA
            found.append(
                Violation(
                    f"{case.named(below)} has no DNS name, but clients take its common name for "
                    f"one, which {case.named(certificate)} does not allow",
                    wanted="a common name that is no host name, or one that is permitted",
                    found=safe(common),
                    certificates=(below, certificate),
                    severity=severity_for(frozenset(refusers)),
                    refused_by=frozenset(refusers),
                    because_of=cause,
                    changes=certificate if of_runtime else None,
                    remedy=_REISSUED.format(case.named(certificate)) if of_runtime else None,
                )
            )
    return found


_REISSUED = (
    "Have {} reissued without constraints for DNS names, where nobody needs them. The runtime "
    "gives its workload CA that name, and no other; from 1.2 on there is no such CA."
)


def _broken(name: str, permitted: list[str], excluded: list[str]) -> bool:
    return any(_within(name, base) for base in excluded) or (
        bool(permitted) and not any(_within(name, base) for base in permitted)
    )


def _within(name: str, base: str) -> bool:
    return not base or name == base or name.endswith("." + base)
