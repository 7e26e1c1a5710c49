"""Whether the target is for the purpose and for the host (RFC 5280, 4.2.1.12; RFC 9525)."""

from edgecheck.expected import Expected
from edgecheck.hierarchy.rfc5280 import steps
from edgecheck.hierarchy.rfc5280.violations import HostViolation, Kind, PathViolation, Undecidable
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
                    HostViolation(Kind.HOSTNAME, target, "RFC 9525, 6", True, expected.hostname)
                )
        except Unreadable as missing:
            found.append(Undecidable(Kind.UNDECIDED, target, "RFC 9525, 6", True, str(missing)))
    for name in expected.validation.peer_names:
        try:
            if not carries(target, name):
                found.append(HostViolation(Kind.HOSTNAME, target, "RFC 5280, 4.2.1.6", True, name))
        except Unreadable as missing:
            found.append(
                Undecidable(Kind.UNDECIDED, target, "RFC 5280, 4.2.1.6", True, str(missing))
            )
    return tuple(found)


def carries(certificate: Certificate, name: str) -> bool:
    """Whether a client's certificate has a name in subjectAltName. Raises `Unreadable`.

    The local part of an e-mail address is compared as it is, the host part without regard
    to case (RFC 5280, section 7.5).
    """
    if "@" not in name:
        return is_for(certificate, name)
    names = certificate.alt_names
    return names is not None and any(_mailbox(name) == _mailbox(other) for other in names.email)


def _mailbox(address: str) -> tuple[str, str]:
    local, _, host = address.rpartition("@")
    return local, host.lower()


def is_for(certificate: Certificate, host: str) -> bool:
    """Whether a subjectAltName of the certificate matches the host. Raises `Unreadable`."""
    names = certificate.alt_names
    if names is None:
        return False
    address = as_address(host)
    if address is not None:
        return address in names.ip
    if host.startswith("."):  # an empty label, which no wildcard stands for
        return False
    return any(matches(host, presented) for presented in names.dns)
