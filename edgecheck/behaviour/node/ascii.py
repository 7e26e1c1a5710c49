"""The host as the WHATWG URL Standard writes it: domainToASCII of Node.js (node_url.cc, Ada).

checkServerIdentity compares that since 22.23.0, 24.17.0 and 26.3.1.
"""

import re
import unicodedata
from functools import lru_cache
from ipaddress import IPv4Address

from edgecheck.reading.hostnames import comparable

_CUT, _LEFT_OUT = re.compile(r"[/?#\\]"), re.compile(r"[\t\n\r]")
_FORBIDDEN = re.compile(r"[\x00-\x20#%/:<>?@\[\\\]^|\x7f]")
"""Forbidden domain code points (URL Standard, section 3.3)."""
_A_LABEL, _JOINERS = "xn--", "\u200c\u200d"
_ADDRESS = re.compile(r"\[[0-9A-Fa-f:.]+\]")


@lru_cache(maxsize=256)
def domain_to_ascii(host: str) -> str:
    """Return the host in A-labels and lower case, an IPv4 address in its one form; empty: none."""
    if _ADDRESS.fullmatch(host):
        return host.lower()
    name = comparable(_decoded(_CUT.split(_LEFT_OUT.sub("", host))[0]))
    if name is None or _FORBIDDEN.search(name):
        return ""
    labels = name.removesuffix(".").split(".")
    if labels[-1].isdigit() or _number(labels[-1]) is not None:
        return _address(labels)
    return name


def has_wrong_a_label(host: str) -> bool:
    """Whether a label begins with `xn--` and does not decode: there is no such host for Ada.

    It has to decode to what is mapped to itself (UTS 46) and may begin a label.
    """
    return any(_decoded_label(label) == "" for label in _a_labels(host))


def has_pointless_a_label(host: str) -> bool:
    """The same of Node.js 24, which wants something beyond ASCII in it, and no `xn--` again."""
    texts = [_decoded_label(label) for label in _a_labels(host)]
    return any(text.isascii() or text.startswith(_A_LABEL) for text in texts)


def any_a_label(host: str) -> bool:
    """The same of Node.js 26, which does not look into them."""
    return False


def _a_labels(host: str) -> list[str]:
    lowered = host.lower()
    if _A_LABEL not in lowered:
        return []
    return [label for label in lowered.split(".") if label.startswith(_A_LABEL)]


def _decoded_label(label: str) -> str:
    """What an A-label stands for; empty where that is no label."""
    import idna  # hardly any host name has such a label

    try:
        text = label.removeprefix(_A_LABEL).encode("ascii").decode("punycode")
        mapped = idna.uts46_remap(text, std3_rules=False, transitional=False)
        joined = all(
            idna.valid_contextj(text, at) for at, one in enumerate(text) if one in _JOINERS
        )
    except (UnicodeError, idna.IDNAError, OverflowError):
        return ""
    begins = bool(text) and unicodedata.category(text[0])[0] != "M"
    return text if begins and joined and mapped == text else ""


def _decoded(text: str) -> str:
    """Percent-decoding (URL Standard, section 1.3)."""
    if "%" not in text:
        return text
    octets = re.sub(rb"%([0-9A-Fa-f]{2})", _octet, text.encode("utf-8", "replace"))
    return octets.decode("utf-8", "replace")


def _octet(escaped: re.Match[bytes]) -> bytes:
    return bytes.fromhex(escaped[1].decode("ascii"))


def _address(labels: list[str]) -> str:
    """The IPv4 parser: up to four numbers, of which the last may fill several octets."""
    numbers = [_number(label) for label in labels]
    if len(numbers) > 4 or None in numbers:
        return ""
    *first, last = (number or 0 for number in numbers)
    if any(number > 0xFF for number in first) or last >= 256 ** (4 - len(first)):
        return ""
    value = sum(number << 8 * (3 - place) for place, number in enumerate(first))
    return str(IPv4Address(value + last))


def _number(label: str) -> int | None:
    """An octal, decimal or hexadecimal number; None where it is none."""
    digits, base = label, 10
    if label[:2] == "0x":
        digits, base = label[2:] or "0", 16
    elif len(label) > 1 and label[0] == "0":
        digits, base = label[1:], 8
    try:
        return int(digits, base) if digits.isalnum() else None
    except ValueError:
        return None
