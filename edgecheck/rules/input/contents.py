"""Rules about what PEM blocks contain: base64, headers, labels, and things that are no PEM."""

from edgecheck.behaviour.refusers import NSS, OPENSSL, OPENSSL_OLD, Refuser
from edgecheck.hierarchy.shapes import LAST_1_1, OLDEST
from edgecheck.reading.inputs import CERTIFICATE_LABELS
from edgecheck.reading.problems import Problem
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.objects import PRESENTED
from edgecheck.rules.engine.rule import ERROR, WARNING, Act, Over, Violation, rule
from edgecheck.rules.input.shared import (
    IN_A_STRING,
    block,
    detail,
    in_a_string,
    of_a_paste,
    on_gateway,
    read_there,
    together,
    unless_alone,
    violation,
)
from edgecheck.rules.references import edge, identity_service, issue, measured, openssl, rfc

_READER = openssl("crypto/pem/pem_lib.c")
_IN_THE_HANDSHAKE = (
    OPENSSL - {Refuser.VERIFY}
    | OPENSSL_OLD
    | NSS
    | {Refuser.DOTNET, Refuser.GO, Refuser.GNUTLS, Refuser.RUSTLS}
    | {Refuser.CRYPTOGRAPHY, Refuser.BEARSSL}
)
"""Who refuses bytes behind a certificate that a server sends, by recording."""


@rule(
    "input.private-key",
    title="A private key is in the input",
    severity=WARNING,
    over=Over.PROBLEM,
    kinds=["private-key"],
    act=Act.EDIT,
    references=[
        identity_service("cert/aziot-certd/src/lib.rs"),
        issue("Azure/iotedge", 6044),
        rfc(7468, "10"),
        measured(
            "OpenSSL and Go pass over the key in a file of certificates, Java refuses the file"
        ),
    ],
)
def private_key(problem: Problem, case: Case) -> Violation:
    """A file of certificates is made to be given away, and this one holds a private key.

    Since 1.2 the runtime serves the device CA file, byte for byte, to every module as part of
    the trust bundle. Up to 1.1, and in the identity service up to 1.2.3, the file's bytes are
    in the presented chain too. Whoever reads the key of a CA can make certificates that all
    clients of the gateway trust. This report does not show the key. A file that holds nothing
    else is a key in the place of a certificate, which the runtime refuses.

    Remedy:
    Keep the certificates alone in the file:

        sed -n '/-----BEGIN CERT/,/-----END CERT/p' FILE > fixed.pem

    Move the key to where `edge_ca.pk` (up to 1.1: `device_ca_pk`) names it. Treat a key that
    was served or sent as exposed: make a new one, and let the issuer reissue the certificate.
    """
    label = detail(problem)
    if problem.first_line is None:
        what = "the file is a private key in binary form (DER)"
    elif " in " in label:
        form = label.partition(" in ")[2]
        what = f"this is a private key in {form}"
        what += "" if form.startswith("PEM") else ", without BEGIN and END lines"
    elif label in CERTIFICATE_LABELS or "PRIVATE KEY" not in label:
        what = f'the block "{label}" is a private key under a wrong label'
    else:
        what = f'the block "{label}" is a private key'
    severity = ERROR if label in CERTIFICATE_LABELS else WARNING  # OpenSSL stops at it
    return violation(
        [problem],
        what,
        wanted="certificates only",
        found=label,
        severity=unless_alone(severity, problem, case),
        remedy=_remedy(problem, label, case),
    )


def _remedy(problem: Problem, label: str, case: Case) -> str | None:
    """What keeps the certificates alone; `sed` takes whole lines, and a key in one of them too."""
    if " in " in label:
        return _ELSEWHERE
    if not read_there(problem, case):
        return _ALONE
    one_line = problem.first_line is not None and problem.first_line == problem.last_line
    return _IN_ONE_LINE if one_line else None


_ALONE = """Give the file with the certificates instead: there is none in this one, which holds the
key alone. It mostly lies beside the key, as `*.pem`, `*.crt` or `*.cer`:

    openssl x509 -in CERTIFICATE -noout -subject

Was the key sent or served, treat it as exposed: make a new one, and let the issuer reissue the
certificate."""

_IN_ONE_LINE = """Copy each certificate into a file of its own, from its BEGIN line to its END line,
with line ends in the place of `\\n`; the key stands in a line that `sed` or `grep` would take
whole. Treat a key that was served or sent as exposed: make a new one, and let the issuer reissue
the certificate."""

_ELSEWHERE = r"""Leave the key out of what is given to others. Of a Secret of Kubernetes give the
certificates alone:

    kubectl get secret NAME -o jsonpath='{.data.tls\.crt}' | base64 -d | edgecheck check -

Treat a key that was served or sent as exposed: make a new one, and let the issuer reissue the
certificate."""


@rule(
    "input.not-a-certificate",
    title="Something that is no certificate is in the input",
    severity=WARNING,
    over=Over.PROBLEM,
    kinds=["other-object"],
    act=Act.EDIT,
    references=[
        rfc(7468, "4"),
        edge("edgelet/hsm-sys/azure-iot-hsm-c/src/certificate_info.c"),
        measured("OpenSSL and Go pass over it; Java refuses the file; alone, all refuse it"),
    ],
)
def not_a_certificate(problem: Problem, case: Case) -> Violation:
    """The input holds a certificate request, a public key, a revocation list or the like.

    Beside certificates OpenSSL, with which the runtime reads its files, passes over it; Java
    takes it for a certificate and refuses the whole file. In the place of a certificate it is
    refused by all; up to 1.1 the daemon says "Failure obtaining first certificate".

    Remedy:
    Remove the block. Where it is a certificate request, send it to the CA and install what
    comes back; `openssl req -noout -subject -in FILE` shows for whom it was made.
    """
    what = detail(problem)
    if problem.first_line is None:
        message = f"the file is {what}, not a certificate"
    else:
        message = f'the block "{what}" is not a certificate'
    return violation(
        [problem],
        message,
        wanted="certificates only",
        found=what,
        severity=unless_alone(WARNING, problem, case),
        explained_by=IN_A_STRING if in_a_string(problem, case) else frozenset(),
    )


@rule(
    "input.unreadable-certificate",
    title="What stands in the place of a certificate cannot be read as one",
    severity=ERROR,
    over=Over.PROBLEM,
    kinds=["not-a-certificate"],
    act=Act.EDIT,
    references=[
        rfc(5280, "4.1"),
        identity_service("cert/aziot-certd/src/lib.rs"),
        measured(
            "OpenSSL 1.1.1 and 3.0, Java and cryptography refuse the whole file, Go loses the block"
        ),
    ],
)
def unreadable_certificate(problem: Problem, case: Case) -> Violation:
    """Where a certificate has to stand is something else, or only a part of one.

    In a PEM block the base64 decodes, and then a line is missing, or something else was put under
    the label CERTIFICATE. OpenSSL stops there, so the runtime reads none of the certificates in
    the file. Where a server sends it, clients end the handshake.

    Remedy:
    Copy the certificate anew from where it was made, and see whether it can be read:

        openssl x509 -noout -subject -in FILE
    """
    sent = case.hierarchy.as_sent and not problem.within and problem.first_line is None
    more = {"remedy": _SENT, "changes": PRESENTED} if sent else {}
    return violation(
        [problem],
        f"this is no certificate: {detail(problem)}",
        wanted="a whole certificate (in binary form: DER)",
        found=detail(problem),
        **more,
    )


_SENT = """\
Repair the file from which the server takes its certificates, on a gateway the device CA file: it \
sends this as one of them. What is in it, this shows:

    edgecheck check device-ca-full-chain.pem"""


@rule(
    "input.damaged-base64",
    title="The base64 of a PEM block is damaged",
    severity=ERROR,
    over=Over.PROBLEM,
    kinds=["bad-base64", "truncated-base64"],
    act=Act.EDIT,
    references=[
        rfc(4648, "4"),
        _READER,
        measured(
            'OpenSSL 1.1.1 and 3.0 stop with "bad base64 decode", cryptography and Java refuse '
            "the file, Go loses the block"
        ),
    ],
)
def damaged_base64(problem: Problem, case: Case) -> Violation:
    """A block contains something that is not base64, or its base64 stops too early.

    Lines that were lost, a comment within the block, padding that some tool stripped, or the
    alphabet of URLs (`-` and `_`) do that. OpenSSL stops there with "bad base64 decode" and
    reads none of the certificates in the file.

    Remedy:
    Copy the certificate anew from where it was made, as a file and not as text, and see
    whether it can be read:

        openssl x509 -noout -subject -in FILE
    """
    what = detail(problem).removeprefix(f"line {problem.first_line}: ")
    return violation(
        [problem],
        f"the base64 of {block(problem, case=case)} is damaged ({what})",
        wanted="base64 as RFC 4648, section 4, has it",
        found=what,
    )


@rule(
    "input.header-lines",
    title="A PEM block of a certificate has header lines",
    severity=ERROR,
    over=Over.PROBLEM,
    kinds=["header-lines"],
    act=Act.EDIT,
    references=[
        rfc(7468, "2"),
        _READER,
        measured(
            'OpenSSL 1.1.1 and 3.0 stop with "not proc type", Java refuses the file, Go passes '
            "over the block"
        ),
    ],
)
def header_lines(problem: Problem, case: Case) -> Violation | None:
    """Between BEGIN and the base64 stand lines like `friendlyName: device CA`.

    Encrypted private keys of an old form have such headers; a certificate must not. OpenSSL
    tries to decrypt the block, or stops with "not proc type", and reads nothing of the file.

    Remedy:
    Remove the lines with a colon, and the empty line behind them. Remarks may stand before
    BEGIN, best after a `#`.
    """
    found = together(problem, case, {"header-lines"})
    if not found:
        return None
    return violation(
        found,
        f"header lines stand before the base64 of {block(*found, case=case)}",
        wanted="base64 right behind BEGIN",
        found="header lines",
        severity=of_a_paste(ERROR, found, case),
        evidence={"lines": [p.first_line for p in found][:100]},
    )


@rule(
    "input.other-label",
    title="A certificate is not labelled CERTIFICATE",
    severity=ERROR,
    over=Over.PROBLEM,
    kinds=["other-label"],
    act=Act.EDIT,
    references=[
        rfc(7468, "5.1"),
        edge("edgelet/hsm-sys/azure-iot-hsm-c/src/certificate_info.c"),
        measured(
            "reading as the runtime does, OpenSSL 1.1.1 and 3.0 know X509 CERTIFICATE and pass "
            "over TRUSTED CERTIFICATE; Go passes over both"
        ),
    ],
)
def other_label(problem: Problem, case: Case) -> Violation | None:
    """The block is a certificate under an old or private label of OpenSSL.

    `openssl x509 -trustout` writes TRUSTED CERTIFICATE, which only OpenSSL's own tools read: the
    runtime, Go and `cryptography` pass over the block. X509 CERTIFICATE was the label
    twenty-five years ago; the runtime up to 1.1 looks for the text BEGIN CERTIFICATE alone and
    says "Failure obtaining first certificate", and Go passes over the block.

    Remedy:
    Write each certificate under its usual label:

        openssl x509 -in FILE -out fixed.pem
    """
    found = together(problem, case, {"other-label"})
    if not found:
        return None
    labels = sorted({detail(p) for p in found})
    severity = ERROR
    if "TRUSTED CERTIFICATE" not in labels:
        severity = case.bound(ERROR, OLDEST, LAST_1_1) or WARNING
    return violation(
        found,
        f"the label of {block(*found, case=case)} is {' and '.join(labels)}",
        wanted="CERTIFICATE",
        found=labels,
        severity=severity,
    )


@rule(
    "input.trailing-data",
    title="More bytes follow a certificate in binary form (DER)",
    severity=ERROR,
    over=Over.PROBLEM,
    kinds=["trailing-data"],
    act=Act.EDIT,
    references=[
        rfc(5280, "4.1"),
        measured(
            'Go refuses it with "x509: trailing data", and in a handshake OpenSSL and .NET do with '
            '"cert length mismatch"; Java accepts it'
        ),
    ],
    refused_by=_IN_THE_HANDSHAKE,
)
def trailing_data(problem: Problem, case: Case) -> Violation:
    """Behind the end of the last certificate there are bytes that belong to none.

    A line end that some tool added to a file is enough: Go and `cryptography` refuse the
    certificate, while OpenSSL and Java pass over the rest. Where a server sends the bytes along,
    OpenSSL refuses the handshake too. The certificate itself is not damaged.

    Remedy:
    Write the certificate anew, which drops what follows:

        openssl x509 -inform DER -in FILE -out fixed.pem
    """
    certificate = problem.certificate
    name = case.named(certificate) if certificate is not None else "the certificate"
    return violation(
        [problem],
        f"there is more behind {name}: {detail(problem)}",
        wanted="nothing behind the certificate",
        found=detail(problem),
        refused_by=frozenset() if on_gateway(problem) else None,  # nobody is sent the file
    )
