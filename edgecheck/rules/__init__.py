"""Hierarchy -> findings. The modules are the families of rules."""

from edgecheck.rules import ca, hostname
from edgecheck.rules.ruleset import RuleSet

BUILT_IN = RuleSet.of(ca, hostname)
"""Every rule of edgecheck."""
