"""Name constraints sorted by form, so that many names are soon compared with many constraints.

OpenSSL compares each name with each constraint, one after the other. Of DNS names, addresses and
directory names it can be told from a table whether any constraint takes a name in; only where the
table says no more than "perhaps" they are gone through as OpenSSL does.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from edgecheck.behaviour import raw, work
from edgecheck.behaviour.openssl.extensions import Bounded
from edgecheck.reading import der
from edgecheck.reading.der import Malformed
from edgecheck.reading.names import name

WORTH_IT = 1_000
"""Comparisons from which on a table pays."""


class Group:
    """The constraints on one form of names."""

    def __init__(self, bases: list[raw.GeneralName], names: int) -> None:
        """Keep them; where they are to be compared with many names, make a table."""
        self.bases = bases
        self._table: Table | None = None
        if len(bases) * names >= WORTH_IT and not any(isinstance(b, Bounded) for _, b in bases):
            self._table = _TABLES.get(bases[0][0], _no_table)(base for _, base in bases)

    def surely_within(self, value: bytes) -> bool:
        """Whether some constraint takes a name in."""
        if self._table is not None:
            work.spend(self._table.size)
            if self._table.finds(value):
                return True
        work.spend(work.COMPARISON * len(self.bases))
        return False

    def surely_outside(self, value: bytes) -> bool:
        """Whether no constraint takes a name in, and none is an error."""
        if self._table is not None:
            work.spend(self._table.size)
            if self._table.fits(value) and not self._table.finds(value):
                return True
        work.spend(work.COMPARISON * len(self.bases))
        return False


class Groups:
    """Constraints of all forms."""

    def __init__(self, bases: Iterable[raw.GeneralName], names: int) -> None:
        """Sort them by form."""
        self._by_form: dict[int, list[raw.GeneralName]] = defaultdict(list)
        for base in bases:
            self._by_form[base[0]].append(base)
        self._names = names
        self._made: dict[int, Group] = {}

    def of(self, form: int) -> Group:
        """Those on one form."""
        made = self._made.get(form)
        if made is None:
            made = self._made[form] = Group(self._by_form.get(form, []), self._names)
        return made


class Table:
    """What can be looked up of constraints on one form, none of which is an error."""

    size: int
    """How many look-ups a name needs."""

    def fits(self, value: bytes) -> bool:
        """Whether a name is of the form, so that comparing it is no error."""
        return True

    def finds(self, value: bytes) -> bool:
        """Whether a constraint takes a name in."""
        raise NotImplementedError


class _Domains(Table):
    """By their length, in lower case."""

    def __init__(self, bases: Iterable[bytes]) -> None:
        self._by_length: dict[int, set[bytes]] = defaultdict(set)
        for base in bases:
            self._by_length[len(base)].add(base.lower())
        self.size = len(self._by_length)

    def finds(self, value: bytes) -> bool:
        folded, length = value.lower(), len(value)
        for size, bases in self._by_length.items():
            if size > length:
                continue
            end = folded[length - size :]
            if end in bases and (
                not size
                or size == length
                or end[:1] == b"."
                or folded[length - size - 1 : length - size] == b"."
            ):
                return True
        return False


class _Networks(Table):
    """By their mask."""

    def __init__(self, bases: Iterable[bytes]) -> None:
        self._by_mask: dict[tuple[int, int], set[int]] = defaultdict(set)
        for base in bases:
            if len(base) not in (8, 32):
                raise Malformed("no network")
            half = len(base) // 2
            mask = int.from_bytes(base[half:])
            self._by_mask[half, mask].add(int.from_bytes(base[:half]) & mask)
        self.size = len(self._by_mask)

    def fits(self, value: bytes) -> bool:
        return len(value) in (4, 16)

    def finds(self, value: bytes) -> bool:
        size, number = len(value), int.from_bytes(value)
        return any(
            half == size and number & mask in networks
            for (half, mask), networks in self._by_mask.items()
        )


class _Directories(Table):
    """By how many relative names they have."""

    def __init__(self, bases: Iterable[bytes]) -> None:
        self._by_length: dict[int, set[Any]] = defaultdict(set)
        for base in bases:
            folded = canonical(base)
            self._by_length[len(folded)].add(folded)
        self.size = len(self._by_length)

    def fits(self, value: bytes) -> bool:
        try:
            canonical(value)
        except Malformed:
            return False
        return True

    def finds(self, value: bytes) -> bool:
        try:
            folded = canonical(value)
        except Malformed:
            return False
        return any(
            size <= len(folded) and folded[:size] in names
            for size, names in self._by_length.items()
        )


def canonical(value: bytes) -> tuple[object, ...]:
    """A directory name as it is compared; also without its SEQUENCE. Raises `Malformed`."""
    return name(value if value[:1] == b"\x30" else der.wrapped(der.SEQUENCE, value)).canonical


def _table(kind: type) -> Any:
    def made(bases: Iterable[bytes]) -> Table | None:
        try:
            table: Table = kind(bases)
        except Malformed:
            return None
        return table

    return made


def _no_table(bases: Iterable[bytes]) -> None:
    return None


_TABLES: dict[int, Any] = {
    raw.DNS: _table(_Domains),
    raw.IP: _table(_Networks),
    raw.DIRECTORY: _table(_Directories),
}
