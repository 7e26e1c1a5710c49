"""The MQTT client in C that is not mosquitto."""

from edgecheck.behaviour.kinds import Library, Refuser
from edgecheck.behaviour.openssl.settings import V3_5, Settings
from edgecheck.behaviour.record import Record

PAHO_C = Record(
    id="pahoc1.3.16",
    name="Eclipse Paho for C",
    label="Paho C",
    family="Paho C",
    version="1.3.16, OpenSSL 3.5",
    library=Library.OPENSSL,
    tier=2,
    stands_for="MQTT devices in C that use Paho",
    kinds=(Refuser.PAHO_C, Refuser.OPENSSL_3_4, Refuser.OPENSSL_3_4_WHOLE),
    settings=Settings(V3_5, names=False),
)

RECORDS = (PAHO_C,)
