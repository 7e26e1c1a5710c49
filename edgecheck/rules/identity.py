"""Rules about the X.509 identity of a downstream device, as edgeHub judges it."""

import hashlib

from edgecheck.behaviour.dotnet.subject import common_name_for_edge_hub
from edgecheck.hierarchy.hierarchy import Hierarchy
from edgecheck.hierarchy.paths import Ending
from edgecheck.hierarchy.roles import common_names
from edgecheck.hierarchy.shapes import NEWEST
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.text import safe
from edgecheck.rules.engine.case import Case, shown_name
from edgecheck.rules.engine.rule import ERROR, WARNING, Act, Need, Over, Severity, Violation, rule
from edgecheck.rules.references import edge, issue
from edgecheck.settings import BY_CA, BY_THUMBPRINT, thumbprint_matches

FIRST_WITH_X509 = (1, 0, 6)
_HELPER = edge("edge-util/src/Microsoft.Azure.Devices.Edge.Util/CertificateHelper.cs")
_AUTHENTICATOR = edge(
    "edge-hub/core/src/Microsoft.Azure.Devices.Edge.Hub.CloudProxy/authenticators/"
    "DeviceScopeCertificateAuthenticator.cs"
)


def _judged(hierarchy: Hierarchy, case: Case, *kinds: str) -> Certificate | None:
    """The device's certificate, where it is registered so, or may be."""
    registered = (case.device.registration or {}).get("authentication")
    return hierarchy.target if registered is None or registered in kinds else None


def _severity(case: Case) -> Severity | None:
    """How bad it is: a warning where the kind of registration is not known.

    Every version that knows devices by certificates decides alike, so it matters little which one
    it is; None where it is an older one.
    """
    if case.within(FIRST_WITH_X509, NEWEST) is False:
        return None
    return ERROR if "authentication" in (case.device.registration or {}) else WARNING


@rule(
    "identity.cn-is-not-device-id",
    title="The device's certificate has another common name than the device has an id",
    severity=ERROR,
    over=Over.HIERARCHY,
    purpose="client",
    act=Act.REISSUE,
    needs=[Need.REGISTRATION],
    runtime="1.0.6 and later",
    references=[_AUTHENTICATOR, _HELPER],
)
def cn_is_not_device_id(hierarchy: Hierarchy, case: Case) -> Violation | None:
    """A device that is registered with a CA is known by its certificate's common name.

    edgeHub compares it with the device's id letter by letter, case included: "Error
    authenticating certificate for id ... because the certificate common name (CN) did not match
    the id". Names in subjectAltName do not count, and of several common names the first one does.
    edgeHub takes the subject apart at its commas and signs of equality, so an id with one of
    `, = + " < > # ;` in it never matches, though IoT Hub allows some of them. Registrations by
    thumbprint do not look at the name.

    Remedy:
    Issue the certificate with `CN = DEVICE-ID` exactly as the id is registered, or register the
    device under the certificate's name. An id that edgeHub cannot read needs another one, or a
    registration by thumbprint.
    """
    certificate = _judged(hierarchy, case, BY_CA)
    device_id = (case.device.registration or {}).get("device_id")
    if certificate is None or not device_id:
        return None
    read = common_name_for_edge_hub(certificate.subject)
    if read == device_id:
        return None
    by_thumbprint = "thumbprints" in (case.device.registration or {})
    severity = _severity(case)
    if severity is None or (by_thumbprint and severity is not ERROR):
        return None
    told = f'the certificate of the device "{safe(device_id, 80)}" is {shown_name(certificate)}'
    if device_id in common_names(certificate) and read is not None:
        told += f", which edgeHub reads as {safe(read, 80)}"
    return Violation(
        told,
        wanted=device_id,
        found=read,
        certificates=(certificate,),
        severity=severity,
    )


@rule(
    "identity.thumbprint-mismatch",
    title="The device's certificate is not the one whose thumbprint is registered",
    severity=ERROR,
    over=Over.HIERARCHY,
    purpose="client",
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
    certificate, severity = _judged(hierarchy, case, BY_THUMBPRINT), _severity(case)
    if certificate is None or severity is None or hierarchy.path is None:
        return None
    if thumbprint_matches(certificate.der, case.device.registration) is not False:
        return None
    registered = (case.device.registration or {}).get("thumbprints", ())
    sha1 = hashlib.sha1(certificate.der, usedforsecurity=False).hexdigest()
    told = f"none of the {len(registered)} that are registered"
    if len(registered) < 2:
        told = "another one is registered" if registered else "none is registered"
    return Violation(
        f"the thumbprint of {shown_name(certificate)} is {sha1}, and {told}",
        wanted=[safe(text, 80) for text in registered],
        found=sha1,
        certificates=(certificate,),
        severity=severity,
        explains=hierarchy.path.certificates if severity is ERROR else (),
    )


@rule(
    "identity.chain-not-sent",
    title="The device sends its certificate without those of the CAs above it",
    severity=ERROR,
    over=Over.HIERARCHY,
    purpose="client",
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
    purpose="client",
    act=Act.REISSUE,
    runtime="1.0.6 and later",
    references=[_HELPER, _AUTHENTICATOR],
)
def is_a_ca(hierarchy: Hierarchy, case: Case) -> Violation | None:
    """The certificate says CA:TRUE, as `openssl req -x509` writes it by itself.

    Of a device that is registered with a CA edgeHub refuses it: "Certificate with subject: ...
    was found to be a CA certificate, this is not permitted per the authentication policy". IoT Hub
    itself does not mind, so the device works without the gateway. For a registration by thumbprint
    edgeHub does not look at it.

    Remedy:
    Reissue it with `basicConstraints = CA:FALSE`, such as
    `openssl req -x509 -addext basicConstraints=CA:FALSE ...`.
    """
    certificate = _judged(hierarchy, case, BY_CA)
    if certificate is None or not certificate.is_ca:
        return None
    if thumbprint_matches(certificate.der, case.device.registration):
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


@rule(
    "identity.registered-otherwise",
    title="IoT Hub does not let the device log in with a certificate",
    severity=ERROR,
    over=Over.HIERARCHY,
    purpose="client",
    act=Act.CONFIGURE,
    changes="registration",
    needs=[Need.REGISTRATION],
    runtime="1.0.6 and later",
    references=[_AUTHENTICATOR],
)
def registered_otherwise(hierarchy: Hierarchy, case: Case) -> Violation | None:
    """The device is registered with a shared key, or is disabled, so no certificate of it counts.

    edgeHub asks for the registration before it looks at a certificate: "Error authenticating
    certificate credentials for client ... because the service identity authentication type is
    SymmetricKey", or "Error authenticating token for ... because the service identity is not
    enabled". It lets no module log in with a certificate, however that is registered: "Error
    authenticating ... using X.509 certificates since this is identity type is unsupported".

    Remedy:
    Register the device with X.509 authentication, by the CA that issued its certificate or by
    the certificate's thumbprint. For the former that is `az iot hub device-identity update
    --auth-method x509_ca`, for the latter `--auth-method x509_thumbprint --primary-thumbprint
    ...`. Enable it where it is disabled. A module logs in with a shared key.
    """
    registration = case.device.registration or {}
    kind, status = registration.get("authentication"), registration.get("status", "enabled")
    certificate = hierarchy.target
    if certificate is None or case.within(FIRST_WITH_X509, NEWEST) is False:
        return None
    who, module = "the device", registration.get("module_id", "")
    if module:
        who = f'the module "{safe(module, 80)}"'
        told = "cannot log in with it: edgeHub lets no module do so"
    elif kind is not None and kind not in (BY_CA, BY_THUMBPRINT):
        told = f'is registered with "{safe(kind, 40)}", and not by a certificate'
    elif status != "enabled":
        told = f'has the status "{safe(status, 40)}"'
    else:
        return None
    return Violation(
        f"{who} that presents {shown_name(certificate)} {told}",
        wanted="enabled, and registered by a CA or a thumbprint",
        found=told,
        certificates=(certificate,),
    )
