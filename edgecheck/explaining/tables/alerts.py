"""Alerts that the other side sent, in the words of each library (RFC 8446, section 6)."""

import re

from edgecheck.behaviour.alerts import ALERTS, alert_name
from edgecheck.explaining.rows import OTHER_SIDE, THIS_SIDE, Row, Said
from edgecheck.rules.engine.rule import Reference

_OPENSSL = Reference(
    "OpenSSL 3.0, ssl/ssl_err.c: reasons from 1000 on are alerts that were received",
    "https://github.com/openssl/openssl/blob/openssl-3.0.0/ssl/ssl_err.c",
)
_GO = Reference(
    "Go 1.23, src/crypto/tls/alert.go",
    "https://github.com/golang/go/blob/go1.23.0/src/crypto/tls/alert.go",
)
_JAVA = Reference(
    "OpenJDK 17, sun/security/ssl/Alert.java and TransportContext.java",
    "https://github.com/openjdk/jdk17u/blob/master/src/java.base/share/classes/sun/security/ssl/"
    "Alert.java",
)
_NSS = Reference(
    "NSS, lib/ssl/SSLerrs.h: SSL_ERROR_..._ALERT",
    "https://github.com/nss-dev/nss/blob/NSS_3_87_RTM/lib/ssl/SSLerrs.h",
)
_GNUTLS = Reference(
    "GnuTLS 3.7, lib/alert.c and src/cli.c",
    "https://gitlab.com/gnutls/gnutls/-/blob/3.7.9/lib/alert.c",
)
_RUSTLS = Reference(
    "rustls, src/error.rs: AlertReceived, and AlertDescription of src/enums.rs",
    "https://github.com/rustls/rustls/blob/v/0.21.0/rustls/src/error.rs",
)
_RFC = Reference(
    "RFC 8446, section 6: Alert Protocol",
    "https://www.rfc-editor.org/rfc/rfc8446#section-6",
)
_CURL = Reference(
    "curl 7.88, lib/vtls/openssl.c: ossl_trace",
    "https://github.com/curl/curl/blob/curl-7_88_1/lib/vtls/openssl.c",
)
_MBEDTLS = Reference(
    "Mbed TLS 3.6, library/ssl_msg.c",
    "https://github.com/Mbed-TLS/mbedtls/blob/v3.6.0/library/ssl_msg.c",
)
_DOTNET = Reference(
    ".NET 8, src/libraries/System.Net.Security/src/Resources/Strings.resx: net_auth_tls_alert",
    "https://github.com/dotnet/runtime/blob/v8.0.0/src/libraries/System.Net.Security/src/Resources/"
    "Strings.resx",
)
_WIRESHARK = Reference(
    "Wireshark, epan/dissectors/packet-tls-utils.c",
    "https://gitlab.com/wireshark/wireshark/-/blob/v4.0.0/epan/dissectors/packet-tls-utils.c",
)
_SCHANNEL = Reference(
    "Microsoft: Schannel events 36887 (received) and 36888 (sent)",
    "https://learn.microsoft.com/windows-server/security/tls/schannel-ssp-overview",
)
_ERLANG = Reference(
    "Erlang/OTP 25, lib/ssl/src/ssl_alert.erl",
    "https://github.com/erlang/otp/blob/OTP-25.0/lib/ssl/src/ssl_alert.erl",
)

_NUMBERS = {name: number for number, name in ALERTS.items()}
_OTHERWISE = {
    "unknown certificate authority": "unknown_ca",
    "unknown certificate": "certificate_unknown",
    "expired certificate": "certificate_expired",
    "revoked certificate": "certificate_revoked",
    "protocol version not supported": "protocol_version",
    "unrecognised name": "unrecognized_name",
    "user cancelled": "user_canceled",
    "insufficient security level": "insufficient_security",
    "error decoding message": "decode_error",
    "error decrypting message": "decrypt_error",
    "certificate expired": "certificate_expired",
    "certificate revoked": "certificate_revoked",
    "bad cert": "bad_certificate",
    "unsupported cert": "unsupported_certificate",
    "expired cert": "certificate_expired",
    "revoked cert": "certificate_revoked",
    "ca is unknown": "unknown_ca",
    "certificate is bad": "bad_certificate",
    "certificate is not supported": "unsupported_certificate",
    "certificate was revoked": "certificate_revoked",
    "certificate is expired": "certificate_expired",
    "unknown certificate authority ca": "unknown_ca",
}
"""How libraries spell some of them, in small letters with spaces."""


def symptom(name: str) -> str:
    """Return the id of the symptom of an alert, by its name of RFC 8446."""
    return f"symptom.alert-{name.replace('_', '-')}"


def name_of(words: str) -> str | None:
    """Return the name of RFC 8446 for words such as `bad certificate` or `UnknownCA`."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", words).replace("_", " ").lower().strip()
    spaced = spaced.removesuffix(" alert").strip()
    plain = _OTHERWISE.get(spaced, spaced.replace(" ", "_"))
    return plain if plain in _NUMBERS else None


def symptom_of(words: str) -> str | None:
    """Return the id of the symptom of an alert, in whatever words a library names it."""
    name = name_of(words)
    return None if name is None or name == "close_notify" else symptom(name)


def received(name: str) -> Said | None:
    """Return what an alert means that the other side sent, by its name of RFC 8446."""
    if name == "close_notify":
        return None
    also = ("symptom.protocol-version",) if name == "protocol_version" else ()
    also = ("symptom.no-certificate-sent",) if name == "certificate_required" else also
    return Said((symptom(name), *also), True, OTHER_SIDE)


def _received(match: re.Match[str]) -> Said | None:
    name = name_of(match[1])
    return received(name) if name is not None else None


def _by_number(match: re.Match[str]) -> Said | None:
    number = int(match[1])
    return received(alert_name(number)) if number in ALERTS else None


_NO_REASON = "symptom.refused-without-reason"
_SENT: dict[str, tuple[bool, tuple[str, ...]]] = {
    "certificate_expired": (True, ("validity.expired",)),
    "certificate_revoked": (True, ("path.revoked",)),
    "unknown_ca": (False, ("chain.missing-issuer", "trust.root-not-trusted")),
    "bad_certificate": (False, (_NO_REASON, "symptom.key-not-usable")),
    "certificate_unknown": (False, (_NO_REASON,)),
    "unsupported_certificate": (False, ("path.not-for-this-purpose", "algorithm.key-kind")),
    "certificate_required": (True, ("symptom.no-certificate-sent",)),
    "protocol_version": (True, ("symptom.protocol-version",)),
    "insufficient_security": (True, ("symptom.protocol-version",)),
    "handshake_failure": (
        False,
        (_NO_REASON, "symptom.protocol-version", "symptom.no-certificate-sent"),
    ),
    "unexpected_message": (False, ("symptom.not-tls", "symptom.protocol-version")),
    "record_overflow": (False, ("symptom.not-tls", "chain.large")),
    "decode_error": (False, ("symptom.not-tls", "input.malformed-certificate")),
    "decrypt_error": (False, ("symptom.key-not-usable", "device.key-mismatch")),
    "unrecognized_name": (False, ("hostname.not-in-san",)),
    "internal_error": (False, ("symptom.key-not-usable",)),
    "no_application_protocol": (False, ("symptom.protocol-version",)),
}
"""Alerts that this side sent, where no reason stands beside them: what it can have seen."""


def sent(name: str) -> Said | None:
    """Return what an alert means that this side sent, by its name of RFC 8446."""
    meant = _SENT.get(name)
    if meant is None:
        return None
    side = OTHER_SIDE if name == "certificate_required" else THIS_SIDE
    return Said(meant[1], meant[0], side)


def _sent_by_name(match: re.Match[str]) -> Said | None:
    name = name_of(match[1])
    return sent(name) if name is not None else None


def _sent_by_number(match: re.Match[str]) -> Said | None:
    number = int(match[1])
    return sent(alert_name(number)) if number in ALERTS else None


def _seen(match: re.Match[str]) -> Said | None:
    """Somebody listened on the wire: who sent it is not told."""
    name = name_of(match[1])
    meant = received(name) if name is not None else None
    return Said(meant.ids, meant.certain, None) if meant is not None else None


def _seen_by_number(match: re.Match[str]) -> Said | None:
    meant = _by_number(match)
    return Said(meant.ids, meant.certain, None) if meant is not None else None


def _reason(match: re.Match[str]) -> Said | None:
    """The reason of an OpenSSL error code: its low 12 bits; 1000 and an alert's number."""
    number = (int(match[1], 16) & 0xFFF) - 1000
    if number not in ALERTS or number == 0:
        return None
    return Said((symptom(alert_name(number)),), True, OTHER_SIDE)


ROWS = [
    Row(
        r"(?:sslv3|tlsv1|tlsv13|ssl/tls)[ _]alert[ _]([a-z]+(?:[ _][a-z]+){0,4})",
        _received,
        _OPENSSL,
    ),
    Row(
        r"\btlsv1[ _](unrecognized[ _]name|unsupported[ _]extension|certificate[ _]unobtainable"
        r"|bad[ _]certificate[ _]status[ _]response|bad[ _]certificate[ _]hash[ _]value)",
        _received,
        _OPENSSL,
    ),
    Row(r"SSL alert number (\d{1,3})\b", _by_number, _OPENSSL),
    Row(r"\berror:(?:14|0A)([0-9A-F]{6}):", _reason, _OPENSSL),
    Row(r"SSL3 alert read: ?(?:fatal|warning): ?([A-Za-z ]+)", _received, _OPENSSL),
    Row(r"SSL3 alert write: ?(?:fatal|warning): ?([A-Za-z ]+)", _sent_by_name, _OPENSSL),
    Row(r"(?:<<<|recv) TLS [\d.]{3}.{0,20}Alert.{0,20}, fatal ([a-z_]+)", _received, _OPENSSL),
    Row(r"(?:>>>|send) TLS [\d.]{3}.{0,20}Alert.{0,20}, fatal ([a-z_]+)", _sent_by_name, _OPENSSL),
    Row(r"\(IN\), TLS alert, ([A-Za-z ]+) \(\d+\)", _received, _CURL),
    Row(r"\(OUT\), TLS alert, ([A-Za-z ]+) \(\d+\)", _sent_by_name, _CURL),
    Row(r"Alert \(Level: Fatal, Description: ([A-Za-z ]+)\)", _seen, _WIRESHARK),
    Row(r"\balert ?code\W{1,4}(\d{1,3})\b", _seen_by_number, _RFC),
    Row(r"is a fatal alert message \(msg (\d{1,3})\)", _by_number, _MBEDTLS),
    Row(r"send alert level=2 message=(\d{1,3})", _sent_by_number, _MBEDTLS),
    Row(r"remote party sent a TLS alert: '(\w+)'", _received, _DOTNET),
    Row(r"Received fatal alert: ([a-z_]+)", _received, _JAVA),
    Row(r"remote error: tls: ([a-z ]+)", _received, _GO),
    Row(r"local error: tls: ([a-z ]+)", _sent_by_name, _GO),
    Row(r"\bSSL_ERROR_(?:RX_)?([A-Z_]+)_ALERT\b", lambda m: _nss(m[1]), _NSS),
    Row(r"Received alert \[(\d{1,3})\]", _by_number, _GNUTLS),
    Row(
        r"(?:received fatal alert|AlertReceived)\W{1,3}(?:the peer sent )?(\w+)", _received, _RUSTLS
    ),
    Row(r"alert was received from the remote endpoint.*?code is (\d{1,3})", _by_number, _SCHANNEL),
    Row(
        r"alert was generated and sent to the remote.*?code is (\d{1,3})",
        _sent_by_number,
        _SCHANNEL,
    ),
    Row(
        r"received (?:SERVER|CLIENT|UNDEFINED) ALERT:\W*(?:Fatal|Warning) - ([A-Za-z ]+)",
        _received,
        _ERLANG,
    ),
]

_OF_NSS = {
    "bad_cert": "bad_certificate",
    "unknown_ca": "unknown_ca",
    "expired_cert": "certificate_expired",
    "revoked_cert": "certificate_revoked",
    "unsupported_cert": "unsupported_certificate",
}


def _nss(words: str) -> Said | None:
    name = _OF_NSS.get(words.lower(), words.lower())
    return Said((symptom(name),), True, OTHER_SIDE) if name in _NUMBERS else None
