"""What is said of input that is no readable certificate, or is one with a flaw."""

from collections.abc import Iterable

from edgecheck.reading.certificate import Certificate
from edgecheck.values import frozen

CONFIGURATION = "configuration"
"""The kind of problem that is a configuration of the runtime, given as certificates."""
OTHER_FORM = "other-form"
"""The kind of problem that is a form which no reader of PEM knows, and was read all the same."""
NOTHING_BEFORE = ", nothing before it"
"""In the detail of an END line that is one too many, and hides nothing."""
TRAILING = "trailing-data"
"""The kind of problem that is bytes behind a certificate's end."""
KINDS = frozenset(
    {
        CONFIGURATION,
        "der",
        "locked",
        "not-a-certificate",
        "nothing",
        OTHER_FORM,
        "other-label",
        "other-object",
        "pkcs12",
        "pkcs7",
        "too-large",
        "too-many",
        TRAILING,
        "transcript-without-certificates",
        "unopened",
    }
)
"""Kinds of problems beside those of `pem`."""
TRUNCATED = ("too-large", "too-many")
"""Kinds of problems that mean that there was more than was read."""


@frozen
class Problem:
    """Something in the input that is not a readable certificate, or is one with a flaw.

    Lines are 1-based, None for binary input. `certificate` is the one concerned, if it
    could be read all the same. `within` is the argument that the source was read for: "trust", a
    field of `edgecheck.Device`, or empty for what is presented.
    """

    kind: str
    source: str
    first_line: int | None
    last_line: int | None
    detail: str = ""
    certificate: Certificate | None = None
    within: str = ""


def trailing(problems: Iterable[Problem]) -> frozenset[bytes]:
    """DER of the certificates that have further bytes behind their end."""
    return frozenset(p.certificate.der for p in problems if p.kind == TRAILING and p.certificate)
