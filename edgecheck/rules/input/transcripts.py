"""Rules about what a transcript tells beside its certificates, or in their place."""

from edgecheck.behaviour.alerts import alert_name
from edgecheck.behaviour.host_names import refusing
from edgecheck.behaviour.openssl import errors as openssl_errors
from edgecheck.behaviour.refusers import Refuser
from edgecheck.hierarchy.hierarchy import Hierarchy
from edgecheck.hierarchy.rfc5280.violations import Kind
from edgecheck.hierarchy.roles import common_name
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.forms.described import LOG
from edgecheck.reading.problems import Problem
from edgecheck.reading.text import safe
from edgecheck.reading.transcript import S_CLIENT
from edgecheck.reading.transcript_verdicts import Alert, Obstacle, Spoken, VerifyError
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.objects import CAPTURED, untold
from edgecheck.rules.engine.rule import (
    ERROR,
    INFO,
    WARNING,
    Act,
    Over,
    Severity,
    Violation,
    rule,
)
from edgecheck.rules.input.conditions import SPOKEN
from edgecheck.rules.input.listed import MOST, program, sentences, shown
from edgecheck.rules.input.obstacles import HOW, REMEDIES, SAID
from edgecheck.rules.input.shared import together, violation
from edgecheck.rules.references import measured, openssl, rfc
from edgecheck.rules.symptoms import SYMPTOMS

_S_CLIENT = openssl("apps/s_client.c")
_CALLBACK = openssl("apps/lib/s_cb.c")


@rule(
    "input.no-certificate-came",
    title="The connection brought no certificate",
    severity=ERROR,
    over=Over.HIERARCHY,
    when=[SPOKEN],
    purpose="server",
    act=Act.AGAIN,
    references=[
        _S_CLIENT,
        rfc(8446, "6.2"),
        measured(
            "openssl s_client 3.0 and gnutls-cli 3.7 against servers that do not exist, do not "
            "answer, speak no TLS, send an alert, or close the connection"
        ),
    ],
)
def no_certificate_came(hierarchy: Hierarchy, case: Case) -> Violation | None:
    """The program that was to show the certificates got none, and says what stood in the way.

    The name could not be resolved, nothing listens there, a firewall swallows what is sent, the
    port does not speak TLS, or the two sides did not agree. About the gateway's certificates
    this says nothing, neither good nor bad. `Verify return code: 0 (ok)` in such a transcript
    means nothing either: there was nothing to verify. Where the input is empty, the program in
    front of the pipe failed, and what it said went to standard error.

    Remedy:
    Remove what stands in the way, and connect again:

        openssl s_client -connect iotedgegw.local:8883 -showcerts </dev/null > transcript.txt 2>&1
    """
    if hierarchy.sequence:
        return None
    logs = {p.source for p in case.problems if p.kind == "nothing" and p.detail == LOG}
    for spoken in case.spoken:
        if (obstacle := spoken.obstacle) is not None and spoken.source not in logs:
            return _stopped(obstacle, spoken)
    empty = [p for p in case.problems if p.kind == "nothing" and p.detail == "empty"]
    if not any(problem.source == _STANDARD_INPUT for problem in empty):
        return None
    return Violation(
        "standard input is empty: the program in front of the pipe printed nothing",
        wanted="at least one certificate",
        found="nothing",
        remedy=_EMPTY,
        evidence={"reason": "empty-input"},
        how="run the program in front of the pipe by itself, then {}",
        where=(_STANDARD_INPUT, None, None),
    )


_STANDARD_INPUT = "-"
_EMPTY = """Run the program that stands before the pipe by itself, and read what it says; \
`openssl s_client` says on standard error why it could not connect. So it is not lost:

    openssl s_client -connect iotedgegw.local:8883 -showcerts </dev/null 2>&1 | edgecheck check -"""


def _stopped(obstacle: Obstacle, spoken: Spoken) -> Violation:
    where = f"{safe(spoken.source)}, line {obstacle.line}"
    evidence = {"reason": obstacle.kind, "program": program(spoken)}
    what = SAID[obstacle.kind]
    if obstacle.alert is not None:
        evidence["alert"] = alert_name(obstacle.alert)
        what = f'{what}: "{alert_name(obstacle.alert)}" ({obstacle.alert})'
    return Violation(
        f"{where}: no certificate came: {what}",
        wanted="the certificates that the gateway presents",
        found=safe(obstacle.text, 160),
        remedy=REMEDIES[obstacle.kind],
        how=HOW[obstacle.kind],
        evidence=evidence,
        where=(spoken.source, obstacle.line, obstacle.line),
    )


@rule(
    "input.certificates-cut-out",
    title="The certificates were cut out of the text",
    severity=ERROR,
    over=Over.PROBLEM,
    kinds=["cut-out"],
    act=Act.AGAIN,
    references=[rfc(7468, "3"), _S_CLIENT],
)
def certificates_cut_out(problem: Problem, case: Case) -> Violation | None:
    """Somebody shortened the text, and dots or a remark stand where the base64 was.

    A certificate is no secret: whoever connects to the gateway gets it. Only from the whole of
    it can be told whether it is valid. What a transcript has beside it is shown here: subject
    and issuer of each certificate, and where one names an issuer that does not come next. So is
    how the list ends, whose server it is, and what the program itself objected to. Dates,
    names, keys and signatures stand in the certificates alone.

    Remedy:
    Give the text as the program printed it, with all lines between BEGIN and END:

        openssl s_client -connect iotedgegw.local:8883 -showcerts </dev/null > transcript.txt 2>&1
    """
    found = together(problem, case, {"cut-out"})
    if not found:
        return None
    here = [spoken for spoken in case.spoken if spoken.source == problem.source]
    accepted = [spoken for spoken in here if spoken.accepted is not None]
    count = "a certificate was" if len(found) == 1 else f"{len(found)} certificates were"
    message = f"{count} cut out, the base64 is not there"
    asked = None if case.hierarchy.sequence else case.expected.hostname  # else rules say so
    told = [
        words for spoken in here[:1] for words in shown(spoken, asked, case.expected.at_seconds)
    ]
    if told:
        more = "what is in the certificates, these lines do not tell"
        message = sentences([message, *told, more])
    return violation(
        found,
        message,
        wanted="all of the base64",
        found="something else in its place",
        evidence={
            "lines": [p.first_line for p in found][:100],
            "subjects": [safe(entry.subject) for spoken in here for entry in spoken.listed[:100]],
            "issuers": [safe(entry.issuer) for spoken in here for entry in spoken.listed[:100]],
            "accepted": bool(accepted),
        },
    )


@rule(
    "input.transcript-verdict",
    title="The program that connected refused the chain, and nothing else here says why",
    severity=ERROR,
    over=Over.HIERARCHY,
    when=[SPOKEN],
    purpose="server",
    act=Act.GIVE,
    references=[
        _CALLBACK,
        openssl("doc/man1/openssl-verification-options.pod"),
        measured(
            "openssl s_client 3.0 prints its objections and connects all the same; without -CAfile "
            "it trusts the roots of the system alone"
        ),
    ],
)
def transcript_verdict(hierarchy: Hierarchy, case: Case) -> list[Violation]:
    """`openssl s_client` and `gnutls-cli` verify what they get, and a transcript has their verdict.

    Where a finding explains that verdict, this stands under it. What is left rests on what only
    the program knew: the host name that it was asked for (`-verify_hostname`), the roots that
    it was told to trust, the clock of its machine, certificates of its own. That it does not
    know the root (18 to 21) is a note: without `-CAfile` it trusts only the roots of the
    system, and a gateway's root is never among them. Anything else is an error, because a real
    client refused the chain for it. An alert is what the other side had against this one.

    Remedy:
    Check with what that program was told, its host name and its trust:

        edgecheck check transcript.txt --hostname iotedgegw.local --trust root.pem

    or connect again with the name and the trust of the devices:

        openssl s_client -connect gw:8883 -verify_hostname gw -CAfile root.pem -showcerts
    """
    found: list[Violation] = []
    said: set[object] = set()
    for spoken in case.spoken:
        trust = [error for error in spoken.errors if _number(error) in _OF_TRUST]
        others = [error for error in spoken.errors if _number(error) not in _OF_TRUST]
        for errors in (trust, *([error] for error in others)):
            key = tuple((error.number, error.text, error.subject) for error in errors)
            if errors and key not in said and len(found) < MOST:
                said.add(key)
                found.append(_objection(errors, spoken, hierarchy, case))
        if hierarchy.sequence:
            found += [_alerted(alert, spoken) for alert in spoken.alerts[:1]]
    return found


_OF_TRUST = frozenset({2, 18, 19, 20, 21, 27})
_NAMES = frozenset({62, 63, 64})
_TIMES = frozenset({9, 10})
_OF_CRLS = frozenset({3, 11, 12, 33})
_STRICT = frozenset(range(80, 94))
"""What OpenSSL since 3.0 looks at with -x509_strict alone."""
_GNUTLS = {
    "the certificate issuer is unknown": 20,
    "the name in the certificate does not match the expected": 62,
    "the certificate chain uses expired certificate": 10,
    "the certificate chain uses not yet valid certificate": 9,
}
"""Sentences of GnuTLS, with OpenSSL's number for the same."""
_ABSENT = frozenset(
    {
        "input.no-certificate",
        "input.no-certificate-came",
        "input.certificates-cut-out",
        "input.transcript-without-certificates",
    }
)
"""What else is said where no certificate is here to be judged."""


def _number(error: VerifyError) -> int | None:
    """OpenSSL's number of an objection; None for what only GnuTLS says."""
    return error.number if error.number is not None else _GNUTLS.get(error.text.lower())


def _objection(
    errors: list[VerifyError], spoken: Spoken, hierarchy: Hierarchy, case: Case
) -> Violation:
    """What the program said of one certificate; all that it says of its roots is one thing."""
    error, number = errors[0], _number(errors[0])
    certificate = _concerned(error, hierarchy)
    severity, because = _weight(number, spoken, certificate, hierarchy, case)
    if spoken.program != S_CLIENT and severity is ERROR:
        severity = WARNING  # GnuTLS is none of the clients of tier 1
    shown = " and ".join(
        f'"{safe(each.text, 100)}"' + (f" ({each.number})" if each.number is not None else "")
        for each in errors[:3]
    )
    of = f" of {_whom(error, certificate, case)}" if error.depth is not None else ""
    explaining = _explaining(errors) if hierarchy.sequence else _ABSENT
    return Violation(
        f"{safe(spoken.source)}, line {error.line}: {program(spoken)} said {shown}{of}{because}",
        wanted="a chain that the program accepts",
        found=[safe(each.text) for each in errors],
        certificates=(certificate,) if certificate is not None else (),
        severity=severity,
        changes=untold(f"what {program(spoken)} was told: its host name and its trust"),
        evidence={
            "numbers": [each.number for each in errors if each.number is not None],
            "depth": error.depth,
            "subject": safe(error.subject),
        },
        where=(spoken.source, error.line, errors[-1].line),
        explained_by=explaining,
    )


def _weight(
    number: int | None,
    spoken: Spoken,
    certificate: Certificate | None,
    hierarchy: Hierarchy,
    case: Case,
) -> tuple[Severity, str]:
    """How much an objection weighs that no finding explains, and what it means then."""
    if number in _OF_TRUST:
        if hierarchy.valid:
            return INFO, ", for it trusts other roots; with the trust given here the chain is valid"
        return INFO, ", which depends on the roots that it was told to trust"
    if number in _OF_CRLS:
        return WARNING, ", for it was told to look at revocation lists"
    if number in _STRICT:
        return WARNING, ", for it was told to be strict"
    if number in _TIMES and certificate is not None and _current(certificate, case):
        return WARNING, "; at the time of this check it is valid, so look at that machine's clock"
    if number in _NAMES:
        asked = case.expected.hostname
        if asked is None:
            return ERROR, "; clients that ask for the same name refuse the gateway"
        wrong = any(violated.kind is Kind.HOSTNAME for violated in hierarchy.identity)
        if hierarchy.server is not None and not wrong and _takes(spoken, asked, hierarchy.server):
            other = spoken.asked and spoken.asked.lower() != asked.lower()
            name = f', "{safe(spoken.asked, 80)}"' if other else ""
            told = f'; it asked for another name than "{safe(asked, 80)}"{name}'
            return INFO if other else WARNING, told
    return ERROR, ""


def _takes(spoken: Spoken, host: str, server: Certificate) -> bool:
    """Whether the program takes the certificate for this host; so where names are unreadable."""
    program = Refuser.S_CLIENT if spoken.program == S_CLIENT else Refuser.GNUTLS
    try:
        return program not in refusing(host, server)
    except Unreadable:
        return True


def _current(certificate: Certificate, case: Case) -> bool:
    return certificate.not_before <= case.expected.at_seconds <= certificate.not_after


def _concerned(error: VerifyError, hierarchy: Hierarchy) -> Certificate | None:
    """The certificate that stands at the depth, by place and name; None where it is not here."""
    path = hierarchy.path.certificates if hierarchy.path else ()
    if error.depth is None or error.depth >= len(path):
        return None
    certificate = path[error.depth]
    name = common_name(certificate)
    return certificate if name and name in error.subject else None


def _whom(error: VerifyError, certificate: Certificate | None, case: Case) -> str:
    if certificate is not None:
        return case.named(certificate)
    return f'"{safe(error.subject, 80)}" at depth {error.depth}'


def _explaining(errors: list[VerifyError]) -> frozenset[str]:
    """The rules whose violation clients answer with these texts, in any of their wordings."""
    numbers = {_number(error) for error in errors}
    texts = {error.text.lower() for error in errors}
    texts |= {openssl_errors.TEXTS[number].lower() for number in numbers & _KNOWN if number}
    saying = (rule for rule, symptoms in SYMPTOMS.items() if texts & {*map(str.lower, symptoms)})
    more = {"trust.not-given"} if numbers & _OF_TRUST else set()
    if numbers & _NAMES:
        more.add("hostname.not-a-host-name")
    return frozenset(saying) | more


_KNOWN = openssl_errors.TEXTS.keys()


def _alerted(alert: Alert, spoken: Spoken) -> Violation:
    name = alert_name(alert.number)
    return Violation(
        f'{safe(spoken.source)}, line {alert.line}: the other side sent the alert "{name}" '
        f"({alert.number}): it is what the server has against the client, not against these "
        "certificates",
        wanted="a connection that stays",
        found=name,
        severity=INFO,
        changes=CAPTURED,
        evidence={"alert": name},
        where=(spoken.source, alert.line, alert.line),
    )
