"""What edgeHub was given and keeps back: no issuer is missing there, but one does not come."""

from typing import NamedTuple

from edgecheck.hierarchy.links import KeyIds, key_ids
from edgecheck.reading.certificate import Certificate
from edgecheck.rules.engine.case import Case, shown_name
from edgecheck.rules.engine.objects import TRUSTED, Object


class Kept(NamedTuple):
    """What is said of an issuer that edgeHub does not send, and what has to change."""

    told: str
    remedy: str
    changes: Certificate | Object


def withheld(certificate: Certificate, case: Case) -> Kept | None:
    """Return what keeps edgeHub from sending a certificate's issuer; None where nothing does."""
    sender = case.hierarchy.sender
    named = [
        c for c in (sender.withheld if sender else ()) if c.subject_raw == certificate.issuer_raw
    ]
    if not named:
        return None
    issuer = named[0]
    if key_ids(certificate, issuer) is KeyIds.MISMATCH:
        told = f"edgeHub has {shown_name(issuer)} and does not send it, for the authority key "
        return Kept(
            f"{told}identifier of {case.named(certificate)} names another key or certificate",
            "Have this certificate reissued by the CA that is installed now. Its "
            "authorityKeyIdentifier has to be that CA's subjectKeyIdentifier, and a serial number "
            "in it that CA's own: edgeHub sends the chain only as far as these fit.\n\n"
            "    authorityKeyIdentifier = keyid:always",
            certificate,
        )
    if not issuer.is_self_issued:
        return None
    return Kept(
        f"edgeHub has {shown_name(issuer)} and never sends a root",
        f"Give the root {shown_name(issuer)} to every client, as what it trusts. It is of no use "
        "to clients that edgeHub has it, though its modules trust it.",
        TRUSTED,
    )
