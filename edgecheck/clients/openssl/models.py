"""The models of those that verify with OpenSSL, and of Bun, whose BoringSSL has the same engine."""

from edgecheck.behaviour.curl.records import CURL_8_14, CURL_8_23
from edgecheck.behaviour.mosquitto.records import MOSQUITTO_2_0_21, MOSQUITTO_2_1
from edgecheck.behaviour.node import records as js
from edgecheck.behaviour.openssl import records
from edgecheck.behaviour.pahoc.records import PAHO_C
from edgecheck.clients.client import Client
from edgecheck.clients.openssl import builds, callers, engine, node, others, wording

MODELS: tuple[Client, ...] = (
    Client(records.AZURE_PYTHON, callers.python, wording.azure_python(builds.PYTHON_3_11)),
    Client(js.AZURE_NODE, node.url_node, node.azure_node),
    Client(records.AZURE_C, callers.azure_c, wording.azure_c),
    Client(records.PYTHON, callers.python, wording.python_ssl(builds.PYTHON_3_11)),
    Client(records.PYTHON_3_13, callers.python, wording.python_ssl(builds.PYTHON_3_13)),
    Client(records.PYTHON_3_14, callers.python, wording.python_ssl(builds.PYTHON_3_14)),
    Client(records.PAHO, callers.python, wording.python_ssl(builds.PYTHON_3_11)),
    Client(records.S_CLIENT, engine.run, wording.s_client(builds.OPENSSL_3_0)),
    Client(records.S_CLIENT_3_5, engine.run, wording.s_client(builds.OPENSSL_3_5)),
    Client(records.S_CLIENT_3_6, engine.run, wording.s_client(builds.OPENSSL_3_6)),
    Client(records.VERIFY, engine.run, wording.verify(builds.OPENSSL_3_0)),
    Client(records.VERIFY_3_5, engine.run, wording.verify(builds.OPENSSL_3_5)),
    Client(records.VERIFY_3_6, engine.run, wording.verify(builds.OPENSSL_3_6)),
    Client(records.OPENSSL_1_1_1, engine.run, wording.pyopenssl_1_1_1),
    Client(records.OPENSSL_3_4, engine.run, wording.pyopenssl),
    Client(records.OPENSSL_3_5, engine.run, wording.pyopenssl),
    Client(records.OPENSSL_4_0, engine.run, wording.pyopenssl_4_0),
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
    Client(CURL_8_14, others.curl_8_14, others.by_curl_8_14),
    Client(CURL_8_23, others.curl_8_22, others.by_curl_8_22),
    Client(MOSQUITTO_2_0_21, others.mosquitto_2_0_21, others.by_mosquitto_2_0_21),
    Client(MOSQUITTO_2_1, engine.run, others.by_mosquitto_2_1),
    Client(PAHO_C, others.paho_c, others.by_paho_c),
)
"""One a client."""
