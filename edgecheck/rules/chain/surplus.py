"""Rules about certificates that are presented although the chain does not need them."""

from collections import Counter

from edgecheck.behaviour.refusers import Refuser
from edgecheck.hierarchy.hierarchy import Hierarchy
from edgecheck.hierarchy.links import Pool
from edgecheck.hierarchy.paths import Ending
from edgecheck.hierarchy.roles import Role
from edgecheck.hierarchy.signatures import State
from edgecheck.reading.certificate import Certificate, each_once
from edgecheck.reading.text import safe
from edgecheck.rules.chain.conditions import OTHERWISE_PRESENTED, WHOLE_PRESENTED
from edgecheck.rules.engine.case import Case, shown_name
from edgecheck.rules.engine.rule import (
    ERROR,
    INFO,
    WARNING,
    Act,
    Over,
    Reference,
    Violation,
    rule,
    severity_for,
)
from edgecheck.rules.references import identity_service, issue, measured, rfc

R = Refuser


@rule(
    "chain.duplicate-certificate",
    title="A certificate is presented more than once",
    severity=WARNING,
    over=Over.HIERARCHY,
    when=[OTHERWISE_PRESENTED],
    act=Act.EDIT,
    follows=["input.over-limit"],
    references=[
        rfc(8446, "4.4.2"),
        identity_service("cert/aziot-certd/src/est.rs"),
        measured(
            "of 38 clients BearSSL refuses it within the chain, and wolfSSL a copy of the server "
            "certificate behind its issuers; all others ignore the copy"
        ),
    ],
)
def duplicate_certificate(hierarchy: Hierarchy, case: Case) -> Violation | None:
    """The same certificate, byte for byte, is there twice or more.

    It makes every handshake larger, and BearSSL, which walks the chain in the order in which
    it comes, refuses it. A device CA file that an EST server filled holds the certificates of
    the enrolment and then all of `/cacerts`, which often repeats some of them.

    Remedy:
    Remove the copy from the file. Where the copies come from an EST server, its `/cacerts`
    must list each certificate once, and only what the enrolment does not return already.
    """
    twice = hierarchy.duplicates
    if not twice:
        return None
    # Imported where there is surplus: the rule about roots is asked of many a sound chain.
    from edgecheck.rules.chain.order import issued_by_est
    from edgecheck.rules.misled import in_order_refusers

    times = Counter(hierarchy.sequence)
    most = max(times[certificate] for certificate in twice)
    named = " and ".join(case.named(certificate) for certificate in twice[:3])
    if len(twice) > 3:
        named = f"{len(twice)} certificates, {case.named(twice[0])} among them,"
    times_told = f"{'' if len(set(map(times.get, twice))) == 1 else 'up to '}{most} times"
    return Violation(
        f"{named} {'is' if len(twice) == 1 else 'are'} {case.given} {times_told}",
        wanted=1,
        found=most,
        certificates=twice,
        severity=INFO if issued_by_est(case) else WARNING,
        remedy=f"Remove all but the first of {named}. Then apply the configuration. Where copies "
        "are from an EST server, its `/cacerts` must list each certificate once, and only what "
        "the enrolment does not return already.",
        refused_by=in_order_refusers(case),
    )


@rule(
    "chain.unrelated-certificate",
    title="A certificate is presented that the chain does not need",
    severity=WARNING,
    over=Over.HIERARCHY,
    when=[OTHERWISE_PRESENTED],
    act=Act.EDIT,
    follows=["chain.server-not-first", "chain.wrong-issuer-first"],
    references=[
        rfc(8446, "4.4.2"),
        measured(
            "of 38 clients BearSSL refuses it within the chain, and wolfSSL one that is no CA and "
            "whose issuer it does not know; nobody else refuses it"
        ),
    ],
)
def unrelated_certificate(hierarchy: Hierarchy, case: Case) -> list[Violation]:
    """No path from the server certificate upwards leads through it.

    Leftovers of an earlier chain make handshakes larger, mislead whoever reads the file, and
    stop clients that walk the chain in order. Behind the chain they disturb no client that
    was measured, so there it is a note. A certificate that offers a second path, such as a
    cross-signed CA and the root above it, is not meant here.

    Remedy:
    Remove it from the device CA file: what the gateway presents above its server certificate
    comes from there. Then apply the configuration.
    """
    path = hierarchy.path
    if path is None or not hierarchy.unused:
        return []
    from edgecheck.rules.misled import in_order_refusers  # where there is surplus

    useful = _reachable(path.certificates, hierarchy)
    broken = path.certificates[-1] if path.ended is Ending.NO_ISSUER else None
    within = _within(hierarchy.sequence, path.certificates)
    refused = in_order_refusers(case)
    whom = {
        certificate: refused
        if certificate in within
        else refused & ({R.JAVA} if certificate.is_ca else {R.JAVA, R.WOLFSSL})
        for certificate in hierarchy.unused
    }
    return [
        Violation(
            f"the certificate {safe(str(certificate.subject), 120)} is on no path upwards from "
            f"{case.named(path.certificates[0])}",
            wanted="only certificates of the chain",
            found=str(certificate.subject),
            certificates=(certificate,),
            remedy=_without(certificate, case),
            severity=WARNING if who or certificate in within else INFO,
            refused_by=who,
            because_of=("chain.missing-issuer", broken) if broken else None,
        )
        for certificate, who in whom.items()
        if certificate not in useful
    ]


def _without(certificate: Certificate, case: Case) -> str:
    number = case.origins[certificate][0].index + 1
    return (
        f"Remove number {number}, {shown_name(certificate)}: what the gateway presents above its "
        "server certificate comes from the device CA file. Then apply the configuration."
    )


@rule(
    "chain.undecodable-surplus",
    title="A certificate that no path needs is one that some clients cannot read",
    severity=ERROR,
    over=Over.HIERARCHY,
    purpose="server",
    when=[OTHERWISE_PRESENTED],
    act=Act.EDIT,
    references=[
        rfc(8446, "4.4.2"),
        Reference(
            "Go 1.23, src/crypto/tls/handshake_client.go (verifyServerCertificate)",
            "https://github.com/golang/go/blob/go1.23.0/src/crypto/tls/handshake_client.go",
        ),
        Reference(
            "OpenJDK 17, sun/security/ssl/CertificateMessage.java",
            "https://github.com/openjdk/jdk17u/blob/master/src/java.base/share/classes/sun/"
            "security/ssl/CertificateMessage.java",
        ),
    ],
)
def undecodable_surplus(hierarchy: Hierarchy, case: Case) -> list[Violation]:
    """Go and Java decode all that a server sends before they look for a path.

    So one that they need for nothing ends the handshake: Go says "tls: failed to parse certificate
    from server", Java "Failed to parse server certificates". A negative serial number does it to Go
    since 1.23, extensions in a certificate of version 1 to Java. OpenSSL, .NET and what is built on
    them take no notice, so that some devices connect and others do not. It is mostly a leftover of
    an earlier generation in the device CA's file.

    Remedy:
    Remove it from the device CA file: what the gateway presents above its server certificate
    comes from there. Then apply the configuration.
    """
    path = hierarchy.path
    if path is None:
        return []
    beside = [one for one in each_once(hierarchy.sequence) if one not in path.certificates]
    if not beside:
        return []
    from edgecheck.behaviour.undecodable import refusing_to_read  # a sound chain needs none of it

    unread = {one: says for one in beside if (says := refusing_to_read(one, case.view))}
    end, broken = path.certificates[-1], path.ended is Ending.NO_ISSUER
    above = _reachable((end,), hierarchy) if unread and not end.is_self_issued else set()
    return [
        Violation(
            f"{case.named(one)} keeps clients from reading what is sent, though the path goes "
            f'without it: "{safe(next(iter(says.values())), 200)}"',
            wanted="only certificates of the chain",
            found=safe(next(iter(says.values())), 200),
            certificates=(one,),
            remedy=_readable(one, case) if one in above else _without(one, case),
            severity=severity_for(frozenset(says)),
            refused_by=frozenset(says),
            unread=frozenset(says),
            because_of=("chain.missing-issuer", end) if broken else None,  # it may be above that
        )
        for one, says in unread.items()
    ]


def _readable(certificate: Certificate, case: Case) -> str:
    """Of what is above the end of the path, where some clients go on to a root."""
    return (
        f"Have {case.named(certificate)} reissued without what these clients cannot read: others "
        "go on through it to a root."
    )


@rule(
    "chain.root-presented",
    title="The self-signed root is presented along with the chain",
    severity=INFO,
    over=Over.HIERARCHY,
    purpose="server",
    when=[WHOLE_PRESENTED, OTHERWISE_PRESENTED],
    act=Act.NOTHING,
    references=[
        rfc(8446, "4.4.2"),
        issue("Azure/iotedge", 5231),
        measured("every client accepts it"),
    ],
)
def root_presented(hierarchy: Hierarchy, case: Case) -> Violation | None:
    """The chain ends in its root. That is harmless, and helps nobody.

    A client trusts the root that it has, never one that is sent to it; OpenSSL's "self-signed
    certificate in certificate chain" (19) means that the client's trust lacks this root. The
    article says that edgeHub presents "the full chain [...] up to the root CA certificate".
    Users have seen the root with 1.2 (.NET Core 3.1), and not with 1.0.7 (.NET Core 2.1). Of a
    chain that is only predicted nothing is sent yet.

    Remedy:
    none, because nothing is wrong: the runtime decides what it sends, and it needs the root
    in the device CA file for other purposes (`chain.device-ca-file-without-root`).
    """
    root = hierarchy.root
    if root is None or not hierarchy.presents_server or not case.is_presented(root):
        return None
    if case.role(root) is Role.DEVICE_CA:
        return None
    return Violation(
        f"{case.named(root)} is sent along; clients must trust it by other means",
        wanted="the chain without its root",
        found="the root is presented",
        certificates=(root,),
    )


def _reachable(start: tuple[Certificate, ...], hierarchy: Hierarchy) -> set[Certificate]:
    """These and all above them: whoever may have issued one, and who may have issued that."""
    pool = hierarchy.pool
    found, waiting = set(start), list(start)
    left: dict[int, list[Certificate]] = {}
    while waiting:
        child = waiting.pop()
        named = pool.named(child)
        if named:  # of each name, only those are looked at that were not found yet
            among = left.get(id(named), named)
            above = [c for c in among if c not in found and _may_sign(c, child, pool)]
            found.update(above)
            left[id(named)] = [c for c in among if c not in found]
        else:
            above = [link.issuer for link in pool.links(child) if link.issuer not in found]
            found.update(above)
        waiting += above
    return found


def _may_sign(issuer: Certificate, child: Certificate, pool: Pool) -> bool:
    return pool.signatures.check(child, issuer).state is not State.INVALID


def _within(sequence: tuple[Certificate, ...], path: tuple[Certificate, ...]) -> set[Certificate]:
    """The certificates that stand before the last one of the path."""
    last = max((place for place, c in enumerate(sequence) if c in path), default=0)
    return set(sequence[:last])
