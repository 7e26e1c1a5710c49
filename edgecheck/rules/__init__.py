"""Hierarchy -> findings. The modules are the families of rules."""

from edgecheck.rules import ca, chain, edge, hostname, naming, path, runtime, trust, validity
from edgecheck.rules.ruleset import RuleSet

BUILT_IN = RuleSet.of(naming, ca, hostname, validity, runtime, edge, chain, trust, path)
"""Every rule of edgecheck."""
