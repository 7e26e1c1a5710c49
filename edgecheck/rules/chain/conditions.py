"""What is unusual about how the certificates of a path hang together."""

from edgecheck.behaviour.message import KIB, size
from edgecheck.hierarchy.links import KeyIds, key_ids
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.conditions import PathLook

LOOK = PathLook()
ALONE = LOOK.condition("The path is a single certificate.")
EQUAL_KEYS = LOOK.condition("Two certificates of the path have the same key.")
EQUAL_KEY_IDS = LOOK.condition("Two certificates of the path have the same subject key identifier.")
EQUAL_SERIALS = LOOK.condition(
    "Two certificates, presented or trusted, have the same serial number."
)
WRONG_KEY_IDS = LOOK.condition(
    "An authority key identifier does not fit the issuer, or writes the name in it in other bytes."
)
SEVERAL_ISSUERS = LOOK.condition(
    "By its name, a certificate of the path may have been issued by one of several."
)
OTHERWISE_PRESENTED = LOOK.condition(
    "What is presented is not the path from its lower end upwards, each certificate once."
)
ANCHOR_BELOW_ROOT = LOOK.condition("What the path ends in is not issued by itself.")
WHOLE_PRESENTED = LOOK.condition("All of the path is presented, its upper end too.")
MANY = LOOK.condition("More certificates are presented, or on the path, than each client takes.")
LARGE = LOOK.condition("What is presented is larger than what a healthy gateway sends.")
ISSUER_WRITTEN_DIFFERENTLY = LOOK.condition(
    "A certificate of the path writes its issuer's name in other bytes than the issuer does."
)

EVERYBODY_TAKES = 7
"""Certificates, presented or on the path, that no client refuses for their number (`size.py`)."""
WORTH_KNOWING = 8 * KIB
"""More than a healthy gateway with RSA keys of 4096 bits sends; and clients for small devices
are often built with room for 4 or 8 KiB."""
_MISMATCH = KeyIds.MISMATCH


@LOOK.by
def _look(case: Case) -> int:
    hierarchy = case.hierarchy
    path, pool, sequence = hierarchy.path, hierarchy.pool, hierarchy.sequence
    if path is None:
        return 0
    bits = 0
    certificates = path.certificates
    length, top = len(certificates), certificates[-1]
    starts_below = hierarchy.server is None or hierarchy.server is certificates[0]
    if not starts_below or sequence != certificates[: len(sequence)]:
        bits |= OTHERWISE_PRESENTED.bit
    if len(sequence) == length:
        bits |= WHOLE_PRESENTED.bit
    if length > EVERYBODY_TAKES or len(sequence) > EVERYBODY_TAKES:
        bits |= MANY.bit
    if size(sequence) > WORTH_KNOWING:
        bits |= LARGE.bit
    if length == 1:
        bits |= ALONE.bit
    if len({c.spki for c in certificates}) < length:
        bits |= EQUAL_KEYS.bit
    identifiers = [c.subject_key_id for c in certificates if c.subject_key_id is not None]
    if len(set(identifiers)) < len(identifiers):
        bits |= EQUAL_KEY_IDS.bit
    if len({c.serial for c in pool.everybody}) < len(pool.everybody):
        bits |= EQUAL_SERIALS.bit
    for link in path.links:
        if link.key_ids is _MISMATCH or names_otherwise(link.child, link.issuer):
            bits |= WRONG_KEY_IDS.bit
        if len(pool.links(link.child)) > 1:
            bits |= SEVERAL_ISSUERS.bit
        if link.child.issuer_raw != link.issuer.subject_raw:
            bits |= ISSUER_WRITTEN_DIFFERENTLY.bit
    if not top.is_self_issued:
        bits |= ANCHOR_BELOW_ROOT.bit
    elif top.authority_key_id is not None and (
        key_ids(top, top) is _MISMATCH or names_otherwise(top, top)
    ):
        bits |= WRONG_KEY_IDS.bit
    return bits


def names_otherwise(child: Certificate, issuer: Certificate) -> bool:
    """Return whether its authorityKeyIdentifier has the issuer's issuer in other bytes.

    By RFC 5280 that may be the same name, and to a client another one.
    """
    try:
        authority = child.authority_key_id
        named = None if authority is None or authority.serial is None else authority.issuers
        return bool(named and named[0] != issuer.issuer_raw)
    except Unreadable:
        return False
