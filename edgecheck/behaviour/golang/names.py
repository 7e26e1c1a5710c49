"""Host names and name constraints (src/crypto/x509/verify.go, constraints.go)."""

from collections.abc import Callable
from ipaddress import ip_address

from edgecheck.behaviour import raw, work
from edgecheck.behaviour.domains import Domains, latin_lower
from edgecheck.behaviour.golang.parse import alt_names, valid_domain
from edgecheck.behaviour.golang.records import V1_19, V1_27
from edgecheck.behaviour.host import Host, same_address
from edgecheck.reading.certificate import Certificate


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
            alone = name == "*" and version >= V1_27  # no star without anything after it
            if is_valid and not alone and valid_host(name, True):
                if match(name, candidate):
                    return None
            elif name.lower() == candidate and name not in ("", "."):
                return None
    if entries is None and match(certificate.subject.common_name or "", host):
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
    if not is_pattern:
        host = host.removesuffix(".")
    if not host:
        return False
    for at, label in enumerate(host.split(".")):
        if is_pattern and at == 0 and label == "*":
            continue
        if not label or label[0] == "-":
            return False
        if not all(c.isascii() and (c.isalnum() or c in "-_") for c in label):
            return False
    return True


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


def violated(leaf: Certificate, held: raw.Constraints, version: tuple[int, int]) -> str | None:
    """What of the leaf's names the constraints do not allow, in Go's words."""
    entries = alt_names(leaf) or ()
    bases = {form: tuple(_bases(group, form) for group in held) for form in _COUNTED}
    domains = tuple(Domains(group, latin_lower) for group in bases[raw.DNS])
    left = MOST_COMPARISONS
    if version >= V1_27:  # by form: addresses, then host names
        entries = tuple(sorted(entries, key=lambda entry: entry[0] != raw.IP))
    for tag, value in entries:
        if tag not in _COUNTED:
            continue
        name = value.decode("latin-1")
        if tag == raw.DNS and not valid_domain(name):
            return f'x509: cannot parse dnsName "{name}"'
        permitted, excluded = bases[tag]
        if version < V1_27:
            left -= len(excluded) + len(permitted)
        of_form = tag in (raw.DNS, raw.IP)
        if left + len(permitted) < 0 or (left < 0 and not of_form):
            return TOO_MANY
        if not of_form:
            continue
        told = f'DNS name "{name}"' if tag == raw.DNS else f'IP address "{ip_address(value)}"'
        lies, shown = (_domain(name), _text) if tag == raw.DNS else (_network(value), _cidr)
        if tag == raw.DNS:
            not_permitted = bool(permitted) and not domains[0].take(value)
            is_excluded = domains[1].take(value)
        else:
            work.spend(len(excluded) + len(permitted))
            not_permitted = bool(permitted) and not any(map(lies, permitted))
            is_excluded = any(map(lies, excluded))
        if is_excluded and (version < V1_27 or not not_permitted):
            return f'{told} is excluded by constraint "{shown(next(filter(lies, excluded)))}"'
        if left < 0:
            return TOO_MANY
        if not_permitted:
            return f"{told} is not permitted by any constraint"
    return None


MOST_COMPARISONS = 250_000
"""What VerifyOptions.MaxConstraintComparisions is where it is 0, to 1.24; later versions, which
sort constraints, have no such bound."""
TOO_MANY = "x509: unknown error"
"""CertificateInvalidError has no words for TooManyConstraints."""
_COUNTED = (raw.DNS, raw.IP, raw.EMAIL, raw.URI)


def _bases(held: tuple[raw.GeneralName, ...], form: int) -> list[bytes]:
    return [value for tag, value in held if tag == form]


def _text(base: bytes) -> str:
    return base.decode("latin-1")


def _domain(name: str) -> Callable[[bytes], bool]:
    """matchDomainConstraint: a leading period asks for at least one label more."""
    name = name.lower()
    below = f".{name}"

    def within(base: bytes) -> bool:
        wanted = base.decode("latin-1").lower()
        if wanted[:1] == ".":
            return name.endswith(wanted)
        return not wanted or below.endswith("." + wanted)

    return within


def _network(value: bytes) -> Callable[[bytes], bool]:
    return lambda base: raw.in_network(value, base)


def _cidr(base: bytes) -> str:
    half = len(base) // 2
    bits = sum(byte.bit_count() for byte in base[half:])
    return f"{ip_address(base[:half])}/{bits}"
