"""`--redact`: what must not be in a report that is posted."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from edgecheck.reporting.report import Report

if TYPE_CHECKING:
    from edgecheck.reporting.redacting.redaction import Redaction

_FILES = (
    "trust",
    "crl",
    "trust_bundle",
    "device_ca_file",
    "identity_certificate",
    "os_trust",
    "presented",
    "connection_string",
    "root",
    "targets",
    "registration",
)
"""Options with names of files."""


def hiding(
    reports: Iterable[Report], said: Mapping[str, Any], also: Iterable[str] = ()
) -> "Redaction | None":
    """Return what replaces names and numbers in all of these reports, where that was asked for.

    Args:
        reports: which are told together, so that equal names have equal pseudonyms.
        said: the options by name.
        also: further names: of files, of hosts.
    """
    if not said["redact"]:
        return None
    from edgecheck.reporting.redacting.redaction import Redaction

    return Redaction.of(*reports, also=[*also, *_files(said)])


def _files(said: Mapping[str, Any]) -> Iterator[str]:
    for option in _FILES:
        given = said.get(option)
        if isinstance(given, str):
            yield given
        elif given:
            yield from given
