"""Addresses in a certificate: of CRLs, of issuers and services, and of a CA's practices.

RFC 5280, sections 4.2.1.4 (CPS pointer), 4.2.1.13, 4.2.1.15, 4.2.2.1 and 4.2.2.2.
"""

import re
from typing import NamedTuple

from edgecheck.reading import der
from edgecheck.reading.certificate import EXT_CRL_DISTRIBUTION_POINTS, Certificate
from edgecheck.reading.der import Malformed
from edgecheck.reading.distribution_points import EXT_FRESHEST_CRL, URI, distribution_points

EXT_POLICIES = bytes.fromhex("551d20")
_ACCESS = {
    bytes.fromhex("2b06010505070101"): "authorityInfoAccess",
    bytes.fromhex("2b0601050507010b"): "subjectInfoAccess",
}
_CPS = bytes.fromhex("2b06010505070201")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):(?!\d+(?:/|$))")
"""The scheme of a URI (RFC 3986, section 3.1), and no host with a port or letter of a drive."""


class Address(NamedTuple):
    """An address, and the extension that it stands in."""

    extension: str
    text: str

    @property
    def has_scheme(self) -> bool:
        """Whether it begins with a scheme, as a URI that stands for itself does."""
        return _SCHEME.match(self.text) is not None


def addresses(certificate: Certificate) -> list[Address]:
    """Return the addresses of a certificate in order; of what cannot be read there are none."""
    found: list[Address] = []
    for identifier, value in certificate.extensions.items():
        try:
            if identifier == EXT_CRL_DISTRIBUTION_POINTS:
                found += _points(value, "cRLDistributionPoints")
            elif identifier == EXT_FRESHEST_CRL:
                found += _points(value, "freshestCRL")
            elif identifier in _ACCESS:
                found += _accesses(value, _ACCESS[identifier])
            elif identifier == EXT_POLICIES:
                found += _practices(value)
        except Malformed:
            continue  # encoding.extension-undecodable tells
    return found


def _points(value: bytes, extension: str) -> list[Address]:
    return [
        Address(extension, content.decode("latin-1"))
        for point in distribution_points(value, extension)
        for tag, content in (point.name.full if point.name is not None else ())
        if tag == URI
    ]


def _accesses(value: bytes, extension: str) -> list[Address]:
    """AuthorityInfoAccessSyntax: pairs of a method and a place."""
    start, end = der.only(value, der.SEQUENCE, extension)
    found = []
    for _, first, last in der.elements(value, start, end):
        for tag, at, stop in der.elements(value, first, last)[1:2]:
            if tag == URI:
                found.append(Address(extension, value[at:stop].decode("latin-1")))
    return found


def _practices(value: bytes) -> list[Address]:
    """The CPS pointers among the qualifiers of policies."""
    what = "certificatePolicies"
    start, end = der.only(value, der.SEQUENCE, what)
    found = []
    for _, first, last in der.elements(value, start, end):
        for _, a, b in der.elements(value, first, last)[1:]:
            for _, c, d in der.elements(value, a, b):
                parts = [value[first:last] for _, first, last in der.elements(value, c, d)]
                if len(parts) > 1 and parts[0] == _CPS:
                    found.append(Address(what, parts[1].decode("latin-1")))
    return found
