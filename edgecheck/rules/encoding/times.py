"""Times: how they are written, and whether they are in order."""

import re
from contextlib import suppress

from edgecheck.behaviour.bearssl import chain as bearssl
from edgecheck.behaviour.jsse import parse as jsse
from edgecheck.behaviour.openssl.times import short
from edgecheck.behaviour.refusers import EVERYBODY, NSS, OPENSSL, OPENSSL_OLD, Refuser
from edgecheck.reading import ber, der
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.der import Malformed
from edgecheck.reading.strict import faults
from edgecheck.reading.text import safe
from edgecheck.rules.encoding.conditions import ODD_TIME
from edgecheck.rules.encoding.structure import severity
from edgecheck.rules.engine.case import Case, shown_name, shown_time
from edgecheck.rules.engine.rule import ERROR, Act, Over, Violation, rule
from edgecheck.rules.input.conditions import MALFORMED
from edgecheck.rules.places import of_anchors
from edgecheck.rules.references import measured, rfc

R = Refuser
_STRICT = OPENSSL | OPENSSL_OLD | {R.DOTNET, R.RUSTLS, R.CRYPTOGRAPHY, R.MBEDTLS, R.BOTAN}
_FORMS: tuple[tuple[str, str, frozenset[Refuser]], ...] = (
    (r"\x17\d{10}Z", "has no seconds", _STRICT | {R.WOLFSSL}),
    (
        r"\x17\d{10}[+-](?!0000)\d{4}",
        "has no seconds, and a zone other than Z",
        _STRICT | {R.GNUTLS, R.WOLFSSL},
    ),
    (
        r"(?:\x17\d{10}(?:\d\d)?|\x18\d{14})[+-]0000",  # which Go would write as Z
        "has a zone other than Z",
        _STRICT | {R.GO, R.GNUTLS},
    ),
    (
        r"(?:\x17\d{12}|\x18\d{14})[+-]\d{4}",
        "has a zone other than Z",
        _STRICT | {R.GNUTLS},
    ),
    (
        r"\x18\d{14}\.\d+Z",
        "has fractions of a second",
        _STRICT | NSS | {R.GO, R.GNUTLS, R.WOLFSSL},
    ),
    (
        r"\x18\d{14},\d+Z",
        "has fractions of a second",
        _STRICT | NSS | {R.GO, R.GNUTLS, R.WOLFSSL},
    ),
    (r"\x18\d{8,12}Z", "has no seconds", _STRICT | {R.GO, R.WOLFSSL}),
    (r"[\x17\x18]\d+", "has no zone", EVERYBODY - {R.MBEDTLS}),
)
_WITHOUT_DATES = of_anchors(R.RUSTLS)
"""Of an anchor it takes name, key and constraints alone."""
_NOT_OF_ANCHORS = of_anchors(R.JAVA, R.RUSTLS, R.BEARSSL)
"""Those that do not ask whether what they trust is valid now."""
_CALENDAR = OPENSSL | OPENSSL_OLD | {R.DOTNET, R.GO, R.RUSTLS, R.CRYPTOGRAPHY}
_FROM_2050 = 2_524_608_000
_BEFORE_1950 = -631_152_000


@rule(
    "encoding.time",
    title="A time is not written as certificates must write it",
    severity=ERROR,
    over=Over.EACH_CERTIFICATE,
    when=[MALFORMED, ODD_TIME],
    act=Act.REISSUE,
    follows=["runtime.not-before-misread"],
    references=[
        rfc(5280, "4.1.2.5.1"),
        rfc(5280, "4.1.2.5.2"),
        measured(
            "without seconds or with a zone: OpenSSL with error 14 (or 13), .NET NotTimeValid, Go "
            'with "malformed UTCTime" or "malformed GeneralizedTime" but for a zone other than '
            "+0000 and a missing second in a two-digit year. Four digits before 2050: "
            "cryptography alone"
        ),
    ],
)
def time(certificate: Certificate) -> Violation | None:
    """A certificate's times are `YYMMDDHHMMSSZ` up to 2049 and `YYYYMMDDHHMMSSZ` from 2050 on.

    The first is a UTCTime, the second a GeneralizedTime; both have seconds and end in Z,
    without fractions. OpenSSL says "format error in certificate's notAfter field" (14; 13 for
    notBefore) when it verifies the certificate. Since 3.4 it does not even read a chain with a
    time that is too short, wherever in it the certificate stands. Java takes nearly all times.
    A GeneralizedTime for a year before 2050 disturbs `cryptography` alone, but the runtime up
    to 1.1 reads no GeneralizedTime at all.

    Remedy:
    Have the certificate reissued by software that writes times as RFC 5280 wants them: OpenSSL
    does, with `openssl x509 -days` or `openssl ca -enddate 20300101000000Z`.
    """
    found = []
    refused_by: frozenset[Refuser] = frozenset()
    for fault in faults(certificate.der):
        if fault.kind == ber.TIME:
            told, by = _form(fault.found, fault.told)
            found.append((fault.field, _shown(fault.found), told))
            refused_by |= by
    for field, raw, moment in _readable(certificate):
        if raw[0] == der.GENERALIZED_TIME and _BEFORE_1950 <= moment < _FROM_2050:
            found.append((field, _shown(raw), "is a GeneralizedTime although before 2050"))
            refused_by |= {R.CRYPTOGRAPHY}
    if not found:
        return None
    said = "; ".join(f'{field} "{text}" {told}' for field, text, told in found)
    return Violation(
        f"the certificate {shown_name(certificate)}: {said}",
        wanted="YYMMDDHHMMSSZ as UTCTime up to 2049, YYYYMMDDHHMMSSZ as GeneralizedTime from 2050",
        found=[text for _, text, _ in found],
        certificates=(certificate,),
        severity=severity(refused_by),
        refused_by=refused_by,
        accepting=_WITHOUT_DATES,
        also=_unread if _has_short(certificate) else None,
        evidence={"field": found[0][0]},
    )


def _has_short(certificate: Certificate) -> bool:
    """Whether OpenSSL since 3.4 ends at a time that is too short, and at nothing before it."""
    with suppress(Unreadable):
        return short(certificate) is not None
    return False


def _unread(certificate: Certificate, case: Case) -> frozenset[Refuser]:
    """Who does not read the chain at all, where others take it without the certificate."""
    path, presented = case.hierarchy.path, case.hierarchy.sequence
    if path is None:
        return frozenset()
    if certificate in presented:
        return frozenset() if certificate in path.certificates else frozenset({R.OPENSSL_3_4})
    return _unloaded(certificate, case) if certificate in path.certificates else frozenset()


def _unloaded(certificate: Certificate, case: Case) -> frozenset[Refuser]:
    """Return who does not load a trusted root, beside which others find another one."""
    from edgecheck.behaviour.issuers import taken  # sound chains need none of it
    from edgecheck.behaviour.openssl.unloaded import unloaded

    with suppress(Unreadable, Malformed):
        if any(taken(case.view, kind).good for kind in (R.NODE, R.S_CLIENT)):
            return unloaded(case.view, certificate)
    return frozenset()


def _form(raw: bytes, otherwise: str) -> tuple[str, frozenset[Refuser]]:
    """What is wrong with a time that is no time of RFC 5280, and who refuses it."""
    told, by = _measured(raw, otherwise)
    for client, reads in ((R.JAVA, jsse.possible_time), (R.BEARSSL, bearssl.possible_time)):
        by = by - {client} if reads(raw) else by | {client}
    return told, by


def _measured(raw: bytes, otherwise: str) -> tuple[str, frozenset[Refuser]]:
    """The same but for those of whom it is known how they read any time."""
    text = raw[:1].decode("latin-1") + raw[2:].decode("latin-1")
    if re.fullmatch(r"\x17\d{12}Z|\x18\d{14}Z", text):
        clock = int(text[-7:-5]) > 23 or int(text[-5:-3]) > 59
        month, day = int(text[-11:-9]), int(text[-9:-7])
        if clock or not (1 <= month <= 12 and 1 <= day <= 31):
            return f"is {otherwise}", EVERYBODY
        return f"is {otherwise}", _CALENDAR | ({R.NSS} if text[-3:-1] > "59" else set())
    for pattern, told, by in _FORMS:
        if re.fullmatch(pattern, text):
            return told, by
    return "is no time", EVERYBODY


def _shown(raw: bytes) -> str:
    return safe(raw[2:].decode("latin-1"), 40)


def _readable(certificate: Certificate) -> list[tuple[str, bytes, int]]:
    """Times that are of one of the two forms, with what they say."""
    found = []
    for field, fact in (("notBefore", "not_before"), ("notAfter", "not_after")):
        try:
            raw: bytes = getattr(certificate, f"{fact}_raw")
            moment: int = getattr(certificate, fact)
        except Unreadable:
            continue
        if len(raw) in (15, 17) and raw[-1:] == b"Z" and raw[2:-1].isdigit():
            found.append((field, raw, moment))
    return found


@rule(
    "encoding.validity-inverted",
    title="A certificate ends before it begins",
    severity=ERROR,
    over=Over.EACH_ON_PATH,
    when=[MALFORMED, ODD_TIME],
    act=Act.REISSUE,
    references=[
        rfc(5280, "4.1.2.5"),
        rfc(5280, "4.1.2.5.1"),
        measured(
            "every client refuses it, as expired or as not yet valid; of a root Java does not"
        ),
    ],
)
def validity_inverted(certificate: Certificate, case: Case) -> Violation | None:
    """NotAfter lies before notBefore: there is no moment at which the certificate is valid.

    Often the year 2050 or a later one was written as a UTCTime, which has two digits for it:
    50 to 99 mean 1950 to 1999. Otherwise the two were swapped, or the clock of the issuing
    machine was wrong.

    Remedy:
    Have the certificate reissued with an end behind its beginning, from 2050 on written as
    GeneralizedTime, as OpenSSL does by itself.
    """
    begin, end = certificate.not_before, certificate.not_after
    if begin <= end:
        return None
    told = f"{case.named(certificate)} ends at {shown_time(end)}, before it begins"
    raw = certificate.not_after_raw
    if raw[0] == der.UTC_TIME and end < 0:
        year = _shown(raw)[:2]
        told += f": a year of two digits (UTCTime), and {year} means 19{year}"
    return Violation(
        told,
        wanted=f"notAfter not before {shown_time(begin)}",
        found=shown_time(end),
        certificates=(certificate,),
        refused_by=EVERYBODY,
        accepting=_NOT_OF_ANCHORS,
        evidence={"field": "notAfter"},
    )
