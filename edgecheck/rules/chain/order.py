"""Rules about the order in which certificates are presented."""

from edgecheck.behaviour.refusers import EVERYBODY
from edgecheck.hierarchy.hierarchy import Hierarchy
from edgecheck.reading.certificate import Certificate
from edgecheck.rules.chain.conditions import OTHERWISE_PRESENTED
from edgecheck.rules.device.whose import KEY, key_of
from edgecheck.rules.engine.case import Case, shown_name
from edgecheck.rules.engine.changes import presented, served
from edgecheck.rules.engine.rule import ERROR, INFO, WARNING, Act, Need, Over, Violation, rule
from edgecheck.rules.misled import in_order_refusers
from edgecheck.rules.references import edge, identity_service, issue, measured, rfc


@rule(
    "chain.server-not-first",
    title="The server certificate is not the first certificate",
    severity=ERROR,
    over=Over.HIERARCHY,
    when=[OTHERWISE_PRESENTED],
    act=Act.EDIT,
    needs=[Need.SERVER],
    references=[
        rfc(8446, "4.4.2"),
        measured("every client takes the first certificate for the server's and refuses it"),
    ],
    refused_by=EVERYBODY,
)
def server_not_first(hierarchy: Hierarchy, case: Case) -> Violation | None:
    """Another certificate stands before the server certificate.

    In TLS the first certificate is the server's; no client looks for another one. A file
    that was put together from the root downwards looks complete, and fails everywhere, with
    messages that point elsewhere: "Hostname mismatch", "bad signature", an EPROTO.

    Remedy:
    Put the server certificate first, then each issuer in turn, and remove what does not belong
    to the chain. What the runtime makes comes in this order by itself; a file of your
    own (the api-proxy's, or edgeHub's `EdgeHubServerCertificateFile`) you have to order.
    """
    server = hierarchy.server
    first = hierarchy.sequence[0] if hierarchy.sequence else None
    if server is None or first is None or first == server:
        return None
    place = hierarchy.sequence.index(server) + 1
    return Violation(
        f"{_ITS[case.of_device]} certificate is number {place}; the first is {case.named(first)}",
        wanted=1,
        found=place,
        certificates=(server, first),
        changes=served(case),
    )


_ITS = {False: "the server", True: "the device's"}
"""Whose certificate ought to be first, by whether a device presents it."""


@rule(
    "chain.wrong-order",
    title="The certificates are not in the order in which they were issued",
    severity=WARNING,
    over=Over.HIERARCHY,
    when=[OTHERWISE_PRESENTED],
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

    Where no server certificate is given, the input is taken for a device CA file, and it is an
    error that the device CA does not come first. The runtime takes the first certificate for
    the device CA, whatever it is, and issues under that name with the device CA's key. Where
    the configured key is known to be that of the first, it is no error.

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
    told = "the certificates stand in the order "
    told += ", ".join(case.role(path.certificates[place]) for place in places)
    misleads = hierarchy.server is None and places[0] != 0 and not case.of_device
    misleads = misleads and not _has_the_key(path.certificates[places[0]], case)
    if misleads:
        first = path.certificates[places[0]]
        told += f"; the runtime takes the first of its file, {case.named(first)}, for the device CA"
    severity = ERROR if misleads else WARNING
    if issued_by_est(case) and not misleads:
        severity = INFO  # certd writes what the server sent, and edgeHub sorts it
    return Violation(
        told,
        wanted=[case.role(path.certificates[place]) for place in sorted(places)],
        found=[case.role(path.certificates[place]) for place in places],
        certificates=tuple(path.certificates[place] for place in sorted(places)),
        severity=severity,
        remedy=_ordered([path.certificates[place] for place in sorted(places)], case),
        because_of=because,
        refused_by=in_order_refusers(case),
    )


def _has_the_key(certificate: Certificate, case: Case) -> bool:
    """Whether the configured key is known to be the certificate's, which does issue then."""
    have = (case.device.keys or {}).get(KEY, {}).get("public_key", "")
    return bool(have) and have.replace(":", "").lower() == key_of(certificate)


def issued_by_est(case: Case) -> bool:
    """Whether what is judged is the file of a device CA that an EST server issued.

    It holds the server's certificates in the server's order, some of them twice (`create_cert` in
    aziot-certd/src/est.rs at 1.5.0).
    """
    presented = case.hierarchy.presents_server
    return not presented and (case.device.edge_ca or {}).get("method") == "est"


def _ordered(certificates: list[Certificate], case: Case) -> str:
    """The order that is right; to a device CA file the runtime adds what it issues by itself."""
    its_own = case.hierarchy.server is not None and not presented(case).then  # a server's own file
    by_itself = () if its_own else (case.hierarchy.server, case.hierarchy.workload_ca)
    above = [each for each in certificates if each not in by_itself] or certificates
    told = f"Order the file from the bottom up: {', then '.join(map(shown_name, above))}."
    return told if its_own else f"{told} Then apply the configuration."
