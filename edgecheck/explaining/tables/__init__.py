"""What programs say: one module for each kind of program, each row with its source."""

from edgecheck.explaining.rows import Row
from edgecheck.explaining.tables import (
    alerts,
    apple,
    bearssl,
    browsers,
    cloud,
    dotnet,
    erlang,
    espressif,
    events,
    files,
    gnutls,
    golang,
    haproxy,
    java,
    mbedtls,
    mosquitto,
    mqtt,
    network,
    nginx,
    nss,
    opcua,
    openssl,
    openssl_queue,
    runtime,
    rustls,
    schannel,
    services,
    wolfssl,
)

ROWS: tuple[Row, ...] = tuple(
    row
    for module in (
        runtime,
        services,
        cloud,
        mqtt,
        alerts,
        openssl,
        openssl_queue,
        nginx,
        haproxy,
        mosquitto,
        java,
        dotnet,
        schannel,
        events,
        golang,
        gnutls,
        mbedtls,
        espressif,
        bearssl,
        wolfssl,
        apple,
        nss,
        browsers,
        rustls,
        erlang,
        opcua,
        files,
        network,
    )
    for row in module.ROWS
)
"""All of them, in the order in which what they mean is told where all else is equal."""
