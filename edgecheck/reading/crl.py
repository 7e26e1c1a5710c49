"""One certificate revocation list: its facts, each read once (RFC 5280, section 5).

`cryptography` loads the CRL and so vets its DER; then it is sliced. What the list revokes
stays bytes until somebody asks (`crl_entries.py`). A CRL with a fact that cannot be read
cannot be relied on for anything, so it is not made at all: its reader is told why.
"""

import hashlib
import warnings
from typing import Any

from cryptography import x509

from edgecheck.reading import der
from edgecheck.reading import extensions as values
from edgecheck.reading.certificate import EXT_AUTHORITY_KEY_ID
from edgecheck.reading.crl_entries import Entries, extensions
from edgecheck.reading.der import Malformed
from edgecheck.reading.distribution_points import (
    EXT_FRESHEST_CRL,
    DistributionPoint,
    IssuingDistributionPoint,
    distribution_points,
    issuing_distribution_point,
)
from edgecheck.reading.names import name
from edgecheck.reading.pem import scan
from edgecheck.reading.plainly import plainly
from edgecheck.reading.secrets import shown_label
from edgecheck.reading.times import instant

EXT_CRL_NUMBER = bytes.fromhex("551d14")
EXT_DELTA_CRL_INDICATOR = bytes.fromhex("551d1b")
EXT_ISSUING_DISTRIBUTION_POINT = bytes.fromhex("551d1c")

PROCESSED = frozenset(
    {
        EXT_AUTHORITY_KEY_ID,
        EXT_CRL_NUMBER,
        EXT_DELTA_CRL_INDICATOR,
        EXT_ISSUING_DISTRIBUTION_POINT,
        EXT_FRESHEST_CRL,
    }
)
"""Extensions of CRLs that are processed here; any other that is critical is unknown."""
LABELS = ("X509 CRL", "CRL")
"""What PEM calls a CRL: RFC 7468, section 6, and what some tools write instead."""


class Crl:
    """The facts of one CRL. Equal to another when the DER is equal.

    Times are whole seconds since 1970-01-01T00:00:00Z. An extension's fact is None where
    the extension is absent.
    """

    __slots__ = (
        "authority_key_id",
        "critical",
        "crl_number",
        "delta_crl_indicator",
        "der",
        "empty_list",
        "entries",
        "extensions",
        "freshest_crl",
        "issuer_raw",
        "issuing_distribution_point",
        "loaded",
        "next_update",
        "next_update_raw",
        "sha256",
        "signature",
        "signature_algorithm",
        "tbs",
        "tbs_signature_algorithm",
        "this_update",
        "this_update_raw",
        "unknown_critical",
        "version",
    )

    der: bytes
    loaded: x509.CertificateRevocationList
    sha256: str
    tbs: bytes
    version: int
    """1 or 2."""
    signature_algorithm: bytes
    """DER of the outer AlgorithmIdentifier."""
    tbs_signature_algorithm: bytes
    signature: bytes
    """Empty where it is not a whole number of octets: no key made such a signature."""
    issuer_raw: bytes
    this_update: int
    next_update: int | None
    this_update_raw: bytes
    """DER of the time, header included."""
    next_update_raw: bytes | None
    entries: Entries
    empty_list: bool
    """Whether `revokedCertificates` is there although it has no entry."""
    extensions: dict[bytes, bytes]
    """Contents of each extension's OCTET STRING by the contents of its identifier."""
    critical: frozenset[bytes]
    unknown_critical: tuple[str, ...]
    """Dotted identifiers of critical extensions that are not processed."""
    authority_key_id: values.AuthorityKeyId | None
    crl_number: int | None
    delta_crl_indicator: int | None
    """The number of the complete CRL that this one updates; None: this is a complete CRL."""
    issuing_distribution_point: IssuingDistributionPoint | None
    freshest_crl: tuple[DistributionPoint, ...] | None

    def __eq__(self, other: object) -> bool:
        """Equal when the bytes are."""
        return isinstance(other, Crl) and self.der == other.der

    def __hash__(self) -> int:
        """Hash of the bytes, which Python keeps with them."""
        return hash(self.der)

    def __repr__(self) -> str:
        """For debugging: the fingerprint alone, since names are whatever somebody wrote."""
        return f"<Crl {self.sha256[:16]}>"

    def __copy__(self) -> "Crl":
        """Itself: it never changes."""
        return self

    def __deepcopy__(self, memo: object) -> "Crl":
        """Itself: it never changes."""
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        """Its bytes are all of it: what they say is read anew."""
        return read_crl, (self.der,)


def read_crl(data: bytes) -> Crl:
    """Read one CRL from its DER.

    Raises:
        Malformed: it is no CRL, or a fact of it cannot be read; the text says which.
    """
    try:
        with warnings.catch_warnings():  # at what old signers write, which says nothing here
            warnings.simplefilter("ignore")
            loaded = x509.load_der_x509_crl(data)
    except Exception as wrong:  # what a CRL can be refused for is cryptography's to say
        raise Malformed(plainly(wrong)) from None
    crl = Crl()
    crl.der = data
    crl.loaded = loaded
    crl.sha256 = hashlib.sha256(data).hexdigest()
    _slice(crl, data)
    return crl


def read_crls(data: bytes) -> tuple[tuple[Crl, ...], tuple[str, ...]]:
    """Read CRLs from DER, or from PEM with any number of them; and what could not be read.

    Blocks of PEM that do not claim to be a CRL are left to whoever reads certificates,
    unless there is nothing else.
    """
    found: list[Crl] = []
    problems: list[str] = []
    scanned = scan(data)
    blocks = [block for block in scanned.blocks if block.label in LABELS]
    for block in blocks:
        where = f"the CRL in lines {block.first_line} to {block.last_line}"
        try:
            found.append(read_crl(block.body))
        except Malformed as wrong:
            because = block.damages[0].kind if block.damages else str(wrong)
            problems.append(f"{where} cannot be read: {because}")
    if blocks:
        return tuple(dict.fromkeys(found)), tuple(problems)
    if scanned.blocks:
        labels = ", ".join(dict.fromkeys(shown_label(block.label) for block in scanned.blocks))
        return (), (f"no CRL, but PEM of another kind: {labels}",)
    if not data.strip():
        return (), ("no CRL: the input is empty",)
    if data[:1] != b"0":
        return (), ("no CRL: neither DER nor PEM with the label X509 CRL",)
    try:
        return (read_crl(data),), ()
    except Malformed as wrong:
        return (), (f"the CRL cannot be read: {wrong}",)


def _slice(crl: Crl, data: bytes) -> None:
    """Fill the slots from DER that was vetted."""
    body = der.body
    at, _ = body(data, 0)
    start, end = body(data, at)
    crl.tbs = data[at:end]
    stop = body(data, end)[1]
    crl.signature_algorithm = data[end:stop]
    first, last = body(data, stop)
    crl.signature = data[first + 1 : last] if data[first] == 0 else b""

    crl.version = 1
    if data[start] == der.INTEGER:
        start = body(data, start)[1]
        crl.version = data[start - 1] + 1
    stop = body(data, start)[1]
    crl.tbs_signature_algorithm = data[start:stop]
    if crl.tbs_signature_algorithm != crl.signature_algorithm:  # section 5.1.1.2
        raise Malformed("signatureAlgorithm: not the one in tbsCertList")
    start, stop = stop, body(data, stop)[1]
    crl.issuer_raw = data[start:stop]
    name(crl.issuer_raw)
    start, stop = stop, body(data, stop)[1]
    crl.this_update_raw = data[start:stop]
    crl.this_update = instant(crl.this_update_raw)
    crl.next_update = crl.next_update_raw = None
    if stop < end and data[stop] in (der.UTC_TIME, der.GENERALIZED_TIME):
        start, stop = stop, body(data, stop)[1]
        crl.next_update_raw = data[start:stop]
        crl.next_update = instant(crl.next_update_raw)
    content = b""
    crl.empty_list = False
    if stop < end and data[stop] == der.SEQUENCE:
        start, stop = body(data, stop)
        content = data[start:stop]
        crl.empty_list = not content
    crl.entries = Entries(content, crl.issuer_raw)
    found = []
    if stop < end:
        found = extensions(data, *body(data, body(data, stop)[0]))
    crl.extensions = {identifier: value for identifier, _, value in found}
    crl.critical = frozenset(identifier for identifier, critical, _ in found if critical)
    _decode(crl)


def _decode(crl: Crl) -> None:
    given = crl.extensions
    crl.authority_key_id = crl.crl_number = crl.delta_crl_indicator = None
    crl.issuing_distribution_point = crl.freshest_crl = None
    if EXT_AUTHORITY_KEY_ID in given:
        crl.authority_key_id = values.authority_key_id(given[EXT_AUTHORITY_KEY_ID])
    if EXT_CRL_NUMBER in given:
        crl.crl_number = _number(given[EXT_CRL_NUMBER], "cRLNumber")
    if EXT_DELTA_CRL_INDICATOR in given:
        crl.delta_crl_indicator = _number(given[EXT_DELTA_CRL_INDICATOR], "deltaCRLIndicator")
    if EXT_ISSUING_DISTRIBUTION_POINT in given:
        crl.issuing_distribution_point = issuing_distribution_point(
            given[EXT_ISSUING_DISTRIBUTION_POINT]
        )
    if EXT_FRESHEST_CRL in given:
        crl.freshest_crl = distribution_points(given[EXT_FRESHEST_CRL], "freshestCRL")
    crl.unknown_critical = tuple(map(der.oid_text, sorted(crl.critical - PROCESSED)))


def _number(value: bytes, what: str) -> int:
    number = der.integer(value[slice(*der.only(value, der.INTEGER, what))])
    if number < 0:
        raise Malformed(f"{what}: negative")
    return number
