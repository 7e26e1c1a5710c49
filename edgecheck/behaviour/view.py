"""What a client gets to see: the certificates as sent, its trust, the name, and the time."""

from collections.abc import Hashable
from typing import Any

from edgecheck.behaviour.host import Host, host
from edgecheck.hierarchy.links import Signatures
from edgecheck.hierarchy.signatures import Signature, State
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.hostnames import Address

MOST_SIGNATURES = 400
"""Verifications that all models together may cause for one chain."""


class View:
    """One chain as it comes over the wire.

    Attributes:
        presented: in the order sent, duplicates included; the server certificate should be
            the first.
        trust: what the client trusts, in order.
        hostname: as the client types it; None where that is not known.
        host: the same in the forms that clients compare; None likewise.
        at: seconds since 1970-01-01T00:00:00Z.
        server: the certificate whose key the server has.
        trailing: DER of those that are sent with further bytes behind their end.
    """

    __slots__ = (
        "_signatures",
        "at",
        "facts",
        "host",
        "hostname",
        "kept",
        "presented",
        "server",
        "trailing",
        "trust",
        "trusted",
    )

    def __init__(
        self,
        presented: tuple[Certificate, ...],
        trust: tuple[Certificate, ...],
        hostname: str | None,
        at: int,
        server: Certificate,
        known: dict[tuple[bytes, bytes], Signature],
        trailing: frozenset[bytes] = frozenset(),
    ) -> None:
        """Keep them; `known` has the signatures that were verified before."""
        self.presented = presented
        self.trust = trust
        self.trusted = frozenset(certificate.der for certificate in trust)
        self.hostname = hostname
        self.at = at
        self.server = server
        behind = (c.der for c in (*presented, *trust) if "end" in c.damage)
        self.trailing = trailing.union(behind)
        self.kept: dict[Hashable, Any] = {}
        """What one model computed of this view and another may use, by a key of its own."""
        self.facts: dict[Hashable, Any] = {}
        """The same of single certificates."""
        self.host: Host | None = host(hostname) if hostname is not None else None
        self._signatures = Signatures(known, MOST_SIGNATURES)

    def with_certificates(
        self, presented: tuple[Certificate, ...], trust: tuple[Certificate, ...]
    ) -> "View":
        """The same with other certificates, where a client sorts them before it builds."""
        other = View.__new__(View)
        for name in View.__slots__:
            setattr(other, name, getattr(self, name))
        other.presented, other.trust = presented, trust
        other.kept = {}
        other.trusted = frozenset(certificate.der for certificate in trust)
        return other

    @property
    def address(self) -> Address | None:
        """The host as an IP address; None where it is a name, or not known."""
        return self.host.address if self.host is not None else None

    @property
    def leaf(self) -> Certificate:
        """The first certificate sent, which every client takes for the server's."""
        return self.presented[0]

    @property
    def proves_key(self) -> bool:
        """Whether the server can sign the handshake with the key of the first certificate."""
        return have_one_key(self.leaf, self.server)

    def signature(self, child: Certificate, issuer: Certificate) -> State:
        """Whether the issuer's key made the child's signature; verified at most once."""
        return self._signatures.check(child, issuer).state

    def not_for(self, child: Certificate, issuer: Certificate) -> str:
        """Why the issuer's key, which made the child's signature, is not for such; else empty."""
        signed = self._signatures.check(child, issuer)
        return signed.because if signed.state is State.INVALID else ""


def have_one_key(one: Certificate, other: Certificate) -> bool:
    """Whether two certificates are for the same key; one that cannot be read only for its own."""
    try:
        return one.spki == other.spki
    except Unreadable:
        return one is other
