"""Windows: what Schannel writes into the event log (System, source Schannel)."""

from edgecheck.explaining.rows import OTHER_SIDE, rows, said
from edgecheck.rules.engine.rule import Reference

_SOURCE = Reference(
    "Microsoft: Schannel events 36864 to 36888",
    "https://learn.microsoft.com/previous-versions/windows/it-pro/windows-server-2012-r2-and-2012/"
    "dn786445(v=ws.11)",
)

ROWS = [
    *rows(
        _SOURCE,
        [
            (
                r"does not have a private key information property",
                said("symptom.key-not-usable"),
            ),
            (
                r"attempting to access the (?:TLS|SSL) \w{0,10} ?(?:Type )?credential private key",
                said("symptom.key-not-usable"),
            ),
            (
                r"error occurred while creating (?:a|an) (?:TLS|SSL) (?:client|server) credential",
                said("symptom.protocol-version", "symptom.key-not-usable", certain=False),
            ),
            (
                r"No supported cipher suites were found|none of the cipher suites supported by",
                said("symptom.protocol-version"),
            ),
            (
                r"requested (?:TLS|SSL) client authentication, but no suitable client certificate",
                said("symptom.no-certificate-sent", by=OTHER_SIDE),
            ),
            (
                r"received from the remote (?:server|client application) has either expired or",
                said("validity.expired", "validity.not-yet-valid", certain=False),
            ),
            (
                r"received from the remote (?:server|client application) was issued by an "
                r"untrusted",
                said("trust.root-not-trusted"),
            ),
            (
                r"received from the remote (?:server|client application) has been revoked",
                said("path.revoked"),
            ),
            (
                r"received from the remote server does not contain the expected",
                said("hostname.not-in-san"),
            ),
            (
                r"No suitable default server credential exists",
                said("symptom.key-not-usable", certain=False),
            ),
        ],
    ),
    *rows(
        _SOURCE,
        [
            (
                r"received from the remote (?:server|client application) has not validated"
                r" correctly",
                said("symptom.refused-without-reason"),
            )
        ],
        vague=True,
    ),
]
