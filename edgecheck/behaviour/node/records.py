"""The callers of OpenSSL that are Node.js, and Bun, which is one of BoringSSL."""

from dataclasses import replace

from edgecheck.behaviour.kinds import Library, Refuser
from edgecheck.behaviour.openssl.settings import (
    V1_0_2,
    V1_1_0,
    V1_1_1,
    V3_5,
    V3_6,
    Settings,
)
from edgecheck.behaviour.record import Record

_NODE = Settings(level=1, names=False, goes_on=True, keeps_trust=True)

AZURE_NODE = Record(
    id="azure-iot-device-node1.18.4",
    name="Azure IoT device SDK for Node.js",
    label="Azure Node SDK",
    family="Azure Node SDK",
    version="1.18.4, Node.js 20.20.2, OpenSSL 3.0.19",
    library=Library.OPENSSL,
    tier=1,
    stands_for="downstream devices and modules in JavaScript",
    kinds=(Refuser.NODE, Refuser.NODE_20, Refuser.NODE_URL),
    settings=_NODE,
)
MQTT_JS = Record(
    id="mqttjs5.16-node20",
    name="MQTT.js",
    label="MQTT.js",
    family="Node.js",
    version="5.16.0, Node.js 20.20.2, OpenSSL 3.0.19",
    library=Library.OPENSSL,
    tier=1,
    stands_for="MQTT devices in JavaScript without an Azure SDK",
    kinds=(Refuser.NODE, Refuser.NODE_20, Refuser.NODE_TYPED),
    settings=_NODE,
)
NODE_16 = Record(
    id="node16-ossl1.1.1v",
    name="Node.js 16",
    label="Node.js 16",
    family="Node.js",
    version="16, OpenSSL 1.1.1v",
    library=Library.OPENSSL,
    tier=1,
    stands_for="older modules and devices in JavaScript",
    kinds=(Refuser.NODE, Refuser.OPENSSL_1_1_1, Refuser.NODE_TYPED),
    settings=Settings(V1_1_1, level=1, names=False, goes_on=True, keeps_trust=True),
)
NODE_20 = Record(
    id="node20-ossl3.0.19",
    name="Node.js 20",
    label="Node.js 20",
    family="Node.js",
    version="20.20.2, OpenSSL 3.0.19",
    library=Library.OPENSSL,
    tier=1,
    stands_for="modules and devices in JavaScript",
    kinds=(Refuser.NODE, Refuser.NODE_20, Refuser.NODE_TYPED),
    settings=_NODE,
)
NODE_18 = replace(
    NODE_20,
    id="node18-ossl3.0.16",
    name="Node.js 18",
    label="Node.js 18",
    version="18.20.8, OpenSSL 3.0.16",
)
NODE_20_DEBIAN = replace(
    NODE_20,
    id="node20-ossl3.5.9",
    label="Node.js 20 (Debian)",
    version="20.19.2 of Debian 13, with its OpenSSL 3.5.9",
    stands_for="modules and devices in JavaScript on Debian 13",
    kinds=(Refuser.NODE, Refuser.NODE_24, Refuser.NODE_SUMMER, Refuser.OPENSSL_3_4),
    settings=replace(_NODE, version=V3_5, level=2),
)
NODE_22 = replace(
    NODE_20,
    id="node22-ossl3.5.9",
    name="Node.js 22",
    label="Node.js 22.23",
    version="22.23.5, OpenSSL 3.5.9",
    kinds=(Refuser.NODE, Refuser.NODE_20, Refuser.NODE_NEWEST, Refuser.OPENSSL_3_4),
    settings=replace(_NODE, version=V3_5),
)
NODE_24 = Record(
    id="node24-ossl3.5.7",
    name="Node.js 24",
    label="Node.js 24.19",
    family="Node.js",
    version="24.19.0, OpenSSL 3.5.7",
    library=Library.OPENSSL,
    tier=1,
    stands_for="modules and devices in JavaScript",
    kinds=(Refuser.NODE, Refuser.NODE_24, Refuser.NODE_SUMMER, Refuser.OPENSSL_3_4),
    settings=replace(_NODE, version=V3_5, level=2),
)
NODE_24_22 = replace(
    NODE_24,
    id="node24-ossl3.6.5",
    label="Node.js 24.22",
    version="24.22.2 of Debian, with its OpenSSL 3.6.5",
    kinds=(Refuser.NODE, Refuser.NODE_24, Refuser.NODE_NEWEST, Refuser.OPENSSL_3_4),
    settings=replace(_NODE, version=V3_6, level=2),
)
NODE_26 = Record(
    id="node26-ossl3.5.8",
    name="Node.js 26",
    label="Node.js 26.8",
    family="Node.js",
    version="26.8 to 26.10, OpenSSL 3.5.8",
    library=Library.OPENSSL,
    tier=1,
    stands_for="modules and devices in JavaScript",
    kinds=(Refuser.NODE, Refuser.NODE_24, Refuser.NODE_AUTUMN, Refuser.OPENSSL_3_4),
    settings=replace(_NODE, version=V3_5, level=2),
)
NODE_26_12 = replace(
    NODE_26,
    id="node26-ossl3.5.9",
    label="Node.js 26.12",
    version="26.12.1, OpenSSL 3.5.9",
    kinds=(Refuser.NODE, Refuser.NODE_24, Refuser.NODE_NEWEST, Refuser.OPENSSL_3_4),
)
NODE_10 = Record(
    id="node10.9-ossl1.1.0i",
    name="Node.js 10.9",
    label="Node.js 10 (OpenSSL 1.1.0)",
    family="Node.js before 16",
    version="10.9.0, OpenSSL 1.1.0i",
    library=Library.OPENSSL,
    tier=2,
    stands_for="old devices in JavaScript, and OpenSSL 1.1.0",
    kinds=(Refuser.OPENSSL_1_1_0,),
    settings=Settings(V1_1_0, level=1, names=False, goes_on=True, keeps_trust=True),
)
NODE_8 = Record(
    id="node8-ossl1.0.2s",
    name="Node.js 8",
    label="Node.js 8 (OpenSSL 1.0.2)",
    family="Node.js before 16",
    version="8, OpenSSL 1.0.2s",
    library=Library.OPENSSL,
    tier=2,
    stands_for="old devices in JavaScript, and OpenSSL 1.0.2",
    kinds=(Refuser.OPENSSL_1_0_2,),
    settings=Settings(V1_0_2, level=0, names=False, goes_on=True, keeps_trust=True),
)
BUN = Record(
    id="bun1.4.5-boringssl",
    name="Bun",
    label="BoringSSL",
    family="BoringSSL",
    version="1.4.5, BoringSSL",
    library=Library.BORINGSSL,
    tier=2,
    stands_for="what uses BoringSSL: Bun, gRPC, Android's conscrypt",
    kinds=(Refuser.BORINGSSL,),
    settings=Settings(V1_0_2, level=0, names=False, goes_on=True, keeps_trust=True, boring=True),
)

RECORDS = (
    AZURE_NODE,
    MQTT_JS,
    NODE_16,
    NODE_18,
    NODE_20,
    NODE_20_DEBIAN,
    NODE_22,
    NODE_24,
    NODE_24_22,
    NODE_26,
    NODE_26_12,
    NODE_10,
    NODE_8,
    BUN,
)
