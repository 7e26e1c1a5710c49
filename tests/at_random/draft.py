"""A chain while it is made."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from fixtures import stock
from fixtures.gateway import Gateway
from fixtures.pki import Extension, Issued, Spec, issue

AT = stock.NOW
SERVER, ROOT = "server", "root"
T = TypeVar("T")


@dataclass
class Draft:
    """A chain while it is made: roles first; then, once all is issued, what goes where.

    Attributes:
        random: where all chance comes from.
        gateway: roles and their certificates, the server first.
        hostname: what the client asks for.
        at: when it does.
        later: what is done to `presented` and `trust` once the gateway stands.
        damage: what is done to the bytes of what is presented, last of all.
    """

    random: random.Random
    gateway: Gateway
    hostname: str
    at: datetime = AT
    later: list[Callable[[Draft], None]] = field(default_factory=list)
    damage: list[Callable[[list[bytes]], None]] = field(default_factory=list)
    presented: list[Issued] = field(default_factory=list)
    trust: list[Issued] = field(default_factory=list)

    def pick(self, of: Sequence[T]) -> T:
        """One of them."""
        return self.random.choice(of)

    def chance(self, share: float) -> bool:
        """True in such a share of all chains."""
        return self.random.random() < share

    def role(self) -> str:
        """Any certificate."""
        return self.pick(list(self.gateway))

    def ca(self) -> str:
        """Any authority."""
        return self.pick(list(self.gateway)[1:])

    def middle(self) -> str:
        """Any authority below the root."""
        return self.pick(list(self.gateway)[1:-1])

    def change(self, role: str, **changes: Any) -> None:
        self.gateway = self.gateway.change(role, **changes)

    def put(self, role: str, new: Extension) -> None:
        self.gateway = self.gateway.with_extension(role, new)

    def add(self, role: str, new: Extension) -> None:
        """A further extension, also where there is one of its kind."""
        self.change(role, extensions=(*self.gateway[role].extensions, new))

    def lose(self, role: str, name: str) -> None:
        """Without an extension; without effect where it is not there."""
        try:
            self.gateway = self.gateway.without_extension(role, name)
        except KeyError:
            return

    def below(self, role: str) -> str:
        """The role that this one issues."""
        roles = list(self.gateway)
        return roles[roles.index(role) - 1]

    def issuer(self, role: str) -> Issued | None:
        """Who issues a role; None for the one at the top."""
        roles = list(self.gateway)
        above = roles[roles.index(role) + 1 :]
        return self.gateway.issued(above[0]) if above else None

    def again(self, role: str, issuer: Issued | None = None, **changes: Any) -> Issued:
        """A second certificate of a role; from its own issuer, unless another is given."""
        spec: Spec = self.gateway[role].with_(**changes)
        return issue(spec, issuer or self.issuer(role))

    def place(self, role: str) -> int:
        """Where a role is presented; at the end where it is not."""
        own = self.gateway.issued(role)
        return self.presented.index(own) if own in self.presented else len(self.presented)
