"""The program that uses wolfSSL."""

from edgecheck.behaviour.kinds import Library, Refuser
from edgecheck.behaviour.record import Record

WOLFSSL = Record(
    id="wolfssl5.5.4",
    name="wolfSSL",
    label="wolfSSL",
    family="wolfSSL",
    version="5.5.4",
    library=Library.WOLFSSL,
    tier=2,
    stands_for="devices in C with wolfSSL",
    kinds=(Refuser.WOLFSSL,),
    one_sentence=True,
)

RECORDS = (WOLFSSL,)
