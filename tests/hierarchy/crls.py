"""A small PKI with CRLs, made on the spot: what the tests of revocation share."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding

from edgecheck.hierarchy.links import Signatures
from edgecheck.hierarchy.rfc5280.revocation import Revocation
from edgecheck.hierarchy.rfc5280.revocation_status import Status
from edgecheck.reading import der
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.crl import Crl, read_crl
from edgecheck.reading.der import wrapped
from edgecheck.reading.quick import quick

NOW = datetime(2024, 6, 1, tzinfo=UTC)
AT = int(NOW.timestamp())
DAY = timedelta(days=1)
START, END = NOW - 400 * DAY, NOW + 400 * DAY
UNKNOWN = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00")
HOLD = x509.ReasonFlags.certificate_hold
REMOVE = x509.ReasonFlags.remove_from_crl
COMPROMISE = x509.ReasonFlags.key_compromise

Extended = tuple[x509.ExtensionType, bool]


@dataclass(frozen=True)
class Holder:
    """One who has a name, a key (made of `seed`) and a certificate."""

    name: x509.Name
    seed: str
    certificate: Certificate

    @property
    def key(self) -> Ed25519PrivateKey:
        return key(self.seed)


def key(seed: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(seed.encode()).digest())


def named(text: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, "Contoso"),
            x509.NameAttribute(x509.NameOID.COMMON_NAME, text),
        ]
    )


def usage(*, certificates: bool, crls: bool) -> x509.KeyUsage:
    return x509.KeyUsage(True, False, False, False, False, certificates, crls, False, False)


def issue(
    text: str,
    issuer: Holder | None = None,
    *,
    serial: int = 1,
    ca: bool = True,
    seed: str = "",
    extra: Iterable[Extended] = (),
    key_usage: x509.KeyUsage | None = None,
) -> Holder:
    """A certificate; without an issuer it is self-signed."""
    seed = seed or text
    signer = key(issuer.seed if issuer else seed)
    builder = x509.CertificateBuilder(
        issuer_name=issuer.name if issuer else named(text),
        subject_name=named(text),
        public_key=key(seed).public_key(),
        serial_number=serial,
        not_valid_before=START,
        not_valid_after=END,
        extensions=[],
    ).add_extension(x509.BasicConstraints(ca, None), True)
    skid = x509.SubjectKeyIdentifier.from_public_key(key(seed).public_key())
    builder = builder.add_extension(skid, False)
    if key_usage is not None:
        builder = builder.add_extension(key_usage, True)
    for extension, critical in extra:
        builder = builder.add_extension(extension, critical)
    read = quick(builder.sign(signer, None).public_bytes(Encoding.DER))
    assert read is not None
    return Holder(named(text), seed, read)


def entry(
    serial: int,
    *extensions: Extended | x509.ReasonFlags,
    at: datetime = NOW - DAY,
) -> x509.RevokedCertificate:
    """A revoked certificate; a bare reason becomes the extension for it."""
    builder = x509.RevokedCertificateBuilder(serial, at)
    for given in extensions:
        if isinstance(given, x509.ReasonFlags):
            given = (x509.CRLReason(given), False)
        builder = builder.add_extension(*given)
    return builder.build()


def of(issuer: Holder) -> Extended:
    """The entry extension that names another issuer."""
    return x509.CertificateIssuer([x509.DirectoryName(issuer.name)]), True


@dataclass(frozen=True)
class List:
    """A CRL to be made; `made` gives its bytes read."""

    issuer: Holder
    entries: tuple[x509.RevokedCertificate, ...] = ()
    number: int | None = 1
    base: int | None = None
    scope: x509.IssuingDistributionPoint | None = None
    issued: datetime = NOW - 10 * DAY
    next: datetime = NOW + 10 * DAY
    key_id: str | None = ""
    extra: tuple[Extended, ...] = ()
    signer: str = ""

    def but(self, **changes: object) -> List:
        return replace(self, **changes)  # type: ignore[arg-type]

    def der(self) -> bytes:
        builder = x509.CertificateRevocationListBuilder(
            self.issuer.name, self.issued, self.next, [], list(self.entries)
        )
        if self.key_id is not None:
            public = key(self.key_id or self.signer or self.issuer.seed).public_key()
            aki = x509.AuthorityKeyIdentifier.from_issuer_public_key(public)
            builder = builder.add_extension(aki, False)
        if self.number is not None:
            builder = builder.add_extension(x509.CRLNumber(self.number), False)
        if self.base is not None:
            builder = builder.add_extension(x509.DeltaCRLIndicator(self.base), True)
        if self.scope is not None:
            builder = builder.add_extension(self.scope, True)
        for extension, critical in self.extra:
            builder = builder.add_extension(extension, critical)
        signer = key(self.signer) if self.signer else self.issuer.key
        return builder.sign(signer, None).public_bytes(Encoding.DER)

    def made(self) -> Crl:
        return read_crl(self.der())


def scope(
    *uris: str,
    user: bool = False,
    ca: bool = False,
    attribute: bool = False,
    indirect: bool = False,
    reasons: frozenset[x509.ReasonFlags] | None = None,
) -> x509.IssuingDistributionPoint:
    full = [x509.UniformResourceIdentifier(uri) for uri in uris] or None
    return x509.IssuingDistributionPoint(full, None, user, ca, reasons, indirect, attribute)


def points(*given: x509.DistributionPoint) -> Extended:
    return x509.CRLDistributionPoints(given), False


def point(
    *uris: str,
    reasons: frozenset[x509.ReasonFlags] | None = None,
    issuer: Holder | None = None,
) -> x509.DistributionPoint:
    full = [x509.UniformResourceIdentifier(uri) for uri in uris] or None
    issuers = [x509.DirectoryName(issuer.name)] if issuer else None
    return x509.DistributionPoint(full, None, reasons, issuers)


def nobody(_: Certificate) -> bool | None:
    """The answer of one who must not be asked."""
    raise AssertionError("nobody should have asked for the path of a CRL issuer")


def look_up(
    holder: Holder,
    above: Iterable[Holder],
    lists: Iterable[List | Crl],
    *,
    at: int = AT,
    candidates: Iterable[Holder] = (),
    ask: Callable[[Certificate], bool | None] = nobody,
    most: int = 100,
    use_deltas: bool = True,
    strict: bool = False,
) -> Status:
    """The status of one certificate by some CRLs."""
    revocation = Revocation(
        [given.made() if isinstance(given, List) else given for given in lists],
        at,
        [candidate.certificate for candidate in candidates],
        Signatures({}, most),
        ask,
        use_deltas=use_deltas,
        strict=strict,
    )
    return revocation.status(holder.certificate, tuple(one.certificate for one in above))


def because(status: Status) -> str:
    """All that is said of an undetermined status, in one text."""
    return "; ".join(map(str, status.because))


def changed(crl: Crl, holder: Holder, old: bytes, new: bytes) -> Crl:
    """The CRL with some bytes of its contents replaced, and signed anew."""
    start, end = der.body(crl.tbs, 0)
    content = crl.tbs[start:end]
    assert content.count(old) == 1
    tbs = wrapped(der.SEQUENCE, content.replace(old, new))
    signature = wrapped(der.BIT_STRING, b"\0" + holder.key.sign(tbs))
    return read_crl(wrapped(der.SEQUENCE, tbs + crl.signature_algorithm + signature))
