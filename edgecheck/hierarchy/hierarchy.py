"""The rebuilt hierarchy: what was presented, who issued whom, and who is what."""

from collections import Counter
from dataclasses import field

from edgecheck.expected import Expected
from edgecheck.hierarchy import shapes
from edgecheck.hierarchy.links import Pool, Signatures
from edgecheck.hierarchy.paths import Ending, Path, Search, search
from edgecheck.hierarchy.predicted import Predicted, Sender
from edgecheck.hierarchy.rfc5280 import identity
from edgecheck.hierarchy.rfc5280.judge import Judge
from edgecheck.hierarchy.rfc5280.violations import Kind, PathViolation, Undecidable
from edgecheck.hierarchy.roles import Assigned, Role, assign, assign_of_device, common_name
from edgecheck.hierarchy.signatures import Signature
from edgecheck.hierarchy.target import IN_A_FILE, Given, pick
from edgecheck.reading.certificate import Certificate, each_once
from edgecheck.reading.text import quoted
from edgecheck.values import frozen

_SINGLE = (Role.SERVER, Role.WORKLOAD_CA, Role.DEVICE_CA, Role.ROOT)
_INTERMEDIATE = Role.INTERMEDIATE


@frozen
class Hierarchy:
    """Certificates in their places.

    Attributes:
        sequence: as presented, duplicates included.
        path: the best path from the target; None where no certificate was read.
        others: other complete paths that were tried.
        roles: of the certificates on the path.
        server: None where only CA certificates were presented; with purpose "client" it is what
            the device presents.
        workload_ca: the CA that IoT Edge up to 1.1 makes between device CA and server; None where
            there is none.
        device_ca: the gateway's own CA ("Edge CA"), from which the runtime issues; None where
            there is none.
        intermediates: those between device CA and root, the one next to the device CA first.
        root: the one at the upper end of the path, trusted or presented; None where the path
            does not reach one.
        identity: violations of purpose and host name by the target.
        unused: presented certificates on no path, in order.
        duplicates: certificates that were presented more than once, in order.
        runtime: stated or inferred versions of IoT Edge; None where neither.
        untried: there is more than the bounds let read or try.
        as_sent: the order is that in which a server sent them: a transcript, or a capture.
        lacks_server: a host name was given, and there is no server certificate that could be
            for it, nor was it said that this is the device CA's file.
        first_valid: of what was sent with another certificate before the server's, whether the
            first one passes as the server's, which is what clients take it for.
        service: what the server certificate is for where that is a public service in the cloud
            and no gateway; else empty.
        unread: what of the input could not be read and may be a certificate, in words.
        first_unread: what was sent first could not be read, and so what clients judge.
        predicted: what a runtime will make; None where that was not asked.
        sender: what sends `sequence`, and leaves out the rest; None where that was not asked.
    """

    sequence: tuple[Certificate, ...]
    path: Path | None
    others: tuple[Path, ...]
    roles: dict[Certificate, Assigned] = field(hash=False)
    server: Certificate | None
    workload_ca: Certificate | None
    device_ca: Certificate | None
    intermediates: tuple[Certificate, ...]
    root: Certificate | None
    identity: tuple[PathViolation, ...]
    unused: tuple[Certificate, ...]
    duplicates: tuple[Certificate, ...]
    runtime: shapes.Runtime | None
    pool: Pool = field(compare=False)
    untried: bool = False
    as_sent: bool = False
    lacks_server: bool = False
    first_valid: bool | None = None
    service: str = ""
    unread: str = ""
    first_unread: bool = False
    predicted: Predicted | None = None
    sender: Sender | None = None

    def __repr__(self) -> str:
        """One line: who is what on the path, from the top."""
        path = self.path.certificates if self.path else ()
        named = (f"{self.role(c)} {quoted(common_name(c) or '')}" for c in reversed(path))
        return f"<Hierarchy {' > '.join(named) or 'of no certificate'}>"

    @property
    def judged(self) -> Certificate | None:
        """What `valid` is about: of what was sent the first, else the target."""
        first = self.as_sent and self.sequence and not self.first_unread
        return self.sequence[0] if first else self.target

    @property
    def presents_server(self) -> bool:
        """Whether there is a server certificate, and not one that is only predicted."""
        return self.server is not None and self.predicted is None

    def is_predicted(self, certificate: Certificate) -> bool:
        """Whether a certificate is one that a runtime will make, and that is in no file yet."""
        return self.predicted is not None and certificate in self.predicted.certificates

    @property
    def target(self) -> Certificate | None:
        """The certificate at the lower end of the path."""
        return self.path.certificates[0] if self.path else None

    @property
    def anchor(self) -> Certificate | None:
        """The trusted (or assumed) certificate at the upper end."""
        return self.path.anchor if self.path else None

    @property
    def anchor_assumed(self) -> bool:
        """Whether no trust was given and a presented root stands in for it."""
        return self.path is not None and self.path.anchor_assumed

    def role(self, certificate: Certificate) -> Role:
        """The role of a certificate; OTHER where it is on no path."""
        assigned = self.roles.get(certificate)
        return assigned.role if assigned else Role.OTHER

    @property
    def valid(self) -> bool | None:
        """Whether some path from `judged` passes; None where that cannot be decided."""
        if self.path is None or self.first_unread:
            return None
        if self.as_sent and self.judged is not self.target:
            return self.first_valid
        if self.server is None and (self.unread or (self.lacks_server and not self.as_sent)):
            return None  # what was not read, or whose file it is, decides
        found = Search(self.path, self.others, not self.untried)
        return _verdict(found, self.identity, self.pool)


def _verdict(found: Search, identity: tuple[PathViolation, ...], pool: Pool) -> bool | None:
    """Whether some path passes, and its target is for the purpose and the host."""
    verdict = found.best.verdict
    if verdict is False and any(other.verdict is None for other in found.others):
        verdict = None
    if verdict is False and not found.complete:
        verdict = None
    for violation in identity:
        if not violation.counts:
            continue
        if violation.kind is not Kind.UNDECIDED:
            return False if pool.trusted else None
        verdict = None if verdict is True else verdict
    return verdict if pool.trusted else None


BEYOND = "certificates beyond the bound were not read"
"""Why a path may be valid that was not found."""


def _untried(found: Search, truncated: bool) -> tuple[PathViolation, ...]:
    if truncated and found.best.verdict is not True:
        because = BEYOND
    elif not found.complete and found.best.ended is not Ending.BUDGET:
        because = f"the bounds were spent after {len(found.others) + 1} paths; others are left"
    else:
        return ()
    target = found.best.certificates[0]
    return (Undecidable(Kind.UNDECIDED, target, "6.1", True, because),)


def _unsent(target: Certificate, given: Given) -> tuple[PathViolation, ...]:
    if given.sender is None or given.sender.basis != "unknown":
        return ()
    because = "it is not known which of these certificates edgeHub sends"
    return (Undecidable(Kind.UNDECIDED, target, "6.1", True, because),)


def _reaches(issuer: Certificate, anchor: Certificate, pool: Pool, judge: Judge) -> bool | None:
    """Whether a CRL issuer has a valid path to an anchor (RFC 5280, section 6.3.3 (f))."""
    policies = judge.policies
    path = search(issuer, pool, judge).best
    judge.policies = policies
    return path.verdict if path.anchor is anchor else False


def rebuild(
    sequence: tuple[Certificate, ...],
    expected: Expected,
    known: dict[tuple[bytes, bytes], Signature],
    given: Given = IN_A_FILE,
) -> Hierarchy:
    """Rebuild the hierarchy from what was presented and what is trusted.

    It is built around the gateway's server certificate, wherever that stands.
    """
    limits = expected.validation.limits
    unique = each_once(sequence)
    pool = Pool(unique, expected.trust, Signatures(known, limits.signatures), expected.at_seconds)
    stated = expected.runtime
    runtime = shapes.Runtime(stated, stated, True) if stated else None
    target, has_server = pick(unique, expected, given)
    if target is None:
        return Hierarchy(
            (),
            None,
            (),
            {},
            None,
            None,
            None,
            (),
            None,
            (),
            (),
            (),
            runtime,
            pool,
            as_sent=given.as_sent,
            predicted=given.predicted,
            sender=given.sender,
        )
    judge = Judge(expected)
    judge.revoke_by(
        tuple(pool.everybody),
        pool.signatures,
        lambda issuer, anchor: _reaches(issuer, anchor, pool, judge),
    )
    first, as_sent = sequence[0], given.first_is_sent
    first_valid = None
    if as_sent and target is not first:
        first_valid = _judged_as_server(first, pool, judge, given)
    # What is sent first is judged as a server's certificate, though it is that of a CA.
    found = search(target, pool, judge, not (has_server or as_sent))
    path = found.best
    of_device = expected.validation.purpose == "client"
    ours = has_server and not of_device
    service = shapes.cloud_service(target) if ours and not expected.roles else ""
    roles = assign_of_device(path) if of_device else assign(path, has_server, service)
    for certificate in (*sequence, *path.certificates) if expected.roles else ():
        if certificate.sha256 in expected.roles:
            roles[certificate] = Assigned(Role(expected.roles[certificate.sha256]), ("as stated",))
    by_role: dict[Role, Certificate] = {}
    for certificate, assigned in roles.items():
        by_role.setdefault(assigned.role, certificate)
    server, workload_ca, device_ca, root = map(by_role.get, _SINGLE)
    if of_device and has_server:
        server = target
    if root is None and device_ca is path.certificates[-1] and path.ended is not Ending.NO_ISSUER:
        root = device_ca if device_ca.is_self_issued else None
    if runtime is None and server is not None and not of_device:
        runtime = shapes.inferred(server, workload_ca)
    on_path = {certificate.der for certificate in path.certificates}
    duplicates: tuple[Certificate, ...] = ()
    if len(unique) != len(sequence):
        times = Counter(sequence)
        duplicates = tuple(c for c in unique if times[c] > 1)
    return Hierarchy(
        sequence,
        path,
        found.others,
        roles,
        server,
        workload_ca,
        device_ca,
        tuple([c for c, assigned in roles.items() if assigned.role is _INTERMEDIATE]),
        root,
        (
            *identity.judge(target, server is not None or as_sent, expected),
            *_untried(found, given.truncated),
            *_unsent(target, given),
        ),
        tuple([c for c in unique if c.der not in on_path]),
        duplicates,
        runtime,
        pool,
        given.truncated or not found.complete,
        given.as_sent,
        server is None and _asked_for_server(target, expected, as_sent),
        first_valid,
        service,
        given.unread,
        given.as_sent and given.first_unread,
        given.predicted,
        given.sender,
    )


def _asked_for_server(target: Certificate, expected: Expected, as_sent: bool) -> bool:
    """Whether a server certificate is wanted: a host name was given, and it is no CA's file."""
    if expected.hostname is None:
        return False
    told = target.sha256 in expected.roles or target in (expected.device_ca_file or ())
    return as_sent or not told


def _judged_as_server(first: Certificate, pool: Pool, judge: Judge, given: Given) -> bool | None:
    """Whether what was sent first passes as the server's certificate."""
    found = search(first, pool, judge)
    told = (*identity.judge(first, True, judge.expected), *_untried(found, given.truncated))
    return _verdict(found, told, pool)
