"""Texts of a gateway's configuration -> its settings, and the files that they name.

Nothing here opens anything: `adapters/tree.py` reads, and this says what was read.
"""
