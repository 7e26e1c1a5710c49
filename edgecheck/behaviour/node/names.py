"""Host names as Node.js compares them: checkServerIdentity.

lib/tls.js at v8, v10 and v20.20.2; since 22.23.0, 24.17.0 and 26.3.1 (June 2026) it compares what
domainToASCII makes of the host; v24.19.0, v26.8.2, v22.23.5, v24.22.3 and v26.12.1 were asked.
"""

import re
from collections.abc import Callable
from ipaddress import ip_address

from edgecheck.behaviour import raw
from edgecheck.behaviour.host import Host
from edgecheck.behaviour.node.ascii import any_a_label, domain_to_ascii, has_wrong_a_label
from edgecheck.behaviour.openssl.extensions import decodes
from edgecheck.behaviour.openssl.names import as_utf8
from edgecheck.reading.certificate import EXT_SUBJECT_ALT_NAME, Certificate
from edgecheck.reading.der import oid_text
from edgecheck.reading.hostnames import as_address

Wrong = Callable[[str], bool]
"""Which host is none for its A-labels, as the version has it."""

_URI_HOST = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#@]*@)?([^/?#:@]+)")


def matches(certificate: Certificate, host: Host) -> bool:
    """Whether Node.js since 16.13.2, and before June 2026, takes the certificate."""
    return mismatch(certificate, host) is None


def url_matches(certificate: Certificate, host: Host) -> bool:
    """Whether it takes the certificate for a host that came as a part of a URL."""
    return url_mismatch(certificate, host) is None


def first_ascii_matches(certificate: Certificate, host: Host) -> bool:
    """Whether Node.js from June to August 2026 takes it."""
    return first_ascii_mismatch(certificate, host) is None


def ascii_matches(certificate: Certificate, host: Host) -> bool:
    """Whether Node.js in September 2026 takes it."""
    return ascii_mismatch(certificate, host) is None


def newest_matches(certificate: Certificate, host: Host) -> bool:
    """Whether Node.js since October 2026 takes it."""
    return newest_mismatch(certificate, host) is None


def old_matches(certificate: Certificate, host: Host) -> bool:
    """Whether Node.js 8 and 10 take it."""
    return old_mismatch(certificate, host) is None


def bun_matches(certificate: Certificate, host: Host) -> bool:
    """Whether Bun takes it: in A-labels, without dollar and percent signs (measured with 1.4)."""
    return not {"$", "%"} & set(host.name) and url_matches(certificate, host)


def mismatch(certificate: Certificate, host: Host) -> str | None:
    """Why checkServerIdentity refuses the name; None where it does not."""
    name = _unfqdn(host.name)
    return _mismatch(certificate, name, name, name, _entries(certificate))


def url_mismatch(certificate: Certificate, host: Host) -> str | None:
    """The same of a host that url.parse (lib/url.js) has put into A-labels and lower case."""
    name = _unfqdn(host.a_labels or host.name)
    return _mismatch(certificate, name, name, name, _entries(certificate))


def first_ascii_mismatch(
    certificate: Certificate, host: Host, wrong: Wrong = has_wrong_a_label
) -> str | None:
    """The same in v22.23.1 and v24.19.0: an IPv6 address, which is no domain, matches nothing."""
    wanted = _domain(host, wrong)
    return _mismatch(certificate, _unfqdn(host.name), wanted, wanted, _entries(certificate))


def ascii_mismatch(certificate: Certificate, host: Host) -> str | None:
    """The same in v22.23.3, v24.21.0 and v26.8.2: of an address as it is typed."""
    name, wanted = _unfqdn(host.name), _domain(host, any_a_label)
    return _mismatch(certificate, name, name, wanted, _entries(certificate))


def newest_mismatch(
    certificate: Certificate, host: Host, wrong: Wrong = has_wrong_a_label
) -> str | None:
    """The same in v22.23.5, v24.22.1 and v26.12.1.

    An address that is not written in its one form is refused. A subjectAltName that is empty or
    cannot be decoded is printed as `DNS:`, so that the common name does not count.
    """
    name, wanted = _unfqdn(host.name), _domain(host, wrong)
    if as_address(name) is None and as_address(wanted) is not None and wanted[:1] != "[":
        return "Host is a non-canonical IP address"
    entries: tuple[raw.GeneralName, ...] = ()
    if EXT_SUBJECT_ALT_NAME in certificate.extensions:
        read = decodes(certificate, EXT_SUBJECT_ALT_NAME)
        entries = (_entries(certificate) if read else ()) or ((raw.DNS, b""),)
    return _mismatch(certificate, name, name, wanted, entries)


def _domain(host: Host, wrong: Wrong) -> str:
    return "" if wrong(host.name) else _unfqdn(domain_to_ascii(host.name))


def _entries(certificate: Certificate) -> tuple[raw.GeneralName, ...]:
    return raw.alt_names(certificate) or ()


def _mismatch(
    certificate: Certificate,
    name: str,
    address: str,
    wanted: str,
    entries: tuple[raw.GeneralName, ...],
) -> str | None:
    """`name` is what is told, `address` compared where it is one, else `wanted`."""
    dns, addresses = _texts(entries, raw.DNS), _packed(entries)
    if as_address(address) is not None and address[:1] != "[":
        return _not_listed(name, address, addresses)
    if dns:
        labels = _labels(wanted)
        if any(check(labels, pattern) for pattern in dns):
            return None
        return f"Host: {name}. is not in the cert's altnames: {_listed(entries)}"
    return _common_names(certificate, name, wanted) or None


def old_mismatch(certificate: Certificate, host: Host) -> str | None:
    """The same in Node.js 8 and 10.

    They look at the hosts of URIs too, and at names only where there is a subject; any DNS name,
    address or URI forbids the common name.
    """
    entries = raw.alt_names(certificate) or ()
    addresses = _packed(entries)
    if host.address is not None:
        return _as_openssl(_not_listed(host.name, host.name, addresses))
    if not raw.rdn_count(certificate.subject_raw):
        return "Cert is empty"
    name = _unfqdn(host.name)
    wanted = _labels(name)
    dns, uris = _texts(entries, raw.DNS), _texts(entries, raw.URI)
    if not dns and not uris and not addresses:
        return _common_names(certificate, name, name) or None
    hosts = [found.group(1) for found in map(_URI_HOST.match, uris) if found]
    if any(check(wanted, pattern) for pattern in dns):
        return None
    if any("*" not in each and check(wanted, each) for each in hosts):
        return None
    return _as_openssl(f"Host: {name}. is not in the cert's altnames: {_listed(entries)}")


def _texts(entries: tuple[raw.GeneralName, ...], form: int) -> list[str]:
    return [value.decode("latin-1") for tag, value in entries if tag == form]


def _packed(entries: tuple[raw.GeneralName, ...]) -> list[bytes]:
    return [value for tag, value in entries if tag == raw.IP]


def _not_listed(name: str, address: str, packed: list[bytes]) -> str | None:
    """Texts are compared, as Node.js has them; there may be many, so only here."""
    addresses = [shown_address(value) for value in packed]
    if str(as_address(address)) in addresses:
        return None
    return f"IP: {name} is not in the cert's list: {', '.join(addresses)}".rstrip()


def _common_names(certificate: Certificate, name: str, wanted: str) -> str:
    """Why no common name matches; empty where one does."""
    names = [as_utf8(tag, content) or b"" for tag, content in raw.common_names(certificate)]
    if not names:
        return "Cert does not contain a DNS name"
    texts = [value.decode("utf-8", "replace") for value in names]
    if any(check(_labels(wanted), pattern) for pattern in texts):
        return ""
    return f"Host: {name}. is not cert's CN: {','.join(texts)}"


def _listed(entries: tuple[raw.GeneralName, ...]) -> str:
    """PrintGeneralName of src/crypto/crypto_common.cc."""
    return ", ".join(map(_shown, entries))


def _as_openssl(text: str | None) -> str | None:
    """As GENERAL_NAME_print has it, which was used before."""
    return text and re.sub(r"<invalid length=\d+>", "<invalid>", text)


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
    if tag == _REGISTERED_ID:
        return f"Registered ID:{oid_text(value)}"
    return f"{_UNSUPPORTED.get(tag, 'othername')}:<unsupported>"


_REGISTERED_ID = 0x88
_UNSUPPORTED = {0xA3: "X400Name", 0xA5: "EdiPartyName"}


def shown_address(packed: bytes) -> str:
    """An iPAddress as text, its length where that is not 4 or 16 octets."""
    try:
        return str(ip_address(packed))
    except ValueError:
        return f"<invalid length={len(packed)}>"


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
