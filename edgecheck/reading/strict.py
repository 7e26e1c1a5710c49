"""What is not DER in a certificate: which field, which bytes, what is wrong with them.

`cryptography` says of a certificate that it refuses little more than that. This walk is
lenient where BER is, so that one fault does not hide the next one, and notes every place
where X.690 and the syntax of RFC 5280, appendix A, are broken. The contents of extensions
are not its business, and neither are those of attributes: see `strings.py`.
"""

from contextlib import suppress
from functools import lru_cache

from edgecheck.reading import der, pss
from edgecheck.reading.ber import (
    BITS,
    BOOLEAN,
    CUT,
    DEFAULT,
    EMPTY,
    INTEGER,
    OID,
    PARAMETERS,
    SET_ORDER,
    STRING,
    TIME,
    TRAILING_BITS,
    VERSION,
    Element,
    Fault,
    LostError,
    Walk,
)
from edgecheck.reading.certificate import FACT_NAMES, Certificate
from edgecheck.reading.der import Malformed
from edgecheck.reading.late import late
from edgecheck.reading.strings import unlawful
from edgecheck.reading.text import number
from edgecheck.reading.times import instant

_CONTEXT_0, _CONTEXT_3 = 0xA0, 0xA3
_NULL = 5
_RSA = bytes.fromhex("2a864886f70d0101")
_RSA_PSS = _RSA + b"\x0a"
_OTHER_RSA = (_RSA + b"\x07", _RSA + b"\x08", _RSA + b"\x09", _RSA_PSS)
"""OAEP, MGF1, PSpecified and PSS, whose parameters say more."""
_WITHOUT = (bytes.fromhex("2a8648ce3d0403"), bytes.fromhex("2a8648ce3d0401"), b"\x2b\x65")
"""ECDSA, and the algorithms of RFC 8410."""
LARGE_NUMBER = ", one of its numbers beyond 31 bits"
_LARGE = late(rb"[\x88-\xff][\x80-\xff]{3}[^\x80-\xff]|[\x80-\xff]{5}")
_UNIQUE = {0x81: "issuerUniqueID", 0x82: "subjectUniqueID"}


@lru_cache(maxsize=256)
def faults(data: bytes) -> tuple[Fault, ...]:
    """Every fault of a certificate's DER, in the order of its fields."""
    walk = _Walk(data)
    try:
        walk.certificate()
    except LostError:
        pass
    except RecursionError:
        walk.note(CUT, "certificate", "elements within elements without end", 0)
    return tuple(walk.found)


def harmless(certificate: Certificate) -> bool:
    """Whether nothing but what no client minds keeps a certificate from being DER.

    Its facts can then be read without doubt, and what its signature covers are its bytes.
    """
    if certificate.damage or (
        certificate.signature_algorithm != certificate.tbs_signature_algorithm
    ):
        return False
    found = faults(certificate.der)
    return bool(found) and all(one.kind in _HARMLESS or _minor(one) for one in found)


_HARMLESS = (SET_ORDER, DEFAULT, TRAILING_BITS)


def _minor(fault: Fault) -> bool:
    if fault.kind == STRING:
        return fault.found[:1] == b"\x13" and ("'&'" in fault.told or "'*'" in fault.told)
    return fault.kind == PARAMETERS and "NULL where" in fault.told


class _Walk(Walk):
    # --- the certificate

    def certificate(self) -> None:
        whole = self.element(0, len(self.data), "certificate")
        if not self.wanted(der.SEQUENCE, whole, "certificate"):
            return
        parts = self.all(
            whole, "certificate", "tbsCertificate", "signatureAlgorithm", "signatureValue"
        )
        for part, read in zip(
            parts, (self.tbs, self.outer_algorithm, self.signature), strict=False
        ):
            read(part)
        if len(parts) < 3:
            self.note(CUT, "certificate", "has no signature", whole.at)
        self.extra(parts[3:], "certificate")

    def outer_algorithm(self, what: Element) -> None:
        self.algorithm(what, "signatureAlgorithm")

    def signature(self, what: Element) -> None:
        self.bits(what, "signatureValue")

    def tbs(self, whole: Element) -> None:
        if not self.wanted(der.SEQUENCE, whole, "tbsCertificate"):
            return
        at, end = whole.start, whole.end
        numbered = at < end and self.data[at] == _CONTEXT_0
        fields = ["version"] * numbered
        fields += ["serialNumber", "signature", "issuer", "validity", "subject"]
        fields += ["subjectPublicKeyInfo"]
        for field in fields:
            what = self.element(at, end, field)
            at = what.next
            if field == "version":
                self.version(what)
            elif field == "serialNumber":
                self.integer(what, field)
            elif field == "signature":
                self.algorithm(what, field)
            elif field == "validity":
                self.validity(what)
            elif field == "subjectPublicKeyInfo":
                self.key(what)
            else:
                self.name(what, field)
        rest = "extensions" if at < end and self.data[at] == _CONTEXT_3 else "tbsCertificate"
        left = self.all(Element(0, at, at, end, end), "tbsCertificate", rest)
        while left and left[0].tag in _UNIQUE:
            self.bits(left[0], _UNIQUE[left.pop(0).tag], implicit=True)
        if left and left[0].tag == _CONTEXT_3:
            self.extensions(left.pop(0))
        self.extra(left, "tbsCertificate")

    def version(self, what: Element) -> None:
        parts = self.all(what, "version")
        if not parts or not self.wanted(der.INTEGER, parts[0], "version"):
            return
        self.integer(parts[0], "version")
        self.extra(parts[1:], "version")
        value = int.from_bytes(self.data[parts[0].start : parts[0].end], "big", signed=True)
        if value == 0:
            self.note(DEFAULT, "version", "spells out version 1, the default", what.at, what.end)
        elif not 0 < value < 3:
            told = f"says {number(value + 1)}, where 1, 2 and 3 exist"
            self.note(VERSION, "version", told, what.at, what.end)

    def validity(self, whole: Element) -> None:
        if not self.wanted(der.SEQUENCE, whole, "validity"):
            return
        parts = self.all(whole, "validity", "notBefore", "notAfter")
        for part, fact in zip(parts, ("not_before", "not_after"), strict=False):
            raw = self.data[part.at : part.next]
            try:
                instant(raw)
            except Malformed as wrong:
                self.note(TIME, FACT_NAMES[fact], str(wrong), part.at, part.next)
            except IndexError:
                self.note(TIME, FACT_NAMES[fact], "is empty", part.at, part.next)
        if len(parts) < 2:
            self.note(CUT, "validity", "does not have two times", whole.at, whole.end)
        self.extra(parts[2:], "validity")

    def key(self, whole: Element) -> None:
        field = "subjectPublicKeyInfo"
        if not self.wanted(der.SEQUENCE, whole, field):
            return
        parts = self.all(whole, field)
        if len(parts) < 2:
            self.note(CUT, field, "does not have an algorithm and a key", whole.at, whole.end)
            return
        self.algorithm(parts[0], f"{field}: algorithm")
        self.bits(parts[1], f"{field}: subjectPublicKey")
        self.extra(parts[2:], field)

    def name(self, whole: Element, field: str) -> None:
        if not self.wanted(der.SEQUENCE, whole, field):
            return
        for rdn in self.all(whole, field):
            if not self.wanted(der.SET, rdn, field):
                continue
            attributes = self.all(rdn, field)
            written = [self.data[one.at : one.next] for one in attributes]
            if written != sorted(written):
                told = "has the attributes of one relative name in an order that DER does not have"
                self.note(SET_ORDER, field, told, rdn.at, rdn.end)
            for attribute in attributes:
                self.attribute(attribute, field)

    def attribute(self, whole: Element, field: str) -> None:
        if not self.wanted(der.SEQUENCE, whole, field):
            return
        parts = self.all(whole, field)
        if len(parts) < 2:
            self.note(CUT, field, "has an attribute without a value", whole.at, whole.end)
            return
        self.oid(parts[0], field)
        value = self.data[parts[1].start : parts[1].end]
        told = unlawful(parts[1].tag, value)
        if told:
            self.note(STRING, field, told, parts[1].at, parts[1].end)
        self.extra(parts[2:], field)

    def extensions(self, explicit: Element) -> None:
        parts = self.all(explicit, "extensions")
        if not parts and explicit.start == explicit.end:
            self.note(CUT, "extensions", "has nothing within", explicit.at, explicit.end)
        if not parts or not self.wanted(der.SEQUENCE, parts[0], "extensions"):
            return
        self.extra(parts[1:], "extensions")
        every = self.all(parts[0], "extensions")
        if not every:
            self.note(EMPTY, "extensions", "is an empty list", explicit.at, explicit.end)
        for one in every:
            if self.wanted(der.SEQUENCE, one, "extensions"):
                self.extension(one)

    def extension(self, whole: Element) -> None:
        parts = self.all(whole, "extensions")
        if whole.start == whole.end:
            self.note(CUT, "extensions", "has one without anything in it", whole.at, whole.end)
        if not parts or not self.oid(parts[0], "extensions"):
            return
        field = f"extensions: {extension_name(self.data[parts[0].start : parts[0].end])}"
        left = parts[1:]
        if left and left[0].tag == der.BOOLEAN:
            value = self.data[left[0].start : left[0].end]
            if value == b"\0":
                told = "spells out critical FALSE, the default"
                self.note(DEFAULT, field, told, left[0].at, left[0].end)
            elif value != b"\xff":
                told = f"has a BOOLEAN of 0x{value.hex() or 'nothing'} where DER has 0xff"
                self.note(BOOLEAN, field, told, left[0].at, left[0].end)
            left = left[1:]
        if not left:
            self.note(CUT, field, "has no value", whole.at, whole.end)
            return
        if self.wanted(der.OCTET_STRING, left[0], field):
            self.contents(field.removeprefix("extensions: "), left[0], field)
        self.extra(left[1:], field)

    def contents(self, name: str, value: Element, field: str) -> None:
        """What DER forbids in the two extensions that nearly all have, and readers pass over."""
        data = self.data[value.start : value.end]
        if name == "basicConstraints" and data[:1] == b"\x30" and data[2:5] == b"\1\1\0":
            self.note(DEFAULT, field, "spells out CA:FALSE, the default", value.start, value.end)
        if name != "keyUsage" or data[:1] != b"\3" or len(data) < 4 or data[2] > 7:
            return
        if data[1] != len(data) - 2 or not any(data[3:]):
            return  # it cannot be read, or says nothing, which others say
        unused, last = data[2], data[-1]
        if last & (1 << unused) - 1:
            told = f"has bits set among its {unused} unused ones"
            self.note(BITS, field, told, value.start, value.end)
        elif not last >> unused & 1:
            told = "ends in bits that are not set"
            self.note(TRAILING_BITS, field, told, value.start, value.end)

    # --- values

    def algorithm(self, whole: Element, field: str) -> None:
        if not self.wanted(der.SEQUENCE, whole, field):
            return
        parts = self.all(whole, field)
        if not parts or not self.oid(parts[0], field):
            if not parts:
                self.note(CUT, field, "is empty", whole.at, whole.end)
            return
        self.parameters(self.data[parts[0].start : parts[0].end], parts[1:], whole, field)
        self.extra(parts[2:], field)

    def parameters(
        self, identifier: bytes, given: list[Element], whole: Element, field: str
    ) -> None:
        """RFC 3279, 4055, 5480, 5758 and 8410: NULL for RSA, nothing for what signs with curves."""
        null = bool(given) and given[0].tag == _NULL and given[0].start == given[0].end
        if identifier == _RSA_PSS:
            with suppress(Malformed):
                default = pss.spelled_out(self.data[whole.at : whole.next])
                if default:
                    told = f"spells out {default}, the default of RSASSA-PSS"
                    self.note(DEFAULT, field, told, whole.at, whole.end)
        elif identifier.startswith(_RSA) and identifier not in _OTHER_RSA and not null:
            told = "has other parameters than NULL" if given else "lacks the parameters NULL"
            self.note(PARAMETERS, field, told, whole.at, whole.end)
        elif identifier.startswith(_WITHOUT) and given:
            told = "has parameters NULL" if null else "has parameters"
            told += " where its algorithm has none"
            self.note(PARAMETERS, field, told, whole.at, whole.end)

    def integer(self, what: Element, field: str) -> None:
        if not self.wanted(der.INTEGER, what, field):
            return
        try:
            der.integer(self.data[what.start : what.end])
        except Malformed as wrong:
            self.note(INTEGER, field, f"is {wrong}", what.at, what.end)

    def oid(self, what: Element, field: str) -> bool:
        if not self.wanted(der.OID, what, field):
            return False
        content = self.data[what.start : what.end]
        try:
            der.oid_text(content)
        except Malformed as wrong:
            long = len(content) > der.LONGEST_OID and content[-1] < 0x80  # and not cut short
            large = LARGE_NUMBER if long and _LARGE.search(content) else ""
            self.note(OID, field, f"has {wrong}{large}", what.at, what.end)
        return True

    def bits(self, what: Element, field: str, implicit: bool = False) -> None:
        if not implicit and not self.wanted(der.BIT_STRING, what, field):
            return
        value = self.data[what.start : what.end]
        if not value or value[0] > 7 or (len(value) == 1 and value[0]):
            self.note(BITS, field, "is a BIT STRING without sense", what.at)
        elif value[0] and value[-1] & (1 << value[0]) - 1:
            told = f"has bits set among its {value[0]} unused ones"
            self.note(BITS, field, told, what.at)
        elif value[0] and not implicit:
            self.note(BITS, field, f"has {value[0]} unused bits, not whole bytes", what.at)


def extension_name(identifier: bytes) -> str:
    """An extension's name as RFC 5280 writes it, else its dotted identifier."""
    known = EXTENSIONS.get(identifier)
    if known is not None:
        return known
    try:
        return der.oid_text(identifier)
    except Malformed:
        return identifier.hex()


EXTENSIONS = {
    bytes.fromhex(identifier): name
    for identifier, name in {
        "551d09": "subjectDirectoryAttributes",
        "551d0e": "subjectKeyIdentifier",
        "551d0f": "keyUsage",
        "551d11": "subjectAltName",
        "551d12": "issuerAltName",
        "551d13": "basicConstraints",
        "551d1e": "nameConstraints",
        "551d1f": "cRLDistributionPoints",
        "551d20": "certificatePolicies",
        "551d21": "policyMappings",
        "551d23": "authorityKeyIdentifier",
        "551d24": "policyConstraints",
        "551d25": "extKeyUsage",
        "551d2e": "freshestCRL",
        "551d36": "inhibitAnyPolicy",
        "2b06010505070101": "authorityInfoAccess",
        "2b06010505070107": "ipAddrBlocks (RFC 3779)",
        "2b06010505070108": "autonomousSysIds (RFC 3779)",
        "2b0601050507010e": "proxyCertInfo",
        "2b060104018237150a": "Microsoft's application policies",
        "6086480186f8420101": "nsCertType",
        "2b0601050507010b": "subjectInfoAccess",
    }.items()
}
