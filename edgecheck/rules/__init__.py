"""Hierarchy -> findings. The modules are the families of rules."""

from edgecheck.rules.engine.listed import Listed
from edgecheck.rules.engine.ruleset import RuleSet
from edgecheck.rules.index import ROWS

BUILT_IN = RuleSet(map(Listed, ROWS), whole=True)
"""Every rule of edgecheck; each is imported when it is first called, or asked for."""
