"""Host names as Node.js compares them: checkServerIdentity (lib/tls.js at v20, v10 and v8)."""

import re
from ipaddress import ip_address

from edgecheck.behaviour import raw
from edgecheck.behaviour.host import Host
from edgecheck.behaviour.openssl.names import as_utf8
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.hostnames import as_address

_URI_HOST = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#@]*@)?([^/?#:@]+)")


def matches(certificate: Certificate, host: Host) -> bool:
    """Whether Node.js since 16.13.2 takes the certificate."""
    return mismatch(certificate, host) is None


def old_matches(certificate: Certificate, host: Host) -> bool:
    """Whether Node.js 8 and 10 take it."""
    return old_mismatch(certificate, host) is None


def bun_matches(certificate: Certificate, host: Host) -> bool:
    """Whether Bun takes it: as Node.js does, but for a dollar sign, as was measured with 1.4."""
    return "$" not in host.name and matches(certificate, host)


def mismatch(certificate: Certificate, host: Host) -> str | None:
    """Why checkServerIdentity refuses the name; None where it does not."""
    entries = raw.alt_names(certificate) or ()
    dns, addresses = _texts(entries, raw.DNS), _packed(entries)
    name = _unfqdn(host.name)
    if as_address(name) is not None:
        return _not_listed(name, addresses)
    wanted = _labels(name)
    if dns:
        if any(check(wanted, pattern) for pattern in dns):
            return None
        return f"Host: {name}. is not in the cert's altnames: {_listed(entries)}"
    return _common_names(certificate, name) or None


def old_mismatch(certificate: Certificate, host: Host) -> str | None:
    """The same in Node.js 8 and 10.

    They look at the hosts of URIs too, and at names only where there is a subject; any DNS name,
    address or URI forbids the common name.
    """
    entries = raw.alt_names(certificate) or ()
    addresses = _packed(entries)
    if host.address is not None:
        return _not_listed(host.name, addresses)
    if not raw.rdn_count(certificate.subject_raw):
        return "Cert is empty"
    name = _unfqdn(host.name)
    wanted = _labels(name)
    dns, uris = _texts(entries, raw.DNS), _texts(entries, raw.URI)
    if not dns and not uris and not addresses:
        return _common_names(certificate, name) or None
    hosts = [found.group(1) for found in map(_URI_HOST.match, uris) if found]
    if any(check(wanted, pattern) for pattern in dns):
        return None
    if any("*" not in each and check(wanted, each) for each in hosts):
        return None
    return f"Host: {name}. is not in the cert's altnames: {_listed(entries)}"


def _texts(entries: tuple[raw.GeneralName, ...], form: int) -> list[str]:
    return [value.decode("latin-1") for tag, value in entries if tag == form]


def _packed(entries: tuple[raw.GeneralName, ...]) -> list[bytes]:
    return [value for tag, value in entries if tag == raw.IP]


def _not_listed(name: str, packed: list[bytes]) -> str | None:
    """Texts are compared, as Node.js has them; there may be many, so only here."""
    addresses = [shown_address(value) for value in packed]
    if str(as_address(name)) in addresses:
        return None
    return f"IP: {name} is not in the cert's list: {', '.join(addresses)}".rstrip()


def _common_names(certificate: Certificate, name: str) -> str:
    """Why no common name matches; empty where one does."""
    names = [as_utf8(tag, content) or b"" for tag, content in raw.common_names(certificate)]
    if not names:
        return "Cert does not contain a DNS name"
    texts = [value.decode("utf-8", "replace") for value in names]
    if any(check(_labels(name), pattern) for pattern in texts):
        return ""
    return f"Host: {name}. is not cert's CN: {','.join(texts)}"


def _listed(entries: tuple[raw.GeneralName, ...]) -> str:
    return ", ".join(map(_shown, entries))


def _shown(entry: raw.GeneralName) -> str:
    tag, value = entry
    if tag == raw.DNS:
        return f"DNS:{value.decode('latin-1')}"
    if tag == raw.IP:
        return f"IP Address:{shown_address(value)}"
    if tag == raw.URI:
        return f"URI:{value.decode('latin-1')}"
    if tag == raw.EMAIL:
        return f"email:{value.decode('latin-1')}"
    return "othername:<unsupported>"


def shown_address(packed: bytes) -> str:
    """An iPAddress as text, `<invalid>` where it has another length than 4 or 16 octets."""
    try:
        return str(ip_address(packed))
    except ValueError:
        return "<invalid>"


def _unfqdn(host: str) -> str:
    return host.removesuffix(".")


def _labels(host: str) -> list[str]:
    """splitHost: without one more dot at the end, A to Z in lower case."""
    return _lower(_unfqdn(host)).split(".")


def _lower(text: str) -> str:
    return text.lower() if text.isascii() else re.sub("[A-Z]", lambda one: one[0].lower(), text)


def check(wanted: list[str], pattern: str) -> bool:
    """What lib/tls.js does: label by label, a star in the left-most of at least three."""
    if not pattern:
        return False
    parts = _labels(pattern)
    if len(wanted) != len(parts) or "" in parts or not _printable(pattern):
        return False
    if any(one != other for one, other in zip(wanted[1:], parts[1:], strict=True)):
        return False
    first, label = parts[0], wanted[0]
    if first == label:
        return True
    if "*" not in first or "xn--" in first:
        return False
    prefix, *rest = first.split("*")
    if len(rest) != 1 or len(parts) <= 2:
        return False
    suffix = rest[0]
    if len(prefix) + len(suffix) > len(label):
        return False
    return label.startswith(prefix) and label.endswith(suffix)


def _printable(pattern: str) -> bool:
    return all("\x21" <= character <= "\x7f" for character in pattern)
