"""Rules about what the runtime itself can process, by its version."""

from edgecheck.hierarchy.hierarchy import Hierarchy
from edgecheck.hierarchy.roles import Role
from edgecheck.hierarchy.shapes import LAST_1_1, OLDEST
from edgecheck.reading import der
from edgecheck.reading.certificate import Certificate
from edgecheck.rules.engine.case import Case, shown_name, shown_time
from edgecheck.rules.engine.rule import ERROR, INFO, WARNING, Act, Over, Severity, Violation, rule
from edgecheck.rules.references import ARTICLE, edge, issue
from edgecheck.rules.validity.conditions import ENDS_AFTER_2037, ENDS_IN_GENERALIZED_TIME, ODD_BEGIN

DOCUMENTED_LIMIT = 2_145_916_800
"""2038-01-01T00:00:00Z, in the documentation."""
TIME_T_LIMIT = 2_147_483_647
"""2038-01-19T03:14:07Z, the largest 32-bit time_t."""
LAST_1_0_9 = (1, 0, 9, 99)
FIRST_1_0_10 = (1, 0, 10)

_LIBIOTHSM = edge("edgelet/hsm-sys/azure-iot-hsm-c/src/certificate_info.c")


@rule(
    "runtime.expires-after-2038",
    title="A certificate ends in or after 2038, which IoT Edge up to 1.1 does not support",
    severity=WARNING,
    over=Over.HIERARCHY,
    when=[ENDS_AFTER_2037],
    act=Act.REISSUE,
    runtime="1.0.0 to 1.1.19",
    references=[
        ARTICLE,
        _LIBIOTHSM,
        issue("Azure/iotedge", 1960),
        issue("Azure/iotedge", 3819),
        issue("Azure/iotedge", 5395),
    ],
)
def expires_after_2038(hierarchy: Hierarchy, case: Case) -> list[Violation] | None:
    """libiothsm, which IoT Edge uses up to 1.1, has a limit for certificates' end.

    The article says that certificates expiring on or after January 1, 2038 cannot be used as
    device CA, in the trust bundle, or as the device's identity. The source has no such date:
    the seconds since 1970 overflow after 2038-01-19T03:14:07Z. Up to 1.0.9 they were
    computed in 32 bits on every processor, and only the device CA stopped the daemon
    ("1969-12-31T23:59:59Z"); from 1.0.10 to 1.1.19 only a 32-bit time_t overflows (ARM32):
    "Could not parse 'not after' timestamp from certificate". Only the first certificate of
    each file is parsed.

    So this is an error where the source says that the daemon does not start, a warning where
    the documentation forbids the certificate, and a note for others of the chain. Nothing
    parses them, but users had to replace such ones too. From 1.2 on there is no limit, and no
    TLS client that was measured has one. A certificate that ends in 2050 or later is one for
    `runtime.expires-after-2050`.

    Remedy:
    Have the certificate reissued so that it ends before 2038-01-01, or update to a supported
    runtime: 1.1 has been out of support since December 2022.
    """
    if case.within(OLDEST, LAST_1_1) is False:
        return None
    found = []
    for certificate in _looked_at(hierarchy, case):
        if certificate.not_after < DOCUMENTED_LIMIT or _generalized(certificate):
            continue
        severity, because = _judged_2038(certificate, case)
        ends = shown_time(certificate.not_after)
        found.append(
            Violation(
                f"{_named(certificate, case)} ends at {ends}; {because}",
                wanted="notAfter before 2038-01-01",
                found=ends,
                certificates=(certificate,),
                severity=case.bound(severity, OLDEST, LAST_1_1),
                evidence={
                    "time_t_bits": case.device.time_t_bits,
                    "overflows_time_t": certificate.not_after > TIME_T_LIMIT,
                },
                because_of=_ends_with_issuer(certificate, case, "runtime.expires-after-2038"),
            )
        )
    return found


@rule(
    "runtime.expires-after-2050",
    title="A certificate ends in or after 2050, in a form that IoT Edge up to 1.1 refuses",
    severity=ERROR,
    over=Over.HIERARCHY,
    when=[ENDS_IN_GENERALIZED_TIME],
    act=Act.REISSUE,
    runtime="1.0.0 to 1.1.19",
    references=[_LIBIOTHSM, issue("Azure/iotedge", 5402)],
)
def expires_after_2050(hierarchy: Hierarchy, case: Case) -> list[Violation] | None:
    """From 2050 on a certificate's end is a GeneralizedTime, which libiothsm cannot read.

    RFC 5280 writes years before 2050 as UTCTime and later ones as GeneralizedTime. libiothsm
    takes UTCTime only, on every processor: "Unsupported 'not after' time format in
    certificate", and the daemon does not start. The article does not mention this limit. The
    first certificate of the device CA file, of the trust bundle and of the identity
    certificate's file is parsed. Another one of the trust bundle is a warning, since the
    documentation forbids any that ends after 2037, and on others of the chain it is a note.
    From 1.2 on there is no limit.

    Remedy:
    Have the certificate reissued so that it ends before 2038-01-01, or update to a supported
    runtime: 1.1 has been out of support since December 2022.
    """
    if case.within(OLDEST, LAST_1_1) is False:
        return None
    found = []
    for certificate in _looked_at(hierarchy, case):
        if not _generalized(certificate):
            continue
        severity, because = INFO, "but it does not parse this certificate"
        if _parsed(certificate, case):
            severity, because = ERROR, "so it does not start"
        elif _documented(certificate, case):
            severity, because = WARNING, "and it parses the first of the trust bundle"
        ends = shown_time(certificate.not_after)
        found.append(
            Violation(
                f"{_named(certificate, case)} ends at {ends}, with a year of four digits "
                f"(GeneralizedTime), which IoT Edge up to 1.1 (libiothsm) does not read, {because}",
                wanted="an end before 2038-01-01, with a year of two digits (UTCTime)",
                found=ends,
                certificates=(certificate,),
                severity=case.bound(severity, OLDEST, LAST_1_1),
                because_of=_ends_with_issuer(certificate, case, "runtime.expires-after-2050"),
            )
        )
    return found


@rule(
    "runtime.not-before-misread",
    title="A certificate begins at a time that IoT Edge up to 1.1 misreads",
    severity=ERROR,
    over=Over.HIERARCHY,
    when=[ODD_BEGIN],
    act=Act.REISSUE,
    runtime="1.0.0 to 1.1.19",
    references=[_LIBIOTHSM],
)
def not_before_misread(hierarchy: Hierarchy, case: Case) -> list[Violation] | None:
    """Libiothsm takes the two digits of a year for one of this century, and no other form.

    A UTCTime has the years 1950 to 2049; libiothsm adds 2000 to both digits, so 1999 becomes 2099.
    From 1.0.10 on a 32-bit time_t (ARM32) overflows at that: "Could not parse 'not before'
    timestamp from certificate", and the daemon does not start. With 64 bits, and before 1.0.10,
    the wrong date is read and never compared, which is a note here. A notBefore as GeneralizedTime,
    which RFC 5280 wants for years before 1950 and after 2049 alone, is refused on every processor:
    "Unsupported 'not before' time format in certificate". The first certificate of the device CA
    file, of the trust bundle and of the identity certificate's file is parsed.

    Remedy:
    Have the certificate reissued with a notBefore of this century, written as UTCTime, or update to
    a supported runtime: 1.1 has been out of support since December 2022.
    """
    if case.within(OLDEST, LAST_1_1) is False:
        return None
    found = []
    for certificate in _looked_at(hierarchy, case):
        raw = certificate.not_before_raw
        generalized = raw[0] == der.GENERALIZED_TIME
        if not generalized and raw[2:4] < b"50":
            continue
        if _generalized(certificate):
            continue  # its end is refused before anybody looks at its begin
        begins = shown_time(certificate.not_before)
        severity, told = INFO, "but it does not parse this certificate"
        if generalized:
            what = "with a year of four digits, which IoT Edge up to 1.1 (libiothsm) does not read"
            if _parsed(certificate, case):
                severity, told = ERROR, "so it does not start"
        else:
            what = f"which IoT Edge up to 1.1 (libiothsm) reads as 20{raw[2:4].decode()}"
            if _parsed(certificate, case):
                severity, told = _judged_begin(case)
        judged = case.bound(severity, OLDEST, LAST_1_1)
        found.append(
            Violation(
                f"{_named(certificate, case)} begins at {begins}, {what}, {told}",
                wanted="notBefore in 2000 or later, as UTCTime",
                found=begins,
                certificates=(certificate,),
                severity=judged,
                because_of=("validity.before-1970", certificate) if judged is INFO else None,
            )
        )
    return found


def _judged_begin(case: Case) -> tuple[Severity, str]:
    """What a year between 2050 and 2099 does to a runtime up to 1.1."""
    bits, later = case.device.time_t_bits, case.within(FIRST_1_0_10, LAST_1_1)
    if bits == 64 or later is False:
        return INFO, "and never compares it"
    if bits == 32 and later:
        return ERROR, "which a 32-bit time_t does not hold, so it does not start"
    where = "" if later else " from 1.0.10 on"
    return WARNING, f"with which it does not start where time_t has 32 bits (ARM32){where}"


def _looked_at(hierarchy: Hierarchy, case: Case) -> list[Certificate]:
    """The path, and what libiothsm parses or the documentation names of the device's files."""
    expected, path = case.expected, hierarchy.path
    on_path = path.certificates if path else ()
    device_ca, identity = expected.device_ca_file or (), expected.identity_certificate or ()
    bundle = expected.trust_bundle or ()
    return list(dict.fromkeys([*on_path, *device_ca[:1], *bundle, *identity[:1]]))


def _named(certificate: Certificate, case: Case) -> str:
    """A certificate on no path is named by the file that it is in."""
    if case.role(certificate) is not Role.OTHER:
        return case.named(certificate)
    if _first(certificate, case.expected.identity_certificate):
        return f"the identity certificate {shown_name(certificate)}"
    if _first(certificate, case.expected.device_ca_file):
        return f"the configured device CA {shown_name(certificate)}"
    return f"the certificate {shown_name(certificate)} in the trust bundle"


def _generalized(certificate: Certificate) -> bool:
    return certificate.not_after_raw[0] == der.GENERALIZED_TIME


def _is_device_ca(certificate: Certificate, case: Case) -> bool:
    return case.role(certificate) is Role.DEVICE_CA or _first(
        certificate, case.expected.device_ca_file
    )


def _first(certificate: Certificate, file: tuple[Certificate, ...] | None) -> bool:
    return bool(file and file[0] == certificate)


def _parsed(certificate: Certificate, case: Case) -> bool:
    """Whether libiothsm opens this very certificate: the first one of a file."""
    return (
        _is_device_ca(certificate, case)
        or _first(certificate, case.expected.trust_bundle)
        or _first(certificate, case.expected.identity_certificate)
    )


def _documented(certificate: Certificate, case: Case) -> bool:
    """Whether the documentation forbids it; without a bundle the root stands for it."""
    bundle = case.expected.trust_bundle
    if _parsed(certificate, case):
        return True
    if bundle is None:
        return certificate == case.hierarchy.root
    return certificate in bundle


def _judged_2038(certificate: Certificate, case: Case) -> tuple[Severity, str]:
    """The severity for a runtime up to 1.1, by the layers of the limit, and the reason."""
    forbids = "the documentation of IoT Edge up to 1.1 forbids an end in or after 2038"
    if not _documented(certificate, case):
        return INFO, "IoT Edge up to 1.1 does not parse this certificate"
    if certificate.not_after <= TIME_T_LIMIT:
        return WARNING, forbids
    if not _parsed(certificate, case):
        return WARNING, f"{forbids} in the trust bundle, of which it parses the first certificate"
    bits, device_ca = case.device.time_t_bits, _is_device_ca(certificate, case)
    if device_ca and case.within(OLDEST, LAST_1_0_9):
        return ERROR, "IoT Edge up to 1.0.9 counts the seconds in 32 bits and does not start"
    later = case.within(FIRST_1_0_10, LAST_1_1)
    if bits == 32 and (device_ca or later):
        return ERROR, "a 32-bit time_t overflows, and IoT Edge up to 1.1 does not start"
    if later is False:
        return WARNING, f"{forbids}; up to 1.0.9 it overflows, but only the device CA's end matters"
    if bits == 64 and device_ca and later is None:
        return WARNING, "IoT Edge up to 1.0.9 does not start with it"
    if bits == 64:
        return WARNING, f"{forbids}, although a 64-bit time_t holds it"
    where = "1.0.10 to 1.1.19 where time_t has 32 bits (ARM32)"
    if device_ca and later is None:
        where = f"up to 1.0.9, and {where}"
    return WARNING, f"IoT Edge does not start with it: {where}"


def _ends_with_issuer(
    certificate: Certificate, case: Case, rule_id: str
) -> tuple[str, Certificate] | None:
    """What the runtime issues may end with its issuer, and then follows from it."""
    issuer = case.issuer(certificate)
    made_by_runtime = case.role(certificate) in (Role.SERVER, Role.WORKLOAD_CA)
    if made_by_runtime and issuer is not None and issuer.not_after == certificate.not_after:
        return rule_id, issuer
    return None
