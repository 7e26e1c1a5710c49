"""The program that uses GnuTLS."""

from dataclasses import replace

from edgecheck.behaviour.kinds import Library, Refuser
from edgecheck.behaviour.record import Record

GNUTLS = Record(
    id="gnutls3.7.9-cli",
    name="GnuTLS",
    label="GnuTLS 3.7.9",
    family="GnuTLS",
    version="3.7.9",
    library=Library.GNUTLS,
    tier=2,
    stands_for="modules and devices with GnuTLS",
    kinds=(Refuser.GNUTLS,),
)
GNUTLS_3_8_9 = replace(GNUTLS, id="gnutls3.8.9-cli", label="GnuTLS 3.8.9", version="3.8.9")
GNUTLS_3_8_13 = replace(GNUTLS, id="gnutls3.8.13-cli", label="GnuTLS 3.8.13", version="3.8.13")
"""These decide like 3.7.9 with Debian's security fixes: lib/x509/verify.c did not change."""

RECORDS = (GNUTLS, GNUTLS_3_8_9, GNUTLS_3_8_13)
