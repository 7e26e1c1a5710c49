"""What comes up where a model walks over a certificate whose DER does not hold together."""

from edgecheck.reading.certificate import Unreadable
from edgecheck.reading.der import Malformed

DAMAGED = (Unreadable, Malformed, ValueError, IndexError, OverflowError)
"""What is taken for damage. A key that is in no table is a mistake of this program, and no damage.

The last three are a net for what nobody has seen yet: all that is known comes up as the first two
(`tests/clients/test_damaged_input.py`).
"""
MISSING = "a piece is missing"
"""What is said of the last three, which say nothing that a user could read."""
