"""Botan."""
