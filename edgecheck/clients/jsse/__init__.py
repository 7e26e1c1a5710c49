"""Clients in Java: JSSE and its certificate path validator."""
