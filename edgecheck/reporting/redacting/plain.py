"""A report as plain values, walked once: which of its texts are names, sentences, ids, or words."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from edgecheck.reporting.redacting.redaction import Redaction

_KEPT = """
schema_version tool at not_before not_after public_key signature_algorithm role severity rule
passed tier verdict basis client clients version act profile ended purpose revocation symptom
obstacle alert predicted worst name references runtime expires_within kind
"""
KEPT = frozenset(_KEPT.split())
"""Keys whose values are words of edgecheck or of standards, or times."""
KEPT_OF_DEVICE = frozenset(("runtime", "form", "type", "curve", "threshold", "retry", "assumed"))
"""The same in what is known of the gateway."""
NAMES = frozenset(
    (
        "subject",
        "issuer",
        "dns_names",
        "ip_addresses",
        "hostname",
        "peer_names",
        "module",
        "host",
        "address",
        "server_name",
        "authorities",
    )
)
"""Keys whose values are nothing but names."""
OWN = frozenset(("remedy", "words", "then", "instructions", "extension_lines", "says", "who"))
"""Keys whose values are edgecheck's own sentences, and those of clients."""
DIGITS = frozenset(("sha256", "serial", "subject_key_id", "authority_key_id"))
"""Keys whose values are numbers in hexadecimal."""
IDS = frozenset(("id", "caused_by", "fix_first", "findings"))
"""Keys whose values are ids of findings."""
_REASONS = ("because", "refused")
_ID = re.compile(r"[a-z0-9.-]+(@[0-9a-f]{12})?(#[0-9]+)?")
_SENTENCES = frozenset(("told", "found", "broken", "later", "repeated", "unknown"))
"""Keys of facts about files whose values are sentences, or settings' keys."""


def redacted(made: dict[str, Any], redaction: "Redaction") -> dict[str, Any]:
    """A report's plain values, or others beside them, as they can be posted."""
    walk = Walk(
        redaction.strict,
        redaction,
        redaction.own,
        redaction.in_digits,
        redaction.id,
        redaction.number,
    )
    return walked(made, walk)


class Walk(NamedTuple):
    """What becomes of each kind of value."""

    name: Callable[[str], str]
    text: Callable[[str], str]
    own: Callable[[str], str]
    digits: Callable[[str], str]
    id: Callable[[str], str]
    number: Callable[[int], int]


def walked(made: dict[str, Any], walk: Walk) -> dict[str, Any]:
    """The report's plain values, or others of its form, with each value replaced by its kind."""
    return {key: _value(key, value, walk, False) for key, value in made.items()}


def _value(key: str, value: Any, walk: Walk, of_device: bool) -> Any:
    if isinstance(value, dict):
        if key == "tool":
            return value
        if of_device and key in _SENTENCES:
            return {walk.text(name): _told(item, walk) for name, item in value.items()}
        if key == "object" or (key == "evidence" and not of_device):
            return _free(value, walk)
        inside = of_device or key == "device"
        return {
            walk.text(name) if inside else name: _value(name, item, walk, inside)
            for name, item in value.items()
        }
    if isinstance(value, list) and key not in KEPT:
        return [_value(key, item, walk, of_device) for item in value]
    if key in (KEPT_OF_DEVICE if of_device else KEPT):
        return value
    if isinstance(value, str):
        if key in IDS or (key in _REASONS and _ID.fullmatch(value)):
            return walk.id(value)
        if key in DIGITS:
            return walk.digits(value)
        if key in NAMES or (of_device and key not in _SENTENCES):
            return walk.name(value)
        return walk.own(value) if key in OWN else walk.text(value)
    return value


def _told(value: Any, walk: Walk) -> Any:
    return walk.text(value) if isinstance(value, str) else value


def _free(value: Any, walk: Walk) -> Any:
    """Values of evidence and of what has to change, of any form."""
    if isinstance(value, dict):
        if value.get("kind") in ("configuration", "input"):
            return {**value, "words": walk.own(value["words"])}
        return {name: item if name == "kind" else _free(item, walk) for name, item in value.items()}
    if isinstance(value, list):
        return [_free(item, walk) for item in value]
    if isinstance(value, str):
        return walk.text(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return walk.number(value)
    return value
