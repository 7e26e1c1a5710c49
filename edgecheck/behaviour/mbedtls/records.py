"""The programs that use mbedTLS."""

from edgecheck.behaviour.kinds import Library, Refuser
from edgecheck.behaviour.mbedtls.versions import V2_28, V3_6_6, V3_6_7
from edgecheck.behaviour.record import Record

_STANDS_FOR = (
    "devices in C with mbedTLS: ESP-IDF, and the Azure SDKs for C and for embedded C on top of it"
)
MBEDTLS_2_28 = Record(
    id="mbedtls2.28.3",
    name="mbedTLS",
    label="mbedTLS 2.28",
    family="mbedTLS 2.28",
    version="2.28.3",
    library=Library.MBEDTLS,
    tier=2,
    stands_for="devices in C with mbedTLS before version 3, Mbed OS and ESP-IDF 4 among them",
    kinds=(Refuser.MBEDTLS, Refuser.MBEDTLS_2_28),
    settings=V2_28,
)
MBEDTLS_3_6_6 = Record(
    id="mbedtls3.6.6",
    name="mbedTLS",
    label="mbedTLS 3.6.6",
    family="mbedTLS",
    version="3.6.6",
    library=Library.MBEDTLS,
    tier=2,
    stands_for=_STANDS_FOR,
    kinds=(Refuser.MBEDTLS, Refuser.MBEDTLS_3),
    settings=V3_6_6,
)
MBEDTLS_3_6_7 = Record(
    id="mbedtls3.6.7",
    name="mbedTLS",
    label="mbedTLS 3.6.7",
    family="mbedTLS",
    version="3.6.7",
    library=Library.MBEDTLS,
    tier=2,
    stands_for=_STANDS_FOR,
    kinds=(Refuser.MBEDTLS, Refuser.MBEDTLS_3, Refuser.MBEDTLS_3_6_7),
    settings=V3_6_7,
)

RECORDS = (MBEDTLS_2_28, MBEDTLS_3_6_6, MBEDTLS_3_6_7)
