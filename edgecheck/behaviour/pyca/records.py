"""The installed cryptography, which is asked itself; recordings confirm version 50."""

import cryptography

from edgecheck.behaviour.kinds import Library, Refuser
from edgecheck.behaviour.record import DERIVED, RECORDED, Record

CRYPTOGRAPHY = Record(
    id="cryptography50-x509verify",
    name="cryptography",
    label="cryptography",
    family="cryptography",
    version=f"{cryptography.__version__}, x509.verification",
    library=Library.CRYPTOGRAPHY,
    tier=2,
    stands_for="programs in Python that verify certificates themselves",
    kinds=(Refuser.CRYPTOGRAPHY,),
    basis=RECORDED if cryptography.__version__.startswith("50.") else DERIVED,
)

RECORDS = (CRYPTOGRAPHY,)
