"""What a caller gives, in any of its forms, becomes certificates and a list of damage.

Nothing is dropped in silence: each piece of the input is a certificate, or a `Problem`
that says what it was and where.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from edgecheck.reading.certificate import Certificate, Origin, quick
from edgecheck.reading.pem import Block, Scan, scan

CERTIFICATE_LABELS = {"CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"}


@dataclass(frozen=True, slots=True)
class Source:
    """Bytes with the name under which a report speaks of them."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the input that is not a readable certificate, or is one with a flaw.

    Lines are 1-based, None for binary input. `certificate` is the one concerned, if it
    could be read all the same.
    """

    kind: str
    source: str
    first_line: int | None
    last_line: int | None
    detail: str = ""
    certificate: Certificate | None = None


@dataclass(frozen=True, slots=True)
class Presentation:
    """The certificates in the order given, duplicates included as the same object."""

    sequence: tuple[Certificate, ...]
    origins: tuple[Origin, ...]
    problems: tuple[Problem, ...]
    transcript: bool = False


class Reader:
    """Reads everything that belongs to one report; equal DER gives the same object."""

    def __init__(self, interned: dict[bytes, Certificate], limit_bytes: int, limit: int) -> None:
        """Start with certificates read before, and with bounds on bytes and certificates."""
        self.interned = interned
        self.limit_bytes = limit_bytes
        self.limit = limit

    def read(self, given: Any, argument: str, default: str = "<input>") -> Presentation:
        """Read one argument of `check()`.

        Raises:
            TypeError: something that is no bytes, text or certificate, or a path.
        """
        sequence: list[Certificate] = []
        origins: list[Origin] = []
        problems: list[Problem] = []
        transcript = False
        for source in _sources(given, argument, default):
            if isinstance(source, Source):
                transcript |= self._source(source, sequence, origins, problems)
            else:
                self._add(_der(source), default, (None, None), sequence, origins, problems)
        return Presentation(tuple(sequence), tuple(origins), tuple(problems), transcript)

    def _source(
        self,
        source: Source,
        sequence: list[Certificate],
        origins: list[Origin],
        problems: list[Problem],
    ) -> bool:
        data, name = source.data, source.name
        if len(data) > self.limit_bytes:
            problems.append(
                Problem(
                    "too-large", name, None, None, f"{len(data)} bytes, {self.limit_bytes} read"
                )
            )
            data = data[: self.limit_bytes]
        if data[:1] == b"\x30" and b"-----BEGIN" not in data[:64]:
            kind = _container(data)
            if kind:
                problems.append(Problem(kind, name, None, None))
            else:
                self._ders(data, name, sequence, origins, problems)
            return False
        found = scan(data)
        for damage in found.damages:
            where = (damage.first_line or None, damage.last_line or None)
            problems.append(Problem(damage.kind, name, *where, damage.detail))
        for block in found.blocks:
            self._block(block, name, sequence, origins, problems)
        _transcript_problems(found, name, problems)
        return found.transcript

    def _ders(
        self,
        data: bytes,
        name: str,
        sequence: list[Certificate],
        origins: list[Origin],
        problems: list[Problem],
    ) -> None:
        """One DER certificate, or several one after the other."""
        at = 0
        while at < len(data) and data[at] == 0x30:
            end = _end(data, at)
            if end is None or not self._add(
                data[at:end], name, (None, None), sequence, origins, problems
            ):
                break
            at = end
        if at == 0 and not any(problem.source == name for problem in problems):
            problems.append(Problem("not-a-certificate", name, None, None, "cut short"))
        elif 0 < at < len(data):
            problems.append(
                Problem("trailing-data", name, None, None, f"{len(data) - at} bytes after DER")
            )

    def _block(
        self,
        block: Block,
        name: str,
        sequence: list[Certificate],
        origins: list[Origin],
        problems: list[Problem],
    ) -> None:
        lines = (block.first_line, block.last_line)
        certificate = None
        data = block.body
        if block.label in CERTIFICATE_LABELS:
            if block.label == "TRUSTED CERTIFICATE" and (end := _end(data, 0)):
                data = data[:end]  # OpenSSL's trust settings follow the certificate
            if data and self._add(data, name, lines, sequence, origins, problems):
                certificate = sequence[-1]
            elif not data and not block.damages:
                problems.append(Problem("not-a-certificate", name, *lines, "an empty block"))
            if block.label != "CERTIFICATE":
                problems.append(Problem("other-label", name, *lines, block.label, certificate))
        elif block.label.endswith("PRIVATE KEY"):
            pass  # its damage says so
        elif block.label in ("PKCS7", "CMS"):
            problems.append(Problem("pkcs7", name, *lines, block.label))
        else:
            problems.append(Problem("other-object", name, *lines, block.label))
        for damage in block.damages:
            problems.append(
                Problem(
                    damage.kind,
                    name,
                    damage.first_line,
                    damage.last_line,
                    damage.detail,
                    certificate,
                )
            )

    def _add(
        self,
        data: bytes,
        name: str,
        lines: tuple[int | None, int | None],
        sequence: list[Certificate],
        origins: list[Origin],
        problems: list[Problem],
    ) -> bool:
        if len(sequence) >= self.limit:
            if not any(problem.kind == "too-many" for problem in problems):
                problems.append(Problem("too-many", name, *lines, f"more than {self.limit}"))
            return False
        certificate = self.interned.get(data) or quick(data)
        if certificate is None:
            from edgecheck.reading.damaged import slow  # asn1crypto takes long to import

            read = slow(data)
            if isinstance(read, str):
                problems.append(Problem("not-a-certificate", name, *lines, read))
                return False
            certificate = read
        certificate = self.interned.setdefault(data, certificate)
        sequence.append(certificate)
        origins.append(Origin(name, len(origins), *lines))
        return True


def _sources(given: Any, argument: str, default: str) -> Iterable[Source | Any]:
    if isinstance(given, Source | x509.Certificate | Certificate):
        return (given,)
    if isinstance(given, bytes | bytearray | memoryview):
        return (Source(default, bytes(given)),)
    if isinstance(given, str):
        return (Source(default, _text(given, argument)),)
    if isinstance(given, Iterable):
        found: list[Source | Any] = []
        for item in given:
            found.extend(_sources(item, argument, default))
        return found
    hint = ""
    if hasattr(given, "__fspath__"):
        hint = f"; pass the file's contents: {type(given).__name__}({str(given)!r}).read_bytes()"
    raise TypeError(
        f"{argument}: expected bytes or str of PEM or DER, certificates of `cryptography`, or an "
        f"iterable of these; got {type(given).__name__}{hint}"
    )


def _text(given: str, argument: str) -> bytes:
    """Text is PEM or a transcript; one line that is neither is most likely a path."""
    if given and "\n" not in given and "\r" not in given and "-----" not in given:
        raise TypeError(
            f"{argument}: expected the text of PEM, got a str that looks like a path; "
            f"pass the file's contents: pathlib.Path({given[:80]!r}).read_bytes()"
        )
    return given.encode("utf-8", "surrogatepass")


def _der(certificate: Any) -> bytes:
    if isinstance(certificate, Certificate):
        return certificate.der
    data: bytes = certificate.public_bytes(Encoding.DER)
    return data


def _end(data: bytes, at: int) -> int | None:
    """Where the DER element at `at` ends; None when it does not fit."""
    if at + 2 > len(data):
        return None
    start, length = at + 2, data[at + 1]
    if length >= 128:
        start += length & 127
        length = int.from_bytes(data[at + 2 : start], "big")
    return start + length if start + length <= len(data) else None


_PKCS7 = bytes.fromhex("06092a864886f70d0107")


def _container(data: bytes) -> str | None:
    """Whether DER is PKCS#7 (RFC 2315) or PKCS#12 (RFC 7292), by its first element."""
    length = data[1] if len(data) > 1 else 0
    inside = data[2 + (length & 127 if length >= 128 else 0) :][:16]
    if inside.startswith(_PKCS7):
        return "pkcs7"
    if inside.startswith(b"\x02\x01\x03"):
        return "pkcs12"
    return None


def _transcript_problems(found: Scan, name: str, problems: list[Problem]) -> None:
    blocks = sum(block.label in CERTIFICATE_LABELS for block in found.blocks)
    if found.transcript and found.listed > blocks:
        problems.append(
            Problem("transcript-without-certificates", name, None, None, f"{found.listed} {blocks}")
        )
