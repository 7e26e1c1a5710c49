"""Exceptions that stand for damage: a model walked over DER that does not hold together."""

from edgecheck.reading.certificate import Unreadable
from edgecheck.reading.der import Malformed

DAMAGED = (Unreadable, Malformed, ValueError, LookupError, OverflowError)
"""Taken for damage, since a bad chain never raises.

The last three are a net for what nobody has seen yet: all that is known comes up as the first two.
Tests and the fuzzer take the net away (`tests/fuzzing/strict.py`), so that it hides no mistake of
this program; which model is asked is looked up outside of it.
"""
MISSING = "a piece is missing"
"""Told in place of the words of the last three, which no user could read."""
