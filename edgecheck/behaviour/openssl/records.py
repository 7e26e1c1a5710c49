"""The callers of OpenSSL, old and new, but for Node.js."""

from dataclasses import replace

from edgecheck.behaviour.host import as_decimals
from edgecheck.behaviour.kinds import Library, Refuser
from edgecheck.behaviour.openssl.names import matches_whole_labels
from edgecheck.behaviour.openssl.settings import V1_1_1, V3_4, V3_5, V3_6, V4_0, Settings
from edgecheck.behaviour.record import Record

_PYTHON = Settings(asks=as_decimals, matches=matches_whole_labels)
_STRICT = replace(_PYTHON, strict=True, partial=True)

AZURE_PYTHON = Record(
    id="azure-iot-device-py2.14.0",
    name="Azure IoT device SDK for Python",
    label="Azure Python SDK",
    family="Azure Python SDK",
    version="2.14.0, Python 3.11.7, OpenSSL 3.0.19",
    library=Library.OPENSSL,
    tier=1,
    stands_for="downstream devices and modules in Python",
    kinds=(Refuser.PYTHON,),
    settings=_PYTHON,
)
AZURE_C = Record(
    id="uamqp1.6.11-azureC",
    name="Azure C stack (azure-c-shared-utility, tlsio_openssl)",
    label="Azure C SDK",
    family="Azure C SDK",
    version="uamqp 1.6.11, OpenSSL 3",
    library=Library.OPENSSL,
    tier=1,
    stands_for="the Azure IoT device SDK for C, which has the same TLS adapter",
    kinds=(Refuser.AZURE_C,),
    settings=Settings(level=1, keeps_trust=True),
    one_sentence=True,
)
PYTHON = Record(
    id="py311-ssl-ossl3.0.19",
    name="Python ssl",
    label="Python 3.11",
    family="Python",
    version="Python 3.11.7, OpenSSL 3.0.19",
    library=Library.OPENSSL,
    tier=1,
    stands_for="modules and tools in Python",
    kinds=(Refuser.PYTHON,),
    settings=_PYTHON,
)
PYTHON_3_13 = replace(
    PYTHON,
    id="py313-ssl-ossl3.5.9",
    label="Python 3.13",
    version="Python 3.13.5, OpenSSL 3.5.9",
    stands_for="modules in Python 3.13 that set up their own SSLContext",
    kinds=(Refuser.PYTHON, Refuser.OPENSSL_3_4, Refuser.OPENSSL_3_4_WHOLE),
    settings=replace(_PYTHON, version=V3_5),
)
PYTHON_3_14 = replace(
    PYTHON_3_13,
    id="py314-ssl-ossl3.6.5",
    label="Python 3.14",
    version="Python 3.14.10, OpenSSL 3.6.5",
    stands_for="modules in Python 3.14 that set up their own SSLContext",
    settings=replace(_PYTHON, version=V3_6),
)
PAHO = Record(
    id="paho1.6.1-py",
    name="Eclipse Paho for Python",
    label="Paho",
    family="Python",
    version="1.6.1, Python 3.11.7, OpenSSL 3.0.19",
    library=Library.OPENSSL,
    tier=1,
    stands_for="MQTT devices in Python without an Azure SDK",
    kinds=(Refuser.PYTHON,),
    settings=_PYTHON,
)
S_CLIENT = Record(
    id="openssl3.0.19-s_client",
    name="openssl s_client",
    label="openssl s_client 3.0",
    family="OpenSSL",
    version="3.0.19",
    library=Library.OPENSSL,
    tier=1,
    stands_for="diagnosis at the gateway, and whatever calls OpenSSL plainly",
    kinds=(Refuser.S_CLIENT,),
    settings=Settings(),
)
S_CLIENT_3_5 = replace(
    S_CLIENT,
    id="openssl3.5.9-s_client",
    label="openssl s_client 3.5",
    version="3.5.9",
    kinds=(Refuser.S_CLIENT, Refuser.OPENSSL_3_4, Refuser.OPENSSL_3_4_WHOLE),
    settings=Settings(V3_5),
)
S_CLIENT_3_6 = replace(
    S_CLIENT,
    id="openssl3.6.5-s_client",
    label="openssl s_client 3.6",
    version="3.6.5",
    kinds=(Refuser.S_CLIENT, Refuser.OPENSSL_3_4, Refuser.OPENSSL_3_4_WHOLE),
    settings=Settings(V3_6),
)
VERIFY = Record(
    id="openssl3.0.19-verify",
    name="openssl verify",
    label="openssl verify 3.0",
    family="openssl verify",
    version="3.0.19",
    library=Library.OPENSSL,
    tier=2,
    stands_for="diagnosis of files",
    kinds=(Refuser.VERIFY,),
    settings=Settings(level=0, wire=False),
)
VERIFY_3_5 = replace(
    VERIFY,
    id="openssl3.5.9-verify",
    label="openssl verify 3.5",
    version="3.5.9",
    kinds=(Refuser.VERIFY, Refuser.OPENSSL_3_4_WHOLE),
    settings=Settings(V3_5, level=0, wire=False),
)
VERIFY_3_6 = replace(
    VERIFY,
    id="openssl3.6.5-verify",
    label="openssl verify 3.6",
    version="3.6.5",
    kinds=(Refuser.VERIFY, Refuser.OPENSSL_3_4_WHOLE),
    settings=Settings(V3_6, level=0, wire=False),
)
OPENSSL_1_1_1 = Record(
    id="pyopenssl-ossl1.1.1l-CHAINONLY",
    name="OpenSSL 1.1.1 (pyOpenSSL)",
    label="OpenSSL 1.1.1",
    family="OpenSSL 1.1.1",
    version="pyOpenSSL 20.0.1, OpenSSL 1.1.1l",
    library=Library.OPENSSL,
    tier=2,
    stands_for="devices with OpenSSL 1.1.1",
    kinds=(Refuser.OPENSSL_1_1_1,),
    settings=Settings(V1_1_1, level=1),
    asked_without_name=True,
)
OPENSSL_3_4 = Record(
    id="pyopenssl-ossl3.4.1",
    name="OpenSSL 3.4 (pyOpenSSL)",
    label="OpenSSL 3.4",
    family="OpenSSL",
    version="pyOpenSSL 25.1.0, OpenSSL 3.4.1",
    library=Library.OPENSSL,
    tier=1,
    stands_for="devices with OpenSSL 3.4",
    kinds=(Refuser.S_CLIENT, Refuser.OPENSSL_3_4, Refuser.OPENSSL_3_4_WHOLE),
    settings=Settings(V3_4),
)
OPENSSL_3_5 = Record(
    id="pyopenssl-ossl3.5.2",
    name="OpenSSL 3.5 (pyOpenSSL)",
    label="OpenSSL 3.5",
    family="OpenSSL",
    version="pyOpenSSL 25.1.0, OpenSSL 3.5.2",
    library=Library.OPENSSL,
    tier=1,
    stands_for="devices with OpenSSL 3.5",
    kinds=(Refuser.S_CLIENT, Refuser.OPENSSL_3_4, Refuser.OPENSSL_3_4_WHOLE),
    settings=Settings(V3_5),
)
OPENSSL_4_0 = Record(
    id="pyopenssl-ossl4.0.3",
    name="OpenSSL 4.0 (pyOpenSSL)",
    label="OpenSSL 4.0",
    family="OpenSSL",
    version="pyOpenSSL 26.4.0, OpenSSL 4.0.3",
    library=Library.OPENSSL,
    tier=1,
    stands_for="devices with OpenSSL 4.0",
    kinds=(Refuser.S_CLIENT, Refuser.OPENSSL_4_0, Refuser.OPENSSL_3_4, Refuser.OPENSSL_3_4_WHOLE),
    settings=Settings(V4_0),
)
CURL = Record(
    id="curl7.88-ossl3.0",
    name="curl",
    label="curl 7.88",
    family="curl",
    version="7.88.1, OpenSSL 3.0.19",
    library=Library.OPENSSL,
    tier=2,
    stands_for="scripts on devices, and programs that use libcurl",
    kinds=(Refuser.CURL, Refuser.CURL_7),
    settings=Settings(partial=True, names=False),
)
MOSQUITTO = Record(
    id="mosquitto_pub2.0.11",
    name="mosquitto_pub",
    label="mosquitto 2.0.11",
    family="mosquitto",
    version="2.0.11, OpenSSL 3.0.19",
    library=Library.OPENSSL,
    tier=2,
    stands_for="MQTT devices in C that use libmosquitto",
    kinds=(Refuser.MOSQUITTO, Refuser.MOSQUITTO_2_0_11),
    settings=Settings(names=False),
    one_sentence=True,
)
PYTHON_STRICT = Record(
    id="py311-ssl-STRICT+PARTIAL",
    name="Python ssl with the flags that create_default_context() of Python 3.13 sets",
    label="Python 3.11 with VERIFY_X509_STRICT",
    family="Python 3.13+ create_default_context()",
    version="Python 3.11.7 with VERIFY_X509_STRICT and VERIFY_X509_PARTIAL_CHAIN, OpenSSL 3.0.19",
    library=Library.OPENSSL,
    tier=2,
    stands_for="Python 3.10 to 3.12 where these flags are set by hand",
    also_called=("Python 3.11 (strict)", "Python (strict)"),
    kinds=(Refuser.STRICT,),
    settings=_STRICT,
)
PYTHON_3_13_STRICT = replace(
    PYTHON_STRICT,
    id="py313-ssl-STRICT+PARTIAL",
    name="Python ssl, as create_default_context() sets it up",
    label="ssl.create_default_context() of Python 3.13",
    version="Python 3.13.5, OpenSSL 3.5.9",
    stands_for="modules in Python 3.13 that call create_default_context()",
    also_called=("Python 3.13", "Python 3.13 (strict)", "Python (strict)"),
    kinds=(Refuser.STRICT, Refuser.OPENSSL_3_4, Refuser.OPENSSL_3_4_WHOLE),
    settings=replace(_STRICT, version=V3_5),
)
PYTHON_3_14_STRICT = replace(
    PYTHON_3_13_STRICT,
    id="py314-ssl-STRICT+PARTIAL",
    label="ssl.create_default_context() of Python 3.14",
    version="Python 3.14.10, OpenSSL 3.6.5",
    stands_for="modules in Python 3.14 that call create_default_context()",
    also_called=("Python 3.14", "Python 3.14 (strict)", "Python (strict)"),
    settings=replace(_STRICT, version=V3_6),
)

RECORDS = (
    AZURE_PYTHON,
    AZURE_C,
    PAHO,
    PYTHON,
    PYTHON_3_13,
    PYTHON_3_14,
    S_CLIENT,
    S_CLIENT_3_5,
    S_CLIENT_3_6,
    VERIFY,
    VERIFY_3_5,
    VERIFY_3_6,
    OPENSSL_1_1_1,
    OPENSSL_3_4,
    OPENSSL_3_5,
    OPENSSL_4_0,
    CURL,
    MOSQUITTO,
    PYTHON_STRICT,
    PYTHON_3_13_STRICT,
    PYTHON_3_14_STRICT,
)
