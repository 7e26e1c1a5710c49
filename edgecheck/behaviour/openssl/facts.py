"""What OpenSSL keeps of a certificate: x509v3_cache_extensions (v3_purp.c)."""

from functools import cached_property

from edgecheck.behaviour import raw, structure
from edgecheck.behaviour.openssl import boring, names
from edgecheck.behaviour.openssl import extensions as decoded
from edgecheck.behaviour.openssl.extensions import (
    AS_NUMBERS,
    IP_ADDRESSES,
    NS_CERT_TYPE,
    PROXY,
)
from edgecheck.hierarchy.signatures import algorithm
from edgecheck.reading import certificate as reading
from edgecheck.reading import pss
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.der import Malformed
from edgecheck.reading.extensions import (
    KEY_CERT_SIGN,
    MICROSOFT_SGC,
    NETSCAPE_SGC,
    SERVER_AUTH,
    AuthorityKeyId,
    BasicConstraints,
)

SGC = (MICROSOFT_SGC, NETSCAPE_SGC)
"""Server gated cryptography of Microsoft and Netscape, which counts as serverAuth."""
NS_SSL_SERVER, NS_SSL_CA, NS_ANY_CA = 0x40, 0x04, 0x07

SUPPORTED = frozenset(
    (
        NS_CERT_TYPE,
        reading.EXT_KEY_USAGE,
        reading.EXT_SUBJECT_ALT_NAME,
        reading.EXT_BASIC_CONSTRAINTS,
        reading.EXT_POLICIES,
        reading.EXT_CRL_DISTRIBUTION_POINTS,
        reading.EXT_EXTENDED_KEY_USAGE,
        reading.EXT_POLICY_CONSTRAINTS,
        reading.EXT_NAME_CONSTRAINTS,
        reading.EXT_POLICY_MAPPINGS,
        reading.EXT_INHIBIT_ANY_POLICY,
        IP_ADDRESSES,
        AS_NUMBERS,
        bytes.fromhex("2b0601050507300105"),  # OCSP noCheck
        PROXY,
    )
)
"""X509_supported_extension: the critical extensions that it knows."""
SUPPORTED_1_1 = SUPPORTED - {bytes.fromhex("2b0601050507300105")}
"""The same of 1.1.1 and 1.1.0."""
SUPPORTED_1_0_2 = SUPPORTED_1_1 - {IP_ADDRESSES, AS_NUMBERS}
"""The same of 1.0.2, as it is mostly built."""
SUPPORTED_BORING = frozenset(
    (
        reading.EXT_KEY_USAGE,
        reading.EXT_SUBJECT_ALT_NAME,
        reading.EXT_BASIC_CONSTRAINTS,
        reading.EXT_POLICIES,
        reading.EXT_EXTENDED_KEY_USAGE,
        reading.EXT_POLICY_CONSTRAINTS,
        reading.EXT_NAME_CONSTRAINTS,
        reading.EXT_POLICY_MAPPINGS,
        reading.EXT_INHIBIT_ANY_POLICY,
    )
)
"""The same of BoringSSL."""

_CACHED = ("basic_constraints", "extended_key_usage", "subject_key_id", "authority_key_id")
"""Facts beside keyUsage that are decoded before anything is verified."""
_KEYS = {"RSAPublicKey": ("RSA", "RSA-PSS"), "EllipticCurvePublicKey": ("EC",)}


class Facts:
    """One certificate as OpenSSL sees it; each fact is worked out when it is asked for."""

    def __init__(self, certificate: Certificate) -> None:
        """Keep the certificate."""
        self.certificate = certificate

    @cached_property
    def invalid(self) -> bool:
        """EXFLAG_INVALID of 1.1.1: an extension that it needs cannot be decoded, or is twice."""
        certificate = self.certificate
        if not decoded.ONCE.isdisjoint(certificate.duplicate_extensions):
            return True
        if decoded.unreadable(certificate, False) or self._damaged:
            return True
        return decoded.is_proxy(certificate) and (
            self.is_ca or decoded.contradicts_proxy(certificate)
        )

    @cached_property
    def invalid_since_3(self) -> bool:
        """What 3.0 and later take for invalid beside that."""
        return self.no_usage or decoded.unreadable(self.certificate, True)

    @cached_property
    def invalid_boring(self) -> bool:
        """The same of BoringSSL, which decodes fewer extensions, and DER alone."""
        certificate = self.certificate
        if not boring.ONCE.isdisjoint(certificate.duplicate_extensions):
            return True
        usage = certificate.extensions.get(reading.EXT_KEY_USAGE)
        if usage is not None and boring.usages(usage) is None:
            return True
        if any(raw.has_more_behind(certificate, fact) for fact in _CACHED):
            return True  # X509V3_R_TRAILING_DATA_IN_EXTENSION
        return self._undecoded(_CACHED) or boring.unreadable(certificate)

    @cached_property
    def _damaged(self) -> bool:
        """Whether one of the extensions that `edgecheck.reading` decodes cannot be read."""
        return self._undecoded(("key_usage", *_CACHED))

    def _undecoded(self, facts: tuple[str, ...]) -> bool:
        certificate = self.certificate
        try:
            for fact in facts:
                if fact not in ("basic_constraints", "extended_key_usage"):
                    raw.first_of(certificate, fact)
            raw.basic_constraints(certificate)
            raw.usages(certificate)
        except Unreadable:
            return True
        return False

    @cached_property
    def no_usage(self) -> bool:
        """Whether keyUsage has no bit."""
        return self.key_usage == 0

    @cached_property
    def basic_constraints(self) -> BasicConstraints | None:
        """As X509_get_ext_d2i gives it: None also where it cannot be decoded or is there twice."""
        try:
            return raw.basic_constraints(self.certificate)
        except Unreadable:
            # A negative path length is decoded, and counts as none at all being allowed.
            return (
                BasicConstraints(True, 0)
                if raw.has_negative_path_length(self.certificate)
                else None
            )

    @cached_property
    def key_usage(self) -> int | None:
        """Likewise."""
        try:
            found: int | None = raw.first_of(self.certificate, "key_usage")
            return found
        except Unreadable:
            return None

    @cached_property
    def usages(self) -> tuple[str, ...] | None:
        """Likewise."""
        try:
            return raw.usages(self.certificate)
        except Unreadable:
            return None

    @cached_property
    def subject_key_id(self) -> bytes | None:
        """Likewise."""
        try:
            found: bytes | None = raw.first_of(self.certificate, "subject_key_id")
            return found
        except Unreadable:
            return None

    @cached_property
    def authority_key_id(self) -> AuthorityKeyId | None:
        """Likewise."""
        try:
            found: AuthorityKeyId | None = raw.first_of(self.certificate, "authority_key_id")
            return found
        except Unreadable:
            return None

    @cached_property
    def constraints(self) -> raw.Constraints | None:
        """Likewise."""
        return decoded.constraints(self.certificate)

    @property
    def is_ca(self) -> bool:
        """EXFLAG_CA."""
        return self.basic_constraints is not None and self.basic_constraints.ca

    @cached_property
    def self_issued(self) -> bool:
        """EXFLAG_SI."""
        return names.same(self.certificate.subject_raw, self.certificate.issuer_raw)

    @cached_property
    def self_signed(self) -> bool:
        """EXFLAG_SS: by names, key identifiers and kinds of keys, never by the signature."""
        own = self.certificate
        return self.self_issued and fits_authority(self, self) and self.signs_as(own)

    def signs_as(self, child: Certificate) -> bool:
        """check_sig_alg_match: the key is of the kind that the child's signature needs."""
        try:
            wanted = algorithm(child.tbs_signature_algorithm).key
            kind = self.key_kind
        except (Unreadable, Malformed):
            if structure.is_ber_key(self.certificate):
                raise  # OpenSSL reads what cannot be read here
            return False
        return wanted in kind

    @cached_property
    def key_kind(self) -> tuple[str, ...]:
        """The kinds of signatures that the key can make: one for RSASSA-PSS no others."""
        if pss.is_pss(self.certificate.spki) and self.certificate.public_key is not None:
            return ("RSA-PSS",)
        name = type(self.certificate.public_key).__name__.lstrip("_")
        for known, kinds in _KEYS.items():
            if name == known or name.endswith(known):
                return kinds
        return (name.removesuffix("PublicKey"),)

    @cached_property
    def ns_cert_type(self) -> int | None:
        """The bits of Netscape's certificate type; None where it is absent."""
        return decoded.netscape_type(self.certificate)

    def rejects_usage(self, bits: int) -> bool:
        """ku_reject: keyUsage is there and has none of these bits."""
        usage = self.key_usage
        return usage is not None and not usage & bits

    @cached_property
    def rejects_server(self) -> bool:
        """xku_reject for serverAuth: extKeyUsage is there and has neither it nor SGC."""
        usages = self.usages
        return usages is not None and not any(u == SERVER_AUTH or u in SGC for u in usages)

    @cached_property
    def rejects_server_boring(self) -> bool:
        """The same for BoringSSL, to which SGC is something else."""
        return self.usages is not None and SERVER_AUTH not in self.usages

    @cached_property
    def check_ca(self) -> int:
        """check_ca: 0 not a CA, 1 a CA, 3 to 5 perhaps one, by older signs."""
        if self.rejects_usage(KEY_CERT_SIGN):
            return 0
        constraints = self.basic_constraints
        if constraints is not None:
            return int(constraints.ca)
        if raw.version(self.certificate) == 1 and self.self_signed:
            return 3
        if self.key_usage is not None:
            return 4
        if (self.ns_cert_type or 0) & NS_ANY_CA:
            return 5
        return 0

    @cached_property
    def path_length(self) -> int | None:
        """pathLenConstraint, also of what is no CA."""
        return self.basic_constraints.path_length if self.basic_constraints else None

    def unknown_critical(self, supported: frozenset[bytes]) -> bool:
        """EXFLAG_CRITICAL."""
        return bool(self.certificate.critical - supported)


def fits_authority(issuer: Facts, child: Facts) -> bool:
    """X509_check_akid: nothing in the child's authorityKeyIdentifier contradicts the issuer."""
    wanted = child.authority_key_id
    if wanted is None:
        return True
    have = issuer.subject_key_id
    if wanted.key_id is not None and have is not None and wanted.key_id != have:
        return False
    if wanted.serial is not None and wanted.serial != issuer.certificate.serial:
        return False
    return not wanted.issuers or names.same(wanted.issuers[0], issuer.certificate.issuer_raw)
