"""Rules about what clients trust."""

from collections.abc import Sequence
from contextlib import suppress

from edgecheck.behaviour.issuers import taken
from edgecheck.behaviour.refusers import EVERYBODY, NSS, Refuser
from edgecheck.behaviour.taken import Ended
from edgecheck.hierarchy.hierarchy import Hierarchy
from edgecheck.hierarchy.paths import Ending
from edgecheck.hierarchy.rfc5280.violations import Kind, PathViolation
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.der import Malformed
from edgecheck.reading.extensions import KEY_CERT_SIGN
from edgecheck.reading.names import same_name
from edgecheck.reading.problems import TRUNCATED
from edgecheck.reading.text import safe
from edgecheck.rules.chain.conditions import ALONE, ANCHOR_BELOW_ROOT
from edgecheck.rules.engine.case import Case, shown_name
from edgecheck.rules.engine.rule import (
    ERROR,
    INFO,
    WARNING,
    Act,
    Need,
    Over,
    Violation,
    rule,
    severity_for,
)
from edgecheck.rules.references import (
    ARTICLE,
    issue,
    measured,
    openssl,
    rfc,
)
from edgecheck.rules.trust.conditions import NO_TRUST

R = Refuser
MOST_TRUSTED = 8
"""Certificates that are told one by one."""


@rule(
    "trust.root-not-trusted",
    title="The chain ends in a root that the client does not trust",
    severity=ERROR,
    over=Over.PATH_VIOLATION,
    kinds=[Kind.UNTRUSTED_ROOT],
    act=Act.TRUST,
    follows=["edge.quickstart-certificates"],
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
    Give the client this root as its trusted CA certificate: the SDK's option, the connection's
    CA file, or the system's store. On Debian copy it as a `.crt` file to
    /usr/local/share/ca-certificates, then run `update-ca-certificates`. Where the trusted root
    is the newer one, have the gateway's chain reissued from that.
    """
    root = violated.certificate
    trusted = (t for t in case.expected.trust if same_name(t.subject_raw, root.subject_raw))
    twin = next((t for t in trusted if t.spki != root.spki), None)
    from edgecheck.rules.chain.candidates import candidates  # a sound chain needs none of it

    cut = any(p.kind in TRUNCATED and p.within == "trust" for p in case.problems)
    what = "among the trusted ones that were read" if cut else "trusted"
    told = f"{case.named(root)} is not {what}"
    if twin is not None:
        told += "; a trusted certificate has the same name and another key"
    return Violation(
        told,
        wanted=root.sha256,
        found=_shown(case.expected.trust),
        certificates=(root,),
        evidence={
            "same_name_trusted": twin.sha256 if twin else None,
            "candidates": candidates(root, case, root),
        },
        explained_by=frozenset({"input.over-limit"} if cut else ()),
    )


def _shown(trust: Sequence[Certificate]) -> list[str]:
    """Return the fingerprints of what is trusted; how many, where that is a whole store."""
    if len(trust) > MOST_TRUSTED:
        return [f"{len(trust)} certificates, and this one is not among them"]
    return [each.sha256 for each in trust]


@rule(
    "trust.no-root",
    title="The client trusts a CA of the chain, but not its root",
    severity=ERROR,
    over=Over.HIERARCHY,
    purpose="server",
    when=[ANCHOR_BELOW_ROOT],
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

    By RFC 5280 trust may begin at any certificate, and Go, Java, GnuTLS and curl take it so.
    OpenSSL without X509_V_FLAG_PARTIAL_CHAIN, and with it Python before 3.13, Node, .NET and
    the Azure SDKs for Python, Node and C, insist on a self-signed certificate at the end. They
    answer error 2, "unable to get issuer certificate", even where the gateway presents that
    root. The chain is valid all the same, since the trust that was given allows it.

    Remedy:
    Give the client the root certificate as its trusted CA, instead of the other one or
    beside it.
    """
    anchor = hierarchy.anchor
    path = hierarchy.path
    if path is None or anchor is None or path.ended is not Ending.ANCHOR or anchor.is_self_issued:
        return None
    view = case.view
    if anchor != hierarchy.target:
        view = view.with_certificates((anchor,), case.expected.trust)
    if taken(view, R.PYTHON).ended is Ended.TRUSTED:
        return None  # what is above it may be unsound, which is another fault
    refused = _refusers_of_partial_trust(anchor, case)
    if not refused:
        return None  # who insists on a root takes another way
    from edgecheck.rules.misled import unsound_above  # a sound chain needs none of it
    from edgecheck.rules.trust.shared import way_up

    above = way_up(anchor, hierarchy)
    if not all(map(_has_times, above)):  # or else another rule says what is wrong above
        refused |= {each.refuser for each in unsound_above(case)}
    expired = [one for one in above if _is_out_of_date(one, case)]
    told = f"{case.named(anchor)} is trusted, and the root above it is not"
    if above and above[-1].der in hierarchy.pool.trusted:
        told = f"{case.named(anchor)} and the root above it are trusted, and what is between is not"
    if expired:
        names = " and ".join(shown_name(one) for one in expired)
        told += f"; {names} above it, to which some clients go on, is not valid at this time"
    return Violation(
        told,
        wanted=f"the root above {safe(str(anchor.subject), 120)}",
        found=str(anchor.subject),
        certificates=tuple(dict.fromkeys((anchor, *above[-1:], *expired))),
        severity=severity_for(refused),
        refused_by=refused,
        how="{} to the root",
    )


def _has_times(certificate: Certificate) -> bool:
    """Whether it can be read from when to when it is valid."""
    try:
        _ = certificate.not_before, certificate.not_after
    except Unreadable:
        return False
    return True


def _is_out_of_date(certificate: Certificate, case: Case) -> bool:
    """Whether it is not valid at this time; no where its times cannot be read."""
    with suppress(Unreadable):
        return not certificate.not_before <= case.expected.at_seconds <= certificate.not_after
    return False


def _refusers_of_partial_trust(anchor: Certificate, case: Case) -> frozenset[Refuser]:
    """Who insists on a root; some only by what is presented beside the trusted certificate."""
    from edgecheck.rules.misled import unended  # a sound chain needs none of it

    refused = unended(case)
    if anchor != case.hierarchy.target:
        return refused
    for kind in (R.RUSTLS, R.NSS_PKIX):  # to which the server's own certificate is no anchor
        with suppress(Unreadable, Malformed):  # then of this one it is not known
            if taken(case.view, kind).ended is Ended.NO_ISSUER:
                refused |= {kind}
    return refused


@rule(
    "trust.server-certificate",
    title="The client trusts the server certificate itself, which is its own issuer",
    severity=WARNING,
    over=Over.HIERARCHY,
    purpose="server",
    when=[ALONE],
    act=Act.CONFIGURE,
    changes="served",
    needs=[Need.TRUST],
    references=[
        rfc(5280, "6"),
        openssl("crypto/x509v3/v3_purp.c", "OpenSSL_1_1_0-stable"),
        measured("OpenSSL 1.1.1 and later, .NET, Java, Go accept it; NSS and Botan refuse it"),
    ],
)
def server_certificate(hierarchy: Hierarchy, case: Case) -> Violation | None:
    """A self-signed certificate without a CA, as one OpenSSL command makes it, in the trust.

    The runtime makes no such certificate; a proxy before the gateway may have one. RFC 5280
    knows no path on which the trusted certificate is the server's own. Clients of tier 1 accept
    it all the same. Botan wants a CA above; NSS wants one where basicConstraints or keyUsage
    say that this is none; OpenSSL up to 1.1.0 where a keyUsage has no keyCertSign.
    `cryptography` wants an authorityKeyIdentifier. Such trust ends with every renewal.

    Remedy:
    Let a CA issue the server certificate, as the runtime does, and give the client the root
    of that CA as its trusted CA certificate.
    """
    server = hierarchy.server
    if server is None or server != hierarchy.anchor or not server.is_self_issued:
        return None
    if case.expected.validation.purpose != "server":
        return None  # a hub knows a device's own certificate by its fingerprint
    usage, constraints = server.key_usage, server.basic_constraints
    refused_by = {R.BOTAN}
    if usage is not None and not usage & KEY_CERT_SIGN:
        refused_by |= {R.OPENSSL_1_1_0, R.OPENSSL_1_0_2, R.NSS_PKIX}
    if constraints is not None:
        refused_by |= NSS
    if server.authority_key_id is None:
        refused_by.add(R.CRYPTOGRAPHY)
    return Violation(
        f"{case.named(server)} is trusted by itself: no CA issued it",
        wanted="the root of the CA that issued it",
        found=server.sha256,
        certificates=(server,),
        refused_by=frozenset(refused_by),
    )


@rule(
    "trust.not-given",
    title="No trust was given, so the chain could not be validated",
    severity=INFO,
    over=Over.HIERARCHY,
    when=[NO_TRUST],
    act=Act.NOTHING,
    references=[rfc(5280, "6.1.1")],
)
def not_given(hierarchy: Hierarchy, case: Case) -> Violation | None:
    """Whether a chain is valid depends on what the client trusts, and that was not said.

    A self-signed root that is presented is taken as trusted, to see what else is wrong; a chain
    that ends before a root is diagnosed as far as it goes. Neither is a verdict, so `valid`
    stays open.

    Remedy:
    none, because the input is not at fault: check again with the root that clients trust
    (`--trust root.pem`, or `trust=`).
    """
    path = hierarchy.path
    if path is None or case.expected.trust:
        return None
    last = path.certificates[-1]
    if path.anchor_assumed:
        told = (
            f"no trust was given; {case.named(last)} is taken as trusted, to see what else is wrong"
        )
    else:
        told = f"no trust was given, and the chain ends at {case.named(last)}, issued by "
        told += safe(str(last.issuer), 120)
        if len(path) > 1 and path.ended is Ending.NO_ISSUER:
            told += (
                ", which edgeHub has to trust"
                if case.of_device
                else ", which clients have to trust"
            )
    return Violation(
        told,
        wanted=_WANTED[case.of_device],
        found=None,
        certificates=(last,),
        evidence={"anchor_assumed": path.anchor_assumed},
    )


_WANTED = {False: "the certificates that the client trusts", True: "the gateway's trust bundle"}
"""What was not given, by whether a device presents the chain."""
