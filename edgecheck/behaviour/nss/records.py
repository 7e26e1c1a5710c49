"""NSS with its classic chain builder, and with libpkix."""

from dataclasses import dataclass

from edgecheck.behaviour.kinds import Library, Refuser
from edgecheck.behaviour.record import Record


@dataclass(frozen=True, slots=True)
class Settings:
    """Whether NSS_ENABLE_PKIX_VERIFY is set."""

    pkix: bool


CLASSIC = Record(
    id="nss3.87-tstclnt",
    name="NSS (classic)",
    label="NSS classic",
    family="NSS",
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

RECORDS = (CLASSIC, LIBPKIX)
