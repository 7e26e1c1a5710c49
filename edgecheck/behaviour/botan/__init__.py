"""Botan 2.19: every path to a self-signed anchor is tried; the worst status of one is told."""
