"""What was predicted of what is presented: who will make it, and what of it will be sent."""

from typing import Any, NamedTuple

from edgecheck.device import Version
from edgecheck.hierarchy.signatures import vouch, vouched_by
from edgecheck.reading.certificate import Certificate

EDGE_HUB = "edgehub"
"""The name of the only sender that is known."""


class Predicted(NamedTuple):
    """What a version of the runtime will make of a device CA.

    Attributes:
        version: of the runtime.
        module: the id of the module that the server certificate is for.
        certificates: the synthetic ones, the server's first; none where it makes nothing.
        because: rules whose findings say why it makes nothing.
        unknown: why that could not be told; else empty.
    """

    version: Version
    module: str
    certificates: tuple[Certificate, ...] = ()
    because: tuple[str, ...] = ()
    unknown: str = ""

    def __reduce__(self) -> tuple[Any, ...]:
        """With the keys that its certificates are vouched for by, which are no part of them."""
        return _again, (tuple(self), tuple(map(vouched_by, self.certificates)))


def _again(fields: tuple[Any, ...], keys: tuple[bytes | None, ...]) -> Predicted:
    predicted = Predicted(*fields)
    for certificate, spki in zip(predicted.certificates, keys, strict=True):
        if spki is not None:
            vouch(certificate, spki)
    return predicted


class Sender(NamedTuple):
    """What a program sends of the certificates that it was given.

    Attributes:
        name: the program, by its word in `check(sent_by=...)`.
        withheld: certificates that it was given and does not send, in their order.
        either: those of which it may as well send another one of the same name.
        basis: "recorded" where that was measured with the version that this gateway runs; else
            "derived"; "unknown" where it is not known what is sent.
    """

    name: str
    withheld: tuple[Certificate, ...] = ()
    either: tuple[Certificate, ...] = ()
    basis: str = "derived"
