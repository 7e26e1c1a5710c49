"""The models without the net below them, so that no mistake of ours is taken for damage."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from edgecheck.behaviour import constraints, equal_names, issuers, lenient, raw
from edgecheck.behaviour.dotnet import sending
from edgecheck.behaviour.openssl import values
from edgecheck.clients import predict
from edgecheck.reading.certificate import Unreadable
from edgecheck.reading.der import Malformed

NETS = (constraints, equal_names, sending, issuers, lenient, values, raw, predict)
"""Where something is taken for damage (`edgecheck/behaviour/damaged.py`)."""
BY_NAME = (Unreadable, Malformed)
"""Damage that is known."""


@contextmanager
def strictly() -> Iterator[None]:
    """Anything but damage that is known raises."""
    nets = [(module, module.DAMAGED) for module in NETS]
    try:
        for module, _ in nets:
            module.DAMAGED = BY_NAME  # type: ignore[attr-defined]
        yield
    finally:
        for module, net in nets:
            module.DAMAGED = net  # type: ignore[attr-defined]
