"""Who is confused by certificates of one name, and what OpenSSL says then."""

from collections.abc import Sequence
from typing import NamedTuple

from edgecheck.behaviour.openssl import errors as e
from edgecheck.behaviour.refusers import OPENSSL, Refuser
from edgecheck.behaviour.taken import Ended
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.extensions import key_usage_text
from edgecheck.rules.engine.case import Case
from edgecheck.rules.misled import Misled, confused


class Confusion(NamedTuple):
    """Who refuses the chain because of the names; error and certificate of OpenSSL 1.1.1 on."""

    refused_by: frozenset[Refuser] = frozenset()
    error: int | None = None
    certificate: Certificate | None = None


def confusion(case: Case, members: Sequence[Certificate]) -> Confusion:
    """What clients make of these certificates of the path, which have one name.

    Raises `Unreadable` where that hangs on a name or an extension that cannot be read.
    """
    found = confused(case, members)
    refused_by = frozenset(each.refuser for each in found)
    first = next((each for each in found if each.refuser in OPENSSL), None)
    if first is None:
        return Confusion(refused_by)
    return Confusion(refused_by, *_error(first))


def _error(each: Misled) -> tuple[int, Certificate]:
    """The number by which OpenSSL refuses a chain, and the certificate that it complains of."""
    certificates, ended = each.taken.certificates, each.taken.ended
    if ended is Ended.SELF_SIGNED:
        alone = len(certificates) == 1
        return (e.SELF_SIGNED_LEAF if alone else e.SELF_SIGNED_IN_CHAIN), certificates[-1]
    if ended is not Ended.TRUSTED:
        return e.NO_LOCAL_ISSUER, certificates[-1]
    objection = each.taken.objections[0]
    return int(str(objection.code)), objection.certificate


def openssl_says(found: Confusion, case: Case) -> tuple[Certificate, str]:
    """The certificate that OpenSSL complains of, and what it takes it for."""
    certificate = found.certificate
    assert certificate is not None  # it has an error
    if found.error in (e.SELF_SIGNED_LEAF, e.SELF_SIGNED_IN_CHAIN):
        does = f"take {case.named(certificate)} for self-signed"
    else:
        does = f"take the wrong one for the issuer of {case.named(certificate)}"
    return certificate, f"OpenSSL and .NET {does} (error {found.error})"


def identifier_facts(server: Certificate) -> dict[str, object]:
    """What decides whether a client tells two certificates of one name apart."""
    usage = server.key_usage
    authority = server.authority_key_id
    return {
        "server_subject_key_id": server.subject_key_id,
        "server_authority_key_id": authority.key_id if authority else None,
        "server_authority_serial": authority is not None and authority.serial is not None,
        "server_key_usage": None if usage is None else key_usage_text(usage),
    }
