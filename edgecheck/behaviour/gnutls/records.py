"""The program that uses GnuTLS."""

from edgecheck.behaviour.kinds import Library, Refuser
from edgecheck.behaviour.record import Record

GNUTLS = Record(
    id="gnutls3.7.9-cli",
    name="GnuTLS",
    label="GnuTLS",
    family="GnuTLS",
    version="3.7.9",
    library=Library.GNUTLS,
    tier=2,
    stands_for="modules and devices with GnuTLS",
    kinds=(Refuser.GNUTLS,),
)

RECORDS = (GNUTLS,)
