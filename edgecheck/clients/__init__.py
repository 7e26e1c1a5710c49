"""Hierarchy -> predictions: what single TLS clients will say about a chain.

One model for each engine says in code what that engine does; over them, `table.py` lists
the clients. A prediction is computed from the chain, and from nothing else.
"""
