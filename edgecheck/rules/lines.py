"""Lines of OpenSSL's configuration that say what a certificate is to have."""

import re
from collections.abc import Iterable
from ipaddress import ip_address

from edgecheck.reading.name_constraints import Addresses, Form, Subtree

_CONFIGURED = {Form.DNS: "DNS", Form.EMAIL: "email", Form.URI: "URI", Form.IP: "IP"}
"""What OpenSSL's configuration calls the forms; others do not fit into one line."""
Part = tuple[str, str | None]
"""`permitted` or `excluded`, and the subtree in words; None where it has none."""


def name_constraints_line(parts: Iterable[Part]) -> str | None:
    """Return the line of nameConstraints; empty without parts, None where one has no words."""
    found = dict.fromkeys(parts)
    if any(text is None for _, text in found):
        return None
    words = [f"{kind};{text}" for kind, text in found]
    return f"nameConstraints = critical,{','.join(words)}" if words else ""


def subtree_words(subtree: Subtree) -> str | None:
    """Return a subtree in words; None where it has none that fit into a line."""
    if isinstance(subtree.base, Addresses):
        octets, network, mask = subtree.base
        both = (ip_address(number.to_bytes(octets, "big")) for number in (network, mask))
        return "IP:" + "/".join(map(str, both))
    text = subtree.text[1:] if subtree.leading_period else subtree.text
    return name_words(subtree.form, text)


def name_words(form: Form | None, text: str) -> str | None:
    """Return a name in words that OpenSSL's configuration takes; of others, None.

    A dollar begins a variable there, and is escaped.
    """
    if form not in _CONFIGURED or not re.fullmatch(r"\$?[A-Za-z0-9.@_+-]+", text):
        return None
    return f"{_CONFIGURED[form]}:{text.replace('$', chr(92) + '$')}"
