"""Whether clients can load what they trust."""

from edgecheck.behaviour import raw
from edgecheck.behaviour.openssl.settings import Settings
from edgecheck.behaviour.refusers import Refuser
from edgecheck.hierarchy.hierarchy import Hierarchy
from edgecheck.reading.certificate import Certificate
from edgecheck.rules.engine.case import Case, shown_name
from edgecheck.rules.engine.rule import ERROR, Act, Need, Over, Violation, rule
from edgecheck.rules.references import measured, openssl
from edgecheck.rules.trust.conditions import UNVETTED

R = Refuser
_WHOLE = frozenset(
    {R.PYTHON, R.STRICT, R.S_CLIENT, R.VERIFY, R.CURL, R.MOSQUITTO, R.DOTNET, R.CRYPTOGRAPHY}
)
"""Those who load all of a file or nothing."""
_UP_TO_IT = frozenset({R.NODE, R.AZURE_C, R.OPENSSL_1_1_1, R.OPENSSL_1_1_0, R.BORINGSSL})
"""Those who keep what stands before it, or some of whom do."""


@rule(
    "trust.cannot-be-loaded",
    title="A certificate beside the trusted root keeps clients from loading their trust",
    severity=ERROR,
    over=Over.HIERARCHY,
    purpose="server",
    when=[UNVETTED],
    act=Act.TRUST,
    needs=[Need.TRUST],
    references=[
        openssl("crypto/x509/by_file.c"),
        measured(
            "Python, curl, mosquitto, `openssl` and .NET then load nothing of the file, Node.js "
            "and the Azure C SDK what stands before it, Go all but it"
        ),
    ],
)
def cannot_be_loaded(hierarchy: Hierarchy, case: Case) -> list[Violation]:
    """A file of trusted certificates is only as good as its worst one.

    A certificate whose serial number is empty or padded cannot be decoded by OpenSSL. Python
    ("[X509] PEM lib"), curl ("error setting certificate file", 77), mosquitto ("Unable to load CA
    certificates") and `openssl` then take nothing of the file, and .NET throws. Node.js and the
    Azure C SDK silently keep what stands before it, so that the order of the file decides. Go
    leaves out that one alone. The root that the gateway needs may be perfectly sound.

    Remedy:
    Take this certificate out of what the client trusts; the gateway's chain does not need it.
    """
    from edgecheck.behaviour.openssl.decode import undecodable  # sound chains need none of it

    path = hierarchy.path
    if path is None:
        return []
    trust = list(case.expected.trust)
    return [
        _violation(one, trust, case)
        for one in trust
        if one not in path.certificates and undecodable(one, Settings()) is not None
    ]


def _violation(one: Certificate, trust: list[Certificate], case: Case) -> Violation:
    anchor = case.hierarchy.anchor
    refused_by = _WHOLE
    if anchor is not None and trust.index(one) < trust.index(anchor):
        refused_by |= _UP_TO_IT
    if not raw.serial(one):
        refused_by |= {R.JAVA}
    return Violation(
        f"the trusted certificate {shown_name(one)} cannot be loaded: its serial number is "
        + ("empty" if not raw.serial(one) else "padded"),
        wanted="trusted certificates that clients can decode",
        found=raw.serial(one).hex()[:80],
        certificates=(one,),
        refused_by=refused_by,
    )
