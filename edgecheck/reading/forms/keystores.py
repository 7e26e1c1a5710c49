"""The certificates in key stores of Java and in serialized stores of Windows, byte for byte.

In neither are certificates encrypted, so no password is needed and none is asked for; private keys
are passed over. JKS is what `keytool` wrote up to Java 8 (since then PKCS#12, unless told
otherwise), JCEKS its like for secret keys. Their libraries for Python are not kept any longer.
"""

from __future__ import annotations

from typing import Final

from edgecheck.reading.bundles import Contents, Unopened
from edgecheck.reading.containers import SERIALIZED

MOST_ENTRIES: Final = 100_000
_PRIVATE_KEY, _TRUSTED, _SECRET_KEY = 1, 2, 3
_CERTIFICATE: Final = 32  # CERT_CERT_PROP_ID of wincrypt.h


class _Bytes:
    """Bytes that are read from the first to the last."""

    def __init__(self, data: bytes, at: int) -> None:
        self.data = data
        self.at = at

    def take(self, size: int) -> bytes:
        """The next bytes."""
        taken = self.data[self.at : self.at + size]
        if len(taken) < size:
            raise Unopened("it is cut short or damaged")
        self.at += size
        return taken

    def big(self, size: int) -> int:
        """The next bytes as a number, the highest first."""
        return int.from_bytes(self.take(size), "big")

    def little(self) -> int:
        """The next four bytes as a number, the lowest first."""
        return int.from_bytes(self.take(4), "little")


def open_jks(data: bytes, most: int) -> Contents:
    """Take out the certificates of a key store of Java; the first of a key's belongs to it.

    The layout is that of `engineLoad` in JavaKeyStore.java and JceKeyStore.java of OpenJDK 17.

    Args:
        data: JKS or JCEKS.
        most: certificates; one more is returned where there are more.

    Raises:
        Unopened: it is damaged, or has secret keys before any certificate.
    """
    read, contents = _Bytes(data, 4), Contents()
    version, entries = read.big(4), read.big(4)
    if version not in (1, 2) or entries > MOST_ENTRIES:
        raise Unopened("it is damaged, or of a version that nobody knows")
    for number in range(entries):
        tag = read.big(4)
        read.take(read.big(2) + 8)  # its name, and when it was made
        if tag == _SECRET_KEY:  # an object of Java, which does not say how long it is
            if not contents.certificates:
                raise Unopened("it has secret keys, behind which nothing can be read")
            contents.locked = True
            break
        if tag not in (_PRIVATE_KEY, _TRUSTED):
            raise Unopened("it is damaged")
        chain = 1
        if tag == _PRIVATE_KEY:
            read.take(read.big(4))
            chain = read.big(4)
            contents.keys.add(number.to_bytes(4, "big"))
        for place in range(min(chain, most + 1)):
            if version == 2:
                read.take(read.big(2))  # "X.509"
            found = read.take(read.big(4))
            contents.certificates.append(found)
            if tag == _PRIVATE_KEY and place == 0:
                contents.key_of[found] = number.to_bytes(4, "big")
        if len(contents.certificates) > most:
            break
    return contents


def open_sst(data: bytes, most: int) -> Contents:
    """Take out the certificates of a serialized store (.sst), as Windows exports it.

    Its elements are a property's number, a kind of encoding, a length and that many bytes, all
    of them little-endian: [MS-OSHARED], section 2.3.9.1, CertStore.

    Args:
        data: the whole file.
        most: certificates; one more is returned where there are more.

    Raises:
        Unopened: it is damaged.
    """
    read, contents = _Bytes(data, len(SERIALIZED)), Contents()
    while len(contents.certificates) <= most:
        kind, _, size = read.little(), read.little(), read.little()
        if kind == 0:
            break
        value = read.take(size)
        if kind == _CERTIFICATE:
            contents.certificates.append(value)
    return contents
