"""Callers of OpenSSL that prepare or compare host names themselves: Python, .NET, curl, mosquitto.

Each follows its own source: Lib/ssl.py of Python 3.11, TargetHostNameHelper.cs and
CertificateValidation.Unix.cs of .NET 8, lib/vtls/hostcheck.c and lib/urlapi.c of curl 7.88.1,
lib/tls_mosq.c of mosquitto 2.0.11.
"""

import re

from edgecheck.behaviour import raw
from edgecheck.behaviour.host import Host
from edgecheck.behaviour.openssl.names import (
    address_matches,
    as_utf8,
    host_matches,
    matches_whole_labels,
)
from edgecheck.reading.certificate import Certificate

LONGEST_LABEL = 63
LONGEST_NAME = 254
"""Characters that .NET converts (IdnMapping.cs: 255 with a dot at the end)."""
LONGEST_SERVER_NAME = 255
"""Octets that OpenSSL sends (TLSEXT_MAXLEN_host_name)."""
_DOT = "."


# --- Python -------------------------------------------------------------------------------------


def python_refuses(host: Host) -> str | None:
    """Why Python does not even connect, as the exception says it; None where it does.

    SSLContext.wrap_socket encodes the name with the codec `idna` (RFC 3490), which takes no
    label that is empty, but for the last, or longer than 63 octets; OpenSSL sends none of more
    than 255.
    """
    if host.address is not None:
        return None
    if not host.name.isascii():
        try:
            host.name.encode("idna")
        except UnicodeError:
            return f"{_CODEC} (UnicodeError: label empty or too long)"
        return None
    *labels, last = host.name.split(_DOT)
    if any(not label or len(label) > LONGEST_LABEL for label in labels):
        return f"{_CODEC} (UnicodeError: label empty or too long)"
    if len(last) > LONGEST_LABEL:
        return f"{_CODEC} (UnicodeError: label too long)"
    if len(host.name) > LONGEST_SERVER_NAME:
        return "ssl.SSLError: [SSL: SSL3_EXT_INVALID_SERVERNAME] ssl3 ext invalid servername"
    return None


_CODEC = "UnicodeError: encoding with 'idna' codec failed"


def python_matches(certificate: Certificate, host: Host) -> bool:
    """Whether Python's ssl takes the certificate."""
    return python_refuses(host) is None and matches_whole_labels(certificate, host)


# --- .NET ---------------------------------------------------------------------------------------


def dotnet_refuses(host: Host) -> str | None:
    """Why .NET cannot convert the name, as the exception says it; None where it can.

    It takes all dots from the end; then IdnMapping.GetAscii takes no label that is empty, or that
    is longer than 63 characters and has another behind it, and no name of more than 254.
    """
    name = host.name.rstrip(_DOT)
    if host.address is not None or not name:
        return None
    if not name.isascii():
        return _NOT_IDN if host.a_labels is None else None
    labels = name.split(_DOT)
    checked = labels[:-1] or labels
    if "" in labels or any(len(label) > LONGEST_LABEL for label in checked):
        return _LABEL_SIZE
    return _NAME_SIZE if len(name) > LONGEST_NAME else None


_LABEL_SIZE = "IDN labels must be between 1 and 63 characters long."
_NAME_SIZE = f"IDN names must be between 1 and {LONGEST_NAME} characters long."
_NOT_IDN = "Decoded string is not a valid IDN name."


def dotnet_matches(certificate: Certificate, host: Host) -> bool:
    """CheckX509Hostname and CheckX509IpAddress (pal_x509.c): an address as common name too."""
    if host.address is not None:
        text = host.octets.lower()
        return address_matches(certificate, host.address.packed) or any(
            content.lower() == text for _, content in raw.common_names(certificate)
        )
    name = host.name if host.a_labels is None else host.a_labels
    wanted = name.rstrip(_DOT).encode("utf-8", "replace")
    return dotnet_refuses(host) is None and host_matches(certificate, wanted, False)


# --- curl ---------------------------------------------------------------------------------------

_NOT_IN_A_URL = re.compile(r"""[ \r\n\t/:#?!@{}\[\]\\$'"^`*<>=;,+&()]""")
"""hostname_check: what a host in a URL must not have."""


def curl_refuses(host: Host) -> bool:
    """Whether curl takes the name for none that a URL can have."""
    if host.address is not None:
        return False
    return not host.name or host.a_labels is None or bool(_NOT_IN_A_URL.search(host.name))


def curl_matches(certificate: Certificate, host: Host) -> bool:
    """Whether curl takes the certificate."""
    return not curl_refuses(host) and curl_mismatch(certificate, host) is None


def curl_mismatch(certificate: Certificate, host: Host) -> str | None:
    """What verifyhost says of the name; None where it matches."""
    wanted = (host.name if host.a_labels is None else host.a_labels).encode("utf-8", "replace")
    entries = raw.alt_names(certificate) or ()
    if host.address is not None:
        if address_matches(certificate, host.address.packed):
            return None
    elif any(tag == raw.DNS and curl_match(value, wanted) for tag, value in entries):
        return None
    if any(tag in (raw.DNS, raw.IP) for tag, _ in entries):
        told = "no alternative certificate subject name matches target host name"
        return f"{told} '{host.name}'"
    names = [as_utf8(tag, content) for tag, content in raw.common_names(certificate)]
    if not names or names[-1] is None:
        return "unable to obtain common name from peer certificate"
    if curl_match(names[-1], wanted):
        return None
    shown = names[-1].decode("utf-8", "replace")
    told = "does not match target host name"
    return f"certificate subject name '{shown}' {told} '{host.name}'"


def curl_match(pattern: bytes, host: bytes) -> bool:
    """Curl_cert_hostcheck: one star, the whole left-most label, two periods at least after it.

    As Debian has it, with the fix of CVE-2023-28321.
    """
    pattern, host = _no_period(pattern).lower(), _no_period(host).lower()
    if not pattern or not host or b"\0" in pattern:
        return False
    if pattern[:2] != b"*.":
        return pattern == host
    if _is_address(host):
        return False
    if pattern.count(b".") < 2:
        return pattern == host
    return b"." in host and host.partition(b".")[2] == pattern[2:]


def _no_period(name: bytes) -> bytes:
    return name[:-1] if name.endswith(b".") else name


def _is_address(host: bytes) -> bool:
    """Curl_host_is_ipnum, near enough: what has digits alone is no name of four."""
    return host.replace(b".", b"").isdigit() or b":" in host


# --- mosquitto ----------------------------------------------------------------------------------

_LONGEST_COMMON_NAME = 255
"""Octets that its buffer holds."""


def mosquitto_matches(certificate: Certificate, host: Host) -> bool:
    """mosquitto__verify_certificate_hostname: names as strings of C, and the first common name."""
    entries = raw.alt_names(certificate) or ()
    names = [value for tag, value in entries if tag == raw.DNS]
    if any(mosquitto_match(name, host.octets) for name in names):
        return True
    if host.address is not None and address_matches(certificate, host.address.packed):
        return True
    common = [content for _, content in raw.common_names(certificate)][:1]
    return not names and any(
        mosquitto_match(name[:_LONGEST_COMMON_NAME], host.octets) for name in common if name
    )


def mosquitto_match(pattern: bytes, host: bytes) -> bool:
    """mosquitto__cmp_hostname_wildcard: up to the first NUL; `*.` takes what is up to a period.

    It takes nothing where the host has no period but at its end.
    """
    pattern, host = pattern.partition(b"\0")[0].lower(), host.lower()
    if pattern[:1] != b"*":
        return pattern == host
    if pattern[1:2] != b".":
        return False
    dot = host[:-1].find(b".")
    return pattern[2:] == host[dot + 1 :]
