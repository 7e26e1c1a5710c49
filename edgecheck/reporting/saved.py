"""A chain that was predicted, as PEM; whoever finds the file sees what it is."""

from edgecheck.hierarchy.roles import WORDS
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.text import safe
from edgecheck.report.answers import Answers
from edgecheck.reporting.document.certificates import pem


def as_pem(report: Answers) -> str:
    """Return what is presented, each certificate below a line about it; ASCII alone."""
    predicted = report.hierarchy.predicted
    version = ".".join(map(str, predicted.version)) if predicted is not None else ""
    made = (
        f"synthetic: as IoT Edge {version} will make it; nobody signed it, and nobody has its key"
    )
    blocks = []
    for certificate in report.hierarchy.sequence:
        role = WORDS[report.hierarchy.role(certificate)]
        lines = [f"# {role}: {_ascii(_subject(certificate))}"]
        if certificate in report.synthetic:
            lines.append(f"# {made}")
        blocks.append("\n".join(lines) + "\n" + pem(certificate.der))
    return "\n".join(blocks)


def _subject(certificate: Certificate) -> str:
    try:
        return safe(str(certificate.subject), 200)
    except Exception:  # whatever is wrong with it
        return "an unreadable subject"


def _ascii(text: str) -> str:
    return text.encode("ascii", "backslashreplace").decode("ascii")
