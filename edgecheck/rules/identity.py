"""Rules about the X.509 identity of a downstream device, as edgeHub judges it."""

import hashlib

from edgecheck.hierarchy.hierarchy import Hierarchy
from edgecheck.hierarchy.paths import Ending
from edgecheck.hierarchy.roles import common_name
from edgecheck.hierarchy.shapes import NEWEST
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.text import safe
from edgecheck.rules.engine.case import Case, shown_name
from edgecheck.rules.engine.rule import ERROR, Act, Need, Over, Severity, Violation, rule
from edgecheck.rules.references import edge, issue

FIRST_WITH_X509 = (1, 0, 6)
BY_CA, BY_THUMBPRINT = "certificateAuthority", "selfSigned"
"""What IoT Hub calls the two kinds of X.509 registration."""
_HELPER = edge("edge-util/src/Microsoft.Azure.Devices.Edge.Util/CertificateHelper.cs")
_AUTHENTICATOR = edge(
    "edge-hub/core/src/Microsoft.Azure.Devices.Edge.Hub.CloudProxy/authenticators/"
    "DeviceScopeCertificateAuthenticator.cs"
)


def _judged(hierarchy: Hierarchy, case: Case, *kinds: str) -> Certificate | None:
    """The device's certificate, where it is presented to log in and registered so, or so maybe."""
    if case.expected.validation.purpose != "client":
        return None
    registered = (case.device.registration or {}).get("authentication")
    return hierarchy.target if registered is None or registered in kinds else None


def _severity(case: Case) -> Severity | None:
    """One level lower where the kind of registration is not known."""
    severity = case.bound(ERROR, FIRST_WITH_X509, NEWEST)
    known = "authentication" in (case.device.registration or {})
    return severity if known or severity is None else severity.lowered


@rule(
    "identity.cn-is-not-device-id",
    title="The device's certificate has another common name than the device has an id",
    severity=ERROR,
    over=Over.HIERARCHY,
    act=Act.REISSUE,
    needs=[Need.REGISTRATION],
    runtime="1.0.6 and later",
    references=[_AUTHENTICATOR, _HELPER],
)
def cn_is_not_device_id(hierarchy: Hierarchy, case: Case) -> Violation | None:
    """A device that is registered with a CA is known by its certificate's common name.

    edgeHub compares it with the device's id letter by letter, case included: "Error
    authenticating certificate for id ... because the certificate common name (CN) did not match
    the id". Names in subjectAltName do not count. Registrations by thumbprint do not look at it.

    Remedy:
    Issue the certificate with `CN = DEVICE-ID` exactly as the id is registered, or register the
    device under the certificate's name.
    """
    certificate = _judged(hierarchy, case, BY_CA)
    device_id = (case.device.registration or {}).get("device_id")
    if certificate is None or not device_id or common_name(certificate) == device_id:
        return None
    by_thumbprint = "thumbprints" in (case.device.registration or {})
    severity = _severity(case)
    if severity is None or (by_thumbprint and severity is not ERROR):
        return None
    return Violation(
        f'the certificate of the device "{safe(device_id, 80)}" is {shown_name(certificate)}',
        wanted=device_id,
        found=common_name(certificate),
        certificates=(certificate,),
        severity=severity,
    )


@rule(
    "identity.thumbprint-mismatch",
    title="The device's certificate is not the one whose thumbprint is registered",
    severity=ERROR,
    over=Over.HIERARCHY,
    act=Act.CONFIGURE,
    changes="registration",
    needs=[Need.REGISTRATION],
    runtime="1.0.6 and later",
    references=[_AUTHENTICATOR, _HELPER, issue("Azure/iotedge", 270)],
)
def thumbprint_mismatch(hierarchy: Hierarchy, case: Case) -> Violation | None:
    """A device that is registered with thumbprints is known by its very certificate.

    edgeHub compares the certificate's SHA-1 thumbprint with the primary and the secondary one:
    "Error authenticating certificate for ... because the certificate thumbprint did not match the
    primary or the secondary thumbprints." A renewed certificate has another thumbprint, even with
    the same key.

    Remedy:
    Register the thumbprint of the certificate that the device has
    (`openssl x509 -noout -fingerprint -sha1 -in CERT`), without colons: as the secondary one
    before a renewal, as the primary one after it.
    """
    certificate = _judged(hierarchy, case, BY_THUMBPRINT)
    registered = (case.device.registration or {}).get("thumbprints")
    if certificate is None or registered is None:
        return None
    sha1 = hashlib.sha1(certificate.der, usedforsecurity=False).hexdigest()
    plain = [thumbprint.replace(":", "").replace(" ", "").lower() for thumbprint in registered]
    severity = _severity(case)
    if sha1 in plain or certificate.sha256 in plain or severity is None:
        return None
    return Violation(
        f"the thumbprint of {shown_name(certificate)} is {sha1}, and none of the "
        f"{len(plain)} that are registered",
        wanted=plain,
        found=sha1,
        certificates=(certificate,),
        severity=severity,
    )


@rule(
    "identity.chain-not-sent",
    title="The device sends its certificate without those of the CAs above it",
    severity=ERROR,
    over=Over.HIERARCHY,
    act=Act.CLIENT,
    needs=[Need.REGISTRATION],
    follows=["chain.missing-issuer"],
    runtime="1.0.6 and later",
    references=[_HELPER, issue("Azure/iotedge", 5619)],
)
def chain_not_sent(hierarchy: Hierarchy, case: Case) -> Violation | None:
    """EdgeHub looks for a path from the device's certificate to its trust bundle.

    What the device does not send, edgeHub does not know, unless it is in the bundle itself:
    "Error validating cert with Subject: ...". Devices that are given a certificate and a key alone
    send nothing else.

    Remedy:
    Give the device one PEM file with its certificate first, then the intermediate that
    issued it, and so on: `cat device.pem intermediate.pem > combined.pem`.
    """
    certificate = _judged(hierarchy, case, BY_CA)
    path = hierarchy.path
    if certificate is None or path is None or path.ended is not Ending.NO_ISSUER:
        return None
    if len(path.certificates) > 1 or certificate.is_self_issued:
        return None
    severity = _severity(case)
    if severity is None:
        return None
    return Violation(
        f"nothing was sent that issued {shown_name(certificate)}",
        wanted="the device's certificate and the intermediates above it",
        found="the device's certificate alone",
        certificates=(certificate,),
        severity=severity,
    )


@rule(
    "identity.is-a-ca",
    title="The device's certificate is that of a CA, which edgeHub does not let log in",
    severity=ERROR,
    over=Over.HIERARCHY,
    act=Act.REISSUE,
    needs=[Need.REGISTRATION],
    runtime="1.0.6 and later",
    references=[_HELPER, _AUTHENTICATOR],
)
def is_a_ca(hierarchy: Hierarchy, case: Case) -> Violation | None:
    """The certificate says CA:TRUE, as `openssl req -x509` writes it by itself.

    edgeHub refuses it for both kinds of registration, thumbprints included: "Certificate with
    subject: ... was found to be a CA certificate, this is not permitted per the authentication
    policy". IoT Hub itself does not mind, so the device works without the gateway.

    Remedy:
    Reissue it with `basicConstraints = CA:FALSE`, such as
    `openssl req -x509 -addext basicConstraints=CA:FALSE ...`.
    """
    certificate = _judged(hierarchy, case, BY_CA, BY_THUMBPRINT)
    if certificate is None or not certificate.is_ca:
        return None
    severity = _severity(case)
    if severity is None:
        return None
    return Violation(
        f"the certificate {shown_name(certificate)} is that of a CA",
        wanted="CA:FALSE",
        found="CA:TRUE",
        certificates=(certificate,),
        severity=severity,
    )
