"""The program that uses mbedTLS."""

from edgecheck.behaviour.kinds import Library, Refuser
from edgecheck.behaviour.record import Record

MBEDTLS = Record(
    id="mbedtls2.28.3",
    name="mbedTLS",
    label="mbedTLS",
    family="mbedTLS",
    version="2.28.3",
    library=Library.MBEDTLS,
    tier=2,
    stands_for="devices in C with mbedTLS, Mbed OS and ESP-IDF among them",
    kinds=(Refuser.MBEDTLS,),
)

RECORDS = (MBEDTLS,)
