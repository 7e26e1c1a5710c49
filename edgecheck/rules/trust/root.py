"""A rule about the trusted root itself."""

from functools import lru_cache

from edgecheck.behaviour.refusers import Refuser
from edgecheck.hierarchy.hierarchy import Hierarchy
from edgecheck.hierarchy.signatures import State, verify
from edgecheck.reading.certificate import Certificate
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.rule import WARNING, Act, Need, Over, Violation, rule
from edgecheck.rules.references import measured, rfc

R = Refuser


@lru_cache(maxsize=64)
def _own_signature(root: Certificate) -> State:
    """Verified once, however many gateways share the root."""
    return verify(root, root).state


@rule(
    "trust.root-signature-invalid",
    title="The trusted root's own signature does not verify",
    severity=WARNING,
    over=Over.HIERARCHY,
    act=Act.TRUST,
    needs=[Need.TRUST],
    references=[
        rfc(5280, "6.1"),
        measured("of 38 clients Botan refuses it, and wolfSSL where the root is presented"),
    ],
)
def root_signature_invalid(hierarchy: Hierarchy, case: Case) -> Violation | None:
    """A root is trusted for its name and key, so nearly nobody looks at its signature.

    A signature that is wrong tells that the file was damaged or changed since it was made: what
    else it says, such as its end or its constraints, was signed by nobody. Botan says "Loop in
    certificate chain", wolfSSL "ASN sig error, confirm failure".

    Remedy:
    Compare the file with the root that its owner publishes, and replace it on the gateway and in
    the trust of every client:

        openssl verify -check_ss_sig -CAfile root.pem root.pem
    """
    anchor = hierarchy.anchor
    if anchor is None or hierarchy.anchor_assumed or not anchor.is_self_issued:
        return None
    if _own_signature(anchor) is not State.INVALID:
        return None
    presented = anchor in hierarchy.sequence
    return Violation(
        f"the signature of {case.named(anchor)} was not made by its own key",
        wanted="a signature by its own key",
        found="invalid signature",
        certificates=(anchor,),
        refused_by=frozenset({R.BOTAN, R.WOLFSSL} if presented else {R.BOTAN}),
    )
