"""The chain that mbedTLS walks: forward only, by names alone (verify_chain, find_parent)."""

from collections.abc import Sequence
from typing import NamedTuple

from edgecheck.behaviour.lenient import lenient
from edgecheck.behaviour.mbedtls import asn1, names
from edgecheck.behaviour.mbedtls.keys import RSA
from edgecheck.behaviour.mbedtls.parse import UNKNOWN_ALGORITHM, Moment, Parsed, parsed
from edgecheck.behaviour.mbedtls.versions import V3_6_6, Version
from edgecheck.behaviour.taken import Ended, Objection, Taken
from edgecheck.behaviour.view import View
from edgecheck.hierarchy.signatures import State
from edgecheck.reading.certificate import Certificate, moment
from edgecheck.reading.extensions import DECIPHER_ONLY, ENCIPHER_ONLY, KEY_CERT_SIGN

MOST_INTERMEDIATES = 8
EXPIRED = "The certificate validity has expired"
NAME = "The certificate Common Name (CN) does not match with the expected CN"
NOT_TRUSTED = "The certificate is not correctly signed by the trusted CA"
FUTURE = "The certificate validity starts in the future"
KEY_USAGE = "Usage does not match the keyUsage extension"
EXT_KEY_USAGE = "Usage does not match the extendedKeyUsage extension"
BAD_MD = "The certificate is signed with an unacceptable hash."
BAD_PK = "The certificate is signed with an unacceptable PK alg (eg RSA vs ECDSA)."
BAD_KEY = "The certificate is signed with an unacceptable key (eg bad curve, RSA too short)."
LEAST_RSA = 2048
"""Bits."""
_DIGESTS = ("sha256", "sha384", "sha512")
CURVES = (
    "secp256r1",
    "secp384r1",
    "secp521r1",
    "brainpoolP256r1",
    "brainpoolP384r1",
    "brainpoolP512r1",
)
"""mbedtls_x509_crt_profile_default since 3.0; 2.28 takes SHA-224 and any curve too."""


class One(NamedTuple):
    """A certificate, and what mbedTLS keeps of it."""

    certificate: Certificate
    facts: Parsed


class Chain:
    """verify_chain: what it walks, and the flags that it gathers.

    Attributes:
        certificates: the chain, target first.
        flags: what is wrong, and with which certificate.
        ended: how it ends.
        too_long: the certificate at which it gives up.
    """

    def __init__(
        self, view: View, presented: Sequence[One], trust: Sequence[One], version: Version
    ) -> None:
        """Walk; what is presented and trusted is what could be parsed of it."""
        self.view = view
        self.presented = presented
        self.trust = trust
        self.version = version
        self.at: Moment = moment(view.at).timetuple()[:6]
        self.certificates = [presented[0].certificate]
        self.flags: list[tuple[str, Certificate]] = []
        if weak(presented[0].facts, version):
            self.flags.append((BAD_KEY, presented[0].certificate))
        self.ended = Ended.TRUSTED
        self.too_long = self._walked()

    def _walked(self) -> Certificate | None:
        """Returns the certificate at which the chain is too long."""
        flags = self.flags
        child, place, length, self_issued, trusted = self.presented[0], 0, 0, 0, False
        while True:
            length += 1
            if self.at > child.facts.not_after:
                flags.append((EXPIRED, child.certificate))
            if self.at < child.facts.not_before:
                flags.append((FUTURE, child.certificate))
            if trusted:
                return None
            if not _digest_taken(child.facts, self.version):
                flags.append((BAD_MD, child.certificate))
            own = names.same(child.facts.issuer, child.facts.subject)
            if length == 1 and own and child.certificate in (one.certificate for one in self.trust):
                return None
            between = length - 1 - self_issued
            parent, good = self._find(child, self.trust, True, between), True
            trusted = parent is not None
            at = place
            if parent is None:
                following = self.presented[place + 1 :]
                parent = self._find(child, following, False, between)
                if parent is not None:
                    good = self._signed(child, parent)
                    at = place + 1 + next(i for i, one in enumerate(following) if one is parent)
            if parent is None:
                flags.append((NOT_TRUSTED, child.certificate))
                self.ended = Ended.NO_ISSUER
                return None
            if length != 1 and own:
                self_issued += 1
            if not trusted and length > MOST_INTERMEDIATES:
                self.ended = Ended.GIVEN_UP
                return parent.certificate
            if not good:
                flags.append((NOT_TRUSTED, child.certificate))
            if weak(parent.facts, self.version):
                flags.append((BAD_KEY, parent.certificate))
            self.certificates.append(parent.certificate)
            child, place = parent, at

    def _signed(self, child: One, parent: One) -> bool:
        return self.view.signature(child.certificate, parent.certificate) is State.VALID

    def _find(self, child: One, among: Sequence[One], top: bool, between: int) -> One | None:
        """find_parent_in: the first that fits and is in time, else the first that fits."""
        fallback = None
        for parent in among:
            if not _fits(child, parent, top):
                continue
            limit = parent.facts.extensions.path_length
            if limit is not None and limit < between:
                continue
            if top and not self._signed(child, parent):
                continue
            if parent.facts.not_before <= self.at <= parent.facts.not_after:
                return parent
            fallback = fallback or parent
        return fallback


def _fits(child: One, parent: One, top: bool) -> bool:
    """check_parent: the name, the CA bit and keyCertSign; version 1 where it is trusted."""
    if not names.same(child.facts.issuer, parent.facts.subject):
        return False
    if top and parent.facts.version < 3:
        return True
    return parent.facts.extensions.ca and is_for(parent.facts, KEY_CERT_SIGN)


def is_for(facts: Parsed, usage: int) -> bool:
    """mbedtls_x509_crt_check_key_usage: a certificate that is only to encipher is for nothing else.

    Args:
        facts: what is kept of a certificate.
        usage: one bit, as `reading.extensions` counts them.
    """
    given = facts.extensions.key_usage
    return given is None or (bool(given & usage) and not given & (ENCIPHER_ONLY | DECIPHER_ONLY))


def _digest_taken(facts: Parsed, version: Version) -> bool:
    """x509_profile_check_md_alg of the default profile."""
    return facts.digest in _DIGESTS or (facts.digest == "sha224" and version < V3_6_6)


def weak(facts: Parsed, version: Version) -> bool:
    """x509_profile_check_key of the default profile."""
    if facts.key.kind == RSA:
        return facts.key.bits < LEAST_RSA
    return version >= V3_6_6 and facts.key.curve not in CURVES


def read_trust(view: View, version: Version) -> list[One]:
    """What could be parsed of what is trusted; the rest is no anchor."""
    found = ((one, parsed(one, version)) for one in view.trust)
    return [One(one, facts) for one, facts in found if not isinstance(facts, int)]


def read_presented(view: View, version: Version) -> list[One] | tuple[Certificate, int]:
    """What was sent; or the certificate for which all is refused, and the error.

    One with an unknown algorithm is passed over. In TLS 1.3, which 3.6 speaks, that of the last one
    stays the result all the same (mbedtls_ssl_tls13_parse_certificate).
    """
    taken = []
    for certificate in view.presented:
        facts = parsed(certificate, version)
        if not isinstance(facts, int):
            taken.append(One(certificate, facts))
        elif facts != UNKNOWN_ALGORITHM:
            return certificate, facts
    last = view.presented[-1]
    if version >= V3_6_6 and parsed(last, version) == UNKNOWN_ALGORITHM:
        return last, UNKNOWN_ALGORITHM
    return taken


def taken(view: View, version: Version) -> Taken:
    """The chain that it walks, with all flags; what it cannot parse ends everything."""
    view = lenient(view)
    presented = read_presented(view, version)
    if isinstance(presented, tuple):
        certificate, code = presented
        return Taken((view.leaf,), Ended.GIVEN_UP, (Objection(certificate, asn1.told(code)),))
    if not presented:
        told = asn1.told(UNKNOWN_ALGORITHM)
        return Taken((view.leaf,), Ended.GIVEN_UP, (Objection(view.leaf, told),))
    chain = Chain(view, presented, read_trust(view, version), version)
    flags = chain.flags[:-1] if chain.ended is Ended.NO_ISSUER else chain.flags
    objections = [Objection(at, flag) for flag, at in flags]
    if chain.too_long is not None:
        objections.append(Objection(chain.too_long, "length"))
    return Taken(tuple(chain.certificates), chain.ended, tuple(objections))
