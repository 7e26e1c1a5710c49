"""The checks over a finished chain, in OpenSSL's order (verify_chain of x509_vfy.c)."""

from collections.abc import Callable, Hashable

from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa

from edgecheck.behaviour import raw, structure
from edgecheck.behaviour.openssl import errors as e
from edgecheck.behaviour.openssl import resources
from edgecheck.behaviour.openssl.boring import policies_invalid
from edgecheck.behaviour.openssl.chain import Chain
from edgecheck.behaviour.openssl.extensions import is_proxy, misnamed_proxy
from edgecheck.behaviour.openssl.facts import (
    NS_SSL_CA,
    NS_SSL_SERVER,
    SUPPORTED,
    SUPPORTED_1_0_2,
    SUPPORTED_1_1,
    SUPPORTED_BORING,
)
from edgecheck.behaviour.openssl.keys import decodes, loadable
from edgecheck.behaviour.openssl.settings import V1_1_0, V1_1_1, V3_0, Errors, Settings
from edgecheck.behaviour.openssl.subtrees import has_common_name_alone, too_many, violated
from edgecheck.behaviour.openssl.times import told
from edgecheck.behaviour.policies import lacks_policy
from edgecheck.behaviour.work import SPENT, Spent
from edgecheck.hierarchy.signatures import algorithm
from edgecheck.reading.certificate import (
    EXT_AUTHORITY_KEY_ID,
    EXT_BASIC_CONSTRAINTS,
    EXT_SUBJECT_ALT_NAME,
    EXT_SUBJECT_KEY_ID,
    Certificate,
    Unreadable,
)
from edgecheck.reading.der import Malformed
from edgecheck.reading.extensions import (
    CRL_SIGN,
    DIGITAL_SIGNATURE,
    KEY_AGREEMENT,
    KEY_CERT_SIGN,
    KEY_ENCIPHERMENT,
)
from edgecheck.reading.pss import is_common

TLS_USES = DIGITAL_SIGNATURE | KEY_ENCIPHERMENT | KEY_AGREEMENT
LEVELS = (80, 112, 128, 192, 256)
"""Bits of security that each security level asks for."""


def leaf_key(chain: Chain, settings: Settings) -> None:
    """The first check of all: the key of the server certificate."""
    if not strong_key(chain.certificates[0], settings.level):
        chain.errors.add(e.EE_KEY, 0)


def all_checks(chain: Chain, settings: Settings) -> None:
    """Extensions, security level, name, signatures and times, name constraints."""
    unbuilt = bool(chain.errors.found)
    asked = settings.strict, settings.purpose
    shared(chain, "extensions", asked, lambda: extensions(chain, settings))
    shared(chain, "level", settings.level, lambda: auth_level(chain, settings))
    if settings.oldest:
        name_constraints(chain, False)
    if settings.names:
        identity(chain, settings)
    if settings.version >= V3_0 and not settings.boring and not loadable(chain.certificates[0]):
        chain.errors.add(e.UNSPECIFIED, 0)
    asked = settings.partial, settings.checks_root
    shared(chain, "signatures", asked, lambda: signatures(chain, settings))
    if settings.oldest:
        return
    shared(chain, "constraints", None, lambda: name_constraints(chain, not chain.boring))
    if chain.boring:
        without_names(chain)
        if not unbuilt:
            _boring_policies(chain)
    else:
        resources.validate(chain.certificates, chain.errors.add)


def _boring_policies(chain: Chain) -> None:
    """X509_policy_check."""
    *path, anchor = chain.certificates
    for depth, certificate in enumerate(chain.certificates):
        if path and policies_invalid(certificate, not depth):
            chain.errors.add(e.INVALID_POLICY, depth)
            return
    if path and lacks_policy(path, anchor) is not None:
        chain.errors.add(e.NO_POLICY, 0)


def shared(chain: Chain, name: str, asked: Hashable, check: Callable[[], None]) -> None:
    """Note the errors of a check, which is made once for all callers that ask the same of it."""
    key = (name, asked, chain.kind, chain.untrusted, *map(id, chain.certificates))
    found = chain.view.kept.get(key)
    if found is None:
        ours, chain.errors = chain.errors, Errors(goes_on=True)
        try:
            check()
        finally:
            found, chain.errors = chain.errors.found, ours
        chain.view.kept[key] = found
    for number, depth in found:
        chain.errors.add(number, depth)


def extensions(chain: Chain, settings: Settings) -> None:
    """check_extensions: CA or not, purpose, path lengths, and what strict mode asks."""
    add = chain.errors.add
    count, below = len(chain), 0
    # 1.0.2 leaves alone what it trusts.
    for depth in range(chain.untrusted if settings.oldest else count):
        facts = chain.at(depth)
        if facts.unknown_critical(supported(settings)):
            add(e.UNKNOWN_CRITICAL, depth)
        if not chain.boring and is_proxy(facts.certificate):
            add(e.PROXY, depth)
        ca = 0 if not chain.old and chain.invalid(chain.certificates[depth]) else facts.check_ca
        # Strict for what is no trust anchor, but in 1.0.2.
        implied = depth + 1 < count and (settings.version >= V1_1_0 or chain.boring)
        if depth == 0:
            if settings.strict and ca not in (0, 1):
                add(e.INVALID_CA, depth)
        elif ca == 0 or (ca != 1 and (implied or settings.strict)):
            add(e.INVALID_CA, depth)
        if count > 1 and not chain.old and explicit_curve(chain.certificates[depth]):
            add(e.EXPLICIT_CURVE, depth)
        if settings.strict and count > 1:
            strictly(chain, depth)
        if settings.purpose and not fits_purpose(chain, depth):
            add(e.PURPOSE, depth)
        length = facts.path_length
        if chain.boring:  # the server certificate counts too
            if depth > 1 and length is not None and below > length + 1:
                add(e.PATH_LENGTH, depth)
            below += not depth or not facts.self_issued
            continue
        if chain.old and settings.version >= V1_1_0:
            # 1.1.0i: the same, unless it is self-issued; nor is a self-issued CA held to its limit.
            exempt = facts.self_issued
            if depth > 1 and not exempt and length is not None and below > length + 1:
                add(e.PATH_LENGTH, depth)
            below += not facts.self_issued
            continue
        if depth > 1 and length is not None and below > length:
            add(e.PATH_LENGTH, depth)
        if depth and not facts.self_issued:
            below += 1


def supported(settings: Settings) -> frozenset[bytes]:
    """The critical extensions that this version knows."""
    if settings.boring:
        return SUPPORTED_BORING
    if settings.version >= V3_0:
        return SUPPORTED
    return SUPPORTED_1_0_2 if settings.oldest else SUPPORTED_1_1


def fits_purpose(chain: Chain, depth: int) -> bool:
    """check_purpose for an SSL server; what it cannot decode passes here."""
    facts = chain.at(depth)
    if chain.boring:
        return not facts.rejects_server_boring and (
            _is_boring_ca(chain, depth) if depth else not facts.rejects_usage(TLS_USES)
        )
    if not chain.old and chain.invalid(chain.certificates[depth]):
        return True
    if facts.rejects_server:
        return False
    if depth:
        ca = facts.check_ca
        return ca != 0 and (ca != 5 or bool((facts.ns_cert_type or 0) & NS_SSL_CA))
    if facts.ns_cert_type is not None and not facts.ns_cert_type & NS_SSL_SERVER:
        return False
    return not facts.rejects_usage(TLS_USES)


def _is_boring_ca(chain: Chain, depth: int) -> bool:
    """check_ca of BoringSSL's v3_purp.cc; what is trusted may be one by older signs."""
    ca = chain.at(depth).check_ca
    return ca == 1 or (ca != 0 and depth + 1 == len(chain))


def strictly(chain: Chain, depth: int) -> None:
    """What X509_V_FLAG_X509_STRICT asks of each certificate (RFC 5280, section 4)."""
    add = chain.errors.add
    facts, certificate = chain.at(depth), chain.certificates[depth]
    usage, is_ca = facts.key_usage, facts.is_ca
    signs = usage is not None and bool(usage & KEY_CERT_SIGN)
    if facts.path_length is not None:
        if not is_ca:
            add(e.PATH_LENGTH_NOT_CA, depth)
        if usage is not None and not signs:
            add(e.PATH_LENGTH_NO_SIGN, depth)
        if usage is None:
            add(e.PATH_LENGTH_NO_SIGN, depth)
    if is_ca and EXT_BASIC_CONSTRAINTS not in certificate.critical:
        add(e.BC_NOT_CRITICAL, depth)
    if is_ca:
        if usage is None:
            add(e.NO_KEY_USAGE, depth)
    elif signs:
        add(e.CERT_SIGN_NOT_CA, depth)
    empty = not raw.rdn_count(certificate.subject_raw)
    names = raw.alt_names(certificate)
    if not raw.rdn_count(certificate.issuer_raw):
        add(e.ISSUER_EMPTY, depth)
    if empty and (is_ca or names is None or (usage is not None and usage & CRL_SIGN)):
        add(e.SUBJECT_EMPTY, depth)
    if empty and names is not None and EXT_SUBJECT_ALT_NAME not in certificate.critical:
        add(e.SAN_NOT_CRITICAL, depth)
    if names is not None and not names:
        add(e.EMPTY_SAN, depth)
    if structure.algorithms_differ(certificate):
        add(78, depth)
    authority = facts.authority_key_id
    if authority is not None and EXT_AUTHORITY_KEY_ID in certificate.critical:
        add(e.AKI_CRITICAL, depth)
    if facts.subject_key_id is not None and EXT_SUBJECT_KEY_ID in certificate.critical:
        add(e.SKI_CRITICAL, depth)
    if 3 <= raw.version(certificate) <= 1 << 63:  # a long, else X509_get_version says -1
        if depth + 1 < len(chain) and (authority is None or authority.key_id is None):
            add(e.NO_AKI, depth)
        if is_ca and facts.subject_key_id is None:
            add(e.NO_SKI, depth)
    elif certificate.extensions:
        add(e.NEEDS_VERSION_3, depth)


def auth_level(chain: Chain, settings: Settings) -> None:
    """check_auth_level: keys of issuers, and digests of all but the trust anchor."""
    if settings.level <= 0:
        return
    last = len(chain) - 1
    for depth, certificate in enumerate(chain.certificates):
        if depth and not strong_key(certificate, settings.level):
            chain.errors.add(e.CA_KEY, depth)
        if depth < last and not strong_digest(certificate, settings):
            chain.errors.add(e.CA_MD, depth)


def strong_key(certificate: Certificate, level: int) -> bool:
    """Whether the key has the bits of security that the level asks for."""
    if level <= 0:
        return True
    try:
        return key_bits(certificate.public_key) >= LEVELS[level - 1]
    except Unreadable:
        return False


def key_bits(key: object) -> int:
    """EVP_PKEY_get_security_bits (BN_security_bits, EC_GROUP order)."""
    if isinstance(key, rsa.RSAPublicKey | dsa.DSAPublicKey):
        for bits, strength in ((15360, 256), (7680, 192), (3072, 128), (2048, 112), (1024, 80)):
            if key.key_size >= bits:
                return strength
        return 0
    if isinstance(key, ec.EllipticCurvePublicKey):
        return key.curve.key_size // 2
    return {"Ed25519PublicKey": 128, "Ed448PublicKey": 224}.get(type(key).__name__, 0)


_DIGEST_BITS: dict[str, tuple[int, int]] = {
    # OpenSSL 3 counts SHA-1 as 63 bits and MD5 as 39 (x509_set.c); before, half of the output.
    "md5": (64, 39),
    "sha1": (80, 63),
    "sha224": (112, 112),
    "sha256": (128, 128),
    "sha384": (192, 192),
    "sha512": (256, 256),
}


def strong_digest(certificate: Certificate, settings: Settings) -> bool:
    """Whether the digest of the signature has the bits that the level asks for."""
    try:
        used = algorithm(certificate.signature_algorithm)
    except (Unreadable, Malformed):
        return False
    wanted = LEVELS[settings.level - 1]
    if used.hash is None:
        return {"Ed25519": 128, "Ed448": 224, "RSA-PSS": 128}.get(used.key, 0) >= wanted
    old, new = _DIGEST_BITS.get(used.hash.name, (used.hash.digest_size * 4,) * 2)
    return (new if settings.version >= V3_0 else old) >= wanted


def _unknown_to_boring(certificate: Certificate) -> bool:
    """Whether it verifies no such signature: MD5 (algorithm.cc), odd parameters (rsa_pss.cc)."""
    used = algorithm(certificate.signature_algorithm)
    if used.key == "RSA-PSS":
        return not is_common(certificate.signature_algorithm)
    return used.hash is not None and used.hash.name == "md5"


def explicit_curve(certificate: Certificate) -> bool:
    """Whether an EC key spells out its curve (check_curve)."""
    try:
        return b"\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x30" in certificate.spki[:40]
    except Unreadable:
        return False


def identity(chain: Chain, settings: Settings) -> None:
    """check_id: the host name or address."""
    host = chain.view.host
    host = None if host is None else settings.asks(host)
    if host is not None and not settings.matches(chain.certificates[0], host):
        chain.errors.add(e.HOSTNAME if host.address is None else e.ADDRESS, 0)


def signatures(chain: Chain, settings: Settings) -> None:
    """internal_verify: from the top down, each signature, then the times of the child."""
    certificates, add = chain.certificates, chain.errors.add
    depth = len(chain) - 1
    top = certificates[depth]
    # BoringSSL, as Bun sets it up, looks at the time of all that it trusts.
    as_it_is = settings.partial or (chain.boring and chain.untrusted < len(chain))
    if not chain.likely_issued(top, top) and not as_it_is:
        if depth:
            depth -= 1
        else:
            add(e.UNVERIFIED_LEAF, 0)
            if settings.version < V1_1_1 and not settings.boring:
                return
    while depth >= 0:
        child = certificates[depth]
        if depth + 1 < len(chain):
            issuer = certificates[depth + 1]
            if not chain.old and chain.facts(issuer).rejects_usage(KEY_CERT_SIGN):
                add(e.NO_CERT_SIGN, depth + 1)
            if chain.old and not decodes(issuer, settings):
                add(e.ISSUER_KEY, depth)
            elif not chain.signed(child, issuer) or (chain.boring and _unknown_to_boring(child)):
                add(e.SIGNATURE, depth)
        elif settings.checks_root and chain.self_signed(depth):
            facts = chain.at(depth)
            if facts.is_ca and facts.rejects_usage(KEY_CERT_SIGN):
                add(e.NO_CERT_SIGN, depth)
            if not chain.signed(child, child):
                add(e.SIGNATURE, depth)
        times(chain, child, depth, add)
        depth -= 1


def times(
    chain: Chain, certificate: Certificate, depth: int, add: Callable[[int, int], None]
) -> None:
    """x509_check_cert_time with a callback."""
    at = chain.view.at
    since, until = told(certificate, True, chain.old), told(certificate, False, chain.old)
    if since is None:
        add(e.BAD_NOT_BEFORE, depth)
    elif since > at:
        add(e.NOT_YET_VALID, depth)
    if until is None:
        add(e.BAD_NOT_AFTER, depth)
    elif until < at:
        add(e.EXPIRED, depth)


def name_constraints(chain: Chain, common_name: bool = True) -> None:
    """check_name_constraints: every certificate against all above it.

    `common_name`: that of the server certificate counts where it has no dNSName.
    """
    last = len(chain) - 1
    for depth in range(last, -1, -1):
        if depth and chain.at(depth).self_issued:
            continue
        if not chain.boring and misnamed_proxy(chain.certificates[depth]):
            chain.errors.add(e.PROXY_NAME, depth)
        for above in range(last, depth, -1):
            held = chain.at(above).constraints
            if held is not None:
                if chain.oldest and too_many(chain.certificates[depth], held):
                    raise Spent(SPENT)  # whether it has the bound of later versions is not known
                number = violated(
                    chain.certificates[depth],
                    held,
                    common_name and depth == 0,
                    since_3=chain.since_3,
                    addresses=chain.since_1_1,
                )
                if number:
                    chain.errors.add(number, depth)


def without_names(chain: Chain) -> None:
    """BoringSSL: below name constraints, a host in the common name alone is refused."""
    leaf = chain.certificates[0]
    held = any(chain.at(depth).constraints for depth in range(1, len(chain)))
    if held and has_common_name_alone(leaf):
        chain.errors.add(e.NO_NAMES, 0)
