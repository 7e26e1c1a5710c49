"""The models: each client's record with the engine that decides for it, and its wording."""

from edgecheck.behaviour.bearssl.records import BEARSSL
from edgecheck.behaviour.botan.records import BOTAN
from edgecheck.behaviour.curl.records import CURL_8_14, CURL_8_23
from edgecheck.behaviour.dotnet import records as net
from edgecheck.behaviour.gnutls.records import GNUTLS, GNUTLS_3_8_9, GNUTLS_3_8_13
from edgecheck.behaviour.golang.records import GO_1_19, GO_1_24, GO_1_27
from edgecheck.behaviour.jsse.records import JAVA_17, JAVA_21, JAVA_25
from edgecheck.behaviour.mbedtls.records import MBEDTLS_2_28, MBEDTLS_3_6_6, MBEDTLS_3_6_7
from edgecheck.behaviour.mosquitto.records import MOSQUITTO_2_0_21, MOSQUITTO_2_1
from edgecheck.behaviour.node import records as js
from edgecheck.behaviour.nss.records import RECORDS as NSS
from edgecheck.behaviour.openssl import records
from edgecheck.behaviour.pahoc.records import PAHO_C
from edgecheck.behaviour.pyca.records import CRYPTOGRAPHY
from edgecheck.behaviour.records import RECORDS
from edgecheck.behaviour.webpki.records import DENO, RTLS, UV
from edgecheck.behaviour.wolfssl.records import WOLFSSL
from edgecheck.clients import bearssl, dotnet, mbedtls, pyca
from edgecheck.clients.botan import engine as botan
from edgecheck.clients.client import Client, plain
from edgecheck.clients.gnutls import engine as gnutls
from edgecheck.clients.golang import verify as golang
from edgecheck.clients.jsse import engine as jsse
from edgecheck.clients.nss import engine as nss
from edgecheck.clients.openssl import builds, callers, node, others, wording
from edgecheck.clients.openssl import engine as openssl
from edgecheck.clients.webpki import engine as webpki
from edgecheck.clients.wolfssl import engine as wolfssl

MODELS: tuple[Client, ...] = (
    Client(records.AZURE_PYTHON, callers.python, wording.azure_python(builds.PYTHON_3_11)),
    Client(js.AZURE_NODE, node.url_node, node.azure_node),
    Client(records.AZURE_C, callers.azure_c, wording.azure_c),
    Client(records.PYTHON, callers.python, wording.python_ssl(builds.PYTHON_3_11)),
    Client(records.PYTHON_3_13, callers.python, wording.python_ssl(builds.PYTHON_3_13)),
    Client(records.PYTHON_3_14, callers.python, wording.python_ssl(builds.PYTHON_3_14)),
    Client(records.PAHO, callers.python, wording.python_ssl(builds.PYTHON_3_11)),
    Client(records.S_CLIENT, openssl.run, wording.s_client(builds.OPENSSL_3_0)),
    Client(records.S_CLIENT_3_5, openssl.run, wording.s_client(builds.OPENSSL_3_5)),
    Client(records.S_CLIENT_3_6, openssl.run, wording.s_client(builds.OPENSSL_3_6)),
    Client(records.VERIFY, openssl.run, wording.verify(builds.OPENSSL_3_0)),
    Client(records.VERIFY_3_5, openssl.run, wording.verify(builds.OPENSSL_3_5)),
    Client(records.VERIFY_3_6, openssl.run, wording.verify(builds.OPENSSL_3_6)),
    Client(records.OPENSSL_1_1_1, openssl.run, wording.pyopenssl_1_1_1),
    Client(records.OPENSSL_3_4, openssl.run, wording.pyopenssl),
    Client(records.OPENSSL_3_5, openssl.run, wording.pyopenssl),
    Client(records.OPENSSL_4_0, openssl.run, wording.pyopenssl_4_0),
    Client(js.MQTT_JS, node.mqtt_node, node.mqtt_js),
    Client(js.NODE_16, node.node, node.code),
    Client(js.NODE_18, node.node, node.code),
    Client(js.NODE_20, node.node, node.code),
    Client(js.NODE_20_DEBIAN, node.first_ascii_node, node.code_since_3_2),
    Client(js.NODE_22, node.newest_node, node.code_since_3_2),
    Client(js.NODE_24, node.node_24_19, node.code_since_3_2),
    Client(js.NODE_24_22, node.node_24_22, node.code_since_3_2),
    Client(js.NODE_26, node.ascii_node, node.code_since_3_2),
    Client(js.NODE_26_12, node.node_26_12, node.code_since_3_2),
    Client(records.CURL, callers.curl, wording.curl),
    Client(records.MOSQUITTO, callers.mosquitto, wording.mosquitto),
    Client(records.PYTHON_STRICT, callers.python, wording.python_ssl(builds.PYTHON_3_11)),
    Client(records.PYTHON_3_13_STRICT, callers.python, wording.python_ssl(builds.PYTHON_3_13)),
    Client(records.PYTHON_3_14_STRICT, callers.python, wording.python_ssl(builds.PYTHON_3_14)),
    Client(js.NODE_10, node.old_node, node.old_code),
    Client(js.NODE_8, node.old_node, node.oldest_code),
    Client(js.BUN, node.bun, node.bun_code),
    Client(net.NET_10, dotnet.run, dotnet.plainly),
    Client(net.NET_9, dotnet.run, dotnet.plainly),
    Client(net.PLAIN, dotnet.run, dotnet.plainly),
    Client(net.WITH_CALLBACK, dotnet.run, dotnet.by_callback),
    Client(GO_1_27, golang.run, plain),
    Client(GO_1_24, golang.run, plain),
    Client(GO_1_19, golang.run, plain),
    Client(JAVA_25, jsse.run, plain),
    Client(JAVA_21, jsse.run, plain),
    Client(JAVA_17, jsse.run, plain),
    Client(DENO, webpki.run, webpki.by_url),
    Client(UV, webpki.run, webpki.by_url),
    Client(RTLS, webpki.run, webpki.plainly),
    Client(CRYPTOGRAPHY, pyca.run, plain),
    Client(MBEDTLS_2_28, mbedtls.run, plain),
    Client(MBEDTLS_3_6_6, mbedtls.run, plain),
    Client(MBEDTLS_3_6_7, mbedtls.run, plain),
    Client(BEARSSL, bearssl.run, plain),
    Client(BOTAN, botan.run, plain),
    Client(WOLFSSL, wolfssl.run, plain),
    Client(GNUTLS, gnutls.run, plain),
    Client(GNUTLS_3_8_9, gnutls.run, plain),
    Client(GNUTLS_3_8_13, gnutls.run, plain),
    *(Client(record, nss.run, plain) for record in NSS),
    Client(CURL_8_14, others.curl_8_14, others.by_curl_8_14),
    Client(CURL_8_23, others.curl_8_22, others.by_curl_8_22),
    Client(MOSQUITTO_2_0_21, others.mosquitto_2_0_21, others.by_mosquitto_2_0_21),
    Client(MOSQUITTO_2_1, openssl.run, others.by_mosquitto_2_1),
    Client(PAHO_C, others.paho_c, others.by_paho_c),
)
"""One a client."""
_BY_ID = {client.id: client for client in MODELS}
CLIENTS: tuple[Client, ...] = tuple(_BY_ID[record.id] for record in RECORDS)
"""The same in the order of the records."""
