"""What the two names tell where a program says which it wanted, and which the certificate has.

That the name is another is told by the rows of each program; here is why it is another.
"""

import re
from ipaddress import ip_address

from edgecheck.explaining.rows import THIS_SIDE, Row, Said, rows, said
from edgecheck.rules.engine.rule import Reference

_OPENSSL = Reference(
    "Python 3.12, Lib/ssl.py and Modules/_ssl.c; curl 8, lib/vtls/openssl.c",
    "https://github.com/python/cpython/blob/v3.12.0/Modules/_ssl.c",
)
_CODEC = Reference(
    "Python 3.14, Lib/encodings/idna.py and Modules/_ssl.c",
    "https://github.com/python/cpython/blob/v3.14.0/Lib/encodings/idna.py",
)
_NODE = Reference(
    "Node.js 20, lib/tls.js: checkServerIdentity",
    "https://github.com/nodejs/node/blob/v20.0.0/lib/tls.js",
)
_GO = Reference(
    "Go 1.23, src/crypto/x509/verify.go: HostnameError",
    "https://github.com/golang/go/blob/go1.23.0/src/crypto/x509/verify.go",
)
_RUSTLS = Reference(
    "rustls 0.23, rustls/src/error.rs: CertificateError",
    "https://github.com/rustls/rustls/blob/v/0.23.0/rustls/src/error.rs",
)
_CLOUD = re.compile(r"\bazure-(?:devices|devices-provisioning)\.(?:net|us|cn)\b", re.IGNORECASE)
_NAME = re.compile(r"[\w*](?:[\w.*-]{0,250}[\w*])?")


def why(wanted: str, had: str) -> tuple[str, ...]:
    """Return why a certificate with some names is not for the name that is wanted.

    Rules, of which none may fit. `had` is a list in whatever form; it may be empty.
    """
    wanted = wanted.rstrip(".")
    small = wanted.lower()
    names = {name.rstrip(".") for name in _NAME.findall(had)}
    found = []
    if _is_address(wanted):
        found.append("hostname.ip-address")
    elif not re.fullmatch(r"(?i:[a-z0-9*](?:[a-z0-9.*-]*[a-z0-9])?)", wanted):
        found.append("hostname.not-a-host-name")
    if any(name.lower() == small for name in names):
        found.append("hostname.case-mismatch")
    if any(name.startswith("*.") and small.endswith(name[1:].lower()) for name in names):
        found.append("hostname.wildcard")
    if _CLOUD.search(had) and not _CLOUD.search(wanted):
        found.append("edge.cloud-service")
    return tuple(found)


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _names(match: re.Match[str]) -> Said | None:
    found = why(match["wanted"], match.groupdict().get("had") or "")
    return Said(("hostname.not-in-san", *found), True, THIS_SIDE) if found else None


_NO_NAME = said("hostname.not-a-host-name")
"""The client does not even connect, for the name that it was told."""

ROWS = [
    *rows(
        _CODEC,
        [
            (r"'idna' codec (?:failed|can't encode characters?)\b", _NO_NAME),
            (r"\bUnicode\w*Error: label (?:empty|too long)", _NO_NAME),
            (r"server_hostname cannot be an empty string or start with a leading dot", _NO_NAME),
        ],
    ),
    *rows(
        _NODE,
        [
            (
                "Host is a non-canonical IP address",
                said("hostname.not-in-san", "hostname.ip-address"),
            ),
        ],
    ),
    Row(r"not valid for '(?P<wanted>[^']{1,253})'", _names, _OPENSSL),
    Row(r"does not match target host name '(?P<wanted>[^']{1,253})'", _names, _OPENSSL),
    Row(
        r"Host: (?P<wanted>\S{1,253}?)\.? is not (?:in the )?cert's (?:altnames|CN): "
        r"(?P<had>.{1,600})",
        _names,
        _NODE,
    ),
    Row(r"certificate is valid for (?P<had>.{1,600}?), not (?P<wanted>[^\s,]{1,253})", _names, _GO),
    Row(
        r"not valid for name \"(?P<wanted>[^\"]{1,253})\"(?:.{0,40}only valid for "
        r"(?P<had>.{1,600}))?",
        _names,
        _RUSTLS,
    ),
]
