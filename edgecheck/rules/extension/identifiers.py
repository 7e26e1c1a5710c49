"""Rules about key identifiers, by which a certificate and its issuer's key are joined."""

from edgecheck.behaviour.refusers import Refuser
from edgecheck.hierarchy.shapes import LAST_1_1, OLDEST, made_by_certd
from edgecheck.reading import der
from edgecheck.reading.certificate import EXT_AUTHORITY_KEY_ID, Certificate
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.rule import ERROR, INFO, WARNING, Act, Over, Violation, rule
from edgecheck.rules.extension.conditions import (
    HALF_AUTHORITY,
    NO_AUTHORITY_KEY_ID,
    NO_SUBJECT_KEY_ID,
)
from edgecheck.rules.places import is_root
from edgecheck.rules.references import edge, identity_service, measured, openssl, rfc


@rule(
    "extension.no-authority-key-id",
    title="A certificate does not identify its issuer's key",
    severity=WARNING,
    over=Over.EACH_ON_PATH,
    when=[NO_AUTHORITY_KEY_ID],
    act=Act.REISSUE,
    references=[
        rfc(5280, "4.2.1.1"),
        identity_service("cert/aziot-certd/src/lib.rs"),
        openssl("crypto/x509/x509_vfy.c"),
        measured("Python with VERIFY_X509_STRICT refuses it, but for a root's"),
        measured("cryptography: absent in a server, or without a key identifier in a CA"),
        measured("an extension that is empty: wolfSSL too"),
    ],
)
def no_authority_key_id(certificate: Certificate, case: Case) -> Violation | None:
    """A certificate that is not self-signed has no authorityKeyIdentifier with a key identifier.

    RFC 5280 wants one, so that issuers of one name can be told apart; a root needs none, but
    one that is there should have a key identifier. Lenient clients do without;
    `ssl.create_default_context()` of Python 3.13 and later is strict ("Missing Authority Key
    Identifier", 85). certd writes it since IoT Edge 1.3, and only where the device CA has
    a subjectKeyIdentifier; what 1.2 issues never has one, which is a note here, since nobody
    can change it.

    Remedy:
    Have the certificate reissued with this line. What the runtime issues has it from IoT Edge 1.3
    on, where the device CA was issued with `subjectKeyIdentifier = hash`.

        authorityKeyIdentifier = keyid:always
    """
    if certificate.version < 3:
        return None  # it has no extensions at all, which ca.not-a-ca says
    authority = certificate.authority_key_id
    if authority is not None and authority.key_id is not None:
        return None
    top = certificate.is_self_issued and case.issuer(certificate) is None
    if top and authority is None:
        return None  # a root would name itself
    is_server = certificate is case.hierarchy.server
    by_certd = is_server and made_by_certd(certificate)
    refusers = set() if top else {Refuser.STRICT}
    if (authority is None) is is_server:
        refusers.add(Refuser.CRYPTOGRAPHY)
    if authority is not None and authority.serial is None and not authority.issuers:
        refusers.add(Refuser.WOLFSSL)
    return Violation(
        f"{case.named(certificate)} does not name its issuer's key",
        wanted="authorityKeyIdentifier with a key identifier",
        found="absent" if authority is None else "without a key identifier",
        certificates=(certificate,),
        severity=INFO if by_certd else WARNING,
        refused_by=frozenset(refusers),
        because_of=_left_out(certificate, by_certd, case),
    )


def _left_out(
    certificate: Certificate, by_certd: bool, case: Case
) -> tuple[str, Certificate] | None:
    """The issuer that has no identifier to copy: OpenSSL and certd then leave it out here too.

    What certd wrote before 1.3 has no identifiers whatever the issuer has.
    """
    issuer = case.issuer(certificate)
    if issuer is None:
        return None
    if by_certd and certificate.subject_key_id is None:
        return None
    lacks = issuer.is_ca and issuer.version == 3 and not issuer.subject_key_id
    return ("extension.no-subject-key-id", issuer) if lacks else None


@rule(
    "extension.no-subject-key-id",
    title="A CA certificate has no identifier of its key",
    severity=WARNING,
    over=Over.EACH_ON_PATH,
    when=[NO_SUBJECT_KEY_ID],
    act=Act.REISSUE,
    follows=["extension.server-is-ca"],
    refused_by=[Refuser.STRICT],
    references=[
        rfc(5280, "4.2.1.2"),
        edge("edgelet/hsm-sys/azure-iot-hsm-c/src/edge_pki_openssl.c"),
        identity_service("cert/aziot-certd/src/lib.rs"),
        openssl("crypto/x509/x509_vfy.c"),
        measured("Python with VERIFY_X509_STRICT refuses it, in a root too; nobody else does"),
    ],
)
def no_subject_key_id(certificate: Certificate, case: Case) -> Violation | None:
    """A CA certificate has no subjectKeyIdentifier, or an empty one.

    What the CA issues copies it into authorityKeyIdentifier. Up to 1.1 the IoT Edge daemon
    insists on that (`keyid:always`), so that a device CA without one ends in "Could not
    prepare workload CA certificate". Since 1.3 certd leaves the issuer's identifier out of
    the server certificate then, which strict clients refuse (`extension.no-authority-key-id`).
    `ssl.create_default_context()` of Python 3.13 and later says "Missing Subject Key
    Identifier" (OpenSSL's error 86).

    Remedy:
    Have the issuer reissue this certificate, from the same key and with the same subject,
    with this line, and install it in the device CA file; a root also in the trust of every
    client. Then have the runtime issue the server certificate anew.

        subjectKeyIdentifier = hash
    """
    if certificate.version != 3 or not certificate.is_ca or certificate.subject_key_id:
        return None
    hierarchy = case.hierarchy
    breaks = (
        certificate is hierarchy.device_ca
        and hierarchy.workload_ca is None
        and case.within(OLDEST, LAST_1_1) is True
    )
    empty = certificate.subject_key_id is not None
    by_certd = certificate.serial == 0  # which never sets it, nor this before 1.3
    return Violation(
        f"{case.named(certificate)} does not identify its own key",
        wanted="subjectKeyIdentifier",
        found="empty" if empty else "absent",
        certificates=(certificate,),
        severity=ERROR if breaks else INFO if by_certd else WARNING,
        remedy="none, because the runtime made this certificate so" if by_certd else None,
    )


@rule(
    "extension.half-authority-key-id",
    title="A certificate names its issuer's issuer or serial number, and not both",
    severity=WARNING,
    over=Over.EACH_ON_PATH,
    when=[HALF_AUTHORITY],
    act=Act.REISSUE,
    references=[
        rfc(5280, "4.2.1.1"),
        measured("every client accepts it"),
    ],
)
def half_authority_key_id(certificate: Certificate, case: Case) -> Violation | None:
    """Only issuer and serial number together tell which certificate is meant.

    RFC 5280 says that authorityCertIssuer and authorityCertSerialNumber must both be there
    or both be absent. Clients pass over half of the pair.

    Remedy:
    Have the certificate reissued with the key identifier alone:

        authorityKeyIdentifier = keyid:always
    """
    authority = certificate.authority_key_id
    value = certificate.extensions.get(EXT_AUTHORITY_KEY_ID)
    if authority is None or value is None:
        return None
    parts = der.elements(value, *der.only(value, der.SEQUENCE, "authorityKeyIdentifier"))
    issuer, serial = any(tag == 0xA1 for tag, _, _ in parts), authority.serial is not None
    if issuer == serial or is_root(certificate, case):
        return None
    there, missing = ("issuer", "serial number") if issuer else ("serial number", "issuer")
    return Violation(
        f"{case.named(certificate)} names the {there} of its issuer's certificate and no {missing}",
        wanted="both, or neither",
        found=there,
        certificates=(certificate,),
    )
