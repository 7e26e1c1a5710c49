"""The same facts for a certificate that `cryptography` refuses, field by field.

`asn1crypto` decodes lazily, so one broken field does not hide the others: what can be
read is read, and each fact that cannot says why.
"""

from collections.abc import Callable
from typing import Any

from asn1crypto import core, parser
from asn1crypto import x509 as asn1
from cryptography.hazmat.primitives.serialization import load_der_public_key

from edgecheck.reading import der
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.der import Malformed
from edgecheck.reading.plainly import plainly
from edgecheck.reading.quick import take_extensions
from edgecheck.reading.text import number
from edgecheck.reading.times import instant

_WRONG = Exception
"""What asn1crypto raises over bytes that it does not understand: ValueError mostly, but also
TypeError, KeyError, IndexError, AttributeError, RecursionError."""


def slow(data: bytes) -> Certificate | str:
    """Read a certificate field by field, or say in a sentence why it is none at all."""
    try:
        signed, end = _first(data)
        whole = asn1.Certificate.load(data, strict=False)
        tbs = whole["tbs_certificate"]
        for field in ("issuer", "subject", "validity", "subject_public_key_info"):
            if not tbs[field].dump():
                return f"no {field} in it"
    except _WRONG as wrong:
        return plainly(wrong)
    certificate = Certificate()
    certificate.der = data
    certificate.damage = {}
    certificate.loaded = None
    certificate.tbs = signed
    if end < len(data):
        certificate.damage["end"] = f"{len(data) - end} bytes after the certificate's end"

    def fill(fact: str, read: Callable[[], Any]) -> None:
        try:
            setattr(certificate, fact, read())
        except _WRONG as wrong:
            certificate.damage[fact] = plainly(wrong)

    validity = tbs["validity"]
    fill("version", lambda: _version(tbs))
    fill("serial", lambda: tbs["serial_number"].native)
    fill("signature_algorithm", lambda: whole["signature_algorithm"].dump())
    fill("tbs_signature_algorithm", lambda: tbs["signature"].dump())
    fill("signature", lambda: whole["signature_value"].contents[1:])
    fill("issuer_raw", lambda: tbs["issuer"].dump())
    fill("subject_raw", lambda: tbs["subject"].dump())
    fill("spki", lambda: tbs["subject_public_key_info"].dump())
    fill("not_before_raw", lambda: _chosen(validity["not_before"]))
    fill("not_after_raw", lambda: _chosen(validity["not_after"]))
    fill("not_before", lambda: _instant(validity["not_before"]))
    fill("not_after", lambda: _instant(validity["not_after"]))
    fill("public_key", lambda: load_der_public_key(certificate.spki))
    try:
        take_extensions(certificate, _extensions(tbs))
    except _WRONG as wrong:
        take_extensions(certificate, [])
        for fact in ("basic_constraints", "key_usage", "extended_key_usage"):
            _spoil(certificate, fact, wrong)
        for fact in ("subject_key_id", "authority_key_id", "alt_names"):
            _spoil(certificate, fact, wrong)
    return certificate


def _first(data: bytes) -> tuple[bytes, int]:
    """The bytes of the first element inside, which is what is signed, and the outer one's end.

    As they stand: `dump()` would encode anew what it could not read.
    """
    header, content, trailer = parser.parse(data)[3:]
    return b"".join(parser.parse(content)[3:]), len(header) + len(content) + len(trailer)


def _spoil(certificate: Certificate, fact: str, wrong: Exception) -> None:
    delattr(certificate, fact)
    certificate.damage[fact] = f"the extensions cannot be read: {plainly(wrong)}"


def _version(tbs: Any) -> int:
    version = core.Integer.load(tbs["version"].untag().dump()).native + 1
    if version not in (1, 2, 3):
        raise Malformed(f"version {number(version)}, where 1, 2 and 3 exist")
    return int(version)


def _chosen(time: Any) -> bytes:
    return bytes(time.chosen.dump())


def _instant(time: Any) -> int:
    """A time in a form that DER does not allow still tells when, where it says the zone."""
    try:
        return instant(_chosen(time))
    except Malformed:
        when = time.chosen.native
        if when.tzinfo is None:
            raise Malformed("a time without a zone") from None
        return int(when.timestamp())


def _extensions(tbs: Any) -> list[tuple[bytes, bool, bytes]]:
    """What is in them does not matter here: asn1crypto looks, and stumbles at what it knows."""
    found = []
    whole = tbs["extensions"].dump()
    try:
        return _by_hand(whole) if whole else []
    except Malformed:
        if has_long_identifier(whole):
            raise
    if tbs["extensions"].native is not None or tbs["extensions"].dump():
        for extension in tbs["extensions"]:
            raw = extension["extn_id"].dump()
            start, end = der.only(raw, der.OID, "an extension's identifier")
            value = extension["extn_value"]
            found.append((raw[start:end], bool(extension["critical"].native), value.contents))
    return found


LONGEST_IDENTIFIER = 256
"""Octets of an OBJECT IDENTIFIER; asn1crypto's work grows with the square of them."""


def has_long_identifier(data: bytes) -> bool:
    """Whether one is longer somewhere in nested elements, as far as these can be followed."""
    waiting = [(0, len(data))]
    while waiting:
        at, end = waiting.pop()
        while at < end:
            try:
                tag, start, stop = der.element(data, at, end)
            except Malformed:
                break
            if tag == der.OID and stop - start > LONGEST_IDENTIFIER:
                return True
            if tag & 0x20 or tag == der.OCTET_STRING:
                waiting.append((start, stop))
            at = stop
    return False


def _by_hand(whole: bytes) -> list[tuple[bytes, bool, bytes]]:
    """The same without asn1crypto. Raises `Malformed`."""
    _, start, end = der.element(whole, 0, len(whole))
    if whole[0] == 0xA3:
        _, start, end = der.element(whole, start, end)
    found = []
    for tag, at, stop in der.elements(whole, start, end):
        parts = der.elements(whole, at, stop)
        kinds = [kind for kind, _, _ in parts]
        critical = kinds == [der.OID, der.BOOLEAN, der.OCTET_STRING]
        if tag != der.SEQUENCE or not (critical or kinds == [der.OID, der.OCTET_STRING]):
            raise Malformed("an extension that is not an identifier and a value")
        (_, first, last), (_, a, b) = parts[0], parts[-1]
        is_critical = critical and any(whole[parts[1][1] : parts[1][2]])
        found.append((whole[first:last], is_critical, whole[a:b]))
    return found
