"""Which clients cannot decode an extension of a certificate, and what they do then.

Each library's own answer stands in its folder: `openssl.extensions`, `openssl.boring`,
`golang.extensions`, `dotnet.policies`, `jsse.extensions`. Here they come together, for one
certificate.
"""

from contextlib import suppress
from typing import NamedTuple

from edgecheck.behaviour import structure
from edgecheck.behaviour.dotnet import policies as dotnet
from edgecheck.behaviour.golang import extensions as golang
from edgecheck.behaviour.golang.records import V1_19, V1_27
from edgecheck.behaviour.jsse import extensions as jsse
from edgecheck.behaviour.jsse.general_names import KINDS
from edgecheck.behaviour.openssl import boring
from edgecheck.behaviour.openssl import extensions as openssl
from edgecheck.behaviour.refusers import GO, OPENSSL, Refuser
from edgecheck.behaviour.view import View
from edgecheck.reading.certificate import EXT_NAME_CONSTRAINTS, Certificate, Unreadable
from edgecheck.reading.der import Malformed

R = Refuser
NOBODY: frozenset[Refuser] = frozenset()
OPENSSL_3 = OPENSSL - {R.OPENSSL_1_1_1, R.NODE} | {R.NODE_20, R.NODE_24}
"""OpenSSL 3.0 and later, and what is built on it."""
AT_ONCE = GO | {R.JAVA}
"""Those who refuse a handshake for any certificate that is presented, needed or not."""


class Undecodable(NamedTuple):
    """An extension that some client cannot decode.

    Attributes:
        kind: the contents of its object identifier.
        because: what is wrong with its value.
        refused_by: who refuses a chain with it.
        says: what the libraries say that name the extension, by who says it.
        hidden: OpenSSL takes the certificate as if it were not there.
    """

    kind: bytes
    because: str
    refused_by: frozenset[Refuser]
    says: dict[str, str]
    hidden: bool


def undecodable(certificate: Certificate) -> list[Undecodable]:
    """Return each extension, once there, that some client cannot decode."""
    from edgecheck.behaviour.jsse.parse import refusing_undecodable  # sound chains need none of it

    found = []
    for kind, value in certificate.extensions.items():
        if kind not in certificate.duplicate_extensions:
            one = _undecodable(kind, value, kind in certificate.critical)
            if one is not None:
                # Of names and purposes that Java alone cannot decode other findings tell.
                in_java = refusing_undecodable(certificate, kind) if kind in KINDS else NOBODY
                found.append(one._replace(refused_by=one.refused_by | in_java))
    return found


def refusing_to_read(certificate: Certificate, view: View) -> dict[Refuser, str]:
    """Return who of `AT_ONCE` refuses whatever is sent with it, and what they say of the fault.

    Not for how it is written, nor for an extension that cannot be decoded, which other findings
    tell wherever it stands.
    """
    # Only what stands beside a path is asked about, and sound chains have nothing there.
    from edgecheck.behaviour.golang.parse import refused
    from edgecheck.behaviour.jsse.parse import unparsable

    if certificate.damage:
        return {}
    found: dict[Refuser, str] = {}
    elsewhere = frozenset[Refuser]().union(*(one.refused_by for one in undecodable(certificate)))
    with suppress(Unreadable, Malformed):
        new, old = (refused(certificate, view, version) for version in (V1_27, V1_19))
        kind = R.GO if old is not None else R.GO_1_24
        if new is not None and not structure.refused(certificate, R.GO):
            found |= {} if {R.GO, kind} & elsewhere else {kind: f"x509: {new}"}
    with suppress(Unreadable, Malformed):
        told = unparsable(certificate)
        if told is not None and not structure.refused(certificate, R.JAVA):
            found |= {} if R.JAVA in elsewhere else {R.JAVA: f"java.security.cert.{told}"}
    return found


def _undecodable(kind: bytes, value: bytes, critical: bool) -> Undecodable | None:
    by, says = NOBODY, {}
    reasons = [openssl.undecodable(kind, value)]
    hidden = reasons[0] is not None
    if hidden:
        by |= OPENSSL | {R.DOTNET}
    elif (pointless := openssl.pointless(kind, value)) is not None:
        reasons.append(pointless)
        by, hidden = by | OPENSSL_3 | {R.DOTNET}, True
    boring_says = boring.undecodable(kind, value) or boring.invalid_policy(kind, value)
    if boring_says is not None and boring_says != boring.MAPS_ANY:  # `path.policy` says so
        reasons.append(boring_says)
        by |= {R.BORINGSSL}
    if (thrown := dotnet.undecodable(kind, value)) is not None:
        by |= {R.DOTNET}
        says[".NET"] = f"ASN1 corrupted data. {thrown}"
    new, old = (golang.undecodable(kind, value, version) for version in (V1_27, V1_19))
    told = new or old
    if told is not None:
        by |= {R.GO} if new and old else {R.GO_1_24}
        says["Go"] = f"x509: {told}"
        if kind == EXT_NAME_CONSTRAINTS:
            reasons.append(told)
    if critical and (in_java := jsse.undecodable(kind, value)) is not None:
        reasons.append(in_java)
        by |= {R.JAVA}
        says["Java"] = "Failed to parse server certificates"
    if not by:
        return None
    because = next((reason for reason in reasons if reason is not None), "it is not as DER has it")
    return Undecodable(kind, because, by, says, hidden)
