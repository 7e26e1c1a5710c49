"""Which extensions .NET's own code decodes, after OpenSSL has built the chain.

CertificatePolicy.cs and the structures beside it (System.Security.Cryptography at 8.0): those about
policies, of every certificate of the chain, by DER, and nothing may stand behind them. What it
cannot decode throws a CryptographicException out of the handshake. What OpenSSL cannot decode
fails before (`openssl.extensions`).
"""

from functools import lru_cache

from edgecheck.reading import certificate as reading
from edgecheck.reading import der
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.der import Malformed
from edgecheck.reading.extensions import SERVER_AUTH

APPLICATION_POLICIES = bytes.fromhex("2b06010401823715 0a")
_LENGTH = (
    "The encoded length is not valid under the requested encoding rules, the value may be valid "
    "under the BER encoding."
)
_TOO_LONG = "The encoded length exceeds the number of bytes remaining in the input buffer."
_NO_TAG = "The provided data does not represent a valid tag."
_INVALID = "The ASN.1 value is invalid."
MORE = (
    "The last expected value has been read, but the reader still has pending data. This value may "
    "be from a newer schema, or is corrupt."
)
_CLASSES = ("Universal", "Application", "ContextSpecific", "Private")
_INT32 = 4


class _Reader:
    """AsnValueReader: the elements from one offset to another."""

    def __init__(self, data: bytes, at: int, end: int) -> None:
        self.data, self.at, self.end = data, at, end

    def __bool__(self) -> bool:
        return self.at < self.end

    def element(self, expected: int | None) -> tuple[int, int]:
        """Start and end of the contents of the next one, of which the tag is known."""
        data, at, end = self.data, self.at, self.end
        if at >= end or (data[at] & 0x1F) == 0x1F:
            raise Malformed(_NO_TAG)
        tag, start = data[at], at + 2
        if start > end:
            raise Malformed(_TOO_LONG)
        length = data[at + 1]
        if length == 0x80:
            raise Malformed(_LENGTH)
        if length > 0x80:
            octets = data[start : start + length - 0x80]
            start += length - 0x80
            if start > end:
                raise Malformed(_TOO_LONG)
            length = int.from_bytes(octets)
            if length < 0x80 or not octets[0]:
                raise Malformed(_LENGTH)
        if expected is not None and tag != expected:
            told = f"class value '{tag & 0x1F}', but it should have been"
            raise Malformed(
                f"The provided data is tagged with '{_CLASSES[tag >> 6]}' {told} "
                f"'{_CLASSES[expected >> 6]}' class value '{expected & 0x1F}'."
            )
        if start + length > end:
            raise Malformed(_TOO_LONG)
        self.at = start + length
        return start, self.at

    def inside(self, expected: int) -> "_Reader":
        """The contents of the next one."""
        return _Reader(self.data, *self.element(expected))

    def oid(self) -> bytes:
        start, end = self.element(der.OID)
        content = self.data[start:end]
        try:
            der.oid_text(content)
        except Malformed:
            raise Malformed(_INVALID) from None
        return content

    def small(self, tag: int) -> int | None:
        """An INTEGER; None, and nothing is taken, where it does not fit into 32 bits."""
        before = self.at
        start, end = self.element(tag)
        content = self.data[start:end]
        try:
            number = der.integer(content)
        except Malformed:
            raise Malformed(_INVALID) from None
        if len(content) > _INT32:
            self.at = before
            return None
        return number

    def done(self) -> None:
        if self:
            raise Malformed(MORE)


def _whole(value: bytes) -> _Reader:
    """The contents of the SEQUENCE that a value is."""
    outer = _Reader(value, 0, len(value))
    within = outer.inside(der.SEQUENCE)
    outer.done()
    return within


def _policies(value: bytes) -> tuple[bytes, ...]:
    found, entries = [], _whole(value)
    while entries:
        entry = entries.inside(der.SEQUENCE)
        found.append(entry.oid())
        if entry:
            entry.element(None)
        entry.done()
    return tuple(found)


def _mappings(value: bytes) -> None:
    entries = _whole(value)
    while entries:
        entry = entries.inside(der.SEQUENCE)
        entry.oid()
        entry.oid()
        entry.done()


def _constraints(value: bytes) -> int | None:
    """The number of requireExplicitPolicy."""
    fields, explicit = _whole(value), None
    for tag in (0x80, 0x81):
        if fields and fields.data[fields.at] == tag:
            number = fields.small(tag)
            if number is None:
                break
            explicit = number if tag == 0x80 else explicit
    fields.done()
    return explicit


def _inhibit_any(value: bytes) -> None:
    reader = _Reader(value, 0, len(value))
    reader.small(der.INTEGER)
    reader.done()


_READERS = {
    APPLICATION_POLICIES: _policies,
    reading.EXT_POLICIES: _policies,
    reading.EXT_POLICY_MAPPINGS: _mappings,
    reading.EXT_POLICY_CONSTRAINTS: _constraints,
    reading.EXT_INHIBIT_ANY_POLICY: _inhibit_any,
}


@lru_cache(maxsize=256)
def undecodable(kind: bytes, value: bytes) -> str | None:
    """Return what .NET says of an extension that its own code cannot decode; None: it can."""
    try:
        if kind in _READERS:
            _READERS[kind](value)
    except Malformed as wrong:
        return str(wrong)
    return None


def thrown(certificate: Certificate) -> str | None:
    """Return what is thrown at a certificate of the chain; None: nothing.

    ExtKeyUsage is read too, where no application policies stand for it.
    """
    told = (undecodable(kind, value) for kind, value in certificate.extensions.items())
    found = next((one for one in told if one is not None), None)
    usages = certificate.extensions.get(reading.EXT_EXTENDED_KEY_USAGE)
    if found is not None or usages is None or APPLICATION_POLICIES in certificate.extensions:
        return found
    return _wrong_usages(usages)


@lru_cache(maxsize=256)
def _wrong_usages(value: bytes) -> str | None:
    """ReadExtendedKeyUsageExtension: a SEQUENCE of OBJECT IDENTIFIERs, and nothing behind."""
    try:
        entries = _whole(value)
        while entries:
            entries.oid()
    except Malformed as wrong:
        return str(wrong)
    return None


def explicit_policy(certificate: Certificate) -> int | None:
    """After how many certificates a policy is required, as policyConstraints say, if they do."""
    value = certificate.extensions.get(reading.EXT_POLICY_CONSTRAINTS)
    return None if value is None else _constraints(value)


def application_policies(certificate: Certificate) -> tuple[bytes, ...] | None:
    """Microsoft's application policies, which stand for extKeyUsage; None: there are none."""
    value = certificate.extensions.get(APPLICATION_POLICIES)
    return None if value is None else _policies(value)


def excludes_servers(certificate: Certificate) -> bool:
    """Whether application policies are there and serverAuth is none of them."""
    found = application_policies(certificate)
    return found is not None and der.oid_content(SERVER_AUTH) not in found
