"""What clients make of policies that a root requires, though a path is judged below its root."""

from contextlib import suppress

from edgecheck.behaviour.policies import lacks_policy
from edgecheck.behaviour.refusers import Refuser
from edgecheck.reading.certificate import EXT_POLICY_CONSTRAINTS, Certificate, Unreadable
from edgecheck.reading.der import Malformed
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.rule import (
    ERROR,
    Act,
    Over,
    Reference,
    Violation,
    rule,
    severity_for,
)
from edgecheck.rules.extension.conditions import UNUSUAL_EXTENSION
from edgecheck.rules.places import Refusers, is_root
from edgecheck.rules.references import openssl, rfc

R = Refuser


@rule(
    "extension.root-requires-policy",
    title="The root requires a certificate policy, and some clients heed that",
    severity=ERROR,
    over=Over.EACH_ON_PATH,
    purpose="server",
    when=[UNUSUAL_EXTENSION],
    act=Act.REISSUE,
    references=[
        rfc(5280, "6.1"),
        rfc(5280, "4.2.1.11"),
        Reference(
            ".NET 8, CertificatePolicy.cs",
            "https://github.com/dotnet/runtime/blob/v8.0.0/src/libraries/"
            "System.Security.Cryptography/src/System/Security/Cryptography/X509Certificates/"
            "CertificatePolicy.cs",
        ),
        openssl("crypto/x509/x509_vfy.c"),
    ],
)
def root_requires_policy(certificate: Certificate, case: Case) -> Violation | None:
    """A root has policyConstraints, which bind nobody by RFC 5280, section 6.1.

    Only the name and the key of a root count there. .NET and BoringSSL begin with the root all
    the same, and require a policy of what is below it. To .NET what it says that it is for
    (extKeyUsage) is one, so that a CA without it is for no server: NotValidForUsage. The
    certificates that the runtime makes never list a policy, in any version, and its CAs have no
    extKeyUsage. Where the extension is critical, more clients refuse it:
    `extension.not-known-everywhere` says so.

    Remedy:
    Have the root made anew, for the same key, without policyConstraints, and replace it on the
    gateway and in the trust of every client; or place the gateway below another root.
    """
    if EXT_POLICY_CONSTRAINTS not in certificate.extensions or not is_root(certificate, case):
        return None
    if EXT_POLICY_CONSTRAINTS in certificate.critical:
        return None
    refusers = applying_a_roots(case)
    if not refusers:
        return None
    what = "a certificate policy" if R.BORINGSSL in refusers else "an extKeyUsage with serverAuth"
    return Violation(
        f"{case.named(certificate)} has policyConstraints, by which some clients want {what} in "
        "what is below it, and it is not there",
        wanted="a root without policyConstraints",
        found=f"policyConstraints {certificate.extensions[EXT_POLICY_CONSTRAINTS].hex()[:120]}",
        certificates=(certificate,),
        severity=severity_for(refusers),
        refused_by=refusers,
    )


def applying_a_roots(case: Case) -> Refusers:
    """Return who asks for policies where a root requires them, as section 6.1 does not.

    It lets as many certificates below it be without one as its number says. .NET takes an
    extKeyUsage for a policy.
    """
    from edgecheck.behaviour.dotnet.chain import not_for_servers  # sound chains need none of it

    path = case.hierarchy.path
    assert path is not None  # of which this is the root
    *below, root = path.certificates
    by = set()
    with suppress(Malformed, Unreadable):
        if below and lacks_policy(below, root) is not None:
            by.add(R.BORINGSSL)
        if below and not_for_servers((*below, root)) is not None:
            by.add(R.DOTNET)
    return frozenset(by)
