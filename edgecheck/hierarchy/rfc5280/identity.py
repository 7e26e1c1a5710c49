"""Whether the target is for the purpose and for the host (RFC 5280, 4.2.1.12; RFC 9525)."""

from edgecheck.expected import Expected
from edgecheck.hierarchy.rfc5280 import steps
from edgecheck.hierarchy.rfc5280.violations import Kind, PathViolation
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.hostnames import as_address, matches


def judge(target: Certificate, is_server: bool, expected: Expected) -> tuple[PathViolation, ...]:
    """Violations by the target; none in profile `path`, or where it is no end entity."""
    found: list[PathViolation] = []
    if not is_server or expected.profile == "path":
        return ()
    steps.purpose(target, steps.PURPOSES[expected.validation.purpose], found)
    if expected.hostname is not None and expected.validation.purpose == "server":
        try:
            if not is_for(target, expected.hostname):
                found.append(
                    PathViolation(Kind.HOSTNAME, target, "RFC 9525, 6", True, expected.hostname)
                )
        except Unreadable as missing:
            found.append(PathViolation(Kind.UNDECIDED, target, "RFC 9525, 6", True, str(missing)))
    return tuple(found)


def is_for(certificate: Certificate, host: str) -> bool:
    """Whether a subjectAltName of the certificate matches the host. Raises `Unreadable`."""
    names = certificate.alt_names
    if names is None:
        return False
    address = as_address(host)
    if address is not None:
        return address in names.ip
    return any(matches(host, presented) for presented in names.dns)
