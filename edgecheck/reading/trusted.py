"""What is trusted, with what follows from it alone: computed once for however many chains."""

from functools import cached_property
from typing import Any

from edgecheck.reading.certificate import Certificate, Unreadable


class Trusted(tuple[Certificate, ...]):
    """Certificates that are trusted, in order and each once."""

    def __reduce__(self) -> tuple[Any, ...]:
        """What was computed stays where it is."""
        return Trusted, (tuple(self),)

    @cached_property
    def ders(self) -> frozenset[bytes]:
        """The bytes of each."""
        return frozenset(one.der for one in self)

    @cached_property
    def by_subject(self) -> dict[bytes, list[Certificate]]:
        """Those whose subject can be read, by its bytes; not to be changed."""
        found: dict[bytes, list[Certificate]] = {}
        for one in self:
            try:
                found.setdefault(one.subject_raw, []).append(one)
            except Unreadable:
                continue
        return found

    @cached_property
    def unvetted(self) -> tuple[Certificate, ...]:
        """Those that `cryptography` does not load."""
        return tuple(one for one in self if one.loaded is None)

    @cached_property
    def unusual(self) -> tuple[Certificate, ...]:
        """These, and those that are not of version 3, as nearly all are."""
        return tuple(one for one in self if one.loaded is None or one.version != 3)

    @cached_property
    def are_roots(self) -> bool:
        """Whether `cryptography` loads each of them, and each names itself as its issuer."""
        return all(one.loaded is not None and one.is_self_issued for one in self)
