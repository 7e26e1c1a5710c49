"""Times that no calendar or clock has: what each client makes of them."""

from __future__ import annotations

import pytest

from fixtures.der import raw_time, tlv
from tests.clients.asked import SERVER, SOUND, says

NO_MONTH, NO_SECOND = b"271301000000Z", b"270601000060Z"
LAST = b"270601000059Z"
FIELD = "format error in certificate's notAfter field"
"""OpenSSL's words of error 14."""
OPENSSL = {
    "openssl3.0.19-s_client": f"14: {FIELD}",
    "openssl3.0.19-verify": f"error 14 at 0 depth lookup: {FIELD}",
    "azure-iot-device-py2.14.0": FIELD,
    "node20-ossl3.0.19": "ERROR_IN_CERT_NOT_AFTER_FIELD",
    "azure-iot-device-node1.18.4": FIELD,
    "dotnet8.0.4-SslStream": "NotTimeValid",
    "dotnet10.0-SslStream": "NotTimeValid",
    "bun1.4.5-boringssl": "ERR_SSL_DECODE_ERROR",
}
OTHERS = {
    "deno2.9.8-rustls": "BadEncoding",
    "nss3.87-tstclnt": "SEC_ERROR_INVALID_TIME",
    "nss3.87-libpkix": "SEC_ERROR_INVALID_TIME",
    "java17-jsse": "javax.net.ssl.SSLHandshakeException: Failed to parse server certificates",
    "go1.27.3": "tls: failed to parse certificate from server: x509: malformed UTCTime",
}


def told(client: str, time: bytes) -> str:
    return says(client, SOUND.put(SERVER, not_after=raw_time(tlv(0x17, time))))


@pytest.mark.parametrize(("client", "words"), [*OPENSSL.items(), *OTHERS.items()])
def test_a_month_or_a_second_that_there_is_not_is_refused(client: str, words: str) -> None:
    """The second before is one of any minute."""
    assert told(client, NO_MONTH) == words
    assert told(client, NO_SECOND) == words
    assert told(client, LAST) == "connects"


def test_botan_tells_the_time() -> None:
    for time in (NO_MONTH, NO_SECOND):
        assert f"Time {time.decode()} does not seem to be valid" in told("botan2.19", time)
    assert told("botan2.19", LAST) == "connects"


def test_gnutls_takes_second_60_and_no_month_13() -> None:
    assert told("gnutls3.7.9-cli", NO_MONTH).endswith("Error in the time fields of certificate.")
    assert told("gnutls3.7.9-cli", NO_SECOND) == "connects"
