"""Rules about the trusted root itself."""

from functools import lru_cache

from edgecheck.behaviour.equal_names import telling_apart
from edgecheck.behaviour.refusers import OPENSSL, Refuser
from edgecheck.hierarchy.hierarchy import Hierarchy
from edgecheck.hierarchy.signatures import State, algorithm, verify
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.der import Malformed
from edgecheck.reading.text import safe
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.rule import (
    ERROR,
    WARNING,
    Act,
    Need,
    Over,
    Violation,
    rule,
    severity_for,
)
from edgecheck.rules.misled import unended
from edgecheck.rules.references import measured, openssl, rfc
from edgecheck.rules.trust.shared import topmost

R = Refuser


@lru_cache(maxsize=64)
def _own_signature(root: Certificate) -> State:
    """Verified once, however many gateways share the root."""
    return verify(root, root).state


def _can_make_it(root: Certificate) -> bool:
    """Whether its key makes signatures of the algorithm that it names; True where none can tell."""
    from edgecheck.behaviour.openssl.facts import Facts  # sound chains need none of it

    try:
        return Facts(root).signs_as(root)
    except (Unreadable, Malformed):
        return True


_NO_ROOT_TO = OPENSSL - {R.CURL, R.STRICT} | {R.DOTNET}
"""Those to whom a certificate that its key cannot have signed is not self-signed, and no root;
curl, and Python with VERIFY_X509_STRICT, stop at whatever is trusted."""


@rule(
    "trust.root-signature-invalid",
    title="The trusted root's own signature does not verify",
    severity=WARNING,
    over=Over.HIERARCHY,
    purpose="server",
    act=Act.TRUST,
    needs=[Need.TRUST],
    references=[
        rfc(5280, "6.1"),
        openssl("crypto/x509/v3_purp.c"),
        measured("of 38 clients Botan refuses it, and wolfSSL where the root is presented"),
    ],
)
def root_signature_invalid(hierarchy: Hierarchy, case: Case) -> Violation | None:
    """A root is trusted for its name and key, so nearly nobody looks at its signature.

    A signature that is wrong tells that the file was damaged or changed since it was made: what
    else it says, such as its end or its constraints, was signed by nobody. Botan says "Loop in
    certificate chain", wolfSSL "ASN sig error, confirm failure". Where the root names an algorithm
    that its key cannot make, as RSA beside an elliptic curve, it is no self-signed certificate to
    OpenSSL 1.1.1 and later, nor to .NET: "unable to get issuer certificate" (2), PartialChain.

    Remedy:
    Compare the file with the root that its owner publishes, and replace it on the gateway and in
    the trust of every client:

        openssl verify -check_ss_sig -CAfile root.pem root.pem
    """
    anchor = hierarchy.anchor
    if anchor is None or hierarchy.anchor_assumed or not anchor.is_self_issued:
        return None
    state = _own_signature(anchor)
    if state is State.VALID and anchor.tbs_signature_algorithm == anchor.signature_algorithm:
        return None
    can_make = _can_make_it(anchor)
    if can_make and state is not State.INVALID:
        return None
    refused_by, found = frozenset[Refuser](), "invalid signature"
    told = f"the signature of {case.named(anchor)} was not made by its own key"
    if state is not State.VALID:
        refused_by |= {R.BOTAN, R.WOLFSSL} if anchor in hierarchy.sequence else {R.BOTAN}
    if not can_make:
        used = algorithm(anchor.tbs_signature_algorithm)
        if state is State.VALID:
            told = f"{case.named(anchor)} was signed by its own key, but says that it was not"
            found = f"the algorithm {used.name}"
        elif state is not State.INVALID:
            found = "uncheckable signature"
        told += f", which makes none of the algorithm {used.name}"
        refused_by |= _NO_ROOT_TO | (frozenset() if used.key else {R.MBEDTLS})
    return Violation(
        told,
        wanted="a signature by its own key",
        found=found,
        certificates=(anchor,),
        severity=severity_for(refused_by),
        refused_by=refused_by,
    )


@rule(
    "trust.root-issuer-written-differently",
    title="The trusted root writes its own name in two ways",
    severity=ERROR,
    over=Over.HIERARCHY,
    purpose="server",
    act=Act.REISSUE,
    needs=[Need.TRUST],
    references=[
        rfc(5280, "3.2"),
        rfc(5280, "4.1.2.4"),
        measured(
            "letter case, white space, type of string: .NET says UntrustedRoot, rtls (rustls "
            "for Python) UnknownIssuer; the other clients take it"
        ),
    ],
)
def root_issuer_written_differently(hierarchy: Hierarchy, case: Case) -> Violation | None:
    """A root is its own issuer, but subject and issuer are not the same byte for byte.

    For RFC 5280, section 7.1, the two names are the same. .NET compares their bytes where it sorts
    what is trusted: a certificate that is not its own issuer is no root to it, and only helps to
    build chains. It says UntrustedRoot. OpenSSL, Botan and what else goes on to a root fold letters
    and white space of ASCII alone: where the names differ in more than that, they look for another
    certificate above, and say "unable to get issuer certificate" (2). It happens where a root was
    made with a tool that is told the issuer by hand.

    Remedy:
    Have the root made anew, for the same key, with its subject copied as its issuer, as `openssl
    req -x509` does; and replace it on the gateway and in the trust of every client.
    """
    anchor = hierarchy.anchor
    if anchor is None or hierarchy.anchor_assumed:
        return None
    root = topmost(anchor, hierarchy)
    if root.subject_raw == root.issuer_raw or not root.is_self_issued:
        return None
    by_bytes = frozenset({R.DOTNET, R.RUSTLS_RTLS})
    refused_by = by_bytes | telling_apart(root.issuer_raw, root.subject_raw, trusted=True)
    if root.der in hierarchy.pool.trusted:
        refused_by &= unended(case) | (by_bytes if root == anchor else frozenset())
    else:  # what is trusted below it is enough for whoever ends there
        refused_by = frozenset()
    if not refused_by:
        return None
    written = str(root.issuer)
    return Violation(
        f'{case.named(root)} names its issuer "{safe(written, 120)}", which is itself, but is '
        "written otherwise in its subject",
        wanted=str(root.subject),
        found=written,
        certificates=(root,),
        refused_by=refused_by,
    )
