"""What a caller may give as one argument, taken apart into sources and certificates."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from cryptography import x509

from edgecheck.reading.certificate import Certificate
from edgecheck.reading.secrets import shown_path


@dataclass(frozen=True, slots=True)
class Source:
    """Bytes with the name under which a report speaks of them."""

    name: str
    data: bytes = field(repr=False)


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


def _text(given: str, argument: str) -> bytes:
    """Text is PEM or a transcript; one line that is neither is most likely a path."""
    if given and "\n" not in given and "\r" not in given and "-----" not in given:
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
