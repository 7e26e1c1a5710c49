"""The chain that GnuTLS sorts, cuts and verifies (lib/x509/verify.c and verify-high.c at 3.7.9)."""

from collections.abc import Collection
from enum import IntFlag
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa

from edgecheck.behaviour import raw
from edgecheck.behaviour.gnutls import names, parse
from edgecheck.behaviour.gnutls.constraints import Constraints, well_formed
from edgecheck.behaviour.gnutls.parse import seconds
from edgecheck.behaviour.gnutls.versions import V3_8, Version
from edgecheck.behaviour.lenient import lenient
from edgecheck.behaviour.strictly import NO_CA, STRICT
from edgecheck.behaviour.taken import Ended, Objection, Taken
from edgecheck.behaviour.view import View
from edgecheck.hierarchy.signatures import State, algorithm
from edgecheck.reading import certificate as reading
from edgecheck.reading import pss
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.der import Malformed
from edgecheck.reading.extensions import KEY_CERT_SIGN, NETSCAPE_SGC, SERVER_AUTH

MOST_CERTIFICATES = 16
"""DEFAULT_MAX_VERIFY_DEPTH."""
LEAST_RSA = 1024
"""Bits; profile LOW, which the priority NORMAL sets."""
_CURVES = frozenset(("secp192r1", "secp224r1", "secp256r1", "secp384r1", "secp521r1"))


class Status(IntFlag):
    """gnutls_certificate_status_t in the order in which it is told, as far as it comes up."""

    SIGNER_NOT_FOUND = 1
    SIGNER_NOT_CA = 2
    SIGNATURE_FAILURE = 4
    INSECURE_ALGORITHM = 8
    SIGNER_CONSTRAINTS_FAILURE = 16
    PURPOSE_MISMATCH = 32
    NOT_ACTIVATED = 64
    EXPIRED = 128
    UNEXPECTED_OWNER = 256
    MISSING_OCSP_STATUS = 512
    UNKNOWN_CRIT_EXTENSIONS = 1024
    INVALID = 2048


_OLD_OR_UNKNOWN = Status.SIGNER_NOT_FOUND | Status.EXPIRED | Status.INSECURE_ALGORITHM
_KNOWN = frozenset(
    (
        reading.EXT_SUBJECT_KEY_ID,
        reading.EXT_KEY_USAGE,
        reading.EXT_SUBJECT_ALT_NAME,
        b"\x55\x1d\x12",
        reading.EXT_BASIC_CONSTRAINTS,
        reading.EXT_NAME_CONSTRAINTS,
        reading.EXT_CRL_DISTRIBUTION_POINTS,
        reading.EXT_AUTHORITY_KEY_ID,
        reading.EXT_EXTENDED_KEY_USAGE,
        bytes.fromhex("2b06010505070101"),
        bytes.fromhex("2b0601050507010e"),
        bytes.fromhex("2b06010505070118"),
        reading.EXT_POLICIES,
        reading.EXT_INHIBIT_ANY_POLICY,
    )
)
"""supported_exts.gperf."""
_NO_LIMIT = 4096
_TOO_LONG = 1 << 31
"""A path length that _gnutls_x509_read_uint does not read, as DER has it in five octets."""
Chain = list[Certificate]


class Verified(NamedTuple):
    """What is wrong, with which certificate, and the chain, to its anchor where there is one."""

    status: Status
    at: Certificate
    chain: tuple[Certificate, ...]


def verified(view: View, version: Version) -> Verified:
    """gnutls_x509_trust_list_verify_crt2, without what it asks of the server's certificate."""
    trust = list(dict.fromkeys(view.trust))
    chain = _shortened(_sorted(view, trust, version), trust)
    last = chain[-1]
    found = _status(view, chain, _named(trust, last.issuer_raw), version)
    if found.status & _OLD_OR_UNKNOWN and last.subject_raw != last.issuer_raw:
        before = found
        found = _status(view, chain, _named(trust, last.subject_raw), version)
        if found.status and not before.status & Status.SIGNER_NOT_FOUND:
            found = before
    return found


def _named(trust: Chain, name: bytes) -> Chain:
    """The bucket of the trust list, of which only these can matter."""
    return [anchor for anchor in trust if anchor.subject_raw == name]


def is_looked_up(issuer: Certificate, presented: Collection[Certificate]) -> bool:
    """Return whether a trusted issuer is found by the bytes of its name alone, in its bucket.

    One that is presented too is sorted in with the others, and known again by subject and key; but
    a self-signed end is cut off, and looked up (shorten_clist). True where that cannot be told.
    """
    try:
        return issuer not in presented or _issued(issuer, issuer)
    except (Unreadable, Malformed):
        return True


def _issued(certificate: Certificate, issuer: Certificate) -> bool:
    """is_issuer: the names, and key identifiers where both are there."""
    if not names.same(certificate.issuer_raw, issuer.subject_raw):
        return False
    wanted = certificate.authority_key_id
    if wanted is None or wanted.key_id is None or issuer.subject_key_id is None:
        return True
    return wanted.key_id == issuer.subject_key_id


def _sorted(view: View, trust: Chain, version: Version) -> Chain:
    """Segment after segment, up to a known issuer; where a gap is, it goes on behind it.

    One that was there before is taken out in an odd way: only what follows it moves up, so that it
    stands there twice, and the last is lost. Up to 3.7 the first of a segment may have been there.
    """
    rest, done = list(view.presented), []
    while rest:
        size = _sort(rest)
        first = 0 if version >= V3_8 else 1
        double = next((at for at in range(first, size) if rest[at] in done), None)
        if double is not None:
            if double < len(rest) - 1:
                rest[double] = rest[double + 1]
            rest.pop()
            continue
        done += rest[:size]
        del rest[:size]
        if any(_issued(done[-1], anchor) for anchor in _named(trust, done[-1].issuer_raw)):
            break
    return done


def _sort(rest: Chain) -> int:
    """_gnutls_sort_clist: puts the issuers of the first behind it; how many belong together."""
    first, at = [rest[0]], 0
    taken = {0}
    while len(first) < len(rest) and not _issued(rest[at], rest[at]):
        following = next(
            (i for i in range(1, len(rest)) if i != at and _issued(rest[at], rest[i])), None
        )
        if following is None or following in taken:
            break
        at = following
        first.append(rest[at])
        taken.add(at)
    others = [one for i, one in enumerate(rest) if i not in taken]
    rest[:] = first + others
    return len(first)


def _shortened(chain: Chain, trust: Chain) -> Chain:
    """shorten_clist: without a self-signed end, and nothing behind what is trusted."""
    if len(chain) > 1 and _issued(chain[-1], chain[-1]):
        chain = chain[:-1]
    for at in range(1, len(chain)):
        if chain[at] in _named(trust, chain[at].issuer_raw):
            return chain[: at + 1]
    return chain


def _status(view: View, chain: Chain, trust: Chain, version: Version) -> Verified:
    """_gnutls_verify_crt_status."""
    if len(chain) > 1 and _issued(chain[-1], chain[-1]):
        chain = chain[:-1]
    for at, certificate in enumerate(chain):
        anchor = next((a for a in trust if _same(certificate, a, at)), None)
        if anchor is not None:
            status = _timely(anchor, view.at)
            if not strong(anchor):
                status |= Status.INSECURE_ALGORITHM
            whole = (*chain[:at], anchor)
            if status:
                return Verified(status | Status.INVALID, anchor, whole)
            chain = chain[:at]
            break
    if not chain:
        return Verified(Status(0), view.leaf, (view.leaf,))
    return _Walk(view, version).down(chain, trust)


def _same(certificate: Certificate, anchor: Certificate, at: int) -> bool:
    """_gnutls_check_if_same_key: the server's own certificate has to be the same altogether."""
    if at == 0:
        return certificate.der == anchor.der
    return certificate.subject_raw == anchor.subject_raw and certificate.spki == anchor.spki


def _timely(certificate: Certificate, at: int) -> Status:
    since, until = _times(certificate)
    if at < since:
        return Status.NOT_ACTIVATED
    return Status.EXPIRED if at > until else Status(0)


def _times(certificate: Certificate) -> tuple[int, int]:
    """Both times; of what is trusted and has a month that there is not, times that never hold."""
    since, until = map(seconds, (certificate.not_before_raw, certificate.not_after_raw))
    return (since, until) if since is not None and until is not None else (1 << 62, -1)


def strong(certificate: Certificate) -> bool:
    """Whether the key is long enough for the priority NORMAL, or on a curve that it has."""
    try:
        key = certificate.public_key
    except Unreadable:
        return False
    if isinstance(key, rsa.RSAPublicKey):
        return key.key_size >= LEAST_RSA
    return not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name in _CURVES


class _Walk:
    """verify_crt for each certificate, with what goes from one to the next."""

    def __init__(self, view: View, version: Version) -> None:
        self.view = view
        self.version = version
        self.most = _NO_LIMIT
        self.constraints = Constraints()
        self.features: set[int] = set()

    def down(self, chain: Chain, trust: Chain) -> Verified:
        """From the last, whose issuer is trusted, to the server's."""
        anchor = self._issuer(chain[-1], trust)
        whole = (*chain, anchor) if anchor is not None else tuple(chain)
        status = self._verify(chain[-1], trust, len(chain) == 1, True)
        at = chain[-1]
        for below in range(len(chain) - 1, 0, -1):
            if status:
                break
            issuer, at = chain[below], chain[below - 1]
            usages = issuer.extended_key_usage
            # _gnutls_check_key_purpose
            if usages and SERVER_AUTH not in usages and NETSCAPE_SGC not in usages:
                return Verified(Status.PURPOSE_MISMATCH | Status.INVALID, issuer, whole)
            status = self._verify(at, [issuer], below == 1, False)
        return Verified(status, at, whole)

    def _verify(self, certificate: Certificate, among: Chain, end: bool, anchored: bool) -> Status:
        if self.most == 0:
            return Status.SIGNER_CONSTRAINTS_FAILURE | Status.INVALID
        self.most -= 1
        found = Status(0)
        issuer = self._issuer(certificate, among)
        if issuer is None:
            found |= Status.SIGNER_NOT_FOUND
        else:
            found |= self._constrained(certificate, issuer, end)
            if not (anchored and issuer.version == 1):
                found |= self._authorised(certificate, issuer, anchored)
            if not _known(certificate):
                found |= Status.INVALID  # and no more is told
            elif not _fits_key(certificate, issuer):
                found |= Status.SIGNER_CONSTRAINTS_FAILURE
            elif not _made_by(certificate, issuer, self.view):
                constrained = self.view.not_for(certificate, issuer)
                found |= (
                    Status.SIGNER_CONSTRAINTS_FAILURE if constrained else Status.SIGNATURE_FAILURE
                )
            if issuer.critical - _KNOWN:
                found |= Status.UNKNOWN_CRIT_EXTENSIONS
        if end and certificate.critical - _KNOWN:
            found |= Status.UNKNOWN_CRIT_EXTENSIONS
        if not strong(certificate) or (issuer is not None and not strong(issuer)):
            found |= Status.INSECURE_ALGORITHM
        used = algorithm(certificate.signature_algorithm)
        broken = used.name in _KNOWN_AND_BROKEN
        broken |= used.hash is not None and used.hash.name in ("md5", "sha1")
        if broken and not _issued(certificate, certificate):
            found |= Status.INSECURE_ALGORITHM
        if issuer is not None:
            found |= _timely(issuer, self.view.at)
        found |= _timely(certificate, self.view.at)
        return found | Status.INVALID if found else found

    def _issuer(self, certificate: Certificate, among: Chain) -> Certificate | None:
        """find_issuer: the first, unless a later one is in time."""
        issuer = None
        for candidate in among:
            if _issued(certificate, candidate) and (
                issuer is None or _times(candidate)[0] <= self.view.at < _times(candidate)[1]
            ):
                issuer = candidate
        return issuer

    def _constrained(self, certificate: Certificate, issuer: Certificate, end: bool) -> Status:
        try:
            held = raw.constraints(issuer)
        except Malformed:
            return Status.SIGNER_CONSTRAINTS_FAILURE
        if held is not None:
            if not all(map(well_formed, (*held.permitted, *held.excluded))):
                return Status.SIGNER_CONSTRAINTS_FAILURE
            self.constraints.append(held)
        self.features |= names.features(issuer)
        if self.features - names.features(certificate):
            return Status.SIGNER_CONSTRAINTS_FAILURE
        if end and not self.constraints.allow(certificate, names.for_server(certificate)):
            return Status.SIGNER_CONSTRAINTS_FAILURE
        return Status(0)

    def _authorised(self, certificate: Certificate, issuer: Certificate, anchored: bool) -> Status:
        """check_if_ca, which lets a trusted root do without basicConstraints, and keyUsage."""
        found = Status(0)
        limit = issuer.basic_constraints
        if issuer.der != certificate.der:
            length = 0 if limit is None else limit.path_length or 0
            too_short = length < 0 and self.version >= V3_8
            if length >= _TOO_LONG or too_short or raw.has_long_boolean(issuer):
                limit = NO_CA  # it does not decode
            if limit is not None and limit.ca:
                if limit.path_length is not None and limit.path_length >= 0:
                    self.most = min(self.most, limit.path_length)
            elif limit is not None or not anchored or not _issued(issuer, issuer):
                found |= Status.SIGNER_NOT_CA
        usage = raw.all_usages(issuer)
        if usage is None and reading.EXT_KEY_USAGE in issuer.extensions:
            found |= Status.INVALID  # it does not decode, of which nothing is told
        if usage is not None and not usage & KEY_CERT_SIGN:
            found |= Status.SIGNER_CONSTRAINTS_FAILURE
        return found


_KNOWN_AND_BROKEN = frozenset(("1.3.36.3.3.1.2", "1.2.840.113549.1.1.2"))
"""RSA with RIPEMD-160, and with MD2."""


def _known(certificate: Certificate) -> bool:
    """gnutls_x509_crt_get_signature_algorithm: of RSASSA-PSS three hashes, also for the mask.

    Where the mask's is left out, the message's is taken for it.
    """
    used = algorithm(certificate.signature_algorithm)
    if used.key != "RSA-PSS":
        return bool(used.key) or used.name in _KNOWN_AND_BROKEN
    try:
        given = pss.signature_parameters(certificate.signature_algorithm)
    except Malformed:
        return False
    return given.hash in pss.SALTS and given.mask_hash in (given.hash, pss.SHA1)


def _fits_key(certificate: Certificate, issuer: Certificate) -> bool:
    """fixup_spki_params of lib/pubkey.c: whether a signature of this kind can be by such a key."""
    wanted = _KEYS.get(algorithm(certificate.signature_algorithm).key)
    try:
        return wanted is None or isinstance(issuer.public_key, wanted)
    except Unreadable:
        return True


_KEYS: dict[str, type] = {
    "RSA": rsa.RSAPublicKey,
    "RSA-PSS": rsa.RSAPublicKey,
    "EC": ec.EllipticCurvePublicKey,
    "DSA": dsa.DSAPublicKey,
    "Ed25519": ed25519.Ed25519PublicKey,
    "Ed448": ed448.Ed448PublicKey,
}


def _made_by(certificate: Certificate, issuer: Certificate, view: View) -> bool:
    """Of RSASSA-PSS the salt has to be as long as the hash (lib/nettle/pk.c)."""
    odd = algorithm(certificate.signature_algorithm).key == "RSA-PSS" and not pss.is_common(
        certificate.signature_algorithm
    )
    return not odd and view.signature(certificate, issuer) is State.VALID


def taken(view: View, version: Version) -> Taken:
    """The chain as it is sorted; what does not import, or is too much, ends everything."""
    view = lenient(view, STRICT)
    for certificate in (*view.trust, *view.presented):
        wrong = parse.refused(certificate, view)
        if wrong is not None:
            return Taken((view.leaf,), Ended.GIVEN_UP, (Objection(certificate, wrong),))
    if len(view.presented) > MOST_CERTIFICATES:
        return Taken((view.leaf,), Ended.GIVEN_UP, (Objection(view.leaf, parse.TOO_MANY),))
    status, at, chain = verified(view, version)
    if status & Status.SIGNER_NOT_FOUND:
        own = _issued(chain[-1], chain[-1])
        return Taken(chain, Ended.SELF_SIGNED if own else Ended.NO_ISSUER)
    return Taken(chain, Ended.TRUSTED, (Objection(at, status),) if status else ())
