"""A client's own text against what the laboratory kept of it.

What a prediction says is the client's. A recording went through three hands more: the driver,
which prints in its own way what it caught; the recorder, which joined lines, masked what changes
and cut what is long (reasons.py); and the server, which may end the handshake itself. Here the two
are brought together, so that they can be compared to the letter; and here stands, by name, what
says nothing about a client.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from edgecheck.behaviour.openssl.names import settable
from edgecheck.behaviour.records import BY_ID
from tools.recording.reasons import LONGEST_SAYS, masked, reason_of

# (what the client's id contains, what its driver put around the client's own text)
_AROUND: tuple[tuple[str, str], ...] = (
    ("", r"^builtins\."),  # a traceback leaves it out
    ("pyopenssl", r" verify_error\(num[^)]*\)?=?$"),  # perhaps cut
    ("azure-iot-device-py", r"^.* <- (?=ssl\.)"),  # the errors that it causes, the last one first
    ("s_client", r" \| (?:error:|Verify return code: 0).*$"),  # errors that follow from the first
    ("-verify", r"^Could not read certificate file from \S+ \| error:.* \| (?=Unable to load)"),
    ("-verify", r"(?<=Could not find certificate file) from \S+ \| error:.*$"),
    ("-verify", r"(?<=Error loading file) \S+ \| error:.*$"),
    ("botan", r" \|$"),  # the end of a line
    ("mbedtls", r"^\[trust file: .*?\] |;$"),  # the latter is the end of a line
    ("bearssl", r"^\[trust anchor decode .*?\] "),
    ("wolfssl", r"^\[trust load .*?\] "),
    ("curl", r"(?<=file): /\S+$"),
    ("mosquitto", r"^rc=\d+ .*?\| (?=OpenSSL Error)| \| OpenSSL Error.*$"),  # the first of all
    ("pahoc", r"^rc=-1 (?:Failure \| (?=error:))?|(?<=:) error:.*$| \|$"),
)
_ERRORS = re.compile(r"Errors=(.*?) chain=\[(.*)\]")
_FIRST_LINE = re.compile(r"(?:Decoding error: |\*\*\* Fatal error: )[^|]*?(?= \||$)")
_AT_DEPTH = re.compile(r"error (\d+) at (\d+) depth lookup: .*")
_DENO = (
    "ERR fetch failed Error: error sending request for url (https://{}:443/): client error "
    "(Connect): invalid peer certificate: {}"
)
_DENO_KEPT = LONGEST_SAYS - 2
"""The port was masked after the cut, by one of two digits less."""


_PATCH = re.compile(r"(\d+\.\d+)\.\d+[a-z]*")


@cache
def modelled_as(client: str) -> str:
    """Return the id of a client's model; the client's own where it has none.

    An id with an @ is the same version, recorded on another system: `go1.27.3@sid` is `go1.27.3` of
    Debian unstable. One that differs from a single modelled id in the patch alone is that one with
    its bugs mended: `openssl3.0.22-verify` is judged as `openssl3.0.19-verify`.
    """
    id = client.partition("@")[0]
    if id in BY_ID:
        return id
    alike = [known for known in BY_ID if _without_patch(known) == _without_patch(id)]
    return alike[0] if len(alike) == 1 else id


def _without_patch(id: str) -> str:
    return _PATCH.sub(r"\1", id)


def unmodelled(client: str) -> str:
    """Return in brackets that an id has no model; empty where it has one."""
    return "" if modelled_as(client) in BY_ID else "  (no model has this id)"


def agree(client: str, says: str, reason: str, hostname: str) -> bool:
    """Whether the recorded reason is what the laboratory makes of this text."""
    kept = own(client, reason)
    if client.startswith("deno") and reason_of(client, _DENO.format(hostname, says)) == kept:
        return True  # later recordings took the reason out of the whole text
    return as_kept(client, says, hostname) == kept


def own(client: str, reason: str) -> str:
    """A recorded reason without what the driver put around it."""
    for part, around in _AROUND:
        if part in client:
            reason = re.sub(around, "", reason)
    if found := _ERRORS.fullmatch(reason):  # .NET's callback: as the driver formats its arguments
        elements = (element.strip().split(":") for element in found[2].split(",") if element)
        told = (
            f"; ChainElements[{place}]: {status.replace('+', ', ')}"
            for place, status in elements
            if status != "NoError"
        )
        return "".join((found[1], *told))
    if "gnutls" in client and (line := _FIRST_LINE.search(reason)):
        return line[0]
    return reason


def as_kept(client: str, says: str, hostname: str) -> str:
    """A client's own text in the form of the recordings."""
    if "pyopenssl" in client and (found := _AT_DEPTH.fullmatch(says)):
        return f"{found[1]}@{found[2]}"
    if client.startswith(("node8", "node10")) and says.startswith(("error:", "Hostname/IP")):
        says = ": " + re.sub(r"\berror:", "<n>:error:", says)  # it has no code, but thread numbers
    elif client.startswith("deno"):
        return reason_of(client, _DENO.format(hostname, says)[:_DENO_KEPT])
    elif client.startswith("uv"):
        return reason_of(client, f"invalid peer certificate: {says} "[-LONGEST_SAYS:])
    return masked(says)


class Row(NamedTuple):
    """What decides whether a recorded row is compared.

    Attributes:
        client: its id.
        hostname: what it was asked for.
        reason: as recorded.
        trusted: how many certificates it was given to trust.
    """

    client: str
    hostname: str
    reason: str
    trusted: int


class LeftOut(NamedTuple):
    """Recorded rows that say nothing about a client.

    Attributes:
        why: whose doing they are.
        verdict: whether the verdict is left out too, or the text alone.
        holds: of which rows.
    """

    why: str
    verdict: bool
    holds: Callable[[Row], bool]


_SEND_THE_DOT = (
    "azure-iot-device",
    "bearssl",
    "botan",
    "bun",
    "dotnet",
    "mbedtls",
    "mosquitto",
    "mqttjs",
    "node",
    "nss",
    "openssl",
    "paho",
    "py3",
    "pyopenssl",
    "uamqp",
    "wolfssl",
)
"""Clients, by the beginning of their ids, that send the name with the dot at its end."""
_SAYS_WHY = ("mosquitto_pub2.0.2", "mosquitto_pub2.1")
"""Those that write OpenSSL's errors behind their sentence."""
_ANCHORS = 8
"""Trust anchors for which the first of BearSSL's drivers had room."""


def _dot_sent(row: Row) -> bool:
    """Whether the server name ends in a dot: of two, curl and gnutls-cli cut one off."""
    if row.client.startswith(("curl", "gnutls")):
        return row.hostname.endswith("..")
    sends = row.client.startswith(_SEND_THE_DOT) and not row.client.endswith("-verify")
    return sends and row.hostname.endswith(".")


LEFT_OUT: tuple[LeftOut, ...] = (
    LeftOut(
        # RFC 6066, section 3, has no dot there; crypto/tls, handshake_messages.go.
        "the server in Go ended the handshake at a dot at the end of the server name",
        True,
        _dot_sent,
    ),
    LeftOut(
        "the driver went on without the name where OpenSSL 4.0 did not take it",
        True,
        lambda row: row.client.startswith("pyopenssl-ossl4") and not settable(row.hostname),
    ),
    LeftOut(
        "the driver had no room for so many trust anchors",
        True,
        lambda row: row.client.startswith("bearssl") and row.trusted > _ANCHORS,
    ),
    LeftOut(
        # reasons.py looked for the errors of NSS in whatever has "nss" in its id, as "openssl" has.
        "the recorder took a function that s_client of OpenSSL 3.6 names last for the reason",
        False,
        lambda row: row.client.endswith("-s_client") and row.reason == "SSL_shutdown",
    ),
    LeftOut(
        "mosquitto_pub said one of two sentences as it happened, and the reason was not kept",
        False,
        lambda row: row.client.startswith(_SAYS_WHY) and row.reason == "A TLS error occurred",
    ),
    LeftOut(
        "the client did not come to the server: its address is another of this machine",
        True,
        lambda row: row.reason == "PR_CONNECT_REFUSED_ERROR",
    ),
    LeftOut(
        "the driver's time was over",
        False,
        lambda row: row.reason == "builtins.TimeoutError: timed out",
    ),
)


def left_out(row: Row) -> LeftOut | None:
    """Why a recorded row is not compared; None where it is."""
    return next((each for each in LEFT_OUT if each.holds(row)), None)
