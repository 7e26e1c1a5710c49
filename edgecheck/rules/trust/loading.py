"""Whether clients can load what they trust."""

from contextlib import suppress

from edgecheck.behaviour import raw
from edgecheck.behaviour.openssl.settings import Settings
from edgecheck.behaviour.refusers import Refuser
from edgecheck.hierarchy.hierarchy import Hierarchy
from edgecheck.reading.certificate import FACT_NAMES, Certificate, Unreadable, damage
from edgecheck.reading.der import Malformed
from edgecheck.reading.text import safe
from edgecheck.rules.engine.case import Case, shown_name
from edgecheck.rules.engine.rule import ERROR, Act, Need, Over, Violation, rule
from edgecheck.rules.references import measured, openssl
from edgecheck.rules.trust.conditions import BESIDE, UNVETTED, suspects

R = Refuser
_WHOLE = frozenset(
    {
        R.PYTHON,
        R.STRICT,
        R.S_CLIENT,
        R.VERIFY,
        R.CURL,
        R.MOSQUITTO,
        R.PAHO_C,
        R.DOTNET,
        R.CRYPTOGRAPHY,
    }
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
    when=[UNVETTED, BESIDE],
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
    leaves out that one alone. OpenSSL does the same since 3.4 with a time that is too short. Nor do
    Java and .NET load anything where a time is none to them, nor Java where a certificate of
    version 1 has extensions.
    The root that the gateway needs may be perfectly sound.

    Remedy:
    Take this certificate out of what the client trusts; the gateway's chain does not need it.
    """
    from edgecheck.behaviour.openssl.decode import undecodable  # sound chains need none of it

    if hierarchy.path is None:
        return []
    found = []
    for one in suspects(case):
        if undecodable(one, Settings()) is not None:
            found.append(_undecodable(one, case))
        elif one not in hierarchy.sequence:
            refused_by = _throwing(one, case)
            found += [_unparsable(one, refused_by)] if refused_by else []
    return found


def _throwing(one: Certificate, case: Case) -> frozenset[Refuser]:
    """Who takes nothing of a store with a certificate that it cannot load, as OpenSSL 3.0 can."""
    from edgecheck.behaviour.dotnet.chain import loads  # sound chains need none of them
    from edgecheck.behaviour.jsse.parse import unparsable

    found = set()
    with suppress(Unreadable, Malformed):
        found |= {R.JAVA} if unparsable(one) is not None else set()
    with suppress(Unreadable, Malformed):
        found |= set() if loads(one, case.view) else {R.DOTNET}
    with suppress(Unreadable, Malformed):
        found |= _since_3_4(one, case)
    return frozenset(found)


def _since_3_4(one: Certificate, case: Case) -> frozenset[Refuser]:
    """Who does not load a time that is too short, with those who load no time of that form."""
    from edgecheck.behaviour.openssl.unloaded import unloaded  # sound chains need none of it

    found = unloaded(case.view, one)
    if found and _stands_before(one, case):
        found |= {R.BORINGSSL}
    return found | {R.CRYPTOGRAPHY} if found else found


def _stands_before(one: Certificate, case: Case) -> bool:
    """Whether it is trusted before what the path ends at."""
    trust, anchor = case.expected.trust, case.hierarchy.anchor
    return anchor is not None and trust.index(one) < trust.index(anchor)


def _unparsable(one: Certificate, refused_by: frozenset[Refuser]) -> Violation:
    """What OpenSSL 3.0 can decode, and some others cannot."""
    parts = [f"{FACT_NAMES.get(fact, fact)}: {why}" for fact, why in damage(one).items()]
    told = safe(" and ".join(parts[:3]), 300) or _too_short(one) or _told_by_java(one)
    remedy = "Put a sound one in its place in what the client trusts, or take it out there."
    return _violation(one, told, told, refused_by, remedy)


def _too_short(one: Certificate) -> str:
    """Of a time that others can read; else empty."""
    from edgecheck.behaviour.openssl.times import short

    with suppress(Unreadable):
        return "a time is too short" if short(one) is not None else ""
    return ""


def _told_by_java(one: Certificate) -> str:
    """Of what others can read."""
    from edgecheck.behaviour.jsse.parse import unparsable

    with suppress(Unreadable, Malformed):
        return safe(unparsable(one) or "", 300) or "it is not as RFC 5280 has it"
    return "it is not as RFC 5280 has it"


def _undecodable(one: Certificate, case: Case) -> Violation:
    """What OpenSSL cannot decode."""
    refused_by = _WHOLE
    if _stands_before(one, case):
        refused_by |= _UP_TO_IT
    if not raw.serial(one):
        refused_by |= {R.JAVA}
    told = "its serial number is " + ("empty" if not raw.serial(one) else "padded")
    return _violation(one, told, raw.serial(one).hex()[:80], refused_by)


def _violation(
    one: Certificate,
    told: str,
    found: str,
    refused_by: frozenset[Refuser],
    remedy: str | None = None,
) -> Violation:
    return Violation(
        f"the trusted certificate {shown_name(one)} cannot be loaded: {told}",
        wanted="trusted certificates that clients can decode",
        found=found,
        certificates=(one,),
        refused_by=refused_by,
        remedy=remedy,
    )
