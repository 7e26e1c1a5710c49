"""Serial numbers."""

from edgecheck.behaviour.refusers import Refuser
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.strict import faults
from edgecheck.reading.text import number
from edgecheck.rules.encoding.conditions import SERIAL_LONG, SERIAL_NEGATIVE, SERIAL_ZERO
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.rule import ERROR, INFO, WARNING, Act, Over, Reference, Violation, rule
from edgecheck.rules.references import identity_service, issue, measured, rfc


@rule(
    "encoding.serial-not-positive",
    title="A serial number is zero or negative",
    severity=WARNING,
    over=Over.EACH_ON_PATH,
    when=[SERIAL_ZERO, SERIAL_NEGATIVE],
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
    Have the certificate reissued with a positive serial number of at most 20 bytes, such as
    OpenSSL writes by itself. For what the runtime signs there is nothing to do.
    """
    serial = certificate.serial
    if serial > 0:
        return None
    refused_by: frozenset[Refuser] = frozenset()
    if serial < 0:
        severity, refused_by = ERROR, frozenset((Refuser.GO_1_24, Refuser.CRYPTOGRAPHY))
    else:
        severity = INFO if _signed_by_certd(certificate, case) else WARNING
    return Violation(
        f"{case.named(certificate)} has the serial number {number(serial)}",
        wanted="a positive number",
        found=serial,
        certificates=(certificate,),
        severity=severity,
        refused_by=refused_by,
        remedy="none, because the runtime sets no serial number" if severity is INFO else None,
        because_of=("encoding.not-der", certificate) if _damaged(certificate) else None,
    )


def _damaged(certificate: Certificate) -> bool:
    """Whether the number is not even one in DER, which `encoding.not-der` says."""
    if certificate.loaded is not None:
        return False
    return any(fault.field == "serialNumber" for fault in faults(certificate.der))


def _signed_by_certd(certificate: Certificate, case: Case) -> bool:
    """A server certificate of the runtime, or the CA that it made for itself, or was told to make.

    certd copies its request, which has neither keyUsage nor basicConstraints.
    """
    edge_ca = case.device.edge_ca
    if edge_ca is not None and certificate is case.hierarchy.device_ca:
        issued = edge_ca.get("method") in ("local_ca", "self_signed")
        if issued or not (edge_ca.get("cert") or "method" in edge_ca):
            return True
    server = case.hierarchy.server
    if server is None or server.serial != 0:
        return False
    if server.key_usage is not None or server.basic_constraints is not None:
        return False
    return certificate is server or (
        certificate is case.hierarchy.device_ca and certificate.is_self_issued
    )


@rule(
    "encoding.serial-too-long",
    title="A serial number has more than 20 bytes",
    severity=WARNING,
    over=Over.EACH_ON_PATH,
    when=[SERIAL_LONG],
    act=Act.REISSUE,
    references=[
        rfc(5280, "4.1.2.2"),
        Reference(
            "wolfSSL, wolfssl/wolfcrypt/asn_public.h (EXTERNAL_SERIAL_SIZE)",
            "https://github.com/wolfSSL/wolfssl/blob/v5.5.4-stable/wolfssl/wolfcrypt/asn_public.h",
        ),
        measured(
            "every client takes 21 bytes; cryptography refuses 22, wolfSSL 40; nobody else minds"
        ),
    ],
)
def serial_too_long(certificate: Certificate, case: Case) -> Violation | None:
    """RFC 5280 allows a serial number of at most 20 bytes.

    A random number of 160 bits whose first bit is set takes 21, since a zero byte must
    stand before it: every client takes that, and it is a note. `cryptography` refuses more
    than 21 bytes, wolfSSL more than 32.

    Remedy:
    Have the certificate reissued with a serial number of at most 20 bytes, which OpenSSL writes
    by itself: leave `serial` and `-set_serial` out, and use `rand_serial = yes`.
    """
    octets = certificate.serial.bit_length() // 8 + 1
    if octets <= 20:
        return None
    refused_by = set()
    if octets > 21:
        refused_by.add(Refuser.CRYPTOGRAPHY)
    if octets > 32:
        refused_by.add(Refuser.WOLFSSL)
    return Violation(
        f"{case.named(certificate)} has a serial number of {octets} bytes",
        wanted="at most 20 bytes",
        found=octets,
        certificates=(certificate,),
        severity=WARNING if refused_by else INFO,
        refused_by=frozenset(refused_by),
    )
