"""Rules about which certificates are presented, and in which order."""

from collections import Counter

from edgecheck.device import Device
from edgecheck.hierarchy.hierarchy import Hierarchy
from edgecheck.hierarchy.paths import Ending
from edgecheck.hierarchy.rfc5280.violations import Kind, PathViolation
from edgecheck.hierarchy.roles import Role
from edgecheck.hierarchy.shapes import LAST_1_1, OLDEST
from edgecheck.hierarchy.signatures import State
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.text import safe
from edgecheck.rules.case import Case
from edgecheck.rules.references import edge, identity_service, issue, measured, rfc
from edgecheck.rules.rule import ERROR, INFO, WARNING, Act, Need, Over, Violation, rule


@rule(
    "chain.missing-issuer",
    title="The issuer of a certificate is neither presented nor trusted",
    severity=ERROR,
    over=Over.PATH_VIOLATION,
    kinds=[Kind.NO_ISSUER],
    act=Act.EDIT,
    follows=[
        "input.missing-begin",
        "input.missing-end",
        "input.damaged-base64",
        "input.unreadable-certificate",
        "input.broken-marker",
        "input.pkcs7",
        "input.pkcs12",
        "input.over-limit",
        "input.transcript-without-certificates",
    ],
    references=[
        rfc(8446, "4.4.2"),
        issue("Azure/iotedge", 6340),
        issue("Azure/iotedge", 6191),
        measured("every client refuses it, OpenSSL with error 20 or 21"),
    ],
)
def missing_issuer(violated: PathViolation, case: Case) -> Violation:
    """The chain breaks off before it reaches what the client trusts.

    A gateway has to present every certificate between its server certificate and the root;
    the client brings the root alone. The usual reason is a device CA file that holds the
    device CA without its issuers, so that the runtime has nothing more to present. OpenSSL
    says "unable to get local issuer certificate" (20) or "unable to verify the first
    certificate" (21), Node UNABLE_TO_GET_ISSUER_CERT_LOCALLY, Java "PKIX path building
    failed", Go "certificate signed by unknown authority", .NET PartialChain. Where the
    missing issuer is the root, it belongs into the trust of the client instead.

    Remedy:
    Put the full chain into the device CA's certificate file, device CA first, then each
    issuer in turn (the convenience scripts call it `*-full-chain.cert.pem`), and apply the
    configuration:

        cat device-ca.pem intermediate.pem root.pem > device-ca-full-chain.pem

    Where the chain is complete but for the root, add that root to what the client trusts.
    """
    certificate = violated.certificate
    issuer = safe(str(certificate.issuer), 120)
    told = f"the issuer of {case.named(certificate)}, {issuer}, is neither presented nor trusted"
    if certificate.is_self_issued:
        told = f"{case.named(certificate)} names itself as its issuer, but its own key did not "
        told += "sign it, and no other certificate of that name is presented or trusted"
    return Violation(
        told,
        wanted=str(certificate.issuer),
        found=None,
        certificates=(certificate,),
        evidence={"trusted": [str(trusted.subject) for trusted in case.expected.trust[:8]]},
    )


@rule(
    "chain.issuer-loop",
    title="The issuers go round in a circle and never reach a root",
    severity=ERROR,
    over=Over.PATH_VIOLATION,
    kinds=[Kind.LOOP],
    act=Act.EDIT,
    references=[
        rfc(4158, "5.2"),
        measured("every client refuses it, OpenSSL with error 20"),
    ],
)
def issuer_loop(violated: PathViolation, case: Case) -> Violation:
    """Every issuer that could come next stands on the path already.

    CA certificates that issued each other form a circle; a path must leave it towards a
    root that is trusted. It happens where CAs certified each other (cross-signing) and a file
    got these certificates instead of those that the root issued. OpenSSL says "unable to get
    local issuer certificate" (20), Go "certificate signed by unknown authority".

    Remedy:
    Replace the certificate of one of these CAs, in the device CA file, by the one that a root
    (or another CA outside the circle) issued to the same CA. Do not present both: OpenSSL
    takes the first issuer that fits, and does not come back where it leads nowhere.
    """
    path = case.hierarchy.path
    certificates = path.certificates if path else ()
    names = " <- ".join(case.named(certificate) for certificate in certificates)
    return Violation(
        f"the issuers form a circle: {names}",
        wanted="an issuer outside the circle",
        found=str(violated.certificate.issuer),
        certificates=(violated.certificate,),
    )


@rule(
    "chain.server-not-first",
    title="The server certificate is not the first certificate",
    severity=ERROR,
    over=Over.HIERARCHY,
    act=Act.EDIT,
    needs=[Need.SERVER],
    references=[
        rfc(8446, "4.4.2"),
        measured("every client takes the first certificate for the server's and refuses it"),
    ],
)
def server_not_first(hierarchy: Hierarchy, case: Case) -> Violation | None:
    """Another certificate stands before the server certificate.

    In TLS the first certificate is the server's; no client looks for another one. A file
    that was put together from the root downwards looks complete, and fails everywhere, with
    messages that point elsewhere: "Hostname mismatch", "bad signature", an EPROTO.

    Remedy:
    Put the server certificate first, then each issuer in turn, and remove what does not
    belong to the chain. What the runtime makes comes in this order by itself; a file of your
    own (the api-proxy's, or edgeHub's `EdgeHubServerCertificateFile`) you have to order.
    """
    server = hierarchy.server
    first = hierarchy.sequence[0] if hierarchy.sequence else None
    if server is None or first is None or first == server:
        return None
    place = hierarchy.sequence.index(server) + 1
    return Violation(
        f"the server certificate is number {place}; the first is {case.named(first)}",
        wanted=1,
        found=place,
        certificates=(server, first),
    )


@rule(
    "chain.wrong-order",
    title="The certificates are not in the order in which they were issued",
    severity=WARNING,
    over=Over.HIERARCHY,
    act=Act.EDIT,
    references=[
        rfc(5246, "7.4.2"),
        rfc(8446, "4.4.2"),
        edge("edgelet/hsm-sys/azure-iot-hsm-c/src/certificate_info.c"),
        identity_service("cert/aziot-certd/src/lib.rs"),
        issue("Azure/iotedge", 871),
        measured("of 38 clients mbedTLS, wolfSSL and BearSSL refuse it; all others sort"),
    ],
)
def wrong_order(hierarchy: Hierarchy, case: Case) -> Violation | None:
    """A certificate stands before one that it issued.

    TLS up to 1.2 demands that each certificate certifies the one before it; TLS 1.3 tells
    clients to cope. Those for small devices do not: mbedTLS, wolfSSL and BearSSL walk the
    chain in the order in which it comes. edgeHub on .NET Core 2.1 (1.0.7 and before) sent
    it out of order by itself; a device CA file that an EST server filled may be in any order.

    Where no server certificate is given, the input is taken for a device CA file, and it is
    an error that the device CA does not come first: the runtime takes the first certificate
    for the device CA, whatever it is, and issues under that name with the device CA's key.

    Remedy:
    Order the file from the bottom up: server certificate (or device CA), then each issuer.
    """
    path = hierarchy.path
    if path is None:
        return None
    if hierarchy.sequence == path.certificates[: len(hierarchy.sequence)]:
        return None
    order = {certificate: index for index, certificate in enumerate(path.certificates)}
    places = [order[c] for c in dict.fromkeys(hierarchy.sequence) if c in order]
    because = None
    if hierarchy.server is not None and places[0] != 0:
        because = ("chain.server-not-first", hierarchy.server)  # upside down is one fault
        if [place for place in places if place] == sorted(places)[1:]:
            return None
    if places == sorted(places):
        return None
    told = "the certificates are presented in the order "
    told += ", ".join(case.role(path.certificates[place]) for place in places)
    misleads = hierarchy.server is None and places[0] != 0
    if misleads:
        first = path.certificates[places[0]]
        told += f"; the runtime takes the first of its file, {case.named(first)}, for the device CA"
    return Violation(
        told,
        wanted=[case.role(path.certificates[place]) for place in sorted(places)],
        found=[case.role(path.certificates[place]) for place in places],
        certificates=tuple(path.certificates[place] for place in sorted(places)),
        severity=ERROR if misleads else WARNING,
        because_of=because,
    )


@rule(
    "chain.duplicate-certificate",
    title="A certificate is presented more than once",
    severity=WARNING,
    over=Over.HIERARCHY,
    act=Act.EDIT,
    references=[
        rfc(8446, "4.4.2"),
        identity_service("cert/aziot-certd/src/est.rs"),
        measured("of 38 clients BearSSL refuses it; all others ignore the copy"),
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
    times = Counter(hierarchy.sequence)
    most = max(times[certificate] for certificate in twice)
    named = " and ".join(case.named(certificate) for certificate in twice[:3])
    if len(twice) > 3:
        named = f"{len(twice)} certificates, {case.named(twice[0])} among them,"
    times_told = f"{'' if len(set(map(times.get, twice))) == 1 else 'up to '}{most} times"
    return Violation(
        f"{named} {'is' if len(twice) == 1 else 'are'} presented {times_told}",
        wanted=1,
        found=most,
        certificates=twice,
    )


@rule(
    "chain.unrelated-certificate",
    title="A certificate is presented that the chain does not need",
    severity=WARNING,
    over=Over.HIERARCHY,
    act=Act.EDIT,
    follows=["chain.server-not-first"],
    references=[
        rfc(8446, "4.4.2"),
        measured("of 38 clients BearSSL refuses it within the chain, and none refuses it behind"),
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
    useful = _reachable(path.certificates, hierarchy)
    broken = path.certificates[-1] if path.ended is Ending.NO_ISSUER else None
    within = _within(hierarchy.sequence, path.certificates)
    return [
        Violation(
            f"the certificate {safe(str(certificate.subject), 120)} is on no path upwards from "
            f"{case.named(path.certificates[0])}",
            wanted="only certificates of the chain",
            found=str(certificate.subject),
            certificates=(certificate,),
            severity=WARNING if certificate in within else INFO,
            because_of=("chain.missing-issuer", broken) if broken else None,
        )
        for certificate in hierarchy.unused
        if certificate not in useful
    ]


@rule(
    "chain.root-presented",
    title="The self-signed root is presented along with the chain",
    severity=INFO,
    over=Over.HIERARCHY,
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
    Users have seen the root with 1.2 (.NET Core 3.1), and not with 1.0.7 (.NET Core 2.1).

    Remedy:
    none, because nothing is wrong: the runtime decides what it sends, and it needs the root
    in the device CA file for other purposes (`chain.device-ca-file-without-root`).
    """
    root = hierarchy.root
    if root is None or root not in hierarchy.sequence or hierarchy.server is None:
        return None
    if case.role(root) is Role.DEVICE_CA:
        return None
    return Violation(
        f"{case.named(root)} is sent along; clients must trust it by other means",
        wanted="the chain without its root",
        found="the root is presented",
        certificates=(root,),
    )


@rule(
    "chain.device-ca-file-without-root",
    title="The device CA file does not contain the root",
    severity=WARNING,
    over=Over.DEVICE,
    act=Act.EDIT,
    needs=[Need.DEVICE_CA_FILE],
    runtime="1.0.0 to 1.1.19",
    references=[
        edge("edgelet/hsm-sys/azure-iot-hsm-c/src/edge_pki_openssl.c"),
        issue("Azure/iotedge", 6340),
    ],
)
def device_ca_file_without_root(device: Device, case: Case) -> Violation | None:
    """No self-signed certificate stands in the configured device CA file.

    Up to 1.1 the daemon verifies its cached workload CA, at every start but the first,
    against this file and the system's store: without the root it says "Could not verify
    certificate", "Obtaining workload CA failed. Triggering reconfiguration" and removes all
    modules (read from the source, not seen). From 1.2 on nothing fails, and it is a note: the
    contents of this file are served to the modules as part of their trust bundle, so a root
    in it is one that they trust.

    Remedy:
    Append the root to the device CA file, behind the last intermediate, and apply the
    configuration:

        cat root.pem >> device-ca-full-chain.pem
    """
    certificates = case.expected.device_ca_file or ()
    if not certificates or any(certificate.is_self_issued for certificate in certificates):
        return None
    severity = case.bound(WARNING, OLDEST, LAST_1_1)
    last = certificates[-1]
    count = len(certificates)
    return Violation(
        f"the device CA file holds {count} certificate{'' if count == 1 else 's'} and no root; "
        f"the last names {safe(str(last.issuer), 120)} as its issuer",
        wanted=str(last.issuer),
        found=[str(certificate.subject) for certificate in certificates[:8]],
        certificates=(last,),
        severity=severity or INFO,
        where=("<device_ca_file>", None, None),
    )


def _reachable(start: tuple[Certificate, ...], hierarchy: Hierarchy) -> set[Certificate]:
    """These and all above them: whoever may have issued one, and who may have issued that."""
    found, waiting = set(start), list(start)
    while waiting:
        for link in hierarchy.pool.links(waiting.pop()):
            if link.issuer not in found and link.signature.state is not State.INVALID:
                found.add(link.issuer)
                waiting.append(link.issuer)
    return found


def _within(sequence: tuple[Certificate, ...], path: tuple[Certificate, ...]) -> set[Certificate]:
    """The certificates that stand before the last one of the path."""
    last = max((place for place, c in enumerate(sequence) if c in path), default=0)
    return set(sequence[:last])
