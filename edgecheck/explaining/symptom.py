"""What a symptom is, and what several of them name: commands, and where their facts stand."""

from collections.abc import Mapping
from dataclasses import field

from edgecheck.rules.engine.rule import Reference
from edgecheck.values import frozen

GATEWAY = "iotedgegw.local"
"""Stands in commands for the gateway's own name."""
CAPTURE = f"edgecheck connect {GATEWAY}:8883 --trust root.pem"
ON_THE_OTHER_SIDE = "iotedge logs edgeHub --tail 200"
"""Where the other side is a gateway: it is the one that refused."""


@frozen
class Symptom:
    """One of them.

    Attributes:
        id: `symptom.<name>`, stable.
        title: in one line.
        explanation: what it means and who refuses whom, in plain words.
        looks: where to look, by side or system, what to do there.
        next: the one command to run next.
        references: where that stands.
    """

    id: str
    title: str
    explanation: str
    looks: Mapping[str, str]
    next: str
    references: tuple[Reference, ...] = field(default=())


SOCKETS = Reference(
    "Microsoft: Windows Sockets error codes",
    "https://learn.microsoft.com/windows/win32/winsock/windows-sockets-error-codes-2",
)
ERRNO = Reference("Linux: errno", "https://man7.org/linux/man-pages/man3/errno.3.html")
TROUBLE = Reference(
    "Microsoft: Solutions to common issues for Azure IoT Edge",
    "https://learn.microsoft.com/azure/iot-edge/troubleshoot-common-errors",
)
TLS = Reference(
    "RFC 8446: The Transport Layer Security (TLS) Protocol Version 1.3",
    "https://www.rfc-editor.org/rfc/rfc8446",
)


def made(
    name: str,
    title: str,
    explanation: str,
    looks: Mapping[str, str],
    next: str,
    *references: Reference,
) -> Symptom:
    """Return a symptom, by its name without the family."""
    return Symptom(f"symptom.{name}", title, explanation, looks, next, references)
