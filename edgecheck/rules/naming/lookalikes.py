"""What clients make of a path on which several certificates have one name.

Clients look for an issuer by its name, and decide between several of one name in different
ways. Read in their sources, and compared with what they said to 24 chains of this kind
(OpenSSL 1.0.2 to 4.0, BoringSSL, .NET 8, GnuTLS 3.7, NSS 3.87, wolfSSL 5.5).
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from edgecheck.behaviour.refusers import OPENSSL, Refuser
from edgecheck.hierarchy.links import KeyIds, key_ids
from edgecheck.hierarchy.signatures import algorithm
from edgecheck.reading import der
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.der import Malformed
from edgecheck.reading.extensions import KEY_CERT_SIGN, key_usage_text
from edgecheck.reading.keys import key_text
from edgecheck.reading.names import same_name
from edgecheck.rules.engine.case import Case

_ROWS = 11
"""Of the table in which wolfSSL keeps the certificates that it trusts (CA_TABLE_SIZE)."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Where OpenSSL stops: its error number, and the depth of the certificate."""

    error: int
    depth: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """Who refuses the path because of the names, and what OpenSSL 1.1.1 and later say."""

    refused_by: frozenset[Refuser] = frozenset()
    stop: Stop | None = None


@dataclass(frozen=True, slots=True)
class _OpenSSL:
    """How a version of OpenSSL looks for an issuer (crypto/x509/x509_vfy.c, v3_purp.c).

    Attributes:
        trusted_first: it looks among what is trusted before it looks at what is presented.
        usage: key usage decides too whether a certificate looks self-signed.
        leaf_again: the first certificate may be taken for an issuer.
    """

    trusted_first: bool
    usage: bool
    leaf_again: bool


_NEW = _OpenSSL(trusted_first=True, usage=False, leaf_again=False)
_OLD = {
    Refuser.OPENSSL_1_1_0: _OpenSSL(trusted_first=True, usage=True, leaf_again=False),
    Refuser.OPENSSL_1_0_2: _OpenSSL(trusted_first=False, usage=True, leaf_again=True),
    Refuser.BORINGSSL: _OpenSSL(trusted_first=True, usage=True, leaf_again=True),
}


class _Path:
    """The path, and which of its certificates a client can choose from."""

    def __init__(self, case: Case, members: Iterable[Certificate]) -> None:
        path = case.hierarchy.path
        assert path is not None  # the members are on it
        self.certificates = path.certificates
        self.members = frozenset(members)
        trusted = case.hierarchy.pool.trusted
        on_path = [c for c in path.certificates if c.der in trusted]
        self.trusted = frozenset(on_path or ([path.anchor] if path.anchor else []))
        order = {certificate: place for place, certificate in enumerate(case.hierarchy.sequence)}
        self.presented = sorted((c for c in path.certificates if c in order), key=order.__getitem__)

    def issuer(self, child: Certificate) -> Certificate | None:
        """The certificate that really issued it."""
        place = self.certificates.index(child) + 1
        return self.certificates[place] if place < len(self.certificates) else None

    def named(self, child: Certificate, among: Iterable[Certificate]) -> list[Certificate]:
        """Who has the name of its issuer, as OpenSSL compares names."""
        issuer = self.issuer(child)
        if issuer is None or issuer not in self.members:
            return [c for c in among if c is issuer]
        return [c for c in among if same_name(c.subject_raw, child.issuer_raw)]

    def same_bytes(self, child: Certificate, among: Iterable[Certificate]) -> list[Certificate]:
        """The same where a client compares the names' bytes."""
        return [c for c in self.named(child, among) if c.subject_raw == child.issuer_raw]


def verdict(case: Case, members: Sequence[Certificate]) -> Verdict:
    """Who refuses the best path because these certificates of it have one name.

    Raises `Unreadable` where a certificate's names or extensions cannot be read.
    """
    path = _Path(case, members)
    refused_by: set[Refuser] = set()
    stop = _openssl(path, _NEW)
    if stop is not None:
        refused_by |= {*OPENSSL, Refuser.DOTNET}
    refused_by |= {who for who, how in _OLD.items() if _openssl(path, how) is not None}
    if _gnutls(path):
        refused_by.add(Refuser.GNUTLS)
    refused_by |= _nss(path)
    if _wolfssl(path):
        refused_by.add(Refuser.WOLFSSL)
    return Verdict(frozenset(refused_by), stop)


def openssl_says(stop: Stop, case: Case) -> tuple[Certificate, str]:
    """The certificate that OpenSSL complains of, and what it takes it for."""
    path = case.hierarchy.path
    assert path is not None  # it stopped on it
    child = path.certificates[stop.depth]
    if stop.error == 7:
        does = f"take the wrong one for the issuer of {case.named(child)}"
    else:
        does = f"take {case.named(child)} for self-signed"
    return child, f"OpenSSL and .NET {does} (error {stop.error})"


def confused_by_self_issued(server: Certificate) -> Verdict:
    """The same for a server certificate whose issuer of the same name is not there."""
    refused_by: set[Refuser] = set()
    if looks_self_signed(server):
        refused_by |= {*OPENSSL, Refuser.DOTNET}
    if _names_itself(server) and _may_issue(server):
        refused_by |= _OLD.keys()
    if server.subject_raw == server.issuer_raw and server.authority_key_id is None:
        refused_by.add(Refuser.NSS)
    stop = Stop(18, 0) if Refuser.DOTNET in refused_by else None
    return Verdict(frozenset(refused_by), stop)


def looks_self_signed(certificate: Certificate) -> bool:
    """Whether OpenSSL takes a certificate for self-signed without looking at its signature.

    Subject and issuer are the same name, the signature is of the kind that the certificate's
    own key makes, and the authority key identifier contradicts neither the certificate's own
    key identifier nor its serial number (OpenSSL, crypto/x509/v3_purp.c:
    `ossl_x509v3_cache_extensions`, `X509_check_akid`, `check_sig_alg_match`).
    """
    return _names_itself(certificate) and _may_sign(certificate, certificate)


def _names_itself(certificate: Certificate) -> bool:
    """Whether it has its issuer's name, and no key identifier says that it is another."""
    if not certificate.is_self_issued:
        return False
    authority, own = certificate.authority_key_id, certificate.subject_key_id
    if authority is None:
        return True
    if authority.key_id is not None and own is not None and authority.key_id != own:
        return False
    if authority.serial is not None and authority.serial != certificate.serial:
        return False
    issuers = authority.issuers
    return not issuers or same_name(issuers[0], certificate.issuer_raw)


def _may_issue(issuer: Certificate) -> bool:
    usage = issuer.key_usage
    return usage is None or bool(usage & KEY_CERT_SIGN)


def _may_sign(issuer: Certificate, child: Certificate) -> bool:
    """Whether the child's signature is of the kind that the issuer's key makes."""
    try:
        kind = algorithm(child.signature_algorithm).key
    except Malformed:
        return False
    return key_text(issuer).partition(" ")[0] == kind.removesuffix("-PSS")


def _openssl(path: _Path, how: _OpenSSL) -> Stop | None:
    """Build the chain as OpenSSL does; None where it comes to the true one."""

    def looks_like_root(certificate: Certificate) -> bool:
        if certificate not in path.members or not _names_itself(certificate):
            return False
        return _may_issue(certificate) if how.usage else _may_sign(certificate, certificate)

    def pick(child: Certificate, among: Iterable[Certificate]) -> Certificate | None:
        for issuer in path.named(child, among):
            if issuer is path.issuer(child):
                return issuer  # what speaks against the true one has a rule of its own
            told = key_ids(child, issuer) is not KeyIds.MISMATCH and _may_issue(issuer)
            if told and (how.usage or _may_sign(issuer, child)):
                return issuer
        return None

    chain = [path.certificates[0]]
    left = list(path.presented if how.leaf_again else path.presented[1:])
    while chain[-1] not in path.trusted:
        current = chain[-1]
        found = None
        if not looks_like_root(current):
            found = pick(current, path.trusted) if how.trusted_first else None
            found = found or pick(current, left)
        if found is None:
            depth = len(chain) - 1
            stop = Stop((19 if depth else 18) if looks_like_root(current) else 20, depth)
            if how.trusted_first:
                return stop
            # 1.0.2 looks for the highest that a trusted one issued, and passes over roots.
            while chain and found is None:
                found = None if looks_like_root(chain[-1]) else pick(chain[-1], path.trusted)
                if found is None:
                    chain.pop()
            if found is None:
                return stop
        chain.append(found)
        left = [certificate for certificate in left if certificate is not found]
    for depth in reversed(range(len(chain) - 1)):
        if path.issuer(chain[depth]) is not chain[depth + 1]:
            return Stop(7, depth)
    return None


def _gnutls(path: _Path) -> bool:
    """GnuTLS sorts what is not in order, and cuts off what seems to be a root.

    lib/x509/common.c (`_gnutls_sort_clist`), lib/x509/verify-high.c (`shorten_clist`).
    An issuer is the first of the right name, as bytes, with key identifiers that agree.
    """

    def pick(child: Certificate, among: Iterable[Certificate]) -> Certificate | None:
        return next(
            (
                c
                for c in path.same_bytes(child, among)
                if c is path.issuer(child) or key_ids(child, c) is not KeyIds.MISMATCH
            ),
            None,
        )

    chain = list(path.presented)
    in_order = all(pick(child, [above]) is not None for child, above in pairwise(chain))
    if not in_order and not _seems_root(path, chain[0]):
        chain = [path.certificates[0]]
        while found := pick(chain[-1], [c for c in path.presented[1:] if c is not chain[-1]]):
            if found in chain:
                break
            chain.append(found)
    for _ in range(2):
        last = chain[-1]
        if len(chain) > 1 and (last in path.trusted or _seems_root(path, last)):
            chain.pop()
    if chain[-1] not in path.trusted:
        chain += filter(None, [pick(chain[-1], path.trusted)])
    ends = chain[-1] in path.trusted
    return not ends or any(path.issuer(c) is not above for c, above in pairwise(chain))


def _seems_root(path: _Path, certificate: Certificate) -> bool:
    """Whether subject and issuer are the same bytes, and no key identifier speaks against it."""
    if certificate not in path.members or certificate.subject_raw != certificate.issuer_raw:
        return False
    authority, own = certificate.authority_key_id, certificate.subject_key_id
    named = authority.key_id if authority is not None else None
    return named is None or own is None or named == own


def _nss(path: _Path) -> set[Refuser]:
    """NSS takes a trusted issuer, else the newest, and no root that it does not trust.

    lib/pki/certificate.c, lib/certdb/certdb.c (`cert_IsRootCert`, `CERT_IsNewer`).
    """

    def root(certificate: Certificate) -> bool:
        authority = certificate.authority_key_id
        told = authority is not None and (
            authority.key_id is not None or authority.serial is not None
        )
        return not told and _seems_root(path, certificate)

    def pick(child: Certificate) -> Certificate | None:
        wanted = child.authority_key_id
        among = [c for c in path.certificates[1:] if c is not child]
        named = path.same_bytes(child, among)
        if wanted is not None and (wanted.key_id is not None or wanted.serial is not None):
            true = path.issuer(child)
            named = [c for c in named if c is true or key_ids(child, c) is not KeyIds.MISMATCH]
        return max(named, key=lambda c: (c in path.trusted, c.not_before), default=None)

    refused_by: set[Refuser] = set()
    for child in path.certificates:
        if child in path.trusted:
            break
        if root(child):
            refused_by.add(Refuser.NSS)
            place = path.certificates.index(child)
            named = path.certificates[place - 1].authority_key_id if place else None
            if named is not None and named.key_id is not None and child.subject_key_id is not None:
                refused_by.add(Refuser.NSS_PKIX)
        elif path.issuer(child) is not None and pick(child) is not path.issuer(child):
            refused_by.add(Refuser.NSS)
    return refused_by


def _wolfssl(path: _Path) -> bool:
    """Issuers are found by name in the order of a hash of keys (src/ssl.c, GetCAByName).

    wolfSSL goes from the root down, and keeps what it has found good.
    """
    rows: list[list[Certificate]] = [[] for _ in range(_ROWS)]

    def keep(certificate: Certificate) -> None:
        rows[int.from_bytes(_key_hash(certificate)[:4]) % _ROWS].insert(0, certificate)

    def find(child: Certificate) -> Certificate | None:
        kept = [certificate for row in rows for certificate in row]
        wanted = child.authority_key_id
        if wanted is not None and wanted.key_id is not None:
            for certificate in kept:
                if _key_hash(certificate) == wanted.key_id:
                    return certificate
        return next(iter(path.same_bytes(child, kept)), None)

    for certificate in path.trusted:
        keep(certificate)
    for child in reversed(path.certificates):
        if child in path.trusted:
            continue
        if path.issuer(child) in path.members and find(child) is not path.issuer(child):
            return True
        keep(child)
    return False


def _key_hash(certificate: Certificate) -> bytes:
    """The subject key identifier, or what it would be (RFC 5280, 4.2.1.2, method 1)."""
    if certificate.subject_key_id is not None:
        return certificate.subject_key_id
    spki = certificate.spki
    start, end = der.only(spki, der.SEQUENCE, "the key")
    _, _, algorithm_end = der.element(spki, start, end)
    _, at, stop = der.element(spki, algorithm_end, end)
    return hashlib.sha1(spki[at + 1 : stop], usedforsecurity=False).digest()


def identifier_facts(server: Certificate) -> dict[str, object]:
    """What decides whether a client tells two certificates of one name apart."""
    usage = server.key_usage
    authority = server.authority_key_id
    return {
        "server_subject_key_id": server.subject_key_id,
        "server_authority_key_id": authority.key_id if authority else None,
        "server_authority_serial": authority is not None and authority.serial is not None,
        "server_key_usage": None if usage is None else key_usage_text(usage),
    }
