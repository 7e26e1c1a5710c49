"""Who refuses something in which place of a path: clients look least closely at a root."""

from collections.abc import Callable
from typing import NamedTuple

from edgecheck.behaviour.issuers import taken
from edgecheck.behaviour.refusers import NSS, Refuser
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.der import Malformed
from edgecheck.rules.engine.case import Case

Refusers = frozenset[Refuser]
NOBODY: Refusers = frozenset()


class ByPlace(NamedTuple):
    """Those who refuse something in the target, in a CA below the root, and in the root."""

    target: Refusers
    authority: Refusers
    root: Refusers

    def of(self, certificate: Certificate, case: Case) -> Refusers:
        """Those who refuse it in this certificate."""
        path = case.hierarchy.path
        if path is not None and certificate is path.certificates[0]:
            return self.authority if certificate.is_ca else self.target
        return self.root if is_root(certificate, case) else self.authority


def everywhere(refusers: Refusers) -> ByPlace:
    """The same in every place."""
    return ByPlace(refusers, refusers, refusers)


def is_root(certificate: Certificate, case: Case) -> bool:
    """Whether it is at the upper end of the path: trusted, or its own issuer."""
    path = case.hierarchy.path
    if path is None or certificate is not path.certificates[-1]:
        return False
    return certificate is case.hierarchy.anchor or certificate.is_self_issued


def issues(certificate: Certificate, case: Case) -> bool:
    """Whether it issued another one of the path, or is to issue one."""
    return certificate is not case.hierarchy.server


def of_anchors(*accepting: Refuser) -> Callable[[Certificate, Case], Refusers]:
    """These where the certificate is what the client trusts by itself; elsewhere nobody."""
    by = frozenset(accepting)
    return lambda certificate, case: by if certificate == case.hierarchy.anchor else NOBODY


def refusing_authority(served: Certificate, case: Case) -> frozenset[Refuser]:
    """Return who refuses a CA's certificate as that of a server, whatever name it is for."""
    refused_by = {Refuser.RUSTLS, Refuser.CRYPTOGRAPHY}
    if served.extended_key_usage is not None:
        refused_by |= NSS
    if _used_up(served, case):
        refused_by.add(Refuser.WOLFSSL)
    return frozenset(refused_by)


def _used_up(served: Certificate, case: Case) -> bool:
    """Whether wolfSSL counts it, and a CA above lets no further one stand below.

    What a trusted CA that is no root allows counts only where its issuer was loaded before it.
    """
    from edgecheck.behaviour.wolfssl.chain import PATH_LENGTH  # sound chains need none of it

    try:
        made = taken(case.view, Refuser.WOLFSSL)
    except (Unreadable, Malformed):
        return False
    return any(each.code == PATH_LENGTH and each.certificate == served for each in made.objections)
