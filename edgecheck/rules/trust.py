"""Rules about what clients and modules trust."""

from edgecheck.device import Device
from edgecheck.hierarchy.hierarchy import Hierarchy
from edgecheck.hierarchy.paths import Ending
from edgecheck.hierarchy.rfc5280.violations import Kind, PathViolation
from edgecheck.hierarchy.roles import Role
from edgecheck.hierarchy.shapes import FIRST_1_2, NEWEST
from edgecheck.hierarchy.signatures import State
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.names import same_name
from edgecheck.reading.text import safe
from edgecheck.rules.case import Case, shown_name, shown_time
from edgecheck.rules.circumstances import ANCHOR_BELOW_ROOT
from edgecheck.rules.references import (
    ARTICLE,
    edge,
    identity_service,
    issue,
    measured,
    openssl,
    rfc,
)
from edgecheck.rules.refusers import EVERYBODY, NSS, OPENSSL, OPENSSL_OLD, Refuser
from edgecheck.rules.rule import ERROR, INFO, WARNING, Act, Need, Over, Violation, rule

R = Refuser


@rule(
    "trust.root-not-trusted",
    title="The chain ends in a root that the client does not trust",
    severity=ERROR,
    over=Over.PATH_VIOLATION,
    kinds=[Kind.UNTRUSTED_ROOT],
    act=Act.TRUST,
    references=[
        ARTICLE,
        rfc(5280, "6.1.1"),
        issue("Azure/iotedge", 6827),
        measured("every client refuses it, OpenSSL with error 18 or 19"),
    ],
    refused_by=EVERYBODY,
)
def root_not_trusted(violated: PathViolation, case: Case) -> Violation:
    """The self-signed certificate at the end of the chain is not among what is trusted.

    "The leaf IoT devices must trust the root certificate", the article says; sending the root
    along does not make it trusted. OpenSSL says "self-signed certificate in certificate
    chain" (19), or for a server certificate that is its own root "self-signed certificate"
    (18); .NET says UntrustedRoot, Java "PKIX path building failed". When a trusted
    certificate has the same name and another key, the root was made again, and gateway and
    client hold different generations.

    Remedy:
    Give the client this root as its trusted CA certificate: the SDK's option, the
    connection's CA file, or the system's store (Debian: copy it as a `.crt` file to
    /usr/local/share/ca-certificates, then `update-ca-certificates`). Where the trusted root
    is the newer one, have the gateway's chain reissued from that.
    """
    root = violated.certificate
    trusted = (t for t in case.expected.trust if same_name(t.subject_raw, root.subject_raw))
    twin = next((t for t in trusted if t.spki != root.spki), None)
    told = f"{case.named(root)} is not trusted"
    if twin is not None:
        told += "; a trusted certificate has the same name and another key"
    return Violation(
        told,
        wanted=root.sha256,
        found=[trusted.sha256 for trusted in case.expected.trust[:8]],
        certificates=(root,),
        evidence={"same_name_trusted": twin.sha256 if twin else None},
    )


@rule(
    "trust.no-root",
    title="The client trusts a CA of the chain, but not its root",
    severity=ERROR,
    over=Over.HIERARCHY,
    traits=ANCHOR_BELOW_ROOT,
    act=Act.TRUST,
    needs=[Need.TRUST],
    references=[
        openssl("doc/man1/openssl-verification-options.pod"),
        issue("MicrosoftDocs/azure-docs", 13377),
        measured("Azure SDKs, OpenSSL, Python, Node and .NET refuse it; Go and Java accept it"),
        measured("GnuTLS refuses it where the CA above the trusted one is presented too"),
    ],
)
def no_root(hierarchy: Hierarchy, case: Case) -> Violation | None:
    """What the client was given is an intermediate or the device CA instead of the root.

    By RFC 5280 any certificate may be an anchor, and Go, Java, GnuTLS and curl take it so.
    OpenSSL without X509_V_FLAG_PARTIAL_CHAIN, and with it Python before 3.13, Node, .NET
    and the Azure SDKs for Python, Node and C, insist on a self-signed certificate at the end:
    error 2, "unable to get issuer certificate", even where the gateway presents that root.
    The chain is valid all the same, since the trust that was given allows it.

    Remedy:
    Give the client the root certificate as its trusted CA, instead of the other one or
    beside it.
    """
    anchor = hierarchy.anchor
    path = hierarchy.path
    if path is None or anchor is None or path.ended is not Ending.ANCHOR:
        return None
    if _reaches_root(anchor, hierarchy):
        return None
    return Violation(
        f"{case.named(anchor)} is trusted, and the root above it is not",
        wanted=f"the root above {safe(str(anchor.subject), 120)}",
        found=str(anchor.subject),
        certificates=(anchor, *([top] if (top := _topmost(anchor, hierarchy)) != anchor else [])),
        refused_by=_refusers_of_partial_trust(anchor, hierarchy),
    )


def _refusers_of_partial_trust(anchor: Certificate, hierarchy: Hierarchy) -> frozenset[Refuser]:
    """Who insists on a root; some only by what is presented beside the trusted certificate."""
    refused = OPENSSL - {R.STRICT, R.CURL} | OPENSSL_OLD | {R.DOTNET, R.BOTAN, R.RUSTLS_RTLS}
    presented = set(hierarchy.sequence)
    if anchor in presented and any(
        link.issuer in presented and not link.issuer.is_self_issued
        for link in hierarchy.pool.links(anchor)
    ):
        refused |= {R.GNUTLS}
    if anchor == hierarchy.target:
        refused |= {R.MBEDTLS} | NSS
    return refused


@rule(
    "trust.bundle-without-root",
    title="The gateway's trust bundle does not contain the root of its own chain",
    severity=ERROR,
    over=Over.HIERARCHY,
    act=Act.CONFIGURE,
    needs=[Need.TRUST_BUNDLE],
    references=[
        ARTICLE,
        edge("edgelet/iotedge/src/config/apply.rs", "1.2.10"),
        issue("Azure/iotedge", 6340),
    ],
)
def bundle_without_root(hierarchy: Hierarchy, case: Case) -> Violation | None:
    """The modules on the gateway get their trust from this bundle, and cannot verify edgeHub.

    The runtime serves `trust_bundle_cert` (`trusted_ca_certs` up to 1.1) to its modules, from
    1.2 on behind the contents of the device CA file. Where neither holds the root, modules
    say "TLS authentication error" or "The remote certificate is invalid", while leaf devices
    with their own trust connect. An intermediate or the device CA in the bundle is not
    enough for modules that build on OpenSSL or .NET (`trust.no-root`).

    Remedy:
    Put the root certificate into the file that `trust_bundle_cert` (`trusted_ca_certs` up to
    1.1) names, and apply the configuration.
    """
    path = hierarchy.path
    if path is None or path.ended is Ending.LOOP or path.ended is Ending.BUDGET:
        return None
    if path.ended is Ending.NO_ISSUER and case.expected.trust:
        return None  # `chain.missing-issuer`: nobody knows which root is above the gap
    spoiled = any(problem.source == "<trust_bundle>" for problem in case.problems)
    if spoiled and not case.expected.trust_bundle:
        return None  # a rule about the input says why nothing could be read from it
    top = _topmost(path.certificates[-1], hierarchy)
    bundle = case.expected.trust_bundle or ()
    if case.within(FIRST_1_2, NEWEST) is not False:
        bundle += case.expected.device_ca_file or ()
    named = case.named(top)
    if top.is_self_issued:
        if case.role(top) is Role.OTHER:
            named = f"the root {shown_name(top)}"
        wanted, told = top.sha256, f"{named} is not in the trust bundle"
        if any(c.spki == top.spki and same_name(c.subject_raw, top.subject_raw) for c in bundle):
            return None
    else:
        wanted = f"the root above {safe(str(top.subject), 120)}"
        told = f"no root that issued {named} is in the trust bundle"
        if any(c.is_self_issued and _issued(c, top, hierarchy) for c in bundle):
            return None
    return Violation(
        f"{told}, so modules on the gateway cannot verify edgeHub",
        wanted=wanted,
        found=[certificate.sha256 for certificate in bundle[:8]],
        certificates=(top,),
    )


@rule(
    "trust.bundle-join-without-newline",
    title="The device CA file lacks its last line end, and the trust bundle is joined to it",
    severity=ERROR,
    over=Over.DEVICE,
    act=Act.EDIT,
    needs=[Need.DEVICE_CA_FILE, Need.TRUST_BUNDLE],
    runtime="1.2.0 or later",
    references=[
        identity_service("cert/aziot-certd/src/lib.rs"),
        edge("edgelet/iotedge/src/config/apply.rs", "1.2.10"),
        measured("OpenSSL reads no certificate from joined markers, Go and Java neither"),
    ],
)
def bundle_join_without_newline(device: Device, case: Case) -> Violation | None:
    """From 1.2 on certd serves both files as one, byte behind byte, with nothing in between.

    Where the first does not end with a line end, its last line and the first of the other
    become "-----END CERTIFICATE----------BEGIN CERTIFICATE-----". OpenSSL, and what builds on it,
    does not recognise that and loses certificates: "no start line".

    Remedy:
    End the device CA file with a line end, and apply the configuration:

        echo >> device-ca-full-chain.pem
    """
    data = device.device_ca_file
    text = data.encode("utf-8", "replace") if isinstance(data, str) else bytes(data or b"")
    severity = case.bound(ERROR, FIRST_1_2, NEWEST)
    if severity is None or not text or text.endswith((b"\n", b"\r")) or b"-----" not in text:
        return None
    return Violation(
        "the device CA file does not end with a line end, and the trust bundle is put behind it",
        wanted="a line end",
        found=safe(text[-25:].decode("latin-1"), 60),
        severity=severity,
        where=("<device_ca_file>", None, None),
    )


@rule(
    "trust.bundle-expired-member",
    title="A certificate in the gateway's trust bundle has expired",
    severity=WARNING,
    over=Over.DEVICE,
    act=Act.CONFIGURE,
    needs=[Need.TRUST_BUNDLE],
    follows=["validity.expired"],
    references=[identity_service("aziotctl/src/internal/check/checks/certs_preloaded.rs")],
)
def bundle_expired_member(device: Device, case: Case) -> list[Violation] | None:
    """Modules can verify nothing with it any more.

    `aziotctl check` looks at the first certificate of the file alone, and says that it "expired
    at" its end: that is a warning. Any further one is a note; nobody looks at it.

    Remedy:
    Remove the certificate from the file that `trust_bundle_cert` (`trusted_ca_certs` up to 1.1)
    names, put its successor there, and apply the configuration.
    """
    at = case.expected.at_seconds
    found = [
        Violation(
            f"{shown_name(certificate)}, number {place} of the trust bundle, expired at "
            f"{shown_time(certificate.not_after)}",
            wanted="certificates that are valid",
            found=certificate.not_after,
            certificates=(certificate,),
            severity=WARNING if place == 1 else INFO,
            where=("<trust_bundle>", None, None),
        )
        for place, certificate in enumerate(case.expected.trust_bundle or (), 1)
        if certificate.not_after < at
    ]
    return found or None


@rule(
    "trust.not-given",
    title="No trust was given, so the chain could not be validated",
    severity=INFO,
    over=Over.HIERARCHY,
    act=Act.NOTHING,
    references=[rfc(5280, "6.1.1")],
)
def not_given(hierarchy: Hierarchy, case: Case) -> Violation | None:
    """Whether a chain is valid depends on what the client trusts, and that was not said.

    A self-signed root that is presented serves as the anchor of the diagnosis; a chain that
    ends before a root is diagnosed as far as it goes. Neither is a verdict, so `valid` stays
    open.

    Remedy:
    none, because the input is not at fault: check again with the root that clients trust
    (`--trust root.pem`, or `trust=`).
    """
    path = hierarchy.path
    if path is None or case.expected.trust:
        return None
    last = path.certificates[-1]
    if path.anchor_assumed:
        told = f"no trust was given; {case.named(last)} is taken as the anchor for the diagnosis"
    else:
        told = f"no trust was given, and the chain ends at {case.named(last)}, issued by "
        told += safe(str(last.issuer), 120)
    return Violation(
        told,
        wanted="the certificates that the client trusts",
        found=None,
        certificates=(last,),
        evidence={"anchor_assumed": path.anchor_assumed},
    )


def _reaches_root(anchor: Certificate, hierarchy: Hierarchy) -> bool:
    """Whether trusted certificates lead from the anchor up to a self-issued one."""
    seen, waiting = {anchor}, [anchor]
    while waiting:
        certificate = waiting.pop()
        if certificate.is_self_issued:
            return True
        for link in hierarchy.pool.links(certificate):
            sound = link.trusted and link.signature.state is not State.INVALID
            if sound and link.issuer not in seen:
                seen.add(link.issuer)
                waiting.append(link.issuer)
    return False


def _topmost(last: Certificate, hierarchy: Hierarchy) -> Certificate:
    """The root above the end of the path, as far as certificates that are there lead to it.

    The path may have ended early, at a trusted certificate that is no root.
    """
    passed = {last}
    while not last.is_self_issued:
        links = hierarchy.pool.links(last)
        sound = (link.issuer for link in links if link.signature.state is not State.INVALID)
        above = next((issuer for issuer in sound if issuer not in passed), None)
        if above is None:
            break
        passed.add(above)
        last = above
    return last


def _issued(issuer: Certificate, child: Certificate, hierarchy: Hierarchy) -> bool:
    """Whether one certificate issued another: name and signature."""
    if not same_name(issuer.subject_raw, child.issuer_raw):
        return False
    return hierarchy.pool.signatures.check(child, issuer).state is not State.INVALID
