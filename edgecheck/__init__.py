"""Tells exactly what is wrong with an Azure IoT Edge gateway's certificate chain.

`check()` takes what a gateway presents and returns a `Report`. Importing this package
does no I/O; a chain that is wrong in any way gives findings, never an exception.
"""

import typing

from edgecheck.audit import audit
from edgecheck.check import check
from edgecheck.device import Device
from edgecheck.expected import Limits, Validation
from edgecheck.hierarchy.hierarchy import Hierarchy
from edgecheck.hierarchy.roles import Role
from edgecheck.memo import Memo
from edgecheck.predict import predict
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.sources import Source
from edgecheck.reporting.report import Report
from edgecheck.rules import BUILT_IN
from edgecheck.rules.engine.finding import Finding, Undecided
from edgecheck.rules.engine.rule import Severity
from edgecheck.rules.engine.ruleset import RuleSet
from edgecheck.version import __version__

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

if typing.TYPE_CHECKING:
    from edgecheck.adapters.second_opinion import second_opinions
else:  # type checkers would take any name for one of the package's

    def __getattr__(name: str) -> typing.Any:
        """Import what only some callers need when it is asked for."""
        if name == "second_opinions":
            from edgecheck.adapters.second_opinion import second_opinions

            return second_opinions
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
