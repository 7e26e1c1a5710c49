"""check(): the whole pipeline on one page."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from edgecheck.adapters.clock import now
from edgecheck.adapters.suffixes import public_suffixes
from edgecheck.arguments import Said
from edgecheck.behaviour.work import Meter, bounded
from edgecheck.device import Device
from edgecheck.expected import Validation
from edgecheck.hierarchy.hierarchy import rebuild
from edgecheck.hierarchy.predicted import Predicted, Sender
from edgecheck.hierarchy.target import Given
from edgecheck.memo import Memo
from edgecheck.reading.certificate import Certificate, Origin, each_once
from edgecheck.reading.inputs import Presentation, Reader
from edgecheck.reading.problems import TRUNCATED
from edgecheck.reading.sources import AnyCertificates, AnyCrls
from edgecheck.reading.unread import unread
from edgecheck.report.inquiry import Inquiry
from edgecheck.report.net import caught
from edgecheck.reporting.report import Report
from edgecheck.rules import BUILT_IN
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.finding import findings
from edgecheck.rules.engine.ruleset import RuleSet
from edgecheck.rules.engine.run import Run

_DEFAULT_VALIDATION = Validation()


def check(
    presented: AnyCertificates,
    hostname: str | None = None,
    trust: AnyCertificates | None = (),
    at: datetime | None = None,
    device: Device | None = None,
    *,
    crls: AnyCrls = (),
    password: str | bytes | None = None,
    profile: str = "iot-edge",
    validation: Validation = _DEFAULT_VALIDATION,
    rules: RuleSet = BUILT_IN,
    memo: Memo | None = None,
    roles: Mapping[str, str] | None = None,
    clients: Iterable[str] | None = None,
    as_sent: bool = False,
    sent_by: str | None = None,
) -> Report:
    """Check what a gateway presents, and report everything that is wrong with it.

    A bad chain never raises; what raises is the caller's own mistake. No file, socket or
    process is opened; in profile "web-pki" alone, the list of public suffixes that a package
    carries is read once.

    Args:
        presented: bytes or str of PEM, DER, PKCS#7 or PKCS#12, of what
            `openssl s_client -showcerts` or `gnutls-cli --print-cert` prints, or of another
            form in which people hold certificates (docs/forms.md); or an iterable of these or
            of certificates of `cryptography`.
        hostname: exactly as the client types it (GatewayHostName), case kept.
        trust: what the connecting client trusts; the same types as `presented`.
        at: the moment of validation, aware; None: now, read once and kept in the report.
        device: what is known about the gateway.
        crls: certificate revocation lists, bytes or str of PEM or DER, CRLs of
            `cryptography`, or an iterable of these; nothing is ever fetched.
        password: of the PKCS#12 containers among all that is given; str is UTF-8. None:
            the empty password is tried. It is ignored where nothing needs one.
        profile: "iot-edge"; "path" for RFC 5280, section 6.1, alone; "rfc5280" for the MUSTs
            of its section 4 too; "web-pki" for the CA/Browser baseline in addition.
        validation: how paths are validated, and the bounds on the work.
        rules: the rules to apply.
        memo: shared between calls about chains that have certificates in common; the
            report is the same with and without.
        roles: fingerprints (SHA-256, hexadecimal) of certificates whose role is known.
        clients: those that this deployment has, by their ids, names or families, such as
            ".NET": severities and `ok` follow from what they refuse. None: those of tier 1,
            which IoT Edge deployments run (`edgecheck clients` lists all).
        as_sent: whether a server sent these certificates in this order, as somebody captured
            them. Then the first one is the server's, whatever it looks like, and `valid` and
            predictions are about it; in a transcript it always is. Else the first end entity
            is taken for the server's, and without one the input for a device CA's file.
        sent_by: "edgehub": these certificates are what the runtime gives edgeHub, its own first,
            and what edgeHub sends of them is judged (as .NET 8 does it, which was measured).

    Raises:
        TypeError: an argument of the wrong type, such as a path instead of contents.
        ValueError: a naive datetime, an unknown profile, role or client, trust without a
            certificate, a host name with more than the name, such as a URL or a port, or one
            that is longer than any name.
    """
    said = Said(
        hostname,
        at,
        device,
        profile,
        validation,
        rules,
        crls,
        memo,
        roles,
        password,
        clients,
        as_sent,
        sent_by,
    )
    reader = said.reader()
    again = device is not None and presented is not None and presented is device.device_ca_file
    return judged(said, reader, reader.read(presented, "presented"), trust, again=again)


def judged(
    said: Said,
    reader: Reader,
    presentation: Presentation,
    trust: AnyCertificates | None,
    predicted: Predicted | None = None,
    again: bool = False,
) -> Report:
    """Judge what was read.

    Args:
        said: what else the caller said.
        reader: what read it.
        presentation: what was read.
        trust: as `check()` was given it.
        predicted: what of it a runtime will make, and none is there yet.
        again: whether it is the device CA's file, which is read for the device too.
    """
    memo, rules, limits = said.memo, said.rules, said.validation.limits
    expected, others, places = said.read(reader, trust, now, public_suffixes, presentation.sequence)
    trusted = [problem for problem in others[0].problems if problem.kind in TRUNCATED]
    truncated = any(problem.kind in TRUNCATED for problem in presentation.problems)
    given = Given(
        said.as_sent or presentation.transcript,
        presentation.keyed,
        truncated or bool(trusted),
        unread((*presentation.problems, *trusted)),  # clients read all that they trust
        bool(presentation.before and unread(presentation.before)),
        predicted,
    )
    signatures = memo.signatures if memo else {}
    sequence = presentation.sequence
    if said.sent_by is not None and given.as_sent:
        raise ValueError("sent_by: a transcript is what was sent already; leave it out")
    if said.sent_by is not None and sequence:
        from edgecheck.behaviour.dotnet.sending import UNKNOWN, sent

        first = tuple(each_once((given.keyed or sequence[0], *sequence)))
        bundle = expected.trust_bundle or ()
        at, runtime = expected.at_seconds, expected.runtime
        with bounded(Meter(limits.model_steps)):
            known = sent(first, bundle, at, signatures, runtime)
        sequence, sender = known or (first, Sender(said.sent_by, basis="unknown"))
        unknown = "" if known else UNKNOWN
        given = given._replace(as_sent=True, sender=sender, unread=given.unread or unknown)
    hierarchy = rebuild(sequence, expected, signatures, given)
    origins = _origins(presentation, places)
    # What is predicted comes out of the device CA's file, which is among the others.
    told = again or predicted is not None
    read = others if told else (presentation, *others)  # of one file everything is said once
    problems = [problem for each in read for problem in each.problems]
    case = Case(expected, hierarchy, origins, tuple(problems), presentation.spoken)
    run = Run(case, rules.plan, memo.findings if memo else None)
    inquiry = Inquiry(hierarchy, expected, presentation.problems)
    with bounded(Meter(limits.model_steps)):
        run.everything()
        found = caught(findings(run.violated, case), run, inquiry, rules)
    if memo is not None:
        memo.trim()
    return Report(
        expected,
        hierarchy,
        found,
        tuple(run.undecided),
        origins,
        presentation.problems,
        inquiry,
        {},
        run,
    )


def _origins(
    presentation: Presentation, trusted: dict[Certificate, list[Origin]]
) -> dict[Certificate, list[Origin]]:
    """Where each certificate was presented; of the others, where they are trusted."""
    presented: dict[Certificate, list[Origin]] = {}
    for certificate, origin in zip(presentation.sequence, presentation.origins, strict=True):
        presented.setdefault(certificate, []).append(origin)
    return {**trusted, **presented}
