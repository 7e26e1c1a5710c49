"""What each alert tells that the other side sent (RFC 8446, section 6.2; RFC 5246, 7.2)."""

from collections.abc import Mapping
from typing import NamedTuple

from edgecheck.rules.engine.rule import Reference

ALERT_REFERENCE = Reference(
    "RFC 8446, section 6.2: error alerts", "https://www.rfc-editor.org/rfc/rfc8446#section-6.2"
)
_ITS_LOG = "iotedge logs edgeHub --tail 200"


class _Alert(NamedTuple):
    """What an alert means, as a sentence, and what it mostly turns out to be."""

    means: str
    mostly: str


_CERTIFICATE: dict[str, _Alert] = {
    "unknown_ca": _Alert(
        "It does not trust the root of this side's chain, or a certificate between is missing.",
        "The other side has another root than this side's chain ends in "
        "(`trust.root-not-trusted`), or this side sends its certificate without the CA above it "
        "(`chain.missing-issuer`).",
    ),
    "bad_certificate": _Alert(
        "It found something wrong with this side's certificate. OpenSSL sends it for all that has "
        "no alert of its own, .NET and Go for nearly everything.",
        "The host name is not in the certificate (`hostname.not-in-san`), or the root is not "
        "trusted (`trust.root-not-trusted`).",
    ),
    "certificate_unknown": _Alert(
        "It refused this side's certificate for another reason. Java and the Azure SDKs send it "
        "for nearly everything.",
        "The root is not trusted (`trust.root-not-trusted`), the host name is not in the "
        "certificate (`hostname.not-in-san`), or a certificate between is missing "
        "(`chain.missing-issuer`).",
    ),
    "certificate_expired": _Alert(
        "A certificate of this side is over for it, or not yet valid.",
        "One of the chain has expired (`validity.expired`), or the other side's clock is wrong.",
    ),
    "certificate_revoked": _Alert(
        "A certificate of this side is revoked.", "It is (`path.revoked`)."
    ),
    "unsupported_certificate": _Alert(
        "This side's certificate is not for this purpose (extendedKeyUsage), or of a kind of key "
        "that it does not know.",
        "A certificate for servers used by a client, or the other way round "
        "(`path.not-for-this-purpose`); a CA above that limits the purpose.",
    ),
    "no_certificate": _Alert(
        "It was sent no certificate (only SSL 3).", "See `symptom.no-certificate-sent`."
    ),
    "certificate_required": _Alert(
        "It asks for a certificate of this side (mutual TLS), and none was sent.",
        "Certificate and key are missing in this side's configuration, or could not be read.",
    ),
    "access_denied": _Alert(
        "It accepted the certificate, and does not let this side in.",
        "A list of who may come in, on the other side.",
    ),
    "decrypt_error": _Alert(
        "A signature of the handshake did not verify.",
        "The key of this side does not belong to its certificate (`device.key-mismatch`).",
    ),
}
_OTHER: dict[str, _Alert] = {
    "handshake_failure": _Alert(
        "There is nothing that both sides can do: no cipher, no kind of key, no group in common, "
        "or it needs a certificate of this side and got none.",
        "An old TLS library on one side (`symptom.protocol-version`), or mutual TLS and no "
        "client certificate (`symptom.no-certificate-sent`).",
    ),
    "protocol_version": _Alert(
        "It speaks none of the versions of TLS that were offered.",
        "One side knows TLS 1.0 or 1.1 at most, and the other wants 1.2: see "
        "`symptom.protocol-version`.",
    ),
    "insufficient_security": _Alert(
        "It wants stronger ciphers or keys than were offered.",
        "A cipher list in a configuration, or an old TLS library.",
    ),
    "internal_error": _Alert(
        "Something went wrong on its own side.",
        "Its certificate or key cannot be used: its log says so when it starts.",
    ),
    "unrecognized_name": _Alert(
        "It has no certificate for the name that was asked for (SNI).",
        "This side connects by another name than the server is known by, or by an address.",
    ),
    "no_application_protocol": _Alert(
        "It knows none of the protocols that were offered (ALPN).",
        "The wrong port, or an ALPN setting of this side.",
    ),
    "illegal_parameter": _Alert(
        "A field of a message was wrong for it.", "An old or unusual TLS library on one side."
    ),
    "decode_error": _Alert(
        "A message could not be read.",
        "A certificate of this side that is damaged, or something between that changes messages.",
    ),
    "unexpected_message": _Alert(
        "It was sent something that does not belong there.",
        "No TLS, or another protocol than on that port: see `symptom.not-tls`.",
    ),
    "record_overflow": _Alert("It was sent too much at once.", "No TLS: see `symptom.not-tls`."),
    "inappropriate_fallback": _Alert(
        "This side offered an older version of TLS than both know.",
        "A client that tries older versions after a failure: look for the first failure.",
    ),
    "unknown_psk_identity": _Alert(
        "It does not know the pre-shared key that was named.",
        "Another identity in the two configurations.",
    ),
}
_UNNAMED = _Alert("A failure of the protocol.", "An old or unusual TLS library on one side.")


def about(name: str) -> tuple[str, str, Mapping[str, str], str]:
    """Return title, explanation, where to look, and the next command for an alert."""
    alert = _CERTIFICATE.get(name) or _OTHER.get(name) or _UNNAMED
    title = f"The other side refused, with the alert {name}"
    explanation = (
        f"The program that printed this text received the alert {name}: the other end ended the "
        f"handshake. {alert.means} The reason in words stands in the log of the other side; this "
        "side only heard of it."
    )
    looks = {"what it mostly is": alert.mostly}
    if name in _CERTIFICATE:
        looks |= {
            "if this text is a server's": "edgeHub, a broker, nginx: a client refused what the "
            "server presents. Capture that, and check it with the root that the client trusts and "
            "the name that it asks for.",
            "if this text is a client's": "A device, a module: the server refused the client's "
            "own certificate (mutual TLS). Check that one with `--purpose client`, and with the "
            "roots that the server trusts.",
        }
    looks |= {
        "Linux": "The other side's log: `iotedge logs edgeHub`, `journalctl -u mosquitto`, "
        "/var/log/nginx/error.log. Explain that text, too.",
        "Windows": "Event Viewer, System, source Schannel: events 36874 to 36888.",
        "containers": "`docker logs NAME` of the container that the port belongs to.",
    }
    return title, explanation, looks, _ITS_LOG
