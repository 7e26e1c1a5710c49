"""Rules about what the runtime itself can process, by its version."""

from edgecheck.hierarchy.hierarchy import Hierarchy
from edgecheck.hierarchy.roles import Role
from edgecheck.hierarchy.shapes import LAST_1_1, OLDEST
from edgecheck.reading import der
from edgecheck.reading.certificate import Certificate
from edgecheck.rules.case import Case, shown_time
from edgecheck.rules.references import ARTICLE, edge, issue
from edgecheck.rules.rule import ERROR, INFO, WARNING, Act, Over, Severity, Violation, rule

DOCUMENTED_LIMIT = 2_145_916_800
"""2038-01-01T00:00:00Z, in the documentation."""
TIME_T_LIMIT = 2_147_483_647
"""2038-01-19T03:14:07Z, the largest 32-bit time_t."""
LAST_1_0_9 = (1, 0, 9, 99)

_LIBIOTHSM = edge("edgelet/hsm-sys/azure-iot-hsm-c/src/certificate_info.c")


@rule(
    "runtime.expires-after-2038",
    title="A certificate ends in or after 2038, which IoT Edge up to 1.1 does not support",
    severity=WARNING,
    over=Over.HIERARCHY,
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
    computed in 32 bits on every processor, and only the device CA stopped the daemon; from
    1.0.10 to 1.1.19 only a 32-bit time_t overflows (ARM32): "Could not parse 'not after'
    timestamp from certificate", "1969-12-31T23:59:59Z". Only the first certificate of each
    file is parsed. So this is an error where the runtime refuses the certificate, a warning
    where the documentation forbids it, and a note for other certificates of the chain. From
    1.2 on there is no limit. Certificates that end in 2050 or later are
    `runtime.expires-after-2050`.

    Remedy:
    Reissue the certificate so that it ends before 2038-01-01, or update to a supported
    runtime: 1.1 has been out of support since December 2022.
    """
    if case.within(OLDEST, LAST_1_1) is False:
        return None
    found = []
    for certificate in _looked_at(hierarchy, case):
        if certificate.not_after < DOCUMENTED_LIMIT or _generalized(certificate):
            continue
        severity = _severity_2038(certificate, case)
        severity = case.bound(severity, OLDEST, LAST_1_1) or INFO
        bits = case.device.time_t_bits
        ends = shown_time(certificate.not_after)
        found.append(
            Violation(
                f"{case.named(certificate)} ends at {ends}; "
                + _reason_2038(certificate, severity, case),
                wanted="notAfter before 2038-01-01",
                found=ends,
                certificates=(certificate,),
                severity=severity,
                evidence={
                    "time_t_bits": bits,
                    "overflows_time_t": certificate.not_after > TIME_T_LIMIT,
                },
            )
        )
    return found


@rule(
    "runtime.expires-after-2050",
    title="A certificate ends in or after 2050, in a form that IoT Edge up to 1.1 refuses",
    severity=ERROR,
    over=Over.HIERARCHY,
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
    certificate is parsed; on others of the chain it is a note.

    Remedy:
    Reissue the certificate so that it ends before 2038-01-01, or update to a supported
    runtime.
    """
    if case.within(OLDEST, LAST_1_1) is False:
        return None
    found = []
    for certificate in _looked_at(hierarchy, case):
        if not _generalized(certificate):
            continue
        severity = ERROR if _parsed(certificate, case) else INFO
        if severity is INFO and _documented(certificate, case):
            severity = WARNING
        found.append(
            Violation(
                f"{case.named(certificate)} ends at {shown_time(certificate.not_after)}, written "
                "as GeneralizedTime, which libiothsm does not read",
                wanted="notAfter before 2038-01-01, as UTCTime",
                found=shown_time(certificate.not_after),
                certificates=(certificate,),
                severity=case.bound(severity, OLDEST, LAST_1_1),
            )
        )
    return found


def _looked_at(hierarchy: Hierarchy, case: Case) -> list[Certificate]:
    path = hierarchy.path
    identity = case.expected.identity_certificate or ()
    on_path = path.certificates if path else ()
    return list(dict.fromkeys([*on_path, *(case.expected.trust_bundle or ()), *identity[:1]]))


def _generalized(certificate: Certificate) -> bool:
    return certificate.not_after_raw[0] == der.GENERALIZED_TIME


def _parsed(certificate: Certificate, case: Case) -> bool:
    """Whether libiothsm opens this very certificate: the first one of a file."""
    bundle, identity = case.expected.trust_bundle, case.expected.identity_certificate
    return (
        case.role(certificate) is Role.DEVICE_CA
        or bool(bundle and bundle[0] == certificate)
        or bool(identity and identity[0] == certificate)
    )


def _documented(certificate: Certificate, case: Case) -> bool:
    """Whether the documentation forbids it; without a bundle the root stands for it."""
    bundle = case.expected.trust_bundle
    if _parsed(certificate, case):
        return True
    if bundle is None:
        return certificate is case.hierarchy.root
    return certificate in bundle


def _severity_2038(certificate: Certificate, case: Case) -> Severity:
    """By the layers of the limit, for a runtime up to 1.1."""
    if certificate.not_after > TIME_T_LIMIT and _parsed(certificate, case):
        if case.within(OLDEST, LAST_1_0_9) and case.role(certificate) is Role.DEVICE_CA:
            return ERROR
        if case.within(LAST_1_0_9, LAST_1_1) and case.device.time_t_bits == 32:
            return ERROR
    return WARNING if _documented(certificate, case) else INFO


def _reason_2038(certificate: Certificate, severity: Severity, case: Case) -> str:
    if severity is ERROR:
        return "libiothsm overflows and the daemon does not start"
    if certificate.not_after <= TIME_T_LIMIT:
        return "the documentation of IoT Edge up to 1.1 forbids an end in or after 2038"
    if case.device.time_t_bits == 64:
        return "the documentation of IoT Edge up to 1.1 forbids it, and a 64-bit time_t reads it"
    return "IoT Edge up to 1.1 fails where time_t has 32 bits, and its documentation forbids it"
