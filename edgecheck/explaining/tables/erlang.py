"""Erlang/OTP: EMQX, RabbitMQ, VerneMQ."""

import re

from edgecheck.explaining.rows import THIS_SIDE, Row, Said
from edgecheck.rules.engine.rule import Reference

_SOURCE = Reference(
    "Erlang/OTP 25, lib/public_key/src/pubkey_cert.erl and lib/ssl/src/ssl_certificate.erl",
    "https://github.com/erlang/otp/blob/OTP-25.0/lib/public_key/src/pubkey_cert.erl",
)

REASONS: dict[str, tuple[bool, tuple[str, ...]]] = {
    "hostname_check_failed": (True, ("hostname.not-in-san",)),
    "unknown_ca": (False, ("chain.missing-issuer", "trust.root-not-trusted")),
    "selfsigned_peer": (True, ("edge.self-signed-server",)),
    "cert_expired": (False, ("validity.expired", "validity.not-yet-valid")),
    "invalid_issuer": (True, ("path.issuer-name-mismatch",)),
    "invalid_signature": (False, ("path.same-name-other-key", "path.signature-invalid")),
    "name_not_permitted": (True, ("path.name-constraints",)),
    "missing_basic_constraint": (True, ("ca.not-a-ca",)),
    "invalid_key_usage": (False, ("ca.no-cert-sign", "extension.server-key-usage")),
    "invalid_ext_key_usage": (True, ("path.not-for-this-purpose",)),
    "invalid_ext_keyusage": (True, ("path.not-for-this-purpose",)),
    "max_path_length_reached": (True, ("ca.path-length-exceeded",)),
    "revoked": (True, ("path.revoked",)),
    "revocation_status_undetermined": (True, ("symptom.revocation-not-checked",)),
}
"""Of {bad_cert, Reason}."""


def _bad_cert(match: re.Match[str]) -> Said | None:
    meant = REASONS.get(match[1].lower())
    return Said(meant[1], meant[0], THIS_SIDE) if meant is not None else None


_SENT = {
    "certificate expired": Said(("validity.expired",), True, THIS_SIDE),
    "unknown ca": Said(("chain.missing-issuer", "trust.root-not-trusted"), False, THIS_SIDE),
    "bad certificate": Said(("symptom.refused-without-reason",), False, THIS_SIDE),
    "unsupported certificate": Said(("path.not-for-this-purpose",), False, THIS_SIDE),
    "certificate revoked": Said(("path.revoked",), True, THIS_SIDE),
    "protocol version": Said(("symptom.protocol-version",), True, THIS_SIDE),
}
"""Alerts that this side sent, where no reason stands beside them."""


def _generated(match: re.Match[str]) -> Said | None:
    return _SENT.get(match[1].lower().strip())


ROWS = [
    Row(r"\{bad_cert,\s*\{?(\w+)", _bad_cert, _SOURCE),
    Row(
        r"generated (?:CLIENT|SERVER) ALERT:\W*Fatal - ([A-Za-z ]+)(?!.*\{bad_cert)",
        _generated,
        _SOURCE,
    ),
]
