"""What OpenSSL keeps of a certificate: x509v3_cache_extensions (v3_purp.c)."""

from functools import cached_property

from edgecheck.clients import raw
from edgecheck.hierarchy.signatures import algorithm
from edgecheck.reading import certificate as reading
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.der import Malformed
from edgecheck.reading.extensions import (
    ANY_EXTENDED_KEY_USAGE,
    KEY_CERT_SIGN,
    SERVER_AUTH,
)
from edgecheck.reading.names import same_name

SGC = ("1.3.6.1.4.1.311.10.3.3", "2.16.840.1.113730.4.1")
"""Server gated cryptography of Microsoft and Netscape, which counts as serverAuth."""
NS_CERT_TYPE = bytes.fromhex("6086480186f8420101")
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
        bytes.fromhex("2b06010505070107"),  # sbgp-ipAddrBlock
        bytes.fromhex("2b06010505070108"),  # sbgp-autonomousSysNum
        bytes.fromhex("2b0601050507300105"),  # OCSP noCheck
        bytes.fromhex("2b0601050507010e"),  # proxyCertInfo
    )
)
"""X509_supported_extension: the critical extensions that it knows."""

_KEYS = {"RSAPublicKey": ("RSA", "RSA-PSS"), "EllipticCurvePublicKey": ("EC",)}


class Facts:
    """One certificate as OpenSSL sees it; each fact is worked out when it is asked for."""

    def __init__(self, certificate: Certificate) -> None:
        """Keep the certificate."""
        self.certificate = certificate

    @cached_property
    def invalid(self) -> bool:
        """EXFLAG_INVALID: an extension that it needs cannot be decoded, or is there twice."""
        certificate = self.certificate
        twice = set(certificate.duplicate_extensions)
        if twice & _DECODED:
            return True
        try:
            for fact in ("basic_constraints", "extended_key_usage", "subject_key_id"):
                getattr(certificate, fact)
            _ = certificate.authority_key_id
            if certificate.key_usage == 0:
                return True
            _ = raw.alt_names(certificate), raw.constraints(certificate)
        except (Unreadable, Malformed):
            return True
        return False

    @cached_property
    def self_issued(self) -> bool:
        """EXFLAG_SI."""
        return same_name(self.certificate.subject_raw, self.certificate.issuer_raw)

    @cached_property
    def self_signed(self) -> bool:
        """EXFLAG_SS: by names, key identifiers and kinds of keys, never by the signature."""
        own = self.certificate
        return self.self_issued and fits_authority(own, own) and self.signs_as(own)

    def signs_as(self, child: Certificate) -> bool:
        """check_sig_alg_match: the key is of the kind that the child's signature needs."""
        try:
            wanted = algorithm(child.tbs_signature_algorithm).key
            kind = self.key_kind
        except (Unreadable, Malformed):
            return False
        return wanted in kind

    @cached_property
    def key_kind(self) -> tuple[str, ...]:
        """The kinds of signatures that the key can have made."""
        name = type(self.certificate.public_key).__name__.lstrip("_")
        for known, kinds in _KEYS.items():
            if name == known or name.endswith(known):
                return kinds
        return (name.removesuffix("PublicKey"),)

    @cached_property
    def ns_cert_type(self) -> int | None:
        """The bits of Netscape's certificate type; None where it is absent."""
        value = self.certificate.extensions.get(NS_CERT_TYPE)
        if value is None:
            return None
        return value[3] if len(value) > 3 else 0

    def rejects_usage(self, bits: int) -> bool:
        """ku_reject: keyUsage is there and has none of these bits."""
        usage = self.certificate.key_usage
        return usage is not None and not usage & bits

    @cached_property
    def rejects_server(self) -> bool:
        """xku_reject for serverAuth: extKeyUsage is there and has neither it nor SGC."""
        usages = self.certificate.extended_key_usage
        return usages is not None and not any(u == SERVER_AUTH or u in SGC for u in usages)

    @cached_property
    def any_usage(self) -> bool:
        """Whether anyExtendedKeyUsage is there, which OpenSSL does not count."""
        return ANY_EXTENDED_KEY_USAGE in (self.certificate.extended_key_usage or ())

    @cached_property
    def check_ca(self) -> int:
        """X509_check_ca: 0 not a CA, 1 a CA, 3 to 5 perhaps one, by older signs."""
        certificate = self.certificate
        if self.invalid or self.rejects_usage(KEY_CERT_SIGN):
            return 0
        constraints = certificate.basic_constraints
        if constraints is not None:
            return int(constraints.ca)
        if certificate.version == 1 and self.self_signed:
            return 3
        if certificate.key_usage is not None:
            return 4
        if (self.ns_cert_type or 0) & NS_ANY_CA:
            return 5
        return 0

    @cached_property
    def path_length(self) -> int | None:
        """pathLenConstraint, also of what is no CA."""
        constraints = self.certificate.basic_constraints
        return constraints.path_length if constraints else None

    @cached_property
    def unknown_critical(self) -> bool:
        """EXFLAG_CRITICAL."""
        return bool(self.certificate.critical - SUPPORTED)


_DECODED = frozenset(
    (
        reading.EXT_BASIC_CONSTRAINTS,
        reading.EXT_KEY_USAGE,
        reading.EXT_EXTENDED_KEY_USAGE,
        reading.EXT_SUBJECT_KEY_ID,
        reading.EXT_AUTHORITY_KEY_ID,
        reading.EXT_SUBJECT_ALT_NAME,
        reading.EXT_NAME_CONSTRAINTS,
        reading.EXT_CRL_DISTRIBUTION_POINTS,
        NS_CERT_TYPE,
    )
)


def fits_authority(issuer: Certificate, child: Certificate) -> bool:
    """X509_check_akid: nothing in the child's authorityKeyIdentifier contradicts the issuer."""
    wanted = child.authority_key_id
    if wanted is None:
        return True
    have = issuer.subject_key_id
    if wanted.key_id is not None and have is not None and wanted.key_id != have:
        return False
    if wanted.serial is not None and wanted.serial != issuer.serial:
        return False
    return not wanted.issuers or same_name(wanted.issuers[0], issuer.issuer_raw)
