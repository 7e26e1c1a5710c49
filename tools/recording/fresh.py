"""Chains that nobody has looked at: each number is one, of up to three faults drawn at random.

Models that were fitted to cases are right on those cases; how right they are, chains show that no
model has seen. Each chain has a shape (which certificates, how they are sent, what is trusted, whom
the client asks for) and from none to three changes of what stands in a certificate, some of which
are sound.
"""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from fixtures.extensions import (
    Extension,
    authority_info_access,
    authority_key_id,
    basic_constraints,
    extended_key_usage,
    key_usage,
    name_constraints,
    raw_extension,
    subject_alt_name,
    subject_key_id,
)
from tools.recording.cases import Case
from tools.recording.lab import HOST, Lab, Part, sound

Change = dict[str, Any]
"""Fields of a part, and what they become."""
Names = dict[str, list[str | bytes]]
"""The names of a subjectAltName by their kind."""
Draw = Callable[[Random, Part, datetime], Change]

ADDRESS = "10.20.30.40"
USES = (
    *("digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment"),
    *("keyAgreement", "keyCertSign", "cRLSign", "encipherOnly", "decipherOnly"),
)
PURPOSES = ("serverAuth", "clientAuth", "codeSigning", "emailProtection", "timeStamping")
EXTENSIONS = ("bc", "ku", "eku", "san", "ski", "aki")


def cases(at: datetime, seed: int, count: int) -> list[Case]:
    """Return the first chains of a seed, around a time. Names and faults follow from the number."""
    lab = Lab(at)
    ids = {number: f"fresh{seed}-{number}" for number in range(count)}
    return [_case(lab, Random(f"{seed}:{number}"), id) for number, id in ids.items()]


def _case(lab: Lab, random: Random, id: str) -> Case:
    parts = sound(lab.at)
    above, changes = _shape(random)
    host, names = _names(random)
    changes["S"] = {"issuer": above[0] if above else "R", **names}
    for letter in above:
        parts.setdefault(letter, parts["I"])
    told = []
    for _ in range(random.choice((0, 1, 1, 1, 2, 2, 3))):
        letter, draw = random.choice(("S", *above, *above, "R")), random.choice(DRAWS)
        change = changes.setdefault(letter, {})
        part = replace(parts[letter], **{k: v for k, v in change.items() if k != "like"})
        change |= draw(random, part, lab.at)
        told.append(f"{letter} {draw.__name__.strip('_')}")
    trust = _trust(random, above, changes)
    return lab.case(
        id,
        "fresh",
        ", ".join(told) or "sound",
        send=_sent(random, above),
        trust=trust,
        host=host,
        no_key_ids=random.random() < 0.15,
        **changes,
    )


def _shape(random: Random) -> tuple[list[str], dict[str, Change]]:
    """Return the CAs between server and root, the lowest first, and what makes them so."""
    kind = random.choice(("1.1", "1.1", "1.2", "1.2", "deep", "quickstart"))
    if kind == "quickstart":
        return ["D"], {"D": {"issuer": "R", "subject": "iotedged workload ca"}}
    between = [f"J{n}" for n in range(random.randint(1, 4))] if kind == "deep" else []
    above = (["W"] if kind != "1.2" else []) + ["D", *between, "I"]
    changes: dict[str, Change] = {}
    for lower, upper in zip(above, [*above[1:], "R"], strict=True):
        changes[lower] = {"issuer": upper}
        if lower in between:
            changes[lower] |= {"like": "I", "subject": [("O", "Fabrikam"), ("CN", f"line {lower}")]}
    return above, changes


def _sent(random: Random, above: list[str]) -> str:
    full = ["S", *above]
    match random.randint(0, 11):
        case 0:
            return " ".join(full[:-1])
        case 1:
            random.shuffle(above_sent := [*above, "R"])
            return " ".join(["S", *above_sent])
        case 2:
            return " ".join([*full, full[-1], "R"])
        case 3 | 4 | 5:
            return " ".join(full)
        case _:
            return " ".join([*full, "R"])


def _trust(random: Random, above: list[str], changes: dict[str, Change]) -> str:
    match random.randint(0, 11):
        case 0:
            changes["X"] = {"like": "R", "issuer": "X", "key": "p256", "subject": sound_root()}
            return random.choice(("X", "X R", "R X"))
        case 1:
            return random.choice(above)
        case 2:
            return f"R {random.choice(above)}"
        case _:
            return "R"


def sound_root() -> list[tuple[str, str]]:
    """Return the root's name, which another root may bear."""
    return [("C", "US"), ("O", "Contoso"), ("CN", "Azure IoT Hub CA Cert Test Only")]


def _names(random: Random) -> tuple[str, Change]:
    """Return whom the client asks for, and the names of the server certificate."""
    label = b32encode(random.randbytes(5)).decode().lower()
    long = f"{label}.line-{random.randint(1, 9)}.plant.example"
    host = random.choice((HOST, HOST, label, long, ADDRESS, "Gateway-7.Plant.Example"))
    address = host == ADDRESS
    right: Names = {"ip": [host]} if address else {"dns": [host]}
    parent = host.partition(".")[2] or "example"
    choices: list[Names | None] = [
        *[right] * 6,
        None,
        {"dns": [host]},
        {"dns": [host.lower()]},
        {"dns": [host.upper()]},
        {"dns": ["edgehub", host]},
        {"dns": [f"*.{parent}"]},
        {"dns": [f"{label}.other.example"]},
        {"dns": [host + "."]},
        {"uri": [f"https://{host}/"]},
        {"dns": [host], "ip": ["10.9.8.7"], "email": ["ops@plant.example"]},
        {"dns": [host.encode() + b"\x00.example"]},
    ]
    san = random.choice(choices)
    change: Change = {"san": None if san is None else _alt_name(san)}
    change["subject"] = random.choice((host, host, host, f"cn-of-{label}", [("O", "Contoso")]))
    return host, change


def _alt_name(names: Names) -> Extension:
    return subject_alt_name(critical=False, **names)


def _times(random: Random, part: Part, at: datetime) -> Change:
    away = timedelta(days=random.choice((1, 2, 40, 4000)), hours=random.randint(0, 23))
    return random.choice(({"until": at - away}, {"since": at + away}, {"until": at + away}))


def _basic(random: Random, part: Part, at: datetime) -> Change:
    lengths = (None, None, 0, 1, 2)
    ca, critical = random.random() < 0.7, random.random() < 0.7
    length = random.choice(lengths) if ca else None
    return {"bc": random.choice((None, basic_constraints(ca, length, critical)))}


def _usage(random: Random, part: Part, at: datetime) -> Change:
    uses = random.sample(USES, random.randint(0, 4))
    return {"ku": random.choice((None, key_usage(*uses, critical=random.random() < 0.7)))}


def _purposes(random: Random, part: Part, at: datetime) -> Change:
    purposes = random.sample(PURPOSES, random.randint(1, 3))
    return {"eku": extended_key_usage(*purposes, critical=random.random() < 0.3)}


def _key_ids(random: Random, part: Part, at: datetime) -> Change:
    return random.choice(
        (
            {"aki": None},
            {"ski": None},
            {"ski": subject_key_id(random.randbytes(random.choice((1, 8, 20, 40))))},
            {"aki": authority_key_id(random.randbytes(20))},
        )
    )


def _constraints(random: Random, part: Part, at: datetime) -> Change:
    trees: Mapping[str, list[str]] = random.choice(
        (
            {"dns": [random.choice(("example", ".plant.example", "local", "edgehub"))]},
            {"ip": [random.choice(("10.0.0.0/8", "192.168.0.0/16"))]},
            {"uri": ["plant.example"]},
            {"email": ["plant.example"]},
        )
    )
    how = {random.choice(("permitted", "excluded")): trees}
    return {"more": (*part.more, name_constraints(**how, critical=random.random() < 0.8))}


def _unknown(random: Random, part: Part, at: datetime) -> Change:
    oid = random.choice(("1.3.6.1.4.1.99999.7", "2.5.29.46", "2.5.29.36", "2.16.840.1.113730.1.1"))
    value = random.choice((b"\x05\x00", b"\x30\x00", b"\x03\x02\x07\x80", random.randbytes(6)))
    return {"more": (*part.more, raw_extension(oid, value, critical=random.random() < 0.4))}


def _issuers(random: Random, part: Part, at: datetime) -> Change:
    place = f"http://pki.{random.choice(('plant', 'line'))}.example/ca.cer"
    return {"more": (*part.more, authority_info_access(ca_issuers=[place]))}


def _damage(random: Random, part: Part, at: datetime) -> Change:
    """One of its extensions with an octet changed, cut or added."""
    have = [name for name in EXTENSIONS if getattr(part, name) is not None]
    name = random.choice(have)
    extension: Extension = getattr(part, name)
    content = extension.value if isinstance(extension.value, bytes) else b"\x30\x00"
    where, kind = random.randrange(len(content)), random.randint(0, 2)
    if kind == 0:
        changed = bytes((content[where] ^ 1 << random.randint(0, 7),))
        content = content[:where] + changed + content[where + 1 :]
    elif kind == 1:
        content = content[:where]
    else:
        content = content[: where + 1] + random.randbytes(1) + content[where + 1 :]
    return {name: raw_extension(extension.oid, content, extension.critical)}


def _serial(random: Random, part: Part, at: datetime) -> Change:
    return {"serial": random.choice((0, 1, -5, 1 << 159, 1 << 200, b"\x00\x00\x07"))}


def _key(random: Random, part: Part, at: datetime) -> Change:
    return {"key": random.choice(("rsa1024", "rsa3072", "p256", "p384", "p521", "ed25519"))}


def _digest(random: Random, part: Part, at: datetime) -> Change:
    return random.choice(({"digest": "sha1"}, {"digest": "sha512"}, {"pss": True}))


def _version(random: Random, part: Part, at: datetime) -> Change:
    return {"version": random.choice((1, 2))}


def _subject(random: Random, part: Part, at: datetime) -> Change:
    name = random.choice((HOST, "iotedged workload ca", "Ünï çødé", sound_root(), []))
    return {"subject": name}


def _issuer_name(random: Random, part: Part, at: datetime) -> Change:
    return {"issuer_name": random.choice(("AZURE IOT HUB CA CERT TEST ONLY", "elsewhere", []))}


def _signer(random: Random, part: Part, at: datetime) -> Change:
    return {"signer": "R"}


def _broken_signature(random: Random, part: Part, at: datetime) -> Change:
    return {"finished": lambda der: der[:-1] + bytes((der[-1] ^ 1,))}


DRAWS: tuple[Draw, ...] = (
    *(_times, _basic, _usage, _purposes, _key_ids, _constraints, _unknown, _issuers, _damage),
    *(_damage, _serial, _key, _digest, _version, _subject, _issuer_name, _signer),
    _broken_signature,
)
