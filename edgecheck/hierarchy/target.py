"""Which certificate everything is about, and whether it is the gateway's server certificate.

In TLS the first certificate that is sent is the server's, whatever it looks like (RFC 8446,
section 4.4.2). A file may be the device CA's as well, where nobody said what it is; then
structure and names have to tell.
"""

import re
from typing import NamedTuple

from edgecheck.expected import Expected
from edgecheck.hierarchy.predicted import Predicted, Sender
from edgecheck.hierarchy.rfc5280.identity import is_for
from edgecheck.hierarchy.roles import Role, common_name
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.extensions import CLIENT_AUTH, KEY_CERT_SIGN, SERVER_AUTH
from edgecheck.reading.hostnames import HOST_NAME, as_address, matches

_CA_LIKE = re.compile(r"\bca\b|ca$|root|authority", re.IGNORECASE)
"""Words in the names of CAs."""


class Given(NamedTuple):
    """How the certificates came.

    Attributes:
        as_sent: in this order a server sent them: a transcript, or a capture.
        keyed: the one that belongs to the key of a container, where that is known.
        truncated: there was more in the input, or in the trust, than the bounds let read.
        unread: what could not be read and decides what clients do, in words; else empty.
        first_unread: whether that stands before all certificates that could.
        predicted: what a runtime will make, where that was asked.
        sender: what sends them of a file, where that was asked.
    """

    as_sent: bool = False
    keyed: Certificate | None = None
    truncated: bool = False
    unread: str = ""
    first_unread: bool = False
    predicted: Predicted | None = None
    sender: Sender | None = None

    @property
    def first_is_sent(self) -> bool:
        """Whether the first certificate that was read is the one that was sent first."""
        return self.as_sent and not self.first_unread


IN_A_FILE = Given()


def pick(
    unique: list[Certificate], expected: Expected, given: Given
) -> tuple[Certificate | None, bool]:
    """The certificate that the hierarchy is built from, and whether it is the server's.

    The one that is stated to be the server's; else the first end entity, or CA that is plainly
    for a server; where there is none, the first that was sent, and of a file the lowest CA.
    """
    overrides, host, as_sent = expected.roles, expected.hostname, given.first_is_sent
    free = unique
    if overrides:
        for certificate in unique:
            if overrides.get(certificate.sha256) in (Role.SERVER, Role.DEVICE):
                return certificate, True
        free = [c for c in unique if not overrides.get(c.sha256)]
    issuers = _issuers(unique)
    if given.keyed is not None:
        free = [c for c in free if c is given.keyed]
    for certificate in free:
        if certificate.der not in issuers and _is_server(certificate, host, as_sent):
            return certificate, True
    # A server certificate may share its name with its issuer, and so look like one.
    for certificate in free:
        if _ca(certificate) is not True and _signs_of_server(certificate):
            return certificate, True
    # It may have issued others, and be served all the same.
    first = free[0] if free and free[0] is unique[0] else None
    asked = first is not None and (as_sent or is_named(first, host, False))
    if first is not None and asked and _is_server(first, host, as_sent):
        return first, True
    lowest = [] if as_sent else [c for c in unique if c.der not in issuers]
    return next(iter([*lowest, *unique]), None), False


def is_named(certificate: Certificate, host: str | None, common: bool = True) -> bool:
    """Whether some client takes a certificate's own names for those of this host.

    By subjectAltName; where that has no DNS name or cannot be read, by the common name, as
    OpenSSL, Java and .NET do. `common`: whether that counts.
    """
    if host is None:
        return False
    try:
        if is_for(certificate, host):
            return True
        names = certificate.alt_names
        if names is not None and names.dns:
            return False
    except Unreadable:
        pass
    name = common_name(certificate) if common else None
    return name is not None and (name.lower() == host.lower() or matches(host, name))


def made_by_hand(certificate: Certificate) -> bool:
    """Whether it is a server certificate as `openssl req -x509` makes it, without any CA.

    It signs itself, says CA:TRUE or nothing, has no keyUsage for a CA, and is for a host.
    """
    try:
        if not certificate.is_self_issued:
            return False
        names, usage = certificate.alt_names, certificate.key_usage
        if names is not None and (names.dns or names.ip):
            return True
        if usage is not None and usage & KEY_CERT_SIGN:
            return False
    except Unreadable:
        return False
    name = common_name(certificate) or ""
    if _CA_LIKE.search(name):
        return False
    return as_address(name) is not None or (
        ("." in name or name == "localhost") and HOST_NAME.fullmatch(name) is not None
    )


def _is_server(certificate: Certificate, host: str | None, as_sent: bool) -> bool:
    """Whether it is an end entity, or a CA certificate that is plainly for a server."""
    ca = _ca(certificate)
    if ca is False:
        return not _ca_by_hints(certificate)
    may_sign = _may_sign(certificate)
    # In a file a device CA that has the gateway's name is a device CA all the same.
    if is_named(certificate, host, as_sent or not may_sign):
        return True
    if ca is None and not may_sign and (may_sign is False or _signs_of_server(certificate)):
        return True
    if (as_sent or host is not None) and made_by_hand(certificate):
        return True
    try:
        names, usages = certificate.alt_names, certificate.extended_key_usage or ()
    except Unreadable:
        return False
    named = names is not None and bool(names.dns or names.ip)
    return named and (as_sent or SERVER_AUTH in usages)


def _issuers(unique: list[Certificate]) -> set[bytes]:
    """Those that another certificate names as its issuer."""
    if len(unique) == 1:
        return set()
    named: dict[bytes, int] = {}
    for certificate in unique:
        try:
            named[certificate.issuer_raw] = named.get(certificate.issuer_raw, 0) + 1
        except Unreadable:
            continue
    issuers = set()
    for certificate in unique:
        try:
            own = certificate.subject_raw == certificate.issuer_raw
            if named.get(certificate.subject_raw, 0) > own:
                issuers.add(certificate.der)
        except Unreadable:
            continue
    return issuers


def _ca(certificate: Certificate) -> bool | None:
    """What its basicConstraints say; None where they cannot be read."""
    try:
        return certificate.is_ca
    except Unreadable:
        return None


def _ca_by_hints(certificate: Certificate) -> bool:
    """An end entity by its basicConstraints that was meant as a CA."""
    try:
        if certificate.alt_names is not None or certificate.extended_key_usage is not None:
            return False
        usage = certificate.key_usage
        if usage is not None:
            return bool(usage & KEY_CERT_SIGN)
        name = common_name(certificate) or ""
        return name.endswith(".ca") or "CA" in name.replace("_", " ").split()
    except Unreadable:
        return False


def _signs_of_server(certificate: Certificate) -> bool:
    """A purpose of TLS, or DNS names.

    Damage in one extension hides no other; one that cannot be read is there all the same, and
    CA certificates have neither purposes nor alternative names as a rule.
    """
    signs = 0
    try:
        usages = certificate.extended_key_usage or ()
        signs += SERVER_AUTH in usages or CLIENT_AUTH in usages
    except Unreadable:
        signs += _has_extensions(certificate)
    try:
        names = certificate.alt_names
        signs += names is not None and bool(names.dns)
    except Unreadable:
        signs += _has_extensions(certificate)
    return signs > 0


def _may_sign(certificate: Certificate) -> bool | None:
    """Whether its key usage is that of a CA; None where there is none, or it is unreadable."""
    try:
        usage = certificate.key_usage
    except Unreadable:
        return None
    return None if usage is None else bool(usage & KEY_CERT_SIGN)


def _has_extensions(certificate: Certificate) -> bool:
    """Whether its list of extensions can be read, so that damage is in one of them."""
    try:
        return bool(certificate.extensions)
    except Unreadable:
        return False
