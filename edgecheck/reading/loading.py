"""One certificate from its bytes, whatever is wrong with them: the quick way, else the slow one."""

from edgecheck.reading.certificate import Certificate
from edgecheck.reading.inherited import inheriting
from edgecheck.reading.quick import quick


def load(data: bytes) -> Certificate | str:
    """Read a certificate; else return, in a sentence, why it is none at all."""
    certificate = quick(data) or inheriting(data)
    if certificate is None:
        from edgecheck.reading.damaged import slow  # asn1crypto takes long to import

        return slow(data)
    return certificate
