"""Rules about RSA keys."""

from cryptography.hazmat.primitives.asymmetric import rsa

from edgecheck.behaviour.golang.chain import LARGEST_KEY, large_key
from edgecheck.behaviour.golang.records import V1_27
from edgecheck.behaviour.refusers import SECLEVEL_2, Refuser, all_but
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.text import number
from edgecheck.rules.algorithm.conditions import UNUSUAL_KEY
from edgecheck.rules.algorithm.kinds import RSA, RSA_PSS, known
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
from edgecheck.rules.places import Refusers, is_root, issues
from edgecheck.rules.references import identity_service, measured, openssl, rfc

R = Refuser
_NODE = Reference(
    "Node.js 24 release notes: OpenSSL 3.5 with security level 2",
    "https://nodejs.org/en/blog/release/v24.0.0",
)


def _rsa_bits(certificate: Certificate) -> int | None:
    if known(certificate)[0] not in (RSA, RSA_PSS):
        return None
    key = certificate.public_key
    return key.key_size if isinstance(key, rsa.RSAPublicKey) else None


def _refusing_rsa(bits: int, certificate: Certificate, case: Case) -> Refusers:
    authority = issues(certificate, case)
    if bits < 1024:
        if authority:
            refused = all_but(R.VERIFY, R.DOTNET, R.GO_OLD, R.OPENSSL_1_0_2, R.BORINGSSL)
            return refused - {R.BEARSSL} if is_root(certificate, case) else refused
        return all_but(R.VERIFY, R.CRYPTOGRAPHY, R.BOTAN)
    refusers = {R.RUSTLS}
    if bits < 1968:
        refusers |= SECLEVEL_2
    if bits <= 2040:
        refusers.add(R.MBEDTLS)
    if authority and bits < 2040:
        refusers.add(R.CRYPTOGRAPHY)
        if bits < 2000:
            refusers.add(R.BOTAN)
    return frozenset(refusers)


@rule(
    "algorithm.weak-rsa-key",
    title="An RSA key is shorter than 2048 bits",
    severity=ERROR,
    over=Over.EACH_ON_PATH,
    when=[UNUSUAL_KEY],
    act=Act.REISSUE,
    references=[
        Reference(
            "NIST SP 800-57, part 1, revision 5, section 5.6.1",
            "https://csrc.nist.gov/pubs/sp/800/57/pt1/r5/final",
        ),
        openssl("crypto/x509/x509_vfy.c"),
        _NODE,
        identity_service("aziotctl/src/internal/check/checks/read_key_pairs.rs"),
        measured("1024 and 1900 bits: security level 2, rustls and mbedTLS refuse them; 1984: not"),
        measured("512 bits: Java, Go and most others refuse them, in a root too"),
    ],
)
def weak_rsa_key(certificate: Certificate, case: Case) -> Violation | None:
    """Who has the factors of the modulus can sign in the key's name, and short ones are found.

    OpenSSL's security level 2, which Debian, Ubuntu and Node.js since 24 set, refuses RSA keys
    of less than 112 bits of security: "EE certificate key too weak" (66) about a server, "CA
    certificate key too weak" (67) about a CA, the root included. Python, curl and mosquitto
    on such systems refuse the chain, and everywhere rustls and mbedTLS do; Node.js 20, .NET,
    Java and Go go down to 1024 bits. `aziotctl check` warns below 2048 bits.

    Remedy:
    Make a new key of 2048 bits or more, and have the certificate issued for it:

        openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out FILE
    """
    bits = _rsa_bits(certificate)
    if bits is None or bits >= 2048:
        return None
    refusers = _refusing_rsa(bits, certificate, case)
    return Violation(
        f"{case.named(certificate)} has an RSA key of {bits} bits",
        wanted="2048 bits or more",
        found=bits,
        certificates=(certificate,),
        severity=severity_for(refusers),
        refused_by=refusers,
    )


@rule(
    "algorithm.large-rsa-key",
    title="An RSA key is so long that some clients cannot use it",
    severity=WARNING,
    over=Over.EACH_PRESENTED,
    when=[UNUSUAL_KEY],
    act=Act.REISSUE,
    references=[
        Reference(
            "Go 1.21, crypto/tls/handshake_client.go (maxRSAKeySize)",
            "https://github.com/golang/go/blob/go1.21.0/src/crypto/tls/handshake_client.go",
        ),
        measured("8192 bits: BearSSL and wolfSSL refuse them"),
    ],
)
def large_rsa_key(certificate: Certificate, case: Case) -> Violation | None:
    """Small clients have room for RSA keys of at most 4096 bits.

    BearSSL and Debian's wolfSSL refuse larger ones, rustls those of more than 8192 bits. So does
    Go since 1.21, of every certificate that is sent, needed or not ("server sent certificate
    containing RSA key larger than 8192 bits"). Each signature takes a small gateway long, too.

    Remedy:
    Use a key of 2048 to 4096 bits, or one on the curve P-256, which is as strong as RSA with
    3072 bits, and have the certificate issued for it:

        openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out FILE
    """
    bits = _rsa_bits(certificate)
    if bits is None or bits <= 4096:
        return None
    refusers = _refusing_large(bits, certificate, case)
    if not refusers:
        return None
    return Violation(
        f"{case.named(certificate)} has an RSA key of {bits} bits",
        wanted="at most 4096 bits",
        found=bits,
        certificates=(certificate,),
        severity=severity_for(refusers),
        refused_by=refusers,
    )


def _refusing_large(bits: int, certificate: Certificate, case: Case) -> Refusers:
    path, refusers = case.hierarchy.path, set()
    if path is not None and certificate in path.certificates:
        refusers |= {R.WOLFSSL, R.BEARSSL} | ({R.RUSTLS} if bits > LARGEST_KEY else set())
    if certificate in case.hierarchy.sequence and large_key(certificate, V1_27):
        refusers |= {R.GO_1_24}
    return frozenset(refusers)


_LARGE, _VERY_LARGE = 1 << 31, 1 << 33


@rule(
    "algorithm.rsa-exponent",
    title="The public exponent of an RSA key is larger than clients take",
    severity=ERROR,
    over=Over.EACH_ON_PATH,
    when=[UNUSUAL_KEY],
    act=Act.REISSUE,
    references=[
        rfc(8017, "3.1"),
        Reference(
            "Go 1.24, crypto/rsa (the exponent must be less than 2^31)",
            "https://pkg.go.dev/crypto/rsa#PublicKey",
        ),
        measured("an exponent of 34 bits: Go, BoringSSL and rustls refuse it; 3: nobody does"),
    ],
)
def rsa_exponent(certificate: Certificate, case: Case) -> Violation | None:
    """Nearly every RSA key has the exponent 65537, and nothing is gained by a larger one.

    Go takes exponents below 2^31 ("public exponent too large"), BoringSSL and rustls below
    2^33. The exponent 3 is accepted by all.

    Remedy:
    Make a new key with the usual exponent, and have the certificate issued for it:

        openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out FILE
    """
    if _rsa_bits(certificate) is None:
        return None
    exponent = certificate.public_key.public_numbers().e
    if exponent < _LARGE:
        return None
    refusers = {R.GO_1_24} if exponent < _VERY_LARGE else {R.GO_1_24, R.BORINGSSL, R.RUSTLS}
    return Violation(
        f"the RSA key of {case.named(certificate)} has an exponent of {exponent.bit_length()} bits",
        wanted=65537,
        found=number(exponent),
        certificates=(certificate,),
        refused_by=frozenset(refusers),
    )
