"""A host name that ends in a dot: what clients say where the server refuses to be called so.

RFC 6066, section 3, leaves no room for the dot in the extension server_name. These clients send it
all the same; a server that heeds the RFC, such as one in Go (crypto/tls, handshake_messages.go),
ends the handshake, as it did in the recordings. Other clients cut the dot off, or send no name.
"""

from edgecheck.behaviour.view import View
from edgecheck.clients.answer import Answer, reject

SERVER_NAME = "server name"
"""The code of such an answer."""

_A = (
    "error:0A0003F2:SSL routines:ssl3_read_bytes:sslv3 alert unexpected message:."
    "./ssl/record/rec_layer_s3.c:1601:SSL alert number 10 | Verify return code: 0"
    " (ok)"
)
_B = (
    "ssl.SSLError: [SSL: SSLV3_ALERT_UNEXPECTED_MESSAGE] sslv3 alert unexpected m"
    "essage (_ssl.c:1006)"
)
_C = (
    "OpenSSL.SSL.Error: [('SSL routines', '', 'tls alert unexpected message')] ve"
    "rify_error(num@depth)="
)
_D = (
    "OpenSSL.SSL.Error: [('SSL routines', 'ssl3_read_bytes', 'sslv3 alert unexpec"
    "ted message')] verify_error(num@depth)="
)
_E = (
    "OpenSSL.SSL.Error: [('SSL routines', '', 'ssl/tls alert unexpected message')"
    "] verify_error(num@depth)="
)
_F = (
    "azure.iot.device.exceptions.ConnectionFailedError: Could not connect to IoTH"
    "ub <- azure.iot.device.common.transport_exceptions.ConnectionFailedError: <-"
    " ssl.SSLError: [SSL: SSLV3_ALERT_UNEXPECTED_MESSAGE] sslv3 alert unexpected "
    "message (_ssl.c:1006)"
)
_G = (
    "b'error:0A0003F2:SSL routines::sslv3 alert unexpected message' (b'/project/s"
    "rc/vendor/azure-uamqp-c/deps/azure-c-shared-utility/adapters/tlsio_openssl.c"
    "':b'send_handshake_bytes':736) | b'Closing tlsio from a state other than TLS"
    "IO_STATE_EXT_OPEN or TLSIO_STATE_EXT_ERROR'"
)
_H = "ERR_SSL_SSLV3_ALERT_UNEXPECTED_MESSAGE"
_I = "ECONNRESET"
_J = (
    "ERR_SSL_SSL/TLS_ALERT_UNEXPECTED_MESSAGE: error:0A0003F2:SSL routines:ssl3_r"
    "ead_bytes:ssl/tls alert unexpected message:../deps/openssl/openssl/ssl/recor"
    "d/rec_layer_s3.c:918:SSL alert number 10"
)
_K = (
    ": <n>:error:140773F2:SSL routines:SSL23_GET_SERVER_HELLO:sslv3 alert unexpec"
    "ted message:../deps/openssl/openssl/ssl/s23_clnt.c:802:"
)
_L = (
    "write EPROTO error:0A0003F2:SSL routines:ssl3_read_bytes:sslv3 alert unexpec"
    "ted message:../deps/openssl/openssl/ssl/record/rec_layer_s3.c:1601:SSL alert"
    " number 10"
)
_M = (
    "System.Security.Authentication.AuthenticationException: Authentication faile"
    "d, see inner exception. ---> Interop+OpenSsl+SslException: SSL Handshake fai"
    "led with OpenSSL error - SSL_ERROR_SSL. ---> Interop+Crypto+OpenSslCryptogra"
    "phicException: error:0A0003F2:SSL routines::sslv3 alert unexpected messa"
)
_N = "-0x7780 SSL - A fatal alert message was received from our peer"
_O = "SSL_ERROR_HANDSHAKE_UNEXPECTED_ALERT"
TEXTS = {
    "openssl3.0.19-s_client": _A,
    "py311-ssl-ossl3.0.19": _B,
    "py311-ssl-STRICT+PARTIAL": _B,
    "paho1.6.1-py": _B,
    "pyopenssl-ossl4.0.3": _C,
    "pyopenssl-ossl1.1.1l-CHAINONLY": _D,
    "pyopenssl-ossl3.4.1": _E,
    "pyopenssl-ossl3.5.2": _E,
    "azure-iot-device-py2.14.0": _F,
    "uamqp1.6.11-azureC": _G,
    "node20-ossl3.0.19": _H,
    "bun1.4.5-boringssl": _H,
    "node10.9-ossl1.1.0i": _I,
    "node16-ossl1.1.1v": _I,
    "node26-ossl3.5.8": _J,
    "node24-ossl3.5.7": _J,
    "node8-ossl1.0.2s": _K,
    "mqttjs5.16-node20": "EPROTO",
    "azure-iot-device-node1.18.4": _L,
    "dotnet8.0.4-SslStream": _M,
    "dotnet8.0.4-SslStream-cb": _M,
    "mbedtls2.28.3": _N,
    "wolfssl5.5.4": "-313: received alert fatal error",
    "bearssl0.6": "received fatal alert 10",
    "nss3.87-tstclnt": _O,
    "nss3.87-libpkix": _O,
    "mosquitto_pub2.0.11": "A TLS error occurred",
    "botan2.19": "Alert: unexpected_message |",
}
"""By client, as recorded."""


def refusal(client: str, view: View) -> Answer | None:
    """What the client answers because of the dot alone; None where that is not known."""
    text = TEXTS.get(client)
    if text is None or view.hostname is None or not view.hostname.endswith("."):
        return None
    return reject(SERVER_NAME, view.leaf, 0, text)
