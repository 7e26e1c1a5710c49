"""What may be remembered between checks of chains that share certificates."""

from edgecheck.hierarchy.signatures import Signature
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.readings import Readings
from edgecheck.rules.engine.run import Remembered


class Memo:
    """Certificates, verified signatures, findings about single certificates, and what trust is.

    Pass one to several `check()` calls; reports are the same with and without it. It is
    bounded and belongs to one thread at a time. A copy, and what pickle makes of it, starts
    empty: what is in it belongs to this process.
    """

    def __init__(self, most: int = 10_000) -> None:
        """Start empty; when a part holds more than `most` entries its older half goes."""
        if most < 2:
            raise ValueError(f"most: expected 2 or more, got {most}")
        self.most = most
        self.certificates: dict[bytes, Certificate] = {}
        self.signatures: dict[tuple[bytes, bytes], Signature] = {}
        self.findings: Remembered = {}
        self.readings: Readings = {}

    def __reduce__(self) -> tuple[type["Memo"], tuple[int]]:
        return Memo, (self.most,)

    def __repr__(self) -> str:
        return f"<Memo of {len(self.certificates)} certificates>"

    def trim(self) -> None:
        """Drop the older half of whatever has grown too large."""
        parts: tuple[dict[object, object], ...] = (
            self.certificates,  # type: ignore[assignment]
            self.signatures,
            self.findings,
        )
        for part in parts:
            if len(part) > self.most:
                for key in list(part)[: len(part) // 2]:
                    del part[key]
