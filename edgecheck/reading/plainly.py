"""What libraries say about bytes that they refuse, in words that operators can read.

`cryptography` and `asn1crypto` speak to programmers: of their own classes, of tags and of places in
their own structures. A report tells which field is concerned, and what is wrong with it.
"""

from edgecheck.reading.der import Malformed
from edgecheck.reading.late import late

ANOTHER = "an element of another kind than belongs there"
UNFIT = "its contents do not hold together"
"""What is said of whatever no library explains."""

_FIELDS = {
    "version": "version",
    "serial": "serialNumber",
    "serial_number": "serialNumber",
    "signature_alg": "signatureAlgorithm",
    "signature_algorithm": "signatureAlgorithm",
    "signature": "signatureAlgorithm",
    "signature_value": "signatureValue",
    "issuer": "issuer",
    "validity": "validity",
    "not_before": "notBefore",
    "not_after": "notAfter",
    "subject": "subject",
    "spki": "subjectPublicKeyInfo",
    "subject_public_key_info": "subjectPublicKeyInfo",
    "raw_extensions": "extensions",
    "extensions": "extensions",
    "raw_crl_extensions": "crlExtensions",
    "this_update": "thisUpdate",
    "next_update": "nextUpdate",
    "revoked_certificates": "revokedCertificates",
    "extn_id": "extnID",
    "extn_value": "extnValue",
    "tbs_cert": "tbsCertificate",
    "tbs_certificate": "tbsCertificate",
    "tbs_cert_list": "tbsCertList",
}
"""Fields as RFC 5280 calls them, by the names that libraries have for them."""
_KINDS = {
    "ExtraData": "more bytes than belong there",
    "ShortData": "the data end inside an element",
    "InvalidLength": "a length that DER does not allow",
    "InvalidTag": "a tag that DER does not allow",
    "InvalidValue": "a value that DER does not allow",
    "UnexpectedTag": ANOTHER,
    "IntegerOverflow": "a number that is too large",
    "OidTooLong": "an OBJECT IDENTIFIER that is too long",
    "EncodedDefault": "a default value that is written out, which DER does not allow",
}
_PARSE_ERROR = late(r"ParseError \{ kind: (\w+)")
_PLACE = late(
    r'"(?:Certificate|TbsCertificate|Validity|Extension|CertificateRevocationList|TBSCertList|'
    r'RevokedCertificate)::(\w+)"'
)
"""In a structure of RFC 5280; parameters of algorithms have fields of the same names."""
_SAID = tuple(
    (late(pattern), words)
    for pattern, words in (
        (r"^Insufficient data", "the data end inside an element"),
        (r'^Field "(\w+)" is missing', "no {} in it"),
        (r"^Error parsing .*should have been", ANOTHER),
        (r"^Value .*did not match the class and tag", ANOTHER),
        (r"^Unknown element", ANOTHER),
        (r"(?s)^Error parsing .*(?:UTCTime|GeneralizedTime)$", "not a time as X.509 writes it"),
        (r"^(?:year|month|day|hour|minute|second)\b.*", "a time that no calendar has"),
        (r"^Indefinite-length element", "a length that DER does not allow"),
        (r"^Non-minimal tag", "a tag that DER does not allow"),
        (r"^Exceeds the limit", "a number that is too large"),
        (r"^maximum recursion depth", "elements within elements beyond all measure"),
        (r"^Curve ([\d.]{3,60}) is not supported", "the curve {} is not known"),
        (r"^Unknown key type: ([\d.]{3,60})$", "the kind of key {} is not known"),
        (r"^[en] must be|exponent|modulus", "numbers that no RSA key has"),
        (r"(?i)\bpoint\b|on the curve", "no point of its curve"),
        (r"^Could not deserialize key|^Invalid key|key data", "no key as its algorithm has it"),
        (r"is not a valid (?:X509|CRL) version", "a version that does not exist"),
        (r"^Inner and outer signature algorithms", "two different signature algorithms are named"),
        (r"codec can't", "text in another encoding than its type says"),
    )
)


def plainly(wrong: BaseException) -> str:
    """What is wrong, in plain words and without the library's own; part of a sentence."""
    if isinstance(wrong, Malformed):
        return str(wrong)  # our own words
    said = str(wrong).strip()
    if kind := _PARSE_ERROR.search(said):
        words = _KINDS.get(kind[1], UNFIT)
        places = [_FIELDS[at] for at in _PLACE.findall(said) if at in _FIELDS]
        return f"{places[-1]}: {words}" if places else words
    for pattern, words in _SAID:
        if found := pattern.search(said):
            named = found[1] if found.re.groups else ""
            return words.format(_FIELDS.get(named, named))
    return UNFIT
