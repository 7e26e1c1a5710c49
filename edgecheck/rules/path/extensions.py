"""Rules about extensions that every certificate of the path has to get past."""

from contextlib import suppress

from edgecheck.behaviour.openssl.extensions import AS_NUMBERS, IP_ADDRESSES, NS_CERT_TYPE, PROXY
from edgecheck.behaviour.refusers import NSS, OPENSSL, OPENSSL_OLD, Refuser, all_but
from edgecheck.hierarchy.rfc5280 import policies
from edgecheck.hierarchy.rfc5280.violations import (
    ContentsViolation,
    CriticalViolation,
    Kind,
    PolicyViolation,
    PurposeViolation,
)
from edgecheck.reading.certificate import EXT_POLICY_CONSTRAINTS, Certificate, Unreadable
from edgecheck.reading.der import Malformed, oid_text
from edgecheck.reading.extensions import MICROSOFT_SGC, NETSCAPE_SGC
from edgecheck.reading.strict import extension_name
from edgecheck.reading.text import safe
from edgecheck.rules.ca import follows_as_identity
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.rule import ERROR, Act, Over, Reference, Violation, rule
from edgecheck.rules.extension.criticality import POLICY_CONSTRAINTS
from edgecheck.rules.places import NOBODY, Refusers, is_root
from edgecheck.rules.purposes import for_servers
from edgecheck.rules.references import edge, issue, measured, openssl, rfc

_PURPOSES = {
    "1.3.6.1.5.5.7.3.1": "serverAuth",
    "1.3.6.1.5.5.7.3.2": "clientAuth",
    "1.3.6.1.5.5.7.3.3": "codeSigning",
    "1.3.6.1.5.5.7.3.4": "emailProtection",
    "1.3.6.1.5.5.7.3.8": "timeStamping",
    "1.3.6.1.5.5.7.3.9": "OCSPSigning",
}
"""RFC 5280, section 4.2.1.12."""
R = Refuser
_INFO_ACCESS = bytes.fromhex("2b06010505070101")
_TLS_FEATURE = bytes.fromhex("2b06010505070118")
_NO_CHECK = bytes.fromhex("2b0601050507300105")
_OPENSSL_ALL = OPENSSL | OPENSSL_OLD - {R.BORINGSSL} | {R.DOTNET}
_HANDLING = {
    _INFO_ACCESS: frozenset({R.GO_OLD, R.GNUTLS, R.WOLFSSL, R.BOTAN}),
    IP_ADDRESSES: _OPENSSL_ALL - {R.OPENSSL_1_0_2},
    AS_NUMBERS: _OPENSSL_ALL - {R.OPENSSL_1_0_2},
    PROXY: _OPENSSL_ALL | {R.GNUTLS},
    _TLS_FEATURE: frozenset({R.GNUTLS}),
    _NO_CHECK: OPENSSL - {R.OPENSSL_1_1_1} | {R.DOTNET},
    NS_CERT_TYPE: all_but(
        R.JAVA, R.GO, R.BORINGSSL, R.GNUTLS, R.RUSTLS, R.CRYPTOGRAPHY, R.BEARSSL, R.BOTAN
    ),
}
"""Clients that handle critical extensions which section 6.1 does not know, beside those who pass
over what only informs."""
_PASS_OVER_A_ROOTS = frozenset({R.JAVA, R.OPENSSL_1_0_2, *NSS, R.RUSTLS, R.BEARSSL})


@rule(
    "path.unknown-critical-extension",
    title="A certificate has a critical extension that validators do not know",
    severity=ERROR,
    over=Over.PATH_VIOLATION,
    kinds=[Kind.UNKNOWN_CRITICAL],
    act=Act.REISSUE,
    references=[
        rfc(5280, "4.2"),
        openssl("crypto/x509/x509_vfy.c"),
        measured("in a server certificate every client refuses it, OpenSSL with error 34"),
    ],
)
def unknown_critical_extension(violated: CriticalViolation, case: Case) -> Violation:
    """An extension that is marked critical must be understood, or the certificate is refused.

    Nobody can know what an unknown extension restricts; marking it critical says that it
    must not be ignored. OpenSSL and Go say "unhandled critical extension" (error 34), Java
    "unrecognized critical extension(s)", .NET HasNotSupportedCriticalExtension. RFC 5280 does
    not judge a trusted root, nor does Java; OpenSSL and Go look at that one as at any other.

    Remedy:
    Have the certificate reissued without the extension, or without the critical mark.
    """
    named = ", ".join(_oid(identifier) for identifier in violated.extensions)
    return Violation(
        f"{case.named(violated.certificate)} has the unknown critical extension {named}",
        wanted="only critical extensions that RFC 5280 defines",
        found=named,
        certificates=(violated.certificate,),
        evidence={"step": violated.step},
        refused_by=_not_handling(violated, case),
    )


def _not_handling(violated: CriticalViolation, case: Case) -> Refusers:
    from edgecheck.behaviour.bearssl.chain import IGNORED  # sound chains need none of it
    from edgecheck.behaviour.nss.store import INFORMATIVE

    refusers = NOBODY
    for identifier in violated.extensions:
        handling = _HANDLING.get(identifier, NOBODY)
        if identifier in IGNORED:
            handling |= {R.BEARSSL}
        if identifier in INFORMATIVE:
            handling |= {R.NSS}
        refusers |= all_but(*handling)
    return refusers - _PASS_OVER_A_ROOTS if is_root(violated.certificate, case) else refusers


@rule(
    "path.unprocessable-extension",
    title="An extension holds what no validator can process",
    severity=ERROR,
    over=Over.PATH_VIOLATION,
    kinds=[Kind.UNPROCESSABLE],
    act=Act.REISSUE,
    follows=[
        "input.malformed-certificate",
        "input.unreadable-fact",
        "input.duplicate-extension",
        "encoding.extension-undecodable",
    ],
    references=[
        rfc(5280, "4.2"),
        measured("a critical keyUsage that cannot be read, or one there twice: all refuse it"),
    ],
)
def unprocessable_extension(violated: ContentsViolation, case: Case) -> Violation:
    """A critical extension that cannot be processed is reason to refuse a certificate.

    RFC 5280 says so of one that is not known, and of one whose contents cannot be processed; and
    no extension may be there twice, since nobody can tell which of the two counts. In the
    default profile, `iot-edge`, that counts which every client refuses: damage in the basic
    extensions, such as a keyUsage that is no bit string. In the other profiles all counts, to
    the letter: also a domain with a leading period in nameConstraints that a name is held
    against, and a critical policy with a qualifier that is not known.

    Remedy:
    Have the certificate reissued, with the extension once, and in the words of the software
    that issues it (`keyUsage = critical,keyCertSign,cRLSign`), not as raw bytes. Or have it
    reissued without the extension, where nobody needs it.
    """
    name = extension_name(violated.extension)
    because = safe(violated.told.removeprefix(f"{name}: "), 200)
    return Violation(
        f"the {name} of {case.named(violated.certificate)} cannot be processed: {because}",
        wanted=f"{name} as RFC 5280 describes it",
        found=because,
        certificates=(violated.certificate,),
        evidence={"step": violated.step},
    )


@rule(
    "path.not-for-this-purpose",
    title="The certificate's extended key usage does not allow what it is used for",
    severity=ERROR,
    over=Over.PATH_VIOLATION,
    kinds=[Kind.PURPOSE],
    act=Act.REISSUE,
    references=[
        rfc(5280, "4.2.1.12"),
        issue("Azure/iotedge", 5890),
        measured("OpenSSL, Python, Node, Go, Java, GnuTLS and cryptography refuse such a server"),
        measured("a device CA for clientAuth alone: all clients of tier 1 refuse it, but for Java"),
    ],
)
def not_for_this_purpose(violated: PurposeViolation, case: Case) -> Violation:
    """An extKeyUsage that does not list serverAuth is for something else than a gateway.

    In a server certificate: identity certificates list clientAuth, those of devices, and what
    the convenience scripts' `create_edge_device_identity_certificate` makes. A server that
    presents one is refused: "unsuitable certificate purpose" (OpenSSL, error 26), "certificate
    specifies an incompatible key usage" (Go), "Extended key usage does not permit use for TLS
    server authentication" (Java).

    In a CA certificate: the list binds all that is issued below. RFC 5280 says nothing of the
    kind, but OpenSSL, .NET (NotValidForUsage), Go, rustls and GnuTLS read it so, and refuse the
    chain as if the server were not for servers. Java alone of tier 1 does not look. A company's
    CA for devices or for people is often confined to clientAuth.

    A certificate without extKeyUsage is for every purpose.

    Remedy:
    Let the runtime make the server certificate, or have it reissued with this OpenSSL
    extension line. A CA certificate is best reissued without extKeyUsage; else the same line
    serves there too, with what else the CA is for.

        extendedKeyUsage = serverAuth
    """
    certificate, path = violated.certificate, case.hierarchy.path
    listed = ", ".join(_PURPOSES.get(usage, usage) for usage in violated.usages)
    wanted = f"{case.expected.validation.purpose}Auth"
    if path is not None and certificate is not path.certificates[0]:
        message = f"may issue for {listed} alone, by its extKeyUsage, and not for {wanted}"
    else:
        use = "logging in" if case.of_device else "servers"
        message = f"is not for {use}: its extKeyUsage lists {listed}"
    return Violation(
        f"{case.named(certificate)} {message}",
        wanted=f"{wanted} in extKeyUsage",
        found=violated.usages,
        certificates=(certificate,),
        remedy=_for_this_purpose(certificate, wanted, case),
        because_of=follows_as_identity(certificate, case),
        evidence={"step": violated.step},
        refused_by=_for_servers_only(violated, case) if wanted == "serverAuth" else NOBODY,
    )


def _for_this_purpose(certificate: Certificate, wanted: str, case: Case) -> str | None:
    """What a CA needs, or a device's certificate; None: what the rule says, of a server."""
    if certificate is not case.hierarchy.target:
        return (
            f"Have {case.named(certificate)} reissued without extKeyUsage, and so for every "
            f"purpose; or with {wanted} among its purposes."
        )
    if wanted != "serverAuth":
        return f"Have the certificate reissued with this line:\n\n    extendedKeyUsage = {wanted}"
    return None


_SGC = {NETSCAPE_SGC: NSS, MICROSOFT_SGC: NOBODY}
"""Server-gated cryptography, of Netscape and of Microsoft, and who takes it for serverAuth.

OpenSSL and Java take both so.
"""
_NO_SGC = frozenset(
    {
        R.DOTNET,
        R.GO,
        R.BORINGSSL,
        R.GNUTLS,
        *NSS,
        R.RUSTLS,
        R.CRYPTOGRAPHY,
        R.MBEDTLS,
        R.WOLFSSL,
        R.BOTAN,
    }
)


def _for_servers_only(violated: PurposeViolation, case: Case) -> Refusers:
    certificate, usages, path = violated.certificate, violated.usages, case.hierarchy.path
    if path is not None and certificate is path.certificates[0]:
        old = [_SGC[usage] for usage in usages if usage in _SGC]
        return _NO_SGC.difference(*old) if old else all_but(R.BEARSSL)
    accepting = {R.JAVA, R.MBEDTLS, R.WOLFSSL, R.BEARSSL, R.BOTAN}
    accepting |= for_servers(certificate, usages, as_issuer=True)
    if is_root(certificate, case):
        accepting |= {R.OPENSSL_1_0_2, R.GNUTLS, R.NSS, R.RUSTLS}
    return all_but(*accepting)


@rule(
    "path.policy",
    title="No certificate policy is valid for the path, and one is required",
    severity=ERROR,
    over=Over.PATH_VIOLATION,
    kinds=[Kind.POLICY],
    act=Act.REISSUE,
    references=[
        rfc(5280, "4.2.1.11"),
        rfc(9618, "5"),
        edge("edgelet/hsm-sys/azure-iot-hsm-c/src/edge_pki_openssl.c"),
        Reference("Go 1.24 release notes, crypto/x509", "https://go.dev/doc/go1.24"),
        openssl("crypto/x509/x509_vfy.c"),
    ],
)
def policy(violated: PolicyViolation, case: Case) -> Violation:
    """Something requires that the path be valid for a certificate policy, and it is for none.

    That is required by a CA's policyConstraints (requireExplicitPolicy), or by whoever asked
    (`Validation(require_explicit_policy=True)`). A policy is valid where every certificate of
    the path lists it in certificatePolicies, under the same identifier or one that is mapped.
    The certificates that the runtime makes for the gateway never list one, in any version: so
    below a CA that requires a policy of all that follows, no gateway is valid.

    Java and Go since 1.24 check policies by themselves; so does IoT Edge 1.1 when it looks at
    its own workload CA at a start. OpenSSL, Python and Node do so only when they are told
    (`-policy_check`).

    Remedy:
    Have the CA that requires a policy reissued without policyConstraints, or place the gateway
    below another CA. Where nobody but the one who asks requires it, have every certificate
    reissued that does not list the policy:

        certificatePolicies = 2.999.1
    """
    why = violated.why
    certificate, path = violated.certificate, case.hierarchy.path
    above = path.certificates if path is not None else (certificate,)
    if why.because == policies.MAPS_ANY_POLICY:
        return Violation(
            f"{case.named(certificate)}: {why.because}, which is no policy that can be mapped",
            wanted="policyMappings without anyPolicy",
            found=why.because,
            certificates=(certificate,),
            remedy="Have the CA reissued without anyPolicy (2.5.29.32.0) in its policyMappings.",
            evidence={"step": violated.step},
        )
    lost = certificate if why.lost_at is None else above[why.lost_at]
    by = None if why.required_by is None else above[why.required_by]
    required = f"the policyConstraints of {case.named(by)} require" if by else "whoever asked wants"
    verb = why.because.removeprefix("it ")
    because = f"{case.named(lost)}{' ' if verb != why.because else ': '}{verb}"
    return Violation(
        f"{case.named(certificate)} is valid for no certificate policy, and {required} one: "
        f"{because if lost is not certificate else why.because}",
        wanted="a certificate policy that is valid for the whole path",
        found=why.because,
        certificates=tuple(dict.fromkeys(c for c in (certificate, lost, by) if c is not None)),
        remedy=_for_a_policy(by, lost, case),
        changes=by or lost,
        evidence={"required_by": by.sha256 if by else None, "step": violated.step},
        refused_by=_asking_for_policies(by, case) if by else NOBODY,
    )


def _for_a_policy(by: Certificate | None, lost: Certificate, case: Case) -> str:
    """Where a CA requires a policy, that CA; else the certificate that does not list it."""
    if by is not None:
        return (
            f"Have {case.named(by)} reissued without policyConstraints, or place the gateway below "
            "another CA: what the runtime makes lists no policy."
        )
    return (
        f"Have {case.named(lost)} reissued with the policy that is asked for, or ask for none:\n\n"
        "    certificatePolicies = 2.999.1"
    )


def _asking_for_policies(by: Certificate, case: Case) -> Refusers:
    """Who applies a CA's policyConstraints, or refuses them because it cannot."""
    # Sound chains need none of these.
    from edgecheck.behaviour.dotnet.chain import corrupted, not_for_servers
    from edgecheck.behaviour.jsse.policies import lacks_policy

    refusers = frozenset({R.BORINGSSL})
    path = case.hierarchy.path
    above = path.certificates if path is not None else (by,)
    if not is_root(by, case):
        refusers |= {R.GO_1_24, R.NSS_PKIX}
        if lacks_policy(above[:-1] if is_root(above[-1], case) else above) is not None:
            refusers |= {R.JAVA}  # which passes over what it cannot decode
    with suppress(Unreadable, Malformed):  # what cannot be read has a finding of its own
        if corrupted(above) is None and not_for_servers(above) is not None:
            refusers |= {R.DOTNET}  # to which a CA without extKeyUsage is then for no server
    if EXT_POLICY_CONSTRAINTS in by.critical:
        refusers |= POLICY_CONSTRAINTS.of(by, case)
    each = frozenset({R.GO_1_24, R.GO_OLD})  # of which the older ones know no policies
    return refusers - each | {R.GO} if each <= refusers else refusers


def _oid(identifier: bytes) -> str:
    try:
        return oid_text(identifier)
    except ValueError:
        return identifier.hex()
