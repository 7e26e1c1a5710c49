"""X509TrustManagerImpl: chain, end entity, and identity, in this order."""

from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa

from edgecheck.behaviour import raw
from edgecheck.behaviour.jsse import names
from edgecheck.behaviour.jsse.extensions import NS_CERT_TYPE, netscape_server
from edgecheck.behaviour.jsse.parse import basic_constraints, on_known_curve, unparsable
from edgecheck.behaviour.policies import lacks_policy
from edgecheck.behaviour.view import View
from edgecheck.clients.answer import ACCEPT, Answer, reject
from edgecheck.hierarchy.signatures import State, algorithm
from edgecheck.reading import certificate as reading
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.extensions import (
    ANY_EXTENDED_KEY_USAGE,
    DECIPHER_ONLY,
    DIGITAL_SIGNATURE,
    ENCIPHER_ONLY,
    KEY_CERT_SIGN,
    SERVER_AUTH,
)
from edgecheck.reading.names import same_name

MOST_CERTIFICATES = 10
"""jdk.tls.maxCertificateChainLength."""
HANDSHAKE = "javax.net.ssl.SSLHandshakeException: "
VALIDATION = HANDSHAKE + "PKIX path validation failed: "
FAILED = VALIDATION + "java.security.cert.CertPathValidatorException: "
NOT_FOUND = (
    HANDSHAKE + "PKIX path building failed: sun.security.provider.certpath."
    "SunCertPathBuilderException: unable to find valid certification path to requested target"
)
NO_POLICY = "non-null policy tree required and policy tree is null"
PRIMITIVES = 0xFFFF & ~(ENCIPHER_ONLY | DECIPHER_ONLY)
"""The uses of a key that AlgorithmChecker knows."""
SGC = ("1.3.6.1.4.1.311.10.3.3", "2.16.840.1.113730.4.1")

CHECKED = frozenset(
    (
        reading.EXT_BASIC_CONSTRAINTS,
        reading.EXT_NAME_CONSTRAINTS,
        reading.EXT_KEY_USAGE,
        reading.EXT_EXTENDED_KEY_USAGE,
        reading.EXT_SUBJECT_ALT_NAME,
        reading.EXT_POLICIES,
        reading.EXT_POLICY_MAPPINGS,
        reading.EXT_POLICY_CONSTRAINTS,
        reading.EXT_INHIBIT_ANY_POLICY,
    )
)
"""Critical extensions that one of the checkers takes care of."""


class Wrong(Exception):
    """A check failed: what it says, and of which certificate."""

    def __init__(self, says: str, certificate: Certificate) -> None:
        """Keep both."""
        super().__init__(says)
        self.says = says
        self.certificate = certificate


def run(view: View, settings: None) -> Answer:
    """The handshake as the client sees it."""
    for root in view.trust:
        why = unparsable(root, view)
        if why is not None:
            told = f"java.security.cert.{why}"
            return reject("trust", root, max(0, len(view.presented) - 1), told)
    if not _offered(view):
        return reject("cipher", view.leaf, 0, HANDSHAKE + "Received fatal alert: handshake_failure")
    if len(view.presented) > MOST_CERTIFICATES:
        told = "The certificate chain length (11) exceeds the maximum allowed length (10)"
        return reject(
            "length", view.presented[10], 10, f"javax.net.ssl.SSLProtocolException: {told}"
        )
    for depth, certificate in enumerate(view.presented):
        if unparsable(certificate, view) is not None:
            told = HANDSHAKE + "Failed to parse server certificates"
            return reject("parse", certificate, depth, told)
    try:
        _trusted(view)
        if view.hostname is not None:
            told_by = names.mismatch(view.leaf, view)
            if told_by is not None:
                raise Wrong(HANDSHAKE + told_by, view.leaf)
    except Wrong as wrong:
        depth = 0
        if wrong.certificate in view.presented:
            depth = view.presented.index(wrong.certificate)
        return reject("verify", wrong.certificate, depth, wrong.says)
    if not view.proves_key:
        told = HANDSHAKE + "Invalid CertificateVerify signature"
        return reject("proof", view.leaf, 0, told)
    return ACCEPT


def _offered(view: View) -> bool:
    """Whether the server's key is on a curve that SunEC has."""
    try:
        return on_known_curve(view.server)
    except Unreadable:
        return True


def _trusted(view: View) -> None:
    """PKIXValidator.engineValidate, then the checks of the end entity."""
    chain = list(view.presented)
    if chain[0].der in view.trusted:
        return
    previous = chain[0].issuer_raw
    for at, certificate in enumerate(chain[1:], 1):
        if not same_name(certificate.subject_raw, previous):
            _build(view, chain)
            break
        if _is_anchor(certificate, view):
            _validate(view, chain[:at])
            break
        previous = certificate.issuer_raw
    else:
        if any(same_name(anchor.subject_raw, previous) for anchor in view.trust):
            _validate(view, chain)
        else:
            _build(view, chain)
    _end_entity(chain[0])


def _is_anchor(certificate: Certificate, view: View) -> bool:
    """Trusted itself, or by the name and key of what is trusted."""
    if certificate.der in view.trusted:
        return True
    return any(
        anchor.spki == certificate.spki and same_name(anchor.subject_raw, certificate.subject_raw)
        for anchor in view.trust
    )


def _validate(view: View, chain: list[Certificate]) -> None:
    """PKIXCertPathValidator: the anchors that may be meant, the last failure counts."""
    top = chain[-1]
    failure = Wrong(FAILED + "Path does not chain with any of the trust anchors", top)
    for anchor in view.trust:
        if not same_name(anchor.subject_raw, top.issuer_raw) or not _identified(top, anchor):
            continue
        try:
            _check_path(view, chain, anchor)
        except Wrong as wrong:
            failure = wrong
        else:
            _check_anchor(anchor, VALIDATION)
            return
    raise failure


def _identified(child: Certificate, anchor: Certificate) -> bool:
    """AdaptableX509CertSelector: key identifier and serial number do not contradict."""
    authority = child.authority_key_id
    if authority is None:
        return True
    have = anchor.subject_key_id
    if authority.key_id is not None and have is not None and authority.key_id != have:
        return False
    return authority.serial is None or anchor.version < 3 or authority.serial == anchor.serial


def _check_path(view: View, chain: list[Certificate], anchor: Certificate) -> None:
    """PKIXMasterCertPathValidator: from the top down, each checker over each certificate."""
    state = _State(len(chain))
    issuer, without = anchor, lacks_policy(chain)
    for certificate in reversed(chain):
        state.left -= 1
        _algorithms(certificate, issuer, FAILED)
        if certificate.key_usage is not None and not certificate.key_usage & PRIMITIVES:
            raise Wrong(FAILED + "incorrect KeyUsage extension bits", certificate)
        if state.left and _denies_signing(certificate):
            told = "CA key usage check failed: keyCertSign bit is not set"
            raise Wrong(FAILED + told, certificate)
        state.constraints(certificate, FAILED)
        if certificate is without:
            raise Wrong(FAILED + NO_POLICY, certificate)
        if not certificate.not_before <= view.at <= certificate.not_after:
            raise Wrong(FAILED + "validity check failed", certificate)
        if not raw.rdn_count(certificate.issuer_raw):
            told = "empty/null issuer DN in certificate is invalid"
            raise Wrong(FAILED + f"subject/issuer name chaining check failed: {told}", certificate)
        if not _signed(view, certificate, issuer):
            raise Wrong(FAILED + "signature check failed", certificate)
        if certificate.critical - CHECKED:
            raise Wrong(FAILED + "unrecognized critical extension(s)", certificate)
        issuer = certificate


class _State:
    """What ConstraintsChecker keeps on the way down."""

    def __init__(self, count: int) -> None:
        self.count = self.left = count
        self.length = count
        """maxPathLength, which starts with the number of certificates."""
        self.held: list[raw.Constraints] = []

    def constraints(self, certificate: Certificate, prefix: str) -> None:
        """BasicConstraints of a CA, then name constraints from above, then its own."""
        own = same_name(certificate.subject_raw, certificate.issuer_raw)
        if self.left:
            length = _path_length(certificate, own and self.left == self.count - 1)
            told = prefix + "basic constraints check failed: "
            if length is None:
                raise Wrong(told + "this is not a CA certificate", certificate)
            if not own:
                if self.length <= 0:
                    raise Wrong(
                        told + "pathLenConstraint violated - this cert must be the last cert in "
                        "the certification path",
                        certificate,
                    )
                self.length -= 1
            self.length = min(self.length, length)
        try:
            allowed = all(names.allowed(certificate, held) for held in self.held)
        except names.EmptyBase:
            told = "javax.net.ssl.SSLException: String index out of range: 0"
            raise Wrong(told, certificate) from None
        if (not self.left or not own) and not allowed:
            raise Wrong(prefix + "name constraints check failed", certificate)
        mine = raw.constraints(certificate)
        if mine is not None:
            self.held.append(mine)


def _path_length(certificate: Certificate, rolls_over: bool) -> int | None:
    """getBasicConstraints: None for what is no CA."""
    if certificate.version < 3:
        return 2**31 - 1 if rolls_over else None
    constraints = basic_constraints(certificate)
    if constraints is None or not constraints.ca:
        return None
    return 2**31 - 1 if constraints.path_length is None else constraints.path_length


def _denies_signing(certificate: Certificate) -> bool:
    usage = certificate.key_usage
    return usage is not None and not usage & KEY_CERT_SIGN


def _algorithms(certificate: Certificate, issuer: Certificate, prefix: str) -> None:
    """AlgorithmChecker with jdk.certpath.disabledAlgorithms: MD5, RSA and DSA below 1024 bits."""
    used = algorithm(certificate.signature_algorithm)
    if used.hash is not None and used.hash.name == "md5":
        told = "Algorithm constraints check failed on signature algorithm: MD5withRSA"
        raise Wrong(prefix + told, certificate)
    key = certificate.public_key
    if isinstance(key, rsa.RSAPublicKey | dsa.DSAPublicKey) and key.key_size < 1024:
        kind = "RSA" if isinstance(key, rsa.RSAPublicKey) else "DSA"
        told = (
            f"Algorithm constraints check failed on keysize limits: {kind} {key.key_size} bit key"
        )
        raise Wrong(prefix + told, certificate)
    if isinstance(key, ec.EllipticCurvePublicKey) and key.curve.key_size < 224:
        told = (
            f"Algorithm constraints check failed on keysize limits: EC {key.curve.key_size} bit key"
        )
        raise Wrong(prefix + told, certificate)


def _check_anchor(anchor: Certificate, prefix: str) -> None:
    """VerifyTrustAnchor."""
    if anchor.version < 3:
        return
    told = f'sun.security.validator.ValidatorException: TrustAnchor with subject "{shown(anchor)}"'
    if _path_length(anchor, False) is None:
        raise Wrong(f"{prefix}{told} is not a CA certificate", anchor)
    if _denies_signing(anchor):
        told += " does not have keyCertSign bit set in KeyUsage extension"
        raise Wrong(prefix + told, anchor)


def shown(certificate: Certificate) -> str:
    """X500Principal.toString(): the most specific attribute first."""
    return ", ".join(reversed(str(certificate.subject).split(", ")))


def _end_entity(certificate: Certificate) -> None:
    """EndEntityChecker.checkTLSServer, for what signs the handshake."""
    usage = certificate.key_usage
    if usage is not None and not usage & DIGITAL_SIGNATURE:
        raise Wrong(HANDSHAKE + "KeyUsage does not allow digital signatures", certificate)
    usages = raw.usages(certificate)
    good = (SERVER_AUTH, ANY_EXTENDED_KEY_USAGE, *SGC)
    if usages is not None and not any(usage in good for usage in usages):
        told = "Extended key usage does not permit use for TLS server authentication"
        raise Wrong(HANDSHAKE + told, certificate)
    netscape = certificate.extensions.get(NS_CERT_TYPE)
    if netscape is not None and not netscape_server(netscape):
        told = "Netscape cert type does not permit use for SSL server"
        raise Wrong(HANDSHAKE + told, certificate)


def _signed(view: View, certificate: Certificate, issuer: Certificate) -> bool:
    """Whether the signature fits; SunEC has no curves but three since 16."""
    return on_known_curve(issuer) and view.signature(certificate, issuer) is State.VALID


def _build(view: View, chain: list[Certificate]) -> None:
    """SunCertPathBuilder: depth first over names; whatever fails, it says one sentence."""
    target = chain[0]
    if not target.not_before <= view.at <= target.not_after or target.critical - CHECKED:
        raise Wrong(NOT_FOUND, target)
    others = list(dict.fromkeys(chain))
    anchor = _search(view, [target], others)
    if anchor is None:
        raise Wrong(NOT_FOUND, target)
    _check_anchor(anchor, HANDSHAKE + "PKIX path building failed: ")


def _search(view: View, path: list[Certificate], others: list[Certificate]) -> Certificate | None:
    child = path[-1]
    for anchor in view.trust:
        in_time = len(path) == 1 or anchor.not_before <= view.at <= anchor.not_after
        if same_name(anchor.subject_raw, child.issuer_raw) and in_time:
            try:
                _finally(view, path, anchor)
            except Wrong:
                continue
            return anchor
    traversed = sum(not same_name(c.subject_raw, c.issuer_raw) for c in path[1:])
    for issuer in others:
        if issuer.der in view.trusted or not same_name(issuer.subject_raw, child.issuer_raw):
            continue
        if not issuer.not_before <= view.at <= issuer.not_after or issuer in path:
            continue
        length = _path_length(issuer, False)
        if length is None or length < traversed or _denies_signing(issuer):
            continue
        if issuer.critical - CHECKED:
            continue
        if len(path) > 1 and all(same_name(c.subject_raw, c.issuer_raw) for c in (child, issuer)):
            return None
        found = _search(view, [*path, issuer], others)
        if found is not None:
            return found
    return None


def _finally(view: View, path: list[Certificate], anchor: Certificate) -> None:
    """The final verification of a path that has reached an anchor."""
    state = _State(len(path))
    issuer, without = anchor, lacks_policy(path)
    for certificate in reversed(path):
        state.left -= 1
        if not _signed(view, certificate, issuer) or certificate is without:
            raise Wrong(NOT_FOUND, certificate)
        state.constraints(certificate, "")
        _algorithms(certificate, issuer, "")
        issuer = certificate
