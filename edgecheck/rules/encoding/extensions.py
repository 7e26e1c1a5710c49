"""What is in an extension that clients decode, and cannot decode."""

from edgecheck.behaviour.refusers import Refuser
from edgecheck.behaviour.structure import is_ca
from edgecheck.behaviour.undecodable import AT_ONCE, Undecodable, undecodable
from edgecheck.hierarchy.hierarchy import Hierarchy
from edgecheck.reading.certificate import (
    EXT_NAME_CONSTRAINTS,
    EXT_POLICY_MAPPINGS,
    EXT_SUBJECT_ALT_NAME,
    Certificate,
    each_once,
)
from edgecheck.reading.strict import extension_name
from edgecheck.reading.text import safe
from edgecheck.rules.encoding.conditions import ODD_ALTERNATIVE_NAME
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.rule import (
    ERROR,
    Act,
    Over,
    Reference,
    Violation,
    rule,
    severity_for,
)
from edgecheck.rules.extension.conditions import UNUSUAL_EXTENSION
from edgecheck.rules.references import measured, openssl, rfc


@rule(
    "encoding.extension-undecodable",
    title="An extension holds what some clients cannot decode",
    severity=ERROR,
    over=Over.HIERARCHY,
    when=[UNUSUAL_EXTENSION, ODD_ALTERNATIVE_NAME],
    act=Act.REISSUE,
    references=[
        rfc(5280, "4.2"),
        openssl("crypto/x509/v3_purp.c"),
        Reference(
            "Go 1.23, src/crypto/x509/parser.go (processExtensions)",
            "https://github.com/golang/go/blob/go1.23.0/src/crypto/x509/parser.go",
        ),
        Reference(
            ".NET 8, CertificatePolicy.cs",
            "https://github.com/dotnet/runtime/blob/v8.0.0/src/libraries/"
            "System.Security.Cryptography/src/System/Security/Cryptography/X509Certificates/"
            "CertificatePolicy.cs",
        ),
        measured(
            "OpenSSL looks into names, cRLDistributionPoints, nsCertType, proxyCertInfo and "
            "the resources of RFC 3779. Go looks into cRLDistributionPoints, authorityInfoAccess "
            "and policies. .NET and BoringSSL look into policies, Java only into what is critical"
        ),
    ],
)
def extension_undecodable(hierarchy: Hierarchy, case: Case) -> list[Violation]:
    """Clients decode some extensions although they need nothing of them, and not all the same.

    OpenSSL, and Python, Node.js, .NET and the Azure SDKs with it, then take the certificate as if
    it were not there: "unable to get local issuer certificate" (error 20), which says nothing
    of an extension; only curl says "invalid certificate". Go ends the handshake and names the
    extension: "x509: invalid CRL distribution points". .NET's own code throws "ASN1 corrupted
    data" for policies. Java passes over what is not critical. It comes from extensions that were
    given to a CA's software as raw bytes (`DER:...`), or from a template with an empty field.

    Remedy:
    Have the certificate reissued with the extension in the words of the software that issues it
    (in OpenSSL's, `crlDistributionPoints = URI:http://...`), or without it: no client needs it.
    """
    path = case.hierarchy.path
    above = path.certificates if path is not None else ()
    found = []
    for certificate in each_once((*hierarchy.sequence, *above)):
        for one in undecodable(certificate):
            violation = _violation(certificate, one, certificate in above, case)
            if violation is not None:
                found.append(violation)
    return found


def _violation(
    certificate: Certificate, one: Undecodable, on_path: bool, case: Case
) -> Violation | None:
    name = extension_name(one.kind)
    if one.kind == EXT_SUBJECT_ALT_NAME and "alt_names" in certificate.damage:
        return None  # `input.unreadable-fact` says so
    if one.kind == EXT_NAME_CONSTRAINTS and _limits_nothing(certificate, case):
        return None  # `extension.name-constraints-without-ca` says so
    refused_by = one.refused_by if on_path else one.refused_by & AT_ONCE
    if one.kind == EXT_POLICY_MAPPINGS and certificate is case.hierarchy.target:
        refused_by -= {Refuser.BORINGSSL}  # which looks at those of authorities
    if not refused_by:
        return None
    severity = severity_for(refused_by)
    if severity is not ERROR:
        cause = "path.undecided"  # where policies that cannot be read leave the path open
    elif one.kind == EXT_SUBJECT_ALT_NAME:
        cause = "encoding.alternative-name"
    else:
        cause = "path.unknown-critical-extension"
    says = {library: safe(text, 200) for library, text in one.says.items()}
    return Violation(
        f"the {name} of {case.named(certificate)} cannot be decoded: {safe(one.because, 200)}",
        wanted=f"{name} as its syntax says, or none",
        found=certificate.extensions[one.kind].hex()[:160],
        certificates=(certificate,),
        severity=severity,
        remedy=f"Have {case.named(certificate)} reissued without {name}, which no client needs; or "
        "with that extension in the words of the software that issues it, not as raw bytes.",
        refused_by=refused_by,
        because_of=(cause, certificate),
        evidence={"field": f"extensions: {name}"} | ({"says": says} if says else {}),
        hidden=one.hidden and on_path,
    )


def _limits_nothing(certificate: Certificate, case: Case) -> bool:
    """Whether it is the server's, and its nameConstraints are empty."""
    is_server = certificate is case.hierarchy.server and not is_ca(certificate)
    return is_server and certificate.extensions[EXT_NAME_CONSTRAINTS] == b"\x30\x00"
