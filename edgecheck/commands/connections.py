"""What came of a connection, in words and as plain values."""

from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from edgecheck.adapters.tls import Capture
from edgecheck.behaviour.alerts import alert_name
from edgecheck.commands.answering import GATEWAY, Answers
from edgecheck.commands.targets import at
from edgecheck.explaining.obstacles import symptom_of
from edgecheck.reading import obstacles as told
from edgecheck.reading.der import Malformed
from edgecheck.reading.names import name
from edgecheck.reading.text import safe
from edgecheck.reporting.style import Style, wrapped
from edgecheck.reporting.words import counted
from edgecheck.rules.input.obstacles import SAID

MOST_AUTHORITIES = 6
"""Names of CAs that are told; JSON has all."""
_START = "not captured: "
_QUOTED = 60
"""Octets of what speaks no TLS that are quoted."""


_PLAIN = (told.CONNECTION_REFUSED, told.TIMED_OUT, told.CLOSED)
"""What the system says of these says no more."""


def address(capture: Capture) -> str:
    """`gw.local:8883`."""
    return at(capture.host, capture.port)


def names(captures: Iterable[Capture]) -> list[str]:
    """All names and addresses that connections have to do with."""
    found: dict[str, None] = {}
    for each in captures:
        named = (each.host, each.address, each.server_name, *authorities(each))
        found |= dict.fromkeys(name for name in named if name)
    return list(found)


def not_captured(capture: Capture) -> str:
    """Why nothing was captured, in one line that is safe to print."""
    words = SAID[capture.obstacle]
    if capture.alert is not None:
        words += f": {alert_name(capture.alert)} ({capture.alert})"
    elif capture.obstacle == told.NOT_TLS and (capture.speaks or capture.first):
        words += f": it speaks {capture.speaks}" if capture.speaks else ""
        if text := capture.first[:_QUOTED].decode("utf-8", "replace").strip():
            words += f', "{safe(text.splitlines()[0], _QUOTED)}"'
    elif capture.because and capture.obstacle not in _PLAIN:
        words += f" ({safe(capture.because, 160)})"
    return _START + words


def together(captures: Sequence[Capture]) -> str:
    """The same of a host of which no port presents anything."""
    reasons: dict[str, list[int]] = {}
    for capture in captures:
        reasons.setdefault(not_captured(capture), []).append(capture.port)
    if len(captures) == 1 or all(each.obstacle == told.NAME_NOT_RESOLVED for each in captures):
        return not_captured(captures[0])
    each = (
        f"{', '.join(map(str, ports))}: {reason.removeprefix(_START)}"
        for reason, ports in reasons.items()
    )
    return _START + "; ".join(each)


def page(capture: Capture) -> str:
    """The symptom that tells more."""
    return symptom_of(capture.obstacle, capture.alert)


def lines(
    captures: Sequence[Capture], who: Mapping[tuple[bytes, ...], Answers], style: Style
) -> list[str]:
    """A line or two for each port; what presents the same as one before says so.

    Ports on which the same stands in the way share theirs.

    `who`: answers, by the certificates.
    """
    made: list[str] = []
    first: dict[tuple[bytes, ...], Capture] = {}
    failed: dict[str, list[Capture]] = {}
    for capture in captures:
        if capture.obstacle:
            failed.setdefault(not_captured(capture), []).append(capture)
    for capture in captures:
        if capture.obstacle:
            alike = failed.pop(not_captured(capture), [])
            made += _failed(alike, style) if alike else []
            continue
        same = first.setdefault(capture.certificates, capture)
        answers = who.get(capture.certificates) if same is capture else None
        made += _presented(capture, same, answers, style)
        if capture.unfinished:
            told = f"the handshake did not finish: {style.foreign(capture.unfinished, 200)}"
            made += wrapped(told.split(" "), style.prose, "  ", "    ")
        if capture.asks:
            made += _asks(capture, style)
    return made


def _failed(captures: Sequence[Capture], style: Style) -> list[str]:
    """Ports of one host on which the same stands in the way."""
    first, *others = captures
    ports = "".join(f", {each.port}" for each in others)
    told = style.foreign(not_captured(first), 400)
    return _wrapped(
        [style.foreign(address(first) + ports), told, f"edgecheck explain {page(first)}"], style
    )


def _presented(capture: Capture, same: Capture, answers: Answers | None, style: Style) -> list[str]:
    """A port that presents certificates; `same`: the first that presents these."""
    number = counted(len(capture.certificates), "certificate")
    parts = [style.foreign(address(capture)), capture.version]
    parts.append(f"from {style.foreign(capture.address)}")
    parts.append(number if same is capture else f"the same {number} as on {same.port}")
    if capture.server_name != capture.host:
        sni = style.foreign(capture.server_name)
        parts.append(f"asked for {sni} (SNI)" if sni else "no name asked for (no SNI)")
    if answers is not None and answers.kind == GATEWAY:
        return _wrapped([*parts, answers.says], style)
    made = _wrapped(parts, style)
    if answers is not None:
        said = style.said(answers.says, 1000)
        made += wrapped(said.split(" "), style.prose, "  ", "    ")
    return made


def _wrapped(parts: Sequence[str], style: Style) -> list[str]:
    """Parts in lines; a part that is longer than a line is taken apart."""
    rows = wrapped(parts, style.prose, "", "  ", style.signs.dot)
    return [
        line
        for row in rows
        for line in wrapped(
            row.lstrip().split(" "), style.prose, row[: row.find(row.lstrip())], "    "
        )
    ]


def _asks(capture: Capture, style: Style) -> list[str]:
    """That it wants a certificate of the client, and of whom."""
    named = [f'"{style.foreign(each, 100)}"' for each in authorities(capture)]
    words = "asks for a client certificate"
    if not named:
        return [f"  {words} (mutual TLS), and does not say of which CA"]
    more = len(named) - MOST_AUTHORITIES
    told = [f"{each}," for each in named[:MOST_AUTHORITIES]]
    told[-1] = told[-1][:-1] + (f" and {more} more" if more > 0 else "")
    return wrapped([*words.split(" "), "(mutual TLS)", "of", *told], style.prose, "  ", "    ")


def authorities(capture: Capture) -> list[str]:
    """Names of the CAs from which it wants that; one that cannot be read in hexadecimal."""
    return list(dict.fromkeys(_name(raw) for raw in capture.authorities))


def _name(raw: bytes) -> str:
    try:
        return str(name(raw))
    except (Malformed, ValueError):
        return f"0x{raw[:32].hex()}"


def as_dict(capture: Capture) -> dict[str, Any]:
    """One connection as the report's JSON has it (`connections`)."""
    alert = None if capture.alert is None else alert_name(capture.alert)
    return {
        "host": capture.host,
        "port": capture.port,
        "address": capture.address or None,
        "server_name": capture.server_name or None,
        "version": capture.version or None,
        "asks_for_client_certificate": capture.asks,
        "authorities": authorities(capture),
        "unfinished": capture.unfinished or None,
        "obstacle": capture.obstacle or None,
        "symptom": page(capture) if capture.obstacle else None,
        "because": not_captured(capture) if capture.obstacle else None,
        "alert": alert,
    }


def grouped(captures: Iterable[Capture]) -> list[list[Capture]]:
    """Those that present the same together, in order; without what was not captured."""
    found: dict[tuple[bytes, ...], list[Capture]] = {}
    for capture in captures:
        if not capture.obstacle:
            found.setdefault(capture.certificates, []).append(capture)
    return list(found.values())


def as_pem(capture: Capture) -> str:
    """What was presented, as PEM (RFC 7468): every octet, damaged or not, in order."""
    return "".join(
        f"-----BEGIN CERTIFICATE-----\n{_folded(data)}-----END CERTIFICATE-----\n"
        for data in capture.certificates
    )


def _folded(data: bytes) -> str:
    text = b64encode(data).decode("ascii")
    return "".join(f"{text[at : at + 64]}\n" for at in range(0, len(text), 64))
