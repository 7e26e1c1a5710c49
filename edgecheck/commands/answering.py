"""Whose certificate answers on a port: a gateway's, a public service's, or another's."""

from typing import NamedTuple

from edgecheck.hierarchy import shapes
from edgecheck.hierarchy.target import is_named
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.hostnames import as_address
from edgecheck.reporting.report import Report
from edgecheck.rules.engine.case import shown_name

GATEWAY, PUBLIC_SERVICE, OTHER = "gateway", "public-service", "other"


class Answers(NamedTuple):
    """Who answers, by the certificate.

    Attributes:
        kind: `gateway`, `public-service` or `other`.
        says: in words that are safe to print; of a gateway with the versions of IoT Edge.
    """

    kind: str
    says: str


def who(report: Report, hostname: str) -> Answers | None:
    """Return who answers; None where no server certificate tells it.

    What IoT Edge makes is known by its shape. All else may be a certificate that somebody
    installed on the gateway, so that it is called another's only where it is for another name;
    of an address nothing follows, for clients may connect by a name.

    Args:
        report: about what was presented.
        hostname: that the client asks for.
    """
    found = report.hierarchy
    if found.first_unread:
        return None
    if found.service:
        return Answers(PUBLIC_SERVICE, f"{found.service} answers, and no gateway")
    server = found.server
    if server is not None and (made := shapes.inferred(server, found.workload_ca)) is not None:
        return Answers(GATEWAY, f"an IoT Edge gateway ({made})")
    if found.workload_ca is not None or (server is not None and _by_the_runtime(server)):
        return Answers(GATEWAY, "an IoT Edge gateway")
    if server is None:
        return None
    unlike = f"the certificate {shown_name(server)} does not look like one that IoT Edge makes"
    if as_address(hostname) is not None or is_named(server, hostname):
        return Answers(OTHER, f"{unlike}: somebody installed it, or another server answers")
    wrong = "is not for the name that was asked for: probably another server answers"
    return Answers(OTHER, f"{unlike}, and {wrong}")


def _by_the_runtime(server: Certificate) -> bool:
    """Whether it has certd's shape, or names an issuer as the runtime names its own CA."""
    try:
        issuer = server.issuer.common_name or ""
    except Unreadable:
        issuer = ""
    return shapes.made_by_certd(server) or shapes.QUICKSTART_CA.match(issuer) is not None
