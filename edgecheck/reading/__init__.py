"""Bytes -> certificates: facts, each read once."""
