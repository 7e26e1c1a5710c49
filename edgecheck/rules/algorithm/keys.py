"""Rules about public keys."""

from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric import rsa

from edgecheck.hierarchy.shapes import OLDEST
from edgecheck.reading import der
from edgecheck.reading.certificate import Certificate
from edgecheck.rules import traits
from edgecheck.rules.case import Case
from edgecheck.rules.places import ByPlace, Refusers, everywhere, is_root, issues
from edgecheck.rules.references import edge, identity_service, issue, measured, openssl, rfc
from edgecheck.rules.refusers import NSS, SECLEVEL_2, Refuser, all_but
from edgecheck.rules.rule import (
    ERROR,
    INFO,
    WARNING,
    Act,
    Over,
    Reference,
    Violation,
    rule,
    severity_for,
)

R = Refuser
_LAST_WITHOUT_EC = (1, 0, 9)
_RSA, _RSA_PSS = "1.2.840.113549.1.1.1", "1.2.840.113549.1.1.10"
_EC, _DSA = "1.2.840.10045.2.1", "1.2.840.10040.4.1"
_NODE = Reference(
    "Node.js 24 release notes: OpenSSL 3.5 with security level 2",
    "https://nodejs.org/en/blog/release/v24.0.0",
)


@lru_cache(maxsize=256)
def _algorithm(spki: bytes) -> tuple[str, str]:
    """The object identifiers of a key's kind and of its curve, in dotted form.

    The curve is empty where there is none, or `explicit` where it is spelled out.

    Raises:
        Malformed: not a SubjectPublicKeyInfo.
    """
    start, end = der.only(spki, der.SEQUENCE, "subjectPublicKeyInfo")
    parts = der.elements(spki, start, end)
    if not parts:
        raise der.Malformed("subjectPublicKeyInfo: empty")
    algorithm = der.elements(spki, parts[0][1], parts[0][2])
    if not algorithm or algorithm[0][0] != der.OID:
        raise der.Malformed("subjectPublicKeyInfo: no algorithm in it")
    kind = der.oid_text(spki[algorithm[0][1] : algorithm[0][2]])
    if kind != _EC:
        return kind, ""
    if len(algorithm) < 2 or algorithm[1][0] != der.OID:
        return kind, "explicit"
    return kind, der.oid_text(spki[algorithm[1][1] : algorithm[1][2]])


def _known(certificate: Certificate) -> tuple[str, str]:
    try:
        return _algorithm(certificate.spki)
    except der.Malformed:
        return "", ""  # input.unreadable-fact says what is wrong with the key


def _rsa_bits(certificate: Certificate) -> int | None:
    if _known(certificate)[0] not in (_RSA, _RSA_PSS):
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
    traits=traits.UNUSUAL_KEY,
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
    over=Over.EACH_ON_PATH,
    traits=traits.UNUSUAL_KEY,
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

    BearSSL and Debian's wolfSSL refuse larger ones; Go refuses those of more than 8192 bits
    ("server sent certificate containing RSA key larger than 8192 bits"). Each signature takes
    a small gateway long, too.

    Remedy:
    Use a key of 2048 to 4096 bits, or one on the curve P-256, which is as strong as RSA with
    3072 bits, and have the certificate issued for it:

        openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out FILE
    """
    bits = _rsa_bits(certificate)
    if bits is None or bits <= 4096:
        return None
    refusers = frozenset({R.WOLFSSL, R.BEARSSL} | ({R.GO} if bits > 8192 else set()))
    return Violation(
        f"{case.named(certificate)} has an RSA key of {bits} bits",
        wanted="at most 4096 bits",
        found=bits,
        certificates=(certificate,),
        severity=severity_for(refusers),
        refused_by=refusers,
    )


_LARGE, _VERY_LARGE = 1 << 31, 1 << 33


@rule(
    "algorithm.rsa-exponent",
    title="The public exponent of an RSA key is larger than clients take",
    severity=ERROR,
    over=Over.EACH_ON_PATH,
    traits=traits.UNUSUAL_KEY,
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
        found=str(exponent),
        certificates=(certificate,),
        refused_by=frozenset(refusers),
    )


_NO_CURVE = frozenset({R.JAVA, *NSS, R.RUSTLS, R.CRYPTOGRAPHY, R.BEARSSL})
_OTHER_CURVE = _NO_CURVE | {R.GO, R.BORINGSSL, R.GNUTLS}
_LARGE_CURVE = ByPlace(frozenset({R.OPENSSL_1_0_2}), frozenset(), frozenset())
_CURVES: dict[str, tuple[str, ByPlace]] = {
    "1.3.132.0.34": ("P-384", _LARGE_CURVE),
    "1.3.132.0.35": ("P-521", _LARGE_CURVE),
    "1.3.132.0.33": (
        "P-224",
        ByPlace(all_but(R.VERIFY, R.CRYPTOGRAPHY, R.MBEDTLS, R.WOLFSSL), _NO_CURVE, _NO_CURVE),
    ),
    "1.3.132.0.10": (
        "secp256k1",
        ByPlace(
            all_but(R.VERIFY, R.CRYPTOGRAPHY, R.MBEDTLS, R.WOLFSSL), _OTHER_CURVE, _OTHER_CURVE
        ),
    ),
    "explicit": (
        "a curve that is spelled out, not named",
        ByPlace(
            all_but(R.OPENSSL_1_1_1, R.CRYPTOGRAPHY, R.BOTAN),
            all_but(R.OPENSSL_1_1_1, R.OPENSSL_1_1_0, R.OPENSSL_1_0_2, R.BOTAN),
            all_but(R.OPENSSL_1_1_1, R.OPENSSL_1_1_0, R.OPENSSL_1_0_2, R.BOTAN),
        ),
    ),
}
_P_256 = "1.2.840.10045.3.1.7"
_UNCOMMON = ByPlace(
    all_but(R.VERIFY, R.CRYPTOGRAPHY, R.MBEDTLS, R.WOLFSSL, R.BOTAN), _OTHER_CURVE, _OTHER_CURVE
)


@rule(
    "algorithm.curve",
    title="A key is on another elliptic curve than P-256",
    severity=WARNING,
    over=Over.EACH_ON_PATH,
    traits=traits.UNUSUAL_KEY,
    act=Act.REISSUE,
    references=[
        rfc(5480, "2.1.1"),
        rfc(8446, "4.2.3"),
        identity_service("aziotctl/src/internal/check/checks/read_key_pairs.rs"),
        openssl("crypto/x509/x509_vfy.c"),
        measured("secp256k1 and Brainpool in a CA: Java, Go, GnuTLS, NSS and rustls refuse them"),
        measured("P-384 and P-521: only OpenSSL 1.0.2 refuses them, and only in a server"),
        measured("explicit parameters: OpenSSL since 3.0, Python, Node.js, .NET, Java, Go refuse"),
    ],
)
def curve(certificate: Certificate, case: Case) -> Violation | None:
    """Of the many curves that exist, clients of TLS know three: P-256, P-384 and P-521.

    Java says "Curve not supported", Go "unsupported elliptic curve"; a server's key on such
    a curve cannot be used for TLS 1.3 at all. A curve whose parameters are spelled out
    instead of named is refused by OpenSSL since 3.0 ("Certificate public key has explicit ECC
    parameters", 94). P-384 and P-521 work everywhere but with OpenSSL 1.0.2 (Node.js 8), which
    refuses a server's key on them; as the key of a device CA, `aziotctl check` warns of every
    curve but P-256.

    Remedy:
    Make a key on P-256, and have the certificate issued for it:

        openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out FILE
    """
    kind, identifier = _known(certificate)
    if kind != _EC or identifier == _P_256:
        return None
    name, who = _CURVES.get(identifier, (identifier, _UNCOMMON))
    refusers = who.of(certificate, case)
    if not refusers and certificate is not case.hierarchy.device_ca:
        return None
    note = "" if refusers else ", which `aziotctl check` advises against"
    return Violation(
        f"the key of {case.named(certificate)} is on {name}{note}",
        wanted="P-256",
        found=name,
        certificates=(certificate,),
        severity=severity_for(refusers) if refusers else INFO,
        refused_by=refusers,
    )


_SMALL = frozenset({R.MBEDTLS, R.BEARSSL})
_OLD = frozenset({R.OPENSSL_1_1_0, R.OPENSSL_1_0_2})
_ED448 = _SMALL | _OLD | NSS | {R.GO, R.BORINGSSL, R.RUSTLS, R.BOTAN}
_RSA_PSS_KEY = _SMALL | _OLD | {R.GO, R.BORINGSSL, R.RUSTLS, R.BOTAN}
_CA_ONLY = frozenset({R.CRYPTOGRAPHY})


def _in_authorities(target: Refusers, authority: Refusers) -> ByPlace:
    return ByPlace(target, authority, authority)


_KINDS: dict[str, tuple[str, ByPlace]] = {
    "1.3.101.112": (
        "Ed25519",
        _in_authorities(_SMALL | _OLD | NSS | {R.BOTAN}, _SMALL | _OLD | NSS | _CA_ONLY),
    ),
    "1.3.101.113": ("Ed448", _in_authorities(_ED448, _ED448 | _CA_ONLY)),
    _DSA: (
        "DSA",
        _in_authorities(
            all_but(R.VERIFY, R.CRYPTOGRAPHY),
            _SMALL | {R.GO, R.BORINGSSL, R.RUSTLS, R.CRYPTOGRAPHY, R.WOLFSSL},
        ),
    ),
    _RSA_PSS: (
        "RSA-PSS",
        _in_authorities(_RSA_PSS_KEY | NSS | {R.WOLFSSL}, _RSA_PSS_KEY | _CA_ONLY),
    ),
}


@rule(
    "algorithm.key-kind",
    title="A key is neither an ordinary RSA key nor one on an elliptic curve",
    severity=ERROR,
    over=Over.EACH_ON_PATH,
    traits=traits.UNUSUAL_KEY,
    act=Act.REISSUE,
    references=[
        rfc(8410, "3"),
        rfc(4055, "1.2"),
        edge("edgelet/hsm-sys/azure-iot-hsm-c/src/edge_pki_openssl.c"),
        identity_service("key/aziot-keys/src/key_pair.rs"),
        measured("Ed25519: NSS, mbedTLS, BearSSL and OpenSSL before 1.1.1 refuse it"),
        measured("Ed448, DSA, RSA-PSS keys: Go, rustls, BoringSSL, mbedTLS and others refuse them"),
    ],
)
def key_kind(certificate: Certificate, case: Case) -> Violation | None:
    """Ed25519, Ed448, DSA and keys confined to RSA-PSS are rare in TLS, and not known to all.

    For the key of a device CA it is worse: the runtime takes RSA and elliptic curves alone.
    Up to 1.1 its daemon stops ("Unsupported key type"); since 1.2 the key service says "key
    is neither RSA nor EC".

    Remedy:
    Make an RSA key of 2048 bits or one on P-256, and have the certificate issued for it:

        openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out FILE
    """
    kind, _ = _known(certificate)
    if kind in (_RSA, _EC, ""):
        return None
    name, who = _KINDS.get(kind, (kind, everywhere(frozenset())))
    refusers = who.of(certificate, case)
    runtime = certificate is case.hierarchy.device_ca
    note = ", which the runtime cannot use" if runtime else ""
    return Violation(
        f"{case.named(certificate)} has a key of the kind {name}{note}",
        wanted="RSA, or an elliptic curve",
        found=name,
        certificates=(certificate,),
        severity=ERROR if runtime else severity_for(refusers),
        refused_by=refusers,
    )


@rule(
    "algorithm.ec-key-for-old-edgehub",
    title="A device CA has an elliptic-curve key, which this edgeHub cannot load",
    severity=ERROR,
    over=Over.DEVICE_CA,
    act=Act.CONFIGURE,
    runtime="1.0.0 to 1.0.9",
    references=[issue("Azure/iotedge", 3371), issue("Azure/iotedge", 3422)],
)
def ec_key_for_old_edgehub(device_ca: Certificate, case: Case) -> Violation | None:
    """The keys that the daemon makes follow the kind of the device CA's.

    Up to 1.0.9 edgeHub could not parse a private key on an elliptic curve, and did not
    start. It can since the release that followed, 1.0.10. Nothing is said where the runtime
    was not named.

    Remedy:
    Update the runtime, or use a device CA with an RSA key:

        openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out FILE
    """
    if not case.within(OLDEST, _LAST_WITHOUT_EC) or _known(device_ca)[0] != _EC:
        return None
    runtime = case.hierarchy.runtime
    return Violation(
        f"{case.named(device_ca)} has a key on an elliptic curve, which edgeHub of {runtime} "
        f"cannot load",
        wanted="an RSA key, or IoT Edge 1.0.10 or later",
        found="an elliptic-curve key",
        certificates=(device_ca,),
    )
