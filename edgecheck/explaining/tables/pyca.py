"""Python's cryptography: what its parser of certificates says."""

from edgecheck.explaining.rows import rows, said
from edgecheck.rules.engine.rule import Reference

_SOURCE = Reference(
    "pyca/cryptography 42, src/rust/src/error.rs and src/rust/cryptography-x509/src/certificate.rs",
    "https://github.com/pyca/cryptography/blob/42.0.0/src/rust/src/error.rs",
)
_PARSE = r"error parsing asn1 value: ParseError"

ROWS = rows(
    _SOURCE,
    [
        (rf"{_PARSE}.{{0,400}}\bValidity\b", said("encoding.time")),
        (
            rf"{_PARSE}(?!.{{0,400}}\bValidity\b)",
            said("input.malformed-certificate", "encoding.not-der", certain=False),
        ),
    ],
)
