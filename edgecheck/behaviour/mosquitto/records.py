"""mosquitto_pub of today; that of 2.0.11 stands beside OpenSSL's other callers."""

from edgecheck.behaviour.kinds import Library, Refuser
from edgecheck.behaviour.openssl.settings import V3_5, V3_6, Settings
from edgecheck.behaviour.record import Record

_STANDS_FOR = "MQTT devices in C that use libmosquitto"
MOSQUITTO_2_0_21 = Record(
    id="mosquitto_pub2.0.21",
    name="mosquitto_pub",
    label="mosquitto 2.0.21",
    family="mosquitto",
    version="2.0.21, OpenSSL 3.5",
    library=Library.OPENSSL,
    tier=2,
    stands_for=_STANDS_FOR,
    kinds=(
        Refuser.MOSQUITTO,
        Refuser.MOSQUITTO_2_0_21,
        Refuser.OPENSSL_3_4,
        Refuser.OPENSSL_3_4_WHOLE,
    ),
    settings=Settings(V3_5, names=False),
)
MOSQUITTO_2_1 = Record(
    id="mosquitto_pub2.1.2",
    name="mosquitto_pub",
    label="mosquitto 2.1",
    family="mosquitto",
    version="2.1.2, OpenSSL 3.6",
    library=Library.OPENSSL,
    tier=2,
    stands_for=_STANDS_FOR,
    kinds=(
        Refuser.MOSQUITTO,
        Refuser.MOSQUITTO_2_1,
        Refuser.OPENSSL_3_4,
        Refuser.OPENSSL_3_4_WHOLE,
    ),
    settings=Settings(V3_6),
)

RECORDS = (MOSQUITTO_2_0_21, MOSQUITTO_2_1)
