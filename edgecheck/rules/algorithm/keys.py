"""Rules about the kinds of public keys, and about curves."""

from edgecheck.behaviour.refusers import EVERYBODY, NSS, Refuser, all_but
from edgecheck.hierarchy.roles import Role
from edgecheck.hierarchy.shapes import LAST_1_1, OLDEST
from edgecheck.reading.certificate import Certificate
from edgecheck.rules.algorithm.conditions import UNUSUAL_KEY
from edgecheck.rules.algorithm.kinds import DSA, EC, RSA, RSA_PSS, known
from edgecheck.rules.edge.conditions import EC_UNKNOWN, LAST_WITHOUT_EC
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.rule import (
    ERROR,
    INFO,
    WARNING,
    Act,
    Over,
    Violation,
    rule,
    severity_for,
)
from edgecheck.rules.places import ByPlace, Refusers, everywhere
from edgecheck.rules.references import edge, identity_service, issue, measured, openssl, rfc

R = Refuser

_NO_CURVE = frozenset({R.JAVA, *NSS, R.RUSTLS, R.CRYPTOGRAPHY, R.BEARSSL})
_OTHER_CURVE = _NO_CURVE | {R.GO, R.BORINGSSL, R.GNUTLS}
_LARGE_CURVE = ByPlace(frozenset({R.OPENSSL_1_0_2}), frozenset(), frozenset())
_CURVES: dict[str, tuple[str, ByPlace]] = {
    "1.3.132.0.34": ("P-384", _LARGE_CURVE),
    "1.3.132.0.35": ("P-521", _LARGE_CURVE),
    "1.3.132.0.33": (
        "P-224",
        ByPlace(
            all_but(R.VERIFY, R.CRYPTOGRAPHY, R.MBEDTLS_2_28, R.WOLFSSL),
            _NO_CURVE | {R.MBEDTLS_3},
            _NO_CURVE | {R.MBEDTLS_3},
        ),
    ),
    "1.3.132.0.10": (
        "secp256k1",
        ByPlace(
            all_but(R.VERIFY, R.CRYPTOGRAPHY, R.MBEDTLS_2_28, R.WOLFSSL),
            _OTHER_CURVE | {R.MBEDTLS_3},
            _OTHER_CURVE | {R.MBEDTLS_3},
        ),
    ),
    "explicit": (
        "a curve that is spelled out, not named",
        ByPlace(
            all_but(R.OPENSSL_1_1_1, R.CRYPTOGRAPHY, R.MBEDTLS_3, R.BOTAN),
            all_but(R.OPENSSL_1_1_1, R.OPENSSL_1_1_0, R.OPENSSL_1_0_2, R.MBEDTLS_3, R.BOTAN),
            all_but(R.OPENSSL_1_1_1, R.OPENSSL_1_1_0, R.OPENSSL_1_0_2, R.MBEDTLS_3, R.BOTAN),
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
    when=[UNUSUAL_KEY],
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
    kind, identifier = known(certificate)
    if kind != EC or identifier == _P_256:
        return None
    name, who = _CURVES.get(identifier, (identifier, _UNCOMMON))
    refusers = who.of(certificate, case)
    if not refusers and certificate is not case.hierarchy.device_ca:
        return None
    note = "" if refusers else ", which `aziotctl check` advises against"
    owner = _whose_curve(certificate, case)
    also_above = owner is not None and bool(who.of(owner, case))
    return Violation(
        f"the key of {case.named(certificate)} is on {name}{note}",
        wanted="P-256",
        found=name,
        certificates=(certificate, owner) if owner and not also_above else (certificate,),
        severity=severity_for(refusers) if refusers else INFO,
        changes=owner,
        because_of=("algorithm.curve", owner) if owner and also_above else None,
        refused_by=refusers,
    )


def _whose_curve(certificate: Certificate, case: Case) -> Certificate | None:
    """Return the device CA where libiothsm made a key on its curve; else None."""
    device_ca = case.hierarchy.device_ca
    made = case.role(certificate) in (Role.SERVER, Role.WORKLOAD_CA)
    if device_ca is None or not made or not case.within(OLDEST, LAST_1_1):
        return None
    return device_ca if known(device_ca) == known(certificate) else None


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
    DSA: (
        "DSA",
        _in_authorities(
            all_but(R.VERIFY, R.CRYPTOGRAPHY),
            _SMALL | {R.GO, R.BORINGSSL, R.RUSTLS, R.CRYPTOGRAPHY, R.WOLFSSL},
        ),
    ),
    RSA_PSS: (
        "RSA-PSS",
        _in_authorities(_RSA_PSS_KEY | NSS | {R.WOLFSSL}, _RSA_PSS_KEY | _CA_ONLY),
    ),
}


@rule(
    "algorithm.key-kind",
    title="A key is neither an ordinary RSA key nor one on an elliptic curve",
    severity=ERROR,
    over=Over.EACH_ON_PATH,
    when=[UNUSUAL_KEY],
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
    kind, _ = known(certificate)
    if kind in (RSA, EC, ""):
        return None
    name, who = _KINDS.get(kind, (kind, everywhere(EVERYBODY)))
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
    when=[EC_UNKNOWN],
    act=Act.CONFIGURE,
    changes="runtime",
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
    if not case.within(OLDEST, LAST_WITHOUT_EC) or known(device_ca)[0] != EC:
        return None
    runtime = case.hierarchy.runtime
    return Violation(
        f"{case.named(device_ca)} has a key on an elliptic curve, which edgeHub of {runtime} "
        f"cannot load",
        wanted="an RSA key, or IoT Edge 1.0.10 or later",
        found="an elliptic-curve key",
        certificates=(device_ca,),
    )
