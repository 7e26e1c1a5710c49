"""Rules about the URIs by which the configuration names files and keys."""

import re
from collections.abc import Iterator

from edgecheck.configuring.named import FILE, QUOTES, SCHEME, Named
from edgecheck.configuring.named import named as configured
from edgecheck.device import Device
from edgecheck.hierarchy.shapes import FIRST_1_2, LAST_1_1, NEWEST, OLDEST
from edgecheck.reading.late import late
from edgecheck.reading.text import masked, safe
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.rule import (
    ERROR,
    INFO,
    WARNING,
    Act,
    Need,
    Over,
    Severity,
    Violation,
    rule,
)
from edgecheck.rules.references import edge, identity_service, issue, measured

_CERTD = identity_service("cert/aziot-certd-config/src/util.rs")
_KEYD = identity_service("key/aziot-keys-common/src/lib.rs")
_SETTINGS_1_1 = edge("edgelet/edgelet-core/src/settings.rs")
_DRIVE = late(r"[A-Za-z]:[\\/]")
_ENCODED = late(r'%[0-9A-Fa-f]{2}|[^!-~]|["<>`{}]')
"""What stands in a path as %XX, or is written so by who parses the URI."""


def named(device: Device, case: Case) -> Iterator[Named]:
    """Every setting that was told and names a file or a key."""
    return configured(device, case.within(OLDEST, LAST_1_1) is True)


def _judged(named: Named, severity: Severity, case: Case) -> Severity | None:
    """The severity by runtime; what stands in config.yaml concerns those up to 1.1."""
    low, high = (OLDEST, LAST_1_1) if named.yaml else (FIRST_1_2, NEWEST)
    return case.bound(severity, low, high)


def _is_file(uri: str) -> re.Match[str] | None:
    return FILE.match(uri)


@rule(
    "configuration.uri-not-a-file",
    title="The configuration names a file in a way that the runtime does not take",
    severity=ERROR,
    over=Over.DEVICE,
    act=Act.CONFIGURE,
    changes="configuration",
    needs=[Need.SETTINGS],
    references=[
        _SETTINGS_1_1,
        _CERTD,
        _KEYD,
        measured("the parser of URIs that the runtime uses takes no path without a scheme"),
    ],
)
def uri_not_a_file(device: Device, case: Case) -> list[Violation]:
    """A certificate or a key is not named by a URI that the runtime can open.

    From 1.2 on certificates are `file:` URIs, and private keys `file:` or `pkcs11:` URIs; a path
    alone is no URI ("relative URL without a base"), and then the whole file is refused: "could not
    parse config file". Another scheme is refused by the service that opens it ("unrecognized
    scheme"). Up to 1.1 a path will do for the three settings below `certificates`, and of URIs
    those of scheme `file:` without a port: "File URI ... is unsupported for ... Please check the
    config.yaml file."

    Remedy:
    Write `file://` and the absolute path, three slashes in all, such as
    `cert = "file:///var/aziot/certs/device-ca-full-chain.pem"`, then run `sudo iotedge config
    apply` (up to 1.1: `sudo systemctl restart iotedge`).
    """
    found = []
    for one in named(device, case):
        if QUOTES.search(one.uri):
            continue  # configuration.stray-characters
        scheme = SCHEME.match(one.uri)
        if scheme is None:
            if one.paths:
                continue
            wrong, told = "no scheme", "is no URI"
        else:
            wrong = scheme[1].lower()
            if wrong == "pkcs11" and one.is_key and not one.yaml:
                continue
            if wrong == "file" and not _names_no_path(one):
                continue
            if one.paths and _DRIVE.match(one.uri):
                continue  # a path of Windows, where 1.1 runs too
            told = f"has the scheme {wrong}"
            if wrong == "file":
                wrong, told = "no path", "names what no system has as a path"
        severity = _judged(one, ERROR, case)
        if severity is None:
            continue
        remedy = None
        if one.uri.startswith("/"):
            remedy = f'Write {one.key.rpartition(".")[2]} = "file://{safe(one.uri, 120)}".'
        who = "IoT Edge up to 1.1" if one.yaml else "IoT Edge"
        found.append(
            Violation(
                f"{one.shown} {told}; {who} takes {_taken(one)}",
                wanted=_taken(one),
                found=wrong,
                severity=severity,
                remedy=remedy,
                evidence={"setting": one.key},
            )
        )
    return found


def _names_no_path(one: Named) -> bool:
    """Whether what it names has NUL in it, or is too long, on whatever host."""
    match = _is_file(one.uri)
    local = match is not None and (match[1] or "").lower() in ("", "localhost")
    return local and one.path is None


def _taken(one: Named) -> str:
    """How a file may be named there."""
    if one.yaml:
        return "file: URIs and paths" if one.paths else "file: URIs"
    return "file: and pkcs11: URIs" if one.is_key else "file: URIs"


@rule(
    "configuration.uri-two-slashes",
    title="A file: URI has two slashes, so the first folder is taken for a host",
    severity=ERROR,
    over=Over.DEVICE,
    act=Act.CONFIGURE,
    changes="configuration",
    needs=[Need.SETTINGS],
    references=[
        _SETTINGS_1_1,
        _CERTD,
        measured("the parser of URIs that the runtime uses reads file://etc/ca.pem as host etc"),
    ],
)
def uri_two_slashes(device: Device, case: Case) -> list[Violation]:
    """What follows `file://` up to the next slash is a host, not a folder.

    `file://etc/ca.pem` is the file `/ca.pem` of the host `etc`. Up to 1.1 the daemon says "File
    URI ... is unsupported for ...", from 1.2 on certd "does not have a valid URI: not a valid
    path", while its check looks for `/ca.pem` ("could not stat").

    Remedy:
    Write three slashes: `file:///etc/ca.pem`.
    """
    found = []
    for one in named(device, case):
        match = _is_file(one.uri)
        if match is None or not match[1] or match[1].lower() == "localhost":
            continue
        severity = _judged(one, ERROR, case)
        if severity is None or QUOTES.search(one.uri):
            continue
        host = match[1].rpartition("@")[2]  # whoever writes a password there shall not see it here
        right = f"file:///{host}{match[2]}"
        found.append(
            Violation(
                f'{one.shown} is the file {safe(match[2], 120)} of the host "{safe(host, 80)}"',
                wanted=right,
                found=masked(one.uri),
                severity=severity,
                remedy=f'Write three slashes: {one.key.rpartition(".")[2]} = "{safe(right, 120)}".',
                evidence={"setting": one.key, "host": host},
            )
        )
    return found


@rule(
    "configuration.uri-query",
    title="A file: URI has a query or a fragment, which the runtime leaves away",
    severity=WARNING,
    over=Over.DEVICE,
    act=Act.CONFIGURE,
    changes="configuration",
    needs=[Need.SETTINGS],
    references=[_SETTINGS_1_1, _KEYD, issue("Azure/iotedge", 5160)],
)
def uri_query(device: Device, case: Case) -> list[Violation]:
    """Something follows the path after `?` or `#`.

    `pin-value` belongs to `pkcs11:` URIs. In a `file:` URI it is ignored from 1.2 on, so an
    encrypted private key cannot be opened: the daemon asks for a "PEM pass phrase" that nobody
    types. That is an error for a key; for a certificate, a warning. Up to 1.1 a query is refused
    at all: "File URI ... is unsupported for ...".

    Remedy:
    Take away what stands behind the path. Decrypt the key, as the runtime reads no other:
    `openssl pkey -in KEY -out NEW`, owned by the service that reads it, with mode 0400. Where `?`
    or `#` is a part of the file's name, rename the file.
    """
    found = []
    for one in named(device, case):
        match = _is_file(one.uri)
        rest = one.uri[match.end() :] if match else ""
        if not rest or QUOTES.search(one.uri):
            continue
        if one.paths and rest[0] == "#":
            continue
        severity = _judged(one, ERROR if one.is_key or one.yaml else WARNING, case)
        if severity is None:
            continue
        shown = f"{rest[0]}..." if "pin-value" in rest else safe(rest, 40)  # it may be a secret
        what = "refuses" if one.yaml else "leaves away"
        found.append(
            Violation(
                f"{one.key} is a file: URI with {shown} behind the path, which IoT Edge {what}",
                explained_by=frozenset({"device.key-encrypted"} if one.is_key else ()),
                wanted="a path alone",
                found=shown,
                severity=severity,
                evidence={"setting": one.key},
            )
        )
    return found


@rule(
    "configuration.uri-encoded",
    title="A path has characters that the runtime's check looks for in encoded form",
    severity=INFO,
    over=Over.DEVICE,
    act=Act.CONFIGURE,
    changes="configuration",
    needs=[Need.SETTINGS],
    runtime="1.2.0 and later",
    references=[
        identity_service("aziotctl/src/internal/check/checks/certs_preloaded.rs"),
        _CERTD,
        measured("the parser of URIs that the runtime uses keeps a blank in a path as %20"),
    ],
)
def uri_encoded(device: Device, case: Case) -> list[Violation]:
    """The path of a certificate has a blank, another character beyond ASCII, or one as `%XX`.

    certd decodes the path and opens the file. `iotedge check` does not, and looks for a file
    that is called so literally, with `%20` for a blank: it fails although all is well, and hides
    what is really wrong with the certificate. The gateway works, so that is a note.

    Remedy:
    Name files and folders with letters, digits, `-`, `_` and `.` alone.
    """
    found = []
    for one in named(device, case):
        match = None if one.is_key or one.yaml else _is_file(one.uri)
        if match is None or QUOTES.search(one.uri) or not _ENCODED.search(match[2].strip()):
            continue
        if _names_no_path(one):
            continue  # configuration.uri-not-a-file
        severity = _judged(one, INFO, case)
        if severity is None:
            continue
        found.append(
            Violation(
                f"{one.shown} has a character in its path that `iotedge check` looks for in "
                "encoded form",
                wanted="a path of plain characters",
                found=one.uri,
                severity=severity,
                evidence={"setting": one.key},
            )
        )
    return found
