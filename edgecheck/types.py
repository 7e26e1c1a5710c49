"""Names for annotations: what `check()` takes, and what is inside a report.

Nearly nobody needs these to call `check()`; who wraps it, or hands parts of a report on, does.
"""

from edgecheck.expected import Expected
from edgecheck.hierarchy.paths import Path
from edgecheck.reading.certificate import Origin, Unreadable
from edgecheck.reading.problems import Problem
from edgecheck.reading.sources import AnyCertificate, AnyCertificates, AnyCrl, AnyCrls
from edgecheck.report.predictions import Prediction
from edgecheck.rules.engine.finding import Location
from edgecheck.rules.engine.rule import Reference, Rule

__all__ = [
    "AnyCertificate",
    "AnyCertificates",
    "AnyCrl",
    "AnyCrls",
    "Expected",
    "Location",
    "Origin",
    "Path",
    "Prediction",
    "Problem",
    "Reference",
    "Rule",
    "Unreadable",
]
