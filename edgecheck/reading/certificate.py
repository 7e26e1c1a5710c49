"""One certificate: its facts, each read once.

`cryptography` loads the certificate and so vets its DER; one walk slices it (`quick.py`), and
the facts that every chain is judged by are decoded at once into plain slots. A fact
that nearly no chain needs is decoded on first use. A fact that cannot be read leaves
its slot empty, and asking for it raises `Unreadable`: a good certificate pays nothing
for damage.
"""

import hashlib
from collections.abc import Callable, Collection, Hashable, Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from cryptography import x509

from edgecheck.reading import extensions as values
from edgecheck.reading import names
from edgecheck.reading.der import Malformed
from edgecheck.reading.plainly import plainly
from edgecheck.reading.text import quoted
from edgecheck.values import frozen

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

EXT_SUBJECT_KEY_ID = bytes.fromhex("551d0e")
EXT_KEY_USAGE = bytes.fromhex("551d0f")
EXT_SUBJECT_ALT_NAME = bytes.fromhex("551d11")
EXT_ISSUER_ALT_NAME = bytes.fromhex("551d12")
EXT_BASIC_CONSTRAINTS = bytes.fromhex("551d13")
EXT_NAME_CONSTRAINTS = bytes.fromhex("551d1e")
EXT_CRL_DISTRIBUTION_POINTS = bytes.fromhex("551d1f")
EXT_POLICIES = bytes.fromhex("551d20")
EXT_POLICY_MAPPINGS = bytes.fromhex("551d21")
EXT_AUTHORITY_KEY_ID = bytes.fromhex("551d23")
EXT_POLICY_CONSTRAINTS = bytes.fromhex("551d24")
EXT_EXTENDED_KEY_USAGE = bytes.fromhex("551d25")
EXT_AUTHORITY_INFO_ACCESS = bytes.fromhex("2b06010505070101")
EXT_INHIBIT_ANY_POLICY = bytes.fromhex("551d36")

FACT_NAMES = {
    "serial": "serialNumber",
    "not_before": "notBefore",
    "not_after": "notAfter",
    "public_key": "subjectPublicKeyInfo",
    "basic_constraints": "basicConstraints",
    "key_usage": "keyUsage",
    "extended_key_usage": "extKeyUsage",
    "subject_key_id": "subjectKeyIdentifier",
    "authority_key_id": "authorityKeyIdentifier",
    "alt_names": "subjectAltName",
}
"""Facts whose name in a certificate's syntax differs from the attribute's."""


@frozen
class Origin:
    """Where a certificate was found: lines are 1-based, None for binary input."""

    source: str
    index: int
    first_line: int | None = None
    last_line: int | None = None


class Unreadable(Exception):
    """A fact of a certificate that cannot be decoded; never a reason to stop."""

    def __init__(self, certificate: "Certificate", fact: str, because: str) -> None:
        """Say which fact of which certificate, and why."""
        name = FACT_NAMES.get(fact, fact)
        super().__init__(f"{name}: {because.removeprefix(f'{name}: ')}")
        self.certificate = certificate
        self.fact = fact
        self.because = because

    def __reduce__(self) -> tuple[Any, ...]:
        """So that it can be raised in one process and caught in another."""
        return type(self), (self.certificate, self.fact, self.because)


class Certificate:
    """The facts of one certificate. Equal to another when the DER is equal.

    Times are whole seconds since 1970-01-01T00:00:00Z. An extension's fact is None where
    the extension is absent. Reading a fact that cannot be decoded raises `Unreadable`.
    """

    __slots__ = (
        "alt_names",
        "authority_key_id",
        "basic_constraints",
        "critical",
        "damage",
        "der",
        "duplicate_extensions",
        "extended_key_usage",
        "extensions",
        "issuer",
        "issuer_raw",
        "key_usage",
        "loaded",
        "not_after",
        "not_after_raw",
        "not_before",
        "not_before_raw",
        "noted",
        "public_key",
        "serial",
        "sha256",
        "signature",
        "signature_algorithm",
        "spki",
        "subject",
        "subject_key_id",
        "subject_raw",
        "tbs",
        "tbs_signature_algorithm",
        "version",
    )

    der: bytes
    damage: dict[str, str]
    """Facts that cannot be read, and why."""
    loaded: x509.Certificate | None
    """What `cryptography` made of it; None when it refused the certificate."""
    sha256: str
    tbs: bytes
    version: int
    """1, 2 or 3."""
    serial: int
    signature_algorithm: bytes
    """DER of the outer AlgorithmIdentifier."""
    tbs_signature_algorithm: bytes
    signature: bytes
    issuer_raw: bytes
    subject_raw: bytes
    issuer: names.Name
    subject: names.Name
    not_before: int
    not_after: int
    not_before_raw: bytes
    """DER of the time, header included."""
    not_after_raw: bytes
    spki: bytes
    """DER of subjectPublicKeyInfo."""
    public_key: Any
    """A public key of `cryptography`."""
    extensions: dict[bytes, bytes]
    """Contents of each extension's OCTET STRING by the contents of its identifier."""
    critical: frozenset[bytes]
    duplicate_extensions: Collection[bytes]
    basic_constraints: values.BasicConstraints | None
    key_usage: int | None
    extended_key_usage: tuple[str, ...] | None
    subject_key_id: bytes | None
    authority_key_id: values.AuthorityKeyId | None
    alt_names: values.GeneralNames | None
    noted: dict[Hashable, Any]
    """What was worked out of the certificate, by a key of whoever keeps it here."""

    if not TYPE_CHECKING:

        def __getattr__(self, fact: str) -> Any:
            """Called for an empty slot: a late fact, or one that cannot be read."""
            if fact in self.damage:
                raise Unreadable(self, fact, self.damage[fact])
            late = _LATE.get(fact)
            if late is None:
                raise AttributeError(fact)
            try:
                value = late(self)
            except Malformed as wrong:
                self.damage[fact] = str(wrong)
                raise Unreadable(self, fact, str(wrong)) from None
            setattr(self, fact, value)
            return value

    def __eq__(self, other: object) -> bool:
        """Equal when the bytes are."""
        return isinstance(other, Certificate) and self.der == other.der

    def __hash__(self) -> int:
        """Hash of the bytes, which Python keeps with them."""
        return hash(self.der)

    def __repr__(self) -> str:
        """One line: the name that it was given, escaped, and the beginning of its fingerprint."""
        try:
            name = self.subject.common_name or str(self.subject)
        except (Unreadable, Malformed):
            return f"<Certificate with an unreadable subject {self.sha256[:16]}>"
        return f"<Certificate {quoted(name)} {self.sha256[:16]}>"

    def __deepcopy__(self, memo: object) -> "Certificate":
        """Itself: it never changes."""
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        """Its bytes are all of it: what they say is read anew."""
        return _again, (self.der,)

    @property
    def is_ca(self) -> bool:
        """Whether basicConstraints says CA:TRUE. Raises `Unreadable`."""
        return self.basic_constraints is not None and self.basic_constraints.ca

    @property
    def is_self_issued(self) -> bool:
        """Whether subject and issuer are the same name (RFC 5280, section 3.2)."""
        return names.same_name(self.subject_raw, self.issuer_raw)


def _again(data: bytes) -> Certificate:
    """The certificate that was read of these bytes before."""
    from edgecheck.reading.loading import load

    read = load(data)
    if isinstance(read, str):
        raise ValueError(f"no certificate: {read}")
    return read


def moment(seconds: int) -> datetime:
    """The aware UTC datetime of whole seconds since 1970-01-01T00:00:00Z."""
    return EPOCH + timedelta(seconds=seconds)


def written(seconds: int, form: str) -> str:
    """The same moment by the form of `strftime`, or on which side of the calendar it lies.

    A time that DER does not allow, with a zone, can lie before the year 1 or after 9999.
    """
    try:
        return moment(seconds).strftime(form)
    except OverflowError:
        return "before the year 1" if seconds < 0 else "after the year 9999"


TWICE = "the extension is there twice"


def _public_key(certificate: Certificate) -> Any:
    if certificate.loaded is None:
        raise Malformed("the certificate could not be loaded")
    try:
        return certificate.loaded.public_key()
    except Exception as wrong:  # what a key can be refused for is cryptography's to say
        raise Malformed(plainly(wrong)) from None


_LATE: dict[str, Callable[[Certificate], Any]] = {
    "sha256": lambda certificate: hashlib.sha256(certificate.der).hexdigest(),
    "subject": lambda certificate: names.name(certificate.subject_raw),
    "issuer": lambda certificate: names.name(certificate.issuer_raw),
    "public_key": _public_key,
    "noted": lambda certificate: {},
}


def damage(certificate: Certificate) -> dict[str, str]:
    """Return what of it cannot be read, by fact: all of it, and not only what was asked so far."""
    for late in ("subject", "issuer", "public_key"):
        with suppress(Unreadable):
            getattr(certificate, late)
    return certificate.damage


def each_once(certificates: Iterable[Certificate]) -> list[Certificate]:
    """The certificates in order, without repetition."""
    return list({certificate.der: certificate for certificate in certificates}.values())


def same_subject(one: Certificate, other: Certificate) -> bool:
    """Whether the subjects are equal by RFC 5280, section 7.1; as bytes where one is unreadable."""
    try:
        return one.subject.same(other.subject)
    except Unreadable:
        return one.subject_raw == other.subject_raw
