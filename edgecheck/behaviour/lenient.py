"""Certificates as lenient libraries read them: facts that RFC 5280 forbids, as they stand.

A `Certificate` refuses to tell a fact that is encoded against the rules. Most libraries do not
care: they take a version that does not exist, the first of two equal extensions, a list of usages
without an entry, a path length below zero. Their models look at copies that tell these.
"""

import contextlib
from collections.abc import Callable, Sequence
from typing import Any

from edgecheck.behaviour import raw
from edgecheck.behaviour.damaged import DAMAGED
from edgecheck.behaviour.strictly import Told
from edgecheck.behaviour.view import View
from edgecheck.reading import certificate as reading
from edgecheck.reading import der, extensions
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.der import Malformed
from edgecheck.reading.times import rolled

Certificates = tuple[Certificate, ...]


def lenient(view: View, otherwise: Told | None = None, of_trusted: Told | None = None) -> View:
    """The view with copies in the place of certificates that do not tell all facts.

    Args:
        view: as sent.
        otherwise: what stands for facts that cannot be read even so.
        of_trusted: the same for what the client trusts; None: as `otherwise`.
    """
    if not any(one.damage for one in (*view.presented, *view.trust)):
        return view
    copies: dict[Certificate, Certificate] = {}
    above = otherwise if of_trusted is None else of_trusted

    def told_of(one: Certificate) -> Certificate:
        return told(one, above if one.der in view.trusted else otherwise)

    presented, trust = (
        tuple(copies.setdefault(one, told_of(one)) if one.damage else one for one in certificates)
        for certificates in (view.presented, view.trust)
    )
    return _apart(view, presented, trust)


def _apart(view: View, presented: Certificates, trust: Certificates) -> View:
    """The view of copies, which shares no facts with that of their originals."""
    other = view.with_certificates(presented, trust)
    other.facts = {}
    return other


def replaced(view: View, copy_of: Callable[[Certificate], Certificate | None]) -> View:
    """The view with copies of those damaged certificates of which there is one."""
    copies = {
        one: copy
        for one in (*view.presented, *view.trust)
        if one.damage and (copy := copy_of(one)) is not None
    }
    if not copies:
        return view
    presented, trust = (
        tuple(copies.get(one, one) for one in certificates)
        for certificates in (view.presented, view.trust)
    )
    return _apart(view, presented, trust)


def rolled_days(view: View) -> View:
    """The view with copies of certificates with a time of a day that its month has not."""

    def copy_of(one: Certificate) -> Certificate | None:
        odd = [fact for fact in ("not_before", "not_after") if fact in one.damage]
        if not odd:
            return None
        copy = copied(one)
        for fact in odd:
            with contextlib.suppress(Malformed, Unreadable):
                setattr(copy, fact, rolled(getattr(one, f"{fact}_raw")))
                del copy.damage[fact]
        return copy

    return replaced(view, copy_of)


def copied(certificate: Certificate) -> Certificate:
    """A copy that may tell other facts."""
    copy = Certificate.__new__(Certificate)
    copy.damage = dict(certificate.damage)
    for slot in Certificate.__slots__:
        if slot in ("damage", "noted"):
            continue
        with contextlib.suppress(AttributeError, Unreadable):
            setattr(copy, slot, getattr(certificate, slot))
    return copy


def told(certificate: Certificate, otherwise: Told | None = None) -> Certificate:
    """A copy with what can be told; equal to the original, as its DER is."""
    copy = copied(certificate)
    for fact, (kind, read) in _FACTS.items():
        for reads in (read, (otherwise or {}).get(fact)):
            if fact in copy.damage and reads is not None and kind in copy.extensions:
                with contextlib.suppress(*DAMAGED):
                    setattr(copy, fact, reads(copy.extensions[kind]))
                    del copy.damage[fact]
    if "version" in copy.damage:
        with contextlib.suppress(*DAMAGED):
            copy.version = raw.version(copy)
            del copy.damage["version"]
    return copy


_CONSTRAINTS: tuple[list[int], ...] = ([], [der.BOOLEAN], [der.INTEGER], [der.BOOLEAN, der.INTEGER])


def _basic_constraints(value: bytes) -> extensions.BasicConstraints:
    """Any BOOLEAN but zero is TRUE; a path length may be negative.

    Raises:
        Malformed: something else is there, which libraries take in different ways.
    """
    start, end = der.only(value, der.SEQUENCE, "basicConstraints")
    parts = der.elements(value, start, end)
    if [tag for tag, _, _ in parts] not in _CONSTRAINTS:
        raise Malformed("basicConstraints: more than cA and a path length")
    ca, length = False, None
    for tag, first, last in parts:
        if tag == der.BOOLEAN:
            ca = any(value[first:last])
        else:
            length = int.from_bytes(value[first:last], signed=True)
    return extensions.BasicConstraints(ca, length)


def _usages(value: bytes) -> tuple[str, ...]:
    """Perhaps none at all."""
    return extensions.extended_key_usage(value) if value != b"\x30\x00" else ()


_FACTS: dict[str, tuple[bytes, Callable[[bytes], Any]]] = {
    "basic_constraints": (reading.EXT_BASIC_CONSTRAINTS, _basic_constraints),
    "key_usage": (reading.EXT_KEY_USAGE, extensions.key_usage),
    "extended_key_usage": (reading.EXT_EXTENDED_KEY_USAGE, _usages),
    "subject_key_id": (reading.EXT_SUBJECT_KEY_ID, extensions.subject_key_id),
    "authority_key_id": (reading.EXT_AUTHORITY_KEY_ID, extensions.authority_key_id),
}

NAMES = "alt_names"


def first_values(view: View, facts: Sequence[str] = (*_FACTS, NAMES)) -> View:
    """The view with copies of certificates where bytes stand behind the value of an extension."""

    def copy_of(one: Certificate) -> Certificate | None:
        behind = [fact for fact in facts if raw.has_more_behind(one, fact)]
        if not behind:
            return None
        copy = copied(one)
        for fact in behind:
            with contextlib.suppress(Unreadable):
                setattr(copy, fact, raw.first_of(one, fact))
                del copy.damage[fact]
        if NAMES in behind:
            value = copy.extensions[reading.EXT_SUBJECT_ALT_NAME]
            value = value[: der.element(value, 0, len(value))[2]]
            copy.extensions = {**copy.extensions, reading.EXT_SUBJECT_ALT_NAME: value}
        return copy

    return replaced(view, copy_of)
