"""The program that uses BearSSL."""

from edgecheck.behaviour.kinds import Library, Refuser
from edgecheck.behaviour.record import Record

BEARSSL = Record(
    id="bearssl0.6",
    name="BearSSL",
    label="BearSSL",
    family="BearSSL",
    version="0.6",
    library=Library.BEARSSL,
    tier=2,
    stands_for="devices in C with BearSSL, Arduino and ESP8266 among them",
    kinds=(Refuser.BEARSSL,),
)

RECORDS = (BEARSSL,)
