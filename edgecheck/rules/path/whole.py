"""Rules about the path as a whole: its length, its profile, and what stays undecided."""

from contextlib import suppress
from typing import Any

from edgecheck.hierarchy.hierarchy import BEYOND
from edgecheck.hierarchy.rfc5280.violations import (
    DepthViolation,
    Kind,
    PathViolation,
    ProfileViolation,
    Undecidable,
)
from edgecheck.hierarchy.shapes import made_by_certd
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.late import late
from edgecheck.reading.text import safe
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.objects import untold
from edgecheck.rules.engine.rule import ERROR, Act, Over, Reference, Violation, rule
from edgecheck.rules.references import measured, rfc


@rule(
    "path.too-deep",
    title="There are more CA certificates on the path than the validation allows",
    severity=ERROR,
    over=Over.PATH_VIOLATION,
    kinds=[Kind.TOO_DEEP],
    act=Act.CONFIGURE,
    changes="max_depth",
    references=[
        rfc(5280, "6.1"),
        measured("with 10 CAs Java, rustls, mbedTLS, wolfSSL and cryptography refuse it"),
    ],
)
def too_deep(violated: DepthViolation, case: Case) -> Violation:
    """From the server certificate to what is trusted it is further than `max_depth` allows.

    This bound was stated by whoever asked (`Validation(max_depth=...)`); without it nothing is
    said. Clients have bounds of their own: rustls takes 6 CA certificates between server and
    root, mbedTLS, wolfSSL and cryptography take 8, Java takes 10 certificates in all. OpenSSL,
    Node, Python, .NET and Go took 25.

    Remedy:
    Use fewer intermediate CAs, or allow a greater depth.
    """
    return Violation(
        f"there are {violated.between} CA certificates between the first one and the trusted one, "
        f"{case.expected.validation.max_depth} are allowed",
        wanted=case.expected.validation.max_depth,
        found=violated.between,
        certificates=(violated.certificate,),
    )


@rule(
    "path.undecided",
    title="Whether the path is valid could not be decided",
    severity=ERROR,
    over=Over.PATH_VIOLATION,
    kinds=[Kind.UNDECIDED],
    act=Act.REISSUE,
    follows=[
        "input.malformed-certificate",
        "input.unreadable-fact",
        "input.duplicate-extension",
        "input.algorithm-mismatch",
        "encoding.not-der",
        "encoding.time",
        "extension.version-not-3",
        "encoding.name",
        "encoding.extension-undecodable",
        "path.unprocessable-extension",
    ],
    references=[rfc(5280, "6.1")],
)
def undecided(violated: Undecidable, case: Case) -> Violation | None:
    """A step of the validation needs a fact that cannot be read, checked or afforded.

    It may be a signature algorithm that is not known, or a field or an extension that cannot be
    decoded. It may be a name constraint that bears on a name and cannot be evaluated, a
    revocation list (CRL) that was given and cannot be used, or a spent bound on the work. None
    of them is a pass, so the verdict stays open.

    Remedy:
    Have the certificate reissued, so that it can be read, and verified by an algorithm that
    clients know. Where a CRL cannot be used, give one that can, or none. Where a bound was
    spent, present fewer certificates, or raise the bound in `Validation.limits`.
    """
    same = (
        other
        for other in _violations(case)
        if isinstance(other, Undecidable)
        and other.certificate is violated.certificate
        and other.because == violated.because
    )
    if next(same, violated) is not violated:
        return None  # one fact that several steps need
    told = safe(violated.because, 600)
    if "(RFC 5280, " not in told:  # as it is in what is said of a CRL
        told += f" ({_place(violated)})"
    return Violation(
        f"{case.named(violated.certificate)}: {told}",
        wanted="a decided step",
        found=violated.because,
        certificates=(violated.certificate,),
        **_to_decide(violated, case),
        evidence={"step": violated.step},
        because_of=_unreadable_key(told, case.issuer(violated.certificate)),
        explained_by=frozenset({"input.over-limit"} if violated.because == BEYOND else ()),
    )


def _to_decide(violated: Undecidable, case: Case) -> dict[str, Any]:
    """Return remedy and object where it is not the certificate that leaves something open."""
    if violated.step == _OF_A_CRL:
        issuer = safe(str(violated.certificate.issuer), 120)
        return {
            "remedy": "Give a CRL that can be used, or none. This shows what one says:\n\n"
            "    openssl crl -in CRL -noout -issuer -lastupdate -nextupdate",
            "changes": untold(f'a CRL of "{issuer}" that can be used'),
        }
    if _SPENT.search(violated.because):
        return {
            "remedy": "Present fewer certificates, or raise the bound: in Python "
            "`Validation(limits=Limits(...))`.",
            "changes": untold("a chain of fewer certificates, or a larger bound"),
        }
    named = case.named(violated.certificate)
    return {"remedy": f"Have {named} reissued, so that it can be read and verified."}


_OF_A_CRL = "6.3.3"
_SPENT = late(r"\b(bounds? |budget|beyond the bound|has more than \d+ nodes)")
"""What is said where there was more work than the bounds allow."""


def _unreadable_key(told: str, issuer: Certificate | None) -> tuple[str, Certificate] | None:
    """A signature that cannot be checked follows from the key above that cannot be read."""
    if issuer is None or not told.startswith("signature: subjectPublicKeyInfo"):
        return None
    return "encoding.not-der" if issuer.loaded is None else "input.unreadable-fact", issuer


@rule(
    "path.profile",
    title="A certificate breaks what the profile demands of it",
    severity=ERROR,
    over=Over.PATH_VIOLATION,
    kinds=[Kind.PROFILE],
    act=Act.REISSUE,
    references=[
        rfc(5280, "4"),
        Reference(
            "CA/Browser Forum: Baseline Requirements for TLS server certificates",
            "https://cabforum.org/working-groups/server/baseline-requirements/requirements/",
        ),
    ],
)
def profile(violated: ProfileViolation, case: Case) -> Violation | None:
    """Who asks for the profile `rfc5280` or `web-pki` asks for more than clients do.

    RFC 5280, section 6.1, accepts more than section 4 lets authorities issue. The profile
    `rfc5280` holds every certificate of the path to the MUSTs of section 4, the trusted one's
    too, and `web-pki` also to those of the CA/Browser Forum's requirements that bear on
    validation. In the default profile, `iot-edge`, none of this is asked.

    All that a certificate breaks is listed. What the runtime makes breaks some of it: the
    server certificates of IoT Edge 1.2 and later have the serial number 0, and those of 1.2 do
    not name the key of their issuer (authorityKeyIdentifier).

    Remedy:
    Have the certificate reissued as the sections named demand. What the runtime makes cannot
    be changed; for a gateway, ask for the profile `iot-edge`.
    """
    certificate = violated.certificate
    broken = [
        other
        for other in _violations(case)
        if isinstance(other, ProfileViolation) and other.certificate is certificate
    ]
    if broken[0] is not violated:
        return None
    own = [each for each in broken if _said_by(certificate, each.told) is None]
    first, others = (own or broken)[0], len(broken) - 1
    cause = None if own else _said_by(certificate, first.told)
    more = f", and {others} more" if others else ""
    return Violation(
        f"{case.named(certificate)}: {safe(str(first.told))} ({_place(first)}){more}",
        wanted=f"a certificate of the profile {case.expected.profile}",
        found=[f"{safe(str(each.told))} ({_place(each)})" for each in broken],
        certificates=(certificate,),
        remedy=_STOCK if made_by_certd(certificate) else None,
        changes=untold("the profile `iot-edge`") if made_by_certd(certificate) else None,
        because_of=(cause, certificate) if cause is not None else None,
        evidence={"steps": [each.step for each in broken]},
    )


_STOCK = (
    "Ask for the profile `iot-edge`: this certificate is as the runtime makes it, which cannot be "
    "changed."
)
_SAID_BY = {
    "signatureAlgorithm differs from the signed signature field": "input.algorithm-mismatch",
    "an extension is there twice": "input.duplicate-extension",
    "basicConstraints is missing in a CA certificate": "ca.not-a-ca",
    "keyCertSign is set, and basicConstraints does not say CA:TRUE": "ca.not-a-ca",
    "a path length without CA:TRUE": "ca.not-a-ca",
    "a path length without keyCertSign": "ca.no-cert-sign",
    "extKeyUsage without serverAuth": "path.not-for-this-purpose",
    "subjectAltName is missing in a subscriber's certificate": "hostname.cn-only",
}
"""The rule of error that says the same of a certificate, if it says it."""


def _said_by(certificate: Certificate, told: str) -> str | None:
    """The rule that says it already; nothing has been said of what only a warning is about."""
    with suppress(Unreadable):
        names = certificate.alt_names
        if names is not None and told in names.wrong and not certificate.is_ca:
            return "encoding.alternative-name"
    return _SAID_BY.get(told)


def _violations(case: Case) -> tuple[PathViolation, ...]:
    path = case.hierarchy.path
    return tuple(path.violations) if path is not None else ()


def _place(violated: PathViolation) -> str:
    """`RFC 5280, 4.2.1.9`: the document that a step or section is of."""
    step = violated.step
    if step.startswith("RFC"):
        return step
    if violated.kind is Kind.PROFILE and not step.startswith("4."):
        return f"CA/Browser Forum, {step}"
    return f"RFC 5280, {step}"
