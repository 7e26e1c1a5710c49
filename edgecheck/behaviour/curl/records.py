"""curl of today; that of 7.88 stands beside OpenSSL's other callers."""

from edgecheck.behaviour.kinds import Library, Refuser
from edgecheck.behaviour.openssl.settings import V3_5, V3_6, Settings
from edgecheck.behaviour.record import Record

_STANDS_FOR = "scripts on devices, and programs that use libcurl"
CURL_8_14 = Record(
    id="curl8.14-ossl3.5",
    name="curl",
    label="curl 8.14",
    family="curl",
    version="8.14.1, OpenSSL 3.5",
    library=Library.OPENSSL,
    tier=2,
    stands_for=_STANDS_FOR,
    kinds=(Refuser.CURL, Refuser.OPENSSL_3_4, Refuser.OPENSSL_3_4_WHOLE),
    settings=Settings(V3_5, partial=True, names=False),
)
CURL_8_23 = Record(
    id="curl8.23-ossl3.6",
    name="curl",
    label="curl 8.23",
    family="curl",
    version="8.23, OpenSSL 3.6",
    library=Library.OPENSSL,
    tier=2,
    stands_for=_STANDS_FOR,
    kinds=(Refuser.CURL, Refuser.OPENSSL_3_4, Refuser.OPENSSL_3_4_WHOLE),
    settings=Settings(V3_6, partial=True, names=False),
)

RECORDS = (CURL_8_14, CURL_8_23)
