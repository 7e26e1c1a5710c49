"""A document whose texts can be posted: each block walked once, by the names of its fields."""

import re
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

from edgecheck.reporting.document.blocks import Client, Document, Fact, Table

if TYPE_CHECKING:
    from edgecheck.reporting.redacting.redaction import Redaction

_KEPT = """
rule rules severity tone role suffix signature signed_by authority authority_tone expires
expires_tone left left_short verdict version basis url first_day last_day day option name heading
heads chain label
"""
KEPT = frozenset(_KEPT.split())
"""Fields whose texts are words of edgecheck, ids of rules, or times."""
_OWN = (
    "help why seen title words exactly then first lines instructions says texts fails refuses "
    "names because"
)
_RULE = re.compile(r"[a-z]+\.[a-z0-9-]+")
OWN = frozenset(_OWN.split())
"""Fields whose texts edgecheck wrote, or clients print: what is known is replaced."""
DIGITS = frozenset(("sha256", "child"))
"""Fields with digests."""
DIGITS_OF_FACTS = frozenset(
    ("serial number", "subject key identifier", "authority key identifier", "SHA-256")
)
NAMES_OF_FACTS = frozenset(("subject", "issuer", "names"))


def redacted(document: Document, redaction: "Redaction") -> Document:
    """Return the document as it can be posted: with pseudonyms, and without certificates in PEM."""
    made: Document = _walked(document, redaction)
    # What was checked are names of files, whoever wrote them.
    sources = tuple(redaction(each) for each in document.sources)
    return replace(made, sources=sources, verdict=document.verdict)


def _walked(block: Any, redaction: "Redaction") -> Any:
    """A block with each of its fields replaced by its kind."""
    if isinstance(block, Fact):
        return block._replace(told=_fact(block, redaction))
    if isinstance(block, Client):
        return replace(block, says=redaction.own(block.says))
    if isinstance(block, Table):
        rows = tuple(tuple(redaction(cell) for cell in row) for row in block.rows)
        return block._replace(rows=rows)
    if is_dataclass(block) and not isinstance(block, type):
        known = [field.name for field in fields(block)]
        return replace(block, **{n: _field(n, getattr(block, n), redaction) for n in known})
    return type(block)(*(_field(n, getattr(block, n), redaction) for n in block._fields))


def _fact(fact: Fact, redaction: "Redaction") -> str:
    if fact.name in DIGITS_OF_FACTS:
        return redaction.in_digits(fact.told)
    return redaction.strict(fact.told) if fact.name in NAMES_OF_FACTS else redaction(fact.told)


def _field(name: str, value: Any, redaction: "Redaction") -> Any:
    if isinstance(value, str):
        return _kind(name, value, redaction)(value)
    if isinstance(value, tuple):
        if hasattr(value, "_fields"):
            return _walked(value, redaction)
        return tuple(_field(name, each, redaction) for each in value)
    return value if value is None or isinstance(value, int) else _walked(value, redaction)


def _kind(name: str, value: str, redaction: "Redaction") -> Callable[[str], str]:
    """What becomes of a text; whatever is not known here is taken for somebody else's."""
    if name == "pem":
        return lambda text: ""
    if name == "id":
        return redaction.id
    if name in DIGITS or (name == "issuer" and _is_digest(value)):
        return redaction.in_digits
    if name in KEPT or (name == "because" and _RULE.fullmatch(value)):
        return str
    return redaction.own if name in OWN else redaction


def _is_digest(value: str) -> bool:
    return len(value) == 64 and set(value) <= set("0123456789abcdef")
