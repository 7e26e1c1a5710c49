"""What programs say: one module for each kind of program, each row with its source."""

from edgecheck.explaining.rows import Row
from edgecheck.explaining.tables import (
    alerts,
    browsers,
    cloud,
    dotnet,
    erlang,
    files,
    golang,
    java,
    mbedtls,
    network,
    nss,
    openssl,
    runtime,
    rustls,
    schannel,
    wolfssl,
)

ROWS: tuple[Row, ...] = tuple(
    row
    for module in (
        runtime,
        cloud,
        alerts,
        openssl,
        java,
        dotnet,
        schannel,
        golang,
        mbedtls,
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
