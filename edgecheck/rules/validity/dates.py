"""Rules about when certificates begin and end: before, at and after the moment of the check."""

from edgecheck.behaviour.refusers import EVERYBODY, NSS, Refuser
from edgecheck.hierarchy.rfc5280.violations import Kind, PathViolation
from edgecheck.hierarchy.shapes import FIRST_1_2
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.distance import distance
from edgecheck.rules.engine.case import Case, shown_time
from edgecheck.rules.engine.rule import ERROR, INFO, WARNING, Act, Over, Violation, rule
from edgecheck.rules.references import (
    botan,
    identity_service,
    issue,
    measured,
    rfc,
    webpki,
)
from edgecheck.rules.validity.common import DAY, ends_with_issuer, made_by_runtime
from edgecheck.rules.validity.conditions import AFTER_3100, BEFORE_1970, YEAR_3101

ANCHORS_DATES_IGNORED = frozenset({Refuser.JAVA, Refuser.RUSTLS, Refuser.BEARSSL})
"""Clients that do not look at the dates of what they trust."""
LAST_MISSED = (1, 2, 7)
"""The last runtime whose edgeHub misses the renewal of its certificate."""


@rule(
    "validity.expired",
    title="A certificate has expired",
    severity=ERROR,
    over=Over.PATH_VIOLATION,
    kinds=[Kind.EXPIRED],
    follows=["encoding.validity-inverted"],
    act=Act.RENEW,
    references=[
        rfc(5280, "4.1.2.5"),
        identity_service("aziotctl/src/internal/check/checks/certs_preloaded.rs"),
        issue("Azure/iotedge", 6158),
        issue("Azure/iotedge", 6708),
        measured("every client refuses it; Java, rustls and BearSSL ignore the dates of a root"),
    ],
)
def expired(violated: PathViolation, case: Case) -> Violation:
    """The moment of the check is after the certificate's notAfter.

    Every certificate of the chain counts, not only the server's; of clients that deployments
    run, Java alone does not look at the dates of a root. The checks that come with the
    runtime open the first certificate of each file alone, so an expired intermediate or root
    stays unnoticed there. What the runtime issues never outlives its issuer: when a device CA
    ends, workload CA and server certificate end with it, and follow from it here.

    Remedy:
    Have the certificate renewed and install it; a root has to be replaced in the trust of every
    client too. A server certificate or a workload CA is renewed by the runtime: restart it
    (`sudo iotedge system restart`; `sudo systemctl restart iotedge` up to 1.1). edgeHub of 1.2.0 to
    1.2.7 misses its own renewal: update it. Certificates of the convenience scripts live 30 days:
    make production certificates.
    """
    certificate = violated.certificate
    end = certificate.not_after
    told = f"{case.named(certificate)} expired at {shown_time(end)}, "
    told += distance(end, case.expected.at_seconds)
    missed = _missed_renewal(certificate, case)
    if missed:
        told += "; the CA that issued it is still valid, so the runtime missed its renewal"
    return Violation(
        told,
        wanted=f"notAfter later than {shown_time(case.expected.at_seconds)}",
        found=shown_time(certificate.not_after),
        certificates=(certificate,),
        remedy=_renew_by_runtime(case) if missed else None,
        evidence={"missed_renewal": True} if missed else {},
        because_of=ends_with_issuer(certificate, case, "validity.expired"),
        refused_by=_but_for_anchors(certificate, case),
    )


def _but_for_anchors(certificate: Certificate, case: Case) -> frozenset[Refuser]:
    """Everybody, but for those who do not look at the dates of what they trust.

    Java does where it has to build a path, since what is presented is none.
    """
    from edgecheck.behaviour.jsse import chain as jsse  # sound chains need none of it

    path = case.hierarchy.path
    if path is None or certificate != case.hierarchy.anchor:
        return EVERYBODY
    if len(path) > 2 and jsse.in_order(case.view) is None:
        return EVERYBODY - ANCHORS_DATES_IGNORED | {Refuser.JAVA}
    return EVERYBODY - ANCHORS_DATES_IGNORED


def _missed_renewal(certificate: Certificate, case: Case) -> bool:
    """Whether the runtime should have issued a new server certificate, and could have."""
    if case.hierarchy.runtime is None or certificate is not case.hierarchy.server:
        return False
    if not made_by_runtime(certificate, case):
        return False
    issuer = case.issuer(certificate)
    return issuer is not None and issuer.not_after > case.expected.at_seconds


def _renew_by_runtime(case: Case) -> str:
    restart = "Restart the runtime, which then issues a new server certificate"
    if case.within(FIRST_1_2, LAST_MISSED):
        return (
            f"{restart} (`iotedge system restart`), and update it to 1.2.8 or later: before, "
            "edgeHub misses the moment to renew"
        )
    return (
        f"{restart} (`iotedge system restart`; `systemctl restart iotedge` up to 1.1). If that "
        "does not help, its log says why the CA cannot issue; compare the clocks too"
    )


@rule(
    "validity.not-yet-valid",
    title="A certificate is not valid yet",
    severity=ERROR,
    over=Over.PATH_VIOLATION,
    kinds=[Kind.NOT_YET_VALID],
    follows=["encoding.validity-inverted"],
    act=Act.WAIT,
    references=[
        rfc(5280, "4.1.2.5"),
        issue("Azure/iotedge", 4062),
        issue("Azure/iotedge", 1815),
        measured("every client refuses it; NSS tolerates up to one day"),
    ],
)
def not_yet_valid(violated: PathViolation, case: Case) -> Violation:
    """The moment of the check is before the certificate's notBefore.

    On gateways without a battery-backed clock this means that the daemon started before the
    time was set, or that the clock of the client is behind. Up to 1.1 the daemon then
    removes all modules, since it cannot use its own CA.

    Remedy:
    Compare the clocks of the gateway, of the client and of the machine that issued the
    certificate, and start the daemon after time synchronisation. Where the clocks are right,
    reissue the certificate with an earlier notBefore.
    """
    certificate = violated.certificate
    refused_by = _but_for_anchors(certificate, case)
    if certificate.not_before - case.expected.at_seconds <= DAY:
        refused_by -= NSS
    return Violation(
        f"{case.named(certificate)} is valid only from {shown_time(certificate.not_before)} on",
        wanted=f"notBefore not later than {shown_time(case.expected.at_seconds)}",
        found=shown_time(certificate.not_before),
        certificates=(certificate,),
        refused_by=refused_by,
    )


@rule(
    "validity.before-1970",
    title="A certificate has a date before 1970",
    severity=WARNING,
    over=Over.EACH_ON_PATH,
    when=[BEFORE_1970],
    follows=["encoding.validity-inverted"],
    act=Act.REISSUE,
    references=[
        rfc(5280, "4.1.2.5"),
        webpki("src/time.rs"),
        measured("rustls refuses it, nobody else"),
    ],
)
def before_1970(certificate: Certificate, case: Case) -> Violation | None:
    """A date lies before 1970-01-01, from which on Unix counts its seconds.

    RFC 5280 allows years from 1950 on as UTCTime, and earlier ones as GeneralizedTime. rustls
    counts in seconds that cannot be negative, and takes such a date for malformed: it refuses
    the whole chain. It does not read the dates of what it trusts. No other client minds.

    Remedy:
    Reissue the certificate with a time to begin (notBefore) at which its key existed. A date in
    1950 or 1900 mostly comes from a device that had no clock when it asked for the certificate.
    """
    begins = certificate.not_before < 0
    at = certificate.not_before if begins else certificate.not_after
    trusted = certificate == case.hierarchy.anchor
    if at >= 0:
        return None
    return Violation(
        f"{case.named(certificate)} {'begins' if begins else 'ends'} at {shown_time(at)}",
        wanted="1970-01-01 or later",
        found=shown_time(at),
        certificates=(certificate,),
        severity=INFO if trusted else WARNING,
        refused_by=frozenset() if trusted else frozenset({Refuser.RUSTLS}),
    )


@rule(
    "validity.after-3100",
    title="A certificate has no end, or one that some clients cannot count to",
    severity=INFO,
    over=Over.EACH_ON_PATH,
    when=[AFTER_3100],
    act=Act.REISSUE,
    follows=["runtime.expires-after-2050"],
    refused_by=[Refuser.BOTAN],
    references=[
        rfc(5280, "4.1.2.5"),
        botan("src/lib/asn1/asn1_time.cpp"),
        measured("Botan 2 refuses it, nobody else"),
    ],
)
def after_3100(certificate: Certificate, case: Case) -> Violation | None:
    """A certificate ends after the year 3100, mostly at 9999-12-31 23:59:59.

    RFC 5280 (section 4.1.2.5) means by that very moment that there is no end, and nearly every
    client takes it so. Botan takes years up to 3100 alone, and cannot read the certificate at
    all.

    Remedy:
    Nothing where no client is built on Botan. Otherwise reissue the certificate with an end that
    it will live to see: a certificate without an end can never be got rid of.
    """
    if certificate.not_after < YEAR_3101:
        return None
    ends = shown_time(certificate.not_after)
    return Violation(
        f"{case.named(certificate)} ends at {ends}",
        wanted="a year up to 3100",
        found=ends,
        certificates=(certificate,),
    )
