"""Erlang/OTP: EMQX, RabbitMQ, VerneMQ."""

import re

from edgecheck.explaining.rows import OTHER_SIDE, THIS_SIDE, Row, Said, rows, said
from edgecheck.explaining.tables.alerts import name_of, sent, symptom_of
from edgecheck.rules.engine.rule import Reference

_SOURCE = Reference(
    "Erlang/OTP 25, lib/public_key/src/pubkey_cert.erl and lib/ssl/src/ssl_certificate.erl",
    "https://github.com/erlang/otp/blob/OTP-25.0/lib/public_key/src/pubkey_cert.erl",
)
_ALERT = Reference(
    "Erlang/OTP 25, lib/ssl/src/ssl_alert.erl, tls_record.erl and tls_handshake.erl",
    "https://github.com/erlang/otp/blob/OTP-25.0/lib/ssl/src/ssl_alert.erl",
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
    "key_usage_mismatch": (False, ("path.not-for-this-purpose", "extension.server-key-usage")),
    "max_path_length_reached": (True, ("ca.path-length-exceeded",)),
    "revoked": (True, ("path.revoked",)),
    "revocation_status_undetermined": (True, ("symptom.revocation-not-checked",)),
}
"""Of {bad_cert, Reason}."""


_NO_REASON = "symptom.refused-without-reason"


def _bad_cert(match: re.Match[str]) -> Said | None:
    meant = REASONS.get(match[1].lower())
    return Said(meant[1], meant[0], THIS_SIDE) if meant is not None else None


def _generated(match: re.Match[str]) -> Said | None:
    name = name_of(match[1])
    return sent(name) if name is not None else None


def _old(match: re.Match[str]) -> Said | None:
    """What OTP up to 20 logs, of alerts that it sent as of those that it received."""
    id = symptom_of(match[1])
    return Said((id, _NO_REASON), False, OTHER_SIDE) if id is not None else None


ROWS = [
    Row(r"\{bad_cert,\s*\{?(\w+)", _bad_cert, _SOURCE),
    Row(
        r"generated (?:CLIENT|SERVER) ALERT:\W{0,3}Fatal - ([A-Za-z]+(?: [A-Za-z]+){0,2})"
        r"(?!.*(?:\{bad_cert|no_\w*(?:cert|cipher|suitable)))",
        _generated,
        _ALERT,
    ),
    Row(r"\{tls_alert,\s*\"([a-z]+(?: [a-z]+){0,2})\"\}", _old, _ALERT),
    Row(r"ssl_alert\.erl:\d+:\s*Fatal error: ([a-z]+(?: [a-z]+){0,2})", _old, _ALERT),
    *rows(
        _ALERT,
        [
            (
                r"no_client_certificate_provided|no_peer_cert(?:ificate)?\b",
                said("symptom.no-certificate-sent", by=OTHER_SIDE),
            ),
            (
                r"no_suitable_(?:ciphers|signature_algorithm|key_share)|no_suitable_groups"
                r"|insufficient_security.{0,80}no_",
                said("symptom.protocol-version"),
            ),
            (
                r"possibly a plaintext client|\{unsupported_record_type,|unsupported_record_type",
                said("symptom.not-tls"),
            ),
        ],
    ),
]
