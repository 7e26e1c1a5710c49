"""Rules about several certificates that may have issued one, by its name."""

from edgecheck.behaviour.refusers import OPENSSL, TIER_1, Refuser, in_order, in_words
from edgecheck.hierarchy.hierarchy import Hierarchy
from edgecheck.hierarchy.paths import Ending
from edgecheck.hierarchy.signatures import State
from edgecheck.reading.certificate import Certificate
from edgecheck.rules.chain.conditions import SEVERAL_ISSUERS
from edgecheck.rules.chain.walks import OpenSsl, Walk, Walks
from edgecheck.rules.engine.case import Case, shown_time
from edgecheck.rules.engine.rule import ERROR, INFO, WARNING, Act, Need, Over, Violation, rule
from edgecheck.rules.references import measured, openssl, rfc

R = Refuser
PARTIAL = frozenset({R.STRICT, R.CURL})
"""Those built on OpenSSL that end a chain at any trusted certificate (PARTIAL_CHAIN)."""
_BORINGSSL = OpenSsl(kinds=False, presented_dated=False, by_bytes=True)
_OPENSSL_1_0_2 = OpenSsl(kinds=False, presented_dated=False, dated=False, trusted_first=False)


@rule(
    "chain.wrong-issuer-first",
    title="Clients that try one issuer only take the wrong one",
    severity=ERROR,
    over=Over.HIERARCHY,
    when=[SEVERAL_ISSUERS],
    act=Act.EDIT,
    needs=[Need.TRUST],
    follows=["naming.one-name-for-two-keys"],
    references=[
        rfc(4158, "2.4.2"),
        openssl("crypto/x509/x509_vfy.c"),
        measured(
            "two issuers of one name, the wrong one first: OpenSSL, BoringSSL, .NET, GnuTLS, "
            "mbedTLS and BearSSL refuse the chain; Go, rustls, Botan and cryptography find the way"
        ),
        measured("the wrong one last: NSS refuses the chain"),
    ],
)
def wrong_issuer_first(hierarchy: Hierarchy, case: Case) -> Violation | None:
    """Two certificates have the name of the issuer, and only one of them leads to a trusted root.

    A path exists, so clients that try every way find it. Most do not: they take the first
    issuer whose name fits, and whose key identifier does not differ, and fail where that one
    did not sign or leads nowhere. OpenSSL, and what is built on it, looks through the trusted
    certificates first, then through the presented ones in their order, and prefers one that is
    in date. GnuTLS looks through the presented ones first, and takes the last of the trusted
    ones; mbedTLS and BearSSL go forward only and ignore key identifiers; NSS takes the one
    whose validity began last; Java takes a chain that is presented in order as it is; wolfSSL
    also looks at presented certificates that it does not need. It happens where a CA was
    cross-signed, where CAs certified each other, and where a CA was made again under its
    name while certificates carry no key identifiers. OpenSSL then says "unable to get local
    issuer certificate" (20), "self-signed certificate in certificate chain" (19) or
    "certificate signature failure" (7).

    Remedy:
    Remove the wrong one: from the device CA file where it is presented, from the trust of the
    client where it is trusted. Where both are needed, put the one that the clients' root issued
    first, and have certificates issued with key identifiers, so that clients can tell keys of
    one name apart:

        subjectKeyIdentifier = hash
        authorityKeyIdentifier = keyid:always
    """
    path = hierarchy.path
    if path is None or path.ended is not Ending.ANCHOR or path.verdict is not True:
        return None
    if not _ambiguous(hierarchy):
        return None
    walks = Walks(hierarchy, case.expected.trust, case.expected.at_seconds)
    right = [(link.child, link.issuer) for link in path.links]
    refused: set[Refuser] = set()
    first: tuple[Walk, int] | None = None
    for walk, refusers in _walks(walks):
        place = walk.strays(right) if walk.fails_at is not None else None
        if place is not None:
            refused |= refusers
            first = first or (walk, place)
    if first is None:
        return None
    walk, place = first
    who = in_words(in_order(frozenset(refused)))
    failing = child = taken = walk.certificates[walk.fails_at or 0]
    wanted, because = None, None
    if walk.beside:
        told = f"{case.named(taken)} is presented too, and cannot be verified by {who}"
        because = ("chain.serial-number-reused", taken)
    else:
        child, taken = walk.certificates[place : place + 2]
        wanted = dict(right).get(child)
        told = f"{case.named(taken)} has the name of the issuer of {case.named(child)}, "
        told += f"{case.named(wanted) if wanted else 'which is trusted'}, and is taken for it by "
        told += f"{who}: {_reason(walk, place, case)}"
    concerned = (failing, child, taken, *((wanted,) if wanted else ()))
    return Violation(
        told,
        wanted=wanted.sha256 if wanted else None,
        found=taken.sha256,
        certificates=tuple(dict.fromkeys(concerned)),
        severity=ERROR if refused & TIER_1 else WARNING,
        evidence={
            "taken": [certificate.sha256 for certificate in walk.certificates],
            "fails_at": walk.fails_at,
        },
        refused_by=frozenset(refused),
        because_of=because,
    )


@rule(
    "chain.several-paths",
    title="Several paths lead to what the client trusts",
    severity=INFO,
    over=Over.HIERARCHY,
    when=[SEVERAL_ISSUERS],
    act=Act.NOTHING,
    needs=[Need.TRUST],
    references=[rfc(4158, "2.4.2")],
)
def several_paths(hierarchy: Hierarchy, case: Case) -> Violation | None:
    """More than one chain of issuers ends at a certificate that the client trusts.

    That is how cross-signed CAs and renewed roots are meant to work. It is worth knowing where
    one of the paths expires or is withdrawn: which one a client uses is its own choice, and
    most never try a second one (`chain.wrong-issuer-first` tells where that fails today).

    Remedy:
    none, because nothing is wrong. A certificate that no client needs any more can be removed.
    """
    path = hierarchy.path
    if path is None or path.ended is not Ending.ANCHOR or path.verdict is not True:
        return None
    if not _ambiguous(hierarchy):
        return None
    for link in path.links:
        for other in hierarchy.pool.links(link.child):
            if other.issuer in path.certificates or not other.names_match:
                continue
            end = _leads_to(other.issuer, hierarchy, case, set(path.certificates))
            if end is None or other.signature.state is not State.VALID:
                continue
            return Violation(
                f"{case.named(link.child)} has two issuers that lead to what is trusted: "
                f"{case.named(link.issuer)}, and another certificate that ends "
                f"{shown_time(other.issuer.not_after)}",
                wanted=link.issuer.sha256,
                found=other.issuer.sha256,
                certificates=(link.child, link.issuer, other.issuer),
                evidence={"anchors": [path.certificates[-1].sha256, end.sha256]},
            )
    return None


def _ambiguous(hierarchy: Hierarchy) -> bool:
    """Whether a certificate of the path has more than one possible issuer."""
    path, pool = hierarchy.path, hierarchy.pool
    certificates = path.certificates[:-1] if path else ()
    return any(len(pool.links(certificate)) > 1 for certificate in certificates)


def _walks(walks: Walks) -> list[tuple[Walk, frozenset[Refuser]]]:
    """The walk of each kind of client, those that matter most first."""
    return [
        (walks.openssl(OpenSsl()), OPENSSL - PARTIAL | {R.DOTNET}),
        (walks.openssl(OpenSsl(partial=True)), PARTIAL),
        (walks.java(), frozenset({R.JAVA})),
        (walks.gnutls(), frozenset({R.GNUTLS})),
        (walks.mbedtls(), frozenset({R.MBEDTLS})),
        (walks.nss(), frozenset({R.NSS})),
        (walks.bearssl(), frozenset({R.BEARSSL})),
        (walks.openssl(OpenSsl(kinds=False)), frozenset({R.OPENSSL_1_1_0})),
        (walks.openssl(_BORINGSSL), frozenset({R.BORINGSSL})),
        (walks.openssl(_OPENSSL_1_0_2), frozenset({R.OPENSSL_1_0_2})),
        (walks.wolfssl(), frozenset({R.WOLFSSL})),
    ]


def _reason(walk: Walk, place: int, case: Case) -> str:
    """Why the chain fails that a client builds."""
    if walk.fails_at == place:
        return "its key did not sign"
    failing = walk.certificates[walk.fails_at or 0]
    if walk.fails_at == len(walk.certificates) - 1:
        return f"from there no way leads to what is trusted; it ends at {case.named(failing)}"
    return f"on that way {case.named(failing)} does not verify"


def _leads_to(
    start: Certificate, hierarchy: Hierarchy, case: Case, passed: set[Certificate]
) -> Certificate | None:
    """A trusted certificate to which valid signatures lead up from here, in date all along."""
    waiting, at = [start], case.expected.at_seconds
    while waiting:
        certificate = waiting.pop()
        passed.add(certificate)
        if not certificate.not_before <= at <= certificate.not_after:
            continue
        if certificate in case.expected.trust:
            return certificate
        waiting.extend(
            link.issuer
            for link in hierarchy.pool.links(certificate)
            if link.signature.state is State.VALID and link.issuer not in passed
        )
    return None
