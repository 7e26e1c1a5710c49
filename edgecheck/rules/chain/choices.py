"""Rules about several certificates that may have issued one, by its name."""

from typing import NamedTuple

from edgecheck.behaviour.refusers import Refuser, in_few_words
from edgecheck.behaviour.taken import Ended
from edgecheck.hierarchy.hierarchy import Hierarchy
from edgecheck.hierarchy.paths import Ending
from edgecheck.hierarchy.signatures import State
from edgecheck.reading.certificate import Certificate
from edgecheck.rules.chain.candidates import (
    against,
    candidates,
    leads_to,
    link_to,
    place,
    shown_place,
    unfit,
)
from edgecheck.rules.chain.conditions import SEVERAL_ISSUERS
from edgecheck.rules.engine.case import Case, shown_name, shown_time
from edgecheck.rules.engine.objects import PRESENTED, TRUSTED
from edgecheck.rules.engine.rule import (
    ERROR,
    INFO,
    Act,
    Need,
    Over,
    Violation,
    rule,
    severity_for,
)
from edgecheck.rules.misled import Misled, misled
from edgecheck.rules.references import measured, openssl, rfc


@rule(
    "chain.wrong-issuer-first",
    title="Clients that try one issuer only take the wrong one",
    severity=ERROR,
    over=Over.HIERARCHY,
    purpose="server",
    when=[SEVERAL_ISSUERS],
    act=Act.EDIT,
    needs=[Need.TRUST],
    follows=[
        "naming.one-name-for-two-keys",
        "naming.server-dn-is-issuer-dn",
        "naming.device-ca-cn-is-hostname",
    ],
    references=[
        rfc(4158, "2.4.2"),
        openssl("crypto/x509/x509_vfy.c"),
        measured(
            "two issuers of one name, the wrong one first: OpenSSL, BoringSSL, .NET, GnuTLS, "
            "mbedTLS and BearSSL refuse the chain; Go, rustls, Botan and cryptography find the way"
        ),
        measured("the wrong one last: NSS refuses the chain"),
    ],
)
def wrong_issuer_first(hierarchy: Hierarchy, case: Case) -> Violation | None:
    """Two certificates have the name of the issuer, and only one of them will do.

    A path exists, so clients that try every way find it. Most do not: they take the first
    issuer whose name fits, and whose key identifier does not differ, and fail where that one
    did not sign, leads nowhere, or is unfit. Unfit is, for example, an earlier certificate of
    the same CA with name constraints or an extended key usage that exclude the gateway, or
    without CA:TRUE. OpenSSL, and what is built on it, looks through the trusted certificates
    first, then through the presented ones in their order, and prefers one that is in date.
    GnuTLS looks through the presented ones first, and takes the last of the trusted ones.
    mbedTLS and BearSSL go forward only and ignore key identifiers. NSS takes the one whose
    validity began last. Java takes a chain that is presented in order as it is; wolfSSL also
    looks at presented certificates that it does not need. It happens where a CA was
    cross-signed or renewed, where CAs certified each other, and where a CA was made again under
    its name while certificates carry no key identifiers. OpenSSL then says "unable to get local
    issuer certificate" (20), "self-signed certificate in certificate chain" (19), "certificate
    signature failure" (7), or what is wrong with the unfit one.

    Remedy:
    Remove the wrong one: from the device CA file where it is presented, from the trust of the
    client where it is trusted. Where both are needed, put the one that the clients' root issued
    first, and have certificates issued with key identifiers, so that clients can tell keys of
    one name apart:

        subjectKeyIdentifier = hash
        authorityKeyIdentifier = keyid:always
    """
    path = hierarchy.path
    if path is None or path.ended is not Ending.ANCHOR or not _ambiguous(hierarchy):
        return None
    found = [each for each in map(_Choice.of, misled(case)) if each.concerns(hierarchy)]
    if not found:
        return None
    refused = frozenset(each.misled.refuser for each in found)
    first = min(found, key=lambda each: each.beside is not None)
    told, because = _told(first, refused, case)
    return Violation(
        told,
        wanted=wanted.sha256 if (wanted := case.issuer(first.child)) else None,
        found=first.wrong.sha256,
        certificates=first.certificates(case),
        severity=severity_for(refused),
        evidence={
            "taken": [certificate.sha256 for certificate in first.misled.taken.certificates],
            "candidates": candidates(first.child, case, first.wrong),
        },
        remedy=_remedy(first, case),
        changes=TRUSTED if place(first.wrong, case)[0] == "trusted" else PRESENTED,
        refused_by=refused,
        because_of=because,
    )


@rule(
    "chain.several-paths",
    title="Several paths lead to what the client trusts",
    severity=INFO,
    over=Over.HIERARCHY,
    purpose="server",
    when=[SEVERAL_ISSUERS],
    act=Act.NOTHING,
    needs=[Need.TRUST],
    references=[rfc(4158, "2.4.2")],
)
def several_paths(hierarchy: Hierarchy, case: Case) -> Violation | None:
    """More than one chain of issuers ends at a certificate that the client trusts.

    That is how cross-signed CAs and renewed roots are meant to work. It is worth knowing where
    one of the paths expires or is withdrawn. Which one a client uses is its own choice, and
    most never try a second one (`chain.wrong-issuer-first` tells where that fails today).

    Remedy:
    none, because nothing is wrong. A certificate that no client needs any more can be removed.
    """
    path = hierarchy.path
    if path is None or path.ended is not Ending.ANCHOR or path.verdict is not True:
        return None
    if not _ambiguous(hierarchy):
        return None
    for link in path.links:
        for other in hierarchy.pool.links(link.child):
            if other.issuer in path.certificates or not other.names_match:
                continue
            if other.signature.state is not State.VALID:
                continue
            end = leads_to(other.issuer, case, set(path.certificates))
            if end is None:
                continue
            return Violation(
                f"{case.named(link.child)} has two issuers that lead to what is trusted: "
                f"{case.named(link.issuer)}, and another certificate that ends "
                f"{shown_time(other.issuer.not_after)}",
                wanted=link.issuer.sha256,
                found=other.issuer.sha256,
                certificates=(link.child, link.issuer, other.issuer),
                evidence={"anchors": [path.certificates[-1].sha256, end.sha256]},
            )
    return None


def _ambiguous(hierarchy: Hierarchy) -> bool:
    """Whether a certificate of the path has more than one possible issuer."""
    path, pool = hierarchy.path, hierarchy.pool
    certificates = path.certificates[:-1] if path else ()
    return any(len(pool.links(certificate)) > 1 for certificate in certificates)


class _Choice(NamedTuple):
    """What one kind of client takes wrongly.

    Attributes:
        misled: who, and the chain that it settles on.
        child: the certificate whose issuer is meant.
        wrong: the issuer that is taken, or that the client cannot bear to see.
        beside: that one, where the client does not need it and looks at it all the same.
    """

    misled: Misled
    child: Certificate
    wrong: Certificate
    beside: Certificate | None

    @classmethod
    def of(cls, found: Misled) -> "_Choice":
        """Where nobody strays, what the client objects to."""
        if found.wrong is not None:
            return cls(found, found.child, found.wrong, None)
        objections = found.taken.objections
        beside = objections[0].certificate if objections else found.child
        return cls(found, found.child, beside, beside)

    def concerns(self, hierarchy: Hierarchy) -> bool:
        """Whether it is about one of several issuers; the rest is an order, or a surplus."""
        path = hierarchy.path
        if self.beside is None or path is None:
            return path is not None
        if self.beside in path.certificates:
            return False
        links = (link for c in path.certificates for link in hierarchy.pool.links(c))
        return any(link.names_match and link.issuer == self.beside for link in links)

    def certificates(self, case: Case) -> tuple[Certificate, ...]:
        """Those concerned: the wrong one, the one below it, the right one, and what is refused."""
        right = case.issuer(self.child)
        refused = [each.certificate for each in self.misled.taken.objections[:1]]
        if self.misled.taken.ended is not Ended.TRUSTED:
            refused.append(self.misled.taken.certificates[-1])
        return tuple(dict.fromkeys((self.wrong, self.child, *filter(None, (right,)), *refused)))


_Because = tuple[str, Certificate] | None


def _told(first: _Choice, refused: frozenset[Refuser], case: Case) -> tuple[str, _Because]:
    """One sentence, and what explains it where another rule does."""
    who = in_few_words(refused)
    wrong = f"the certificate {shown_name(first.wrong)}, {shown_place(first.wrong, case)},"
    why = _why(first, case)
    if first.beside is not None:
        told = f"{wrong} is there too, and cannot be verified by {who}{f': {why}' if why else ''}"
        return told, ("chain.serial-number-reused", first.wrong)
    right = case.issuer(first.child)
    instead = "which is trusted itself,"
    if right is not None:
        instead = f"instead of {_other(right, first.wrong, case)}"
    told = f"{wrong} is taken for the issuer of {case.named(first.child)} {instead} by {who}"
    return f"{told}: {why}", None


def _other(right: Certificate, wrong: Certificate, case: Case) -> str:
    """Where the right one stands; its number alone, where that is beside the wrong one."""
    where, number = place(right, case)
    return f"number {number}" if where == place(wrong, case)[0] else shown_place(right, case)


def _why(first: _Choice, case: Case) -> str:
    """Why the chain fails that a client builds."""
    link = link_to(first.child, first.wrong, case)
    reasons = against(link, case) if first.beside is None else list(unfit(link, case))
    if reasons or first.beside is not None:
        return " and ".join(reasons)
    objections = first.misled.taken.objections
    at = objections[0].certificate if objections else first.misled.taken.certificates[-1]
    return f"on that way {case.named(at)} does not pass"


def _remedy(first: _Choice, case: Case) -> str:
    """Which object has to change: the file that is presented, or what the client trusts."""
    where, number = place(first.wrong, case)
    wrong = f"number {number}, {shown_name(first.wrong)}"
    right = case.issuer(first.child)
    if where == "trusted":
        return (
            f"Remove {wrong}, from what the client trusts. Where clients need both, put the one "
            "that fits first."
        )
    also = ""
    if right is not None and first.beside is None and right in case.hierarchy.sequence:
        fits = case.hierarchy.sequence.index(right) + 1
        also = f" Where clients need both, put number {fits} in front of it."
    return (
        f"Remove {wrong}, from what the gateway presents: above its server certificate, that is "
        f"the device CA's certificate file. Then apply the configuration.{also}"
    )
