"""Which clients never come to a certificate that is at fault, and are content with what they take.

A finding says who refuses what it is about. Where a certificate has a twin, where several could be
its issuer, or where trust begins below it, a client may take a chain without it.
"""

from collections.abc import Collection

from edgecheck.behaviour.host_names import refusing
from edgecheck.behaviour.issuers import called, one_by_one, taken
from edgecheck.behaviour.kinds import Refuser
from edgecheck.behaviour.refusers import GO, NSS, OPENSSL, OPENSSL_OLD
from edgecheck.behaviour.view import have_one_key
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.der import Malformed
from edgecheck.rules.engine.case import Case

R = Refuser
_ENDS_WITH_TRUSTED = OPENSSL | OPENSSL_OLD | NSS | GO | {R.NODE_20, R.NODE_24, R.DOTNET, R.JAVA}
"""Those that look at no more of a server certificate which is trusted than their chain tells."""
_ABOVE_THE_SERVER = {
    R.BEARSSL: ("chain", "naming", "path", "input"),
    R.WOLFSSL: ("chain", "trust"),
}
"""Findings that are nothing to a client about a server certificate that it trusts by itself.

BearSSL ends there (check-direct-trust of x509_minimal.t0), before what stands behind its DER.
"""
_ABOVE_A_TRUSTED = {R.BORINGSSL: ("chain", "trust", "encoding")}
"""The same where a client goes on above it; of all others what `_ENDING` has.

BoringSSL decodes policies only after a chain has come to its end (X509_verify_cert).
"""
_ENDING = ("chain", "trust")
_OF_THE_SERVER_ALONE = ("algorithm", "edge")
"""Of what these find, a chain does not tell all: the use of its key, and the name asked for."""


def but_passing(
    refusers: frozenset[Refuser],
    family: str,
    certificates: Collection[Certificate],
    case: Case,
    by_name: Collection[Refuser] = (),
) -> frozenset[Refuser]:
    """Return who is left when those do not count that never come to one of the certificates.

    They are content with a chain on which it is not, or which it ends; of a kind of which only
    some versions are, the others are left. `family` is that of the rule. Nobody is asked where
    there is only one way to go. Who does not find the name that it asks for in the server's
    certificate (`by_name`) passes only where it takes another one for the server's.
    """
    if family == "hostname" or not certificates or not _is_ambiguous(certificates, case):
        return refusers
    asked, named = one_by_one(refusers), one_by_one(by_name)
    passing = {
        kind for kind in asked if _passes_by(kind, family, certificates, case, kind in named)
    }
    left = frozenset(called(asked - passing).values()) if passing else refusers
    if R.GO in left and R.GO not in named and _passes_by(R.GO_1_19, family, certificates, case):
        return left - {R.GO} | {R.GO_1_24}
    return left


def _is_ambiguous(certificates: Collection[Certificate], case: Case) -> bool:
    """Whether clients may take different ways, or one that is concerned is on none."""
    hierarchy = case.hierarchy
    path, server, sequence = hierarchy.path, hierarchy.server, hierarchy.sequence
    if path is None or not sequence or case.expected.validation.purpose != "server":
        return False
    if server is None:
        return False
    if sequence[0] is not server and sequence[0] != server:
        return True
    on_path = path.certificates
    if len(on_path) == 1 or not on_path[-1].is_self_issued:
        return True
    for one in certificates:
        if one not in on_path:
            return True
    if any(_is_twin(one, server) for one in case.expected.trust):
        return True
    links = hierarchy.pool.links
    return any(len(links(one)) > 1 for one in on_path[:-1])


def _is_twin(one: Certificate, server: Certificate) -> bool:
    """Whether it is another certificate of the same name and key, which a client may trust for it.

    BearSSL trusts keys by their names (check-direct-trust).
    """
    try:
        return one != server and one.spki == server.spki and one.subject_raw == server.subject_raw
    except Unreadable:
        return False


def _passes_by(
    kind: Refuser,
    family: str,
    certificates: Collection[Certificate],
    case: Case,
    by_name: bool = False,
) -> bool:
    """Whether a kind of client is known to take a chain, and not for what is concerned.

    `by_name`: it does not find its name in the server's certificate, which no chain tells.
    """
    try:
        made = taken(case.view, kind)
    except (Unreadable, Malformed):
        return False
    if not made.good:
        return False
    server, *above = made.certificates
    if server != case.hierarchy.server and not _serves_as_well(kind, server, case):
        return False
    if by_name and server == case.hierarchy.server:
        return False
    if not above and server in certificates:
        content = kind in _ENDS_WITH_TRUSTED or family in _ABOVE_THE_SERVER.get(kind, ("chain",))
        return content and family not in _OF_THE_SERVER_ALONE
    ends = case.hierarchy.path is not None and len(case.hierarchy.path.certificates) == 1
    beyond = above and ends and server in certificates
    if beyond and family in _ABOVE_A_TRUSTED.get(kind, _ENDING):
        return True  # it goes on above what ends the path here, and comes to something trusted
    return any(one not in made.certificates or one == above[-1] for one in certificates)


def _serves_as_well(kind: Refuser, first: Certificate, case: Case) -> bool:
    """Whether what is sent before the server's certificate has its key, and the host's name.

    A client that takes it is content then, whatever is wrong with the one behind it. What a server
    was seen to send first has its key. No where its names cannot be read.
    """
    asked, server = case.expected.hostname, case.hierarchy.server
    if asked is not None:
        missing = _missing_their_name(asked, first, case)
        if missing is None or kind in missing:
            return False
    seen = case.hierarchy.as_sent and asked is not None
    if seen or kind in _WITHOUT_HANDSHAKE:
        return True
    return server is not None and have_one_key(first, server)


def _missing_their_name(asked: str, first: Certificate, case: Case) -> frozenset[Refuser] | None:
    """Who does not find the name in it, one by one; None where its names cannot be read.

    Worked out once for all kinds of clients.
    """
    kept, key = case.view.kept, ("missing their name", asked, first)
    if key not in kept:
        try:
            kept[key] = frozenset(one_by_one(refusing(asked, first)))
        except Unreadable:
            kept[key] = None
    found: frozenset[Refuser] | None = kept[key]
    return found


_WITHOUT_HANDSHAKE = frozenset({R.VERIFY, R.CRYPTOGRAPHY})
"""What is given files, and sees no proof of a key."""
