"""curl, beyond what its TLS library says."""

from edgecheck.explaining.rows import rows, said
from edgecheck.rules.engine.rule import Reference

_SOURCE = Reference(
    "curl 7.88, lib/vtls/openssl.c and lib/strerror.c",
    "https://github.com/curl/curl/blob/curl-7_88_1/lib/vtls/openssl.c",
)

ROWS = rows(
    _SOURCE,
    [
        (
            r"error setting certificate (?:verify locations|file)"
            r"|error adding trust anchors from file|Problem with the SSL CA cert",
            said(
                "symptom.file-not-found",
                "symptom.file-not-readable",
                "input.no-certificate",
                "trust.cannot-be-loaded",
                certain=False,
            ),
        ),
        (
            r"could not load PEM client certificate|Problem with the local SSL certificate",
            said(
                "symptom.file-not-found",
                "input.no-certificate",
                "symptom.file-not-readable",
                certain=False,
            ),
        ),
        (
            r"unable to set private key file|unable to use client certificate",
            said(
                "symptom.key-not-usable",
                "symptom.file-not-found",
                "symptom.wrong-password",
                certain=False,
            ),
        ),
    ],
)
