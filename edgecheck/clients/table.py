"""The clients, tier 1 first. What a client is stands here; what its engine does, beside."""

from edgecheck.clients.client import Client

CLIENTS: tuple[Client, ...] = ()
