"""The program that uses GnuTLS."""

from dataclasses import replace

from edgecheck.behaviour.gnutls.versions import V3_7, V3_8
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
    kinds=(Refuser.GNUTLS, Refuser.GNUTLS_3_7),
    settings=V3_7,
)
GNUTLS_3_8_9 = replace(
    GNUTLS,
    id="gnutls3.8.9-cli",
    label="GnuTLS 3.8.9",
    version="3.8.9",
    kinds=(Refuser.GNUTLS, Refuser.GNUTLS_3_8),
    settings=V3_8,
)
GNUTLS_3_8_13 = replace(
    GNUTLS_3_8_9, id="gnutls3.8.13-cli", label="GnuTLS 3.8.13", version="3.8.13"
)
"""These decide like 3.7.9 with Debian's security fixes, but for certificates that come twice."""

RECORDS = (GNUTLS, GNUTLS_3_8_9, GNUTLS_3_8_13)
