"""What is unusual about when a certificate begins and ends."""

from edgecheck.reading.certificate import Certificate
from edgecheck.reading.der import GENERALIZED_TIME
from edgecheck.rules.engine.conditions import CertificateLook

LOOK = CertificateLook()
BEFORE_1970 = LOOK.condition("It begins or ends before 1970.")
AFTER_3100 = LOOK.condition("It ends in the year 3101 or later.")
LIVES_LONG = LOOK.condition("No CA, and a life of more than 825 days.")
ENDS_AFTER_2037 = LOOK.condition("It ends in 2038 or later.")
ENDS_IN_GENERALIZED_TIME = LOOK.condition("Its notAfter is a GeneralizedTime.")
ODD_BEGIN = LOOK.condition("Its notBefore is a GeneralizedTime, or in a year before 2000.")

YEAR_3101 = 35_690_889_600
"""3101-01-01T00:00:00Z."""
APPLES_MOST = 825 * 86_400
"""The longest life of a server certificate that Apple's systems accept, in seconds."""
_START_OF_2038 = 2_145_916_800


@LOOK.by
def _look(certificate: Certificate) -> int:
    bits = 0
    begins, ends = certificate.not_before, certificate.not_after
    if begins < 0 or ends < 0:
        bits |= BEFORE_1970.bit
    if ends >= _START_OF_2038:
        bits |= ENDS_AFTER_2037.bit
        if ends >= YEAR_3101:
            bits |= AFTER_3100.bit
    if certificate.not_after_raw[0] == GENERALIZED_TIME:
        bits |= ENDS_IN_GENERALIZED_TIME.bit
    begin = certificate.not_before_raw
    if begin[0] == GENERALIZED_TIME or begin[2:4] >= b"50":
        bits |= ODD_BEGIN.bit
    if ends - begins > APPLES_MOST and not certificate.is_ca:
        bits |= LIVES_LONG.bit
    return bits
