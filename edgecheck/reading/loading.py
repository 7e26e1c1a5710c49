"""One certificate from its bytes, whatever is wrong with them: the quick way, else the slow one."""

from functools import lru_cache

from edgecheck.reading.certificate import Certificate
from edgecheck.reading.inherited import inheriting
from edgecheck.reading.quick import quick

REMEMBERED_BYTES = 4096
"""Bytes of the longest certificate that is remembered."""


def load(data: bytes) -> Certificate | str:
    """Read a certificate; else return, in a sentence, why it is none at all."""
    return _load(data, quick(data))


def recall(data: bytes) -> Certificate | str:
    """Return what `load` does, be it the very object that was made of these bytes before.

    The last 256 of a process are kept: gateways of one plant have their CAs in common, and who
    checks again has changed one of them. Nobody may vouch for such an object
    (`hierarchy.signatures.vouch`).
    """
    return _load(data, _recalled(data)) if len(data) <= REMEMBERED_BYTES else load(data)


_recalled = lru_cache(maxsize=256)(quick)


def _load(data: bytes, certificate: Certificate | None) -> Certificate | str:
    certificate = certificate or inheriting(data)
    if certificate is None:
        from edgecheck.reading.damaged import slow  # asn1crypto takes long to import

        return slow(data)
    return certificate
