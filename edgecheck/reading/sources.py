"""What a caller may give as one argument, taken apart into sources and certificates."""

from collections.abc import Iterable
from dataclasses import field
from typing import Any

from cryptography import x509

from edgecheck.reading.certificate import Certificate
from edgecheck.reading.late import late
from edgecheck.reading.loading import load
from edgecheck.reading.secrets import shown_path
from edgecheck.values import frozen


@frozen
class Source:
    """Bytes with the name under which a report speaks of them.

    `single`: they stand where one certificate has to, as TLS carries them: nothing is looked for
    in them.
    """

    name: str
    data: bytes = field(repr=False)
    single: bool = False


AnyCertificate = bytes | bytearray | memoryview | str | Source | x509.Certificate | Certificate
"""Bytes or text of a file, with any number of certificates; or one that was read already."""
AnyCertificates = AnyCertificate | Iterable[AnyCertificate]
"""All forms in which certificates are taken. A path is none of them, so that type checkers find it:
`read_bytes()` is what is missing."""
AnyCrl = bytes | bytearray | memoryview | str | Source | x509.CertificateRevocationList
"""The same for certificate revocation lists."""
AnyCrls = AnyCrl | Iterable[AnyCrl]

_ENCODED = late(
    r"(?:MI[A-P]|TUl[I-L]|eyJ)[A-Za-z0-9+/=_\s\\-]{60}|LS0tLS1CRUdJTi|TFMwdExTMUNSVWRK"
    r"|BEGIN(?:%20|\+)"
    r"|30[\s,:;\\-]{0,8}(?:0?[xX])?8[0-4](?:[\s,:;\\-]{0,8}(?:0?[xX])?[0-9A-Fa-f]{2}){30}"
)
"""One line in which an object is written as base64 or in hex; no path is like it."""
_LONGEST_PATH = 4096  # PATH_MAX of Linux
_BYTES = (bytes, bytearray, memoryview)
_WHOLE = (Source, x509.Certificate, Certificate)


def sources(given: Any, argument: str, default: str) -> Iterable[Source | Any]:
    """Return the sources and certificates of one argument, in order; `default` names bytes.

    Raises:
        TypeError: something that is no bytes, text or certificate, or a path.
    """
    if isinstance(given, _BYTES):
        return (Source(default, bytes(given)),)
    if isinstance(given, _WHOLE):
        return (given,)
    if isinstance(given, str):
        return (Source(default, _text(given, argument)),)
    if isinstance(given, Iterable) and not hasattr(given, "read"):
        found: list[Source | Any] = []
        for item in given:
            found.extend(sources(item, argument, default))
        return found
    hint = ""
    if hasattr(given, "read"):
        hint = "; pass its contents: .read()"
    if hasattr(given, "__fspath__"):
        hint = f"; pass the file's contents: {type(given).__name__}({str(given)!r}).read_bytes()"
    raise TypeError(
        f"{argument}: expected bytes or str of PEM, DER, PKCS#7 or PKCS#12, certificates of "
        f"`cryptography`, or an iterable of these; got {type(given).__name__}{hint}"
    )


def lasting(given: Any) -> Any:
    """The same certificates in a form that is a value: hashable, and what pickle can take.

    What is none is kept, for whoever reads it says so.
    """
    if isinstance(given, bytearray | memoryview):
        return bytes(given)
    if isinstance(given, x509.Certificate):
        read = load(der_of(given))
        return given if isinstance(read, str) else read
    if isinstance(given, (str, bytes, *_WHOLE)) or hasattr(given, "read"):
        return given
    return tuple(map(lasting, given)) if isinstance(given, Iterable) else given


def file_bytes(given: AnyCertificates | None) -> bytes:
    """The bytes of one file as it was given; empty where it was not given as one file."""
    if isinstance(given, Source):
        return given.data
    if isinstance(given, str):
        return given.encode("utf-8", "surrogatepass")
    return bytes(given) if isinstance(given, _BYTES) else b""


def _text(given: str, argument: str) -> bytes:
    """Text is PEM or a transcript; one line that is neither is most likely a path."""
    one_line = "\n" not in given and "\r" not in given and "-----" not in given
    if given and one_line and len(given) <= _LONGEST_PATH and _ENCODED.search(given) is None:
        raise TypeError(
            f"{argument}: expected the text of PEM, got a str that looks like a path; "
            f"pass the file's contents: pathlib.Path({shown_path(given)!r}).read_bytes()"
        )
    return given.encode("utf-8", "surrogatepass")


def der_of(certificate: Any) -> bytes:
    """Return the DER of a certificate, ours or one of `cryptography`."""
    if isinstance(certificate, Certificate):
        return certificate.der
    from cryptography.hazmat.primitives.serialization import Encoding

    data: bytes = certificate.public_bytes(Encoding.DER)
    return data
