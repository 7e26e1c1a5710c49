"""What users see where a file cannot be read as it is (see `symptoms.py`)."""

from collections.abc import Mapping

from edgecheck.rules import texts

OF_INPUT: Mapping[str, tuple[str, ...]] = {
    "input.algorithm-mismatch": (
        "x509: inner and outer signature algorithm identifiers don't match",
    ),
    "input.blank-lines": (*texts.BAD_END, *texts.NOTHING_READ),
    "input.broken-marker": texts.NOTHING_READ,
    "input.der": texts.NOTHING_READ,
    "input.indented-block": texts.NOTHING_READ,
    "input.joined-blocks": (*texts.BAD_END, *texts.NOTHING_READ),
    "input.literal-newlines": texts.NOTHING_READ,
    "input.malformed-certificate": ("Error in DER parsing", "ERR_SSL_DECODE_ERROR"),
    "input.no-certificate": (*texts.NOTHING_READ, "Empty certificate string provided"),
    "input.no-certificate-came": (
        "no peer certificate available",
        "connect:errno=",
        "*** Fatal error: The TLS connection was non-properly terminated",
    ),
    "input.nothing-in-file": ("Empty certificate string provided", *texts.NOTHING_READ),
    "input.mismatched-end": texts.BAD_END,
    "input.missing-end": texts.BAD_END,
    "input.damaged-base64": ("bad base64 decode",),
    "input.header-lines": ("not proc type",),
    "input.unreadable-certificate": ("bad object header", "PEM lib"),
    "input.utf-16": texts.NOTHING_READ[:2],
    "input.unopened-container": texts.NOTHING_READ[:2],
    "input.duplicate-extension": ("x509: certificate contains duplicate extensions",),
    "input.not-a-certificate": texts.NOTHING_READ[2:],
    "input.other-label": texts.NOTHING_READ[2:],
    "input.pkcs7": texts.NOTHING_READ,
    "input.pkcs12": texts.NOTHING_READ[2:],
    "input.locked-container": ("Mac verify error: invalid password?",),
    "input.private-key": texts.NOTHING_READ[2:],
    "input.trailing-data": texts.TRAILING,
}
