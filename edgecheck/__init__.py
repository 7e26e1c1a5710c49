"""Tells exactly what is wrong with an Azure IoT Edge gateway's certificate chain.

`check()` takes what a gateway presents and returns a `Report`. Importing this package
does no I/O; a chain that is wrong in any way gives findings, never an exception.
"""

import typing

from edgecheck.version import __version__

if typing.TYPE_CHECKING:
    from edgecheck.adapters.second_opinion import second_opinions
    from edgecheck.auditing import audit
    from edgecheck.checking import check
    from edgecheck.device import Device
    from edgecheck.expected import Limits, Validation
    from edgecheck.foretelling import predict
    from edgecheck.hierarchy.hierarchy import Hierarchy
    from edgecheck.hierarchy.roles import Role
    from edgecheck.memo import Memo
    from edgecheck.reading.certificate import Certificate
    from edgecheck.reading.sources import Source
    from edgecheck.reporting.report import Report
    from edgecheck.rules import BUILT_IN
    from edgecheck.rules.engine.finding import Finding, Undecided
    from edgecheck.rules.engine.rule import Severity
    from edgecheck.rules.engine.ruleset import RuleSet

__all__ = [
    "BUILT_IN",
    "Certificate",
    "Device",
    "Finding",
    "Hierarchy",
    "Limits",
    "Memo",
    "Report",
    "Role",
    "RuleSet",
    "Severity",
    "Source",
    "Undecided",
    "Validation",
    "__version__",
    "audit",
    "check",
    "predict",
    "second_opinions",
]

if not typing.TYPE_CHECKING:  # type checkers would take any name for one of the package's
    _HOMES = {
        "BUILT_IN": "rules",
        "Certificate": "reading.certificate",
        "Device": "device",
        "Finding": "rules.engine.finding",
        "Hierarchy": "hierarchy.hierarchy",
        "Limits": "expected",
        "Memo": "memo",
        "Report": "reporting.report",
        "Role": "hierarchy.roles",
        "RuleSet": "rules.engine.ruleset",
        "Severity": "rules.engine.rule",
        "Source": "reading.sources",
        "Undecided": "rules.engine.finding",
        "Validation": "expected",
        "audit": "auditing",
        "check": "checking",
        "predict": "foretelling",
        "second_opinions": "adapters.second_opinion",
    }
    # No module may have the name of a function here: once imported, it would stand in its place.

    def __getattr__(name: str) -> typing.Any:
        """Import what is asked for, once (PEP 562): a command's help needs none of it."""
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        value = getattr(import_module(f"edgecheck.{_HOMES[name]}"), name)
        globals()[name] = value
        return value

    def __dir__() -> list[str]:
        """The public names, be they imported yet or not."""
        return sorted({*globals(), *__all__})
