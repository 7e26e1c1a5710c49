"""Rules about how a certificate is written: numbers, times and strings, down to their DER."""

from edgecheck.reading.certificate import Certificate
from edgecheck.rules import traits
from edgecheck.rules.case import Case
from edgecheck.rules.references import identity_service, issue, measured, rfc
from edgecheck.rules.refusers import Refuser
from edgecheck.rules.rule import ERROR, INFO, WARNING, Act, Over, Violation, rule


@rule(
    "encoding.serial-not-positive",
    title="A serial number is zero or negative",
    severity=WARNING,
    over=Over.EACH_ON_PATH,
    traits=traits.SERIAL_NOT_POSITIVE,
    act=Act.REISSUE,
    references=[
        rfc(5280, "4.1.2.2"),
        identity_service("cert/aziot-certd/src/lib.rs"),
        issue("Azure/iotedge", 6191),
        measured(
            "every client accepts 0; Go 1.23 and later and cryptography refuse a negative one"
        ),
    ],
)
def serial_not_positive(certificate: Certificate, case: Case) -> Violation | None:
    """RFC 5280 wants a positive serial number.

    certd, which issues for IoT Edge since 1.2, never sets one, so that every certificate that
    it signs has 0: that is a note here, since nobody can change it and no client minds.
    `cryptography` warns of it, and will refuse it in a future release; NSS keeps
    certificates by issuer and serial number, and may take one for another. A negative number
    is refused by Go since 1.23.

    Remedy:
    Have the certificate reissued with a positive serial number of at most 20 octets, such as
    OpenSSL writes by itself. For what the runtime signs there is nothing to do.
    """
    serial = certificate.serial
    if serial > 0:
        return None
    refused_by: frozenset[Refuser] = frozenset()
    if serial < 0:
        severity, refused_by = ERROR, frozenset((Refuser.GO, Refuser.CRYPTOGRAPHY))
    else:
        severity = INFO if _signed_by_certd(certificate, case) else WARNING
    return Violation(
        f"{case.named(certificate)} has the serial number {serial}",
        wanted="a positive number",
        found=serial,
        certificates=(certificate,),
        severity=severity,
        refused_by=refused_by,
        remedy="none, because the runtime sets no serial number" if severity is INFO else None,
    )


def _signed_by_certd(certificate: Certificate, case: Case) -> bool:
    """A server certificate of the runtime, or the CA that it made for itself.

    certd copies its request, which has neither keyUsage nor basicConstraints.
    """
    server = case.hierarchy.server
    if server is None or server.serial != 0:
        return False
    if server.key_usage is not None or server.basic_constraints is not None:
        return False
    return certificate is server or (
        certificate is case.hierarchy.device_ca and certificate.is_self_issued
    )
