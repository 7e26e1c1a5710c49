"""What each alert tells that the other side sent (RFC 8446, section 6.2; RFC 5246, 7.2)."""

from collections.abc import Mapping

from edgecheck.rules.engine.rule import Reference

ALERT_REFERENCE = Reference(
    "RFC 8446, section 6.2: error alerts", "https://www.rfc-editor.org/rfc/rfc8446#section-6.2"
)
_ITS_LOG = "iotedge logs edgeHub --tail 200"
_CERTIFICATE = {
    "unknown_ca": "it does not trust the root of this side's chain, or a certificate between is "
    "missing",
    "bad_certificate": "it found something wrong with this side's certificate; OpenSSL sends it "
    "for "
    "all that has no alert of its own, .NET and Go for nearly everything",
    "certificate_unknown": "it refused this side's certificate for another reason; Java and the "
    "Azure SDKs send it for nearly everything",
    "certificate_expired": "a certificate of this side is over for it, or not yet valid: look at "
    "both clocks",
    "certificate_revoked": "a certificate of this side is revoked",
    "unsupported_certificate": "this side's certificate is not for this purpose "
    "(extendedKeyUsage), "
    "or of a kind of key that it does not know",
    "no_certificate": "it was sent no certificate (only SSL 3)",
    "certificate_required": "it asks for a certificate of this side, and none was sent",
    "access_denied": "it accepted the certificate, and does not let this side in",
    "decrypt_error": "a signature of the handshake did not verify: mostly the key of this side "
    "does "
    "not belong to its certificate",
}
_OTHER = {
    "handshake_failure": "there is nothing that both sides can do: no cipher, no kind of key, no "
    "group in common, or it needs a certificate of this side and got none",
    "protocol_version": "it speaks none of the versions of TLS that were offered",
    "insufficient_security": "it wants stronger ciphers or keys than were offered",
    "internal_error": "something went wrong on its own side: often a certificate or key that it "
    "cannot use",
    "unrecognized_name": "it has no certificate for the name that was asked for (SNI)",
    "no_application_protocol": "it knows none of the protocols that were offered (ALPN)",
    "illegal_parameter": "a field of a message was wrong for it",
    "decode_error": "a message could not be read: often a certificate that is damaged, or "
    "something "
    "between changes messages",
    "unexpected_message": "it was sent something that does not belong there: often no TLS, or "
    "another protocol",
    "record_overflow": "it was sent too much at once: often no TLS",
    "inappropriate_fallback": "this side offered an older version than both know",
    "unknown_psk_identity": "it does not know the pre-shared key that was named",
}


def about(name: str) -> tuple[str, str, Mapping[str, str], str]:
    """Return title, explanation, where to look, and the next command for an alert."""
    words = _CERTIFICATE.get(name) or _OTHER.get(name)
    why = f": {words}" if words else ", a failure of the protocol"
    title = f"The other side refused, with the alert {name}"
    explanation = (
        f"The program that printed this text received the alert {name}: the other end ended the "
        f"handshake{why}. What has to be checked stands on the other side; this side only heard of "
        "it."
    )
    looks = {
        "the other side": "Its log has the reason in its own words: on a gateway `iotedge logs "
        "edgeHub`, of a broker or server its own log. Explain that text.",
    }
    if name in _CERTIFICATE:
        looks["if the other side is a client"] = (
            "It refused the server certificate that this side presents: check this side's chain "
            "with the root that the client trusts and the name that it asks for."
        )
        looks["if the other side is a server"] = (
            "It refused the client certificate of this side (mutual TLS): check that one, with "
            "`--purpose client`, against the roots that the server trusts."
        )
    return title, explanation, looks, _ITS_LOG
