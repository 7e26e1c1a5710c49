"""Hierarchy -> findings. The modules are the families of rules."""

from edgecheck.rules import (
    algorithm,
    ca,
    chain,
    client,
    configuration,
    device,
    edge,
    encoding,
    extension,
    hostname,
    identity,
    input,
    naming,
    path,
    runtime,
    trust,
    validity,
)
from edgecheck.rules.engine.ruleset import RuleSet

_RULES = RuleSet.of(
    input,
    naming,
    ca,
    hostname,
    validity,
    runtime,
    edge,
    chain,
    trust,
    path,
    extension,
    algorithm,
    encoding,
    configuration,
    identity,
    device,
    client,
)
BUILT_IN = RuleSet(_RULES, whole=True)
"""Every rule of edgecheck."""
