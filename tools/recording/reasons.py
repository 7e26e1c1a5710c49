"""What a client printed -> the part of it that is the same on every run.

Times, addresses of threads and long numbers are masked, stack traces and the sentences around an
error are left out. What no pattern knows stays as it is, cut to a length.
"""

from __future__ import annotations

import re

LONGEST_REASON, LONGEST_SAYS = 300, 400

# (what the client's id contains, what is searched for): the first that is found decides.
_PATTERNS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("py", (r"certificate verify failed: (.*?) \(_ssl\.c:\d+\)",)),
    ("paho", (r"certificate verify failed: (.*?) \(_ssl\.c:\d+\)",)),
    ("pyopenssl", (r"verify_error\(num@depth\)=(\S+)",)),
    ("s_client", (r"verify error:num=(\d+:[^|]*?)(?: \||$)",)),
    ("-verify", (r"(error \d+ at \d+ depth lookup: [^|]*?)(?: \||$)",)),
    ("curl", (r"^(curl: \(60\) .*?) More details here",)),
    ("mosquitto", (r"(A TLS error occurred)",)),
    ("uamqp", (r"(certificate verify failed|cert length mismatch)",)),
    ("azure-iot-device-node", (r"\(Not authorized\): (.*?) error(?: <-|$)",)),
    ("node", (r"^([A-Z][A-Z0-9_]*): ",)),
    ("mqttjs", (r"^([A-Z][A-Z0-9_]*): ",)),
    ("bun", (r"^([A-Z][A-Z0-9_]*): ",)),
    ("SslStream-cb", (r"\|\| (Errors=\w+(?:, \w+)* chain=\[.*?\])",)),
    (
        "SslStream",
        (r"errors in the certificate chain: (.*)", r"validation procedure: (.*)"),
    ),
    ("gnutls", (r"is NOT trusted\. (.*?)(?: \||$)",)),
    ("nss3", (r"((?:SEC|SSL|PR)_\w+)",)),  # "openssl" has "nss" in it
    ("java", (r"^(.*?) \| Caused by",)),
    ("x509verify", (r"validation failed: (.*?)(?: \(encountered|$)",)),
    ("rustls", (r"invalid peer certificate: (.*?)(?:',\)|\s*)$",)),
    ("mbedtls", (r"\|\| (.*)",)),
)

_MASKS = (
    (r"\b[0-9A-F]{16}:error:", "error:"),  # OpenSSL's number of a thread, since 3.0
    (r"^(\d+): *(?=[A-Za-z])", r"\1: "),  # s_client's number of an error
    (r"(expired: verification time) \d+ \(UNIX\).*? ago\)", r"\1 is after it"),
    (r"(valid yet: verification time) \d+ \(UNIX\).*? in future\)", r"\1 is before it"),
    (r"(current time) \S+ is (after|before) \S+", r"\1 is \2 it"),
    (r"\d{10,}", "<n>"),  # a thread, a time, an object identifier
)


def reason_of(client: str, says: str) -> str:
    """The stable part of what a client printed."""
    for part, patterns in _PATTERNS:
        if part in client:
            for pattern in patterns:
                if found := re.search(pattern, says):
                    return masked(found.group(1))
    return masked(says)


def masked(text: str) -> str:
    """The text without what differs from run to run."""
    for pattern, instead in _MASKS:
        text = re.sub(pattern, instead, text)
    return text.strip()[:LONGEST_REASON]
