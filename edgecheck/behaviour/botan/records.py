"""The program that uses Botan."""

from edgecheck.behaviour.kinds import Library, Refuser
from edgecheck.behaviour.record import Record

BOTAN = Record(
    id="botan2.19",
    name="Botan",
    label="Botan",
    family="Botan",
    version="2.19.3",
    library=Library.BOTAN,
    tier=2,
    stands_for="devices in C++ with Botan",
    kinds=(Refuser.BOTAN,),
)

RECORDS = (BOTAN,)
