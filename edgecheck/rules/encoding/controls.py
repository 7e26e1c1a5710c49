"""Characters in names that are not shown, but do something to whoever shows them."""

import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.der import Malformed
from edgecheck.reading.names import IN_WORDS, SHORT, Name, name
from edgecheck.reading.text import safe
from edgecheck.rules.encoding.conditions import ODD_ALTERNATIVE_NAME, ODD_NAME
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.rule import WARNING, Act, Over, Reference, Violation, rule
from edgecheck.rules.hostname.devices import OF_THE_CONFIGURED
from edgecheck.rules.references import measured, rfc

_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that change the direction of writing (Unicode, Bidi_Control)."""
_WORDS = {"\0": "NUL", "\t": "a tab", "\n": "a line end", "\r": "a carriage return", "\x1b": "ESC"}


class Value(NamedTuple):
    """One value of a name, and where it stands."""

    where: str
    text: str


def is_control(letter: str) -> bool:
    """Whether a character controls a terminal, a line or the direction of writing."""
    return letter in _TURNING or unicodedata.category(letter) in ("Cc", "Zl", "Zp")


def controlled(text: str) -> bool:
    """Whether a text has such a character."""
    return not (text.isascii() and text.isprintable()) and any(map(is_control, text))


@rule(
    "encoding.control-characters",
    title="A name has control characters in it",
    severity=WARNING,
    over=Over.EACH_ON_PATH,
    when=[ODD_NAME, ODD_ALTERNATIVE_NAME],
    act=Act.REISSUE,
    references=[
        rfc(5280, "4.1.2.4"),
        rfc(5280, "7.2"),
        Reference(
            "CVE-2009-2408 (a NUL in a common name)",
            "https://nvd.nist.gov/vuln/detail/CVE-2009-2408",
        ),
        measured("clients accept a chain with such names, as long as another name fits the host"),
    ],
)
def control_characters(certificate: Certificate, case: Case) -> Violation | None:
    """A name holds a NUL, a line end, an escape or a mark that turns the direction of writing.

    Mostly a line end or a tab slipped in where a script read the name from a file. Nobody can
    type such a name, and it never matches one that was typed: a dNSName with a line end at its
    end fits no host. Programs that take a NUL for the end read another name than the one that
    was signed, which was a way to forge certificates once; terminals and logs show something
    else than what is there. Clients do not refuse the certificate for it.

    Remedy:
    Have the certificate reissued with names without control characters, and what it issued with
    it. Where a script makes the request, take the line end off what it reads
    (`tr -d '[:cntrl:]' < name.txt`).
    """
    found = list(_values(certificate, case))
    if not found:
        return None
    first = found[0]
    named = _WORDS.get(next(filter(is_control, first.text)), "a control character")
    more = f", and {len(found) - 1} more" if len(found) > 1 else ""
    return Violation(
        f'{first.where} "{safe(first.text, 80)}" of {case.named(certificate)} has {named} in it'
        f"{more}",
        wanted="names without control characters",
        found=[f"{each.where}: {safe(each.text, 80)}" for each in found[:20]],
        certificates=(certificate,),
        explained_by=OF_THE_CONFIGURED if case.hierarchy.is_predicted(certificate) else frozenset(),
    )


def _values(certificate: Certificate, case: Case) -> Iterator[Value]:
    """Values with control characters; of an issuer's name only where no issuer speaks for it."""
    yield from _of_name("subject", certificate.subject_raw)
    if case.issuer(certificate) is None and certificate.issuer_raw != certificate.subject_raw:
        yield from _of_name("issuer", certificate.issuer_raw)
    names = certificate.alt_names
    if names is None:
        return
    for word, texts in (("dNSName", names.dns), ("rfc822Name", names.email)):
        for text in texts:
            if controlled(text):
                yield Value(f"the {word}", text)
    for raw in names.directory:
        yield from _of_name("directoryName", raw)


def _of_name(field: str, raw: bytes) -> Iterator[Value]:
    try:
        read: Name = name(raw)
    except (Malformed, Unreadable):
        return  # what cannot be read is a finding of its own
    for rdn in read.rdns:
        for kind, _, value in rdn:
            if isinstance(value, str) and controlled(value):
                short = SHORT.get(kind, kind)
                yield Value(f"the {IN_WORDS.get(short, short)} in the {field}", value)
