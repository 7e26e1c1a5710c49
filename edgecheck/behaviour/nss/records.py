"""NSS with its classic chain builder, and with libpkix."""

from dataclasses import replace

from edgecheck.behaviour.kinds import Library, Refuser
from edgecheck.behaviour.record import Record
from edgecheck.values import frozen


@frozen
class Settings:
    """Whether NSS_ENABLE_PKIX_VERIFY is set."""

    pkix: bool


CLASSIC = Record(
    id="nss3.87-tstclnt",
    name="NSS (classic)",
    label="NSS classic",
    family="NSS classic",
    version="3.87.1",
    library=Library.NSS,
    tier=2,
    stands_for="modules and devices with NSS",
    kinds=(Refuser.NSS,),
    settings=Settings(pkix=False),
)
LIBPKIX = Record(
    id="nss3.87-libpkix",
    name="NSS (libpkix)",
    label="NSS libpkix",
    family="NSS",
    version="3.87.1",
    library=Library.NSS,
    tier=2,
    stands_for="modules and devices with NSS",
    kinds=(Refuser.NSS_PKIX,),
    settings=Settings(pkix=True),
)

NSS_3_110 = replace(LIBPKIX, id="nss3.110-tstclnt", name="NSS", label="NSS 3.110", version="3.110")
PKIX_3_110 = replace(LIBPKIX, id="nss3.110-libpkix", label="NSS libpkix 3.110", version="3.110")
NSS_3_132 = replace(NSS_3_110, id="nss3.132-tstclnt", label="NSS 3.132", version="3.132")
PKIX_3_132 = replace(PKIX_3_110, id="nss3.132-libpkix", label="NSS libpkix 3.132", version="3.132")
"""Whether they are told to or not, these verify with libpkix, as recordings of both show."""

RECORDS = (CLASSIC, LIBPKIX, NSS_3_110, PKIX_3_110, NSS_3_132, PKIX_3_132)
