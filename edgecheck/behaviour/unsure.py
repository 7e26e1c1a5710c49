"""What small libraries decode of extensions that their models do not read.

Recordings of 200 malformed values show which kinds a library looks into, and that it refuses some
of them. What exactly it takes is not known, so that a value which is not as its syntax says
leaves the prediction open.
"""

from collections.abc import Callable
from functools import lru_cache

from edgecheck.behaviour.gnutls.parse import wrong_names
from edgecheck.behaviour.kinds import Library
from edgecheck.behaviour.openssl import boring
from edgecheck.behaviour.openssl import extensions as openssl
from edgecheck.behaviour.openssl import templates as t
from edgecheck.behaviour.view import View
from edgecheck.reading import certificate as reading
from edgecheck.reading.certificate import Certificate

_POINTS, _POLICIES = reading.EXT_CRL_DISTRIBUTION_POINTS, reading.EXT_POLICIES
_INFO = bytes.fromhex("2b0601050507010b")
_DIRECTORY, _NO_CHECK = bytes.fromhex("551d09"), bytes.fromhex("2b0601050507300105")
_WOLFSSL = (
    _POINTS,
    _POLICIES,
    openssl.NS_CERT_TYPE,
    reading.EXT_AUTHORITY_INFO_ACCESS,
    reading.EXT_POLICY_CONSTRAINTS,
    reading.EXT_SUBJECT_ALT_NAME,
    _INFO,
    _DIRECTORY,
    _NO_CHECK,
)
_BOTAN = (
    _POINTS,
    _POLICIES,
    reading.EXT_AUTHORITY_INFO_ACCESS,
    reading.EXT_ISSUER_ALT_NAME,
)
_ACCESS = t.of(t.sequence(t.primitive(t.OID), openssl.GENERAL_NAME))
_SYNTAX = {
    **openssl.DECODED,
    **boring.POLICY_SYNTAX,
    reading.EXT_ISSUER_ALT_NAME: openssl.DECODED[reading.EXT_SUBJECT_ALT_NAME],
    reading.EXT_AUTHORITY_INFO_ACCESS: _ACCESS,
    _INFO: _ACCESS,
    _DIRECTORY: t.of(t.sequence(t.primitive(t.OID), t.of(t.ANY, type_=t.SET))),
    _NO_CHECK: t.primitive(t.NULL),
}
_MAY_BE_EMPTY = frozenset(
    {openssl.NS_CERT_TYPE, reading.EXT_INHIBIT_ANY_POLICY, reading.EXT_SUBJECT_ALT_NAME}
)
"""Those that are no SEQUENCE, and the one of which models know what is made of an empty one."""
_MOST_COUNTED = 10
"""Octets of two numbers of one octet each, and some to spare."""
_NONE, _SEQUENCE, _BITS = b"\x30\x00", b"\x30", b"\x03"
_Looks = Callable[[Certificate, bytes], bool]


def _among(*kinds: bytes) -> _Looks:
    return lambda certificate, kind: kind in kinds


def _botan(certificate: Certificate, kind: bytes) -> bool:
    """What is critical."""
    return kind in _BOTAN and kind in certificate.critical


def _wolfssl(certificate: Certificate, kind: bytes) -> bool:
    """Several; where policyConstraints are no SEQUENCE, or nsCertType no bits, it ends there."""
    first = certificate.extensions[kind][:1]
    if kind == reading.EXT_POLICY_CONSTRAINTS and first != _SEQUENCE:
        return False
    if kind == openssl.NS_CERT_TYPE and first != _BITS:
        return False
    return kind in _WOLFSSL


def _gnutls(certificate: Certificate, kind: bytes) -> bool:
    """Names; how those of the subject end the import, its model knows of most."""
    if kind == reading.EXT_SUBJECT_ALT_NAME:
        value = certificate.extensions[kind]
        return not value or wrong_names(value) is None
    return kind == reading.EXT_ISSUER_ALT_NAME


LOOKS_INTO: dict[Library, _Looks] = {
    Library.WOLFSSL: _wolfssl,
    Library.RUSTLS: _among(_POINTS),
    Library.GNUTLS: _gnutls,
    Library.BOTAN: _botan,
}
"""Whether a library looks into an extension of a kind. Its models have `undecided`."""


@lru_cache(maxsize=256)
def malformed(kind: bytes, value: bytes) -> str | None:
    """Return what is wrong with an extension by its syntax in DER; None: nothing, or not known."""
    if kind not in _SYNTAX:
        return None
    wrong = t.wrong(_SYNTAX[kind], value, der=True)
    if wrong is None and kind == openssl.NS_CERT_TYPE and len(value) != 4:
        return "not one octet of bits"
    if wrong is None and kind == reading.EXT_POLICY_CONSTRAINTS and len(value) > _MOST_COUNTED:
        return "a large number"
    if wrong is None and kind not in _MAY_BE_EMPTY and value == _NONE:
        return "it is empty"
    return wrong


def undecided(library: Library, view: View) -> tuple[Certificate, bytes] | None:
    """Return the certificate and the kind of an extension that leave open what a library does."""
    looks = LOOKS_INTO.get(library)
    if looks is None:
        return None
    for certificate in (*view.presented, *view.trust):
        for kind, value in certificate.extensions.items():
            if kind not in _SYNTAX or not looks(certificate, kind):
                continue
            if malformed(kind, value) is not None:
                return certificate, kind
    return None
