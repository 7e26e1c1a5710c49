"""Which way clients take that do not try every one.

Many clients build one chain, certificate by certificate, and judge only that. Each takes the
first issuer that seems to fit, by rules of its own, and does not come back where it leads
nowhere. A walk is such a chain; where it fails although a path exists, the client refuses.
The rules are those of the clients' sources, checked against what the clients do.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from edgecheck.behaviour.refusers import Refuser
from edgecheck.hierarchy.hierarchy import Hierarchy
from edgecheck.hierarchy.links import KeyIds, Pool, key_ids
from edgecheck.hierarchy.signatures import State, algorithm
from edgecheck.reading import der
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.der import Malformed
from edgecheck.reading.extensions import KEY_CERT_SIGN
from edgecheck.reading.keys import key_text
from edgecheck.rules.engine.case import Case

IN_ORDER = frozenset({Refuser.MBEDTLS, Refuser.WOLFSSL, Refuser.BEARSSL})
"""Those that go through what is presented in its order."""
ROWS = 11
"""wolfSSL keeps the CAs that it knows in as many rows (CA_TABLE_SIZE)."""


@dataclass(frozen=True, slots=True)
class Walk:
    """A chain that a client builds, target first, and where it fails.

    Attributes:
        certificates: the chain.
        fails_at: the place of the certificate that is at fault; None where nothing is.
        beside: the chain is one that was presented, but is not needed.
    """

    certificates: tuple[Certificate, ...]
    fails_at: int | None
    beside: bool = False

    def strays(self, links: Iterable[tuple[Certificate, Certificate]]) -> int | None:
        """The place of the first certificate whose issuer is another one than on the path."""
        if self.beside:
            return 0
        right = dict(links)
        for place, (child, issuer) in enumerate(pairwise(self.certificates)):
            if right.get(child) != issuer:
                return place
        return None


@dataclass(frozen=True, slots=True)
class OpenSsl:
    """How a version of OpenSSL chooses.

    Attributes:
        partial: any trusted certificate ends a chain (X509_V_FLAG_PARTIAL_CHAIN).
        trusted_first: what is trusted comes before what is presented (since 1.1.0).
        dated: of trusted issuers, those in date come first.
        presented_dated: of presented issuers too.
        kinds: an issuer's key must be of the kind that made the signature (since 1.1.1).
        by_bytes: trusted issuers of one name come in the order of their bytes (BoringSSL).
    """

    partial: bool = False
    trusted_first: bool = True
    dated: bool = True
    presented_dated: bool = True
    kinds: bool = True
    by_bytes: bool = False

    def self_signed(self, certificate: Certificate) -> bool:
        """What it takes for self-signed (EXFLAG_SS)."""
        return looks_self_issued(certificate) and (
            not self.kinds or _may_have_signed(certificate, certificate)
        )


class Walks:
    """The walks of each client over one presentation."""

    def __init__(self, hierarchy: Hierarchy, trust: tuple[Certificate, ...], at: int) -> None:
        """Keep what was presented and what is trusted, in their orders."""
        self.pool: Pool = hierarchy.pool
        self.sequence = hierarchy.sequence
        self.target = hierarchy.sequence[0]
        self.trust = trust
        self.at = at
        self.presented = tuple(c for c in dict.fromkeys(self.sequence) if c != self.target)

    def openssl(self, version: OpenSsl) -> Walk:
        """OpenSSL (`build_chain`), and so Node.js, Python, .NET on Linux, BoringSSL.

        What is trusted comes first, and from then on nothing but what is trusted. 1.0.2 looks
        at what is presented first; where that fails, it looks for trusted issuers lower down.
        """
        chain, from_trust = [self.target], False
        trust = sorted(self.trust, key=lambda c: c.der) if version.by_bytes else self.trust
        while True:
            current = chain[-1]
            alone = version.self_signed(current)
            if from_trust or version.trusted_first or alone:
                found = self._openssl_issuer(current, trust, (), version, version.dated)
                if found is not None and (found == current or not alone):
                    chain += [found] if found != current else []
                    from_trust = True
                    if version.partial or version.self_signed(found):
                        return self._judged(chain)
                    continue
            found = None
            if not from_trust and not alone:
                dated = version.presented_dated
                found = self._openssl_issuer(current, self.presented, chain, version, dated)
            if found is None and not version.trusted_first and not from_trust:
                return self._judged(chain, self._lower_down(chain, version))
            if found is None:
                return Walk(tuple(chain), len(chain) - 1)
            chain.append(found)

    def _lower_down(self, chain: list[Certificate], version: OpenSsl) -> bool:
        """OpenSSL 1.0.2: a trusted issuer of a shorter chain; shortens it."""
        highest = len(chain) - (2 if version.self_signed(chain[-1]) else 1)
        for place in range(highest, -1, -1):
            found = self._openssl_issuer(chain[place], self.trust, (), version, False)
            if found is not None and version.self_signed(found):
                del chain[place + 1 :]
                chain += [found] if found != chain[place] else []
                return True
        return False

    def _openssl_issuer(
        self,
        child: Certificate,
        among: Iterable[Certificate],
        without: Iterable[Certificate],
        version: OpenSsl,
        dated: bool,
    ) -> Certificate | None:
        last = None
        for issuer in self._candidates(child, among):
            if issuer in without or (version.kinds and not _may_have_signed(issuer, child)):
                continue
            if not dated or self._in_date(issuer):
                return issuer
            if last is None or issuer.not_after > last.not_after:
                last = issuer
        return last

    def gnutls(self) -> Walk:
        """GnuTLS sorts what is presented, and looks for a trusted issuer of the last one."""
        chain = [self.target]
        while not looks_self_issued(chain[-1]) and self._same_key(chain[-1]) is None:
            candidates = self._candidates(chain[-1], self.presented)
            found = next((c for c in candidates if c not in chain), None)
            if found is None:
                break
            chain.append(found)
        known = self._same_key(chain[-1])
        if known is not None:
            return self._judged([*chain[:-1], known])
        if len(chain) > 1 and looks_self_issued(chain[-1]):
            chain.pop()
        trusted = list(self._candidates(chain[-1], self.trust))
        if not trusted:
            return Walk(tuple(chain), len(chain) - 1)
        return self._judged([*chain, next(filter(self._in_date, reversed(trusted)), trusted[-1])])

    def nss(self) -> Walk:
        """NSS takes the issuer that began last; of several that began together, the last.

        What is trusted comes behind what is presented, and most of all what is trusted alone.
        """
        chain = [self.target]
        order = sorted(self.presented, key=lambda certificate: certificate in self.trust)
        order += [c for c in self.trust if c not in self.presented]
        while chain[-1] not in self.trust:
            candidates = list(self._candidates(chain[-1], order))
            candidates = [c for c in candidates if self._in_date(c)] or candidates
            newest = max((c.not_before for c in candidates), default=None)
            found = next((c for c in reversed(candidates) if c.not_before == newest), None)
            if found is None or found in chain:
                return Walk(tuple(chain), len(chain) - 1)
            chain.append(found)
        return self._judged(chain)

    def mbedtls(self) -> Walk:
        """MbedTLS goes forward only, by names alone; a trusted issuer must have signed."""
        chain, place = [self.target], 0
        while True:
            current = chain[-1]
            named = self._named(current, self.trust)
            signed = [c for c in named if c != current and self._signed(current, c)]
            if signed:
                return self._judged([*chain, next(filter(self._in_date, signed), signed[0])])
            rest = self.sequence[place + 1 :]
            candidates = [c for c in self._named(current, rest) if fit(c) and c != current]
            found = next(filter(self._in_date, candidates), next(iter(candidates), None))
            if found is None:
                return Walk(tuple(chain), len(chain) - 1)
            place = self.sequence.index(found, place + 1)
            chain.append(found)
            if found in self.trust:
                return self._judged(chain)

    def bearssl(self) -> Walk:
        """BearSSL goes through what is presented, in its order, until a trusted key signed."""
        chain: list[Certificate] = []
        for current, after in pairwise((*self.sequence, None)):
            assert current is not None
            chain.append(current)
            if current in self.trust:
                return self._judged(chain)
            for issuer in self._named(current, self.trust):
                if self._signed(current, issuer):
                    return self._judged([*chain, issuer], dated=len(chain))
            if after is None or not list(self._named(current, (after,))):
                break
        return Walk(tuple(chain), len(chain) - 1)

    def wolfssl(self) -> Walk:
        """WolfSSL learns CAs from the last one presented to the first, then looks by key id.

        Without an authority key identifier it looks by name, through rows in which the CAs
        lie by their key identifiers, and in each row takes the one that it learned last.
        """
        known = list(self.trust)
        for current in reversed(self.sequence[1:]):
            issuer = self._known(current, known)
            if issuer is None and not current.is_ca and not current.is_self_issued:
                return Walk((current,), 0, True)
            if issuer is not None and not self._in_date(current):
                return Walk((current,), 0, True)
            if issuer is not None and current.is_ca:
                known.append(current)
                if not self._signed(current, issuer):
                    return Walk((current, issuer), 0, True)
        issuer = self._known(self.target, known)
        if issuer is None:
            return Walk((self.target,), 0)
        return self._judged([self.target, issuer])

    def _known(self, child: Certificate, known: list[Certificate]) -> Certificate | None:
        named = list(self._named(child, known))
        authority = child.authority_key_id
        if authority is not None and authority.key_id is not None:
            wanted = authority.key_id
            return next((c for c in reversed(named) if wolfssl_key_id(c) == wanted), None)
        return min(reversed(named), key=_row, default=None)

    def java(self) -> Walk:
        """Java takes what is presented as it is, where it goes up to a trusted issuer by name."""
        chain: list[Certificate] = []
        for current in self.sequence:
            if chain and current.subject_raw != chain[-1].issuer_raw:
                return Walk((self.target,), None)  # out of order: it tries every path
            known = self._same_key(current)
            if known is not None:
                return self._judged([*chain, known], dated=len(chain))
            chain.append(current)
        for issuer in self._named(chain[-1], self.trust):
            if self._signed(chain[-1], issuer):
                return self._judged([*chain, issuer], dated=len(chain))
        return Walk((self.target,), None)

    def _same_key(self, certificate: Certificate) -> Certificate | None:
        """A trusted certificate of the same name and key; the same one before all."""
        same = [
            known
            for known in self.trust
            if known.spki == certificate.spki and known.subject_raw == certificate.subject_raw
        ]
        return certificate if certificate in same else next(iter(same), None)

    def _named(self, child: Certificate, among: Iterable[Certificate]) -> Iterator[Certificate]:
        """Those of the issuer's name, in their order."""
        links = self.pool.links(child)
        named = {link.issuer for link in links if link.names_match}
        return (certificate for certificate in among if certificate in named)

    def _candidates(
        self, child: Certificate, among: Iterable[Certificate]
    ) -> Iterator[Certificate]:
        """The same, without those that the authority key identifier rules out."""
        links = self.pool.links(child)
        named = {
            link.issuer
            for link in links
            if link.names_match and link.key_ids is not KeyIds.MISMATCH
        }
        return (certificate for certificate in among if certificate in named)

    def _signed(self, child: Certificate, issuer: Certificate) -> bool:
        return self.pool.signatures.check(child, issuer).state is not State.INVALID

    def _in_date(self, certificate: Certificate) -> bool:
        return certificate.not_before <= self.at <= certificate.not_after

    def _judged(
        self, chain: list[Certificate], complete: bool = True, dated: int | None = None
    ) -> Walk:
        """Signatures from the top down, as OpenSSL verifies, then the dates of the lowest."""
        if not complete:
            return Walk(tuple(chain), len(chain) - 1)
        for place in range(len(chain) - 2, -1, -1):
            if not self._signed(chain[place], chain[place + 1]):
                return Walk(tuple(chain), place)
        for place, certificate in enumerate(chain[:dated]):
            if not self._in_date(certificate):
                return Walk(tuple(chain), place)
        return Walk(tuple(chain), None)


def in_order_refusers(hierarchy: Hierarchy, case: Case) -> frozenset[Refuser]:
    """Which of the clients that go through what is presented in its order find no way.

    Where no trust was given, the end of the path stands in for it.
    """
    path = hierarchy.path
    if path is None:
        return frozenset()
    trust = case.expected.trust or path.certificates[-1:]
    walks = Walks(hierarchy, trust, case.expected.at_seconds)
    found = {
        Refuser.MBEDTLS: walks.mbedtls(),
        Refuser.WOLFSSL: walks.wolfssl(),
        Refuser.BEARSSL: walks.bearssl(),
    }
    return frozenset(refuser for refuser, walk in found.items() if walk.fails_at is not None)


def looks_self_issued(certificate: Certificate) -> bool:
    """Whether subject and issuer are equal, and no key identifier says otherwise."""
    return certificate.is_self_issued and key_ids(certificate, certificate) is not KeyIds.MISMATCH


def _may_have_signed(issuer: Certificate, child: Certificate) -> bool:
    """Whether the signature is of the kind that the issuer's key makes."""
    try:
        kind = algorithm(child.signature_algorithm).key
        return key_text(issuer).partition(" ")[0] == kind.removesuffix("-PSS")
    except (Malformed, Unreadable):
        return True


def fit(issuer: Certificate) -> bool:
    """Whether nothing in the certificate itself forbids it to issue."""
    usage = issuer.key_usage
    return issuer.is_ca and (usage is None or bool(usage & KEY_CERT_SIGN))


def wolfssl_key_id(certificate: Certificate) -> bytes:
    """By what wolfSSL knows a CA: its subject key identifier, else the hash of its key."""
    return certificate.subject_key_id or hashlib.sha1(_key(certificate)).digest()


def _key(certificate: Certificate) -> bytes:
    """The public key as wolfSSL keeps it: an RSA key without its algorithm, others with it."""
    spki = certificate.spki
    if not key_text(certificate).startswith("RSA"):
        return spki
    start, end = der.only(spki, der.SEQUENCE, "subjectPublicKeyInfo")
    _, _, algorithm_end = der.element(spki, start, end)
    _, first, last = der.element(spki, algorithm_end, end)
    return spki[first + 1 : last]


def _row(certificate: Certificate) -> int:
    return int.from_bytes(wolfssl_key_id(certificate)[:4], "big") % ROWS
