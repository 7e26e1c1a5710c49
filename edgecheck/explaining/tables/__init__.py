"""What programs say: one module for each kind of program, each row with its source."""

from edgecheck.explaining.rows import Row
from edgecheck.explaining.tables import (
    alerts,
    browsers,
    cloud,
    dotnet,
    erlang,
    espressif,
    files,
    golang,
    java,
    mbedtls,
    mosquitto,
    mqtt,
    network,
    nginx,
    nss,
    openssl,
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
        nginx,
        mosquitto,
        java,
        dotnet,
        schannel,
        golang,
        mbedtls,
        espressif,
        wolfssl,
        nss,
        browsers,
        rustls,
        erlang,
        files,
        network,
    )
    for row in module.ROWS
)
"""All of them; of two that match the same words the first counts."""
