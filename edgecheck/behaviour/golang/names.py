"""Host names and name constraints (src/crypto/x509/verify.go, constraints.go)."""

import re
from collections.abc import Mapping
from ipaddress import ip_address

from edgecheck.behaviour import raw, work
from edgecheck.behaviour.domains import Domains, latin_lower
from edgecheck.behaviour.golang.addresses import Mailbox, authority, host_of, mailbox, valid_domain
from edgecheck.behaviour.golang.parse import alt_names
from edgecheck.behaviour.golang.records import V1_19, V1_24, V1_27
from edgecheck.behaviour.host import Host, same_address
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.der import Malformed

_STRINGS = frozenset({0x0C, 0x12, 0x13, 0x14, 0x16, 0x1E})
"""Tags of types that parseASN1String knows; a value of another one is no string to Go."""


def _common_name(certificate: Certificate) -> str:
    """Subject.CommonName: the last one that is a string (FillFromRDNSequence of pkix.go)."""
    known = [
        raw.in_utf8(tag, text) for tag, text in raw.common_names(certificate) if tag in _STRINGS
    ]
    return known[-1].decode("utf-8", "replace") if known else ""


def matches(certificate: Certificate, host: Host) -> bool:
    """Whether VerifyHostname of Go 1.27 takes the certificate."""
    return mismatch(certificate, host, V1_27) is None


def old_matches(certificate: Certificate, host: Host) -> bool:
    """The same of Go 1.19, for which an asterisk alone is a name too."""
    return mismatch(certificate, host, V1_19) is None


def mismatch(certificate: Certificate, asked: Host, version: tuple[int, int]) -> str | None:
    """The error of VerifyHostname, without `x509: `; None where the name matches."""
    host, address = asked.name, asked.address
    entries = alt_names(certificate)
    dns = [value.decode("latin-1") for tag, value in entries or () if tag == raw.DNS]
    addresses = [value for tag, value in entries or () if tag == raw.IP]
    if address is not None:
        if any(same_address(value, address) for value in addresses):
            return None
    else:
        candidate = host.lower()
        is_valid = valid_host(candidate, False)
        for name in dns:
            alone = name == "*" and version >= V1_24  # no star without anything after it
            if is_valid and not alone and valid_host(name, True):
                if match(name, candidate):
                    return None
            elif name.lower() == candidate and name not in ("", "."):
                return None
    if entries is None and match(_common_name(certificate), host):
        return "certificate relies on legacy Common Name field, use SANs instead"
    if address is not None:
        if not addresses:
            return f"cannot validate certificate for {host} because it doesn't contain any IP SANs"
        listed = ", ".join(str(ip_address(value)) for value in addresses)
    else:
        listed = ", ".join(dns)
    if not listed:
        return f"certificate is not valid for any names, but wanted to match {host}"
    return f"certificate is valid for {listed}, not {host}"


def valid_host(host: str, is_pattern: bool) -> bool:
    """validHostname: letters, digits, hyphens and underscores; a star for the first label."""
    if is_pattern:
        return _PATTERN.fullmatch(host) is not None
    return _HOST.fullmatch(host.removesuffix(".")) is not None


_LABEL = "[A-Za-z0-9_][A-Za-z0-9_-]*+"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*+")
_PATTERN = re.compile(rf"(?:\*|{_LABEL})(?:\.{_LABEL})*+")


def match(pattern: str, host: str) -> bool:
    """matchHostnames: label by label, a star for the first one."""
    pattern, host = pattern.lower(), host.removesuffix(".").lower()
    if not pattern or not host:
        return False
    parts, labels = pattern.split("."), host.split(".")
    return len(parts) == len(labels) and all(
        (at == 0 and part == "*") or part == label
        for at, (part, label) in enumerate(zip(parts, labels, strict=True))
    )


_ORDER = (raw.IP, raw.DNS, raw.URI, raw.EMAIL)
"""The forms of names that Go knows, in which order 1.27 looks at them."""
_SHOWN = {raw.IP: "IP address", raw.DNS: "DNS name", raw.URI: "URI", raw.EMAIL: "email address"}


def violated(
    certificate: Certificate, held: raw.Constraints, version: tuple[int, int]
) -> str | None:
    """What of the alternative names the constraints do not allow, in Go's words.

    A URI without a host name cannot be compared with any constraint: 1.27 says so whatever the
    constraints are about, 1.19 only where they are about URIs.
    """
    if not any(tag in _ORDER for tag, _ in (*held.permitted, *held.excluded)):
        return None
    entries = alt_names(certificate) or ()
    if version >= V1_27:
        told = incomparable(certificate, held)
        if told is not None:
            return told
        known = (entry for entry in entries if entry[0] in _ORDER)
        entries = tuple(sorted(known, key=lambda entry: _ORDER.index(entry[0])))
    domains = {
        group: Domains(_bases(group, raw.DNS), latin_lower)
        for group in (held.permitted, held.excluded)
    }
    left = MOST_COMPARISONS
    for tag, value in entries:
        if tag not in _ORDER:
            continue
        told = _of_one(tag, value, held, version, domains, left)
        if told is not None:
            return told
        if version < V1_27:
            left -= len(_bases(held.excluded, tag)) + len(_bases(held.permitted, tag))
    return None


MOST_COMPARISONS = 250_000
"""What VerifyOptions.MaxConstraintComparisions is where it is 0, to 1.24; later versions, which
sort constraints, have no such bound."""
TOO_MANY = "x509: unknown error"
"""CertificateInvalidError has no words for TooManyConstraints."""


def incomparable(certificate: Certificate, held: raw.Constraints) -> str | None:
    """What 1.27 says of alternative names that it can compare with no constraints at all."""
    if not any(tag in _ORDER for tag, _ in (*held.permitted, *held.excluded)):
        return None
    entries = alt_names(certificate) or ()
    return next(filter(None, (_unfit(*entry) for entry in entries)), None)


def without_domain(certificate: Certificate, held: raw.Constraints) -> str | None:
    """Return a DNS name that is no domain to Go, which stops it below any constraints it knows."""
    if not any(tag in _ORDER for tag, _ in (*held.permitted, *held.excluded)):
        return None
    entries = alt_names(certificate) or ()
    names = (value.decode("latin-1") for tag, value in entries if tag == raw.DNS)
    return next((one for one in names if not valid_domain(one)), None)


def _unfit(tag: int, value: bytes) -> str | None:
    """What parseURIs and parseMailboxes say."""
    text = value.decode("latin-1")
    if tag == raw.URI:
        return _no_host(text)
    if tag == raw.EMAIL and mailbox(text) is None:
        return f'cannot parse rfc822Name "{text}"'
    return None


def _no_host(uri: str) -> str | None:
    host = authority(uri, V1_19)
    if not host:
        return f'URI with empty host ("{uri}") cannot be matched against constraints'
    if host_of(host) is None:
        return f'URI with IP ("{uri}") cannot be matched against constraints'
    return None


def _of_one(
    tag: int,
    value: bytes,
    held: raw.Constraints,
    version: tuple[int, int],
    domains: Mapping[tuple[raw.GeneralName, ...], Domains],
    left: int,
) -> str | None:
    """Return why one name is not within the constraints; None where it is.

    `left`: comparisons that 1.19 still makes.

    Raises `Malformed` of an address that it does not come to, since it cannot parse it.
    """
    if tag == raw.IP and len(value) not in (4, 16):
        raise Malformed(f"cannot parse IP address of length {len(value)}")
    permitted, excluded = _bases(held.permitted, tag), _bases(held.excluded, tag)
    shown = str(ip_address(value)) if tag == raw.IP else value.decode("latin-1")
    if tag == raw.DNS and not valid_domain(shown):
        return f'x509: cannot parse dnsName "{shown}"'
    if tag == raw.EMAIL and mailbox(shown) is None:
        return 'x509: cannot parse rfc822Name {"" ""}'  # it prints the mailbox that there is not
    if tag == raw.URI and (permitted or excluded) and (told := _no_host(shown)):
        return told
    if tag == raw.EMAIL and version >= V1_27:
        local, at, domain = shown.rpartition("@")
        shown = local + at + domain.lower()
    bounded = version < V1_27
    if bounded and left < len(excluded):
        return TOO_MANY
    if tag == raw.DNS:
        not_permitted = bool(permitted) and not domains[held.permitted].take(value)
        may_hit = domains[held.excluded].take(value)
        if shown.startswith("*"):  # which hits what is right below it, too
            work.spend(len(excluded))
            may_hit = True
    else:
        work.spend(len(permitted) + len(excluded))
        not_permitted = bool(permitted) and not any(
            _fits(tag, value, base, version, False) for base in permitted
        )
        may_hit = True
    hit = next((b for b in excluded if may_hit and _fits(tag, value, b, version, True)), None)
    if hit is not None and (bounded or not not_permitted):
        base = _cidr(hit) if tag == raw.IP else hit.decode("latin-1")
        return f'{_SHOWN[tag]} "{shown}" is excluded by constraint "{base}"'
    if bounded and left < len(excluded) + len(permitted):
        return TOO_MANY
    return f'{_SHOWN[tag]} "{shown}" is not permitted by any constraint' if not_permitted else None


def _fits(tag: int, value: bytes, base: bytes, version: tuple[int, int], excluding: bool) -> bool:
    """Whether a name is within a base.

    A wildcard of 1.27 hits what is excluded right below it. For 1.19 a domain holds all below it,
    of whatever form the name is; for 1.27 the host of a mailbox has to be the very one.
    """
    if tag == raw.IP:
        return raw.in_network(value, base)
    text, domain = value.decode("latin-1"), base.decode("latin-1")
    if tag == raw.URI:
        return _domain(host_of(authority(text, V1_19)) or "", domain)
    if tag == raw.EMAIL:
        have, wanted = mailbox(text), mailbox(domain)
        assert have is not None  # else it was told before
        if "@" in domain:
            return wanted is not None and _same(have, wanted)
        exact = version >= V1_27 and domain and not domain.startswith(".")
        return have.domain.lower() == domain.lower() if exact else _domain(have.domain, domain)
    if _domain(text, domain):
        return True
    above = domain.partition(".")[2]
    is_wild = version >= V1_27 and excluding and text.startswith("*") and bool(above)
    return is_wild and text.partition(".")[2].lower() == above.lower()


def _same(one: Mailbox, other: Mailbox) -> bool:
    return one.local == other.local and one.domain.lower() == other.domain.lower()


def _bases(held: tuple[raw.GeneralName, ...], form: int) -> list[bytes]:
    return [value for tag, value in held if tag == form]


def _domain(name: str, base: str) -> bool:
    """matchDomainConstraint: a leading period asks for at least one label more."""
    if not base:
        return True
    more = base.startswith(".")
    labels, wanted = name.lower().split("."), base.lower().removeprefix(".").split(".")
    if len(labels) < len(wanted) + more:
        return False
    return labels[-len(wanted) :] == wanted


def _cidr(base: bytes) -> str:
    half = len(base) // 2
    bits = sum(byte.bit_count() for byte in base[half:])
    return f"{ip_address(base[:half])}/{bits}"
