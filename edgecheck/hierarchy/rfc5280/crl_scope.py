"""Which CRL says anything about a certificate: RFC 5280, section 6.3.3, steps (b) to (d).

Each function returns what is wrong as (step, text), or None where nothing is.
"""

from contextlib import suppress
from functools import lru_cache
from typing import NamedTuple

from edgecheck.reading import der
from edgecheck.reading.certificate import Certificate, Unreadable, written
from edgecheck.reading.crl import Crl
from edgecheck.reading.der import Malformed, wrapped
from edgecheck.reading.distribution_points import (
    ALL_REASONS,
    DIRECTORY_NAME,
    EXT_CRL_DISTRIBUTION_POINTS,
    EXT_ISSUER_ALT_NAME,
    URI,
    DistributionPoint,
    GeneralName,
    IssuingDistributionPoint,
    PointName,
    distribution_points,
    issuer_alt_name,
)
from edgecheck.reading.names import name, same_name
from edgecheck.reading.text import number

Wrong = tuple[str, str]
NOTHING = IssuingDistributionPoint(None, False, False, None, False, False)
"""What is encoded as an empty sequence, which section 5.2.5 forbids."""


class Asked(NamedTuple):
    """What a certificate says of where its CRLs are.

    Attributes:
        issuers: the folded names of all whose CRLs may say something about it.
        malformed: why its distribution points cannot be read.
    """

    points: tuple[DistributionPoint, ...]
    issuers: frozenset[object]
    malformed: str | None


def asked(certificate: Certificate) -> Asked:
    """Read once what all paths of a certificate share.

    Raises:
        Unreadable: its extensions cannot be read.
    """
    points: tuple[DistributionPoint, ...] = ()
    malformed = None
    value = certificate.extensions.get(EXT_CRL_DISTRIBUTION_POINTS)
    if value is not None:
        try:
            points = distribution_points(value)
        except Malformed as wrong:
            malformed = str(wrong)
    names = [content for point in points for content in directory_names(point.crl_issuers)]
    with suppress(Unreadable):
        names.append(certificate.issuer_raw)
    return Asked(points, frozenset(map(folded_name, names)), malformed)


def is_of(crl: Crl, certificate: Certificate, point: DistributionPoint) -> bool:
    """Step (b)(1), first half: the CRL has the issuer that the distribution point asks for."""
    if not point.crl_issuers:
        return same_name(crl.issuer_raw, certificate.issuer_raw)
    return any(same_name(crl.issuer_raw, wanted) for wanted in directory_names(point.crl_issuers))


def out_of_scope(crl: Crl, certificate: Certificate, point: DistributionPoint) -> Wrong | None:
    """Steps (b)(1), second half, and (b)(2), for a complete CRL of the right issuer."""
    scope = crl.issuing_distribution_point
    if point.crl_issuers and (scope is None or not scope.indirect):
        return "6.3.3 (b)(1)", "it is not an indirect CRL, as the distribution point asks for"
    if scope is None:
        return None
    if scope.name is not None:
        here = set(map(folded, full_names(scope.name, crl.issuer_raw)))
        if here.isdisjoint(map(folded, _names_of(point, certificate))):
            return "6.3.3 (b)(2)(i)", "it is for another distribution point"
    if scope.only_attribute_certificates:
        return "6.3.3 (b)(2)(iv)", "it is for attribute certificates only"
    if scope.only_user_certificates or scope.only_ca_certificates:
        try:
            is_ca = certificate.is_ca
        except Unreadable as missing:
            return "6.3.3 (b)(2)", str(missing)
        if scope.only_user_certificates and is_ca:
            return (
                "6.3.3 (b)(2)(ii)",
                "it is for end entities only, and this is a certificate of a CA",
            )
        if scope.only_ca_certificates and not is_ca:
            return "6.3.3 (b)(2)(iii)", "it is for CAs only, and this is not a certificate of a CA"
    return None


def interim_reasons(crl: Crl, point: DistributionPoint) -> int:
    """Step (d): the reasons that this CRL covers for this distribution point."""
    scope = crl.issuing_distribution_point
    mask = ALL_REASONS
    if scope is not None and scope.only_some_reasons is not None:
        mask = scope.only_some_reasons
    if point.reasons is not None:
        mask &= point.reasons
    return mask & ALL_REASONS


def delta_mismatch(delta: Crl, base: Crl) -> Wrong | None:
    """Step (c), and the conditions on numbers in section 5.2.4, (c) and (d)."""
    if not same_name(delta.issuer_raw, base.issuer_raw):
        return "6.3.3 (c)(1)", "its issuer is not that of the complete CRL"
    if _scope_key(delta) != _scope_key(base):
        return "6.3.3 (c)(2)", "its scope is not that of the complete CRL"
    if delta.authority_key_id != base.authority_key_id:
        return "6.3.3 (c)(3)", "its key identifier is not that of the complete CRL"
    if base.crl_number is None or delta.crl_number is None or delta.delta_crl_indicator is None:
        return "5.2.4 (c)", "a number is missing that says what it updates"
    if base.crl_number < delta.delta_crl_indicator:
        return (
            "5.2.4 (c)",
            f"it updates number {number(delta.delta_crl_indicator)} or later, "
            f"and the complete CRL has number {number(base.crl_number)}",
        )
    if base.crl_number >= delta.crl_number:
        return (
            "5.2.4 (d)",
            f"it is not newer than the complete CRL, number {number(base.crl_number)}",
        )
    return None


def unusable(crl: Crl, at: int) -> Wrong | None:
    """What forbids to use a CRL at all, but for its age, which a delta CRL can mend."""
    if crl.unknown_critical:
        return "5.2", f"unknown critical extension {', '.join(crl.unknown_critical)}"
    try:
        unknown = crl.entries.unknown_critical()
        names_issuers = crl.entries.names_issuers()
    except Malformed as wrong:
        return "5.3", f"an entry cannot be read: {wrong}"
    if unknown:
        return "5.3", f"unknown critical extension {', '.join(unknown)} in an entry"
    scope = crl.issuing_distribution_point
    if scope == NOTHING:
        return "5.2.5", "its issuingDistributionPoint is empty: what it is for is not said"
    if names_issuers and (scope is None or not scope.indirect):
        # Whose the entries after it are depends on whether certificateIssuer is believed.
        return "5.3.3", "an entry names its certificate's issuer, and this is no indirect CRL"
    if at < crl.this_update:
        return "5.1.2.4", f"it was issued later, on {time_text(crl.this_update)}"
    return None


def is_out_of_date(crl: Crl, at: int) -> bool:
    """Step (a): the time is after nextUpdate. A CRL without one never is (section 5.1.2.5)."""
    return crl.next_update is not None and at > crl.next_update


def issuer_point(certificate: Certificate) -> DistributionPoint:
    """The point that stands for CRLs not named in a certificate: its issuer's names.

    An issuerAltName that cannot be read gives no names.
    """
    full: list[GeneralName] = [(DIRECTORY_NAME, certificate.issuer_raw)]
    value = certificate.extensions.get(EXT_ISSUER_ALT_NAME)
    if value is not None:
        with suppress(Malformed):
            full.extend(issuer_alt_name(value))
    return DistributionPoint(PointName(tuple(full), None), None, ())


def folded_name(raw: bytes) -> object:
    """A value that is equal for distinguished names that are the same."""
    return folded((DIRECTORY_NAME, raw))


def directory_names(given: tuple[GeneralName, ...]) -> list[bytes]:
    """The distinguished names among general names, as DER."""
    return [content for tag, content in given if tag == DIRECTORY_NAME]


def full_names(given: PointName, base: bytes) -> tuple[GeneralName, ...]:
    """The full names; one that is relative is put at the end of `base`, a Name's DER."""
    if given.relative is None:
        return given.full
    start, end = der.body(base, 0)
    longer = base[start:end] + wrapped(der.SET, given.relative)
    return ((DIRECTORY_NAME, wrapped(der.SEQUENCE, longer)),)


@lru_cache(maxsize=512)
def folded(given: GeneralName) -> object:
    """A value that is equal for general names that RFC 5280, section 7, calls equal.

    Of a URI the scheme and the host have no case (section 7.4).
    """
    tag, content = given
    if tag == DIRECTORY_NAME:
        try:
            return tag, name(content).canonical
        except Malformed:
            return given
    if tag == URI:
        scheme, mark, rest = content.partition(b"://")
        if mark:
            host, slash, path = rest.partition(b"/")
            return tag, scheme.lower() + mark + host.lower() + slash + path
    return given


def time_text(seconds: int) -> str:
    """The time in the one form that texts use."""
    return written(seconds, "%Y-%m-%dT%H:%M:%SZ")


def _names_of(point: DistributionPoint, certificate: Certificate) -> tuple[GeneralName, ...]:
    """The names of a distribution point; its CRL issuers' where it has none of its own."""
    if point.name is None:
        return point.crl_issuers
    bases = directory_names(point.crl_issuers) or [certificate.issuer_raw]
    return full_names(point.name, bases[0])


def _scope_key(crl: Crl) -> object:
    """What is equal for CRLs of one scope."""
    scope = crl.issuing_distribution_point
    if scope is None:
        return None
    names = None
    if scope.name is not None:
        names = frozenset(map(folded, full_names(scope.name, crl.issuer_raw)))
    return scope._replace(name=None), names
