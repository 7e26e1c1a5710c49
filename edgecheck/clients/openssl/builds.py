"""What builds of OpenSSL and of Python print that others do not: words, and lines of their source.

Of 3.0.19, 3.5.9 and 3.6.5 as Debian has them, and of Python 3.11.7, 3.13.5 and 3.14.10.
"""

from collections.abc import Callable, Mapping

from edgecheck.behaviour.host import Host
from edgecheck.behaviour.openssl import errors as e
from edgecheck.behaviour.openssl.callers import python_3_13_refuses, python_refuses
from edgecheck.values import frozen


@frozen
class Build:
    """One build of OpenSSL.

    Attributes:
        texts: of X509_verify_cert_error_string, by number.
        mismatch: line of ssl/statem/statem_clnt.c where a certificate has another length.
        size: line of ssl/statem/statem.c where a message is too large.
        alert: the words for alert 40, and the line of ssl/record/rec_layer_s3.c.
        pss: the function that verifies an RSA-PSS signature, and the line of crypto/rsa/rsa_pss.c.
        tag: line of crypto/asn1/tasn_dec.c where a tag is wrong.
        unread: what `openssl verify` says of a file in which it finds no certificate.
    """

    texts: Mapping[int, str]
    mismatch: int
    size: int
    alert: tuple[str, int]
    pss: tuple[str, int]
    tag: int
    unread: str


OPENSSL_3_0 = Build(
    e.TEXTS,
    1815,
    609,
    ("sslv3 alert handshake failure", 1601),
    ("RSA_verify_PKCS1_PSS_mgf1", 76),
    1225,
    "Unable to load certificate file",
)
_SINCE_3_2 = "ssl/tls alert handshake failure", 918
_SINCE_3_4 = "ossl_rsa_verify_PKCS1_PSS_mgf1", 85
_NOT_FOUND = "Could not find certificate file"
OPENSSL_3_5 = Build(e.TEXTS, 2046, 635, _SINCE_3_2, _SINCE_3_4, 1231, _NOT_FOUND)
OPENSSL_3_6 = Build(e.TEXTS_3_6, 2047, 635, _SINCE_3_2, _SINCE_3_4, 1236, _NOT_FOUND)


@frozen
class Python:
    """One build of Python, with its OpenSSL.

    Attributes:
        openssl: with which it was built.
        handshake, loading: lines of Modules/_ssl.c at which it raises in each.
        refuses: why it does not even connect, because of the name; None where it does.
    """

    openssl: Build
    handshake: int
    loading: int
    refuses: Callable[[Host], str | None]


PYTHON_3_11 = Python(OPENSSL_3_0, 1006, 4154, python_refuses)
PYTHON_3_13 = Python(OPENSSL_3_5, 1029, 4346, python_3_13_refuses)
PYTHON_3_14 = Python(OPENSSL_3_6, 1130, 4544, python_3_13_refuses)
