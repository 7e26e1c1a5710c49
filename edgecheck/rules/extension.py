"""Rules about extensions: what is missing, what contradicts itself, what should be critical."""

from edgecheck.hierarchy.shapes import made_by_certd
from edgecheck.reading.certificate import Certificate
from edgecheck.rules import traits
from edgecheck.rules.case import Case
from edgecheck.rules.references import identity_service, measured, openssl, rfc
from edgecheck.rules.refusers import Refuser
from edgecheck.rules.rule import INFO, WARNING, Act, Over, Violation, rule


@rule(
    "extension.no-authority-key-id",
    title="A certificate does not identify its issuer's key",
    severity=WARNING,
    over=Over.EACH_ON_PATH,
    traits=traits.NO_AUTHORITY_KEY_ID,
    act=Act.REISSUE,
    refused_by=[Refuser.STRICT, Refuser.CRYPTOGRAPHY],
    references=[
        rfc(5280, "4.2.1.1"),
        identity_service("cert/aziot-certd/src/lib.rs"),
        openssl("crypto/x509/x509_vfy.c"),
        measured("Python with VERIFY_X509_STRICT and cryptography refuse it, nobody else"),
    ],
)
def no_authority_key_id(certificate: Certificate, case: Case) -> Violation | None:
    """A certificate that is not self-signed has no authorityKeyIdentifier with a key identifier.

    RFC 5280 wants one, so that issuers of one name can be told apart. Lenient clients do
    without; `ssl.create_default_context()` of Python 3.13 and later is strict ("Missing Authority
    Key Identifier", 85). certd writes it since IoT Edge 1.3, and only where the device CA has
    a subjectKeyIdentifier; what 1.2 issues never has one, which is a note here, since nobody
    can change it.

    Remedy:
    Reissue the certificate with `authorityKeyIdentifier = keyid:always`. For a server
    certificate of the runtime: IoT Edge 1.3 or later, and a device CA that was issued with
    `subjectKeyIdentifier = hash`.
    """
    if certificate.version < 3:
        return None  # it has no extensions at all, which ca.not-a-ca says
    if certificate.is_self_issued and case.issuer(certificate) is None:
        return None  # a root would name itself
    authority = certificate.authority_key_id
    if authority is not None and authority.key_id is not None:
        return None
    is_server = certificate is case.hierarchy.server
    return Violation(
        f"{case.named(certificate)} does not name its issuer's key",
        wanted="authorityKeyIdentifier with a key identifier",
        found="absent" if authority is None else "without a key identifier",
        certificates=(certificate,),
        severity=INFO if is_server and made_by_certd(certificate) else WARNING,
    )
