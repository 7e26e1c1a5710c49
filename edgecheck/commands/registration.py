"""What the command line says of a device's registration, and of when certificates have to go."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from edgecheck.adapters.files import Refused, read
from edgecheck.expected import Limits, Validation
from edgecheck.hierarchy.roles import Role
from edgecheck.settings import Registration

_KINDS = {"ca": "certificateAuthority", "thumbprint": "selfSigned", "sas": "sas"}
"""How IoT Hub calls the kinds of registration, by the words of the option."""
_SHOWN = {
    "certificateauthority": "certificateAuthority",
    "certificatethumbprint": "selfSigned",
    "selfsigned": "selfSigned",
    "sas": "sas",
    "symmetrickey": "sas",
}
"""The same as JSON has it: IoT Hub's own names, and those of edgeHub and of DPS."""
_FORMS = (
    "write ca, thumbprint=HEX, id=DEVICE-ID, or name a file of `az iot hub device-identity show`"
)


def validation(said: Mapping[str, Any]) -> Validation:
    """What `Validation` these options ask for. Raises `Refused`."""
    return Validation(purpose=said["purpose"], expires_within=_within(said["expires_within"]))


def _within(words: Iterable[str]) -> int | dict[str, int]:
    """Days, for all roles or for some: the more special word wins, whatever their order."""
    every: int | None = None
    by_role: dict[str, int] = {}
    for word in words:
        role, sign, days = word.rpartition("=")
        if not (days.isascii() and days.isdigit() and len(days) <= 6):
            raise Refused(f"--expires-within {word}: write days, such as 60, or root=365")
        if not sign:
            every = int(days)
        elif role not in tuple(Role):
            raise Refused(f"--expires-within {word}: no such role; known are {', '.join(Role)}")
        else:
            by_role[role] = int(days)
    if every is None or not by_role:
        return by_role if every is None else every
    return {str(role): every for role in Role} | by_role


def registration(said: Mapping[str, Any]) -> Registration | None:
    """What IoT Hub knows of the device, of one word or several; None where nothing was said.

    Raises:
        Refused: no such word, two that contradict each other, or a file that cannot be read.
    """
    words = said["registration"]
    if not words:
        return None
    if said["purpose"] != "client":
        raise Refused("--registration: it is about a device; add --purpose client")
    known: dict[str, Any] = {}
    for word in words:
        for name, value in _told(word).items():
            if name == "thumbprints":
                value = [*known.get(name, ()), *value]
            elif known.get(name, value) != value:
                raise Refused(f"--registration {word}: {known[name]} was said before it")
            known[name] = value
    return cast(Registration, known)


def _told(word: str) -> dict[str, Any]:
    """What one word says."""
    kind, sign, value = word.partition("=")
    if kind in _KINDS and not sign and kind != "thumbprint":
        return {"authentication": _KINDS[kind]}
    if kind == "id" and value:
        return {"device_id": value}
    if kind == "thumbprint" and sign:
        plain = value.replace(":", "").replace(" ", "").lower()
        if len(plain) not in (40, 64) or not all(c in "0123456789abcdef" for c in plain):
            raise Refused(
                f"--registration {word}: write SHA-1 or SHA-256 as 40 or 64 hexadecimal digits"
            )
        return {"authentication": "selfSigned", "thumbprints": [plain]}
    if sign and kind in (*_KINDS, "id"):
        raise Refused(f"--registration {word}: {_FORMS}")
    return _shown(word)


def _shown(name: str) -> dict[str, Any]:
    """What a file says that az, a service SDK or the portal wrote; its keys are not looked at."""
    import json

    try:
        data = read(name, Limits().input_bytes, "--registration").data
    except Refused as wrong:
        raise Refused(f"{wrong}; or {_FORMS}") from None
    try:
        shown = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise Refused(f"--registration {name}: it is not JSON; {_FORMS}") from None
    if isinstance(shown, list) and len(shown) == 1:
        shown = shown[0]
    if not isinstance(shown, dict) or not isinstance(shown.get("deviceId"), str):
        raise Refused(f"--registration {name}: it is not one device's identity; {_FORMS}")
    known: dict[str, Any] = {"device_id": shown["deviceId"]}
    # `device-identity show` has them in an object of their own, `device-twin show` beside the id.
    proof = shown.get("authentication")
    proof = proof if isinstance(proof, dict) else {}
    kind = proof.get("type", shown.get("authenticationType"))
    if isinstance(kind, str):
        known["authentication"] = _SHOWN.get(kind.replace("_", "").lower(), kind)
    pair = proof.get("x509Thumbprint", shown.get("x509Thumbprint"))
    if known.get("authentication") == "selfSigned" and isinstance(pair, dict):
        both = (pair.get("primaryThumbprint"), pair.get("secondaryThumbprint"))
        known["thumbprints"] = [text for text in both if isinstance(text, str) and text]
    for key, name in (("status", "status"), ("moduleId", "module_id")):
        if isinstance(shown.get(key), str):
            known[name] = shown[key]
    return known
