"""Rules about the input as a whole: nothing in it, too much, or less than it lists."""

from shlex import quote

from edgecheck.hierarchy.hierarchy import Hierarchy
from edgecheck.hierarchy.paths import Ending
from edgecheck.reading.problems import Problem
from edgecheck.reading.text import safe
from edgecheck.reading.transcript import S_CLIENT
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.objects import untold
from edgecheck.rules.engine.rule import ERROR, WARNING, Act, Over, Violation, rule
from edgecheck.rules.input.conditions import SPOKEN
from edgecheck.rules.input.listed import sentences, shown
from edgecheck.rules.input.meant import instead_of
from edgecheck.rules.input.shared import detail, on_gateway, unless_alone, violation
from edgecheck.rules.references import edge, issue, measured, rfc


@rule(
    "input.no-certificate",
    title="No certificate could be read from the input",
    severity=ERROR,
    over=Over.HIERARCHY,
    when=[SPOKEN],
    act=Act.GIVE,
    follows=[
        "input.no-certificate-came",
        "input.certificates-cut-out",
        "input.configuration",
        "input.private-key",
        "input.not-a-certificate",
        "input.locked-container",
        "input.unopened-container",
        "input.unreadable-certificate",
        "input.damaged-base64",
        "input.missing-end",
        "input.broken-marker",
        "input.missing-begin",
        "input.mismatched-end",
        "input.header-lines",
        "input.over-limit",
        "input.transcript-without-certificates",
    ],
    references=[
        edge("edgelet/hsm-sys/azure-iot-hsm-c/src/certificate_info.c"),
        measured("every reader refuses it"),
    ],
)
def no_certificate(hierarchy: Hierarchy, case: Case) -> Violation | None:
    """There is nothing to judge: no certificate was given, in none of the known forms.

    As a file of the gateway this stops the runtime: up to 1.1 it says "Empty certificate string
    provided" or "Failure obtaining first certificate". Where a finding above says what stands
    there instead, begin with that.

    Remedy:
    Give the file that holds the chain, or capture what the gateway presents:

        openssl s_client -connect iotedgegw.local:8883 -showcerts </dev/null > transcript.txt
    """
    if hierarchy.sequence:
        return None
    predicted = hierarchy.predicted
    if predicted and not predicted.unknown and case.expected.device_ca_file is None:
        return None  # a quick start, of which nothing is there yet
    if case.device.folders is not None and not any(not p.within for p in case.problems):
        return None  # a configuration is judged, and the rules about it say what is missing
    empty = [p for p in case.problems if p.kind == "nothing" and not on_gateway(p)]
    said = ", ".join(f"{safe(problem.source)} is {problem.detail}" for problem in empty[:5])
    return Violation(
        "no certificate could be read" + (f": {said}" if said else ""),
        wanted="at least one certificate",
        found=[problem.detail for problem in empty] or None,
        remedy=instead_of(empty[0], case) if empty else None,
        changes=untold(f"the certificates of the {'device' if case.of_device else 'gateway'}"),
        where=(empty[0].source, None, None) if empty else None,
    )


@rule(
    "input.configuration",
    title="A configuration of the runtime was given in the place of certificates",
    severity=ERROR,
    over=Over.PROBLEM,
    kinds=["configuration"],
    act=Act.GIVE,
    references=[
        edge("edgelet/iotedge/src/config/super_config.rs", "1.3.0"),
        edge("edgelet/contrib/config/linux/debian/config.yaml"),
    ],
)
def configuration(problem: Problem, case: Case) -> Violation:
    """`config.toml` or `config.yaml` names files of certificates, and holds none.

    Options take what it says: the file of the device CA, the trust bundle, the names. What the
    gateway presents comes from its port, or is the device CA's file, as long as there is none.
    Nothing of the connection strings and keys in it is kept or shown.

    Remedy:
    Give the certificates, and what the configuration says as options:

        openssl s_client -connect iotedgegw.local:8883 -showcerts </dev/null 2>/dev/null |
            edgecheck check - --device-hostname iotedgegw.local --device-ca-file device-ca.pem
    """
    said = dict(line.split(" ", 1) for line in problem.detail.splitlines())
    name = safe(problem.source)
    what = "a configuration" if case.of_device else "the configuration of the runtime"
    return violation(
        [problem],
        f"this is {what}, which names files of certificates and holds none",
        wanted="certificates",
        found=[f"{option} {safe(value, 120)}" for option, value in said.items()] or None,
        remedy=_instead(said),
        changes=untold(f"the certificates that {name} is about"),
        severity=unless_alone(WARNING, problem, case),
    )


def _instead(said: dict[str, str]) -> str:
    """The commands that take what a configuration says."""
    options = " ".join(f"{option} {quote(safe(value, 200))}" for option, value in said.items())
    host = quote(safe(said.get("--device-hostname", "iotedgegw.local"), 200))
    capture = f"openssl s_client -connect {host}:8883 -showcerts </dev/null 2>/dev/null |"
    text = (
        "On the gateway, let what it presents be checked with what its configuration says:\n\n"
        f"    {capture}\n        edgecheck check - --hostname {host} {options}"
    )
    if (file := said.get("--device-ca-file")) is not None:
        text += (
            "\n\nor, before there is a gateway, the file of its device CA alone:\n\n"
            f"    edgecheck check {quote(safe(file, 200))} {options}"
        )
    return text


@rule(
    "input.nothing-in-file",
    title="One of the files holds no certificate",
    severity=WARNING,
    over=Over.PROBLEM,
    kinds=["nothing"],
    act=Act.EDIT,
    references=[
        edge("edgelet/hsm-sys/azure-iot-hsm-c/src/certificate_info.c"),
        rfc(7468, "3"),
    ],
)
def nothing_in_file(problem: Problem, case: Case) -> Violation | None:
    """Of several files one is empty, or holds certificates in no known form.

    The others were read, so the chain may be complete without it. But somebody meant this
    file to be a part of it: an export that failed leaves an empty file behind. In the place of
    a file of the gateway's configuration it stops the runtime, which up to 1.1 says "Empty
    certificate string provided" or "Failure obtaining first certificate".

    Remedy:
    Make the file anew, or leave it out.
    """
    if not (case.hierarchy.sequence or on_gateway(problem)):
        return None  # `input.no-certificate` says so
    return violation(
        [problem],
        f"there is no certificate in it, it is {detail(problem)}",
        wanted="a certificate",
        found=detail(problem),
        severity=ERROR if on_gateway(problem) else WARNING,
    )


@rule(
    "input.over-limit",
    title="The input is larger than what is read of it",
    severity=ERROR,
    over=Over.PROBLEM,
    kinds=["too-large", "too-many"],
    act=Act.EDIT,
    references=[
        rfc(5280, "6.1"),
        rfc(8446, "4.4.2"),
    ],
)
def over_limit(problem: Problem, case: Case) -> Violation:
    """There is a bound on the work that one input may cause, and this input exceeds it.

    What lies behind the bound was not read, so nothing is said about it, and the chain may
    look incomplete. No gateway presents so much: mostly a whole trust store or another file
    was given by mistake.

    Remedy:
    Give the chain alone. In Python the bound can be raised:

        edgecheck.Validation(limits=edgecheck.Limits(certificates=10_000))
    """
    what = "bytes" if problem.kind == "too-large" else "certificates or blocks"
    bound = detail(problem) if problem.kind == "too-large" else f"{detail(problem)} {what}"
    return violation(
        [problem],
        f"not all of it was read: {bound}",
        wanted=f"fewer {what}",
        found=detail(problem),
    )


@rule(
    "input.transcript-without-certificates",
    title="The transcript lists more certificates than it contains",
    severity=WARNING,
    over=Over.PROBLEM,
    kinds=["transcript-without-certificates"],
    act=Act.AGAIN,
    references=[
        issue("Azure/iotedge", 6191),
        rfc(8446, "4.4.2"),
        measured(
            "openssl s_client of 1.1.1 and 3.0 without -showcerts prints the first alone, "
            "gnutls-cli 3.7 without --print-cert none"
        ),
    ],
)
def transcript_without_certificates(problem: Problem, case: Case) -> Violation:
    """The program that connected was not told to print the certificates.

    `openssl s_client` prints only the first without `-showcerts`, and `gnutls-cli` none at all
    without `--print-cert`; their lists show that the gateway sent more. Without them the chain
    is incomplete here, so that it cannot be validated, while it may be complete for every client.

    Remedy:
    Run it again so that it prints them all:

        openssl s_client -connect iotedgegw.local:8883 -showcerts </dev/null > transcript.txt
        gnutls-cli --print-cert --insecure -p 8883 iotedgegw.local </dev/null > transcript.txt
    """
    listed, contained, program = detail(problem).split()
    option = "-showcerts" if program == S_CLIENT else "--print-cert"
    here = [spoken for spoken in case.spoken if spoken.source == problem.source]
    lines = (
        [
            words
            for spoken in here[:1]
            for words in shown(spoken, case.expected.hostname, case.expected.at_seconds)
        ]
        if contained == "0"
        else []
    )
    why = f"{option} was missing"
    if contained == "0" and program == S_CLIENT:  # which prints the server's in any case
        why = "they were left out of it"
    lacking = sentences([why, *lines])
    path = case.hierarchy.path
    incomplete = path is None or path.ended is Ending.NO_ISSUER
    return violation(
        [problem],
        f"the {'device' if case.of_device else 'gateway'} presented {listed} "
        f"certificate{'s' if listed != '1' else ''}, the "
        f"transcript contains {contained if contained != '0' else 'none'}; {lacking}",
        wanted=int(listed),
        found=int(contained),
        severity=ERROR if incomplete else WARNING,
    )
