"""Rules about certificates whose fields contradict each other."""

from contextlib import suppress

from edgecheck.behaviour.botan.names import constrains, thrown_at
from edgecheck.behaviour.host_names import refusing
from edgecheck.behaviour.refusers import Refuser, all_but
from edgecheck.reading.certificate import (
    EXT_NAME_CONSTRAINTS,
    EXT_SUBJECT_ALT_NAME,
    Certificate,
    Unreadable,
)
from edgecheck.reading.der import Malformed
from edgecheck.reading.extensions import KEY_CERT_SIGN, key_usage_text
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.rule import ERROR, WARNING, Act, Over, Violation, rule, severity_for
from edgecheck.rules.extension.conditions import (
    EMPTY_SUBJECT,
    NOT_CA_BUT,
    OLD_VERSION,
    UNUSUAL_EXTENSION,
)
from edgecheck.rules.extension.server import TLS_BITS
from edgecheck.rules.misled import takes_for_no_ca
from edgecheck.rules.places import NOBODY, ByPlace, is_root
from edgecheck.rules.references import measured, openssl, rfc

R = Refuser
_EMPTY = b"\x30\x00"


@rule(
    "extension.cert-sign-without-ca",
    title="A server certificate may sign certificates, and is no CA",
    severity=WARNING,
    over=Over.SERVER,
    when=[NOT_CA_BUT],
    act=Act.REISSUE,
    refused_by=[R.STRICT, R.CRYPTOGRAPHY, R.BOTAN],
    references=[
        rfc(5280, "4.2.1.9"),
        openssl("crypto/x509/x509_vfy.c"),
        measured("Python with VERIFY_X509_STRICT, cryptography and Botan refuse it"),
    ],
)
def cert_sign_without_ca(server: Certificate, case: Case) -> Violation | None:
    """The keyUsage lists keyCertSign, and basicConstraints do not say CA:TRUE.

    RFC 5280 forbids the pair, since one half says that the key signs certificates and the
    other that it must not. Python 3.13 with its default context says "Key usage keyCertSign
    invalid for non-CA cert" (OpenSSL's error 82). OpenSSL 1.0.2 and BoringSSL, where a server
    certificate and its issuer have one name, take such a certificate for its own issuer.

    Remedy:
    Have the server certificate reissued with the key usages of a server:

        keyUsage = critical,digitalSignature,keyEncipherment
    """
    usage = server.key_usage
    if usage is None or not usage & KEY_CERT_SIGN or server.is_ca:
        return None
    cause = None if usage & TLS_BITS else ("extension.server-key-usage", server)
    return Violation(
        f"{case.named(server)} lists keyCertSign in its keyUsage and is not a CA",
        wanted="no keyCertSign",
        found=key_usage_text(usage),
        certificates=(server,),
        because_of=cause,
    )


@rule(
    "extension.path-length-without-ca",
    title="A server certificate has a path length, and is no CA",
    severity=WARNING,
    over=Over.SERVER,
    when=[NOT_CA_BUT],
    act=Act.REISSUE,
    refused_by=[R.STRICT, R.BORINGSSL, R.MBEDTLS_3_6_7],
    references=[
        rfc(5280, "4.2.1.9"),
        openssl("crypto/x509/x509_vfy.c"),
        measured("VERIFY_X509_STRICT, BoringSSL and mbedTLS 3.6.7 refuse it, nobody else"),
    ],
)
def path_length_without_ca(server: Certificate, case: Case) -> Violation | None:
    """Its basicConstraints limit the CA certificates below a certificate that may have none.

    RFC 5280 allows pathLenConstraint in CA certificates alone. Python 3.13 with its default
    context says "Path length invalid for non-CA cert" (OpenSSL's error 80).

    Remedy:
    Have the server certificate reissued without a path length:

        basicConstraints = CA:FALSE
    """
    constraints = server.basic_constraints
    if constraints is None or constraints.path_length is None or constraints.ca:
        return None
    return Violation(
        f"{case.named(server)} has a path length of {constraints.path_length} and is not a CA",
        wanted="no path length",
        found=constraints.path_length,
        certificates=(server,),
    )


_NOTHING = (b"", b"\x30\x00")
"""Constraints that limit nothing."""


@rule(
    "extension.name-constraints-without-ca",
    title="A server certificate has name constraints, and is no CA",
    severity=WARNING,
    over=Over.SERVER,
    when=[UNUSUAL_EXTENSION],
    act=Act.REISSUE,
    references=[
        rfc(5280, "4.2.1.10"),
        measured("cryptography, wolfSSL and Botan refuse it; where it is critical, mbedTLS too"),
    ],
)
def name_constraints_without_ca(server: Certificate, case: Case) -> Violation | None:
    """It limits the names of certificates below it, although there can be none.

    RFC 5280 says that nameConstraints must be used in CA certificates only. Clients on
    OpenSSL, Java, Go and .NET pass over it; but Go refuses to read one that limits nothing, and
    a critical one that limits other names than those of hosts, such as directory names.

    Remedy:
    Have the server certificate reissued without nameConstraints.
    """
    if EXT_NAME_CONSTRAINTS not in server.extensions or server.is_ca:
        return None
    refusers = {R.CRYPTOGRAPHY, R.WOLFSSL}
    if constrains(server) or thrown_at(server) is not None:  # else Botan does not see any
        refusers |= {R.BOTAN}
    if EXT_NAME_CONSTRAINTS in server.critical:
        refusers |= {R.MBEDTLS, R.BEARSSL}
    empty = server.extensions[EXT_NAME_CONSTRAINTS] in _NOTHING
    if empty:
        refusers |= {R.GO}
    elif EXT_NAME_CONSTRAINTS in server.critical:
        from edgecheck.behaviour.golang.parse import limits_others  # sound chains need none of it

        with suppress(Malformed):  # what cannot be read has a finding of its own
            refusers |= {R.GO} if limits_others(server) else set()
    return Violation(
        f"{case.named(server)} limits which names others may have (nameConstraints), and is "
        "not a CA",
        wanted="no nameConstraints",
        found="present, and empty" if empty else "present",
        certificates=(server,),
        severity=severity_for(frozenset(refusers)),
        refused_by=frozenset(refusers),
    )


WITH_EXTENSIONS = frozenset(
    {
        R.STRICT,
        R.JAVA,
        R.GO,
        R.BORINGSSL,
        R.GNUTLS,
        R.RUSTLS,
        R.CRYPTOGRAPHY,
        R.MBEDTLS,
        R.WOLFSSL,
        R.BOTAN,
    }
)
_V1_SERVER = frozenset({R.GO, R.RUSTLS, R.CRYPTOGRAPHY, R.BOTAN})
_V1_ROOT = frozenset({R.STRICT, R.CRYPTOGRAPHY, R.BEARSSL})
_V2_ROOT = all_but(
    R.JAVA, R.GO, R.OPENSSL_1_0_2, R.GNUTLS, R.NSS, R.NSS_PKIX, R.MBEDTLS, R.WOLFSSL, R.BOTAN
)


@rule(
    "extension.version-not-3",
    title="A certificate is of an old version",
    severity=ERROR,
    over=Over.EACH_ON_PATH,
    when=[OLD_VERSION],
    act=Act.REISSUE,
    references=[
        rfc(5280, "4.1.2.1"),
        openssl("crypto/x509/x509_vfy.c"),
        measured("extensions in version 1: Java, Go, GnuTLS and 7 more refuse it, .NET does not"),
        measured("a root of version 1: BearSSL, cryptography and VERIFY_X509_STRICT refuse it"),
    ],
)
def version_not_3(certificate: Certificate, case: Case) -> Violation | None:
    """Extensions exist in X.509 version 3 alone, and all that a chain needs are extensions.

    A server certificate of version 1 or 2 has no DNS names, which Go and others insist on.
    One that has extensions all the same contradicts itself: Java says "no more data allowed
    for version 1 certificate", Python 3.13 with its default context "Using cert extension
    requires at least X509v3" (OpenSSL's error 93).
    A root of version 1, as `openssl x509 -req` and old tools made them, is taken on trust by
    most clients. A CA below a root that is of version 1 is `ca.not-a-ca`; where it is trusted
    itself, what uses OpenSSL goes on to the root all the same, and refuses it on the way.

    Remedy:
    Have the certificate reissued as version 3, which OpenSSL writes by itself where it writes
    an extension:

        openssl x509 -req -extfile FILE ...
    """
    if certificate.version == 3:
        return None
    top = is_root(certificate, case)
    if certificate.extensions:
        refusers = WITH_EXTENSIONS - {R.GO} if top else WITH_EXTENSIONS
        found = f"version {certificate.version} with extensions"
    elif certificate is case.hierarchy.server:
        refusers, found = _V1_SERVER, f"version {certificate.version}"
    elif top:
        refusers = _V1_ROOT if certificate.version == 1 else _V2_ROOT
        found = f"version {certificate.version}"
        if not certificate.is_self_issued:
            refusers |= takes_for_no_ca(certificate, case)
    else:
        return None  # ca.not-a-ca says it
    return Violation(
        f"{case.named(certificate)} is of {found}",
        wanted="version 3",
        found=found,
        certificates=(certificate,),
        severity=severity_for(refusers),
        refused_by=refusers,
    )


_SUBJECT = (
    "Have the CA certificate reissued with a subject, and what it has issued with it, which names "
    "its issuer by that."
)
_NAMELESS = ByPlace(
    frozenset({R.STRICT, R.JAVA, R.OPENSSL_1_1_0, R.OPENSSL_1_0_2, R.CRYPTOGRAPHY}),
    frozenset({R.STRICT, R.JAVA, R.CRYPTOGRAPHY, R.MBEDTLS}),
    frozenset({R.STRICT, R.JAVA, R.CRYPTOGRAPHY, R.MBEDTLS}),
)
_OLD_NODE = frozenset({R.OPENSSL_1_1_0, R.OPENSSL_1_0_2})


@rule(
    "extension.empty-subject",
    title="A certificate has no subject, and nothing critical in its place",
    severity=ERROR,
    over=Over.EACH_ON_PATH,
    when=[EMPTY_SUBJECT],
    act=Act.REISSUE,
    references=[
        rfc(5280, "4.1.2.6"),
        rfc(5280, "4.2.1.6"),
        openssl("crypto/x509/x509_vfy.c"),
        measured("a server: Java, VERIFY_X509_STRICT and cryptography refuse it, Node.js 8 and 10"),
        measured("a CA: also mbedTLS, and curl where it issued the server certificate"),
    ],
)
def empty_subject(certificate: Certificate, case: Case) -> Violation | None:
    """The subject is an empty name.

    In a server certificate that is allowed where subjectAltName is critical, as then nobody
    passes over the names that are left. Otherwise Java refuses it ("X.509 Certificate is
    incomplete: SubjectAlternativeName extension MUST be marked critical when subject field is
    empty"), and Python 3.13 with its default context. A CA certificate must have a subject:
    certificates name their issuer by it.

    Remedy:
    Have the certificate reissued with a subject, for a server such as `CN = gateway.local`;
    or, for a server certificate alone, with a critical subjectAltName:

        subjectAltName = critical,DNS:<hostname>
    """
    if certificate.subject_raw != _EMPTY:
        return None
    authority, legal = certificate.is_ca or certificate is not case.hierarchy.server, False
    refusers = _NAMELESS.of(certificate, case)
    if authority:
        if case.hierarchy.server is not None and case.issuer(case.hierarchy.server) is certificate:
            refusers |= {R.CURL_7}
    else:
        if EXT_SUBJECT_ALT_NAME in certificate.critical:
            refusers, legal = _OLD_NODE, True
        asked = case.expected.hostname
        if asked is not None:  # for an address they look at no subject
            with suppress(Unreadable):
                refusers -= _OLD_NODE - refusing(asked, certificate)
        if legal and not refusers:
            return None
    wanted = "a subject" if authority else "a subject, or a critical subjectAltName"
    return Violation(
        f"{case.named(certificate)} does not say whose it is",
        wanted="a subject" if legal else wanted,
        found="an empty name",
        certificates=(certificate,),
        remedy=_SUBJECT if authority else None,
        severity=severity_for(refusers or NOBODY),
        refused_by=refusers,
    )
