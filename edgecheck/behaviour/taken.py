"""What a library does with a chain: which one it settles on, how that ends, what it objects to."""

from collections.abc import Hashable
from enum import StrEnum

from edgecheck.reading.certificate import Certificate
from edgecheck.values import frozen


class Ended(StrEnum):
    """How a chain ends that a library built."""

    TRUSTED = "trusted"
    """With something that the library lets end a chain."""
    SELF_SIGNED = "self-signed"
    """With what looks self-signed and is not trusted."""
    NO_ISSUER = "no issuer"
    """With a certificate for which the library finds no issuer."""
    GIVEN_UP = "given up"
    """Before its end: the library stops at the first thing that it objects to."""


@frozen
class Objection:
    """What a library finds wrong.

    Attributes:
        certificate: the one that it complains of; on the chain, or beside it.
        code: the error, as the library counts or calls it.
        by: the certificate above that is at fault, where the library complains of one below.
    """

    certificate: Certificate
    code: Hashable
    by: Certificate | None = None


@frozen
class Taken:
    """What a library makes of a chain; neither the host name nor the server's key counts.

    Attributes:
        certificates: the chain that it settles on, target first.
        ended: how it ends.
        objections: what it finds wrong, in its order; not that the end is not trusted.
    """

    certificates: tuple[Certificate, ...]
    ended: Ended
    objections: tuple[Objection, ...] = ()

    @property
    def good(self) -> bool:
        """Whether the library takes the chain."""
        return self.ended is Ended.TRUSTED and not self.objections
