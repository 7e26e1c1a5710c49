"""Rules about what makes a certificate authority: flags, path lengths, key usage."""

from typing import Any

from edgecheck.behaviour.refusers import EVERYBODY, GO, OPENSSL, Refuser
from edgecheck.hierarchy.hierarchy import Hierarchy
from edgecheck.hierarchy.rfc5280.violations import Kind, LengthViolation, PathViolation
from edgecheck.hierarchy.shapes import LAST_1_1, OLDEST
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.extensions import CLIENT_AUTH, KEY_CERT_SIGN, SERVER_AUTH, key_usage_text
from edgecheck.rules.edge.conditions import WORKLOAD_CA_TO_COME
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.objects import setting
from edgecheck.rules.engine.rule import ERROR, Act, Over, Violation, rule
from edgecheck.rules.extension.contradictions import WITH_EXTENSIONS
from edgecheck.rules.misled import takes_for_no_ca, takes_for_unconstrained
from edgecheck.rules.places import NOBODY
from edgecheck.rules.purposes import passing_over_usage
from edgecheck.rules.references import ARTICLE, edge, issue, measured, rfc

R = Refuser


@rule(
    "ca.not-a-ca",
    title="A certificate that is to issue others is not a CA certificate",
    severity=ERROR,
    over=Over.PATH_VIOLATION,
    kinds=[Kind.NOT_A_CA],
    act=Act.REISSUE,
    follows=["configuration.est-issues-no-ca", "extension.version-not-3"],
    references=[
        rfc(5280, "4.2.1.9"),
        ARTICLE,
        issue("Azure/iotedge", 6459),
        measured(
            "a device CA: 38 clients refuse CA:FALSE, 37 a missing extension (Node 8 takes it)"
        ),
        measured(
            "a root without the extension: Go and Java refuse it; OpenSSL and .NET accept it where "
            "its key usage says keyCertSign"
        ),
        measured("a root with CA:FALSE: OpenSSL 1.0.2, rustls and wolfSSL alone accept it"),
    ],
)
def not_a_ca(violated: PathViolation, case: Case) -> Violation:
    """The certificate is to issue others, but its basicConstraints do not say CA:TRUE.

    Without that extension, or with CA:FALSE in it, a certificate may not sign others,
    whatever its key usage says. Clients refuse the chain, OpenSSL with error 79 (24 before
    3.0) "invalid CA certificate". About a root, clients disagree: Go and Java want the
    extension there too, OpenSSL and .NET do not, and none that deployments run asks it of a
    root of version 1. `iotedge check` and `aziotctl check` look at neither issuers nor
    extensions, and stay green.

    The article says that CA:TRUE "automatically sets up the required key usage". It does
    not: keyUsage is an extension of its own, and `ca.no-cert-sign` is about it.

    Remedy:
    Have the issuer reissue this certificate, from the same key and with the same subject,
    with these OpenSSL extension lines:

        basicConstraints = critical,CA:TRUE
        keyUsage = critical,digitalSignature,keyCertSign,cRLSign

    Then replace it in the device CA file; a root also in the trust of every client. An EST
    server needs a profile for CA certificates: one that ignores what the request asks for
    makes an ordinary certificate. A certificate below that names the serial number of its
    issuer, as the convenience scripts and IoT Edge 1.1 write it, has to be reissued too. No
    change to a file can repair it, since the extension is signed.
    """
    certificate = violated.certificate
    constraints = certificate.basic_constraints
    if certificate.version != 3:
        found = f"version {certificate.version}, which has no extensions"
    else:
        found = "basicConstraints absent" if constraints is None else "CA:FALSE"
    child = case.issued(certificate)
    over = f" but issued {case.named(child)}" if child is not None else ""
    return Violation(
        f"{case.named(certificate)} is not a CA ({found}){over}",
        wanted="basicConstraints CA:TRUE",
        found=found,
        certificates=(certificate,),
        evidence={
            "key_usage": _shown_usage(certificate),
            "step": violated.step,
        },
        refused_by=_told_apart(_refusers_of_no_ca(certificate, case), certificate),
        **_instead(certificate, case),
    )


def _shown_usage(certificate: Certificate) -> str | None:
    """The key usage as evidence; None where there is none, or none that can be read."""
    try:
        usage = certificate.key_usage
    except Unreadable:
        return None
    return None if usage is None else key_usage_text(usage)


def _instead(certificate: Certificate, case: Case) -> dict[str, Any]:
    """Return remedy and object where an identity certificate stands in the place of a device CA."""
    if certificate is not case.hierarchy.device_ca or not is_identity(certificate):
        return {}
    return {
        "remedy": "Configure a device CA, with its full chain and its own key: this is an identity "
        "certificate, with which a device logs in. It belongs into `identity_cert` of "
        "`[provisioning]` (up to 1.1 `provisioning`).",
        "changes": setting("edge_ca"),
    }


def is_identity(certificate: Certificate) -> bool:
    """Whether a certificate is in every respect one with which a device logs in, and no CA's."""
    try:
        constraints, usage = certificate.basic_constraints, certificate.key_usage
        purposes = certificate.extended_key_usage or ()
    except Unreadable:
        return False
    no_ca = constraints is not None and not constraints.ca
    no_signing = usage is not None and not usage & KEY_CERT_SIGN
    return no_ca and no_signing and CLIENT_AUTH in purposes and SERVER_AUTH not in purposes


def follows_as_identity(certificate: Certificate, case: Case) -> tuple[str, Certificate] | None:
    """What explains whatever else is wrong with an identity certificate as a device CA."""
    if certificate is case.hierarchy.device_ca and is_identity(certificate):
        return "ca.not-a-ca", certificate
    return None


def _as_end_entity(certificate: Certificate) -> tuple[str, Certificate] | None:
    """Return what explains the key usage of one that says CA:FALSE: it was made for no CA."""
    try:
        constraints = certificate.basic_constraints
    except Unreadable:  # the key usage is wrong whatever it says
        return None
    return None if constraints is None or constraints.ca else ("ca.not-a-ca", certificate)


def _told_apart(refusers: frozenset[Refuser], certificate: Certificate) -> frozenset[Refuser]:
    """Up to 3.6.6 mbedTLS takes a path length without cA, if it is not 0, for the CA bit.

    CVE-2026-49300; x509_get_basic_constraints in library/x509_crt.c.
    """
    constraints = certificate.basic_constraints
    if constraints is None or constraints.ca or not constraints.path_length:
        return refusers
    return refusers - {R.MBEDTLS} | ({R.MBEDTLS_3_6_7} if R.MBEDTLS in refusers else frozenset())


def _refusers_of_no_ca(certificate: Certificate, case: Case) -> frozenset[Refuser]:
    constraints = certificate.basic_constraints
    if certificate.version != 3 and certificate.is_ca:
        return WITH_EXTENSIONS  # the others read the extensions of any version
    may_sign = constraints is None and bool((certificate.key_usage or 0) & KEY_CERT_SIGN)
    if not _is_trusted_root(certificate, case):
        compatible = constraints is None and certificate.version == 3 and may_sign
        return EVERYBODY - {R.OPENSSL_1_0_2} if compatible else EVERYBODY
    above = NOBODY if certificate.is_self_issued else takes_for_no_ca(certificate, case)
    if constraints is not None:
        passing = {R.OPENSSL_1_0_2, R.RUSTLS, R.RUSTLS_RTLS, R.WOLFSSL}
        return EVERYBODY - passing - takes_for_unconstrained(certificate) | above
    refused = frozenset((R.GO, R.JAVA, R.STRICT, R.BEARSSL, R.BOTAN, R.CRYPTOGRAPHY, R.MBEDTLS))
    if not may_sign:  # OpenSSL takes keyCertSign of a root for CA:TRUE
        refused |= OPENSSL | {R.DOTNET, R.OPENSSL_1_1_0, R.BORINGSSL}
    return refused | above


def _is_trusted_root(certificate: Certificate, case: Case) -> bool:
    """Whether it is the trusted end of the path, of which clients ask less."""
    return certificate == case.hierarchy.anchor


@rule(
    "ca.no-cert-sign",
    title="A CA certificate's key usage does not allow it to sign certificates",
    severity=ERROR,
    over=Over.PATH_VIOLATION,
    kinds=[Kind.NO_CERT_SIGN],
    act=Act.REISSUE,
    follows=["configuration.est-issues-no-ca"],
    references=[
        rfc(5280, "4.2.1.3"),
        ARTICLE,
        issue("Azure/iotedge", 5890),
        measured("of 38 clients only rustls does not look"),
        measured("a root: BearSSL, rustls, wolfSSL and NSS do not look either"),
    ],
)
def no_cert_sign(violated: PathViolation, case: Case) -> Violation:
    """The certificate has a keyUsage extension, and keyCertSign is not among its bits.

    A key usage that is present binds: a CA may sign certificates only with keyCertSign.
    OpenSSL reports error 79 (24 before 3.0) "invalid CA certificate", or 32 "key usage does
    not include certificate signing". The article says that CA:TRUE "automatically sets up the
    required key usage"; the two are extensions of their own, and clients look at both. Where
    it says CA:FALSE, what was installed is no CA's certificate but that of a device or a server,
    and this follows from `ca.not-a-ca`.

    Remedy:
    Have the issuer reissue this certificate, from the same key and with the same subject,
    with these OpenSSL extension lines:

        basicConstraints = critical,CA:TRUE
        keyUsage = critical,digitalSignature,keyCertSign,cRLSign

    Then replace it in the device CA file; a root also in the trust of every client. Where an
    identity certificate was installed, install a device CA certificate and its key instead.
    A certificate below that names the serial number of its issuer, as the convenience scripts
    and IoT Edge 1.1 write it, has to be reissued too.
    """
    certificate = violated.certificate
    found = key_usage_text(certificate.key_usage or 0)
    trusted = _is_trusted_root(certificate, case)
    ignoring = frozenset({R.BEARSSL, R.WOLFSSL, R.NSS}) if trusted else frozenset[Refuser]()
    if not certificate.key_usage:
        ignoring |= GO  # to which no bit is as good as no extension (CheckSignatureFrom)
    ignoring |= passing_over_usage(certificate)
    return Violation(
        f"{case.named(certificate)} may not sign certificates: its key usage is {found}",
        wanted="keyCertSign in keyUsage",
        found=found,
        certificates=(certificate,),
        because_of=_as_end_entity(certificate),
        evidence={"step": violated.step},
        refused_by=EVERYBODY - {R.RUSTLS, R.RUSTLS_RTLS} - ignoring,
    )


@rule(
    "ca.path-length-exceeded",
    title="There are more CA certificates below a CA than its path length allows",
    severity=ERROR,
    over=Over.PATH_VIOLATION,
    kinds=[Kind.PATH_LENGTH],
    act=Act.REISSUE,
    references=[
        rfc(5280, "4.2.1.9"),
        edge("edgelet/hsm-sys/azure-iot-hsm-c/src/edge_pki_openssl.c"),
        measured(
            "every client refuses it; for a root all but Java, rustls, BearSSL, wolfSSL and "
            "OpenSSL up to 1.1.0"
        ),
    ],
)
def path_length_exceeded(violated: LengthViolation, case: Case) -> Violation:
    """A CA certificate limits how many CA certificates may stand below it, and more do.

    pathLenConstraint counts the CA certificates between this one and the server certificate;
    those that name themselves as their issuer do not count. IoT Edge up to 1.1 puts a
    workload CA below the device CA, so a device CA there needs a path length of 1 or none; a
    device CA with path length 0 works from 1.2 on. OpenSSL says "path length constraint
    exceeded" (25), Go "too many intermediates for path length constraint".

    Remedy:
    Have the issuer reissue this certificate, from the same key and with the same subject,
    without a path length or with a larger one:

        basicConstraints = critical,CA:TRUE

    Then replace it in the device CA file; a root also in the trust of every client. A
    certificate below that names the serial number of its issuer, as the convenience scripts
    and IoT Edge 1.1 write it, has to be reissued too.
    """
    certificate = violated.certificate
    constraints = certificate.basic_constraints
    limit = constraints.path_length if constraints else None
    path = case.hierarchy.path
    certificates = path.certificates if path else ()
    first = 1 if case.hierarchy.server else 0
    below = _counted(certificates[first : certificates.index(certificate)])
    names = ", ".join(case.named(authority) for authority in reversed(below))
    alone = _workload_ca_to_be_made(case.hierarchy) and limit == len(below) - 1
    return Violation(
        f"{case.named(certificate)} allows {limit} CA certificate{'' if limit == 1 else 's'} below "
        f"it, and there {'is' if len(below) == 1 else 'are'} {len(below)}: {names}",
        wanted=f"path length {len(below)} or more, or none",
        found=limit,
        certificates=(certificate, violated.below),
        evidence={"step": violated.step},
        because_of=("ca.path-length-for-workload-ca", certificate) if alone else None,
        refused_by=_refusers_of_path_length(certificate, case)
        - (_COUNTING_THE_SERVER if _spared(len(below), limit or 0, case) else set()),
        how=_ROOM.format(len(below)),
    )


_ROOM = "{{}} without a path length, or with at least {}"
"""How a CA is to be reissued, by how many CA certificates are to stand below it."""


_COUNTING_THE_SERVER = frozenset({R.OPENSSL_1_1_0})


def _spared(below: int, limit: int, case: Case) -> bool:
    """Whether OpenSSL 1.1.0 finds the path short enough.

    It counts the server certificate too, and so allows one more; that one may be a CA where
    the server certificate has its issuer's name, which it does not count.
    """
    server = case.hierarchy.server
    return server is not None and server.is_self_issued and below <= limit + 1


def _refusers_of_path_length(certificate: Certificate, case: Case) -> frozenset[Refuser]:
    if not _is_trusted_root(certificate, case):
        return EVERYBODY
    return EVERYBODY - {
        R.JAVA,
        R.RUSTLS,
        R.RUSTLS_RTLS,
        R.BEARSSL,
        R.WOLFSSL,
        R.OPENSSL_1_1_0,
        R.OPENSSL_1_0_2,
        *takes_for_unconstrained(certificate),
    }


@rule(
    "ca.path-length-for-workload-ca",
    title="A path length leaves no room for the workload CA that IoT Edge 1.1 makes",
    severity=ERROR,
    over=Over.EACH_CA,
    purpose="server",
    when=[WORKLOAD_CA_TO_COME],
    act=Act.REISSUE,
    runtime="1.0.0 to 1.1.19",
    references=[
        rfc(5280, "4.2.1.9"),
        edge("edgelet/hsm-sys/azure-iot-hsm-c/src/edge_hsm_client_store.c"),
        measured("a path length that the workload CA exceeds: every client refuses the chain"),
    ],
)
def path_length_for_workload_ca(authority: Certificate, case: Case) -> Violation | None:
    """The runtime will put a workload CA below the device CA, and a path length forbids it.

    Up to 1.1 the IoT Edge daemon issues a workload CA from the device CA, and the server
    certificate from that. A device CA with path length 0 (or an intermediate or root whose
    path length is too short by one) makes every chain of such a gateway invalid, although
    the files look right before it starts. From 1.2 on there is no workload CA. Where nobody
    said which runtime it is, this is a warning, and only while there is no server certificate
    to show that the chain does without a workload CA.

    Remedy:
    Have the issuer reissue this certificate without a path length:

        basicConstraints = critical,CA:TRUE

    Then replace it in the device CA file; a root also in the trust of every client. Or update
    the gateway to 1.2 or later, which makes no workload CA.
    """
    constraints = authority.basic_constraints
    hierarchy = case.hierarchy
    path, device_ca = hierarchy.path, hierarchy.device_ca
    if constraints is None or constraints.path_length is None or path is None or device_ca is None:
        return None
    if hierarchy.presents_server and (hierarchy.workload_ca or hierarchy.runtime is None):
        return None
    severity = case.bound(ERROR, OLDEST, LAST_1_1)
    if severity is None:
        return None
    certificates = path.certificates
    lowest, place = certificates.index(device_ca), certificates.index(authority)
    below = _counted(certificates[lowest:place])
    if place < lowest or constraints.path_length > len(below):
        return None
    to_be_made = _workload_ca_to_be_made(hierarchy)
    exceeded = [
        v for v in path.violations if isinstance(v, LengthViolation) and v.certificate is authority
    ]
    if bool(exceeded) is not to_be_made or (exceeded and constraints.path_length < len(below)):
        return None  # too short already, as `ca.path-length-exceeded` says
    needed = len(below) + 1
    return Violation(
        f"{case.named(authority)} allows {constraints.path_length} CA certificates below it; "
        f"IoT Edge up to 1.1 needs {needed}, its workload CA included",
        wanted=f"path length {needed} or more, or none",
        found=constraints.path_length,
        certificates=(authority, *(violated.below for violated in exceeded)),
        severity=severity,
        refused_by=_refusers_of_path_length(authority, case),
        how=_ROOM.format(needed),
    )


def _workload_ca_to_be_made(hierarchy: Hierarchy) -> bool:
    """Whether there is a workload CA on the path that is only predicted."""
    return hierarchy.predicted is not None and hierarchy.workload_ca is not None


def _counted(authorities: tuple[Certificate, ...]) -> tuple[Certificate, ...]:
    """The CA certificates that a path length counts: those that are not self-issued."""
    return tuple(authority for authority in authorities if not authority.is_self_issued)
