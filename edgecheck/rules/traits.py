"""What is unusual about a certificate, as bits: rules about it run only where a bit is set.

Nearly every rule over certificates concerns something that a sound certificate does not
have. One pass notes what there is; a rule names its bits (`traits=`), and costs nothing on
other certificates. A bit says only that a rule is worth calling: the rule itself looks at the
facts.
"""

from edgecheck.reading.certificate import Certificate, Unreadable

NO_AUTHORITY_KEY_ID = 1 << 0
"""No authorityKeyIdentifier, or one without a key identifier."""
SERIAL_NOT_POSITIVE = 1 << 1
BEFORE_1970 = 1 << 30
"""It begins or ends before 1970."""
AFTER_3100 = 1 << 31
YEAR_3101 = 35_690_889_600
"""3101-01-01T00:00:00Z."""

EVERY = -1
"""All bits: a fact could not be read, so every rule must look, and will be undecided."""


def traits(certificate: Certificate) -> int:
    """The bits above that hold for a certificate."""
    bits = 0
    try:
        authority = certificate.authority_key_id
        if authority is None or authority.key_id is None:
            bits |= NO_AUTHORITY_KEY_ID
        if certificate.serial <= 0:
            bits |= SERIAL_NOT_POSITIVE
        if certificate.not_before < 0 or certificate.not_after < 0:
            bits |= BEFORE_1970
        if certificate.not_after >= YEAR_3101:
            bits |= AFTER_3100
    except Unreadable:
        return EVERY
    return bits
