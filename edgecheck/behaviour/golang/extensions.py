"""What Go decodes of extensions beside those that `parse` has: processExtensions of parser.go.

src/crypto/x509/parser.go at 1.19 and 1.27, with cryptobyte's readers: lengths are those of DER, and
bytes behind what is read do not matter. The first that cannot be decoded fails the certificate,
and with it the handshake; of the trusted ones, such a certificate is left out.
"""

from functools import lru_cache

from edgecheck.behaviour import raw
from edgecheck.behaviour.golang.addresses import mailbox, valid_domain
from edgecheck.behaviour.golang.records import V1_24
from edgecheck.reading import certificate as reading
from edgecheck.reading import der
from edgecheck.reading.der import Malformed
from edgecheck.reading.extensions import BasicConstraints
from edgecheck.reading.hostnames import as_address

_URI, _NAME, _KEY_ID = 0x86, 0xA0, 0x80
_MOST_ARC = 1 << 31
_INT64 = 8


class _String:
    """cryptobyte.String: what is left of the data, from `at` to `end`."""

    __slots__ = ("at", "data", "end")

    def __init__(self, data: bytes, at: int = 0, end: int | None = None) -> None:
        self.data = data
        self.at = at
        self.end = len(data) if end is None else end

    def __bool__(self) -> bool:
        return self.at < self.end

    @property
    def left(self) -> bytes:
        """As bytes."""
        return self.data[self.at : self.end]

    def peek(self, tag: int) -> bool:
        return self.at < self.end and self.data[self.at] == tag

    def read(self, tag: int) -> "_String":
        """ReadASN1. Raises Malformed: another tag, or no DER."""
        found, start, self.at = der.element(self.data, self.at, self.end)
        if found != tag:
            raise Malformed(f"tag 0x{found:02x} where 0x{tag:02x} was expected")
        return _String(self.data, start, self.at)

    def integer(self, tag: int) -> None:
        """ReadASN1Int64WithTag."""
        content = self.read(tag).left
        der.integer(content)
        if len(content) > _INT64:
            raise Malformed("an INTEGER of more than 64 bits")

    def oid(self) -> None:
        """ReadASN1ObjectIdentifier: arcs of 31 bits, and none that begins with zeros."""
        content = self.read(der.OID).left
        if not content:
            raise Malformed("an OBJECT IDENTIFIER without contents")
        arc, octets = 0, 0
        for octet in content:
            if octets == 5 or arc >= _MOST_ARC >> 7:
                raise Malformed("an OBJECT IDENTIFIER with a number of more than 31 bits")
            arc, octets = arc << 7 | octet & 0x7F, octets + 1
            if not octet & 0x80:
                arc, octets = 0, 0
        if octets:
            raise Malformed("an OBJECT IDENTIFIER that is cut short")


@lru_cache(maxsize=256)
def basic_constraints(value: bytes) -> BasicConstraints:
    """parseBasicConstraintsExtension: what stands behind the two fields does not matter.

    Raises:
        Malformed: "invalid basic constraints", and a letter for the field, as 1.19 tells it.
    """
    ca, length, field = b"\0", -1, "a"
    try:
        fields, field = _String(value).read(der.SEQUENCE), "b"
        if fields.peek(der.BOOLEAN):
            ca = fields.read(der.BOOLEAN).left
        if ca not in (b"\0", b"\xff"):
            raise Malformed(field)
        field = "c"
        if fields.peek(der.INTEGER):
            content = fields.read(der.INTEGER).left
            length = der.integer(content)
            if len(content) > _INT64:
                raise Malformed(field)
    except Malformed:
        raise Malformed(field) from None
    return BasicConstraints(ca != b"\0", length if length >= 0 else None)


def wrong_authority(value: bytes) -> bool:
    """Whether an authorityKeyIdentifier is invalid: only the key identifier is read."""
    try:
        fields = _String(value).read(der.SEQUENCE)
        if fields.peek(_KEY_ID):
            fields.read(_KEY_ID)
    except Malformed:
        return True
    return False


@lru_cache(maxsize=256)
def undecodable(kind: bytes, value: bytes, version: tuple[int, int]) -> str | None:
    """Return Go's error for an extension that it cannot decode, without `x509: `; else None."""
    at = "CRL distribution points"
    try:
        if kind == reading.EXT_CRL_DISTRIBUTION_POINTS:
            points = _String(value).read(der.SEQUENCE)
            at = "CRL distribution point"
            _points(points)
        elif kind == reading.EXT_AUTHORITY_INFO_ACCESS:
            at = "authority info access"
            _access(_String(value).read(der.SEQUENCE))
        elif kind == reading.EXT_POLICIES:
            at = "certificate policies"
            _policies(_String(value).read(der.SEQUENCE), version)
        elif kind == reading.EXT_NAME_CONSTRAINTS:
            at = "NameConstraints extension"
            return _wrong_limits(raw.subtrees(value))
        elif version < V1_24:
            return None
        elif kind == reading.EXT_POLICY_CONSTRAINTS:
            at = "policy constraints extension"
            _constraints(_String(value).read(der.SEQUENCE))
        elif kind == reading.EXT_POLICY_MAPPINGS:
            at = "policy mappings extension"
            _mappings(_String(value).read(der.SEQUENCE))
        elif kind == reading.EXT_INHIBIT_ANY_POLICY:
            at = "inhibit any policy extension"
            _String(value).integer(der.INTEGER)
    except Malformed:
        return f"invalid {at}"
    return None


def _points(points: _String) -> None:
    while points:
        point = points.read(der.SEQUENCE)
        if point.peek(_NAME):
            names = point.read(_NAME).read(_NAME)
            while names.peek(_URI):
                names.read(_URI)


def _access(descriptions: _String) -> None:
    while descriptions:
        description = descriptions.read(der.SEQUENCE)
        description.oid()
        if description.peek(_URI):
            description.read(_URI)


def _policies(entries: _String, version: tuple[int, int]) -> None:
    seen = set()
    while entries:
        entry = entries.read(der.SEQUENCE)
        if version < V1_24:
            entry.oid()
            continue
        policy = entry.read(der.OID).left
        if policy in seen:
            raise Malformed("a policy that is there twice")
        seen.add(policy)
        der.oid_text(policy)  # newOIDFromDER: neither cut short nor with superfluous zeros


def _constraints(fields: _String) -> None:
    for tag in (0x80, 0x81):
        if fields.peek(tag):
            fields.integer(tag)


def _mappings(entries: _String) -> None:
    while entries:
        entry = entries.read(der.SEQUENCE)
        entry.read(der.OID)
        entry.read(der.OID)


def _wrong_limits(held: raw.Constraints) -> str | None:
    """What parseNameConstraintsExtension says of bases that it cannot take."""
    if not held.permitted and not held.excluded:
        return "empty name constraints extension"
    for tag, value in (*held.permitted, *held.excluded):
        if tag == raw.IP:
            wrong = _network(value)
        elif tag in _BASES:
            wrong = _base(tag, value)
        else:
            continue
        if wrong is not None:
            return wrong
    return None


_BASES = {raw.DNS: "dnsName", raw.EMAIL: "rfc822Name", raw.URI: "URI"}


def _base(tag: int, value: bytes) -> str | None:
    """What parseNameConstraintsExtension says of a base that is text."""
    if not value.isascii():
        text = value.decode("utf-8", "backslashreplace")
        return f'invalid constraint value: x509: "{text}" cannot be encoded as an IA5String'
    text = value.decode("ascii")
    told = f'failed to parse {_BASES[tag]} constraint "{text}"'
    if tag == raw.URI and as_address(text) is not None:
        return f"{told}: cannot be IP address"
    if tag == raw.EMAIL and "@" in text:
        return told if mailbox(text) is None else None
    return None if valid_domain(text.removeprefix(".")) else told


def _network(value: bytes) -> str | None:
    """The same of an address with its mask."""
    half = len(value) // 2
    if half not in (4, 16) or len(value) % 2:
        return f"IP constraint contained value of length {len(value)}"
    mask = int.from_bytes(value[half:], "big")
    free = mask ^ ((1 << 8 * half) - 1)
    return f"IP constraint contained invalid mask {value[half:].hex()}" if free & free + 1 else None
