"""RFC 5280, sections 6.1.3 to 6.1.5: every step runs, whatever the others found.

A fact that cannot be read makes its step undecided, never passed. The trust anchor is
not judged by section 6.1; its own facts are looked at all the same (`counts` is False),
because OpenSSL, .NET and Go refuse anchors that Java and rustls take.
"""

from edgecheck.hierarchy.links import SPENT, KeyIds, Link
from edgecheck.hierarchy.rfc5280.state import State
from edgecheck.hierarchy.rfc5280.violations import (
    CriticalViolation,
    Kind,
    LengthViolation,
    LinkViolation,
    PathViolation,
    PurposeViolation,
    Undecidable,
)
from edgecheck.hierarchy.signatures import VALID
from edgecheck.hierarchy.signatures import State as Signed
from edgecheck.reading import certificate as facts
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.der import Malformed
from edgecheck.reading.extensions import (
    ANY_EXTENDED_KEY_USAGE,
    CLIENT_AUTH,
    KEY_CERT_SIGN,
    SERVER_AUTH,
)
from edgecheck.reading.inherited import completed, is_dsa, lacks_parameters
from edgecheck.reading.strict import harmless

KNOWN_CRITICAL = frozenset(
    {
        facts.EXT_SUBJECT_KEY_ID,
        facts.EXT_KEY_USAGE,
        facts.EXT_SUBJECT_ALT_NAME,
        facts.EXT_ISSUER_ALT_NAME,
        facts.EXT_BASIC_CONSTRAINTS,
        facts.EXT_NAME_CONSTRAINTS,
        facts.EXT_CRL_DISTRIBUTION_POINTS,
        facts.EXT_POLICIES,
        facts.EXT_POLICY_MAPPINGS,
        facts.EXT_AUTHORITY_KEY_ID,
        facts.EXT_POLICY_CONSTRAINTS,
        facts.EXT_EXTENDED_KEY_USAGE,
        facts.EXT_INHIBIT_ANY_POLICY,
    }
)
"""Extensions that are processed, or that section 4.2 gives nothing to process."""
PURPOSES = {"server": SERVER_AUTH, "client": CLIENT_AUTH}


def judge(
    certificates: tuple[Certificate, ...],
    links: tuple[Link, ...],
    at: int,
    anchored: bool,
    is_ca: bool = False,
    anchor_counts: bool = False,
    anchor_constrains: bool = True,
) -> list[PathViolation]:
    """Collect every violation on a path, target first, issuer after issuer.

    `links[i]` joins `certificates[i]` to `certificates[i + 1]`. Where `anchored`, or the
    path ends in a self-signed certificate, the last certificate is (taken as) the anchor;
    `anchor_counts`: what is wrong with it counts; `anchor_constrains`: its path length does.
    `is_ca`: the target is to issue others, so what a CA needs is asked of it too, although
    section 6.1 does not.
    """
    found: list[PathViolation] = []
    last = len(certificates) - 1
    state = State()
    _key(certificates[last], state)
    if anchored and last:
        _anchor(certificates[last], at, found, anchor_counts)
        if anchor_constrains:
            _limit(certificates[last], state)
    top = last - 1 if anchored and last else last
    for index in range(top, -1, -1):
        certificate = certificates[index]
        link = links[index] if index < last else None
        _basic_processing(certificate, link, state, at, found)
        _key(certificate, state)
        if index:
            _prepare_for_next(certificate, state, found)
        else:
            _wrap_up(certificate, found)
            if is_ca:
                as_issuer(certificate, found, root=not last and certificate.is_self_issued)
                _count(certificate, state, found, False)
    return found


def _basic_processing(
    certificate: Certificate,
    link: Link | None,
    state: State,
    at: int,
    found: list[PathViolation],
) -> None:
    """Section 6.1.3 (a)."""
    if link is not None:
        # (1) The signature can be verified with working_public_key and its parameters.
        if link.signature is not VALID:
            _unsigned(certificate, link, state, found)
        # (4) The issuer name is working_issuer_name.
        if not link.names_match:
            found.append(LinkViolation(Kind.ISSUER_NAME, certificate, "6.1.3 (a)(4)", True, link))
    # (2) The validity period includes the current time.
    _validity(certificate, at, found, True)
    if certificate.loaded is None and not harmless(certificate):
        _undecided(certificate, "4.1", "not written as a certificate must be", found)


def _unsigned(
    certificate: Certificate, link: Link, state: State, found: list[PathViolation]
) -> None:
    """What is left of step (1) where the signature was not simply found to be valid."""
    signed, because = link.signature
    if signed is Signed.UNCHECKABLE and state.working_public_key is not None:
        signed, because = link.signature_by(state.working_public_key)
    if signed is Signed.INVALID:
        kind = Kind.OTHER_KEY if link.key_ids is KeyIds.MISMATCH else Kind.SIGNATURE
        found.append(LinkViolation(kind, certificate, "6.1.3 (a)(1)", True, link))
    elif because == SPENT and state.spent:
        pass  # said once
    elif signed is Signed.UNCHECKABLE:
        state.spent = because == SPENT
        _undecided(certificate, "6.1.3 (a)(1)", f"signature: {because}", found)


def _validity(certificate: Certificate, at: int, found: list[PathViolation], counts: bool) -> None:
    try:
        if certificate.not_before <= at <= certificate.not_after:
            return
    except Unreadable:
        pass  # each is looked at by itself
    try:
        if at > certificate.not_after:
            found.append(PathViolation(Kind.EXPIRED, certificate, "6.1.3 (a)(2)", counts))
    except Unreadable as missing:
        _undecided(certificate, "6.1.3 (a)(2)", str(missing), found)
    try:
        if at < certificate.not_before:
            found.append(PathViolation(Kind.NOT_YET_VALID, certificate, "6.1.3 (a)(2)", counts))
    except Unreadable as missing:
        _undecided(certificate, "6.1.3 (a)(2)", str(missing), found)


def _prepare_for_next(certificate: Certificate, state: State, found: list[PathViolation]) -> None:
    """Section 6.1.4, for every certificate but the target."""
    # (k) It is a version 3 certificate whose basicConstraints say that it is a CA.
    try:
        constraints = certificate.basic_constraints
        if certificate.version != 3 or constraints is None or not constraints.ca:
            found.append(PathViolation(Kind.NOT_A_CA, certificate, "6.1.4 (k)", True))
    except Unreadable as missing:
        _undecided(certificate, "6.1.4 (k)", str(missing), found)
    # (l) No max_path_length is zero, unless the certificate is self-issued.
    if state.path_lengths:
        _count(certificate, state, found)
    # (m) A pathLenConstraint limits what follows.
    _limit(certificate, state)
    # (n) If there is a keyUsage extension, keyCertSign is set.
    try:
        usage = certificate.key_usage
        if usage is not None and not usage & KEY_CERT_SIGN:
            found.append(PathViolation(Kind.NO_CERT_SIGN, certificate, "6.1.4 (n)", True))
    except Unreadable as missing:
        _undecided(certificate, "6.1.4 (n)", str(missing), found)
    # (o) No other critical extension is there.
    if certificate.critical:
        _critical(certificate, "6.1.4 (o)", found)


def _key(certificate: Certificate, state: State) -> None:
    """Section 6.1.4 (d) to (f): a DSA key without parameters takes those of the key above."""
    try:
        spki = certificate.spki
        if not is_dsa(spki):
            state.parameters_of = state.working_public_key = None
        elif not lacks_parameters(spki):
            state.parameters_of, state.working_public_key = spki, None
        elif state.parameters_of is not None:
            state.working_public_key = completed(spki, state.parameters_of)
    except (Unreadable, Malformed):
        state.parameters_of = state.working_public_key = None


def _count(
    certificate: Certificate, state: State, found: list[PathViolation], counts: bool = True
) -> None:
    if not state.path_lengths or certificate.is_self_issued:
        return
    left = []
    for limited_by, more in state.path_lengths:
        if more > 0:
            left.append((limited_by, more - 1))
        else:  # said once: what follows below is the same violation
            found.append(
                LengthViolation(Kind.PATH_LENGTH, limited_by, "6.1.4 (l)", counts, certificate)
            )
    state.path_lengths = left


def _limit(certificate: Certificate, state: State) -> None:
    try:
        constraints = certificate.basic_constraints
    except Unreadable:
        return  # said at step (k)
    if constraints is not None and constraints.path_length is not None:
        state.path_lengths.append((certificate, constraints.path_length))


def _wrap_up(certificate: Certificate, found: list[PathViolation]) -> None:
    """Section 6.1.5 (f): critical extensions of the target."""
    if certificate.critical:
        _critical(certificate, "6.1.5 (f)", found)


def _critical(
    certificate: Certificate, step: str, found: list[PathViolation], counts: bool = True
) -> None:
    unknown = certificate.critical - KNOWN_CRITICAL
    if unknown:
        found.append(
            CriticalViolation(
                Kind.UNKNOWN_CRITICAL, certificate, step, counts, tuple(sorted(unknown))
            )
        )


def _anchor(certificate: Certificate, at: int, found: list[PathViolation], counts: bool) -> None:
    """What clients ask of an anchor, although section 6.1 does not."""
    _validity(certificate, at, found, counts)
    as_issuer(certificate, found, counts)
    if certificate.critical:
        _critical(certificate, "4.2", found, counts)


def as_issuer(
    certificate: Certificate, found: list[PathViolation], counts: bool = False, root: bool = True
) -> None:
    """What makes a certificate fit to issue others, where section 6.1 does not ask for it.

    Of a `root` of an old version, which has no extensions, clients ask for none.
    """
    try:
        constraints = certificate.basic_constraints
        fit = constraints is not None and constraints.ca
        if certificate.version != 3:
            fit = root and (fit or constraints is None)
        if not fit:
            found.append(PathViolation(Kind.NOT_A_CA, certificate, "6.1.4 (k)", counts))
        usage = certificate.key_usage
        if usage is not None and not usage & KEY_CERT_SIGN:
            found.append(PathViolation(Kind.NO_CERT_SIGN, certificate, "6.1.4 (n)", counts))
    except Unreadable as missing:
        if counts:
            _undecided(certificate, "6.1.4 (k)", str(missing), found)


def purpose(certificate: Certificate, wanted: str, found: list[PathViolation]) -> None:
    """The target's extKeyUsage allows the purpose (RFC 5280, section 4.2.1.12).

    anyExtendedKeyUsage is taken as allowing it, as the RFC lets applications do.
    """
    try:
        usages = certificate.extended_key_usage
    except Unreadable as missing:
        _undecided(certificate, "4.2.1.12", str(missing), found)
        return
    if usages is not None and wanted not in usages and ANY_EXTENDED_KEY_USAGE not in usages:
        found.append(PurposeViolation(Kind.PURPOSE, certificate, "4.2.1.12", True, usages))


def _undecided(
    certificate: Certificate, step: str, because: str, found: list[PathViolation]
) -> None:
    found.append(Undecidable(Kind.UNDECIDED, certificate, step, True, because))
