"""Certificate.Verify: all chains are built, and a single one that passes is enough."""

from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from edgecheck.behaviour import raw, work
from edgecheck.behaviour.golang import names
from edgecheck.behaviour.golang.extensions import basic_constraints
from edgecheck.behaviour.golang.parse import refused, shown_name, signature_name, unhandled
from edgecheck.behaviour.golang.records import V1_24, V1_27
from edgecheck.behaviour.lenient import first_values
from edgecheck.behaviour.policies import lacks_policy, maps_any
from edgecheck.behaviour.taken import Ended, Objection, Taken
from edgecheck.behaviour.view import View
from edgecheck.hierarchy.signatures import State, algorithm
from edgecheck.reading.certificate import (
    EXT_BASIC_CONSTRAINTS,
    EXT_SUBJECT_ALT_NAME,
    Certificate,
    Unreadable,
    moment,
    written,
)
from edgecheck.reading.extensions import (
    ANY_EXTENDED_KEY_USAGE,
    KEY_CERT_SIGN,
    SERVER_AUTH,
    BasicConstraints,
)
from edgecheck.reading.pss import is_pss
from edgecheck.values import frozen

UNKNOWN_AUTHORITY = "certificate signed by unknown authority"
NO_SIGNER = "x509: invalid signature: parent certificate cannot sign this kind of certificate"
SMALLEST_KEY = 1024
"""Bits of RSA, below which crypto/rsa does nothing since 1.24."""
TOO_LARGE = "crypto/rsa: public exponent too large"
MOST_CHECKS = 100
"""maxChainSignatureChecks."""
LARGEST_KEY = 8192
"""defaultMaxRSAKeySize of crypto/tls, in bits."""


@frozen
class Wrong:
    """An error and the certificate that it is about."""

    text: str
    certificate: Certificate | None = None


class Verification:
    """One call of Verify."""

    def __init__(self, view: View, roots: list[Certificate], version: tuple[int, int]) -> None:
        """Keep what it needs."""
        self.view = view
        self.version = version
        self.roots = list(dict.fromkeys(roots))
        self.others = list(dict.fromkeys(view.presented[1:]))
        self.checks = 0
        self.error: Wrong | None = None

    def leaf(self) -> Wrong | None:
        """What is wrong with the server certificate by itself; looked at before its names."""
        return self._valid(self.view.leaf, (), "leaf")

    def passed(self) -> tuple[Certificate, ...] | Wrong:
        """The first chain that passes, else what is told of all."""
        leaf = self.view.leaf
        if leaf in self.roots:
            chains: list[tuple[Certificate, ...]] = [(leaf,)]
        else:
            chains, wrong = self._chains(leaf, (leaf,))
            if not chains:
                return wrong or Wrong(UNKNOWN_AUTHORITY, leaf)
        constrained: Wrong | None = None
        unfit = without_policy = 0
        for chain in chains:
            if self.version < V1_27 and not all(map(_for_servers, chain)):
                unfit += 1  # which is asked first, up to 1.24
                continue
            if self.version >= V1_24 and not _policies_valid(chain[:-1]):
                without_policy += 1
                continue
            if not all(map(_for_servers, chain)):
                unfit += 1
                continue
            told_by = self._constraints(chain) if self.version >= V1_27 else None
            if told_by is None:
                return chain
            constrained = constrained or told_by
        if constrained is not None:
            return constrained
        if not without_policy:
            return Wrong("certificate specifies an incompatible key usage", leaf)
        chains_are = "candidate chains" if self.version >= V1_27 else "chains"
        details = [f"{unfit} {chains_are} with incompatible key usage"] if unfit else []
        details.append(f"{without_policy} {chains_are} with invalid policies")
        return Wrong(f"no valid chains built: {', '.join(details)}", leaf)

    def _constraints(self, chain: tuple[Certificate, ...]) -> Wrong | None:
        """Of 1.27, checkChainConstraints: over a finished chain, authorities' own names too."""
        for place, named in enumerate(chain):
            if EXT_SUBJECT_ALT_NAME not in named.extensions:
                continue
            for above in chain[place + 1 :]:
                told = self._violated(named, above)
                if told is not None:
                    return _not_authorized(told, above)
        return None

    def _violated(self, named: Certificate, above: Certificate) -> str | None:
        """What of the one's names the other's constraints do not allow."""
        held = raw.constraints(above) if above.version == 3 else None
        return names.violated(named, held, self.version) if held else None

    def _chains(
        self, child: Certificate, chain: tuple[Certificate, ...]
    ) -> tuple[list[tuple[Certificate, ...]], Wrong | None]:
        """buildChains: roots first, then what was sent; the last error of all is kept."""
        found: list[tuple[Certificate, ...]] = []
        error: Wrong | None = None
        hint: tuple[str, Certificate] | None = None
        for kind, pool in (("root", self.roots), ("intermediate", self.others)):
            for candidate in self._parents(child, pool):
                if self._repeats(candidate, chain):
                    continue
                self.checks += 1
                if self.checks > MOST_CHECKS:
                    told = (
                        "signature check attempts limit reached while verifying certificate chain"
                    )
                    return found, Wrong(told, child)
                unsigned = self._unsigned(child, candidate)
                if unsigned is not None:
                    hint = hint or (unsigned, candidate)
                    continue
                error = self._valid(candidate, chain, kind)
                if error is not None:
                    continue
                longer = (*chain, candidate)
                if kind == "root":
                    found.append(longer)
                else:
                    more, error = self._chains(candidate, longer)
                    found += more
        if found:
            return found, None
        if error is None:
            told = UNKNOWN_AUTHORITY
            if hint is not None:
                name = shown_name(hint[1].subject) or f"serial:{hint[1].serial}"
                told += (
                    f' (possibly because of "{_quoted(hint[0])}" while trying to verify candidate '
                    f'authority certificate "{_quoted(name)}")'
                )
            error = Wrong(told, child)
        return found, error

    def _parents(self, child: Certificate, pool: list[Certificate]) -> list[Certificate]:
        """findPotentialParents: names byte by byte, the most plausible key identifiers first."""
        work.spend(len(pool) // 8)
        named = [c for c in pool if c.subject_raw == child.issuer_raw]
        if len(named) < 2:
            return named
        wanted = _authority_key_id(child)
        return sorted(named, key=lambda c: _plausibility(_subject_key_id(c), wanted))

    def _repeats(self, candidate: Certificate, chain: tuple[Certificate, ...]) -> bool:
        """alreadyInChain: subject, key and subjectAltName are equal (1.19 does likewise)."""
        own = candidate.extensions.get(EXT_SUBJECT_ALT_NAME)
        for certificate in chain:
            if (
                candidate.subject_raw == certificate.subject_raw
                and candidate.spki == certificate.spki
            ):
                other = certificate.extensions.get(EXT_SUBJECT_ALT_NAME)
                if (own is None) != (other is None):
                    return False
                if own == other:
                    return True
        return False

    def _unsigned(self, child: Certificate, parent: Certificate) -> str | None:
        """CheckSignatureFrom: why the parent cannot have signed; None where it has."""
        constraints = _basic_constraints(parent)
        if (parent.version == 3 and constraints is None) or (constraints and not constraints.ca):
            return NO_SIGNER
        usage = parent.key_usage if parent.version == 3 else None
        if usage and not usage & KEY_CERT_SIGN:
            return NO_SIGNER
        name = signature_name(child)
        used = algorithm(child.signature_algorithm)
        if name is None or is_pss(parent.spki):  # a key of such a kind is none to it
            return "x509: cannot verify signature: algorithm unimplemented"
        if used.hash is not None and used.hash.name in ("md5", "sha1"):
            told = f"x509: cannot verify signature: insecure algorithm {name}"
            if used.hash.name == "sha1" and self.version < (1, 24):
                told += " (temporarily override with GODEBUG=x509sha1=1)"
            return told
        key = parent.public_key
        kind = "RSA" if isinstance(key, rsa.RSAPublicKey) else "ECDSA"
        if isinstance(key, ed25519.Ed25519PublicKey):
            kind = "Ed25519"
        wanted = {"RSA": "RSA", "RSA-PSS": "RSA", "EC": "ECDSA"}.get(used.key, used.key)
        if kind != wanted:
            go_type = {"RSA": "*rsa.PublicKey", "ECDSA": "*ecdsa.PublicKey"}
            return (
                f"x509: signature algorithm specifies an {wanted} public key, but have public key "
                f"of type {go_type.get(kind, 'ed25519.PublicKey')}"
            )
        unusable = unusable_rsa(key) if self.version >= V1_24 else None
        if unusable is not None:
            return unusable
        if self.view.signature(child, parent) is State.VALID:
            return None
        return {
            "RSA": "crypto/rsa: verification error",
            "ECDSA": "x509: ECDSA verification failure",
        }.get(kind, "x509: Ed25519 verification failure")

    def _valid(
        self, certificate: Certificate, chain: tuple[Certificate, ...], kind: str
    ) -> Wrong | None:
        """Certificate.isValid."""
        if unhandled(certificate, self.version):
            return Wrong("unhandled critical extension", certificate)
        at = self.view.at
        for outside, told, limit in (
            (at < certificate.not_before, "before", certificate.not_before),
            (at > certificate.not_after, "after", certificate.not_after),
        ):
            if outside:
                current = f"current time {_rfc_3339(at)} is {told} {_rfc_3339(limit)}"
                text = f"certificate has expired or is not yet valid: {current}"
                return Wrong(text, certificate)
        if kind != "leaf" and self.version < V1_27:
            # up to 1.23 of the leaf and its own; then of all below
            for named in chain if self.version >= V1_24 else (chain[0], certificate):
                told_by = self._violated(named, certificate)
                if told_by is not None:
                    return _not_authorized(told_by, certificate)
        constraints = _basic_constraints(certificate)
        if kind == "intermediate" and (constraints is None or not constraints.ca):
            return Wrong("certificate is not authorized to sign other certificates", certificate)
        length = constraints.path_length if constraints is not None else None
        if length is not None and length < len(chain) - 1:
            return Wrong("too many intermediates for path length constraint", certificate)
        return None


def _rfc_3339(seconds: int) -> str:
    """A time as a client prints it whose clock is set to UTC."""
    try:
        return moment(seconds).isoformat().replace("+00:00", "Z")
    except OverflowError:  # with a zone, a time may end beyond the calendar
        return written(seconds, "")


def _basic_constraints(certificate: Certificate) -> BasicConstraints | None:
    """Those of version 3; to 1.19 a negative path length is none."""
    if certificate.version != 3:
        return None
    value = certificate.extensions.get(EXT_BASIC_CONSTRAINTS)
    return None if value is None else basic_constraints(value)


def large_exponent(key: object) -> bool:
    """CheckPublicKey of crypto/internal/fips140/rsa, which takes 31 bits and odd numbers."""
    return isinstance(key, rsa.RSAPublicKey) and key.public_numbers().e >= 1 << 31


def unusable_rsa(key: object) -> str | None:
    """Return what crypto/rsa (checkKeySize, checkPublicKey), since 1.24, says of a key; or None."""
    if isinstance(key, rsa.RSAPublicKey) and key.key_size < SMALLEST_KEY:
        see = "https://go.dev/pkg/crypto/rsa#hdr-Minimum_key_size"
        return f"crypto/rsa: {key.key_size}-bit keys are insecure (see {see})"
    return TOO_LARGE if large_exponent(key) else None


def large_key(certificate: Certificate, version: tuple[int, int]) -> bool:
    """checkKeySize, of each certificate that is sent; 1.19.8 has none.

    A key of id-RSASSA-PSS is of no kind that Go knows. One that cannot be loaded is not large.
    """
    if version < V1_24 or is_pss(certificate.spki):
        return False
    try:
        key = certificate.public_key
    except Unreadable:
        return False
    return isinstance(key, rsa.RSAPublicKey) and key.key_size > LARGEST_KEY


def _not_authorized(told: str, certificate: Certificate) -> Wrong:
    if told.startswith("x509: "):
        return Wrong(told.removeprefix("x509: "), certificate)
    text = f"a root or intermediate certificate is not authorized to sign for this name: {told}"
    return Wrong(text, certificate)


def _policies_valid(path: tuple[Certificate, ...]) -> bool:
    """Return what policiesValid of verify.go does, since 1.24; the path is without its root."""
    return lacks_policy(path) is None and maps_any(path, counted=True) is None


def _for_servers(certificate: Certificate) -> bool:
    """checkChainForKeyUsage: no extKeyUsage, or serverAuth, or any."""
    usages = raw.usages(certificate) if certificate.version == 3 else None
    return not usages or SERVER_AUTH in usages or ANY_EXTENDED_KEY_USAGE in usages


def _authority_key_id(certificate: Certificate) -> bytes:
    authority = certificate.authority_key_id if certificate.version == 3 else None
    return (authority.key_id if authority else None) or b""


def _subject_key_id(certificate: Certificate) -> bytes:
    return (certificate.subject_key_id if certificate.version == 3 else None) or b""


def _plausibility(have: bytes, wanted: bytes) -> int:
    if have == wanted:
        return 0
    return 1 if not have or not wanted else 2


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def loaded(view: View, version: tuple[int, int]) -> list[Certificate]:
    """What of the trust can be parsed."""
    return [c for c in view.trust if refused(c, view, version) is None]


def taken(view: View, version: tuple[int, int]) -> Taken:
    """The first chain that passes; where none does, nothing is settled."""
    view = first_values(view)
    for certificate in view.presented:
        why = refused(certificate, view, version)
        if why is not None:
            return Taken((view.leaf,), Ended.GIVEN_UP, (Objection(certificate, why),))
        if large_key(certificate, version):
            objection = Objection(certificate, "large key")
            return Taken((view.leaf,), Ended.GIVEN_UP, (objection,))
    verification = Verification(view, loaded(view, version), version)
    found = verification.leaf() or verification.passed()
    if not isinstance(found, Wrong):
        return Taken(found, Ended.TRUSTED)
    if found.text.startswith(UNKNOWN_AUTHORITY):
        return Taken((view.leaf,), Ended.NO_ISSUER)
    return Taken(
        (view.leaf,), Ended.GIVEN_UP, (Objection(found.certificate or view.leaf, found.text),)
    )
