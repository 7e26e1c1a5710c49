"""Callers of OpenSSL that prepare or compare host names themselves: Python, .NET, curl, mosquitto.

Each follows its own source: Lib/ssl.py of Python 3.11, TargetHostNameHelper.cs and
CertificateValidation.Unix.cs of .NET 8, lib/vtls/hostcheck.c and lib/urlapi.c of curl 7.88.1,
lib/tls_mosq.c of mosquitto 2.0.11.
"""

import re

from edgecheck.behaviour import raw
from edgecheck.behaviour.host import Host, as_aton
from edgecheck.behaviour.openssl.extensions import decodes
from edgecheck.behaviour.openssl.names import (
    address_matches,
    as_utf8,
    host_matches,
    matches_whole_labels,
)
from edgecheck.reading.certificate import EXT_SUBJECT_ALT_NAME, Certificate
from edgecheck.reading.hostnames import as_address

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
    if "" in labels or max(map(len, labels), default=0) > LONGEST_LABEL:
        return f"{_CODEC} (UnicodeError: label empty or too long)"
    if len(last) > LONGEST_LABEL:
        return f"{_CODEC} (UnicodeError: label too long)"
    if len(host.name) > LONGEST_SERVER_NAME:
        return "ssl.SSLError: [SSL: SSL3_EXT_INVALID_SERVERNAME] ssl3 ext invalid servername"
    return None


_CODEC = "UnicodeError: encoding with 'idna' codec failed"
_DOTS = re.compile("[.\u3002\uff0e\uff61]")
"""What separates labels (RFC 3490, section 3.1)."""


def python_3_13_refuses(host: Host) -> str | None:
    """The same in Python 3.13 and later, whose codec tells where: Lib/encodings/idna.py."""
    refused = python_refuses(host)
    if refused is None or not refused.startswith(_CODEC):
        return refused
    name, start = host.name, 0
    labels = _DOTS.split(name)
    # Of ASCII alone it looks for empty labels first.
    reasons = ("label empty", "label too long") if name.isascii() else ("",)
    for reason in reasons:
        start = 0
        for place, label in enumerate(labels):
            wrong = _refused_label(label, last=place + 1 == len(labels))
            if wrong and reason in ("", wrong):
                told = UnicodeEncodeError("idna", name, start, start + max(len(label), 1), wrong)
                return f"UnicodeEncodeError: {told}"
            start += len(label) + 1
    return refused


def _refused_label(label: str, last: bool) -> str:
    """What the codec says of a label; empty where it takes it."""
    if not label:
        return "" if last else "label empty"
    try:
        length = len(label.encode("idna"))
    except UnicodeError:
        return "label too long"
    return "label too long" if length > LONGEST_LABEL else ""


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
    if not name or as_address(name) is not None:
        return None
    if not name.isascii():
        return _NOT_IDN if host.a_labels is None else None
    labels = name.split(_DOT)
    checked = labels[:-1] or labels
    if "" in labels or max(map(len, checked)) > LONGEST_LABEL:
        return _LABEL_SIZE
    return _NAME_SIZE if len(name) > LONGEST_NAME else None


_LABEL_SIZE = "IDN labels must be between 1 and 63 characters long."
_NAME_SIZE = f"IDN names must be between 1 and {LONGEST_NAME} characters long."
_NOT_IDN = "Decoded string is not a valid IDN name."


def dotnet_matches(certificate: Certificate, host: Host) -> bool:
    """CheckX509Hostname and CheckX509IpAddress (pal_x509.c): an address as common name too."""
    name = (host.name if host.a_labels is None else host.a_labels).rstrip(_DOT)
    wanted, address = name.encode("utf-8", "replace"), as_address(name)
    if EXT_SUBJECT_ALT_NAME in certificate.extensions and not decodes(
        certificate, EXT_SUBJECT_ALT_NAME
    ):
        return _common_name_is(certificate, wanted)
    if address is not None:
        return address_matches(certificate, address.packed) or _common_name_is(certificate, wanted)
    return dotnet_refuses(host) is None and host_matches(certificate, wanted, False)


def _common_name_is(certificate: Certificate, wanted: bytes) -> bool:
    return any(content.lower() == wanted.lower() for _, content in raw.common_names(certificate))


# --- curl ---------------------------------------------------------------------------------------

_NOT_IN_A_URL = re.compile(r"""[ \r\n\t/:#?!@{}\[\]\\$'"^`*<>=;,+&()]""")
"""hostname_check: what a host in a URL must not have."""


def curl_refuses(host: Host) -> str | None:
    """Why curl does not connect, with its exit status; None where it does.

    It takes no name that a URL cannot have, and OpenSSL sends none of more than 255 octets.
    """
    if host.address is not None:
        return None
    if not host.name or host.a_labels is None or _NOT_IN_A_URL.search(host.name):
        return "(3) URL using bad/illegal format or missing URL"
    if len(host.a_labels.removesuffix(_DOT)) > LONGEST_SERVER_NAME:
        return "(35) Failed set SNI"
    return None


def curl_matches(certificate: Certificate, host: Host) -> bool:
    """Whether curl takes the certificate."""
    return curl_refuses(host) is None and curl_mismatch(certificate, host) is None


Targets = tuple[str, str, str]
"""What curl calls a host name, an IPv4 and an IPv6 address."""
TARGETS_7: Targets = ("host name", "host name", "host name")
TARGETS_8_14: Targets = ("hostname", "ipv4 address", "ipv6 address")
TARGETS_8_22: Targets = ("hostname", "IPv4 address", "IPv6 address")


def curl_mismatch(certificate: Certificate, host: Host, targets: Targets = TARGETS_7) -> str | None:
    """What verifyhost says of the name; None where it matches."""
    typed, host = host, as_aton(host)  # ipv4_normalize of lib/urlapi.c
    is_address = host.address is not None
    shown_host = typed.name if typed is host else str(host.address)
    name = str(host.address) if is_address else host.a_labels or host.name
    wanted = name.encode("utf-8", "replace")
    # X509_get_ext_d2i gives nothing of an extension that cannot be decoded.
    readable = decodes(certificate, EXT_SUBJECT_ALT_NAME)
    entries = (raw.alt_names(certificate) or ()) if readable else ()
    if host.address is not None:
        if address_matches(certificate, host.address.packed):
            return None
    elif any(tag == raw.DNS and curl_match(value, wanted, False) for tag, value in entries):
        return None
    if any(tag in (raw.DNS, raw.IP) for tag, _ in entries):
        target = targets[0 if host.address is None else 1 + (host.address.version == 6)]
        told = f"no alternative certificate subject name matches target {target}"
        return f"{told} '{shown_host}'"
    names = [as_utf8(tag, content) for tag, content in raw.common_names(certificate)]
    if not names or names[-1] is None:
        return "unable to obtain common name from peer certificate"
    if b"\0" in names[-1]:
        return "illegal cert name field"
    if curl_match(names[-1], wanted, is_address):
        return None
    shown = names[-1].decode("utf-8", "replace")
    told = f"does not match target {targets[0]}"
    return f"certificate subject name '{shown}' {told} '{shown_host}'"


def curl_match(pattern: bytes, host: bytes, is_address: bool) -> bool:
    """Curl_cert_hostcheck: one star, the whole left-most label, two periods at least after it.

    As Debian has it, with the fix of CVE-2023-28321. No star matches a part of an address.
    """
    pattern, host = _no_period(pattern).lower(), _no_period(host).lower()
    if not pattern or not host or b"\0" in pattern:
        return False
    if pattern[:2] != b"*." or (pattern.count(b".") < 2 and not is_address):
        return pattern == host
    _, period, rest = host.partition(b".")
    return bool(period) and rest == pattern[2:] and not is_address


def _no_period(name: bytes) -> bytes:
    return name[:-1] if name.endswith(b".") else name


# --- mosquitto ----------------------------------------------------------------------------------

_LONGEST_COMMON_NAME = 255
"""Octets that its buffer holds."""


def mosquitto_matches(certificate: Certificate, host: Host, dotted: bool = False) -> bool:
    """mosquitto__verify_certificate_hostname: names as strings of C, and the first common name.

    `dotted`: a wildcard has to have two labels behind it, as since 2.0.21 or before.
    """
    entries = raw.alt_names(certificate) or ()
    names = [value for tag, value in entries if tag == raw.DNS]
    if any(mosquitto_match(name, host.octets, dotted) for name in names):
        return True
    if host.address is not None and address_matches(certificate, host.address.packed):
        return True
    common = [content for _, content in raw.common_names(certificate)][:1]
    return not names and any(
        mosquitto_match(name[:_LONGEST_COMMON_NAME], host.octets, dotted) for name in common if name
    )


def mosquitto_dotted_matches(certificate: Certificate, host: Host) -> bool:
    """The same at 2.0.21."""
    return mosquitto_matches(certificate, host, dotted=True)


def mosquitto_match(pattern: bytes, host: bytes, dotted: bool = False) -> bool:
    """mosquitto__cmp_hostname_wildcard: up to the first NUL; `*.` takes what is up to a period.

    Where the host has no period but at its end, all of it is compared with what is behind `*.`.
    `dotted`: what is behind the period has to have another, but at its end.
    """
    pattern, host = pattern.partition(b"\0")[0].lower(), host.lower()
    if pattern[:1] != b"*":
        return pattern == host
    if pattern[1:2] != b".":
        return False
    rest = host[host[:-1].find(b".") + 1 :]
    if dotted and b"." not in rest[:-1]:
        return False
    return pattern[2:] == rest


# --- Paho C -------------------------------------------------------------------------------------


def paho_c_matches(certificate: Certificate, host: Host) -> bool:
    """SSLSocket_connect of SSLSocket.c at 1.3.14: X509_check_host, and else X509_check_ip_asc.

    So an address is looked for among DNS names, or in the common name, too.
    """
    if host_matches(certificate, host.octets, partial_wildcards=True):
        return True
    return host.address is not None and address_matches(certificate, host.address.packed)
