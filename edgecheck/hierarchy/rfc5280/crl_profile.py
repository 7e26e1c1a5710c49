"""What RFC 5280, section 5, obliges the issuer of a CRL to, and section 6.3 does not look at."""

from collections.abc import Iterator

from edgecheck.reading import der
from edgecheck.reading.certificate import EXT_AUTHORITY_KEY_ID
from edgecheck.reading.crl import (
    EXT_CRL_NUMBER,
    EXT_DELTA_CRL_INDICATOR,
    EXT_ISSUING_DISTRIBUTION_POINT,
    Crl,
)
from edgecheck.reading.der import Malformed
from edgecheck.reading.distribution_points import EXT_FRESHEST_CRL

_CRITICALITY = {
    EXT_AUTHORITY_KEY_ID: (False, "authorityKeyIdentifier", "5.2.1"),
    EXT_CRL_NUMBER: (False, "cRLNumber", "5.2.3"),
    EXT_DELTA_CRL_INDICATOR: (True, "deltaCRLIndicator", "5.2.4"),
    EXT_ISSUING_DISTRIBUTION_POINT: (True, "issuingDistributionPoint", "5.2.5"),
    EXT_FRESHEST_CRL: (False, "freshestCRL", "5.2.6"),
}
_LARGEST_NUMBER = 1 << 159
"""Twenty octets, of which the first bit is the sign."""


def faults(crl: Crl) -> tuple[tuple[str, str], ...]:
    """The MUSTs of section 5 that a CRL as a whole violates, as (section, text)."""
    return tuple(_faults(crl))


def _faults(crl: Crl) -> Iterator[tuple[str, str]]:
    if crl.version != 2:
        yield "5.1.2.1", f"version {crl.version}, although it has extensions or must have them"
    if der.body(crl.issuer_raw, 0)[0] == len(crl.issuer_raw):
        yield "5.1.2.3", "no issuer name"
    for section, what, time in (
        ("5.1.2.4", "thisUpdate", crl.this_update_raw),
        ("5.1.2.5", "nextUpdate", crl.next_update_raw),
    ):
        if time is not None and time[0] == der.GENERALIZED_TIME and time[2:6] < b"2050":
            yield section, f"{what} is no UTCTime, although before 2050"
    if crl.next_update is None:
        yield "5.1.2.5", "no nextUpdate"
    if crl.empty_list:
        yield "5.1.2.6", "revokedCertificates is there, and is empty"
    if crl.delta_crl_indicator is None:
        try:
            if crl.entries.removes():
                yield "5.3.1", "removeFromCRL in a complete CRL"
        except Malformed as wrong:
            yield "5.3", f"an entry cannot be read: {wrong}"
    if crl.authority_key_id is None:
        yield "5.2.1", "no authorityKeyIdentifier"
    elif crl.authority_key_id.key_id is None:
        yield "5.2.1", "no key identifier in authorityKeyIdentifier"
    if crl.crl_number is None:
        yield "5.2.3", "no cRLNumber"
    elif crl.crl_number >= _LARGEST_NUMBER:
        yield "5.2.3", "a cRLNumber of more than 20 bytes"
    for identifier, (wanted, text, section) in _CRITICALITY.items():
        if identifier in crl.extensions and (identifier in crl.critical) is not wanted:
            yield section, f"{text} is {'not ' if wanted else ''}critical"
    if crl.freshest_crl is not None and crl.delta_crl_indicator is not None:
        yield "5.2.6", "freshestCRL in a delta CRL"
    scope = crl.issuing_distribution_point
    if scope is not None:
        only = (
            scope.only_user_certificates,
            scope.only_ca_certificates,
            scope.only_attribute_certificates,
        )
        if sum(only) > 1:
            yield "5.2.5", "a scope of more than one kind of certificates, so of none"
