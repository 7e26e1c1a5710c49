"""Rules about the algorithms by which certificates are signed."""

from edgecheck.behaviour.refusers import NSS, SECLEVEL_1, Refuser, all_but
from edgecheck.hierarchy.signatures import Algorithm, algorithm, hash_of
from edgecheck.reading import pss
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.der import Malformed
from edgecheck.rules.algorithm.conditions import UNUSUAL_SIGNATURE
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
from edgecheck.rules.places import Refusers, is_root
from edgecheck.rules.references import measured, openssl, rfc

R = Refuser
_SHA1: Refusers = SECLEVEL_1 | {
    R.GO,
    R.GNUTLS,
    R.RUSTLS,
    R.CRYPTOGRAPHY,
    R.MBEDTLS,
    R.BOTAN,
}
_MD5 = all_but(R.VERIFY, R.DOTNET, R.OPENSSL_1_0_2, R.WOLFSSL)
_PSS = frozenset({R.BEARSSL})
_ODD_PSS = frozenset({R.GO, R.GNUTLS, R.RUSTLS, R.CRYPTOGRAPHY, R.BORINGSSL})
_WEAK = {"md5": _MD5, "sha1": _SHA1}
_SHA224 = frozenset({R.JAVA_21, R.GO, R.RUSTLS, R.CRYPTOGRAPHY, R.MBEDTLS_3})
_SHA3 = NSS | {
    R.JAVA,
    R.GO,
    R.OPENSSL_1_1_0,
    R.OPENSSL_1_0_2,
    R.BORINGSSL,
    R.RUSTLS,
    R.CRYPTOGRAPHY,
    R.MBEDTLS,
    R.BEARSSL,
    R.BOTAN,
}


def _used(certificate: Certificate) -> tuple[Algorithm, str] | None:
    """The algorithm and the name of its hash; None where it is not known."""
    try:
        used, made = algorithm(certificate.signature_algorithm), hash_of(certificate)
    except Malformed:
        return None
    return (used, made.name) if made is not None else None


def _detail(certificate: Certificate, made: str) -> str:
    """The hash, and of RSASSA-PSS what else clients look at."""
    told = made.upper()
    if not pss.is_pss(certificate.signature_algorithm):
        return told
    given = pss.signature_parameters(certificate.signature_algorithm)
    if given.salt != pss.SALTS.get(given.hash, given.salt):
        told += f", a salt of {given.salt} bytes"
    return told if given.mask_hash == given.hash else f"{told}, another hash for the mask"


@rule(
    "algorithm.weak-signature",
    title="A certificate is signed with MD5 or SHA-1",
    severity=ERROR,
    over=Over.EACH_ON_PATH,
    when=[UNUSUAL_SIGNATURE],
    act=Act.REISSUE,
    references=[
        rfc(6151, "2"),
        rfc(6194, "3"),
        openssl("crypto/x509/x509_vfy.c"),
        Reference("Go 1.18 release notes: SHA-1", "https://go.dev/doc/go1.18#sha1"),
        measured("SHA-1: Python, Node.js, the Azure SDKs, Go and GnuTLS refuse it; .NET, Java not"),
        measured("MD5: .NET, `openssl verify`, OpenSSL 1.0.2 and wolfSSL alone accept it"),
        measured("a root signed with either: every client accepts it"),
    ],
)
def weak_signature(certificate: Certificate, case: Case) -> Violation | None:
    """Two certificates can be made for which one such signature serves.

    OpenSSL 3 refuses SHA-1 at security level 1 and above, which is the default: "CA signature
    digest algorithm too weak" (error 68, whichever certificate is meant). Go has refused it
    since 1.18 ("insecure algorithm SHA1-RSA"). .NET, Java for CAs that are not among its own,
    and OpenSSL 1.1.1 accept it still. How a root signed itself does not matter: it is trusted
    for itself.

    Remedy:
    Have the certificate reissued with SHA-256; OpenSSL does it by itself unless a
    configuration says otherwise:

        default_md = sha256
    """
    used = _used(certificate)
    if used is None or used[1] not in _WEAK or is_root(certificate, case):
        return None
    refusers = _WEAK[used[1]]
    if used[0].key == "RSA-PSS":
        refusers |= {R.BORINGSSL, R.BEARSSL}
    return Violation(
        f"{case.named(certificate)} is signed with {used[0].name} ({used[1].upper()})",
        wanted="SHA-256 or better",
        found=used[0].name,
        certificates=(certificate,),
        refused_by=refusers,
    )


@rule(
    "algorithm.uncommon-signature",
    title="A certificate's signature algorithm is one that not all clients know",
    severity=WARNING,
    over=Over.EACH_ON_PATH,
    when=[UNUSUAL_SIGNATURE],
    act=Act.REISSUE,
    references=[
        rfc(4055, "3"),
        rfc(8446, "4.2.3"),
        measured("SHA-224: Java 21 and 25, Go, rustls and cryptography refuse it"),
        measured("SHA-3: Java 17, Go, NSS, rustls, mbedTLS, BearSSL and Botan refuse it"),
        measured("RSASSA-PSS with SHA-256: BearSSL alone refuses it"),
        measured("RSASSA-PSS with a salt that is not as long as the hash: Go and GnuTLS refuse it"),
    ],
)
def uncommon_signature(certificate: Certificate, case: Case) -> Violation | None:
    """It is strong enough, and rare.

    Go answers "cannot verify signature: algorithm unimplemented" to SHA-224, Java "Algorithm
    constraints check failed on signature algorithm: SHA3-256withRSA". RSASSA-PSS, which
    companies' CAs on Windows write where they are told to ("alternate signature format"), is a
    matter of BearSSL alone, as long as the hash is SHA-256, SHA-384 or SHA-512, and the salt as
    long as the hash. Go answers "algorithm unimplemented" to all others, and GnuTLS, BoringSSL
    and rustls refuse them too. How a root signed itself does not matter. Signatures by Ed25519,
    Ed448 and DSA keys come with the key: `algorithm.key-kind`.

    Remedy:
    Have the certificate reissued with SHA-256 and, for an RSA issuer, PKCS #1:

        default_md = sha256

    RSASSA-PSS of OpenSSL has a salt as long as the key allows unless it is told otherwise:

        openssl x509 -req ... -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest
    """
    used = _used(certificate)
    if used is None or is_root(certificate, case):
        return None
    made, refusers = used[1], frozenset[Refuser]()
    if made == "sha224":
        refusers = _SHA224 - ({R.JAVA_21} if used[0].key == "RSA-PSS" else set())
    elif made.startswith("sha3-"):
        refusers = _SHA3
    elif made in _WEAK or used[0].key == "DSA":
        return None
    if used[0].key == "RSA-PSS":
        refusers |= _PSS
        if not pss.is_common(certificate.signature_algorithm):
            refusers |= _ODD_PSS
    if not refusers:
        return None
    return Violation(
        f"{case.named(certificate)} is signed with {used[0].name} ({_detail(certificate, made)})",
        wanted="RSA (PKCS #1) or ECDSA with SHA-256",
        found=used[0].name,
        certificates=(certificate,),
        severity=severity_for(refusers),
        refused_by=refusers,
    )
