"""Rules about what a server certificate's extensions allow."""

from edgecheck.behaviour.jsse.extensions import NS_CERT_TYPE, netscape_server
from edgecheck.behaviour.openssl.extensions import netscape_type
from edgecheck.behaviour.refusers import NSS, OPENSSL, Refuser, all_but
from edgecheck.hierarchy.roles import Role
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.extensions import (
    ANY_EXTENDED_KEY_USAGE,
    DIGITAL_SIGNATURE,
    KEY_AGREEMENT,
    KEY_ENCIPHERMENT,
    NON_REPUDIATION,
    SERVER_AUTH,
    key_usage_text,
)
from edgecheck.rules.edge.conditions import SERVER_IS_CA
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
from edgecheck.rules.extension.conditions import (
    SPARSE_KEY_USAGE,
    UNUSUAL_EXTENSION,
    UNUSUAL_PURPOSE,
)
from edgecheck.rules.places import ByPlace, is_root, issues, refusing_authority
from edgecheck.rules.purposes import for_servers, passing_over_usage
from edgecheck.rules.references import edge, measured, openssl, rfc

R = Refuser
TLS_BITS = DIGITAL_SIGNATURE | KEY_ENCIPHERMENT | KEY_AGREEMENT
_EC_KEY = bytes.fromhex("06072a8648ce3d0201")
_UNSIGNED = frozenset({R.JAVA, R.BORINGSSL, R.GNUTLS, R.MBEDTLS, R.BEARSSL, R.BOTAN})
_OLD = frozenset({R.OPENSSL_1_1_0, R.OPENSSL_1_0_2})


@rule(
    "extension.server-key-usage",
    title="The server certificate's key usage does not suit a TLS server",
    severity=ERROR,
    over=Over.SERVER,
    purpose="server",
    when=[SPARSE_KEY_USAGE, SERVER_IS_CA],
    act=Act.REISSUE,
    references=[
        rfc(5280, "4.2.1.3"),
        rfc(8446, "4.4.2.2"),
        openssl("crypto/x509/v3_purp.c"),
        measured("keyEncipherment alone: Java, GnuTLS, BoringSSL, mbedTLS, BearSSL, Botan refuse"),
        measured("none of the three: all but .NET, Go, rustls, cryptography and wolfSSL refuse it"),
        measured("RSA and digitalSignature without keyEncipherment: NSS alone refuses it"),
    ],
)
def server_key_usage(server: Certificate, case: Case) -> Violation | None:
    """A keyUsage that is present binds, and TLS 1.3 has the server sign with its key.

    So it needs digitalSignature. Java ("KeyUsage does not allow digital signatures"), GnuTLS
    ("Key usage violation in certificate has been detected"), BoringSSL and others refuse the
    handshake without it; OpenSSL is content with one of digitalSignature, keyEncipherment and
    keyAgreement, and else says "unsuitable certificate purpose" (26). Go, rustls and .NET do
    not look. NSS asks keyEncipherment of an RSA key too. What the runtime signs since 1.2
    has no keyUsage, which is for everything.

    Remedy:
    Have the server certificate reissued with this line, which serves RSA and elliptic-curve
    keys, or without keyUsage:

        keyUsage = critical,digitalSignature,keyEncipherment
    """
    usage = server.key_usage
    if usage is None or case.expected.validation.purpose != "server":
        return None
    ec = _EC_KEY in server.spki[:24]
    found = key_usage_text(usage)
    if usage & DIGITAL_SIGNATURE:
        if ec or usage & KEY_ENCIPHERMENT:
            return None
        refusers, wanted = NSS, "keyEncipherment, which NSS asks of an RSA key"
    else:
        refusers, wanted = _without_signature(usage, ec), "digitalSignature"
        if usage & NON_REPUDIATION:  # which is as good to them, if the rest is
            refusers -= {R.BEARSSL, R.BOTAN} if usage & TLS_BITS else {R.BEARSSL}
        refusers -= passing_over_usage(server)
    return Violation(
        f"the keyUsage of {case.named(server)} is {found}, without {wanted}",
        wanted="digitalSignature, keyEncipherment",
        found=found,
        certificates=(server,),
        severity=severity_for(refusers),
        refused_by=refusers,
    )


def _without_signature(usage: int, ec: bool) -> frozenset[Refuser]:
    if not usage:
        return all_but(R.GO, R.GNUTLS, R.RUSTLS, R.CRYPTOGRAPHY)
    if not usage & TLS_BITS:
        return all_but(R.DOTNET, R.GO, R.RUSTLS, R.CRYPTOGRAPHY, R.WOLFSSL)
    if ec:
        return _UNSIGNED | _OLD if usage & KEY_AGREEMENT else _UNSIGNED | _OLD | NSS
    return _UNSIGNED if usage & KEY_ENCIPHERMENT else _UNSIGNED | NSS


@rule(
    "extension.server-is-ca",
    title="The server certificate is a CA certificate",
    severity=WARNING,
    over=Over.SERVER,
    purpose="server",
    when=[SERVER_IS_CA],
    act=Act.REISSUE,
    references=[
        rfc(5280, "4.2.1.9"),
        Reference(
            "rustls-webpki 0.103, enum Error",
            "https://docs.rs/rustls-webpki/0.103.0/webpki/enum.Error.html",
        ),
        measured(
            "rustls and cryptography refuse it, NSS where it says what it is for (extKeyUsage), "
            "wolfSSL below a path length of 0; all others accept it"
        ),
    ],
)
def server_is_ca(server: Certificate, case: Case) -> Violation | None:
    """The gateway serves TLS with a certificate that could issue others.

    `openssl req -x509` makes certificates for servers with CA:TRUE unless told otherwise.
    Whoever has the gateway's key can then issue certificates for every name that the CA
    above it may. rustls says CaUsedAsEndEntity; NSS takes a certificate with an extKeyUsage for
    that of a CA alone; wolfSSL counts it where a CA above limits the length of the path.

    Remedy:
    Have the server certificate reissued with this line, or let the runtime make it:

        basicConstraints = CA:FALSE
    """
    if not server.is_ca or case.expected.validation.purpose != "server":
        return None
    return Violation(
        f"{case.named(server)} is a CA certificate",
        wanted="CA:FALSE",
        found="CA:TRUE",
        certificates=(server,),
        refused_by=refusing_authority(server, case),
    )


_ANY = ByPlace(
    all_but(R.JAVA, R.GO, R.GNUTLS, R.MBEDTLS, R.WOLFSSL, R.BEARSSL),
    all_but(R.JAVA, R.GO, R.CRYPTOGRAPHY, R.MBEDTLS, R.WOLFSSL, R.BEARSSL, R.BOTAN),
    OPENSSL | {R.DOTNET, R.OPENSSL_1_1_0, R.BORINGSSL, R.NSS_PKIX},
)


@rule(
    "extension.any-extended-key-usage",
    title="A certificate is for any purpose, and does not say that it is for servers",
    severity=ERROR,
    over=Over.EACH_ON_PATH,
    purpose="server",
    when=[UNUSUAL_PURPOSE],
    act=Act.REISSUE,
    references=[
        rfc(5280, "4.2.1.12"),
        openssl("crypto/x509/v3_purp.c"),
        measured(
            "in a server or CA certificate OpenSSL, .NET and NSS refuse it, Java and Go do not"
        ),
    ],
)
def any_extended_key_usage(certificate: Certificate, case: Case) -> Violation | None:
    """The extKeyUsage lists anyExtendedKeyUsage, and not serverAuth.

    RFC 5280 leaves it to each application whether "any" is enough. For OpenSSL and what uses
    it ("unsuitable certificate purpose", 26), .NET (NotValidForUsage), NSS and rustls it is
    not; Java, Go and others accept it.

    Remedy:
    Have the certificate reissued with this line; a CA certificate rather without
    extKeyUsage:

        extendedKeyUsage = serverAuth
    """
    usages = certificate.extended_key_usage
    if usages is None or ANY_EXTENDED_KEY_USAGE not in usages or SERVER_AUTH in usages:
        return None
    if case.expected.validation.purpose != "server":
        return None
    return Violation(
        f"the extKeyUsage of {case.named(certificate)} lists anyExtendedKeyUsage alone",
        wanted="serverAuth in extKeyUsage",
        found=list(usages),
        certificates=(certificate,),
        remedy=None if certificate is case.hierarchy.server else _WITHOUT,
        refused_by=_ANY.of(certificate, case)
        - for_servers(certificate, usages, issues(certificate, case)),
    )


_WITHOUT = "Have the CA certificate reissued without extKeyUsage: then it is for every purpose."
_NS_SERVER, _NS_SSL_CA, _NS_CA = 0x40, 0x04, 0x07
_NS_TYPES = ("client", "server", "email", "objsign", "reserved", "sslCA", "emailCA", "objCA")
_NS_REFUSERS = OPENSSL | {R.JAVA, R.OPENSSL_1_1_0, R.OPENSSL_1_0_2}


@rule(
    "extension.netscape-cert-type",
    title="A certificate's Netscape type does not allow what it is used for",
    severity=ERROR,
    over=Over.EACH_ON_PATH,
    purpose="server",
    when=[UNUSUAL_EXTENSION],
    act=Act.REISSUE,
    follows=["ca.not-a-ca", "ca.no-cert-sign"],
    references=[
        Reference(
            "OpenSSL: x509v3_config, Netscape Certificate Type",
            "https://docs.openssl.org/3.0/man5/x509v3_config/#deprecated-extensions",
        ),
        openssl("crypto/x509/v3_purp.c"),
        edge("tools/CACertificates/openssl_root_ca.cnf", "1.5.0"),
        measured("a server without `server`: all on OpenSSL, and Java, refuse it"),
        measured("a CA without `sslCA`: NSS's libpkix refuses it"),
    ],
)
def netscape_cert_type(certificate: Certificate, case: Case) -> Violation | None:
    """An old extension, nsCertType, says for what the certificate is, and it is something else.

    Nobody needs it, but OpenSSL and what uses it heed it still beside extKeyUsage
    ("unsuitable certificate purpose", 26), and so does Java ("Netscape cert type does not
    permit use for SSL server"). OpenSSL's old sample configurations write it, and the
    convenience scripts do, `client, email` for devices and `server` for servers.

    Remedy:
    Have the certificate reissued without the line `nsCertType`.
    """
    bits = netscape_type(certificate)
    if bits is None or case.expected.validation.purpose != "server":
        return None  # or `encoding.extension-undecodable` says what is wrong with it
    found = ", ".join(name for at, name in enumerate(_NS_TYPES) if bits & 0x80 >> at) or "none"
    if case.role(certificate) is Role.SERVER:
        if bits & _NS_SERVER:
            return None
        refusers, wanted = _NS_REFUSERS, "server"
        if netscape_server(certificate.extensions[NS_CERT_TYPE]):
            refusers -= {R.JAVA}  # to which the bits are none
    else:
        if bits & _NS_SSL_CA:
            return None
        only_others = bits & _NS_CA and not is_root(certificate, case)
        refusers, wanted = NSS if only_others else frozenset({R.NSS_PKIX}), "sslCA"
    return Violation(
        f"the nsCertType of {case.named(certificate)} is {found}, not {wanted}",
        wanted=wanted,
        found=found,
        certificates=(certificate,),
        severity=severity_for(refusers),
        refused_by=refusers,
    )
