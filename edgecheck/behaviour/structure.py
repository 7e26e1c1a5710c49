"""Who refuses a certificate for how it is written: what is not DER, by field and kind of fault.

Measured; which of these a library takes does not follow from a rule. Times, and what stands behind
the end of a certificate, are decided elsewhere.
"""

from edgecheck.behaviour import raw
from edgecheck.behaviour.refusers import NSS, OPENSSL, OPENSSL_OLD, Refuser
from edgecheck.hierarchy.signatures import algorithm
from edgecheck.reading import ber, strings
from edgecheck.reading.ber import Fault
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.der import Malformed
from edgecheck.reading.late import late
from edgecheck.reading.strict import LARGE_NUMBER, faults

R = Refuser
_BYTEWISE = frozenset({R.GO, R.CRYPTOGRAPHY})
_LENGTHS = _BYTEWISE | {R.RUSTLS} | NSS
_ALL = OPENSSL | _BYTEWISE | {R.DOTNET}
_REFUSERS: dict[str, frozenset[Refuser]] = {
    ber.LENGTH: _LENGTHS,
    ber.INDEFINITE: _LENGTHS | {R.GNUTLS},
    ber.EXTRA: OPENSSL | OPENSSL_OLD | {R.DOTNET, R.GNUTLS, R.CRYPTOGRAPHY},
    ber.INTEGER: _ALL,
    ber.BOOLEAN: _BYTEWISE,
    ber.DEFAULT: frozenset({R.CRYPTOGRAPHY}),
    ber.SET_ORDER: frozenset({R.CRYPTOGRAPHY}),
    ber.EMPTY: _BYTEWISE | {R.STRICT},
    ber.BITS: _ALL,
    ber.OID: _ALL,
    ber.VERSION: _BYTEWISE | {R.JAVA, R.BORINGSSL, R.RUSTLS, R.MBEDTLS, R.BEARSSL, R.BOTAN},
    ber.TAG: _ALL | {R.JAVA, R.GNUTLS} | NSS,
    ber.CUT: _ALL | {R.JAVA, R.GNUTLS} | NSS,
}
KEY = "subjectPublicKeyInfo"
_LONG_IDENTIFIER = frozenset({R.CRYPTOGRAPHY, R.GNUTLS, R.DOTNET})
"""OpenSSL 3.0.20 takes an object identifier of any length, Go 1.19.8 one without large numbers."""
_JAVA_TOO = {
    (ber.LENGTH, "tbsCertificate"),
    (ber.INDEFINITE, "tbsCertificate"),
    (ber.EXTRA, "certificate"),
    (ber.EXTRA, "validity"),
    (ber.EXTRA, "subjectPublicKeyInfo"),
    (ber.EXTRA, "subjectPublicKeyInfo: algorithm"),
    (ber.BITS, "subjectPublicKeyInfo: subjectPublicKey"),
}


_GNUTLS_TOO = {(ber.BITS, "signatureValue")}


_ALGORITHMS = ("signature", "signatureAlgorithm")


def algorithms_differ(certificate: Certificate) -> bool:
    """Whether the signed algorithm is another one than that beside the signature.

    Where a length is not DER they may differ in that alone, which is a fault by itself.
    """
    inner, outer = certificate.tbs_signature_algorithm, certificate.signature_algorithm
    if inner == outer:
        return False
    only_written = any(
        fault.kind in (ber.LENGTH, ber.INDEFINITE) and fault.field in _ALGORITHMS
        for fault in faults(certificate.der)
    )
    return not only_written or _oid(inner) != _oid(outer)


def identifiers_differ(certificate: Certificate) -> bool:
    """Whether it is not only their parameters that differ, at which Java does not look."""
    inner, outer = certificate.tbs_signature_algorithm, certificate.signature_algorithm
    return algorithms_differ(certificate) and _identifier(inner) != _identifier(outer)


def is_unknown_to_all(certificate: Certificate) -> bool:
    """Whether no client knows what it is signed with, so that none can verify the signature."""
    try:
        return not algorithm(certificate.signature_algorithm).key
    except (Malformed, Unreadable):
        return True


def _oid(algorithm: bytes) -> bytes:
    """The contents of the object identifier, however lengths are written."""
    data = algorithm
    for _ in range(2):  # into the sequence, and into its first element
        octets = data[1] & 0x7F if data[1:2] > b"\x80" else 0
        length = int.from_bytes(data[2 : 2 + octets]) if octets else data[1] if len(data) > 1 else 0
        data = data[2 + octets :]
    return data[:length]


def _identifier(algorithm: bytes) -> bytes:
    return algorithm[2 : 4 + algorithm[3]] if len(algorithm) > 3 else algorithm


def is_ber_key(certificate: Certificate) -> bool:
    """Whether it is only a length of the key that is not DER."""
    return any(
        fault.kind in (ber.LENGTH, ber.INDEFINITE)
        and fault.field.startswith("subjectPublicKeyInfo")
        for fault in faults(certificate.der)
    )


def is_ca(certificate: Certificate) -> bool:
    """Whether basicConstraints says so, and can be read."""
    return "basic_constraints" not in certificate.damage and certificate.is_ca


def refusers(fault: Fault, is_ca: bool) -> frozenset[Refuser]:
    """Who refuses a fault of the structure."""
    if fault.kind == ber.PARAMETERS:
        return _parameters(fault, is_ca)
    if fault.kind == ber.STRING:
        return _value(fault)
    if fault.kind == ber.OID and "octets" in fault.told:
        return _LONG_IDENTIFIER | (
            frozenset({R.GO, R.GO_1_19}) if LARGE_NUMBER in fault.told else frozenset()
        )
    if fault.kind == ber.VERSION:
        return _version(fault)
    place = (fault.kind, fault.field)
    if place == (ber.BITS, "extensions: keyUsage"):
        return _BYTEWISE
    if fault.kind == ber.TRAILING_BITS:
        return frozenset()
    if fault.kind == ber.EXTRA and fault.field in ("signature", "signatureAlgorithm"):
        return _ALL | NSS
    found = _REFUSERS[fault.kind]
    if fault.field.startswith("extensions"):
        found = _of_extension(fault, found)
    if place in _JAVA_TOO:
        found |= {R.JAVA}
    elif "without contents" in fault.told:
        found |= {R.JAVA} | NSS
    elif place in _GNUTLS_TOO:
        found |= {R.GNUTLS}
    if fault.kind == ber.EXTRA and fault.field != "extensions":
        found |= NSS
    if place == (ber.EXTRA, "validity"):
        found |= {R.RUSTLS, R.WOLFSSL, R.BEARSSL, R.BOTAN}
    if fault.kind == ber.TAG and not fault.field.startswith("extensions: "):
        found |= {R.BOTAN}  # BER_Object::assert_is_a; 2.19.3 was asked, with every tag changed
    if place == (ber.INTEGER, "version"):
        found |= {R.WOLFSSL, R.GNUTLS}
    if place == (ber.INTEGER, "serialNumber"):
        found |= {R.OPENSSL_1_1_0, R.BORINGSSL, R.WOLFSSL}
        if "without contents" in fault.told:
            found |= {R.NSS_PKIX}
    return found


_TEMPLATES = OPENSSL_OLD | {R.BORINGSSL, R.WOLFSSL, R.MBEDTLS, R.BOTAN}
"""Who reads each field of an Extension, beside those that are named for any field."""
_NO_EXTENSION = b"\x30\0"


def _of_extension(fault: Fault, found: frozenset[Refuser]) -> frozenset[Refuser]:
    """Of the fields of an Extension: its identifier, whether it is critical, and its end.

    OpenSSL 3.0.22, Java 17, Go 1.19, GnuTLS 3.7.9, NSS 3.87, mbedTLS 2.28.3, wolfSSL 5.5.4 and
    Botan 2.19.3 were each given all of these; webpki reads a BOOLEAN by its own optional_boolean.
    """
    if fault.kind == ber.BOOLEAN and len(fault.found) != _BOOLEAN:  # not one octet
        found |= _ALL | _TEMPLATES | {R.JAVA, R.GNUTLS, R.RUSTLS}
        return found | NSS if len(fault.found) < _BOOLEAN else found
    if fault.kind == ber.OID and fault.field == "extensions":
        if len(fault.found) == len(b"\6\0"):
            return found | {R.JAVA, R.GNUTLS, R.BOTAN} | NSS
        return found | {R.JAVA, R.GNUTLS} if _PADDED.search(fault.found, 2) else found | {R.JAVA}
    if fault.kind == ber.EXTRA and fault.field != "extensions":
        return found | {R.WOLFSSL, R.MBEDTLS, R.BOTAN}
    if fault.kind == ber.CUT and fault.found == _NO_EXTENSION:
        return (found | _TEMPLATES) - {R.GNUTLS}
    return found | _TEMPLATES if fault.kind in (ber.CUT, ber.TAG) else found


_BOOLEAN = len(b"\1\1\xff")
_PADDED = late(rb"(?<![\x80-\xff])\x80")
"""A number of an object identifier that begins with an octet too many."""
_ONE_OCTET = b"\xa0\3\2\1"
"""How a version of one octet begins."""


def _version(fault: Fault) -> frozenset[Refuser]:
    """Of a version that does not exist: GnuTLS 3.7.9 and wolfSSL 5.5.4 were asked for each octet.

    The former has room for one octet, below 128; the latter knows none beyond 4.
    """
    found = _REFUSERS[ber.VERSION]
    if fault.found[:4] != _ONE_OCTET or fault.found[4:] > b"\x7f":
        found |= {R.GNUTLS}
    return found if fault.found == _ONE_OCTET + b"\3" else found | {R.WOLFSSL}


def _parameters(fault: Fault, is_ca: bool) -> frozenset[Refuser]:
    if fault.field.startswith(KEY):
        # cryptography reads a key without them, and permits it to no issuer.
        return _BYTEWISE if is_ca or not fault.told.startswith("lacks") else frozenset({R.GO})
    if fault.told.startswith("has other"):
        return frozenset({R.JAVA, R.CRYPTOGRAPHY})
    return frozenset({R.CRYPTOGRAPHY})


def _value(fault: Fault) -> frozenset[Refuser]:
    """Of a value in a name that its own type does not allow."""
    tag = fault.found[0]
    if tag == strings.PRINTABLE:
        harmless = "'&'" in fault.told or "'*'" in fault.told
        return frozenset({R.CRYPTOGRAPHY}) if harmless else _BYTEWISE
    if tag == strings.UTF8:
        return OPENSSL | {R.DOTNET, R.GO}
    if tag == strings.BMP:
        return _ALL
    if tag in strings.TYPES:
        return frozenset({R.GO_1_19, R.CRYPTOGRAPHY})
    if tag == 0x30:
        return frozenset({R.GO_1_19})
    return OPENSSL | {R.DOTNET, R.GO_1_19}


def of_string(tag: int) -> frozenset[Refuser]:
    """Who does not know a type of strings in names (parseASN1String, B_ASN1_PRINTABLE)."""
    if tag == strings.VISIBLE:
        return OPENSSL | {R.DOTNET, R.GO_1_19}
    return frozenset({R.GO_1_19} if tag == strings.UNIVERSAL else ())


def refused(certificate: Certificate, client: Refuser) -> Fault | None:
    """The first fault for which a kind of client does not read the certificate; None: it does."""
    return _refused(certificate).get(client)


def is_refused(certificate: Certificate) -> bool:
    """Whether there is a fault for which some kind of client does not read it."""
    return bool(_refused(certificate))


def _refused(certificate: Certificate) -> dict[Refuser, Fault]:
    kept: dict[Refuser, Fault] | None = certificate.noted.get("refused")
    if kept is not None:
        return kept
    found: dict[Refuser, Fault] = {}
    for fault in faults(certificate.der):
        if fault.kind != ber.TIME:
            for client in refusers(fault, is_ca(certificate)):
                found.setdefault(client, fault)
    for field, name in (("issuer", certificate.issuer_raw), ("subject", certificate.subject_raw)):
        for _, tag, content in _attributes(name):
            for client in of_string(tag):
                fault = Fault(ber.STRING, field, "a type of strings", bytes((tag, *content[:15])))
                found.setdefault(client, fault)
    certificate.noted["refused"] = found
    return found


def _attributes(name: bytes) -> tuple[raw.Attribute, ...]:
    """None where the name cannot be taken apart, which is a fault by itself."""
    try:
        return raw.attributes(name)
    except Malformed:
        return ()
