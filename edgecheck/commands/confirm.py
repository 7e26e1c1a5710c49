"""`--confirm`: what the clients of this machine do, beside what was predicted."""

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from edgecheck.adapters.files import Refused
from edgecheck.adapters.tls import Capture
from edgecheck.adapters.tls.clients import STRICT, Seen, confirm
from edgecheck.behaviour.record import Record
from edgecheck.behaviour.records import BY_ID, RECORDS
from edgecheck.reading.text import visible
from edgecheck.reporting.report import Report
from edgecheck.reporting.style import Style, wrapped

if TYPE_CHECKING:
    from edgecheck.report.predictions import Prediction

_LIKE = {
    "Python": re.compile(r"Python [\d.]+"),
    STRICT: re.compile(
        r"ssl\.create_default_context\(\) of Python [\d.]+|Python [\d.]+ with VERIFY_X509_STRICT"
    ),
    "openssl s_client": re.compile(r"openssl s_client [\d.]+"),
    "curl": re.compile(r"curl\b.*"),
    "Java": re.compile(r"Java \d+"),
    "mosquitto": re.compile(r"mosquitto\b.*"),
    "Node.js": re.compile(r"Node\.js \d.*(?<!\(Debian\))"),
}
"""What clients that are predicted, and like one of a machine, are called in reports."""
_VERSION = re.compile(r"\d+(?:\.\d+)*")
_WORDS = {
    "accept": ("connects", "good"),
    "reject": ("refuses", "error"),
    "unknown": ("not known", "warning"),
}
_PREDICTED = {"accept": "to connect", "reject": "to refuse"}
_HANGING = " " * 12


def possible(said: Mapping[str, Any]) -> None:
    """Refuse what real clients cannot be asked: another time, or two names at once."""
    if said["targets"]:
        raise Refused("--confirm is for one host; name it instead of --targets")
    if not said["trust"]:
        raise Refused("--confirm needs to know what the clients trust: --trust FILE, or system")
    if said["at"]:
        raise Refused("--confirm asks clients that know the present time alone; leave --at out")
    two = said["sni"] and said["hostname"] and said["sni"] != said["hostname"]
    if said["no_sni"] or two:
        raise Refused(
            "--confirm: clients ask for the host name and for nothing else; give one name"
        )


def asked(
    report: Report, capture: Capture, hostname: str
) -> list[tuple[Seen, "Prediction | None"]]:
    """What each client here does with a port, and what was predicted of one that is like it."""
    trust = [certificate.der for certificate in report.expected.trust]
    named = hostname == capture.host
    seen = confirm(capture.address, capture.port, hostname, named, trust, capture.asks)
    predicted = {each.client: each for each in report.predictions}
    return [(each, predicted.get(like(each) or "")) for each in seen]


def like(seen: Seen) -> str | None:
    """The id of the client that is predicted and is the nearest to one here."""
    label = _LIKE.get(seen.client)
    known = [record for record in RECORDS if label is not None and label.fullmatch(record.label)]
    own = _number(seen.version)
    if not known or own is None:
        return None

    def distance(record: Record) -> int:
        return abs((_number(record.version) or 0) - own)

    return min(known, key=distance).id


def _number(version: str) -> int | None:
    """3005009 for 3.5.9: of the first version that is told; None where there is none."""
    found = _VERSION.search(version)
    if found is None:
        return None
    parts = [*map(int, found[0].split(".")), 0, 0][:3]
    return parts[0] * 1_000_000 + parts[1] * 1_000 + parts[2]


def agrees(seen: Seen, predicted: "Prediction | None") -> bool | None:
    """Whether both say the same of the certificates; None where one says nothing."""
    if predicted is None or "unknown" in (seen.verdict, predicted.verdict):
        return None
    return seen.verdict == predicted.verdict


def as_text(found: Iterable[tuple[Seen, "Prediction | None"]], style: Style) -> str:
    """A line or two for each client; where it differs from what was predicted, that is said."""
    lines = ["", style.paint("Clients of this machine:", "bold")]
    for seen, predicted in found:
        word, colour = _WORDS[seen.verdict]
        colour = "error" if agrees(seen, predicted) is False else colour
        name = f"{seen.client} {seen.version}".strip()
        words = [*style.foreign(f"{name}{_told(seen, predicted)}", 900).split(" ")]
        start = f"  {word:<9} "
        made = wrapped(words, style.prose, start, _HANGING)
        lines += ["  " + style.paint(f"{word:<9}", colour) + made[0][len(start) - 1 :], *made[1:]]
    return "\n".join(lines) + "\n"


def _told(seen: Seen, predicted: "Prediction | None") -> str:
    said = f': "{seen.says}"' if seen.says and seen.version else ""
    same = agrees(seen, predicted)
    if not seen.version:
        return f": {seen.says}"
    if same is None or predicted is None:
        return said
    if not same:
        why = f' with "{predicted.says}"' if predicted.verdict == "reject" else ""
        return f"{said}; DIFFERS: predicted {_PREDICTED[predicted.verdict]}{why}"
    if seen.verdict == "accept" and seen.says:
        return f"{said}: the server wants a certificate of the client; its own passed, as predicted"
    vague = BY_ID[predicted.client].one_sentence
    if seen.verdict == "reject" and predicted.says not in seen.says and not vague:
        return f'{said}, as predicted, in other words: "{predicted.says}"'
    return f"{said}, as predicted"


def as_dicts(found: Iterable[tuple[Seen, "Prediction | None"]]) -> list[dict[str, Any]]:
    """The same as the report's JSON has it (`confirmed`)."""
    made: list[dict[str, Any]] = visible(
        [
            {
                "client": seen.client,
                "version": seen.version or None,
                "verdict": seen.verdict,
                "says": seen.says,
                "predicted": predicted.client if predicted is not None else None,
                "agrees": agrees(seen, predicted),
            }
            for seen, predicted in found
        ]
    )
    return made
