"""What clients print that refuse the message with the certificates for its size."""

from edgecheck.behaviour.kinds import Library, Refuser
from edgecheck.behaviour.node import records as js
from edgecheck.behaviour.openssl import records
from edgecheck.behaviour.record import Record
from edgecheck.clients.dotnet import HANDSHAKE as OF_DOTNET
from edgecheck.clients.openssl import builds

R = Refuser
_REASON = "excessive message size"
_TEXTS = {
    Library.GNUTLS: "*** Fatal error: The handshake data size is too large.",
    Library.RUSTLS: "received corrupt message of type HandshakePayloadTooLarge",
    Library.NSS: "SSL_ERROR_RX_MALFORMED_HANDSHAKE",
    Library.BORINGSSL: "ERR_SSL_EXCESSIVE_MESSAGE_SIZE",
}
_CODE = f"error:0A000098:SSL routines:read_state_machine:{_REASON}:"
_PYTHON = "ssl.SSLError: [SSL: EXCESSIVE_MESSAGE_SIZE] " + _REASON + " (_ssl.c:{})"
_WHERE = _CODE + "../ssl/statem/statem.c:{}:"
_QUEUE = "OpenSSL.SSL.Error: [('SSL routines', '{}', '" + _REASON + "')]"
_WORDS: dict[R, str] = {
    R.PYTHON: _PYTHON.format(builds.PYTHON_3_11.handshake),
    R.STRICT: _PYTHON.format(builds.PYTHON_3_11.handshake),
    R.NODE: "ERR_SSL_EXCESSIVE_MESSAGE_SIZE",
    R.AZURE_C: _REASON,
    R.CURL: f"curl: (35) OpenSSL/3.0.19: error:0A000098:SSL routines::{_REASON}",
    R.MOSQUITTO: "A TLS error occurred",
    R.DOTNET: f"{OF_DOTNET}0A000098:SSL routines::{_REASON}",
    R.S_CLIENT: _QUEUE.format(""),
    R.OPENSSL_1_1_1: _QUEUE.format("read_state_machine"),
}
"""By kinds of clients of OpenSSL."""
_BY_ID = {
    records.S_CLIENT.id: _WHERE.format(builds.OPENSSL_3_0.size),
    records.S_CLIENT_3_5.id: _WHERE.format(builds.OPENSSL_3_5.size),
    records.S_CLIENT_3_6.id: _WHERE.format(builds.OPENSSL_3_6.size),
    records.PYTHON_3_13.id: _PYTHON.format(builds.PYTHON_3_13.handshake),
    records.PYTHON_3_14.id: _PYTHON.format(builds.PYTHON_3_14.handshake),
    records.PYTHON_3_13_STRICT.id: _PYTHON.format(builds.PYTHON_3_13.handshake),
    records.PYTHON_3_14_STRICT.id: _PYTHON.format(builds.PYTHON_3_14.handshake),
    js.MQTT_JS.id: "EPROTO",
    js.AZURE_NODE.id: f"write EPROTO {_CODE}../deps/openssl/openssl/ssl/statem/statem.c:609:",
}
_UNKNOWN = "in words that are not known"


def words(record: Record, most: int, counted: int) -> str:
    """Return what a client prints that takes `most` bytes of a message, and counts more."""
    if record.library is Library.GO:
        return f"tls: handshake message of length {counted} bytes exceeds maximum of {most} bytes"
    told = _TEXTS.get(record.library) or _BY_ID.get(record.id)
    return told or next((_WORDS[kind] for kind in record.kinds if kind in _WORDS), _UNKNOWN)
