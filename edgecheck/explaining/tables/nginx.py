"""nginx: as the proxy before a broker, and as IoT Edge's API proxy."""

import re

from edgecheck.explaining.rows import OTHER_SIDE, THIS_SIDE, Row, Said, rows, said
from edgecheck.explaining.tables.openssl import verified
from edgecheck.rules.engine.rule import Reference

_SOURCE = Reference(
    "nginx 1.22, src/event/ngx_event_openssl.c, src/http/ngx_http_request.c and "
    "ngx_http_upstream.c",
    "https://github.com/nginx/nginx/blob/release-1.22.1/src/event/ngx_event_openssl.c",
)


def _verify(match: re.Match[str]) -> Said | None:
    """Nginx verifies itself: this side refused, whoever connected."""
    return verified(int(match[1])) or Said(
        ("symptom.refused-without-reason",), certain=False, said_by=THIS_SIDE
    )


ROWS = [
    Row(r"(?:client|upstream) SSL certificate verify error: \((\d{1,2}):", _verify, _SOURCE),
    *rows(
        _SOURCE,
        [
            (
                r"upstream SSL certificate does not match",
                said("hostname.not-in-san", "hostname.ip-address"),
            ),
            (
                r"client sent no required SSL certificate|No required SSL certificate was sent",
                said("symptom.no-certificate-sent", by=OTHER_SIDE),
            ),
            (
                r'no "ssl_certificate(?:_key)?" is defined',
                said("symptom.key-not-usable"),
            ),
            (
                r"cannot load certificate key .{0,300}(?:failed|No such|Permission)",
                said(
                    "symptom.key-not-usable",
                    "symptom.file-not-found",
                    "symptom.file-not-readable",
                    certain=False,
                ),
            ),
            (
                r"The plain HTTP request was sent to HTTPS port",
                said("symptom.not-tls"),
            ),
            (
                r"peer closed connection in SSL handshake",
                said("symptom.closed-in-handshake", by=OTHER_SIDE),
            ),
        ],
    ),
    *rows(
        _SOURCE,
        [
            (
                r"The SSL certificate error",
                said("symptom.refused-without-reason", by=OTHER_SIDE),
            )
        ],
        vague=True,
    ),
]
