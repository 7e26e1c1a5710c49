"""Words about a gateway's keys and certificates, by the settings that name them."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from edgecheck.reading.certificate import Certificate
from edgecheck.reading.late import late
from edgecheck.reading.text import safe
from edgecheck.rules.engine.objects import Object, setting
from edgecheck.rules.engine.rule import Missing
from edgecheck.settings import KeyFacts

KEY = "edge_ca.pk"
_PLAIN = late(r"[A-Za-z0-9_./:=@%+,-]+")
_SETTING = {"provisioning": "provisioning", "cert_issuance": "cert_issuance", "edge_ca": "edge_ca"}
"""What has to change, by the table that a key is configured in."""
OTHERS = frozenset(_SETTING.values())
"""What has to change for all keys but the device CA's."""


def changes(key: str) -> Object | None:
    """What has to change for a key; None: what the rule says, which is the device CA's."""
    return setting(_SETTING.get(key.partition(".")[0], key)) if key != KEY else None


def device_ca_in(file: Sequence[Certificate], public_key: str) -> tuple[int, int | None]:
    """Return the places of the device CA and of the configured key in the device CA's file.

    The runtime takes the first certificate for the device CA. One further down that has the key is
    the device CA in the wrong place; but not a CA that stands above the first by the names, since
    then the order is right and the key is another's, unless the first is no CA.

    Args:
        file: at least one certificate.
        public_key: SHA-256 of the public key, in hexadecimal digits with or without colons.

    Raises `Unreadable`.
    """
    wanted = public_key.replace(":", "").lower()
    at = next((i for i, each in enumerate(file) if key_of(each) == wanted), None)
    if at is None or (_above(file, at) and (file[0].is_ca or not file[at].is_ca)):
        return 0, at
    return at, at


def _above(file: Sequence[Certificate], place: int) -> bool:
    below = file[0]
    for _ in file:
        issuers = (c for c in file if c is not below and c.subject_raw == below.issuer_raw)
        issuer = next(issuers, None)
        if issuer is None or issuer is file[place]:
            return issuer is not None
        below = issuer
    return False


def key_of(certificate: Certificate) -> str:
    """Return the SHA-256 of a certificate's public key, in hexadecimal digits."""
    return hashlib.sha256(certificate.spki).hexdigest()


def absent(facts: KeyFacts) -> bool:
    """Whether it is known that there is no key that anybody could look at."""
    return bool(facts.get("found")) or facts.get("exists") is False


def unknown(key: str) -> Missing:
    """Return what a rule about a key's contents would have to be told."""
    return Missing(f"what is in the private key of {whose(key)} is not known")


def whose(key: str) -> str:
    """Whose key or certificate a setting names, in words."""
    if key.startswith("edge_ca.") and key.count(".") == 1 and "identity" not in key:
        return "the device CA"
    if key.startswith("provisioning."):
        shared = key.endswith(("device_id_pk", "symmetric_key"))
        return "the gateway (shared with the cloud)" if shared else "the gateway's identity"
    if key.startswith("cert_issuance.local_ca"):
        return "the local CA"
    if key.startswith("cert_issuance.est.trusted_certs"):
        return "the EST server's CA"
    if "est" in key or "identity" in key:
        return "what the EST server knows the gateway by"
    return key


def numbered(public_key: str, what: str) -> str:
    """Return the digest of a public key with what it is of, as the commands of `one_pair` print it.

    Args:
        public_key: SHA-256 of a SubjectPublicKeyInfo, in hexadecimal digits.
        what: a path, or other words for a file; safe to print.
    """
    return f"{public_key}, the SHA-256 of the public key of {what}"


def one_pair(
    key: str, certificate: str, told: str = "Install key and certificate of one pair"
) -> str:
    """Return what to do, and how to see that it is done; for unknown paths, with examples."""
    key, certificate = as_word(key) or "device-ca.key.pem", as_word(certificate) or "device-ca.pem"
    return f"""{told}. These two lines must then print the same:

    openssl pkey -in {key} -pubout -outform der | sha256sum
    openssl x509 -in {certificate} -noout -pubkey | openssl pkey -pubin -outform der | sha256sum"""


PAIR = "put a key and a certificate of one pair in place (either file can be the wrong one)"
"""What to do about a key and a certificate that do not belong together, in few words."""


def as_word(path: str) -> str:
    """A path as one word of a shell; empty where it has characters that must not be printed."""
    if not path or safe(path, 4096) != path:
        return ""
    return path if _PLAIN.fullmatch(path) else "'" + path.replace("'", "'\\''") + "'"


def place(key: str, facts: Mapping[str, Any]) -> tuple[str, None, None]:
    """Where a file is: its path where that is known, else the setting."""
    return (facts.get("path") or key, None, None)
