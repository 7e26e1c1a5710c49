"""Names of issuers and subjects as mbedTLS reads them (mbedtls_x509_get_name in library/x509.c)."""

from edgecheck.behaviour.mbedtls import asn1
from edgecheck.behaviour.mbedtls.asn1 import Reader

_STRINGS = frozenset((0x03, 0x0C, 0x13, 0x14, 0x16, 0x1C, 0x1E))
"""BIT STRING, UTF8String, PrintableString, T61String, IA5String, UniversalString, BMPString."""


def read_name(name: Reader) -> None:
    """Walk over the sets of a name, of which there has to be at least one.

    Raises:
        Refused: an attribute without a value, or of another type of strings.
    """
    name.adding = asn1.INVALID_NAME
    while True:
        rdn = name.inside(asn1.SET)
        while True:
            _attribute(rdn)
            if rdn.left == 0:
                break
        if name.left == 0:
            return


def _attribute(rdn: Reader) -> None:
    """x509_get_attr_type_value."""
    one = rdn.inside(asn1.SEQUENCE)
    if one.left < 1:
        raise one.refuse(asn1.OUT_OF_DATA)
    one.take(asn1.OID)
    if one.left < 1:
        raise one.refuse(asn1.OUT_OF_DATA)
    if one.next_tag not in _STRINGS:
        raise one.refuse(asn1.UNEXPECTED_TAG)
    one.skip(1)
    one.skip(one.length())
    one.finish()
