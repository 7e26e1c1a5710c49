"""What `openssl s_client` and `gnutls-cli` themselves say in a transcript.

They judge the chain (`verify error:num=20:...`, `Verify return code: 20 (...)`, `- Status: The
certificate is NOT trusted.`), and where no certificate came, they say what stood in the way. The
words are those of apps/s_client.c and apps/lib/s_cb.c of OpenSSL 1.0.2 to 3.x, and of src/cli.c,
src/socket.c and src/common.c of GnuTLS 3.7; of the system's own errors those of Linux, macOS and
Windows. Standard output and standard error of these programs come in either order, whole or only
one of them.

All text is whatever stood there: escape it before it is printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from edgecheck.reading.late import late
from edgecheck.reading.obstacles import (
    ALERT,
    BEFORE_TLS,
    CLOSED,
    HANDSHAKE_FAILED,
    NO_ANSWER,
    NO_CERTIFICATE,
    NOT_PRINTED,
    OBSTACLES,
    PROTOCOL_VERSION,
    TIMED_OUT,
    VERSION_ALERTS,
    obstacle_of,
    obstacle_of_errno,
)
from edgecheck.reading.secrets import without_pieces
from edgecheck.reading.transcript import GNUTLS_CLI, S_CLIENT

MOST_EVENTS: Final = 2_000  # of one input that are looked at; a transcript has about thirty
MOST_BYTES: Final = 4 * 1024 * 1024  # of it, likewise
_LONGEST: Final = 256  # characters that are kept of a name or a message


class VerifyError(NamedTuple):
    """One objection of the program to the chain."""

    number: int | None  # X509_V_ERR_... of OpenSSL; None of gnutls-cli, which has none
    text: str
    depth: int | None  # 0 is the server's; None where the program did not say
    subject: str  # of the certificate at that depth, as printed; else empty
    line: int


class Alert(NamedTuple):
    """A TLS alert that the other side sent (RFC 8446, section 6)."""

    number: int
    line: int


class Listed(NamedTuple):
    """An entry of the list of certificates that the server sent, as printed."""

    number: int
    subject: str
    issuer: str
    line: int
    dates: tuple[str, str] | None = None  # when it begins and ends; OpenSSL 3.0 and later say so


class Obstacle(NamedTuple):
    """Why no certificate came."""

    kind: str  # one of OBSTACLES
    text: str  # the line that says so
    line: int
    alert: int | None = None  # its number, where it is an alert


class Spoken(NamedTuple):
    """What a program said in one transcript. Lines are 1-based."""

    program: str  # `s_client` or `gnutls-cli`
    errors: tuple[VerifyError, ...] = ()
    accepted: int | None = None  # the line in which it says that it has nothing against the chain
    listed: tuple[Listed, ...] = ()
    alerts: tuple[Alert, ...] = ()
    obstacle: Obstacle | None = None
    asked: str = ""  # the name that gnutls-cli connected to; s_client does not print it
    source: str = ""  # the name of the input that it stood in


_EVENT = late(
    rb"(?P<connected>CONNECTED\([0-9A-Fa-f]{1,16}\)|CONNECTION ESTABLISHED)"
    rb"|(?P<chain>Certificate chain|Server certificate\b|Got a certificate list of )"
    rb"|depth=(?P<depth>\d{1,3})[ \t]"
    rb"|verify error:num=(?P<number>\d{1,4}):"
    rb"|Verify return code: (?P<code>\d{1,4}) \("
    rb"|Verification error: (?P<failed>)"
    rb"|Verification: OK(?P<passed>)"
    rb"|error:[0-9A-Fa-f]{5,8}:(?P<error>)"
    rb"|(?P<call>connect|read|write):errno=(?P<errno>\d{1,5})"
    rb"|(?:connect|getaddrinfo|socket): (?P<system>)|gethostbyname failure(?P<lookup>)"
    rb"|(?P<none>no peer certificate available)"
    rb"|SSL handshake has read (?P<read>\d{1,9}) bytes"
    rb"|^[ \t>|]*(?P<entry>\d{1,4}) s:"
    rb"|(?P<resolving>Resolving '|Connecting to ')"
    rb"|- Certificate\[(?P<certificate>\d{1,4})\] info:"
    rb"|Status: The certificate is (?P<trusted>trusted|NOT trusted)\."
    rb"|(?:Cannot resolve|Could not connect to|\*\*\* Fatal error:) (?P<fatal>)"
    rb"|\*\*\* Received alert \[(?P<alert>\d{1,3})\]:",
    re.MULTILINE,
)
_ISSUER = late(rb"[ \t>|]*i:([^\n]{0,512})")
# `a:PKEY: ...` may stand before it.
_DATES = late(
    rb"[^\n]{0,512}(?:\n[ \t>|]*a:[^\n]{0,512})?"
    rb"\n[ \t>|]*v:NotBefore: ([A-Za-z0-9: ]{1,30}); NotAfter: ([A-Za-z0-9: ]{1,30})"
)
_SUBJECT = late(rb"[^\n]{0,8}\n[ \t>|]*- subject `([^'\n]{0,512})', issuer `([^'\n]{0,512})'")
_ALERT = late(rb"ssl alert number (\d{1,3})\b")
_AFTER = late(rb"[ \t]+(?:verify (?:error|return):|depth=\d|notBefore=|notAfter=|CONNECTED\(|---)")
"""What follows a name or a text where the line ends of a transcript were lost."""


def spoken_in(text: bytes) -> tuple[Spoken, ...]:
    """Return what programs said in *text* (line ends are LF), transcript by transcript.

    Never raises; time is linear in the input, of which no more than the bounds above is looked at.
    """
    found: list[_Reading] = []
    line, at = 1, 0
    text = text[:MOST_BYTES]
    for number, event in enumerate(_EVENT.finditer(text)):
        if number == MOST_EVENTS:
            break
        line += text.count(b"\n", at, event.start())
        at = event.start()
        if not found or found[-1].ends_before(event):
            found.append(_Reading(text))
        found[-1].take(event, line)
    return tuple(spoken for reading in found if (spoken := reading.result()) is not None)


class _Reading:
    """One transcript that is being read."""

    def __init__(self, text: bytes) -> None:
        self.text = text
        self.program = ""
        self.connected: tuple[int, str] | None = None
        self.brief = self.came = self.over = False
        self.at: tuple[int, str] | None = None  # depth and subject that an error is about
        self.errors: list[VerifyError] = []
        self.code: VerifyError | None = None
        self.failed: VerifyError | None = None
        self.accepted: int | None = None
        self.listed: list[Listed] = []
        self.alerts: list[Alert] = []
        self.obstacles: list[Obstacle] = []
        self.none: tuple[int, str] | None = None
        self.read: int | None = None
        self.asked = ""

    def ends_before(self, event: re.Match[bytes]) -> bool:
        """Whether another transcript begins with this event."""
        kind = event.lastgroup
        if kind == "connected":
            return self.connected is not None
        if kind == "resolving":
            return self.over or self.program == S_CLIENT
        if kind == "errno" and event["call"] != b"connect":
            return False
        if kind in ("depth", "error", "errno", "system", "lookup"):
            return self.over or self.program == GNUTLS_CLI
        return False

    def take(self, event: re.Match[bytes], line: int) -> None:
        """Note one event."""
        kind = event.lastgroup or ""
        if kind in ("resolving", "certificate", "trusted", "fatal", "alert"):
            self.program = self.program or GNUTLS_CLI
        elif kind != "chain":
            self.program = self.program or S_CLIENT
        text = self._rest(event.end())
        if kind == "connected":
            self.connected, self.brief = (line, self._line(event)), event[0].endswith(b"ED")
        elif kind == "chain":
            self.came = True
        elif kind == "depth":
            self.at = int(event["depth"]), text
        elif kind == "number":
            depth, subject = self.at or (None, "")
            self.errors.append(VerifyError(int(event["number"]), text, depth, subject, line))
        elif kind == "code":
            self.over = True
            self._code(int(event["code"]), text.partition(")")[0], line)
        elif kind == "failed":
            self.failed = self.failed or VerifyError(None, text, None, "", line)
        elif kind == "passed":
            self.accepted = self.accepted or line
        elif kind == "entry":
            self._entry(event, line)
        elif kind == "certificate":
            if (names := _SUBJECT.match(self.text, event.end())) is not None:
                subject, issuer = (_shown(name) for name in names.groups())
                self.listed.append(Listed(int(event["certificate"]), subject, issuer, line))
            else:
                self.listed.append(Listed(int(event["certificate"]), "", "", line))
        elif kind == "trusted":
            self.over = True
            self._status(event, text, line)
        elif kind == "none":
            self.none = line, self._line(event)
        elif kind == "resolving":
            self.asked = self.asked or text.partition("'")[0].rpartition(":")[0]
        elif kind == "read":
            self.over, self.read = True, int(event["read"])
        else:
            self._obstacle(event, kind, line)

    def _code(self, number: int, text: str, line: int) -> None:
        if number:
            self.code = self.code or VerifyError(number, text, None, "", line)
        else:
            self.accepted = self.accepted or line

    def _entry(self, event: re.Match[bytes], line: int) -> None:
        end = self.text.find(b"\n", event.end())
        issuer = _ISSUER.match(self.text, end + 1) if end >= 0 else None
        if issuer is not None:
            subject = self._rest(event.end())
            dates = _DATES.match(self.text, issuer.start())
            self.listed.append(
                Listed(
                    int(event["entry"]),
                    subject,
                    _shown(issuer[1]),
                    line,
                    (_shown(dates[1]), _shown(dates[2])) if dates is not None else None,
                )
            )

    def _status(self, event: re.Match[bytes], text: str, line: int) -> None:
        if event["trusted"] == b"trusted":
            self.accepted = line
            return
        for sentence in text.split(". "):
            if (said := sentence.strip(" .")) and len(self.errors) < _LONGEST:
                self.errors.append(VerifyError(None, said, None, "", line))

    def _obstacle(self, event: re.Match[bytes], kind: str, line: int) -> None:
        whole = self._line(event)
        words = self.text[event.start() : event.start() + _LONGEST].partition(b"\n")[0].lower()
        alert = _ALERT.search(words) if kind == "error" else None
        if alert is not None or kind == "alert":
            number = int(alert[1] if alert is not None else event["alert"])
            self.alerts.append(Alert(number, line))
            found = PROTOCOL_VERSION if number in VERSION_ALERTS else ALERT
            self.obstacles.append(Obstacle(found, whole, line, number))
            return
        if kind == "errno":
            number = int(event["errno"])
            found = obstacle_of_errno(number)
            if event["call"] == b"connect" and found in ("", CLOSED):
                self.over = True  # the line before says why
                return
            if event["call"] != b"connect" and found == TIMED_OUT:
                found = NO_ANSWER
        else:
            found = obstacle_of(words)
        self.over = self.over or kind == "errno"
        if not found and (b"ssl routines" in words or kind == "fatal"):
            found = HANDSHAKE_FAILED
        if found:
            self.obstacles.append(Obstacle(found, whole, line))

    def result(self) -> Spoken | None:
        """What was said; None where it was nothing."""
        errors = list(dict.fromkeys(self.errors))
        if not errors and (last := self.code or self.failed) is not None:
            errors = [last]
        came = self.came or bool(self.listed)
        obstacle = None if came else self._why()
        accepted = self.accepted if came and not errors else None
        if not (errors or accepted or self.listed or self.alerts or obstacle):
            return None
        return Spoken(
            self.program,
            tuple(errors),
            accepted,
            tuple(self.listed),
            tuple(self.alerts),
            obstacle,
            self.asked,
        )

    def _why(self) -> Obstacle | None:
        """What stood in the way of a certificate: of several things, what tells most."""
        if self.brief and self.connected is not None:
            line, text = self.connected
            return Obstacle(NOT_PRINTED, text, line)
        found: Iterable[Obstacle] = self.obstacles
        if self.connected is not None or self.none is not None:  # then another address answered
            found = [each for each in self.obstacles if each.kind not in BEFORE_TLS]
        best = min(found, key=lambda each: OBSTACLES.index(each.kind), default=None)
        if best is None and self.none is not None:
            line, text = self.none
            return Obstacle(NO_CERTIFICATE if self.read else CLOSED, text, line)
        if best is None and self.connected is not None:
            line, text = self.connected
            return Obstacle(NO_ANSWER, text, line)
        return best

    def _rest(self, start: int) -> str:
        """The text from an offset to the end of its line, or to what follows on it."""
        piece = self.text[start : start + 2 * _LONGEST].partition(b"\n")[0]
        after = _AFTER.search(piece)
        return _shown(piece[: after.start()] if after is not None else piece)

    def _line(self, event: re.Match[bytes]) -> str:
        """The line of an event, without what quotes it."""
        start = self.text.rfind(b"\n", max(0, event.start() - _LONGEST), event.start()) + 1
        if not start and event.start() > _LONGEST:
            start = event.start()
        end = self.text.find(b"\n", event.end(), start + 2 * _LONGEST)
        return _shown(self.text[start : end if end >= 0 else start + _LONGEST])


def _shown(raw: bytes) -> str:
    """Text of a transcript, into whose lines a key may have been pasted."""
    return without_pieces(raw.decode("utf-8", "replace").strip(" \t>|\r\n"))[:_LONGEST]
