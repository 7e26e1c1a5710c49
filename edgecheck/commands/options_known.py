"""Options about what is known, which several commands have: each is declared once."""

import click

the_trust = click.option(
    "--trust",
    metavar="FILE",
    multiple=True,
    help="What the client trusts; `system`: what this machine does. *",
)
the_password = click.option(
    "--password-file", metavar="FILE", help="Its first line opens PKCS#12 (.pfx)."
)
the_crls = click.option(
    "--crl", metavar="FILE", multiple=True, help="Revocation lists, PEM or DER. *"
)
the_moment = click.option("--at", metavar="TIME", help="ISO 8601 with a zone; default: now.")
the_runtime = click.option(
    "--runtime", metavar="VERSION", help="Of IoT Edge, such as 1.1 or 1.5.3."
)
the_time_t = click.option(
    "--time-t", type=click.Choice(["32", "64"]), help="Bits of the system's time_t."
)
the_hostname = click.option(
    "--hostname", metavar="NAME", help="As the client types it (GatewayHostName)."
)
the_gateway_host_names = click.option(
    "--gateway-host-name", metavar="NAME", multiple=True, help="As its devices have it. *"
)
the_machine = click.option("--machine-name", metavar="NAME", help="What the system calls itself.")
the_device_id = click.option("--device-id", metavar="NAME", help="Its id in IoT Hub.")
the_trust_bundle = click.option(
    "--trust-bundle", metavar="FILE", help="What the gateway gives its modules."
)
the_os_trust = click.option("--os-trust", metavar="FILE", help="What its system trusts.")
