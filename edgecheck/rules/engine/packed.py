"""Rules go from one process to another by their names: a function cannot, and need not."""

import sys
from dataclasses import fields, replace
from pickle import PicklingError
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from edgecheck.rules.engine.rule import Rule
    from edgecheck.rules.engine.ruleset import RuleSet


def packed(rule: "Rule") -> tuple[Any, ...]:
    """Return what pickle needs of a rule: where it is found, and what differs from there.

    One of edgecheck is found by its id, in later versions too; any other by its function's module
    and name.

    Raises:
        PicklingError: its function is no module's, so that no other process could find it.
    """
    module, name = "", rule.id
    found = _built_in(rule.id)
    if found is None or found.check is not rule.check:
        module, name = rule.check.__module__, rule.check.__qualname__
        found = getattr(sys.modules.get(module), name, None)
        if getattr(found, "check", None) is not rule.check:
            raise PicklingError(
                f"rule {rule.id}: its function {name} is not found in the module {module}; define "
                "it at the top of a module, under its own name"
            )
    own = {each.name: getattr(rule, each.name) for each in fields(rule)}
    changed = {key: value for key, value in own.items() if value != getattr(found, key)}
    return unpacked, (module, name, changed)


def unpacked(module: str, name: str, changed: dict[str, Any]) -> "Rule":
    """The rule that was packed.

    Raises:
        ValueError: this version of edgecheck, or of the module, does not have it.
    """
    found: Rule | None
    if not module:
        found = _built_in(name)
    else:
        __import__(module)
        found = getattr(sys.modules[module], name, None)
    if found is None:
        raise ValueError(f"rules: {module or 'edgecheck'} has no rule {name!r}")
    return replace(found, **changed) if changed else found


def packed_set(rules: "RuleSet") -> tuple[Any, ...]:
    """Return what pickle needs of a set of rules; of the whole catalogue its name."""
    from edgecheck.rules import BUILT_IN

    if rules is BUILT_IN:
        return unpacked_set, (None, True)
    return unpacked_set, (tuple(rules), rules.is_whole)


def unpacked_set(rules: "tuple[Rule, ...] | None", whole: bool) -> "RuleSet":
    """The set that was packed."""
    from edgecheck.rules import BUILT_IN

    return BUILT_IN if rules is None else type(BUILT_IN)(rules, whole=whole)


def _built_in(rule_id: str) -> "Rule | None":
    from edgecheck.rules import BUILT_IN  # all rules are made of what is in this room
    from edgecheck.rules.engine.ruleset import UnknownRule

    try:
        return BUILT_IN[rule_id]
    except UnknownRule:
        return None
