"""Each caller of OpenSSL: its names, whom findings mean by it, and how it sets OpenSSL up."""

from __future__ import annotations

from typing import Any

import pytest

from edgecheck.behaviour.dotnet import records as dotnet
from edgecheck.behaviour.host import as_decimals
from edgecheck.behaviour.kinds import ACROSS
from edgecheck.behaviour.node import records as node
from edgecheck.behaviour.openssl import records
from edgecheck.behaviour.openssl.names import matches, matches_whole_labels
from edgecheck.behaviour.openssl.settings import Settings
from edgecheck.behaviour.refusers import Refuser

R = Refuser
GOES_ON: dict[str, Any] = {"names": False, "goes_on": True, "keeps_trust": True}
LEVEL_1: dict[str, Any] = {"level": 1} | GOES_ON
STRICT: dict[str, Any] = {
    "strict": True,
    "partial": True,
    "asks": as_decimals,
    "matches": matches_whole_labels,
}
PYTHON: dict[str, Any] = {"asks": as_decimals, "matches": matches_whole_labels}
CALLERS: dict[str, tuple[str, str, int, tuple[Refuser, ...], dict[str, Any]]] = {
    # id: label, family, tier, kinds, and what differs from Settings()
    "azure-iot-device-py2.14.0": (
        "Azure Python SDK", "Azure Python SDK", 1, (R.PYTHON,), PYTHON),
    "azure-iot-device-node1.18.4": (
        "Azure Node SDK", "Azure Node SDK", 1, (R.NODE, R.NODE_20, R.NODE_URL), LEVEL_1),
    "uamqp1.6.11-azureC": ("Azure C SDK", "Azure C SDK", 1, (R.AZURE_C,),
        {"level": 1, "keeps_trust": True}),
    "py311-ssl-ossl3.0.19": ("Python 3.11", "Python", 1, (R.PYTHON,), PYTHON),
    "py313-ssl-ossl3.5.9": (
        "Python 3.13", "Python", 1, (R.PYTHON,), {"version": (3, 5)} | PYTHON),
    "py314-ssl-ossl3.6.5": (
        "Python 3.14", "Python", 1, (R.PYTHON,), {"version": (3, 6)} | PYTHON),
    "paho1.6.1-py": ("Paho", "Python", 1, (R.PYTHON,), PYTHON),
    "openssl3.0.19-s_client": ("openssl s_client 3.0", "OpenSSL", 1, (R.S_CLIENT,), {}),
    "openssl3.5.9-s_client": (
        "openssl s_client 3.5", "OpenSSL", 1, (R.S_CLIENT,), {"version": (3, 5)}),
    "openssl3.6.5-s_client": (
        "openssl s_client 3.6", "OpenSSL", 1, (R.S_CLIENT,), {"version": (3, 6)}),
    "openssl3.0.19-verify": (
        "openssl verify 3.0", "openssl verify", 2, (R.VERIFY,), {"level": 0, "wire": False}),
    "openssl3.5.9-verify": (
        "openssl verify 3.5", "openssl verify", 2, (R.VERIFY,),
        {"version": (3, 5), "level": 0, "wire": False}),
    "openssl3.6.5-verify": (
        "openssl verify 3.6", "openssl verify", 2, (R.VERIFY,),
        {"version": (3, 6), "level": 0, "wire": False}),
    "pyopenssl-ossl1.1.1l-CHAINONLY": (
        "OpenSSL 1.1.1", "OpenSSL 1.1.1", 2, (R.OPENSSL_1_1_1,),
        {"version": (1, 1, 1), "level": 1}),
    "pyopenssl-ossl3.4.1": ("OpenSSL 3.4", "OpenSSL", 1, (R.S_CLIENT,), {"version": (3, 4)}),
    "pyopenssl-ossl3.5.2": ("OpenSSL 3.5", "OpenSSL", 1, (R.S_CLIENT,), {"version": (3, 5)}),
    "pyopenssl-ossl4.0.3": (
        "OpenSSL 4.0",
        "OpenSSL",
        1,
        (R.S_CLIENT, R.OPENSSL_4_0),
        {"version": (4, 0)},
    ),
    "mqttjs5.16-node20": (
        "MQTT.js", "Node.js", 1, (R.NODE, R.NODE_20, R.NODE_TYPED), LEVEL_1),
    "node16-ossl1.1.1v": (
        "Node.js 16", "Node.js", 1, (R.NODE, R.OPENSSL_1_1_1, R.NODE_TYPED),
        {"version": (1, 1, 1), "level": 1} | GOES_ON),
    "node18-ossl3.0.16": (
        "Node.js 18", "Node.js", 1, (R.NODE, R.NODE_20, R.NODE_TYPED), LEVEL_1),
    "node20-ossl3.0.19": (
        "Node.js 20", "Node.js", 1, (R.NODE, R.NODE_20, R.NODE_TYPED), LEVEL_1),
    "node20-ossl3.5.9": (
        "Node.js 20 (Debian)", "Node.js", 1, (R.NODE, R.NODE_24, R.NODE_SUMMER),
        {"version": (3, 5)} | GOES_ON),
    "node22-ossl3.5.9": (
        "Node.js 22.23", "Node.js", 1, (R.NODE, R.NODE_20, R.NODE_NEWEST),
        {"version": (3, 5)} | LEVEL_1),
    "node24-ossl3.5.7": (
        "Node.js 24.19", "Node.js", 1, (R.NODE, R.NODE_24, R.NODE_SUMMER),
        {"version": (3, 5)} | GOES_ON),
    "node24-ossl3.6.5": (
        "Node.js 24.22", "Node.js", 1, (R.NODE, R.NODE_24, R.NODE_NEWEST),
        {"version": (3, 6)} | GOES_ON),
    "node26-ossl3.5.8": (
        "Node.js 26.8", "Node.js", 1, (R.NODE, R.NODE_24, R.NODE_AUTUMN),
        {"version": (3, 5)} | GOES_ON),
    "node26-ossl3.5.9": (
        "Node.js 26.12", "Node.js", 1, (R.NODE, R.NODE_24, R.NODE_NEWEST),
        {"version": (3, 5)} | GOES_ON),
    "curl7.88-ossl3.0": (
        "curl 7.88", "curl", 2, (R.CURL, R.CURL_7), {"partial": True, "names": False}),
    "mosquitto_pub2.0.11": (
        "mosquitto 2.0.11", "mosquitto", 2, (R.MOSQUITTO, R.MOSQUITTO_2_0_11), {"names": False}),
    "py311-ssl-STRICT+PARTIAL": (
        "Python 3.11 with VERIFY_X509_STRICT",
        "Python 3.13+ create_default_context()", 2, (R.STRICT,), STRICT),
    "py313-ssl-STRICT+PARTIAL": (
        "ssl.create_default_context() of Python 3.13",
        "Python 3.13+ create_default_context()", 2, (R.STRICT,),
        {"version": (3, 5)} | STRICT),
    "py314-ssl-STRICT+PARTIAL": (
        "ssl.create_default_context() of Python 3.14",
        "Python 3.13+ create_default_context()", 2, (R.STRICT,),
        {"version": (3, 6)} | STRICT),
    "node10.9-ossl1.1.0i": (
        "Node.js 10 (OpenSSL 1.1.0)", "Node.js before 16", 2, (R.OPENSSL_1_1_0,),
        {"version": (1, 1, 0), "level": 1} | GOES_ON),
    "node8-ossl1.0.2s": (
        "Node.js 8 (OpenSSL 1.0.2)", "Node.js before 16", 2, (R.OPENSSL_1_0_2,),
        {"version": (1, 0, 2), "level": 0} | GOES_ON),
    "bun1.4.5-boringssl": (
        "BoringSSL", "BoringSSL", 2, (R.BORINGSSL,),
        {"version": (1, 0, 2), "level": 0, "boring": True} | GOES_ON),
}  # fmt: skip
"""Levels are those that the program was built or sets itself up with."""
NAMES = {
    "azure-iot-device-py2.14.0": "Azure IoT device SDK for Python",
    "azure-iot-device-node1.18.4": "Azure IoT device SDK for Node.js",
    "uamqp1.6.11-azureC": "Azure C stack (azure-c-shared-utility, tlsio_openssl)",
    "py311-ssl-ossl3.0.19": "Python ssl",
    "py313-ssl-ossl3.5.9": "Python ssl",
    "py314-ssl-ossl3.6.5": "Python ssl",
    "paho1.6.1-py": "Eclipse Paho for Python",
    **dict.fromkeys(
        ("openssl3.0.19-s_client", "openssl3.5.9-s_client", "openssl3.6.5-s_client"),
        "openssl s_client",
    ),
    **dict.fromkeys(
        ("openssl3.0.19-verify", "openssl3.5.9-verify", "openssl3.6.5-verify"),
        "openssl verify",
    ),
    "pyopenssl-ossl1.1.1l-CHAINONLY": "OpenSSL 1.1.1 (pyOpenSSL)",
    "pyopenssl-ossl3.4.1": "OpenSSL 3.4 (pyOpenSSL)",
    "pyopenssl-ossl3.5.2": "OpenSSL 3.5 (pyOpenSSL)",
    "pyopenssl-ossl4.0.3": "OpenSSL 4.0 (pyOpenSSL)",
    "mqttjs5.16-node20": "MQTT.js",
    "node16-ossl1.1.1v": "Node.js 16",
    "node18-ossl3.0.16": "Node.js 18",
    "node20-ossl3.0.19": "Node.js 20",
    "node20-ossl3.5.9": "Node.js 20",
    "node22-ossl3.5.9": "Node.js 22",
    "node24-ossl3.5.7": "Node.js 24",
    "node24-ossl3.6.5": "Node.js 24",
    "node26-ossl3.5.8": "Node.js 26",
    "node26-ossl3.5.9": "Node.js 26",
    "curl7.88-ossl3.0": "curl",
    "mosquitto_pub2.0.11": "mosquitto_pub",
    "py311-ssl-STRICT+PARTIAL": (
        "Python ssl with the flags that create_default_context() of Python 3.13 sets"
    ),
    "py313-ssl-STRICT+PARTIAL": "Python ssl, as create_default_context() sets it up",
    "py314-ssl-STRICT+PARTIAL": "Python ssl, as create_default_context() sets it up",
    "node10.9-ossl1.1.0i": "Node.js 10.9",
    "node8-ossl1.0.2s": "Node.js 8",
    "bun1.4.5-boringssl": "Bun",
}
VERSIONS = {
    "azure-iot-device-py2.14.0": "2.14.0, Python 3.11.7, OpenSSL 3.0.19",
    "azure-iot-device-node1.18.4": "1.18.4, Node.js 20.20.2, OpenSSL 3.0.19",
    "uamqp1.6.11-azureC": "uamqp 1.6.11, OpenSSL 3",
    "py311-ssl-ossl3.0.19": "Python 3.11.7, OpenSSL 3.0.19",
    "py313-ssl-ossl3.5.9": "Python 3.13.5, OpenSSL 3.5.9",
    "py314-ssl-ossl3.6.5": "Python 3.14.10, OpenSSL 3.6.5",
    "paho1.6.1-py": "1.6.1, Python 3.11.7, OpenSSL 3.0.19",
    "openssl3.0.19-s_client": "3.0.19",
    "openssl3.5.9-s_client": "3.5.9",
    "openssl3.6.5-s_client": "3.6.5",
    "openssl3.0.19-verify": "3.0.19",
    "openssl3.5.9-verify": "3.5.9",
    "openssl3.6.5-verify": "3.6.5",
    "pyopenssl-ossl1.1.1l-CHAINONLY": "pyOpenSSL 20.0.1, OpenSSL 1.1.1l",
    "pyopenssl-ossl3.4.1": "pyOpenSSL 25.1.0, OpenSSL 3.4.1",
    "pyopenssl-ossl3.5.2": "pyOpenSSL 25.1.0, OpenSSL 3.5.2",
    "pyopenssl-ossl4.0.3": "pyOpenSSL 26.4.0, OpenSSL 4.0.3",
    "mqttjs5.16-node20": "5.16.0, Node.js 20.20.2, OpenSSL 3.0.19",
    "node16-ossl1.1.1v": "16, OpenSSL 1.1.1v",
    "node18-ossl3.0.16": "18.20.8, OpenSSL 3.0.16",
    "node20-ossl3.0.19": "20.20.2, OpenSSL 3.0.19",
    "node20-ossl3.5.9": "20.19.2 of Debian 13, with its OpenSSL 3.5.9",
    "node22-ossl3.5.9": "22.23.5, OpenSSL 3.5.9",
    "node24-ossl3.5.7": "24.19.0, OpenSSL 3.5.7",
    "node24-ossl3.6.5": "24.22.2 of Debian, with its OpenSSL 3.6.5",
    "node26-ossl3.5.8": "26.8 to 26.10, OpenSSL 3.5.8",
    "node26-ossl3.5.9": "26.12.1, OpenSSL 3.5.9",
    "curl7.88-ossl3.0": "7.88.1, OpenSSL 3.0.19",
    "mosquitto_pub2.0.11": "2.0.11, OpenSSL 3.0.19",
    "py311-ssl-STRICT+PARTIAL": (
        "Python 3.11.7 with VERIFY_X509_STRICT and VERIFY_X509_PARTIAL_CHAIN, OpenSSL 3.0.19"
    ),
    "py313-ssl-STRICT+PARTIAL": "Python 3.13.5, OpenSSL 3.5.9",
    "py314-ssl-STRICT+PARTIAL": "Python 3.14.10, OpenSSL 3.6.5",
    "node10.9-ossl1.1.0i": "10.9.0, OpenSSL 1.1.0i",
    "node8-ossl1.0.2s": "8, OpenSSL 1.0.2s",
    "bun1.4.5-boringssl": "1.4.5, BoringSSL",
}
STANDS_FOR = {
    "azure-iot-device-py2.14.0": "downstream devices and modules in Python",
    "azure-iot-device-node1.18.4": "downstream devices and modules in JavaScript",
    "uamqp1.6.11-azureC": ("the Azure IoT device SDK for C, which has the same TLS adapter"),
    "py311-ssl-ossl3.0.19": "modules and tools in Python",
    "py313-ssl-ossl3.5.9": "modules in Python 3.13 that set up their own SSLContext",
    "py314-ssl-ossl3.6.5": "modules in Python 3.14 that set up their own SSLContext",
    "paho1.6.1-py": "MQTT devices in Python without an Azure SDK",
    **dict.fromkeys(
        ("openssl3.0.19-s_client", "openssl3.5.9-s_client", "openssl3.6.5-s_client"),
        "diagnosis at the gateway, and whatever calls OpenSSL plainly",
    ),
    **dict.fromkeys(
        ("openssl3.0.19-verify", "openssl3.5.9-verify", "openssl3.6.5-verify"),
        "diagnosis of files",
    ),
    "pyopenssl-ossl1.1.1l-CHAINONLY": "devices with OpenSSL 1.1.1",
    "pyopenssl-ossl3.4.1": "devices with OpenSSL 3.4",
    "pyopenssl-ossl3.5.2": "devices with OpenSSL 3.5",
    "pyopenssl-ossl4.0.3": "devices with OpenSSL 4.0",
    "mqttjs5.16-node20": "MQTT devices in JavaScript without an Azure SDK",
    "node16-ossl1.1.1v": "older modules and devices in JavaScript",
    **dict.fromkeys(
        (
            "node18-ossl3.0.16",
            "node20-ossl3.0.19",
            "node22-ossl3.5.9",
            "node24-ossl3.5.7",
            "node24-ossl3.6.5",
            "node26-ossl3.5.8",
            "node26-ossl3.5.9",
        ),
        "modules and devices in JavaScript",
    ),
    "node20-ossl3.5.9": "modules and devices in JavaScript on Debian 13",
    "curl7.88-ossl3.0": "scripts on devices, and programs that use libcurl",
    "mosquitto_pub2.0.11": "MQTT devices in C that use libmosquitto",
    "py311-ssl-STRICT+PARTIAL": "Python 3.10 to 3.12 where these flags are set by hand",
    "py313-ssl-STRICT+PARTIAL": "modules in Python 3.13 that call create_default_context()",
    "py314-ssl-STRICT+PARTIAL": "modules in Python 3.14 that call create_default_context()",
    "node10.9-ossl1.1.0i": "old devices in JavaScript, and OpenSSL 1.1.0",
    "node8-ossl1.0.2s": "old devices in JavaScript, and OpenSSL 1.0.2",
    "bun1.4.5-boringssl": "what uses BoringSSL: Bun, gRPC, Android's conscrypt",
}
CALLING = (*records.RECORDS, *node.RECORDS)
BY_ID = {record.id: record for record in CALLING}


@pytest.mark.parametrize("identifier", CALLERS)
def test_each_caller_is_set_up_as_it_was_recorded(identifier: str) -> None:
    record = BY_ID[identifier]
    label, family, tier, kinds, differs = CALLERS[identifier]
    assert (record.label, record.family, record.tier) == (label, family, tier)
    assert tuple(kind for kind in record.kinds if kind not in ACROSS) == kinds
    assert record.settings == Settings(**({"matches": matches} | differs))
    assert (record.name, record.version) == (NAMES[identifier], VERSIONS[identifier])
    assert (record.basis, record.platform) == ("recorded", "")
    assert record.stands_for == STANDS_FOR[identifier]


def test_there_are_no_other_callers() -> None:
    assert sorted(BY_ID) == sorted(CALLERS)
    assert len(CALLING) == len(CALLERS)


def test_a_few_say_one_sentence_and_one_was_asked_without_a_name() -> None:
    said = {record.id for record in CALLING if record.one_sentence}
    assert said == {"uamqp1.6.11-azureC", "mosquitto_pub2.0.11"}
    asked = {record.id for record in CALLING if record.asked_without_name}
    assert asked == {"pyopenssl-ossl1.1.1l-CHAINONLY"}


def test_dotnet_has_two_callers_that_are_one_kind() -> None:
    """Of .NET on Linux alone. Newer versions are derived from source, and decide alike."""
    plain, callback, *newer = dotnet.RECORDS
    assert (plain, callback) == (dotnet.PLAIN, dotnet.WITH_CALLBACK)
    assert [(record.label, record.basis) for record in newer] == [
        (".NET 9", "derived"),
        (".NET 10", "derived"),
    ]
    assert {record.settings for record in dotnet.RECORDS} == {None}
    assert (plain.id, callback.id) == ("dotnet8.0.4-SslStream", "dotnet8.0.4-SslStream-cb")
    assert (plain.name, callback.name) == (".NET", ".NET, with a validation callback")
    assert (plain.label, callback.label) == (".NET 8", ".NET 8 with a callback")
    assert plain.stands_for == "the Azure SDK for .NET; edgeHub and modules in C#"
    assert callback.stands_for == "applications in C# that look at the chain themselves"
    for record in dotnet.RECORDS:
        assert (record.family, record.tier, record.kinds) == (".NET", 1, (R.DOTNET,))
        assert record.platform == "Linux"
        assert "on Linux, OpenSSL 3" in record.version
        assert record.shown == f"{record.label} on Linux"
