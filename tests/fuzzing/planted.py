"""What is put into an input wherever it came from: private keys, and hostile text as arguments."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from typing import Any

import edgecheck
from fixtures.stock import HOSTNAME
from tests.test_secrets import SHAPES, keys

HOSTILE = (
    *("\x1b[2J", "\x1b]0;x\x07", "\a", "\r", "\n", "\0", "\x7f", "\x85", "\x9b31m", "\t"),
    *("\u202e", "\u202a", "\u2066", "\u2069", "\u200b", "\u200d", "\u200e", "\u2028", "\u2029"),
    *("\ufeff", "\u00ad", "\u061c", "\U000e0041", "\ufff9", "\ue000", "\u0378", "\ufffe"),
    *("\udcff", "\ud800", "\udfff", "\u0130", "\u0430", "\u3002", "\uff0e", "\u0301" * 30),
    *("xn--", "*", "..", "%00", "\\x1b[2J", "<b>", "\U0001f680", "\u5927", "'", '"', "`", "|"),
)
"""Controls, what turns writing around or is not seen, surrogates, and letters that look alike."""


def with_a_key(presented: Any, dice: random.Random) -> tuple[Any, bytes]:
    """A private key in one of many shapes before, behind or within what is presented."""
    plain = [one for one in keys() if "ENCRYPTED" not in one[0]]  # others differ in every run
    label, body, _ = dice.choice(plain)
    shape = dice.choice([name for name in SHAPES if name != "a container"])
    key = SHAPES[shape](label, body, dice)
    data = key.encode() if isinstance(key, str) else key
    if not isinstance(presented, bytes):
        return (*presented, data), body
    ends = [found.end() for found in re.finditer(rb"-----END [A-Z ]+-----\n", presented)]
    at = dice.choice((0, len(presented), *ends, dice.randrange(len(presented) + 1)))
    return presented[:at] + data + presented[at:], body


_NAMES = (
    HOSTNAME,
    "gw",
    "10.0.0.4",
    "fe80::1%eth0",
    "gw.",
    "GW.Plant.Local",
    "\u5927\u9623.example",
)


def _name(dice: random.Random) -> str:
    name = dice.choice(_NAMES)
    for _ in range(dice.choice((0, 1, 1, 2))):
        at = dice.randrange(len(name) + 1)
        name = name[:at] + dice.choice(HOSTILE) + name[at:]
    return name * dice.choice((1, 1, 1, 1, 60))


def with_hostile_arguments(arguments: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    """A host name and a description of the gateway with hostile text in them."""
    device = arguments.get("device") or edgecheck.Device()
    fields: dict[str, Any] = {}
    for field in ("hostname", "machine_name", "parent_hostname", "device_id"):
        if dice.random() < 0.4:
            fields[field] = _name(dice)
    if dice.random() < 0.3:
        fields["gateway_host_names"] = (_name(dice), _name(dice))
    if dice.random() < 0.3:
        fields["trust_bundle_cert"] = f"file:///etc/{_name(dice)}"
    if dice.random() < 0.3:
        uris = f"file:///{_name(dice)}", f"pkcs11:pin-value={_name(dice)}"
        fields["edge_ca"] = {"cert": uris[0], "pk": uris[1]}
    changed = {**arguments, "device": replace(device, **fields)}
    validation = arguments.get("validation")
    if dice.random() < 0.6 and (validation is None or validation.purpose == "server"):
        changed["hostname"] = _name(dice)
    return changed
