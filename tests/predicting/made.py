"""A chain as it is predicted, and all that is written in each of its certificates."""

from __future__ import annotations

from typing import Any

import edgecheck
from edgecheck.reading.certificate import Certificate, moment
from edgecheck.reading.der import oid_text
from edgecheck.reading.keys import key_text
from fixtures.gateway import Gateway
from fixtures.pki import pem
from fixtures.stock import HOSTNAME, NOW


def predicted(gateway: Gateway, runtime: str, **said: Any) -> edgecheck.Report:
    """What a runtime makes of a gateway's device CA and what is above it."""
    above = [role for role in ("device_ca", "intermediate", "root") if role in gateway]
    said = {"trust": pem(*gateway.trust()), "at": NOW, **said}
    hostname = said.pop("hostname", HOSTNAME)
    return edgecheck.predict(pem(*gateway.presented(*above)), hostname, runtime, **said)


def extensions(certificate: Certificate) -> list[tuple[str, bool]]:
    """Extensions in order, by their identifiers, and whether each is critical."""
    return [
        (oid_text(identifier), identifier in certificate.critical)
        for identifier in certificate.extensions
    ]


def properties(certificate: Certificate) -> dict[str, Any]:
    """All that a runtime writes, without what is drawn anew each time: keys, serial numbers."""
    names, authority = certificate.alt_names, certificate.authority_key_id
    constraints = certificate.basic_constraints
    return {
        "version": certificate.version,
        "subject": certificate.subject_raw,
        "issuer": certificate.issuer_raw,
        "extensions": extensions(certificate),
        "ca": constraints and (constraints.ca, constraints.path_length),
        "key_usage": certificate.key_usage,
        "purposes": certificate.extended_key_usage,
        "names": names and (names.dns, names.ip),
        "has_own_id": certificate.subject_key_id is not None,
        "names_issuer": authority and (authority.issuers, authority.serial is not None),
        "key": key_text(certificate),
        "signed_with": certificate.signature_algorithm,
        "serial_is_zero": certificate.serial == 0,
        "days": (certificate.not_after - certificate.not_before) // 86400,
    }


def day(seconds: int) -> str:
    """A moment as 2026-11-23 12:00:00."""
    return f"{moment(seconds):%Y-%m-%d %H:%M:%S}"
